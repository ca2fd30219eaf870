package fakeaircall

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// OAuth: https://developer.aircall.io/api-references/#authentication
//
// A person allows an app on a page, which gives the app a code. The app exchanges the code for a token. Tokens do not
// expire and are not refreshed: they end when the app is uninstalled (documented).
const tokenPath = "/v1/oauth/token"

func oauthRoutes() []route {
	return []route{
		{"exchange-an-authorization-code", "POST", tokenPath, railsTier, exchangeCode},
	}
}

// open reports whether the route needs no credentials: its clients have none yet.
func (r *route) open() bool { return r.path == tokenPath }

const (
	codeLife  = 10 * time.Minute // documented
	maxCodes  = 1_000            // far more than a test needs, as maxTokens
	maxTokens = 10_000
)

// A grant is what a code can be exchanged for.
type grant struct {
	token    token
	redirect string // where the code was sent; the app repeats it in the exchange
	expires  time.Time
}

// issue returns a new code. It fails if there are maxCodes codes that nobody has exchanged.
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

// redeem exchanges a code for a token, and removes the code. A code stays if it cannot be redeemed.
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

// Errors have the status and the member error of the reference, with the words of RFC 6749.
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

// A tokenView has no expires_in and no refresh_token (documented).
type tokenView struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	CreatedAt   int64  `json:"created_at"`
}

// exchangeCode gives an app a token for the account that a code is from, and installs the app there.
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

// install exchanges a code for a token and installs the app. A snapshot has both or neither.
func (r *request) install(in form, id string) (value string, err error) {
	r.keys.recording.Lock()
	value, c, err := r.keys.redeem(in.Get("code"), id, in.Get("redirect_uri"), r.now)
	var d done
	if err == nil {
		d, err = c.act(r.now, func(t *tx) error {
			if t.integrations[id] == nil {
				t.integrations[id] = &integration{Active: !c.assume.installedInactive}
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

// exchange reads the body, which is JSON, as documented, or a form, which a client in production sends. The body shows
// which it is; the content type does not count.
func (r *request) exchange() (in form, err error) {
	raw, err := r.content()
	if err != nil {
		return in, err
	}
	in = form{values: url.Values{}, notes: r.notes}
	if bytes.HasPrefix(raw, []byte("{")) {
		var members map[string]any
		err = json.Unmarshal(raw, &members)
		for name, v := range members {
			text, _ := v.(string) // anything else counts as missing
			in.values.Set(name, text)
		}
	} else {
		in.values, err = url.ParseQuery(string(raw))
	}
	if err != nil {
		return in, errExchange
	}
	for name := range in.values {
		r.sent = append(r.sent, objectField{name: name})
	}
	return in, nil
}

// Aircall has these pages on dashboard.aircall.io; here they are on the address of the fake.
const (
	authorizePath = "/oauth/authorize"
	successPath   = "/oauth/success" // where an app sends people at the end
)

const (
	maxForm  = 64 << 10
	maxState = 2048
)

//go:embed oauth_consent.html
var consentHTML string

// consentPage asks for consent, refuses a link that cannot be trusted, or says that the app is installed.
var consentPage = template.Must(template.New("consent").Parse(consentHTML))

type consent struct {
	Title, Text string
	Accounts    []string          // to choose from; nil: the page asks nothing
	Hidden      map[string]string // what the answer repeats
}

func (s *Server) success(w http.ResponseWriter, _ *http.Request) {
	s.show(w, 200, consent{Title: "The app is installed", Text: "You can close this page."})
}

// authorize shows the question for a GET and takes the answer of a POST. It redirects only to an address that the app has
// registered; everything else that is wrong ends on the page.
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

// ask shows the question. The answer repeats the parameters of the question, which are then checked again.
func (s *Server) ask(w http.ResponseWriter, app App, in url.Values) {
	page := consent{
		Title:  app.Name + " asks for access",
		Text:   "It could read and change everything of the account that the public API shows.",
		Hidden: make(map[string]string),
	}
	for _, name := range []string{"client_id", "redirect_uri", "response_type", "scope", "state"} {
		if in.Has(name) {
			page.Hidden[name] = in.Get(name)
		}
	}
	for _, a := range s.Accounts() {
		page.Accounts = append(page.Accounts, a.Name)
	}
	s.show(w, 200, page)
}

// decide does what the person answered. An answer without an account is for the first one.
func (s *Server) decide(w http.ResponseWriter, req *http.Request, app App, back *url.URL) {
	in := req.Form
	if http.NewCrossOriginProtection().Check(req) != nil {
		s.refuse(w, 403, "The answer came from a page of another site.")
		return
	}
	account, err := s.account(in.Get("account"))
	switch decision := in.Get("decision"); {
	case decision == "refuse":
		s.back(w, back, in, "error", "access_denied")
	case decision != "allow":
		s.refuse(w, 400, "The answer is neither allow nor refuse.")
	case err != nil:
		s.refuse(w, 400, "There is no such account.")
	default:
		code, ok := s.keys.issue(token{account, app.ClientID}, in.Get("redirect_uri"), s.clock.now())
		if !ok {
			s.back(w, back, in, "error", "temporarily_unavailable")
			return
		}
		_ = s.kept()
		s.back(w, back, in, "code", code)
	}
}

// back redirects the browser to the app with one parameter, and with the state that the app gave.
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

// redirect parses the address to go back to. It reports false if the app has not registered the address. An address that is
// registered on a loopback host without a port is good for every port (RFC 8252): a test server takes any free port.
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
