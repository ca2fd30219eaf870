package fakeaircall

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A controlRoute is a path of the control API with its types, by examples of them.
// Document and page are made of the table of all.
type controlRoute struct {
	op, method, path string
	about            string
	params           []controlParam
	takes            any // nil: no body; json.RawMessage: any, up to maxSnapshot
	status           int
	gives            any
	handle           func(s *Server, req *http.Request, in any) (any, error)
}

// A controlParam is a parameter of a query.
type controlParam struct{ name, about, example string }

func (r controlRoute) asks(name string) bool { return slices.Contains(r.names(), name) }

func (r controlRoute) names() (names []string) {
	for _, p := range r.params {
		names = append(names, p.name)
	}
	return names
}

// with is a route's function whose body has a type.
func with[T any](f func(*Server, *http.Request, T) (any, error)) func(*Server, *http.Request, any) (any, error) {
	return func(s *Server, req *http.Request, in any) (any, error) { return f(s, req, in.(T)) }
}

var (
	ofAccount = controlParam{"account", "The account; the first without it.", "default"}
	anyOf     = controlParam{"account", "Only those of this account.", "sales"}
	sinceSeq  = controlParam{"since", "Only those after the one with this number.", "17"}
)

// controlRoutes is the whole control API.
func controlRoutes() []controlRoute {
	return slices.Concat(driveRoutes(), snapshotRoutes(), sandboxRoutes(), lookRoutes(), describeRoutes())
}

