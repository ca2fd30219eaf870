package fakeaircall

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"
)

// A Server is a fake of api.aircall.io. New and RunT make one.
type Server struct {
	all       atomic.Pointer[[]*account]
	first     []*account // made by New
	lastPlace atomic.Int64
	apps      []App
	keys      *keyring
	routes    *routeTable
	router    *mux.Router
	clock     *clock
	rateLimit int
	assume    assumptions
	seed      uint64
	handler   http.Handler

	allowUnknownRoutes bool // requests without a route
	requestLog         *requestLog
	faults             faults
	replies            atomic.Uint64          // counts, for ids in headers
	asked              atomic.Pointer[string] // the base of the last request
	baseURL            string                 // Options.BaseURL without a slash at its end
	date               date
	notifier           notifier
	woken              chan struct{} // has a value when a timer may be due earlier
	running            backgroundTask
	dispatcher         *dispatcher

	options Options                   // as completed
	begins  atomic.Pointer[Options]   // by which accounts are seeded
	start   atomic.Pointer[time.Time] // of the seeded data
	born    time.Time                 // start without a clock in the options, also after Reset; world guards it
	made    recipe                    // of the data; written with world and recording held
	resumed *Resumption
	world   sync.RWMutex // read lock: requests and changes of the clock; write lock: Reset and Restore

	persister *persister // nil: there is no store
	recording sync.Mutex // held for changes that concern several records, and while they are recorded
	founding  sync.Mutex // held while an account is added or removed

	saved      savedSnapshots
	api, aside listener // aside serves only the control API

	sandbox   atomic.Pointer[Server] // answers in place of this server; nil: none
	sandboxOf *Server                // the server that this one replaces; nil: this is not a sandbox
	lastAsked atomic.Int64           // of a sandbox: UNIX nanoseconds, in real time

	mu       sync.Mutex
	panicked error // the first panic of a handler, for RunT to report
}

// New makes a server. The data of an account is made when it is first used. The server does not listen: use Handler or
// Listen.
func New(o Options) (*Server, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	assume, err := assumed(o.Assume)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(o.AssumeFor)) {
		if _, err := o.assumedFor(name); err != nil {
			return nil, fmt.Errorf("%w, for the account %.60q", err, name)
		}
	}
	s := &Server{
		apps:       o.Apps,
		routes:     knownRoutes(),
		clock:      newClock(o.Clock, o.Speed),
		rateLimit:  o.RateLimit,
		assume:     assume,
		seed:       uint64(o.Seed),
		requestLog: newRequestLog(o.RequestLog),
		faults:     faults{random: faultChance(o)},
		options:    o,
		baseURL:    strings.TrimRight(o.BaseURL, "/"),
		made:       recipe{o.Seed, o.Scale},

		allowUnknownRoutes: o.AllowUnknownRoutes,

		woken: make(chan struct{}, 1),
	}
	s.router = s.newRouter()
	if o.Control != nil {
		h, err := o.Control(s)
		if err != nil {
			return nil, err
		}
		s.router.PathPrefix(controlPath).Name(controlOp).Handler(h)
		toControl := http.RedirectHandler(controlPath, http.StatusSeeOther)
		s.router.Methods(http.MethodGet).Path(strings.TrimSuffix(controlPath, "/")).Name(controlOp).Handler(toControl)
		s.router.Methods(http.MethodGet).Path("/").MatcherFunc(fromBrowser).Name(controlOp).Handler(toControl)
	}
	s.handler = http.HandlerFunc(s.serve)
	if o.Wrap != nil {
		s.handler = o.Wrap(s.handler)
	}
	s.dispatcher = newDispatcher(o.Deliveries)
	start := s.clock.now()
	s.born = start
	s.start.Store(&start)
	s.begins.Store(&o)
	for i, a := range o.Accounts {
		c := s.newAccount(a)
		c.place, c.places = int64(i), int64(len(o.Accounts))
		c.seed = func() *state { return seedAccount(c.credentials(), *s.begins.Load(), i, *s.start.Load()) }
		s.first = append(s.first, c)
	}
	s.all.Store(&s.first)
	s.lastPlace.Store(int64(len(s.first) - 1))
	s.keys = newKeyring(o)
	s.keys.recording = &s.recording
	s.keys.cut(s)
	var stored *worldRecord
	var persister *persister
	if o.Store != nil {
		persister = newPersister(s, o.Store)
		if stored, err = persister.load(&s.saved); err != nil {
			return nil, fmt.Errorf("state: %w", err)
		}
	}
	if stored != nil {
		s.start.Store(&stored.Start)
	} else if o.Snapshot != nil {
		s.Restore(o.Snapshot)
	}
	if stored != nil || o.Snapshot == nil {
		if err := s.seedFixtures(stored); err != nil {
			return nil, err
		}
	}
	if stored != nil {
		s.resume(stored)
	}
	s.persister = persister
	s.storeAll(nil)
	return s, s.kept()
}

