package fakeaircall

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// lookRoutes show what is in the companies, for those who look at the fake and not at
// Aircall: without credentials, a rate limit or an entry in the journal.
func lookRoutes() []controlRoute {
	page := []controlParam{
		{"text", "Only those that have this in what is shown of them; upper and lower case are the same.", "ann"},
		{"page", "Which page, from 1.", "2"}, {"limit", "How many on a page, 50 without it, 500 at most.", "20"},
	}
	of := func(more ...controlParam) []controlParam {
		return append(append([]controlParam{ofAccount}, more...), page...)
	}
	return []controlRoute{
		{
			op: "list-calls", method: "GET", path: "/_fake/calls", about: "The calls of an account, newest first, with who is in them and what can be done in them now.",
			params: of(controlParam{"live", "true: only those that are not over; false: only those that are.", "true"}),
			status: 200, gives: callsLook{[]callLook{exampleCallLook}, 1}, handle: listCallLooks,
		},
		{
			op: "list-contacts", method: "GET", path: "/_fake/contacts", about: "The contacts of an account, newest first.",
			params: of(), status: 200, gives: contactsLook{[]contactLook{exampleContactLook}, 1},
			handle: looking(func(t *tx, q lookup) any {
				list, total := found(q, t.contacts.order, lookAtContact)
				return contactsLook{list, total}
			}),
		},
		{
			op: "list-users", method: "GET", path: "/_fake/users", about: "The users of an account, newest first, and whether they can be reached.",
			params: of(), status: 200, gives: usersLook{[]userLook{exampleUserLook}, 1},
			handle: looking(func(t *tx, q lookup) any {
				list, total := found(q, t.users.order, t.lookAtUser)
				return usersLook{list, total}
			}),
		},
		{
			op: "list-numbers", method: "GET", path: "/_fake/numbers", about: "The lines of an account, newest first, and whether they take calls now.",
			params: of(), status: 200, gives: numbersLook{[]numberLook{exampleNumberLook}, 1},
			handle: looking(func(t *tx, q lookup) any {
				list, total := found(q, t.numbers.order, t.lookAtNumber)
				return numbersLook{list, total}
			}),
		},
		{
			op: "list-tags", method: "GET", path: "/_fake/tags", about: "The tags of an account, newest first.",
			params: of(), status: 200, gives: tagsLook{[]tagLook{{7, "VIP", "#ff7d03", "", 3}}, 1},
			handle: looking(func(t *tx, q lookup) any {
				list, total := found(q, t.tags.order, t.lookAtTag)
				return tagsLook{list, total}
			}),
		},
		{
			op: "list-webhooks", method: "GET", path: "/_fake/webhooks", about: "The webhooks of an account, of all its apps, newest first, without secrets.",
			params: of(), status: 200, gives: webhooksLook{[]webhookLook{exampleWebhookLook}, 1},
			handle: looking(func(t *tx, q lookup) any {
				list, total := found(q, t.webhooks.order, t.lookAtWebhook)
				return webhooksLook{list, total}
			}),
		},
		{
			op: "list-limits", method: "GET", path: "/_fake/limits", about: "How far each account has used up its requests of the current minute of its clock.",
			params: []controlParam{anyOf}, status: 200, gives: limitsLook{[]limitLook{{"default", 120, 17, exampleTime.Add(time.Minute)}}},
			handle: lookAtLimits,
		},
		{
			op: "wait-for-change", method: "GET", path: "/_fake/changes",
			about:  "A number that differs when something has happened: a request, an event, a delivery, a fault, a move of the clock. With since it waits until it is another than that.",
			params: []controlParam{{"since", "The number that is known.", "41"}, {"wait", "How long to wait for another, 1m at most.", "20s"}},
			status: 200, gives: changesView{42}, handle: waitForChange,
		},
	}
}

// A lookup is which of a list are asked for.
type lookup struct {
	text        string // in lower case
	page, limit int
}

const (
	usualLook = 50
	mostLooks = 500
)

