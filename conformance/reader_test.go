package conformance

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A reader only sends GET requests, only to the address of the account, and never above the rate limit.
func TestReader(t *testing.T) {
	s, url, refused := limited(t)
	r, err := NewReader(t.Context(), Options{Target: url}, "")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.target.now = s.Now
	r.target.pause = func(_ context.Context, d time.Duration) error { s.Advance(d); return nil }
	if names := strings.Join(r.Accounts(), " "); names != "default sales support" || r.User("sales") != "owner@sales.example.com" {
		t.Errorf("the accounts are %s, and the user %s", names, r.User("sales"))
	}
	if n := r.PerMinute(); n != 110 {
		t.Errorf("it sends %d requests a minute, want 110", n)
	}
	for range 150 {
		if status, body, err := r.Get(t.Context(), "default", "/v1/ping"); err != nil || status != http.StatusOK || !strings.Contains(string(body), "pong") {
			t.Fatalf("ping: %d %s %v", status, body, err)
		}
	}
	if n := refused.Load(); n > 0 {
		t.Errorf("%d requests were above the limit", n)
	}
	if status, _, err := r.Get(t.Context(), "sales", "/v1/calls/1"); err != nil || status != http.StatusNotFound {
		t.Errorf("a missing call: %d %v", status, err)
	}
	if _, _, err := r.Get(t.Context(), "default", "@example.com/v1/ping"); err == nil || !strings.Contains(err.Error(), "is not the address of the account") {
		t.Errorf("another address: %v", err)
	}
}

// The error of a target that stops answering has the exit code of the environment, and nothing of the target.
func TestReaderOfBrokenTarget(t *testing.T) {
	s, err := fakeaircall.New(checked(t, fakeaircall.Options{Clock: start}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var broken atomic.Bool
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if broken.Load() {
			panic(http.ErrAbortHandler)
		}
		s.Handler().ServeHTTP(w, req)
	}))
	defer front.Close()
	of := s.Accounts()[0]
	r, err := NewReader(t.Context(), Options{Target: front.URL, Accounts: map[string]binding.Account{"mine": {APIID: of.APIID, APIToken: of.APIToken}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	broken.Store(true)
	_, _, err = r.Get(t.Context(), "mine", "/v1/contacts/search?phone_number=%2B33199001234")
	if ExitCode(nil, err) != ExitEnvironment || strings.Contains(err.Error(), "33199") || !strings.Contains(err.Error(), `account "mine"`) {
		t.Errorf("error %v, exit code %d", err, ExitCode(nil, err))
	}
	if _, err := NewReader(t.Context(), Options{Target: front.URL}, ""); ExitCode(nil, err) != ExitEnvironment {
		t.Errorf("a reader of a target that does not answer: %v", err)
	}
}
