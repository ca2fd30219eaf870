package luabox

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"unicode"

	lua "github.com/yuin/gopher-lua"
)

// A Kind is the kind of an [Error].
type Kind string

// The kinds of an Error.
const (
	KindSyntax   Kind = "syntax_error"   // the script does not compile
	KindRuntime  Kind = "runtime_error"  // the script raised an error, or Lua raised one for it
	KindLimit    Kind = "limit_exceeded" // one of the Limits; only Limits.Memory cannot be caught
	KindTimeout  Kind = "timeout"
	KindCanceled Kind = "canceled"
	KindInternal Kind = "internal" // a panic
)

// An Error is a failure of Lua code.
type Error struct {
	Kind      Kind
	Message   string // without position; "" if the script raised a value that is neither text nor a table with a message
	Where     string // position, as in "script.lua:12"; "" if there is none
	Hint      string // what to do next; may be ""
	Function  string // the host's function that panicked; "" for other kinds than KindInternal
	Traceback string // the Lua frames; "" if the error was not raised in Lua code

	Value       lua.LValue // the raised value; nil for other failures
	Err         error      // the cause: the error given to Raise, of the parser, or of the context; may be nil
	Interrupted error      // of kinds timeout and canceled: the error of the code when its context ended; nil if it did not return
}

// Error returns position and message, as Lua does.
func (e *Error) Error() string {
	if e.Where == "" {
		return e.Message
	}
	return e.Where + ": " + e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func limitError(format string, args ...any) *Error {
	return &Error{Kind: KindLimit, Message: fmt.Sprintf(format, args...)}
}

// TooLong returns the error of a function whose result is longer than Limits.String.
func (s *State) TooLong(function string) *Error {
	return limitError("%s: the result is longer than %d bytes", function, s.options.Limits.String)
}

// Raise ends the current function of the host with an error that Lua code can catch. It does not return.
func (s *State) Raise(L *lua.LState, err error) {
	var v lua.LValue = lua.LString(err.Error())
	if s.options.ErrorValue != nil {
		v = s.options.ErrorValue(L, err)
	}
	L.Error(v, 0)
}

// Wrap returns f as a function for Lua code in which a panic is an error of kind internal that a script can catch.
func (s *State) Wrap(name string, f lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		n, failed := s.recovered(name, L, f)
		if failed != nil {
			s.Raise(L, failed)
		}
		return n
	}
}

// Function is Wrap for a function that returns one value, or an error for Raise.
func (s *State) Function(name string, f func(*lua.LState) (lua.LValue, error)) lua.LGFunction {
	return s.Wrap(name, func(L *lua.LState) int {
		v, failed := f(L)
		if failed != nil {
			s.Raise(L, failed)
		}
		L.Push(v)
		return 1
	})
}

func (s *State) recovered(name string, L *lua.LState, f lua.LGFunction) (n int, failed *Error) {
	m, making := s.meter, 0
	if m != nil {
		making = m.making
	}
	defer func() {
		if m != nil {
			m.making = making
		}
		p := recover()
		if p == nil {
			return
		}
		if raised, ok := p.(*lua.ApiError); ok {
			panic(raised) // how Lua itself raises
		}
		// The text of a panic may hold anything; only those of the runtime are known to hold no secret.
		text := fmt.Sprintf("%T", p)
		if bug, ok := p.(runtime.Error); ok {
			text = bug.Error()
		}
		failed = &Error{Kind: KindInternal, Function: name, Message: "Internal error in " + name + ": " + text}
	}()
	return f(L), nil
}

// uncaught returns the error of a panic that ended the script. The stack of Lua is still as it was.
func (s *State) uncaught(p any) *Error {
	raised, ok := p.(*lua.ApiError)
	if !ok {
		// gopher-lua itself or the runtime panicked; Wrap has caught every other panic.
		return &Error{Kind: KindInternal, Message: "Internal error: " + Clip(fmt.Sprint(p)), Where: Where(s.thread)}
	}
	e := &Error{Kind: KindRuntime, Value: raised.Object, Err: ErrorOf(raised.Object), Where: Where(s.thread), Traceback: Traceback(s.thread, 0)}
	switch v := raised.Object.(type) {
	case lua.LString:
		e.Message = string(v)
	case *lua.LTable:
		e.Message = lua.LVAsString(v.RawGetString("message"))
	}
	if rest, ok := strings.CutPrefix(e.Message, s.options.Name+":"); ok {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if text, ok := strings.CutPrefix(rest[digits:], ":"); ok && digits > 0 {
			e.Where, e.Message = s.options.Name+":"+rest[:digits], strings.TrimPrefix(text, " ")
		}
	}
	e.Message, e.Hint = nameOperand(s.thread, e.Message)
	return e
}

// errorSize is what the metatable of an error takes.
const errorSize = smallMaps + 3*objectSize

// errorField is where the metatable of an error, which scripts cannot reach, keeps the Go error.
const errorField = "failure"

