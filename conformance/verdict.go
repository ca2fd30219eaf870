package conformance

import (
	"context"
	"errors"
	"fmt"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// finding is one way in which the target differs from a sentence. It makes a scenario fail. what names fields, positions, counts,
// types and ids, but no values of the target, so that it may be stored for any target. The values are in want and got.
type finding struct{ what, want, got string }

func (f *finding) Error() string {
	if f.want == "" && f.got == "" {
		return f.what
	}
	return fmt.Sprintf("%s: expected %s, got %s", f.what, f.want, f.got)
}

// within adds the place to a finding, and returns other errors as they are.
func within(place string, err error) error {
	var f *finding
	if errors.As(err, &f) {
		return &finding{what: place + ": " + f.what, want: f.want, got: f.got}
	}
	return err
}

// notRun ends a scenario without a judgement of the target.
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

// judge returns the end of a scenario for the error of a step. Everything that is neither a finding nor a reason not to run is the
// suite's own fault, also a panic in a step.
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

// Exit codes of the commands of the suite. All commands use 0, 1 and 2; the others are more specific than 1 or 2.
const (
	ExitOK          = 0   // something ran, nothing failed, nothing broke
	ExitFailed      = 1   // a scenario failed, or there is drift in a strict run
	ExitError       = 2   // bad usage, or the suite broke, so that the counts are not reliable
	ExitEnvironment = 3   // the target cannot be reached, refuses the credentials, or lacks what every scenario needs
	ExitLeft        = 4   // not all changes of the run are undone
	ExitGate        = 5   // documentation, coverage or recorded shapes differ from what was accepted
	ExitPartial     = 6   // nothing failed, but a scenario did not run and all are required
	ExitDefect      = 7   // a defect of the suite: a mutant survived, or a report contradicts itself or leaks
	ExitInterrupted = 130 // the run was interrupted, and undid its changes
)

// severity orders the codes; the first one wins. A report that cannot be trusted is worse than anything it says, and changes that
// are left need somebody even if the run was interrupted.
var severity = []int{ExitDefect, ExitLeft, ExitInterrupted, ExitEnvironment, ExitError, ExitFailed, ExitGate, ExitPartial, ExitOK}

// worse returns the code that wins.
func worse(a, b int) int {
	for _, code := range severity {
		if code == a || code == b {
			return code
		}
	}
	return ExitError
}

// exit is an error with its exit code.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string { return e.err.Error() }
func (e *exit) Unwrap() error { return e.err }

// exits adds an exit code to an error; nil stays nil.
func exits(code int, err error) error {
	if err == nil {
		return nil
	}
	return &exit{code, err}
}

// ExitCode returns the exit code for what [Run] returned: the worst of the report and the errors. A run in which everything was
// skipped proves nothing, so it is not a success.
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

// codeOf returns the worst code of an error and the errors that it wraps. An error without a code is one of the suite.
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
