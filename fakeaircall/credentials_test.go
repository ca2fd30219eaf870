package fakeaircall

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// statusWith is the status that a request gets.
func statusWith(t testing.TB, s *Server, path string, with func(*http.Request)) int {
	t.Helper()
	status, _ := getWith(t, s, path, with)
	return status
}

func byKey(id, token string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(id, token) }
}

func byBearer(value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+value) }
}

// renewed are the standard accounts, of which the first has other credentials.
func renewed(a Account) []Account {
	list := StandardAccounts()
	a.Name, a.User = list[0].Name, list[0].User
	list[0] = a
	return list
}

// New credentials open at once what old ones did, which are then unknown; everything else stays.
func TestSetCredentials(t *testing.T) {
	s := RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit}))
	before := s.Snapshot()
	if err := s.SetCredentials(Account{Name: "default", APIID: "new-id", APIToken: "canary", Bearer: "canary-bearer"}); err != nil {
		t.Fatal(err)
	}
	look := func(when string) {
		t.Helper()
		for _, c := range []struct {
			name string
			with func(*http.Request)
			want int
		}{
			{"old key", byKey("fake-default-id", "fake-default-token"), 403},
			{"old bearer", byBearer("fake-default-bearer"), 403},
			{"half a key", byKey("new-id", "fake-default-token"), 403},
			{"new key", byKey("new-id", "canary"), 200},
			{"new bearer", byBearer("canary-bearer"), 200},
			{"another account", byKey("fake-sales-id", "fake-sales-token"), 200},
		} {
			if got := statusWith(t, s, "/v1/contacts/5678", c.with); got != c.want {
				t.Errorf("%s: %s: %d, want %d", when, c.name, got, c.want)
			}
		}
		if a := s.Accounts()[0]; a.APIID != "new-id" || a.APIToken != "canary" || a.Bearer != "canary-bearer" || a.User != "owner@default.example.com" {
			t.Errorf("%s: %+v", when, a)
		}
	}
	if after := s.Snapshot().text(); !bytes.Equal(before.text(), after) || bytes.Contains(after, []byte("canary")) {
		t.Error("data changed, or a snapshot has credentials")
	}
	look("at once")
	s.Restore(before)
	look("after a Restore")
	s.Reset()
	look("after a Reset")
	if err := s.Reseed(Options{Scale: ScaleSmall, Seed: 2, Clock: noon, RateLimit: NoRateLimit, Accounts: s.Accounts()}); err != nil {
		t.Fatal(err)
	}
	look("after a Reseed")
	fork := s.Fork(t)
	if got := statusWith(t, fork, "/v1/ping", byKey("new-id", "canary")); got != 200 {
		t.Errorf("a fork: %d", got)
	}
}

// A bearer that ended does not come back by other keys; one that is new has its app.
func TestSetCredentialsBearer(t *testing.T) {
	s := RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit, Accounts: renewed(Account{APIID: "id", APIToken: "token"})}))
	if got := statusWith(t, s, "/v1/ping", byKey("id", "token")); got != 200 {
		t.Fatal(got)
	}
	if err := s.SetCredentials(Account{Name: "default", APIID: "id", APIToken: "token", Bearer: "b"}); err != nil {
		t.Fatal(err)
	}
	if got := statusWith(t, s, "/v1/integrations/me", byBearer("b")); got != 200 {
		t.Errorf("the app of a new bearer: %d", got)
	}
	s.Reset()
	if got := statusWith(t, s, "/v1/integrations/me", byBearer("b")); got != 200 {
		t.Errorf("after a Reset: %d", got)
	}
	if err := s.Uninstall("default", StandardApp().ClientID); err != nil {
		t.Fatal(err)
	}
	if err := s.SetCredentials(Account{Name: "default", APIID: "other", APIToken: "token", Bearer: "b"}); err != nil {
		t.Fatal(err)
	}
	if got := statusWith(t, s, "/v1/ping", byBearer("b")); got != 403 {
		t.Errorf("a bearer that ended: %d", got)
	}
	if err := s.SetCredentials(Account{Name: "default", Bearer: "c"}); err != nil {
		t.Fatal(err)
	}
	if key, bearer := statusWith(t, s, "/v1/ping", byKey("other", "token")), statusWith(t, s, "/v1/integrations/me", byBearer("c")); key != 403 || bearer != 200 {
		t.Errorf("key %d, bearer %d", key, bearer)
	}
}

