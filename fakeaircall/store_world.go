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
	for _, c := range s.companies() {
		c.keptIn(s.persister, all)
	}
	s.keepAll(s.companies())
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
		case len(path) < 3 || path[2] != "state":
			s.persister.stored.sums[key] = sumOf(data)
		}
	}
	persister := s.persister
	s.persister = nil // what is there need not be kept again
	s.restore(&Snapshot{*w})
	s.persister = persister
	grown := slices.Clone(s.companies())
	for i, c := range s.first {
		if !slices.ContainsFunc(grown, func(o *company) bool { return o.account.Name == c.account.Name }) {
			added := s.newCompany(c.account)
			added.place, added.places = s.lastPlace.Add(1), c.places
			added.seed = func() *state { return seedCompany(c.account, s.options, i, *s.start.Load()) }
			grown = append(grown, added)
		}
	}
	s.all.Store(&grown)
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	for _, c := range grown[len(w.Companies):] {
		s.keys.add(c, s.options.Apps[0].ClientID)
	}
	return nil
}

// keptIn says what is kept of a company already.
func (c *company) keptIn(k *persister, all map[string][]byte) {
	_ = c.holds.Do(func(h *lazyState) error {
		c.persister, h.stored = k, newStoredSet()
		prefix := stateKey(c.account.Name)
		for key, data := range all {
			if strings.HasPrefix(key, prefix) {
				h.stored.sums[key] = sumOf(data)
			}
		}
		return nil
	})
}

// keepAll compares all that the companies have with what is kept of those there were
// before, and hands over what differs. s.recording is held, or nobody else is there.
func (s *Server) keepAll(before []*company) {
	if s.persister == nil {
		return
	}
	kept := make(map[string]*storedSet)
	for _, c := range before {
		_ = c.holds.Do(func(h *lazyState) error {
			kept[c.account.Name], h.stored = h.stored, nil
			return nil
		})
	}
	for _, c := range s.companies() {
		c.keptAfter(s.persister, kept[c.account.Name])
		delete(kept, c.account.Name)
	}
	for _, r := range kept {
		s.persister.drop(r)
	}
}

// keptAfter has what differs from what is kept of the company kept; nil: nothing is.
func (c *company) keptAfter(k *persister, kept *storedSet) {
	_ = c.holds.Do(func(h *lazyState) error {
		if c.persister == nil {
			c.persister = k
		}
		if h.stored = kept; h.stored == nil {
			h.stored = newStoredSet()
		}
		c.announce(c.open(h).due())
		h.state.watched = false
		c.markDirty(h, false)
		return nil
	})
}

// drop takes out what is kept of a company.
func (k *persister) drop(r *storedSet) {
	gone := make(map[string][]byte)
	if r != nil {
		for key := range r.sums {
			gone[key] = nil
		}
	}
	k.put(gone)
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
func (s *Server) collect(take func() (map[string][]byte, map[*company]bool)) map[string][]byte {
	s.recording.Lock()
	defer s.recording.Unlock()
	changes, changed := take()
	for c := range changed {
		c.collect(changes)
	}
	w, now := s.record(s.companies()), realNow().UTC()
	set := &changeSet{s.persister.stored, "", changes}
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
	companies := make(map[string]*companyRecord)
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
			c := companies[path[1]]
			if c == nil {
				fresh := newState("", 0)
				c = &companyRecord{State: &fresh}
				companies[path[1]] = c
			}
			err = c.readRecord(path[2:], data)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", strings.Join(path, "."), err)
		}
	}
	for _, c := range companies {
		c.State.ready()
		w.Companies = append(w.Companies, *c)
	}
	slices.SortFunc(w.Companies, func(a, b companyRecord) int { return cmp.Compare(a.Place, b.Place) })
	passed := max(0, realNow().Sub(saved))
	w.Clock.pass(passed)
	for i := range w.Companies {
		if c := w.Companies[i].Clock; c != nil {
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
func (c *companyRecord) readRecord(path []string, data []byte) error {
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
	s.keepAll(s.companies())
	s.recording.Unlock()
	return s.persister.stop()
}
