package fakeaircall

import (
	"bytes"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
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
func (k *keyring) redeem(code, app, redirect string, now time.Time) (value string, c *account, err error) {
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
	return value, g.token.account, nil
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

// The pages are dashboard.aircall.io's, on the fake's own address.
const (
	authorizePath = "/oauth/authorize"
	successPath   = "/oauth/success" // where an app sends people when it is done
)

const (
	maxForm  = 64 << 10
	maxState = 2048
)

// consentPage is one page with three faces: the question, the refusal of a link
// that cannot be trusted, and the end.
var consentPage = template.Must(template.New("consent").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{.Title}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}button{font:inherit;margin:1rem .5rem 0 0}</style>
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
{{with .Ask}}<form method="post" action="/oauth/authorize">
{{range $name, $value := .Hidden}}<input type="hidden" name="{{$name}}" value="{{$value}}">
{{end}}<label>Company <select name="account">{{range .Accounts}}<option>{{.}}</option>{{end}}</select></label>
<div><button name="decision" value="allow">Allow</button><button name="decision" value="refuse">Refuse</button></div>
</form>
{{end}}<p><small>A fake of Aircall: nobody's account is behind it.</small></p>
</html>
`))

type consent struct {
	Title, Text string
	Ask         *question
}

type question struct {
	Hidden   map[string]string
	Accounts []string
}

func (s *Server) success(w http.ResponseWriter, _ *http.Request) {
	s.show(w, 200, consent{Title: "The app is installed", Text: "You can close this page."})
}

// authorize asks with GET and takes the answer with POST. Whatever cannot be
// trusted ends on the page: only an address that the app has registered is ever
// redirected to.
func (s *Server) authorize(w http.ResponseWriter, req *http.Request) {
	req.Body = http.MaxBytesReader(w, req.Body, maxForm)
	if err := req.ParseForm(); err != nil {
		s.refuse(w, 400, "The form cannot be read.")
		return
	}
	in := req.Form
	app, known := s.keys.apps[in.Get("client_id")]
	back, registered := app.redirect(in.Get("redirect_uri"))
	switch {
	case !known:
		s.refuse(w, 400, "No app has this client_id.")
	case !registered:
		s.refuse(w, 400, "The app has not registered this redirect_uri.")
	case len(in.Get("state")) > maxState:
		s.refuse(w, 400, "The state is too long.")
	case in.Get("response_type") != "code":
		s.back(w, back, in, "error", "unsupported_response_type")
	case in.Get("scope") != "public_api":
		s.back(w, back, in, "error", "invalid_scope")
	case req.Method == http.MethodPost:
		s.decide(w, req, app, back)
	default:
		s.ask(w, app, in)
	}
}

// ask shows the question. The answer brings everything along that the question
// came with, to be checked again.
func (s *Server) ask(w http.ResponseWriter, app App, in url.Values) {
	q := question{Hidden: make(map[string]string)}
	for _, name := range []string{"client_id", "redirect_uri", "response_type", "scope", "state"} {
		if in.Has(name) {
			q.Hidden[name] = in.Get(name)
		}
	}
	for _, a := range s.Accounts() {
		q.Accounts = append(q.Accounts, a.Name)
	}
	s.show(w, 200, consent{
		Title: app.Name + " asks for access",
		Text:  "It would read and change everything of the company that the public API shows.",
		Ask:   &q,
	})
}

// decide follows the person's answer. Without an account it is for the first.
func (s *Server) decide(w http.ResponseWriter, req *http.Request, app App, back *url.URL) {
	in := req.Form
	if http.NewCrossOriginProtection().Check(req) != nil {
		s.refuse(w, 403, "The answer came from a page of somebody else.")
		return
	}
	accounts := s.accounts()
	i := slices.IndexFunc(accounts, func(c *account) bool { return c.Account.Name == in.Get("account") })
	if in.Get("account") == "" {
		i = 0
	}
	switch decision := in.Get("decision"); {
	case decision == "refuse":
		s.back(w, back, in, "error", "access_denied")
	case decision != "allow":
		s.refuse(w, 400, "The answer is neither allow nor refuse.")
	case i < 0:
		s.refuse(w, 400, "There is no such company.")
	default:
		code, ok := s.keys.issue(token{accounts[i], app.ClientID}, in.Get("redirect_uri"), s.clock.now())
		if !ok {
			s.back(w, back, in, "error", "temporarily_unavailable")
			return
		}
		_ = s.kept()
		s.back(w, back, in, "code", code)
	}
}

// back sends the browser to the app with one parameter, and the state it gave.
func (s *Server) back(w http.ResponseWriter, to *url.URL, in url.Values, name, value string) {
	q := to.Query()
	q.Set(name, value)
	if in.Has("state") {
		q.Set("state", in.Get("state"))
	}
	to.RawQuery = q.Encode()
	s.pageHeaders(w)
	w.Header().Set("Location", to.String())
	w.WriteHeader(http.StatusSeeOther) // so that the form is not posted to the app
}

// redirect is the address to go back to, if the app has registered it. One that is
// registered on a loopback host without a port holds for every port, as RFC 8252
// wants it: a test's server takes whichever is free.
func (a App) redirect(given string) (*url.URL, bool) {
	u, err := url.Parse(given)
	if err != nil {
		return nil, false
	}
	if slices.Contains(a.RedirectURIs, given) {
		return u, true
	}
	if u.Scheme != "http" || u.Port() == "" || !isLoopback(u.Hostname()) {
		return nil, false
	}
	bare := *u
	bare.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
	return u, slices.Contains(a.RedirectURIs, bare.String())
}

func (s *Server) refuse(w http.ResponseWriter, status int, why string) {
	s.show(w, status, consent{Title: "This link cannot be used", Text: why})
}

func (s *Server) show(w http.ResponseWriter, status int, page consent) {
	var b bytes.Buffer
	if err := consentPage.Execute(&b, page); err != nil {
		panic(err) // the data is plain
	}
	s.pageHeaders(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // the browser is gone if this fails
}

func (s *Server) pageHeaders(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Date", s.clock.now().Format(http.TimeFormat))
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
}
