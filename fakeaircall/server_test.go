package fakeaircall

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gorilla/mux"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(observed{m}, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

func TestAccountsAreIsolated(t *testing.T) {
	w := empty(t)
	id := w.send("POST", "/v1/contacts", kim).at("contact.id")
	for _, account := range []string{"sales", "support"} {
		bearer := "Bearer fake-" + account + "-bearer"
		if total := w.sendAs(bearer, "GET", "/v1/contacts", "").at("meta.total"); total != "1" { // that of a new company
			t.Errorf("%s sees %s contacts: some of default", account, total)
		}
		w.sendAs(bearer, "GET", "/v1/contacts/"+id, "").wantStatus(404)
		w.sendAs(bearer, "DELETE", "/v1/contacts/"+id, "").wantStatus(404)
	}
	w.sendAs("Bearer fake-default-bearer", "GET", "/v1/contacts/"+id, "").wantStatus(200)
}

func TestOptionsRefused(t *testing.T) {
	key := Account{Name: "a", APIID: "id", APIToken: "canary-token"}
	for want, o := range map[string]Options{
		`scale "huge" is not one of`:              {Scale: "huge"},
		"rate limit -2":                           {RateLimit: -2},
		"account 1 has no name":                   {Accounts: []Account{{Bearer: "b"}}},
		`account "a" has half an API key`:         {Accounts: []Account{{Name: "a", APIID: "id"}}},
		`account "a" has no credentials`:          {Accounts: []Account{{Name: "a"}}},
		`two accounts have the name "a"`:          {Accounts: []Account{key, {Name: "a", Bearer: "b"}}},
		`accounts "a" and "b" have the same`:      {Accounts: []Account{key, {Name: "b", APIID: "id", APIToken: "canary-token"}}},
		`accounts "a" and "c" have the same cred`: {Accounts: []Account{{Name: "a", Bearer: "x"}, {Name: "c", Bearer: "x"}}},
	} {
		_, err := New(checked(t, o))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		} else if strings.Contains(err.Error(), "canary") {
			t.Errorf("a secret in %v", err)
		}
	}
}

func TestOwnAccounts(t *testing.T) {
	srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Accounts: []Account{{Name: "acme", Bearer: "opens", User: "boss@acme.test"}}}))
	w := world{srv, t}
	w.sendAs("Bearer opens", "GET", "/v2/users/boss@acme.test", "").wantStatus(200)
	w.sendAs("Basic Og==", "GET", "/v1/ping", "").wantStatus(403) // ":" is not the key of an account without one
	w.get("/v1/ping").wantStatus(403)
}

