package fakeaircall

import (
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Store keeps the state of a server so that it outlives the server: see Options.Store. Package boltstore has one in
// a file.
type Store interface {
	// Load calls f with each record of the store.
	Load(f func(key string, data []byte) error) error

	// Commit puts records, and deletes those whose data is nil: all of them or none. When it returns nil, the
	// changes survive the end of the process.
	Commit(changes map[string][]byte) error
}

// A persister hands the changes of a server to its store. A request that waits for a commit makes it for all requests
// that changed something meanwhile, so that they share its cost.
type persister struct {
	server *Server

	// stored has hashes of the records in the store by account and key; "" is for records of no account.
	// Server.recording guards it.
	stored map[string]map[string]uint64

	committing sync.Mutex // held during a commit; guards the fields up to mu
	done       uint64     // the newest ticket whose changes are in the store
	batch      uint64     // how many tickets the last commit was for
	stopped    bool
	err        error
	failed     chan struct{} // closed when err is set

	mu      sync.Mutex
	store   Store
	changed map[*account]bool // accounts that may have changed since the last commit
	changes map[string][]byte // records of no account
	given   uint64            // the newest ticket
	timed   bool              // the flush timer runs
	all     bool              // the next commit includes the records that can wait
}

// errNotKept is the error of a request whose changes the store did not take. The client sees the status 500.
var errNotKept = errors.New("the store could not save what the request changed")

func newPersister(s *Server, store Store) *persister {
	return &persister{
		server: s, store: store, failed: make(chan struct{}), stored: make(map[string]map[string]uint64),
		changed: make(map[*account]bool), changes: make(map[string][]byte),
	}
}

// markDirty notes that an account may have changed. It returns a ticket to wait with.
func (p *persister) markDirty(c *account) (ticket uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed[c] = true
	return p.ticket()
}

// put adds changes of no account. It returns a ticket to wait with.
func (p *persister) put(changes map[string][]byte) (ticket uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.Copy(p.changes, changes)
	return p.ticket()
}

// flushDelay is the real time after which changes that no request waits for are committed.
const flushDelay = time.Second

func (p *persister) ticket() uint64 {
	p.given++
	if !p.timed {
		p.timed = true
		realAfter(flushDelay, func() {
			p.mu.Lock()
			p.timed = false
			p.mu.Unlock()
			_ = p.flush() // the next request that waits gets the error
		})
	}
	return p.given
}

// wait returns when the changes of a ticket, and of all tickets before it, are in the store.
func (p *persister) wait(ticket uint64) error {
	p.committing.Lock()
	defer p.committing.Unlock()
	switch {
	case p.err != nil || p.done >= ticket:
		return p.err
	case p.stopped:
		return errNotKept
	}
	p.commit()
	return p.err
}

// flush commits all changes, also those that can wait.
func (p *persister) flush() error {
	p.mu.Lock()
	p.all = true
	p.given++
	ticket := p.given
	p.mu.Unlock()
	return p.wait(ticket)
}

// stop commits all changes. Later ones are not saved.
func (p *persister) stop() error {
	p.committing.Lock()
	stopped, err := p.stopped, p.err
	p.committing.Unlock()
	if stopped {
		return err
	}
	err = p.flush()
	p.committing.Lock()
	defer p.committing.Unlock()
	p.stopped = true
	return err
}

// commit writes the changes to the store. p.committing is held.
func (p *persister) commit() {
	p.gatherWriters()
	p.server.recording.Lock()
	p.mu.Lock()
	store, changes, changed, ticket, all := p.store, p.changes, p.changed, p.given, p.all
	p.changed, p.changes, p.all = make(map[*account]bool), make(map[string][]byte), false
	p.mu.Unlock()
	for c := range changed {
		c.collect(changes)
	}
	p.server.collect(changes)
	p.server.recording.Unlock()
	if !all && canWait(changes) {
		p.mu.Lock()
		maps.Copy(changes, p.changes)
		p.changes = changes
		p.mu.Unlock()
	} else if err := store.Commit(changes); err != nil {
		p.err = errors.Join(errNotKept, err)
		close(p.failed)
		return
	}
	p.batch, p.done = ticket-p.done, ticket
}

// gatherWriters lets the requests that shared the last commit join this one. Otherwise the first of them to come again
// would make a commit for itself, and all others would wait behind it.
func (p *persister) gatherWriters() {
	given := func() uint64 {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.given
	}
	for before := p.done; p.batch > 1 && given() != before; {
		before = given()
		runtime.Gosched()
	}
}

// passing are the names of records that change with every request, also with one that is refused. No request waits for
// them: the next commit takes them along, or the flush timer does.
var passing = map[string]bool{savedAt: true, "clock": true, "replies": true, windowValue: true}

func canWait(changes map[string][]byte) bool {
	for key := range changes {
		if !passing[path.Base(key)] {
			return false
		}
	}
	return true
}

// storedOf returns the hashes of an account's records in the store, for the caller to keep up to date.
func (p *persister) storedOf(account string) map[string]uint64 {
	if p.stored[account] == nil {
		p.stored[account] = make(map[string]uint64)
	}
	return p.stored[account]
}

// drop removes the records of an account from the store.
func (p *persister) drop(account string) {
	gone := make(map[string][]byte)
	for key := range p.stored[account] {
		gone[key] = nil
	}
	delete(p.stored, account)
	p.put(gone)
}

var hashSeed = maphash.MakeSeed()

func hashOf(data []byte) uint64 { return maphash.Bytes(hashSeed, data) }

// A changeSet collects the records that differ from those in a store.
type changeSet struct {
	stored  map[string]uint64 // hashes by key
	prefix  string            // of the keys
	changes map[string][]byte
}

// put adds a record, or its deletion if data is nil.
func (c *changeSet) put(key string, data []byte) {
	key = c.prefix + key
	hash, there := c.stored[key]
	switch {
	case data == nil && there:
		delete(c.stored, key)
		c.changes[key] = nil
	case data != nil && (!there || hash != hashOf(data)):
		c.stored[key], c.changes[key] = hashOf(data), data
	}
}

// putAll adds the records that each yields, and deletes all others.
func (c *changeSet) putAll(each func(f func(key string, data []byte))) {
	met := make(map[string]bool)
	each(func(key string, data []byte) {
		met[c.prefix+key] = true
		c.put(key, data)
	})
	for key := range c.stored {
		if !met[key] {
			delete(c.stored, key)
			c.changes[key] = nil
		}
	}
}

// watch begins to record which entities change.
func (s *state) watch() {
	s.watched = true
	for _, t := range s.tables() {
		t.watch()
	}
}

// markDirty notes a possible change of the account, if the server has a store, and returns a ticket to wait with.
// same says that nothing changed.
func (c *account) markDirty(h *lazyState, same bool) (ticket uint64) {
	if !h.stored || same && h.state.watched {
		return 0
	}
	return c.persister.markDirty(c)
}

// collect adds the records of the account that changed since the last commit.
func (c *account) collect(changes map[string][]byte) {
	name := c.Account.Name
	_ = c.holds.Do(func(h *lazyState) error {
		if !h.stored {
			return nil
		}
		s, set := c.open(h), &changeSet{c.persister.storedOf(name), accountPrefix(name), changes}
		if !s.watched {
			s.watch()
			set.putAll(s.eachRecord)
			return nil
		}
		for _, v := range s.values() {
			set.put(v.name, v.encode())
		}
		for _, t := range s.tables() {
			t.flush(func(id int64, v any) {
				var data []byte
				if v != nil {
					data = encode(v)
				}
				set.put(entityKey(t.name, id), data)
			})
		}
		return nil
	})
}

// collect adds the records that changed and belong to no account's state.
func (s *Server) collect(changes map[string][]byte) {
	w := s.record(s.accounts())
	set := &changeSet{s.persister.storedOf(""), "", changes}
	set.putAll(func(f func(key string, data []byte)) {
		w.eachOwn(f)
		f(savedAt, encode(realNow().UTC()))
	})
}

// storeAll compares all accounts with the store at the next commit, after they were replaced. Server.recording is held,
// or nothing else uses the server yet.
func (s *Server) storeAll(before []*account) {
	if s.persister == nil {
		return
	}
	for _, c := range before {
		_ = c.holds.Do(func(h *lazyState) error { h.stored = false; return nil })
	}
	gone := maps.Clone(s.persister.stored)
	delete(gone, "")
	for _, c := range s.accounts() {
		c.storeIn(s.persister)
		delete(gone, c.Account.Name)
	}
	for account := range gone {
		s.persister.drop(account)
	}
}

// storeIn compares the account with the store at the next commit, and saves its changes from then on.
func (c *account) storeIn(p *persister) {
	_ = c.holds.Do(func(h *lazyState) error {
		c.persister, h.stored = p, true
		c.announce(c.open(h).due())
		h.state.watched = false
		c.markDirty(h, false)
		return nil
	})
}

// kept waits until the store has everything that happened.
func (s *Server) kept() error {
	if s.persister == nil {
		return nil
	}
	return s.persister.flush()
}

// load reads the store. It returns nil if the store is empty.
func (p *persister) load(saved *savedSnapshots) (*worldRecord, error) {
	all := make(map[string][]byte)
	err := p.store.Load(func(key string, data []byte) error {
		data = slices.Clone(data)
		if name, ok := strings.CutPrefix(key, snapshotsKey); ok {
			n, err := ParseSnapshot(data)
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			saved.put(name, savedSnapshot{n, n.world.Clock.Now})
			return nil
		}
		all[key] = data
		p.storedOf(accountOf(key))[key] = hashOf(data)
		return nil
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return readWorld(all)
}

// resume continues from the contents of the store. Accounts of the options that are not in it are added.
func (s *Server) resume(w *worldRecord) {
	s.replace(&Snapshot{*w}, func() {})
	all := slices.Clone(s.accounts())
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	for i, c := range s.first {
		if !slices.ContainsFunc(w.Accounts, func(o accountRecord) bool { return o.Account == c.Account.Name }) {
			added := s.newAccount(c.Account)
			added.place, added.places = s.lastPlace.Add(1), c.places
			added.seed = func() *state { return seedAccount(c.Account, s.options, i, *s.start.Load()) }
			all = append(all, added)
			s.keys.add(added, s.options.Apps[0].ClientID)
		}
	}
	s.all.Store(&all)
	s.resumed = &Resumption{Seed: s.made.seed, Scale: s.made.scale, Start: w.Start, Now: s.clock.now(), Accounts: w.names()}
	slices.Sort(s.resumed.Accounts)
}

// StoreFailed returns a channel that is closed when the store fails: see Options.Store. From then on requests that
// change something get an error. It is nil without a store.
func (s *Server) StoreFailed() <-chan struct{} {
	if s.persister == nil {
		return nil
	}
	return s.persister.failed
}

// closeStore saves the remaining changes.
func (s *Server) closeStore() error {
	s.recording.Lock()
	s.storeAll(nil)
	s.recording.Unlock()
	return s.persister.stop()
}

// A Resumption is the state that New found in Options.Store. For these Accounts the options that make data had no
// effect.
type Resumption struct {
	Accounts []string // by name
	Seed     int64    // of the data; 0: not known
	Scale    Scale    // of the data; "": not known
	Start    time.Time
	Now      time.Time // on the clock, which continues from here
}

// Resumed returns the state that the server continued from; nil: it started with new data.
func (s *Server) Resumed() *Resumption {
	if s.resumed == nil {
		return nil
	}
	r := *s.resumed
	r.Accounts = slices.Clone(r.Accounts)
	return &r
}

// A recipe is the Seed and the Scale that the data was made with; zero if they are not known.
type recipe struct {
	seed  int64
	scale Scale
}
