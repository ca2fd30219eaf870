package fakeaircall

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Fault is a rule that makes Aircall worse than it is: for which requests, how often, and what happens to them. Empty
// Op, Account, Method and Path fields match any request. Rules apply after route, credentials and rate limit, so a
// request that these refuse matches none. All rules that match a request apply: their delays add up; where only one
// can decide, such as on the status, the oldest rule does.
type Fault struct {
	ID string // given by AddFault

	Op      string // see Routes
	Account string
	Method  string
	Path    string // of a request, or of a route with its braces; * at the end matches any rest

	// Times is how many requests the rule applies to; 0 means no limit. Then it is Ended, and stays in the list.
	Times int

	// Probability, up to 1, is drawn from the server's seed; 0 means 1.
	Probability float64

	// Delay, MaxFaultWait at most, passes in real time before the handler works, whatever the server's clock does: it
	// is the client that waits.
	Delay time.Duration

	// Status, 400 to 599, is answered with the body that Aircall has for it. The handler does not work: nothing changes.
	Status int

	// Body replaces that body.
	Body string

	// RetryAfter is when a Status of 429 says to come again; 0 means at the next minute, and without the header
	// Retry-After, as Aircall does.
	RetryAfter time.Duration

	// Late lets the handler work before Status or Reset, so that a request has succeeded that the client takes for a
	// failure.
	Late bool

	// Reset cuts the connection without a reply.
	Reset bool

	// Truncate announces the whole body, sends half of it and cuts the connection.
	Truncate bool

	// Malformed sends three quarters of the body as if that were all.
	Malformed bool

	ContentType string
	Headers     map[string]string

	// Slow is how many bytes of the body are sent in a second; after MaxFaultWait the rest is sent at once.
	Slow int

	// Stale lets reads answer, for so long on the server's clock after a write of the account, as before that write. A
	// write before the rule was added does not count.
	Stale time.Duration

	// SearchLag is how long on the server's clock search-contacts does not find a contact after it was made.
	SearchLag time.Duration

	Hits  int // requests it applied to
	Ended bool
}

const (
	// MaxFaultWait bounds what a fault lets a client wait, in real time.
	MaxFaultWait = time.Minute

	maxFaultTime   = 24 * time.Hour // on the server's clock
	maxFaults      = 100
	maxFaultBody   = 1 << 20
	maxFaultHeader = 8 << 10
)

// faults are the rules for all accounts, or those of one.
type faults struct {
	mu     sync.Mutex
	rules  []*Fault
	given  int    // ids
	of     string // the only account that they apply to; "" means all
	random random
}

// AddFault adds a rule and gives it an id. It fails if no request can match the rule, or if the rule does nothing.
func (s *Server) AddFault(f Fault) (Fault, error) {
	if err := s.checkFault(&f); err != nil {
		return Fault{}, fmt.Errorf("fault: %w", err)
	}
	x := &s.faults
	if c, err := s.account(f.Account); f.Account != "" && err == nil && c.faults != nil {
		x = c.faults
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.rules) >= maxFaults {
		i := slices.IndexFunc(x.rules, func(r *Fault) bool { return r.Ended })
		if i < 0 {
			return Fault{}, fmt.Errorf("fault: there are %d rules already; remove one", maxFaults)
		}
		x.rules = slices.Delete(x.rules, i, i+1)
	}
	x.given++
	f.ID, f.Hits, f.Ended = fmt.Sprintf("fault-%d", x.given), 0, false
	if x.of != "" {
		f.ID = fmt.Sprintf("fault-%s-%d", x.of, x.given)
	}
	f.Probability = cmp.Or(f.Probability, 1)
	x.rules = append(x.rules, &f)
	s.notifier.notify()
	return f.copy(), nil
}

func (f *Fault) copy() Fault {
	c := *f
	c.Headers = make(map[string]string, len(f.Headers))
	maps.Copy(c.Headers, f.Headers)
	return c
}

// Faults lists the rules, oldest first, with their hits.
func (s *Server) Faults() []Fault {
	list := []Fault{}
	for _, x := range s.allFaults() {
		x.mu.Lock()
		for _, f := range x.rules {
			list = append(list, f.copy())
		}
		x.mu.Unlock()
	}
	return list
}

// allFaults returns the rules for all accounts, and those of each account that has its own.
func (s *Server) allFaults() []*faults {
	all := []*faults{&s.faults}
	for _, c := range s.accounts() {
		if c.faults != nil {
			all = append(all, c.faults)
		}
	}
	return all
}

