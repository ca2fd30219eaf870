package fakeaircall

import (
	"errors"
	"maps"
	"slices"
	"time"
)

// Reset restores the state that New made: the accounts with their seeded data, the tokens and the clock. It removes added
// accounts, traffic, deliveries, faults and the request log, whose count continues. A clock that Options set starts there
// again; without one it shows the real time, and the data is the same all the same: that of the start, only older. Running
// requests are answered first; new ones wait.
func (s *Server) Reset() {
	s.reset()
	_ = s.kept()
}

func (s *Server) reset() {
	s.clock.advancing.Lock()
	defer s.clock.advancing.Unlock()
	defer s.notifier.notify()
	s.world.Lock()
	defer s.world.Unlock()
	s.dispatcher.pause()
	defer s.dispatcher.resume()
	s.faults.reset(s.options)
	s.recording.Lock()
	defer s.recording.Unlock()
	before := s.accounts()
	s.clock.restart(s.options.Clock, s.options.Speed)
	start := s.clock.now()
	if s.options.Clock.IsZero() {
		start = s.born // the data is that of the start, and the clock shows the real time
	}
	s.start.Store(&start)
	s.made = recipe{s.options.Seed, s.options.Scale}
	for _, c := range s.first {
		_ = c.holds.Do(func(h *lazyState) error {
			*h = lazyState{stored: h.stored} // seeded again when it is used
			c.seeded.Store(false)
			c.announce(time.Time{})
			return nil
		})
	}
	s.all.Store(&s.first)
	s.lastPlace.Store(int64(len(s.first) - 1))
	s.keys.reset(s)
	s.replies.Store(0)
	s.requestLog.forget()
	s.storeAll(before)
	s.wake(s.clock)
}

// reset removes the tokens that OAuth gave, and restores those that were revoked.
func (k *keyring) reset(s *Server) {
	k.mu.Lock()
	defer k.mu.Unlock()
	fresh := newKeyring(s.options)
	k.codes, k.random = fresh.codes, fresh.random
	k.cut(s)
}

// cut replaces all credentials by those that the accounts begin with. k.mu is held, or nothing else uses k yet.
func (k *keyring) cut(s *Server) {
	clear(k.basic)
	clear(k.bearer)
	for _, c := range s.accounts() {
		k.add(c, s.options.Apps[0].ClientID)
	}
}

func (x *faults) reset(o Options) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.rules, x.given = nil, 0
	x.random = faultChance(o)
}

// faultChance is the source of chance for faults with a probability.
func faultChance(o Options) random { return random{uint64(o.Seed) ^ 'f'<<56} }

// Reseed gives a running server the data that New would make from the Seed, Scale, Calls, Clock, Speed and Fixtures of o.
// Reset uses these options from then on. All changes since the start are lost, and so are added accounts; faults, the
// request log and all other options stay. Accounts may have other credentials, as with SetCredentials; apart from that,
// Accounts, Apps, RateLimit and Assume must be those of the server. With an error nothing has changed; it is
// FixtureMistakes if Fixtures are wrong. A Store gets the new state.
func (s *Server) Reseed(o Options) error {
	o, err := o.complete()
	if err != nil {
		return err
	}
	s.world.RLock()
	next := s.options
	s.world.RUnlock()
	if what := next.fixed(o); what != "" {
		return errors.New("reseed: " + what + ": a running server cannot change this; stop it, and start it again")
	}
	next.Seed, next.Scale, next.Calls, next.Clock, next.Speed, next.Fixtures = o.Seed, o.Scale, o.Calls, o.Clock, o.Speed, o.Fixtures
	next.Accounts = o.Accounts
	world := next
	world.Snapshot, world.Store, world.Wrap, world.Control = nil, nil, nil, nil
	other, err := New(world)
	if err != nil {
		return err
	}
	defer other.Close()
	s.replace(other.Snapshot(), func() {
		s.born = other.born
		s.renew(next.Accounts)
		s.options.Seed, s.options.Scale, s.options.Calls = next.Seed, next.Scale, next.Calls
		s.options.Clock, s.options.Speed, s.options.Fixtures = next.Clock, next.Speed, next.Fixtures
		s.begins.Store(&next)
	})
	return s.kept()
}

// fixed returns what differs in o and cannot change in a running server; "": nothing.
func (is Options) fixed(o Options) string {
	switch {
	case !slices.EqualFunc(is.Accounts, o.Accounts, func(a, b Account) bool { return a.Name == b.Name }):
		return "the accounts differ, or their order"
	case !slices.EqualFunc(is.Accounts, o.Accounts, func(a, b Account) bool { return a.User == b.User }):
		return "the user of an account differs"
	case !slices.EqualFunc(is.Apps, o.Apps, App.same):
		return "the apps differ, or the credentials of one"
	case is.RateLimit != o.RateLimit:
		return "the rate limit differs"
	case !maps.Equal(is.Assume, o.Assume), !maps.EqualFunc(is.AssumeFor, o.AssumeFor, maps.Equal[map[string]string, map[string]string]):
		return "what is assumed differs"
	}
	return ""
}

func (a App) same(b App) bool {
	return a.Name == b.Name && a.ClientID == b.ClientID && a.ClientSecret == b.ClientSecret && slices.Equal(a.RedirectURIs, b.RedirectURIs)
}
