package fakeaircall

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An AccountHandle reads and changes one account of a running server. The methods of a handle fail with a *Refusal of
// status 404 if the server has no account of its name.
type AccountHandle struct {
	Account // the credentials
	server  *Server
}

// Account returns a handle for the account with a name; "" is the first account.
func (s *Server) Account(name string) AccountHandle {
	if c, err := s.account(name); err == nil {
		return AccountHandle{c.credentials(), s}
	}
	return AccountHandle{Account{Name: name}, s}
}

// IsAdded reports whether the account was added by AddAccount or NewAccount, so that it has its own clock and request log.
func (a AccountHandle) IsAdded() bool {
	c, err := a.server.account(a.Name)
	return err == nil && c.requestLog != nil
}

// A Clock is the time and the speed of a clock.
type Clock struct {
	Now   time.Time `json:"now" about:"The time on the fake's clock."`
	Speed float64   `json:"speed" about:"Seconds that pass in one second of real time; 0: it stands still."`
}

// Clock returns the state of the account's clock. An account of Options.Accounts has the server's clock; AddAccount and
// NewAccount give an account its own.
func (a AccountHandle) Clock() (Clock, error) {
	c, err := a.server.account(a.Name)
	if err != nil {
		return Clock{}, err
	}
	return Clock{c.clock.now(), c.clock.rate()}, nil
}

// Now returns the time on the account's clock, or the zero time if there is no such account.
func (a AccountHandle) Now() time.Time {
	c, _ := a.Clock()
	return c.Now
}

// Advance moves the account's clock by d, as Server.Advance does. It fails if d is negative or leads beyond 2099.
func (a AccountHandle) Advance(d time.Duration) error {
	return a.onClock(func(c *clock) error { return a.server.moveBy(c, d) })
}

// SetClock moves the account's clock to a time, as Server.SetClock does.
func (a AccountHandle) SetClock(to time.Time) error {
	return a.onClock(func(c *clock) error { return a.server.setClock(c, to) })
}

// SetSpeed lets the account's clock run speed times as fast as real time, 0 to MaxSpeed; 0 stops it.
func (a AccountHandle) SetSpeed(speed float64) error {
	return a.onClock(func(c *clock) error { return a.server.setSpeed(c, speed) })
}

func (a AccountHandle) onClock(f func(*clock) error) error {
	c, err := a.server.account(a.Name)
	if err != nil {
		return err
	}
	return f(c.clock)
}

// A RateLimit is the number of requests that an account has made in the current minute, and its limit.
type RateLimit struct {
	Account string    `json:"account"`
	Limit   int       `json:"limit" about:"Requests a minute; 0: no limit."`
	Used    int       `json:"used"`
	Resets  time.Time `json:"resets" about:"When the next minute begins, on the account's clock."`
}

// RateLimit returns how many requests the account has made in the current minute of its clock.
func (a AccountHandle) RateLimit() (RateLimit, error) {
	c, err := a.server.account(a.Name)
	if err != nil {
		return RateLimit{}, err
	}
	now := c.clock.now()
	l := RateLimit{c.Account.Name, a.server.RateLimit(), 0, now.Truncate(minute * time.Second).Add(minute * time.Second)}
	if !c.seeded.Load() { // it was never used
		return l, nil
	}
	return l, a.server.do(c, func(t *tx) error {
		if t.window.Minute == now.Unix()/minute {
			l.Used = t.window.Used
		}
		return nil
	})
}

// A Query selects records of an account. The zero value selects all.
type Query struct {
	Text  string // only records that contain this text, in upper or lower case
	Live  *bool  // true: only calls that have not ended; false: only calls that have. Only for calls
	Skip  int    // how many of the newest to leave out
	Limit int    // how many to return at most; 0: no limit
}

// Call returns a call by its id.
func (a AccountHandle) Call(id int64) (Call, error) { return readRecord(a, "call", id, callRecords) }

// Contact returns a contact by its id.
func (a AccountHandle) Contact(id int64) (Contact, error) {
	return readRecord(a, "contact", id, contactRecords)
}

