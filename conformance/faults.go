package conformance

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Fault is a run in which the kit itself is broken in one way. It is for package selftest.
type Fault struct {
	Name string
	Code int // the exit code that the run must end with

	o      Options
	far    bool // against an address; else against a fake of the kit's own
	broken func(r *run, stop context.CancelFunc)
}

// The scenarios that faults of the kit are tried with: one that reads, one that makes a contact.
const (
	reading = "reference/get_call/a-call-found-in-the-list-is-the-same-when-it-is-asked-for-by-its-id"
	making  = "relations/contacts/a-change-is-kept-shows-at-once-and-changes-nothing-beside"
)

// Faults returns the ways in which the kit can be broken and must notice it.
func Faults() []Fault {
	return []Fault{
		{Name: "a tag that no scenario has", Code: ExitError, o: Options{Tags: "@fucntion:get_call"}},
		{Name: "tags that select nothing", Code: ExitError, o: Options{Tags: "@reads and not @reads"}},
		{Name: "a result is lost", Code: ExitError, o: Options{Scenarios: []string{reading, making}}, broken: func(r *run, _ context.CancelFunc) {
			r.print = func(s report.Scenario) { delete(r.results, s.ID) }
		}},
		{Name: "nothing is found to ask for", Code: ExitError, o: Options{Scenarios: []string{reading}}, broken: func(r *run, _ context.CancelFunc) {
			for _, of := range collections {
				h := r.target.holding(r.target.first(), of)
				h.whole = true
			}
		}},
		{Name: "the shapes are gone", Code: ExitError, o: Options{Scenarios: []string{reading}}, broken: func(r *run, _ context.CancelFunc) {
			r.shapes = shapes{}
		}},
		{Name: "nothing is redacted", Code: ExitDefect, far: true, o: Options{Tags: "@function:list_contacts", unredacted: true, ReportDir: "report"}},
		{Name: "undoing does nothing", Code: ExitLeft, far: true, o: Options{Scenarios: []string{making}, AllowWrites: true}, broken: func(r *run, _ context.CancelFunc) {
			r.target.http.Transport = undoing{r.target.http.Transport, func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
			}}
		}},
		{Name: "undoing deletes another contact", Code: ExitLeft, far: true, o: Options{Scenarios: []string{making}, AllowWrites: true}, broken: func(r *run, _ context.CancelFunc) {
			r.target.http.Transport = undoing{r.target.http.Transport, func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
				other := req.Clone(req.Context())
				other.URL.Path = "/v1/contacts/5678"
				return next.RoundTrip(other)
			}}
		}},
		{Name: "the journal cannot be written", Code: ExitError, far: true, o: Options{Scenarios: []string{making}, AllowWrites: true, Journal: filepath.Join(os.DevNull, "journal")}},
		{Name: "it is stopped", Code: ExitInterrupted, o: Options{Tags: "@function:get_call"}, broken: func(r *run, stop context.CancelFunc) {
			print := r.print
			r.print = func(s report.Scenario) { print(s); stop() }
		}},
	}
}

// undoing does something else in the place of the requests that undo.
type undoing struct {
	next    http.RoundTripper
	instead func(http.RoundTripper, *http.Request) (*http.Response, error)
}

// RoundTrip leaves all other requests alone.
func (u undoing) RoundTrip(req *http.Request) (*http.Response, error) {
	if e, _ := req.Context().Value(journalKey{}).(entry); e.purpose == forUndo && req.Method != http.MethodGet {
		return u.instead(u.next, req)
	}
	return u.next.RoundTrip(req)
}

// Run runs the kit with the fault, as the command does. It returns the exit code and the first line of the error.
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
		return 0, "", fmt.Errorf("a place for a report: %w", err)
	}
	defer os.RemoveAll(dir)
	if o.ReportDir != "" {
		o.ReportDir = filepath.Join(dir, o.ReportDir)
	}
	if o.AllowWrites && o.Journal == "" {
		o.Journal = filepath.Join(dir, "journal")
	}
	o.sabotage = func(r *run) {
		if f.broken != nil {
			f.broken(r, stop)
		}
	}
	rep, err := Run(ctx, o)
	if err != nil {
		said, _, _ = strings.Cut(err.Error(), "\n")
	}
	return ExitCode(rep, err), said, nil
}
