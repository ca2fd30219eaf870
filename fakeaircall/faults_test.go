package fakeaircall

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hurt adds a rule that must be valid.
func (w world) hurt(f Fault) Fault {
	w.t.Helper()
	added, err := w.AddFault(f)
	if err != nil {
		w.t.Fatal(err)
	}
	return added
}

// A status has the body that Aircall has for it.
func TestFaultStatus(t *testing.T) {
	for _, c := range []struct {
		path   string
		f      Fault
		body   string
		breaks string // of the contract; "": an operation can answer so
	}{
		{"/v1/ping", Fault{Status: 401}, `{"message":"Unauthorized"}`, ""},
		{"/v1/ping", Fault{Status: 403}, `{"message":"Forbidden"}`, ""},
		{"/v1/ping", Fault{Status: 404}, `{"error":"Not Found","troubleshoot":"Check ID of the resource","success":false}`, "ping: status"},
		{"/v1/contacts", Fault{Status: 404}, `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`, "list-all-contacts: status"},
		{"/v1/ping", Fault{Status: 405}, `{"error":"Method Not Allowed","troubleshoot":"The user is currently unavailable","success":false}`, "ping: status"},
		{"/v1/ping", Fault{Status: 413}, `{"message":"Request Entity Too Large"}`, "ping: status"},
		{"/v1/ping", Fault{Status: 422}, `{"error":"Unprocessable Entity","troubleshoot":"ping fails by a rule","success":false}`, "ping: status"},
		{"/v1/ping", Fault{Status: 500}, `{"message":"Internal Server Error"}`, "ping: status"},
		{"/v1/ping", Fault{Status: 503}, `{"message":"Service Unavailable"}`, "ping: status"},
		{"/v1/ping", Fault{Status: 502, Body: "<html>", ContentType: "text/html", Headers: map[string]string{"x-more": "1"}}, `<html>`, "ping: "},
	} {
		var exceptions []string
		if c.breaks != "" {
			exceptions = append(exceptions, c.breaks)
		}
		w := faulty(t, exceptions...)
		w.hurt(c.f)
		a := w.get(c.path).want(c.f.Status, c.body)
		if cache := a.header.Get("X-Cache"); !strings.HasPrefix(cache, "Error") {
			t.Errorf("%d: X-Cache is %q", c.f.Status, cache)
		}
		if c.f.ContentType != "" && (a.header.Get("Content-Type") != "text/html" || a.header.Get("X-More") != "1") {
			t.Errorf("headers %v", a.header)
		}
		if r := w.Requests(RequestFilter{})[0]; r.Status != c.f.Status || !slices.Equal(r.Faults, []string{"fault-1"}) || r.ReplyBody != c.body {
			t.Errorf("kept %+v", r)
		}
	}
}

func TestFaultThrottles(t *testing.T) {
	w := faulty(t)
	w.hurt(Fault{Status: 429, Times: 1})
	w.hurt(Fault{Status: 429, RetryAfter: 90500 * time.Millisecond})
	reset := func(a answer) string {
		a.wantTroubleshoot(429, "rate limit")
		return fmt.Sprint(a.header.Get("X-AircallApi-Limit"), a.header.Get("X-AircallApi-Remaining"), " ", a.header.Get("X-AircallApi-Reset"), " ", a.header.Get("Retry-After"))
	}
	if got := reset(w.get("/v1/ping")); got != fmt.Sprint("1200 ", noon.Unix()+60, " ") {
		t.Errorf("got %s", got)
	}
	if got := reset(w.get("/v1/ping")); got != fmt.Sprint("1200 ", noon.Unix()+90, " 91") {
		t.Errorf("got %s", got)
	}
}

