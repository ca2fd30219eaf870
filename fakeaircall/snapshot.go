package fakeaircall

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// A Snapshot is the state of a server at one instant: its accounts with their data, ids, timers, webhooks and pending
// deliveries, rate-limit windows, tokens, and the clock. It does not contain faults, the request log, and the
// credentials of accounts. It does not change, and can be restored any number of times, by several servers at once.
type Snapshot struct{ world worldRecord }

// Snapshot takes a snapshot. Its only cost is to seed accounts that were not used yet: an account shares its data with
// the snapshot until its next request.
func (s *Server) Snapshot() *Snapshot {
	s.world.Lock()
	defer s.world.Unlock()
	all := s.accounts()
	w := s.record(all)
	for i, c := range all {
		_ = c.holds.Do(func(h *lazyState) error {
			if h.state == nil {
				c.announce(c.open(h).due())
			}
			h.shared, w.Accounts[i].State = true, h.state
			return nil
		})
	}
	return &Snapshot{w}
}

// record returns the records of the server without the states of the accounts.
func (s *Server) record(all []*account) worldRecord {
	w := worldRecord{
		Format: snapshotFormat, Clock: s.clock.record(), Start: *s.start.Load(),
		Seed: s.made.seed, Scale: s.made.scale,
		Replies: s.replies.Load(), LastPlace: s.lastPlace.Load(),
	}
	for _, c := range all {
		r := accountRecord{Account: c.Account.Name, User: c.Account.User, Place: c.place, Places: c.places}
		if c.clock != s.clock {
			r.Clock = new(c.clock.record())
		}
		w.Accounts = append(w.Accounts, r)
	}
	s.keys.record(all, &w)
	return w
}

func (c *clock) record() clockRecord {
	c.mu.Lock()
	defer c.mu.Unlock()
	return clockRecord{c.read(), c.speed}
}

// record adds the tokens and codes of accounts.
func (k *keyring) record(all []*account, w *worldRecord) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	w.Oauth = k.random
	for i, c := range all {
		own := c.credentials().Bearer
		_, opens := k.bearer[own]
		w.Accounts[i].BearerEnded = own != "" && !opens
	}
	for value, t := range k.bearer {
		if slices.Contains(all, t.account) && value != t.account.credentials().Bearer {
			w.Tokens = append(w.Tokens, tokenRecord{value, t.account.Account.Name, t.app})
		}
	}
	for value, g := range k.codes {
		if slices.Contains(all, g.token.account) {
			w.Codes = append(w.Codes, codeRecord{value, g.token.account.Account.Name, g.token.app, g.redirect, g.expires})
		}
	}
	slices.SortFunc(w.Tokens, func(a, b tokenRecord) int { return cmp.Compare(a.Value, b.Value) })
	slices.SortFunc(w.Codes, func(a, b codeRecord) int { return cmp.Compare(a.Value, b.Value) })
}

// Restore replaces the state of the server by a snapshot: its accounts, and its time. Faults and the request log stay.
// Running requests are answered first, and deliveries under way are canceled; new requests see either all of it or
// nothing.
func (s *Server) Restore(n *Snapshot) {
	s.replace(n, func() {})
	_ = s.kept()
}

// replace restores a snapshot. It calls meanwhile while nothing else uses the server.
func (s *Server) replace(n *Snapshot, meanwhile func()) {
	s.clock.advancing.Lock()
	defer s.clock.advancing.Unlock()
	defer s.notifier.notify()
	s.world.Lock()
	defer s.world.Unlock()
	s.dispatcher.pause()
	defer s.dispatcher.resume()
	s.recording.Lock()
	defer s.recording.Unlock()
	meanwhile()
	before := s.accounts()
	w := &n.world
	s.clock.restart(w.Clock.Now, w.Clock.Speed)
	s.start.Store(&w.Start)
	s.made = recipe{w.Seed, w.Scale}
	s.replies.Store(w.Replies)
	s.lastPlace.Store(w.LastPlace)
	all := make([]*account, len(w.Accounts))
	for i, r := range w.Accounts {
		a := StandardAccount(r.Account)
		a.User = r.User
		old := s.named(r.Account)
		if old != nil {
			a = old.credentials()
		}
		c := s.newAccount(a)
		if old != nil {
			c.faults, c.requestLog = old.faults, old.requestLog
		}
		c.take(r, w.Clock)
		all[i] = c
	}
	s.all.Store(&all)
	s.keys.restore(s, w)
	s.storeAll(before)
	s.wake(s.clock)
}

