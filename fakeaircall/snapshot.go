package fakeaircall

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// A Snapshot is all that a server knows at one instant: its companies with their
// data, ids, timers, webhooks and what waits to be delivered, the windows of the rate
// limit, tokens, and the clock. Faults and the journal are not in it, nor are the
// credentials of accounts. It does not change, and may be restored any number of
// times, by several servers at once.
type Snapshot struct{ world worldRecord }

// The records of a snapshot are written by their fields, as state is.
type (
	worldRecord struct {
		format    int
		clock     clockRecord
		start     time.Time // of the companies' lives
		seed      int64     // of the data, as is the scale; 0: not known
		scale     Scale
		replies   uint64
		lastPlace int64
		codes     []codeRecord
		tokens    []tokenRecord
		oauth     random
		companies []companyRecord
	}
	clockRecord struct {
		now   time.Time
		speed float64
	}
	companyRecord struct {
		account     string
		user        string // e-mail of the first
		place       int64
		places      int64
		clock       *clockRecord // its own; nil: the server's
		bearerEnded bool         // the account's own token opens it no more
		state       *state
	}
	tokenRecord struct{ value, account, app string }
	codeRecord  struct {
		value, account, app, redirect string
		expires                       time.Time
	}
)

// Snapshot takes all that the server knows. It costs nothing but the seeding of
// companies that were not asked for anything yet: companies share their data with
// it until they are next asked for something.
func (s *Server) Snapshot() *Snapshot {
	s.world.Lock()
	defer s.world.Unlock()
	all := s.companies()
	w := s.record(all)
	for i, c := range all {
		_ = c.holds.Do(func(h *shelf) error {
			if h.state == nil {
				c.announce(c.open(h).due())
			}
			h.shared, w.companies[i].state = true, h.state
			return nil
		})
	}
	return &Snapshot{w}
}

// record is all that the server knows, but for the companies' states.
func (s *Server) record(all []*company) worldRecord {
	w := worldRecord{
		format: snapshotFormat, clock: s.clock.record(), start: *s.start.Load(),
		seed: s.made.seed, scale: s.made.scale,
		replies: s.replies.Load(), lastPlace: s.lastPlace.Load(),
	}
	for _, c := range all {
		r := companyRecord{account: c.account.Name, user: c.account.User, place: c.place, places: c.places}
		if c.clock != s.clock {
			r.clock = new(c.clock.record())
		}
		w.companies = append(w.companies, r)
	}
	s.keys.record(all, &w)
	return w
}

func (c *clock) record() clockRecord {
	c.mu.Lock()
	defer c.mu.Unlock()
	return clockRecord{c.read(), c.speed}
}

// record adds what the keyring knows of companies.
func (k *keyring) record(all []*company, w *worldRecord) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	w.oauth = k.random
	for i, c := range all {
		own := c.credentials().Bearer
		_, opens := k.bearer[own]
		w.companies[i].bearerEnded = own != "" && !opens
	}
	for value, t := range k.bearer {
		if slices.Contains(all, t.company) && value != t.company.credentials().Bearer {
			w.tokens = append(w.tokens, tokenRecord{value, t.company.account.Name, t.app})
		}
	}
	for value, g := range k.codes {
		if slices.Contains(all, g.token.company) {
			w.codes = append(w.codes, codeRecord{value, g.token.company.account.Name, g.token.app, g.redirect, g.expires})
		}
	}
	slices.SortFunc(w.tokens, func(a, b tokenRecord) int { return cmp.Compare(a.value, b.value) })
	slices.SortFunc(w.codes, func(a, b codeRecord) int { return cmp.Compare(a.value, b.value) })
}

// Restore brings everything to what a snapshot has: afterwards the server has its
// companies and no others, and reads its time. Faults and the journal stay. Requests
// under way are answered first, and what is about to be delivered is called back;
// requests that come meanwhile see all of it or nothing.
func (s *Server) Restore(n *Snapshot) {
	s.restore(n)
	_ = s.kept()
}

func (s *Server) restore(n *Snapshot) { s.replace(n, func() {}) }

// replace is restore that does something else meanwhile, while nobody looks.
func (s *Server) replace(n *Snapshot, meanwhile func()) {
	s.clock.advancing.Lock()
	defer s.clock.advancing.Unlock()
	defer s.pulse.beat()
	s.world.Lock()
	defer s.world.Unlock()
	s.courier.recall()
	defer s.courier.resume()
	s.recording.Lock()
	defer s.recording.Unlock()
	meanwhile()
	before := s.companies()
	w := &n.world
	s.clock.restart(w.clock.now, w.clock.speed)
	s.start.Store(&w.start)
	s.made = recipe{w.seed, w.scale}
	s.replies.Store(w.replies)
	s.lastPlace.Store(w.lastPlace)
	s.faults.forgetShadows()
	all := make([]*company, len(w.companies))
	for i, r := range w.companies {
		a := StandardAccount(r.account)
		a.User = r.user
		old := s.named(r.account)
		if old != nil {
			a = old.credentials()
		}
		c := s.found(a)
		if old != nil {
			c.faults, c.journal = old.faults, old.journal
		}
		c.take(r, w.clock)
		all[i] = c
	}
	s.all.Store(&all)
	s.keys.restore(s, w)
	s.keepAll(before)
	s.wake(s.clock)
}

// named is the company of an account that there is, or that New made; nil: neither.
func (s *Server) named(account string) *company {
	for _, c := range slices.Concat(s.companies(), s.first) {
		if c.account.Name == account {
			return c
		}
	}
	return nil
}

// take makes a new company what a record says.
func (c *company) take(r companyRecord, server clockRecord) {
	c.place, c.places = r.place, r.places
	now := server.now
	if r.clock != nil {
		c.clock, now = newClock(r.clock.now, r.clock.speed), r.clock.now
	}
	_ = c.holds.Do(func(h *shelf) error {
		*h = shelf{state: r.state, shared: true}
		due := r.state.due()
		for _, d := range r.state.deliveries.pending {
			if d.underway { // and nobody knows how it ended
				h.again, due = now, now
			}
		}
		c.seeded.Store(true)
		c.announce(due)
		return nil
	})
}

// sendAgain lets deliveries leave that were under way when the state was taken.
func (s *state) sendAgain(now time.Time) {
	t := &tx{state: s, now: now}
	for _, id := range slices.Sorted(maps.Keys(s.deliveries.pending)) {
		if d := s.deliveries.pending[id]; d.underway {
			d.underway = false
			t.after(0, actDeliver, id, int64(len(d.attempts)))
		}
	}
}

// restore makes the credentials of the companies, and the tokens and codes of w.
func (k *keyring) restore(s *Server, w *worldRecord) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cut(s)
	clear(k.codes)
	k.random = w.oauth
	for _, r := range w.companies {
		if r.bearerEnded {
			delete(k.bearer, s.named(r.account).credentials().Bearer)
		}
	}
	for _, t := range w.tokens {
		k.bearer[t.value] = token{s.named(t.account), t.app}
	}
	for _, g := range w.codes {
		k.codes[g.value] = grant{token{s.named(g.account), g.app}, g.redirect, g.expires}
	}
}

// Fork starts a server for a test that begins as this one is now, options and all,
// and goes its own way. It costs what Snapshot and RunT do.
func (s *Server) Fork(t TB) *Server {
	t.Helper()
	s.world.RLock()
	o := s.options
	s.world.RUnlock()
	o.Snapshot = s.Snapshot()
	return RunT(t, o)
}
