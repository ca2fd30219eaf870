package ui_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/fakeaircall/control"
	"github.com/aircallkit/aircallkit/fakeaircall/control/ui"
	"github.com/aircallkit/aircallkit/internal/contract"
)

// A Monday morning at which lines are open.
var monday = time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)

// checked has every exchange with the fake's API held against Aircall's contract.
func checked(t contract.TB, o fakeaircall.Options) fakeaircall.Options {
	t.Helper()
	enforce := contract.Enforce(t, fakeaircall.OpenAPI())
	o.Wrap = func(h http.Handler) http.Handler {
		aircall := enforce(h)
		return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			if req.URL.Path == "/" || strings.HasPrefix(req.URL.Path, "/_fake") {
				h.ServeHTTP(w, req)
				return
			}
			aircall.ServeHTTP(w, req)
		})
	}
	return o
}

func fake(t *testing.T, change ...func(*fakeaircall.Options)) *fakeaircall.Server {
	t.Helper()
	o := fakeaircall.Options{
		Scale: fakeaircall.ScaleSmall, Clock: monday, RateLimit: fakeaircall.NoRateLimit,
		Control: control.Options{Page: true}.New, AllowUnknownRoutes: true,
	}
	for _, f := range change {
		f(&o)
	}
	return fakeaircall.RunT(t, checked(t, o))
}

// call asks the fake's API as a client of the account default.
func call(t *testing.T, srv *fakeaircall.Server, method, path, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	_, got := answer(t, req)
	return got
}

func answer(t *testing.T, req *http.Request) (*http.Response, string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(got)
}

// get is a page that must be there.
func get(t *testing.T, srv *fakeaircall.Server, path string, status int) string {
	t.Helper()
	req, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL()+"/_fake/"+path, nil)
	resp, got := answer(t, req)
	if resp.StatusCode != status {
		t.Fatalf("%s: %s\n%s", path, resp.Status, got)
	}
	return got
}

