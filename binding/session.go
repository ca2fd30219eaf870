package binding

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// A session is one Lua state and what belongs to it: that of a run, or a host's own.
type session struct {
	runner *Runner
	name   string   // of the script
	flat   *account // of the flat namespace; nil: none
	record *record  // nil in a host's state, where nothing is counted
	state  *lua.LState
	meter  *meter // nil in a host's state, where nothing is bounded

	lazy  map[*lua.LTable]*namespace // the namespaces, by their tables
	shell bool                       // it outlives a run

	readOnly, dryRun bool

	array                  *lua.LTable    // the metatable of arrays
	null                   *lua.LUserData // json.null
	text, concat, asString *lua.LFunction // metamethods of errors
	raised                 *ScriptError   // the last one, where errors are strings
	chance                 *rand.Rand     // of math.random
}

func (r *Runner) newSession(ctx context.Context, name string, opts RunOptions) (*session, *ScriptError) {
	s := &session{
		runner: r, name: name, record: newRecord(r, opts),
		chance: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())),
	}
	var failed *ScriptError
	if s.flat, failed = r.flat(opts.Account); failed != nil {
		return nil, failed
	}
	s.state = newState(&r.limits)
	s.meter = newMeter(ctx, s)
	s.meter.watch(s.state)
	return s, nil
}

// flat is the account the flat namespace means in a run that names one, or none.
func (r *Runner) flat(name string) (*account, *ScriptError) {
	if name == "" || name == defaultName && r.accounts[name] == nil {
		return r.accounts[r.byDefault], nil
	}
	if a := r.accounts[name]; a != nil {
		return a, nil
	}
	return nil, &ScriptError{
		Type:    TypeUnknownAccount,
		Message: "Unknown account: " + quote(name) + ". Configured accounts: " + listed(r.accounts),
		Details: map[string]any{"suggestions": Suggest(name, r.names), "accounts": r.names},
	}
}

// prepare makes what conversion and errors need in a state.
func (s *session) prepare(L *lua.LState) {
	s.array = newArrayMark(L)
	s.null = newNull(L)
	s.prepareErrors(L)
}

// execute compiles and runs the script, in the goroutine the state belongs to from here on.
func (s *session) execute(source string, args []any) (values []any, failed *ScriptError) {
	L := s.state
	defer func() {
		if p := recover(); p != nil {
			values, failed = nil, s.uncaught(p)
		}
	}()
	if !s.shell { // else they are there
		s.sandbox(L)
		s.install(L)
	}
	proto, failed := s.compile(source)
	if failed != nil {
		return nil, failed
	}
	L.Push(L.NewFunctionFromProto(proto))
	for i, arg := range args {
		v, err := s.fromGo(L, arg)
		if err != nil {
			return nil, &ScriptError{Type: TypeInvalidArguments, Message: fmt.Sprintf("argument %d of the script: %v", i+1, err), Err: err}
		}
		L.Push(v)
	}
	// Not PCall: it has unwound Lua's stack before the error can be placed on it, and a handler given to it leaves the
	// upvalues of closures that outlive a caught error dangling (gopher-lua 1.1.2, raiseError under hasErrorFunc).
	L.Call(len(args), lua.MultRet)
	return s.results(L)
}

func (s *session) results(L *lua.LState) ([]any, *ScriptError) {
	left := s.runner.limits.Result
	var values []any
	for i := 1; i <= L.GetTop(); i++ {
		name := "return value"
		if L.GetTop() > 1 {
			name = fmt.Sprintf("return value %d", i)
		}
		r := newReader(left)
		r.ended = s.ended
		v, err := r.value(L.Get(i))
		if left = r.left; errors.Is(err, errTooMany) {
			return nil, limitExceeded("The returned values are more than %d.", maxValues)
		} else if errors.Is(err, errTooLarge) {
			return nil, &ScriptError{Type: TypeLimitExceeded, Message: fmt.Sprintf(
				"The returned values are larger than %d bytes of JSON.", s.runner.limits.Result)}
		} else if err != nil && s.shell {
			values = append(values, Opaque(s.textOf(L, L.Get(i))))
			continue
		} else if err != nil {
			return nil, &ScriptError{Type: TypeInvalidResult, Message: within(name, err).Error()}
		}
		values = append(values, v.toGo())
	}
	return values, nil
}