// newAccount makes an account that is not in the server yet.
func (s *Server) newAccount(a Account) *account {
	assume, _ := s.options.assumedFor(a.Name) // New has reported mistakes
	c := &account{
		Account: a, clock: s.clock, assume: assume, deliver: s.options.Deliveries,
		base: s.base, changed: s.notifier.notify, send: s.dispatcher.enqueue, onDelivery: s.options.OnDelivery,
	}
	c.wake = func() { s.wake(c.clock) }
	return c
}

// Accounts returns the accounts with their credentials, as completed by New.
func (s *Server) Accounts() []Account {
	var list []Account
	for _, c := range s.accounts() {
		list = append(list, c.credentials())
	}
	return list
}

// accounts returns the present accounts.
func (s *Server) accounts() []*account { return *s.all.Load() }

// Apps returns the OAuth apps, as completed by New.
func (s *Server) Apps() []App {
	list := slices.Clone(s.apps)
	for i := range list {
		list[i].RedirectURIs = slices.Clone(list[i].RedirectURIs)
	}
	return list
}

// Handler returns the handler of all requests, for the caller's own listener. Timers run until Close.
func (s *Server) Handler() http.Handler { return s.handler }

// serve finds the route of a request and calls its handler.
func (s *Server) serve(w http.ResponseWriter, req *http.Request) {
	var found mux.RouteMatch
	known := s.router.Match(req, &found)
	var name string
	if known {
		name = found.Route.GetName()
	}
	if in := s.Active(); in != s && name != controlOp {
		in.serve(w, req)
		return
	}
	if known && found.Handler != nil {
		found.Handler.ServeHTTP(w, req)
		req.Pattern = name // the router of the control API has set another pattern
		return
	}
	req.Pattern = name
	s.serveOperation(w, req, s.routes.operations[name], found.Vars)
}

// serveOperation answers a request for an operation, nil for an unknown route: credentials, rate limit, faults, handler,
// request log. An unknown route is answered before credentials are checked (measured 2026-08-11).
func (s *Server) serveOperation(w http.ResponseWriter, req *http.Request, op *operation, path map[string]string) {
	elapsed := stopwatch()
	from := s.requestBase(req)
	r := &request{
		assume: s.assume,
		base:   from,
		query:  form{mark: ofQuery},
		keys:   s.keys,
		route:  op,
		path:   path,
	}
	if req.URL.RawQuery != "" {
		r.query.values = req.URL.Query()
	}
	if req.Body != http.NoBody {
		r.body = payload{from: http.MaxBytesReader(w, req.Body, maxBody)}
	}
	rep, t := s.answer(r, req)
	took := elapsed()
	status, body := s.writeHeaders(w.Header(), req, rep, t, took.Seconds())
	if c := r.account; c != nil && c.clock != s.clock {
		w.Header()["Date"] = []string{r.now.Format(http.TimeFormat)}
	}
	if r.damage != nil {
		status, body = r.damage.mangleBody(w.Header(), status, body)
	}
	s.logRequest(r, req, status, w.Header(), body, took) // first, so that a client with the reply finds the request
	s.notifier.notify()
	switch {
	case r.damage != nil:
		r.damage.send(req.Context(), w, status, body)
	case body != nil:
		w.WriteHeader(status)
		w.Write(body) // fails only if the client is gone
	default:
		w.WriteHeader(status)
	}
	if rep.body != nil {
		bodies.Put(&rep.body)
	}
}