func driveRoutes() []controlRoute {
	return []controlRoute{
		{
			op: "health", method: "GET", path: "/_fake/health", about: "Says that the fake is there, and what time it is for it.",
			status: 200, gives: healthView{"ok", exampleTime, defaultRateLimit, "http://127.0.0.1:8787", false},
			handle: func(s *Server, _ *http.Request, _ any) (any, error) {
				return healthView{"ok", s.Now(), max(s.rateLimit, 0), cmp.Or(s.sandboxOf, s).URL(), s.sandboxOf != nil}, nil
			},
		},
		{
			op: "list-accounts", method: "GET", path: "/_fake/accounts", about: "The companies. Credentials are shown of those that have the usual ones.",
			status: 200, gives: accountsView{[]accountView{viewAccount(StandardAccounts()[0])}},
			handle: listAccounts,
		},
		{
			op: "add-account", method: "POST", path: "/_fake/accounts",
			about: "Adds a company with data, rate limit, faults, journal and clock of its own, for a test that shares the fake with others. Its credentials are fake-NAME-id, fake-NAME-token and fake-NAME-bearer.",
			takes: accountInput{Name: "my-test", Scale: string(ScaleSmall)}, status: 201, gives: oneAccount{viewAccount(usualAccount("my-test"))},
			handle: with(func(s *Server, _ *http.Request, in accountInput) (any, error) {
				a, err := s.AddAccount(AccountOptions{Name: in.Name, Scale: Scale(in.Scale), Seed: in.Seed})
				return oneAccount{viewAccount(a.Account)}, err
			}),
		},
		{
			op: "remove-account", method: "DELETE", path: "/_fake/accounts/{name}", about: "Removes a company that was added.",
			status: 200, gives: removedView{1},
			handle: func(s *Server, req *http.Request, _ any) (any, error) {
				return removedView{1}, s.RemoveAccount(req.PathValue("name"))
			},
		},
		{
			op: "read-clock", method: "GET", path: "/_fake/clock", about: "The time of the fake, or of an account that has a clock of its own, and how fast it goes.",
			params: []controlParam{{"account", "The account; the fake's own clock without it.", "my-test"}},
			status: 200, gives: clockView{exampleTime, 1}, handle: readClock,
		},
		{
			op: "move-clock", method: "POST", path: "/_fake/clock",
			about: "Moves the clock on by advance, or to set, and lets all that is due by then happen before it answers. speed lets the clock run, so many seconds in one; 0 makes it stand. There is no way back but reset. An account that was added has a clock of its own.",
			takes: clockInput{Advance: new(span(time.Minute))}, status: 200, gives: clockView{exampleTime, 0},
			handle: with(moveClock),
		},
		{
			op: "simulate-call", method: "POST", path: "/_fake/calls",
			about:  "Lets a call happen. Without an outcome it rings until something is done in it, or until the line gives up. A line, people and a contact that are not named are chosen.",
			takes:  callInput{Account: "default", Direction: "inbound", From: "+33199000042", Outcome: "answered", Ring: span(6 * time.Second), Talk: span(time.Minute)},
			status: 201, gives: callMade{madeID{exampleCall}},
			handle: with(simulateCall),
		},
		{
			op: "act-in-call", method: "POST", path: "/_fake/calls/{id}/actions",
			about: "Lets something happen in a call that lives, or after it: " + strings.Join(Actions(), ", ") + ".",
			takes: actInput{Account: "default", actionInput: actionInput{Do: "hangup"}}, status: 200, gives: callMade{madeID{exampleCall}},
			handle: with(actInCall),
		},
		{
			op: "simulate-message", method: "POST", path: "/_fake/messages",
			about:  "Lets a message come in. A line and a contact that are not named are chosen; the line's mode decides who is told.",
			takes:  messageInput{Account: "default", From: "+33199000042", Body: "Please call back"},
			status: 201, gives: messageMade{messageIDView{"1772452800000ap61ebpjqnrakkyl"}},
			handle: with(simulateMessage),
		},
		{
			op: "set-presence", method: "POST", path: "/_fake/users/{id}/presence",
			about: "Lets a user come or go: " + strings.Join(Moods(), ", ") + ".",
			takes: presenceInput{Account: "default", Do: "close", Reason: "on_a_break"}, status: 200, gives: presenceView{madeID{exampleUser}},
			handle: with(setPresence),
		},
		{
			op: "set-traffic", method: "POST", path: "/_fake/traffic", about: "Keeps calls coming by themselves, believably spread over the day; 0 ends it.",
			takes: trafficInput{"default", 400}, status: 200, gives: trafficInput{"default", 400},
			handle: with(func(s *Server, _ *http.Request, in trafficInput) (any, error) {
				return in, s.SetTraffic(in.Account, Traffic{CallsPerDay: in.CallsPerDay})
			}),
		},
		{
			op: "add-fault", method: "POST", path: "/_fake/faults", about: "Makes a rule by which Aircall is slow, throttled, broken or stale.",
			takes:  faultInput{Op: createContactOp, Account: "default", Times: 2, Status: 503, Delay: span(200 * time.Millisecond)},
			status: 201, gives: oneFault{exampleFault}, handle: with(addFault),
		},
		{
			op: "list-faults", method: "GET", path: "/_fake/faults", about: "The rules, oldest first, with how often they applied. One that has ended stays until it is removed.",
			status: 200, gives: faultsView{[]faultView{exampleFault}},
			handle: func(s *Server, _ *http.Request, _ any) (any, error) { return viewFaults(s.Faults()), nil },
		},
		{
			op: "clear-faults", method: "DELETE", path: "/_fake/faults", about: "Removes all rules.",
			status: 200, gives: removedView{2},
			handle: func(s *Server, _ *http.Request, _ any) (any, error) { return removedView{s.ClearFaults()}, nil },
		},
		{
			op: "remove-fault", method: "DELETE", path: "/_fake/faults/{id}", about: "Removes one rule.",
			status: 200, gives: removedView{1}, handle: removeFault,
		},
		{
			op: "list-requests", method: "GET", path: "/_fake/requests",
			about: "The requests of the API that are kept, oldest first, without secrets. wait holds the reply back until there is one, or the time is up.",
			params: []controlParam{
				{"op", "Only this operation.", createContactOp}, anyOf, {"method", "Only this method.", "POST"}, {"path", "Only this path.", "/v1/contacts"},
				{"status", "Only this status.", "201"}, {"unknown", "true: only unknown routes and requests with unknown parameters.", "true"}, {"text", "Only what has this in its path, query or bodies.", "Ann"}, sinceSeq,
				{"before", "Only those before the one with this number.", "117"}, {"newest", "Only so many, the newest.", "50"},
				{"wait", "How long to wait for one, 1m at most.", "2s"}, {"detail", "true: with headers and bodies.", "true"},
			},
			status: 200, gives: requestsView{[]requestView{exampleRequest}}, handle: listRequests,
		},
		{
			op: "list-events", method: "GET", path: "/_fake/events", about: "The newest events of an account, whether or not a webhook asks for them, oldest first.",
			params: []controlParam{ofAccount, {"name", "Only this event.", "call.created"}, sinceSeq},
			status: 200, gives: eventsView{[]eventView{{7, exampleTime, "tag.created", []byte(`{"id":7}`)}}}, handle: listEvents,
		},
		{
			op: "list-deliveries", method: "GET", path: "/_fake/deliveries",
			about:  "What was and is to be delivered to webhooks, and to callbacks of lines: what waits, and the newest that is over, newest last.",
			params: []controlParam{anyOf, {"event", "Only this event.", "call.ended"}, {"webhook", "Only this webhook, by its id in the API.", "f1c8f4b4"}, {"state", "Only these: pending, retrying, delivered, failed or dropped.", "failed"}},
			status: 200, gives: deliveriesView{[]deliveryView{exampleDelivery}, totalsView{Delivered: 1}}, handle: listDeliveries,
		},
		{
			op: "redeliver", method: "POST", path: "/_fake/deliveries/{id}/redeliver", about: "Sends what a delivery carried once more, as a delivery of its own.",
			status: 201, gives: deliveryMade{madeID{42}}, handle: redeliver,
		},
		{
			op: "reset", method: "POST", path: "/_fake/reset", about: "Brings everything back to how it was at the start: data, tokens, clock; no faults, no traffic, an empty journal.",
			status: 200, gives: clockView{exampleTime, 1},
			handle: func(s *Server, _ *http.Request, _ any) (any, error) { s.Reset(); return viewClock(s), nil },
		},
	}
}

