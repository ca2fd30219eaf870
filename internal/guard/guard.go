// Package guard keeps a value reachable only under its lock, so that forgetting
// the lock does not compile.
package guard

import "sync"

// A Guard holds a T that only Do hands out. The zero value holds the zero T.
type Guard[T any] struct {
	mu sync.Mutex
	v  T
}

// Do calls f with the value while it holds the lock. The pointer is dead once f
// has returned: keep nothing that leads into it. A panic in f leaves the guard unlocked.
func (g *Guard[T]) Do(f func(*T) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return f(&g.v)
}
