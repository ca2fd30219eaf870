package binding_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding"
)

// A request is what a server saw, as text: "GET /v1/calls?page=1", then the body.
type request struct {
	line, body, auth string
}

// A server answers with literal bytes and remembers what it was asked.
type server struct {
	URL  string
	mu   sync.Mutex
	seen []request
}

// serve starts a server. The function gives status and body for a request; it is called one at a time.
func serve(t testing.TB, answer func(request) (int, string)) *server {
	t.Helper()
	s := &server{}
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		req := request{line: r.Method + " " + r.URL.RequestURI(), body: string(data), auth: r.Header.Get("Authorization")}
		s.seen = append(s.seen, req)
		status, body := answer(req)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

// replies serves fixed bodies by "METHOD path", the query not regarded, and Aircall's 404 for anything else.
func replies(t testing.TB, bodies map[string]string) *server {
	t.Helper()
	return serve(t, func(r request) (int, string) {
		path, _, _ := strings.Cut(r.line, "?")
		if body, ok := bodies[path]; ok {
			return http.StatusOK, body
		}
		return http.StatusNotFound, `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`
	})
}

func (s *server) requests() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]request(nil), s.seen...)
}

// lines are the requests as "METHOD URI body", and the memory of them is gone afterwards.
func (s *server) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for _, r := range s.seen {
		lines = append(lines, strings.TrimSpace(r.line+" "+r.body))
	}
	s.seen = nil
	return lines
}

// The credentials of the tests' accounts. None may appear anywhere.
const (
	canaryID    = "canary-id-71c2"
	canaryToken = "canary-token-93af"
	canaryBear  = "canary-bearer-55e0"
)

// patience is the time for a script that is to end by itself: the race detector makes it ten times slower.
var patience = func() time.Duration {
	if raceEnabled {
		return 5 * time.Minute
	}
	return 30 * time.Second
}()

// runner is one for a single account at url.
func runner(t testing.TB, url string, change ...func(*binding.Config)) *binding.Runner {
	t.Helper()
	c := binding.Config{Accounts: map[string]binding.Account{
		"default": {APIID: canaryID, APIToken: canaryToken, URL: url, User: "owner@example.com"},
	}}
	c.Limits.Timeout = patience
	for _, f := range change {
		f(&c)
	}
	r, err := binding.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// run runs a script that must succeed, and returns what it printed.
func run(t testing.TB, r *binding.Runner, source string, args ...any) string {
	t.Helper()
	res, err := r.Run(context.Background(), "test.lua", source, binding.RunOptions{Args: args})
	if err != nil {
		t.Fatalf("%v\noutput: %s", err, res.Output)
	}
	return res.Output
}

// fails runs a script that must fail.
func fails(t testing.TB, r *binding.Runner, source string) *binding.ScriptError {
	t.Helper()
	res, err := r.Run(context.Background(), "test.lua", source, binding.RunOptions{})
	if res == nil {
		t.Fatal("no result beside the error")
	}
	var failed *binding.ScriptError
	if !errors.As(err, &failed) {
		t.Fatalf("got error %v, want a *ScriptError; output: %s", err, res.Output)
	}
	return failed
}

// want compares texts.
func want(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got: %s\nwant: %s", what, got, want)
	}
}
