package aircall_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	apiID    = "canary-id-1f9a"
	apiToken = "canary-token-77c2"
	// base64 of canary-id-1f9a:canary-token-77c2
	basicPair = "Y2FuYXJ5LWlkLTFmOWE6Y2FuYXJ5LXRva2VuLTc3YzI="
	basePath  = "/proxy/base" // not "/", so that a path built from the root is seen
)

// serveURL starts a server on loopback.
func serveURL(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

// serve starts a server on loopback and returns a client of it with the client's own transport.
func serve(t *testing.T, h http.HandlerFunc) *aircall.Client {
	t.Helper()
	return client(t, aircall.Options{BaseURL: serveURL(t, h) + basePath})
}

// client fills in the credentials that are missing.
func client(t *testing.T, o aircall.Options) *aircall.Client {
	t.Helper()
	if o.APIID == "" && o.AccessToken == "" {
		o.APIID, o.APIToken = apiID, apiToken
	}
	c, err := aircall.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// pipes is a network without a kernel: a dial makes a net.Pipe, so that a server and the real
// http.Transport run inside a synctest bubble, on its clock.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.done:
		return nil, &net.OpError{Op: "dial", Net: "pipe", Err: errors.New("connection refused")}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// bubble starts a server on pipes and returns a client of it; to be called inside synctest.Test.
func bubble(t *testing.T, o aircall.Options, h http.HandlerFunc) *aircall.Client {
	t.Helper()
	p := newPipes()
	srv := &http.Server{Handler: h}
	go srv.Serve(p)
	t.Cleanup(func() { srv.Close() })
	o.BaseURL, o.Transport = "http://127.0.0.1"+basePath, &http.Transport{DialContext: p.dial}
	return client(t, o)
}

// answer is a handler that gives the replies one after the other, the last one for ever, and counts.
type answer struct {
	mu      sync.Mutex
	replies []http.HandlerFunc
	asked   int
}

func answers(replies ...http.HandlerFunc) *answer { return &answer{replies: replies} }

func (a *answer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	a.mu.Lock()
	reply := a.replies[min(a.asked, len(a.replies)-1)]
	a.asked++
	a.mu.Unlock()
	reply(w, r)
}

func (a *answer) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.asked
}

// reply writes a status, header pairs and a body.
func reply(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// cut breaks the connection after the given bytes of a reply.
func cut(bytes string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		io.WriteString(conn, bytes)
		conn.Close()
	}
}

// wantError takes the client's error out of err.
func wantError(t *testing.T, err error) *aircall.Error {
	t.Helper()
	var e *aircall.Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %T %v, want an *aircall.Error", err, err)
	}
	return e
}
