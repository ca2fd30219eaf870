package fakeaircall

import (
	"errors"
	"maps"
	"slices"
)

// Reseed gives a server that runs another world: what New would make of the Seed, Scale, Calls,
// Clock, Speed and Fixtures of o, which Reset makes again from then on. What was written since the
// start is gone, and so are accounts that were added; faults and the journal stay, as does
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
