package fakeaircall

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"time"
)

// OAuth: https://developer.aircall.io/api-references/#authentication
//
// A person allows an app on the page of oauth_consent.go, which hands the app a
// code; the code buys a token here. Tokens do not expire and are not refreshed:
// they end when the app is uninstalled (documented).
const tokenPath = "/v1/oauth/token"

func oauthRoutes() []route {
	return []route{
		{"exchange-an-authorization-code", "POST", tokenPath, railsTier, exchangeCode},
	}
}

// open says that the route needs no credentials: who asks has none yet.
func (r *route) open() bool { return r.path == tokenPath }

const (
	codeLife = 10 * time.Minute // documented
	// More are not kept. Nobody waits for so many codes, or has so many tokens.
	maxCodes  = 1_000
	maxTokens = 10_000
)

// grants is what the keyring knows of apps: who they are, and which codes are
// on the way to them.
type grants struct {
	apps   map[string]App // by client id
	codes  map[string]grant
	random random
}

// A grant is a code's promise of a token.
type grant struct {
	token    token
	redirect string // where the code was sent, to be repeated when it comes back
	expires  time.Time
}

func newGrants(o Options) grants {
	g := grants{apps: make(map[string]App), codes: make(map[string]grant), random: random{uint64(o.Seed) ^ 0x6f617574680a}}
	for _, a := range o.Apps {
		g.apps[a.ClientID] = a
	}
	return g
}

// issue makes a code; ok is false if too many are on the way.
func (k *keyring) issue(t token, redirect string, now time.Time) (code string, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for c, g := range k.codes {
		if !now.Before(g.expires) {
			delete(k.codes, c)
		}
	}
	if len(k.codes) >= maxCodes {
		return "", false
	}
	code = k.random.hex(64)
	k.codes[code] = grant{t, redirect, now.Add(codeLife)}
	return code, true
}

// redeem turns a code into a token. A code that cannot be redeemed stays, one
// that was is gone.
func (k *keyring) redeem(code, app, redirect string, now time.Time) (value string, c *company, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	g, ok := k.codes[code]
	if !ok || g.token.app != app || g.redirect != redirect || !now.Before(g.expires) {
		return "", nil, errGrant
	}
	if len(k.bearer) >= maxTokens {
		return "", nil, errTooManyTokens
	}
	delete(k.codes, code)
	value = k.random.hex(64)
	k.bearer[value] = g.token
	return value, g.token.company, nil
}

// The reference has status 400 and a member error; the words are those of RFC 6749.
var (
	errClient        = oauthError("invalid_client")
	errGrant         = oauthError("invalid_grant")
	errGrantType     = oauthError("unsupported_grant_type")
	errExchange      = oauthError("invalid_request")
	errTooManyTokens = oauthError("temporarily_unavailable")
)

func oauthError(code string) *apiError {
	return &apiError{status: 400, troubleshoot: code, literal: `{"error":"` + code + `"}`}
}

// tokenView has no expires_in and no refresh_token (documented).
type tokenView struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	CreatedAt   int64  `json:"created_at"`
}

// exchangeCode gives the app that a code was sent to a token for the company that
// sent it, and so installs the app there.
func exchangeCode(r *request) (reply, error) {
	in, err := r.exchange()
	if err != nil {
		return reply{}, err
	}
	id := in.Get("client_id")
	app, ok := r.keys.apps[id]
	switch {
	case !ok || app.ClientSecret != in.Get("client_secret"):
		return reply{}, errClient
	case in.Get("grant_type") == "", in.Get("code") == "":
		return reply{}, errExchange
	case in.Get("grant_type") != "authorization_code":
		return reply{}, errGrantType
	}
	value, err := r.install(in, id)
	if err != nil {
		return reply{}, err
	}
	return reply{status: 200, body: encode(tokenView{value, "Bearer", r.now.Unix()})}, err
}

// install turns a code into a token and installs the app. Who records what the
// server knows sees both or neither.
func (r *request) install(in form, id string) (value string, err error) {
	r.keys.recording.Lock()
	value, c, err := r.keys.redeem(in.Get("code"), id, in.Get("redirect_uri"), r.now)
	var d done
	if err == nil {
		d, err = c.act(r.now, func(t *tx) error {
			if t.integrations[id] == nil {
				t.integrations[id] = &integration{Active: !r.assume.installedInactive}
			}
			return nil
		}, false)
	}
	r.keys.recording.Unlock()
	if err == nil && c.persister != nil {
		err = c.persister.flush()
	}
	if err == nil {
		c.leave(d)
	}
	return value, err
}

// exchange reads the request in JSON, as documented, or as a form, which a client
// in production sends. Which of them it is, the body itself says.
func (r *request) exchange() (in form, err error) {
	raw, err := r.content()
	if err != nil {
		return in, err
	}
	in.notes, in.values = r.notes, url.Values{}
	if !bytes.HasPrefix(raw, []byte("{")) {
		if in.values, err = url.ParseQuery(string(raw)); err != nil {
			return in, errExchange
		}
		r.sent = named(maps.Keys(in.values))
		return in, nil
	}
	var members map[string]any
	if json.Unmarshal(raw, &members) != nil {
		return in, errExchange
	}
	r.sent = named(maps.Keys(members))
	for name, v := range members {
		if s, ok := v.(string); ok { // anything else is as good as missing
			in.values.Set(name, s)
		}
	}
	return in, nil
}
