package fakeaircall

import (
	"context"
	"fmt"
	"sync"
	"time"
)

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
		s.dispatcher.waitIdle(clock) // what receivers answer counts for this instant
		c, at := s.nextDue(clock)
		if over, ok := s.dispatcher.firstDeadline(clock); ok && !over.After(to) && (c == nil || !at.Before(over)) {
			clock.moveTo(over)
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
func (s *Server) nextDue(clock *clock) (first *company, at time.Time) {
	for _, c := range s.companies() {
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

// A lifeline is a goroutine that lives from the first start until the end, after
// which there is none.
type background struct {
	mu    sync.Mutex
	stop  context.CancelFunc
	done  chan struct{}
	ended bool
}

func (l *background) start(f func(context.Context)) {
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
func (l *background) end() {
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
func (s *Server) nextReached() (first *company, left time.Duration) {
	for _, c := range s.companies() {
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