// A rule applies to the requests that match it.
func TestFaultAims(t *testing.T) {
	for _, c := range []struct {
		f    Fault
		hits []string
	}{
		{Fault{}, []string{"GET /v1/ping", "GET /v1/contacts", "POST /v1/contacts", "GET /v1/contacts/5678", "sales"}},
		{Fault{Op: "ping"}, []string{"GET /v1/ping", "sales"}},
		{Fault{Op: "ping", Account: "sales"}, []string{"sales"}},
		{Fault{Account: "default", Method: "post"}, []string{"POST /v1/contacts"}},
		{Fault{Path: "/v1/contacts"}, []string{"GET /v1/contacts", "POST /v1/contacts"}},
		{Fault{Path: "/v1/contacts/{id}"}, []string{"GET /v1/contacts/5678"}},
		{Fault{Path: "/v1/contacts/5678"}, []string{"GET /v1/contacts/5678"}},
		{Fault{Path: "/v1/con*"}, []string{"GET /v1/contacts", "POST /v1/contacts", "GET /v1/contacts/5678"}},
		{Fault{Path: "/v1/contacts/*", Op: "ping"}, nil},
	} {
		var teapots []string
		for _, hit := range c.hits {
			teapots = append(teapots, map[string]string{
				"GET /v1/ping": "ping: status", "sales": "ping: status", "GET /v1/contacts": "list-all-contacts: status",
				"POST /v1/contacts": "create-a-contact: status", "GET /v1/contacts/5678": "retrieve-a-contact: status",
			}[hit])
		}
		slices.Sort(teapots)
		w := faulty(t, slices.Compact(teapots)...).lost()
		c.f.Status = 418
		w.hurt(c.f)
		var hits []string
		for _, ask := range []string{"GET /v1/ping", "GET /v1/contacts", "POST /v1/contacts", "GET /v1/contacts/5678"} {
			method, path, _ := strings.Cut(ask, " ")
			if w.send(method, path, "").status == 418 {
				hits = append(hits, ask)
			}
		}
		if w.sendAs("Bearer fake-sales-bearer", "GET", "/v1/ping", "").status == 418 {
			hits = append(hits, "sales")
		}
		// Neither an unknown route nor wrong credentials come so far.
		w.get("/v1/nothing").wantStatus(404)
		w.sendAs("Bearer x", "GET", "/v1/ping", "").wantStatus(403)
		if !slices.Equal(hits, c.hits) {
			t.Errorf("%+v hits %q, want %q", c.f, hits, c.hits)
		}
		if got := w.Faults()[0].Hits; got != len(c.hits) {
			t.Errorf("%+v counts %d hits, want %d", c.f, got, len(c.hits))
		}
	}
}

// The limit comes before the faults, the handler after them.
func TestFaultsInOrder(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: 3}, "create-a-contact: ")), t}.bare()
	w.hurt(Fault{Op: "create-a-contact", Status: 500, Times: 2})
	for range 2 {
		w.send("POST", "/v1/contacts", kim).wantStatus(500)
	}
	if got := w.get("/v1/contacts").at("meta.total"); got != "0" {
		t.Errorf("%s contacts were made by requests that failed", got)
	}
	w.send("POST", "/v1/contacts", kim).wantStatus(429)
	w.Advance(time.Minute)
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	f := w.Faults()[0]
	if f.Hits != 2 || !f.Ended {
		t.Errorf("%+v", f)
	}
	w.hurt(Fault{Op: "create-a-contact", Status: 504, Late: true})
	w.send("POST", "/v1/contacts", kim).want(504, `{"message":"Gateway Timeout"}`)
	if got := w.get("/v1/contacts").at("meta.total"); got != "2" {
		t.Errorf("%s contacts, want 2: a late fault comes after the work", got)
	}
}

