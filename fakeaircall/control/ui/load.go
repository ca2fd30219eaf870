package ui

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A call is a call as the page shows it.
type call struct{ fakeaircall.Call }

// Took is how long a call that is over was.
func (c call) Took() time.Duration {
	if c.EndedAt == nil {
		return 0
	}
	return c.EndedAt.Sub(c.StartedAt)
}

// Can says that something can be done in the call.
func (c call) Can(do string) bool { return slices.Contains(c.Actions, fakeaircall.ActionKind(do)) }

// Who is the other party as people know it.
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
	v.Live, v.Total, v.Recent = live.Calls, live.Total, recent.Calls
	count := map[string]int{}
	for _, c := range v.Live {
		count[c.State]++
	}
	v.Summary = summary(v.Total, count)
	var err error
	if v.Users, err = a.users(); err == nil {
		v.Numbers, err = a.numbers()
	}
	return v, err
}

// summary is what is heard when calls change.
func summary(total int, count map[string]int) string {
	if total == 0 {
		return "No call is live."
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

func (a asked) users() ([]fakeaircall.User, error) {
	var got struct{ Users []fakeaircall.User }
	err := a.get("users", a.ofAccount("limit", text(offered)), &got)
	return got.Users, err
}

func (a asked) numbers() ([]fakeaircall.Number, error) {
	var got struct{ Numbers []fakeaircall.Number }
	err := a.get("numbers", a.ofAccount("limit", text(offered)), &got)
	return got.Numbers, err
}

// A listed is a page of a list, with what leads to the others.
type listed struct {
	Page, Total int
}

func (l listed) First() int { return min((l.Page-1)*rows+1, l.Total) }
func (l listed) Last() int  { return min(l.Page*rows, l.Total) }

// Before and After are the numbers of the pages beside this one, 0 for none.
func (l listed) Before() int { return l.Page - 1 }
func (l listed) After() int {
	if l.Last() < l.Total {
		return l.Page + 1
	}
	return 0
}

func (l *listed) at(page int) { l.Page = page }

// list loads the page of a list that the query asks for, into a view of that list.
func list[V any, P interface {
	*V
	at(page int)
}](path string) func(asked) (any, error) {
	return func(a asked) (any, error) {
		page, v := cmp.Or(a.query.Get("page"), "1"), new(V)
		if err := a.get(path, a.ofAccount("text", a.query.Get("text"), "page", page, "limit", text(rows)), v); err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(page)
		P(v).at(n)
		return v, err
	}
}

type contactsView struct {
	listed
	Contacts []fakeaircall.Contact
}

type usersView struct {
	listed
	Users []fakeaircall.User
}

type numbersView struct {
	listed
	Numbers []fakeaircall.Number
}

type tagsView struct {
	listed
	Tags []fakeaircall.Tag
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

// Came is what came of the last attempt.
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
	listed
	Webhooks   []fakeaircall.Webhook
	Deliveries []delivery // the newest first
	Totals     fakeaircall.DeliveryTotals
	All        int
}

func loadWebhooks(a asked) (any, error) {
	hooks, err := list[webhooksView]("webhooks")(a)
	if err != nil {
		return nil, err
	}
	v := hooks.(*webhooksView)
	err = a.get("deliveries", a.ofAccount("webhook", a.query.Get("webhook"), "state", a.query.Get("state"), "event", a.query.Get("event")), v)
	v.All = len(v.Deliveries)
	newest := make([]delivery, 0, rows)
	for i := v.All - 1; i >= 0 && len(newest) < rows; i-- {
		newest = append(newest, v.Deliveries[i])
	}
	v.Deliveries = newest
	return v, err
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

// For says which requests the rule means.
func (f fault) For() []string {
	return said(f.Op, "operation "+f.Op, f.Method, "method "+f.Method, f.Path, "path "+f.Path, f.Account, "account "+f.Account)
}

// Does says what comes of them.
func (f fault) Does() []string {
	flag := func(on bool) string {
		if on {
			return "x"
		}
		return ""
	}
	some := func(d string) string {
		if d == "0s" {
			return ""
		}
		return d
	}
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return text(n)
	}
	return said(
		number(f.Status), "answers "+text(f.Status), some(f.RetryAfter), "retry after "+f.RetryAfter, some(f.Delay), "waits "+f.Delay,
		flag(f.Reset), "cuts the connection", flag(f.Late), "does it all the same", flag(f.Truncate), "sends half of the body", flag(f.Malformed), "sends broken JSON",
		f.ContentType, "says it is "+f.ContentType, number(len(f.Headers)), text(len(f.Headers))+" more headers", number(f.Slow), text(f.Slow)+" bytes a second",
		some(f.Stale), "reads are stale for "+f.Stale, some(f.SearchLag), "searches lag by "+f.SearchLag,
	)
}

// said has each second of the pairs whose first is not empty.
func said(pairs ...string) (list []string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] != "" {
			list = append(list, pairs[i+1])
		}
	}
	return list
}

type faultsView struct {
	Faults []fault
	Ops    []string
}

func loadFaults(a asked) (any, error) {
	var v faultsView
	if err := a.get("faults", nil, &v); err != nil {
		return nil, err
	}
	var err error
	v.Ops, err = a.ops()
	return v, err
}

type clockView struct{ Steps []string }

func loadClock(asked) (any, error) {
	return clockView{[]string{"10s", "1m", "10m", "1h", "24h"}}, nil
}

type snapshotsView struct {
	Snapshots []fakeaircall.SavedSnapshot
	Diff      *diff // of the snapshot that is asked for, and now
}

type diff struct {
	From        string
	Differences []struct {
		Account, Path string
		From, To      json.RawMessage
	}
	Total int
}

func loadSnapshots(a asked) (any, error) {
	var v snapshotsView
	err := a.get("snapshots", nil, &v)
	if of := a.query.Get("diff"); err == nil && of != "" {
		v.Diff = new(diff)
		if err = a.get("snapshots/"+url.PathEscape(of)+"/diff", nil, v.Diff); err == nil {
			v.Diff.Differences = v.Diff.Differences[:min(len(v.Diff.Differences), rows)]
		}
	}
	return v, err
}
