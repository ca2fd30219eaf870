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
	maxFlights     = 4
	answerPatience = time.Second
	hungPatience   = 3 * time.Millisecond
	longestSettle  = time.Minute      // for all receivers together
	longestFlight  = 10 * time.Second // real, on a clock that stands
	drainTime      = 2 * time.Second
	maxAnswer      = 64 << 10 // bytes that are read of an answer
	maxLanes       = 1_000    // kept of those with nothing to do
)

// A courier posts what companies have to deliver.
type courier struct {
	transport http.RoundTripper // which follows no redirects

	mu     sync.Mutex
	moved  *sync.Cond // a flight landed, or is late
	lanes  map[laneKey]*lane
	busy   map[*lane]bool // that have flights or a queue
	closed bool
	away   bool // recalled, until resume
	wg     sync.WaitGroup
}

type laneKey struct {
	company *company
	id      int64
}

// A lane leads to one receiver.
type lane struct {
	queue   []parcel // in the order they left
	flights []*flight
	hung    bool // it did not answer in time, and has not since
}

// A flight is a POST under way.
type flight struct {
	parcel
	lane   *lane
	took   time.Time // off, on the server's clock
	late   bool
	out    bool // its time is over, on the server's clock
	cancel context.CancelFunc
	done   chan struct{}
}

func newCourier(o DeliveryOptions) *courier {
	k := &courier{transport: o.Transport, lanes: make(map[laneKey]*lane), busy: make(map[*lane]bool)}
	k.moved = sync.NewCond(&k.mu)
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

// take puts parcels on their lanes.
func (k *courier) take(parcels []parcel) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed || k.away {
		return
	}
	for _, p := range parcels {
		l := k.lane(laneKey{p.company, p.lane})
		i, _ := slices.BinarySearchFunc(l.queue, p.seq, func(q parcel, seq uint64) int { return cmp.Compare(q.seq, seq) })
		l.queue = slices.Insert(l.queue, i, p)
		k.busy[l] = true
	}
	for l := range k.busy {
		k.fly(l)
	}
}

func (k *courier) lane(key laneKey) *lane {
	l, ok := k.lanes[key]
	if !ok {
		if len(k.lanes) >= maxLanes {
			for key, idle := range k.lanes {
				if !k.busy[idle] {
					delete(k.lanes, key)
				}
			}
		}
		l = &lane{}
		k.lanes[key] = l
	}
	return l
}

// fly begins what may begin on a lane: one if nothing is under way, more while
// what is under way is late. k.mu is held.
func (k *courier) fly(l *lane) {
	for !k.closed && !k.away && len(l.queue) > 0 && len(l.flights) < maxFlights && l.free() {
		timeout := attemptTime
		clock := l.queue[0].company.clock
		if clock.rate() == 0 {
			timeout = longestFlight
		}
		ctx, cancel := realTimeout(context.Background(), timeout)
		f := &flight{parcel: l.queue[0], lane: l, took: clock.now(), cancel: cancel, done: make(chan struct{})}
		l.queue = slices.Delete(l.queue, 0, 1)
		l.flights = append(l.flights, f)
		k.wg.Add(1)
		go k.carry(ctx, f)
	}
}

func (l *lane) free() bool {
	return l.hung || !slices.ContainsFunc(l.flights, func(f *flight) bool { return !f.late })
}

// carry is a flight from its beginning to its end.
func (k *courier) carry(ctx context.Context, f *flight) {
	defer k.wg.Done()
	k.mu.Lock()
	wait := answerPatience
	if f.lane.hung {
		wait = hungPatience
	}
	k.mu.Unlock()
	stop := realAfter(wait, func() { k.late(f) })
	watch := stopwatch()
	status, err := k.post(ctx, f)
	stop()
	a := Attempt{At: f.took, Took: watch(), Status: status}
	f.cancel()
	k.mu.Lock()
	out, closed := f.out, k.closed || k.away
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
		f.company.happen(f.company.clock.now(), func(t *tx) { t.landed(f.id, f.attempt, a) }) // it is kept before long
	}
	k.land(f, err == nil)
}