func (s *Server) answer(r *request, req *http.Request) (rep reply, t tier) {
	s.world.RLock()
	defer s.world.RUnlock()
	r.now = s.clock.now()
	if r.route == nil {
		return failure(errNoRoute, edgeTier, r.assume)
	}
	r.notes = r.route.parameters
	r.query.notes = r.notes
	r.foldQuery()
	var header http.Header
	var err error
	if !r.route.open() {
		c, app, refused := s.keys.open(req)
		if refused == nil {
			r.assume = c.assume
		}
		if r.retired() { // answered before the credentials are checked
			r.gone, req.Pattern = true, ""
			return failure(errNoRoute, edgeTier, r.assume)
		}
		if refused != nil {
			r.refused = s.keys.explainRefusal(req.Header.Get("Authorization"))
			return failure(refused, edgeTier, r.assume)
		}
		r.account, r.app, r.now = c, app, c.clock.now()
		header, err = s.limit(r.account, r.now)
	}
	t = r.route.tier
	if err == nil {
		err = s.remember(r, req)
	}
	if err == nil {
		if r.damage = s.matchFaults(r, req); r.damage != nil {
			var throttled http.Header
			if rep, t, throttled, err = s.applyFault(r, req); throttled != nil {
				header = throttled
			}
		} else {
			rep, err = s.handle(r)
		}
	}
	if err != nil {
		rep, t = failure(err, r.route.tier, r.assume)
	}
	rep.header = header
	return rep, t
}

// handle calls the handler, and turns a panic into the 500 that Aircall would send.
func (s *Server) handle(r *request) (rep reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.mu.Lock()
			s.panicked = errors.Join(s.panicked, fmt.Errorf("%s: %v", r.route.op, p))
			s.mu.Unlock()
			if err = errInternal; r.assume.applicationFails {
				err = &apiError{status: 500, troubleshoot: "Something went wrong"}
			}
		}
	}()
	return r.route.handle(r)
}

// requestBase returns Options.BaseURL, or the scheme and host of a request, for links to this server. Most requests have that of the one before.
func (s *Server) requestBase(r *http.Request) string {
	if s.baseURL != "" {
		return s.baseURL
	}
	scheme := "http://"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https://"
	}
	if last := s.asked.Load(); last != nil {
		if host, ok := strings.CutPrefix(*last, scheme); ok && host == r.Host {
			return *last
		}
	}
	from := scheme + r.Host
	s.asked.Store(&from)
	return from
}

// RateLimit returns how many requests an account may make in a minute; 0: there is no limit.
func (s *Server) RateLimit() int { return max(s.rateLimit, 0) }

// base returns Options.BaseURL, the URL of the server or, with the caller's own listener, the address of the last request.
func (s *Server) base() string {
	if s.baseURL != "" {
		return s.baseURL
	}
	if url := s.URL(); url != "" {
		return url
	}
	if from := s.asked.Load(); from != nil {
		return *from
	}
	return origin
}

// TB is the part of testing.TB that RunT needs, so that a program with the fake does not link package testing.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// RunT makes a server for a test. It listens on loopback and is closed when the test ends. It fails the test if a handler
// panicked, or if a request had no route, unless Options.AllowUnknownRoutes is set.
func RunT(t TB, o Options) *Server {
	t.Helper()
	s, err := New(o)
	if err == nil {
		err = s.Listen("127.0.0.1:0")
	}
	if err != nil {
		t.Fatalf("fakeaircall: %v", err)
		return nil
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("fakeaircall: close: %v", err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.panicked != nil {
			t.Errorf("fakeaircall: %v", s.panicked)
		}
		for _, said := range s.requestLog.reportUnknownRoutes() {
			t.Errorf("fakeaircall: %s; Options.AllowUnknownRoutes lets it pass", said)
		}
	})
	return s
}

// headerIDs returns a source of ids in headers: repeatable, and never the same twice.
func (s *Server) headerIDs() *random {
	return &random{s.seed ^ s.replies.Add(1)<<20}
}

// A listener serves HTTP on an address between open and close.
type listener struct {
	mu   sync.Mutex
	http *http.Server
	url  string
	done chan struct{}
}

// API Gateway refuses more than 10,240 bytes of headers and request line.
const maxHeader = 10_240

