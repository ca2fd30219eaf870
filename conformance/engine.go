package conformance

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/cucumber/godog"
)

// run is one run of the kit.
type run struct {
	opts      Options
	fsys      fs.FS
	target    *target
	plan      []*planned          // what was chosen, in order
	chosen    map[string]*planned // the same by id
	examples  map[string]binding.Example
	functions map[string]binding.Function // by name
	shapes    shapes
	id        string // marks what the run makes
	ledger    *ledger
	redact    func(string) string

	ctx     context.Context
	current *world
	results map[string]Scenario
	print   func(Scenario)
}

// mayWrite says whether scenarios may change the target.
func (r *run) mayWrite() bool { return r.target.kind == kindFake || r.opts.AllowWrites }

// execute lets godog parse and step through the features that hold a chosen scenario.
//
// Paths and FeatureContents are never mixed: each restarts godog's ids, and results would overwrite each other. The exit
// code says nothing that the worlds do not know better, but for features that cannot be read.
func (r *run) execute(ctx context.Context) (err error) {
	defer protect(&err)
	defer r.finishCurrent() // the last one, even if godog itself panics
	r.ctx = ctx
	var paths []string
	for _, p := range r.plan {
		if !slices.Contains(paths, p.uri) {
			paths = append(paths, p.uri)
		}
	}
	const unreadable = 2
	code := godog.TestSuite{
		Name:                "conformance",
		ScenarioInitializer: r.begin,
		Options: &godog.Options{
			FS: r.fsys, Paths: paths, Strict: true, Concurrency: 1,
			Format: "progress", Output: io.Discard, NoColors: true,
			DefaultContext: ctx,
		},
	}.Run()
	if code == unreadable {
		return fmt.Errorf("the features cannot be read")
	}
	return nil
}

// begin is called for every scenario of the files, ahead of its hooks and steps.
func (r *run) begin(sc *godog.ScenarioContext) {
	r.finishCurrent()
	w := r.newWorld()
	r.current = w
	sc.Before(func(ctx context.Context, p *godog.Scenario) (out context.Context, err error) {
		defer protect(&err)
		return w.before(ctx, p)
	})
	sc.StepContext().After(w.after)
	for _, s := range vocabulary() {
		sc.Step(s.expr, s.bind(w))
	}
}

func (r *run) finishCurrent() {
	if r.current != nil {
		r.current.finish(r.ctx)
		r.current = nil
	}
}

// record keeps the result of a scenario, without a secret and, if the target is private, without its values.
func (r *run) record(w *world) {
	j := waive(w.plan.id, w.end, r.opts.Known)
	s := Scenario{
		ID: w.plan.id, Feature: w.plan.feature, Name: w.plan.name, Line: w.plan.line,
		Tags: w.plan.tags, Ops: w.plan.tagged("@op:"),
		Status: j.status, Reason: r.redact(j.reason), want: r.redact(j.want), got: r.redact(j.got),
		Seconds: seconds(w.began), Rerun: r.rerun(w.plan.id),
		Scripts: w.scripts, Steps: w.steps,
	}
	for _, x := range w.journal.all() {
		s.Requests = append(s.Requests, x.reduced())
	}
	for _, b := range w.broken() {
		b.Where = r.redact(b.Where)
		s.Contract = append(s.Contract, b)
	}
	for i := range s.Scripts {
		s.Scripts[i].Output = r.redact(s.Scripts[i].Output)
	}
	if !w.t.private() {
		s.Want, s.Got = s.want, s.got
	}
	r.results[s.ID] = s
	r.print(s)
}

// report puts the results into the order of the plan. A chosen scenario without a result is an error: a run that lost
// one must not look whole.
func (r *run) report(began time.Time) *Report {
	rep := &Report{Version: ReportVersion, Run: Header{
		Started: began.UTC().Truncate(time.Second), Seconds: seconds(began),
		Target: r.target.kind, URL: r.target.url, Accounts: r.target.names(),
		Tags: r.opts.Tags, Only: r.opts.Scenarios, AllowWrites: r.opts.AllowWrites,
		Reference: referenceHash(), Go: runtime.Version(), Requests: map[string]int{},
	}}
	if r.target.kind == kindFake {
		rep.Run.Seed = max(r.opts.Seed, 1)
	}
	for _, p := range r.plan {
		s, ok := r.results[p.id]
		if !ok {
			s = Scenario{ID: p.id, Feature: p.feature, Name: p.name, Line: p.line, Tags: p.tags, Status: Error, Reason: "it did not run", Rerun: r.rerun(p.id)}
		}
		for _, x := range s.Requests {
			rep.Run.Requests[cmp.Or(x.Account, "(none)")]++
		}
		rep.Scenarios = append(rep.Scenarios, s)
	}
	rep.Summary = summarize(rep.Scenarios)
	return rep
}

func seconds(since time.Time) float64 {
	return float64(time.Since(since).Microseconds()) / 1e6
}
