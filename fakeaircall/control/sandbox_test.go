package control

import (
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// TestSandbox: a sandbox answers at the same address with data, clock, limits,
// its own faults, request log and assumptions, and leaves no trace.
func TestSandbox(t *testing.T) {
	w := world{fakeaircall.RunT(t, checked(t, fakeaircall.Options{Scale: fakeaircall.ScaleSmall, Clock: noon, RateLimit: fakeaircall.NoRateLimit, Control: New, AllowUnknownRoutes: true}, "create-a-contact: status")), t}
	w.ask("POST", "/_fake/faults", `{"op":"create-a-contact","status":503}`).wantStatus(201)
	w.send("POST", "/v1/contacts", kim).wantStatus(503)
	before := w.ask("GET", "/_fake/snapshots/current", "").wantStatus(200).body

	w.ask("PUT", "/_fake/sandbox", `{"seed":7,"scale":"small","clock":"2027-01-02T03:04:05Z","rate_limit":3}`).
		want(200, `{"now":"2027-01-02T03:04:05Z","speed":0}`+"\n")
	if h := w.ask("GET", "/_fake/health", ""); h.at("sandbox") != "true" || h.at("rate_limit") != "3" || h.text("url") != w.URL() {
		t.Errorf("health: %s", h.body)
	}
	if got := w.ask("GET", "/_fake/faults", "").body; got != `{"faults":[]}`+"\n" {
		t.Errorf("the sandbox begins with faults: %s", got)
	}
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	w.get("/v1/contacts/5678").wantStatus(200)
	w.get("/v1/users-of-nobody").wantStatus(404)
	w.get("/v1/ping").wantStatus(200)
	w.get("/v1/ping").wantStatus(429)
	if got := w.ask("GET", "/_fake/requests", ""); strings.Count(got.body, `"seq":`) != 5 {
		t.Errorf("the sandbox logged: %s", got.body)
	}
	w.ask("POST", "/_fake/clock", `{"advance":"1h"}`).want(200, `{"now":"2027-01-02T04:04:05Z","speed":0}`+"\n")
	w.get("/v1/ping").wantStatus(200)
	if !w.Now().Equal(noon) || len(w.Requests(fakeaircall.RequestFilter{})) != 1 {
		t.Errorf("the fake itself: it is %s, and %d requests are logged", w.Now(), len(w.Requests(fakeaircall.RequestFilter{})))
	}

	// A second one takes the place of the first.
	w.ask("PUT", "/_fake/sandbox", `{"scale":"empty","assume":{"a2p":"keep"}}`).wantStatus(200)
	if got := w.get("/v1/contacts").wantStatus(200).at("meta.total"); got != "1" {
		t.Errorf("a sandbox of a new company has %s contacts", got)
	}
	w.ask("DELETE", "/_fake/sandbox", "").want(200, `{"removed":1}`+"\n")
	w.ask("DELETE", "/_fake/sandbox", "").wantStatus(404)

	if after := w.ask("GET", "/_fake/snapshots/current", "").wantStatus(200).body; after != before {
		t.Errorf("the fake changed behind its sandbox:\n%s", w.ask("GET", "/_fake/snapshots", "").body)
	}
	w.send("POST", "/v1/contacts", kim).wantStatus(503) // its fault is still there
}

// A copy begins with the state of the fake, and is independent of it.
func TestSandboxCopy(t *testing.T) {
	w := world{fakeaircall.RunT(t, checked(t, fakeaircall.Options{
		Scale: fakeaircall.ScaleSmall, Clock: noon, RateLimit: 10, Control: New,
		Accounts: []fakeaircall.Account{{Name: "mine", APIID: "my-id", APIToken: "my-token"}},
	}, "delete-a-contact: status")), t}
	mine := func(method, path, body string) answer {
		w.t.Helper()
		return w.sendAs("Basic bXktaWQ6bXktdG9rZW4=", method, path, body)
	}
	made := mine("POST", "/v1/contacts", kim).wantStatus(201).at("contact.id")
	w.ask("POST", "/_fake/faults", `{"op":"delete-a-contact","status":500}`).wantStatus(201)
	before := w.ask("GET", "/_fake/snapshots/current", "").body

	w.ask("PUT", "/_fake/sandbox", `{"copy":true}`).want(200, `{"now":"2026-03-02T12:00:00Z","speed":0}`+"\n")
	mine("GET", "/v1/contacts/"+made, "").wantStatus(200)
	mine("DELETE", "/v1/contacts/"+made, "").wantStatus(500)
	w.ask("DELETE", "/_fake/faults", "").want(200, `{"removed":1}`+"\n")
	mine("DELETE", "/v1/contacts/"+made, "").wantStatus(204)
	for range 6 {
		mine("GET", "/v1/ping", "").wantStatus(200)
	}
	mine("GET", "/v1/ping", "").wantStatus(429) // its window was copied, too
	w.ask("DELETE", "/_fake/sandbox", "").wantStatus(200)

	if after := w.ask("GET", "/_fake/snapshots/current", "").body; after != before {
		t.Error("the fake changed with its copy")
	}
	mine("DELETE", "/v1/contacts/"+made, "").wantStatus(500)
}

// TestSandboxRefuses: what is wrong changes nothing.
func TestSandboxRefuses(t *testing.T) {
	w := controlled(t)
	for body, want := range map[string]string{
		`{"copy":true,"seed":2}`:       "a copy has the data and options of the fake",
		`{"scale":"huge"}`:             `scale "huge" is not one of`,
		`{"rate_limit":-1}`:            "rate_limit: that is not a number from 0",
		`{"speed":-1}`:                 "speed -1: give 0 to 3600",
		`{"assume":{"moon":"cheese"}}`: `there is no assumption "moon"`,
		`{"duplicates":101}`:           "101 duplicates",
		`{"idle":"-1s"}`:               "idle: the duration is negative",
		`{"shuffle":"2h"}`:             "shuffled by 2h",
		`{"accounts":["other"]}`:       "accounts",
	} {
		if a := w.ask("PUT", "/_fake/sandbox", body).wantStatus(400); !strings.Contains(a.text("error"), want) {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	if h := w.ask("GET", "/_fake/health", ""); h.at("sandbox") != "false" {
		t.Errorf("a refused sandbox answers: %s", h.body)
	}
}

// TestSandboxDelivers: a sandbox names the address at which clients reach it, and
// what it has not delivered ends with it.
func TestSandboxDelivers(t *testing.T) {
	w := controlled(t)
	hook := newReceiver(t, func() int { return 0 }) // never answers
	w.ask("PUT", "/_fake/sandbox", `{"scale":"small","clock":"2026-06-15T09:00:00Z"}`).wantStatus(200)
	w.send("POST", "/v1/webhooks", `{"url":"`+hook.URL+`","events":["contact.created"]}`).wantStatus(201)
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	<-hook.more
	link := w.get("/v1/contacts?per_page=1").wantStatus(200).text("meta.next_page_link")
	if !strings.HasPrefix(link, w.URL()+"/v1/contacts?") {
		t.Errorf("the next page is at %s", link)
	}
	began := time.Now()
	w.ask("DELETE", "/_fake/sandbox", "").wantStatus(200)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("ending it took %s", took)
	}
}

// TestSandboxIdle: a sandbox that nobody uses any more ends by itself, be it that the
// program which started it was killed.
func TestSandboxIdle(t *testing.T) {
	w := controlled(t)
	w.ask("PUT", "/_fake/sandbox", `{"copy":true,"idle":"1h"}`).wantStatus(200)
	if h := w.ask("GET", "/_fake/health", ""); h.at("sandbox") != "true" {
		t.Errorf("health: %s", h.body)
	}
	w.ask("PUT", "/_fake/sandbox", `{"scale":"empty","idle":"1ms"}`).wantStatus(200)
	for seen := w.Changes(); w.Active() != w.Server; {
		if seen = w.WaitForChange(t.Context(), seen); t.Context().Err() != nil {
			t.Fatal("the sandbox is still there")
		}
	}
	w.ask("DELETE", "/_fake/sandbox", "").wantStatus(404)
}