func describeRoutes() []controlRoute {
	return []controlRoute{
		{
			op: "describe-aircall", method: "GET", path: "/_fake/openapi.json", about: "Aircall's API as an OpenAPI document, with the evidence of each operation.",
			status: 200, gives: nil,
			handle: func(*Server, *http.Request, any) (any, error) { return json.RawMessage(OpenAPI()), nil },
		},
		{
			op: "describe-control", method: "GET", path: "/_fake/control.json", about: "This API as an OpenAPI document.",
			status: 200, gives: nil,
			handle: func(*Server, *http.Request, any) (any, error) { return controlDocument(), nil },
		},
	}
}

const (
	exampleCall = 3_000_000_001
	exampleUser = 2_100_001
)

var exampleTime = time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)

func listAccounts(s *Server, _ *http.Request, _ any) (any, error) {
	view := accountsView{[]accountView{}}
	for _, a := range s.Accounts() {
		view.Accounts = append(view.Accounts, viewAccount(a))
	}
	return view, nil
}

func viewClock(s *Server) clockView { return clockView{s.Now(), s.Speed()} }

func readClock(s *Server, req *http.Request, _ any) (any, error) {
	c, err := s.company(req.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	return clockView{c.clock.now(), c.clock.rate()}, nil
}

func moveClock(s *Server, req *http.Request, in clockInput) (any, error) {
	if in.Advance == nil && in.Set == nil && in.Speed == nil || in.Advance != nil && in.Set != nil {
		return nil, &controlError{400, "a clock needs one of advance, set and speed, and takes speed with either other", "", `send {"advance":"60s"}, {"set":"2026-06-15T09:00:00Z"} or {"speed":60}`}
	}
	if in.Advance != nil && *in.Advance < 0 {
		return nil, &controlError{400, "the clock does not go back", "advance: " + time.Duration(*in.Advance).String(), "give a duration from 0s"}
	}
	if in.Advance != nil && time.Duration(*in.Advance) > maxAdvance {
		return nil, &controlError{400, "the clock moves by a hundred years at most", "advance: " + time.Duration(*in.Advance).String(), "give less"}
	}
	c, err := s.company(in.Account)
	if err != nil {
		return nil, err
	}
	// The speed is looked at first, so that a refusal changes nothing.
	if in.Speed != nil && !(*in.Speed >= 0 && *in.Speed <= MaxSpeed) {
		return nil, checkSpeed(*in.Speed)
	}
	switch {
	case in.Set != nil:
		if err := s.setClock(c.clock, *in.Set); err != nil {
			return nil, err
		}
	case in.Advance != nil:
		s.advance(c.clock, time.Duration(*in.Advance)) // from the time it then is: others may move the clock, too
	}
	if in.Speed != nil {
		s.setSpeed(c.clock, *in.Speed)
	}
	return clockView{c.clock.now(), c.clock.rate()}, nil
}

func simulateCall(s *Server, _ *http.Request, in callInput) (any, error) {
	call := SimulatedCall{
		Direction: in.Direction, From: in.From, To: in.To, NumberID: in.NumberID, UserID: in.UserID,
		Outcome: in.Outcome, Reason: in.Reason, Ring: time.Duration(in.Ring), Talk: time.Duration(in.Talk), Keys: in.Keys,
	}
	for _, a := range in.Then {
		call.Then = append(call.Then, a.action())
	}
	id, err := s.Simulate(in.Account, call)
	return callMade{madeID{id}}, err
}

func actInCall(s *Server, req *http.Request, in actInput) (any, error) {
	id := number64(req.PathValue("id"))
	return callMade{madeID{id}}, s.Act(in.Account, id, in.action())
}

func simulateMessage(s *Server, _ *http.Request, in messageInput) (any, error) {
	id, err := s.SimulateMessage(in.Account, SimulatedMessage{
		From: in.From, NumberID: in.NumberID, Body: in.Body, Media: in.Media, WhatsApp: in.WhatsApp, Participants: in.Participants,
	})
	return messageMade{messageIDView{id}}, err
}

func setPresence(s *Server, req *http.Request, in presenceInput) (any, error) {
	id := number64(req.PathValue("id"))
	return presenceView{madeID{id}}, s.SetPresence(in.Account, id, in.Do, in.Reason)
}

func addFault(s *Server, _ *http.Request, in faultInput) (any, error) {
	f, err := s.AddFault(in.fault())
	return oneFault{viewFault(f)}, err
}

func removeFault(s *Server, req *http.Request, _ any) (any, error) {
	id := req.PathValue("id")
	if !s.RemoveFault(id) {
		return nil, &controlError{404, "there is no such rule", clip(id), "GET /_fake/faults lists them"}
	}
	return removedView{1}, nil
}

func listRequests(s *Server, req *http.Request, _ any) (any, error) {
	q := req.URL.Query()
	f := RequestFilter{Op: q.Get("op"), Account: q.Get("account"), Method: q.Get("method"), Path: q.Get("path"), Text: q.Get("text")}
	wait, err := waitOf(q.Get("wait"))
	if err != nil {
		return nil, err
	}
	detail := false
	for _, p := range []struct {
		name, want string
		read       func(string) error
	}{
		{"status", "a status such as 201", func(v string) (err error) { f.Status, err = strconv.Atoi(v); return err }},
		{"unknown", "true or false", func(v string) (err error) { f.Unknown, err = strconv.ParseBool(v); return err }},
		{"since", "a number", func(v string) (err error) { f.Since, err = strconv.ParseUint(v, 10, 64); return err }},
		{"before", "a number", func(v string) (err error) { f.Before, err = strconv.ParseUint(v, 10, 64); return err }},
		{"newest", "a number from 1", func(v string) (err error) {
			if f.Newest, err = strconv.Atoi(v); err == nil && f.Newest < 1 {
				err = strconv.ErrRange
			}
			return err
		}},
		{"detail", "true or false", func(v string) (err error) { detail, err = strconv.ParseBool(v); return err }},
	} {
		if v := q.Get(p.name); v != "" && p.read(v) != nil {
			return nil, &controlError{400, p.name + ": that is not " + p.want, p.name + "=" + clip(v), "give " + p.want}
		}
	}
	if wait > 0 {
		ctx, cancel := realTimeout(req.Context(), wait)
		defer cancel()
		if _, err := s.WaitForRequest(ctx, f); err != nil && ctx.Err() == nil {
			return nil, err // there is no journal
		}
	}
	view, base := requestsView{[]requestView{}}, ""
	if detail {
		base = s.base()
	}
	for _, r := range s.Requests(f) {
		view.Requests = append(view.Requests, viewRequest(r, base))
	}
	return view, nil
}

func listEvents(s *Server, req *http.Request, _ any) (any, error) {
	q := req.URL.Query()
	since, err := strconv.ParseUint(q.Get("since"), 10, 64)
	if v := q.Get("since"); v != "" && err != nil {
		return nil, &controlError{400, "since: that is not a number", "since=" + clip(v), "give the seq of an event"}
	}
	account := q.Get("account")
	if account == "" {
		account = s.Accounts()[0].Name
	}
	events, err := s.Events(account)
	if err != nil {
		return nil, &Refusal{http.StatusNotFound, fmt.Sprint(err)}
	}
	view := eventsView{[]eventView{}}
	for _, e := range events {
		if e.Seq > since && (q.Get("name") == "" || q.Get("name") == e.Name) {
			view.Events = append(view.Events, eventView{e.Seq, e.At, e.Name, e.Data})
		}
	}
	return view, nil
}

func listDeliveries(s *Server, req *http.Request, _ any) (any, error) {
	q := req.URL.Query()
	if state := q.Get("state"); state != "" && !slices.Contains(deliveryStates, DeliveryState(state)) {
		return nil, &controlError{400, "state: there is no such state", "state=" + clip(state), fmt.Sprintf("give one of %v", deliveryStates)}
	}
	list, err := s.Deliveries(q.Get("account"))
	if err != nil {
		return nil, &Refusal{http.StatusNotFound, err.Error()}
	}
	totals, err := s.DeliveryTotals(q.Get("account"))
	if err != nil {
		return nil, err
	}
	view := deliveriesView{[]deliveryView{}, totalsView(totals)}
	for _, d := range list {
		if (q.Get("event") == "" || q.Get("event") == d.Event) && (q.Get("webhook") == "" || q.Get("webhook") == d.Webhook) && (q.Get("state") == "" || q.Get("state") == string(d.State)) {
			view.Deliveries = append(view.Deliveries, viewDelivery(d))
		}
	}
	return view, nil
}

func redeliver(s *Server, req *http.Request, _ any) (any, error) {
	id, err := s.Redeliver(number64(req.PathValue("id")))
	if err != nil {
		return nil, &controlError{404, err.Error(), clip(req.PathValue("id")), "GET /_fake/deliveries lists them"}
	}
	return deliveryMade{madeID{id}}, nil
}
