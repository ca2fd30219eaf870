package fakeaircall

import "time"

// Reset brings everything back to how New made it: the companies and no others, with their
// seeded data, the tokens, the clock as Options said, no traffic, nothing to be
// delivered, no faults, and an empty journal, whose count goes on. With the same seed and a clock that
// Options set the bytes are those of before. Requests under way are answered
// first; those that come meanwhile wait.
func (s *Server) Reset() {
	s.reset()
	_ = s.kept()
}

func (s *Server) reset() {
	s.clock.advancing.Lock()
	defer s.clock.advancing.Unlock()
	defer s.pulse.beat()
	s.world.Lock()
	defer s.world.Unlock()
	s.courier.recall()
	defer s.courier.resume()
	s.faults.reset(s.options)
	s.recording.Lock()
	defer s.recording.Unlock()
	before := s.companies()
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
	s.journal.forget()
	s.storeAll(before)
	s.wake(s.clock)
}

// reset takes back the tokens that were bought, and revives those that were not.
func (k *keyring) reset(s *Server) {
	k.mu.Lock()
	defer k.mu.Unlock()
	fresh := newGrants(s.options)
	k.codes, k.random = fresh.codes, fresh.random
	k.cut(s)
}

// cut makes the credentials that the companies begin with, and no others. k.mu is
// held, or nobody has k yet.
func (k *keyring) cut(s *Server) {
	clear(k.basic)
	clear(k.bearer)
	for _, c := range s.companies() {
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
