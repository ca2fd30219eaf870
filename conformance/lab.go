package conformance

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Lab runs single scenarios against a fake that all of them share, behind a handler that may be wrong. It is for package
// selftest. Call Close when it is no longer needed.
type Lab struct {
	base *run // what all runs share
}

// Outcome is the result of one scenario in a Lab.
type Outcome struct {
	Result    report.Scenario
	Exchanges []Exchange
	Fakes     int // that the scenario started itself
}

// Exchange is one request of a scenario, by its operation, with the reply. Status is 0 if none came.
type Exchange struct {
	Op     string
	Status int
	Reply  []byte
}

// NewLab starts the fake and reads the scenarios.
func NewLab() (*Lab, error) {
	base, err := prepareShipped(Options{})
	if err != nil {
		return nil, err
	}
	return &Lab{base}, nil
}

// Close stops the fake.
func (l *Lab) Close() { l.base.target.close() }

// Scenarios returns all scenarios, in the order of a run.
func (l *Lab) Scenarios() []*scenario.Scenario { return l.base.plan }

// Operation returns the name of the operation that a request is for, or "".
func Operation(r *http.Request) string {
	op, _ := routeOf(r.Method, r.URL.EscapedPath())
	return op
}

// Try runs one scenario. wrap, if not nil, puts a handler in front of each fake. With remote the scenario runs as against
// an address. The error says that the scenario could not be run.
func (l *Lab) Try(ctx context.Context, of *scenario.Scenario, wrap func(http.Handler) http.Handler, remote bool) (out Outcome, err error) {
	o := Options{Wrap: wrap}
	var t *target
	if of.Has("@changes") && !of.OwnFake() { // it changes the fake
		t, err = newTarget(o)
	} else {
		t, err = front(l.base.target.fake, wrap)
	}
	if err != nil {
		return out, err
	}
	defer t.close()
	r := &run{
		opts: o, fsys: of.Alone(), target: t, plan: []*scenario.Scenario{of}, id: l.base.id,
		examples: l.base.examples, functions: l.base.functions, shapes: l.base.shapes, seeds: l.base.seeds,
		results: map[string]report.Scenario{}, print: func(report.Scenario) {}, brief: true,
		undoLog: &undoLog{head: l.base.undoLog.head},
	}
	r.watch = func(w *world) {
		for _, x := range w.exchanges.all() {
			out.Exchanges = append(out.Exchanges, Exchange{x.op, x.status, x.reply})
		}
		out.Fakes = len(w.own)
	}
	if remote {
		there, err := newRemote(kindURL, t.url, FakeAccounts(fakeaircall.StandardAccounts(), ""))
		if err != nil {
			return out, err
		}
		defer there.close()
		there.writes = true
		r.target, r.opts.AllowWrites, r.opts.Target = there, true, there.url
	}
	err = r.execute(ctx)
	out.Result = r.results[of.ID]
	return out, err
}

// front listens for a fake that stays when the listener is closed.
func front(s *fakeaircall.Server, wrap func(http.Handler) http.Handler) (*target, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the fake: %w", err)
	}
	h := s.Handler()
	if wrap != nil {
		h = wrap(h)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go server.Serve(l)
	t := &target{kind: kindFake, url: "http://" + l.Addr().String(), fake: s, control: controlOf(s), stop: server.Close}
	t.accounts = FakeAccounts(s.Accounts(), t.url)
	return t, t.connect()
}

// Timeouts of TryAll for a reply and for a script: a script whose connections are closed stops retrying.
const (
	noReply     = time.Second
	shortScript = 200 * time.Millisecond
)

// TryAll runs all scenarios that do not need their own fake against one server, which wrap makes of the shared fake. It returns no
// results if the server does not answer like one that accepts the credentials.
func (l *Lab) TryAll(ctx context.Context, wrap func(http.Handler) http.Handler) (results []report.Scenario, err error) {
	fake, err := front(l.base.target.fake, wrap)
	if err != nil {
		return nil, err
	}
	defer fake.close()
	r, err := prepare(Options{Target: fake.url, AllowWrites: true, Tags: "not @fake"}, l.base.fsys, l.base.plan)
	if err != nil {
		return nil, fmt.Errorf("against %s: %w", fake.url, err)
	}
	defer r.target.close()
	r.print = func(report.Scenario) {}
	r.target.http.Timeout = noReply
	if r.target.runner, err = r.target.newRunner(r.target.accounts, shortScript); err != nil {
		return nil, err
	}
	if r.target.reach(ctx) != nil {
		return nil, nil
	}
	err = r.execute(ctx)
	for _, of := range r.plan {
		results = append(results, r.results[of.ID])
	}
	return results, err
}

