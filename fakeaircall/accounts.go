package fakeaircall

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	maxAccounts  = 5_000 // companies of a server
	maxTemplates = 16    // seeded companies that new accounts are copied from
)

// AccountOptions say what an account is that a running server gets. The zero value
// has a name of its own and little data.
type AccountOptions struct {
	// Name is 1 to 40 small letters, digits and dashes; "" makes one up.
	Name string

	// Scale is how much data it has; "" means ScaleSmall.
	Scale Scale

	// Seed decides the data; 0 means the server's. Accounts of one seed and scale
	// have the same data, ids included, and share nothing.
	Seed int64
}

// NewAccount makes an account for a test and removes it when the test ends, so that
// tests can share a server and run in parallel.
func (s *Server) NewAccount(t TB) AccountHandle {
	t.Helper()
	a, err := s.AddAccount(AccountOptions{})
	if err != nil {
		t.Fatalf("fakeaircall: %v", err)
	}
	t.Cleanup(func() {
		if err := s.RemoveAccount(a.Name); err != nil {
			t.Errorf("fakeaircall: %v", err)
		}
	})
	return a
}

// AddAccount makes an account: a company with data, rate limit, faults, request log
// and clock of its own, which Server.Advance does not move. Its credentials are fake-NAME-id, fake-NAME-token and
// fake-NAME-bearer. The data is there once it is first asked for something. Its error
// is a *Refusal.
func (s *Server) AddAccount(o AccountOptions) (AccountHandle, error) {
	a, err := s.addAccount(o)
	if err == nil {
		err = s.kept()
	}
	return a, err
}

func (s *Server) addAccount(o AccountOptions) (AccountHandle, error) {
	if o.Scale == "" {
		o.Scale = ScaleSmall
	}
	switch {
	case !slices.Contains(Scales(), o.Scale):
		return AccountHandle{}, mistaken("scale %.60q is none of %v", o.Scale, Scales())
	case o.Name != "" && !isAccountName(o.Name):
		return AccountHandle{}, mistaken("%.60q is no name for an account: give 1 to 40 small letters, digits and dashes", o.Name)
	}
	defer s.notifier.notify()
	s.world.RLock()
	defer s.world.RUnlock()
	if o.Seed == 0 {
		o.Seed = s.options.Seed
	}
	s.founding.Lock()
	defer s.founding.Unlock()
	all := s.accounts()
	if len(all) >= maxAccounts {
		return AccountHandle{}, conflict("there are %d accounts already: remove one", maxAccounts)
	}
	place := s.lastPlace.Add(1)
	if o.Name == "" {
		o.Name = fmt.Sprintf("account-%d", place)
	}
	if s.named(o.Name) != nil {
		return AccountHandle{}, conflict("there is an account %q already", o.Name)
	}
	c := s.newAccount(StandardAccount(o.Name))
	c.clock = newClock(s.clock.now(), s.clock.rate())
	c.place, c.places = place, int64(len(s.first))
	c.faults = &faults{of: o.Name, random: faultChance(s.options)}
	c.requestLog = newRequestLog(s.options.Journal)
	c.seed = func() *state { return s.templates.state(s, o).forAccount(c.Account) }
	s.recording.Lock()
	defer s.recording.Unlock()
	grown := append(slices.Clone(all), c)
	s.all.Store(&grown)
	s.keys.mu.Lock()
	s.keys.add(c, s.options.Apps[0].ClientID)
	s.keys.mu.Unlock()
	if s.persister != nil {
		c.storeIn(s.persister)
	}
	return AccountHandle{c.Account, s}, nil
}

func isAccountName(name string) bool {
	return len(name) <= 40 && hostLabel(name) == name
}

// RemoveAccount takes an account away that was added: its credentials open nothing
// any more, and what waits to be delivered is dropped. Its error is a *Refusal.
func (s *Server) RemoveAccount(name string) error {
	if err := s.removeAccount(name); err != nil {
		return err
	}
	return s.kept()
}

func (s *Server) removeAccount(name string) error {
	defer s.notifier.notify()
	s.world.RLock()
	defer s.world.RUnlock()
	s.founding.Lock()
	defer s.founding.Unlock()
	c, err := s.account(name)
	switch {
	case err != nil:
		return err
	case c.place < c.places:
		return conflict("account %q was there when the server began, and stays", c.Account.Name)
	}
	s.recording.Lock()
	defer s.recording.Unlock()
	left := slices.DeleteFunc(slices.Clone(s.accounts()), func(o *account) bool { return o == c })
	s.all.Store(&left)
	s.keys.remove(c)
	s.dispatcher.removeAccount(c)
	if s.persister != nil {
		_ = c.holds.Do(func(h *lazyState) error {
			h.stored = false
			return nil
		})
		s.persister.drop(c.Account.Name)
	}
	return nil
}

// remove takes all away that opens a company.
func (k *keyring) remove(c *account) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for pair, of := range k.basic {
		if of == c {
			delete(k.basic, pair)
		}
	}
	for value, t := range k.bearer {
		if t.account == c {
			delete(k.bearer, value)
		}
	}
	for value, g := range k.codes {
		if g.token.account == c {
			delete(k.codes, value)
		}
	}
}

// templates are seeded companies that accounts begin as copies of.
type templates struct {
	mu   sync.Mutex
	made map[templateKey]*state
}

type templateKey struct {
	scale Scale
	seed  int64
	start time.Time
}

const templateName = "template"

// state is a copy of a template, which is seeded when it is first asked for.
func (x *templates) state(s *Server, o AccountOptions) *state {
	x.mu.Lock()
	defer x.mu.Unlock()
	key := templateKey{o.Scale, o.Seed, *s.start.Load()}
	made, ok := x.made[key]
	if !ok {
		if x.made == nil || len(x.made) >= maxTemplates {
			x.made = make(map[templateKey]*state)
		}
		of := *s.begins.Load()
		of.Scale, of.Seed, of.Calls, of.Fixtures = o.Scale, o.Seed, 0, nil
		made = seedAccount(StandardAccount(templateName), of, 0, key.start)
		x.made[key] = made
	}
	return made.copy()
}

// forAccount gives a copy of a template the user that the account names.
func (s *state) forAccount(a Account) *state {
	for _, u := range s.users.order {
		if u.Email == ownerEmail(templateName) {
			u.Email = a.User
		}
		u.Email = strings.Replace(u.Email, "@"+templateName+".", "@"+hostLabel(a.Name)+".", 1)
	}
	return s
}
