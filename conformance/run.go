package conformance

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/docscheck"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
	"github.com/aircallkit/aircallkit/features"
)

// Options say what to run against what. The zero value runs everything against an in-process fake and prints nothing.
type Options struct {
	Target          string                     // "" or "fake": a fake in this process; "live": Aircall; else an address
	Accounts        map[string]binding.Account // by name; none on a loopback address: the fake's standard accounts
	Tags            string                     // a cucumber tag expression; "" selects all
	Scenarios       []string                   // ids; none selects all
	FailFast        bool                       // skip the rest after the first scenario that fails or cannot be judged
	AllowWrites     bool                       // on an address or live: run the scenarios that change the account, and undo the changes
	ReportDir       string                     // directory for the report, run.json and the files made of it; "" writes none
	RequireComplete bool                       // a scenario that did not run is an error
	Format          string                     // of what Stdout gets: "text" (or "") or another of report.Formats
	Stdout          io.Writer                  // nil: nothing is printed
	Terminal        bool                       // Stdout is one: show progress, and values of a target on this machine
	Seed            int64                      // of the in-process fake; 0 means 1
	Again           []string                   // more arguments of the command that runs a scenario again, such as --accounts FILE
	Known           []KnownFailure             // of the target
	Strict          bool                       // drift is a failure, as it always is in the in-process fake
	FailOnExpired   bool                       // a known failure fails after its last day; else it is known with a note

	// Assume chooses other answers to assumptions in the in-process fakes. See fakeaircall.Options.
	Assume map[string]string

	// WriteAccount is the account that may be changed, and that scenarios then use. It must be named unless the target is on
	// this machine. Accounts in Production are never changed.
	WriteAccount string
	Production   []string
	UndoLog      string // file that records the changes; "": a new one in StateDir
	MaxRequests  int    // to an account, a fifth of them reserved for undoing; 0: twice the planned number

	// Wrap puts a handler around those of the in-process fakes; nil: none. See fakeaircall.Options.
	Wrap func(http.Handler) http.Handler

	sabotage   func(*run) // breaks the suite, to test that it notices
	unredacted bool       // reports keep secrets and values, to test what finds them

	tune  func(*http.Transport)                      // changes the transport, for tests with their own network
	pause func(context.Context, time.Duration) error // waits; nil: in real time
}

// Run executes the chosen scenarios. The error says why nothing could run, or that the report could not be written; the report
// says how the scenarios ended, see [ExitCode].
func Run(ctx context.Context, o Options) (rep *report.Report, err error) {
	began := time.Now()
	go wirecheck.Contract() // takes a moment
	if o.Stdout == nil {
		o.Stdout = io.Discard
	}
	render, err := report.FileOf(o.Format)
	if err != nil {
		return nil, err
	}
	r, err := prepareShipped(o)
	if err != nil {
		return nil, err
	}
	defer r.target.close()
	redactor := r.target.redactor
	defer func() { err = redactor.err(err) }()
	here := o.Terminal && r.target.here()
	out, live := redactor.writer(o.Stdout, here), o.Terminal && render == nil
	shown := r.progress(out, live, render != nil)
	if o.sabotage != nil {
		o.sabotage(r)
	}
	say := func(lines []string) {
		if render == nil && len(lines) > 0 {
			fmt.Fprintln(redactor.writer(o.Stdout, true), strings.Join(lines, "\n")) // whose accounts these are
		}
	}
	release, err := r.lease()
	if err != nil {
		return nil, err
	}
	defer release()
	var broken error
	var left []string
	undoLog := ""
	switch err := r.inspect(ctx, say); {
	case codeOf(err) == ExitEnvironment:
		r.stop.because(ExitEnvironment, err.Error())
	case err != nil:
		return nil, err
	default:
		shown.start(r.forecast)
		left, undoLog, broken = r.executeAll(ctx)
		r.checkLast(ctx)
	}
	rep = r.report(began)
	rep.Left, rep.UndoLog, rep.Run.Interrupted = left, undoLog, ctx.Err() != nil
	redactor.report(rep)
	if o.ReportDir != "" {
		if err := report.Write(o.ReportDir, rep, append(report.Files(), docscheck.CoverageFile), redactor.scan); err != nil {
			return rep, err
		}
	}
	if live {
		fmt.Fprint(out, "\r\x1b[K")
	}
	if render == nil {
		report.Text(out, rep, here)
	} else if err := printAs(render, o.Stdout, rep, redactor); err != nil {
		return rep, err
	}
	return rep, errors.Join(broken, ctx.Err(), r.ended(rep), remains(left), r.checkKnownOccur(rep), incomplete(o, rep))
}

// executeAll executes the scenarios, and returns what they left changed and the undo log that records it.
func (r *run) executeAll(ctx context.Context) (left []string, undoLog string, err error) {
	endSandbox := r.openSandbox(ctx)
	err = r.executeSandboxed(ctx)
	before := r.countFirst(ctx)
	if err == nil {
		err = r.execute(ctx)
	}
	left = r.leftovers(ctx, before)
	if r.served != nil {
		for i := range left {
			left[i] = "in a copy of the fake, which is gone now: " + left[i]
		}
	}
	undoLog, closing := r.undoLog.close()
	return left, undoLog, errors.Join(err, closing, endSandbox())
}

