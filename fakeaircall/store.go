package fakeaircall

import (
	"errors"
	"hash/maphash"
	"maps"
	"runtime"
	"strings"
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

// A keeper hands a server's changes to its store. Who waits for a commit makes it, for
// all who changed something meanwhile: what a write costs beside the commit is paid
// once for them all.
type keeper struct {
	store Store
	// collect adds to what it takes what changed of companies, and of what belongs to none.
	collect func(take func() (map[string][]byte, map[*company]bool)) map[string][]byte

	mu      sync.Mutex
	moved   *sync.Cond        // a commit is over
	changed map[*company]bool // since the last commit
	changes map[string][]byte // that are no company's
	given   uint64            // the newest ticket
	done    uint64            // the newest ticket whose changes are kept
	batch   uint64            // how many tickets the last commit was for
	busy    bool              // a commit is under way
	ripens  bool              // a commit of what nobody waits for is to come
	all     bool              // the next commit is also of what can wait
	stopped bool
	err     error
	failed  chan struct{} // closed when err is set

	known *records // of what belongs to no company; only who commits uses it
}

// errNotKept is what a client learns of a store that failed, and only it.
var errNotKept = errors.New("what the request did could not be kept")

func newKeeper(s Store) *keeper {
	k := &keeper{store: s, known: newRecords(), failed: make(chan struct{})}
	k.moved = sync.NewCond(&k.mu)
	k.begin()
	return k
}

// begin begins to gather for the next commit.
func (k *keeper) begin() { k.changed, k.changes = make(map[*company]bool), make(map[string][]byte) }

// mark says that something of a company may have changed, and gives a ticket to wait with.
func (k *keeper) mark(c *company) (ticket uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.changed[c] = true
	return k.ticket()
}

// put takes changes that are no company's, and gives a ticket to wait with.
func (k *keeper) put(changes map[string][]byte) (ticket uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.Copy(k.changes, changes)
	return k.ticket()
}

func (k *keeper) ticket() uint64 {
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
	return k.waitLocked(ticket)
}

func (k *keeper) waitLocked(ticket uint64) error {
	for k.done < ticket && k.err == nil {
		switch {
		case k.busy:
			k.moved.Wait()
		case k.stopped:
			return errNotKept
		default:
			k.commit()
		}
	}
	return k.err
}

// flush keeps all there is.
func (k *keeper) flush() error {
	k.mu.Lock()
	k.all = true
	ticket := k.ticket()
	k.mu.Unlock()
	return k.wait(ticket)
}

// commit keeps what there is. k.mu is held before and after, and free meanwhile.
func (k *keeper) commit() {
	k.busy = true
	k.gatherRound()
	k.mu.Unlock()
	var ticket uint64
	var all bool
	changes := k.collect(func() (map[string][]byte, map[*company]bool) {
		k.mu.Lock()
		defer k.mu.Unlock()
		changes, changed := k.changes, k.changed
		ticket, all, k.all = k.given, k.all, false
		k.begin()
		return changes, changed
	})
	var err error
	waits := !all && canWait(changes)
	if !waits {
		err = k.store.Commit(changes)
	}
	k.mu.Lock()
	k.busy = false
	k.moved.Broadcast()
	switch {
	case err != nil:
		k.err = errors.Join(errNotKept, err)
		close(k.failed)
		return
	case waits:
		maps.Copy(changes, k.changes)
		k.changes = changes
	}
	k.batch, k.done = ticket-k.done, ticket
}

// passing are the records that change with every request, also one that is refused. For
// them alone nobody waits: the next commit takes them along, or ripe has one made.
var passing = map[string]bool{savedAt: true, "clock": true, "replies": true, "window": true}

func canWait(changes map[string][]byte) bool {
	for key := range changes {
		if !passing[key[strings.LastIndex(key, keySeparator)+1:]] {
			return false
		}
	}
	return true
}

// gatherRound lets those who were in the last commit come into this one, too: the
// first of them to be back would else have one of its own, with the others behind it.
func (k *keeper) gatherRound() {
	for before := k.done; k.batch > 1 && k.given != before; {
		before = k.given
		k.mu.Unlock()
		runtime.Gosched()
		k.mu.Lock()
	}
}

// ripe keeps what nobody waited for. Who waits next learns of an error.
func (k *keeper) ripe() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ripens, k.all = false, true
	k.given++
	_ = k.waitLocked(k.given)
}

// stop keeps what is left. Nothing is kept after it.
func (k *keeper) stop() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stopped {
		return k.err
	}
	k.all = true
	k.given++
	err := k.waitLocked(k.given)
	k.stopped = true
	return err
}

// ripening is how long changes that nobody waits for may be lost, in real time.
const ripening = time.Second

var sums = maphash.MakeSeed()

// sumOf tells records apart; that two of a key have one sum is not to be expected.
func sumOf(data []byte) uint64 { return maphash.Bytes(sums, data) }
