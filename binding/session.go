package binding

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
	"github.com/aircallkit/aircallkit/internal/suggest"
)

// A session is one Lua state with its data: the state of a run, of a shell, or of the host.
type session struct {
	runner *Runner
	name   string   // of the script
	flat   *account // of the flat namespace; nil: none
	record *record  // nil in a host's state, where nothing is counted
	box    *luabox.State

	namespaces []*namespace
	shell      bool // the state is used for many runs

	readOnly, dryRun bool

	array  *lua.LTable    // the metatable of arrays
	null   *lua.LUserData // json.null
	raised *ScriptError   // the last one, where errors are strings
}

// newSession makes a sandboxed state with the globals of a run.
func (r *Runner) newSession(name string, opts RunOptions, shell bool) (*session, error) {
	flat, failed := r.flat(opts.Account)
	if failed != nil {
		return nil, failed
	}
	s := &session{runner: r, shell: shell, flat: flat, name: name, record: &record{limit: r.config.Limits.Output, w: opts.Output}}
	var err error
	s.box, err = luabox.New(luabox.Options{Name: name, Limits: r.config.Limits.luabox(), Reusable: shell, ErrorValue: s.errorValue})
	if err != nil {
		return nil, &ScriptError{Type: TypeInternal, Message: err.Error(), Err: err} // New has checked it
	}
	s.install(s.box.Base())
	return s, nil
}

// flat returns the account of the flat namespace in a run that names one, or none.
func (r *Runner) flat(name string) (*account, error) {
	if name == "" || name == defaultName && r.accounts[name] == nil {
		return r.accounts[r.byDefault], nil
	}
	if a := r.accounts[name]; a != nil {
		return a, nil
	}
	return nil, &ScriptError{
		Type:    TypeUnknownAccount,
		Message: "Unknown account: " + luabox.Quote(name) + ". Configured accounts: " + listed(r.accounts),
		Details: map[string]any{"suggestions": suggest.For(name, r.names), "accounts": r.names},
	}
}

// run runs one script in the session.
func (s *session) run(ctx context.Context, source string, opts RunOptions) (*Result, error) {
	start := time.Now()
	s.readOnly, s.dryRun = opts.ReadOnly, opts.DryRun
	var values []any
	err := s.box.Run(ctx, func(L *lua.LState) (err error) {
		values, err = s.execute(L, source, opts.Args)
		return err
	})
	result := s.record.close()
	result.Duration = time.Since(start)
	if err != nil {
		failed := s.scriptError(err)
		s.runner.ran(ctx, s.name, result, failed)
		return result, failed
	}
	result.Values = values // an abandoned script may still change them
	s.runner.ran(ctx, s.name, result, nil)
	return result, nil
}

// execute compiles and runs the script, in the goroutine the state belongs to from here on.
func (s *session) execute(L *lua.LState, source string, args []any) ([]any, error) {
	script, err := s.box.Load(source)
	if err != nil {
		return nil, err
	}
	L.Push(script)
	for i, arg := range args {
		v, err := s.fromGo(L, arg)
		if err != nil {
			return nil, &ScriptError{Type: TypeInvalidArguments, Message: fmt.Sprintf("argument %d of the script: %v", i+1, err), Err: err}
		}
		L.Push(v)
	}
	s.box.Made()
	L.Call(len(args), lua.MultRet)
	return s.results(L)
}

func (s *session) results(L *lua.LState) ([]any, error) {
	left := s.runner.config.Limits.Result
	var values []any
	for i := 1; i <= L.GetTop(); i++ {
		name := "return value"
		if L.GetTop() > 1 {
			name = fmt.Sprintf("return value %d", i)
		}
		r := newReader(left, s.box.Ended)
		v, err := r.value(L.Get(i))
		if left = r.left; errors.Is(err, errTooMany) {
			return nil, limitExceeded("The returned values are more than %d.", maxValues)
		} else if errors.Is(err, errTooLarge) {
			return nil, limitExceeded("The returned values are larger than %d bytes of JSON.", s.runner.config.Limits.Result)
		} else if err != nil && s.shell {
			text := s.textOf(L, L.Get(i))
			if left -= len(text); left < 0 {
				return nil, limitExceeded("The returned values are larger than %d bytes.", s.runner.config.Limits.Result)
			}
			values = append(values, Opaque(text))
			continue
		} else if err != nil {
			return nil, &ScriptError{Type: TypeInvalidResult, Message: within(name, err).Error()}
		}
		values = append(values, v.toGo())
	}
	return values, nil
}

