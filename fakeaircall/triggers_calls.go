package fakeaircall

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// A stage is where in its life a new call is when its event happens: how long ago it started, was answered and ended. 0 for
// the last two: it was not.
type stage struct {
	started, answered, ended time.Duration
	ivr, voicemail, recorded bool
}

var (
	ringingStage = stage{started: 3 * time.Second}
	talkingStage = stage{started: 90 * time.Second, answered: 84 * time.Second}
	endedStage   = stage{started: 2 * time.Minute, answered: 114 * time.Second, ended: gathering}
)

// A callTrigger makes an event of a call: do emits it, in a call that is at the stage or that was given.
type callTrigger struct {
	stage stage
	extra []string
	do    func(*triggering, *call) error
}

var callTriggers = map[string]callTrigger{
	"call.created":               {stage{}, nil, emitAsItIs},
	"call.ringing_on_agent":      {ringingStage, nil, (*triggering).ringAgent},
	"call.agent_declined":        {ringingStage, nil, (*triggering).declineCall},
	"call.answered":              {ringingStage, nil, (*triggering).answerCall},
	"call.hold":                  {talkingStage, nil, doInCall(Action{Do: ActionHold})},
	"call.unhold":                {talkingStage, nil, (*triggering).unholdCall},
	"call.ivr_option_selected":   {stage{started: 3 * time.Second, ivr: true}, []string{"key"}, (*triggering).pressKey},
	"call.transferred":           {talkingStage, []string{"transfer_to"}, (*triggering).transferCall},
	"call.external_transferred":  {talkingStage, []string{"transfer_number"}, (*triggering).transferCallOut},
	"call.unsuccessful_transfer": {talkingStage, []string{"transfer_to"}, (*triggering).failCallTransfer},
	"call.hungup":                {talkingStage, nil, doInCall(Action{Do: ActionHangUp})},
	"call.ended":                 {endedStage, nil, emitAsItIs},
	"call.comm_assets_generated": {stage{started: 2 * time.Minute, answered: 114 * time.Second, ended: generating, recorded: true}, nil, emitAsItIs},
	"call.voicemail_left":        {stage{started: 90 * time.Second, ended: leaving, voicemail: true}, nil, emitAsItIs},
	"call.assigned":              {endedStage, nil, (*triggering).assignCall},
	"call.archived":              {endedStage, nil, doInCall(Action{Do: ActionArchive})},
	"call.tagged":                {endedStage, []string{"tag"}, (*triggering).tagCall},
	"call.untagged":              {endedStage, []string{"tag"}, (*triggering).untagCall},
	"call.commented":             {endedStage, []string{"content"}, (*triggering).commentCall},
}

func (g callTrigger) run(x *triggering) error {
	var fx CallFixture
	if err := x.fill(&fx); err != nil {
		return err
	}
	c, err := x.callAt(g.stage, fx)
	if err != nil {
		return err
	}
	x.beginOngoing(c)
	return g.do(x, c)
}

// callAt changes the call that a fixture names, or makes one at a stage.
func (x *triggering) callAt(st stage, fx CallFixture) (*call, error) {
	old, there := x.calls.get(fx.ID)
	inbound := there && old.Inbound || !there && (fx.Direction == nil || *fx.Direction == string(Inbound))
	if !there {
		if c := x.present(st); c != nil && fx.ID == 0 && fx.User == nil {
			return c, nil
		}
		if err := x.complete(&fx, st, inbound); err != nil {
			return nil, err
		}
	} else if inbound && old.Answered == 0 {
		fx.User = nil // the agent of the event
	}
	if !there || !reflect.DeepEqual(fx, CallFixture{ID: fx.ID}) {
		if err := x.apply(Fixtures{Calls: []CallFixture{fx}}); err != nil {
			return nil, err
		}
	}
	c, _ := x.calls.get(cmp.Or(fx.ID, x.last.Call))
	return c, nil
}

