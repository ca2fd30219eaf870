package control

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

func TestControlClock(t *testing.T) {
	w := controlled(t)
	w.ask("GET", "/_fake/clock", "").want(200, `{"now":"2026-03-02T12:00:00Z","speed":0}`+"\n")
	w.ask("POST", "/_fake/clock", `{"advance":"61.5s"}`).want(200, `{"now":"2026-03-02T12:01:01.5Z","speed":0}`+"\n")
	w.ask("POST", "/_fake/clock", `{"set":"2026-03-02T14:00:00+01:00"}`).want(200, `{"now":"2026-03-02T13:00:00Z","speed":0}`+"\n")
	if !w.Now().Equal(noon.Add(time.Hour)) {
		t.Errorf("it is %s", w.Now())
	}
	w.ask("POST", "/_fake/clock", `{"set":"2026-03-02T14:00:00Z","speed":60}`).wantStatus(200)
	if w.Speed() != 60 || w.Now().Before(noon.Add(2*time.Hour)) {
		t.Errorf("it is %s, speed %g", w.Now(), w.Speed())
	}
	w.ask("POST", "/_fake/clock", `{"speed":0}`).wantStatus(200)
	now := w.Now()
	for body, want := range map[string]string{
		`{}`: "a clock needs one of advance, set and speed",
		`{"advance":"1s","set":"2026-03-02T15:00:00Z"}`: "a clock needs one of",
		`{"advance":"-1s"}`:                             "the clock does not go back",
		`{"set":"2026-03-02T12:00:00Z"}`:                "does not go back to 2026-03-02T12:00:00Z",
		`{"advance":60}`:                                `advance: that is not a duration such as "6s" or "1h30m"`,
		`{"set":"tomorrow"}`:                            `set: that is not an instant such as`,
		`{"speed":"fast"}`:                              "speed: that is not a number",
		`{"advance":"1s","speed":-1}`:                   "speed -1: give 0 to 3600",
		`{"advance":"1000000h"}`:                        "the fake's clock cannot show 2140-",
	} {
		if a := w.ask("POST", "/_fake/clock", body).wantStatus(400); !strings.Contains(a.text("error"), want) {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	if !w.Now().Equal(now) {
		t.Error("a refused request moved the clock")
	}
}

func TestControlCalls(t *testing.T) {
	w := controlled(t, func(o *fakeaircall.Options) {
		o.Scale, o.Assume = fakeaircall.ScaleSmall, map[string]string{"call-finalization": "at-once"}
	})
	a := w.ask("POST", "/_fake/calls", `{"account":"default","direction":"inbound","from":"+33199000042","outcome":"answered","ring":"6s","talk":"60s"}`).wantStatus(201)
	id := a.at("call.id")
	if a.body != `{"call":{"id":`+id+"}}\n" {
		t.Errorf("got %s", a.body)
	}
	if got := w.get("/v1/calls/" + id).text("call.status"); got != "initial" {
		t.Errorf("the call is %s", got)
	}
	w.ask("POST", "/_fake/clock", `{"advance":"2m"}`).wantStatus(200)
	if got := w.get("/v1/calls/"+id).text("call.status") + w.get("/v1/calls/"+id).at("call.duration"); got != "done66" {
		t.Errorf("the call is %s", got)
	}
	events := w.ask("GET", "/_fake/events?account=default&name=call.created", "").wantStatus(200)
	if got := events.at("events.0.data.id"); got != id {
		t.Errorf("the events are about call %s", got)
	}
	seq := events.at("events.0.seq")
	w.ask("GET", "/_fake/events?name=call.created&since="+seq, "").want(200, `{"events":[]}`+"\n")

	id = w.ask("POST", "/_fake/calls", `{}`).wantStatus(201).at("call.id")
	w.ask("POST", "/_fake/calls/"+id+"/actions", `{"do":"answer"}`).wantStatus(200)
	w.ask("POST", "/_fake/calls/"+id+"/actions", `{"account":"default","do":"hangup"}`).want(200, `{"call":{"id":`+id+"}}\n")
	if got := w.get("/v1/calls/" + id).text("call.status"); got != "done" {
		t.Errorf("the call is %s", got)
	}
	for _, c := range []struct {
		path, body string
		status     int
		want       string
	}{
		{"/_fake/calls", `{"account":"acme"}`, 404, `there is no account "acme", but default, sales, support`},
		{"/_fake/calls", `{"outcome":"lost"}`, 400, `outcome "lost": give one of answered, missed, voicemail, declined, callback`},
		{"/_fake/calls", `{"outcom":"missed"}`, 400, "there is no field outcom"},
		{"/_fake/calls", `{"then":[{"do":"hangup","after":"soon"}]}`, 400, `then[0].after: that is not a duration`},
		{"/_fake/calls", `{"then":{"do":"hangup"}}`, 400, `then: that is not a list`},
		{"/_fake/calls", `{"number_id":"7"}`, 400, `number_id: that is not a whole number`},
		{"/_fake/calls", `{"number_id":`, 400, `the body is not JSON`},
		{"/_fake/calls", `[]`, 400, `the body: that is not an object`},
		{"/_fake/calls/999/actions", `{"do":"hangup"}`, 404, `has no call 999`},
		{"/_fake/calls/x/actions", `{"do":"hangup"}`, 404, `has no call`},
		{"/_fake/calls/" + id + "/actions", `{"do":"answer"}`, 409, ``},
	} {
		a := w.ask("POST", c.path, c.body).wantStatus(c.status)
		if !strings.Contains(a.text("error"), c.want) || a.text("hint") == "" {
			t.Errorf("%s %s: %s", c.path, c.body, a.body)
		}
	}
	w.ask("POST", "/_fake/messages", `{"from":"+33199000042","body":"Hello","participants":["+33199000043"]}`).wantStatus(201)
	w.ask("POST", "/_fake/messages", `{"from":"+33199000042","body":"Hello","number_id":99}`).wantStatus(404)
	w.ask("POST", "/_fake/messages", `{"from":"me","body":"Hello"}`).wantStatus(400)
	campaign := w.ask("POST", "/_fake/campaigns", `{"contacts":["+33199000042"],"call_attempts":1,"outcomes":["Booked"]}`).wantStatus(201).text("campaign.id")
	if a := w.ask("GET", "/_fake/campaigns?text=simulated", "").wantStatus(200); a.at("total") != "1" || a.text("campaigns.0.id") != campaign || a.text("campaigns.0.status") != "in_progress" {
		t.Errorf("campaigns %s", a.body)
	}
	w.ask("GET", "/_fake/campaigns/"+campaign, "").wantStatus(200)
	w.ask("GET", "/_fake/campaigns/x", "").wantStatus(404)
	w.ask("POST", "/_fake/campaigns", `{"outcomes":["Sold"]}`).wantStatus(400)
	w.ask("POST", "/_fake/campaigns", `{"id":"x"}`).wantStatus(404)
	w.ask("POST", "/_fake/campaigns", `{"id":"`+campaign+`","outcomes":["No Answer"]}`).wantStatus(201)
	w.ask("POST", "/_fake/campaigns", `{"id":"`+campaign+`","call_attempts":2}`).wantStatus(400)
	w.ask("DELETE", "/_fake/numbers/abc", "").wantStatus(400)
	w.ask("POST", "/_fake/users/99/presence", `{"do":"open"}`).wantStatus(404)
	w.ask("POST", "/_fake/traffic", `{"account":"sales","calls_per_day":400}`).want(200, `{"account":"sales","calls_per_day":400}`+"\n")
	w.ask("POST", "/_fake/traffic", `{"calls_per_day":0}`).want(200, `{"account":"default","calls_per_day":0}`+"\n")
	w.ask("POST", "/_fake/traffic", `{"calls_per_day":-1}`).wantStatus(400)
	w.ask("POST", "/_fake/clock", `{"advance":"3h"}`).wantStatus(200)
	if a := w.ask("GET", "/_fake/events?account=sales&name=call.created", ""); strings.Count(a.body, `"call.created"`) < 20 {
		t.Errorf("the traffic of three hours: %.300s", a.body)
	}
}

func TestControlFaults(t *testing.T) {
	w := world{fakeaircall.RunT(t, checked(t, fakeaircall.Options{Scale: fakeaircall.ScaleEmpty, Clock: noon, RateLimit: fakeaircall.NoRateLimit, Control: New}, "create-a-contact: status")), t}
	made := w.ask("POST", "/_fake/faults", `{"op":"create-a-contact","account":"default","times":1,"probability":1,"status":503,"delay":"10ms"}`).wantStatus(201)
	want := `{"id":"fault-1","op":"create-a-contact","account":"default","method":"","path":"","times":1,"probability":1,"status":503,"body":"","retry_after":"0s",` +
		`"late":false,"delay":"10ms","reset":false,"truncate":false,"malformed":false,"content_type":"","headers":{},"slow":0,"stale":"0s","search_lag":"0s","hits":0,"ended":false}`
	if got := made.at("fault"); got != want {
		t.Errorf("made\n%s\nwant\n%s", got, want)
	}
	w.send("POST", "/v1/contacts", kim).want(503, `{"message":"Service Unavailable"}`)
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	if got := w.ask("GET", "/_fake/faults", ""); got.at("faults.0.hits") != "1" || got.at("faults.0.ended") != "true" {
		t.Errorf("listed %s", got.body)
	}
	w.ask("DELETE", "/_fake/faults/fault-9", "").want(404, `{"error":"there is no such rule","given":"fault-9","hint":"GET /_fake/faults lists them"}`+"\n")
	w.ask("DELETE", "/_fake/faults/fault-1", "").want(200, `{"removed":1}`+"\n")
	w.ask("POST", "/_fake/faults", `{"reset":true}`).wantStatus(201)
	w.ask("DELETE", "/_fake/faults", "").want(200, `{"removed":1}`+"\n")
	w.ask("GET", "/_fake/faults", "").want(200, `{"faults":[]}`+"\n")
	w.ask("POST", "/_fake/faults", `{"op":"ping"}`).want(400, `{"error":"fault: it does nothing: give one of status, delay, reset, truncate, malformed, content_type, headers, slow, stale, search_lag",`+
		`"given":"POST /_fake/faults","hint":"add-fault is described in /_fake/control.json"}`+"\n")
}

func TestControlRequests(t *testing.T) {
	w := controlled(t)
	w.send("POST", "/v1/tags", `{"name":"one","color":"#00ff00","hue":"red"}`).wantStatus(201)
	w.sendAs("Bearer fake-sales-bearer", "GET", "/v1/ping?x=1&token=canary", "")
	w.get("/v1/contact")
	w.ask("GET", "/_fake/health", "").want(200, `{"status":"ok","now":"2026-03-02T12:00:00Z","rate_limit":0,"url":"`+w.URL()+`","sandbox":false}`+"\n")
	ops := func(query string) string {
		return strings.Join(w.ask("GET", "/_fake/requests"+query, "").wantStatus(200).list("requests", "op"), ",")
	}
	for query, want := range map[string]string{
		"": "create-a-tag,ping,", "?op=ping": "ping", "?account=sales": "ping", "?method=POST": "create-a-tag", "?path=/v1/contact": "",
		"?status=201": "create-a-tag", "?unknown=true": "create-a-tag,ping,", "?since=2": "", "?op=ping&account=default": "",
	} {
		if got := ops(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	a := w.ask("GET", "/_fake/requests", "")
	if a.at("requests.0.unknown_parameters") != `["hue"]` || a.at("requests.2.unknown_route") != "true" || a.at("requests.2.op") != `""` || a.text("requests.1.query") != "x=1&token=[removed]" || strings.Contains(a.body, `"reply"`) {
		t.Errorf("got %s", a.body)
	}
	a = w.ask("GET", "/_fake/requests?detail=true&op=create-a-tag", "")
	if a.text("requests.0.request.body") != `{"name":"one","color":"#00ff00","hue":"red"}` || a.at("requests.0.request.headers.Authorization") != `["Basic [removed]"]` || !strings.HasPrefix(a.text("requests.0.reply.body"), `{"tag":{"id":`) {
		t.Errorf("got %s", a.body)
	}
	// Waiting ends when the request comes, or the time is up.
	var wg sync.WaitGroup
	wg.Go(func() {
		if a := w.ask("GET", "/_fake/requests?op=create-a-contact&wait=1m", ""); a.at("requests.0.status") != "201" {
			t.Errorf("got %s", a.body)
		}
	})
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	wg.Wait()
	w.ask("GET", "/_fake/requests?op=delete-a-contact&wait=1ms", "").want(200, `{"requests":[]}`+"\n")
	for query, want := range map[string]string{
		"?wait=2": "wait: that is not a duration", "?wait=2m": "wait: that is not a duration from 0s to 1m", "?status=ok": "status: that is not a status",
		"?since=-1": "since: that is not a number", "?unknown=perhaps": "unknown: that is not true or false",
		"?operation=x": "there is no parameter operation", "?op=a&op=b": "the parameter op comes twice",
	} {
		if a := w.ask("GET", "/_fake/requests"+query, "").wantStatus(400); !strings.HasPrefix(a.text("error"), want) {
			t.Errorf("%s: %s", query, a.body)
		}
	}
	w.ask("GET", "/_fake/requests", `{"op":"ping"}`).wantStatus(400)
}

func TestControlPaths(t *testing.T) {
	w := controlled(t)
	w.ask("GET", "/_fake/", "").wantStatus(404)
	if a := w.ask("GET", "/_fake/clocks", "").wantStatus(404); !strings.Contains(a.text("hint"), "POST /_fake/clock,") {
		t.Errorf("got %s", a.body)
	}
	a := w.ask("PUT", "/_fake/clock", "")
	a.want(405, `{"error":"this path does not support the method","given":"PUT /_fake/clock","hint":"use GET or POST"}`+"\n")
	if a.header.Get("Allow") != "GET, POST" {
		t.Errorf("headers %v", a.header)
	}
	w.ask("POST", "/_fake/calls", `{"from":"`+strings.Repeat("x", maxBody)+`"}`).wantStatus(413)
	if got := w.Requests(fakeaircall.RequestFilter{}); len(got) != 0 {
		t.Errorf("the request log has %v", got)
	}
	// Without the option there is no such path.
	off := controlled(t, func(o *fakeaircall.Options) { o.Control = nil })
	off.ask("GET", "/_fake/health", "").want(404, `{"message":"Not Found"}`)
}

// Who may not use the control API.
func TestControlAccess(t *testing.T) {
	const token = "canary-token"
	for _, c := range []struct {
		name    string
		token   bool
		method  string
		peer    string
		host    string
		headers string
		status  int
	}{
		{"this machine", false, "POST", "127.0.0.1:5", "127.0.0.1:8787", "", 200},
		{"this machine by name", false, "POST", "[::1]:5", "localhost", "", 200},
		{"another machine", false, "GET", "192.0.2.7:5", "127.0.0.1", "", 403},
		{"a proxy", false, "GET", "127.0.0.1:5", "127.0.0.1", "X-Forwarded-For: 192.0.2.7", 403},
		{"a name that leads here", false, "GET", "127.0.0.1:5", "evil.example.com:8787", "", 403},
		{"a page of another site", false, "POST", "127.0.0.1:5", "127.0.0.1:8787", "Sec-Fetch-Site: cross-site", 403},
		{"a page of another port", false, "POST", "127.0.0.1:5", "127.0.0.1:8787", "Sec-Fetch-Site: same-site", 403},
		{"a page of an older browser", false, "DELETE", "127.0.0.1:5", "127.0.0.1:8787", "Origin: http://evil.example.com", 403},
		{"its own page", false, "POST", "127.0.0.1:5", "127.0.0.1:8787", "Origin: http://127.0.0.1:8787", 200},
		{"no token", true, "GET", "127.0.0.1:5", "127.0.0.1", "", 401},
		{"another token", true, "GET", "127.0.0.1:5", "127.0.0.1", "Authorization: Bearer canary", 401},
		{"the token, from another machine", true, "POST", "192.0.2.7:5", "fake.example.com", "Authorization: Bearer " + token, 200},
		{"the token, from a page of another site", true, "POST", "192.0.2.7:5", "fake.example.com", "Authorization: Bearer " + token + "\nOrigin: http://evil.example.com", 403},
	} {
		o := fakeaircall.Options{Scale: fakeaircall.ScaleEmpty, Clock: noon}
		control := Options{}
		if c.token {
			control.Token = token
		}
		o.Control = control.New
		srv, err := fakeaircall.New(checked(t, o))
		if err != nil {
			t.Fatal(err)
		}
		path := map[string]string{"GET": "/_fake/clock", "POST": "/_fake/reset", "DELETE": "/_fake/faults"}[c.method]
		req := httptest.NewRequest(c.method, path, nil)
		req.RemoteAddr, req.Host = c.peer, c.host
		for line := range strings.Lines(c.headers) {
			name, v, _ := strings.Cut(strings.TrimSpace(line), ": ")
			req.Header.Set(name, v)
		}
		rec := httptest.NewRecorder()
		srv.Handler().ServeHTTP(rec, req)
		if rec.Code != c.status {
			t.Errorf("%s: %d %s, want %d", c.name, rec.Code, rec.Body, c.status)
		}
		var failed apiError
		if json.Unmarshal(rec.Body.Bytes(), &failed); c.status >= 400 && (failed.Problem == "" || failed.Given == "" || failed.Hint == "") {
			t.Errorf("%s: %s", c.name, rec.Body)
		}
		if strings.Contains(rec.Body.String(), "canary") {
			t.Errorf("%s: a secret in %s", c.name, rec.Body)
		}
	}
	if _, err := fakeaircall.New(checked(t, fakeaircall.Options{Control: Options{Token: "canary token"}.New})); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}

func TestControlAccounts(t *testing.T) {
	accounts := append(fakeaircall.StandardAccounts()[:1], fakeaircall.Account{Name: "acme", Bearer: "canary"}, fakeaircall.Account{Name: "sales", APIID: "canary", APIToken: "canary"})
	w := controlled(t, func(o *fakeaircall.Options) { o.Accounts = accounts })
	w.ask("GET", "/_fake/accounts", "").want(200, `{"accounts":[{"name":"default","user":"owner@default.example.com","api_id":"fake-default-id","api_token":"fake-default-token","bearer":"fake-default-bearer"},`+
		`{"name":"acme","user":"owner@acme.example.com"},{"name":"sales","user":"owner@sales.example.com"}]}`+"\n")
}

func TestListenControl(t *testing.T) {
	srv := fakeaircall.RunT(t, checked(t, fakeaircall.Options{Scale: fakeaircall.ScaleEmpty, Clock: noon, AllowUnknownRoutes: true}))
	if srv.ControlURL() != "" {
		t.Errorf("listens on %s before ListenControl", srv.ControlURL())
	}
	h, err := New(srv)
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.ListenControl("127.0.0.1:0", h); err != nil {
		t.Fatal(err)
	}
	world{srv, t}.ask("GET", "/_fake/health", "").wantStatus(404)
	resp, err := http.Get(srv.ControlURL() + "/_fake/health")
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%v %v", resp, err)
	}
	resp.Body.Close()
	if err := srv.Close(); err != nil || srv.ControlURL() != "" {
		t.Errorf("closed: %v, listens on %q", err, srv.ControlURL())
	}
}

// After a reset the bytes are those of a fresh server.
func TestReset(t *testing.T) {
	fresh := controlled(t, func(o *fakeaircall.Options) { o.Scale = fakeaircall.ScaleSmall })
	w := controlled(t, func(o *fakeaircall.Options) { o.Scale = fakeaircall.ScaleSmall })
	read := func(w world) string {
		var all strings.Builder
		for _, path := range []string{"/v1/contacts/5678", "/v1/calls?per_page=50&fetch_contact=true", "/v1/contacts?per_page=50", "/v2/users", "/v1/tags", "/v1/webhooks", "/v1/numbers"} {
			a := w.get(path)
			all.WriteString(strings.ReplaceAll(a.body, w.URL(), "") + a.header.Get("X-Request-Id") + a.header.Get("Date") + "\n")
		}
		return all.String()
	}
	w.send("POST", "/v1/contacts/5678", `{"first_name":"New"}`).wantStatus(200)
	w.send("DELETE", "/v1/calls/12345/recording", "")
	w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"https://hooks.example.com/in"}`).wantStatus(201)
	w.ask("POST", "/_fake/faults", `{"op":"ping","status":500}`).wantStatus(201)
	w.ask("POST", "/_fake/traffic", `{"calls_per_day":1000}`).wantStatus(200)
	w.ask("POST", "/_fake/clock", `{"advance":"3h","speed":5}`).wantStatus(200)
	w.Revoke("fake-sales-bearer")
	w.sendAs("Bearer fake-sales-bearer", "GET", "/v1/ping", "").wantStatus(403)
	w.ask("POST", "/_fake/reset", "").want(200, `{"now":"2026-03-02T12:00:00Z","speed":0}`+"\n")
	if got := w.Requests(fakeaircall.RequestFilter{}); len(got) != 0 {
		t.Errorf("the request log has %v", got)
	}
	w.sendAs("Bearer fake-sales-bearer", "GET", "/v1/ping", "").wantStatus(200)
	fresh.sendAs("Bearer fake-sales-bearer", "GET", "/v1/ping", "").wantStatus(200)
	if one, two := read(fresh), read(w); one != two {
		t.Errorf("after a reset:\n%.2000s\nfresh:\n%.2000s", two, one)
	}
	w.Advance(24 * time.Hour)
	if a := w.ask("GET", "/_fake/events?name=call.created", ""); a.body != "{\"events\":[]}\n" {
		t.Errorf("calls in a day without traffic: %.300s", a.body)
	}
	if r := w.Requests(fakeaircall.RequestFilter{})[0]; r.Seq < 4 {
		t.Errorf("the count of requests began anew: %d", r.Seq)
	}
}

// Resets while everybody reads and writes; the race detector watches.
func TestResetUnderWay(t *testing.T) {
	w := controlled(t, func(o *fakeaircall.Options) { o.Speed = 60 })
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				w.send("POST", "/v1/contacts", kim).wantStatus(201)
				w.get("/v1/contacts").wantStatus(200)
				w.ask("POST", "/_fake/clock", `{"advance":"1h"}`).wantStatus(200)
				w.ask("GET", "/_fake/events", "").wantStatus(200)
			}
		})
	}
	for range 20 {
		w.Reset()
		if w.Now().Sub(noon) > 365*24*time.Hour {
			t.Errorf("it is %s", w.Now())
		}
	}
	close(stop)
	wg.Wait()
	w.Reset()
	if got := w.get("/v1/contacts").at("meta.total"); got != "1" { // that of a new company
		t.Errorf("%s contacts after a reset", got)
	}
}

// Every route of the control API has an example that its own reader takes, and a
// reply in the form of the one in the table.
func TestControlTable(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range routes() {
		if seen[r.op] || seen[r.method+r.path] || r.about == "" || !strings.HasPrefix(r.path, basePath) {
			t.Errorf("%s %s %s", r.op, r.method, r.path)
		}
		seen[r.op], seen[r.method+r.path] = true, true
		if r.takes != nil && !r.free() {
			in, err := decode(r.takes, shown(r.takes))
			if err != nil || !reflect.DeepEqual(in, r.takes) {
				t.Errorf("%s: %s is read as %+v, %v", r.op, shown(r.takes), in, err)
			}
			for _, f := range fieldsOf(reflect.TypeOf(r.takes)) {
				if f.about == "" {
					t.Errorf("%s: %s has no description", r.op, f.name)
				}
			}
		}
	}
}

// The document describes just the routes of the table, and every reference in it
// leads somewhere.
func TestControlDocument(t *testing.T) {
	w := controlled(t)
	a := w.ask("GET", "/_fake/control.json", "").wantStatus(200)
	var doc struct {
		OpenAPI    string
		Paths      map[string]map[string]struct{ OperationID string }
		Components struct{ Schemas, Responses map[string]any }
	}
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.0") {
		t.Fatalf("%v: %s", err, doc.OpenAPI)
	}
	var got, want []string
	for path, item := range doc.Paths {
		for method, op := range item {
			got = append(got, strings.ToUpper(method)+" "+path+" "+op.OperationID)
		}
	}
	for _, r := range routes() {
		want = append(want, r.method+" "+r.path+" "+r.op)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("described %q\nroutes %q", got, want)
	}
	for _, part := range strings.Split(a.body, `"$ref":"#/components/`)[1:] {
		ref, _, _ := strings.Cut(part, `"`)
		kind, name, _ := strings.Cut(ref, "/")
		if m := map[string]map[string]any{"schemas": doc.Components.Schemas, "responses": doc.Components.Responses}[kind]; m[name] == nil {
			t.Errorf("no %s", ref)
		}
	}
	if a := w.ask("GET", "/_fake/openapi.json", "").wantStatus(200); !strings.Contains(a.body, `"operationId":"create-a-contact"`) {
		t.Errorf("Aircall's contract: %.200s", a.body)
	}
	for _, r := range routes() { // and each is served
		path := strings.NewReplacer("{id}", "1", "{name}", "before").Replace(r.path)
		body := ""
		if r.takes != nil && !r.free() {
			body = string(shown(r.takes))
		}
		if a := w.ask(r.method, path, body); a.status == 405 || a.status == 404 && strings.Contains(a.body, "no such path") || a.status >= 500 {
			t.Errorf("%s: %d %s", r.op, a.status, a.body)
		}
	}
}

func TestControlDeliveries(t *testing.T) {
	status := 500
	rec := newReceiver(t, func() int { return status })
	w := controlled(t)
	hook := w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"`+rec.URL+`/in?key=canary","events":["contact.created"]}`).wantStatus(201)
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	w.Advance(0)
	a := w.ask("GET", "/_fake/deliveries?account=default&event=contact.created&state=retrying&webhook="+hook.text("webhook.webhook_id"), "").wantStatus(200)
	if a.at("deliveries.0.attempts.0.status") != "500" || a.at("totals.pending") != "1" || strings.Contains(a.body, "canary") || strings.Contains(a.body, hook.text("webhook.token")) {
		t.Errorf("got %s", a.body)
	}
	id := a.at("deliveries.0.id")
	status = 200
	again := w.ask("POST", "/_fake/deliveries/"+id+"/redeliver", "").wantStatus(201).at("delivery.id")
	w.ask("POST", "/_fake/clock", `{"advance":"0s"}`).wantStatus(200)
	if got := w.ask("GET", "/_fake/deliveries?state=delivered", "").list("deliveries", "id"); !slices.Equal(got, []string{again}) {
		t.Errorf("delivered %q, want %s", got, again)
	}
	w.ask("GET", "/_fake/deliveries?account=sales", "").want(200, `{"deliveries":[],"totals":{"pending":0,"delivered":0,"failed":0,"dropped":0}}`+"\n")
	w.ask("POST", "/_fake/deliveries/9999/redeliver", "").wantStatus(404)
	w.ask("GET", "/_fake/deliveries?account=acme", "").wantStatus(404)
	if a := w.ask("GET", "/_fake/deliveries?state=lost", "").wantStatus(400); a.text("hint") != "give one of [pending retrying delivered failed dropped]" {
		t.Errorf("got %s", a.body)
	}
}

// A reset waits for no receiver, and what was under way does not count afterwards.
func TestResetCutsDeliveries(t *testing.T) {
	status := 0
	rec := newReceiver(t, func() int { return status })
	w := controlled(t)
	hook := `{"custom_name":"x","url":"` + rec.URL + `/in","events":["contact.created"]}`
	w.send("POST", "/v1/webhooks", hook).wantStatus(201)
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	<-rec.more // it hangs
	start := time.Now()
	w.ask("POST", "/_fake/reset", "").wantStatus(200)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("a reset took %s", took)
	}
	w.ask("GET", "/_fake/deliveries", "").want(200, `{"deliveries":[],"totals":{"pending":0,"delivered":0,"failed":0,"dropped":0}}`+"\n")
	status = 204
	w.send("POST", "/v1/webhooks", hook).wantStatus(201)
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	w.Advance(time.Second)
	if a := w.ask("GET", "/_fake/deliveries", ""); a.at("totals.delivered") != "1" || a.at("deliveries.0.attempts.0.status") != "204" {
		t.Errorf("after a reset: %s", a.body)
	}
}

// docs/control.md is generated from the table.
func TestControlPage(t *testing.T) {
	const page = "../../docs/control.md"
	want := controlPage()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/control.md differs from the table; go test ./fakeaircall/control -update writes it (-want +got):\n%s", diff)
	}
}

// controlPage writes the page.
func controlPage() string {
	var b strings.Builder
	b.WriteString(`# The control API

The paths below ` + "`/_fake/`" + ` control the fake. ` + "`aircallkit serve`" + ` serves them on the address of the API, or with
` + "`--control-addr`" + ` on their own address. In Go, ` + "`Options.Control`" + ` turns them on; the methods of ` + "`Server`" + ` do the same without them.

Aircall credentials are not needed. Without a token only this machine has access, by ` + "`localhost`" + ` or an address, and not through
a proxy; the published port of a container is a proxy. ` + "`AIRCALLKIT_CONTROL_TOKEN`" + ` or ` + "`--control-token-file`" + ` sets a token, which every
request then sends as ` + "`Authorization: Bearer`" + `, or as the password of Basic. Pages of other sites cannot change anything, and webhook
deliveries have no access. The web page for people is at ` + "`/_fake/`" + `. Its forms carry a token of the page: programs use the paths below.

Bodies are JSON; durations are written ` + "`6s`, `1h30m`" + `. Errors are ` + "`{\"error\",\"given\",\"hint\"}`" + ` with a status of 400 (a mistake), 401
(no token), 403 (no access), 404 (not found), 405, 409 (a conflict with the state) or 413 (too large). ` + "`/_fake/control.json`" + ` describes
the API in OpenAPI. ` + "`/_fake/metrics`" + ` is for Prometheus, if ` + "`aircallkit serve`" + ` or ` + "`control.Options.Metrics`" + ` serves it.
`)
	for _, r := range routes() {
		fmt.Fprintf(&b, "\n## %s %s\n\n%s\n", r.method, r.path, r.about)
		if len(r.params) > 0 {
			b.WriteString("\n| parameter | | example |\n|---|---|---|\n")
			for _, p := range r.params {
				fmt.Fprintf(&b, "| `%s` | %s | `%s` |\n", p.name, p.about, p.example)
			}
		}
		if r.free() {
			b.WriteString("\nThe body is any JSON.\n")
		} else if r.takes != nil {
			b.WriteString("\n| field | |\n|---|---|\n")
			for _, f := range fieldsOf(reflect.TypeOf(r.takes)) {
				fmt.Fprintf(&b, "| `%s` | %s |\n", f.name, f.about)
			}
			fmt.Fprintf(&b, "\n```json\n%s\n```\n", shown(r.takes))
		}
		if r.gives != nil {
			reply, _ := json.Marshal(r.gives)
			fmt.Fprintf(&b, "\nReplies with %d:\n\n```json\n%s\n```\n", r.status, reply)
		}
	}
	return b.String()
}

