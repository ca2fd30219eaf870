package fakeaircall

import (
	"slices"
	"strings"
	"time"
)

// missedReasons is the enumeration of the reference of 2026.
var missedReasons = []string{
	"out_of_opening_hours", "short_abandoned", "abandoned_in_ivr", "abandoned_in_classic",
	"no_available_agent", "agents_did_not_answer",
}

// shortAbandoned is the time within which a caller who hangs up counts as short_abandoned; no source confirms it.
const shortAbandoned = 10 * time.Second

// usual is how long a call rings and people talk by default, by outcome, or by reason for a missed call.
var usual = map[string]struct{ ring, talk time.Duration }{
	"answered":              {6 * time.Second, 60 * time.Second},
	"declined":              {5 * time.Second, 2 * time.Second},
	"voicemail":             {15 * time.Second, 12 * time.Second},
	"callback":              {30 * time.Second, 0},
	"out_of_opening_hours":  {12 * time.Second, 0},
	"short_abandoned":       {4 * time.Second, 0},
	"abandoned_in_ivr":      {15 * time.Second, 0},
	"abandoned_in_classic":  {20 * time.Second, 0},
	"no_available_agent":    {15 * time.Second, 0},
	"agents_did_not_answer": {25 * time.Second, 0},
	"unanswered":            {30 * time.Second, 0}, // outbound
}

// patience is how long a line rings before it gives up.
const patience = 60 * time.Second

// callPlan returns the actions of a call that come by themselves, and the user that an outbound call has from its start.
// A line that is closed, or on which no user is free, changes the plan.
func (t *tx) callPlan(sc SimulatedCall, n *number, inbound bool) ([]Action, int64, error) {
	user, err := t.userFor(sc, n, inbound)
	if err != nil {
		return nil, 0, err
	}
	if !inbound {
		return outboundPlan(sc), user, nil
	}
	reason := sc.Reason
	switch {
	case reason != "":
	case !t.isOpen(n):
		reason = "out_of_opening_hours"
	case user == 0:
		reason = "no_available_agent"
	default:
		reason = "agents_did_not_answer"
	}
	if ring, _ := sc.legs(reason); sc.Reason == "short_abandoned" && ring >= shortAbandoned {
		return nil, 0, mistaken("ring %s: short_abandoned needs a caller who hangs up within %s", ring, shortAbandoned)
	}
	return sc.inboundPlan(user, reason), 0, nil
}

// inboundPlan returns the actions of an inbound call that come by themselves. user is free, 0 for none, and reason is that
// of a missed call.
func (sc SimulatedCall) inboundPlan(user int64, reason string) []Action {
	ring, talk := sc.legs(reason)
	var steps []Action
	for i, key := range sc.Keys {
		steps = append(steps, Action{Do: "press", Key: key, After: time.Duration(i+1) * time.Second})
	}
	rings := Action{Do: "ring", UserID: user}
	gone := Action{Do: "hangup", After: ring, Reason: reason}
	if user != 0 && slices.Contains([]string{"agents_did_not_answer", "abandoned_in_classic", "short_abandoned"}, reason) {
		steps = append(steps, rings)
	}
	switch sc.Outcome {
	case "":
		if user == 0 {
			return append(steps, gone)
		}
		return append(steps, Action{Do: "give_up", After: patience})
	case "answered":
		return append(steps, Action{Do: "answer", UserID: user, After: ring}, Action{Do: "hangup", After: ring + talk})
	case "declined":
		steps = append(steps, Action{Do: "decline", UserID: user, After: ring})
	case "voicemail":
		steps = append(steps, Action{Do: "voicemail", After: ring})
	case "callback":
		steps = append(steps, Action{Do: "request_callback", After: ring})
	}
	gone.After += talk
	return append(steps, gone)
}

func outboundPlan(sc SimulatedCall) []Action {
	ring, talk := sc.legs("unanswered")
	switch sc.Outcome {
	case "":
		return []Action{{Do: "give_up", After: patience}}
	case "answered":
		return []Action{{Do: "answer", After: ring}, {Do: "hangup", After: ring + talk}}
	}
	return []Action{{Do: "hangup", After: ring}} // no answer, or a busy line: both look the same
}

