package fakeaircall

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// assuming is a world with a call that talks (1), one that is over (2), and
// another answer to an assumption.
func assuming(t *testing.T, id, answer string, exceptions ...string) world {
	t.Helper()
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Assume: map[string]string{id: answer}}, exceptions...)), t}
	w.change(func(t *tx) {
		t.numbers.insert(&number{ID: 41, Created: t.unix(), Name: "Line", Digits: "+33 1 99 00 12 34", Country: "FR", TimeZone: "Europe/Paris", AvailabilityStatus: "open"})
		for id, ended := range []int64{0, t.unix()} {
			t.calls.insert(&call{
				ID: int64(id + 1), SID: fmt.Sprintf("CA%032d", id), Inbound: true, Started: t.unix() - 60 + int64(id), Answered: t.unix() - 50, Ended: ended,
				Recorded: true, Other: "+45 20 00 00 01", Number: 41, Cost: "0.0",
			})
		}
	})
	return w
}

// Both answers to an assumption about the API are what they say.
func TestAnswers(t *testing.T) {
	const title = `{"contents":[{"type":"title","text":"VIP"}]}`
	for _, c := range []struct {
		id, answer         string
		method, path, sent string
		status             int
		reply              string
		breaks             string // of the contract, which has the first answer
		authorization      string
	}{
		{id: "success-false", answer: "all", method: "GET", path: "/v1/calls/9",
			status: 404, reply: `{"error":"Not Found","troubleshoot":"Check ID of the resource","success":false}`},
		{id: "success-false", answer: "refusals", method: "GET", path: "/v1/calls/9",
			status: 404, reply: `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`, breaks: "retrieve-a-call: body/success"},
		{id: "success-false", answer: "refusals", method: "POST", path: "/v1/calls/1/pause_recording",
			status: 405, reply: `{"error":"Method Not Allowed","troubleshoot":"Recording is not activated on the number","success":false}`},
		{id: "contact-errors", answer: "plain", method: "POST", path: "/v1/contacts", sent: `{}`,
			status: 400, reply: `{"error":"Bad Request","troubleshoot":"phone_numbers is required"}`},
		{id: "contact-errors", answer: "listed", method: "POST", path: "/v1/contacts", sent: `{}`,
			status: 400, reply: `{"error":"Bad Request","troubleshoot":"phone_numbers is required","errors":[{"status":400,"title":"Bad Request","detail":"phone_numbers is required"}]}`},
		{id: "contact-errors", answer: "listed", method: "GET", path: "/v1/tags/9",
			status: 404, reply: `{"error":"Not Found","troubleshoot":"Check ID of the resource","success":false}`},
		{id: "integration-basic", answer: "404", method: "GET", path: "/v1/integrations/me",
			status: 404, reply: `{"error":"Not Found","troubleshoot":"Check ID of the resource","success":false}`},
		{id: "integration-basic", answer: "403", method: "GET", path: "/v1/integrations/me", status: 403, reply: `{"message":"Forbidden"}`},
		{id: "integration-basic", answer: "403", method: "POST", path: "/v1/integrations/enable", status: 403, reply: `{"message":"Forbidden"}`},
		{id: "integration-basic", answer: "403", method: "POST", path: "/v1/integrations/enable", authorization: "Bearer fake-default-bearer", status: 204},
		{id: "recording-delete", answer: "204", method: "DELETE", path: "/v1/calls/2/recording", status: 204},
		{id: "recording-delete", answer: "200", method: "DELETE", path: "/v1/calls/2/recording", status: 200},
		{id: "recording-delete", answer: "200", method: "DELETE", path: "/v1/calls/2/voicemail", status: 200},
		{id: "insight-cards", answer: "201", method: "POST", path: "/v1/calls/1/insight_cards", sent: title, status: 201},
		{id: "insight-cards", answer: "204", method: "POST", path: "/v1/calls/1/insight_cards", sent: title, status: 204},
		{id: "webhook-events", answer: "reference", method: "POST", path: "/v1/webhooks", sent: `{"url":"https://a.test","events":["team.created"]}`,
			status: 400, reply: `{"error":"Bad Request","troubleshoot":"events: \"team.created\" is not an event"}`},
		{id: "webhook-events", answer: "reference", method: "POST", path: "/v1/webhooks", sent: `{"url":"https://a.test","events":["outbound_campaign.status_changed"]}`,
			status: 400, reply: `{"error":"Bad Request","troubleshoot":"events: \"outbound_campaign.status_changed\" is not an event"}`},
		{id: "webhook-events", answer: "campaigns", method: "POST", path: "/v1/webhooks", sent: `{"url":"https://a.test","events":["team.created"]}`,
			status: 400, reply: `{"error":"Bad Request","troubleshoot":"events: \"team.created\" is not an event"}`},
		{id: "webhook-events", answer: "teams", method: "POST", path: "/v1/webhooks", sent: `{"url":"https://a.test","events":["team.updated"]}`,
			status: 400, reply: `{"error":"Bad Request","troubleshoot":"events: \"team.updated\" is not an event"}`},
	} {
		t.Run(fmt.Sprintf("%s=%s %s %s", c.id, c.answer, c.method, c.path), func(t *testing.T) {
			var exceptions []string
			if c.breaks != "" {
				exceptions = append(exceptions, c.breaks)
			}
			w := assuming(t, c.id, c.answer, exceptions...)
			if c.authorization != "" {
				w.sendAs(c.authorization, c.method, c.path, c.sent).want(c.status, c.reply)
				return
			}
			w.send(c.method, c.path, c.sent).want(c.status, c.reply)
		})
	}
}

