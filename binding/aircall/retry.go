package aircall

import (
	"context"
	"crypto/tls"
	"errors"
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

// errResent ends an attempt in which the transport was about to send a write again by itself.
var errResent = errors.New("the server broke the request off")

// fate follows how far an attempt got. Its fields are set by the transport's goroutines.
type fate struct {
	asked, connected, http2 atomic.Bool
}

// watch reports to f, and calls stop before a write goes out a second time. Over HTTP/1.1 Go's transport takes
// another connection for a write only if not one byte was written to the first, which is welcome.
// Over HTTP/2 it also does so after errors that do not exclude that the server acted.
func (f *fate) watch(ctx context.Context, write bool, stop context.CancelCauseFunc) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { f.asked.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			if write && f.http2.Load() {
				stop(errResent)
			}
			f.connected.Store(true)
			conn, ok := info.Conn.(*tls.Conn)
			f.http2.Store(ok && conn.ConnectionState().NegotiatedProtocol == "h2")
		},
	})
}

// unsent is true only if the request certainly never left: the transport looked for a connection and got
// none. A transport that does not report to httptrace proves nothing.
func (f *fate) unsent() bool { return f.asked.Load() && !f.connected.Load() }

// hopeless says that a new attempt would meet the same wall: a certificate nobody trusts, a name nobody knows.
func hopeless(err error) bool {
	var cert *tls.CertificateVerificationError
	var dns *net.DNSError
	return errors.As(err, &cert) || errors.As(err, &dns) && dns.IsNotFound
}
