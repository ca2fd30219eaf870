package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestExitCodes(t *testing.T) {
	left := exits(ExitLeft, errors.New("contact 7 is still there"))
	for _, c := range []struct {
		name string
		sum  Summary
		err  error
		want int
	}{
		{"passed", Summary{Pass: 3, Skipped: 2, Known: 1, Unsupported: 1}, nil, ExitOK},
		{"one failed", Summary{Pass: 3, Fail: 1}, nil, ExitFailed},
		{"one broke", Summary{Pass: 3, Error: 1}, nil, ExitError},
		{"failed and broke", Summary{Pass: 3, Fail: 1, Error: 1}, nil, ExitError},
		{"all skipped", Summary{Skipped: 3}, nil, ExitError},
		{"nothing supported", Summary{Unsupported: 3}, nil, ExitError},
		{"nothing", Summary{}, nil, ExitError},
		{"all known", Summary{Known: 2}, nil, ExitOK},
		{"passed, but the report could not be written", Summary{Pass: 1}, io.EOF, ExitError},
		{"interrupted", Summary{Pass: 1, Error: 4}, fmt.Errorf("run: %w", context.Canceled), ExitInterrupted},
		{"interrupted and not put back", Summary{Pass: 1, Error: 4}, errors.Join(context.Canceled, left), ExitLeft},
		{"not put back by a target that is wrong", Summary{Fail: 1}, fmt.Errorf("undo: %w", left), ExitLeft},
		{"a report that leaks", Summary{Fail: 1}, errors.Join(left, exits(ExitDefect, io.EOF)), ExitDefect},
		{"failed and a gate", Summary{Fail: 1}, exits(ExitGate, io.EOF), ExitFailed},
		{"incomplete", Summary{Pass: 1, Skipped: 1}, exits(ExitPartial, io.EOF), ExitPartial},
		{"incomplete and a gate", Summary{Pass: 1, Skipped: 1}, errors.Join(exits(ExitPartial, io.EOF), exits(ExitGate, io.EOF)), ExitGate},
		{"an error with a code around one without", Summary{Pass: 1}, exits(ExitEnvironment, context.Canceled), ExitEnvironment},
	} {
		if got := ExitCode(&Report{Summary: c.sum}, c.err); got != c.want {
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
