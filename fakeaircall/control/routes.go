package control

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A route is a path of the control API with its types, by examples of them.
// Document and page are made of the table of all.
type route struct {
	op, method, path string
	about            string
	params           []param
	takes            any // nil: no body; json.RawMessage: any, up to maxSnapshot
	status           int
	gives            any
	handle           handleFunc
}

// A handleFunc answers a route: s is the server that answers requests now, in what the body
// says in the type of the example.
type handleFunc func(s *fakeaircall.Server, req *http.Request, in any) (any, error)

// A param is a parameter of a query.
type param struct{ name, about, example string }

func (r route) asks(name string) bool { return slices.Contains(r.names(), name) }

func (r route) names() (names []string) {
	for _, p := range r.params {
		names = append(names, p.name)
	}
	return names
}

// with is a route's function whose body has a type.
func with[T any](f func(*fakeaircall.Server, *http.Request, T) (any, error)) handleFunc {
	return func(s *fakeaircall.Server, req *http.Request, in any) (any, error) { return f(s, req, in.(T)) }
}

var (
	ofAccount = param{"account", "The account; the first without it.", "default"}
	anyOf     = param{"account", "Only those of this account.", "sales"}
	sinceSeq  = param{"since", "Only those after the one with this number.", "17"}
)

// routes is the whole control API.
func routes() []route {
	return slices.Concat(driveRoutes(), snapshotRoutes(), sandboxRoutes(), recordRoutes(), describeRoutes())
}

