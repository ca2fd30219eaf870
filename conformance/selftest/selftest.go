// Package selftest proves that the conformance kit can fail: it runs the kit against servers that are wrong and with faults of
// the kit itself, and reports which of them the kit notices.
package selftest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
)

// Families of mutants.
const (
	familyWire     = "wire"     // replies that are spoilt, made from what a healthy run received
	familySemantic = "semantic" // servers that are wrong in one way
	familyKit      = "kit"      // faults of the kit itself
	familyDumb     = "dumb"     // servers that answer everything alike
)

// Options selects the mutants and where the results go. The zero value tries all and prints nothing.
type Options struct {
	ReportDir string    // where kill-matrix.json and kill-matrix.md go; "" writes none
	Stdout    io.Writer // nil: nothing is printed
	Sample    int       // of the wire mutants, try one in so many, and of the others a quarter; 0: all
}

// Run tries the mutants and returns which of them the kit notices. It fails if a mutant could not be tried, or if the kit fails
// against the healthy fake. Whether the kit notices enough is in [Matrix.Faults].
func Run(ctx context.Context, o Options) (*Matrix, error) {
	began := time.Now()
	if o.Stdout == nil {
		o.Stdout = io.Discard
	}
	lab, err := conformance.NewLab()
	if err != nil {
		return nil, err
	}
	defer lab.Close()
	p := &prover{lab: lab, plan: lab.Scenarios()}
	trials, err := p.trials(ctx, o.Sample)
	if err != nil {
		return nil, err
	}
	m := assess(trials, o.Sample)
	m.seconds = time.Since(began).Seconds()
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
	for i, d := range defect.Dumb() {
		if few(i) {
			continue
		}
		attempts = append(attempts, func(ctx context.Context) (trial, error) { return p.against(ctx, d.Name, d.Defect) })
	}
	for i, f := range conformance.Faults() {
		if few(i) {
			continue
		}
		attempts = append(attempts, func(ctx context.Context) (trial, error) { return faulty(ctx, f) })
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
	defect         func(hit func()) defect.Defect
	scenarios      []int  // positions in the plan of those that may notice, in the order they are tried
	remote         bool   // run as against an address
	where          string // where the contract must be found broken; "": what notices is up to the scenario
	fails          string // begin of the ids of the scenarios named for it; "": none is
	own            bool   // a sentence of the scenario must notice: drift is not enough
}

// prover runs the kit against mutants.
type prover struct {
	lab  *conformance.Lab
	plan []*scenario.Scenario
}

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

// longest is how long one scenario may take.
const longest = time.Minute

func (p *prover) runOne(ctx context.Context, m mutant, d defect.Defect, of *scenario.Scenario) (report.Scenario, error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	out, err := p.lab.Try(ctx, of, d.Before, m.remote)
	return out.Result, err
}

// faulty runs the kit with a fault and compares the exit code.
func faulty(ctx context.Context, f conformance.Fault) (trial, error) {
	t := trial{mutant: mutant{id: "kit " + f.Name, family: familyKit}, verdict: Survived, tried: 1, hits: 1}
	code, said, err := f.Run(ctx)
	t.reason = strings.TrimSpace(fmt.Sprintf("it ends with %d, wanted is %d. %s", code, f.Code, said))
	if code == f.Code {
		t.verdict = Killed
	}
	return t, err
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

// against runs all that runs on an address against a server that answers everything alike. It wants failures, and no scenario
// that passes though it asked the server something.
func (p *prover) against(ctx context.Context, name string, answer defect.Defect) (trial, error) {
	t := trial{mutant: mutant{id: "dumb " + name, family: familyDumb}, verdict: Survived}
	var hits atomic.Int64
	results, err := p.lab.TryAll(ctx, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			hits.Add(1)
			answer(w, r, next)
		})
	})
	t.hits = hits.Load()
	if results == nil {
		t.verdict, t.reason = Killed, "nothing is run: the target does not answer as one that takes the credentials"
		return t, err
	}
	for _, s := range results {
		t.tried++
		switch {
		case s.Status == report.Fail && t.killer == "":
			t.verdict, t.killer, t.reason = Killed, s.ID, s.Reason
		case s.Status == report.Pass && len(s.Requests) > 0:
			t.verdict, t.killer, t.reason = Survived, "", s.ID+" passes"
			return t, err
		}
	}
	return t, err
}

// semantics makes mutants of all servers that are wrong in one way, each with the scenarios that are named for it. They run as
// against an address, unless those need a fake of the kit's own.
func (p *prover) semantics() (all []mutant, err error) {
	for _, s := range defect.WrongServers() {
		m := mutant{id: "semantic " + s.Name, family: familySemantic, fails: s.Fails, where: s.Where, own: s.Where == "", remote: true, defect: s.Defect.Counted}
		for i, of := range p.plan {
			if strings.HasPrefix(of.ID, s.Fails) {
				m.scenarios = append(m.scenarios, i)
				m.remote = m.remote && !of.Has("@fake")
			}
		}
		if len(m.scenarios) == 0 {
			return nil, fmt.Errorf("mutant %q: there is no scenario %s…", s.Name, s.Fails)
		}
		all = append(all, m)
	}
	return all, nil
}
