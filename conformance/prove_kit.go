package conformance

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// kitFault is a run in which the kit itself is at fault, and the code that it must end with.
type kitFault struct {
	name   string
	code   int
	o      Options
	far    bool // against an address; else against a fake of the kit's own
	broken func(r *run, stop context.CancelFunc)
}

// The scenarios that faults of the kit are tried with: one that reads, one that makes a contact.
const (
	reading = "reference/get_call/a-call-found-in-the-list-is-the-same-when-it-is-asked-for-by-its-id"
	making  = "relations/contacts/a-change-is-kept-shows-at-once-and-changes-nothing-beside"
)

// kitFaults are what may be wrong with the kit, and be noticed by itself.
func kitFaults() []kitFault {
	return []kitFault{
		{name: "a tag that no scenario has", code: ExitError, o: Options{Tags: "@fucntion:get_call"}},
		{name: "tags that select nothing", code: ExitError, o: Options{Tags: "@reads and not @reads"}},
		{name: "a result is lost", code: ExitError, o: Options{Scenarios: []string{reading, making}}, broken: func(r *run, _ context.CancelFunc) {
			r.print = func(s report.Scenario) { delete(r.results, s.ID) }
		}},
		{name: "nothing is found to ask for", code: ExitError, o: Options{Scenarios: []string{reading}}, broken: func(r *run, _ context.CancelFunc) {
			for _, of := range collections {
				h := r.target.holding(r.target.first(), of)
				h.whole = true
			}
		}},
		{name: "the shapes are gone", code: ExitError, o: Options{Scenarios: []string{reading}}, broken: func(r *run, _ context.CancelFunc) {
			r.shapes = shapes{}
		}},
		{name: "nothing is redacted", code: ExitDefect, far: true, o: Options{Tags: "@function:list_contacts", unredacted: true, ReportDir: "report"}},
		{name: "undoing does nothing", code: ExitLeft, far: true, o: Options{Scenarios: []string{making}, AllowWrites: true}, broken: func(r *run, _ context.CancelFunc) {
			r.target.http.Transport = undoing{r.target.http.Transport, func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
			}}
		}},
		{name: "undoing deletes another contact", code: ExitLeft, far: true, o: Options{Scenarios: []string{making}, AllowWrites: true}, broken: func(r *run, _ context.CancelFunc) {
			r.target.http.Transport = undoing{r.target.http.Transport, func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
				other := req.Clone(req.Context())
				other.URL.Path = "/v1/contacts/5678"
				return next.RoundTrip(other)
			}}
		}},
		{name: "the journal cannot be written", code: ExitError, far: true, o: Options{Scenarios: []string{making}, AllowWrites: true, Journal: filepath.Join(os.DevNull, "journal")}},
		{name: "it is stopped", code: ExitInterrupted, o: Options{Tags: "@function:get_call"}, broken: func(r *run, stop context.CancelFunc) {
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

// faulty runs the kit with a fault, as the command does, and looks at the code it ends with.
func (p *prover) faulty(ctx context.Context, f kitFault) (trial, error) {
	t := trial{mutant: mutant{id: "kit " + f.name, family: familyKit}, verdict: Survived, tried: 1}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	o := f.o
	if f.far {
		fake, err := newFake(fakeaircall.Options{Clock: start, RateLimit: fakeaircall.NoRateLimit})
		if err != nil {
			return t, err
		}
		defer fake.close()
		o.Target = fake.url
	}
	if dir := o.ReportDir; dir != "" || o.AllowWrites {
		made, err := os.MkdirTemp("", "aircallkit-")
		if err != nil {
			return t, fmt.Errorf("a place for a report: %w", err)
		}
		defer os.RemoveAll(made)
		if dir != "" {
			o.ReportDir = filepath.Join(made, dir)
		}
		if o.AllowWrites && o.Journal == "" {
			o.Journal = filepath.Join(made, "journal")
		}
	}
	o.Stdout = io.Discard
	o.sabotage = func(r *run) {
		if f.broken != nil {
			t.hits++
			f.broken(r, stop)
		}
	}
	if f.broken == nil { // it is in what the kit is asked
		t.hits++
	}
	rep, err := Run(ctx, o)
	code := ExitCode(rep, err)
	t.reason = strings.TrimSpace(fmt.Sprintf("it ends with %d, wanted is %d. %s", code, f.code, firstLine(err)))
	if code == f.code {
		t.verdict = Killed
	}
	return t, nil
}

func firstLine(err error) string {
	if err == nil {
		return ""
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
