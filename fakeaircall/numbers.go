package fakeaircall

import (
	"net/url"
	"slices"
)

// Numbers: https://developer.aircall.io/api-references/#numbers
//
// They cannot be made or deleted through the API.
func numberRoutes() []route {
	return []route{
		{"list-all-numbers", "GET", "/v1/numbers", railsTier, listNumbers},
		{"retrieve-a-number", "GET", "/v1/numbers/{id}", railsTier, retrieveNumber},
		{"update-a-number", "PUT", "/v1/numbers/{id}", railsTier, updateNumber},
	}
}

type number struct {
	id                 int64
	created            int64
	name               string
	digits             string // as shown: +33 1 99 00 12 34
	country            string // ISO 3166 alpha-2
	timeZone           string
	open               bool
	availabilityStatus string // open, custom or closed
	isIVR              bool
	recording          bool
	priority           *int64
	messages           messages
	users              []int64
	hours              int64 // counts how often its next opening was set
}

func (n *number) identity() (id, created int64) { return n.id, n.created }

// messages are the URLs of what callers hear, "" for none.
type messages struct {
	Welcome        string `json:"welcome"`
	Waiting        string `json:"waiting"`
	RingingTone    string `json:"ringing_tone"`
	UnansweredCall string `json:"unanswered_call"`
	AfterHours     string `json:"after_hours"`
	IVR            string `json:"ivr"`
	Voicemail      string `json:"voicemail"`
	Closed         string `json:"closed"`
	CallbackLater  string `json:"callback_later"`
}

// numberView is a line. Users stands only in lists and alone, not in calls and
// not among a user's numbers; FlowEditorEnabled only among those.
type numberView struct {
	ID                     int64        `json:"id"`
	DirectLink             string       `json:"direct_link"`
	Name                   string       `json:"name"`
	Digits                 string       `json:"digits"`
	CreatedAt              string       `json:"created_at"`
	Country                string       `json:"country"`
	TimeZone               string       `json:"time_zone"`
	Open                   bool         `json:"open"`
	AvailabilityStatus     string       `json:"availability_status"`
	IsIVR                  bool         `json:"is_ivr"`
	LiveRecordingActivated bool         `json:"live_recording_activated"`
	Users                  []userV1View `json:"users,omitzero"`
	Priority               *int64       `json:"priority"`
	Messages               messages     `json:"messages"`
	FlowEditorEnabled      *bool        `json:"flow_editor_enabled,omitzero"`
}

func viewBriefNumber(n *number) numberView {
	return numberView{
		ID:                     n.id,
		DirectLink:             link("/v1/numbers/", n.id),
		Name:                   n.name,
		Digits:                 n.digits,
		CreatedAt:              isoTime(n.created),
		Country:                n.country,
		TimeZone:               n.timeZone,
		Open:                   n.open,
		AvailabilityStatus:     n.availabilityStatus,
		IsIVR:                  n.isIVR,
		LiveRecordingActivated: n.recording,
		Priority:               n.priority,
		Messages:               n.messages,
	}
}

func (t *tx) viewNumber(n *number) numberView {
	v := viewBriefNumber(n)
	v.Users = make([]userV1View, 0, len(n.users))
	for _, id := range n.users {
		if u, ok := t.users.get(id); ok {
			v.Users = append(v.Users, viewUserV1(u))
		}
	}
	return v
}

func listNumbers(r *request) (reply, error) {
	l, err := r.listing(listSpec{windowed: true, ordered: true})
	if err != nil {
		return reply{}, err
	}
	var views []numberView
	err = r.do(func(t *tx) error {
		views = collect(&l, t.numbers.between(l.from, l.to), nil, t.viewNumber)
		return nil
	})
	return r.list("numbers", views, l), err
}

// listNumbersOfUser stands in for the numbers that version 2 took out of a user.
func listNumbersOfUser(r *request) (reply, error) {
	l, err := r.listing(listSpec{})
	if err != nil {
		return reply{}, err
	}
	var views []numberView
	err = r.do(func(t *tx) error {
		u, ok := t.users.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		has := func(n *number) bool { return slices.Contains(n.users, u.id) }
		views = collect(&l, t.numbers.order, has, func(n *number) numberView {
			v := viewBriefNumber(n)
			v.FlowEditorEnabled = new(!n.isIVR)
			return v
		})
		return nil
	})
	return r.list("numbers", views, l), err
}

func retrieveNumber(r *request) (reply, error) {
	return r.withNumber(func(*tx, *number) error { return nil })
}

// updateNumber also takes the music and messages, on the same path.
func updateNumber(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	return r.withNumber(func(t *tx, n *number) error {
		changed := *n
		if err := changed.set(in); err != nil {
			return err
		}
		moved := changed.open != n.open
		*n = changed
		t.epoch++
		t.setHours(n)
		if moved && !r.assume.silentNumbers {
			t.emitOpening(n)
		}
		return nil
	})
}

// withNumber runs f on the number of the path and answers with it as it is then.
func (r *request) withNumber(f func(*tx, *number) error) (reply, error) {
	var view numberView
	err := r.do(func(t *tx) error {
		n, ok := t.numbers.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		if err := f(t, n); err != nil {
			return err
		}
		view = t.viewNumber(n)
		return nil
	})
	return one(200, "number", view), err
}

func (n *number) set(in object) error {
	name, state, err := in.text("name")
	if err == nil && state != isAbsent {
		err = notBlank("name")(name)
		n.name = name
	}
	if err != nil {
		return err
	}
	status, state, err := in.text("availability_status")
	if err == nil && state != isAbsent {
		err = oneOf("availability_status", []string{"open", "custom", "closed"})(status)
		n.availabilityStatus = status
	}
	if err != nil {
		return err
	}
	open, state, err := in.boolean("open")
	if err != nil {
		return err
	}
	if state == isPresent {
		n.open = open
	}
	priority, state, err := in.integer("priority")
	switch {
	case err != nil:
		return err
	case state == isNull:
		n.priority = nil
	case state == isPresent && priority != 0 && priority != 1:
		return invalid("priority must be null, 0 or 1, got %d", priority)
	case state == isPresent:
		n.priority = &priority
	}
	return n.messages.set(in)
}

// set reads the URLs of the messages that stand in the body; the others stay.
func (m *messages) set(in object) error {
	var urls object
	if _, err := in.decode("messages", "an object of URLs", &urls); err != nil {
		return err
	}
	for _, f := range []struct {
		name  string
		field *string
	}{
		{"welcome", &m.Welcome}, {"waiting", &m.Waiting}, {"ringing_tone", &m.RingingTone},
		{"unanswered_call", &m.UnansweredCall}, {"after_hours", &m.AfterHours}, {"ivr", &m.IVR},
		{"voicemail", &m.Voicemail}, {"closed", &m.Closed}, {"callback_later", &m.CallbackLater},
	} {
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
		*f.field = s
	}
	return nil
}
