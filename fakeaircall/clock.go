package fakeaircall

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// clock is the one source of time. It reads base at origin and runs speed times
// as fast as the real clock: 1 is real time, 0 stands still.
type clock struct {
	advancing sync.Mutex // one at a time moves it

	mu     sync.Mutex
	base   time.Time
	origin time.Time // real
	speed  float64
}

// newClock begins at start; zero: now.
func newClock(start time.Time, speed float64) *clock {
	now := time.Now()
	if start.IsZero() {
		start = now
	}
	return &clock{base: start.UTC(), origin: now, speed: speed}
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read()
}

func (c *clock) read() time.Time {
	switch c.speed {
	case 0:
		return c.base
	case 1:
		return c.base.Add(time.Since(c.origin)).Round(0)
	}
	return c.base.Add(time.Duration(float64(time.Since(c.origin)) * c.speed)).Round(0)
}

// moveTo sets the clock to t unless it is past that; it runs on as before.
func (c *clock) moveTo(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.read()) {
		c.base, c.origin = t, time.Now()
	}
}

// restart begins anew, as newClock does.
func (c *clock) restart(start time.Time, speed float64) {
	fresh := newClock(start, speed)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.origin, c.speed = fresh.base, fresh.origin, fresh.speed
}

func (c *clock) setSpeed(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.origin, c.speed = c.read(), time.Now(), speed
}

func (c *clock) rate() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// until is how much real time it takes the clock to reach t; ok is false if it stands.
func (c *clock) until(t time.Time) (d time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.speed == 0 {
		return 0, false
	}
	// An overflow of far-off times is only an early wake-up.
	return time.Duration(max(0, min(float64(t.Sub(c.read()))/c.speed, float64(time.Hour)))), true
}

// await ends when real time has passed, if it is to, when woken has something, or
// when ctx ends.
func await(ctx context.Context, timed bool, d time.Duration, woken <-chan struct{}) {
	var reached <-chan time.Time
	if timed {
		timer := time.NewTimer(d)
		defer timer.Stop()
		reached = timer.C
	}
	select {
	case <-reached:
	case <-woken:
	case <-ctx.Done():
	}
}

// pause lets real time pass, as a slow backend does, until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// realTimeout bounds, in real time, what talks to others.
func realTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d)
}

// realAfter runs f in a goroutine of its own after d of real time, unless it is
// stopped before.
func realAfter(d time.Duration, f func()) (stop func() bool) {
	return time.AfterFunc(d, f).Stop
}

// stopwatch starts a measurement of real time, for the headers that report how
// long a backend worked; fake time may stand still during a request.
func stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// realNow is for what must know how long the server was not there.
func realNow() time.Time { return time.Now() }

// Now is the time on the server's clock.
func (s *Server) Now() time.Time { return s.clock.now() }

// Speed is how many seconds pass in one of real time; 0: the clock stands.
func (s *Server) Speed() float64 { return s.clock.rate() }

// SetSpeed lets the clock run, or stand, from here on.
func (s *Server) SetSpeed(speed float64) error {
	if err := checkSpeed(speed); err != nil {
		return err
	}
	s.setSpeed(s.clock, speed)
	return nil
}

func checkSpeed(speed float64) error {
	if !(speed >= 0 && speed <= MaxSpeed) {
		return fmt.Errorf("speed %g: give 0 to %d", speed, MaxSpeed)
	}
	return nil
}

func (s *Server) setSpeed(c *clock, speed float64) {
	c.setSpeed(speed)
	s.wake(c)
	s.notifier.notify()
	_ = s.kept()
}

// Advance moves the clock by d, and lets everything that is due by then happen in
// order before it returns. It panics on a negative d, a mistake in the calling test.
func (s *Server) Advance(d time.Duration) { s.advance(s.clock, d) }

func (s *Server) advance(c *clock, d time.Duration) {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	if err := s.moveTo(c, c.now().Add(d)); err != nil {
		panic("fakeaircall: Advance: " + err.Error())
	}
	_ = s.kept()
}

// SetClock moves the clock to a time, as Advance does. There is no way back:
// what happened cannot be undone.
func (s *Server) SetClock(to time.Time) error { return s.setClock(s.clock, to) }

func (s *Server) setClock(c *clock, to time.Time) error {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	if err := s.moveTo(c, to.UTC()); err != nil {
		return err
	}
	return s.kept()
}

// maxAdvance keeps times in what the wire can say.
const maxAdvance = 100 * 365 * 24 * time.Hour

// moveTo moves a clock, and stops at each instant at which something is due for a
// company that goes by it. c.advancing is held.
func (s *Server) moveTo(clock *clock, to time.Time) error {
	now := clock.now()
	switch {
	case to.Before(now):
		return fmt.Errorf("the clock is at %s and does not go back to %s", now.Format(time.RFC3339), to.Format(time.RFC3339))
	case to.Sub(now) > maxAdvance:
		return fmt.Errorf("the clock moves by a hundred years at most, not to %s", to.Format(time.RFC3339))
	}
	for {
		s.dispatcher.waitIdle(clock, maxIdleWait) // what receivers answer counts for this instant
		c, at := s.nextDue(clock)
		if f := s.dispatcher.firstInFlight(clock); f != nil && !f.deadline().After(to) && (c == nil || !at.Before(f.deadline())) {
			clock.moveTo(f.deadline())
			s.dispatcher.expire(clock)
			continue
		}
		if c == nil || at.After(to) {
			break
		}
		clock.moveTo(at)
		c.happen(at, func(*tx) {}) // who moves the clock has it kept
	}
	clock.moveTo(to)
	s.notifier.notify()
	return nil
}

