package aircall

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const maxBody = 8 << 20 // bytes, of a request and of a reply; a page of 50 calls has some 100 kB

// Request has the values of one request.
type Request struct {
	Path  []string   // the values of the {…} of the operation's path, in order; escaped by the client
	Query url.Values // nil: none
	Body  any        // encoded as JSON; nil: none; a json.RawMessage is sent as it is
}

// Response is a successful reply: its status is 2xx, and its body is JSON of at most 8 MiB, or empty after a write.
type Response struct {
	Status int
	Header http.Header
	Body   []byte

	sent outgoing
}

// Do sends one request of the named operation (see [Ops]) and returns its successful reply. It retries
// and waits as the package comment says. Every error is an [*Error].
func (c *Client) Do(ctx context.Context, op string, req Request) (*Response, error) {
	out, err := prepare(op, req)
	if err != nil {
		return nil, err
	}
	return c.send(ctx, out)
}

// outgoing is a request that was checked, escaped and encoded, ready to be sent any number of times.
type outgoing struct {
	op    Op
	path  string
	query url.Values
	body  []byte // nil: none
}

func prepare(name string, req Request) (outgoing, error) {
	op, known := opNamed(name)
	out := outgoing{op: op, path: op.Path, query: req.Query}
	if !known {
		return out, out.invalidRequest("unknown operation %q; Ops lists the operations", name)
	}
	path, err := op.fill(req.Path)
	if err != nil {
		return out, out.invalidRequest("%v", err)
	}
	out.path = path
	if fail := out.encode(req.Body); fail != nil {
		return out, fail
	}
	return out, nil
}

// encode sets the body.
func (out *outgoing) encode(body any) *Error {
	var err error
	switch body := body.(type) {
	case nil:
	case json.RawMessage:
		out.body = body
	default:
		if out.body, err = json.Marshal(body); err != nil {
			return out.invalidRequest("the body cannot be written as JSON: %v", err)
		}
	}
	if len(out.body) > maxBody {
		return out.invalidRequest("the body has %d bytes, the most is %d", len(out.body), maxBody)
	}
	return nil
}

// send makes attempts until one succeeds, none is left, or the next one would come too late.
func (c *Client) send(ctx context.Context, out outgoing) (*Response, error) {
	for try := 0; ; try++ {
		if fail := c.pass(ctx, out); fail != nil {
			return nil, fail
		}
		res, fail := c.attempt(ctx, out)
		if fail == nil {
			return res, nil
		}
		delay := fail.delay(try)
		if fail.Kind == KindRateLimited {
			c.limit.hold(delay)
		}
		if try >= c.retries || !fail.resend() || delay > maxWait || !fits(ctx, delay) {
			return nil, fail
		}
		if fail.Kind == KindRateLimited {
			continue // the limit holds this request like every other
		}
		if err := sleep(ctx, delay); err != nil {
			return nil, out.interrupted(err, "while waiting to try again after: "+fail.reason())
		}
	}
}

