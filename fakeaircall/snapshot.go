package fakeaircall

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// A Snapshot is all that a server knows at one instant: its companies with their
// data, ids, timers, webhooks and what waits to be delivered, the windows of the rate
// limit, tokens, and the clock. Faults and the request log are not in it, nor are the
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
		Accounts  []accountRecord `json:"companies,omitzero"`
	}
	clockRecord struct {
		Now   time.Time `json:"now,omitzero"`
		Speed float64   `json:"speed,omitzero"`
	}
	accountRecord struct {
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

// record is all that the server knows, but for the companies' states.
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

// record adds what the keyring knows of companies.
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

// Restore brings everything to what a snapshot has: afterwards the server has its
// companies and no others, and reads its time. Faults and the request log stay. Requests
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

// named is the company of an account that there is, or that New made; nil: neither.
func (s *Server) named(account string) *account {
	for _, c := range slices.Concat(s.accounts(), s.first) {
		if c.Account.Name == account {
			return c
		}
	}
	return nil
}

// take makes a new company what a record says.
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

// snapshotFormat is the version of a snapshot's text, and of the records of a Store.
// Formats before it cannot be read.
const snapshotFormat = 3

// text is the snapshot with an entity on each line, so that two of them can be
// compared line by line: the same state gives the same text.
func (s *Snapshot) text() []byte {
	w := s.world
	w.Accounts = nil
	b := openObject(nil, w, `"companies":[`)
	for i, c := range s.world.Accounts {
		state := c.State
		c.State = nil
		if i > 0 {
			b = append(b, ',')
		}
		b = append(state.appendText(append(openObject(append(b, '\n'), c, `"state":`), '\n')), '}')
	}
	return append(b, "\n]}\n"...)
}

// openObject writes a struct as an object that goes on with a member.
func openObject(b []byte, v any, member string) []byte {
	return append(append(bytes.TrimSuffix(append(b, encode(v)...), []byte("}")), ','), member...)
}

// appendText writes a state as an object of values and tables.
func (s *state) appendText(b []byte) []byte {
	b = append(b, '{')
	comma := ""
	eachValue(s.values(), func(name string, data []byte) {
		b = fmt.Appendf(b, "%s\n%q:%s", comma, name, data)
		comma = ","
	})
	for _, t := range s.tables() {
		between := ""
		t.each(func(_ int64, v any) {
			if between == "" {
				b = fmt.Appendf(b, "%s\n%q:[", comma, t.name)
				comma = ","
			}
			b = append(append(append(b, between...), '\n'), encode(v)...)
			between = ","
		})
		if between != "" {
			b = append(b, "\n]"...)
		}
	}
	return append(b, "\n}"...)
}

// UnmarshalJSON reads what appendText wrote. Its error says where what is wrong.
func (s *state) UnmarshalJSON(data []byte) error {
	*s = newState("", 0)
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	for _, t := range s.tables() {
		var entities []json.RawMessage
		if part, ok := parts[t.name]; ok {
			if err := json.Unmarshal(part, &entities); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
		for i, e := range entities {
			if err := t.read(e); err != nil {
				return fmt.Errorf("%s[%d]: %w", t.name, i, err)
			}
		}
		delete(parts, t.name)
	}
	for name, part := range parts {
		if err := readValue(s.values(), name, part); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	s.ready()
	return nil
}

// ready makes what is not stored.
func (s *state) ready() {
	for _, t := range s.tables() {
		t.ready()
	}
}

// MarshalJSON is the snapshot as ParseSnapshot reads it.
func (s *Snapshot) MarshalJSON() ([]byte, error) { return s.text(), nil }

// WriteTo writes the snapshot as JSON, an entity a line.
func (s *Snapshot) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(s.text())
	return int64(n), err
}

// ParseSnapshot reads what MarshalJSON or WriteTo gave. It refuses what a newer
// version of the package wrote, and what does not hold together; its error says where.
func ParseSnapshot(data []byte) (*Snapshot, error) {
	if err := formatOf(data); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	s := new(Snapshot)
	if err := s.world.read(data); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	if err := s.world.complete(); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return s, nil
}

func (w *worldRecord) read(data []byte) error {
	var text struct {
		worldRecord
		Accounts []json.RawMessage `json:"companies"`
	}
	if err := readJSON(data, &text); err != nil {
		return err
	}
	*w = text.worldRecord
	for i, data := range text.Accounts {
		var c accountRecord
		if err := readJSON(data, &c); err != nil {
			return fmt.Errorf("companies[%d]: %w", i, err)
		}
		w.Accounts = append(w.Accounts, c)
	}
	return nil
}

// formatOf refuses what is no snapshot, or one of a format that is not known.
func formatOf(data []byte) error {
	var head struct{ Format *int64 }
	err := json.Unmarshal(data, &head)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("line %d: %w: it is cut off or damaged", 1+bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n")), err)
	}
	switch {
	case err != nil || head.Format == nil:
		return errors.New(`this is no snapshot: it is to be a JSON object with a "format"`)
	case *head.Format > snapshotFormat:
		return fmt.Errorf("its format is %d, and %d is the newest that this program reads: read it with the program that wrote it, or a newer one", *head.Format, snapshotFormat)
	case *head.Format < snapshotFormat:
		return fmt.Errorf("its format is %d, and this program reads %d only: take a new snapshot", *head.Format, snapshotFormat)
	}
	return nil
}

// complete refuses what no server could have written: nothing that is read may be able to break one.
func (w *worldRecord) complete() error {
	if !w.Clock.reads() {
		return fmt.Errorf("clock: it needs now and a speed of 0 to %d", MaxSpeed)
	}
	if len(w.Accounts) == 0 || len(w.Accounts) > maxAccounts {
		return fmt.Errorf("companies: %d are given, there are to be 1 to %d", len(w.Accounts), maxAccounts)
	}
	accounts, places := make(map[string]bool), make(map[int64]bool)
	for i := range w.Accounts {
		c := &w.Accounts[i]
		path := fmt.Sprintf("companies[%d]", i)
		switch {
		case c.Account == "" || accounts[c.Account]:
			return fmt.Errorf("%s: its account %q is another's, or none", path, c.Account)
		case c.Place < 0 || c.Place > w.LastPlace || c.Places < 1 || places[c.Place]:
			return fmt.Errorf("%s: its place %d of %d is another's, or none", path, c.Place, c.Places)
		case c.Clock != nil && !c.Clock.reads():
			return fmt.Errorf("%s.clock: it needs now and a speed of 0 to %d", path, MaxSpeed)
		case c.State == nil:
			return fmt.Errorf("%s: it has no state", path)
		}
		accounts[c.Account], places[c.Place] = true, true
		if err := c.State.complete(); err != nil {
			return fmt.Errorf("%s.state.%w", path, err)
		}
	}
	for _, t := range w.Tokens {
		if !accounts[t.Account] || t.Value == "" {
			return fmt.Errorf("tokens: one is of account %q, which is not there", t.Account)
		}
	}
	for _, g := range w.Codes {
		if !accounts[g.Account] || g.Value == "" {
			return fmt.Errorf("codes: one is of account %q, which is not there", g.Account)
		}
	}
	return nil
}

// reads says that a clock can be set so.
func (c clockRecord) reads() bool { return !c.Now.IsZero() && c.Speed >= 0 && c.Speed <= MaxSpeed }

// complete refuses what no server could have written.
func (s *state) complete() error {
	for _, c := range s.dialing.campaigns.order {
		if c.Waiting == nil {
			return fmt.Errorf("dialing.campaigns: nothing says who waits in that of user %d", c.User)
		}
	}
	for _, m := range s.schedule.timers.order {
		if err := m.check(); err != nil {
			return fmt.Errorf("schedule.timers: %w", err)
		}
	}
	for _, c := range s.calls.order {
		if c.Started == 0 || c.Ended != 0 && c.Ended < c.Started {
			return fmt.Errorf("calls: call %d ends at %d, and starts at %d", c.ID, c.Ended, c.Started)
		}
	}
	if strings.TrimSpace(s.name) == "" {
		return errors.New("name: a company has one")
	}
	return nil
}