// nextDue is the company on a clock whose timer is first, and when; nil for none.
func (s *Server) nextDue(clock *clock) (first *account, at time.Time) {
	for _, c := range s.accounts() {
		next := c.next.Load()
		if c.clock == clock && next != 0 && (first == nil || next < at.UnixNano()) {
			first, at = c, time.Unix(0, next).UTC()
		}
	}
	return first, at
}

// wake makes live look again at what is due next. A clock that stands needs no
// goroutine beside the one that moves it.
func (s *Server) wake(c *clock) {
	if c.rate() > 0 {
		s.running.start(s.live)
	}
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// A backgroundTask is a goroutine that lives from the first start until the end, after
// which there is none.
type backgroundTask struct {
	mu    sync.Mutex
	stop  context.CancelFunc
	done  chan struct{}
	ended bool
}

func (l *backgroundTask) start(f func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stop != nil || l.ended {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	l.stop, l.done = stop, make(chan struct{})
	go func() {
		defer close(l.done)
		f(ctx)
	}()
}

// end does not hold the lock while it waits: the goroutine may be about to wake itself.
func (l *backgroundTask) end() {
	l.mu.Lock()
	l.ended = true
	stop, done := l.stop, l.done
	l.mu.Unlock()
	if stop != nil {
		stop()
		<-done
	}
}

// live lets things happen when a running clock reaches them.
func (s *Server) live(ctx context.Context) {
	for ctx.Err() == nil {
		first, left := s.nextReached()
		if first != nil && left <= 0 {
			s.world.RLock()
			_ = first.do(first.clock.now(), func(*tx) error { return nil }) // of a store that fails StoreFailed tells
			s.world.RUnlock()
			continue
		}
		await(ctx, first != nil, left, s.woken)
	}
}

// nextReached is the company whose timer a running clock reaches first, and in how
// much real time; nil if none does.
func (s *Server) nextReached() (first *account, left time.Duration) {
	for _, c := range s.accounts() {
		next := c.next.Load()
		if next == 0 {
			continue
		}
		d, reached := c.clock.until(time.Unix(0, next))
		if reached && (first == nil || d < left) {
			first, left = c, d
		}
	}
	return first, left
}

// An act is a name of something that happens by itself when its time comes.
type act string

// A timer is an act that is due. What it is about it names by id, and looks up
// when it comes: it may be gone by then.
type timer struct {
	Seq uint64 `json:"seq,omitzero"` // which was set when
	At  int64  `json:"at,omitzero"`  // UNIX nanoseconds
	Act act    `json:"act,omitzero"`
	ID  int64  `json:"id,omitzero"` // of the call, the delivery or whatever the act is about
	N   int64  `json:"n,omitzero"`  // what else the act must know
}

func (m *timer) identity() (id, created int64) { return int64(m.Seq), m.At }

func (m *timer) clone() *timer { return new(*m) }

func (m *timer) time() time.Time { return time.Unix(0, m.At).UTC() }

// check refuses a timer that no server has set.
func (m *timer) check() error {
	if acts[m.Act] == nil {
		return fmt.Errorf("nothing is called %s that happens by itself", clip(string(m.Act)))
	}
	steps := map[act]int{actMessage: len(messageSteps), actAgentCall: len(agentSteps)}
	if most, ok := steps[m.Act]; m.N < 0 || ok && m.N >= int64(most) {
		return fmt.Errorf("%s has no step %d", m.Act, m.N)
	}
	return nil
}

// schedule has the first timer first; those of one instant are in the order they
// were set.
type schedule struct {
	timers table[*timer]
	set    uint64 // counts all of them
}

// after sets a timer, d from now.
func (t *tx) after(d time.Duration, a act, id, n int64) {
	t.schedule.set++
	t.schedule.timers.insert(&timer{At: t.now.Add(d).UnixNano(), Seq: t.schedule.set, Act: a, ID: id, N: n})
}

// acts is what each act does. Its tx reads the time the act was due.
var acts = map[act]func(*tx, timer){
	actDeliver: (*tx).deliver,
	actStep:    (*tx).step,
	actTraffic: (*tx).tryCall,
	actHours:   (*tx).turnHour,
	actNews:    (*tx).emitCreated,
	actWrapUp:  (*tx).endWrapUp,

	actVoicemail: (*tx).emitVoicemail,
	actAssets:    (*tx).emitAssets,
	actMessage:   (*tx).moveMessage,
	actInsights:  (*tx).emitInsights,
	actExport:    (*tx).emitExport,
	actAgentCall: (*tx).moveAgentCall,
	actFinalize:  (*tx).finalizeCall,
}

// settle lets everything happen that is due by now, in order, each at its time.
func (t *tx) settle(now time.Time) {
	for t.schedule.timers.len() > 0 && t.schedule.timers.order[0].At <= now.UnixNano() {
		m := t.schedule.timers.order[0]
		t.schedule.timers.remove(int64(m.Seq))
		t.now = m.time()
		acts[m.Act](t, *m)
	}
	t.now = now
}

// due returns the time of the next timer, or the zero time without one.
func (s *state) due() time.Time {
	if s.schedule.timers.len() == 0 {
		return time.Time{}
	}
	return s.schedule.timers.order[0].time()
}
