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

// A route is a route of the control API. Examples have the types of its body and its reply. The OpenAPI document and
// docs/control.md are generated from the table of routes.
type route struct {
	op, method, path string
	about            string
	params           []param
	takes            any // nil: no body; json.RawMessage: any, up to maxSnapshot
	status           int
	gives            any
	handle           handleFunc
}

// A handleFunc handles a route: s is the server that answers requests, in the body in the type of the example.
type handleFunc func(s *fakeaircall.Server, req *http.Request, in any) (any, error)

// A param is a query parameter.
type param struct{ name, about, example string }

// names returns the names of the query parameters.
func (r route) names() (names []string) {
	for _, p := range r.params {
		names = append(names, p.name)
	}
	return names
}

// with makes a handleFunc of a function for a type of body.
func with[T any](f func(*fakeaircall.Server, *http.Request, T) (any, error)) handleFunc {
	return func(s *fakeaircall.Server, req *http.Request, in any) (any, error) { return f(s, req, in.(T)) }
}

var (
	ofAccount = param{"account", "The account; default: the first.", "default"}
	anyOf     = param{"account", "Only those of this account.", "sales"}
	sinceSeq  = param{"since", "Only those after this number.", "17"}
)

// routes returns all routes of the control API.
func routes() []route {
	return slices.Concat(driveRoutes(), snapshotRoutes(), sandboxRoutes(), recordRoutes(), describeRoutes())
}

