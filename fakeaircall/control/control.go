// Package control is the HTTP API below /_fake/ that controls a fake: its calls, clock, faults, snapshots and request log.
// It uses only exported names of package fakeaircall, and can serve the web page of package ui. docs/control.md describes
// it.
//
//	srv, err := fakeaircall.New(fakeaircall.Options{Control: control.New})
//
// One table has its routes and their types. The OpenAPI document and docs/control.md are generated from it.
package control

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/fakeaircall/control/ui"
)

const (
	basePath    = "/_fake/"
	sandboxPath = basePath + "sandbox"

	maxBody     = 2 << 20
	maxSnapshot = 64 << 20
)

// Options configure the control API. The zero value accepts requests from this machine.
type Options struct {
	// Token, printable ASCII without spaces, is required from all clients, on any machine, as a bearer token or as the
	// password of Basic. "": the API accepts only requests from this machine.
	Token string

	// Page adds the web page of package ui, at /_fake/ and below /_fake/page/.
	Page bool

	// Metrics serves GET /_fake/metrics, with the same access rules. nil: there is no such path.
	Metrics http.Handler
}

// New returns the control API of a server, for fakeaircall.Options.Control.
func New(s *fakeaircall.Server) (http.Handler, error) { return Options{}.New(s) }

// New returns the control API of a server, for fakeaircall.Options.Control. It fails if Token has a space or a character
// outside ASCII.
func (o Options) New(s *fakeaircall.Server) (http.Handler, error) {
	if strings.ContainsFunc(o.Token, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return nil, errors.New("options: the control token has a space or a character outside ASCII") // does not quote it: it is a secret
	}
	a := &api{Options: o, server: s, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection(), digest: sha256.Sum256([]byte(o.Token))}
	for _, r := range routes() {
		a.mux.Handle(r.method+" "+r.path, a.answer(r))
	}
	if o.Metrics != nil {
		a.mux.Handle("GET "+basePath+"metrics", o.Metrics)
	}
	if o.Page {
		a.page = ui.New(a.mux)
		a.mux.Handle("GET "+basePath+"{$}", a.page)
		a.mux.Handle(basePath+"page/", a.page)
		for _, path := range []string{"/{$}", strings.TrimSuffix(basePath, "/")} { // of a listener for the control API alone
			a.mux.Handle("GET "+path, http.RedirectHandler(basePath, http.StatusSeeOther))
		}
	}
	a.mux.HandleFunc("/", a.unknown)
	return a, nil
}

// api serves the paths below basePath.
type api struct {
	Options
	server *fakeaircall.Server
	mux    *http.ServeMux
	page   http.Handler // nil without Page
	cross  *http.CrossOriginProtection
	digest [sha256.Size]byte // of Token
}