// RemoveFault removes a rule, and reports whether there was one.
func (s *Server) RemoveFault(id string) bool {
	return s.removeFaults(func(f *Fault) bool { return f.ID == id }) > 0
}

// ClearFaults removes all rules, and returns how many there were.
func (s *Server) ClearFaults() int { return s.removeFaults(func(*Fault) bool { return true }) }

func (s *Server) removeFaults(which func(*Fault) bool) (removed int) {
	for _, x := range s.allFaults() {
		x.mu.Lock()
		before := len(x.rules)
		x.rules = slices.DeleteFunc(x.rules, which)
		removed += before - len(x.rules)
		x.mu.Unlock()
	}
	for _, c := range s.accounts() {
		if !s.showsPast(c) {
			_ = c.holds.Do(func(h *lazyState) error { h.past = pastState{}; return nil })
		}
	}
	s.notifier.notify()
	return removed
}

// checkFault fails if something is wrong with a rule.
func (s *Server) checkFault(f *Fault) error {
	if err := s.checkAim(f); err != nil {
		return err
	}
	for _, d := range []struct {
		name  string
		value time.Duration
		most  time.Duration
	}{{"delay", f.Delay, MaxFaultWait}, {"retry_after", f.RetryAfter, maxFaultTime}, {"stale", f.Stale, maxFaultTime}, {"search_lag", f.SearchLag, maxFaultTime}} {
		if d.value < 0 || d.value > d.most {
			return fmt.Errorf("%s %s: give 0s to %s", d.name, d.value, d.most)
		}
	}
	size := 0
	for name, v := range f.Headers {
		size += len(name) + len(v)
		if name == "" || strings.ContainsFunc(name, notInHeaderName) || strings.ContainsAny(v, "\r\n\x00") {
			return fmt.Errorf("headers: %q with %q is not a header", name, v)
		}
	}
	switch {
	case !f.hasEffect() && f.Stale == 0 && f.SearchLag == 0:
		return fmt.Errorf("it does nothing: give one of status, delay, reset, truncate, malformed, content_type, headers, slow, stale, search_lag")
	case f.Times < 0:
		return fmt.Errorf("times %d: give how many requests, or 0 for no end", f.Times)
	case !(f.Probability >= 0 && f.Probability <= 1):
		return fmt.Errorf("probability %g: give 0 to 1", f.Probability)
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d: give 400 to 599", f.Status)
	case f.Body != "" && f.Status == 0:
		return fmt.Errorf("body: it needs a status; give one")
	case f.RetryAfter > 0 && f.Status != http.StatusTooManyRequests:
		return fmt.Errorf("retry_after: it needs status 429")
	case f.Late && f.Status == 0 && !f.Reset:
		return fmt.Errorf("late: it needs status or reset")
	case f.Slow < 0:
		return fmt.Errorf("slow %d: give bytes a second", f.Slow)
	case strings.ContainsAny(f.ContentType, "\r\n\x00"):
		return fmt.Errorf("content_type %q is not a header", f.ContentType)
	case len(f.Body) > maxFaultBody:
		return fmt.Errorf("body: %d bytes, the most is %d", len(f.Body), maxFaultBody)
	case size > maxFaultHeader:
		return fmt.Errorf("headers: %d bytes, the most is %d", size, maxFaultHeader)
	}
	return nil
}

// checkAim fails if no request can match the rule.
func (s *Server) checkAim(f *Fault) error {
	f.Method = strings.ToUpper(f.Method)
	if err := s.CheckNames(f.Account, f.Op, ""); err != nil {
		return err
	}
	switch {
	case f.Method != "" && !slices.Contains([]string{"GET", "POST", "PUT", "DELETE"}, f.Method):
		return fmt.Errorf("method %q: Aircall has routes of GET, POST, PUT and DELETE", f.Method)
	case f.Path != "" && !strings.HasPrefix(f.Path, "/"):
		return fmt.Errorf("path %q: give it as /v1/calls, /v1/calls/{id} or /v1/calls*", f.Path)
	case f.Stale > 0 && f.Method != "" && f.Method != http.MethodGet:
		return fmt.Errorf("stale: only reads are stale, not method %s", f.Method)
	case f.SearchLag > 0 && f.Op != "" && f.Op != searchContactsOp:
		return fmt.Errorf("search_lag: only %s has it, not op %s", searchContactsOp, f.Op)
	}
	return nil
}

