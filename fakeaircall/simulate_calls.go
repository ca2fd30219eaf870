package fakeaircall

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// An ActionKind is a kind of thing that happens in a call.
type ActionKind string

// What can happen in a call, or after it, in the order of a call's life.
const (
	ActionPress            ActionKind = "press"             // the caller presses Key in the menu
	ActionRing             ActionKind = "ring"              // the app of UserID rings; 0 means a user who is free
	ActionDecline          ActionKind = "decline"           // UserID declines; 0 means the first user whose app rings
	ActionAnswer           ActionKind = "answer"            // UserID picks up, the far end, or the target of a transfer
	ActionHold             ActionKind = "hold"              // the user puts the call on hold
	ActionUnhold           ActionKind = "unhold"            // the user takes the call from hold
	ActionPauseRecording   ActionKind = "pause_recording"   // the recording pauses
	ActionResumeRecording  ActionKind = "resume_recording"  // the recording goes on
	ActionTransfer         ActionKind = "transfer"          // the call goes to UserID or TeamID, who picks up
	ActionFailTransfer     ActionKind = "fail_transfer"     // the target does not pick up, and the call is back
	ActionTransferExternal ActionKind = "transfer_external" // the call goes to Number, outside the account
	ActionVoicemail        ActionKind = "voicemail"         // the caller speaks to the voicemail
	ActionRequestCallback  ActionKind = "request_callback"  // the caller asks to be called back
	ActionHangUp           ActionKind = "hangup"            // the call is over
	ActionTag              ActionKind = "tag"               // UserID tags the call with TagID; 0 means the system
	ActionUntag            ActionKind = "untag"             // the tag TagID is removed
	ActionComment          ActionKind = "comment"           // UserID comments with Content
	ActionAssign           ActionKind = "assign"            // the call is assigned to UserID
	ActionArchive          ActionKind = "archive"           // the call is archived

	actionGiveUp ActionKind = "give_up" // the line stops ringing, if nobody answered; never by Act
	actionEnd    ActionKind = "end"     // the data of the call is gathered; never by Act
)

// An Action is something that happens in a call. Do decides which other fields count, see ActionKind.
type Action struct {
	Do    ActionKind    `json:"do,omitzero"`
	After time.Duration `json:"after,omitzero"` // from the start of the call, in SimulatedCall.Then

	UserID  int64  `json:"user_id,omitzero"` // the user who does it, or whom it is about
	TeamID  int64  `json:"team_id,omitzero"` // of transfer
	TagID   int64  `json:"tag_id,omitzero"`  // of tag and untag
	Number  string `json:"number,omitzero"`  // of transfer_external
	Content string `json:"content,omitzero"` // of comment
	Key     string `json:"key,omitzero"`     // of press
	Reason  string `json:"reason,omitzero"`  // of hangup, for an inbound call nobody answered
}

