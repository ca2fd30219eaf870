package fakeaircall

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// An ActionKind is what happens in a call.
type ActionKind string

// What can happen in a call, or after it.
const (
	ActionPress            ActionKind = "press"
	ActionRing             ActionKind = "ring"
	ActionDecline          ActionKind = "decline"
	ActionAnswer           ActionKind = "answer"
	ActionHold             ActionKind = "hold"
	ActionUnhold           ActionKind = "unhold"
	ActionPauseRecording   ActionKind = "pause_recording"
	ActionResumeRecording  ActionKind = "resume_recording"
	ActionTransfer         ActionKind = "transfer"
	ActionFailTransfer     ActionKind = "fail_transfer"
	ActionTransferExternal ActionKind = "transfer_external"
	ActionVoicemail        ActionKind = "voicemail"
	ActionRequestCallback  ActionKind = "request_callback"
	ActionHangUp           ActionKind = "hangup"
	ActionTag              ActionKind = "tag"
	ActionUntag            ActionKind = "untag"
	ActionComment          ActionKind = "comment"
	ActionAssign           ActionKind = "assign"
	ActionArchive          ActionKind = "archive"
)

// An Action is something that happens in a call. Which fields count depends on Do,
// see Actions.
type Action struct {
	Do    ActionKind    `json:"do,omitzero"`
	After time.Duration `json:"after,omitzero"` // from the start of the call, in SimulatedCall.Then

	UserID  int64  `json:"user_id,omitzero"` // who does it, or the user it is about
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

// A transition is how an action changes a call, or why it cannot.
type transition struct {
	name ActionKind
	does string
	do   func(*tx, *call, Action) error
}

// deeds is every action, in the order of a call's life.
var deeds = []transition{
	{ActionPress, "the caller presses key in the menu", (*tx).press},
	{ActionRing, "the app of user_id, or of who is free, rings", (*tx).ring},
	{ActionDecline, "user_id, or who is rung, declines", (*tx).decline},
	{ActionAnswer, "user_id, or who is rung, picks up; the far end of an outbound call; the target of a transfer", (*tx).answer},
	{ActionHold, "the user puts the call on hold", parking(true)},
	{ActionUnhold, "the user takes the call from hold", parking(false)},
	{ActionPauseRecording, "the recording pauses", pausing(true)},
	{ActionResumeRecording, "the recording goes on", pausing(false)},
	{ActionTransfer, "the call goes to user_id or team_id, who picks up", (*tx).transferInApp},
	{ActionFailTransfer, "the target of a transfer does not pick up, and the call is back", (*tx).failTransfer},
	{ActionTransferExternal, "the call goes to number, outside the company", (*tx).transferOut},
	{ActionVoicemail, "the caller speaks to the voicemail", (*tx).speak},
	{ActionRequestCallback, "the caller asks to be called back", (*tx).requestCallback},
	{"give_up", "the line stops ringing, if nobody answered", (*tx).giveUp},
	{ActionHangUp, "the call is over", (*tx).hangUp},
	{ActionTag, "user_id, or the system, tags the call with tag_id", (*tx).tagBy},
	{ActionUntag, "the tag tag_id is taken away", (*tx).untag},
	{ActionComment, "user_id leaves content", (*tx).commentBy},
	{ActionAssign, "the call is assigned to user_id", (*tx).assign},
	{ActionArchive, "the call is archived", (*tx).archive},
	{"end", "the call's data is gathered", (*tx).conclude},
}

// ownDeeds come by themselves, never by Act.
var ownDeeds = []ActionKind{"give_up", "end"}

// Actions lists what Action.Do can be, in the order of a call's life.
func Actions() []ActionKind {
	var kinds []ActionKind
	for _, d := range deeds {
		if !slices.Contains(ownDeeds, d.name) {
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

// An ongoing is what a call has while it happens, and what remains of it.
type ongoing struct {
	Steps     []Action    `json:"steps,omitzero"`   // what happens by itself; timers name them by their place
	Ringing   []int64     `json:"ringing,omitzero"` // whose app rings, in the order they began to
	Asked     []int64     `json:"asked,omitzero"`   // who was rung so far
	Held      bool        `json:"held,omitzero"`
	Paused    bool        `json:"paused,omitzero"`
	Voicemail bool        `json:"voicemail,omitzero"`
	Callback  bool        `json:"callback,omitzero"`
	Pending   bool        `json:"pending,omitzero"` // the audio is not there yet
	Target    int64       `json:"target,omitzero"`  // of a transfer under way
	Outside   string      `json:"outside,omitzero"`
	Keys      []ivrChoice `json:"keys,omitzero"`
}

const (
	actStep   = act("step")    // of the call id, at the place n
	actWrapUp = act("wrap-up") // of the user id ends, after the call n
	actNews   = act("created") // of the call id is told

	actTraffic = act("traffic")
	actHours   = act("hours") // of the line id

	actVoicemail = act("voicemail-left")
	actAssets    = act("assets-generated")
)

// step performs what is set; what has become impossible does not happen.
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

// dialling is the time until the first event of an outbound call (captured 2022).
const dialling = 2 * time.Second

// begin emits the first event of a call and schedules its actions.
func (t *tx) begin(c *call, steps []Action) error {
	t.beginOngoing(c)
	if c.Inbound {
		t.emitCall("call.created", c)
	} else {
		t.after(min(dialling, firstStep(steps)), actNews, c.ID, 0)
	}
	for _, a := range steps {
		t.then(c, a)
	}
	return nil
}

func firstStep(steps []Action) time.Duration {
	first := dialling
	for _, a := range steps {
		first = min(first, a.After)
	}
	return first
}

// then sets an action, After from now.
func (t *tx) then(c *call, a Action) {
	t.calls.update(c, func() { c.Ongoing.Steps = append(c.Ongoing.Steps, a) })
	t.after(a.After, actStep, c.ID, int64(len(c.Ongoing.Steps)-1))
}

// act checks an action from outside, and performs it.
func (t *tx) act(c *call, a Action) error {
	if err := a.check(); err != nil {
		return err
	}
	t.beginOngoing(c)
	return t.perform(c, a)
}

// beginOngoing lets things happen in a call from now on.
func (t *tx) beginOngoing(c *call) {
	if c.Ongoing == nil {
		t.calls.update(c, func() { c.Ongoing = new(ongoing) })
	}
}

func (t *tx) perform(c *call, a Action) error {
	i := slices.IndexFunc(deeds, func(d transition) bool { return d.name == a.Do })
	return deeds[i].do(t, c, a)
}

// Where a call must be for an action.
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

// press is heard in a menu, before anybody is rung.
func (t *tx) press(c *call, a Action) error {
	if err := c.mustRing(a); err != nil {
		return err
	}
	n, ok := t.numbers.get(c.Number)
	switch {
	case !c.Inbound || !ok || !n.IsIVR:
		return conflict("call %d is in no menu: press needs an inbound call to a number with is_ivr", c.ID)
	case len(a.Key) != 1 || !strings.Contains("0123456789*#", a.Key):
		return mistaken("key %.20q: give one of 0 to 9, * and #", a.Key)
	}
	choice := ivrChoice{ID: t.random.uuid(), Title: "Option " + a.Key, Key: a.Key, Branch: "branch_" + a.Key, At: t.unix()}
	t.calls.update(c, func() { c.Ongoing.Keys = append(c.Ongoing.Keys, choice) })
	t.emitCallBy("call.ivr_option_selected", c, c.User, member{"ivr_options_selected", viewIVR(c.Ongoing.Keys)}) // no other event has them
	return nil
}

func (t *tx) ring(c *call, a Action) error {
	if err := c.mustRing(a); err != nil {
		return err
	}
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

// rungBy is who an action of one who is rung is of.
func (c *call) rungBy(a Action) (int64, error) {
	switch {
	case a.UserID == 0 && len(c.Ongoing.Ringing) > 0:
		return c.Ongoing.Ringing[0], nil
	case !slices.Contains(c.Ongoing.Ringing, a.UserID):
		return 0, conflict("call %d does not ring at user %d, but at %v", c.ID, a.UserID, c.Ongoing.Ringing)
	}
	return a.UserID, nil
}

// decline leaves the call to others who are rung; without one the caller waits
// until the line gives up.
func (t *tx) decline(c *call, a Action) error {
	if err := c.mustLive(a); err != nil {
		return err
	}
	agent, err := c.rungBy(a)
	if err != nil {
		return err
	}
	t.stopRinging(c, agent)
	t.emitCallBy("call.agent_declined", c, agent)
	if c.Ongoing.Target == agent {
		return t.failTransfer(c, a)
	}
	return nil
}

func (t *tx) stopRinging(c *call, agent int64) {
	t.calls.update(c, func() {
		c.Ongoing.Ringing = slices.DeleteFunc(c.Ongoing.Ringing, func(u int64) bool { return u == agent })
	})
	if t.rung[agent] == c.ID {
		delete(t.rung, agent)
	}
}

// stopAllRinging is when somebody picked up, or nobody will.
func (t *tx) stopAllRinging(c *call) {
	for _, u := range slices.Clone(c.Ongoing.Ringing) {
		t.stopRinging(c, u)
	}
}

func (t *tx) answer(c *call, a Action) error {
	if err := c.mustLive(a); err != nil {
		return err
	}
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

// talk begins, or goes on, with a user. answered_at keeps its first value.
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

func parking(on bool) func(*tx, *call, Action) error {
	return func(t *tx, c *call, a Action) error {
		if err := c.mustTalk(a); err != nil {
			return err
		}
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
	unattended = 20 * time.Second // until a caller whose transfer nobody takes hangs up
)

// transferInApp is a transfer in the app.
func (t *tx) transferInApp(c *call, a Action) error {
	if err := c.mustTalk(a); err != nil {
		return err
	}
	if _, ok := t.teams.get(a.TeamID); !ok && a.TeamID != 0 {
		return missing("there is no team %d", a.TeamID)
	}
	to := t.firstRung(transfer{user: a.UserID, team: a.TeamID})
	u, ok := t.users.get(to)
	switch {
	case a.TeamID != 0 && to == 0:
		return conflict("nobody of team %d is free", a.TeamID)
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

// startTransfer passes a call to target, who rings; shown is whom transferred_to names,
// for a team its first user. Both fields stay, whatever comes of it (captured 2022).
func (t *tx) startTransfer(c *call, shown, target int64) {
	t.beginOngoing(c)
	t.stopAllRinging(c)
	t.calls.update(c, func() { c.TransferredBy, c.TransferredTo = c.User, shown })
	t.emitCall("call.transferred", c)
	u, ok := t.users.get(target)
	if !ok || !t.isFree(u) { // the line's "no one answers" is all the caller meets
		t.then(c, Action{Do: "hangup", After: unattended})
		return
	}
	t.calls.update(c, func() { c.Ongoing.Target = target })
	t.ringAt(c, target)
	t.then(c, Action{Do: "answer", After: pickingUp})
}

// completeTransfer is the target picking up: the call is his from here on.
func (t *tx) completeTransfer(c *call) error {
	target := c.Ongoing.Target
	t.calls.update(c, func() { c.Ongoing.Target, c.Ongoing.Held = 0, false })
	t.talk(c, target)
	if !t.account.assume.silentTakeOver {
		t.emitCall("call.answered", c)
	}
	return nil
}

// failTransfer leaves the call with whom it was.
func (t *tx) failTransfer(c *call, a Action) error {
	if err := c.mustTalk(a); err != nil {
		return err
	}
	if c.Ongoing.Target == 0 {
		return conflict("call %d is not being transferred", c.ID)
	}
	t.stopRinging(c, c.Ongoing.Target)
	t.calls.update(c, func() { c.Ongoing.Target = 0 })
	t.emitCall("call.unsuccessful_transfer", c)
	return nil
}

func (c *call) isOutside() bool { return c.Ongoing != nil && c.Ongoing.Outside != "" }

// transferOut takes the call out of the company; whoever had it is free.
func (t *tx) transferOut(c *call, a Action) error {
	if err := c.mustLive(a); err != nil {
		return err
	}
	switch {
	case !possiblePhone(a.Number):
		return mistaken("number %.40q is no phone number in E.164, such as +33199001234", a.Number)
	case c.Ongoing.Outside != "":
		return conflict("call %d is outside already", c.ID)
	}
	t.transferOutside(c, a.Number)
	return nil
}

// transferOutside hands a call to a number outside. Nothing of it is known from then on but
// its end.
func (t *tx) transferOutside(c *call, number string) {
	t.beginOngoing(c)
	t.stopAllRinging(c)
	t.idle[c.User] = t.unix()
	t.calls.update(c, func() { c.Ongoing.Target, c.Ongoing.Outside = 0, displayPhone(number) })
	t.emitCallBy("call.external_transferred", c, c.User,
		member{"external_transferred_to", "+" + digits(number)}, member{"external_caller_number", externalPhone(c.Other)})
	t.then(c, Action{Do: "hangup", After: usual["answered"].talk})
}

const (
	gathering  = 30 * time.Second // from the end of a call to call.ended (captured 2022: 30 and 31)
	leaving    = 33 * time.Second // to call.voicemail_left (captured 2022)
	generating = 35 * time.Second // to call.comm_assets_generated; only that it comes later is known

	longestVoicemail = 2 * time.Minute // of one that nobody ends
)

// speak lets the caller leave a voicemail, which is over when he hangs up.
func (t *tx) speak(c *call, a Action) error {
	if err := c.mustRing(a); err != nil {
		return err
	}
	if !c.Inbound {
		return conflict("call %d is outbound: only those who call leave a voicemail", c.ID)
	}
	t.stopAllRinging(c)
	t.calls.update(c, func() { c.Ongoing.Voicemail = true })
	t.then(c, Action{Do: "hangup", After: longestVoicemail})
	return nil
}

// requestCallback is why a missed call can have no reason (captured 2022).
func (t *tx) requestCallback(c *call, a Action) error {
	if err := c.mustRing(a); err != nil {
		return err
	}
	if !c.Inbound {
		return conflict("call %d is outbound: only those who call ask for a callback", c.ID)
	}
	t.calls.update(c, func() { c.Ongoing.Callback = true })
	return nil
}

func (t *tx) giveUp(c *call, a Action) error {
	if err := c.mustRing(a); err != nil || c.Ongoing.Voicemail || c.isOutside() {
		return err
	}
	if c.Inbound {
		a.Reason = "agents_did_not_answer"
	}
	return t.hangUp(c, a)
}

// hangUp ends a call. Its data is gathered half a minute later.
func (t *tx) hangUp(c *call, a Action) error {
	if err := c.mustLive(a); err != nil {
		return err
	}
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
	if c.Ongoing.Callback {
		t.tagAs(c, "Callback Request")
	}
	t.then(c, Action{Do: "end", After: gathering})
	t.expectInsights(c)
	return nil
}

// missedFor is the reason given, or the one that the call tells itself.
func (t *tx) missedFor(c *call, reason string) string {
	n, ok := t.numbers.get(c.Number)
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

// conclude is call.ended, and sets what comes after it. The audio is there with
// it, unless assumed to be late.
func (t *tx) conclude(c *call, _ Action) error {
	n, ok := t.numbers.get(c.Number)
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

// emitAssets is once a call, and not for audio that was deleted by then.
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

// pause keeps what is said from the recording. That one who never resumes has no
// recording at all is a simplification: parts of one are not modelled.
func pausing(on bool) func(*tx, *call, Action) error {
	return func(t *tx, c *call, a Action) error {
		if err := c.mustTalk(a); err != nil {
			return err
		}
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
	t.calls.tag(c, callTag{TagID: a.TagID, At: t.unix(), By: a.UserID})
	t.emitCall("call.tagged", c)
	if ok && c.Ended != 0 { // tagging is what the wrap-up is for
		t.endWrapUp(timer{ID: u.ID, N: c.ID})
	}
	return nil
}

// tagAs is the system's, which has tags of its own.
func (t *tx) tagAs(c *call, name string) {
	for _, g := range t.tags.order {
		if g.Name == name {
			_ = t.tagBy(c, Action{TagID: g.ID})
			return
		}
	}
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
