package fakeaircall

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"
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
	s.keeper = newKeeper(store)
	s.keeper.collect = s.collect
	if len(all) > 0 {
		if err := s.resume(all); err != nil {
			return fmt.Errorf("state: %w", err)
		}
	}
	for _, c := range s.companies() {
		c.keptIn(s.keeper, all)
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
			s.keeper.known.sums[key] = sumOf(data)
		}
	}
	keeper := s.keeper
	s.keeper = nil // what is there need not be kept again
	s.restore(&Snapshot{*w})
	s.keeper = keeper
	grown := slices.Clone(s.companies())
	for i, c := range s.first {
		if !slices.ContainsFunc(grown, func(o *company) bool { return o.account.Name == c.account.Name }) {
			added := s.found(c.account)
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
func (c *company) keptIn(k *keeper, all map[string][]byte) {
	_ = c.holds.Do(func(h *shelf) error {
		c.keeper, h.known = k, newRecords()
		prefix := stateKey(c.account.Name)
		for key, data := range all {
			if strings.HasPrefix(key, prefix) {
				h.known.sums[key] = sumOf(data)
			}
		}
		return nil
	})
}

// keepAll compares all that the companies have with what is kept of those there were
// before, and hands over what differs. s.recording is held, or nobody else is there.
func (s *Server) keepAll(before []*company) {
	if s.keeper == nil {
		return
	}
	kept := make(map[string]*records)
	for _, c := range before {
		_ = c.holds.Do(func(h *shelf) error {
			kept[c.account.Name], h.known = h.known, nil
			return nil
		})
	}
	for _, c := range s.companies() {
		c.keptAfter(s.keeper, kept[c.account.Name])
		delete(kept, c.account.Name)
	}
	for _, r := range kept {
		s.keeper.drop(r)
	}
}

// keptAfter has what differs from what is kept of the company kept; nil: nothing is.
func (c *company) keptAfter(k *keeper, kept *records) {
	_ = c.holds.Do(func(h *shelf) error {
		if c.keeper == nil {
			c.keeper = k
		}
		if h.known = kept; h.known == nil {
			h.known = newRecords()
		}
		c.announce(c.open(h).due())
		h.state.parts = nil
		c.mark(h, false, 0)
		return nil
	})
}

// drop takes out what is kept of a company.
func (k *keeper) drop(r *records) {
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
	if s.keeper == nil {
		return nil
	}
	return s.keeper.flush()
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
		c.gather(changes)
	}
	w, now := s.record(s.companies()), realNow().UTC()
	d := &diary{s.keeper.known, "", changes}
	d.compare(layoutOf(worldType), unsafe.Pointer(&w), nil)
	d.put(savedAt, layoutOf(reflect.TypeFor[time.Time]()).write(nil, unsafe.Pointer(&now)))
	return changes
}

// worldOf is what records say. Real time that passed since has passed for clocks that
// go as fast as real ones, and for no others.
func worldOf(all map[string][]byte) (*worldRecord, error) {
	rest := maps.Clone(all)
	var saved time.Time
	if err := readLayout(&saved, rest[savedAt]); err != nil {
		return nil, within(savedAt, err)
	}
	delete(rest, savedAt)
	tree := &branch{}
	for key, data := range rest {
		path := strings.Split(key, keySeparator)
		if path[0] == "snapshots" {
			continue
		}
		tree.at(path).data = data
	}
	w := new(worldRecord)
	if err := readLayout(w, tree.json(nil, layoutOf(worldType))); err != nil {
		return nil, err
	}
	slices.SortFunc(w.Companies, func(a, b companyRecord) int { return cmp.Compare(a.Place, b.Place) })
	if w.Format < snapshotFormat {
		return nil, fmt.Errorf("its format is %d, and this program reads %d only: begin with a new state, or use the program that wrote it", w.Format, snapshotFormat)
	}
	if w.Format > snapshotFormat {
		return nil, fmt.Errorf("its format is %d, and %d is the newest that this program reads: use the program that wrote it, or a newer one", w.Format, snapshotFormat)
	}
	passed := max(0, realNow().Sub(saved))
	w.Clock.pass(passed)
	for i := range w.Companies {
		if c := w.Companies[i].Clock; c != nil {
			c.pass(passed)
		}
	}
	return w, w.complete()
}

func (c *clockRecord) pass(d time.Duration) {
	if c.Speed == 1 {
		c.Now = c.Now.Add(d)
	}
}

// A branch is a part of a path of records.
type branch struct {
	data  []byte // nil: it goes on
	below map[string]*branch
}

func (b *branch) at(path []string) *branch {
	for _, name := range path {
		if b.below == nil {
			b.below = make(map[string]*branch)
		}
		if b.below[name] == nil {
			b.below[name] = &branch{}
		}
		b = b.below[name]
	}
	return b
}

// json writes what is below as the layout has it.
func (b *branch) json(to []byte, l *layout) []byte {
	if b.data != nil {
		return append(to, b.data...)
	}
	if l.of.Kind() == reflect.Pointer {
		return b.json(to, l.elem)
	}
	names := slices.SortedFunc(maps.Keys(b.below), func(x, y string) int {
		return cmp.Or(cmp.Compare(number64(x), number64(y)), cmp.Compare(x, y))
	})
	isList := l.listed || l.of.Kind() == reflect.Slice
	open, end := byte('{'), byte('}')
	if isList {
		open, end = '[', ']'
	}
	to = append(to, open)
	for i, name := range names {
		if i > 0 {
			to = append(to, ',')
		}
		if !isList {
			to = append(appendText(to, name), ':')
		}
		of := l.elem
		if len(l.fields) > 0 {
			of = l.fieldOrNone(name)
		}
		to = b.below[name].json(to, of)
	}
	return append(to, end)
}

// fieldOrNone is the layout of a field, or of what no field has: reading it says so.
func (l *layout) fieldOrNone(name string) *layout {
	for _, f := range l.fields {
		if f.name == name {
			return f.layout
		}
	}
	return layoutOf(reflect.TypeFor[*state]())
}

// StoreFailed is closed when what requests do cannot be kept any more: see
// Options.Store. From then on they are answered with an error.
func (s *Server) StoreFailed() <-chan struct{} {
	if s.keeper == nil {
		return nil
	}
	return s.keeper.failed
}

// closeStore keeps what is left.
func (s *Server) closeStore() error {
	if s.keeper == nil {
		return nil
	}
	s.recording.Lock()
	s.keepAll(s.companies())
	s.recording.Unlock()
	return s.keeper.stop()
}
