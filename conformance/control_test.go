package conformance

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	controlapi "github.com/aircallkit/aircallkit/fakeaircall/control"
)

// served is a fake as aircallkit serve runs it.
func served(t *testing.T, change ...func(*fakeaircall.Options)) *fakeaircall.Server {
	t.Helper()
	o := fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit, Control: controlapi.New}
	for _, f := range change {
		f(&o)
	}
	s, err := fakeaircall.New(checked(t, o))
	if err == nil {
		err = s.Listen("127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// livesOn are the parts of a company that change by themselves.
var livesOn = regexp.MustCompile(`^(clock|idle|last_event|calls|events|schedule)\b`)

// TestServedFake: nearly all scenarios run against a fake that is served, which is afterwards as it was: its data, faults
// and request log.
func TestServedFake(t *testing.T) {
	for name, clock := range map[string]time.Time{"fixed clock": start.AddDate(0, 1, 0), "real clock": {}} {
		t.Run(name, func(t *testing.T) {
			if !full() && name == "fixed clock" {
				t.Skip("it takes seconds of waiting: AIRCALLKIT_FULL=1 runs it")
			}
			t.Parallel()
			s := served(t, func(o *fakeaircall.Options) { o.Clock = clock })
			if _, err := s.AddFault(fakeaircall.Fault{Op: "delete-a-team", Status: http.StatusBadGateway}); err != nil {
				t.Fatal(err)
			}
			before := s.Snapshot()
			rep, err := Run(t.Context(), checkedRun(t, Options{Target: s.URL(), AllowWrites: true, ReportDir: t.TempDir()}))
			if err != nil {
				t.Fatal(err)
			}
			for _, sc := range rep.Scenarios {
				if sc.Status == report.Fail || sc.Status == report.Error {
					t.Errorf("%s %s: %s", sc.Status, sc.ID, sc.Reason)
				}
				if sc.Status == report.Skipped && sc.Reason == "" {
					t.Errorf("%s is skipped without a reason", sc.ID)
				}
			}
			if rep.Summary.Pass < 850 {
				t.Errorf("too few scenarios ran: %+v", rep.Summary)
			}
			for _, d := range before.Diff(s.Snapshot()) {
				// The kit looked at the target before it had a copy of it; and on a clock that runs calls end.
				if d.Path != "replies" && !(clock.IsZero() && livesOn.MatchString(d.Path)) {
					t.Errorf("the run changed %s %s: %s became %s", d.Account, d.Path, d.From, d.To)
				}
			}
			if rules := s.Faults(); len(rules) != 1 || rules[0].Hits != 0 {
				t.Errorf("the faults of the fake are %+v", rules)
			}
			for _, r := range s.Requests(fakeaircall.RequestFilter{}) {
				if r.Path != "/v1/ping" {
					t.Errorf("the fake itself was asked for %s %s", r.Method, r.Path)
				}
			}
		})
	}
}

// TestNoSandbox: a scenario that cannot have a separate fake says why, and the target gets no request that could give
// it one.
func TestNoSandbox(t *testing.T) {
	through := func(s *fakeaircall.Server, change func(*httputil.ProxyRequest)) string {
		front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			to, _ := url.Parse(s.URL())
			r.SetURL(to)
			change(r)
		}})
		t.Cleanup(front.Close)
		return front.URL
	}
	allowed := Options{AllowWrites: true}
	for name, c := range map[string]struct {
		options func(*testing.T) (*fakeaircall.Server, Options)
		want    string
	}{
		"reading": {func(t *testing.T) (*fakeaircall.Server, Options) {
			s := served(t)
			return s, Options{Target: s.URL()}
		}, "it would answer in place of the target; allow that with --allow-writes"},
		"no control API": {func(t *testing.T) (*fakeaircall.Server, Options) {
			s := served(t, func(o *fakeaircall.Options) { o.Control = nil })
			return s, aimed(s.URL(), allowed)
		}, "the target has no control API: GET /_fake/health answers 404"},
		"a token": {func(t *testing.T) (*fakeaircall.Server, Options) {
			s := served(t, func(o *fakeaircall.Options) { o.Control = controlapi.Options{Token: "a-token-of-the-control-api"}.New })
			return s, aimed(s.URL(), allowed)
		}, "the target has no control API: GET /_fake/health answers 401: "},
		"a proxy": {func(t *testing.T) (*fakeaircall.Server, Options) {
			s := served(t)
			return s, aimed(through(s, func(*httputil.ProxyRequest) {}), allowed)
		}, "something between the kit and the fake, which listens at http://127.0.0.1:"},
		"a proxy that says so": {func(t *testing.T) (*fakeaircall.Server, Options) {
			s := served(t)
			return s, aimed(through(s, func(r *httputil.ProxyRequest) { r.SetXForwarded() }), allowed)
		}, "GET /_fake/health answers 403: "},
		"a sandbox": {func(t *testing.T) (*fakeaircall.Server, Options) {
			s := served(t)
			if _, err := s.StartSandbox(fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit}); err != nil {
				t.Fatal(err)
			}
			return s, aimed(s.URL(), allowed)
		}, "a sandbox already answers in place of the target"},
		"live": {func(t *testing.T) (*fakeaircall.Server, Options) {
			s := served(t)
			return s, Options{Target: kindLive, Accounts: FakeAccounts(s.Accounts(), s.URL()), AllowWrites: true, WriteAccount: "default"}
		}, "the target is not on this machine"},
	} {
		t.Run(name, func(t *testing.T) {
			if !full() && name == "live" {
				t.Skip("it takes seconds of waiting: AIRCALLKIT_FULL=1 runs it")
			}
			s, o := c.options(t)
			o.Tags = "@op:retrieve-company or @op:list-all-tags"
			rep, err := Run(t.Context(), checkedRun(t, o))
			if err != nil {
				t.Fatal(err)
			}
			told := 0
			for _, sc := range rep.Scenarios {
				if !slices.Contains(sc.Tags, "@fake") {
					continue
				}
				told++
				if sc.Status != report.Skipped || !strings.HasPrefix(sc.Reason, noSandbox) || !strings.Contains(sc.Reason, c.want) {
					t.Errorf("%s is %s: %s; want %q", sc.ID, sc.Status, sc.Reason, c.want)
				}
			}
			if told == 0 || rep.Summary.Pass == 0 {
				t.Errorf("%d scenarios need their own fake, %+v", told, rep.Summary)
			}
			if s.EndSandbox() != (name == "a sandbox") {
				t.Error("it took the sandbox away, or left one")
			}
		})
	}
}

func aimed(url string, o Options) Options {
	o.Target = url
	return o
}

// TestSandboxEnds: a run that is interrupted takes its sandbox away.
func TestSandboxEnds(t *testing.T) {
	s := served(t)
	ctx, stop := context.WithCancel(t.Context())
	rep, err := Run(ctx, checkedRun(t, Options{Target: s.URL(), AllowWrites: true, sabotage: func(r *run) {
		n, print := 0, r.print
		r.print = func(sc report.Scenario) {
			if n++; n == 40 {
				stop()
			}
			print(sc)
		}
	}}))
	if ExitCode(rep, err) != ExitInterrupted || rep.Summary.Pass != 40 {
		t.Errorf("%v, %+v", err, rep.Summary)
	}
	if s.EndSandbox() {
		t.Error("the sandbox is still there")
	}
}