// User returns a user by its id.
func (a AccountHandle) User(id int64) (User, error) { return readRecord(a, "user", id, userRecords) }

// Number returns a line by its id.
func (a AccountHandle) Number(id int64) (Number, error) {
	return readRecord(a, "number", id, numberRecords)
}

// Tag returns a tag by its id.
func (a AccountHandle) Tag(id int64) (Tag, error) { return readRecord(a, "tag", id, tagRecords) }

// Calls returns the selected calls, newest first, and how many there are without Skip and Limit.
func (a AccountHandle) Calls(q Query) (list []Call, total int, err error) {
	err = a.do(func(t *tx) error {
		switch {
		case q.Live == nil:
			list, total = find(t.calls.order, t.recordCall, q)
		case *q.Live:
			list, total = find(t.calls.live, t.recordCall, q)
		default:
			if list, total = find(t.calls.ended(q), t.recordCall, q); q.Text == "" {
				total = len(t.calls.order) - len(t.calls.live)
			}
		}
		return nil
	})
	return list, total, err
}

// Contacts returns the selected contacts, as Calls does.
func (a AccountHandle) Contacts(q Query) ([]Contact, int, error) {
	return findRecords(a, q, contactRecords)
}

// Users returns the selected users, as Calls does.
func (a AccountHandle) Users(q Query) ([]User, int, error) { return findRecords(a, q, userRecords) }

// Numbers returns the selected lines, as Calls does.
func (a AccountHandle) Numbers(q Query) ([]Number, int, error) {
	return findRecords(a, q, numberRecords)
}

// Tags returns the selected tags, as Calls does.
func (a AccountHandle) Tags(q Query) ([]Tag, int, error) { return findRecords(a, q, tagRecords) }

// Webhooks returns the selected webhooks of all apps, as Calls does.
func (a AccountHandle) Webhooks(q Query) ([]Webhook, int, error) {
	return findRecords(a, q, webhookRecords)
}

// Webhook returns a webhook by its id in the API.
func (a AccountHandle) Webhook(id string) (v Webhook, err error) {
	err = a.do(func(t *tx) error {
		h, ok := t.webhooks.first(func(h *webhook) bool { return h.UUID == id })
		if !ok {
			return missing("account %q has no webhook %.60s", a.Name, id)
		}
		v = t.recordWebhook(h)
		return nil
	})
	return v, err
}

// Team returns a team by its id.
func (a AccountHandle) Team(id int64) (Team, error) { return readRecord(a, "team", id, teamRecords) }

// Teams returns the selected teams, as Calls does.
func (a AccountHandle) Teams(q Query) ([]Team, int, error) { return findRecords(a, q, teamRecords) }

// Message returns a message by its id in events.
func (a AccountHandle) Message(id string) (v Message, err error) {
	err = a.do(func(t *tx) error {
		m, ok := t.messaging.sent.first(func(m *message) bool { return m.ID == id })
		if !ok {
			return missing("account %q has no message %.60s", a.Name, id)
		}
		v = t.recordMessage(m)
		return nil
	})
	return v, err
}

// Messages returns the selected messages, as Calls does.
func (a AccountHandle) Messages(q Query) ([]Message, int, error) {
	return findRecords(a, q, messageRecords)
}

// Add adds records to the account, or changes those with the same ids, as Options.Fixtures does before a server starts.
// Webhooks get no events about it. With an error nothing has changed; it is FixtureMistakes, or a *Refusal if there is no
// such account.
func (a AccountHandle) Add(fx Fixtures) error { return a.add(fx, func(*tx) {}) }

// AddCall adds a call, or changes the one with its ID, as Add does, and returns it.
func (a AccountHandle) AddCall(x CallFixture) (Call, error) {
	return addRecord(a, Fixtures{Calls: []CallFixture{x}}, x.ID, func(l *lastIDs) int64 { return l.Call }, callRecords)
}

