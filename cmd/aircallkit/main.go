// Command aircallkit runs a fake Aircall, Lua scripts against it or against Aircall itself, and the conformance kit.
//
// A command is options, flags, run: one file each. A [process] gives a command the streams and the environment; nothing
// here is global. Errors go to standard error with what to do next, and decide the exit code:
//
//	0  all is well
//	1  a check or a scenario failed, or a script ended in an error
//	2  the command could not do its work: bad usage or configuration, nobody answers
package main

import (
	"context"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(play(nil)) }

// play is main with a handler around each fake, nil for none.
func play(wrap func(http.Handler) http.Handler) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	p := &process{env: os.Environ(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, wrap: wrap}
	return p.run(ctx, os.Args[1:])
}
