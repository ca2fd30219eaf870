package fakeaircall

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
)

// Numbers: https://developer.aircall.io/api-references/#numbers
//
// The API cannot create or delete them.
func numberRoutes() []route {
	listed := numbers
	listed.view = func(_ *tx, n *number) numberView { return viewNumber(n) }
	return []route{
		{"list-all-numbers", "GET", "/v1/numbers", railsTier, listed.list(byTime)},
		{"retrieve-a-number", "GET", "/v1/numbers/{id}", railsTier, numbers.retrieve},
		{"update-a-number", "PUT", "/v1/numbers/{id}", railsTier, withBody(updateNumber)},
	}
}

type number struct {
	ID                 int64    `json:"id,omitzero"`
	Created            int64    `json:"created,omitzero"`
	Name               string   `json:"name,omitzero"`
	Digits             string   `json:"digits,omitzero"`  // as shown: +33 1 99 00 12 34
	Country            string   `json:"country,omitzero"` // ISO 3166 alpha-2
	TimeZone           string   `json:"time_zone,omitzero"`
	Open               bool     `json:"open,omitzero"`
	AvailabilityStatus string   `json:"availability_status,omitzero"` // open, custom or closed
	IsIVR              bool     `json:"is_ivr,omitzero"`
	Recording          bool     `json:"recording,omitzero"`
	Priority           *int64   `json:"priority,omitzero"`
	Messages           messages `json:"messages,omitzero"`
	Users              []int64  `json:"users,omitzero"`
	Hours              int64    `json:"hours,omitzero"` // counts how often its next opening was set
}

func (n *number) identity() (id, created int64) { return n.ID, n.Created }

func (n *number) clone() *number {
	v := *n
	v.Users = slices.Clone(n.Users)
	return &v
}

// messages are the URLs of what callers hear, "" for none.
type messages struct {
	Welcome        string `json:"welcome,omitzero"`
	Waiting        string `json:"waiting,omitzero"`
	RingingTone    string `json:"ringing_tone,omitzero"`
	UnansweredCall string `json:"unanswered_call,omitzero"`
	AfterHours     string `json:"after_hours,omitzero"`
	IVR            string `json:"ivr,omitzero"`
	Voicemail      string `json:"voicemail,omitzero"`
	Closed         string `json:"closed,omitzero"`
	CallbackLater  string `json:"callback_later,omitzero"`
}

// numberView is a line in a list (recorded 2026-09-28). That a line read alone has the same keys in the same order, with
// its users behind them, is inferred.
type numberView struct {
	ID                     int64           `json:"id"`
	Digits                 string          `json:"digits"`
	DirectLink             string          `json:"direct_link"`
	Name                   string          `json:"name"`
	Country                string          `json:"country"`
	TimeZone               string          `json:"time_zone"`
	AvailabilityStatus     string          `json:"availability_status"`
	IsIVR                  bool            `json:"is_ivr"`
	LiveRecordingActivated bool            `json:"live_recording_activated"`
	Priority               int64           `json:"priority"`
	Messages               json.RawMessage `json:"messages"`
	CreatedAt              string          `json:"created_at"`
	Open                   bool            `json:"open"`
	Users                  []userV1View    `json:"users,omitzero"`
}

// callNumberView is a line in a call (recorded 2026-09-28). The numbers of a user and the line in a message have the same
// keys; a message leaves out flow_editor_enabled.
type callNumberView struct {
	ID                     int64           `json:"id"`
	DirectLink             string          `json:"direct_link"`
	Name                   string          `json:"name"`
	Digits                 string          `json:"digits"`
	Country                string          `json:"country"`
	TimeZone               string          `json:"time_zone"`
	Open                   bool            `json:"open"`
	AvailabilityStatus     string          `json:"availability_status"`
	IsIVR                  bool            `json:"is_ivr"`
	LiveRecordingActivated bool            `json:"live_recording_activated"`
	Priority               *int64          `json:"priority"`
	Messages               json.RawMessage `json:"messages"`
	CreatedAt              string          `json:"created_at"`
	FlowEditorEnabled      *bool           `json:"flow_editor_enabled,omitzero"`
}

