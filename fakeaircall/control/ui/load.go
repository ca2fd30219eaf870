package ui

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A call is a call as the page shows it.
type call struct{ fakeaircall.Call }

// Took returns how long an ended call was.
func (c call) Took() time.Duration {
	if c.EndedAt == nil {
		return 0
	}
	return c.EndedAt.Sub(c.StartedAt)
}

// Can reports whether an action is possible in the call.
func (c call) Can(do string) bool { return slices.Contains(c.Actions, fakeaircall.ActionKind(do)) }

// Who returns the name of the other party, or its number.
func (c call) Who() string {
	if c.Contact != nil && c.Contact.Name != "" {
		return c.Contact.Name
	}
	return c.Party
}

type callsView struct {
	Live, Recent []call
	Total        int // live
	Users        []fakeaircall.User
	Numbers      []fakeaircall.Number
	Summary      string
}

const (
	liveShown   = 100
	recentShown = 15
	offered     = 200 // in a list to choose from
	rows        = 50
)

func loadCalls(a asked) (any, error) {
	var live, recent struct {
		Calls []call
		Total int
	}
	var v callsView
	if err := a.get("calls", a.ofAccount("live", "true", "limit", text(liveShown)), &live); err != nil {
		return nil, err
	}
	if err := a.get("calls", a.ofAccount("live", "false", "limit", text(recentShown)), &recent); err != nil {
		return nil, err
	}
	v.Live, v.Recent = live.Calls, recent.Calls
	count := map[string]int{}
	for _, c := range v.Live {
		count[c.State]++
	}
	v.Summary = summary(live.Total, count)
	err := a.get("users", a.ofAccount("limit", text(offered)), &v)
	if err == nil {
		err = a.get("numbers", a.ofAccount("limit", text(offered)), &v)
	}
	v.Total = live.Total
	return v, err
}

// summary is the text that a screen reader reads when calls change.
func summary(total int, count map[string]int) string {
	if total == 0 {
		return "There are no live calls."
	}
	s := fmt.Sprintf("%d live", total)
	between := ": "
	for _, state := range []string{"ringing", "voicemail", "answered", "on_hold", "transferring", "outside"} {
		if n := count[state]; n > 0 {
			s += fmt.Sprintf("%s%d %s", between, n, readable(state))
			between = ", "
		}
	}
	return s + "."
}

// A listView is a page of a list of records, which is in the field of its name.
type listView struct {
	Page, Total int
	Contacts    []fakeaircall.Contact
	Users       []fakeaircall.User
	Numbers     []fakeaircall.Number
	Tags        []fakeaircall.Tag
	Webhooks    []fakeaircall.Webhook
}

func (l listView) First() int { return min((l.Page-1)*rows+1, l.Total) }
func (l listView) Last() int  { return min(l.Page*rows, l.Total) }

// Before and After return the numbers of the previous and the next page, 0 for none.
func (l listView) Before() int { return l.Page - 1 }
func (l listView) After() int {
	if l.Last() < l.Total {
		return l.Page + 1
	}
	return 0
}

// Reasons returns the reasons for which a user can be unavailable.
func (l listView) Reasons() []string {
	return []string{"out_for_lunch", "on_a_break", "in_training", "doing_back_office", "other"}
}

// loadList loads the page of a list that the query asks for.
func loadList(a asked) (any, error) { return a.list() }

func (a asked) list() (v listView, err error) {
	page := cmp.Or(a.query.Get("page"), "1")
	if err := a.get(a.view, a.ofAccount("text", a.query.Get("text"), "page", page, "limit", text(rows)), &v); err != nil {
		return v, err
	}
	v.Page, err = strconv.Atoi(page)
	return v, err
}

type delivery struct {
	ID             int64
	Event, Webhook string
	Line           int64
	URL, State     string
	Time           time.Time
	Attempts       []struct {
		Time       time.Time
		DurationMS float64 `json:"duration_ms"`
		Status     int
		Error      string
	}
	Body json.RawMessage
}

// Came returns the result of the last attempt.
func (d delivery) Came() string {
	if len(d.Attempts) == 0 {
		return "not sent yet"
	}
	last := d.Attempts[len(d.Attempts)-1]
	switch {
	case last.Error != "" && last.Status != 0:
		return fmt.Sprintf("%d, %s", last.Status, last.Error)
	case last.Error != "":
		return last.Error
	}
	return fmt.Sprintf("%d in %.0f ms", last.Status, last.DurationMS)
}

type webhooksView struct {
	listView
	Deliveries []delivery // newest first
	Totals     fakeaircall.DeliveryTotals
	All        int
}

func loadWebhooks(a asked) (any, error) {
	hooks, err := a.list()
	if err != nil {
		return nil, err
	}
	v := webhooksView{listView: hooks}
	err = a.get("deliveries", a.ofAccount("webhook", a.query.Get("webhook"), "state", a.query.Get("state"), "event", a.query.Get("event")), &v)
	v.All = len(v.Deliveries)
	slices.Reverse(v.Deliveries)
	v.Deliveries = v.Deliveries[:min(v.All, rows)]
	return v, err
}

type event struct {
	Seq  uint64
	Time time.Time
	Name string
	Data json.RawMessage
}

// Shown returns the payload, indented.
func (e event) Shown() string { return indented(string(e.Data)) }

