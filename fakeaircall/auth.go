package fakeaircall

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// A keyring finds the account of credentials. Both kinds of credentials open the whole account. Tokens come and go while
// the server answers requests.
type keyring struct {
	mu        sync.RWMutex
	basic     map[string]*account // by "api_id:api_token"
	bearer    map[string]token
	apps      map[string]App   // by client id
	codes     map[string]grant // that no app has exchanged yet
	random    random
	recording *sync.Mutex // the server's
}

// A token opens an account for one app.
type token struct {
	account *account
	app     string // client id
}

func newKeyring(o Options) *keyring {
	k := &keyring{
		basic:  make(map[string]*account),
		bearer: make(map[string]token),
		apps:   make(map[string]App),
		codes:  make(map[string]grant),
		random: random{uint64(o.Seed) ^ 0x6f617574680a},
	}
	for _, a := range o.Apps {
		k.apps[a.ClientID] = a
	}
	return k
}

// add adds the credentials of an account. Its bearer token belongs to the app.
func (k *keyring) add(c *account, app string) {
	a := c.credentials()
	if a.APIID != "" {
		k.basic[a.APIID+":"+a.APIToken] = c
	}
	if a.Bearer != "" {
		k.bearer[a.Bearer] = token{c, app}
	}
}

// open returns the account that the credentials of a request open, and the app of a bearer token. It fails with a 401 if
// the request has none, and with a 403 if they open nothing (measured for Basic on 2026-08-11, inferred for Bearer).
func (k *keyring) open(r *http.Request) (c *account, app string, err error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return nil, "", errUnauthorized
	}
	scheme, credentials, _ := strings.Cut(header, " ")
	credentials = strings.TrimSpace(credentials)
	k.mu.RLock()
	defer k.mu.RUnlock()
	switch strings.ToLower(scheme) {
	case "basic":
		if pair, err := base64.StdEncoding.DecodeString(credentials); err == nil {
			c = k.basic[string(pair)]
		}
	case "bearer":
		t := k.bearer[credentials]
		c, app = t.account, t.app
	}
	if c == nil {
		return nil, "", errForbidden
	}
	return c, app, nil
}

// revoke removes one token, and reports whether it was there.
func (k *keyring) revoke(value string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.bearer[value]
	delete(k.bearer, value)
	return ok
}

// revokeApp removes every token and code that an account has given to an app.
func (k *keyring) revokeApp(c *account, app string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.DeleteFunc(k.bearer, func(_ string, t token) bool { return t == token{c, app} })
	maps.DeleteFunc(k.codes, func(_ string, g grant) bool { return g.token == token{c, app} })
}

// credentials returns the account with the credentials that open it now.
func (c *account) credentials() Account {
	a := c.Account
	if now := c.renewed.Load(); now != nil {
		a.APIID, a.APIToken, a.Bearer = now.APIID, now.APIToken, now.Bearer
	}
	return a
}

// SetCredentials replaces the APIID, APIToken and Bearer of the accounts with these names. It waits for requests under way;
// afterwards the old credentials open nothing. Everything else of the accounts stays: data, ids, limits, and tokens from
// OAuth. If it fails, nothing has changed; the error is a *Refusal and quotes no credential.
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
	revoked := make(map[string]bool) // bearer tokens that stay as they are
	for _, a := range accounts {
		was := s.named(a.Name).credentials()
		_, opens := s.keys.bearer[was.Bearer]
		revoked[a.Bearer] = was.Bearer == a.Bearer && !opens
		delete(s.keys.basic, was.APIID+":"+was.APIToken)
		delete(s.keys.bearer, was.Bearer)
	}
	s.renew(accounts)
	for _, a := range accounts {
		if c := s.named(a.Name); slices.Contains(s.accounts(), c) {
			s.keys.add(c, app)
		}
		if revoked[a.Bearer] {
			delete(s.keys.bearer, a.Bearer)
		}
	}
	return nil
}

// checkCredentials fails if an account does not exist, or if its new credentials are wrong or open another account.
func (s *Server) checkCredentials(accounts []Account) error {
	var all []Account
	for _, c := range slices.Concat(s.accounts(), s.first) {
		if !slices.ContainsFunc(slices.Concat(all, accounts), func(a Account) bool { return a.Name == c.Account.Name }) {
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

// renew sets the credentials in the accounts and in the options that a reset uses. s.world is held.
func (s *Server) renew(accounts []Account) {
	s.options.Accounts = slices.Clone(s.options.Accounts)
	for _, a := range accounts {
		for _, c := range slices.Concat(s.accounts(), s.first) {
			if c.Account.Name == a.Name {
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

// install adds an app to an account, as the seed does to an account with a bearer token.
func (c *account) install(app string) {
	if !c.seeded.Load() { // the seed will add it
		return
	}
	c.happen(c.clock.now(), func(t *tx) {
		if t.integrations[app] == nil {
			t.integrations[app] = &integration{Active: true}
		}
	})
}