// attempt sends the request once. There is no http.Client around the transport: nothing here may follow
// a redirect, which would carry the credentials to where somebody else points.
func (c *Client) attempt(parent context.Context, out outgoing) (*Response, *Error) {
	limited, cancel := context.WithTimeout(parent, c.timeout)
	defer cancel()
	ctx, stop := context.WithCancelCause(limited)
	defer stop(nil)
	var f progress
	req, err := c.request(f.watch(ctx, !out.op.read(), stop), out)
	if err != nil {
		return nil, out.invalidRequest("%s", c.redact(err.Error()))
	}
	reply, err := c.transport.RoundTrip(req)
	if err == nil && reply == nil {
		err = fmt.Errorf("transport %T returned neither reply nor error", c.transport)
	}
	if err != nil {
		return nil, c.broken(parent, ctx, out, &f, 0, err)
	}
	if reply.Body == nil {
		reply.Body = http.NoBody
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(io.LimitReader(reply.Body, maxBody+1))
	c.learn(reply.Header)
	switch {
	case reply.StatusCode/100 != 2:
		// The status says enough, even if the body broke off.
		return nil, c.refused(out, reply, body)
	case err != nil:
		return nil, c.broken(parent, ctx, out, &f, reply.StatusCode, err)
	case len(body) > maxBody:
		return nil, out.invalidReply(reply.StatusCode, fmt.Sprintf("the reply is larger than %d MiB", maxBody>>20), "ask for fewer items a page")
	case len(body) == 0 && out.op.read():
		return nil, out.invalidReply(reply.StatusCode, "the reply has no body", hintForeign)
	case len(body) > 0 && !json.Valid(body):
		message, _, _ := readFailure(reply.Header.Get("Content-Type"), body)
		return nil, out.invalidReply(reply.StatusCode, "the reply is not JSON: "+clip(c.redact(message)), hintForeign)
	}
	return &Response{reply.StatusCode, reply.Header, body, out}, nil
}

func (c *Client) request(ctx context.Context, out outgoing) (*http.Request, error) {
	target := c.base + out.path
	if len(out.query) > 0 {
		target += "?" + out.query.Encode()
	}
	var body io.Reader
	if out.body != nil {
		body = bytes.NewReader(out.body)
	}
	req, err := http.NewRequestWithContext(ctx, out.op.Method, target, body)
	if err != nil {
		return nil, err
	}
	if out.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	c.authorize(req.Header)
	return req, nil
}

// pass waits until the rate limit allows a request. It returns an error if the context ends before.
func (c *Client) pass(ctx context.Context, out outgoing) *Error {
	if err := ctx.Err(); err != nil {
		return out.interrupted(err, "before the request was sent")
	}
	left := c.limit.left()
	if left <= 0 {
		return nil
	}
	wait := left + rand.N(time.Second/4) // or all that wait would arrive in the same instant
	if !fits(ctx, wait) {
		return out.held(left)
	}
	if err := sleep(ctx, wait); err != nil {
		return out.interrupted(err, "while waiting for the rate limit")
	}
	return nil
}

const (
	maxWait      = 2 * time.Minute // for one wait of any cause; Aircall's window is one minute
	firstBackoff = 300 * time.Millisecond
	maxBackoff   = 10 * time.Second
	firstBlind   = 10 * time.Second // after a 429 that does not say when its window ends: three such waits outlast it
	maxBlind     = time.Minute
)

// resend reports whether the client itself tries again. [Error.Retryable] allows more: a 500 or a
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

// delay returns how long to wait after the error before the next attempt.
func (e *Error) delay(try int) time.Duration {
	if e.Kind == KindRateLimited {
		return cmp.Or(e.RetryAfter, doubled(firstBlind, maxBlind, try))
	}
	// A random part of the bound, so that clients that failed together do not retry together.
	return max(e.RetryAfter, rand.N(doubled(firstBackoff, maxBackoff, try)))
}

func doubled(first, most time.Duration, times int) time.Duration {
	return min(first<<min(times, 16), most)
}

// fits reports whether the context outlasts d: waiting longer would be in vain.
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
var errResent = errors.New("the server ended the request")

// progress records how far an attempt got. The transport's goroutines set its fields.
type progress struct {
	asked, connected, http2 atomic.Bool
}

// watch records the progress in f, and calls stop before a write is sent a second time. Over HTTP/1.1 Go's transport takes
// another connection for a write only if not one byte was written to the first, which is welcome.
// Over HTTP/2 it also does so after errors that do not exclude that the server acted.
func (f *progress) watch(ctx context.Context, write bool, stop context.CancelCauseFunc) context.Context {
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
func (f *progress) unsent() bool { return f.asked.Load() && !f.connected.Load() }

// permanent reports whether a new attempt would fail the same way: the certificate is not trusted, or the host is unknown.
func permanent(err error) bool {
	var cert *tls.CertificateVerificationError
	var dns *net.DNSError
	return errors.As(err, &cert) || errors.As(err, &dns) && dns.IsNotFound
}

// limit holds requests back until the window of the company's 120 requests a minute ends. Aircall says so only when the
// limit is exceeded, so there is nothing to count beforehand.
type limit struct {
	mu    sync.Mutex
	until time.Time
}

// hold keeps every request back for d; a longer hold stays.
func (l *limit) hold(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := time.Now().Add(min(d, maxWait)); until.After(l.until) {
		l.until = until
	}
}

func (l *limit) left() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Until(l.until)
}

// learn reads the rate limit in the headers of any reply. Recorded 200s do not carry them, but some clients look for
// them there; if they come, the last request of a window closes it.
func (c *Client) learn(h http.Header) {
	if h.Get("X-AircallApi-Remaining") == "0" {
		c.limit.hold(untilReset(h))
	}
}

// retryAfter returns how long a reply asks to wait; 0: it does not say.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After") // never seen from Aircall; a proxy may send it
	if s, err := strconv.ParseInt(v, 10, 32); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil && t.After(replyTime(h)) {
		return t.Sub(replyTime(h))
	}
	return untilReset(h)
}

// untilReset reads X-AircallApi-Reset, against the server's own clock. What lies in the past or
// beyond maxWait cannot be the end of a one-minute window and counts as unknown, 0.
func untilReset(h http.Header) time.Duration {
	reset, err := strconv.ParseFloat(h.Get("X-AircallApi-Reset"), 64)
	if err != nil {
		return 0
	}
	t, err := unixTime(reset)
	if err != nil {
		return 0
	}
	if d := t.Sub(replyTime(h)); d > 0 && d <= maxWait {
		return d
	}
	return 0
}

// replyTime returns when the server wrote the reply, by its clock: at most a second before, as Date has no
// fractions, which errs on the side of waiting. It uses our own clock if there is no Date.
func replyTime(h http.Header) time.Time {
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		return t
	}
	return time.Now()
}

// unixTime takes seconds, or milliseconds where seconds would lie beyond the year 9999: six clients read
// Reset as seconds, one as milliseconds, and the documentation gives no unit.
func unixTime(n float64) (time.Time, error) {
	const lastSecond = 253402300799
	if math.Abs(n) > lastSecond {
		n /= 1000
	}
	if math.IsNaN(n) || math.Abs(n) > lastSecond {
		return time.Time{}, errNoTime
	}
	whole, part := math.Modf(n)
	return time.Unix(int64(whole), int64(math.Round(part*1e6))*1e3).UTC(), nil
}