// AddContact adds a contact, or changes the one with its ID, as Add does, and returns it.
func (a AccountHandle) AddContact(x ContactFixture) (Contact, error) {
	return addRecord(a, Fixtures{Contacts: []ContactFixture{x}}, x.ID, func(l *lastIDs) int64 { return l.Contact }, contactRecords)
}

// AddUser adds a user, or changes the one with its ID, as Add does, and returns it.
func (a AccountHandle) AddUser(x UserFixture) (User, error) {
	return addRecord(a, Fixtures{Users: []UserFixture{x}}, x.ID, func(l *lastIDs) int64 { return l.User }, userRecords)
}

// AddNumber adds a line, or changes the one with its ID, as Add does, and returns it.
func (a AccountHandle) AddNumber(x NumberFixture) (Number, error) {
	return addRecord(a, Fixtures{Numbers: []NumberFixture{x}}, x.ID, func(l *lastIDs) int64 { return l.Number }, numberRecords)
}

// CreateNumber adds a line as an admin does in the Dashboard: unlike after AddNumber, webhooks get number.created. Its error
// is a *Refusal.
func (a AccountHandle) CreateNumber(x NumberFixture) (v Number, err error) {
	if _, err := a.Number(x.ID); err == nil {
		return v, conflict("account %q already has a number %d", a.Name, x.ID)
	}
	fallback(&x.CreatedAt, a.Now())
	err = a.add(Fixtures{Numbers: []NumberFixture{x}}, func(t *tx) {
		n, _ := t.numbers.get(cmp.Or(x.ID, t.last.Number))
		t.emitNumber("number.created", n)
		v = t.recordNumber(n)
	})
	return v, asRefusal(err)
}

// DeleteNumber deletes a line as an admin does in the Dashboard: webhooks get number.deleted, and the calls of the line
// stay. Its error is a *Refusal.
func (a AccountHandle) DeleteNumber(id int64) error {
	return a.do(func(t *tx) error {
		n, ok := t.numbers.get(id)
		if !ok {
			return missing("account %q has no number %d", a.Name, id)
		}
		t.deleteNumber(n)
		return nil
	})
}

// AddTag adds a tag, or changes the one with its ID, as Add does, and returns it.
func (a AccountHandle) AddTag(x TagFixture) (Tag, error) {
	return addRecord(a, Fixtures{Tags: []TagFixture{x}}, x.ID, func(l *lastIDs) int64 { return l.Tag }, tagRecords)
}

// add adds fixtures, and then calls added. It tries them on a copy of the state first, so that mistakes change nothing.
func (a AccountHandle) add(fx Fixtures, added func(*tx)) error {
	if wrong := fx.Check(a.Name); len(wrong) > 0 {
		return wrong
	}
	return a.do(func(t *tx) error {
		trial := *t
		trial.state = t.state.copy()
		if wrong := trial.addFixtures(fx); len(wrong) > 0 {
			return wrong
		}
		t.addFixtures(fx)
		added(t)
		return nil
	})
}

// addRecord adds a fixture, and returns the record with the id, or with the last id that was given.
func addRecord[E entity[E], V view](a AccountHandle, fx Fixtures, id int64, last func(*lastIDs) int64, of records[E, V]) (v V, err error) {
	err = a.add(fx, func(t *tx) {
		table, view := of(t)
		e, _ := table.get(cmp.Or(id, last(&t.last)))
		v = view(e)
	})
	return v, err
}

// addFixtures adds fixtures, whose forms are checked, and returns contradictions with the state.
func (t *tx) addFixtures(fx Fixtures) FixtureMistakes {
	at := t.unix()
	s := &seeder{tx: t, account: t.account.credentials(), start: at, settled: at - 200*day}
	return s.addFixtures(fx, random{t.random.next()})
}

// A view is a record as this API shows it. Queries search its texts.
type view interface{ texts() []string }

// records are the table of a kind of entities, and the function that makes their views.
type records[E entity[E], V view] = func(*tx) (*table[E], func(E) V)

func callRecords(t *tx) (*table[*call], func(*call) Call) { return &t.calls.table, t.recordCall }