// printAs prints the report in the format of a file, unless it holds what must not leave.
func printAs(f *report.File, w io.Writer, rep *report.Report, c *redactor) error {
	data, err := f.Render(rep)
	if err == nil {
		err = c.scan(f.Name, data)
	}
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// remains returns the error of a run that did not undo everything.
func remains(left []string) error {
	if len(left) == 0 {
		return nil
	}
	const told = 3
	text := strings.Join(left[:min(told, len(left))], "; ")
	if n := len(left) - told; n > 0 {
		text += fmt.Sprintf("; and %d more", n)
	}
	return exits(ExitLeft, fmt.Errorf("not all changes are undone: %s", text))
}

// incomplete returns an error if scenarios did not run in a run that had to be complete.
func incomplete(o Options, rep *report.Report) error {
	if n := rep.Summary.Skipped + rep.Summary.Unsupported; o.RequireComplete && rep.Run.Ended == "" && n > 0 {
		return exits(ExitPartial, fmt.Errorf("%d of %d scenarios did not run, and all are required", n, rep.Summary.Total()))
	}
	return nil
}

// List returns the scenarios that a run with these options executes, and how many of the chosen ones it skips because of the
// target. It sends nothing, so that it cannot know what an account lacks.
func List(o Options) (runs []*scenario.Scenario, skipped int, err error) {
	plan, err := scenario.Shipped()
	if err != nil {
		return nil, 0, err
	}
	if plan, err = scenario.Select(plan, o.Tags, o.Scenarios); err != nil {
		return nil, 0, err
	}
	for _, s := range plan {
		if o.runs(s) {
			runs = append(runs, s)
		}
	}
	return runs, len(plan) - len(runs), nil
}

// runs reports whether a scenario runs on the target, as far as the options tell.
func (o Options) runs(s *scenario.Scenario) bool {
	u, err := url.Parse(o.Target)
	inProcess, here := o.Target == "" || o.Target == kindFake, err == nil && Loopback(u)
	return inProcess || !s.Has("@fake") && !s.Has("@changes") || o.AllowWrites && (here || !s.Has("@fake"))
}

// prepareShipped prepares a run of the scenarios of package features.
func prepareShipped(o Options) (*run, error) {
	plan, err := scenario.Shipped()
	if err != nil {
		return nil, err
	}
	return prepare(o, features.FS, plan)
}

// prepare checks everything that can be wrong before a request is sent.
func prepare(o Options, fsys fs.FS, plan []*scenario.Scenario) (r *run, err error) {
	r = &run{opts: o, fsys: fsys, seeds: &seeds{}, results: map[string]report.Scenario{}, examples: map[string]binding.Example{}, functions: map[string]binding.Function{}}
	if r.plan, err = scenario.Select(plan, o.Tags, o.Scenarios); err != nil {
		return nil, err
	}
	for _, d := range o.Known {
		if err := d.known(plan); err != nil {
			return nil, fmt.Errorf("known failure: %w", err)
		}
	}
	if r.shapes, err = loadShapes(r.fsys); err != nil {
		return nil, err
	}
	for _, e := range binding.Examples() {
		r.examples[e.ID] = e
	}
	for _, f := range binding.All() {
		r.functions[f.Name] = f
	}
	id := make([]byte, 4)
	rand.Read(id)
	r.id = "aircallkit-" + hex.EncodeToString(id)
	if r.target, err = newTarget(o); err != nil {
		return nil, err
	}
	r.target.writes, r.target.budget = r.mayWrite(), o.MaxRequests
	if err := r.target.mayChange(o); err != nil {
		r.target.close()
		return nil, err
	}
	r.undoLog = &undoLog{head: undoHead{Version: undoLogVersion, Run: r.id, Target: r.target.url, Started: time.Now().UTC(), Process: os.Getpid()}}
	if _, err = wirecheck.Contract(); err != nil {
		r.target.close()
		return nil, err
	}
	r.target.redactor.allow(r.id + " Kit Contact") // what the kit writes itself
	r.target.redactor.allow(o.Again...)
	r.target.open, r.target.redactor.off = o.unredacted, o.unredacted
	return r, nil
}

// rerun returns the command that runs one scenario again in the same way.
func (r *run) rerun(id string) string {
	words := []string{"aircallkit", "conformance"}
	if r.target.kind != kindFake {
		words = append(words, "--target", r.opts.Target)
	}
	words = append(words, r.opts.Again...)
	switch {
	case r.opts.AllowWrites && r.opts.WriteAccount != "":
		words = append(words, "--allow-writes="+r.opts.WriteAccount)
	case r.opts.AllowWrites:
		words = append(words, "--allow-writes")
	}
	if r.opts.Seed > 1 {
		words = append(words, "--seed", fmt.Sprint(r.opts.Seed))
	}
	return ShellLine(append(words, "--scenario", id))
}

// ShellLine returns a command line for a POSIX shell.
func ShellLine(words []string) string {
	var quoted []string
	for _, w := range words {
		quoted = append(quoted, shellQuote(w))
	}
	return strings.Join(quoted, " ")
}

var unquoted = regexp.MustCompile(`^[-\w./:=@,+%]+$`)

func shellQuote(s string) string {
	if unquoted.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
