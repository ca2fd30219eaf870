package aircall

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind sorts failures by what the caller can do about them.
type Kind string

// The kinds of an [Error].
const (
	KindUnauthorized    Kind = "unauthorized"     // 401: no credentials arrived
	KindForbidden       Kind = "forbidden"        // 403: the credentials are wrong, or the plan, an add-on or the mode of a number forbids it; see Hint
	KindNotFound        Kind = "not_found"        // 404
	KindRateLimited     Kind = "rate_limited"     // 429, or not sent because the limit is known to be reached
	KindAPI             Kind = "api_error"        // any other 4xx
	KindServer          Kind = "server_error"     // 5xx
	KindInvalidResponse Kind = "invalid_response" // a reply that is not what the operation answers
	KindInvalidRequest  Kind = "invalid_request"  // refused here, nothing was sent
	KindNetwork         Kind = "network"          // no connection, or one that broke
	KindTimeout         Kind = "timeout"          // Options.Timeout or the context's deadline passed
	KindCanceled        Kind = "canceled"         // the context was cancelled
)

// Sentinels for [errors.Is]: each matches every [Error] of one kind.
const (
	ErrUnauthorized    = sentinel(KindUnauthorized)
	ErrForbidden       = sentinel(KindForbidden)
	ErrNotFound        = sentinel(KindNotFound)
	ErrRateLimited     = sentinel(KindRateLimited)
	ErrAPI             = sentinel(KindAPI)
	ErrServer          = sentinel(KindServer)
	ErrInvalidResponse = sentinel(KindInvalidResponse)
	ErrInvalidRequest  = sentinel(KindInvalidRequest)
	ErrNetwork         = sentinel(KindNetwork)
	ErrTimeout         = sentinel(KindTimeout)
	ErrCanceled        = sentinel(KindCanceled)
)

// sentinel makes constants of what are usually variables: nobody can assign to them.
type sentinel Kind

func (s sentinel) Error() string { return "aircall: " + string(s) }

// Error is every failure of a [Client]. No field of it holds a credential.
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

// Error says the operation, the request, the status, the reason and what to do.
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

// Is matches the sentinel of the error's kind.
func (e *Error) Is(target error) bool {
	s, ok := target.(sentinel)
	return ok && Kind(s) == e.Kind
}
