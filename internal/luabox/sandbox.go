package luabox

import (
	lua "github.com/yuin/gopher-lua"
)

// newState returns a state without any library. Its stack starts small, because every coroutine gets one of the same size,
// and grows up to the limit.
func newState(l *Limits) *lua.LState {
	return lua.NewState(lua.Options{
		SkipOpenLibs: true, CallStackSize: l.CallStack,
		RegistrySize: min(1024, l.Registry), RegistryMaxSize: l.Registry, RegistryGrowStep: 1 << 15,
	})
}

// openLibraries sets the globals a script may use: the libraries base, table, string, math and coroutine, the clock of os,
// and debug.traceback. Functions of Lua that give access to files, code or the environment of functions are missing, and the
// host adds print.
func (s *State) openLibraries(L *lua.LState) {
	base := L.G.Global
	base.RawSetString("_G", base)
	base.RawSetString("_VERSION", lua.LString("Lua 5.1"))
	for name, f := range map[string]lua.LGFunction{
		"assert": assert, "error": raiseAt, "getmetatable": getmetatable, "ipairs": ipairs(L.NewFunction(nextItem)), "next": next, "pairs": pairs(L.NewFunction(next)),
		"rawequal": rawequal, "rawget": rawget, "rawset": s.rawset, "select": selectFrom, "setmetatable": setmetatable, "tonumber": tonumber,
		"tostring": tostring, "type": typeOf, "unpack": s.unpack,
	} {
		base.RawSetString(name, L.NewFunction(f))
	}
	for name, f := range map[string]lua.LGFunction{"pcall": pcall, "xpcall": s.xpcall} {
		base.RawSetString(name, L.NewFunction(s.Wrap(name, f)))
	}
	s.openString(L)
	s.openTable(L)
	s.openMath(L)
	s.openOS(L)
	s.guard = L.NewFunction(s.guarded)
	s.openCoroutines(L)
	debug := L.NewTable()
	debug.RawSetString("traceback", L.NewFunction(s.Wrap("debug.traceback", debugTraceback)))
	L.SetGlobal("debug", debug)
}

// openLibrary sets the globals of a library of gopher-lua's and returns its table.
func openLibrary(L *lua.LState, open lua.LGFunction) *lua.LTable {
	L.Push(L.NewFunction(open))
	L.Call(0, 1)
	library := L.CheckTable(-1)
	L.Pop(1)
	return library
}

// rawset implements rawset(t, key, value).
func (s *State) rawset(L *lua.LState) int {
	t, key, value := checkTable(L, 1), checkAny(L, 2), checkAny(L, 3)
	s.Spend(L, entrySize+viewTable(t).prepare(key))
	if n, ok := key.(lua.LNumber); ok {
		s.grow(L, t, n)
	}
	L.RawSet(t, key, value)
	L.Push(t)
	return 1
}

// assert implements assert(v [, message]). A message that is a table is raised unchanged.
func assert(L *lua.LState) int {
	if lua.LVAsBool(checkAny(L, 1)) {
		return L.GetTop()
	}
	message := L.Get(2)
	if message == lua.LNil {
		message = lua.LString("assertion failed!")
	}
	L.Error(withPosition(L, 1, message), 0)
	return 0
}

// raiseAt implements error(message [, level]).
func raiseAt(L *lua.LState) int {
	L.Error(withPosition(L, optInt(L, 2, 1), L.Get(1)), 0)
	return 0
}

// debugTraceback implements debug.traceback([message [, level]]). It uses the text of an error made by MakeError, so that
// xpcall(f, debug.traceback) shows it; it returns any other message that is not a string unchanged.
func debugTraceback(L *lua.LState) int {
	of, arg := L, 1
	if thread, ok := L.Get(1).(*lua.LState); ok {
		of, arg = thread, 2
	}
	message := L.Get(arg)
	if err := ErrorOf(message); err != nil {
		message = lua.LString(err.Error())
	}
	if message != lua.LNil && !lua.LVCanConvToString(message) {
		L.Push(message)
		return 1
	}
	text := Traceback(of, optInt(L, arg+1, 1))
	if message != lua.LNil {
		text = Text(message) + "\n" + text
	}
	spendText(L, text)
	L.Push(lua.LString(text))
	return 1
}

// getmetatable implements getmetatable(v).
func getmetatable(L *lua.LState) int {
	L.Push(L.GetMetatable(checkAny(L, 1)))
	return 1
}

// setmetatable implements setmetatable(t, metatable). gopher-lua's also sets the metatable of all numbers, or of all functions.
func setmetatable(L *lua.LState) int {
	t, mt := checkTable(L, 1), L.Get(2)
	if _, ok := mt.(*lua.LTable); !ok && (mt != lua.LNil || L.GetTop() < 2) {
		argError(L, 2, "nil or table expected")
	}
	if L.GetMetaField(t, "__metatable") != lua.LNil {
		L.RaiseError("cannot change a protected metatable")
	}
	L.SetMetatable(t, mt)
	L.Push(t)
	return 1
}

func rawequal(L *lua.LState) int {
	L.Push(lua.LBool(checkAny(L, 1) == checkAny(L, 2)))
	return 1
}

func rawget(L *lua.LState) int {
	L.Push(checkTable(L, 1).RawGet(checkAny(L, 2)))
	return 1
}

func typeOf(L *lua.LState) int {
	L.Push(lua.LString(checkAny(L, 1).Type().String()))
	return 1
}

func tostring(L *lua.LState) int {
	v := checkAny(L, 1)
	if L.GetMetaField(v, "__tostring") != lua.LNil {
		L.Push(L.ToStringMeta(v))
	} else {
		L.Push(lua.LString(Text(v)))
	}
	return 1
}

// ipairs returns the function ipairs(t), which returns next, t and 0.
func ipairs(next *lua.LFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		t := checkTable(L, 1)
		L.Push(next)
		L.Push(t)
		L.Push(lua.LNumber(0))
		return 3
	}
}

func nextItem(L *lua.LState) int {
	t, i := checkTable(L, 1), checkInt(L, 2)+1
	v := t.RawGet(lua.LNumber(i))
	if v == lua.LNil {
		return 0
	}
	L.Push(lua.LNumber(i))
	L.Push(v)
	return 2
}

// selectFrom implements select(n, ...).
func selectFrom(L *lua.LState) int {
	top := L.GetTop()
	if L.Get(1) == lua.LString("#") {
		L.Push(lua.LNumber(top - 1))
		return 1
	}
	n := checkInt(L, 1)
	if n < 0 {
		n += top
	}
	if n < 1 {
		argError(L, 1, "index out of range")
	}
	return max(top-n, 0)
}
