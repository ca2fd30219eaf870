package fakeaircall

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Fault is a rule that makes Aircall worse than it is: for which requests, how
// often, and what happens to them. What of Op, Account, Method and Path is empty
// does not matter. It comes after route, credentials and rate limit, so it never
// meets what those refuse. All rules that mean a request apply: their delays add
// up; of what only one can decide, such as the status, the oldest rule decides.
type Fault struct {
	ID string // given by AddFault

	Op      string // see Routes
	Account string
	Method  string
	Path    string // of a request, or of a route with its braces; * at the end stands for any rest

	// Times is how many requests it is for; 0: no end. Then it is Ended, and stays
	// in the list.
	Times int

	// Probability, up to 1, is drawn from the server's seed; 0 means 1.
	Probability float64

	// Delay, MaxFaultWait at most, passes in real time before the handler works,
	// whatever the server's clock does: it is the client that waits.
	Delay time.Duration

	// Status, 400 to 599, is answered in the words of the machine that would do so,
	// and the handler does not work: nothing changes.
	Status int

	// Body is answered instead of those words.
	Body string

	// RetryAfter is when a Status of 429 says to come again; 0: at the next minute,
	// and without the header Retry-After, as Aircall does.
	RetryAfter time.Duration

	// Late lets the handler work before Status or Reset, so that what the client
	// takes for a failure has happened.
	Late bool

	// Reset cuts the connection without a reply.
	Reset bool

	// Truncate announces the whole body, sends half of it and cuts the connection.
	Truncate bool

	// Malformed sends three quarters of the body as if that were all.
	Malformed bool

	ContentType string
	Headers     map[string]string

	// Slow is how many bytes of the body go out in a second; after MaxFaultWait
	// comes the rest.
	Slow int

	// Stale lets reads answer, for so long on the server's clock after a write of
	// the account, as before that write. The rule must be there before the write.
	Stale time.Duration

	// SearchLag is how long on the server's clock search-contacts does not find a
	// contact after it was made.
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

// faults are the rules of a server.
type faults struct {
	live   atomic.Int32 // rules that have not ended; most servers have none
	mu     sync.Mutex
	rules  []*Fault
	given  int    // ids
	of     string // the only account that they apply to; "": all
	random random
	past   map[*account]pastState
}

// A pastState is a copy of a company as it was before its last write.
type pastState struct {
	account *account
	until   time.Time // of the write
}

// AddFault makes a rule of f and gives it an id. It refuses what no request can
// meet, and what does nothing.
func (s *Server) AddFault(f Fault) (Fault, error) {
	if err := s.checkFault(&f); err != nil {
		return Fault{}, fmt.Errorf("fault: %w", err)
	}
	x := s.faultsOf(f.Account)
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
	f.ID, f.Hits, f.Ended = x.id(), 0, false
	f.Probability = cmp.Or(f.Probability, 1)
	x.rules = append(x.rules, &f)
	x.live.Add(1)
	s.notifier.notify()
	return f.copy(), nil
}

func (f *Fault) copy() Fault {
	c := *f
	c.Headers = make(map[string]string, len(f.Headers))
	for name, v := range f.Headers {
		c.Headers[name] = v
	}
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

// allFaults are the rules for all accounts, and those of each that has its own.
func (s *Server) allFaults() []*faults {
	all := []*faults{&s.faults}
	for _, c := range s.accounts() {
		if c.faults != nil {
			all = append(all, c.faults)
		}
	}
	return all
}

// faultsOf is where the rules for an account are kept, "" for all.
func (s *Server) faultsOf(account string) *faults {
	if c, err := s.account(account); account != "" && err == nil && c.faults != nil {
		return c.faults
	}
	return &s.faults
}

// rulesFor returns the rules that can apply to a company.
func (s *Server) rulesFor(c *account) []*faults {
	if c != nil && c.faults != nil {
		return []*faults{&s.faults, c.faults}
	}
	return []*faults{&s.faults}
}

func (x *faults) id() string {
	if x.of == "" {
		return fmt.Sprintf("fault-%d", x.given)
	}
	return fmt.Sprintf("fault-%s-%d", x.of, x.given)
}

// RemoveFault ends a rule for good, and reports whether there was one.
func (s *Server) RemoveFault(id string) bool {
	return s.removeFaults(func(f *Fault) bool { return f.ID == id }) > 0
}

// ClearFaults removes all rules, and says how many.
func (s *Server) ClearFaults() int { return s.removeFaults(func(*Fault) bool { return true }) }

func (s *Server) removeFaults(which func(*Fault) bool) (removed int) {
	for _, x := range s.allFaults() {
		removed += x.remove(which)
	}
	s.notifier.notify()
	return removed
}

func (x *faults) remove(which func(*Fault) bool) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	before := len(x.rules)
	x.rules = slices.DeleteFunc(x.rules, which)
	live := 0
	stale := false
	for _, f := range x.rules {
		if !f.Ended {
			live++
			stale = stale || f.Stale > 0
		}
	}
	x.live.Store(int32(live))
	if !stale {
		x.past = nil
	}
	return before - len(x.rules)
}

// checkFault says what is wrong with a rule.
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
			return fmt.Errorf("headers: %q with %q is no header", name, v)
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
		return fmt.Errorf("body: it is that of a status; give one")
	case f.RetryAfter > 0 && f.Status != http.StatusTooManyRequests:
		return fmt.Errorf("retry_after: it goes with status 429")
	case f.Late && f.Status == 0 && !f.Reset:
		return fmt.Errorf("late: it goes with status or reset")
	case f.Slow < 0:
		return fmt.Errorf("slow %d: give bytes a second", f.Slow)
	case strings.ContainsAny(f.ContentType, "\r\n\x00"):
		return fmt.Errorf("content_type %q is no header", f.ContentType)
	case len(f.Body) > maxFaultBody:
		return fmt.Errorf("body: %d bytes, the most is %d", len(f.Body), maxFaultBody)
	case size > maxFaultHeader:
		return fmt.Errorf("headers: %d bytes, the most is %d", size, maxFaultHeader)
	}
	return nil
}

