package fakeaircall

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// keyring leads from credentials to the company they belong to. Both kinds act
// for the whole company.
type keyring struct {
	basic  map[string]*company // by "api_id:api_token"
	bearer map[string]*company
}

// open finds the company of a request. No header is a 401; anything else that
// fits nobody is a 403 (measured for Basic on 2026-08-11, inferred for Bearer).
func (k *keyring) open(r *http.Request) (c *company, bearer bool, err error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return nil, false, errUnauthorized
	}
	scheme, credentials, _ := strings.Cut(header, " ")
	credentials = strings.TrimSpace(credentials)
	switch strings.ToLower(scheme) {
	case "basic":
		if pair, err := base64.StdEncoding.DecodeString(credentials); err == nil {
			c = k.basic[string(pair)]
		}
	case "bearer":
		c, bearer = k.bearer[credentials], true
	}
	if c == nil {
		return nil, false, errForbidden
	}
	return c, bearer, nil
}