// MarshalJSON writes After as text, such as 6s.
func (a Action) MarshalJSON() ([]byte, error) {
	type action Action
	return json.Marshal(struct {
		action
		After durationText `json:"after,omitzero"`
	}{action(a), durationText(a.After)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Action) UnmarshalJSON(data []byte) error {
	type action Action
	v := struct {
		*action
		After durationText `json:"after"`
	}{action: (*action)(a)}
	err := readJSON(data, &v)
	a.After = time.Duration(v.After)
	return err
}

// A transition is how an action changes a call, or why it cannot. allowed fails if the call is not in a state for it.
type transition struct {
	name    ActionKind
	allowed func(*call, Action) error // nil: in any state
	do      func(*tx, *call, Action) error
}

var transitions = []transition{
	{ActionPress, (*call).mustRing, (*tx).press},
	{ActionRing, (*call).mustRing, (*tx).ring},
	{ActionDecline, (*call).mustLive, (*tx).decline},
	{ActionAnswer, (*call).mustLive, (*tx).answer},
	{ActionHold, (*call).mustTalk, holdCall(true)},
	{ActionUnhold, (*call).mustTalk, holdCall(false)},
	{ActionPauseRecording, (*call).mustTalk, pauseRecording(true)},
	{ActionResumeRecording, (*call).mustTalk, pauseRecording(false)},
	{ActionTransfer, (*call).mustTalk, (*tx).transferInApp},
	{ActionFailTransfer, (*call).mustTalk, (*tx).failTransfer},
	{ActionTransferExternal, (*call).mustLive, (*tx).transferOut},
	{ActionVoicemail, (*call).mustRing, (*tx).leaveVoicemail},
	{ActionRequestCallback, (*call).mustRing, (*tx).requestCallback},
	{actionGiveUp, (*call).mustRing, (*tx).giveUp},
	{ActionHangUp, (*call).mustLive, (*tx).hangUp},
	{ActionTag, nil, (*tx).tagBy},
	{ActionUntag, nil, (*tx).untag},
	{ActionComment, nil, (*tx).commentBy},
	{ActionAssign, nil, (*tx).assign},
	{ActionArchive, nil, (*tx).archive},
	{actionEnd, nil, (*tx).conclude},
}

// Actions lists what Action.Do can be, in the order of a call's life.
func Actions() []ActionKind {
	var kinds []ActionKind
	for _, d := range transitions {
		if d.name != actionGiveUp && d.name != actionEnd {
			kinds = append(kinds, d.name)
		}
	}
	return kinds
}

func (a Action) check() error {
	switch {
	case !slices.Contains(Actions(), a.Do):
		return mistaken("action %.40q: give one of %s", a.Do, namesOf(Actions()))
	case a.After < 0 || a.After > 2*maxLeg:
		return mistaken("action %s after %s: give 0s to %s", a.Do, a.After, 2*maxLeg)
	case len(a.Content) > 10_000:
		return mistaken("action %s: content has %d bytes, the most is 10000", a.Do, len(a.Content))
	}
	return nil
}

// An ongoing is the state of a call that only a simulation has, and what remains of it.
type ongoing struct {
	Steps     []Action    `json:"steps,omitzero"`   // happen by themselves; timers have their index
	Ringing   []int64     `json:"ringing,omitzero"` // the users whose app rings, in the order in which they began to
	Asked     []int64     `json:"asked,omitzero"`   // the users whose app has rung
	Held      bool        `json:"held,omitzero"`
	Paused    bool        `json:"paused,omitzero"`
	Voicemail bool        `json:"voicemail,omitzero"`
	Callback  bool        `json:"callback,omitzero"`
	Pending   bool        `json:"pending,omitzero"` // the audio is not there yet
	Target    int64       `json:"target,omitzero"`  // of a transfer under way
	Outside   string      `json:"outside,omitzero"`
	Keys      []ivrChoice `json:"keys,omitzero"`
	Attempt   int64       `json:"attempt,omitzero"` // of a campaign
}

const (
	actStep   = act("step")    // the step n of the call id
	actWrapUp = act("wrap-up") // of the user id ends, after the call n
	actNews   = act("created") // the first event of the call id

	actTraffic = act("traffic")
	actHours   = act("hours") // of the line id

	actVoicemail = act("voicemail-left")
	actAssets    = act("assets-generated")
)

// step performs a step of a call, unless it has become impossible.
func (t *tx) step(m timer) {
	if c, ok := t.calls.get(m.ID); ok && c.Ongoing != nil && m.N < int64(len(c.Ongoing.Steps)) {
		_ = t.perform(c, c.Ongoing.Steps[m.N])
	}
}

func (t *tx) emitCreated(m timer) {
	if c, ok := t.calls.get(m.ID); ok {
		t.emitCall("call.created", c)
	}
}

// firstEventAfter is the time until the first event of an outbound call (captured 2022).
const firstEventAfter = 2 * time.Second

// begin emits the first event of a call and schedules its actions.
func (t *tx) begin(c *call, steps []Action) {
	t.beginOngoing(c)
	if c.Inbound {
		t.emitCall("call.created", c)
	} else {
		first := firstEventAfter
		for _, a := range steps {
			first = min(first, a.After)
		}
		t.after(first, actNews, c.ID, 0)
	}
	for _, a := range steps {
		t.then(c, a)
	}
}

// then schedules an action, After from now.
func (t *tx) then(c *call, a Action) {
	t.calls.update(c, func() { c.Ongoing.Steps = append(c.Ongoing.Steps, a) })
	t.after(a.After, actStep, c.ID, int64(len(c.Ongoing.Steps)-1))
}

// act checks an action of a caller, and performs it.
func (t *tx) act(c *call, a Action) error {
	if err := a.check(); err != nil {
		return err
	}
	t.beginOngoing(c)
	return t.perform(c, a)
}

// beginOngoing lets actions happen in a call from now on.
func (t *tx) beginOngoing(c *call) {
	if c.Ongoing == nil {
		t.calls.update(c, func() { c.Ongoing = new(ongoing) })
	}
}

func (t *tx) perform(c *call, a Action) error {
	i := slices.IndexFunc(transitions, func(d transition) bool { return d.name == a.Do })
	if d := transitions[i]; d.allowed != nil {
		if err := d.allowed(c, a); err != nil {
			return err
		}
	}
	return transitions[i].do(t, c, a)
}

func (c *call) mustRing(a Action) error {
	if c.Ended != 0 || c.Answered != 0 {
		return conflict("call %d is %s: %s needs one that rings", c.ID, c.status(), a.Do)
	}
	return nil
}

func (c *call) mustTalk(a Action) error {
	if c.Ended != 0 || c.Answered == 0 {
		return conflict("call %d is %s: %s needs one in which people talk", c.ID, c.status(), a.Do)
	}
	return nil
}

func (c *call) mustLive(a Action) error {
	if c.Ended != 0 {
		return conflict("call %d is over: %s comes too late", c.ID, a.Do)
	}
	return nil
}

// press is possible in a menu, before an app rings.
func (t *tx) press(c *call, a Action) error {
	n, ok := t.numbers.get(c.Number)
	switch {
	case !c.Inbound || !ok || !n.IsIVR:
		return conflict("call %d is not in a menu: press needs an inbound call to a number with is_ivr", c.ID)
	case len(a.Key) != 1 || !strings.Contains("0123456789*#", a.Key):
		return mistaken("key %.20q: give one of 0 to 9, * and #", a.Key)
	}
	choice := ivrChoice{ID: t.random.uuid(), Title: "Option " + a.Key, Key: a.Key, Branch: "branch_" + a.Key, At: t.unix()}
	t.calls.update(c, func() { c.Ongoing.Keys = append(c.Ongoing.Keys, choice) })
	t.emitCallBy("call.ivr_option_selected", c, c.User, member{"ivr_options_selected", viewIVR(c.Ongoing.Keys)})
	return nil
}

func (t *tx) ring(c *call, a Action) error {
	if !c.Inbound {
		return conflict("call %d is outbound: it rings at the far end", c.ID)
	}
	agent := a.UserID
	if n, ok := t.numbers.get(c.Number); ok && agent == 0 {
		agent = t.freeOn(n, c.Ongoing.Asked...)
	}
	u, ok := t.users.get(agent)
	switch {
	case !ok && agent == 0:
		return conflict("nobody on number %d is free", c.Number)
	case !ok:
		return missing("there is no user %d", agent)
	case !t.isFree(u):
		return conflict("user %d is not free but %s", u.ID, t.whereabouts(u))
	}
	t.ringAt(c, agent)
	return nil
}

func (t *tx) ringAt(c *call, agent int64) {
	t.calls.update(c, func() {
		c.Ongoing.Ringing = append(c.Ongoing.Ringing, agent)
		c.Ongoing.Asked = append(c.Ongoing.Asked, agent)
	})
	t.rung[agent] = c.ID
	t.emitCallBy("call.ringing_on_agent", c, agent)
}

// rungBy returns the user an action is by: UserID or, for 0, the first user whose app rings.
func (c *call) rungBy(a Action) (int64, error) {
	switch {
	case a.UserID == 0 && len(c.Ongoing.Ringing) > 0:
		return c.Ongoing.Ringing[0], nil
	case !slices.Contains(c.Ongoing.Ringing, a.UserID):
		return 0, conflict("call %d does not ring at user %d, but at %v", c.ID, a.UserID, c.Ongoing.Ringing)
	}
	return a.UserID, nil
}

// decline leaves the call to other users whose app rings. Without one the caller waits until the line gives up.
func (t *tx) decline(c *call, a Action) error {
	agent, err := c.rungBy(a)
	if err != nil {
		return err
	}
	t.stopRinging(c, agent)
	t.emitCallBy("call.agent_declined", c, agent)
	if c.Ongoing.Target != agent {
		return nil
	}
	if err := c.mustTalk(a); err != nil {
		return err
	}
	return t.failTransfer(c, a)
}

func (t *tx) stopRinging(c *call, agent int64) {
	t.calls.update(c, func() {
		c.Ongoing.Ringing = slices.DeleteFunc(c.Ongoing.Ringing, func(u int64) bool { return u == agent })
	})
	if t.rung[agent] == c.ID {
		delete(t.rung, agent)
	}
}

// stopAllRinging stops all apps, because a user picked up, or none will.
func (t *tx) stopAllRinging(c *call) {
	for _, u := range slices.Clone(c.Ongoing.Ringing) {
		t.stopRinging(c, u)
	}
}

func (t *tx) answer(c *call, a Action) error {
	if c.Ongoing.Target != 0 {
		return t.completeTransfer(c)
	}
	if err := c.mustRing(a); err != nil {
		return err
	}
	agent := c.User
	if c.Inbound {
		var err error
		if agent, err = c.rungBy(a); err != nil {
			return err
		}
	}
	t.talk(c, agent)
	t.emitCall("call.answered", c)
	return nil
}

// talk connects the call with a user. answered_at keeps its first value.
func (t *tx) talk(c *call, agent int64) {
	t.stopAllRinging(c)
	t.idle[c.User] = t.unix()
	first := c.Answered == 0
	t.calls.update(c, func() {
		c.User = agent
		if first {
			c.Answered = t.unix()
		}
	})
	if first {
		t.then(c, Action{Do: "hangup", After: maxLeg})
	}
}

func holdCall(on bool) func(*tx, *call, Action) error {
	return func(t *tx, c *call, a Action) error {
		if c.Ongoing.Held == on {
			return conflict("call %d: %s changes nothing", c.ID, a.Do)
		}
		t.calls.update(c, func() { c.Ongoing.Held = on })
		t.emitCall("call."+string(a.Do), c)
		return nil
	}
}

const (
	pickingUp  = 5 * time.Second  // until the target of a transfer answers, if it does
	unattended = 20 * time.Second // until a caller hangs up whose transfer nobody takes
)

func (t *tx) transferInApp(c *call, a Action) error {
	if _, ok := t.teams.get(a.TeamID); !ok && a.TeamID != 0 {
		return missing("there is no team %d", a.TeamID)
	}
	to := t.transferTarget(transfer{user: a.UserID, team: a.TeamID})
	u, ok := t.users.get(to)
	switch {
	case a.TeamID != 0 && to == 0:
		return conflict("no user of team %d is free", a.TeamID)
	case !ok:
		return missing("there is no user %d to transfer to", to)
	case to == c.User:
		return conflict("call %d is user %d's already", c.ID, to)
	case c.Ongoing.Target != 0:
		return conflict("call %d is being transferred to user %d already", c.ID, c.Ongoing.Target)
	case !t.isFree(u):
		return conflict("user %d is not free but %s", to, t.whereabouts(u))
	}
	t.startTransfer(c, to, to)
	return nil
}

// startTransfer passes a call to target, whose app rings. shown is the user of transferred_to, for a team its first
// user. Both fields stay, whether or not the transfer succeeds (captured 2022).
func (t *tx) startTransfer(c *call, shown, target int64) {
	t.beginOngoing(c)
	t.stopAllRinging(c)
	t.calls.update(c, func() { c.TransferredBy, c.TransferredTo = c.User, shown })
	t.emitCall("call.transferred", c)
	u, ok := t.users.get(target)
	if !ok || !t.isFree(u) { // the caller hears that no one answers
		t.then(c, Action{Do: "hangup", After: unattended})
		return
	}
	t.calls.update(c, func() { c.Ongoing.Target = target })
	t.ringAt(c, target)
	t.then(c, Action{Do: "answer", After: pickingUp})
}

// completeTransfer connects the call with the target, who has it from here on.
func (t *tx) completeTransfer(c *call) error {
	target := c.Ongoing.Target
	t.calls.update(c, func() { c.Ongoing.Target, c.Ongoing.Held = 0, false })
	t.talk(c, target)
	if !t.account.assume.silentTakeOver {
		t.emitCall("call.answered", c)
	}
	return nil
}

// failTransfer leaves the call with its user.
func (t *tx) failTransfer(c *call, a Action) error {
	if c.Ongoing.Target == 0 {
		return conflict("call %d is not being transferred", c.ID)
	}
	t.stopRinging(c, c.Ongoing.Target)
	t.calls.update(c, func() { c.Ongoing.Target = 0 })
	t.emitCall("call.unsuccessful_transfer", c)
	return nil
}

func (c *call) isOutside() bool { return c.Ongoing != nil && c.Ongoing.Outside != "" }

func (t *tx) transferOut(c *call, a Action) error {
	switch {
	case !possiblePhone(a.Number):
		return mistaken("number %.40q is not a phone number in E.164, such as +33199001234", a.Number)
	case c.Ongoing.Outside != "":
		return conflict("call %d is outside already", c.ID)
	}
	t.transferOutside(c, a.Number)
	return nil
}

// transferOutside transfers a call to a number outside the account. Its user is free, and of the call only its end is
// known from then on.
func (t *tx) transferOutside(c *call, number string) {
	t.beginOngoing(c)
	t.stopAllRinging(c)
	t.idle[c.User] = t.unix()
	t.calls.update(c, func() { c.Ongoing.Target, c.Ongoing.Outside = 0, displayPhone(number) })
	t.emitCallBy("call.external_transferred", c, c.User,
		member{"external_transferred_to", "+" + digits(number)}, member{"external_caller_number", externalPhone(c.Other)})
	t.then(c, Action{Do: ActionHangUp, After: usual["answered"].talk})
}

const (
	gathering  = 30 * time.Second // from the end of a call to call.ended (captured 2022: 30 and 31)
	leaving    = 33 * time.Second // to call.voicemail_left (captured 2022)
	generating = 35 * time.Second // to call.comm_assets_generated; only that it comes later is known

	longestVoicemail = 2 * time.Minute
)

// leaveVoicemail lets the caller speak to the voicemail, until the call is hung up.
func (t *tx) leaveVoicemail(c *call, a Action) error {
	if !c.Inbound {
		return conflict("call %d is outbound: only a caller leaves a voicemail", c.ID)
	}
	t.stopAllRinging(c)
	t.calls.update(c, func() { c.Ongoing.Voicemail = true })
	t.then(c, Action{Do: "hangup", After: longestVoicemail})
	return nil
}

// requestCallback makes a missed call one without a reason (captured 2022).
func (t *tx) requestCallback(c *call, a Action) error {
	if !c.Inbound {
		return conflict("call %d is outbound: only a caller asks for a callback", c.ID)
	}
	t.calls.update(c, func() { c.Ongoing.Callback = true })
	return nil
}

func (t *tx) giveUp(c *call, a Action) error {
	if c.Ongoing.Voicemail || c.isOutside() {
		return nil
	}
	if c.Inbound {
		a.Reason = "agents_did_not_answer"
	}
	return t.hangUp(c, a)
}

// hangUp ends a call. Its data is gathered half a minute later.
func (t *tx) hangUp(c *call, a Action) error {
	if a.Reason != "" && (!c.Inbound || !slices.Contains(missedReasons, a.Reason)) {
		return mistaken("reason %.40q: an inbound call is missed for one of %v, an outbound one for none", a.Reason, missedReasons)
	}
	t.calls.update(c, func() {
		c.Ended = t.unix()
		c.Ongoing.Held, c.Ongoing.Target = false, 0
		if c.Inbound && c.Answered == 0 && !c.Ongoing.Callback && !c.isOutside() {
			c.MissedReason = t.missedFor(c, a.Reason)
		}
	})
	t.finalizeLater(c)
	t.stopAllRinging(c)
	if u, ok := t.users.get(c.User); ok && !c.isOutside() {
		t.idle[u.ID] = t.unix()
		if c.Answered != 0 {
			t.startWrapUp(u, c)
		}
	}
	if c.Answered != 0 || t.account.assume.hungUpMissed {
		t.emitCall("call.hungup", c)
	}
	t.endAttempt(c)
	callback, ok := t.tags.first(func(g *tag) bool { return g.Name == "Callback Request" })
	if c.Ongoing.Callback && ok {
		_ = t.tagBy(c, Action{TagID: callback.ID}) // the system's
	}
	t.then(c, Action{Do: "end", After: gathering})
	t.expectInsights(c)
	return nil
}

// missedFor returns the reason given, or the one that follows from the call.
func (t *tx) missedFor(c *call, reason string) string {
	n, ok := t.line(c.Number)
	switch {
	case reason != "":
		return reason
	case ok && !t.isOpen(n) && len(c.Ongoing.Asked) == 0:
		return "out_of_opening_hours"
	case c.Ongoing.Voicemail && len(c.Ongoing.Asked) > 0:
		return "agents_did_not_answer"
	case time.Duration(c.Ended-c.Started)*time.Second < shortAbandoned:
		return "short_abandoned"
	case len(c.Ongoing.Asked) == 0 && ok && n.IsIVR:
		return "abandoned_in_ivr"
	case len(c.Ongoing.Asked) == 0:
		return "no_available_agent"
	}
	return "abandoned_in_classic"
}

// conclude emits call.ended and sets the timers of the events after it. The audio is there with it, unless the assumption
// event-audio says late.
func (t *tx) conclude(c *call, _ Action) error {
	n, ok := t.line(c.Number)
	t.calls.update(c, func() {
		c.Voicemail = c.Ongoing.Voicemail
		c.Recorded = ok && n.Recording && c.Answered != 0 && !c.Ongoing.Paused
		c.Ongoing.Pending = t.account.assume.lateAudio
	})
	t.emitCall("call.ended", c)
	if c.Voicemail {
		t.after(leaving-gathering, actVoicemail, c.ID, 0)
	}
	if c.Voicemail || c.Recorded {
		t.after(generating-gathering, actAssets, c.ID, 0)
	}
	return nil
}

func (t *tx) emitVoicemail(m timer) {
	if c, ok := t.calls.get(m.ID); ok && c.Voicemail {
		t.emitCall("call.voicemail_left", c)
	}
}

// emitAssets emits one event a call, and none for audio that was deleted by then.
func (t *tx) emitAssets(m timer) {
	c, ok := t.calls.get(m.ID)
	if !ok {
		return
	}
	t.calls.update(c, func() { c.Ongoing.Pending = false })
	if c.audio() != "" {
		t.emitCall("call.comm_assets_generated", c)
	}
}

// pauseRecording pauses or resumes the recording. A call that is never resumed has no recording at all: the fake does not
// model parts of a recording.
func pauseRecording(on bool) func(*tx, *call, Action) error {
	return func(t *tx, c *call, a Action) error {
		if n, ok := t.numbers.get(c.Number); !ok || !n.Recording {
			return conflict("number %d does not record: there is nothing to %s", c.Number, a.Do)
		}
		t.calls.update(c, func() { c.Ongoing.Paused = on })
		return nil
	}
}

func (t *tx) tagBy(c *call, a Action) error {
	if _, ok := t.tags.get(a.TagID); !ok {
		return missing("there is no tag %d", a.TagID)
	}
	u, ok := t.users.get(a.UserID)
	if a.UserID != 0 && !ok {
		return missing("there is no user %d", a.UserID)
	}
	if c.hasTag(a.TagID) {
		return conflict("call %d has the tag %d already", c.ID, a.TagID)
	}
	t.calls.update(c, func() { c.Tags = append(c.Tags, callTag{TagID: a.TagID, At: t.unix(), By: a.UserID}) })
	t.emitCall("call.tagged", c)
	if ok && c.Ended != 0 { // tagging is what the wrap-up is for
		t.endWrapUp(timer{ID: u.ID, N: c.ID})
	}
	return nil
}

func (t *tx) untag(c *call, a Action) error {
	if !c.hasTag(a.TagID) {
		return conflict("call %d has no tag %d", c.ID, a.TagID)
	}
	t.calls.untag(c, a.TagID)
	t.emitCall("call.untagged", c)
	return nil
}

func (t *tx) commentBy(c *call, a Action) error {
	if _, ok := t.users.get(a.UserID); a.UserID != 0 && !ok {
		return missing("there is no user %d", a.UserID)
	}
	return t.comment(c, a.Content, a.UserID)
}

func (t *tx) assign(c *call, a Action) error {
	if _, ok := t.users.get(a.UserID); !ok {
		return missing("there is no user %d to assign to", a.UserID)
	}
	t.calls.update(c, func() { c.AssignedTo = a.UserID })
	t.emitCall("call.assigned", c)
	return nil
}

func (t *tx) archive(c *call, _ Action) error {
	t.calls.update(c, func() { c.Archived = true })
	t.emitCall("call.archived", c)
	return nil
}