// complete gives a new call what the fixture lacks.
func (x *triggering) complete(fx *CallFixture, st stage, inbound bool) error {
	n, ok := x.numbers.first(func(n *number) bool {
		if fx.Number != nil {
			return strconv.FormatInt(n.ID, 10) == *fx.Number || digits(n.Digits) == digits(*fx.Number)
		}
		return n.IsIVR == st.ivr && len(n.Users) > 0 && (n.Recording || !st.recorded)
	})
	switch {
	case !ok && st.ivr:
		return conflict("the account has no number with a menu: is_ivr")
	case !ok && fx.Number == nil && x.numbers.len() == 0:
		return conflict("the account has no number")
	case !ok && fx.Number == nil:
		n = x.numbers.order[0]
	}
	at := func(ago time.Duration) time.Time { return x.now.Add(-ago).Truncate(time.Second) }
	missed := fx.MissedCallReason != nil || st.voicemail
	fallback(&fx.Direction, string(Inbound))
	if n != nil {
		fallback(&fx.Number, strconv.FormatInt(n.ID, 10))
	}
	if fx.Contact == nil {
		fallback(&fx.RawDigits, x.someContact())
	}
	fallback(&fx.StartedAt, at(st.started))
	if st.answered > 0 && !missed {
		fallback(&fx.AnsweredAt, at(st.answered))
	}
	if st.ended > 0 {
		fallback(&fx.EndedAt, at(st.ended))
	}
	answered := fx.AnsweredAt != nil && !fx.AnsweredAt.IsZero()
	switch {
	case st.voicemail:
		fallback(&fx.Voicemail, true)
	case answered && fx.EndedAt != nil:
		fallback(&fx.Recording, st.recorded || n != nil && n.Recording)
	}
	switch {
	case inbound && !answered:
		fx.User = nil // the agent of the event
	case fx.User == nil:
		if agent := x.someAgent(n, fx.StartedAt.Unix(), fx.EndedAt != nil); agent != 0 {
			fx.User = new(strconv.FormatInt(agent, 10))
		}
	}
	return nil
}

// present returns the newest call in which people talk if the stage is one in which they do and no user is free for another
// call, or nil.
func (x *triggering) present(st stage) *call {
	if st.answered == 0 || st.ended != 0 || x.someAgent(nil, x.unix()-int64(st.started.Seconds()), false) != 0 {
		return nil
	}
	for _, c := range slices.Backward(x.calls.live) {
		if c.Answered != 0 && !c.isOutside() {
			return c
		}
	}
	return nil
}

// someAgent returns a user, who was there at an instant, for a call on a line: one who is free, or who has no call or, if
// busy is set, any. n may be nil. It returns 0 if there is no such user.
func (x *triggering) someAgent(n *number, since int64, busy bool, but ...int64) int64 {
	if n != nil {
		if u, ok := x.users.get(x.freeOn(n, but...)); ok && u.Created <= since {
			return u.ID
		}
	}
	suits := func(u *user) bool { return u.Created <= since && !slices.Contains(but, u.ID) }
	u, ok := x.users.first(func(u *user) bool {
		_, rung := x.tx.rung[u.ID]
		return suits(u) && !rung && !x.onCall(u.ID)
	})
	if !ok && busy {
		u, ok = x.users.first(suits)
	}
	if !ok {
		return 0
	}
	return u.ID
}

// agent returns the user that is set, or one whose app can ring.
func (x *triggering) agent(c *call) (int64, error) {
	if len(c.Ongoing.Ringing) > 0 {
		return x.user("user", c.Ongoing.Ringing[0])
	}
	n, _ := x.numbers.get(c.Number)
	return x.user("user", x.someAgent(n, x.unix(), true))
}

func emitAsItIs(x *triggering, c *call) error {
	x.emitCall(x.event, c)
	return nil
}

func doInCall(a Action) func(*triggering, *call) error {
	return func(x *triggering, c *call) error { return x.perform(c, a) }
}

func (x *triggering) ringAgent(c *call) error {
	agent, err := x.agent(c)
	if err != nil {
		return err
	}
	if err := c.mustRing(Action{Do: ActionRing}); err != nil {
		return err
	}
	x.ringAt(c, agent)
	return nil
}

// rings makes the app of an agent ring without an event.
func (x *triggering) rings(c *call) (agent int64, err error) {
	agent, err = x.agent(c)
	if err != nil || slices.Contains(c.Ongoing.Ringing, agent) {
		return agent, err
	}
	x.calls.update(c, func() {
		c.Ongoing.Ringing = append(c.Ongoing.Ringing, agent)
		c.Ongoing.Asked = append(c.Ongoing.Asked, agent)
	})
	x.tx.rung[agent] = c.ID
	return agent, nil
}

