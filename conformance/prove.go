package conformance

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/features"
)

// Families of mutants.
const (
	familyWire     = "wire"     // replies that are spoilt, made from what a healthy run received
	familySemantic = "semantic" // servers that are wrong in one way
	familyKit      = "kit"      // faults of the kit itself
	familyDumb     = "dumb"     // servers that answer everything alike
)

// SelfTest says how the kit is held against itself.
type SelfTest struct {
	ReportDir string    // where kill-matrix.json and kill-matrix.md go; "" writes none
	Stdout    io.Writer // nil: nothing is printed
	Sample    int       // of the wire mutants, try one in so many, and of the others a quarter; 0: all
}

// Prove runs the kit against mutants of a healthy server, and of itself, and tells which of them it notices. The error says
// why it could not; whether the kit is sharp enough stands in the matrix.
func Prove(ctx context.Context, o SelfTest) (*KillMatrix, error) {
	began := time.Now()
	if o.Stdout == nil {
		o.Stdout = io.Discard
	}
	p, err := newProver()
	if err != nil {
		return nil, err
	}
	defer p.close()
	trials, err := p.trials(ctx, o.Sample)
	if err != nil {
		return nil, err
	}
	m := assess(trials, o.Sample)
	m.seconds = seconds(began)
	m.text(o.Stdout)
	return m, m.write(o.ReportDir)
}

// trials tries every mutant, in an order that does not change.
func (p *prover) trials(ctx context.Context, sample int) ([]trial, error) {
	b, err := p.observe(ctx)
	if err != nil {
		return nil, err
	}
	var attempts []func(context.Context) (trial, error)
	few := func(i int) bool { return sample > 0 && i%4 != 0 } // of the other families a quarter, each costs more
	for i, d := range dumb() {
		if few(i) {
			continue
		}
		attempts = append(attempts, func(ctx context.Context) (trial, error) { return p.against(ctx, d.name, d.answer) })
	}
	for i, f := range kitFaults() {
		if few(i) {
			continue
		}
		attempts = append(attempts, func(ctx context.Context) (trial, error) { return p.faulty(ctx, f) })
	}
	semantic, err := p.semantics()
	if err != nil {
		return nil, err
	}
	var mutants []mutant
	for i, m := range semantic {
		if !few(i) {
			mutants = append(mutants, m)
		}
	}
	for i, m := range p.wire(b) {
		if sample == 0 || i%sample == 0 {
			mutants = append(mutants, m)
		}
	}
	for _, m := range mutants {
		attempts = append(attempts, func(ctx context.Context) (trial, error) { return p.try(ctx, m) })
	}
	trials := make([]trial, len(attempts))
	err = p.each(ctx, len(attempts), func(ctx context.Context, i int) (err error) {
		trials[i], err = attempts[i](ctx)
		return err
	})
	return trials, err
}

// mutant is a fault that the kit must notice.
type mutant struct {
	id, family, op string
	defect         func(hit func()) defect
	scenarios      []int  // positions in the plan of those that may notice, in the order they are tried
	remote         bool   // run as against an address
	where          string // where the contract must be found broken; "": what notices is up to the scenario
	fails          string // begin of the ids of the scenarios named for it; "": none is
	own            bool   // a sentence of the scenario must notice: drift is not enough
}

// prover runs the kit against mutants.
type prover struct {
	plan    []*scenario.Scenario
	base    *run // what all runs share
	healthy *fakeaircall.Server
	patient time.Duration // for one scenario
}

func newProver() (*prover, error) {
	plan, err := scenario.Shipped()
	if err != nil {
		return nil, err
	}
	base, err := prepare(Options{}, features.FS, plan)
	if err != nil {
		return nil, err
	}
	return &prover{plan: plan, base: base, healthy: base.target.fake, patient: time.Minute}, nil
}

func (p *prover) close() { p.base.target.close() }

