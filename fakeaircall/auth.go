package fakeaircall

import (
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
)

// keyring leads from credentials to the company they belong to. Both kinds act
// for the whole company. Tokens come and go while requests are under way.
type keyring struct {
	mu     sync.RWMutex
	basic  map[string]*company // by "api_id:api_token"
	bearer map[string]token
	grants
	recording *sync.Mutex // the server's
}

// A token opens a company for one app.
type token struct {
	company *company
	app     string // client id
}

func newKeyring(o Options) *keyring {
	return &keyring{
		basic:  make(map[string]*company),
		bearer: make(map[string]token),
		grants: newGrants(o),
	}
}

// add puts the credentials of a company's account in. Its bearer token was
// given to the app.
func (k *keyring) add(c *company, app string) {
	a := c.credentials()
	if a.APIID != "" {
		k.basic[a.APIID+":"+a.APIToken] = c
	}
	if a.Bearer != "" {
		k.bearer[a.Bearer] = token{c, app}
	}
}

// open finds the company of a request, and the app if it comes from one. No
// header is a 401; anything else that fits nobody is a 403 (measured for Basic
// on 2026-08-11, inferred for Bearer).
func (k *keyring) open(r *http.Request) (c *company, app string, err error) {
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
		c, app = t.company, t.app
	}
	if c == nil {
		return nil, "", errForbidden
	}
	return c, app, nil
}

// revoke ends one token, and reports whether it was any.
func (k *keyring) revoke(value string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.bearer[value]
	delete(k.bearer, value)
	return ok
}

// revokeApp ends every token and code that a company has given to an app.
func (k *keyring) revokeApp(c *company, app string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for value, t := range k.bearer {
		if t == (token{c, app}) {
			delete(k.bearer, value)
		}
	}
	for value, g := range k.codes {
		if g.token == (token{c, app}) {
			delete(k.codes, value)
		}
	}
}
