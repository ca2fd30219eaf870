package binding

import (
	"fmt"
	"math"
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"
)

// newState makes a state without any library. Its stack starts small, as every coroutine gets one of the same size, and
// grows up to the limit.
func newState(l *Limits) *lua.LState {
	return lua.NewState(lua.Options{
		SkipOpenLibs: true, CallStackSize: l.CallStack,
		RegistrySize: min(1024, l.Registry), RegistryMaxSize: l.Registry, RegistryGrowStep: 1 << 15,
	})
}

// removed are the globals the base library brings that reach files, code or the environment of functions.
var removed = []string{"dofile", "loadfile", "load", "loadstring", "require", "module", "newproxy", "_printregs",
	"collectgarbage", "getfenv", "setfenv"}

// sandbox opens what a script may have: base, table, string, math and coroutine, the clock of os, the traceback of debug.
func (s *session) sandbox(L *lua.LState) {
	for _, lib := range []struct {
		name string
		open lua.LGFunction
	}{
		{lua.BaseLibName, lua.OpenBase}, {lua.TabLibName, lua.OpenTable}, {lua.StringLibName, lua.OpenString},
		{lua.MathLibName, lua.OpenMath}, {lua.CoroutineLibName, lua.OpenCoroutine}, {lua.OsLibName, lua.OpenOs},
	} {
		L.Push(L.NewFunction(lib.open))
		L.Push(lua.LString(lib.name))
		L.Call(1, 0)
	}
	for _, name := range removed {
		L.SetGlobal(name, lua.LNil)
	}
	keep(L, lua.OsLibName, "time", "date", "clock", "difftime")
	debug := L.NewTable()
	debug.RawSetString("traceback", L.NewFunction(s.wrap("debug.traceback", debugTraceback)))
	L.SetGlobal("debug", debug)
	for name, fn := range map[string]lua.LGFunction{
		"print": s.print, "dump": s.dump, "tostring": s.tostring, "assert": assert, "error": raiseAt,
		"rawset": s.rawset, "unpack": s.unpack,
		"pcall": pcall, "xpcall": xpcall,
	} {
		L.SetGlobal(name, L.NewFunction(s.wrap(name, fn)))
	}
	if library, ok := L.GetGlobal(lua.MathLibName).(*lua.LTable); ok {
		library.RawSetString("random", L.NewFunction(s.wrap("math.random", s.random)))
		library.RawSetString("randomseed", L.NewFunction(s.wrap("math.randomseed", s.randomSeed)))
	}
	for _, library := range []struct {
		name      string
		functions map[string]lua.LGFunction
	}{
		{lua.StringLibName, s.stringFunctions()}, {lua.StringLibName, s.patternFunctions()}, {lua.TabLibName, s.tableFunctions()},
		{lua.OsLibName, map[string]lua.LGFunction{"date": s.date(L)}},
	} {
		into, ok := L.GetGlobal(library.name).(*lua.LTable)
		for name, f := range library.functions {
			if ok {
				into.RawSetString(name, L.NewFunction(s.wrap(library.name+"."+name, f)))
			}
		}
	}
	if library, ok := L.GetGlobal(lua.StringLibName).(*lua.LTable); ok {
		library.RawSetString("dump", lua.LNil)
	}
	if library, ok := L.GetGlobal(lua.CoroutineLibName).(*lua.LTable); ok {
		s.watchCoroutines(L, library)
	}
}

// rawset is rawset(t, key, value).
func (s *session) rawset(L *lua.LState) int {
	t := L.CheckTable(1)
	s.spend(L, entrySize)
	if key, ok := L.CheckAny(2).(lua.LNumber); ok {
		s.grow(L, t, key)
	}
	L.RawSet(t, L.Get(2), L.CheckAny(3))
	L.Push(t)
	return 1
}

// date is os.date([format [, time]]), for formats a person would write: each of its letters stands for some ten.
func (s *session) date(L *lua.LState) lua.LGFunction {
	const most = 1000
	library, _ := L.GetGlobal(lua.OsLibName).(*lua.LTable)
	own, _ := library.RawGetString("date").(*lua.LFunction)
	return func(L *lua.LState) int {
		if n := len(L.OptString(1, "")); n > most {
			s.raise(L, limitExceeded("os.date: the format has %d bytes, the most is %d", n, most))
		}
		return own.GFunction(L)
	}
}

// keep replaces a global table by one that has only some of its fields.
func keep(L *lua.LState, global string, names ...string) {
	from, ok := L.GetGlobal(global).(*lua.LTable)
	to := L.NewTable()
	for _, name := range names {
		if ok {
			to.RawSetString(name, from.RawGetString(name))
		}
	}
	L.SetGlobal(global, to)
}

// random is math.random([[m,] n]). gopher-lua's panics on an empty interval and draws from the process's own source,
// which one script's seed would change for all.
func (s *session) random(L *lua.LState) int {
	low, high := 1.0, 1.0
	switch L.GetTop() {
	case 0:
		L.Push(lua.LNumber(s.chance.Float64()))
		return 1
	case 1:
		high = math.Floor(float64(L.CheckNumber(1)))
	default:
		low, high = math.Floor(float64(L.CheckNumber(1))), math.Floor(float64(L.CheckNumber(2)))
	}
	if !(low <= high && high-low < maxSafe) {
		L.ArgError(L.GetTop(), "interval is empty or too large")
	}
	L.Push(lua.LNumber(low + float64(s.chance.Int64N(int64(high-low)+1))))
	return 1
}

func (s *session) randomSeed(L *lua.LState) int {
	s.chance = rand.New(rand.NewPCG(math.Float64bits(float64(L.CheckNumber(1))), 0))
	return 0
}

// assert raises its message as it is: a table stays the table it was.
func assert(L *lua.LState) int {
	if lua.LVAsBool(L.CheckAny(1)) {
		return L.GetTop()
	}
	message := L.Get(2)
	if message == lua.LNil {
		message = lua.LString("assertion failed!")
	}
	L.Error(message, 0)
	return 0
}

// raiseAt is error(message [, level]). gopher-lua's own takes every level above 1 for the one below.
func raiseAt(L *lua.LState) int {
	message, level := L.Get(1), L.OptInt(2, 1)
	if text, ok := message.(lua.LString); ok && level > 0 {
		if frame, ok := L.GetStack(level); ok {
			if _, err := L.GetInfo("Sl", frame, lua.LNil); err == nil && frame.CurrentLine > 0 {
				message = lua.LString(fmt.Sprintf("%s:%d: %s", frame.Source, frame.CurrentLine, text))
			}
		}
	}
	L.Error(message, 0)
	return 0
}

// debugTraceback is debug.traceback([message [, level]]). An error of ours counts as its text, so that
// xpcall(f, debug.traceback) shows it; any other message that is no string is returned as it is.
func debugTraceback(L *lua.LState) int {
	of, arg := L, 1
	if thread, ok := L.Get(1).(*lua.LState); ok {
		of, arg = thread, 2
	}
	message := L.Get(arg)
	if e := failureOf(message); e != nil {
		message = lua.LString(e.Error())
	}
	if message != lua.LNil && !lua.LVCanConvToString(message) {
		L.Push(message)
		return 1
	}
	text := traceback(of, L.OptInt(arg+1, 1))
	if message != lua.LNil {
		text = lua.LVAsString(message) + "\n" + text
	}
	L.Push(lua.LString(text))
	return 1
}
