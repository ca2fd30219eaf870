package fakeaircall

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// A clock is the only source of time. It reads base at origin, and runs speed times as fast as real time; 0 stands
// still.
type clock struct {
	advancing sync.Mutex // held while the clock is moved

	mu     sync.Mutex
	base   time.Time
	origin time.Time // real
	speed  float64
}

// newClock makes a clock that begins at start; zero: now.
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
	passed := time.Since(c.origin)
	switch c.speed {
	case 0:
		return c.base
	case 1:
	default:
		passed = time.Duration(min(float64(passed)*c.speed, float64(lastInstant.Sub(firstInstant))))
	}
	if t := c.base.Add(passed).Round(0); t.Before(lastInstant) {
		return t
	}
	return lastInstant
}

// The clock shows times between these two, which can be written in every unit and form that the API has. A clock that
// reaches the last one stops.
var (
	firstInstant = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // the time at which a testing/synctest bubble begins
	lastInstant  = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// CheckClock fails if the fake's clock cannot show a time: it shows those from 2000 to 2099. The error is a *Refusal.
func CheckClock(t time.Time) error {
	if t.Before(firstInstant) || t.After(lastInstant) {
		return mistaken("the fake's clock cannot show %s: give a time from %s to %s", t.UTC().Format(time.RFC3339), firstInstant.Format(time.DateOnly), lastInstant.Format(time.DateOnly))
	}
	return nil
}

// moveTo sets the clock to t unless it is already later. Its speed stays.
func (c *clock) moveTo(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.read()) {
		c.base, c.origin = t, time.Now()
	}
}

// restart sets the clock to the time and speed of a new one.
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

// until returns the real time until the clock reaches t; ok is false if the clock stands still.
func (c *clock) until(t time.Time) (d time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.speed == 0 || !c.read().Before(lastInstant) {
		return 0, false
	}
	// An overflow at distant times only causes an early wake-up.
	return time.Duration(max(0, min(float64(t.Sub(c.read()))/c.speed, float64(time.Hour)))), true
}

// await returns after d of real time if timed is set, when woken has a value, or when ctx ends.
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

// pause waits for d of real time, as a slow backend does, or until ctx ends.
func pause(ctx context.Context, d time.Duration) { await(ctx, true, d, nil) }

// realTimeout limits a connection to another machine in real time.
func realTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d)
}

// realAfter runs f in its own goroutine after d of real time, unless it is stopped before.
func realAfter(d time.Duration, f func()) (stop func() bool) {
	return time.AfterFunc(d, f).Stop
}

// stopwatch starts a measurement of real time, for the headers that report how long a backend worked; the fake's
// clock may stand still during a request.
func stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// realNow returns the real time, to measure how long the server was stopped or idle.
func realNow() time.Time { return time.Now() }

// Now returns the time on the server's clock.
func (s *Server) Now() time.Time { return s.clock.now() }

// Speed returns how many seconds pass in one second of real time; 0: the clock stands still.
func (s *Server) Speed() float64 { return s.clock.rate() }

// SetSpeed lets the clock run speed times as fast as real time, 0 to MaxSpeed; 0 stops it.
func (s *Server) SetSpeed(speed float64) error { return s.setSpeed(s.clock, speed) }

func (s *Server) setSpeed(c *clock, speed float64) error {
	if !(speed >= 0 && speed <= MaxSpeed) {
		return fmt.Errorf("speed %g: give 0 to %d", speed, MaxSpeed)
	}
	c.setSpeed(speed)
	s.wake(c)
	s.notifier.notify()
	_ = s.kept()
	return nil
}

// Advance moves the clock by d, and performs everything that is due by then, in order, before it returns. It panics
// if d is negative or leads beyond 2099, which is a mistake in the calling test.
func (s *Server) Advance(d time.Duration) {
	if err := s.moveBy(s.clock, d); err != nil {
		panic("fakeaircall: Advance: " + err.Error())
	}
}

func (s *Server) moveBy(c *clock, d time.Duration) error {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	if err := s.moveTo(c, c.now().Add(d)); err != nil {
		return err
	}
	_ = s.kept()
	return nil
}

// SetClock moves the clock to a time, as Advance does. It fails if the time is before now: what happened cannot be
// undone.
func (s *Server) SetClock(to time.Time) error { return s.setClock(s.clock, to) }

func (s *Server) setClock(c *clock, to time.Time) error {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	if err := s.moveTo(c, to.UTC()); err != nil {
		return err
	}
	return s.kept()
}