// checkAim says why no request can be meant.
func (s *Server) checkAim(f *Fault) error {
	f.Method = strings.ToUpper(f.Method)
	var near []string
	known := false
	for _, r := range Routes() {
		known = known || r.Op == f.Op
		if strings.Contains(r.Op, f.Op) || strings.Contains(f.Op, r.Op) {
			near = append(near, r.Op)
		}
	}
	var names []string
	for _, c := range s.accounts() {
		names = append(names, c.Account.Name)
	}
	switch {
	case f.Op != "" && !known && len(near) > 0:
		return fmt.Errorf("op %q is no operation; perhaps %s", f.Op, strings.Join(near[:min(3, len(near))], ", "))
	case f.Op != "" && !known:
		return fmt.Errorf("op %q is no operation; give the anchor of Aircall's reference, such as create-a-contact", f.Op)
	case f.Account != "" && !slices.Contains(names, f.Account):
		return fmt.Errorf("account %q is none of %s", f.Account, strings.Join(names, ", "))
	case f.Method != "" && !slices.Contains([]string{"GET", "POST", "PUT", "DELETE"}, f.Method):
		return fmt.Errorf("method %q: Aircall has routes of GET, POST, PUT and DELETE", f.Method)
	case f.Path != "" && !strings.HasPrefix(f.Path, "/"):
		return fmt.Errorf("path %q: give it as /v1/calls, /v1/calls/{id} or /v1/calls*", f.Path)
	case f.Stale > 0 && f.Method != "" && f.Method != http.MethodGet:
		return fmt.Errorf("stale: only reads are stale, method %s is none", f.Method)
	case f.SearchLag > 0 && f.Op != "" && f.Op != searchContactsOp:
		return fmt.Errorf("search_lag: only %s has it, not op %s", searchContactsOp, f.Op)
	}
	return nil
}

func notInHeaderName(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
}

// aims says whether the rule is for the request.
func (f *Fault) aims(r *request, req *http.Request) bool {
	path := req.URL.Path
	prefix, any := strings.CutSuffix(f.Path, "*")
	return !f.Ended && (f.Op == "" || f.Op == r.route.op) &&
		(f.Account == "" || r.account != nil && f.Account == r.account.Account.Name) &&
		(f.Method == "" || f.Method == req.Method) &&
		(f.Path == "" || f.Path == path || f.Path == r.route.path || any && strings.HasPrefix(path, prefix))
}

// matchFaults returns what the rules that match a request do to its reply, and counts them; nil means nothing.
func (s *Server) matchFaults(r *request, req *http.Request) (d *damage) {
	if s.faults.live.Load() > 0 {
		d = s.faults.match(d, r, req)
	}
	if c := r.account; c != nil && c.faults != nil && c.faults.live.Load() > 0 {
		d = c.faults.match(d, r, req)
	}
	return d
}

