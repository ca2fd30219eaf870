package fakeaircall

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/internal/suggest"
)

// A Direction is the side that called.
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

// A SimulatedCall is a call that Simulate starts. The zero value is an inbound call to a line that is open. It rings
// until Act ends it, or until the line gives up.
type SimulatedCall struct {
	Direction Direction // "" means Inbound

	// From and To are phone numbers. One is the account's; NumberID can be given instead. Without both, the fake takes
	// a line on which the outcome is possible. The other is any number, "anonymous" for a hidden caller, or "" for the
	// number of a contact.
	From, To string
	NumberID int64

	// UserID is the user who takes or makes the call; 0 means a user of the line who is free.
	UserID int64

	// Outcome is how the call ends; "" leaves the call to Act.
	Outcome Outcome

	// Reason is the missed_call_reason of OutcomeMissed; "" means the one that fits the line at this time.
	Reason string

	// Ring is how long the call rings, Talk how long people talk or the caller speaks to the voicemail. 0 means what
	// is usual for the outcome.
	Ring, Talk time.Duration

	// Keys are what the caller presses in the menu of an IVR, one each second.
	Keys []string

	// Then lists further actions, each After the start of the call. An action that is impossible at its time is
	// skipped.
	Then []Action
}

// Bounds of a SimulatedCall.
const (
	maxLeg   = 4 * time.Hour // of ringing or talk
	maxSteps = 100
)

// A Refusal is the reason why something cannot be simulated. Status is what the control API answers: 400 for a mistake,
// 404 for something that does not exist, 409 for something that the state of the account forbids.
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

// account returns an account by its name; "" is the first.
func (s *Server) account(account string) (*account, error) {
	if account == "" {
		return s.accounts()[0], nil
	}
	var names []string
	for _, c := range s.accounts() {
		if c.Account.Name == account {
			return c, nil
		}
		names = append(names, c.Account.Name)
	}
	listed := names
	if len(names) > 10 {
		listed = append(slices.Clone(names[:10]), "and others")
	}
	said := fmt.Sprintf("there is no account %.60q, but %s", account, strings.Join(listed, ", "))
	if near := suggest.For(account, names); len(near) > 0 {
		said += "; perhaps " + strings.Join(near, " or ")
	}
	return nil, missing("%s", said)
}

// Simulate starts a call in an account, "" for the first, and returns its id. All that is due at once has happened when
// it returns; the rest comes with the clock. Its error is a *Refusal.
func (s *Server) Simulate(account string, sc SimulatedCall) (id int64, err error) {
	err = s.in(account, func(t *tx) error {
		id, err = t.simulate(sc)
		return err
	})
	return id, err
}

// Act performs an action in a call now. Its error is a *Refusal.
func (s *Server) Act(account string, callID int64, a Action) error {
	return s.in(account, func(t *tx) error {
		c, ok := t.calls.get(callID)
		if !ok {
			return missing("account %q has no call %d", t.account.Account.Name, callID)
		}
		err := t.act(c, a)
		if wire, ok := err.(*apiError); ok { // of an action that is also in the API
			return &Refusal{wire.status, wire.troubleshoot}
		}
		return err
	})
}

// in runs f in an account, "" for the first, now.
func (s *Server) in(account string, f func(*tx) error) error {
	c, err := s.account(account)
	if err != nil {
		return err
	}
	return s.do(c, f)
}

func (s *Server) do(c *account, f func(*tx) error) error {
	s.world.RLock()
	defer s.world.RUnlock()
	return c.do(c.clock.now(), f)
}

// simulate checks sc and starts the call.
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
	c := t.newCall(n, other, user, inbound)
	t.begin(c, append(steps, sc.Then...))
	return c.ID, nil
}

