package control

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// recordRoutes list the records of an account without credentials, a rate limit or an entry in the request log.
func recordRoutes() []route {
	call, contact, user, number, tag, webhook, team, message := exampleCallRecord, exampleContact, fakeaircall.User{
		ID: exampleUser, Name: "Kim Roy", Email: "kim@example.com", Availability: "available", Online: true,
		Setting: "available", Substatus: "always_opened", Extension: "204", TimeZone: "Europe/Paris",
	}, fakeaircall.Number{
		ID: 1_100_001, Name: "Support", Digits: "+33 1 99 00 12 34", Country: "FR", TimeZone: "Europe/Paris", Open: true,
		Setting: "custom", Recording: true, Users: []fakeaircall.Reference{{ID: exampleUser, Name: "Kim Roy"}},
	}, fakeaircall.Tag{ID: 7, Name: "VIP", Color: "#ff7d03", Calls: 3}, fakeaircall.Webhook{
		ID: "f1c8f4b4", URL: "http://127.0.0.1:9000/hook", Active: true, Events: []string{"call.created"}, CreatedAt: exampleTime,
	}, fakeaircall.Team{ID: 9, Name: "Support", Users: []fakeaircall.Reference{{ID: exampleUser, Name: "Kim Roy"}}}, fakeaircall.Message{
		ID: "1772452800000ap61ebpjqnrakkyl", Direction: fakeaircall.Inbound, Status: "received", Channel: "sms",
		Number: &fakeaircall.Reference{ID: 1_100_001, Name: "Support"}, Parties: []string{"+33199000042"}, Body: "Please call back", Media: []string{}, At: exampleTime,
	}
	return []route{
		listRoute("calls", "Lists the calls of an account, newest first, with their people and the actions that are possible now.",
			call, fakeaircall.AccountHandle.Calls, param{"live", "true: only live calls; false: only ended calls.", "true"}),
		listRoute("contacts", "Lists the contacts of an account, newest first.", contact, fakeaircall.AccountHandle.Contacts),
		listRoute("users", "Lists the users of an account and their availability, newest first.", user, fakeaircall.AccountHandle.Users),
		listRoute("numbers", "Lists the lines of an account, newest first, and whether they are open.", number, fakeaircall.AccountHandle.Numbers),
		listRoute("tags", "Lists the tags of an account, newest first.", tag, fakeaircall.AccountHandle.Tags),
		listRoute("webhooks", "Lists the webhooks of all apps of an account, newest first, without secrets.", webhook, fakeaircall.AccountHandle.Webhooks),
		listRoute("teams", "Lists the teams of an account, newest first.", team, fakeaircall.AccountHandle.Teams),
		listRoute("messages", "Lists the messages of an account, newest first.", message, fakeaircall.AccountHandle.Messages),
		listRoute("campaigns", "Lists the outbound campaigns of an account, newest first, and how far they are.", exampleCampaign, fakeaircall.AccountHandle.Campaigns),
		readRoute("call", call, byNumber(fakeaircall.AccountHandle.Call)),
		readRoute("contact", contact, byNumber(fakeaircall.AccountHandle.Contact)),
		readRoute("user", user, byNumber(fakeaircall.AccountHandle.User)),
		readRoute("number", number, byNumber(fakeaircall.AccountHandle.Number)),
		readRoute("tag", tag, byNumber(fakeaircall.AccountHandle.Tag)),
		readRoute("webhook", webhook, fakeaircall.AccountHandle.Webhook),
		readRoute("team", team, byNumber(fakeaircall.AccountHandle.Team)),
		readRoute("message", message, fakeaircall.AccountHandle.Message),
		readRoute("campaign", exampleCampaign, fakeaircall.AccountHandle.Campaign),
		{
			op: "list-limits", method: "GET", path: "/_fake/limits", about: "Shows how many requests each account has made in the current minute of its clock, and its limit.",
			params: []param{anyOf}, status: 200, gives: fields("limits", []fakeaircall.RateLimit{{Account: "default", Limit: 120, Used: 17, Resets: exampleTime.Add(time.Minute)}}),
			handle: listLimits,
		},
		{
			op: "wait-for-change", method: "GET", path: "/_fake/changes",
			about:  "Returns a number that differs after something happened: a request, an event, a delivery, a fault, a move of the clock. With since, the reply waits until the number differs from it.",
			params: []param{{"since", "The last known number.", "41"}, {"wait", "How long to wait for another number, 1m at most.", "20s"}},
			status: 200, gives: changesView{42}, handle: waitForChange,
		},
	}
}

var exampleCampaign = fakeaircall.Campaign{
	ID: "019f1111-2222-7333-8444-555566667777", Name: "Renewals", Status: "in_progress",
	Users: []fakeaircall.Reference{{ID: exampleUser, Name: "Kim Roy"}}, Contacts: 5, Done: 2, Attempts: 4,
}

var exampleContact = fakeaircall.Contact{
	ID: 5678, Name: "Ann Lee", FirstName: "Ann", LastName: "Lee", Company: "Acme", Phones: []fakeaircall.ContactDetail{{ID: 7, Label: "Work", Value: "+33199000042"}},
	Emails: []fakeaircall.ContactDetail{{ID: 8, Label: "Work", Value: "ann@example.com"}}, UpdatedAt: exampleTime,
}

