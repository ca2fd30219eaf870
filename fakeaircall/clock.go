package fakeaircall

import (
	"sync"
	"time"
)

// clock is the one source of time: the real clock, or a fixed one that only
// advance moves.
type clock struct {
	mu    sync.Mutex
	fixed time.Time // zero: the real clock
}

// now answers in UTC and whole seconds as far as the wire is concerned;
// callers truncate where the wire does.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fixed.IsZero() {
		return time.Now().UTC()
	}
	return c.fixed
}

// advance moves a fixed clock and reports whether there was one.
func (c *clock) advance(d time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fixed.IsZero() || d < 0 {
		return false
	}
	c.fixed = c.fixed.Add(d)
	return true
}

// stopwatch starts a measurement of real time, for the headers that report how
// long a backend worked; fake time stands still during a request.
func stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}
