package fakeaircall

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

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

// silent has the connections on which nothing came yet. Browsers open some for later,
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