// What no server can have is refused, without a word of credentials, and two accounts may swap.
func TestSetCredentialsRefuses(t *testing.T) {
	s := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit}))
	tenant := s.NewAccount(t)
	for _, list := range [][]Account{
		{{Name: "nobody", Bearer: "canary"}},
		{{Name: "default", APIID: "canary"}},
		{{Name: "default"}},
		{{Name: "default", Bearer: "fake-sales-bearer"}},
		{{Name: "default", Bearer: tenant.Bearer}},
		{{Name: "default", Bearer: "canary"}, {Name: "sales", Bearer: "canary"}},
		{{Name: "default", Bearer: "canary"}, {Name: "default", Bearer: "canary2"}},
	} {
		err := s.SetCredentials(list...)
		if err == nil || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "bearer") {
			t.Errorf("%+v: %v", list, err)
		}
		if got := statusWith(t, s, "/v1/ping", byBearer("fake-default-bearer")); got != 200 {
			t.Errorf("%+v: %d", list, got)
		}
	}
	if err := s.SetCredentials(Account{Name: "default", Bearer: "fake-sales-bearer"}, Account{Name: "sales", Bearer: "fake-default-bearer"}); err != nil {
		t.Fatal(err)
	}
	_ = s.accounts()[0].do(noon, func(tx *tx) error { tx.name = "Swapped"; return nil })
	if _, body := getWith(t, s, "/v1/company", byBearer("fake-sales-bearer")); !strings.Contains(body, "Swapped") {
		t.Error(body)
	}
}

func getWith(t testing.TB, s *Server, path string, with func(*http.Request)) (int, string) {
	t.Helper()
	req := httptest.NewRequest("GET", path, nil)
	with(req)
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, req)
	return rec.Code, rec.Body.String()
}

// Whoever asks meanwhile is let in by one of the two.
func TestSetCredentialsMeanwhile(t *testing.T) {
	m := newMemoryStore()
	s := RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit, Store: m}))
	old, other := Account{Name: "default", Bearer: "fake-default-bearer"}, Account{Name: "default", APIID: "id", APIToken: "token", Bearer: "b"}
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for range 50 {
				if got := statusWith(t, s, "/v1/integrations/me", byBearer("b")); got != 200 && got != 403 {
					t.Errorf("%d", got)
				}
			}
		})
	}
	all.Go(func() {
		for range 20 {
			for _, a := range []Account{other, old} {
				if err := s.SetCredentials(a); err != nil {
					t.Error(err)
				}
			}
		}
	})
	all.Go(func() {
		for range 5 {
			s.Reset()
			s.Restore(s.Snapshot())
		}
	})
	all.Wait()
	m.mustHaveAll(t, s)
}

// What falls due while an account gets a bearer token is delivered.
func TestSetCredentialsDelivers(t *testing.T) {
	w, r := empty(t), newReceiver(t, always(200))
	hookTo(t, w.Server, r.URL)
	w.change(func(t *tx) {
		h := t.webhooks.order[0]
		t.addDelivery(delivery{Event: Event{Name: "x", Data: []byte("{}"), At: t.now}, Hook: h.ID, UUID: h.UUID, URL: h.URL}, time.Hour)
	})
	w.clock.moveTo(noon.Add(2 * time.Hour)) // as a clock that runs would, before live sees it
	a := w.Accounts()[0]
	a.Bearer = "another"
	if err := w.SetCredentials(a); err != nil {
		t.Fatal(err)
	}
	w.Advance(0)
	if got := r.take(); len(got) != 1 {
		t.Errorf("%d deliveries came, 1 is wanted", len(got))
	}
}
