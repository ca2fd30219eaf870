package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// trafficLines prints a line to the terminal for each request and each attempt of a delivery, and a summary at the end. It
// collects the lines of a moment and writes them together, so that a busy fake does not wait for the terminal.
type trafficLines struct {
	p       *process
	started time.Time
	writing sync.Mutex // held while lines are written

	mu      sync.Mutex
	columns columns
	waiting strings.Builder
	skipped int // lines that did not fit

	requests, unknown, refused, failed int
	deliveries, undelivered            int
}

const (
	lineDelay = 30 * time.Millisecond // until a line is written
	maxLines  = 1 << 20               // bytes that wait for a slow terminal
)

func newTrafficLines(p *process) *trafficLines {
	return &trafficLines{p: p, started: time.Now(), columns: columns{8, 7, 3, 30, 16, 6}}
}

// addRequest is for fakeaircall.Options.OnRequest.
func (t *trafficLines) addRequest(r fakeaircall.Request) {
	line := loggedRequest{
		Time: r.At, Op: r.Op, Method: r.Method, Path: r.Path, Query: r.Query, Status: r.Status, Account: r.Account,
		DurationMS: milliseconds(r.Duration), Faults: r.Faults, Explanation: r.Explanation,
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests++
	switch {
	case r.IsUnknown():
		t.unknown++
	case r.Explanation != "" && !r.UnknownRoute:
		t.refused++
	case r.Status >= 500 || r.Status == 0:
		t.failed++
	}
	t.add(line.cells(), line.color())
}

// addDelivery is for fakeaircall.Options.OnDelivery.
func (t *trafficLines) addDelivery(d fakeaircall.Delivery) {
	var last fakeaircall.Attempt
	if n := len(d.Attempts); n > 0 {
		last = d.Attempts[n-1]
	}
	status, result := "-", string(d.State)
	if last.Status != 0 {
		status = fmt.Sprint(last.Status)
	}
	if last.Error != "" {
		result += ": " + last.Error
	}
	line := delivery{State: string(d.State)}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch d.State {
	case fakeaircall.DeliveryDelivered:
		t.deliveries++
	case fakeaircall.DeliveryFailed, fakeaircall.DeliveryDropped:
		t.deliveries++
		t.undelivered++
	}
	t.add([]string{
		clockTime(last.At), printable(d.Account), status, "→ " + printable(d.URL), d.Event,
		fmt.Sprintf("%.1f ms", milliseconds(last.Took)), printable(fmt.Sprintf("delivery %d %s", d.ID, result)),
	}, line.color())
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// add adds a line. The first that waits sets the timer for all.
func (t *trafficLines) add(cells []string, color string) {
	if t.waiting.Len() >= maxLines {
		t.skipped++
		return
	}
	if t.waiting.Len() == 0 {
		time.AfterFunc(lineDelay, t.write)
	}
	t.columns.fit(cells)
	t.waiting.WriteString(t.p.paint(t.p.stdout, color, t.columns.line(cells)) + "\n")
}

// write writes the lines that wait.
func (t *trafficLines) write() {
	t.writing.Lock()
	defer t.writing.Unlock()
	t.mu.Lock()
	text := t.waiting.String()
	if t.skipped > 0 {
		text += fmt.Sprintf("… %d more, too many for this terminal\n", t.skipped)
	}
	t.waiting.Reset()
	t.skipped = 0
	t.mu.Unlock()
	_, _ = t.p.stdout.Write([]byte(text)) // the fake goes on without its terminal
}

// end writes what waits and the summary. t may be nil.
func (t *trafficLines) end() {
	if t == nil {
		return
	}
	t.write()
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(t.p.stdout, "\n%s%s, %s%s in %s\n",
		report.Plural(t.requests, "request"), listed(part(t.unknown, "unknown to Aircall"), part(t.refused, "with refused credentials"), part(t.failed, "failed")),
		report.Plural(t.deliveries, "delivery"), listed(part(t.undelivered, "failed")), time.Since(t.started).Round(time.Second))
}

func part(n int, what string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s", n, what)
}

// listed returns the parts that are not empty in parentheses.
func listed(parts ...string) string {
	var some []string
	for _, s := range parts {
		if s != "" {
			some = append(some, s)
		}
	}
	if len(some) == 0 {
		return ""
	}
	return " (" + strings.Join(some, ", ") + ")"
}
