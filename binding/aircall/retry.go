package aircall

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

const (
	maxWait      = 2 * time.Minute // for one wait of any cause; Aircall's window is one minute
	firstBackoff = 300 * time.Millisecond
	maxBackoff   = 10 * time.Second
	firstBlind   = 10 * time.Second // after a 429 that does not say when its window ends: three such waits outlast it
	maxBlind     = time.Minute
)

// resend says whether the client itself tries again. [Error.Retryable] allows more: a 500 or a
// timeout is likely to come back at once, so that choice is left to the caller.
func (e *Error) resend() bool {
	if !e.Retryable {
		return false
	}
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return e.Kind == KindNetwork
}

// delay is how long to wait after the error before trying again.
func (e *Error) delay(try int) time.Duration {
	switch {
	case e.Kind != KindRateLimited:
		return max(e.RetryAfter, backoff(try))
	case e.RetryAfter > 0:
		return e.RetryAfter
	}
	return doubled(firstBlind, maxBlind, try)
}

// backoff is a random part of a bound that doubles: clients that failed together do not return together.
func backoff(try int) time.Duration { return jitter(doubled(firstBackoff, maxBackoff, try)) }

func doubled(first, most time.Duration, times int) time.Duration {
	return min(first<<min(times, 16), most)
}

func jitter(most time.Duration) time.Duration { return rand.N(most) }

// fits says whether the context still lives after d, so that nobody waits for nothing.
func fits(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > d
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fate follows how far an attempt got. Its fields are set by the transport's goroutines.
type fate struct {
	asked, connected, http2 atomic.Bool
}

func (f *fate) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { f.asked.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			f.connected.Store(true)
			if conn, ok := info.Conn.(*tls.Conn); ok && conn.ConnectionState().NegotiatedProtocol == "h2" {
				f.http2.Store(true)
			}
		},
	})
}

// unsent is true only if the request certainly never left: the transport looked for a connection and got
// none. A transport that does not report to httptrace proves nothing.
func (f *fate) unsent() bool { return f.asked.Load() && !f.connected.Load() }

// rewind lets an HTTP/1.1 transport take another connection when the one it reused turned out to be
// closed: it asks for that, for a write, only if not one byte was written. HTTP/2 also asks after
// some errors that do not exclude that the server acted.
func (f *fate) rewind(body []byte) (io.ReadCloser, error) {
	if f.http2.Load() {
		return nil, errors.New("sent once already; HTTP/2 does not tell whether it arrived")
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}

// hopeless says that a new attempt would meet the same wall: a certificate nobody trusts, a name nobody knows.
func hopeless(err error) bool {
	var cert *tls.CertificateVerificationError
	var dns *net.DNSError
	return errors.As(err, &cert) || errors.As(err, &dns) && dns.IsNotFound
}
