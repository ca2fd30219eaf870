package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/cucumber/godog"
)

// world is the state of one scenario while it runs.
type world struct {
	run       *run
	plan      *scenario.Scenario
	t         *target
	own       []*target // fakes of this scenario alone
	account   string    // the account that the scenario is about
	receivers map[string]*receiver
	vars      map[string]any
	exchanges *exchangeList
	undo      undo
	blocked   bool            // credentials, the plan, the rate limit or an outage prevented a verdict
	limited   bool            // the binding raised an unexpected error about the rate limit
	noted     []report.Breach // drift that steps found, besides the drift of the exchanges

	runner  *binding.Runner // for the scripts; the target's, unless the credentials are changed
	subject any             // the result of the last script or the body of the last reply, plain
	script  struct {
		ran    bool
		output string
		err    error
		from   int // where its exchanges begin
	}
	chapter string // the output of the last example according to the manual
	reply   *reply
	again   func(context.Context) error // sends the last request once more

	began   time.Time
	steps   []report.Step
	scripts []report.Script
	end     judgement
	done    bool
}

func (r *run) newWorld() *world {
	w := &world{run: r, t: r.target, runner: r.target.runner, account: r.target.first(), vars: map[string]any{}, exchanges: &exchangeList{}, began: time.Now()}
	w.undo.w = w
	w.exchanges.undo = &w.undo
	w.exchanges.lag = r.retries.lag
	return w
}

// before binds the world to its scenario and decides whether it runs. p is nil for a scenario that is not selected but
// shares a file with a selected one.
func (w *world) before(ctx context.Context, p *scenario.Scenario) (context.Context, error) {
	if w.plan = p; p == nil {
		return ctx, godog.ErrSkip
	}
	w.exchanges.ops = opsOf(w.plan, w.run.functions)
	if ctx.Err() != nil {
		return ctx, &notRun{report.Skipped, "the run was interrupted before it"}
	}
	if why := w.run.stop.why(); why != nil {
		return ctx, &notRun{report.Skipped, notJudged + why.Error()}
	}
	if w.run.opts.FailFast && w.run.failed.Load() {
		return ctx, &notRun{report.Skipped, "stopped after the first failure"}
	}
	switch {
	case w.plan.Has("@fake") && w.t.kind != kindFake:
		if w.run.served == nil {
			return ctx, &notRun{report.Skipped, noSandbox + cmp.Or(w.run.unserved, "the target cannot be driven")}
		}
		o := fakeaircall.Options{}
		if w.plan.OwnFake() {
			o.Scale = fakeaircall.ScaleSmall
		}
		return ctx, w.freshFake(ctx, o)
	case w.plan.Has("@changes") && !w.run.mayWrite():
		return ctx, &notRun{report.Skipped, "it changes the account: allow that with --allow-writes"}
	case w.plan.OwnFake():
		// Not all changes of the scenarios in api/ can be undone.
		return ctx, w.freshFake(ctx, fakeaircall.Options{Scale: fakeaircall.ScaleSmall})
	}
	return ctx, nil
}

// freshFake starts a fake only for this scenario.
func (w *world) freshFake(ctx context.Context, o fakeaircall.Options) error {
	if o.Clock.IsZero() {
		o.Clock = start
	}
	if o.Seed == 0 {
		o.Seed = w.run.opts.Seed
	}
	if o.RateLimit == 0 {
		o.RateLimit = fakeaircall.NoRateLimit
	}
	if assumed := maps.Clone(w.run.opts.Assume); assumed != nil {
		maps.Copy(assumed, o.Assume) // the scenario's own answer wins
		o.Assume = assumed
	}
	t, err := w.run.fakeOf(ctx, o)
	if err != nil {
		return err
	}
	w.own = append(w.own, t)
	w.t, w.runner, w.account = t, t.runner, t.first()
	return nil
}

// fakeOf starts a fake in this process, or a sandbox in a served fake if that is the target.
func (r *run) fakeOf(ctx context.Context, o fakeaircall.Options) (*target, error) {
	if r.served != nil {
		return newSandbox(ctx, r.served, r.target.madeUp, o)
	}
	o.Wrap = r.opts.Wrap
	o, err := r.seeds.plant(o)
	if err != nil {
		return nil, err
	}
	return newFake(o)
}

// after records the end of a step. The first step that does not pass decides the scenario.
func (w *world) after(ctx context.Context, st *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
	if w.plan == nil {
		return ctx, nil
	}
	step := report.Step{Text: st.Text, Status: report.Skipped}
	if i := len(w.steps); i < len(w.plan.Steps) {
		step.Line = w.plan.Steps[i].Line
	}
	if w.end.status == "" || w.end.status == report.Pass {
		w.end = judge(err)
		if err == nil && status != godog.StepPassed {
			w.end = judgement{status: report.Error, reason: "the step was not run"}
		}
		step.Status = w.end.status
	}
	w.steps = append(w.steps, step)
	return ctx, nil
}

