package fakeaircall

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A receiver gets one event after the other while it answers within slowAfter. When it does not, up to maxInFlight
// attempts are under way at once, and the clock may move on; slowAgainAfter is the time it has from then on, until it
// answers again. All of these are real time.
const (
	maxInFlight    = 4
	slowAfter      = time.Second
	slowAgainAfter = 3 * time.Millisecond
	maxIdleWait    = time.Minute      // for all receivers together
	maxAttemptTime = 10 * time.Second // on a clock that stands
	drainTime      = 2 * time.Second
	maxAnswer      = 64 << 10 // bytes that are read of an answer
)

// A dispatcher posts what accounts have to deliver.
type dispatcher struct {
	transport http.RoundTripper // which follows no redirects

	mu      sync.Mutex
	changed *sync.Cond // an attempt ended, or is late
	queues  map[queueKey]*receiverQueue
	closed  bool
	paused  bool // until resume
	running sync.WaitGroup
}

type queueKey struct {
	account *account
	id      int64 // of the receiver
}

// A receiverQueue has the attempts for one receiver. It is kept while it has any, or the receiver is slow.
type receiverQueue struct {
	waiting  []outgoing // in the order they left
	inFlight []*inFlight
	slow     bool // the receiver did not answer in time, and has not since
}

// inFlight is a POST under way.
type inFlight struct {
	outgoing
	queue    *receiverQueue
	started  time.Time // on the clock of the account
	late     bool
	timedOut bool // its time is over, on the clock of the account
	cancel   context.CancelFunc
	done     chan struct{}
}

func (f *inFlight) deadline() time.Time { return f.started.Add(attemptTime) }

func newDispatcher(o DeliveryOptions) *dispatcher {
	k := &dispatcher{transport: o.Transport, queues: make(map[queueKey]*receiverQueue)}
	k.changed = sync.NewCond(&k.mu)
	if k.transport == nil {
		k.transport = &http.Transport{
			DialContext:         dialReceiver,
			TLSClientConfig:     &tls.Config{RootCAs: o.RootCAs},
			TLSHandshakeTimeout: attemptTime,
			DisableCompression:  true, // no header that was not recorded
			MaxIdleConns:        256, MaxIdleConnsPerHost: 64, IdleConnTimeout: 30 * time.Second,
			MaxResponseHeaderBytes: maxAnswer,
		}
	}
	return k
}

// dialReceiver connects to the host of a webhook. It refuses names that are reserved for examples and tests: a server
// that listens there is never the one that was meant.
func dialReceiver(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if reserved(host) {
		return nil, fmt.Errorf("%s is a name reserved for examples and tests, nothing is sent there", host)
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// reserved follows RFC 2606 and 6761, but for localhost, where tests listen.
func reserved(host string) bool {
	labels := strings.Split(strings.ToLower(strings.TrimSuffix(host, ".")), ".")
	top := labels[len(labels)-1]
	if slices.Contains([]string{"test", "example", "invalid"}, top) {
		return true
	}
	return len(labels) > 1 && labels[len(labels)-2] == "example" && slices.Contains([]string{"com", "net", "org"}, top)
}

// enqueue adds attempts to the queues of their receivers.
func (k *dispatcher) enqueue(due []outgoing) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed || k.paused {
		return
	}
	for _, p := range due {
		key := queueKey{p.account, p.receiver}
		l, ok := k.queues[key]
		if !ok {
			l = &receiverQueue{}
			k.queues[key] = l
		}
		i, _ := slices.BinarySearchFunc(l.waiting, p.seq, func(q outgoing, seq uint64) int { return cmp.Compare(q.seq, seq) })
		l.waiting = slices.Insert(l.waiting, i, p)
	}
	for _, l := range k.queues {
		k.startNext(l)
	}
}

// startNext starts the attempts of a queue that may start: one if none is under way, more while those under way are
// late. k.mu is held.
func (k *dispatcher) startNext(l *receiverQueue) {
	for !k.closed && !k.paused && len(l.waiting) > 0 && len(l.inFlight) < maxInFlight {
		if !l.slow && slices.ContainsFunc(l.inFlight, func(f *inFlight) bool { return !f.late }) {
			return
		}
		timeout := attemptTime
		clock := l.waiting[0].account.clock
		if clock.rate() == 0 {
			timeout = maxAttemptTime
		}
		ctx, cancel := realTimeout(context.Background(), timeout)
		f := &inFlight{outgoing: l.waiting[0], queue: l, started: clock.now(), cancel: cancel, done: make(chan struct{})}
		l.waiting = slices.Delete(l.waiting, 0, 1)
		l.inFlight = append(l.inFlight, f)
		wait := slowAfter
		if l.slow {
			wait = slowAgainAfter
		}
		k.running.Go(func() { k.run(ctx, f, wait) })
	}
}

// run makes one attempt, from the POST to its result. It is late after some time.
func (k *dispatcher) run(ctx context.Context, f *inFlight, late time.Duration) {
	stop := realAfter(late, func() { k.markLate(f) })
	watch := stopwatch()
	status, err := k.post(ctx, f)
	stop()
	a := Attempt{At: f.started, Took: watch(), Status: status}
	f.cancel()
	k.mu.Lock()
	out, closed := f.timedOut, k.closed || k.paused
	k.mu.Unlock()
	switch {
	case out || errors.Is(err, context.DeadlineExceeded):
		a.Took, a.Status, a.Error = attemptTime, 0, "no complete answer within 5 seconds"
	case err != nil:
		a.Error = err.Error()
	case status < 200 || status > 299:
		a.Error = fmt.Sprintf("status %d is not a success", status)
	}
	if err == nil || !closed { // an attempt that was cut off has not failed
		f.account.happen(f.account.clock.now(), func(t *tx) { t.attemptDone(f.id, f.attempt, a) }) // it is stored before long
	}
	k.finish(f, err == nil)
}

// markLate lets other attempts begin, and the clock move on.
func (k *dispatcher) markLate(f *inFlight) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f.late, f.queue.slow = true, true
	k.startNext(f.queue)
	k.changed.Broadcast()
}

