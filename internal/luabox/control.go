package luabox

import (
	"errors"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// maxCoroutines is the deepest nesting of coroutines. Each takes a level of Go's stack.
const maxCoroutines = 100

// limitCoroutines puts every coroutine under the meter. gopher-lua would give it a context derived from that of its
// creator, which counts nothing and stays in memory until the run ends.
func (s *State) limitCoroutines(L *lua.LState, library *lua.LTable) {
	own := func(name string) lua.LGFunction { return library.RawGetString(name).(*lua.LFunction).GFunction }
	create, wrap, resume := own("create"), own("wrap"), own("resume")
	withoutContext := func(L *lua.LState, f lua.LGFunction) {
		L.CheckFunction(1)
		s.Spend(L, threadSize)
		ctx := L.RemoveContext()
		defer L.SetContext(ctx)
		f(L)
	}
	library.RawSetString("create", L.NewFunction(func(L *lua.LState) int {
		withoutContext(L, create)
		s.meter.attach(L.CheckThread(L.GetTop()))
		return 1
	}))
	library.RawSetString("resume", L.NewFunction(func(L *lua.LState) int {
		checkNesting(L)
		n := resume(L)
		spendMessage(L)
		return n
	}))
	library.RawSetString("wrap", L.NewFunction(func(L *lua.LState) int {
		withoutContext(L, wrap)
		wrapped := L.CheckFunction(L.GetTop())
		L.Pop(1)
		thread := wrapped.Upvalues[0].Value()
		s.meter.attach(thread.(*lua.LState))
		L.Push(L.NewClosure(func(L *lua.LState) int {
			checkNesting(L)
			return wrapped.GFunction(L)
		}, thread))
		return 1
	}))
}

func checkNesting(L *lua.LState) {
	depth := 0
	for at := L.Parent; at != nil; at = at.Parent {
		depth++
	}
	if depth >= maxCoroutines {
		L.RaiseError("too many coroutines inside one another, the most is %d", maxCoroutines)
	}
}

// When an error is raised, gopher-lua closes the open upvalues of the whole stack, even those of functions that catch the
// error and continue: after pcall(f) their local and f's view of it are two variables. With a message handler it closes
// none, and closures that outlive the error read unrelated values. Here the upvalues of functions that continue are hidden
// during the call, and the others are closed.

// pcall implements pcall(f, ...).
func pcall(L *lua.LState) int {
	f := L.CheckAny(1)
	if f.Type() != lua.LTFunction && L.GetMetaField(f, "__call").Type() != lua.LTFunction {
		L.Push(lua.LFalse)
		L.Push(lua.LString("attempt to call a " + f.Type().String() + " value"))
		return 2
	}
	if err := protected(L, L.GetTop()-1, nil); err != nil {
		return caught(L, err)
	}
	L.Insert(lua.LTrue, 1)
	return L.GetTop()
}

// xpcall implements xpcall(f, handler).
func xpcall(L *lua.LState) int {
	f, handler := L.CheckFunction(1), L.CheckFunction(2)
	top := L.GetTop()
	L.Push(f)
	err := protected(L, 0, L.NewFunction(func(L *lua.LState) int {
		closeUpvalues(L)
		object := L.Get(1)
		L.Push(handler)
		L.Push(object)
		L.Call(1, 1)
		return 1
	}))
	if err != nil {
		return caught(L, err)
	}
	L.Insert(lua.LTrue, top+1)
	return L.GetTop() - top
}

// protected calls PCall with the upvalues of the functions below it hidden.
func protected(L *lua.LState, args int, handler *lua.LFunction) error {
	view := viewState(L)
	open, handled := view.uvcache, view.hasErrorFunc
	view.uvcache, view.hasErrorFunc = nil, false
	defer func() { view.uvcache, view.hasErrorFunc = open, handled }()
	return L.PCall(args, lua.MultRet, handler)
}

func closeUpvalues(L *lua.LState) {
	view := viewState(L)
	for uv := view.uvcache; uv != nil; uv = (*upvalueView)(unsafe.Pointer(uv)).next {
		uv.Close()
	}
	view.uvcache = nil
}

func caught(L *lua.LState, err error) int {
	L.Push(lua.LFalse)
	var raised *lua.ApiError
	if errors.As(err, &raised) {
		L.Push(raised.Object)
	} else {
		L.Push(lua.LString(err.Error()))
	}
	spendMessage(L)
	return 2
}