func contactRecords(t *tx) (*table[*contact], func(*contact) Contact) {
	return &t.contacts, recordContact
}

func userRecords(t *tx) (*table[*user], func(*user) User) { return &t.users, t.recordUser }

func numberRecords(t *tx) (*table[*number], func(*number) Number) { return &t.numbers, t.recordNumber }

func tagRecords(t *tx) (*table[*tag], func(*tag) Tag) { return &t.tags, t.recordTag }

func webhookRecords(t *tx) (*table[*webhook], func(*webhook) Webhook) {
	return &t.webhooks, t.recordWebhook
}

func teamRecords(t *tx) (*table[*team], func(*team) Team) { return &t.teams, t.recordTeam }

func messageRecords(t *tx) (*table[*message], func(*message) Message) {
	return &t.messaging.sent, t.recordMessage
}

// do runs f on the account's state.
func (a AccountHandle) do(f func(*tx) error) error {
	c, err := a.server.account(a.Name)
	if err != nil {
		return err
	}
	return a.server.do(c, f)
}

func readRecord[E entity[E], V view](a AccountHandle, kind string, id int64, of records[E, V]) (v V, err error) {
	err = a.do(func(t *tx) error {
		table, view := of(t)
		e, ok := table.get(id)
		if !ok {
			return missing("account %q has no %s %d", a.Name, kind, id)
		}
		v = view(e)
		return nil
	})
	return v, err
}

func findRecords[E entity[E], V view](a AccountHandle, q Query, of records[E, V]) (list []V, total int, err error) {
	err = a.do(func(t *tx) error {
		table, view := of(t)
		list, total = find(table.order, view, q)
		return nil
	})
	return list, total, err
}

// find returns the records that q selects, newest first, and how many there are without Skip and Limit.
func find[E any, V view](order []E, view func(E) V, q Query) (list []V, total int) {
	text, limit := strings.ToLower(q.Text), cmp.Or(max(q.Limit, 0), len(order))
	matches := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	for i, e := range slices.Backward(order) {
		if text == "" && len(list) == limit {
			return list, total + i + 1
		}
		skipped := total < q.Skip
		if text != "" || !skipped && len(list) < limit {
			v := view(e)
			if !slices.ContainsFunc(v.texts(), matches) {
				continue
			}
			if !skipped && len(list) < limit {
				list = append(list, v)
			}
		}
		total++
	}
	return list, total
}

// ended returns the calls that have ended: without a text only as many of the newest as q needs, because there may be a
// million.
func (s *calls) ended(q Query) inOrder[*call] {
	most := len(s.order)
	if q.Text == "" && q.Limit > 0 {
		most = min(most, q.Skip+q.Limit+len(s.live))
	}
	list := make(inOrder[*call], 0, most)
	for _, c := range s.order[len(s.order)-most:] {
		if c.Ended != 0 {
			list = append(list, c)
		}
	}
	return list
}

// A Reference is the id and name of another record.
type Reference struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// A Call is a call of an account. Times are on the account's clock.
type Call struct {
	ID         int64        `json:"id"`
	Direction  Direction    `json:"direction" about:"inbound or outbound."`
	State      string       `json:"state" about:"ringing, voicemail, answered, on_hold, transferring, outside or ended."`
	Result     string       `json:"result" about:"Of a call that ended: answered, missed, voicemail or callback."`
	Reason     string       `json:"reason" about:"The missed_call_reason of an inbound call without an answer."`
	Party      string       `json:"party" about:"The number of the other party."`
	Contact    *Reference   `json:"contact" about:"null if no contact has the number."`
	Number     *Reference   `json:"number" about:"The line."`
	Digits     string       `json:"digits" about:"The digits of the line."`
	User       *Reference   `json:"user" about:"null before there is one."`
	Ringing    []Reference  `json:"ringing" about:"The users whose apps ring."`
	Since      time.Time    `json:"since" about:"When it entered its state; if that is not known, when it was answered, or began."`
	StartedAt  time.Time    `json:"started_at"`
	AnsweredAt *time.Time   `json:"answered_at"`
	EndedAt    *time.Time   `json:"ended_at"`
	Tags       []string     `json:"tags"`
	Actions    []ActionKind `json:"actions" about:"The actions that its state allows. A line or a user may still refuse one."`
}

