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

// How a receiver is treated. One gets one event after the other while it answers;
// when it does not, up to maxFlights are under way at once, and nobody waits for
// it longer than hungPatience in real time before the clock is moved on.
const (
	maxInFlight    = 4
	slowAfter      = time.Second
	slowAgainAfter = 3 * time.Millisecond
	maxIdleWait    = time.Minute      // for all receivers together
	maxAttemptTime = 10 * time.Second // real, on a clock that stands
	drainTime      = 2 * time.Second
	maxAnswer      = 64 << 10 // bytes that are read of an answer
	maxQueues      = 1_000    // kept of those with nothing to do
)

// A dispatcher posts what companies have to deliver.
type dispatcher struct {
	transport http.RoundTripper // which follows no redirects

	mu      sync.Mutex
	changed *sync.Cond // an attempt ended, or is late
	queues  map[queueKey]*receiverQueue
	busy    map[*receiverQueue]bool // the queues that have attempts in flight or waiting
	closed  bool
	paused  bool // until resume
	wg      sync.WaitGroup
}

type queueKey struct {
	account *account
	id      int64
}

// A receiverQueue leads to one receiver.
type receiverQueue struct {
	waiting  []outgoing // in the order they left
	inFlight []*inFlight
	slow     bool // it did not answer in time, and has not since
}

// inFlight is a POST under way.
type inFlight struct {
	outgoing
	queue    *receiverQueue
	started  time.Time // off, on the server's clock
	late     bool
	timedOut bool // its time is over, on the server's clock
	cancel   context.CancelFunc
	done     chan struct{}
}

func newDispatcher(o DeliveryOptions) *dispatcher {
	k := &dispatcher{transport: o.Transport, queues: make(map[queueKey]*receiverQueue), busy: make(map[*receiverQueue]bool)}
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

// dialReceiver connects to what was registered, but for names that are reserved
// for examples and tests: nobody who wrote one meant what may listen there.
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

// reserved follows RFC 2606 and 6761; localhost is where tests listen.
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
		l := k.queueOf(queueKey{p.account, p.receiver})
		i, _ := slices.BinarySearchFunc(l.waiting, p.seq, func(q outgoing, seq uint64) int { return cmp.Compare(q.seq, seq) })
		l.waiting = slices.Insert(l.waiting, i, p)
		k.busy[l] = true
	}
	for l := range k.busy {
		k.startNext(l)
	}
}

func (k *dispatcher) queueOf(key queueKey) *receiverQueue {
	l, ok := k.queues[key]
	if !ok {
		if len(k.queues) >= maxQueues {
			for key, idle := range k.queues {
				if !k.busy[idle] {
					delete(k.queues, key)
				}
			}
		}
		l = &receiverQueue{}
		k.queues[key] = l
	}
	return l
}

// startNext starts the attempts of a queue that may start: one if nothing is under way, more while
// what is under way is late. k.mu is held.
func (k *dispatcher) startNext(l *receiverQueue) {
	for !k.closed && !k.paused && len(l.waiting) > 0 && len(l.inFlight) < maxInFlight && l.canStart() {
		timeout := attemptTime
		clock := l.waiting[0].account.clock
		if clock.rate() == 0 {
			timeout = maxAttemptTime
		}
		ctx, cancel := realTimeout(context.Background(), timeout)
		f := &inFlight{outgoing: l.waiting[0], queue: l, started: clock.now(), cancel: cancel, done: make(chan struct{})}
		l.waiting = slices.Delete(l.waiting, 0, 1)
		l.inFlight = append(l.inFlight, f)
		k.wg.Add(1)
		go k.run(ctx, f)
	}
}

func (l *receiverQueue) canStart() bool {
	return l.slow || !slices.ContainsFunc(l.inFlight, func(f *inFlight) bool { return !f.late })
}

// run makes one attempt, from the POST to its result.
func (k *dispatcher) run(ctx context.Context, f *inFlight) {
	defer k.wg.Done()
	k.mu.Lock()
	wait := slowAfter
	if f.queue.slow {
		wait = slowAgainAfter
	}
	k.mu.Unlock()
	stop := realAfter(wait, func() { k.markLate(f) })
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
	if err == nil || !closed { // what was cut off has not failed
		f.account.happen(f.account.clock.now(), func(t *tx) { t.attemptDone(f.id, f.attempt, a) }) // it is kept before long
	}
	k.finish(f, err == nil)
}

