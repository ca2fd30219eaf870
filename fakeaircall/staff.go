package fakeaircall

import (
	"slices"
	"time"
)

// onCall says whether a user speaks, or dials, at the moment.
func (t *tx) onCall(userID int64) bool {
	return slices.ContainsFunc(t.calls.live, func(c *call) bool { return c.User == userID && !c.isOutside() })
}

// isFree says whether a user can be rung: nobody is on two calls, and one that
// rings is enough, too.
func (t *tx) isFree(u *user) bool {
	_, rung := t.rung[u.ID]
	return !rung && t.availability(u) == "available"
}

// freeOn is the free user of a line who had no call for the longest; 0 for none.
func (t *tx) freeOn(n *number, but ...int64) int64 {
	var found int64
	for _, id := range n.Users {
		u, ok := t.users.get(id)
		if !ok || slices.Contains(but, id) || !t.isFree(u) {
			continue
		}
		if found == 0 || t.idle[id] < t.idle[found] || t.idle[id] == t.idle[found] && id < found {
			found = id
		}
	}
	return found
}

// startWrapUp keeps a user busy with what a call left him to do. Its event comes
// before the one of the hang-up (captured 2022).
func (t *tx) startWrapUp(u *user, c *call) {
	t.users.update(u, func() { u.LastCall = c.ID })
	if u.WrapUpTime == 0 {
		return // and no events
	}
	t.wrapUps[u.ID] = t.unix() + u.WrapUpTime
	t.emitWrapUp("user.wut_start", u, c.ID)
	t.after(time.Duration(u.WrapUpTime)*time.Second, actWrapUp, u.ID, c.ID)
}

// endWrapUp of the user id after the call n; what else ended it before leaves
// nothing to do.
func (t *tx) endWrapUp(m timer) {
	u, ok := t.users.get(m.ID)
	if _, inWrapUp := t.wrapUps[m.ID]; !ok || !inWrapUp || u.LastCall != m.N {
		return
	}
	delete(t.wrapUps, m.ID)
	t.emitWrapUp("user.wut_end", u, m.N)
}

// letGo takes a user who is gone out of what he was in. A call he talks in goes
// on without him; one that rings at him alone waits.
func (t *tx) releaseUser(id int64) {
	if c, ok := t.calls.get(t.rung[id]); ok {
		if c.Ongoing.Target == id {
			t.calls.update(c, func() { c.Ongoing.Target = 0 })
		}
		t.stopRinging(c, id)
	}
	delete(t.wrapUps, id)
	delete(t.idle, id)
}