func TestFaultsAddUp(t *testing.T) {
	w := faulty(t, "ping: status: want no failure")
	w.hurt(Fault{Delay: 10 * time.Millisecond, Headers: map[string]string{"X-A": "1"}})
	w.hurt(Fault{Status: 500, Delay: 10 * time.Millisecond})
	w.hurt(Fault{Status: 503, Headers: map[string]string{"X-A": "2", "X-B": "2"}})
	a := w.get("/v1/ping").wantStatus(500)
	if a.header.Get("X-A") != "1" || a.header.Get("X-B") != "2" {
		t.Errorf("headers %v", a.header)
	}
	if r := w.Requests(RequestFilter{})[0]; r.Duration < 20*time.Millisecond || !slices.Equal(r.Faults, []string{"fault-1", "fault-2", "fault-3"}) {
		t.Errorf("took %s, %q", r.Duration, r.Faults)
	}
	for range 8 {
		w.hurt(Fault{Op: "ping", Delay: MaxFaultWait})
	}
	var d damage
	for _, f := range w.Faults() {
		d.add(&f)
	}
	if d.Delay != MaxFaultWait {
		t.Errorf("the delays add up to %s", d.Delay)
	}
}

// The same seed draws the same, and about as often as it should.
func TestFaultProbability(t *testing.T) {
	draws := func(seed int64) (pattern string) {
		srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Seed: seed, Clock: noon, RateLimit: NoRateLimit}, "ping: status: want no failure"))
		w := world{srv, t}
		w.hurt(Fault{Status: 500, Probability: 0.25})
		for range 200 {
			pattern += w.get("/v1/ping").body[2:3]
		}
		if hits := strings.Count(pattern, "m"); hits < 25 || hits > 75 || hits != srv.Faults()[0].Hits {
			t.Errorf("seed %d: %d of 200 hits, the rule counts %d", seed, hits, srv.Faults()[0].Hits)
		}
		return pattern
	}
	if one := draws(1); one != draws(1) || one == draws(2) {
		t.Error("the draws do not follow the seed")
	}
}

// dialTo sends bytes and returns the whole reply.
func dialTo(t *testing.T, srv *Server, request string) (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, request)
	all, err := io.ReadAll(bufio.NewReader(conn))
	return string(all), err
}

const rawPing = "GET /v1/ping HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer fake-default-bearer\r\n\r\n"