func (x *faults) match(d *damage, r *request, req *http.Request) *damage {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, f := range x.rules {
		if !f.aims(r, req) || !x.concerns(f, r, req) {
			continue
		}
		if f.Probability < 1 && float64(x.random.next()>>11)/(1<<53) >= f.Probability {
			continue
		}
		if f.Hits++; f.Hits == f.Times {
			f.Ended = true
			x.live.Add(-1)
		}
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

// concerns says whether the rule has something to do: one that only makes reads
// stale or searches lag has not, unless there is such a read or search.
func (x *faults) concerns(f *Fault, r *request, req *http.Request) bool {
	old, ok := x.past[r.account]
	stale := f.Stale > 0 && ok && req.Method == http.MethodGet && r.now.Before(old.until.Add(f.Stale))
	lags := f.SearchLag > 0 && r.route.op == searchContactsOp
	return f.hasEffect() || stale || lags
}

// damage is what all rules together do to a request.
type damage struct {
	Fault
}

func (d *damage) add(f *Fault) {
	d.Delay = min(d.Delay+f.Delay, MaxFaultWait)
	if d.Status == 0 && !d.Reset && (f.Status != 0 || f.Reset) {
		d.Status, d.Body, d.RetryAfter, d.Late, d.Reset = f.Status, f.Body, f.RetryAfter, f.Late, f.Reset
	}
	d.Truncate, d.Malformed = d.Truncate || f.Truncate, d.Malformed || f.Malformed
	d.ContentType = cmp.Or(d.ContentType, f.ContentType)
	d.Slow = cmp.Or(d.Slow, f.Slow)
	d.Stale, d.SearchLag = max(d.Stale, f.Stale), max(d.SearchLag, f.SearchLag)
	for name, v := range f.Headers {
		if _, ok := d.Headers[name]; !ok {
			if d.Headers == nil {
				d.Headers = make(map[string]string)
			}
			d.Headers[name] = v
		}
	}
}

// applyFault answers a request that faults apply to, in place of handle.
func (s *Server) applyFault(r *request, req *http.Request) (rep reply, t tier, header http.Header, err error) {
	d := r.damage
	if d.Delay > 0 {
		s.world.RUnlock()
		pause(req.Context(), d.Delay) // if the client goes, or the server closes, the work goes on
		s.world.RLock()
		if r.now = s.clock.now(); r.account != nil {
			r.now = r.account.clock.now()
		}
	}
	if d.Stale > 0 && req.Method == http.MethodGet {
		for _, x := range s.rulesFor(r.account) {
			x.mu.Lock()
			if old, ok := x.past[r.account]; ok && r.now.Before(old.until.Add(d.Stale)) {
				r.account = old.account
			}
			x.mu.Unlock()
		}
	}
	r.searchLag = d.SearchLag
	failed := d.Status != 0 || d.Reset
	if !failed || d.Late {
		rep, err = s.handle(r)
	}
	if !failed {
		return rep, r.route.tier, nil, err
	}
	rep, t = failure(d.reply(&r.route.route), r.route.tier, s.assume)
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

// reply is the status in the words of who would send it: what fails before or
// behind Aircall's own code the edge answers, the rest the route's service.
func (d *damage) reply(r *route) error {
	switch d.Status {
	case http.StatusUnauthorized:
		return errUnauthorized
	case http.StatusForbidden:
		return errForbidden
	case http.StatusNotFound:
		return errNotFound
	case http.StatusMethodNotAllowed:
		return errUnavailable
	case http.StatusRequestEntityTooLarge:
		return errTooLarge
	case http.StatusTooManyRequests:
		return errTooMany
	}
	if d.Status >= 500 || d.Status == 0 {
		return &edgeError{d.Status, http.StatusText(d.Status)}
	}
	return &apiError{status: d.Status, troubleshoot: r.op + " fails by a rule"}
}

// mangleBody changes what is about to be sent; the status is 0 if nothing will be.
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

// send writes the reply as the faults let it through.
func (d *damage) send(ctx context.Context, w http.ResponseWriter, status int, body raw) {
	if d.Reset {
		cut(w)
		return
	}
	w.WriteHeader(status)
	out := http.NewResponseController(w)
	if d.Truncate {
		body = body[:len(body)/2] // net/http cuts off who sends less than announced
	}
	const step = 50 * time.Millisecond
	for left := MaxFaultWait; d.Slow > 0 && len(body) > 0 && left > 0 && ctx.Err() == nil; {
		n := max(1, d.Slow/int(time.Second/step))
		wait := step
		if d.Slow < int(time.Second/step) {
			wait = time.Second / time.Duration(d.Slow)
		}
		n = min(n, len(body))
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

// remember keeps the company as it is before a write, if a rule wants to show it.
func (s *Server) remember(r *request, req *http.Request) error {
	if req.Method == http.MethodGet || r.account == nil {
		return nil
	}
	for _, x := range s.rulesFor(r.account) {
		if x.live.Load() > 0 && x.showsPast(r.account) {
			return x.remember(r)
		}
	}
	return nil
}

func (x *faults) remember(r *request) error {
	c := &account{Account: r.account.Account, assume: r.account.assume, base: r.account.base, clock: r.account.clock, wake: func() {}, changed: func() {}, send: func([]outgoing) {}}
	err := r.account.look(r.now, func(t *tx) error {
		before := t.state.copy()
		before.schedule.timers, before.deliveries = newTable[*timer](), newDeliveries(0) // nothing happens in it
		return c.holds.Do(func(h *lazyState) error { h.state = before; return nil })
	})
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.past == nil {
		x.past = make(map[*account]pastState)
	}
	x.past[r.account] = pastState{c, r.now}
	return nil
}

func (x *faults) showsPast(c *account) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, f := range x.rules {
		if f.Stale > 0 && !f.Ended && (f.Account == "" || f.Account == c.Account.Name) {
			return true
		}
	}
	return false
}