func (v Call) texts() []string {
	out := append([]string{v.Party, v.Digits, v.State, v.Result, v.Reason, string(v.Direction)}, v.Tags...)
	for _, n := range []*Reference{v.Contact, v.Number, v.User} {
		if n != nil {
			out = append(out, n.Name)
		}
	}
	return out
}

func (t *tx) recordCall(c *call) Call {
	v := Call{
		ID: c.ID, Direction: Direction(directionOf(c.Inbound)), State: c.state(), Reason: c.MissedReason, Party: c.Other, User: t.namedUser(c.User),
		Ringing: []Reference{}, StartedAt: time.Unix(c.Started, 0).UTC(), AnsweredAt: instantOrNull(c.Answered), EndedAt: instantOrNull(c.Ended),
		Tags: []string{}, Actions: c.possible(t),
	}
	v.Since = t.since(c)
	if c.Ended != 0 {
		v.Result = c.result()
	}
	if who := t.contactsWithPhone(digits(c.Other)); len(who) > 0 {
		v.Contact = &Reference{who[0].ID, who[0].title()}
	}
	if n, ok := t.line(c.Number); ok {
		v.Number, v.Digits = &Reference{n.ID, n.Name}, n.Digits
	}
	if c.Ongoing != nil {
		for _, id := range c.Ongoing.Ringing {
			if u := t.namedUser(id); u != nil {
				v.Ringing = append(v.Ringing, *u)
			}
		}
	}
	for _, ct := range c.Tags {
		if g, ok := t.tags.get(ct.TagID); ok {
			v.Tags = append(v.Tags, g.Name)
		}
	}
	return v
}

// state returns the state of a call, which is finer than the status in the API.
func (c *call) state() string {
	o := c.Ongoing
	if o == nil {
		o = new(ongoing)
	}
	switch {
	case c.Ended != 0:
		return "ended"
	case o.Outside != "":
		return "outside"
	case o.Target != 0:
		return "transferring"
	case o.Held:
		return "on_hold"
	case c.Answered != 0:
		return "answered"
	case o.Voicemail:
		return "voicemail"
	}
	return "ringing"
}

// since returns when a call entered its state, from its events or its times.
func (t *tx) since(c *call) time.Time {
	if name := map[string]string{"on_hold": "call.hold", "transferring": "call.transferred", "outside": "call.external_transferred"}[c.state()]; name != "" {
		data := []byte(fmt.Sprintf(`{"id":%d,`, c.ID))
		for _, e := range slices.Backward(t.events.order) {
			if e.Name == name && bytes.HasPrefix(e.Data, data) {
				return e.At
			}
		}
	}
	return time.Unix(cmp.Or(c.Ended, c.Answered, c.Started), 0).UTC()
}

// result returns how an ended call ended.
func (c *call) result() string {
	switch {
	case c.Answered != 0:
		return "answered"
	case c.Voicemail || c.Ongoing != nil && c.Ongoing.Voicemail:
		return "voicemail"
	case c.Ongoing != nil && c.Ongoing.Callback:
		return "callback"
	}
	return "missed"
}

// possible returns the actions that the state of a call allows, in the order of Actions.
func (c *call) possible(t *tx) []ActionKind {
	list := []ActionKind{}
	add := func(possible bool, kinds ...ActionKind) {
		if possible {
			list = append(list, kinds...)
		}
	}
	switch c.state() {
	case "ringing":
		n, ok := t.numbers.get(c.Number)
		rings := c.Inbound && c.Ongoing != nil && len(c.Ongoing.Ringing) > 0
		add(c.Inbound && ok && n.IsIVR, "press")
		add(c.Inbound, "ring")
		add(rings, "decline")
		add(!c.Inbound || rings, "answer")
		add(true, "transfer_external")
		add(c.Inbound, "voicemail", "request_callback")
	case "answered":
		add(true, "hold", "transfer", "transfer_external")
	case "on_hold":
		add(true, "unhold", "transfer", "transfer_external")
	case "transferring":
		add(true, "decline", "answer", "fail_transfer", "transfer_external")
	case "ended":
		return list
	}
	return append(list, "hangup")
}

