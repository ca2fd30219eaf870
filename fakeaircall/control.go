package fakeaircall

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
)

// The control API moves the fake itself: its calls, clock, faults and journal. It
// only calls what Server exports. Its routes and their types stand in one table,
// from which its document and its page are made.
const (
	controlPath = "/_fake/"

	maxControlBody = 2 << 20
)

// control answers below controlPath.
type control struct {
	server *Server
	mux    *http.ServeMux
	cross  *http.CrossOriginProtection
	token  [sha256.Size]byte // of what opens it from anywhere; zero: nothing does
}

func newControl(s *Server) *control {
	c := &control{server: s, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection()}
	if t := s.options.ControlToken; t != "" {
		c.token = sha256.Sum256([]byte(t))
	}
	for _, r := range controlRoutes() {
		c.mux.Handle(r.method+" "+r.path, c.answer(r))
	}
	if m := s.options.Metrics; m != nil {
		c.mux.Handle("GET "+controlPath+"metrics", m)
	}
	if page := s.options.ControlPage; page != nil {
		shown := page(http.HandlerFunc(c.mux.ServeHTTP))
		c.mux.Handle("GET "+controlPath+"{$}", shown)
		c.mux.Handle(controlPath+"page/", shown)
	}
	c.mux.HandleFunc("/", c.unknown)
	return c
}

// Control answers the control API, below /_fake/: see docs/control.md. Without
// Options.ControlToken it refuses whoever is not on this machine.
func (s *Server) Control() http.Handler { return s.control() }

func (c *control) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if err := c.admit(req); err != nil {
		if err.status == http.StatusUnauthorized && c.server.options.ControlPage != nil {
			w.Header().Set("WWW-Authenticate", `Basic realm="the control token, as the password"`) // browsers know no other way
		}
		writeControl(w, err.status, err)
		return
	}
	c.server.answering(req.URL.Path).control().mux.ServeHTTP(w, req)
}

// A controlError is a failure of the control API: what is wrong, what was given,
// and what to do.
type controlError struct {
	status  int
	Problem string `json:"error" about:"What is wrong."`
	Given   string `json:"given" about:"What was given."`
	Hint    string `json:"hint" about:"What to do."`
}

func (e *controlError) Error() string { return e.Problem }

// admit says why a request may not pass. A page in a browser on this machine can
// send requests here, too; neither such nor one that found this machine under a
// name of its own may.
func (c *control) admit(req *http.Request) *controlError {
	if err := c.cross.Check(req); err != nil {
		return &controlError{403, "a page of another site may not change the fake", "Origin: " + clip(req.Header.Get("Origin")), "send the request from a program, or from a page of the same origin"}
	}
	if c.token != [sha256.Size]byte{} {
		_, sent, _ := strings.Cut(req.Header.Get("Authorization"), " ")
		if _, password, ok := req.BasicAuth(); ok {
			sent = password
		}
		sum := sha256.Sum256([]byte(strings.TrimSpace(sent)))
		if subtle.ConstantTimeCompare(sum[:], c.token[:]) != 1 {
			return &controlError{401, "the control API wants its token", "Authorization: " + Removed, "send Authorization: Bearer with the token the fake was started with, or Basic with it as the password"}
		}
		return nil
	}
	const hint = "ask from the fake's own machine, or start it with a control token"
	host, _, _ := net.SplitHostPort(req.RemoteAddr)
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return &controlError{403, "without a token the control API is for this machine alone", "a request from " + clip(host), hint}
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip"} {
		if v := req.Header.Get(name); v != "" {
			return &controlError{403, "without a token the control API takes nothing from a proxy, who asks for others", name + ": " + clip(v), hint}
		}
	}
	if name := hostname(req.Host); name != "localhost" && net.ParseIP(name) == nil {
		return &controlError{403, "without a token the control API has no name but localhost or an address", "Host: " + clip(req.Host), hint}
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

func clip(s string) string {
	const most = 100
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.ToValidUTF8(s, "?")
}

// answer calls the route's function with what its types make of the request.
func (c *control) answer(r controlRoute) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		req.Body = http.MaxBytesReader(w, req.Body, r.most())
		in, err := r.read(req)
		var out any
		if err == nil {
			out, err = r.handle(c.server, req, in)
		}
		if err != nil {
			failed := r.failure(req, err)
			writeControl(w, failed.status, failed)
			return
		}
		writeControl(w, r.status, out)
	})
}

// failure words an error of a route. What Server's methods return says what was
// given by itself.
func (r controlRoute) failure(req *http.Request, err error) *controlError {
	if failed, ok := errors.AsType[*controlError](err); ok {
		return failed
	}
	status := http.StatusBadRequest
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		status = refusal.Status
	}
	return &controlError{status, err.Error(), r.method + " " + clip(req.URL.Path), r.op + " is described in " + controlPath + "control.json"}
}

func (c *control) unknown(w http.ResponseWriter, req *http.Request) {
	var methods, paths []string
	for _, r := range controlRoutes() {
		paths = append(paths, r.method+" "+r.path)
		probe := &http.Request{Method: r.method, URL: req.URL, Host: req.Host}
		if _, pattern := c.mux.Handler(probe); pattern == r.method+" "+r.path {
			methods = append(methods, r.method)
		}
	}
	failed := &controlError{404, "the control API has no such path", req.Method + " " + clip(req.URL.Path), "it has " + strings.Join(paths, ", ")}
	if len(methods) > 0 {
		failed = &controlError{405, "this path does not take the method", failed.Given, "use " + strings.Join(methods, " or ")}
		w.Header().Set("Allow", strings.Join(methods, ", "))
	}
	writeControl(w, failed.status, failed)
}

func writeControl(w http.ResponseWriter, status int, view any) {
	var b bytes.Buffer
	if s, ok := view.(*Snapshot); ok {
		b.Write(s.text()) // the encoder would take its lines away
	} else {
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(view); err != nil {
			panic(err) // views are plain data
		}
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // the client is gone if this fails
}

// read makes a route's input of a request, and refuses what the route does not
// take: a slip must not pass for a wish.
func (r controlRoute) read(req *http.Request) (any, error) {
	for name, values := range req.URL.Query() {
		if !r.asks(name) {
			return nil, &controlError{400, "there is no parameter " + clip(name), "?" + clip(req.URL.RawQuery), "the parameters are " + strings.Join(r.names(), ", ")}
		}
		if len(values) > 1 {
			return nil, &controlError{400, "the parameter " + name + " comes twice", "?" + clip(req.URL.RawQuery), "give it once"}
		}
	}
	body, err := io.ReadAll(req.Body)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, &controlError{413, fmt.Sprintf("the body has more than %d bytes", r.most()), "a larger one", "send less"}
	}
	if err != nil {
		return nil, &controlError{400, "the body could not be read", err.Error(), "send it whole"}
	}
	if r.takes == nil {
		if sent := string(bytes.Trim(body, blanks)); sent != "" && sent != "{}" {
			return nil, &controlError{400, "this path takes no body", clip(string(body)), "send none"}
		}
		return nil, nil
	}
	if r.free() {
		return json.RawMessage(body), nil
	}
	return readControl(r.takes, body)
}

// most is how many bytes a body may have.
func (r controlRoute) most() int64 {
	if r.free() {
		return maxSnapshot
	}
	return maxControlBody
}

// free says that the body is read by the route itself.
func (r controlRoute) free() bool {
	_, ok := r.takes.(json.RawMessage)
	return ok
}