func driveRoutes() []route {
	return []route{
		{
			op: "health", method: "GET", path: "/_fake/health", about: "Says that the fake is there, and what time it is for it.",
			status: 200, gives: healthView{"ok", exampleTime, 120, "http://127.0.0.1:8787", false},
			handle: func(s *fakeaircall.Server, _ *http.Request, _ any) (any, error) {
				return healthView{"ok", s.Now(), s.RateLimit(), s.URL(), s.IsSandbox()}, nil
			},
		},
		{
			op: "list-accounts", method: "GET", path: "/_fake/accounts", about: "The companies. Credentials are shown of those that have the usual ones.",
			status: 200, gives: fields("accounts", []accountView{viewAccount(fakeaircall.StandardAccounts()[0])}),
			handle: listAccounts,
		},
		{
			op: "add-account", method: "POST", path: "/_fake/accounts",
			about: "Adds a company with data, rate limit, faults, journal and clock of its own, for a test that shares the fake with others. Its credentials are fake-NAME-id, fake-NAME-token and fake-NAME-bearer.",
			takes: accountInput{Name: "my-test", Scale: string(fakeaircall.ScaleSmall)}, status: 201, gives: fields("account", viewAccount(fakeaircall.StandardAccount("my-test"))),
			handle: with(func(s *fakeaircall.Server, _ *http.Request, in accountInput) (any, error) {
				a, err := s.AddAccount(fakeaircall.AccountOptions{Name: in.Name, Scale: fakeaircall.Scale(in.Scale), Seed: in.Seed})
				return fields("account", viewAccount(a.Account)), err
			}),
		},
		{
			op: "remove-account", method: "DELETE", path: "/_fake/accounts/{name}", about: "Removes a company that was added.",
			status: 200, gives: removedView{1},
			handle: func(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
				return removedView{1}, s.RemoveAccount(req.PathValue("name"))
			},
		},
		{
			op: "read-clock", method: "GET", path: "/_fake/clock", about: "The time of the fake, or of an account that has a clock of its own, and how fast it goes.",
			params: []param{{"account", "The account; the fake's own clock without it.", "my-test"}},
			status: 200, gives: fakeaircall.Clock{Now: exampleTime, Speed: 1}, handle: readClock,
		},
		{
			op: "move-clock", method: "POST", path: "/_fake/clock",
			about: "Moves the clock on by advance, or to set, and lets all that is due by then happen before it answers. speed lets the clock run, so many seconds in one; 0 makes it stand. There is no way back but reset. An account that was added has a clock of its own.",
			takes: clockInput{Advance: new(span(time.Minute))}, status: 200, gives: fakeaircall.Clock{Now: exampleTime},
			handle: with(moveClock),
		},
		{
			op: "simulate-call", method: "POST", path: "/_fake/calls",
			about:  "Lets a call happen. Without an outcome it rings until something is done in it, or until the line gives up. A line, people and a contact that are not named are chosen.",
			takes:  callInput{Account: "default", Direction: "inbound", From: "+33199000042", Outcome: "answered", Ring: span(6 * time.Second), Talk: span(time.Minute)},
			status: 201, gives: idOf[int64]("call", exampleCall),
			handle: with(simulateCall),
		},
		{
			op: "act-in-call", method: "POST", path: "/_fake/calls/{id}/actions",
			about: "Lets something happen in a call that lives, or after it: " + joined(fakeaircall.Actions()) + ".",
			takes: actInput{Account: "default", actionInput: actionInput{Do: "hangup"}}, status: 200, gives: idOf[int64]("call", exampleCall),
			handle: with(actInCall),
		},
		{
			op: "simulate-message", method: "POST", path: "/_fake/messages",
			about:  "Lets a message come in. A line and a contact that are not named are chosen; the line's mode decides who is told.",
			takes:  messageInput{Account: "default", From: "+33199000042", Body: "Please call back"},
			status: 201, gives: idOf("message", "1772452800000ap61ebpjqnrakkyl"),
			handle: with(simulateMessage),
		},
		{
			op: "set-presence", method: "POST", path: "/_fake/users/{id}/presence",
			about: "Lets a user come or go: " + joined(fakeaircall.Presences()) + ".",
			takes: presenceInput{Account: "default", Do: "close", Reason: "on_a_break"}, status: 200, gives: idOf[int64]("user", exampleUser),
			handle: with(setPresence),
		},
		{
			op: "set-traffic", method: "POST", path: "/_fake/traffic", about: "Keeps calls coming by themselves, believably spread over the day; 0 ends it.",
			takes: trafficInput{"default", 400}, status: 200, gives: trafficInput{"default", 400},
			handle: with(func(s *fakeaircall.Server, _ *http.Request, in trafficInput) (any, error) {
				return in, s.SetTraffic(in.Account, fakeaircall.Traffic{CallsPerDay: in.CallsPerDay})
			}),
		},
		{
			op: "add-fault", method: "POST", path: "/_fake/faults", about: "Makes a rule by which Aircall is slow, throttled, broken or stale.",
			takes:  faultInput{Op: "create-a-contact", Account: "default", Times: 2, Status: 503, Delay: span(200 * time.Millisecond)},
			status: 201, gives: fields("fault", exampleFault), handle: with(addFault),
		},
		{
			op: "list-faults", method: "GET", path: "/_fake/faults", about: "The rules, oldest first, with how often they applied. One that has ended stays until it is removed.",
			status: 200, gives: fields("faults", []faultView{exampleFault}),
			handle: func(s *fakeaircall.Server, _ *http.Request, _ any) (any, error) {
				return fields("faults", convert[[]faultView](s.Faults())), nil
			},
		},
		{
			op: "clear-faults", method: "DELETE", path: "/_fake/faults", about: "Removes all rules.",
			status: 200, gives: removedView{2},
			handle: func(s *fakeaircall.Server, _ *http.Request, _ any) (any, error) {
				return removedView{s.ClearFaults()}, nil
			},
		},
		{
			op: "remove-fault", method: "DELETE", path: "/_fake/faults/{id}", about: "Removes one rule.",
			status: 200, gives: removedView{1}, handle: removeFault,
		},
		{
			op: "list-requests", method: "GET", path: "/_fake/requests",
			about: "The requests of the API that are kept, oldest first, without secrets. wait holds the reply back until there is one, or the time is up.",
			params: []param{
				{"op", "Only this operation.", "create-a-contact"}, anyOf, {"method", "Only this method.", "POST"}, {"path", "Only this path.", "/v1/contacts"},
				{"status", "Only this status.", "201"}, {"unknown", "true: only unknown routes and requests with unknown parameters.", "true"}, {"text", "Only what has this in its path, query or bodies.", "Ann"}, sinceSeq,
				{"before", "Only those before the one with this number.", "117"}, {"newest", "Only so many, the newest.", "50"},
				{"wait", "How long to wait for one, 1m at most.", "2s"}, {"detail", "true: with headers and bodies.", "true"},
			},
			status: 200, gives: fields("requests", []requestView{exampleRequest}), handle: listRequests,
		},
		{
			op: "list-events", method: "GET", path: "/_fake/events", about: "The newest events of an account, whether or not a webhook asks for them, oldest first.",
			params: []param{ofAccount, {"name", "Only this event.", "call.created"}, sinceSeq},
			status: 200, gives: fields("events", []eventView{{7, exampleTime, "tag.created", []byte(`{"id":7}`)}}), handle: listEvents,
		},
		{
			op: "list-deliveries", method: "GET", path: "/_fake/deliveries",
			about:  "What was and is to be delivered to webhooks, and to callbacks of lines: what waits, and the newest that is over, newest last.",
			params: []param{anyOf, {"event", "Only this event.", "call.ended"}, {"webhook", "Only this webhook, by its id in the API.", "f1c8f4b4"}, {"state", "Only these: pending, retrying, delivered, failed or dropped.", "failed"}},
			status: 200, gives: fields("deliveries", []deliveryView{exampleDelivery}, "totals", totalsView{Delivered: 1}), handle: listDeliveries,
		},
		{
			op: "redeliver", method: "POST", path: "/_fake/deliveries/{id}/redeliver", about: "Sends what a delivery carried once more, as a delivery of its own.",
			status: 201, gives: idOf[int64]("delivery", 42), handle: redeliver,
		},
		{
			op: "reset", method: "POST", path: "/_fake/reset", about: "Brings everything back to how it was at the start: data, tokens, clock; no faults, no traffic, an empty journal.",
			status: 200, gives: fakeaircall.Clock{Now: exampleTime, Speed: 1},
			handle: func(s *fakeaircall.Server, _ *http.Request, _ any) (any, error) { s.Reset(); return viewClock(s), nil },
		},
	}
}

