package binding

import (
	lua "github.com/yuin/gopher-lua"
)

// maxCoroutines is how many coroutines may wait for one another. Each is a level of Go's stack.
const maxCoroutines = 100

// watchCoroutines puts every coroutine under the run's meter. gopher-lua would give it a context derived from that of its
// creator, which counts nothing and stays in memory until the run ends.
func (s *session) watchCoroutines(L *lua.LState, library *lua.LTable) {
	own := func(name string) lua.LGFunction {
		if fn, ok := library.RawGetString(name).(*lua.LFunction); ok {
			return fn.GFunction
		}
		return nil
	}
	create, wrap, resume := own("create"), own("wrap"), own("resume")
	unwatched := func(L *lua.LState, f lua.LGFunction) {
		L.CheckFunction(1)
		s.spend(L, threadSize)
		ctx := L.RemoveContext()
		defer L.SetContext(ctx)
		f(L)
	}
	library.RawSetString("create", L.NewFunction(func(L *lua.LState) int {
		unwatched(L, create)
		s.meter.watch(L.CheckThread(L.GetTop()))
		return 1
	}))
	library.RawSetString("resume", L.NewFunction(func(L *lua.LState) int {
		bounded(L)
		return resume(L)
	}))
	library.RawSetString("wrap", L.NewFunction(func(L *lua.LState) int {
		unwatched(L, wrap)
		wrapped := L.CheckFunction(L.GetTop())
		L.Pop(1)
		thread := wrapped.Upvalues[0].Value()
		s.meter.watch(thread.(*lua.LState))
		L.Push(L.NewClosure(func(L *lua.LState) int {
			bounded(L)
			return wrapped.GFunction(L)
		}, thread))
		return 1
	}))
}

func bounded(L *lua.LState) {
	depth := 0
	for at := L.Parent; at != nil; at = at.Parent {
		depth++
	}
	if depth >= maxCoroutines {
		L.RaiseError("too many coroutines inside one another, the most is %d", maxCoroutines)
	}
}
