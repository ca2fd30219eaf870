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

// checked makes every exchange of a fake pass the contract.
func checked(t contract.TB, o fakeaircall.Options) fakeaircall.Options {
	t.Helper()
	o.Wrap = contract.Enforce(t, fakeaircall.OpenAPI())
	return o
}

// started is a process whose fakes are checked.
func started(t *testing.T, stdin io.Reader, stdout, stderr io.Writer) *process {
	return &process{stdin: stdin, stdout: stdout, stderr: stderr, wrap: checked(t, fakeaircall.Options{}).Wrap}
}

// exitDiffers is what aircallkit ends with in a script whose fake breaks the contract.
const exitDiffers = 99

// checkedMain is main for the scripts, whose fakes are checked.
func checkedMain() {
	said := &saying{}
	code := runMain(func(next http.Handler) http.Handler { return checked(said, fakeaircall.Options{}).Wrap(next) })
	if said.any() {
		code = exitDiffers
	}
	os.Exit(code)
}

// saying is a test of a process without tests: what fails it goes to standard error.
type saying struct {
	mu   sync.Mutex
	said bool
}

func (s *saying) Helper()        {}
func (s *saying) Cleanup(func()) {}

func (s *saying) Errorf(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = true
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

func (s *saying) Fatalf(format string, args ...any) { s.Errorf(format, args...) }

func (s *saying) any() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said
}
