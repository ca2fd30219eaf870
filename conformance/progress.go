package conformance

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// progress shows how far a run is: on a terminal in one line that is overwritten, elsewhere in a line a minute.
type progress struct {
	w     io.Writer
	live  bool // w is a terminal
	quiet bool // only the report is printed, which is not text
	now   func() time.Time
	sent  func() int // requests so far

	mu          sync.Mutex
	planned     *forecast // nil: the number of requests is not known
	began, last time.Time
	before      int // requests before the first scenario
	total, done int
	runs, ran   int    // of these, not skipped
	at          string // the scenario that ended last
}

// progress makes the run show its progress on w.
func (r *run) progress(w io.Writer, live, quiet bool) *progress {
	g := &progress{w: w, live: live, quiet: quiet, total: len(r.plan), now: func() time.Time { return r.target.now() }, sent: r.target.pacer.sent}
	for _, s := range r.plan {
		if r.opts.runs(s) {
			g.runs++
		}
	}
	g.start(nil)
	pause := r.target.pause
	r.print, r.target.pause = g.scenario, func(ctx context.Context, d time.Duration) error {
		const short = 3 * time.Second // the pacer waits for less
		g.mu.Lock()
		if d >= short {
			g.show(fmt.Sprintf("waiting for the rate limit, %d s", int(d.Round(time.Second).Seconds())), d)
		} else {
			g.show(g.at, d)
		}
		g.mu.Unlock()
		return pause(ctx, d)
	}
	return g
}

// start begins to measure the time.
func (g *progress) start(f *forecast) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.planned, g.began, g.last, g.before = f, g.now(), g.now(), g.sent()
}

// scenario is called when a scenario ends.
func (g *progress) scenario(s report.Scenario) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.done++
	if s.Status != report.Skipped {
		g.ran++
	}
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
	case g.live:
		fmt.Fprintf(g.w, "\r\x1b[K%d/%d %s%s", g.done, g.total, what, left)
	case now.Add(d).Sub(g.last) >= time.Minute:
		g.last = now
		fmt.Fprintf(g.w, "%d of %s, %s%s: %s\n", g.done, scenarios(g.total), report.Plural(g.sent(), "request"), left, what)
	}
}

// left estimates the rest of the time, from the plan or from the time so far. It returns 0 if nothing is known.
func (g *progress) left() time.Duration {
	const enough = 10 * time.Second
	sent := g.sent() - g.before
	if sent == 0 && g.planned != nil {
		g.began = g.now() // scenarios with their own fake run first, and say nothing about the pace of the others
	}
	so := g.now().Sub(g.began)
	if g.planned == nil || g.planned.total() == 0 {
		if so < enough || g.ran == 0 {
			return 0
		}
		return so / time.Duration(g.ran) * time.Duration(max(g.runs-g.ran, 0))
	}
	total := g.planned.total()
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
