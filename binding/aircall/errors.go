package aircall

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind sorts failures by what the caller can do about them: errors.Is(err, aircall.KindNotFound).
type Kind string

// The kinds of an [Error].
const (
	KindUnauthorized    Kind = "unauthorized"     // 401: no credentials arrived
	KindForbidden       Kind = "forbidden"        // 403: the credentials are wrong, or the plan, an add-on or the mode of a number forbids it; see Hint
	KindNotFound        Kind = "not_found"        // 404
	KindRateLimited     Kind = "rate_limited"     // 429, or not sent because the limit is known to be reached
	KindAPI             Kind = "api_error"        // any other 4xx, and the 429 of a WhatsApp number that reached its daily limit
	KindServer          Kind = "server_error"     // 5xx
	KindInvalidResponse Kind = "invalid_response" // a reply that is not what the operation answers
	KindInvalidRequest  Kind = "invalid_request"  // the client did not send it
	KindNetwork         Kind = "network"          // no connection, or one that broke
	KindTimeout         Kind = "timeout"          // Options.Timeout or the context's deadline passed
	KindCanceled        Kind = "canceled"         // the context was canceled
)

// Error makes a Kind a target of [errors.Is], which matches every [Error] of the kind.
func (k Kind) Error() string { return "aircall: " + string(k) }

// Error is the type of every error of a [Client]. None of its fields contains a credential.
type Error struct {
	Op, Method, Path string        // Path is as sent, without base URL and query
	Status           int           // 0: no reply
	Kind             Kind          // what the caller can decide on
	Message          string        // the reply's "error" or "message", or what went wrong; bounded
	Troubleshoot     string        // the reply's "troubleshoot" and "errors"; bounded
	Hint             string        // what to do next, in our words
	RetryAfter       time.Duration // how long to wait before asking again; 0: unknown
	Retryable        bool          // the same request may be sent again: a read, or a write that certainly did not arrive
	EffectUnknown    bool          // a write that may have happened
	Err              error         // the cause, if it is one of Go's
}

