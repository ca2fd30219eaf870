package aircall_test

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

var callFive = reply(200, `{"call":{"id":5}}`)

// send makes a read, or a write with or without a body.
func send(ctx context.Context, c *aircall.Client, method string) error {
	var err error
	switch method {
	case "GET":
		_, err = c.Call(ctx, 5)
	case "POST":
		err = c.CommentCall(ctx, 5, "hi")
	case "PUT": // without a body, which http.Transport treats differently
		_, err = c.ArchiveCall(ctx, 5)
	}
	return err
}

// TestRetryOfReplies counts the attempts for each status, of a server that never mends.
func TestRetryOfReplies(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 405, 408, 422, 429, 500, 501, 502, 503, 504} {
		for _, method := range []string{"GET", "POST", "PUT"} {
			t.Run(fmt.Sprint(method, status), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					a := answers(reply(status, `{"error":"x"}`))
					c := bubble(t, aircall.Options{MaxRetries: 2}, a.ServeHTTP)
					e := wantError(t, send(t.Context(), c, method))

					read, again := method == "GET", status == 429 || status >= 502
					wantCount := 1
					if again && (read || status == 429) {
						wantCount = 3
					}
					if got := a.count(); got != wantCount {
						t.Errorf("sent %d times, want %d", got, wantCount)
					}
					if want := status == 429 || status >= 500 && read; e.Retryable != want {
						t.Errorf("Retryable is %v", e.Retryable)
					}
					if want := status >= 500 && !read; e.EffectUnknown != want {
						t.Errorf("EffectUnknown is %v", e.EffectUnknown)
					}
				})
			})
		}
	}
}

func TestRetrySucceeds(t *testing.T) {
	for name, first := range map[string]http.HandlerFunc{
		"502": reply(502, "<html>"), "503": reply(503, ""), "504": reply(504, ""), "429": reply(429, ""),
		"no reply": cut(""), "half a status line": cut("HTTP/1.1 20"),
		"half a body": cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"call\":"),
		"half chunk":  cut("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"ca"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := answers(first, first, callFive)
				c := bubble(t, aircall.Options{}, a.ServeHTTP)
				call, err := c.Call(t.Context(), 5)
				if err != nil || call.ID != 5 {
					t.Fatalf("got %v, %v", call, err)
				}
				if a.count() != 3 {
					t.Errorf("sent %d times", a.count())
				}
			})
		})
	}
}

// TestBrokenWriteIsSentOnce has the connection die at every stage after the request was read. The first
// request warms the connection up: http.Transport is bolder with connections it reuses.
func TestBrokenWriteIsSentOnce(t *testing.T) {
	for name, broken := range map[string]http.HandlerFunc{
		"no reply": cut(""), "half a status line": cut("HTTP/1.1 20"),
		"half a body": cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"call\":"),
	} {
		for _, method := range []string{"POST", "PUT"} {
			t.Run(method+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					a := answers(callFive, broken, callFive)
					c := bubble(t, aircall.Options{}, a.ServeHTTP)
					if err := send(t.Context(), c, "GET"); err != nil {
						t.Fatal(err)
					}
					e := wantError(t, send(t.Context(), c, method))
					if e.Kind != aircall.KindNetwork || e.Retryable || !e.EffectUnknown || e.Hint != "the write may have happened; check before sending it again" {
						t.Errorf("got %#v", e)
					}
					if a.count() != 2 {
						t.Errorf("sent %d times, want 1 and 1", a.count())
					}
				})
			})
		}
	}
}

// TestUnsentWriteIsSentAgain refuses connections first: nothing arrived, so a write may go out again.
func TestUnsentWriteIsSentAgain(t *testing.T) {
	for _, method := range []string{"GET", "POST", "PUT"} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, a, refused := newPipes(), answers(callFive), 0
				srv := &http.Server{Handler: a}
				go srv.Serve(p)
				defer srv.Close()
				dial := func(ctx context.Context, network, address string) (net.Conn, error) {
					if refused++; refused <= 2 {
						return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
					}
					return p.dial(ctx, network, address)
				}
				c := client(t, aircall.Options{BaseURL: "http://localhost", Transport: &http.Transport{DialContext: dial}})
				if err := send(t.Context(), c, method); err != nil {
					t.Error(err)
				}
				if a.count() != 1 || refused != 3 {
					t.Errorf("arrived %d times, dialled %d times", a.count(), refused)
				}
			})
		})
	}
}

// TestUnsentWriteIsKnown: whoever gives up after a refused connection says that nothing happened.
func TestUnsentWriteIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dialled := 0
		c := client(t, aircall.Options{Transport: &http.Transport{DialContext: func(_ context.Context, network, _ string) (net.Conn, error) {
			dialled++
			return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
		}}})
		e := wantError(t, send(t.Context(), c, "POST"))
		if e.Kind != aircall.KindNetwork || e.EffectUnknown || !e.Retryable || dialled != 4 || e.Message != "dial tcp: connection refused" {
			t.Errorf("dialled %d times, got %#v", dialled, e)
		}
	})
}

