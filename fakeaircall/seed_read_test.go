package fakeaircall

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// A holding is the data of one account, read over HTTP.
type holding struct {
	account  Account
	start    time.Time
	users    []seenUser
	doing    map[int64]string // availabilities by user
	numbers  []seenNumber
	teams    []seenTeam
	tags     []seenTag
	contacts []seenContact
	calls    []seenCall
}

type seenUser struct {
	ID                 int64     `json:"id"`
	Name               string    `json:"name"`
	Email              string    `json:"email"`
	Language           string    `json:"language"`
	CreatedAt          time.Time `json:"created_at"`
	TimeZone           string    `json:"time_zone"`
	WrapUpTime         int64     `json:"wrap_up_time"`
	Extension          string    `json:"extension"`
	AvailabilityStatus string    `json:"availability_status"`
	Available          bool      `json:"available"`
	DefaultNumberID    *int64    `json:"default_number_id"`
	Substatus          string    `json:"substatus"`
	Availability       string    `json:"availability"` // in the list of availabilities alone
}

type seenNumber struct {
	ID                 int64             `json:"id"`
	Name               string            `json:"name"`
	Digits             string            `json:"digits"`
	CreatedAt          time.Time         `json:"created_at"`
	Country            string            `json:"country"`
	TimeZone           string            `json:"time_zone"`
	Open               bool              `json:"open"`
	AvailabilityStatus string            `json:"availability_status"`
	IsIVR              bool              `json:"is_ivr"`
	Recording          bool              `json:"live_recording_activated"`
	Priority           *int64            `json:"priority"`
	Messages           map[string]string `json:"messages"`
	Users              []seenUser        `json:"users"`
}

type seenTeam struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	CreatedAt time.Time  `json:"created_at"`
	Users     []seenUser `json:"users"`
}

type seenTag struct {
	ID          int64   `json:"id"`
	Name        string  `json:"name"`
	Color       string  `json:"color"`
	Description *string `json:"description"`
}

type seenContact struct {
	ID          int64        `json:"id"`
	CreatedAt   int64        `json:"created_at"`
	UpdatedAt   int64        `json:"updated_at"`
	FirstName   *string      `json:"first_name"`
	LastName    *string      `json:"last_name"`
	Information *string      `json:"information"`
	CompanyName *string      `json:"company_name"`
	Phones      []seenDetail `json:"phone_numbers"`
	Emails      []seenDetail `json:"emails"`
}

type seenDetail struct {
	ID    int64  `json:"id"`
	Label string `json:"label"`
	Value string `json:"value"`
}

type seenCall struct {
	ID            int64        `json:"id"`
	SID           string       `json:"sid"`
	Direction     string       `json:"direction"`
	Status        string       `json:"status"`
	Reason        *string      `json:"missed_call_reason"`
	StartedAt     int64        `json:"started_at"`
	AnsweredAt    *int64       `json:"answered_at"`
	EndedAt       *int64       `json:"ended_at"`
	Duration      int64        `json:"duration"`
	Voicemail     *string      `json:"voicemail"`
	Recording     *string      `json:"recording"`
	RawDigits     string       `json:"raw_digits"`
	User          *seenUser    `json:"user"`
	Contact       *seenContact `json:"contact"`
	Archived      bool         `json:"archived"`
	AssignedTo    *seenUser    `json:"assigned_to"`
	TransferredBy *seenUser    `json:"transferred_by"`
	TransferredTo *seenUser    `json:"transferred_to"`
	Cost          string       `json:"cost"`
	PricingType   string       `json:"pricing_type"`
	Number        *seenNumber  `json:"number"`
	Comments      []struct {
		ID       int64     `json:"id"`
		Content  string    `json:"content"`
		PostedAt int64     `json:"posted_at"`
		PostedBy *seenUser `json:"posted_by"`
	} `json:"comments"`
	Tags []struct {
		ID        int64    `json:"id"`
		Name      string   `json:"name"`
		CreatedAt int64    `json:"created_at"`
		TaggedBy  seenUser `json:"tagged_by"`
	} `json:"tags"`
	Teams []seenTeam `json:"teams"`

	zone *time.Location // of the line
}

func (c *seenCall) inbound() bool { return c.Direction == "inbound" }

// missed reports whether nobody took an inbound call that no longer rings.
func (c *seenCall) missed() bool { return c.inbound() && c.AnsweredAt == nil && c.Status == "done" }

