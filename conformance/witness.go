package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// witness stands last before the network and trusts nothing that stands before it: that the guard is there, that the
// journal of changes tells of a write, that an account is asked no more than its limit. What it sees broken is not sent,
// and the run ends with [ExitDefect]: a kit that is not in order must not go on with somebody's credentials.
type witness struct {
	next http.RoundTripper
	t    *target

	mu     sync.Mutex
	asked  map[string]*minute // by company, see payer
	defect error              // the first
}

// minute is when an account was asked within its last minute, since its limit is known.
type minute struct {
	limit int
	at    []time.Time
}

// seqKey is where the recorder tells which line of the journal plans the request.
type seqKey struct{}

// probeKey marks a request that is made to see whether it is stopped in time.
type probeKey struct{}

var errPassed = errors.New("it would have been sent")

// RoundTrip sends what is in order.
func (w *witness) RoundTrip(req *http.Request) (*http.Response, error) {
	if w.t.kind == kindFake {
		return w.next.RoundTrip(req)
	}
	if req.Context().Value(probeKey{}) != nil {
		return nil, errPassed
	}
	account := w.t.byAuth[req.Header.Get("Authorization")]
	payer := w.t.payer(account)
	err := w.journalled(req, account)
	if err == nil {
		err = w.count(payer)
	}
	if err != nil {
		return nil, w.report(err)
	}
	resp, err := w.next.RoundTrip(req)
	if err == nil {
		w.learn(payer, resp)
	}
	return resp, err
}

// report keeps the first defect.
func (w *witness) report(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err = exits(ExitDefect, fmt.Errorf("the kit is not in order: %w", err))
	if w.defect == nil {
		w.defect = err
	}
	return err
}

// broken is what was seen broken, if anything was.
func (w *witness) broken() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.defect
}

// journalled reads the journal's file as a sweep would find it if the run were killed now.
func (w *witness) journalled(req *http.Request, account string) error {
	e, _ := req.Context().Value(journalKey{}).(entry)
	op, route := routeOf(req.Method, req.URL.EscapedPath())
	if req.Method == http.MethodGet || account == "" || e.purpose == forUndo || !slices.Contains(undoable, op) {
		return nil
	}
	seq, _ := req.Context().Value(seqKey{}).(int)
	switch {
	case seq == 0 && op != "create-a-contact":
		return nil // of a contact that is not there: there is nothing to undo
	case seq == 0 || !e.journal.undo.w.run.ledger.stands(seq):
		return fmt.Errorf("%s %s is not in the journal of what is changed", req.Method, route)
	}
	return nil
}

// count refuses what is one more than the limit within a minute.
func (w *witness) count(account string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.asked[account]
	if m == nil || m.limit == 0 {
		return nil
	}
	now := w.t.now()
	m.at = slices.DeleteFunc(m.at, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	if len(m.at) >= m.limit {
		return fmt.Errorf("account %q would be asked more than %d times in a minute", account, m.limit)
	}
	m.at = append(m.at, now)
	return nil
}

// join adds up what the accounts of a company were asked.
func (w *witness) join(account, company string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, shared := w.asked[account], w.asked[company]
	delete(w.asked, account)
	switch {
	case m == nil:
	case shared == nil:
		w.asked[company] = m
	default:
		shared.at = append(shared.at, m.at...)
	}
}

// learn reads the limit where the account tells it.
func (w *witness) learn(account string, resp *http.Response) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.asked[account]
	if m == nil {
		m = &minute{limit: w.t.limit}
		w.asked[account] = m
	}
	m.limit = limitTold(resp, m.limit)
}

// stands says whether the file holds the plan of a write. What has no file goes away whole, with its fake.
func (l *ledger) stands(seq int) bool {
	if l.path == "" {
		return true
	}
	read, err := readLedger(l.path)
	return err == nil && slices.ContainsFunc(read.changes, func(c *touched) bool { return slices.Contains(c.seqs, seq) })
}

// prove makes requests that must not be sent, to see that they are not: to an address that is not the account's, a write
// that no scenario makes, and, where somebody may be at the other end, one of [neverLive]. The witness sends none of them.
func (t *target) prove(ctx context.Context) error {
	if t.kind == kindFake {
		return nil
	}
	account := t.accounts[t.first()]
	probes := []struct{ method, url string }{
		{http.MethodGet, "http://elsewhere.invalid/v1/ping"},
		{http.MethodDelete, account.URL + contactPath("1")},
	}
	if !t.local() {
		probes = append(probes, struct{ method, url string }{http.MethodPost, account.URL + "/v1/users"})
	}
	ctx = context.WithValue(ctx, probeKey{}, true)
	for _, p := range probes {
		req, err := http.NewRequestWithContext(ctx, p.method, p.url, nil)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", authorization(account))
		_, err = t.http.Transport.RoundTrip(req)
		if _, refused := errors.AsType[*refusal](err); !refused {
			return t.witness.report(fmt.Errorf("nothing stops %s %s", p.method, req.URL.Path))
		}
	}
	return nil
}
