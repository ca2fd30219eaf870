package fakeaircall

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestExplanation(t *testing.T) {
	w := empty(t).lost()
	if err := w.SetClock(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	const (
		basic  = "Basic "
		id     = "fake-sales-id"
		secret = "fake-sales-token"
	)
	key := func(pair string) string { return basic + base64.StdEncoding.EncodeToString([]byte(pair)) }
	for _, c := range []struct{ authorization, method, path, body, want string }{
		{key(id + ":" + secret), "GET", "/v1/calls?order=asc", "", ""},
		{key(id + ":" + secret), "GET", "/v1/contacts/99999999", "", ""},
		{key(id + ":" + secret), "GET", "/v1/contact/7", "", "Aircall has no such route; near it are GET /v1/contacts/{id}, POST /v1/contacts/{id}, DELETE /v1/contacts/{id}"},
		{"", "GET", "/contacts", "", "Aircall has no such route; near it are GET /v1/contacts, POST /v1/contacts"},
		{"", "GET", "/zzz", "", "Aircall has no such route"},
		{"", "GET", "/v1/users", "", "Aircall retired list-all-users-v1 on 2026-09-30; use GET /v2/users; the assumption users-v1=keep keeps it"},
		{"", "GET", "/v1/calls/12345/realtime_transcription", "", "Aircall retired retrieve-a-realtime-transcription on 2026-03-31; use GET /v1/calls/12345/transcription?mode=realtime; the assumption realtime-transcription=keep keeps it"},
		{"", "GET", "/v1/a2p_campaign_associations", "", "list-a2p-campaign-associations is retired: Aircall's reference of 2026 does not have it; the assumption a2p=keep keeps it"},
		{key(id + ":" + secret), "GET", "/v1/contacts?perpage=6&x%1b=1", "", `list-all-contacts has no parameter "perpage"; perhaps per_page; list-all-contacts has no parameter "x\x1b"`},
		{key(id + ":" + secret), "POST", "/v1/contacts", `{"firstname":"Ann","phone_numbers":[{"label":"Work","value":"+4520000001"}]}`, `create-a-contact has no parameter "firstname"; perhaps first_name`},
		{"", "GET", "/v1/ping", "", "the request has no credentials: send an API key as Authorization: Basic, or a token as Authorization: Bearer"},
		{"canary", "GET", "/v1/ping", "", "the credentials were refused: Authorization is neither Basic nor Bearer"},
		{"Basic canary!", "GET", "/v1/ping", "", "the API key was refused: it is not API_ID:API_TOKEN in base64"},
		{key("canary:canary"), "GET", "/v1/ping", "", "the API key was refused: no account has its id"},
		{key(id + ":canary"), "GET", "/v1/ping", "", `the API key was refused: its id is that of account "sales", but the token is another`},
		{key(id + ":"), "GET", "/v1/ping", "", "the API key was refused: its token is empty"},
		{key(secret + ":" + id), "GET", "/v1/ping", "", "the API key was refused: its id and token are swapped"},
		{key("canary:fake-sales-bearer"), "GET", "/v1/ping", "", "the API key was refused: its token is a bearer token, which goes into Authorization: Bearer"},
		{"Bearer canary", "GET", "/v1/ping?x=1", "", `ping has no parameter "x"; the bearer token was refused: no account has it, or it was revoked`},
		{"Bearer " + secret, "GET", "/v1/ping", "", `the bearer token was refused: it is the API token of account "sales", which goes with its id into Authorization: Basic`},
	} {
		w.sendAs(c.authorization, c.method, c.path, c.body)
		list := w.Requests(RequestFilter{Newest: 1})
		if got := list[0].Explanation; got != c.want {
			t.Errorf("%s %s:\n got %s\nwant %s", c.method, c.path, got, c.want)
		}
	}
	for _, r := range w.Requests(RequestFilter{}) {
		if strings.Contains(r.Explanation, "canary") || strings.Contains(r.Explanation, secret) {
			t.Errorf("a secret in %s", r.Explanation)
		}
	}
}

// A check for unknown requests must find those that newer requests have replaced, and not count browsers.
func TestUnknownRequestsAreKept(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, RequestLog: 3, AllowUnknownRoutes: true})), t}
	for _, path := range []string{"/", "/favicon.ico", "/robots.txt", "/apple-touch-icon.png"} {
		w.get(path)
	}
	if list := w.Requests(RequestFilter{Unknown: true}); len(list) > 0 {
		t.Errorf("browsers: %v", list)
	}
	w.get("/v1/contact")
	w.get("/v1/ping?x=1")
	for range 4 {
		w.get("/v1/ping")
	}
	w.get("/v1/tag")
	unknown := func(f RequestFilter) string {
		f.Unknown = true
		var paths []string
		for _, r := range w.Requests(f) {
			paths = append(paths, fmt.Sprint(r.Seq, r.Path))
		}
		return strings.Join(paths, " ")
	}
	for want, f := range map[string]RequestFilter{
		"5/v1/contact 6/v1/ping 11/v1/tag": {},
		"6/v1/ping 11/v1/tag":              {Newest: 2},
		"11/v1/tag":                        {Since: 6},
		"5/v1/contact":                     {Before: 6},
		"6/v1/ping":                        {Op: "ping"},
	} {
		if got := unknown(f); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
	if len(w.Requests(RequestFilter{})) != 3 {
		t.Error("the log has more than three requests")
	}
	for range 2 * maxOldUnknown {
		w.get("/v1/contact")
	}
	if list := w.Requests(RequestFilter{Unknown: true}); len(list) != maxOldUnknown+3 || list[0].Seq != 5 {
		t.Errorf("%d kept, the first is %d", len(list), list[0].Seq)
	}
	w.Reset()
	if got := unknown(RequestFilter{}); got != "" {
		t.Errorf("after a reset: %s", got)
	}
}

// OnRequest and OnDelivery report what the log and the deliveries have.
func TestReports(t *testing.T) {
	var requests, deliveries []string
	o := Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, AllowUnknownRoutes: true}
	o.OnRequest = func(r Request) {
		requests = append(requests, strings.TrimSpace(r.String()+" "+r.Explanation))
		if r.Header != nil || r.Body != "" {
			t.Errorf("%+v", r)
		}
	}
	o.OnDelivery = func(d Delivery) {
		deliveries = append(deliveries, fmt.Sprint(d.Account, d.Event, d.State, len(d.Attempts)))
	}
	w := world{RunT(t, checked(t, o)), t}
	hook := w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"http://127.0.0.1:1/hook","events":["contact.created"]}`)
	w.get("/v1/contact")
	if want := "[1 POST /v1/webhooks: 201 create-a-webhook (default) 2 GET /v1/contact: 404 unknown route Aircall has no such route; near it are GET /v1/contacts, POST /v1/contacts]"; fmt.Sprint(requests) != want {
		t.Errorf("%v\nwant %s", requests, want)
	}
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	w.Advance(time.Second)
	w.send("PUT", strings.TrimPrefix(hook.text("webhook.direct_link"), origin), `{"active":false}`).wantStatus(200)
	w.Advance(time.Minute)
	if want := "[defaultcontact.createdretrying1 defaultcontact.createdretrying2 defaultcontact.createddropped3]"; fmt.Sprint(deliveries) != want {
		t.Errorf("%v, want %s", deliveries, want)
	}
}