// Error returns the operation, the request, the status, the reason and the hint in one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "aircall: %s", e.Op)
	if e.Method != "" {
		fmt.Fprintf(&b, ": %s %s", e.Method, e.Path)
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, ": %d %s", e.Status, http.StatusText(e.Status))
	}
	for _, s := range []string{e.Message, e.Troubleshoot} {
		if s != "" && s != http.StatusText(e.Status) {
			fmt.Fprintf(&b, ": %s", s)
		}
	}
	if e.Hint != "" {
		fmt.Fprintf(&b, " (%s)", e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the error's kind.
func (e *Error) Is(target error) bool { return target == e.Kind }

const (
	hintForeign = "this is not Aircall's API; check the base URL and any proxy"
	hintUnknown = "the write may have happened; check before sending it again"
	maxText     = 300 // runes of a text from a reply or a transport
	listEnd     = 10_000
)

func (out outgoing) fail(kind Kind, status int, message, hint string) *Error {
	return &Error{
		Op: out.op.Name, Method: out.op.Method, Path: out.path,
		Status: status, Kind: kind, Message: message, Hint: hint,
	}
}

// doubtful marks the error of a write that may have happened.
func (e *Error) doubtful(write bool) *Error {
	if write {
		e.EffectUnknown, e.Hint = true, hintUnknown
	}
	return e
}

func (out outgoing) invalidRequest(format string, args ...any) *Error {
	return out.fail(KindInvalidRequest, 0, fmt.Sprintf(format, args...), "")
}

// invalidReply returns the error of a reply with a good status and an unusable body. A write may have happened.
func (out outgoing) invalidReply(status int, message, hint string) *Error {
	return out.fail(KindInvalidResponse, status, message, hint).doubtful(!out.op.read())
}

// held returns the error of a request that was not sent because the rate limit outlasts the context.
func (out outgoing) held(left time.Duration) *Error {
	e := out.fail(KindRateLimited, 0, "not sent: the company's rate limit is reached", hintRate(left))
	e.RetryAfter, e.Retryable = left, true
	return e
}

// interrupted returns the error of a context that ended while no request was in flight.
func (out outgoing) interrupted(err error, when string) *Error {
	kind, message := KindCanceled, "canceled "
	if errors.Is(err, context.DeadlineExceeded) {
		kind, message = KindTimeout, "the context's deadline passed "
	}
	e := out.fail(kind, 0, message+when, "")
	e.Err, e.Retryable = err, kind == KindTimeout
	return e
}

// broken returns the error of an attempt that got no reply, or half of one.
func (c *Client) broken(parent, attempt context.Context, out outgoing, f *progress, status int, err error) *Error {
	unsent := f.unsent()
	e := out.fail(KindNetwork, status, clip(c.redact(err.Error())), "check base URL, network and proxy")
	e.Err = err
	switch {
	case errors.Is(parent.Err(), context.Canceled):
		e.Kind, e.Message, e.Hint, e.Err = KindCanceled, "canceled", "", parent.Err()
	case parent.Err() != nil:
		e.Kind, e.Message, e.Hint, e.Err = KindTimeout, "the context's deadline passed before the reply was complete", "give the context more time", parent.Err()
	case context.Cause(attempt) == errResent:
		e.Message, e.Err = errResent.Error(), errResent
	case attempt.Err() != nil:
		e.Kind, e.Message, e.Hint, e.Err = KindTimeout, fmt.Sprintf("no complete reply within %v", c.timeout), "try again, or raise Options.Timeout", attempt.Err()
	case c.redact(err.Error()) != err.Error():
		e.Err = errors.New(c.redact(err.Error()))
	}
	e.Retryable = (out.op.read() || unsent) && e.Kind != KindCanceled && !permanent(err)
	return e.doubtful(!out.op.read() && !unsent)
}

// refused returns the error of a reply whose status is not 2xx.
func (c *Client) refused(out outgoing, reply *http.Response, body []byte) *Error {
	message, troubleshoot, edge := readFailure(reply.Header.Get("Content-Type"), body)
	e := out.fail(kindOf(reply.StatusCode), reply.StatusCode, clip(c.redact(message)), "")
	if out.reachedTier(reply) {
		e.Kind = KindAPI
	}
	e.Troubleshoot = clip(c.redact(troubleshoot))
	if e.Kind == KindRateLimited || e.Kind == KindServer {
		e.RetryAfter = retryAfter(reply.Header)
	}
	e.Retryable = e.Kind == KindRateLimited || e.Kind == KindServer && out.op.read()
	switch {
	case e.Kind == KindInvalidResponse:
		e.Hint = hintForeign
		if to, err := reply.Location(); err == nil {
			e.Message = clip(c.redact("a redirect to " + to.Scheme + "://" + to.Host))
			e.Hint = "redirects are not followed, because they would carry the credentials; check the base URL"
		}
	default:
		e.Hint = out.hint(e, edge)
	}
	return e.doubtful(!out.op.read() && (e.Kind == KindServer || e.Kind == KindInvalidResponse))
}

var kinds = map[int]Kind{
	http.StatusUnauthorized: KindUnauthorized, http.StatusForbidden: KindForbidden, http.StatusNotFound: KindNotFound,
	http.StatusTooManyRequests: KindRateLimited,
}

func kindOf(status int) Kind {
	switch status / 100 {
	case 4:
		return cmp.Or(kinds[status], KindAPI)
	case 5:
		return KindServer
	}
	return KindInvalidResponse
}

// hint says what to do next. The edge's 403 never means a missing permission, and its 401 never a wrong
// credential: both were probed. A 403 of the application is about the company or the number.
func (out outgoing) hint(e *Error, edge bool) string {
	switch e.Status {
	case http.StatusUnauthorized:
		return "no credentials reached Aircall; look for a proxy that drops the Authorization header"
	case http.StatusForbidden:
		switch {
		case e.Message == "LineIsNotNativeException":
			return "the messages of the number are controlled elsewhere; see its message configuration"
		case e.Troubleshoot != "":
			return "the company's plan or add-ons, or the registration of the number, do not allow it"
		}
		return "Aircall does not accept these credentials; check API id and token, or the access token. Permissions are not the cause"
	case http.StatusNotFound:
		switch {
		case out.op.Path == "": // of Client.Raw
			return "check the path and the ids in it"
		case edge:
			return "Aircall has no such route; check the base URL"
		case out.path == out.op.Path:
			return "these credentials have none" // an integration, for an API key
		}
		return "check the id: the company has no such object"
	case http.StatusMethodNotAllowed:
		if strings.HasPrefix(out.path, "/v1/campaigns/") {
			return "the status of the campaign does not allow it; read the campaign"
		}
		return "the state forbids it: the agent is not available, or the number does not record"
	case http.StatusTooManyRequests:
		if e.Kind == KindAPI {
			return "a number may begin WhatsApp conversations with so many customers in 24 hours as its messaging tier says; reply to customers who wrote, or send later"
		}
		return hintRate(e.RetryAfter)
	case http.StatusBadRequest:
		if e.Message == "invalid_grant" {
			return "a code is valid for ten minutes, works once, and needs the redirect_uri of the authorization request; send the user to authorize again"
		}
		if pastListEnd(out.query) {
			return "lists end at 10,000 items; narrow the list with from and to"
		}
	}
	if e.Kind == KindServer {
		return "the failure is at Aircall; try again later"
	}
	if e.Status == http.StatusUnprocessableEntity && strings.HasSuffix(out.path, "/launch") {
		return "give the campaign contacts, and users, teams or an AI voice agent who call"
	}
	return "change the request: Aircall would refuse the same one again"
}

func hintRate(wait time.Duration) string {
	const limit = "120 requests a minute are shared by the whole company; "
	if wait <= 0 {
		return limit + "try again in a minute"
	}
	return limit + "try again in " + max(wait.Round(time.Second), time.Second).String()
}

// pastListEnd reports whether the page lies beyond the 10,000 items a list can show. Links go on there all
// the same. Without per_page the larger default counts, that of contacts.
func pastListEnd(query url.Values) bool {
	page, _ := strconv.Atoi(query.Get("page"))
	per, err := strconv.Atoi(query.Get("per_page"))
	if err != nil {
		per = maxPerPage
	}
	return page > 0 && per > 0 && page > listEnd/per
}

// reason returns the status or the message, without the request.
func (e *Error) reason() string {
	if e.Status != 0 {
		return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
	}
	return e.Message
}

// readFailure takes the texts out of an error body. The edge writes {"message"}, the application
// {"error","troubleshoot"} and sometimes "errors", which may be a text, a list or a map; proxies write HTML or plain text.
func readFailure(contentType string, body []byte) (message, troubleshoot string, edge bool) {
	body = bytes.TrimSpace(body)
	if strings.HasPrefix(contentType, "text/html") || bytes.HasPrefix(body, []byte("<")) {
		return htmlTitle(body), "", false
	}
	var v any
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber() // an id stays as it was written
	if !json.Valid(body) || dec.Decode(&v) != nil {
		return string(body), "", false
	}
	object, ok := v.(map[string]any)
	if !ok {
		return flatten(v), "", false
	}
	_, inside := object["error"]
	message = flatten(object["error"])
	if message == "" {
		message = flatten(object["message"])
	}
	var hints []string
	for _, key := range []string{"troubleshoot", "errors"} {
		if s := flatten(object[key]); s != "" {
			hints = append(hints, s)
		}
	}
	return message, strings.Join(hints, "; "), message != "" && !inside && len(hints) == 0
}

var title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

func htmlTitle(body []byte) string {
	if m := title.FindSubmatch(body); m != nil {
		return "an HTML page: " + string(m[1])
	}
	return "an HTML page"
}

// flatten returns a JSON value as one text. The caller cuts it after it has removed secrets.
func flatten(v any) string {
	var b strings.Builder
	write(&b, v)
	return b.String()
}

func write(b *strings.Builder, v any) {
	switch v := v.(type) {
	case nil:
	case string:
		b.WriteString(v)
	case []any:
		for i, item := range v {
			if i > 0 {
				b.WriteString("; ")
			}
			write(b, item)
		}
	case map[string]any:
		for i, key := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(key + ": ")
			write(b, v[key])
		}
	default:
		fmt.Fprint(b, v)
	}
}

// clip returns a text on one line, cut to maxText runes.
func clip(s string) string {
	if len(s) > 8*maxText {
		s = s[:8*maxText]
	}
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), blank), " ")
	if runes := []rune(s); len(runes) > maxText {
		return string(runes[:maxText]) + "…"
	}
	return s
}
