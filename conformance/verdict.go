package conformance

import (
	"context"
	"errors"
	"fmt"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// finding is one way in which the target departs from a sentence. It is what makes a scenario fail.
//
// The text of what is free of the target's values, so that it may be stored whatever the target is: fields, positions,
// counts, kinds, ids. The values stand in want and got.
type finding struct{ what, want, got string }

func (f *finding) Error() string {
	if f.want == "" && f.got == "" {
		return f.what
	}
	return fmt.Sprintf("%s: expected %s, got %s", f.what, f.want, f.got)
}

// within puts the place in front of a finding; other errors pass.
func within(place string, err error) error {
	var f *finding
	if errors.As(err, &f) {
		return &finding{what: place + ": " + f.what, want: f.want, got: f.got}
	}
	return err
}

// notRun ends a scenario that says nothing about the target.
type notRun struct {
	status report.Status // Skipped or Unsupported
	reason string
}

func (n *notRun) Error() string { return n.reason }

// judgement is the end of a scenario.
type judgement struct {
	status            report.Status
	reason, want, got string
}

// judge turns what a step returned into an end. Everything that is neither a finding nor a reason not to run is the
// kit's own fault, a panic in a step included.
func judge(err error) judgement {
	var (
		f *finding
		n *notRun
	)
	switch {
	case err == nil:
		return judgement{status: report.Pass}
	case errors.As(err, &f):
		return judgement{report.Fail, f.what, f.want, f.got}
	case errors.As(err, &n):
		return judgement{status: n.status, reason: n.reason}
	case errors.Is(err, context.Canceled):
		return judgement{status: report.Error, reason: "interrupted"}
	}
	return judgement{status: report.Error, reason: err.Error()}
}

// Exit codes of a command of the kit. 0, 1 and 2 are those of every command; the others say more exactly what 1 or 2
// would say.
const (
	ExitOK          = 0   // something ran, nothing failed, nothing broke
	ExitFailed      = 1   // a scenario failed, or there is drift and the run is strict
	ExitError       = 2   // bad usage, or the kit broke on the way: what the counts say is not to be relied on
	ExitEnvironment = 3   // the target cannot be reached, refuses the credentials, or lacks what every scenario needs
	ExitLeft        = 4   // something the run changed is not as it was before
	ExitGate        = 5   // documentation, coverage or recorded shapes are not what was accepted
	ExitPartial     = 6   // nothing failed, but not everything ran and everything was required
	ExitDefect      = 7   // the kit does not do what it promises: a mutant survived, a report contradicts itself or leaks
	ExitInterrupted = 130 // it was interrupted, and put back what it had changed
)

// severity orders the codes, the one that wins first. A report that cannot be trusted comes before all that it says;
// what is left behind needs a hand even if the run was interrupted.
var severity = []int{ExitDefect, ExitLeft, ExitInterrupted, ExitEnvironment, ExitError, ExitFailed, ExitGate, ExitPartial, ExitOK}

// worse is the code that wins over the other.
func worse(a, b int) int {
	for _, code := range severity {
		if code == a || code == b {
			return code
		}
	}
	return ExitError
}

// exit is an error with the code that a command ends with because of it.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string { return e.err.Error() }
func (e *exit) Unwrap() error { return e.err }

// exits gives an error its code; nil stays nil.
func exits(code int, err error) error {
	if err == nil {
		return nil
	}
	return &exit{code, err}
}

// ExitCode gives what a command exits with, from what [Run] returned: the worst of what the report and the errors say.
// A run in which everything was skipped proved nothing, and is no success.
func ExitCode(r *report.Report, err error) int {
	code := codeOf(err)
	if r == nil {
		return code
	}
	if r.Summary.Error > 0 || r.Summary.Ran() == 0 {
		code = worse(code, ExitError)
	}
	if r.Summary.Fail > 0 || r.Run.Strict && r.Summary.Drift > 0 {
		code = worse(code, ExitFailed)
	}
	return code
}

// codeOf is the worst code among an error and what it wraps. One that has none is an error of the kit.
func codeOf(err error) int {
	if err == nil {
		return ExitOK
	}
	if e, ok := err.(*exit); ok {
		return e.code
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		code := ExitOK
		for _, e := range joined.Unwrap() {
			code = worse(code, codeOf(e))
		}
		return code
	}
	if inner := errors.Unwrap(err); inner != nil {
		return codeOf(inner)
	}
	if err == context.Canceled {
		return ExitInterrupted
	}
	return ExitError
}