// local returns when the call started, in the time zone of the line.
func (c *seenCall) local() time.Time { return time.Unix(c.StartedAt, 0).In(c.zone) }

// end returns when the call ended, or a time after everything for a call under way.
func (c *seenCall) end() int64 {
	if c.EndedAt == nil {
		return 1 << 62
	}
	return *c.EndedAt
}

// unlimited returns a server without a rate limit, which would only slow the reading of lists.
func unlimited(t testing.TB, o Options) *Server {
	t.Helper()
	o.RateLimit = NoRateLimit
	s, err := New(checked(t, o))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func getAs(t testing.TB, s *Server, a Account, path string) (status int, body string) {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.Header.Set("Authorization", "Bearer "+a.Bearer)
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, req)
	return rec.Code, rec.Body.String()
}

// A seenPage is a page of any list.
type seenPage struct {
	Users    []seenUser    `json:"users"`
	Number   seenNumber    `json:"number"` // of one line alone
	Numbers  []seenNumber  `json:"numbers"`
	Teams    []seenTeam    `json:"teams"`
	Tags     []seenTag     `json:"tags"`
	Contacts []seenContact `json:"contacts"`
	Calls    []seenCall    `json:"calls"`
	Meta     struct {
		Count int `json:"count"`
		Total int `json:"total"`
	} `json:"meta"`
}

func pageOf(t testing.TB, s *Server, a Account, path string) seenPage {
	t.Helper()
	status, body := getAs(t, s, a, path)
	var p seenPage
	if err := json.Unmarshal([]byte(body), &p); err != nil || status != 200 {
		t.Fatalf("GET %s: %d %.200s: %v", path, status, body, err)
	}
	return p
}

// hold reads all lists of an account.
func hold(t testing.TB, s *Server, a Account) *holding {
	t.Helper()
	h := &holding{account: a, start: s.Now(), doing: make(map[int64]string)}
	h.users = whole(t, s, a, "/v2/users?", func(p seenPage) []seenUser { return p.Users })
	h.numbers = whole(t, s, a, "/v1/numbers?", func(p seenPage) []seenNumber { return p.Numbers })
	for i, n := range h.numbers { // a list has no users
		h.numbers[i] = pageOf(t, s, a, fmt.Sprintf("/v1/numbers/%d", n.ID)).Number
	}
	h.teams = whole(t, s, a, "/v1/teams?", func(p seenPage) []seenTeam { return p.Teams })
	h.tags = whole(t, s, a, "/v1/tags?", func(p seenPage) []seenTag { return p.Tags })
	h.contacts = whole(t, s, a, "/v1/contacts?", func(p seenPage) []seenContact { return p.Contacts })
	h.calls = whole(t, s, a, "/v1/calls?fetch_contact=true&", func(p seenPage) []seenCall { return p.Calls })
	for _, u := range whole(t, s, a, "/v1/users/availabilities?", func(p seenPage) []seenUser { return p.Users }) {
		h.doing[u.ID] = u.Availability
	}
	zones := make(map[string]*time.Location)
	for _, n := range h.numbers {
		z, err := time.LoadLocation(n.TimeZone)
		if err != nil {
			t.Fatal(err)
		}
		zones[n.TimeZone] = z
	}
	for i := range h.calls {
		k := &h.calls[i]
		if k.Number == nil {
			t.Fatalf("call %d has no line", k.ID)
		}
		k.zone = zones[k.Number.TimeZone]
	}
	return h
}

// whole returns a whole list in ascending order. It reads the end of a list that is longer than resultCap in descending
// order.
func whole[T any](t testing.TB, s *Server, a Account, path string, items func(seenPage) []T) []T {
	t.Helper()
	var all, rest []T
	total := 1
	for page := 1; len(all) < total && page <= resultCap/maxPerPage; page++ {
		p := pageOf(t, s, a, fmt.Sprintf("%sper_page=50&page=%d", path, page))
		total, all = p.Meta.Total, append(all, items(p)...)
	}
	for page := 1; len(all)+len(rest) < total; page++ {
		p := pageOf(t, s, a, fmt.Sprintf("%sorder=desc&per_page=50&page=%d", path, page))
		rest = append(rest, items(p)...)
	}
	rest = rest[:total-len(all)]
	slices.Reverse(rest)
	return append(all, rest...)
}