// A messageField is a message by its name on the wire.
type messageField struct {
	name string
	url  *string
}

// fields returns the messages in the recorded order.
func (m *messages) fields() []messageField {
	return []messageField{
		{"welcome", &m.Welcome}, {"waiting", &m.Waiting}, {"ivr", &m.IVR}, {"voicemail", &m.Voicemail},
		{"closed", &m.Closed}, {"callback_later", &m.CallbackLater}, {"unanswered_call", &m.UnansweredCall},
		{"after_hours", &m.AfterHours}, {"ringing_tone", &m.RingingTone},
	}
}

// messageNames returns the names of the messages.
func messageNames() (names []string) {
	for _, f := range new(messages).fields() {
		names = append(names, f.name)
	}
	return names
}

// view has null for a message that is not there.
func (m messages) view() json.RawMessage {
	var view envelope
	for _, f := range m.fields() {
		view = append(view, member{f.name, orNull(*f.url)})
	}
	return json.RawMessage(view.encode())
}

// withDefaults fills in Aircall's own recordings for the messages that a line of the country does not have. A call shows
// them where the list of lines shows null for the same line (recorded 2026-09-28).
func (m messages) withDefaults(country string) messages {
	const tracks = "https://media-web.aircall.io/tracks/"
	speech := func(s *string, hash string) {
		*s = cmp.Or(*s, tracks+"tts/languages/en/voices/joanna/"+hash+".mp3")
	}
	speech(&m.Welcome, "1f0a6c5be2d94738a1c0b7e65d43f2989a7b6c5d")
	speech(&m.IVR, "5d2e8f7a90b1c3d4e6f708192a3b4c5d6e7f8091")
	speech(&m.Voicemail, "8c7b6a5948372615f4e3d2c1b0a99887766554a3")
	speech(&m.Closed, "b3a29180f7e6d5c4b3a2918070615243f5e4d3c2")
	speech(&m.CallbackLater, "c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7")
	speech(&m.UnansweredCall, "d9c8b7a6958473625140f1e2d3c4b5a69788796a")
	speech(&m.AfterHours, "e0f1a2b3c4d5e6f708192a3b4c5d6e7f80919293")
	m.Waiting = cmp.Or(m.Waiting, tracks+"library/corporate.mp3")
	m.RingingTone = cmp.Or(m.RingingTone, tracks+"ringing_tones/"+country+".mp3")
	return m
}

// viewNumber is a line without its users, as a list has it. A line whose priority nobody set shows 0 here and null in its
// calls (recorded 2026-09-28).
func viewNumber(n *number) numberView {
	v := numberView{
		ID:                     n.ID,
		Digits:                 n.Digits,
		DirectLink:             link("/v1/numbers/", n.ID),
		Name:                   n.Name,
		Country:                n.Country,
		TimeZone:               n.TimeZone,
		AvailabilityStatus:     n.AvailabilityStatus,
		IsIVR:                  n.IsIVR,
		LiveRecordingActivated: n.Recording,
		Messages:               n.Messages.view(),
		CreatedAt:              isoTime(n.Created),
		Open:                   n.Open,
	}
	if n.Priority != nil {
		v.Priority = *n.Priority
	}
	return v
}

// line returns a line of the account, also one that was deleted: what happened on it still shows it.
func (t *tx) line(id int64) (*number, bool) {
	if n, ok := t.numbers.get(id); ok || t.account.assume.forgetNumbers {
		return n, ok
	}
	return t.oldLines.get(id)
}

// deleteNumber deletes a line, as an admin does in the Dashboard. It is closed and without users by then (seen in a
// client). Calls in progress go on.
func (t *tx) deleteNumber(n *number) {
	gone := n.clone()
	gone.Open, gone.Users = false, nil
	t.numbers.remove(n.ID)
	t.oldLines.remove(n.ID)
	t.oldLines.insert(gone)
	t.messaging.lines.remove(n.ID)
	for _, u := range t.users.order {
		if u.DefaultNumberID == n.ID {
			t.users.update(u, func() { u.DefaultNumberID = 0 })
		}
	}
	for _, a := range t.associations.order {
		if slices.Contains(a.Numbers, n.ID) {
			t.associations.update(a, func() { a.Numbers = slices.DeleteFunc(a.Numbers, func(id int64) bool { return id == n.ID }) })
		}
	}
	t.emitNumber("number.deleted", gone)
}