func (k *dispatcher) finish(f *inFlight, answered bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	l := f.queue
	l.inFlight = slices.DeleteFunc(l.inFlight, func(o *inFlight) bool { return o == f })
	if answered {
		l.slow = false
	}
	k.startNext(l)
	if key := (queueKey{f.account, f.receiver}); k.queues[key] == l && len(l.inFlight) == 0 && !l.slow {
		delete(k.queues, key)
	}
	close(f.done)
	k.changed.Broadcast()
}

// originHeader is a header that every delivery has and no other request.
const originHeader = "Aircall-Origin"

// IsDelivery reports whether a request is a delivery to a webhook or a callback, of this fake or another, or of Aircall.
// Whoever chooses the address of a webhook cannot change the headers of its deliveries.
func IsDelivery(req *http.Request) bool { return req.Header.Values(originHeader) != nil }

// post sends one request and returns the status of its answer, which it reads to the end. The headers are those of a
// delivery of September 2026, and nothing signs it.
func (k *dispatcher) post(ctx context.Context, f *inFlight) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.url, bytes.NewReader(f.body))
	if err != nil {
		return 0, err
	}
	r := random{uint64(f.id)<<16 ^ uint64(f.attempt)}
	trace, parent := r.next()>>1, r.next()>>1
	req.Header = http.Header{
		"Content-Type":        {"application/json"},
		"User-Agent":          {"axios/1.7.9"},
		originHeader:          {"webhooks"},
		"X-Datadog-Trace-Id":  {strconv.FormatUint(trace, 10)},
		"X-Datadog-Parent-Id": {strconv.FormatUint(parent, 10)},
		"Tracestate":          {fmt.Sprintf("dd=s:1;p:%016x", parent)},
	}
	if u := req.URL.User; u != nil { // as clients do with an address that has one
		password, _ := u.Password()
		req.SetBasicAuth(u.Username(), password)
	}
	resp, err := k.transport.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer)); err != nil {
		return resp.StatusCode, err
	}
	return resp.StatusCode, nil
}

// waitIdle waits until all receivers of accounts on a clock have answered, or are late, but no longer than most in real
// time. Without a clock, nil, all accounts count.
func (k *dispatcher) waitIdle(c *clock, most time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.idle(c) {
		return
	}
	over := false
	defer realAfter(most, func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		over = true
		k.changed.Broadcast()
	})()
	for !over && !k.idle(c) {
		k.changed.Wait()
	}
}

func (k *dispatcher) idle(c *clock) bool {
	for key, l := range k.queues {
		if c != nil && key.account.clock != c {
			continue
		}
		if slices.ContainsFunc(l.inFlight, func(f *inFlight) bool { return !f.late || f.timedOut }) {
			return false
		}
		if len(l.waiting) > 0 && len(l.inFlight) < maxInFlight {
			return false
		}
	}
	return true
}

// firstInFlight returns the attempt on a clock whose time is over first. It returns nil without one, and if the clock
// runs: then real time decides.
func (k *dispatcher) firstInFlight(c *clock) *inFlight {
	k.mu.Lock()
	defer k.mu.Unlock()
	var all []*inFlight
	for key, l := range k.queues {
		if key.account.clock == c {
			all = append(all, l.inFlight...)
		}
	}
	if len(all) == 0 || c.rate() > 0 {
		return nil
	}
	return slices.MinFunc(all, func(a, b *inFlight) int {
		return cmp.Or(a.started.Compare(b.started), cmp.Compare(a.account.place, b.account.place), cmp.Compare(a.seq, b.seq))
	})
}

// expire ends the attempts on a clock whose time is over, in the order in which they started.
func (k *dispatcher) expire(c *clock) {
	for f := k.firstInFlight(c); f != nil && !f.deadline().After(c.now()); f = k.firstInFlight(c) {
		k.mu.Lock()
		f.timedOut = true
		f.cancel()
		k.mu.Unlock()
		<-f.done
	}
}

// cut drops the attempts that wait, and ends those under way. k.mu is held.
func (l *receiverQueue) cut() {
	l.waiting = nil
	for _, f := range l.inFlight {
		f.cancel()
	}
}

// removeAccount drops the attempts of an account.
func (k *dispatcher) removeAccount(c *account) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for key, l := range k.queues {
		if key.account == c {
			l.cut()
			delete(k.queues, key)
		}
	}
}

// pause drops and ends all attempts, and waits until none is under way. None starts until resume.
func (k *dispatcher) pause() {
	k.mu.Lock()
	k.paused = true
	for _, l := range k.queues {
		l.cut()
	}
	k.mu.Unlock()
	k.running.Wait()
}

// resume lets attempts start again. It forgets which receivers were slow.
func (k *dispatcher) resume() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.paused = false
	clear(k.queues)
}

// close waits up to drainTime for attempts under way or waiting, and ends the rest.
func (k *dispatcher) close() {
	k.waitIdle(nil, drainTime)
	k.stop()
	k.running.Wait()
	if idle, ok := k.transport.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

// stop accepts nothing more, and ends all attempts.
func (k *dispatcher) stop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	for _, l := range k.queues {
		l.cut()
	}
	k.changed.Broadcast()
}