func TestLifecycle(t *testing.T) {
	srv, err := New(checked(t, Options{Scale: ScaleEmpty}))
	if err != nil {
		t.Fatal(err)
	}
	if srv.URL() != "" {
		t.Errorf("listens on %s before Listen", srv.URL())
	}
	if err := srv.Close(); err != nil {
		t.Errorf("close of a server that does not listen: %v", err)
	}
	for range 2 {
		if err := srv.Listen("127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		if err := srv.Listen("127.0.0.1:0"); err == nil {
			t.Error("listens twice")
		}
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := srv.Listen("nonsense"); err == nil {
		t.Error("listens on nonsense")
	}
	if d := time.Since(srv.Now()); d < 0 || d > time.Minute {
		t.Errorf("the real clock is off by %s", d)
	}
}

// A handler that panics answers like Aircall's edge, and RunT reports it.
func TestPanic(t *testing.T) {
	rec := &recorder{T: t}
	srv := RunT(rec, checked(t, Options{Scale: ScaleEmpty, Clock: noon}, "ping: status: want no failure"))
	srv.routes = newRouteTable()
	srv.routes.operations["ping"].handle = func(*request) (reply, error) { panic("broken") }
	world{srv, t}.get("/v1/ping").want(500, `{"message":"Internal Server Error"}`)
	for _, f := range rec.cleanups {
		f()
	}
	if got := strings.Join(rec.errors, ""); !strings.Contains(got, "ping: broken") {
		t.Errorf("reported %q", got)
	}
}

// recorder is a test whose failures are looked at.
type recorder struct {
	*testing.T
	cleanups []func()
	errors   []string
}

func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

// 50 clients read and write at once; nothing is lost, and everybody's last
// write is what he reads. The race detector watches.
func TestParallelClients(t *testing.T) {
	srv := RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit}))
	before := world{srv, t}.get("/v1/contacts?per_page=1").at("meta.total")
	var wg sync.WaitGroup
	const clients, rounds = 50, 5
	for i := range clients {
		wg.Go(func() {
			w := world{srv, t}
			for range rounds {
				id := w.send("POST", "/v1/contacts", kim).at("contact.id")
				name := fmt.Sprintf("Client %d", i)
				w.send("POST", "/v1/contacts/"+id, `{"first_name":"`+name+`"}`)
				w.send("POST", "/v1/contacts/"+id+"/phone_details", `{"label":"x","value":"+33699001122"}`)
				if got := w.get("/v1/contacts/" + id).text("contact.first_name"); got != name {
					t.Errorf("read %q, wrote %q", got, name)
				}
				for _, path := range []string{"/v1/calls?fetch_contact=true&per_page=50", "/v1/contacts/search?phone_number=33699001122", "/v2/users", "/v1/numbers", "/v1/teams", "/v1/tags", "/v1/users/availabilities"} {
					w.get(path).wantStatus(200)
				}
				w.send("POST", "/v1/calls/12345/tags", `{"tags":[1]}`)
				w.send("PUT", "/v1/calls/12345/archive", "").wantStatus(200)
			}
		})
	}
	wg.Wait()
	n := 0
	fmt.Sscan(before, &n)
	if got := (world{srv, t}).get("/v1/contacts?per_page=1").at("meta.total"); got != fmt.Sprint(n+clients*rounds) {
		t.Errorf("%s contacts, want %d", got, n+clients*rounds)
	}
}

// The links and the asset URLs must hold behind a proxy that ends TLS.
func TestLinksBehindTLS(t *testing.T) {
	w := tagged(t, 20)
	req, err := http.NewRequest("GET", w.URL()+"/v1/tags", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	req.Host = "aircall.test"
	req.Header.Set("X-Forwarded-Proto", "https")
	if got := w.do(req).text("meta.next_page_link"); got != "https://aircall.test/v1/tags?order=asc&page=2&per_page=20" {
		t.Errorf("next_page_link is %s", got)
	}
}

func TestRoutes(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Routes() {
		if seen[r.Op] || seen[r.Method+r.Path] {
			t.Errorf("%+v stands twice", r)
		}
		seen[r.Op], seen[r.Method+r.Path] = true, true
		if r.Op == "" || !strings.HasPrefix(r.Path, "/v") {
			t.Errorf("%+v", r)
		}
	}
	w := empty(t)
	for _, r := range Routes() { // none is hidden by one before it
		req, err := http.NewRequest(r.Method, w.URL()+strings.NewReplacer("{id}", "7", "{user_id}", "8", "{detail_id}", "9").Replace(r.Path), nil)
		if err != nil {
			t.Fatal(err)
		}
		var found mux.RouteMatch
		if !w.router.Match(req, &found) || found.Route.GetName() != r.Op {
			t.Errorf("%s %s is taken for %+v", r.Method, r.Path, found)
		}
	}
}

func TestSlowClientsAreCutOff(t *testing.T) {
	w := empty(t)
	w.api.mu.Lock()
	srv := w.api.http
	w.api.mu.Unlock()
	if srv.ReadHeaderTimeout == 0 || srv.MaxHeaderBytes == 0 {
		t.Error("headers are not bounded")
	}
	req, _ := http.NewRequest("GET", w.URL()+"/v1/ping?"+strings.Repeat("a", 1<<20), nil)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return // the connection was cut: as good
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.StatusCode < 400 {
		t.Errorf("a megabyte of query is a %d", resp.StatusCode)
	}
}