// markLate lets others begin, and the clock move on.
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
	if len(l.inFlight) == 0 && len(l.waiting) == 0 {
		delete(k.busy, l)
		l.waiting = nil
	}
	close(f.done)
	k.changed.Broadcast()
}

// post sends one request and gives the status of its answer, which is read to the
// end. The headers are those of a delivery of September 2026, and nothing signs it.
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
		"Aircall-Origin":      {"webhooks"},
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

// waitIdle waits until all receivers of companies on a clock have answered, or are late.
func (k *dispatcher) waitIdle(c *clock) { k.waitIdleFor(c, maxIdleWait) }

// waitIdleFor is waitIdle for a time of one's own; nil is every clock.
func (k *dispatcher) waitIdleFor(c *clock, most time.Duration) {
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
	for l := range k.busy {
		if c != nil && !l.usesClock(c) {
			continue
		}
		late := 0
		for _, f := range l.inFlight {
			if !f.late || f.timedOut {
				return false
			}
			late++
		}
		if len(l.waiting) > 0 && late < maxInFlight {
			return false
		}
	}
	return true
}

// usesClock reports whether the queue is of a company that uses a clock.
func (l *receiverQueue) usesClock(c *clock) bool {
	return len(l.inFlight) > 0 && l.inFlight[0].account.clock == c || len(l.waiting) > 0 && l.waiting[0].account.clock == c
}

// firstDeadline is when the time of the first attempt under way on a clock is over; ok is false if
// none is, or if the clock runs: then real time decides.
func (k *dispatcher) firstDeadline(c *clock) (at time.Time, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c.rate() > 0 {
		return at, false
	}
	for l := range k.busy {
		for _, f := range l.inFlight {
			if f.account.clock != c {
				continue
			}
			if over := f.started.Add(attemptTime); !ok || over.Before(at) {
				at, ok = over, true
			}
		}
	}
	return at, ok
}

// expire ends the attempts on a clock whose time is over, in the order in which they started.
func (k *dispatcher) expire(c *clock) {
	now := c.now()
	k.mu.Lock()
	var ended []*inFlight
	for l := range k.busy {
		for _, f := range l.inFlight {
			if f.account.clock == c && !now.Before(f.started.Add(attemptTime)) {
				ended = append(ended, f)
			}
		}
	}
	k.mu.Unlock()
	slices.SortFunc(ended, func(a, b *inFlight) int {
		return cmp.Or(a.started.Compare(b.started), cmp.Compare(a.account.place, b.account.place), cmp.Compare(a.seq, b.seq))
	})
	for _, f := range ended {
		k.mu.Lock()
		f.timedOut = true
		f.cancel()
		k.mu.Unlock()
		<-f.done
	}
}

// pause drops what is about to be sent, and waits until nothing is under way.
// Then nothing is, until resume.
func (k *dispatcher) pause() {
	k.mu.Lock()
	k.paused = true
	var cut []*inFlight
	for l := range k.busy {
		l.waiting = nil
		cut = append(cut, l.inFlight...)
	}
	for _, f := range cut {
		f.cancel()
	}
	k.mu.Unlock()
	for _, f := range cut {
		<-f.done
	}
}

// resume begins anew: what was known of receivers is forgotten.
func (k *dispatcher) resume() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.paused = false
	clear(k.queues)
	clear(k.busy)
}

// close waits a while for what is under way or about to be, and cuts off the rest.
func (k *dispatcher) close() {
	k.waitIdleFor(nil, drainTime)
	k.stop()
	k.wg.Wait()
	if idle, ok := k.transport.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

// stop accepts nothing more, and ends all attempts.
func (k *dispatcher) stop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	for l := range k.busy {
		l.waiting = nil
		for _, f := range l.inFlight {
			f.cancel()
		}
	}
	k.changed.Broadcast()
}
