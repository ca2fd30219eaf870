// Package guard keeps a value reachable only under its lock, so that forgetting
// the lock does not compile.
package guard

import "sync"

// A Guard holds a T that only Do gives access to. The zero value holds the zero T.
type Guard[T any] struct {
	mu sync.Mutex
	v  T
}

// Do calls f with the value while it holds the lock. Code must not use the pointer, or
// anything it leads to, after f has returned. Do unlocks the guard even if f panics.
func (g *Guard[T]) Do(f func(*T) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return f(&g.v)
}