// moveTo moves a clock, and stops at each time at which an account of this clock has something due. clock.advancing is
// held.
func (s *Server) moveTo(clock *clock, to time.Time) error {
	now := clock.now()
	if err := CheckClock(to); err != nil {
		return err
	}
	if to.Before(now) {
		return fmt.Errorf("the clock does not go back to %s: it is at %s", to.Format(time.RFC3339), now.Format(time.RFC3339))
	}
	for {
		s.dispatcher.waitIdle(clock, maxIdleWait) // replies of receivers belong to the present time
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
		c.happen(at, func(*tx) {}) // the caller of moveTo commits it
	}
	clock.moveTo(to)
	s.notifier.notify()
	return nil
}

// nextDue returns the account on a clock whose timer is due first, and when; nil if there is none.
func (s *Server) nextDue(clock *clock) (first *account, at time.Time) {
	for _, c := range s.accounts() {
		next := c.next.Load()
		if c.clock == clock && next != 0 && (first == nil || next < at.UnixNano()) {
			first, at = c, time.Unix(0, next).UTC()
		}
	}
	return first, at
}

// wake makes live look again for the next timer. A clock that stands still needs no goroutine: its caller moves it.
func (s *Server) wake(c *clock) {
	if c.rate() > 0 {
		s.running.start(s.live)
	}
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// A backgroundTask is a goroutine that runs from the first start until the end, after which it cannot start again.
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

// end does not hold the lock while it waits, because the goroutine may call start.
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

// live performs timers when a running clock reaches them.
func (s *Server) live(ctx context.Context) {
	for ctx.Err() == nil {
		first, left := s.nextReached()
		if first != nil && left <= 0 {
			s.world.RLock()
			_ = first.do(first.clock.now(), func(*tx) error { return nil }) // StoreFailed reports an error
			s.world.RUnlock()
			continue
		}
		await(ctx, first != nil, left, s.woken)
	}
}

// nextReached returns the account whose timer a running clock reaches first, and in how much real time; nil if there is
// none.
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

// An act is the name of something that a timer does.
type act string

// A timer is an act at a time. It has the id of the entity that the act is about, which may be gone by then.
type timer struct {
	Seq uint64 `json:"seq,omitzero"` // the order in which timers were set
	At  int64  `json:"at,omitzero" unix:"ns"`
	Act act    `json:"act,omitzero"`
	ID  int64  `json:"id,omitzero"` // of the entity, such as a call or a delivery
	N   int64  `json:"n,omitzero"`  // a further argument of the act
}

func (m *timer) identity() (id, created int64) { return int64(m.Seq), m.At }

func (m *timer) clone() *timer { return new(*m) }

func (m *timer) time() time.Time { return time.Unix(0, m.At).UTC() }

// check refuses a timer that no server could have set.
func (m *timer) check() error {
	if acts[m.Act] == nil {
		return fmt.Errorf("there is no act %s", clip(string(m.Act)))
	}
	steps := map[act]int{actMessage: len(messageSteps), actAgentCall: len(agentSteps)}
	if most, ok := steps[m.Act]; m.N < 0 || ok && m.N >= int64(most) {
		return fmt.Errorf("%s has no step %d", m.Act, m.N)
	}
	return nil
}

// A schedule has the timers in the order of their times; timers of one instant are in the order in which they were set.
type schedule struct {
	timers table[*timer]
	set    uint64 // counts all timers
}

// after sets a timer, d from now.
func (t *tx) after(d time.Duration, a act, id, n int64) {
	t.schedule.set++
	t.schedule.timers.insert(&timer{At: t.now.Add(d).UnixNano(), Seq: t.schedule.set, Act: a, ID: id, N: n})
}

// acts are the functions of the acts. They get a tx at the time when the act was due.
var acts = map[act]func(*tx, timer){
	actDeliver: (*tx).deliver,
	actStep:    (*tx).step,
	actTraffic: (*tx).tryCall,
	actHours:   (*tx).turnHour,
	actNews:    (*tx).emitCreated,
	actWrapUp:  (*tx).expireWrapUp,

	actVoicemail: (*tx).emitVoicemail,
	actAssets:    (*tx).emitAssets,
	actMessage:   (*tx).moveMessage,
	actInsights:  (*tx).emitInsights,
	actExport:    (*tx).emitExport,
	actAgentCall: (*tx).moveAgentCall,
	actFinalize:  (*tx).finalizeCall,
	actDial:      (*tx).dial,
}

// settle performs all timers that are due by now, in order, each at its time.
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