// newCall returns a new call, before its first event.
func (t *tx) newCall(n *number, other string, user int64, inbound bool) *call {
	c := &call{
		ID: t.last.newCall(t.unix()), SID: "CA" + t.random.hex(32), Started: t.unix(), Inbound: inbound,
		Other: other, Number: n.ID, User: user, Cost: noCost,
	}
	if inbound {
		for _, m := range t.teams.order { // it rings the teams whose members the line has
			isOff := func(u int64) bool { return !slices.Contains(n.Users, u) }
			if len(m.Users) > 0 && !slices.ContainsFunc(m.Users, isOff) {
				c.Teams = append(c.Teams, m.ID)
			}
		}
	}
	t.calls.insert(c)
	return c
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
		return mistaken("reason %.40q is for an inbound call of outcome missed", sc.Reason)
	case sc.Reason != "" && !slices.Contains(missedReasons, sc.Reason):
		return mistaken("reason %.40q: give one of %s", sc.Reason, strings.Join(missedReasons, ", "))
	case sc.Direction == Outbound && len(sc.Keys) > 0:
		return mistaken("only the caller presses keys: give them to an inbound call")
	case sc.Ring < 0 || sc.Ring > maxLeg:
		return mistaken("ring %s: give 0s to %s", sc.Ring, maxLeg)
	case sc.Talk < 0 || sc.Talk > maxLeg:
		return mistaken("talk %s: give 0s to %s", sc.Talk, maxLeg)
	case len(sc.Keys)+len(sc.Then) > maxSteps:
		return mistaken("%d keys and actions: a call takes %d at most", len(sc.Keys)+len(sc.Then), maxSteps)
	}
	for _, k := range sc.Keys {
		if len(k) != 1 || !strings.Contains("0123456789*#", k) {
			return mistaken("key %.20q: give one of 0 to 9, * and #", k)
		}
	}
	for _, a := range sc.Then {
		if err := a.check(); err != nil {
			return err
		}
	}
	return nil
}

// otherParty returns the other end as calls show it.
func (t *tx) otherParty(phone string, inbound bool) (string, error) {
	switch {
	case phone == "anonymous" && inbound:
		return phone, nil
	case phone == "":
		return t.someContact(), nil
	case !possiblePhone(phone):
		return "", mistaken("%.40q is not a phone number in E.164, such as +33199001234", phone)
	}
	return displayPhone(phone), nil
}

// someContact returns the number of a contact, or an unassigned number if the account has no contact.
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

// A SimulatedMessage comes in from outside.
type SimulatedMessage struct {
	From     string // a phone number; "" means a contact's
	NumberID int64  // the line; 0 means the first that takes such messages
	Body     string // may be blank beside Media
	Media    []string
	WhatsApp bool

	// Participants are the other numbers that a group message went to, beside the line.
	Participants []string
}

// SimulateMessage receives a message at an account, "" for the first, and returns its id. Webhooks get it, or the
// callback of the line, as the mode of the line says. Its error is a *Refusal.
func (s *Server) SimulateMessage(account string, m SimulatedMessage) (id string, err error) {
	err = s.in(account, func(t *tx) error {
		id, err = t.receiveInbound(m)
		return err
	})
	return id, err
}

func (t *tx) receiveInbound(m SimulatedMessage) (string, error) {
	got, err := t.inboundMessage(m)
	if err != nil {
		return "", err
	}
	return t.receive(got).ID, nil
}

// inboundMessage checks m and returns it as the account keeps it.
func (t *tx) inboundMessage(m SimulatedMessage) (got message, err error) {
	from := m.From
	if from == "" {
		from = "+" + digits(t.someContact())
	}
	group := append([]string{from}, m.Participants...)
	for _, phone := range group {
		if !possiblePhone(phone) {
			return got, mistaken("%.40q is not a phone number in E.164, such as +33199001234", phone)
		}
	}
	switch {
	case strings.TrimSpace(m.Body) == "" && len(m.Media) == 0:
		return got, mistaken("a message has a body or media")
	case len(m.Body) > 4*maxSMS || len(m.Media) > maxMedia || slices.ContainsFunc(m.Media, func(u string) bool { return len(u) > maxURL }):
		return got, mistaken("a message has %d bytes, %d files and %d bytes of a file's URL at most", 4*maxSMS, maxMedia, maxURL)
	case len(group) > maxParticipants:
		return got, mistaken("%d participants: a group has %d at most", len(group), maxParticipants)
	case m.WhatsApp && len(m.Participants) > 0:
		return got, mistaken("a message in WhatsApp has no participants here: groups are of SMS")
	}
	n, err := t.lineOfMessage(m)
	if err != nil {
		return got, err
	}
	got = message{Line: n.ID, ID: t.messageID(), Whatsapp: m.WhatsApp, To: group, Body: m.Body, Media: m.Media}
	if len(group) > 1 {
		got.ID, got.Conversation = t.random.uuid(), t.groupConversation(n.ID, group)
	}
	return got, nil
}