func TestControlNumbers(t *testing.T) {
	w := controlled(t, func(o *fakeaircall.Options) { o.Scale = fakeaircall.ScaleSmall })
	id := w.ask("POST", "/_fake/numbers", `{"account":"sales","name":"Paris","digits":"+33199001234","time_zone":"Europe/Paris","users":["owner@sales.example.com"]}`).wantStatus(201).at("number.id")
	n := w.ask("GET", "/_fake/numbers/"+id+"?account=sales", "").wantStatus(200)
	for path, want := range map[string]string{"number.name": "Paris", "number.digits": "+33 1 99 00 12 34", "number.country": "FR", "number.time_zone": "Europe/Paris"} {
		if got := n.text(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	for body, want := range map[string]string{
		`{"account":"sales","name":"Lyon"}`:                              "digits is missing",
		`{"account":"sales","name":"Lyon","digits":"+33 1 99 00 12 34"}`: "digits: ",
		`{"account":"sales","digits":"+33199001235","users":["x"]}`:      "name is missing",
	} {
		if a := w.ask("POST", "/_fake/numbers", body).wantStatus(400); !strings.Contains(a.text("error"), want) {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	w.ask("DELETE", "/_fake/numbers/"+id, `{"account":"default"}`).wantStatus(404)
	w.ask("DELETE", "/_fake/numbers/"+id, `{"account":"sales"}`).wantStatus(200)
	w.ask("DELETE", "/_fake/numbers/"+id, `{"account":"sales"}`).wantStatus(404)
	w.ask("GET", "/_fake/numbers/"+id+"?account=sales", "").wantStatus(404)
	events, err := w.Events("sales")
	if err != nil || len(events) != 2 || events[0].Name != "number.created" || events[1].Name != "number.deleted" {
		t.Errorf("events %+v, %v", events, err)
	}
}
