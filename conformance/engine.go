package conformance

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/binding"
)

// run is one run of the kit.
type run struct {
	opts      Options
	target    *target
	plan      []*planned // what was chosen, in order
	examples  map[string]binding.Example
	functions map[string]binding.Function // by name
	shapes    shapes
	id        string // marks what the run makes
	redact    func(string) string

	mu      sync.Mutex // guards results, and print
	results map[string]Scenario
	print   func(Scenario)
}

// mayWrite says whether scenarios may change the target.
func (r *run) mayWrite() bool { return r.target.kind == kindFake || r.opts.AllowWrites }

// execute runs the chosen scenarios. Those that get a fake of their own run side by side; the others share what is known
// of the target, and on a server its rate limit, so that they keep their order. A run that is interrupted still gives
// each scenario that has begun its end.
func (r *run) execute(ctx context.Context) {
	var shared, own []*planned
	for _, p := range slices.Backward(r.plan) { // the one that waits for a second stands last in the plan
		if p.ownFake() && r.target.kind == kindFake {
			own = append(own, p)
		} else {
			shared = append(shared, p)
		}
	}
	slices.Reverse(shared)
	var lanes sync.WaitGroup
	lanes.Go(func() {
		for _, p := range shared {
			r.play(ctx, p)
		}
	})
	next := make(chan *planned)
	for range min(runtime.GOMAXPROCS(0), len(own)) {
		lanes.Go(func() {
			for p := range next {
				r.play(ctx, p)
			}
		})
	}
	for _, p := range own {
		next <- p
	}
	close(next)
	lanes.Wait()
}

// play runs a scenario from its first step to its undoing. The first step that does not pass decides it; the others
// are not run.
func (r *run) play(ctx context.Context, p *planned) {
	w := r.newWorld(p)
	defer w.finish(ctx) // whatever happens
	if err := w.before(ctx); err != nil {
		w.end = judge(err)
	}
	for _, st := range p.steps {
		told := Step{Text: st.Text, Line: st.Line, Status: Skipped}
		if w.end.status == "" || w.end.status == Pass {
			w.end = judge(w.step(ctx, st))
			told.Status = w.end.status
		}
		w.steps = append(w.steps, told)
	}
}

// step takes one step. A panic in it is its error.
func (w *world) step(ctx context.Context, st *plannedStep) (err error) {
	defer protect(&err)
	if err := ctx.Err(); err != nil {
		return err
	}
	m, err := st.match()
	if err != nil {
		return err
	}
	return m.call(ctx, w)
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
	r.mu.Lock()
	defer r.mu.Unlock()
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
