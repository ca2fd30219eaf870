// Command aircallkit runs a fake Aircall, Lua scripts against it or against Aircall itself, and the conformance suite.
//
// Each command has a function that returns it with its flags. A [process] gives it the streams and the environment;
// nothing is global. Errors go to standard error with a hint, and decide the exit code:
//
//	0  the command succeeded
//	1  a check or a scenario failed, or a script ended with an error
//	2  the command could not do its work: bad usage or configuration, or no reply
//
// The help of a command lists its other codes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/term"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/internal/redact"
)

func main() { os.Exit(runMain(nil)) }

// runMain is main with a handler around each fake; it may be nil.
func runMain(wrap func(http.Handler) http.Handler) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	p := &process{env: os.Environ(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, wrap: wrap}
	return p.run(ctx, os.Args[1:])
}

// A process holds what a command may use of the operating system process.
type process struct {
	env            []string // as os.Environ
	args           []string // of the command line
	stdin          io.Reader
	stdout, stderr io.Writer

	wrap func(http.Handler) http.Handler // around the fakes that it starts; may be nil

	secrets redact.Secrets // credentials of the accounts; they are removed from all output
}

// run runs the command line and returns the exit code.
func (p *process) run(ctx context.Context, args []string) int {
	p.args = args
	p.stdout, p.stderr = p.secrets.Writer(p.stdout), p.secrets.Writer(p.stderr)
	root := rootCommand(p)
	root.SetArgs(append([]string{}, args...)) // cobra reads os.Args if it is nil
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	f := &failure{code: exitUnable, err: err}
	errors.As(err, &f)
	prefix := strings.TrimPrefix(cmd.CommandPath()+": ", "aircallkit ")
	if f.err != nil && cmd.HasParent() && !strings.HasPrefix(f.err.Error(), prefix) {
		f.err = fmt.Errorf("%s%w", prefix, f.err)
	}
	p.report(f)
	return f.code
}

const (
	exitFailed = 1
	exitUnable = 2
)

// A failure is an error of a command with the exit code and hints. Any other error is exitUnable without hints.
type failure struct {
	code  int
	err   error // nil: the command has printed it
	hints []string
}

func (f *failure) Error() string {
	if f.err == nil {
		return "failed"
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// unable returns the failure of a command that could not do its work, with hints.
func unable(err error, hints ...string) error {
	return &failure{exitUnable, err, hints}
}

// report prints a failure.
func (p *process) report(f *failure) {
	if f.err != nil {
		p.complain("error", f.err.Error())
	}
	for _, h := range f.hints {
		p.complain("hint", h)
	}
}

// complain writes a line to standard error; kind is error, warning or hint.
func (p *process) complain(kind, text string) {
	color := yellow
	if kind == "error" {
		color = red
	}
	fmt.Fprintf(p.stderr, "aircallkit: %s %s\n", p.paint(p.stderr, color, kind+":"), text)
}

func printLine(p *process, text string) error {
	_, err := fmt.Fprintln(p.stdout, text)
	return err
}

func printJSON(p *process, v any) error {
	e := json.NewEncoder(p.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// hide removes the credentials of the accounts from all further output.
func (p *process) hide(accounts map[string]binding.Account) {
	for _, a := range accounts {
		p.secrets.Add(a.APIID, a.APIToken, a.AccessToken, a.APIID+":"+a.APIToken)
	}
}

// getenv returns the last value of a variable, as a shell does.
func (p *process) getenv(name string) string {
	for _, v := range slices.Backward(p.env) {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// ANSI colors.
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint colors a text if the stream is a terminal. An empty color leaves it as it is. See https://no-color.org.
func (p *process) paint(w io.Writer, color, text string) string {
	if color == "" || !terminal(w) || p.getenv("NO_COLOR") != "" || p.getenv("TERM") == "dumb" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// terminal reports whether a stream is a terminal.
func terminal(stream any) bool {
	f, ok := file(stream)
	return ok && term.IsTerminal(int(f.Fd()))
}

// file returns the file that a stream reads from or writes to.
func file(stream any) (*os.File, bool) {
	if w, ok := stream.(interface{ Unwrap() io.Writer }); ok {
		return file(w.Unwrap())
	}
	f, ok := stream.(*os.File)
	return f, ok
}

// maxInput is the largest file that most commands read, in bytes.
const maxInput = 16 << 20

// readBounded reads a file of at most so many bytes.
func readBounded(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s: more than %d bytes; give a smaller file", name, most)
	}
	return data, err
}

// writeFile writes a temporary file and renames or links it to its name, with os.Rename or os.Link: readers never see half
// of it, and of two processes that write at once one wins.
func writeFile(name string, data []byte, mode fs.FileMode, publish func(from, to string) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return publish(f.Name(), name)
}