func TestDoubtfulEventsAreTaken(t *testing.T) {
	for answer, name := range map[string]string{"teams": "team.created", "campaigns": "outbound_campaign.status_changed"} {
		w := assuming(t, "webhook-events", answer)
		a := w.send("POST", "/v1/webhooks", `{"url":"https://a.test","events":["`+name+`","call.ended"]}`).wantStatus(201)
		if got := a.at("webhook.events"); got != `["`+name+`","call.ended"]` {
			t.Errorf("%s: events %s", answer, got)
		}
	}
}

func TestTagsAreAddedOrReplaced(t *testing.T) {
	for answer, want := range map[string]string{"add": "2 tags", "replace": "1 tags"} {
		w := assuming(t, "call-tags", answer)
		ids := w.get("/v1/tags").list("tags", "id")
		for _, id := range ids[:2] {
			w.send("POST", "/v1/calls/2/tags", `{"tags":[`+id+`]}`).want(201, "")
		}
		tagged := w.get("/v1/calls/2").list("call.tags", "id")
		if got := fmt.Sprint(len(tagged), " tags"); got != want || tagged[len(tagged)-1] != ids[1] {
			t.Errorf("%s: %v", answer, tagged)
		}
		if found := len(w.get("/v1/calls/search?tags[]="+ids[0]).list("calls", "id")) == 1; found != (answer == "add") {
			t.Errorf("%s: found by the first tag: %v", answer, found)
		}
	}
}

func TestCommentsHaveALimit(t *testing.T) {
	for answer, words := range map[string]string{
		"5": "Maximum of 5 notes can be added to a call", "4": "Maximum of 4 notes can be added to a call at once",
	} {
		w := assuming(t, "call-comments", answer)
		for range answer[0] - '0' {
			w.send("POST", "/v1/calls/2/comments", `{"content":"Hm"}`).want(201, "")
		}
		w.send("POST", "/v1/calls/2/comments", `{"content":"Hm"}`).
			want(400, `{"error":"Bad Request","troubleshoot":"`+words+`","success":false}`)
	}
}

func TestFailureInTheWordsOfTheApplication(t *testing.T) {
	rec := &recorder{T: t}
	srv := RunT(rec, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Assume: map[string]string{"server-error": "application"}}, "ping: status: want no failure"))
	srv.routes = newRouteTable()
	srv.routes.operations["ping"].handle = func(*request) (reply, error) { panic("broken") }
	a := world{srv, t}.get("/v1/ping").want(500, `{"error":"Internal Server Error","troubleshoot":"Something went wrong","success":false}`)
	if a.header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("headers %v", a.header)
	}
	for _, f := range rec.cleanups {
		f()
	}
	if !strings.Contains(strings.Join(rec.errors, ""), "ping: broken") {
		t.Errorf("reported %q", rec.errors)
	}
}

// An empty parameter is as good as none.
func TestEmptyParameters(t *testing.T) {
	w := empty(t)
	want := w.get("/v1/tags").wantStatus(http.StatusOK).body
	w.get("/v1/tags?page=&per_page=").want(http.StatusOK, want)
}

// Whatever can be chosen is chosen by a test.
func TestEveryChoiceIsTried(t *testing.T) {
	names, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests []byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tests = append(tests, data...)
	}
	for _, a := range Assumptions() {
		if len(a.Answers) > 0 && !bytes.Contains(tests, []byte(`"`+a.ID+`"`)) {
			t.Errorf("no test names the assumption %s, which has the answers %v", a.ID, a.Answers)
		}
	}
}