func driveRoutes() []route {
	return []route{
		{
			op: "health", method: "GET", path: "/_fake/health", about: "Reports that the fake runs, and the time on its clock.",
			status: 200, gives: healthView{"ok", exampleTime, 120, "http://127.0.0.1:8787", false},
			handle: func(s *fakeaircall.Server, _ *http.Request, _ any) (any, error) {
				return healthView{"ok", s.Now(), s.RateLimit(), s.URL(), s.IsSandbox()}, nil
			},
		},
		{
			op: "list-accounts", method: "GET", path: "/_fake/accounts", about: "Lists the accounts. Only the standard credentials are shown.",
			status: 200, gives: fields("accounts", []accountView{viewAccount(fakeaircall.StandardAccounts()[0], false)}),
			handle: listAccounts,
		},
		{
			op: "add-account", method: "POST", path: "/_fake/accounts",
			about: "Adds an account with its own data, rate limit, faults, request log and clock, for a test that shares the fake with others. Its credentials are fake-NAME-id, fake-NAME-token and fake-NAME-bearer.",
			takes: accountInput{Name: "my-test", Scale: string(fakeaircall.ScaleSmall)}, status: 201, gives: fields("account", viewAccount(fakeaircall.StandardAccount("my-test"), true)),
			handle: with(func(s *fakeaircall.Server, _ *http.Request, in accountInput) (any, error) {
				a, err := s.AddAccount(fakeaircall.AccountOptions{Name: in.Name, Scale: fakeaircall.Scale(in.Scale), Seed: in.Seed})
				return fields("account", viewAccount(a.Account, true)), err
			}),
		},
		{
			op: "remove-account", method: "DELETE", path: "/_fake/accounts/{name}", about: "Removes an account that was added.",
			status: 200, gives: removedView{1},
			handle: func(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
				return removedView{1}, s.RemoveAccount(req.PathValue("name"))
			},
		},
		{
			op: "read-clock", method: "GET", path: "/_fake/clock", about: "Shows the time and the speed of the fake's clock, or of the clock of an added account.",
			params: []param{{"account", "The account; default: the fake's clock.", "my-test"}},
			status: 200, gives: fakeaircall.Clock{Now: exampleTime, Speed: 1}, handle: readClock,
		},
		{
			op: "move-clock", method: "POST", path: "/_fake/clock",
			about: "Advances the clock by advance, or moves it to set, and performs everything that is due by then before it replies. speed sets the speed of the clock as a multiple of real time; 0 stops it. Only a reset moves the clock back. An added account has its own clock.",
			takes: clockInput{Advance: new(span(time.Minute))}, status: 200, gives: fakeaircall.Clock{Now: exampleTime},
			handle: with(moveClock),
		},
		{
			op: "simulate-call", method: "POST", path: "/_fake/calls",
			about:  "Simulates a call. Without an outcome it rings until an action changes it, or until the line gives up. The fake chooses the line, the user and the contact if they are not given.",
			takes:  callInput{Account: "default", Direction: "inbound", From: "+33199000042", Outcome: "answered", Ring: span(6 * time.Second), Talk: span(time.Minute)},
			status: 201, gives: idOf[int64]("call", exampleCall),
			handle: with(simulateCall),
		},
		{
			op: "act-in-call", method: "POST", path: "/_fake/calls/{id}/actions",
			about: "Performs an action in a live call, or after it: " + joined(fakeaircall.Actions()) + ".",
			takes: actInput{Account: "default", actionInput: actionInput{Do: "hangup"}}, status: 200, gives: idOf[int64]("call", exampleCall),
			handle: with(actInCall),
		},
		{
			op: "simulate-message", method: "POST", path: "/_fake/messages",
			about:  "Simulates an incoming message. The fake chooses the line and the contact if they are not given. The mode of the line decides whether webhooks or its callback get the message.",
			takes:  messageInput{Account: "default", From: "+33199000042", Body: "Please call back"},
			status: 201, gives: idOf("message", "1772452800000ap61ebpjqnrakkyl"),
			handle: with(simulateMessage),
		},
		{
			op: "simulate-campaign", method: "POST", path: "/_fake/campaigns",
			about:  "Starts an outbound campaign, or starts or resumes the one with an id. It calls as the clock moves. The fake chooses the contacts and the users who call if they are not given, and draws the outcomes.",
			takes:  campaignInput{Account: "default", Contacts: []string{"+33199000042"}, Outcomes: []string{"No Answer", "Booked"}},
			status: 201, gives: idOf("campaign", exampleCampaign.ID),
			handle: with(func(s *fakeaircall.Server, _ *http.Request, in campaignInput) (any, error) {
				id, err := s.SimulateCampaign(in.Account, convert[fakeaircall.SimulatedCampaign](in))
				return idOf("campaign", id), err
			}),
		},
		{
			op: "set-presence", method: "POST", path: "/_fake/users/{id}/presence",
			about: "Changes the presence of a user: " + joined(fakeaircall.Presences()) + ".",
			takes: presenceInput{Account: "default", Do: "close", Reason: "on_a_break"}, status: 200, gives: idOf[int64]("user", exampleUser),
			handle: with(setPresence),
		},
		{
			op: "create-number", method: "POST", path: "/_fake/numbers", about: "Creates a line, as an admin does in the Dashboard: webhooks get number.created.",
			takes: numberInput{Account: "default", Name: new("Paris"), Digits: new("+33199001234")}, status: 201, gives: idOf[int64]("number", 1_100_001),
			handle: with(createNumber),
		},
		{
			op: "delete-number", method: "DELETE", path: "/_fake/numbers/{id}", about: "Deletes a line, as an admin does in the Dashboard: webhooks get number.deleted. Its calls stay.",
			takes: eventInput{"default"}, status: 200, gives: removedView{1}, handle: with(deleteNumber),
		},
		{
			op: "set-traffic", method: "POST", path: "/_fake/traffic", about: "Starts automatic calls, spread over the day as the statistics of the account say, or as in a real account; 0 ends them.",
			takes: trafficInput{"default", new(400)}, status: 200, gives: trafficInput{"default", new(400)}, handle: with(setTraffic),
		},
		{
			op: "add-fault", method: "POST", path: "/_fake/faults", about: "Adds a rule that makes replies slow, throttled, broken or stale.",
			takes:  faultInput{Op: "create-a-contact", Account: "default", Times: 2, Status: 503, Delay: span(200 * time.Millisecond)},
			status: 201, gives: fields("fault", exampleFault), handle: with(addFault),
		},
		{
			op: "list-faults", method: "GET", path: "/_fake/faults", about: "Lists the rules, oldest first, and how often they applied. A rule that has ended stays until it is removed.",
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
			op: "remove-fault", method: "DELETE", path: "/_fake/faults/{id}", about: "Removes a rule.",
			status: 200, gives: removedView{1}, handle: removeFault,
		},
		{
			op: "list-requests", method: "GET", path: "/_fake/requests",
			about: "Lists the requests in the request log, oldest first, without secrets. With wait, the reply waits until there is one, or for that time.",
			params: []param{
				{"op", "Only this operation.", "create-a-contact"}, anyOf, {"method", "Only this method.", "POST"}, {"path", "Only this path.", "/v1/contacts"},
				{"status", "Only this status.", "201"}, {"unknown", "true: only unknown routes and requests with unknown parameters.", "true"}, {"text", "Only requests with this text in the path, query or a body.", "Ann"}, sinceSeq,
				{"before", "Only those before this number.", "117"}, {"newest", "Only this many, the newest.", "50"},
				{"wait", "How long to wait for a request, 1m at most.", "2s"}, {"detail", "true: with headers and bodies.", "true"},
			},
			status: 200, gives: fields("requests", []requestView{exampleRequest}), handle: listRequests,
		},
		{
			op: "send-request", method: "POST", path: "/_fake/requests",
			about: "Sends a request to Aircall's API with the credentials of an account, and returns the reply. The rate limit, faults and the request log apply as for any client.",
			takes: sendInput{Account: "default", Method: "POST", Path: "/v1/tags", Body: json.RawMessage(`{"name":"VIP","color":"#FF7D03"}`)}, status: 200,
			gives: sentView{201, json.RawMessage(`{"tag":{"id":7,"name":"VIP","color":"#FF7D03","description":null}}`)}, handle: with(sendRequest),
		},
		{
			op: "list-events", method: "GET", path: "/_fake/events", about: "Lists the newest events of an account, oldest first, whether or not a webhook subscribes to them.",
			params: []param{ofAccount, {"name", "Only this event.", "call.created"}, sinceSeq, {"before", "Only those before this number.", "117"}, {"newest", "Only this many, the newest.", "50"}},
			status: 200, gives: fields("events", []eventView{{7, exampleTime, "contact.created", []byte(exampleContactJSON)}}), handle: listEvents,
		},
		{
			op: "send-event", method: "POST", path: "/_fake/events/{seq}/send", about: "Sends an event again, to the active webhooks that subscribe to it.",
			takes: eventInput{Account: "default"}, status: 201, gives: fields("deliveries", []int64{42}),
			handle: with(func(s *fakeaircall.Server, req *http.Request, in eventInput) (any, error) {
				seq, _ := strconv.ParseUint(req.PathValue("seq"), 10, 63) // no event has the number 0
				deliveries, err := s.Account(in.Account).SendEvent(seq)
				return fields("deliveries", deliveries), err
			}),
		},
		{
			op: "trigger-event", method: "POST", path: "/_fake/events",
			about: "Makes an event of an account happen, of a new record or of the one with the id in set. set changes fields of the record: the fixture's, as text, with commas in lists. The events that come before it at Aircall do not happen.",
			takes: triggerInput{"default", "contact.created", map[string]string{"first_name": "Ann"}}, status: 201,
			gives: fields("event", eventView{7, exampleTime, "contact.created", []byte(`{"id":5678}`)}),
			handle: with(func(s *fakeaircall.Server, _ *http.Request, in triggerInput) (any, error) {
				e, err := s.Trigger(in.Account, in.Event, in.Set)
				return fields("event", eventView(e)), err
			}),
		},
		{
			op: "list-deliveries", method: "GET", path: "/_fake/deliveries",
			about:  "Lists the deliveries to webhooks and to callbacks of lines: all pending ones, and the newest of the others, newest last.",
			params: []param{anyOf, {"event", "Only this event.", "call.ended"}, {"webhook", "Only this webhook, by its id in the API.", "f1c8f4b4"}, {"state", "Only this state: pending, retrying, delivered, failed or dropped.", "failed"}},
			status: 200, gives: fields("deliveries", []deliveryView{exampleDelivery}, "totals", totalsView{Delivered: 1}), handle: listDeliveries,
		},
		{
			op: "redeliver", method: "POST", path: "/_fake/deliveries/{id}/redeliver", about: "Sends the event of a delivery again, as a new delivery.",
			status: 201, gives: idOf[int64]("delivery", 42), handle: redeliver,
		},
		{
			op: "reset", method: "POST", path: "/_fake/reset", about: "Restores the data, tokens and clock of the start, and removes faults, traffic and the request log.",
			status: 200, gives: fakeaircall.Clock{Now: exampleTime, Speed: 1},
			handle: func(s *fakeaircall.Server, _ *http.Request, _ any) (any, error) { s.Reset(); return viewClock(s), nil },
		},
	}
}