func describeRoutes() []route {
	return []route{
		{
			op: "describe-aircall", method: "GET", path: "/_fake/openapi.json", about: "Aircall's API as an OpenAPI document, with the evidence of each operation.",
			status: 200, gives: nil,
			handle: func(*fakeaircall.Server, *http.Request, any) (any, error) {
				return json.RawMessage(fakeaircall.OpenAPI()), nil
			},
		},
		{
			op: "describe-control", method: "GET", path: "/_fake/control.json", about: "This API as an OpenAPI document.",
			status: 200, gives: nil,
			handle: func(*fakeaircall.Server, *http.Request, any) (any, error) { return document(), nil },
		},
	}
}

const (
	exampleCall = 3_000_000_001
	exampleUser = 2_100_001
)

var exampleTime = time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)

func listAccounts(s *fakeaircall.Server, _ *http.Request, _ any) (any, error) {
	var list []accountView
	for _, a := range s.Accounts() {
		list = append(list, viewAccount(a))
	}
	return fields("accounts", list), nil
}

func viewClock(s *fakeaircall.Server) fakeaircall.Clock {
	return fakeaircall.Clock{Now: s.Now(), Speed: s.Speed()}
}

func readClock(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	return s.Account(req.URL.Query().Get("account")).Clock()
}

func moveClock(s *fakeaircall.Server, _ *http.Request, in clockInput) (any, error) {
	if in.Advance == nil && in.Set == nil && in.Speed == nil || in.Advance != nil && in.Set != nil {
		return nil, &apiError{400, "a clock needs one of advance, set and speed, and takes speed with either other", "", `send {"advance":"60s"}, {"set":"2026-06-15T09:00:00Z"} or {"speed":60}`}
	}
	a := s.Account(in.Account)
	// The speed is looked at first, so that a refusal changes nothing.
	if in.Speed != nil && !(*in.Speed >= 0 && *in.Speed <= fakeaircall.MaxSpeed) {
		return nil, a.SetSpeed(*in.Speed)
	}
	var err error
	switch {
	case in.Set != nil:
		err = a.SetClock(*in.Set)
	case in.Advance != nil:
		err = a.Advance(time.Duration(*in.Advance)) // from the time it then is: others may move the clock, too
	}
	if err == nil && in.Speed != nil {
		err = a.SetSpeed(*in.Speed)
	}
	if err != nil {
		return nil, err
	}
	return a.Clock()
}

func simulateCall(s *fakeaircall.Server, _ *http.Request, in callInput) (any, error) {
	id, err := s.Simulate(in.Account, convert[fakeaircall.SimulatedCall](in))
	return idOf("call", id), err
}

func actInCall(s *fakeaircall.Server, req *http.Request, in actInput) (any, error) {
	id := pathID(req)
	return idOf("call", id), s.Act(in.Account, id, convert[fakeaircall.Action](in.actionInput))
}

