package fakeaircall

import (
	"context"
	"sync/atomic"
)

// A pulse counts changes, and lets others wait for the next. While nobody waits, a
// beat is two atomic operations.
type notifier struct {
	count   atomic.Uint64
	waiting atomic.Pointer[chan struct{}] // closed at the next beat; nil: nobody waits
}

func (p *notifier) notify() {
	p.count.Add(1)
	if p.waiting.Load() == nil {
		return
	}
	if c := p.waiting.Swap(nil); c != nil {
		close(*c)
	}
}

// next is the count, and what is closed when it is no longer that. The channel comes
// first: a beat between the two is in the count.
func (p *notifier) wait() (count uint64, more <-chan struct{}) {
	for {
		c := p.waiting.Load()
		if c == nil {
			fresh := make(chan struct{})
			if c = &fresh; !p.waiting.CompareAndSwap(nil, c) {
				continue
			}
		}
		return p.count.Load(), *c
	}
}

// Changes counts what happened to the server: requests, events, deliveries, faults,
// snapshots, moves of the clock. What is read of it may differ when the count does.
func (s *Server) Changes() uint64 { return s.notifier.count.Load() }

// WaitForChange returns Changes as soon as it is not since, or when ctx ends.
func (s *Server) WaitForChange(ctx context.Context, since uint64) uint64 {
	for {
		count, more := s.notifier.wait()
		if count != since {
			return count
		}
		select {
		case <-more:
		case <-ctx.Done():
			return count
		}
	}
}

// marks is a number that differs when something a person would look at has changed:
// everything in it only grows.
func (s *state) changeCount() uint64 {
	n := s.deliveries.totals
	return s.events.last + s.schedule.set + uint64(s.deliveries.last) + n.Delivered + n.Failed + n.Dropped
}
