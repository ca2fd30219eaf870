package fakeaircall

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const maxAccounts = 5_000 // of a server

// AccountOptions are the options of an account that is added to a running server. The zero value makes up a name and
// has little data.
type AccountOptions struct {
	// Name is 1 to 40 lowercase letters, digits and dashes; "" makes one up.
	Name string

	// Scale is how much data the account has; "" means ScaleSmall.
	Scale Scale

	// Seed decides the data; 0 means the server's. Accounts with the same seed and scale have the same data,
	// including ids, and share nothing.
	Seed int64
}

// NewAccount adds an account for a test and removes it when the test ends, so that tests can share a server and run in
// parallel.
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

// AddAccount adds an account with its own data, rate limit, faults, request log and clock, which Server.Advance does
// not move. Its credentials are fake-NAME-id, fake-NAME-token and fake-NAME-bearer. The data is made when the account
// is first used. Its error is a *Refusal.
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
		return AccountHandle{}, mistaken("scale %.60q is not one of %v", o.Scale, Scales())
	case o.Name != "" && !isAccountName(o.Name):
		return AccountHandle{}, mistaken("%.60q is not a name for an account: give 1 to 40 lowercase letters, digits and dashes", o.Name)
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
		return AccountHandle{}, conflict("there is an account %.60q already", o.Name)
	}
	c := s.newAccount(StandardAccount(o.Name))
	c.clock = newClock(s.clock.now(), s.clock.rate())
	c.place, c.places = place, int64(len(s.first))
	c.faults = &faults{of: o.Name, random: faultChance(s.options)}
	c.requestLog = newRequestLog(s.options.RequestLog)
	c.seed = func() *state { return s.seedAdded(c.Account, o) }
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

// RemoveAccount removes an account that was added: its credentials become unknown, and its pending deliveries are
// dropped. Its error is a *Refusal.
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
		return conflict("account %.60q was there when the server began, and stays", c.Account.Name)
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

// remove removes the credentials, tokens and codes of an account.
func (k *keyring) remove(c *account) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.DeleteFunc(k.basic, func(_ string, of *account) bool { return of == c })
	maps.DeleteFunc(k.bearer, func(_ string, t token) bool { return t.account == c })
	maps.DeleteFunc(k.codes, func(_ string, g grant) bool { return g.token.account == c })
}

// seedAdded makes the data of an added account. The name of an account has a part in the data, so the data is that of
// an account with a fixed name, whose users then get the addresses of this one.
func (s *Server) seedAdded(a Account, o AccountOptions) *state {
	const template = "template"
	of := *s.begins.Load()
	of.Scale, of.Seed, of.Calls, of.Fixtures = o.Scale, o.Seed, 0, nil
	st := seedAccount(StandardAccount(template), of, 0, *s.start.Load())
	for _, u := range st.users.order {
		if u.Email == ownerEmail(template) {
			u.Email = a.User
		}
		u.Email = strings.Replace(u.Email, "@"+template+".", "@"+hostLabel(a.Name)+".", 1)
	}
	return st
}