// post sends a form as a browser would, and says where it leads.
func post(t *testing.T, srv *fakeaircall.Server, deed string, pairs ...string) (status int, to, body string) {
	t.Helper()
	form := url.Values{"csrf": {csrf(t, srv)}, "account": {"default"}, "back": {"/_fake/"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req, _ := http.NewRequestWithContext(t.Context(), "POST", srv.URL()+"/_fake/page/do/"+deed, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, got := answer(t, req)
	return resp.StatusCode, resp.Header.Get("Location"), got
}

// csrf is the token in the forms of the page.
func csrf(t *testing.T, srv *fakeaircall.Server) string {
	t.Helper()
	found := regexp.MustCompile(`name="csrf" value="(\w{26})"`).FindStringSubmatch(get(t, srv, "", 200))
	if found == nil {
		t.Fatal("the forms have no token")
	}
	return found[1]
}

func did(t *testing.T, srv *fakeaircall.Server, deed string, pairs ...string) {
	t.Helper()
	if status, _, body := post(t, srv, deed, pairs...); status != http.StatusSeeOther {
		t.Fatalf("%s %q: %d %s", deed, pairs, status, noticed(body))
	}
}

// noticed is what a page says was wrong.
func noticed(body string) string {
	_, rest, _ := strings.Cut(body, `<div id="notice" data-live>`)
	notice, _, _ := strings.Cut(rest, "</div>")
	return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(notice, " ")
}

var menu = []string{"", "page/contacts", "page/users", "page/numbers", "page/tags", "page/webhooks", "page/events", "page/requests", "page/faults", "page/clock", "page/snapshots"}

// Every view is whole, in no need of anything from elsewhere, and says so.
func TestViews(t *testing.T) {
	srv := fake(t)
	call(t, srv, "GET", "/v1/ping", "")
	for _, path := range append(menu, "page/request?seq=1") {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL()+"/_fake/"+path, nil)
		resp, body := answer(t, req)
		if resp.StatusCode != 200 || !strings.HasSuffix(body, "</html>\n") || noticed(body) != "" {
			t.Errorf("%s: %s %s", path, resp.Status, noticed(body))
		}
		if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: %s", path, csp)
		}
		for _, link := range regexp.MustCompile(`(?:src|href|action)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			if !strings.HasPrefix(link[1], "/_fake/") && !strings.HasPrefix(link[1], "#") {
				t.Errorf("%s leads to %s", path, link[1])
			}
		}
		if regexp.MustCompile(`(?i) style=| on[a-z]+=|<script>`).MatchString(body) {
			t.Errorf("%s has what the policy forbids", path)
		}
		for _, wanted := range []string{`<html lang="en">`, `<main id="main"`, `<nav class="menu" aria-label=`, `class="skip" href="#main"`, "<h1"} {
			if !strings.Contains(body, wanted) {
				t.Errorf("%s has no %s", path, wanted)
			}
		}
		ids := map[string]bool{}
		for _, id := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			if ids[id[1]] {
				t.Errorf("%s has two elements %s", path, id[1])
			}
			ids[id[1]] = true
		}
	}
	if got := len(srv.Requests(fakeaircall.RequestFilter{})); got != 1 {
		t.Errorf("looking left %d requests in the request log", got-1)
	}
	for path, kind := range map[string]string{"page/static/page.css": "text/css", "page/static/page.js": "text/javascript", "page/static/icon.svg": "image/svg+xml"} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL()+"/_fake/"+path, nil)
		if resp, _ := answer(t, req); resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), kind) {
			t.Errorf("%s: %s %s", path, resp.Status, resp.Header)
		}
	}
}

func TestMistakenAddresses(t *testing.T) {
	srv := fake(t)
	for path, want := range map[string]string{
		"?account=acme":            "there is no such account",
		"page/contacts?page=0":     "page: that is not a number from 1",
		"page/contacts?page=x":     "page: that is not a number from 1",
		"page/request?seq=x":       "that is not the number of a request",
		"page/request?seq=99":      "the request log no longer has this request",
		"page/requests?status=ok":  "status: that is not a status",
		"page/requests?before=-1":  "before: that is not a number",
		"page/webhooks?state=lost": "there is no state &#34;lost&#34;",
		"page/snapshots?diff=none": "there is no snapshot",
	} {
		status := 400
		if slices.ContainsFunc([]string{"no such account", "no longer has", "no snapshot"}, func(s string) bool { return strings.Contains(want, s) }) {
			status = 404
		}
		if got := noticed(get(t, srv, path, status)); !strings.Contains(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// An address without a page has its own page, and for programs the error of the control API.
func TestMissingPage(t *testing.T) {
	srv := fake(t)
	for _, path := range []string{"page/nothing", "nothing", "page/do/nothing", "page/%3Cscript%3E"} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL()+"/_fake/"+path, nil)
		req.Header.Set("Accept", "text/html,*/*;q=0.8")
		resp, body := answer(t, req)
		if resp.StatusCode != 404 || !strings.Contains(body, "<h1>Page not found</h1>") || strings.Contains(body, "<script>") || strings.Contains(body, "Live calls") || resp.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %s %s", path, resp.Status, body)
		}
	}
	if body := get(t, srv, "nothing", 404); !strings.HasPrefix(body, `{"error":`) {
		t.Errorf("a program gets %s", body)
	}
}

// A browser at the address of the fake comes to the page. A client of the API gets what Aircall answers.
func TestFrontDoor(t *testing.T) {
	srv := fake(t)
	aside := fakeaircall.RunT(t, checked(t, fakeaircall.Options{AllowUnknownRoutes: true}))
	h, err := control.Options{Page: true}.New(aside)
	if err == nil {
		err = aside.ListenControl("127.0.0.1:0", h)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		address, accept string
		status          int
	}{
		{srv.URL() + "/", "text/html,application/xhtml+xml,*/*;q=0.8", 303},
		{srv.URL(), "text/html", 303},
		{srv.URL() + "/_fake", "*/*", 303},
		{srv.URL() + "/", "*/*", 404},
		{srv.URL() + "/", "", 404},
		{srv.URL() + "/", "application/json, text/plain, */*", 404},
		{srv.URL() + "/v1", "text/html", 404},
		{aside.URL() + "/", "text/html", 404}, // the control API has another address
		{aside.ControlURL() + "/", "text/html", 303},
		{aside.ControlURL() + "/_fake", "text/html", 303},
	} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", c.address, nil)
		req.Header.Set("Accept", c.accept)
		resp, body := answer(t, req)
		if resp.StatusCode != c.status || c.status == 303 && resp.Header.Get("Location") != "/_fake/" || c.status == 404 && body != `{"message":"Not Found"}` {
			t.Errorf("%s for %q: %s %s %s", c.address, c.accept, resp.Status, resp.Header.Get("Location"), body)
		}
	}
	if got := srv.Requests(fakeaircall.RequestFilter{}); len(got) != 4 {
		t.Errorf("the request log has %v", got)
	}
}

// What strangers write is text, wherever it is shown.
func TestHostileNames(t *testing.T) {
	srv := fake(t)
	const hostile = `<script>alert(1)</script>"><img src=x onerror=alert(2)>`
	quoted := strings.ReplaceAll(hostile, `"`, `\"`)
	call(t, srv, "POST", "/v1/contacts", `{"first_name":"`+quoted+`","company_name":"`+quoted+`","information":"javascript:alert(3)","phone_numbers":[{"label":"Work","value":"+33199001234"}]}`)
	call(t, srv, "POST", "/v1/tags", `{"name":"`+quoted+`","color":"#00ff00"}`)
	call(t, srv, "POST", "/v1/webhooks", `{"custom_name":"x","url":"http://127.0.0.1:1/%3Cscript%3E?x=%22%3E%3Cscript%3E","events":["contact.updated"]}`)
	call(t, srv, "GET", "/v1/"+url.PathEscape(hostile)+"?"+url.QueryEscape(hostile)+"="+url.QueryEscape(hostile), "")
	did(t, srv, "simulate-call", "party", "+33199001234")
	did(t, srv, "simulate-message", "from", "+33199001234", "body", hostile)
	if _, err := srv.AddFault(fakeaircall.Fault{Path: "/" + hostile, ContentType: hostile, Status: 500, Body: hostile}); err != nil {
		t.Fatal(err)
	}
	last := srv.Requests(fakeaircall.RequestFilter{Newest: 1})[0].Seq
	shown := 0
	for _, path := range append(menu, fmt.Sprintf("page/request?seq=%d", last), "page/request?seq=1", "page/contacts?text="+url.QueryEscape(hostile), "page/requests?text="+url.QueryEscape(hostile)) {
		body := get(t, srv, path, 200)
		if strings.Contains(body, "<script>") || strings.Contains(body, "<img src=x") || strings.Contains(body, `"javascript:`) {
			t.Errorf("%s runs foreign code", path)
		}
		if strings.Contains(body, "&lt;script&gt;") {
			shown++
		}
	}
	if shown < 6 {
		t.Errorf("the name is on %d pages only", shown)
	}
	if _, _, body := post(t, srv, "simulate-call", "party", hostile); strings.Contains(body, "<script>") || !strings.Contains(noticed(body), "is not a phone number") {
		t.Errorf("a refusal: %s", noticed(body))
	}
}

// Each form does what it says, by the control API.
func TestDeeds(t *testing.T) {
	srv := fake(t)
	newest := func(live string) (id, state string) {
		body := get(t, srv, "calls?limit=1&live="+live, 200)
		found := regexp.MustCompile(`"id":(\d+),"direction":"\w+","state":"(\w+)"`).FindStringSubmatch(body)
		if found == nil {
			t.Fatalf("no call: %s", body)
		}
		return found[1], found[2]
	}
	did(t, srv, "simulate-call", "direction", "inbound", "party", "+33199000042")
	id, state := newest("true")
	if state != "ringing" || !strings.Contains(get(t, srv, "", 200), `<tr role="row" id="call-`+id+`" class="call ringing">`) {
		t.Errorf("the call is %s", state)
	}
	did(t, srv, "act-in-call", "id", id, "do", "answer", "user_id", "99", "number", "x", "key", "y") // of other buttons
	did(t, srv, "act-in-call", "id", id, "do", "hold")
	if _, state := newest("true"); state != "on_hold" {
		t.Errorf("the call is %s", state)
	}
	did(t, srv, "act-in-call", "id", id, "do", "transfer_external", "number", "+33199000077")
	did(t, srv, "act-in-call", "id", id, "do", "hangup")
	did(t, srv, "simulate-call", "direction", "outbound", "party", "+33199000043", "outcome", "")
	if body := get(t, srv, "calls?limit=1&text=outbound", 200); !strings.Contains(body, `"party":"+33 1 99 00 00 43"`) {
		t.Errorf("the outbound call: %s", body)
	}
	id, _ = newest("true")
	did(t, srv, "act-in-call", "id", id, "do", "hangup") // its agent is free for the next
	did(t, srv, "simulate-call")
	id, _ = newest("true")
	did(t, srv, "act-in-call", "id", id, "do", "miss")
	if body := get(t, srv, "calls?limit=1", 200); !strings.Contains(body, `"result":"missed","reason":"agents_did_not_answer"`) {
		t.Errorf("the missed call: %s", body)
	}
	did(t, srv, "simulate-message", "body", "Please call back")
	did(t, srv, "simulate-campaign", "contacts", "+33199000042", "outcomes", "Booked")
	if body := get(t, srv, "campaigns?limit=1", 200); !strings.Contains(body, `"name":"Simulated","status":"in_progress"`) {
		t.Errorf("the campaign: %s", body)
	}
	did(t, srv, "set-traffic", "calls_per_day", "400")
	user := regexp.MustCompile(`"id":(\d+)`).FindStringSubmatch(get(t, srv, "users", 200))[1]
	did(t, srv, "set-presence", "id", user, "do", "close", "reason", "on_a_break")
	if body := get(t, srv, "users?limit=1", 200); !strings.Contains(body, `"availability_status":"unavailable","substatus":"on_a_break"`) {
		t.Errorf("the user: %s", body)
	}
	did(t, srv, "add-fault", "op", "create-a-contact", "of", "sales", "status", "503", "delay", "10ms", "times", "2", "probability", "0.5", "late", "true", "method", "")
	if f := srv.Faults(); len(f) != 1 || f[0].Op != "create-a-contact" || f[0].Account != "sales" || f[0].Status != 503 || f[0].Delay != 10*time.Millisecond || f[0].Times != 2 || f[0].Probability != .5 || !f[0].Late {
		t.Errorf("the faults are %+v", f)
	}
	did(t, srv, "add-fault", "path", "/v1/*", "reset", "true")
	did(t, srv, "remove-fault", "id", "fault-1")
	if f := srv.Faults(); len(f) != 1 || f[0].ID != "fault-2" || f[0].Account != "" {
		t.Errorf("the faults are %+v", f)
	}
	did(t, srv, "clear-faults")
	if f := srv.Faults(); len(f) != 0 {
		t.Errorf("the faults are %+v", f)
	}
	before := srv.Now()
	did(t, srv, "move-clock", "advance", "1h30m")
	did(t, srv, "move-clock", "set", "2026-06-16T12:00")
	if now := srv.Now(); !now.Equal(time.Date(2026, 6, 16, 12, 0, 0, 0, time.UTC)) || now.Before(before) {
		t.Errorf("it is %s", now)
	}
	did(t, srv, "save-snapshot", "name", "noon")
	did(t, srv, "move-clock", "advance", "1h")
	did(t, srv, "restore-snapshot", "id", "noon")
	if now := srv.Now(); now.Hour() != 12 {
		t.Errorf("restored, it is %s", now)
	}
	did(t, srv, "remove-snapshot", "id", "noon")
	did(t, srv, "move-clock", "speed", "0.5")
	if srv.Speed() != .5 {
		t.Errorf("the speed is %g", srv.Speed())
	}
	did(t, srv, "reset")
	if now := srv.Now(); !now.Equal(monday) {
		t.Errorf("after a reset it is %s", now)
	}
}

// A refused form shows the error in the view that it is in, and changes nothing.
func TestRefusals(t *testing.T) {
	srv := fake(t)
	for _, c := range []struct {
		deed   string
		pairs  []string
		status int
		want   string
	}{
		{"act-in-call", []string{"id", "7", "do", "answer"}, 404, "has no call 7"},
		{"act-in-call", []string{"id", "12345", "do", "answer"}, 409, "is over"},
		{"act-in-call", []string{"id", "../faults", "do", "answer"}, 404, "no call"},
		{"simulate-call", []string{"party", "me"}, 400, "is not a phone number"},
		{"simulate-call", []string{"number_id", "x"}, 400, "number_id: that is not a number"},
		{"simulate-call", []string{"number_id", "0x10"}, 400, "number_id: that is not a number"},
		{"simulate-call", []string{"account", "acme"}, 404, "there is no account"},
		{"move-clock", []string{"set", "2026-06-14T12:00"}, 400, "does not go back"},
		{"move-clock", []string{"advance", "soon"}, 400, "that is not a duration"},
		{"add-fault", []string{"op", "ping"}, 400, "it does nothing"},
		{"remove-fault", []string{"id", "fault-9"}, 404, "there is no such rule"},
		{"redeliver", []string{"id", "9"}, 404, "there is no delivery 9"},
		{"set-traffic", []string{"calls_per_day", "-1"}, 400, "-1"},
	} {
		status, _, body := post(t, srv, c.deed, append(c.pairs, "back", "/_fake/page/faults?account=default")...)
		if got := noticed(body); status != c.status || !strings.Contains(got, c.want) || !strings.Contains(body, "<h1>Faults</h1>") {
			t.Errorf("%s %q: %d %s, want %d", c.deed, c.pairs, status, got, c.status)
		}
	}
	_, _, body := post(t, srv, "add-fault", "op", "no-such-operation", "status", "503", "back", "/_fake/page/faults")
	if !strings.Contains(body, `value="no-such-operation"`) || !strings.Contains(body, `value="503"`) {
		t.Error("what was typed is gone")
	}
	if len(srv.Faults()) != 0 {
		t.Errorf("the faults are %+v", srv.Faults())
	}
	if status, _, _ := post(t, srv, "nothing"); status != 404 {
		t.Errorf("no such deed: %d", status)
	}
}

// Nothing that is sent breaks the page, or passes for done where nothing was.
func TestNothingBreaks(t *testing.T) {
	srv := fake(t)
	values := []string{"", "-1", "9e99", "1e400", "NaN", "\x00", "\xff\xfe", "..", "../..", ".", "/", "%2e%2e", "{id}", "?a=b", "#", strings.Repeat("x", 100_000), "2026-06-15T09:00", "999999999999999999999", "true", "<b>"}
	for _, deed := range []string{"simulate-call", "act-in-call", "simulate-message", "simulate-campaign", "set-presence", "set-traffic", "redeliver", "add-fault", "remove-fault", "clear-faults", "move-clock", "restore-snapshot", "remove-snapshot", "save-snapshot"} {
		for _, v := range values {
			pairs := []string{"back", v}
			for _, field := range []string{"id", "party", "number_id", "user_id", "outcome", "do", "number", "key", "from", "body", "contacts", "outcomes", "reason", "calls_per_day", "op", "of", "status", "times", "probability", "delay", "stale", "advance", "speed", "name"} {
				pairs = append(pairs, field, v)
			}
			status, _, body := post(t, srv, deed, pairs...)
			done := status == http.StatusSeeOther
			if !done && (status < 400 || status >= 500 || noticed(body) == "") {
				t.Errorf("%s with %.20q: %d %.300s", deed, v, status, body)
			}
			if takesID := slices.Contains([]string{"act-in-call", "redeliver", "remove-fault", "restore-snapshot", "remove-snapshot"}, deed); takesID && done {
				t.Errorf("%s with %.20q is done", deed, v)
			}
		}
		srv.Reset()
	}
	for _, v := range values {
		for _, path := range menu {
			for _, names := range []string{"account", "page", "status before op of unknown text", "state diff webhook event seq"} {
				q := url.Values{}
				for _, name := range strings.Fields(names) {
					q.Set(name, v[:min(len(v), 500)])
				}
				req, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL()+"/_fake/"+path+"?"+q.Encode(), nil)
				if resp, body := answer(t, req); resp.StatusCode >= 500 || !strings.HasSuffix(body, "</html>\n") {
					t.Errorf("%s %s=%.20q: %s %.200s", path, names, v, resp.Status, body)
				}
			}
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), "POST", srv.URL()+"/_fake/page/do/simulate-message", strings.NewReader("body="+strings.Repeat("x", 3<<20)))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if resp, body := answer(t, req); resp.StatusCode != 400 || !strings.Contains(noticed(body), "could not be read") {
		t.Errorf("a form of 3 MiB: %s", resp.Status)
	}
}

// A form leads back to where it stood, and nowhere else.
func TestBack(t *testing.T) {
	srv := fake(t)
	for back, want := range map[string]string{
		"/_fake/page/users?account=sales&text=a": "/_fake/page/users?account=sales&text=a", "/_fake/?account=sales": "/_fake/?account=sales",
		"//evil.example.com/_fake/": "/_fake/", "https://evil.example.com/_fake/page/users": "/_fake/", "/v1/users": "/_fake/", "": "/_fake/", "/_fake/clock": "/_fake/",
		"/_fake/page/do/reset": "/_fake/", "\\\\evil.example.com": "/_fake/", "javascript:alert(1)": "/_fake/", "/_fake/page//evil.example.com": "/_fake/page/evil.example.com",
	} {
		if status, to, _ := post(t, srv, "set-traffic", "calls_per_day", "0", "back", back); status != 303 || to != want {
			t.Errorf("back to %q: %d %q", back, status, to)
		}
	}
}

// No page of another site changes anything, or is the page of a name that leads here.
func TestStrangers(t *testing.T) {
	srv := fake(t)
	for _, c := range []struct {
		name, header, value, host string
		status                    int
	}{
		{"another site", "Sec-Fetch-Site", "cross-site", "", 403},
		{"another port", "Sec-Fetch-Site", "same-site", "", 403},
		{"an older browser's other site", "Origin", "http://evil.example.com", "", 403},
		{"no browser", "Accept", "*/*", "", 303},
		{"a name that leads here", "Sec-Fetch-Site", "same-origin", "evil.example.com", 403},
		{"its own", "Sec-Fetch-Site", "same-origin", "", 303},
	} {
		before := srv.Now()
		req, _ := http.NewRequestWithContext(t.Context(), "POST", srv.URL()+"/_fake/page/do/move-clock", strings.NewReader("advance=1m&csrf="+csrf(t, srv)))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set(c.header, c.value)
		if c.host != "" {
			req.Host = c.host
		}
		resp, _ := answer(t, req)
		if resp.StatusCode != c.status || srv.Now().Equal(before) != (c.status == 403) {
			t.Errorf("%s: %s, and it is %s", c.name, resp.Status, srv.Now())
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL()+"/_fake/", nil)
	req.Host = "evil.example.com"
	if resp, body := answer(t, req); resp.StatusCode != 403 || strings.Contains(body, "<html") {
		t.Errorf("a name that leads here reads: %s", resp.Status)
	}
}

// Only the page sends forms: each has a token that another site, or a program that is made to send a request, does not know.
func TestForgedForms(t *testing.T) {
	srv, other := fake(t), fake(t)
	call(t, srv, "POST", "/v1/webhooks", `{"url":"http://127.0.0.1:1/hook","events":["contact.updated"]}`)
	call(t, srv, "POST", "/v1/contacts/5678", `{"first_name":"Kim"}`)
	did(t, srv, "simulate-call")
	did(t, srv, "add-fault", "op", "ping", "status", "500")
	did(t, srv, "save-snapshot", "name", "noon")
	token := csrf(t, srv)
	forms := 0
	for _, path := range menu {
		for _, form := range regexp.MustCompile(`(?s)<form method="post".*?</form>`).FindAllString(get(t, srv, path, 200), -1) {
			if forms++; strings.Count(form, `name="csrf" value="`+token+`"`) != 1 {
				t.Errorf("%s: a form without the token: %s", path, form)
			}
		}
	}
	if forms < 15 {
		t.Errorf("found %d forms", forms)
	}
	for _, token := range []string{"", "x", csrf(t, other), token + "x"} {
		status, _, body := post(t, srv, "move-clock", "advance", "1m", "csrf", token)
		if got := noticed(body); status != 403 || !strings.Contains(got, "not from this page") || !srv.Now().Equal(monday) {
			t.Errorf("with %q: %d %s, and it is %s", token, status, got, srv.Now())
		}
	}
	for _, kind := range []string{"application/json", "text/plain", "multipart/form-data"} {
		req, _ := http.NewRequestWithContext(t.Context(), "POST", srv.URL()+"/_fake/page/do/move-clock?advance=1m&csrf="+token, strings.NewReader(`{"advance":"1m"}`))
		req.Header.Set("Content-Type", kind)
		if resp, _ := answer(t, req); resp.StatusCode != 403 || !srv.Now().Equal(monday) {
			t.Errorf("as %s: %s", kind, resp.Status)
		}
	}
}

func TestAccounts(t *testing.T) {
	srv := fake(t)
	if _, err := srv.Simulate("sales", fakeaircall.SimulatedCall{From: "+33199000055"}); err != nil {
		t.Fatal(err)
	}
	if body := get(t, srv, "?account=sales", 200); !strings.Contains(body, "&#43;33 1 99 00 00 55") || !strings.Contains(body, "<option selected>sales</option>") || !strings.Contains(body, `href="/_fake/page/tags?account=sales"`) {
		t.Error("the call of sales is not on its page")
	}
	if body := get(t, srv, "", 200); strings.Contains(body, "00 00 55") {
		t.Error("the call of sales is on the page of default")
	}
}

// An added account has its own clock, request log and limit.
func TestAddedAccount(t *testing.T) {
	srv := fake(t, func(o *fakeaircall.Options) { o.RateLimit = 10 })
	if _, err := srv.AddAccount(fakeaircall.AccountOptions{Name: "mine"}); err != nil {
		t.Fatal(err)
	}
	did(t, srv, "move-clock", "account", "mine", "advance", "1h")
	req, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL()+"/v1/ping", nil)
	req.SetBasicAuth("fake-mine-id", "fake-mine-token")
	if resp, body := answer(t, req); resp.StatusCode != 200 {
		t.Fatal(body)
	}
	body := get(t, srv, "page/requests?account=mine", 200)
	for _, wanted := range []string{"2026-06-15 10:00:00", "1 of 10 per minute", "/v1/ping", "seq=1"} {
		if !strings.Contains(body, wanted) {
			t.Errorf("%s is not on the page of the account", wanted)
		}
	}
	if body := get(t, srv, "page/request?account=mine&seq=1", 200); !strings.Contains(body, "GET /v1/ping") {
		t.Error("its request is not shown")
	}
	if body := get(t, srv, "page/requests", 200); strings.Contains(body, "seq=") || !strings.Contains(body, "0 of 10 per minute") || !strings.Contains(body, "2026-06-15 09:00:00") {
		t.Error("the page of default shows another account")
	}
	did(t, srv, "simulate-call", "account", "mine")
	if body := get(t, srv, "?account=mine", 200); !strings.Contains(body, ">0:00</time>") {
		t.Error("its call does not use its clock")
	}
}

// The stream reports changes, and ends with the server or with the client.
func TestLive(t *testing.T) {
	srv := fake(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", fmt.Sprintf("%s/_fake/page/live?since=%d", srv.URL(), srv.Changes()), nil)
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%v %v", resp, err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	next := func(want string) {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == want {
				return
			}
		}
		t.Fatalf("no %q: %v", want, lines.Err())
	}
	next("retry: 1000")
	for range 2 {
		srv.Advance(time.Second)
		next("event: change")
	}
	if err := srv.Close(); err != nil { // in less than the five seconds it gives
		t.Error(err)
	}
	if lines.Scan(); lines.Scan() && lines.Scan() {
		t.Errorf("the stream goes on: %q", lines.Text())
	}
}

func TestStreamsAreBounded(t *testing.T) {
	h := ui.New(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }))
	srv := httptest.NewServer(h)
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	statuses := []int{}
	for range 66 {
		req, _ := http.NewRequestWithContext(ctx, "GET", srv.URL+"/_fake/page/live?since=0", nil)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		statuses = append(statuses, resp.StatusCode)
	}
	if statuses[63] != 200 || statuses[64] != 503 || statuses[65] != 503 {
		t.Errorf("the statuses are %v", statuses[60:])
	}
	req, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/_fake/page/live", nil)
	cancel()
	if resp, _ := answer(t, req); !slices.Contains([]int{400, 503}, resp.StatusCode) {
		t.Errorf("without since: %s", resp.Status)
	}
}

