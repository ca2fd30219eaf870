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
