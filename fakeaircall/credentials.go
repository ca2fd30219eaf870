package fakeaircall

import "slices"

// credentials are the company's account with what opens it now.
func (c *company) credentials() Account {
	a := c.account
	if now := c.renewed.Load(); now != nil {
		a.APIID, a.APIToken, a.Bearer = now.APIID, now.APIToken, now.Bearer
	}
	return a
}

// SetCredentials gives accounts, by their names, the APIID, APIToken and Bearer that stand in them.
// Requests under way are answered first; from then on the old ones are unknown. All else of the
// accounts stays: data, ids, limits, and the tokens that were got through OAuth. Its error is a *Refusal,
// quotes no credential, and nothing has changed then.
func (s *Server) SetCredentials(accounts ...Account) error {
	if err := s.setCredentials(accounts); err != nil {
		return err
	}
	return s.kept()
}

func (s *Server) setCredentials(accounts []Account) error {
	defer s.notifier.notify()
	s.world.Lock()
	defer s.world.Unlock()
	if err := s.checkCredentials(accounts); err != nil {
		return err
	}
	app := s.options.Apps[0].ClientID
	for _, a := range accounts {
		if c := s.named(a.Name); a.Bearer != "" && a.Bearer != c.credentials().Bearer {
			c.install(app)
		}
	}
	s.recording.Lock()
	defer s.recording.Unlock()
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	ended := make(map[*company]bool) // the bearer, which stays so unless there is another
	for _, a := range accounts {
		c := s.named(a.Name)
		was := c.credentials()
		_, opens := s.keys.bearer[was.Bearer]
		ended[c] = was.Bearer == a.Bearer && !opens
		delete(s.keys.basic, was.APIID+":"+was.APIToken)
		delete(s.keys.bearer, was.Bearer)
	}
	s.renew(accounts)
	for _, a := range accounts {
		c := s.named(a.Name)
		if !slices.Contains(s.companies(), c) {
			continue
		}
		s.keys.add(c, app)
		if ended[c] {
			delete(s.keys.bearer, a.Bearer)
		}
	}
	return nil
}

// checkCredentials looks for what no server can have.
func (s *Server) checkCredentials(accounts []Account) error {
	var all []Account
	for _, c := range slices.Concat(s.companies(), s.first) {
		if !slices.ContainsFunc(slices.Concat(all, accounts), func(a Account) bool { return a.Name == c.account.Name }) {
			all = append(all, c.credentials())
		}
	}
	for _, a := range accounts {
		if s.named(a.Name) == nil {
			return missing("there is no account %.60q", a.Name)
		}
		if err := a.Check(all...); err != nil {
			return mistaken("%v", err)
		}
		all = append(all, a)
	}
	return nil
}

// renew notes the credentials, for whatever comes of the accounts. s.world is held.
func (s *Server) renew(accounts []Account) {
	s.options.Accounts = slices.Clone(s.options.Accounts)
	for _, a := range accounts {
		for _, c := range slices.Concat(s.companies(), s.first) {
			if c.account.Name == a.Name {
				c.renewed.Store(&a)
			}
		}
		for i := range s.options.Accounts {
			if own := &s.options.Accounts[i]; own.Name == a.Name {
				own.APIID, own.APIToken, own.Bearer = a.APIID, a.APIToken, a.Bearer
			}
		}
	}
}

// install lets a company have an app, as one has that begins with a bearer token.
func (c *company) install(app string) {
	if !c.seeded.Load() { // the seed will see to it
		return
	}
	c.happen(c.clock.now(), func(t *tx) {
		if t.integrations[app] == nil {
			t.integrations[app] = &integration{Active: true}
		}
	})
}
