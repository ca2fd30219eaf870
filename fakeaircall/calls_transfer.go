package fakeaircall

import "slices"

// Transfers: https://developer.aircall.io/api-references/#transfer-a-call
func callTransferRoutes() []route {
	return []route{
		{"transfer-a-call", "POST", "/v1/calls/{id}/transfers", railsTier, transferCall},
	}
}

// dispatchingStrategies say in which order the users of a team ring.
var dispatchingStrategies = []string{"simultaneous", "random", "longest_idle"}

// A transfer is where a call shall go: to exactly one of the three.
type transfer struct {
	user, team int64
	number     string
}

// transferCall passes a call on without asking the target first. Until it picks
// up, the call keeps its user; transferred_by and transferred_to tell of the
// attempt, and go on to do so if it fails (captured 2022).
func transferCall(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	_, err = r.withCall(func(t *tx, c *call) error {
		to, err := in.transfer()
		switch {
		case err != nil:
			return err
		case c.Ended != 0:
			return invalid("the call is over")
		case to.number != "":
			if !c.Inbound || c.Answered != 0 {
				return refused("an inbound call that nobody answered yet can be transferred to a number outside, no other")
			}
			t.leaveCompany(c, to.number)
			return nil
		case to.team != 0:
			if to.user, err = t.firstOfTeam(to.team); err != nil {
				return err
			}
		}
		if _, ok := t.users.get(to.user); !ok {
			return errNotFound
		}
		t.startTransfer(c, to.user, t.firstRung(to))
		return nil
	})
	return reply{status: 204}, err
}

// rungFirst is who rings: the user, or the first of the team who is free.
func (t *tx) firstRung(to transfer) int64 {
	if m, ok := t.teams.get(to.team); ok {
		for _, id := range m.Users {
			if u, ok := t.users.get(id); ok && t.isFree(u) {
				return id
			}
		}
	}
	return to.user
}

// firstOfTeam is whom a team's call is said to be transferred to (documented).
func (t *tx) firstOfTeam(id int64) (int64, error) {
	m, ok := t.teams.get(id)
	switch {
	case !ok:
		return 0, errNotFound
	case len(m.Users) == 0:
		return 0, refused("team %d has no users", id)
	}
	return m.Users[0], nil
}

// transfer reads the one target and, for a team, the strategy.
func (o object) transfer() (to transfer, err error) {
	targets := 0
	for _, f := range []struct {
		name string
		id   *int64
	}{{"user_id", &to.user}, {"team_id", &to.team}} {
		id, state, err := o.integer(f.name)
		if err != nil {
			return to, err
		}
		if state == isPresent {
			*f.id, targets = id, targets+1
		}
	}
	number, state, err := o.text("number")
	if err != nil {
		return to, err
	}
	if state == isPresent {
		to.number, targets = number, targets+1
	}
	strategy, chosen, err := o.text("dispatching_strategy")
	switch {
	case err != nil:
		return to, err
	case targets != 1:
		return to, invalid("give exactly one of user_id, team_id and number, got %d", targets)
	case state == isPresent && !possiblePhone(number):
		return to, invalid("number must be a phone number in E.164, got %.40q", number)
	case chosen == isPresent && to.team == 0:
		return to, invalid("dispatching_strategy goes with a team_id")
	case chosen == isPresent && !slices.Contains(dispatchingStrategies, strategy):
		return to, oneOf("dispatching_strategy", dispatchingStrategies)(strategy)
	}
	return to, nil
}