// No secret is on any page.
func TestNoSecrets(t *testing.T) {
	srv := fake(t)
	call(t, srv, "POST", "/v1/webhooks", `{"custom_name":"x","url":"http://127.0.0.1:1/hook?key=canary","events":["contact.created"]}`)
	call(t, srv, "POST", "/v1/contacts", `{"first_name":"Ann","phone_numbers":[{"label":"Work","value":"+33199001234"}]}`)
	call(t, srv, "GET", "/v1/ping?token=canary", "")
	srv.Advance(time.Second)
	for _, path := range append(menu, "page/request?seq=1", "page/request?seq=2", "page/request?seq=3") {
		body := get(t, srv, path, 200)
		for _, secret := range []string{"canary", "fake-default-token", "fake-default-bearer", "ZmFrZS1kZWZhdWx0LWlk"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %s", path, secret)
			}
		}
	}
	if body := get(t, srv, "page/request?seq=1", 200); !strings.Contains(body, "$AIRCALL_API_ID:$AIRCALL_API_TOKEN") {
		t.Error("no curl line")
	}
}

// A thousand requests are shown a hundred at a time; a browser looks at five thousand.
func TestManyRequests(t *testing.T) {
	srv := fake(t, func(o *fakeaircall.Options) { o.RequestLog = 1000 })
	fill(t, srv, 1000)
	start := time.Now()
	body := get(t, srv, "page/requests", 200)
	t.Logf("%d bytes in %s", len(body), time.Since(start))
	if rows := strings.Count(body, "seq="); rows != 100 || len(body) > 200_000 {
		t.Errorf("%d rows, %d bytes", rows, len(body))
	}
	pages, path := 1, "page/requests"
	for {
		older := regexp.MustCompile(`href="/_fake/([^"]*)" rel="next"`).FindStringSubmatch(body)
		if older == nil {
			break
		}
		path = strings.ReplaceAll(older[1], "&amp;", "&")
		body = get(t, srv, path, 200)
		pages++
	}
	if pages != 10 || !strings.Contains(body, "seq=1\"") {
		t.Errorf("%d pages; the last is %s", pages, path)
	}
	if body := get(t, srv, "page/requests?text=page%3D77%26", 200); strings.Count(body, "seq=") != 1 {
		t.Errorf("%d found", strings.Count(body, "seq="))
	}
}

// fill makes requests without a network between.
func fill(t *testing.T, srv *fakeaircall.Server, n int) {
	t.Helper()
	h := srv.Handler()
	for i := range n {
		req := httptest.NewRequest("GET", fmt.Sprintf("/v1/tags?page=%d&per_page=1", i+1), nil)
		req.SetBasicAuth("fake-default-id", "fake-default-token")
		rec := httptest.NewRecorder()
		if h.ServeHTTP(rec, req); rec.Code != 200 {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
	}
}
