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

// A persister hands a server's changes to its store. Who waits for a commit makes it, for
// all who changed something meanwhile: what a write costs beside the commit is paid
// once for them all.
type persister struct {
	store Store
	// collect adds to what it takes what changed of companies, and of what belongs to none.
	collect func(take func() (map[string][]byte, map[*account]bool)) map[string][]byte

	mu      sync.Mutex
	moved   *sync.Cond        // a commit is over
	changed map[*account]bool // since the last commit
	changes map[string][]byte // that are no company's
	given   uint64            // the newest ticket
	done    uint64            // the newest ticket whose changes are kept
	batch   uint64            // how many tickets the last commit was for
	busy    bool              // a commit is under way
	timed   bool              // a commit of what nobody waits for is to come
	all     bool              // the next commit is also of what can wait
	stopped bool
	err     error
	failed  chan struct{} // closed when err is set

	// stored is what the store has: hashes of the data by key, by account, "" for what belongs to none.
	// Server.recording guards it.
	stored map[string]storedSums
}

// errNotKept is what a client learns of a store that failed, and only it.
var errNotKept = errors.New("what the request did could not be kept")

func newPersister(s Store) *persister {
	p := &persister{store: s, stored: make(map[string]storedSums), failed: make(chan struct{})}
	p.moved = sync.NewCond(&p.mu)
	p.begin()
	return p
}

// begin begins to gather for the next commit.
func (p *persister) begin() { p.changed, p.changes = make(map[*account]bool), make(map[string][]byte) }

// markDirty says that something of a company may have changed, and gives a ticket to wait with.
func (p *persister) markDirty(c *account) (ticket uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed[c] = true
	return p.ticket()
}

// put takes changes that are no company's, and gives a ticket to wait with.
func (p *persister) put(changes map[string][]byte) (ticket uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.Copy(p.changes, changes)
	return p.ticket()
}

func (p *persister) ticket() uint64 {
	p.given++
	if !p.timed && !p.stopped {
		p.timed = true
		realAfter(flushDelay, p.flushTimer)
	}
	return p.given
}

// wait returns when the changes of a ticket, and all before, are kept.
func (p *persister) wait(ticket uint64) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waitLocked(ticket)
}

func (p *persister) waitLocked(ticket uint64) error {
	for p.done < ticket && p.err == nil {
		switch {
		case p.busy:
			p.moved.Wait()
		case p.stopped:
			return errNotKept
		default:
			p.commit()
		}
	}
	return p.err
}

// flush keeps all there is.
func (p *persister) flush() error {
	p.mu.Lock()
	p.all = true
	ticket := p.ticket()
	p.mu.Unlock()
	return p.wait(ticket)
}

// commit keeps what there is. p.mu is held before and after, and free meanwhile.
func (p *persister) commit() {
	p.busy = true
	p.gatherWriters()
	p.mu.Unlock()
	var ticket uint64
	var all bool
	changes := p.collect(func() (map[string][]byte, map[*account]bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		changes, changed := p.changes, p.changed
		ticket, all, p.all = p.given, p.all, false
		p.begin()
		return changes, changed
	})
	var err error
	waits := !all && canWait(changes)
	if !waits {
		err = p.store.Commit(changes)
	}
	p.mu.Lock()
	p.busy = false
	p.moved.Broadcast()
	switch {
	case err != nil:
		p.err = errors.Join(errNotKept, err)
		close(p.failed)
		return
	case waits:
		maps.Copy(changes, p.changes)
		p.changes = changes
	}
	p.batch, p.done = ticket-p.done, ticket
}

// passing are the records that change with every request, also one that is refused. For
// them alone nobody waits: the next commit takes them along, or flushTimer has one made.
var passing = map[string]bool{savedAt: true, "clock": true, "replies": true, windowValue: true}

func canWait(changes map[string][]byte) bool {
	for key := range changes {
		if !passing[key[strings.LastIndex(key, keySeparator)+1:]] {
			return false
		}
	}
	return true
}

// gatherWriters lets those who were in the last commit come into this one, too: the
// first of them to be back would else have one of its own, with the others behind it.
func (p *persister) gatherWriters() {
	for before := p.done; p.batch > 1 && p.given != before; {
		before = p.given
		p.mu.Unlock()
		runtime.Gosched()
		p.mu.Lock()
	}
}

// flushTimer keeps what nobody waited for. Who waits next learns of an error.
func (p *persister) flushTimer() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timed, p.all = false, true
	p.given++
	_ = p.waitLocked(p.given)
}

// stop keeps what is left. Nothing is kept after it.
func (p *persister) stop() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return p.err
	}
	p.all = true
	p.given++
	err := p.waitLocked(p.given)
	p.stopped = true
	return err
}

// flushDelay is how long changes that nobody waits for may be lost, in real time.
const flushDelay = time.Second

var sums = maphash.MakeSeed()

// storedSums are hashes of records by their keys.
type storedSums map[string]uint64

// sums returns what the store has of an account, to be kept up to date.
func (p *persister) sums(account string) storedSums {
	if p.stored[account] == nil {
		p.stored[account] = make(storedSums)
	}
	return p.stored[account]
}

// drop removes what the store has of a company.
func (p *persister) drop(account string) {
	gone := make(map[string][]byte)
	for key := range p.stored[account] {
		gone[key] = nil
	}
	delete(p.stored, account)
	p.put(gone)
}

// sumOf tells records apart; that two of a key have one sum is not to be expected.
func sumOf(data []byte) uint64 { return maphash.Bytes(sums, data) }
