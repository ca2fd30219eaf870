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
	here  bool // values of the target may be shown: a person sits there, and nothing is kept
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

// progress says how far a run is: in one line that is written over on a terminal, and in a line a minute elsewhere.
type progress struct {
	p       *printer
	quiet   bool // nothing is printed but the report, which is not text
	now     func() time.Time
	sent    func() int // requests so far
	planned *forecast  // nil: how many there will be is not known

	began, last time.Time
	at          string // the scenario that ended last
}

// progress tells p how far the run is.
func (r *run) progress(p *printer, quiet bool) *progress {
	g := &progress{p: p, quiet: quiet, now: func() time.Time { return r.target.now() }, sent: r.target.pacer.sent}
	g.start(nil)
	r.print, r.target.pause = g.scenario, g.pausing(r.target.pause)
	return g
}

// start begins to measure the time.
func (g *progress) start(f *forecast) {
	g.p.mu.Lock()
	defer g.p.mu.Unlock()
	g.planned, g.began, g.last = f, g.now(), g.now()
}

// scenario is called as each one ends.
func (g *progress) scenario(s report.Scenario) {
	g.p.mu.Lock()
	defer g.p.mu.Unlock()
	g.p.done++
	g.at = report.Clip(s.ID, 70)
	g.show(g.at, 0)
}

// pausing wraps what waits, so that the user is told what for.
func (g *progress) pausing(pause func(context.Context, time.Duration) error) func(context.Context, time.Duration) error {
	const short = 3 * time.Second // what keeps the pace waits for less
	return func(ctx context.Context, d time.Duration) error {
		g.p.mu.Lock()
		if d >= short {
			g.show(fmt.Sprintf("waiting for the rate limit, %d s", int(d.Round(time.Second).Seconds())), d)
		} else {
			g.show(g.at, d)
		}
		g.p.mu.Unlock()
		return pause(ctx, d)
	}
}

// show prints where the run is, ahead of a wait of d.
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

// left estimates how long the rest of the run takes: as planned, or as long as it takes so far. 0: nothing is known.
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

// sent is how many requests passed.
func (p *pacer) sent() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.accounts {
		n += a.sent
	}
	return n
}
