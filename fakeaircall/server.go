package fakeaircall

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"
)

// A Server is a fake of api.aircall.io. Make one with New or RunT.
type Server struct {
	all       atomic.Pointer[[]*account]
	first     []*account // that New made
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
	notifier           notifier
	woken              chan struct{} // something may be due earlier than it was
	running            backgroundTask
	dispatcher         *dispatcher

	options Options                   // as completed
	begins  atomic.Pointer[Options]   // what companies are seeded by
	start   atomic.Pointer[time.Time] // of the companies' lives
	made    recipe                    // of the world; written with world and recording held
	resumed *Resumption
	world   sync.RWMutex // read lock: requests and changes of the clock; write lock: Reset and Restore

	persister *persister // nil: nothing is kept
	recording sync.Mutex // held by who changes what more than one record tells, and by who records it
	founding  sync.Mutex // one at a time adds or removes an account
	templates templates

	saved      savedSnapshots
	api, aside listener // aside is for the control API alone

	sandbox   atomic.Pointer[Server] // answers in place of this server; nil: none
	sandboxOf *Server                // that this one answers in place of; nil: it is no sandbox
	lastAsked atomic.Int64           // of a sandbox: UNIX nanoseconds, in real time

	mu       sync.Mutex
	panicked error // the first panic of a handler, for RunT to report
}

// New makes a server; each company gets its data when it is first asked for. It
// does not listen: use Handler, or Listen.
func New(o Options) (*Server, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	assume, err := assumed(o.Assume)
	if err != nil {
		return nil, err
	}
	s := &Server{
		apps:       o.Apps,
		routes:     knownRoutes(),
		clock:      newClock(o.Clock, o.Speed),
		rateLimit:  o.RateLimit,
		assume:     assume,
		seed:       uint64(o.Seed),
		requestLog: newRequestLog(o.Journal),
		faults:     faults{random: faultChance(o)},
		options:    o,
		made:       o.recipe(),

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
	}
	s.handler = http.HandlerFunc(s.serve)
	if o.Wrap != nil {
		s.handler = o.Wrap(s.handler)
	}
	s.dispatcher = newDispatcher(o.Deliveries)
	start := s.clock.now()
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
	kept, err := loadAll(o.Store)
	if err != nil {
		return nil, err
	}
	resumed, err := s.lookAhead(kept)
	if err != nil {
		return nil, err
	}
	if o.Snapshot != nil {
		s.Restore(o.Snapshot)
	} else if err := s.seedFixtures(resumed); err != nil {
		return nil, err
	}
	if o.Store != nil {
		if err := s.keepIn(o.Store, kept); err != nil {
			return nil, err
		}
		s.resumed.took(s)
	}
	return s, nil
}

// newAccount makes a company of an account that is not in the server yet.
func (s *Server) newAccount(a Account) *account {
	c := &account{
		Account: a, clock: s.clock, assume: s.assume, deliver: s.options.Deliveries,
		base: s.base, changed: s.notifier.notify, send: s.dispatcher.enqueue,
	}
	c.wake = func() { s.wake(c.clock) }
	return c
}

// Accounts are the companies and their credentials, as completed by New.
func (s *Server) Accounts() []Account {
	var list []Account
	for _, c := range s.accounts() {
		list = append(list, c.credentials())
	}
	return list
}

// accounts are those there are now.
func (s *Server) accounts() []*account { return *s.all.Load() }

// Apps are what the companies can install, as completed by New.
func (s *Server) Apps() []App {
	list := slices.Clone(s.apps)
	for i := range list {
		list[i].RedirectURIs = slices.Clone(list[i].RedirectURIs)
	}
	return list
}

// Handler answers requests, for a listener of the caller's own. What happens by
// itself goes on until Close.
func (s *Server) Handler() http.Handler { return s.handler }

// serve finds the route of a request in the one router, and answers it there.
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
		req.Pattern = name // the control API has a router of its own, which names a pattern, too
		return
	}
	req.Pattern = name
	s.serveOperation(w, req, s.routes.operations[name], found.Vars)
}

// serveOperation is the life of a request for an operation, nil for an unknown
// route: credentials, rate limit, faults, handler, request log.
// A missing route is answered before credentials are looked at (measured 2026-08-11).
func (s *Server) serveOperation(w http.ResponseWriter, req *http.Request, op *operation, path map[string]string) {
	elapsed := stopwatch()
	from := s.from(req)
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
	s.logRequest(r, req, status, w.Header(), body, took) // first, so that who has the reply finds the request
	s.notifier.notify()
	switch {
	case r.damage != nil:
		r.damage.send(req.Context(), w, status, body)
	case body != nil:
		w.WriteHeader(status)
		w.Write(body) // the client is gone if this fails
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
		return failure(errNoRoute, edgeTier, s.assume)
	}
	r.notes = r.route.parameters
	r.query.notes = r.notes
	r.foldQuery()
	var header http.Header
	if r.retired() {
		r.gone, req.Pattern = true, ""
		return failure(errNoRoute, edgeTier, s.assume)
	}
	var err error
	if !r.route.open() {
		if r.account, r.app, err = s.keys.open(req); err != nil {
			return failure(err, edgeTier, s.assume)
		}
		r.now = r.account.clock.now()
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
		rep, t = failure(err, r.route.tier, s.assume)
	}
	rep.header = header
	return rep, t
}

// handle turns a panic of the handler into the 500 that Aircall would send.
func (s *Server) handle(r *request) (rep reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.mu.Lock()
			s.panicked = errors.Join(s.panicked, fmt.Errorf("%s: %v", r.route.op, p))
			s.mu.Unlock()
			if err = errInternal; s.assume.applicationFails {
				err = &apiError{status: 500, troubleshoot: "Something went wrong"}
			}
		}
	}()
	return r.route.handle(r)
}