func (t *tx) namedUser(id int64) *Reference {
	if u, ok := t.users.get(id); ok {
		return &Reference{u.ID, u.name()}
	}
	return nil
}

func instantOrNull(unix int64) *time.Time {
	if unix == 0 {
		return nil
	}
	return new(time.Unix(unix, 0).UTC())
}

// A Contact is a shared contact of an account.
type Contact struct {
	ID          int64           `json:"id"`
	Name        string          `json:"name" about:"The first and the last name."`
	FirstName   string          `json:"first_name"`
	LastName    string          `json:"last_name"`
	Company     string          `json:"company"`
	Information string          `json:"information"`
	Phones      []ContactDetail `json:"phones"`
	Emails      []ContactDetail `json:"emails"`
	UpdatedAt   time.Time       `json:"updated_at"`
}

// A ContactDetail is a phone number or an e-mail address of a contact.
type ContactDetail struct {
	ID    int64  `json:"id"`
	Label string `json:"label"`
	Value string `json:"value"`
}

func (v Contact) texts() []string {
	texts := []string{v.Name, v.Company, v.Information}
	for _, d := range slices.Concat(v.Phones, v.Emails) {
		texts = append(texts, d.Value)
	}
	return texts
}

func recordContact(c *contact) Contact {
	details := func(of []detail) []ContactDetail {
		list := []ContactDetail{}
		for _, d := range of {
			list = append(list, ContactDetail(d))
		}
		return list
	}
	return Contact{
		c.ID, c.title(), textOrEmpty(c.FirstName), textOrEmpty(c.LastName), textOrEmpty(c.CompanyName), textOrEmpty(c.Information),
		details(c.Phones), details(c.Emails), time.Unix(c.Updated, 0).UTC(),
	}
}

// title returns the first and last name, or "".
func (c *contact) title() string {
	return strings.TrimSpace(textOrEmpty(c.FirstName) + " " + textOrEmpty(c.LastName))
}

func textOrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// A User is a user of an account.
type User struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	Email        string `json:"email"`
	Availability string `json:"availability" about:"Now: available, offline, in_call, after_call_work or do_not_disturb."`
	Online       bool   `json:"online" about:"Whether an app is open."`
	Setting      string `json:"availability_status" about:"available, custom or unavailable."`
	Substatus    string `json:"substatus"`
	Extension    string `json:"extension"`
	TimeZone     string `json:"time_zone"`
}

func (v User) texts() []string { return []string{v.Name, v.Email, v.Availability, v.Extension} }

func (t *tx) recordUser(u *user) User {
	return User{u.ID, u.name(), u.Email, t.availability(u), u.Online, u.AvailabilityStatus, u.Substatus, u.Extension, u.TimeZone}
}

// A Number is a line of an account.
type Number struct {
	ID        int64       `json:"id"`
	Name      string      `json:"name"`
	Digits    string      `json:"digits"`
	Country   string      `json:"country"`
	TimeZone  string      `json:"time_zone"`
	Open      bool        `json:"open" about:"Whether it takes calls now."`
	Setting   string      `json:"availability_status" about:"open, custom or closed."`
	IsIVR     bool        `json:"is_ivr"`
	Recording bool        `json:"recording" about:"Whether calls are recorded."`
	Users     []Reference `json:"users"`
}

func (v Number) texts() []string {
	out := []string{v.Name, v.Digits, v.Country}
	for _, u := range v.Users {
		out = append(out, u.Name)
	}
	return out
}

