package conformance

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// readdressed sends all requests to a server on this machine, which sees the host that they were meant for.
type readdressed struct{ to *url.URL }

func (r readdressed) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.Host = req.URL.Host
	out.URL.Scheme, out.URL.Host = r.to.Scheme, r.to.Host
	return http.DefaultTransport.RoundTrip(out)
}

// asAircall lets a run take a fake, behind a defect, for api.aircall.io. Waits move the clock of the fake.
func asAircall(t *testing.T, o Options, d defect) Options {
	t.Helper()
	s, err := fakeaircall.New(checked(t, fakeaircall.Options{Clock: start, Assume: map[string]string{"users-v1": "keep"}}))
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d(w, r, s.Handler()) }))
	t.Cleanup(front.Close)
	to, err := url.Parse(front.URL)
	if err != nil {
		t.Fatal(err)
	}
	o.Accounts = map[string]binding.Account{}
	for name, a := range environment() {
		o.Accounts[name] = a
	}
	o.Target, o.ReportDir = kindLive, t.TempDir()
	o.sabotage = func(r *run) {
		r.target.witness.next = readdressed{to}
		r.target.now = s.Now
		r.target.pause = func(_ context.Context, wait time.Duration) error { s.Advance(wait); return nil }
	}
	return checkedRun(t, o)
}

func healthy(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) }

// TestTheHealthyFakeAsAircall has no failure and no drift under the name of the real host.
func TestTheHealthyFakeAsAircall(t *testing.T) {
	rep, err := Run(t.Context(), asAircall(t, Options{Tags: "not @fake"}, healthy))
	if err != nil {
		t.Fatal(err)
	}
	if s := rep.Summary; s.Fail+s.Error+s.Drift > 0 || s.Pass < 100 {
		t.Errorf("%+v", s)
	}
	for _, c := range append(rep.Failures, rep.Drift...) {
		t.Errorf("%s %s %v", c.Status, c, c.Examples)
	}
}

// TestAStrippedHeader is one line of drift, whatever it is, and fails nothing.
func TestAStrippedHeader(t *testing.T) {
	rep, err := Run(t.Context(), asAircall(t, Options{Tags: "not @fake"}, change("", header("ETag", ""))))
	if err != nil {
		t.Fatal(err)
	}
	if s := rep.Summary; s.Fail+s.Error > 0 || s.Drift != 1 || rep.Drift[0].Cause != "header ETag missing" || rep.Drift[0].Scenarios < 50 {
		t.Errorf("%+v", s)
	}
	for _, c := range append(rep.Failures, rep.Drift...) {
		t.Logf("%s %s %v", c.Status, c, c.Examples)
	}
}
