package fakeaircall

import (
	"errors"
	"maps"
	"slices"
	"time"
)

// Reset brings everything back to how New made it: the companies and no others, with their
// seeded data, the tokens, the clock as Options said, no traffic, nothing to be
// delivered, no faults, and an empty request log, whose count goes on. With the same seed and a clock that
// Options set the bytes are those of before. Requests under way are answered
// first; those that come meanwhile wait.
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
	s.start.Store(&start)
	s.made = s.options.recipe()
	for _, c := range s.first {
		_ = c.holds.Do(func(h *lazyState) error {
			*h = lazyState{stored: h.stored} // to be seeded again, as of now
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

// reset takes back the tokens that were bought, and revives those that were not.
func (k *keyring) reset(s *Server) {
	k.mu.Lock()
	defer k.mu.Unlock()
	fresh := newKeyring(s.options)
	k.codes, k.random = fresh.codes, fresh.random
	k.cut(s)
}

// cut makes the credentials that the companies begin with, and no others. k.mu is
// held, or nobody has k yet.
func (k *keyring) cut(s *Server) {
	clear(k.basic)
	clear(k.bearer)
	for _, c := range s.accounts() {
		k.add(c, s.options.Apps[0].ClientID)
	}
}

// forgetPast drops what companies were before their last writes.
func (x *faults) forgetPast() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.past = nil
}

func (x *faults) reset(o Options) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.rules, x.given, x.past = nil, 0, nil
	x.random = faultChance(o)
	x.live.Store(0)
}

// faultChance draws which requests a fault of some probability meets.
func faultChance(o Options) random { return random{uint64(o.Seed) ^ 'f'<<56} }

// Reseed gives a server that runs another world: what New would make of the Seed, Scale, Calls,
// Clock, Speed and Fixtures of o, which Reset makes again from then on. What was written since the
// start is gone, and so are accounts that were added; faults and the request log stay, as does
// all else of the Options. Accounts may have other credentials, as with SetCredentials; but for these Accounts, Apps,
// RateLimit and Assume must be those the server has. With an error nothing has changed; it is FixtureMistakes if
// something is wrong with these. A Store has the new world then.
func (s *Server) Reseed(o Options) error {
	o, err := o.complete()
	if err != nil {
		return err
	}
	s.world.RLock()
	next := s.options
	s.world.RUnlock()
	if what := next.fixed(o); what != "" {
		return errors.New("reseed: " + what + ", which a server that runs cannot take: stop it, and start it again")
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
		s.renew(next.Accounts)
		s.options.Seed, s.options.Scale, s.options.Calls = next.Seed, next.Scale, next.Calls
		s.options.Clock, s.options.Speed, s.options.Fixtures = next.Clock, next.Speed, next.Fixtures
		s.begins.Store(&next)
	})
	return s.kept()
}

// fixed is what o has other than the server, and must not; "": nothing.
func (is Options) fixed(o Options) string {
	switch {
	case !slices.EqualFunc(is.Accounts, o.Accounts, func(a, b Account) bool { return a.Name == b.Name }):
		return "the accounts are others, or in another order"
	case !slices.EqualFunc(is.Accounts, o.Accounts, func(a, b Account) bool { return a.User == b.User }):
		return "the user of an account is another"
	case !slices.EqualFunc(is.Apps, o.Apps, App.same):
		return "the apps, or the credentials of one, are others"
	case is.RateLimit != o.RateLimit:
		return "the rate limit is another"
	case !maps.Equal(is.Assume, o.Assume):
		return "what is assumed is something else"
	}
	return ""
}

func (a App) same(b App) bool {
	return a.Name == b.Name && a.ClientID == b.ClientID && a.ClientSecret == b.ClientSecret && slices.Equal(a.RedirectURIs, b.RedirectURIs)
}