// base is what the client must put before a path to come here again.
func base(r *http.Request) string { return scheme(r) + r.Host }

func scheme(r *http.Request) string {
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://"
	}
	return "http://"
}

// from is the base of a request, which is nearly always that of the one before.
func (s *Server) from(r *http.Request) string {
	last := s.asked.Load()
	if last != nil {
		if host, ok := strings.CutPrefix(*last, scheme(r)); ok && host == r.Host {
			return *last
		}
	}
	asked := base(r)
	s.asked.Store(&asked)
	return asked
}

// RateLimit returns how many requests an account may make in a minute; 0: there is no
// limit.
func (s *Server) RateLimit() int { return max(s.rateLimit, 0) }

// base is where the server listens or, with a listener of the caller's own, where
// the last request came.
func (s *Server) base() string {
	if url := s.URL(); url != "" {
		return url
	}
	if from := s.asked.Load(); from != nil {
		return *from
	}
	return origin
}

// TB is the part of testing.TB that RunT needs, so that using the fake in a
// program does not link package testing.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// RunT is New for a test: it listens on loopback, closes when the test ends,
// and fails the test if a handler panicked, or if a request was for something
// that Aircall does not have, unless Options.AllowUnknownRoutes is set.
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

// headerIDs draws the ids in headers: repeatable, and never the same twice.
func (s *Server) headerIDs() *random {
	return &random{s.seed ^ s.replies.Add(1)<<20}
}

// A listener answers on an address between open and close.
type listener struct {
	mu   sync.Mutex
	http *http.Server
	url  string
	done chan struct{}
}

// API Gateway refuses more than 10,240 bytes of headers and request line.
const maxHeader = 10_240

// open begins to answer, with TLS and HTTP/2 if secured.
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
	srv.RegisterOnShutdown(stop) // who waits, waits no longer
	mute := &idleConns{}
	srv.ConnState = mute.watch
	srv.RegisterOnShutdown(mute.closeAll)
	done, scheme, serve := make(chan struct{}), "http://", srv.Serve
	if secured != nil {
		srv.TLSConfig = secured.Clone()
		scheme, serve = "https://", func(at net.Listener) error { return srv.ServeTLS(at, "", "") }
	}
	l.http, l.url, l.done = srv, scheme+at.Addr().String(), done
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

// close waits up to five seconds for requests under way, and cuts the rest off.
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

// Listen starts to answer on addr, such as "127.0.0.1:0", until Close.
func (s *Server) Listen(addr string) error { return s.api.open(addr, s.Handler(), s.options.TLS) }

// ListenControl starts to answer with control alone on addr, until Close: the handler of a
// control API that is not to be beside Aircall's, see package control.
func (s *Server) ListenControl(addr string, control http.Handler) error {
	return s.aside.open(addr, control, s.options.TLS)
}

// URL is where the server listens, without a path; "" if it does not. A sandbox is
// where the server listens in whose place it answers.
func (s *Server) URL() string {
	if s.sandboxOf != nil {
		return s.sandboxOf.URL()
	}
	return s.api.address()
}

// ControlURL is where ListenControl listens, without a path; "" if it does not.
func (s *Server) ControlURL() string { return s.aside.address() }

// Close stops listening, waits up to five seconds for requests under way, cuts
// the rest off, and ends what happens by itself. Deliveries that can leave have two
// more seconds; Deliveries and DeliveryTotals tell which were dropped. With a Store they
// are not dropped but kept.
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

// idleConns has the connections on which nothing came yet. Browsers open some for later,
// and Shutdown would give each five seconds.
type idleConns struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
}

func (s *idleConns) watch(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state != http.StateNew {
		delete(s.conns, c)
		return
	}
	if s.conns == nil {
		s.conns = make(map[net.Conn]bool)
	}
	s.conns[c] = true
}

func (s *idleConns) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.Close() // nobody reads the error
	}
}

// A notifier counts changes, and lets others wait for the next. While nobody waits, a
// beat is two atomic operations.
type notifier struct {
	count   atomic.Uint64
	waiting atomic.Pointer[chan struct{}] // closed at the next beat; nil: nobody waits
}

func (p *notifier) notify() {
	p.count.Add(1)
	if p.waiting.Load() == nil {
		return
	}
	if c := p.waiting.Swap(nil); c != nil {
		close(*c)
	}
}

// wait returns the count, and a channel that is closed when the count changes. The channel is loaded
// first: a beat between the two is in the count.
func (p *notifier) wait() (count uint64, more <-chan struct{}) {
	for {
		c := p.waiting.Load()
		if c == nil {
			fresh := make(chan struct{})
			if c = &fresh; !p.waiting.CompareAndSwap(nil, c) {
				continue
			}
		}
		return p.count.Load(), *c
	}
}

// Changes counts what happened to the server: requests, events, deliveries, faults,
// snapshots, moves of the clock. What is read of it may differ when the count does.
func (s *Server) Changes() uint64 { return s.notifier.count.Load() }

// WaitForChange returns Changes as soon as it is not since, or when ctx ends.
func (s *Server) WaitForChange(ctx context.Context, since uint64) uint64 {
	for {
		count, more := s.notifier.wait()
		if count != since {
			return count
		}
		select {
		case <-more:
		case <-ctx.Done():
			return count
		}
	}
}

// changeCount is a number that differs when something a person would look at has changed:
// everything in it only grows.
func (s *state) changeCount() uint64 {
	n := s.deliveries.totals
	return s.events.last + s.schedule.set + uint64(s.deliveries.last) + n.Delivered + n.Failed + n.Dropped
}
