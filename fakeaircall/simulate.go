package fakeaircall

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Direction is which side called.
type Direction string

// The directions of a call.
const (
	Inbound  Direction = "inbound"
	Outbound Direction = "outbound"
)

// An Outcome is how a simulated call ends.
type Outcome string

// The outcomes of a simulated call. Voicemail, declined and callback are of inbound calls.
const (
	OutcomeAnswered  Outcome = "answered"
	OutcomeMissed    Outcome = "missed"
	OutcomeVoicemail Outcome = "voicemail"
	OutcomeDeclined  Outcome = "declined"
	OutcomeCallback  Outcome = "callback"
)

// Outcomes lists how a simulated call can end.
func Outcomes() []Outcome {
	return []Outcome{OutcomeAnswered, OutcomeMissed, OutcomeVoicemail, OutcomeDeclined, OutcomeCallback}
}

// namesOf joins names for a sentence.
func namesOf[T ~string](names []T) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = string(n)
	}
	return strings.Join(list, ", ")
}

// A SimulatedCall is a call that is made to happen. The zero value is an inbound
// call to a line that is open, which rings until Act, or the line's patience, ends it.
type SimulatedCall struct {
	Direction Direction // "" means Inbound

	// From and To are phone numbers. One is the company's, which NumberID can name
	// instead; without either it is a line on which the outcome is possible. The
	// other is anybody's, or anonymous if it calls; without one, a contact's.
	From, To string
	NumberID int64

	// UserID is who takes or makes the call; 0: one of the line's who is free.
	UserID int64

	// Outcome is how the call ends; "" leaves the call to Act.
	Outcome Outcome

	// Reason is the missed_call_reason of Outcome missed; "": the one that fits
	// the line at this time.
	Reason string

	// Ring is how long the call rings, Talk how long people talk or the caller
	// speaks to the voicemail. 0 takes what is usual for the outcome.
	Ring, Talk time.Duration

	// Keys are what the caller presses in the menu of an IVR, one each second.
	Keys []string

	// Then is what else happens, each After the start of the call. What has become
	// impossible by its time does not happen.
	Then []Action
}

// Bounds of a SimulatedCall.
const (
	maxLeg   = 4 * time.Hour // of ringing or talk
	maxSteps = 100
)

// A Refusal says why something cannot be simulated. Status is what the control
// API answers: 400 for a mistake, 404 for what does not exist, 409 for what the
// state of the company forbids.
type Refusal struct {
	Status  int
	Message string
}

func (r *Refusal) Error() string { return r.Message }