// legs returns how long the call rings and how long people talk.
func (sc SimulatedCall) legs(reason string) (ring, talk time.Duration) {
	key := string(sc.Outcome)
	if key == "" || key == "missed" || sc.Direction == "outbound" && key != "answered" {
		key = reason
	}
	ring, talk = usual[key].ring, usual[key].talk
	if sc.Ring > 0 {
		ring = sc.Ring
	}
	if sc.Talk > 0 && talk > 0 {
		talk = sc.Talk
	}
	return ring, talk
}

// isOpen reports whether the line takes calls now. It goes by availability_status, not by open, which is deprecated and
// may be stale.
func (t *tx) isOpen(n *number) bool {
	switch n.AvailabilityStatus {
	case "open":
		return true
	case "closed":
		return false
	}
	return officeHours(t.now.In(t.zone(n.TimeZone)))
}

// zone returns a time zone by its name, and keeps it: loading one reads a file.
func (t *tx) zone(name string) *time.Location {
	z, ok := t.zones[name]
	if !ok {
		if z, ok = zoneOf(name); !ok {
			z = time.UTC
		}
		t.zones[name] = z
	}
	return z
}

// userFor returns the user whose app rings, or who calls: UserID if that user is free, else a free user of the line. It
// returns 0 if the call needs none, or finds none.
func (t *tx) userFor(sc SimulatedCall, n *number, inbound bool) (int64, error) {
	needs := !inbound || sc.Outcome == "answered" || sc.Outcome == "declined" ||
		slices.Contains([]string{"agents_did_not_answer", "abandoned_in_classic"}, sc.Reason)
	if sc.UserID != 0 {
		u, ok := t.users.get(sc.UserID)
		switch {
		case !ok:
			return 0, missing("there is no user %d", sc.UserID)
		case !slices.Contains(n.Users, u.ID):
			return 0, mistaken("user %d is not on number %d, whose users are %v", u.ID, n.ID, n.Users)
		case !t.isFree(u):
			const hint = "take another user, wait until this one is free, or leave out user_id"
			return 0, conflict("user %d is not free but %s: %s", u.ID, t.whereabouts(u), hint)
		}
	}
	if inbound && !t.isOpen(n) {
		if needs {
			return 0, conflict("number %d is closed at %s: take one that is open, move the clock, or let the call be missed", n.ID, t.now.Format(time.RFC3339))
		}
		return 0, nil
	}
	if sc.UserID != 0 {
		return sc.UserID, nil
	}
	user := t.freeOn(n)
	if user == 0 && needs {
		return 0, conflict("none of number %d's users %v is free", n.ID, n.Users)
	}
	return user, nil
}

// lineFor returns the line of a call: by id, by its digits, or one on which the outcome is possible.
func (t *tx) lineFor(sc SimulatedCall, phone string, inbound bool) (*number, error) {
	var n *number
	switch {
	case sc.NumberID != 0:
		var ok bool
		if n, ok = t.numbers.get(sc.NumberID); !ok {
			return nil, missing("there is no number %d", sc.NumberID)
		}
		if phone != "" && digits(n.Digits) != digits(phone) {
			return nil, mistaken("number %d is %s, not %.40q", n.ID, n.Digits, phone)
		}
	case phone != "":
		var ok bool
		if n, ok = t.numbers.first(func(n *number) bool { return digits(n.Digits) == digits(phone) }); !ok {
			return nil, missing("%.40q is not a number of the account", phone)
		}
	default:
		for _, n := range t.numbers.order {
			if t.suits(sc, n, inbound) {
				return n, nil
			}
		}
		return nil, conflict("the account has no number on which this can happen at %s", t.now.Format(time.RFC3339))
	}
	return n, t.fits(sc, n)
}