func TestFaultReset(t *testing.T) {
	w := faulty(t)
	w.hurt(Fault{Reset: true, Times: 1})
	if got, err := dialTo(t, w.Server, rawPing); !errors.Is(err, syscall.ECONNRESET) || got != "" {
		t.Errorf("got %q, %v", got, err)
	}
	if r := w.Requests(RequestFilter{})[0]; r.Status != 0 || r.ReplyBody != "" || r.Op != "ping" {
		t.Errorf("kept %+v", r)
	}
	w.hurt(Fault{Reset: true, Op: "create-a-contact"})
	post := func() error {
		req, _ := http.NewRequest("POST", w.URL()+"/v1/contacts", strings.NewReader(kim))
		req.Header.Set("Authorization", "Bearer fake-default-bearer")
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	if err := post(); err == nil {
		t.Error("a reply to a request that was cut")
	}
	if got := w.get("/v1/contacts").at("meta.total"); got != "0" {
		t.Errorf("%s contacts after a cut", got)
	}
	w.ClearFaults()
	w.hurt(Fault{Reset: true, Late: true, Op: "create-a-contact"})
	if err := post(); err == nil {
		t.Error("a reply to a request that was cut")
	}
	if got := w.get("/v1/contacts").at("meta.total"); got != "1" {
		t.Errorf("%s contacts after a late cut", got)
	}
	// Without a connection to cut, the handler aborts.
	func() {
		defer func() {
			if p := recover(); p != http.ErrAbortHandler {
				t.Errorf("recovered %v", p)
			}
		}()
		req := httptest.NewRequest("POST", "/v1/contacts", strings.NewReader(kim))
		req.Header.Set("Authorization", "Bearer fake-default-bearer")
		w.Handler().ServeHTTP(httptest.NewRecorder(), req)
	}()
}

func TestFaultTruncatesAndMalforms(t *testing.T) {
	w := faulty(t, "ping: header Content-Type", "ping: body")
	w.hurt(Fault{Truncate: true, Times: 1})
	got, err := dialTo(t, w.Server, rawPing)
	if err != nil || !strings.Contains(got, "Content-Length: 15\r\n") || !strings.HasSuffix(got, "\r\n\r\n"+`{"ping"`) {
		t.Errorf("got %q, %v", got, err)
	}
	w.hurt(Fault{Malformed: true, ContentType: "text/html"})
	a := w.get("/v1/ping")
	if a.want(200, `{"ping":"po`); json.Valid([]byte(a.body)) || a.header.Get("Content-Type") != "text/html" {
		t.Errorf("%v", a.header)
	}
}

func TestFaultSlow(t *testing.T) {
	w := faulty(t)
	w.hurt(Fault{Slow: 100, Times: 1}) // 15 bytes, 5 in each twentieth of a second
	start := time.Now()
	w.get("/v1/ping").want(200, `{"ping":"pong"}`)
	if took := time.Since(start); took < 100*time.Millisecond {
		t.Errorf("took %s", took)
	}
	// The server does not wait for a client that has gone, or when it closes.
	w.hurt(Fault{Slow: 1, Delay: MaxFaultWait})
	gone := make(chan error)
	go func() {
		_, err := dialTo(t, w.Server, rawPing)
		gone <- err
	}()
	for w.Faults()[1].Hits == 0 {
		runtime.Gosched()
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	<-gone
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("Close waited: %s", took)
	}
}

func TestFaultStale(t *testing.T) {
	w := faulty(t)
	id := w.send("POST", "/v1/contacts", kim).at("contact.id")
	path := "/v1/contacts/" + id
	w.hurt(Fault{Stale: 5 * time.Second, Account: "default"})
	w.get(path).wantStatus(200) // written before the rule was there
	if w.Faults()[0].Hits != 0 {
		t.Error("a hit without a stale read")
	}
	w.send("POST", path, `{"first_name":"New"}`).wantStatus(200)
	made := w.send("POST", "/v1/tags", `{"name":"one","color":"#00ff00"}`).at("tag.id")
	names := func() string {
		return w.get(path).text("contact.first_name") + " " + w.get("/v1/contacts?order=desc&per_page=1").text("contacts.0.first_name")
	}
	if got := names(); got != "New New" {
		t.Errorf("read %s: both writes are to be seen but the last", got)
	}
	w.get("/v1/tags/" + made).wantStatus(404)
	w.sendAs("Bearer fake-sales-bearer", "GET", "/v1/company", "").wantStatus(200)
	if got := w.Faults()[0].Hits; got != 3 {
		t.Errorf("%d hits, want 3", got)
	}
	w.Advance(5 * time.Second)
	w.get("/v1/tags/" + made).wantStatus(200)
	w.send("POST", path, `{"first_name":"Newer"}`).wantStatus(200)
	if got := names(); got != "New New" {
		t.Errorf("read %s right after the write", got)
	}
	w.send("POST", path, `{"last_name":"Last"}`).want(200, w.send("POST", path, `{"last_name":"Last"}`).body) // a write sees what is
	if !w.RemoveFault("fault-1") || w.RemoveFault("fault-1") {
		t.Error("removing a rule twice")
	}
	if got := names(); got != "Newer Newer" {
		t.Errorf("read %s without the rule", got)
	}
}

func TestFaultSearchLag(t *testing.T) {
	w := faulty(t)
	w.hurt(Fault{SearchLag: 10 * time.Second})
	id := w.send("POST", "/v1/contacts", kim).at("contact.id")
	w.get("/v1/contacts/" + id).wantStatus(200)
	total := func(path string) string { return w.get(path).at("meta.total") }
	for _, search := range []string{"/v1/contacts/search?phone_number=%2B33699001122", "/v1/contacts/search?email=kim@example.com", "/v1/contacts/search"} {
		if got := total(search); got != "0" {
			t.Errorf("%s finds %s", search, got)
		}
	}
	if got := total("/v1/contacts"); got != "1" {
		t.Errorf("the list has %s", got)
	}
	w.Advance(10 * time.Second)
	if got := total("/v1/contacts/search"); got != "1" {
		t.Errorf("the search finds %s after its lag", got)
	}
	if got := w.Faults()[0].Hits; got != 4 {
		t.Errorf("%d hits, want 4", got)
	}
}

func TestFaultsRefused(t *testing.T) {
	w := faulty(t, "ping: status: want no failure")
	for want, f := range map[string]Fault{
		"fault: it does nothing: give one of status, delay,":                     {Op: "ping"},
		`fault: "contact" is not an operation; perhaps `:                         {Op: "contact", Status: 500},
		`fault: "zzz" is not an operation; give an operation of`:                 {Op: "zzz", Status: 500},
		`fault: there is no account "acme", but default, sales, support`:         {Account: "acme", Status: 500},
		`fault: method "PATCH": Aircall has routes of GET, POST, PUT and DELETE`: {Method: "patch", Status: 500},
		`fault: path "v1/calls": give it as`:                                     {Path: "v1/calls", Status: 500},
		"fault: times -1: give how many requests, or 0 for no end":               {Times: -1, Status: 500},
		"fault: probability 1.5: give 0 to 1":                                    {Probability: 1.5, Status: 500},
		"fault: status 200: give 400 to 599":                                     {Status: 200},
		"fault: delay 1m1s: give 0s to 1m0s":                                     {Delay: 61 * time.Second},
		"fault: stale 25h0m0s: give 0s to 24h0m0s":                               {Stale: 25 * time.Hour},
		"fault: stale: only reads are stale, not method POST":                    {Stale: 1, Method: "POST"},
		"fault: search_lag: only search-contacts has it, not op ping":            {SearchLag: 1, Op: "ping"},
		"fault: retry_after: it needs status 429":                                {RetryAfter: 1, Status: 503},
		"fault: body: it needs a status; give one":                               {Body: "x", Delay: 1},
		"fault: late: it needs status or reset":                                  {Late: true, Delay: 1},
		"fault: slow -1: give bytes a second":                                    {Slow: -1},
		`fault: headers: "a b" with "c" is not a header`:                         {Headers: map[string]string{"a b": "c"}},
		`fault: headers: "a" with "c\r\nd: e" is not a header`:                   {Headers: map[string]string{"a": "c\r\nd: e"}},
		`fault: content_type "a\n" is not a header`:                              {ContentType: "a\n"},
		"fault: body: 1048577 bytes, the most is 1048576":                        {Status: 500, Body: strings.Repeat("x", 1<<20+1)},
		"fault: headers: 9001 bytes, the most is 8192":                           {Headers: map[string]string{"a": strings.Repeat("x", 9000)}},
	} {
		if _, err := w.AddFault(f); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
	for range maxFaults {
		w.hurt(Fault{Status: 500, Times: 1})
	}
	if _, err := w.AddFault(Fault{Status: 500}); err == nil || err.Error() != "fault: there are 100 rules already; remove one" {
		t.Errorf("got %v", err)
	}
	w.get("/v1/ping").wantStatus(500) // meets all, which ends them
	if f := w.hurt(Fault{Delay: 1}); f.ID != "fault-101" || len(w.Faults()) != maxFaults {
		t.Errorf("%d rules, the last %s", len(w.Faults()), f.ID)
	}
	w.get("/v1/ping").wantStatus(200)
	if n := w.ClearFaults(); n != maxFaults || len(w.Faults()) != 0 {
		t.Errorf("cleared %d", n)
	}
}

// faulty returns an empty world whose replies may break the contract as exceptions say.
func faulty(t *testing.T, exceptions ...string) world {
	t.Helper()
	return world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit}, exceptions...)), t}.bare()
}