func (t *tx) lineOfMessage(m SimulatedMessage) (*number, error) {
	takes := func(n *number) bool {
		l := t.messageLine(n)
		return l.Mode != thirdPartyMode && (l.Whatsapp != nil || !m.WhatsApp)
	}
	if m.NumberID == 0 {
		if n, ok := t.numbers.first(takes); ok {
			return n, nil
		}
		return nil, conflict("the account has no number that takes such messages")
	}
	n, ok := t.numbers.get(m.NumberID)
	switch {
	case !ok:
		return nil, missing("there is no number %d", m.NumberID)
	case !takes(n):
		return nil, conflict("number %d takes no such messages: it is configured for a third party, or has no WhatsApp", n.ID)
	}
	return n, nil
}

// A Presence is a change of whether a user can be reached.
type Presence string

// The changes of a user: open or close an app, become available or not.
const (
	PresenceConnect    Presence = "connect"
	PresenceDisconnect Presence = "disconnect"
	PresenceOpen       Presence = "open"
	PresenceClose      Presence = "close"
)

// Presences lists the changes that SetPresence makes.
func Presences() []Presence {
	return []Presence{PresenceConnect, PresenceDisconnect, PresenceOpen, PresenceClose}
}

var presences = map[Presence]func(t *tx, u *user, reason string){
	PresenceConnect:    func(t *tx, u *user, _ string) { t.setOnline(u, true) },
	PresenceDisconnect: func(t *tx, u *user, _ string) { t.setOnline(u, false) },
	PresenceOpen:       func(t *tx, u *user, _ string) { t.setAvailable(u, "available", "always_opened") },
	PresenceClose:      func(t *tx, u *user, reason string) { t.setAvailable(u, "unavailable", reason) },
}

// SetPresence makes a user of an account, "" for the first, open or close an app, or become available or not. A reason
// for PresenceClose is one of the substatuses; "" means no reason. Its error is a *Refusal.
func (s *Server) SetPresence(account string, userID int64, does Presence, reason string) error {
	do, known := presences[does]
	switch {
	case !known:
		return mistaken("%.40q: give one of %s", does, namesOf(Presences()))
	case reason != "" && does != PresenceClose:
		return mistaken("reason %.40q goes with close", reason)
	case reason != "" && !slices.Contains(substatuses, reason):
		return mistaken("reason %.40q: give one of %s", reason, strings.Join(substatuses, ", "))
	}
	return s.in(account, func(t *tx) error {
		u, ok := t.users.get(userID)
		if !ok {
			return missing("there is no user %d", userID)
		}
		do(t, u, reason)
		return nil
	})
}

// setOnline opens or closes an app. Each app has its event, also the second app of a user: two tabs are two events
// (captured 2022).
func (t *tx) setOnline(u *user, online bool) {
	t.users.update(u, func() { u.Online = online })
	name := "user.disconnected"
	if online {
		name = "user.connected"
	}
	t.emitUser(name, u)
}

func (t *tx) setAvailable(u *user, status, substatus string) {
	t.users.update(u, func() {
		u.AvailabilityStatus = status
		u.Substatus = cmp.Or(substatus, u.Substatus)
	})
	name := "user.closed"
	if status == "available" {
		name = "user.opened"
	}
	t.emitUser(name, u)
}

// keepHours makes lines open and close at the hours of their place from now on. It begins with the first simulation:
// without one, lines stay as they are seeded.
func (t *tx) keepHours() {
	if t.keepsHours {
		return
	}
	t.keepsHours = true
	for _, n := range t.numbers.order {
		t.setHours(n)
	}
}

func (t *tx) setHours(n *number) {
	if t.keepsHours && n.AvailabilityStatus == "custom" {
		t.numbers.update(n, func() { n.Hours++ }) // an earlier timer does nothing
		t.after(t.nextHour(n).Sub(t.now), actHours, n.ID, n.Hours)
	}
}

// nextHour returns when a line opens or closes next: within a weekend and a night.
func (t *tx) nextHour(n *number) time.Time {
	local := t.now.In(t.zone(n.TimeZone))
	for day := 0; ; day++ {
		for _, hour := range []int{9, 18} {
			at := time.Date(local.Year(), local.Month(), local.Day()+day, hour, 0, 0, 0, local.Location())
			if at.After(local) && officeHours(at) != officeHours(at.Add(-time.Second)) {
				return at
			}
		}
	}
}

// turnHour opens or closes a line, unless its setting changed.
func (t *tx) turnHour(m timer) {
	n, ok := t.numbers.get(m.ID)
	if !ok || n.AvailabilityStatus != "custom" || m.N != n.Hours {
		return
	}
	if open := t.isOpen(n); open != n.Open {
		t.numbers.update(n, func() { n.Open = open })
		t.emitOpening(n)
	}
	t.setHours(n)
}