func (a *api) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if err := a.admit(req); err != nil {
		if a.Page && err.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="the control token, as the password"`) // for browsers
		}
		write(w, err.status, err)
		return
	}
	a.mux.ServeHTTP(w, req)
}

// An apiError is an error of the control API.
type apiError struct {
	status  int
	Problem string `json:"error" about:"What is wrong."`
	Given   string `json:"given" about:"What was given."`
	Hint    string `json:"hint" about:"What to do."`
}

func (e *apiError) Error() string { return e.Problem }

// admit returns an error if a request has no access: only a person on this machine or a program with the token has.
// Webhook deliveries have none, even with the token: whoever creates a webhook chooses their address, and they come from
// this machine. Without a token it also refuses requests that a web page of another site makes in a browser on this
// machine, also with a host name that it controls.
func (a *api) admit(req *http.Request) *apiError {
	if fakeaircall.IsDelivery(req) {
		return &apiError{403, "a webhook delivery cannot control the fake", req.Method + " " + clip(req.URL.Path), "give the webhook the address of a receiver"}
	}
	if err := a.cross.Check(req); err != nil {
		return &apiError{403, "a page of another site cannot change the fake", "Origin: " + clip(req.Header.Get("Origin")), "send the request from a program, or from a page of the same origin"}
	}
	if a.Token != "" {
		_, sent, _ := strings.Cut(req.Header.Get("Authorization"), " ")
		if _, password, ok := req.BasicAuth(); ok {
			sent = password
		}
		sum := sha256.Sum256([]byte(strings.TrimSpace(sent)))
		if subtle.ConstantTimeCompare(sum[:], a.digest[:]) != 1 {
			return &apiError{401, "the control API requires its token", "Authorization: " + fakeaircall.Removed, "send Authorization: Bearer with the control token of the fake, or Basic with the token as the password"}
		}
		return nil
	}
	const hint = "send the request from the machine of the fake, or start the fake with a control token"
	host, _, _ := net.SplitHostPort(req.RemoteAddr)
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return &apiError{403, "without a token the control API accepts only requests from this machine", "a request from " + clip(host), hint}
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip"} {
		if v := req.Header.Get(name); v != "" {
			return &apiError{403, "without a token the control API accepts no requests from a proxy", name + ": " + clip(v), hint}
		}
	}
	if name := hostname(req.Host); name != "localhost" && net.ParseIP(name) == nil {
		return &apiError{403, "without a token the control API accepts only localhost or an address as its name", "Host: " + clip(req.Host), hint}
	}
	return nil
}

// hostname returns a host without port and brackets.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}

// clip shortens a text of a client, for an error.
func clip(s string) string {
	const most = 100
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.ToValidUTF8(s, "?")
}

// answer returns the handler of a route.
func (a *api) answer(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		req.Body = http.MaxBytesReader(w, req.Body, r.most())
		in, err := r.read(req)
		var out any
		if err == nil {
			out, err = r.handle(a.serverOf(r), req, in)
		}
		if err != nil {
			failed := r.errorOf(req, err)
			write(w, failed.status, failed)
			return
		}
		write(w, r.status, out)
	})
}

// serverOf returns the server that a route acts on: the sandbox, if there is one, except for the routes that start and end
// it.
func (a *api) serverOf(r route) *fakeaircall.Server {
	if r.path == sandboxPath {
		return a.server
	}
	return a.server.Active()
}

// errorOf makes an apiError of an error of a route.
func (r route) errorOf(req *http.Request, err error) *apiError {
	if failed, ok := errors.AsType[*apiError](err); ok {
		return failed
	}
	status := http.StatusBadRequest
	if refusal, ok := errors.AsType[*fakeaircall.Refusal](err); ok {
		status = refusal.Status
	}
	return &apiError{status, err.Error(), r.method + " " + clip(req.URL.Path), r.op + " is described in " + basePath + "control.json"}
}

func (a *api) unknown(w http.ResponseWriter, req *http.Request) {
	if a.page != nil && strings.Contains(req.Header.Get("Accept"), "text/html") {
		a.page.ServeHTTP(w, req) // its error page
		return
	}
	var methods, paths []string
	for _, r := range routes() {
		paths = append(paths, r.method+" "+r.path)
		probe := &http.Request{Method: r.method, URL: req.URL, Host: req.Host}
		if _, pattern := a.mux.Handler(probe); pattern == r.method+" "+r.path {
			methods = append(methods, r.method)
		}
	}
	failed := &apiError{404, "the control API has no such path", req.Method + " " + clip(req.URL.Path), "the paths are " + strings.Join(paths, ", ")}
	if len(methods) > 0 {
		failed = &apiError{405, "this path does not support the method", failed.Given, "use " + strings.Join(methods, " or ")}
		w.Header().Set("Allow", strings.Join(methods, ", "))
	}
	write(w, failed.status, failed)
}

func write(w http.ResponseWriter, status int, view any) {
	var b bytes.Buffer
	if s, ok := view.(*fakeaircall.Snapshot); ok {
		s.WriteTo(&b) // the encoder would remove the line breaks
	} else {
		b.Write(append(encode(view), '\n'))
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // fails only if the client is gone
}

// encode returns a view as JSON, without escapes for <, > and &.
func encode(view any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(view); err != nil {
		panic(err) // cannot happen: views are plain data
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// read decodes the body of a request for a route. It refuses unknown parameters and fields, which may be typing mistakes.
func (r route) read(req *http.Request) (any, error) {
	for name, values := range req.URL.Query() {
		if !slices.Contains(r.names(), name) {
			return nil, &apiError{400, "there is no parameter " + clip(name), "?" + clip(req.URL.RawQuery), "the parameters are " + strings.Join(r.names(), ", ")}
		}
		if len(values) > 1 {
			return nil, &apiError{400, "the parameter " + name + " comes twice", "?" + clip(req.URL.RawQuery), "give it once"}
		}
	}
	body, err := io.ReadAll(req.Body)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, &apiError{413, fmt.Sprintf("the body has more than %d bytes", r.most()), "a larger one", "send less"}
	}
	if err != nil {
		return nil, &apiError{400, "the body could not be read", err.Error(), "send the whole body"}
	}
	switch sent := string(bytes.Trim(body, blanks)); {
	case r.free():
		return json.RawMessage(body), nil
	case r.takes != nil:
		return decode(r.takes, body)
	case sent != "" && sent != "{}":
		return nil, &apiError{400, "this path has no body", clip(sent), "send none"}
	}
	return nil, nil
}

// most returns the size limit of a body in bytes.
func (r route) most() int64 {
	if r.free() {
		return maxSnapshot
	}
	return maxBody
}

// free reports whether the route reads the body itself.
func (r route) free() bool {
	_, ok := r.takes.(json.RawMessage)
	return ok
}
