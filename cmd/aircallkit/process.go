package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/internal/redact"
)

// process is what a command may use of the process it runs in.
type process struct {
	env            []string // as os.Environ
	stdin          io.Reader
	stdout, stderr io.Writer

	wrap func(http.Handler) http.Handler // around the fakes it starts; nil: nothing

	secrets redact.Secrets // credentials of the accounts that a command was given: nothing it prints holds one
}

// hide keeps the credentials of the accounts out of everything that is printed from now on.
func (p *process) hide(accounts map[string]binding.Account) {
	for _, a := range accounts {
		p.secrets.Add(a.APIID, a.APIToken, a.AccessToken, a.APIID+":"+a.APIToken)
	}
}

// getenv gives the last value, as a shell would.
func (p *process) getenv(name string) string {
	for _, v := range slices.Backward(p.env) {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// complain writes a line for people to standard error; kind is error, warning or hint.
func (p *process) complain(kind, text string) {
	colour := yellow
	if kind == "error" {
		colour = red
	}
	fmt.Fprintf(p.stderr, "aircallkit: %s %s\n", p.paint(p.stderr, colour, kind+":"), text)
}

// ANSI colours.
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint colours a text for a terminal, and for nothing else. See https://no-color.org.
func (p *process) paint(w io.Writer, colour, text string) string {
	if !terminal(w) || p.getenv("NO_COLOR") != "" || p.getenv("TERM") == "dumb" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// terminal says that there is a person at the other end.
func terminal(stream any) bool {
	f, ok := file(stream)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// file is the file that a stream reads from or writes to.
func file(stream any) (*os.File, bool) {
	if w, ok := stream.(interface{ Unwrap() io.Writer }); ok {
		return file(w.Unwrap())
	}
	f, ok := stream.(*os.File)
	return f, ok
}
