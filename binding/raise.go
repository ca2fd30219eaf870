package binding

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// failureField is where an error's metatable, which scripts cannot reach, keeps the Go error.
const failureField = "failure"

// prepareErrors makes the metamethods that let an error pass for a string.
func (s *session) prepareErrors(L *lua.LState) {
	text := func(v lua.LValue) string {
		if e := failureOf(v); e != nil {
			return e.Error()
		}
		return lua.LVAsString(v)
	}
	s.text = L.NewFunction(s.wrap("tostring", func(L *lua.LState) int {
		L.Push(lua.LString(text(L.Get(1))))
		return 1
	}))
	s.concat = L.NewFunction(s.wrap("concat", func(L *lua.LState) int {
		for i := 1; i <= 2; i++ {
			if v := L.Get(i); failureOf(v) == nil && !lua.LVCanConvToString(v) {
				L.RaiseError("cannot perform concat operation between %v and %v", L.Get(1).Type(), L.Get(2).Type())
			}
		}
		L.Push(lua.LString(text(L.Get(1)) + text(L.Get(2))))
		return 1
	}))
	methods := make(map[string]*lua.LFunction)
	s.asString = L.NewFunction(s.wrap("index", func(L *lua.LState) int {
		name := lua.LVAsString(L.Get(2))
		if methods[name] == nil {
			fn, ok := stringMethod(L, name)
			if !ok {
				L.Push(lua.LNil)
				return 1
			}
			methods[name] = L.NewFunction(s.wrap("string."+name, func(L *lua.LState) int { return callAsString(L, fn) }))
		}
		L.Push(methods[name])
		return 1
	}))
}

func stringMethod(L *lua.LState, name string) (*lua.LFunction, bool) {
	mt, ok := L.GetMetatable(lua.LString("")).(*lua.LTable)
	if !ok {
		return nil, false
	}
	library, ok := mt.RawGetString("__index").(*lua.LTable)
	if !ok {
		return nil, false
	}
	fn, ok := library.RawGetString(name).(*lua.LFunction)
	return fn, ok
}

// callAsString calls a string function with the error's text in the error's place.
func callAsString(L *lua.LState, fn *lua.LFunction) int {
	top := L.GetTop()
	L.Push(fn)
	for i := 1; i <= top; i++ {
		v := L.Get(i)
		if e := failureOf(v); e != nil && i == 1 {
			v = lua.LString(e.Error())
		}
		L.Push(v)
	}
	L.Call(top, lua.MultRet)
	return L.GetTop() - top
}

// failureOf finds the Go error behind a Lua value, or nil.
func failureOf(v lua.LValue) *ScriptError {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil
	}
	mt, ok := t.Metatable.(*lua.LTable)
	if !ok {
		return nil
	}
	u, ok := mt.RawGetString(failureField).(*lua.LUserData)
	if !ok {
		return nil
	}
	e, _ := u.Value.(*ScriptError)
	return e
}

// raise ends the current Lua function with the error.
func (s *session) raise(L *lua.LState, e *ScriptError) {
	e.Where = where(L)
	if s.runner.stringErrors {
		s.raised = e
		L.Error(lua.LString(e.Error()), 0)
	}
	L.Error(s.errorTable(L, e), 1)
}

func (s *session) errorTable(L *lua.LState, e *ScriptError) *lua.LTable {
	t := L.NewTable()
	place := e.Where
	if place != "" {
		place += ":"
	}
	for _, f := range []struct{ name, text string }{
		{"type", e.Type}, {"message", e.Message}, {"where", place}, {"path", e.Path}, {"account", e.Account},
		{"effect", string(e.Effect)}, {"effect_status", e.EffectStatus}, {"hint", e.Hint},
	} {
		if f.text != "" {
			t.RawSetString(f.name, lua.LString(f.text))
		}
	}
	if e.Status != 0 {
		t.RawSetString("status", lua.LNumber(e.Status))
	}
	if e.RetryAfter > 0 {
		t.RawSetString("retry_after", lua.LNumber(e.RetryAfter.Seconds()))
	}
	t.RawSetString("retryable", lua.LBool(e.Retryable))
	details, err := s.fromGo(L, e.Details)
	if err != nil || details == lua.LNil {
		details = L.NewTable()
	}
	t.RawSetString("details", details)

	mt := L.CreateTable(0, 5)
	mt.RawSetString("__tostring", s.text)
	mt.RawSetString("__concat", s.concat)
	mt.RawSetString("__index", s.asString)
	mt.RawSetString("__metatable", lua.LString("error"))
	mt.RawSetString(failureField, &lua.LUserData{Value: e, Metatable: lua.LNil})
	t.Metatable = mt
	return t
}

// mostLevels bounds how far a stack is searched: a call in a return counts as a level, and there can be millions.
const mostLevels = 1000

// where is the place of the nearest Lua function: in the coroutine, else in whoever resumed it.
func where(L *lua.LState) string {
	for ; L != nil; L = L.Parent {
		for level := range mostLevels {
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

// traceback lists the Lua functions of a stack from the inside, those of Go left out.
func traceback(L *lua.LState, level int) string {
	const most = 20
	lines := []string{"stack traceback:"}
	for from := level; len(lines) <= most; level++ {
		frame, ok := L.GetStack(level)
		if !ok || level-from > mostLevels {
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