var exampleCallRecord = fakeaircall.Call{
	ID: exampleCall, Direction: "inbound", State: "ringing", Party: "+33 1 99 00 00 42", Contact: &fakeaircall.Reference{ID: 5678, Name: "Ann Lee"},
	Number: &fakeaircall.Reference{ID: 1_100_001, Name: "Support"}, Digits: "+33 1 99 00 12 34", Ringing: []fakeaircall.Reference{{ID: exampleUser, Name: "Kim Roy"}},
	Since: exampleTime, StartedAt: exampleTime, Tags: []string{}, Actions: []fakeaircall.ActionKind{fakeaircall.ActionAnswer, fakeaircall.ActionDecline, fakeaircall.ActionVoicemail, fakeaircall.ActionHangUp},
}

// listRoute returns the route that lists a page of the records of a kind.
func listRoute[V any](name, about string, example V, find func(fakeaircall.AccountHandle, fakeaircall.Query) ([]V, int, error), extra ...param) route {
	params := slices.Concat([]param{ofAccount}, extra, []param{
		{"text", "Only those that contain this text, in upper or lower case.", "ann"},
		{"page", "The page, from 1.", "2"}, {"limit", "How many per page, 500 at most; default: 50.", "20"},
	})
	handle := func(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
		q := query{Values: req.URL.Query()}
		page, limit := q.between("page", 1, 1_000_000, 1), q.between("limit", 1, 500, 50)
		which := fakeaircall.Query{Text: q.Get("text"), Skip: (page - 1) * limit, Limit: limit}
		if live := q.bool("live"); q.Get("live") != "" {
			which.Live = &live
		}
		if q.err != nil {
			return nil, q.err
		}
		found, total, err := find(s.Account(q.Get("account")), which)
		return fields(name, found, "total", total), err
	}
	return route{
		op: "list-" + name, method: "GET", path: basePath + name, about: about, params: params,
		status: 200, gives: fields(name, []V{example}, "total", 1), handle: handle,
	}
}

// readRoute returns the route that shows one record of a kind.
func readRoute[V any](name string, example V, read func(fakeaircall.AccountHandle, string) (V, error)) route {
	return route{
		op: "read-" + name, method: "GET", path: basePath + name + "s/{id}", about: "Shows a " + name + " of an account.", params: []param{ofAccount},
		status: 200, gives: fields(name, example),
		handle: func(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
			v, err := read(s.Account(req.URL.Query().Get("account")), req.PathValue("id"))
			return fields(name, v), err
		},
	}
}

// byNumber makes a function that takes the id as text of one that takes a number. No record has the id 0.
func byNumber[V any](read func(fakeaircall.AccountHandle, int64) (V, error)) func(fakeaircall.AccountHandle, string) (V, error) {
	return func(a fakeaircall.AccountHandle, text string) (v V, err error) {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return v, &apiError{400, "the id is not a whole number", clip(text), "give an id, such as 5678"}
		}
		return read(a, id)
	}
}

func listLimits(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	accounts := s.Accounts()
	if name := req.URL.Query().Get("account"); name != "" {
		accounts = []fakeaircall.Account{{Name: name}}
	}
	var list []fakeaircall.RateLimit
	for _, a := range accounts {
		l, err := s.Account(a.Name).RateLimit()
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return fields("limits", list), nil
}

func waitForChange(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	q := query{Values: req.URL.Query()}
	since, wait := q.count("since"), q.wait()
	if q.err != nil {
		return nil, q.err
	}
	if wait == 0 || q.Get("since") == "" {
		return changesView{s.Changes()}, nil
	}
	ctx, cancel := context.WithTimeout(req.Context(), wait)
	defer cancel()
	return changesView{s.WaitForChange(ctx, since)}, nil
}

// A query reads the parameters of a request, and keeps the first error.
type query struct {
	url.Values
	err error
}

func (q *query) read(name, want string, parse func(string) bool) {
	if v := q.Get(name); v != "" && !parse(v) && q.err == nil {
		q.err = &apiError{400, name + ": that is not " + want, name + "=" + clip(v), "give " + want}
	}
}

// between reads a whole number within bounds; usual is the default.
func (q *query) between(name string, least, most, usual int) int {
	n := usual
	q.read(name, "a number from "+strconv.Itoa(least)+" to "+strconv.Itoa(most), func(v string) (ok bool) {
		var err error
		n, err = strconv.Atoi(v)
		return err == nil && n >= least && n <= most
	})
	return n
}

// count reads the number of a request, an event or a change; the default is 0.
func (q *query) count(name string) (n uint64) {
	q.read(name, "a number", func(v string) bool {
		var err error
		n, err = strconv.ParseUint(v, 10, 64)
		return err == nil
	})
	return n
}

func (q *query) bool(name string) (b bool) {
	q.read(name, "true or false", func(v string) bool {
		var err error
		b, err = strconv.ParseBool(v)
		return err == nil
	})
	return b
}

// wait reads how long a request waits at most; the default is 0.
func (q *query) wait() (d time.Duration) {
	q.read("wait", "a duration from 0s to 1m, such as 2s", func(v string) bool {
		var err error
		d, err = time.ParseDuration(v)
		return err == nil && d >= 0 && d <= time.Minute
	})
	return d
}
