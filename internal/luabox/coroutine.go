package luabox

import (
	"fmt"
	"strings"
	"sync"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// maxCoroutines is the deepest nesting of coroutines. Each takes a level of Go's stack.
const maxCoroutines = 100

// openCoroutines sets the global coroutine, with the functions of Lua 5.1. The switch to a coroutine and back is
// gopher-lua's, which is sound only within these bounds:
//   - It resumes coroutines that wait for another one, so that two can wait for each other for ever. resume checks the status.
//   - A yield ends the innermost loop of the interpreter. A Go function or metamethod in which another loop ran would go on
//     as if it had returned. checkYield raises the error of Lua 5.1.
//   - A yield in a tail call would remove the frame that goes on later, and a resume with too few values would leave
//     registers without one. The function that scripts see is one in Lua, which calls gopher-lua's and returns.
//   - A coroutine made by wrap would stay running after an error. wrap does what resume does, and raises the error itself.
//   - A coroutine would get a context derived from that of its creator, which counts nothing and stays in memory until the
//     run ends. Here each is under the meter.
func (s *State) openCoroutines(L *lua.LState) {
	library := openLibrary(L, lua.OpenCoroutine)
	own := func(name string) lua.LGFunction { return library.RawGetString(name).(*lua.LFunction).GFunction }
	create, yield, resume := own("create"), own("yield"), own("resume")
	newThread := func(L *lua.LState) *lua.LState {
		if f, ok := L.Get(1).(*lua.LFunction); !ok || f.IsG || f.Proto == yieldProto() {
			argError(L, 1, "Lua function expected")
		}
		s.Spend(L, threadSize)
		ctx := L.RemoveContext()
		create(L)
		L.SetContext(ctx)
		thread := L.Get(-1).(*lua.LState)
		s.meter.attach(thread)
		return thread
	}
	resumeWrapped := func(L *lua.LState) int {
		thread := L.ToThread(lua.UpvalueIndex(1))
		L.Insert(thread, 1)
		n := switchTo(L, thread, resume)
		if L.Get(L.GetTop()-n+1) == lua.LTrue { // not -n, which can be an index of something else
			return n - 1
		}
		L.Error(withPosition(L, 1, L.Get(-1)), 0)
		return 0
	}
	for name, f := range map[string]lua.LGFunction{
		"create": func(L *lua.LState) int { newThread(L); return 1 },
		"wrap": func(L *lua.LState) int {
			L.Push(L.NewClosure(resumeWrapped, newThread(L)))
			return 1
		},
		"resume": func(L *lua.LState) int { return switchTo(L, checkThread(L), resume) },
		"status": func(L *lua.LState) int {
			L.Push(lua.LString(status(L, checkThread(L))))
			return 1
		},
		"running": func(L *lua.LState) int {
			if L.Parent == nil {
				L.Push(lua.LNil)
			} else {
				L.Push(L)
			}
			return 1
		},
	} {
		library.RawSetString(name, L.NewFunction(s.Wrap("coroutine."+name, f)))
	}
	visible := L.NewFunctionFromProto(yieldProto())
	visible.Env = L.NewTable()
	visible.Env.RawSetString("yield", L.NewFunction(func(L *lua.LState) int {
		checkYield(L)
		return yield(L)
	}))
	library.RawSetString("yield", visible)
}

// yieldProto is the code of the function coroutine.yield: a call that is not a tail call, without positions.
var yieldProto = sync.OnceValue(func() *lua.FunctionProto {
	chunk, err := parse.Parse(strings.NewReader("return yield(...)"), "coroutine.yield")
	if err != nil {
		panic(err)
	}
	proto, err := lua.Compile(chunk, "coroutine.yield")
	if err != nil {
		panic(err)
	}
	for i, inst := range proto.Code {
		if opcode(inst) == lua.OP_TAILCALL {
			proto.Code[i] = inst&(1<<26-1) | uint32(lua.OP_CALL)<<26
		}
		proto.DbgSourcePositions[i] = 0
	}
	return proto
})

// checkYield raises an error unless only calls between Lua functions lie between the start of the coroutine and the yield.
func checkYield(L *lua.LState) {
	if L.Parent == nil {
		L.Error(lua.LString("attempt to yield from outside a coroutine"), 0)
	}
	for f := viewState(L).currentFrame.Parent; f != nil; f = f.Parent {
		if f.Fn.IsG || opcode(f.Fn.Proto.Code[f.Pc-1]) != lua.OP_CALL {
			L.Error(lua.LString("attempt to yield across metamethod/C-call boundary"), 0)
		}
	}
}

func checkThread(L *lua.LState) *lua.LState {
	thread, ok := L.Get(1).(*lua.LState)
	if !ok {
		argError(L, 1, "coroutine expected")
	}
	return thread
}

// status returns the status of a coroutine as L sees it. A coroutine has a parent while it runs.
func status(L, thread *lua.LState) string {
	switch {
	case thread.Dead:
		return "dead"
	case thread == L:
		return "running"
	case thread.Parent != nil:
		return "normal"
	}
	return "suspended"
}

// switchTo passes the arguments after the first to a coroutine and runs it until it yields, returns or fails. It pushes
// true and what the coroutine passed back, or false and the error, and returns how many values these are.
func switchTo(L, thread *lua.LState, resume lua.LGFunction) int {
	failed := ""
	if is := status(L, thread); is != "suspended" {
		failed = "cannot resume " + is + " coroutine"
	} else if nesting(L) >= maxCoroutines {
		failed = fmt.Sprintf("too many coroutines inside one another, the most is %d", maxCoroutines)
	}
	if failed != "" {
		L.Push(lua.LFalse)
		L.Push(lua.LString(failed))
		return 2
	}
	n := resumeOrRaise(L, thread, resume)
	spendMessage(L)
	return n
}

func resumeOrRaise(L, thread *lua.LState, resume lua.LGFunction) int {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		// The values did not fit on the stack of the other: an error of the coroutine itself is among the results.
		what := "arguments"
		if thread.Parent == nil {
			what = "results"
		}
		thread.Dead, thread.Parent, L.G.CurrentThread = true, nil, L
		raise(L, "too many "+what+" to resume")
	}()
	L.G.CurrentThread = L // a run that failed may have left another
	return resume(L)
}

func nesting(L *lua.LState) (depth int) {
	for at := L.Parent; at != nil; at = at.Parent {
		depth++
	}
	return depth
}
