package luabox

import (
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// positionAt returns the position of the function at a level of the stack, as in "script.lua:12: ". Level 1 is the caller of
// the function of the host that runs. It returns "" for functions of the host, for those that a tail call replaced, and
// beyond the stack.
func positionAt(L *lua.LState, level int) string {
	c, _ := L.Context().(*stepContext)
	for f := viewState(L).currentFrame; f != nil && level >= 0; f = f.Parent {
		switch {
		case c != nil && f.Fn == c.state.guard: // Lua has no such level
			continue
		case f.Fn.IsG && level == 0:
			return ""
		case f.Fn.IsG:
			level--
			continue
		}
		if line := f.Fn.Proto.DbgSourcePositions[f.Pc-1]; level == 0 && line > 0 {
			return fmt.Sprintf("%s:%d: ", f.Fn.Proto.SourceName, line)
		}
		level -= 1 + f.TailCall
	}
	return ""
}

// withPosition puts the position of the function at a level before a message that is text or a number, if the level is
// above 0.
func withPosition(L *lua.LState, level int, message lua.LValue) lua.LValue {
	if level < 1 || !lua.LVCanConvToString(message) {
		return message
	}
	text := positionAt(L, level) + Text(message)
	spendText(L, text)
	return lua.LString(text)
}

// raise raises an error with the position of the caller, as luaL_error of Lua 5.1 does.
func raise(L *lua.LState, message string) { L.Error(withPosition(L, 1, lua.LString(message)), 0) }

// pcall implements pcall(f, ...).
func pcall(L *lua.LState) int {
	if refused := notCallable(L, checkAny(L, 1)); refused != "" {
		return pushError(L, refused)
	}
	if err := protected(L, L.GetTop()-1); err != nil {
		return pushError(L, err.Object)
	}
	L.Insert(lua.LTrue, 1)
	return L.GetTop()
}

// xpcall implements xpcall(f, handler). The handler sees the stack as the error left it, unless that has no room for it.
func (s *State) xpcall(L *lua.LState) int {
	handler, f := checkAny(L, 2), L.Get(1)
	if refused := notCallable(L, f); refused != "" {
		return pushError(L, s.handle(L, handler, refused))
	}
	L.SetTop(0)
	L.Push(s.guard)
	L.Push(f)
	L.Push(handler)
	err := protected(L, 2)
	switch {
	case err == nil:
		L.Insert(lua.LTrue, 1)
		return L.GetTop()
	case err.Cause != errHandled:
		return pushError(L, s.handle(L, handler, err.Object))
	}
	return pushError(L, err.Object)
}

var errHandled = errors.New("seen by the message handler")

// guarded calls its first argument, with the second as message handler. PCall calls it: nothing else can unwind the stack.
func (s *State) guarded(L *lua.LState) int {
	const room = 30 // levels of the stack for the handler
	handler := L.Get(2)
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if raised, ok := p.(*lua.ApiError); ok && levels(L)+room < L.Options.CallStackSize {
			p = &lua.ApiError{Type: raised.Type, Object: s.handle(L, handler, raised.Object), StackTrace: "-", Cause: errHandled}
		}
		panic(p)
	}()
	L.SetTop(1)
	L.Call(0, lua.MultRet)
	return L.GetTop()
}

// handle returns what a message handler makes of an error. The handler is called for its own errors too, about as often as
// Lua 5.1 does that.
func (s *State) handle(L *lua.LState, handler, object lua.LValue) lua.LValue {
	const most = 220
	top := L.GetTop()
	for range most {
		if handler.Type() != lua.LTFunction || s.Ended() {
			break
		}
		L.Push(handler)
		L.Push(object)
		err := protected(L, 1)
		if err == nil {
			object = L.Get(top + 1)
			L.SetTop(top)
			return object
		}
		object = err.Object
	}
	return lua.LString("error in error handling")
}

func levels(L *lua.LState) (n int) {
	for f := viewState(L).currentFrame; f != nil; f = f.Parent {
		n++
	}
	return n
}

// notCallable returns the error of a call of v, or "".
func notCallable(L *lua.LState, v lua.LValue) lua.LString {
	if v.Type() == lua.LTFunction || L.GetMetaField(v, "__call").Type() == lua.LTFunction {
		return ""
	}
	return lua.LString("attempt to call a " + v.Type().String() + " value")
}

// protected calls PCall with the upvalues of the functions below it hidden. When an error is raised, gopher-lua closes the
// open upvalues of the whole stack, even those of functions that catch the error and continue: after pcall(f) their local
// and f's view of it would be two variables. With a message handler it closes none, so none is given to it.
func protected(L *lua.LState, args int) *lua.ApiError {
	view := viewState(L)
	open := view.uvcache
	view.uvcache = nil
	defer func() { view.uvcache = open }()
	if err := L.PCall(args, lua.MultRet, nil); err != nil {
		return err.(*lua.ApiError) // it returns no other
	}
	return nil
}

// pushError pushes what pcall returns of an error.
func pushError(L *lua.LState, object lua.LValue) int {
	L.Push(lua.LFalse)
	L.Push(object)
	spendMessage(L)
	return 2
}
