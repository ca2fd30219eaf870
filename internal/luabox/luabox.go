// Package luabox runs untrusted Lua 5.1 scripts: gopher-lua without access to files and processes, and with limits on time,
// memory, strings, patterns and source.
//
// New makes a State, Run runs code in it, and Load compiles a script. Run returns an error that Lua code raised, or a limit
// that it exceeded, as an *Error with a position. A host adds functions with Wrap, which turns a panic into an error of the
// script, and keeps them within the limits with Spend, Make, CheckEnded and TooLong.
//
// # Memory and time
//
// The memory of a script is measured, not added up: the heap is everything that its globals and stacks reach. Every function
// that a script can call, here or in the host, follows four rules:
//
//   - What Go makes for a script is charged when it is made, with Spend or Make. The sum decides when the heap is measured
//     again. The price of the call covers results of less than 64 bytes.
//   - What a value holds is counted there. A part of a text is a copy. A function of Go has the Lua values it holds as
//     upvalues. Other data of Go that a Lua value holds is in a Held.
//   - What Go keeps in a container has the size that its content explains: maps are not made larger than the names they get,
//     and removed items count as long as the container keeps them.
//   - A loop in Go whose work grows with the data of a script calls Spend or CheckEnded, or asks Ended, at least every few
//     milliseconds, so that nothing works for a run 50 ms after its end.
package luabox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// Limits bound a State. All but Timeout must be positive.
type Limits struct {
	Timeout      time.Duration // of one Run; 0 or less: none
	Source       int           // bytes of a script
	String       int           // bytes of any one string a script makes
	Memory       int           // bytes a script may hold; the script cannot catch the error
	PatternSteps int           // comparisons in one call of string.find, match or gsub, or one turn of gmatch
	FormatWidth  int           // width and precision in string.format
	Registry     int           // values on Lua's stack
	CallStack    int           // nested calls
}

// Options configure a State.
type Options struct {
	Name   string // of the script, as positions show it
	Limits Limits

	// Reusable allows many calls of Run: globals stay, locals do not. Otherwise Run works once.
	Reusable bool

	// ErrorValue returns the value that Lua code sees of an error raised by Raise. If it is nil, scripts see the text.
	ErrorValue func(L *lua.LState, err error) lua.LValue
}

// A State is one Lua state with its limits. It is for one goroutine at a time.
type State struct {
	options   Options
	base      *lua.LState // holds the globals
	thread    *lua.LState // runs the code of the current Run
	meter     *meter      // nil in a state that belongs to the host
	abandoned bool
	random    *rand.Rand // of math.random

	tostring, concat, index *lua.LFunction // metamethods of errors; see MakeError
	guard                   *lua.LFunction // what xpcall calls
}

// New returns a State whose globals are the libraries a script may use. It fails if the linked version of gopher-lua
// does not allow the limits to be kept.
func New(o Options) (*State, error) {
	if err := CheckLayout(); err != nil {
		return nil, err
	}
	s := &State{options: o, random: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))}
	s.base = newState(&o.Limits)
	s.thread = s.base
	s.meter = &meter{state: s}
	s.openLibraries(s.base)
	return s, nil
}

// Attach returns a State for an L that belongs to the host. It raises errors and wraps functions; no limit applies to it
// but Limits.String.
func Attach(L *lua.LState, o Options) *State { return &State{options: o, base: L, thread: L} }

// Base returns the Lua state that holds the globals.
func (s *State) Base() *lua.LState { return s.base }

// SetName sets the name of the script for the next Run.
func (s *State) SetName(name string) { s.options.Name = name }

// Abandoned reports whether the code of a Run did not return in time. The state must then not be used again.
func (s *State) Abandoned() bool { return s.abandoned }

// Context returns the context of the current Run, for requests that the script makes. It returns the context of L, or
// the background context, in a state that belongs to the host.
func (s *State) Context(L *lua.LState) context.Context {
	if s.meter != nil {
		return s.meter.Context // the context of L is only for the interpreter
	}
	if ctx := L.Context(); ctx != nil {
		return ctx
	}
	return context.Background()
}

// hardStop is the time for code to stop after its deadline. Lua code stops at the next instruction, a pattern or a sort
// after some thousand steps; only a function of the host that blocks needs longer.
const hardStop = 250 * time.Millisecond

// Run calls f, which runs Lua code in the state, in a new goroutine. It returns when f has returned, and at most 250 ms
// after the end of ctx or of Limits.Timeout.
//
// The error is nil, the one that f returned, or an *Error: an error that the Lua code raised and did not catch, a limit,
// the end of ctx, or a panic.
func (s *State) Run(ctx context.Context, f func(L *lua.LState) error) error {
	parent, cancel := ctx, context.CancelFunc(nil)
	if timeout := s.options.Limits.Timeout; timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, timeout)
	} else {
		ctx, cancel = context.WithCancel(ctx)
	}
	defer cancel()
	if s.options.Reusable { // a failure leaves its thread in an undefined state
		s.base.RemoveContext()
		s.thread, _ = s.base.NewThread()
	}
	stopWatching := s.meter.start(ctx)
	s.meter.attach(s.thread)
	ended := make(chan error, 1)
	go func() { ended <- s.protect(f) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		select {
		case err = <-ended:
		case <-time.After(hardStop):
			s.abandoned = true
			err = errAbandoned
		}
	}
	stopWatching()
	if err == nil {
		return nil
	}
	switch over := s.meter.Err(); over {
	case nil:
		return err
	case errMemory:
		return s.meter.failed
	default:
		return stopped(err, over, parent.Err() != nil, s.options.Limits.Timeout)
	}
}

// protect calls f and turns a panic into an error while the stack of Lua is still as it was. PCall would not do: it has
// unwound the stack before the error can be placed on it, and a handler given to it leaves the upvalues of closures that
// outlive a caught error dangling (gopher-lua 1.1.2, raiseError under hasErrorFunc).
func (s *State) protect(f func(L *lua.LState) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = s.uncaught(p)
		}
	}()
	return f(s.thread)
}

var errAbandoned = errors.New("It did not return from a call and was abandoned.")

// stopped returns the error of code that its context ended. The error of the context decides, not that of the code.
func stopped(by, over error, outside bool, timeout time.Duration) *Error {
	e := &Error{Kind: KindCanceled, Message: "The script was canceled.", Err: over}
	if by != errAbandoned {
		e.Interrupted = by
	}
	if errors.Is(over, context.DeadlineExceeded) {
		e.Kind, e.Message = KindTimeout, fmt.Sprintf("The script ran longer than %v.", timeout)
		e.Hint = "give the script more time, or make it do less"
		if outside {
			e.Message = "The script ran past its deadline."
		}
	}
	if by == errAbandoned {
		e.Message += " " + by.Error()
	}
	return e
}