// TestClosedIdleConnection closes a connection the client keeps, and then breaks every write to it: nothing
// leaves, and so even a write may take a new connection.
func TestClosedIdleConnection(t *testing.T) {
	for _, method := range []string{"GET", "POST", "PUT"} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, a := newPipes(), answers(callFive)
				srv := &http.Server{Handler: a}
				go srv.Serve(p)
				defer srv.Close()
				var first *deafConn
				dial := func(ctx context.Context, network, address string) (net.Conn, error) {
					conn, err := p.dial(ctx, network, address)
					if first == nil && err == nil {
						first = &deafConn{Conn: conn}
						return first, nil
					}
					return conn, err
				}
				c := client(t, aircall.Options{BaseURL: "http://localhost", MaxRetries: -1, Transport: &http.Transport{DialContext: dial}})
				if err := send(t.Context(), c, "GET"); err != nil {
					t.Fatal(err)
				}
				first.deaf = true
				if err := send(t.Context(), c, method); err != nil {
					t.Error(err)
				}
				if a.count() != 2 {
					t.Errorf("arrived %d times, want 2", a.count())
				}
			})
		})
	}
}

// deafConn accepts no byte any more, once it is deaf.
type deafConn struct {
	net.Conn
	deaf bool
}

func (d *deafConn) Write(b []byte) (int, error) {
	if d.deaf {
		return 0, errors.New("broken pipe")
	}
	return d.Conn.Write(b)
}

// TestSilentTransport is one that does not report to httptrace: it proves nothing, so a write stays where it is.
func TestSilentTransport(t *testing.T) {
	sent := 0
	c := client(t, aircall.Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		sent++
		return nil, errors.New("dial: connection refused")
	})})
	e := wantError(t, send(t.Context(), c, "POST"))
	if sent != 1 || !e.EffectUnknown || e.Retryable {
		t.Errorf("sent %d times, got %#v", sent, e)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestOddTransports(t *testing.T) {
	for name, f := range map[string]roundTrip{
		"nothing": func(*http.Request) (*http.Response, error) { return nil, nil },
		"no body": func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 200}, nil },
		"status 0": func(*http.Request) (*http.Response, error) {
			return &http.Response{Body: io.NopCloser(strings.NewReader("x"))}, nil
		},
	} {
		if err := client(t, aircall.Options{Transport: f, MaxRetries: -1}).Ping(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestHTTP2WriteIsSentOnce breaks the stream of a write over HTTP/2 with PROTOCOL_ERROR, after which Go's
// transport resends a request by itself, although the server had it.
func TestHTTP2WriteIsSentOnce(t *testing.T) {
	for _, method := range []string{"POST", "PUT"} {
		t.Run(method, func(t *testing.T) {
			url, transport, streams := brokenHTTP2(t)
			c := client(t, aircall.Options{BaseURL: url, Transport: transport, MaxRetries: -1})
			e := wantError(t, send(t.Context(), c, method))
			if e.Kind != aircall.KindNetwork || !e.EffectUnknown || e.Retryable {
				t.Errorf("got %#v", e)
			}
			if got := streams.Load(); got != 1 {
				t.Errorf("%s arrived %d times", method, got)
			}
			// Else the test proves nothing: a read is indeed resent.
			send(t.Context(), c, "GET")
			if got := streams.Load(); got != 3 {
				t.Errorf("GET arrived %d times, want the transport to resend it", got-1)
			}
		})
	}
}

// brokenHTTP2 is a server that resets every stream with PROTOCOL_ERROR once the request is complete, and
// counts them. It hangs up after the third, as the transport's patience is long.
func brokenHTTP2(t *testing.T) (url string, _ http.RoundTripper, streams *atomic.Int32) {
	t.Helper()
	streams = new(atomic.Int32)
	srv := httptest.NewUnstartedServer(nil)
	srv.TLS = &tls.Config{NextProtos: []string{"h2"}}
	srv.EnableHTTP2 = true
	srv.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
		io.ReadFull(conn, make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")))
		conn.Write([]byte{0, 0, 0, 4, 0, 0, 0, 0, 0}) // SETTINGS, none
		head := make([]byte, 9)                       // length 3, type 1, flags 1, stream 4
		for streams.Load() < 3 {
			if _, err := io.ReadFull(conn, head); err != nil {
				return
			}
			io.CopyN(io.Discard, conn, int64(head[0])<<16|int64(head[1])<<8|int64(head[2]))
			const data, headers, endStream = 0, 1, 1
			if head[3] <= headers && head[4]&endStream != 0 {
				streams.Add(1)
				conn.Write(append([]byte{0, 0, 4, 3, 0}, append(head[5:9:9], 0, 0, 0, 1)...)) // RST_STREAM, PROTOCOL_ERROR
			}
		}
	}}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.URL, srv.Client().Transport, streams
}

// TestHopelessIsNotRetried meets a name nobody knows, and a certificate nobody trusts.
func TestHopelessIsNotRetried(t *testing.T) {
	dialled := 0
	_, err := client(t, aircall.Options{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		dialled++
		return nil, &net.DNSError{Err: "no such host", Name: "api.aircall.io", IsNotFound: true}
	}}}).Call(t.Context(), 5)
	if e := wantError(t, err); e.Kind != aircall.KindNetwork || e.Retryable || dialled != 1 {
		t.Errorf("dialled %d times, got %#v", dialled, e)
	}
	srv := httptest.NewUnstartedServer(callFive)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	_, err = client(t, aircall.Options{BaseURL: srv.URL}).Call(t.Context(), 5)
	if e := wantError(t, err); e.Kind != aircall.KindNetwork || e.Retryable || !strings.Contains(e.Message, "certificate") {
		t.Errorf("got %#v", e)
	}
}

