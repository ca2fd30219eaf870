package fakeaircall

import (
	"errors"
	"maps"
	"net/http"
	"slices"
)

// Reseed gives a server that runs another world: what New would make of the Seed, Scale, Calls,
// Clock, Speed and Fixtures of o, which Reset makes again from then on. What was written since the
// start is gone, and so are accounts that were added; faults and the journal stay, as does
// all else of the Options. Accounts, Apps, RateLimit and Assume must be those the server has:
// clients have the credentials. With an error nothing has changed; it is FixtureMistakes if
// something is wrong with these. A server with a Store keeps what that has, and refuses.
func (s *Server) Reseed(o Options) error {
	if s.keeper != nil {
		return errors.New("reseed: the server has a store, whose data is not made again: take another store")
	}
	o, err := o.complete()
	if err != nil {
		return err
	}
	if what := s.fixed(o); what != "" {
		return errors.New("reseed: " + what + " changed, which a server that runs cannot take: start it again")
	}
	next := s.options
	next.Seed, next.Scale, next.Calls, next.Clock, next.Speed, next.Fixtures = o.Seed, o.Scale, o.Calls, o.Clock, o.Speed, o.Fixtures
	world := next
	world.Snapshot, world.Wrap, world.Metrics, world.Control, world.ControlPage = nil, nil, http.Handler(nil), false, nil
	other, err := New(world)
	if err != nil {
		return err
	}
	defer other.Close()
	made := other.Snapshot()
	s.world.Lock()
	s.options.Seed, s.options.Scale, s.options.Calls = next.Seed, next.Scale, next.Calls
	s.options.Clock, s.options.Speed, s.options.Fixtures = next.Clock, next.Speed, next.Fixtures
	s.begins.Store(&next)
	s.world.Unlock()
	s.Restore(made)
	return nil
}

// fixed is what o has other than the server, and must not; "": nothing.
func (s *Server) fixed(o Options) string {
	is := s.options
	switch {
	case !slices.Equal(is.Accounts, o.Accounts):
		return "the accounts, or the credentials of one,"
	case !slices.EqualFunc(is.Apps, o.Apps, App.same):
		return "the apps, or the credentials of one,"
	case is.RateLimit != o.RateLimit:
		return "the rate limit"
	case !maps.Equal(is.Assume, o.Assume):
		return "what is assumed"
	}
	return ""
}

func (a App) same(b App) bool {
	return a.Name == b.Name && a.ClientID == b.ClientID && a.ClientSecret == b.ClientSecret && slices.Equal(a.RedirectURIs, b.RedirectURIs)
}
