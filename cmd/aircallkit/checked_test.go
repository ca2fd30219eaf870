package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"testing"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
)

// checked enforces the contract on every exchange of a fake.
func checked(t contract.TB, o fakeaircall.Options) fakeaircall.Options {
	t.Helper()
	o.Wrap = contract.Enforce(t, fakeaircall.OpenAPI())
	return o
}

// checkedProcess returns a process that checks its fakes.
func checkedProcess(t *testing.T, stdin io.Reader, stdout, stderr io.Writer) *process {
	return &process{stdin: stdin, stdout: stdout, stderr: stderr, wrap: checked(t, fakeaircall.Options{}).Wrap}
}

// exitDiffers is the exit code of aircallkit in a script if a fake breaks the contract.
const exitDiffers = 99

// checkedMain is the main function in scripts. It checks the fakes.
func checkedMain() {
	failed := &stderrTB{}
	code := runMain(func(next http.Handler) http.Handler { return checked(failed, fakeaircall.Options{}).Wrap(next) })
	if failed.hasFailed() {
		code = exitDiffers
	}
	os.Exit(code)
}

// stderrTB is a contract.TB outside of a test: failures go to standard error.
type stderrTB struct {
	mu     sync.Mutex
	failed bool
}

func (s *stderrTB) Helper()        {}
func (s *stderrTB) Cleanup(func()) {}

func (s *stderrTB) Errorf(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = true
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

func (s *stderrTB) Fatalf(format string, args ...any) { s.Errorf(format, args...) }

func (s *stderrTB) hasFailed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}
