package fakeaircall

import (
	"fmt"
	"net/http"
)

// An apiError is a failure as the application tier words it:
// {"error":"<HTTP phrase>","troubleshoot":"<hint>"}, with "success":false from
// Rails, as in both Rails bodies that are known word for word.
type apiError struct {
	status       int
	key          string // stands in "error"; "": the text of the status
	troubleshoot string
	literal      string // the whole body where it is known as recorded
}

func (e *apiError) Error() string {
	return fmt.Sprintf("%d %s: %s", e.status, http.StatusText(e.status), e.troubleshoot)
}

var (
	// The hint is what a marketplace app compares with, for calls and contacts.
	errNotFound = &apiError{status: 404, troubleshoot: "Check ID of the resource"}

	// Recorded on calls, contacts and tags (2026-09-28).
	errBeyondCap = &apiError{status: 400, literal: `{"error":"Bad Request","data":null,"message":"BAD_REQUEST",` +
		`"errors":"Your query is limited to 10k results and pagination is out of bound, please use timestamps or other filters.",` +
		`"troubleshoot":"BAD_REQUEST","success":false}`}
)

// invalid is a 400: what was sent cannot be taken.
func invalid(format string, args ...any) *apiError {
	return &apiError{status: 400, troubleshoot: fmt.Sprintf(format, args...)}
}

// refused is a 422: understood, but against what is there already.
func refused(format string, args ...any) *apiError {
	return &apiError{status: 422, troubleshoot: fmt.Sprintf(format, args...)}
}

// An edgeError is a failure before any of Aircall's own code: {"message":"…"}.
type edgeError struct {
	status  int
	message string
}

func (e *edgeError) Error() string { return fmt.Sprintf("%d %s", e.status, e.message) }

// Measured on 2026-08-11, but for the last two, which are API Gateway's own words.
var (
	errUnauthorized = &edgeError{401, "Unauthorized"}
	errForbidden    = &edgeError{403, "Forbidden"}
	errNoRoute      = &edgeError{404, "Not Found"}
	errTooLarge     = &edgeError{413, "Request Entity Too Large"}
	errInternal     = &edgeError{500, "Internal Server Error"}
)