// named returns the account with a name, also one that New made and that is gone; nil: none.
func (s *Server) named(account string) *account {
	for _, c := range slices.Concat(s.accounts(), s.first) {
		if c.Account.Name == account {
			return c
		}
	}
	return nil
}

// take sets a new account to the contents of a record.
func (c *account) take(r accountRecord, server clockRecord) {
	c.place, c.places = r.Place, r.Places
	now := server.Now
	if r.Clock != nil {
		c.clock, now = newClock(r.Clock.Now, r.Clock.Speed), r.Clock.Now
	}
	_ = c.holds.Do(func(h *lazyState) error {
		*h = lazyState{state: r.State, shared: true}
		due := r.State.due()
		for _, d := range r.State.deliveries.pending.order {
			if d.Underway { // its result is not known
				h.again, due = now, now
			}
		}
		c.seeded.Store(true)
		c.announce(due)
		return nil
	})
}

// sendAgain sends deliveries again that were under way when the state was taken.
func (s *state) sendAgain(now time.Time) {
	t := &tx{state: s, now: now}
	for _, d := range s.deliveries.pending.order {
		if d.Underway {
			s.deliveries.pending.update(d, func() { d.Underway = false })
			t.after(0, actDeliver, d.ID, int64(len(d.Attempts)))
		}
	}
}

// restore sets the credentials of the accounts, and the tokens and codes of w.
func (k *keyring) restore(s *Server, w *worldRecord) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cut(s)
	clear(k.codes)
	k.random = w.Oauth
	for _, r := range w.Accounts {
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

// Fork starts a server for a test with the state and options of this one. It is independent of this one, and costs what
// Snapshot and RunT do.
func (s *Server) Fork(t TB) *Server {
	t.Helper()
	s.world.RLock()
	o := s.options
	s.world.RUnlock()
	o.Snapshot = s.Snapshot()
	return RunT(t, o)
}

// text returns the snapshot as a JSON object with a record on each line, so that snapshots can be compared line by
// line: the same state gives the same text.
func (s *Snapshot) text() []byte {
	b := []byte("{")
	between := ""
	s.world.eachRecord(func(key string, data []byte) {
		b = append(append(append(append(b, between...), "\n\""...), key...), "\":"...) // keys need no escapes
		b = append(b, data...)
		between = ","
	})
	return append(b, "\n}\n"...)
}

// MarshalJSON returns the snapshot in the form that ParseSnapshot reads.
func (s *Snapshot) MarshalJSON() ([]byte, error) { return s.text(), nil }

// WriteTo writes the snapshot as JSON, one record per line.
func (s *Snapshot) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(s.text())
	return int64(n), err
}

// ParseSnapshot reads the output of MarshalJSON or WriteTo. It refuses a snapshot of another format, and one that no
// server could have written; its error names the record.
func ParseSnapshot(data []byte) (*Snapshot, error) {
	var all map[string]json.RawMessage
	err := json.Unmarshal(data, &all)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return nil, fmt.Errorf("snapshot: line %d: %w: it is cut off or damaged", line, err)
	}
	if _, ok := all["format"]; err != nil || !ok {
		return nil, errors.New(`snapshot: this is not a snapshot: it must be a JSON object with a "format"`)
	}
	records := make(map[string][]byte, len(all))
	for key, record := range all {
		records[key] = record
	}
	w, err := readWorld(records)
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return &Snapshot{*w}, nil
}