// each calls one for 0 to n-1, as many at once as there are processors, and gives the first error.
func (p *prover) each(ctx context.Context, n int, one func(context.Context, int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(2*runtime.GOMAXPROCS(0), n) { // some wait for a server that does not answer
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := one(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// alone prepares a run of one scenario, which knows nothing of the others, behind a defect.
func (p *prover) alone(d defect, of *scenario.Scenario) (*run, error) {
	o := Options{}
	if d != nil {
		o.Wrap = d.before
	}
	t, err := p.targetFor(of, o)
	if err != nil {
		return nil, err
	}
	return &run{
		opts: o, fsys: of.Alone(), target: t, plan: []*scenario.Scenario{of}, id: p.base.id,
		examples: p.base.examples, functions: p.base.functions, shapes: p.base.shapes, seeds: p.base.seeds,
		results: map[string]report.Scenario{}, print: func(report.Scenario) {}, brief: true,
		ledger: &ledger{head: p.base.ledger.head},
	}, nil
}

// targetFor is the healthy fake, behind what o puts before it. Who writes to it gets one of its own.
func (p *prover) targetFor(of *scenario.Scenario, o Options) (*target, error) {
	if of.Has("@changes") && !of.OwnFake() {
		return newTarget(o)
	}
	return front(p.healthy, o.Wrap)
}

// front is a door to a fake that stays when it is closed.
func front(s *fakeaircall.Server, wrap func(http.Handler) http.Handler) (*target, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("a door to the fake: %w", err)
	}
	h := s.Handler()
	if wrap != nil {
		h = wrap(h)
	}
	door := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go door.Serve(l)
	t := &target{kind: kindFake, url: "http://" + l.Addr().String(), fake: s, control: controlOf(s), stop: door.Close}
	t.accounts = FakeAccounts(s.Accounts(), t.url)
	return t, t.connect()
}

// trial is what became of a mutant.
type trial struct {
	mutant
	hits    int64
	verdict Verdict
	killer  string // the id of the scenario that noticed
	reason  string // what it said
	tried   int
}

// Verdict is what became of a mutant.
type Verdict string

// Verdicts.
const (
	Killed     Verdict = "killed"
	Survived   Verdict = "survived"
	NotReached Verdict = "not reached"
)

// try runs the scenarios that may notice a mutant, up to the first that does. One in which the kit breaks has noticed
// nothing.
func (p *prover) try(ctx context.Context, m mutant) (t trial, err error) {
	t = trial{mutant: m, verdict: NotReached}
	var hits atomic.Int64
	d := m.defect(func() { hits.Add(1) })
	for _, i := range m.scenarios {
		t.tried++
		s, err := p.runOne(ctx, m, d, p.plan[i])
		if err != nil {
			return t, err
		}
		t.hits = hits.Load()
		if m.notices(s) {
			t.verdict, t.killer, t.reason = Killed, s.ID, noticed(s)
			return t, nil
		}
	}
	if t.hits > 0 {
		t.verdict = Survived
	}
	return t, ctx.Err()
}

func (p *prover) runOne(ctx context.Context, m mutant, d defect, of *scenario.Scenario) (report.Scenario, error) {
	ctx, cancel := context.WithTimeout(ctx, p.patient)
	defer cancel()
	r, err := p.alone(d, of)
	if err != nil {
		return report.Scenario{}, err
	}
	defer r.target.close()
	if m.remote {
		t, err := newRemote(kindURL, r.target.url, FakeAccounts(fakeaircall.StandardAccounts(), ""))
		if err != nil {
			return report.Scenario{}, err
		}
		defer t.close()
		t.writes = true
		r.target, r.opts.AllowWrites, r.opts.Target = t, true, t.url
	}
	err = r.execute(ctx)
	return r.results[of.ID], err
}

// notices reports whether a scenario notices the mutant: it fails, or its exchanges drift, where the mutant is named for a
// place in the contract just there.
func (m mutant) notices(s report.Scenario) bool {
	switch {
	case m.where != "":
		return slices.ContainsFunc(s.Contract, func(b report.Breach) bool { return b.Where == m.where })
	case m.own:
		return s.Status == report.Fail
	}
	return s.Status == report.Fail || len(s.Contract) > 0
}

// noticed says what a scenario found wrong.
func noticed(s report.Scenario) string {
	if s.Status != report.Fail && len(s.Contract) > 0 {
		return "drift: " + s.Contract[0].Cause().Cause
	}
	return s.Reason
}