// Fault is a run in which the suite itself is broken in one way. It is for package selftest.
type Fault struct {
	Name string
	Code int // the exit code that the run must end with

	o      Options
	far    bool // against an address; else against a separate fake
	broken func(r *run, stop context.CancelFunc)
}

// Faults returns the ways in which the suite can be broken and must notice it.
func Faults() []Fault {
	const (
		reads   = "reference/get_call/a-call-of-the-list-is-the-same-by-its-id"
		creates = "relations/contacts/an-update-is-visible-at-once-and-changes-nothing-else"
	)
	read := Options{Scenarios: []string{reads}}
	create := Options{Scenarios: []string{creates}, AllowWrites: true}
	return []Fault{
		{Name: "a tag that no scenario has", Code: ExitError, o: Options{Tags: "@fucntion:get_call"}},
		{Name: "tags that select nothing", Code: ExitError, o: Options{Tags: "@reads and not @reads"}},
		{Name: "a result is lost", Code: ExitError, o: Options{Scenarios: []string{reads, creates}}, broken: func(r *run, _ context.CancelFunc) {
			r.print = func(s report.Scenario) { delete(r.results, s.ID) }
		}},
		{Name: "nothing is found to ask for", Code: ExitError, o: read, broken: func(r *run, _ context.CancelFunc) {
			for _, of := range collections {
				r.target.holding(r.target.first(), of).whole = true
			}
		}},
		{Name: "the shapes are gone", Code: ExitError, o: read, broken: func(r *run, _ context.CancelFunc) { r.shapes = shapes{} }},
		{Name: "nothing is redacted", Code: ExitDefect, far: true, o: Options{Tags: "@function:list_contacts", unredacted: true, ReportDir: "report"}},
		{Name: "undoing does nothing", Code: ExitLeft, far: true, o: create, broken: breakUndo(func(_ http.RoundTripper, req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
		})},
		{Name: "undoing deletes another contact", Code: ExitLeft, far: true, o: create, broken: breakUndo(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
			other := req.Clone(req.Context())
			other.URL.Path = "/v1/contacts/5678"
			return next.RoundTrip(other)
		})},
		{Name: "the undo log cannot be written", Code: ExitError, far: true, o: Options{Scenarios: []string{creates}, AllowWrites: true, UndoLog: filepath.Join(os.DevNull, "log")}},
		{Name: "it is stopped", Code: ExitInterrupted, o: Options{Tags: "@function:get_call"}, broken: func(r *run, stop context.CancelFunc) {
			print := r.print
			r.print = func(s report.Scenario) { print(s); stop() }
		}},
	}
}

// breakUndo replaces the requests that undo a scenario.
func breakUndo(instead func(http.RoundTripper, *http.Request) (*http.Response, error)) func(*run, context.CancelFunc) {
	return func(r *run, _ context.CancelFunc) {
		next := r.target.http.Transport
		r.target.http.Transport = roundTripper(func(req *http.Request) (*http.Response, error) {
			if e, _ := req.Context().Value(purposeKey{}).(entry); e.purpose == forUndo && req.Method != http.MethodGet {
				return instead(next, req)
			}
			return next.RoundTrip(req)
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Run runs the suite with the fault, as the command does. It returns the exit code and the first line of the error.
func (f Fault) Run(ctx context.Context) (code int, said string, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	o := f.o
	if f.far {
		fake, err := newFake(fakeaircall.Options{Clock: start, RateLimit: fakeaircall.NoRateLimit})
		if err != nil {
			return 0, "", err
		}
		defer fake.close()
		o.Target = fake.url
	}
	dir, err := os.MkdirTemp("", "aircallkit-")
	if err != nil {
		return 0, "", fmt.Errorf("self-test: %w", err)
	}
	defer os.RemoveAll(dir)
	if o.ReportDir != "" {
		o.ReportDir = filepath.Join(dir, o.ReportDir)
	}
	if o.AllowWrites && o.UndoLog == "" {
		o.UndoLog = filepath.Join(dir, "undo.log")
	}
	if f.broken != nil {
		o.sabotage = func(r *run) { f.broken(r, stop) }
	}
	rep, err := Run(ctx, o)
	if err != nil {
		said, _, _ = strings.Cut(err.Error(), "\n")
	}
	return ExitCode(rep, err), said, nil
}
