package luabox

import (
	"math"
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openTable sets the library table.
func (s *State) openTable(L *lua.LState) {
	library := L.CreateTable(0, 8)
	for name, f := range map[string]lua.LGFunction{
		"concat": s.tableConcat, "foreach": s.foreach, "foreachi": s.foreachi, "getn": getn, "insert": s.tableInsert, "maxn": s.maxn,
		"remove": tableRemove, "sort": s.tableSort,
	} {
		library.RawSetString(name, L.NewFunction(s.Wrap("table."+name, f)))
	}
	L.SetGlobal("table", library)
}

// next implements next(t [, key]). gopher-lua's begins again after a key that t does not have.
func next(L *lua.LState) int {
	key, value, ok := entryAfter(checkTable(L, 1), L.Get(2))
	if !ok {
		L.RaiseError("invalid key to 'next'")
	}
	L.Push(key)
	if key == lua.LNil {
		return 1
	}
	L.Push(value)
	return 2
}

// entryAfter returns the entry of t after the one with a key, of which only the value may have been removed. It returns nil
// after the last one.
func entryAfter(t *lua.LTable, key lua.LValue) (lua.LValue, lua.LValue, bool) {
	v := viewTable(t)
	at, inList := 0, key == lua.LNil
	if n, ok := key.(lua.LNumber); ok && n >= 1 && n < lua.LNumber(lua.MaxArrayIndex) && n == lua.LNumber(int(n)) {
		if at, inList = int(n), true; at > cap(v.array) {
			return nil, nil, false
		}
	}
	if inList {
		for ; at < len(v.array); at++ {
			if value := v.array[at]; value != lua.LNil {
				return lua.LNumber(at + 1), value, true
			}
		}
		at = 0
	} else {
		i, ok := v.k2i[key]
		if !ok {
			return nil, nil, false
		}
		at = i + 1
	}
	for ; at < len(v.keys); at++ {
		if value := t.RawGetH(v.keys[at]); value != lua.LNil {
			return v.keys[at], value, true
		}
	}
	return lua.LNil, nil, true
}

// pairs returns the function pairs(t), which returns next, t and nil.
func pairs(next *lua.LFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		t := checkTable(L, 1)
		L.Push(next)
		L.Push(t)
		L.Push(lua.LNil)
		return 3
	}
}

// unpack implements unpack(list [, i [, j]]).
func (s *State) unpack(L *lua.LState) int {
	t := checkTable(L, 1)
	from, to := optInt(L, 2, 1), math.MinInt
	if L.Get(3) == lua.LNil {
		to = t.Len()
	} else {
		to = checkInt(L, 3)
	}
	if from > to {
		return 0
	}
	if n := to - from; n >= mostResults || n >= s.options.Limits.Registry {
		L.RaiseError("too many results to unpack")
	}
	s.Spend(L, (to-from+1)*valueSize)
	for i := from; i <= to; i++ {
		L.Push(t.RawGet(lua.LNumber(i)))
	}
	return to - from + 1
}

// tableConcat implements table.concat(t [, separator [, i [, j]]]).
func (s *State) tableConcat(L *lua.LState) int {
	t, sep := checkTable(L, 1), optText(L, 2, "")
	from, to := optInt(L, 3, 1), optInt(L, 4, t.Len())
	var b strings.Builder
	for i := from; i <= to; i++ {
		v := t.RawGet(lua.LNumber(i))
		if !lua.LVCanConvToString(v) {
			L.RaiseError("invalid value (%s) at index %d in table for 'concat'", v.Type(), i)
		}
		text := Text(v)
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

// tableInsert implements table.insert(t, [position,] value).
func (s *State) tableInsert(L *lua.LState) int {
	t := checkTable(L, 1)
	s.Spend(L, entrySize)
	switch L.GetTop() {
	case 2:
		t.Append(L.Get(2))
	case 3:
		at, value := checkInt(L, 2), L.Get(3)
		switch n := t.Len(); {
		case at > n:
			s.grow(L, t, lua.LNumber(at))
			t.RawSet(lua.LNumber(at), value)
		case at >= 1:
			t.Insert(at, value)
		default:
			s.shiftUp(L, t, at, n)
			t.RawSet(lua.LNumber(at), value)
		}
	default:
		L.RaiseError("wrong number of arguments to 'insert'")
	}
	return 0
}

// shiftUp moves the entries of t from from to to up by one.
func (s *State) shiftUp(L *lua.LState, t *lua.LTable, from, to int) {
	for i := to; i >= from; i-- {
		if v := t.RawGet(lua.LNumber(i)); v != lua.LNil || t.RawGet(lua.LNumber(i+1)) != lua.LNil {
			t.RawSet(lua.LNumber(i+1), v)
			s.Spend(L, valueSize)
		}
		if i&4095 == 0 {
			s.CheckEnded(L)
		}
	}
}

// tableRemove implements table.remove(t [, position]).
func tableRemove(L *lua.LState) int {
	t := checkTable(L, 1)
	n := t.Len()
	at := optInt(L, 2, n)
	if at < 1 || at > n {
		return 0
	}
	L.Push(t.Remove(at))
	return 1
}

func getn(L *lua.LState) int {
	L.Push(lua.LNumber(checkTable(L, 1).Len()))
	return 1
}

// maxn implements table.maxn(t), the largest positive number that is a key.
func (s *State) maxn(L *lua.LState) int {
	t := checkTable(L, 1)
	most := lua.LNumber(t.MaxN())
	for i, key := range viewTable(t).keys {
		if n, ok := key.(lua.LNumber); ok && n > most && t.RawGetH(key) != lua.LNil {
			most = n
		}
		if i&4095 == 0 {
			s.CheckEnded(L)
		}
	}
	L.Push(most)
	return 1
}

// foreach implements table.foreach(t, f).
func (s *State) foreach(L *lua.LState) int {
	t, f := checkTable(L, 1), checkFunction(L, 2)
	for key := lua.LValue(lua.LNil); ; {
		next, value, ok := entryAfter(t, key)
		if !ok {
			L.RaiseError("invalid key to 'next'")
		}
		if key = next; key == lua.LNil {
			return 0
		}
		if s.callForEach(L, f, key, value) {
			return 1
		}
	}
}

// foreachi implements table.foreachi(t, f).
func (s *State) foreachi(L *lua.LState) int {
	t, f := checkTable(L, 1), checkFunction(L, 2)
	for i, n := 1, t.Len(); i <= n; i++ {
		if s.callForEach(L, f, lua.LNumber(i), t.RawGetInt(i)) {
			return 1
		}
	}
	return 0
}

// callForEach calls f with an entry. It reports whether f returned a value, which is then on the stack.
func (s *State) callForEach(L *lua.LState, f *lua.LFunction, key, value lua.LValue) bool {
	s.CheckEnded(L)
	L.Push(f)
	L.Push(key)
	L.Push(value)
	L.Call(2, 1)
	if L.Get(-1) != lua.LNil {
		return true
	}
	L.Pop(1)
	return false
}

// tableSort implements table.sort(t [, less]). With an inconsistent less the order is undefined.
func (s *State) tableSort(L *lua.LState) int {
	t := checkTable(L, 1)
	var less *lua.LFunction
	if L.Get(2) != lua.LNil {
		less = checkFunction(L, 2)
	}
	n := t.Len()
	s.Spend(L, n*valueSize)
	items := make([]lua.LValue, n)
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