// Record returns the id of the record that the event is about, or "".
func (e event) Record() string {
	var record struct{ ID json.RawMessage }
	_ = json.Unmarshal(e.Data, &record) // some have no id
	return strings.Trim(string(record.ID), `"`)
}

type eventsView struct {
	Events []event // newest first
	Older  uint64  // the number before which there are more; 0: there are none
}

func loadEvents(a asked) (any, error) {
	var v eventsView
	q := a.ofAccount("name", a.query.Get("name"), "before", a.query.Get("before"), "newest", text(rows+1))
	if err := a.get("events", q, &v); err != nil {
		return nil, err
	}
	if len(v.Events) > rows {
		v.Events = v.Events[1:]
		v.Older = v.Events[0].Seq
	}
	slices.Reverse(v.Events)
	return v, nil
}

type fault struct {
	ID, Op, Account, Method, Path string
	Times                         int
	Probability                   float64
	Status                        int
	Body                          string
	RetryAfter                    string `json:"retry_after"`
	Late                          bool
	Delay                         string
	Reset, Truncate, Malformed    bool
	ContentType                   string `json:"content_type"`
	Headers                       map[string]string
	Slow                          int
	Stale                         string
	SearchLag                     string `json:"search_lag"`
	Hits                          int
	Ended                         bool
}

type faultsView struct{ Faults []fault }

func loadFaults(a asked) (any, error) {
	v := new(faultsView)
	return v, a.get("faults", nil, v)
}

type clockView struct{ Steps []string }

func loadClock(asked) (any, error) {
	return clockView{[]string{"10s", "1m", "10m", "1h", "24h"}}, nil
}

type snapshotsView struct {
	Snapshots []fakeaircall.SavedSnapshot
	Diff      *diff // between the selected snapshot and the present state
}

type diff struct {
	From        string
	Differences []struct {
		Account, Path string
		From, To      json.RawMessage
		Fields        []string
	}
	Total int
}

func loadSnapshots(a asked) (any, error) {
	var v snapshotsView
	err := a.get("snapshots", nil, &v)
	if of := a.query.Get("diff"); err == nil && of != "" {
		v.Diff = new(diff)
		if err = a.get("snapshots/"+url.PathEscape(of)+"/diff", url.Values{"all": {text(a.query.Get("all") != "")}}, v.Diff); err == nil {
			v.Diff.Differences = v.Diff.Differences[:min(len(v.Diff.Differences), rows)]
		}
	}
	return v, err
}

type request struct {
	Seq               uint64
	Time              time.Time
	Op, Method, Path  string
	Query             string
	Status            int
	Account           string
	DurationMS        float64  `json:"duration_ms"`
	UnknownRoute      bool     `json:"unknown_route"`
	UnknownParameters []string `json:"unknown_parameters"`
	Explanation       string
	Faults            []string
	Request, Reply    side
	Curl              string
}

type side struct {
	Headers map[string][]string
	Body    string
	Size    int
}

// Shown returns the body, indented if it is JSON.
func (s side) Shown() string { return indented(s.Body) }

func indented(s string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(s), "", "  ") == nil {
		return b.String()
	}
	return s
}

// Cut returns how many bytes of the body the request log does not have.
func (s side) Cut() int { return max(0, s.Size-len(s.Body)) }

type requestsView struct {
	Requests []request // newest first
	Older    uint64    // the number before which there are more; 0: there are none
	Newer    bool      // there are newer ones
	Statuses []int
	Filtered bool
}

const requestRows = 100

var filters = []string{"op", "status", "unknown", "text", "only"}

func loadRequests(a asked) (any, error) {
	var v requestsView
	q := a.ofLog(a.query.Get("only") != "", "op", a.query.Get("op"), "status", a.query.Get("status"), "unknown", a.query.Get("unknown"), "text", a.query.Get("text"),
		"before", a.query.Get("before"), "newest", text(requestRows+1))
	if err := a.get("requests", q, &v); err != nil {
		return nil, err
	}
	if len(v.Requests) > requestRows {
		v.Requests = v.Requests[1:]
		v.Older = v.Requests[0].Seq
	}
	slices.Reverse(v.Requests)
	v.Newer = a.query.Get("before") != ""
	v.Filtered = slices.ContainsFunc(filters, func(name string) bool { return a.query.Get(name) != "" })
	v.Statuses = []int{200, 201, 204, 400, 401, 403, 404, 405, 422, 429, 500, 503}
	return v, nil
}

// ofLog returns a query for the requests of the account, or for all requests of its log, also those without an account. An
// added account has its own log.
func (a asked) ofLog(only bool, pairs ...string) url.Values {
	q := a.ofAccount(pairs...)
	if !only && !a.added {
		q.Del("account")
	}
	return q
}

func loadRequest(a asked) (any, error) {
	seq, err := strconv.ParseUint(a.query.Get("seq"), 10, 64)
	if err != nil || seq == 0 {
		return nil, &refusal{400, "seq: that is not the number of a request", a.query.Get("seq"), "choose one from the list"}
	}
	var got struct{ Requests []request }
	q := a.ofLog(false, "since", text(seq-1), "newest", "1", "before", text(seq+1), "detail", "true")
	if err := a.get("requests", q, &got); err != nil {
		return nil, err
	}
	if len(got.Requests) == 0 {
		return nil, &refusal{404, "the request log no longer has this request", "request " + text(seq), "choose one from the list"}
	}
	return got.Requests[0], nil
}
