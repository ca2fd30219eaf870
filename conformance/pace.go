package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// aircallLimit is what Aircall grants a company in a minute, whoever asks.
const aircallLimit = 120

// pacer keeps each account below its rate limit and within its budget. Aircall tells of the limit only when it is
// reached, so requests are counted here: a few may come at once, and the rest as they grow back, which makes eleven
// twelfths of the limit in any minute, wherever the minute begins. What others ask of the same company in that time
// cannot be seen; a 429 is therefore possible, and heeded.
type pacer struct {
	next http.RoundTripper
	t    *target

	mu       sync.Mutex
	accounts map[string]*allowance // by company, see payer
	skew     time.Duration         // of the target's clock, ahead of ours
}

// allowance is what an account may still ask.
type allowance struct {
	limit int     // requests a minute; 0: none that we know of
	left  float64 // may be sent now; below 0: promised to those who wait
	at    time.Time
	sent  int

	slower int // how often the pace is halved, as others need a share of the limit
	since  int // requests since the pace was last changed
}

const (
	maxSlowdown = 3
	fasterAfter = 30 // requests that the limit did not refuse
)

func (a *allowance) burst() float64 { return max(float64(a.limit)/24, 1) }

// perSecond is what grows back: with the burst it makes eleven twelfths of the limit in a minute.
func (a *allowance) perSecond() float64 {
	return max(float64(a.limit)*11/12-a.burst(), float64(a.limit)/4) / 60 / float64(int(1)<<a.slower)
}

// share gives way to others who use up the limit, and takes back what they leave.
func (a *allowance) share(refused bool) {
	a.since++
	switch {
	case refused:
		a.slower, a.since = min(a.slower+1, maxSlowdown), 0
	case a.since >= fasterAfter:
		a.slower, a.since = max(a.slower-1, 0), 0
	}
}

// grown lets what was spent grow back.
func (a *allowance) grown(now time.Time) {
	a.left = min(a.burst(), a.left+max(now.Sub(a.at).Seconds(), 0)*a.perSecond())
	a.at = now
}

// RoundTrip waits for its turn; at 120 a minute that is little over half a second for each request ahead.
func (p *pacer) RoundTrip(req *http.Request) (*http.Response, error) {
	if p.t.kind == kindFake {
		return p.next.RoundTrip(req) // its limit, if it has one, is what a scenario is about
	}
	e, _ := req.Context().Value(purposeKey{}).(entry)
	account := p.t.byAuth[req.Header.Get("Authorization")]
	wait, err := p.take(p.t.payer(account), e.purpose)
	if err == nil && wait > 0 {
		err = p.t.pause(req.Context(), wait)
	}
	if err != nil {
		if e.exchanges != nil && errors.Is(err, errOverBudget) {
			e.exchanges.refuse(err)
		}
		return nil, err
	}
	resp, err := p.next.RoundTrip(req)
	if err == nil {
		p.learn(p.t.payer(account), resp)
	}
	return resp, err
}

// join lets an account share what the accounts of its company may still ask.
func (p *pacer) join(account, company string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, shared := p.accounts[account], p.accounts[company]
	delete(p.accounts, account)
	switch {
	case a == nil:
	case shared == nil:
		p.accounts[company] = a
	default:
		a.grown(p.t.now())
		shared.grown(p.t.now())
		shared.left -= a.burst() - a.left
		shared.sent += a.sent
	}
}

// take counts a request and says how long it has to wait. A fifth of the budget is kept for undoing.
func (p *pacer) take(account, purpose string) (time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.of(account)
	most := p.t.budget
	if purpose != forUndo {
		most -= most / 5
	}
	if p.t.budget > 0 && a.sent >= most {
		return 0, fmt.Errorf("account %q: %d requests: %w", account, a.sent, errOverBudget)
	}
	a.sent++
	if a.limit == 0 {
		return 0, nil
	}
	a.grown(p.t.now())
	a.left--
	return time.Duration(max(-a.left, 0) / a.perSecond() * float64(time.Second)), nil
}

