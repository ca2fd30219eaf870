package fakeaircall

import (
	"errors"
	"hash/maphash"
	"maps"
	"sync"
	"time"
)

// A Store keeps what a server knows where it outlives the server: Options.Store.
// Package boltstore has one in a file.
type Store interface {
	// Load calls f with each record that is kept.
	Load(f func(key string, data []byte) error) error

	// Commit puts records, and takes out those whose data is nil: all of it or
	// nothing. When it returns nil they are there, whatever happens to the process.
	Commit(changes map[string][]byte) error
}

// A keeper hands a server's changes to its store. What many requests changed
// meanwhile goes in one commit.
type keeper struct {
	store Store
	// collect adds to the changes that it takes what belongs to no company.
	collect func(take func() map[string][]byte) map[string][]byte

	mu      sync.Mutex
	moved   *sync.Cond // a commit is over, or asked for
	changes map[string][]byte
	asked   uint64 // the newest ticket that somebody waits for
	given   uint64 // the newest ticket
	done    uint64 // the newest ticket whose changes are kept
	stopped bool
	ended   bool // run is over
	ripens  bool // a commit of what nobody waits for is to come
	err     error
	failed  chan struct{} // closed when err is set
	over    chan struct{} // closed when the last commit is over

	known map[string]uint64 // of the records that belong to no company; only run uses it, as met
	met   map[string]bool
}

// errNotKept is what a client learns of a store that failed, and only it.
var errNotKept = errors.New("what the request did could not be kept")

func newKeeper(s Store) *keeper {
	k := &keeper{store: s, changes: make(map[string][]byte), known: make(map[string]uint64), failed: make(chan struct{}), over: make(chan struct{})}
	k.moved = sync.NewCond(&k.mu)
	return k
}

// put takes changes in the order they are made, and gives a ticket to wait with.
func (k *keeper) put(changes map[string][]byte) (ticket uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.Copy(k.changes, changes)
	k.given++
	if !k.ripens && !k.stopped {
		k.ripens = true
		realAfter(ripening, k.ripe)
	}
	return k.given
}

// wait returns when the changes of a ticket, and all before, are kept.
func (k *keeper) wait(ticket uint64) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.asked < ticket {
		k.asked = ticket
		k.moved.Broadcast()
	}
	for k.done < ticket && k.err == nil && !k.ended {
		k.moved.Wait()
	}
	if k.done < ticket && k.err == nil {
		return errNotKept // the server was closed
	}
	return k.err
}

// flush keeps all there is.
func (k *keeper) flush() error { return k.wait(k.put(nil)) }

// run commits until stop: as soon as somebody waits, and ripening after anything changed.
func (k *keeper) run() {
	defer close(k.over)
	k.mu.Lock()
	defer k.mu.Unlock()
	defer func() { k.ended = true; k.moved.Broadcast() }()
	for {
		for k.asked <= k.done && !k.stopped && k.err == nil {
			k.moved.Wait()
		}
		if k.err != nil || k.stopped && k.given == k.done {
			return
		}
		k.mu.Unlock()
		var ticket uint64
		err := k.store.Commit(k.collect(func() (changes map[string][]byte) {
			k.mu.Lock()
			defer k.mu.Unlock()
			ticket, changes, k.changes = k.given, k.changes, make(map[string][]byte)
			return changes
		}))
		k.mu.Lock()
		if err != nil {
			k.err = errors.Join(errNotKept, err)
			close(k.failed)
		} else {
			k.done = ticket
		}
		k.moved.Broadcast()
	}
}

// ripe asks for a commit of what nobody waits for.
func (k *keeper) ripe() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ripens = false; k.asked < k.given {
		k.asked = k.given
		k.moved.Broadcast()
	}
}

// stop commits what is left.
func (k *keeper) stop() error {
	k.mu.Lock()
	k.stopped = true
	k.given++
	k.moved.Broadcast()
	k.mu.Unlock()
	<-k.over
	return k.err
}

// ripening is how long changes that nobody waits for may be lost, in real time.
const ripening = time.Second

// comparing gives a function that adds records of no company, as far as they are new.
func (k *keeper) comparing(changes map[string][]byte) func(key string, data []byte) {
	k.met = make(map[string]bool, len(k.known))
	return func(key string, data []byte) {
		k.met[key] = true
		if sum := sumOf(data); k.known[key] != sum {
			k.known[key], changes[key] = sum, data
		}
	}
}

// dropOthers takes out the records of no company that are no more.
func (k *keeper) dropOthers(changes map[string][]byte) {
	for key := range k.known {
		if !k.met[key] {
			delete(k.known, key)
			changes[key] = nil
		}
	}
}

var sums = maphash.MakeSeed()

// sumOf tells records apart; that two of a key have one sum is not to be expected.
func sumOf(data []byte) uint64 { return maphash.Bytes(sums, data) }
