package fakeaircall

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// loadAll is all that a store has; nil has nothing.
func loadAll(store Store) (map[string][]byte, error) {
	all := make(map[string][]byte)
	if store == nil {
		return all, nil
	}
	err := store.Load(func(key string, data []byte) error {
		all[key] = slices.Clone(data)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	return all, nil
}

// keepIn begins to keep what the server knows in a store: it takes all that is there
// or, if nothing is, puts in what there is.
func (s *Server) keepIn(store Store, all map[string][]byte) error {
	s.persister = newPersister(store)
	s.persister.collect = s.collect
	if len(all) > 0 {
		if err := s.resume(all); err != nil {
			return fmt.Errorf("state: %w", err)
		}
	}
	s.storeAll(nil)
	return s.kept()
}

// resume goes on from what is kept. Accounts of the options that are new are added.
func (s *Server) resume(all map[string][]byte) error {
	w, err := worldOf(all)
	if err != nil {
		return err
	}
	for key, data := range all {
		path := strings.Split(key, keySeparator)
		switch {
		case path[0] == "snapshots":
			n, err := ParseSnapshot(data)
			if err != nil {
				return fmt.Errorf("snapshot %s: %w", path[1], err)
			}
			s.saved.put(path[1], savedSnapshot{n, n.world.Clock.Now})
		case len(path) > 2 && path[2] == "state":
			s.persister.sums(path[1])[key] = sumOf(data)
		default:
			s.persister.sums("")[key] = sumOf(data)
		}
	}
	persister := s.persister
	s.persister = nil // what is there need not be kept again
	s.restore(&Snapshot{*w})
	s.persister = persister
	grown := slices.Clone(s.accounts())
	for i, c := range s.first {
		if !slices.ContainsFunc(grown, func(o *account) bool { return o.Account.Name == c.Account.Name }) {
			added := s.newAccount(c.Account)
			added.place, added.places = s.lastPlace.Add(1), c.places
			added.seed = func() *state { return seedAccount(c.Account, s.options, i, *s.start.Load()) }
			grown = append(grown, added)
		}
	}
	s.all.Store(&grown)
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	for _, c := range grown[len(w.Accounts):] {
		s.keys.add(c, s.options.Apps[0].ClientID)
	}
	return nil
}

// storeAll compares all that the companies have with what the store has, and hands over what
// differs, after the companies were others. s.recording is held, or nobody else is there.
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

// storeIn compares all of the company with what the store has at the next commit, and stores
// its changes from then on.
func (c *account) storeIn(p *persister) {
	_ = c.holds.Do(func(h *lazyState) error {
		c.persister, h.stored = p, true
		c.announce(c.open(h).due())
		h.state.watched = false
		c.markDirty(h, false)
		return nil
	})
}

// kept waits until all that happened is kept.
func (s *Server) kept() error {
	if s.persister == nil {
		return nil
	}
	return s.persister.flush()
}

// savedAt is the record that says when the last commit was, in real time.
const savedAt = "saved_at"

// collect takes the changes that there are, with those of the companies that are marked
// and what belongs to the state of none, as it all is now.
func (s *Server) collect(take func() (map[string][]byte, map[*account]bool)) map[string][]byte {
	s.recording.Lock()
	defer s.recording.Unlock()
	changes, changed := take()
	for c := range changed {
		c.collect(changes)
	}
	w, now := s.record(s.accounts()), realNow().UTC()
	set := &changeSet{s.persister.sums(""), "", changes}
	set.putAll(func(f func(key string, data []byte)) {
		w.eachOwn(f)
		f(savedAt, encode(now))
	})
	return changes
}

// worldOf returns what records say. Real time that passed since has passed for clocks that
// go as fast as real ones, and for no others.
func worldOf(all map[string][]byte) (*worldRecord, error) {
	w := new(worldRecord)
	if err := readJSON(all["format"], &w.Format); err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	if w.Format < snapshotFormat {
		return nil, fmt.Errorf("its format is %d, and this program reads %d only: begin with a new state, or use the program that wrote it", w.Format, snapshotFormat)
	}
	if w.Format > snapshotFormat {
		return nil, fmt.Errorf("its format is %d, and %d is the newest that this program reads: use the program that wrote it, or a newer one", w.Format, snapshotFormat)
	}
	var saved time.Time
	accounts := make(map[string]*accountRecord)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		path, data := strings.Split(key, keySeparator), all[key]
		var err error
		switch {
		case path[0] == "snapshots":
		case key == savedAt:
			err = readJSON(data, &saved)
		case path[0] == "codes":
			err = readInto(&w.Codes, data)
		case path[0] == "tokens":
			err = readInto(&w.Tokens, data)
		case path[0] != "companies":
			err = readValue(w.values(), key, data)
		case len(path) < 3:
			err = errors.New("it names nothing")
		default:
			c := accounts[path[1]]
			if c == nil {
				fresh := newState("", 0)
				c = &accountRecord{State: &fresh}
				accounts[path[1]] = c
			}
			err = c.readRecord(path[2:], data)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", strings.Join(path, "."), err)
		}
	}
	for _, c := range accounts {
		c.State.ready()
		w.Accounts = append(w.Accounts, *c)
	}
	slices.SortFunc(w.Accounts, func(a, b accountRecord) int { return cmp.Compare(a.Place, b.Place) })
	passed := max(0, realNow().Sub(saved))
	w.Clock.pass(passed)
	for i := range w.Accounts {
		if c := w.Accounts[i].Clock; c != nil {
			c.pass(passed)
		}
	}
	return w, w.complete()
}

func readInto[T any](list *[]T, data []byte) error {
	var v T
	err := readJSON(data, &v)
	*list = append(*list, v)
	return err
}

// readRecord reads a record by the rest of its path.
func (c *accountRecord) readRecord(path []string, data []byte) error {
	switch {
	case len(path) == 1 && path[0] == "account":
		return readJSON(data, c)
	case len(path) == 2 && path[0] == "state":
		return c.State.readRecord(path[1], "", data)
	case len(path) == 3 && path[0] == "state":
		return c.State.readRecord(path[1], path[2], data)
	}
	return fmt.Errorf("there is no field %s", clip(path[0]))
}

func (c *clockRecord) pass(d time.Duration) {
	if c.Speed == 1 {
		c.Now = c.Now.Add(d)
	}
}

// StoreFailed is closed when what requests do cannot be kept any more: see
// Options.Store. From then on they are answered with an error.
func (s *Server) StoreFailed() <-chan struct{} {
	if s.persister == nil {
		return nil
	}
	return s.persister.failed
}

// closeStore keeps what is left.
func (s *Server) closeStore() error {
	if s.persister == nil {
		return nil
	}
	s.recording.Lock()
	s.storeAll(nil)
	s.recording.Unlock()
	return s.persister.stop()
}

// A Resumption is what Options.Store had when New took it. What data is made by did not count for
// these Accounts.
type Resumption struct {
	Accounts []string // by name
	Seed     int64    // that the world was made with; 0: not known
	Scale    Scale    // likewise; "": not known
	Start    time.Time
	Now      time.Time // on the clock, which goes on from here
}

// Resumed is what the server goes on from; nil: it began anew.
func (s *Server) Resumed() *Resumption {
	if s.resumed == nil {
		return nil
	}
	r := *s.resumed
	r.Accounts = slices.Clone(r.Accounts)
	return &r
}

// A recipe is what a world was made with, zero where that is not known.
type recipe struct {
	seed  int64
	scale Scale
}

func (o Options) recipe() recipe { return recipe{o.Seed, o.Scale} }

// lookAhead finds out what the server goes on from: all is what its store has. It returns the names of
// the accounts that have data.
func (s *Server) lookAhead(all map[string][]byte) (accounts []string, err error) {
	for key := range all {
		if path := strings.Split(key, keySeparator); path[0] == "companies" && len(path) == 3 && path[2] == "account" {
			accounts = append(accounts, path[1])
		}
	}
	if len(accounts) == 0 {
		return nil, nil
	}
	slices.Sort(accounts)
	var start time.Time
	if err := readJSON(all["start"], &start); err != nil {
		return nil, fmt.Errorf("state: start: %w", err)
	}
	s.start.Store(&start)
	s.resumed = &Resumption{Accounts: accounts}
	return accounts, nil
}

// took notes what the server goes on from.
func (r *Resumption) took(s *Server) {
	if r != nil {
		r.Seed, r.Scale, r.Start, r.Now = s.made.seed, s.made.scale, *s.start.Load(), s.clock.now()
	}
}
