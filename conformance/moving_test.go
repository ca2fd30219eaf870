package conformance

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// moving is a fake whose clock goes on with each request as far as a paced run waits for it, on a busy morning: calls
// come, are answered and end between any two requests.
func moving(t *testing.T, calls int) (url string) {
	t.Helper()
	s, err := fakeaircall.New(checked(t, fakeaircall.Options{Clock: start, RateLimit: fakeaircall.NoRateLimit}))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range s.Accounts() {
		if err := s.SetTraffic(a.Name, fakeaircall.Traffic{CallsPerDay: calls}); err != nil {
			t.Fatal(err)
		}
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Advance(600 * time.Millisecond)
		s.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return front.URL
}

// TestATargetMayMove: calls that arrive or end during a run are not a fault of the target.
func TestATargetMayMove(t *testing.T) {
	for name, calls := range map[string]int{"calls end": 0, "calls come": 2000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := runJSON(t, Options{Target: moving(t, calls), AllowWrites: true, Accounts: environment()})
			for _, s := range run.Scenarios {
				if s.Status == report.Fail || s.Status == report.Error {
					t.Errorf("%s %s: %s", s.Status, s.ID, s.Reason)
				}
			}
			if run.Summary.Pass < 200 {
				t.Errorf("%+v", run.Summary)
			}
		})
	}
}