func lookupOf(req *http.Request) (lookup, error) {
	q := req.URL.Query()
	l := lookup{strings.ToLower(q.Get("text")), 1, usualLook}
	for _, p := range []struct {
		name string
		to   *int
		most int
	}{{"page", &l.page, 1_000_000}, {"limit", &l.limit, mostLooks}} {
		v := q.Get(p.name)
		if v == "" {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > p.most {
			want := "a number from 1 to " + strconv.Itoa(p.most)
			return l, &controlError{400, p.name + ": that is not " + want, p.name + "=" + clip(v), "give " + want}
		}
		*p.to = n
	}
	return l, nil
}

// looking is a route's function that shows a list of an account.
func looking(list func(*tx, lookup) any) func(*Server, *http.Request, any) (any, error) {
	return func(s *Server, req *http.Request, _ any) (any, error) {
		q, err := lookupOf(req)
		if err != nil {
			return nil, err
		}
		return s.look(req, func(t *tx) any { return list(t, q) })
	}
}

func (s *Server) look(req *http.Request, f func(*tx) any) (view any, err error) {
	c, err := s.company(req.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	err = s.do(c, func(t *tx) error {
		view = f(t)
		return nil
	})
	return view, err
}

// A looked is a view that can tell whether it has a text.
type looked interface{ says() []string }

// found is the page of a list that is asked for, newest first, and how many there are
// on all pages.
func found[E any, V looked](q lookup, order []E, view func(E) V) (list []V, total int) {
	list = []V{}
	first := (q.page - 1) * q.limit
	add := func(v V) {
		if total >= first && len(list) < q.limit {
			list = append(list, v)
		}
		total++
	}
	if q.text == "" { // the rest of a long list need not be made
		total = len(order)
		for i := total - 1 - first; i >= 0 && len(list) < q.limit; i-- {
			list = append(list, view(order[i]))
		}
		return list, total
	}
	for i := len(order) - 1; i >= 0; i-- {
		v := view(order[i])
		for _, s := range v.says() {
			if strings.Contains(strings.ToLower(s), q.text) {
				add(v)
				break
			}
		}
	}
	return list, total
}

func listCallLooks(s *Server, req *http.Request, _ any) (any, error) {
	q, err := lookupOf(req)
	if err != nil {
		return nil, err
	}
	live := req.URL.Query().Get("live")
	if live != "" && live != "true" && live != "false" {
		return nil, &controlError{400, "live: that is not true or false", "live=" + clip(live), "give true or false"}
	}
	return s.look(req, func(t *tx) any {
		order := t.calls.order
		switch live {
		case "true":
			order = t.calls.live
		case "false":
			order = t.calls.over(q)
		}
		list, total := found(q, order, t.lookAtCall)
		if live == "false" && q.text == "" {
			total = len(t.calls.order) - len(t.calls.live)
		}
		return callsLook{list, total}
	})
}

// over are the calls that are over: without a text as many of the newest as the page
// needs, since there may be a million.
func (s *calls) over(q lookup) inOrder[*call] {
	most := len(s.order)
	if q.text == "" {
		most = min(most, q.page*q.limit+len(s.live))
	}
	list := make(inOrder[*call], 0, most)
	for _, c := range s.order[len(s.order)-most:] {
		if c.Ended != 0 {
			list = append(list, c)
		}
	}
	return list
}

func lookAtLimits(s *Server, req *http.Request, _ any) (any, error) {
	all := s.companies()
	if name := req.URL.Query().Get("account"); name != "" {
		c, err := s.company(name)
		if err != nil {
			return nil, err
		}
		all = []*company{c}
	}
	view := limitsLook{[]limitLook{}}
	for _, c := range all {
		now := c.clock.now()
		l := limitLook{Account: c.account.Name, Limit: max(s.rateLimit, 0), Resets: now.Truncate(minute * time.Second).Add(minute * time.Second)}
		if c.seeded.Load() { // who was never asked has used nothing
			if err := s.do(c, func(t *tx) error {
				if t.window.Minute == now.Unix()/minute {
					l.Used = t.window.Used
				}
				return nil
			}); err != nil {
				return nil, err
			}
		}
		view.Limits = append(view.Limits, l)
	}
	return view, nil
}

func waitForChange(s *Server, req *http.Request, _ any) (any, error) {
	q := req.URL.Query()
	since, err := strconv.ParseUint(q.Get("since"), 10, 64)
	if v := q.Get("since"); v != "" && err != nil {
		return nil, &controlError{400, "since: that is not a number", "since=" + clip(v), "give a number of changes"}
	}
	wait, err := waitOf(q.Get("wait"))
	if err != nil {
		return nil, err
	}
	if wait == 0 || q.Get("since") == "" {
		return changesView{s.Changes()}, nil
	}
	ctx, cancel := realTimeout(req.Context(), wait)
	defer cancel()
	return changesView{s.WaitForChange(ctx, since)}, nil
}

// waitOf is how long a request waits at most; "": not at all.
func waitOf(v string) (time.Duration, error) {
	if v == "" {
		return 0, nil
	}
	wait, err := time.ParseDuration(v)
	if err != nil || wait < 0 || wait > time.Minute {
		const want = "a duration from 0s to 1m, such as 2s"
		return 0, &controlError{400, "wait: that is not " + want, "wait=" + clip(v), "give " + want}
	}
	return wait, nil
}
