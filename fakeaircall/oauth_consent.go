package fakeaircall

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

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
	companies := s.companies()
	i := slices.IndexFunc(companies, func(c *company) bool { return c.account.Name == in.Get("account") })
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
		code, ok := s.keys.issue(token{companies[i], app.ClientID}, in.Get("redirect_uri"), s.clock.now())
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
