package fakeaircall

import (
	"cmp"
	"slices"
	"time"
)

// A Snapshot is all that a server knows at one instant: its companies with their
// data, ids, timers, webhooks and what waits to be delivered, the windows of the rate
// limit, tokens, and the clock. Faults and the journal are not in it, nor are the
// credentials of accounts. It does not change, and may be restored any number of
// times, by several servers at once.
type Snapshot struct{ world worldRecord }

// The records of a snapshot, beside those of the tables.
type (
	worldRecord struct {
		Format    int             `json:"format,omitzero"`
		Clock     clockRecord     `json:"clock,omitzero"`
		Start     time.Time       `json:"start,omitzero"` // of the companies' lives
		Seed      int64           `json:"seed,omitzero"`  // of the data, as is the scale; 0: not known
		Scale     Scale           `json:"scale,omitzero"`
		Replies   uint64          `json:"replies,omitzero"`
		LastPlace int64           `json:"last_place,omitzero"`
		Codes     []codeRecord    `json:"codes,omitzero"`
		Tokens    []tokenRecord   `json:"tokens,omitzero"`
		Oauth     random          `json:"oauth,omitzero"`
		Companies []companyRecord `json:"companies,omitzero"`
	}
	clockRecord struct {
		Now   time.Time `json:"now,omitzero"`
		Speed float64   `json:"speed,omitzero"`
	}
	companyRecord struct {
		Account     string       `json:"account,omitzero"`
		User        string       `json:"user,omitzero"` // e-mail of the first
		Place       int64        `json:"place,omitzero"`
		Places      int64        `json:"places,omitzero"`
		Clock       *clockRecord `json:"clock,omitzero"`        // its own; nil: the server's
		BearerEnded bool         `json:"bearer_ended,omitzero"` // the account's own token opens it no more
		State       *state       `json:"state,omitzero"`
	}
	tokenRecord struct {
		Value   string `json:"value,omitzero"`
		Account string `json:"account,omitzero"`
		App     string `json:"app,omitzero"`
	}
	codeRecord struct {
		Value    string    `json:"value,omitzero"`
		Account  string    `json:"account,omitzero"`
		App      string    `json:"app,omitzero"`
		Redirect string    `json:"redirect,omitzero"`
		Expires  time.Time `json:"expires,omitzero"`
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
		_ = c.holds.Do(func(h *lazyState) error {
			if h.state == nil {
				c.announce(c.open(h).due())
			}
			h.shared, w.Companies[i].State = true, h.state
			return nil
		})
	}
	return &Snapshot{w}
}

// record is all that the server knows, but for the companies' states.
func (s *Server) record(all []*company) worldRecord {
	w := worldRecord{
		Format: snapshotFormat, Clock: s.clock.record(), Start: *s.start.Load(),
		Seed: s.made.seed, Scale: s.made.scale,
		Replies: s.replies.Load(), LastPlace: s.lastPlace.Load(),
	}
	for _, c := range all {
		r := companyRecord{Account: c.account.Name, User: c.account.User, Place: c.place, Places: c.places}
		if c.clock != s.clock {
			r.Clock = new(c.clock.record())
		}
		w.Companies = append(w.Companies, r)
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
	w.Oauth = k.random
	for i, c := range all {
		own := c.credentials().Bearer
		_, opens := k.bearer[own]
		w.Companies[i].BearerEnded = own != "" && !opens
	}
	for value, t := range k.bearer {
		if slices.Contains(all, t.company) && value != t.company.credentials().Bearer {
			w.Tokens = append(w.Tokens, tokenRecord{value, t.company.account.Name, t.app})
		}
	}
	for value, g := range k.codes {
		if slices.Contains(all, g.token.company) {
			w.Codes = append(w.Codes, codeRecord{value, g.token.company.account.Name, g.token.app, g.redirect, g.expires})
		}
	}
	slices.SortFunc(w.Tokens, func(a, b tokenRecord) int { return cmp.Compare(a.Value, b.Value) })
	slices.SortFunc(w.Codes, func(a, b codeRecord) int { return cmp.Compare(a.Value, b.Value) })
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
	s.clock.restart(w.Clock.Now, w.Clock.Speed)
	s.start.Store(&w.Start)
	s.made = recipe{w.Seed, w.Scale}
	s.replies.Store(w.Replies)
	s.lastPlace.Store(w.LastPlace)
	s.faults.forgetPast()
	all := make([]*company, len(w.Companies))
	for i, r := range w.Companies {
		a := usualAccount(r.Account)
		a.User = r.User
		old := s.named(r.Account)
		if old != nil {
			a = old.credentials()
		}
		c := s.found(a)
		if old != nil {
			c.faults, c.journal = old.faults, old.journal
		}
		c.take(r, w.Clock)
		all[i] = c
	}
	s.all.Store(&all)
	s.keys.restore(s, w)
	s.storeAll(before)
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
	c.place, c.places = r.Place, r.Places
	now := server.Now
	if r.Clock != nil {
		c.clock, now = newClock(r.Clock.Now, r.Clock.Speed), r.Clock.Now
	}
	_ = c.holds.Do(func(h *lazyState) error {
		*h = lazyState{state: r.State, shared: true}
		due := r.State.due()
		for _, d := range r.State.deliveries.pending.order {
			if d.Underway { // and nobody knows how it ended
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
	for _, d := range s.deliveries.pending.order {
		if d.Underway {
			s.deliveries.pending.update(d, func() { d.Underway = false })
			t.after(0, actDeliver, d.ID, int64(len(d.Attempts)))
		}
	}
}

// restore makes the credentials of the companies, and the tokens and codes of w.
func (k *keyring) restore(s *Server, w *worldRecord) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cut(s)
	clear(k.codes)
	k.random = w.Oauth
	for _, r := range w.Companies {
		if r.BearerEnded {
			delete(k.bearer, s.named(r.Account).credentials().Bearer)
		}
	}
	for _, t := range w.Tokens {
		k.bearer[t.Value] = token{s.named(t.Account), t.App}
	}
	for _, g := range w.Codes {
		k.codes[g.Value] = grant{token{s.named(g.Account), g.App}, g.Redirect, g.Expires}
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