// finish undoes the changes of the scenario and writes its result. Godog does not call its After hook for every scenario, so
// the engine calls finish before the next scenario begins, and after the last.
func (w *world) finish(ctx context.Context) {
	if w.done {
		return
	}
	w.done = true
	defer func() {
		for _, r := range w.receivers {
			r.close()
		}
		for _, t := range w.own {
			t.close()
		}
	}()
	if w.plan == nil {
		return
	}
	if w.end.status == "" {
		w.end = judgement{status: report.Error, reason: "none of its steps ran"}
	}
	if w.end.status == report.Pass { // a script may have raised with no step after it
		w.end = judge(w.result())
	}
	if w.end.status == report.Pass {
		w.end = judge(w.checkPromises())
	}
	if err := w.exchanges.refusal(); err != nil && w.end.status != report.Fail {
		w.end = judge(err) // however its steps ended
	}
	if w.end.status == report.Pass {
		w.end = judge(w.answersAtAll(ctx))
	}
	w.judgeTheWay(ctx)
	if err := w.undo.all(context.WithoutCancel(ctx)); err != nil {
		w.judgeUndo(err)
	}
	if w.run.watch != nil {
		w.run.watch(w)
	}
	w.run.record(w)
}

// judgeUndo records that a change of the scenario could not be undone, and ends the run so that it changes nothing else. A
// target that confirms an undo without doing it is wrong, whatever the scenario is about.
func (w *world) judgeUndo(err error) {
	j := judge(err)
	w.end.reason = joinReasons(w.end.reason, "what it changed could not be put back: "+j.reason)
	onTheWay := slices.ContainsFunc(w.exchanges.by(forUndo, 0), func(x exchange) bool { return x.aboutTheWay(w.t) })
	switch {
	case w.end.status == report.Fail:
	case j.status == report.Fail && !onTheWay:
		w.end.status = report.Fail
	default:
		w.end.status = report.Error
	}
	if _, somebodyElse := errors.AsType[*conflict](err); !somebodyElse && w.t.kind != kindFake {
		w.run.stop.because(ExitLeft, fmt.Sprintf("what %s changed could not be put back, so nothing more is changed: %s", w.plan.ID, j.reason))
	}
}

// answersAtAll checks that a target that refused every request of a scenario answers another one: a target that refuses
// everything would pass all scenarios about refusals. It asks once per run.
func (w *world) answersAtAll(ctx context.Context) error {
	if len(w.own) > 0 || !slices.ContainsFunc(w.exchanges.all(), func(x exchange) bool { return x.status != 0 }) {
		return nil
	}
	if slices.ContainsFunc(w.exchanges.all(), func(x exchange) bool { return x.status/100 == 2 }) {
		return nil
	}
	const key = "it answers"
	if _, known := w.t.answers[key]; known {
		return nil
	}
	if _, err := w.t.read(withExchanges(ctx, w.exchanges, forControl), w.t.first(), "/v1/company"); err != nil {
		return within("the target refuses everything, so that a refusal proves nothing", err)
	}
	w.t.answers[key] = true
	return nil
}

func joinReasons(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// checks returns the context for requests that read what the API holds.
func (w *world) checks(ctx context.Context) context.Context {
	return withExchanges(ctx, w.exchanges, forCheck)
}

func (w *world) holding(of collection) *holding { return w.t.holding(w.account, of) }

// protect turns a panic of a hook into an error: godog recovers only panics of steps.
func protect(err *error) {
	if p := recover(); p != nil {
		*err = errors.Join(*err, fmt.Errorf("panic: %v", p))
	}
}

// seed holds the options that determine the data of a fake.
type seed struct {
	seed  int64
	scale fakeaircall.Scale
	clock time.Time
}

// seeds holds snapshots of seeded fakes. Scenarios share them: to seed a fake takes as long as to run a scenario.
type seeds struct{ made sync.Map } // a function that returns the snapshot, by seed

// plant lets the fake begin with a shared snapshot, unless another option changes its data.
func (s *seeds) plant(o fakeaircall.Options) (fakeaircall.Options, error) {
	if len(o.Assume) > 0 || o.Deliveries != (fakeaircall.DeliveryOptions{}) {
		return o, nil
	}
	key := seed{o.Seed, o.Scale, o.Clock}
	world, _ := s.made.LoadOrStore(key, sync.OnceValues(func() (*fakeaircall.Snapshot, error) {
		f, err := fakeaircall.New(fakeaircall.Options{Seed: key.seed, Scale: key.scale, Clock: key.clock})
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return f.Snapshot(), nil
	}))
	var err error
	o.Snapshot, err = world.(func() (*fakeaircall.Snapshot, error))()
	return o, err
}