func describeRoutes() []route {
	return []route{
		{
			op: "describe-aircall", method: "GET", path: "/_fake/openapi.json", about: "Returns Aircall's API as an OpenAPI document, with the evidence of each operation.",
			status: 200, gives: nil,
			handle: func(*fakeaircall.Server, *http.Request, any) (any, error) {
				return json.RawMessage(fakeaircall.OpenAPI()), nil
			},
		},
		{
			op: "describe-control", method: "GET", path: "/_fake/control.json", about: "Returns this API as an OpenAPI document.",
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
		list = append(list, viewAccount(a, s.Account(a.Name).IsAdded()))
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
		return nil, &apiError{400, "a clock needs one of advance, set and speed; speed can go with one of the others", "", `send {"advance":"60s"}, {"set":"2026-06-15T09:00:00Z"} or {"speed":60}`}
	}
	a := s.Account(in.Account)
	// Check the speed first, so that an error changes nothing.
	if in.Speed != nil && !(*in.Speed >= 0 && *in.Speed <= fakeaircall.MaxSpeed) {
		return nil, a.SetSpeed(*in.Speed)
	}
	var err error
	switch {
	case in.Set != nil:
		err = a.SetClock(*in.Set)
	case in.Advance != nil:
		err = a.Advance(time.Duration(*in.Advance))
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

// joined returns names for a sentence.
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

func createNumber(s *fakeaircall.Server, _ *http.Request, in numberInput) (any, error) {
	n, err := s.Account(in.Account).CreateNumber(fakeaircall.NumberFixture{Name: in.Name, Digits: in.Digits, TimeZone: in.TimeZone, Users: in.Users})
	return idOf("number", n.ID), err
}

func deleteNumber(s *fakeaircall.Server, req *http.Request, in eventInput) (any, error) {
	id := pathID(req)
	if id == 0 {
		return nil, &apiError{400, "the id is not a whole number", clip(req.PathValue("id")), "GET /_fake/numbers lists them"}
	}
	return removedView{1}, s.Account(in.Account).DeleteNumber(id)
}

func setTraffic(s *fakeaircall.Server, _ *http.Request, in trafficInput) (any, error) {
	usual, err := s.Account(in.Account).UsualTraffic()
	if err != nil {
		return nil, err
	}
	in.Account = s.Account(in.Account).Name
	if in.CallsPerDay == nil {
		in.CallsPerDay = &usual.CallsPerDay
	}
	return in, s.SetTraffic(in.Account, fakeaircall.Traffic{CallsPerDay: *in.CallsPerDay})
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
		Unknown: q.bool("unknown"), Since: q.count("since"), Before: q.count("before"), Newest: q.between("newest", 1, fakeaircall.MaxRequestLog, 0),
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
	if err := s.CheckNames(f.Account, f.Op, ""); err != nil {
		return nil, err
	}
	if wait > 0 {
		ctx, cancel := context.WithTimeout(req.Context(), wait)
		defer cancel()
		if _, err := s.WaitForRequest(ctx, f); err != nil && ctx.Err() == nil {
			return nil, err // the request log is off
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
	since, before, newest := q.count("since"), q.count("before"), q.between("newest", 1, 1000, 1000)
	if q.err != nil {
		return nil, q.err
	}
	if err := s.CheckNames(q.Get("account"), "", q.Get("name")); err != nil {
		return nil, err
	}
	events, err := s.Events(q.Get("account"))
	if err != nil {
		return nil, err
	}
	var list []eventView
	for _, e := range events {
		if e.Seq > since && (before == 0 || e.Seq < before) && (q.Get("name") == "" || q.Get("name") == e.Name) {
			list = append(list, eventView(e))
		}
	}
	return fields("events", list[max(0, len(list)-newest):]), nil
}

func listDeliveries(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	q := req.URL.Query()
	if state := q.Get("state"); state != "" && !slices.Contains(deliveryStates, fakeaircall.DeliveryState(state)) {
		return nil, &apiError{400, fmt.Sprintf("there is no state %.60q", state), "state=" + clip(state), fmt.Sprintf("give one of %v", deliveryStates)}
	}
	if err := s.CheckNames(q.Get("account"), "", q.Get("event")); err != nil {
		return nil, err
	}
	list, err := s.Deliveries(q.Get("account"))
	if err != nil {
		return nil, err
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