func notInHeaderName(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
}

// matches reports whether the rule is for the request.
func (f *Fault) matches(r *request, req *http.Request) bool {
	path := req.URL.Path
	prefix, any := strings.CutSuffix(f.Path, "*")
	return !f.Ended && (f.Op == "" || f.Op == r.route.op) &&
		(f.Account == "" || r.account != nil && f.Account == r.account.Account.Name) &&
		(f.Method == "" || f.Method == req.Method) &&
		(f.Path == "" || f.Path == path || f.Path == r.route.path || any && strings.HasPrefix(path, prefix))
}

// matchFaults returns what the rules that match a request do to its reply, and counts them; nil means nothing.
func (s *Server) matchFaults(r *request, req *http.Request) *damage {
	d := s.faults.match(nil, r, req)
	if c := r.account; c != nil && c.faults != nil {
		d = c.faults.match(d, r, req)
	}
	return d
}

func (x *faults) match(d *damage, r *request, req *http.Request) *damage {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, f := range x.rules {
		if !f.matches(r, req) || !f.applies(r, req) {
			continue
		}
		if f.Probability < 1 && float64(x.random.next()>>11)/(1<<53) >= f.Probability {
			continue
		}
		f.Hits++
		f.Ended = f.Hits == f.Times
		if d == nil {
			d = new(damage)
		}
		d.add(f)
		r.faults = append(r.faults, f.ID)
	}
	return d
}

// hasEffect reports whether the rule does something to the requests that it matches.
func (f *Fault) hasEffect() bool {
	return f.Delay > 0 || f.Status != 0 || f.Reset || f.Truncate || f.Malformed || f.ContentType != "" || len(f.Headers) > 0 || f.Slow != 0
}

// applies reports whether the rule does something to a request that it matches: a rule that only makes reads stale or
// searches lag needs such a read or search.
func (f *Fault) applies(r *request, req *http.Request) bool {
	stale := f.Stale > 0 && req.Method == http.MethodGet && r.account.before(r.now, f.Stale) != nil
	return f.hasEffect() || stale || f.SearchLag > 0 && r.route.op == searchContactsOp
}

// damage is what all rules together do to a request.
type damage Fault

func (d *damage) add(f *Fault) {
	d.Delay = min(d.Delay+f.Delay, MaxFaultWait)
	if d.Status == 0 && !d.Reset && (f.Status != 0 || f.Reset) {
		d.Status, d.Body, d.RetryAfter, d.Late, d.Reset = f.Status, f.Body, f.RetryAfter, f.Late, f.Reset
	}
	d.Truncate, d.Malformed = d.Truncate || f.Truncate, d.Malformed || f.Malformed
	d.ContentType = cmp.Or(d.ContentType, f.ContentType)
	d.Slow = cmp.Or(d.Slow, f.Slow)
	d.Stale, d.SearchLag = max(d.Stale, f.Stale), max(d.SearchLag, f.SearchLag)
	headers := f.copy().Headers
	maps.Copy(headers, d.Headers)
	d.Headers = headers
}

// applyFault answers a request that faults apply to, in place of handle.
func (s *Server) applyFault(r *request, req *http.Request) (rep reply, t tier, header http.Header, err error) {
	d := r.damage
	if d.Delay > 0 {
		s.world.RUnlock()
		pause(req.Context(), d.Delay) // the handler works also if the client has gone
		s.world.RLock()
		if r.now = s.clock.now(); r.account != nil {
			r.now = r.account.clock.now()
		}
	}
	if d.Stale > 0 && req.Method == http.MethodGet {
		r.account = cmp.Or(r.account.before(r.now, d.Stale), r.account)
	}
	r.searchLag = d.SearchLag
	failed := d.Status != 0 || d.Reset
	if !failed || d.Late {
		rep, err = s.handle(r)
	}
	if !failed {
		return rep, r.route.tier, nil, err
	}
	rep, t = failure(d.reply(r.route.op), r.route.tier, r.assume)
	if d.Body != "" {
		rep.body = raw(d.Body)
	}
	if d.Status == http.StatusTooManyRequests {
		header = s.limitHeaders(r.now, 0)
		if d.RetryAfter > 0 {
			again := r.now.Add(d.RetryAfter)
			header["X-AircallApi-Reset"] = []string{strconv.FormatInt(again.Unix(), 10)}
			header["Retry-After"] = []string{strconv.FormatInt(int64((d.RetryAfter+time.Second-1)/time.Second), 10)}
		}
	}
	return rep, t, header, nil
}