// late lets others begin, and the clock move on.
func (k *courier) late(f *flight) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f.late, f.lane.hung = true, true
	k.fly(f.lane)
	k.moved.Broadcast()
}

func (k *courier) land(f *flight, answered bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	l := f.lane
	l.flights = slices.DeleteFunc(l.flights, func(o *flight) bool { return o == f })
	if answered {
		l.hung = false
	}
	k.fly(l)
	if len(l.flights) == 0 && len(l.queue) == 0 {
		delete(k.busy, l)
		l.queue = nil
	}
	close(f.done)
	k.moved.Broadcast()
}

// post sends one request and gives the status of its answer, which is read to the
// end. The headers are those of a delivery of September 2026, and nothing signs it.
func (k *courier) post(ctx context.Context, f *flight) (status int, err error) {
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

// settle waits until all receivers of companies on a clock have answered, or are late.
func (k *courier) settle(c *clock) { k.await(c, longestSettle) }

// await is settle for a time of one's own; nil is every clock.
func (k *courier) await(c *clock, most time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.settled(c) {
		return
	}
	over := false
	defer realAfter(most, func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		over = true
		k.moved.Broadcast()
	})()
	for !over && !k.settled(c) {
		k.moved.Wait()
	}
}

func (k *courier) settled(c *clock) bool {
	for l := range k.busy {
		if c != nil && !l.on(c) {
			continue
		}
		late := 0
		for _, f := range l.flights {
			if !f.late || f.out {
				return false
			}
			late++
		}
		if len(l.queue) > 0 && late < maxFlights {
			return false
		}
	}
	return true
}

// on says whether the lane is of a company that goes by a clock.
func (l *lane) on(c *clock) bool {
	return len(l.flights) > 0 && l.flights[0].company.clock == c || len(l.queue) > 0 && l.queue[0].company.clock == c
}

// end is when the time of the first flight under way on a clock is over; ok is false if
// none is, or if the clock runs: then real time decides.
func (k *courier) end(c *clock) (at time.Time, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c.rate() > 0 {
		return at, false
	}
	for l := range k.busy {
		for _, f := range l.flights {
			if f.company.clock != c {
				continue
			}
			if over := f.took.Add(attemptTime); !ok || over.Before(at) {
				at, ok = over, true
			}
		}
	}
	return at, ok
}

// expire ends the flights on a clock whose time is over, in the order they began.
func (k *courier) expire(c *clock) {
	now := c.now()
	k.mu.Lock()
	var ended []*flight
	for l := range k.busy {
		for _, f := range l.flights {
			if f.company.clock == c && !now.Before(f.took.Add(attemptTime)) {
				ended = append(ended, f)
			}
		}
	}
	k.mu.Unlock()
	slices.SortFunc(ended, func(a, b *flight) int {
		return cmp.Or(a.took.Compare(b.took), cmp.Compare(a.company.place, b.company.place), cmp.Compare(a.seq, b.seq))
	})
	for _, f := range ended {
		k.mu.Lock()
		f.out = true
		f.cancel()
		k.mu.Unlock()
		<-f.done
	}
}

// recall drops what is about to be sent, and waits until nothing is under way.
// Then nothing is, until resume.
func (k *courier) recall() {
	k.mu.Lock()
	k.away = true
	var cut []*flight
	for l := range k.busy {
		l.queue = nil
		cut = append(cut, l.flights...)
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
func (k *courier) resume() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.away = false
	clear(k.lanes)
	clear(k.busy)
}

// close waits a while for what is under way or about to be, and cuts off the rest.
func (k *courier) close() {
	k.await(nil, drainTime)
	k.shut()
	k.wg.Wait()
	if idle, ok := k.transport.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

// shut takes nothing more, and ends all flights.
func (k *courier) shut() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	for l := range k.busy {
		l.queue = nil
		for _, f := range l.flights {
			f.cancel()
		}
	}
	k.moved.Broadcast()
}