var numbers = resource[*number, numberView]{
	"number", "numbers",
	func(t *tx) *table[*number] { return &t.numbers },
	(*tx).viewSingleNumber,
}

// viewSingleNumber adds the people whom the line rings: a list has no users (recorded 2026-09-28, reported 2026-08).
func (t *tx) viewSingleNumber(n *number) numberView {
	v := viewNumber(n)
	v.Users = make([]userV1View, 0, len(n.Users))
	for _, id := range n.Users {
		if u, ok := t.users.get(id); ok {
			v.Users = append(v.Users, viewUserV1(u))
		}
	}
	return v
}

func viewCallNumber(n *number) callNumberView {
	v := viewMessageNumber(n)
	v.FlowEditorEnabled = new(!n.IsIVR)
	return v
}

func viewMessageNumber(n *number) callNumberView {
	return callNumberView{
		ID:                     n.ID,
		DirectLink:             link("/v1/numbers/", n.ID),
		Name:                   n.Name,
		Digits:                 n.Digits,
		Country:                n.Country,
		TimeZone:               n.TimeZone,
		Open:                   n.Open,
		AvailabilityStatus:     n.AvailabilityStatus,
		IsIVR:                  n.IsIVR,
		LiveRecordingActivated: n.Recording,
		Priority:               n.Priority,
		Messages:               n.Messages.withDefaults(n.Country).view(),
		CreatedAt:              isoTime(n.Created),
	}
}

// listNumbersOfUser returns the numbers that version 2 removed from a user.
func listNumbersOfUser(r *request) (reply, error) {
	l, err := r.listing(listSpec{})
	if err != nil {
		return reply{}, err
	}
	var views []callNumberView
	err = r.do(func(t *tx) error {
		u, ok := t.users.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		has := func(n *number) bool { return slices.Contains(n.Users, u.ID) }
		views = collect(&l, t.numbers.order, has, viewCallNumber)
		return nil
	})
	return r.list("numbers", views, l), err
}

// updateNumber also takes the music and messages, on the same path.
func updateNumber(r *request, in object) (reply, error) {
	return numbers.change(r, 200, func(t *tx, n *number) error {
		changed := *n
		if err := changed.set(in); err != nil {
			return err
		}
		moved := changed.Open != n.Open
		t.numbers.update(n, func() { *n = changed })
		t.setHours(n)
		if moved && !r.assume.silentNumbers {
			t.emitOpening(n)
		}
		return nil
	})
}

func (n *number) set(in object) error {
	if err := in.setTexts(
		textField{"name", &n.Name, false, notBlank("name")},
		textField{"availability_status", &n.AvailabilityStatus, false, oneOf("availability_status", []string{"open", "custom", "closed"})},
	); err != nil {
		return err
	}
	if _, err := in.decode("open", "true or false", &n.Open); err != nil {
		return err
	}
	priority, state, err := in.integer("priority")
	switch {
	case err != nil:
		return err
	case state == isNull:
		n.Priority = nil
	case state == isPresent && priority != 0 && priority != 1:
		return invalid("priority must be null, 0 or 1, got %d", priority)
	case state == isPresent:
		n.Priority = &priority
	}
	return n.Messages.set(in)
}

// set reads the URLs of the messages in the body; the others stay.
func (m *messages) set(in object) error {
	var urls object
	if _, err := in.decode("messages", "an object of URLs", &urls); err != nil {
		return err
	}
	for _, f := range m.fields() {
		s, state, err := urls.text(f.name)
		if err != nil {
			return err
		}
		if state != isPresent {
			continue
		}
		if u, err := url.Parse(s); err != nil || u.Scheme != "https" || u.Host == "" {
			return invalid("messages.%s must be an https URL", f.name)
		}
		*f.url = s
	}
	return nil
}
