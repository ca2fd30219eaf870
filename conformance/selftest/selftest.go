// Package selftest proves that the conformance suite can fail: it runs the suite against servers that are wrong and with faults of
// the suite itself, and reports which of them the suite notices.
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
	familyWire     = "wire"     // damaged replies, made from what a healthy run received
	familySemantic = "semantic" // servers that are wrong in one way
	familyKit      = "kit"      // faults of the suite itself
	familyDumb     = "dumb"     // servers that answer everything alike
)

// Options selects the mutants and the output. The zero value tries all mutants and prints nothing.
type Options struct {
	ReportDir string    // where kill-matrix.json and kill-matrix.md go; "" writes none
	Stdout    io.Writer // nil: nothing is printed
	Sample    int       // try one in so many wire mutants, and a quarter of the others; 0: all
}

// Run tries the mutants and returns which of them the suite notices. It fails if a mutant could not be tried, or if a scenario fails
// against the healthy fake. [Matrix.Faults] says what the suite should have noticed.
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
	mutants, err := p.mutants(ctx, o.Sample)
	if err != nil {
		return nil, err
	}
	m := assess(mutants, o.Sample)
	m.seconds = time.Since(began).Seconds()
	m.text(o.Stdout)
	return m, m.write(o.ReportDir)
}

// mutants tries every mutant, in an order that does not change.
func (p *prover) mutants(ctx context.Context, sample int) ([]Mutant, error) {
	b, err := p.observe(ctx)
	if err != nil {
		return nil, err
	}
	all := []Mutant{}
	for _, d := range defect.Dumb() {
		all = append(all, Mutant{ID: "dumb " + d.Name, Family: familyDumb, try: func(ctx context.Context, m *Mutant) error { return p.against(ctx, m, d.Defect) }})
	}
	for _, f := range conformance.Faults() {
		all = append(all, Mutant{ID: "kit " + f.Name, Family: familyKit, try: func(ctx context.Context, m *Mutant) error { return faulty(ctx, m, f) }})
	}
	semantic, err := p.semantics()
	if err != nil {
		return nil, err
	}
	all = append(all, semantic...)
	wire := p.wire(b)
	if sample > 0 {
		all, wire = oneIn(4, all), oneIn(sample, wire) // each of the others costs more
	}
	all = append(all, wire...)
	return all, p.each(ctx, len(all), func(ctx context.Context, i int) error {
		if try := all[i].try; try != nil {
			return try(ctx, &all[i])
		}
		return p.try(ctx, &all[i])
	})
}

func oneIn(n int, all []Mutant) (few []Mutant) {
	for i := 0; i < len(all); i += n {
		few = append(few, all[i])
	}
	return few
}

// prover runs the suite against mutants.
type prover struct {
	lab  *conformance.Lab
	plan []*scenario.Scenario
}

// each calls one for 0 to n-1 in parallel, and returns the first error.
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

// Verdict is the result of a mutant.
type Verdict string

// Verdicts.
const (
	Killed     Verdict = "killed"
	Survived   Verdict = "survived"
	NotReached Verdict = "not reached"
)

// longest is how long one scenario may take.
const longest = time.Minute

// try runs the scenarios that may notice a mutant, up to the first that does. One in which the suite breaks has noticed nothing.
func (p *prover) try(ctx context.Context, m *Mutant) error {
	m.Verdict = NotReached
	var hits atomic.Int64
	d := m.defect(func() { hits.Add(1) })
	for _, i := range m.scenarios {
		m.Tried++
		scenarioCtx, cancel := context.WithTimeout(ctx, longest)
		out, err := p.lab.Try(scenarioCtx, p.plan[i], d.Before, m.remote)
		cancel()
		if err != nil {
			return err
		}
		m.Hits = hits.Load()
		if s := out.Result; m.notices(s) {
			m.Verdict, m.Killer, m.Said = Killed, s.ID, s.Reason
			if s.Status != report.Fail && len(s.Contract) > 0 {
				m.Said = "drift: " + s.Contract[0].Cause().Cause
			}
			return nil
		}
	}
	if m.Hits > 0 {
		m.Verdict = Survived
	}
	return ctx.Err()
}

// notices reports whether a scenario notices the mutant: it fails, or its exchanges break the contract at the place that is
// named for the mutant, if one is.
func (m *Mutant) notices(s report.Scenario) bool {
	switch {
	case m.where != "":
		return slices.ContainsFunc(s.Contract, func(b report.Breach) bool { return b.Where == m.where })
	case m.Family == familySemantic: // a sentence of the scenario must notice: drift is not enough
		return s.Status == report.Fail
	}
	return s.Status == report.Fail || len(s.Contract) > 0
}

// faulty runs the suite with a fault and compares the exit code.
func faulty(ctx context.Context, m *Mutant, f conformance.Fault) error {
	m.Verdict, m.Tried, m.Hits = Survived, 1, 1
	code, said, err := f.Run(ctx)
	m.Said = strings.TrimSpace(fmt.Sprintf("exit code %d, want %d. %s", code, f.Code, said))
	if code == f.Code {
		m.Verdict = Killed
	}
	return err
}

// against runs everything that runs on an address against a server that answers everything alike. Something must fail, and no
// scenario that asks the server something may pass.
func (p *prover) against(ctx context.Context, m *Mutant, answer defect.Defect) error {
	m.Verdict = Survived
	var hits atomic.Int64
	results, err := p.lab.TryAll(ctx, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			hits.Add(1)
			answer(w, r, next)
		})
	})
	m.Hits, m.Tried = hits.Load(), len(results)
	if results == nil {
		m.Verdict, m.Said = Killed, "nothing runs: the target does not answer like one that accepts the credentials"
	}
	for _, s := range results {
		switch {
		case s.Status == report.Fail && m.Killer == "":
			m.Verdict, m.Killer, m.Said = Killed, s.ID, s.Reason
		case s.Status == report.Pass && len(s.Requests) > 0:
			m.Verdict, m.Killer, m.Said = Survived, "", s.ID+" passes"
			return err
		}
	}
	return err
}

// semantics makes a mutant of each server that is wrong in one way, with the scenarios that are named for it. They run as
// against an address, unless they need their own fake.
func (p *prover) semantics() (all []Mutant, err error) {
	for _, s := range defect.WrongServers() {
		m := Mutant{ID: "semantic " + s.Name, Family: familySemantic, Expected: s.Fails, where: s.Where, remote: true, defect: s.Defect.Counted}
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