// open starts to serve, with TLS and HTTP/2 if secured is not nil.
func (l *listener) open(addr string, h http.Handler, secured *tls.Config) error {
	at, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.http != nil {
		at.Close()
		return errors.New("listen: the server listens already")
	}
	ctx, stop := context.WithCancel(context.Background())
	srv := &http.Server{
		Handler: h, BaseContext: func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: maxHeader,
	}
	srv.RegisterOnShutdown(stop) // ends requests that wait
	var silent sync.Map          // connections that have sent nothing, as browsers open some; Shutdown would wait for them
	srv.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew {
			silent.Store(c, nil)
		} else {
			silent.Delete(c)
		}
	}
	srv.RegisterOnShutdown(func() {
		silent.Range(func(c, _ any) bool {
			c.(net.Conn).Close()
			return true
		})
	})
	done, scheme, serve := make(chan struct{}), "http://", srv.Serve
	if secured != nil {
		srv.TLSConfig = secured.Clone()
		scheme, serve = "https://", func(at net.Listener) error { return srv.ServeTLS(at, "", "") }
	}
	host, port, _ := net.SplitHostPort(at.Addr().String())
	if ip := net.ParseIP(host); ip.IsUnspecified() {
		host = "127.0.0.1" // all addresses: this one leads to it
	}
	l.http, l.url, l.done = srv, scheme+net.JoinHostPort(host, port), done
	go func() {
		defer close(done)
		defer stop()
		serve(at) // always ends with ErrServerClosed, by close
	}()
	return nil
}

func (l *listener) address() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.url
}

// close waits up to five seconds for running requests, and cancels the rest.
func (l *listener) close() error {
	l.mu.Lock()
	srv, done := l.http, l.done
	l.http, l.url = nil, ""
	l.mu.Unlock()
	if srv == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := srv.Shutdown(ctx)
	if err != nil {
		err = srv.Close()
	}
	<-done
	return err
}

// Listen serves on addr, such as "127.0.0.1:0", until Close.
func (s *Server) Listen(addr string) error { return s.api.open(addr, s.Handler(), s.options.TLS) }

// ListenControl serves only control on addr until Close, for a control API on its own address: see package control.
func (s *Server) ListenControl(addr string, control http.Handler) error {
	return s.aside.open(addr, control, s.options.TLS)
}

// URL returns the address of Listen, such as http://127.0.0.1:8787, or "" before Listen. If the server listens on all addresses of
// the machine, it is that of loopback. A sandbox has the URL of the
// server that it replaces.
func (s *Server) URL() string {
	if s.sandboxOf != nil {
		return s.sandboxOf.URL()
	}
	return s.api.address()
}

// ControlURL returns the address of ListenControl, or "" before it.
func (s *Server) ControlURL() string { return s.aside.address() }

// Close stops listening, waits up to five seconds for running requests, cancels the rest, and stops the timers. Deliveries
// that are due get two more seconds. The others are dropped, as Deliveries and DeliveryTotals show; with a Store they
// are kept.
func (s *Server) Close() error {
	err := errors.Join(s.aside.close(), s.api.close())
	s.EndSandbox()
	s.running.end()
	s.dispatcher.close()
	if s.persister == nil {
		s.dropDeliveries()
		return err
	}
	return errors.Join(err, s.closeStore())
}

// A notifier counts changes, and lets callers wait for the next one.
type notifier struct {
	mu    sync.Mutex
	count uint64
	next  chan struct{} // closed at the next change; nil: nobody waits
}

func (n *notifier) notify() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.count++
	if n.next != nil {
		close(n.next)
		n.next = nil
	}
}

// wait returns the count, and a channel that is closed when the count changes.
func (n *notifier) wait() (count uint64, next <-chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next == nil {
		n.next = make(chan struct{})
	}
	return n.count, n.next
}

// Changes returns a number that differs after something happened: a request, an event, a delivery, a fault, a snapshot,
// a move of the clock.
func (s *Server) Changes() uint64 {
	count, _ := s.notifier.wait()
	return count
}

// WaitForChange returns Changes as soon as it differs from since, or when ctx ends.
func (s *Server) WaitForChange(ctx context.Context, since uint64) uint64 {
	for {
		count, next := s.notifier.wait()
		if count != since {
			return count
		}
		select {
		case <-next:
		case <-ctx.Done():
			return count
		}
	}
}

// changeCount returns a number that differs when something visible has changed: each part of it only grows.
func (s *state) changeCount() uint64 {
	n := s.deliveries.totals
	return s.events.version + s.schedule.set + uint64(s.deliveries.last) + n.Delivered + n.Failed + n.Dropped
}
