package fakeaircall

import "time"

const (
	pickingUp  = 5 * time.Second  // until the target of a transfer answers, if it does
	unattended = 20 * time.Second // until a caller who was passed to nobody is gone
)

// passOn is a transfer in the app.
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

// handOver passes a call to target, who rings; shown is whom transferred_to names,
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

// takeOver is the target picking up: the call is his from here on.
func (t *tx) completeTransfer(c *call) error {
	target := c.Ongoing.Target
	t.calls.update(c, func() { c.Ongoing.Target, c.Ongoing.Held = 0, false })
	t.talk(c, target)
	if !t.company.assume.silentTakeOver {
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

// passOut takes the call out of the company; whoever had it is free.
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
	t.leaveCompany(c, a.Number)
	return nil
}

// leave hands a call to a number outside. Nothing of it is known from then on but
// its end.
func (t *tx) leaveCompany(c *call, number string) {
	t.beginOngoing(c)
	t.stopAllRinging(c)
	t.idle[c.User] = t.unix()
	t.calls.update(c, func() { c.Ongoing.Target, c.Ongoing.Outside = 0, displayPhone(number) })
	t.emitExternalTransfer(c, number)
	t.then(c, Action{Do: "hangup", After: usual["answered"].talk})
}
