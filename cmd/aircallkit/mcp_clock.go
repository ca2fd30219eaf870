package main

import (
	"context"
	"sync"
	"time"
)

// A scriptClock is the context of a script. It ends with its parent, or with context.DeadlineExceeded when the time of the
// script is over. The time can pause.
type scriptClock struct {
	context.Context // the parent
	unwatch         func() bool

	mu    sync.Mutex
	timer *time.Timer // nil without a limit
	ends  time.Time   // while the timer runs
	done  chan struct{}
	err   error
}

// newScriptClock starts a clock. A limit of 0 or less never ends it.
func newScriptClock(parent context.Context, limit time.Duration) *scriptClock {
	c := &scriptClock{Context: parent, done: make(chan struct{})}
	c.mu.Lock() // the time may be over at once
	defer c.mu.Unlock()
	if limit > 0 {
		c.ends = time.Now().Add(limit)
		c.timer = time.AfterFunc(limit, func() { c.finish(context.DeadlineExceeded) })
	}
	c.unwatch = context.AfterFunc(parent, func() { c.finish(parent.Err()) })
	return c
}

// finish ends the context, unless it has ended.
func (c *scriptClock) finish(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return
	}
	c.err = err
	if c.timer != nil {
		c.timer.Stop()
	}
	close(c.done)
}

// end ends the context and all that waits for it.
func (c *scriptClock) end() {
	c.unwatch()
	c.finish(context.Canceled)
}

// pause stops the time until resume is called.
func (c *scriptClock) pause() (resume func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer == nil || c.err != nil || !c.timer.Stop() {
		return func() {}
	}
	left := time.Until(c.ends)
	c.ends = time.Time{}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.err == nil {
			c.ends = time.Now().Add(left)
			c.timer.Reset(left)
		}
	}
}

// Deadline returns when the time is over. There is none while it pauses.
func (c *scriptClock) Deadline() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ends, !c.ends.IsZero()
}

// Done is closed when the context ends.
func (c *scriptClock) Done() <-chan struct{} { return c.done }

// Err returns why the context has ended.
func (c *scriptClock) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}
