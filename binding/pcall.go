package binding

import (
	"errors"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// gopher-lua closes the open upvalues of the whole stack when an error is raised, those of functions too that go on
// because somebody catches it: after pcall(f) a local of theirs and f's view of it are two variables. With a message
// handler it closes none, and closures that outlive the error read what comes to lie in their place. Here the upvalues of
// those who go on are out of reach while the call lasts, and the others are closed.

// pcall is pcall(f, ...).
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

// xpcall is xpcall(f, handler).
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

// protected is PCall for which only what it calls is on the stack.
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
	return 2
}
