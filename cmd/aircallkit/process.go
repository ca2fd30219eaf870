package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
)

// process is what a command may use of the process it runs in.
type process struct {
	env            []string // as os.Environ
	stdin          io.Reader
	stdout, stderr io.Writer

	wrap func(http.Handler) http.Handler // around the fakes it starts; nil: nothing
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
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