// MakeError makes the table t an error of the script: t can be used as a string, the text of err, and [ErrorOf] returns err,
// which takes so many bytes.
func (s *State) MakeError(L *lua.LState, t *lua.LTable, err error, bytes int) {
	if s.tostring == nil {
		s.makeMetamethods(L)
	}
	s.Spend(L, errorSize+bytes)
	mt := L.CreateTable(0, 5)
	mt.RawSetString("__tostring", s.tostring)
	mt.RawSetString("__concat", s.concat)
	mt.RawSetString("__index", s.index)
	mt.RawSetString("__metatable", lua.LString("error"))
	mt.RawSetString(errorField, &lua.LUserData{Value: &Held{Bytes: bytes, Value: err}, Metatable: lua.LNil})
	t.Metatable = mt
}

// ErrorOf returns the Go error that [State.MakeError] put behind a Lua value, or nil.
func ErrorOf(v lua.LValue) error {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil
	}
	mt, ok := t.Metatable.(*lua.LTable)
	if !ok {
		return nil
	}
	u, ok := mt.RawGetString(errorField).(*lua.LUserData)
	if !ok {
		return nil
	}
	held, _ := u.Value.(*Held)
	if held == nil {
		return nil
	}
	err, _ := held.Value.(error)
	return err
}

// makeMetamethods makes the metamethods of errors, which can be used as strings.
func (s *State) makeMetamethods(L *lua.LState) {
	text := func(v lua.LValue) string {
		if err := ErrorOf(v); err != nil {
			return err.Error()
		}
		return Text(v)
	}
	s.tostring = L.NewFunction(s.Wrap("tostring", func(L *lua.LState) int {
		made := text(L.Get(1))
		s.Spend(L, len(made))
		L.Push(lua.LString(made))
		return 1
	}))
	s.concat = L.NewFunction(s.Wrap("concat", func(L *lua.LState) int {
		for i := 1; i <= 2; i++ {
			if v := L.Get(i); ErrorOf(v) == nil && !lua.LVCanConvToString(v) {
				L.RaiseError("cannot perform concat operation between %v and %v", L.Get(1).Type(), L.Get(2).Type())
			}
		}
		left, right := text(L.Get(1)), text(L.Get(2))
		if len(left)+len(right) > s.options.Limits.String {
			s.Raise(L, s.TooLong(".."))
		}
		s.Spend(L, len(left)+len(right))
		L.Push(lua.LString(left + right))
		return 1
	}))
	s.index = L.NewFunction(s.Wrap("index", func(L *lua.LState) int {
		name := lua.LVAsString(L.Get(2))
		library, _ := L.GetMetaField(lua.LString(""), "__index").(*lua.LTable)
		if library == nil {
			return 0
		} else if fn, ok := library.RawGetString(name).(*lua.LFunction); ok {
			s.Spend(L, closureSize)
			L.Push(L.NewClosure(s.Wrap("string."+name, func(L *lua.LState) int { return callAsString(L, fn) }), fn))
			return 1
		}
		return 0
	}))
}

// callAsString calls a string function with the error's text in the error's place.
func callAsString(L *lua.LState, fn *lua.LFunction) int {
	top := L.GetTop()
	L.Push(fn)
	for i := 1; i <= top; i++ {
		v := L.Get(i)
		if err := ErrorOf(v); err != nil && i == 1 {
			v = lua.LString(err.Error())
		}
		L.Push(v)
	}
	L.Call(top, lua.MultRet)
	return L.GetTop() - top
}

// maxStackLevels bounds the search of a stack: a tail call counts as a level, and there can be millions.
const maxStackLevels = 1000

// Where returns the position of the nearest Lua function, as in "script.lua:12": in the coroutine, else in the code that
// resumed it. It returns "" if there is none.
func Where(L *lua.LState) string {
	for ; L != nil; L = L.Parent {
		for level := range maxStackLevels {
			frame, ok := L.GetStack(level)
			if !ok {
				break
			}
			if _, err := L.GetInfo("Sl", frame, lua.LNil); err == nil && frame.CurrentLine > 0 {
				return fmt.Sprintf("%s:%d", frame.Source, frame.CurrentLine)
			}
		}
	}
	return ""
}

// Traceback lists at most 20 Lua functions of a stack, the innermost first, from a level on. It leaves out Go functions.
func Traceback(L *lua.LState, level int) string {
	const most = 20
	lines := []string{"stack traceback:"}
	for from := level; len(lines) <= most; level++ {
		frame, ok := L.GetStack(level)
		if !ok || level-from > maxStackLevels {
			return strings.Join(lines, "\n")
		}
		if _, err := L.GetInfo("Sln", frame, lua.LNil); err != nil || frame.CurrentLine <= 0 {
			continue
		}
		in := "function <" + fmt.Sprintf("%s:%d", frame.Source, frame.LineDefined) + ">"
		if frame.What == "main" {
			in = "main chunk"
		} else if frame.Name != "" && frame.Name != "?" && !strings.HasPrefix(frame.Name, "<") {
			in = "function '" + frame.Name + "'"
		}
		lines = append(lines, fmt.Sprintf("\t%s:%d: in %s", frame.Source, frame.CurrentLine, in))
	}
	return strings.Join(append(lines, "\t..."), "\n")
}

// Quote returns a text for a message: quoted, and cut at 40 characters.
func Quote(s string) string { return strconv.Quote(Clip(s)) }

// Clip cuts a text at 40 characters and replaces characters that cannot be printed, for messages.
func Clip(s string) string {
	const most = 40
	runes := 0
	for i := range s {
		if runes == most {
			s = s[:i] + "…"
			break
		}
		runes++
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
}
