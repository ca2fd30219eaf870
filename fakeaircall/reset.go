package fakeaircall

// Reset brings everything back to how New made it: the companies with their
// seeded data, the tokens, the clock as Options said, no traffic, nothing to be
// delivered, no faults, and an empty journal, whose count goes on. With the same seed and a clock that
// Options set the bytes are those of before. Requests under way are answered
// first; those that come meanwhile wait.
func (s *Server) Reset() {
	s.advancing.Lock()
	defer s.advancing.Unlock()
	defer s.pulse.beat()
	s.world.Lock()
	defer s.world.Unlock()
	s.courier.recall()
	defer s.courier.resume()
	s.faults.reset(s.options)
	s.clock.restart(s.options.Clock, s.options.Speed)
	start := s.clock.now()
	s.start.Store(&start)
	for i, c := range s.companies {
		if !c.seeded.Load() {
			continue // it will be, as of now
		}
		var fresh state
		_ = seedCompany(c.account, s.options, i, start).Do(func(made *state) error {
			fresh = *made
			return nil
		})
		_ = c.guard().Do(func(st *state) error {
			*st = fresh
			c.announce(st.due())
			return nil
		})
	}
	s.keys.reset(s)
	s.replies.Store(0)
	s.journal.forget()
	s.wake()
}

// reset takes back the tokens that were bought, and revives those that were not.
func (k *keyring) reset(s *Server) {
	fresh := s.cutKeys()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.bearer, k.codes, k.random = fresh.bearer, fresh.codes, fresh.random
}

func (x *faults) reset(o Options) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.rules, x.given, x.shadows = nil, 0, nil
	x.random = faultChance(o)
	x.live.Store(0)
}

// faultChance draws which requests a fault of some probability meets.
func faultChance(o Options) random { return random{uint64(o.Seed) ^ 'f'<<56} }
