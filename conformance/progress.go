package conformance

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// printer prints the report for people, and progress on a terminal.
type printer struct {
	w     io.Writer
	live  bool // show progress
	here  bool // values of the target may be shown: the output is a terminal on its machine
	total int

	mu   sync.Mutex
	done int
}

func (p *printer) report(rep *report.Report) {
	if p.live {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	report.Text(p.w, rep, p.here)
}

// progress shows how far a run is: on a terminal in one line that is overwritten, elsewhere in a line a minute.
type progress struct {
	p       *printer
	quiet   bool // only the report is printed, which is not text
	now     func() time.Time
	sent    func() int // requests so far
	planned *forecast  // nil: the number of requests is not known

	began, last time.Time
	at          string // the scenario that ended last
}

// progress makes the run show its progress on p.
func (r *run) progress(p *printer, quiet bool) *progress {
	g := &progress{p: p, quiet: quiet, now: func() time.Time { return r.target.now() }, sent: r.target.pacer.sent}
	g.start(nil)
	pause := r.target.pause
	r.print, r.target.pause = g.scenario, func(ctx context.Context, d time.Duration) error {
		const short = 3 * time.Second // the pacer waits for less
		p.mu.Lock()
		if d >= short {
			g.show(fmt.Sprintf("waiting for the rate limit, %d s", int(d.Round(time.Second).Seconds())), d)
		} else {
			g.show(g.at, d)
		}
		p.mu.Unlock()
		return pause(ctx, d)
	}
	return g
}

// start begins to measure the time.
func (g *progress) start(f *forecast) {
	g.p.mu.Lock()
	defer g.p.mu.Unlock()
	g.planned, g.began, g.last = f, g.now(), g.now()
}

// scenario is called when a scenario ends.
func (g *progress) scenario(s report.Scenario) {
	g.p.mu.Lock()
	defer g.p.mu.Unlock()
	g.p.done++
	g.at = report.Clip(s.ID, 70)
	g.show(g.at, 0)
}

// show prints the progress before a wait of d.
func (g *progress) show(what string, d time.Duration) {
	if g.quiet {
		return
	}
	left := ""
	if n := g.left(); n > 0 {
		left = ", " + roughly(n) + " left"
	}
	now := g.now()
	switch {
	case g.p.live:
		fmt.Fprintf(g.p.w, "\r\x1b[K%d/%d %s%s", g.p.done, g.p.total, what, left)
	case now.Add(d).Sub(g.last) >= time.Minute:
		g.last = now
		fmt.Fprintf(g.p.w, "%d of %s, %s%s: %s\n", g.p.done, scenarios(g.p.total), report.Plural(g.sent(), "request"), left, what)
	}
}

// left estimates the rest of the time, from the plan or from the time so far. It returns 0 if nothing is known.
func (g *progress) left() time.Duration {
	const enough = 10 * time.Second
	so := g.now().Sub(g.began)
	if g.planned == nil || g.planned.total() == 0 {
		if so < enough || g.p.done == 0 {
			return 0
		}
		return so / time.Duration(g.p.done) * time.Duration(g.p.total-g.p.done)
	}
	sent, total := g.sent(), g.planned.total()
	each := g.planned.took / time.Duration(total)
	if so >= enough && sent > 0 {
		each = max(each, so/time.Duration(sent))
	}
	return each * time.Duration(max(total-sent, 0))
}

// sent returns the number of requests so far.
func (p *pacer) sent() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.accounts {
		n += a.sent
	}
	return n
}
