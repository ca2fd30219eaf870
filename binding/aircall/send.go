package aircall

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const maxBody = 8 << 20 // bytes, of a request and of a reply; a page of 50 calls has some 100 kB

// Request is what one operation is asked with.
type Request struct {
	Path  []string   // the values of the {…} of the operation's path, in order; escaped by the client
	Query url.Values // nil: none
	Body  any        // encoded as JSON; nil: none; a json.RawMessage is sent as it is
}

// Response is a successful reply: its status is 2xx, its body JSON of at most 8 MiB, or empty after a write.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends one request of the named operation (see [Ops]) and returns its successful reply. It retries
// and waits as the package comment says. Every error is an [*Error].
func (c *Client) Do(ctx context.Context, op string, req Request) (*Response, error) {
	out, fail := prepare(op, req)
	if fail != nil {
		return nil, fail
	}
	res, fail := c.send(ctx, out)
	if fail != nil {
		return nil, fail
	}
	return res, nil
}

// outgoing is a request that was checked, escaped and encoded, ready to be sent any number of times.
type outgoing struct {
	op    Op
	path  string
	query url.Values
	body  []byte // nil: none
}

func prepare(name string, req Request) (outgoing, *Error) {
	op, known := opNamed(name)
	out := outgoing{op: op, path: op.Path, query: req.Query}
	if !known {
		return out, out.invalidRequest("%q is no operation of this client; Ops lists them", name)
	}
	path, err := op.fill(req.Path)
	if err != nil {
		return out, out.invalidRequest("%v", err)
	}
	out.path = path
	switch body := req.Body.(type) {
	case nil:
	case json.RawMessage:
		out.body = body
	default:
		if out.body, err = json.Marshal(body); err != nil {
			return out, out.invalidRequest("the body cannot be written as JSON: %v", err)
		}
	}
	if len(out.body) > maxBody {
		return out, out.invalidRequest("the body has %d bytes, the most is %d", len(out.body), maxBody)
	}
	return out, nil
}

// send makes attempts until one succeeds, none is left, or the next one would come too late.
func (c *Client) send(ctx context.Context, out outgoing) (*Response, *Error) {
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
	var f fate
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
	return &Response{Status: reply.StatusCode, Header: reply.Header, Body: body}, nil
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

// pass returns when the rate limit lets a request through, or says why it never will.
func (c *Client) pass(ctx context.Context, out outgoing) *Error {
	if err := ctx.Err(); err != nil {
		return out.interrupted(err, "before the request was sent")
	}
	left := c.limit.left()
	if left <= 0 {
		return nil
	}
	wait := left + jitter(time.Second/4) // or all that wait would arrive in the same instant
	if !fits(ctx, wait) {
		return out.held(left)
	}
	if err := sleep(ctx, wait); err != nil {
		return out.interrupted(err, "while waiting for the rate limit")
	}
	return nil
}