func mistaken(format string, args ...any) *Refusal {
	return &Refusal{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func missing(format string, args ...any) *Refusal {
	return &Refusal{http.StatusNotFound, fmt.Sprintf(format, args...)}
}

func conflict(format string, args ...any) *Refusal {
	return &Refusal{http.StatusConflict, fmt.Sprintf(format, args...)}
}

// company by the name of its account; "" is the first.
func (s *Server) company(account string) (*company, error) {
	if account == "" {
		return s.companies()[0], nil
	}
	all := s.companies()
	var names []string
	for _, c := range all {
		if c.account.Name == account {
			return c, nil
		}
		if names = append(names, c.account.Name); len(names) > 10 {
			names = append(names[:10], "and others")
		}
	}
	return nil, missing("there is no account %.60q, but %s", account, strings.Join(names, ", "))
}

// Simulate makes a call happen in an account, "" for the first, and says its id.
// What of it is due at once has happened when it returns; the rest comes with the
// clock. Its error is a *Refusal.
func (s *Server) Simulate(account string, sc SimulatedCall) (id int64, err error) {
	c, err := s.company(account)
	if err != nil {
		return 0, err
	}
	err = s.do(c, func(t *tx) error {
		id, err = t.simulate(sc)
		return err
	})
	return id, err
}

// Act lets something happen in a call now. Its error is a *Refusal.
func (s *Server) Act(account string, callID int64, a Action) error {
	c, err := s.company(account)
	if err != nil {
		return err
	}
	return s.do(c, func(t *tx) error {
		k, ok := t.calls.get(callID)
		if !ok {
			return missing("account %q has no call %d", c.account.Name, callID)
		}
		err := t.act(k, a)
		if wire, ok := err.(*apiError); ok { // of what the API does, too
			return &Refusal{wire.status, wire.troubleshoot}
		}
		return err
	})
}

// do runs f in a company now.
func (s *Server) do(c *company, f func(*tx) error) error {
	s.world.RLock()
	defer s.world.RUnlock()
	return c.do(c.clock.now(), f)
}

// simulate checks what it is told, and starts the call.
func (t *tx) simulate(sc SimulatedCall) (int64, error) {
	sc.Direction = cmp.Or(Direction(strings.TrimSpace(string(sc.Direction))), Inbound)
	if err := sc.check(); err != nil {
		return 0, err
	}
	inbound := sc.Direction == Inbound
	ours, theirs := sc.To, sc.From
	if !inbound {
		ours, theirs = sc.From, sc.To
	}
	other, err := t.otherParty(theirs, inbound)
	if err != nil {
		return 0, err
	}
	n, err := t.lineFor(sc, ours, inbound)
	if err != nil {
		return 0, err
	}
	steps, user, err := t.callPlan(sc, n, inbound)
	if err != nil {
		return 0, err
	}
	t.keepHours()
	c := t.startedCall(n, other, user, inbound)
	return c.ID, t.begin(c, append(steps, sc.Then...))
}

// startedCall is a new call that nobody knows of yet.
func (t *tx) startedCall(n *number, other string, user int64, inbound bool) *call {
	c := &call{
		ID: t.last.newCall(t.unix()), SID: "CA" + t.random.hex(32), Started: t.unix(), Inbound: inbound,
		Other: other, Number: n.ID, User: user, Cost: noCost,
	}
	if inbound {
		c.Teams = t.teamsOn(n)
	}
	t.calls.insert(c)
	return c
}

// teamsOn are the teams that a call to a line rings: those whose members it has.
func (t *tx) teamsOn(n *number) []int64 {
	var ids []int64
	for _, m := range t.teams.order {
		if len(m.Users) > 0 && !slices.ContainsFunc(m.Users, func(u int64) bool { return !slices.Contains(n.Users, u) }) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func (sc SimulatedCall) check() error {
	switch {
	case sc.Direction != Inbound && sc.Direction != Outbound:
		return mistaken("direction %.40q: give inbound or outbound", sc.Direction)
	case sc.Outcome != "" && !slices.Contains(Outcomes(), sc.Outcome):
		return mistaken("outcome %.40q: give one of %s", sc.Outcome, namesOf(Outcomes()))
	case sc.Direction == Outbound && (sc.Outcome == OutcomeVoicemail || sc.Outcome == OutcomeCallback):
		return mistaken("outcome %s is for inbound calls: a voicemail that answers at the far end is an answer", sc.Outcome)
	case sc.Reason != "" && (sc.Outcome != OutcomeMissed || sc.Direction == Outbound):
		return mistaken("reason %.40q goes with an inbound call of outcome missed", sc.Reason)
	case sc.Reason != "" && !slices.Contains(missedReasons, sc.Reason):
		return mistaken("reason %.40q: give one of %s", sc.Reason, strings.Join(missedReasons, ", "))
	case sc.Direction == Outbound && len(sc.Keys) > 0:
		return mistaken("keys are pressed by those who call: give them to an inbound call")
	case len(sc.Keys)+len(sc.Then) > maxSteps:
		return mistaken("%d keys and actions: a call takes %d at most", len(sc.Keys)+len(sc.Then), maxSteps)
	}
	for _, k := range sc.Keys {
		if len(k) != 1 || !strings.Contains("0123456789*#", k) {
			return mistaken("key %.20q: give one of 0 to 9, * and #", k)
		}
	}
	for _, leg := range []struct {
		name string
		d    time.Duration
	}{{"ring", sc.Ring}, {"talk", sc.Talk}} {
		if leg.d < 0 || leg.d > maxLeg {
			return mistaken("%s %s: give 0s to %s", leg.name, leg.d, maxLeg)
		}
	}
	for _, a := range sc.Then {
		if err := a.check(); err != nil {
			return err
		}
	}
	return nil
}

// otherParty is the other end as calls show it.
func (t *tx) otherParty(phone string, inbound bool) (string, error) {
	switch {
	case phone == "anonymous" && inbound:
		return phone, nil
	case phone == "":
		return t.someContact(), nil
	case !possiblePhone(phone):
		return "", mistaken("%.40q is no phone number in E.164, such as +33199001234", phone)
	}
	return displayPhone(phone), nil
}

// someContact is the number of a contact, or of nobody where there is none.
func (t *tx) someContact() string {
	if n := len(t.contacts.order); n > 0 {
		from := t.random.intn(n)
		for i := range min(n, 50) {
			if c := t.contacts.order[(from+i)%n]; len(c.Phones) > 0 {
				return displayPhone(c.Phones[0].Value)
			}
		}
	}
	return "+33 1 99 00 12 34" // of the range that France keeps for fiction
}