func (p *pacer) of(account string) *allowance {
	a, ok := p.accounts[account]
	if !ok {
		a = &allowance{at: p.t.now()}
		p.accounts[account] = a
		a.set(p.t.limit)
	}
	return a
}

// set begins with a full burst.
func (a *allowance) set(limit int) {
	a.limit = limit
	a.left = a.burst()
}

// learn reads what a reply says of the limit, and of the target's clock.
func (p *pacer) learn(account string, resp *http.Response) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.t.now()
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		p.skew = date.Sub(now)
	}
	a := p.of(account)
	reached := resp.StatusCode == http.StatusTooManyRequests
	a.share(reached)
	if limit := limitTold(resp, a.limit); limit != a.limit {
		a.set(limit)
		a.at = now
	}
	left, err := strconv.Atoi(resp.Header.Get("X-AircallApi-Remaining"))
	if reached {
		left, err = 0, nil
	}
	if err == nil && a.limit > 0 {
		a.left = min(a.left, float64(left))
	}
}

// limitTold is the limit after a reply: what it says or, if it says nothing, what was known. Who reaches a limit that
// nobody knows meets Aircall's.
func limitTold(resp *http.Response, known int) int {
	limit, err := strconv.Atoi(resp.Header.Get("X-AircallApi-Limit"))
	switch {
	case err == nil && limit > 0:
		return limit
	case resp.StatusCode == http.StatusTooManyRequests:
		return cmp.Or(known, aircallLimit)
	}
	return known
}

// targetNow is what time it is for the target.
func (p *pacer) targetNow() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.t.now().Add(p.skew)
}

// retrier sends again what met a fault of the way and not an answer: reads of the kit's own, and what undoes. What a
// script asks is sent once, as the binding does its own retrying and is what is judged.
type retrier struct {
	next http.RoundTripper
	t    *target

	mu   sync.Mutex
	lost int // requests in a row for which trying again did not help
	all  int // such requests in the run
}

const (
	mostTries = 3
	mostLost  = 3  // a target that is gone is not asked three times for everything
	mostInAll = 10 // nor one that never answers something; what undoes is
)

// RoundTrip notes how often it tried where the recorder looks.
func (r *retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	e, _ := req.Context().Value(purposeKey{}).(entry)
	tries := 1
	if r.t.kind != kindFake && (e.purpose == forUndo || req.Method == http.MethodGet && e.purpose == forCheck) {
		tries = mostTries
	}
	for try := 1; ; try++ {
		if n, ok := req.Context().Value(triesKey{}).(*int); ok {
			*n = try
		}
		resp, err := r.next.RoundTrip(req)
		fault := onTheWay(resp, err) && req.Context().Err() == nil
		if !fault || try >= tries || r.hopeless(e.purpose) {
			r.note(tries, fault)
			return resp, err
		}
		if resp != nil {
			io.Copy(io.Discard, io.LimitReader(resp.Body, most)) // so that the connection can be used again
			resp.Body.Close()
		}
		if err := r.t.pause(req.Context(), time.Duration(try)*200*time.Millisecond); err != nil {
			return nil, err
		}
		if req.GetBody != nil {
			if req.Body, err = req.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}

type triesKey struct{}

// unsent says that the kit itself kept a request back.
func unsent(err error) bool {
	return errors.Is(err, errOverBudget)
}

func onTheWay(resp *http.Response, err error) bool {
	if err != nil {
		return !unsent(err) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
	}
	return resp.StatusCode == http.StatusBadGateway || resp.StatusCode == http.StatusServiceUnavailable || resp.StatusCode == http.StatusGatewayTimeout
}

func (r *retrier) hopeless(purpose string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lost >= mostLost || r.all >= mostInAll && purpose != forUndo
}

func (r *retrier) note(tries int, fault bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !fault:
		r.lost = 0
	case tries > 1:
		r.lost++
		r.all++
	}
}
