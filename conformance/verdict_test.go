package conformance

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
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
func asAircall(t *testing.T, o Options, d defect.Defect) Options {
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
		r.target.pacer.next = readdressed{to}
		r.target.now = s.Now
		r.target.pause = func(_ context.Context, wait time.Duration) error { s.Advance(wait); return nil }
	}
	return o
}

func healthy(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) }

// TestTheHealthyFakeAsAircall has no failure and no drift under the name of the real host.
func TestTheHealthyFakeAsAircall(t *testing.T) {
	t.Parallel()
	rep, err := Run(t.Context(), checkedRun(t, asAircall(t, Options{Tags: "not @fake"}, healthy)))
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
	t.Parallel()
	rep, err := Run(t.Context(), checkedRun(t, asAircall(t, Options{Tags: "not @fake"}, defect.Change("", setHeader("ETag", "")))))
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

// after lets some requests through before a defect begins.
func after(n int64, d defect.Defect) defect.Defect {
	var seen atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if seen.Add(1) <= n {
			next.ServeHTTP(w, r)
			return
		}
		d(w, r, next)
	}
}

// progressLine is what a run prints once a minute away from a terminal.
var progressLine = regexp.MustCompile(`(?m)^\d+ of \d+ scenarios, \d+ requests, .*\n`)

// TestNothingMoreToLearn: a run whose target stops answering ends at once, says so in a few lines, judges nothing by what
// the target did not answer, and sends nothing further.
func TestNothingMoreToLearn(t *testing.T) {
	edge := func(status int, body string) defect.Defect {
		return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	forbidden := edge(403, `{"message":"Forbidden"}`)
	onlyPing := func(d defect.Defect) defect.Defect {
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if id, _, _ := r.BasicAuth(); !strings.HasPrefix(id, "fake-") || r.URL.Path == "/v1/ping" || r.URL.Path == "/v1/company" {
				next.ServeHTTP(w, r)
				return
			}
			d(w, r, next)
		}
	}
	broken := func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }
	for _, c := range []struct {
		name   string
		defect defect.Defect
		says   string
	}{
		{"the credentials are revoked", after(60, forbidden), "they were revoked"},
		{"the credentials are revoked, with 401", after(60, edge(401, `{"message":"Unauthorized"}`)), "they were revoked"},
		{"the plan has no API", onlyPing(defect.Answer("", 403, `{"error":"Forbidden","troubleshoot":"Upgrade the plan"}`)), "its plan gives no access to the API"},
		{"it is out of service", after(60, defect.Answer("", 503, "")), "is out of service: it answers 503"},
		{"its connections break", after(60, broken), "is out of service"},
		{"the rate limit is used up", after(60, defect.Answer("", 429, `{"error":"Too Many Requests"}`)), "others use up the rate limit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			o := asAircall(t, Options{Tags: "@function:list_contacts or @function:get_call or @function:list_calls", Stdout: &out}, c.defect)
			readdress := o.sabotage
			o.sabotage = func(r *run) {
				readdress(r)
				r.target.runner, _ = r.target.newRunner(r.target.accounts, 10*time.Second) // the binding waits on its own clock
			}
			rep, err := Run(t.Context(), checkedRun(t, o))
			if code := ExitCode(rep, err); code != ExitEnvironment || !strings.Contains(fmt.Sprint(err), c.says) || !strings.Contains(fmt.Sprint(err), "scenarios not judged") {
				t.Errorf("exit %d, %v", code, err)
			}
			if rep == nil {
				t.FailNow()
			}
			if s := rep.Summary; s.Fail+s.Error+s.Drift > 0 || rep.Run.Ended == "" {
				t.Errorf("%+v, ended: %q\n%s", s, rep.Run.Ended, out.String())
			}
			said := progressLine.ReplaceAllString(out.String(), "") // one a minute, however long the limit is waited for
			if n := strings.Count(said, "\n"); n > 9 {
				t.Errorf("%d lines:\n%s", n, out.String())
			}
			if _, err := report.ReadReport(filepath.Join(o.ReportDir, "run.json")); err != nil {
				t.Error(err)
			}
			for _, ob := range rep.Observations().Observations {
				if ob.Result == report.Refuted {
					t.Errorf("%s is refuted: %s", ob.ID, ob.How)
				}
			}
		})
	}
}

// TestAPlanWithoutTags leaves some scenarios unsupported and judges the others.
func TestAPlanWithoutTags(t *testing.T) {
	t.Parallel()
	rep, err := Run(t.Context(), checkedRun(t, asAircall(t, Options{Tags: "not @fake"}, defect.Answer("GET /v1/tags", 403, `{"error":"Forbidden","troubleshoot":"Upgrade the plan"}`))))
	if err != nil {
		t.Fatal(err)
	}
	if s := rep.Summary; s.Fail+s.Error+s.Drift > 0 || s.Unsupported == 0 || s.Pass < 100 {
		t.Errorf("%+v", s)
	}
	for _, c := range append(rep.Failures, rep.Drift...) {
		t.Errorf("%s %s %v", c.Status, c, c.Examples)
	}
}

// TestAnOperationThatIsBroken is drift: the target works, and answers 500 for one operation each time.
func TestAnOperationThatIsBroken(t *testing.T) {
	url, _ := behind(t, defect.Answer("GET /v1/calls/", 500, `{"error":"Internal Server Error"}`))
	run := runJSON(t, Options{Target: url, Accounts: environment(), Tags: "@function:get_call"})
	if s := run.Summary; s.Fail > 0 || s.Drift == 0 || s.Error == 0 || run.Run.Ended != "" {
		t.Errorf("%+v %q", s, run.Run.Ended)
	}
	for _, c := range append(run.Failures, run.Drift...) {
		t.Logf("%s %s %v", c.Status, c, c.Examples)
	}
}

// TestNoAircall: a target that is not Aircall ends the run before the first scenario.
func TestNoAircall(t *testing.T) {
	dead := httptest.NewServer(nil)
	dead.Close()
	serve := func(d defect.Defect) string { url, _ := behind(t, d); return url }
	for _, c := range []struct{ name, url, says string }{
		{"a dead port", dead.URL, "it cannot be reached: connection refused"},
		{"a web page", serve(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, "<html></html>")
		}), "it answers GET /v1/ping with a web page: this is not Aircall"},
		{"another API", serve(defect.Answer("", 200, `{"status":"ok"}`)), "with something else: this is not Aircall"},
		{"404 everywhere", serve(defect.Answer("", 404, `{"error":"Not Found"}`)), "it answers 404 to GET /v1/ping: this is not Aircall"},
		{"wrong credentials", serve(defect.Answer("", 403, `{"message":"Forbidden"}`)), "it refuses the credentials with 403"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			o := Options{Target: c.url, Accounts: environment(), Stdout: &out, ReportDir: t.TempDir()}
			rep, err := Run(t.Context(), checkedRun(t, o))
			if code := ExitCode(rep, err); code != ExitEnvironment || !strings.Contains(fmt.Sprint(err), c.says) || out.Len() > 0 {
				t.Errorf("exit %d, %v\n%s", code, err, out.String())
			}
			read, err := report.ReadReport(filepath.Join(o.ReportDir, "run.json"))
			if err != nil {
				t.Fatal(err)
			}
			if s := read.Summary; s.Skipped != len(planOf(t)) || s.Total() != s.Skipped || read.Run.Ended == "" {
				t.Errorf("%+v %q", s, read.Run.Ended)
			}
		})
	}
}
