package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// aircallLimit is how many requests Aircall allows a company in a minute, over all of its credentials.
const aircallLimit = 120

// pacer keeps each account below its rate limit and within its budget. Aircall names the limit only when it is reached, so the
// pacer counts the requests itself, as a token bucket: a few may be sent at once, the rest at a steady rate, together eleven
// twelfths of the limit in any minute. It cannot see the requests that others make to the same company, so that a 429 remains
// possible; it then slows down.
type pacer struct {
	next http.RoundTripper
	t    *target

	mu       sync.Mutex
	accounts map[string]*allowance // by company, see payer
	skew     time.Duration         // of the target's clock, ahead of ours
}

// allowance is the token bucket of an account.
type allowance struct {
	limit int     // requests a minute; 0: no known limit
	left  float64 // may be sent now; below 0: requests that wait
	at    time.Time
	sent  int

	slower int // how often the rate is halved, because others use the same limit
	since  int // requests since the rate last changed
}

const (
	maxSlowdown = 3
	fasterAfter = 30 // requests that the limit did not refuse
)

func (a *allowance) burst() float64 { return max(float64(a.limit)/24, 1) }

// perSecond is the rate at which requests become available again.
func (a *allowance) perSecond() float64 {
	return max(float64(a.limit)*11/12-a.burst(), float64(a.limit)/4) / 60 / float64(int(1)<<a.slower)
}

// refill adds the requests that became available since the last call.
func (a *allowance) refill(now time.Time) {
	a.left = min(a.burst(), a.left+max(now.Sub(a.at).Seconds(), 0)*a.perSecond())
	a.at = now
}

// RoundTrip waits for its turn: at 120 a minute, a little over half a second for each request ahead.
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

// join makes an account share the allowance of its company.
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
		a.refill(p.t.now())
		shared.refill(p.t.now())
		shared.left -= a.burst() - a.left
		shared.sent += a.sent
	}
}

// take counts a request and returns how long it has to wait. It keeps a fifth of the budget for undoing.
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
	a.refill(p.t.now())
	a.left--
	return time.Duration(max(-a.left, 0) / a.perSecond() * float64(time.Second)), nil
}

func (p *pacer) of(account string) *allowance {
	a, ok := p.accounts[account]
	if !ok {
		a = &allowance{limit: p.t.limit, at: p.t.now()}
		a.left = a.burst()
		p.accounts[account] = a
	}
	return a
}

// learn reads the rate limit and the target's clock from a reply. It halves the rate after a 429, and doubles it again after a
// while without one. If a 429 does not name the limit, Aircall's is assumed.
func (p *pacer) learn(account string, resp *http.Response) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.t.now()
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		p.skew = date.Sub(now)
	}
	a := p.of(account)
	refused := resp.StatusCode == http.StatusTooManyRequests
	a.since++
	switch {
	case refused:
		a.slower, a.since = min(a.slower+1, maxSlowdown), 0
	case a.since >= fasterAfter:
		a.slower, a.since = max(a.slower-1, 0), 0
	}
	limit, err := strconv.Atoi(resp.Header.Get("X-AircallApi-Limit"))
	if err != nil || limit <= 0 {
		limit = a.limit
		if refused {
			limit = cmp.Or(limit, aircallLimit)
		}
	}
	if limit != a.limit {
		a.limit, a.at = limit, now
		a.left = a.burst()
	}
	left, err := strconv.Atoi(resp.Header.Get("X-AircallApi-Remaining"))
	if refused {
		left, err = 0, nil
	}
	if err == nil && a.limit > 0 {
		a.left = min(a.left, float64(left))
	}
}

// targetNow returns the time by the target's clock.
func (p *pacer) targetNow() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.t.now().Add(p.skew)
}

// retrier sends a request again if something between the kit and the API failed: reads of the kit's own, and requests that undo.
// It sends each request of a script once, because the binding retries by itself, and its retries are under test.
type retrier struct {
	next http.RoundTripper
	t    *target

	mu   sync.Mutex
	lost int // requests in a row for which trying again did not help
	all  int // such requests in the run
}

const (
	mostTries = 3
	mostLost  = 3  // after so many, a target that is gone is not asked three times for everything
	mostInAll = 10 // nor one that never answers some requests; requests that undo are always tried again
)

// RoundTrip stores the number of tries where the recorder looks.
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
		lost := onTheWay(resp, err) && req.Context().Err() == nil
		if !r.again(e.purpose, lost, try, tries) {
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

// again reports whether to send a request again, and counts those that are given up.
func (r *retrier) again(purpose string, lost bool, try, tries int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	hopeless := r.lost >= mostLost || r.all >= mostInAll && purpose != forUndo
	switch {
	case !lost:
		r.lost = 0
	case try < tries && !hopeless:
		return true
	case tries > 1:
		r.lost++
		r.all++
	}
	return false
}

type triesKey struct{}

// unsent reports whether the kit itself kept a request back.
func unsent(err error) bool { return errors.Is(err, errOverBudget) }

// onTheWay reports whether a request failed between the kit and the API.
func onTheWay(resp *http.Response, err error) bool {
	if err != nil {
		return !unsent(err) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
	}
	return slices.Contains([]int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, resp.StatusCode)
}