func TestMaxRetries(t *testing.T) {
	for max, want := range map[int]int{-1: 1, 0: 4, 1: 2, 10: 11, 1000: 11} {
		synctest.Test(t, func(t *testing.T) {
			a := answers(reply(503, ""))
			c := bubble(t, aircall.Options{MaxRetries: max}, a.ServeHTTP)
			start := time.Now()
			if e := wantError(t, send(t.Context(), c, "GET")); e.Kind != aircall.KindServer {
				t.Errorf("got %v", e)
			}
			if a.count() != want {
				t.Errorf("MaxRetries %d: sent %d times, want %d", max, a.count(), want)
			}
			if took := time.Since(start); took > 70*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestBackoffGrowsAndFits looks at the waits between attempts, and at the one that a deadline cuts off.
func TestBackoffGrowsAndFits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var waits []time.Duration
		last := time.Now()
		c := bubble(t, aircall.Options{MaxRetries: 8}, func(w http.ResponseWriter, r *http.Request) {
			waits = append(waits, time.Since(last))
			last = time.Now()
			reply(503, "")(w, r)
		})
		for range 30 {
			waits, last = nil, time.Now()
			send(t.Context(), c, "GET")
			for i, bound := 1, 300*time.Millisecond; i < len(waits); i, bound = i+1, min(2*bound, 10*time.Second) {
				if waits[i] >= bound {
					t.Fatalf("wait %d is %v, its bound %v", i, waits[i], bound)
				}
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		a := answers(reply(503, "", "Retry-After", "20"))
		c := bubble(t, aircall.Options{}, a.ServeHTTP)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		start := time.Now()
		e := wantError(t, send(ctx, c, "GET"))
		if e.Status != 503 || e.RetryAfter != 20*time.Second || time.Since(start) != 40*time.Second || a.count() != 3 {
			t.Errorf("got %#v after %v and %d attempts", e, time.Since(start), a.count())
		}
	})
}

func TestCancelledBetweenAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answers(reply(503, "", "Retry-After", "20"))
		c := bubble(t, aircall.Options{}, a.ServeHTTP)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, cancel)
		start := time.Now()
		e := wantError(t, send(ctx, c, "GET"))
		want := "canceled while waiting to try again after: 503 Service Unavailable"
		if e.Kind != aircall.KindCanceled || e.Message != want || time.Since(start) != 5*time.Second {
			t.Errorf("got %#v after %v", e, time.Since(start))
		}
	})
}

// TestConnectionIsReused proves that replies of every kind are read to their end: otherwise each would need a new connection.
func TestConnectionIsReused(t *testing.T) {
	remotes := map[string]bool{}
	a := answers(reply(404, `{"error":"x"}`), reply(503, "<html>"), callFive, reply(400, strings.Repeat("x", 1<<20)))
	url := serveURL(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		remotes[r.RemoteAddr] = true
		a.ServeHTTP(w, r)
	}))
	c := client(t, aircall.Options{BaseURL: url, MaxRetries: -1})
	for range 4 {
		send(t.Context(), c, "GET")
	}
	if len(remotes) != 1 || a.count() != 4 {
		t.Errorf("%d requests took %d connections", a.count(), len(remotes))
	}
}

func TestGzip(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept-Encoding"); got != "gzip" {
			t.Errorf("Accept-Encoding: got %q", got)
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, `{"call":{"id":5}}`)
		z.Close()
	})
	if call, err := c.Call(t.Context(), 5); err != nil || call.ID != 5 {
		t.Errorf("got %v, %v", call, err)
	}
}