func TestStartedCallRingsOrIsAnswered(t *testing.T) {
	for answer, want := range map[string]string{"rings": `["initial"]`, "answered": `["answered"]`} {
		w := phones(t, "call-start", answer)
		w.send("POST", "/v1/users/31/calls", `{"number_id":41,"to":"+33199009900"}`).want(204, "")
		w.Advance(30 * time.Second)
		if got := fmt.Sprintf("%q", w.get("/v1/calls").list("calls", "status")); got != want {
			t.Errorf("%s: after half a minute it is %s, want %s", answer, got, want)
		}
	}
}

// told counts an event of the first company.
func (w world) told(name string) (n int) {
	w.t.Helper()
	events, err := w.Events("")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range events {
		if e.Name == name {
			n++
		}
	}
	return n
}

func TestEventsOfCallsByAnswer(t *testing.T) {
	for _, c := range []struct {
		id, answer, event string
		want              int
		call              SimulatedCall
	}{
		{"hungup-missed", "told", "call.hungup", 1, SimulatedCall{NumberID: 41, Outcome: "missed"}},
		{"hungup-missed", "none", "call.hungup", 0, SimulatedCall{NumberID: 41, Outcome: "missed"}},
		{"hungup-missed", "none", "call.ended", 1, SimulatedCall{NumberID: 41, Outcome: "missed"}},
		{"hungup-missed", "none", "call.hungup", 1, SimulatedCall{NumberID: 41, Outcome: "answered"}},
		{"transfer-answered", "again", "call.answered", 2,
			SimulatedCall{NumberID: 41, UserID: 31, Outcome: "answered", Then: []Action{{Do: "transfer", TeamID: 51, After: 20 * time.Second}}}},
		{"transfer-answered", "silent", "call.answered", 1,
			SimulatedCall{NumberID: 41, UserID: 31, Outcome: "answered", Then: []Action{{Do: "transfer", TeamID: 51, After: 20 * time.Second}}}},
	} {
		w := phones(t, c.id, c.answer)
		if _, err := w.Simulate("", c.call); err != nil {
			t.Fatal(err)
		}
		w.Advance(5 * time.Minute)
		if got := w.told(c.event); got != c.want {
			t.Errorf("%s=%s: %s came %d times, want %d", c.id, c.answer, c.event, got, c.want)
		}
	}
}

// An account can have other answers than its server: in routes that exist, errors, handlers and the seed, and also after a
// Restore and in a Fork.
func TestAnswersOfOneAccount(t *testing.T) {
	w := world{RunT(t, checked(t, Options{
		Scale: ScaleSmall, Clock: usersV1End.Add(time.Hour), RateLimit: NoRateLimit, AllowUnknownRoutes: true,
		Assume:    map[string]string{"campaign-plan": "agents"},
		AssumeFor: map[string]map[string]string{"sales": {"users-v1": "keep", "analytics-licence": "none", "campaign-plan": "none"}},
	})), t}
	w.NewAccount(t)
	for _, tt := range []struct {
		path         string
		plain, sales int
	}{
		{"/v1/users", 404, 200},
		{"/v1/campaigns", 200, 403},
		{"/v2/users", 200, 200},
	} {
		for range 2 {
			for _, a := range w.Accounts() {
				want := tt.plain
				if a.Name == "sales" {
					want = tt.sales
				}
				if status, body := getAs(t, w.Server, a, tt.path); status != want {
					t.Errorf("%s of %s: %d, want %d: %.200s", tt.path, a.Name, status, want, body)
				}
			}
			w.Restore(w.Snapshot())
		}
	}
	if a := (world{w.Fork(t), t}).as(w.Accounts()[1], "GET", "/v1/users", ""); a.status != 200 {
		t.Errorf("in a Fork: %d %s", a.status, a.body)
	}
	if status, _ := getAs(t, w.Server, Account{APIID: "nobody", APIToken: "nothing"}, "/v1/users"); status != 404 {
		t.Errorf("a route that is gone, without an account: %d", status)
	}
	o := w.options
	o.AssumeFor = nil
	if err := w.Reseed(o); err == nil || !strings.Contains(err.Error(), "what is assumed differs") {
		t.Errorf("Reseed without the answers: %v", err)
	}
	_, err := New(checked(t, Options{AssumeFor: map[string]map[string]string{"sales": {"users-v1": "perhaps"}}}))
	if err == nil || !strings.Contains(err.Error(), `assumption "users-v1": answer "perhaps" is not one of sunset, keep, for the account "sales"`) {
		t.Errorf("a wrong answer: %v", err)
	}
}
