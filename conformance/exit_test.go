package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/aircallkit/aircallkit/conformance/report"
)

func TestExitCodes(t *testing.T) {
	left := exits(ExitLeft, errors.New("contact 7 is still there"))
	for _, c := range []struct {
		name string
		sum  report.Summary
		err  error
		want int
	}{
		{"passed", report.Summary{Pass: 3, Skipped: 2, Known: 1, Unsupported: 1}, nil, ExitOK},
		{"one failed", report.Summary{Pass: 3, Fail: 1}, nil, ExitFailed},
		{"one broke", report.Summary{Pass: 3, Error: 1}, nil, ExitError},
		{"failed and broke", report.Summary{Pass: 3, Fail: 1, Error: 1}, nil, ExitError},
		{"all skipped", report.Summary{Skipped: 3}, nil, ExitError},
		{"nothing supported", report.Summary{Unsupported: 3}, nil, ExitError},
		{"nothing", report.Summary{}, nil, ExitError},
		{"all known", report.Summary{Known: 2}, nil, ExitOK},
		{"passed, but the report could not be written", report.Summary{Pass: 1}, io.EOF, ExitError},
		{"interrupted", report.Summary{Pass: 1, Error: 4}, fmt.Errorf("run: %w", context.Canceled), ExitInterrupted},
		{"interrupted and not put back", report.Summary{Pass: 1, Error: 4}, errors.Join(context.Canceled, left), ExitLeft},
		{"not put back by a target that is wrong", report.Summary{Fail: 1}, fmt.Errorf("undo: %w", left), ExitLeft},
		{"a report that leaks", report.Summary{Fail: 1}, errors.Join(left, exits(ExitDefect, io.EOF)), ExitDefect},
		{"failed and a gate", report.Summary{Fail: 1}, exits(ExitGate, io.EOF), ExitFailed},
		{"incomplete", report.Summary{Pass: 1, Skipped: 1}, exits(ExitPartial, io.EOF), ExitPartial},
		{"incomplete and a gate", report.Summary{Pass: 1, Skipped: 1}, errors.Join(exits(ExitPartial, io.EOF), exits(ExitGate, io.EOF)), ExitGate},
		{"an error with a code around one without", report.Summary{Pass: 1}, exits(ExitEnvironment, context.Canceled), ExitEnvironment},
	} {
		if got := ExitCode(&report.Report{Summary: c.sum}, c.err); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
	if got := ExitCode(nil, io.EOF); got != ExitError {
		t.Errorf("it could not start: got %d", got)
	}
	if got := ExitCode(nil, exits(ExitEnvironment, io.EOF)); got != ExitEnvironment {
		t.Errorf("nobody answers: got %d", got)
	}
	if exits(ExitLeft, nil) != nil {
		t.Error("no error has a code")
	}
}