func (t *tx) recordNumber(n *number) Number {
	v := Number{n.ID, n.Name, n.Digits, n.Country, n.TimeZone, t.isOpen(n), n.AvailabilityStatus, n.IsIVR, n.Recording, []Reference{}}
	for _, id := range n.Users {
		if u := t.namedUser(id); u != nil {
			v.Users = append(v.Users, *u)
		}
	}
	return v
}

// A Tag is a tag of calls.
type Tag struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Color       string `json:"color"`
	Description string `json:"description" about:"Of a tag that every account has."`
	Calls       int    `json:"calls" about:"The number of calls with the tag."`
}

func (v Tag) texts() []string { return []string{v.Name, v.Color, v.Description} }

func (t *tx) recordTag(g *tag) Tag {
	return Tag{g.ID, g.Name, g.Color, textOrEmpty(g.Description), len(t.calls.byKey[callKey{field: "tag", id: g.ID}])}
}

// A Webhook is a webhook of an account, without its token.
type Webhook struct {
	ID         string     `json:"id" about:"The id in the API."`
	URL        string     `json:"url" about:"Without the values of its query."`
	App        string     `json:"app" about:"The client id of the app that made it; empty: an API key did."`
	Active     bool       `json:"active"`
	Events     []string   `json:"events"`
	Failures   int        `json:"failures" about:"Consecutive failures."`
	DisabledAt *time.Time `json:"disabled_at" about:"When failures disabled it; null: they did not."`
	Pending    int        `json:"pending" about:"The number of pending deliveries."`
	CreatedAt  time.Time  `json:"created_at"`
}

func (v Webhook) texts() []string { return append([]string{v.ID, v.URL, v.App}, v.Events...) }

func (t *tx) recordWebhook(h *webhook) Webhook {
	v := Webhook{h.UUID, redactURL(h.URL, true), h.App, h.Active, slices.Clone(h.Events), h.Failures, nil, t.deliveries.pendingFor(h.ID), time.UnixMilli(h.Created).UTC()}
	if !h.Disabled.IsZero() {
		v.DisabledAt = new(h.Disabled)
	}
	return v
}

// A Team is a team of users.
type Team struct {
	ID    int64       `json:"id"`
	Name  string      `json:"name"`
	Users []Reference `json:"users"`
}

func (v Team) texts() []string {
	out := []string{v.Name}
	for _, u := range v.Users {
		out = append(out, u.Name)
	}
	return out
}

func (t *tx) recordTeam(m *team) Team {
	v := Team{m.ID, m.Name, []Reference{}}
	for _, id := range m.Users {
		if u := t.namedUser(id); u != nil {
			v.Users = append(v.Users, *u)
		}
	}
	return v
}

// A Message is a message that an account sent or received, or a message of a group.
type Message struct {
	ID        string     `json:"id"`
	Direction Direction  `json:"direction" about:"inbound or outbound."`
	Status    string     `json:"status" about:"received, pending, sent, delivered, read or failed."`
	Channel   string     `json:"channel" about:"sms or whatsapp."`
	Number    *Reference `json:"number" about:"The line."`
	Parties   []string   `json:"parties" about:"The numbers of the other side; more than one: a group."`
	Body      string     `json:"body"`
	Media     []string   `json:"media" about:"URLs of files, without the values of their queries."`
	At        time.Time  `json:"time"`
}

func (v Message) texts() []string {
	return append([]string{v.Body, v.Status, v.Channel, string(v.Direction)}, v.Parties...)
}

func (t *tx) recordMessage(m *message) Message {
	v := Message{
		ID: m.ID, Direction: Direction(directionOf(m.Inbound)), Status: m.Status, Channel: "sms", Parties: slices.Clone(m.To),
		Body: m.Body, Media: []string{}, At: time.UnixMilli(m.Sent).UTC(),
	}
	if m.Whatsapp {
		v.Channel = "whatsapp"
	}
	for _, u := range m.Media {
		v.Media = append(v.Media, redactURL(u, true))
	}
	if n, ok := t.line(m.Line); ok {
		v.Number = &Reference{n.ID, n.Name}
	}
	return v
}
