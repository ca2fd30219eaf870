package fakeaircall

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"time"
)

// suffer is handle under faults.
func (s *Server) applyFault(r *request, req *http.Request) (rep reply, t tier, header http.Header, err error) {
	d := r.damage
	if d.Delay > 0 {
		s.world.RUnlock()
		pause(req.Context(), d.Delay) // if the client goes, or the server closes, the work goes on
		s.world.RLock()
		if r.now = s.clock.now(); r.company != nil {
			r.now = r.company.clock.now()
		}
	}
	if d.Stale > 0 && req.Method == http.MethodGet {
		for _, x := range s.hasFaults(r.company) {
			x.mu.Lock()
			if old, ok := x.past[r.company]; ok && r.now.Before(old.until.Add(d.Stale)) {
				r.company = old.company
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

// failure is the status in the words of who would send it: what fails before or
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

// spoil changes what is about to be sent; the status is 0 if nothing will be.
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
	if req.Method == http.MethodGet || r.company == nil {
		return nil
	}
	for _, x := range s.hasFaults(r.company) {
		if x.live.Load() > 0 && x.showsPast(r.company) {
			return x.remember(r)
		}
	}
	return nil
}

func (x *faults) remember(r *request) error {
	c := &company{account: r.company.account, assume: r.company.assume, base: r.company.base, clock: r.company.clock, wake: func() {}, changed: func() {}, send: func([]outgoing) {}}
	err := r.company.look(r.now, func(t *tx) error {
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
		x.past = make(map[*company]pastCompany)
	}
	x.past[r.company] = pastCompany{c, r.now}
	return nil
}

func (x *faults) showsPast(c *company) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, f := range x.rules {
		if f.Stale > 0 && !f.Ended && (f.Account == "" || f.Account == c.account.Name) {
			return true
		}
	}
	return false
}
