package fakeaircall

import (
	"context"
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
