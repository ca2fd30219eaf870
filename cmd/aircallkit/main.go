// Command aircallkit runs a fake Aircall, Lua scripts against it or against Aircall itself, and the conformance kit.
//
// A command is options, flags, run: one file each. What a command needs of the process it gets from a [process]; nothing
// here is global. Errors go to standard error with what to do next, and decide the exit code:
//
//	0  all is well
//	1  a check or a scenario failed, or a script ended in an error
//	2  the command could not do its work: bad usage or configuration, nobody answers
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}
