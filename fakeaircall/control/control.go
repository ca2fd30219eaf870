// Package control is the HTTP API below /_fake/ that drives a fake Aircall: its calls,
// clock, faults, snapshots and request log. It calls only what package fakeaircall exports,
// and can have the web page of package ui. docs/control.md describes it.
//
//	srv, err := fakeaircall.New(fakeaircall.Options{Control: control.New})
//
// One table has its routes and their types. Its OpenAPI document and its documentation are
// generated from it.
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

// Options says whom the control API answers, and with what. The zero value answers requests
// from this machine.
type Options struct {
	// Token, printable ASCII without blanks, opens the control API to requests from anywhere
	// that send it as a bearer token or as the password of Basic. "": the API answers
	// only this machine.
	Token string

	// Page adds the web page of package ui, at /_fake/ and below /_fake/page/.
	Page bool

	// Metrics answers GET /_fake/metrics, under the same rules. nil: there is no such path.
	Metrics http.Handler
}

// New returns the control API of a server, for fakeaircall.Options.Control.
func New(s *fakeaircall.Server) (http.Handler, error) { return Options{}.New(s) }

// New returns the control API of a server, for fakeaircall.Options.Control. It fails if
// Token has a character that it must not have.
func (o Options) New(s *fakeaircall.Server) (http.Handler, error) {
	if strings.ContainsFunc(o.Token, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return nil, errors.New("options: the control token has a blank or a character outside ASCII in it") // unquoted: it is a secret
	}
	a := &api{Options: o, server: s, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection(), digest: sha256.Sum256([]byte(o.Token))}
	for _, r := range routes() {
		a.mux.Handle(r.method+" "+r.path, a.answer(r))
	}
	if o.Metrics != nil {
		a.mux.Handle("GET "+basePath+"metrics", o.Metrics)
	}
	if o.Page {
		page := ui.New(a.mux)
		a.mux.Handle("GET "+basePath+"{$}", page)
		a.mux.Handle(basePath+"page/", page)
	}
	a.mux.HandleFunc("/", a.unknown)
	return a, nil
}

// api answers below basePath.
type api struct {
	Options
	server *fakeaircall.Server
	mux    *http.ServeMux
	cross  *http.CrossOriginProtection
	digest [sha256.Size]byte // of Token
}

func (a *api) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if err := a.admit(req); err != nil {
		if a.Page && err.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="the control token, as the password"`) // browsers know no other way
		}
		write(w, err.status, err)
		return
	}
	a.mux.ServeHTTP(w, req)
}

// An apiError is an error of the control API: what is wrong, what was given,
// and what to do.
type apiError struct {
	status  int
	Problem string `json:"error" about:"What is wrong."`
	Given   string `json:"given" about:"What was given."`
	Hint    string `json:"hint" about:"What to do."`
}

func (e *apiError) Error() string { return e.Problem }

// admit says why a request may not pass. A page in a browser on this machine can
// send requests here, too; neither such nor one that found this machine under a
// name of its own may.
func (a *api) admit(req *http.Request) *apiError {
	if err := a.cross.Check(req); err != nil {
		return &apiError{403, "a page of another site may not change the fake", "Origin: " + clip(req.Header.Get("Origin")), "send the request from a program, or from a page of the same origin"}
	}
	if a.Token != "" {
		_, sent, _ := strings.Cut(req.Header.Get("Authorization"), " ")
		if _, password, ok := req.BasicAuth(); ok {
			sent = password
		}
		sum := sha256.Sum256([]byte(strings.TrimSpace(sent)))
		if subtle.ConstantTimeCompare(sum[:], a.digest[:]) != 1 {
			return &apiError{401, "the control API wants its token", "Authorization: " + fakeaircall.Removed, "send Authorization: Bearer with the token the fake was started with, or Basic with it as the password"}
		}
		return nil
	}
	const hint = "ask from the fake's own machine, or start it with a control token"
	host, _, _ := net.SplitHostPort(req.RemoteAddr)
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return &apiError{403, "without a token the control API is for this machine alone", "a request from " + clip(host), hint}
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip"} {
		if v := req.Header.Get(name); v != "" {
			return &apiError{403, "without a token the control API takes nothing from a proxy, who asks for others", name + ": " + clip(v), hint}
		}
	}
	if name := hostname(req.Host); name != "localhost" && net.ParseIP(name) == nil {
		return &apiError{403, "without a token the control API has no name but localhost or an address", "Host: " + clip(req.Host), hint}
	}
	return nil
}

// hostname is a host without port and brackets.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}

// clip shortens a text that a client sent, for an error.
func clip(s string) string {
	const most = 100
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.ToValidUTF8(s, "?")
}

// answer calls the route's function with what its types make of the request.
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
		write(w, r.status, filled(out))
	})
}

// serverOf returns the server that a route acts on: a sandbox, if there is one, but for
// the routes that start and end it.
func (a *api) serverOf(r route) *fakeaircall.Server {
	if r.path == sandboxPath {
		return a.server
	}
	return a.server.Active()
}

// errorOf words an error of a route. What Server's methods return says what was
// given by itself.
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
	var methods, paths []string
	for _, r := range routes() {
		paths = append(paths, r.method+" "+r.path)
		probe := &http.Request{Method: r.method, URL: req.URL, Host: req.Host}
		if _, pattern := a.mux.Handler(probe); pattern == r.method+" "+r.path {
			methods = append(methods, r.method)
		}
	}
	failed := &apiError{404, "the control API has no such path", req.Method + " " + clip(req.URL.Path), "it has " + strings.Join(paths, ", ")}
	if len(methods) > 0 {
		failed = &apiError{405, "this path does not take the method", failed.Given, "use " + strings.Join(methods, " or ")}
		w.Header().Set("Allow", strings.Join(methods, ", "))
	}
	write(w, failed.status, failed)
}

func write(w http.ResponseWriter, status int, view any) {
	var b bytes.Buffer
	if s, ok := view.(*fakeaircall.Snapshot); ok {
		s.WriteTo(&b) // the encoder would take its lines away
	} else {
		b.Write(append(encode(view), '\n'))
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // the client is gone if this fails
}

// encode returns a view as JSON, with <, > and & as they are.
func encode(view any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(view); err != nil {
		panic(err) // views are plain data
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// read makes a route's input of a request, and refuses what the route does not
// take: a slip must not pass for a wish.
func (r route) read(req *http.Request) (any, error) {
	for name, values := range req.URL.Query() {
		if !r.asks(name) {
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
		return nil, &apiError{400, "the body could not be read", err.Error(), "send it whole"}
	}
	if r.takes == nil {
		if sent := string(bytes.Trim(body, blanks)); sent != "" && sent != "{}" {
			return nil, &apiError{400, "this path takes no body", clip(string(body)), "send none"}
		}
		return nil, nil
	}
	if r.free() {
		return json.RawMessage(body), nil
	}
	return decode(r.takes, body)
}

// most is how many bytes a body may have.
func (r route) most() int64 {
	if r.free() {
		return maxSnapshot
	}
	return maxBody
}

// free says that the body is read by the route itself.
func (r route) free() bool {
	_, ok := r.takes.(json.RawMessage)
	return ok
}
