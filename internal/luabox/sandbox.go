package luabox

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"strings"

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
// and debug.traceback. The removed functions give access to files, code or the environment of functions.
func (s *State) openLibraries(L *lua.LState) {
	for _, lib := range []struct {
		prefix   string
		open     lua.LGFunction
		replaced map[string]lua.LGFunction
		removed  []string
	}{
		{"", lua.OpenBase, map[string]lua.LGFunction{
			"assert": assert, "error": raiseAt, "rawset": s.rawset, "unpack": s.unpack, "pcall": pcall, "xpcall": xpcall,
		}, []string{"dofile", "loadfile", "load", "loadstring", "require", "module", "newproxy", "_printregs", "collectgarbage",
			"getfenv", "setfenv"}},
		{"table.", lua.OpenTable, map[string]lua.LGFunction{"concat": s.tableConcat, "insert": s.tableInsert, "sort": s.tableSort}, nil},
		{"string.", lua.OpenString, s.stringFunctions(), []string{"dump"}},
		{"math.", lua.OpenMath, map[string]lua.LGFunction{"random": s.mathRandom, "randomseed": s.randomSeed}, nil},
	} {
		library := openLibrary(L, lib.open)
		for name, f := range lib.replaced {
			library.RawSetString(name, L.NewFunction(s.Wrap(lib.prefix+name, f)))
		}
		for _, name := range lib.removed {
			library.RawSetString(name, lua.LNil)
		}
	}
	s.limitCoroutines(L, openLibrary(L, lua.OpenCoroutine))
	all, os, debug := openLibrary(L, lua.OpenOs), L.NewTable(), L.NewTable()
	for _, name := range []string{"time", "clock", "difftime"} {
		os.RawSetString(name, all.RawGetString(name))
	}
	os.RawSetString("date", L.NewFunction(s.Wrap("os.date", s.date(all.RawGetString("date").(*lua.LFunction)))))
	debug.RawSetString("traceback", L.NewFunction(s.Wrap("debug.traceback", debugTraceback)))
	L.SetGlobal("os", os)
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
	t := L.CheckTable(1)
	s.Spend(L, entrySize+viewTable(t).prepare(L.CheckAny(2)))
	if key, ok := L.CheckAny(2).(lua.LNumber); ok {
		s.grow(L, t, key)
	}
	L.RawSet(t, L.Get(2), L.CheckAny(3))
	L.Push(t)
	return 1
}

// date returns os.date([format [, time]]) for formats of at most 1,000 bytes: each letter can produce ten or more.
func (s *State) date(own *lua.LFunction) lua.LGFunction {
	const most = 1000
	return func(L *lua.LState) int {
		if n := len(L.OptString(1, "")); n > most {
			s.Raise(L, limitError("os.date: the format has %d bytes, the most is %d", n, most))
		}
		s.Spend(L, 10*most) // a table, or a text of at most that
		return own.GFunction(L)
	}
}

// maxInteger is the largest integer up to which a float64 represents every integer exactly.
const maxInteger = 1<<53 - 1

// mathRandom implements math.random([[m,] n]). gopher-lua's panics on an empty interval, and all scripts of the
// process would share its source.
func (s *State) mathRandom(L *lua.LState) int {
	low, high := 1.0, 1.0
	switch L.GetTop() {
	case 0:
		L.Push(lua.LNumber(s.random.Float64()))
		return 1
	case 1:
		high = math.Floor(float64(L.CheckNumber(1)))
	default:
		low, high = math.Floor(float64(L.CheckNumber(1))), math.Floor(float64(L.CheckNumber(2)))
	}
	if !(low <= high && high-low < maxInteger) {
		L.ArgError(L.GetTop(), "interval is empty or too large")
	}
	L.Push(lua.LNumber(low + float64(s.random.Int64N(int64(high-low)+1))))
	return 1
}

func (s *State) randomSeed(L *lua.LState) int {
	s.random = rand.New(rand.NewPCG(math.Float64bits(float64(L.CheckNumber(1))), 0))
	return 0
}

// assert implements assert(v [, message]). A message that is a table is raised unchanged.
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

// raiseAt implements error(message [, level]). gopher-lua's is off by one for levels above 1.
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
	text := Traceback(of, L.OptInt(arg+1, 1))
	if message != lua.LNil {
		text = lua.LVAsString(message) + "\n" + text
	}
	spendText(L, text)
	L.Push(lua.LString(text))
	return 1
}

// tableConcat implements table.concat(t [, sep [, i [, j]]]).
func (s *State) tableConcat(L *lua.LState) int {
	t, sep := L.CheckTable(1), L.OptString(2, "")
	from, to := L.OptInt(3, 1), L.OptInt(4, t.Len())
	var b strings.Builder
	for i := from; i <= to; i++ {
		v := t.RawGetInt(i)
		if !lua.LVCanConvToString(v) {
			L.RaiseError("invalid value (%s) at index %d in table for concat", v.Type(), i)
		}
		text := lua.LVAsString(v)
		s.CheckEnded(L)
		if b.Len()+len(text)+len(sep) > s.options.Limits.String {
			s.Raise(L, s.TooLong("table.concat"))
		}
		b.WriteString(text)
		if i < to {
			b.WriteString(sep)
		}
	}
	s.Spend(L, b.Len())
	L.Push(lua.LString(b.String()))
	return 1
}

// unpack implements unpack(list [, i [, j]]).
func (s *State) unpack(L *lua.LState) int {
	t := L.CheckTable(1)
	from, to := L.OptInt(2, 1), L.OptInt(3, t.Len())
	if from > to {
		return 0
	}
	if n := float64(to) - float64(from); n >= mostResults || n >= float64(s.options.Limits.Registry) {
		L.RaiseError("too many results to unpack")
	}
	s.Spend(L, (to-from+1)*valueSize)
	for i := from; i <= to; i++ {
		L.Push(t.RawGetInt(i))
	}
	return to - from + 1
}

// tableInsert implements table.insert(t, [position,] value).
func (s *State) tableInsert(L *lua.LState) int {
	t := L.CheckTable(1)
	s.Spend(L, entrySize)
	switch L.GetTop() {
	case 2:
		t.Append(L.Get(2))
	case 3:
		at := L.CheckInt(2)
		s.grow(L, t, lua.LNumber(at))
		t.Insert(at, L.Get(3))
	default:
		L.RaiseError("wrong number of arguments to 'insert'")
	}
	return 0
}

// tableSort implements table.sort(t [, less]). With an inconsistent less the order is undefined.
func (s *State) tableSort(L *lua.LState) int {
	t, less := L.CheckTable(1), L.OptFunction(2, nil)
	items := make([]lua.LValue, t.Len())
	s.Spend(L, len(items)*valueSize)
	for i := range items {
		items[i] = t.RawGetInt(i + 1)
	}
	sort.Slice(items, func(i, j int) bool {
		s.CheckEnded(L) // each time: two texts can be long, and less can be a function of Go
		if less == nil {
			return L.LessThan(items[i], items[j])
		}
		L.Push(less)
		L.Push(items[i])
		L.Push(items[j])
		L.Call(2, 1)
		defer L.Pop(1)
		return lua.LVAsBool(L.Get(-1))
	})
	for i, item := range items {
		t.RawSetInt(i+1, item)
	}
	return 0
}