func (s *session) compile(source string) (*lua.FunctionProto, *ScriptError) {
	if most := s.runner.limits.Source; len(source) > most {
		return nil, &ScriptError{Type: TypeLimitExceeded, Message: fmt.Sprintf("The script has %d bytes, the most is %d.", len(source), most)}
	}
	if strings.HasPrefix(source, "#") { // the first line of an executable file
		source = "--" + source
	}
	chunk, failed := s.parse(source)
	if failed != nil {
		return nil, failed
	}
	if err := s.meter.Err(); err != nil {
		return nil, &ScriptError{Type: TypeTimeout, Message: "not begun", Err: err}
	}
	proto, err := lua.Compile(chunk, s.name)
	if err != nil {
		return nil, s.syntaxError(source, err)
	}
	return proto, nil
}

func (s *session) syntaxError(source string, err error) *ScriptError {
	lines := strings.Split(source, "\n")
	e := &ScriptError{Type: TypeSyntax, Message: strings.TrimSpace(err.Error()), Err: err}
	line := 0
	var parsing *parse.Error
	var compiling *lua.CompileError
	switch {
	case errors.As(err, &parsing) && parsing.Pos.Line < 1:
		line, e.Message = len(lines), parsing.Message+" near the end of the script"
	case errors.As(err, &parsing):
		line, e.Message = parsing.Pos.Line, parsing.Message+" near "+quote(parsing.Token)
	case errors.As(err, &compiling):
		line, e.Message = compiling.Line, compiling.Message
	}
	if line > 0 {
		e.Where = fmt.Sprintf("%s:%d", s.name, line)
		e.Hint = dialectHint(lines[min(line, len(lines))-1])
	}
	return e
}

// Luau is what scripts of this kind are often written in; here it is Lua 5.1.
var luau = []struct {
	sign *regexp.Regexp
	hint string
}{
	{regexp.MustCompile(`[-+*/%^]=|\.\.=`), "this is Lua 5.1: write x = x + 1"},
	{regexp.MustCompile("`"), `this is Lua 5.1: write "a" .. b, there are no strings in backticks`},
	{regexp.MustCompile(`\bcontinue\b`), "this is Lua 5.1: there is no continue; put the rest of the loop into an if, or goto a label at its end"},
	{regexp.MustCompile(`!=`), "this is Lua 5.1: write a ~= b"},
	{regexp.MustCompile(`//`), "this is Lua 5.1: write math.floor(a / b), comments begin with --"},
	{regexp.MustCompile(`\blocal\s+\w+\s*:\s*\w+`), "this is Lua 5.1: variables have no types"},
}

func dialectHint(line string) string {
	for _, l := range luau {
		if l.sign.MatchString(line) {
			return l.hint
		}
	}
	return ""
}

// uncaught makes the script's error of what stopped it. Lua's stack is still as it was.
func (s *session) uncaught(p any) *ScriptError {
	raised, ok := p.(*lua.ApiError)
	if !ok {
		// Of gopher-lua itself or the runtime; whatever of ours or the host's panics was caught before.
		return &ScriptError{Type: TypeInternal, Message: "Internal error: " + clip(fmt.Sprint(p)), Where: where(s.state)}
	}
	e := failureOf(raised.Object)
	if e == nil && s.raised != nil && raised.Object == lua.LString(s.raised.Error()) {
		e = s.raised
	}
	if e == nil {
		e = s.runtimeError(raised.Object)
	}
	e.Traceback = traceback(s.state, 0)
	return e
}

// cut shortens a message nobody would read to its end.
func cut(text string) string {
	const most = 16 << 10
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// runtimeError is for what the script raised itself, or Lua for it.
func (s *session) runtimeError(object lua.LValue) *ScriptError {
	e := &ScriptError{Type: TypeRuntime, Where: where(s.state)}
	if t, ok := object.(*lua.LTable); ok {
		e.Message = lua.LVAsString(t.RawGetString("message"))
	}
	if e.Message == "" {
		e.Message = s.show(object)
	}
	if rest, ok := strings.CutPrefix(e.Message, s.name+":"); ok {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if text, ok := strings.CutPrefix(rest[digits:], ":"); ok && digits > 0 {
			e.Where, e.Message = s.name+":"+rest[:digits], strings.TrimPrefix(text, " ")
		}
	}
	e.Message = cut(e.Message)
	if s.record.count() > 0 && (strings.Contains(e.Message, "object(nil)") || strings.Contains(e.Message, "concat operation between") && strings.Contains(e.Message, "nil")) {
		e.Hint = `the field may be null in Aircall's answer; use (x or "")`
	}
	return e
}