// faultErrors are the replies that Aircall has for a status.
var faultErrors = map[int]error{
	http.StatusUnauthorized:          errUnauthorized,
	http.StatusForbidden:             errForbidden,
	http.StatusNotFound:              errNotFound,
	http.StatusMethodNotAllowed:      errUnavailable,
	http.StatusRequestEntityTooLarge: errTooLarge,
	http.StatusTooManyRequests:       errTooMany,
}

// reply returns the failure as Aircall words it: the edge answers for what fails before or behind Aircall's own code,
// the service of the route for the rest.
func (d *damage) reply(op string) error {
	if err, ok := faultErrors[d.Status]; ok {
		return err
	}
	if d.Status >= 500 || d.Status == 0 {
		return &edgeError{d.Status, http.StatusText(d.Status)}
	}
	return &apiError{status: d.Status, troubleshoot: op + " fails by a rule"}
}

// mangleBody changes the reply that is about to be sent; the status is 0 if there will be none.
func (d *damage) mangleBody(h http.Header, status int, body raw) (int, raw) {
	if d.Reset {
		return 0, nil
	}
	for name, v := range d.Headers {
		h.Set(name, v)
	}
	if d.ContentType != "" {
		h.Set("Content-Type", d.ContentType)
	}
	if d.Malformed && len(body) > 0 {
		body = body[:len(body)*3/4]
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	return status, body
}

// send writes the reply, slowly or in part as the faults say.
func (d *damage) send(ctx context.Context, w http.ResponseWriter, status int, body raw) {
	if d.Reset {
		cut(w)
		return
	}
	w.WriteHeader(status)
	out := http.NewResponseController(w)
	if d.Truncate {
		body = body[:len(body)/2] // net/http cuts the connection if a handler sends less than announced
	}
	const step = 50 * time.Millisecond
	for left := MaxFaultWait; d.Slow > 0 && len(body) > 0 && left > 0 && ctx.Err() == nil; {
		n := min(max(1, d.Slow/int(time.Second/step)), len(body))
		wait := max(step, time.Second/time.Duration(d.Slow))
		w.Write(body[:n])
		if out.Flush() != nil {
			return
		}
		body = body[n:]
		pause(ctx, min(wait, left))
		left -= wait
	}
	if len(body) > 0 {
		w.Write(body)
	}
}

// cut ends the connection with a reset.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 resets the stream
	}
	if tls, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = tls.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // without it the client would see an orderly end
	}
	_ = conn.Close()
}

// A pastState is a copy of an account as it was before its last write.
type pastState struct {
	account *account
	until   time.Time // of the write
}

// before returns the account as it was before its last write, if that was less than stale ago and a rule kept it.
func (c *account) before(now time.Time, stale time.Duration) (past *account) {
	if c == nil {
		return nil
	}
	_ = c.holds.Do(func(h *lazyState) error {
		if now.Before(h.past.until.Add(stale)) {
			past = h.past.account
		}
		return nil
	})
	return past
}

// remember keeps the account as it is before a write, if a rule wants to show it.
func (s *Server) remember(r *request, req *http.Request) error {
	c := r.account
	if req.Method == http.MethodGet || c == nil || !s.showsPast(c) {
		return nil
	}
	past := &account{
		Account: c.Account, assume: c.assume, base: c.base, clock: c.clock,
		wake: func() {}, changed: func() {}, send: func([]outgoing) {},
	}
	err := c.look(r.now, func(t *tx) error {
		before := t.state.copy()
		before.schedule.timers, before.deliveries = newTable[*timer](), newDeliveries(0) // nothing happens in it
		return past.holds.Do(func(h *lazyState) error { h.state = before; return nil })
	})
	if err != nil {
		return err
	}
	return c.holds.Do(func(h *lazyState) error { h.past = pastState{past, r.now}; return nil })
}

// showsPast reports whether a rule shows an account as it was before a write.
func (s *Server) showsPast(c *account) bool {
	return s.faults.showPast(c) || c.faults != nil && c.faults.showPast(c)
}

func (x *faults) showPast(c *account) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.ContainsFunc(x.rules, func(f *Fault) bool {
		return f.Stale > 0 && !f.Ended && (f.Account == "" || f.Account == c.Account.Name)
	})
}