// scriptError returns the error of a script for any error of its state.
func (s *session) scriptError(err error) *ScriptError {
	if e, ok := err.(*ScriptError); ok {
		return e
	}
	b, ok := err.(*luabox.Error)
	if !ok {
		return &ScriptError{Type: TypeInternal, Message: err.Error(), Err: err}
	}
	e := &ScriptError{
		Type: string(b.Kind), Message: b.Message, Where: b.Where, Hint: b.Hint, Path: strings.TrimPrefix(b.Function, "app."), Traceback: b.Traceback, Err: b.Err,
	}
	switch {
	case b.Interrupted != nil: // keep the position and the call that was interrupted
		by := *s.scriptError(b.Interrupted)
		by.Type, by.Message, by.Hint, by.Err = e.Type, e.Message, e.Hint, e.Err
		by.Retryable, by.RetryAfter = false, 0
		return &by
	case b.Value == nil:
		return e
	}
	raised, ok := b.Err.(*ScriptError)
	if !ok && s.raised != nil && b.Value == lua.LString(s.raised.Error()) {
		raised, ok = s.raised, true
	}
	if ok {
		raised.Traceback = b.Traceback
		return raised
	}
	if e.Message == "" {
		e.Message = picture{limit: shownError}.of(b.Value)
	}
	e.Message = cut(e.Message)
	if e.Hint == "" && s.record.count() > 0 && (strings.HasPrefix(e.Message, "attempt to index ") && strings.Contains(e.Message, "a nil value") || strings.Contains(e.Message, "concat operation between") && strings.Contains(e.Message, "nil")) {
		e.Hint = `the field may be null in Aircall's reply; use (x or "")`
	}
	return e
}

// shownError is the most bytes of a table that is the message of an error: nothing stops this picture.
const shownError = 4 << 10

// cut shortens a message that is too long to read.
func cut(text string) string {
	const most = 16 << 10
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// errorValue returns the Lua value of an error.
func (s *session) errorValue(L *lua.LState, err error) lua.LValue {
	e := s.scriptError(err)
	e.Where = luabox.Where(L)
	if s.runner.config.StringErrors {
		s.raised = e
		return s.text(L, e.Error())
	}
	return s.errorTable(L, e)
}

func (s *session) errorTable(L *lua.LState, e *ScriptError) *lua.LTable {
	place := e.Where
	if place != "" {
		place += ":"
	}
	fields := objectValue(
		"type", e.Type, "message", e.Message, "where", place, "path", e.Path, "account", e.Account,
		"effect", string(e.Effect), "effect_status", string(e.EffectStatus), "hint", e.Hint,
	)
	fields.members = slices.DeleteFunc(fields.members, func(m member) bool { return m.value.text == "" })
	if e.Status != 0 {
		fields.set("status", e.Status)
	}
	fields.set("retryable", e.Retryable)
	t := s.toLua(L, &fields).(*lua.LTable)
	if e.RetryAfter > 0 {
		t.RawSetString("retry_after", lua.LNumber(e.RetryAfter.Seconds()))
	}
	details, err := s.fromGo(L, e.Details)
	if err != nil || details == lua.LNil {
		details = L.NewTable()
	}
	t.RawSetString("details", details)
	s.box.MakeError(L, t, e, 1<<10+2*(len(e.Message)+len(e.Hint))+luabox.TableSize(0, 1)*len(e.Details))
	return t
}

// failureOf returns the error of a script behind a Lua value, or nil.
func failureOf(v lua.LValue) *ScriptError {
	e, _ := luabox.ErrorOf(v).(*ScriptError)
	return e
}