// suits reports whether a call can have its outcome on a line now.
func (t *tx) suits(sc SimulatedCall, n *number, inbound bool) bool {
	needsOpen := sc.Outcome == OutcomeMissed && sc.Reason == "" ||
		slices.Contains([]Outcome{"", OutcomeVoicemail, OutcomeCallback}, sc.Outcome)
	switch {
	case t.fits(sc, n) != nil, !inbound && n.AvailabilityStatus == "closed", inbound && needsOpen && !t.isOpen(n):
		return false
	case sc.Outcome == "" && t.freeOn(n) == 0:
		return false
	}
	_, err := t.userFor(sc, n, inbound)
	return err == nil
}

// fits fails if a line has no menu for the keys, or cannot have the reason for a missed call.
func (t *tx) fits(sc SimulatedCall, n *number) error {
	switch open := t.isOpen(n); {
	case len(sc.Keys) > 0 && !n.IsIVR:
		return mistaken("number %d has no menu to press keys in: take one with is_ivr", n.ID)
	case sc.Reason == "abandoned_in_ivr" && !n.IsIVR:
		return mistaken("number %d has no menu to leave: abandoned_in_ivr needs one with is_ivr", n.ID)
	case sc.Reason == "abandoned_in_classic" && n.IsIVR:
		return mistaken("number %d has a menu: abandoned_in_classic needs one without is_ivr", n.ID)
	case sc.Reason == "out_of_opening_hours" && open:
		return conflict("number %d is open at %s: take one that is closed, or move the clock", n.ID, t.now.Format(time.RFC3339))
	case sc.Reason != "" && sc.Reason != "out_of_opening_hours" && !open:
		return conflict("number %d is closed at %s, so the reason is out_of_opening_hours, not %s", n.ID, t.now.Format(time.RFC3339), sc.Reason)
	case sc.Reason == "no_available_agent" && t.freeOn(n) != 0:
		return conflict("user %d is free on number %d: no_available_agent needs a line on which no user is free", t.freeOn(n), n.ID)
	}
	return nil
}

// whereabouts returns why a user is not free.
func (t *tx) whereabouts(u *user) string {
	if _, ok := t.rung[u.ID]; ok {
		return "being rung"
	}
	return strings.ReplaceAll(t.availability(u), "_", " ")
}

// onCall reports whether a user speaks, or dials, at the moment.
func (t *tx) onCall(userID int64) bool {
	return slices.ContainsFunc(t.calls.live, func(c *call) bool { return c.User == userID && !c.isOutside() })
}

// isFree reports whether the app of a user can ring: a user has one call at a time, and one that rings counts, too.
func (t *tx) isFree(u *user) bool {
	_, rung := t.rung[u.ID]
	return !rung && t.availability(u) == "available"
}

// freeOn returns the free user of a line who had no call for the longest; 0 for none.
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

// startWrapUp keeps a user busy after a call. Its event comes before that of the hang-up (captured 2022).
func (t *tx) startWrapUp(u *user, c *call) {
	t.users.update(u, func() { u.LastCall = c.ID })
	if u.WrapUpTime == 0 {
		return // and no events
	}
	t.wrapUp(u, u.WrapUpTime)
}

// wrapUp begins the work after the last call of a user, for so many seconds.
func (t *tx) wrapUp(u *user, seconds int64) {
	t.wrapUps[u.ID] = t.unix() + seconds
	t.emitWrapUp("user.wut_start", u, u.LastCall)
	t.after(time.Duration(seconds)*time.Second, actWrapUp, u.ID, u.LastCall)
}

// expireWrapUp ends a wrap-up whose time is over. A trigger may have begun another after the same call.
func (t *tx) expireWrapUp(m timer) {
	if t.wrapUps[m.ID] <= t.unix() {
		t.endWrapUp(m)
	}
}

// endWrapUp ends the wrap-up of the user id after the call n, unless it has ended before.
func (t *tx) endWrapUp(m timer) {
	u, ok := t.users.get(m.ID)
	if _, inWrapUp := t.wrapUps[m.ID]; !ok || !inWrapUp || u.LastCall != m.N {
		return
	}
	delete(t.wrapUps, m.ID)
	t.emitWrapUp("user.wut_end", u, m.N)
}

// releaseUser takes a user who was deleted out of calls. A call in which the user talks goes on; one that rings only for
// this user waits.
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