func (x *triggering) declineCall(c *call) error {
	if err := c.mustRing(Action{Do: ActionDecline}); err != nil {
		return err
	}
	agent, err := x.rings(c)
	if err != nil {
		return err
	}
	return x.perform(c, Action{Do: ActionDecline, UserID: agent})
}

func (x *triggering) answerCall(c *call) error {
	if err := c.mustRing(Action{Do: ActionAnswer}); err != nil {
		return err
	}
	if !c.Inbound {
		return x.perform(c, Action{Do: ActionAnswer})
	}
	agent, err := x.rings(c)
	if err != nil {
		return err
	}
	return x.perform(c, Action{Do: ActionAnswer, UserID: agent})
}

func (x *triggering) unholdCall(c *call) error {
	x.calls.update(c, func() { c.Ongoing.Held = true })
	return x.perform(c, Action{Do: ActionUnhold})
}

func (x *triggering) pressKey(c *call) error {
	return x.perform(c, Action{Do: ActionPress, Key: x.text("key", "1")})
}

// target returns the user that a call is transferred to.
func (x *triggering) target(c *call) (int64, error) {
	n, _ := x.numbers.get(c.Number)
	to, err := x.user("transfer_to", x.someAgent(n, x.unix(), true, c.User))
	switch {
	case err != nil:
		return 0, err
	case to == 0:
		return 0, conflict("the account has only one user: nobody can take the call over")
	case to == c.User:
		return 0, conflict("transfer_to: the call is that user's already")
	}
	return to, c.mustTalk(Action{Do: ActionTransfer})
}

func (x *triggering) transferCall(c *call) error {
	to, err := x.target(c)
	if err == nil {
		x.startTransfer(c, to, to)
	}
	return err
}

func (x *triggering) transferCallOut(c *call) error {
	return x.perform(c, Action{Do: ActionTransferExternal, Number: x.text("transfer_number", "+33199001234")})
}

func (x *triggering) failCallTransfer(c *call) error {
	if c.Ongoing.Target == 0 {
		to, err := x.target(c)
		if err != nil {
			return err
		}
		x.calls.update(c, func() { c.TransferredBy, c.TransferredTo, c.Ongoing.Target = c.User, to, to })
	}
	return x.perform(c, Action{Do: ActionFailTransfer})
}

func (x *triggering) assignCall(c *call) error {
	to, err := x.user("assigned_to", cmp.Or(c.User, x.someAgent(nil, x.unix(), true)))
	if err != nil {
		return err
	}
	return x.perform(c, Action{Do: ActionAssign, UserID: to})
}

// tag returns the tag that is set, by id or name, or one for which suits returns true.
func (x *triggering) tag(suits func(*tag) bool) (int64, error) {
	ref, given := x.set["tag"]
	g, ok := x.tags.first(func(g *tag) bool {
		if given {
			return g.Name == ref || strconv.FormatInt(g.ID, 10) == ref
		}
		return suits(g)
	})
	switch {
	case !ok && given:
		return 0, missing("tag: there is no tag %.60q: give an id or a name", ref)
	case !ok:
		return 0, conflict("the account has no tag for it")
	}
	return g.ID, nil
}

func (x *triggering) tagCall(c *call) error {
	id, err := x.tag(func(g *tag) bool { return !c.hasTag(g.ID) })
	if err != nil {
		return err
	}
	return x.perform(c, Action{Do: ActionTag, TagID: id})
}

func (x *triggering) untagCall(c *call) error {
	id, err := x.tag(func(g *tag) bool { return c.hasTag(g.ID) || len(c.Tags) == 0 })
	if err != nil {
		return err
	}
	if !c.hasTag(id) {
		x.calls.update(c, func() { c.Tags = append(c.Tags, callTag{TagID: id, At: x.unix()}) })
	}
	return x.perform(c, Action{Do: ActionUntag, TagID: id})
}

func (x *triggering) commentCall(c *call) error {
	by, err := x.user("user", c.User)
	if err != nil {
		return err
	}
	return x.perform(c, Action{Do: ActionComment, Content: x.text("content", "Please call back"), UserID: by})
}