// joined lists names in a sentence.
func joined[T ~string](names []T) string {
	return strings.Join(convert[[]string](names), ", ")
}

// pathID returns the id in the path, or 0, which nothing has, if the text is not an id.
func pathID(req *http.Request) int64 {
	id, err := strconv.ParseUint(req.PathValue("id"), 10, 63)
	if err != nil {
		return 0
	}
	return int64(id)
}

func simulateMessage(s *fakeaircall.Server, _ *http.Request, in messageInput) (any, error) {
	id, err := s.SimulateMessage(in.Account, convert[fakeaircall.SimulatedMessage](in))
	return idOf("message", id), err
}

func setPresence(s *fakeaircall.Server, req *http.Request, in presenceInput) (any, error) {
	id := pathID(req)
	return idOf("user", id), s.SetPresence(in.Account, id, fakeaircall.Presence(in.Do), in.Reason)
}

func addFault(s *fakeaircall.Server, _ *http.Request, in faultInput) (any, error) {
	f, err := s.AddFault(convert[fakeaircall.Fault](in))
	return fields("fault", convert[faultView](f)), err
}

func removeFault(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	id := req.PathValue("id")
	if !s.RemoveFault(id) {
		return nil, &apiError{404, "there is no such rule", clip(id), "GET /_fake/faults lists them"}
	}
	return removedView{1}, nil
}

func listRequests(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	q := query{Values: req.URL.Query()}
	f := fakeaircall.RequestFilter{
		Op: q.Get("op"), Account: q.Get("account"), Method: q.Get("method"), Path: q.Get("path"), Text: q.Get("text"),
		Unknown: q.bool("unknown"), Since: q.count("since"), Before: q.count("before"), Newest: q.between("newest", 1, fakeaircall.MaxJournal, 0),
	}
	q.read("status", "a status such as 201", func(v string) (ok bool) {
		var err error
		f.Status, err = strconv.Atoi(v)
		return err == nil
	})
	wait, detail := q.wait(), q.bool("detail")
	if q.err != nil {
		return nil, q.err
	}
	if wait > 0 {
		ctx, cancel := context.WithTimeout(req.Context(), wait)
		defer cancel()
		if _, err := s.WaitForRequest(ctx, f); err != nil && ctx.Err() == nil {
			return nil, err // there is no request log
		}
	}
	var list []requestView
	for _, r := range s.Requests(f) {
		list = append(list, viewRequest(r, detail, cmp.Or(s.URL(), "http://"+req.Host)))
	}
	return fields("requests", list), nil
}

func listEvents(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	q := query{Values: req.URL.Query()}
	since := q.count("since")
	if q.err != nil {
		return nil, q.err
	}
	events, err := s.Events(s.Account(q.Get("account")).Name)
	if err != nil {
		return nil, &fakeaircall.Refusal{Status: http.StatusNotFound, Message: err.Error()}
	}
	var list []eventView
	for _, e := range events {
		if e.Seq > since && (q.Get("name") == "" || q.Get("name") == e.Name) {
			list = append(list, eventView(e))
		}
	}
	return fields("events", list), nil
}

func listDeliveries(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	q := req.URL.Query()
	if state := q.Get("state"); state != "" && !slices.Contains(deliveryStates, fakeaircall.DeliveryState(state)) {
		return nil, &apiError{400, "state: there is no such state", "state=" + clip(state), fmt.Sprintf("give one of %v", deliveryStates)}
	}
	list, err := s.Deliveries(q.Get("account"))
	if err != nil {
		return nil, &fakeaircall.Refusal{Status: http.StatusNotFound, Message: err.Error()}
	}
	totals, err := s.DeliveryTotals(q.Get("account"))
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(d fakeaircall.Delivery) bool {
		return !((q.Get("event") == "" || q.Get("event") == d.Event) && (q.Get("webhook") == "" || q.Get("webhook") == d.Webhook) && (q.Get("state") == "" || q.Get("state") == string(d.State)))
	})
	return fields("deliveries", convert[[]deliveryView](list), "totals", totalsView(totals)), nil
}

func redeliver(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	id, err := s.Redeliver(pathID(req))
	if err != nil {
		return nil, &apiError{404, err.Error(), clip(req.PathValue("id")), "GET /_fake/deliveries lists them"}
	}
	return idOf("delivery", id), nil
}
