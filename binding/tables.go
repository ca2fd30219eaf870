package binding

import (
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// tableFunctions are those whose work or result depends on what the script made of a table.
func (s *session) tableFunctions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{"concat": s.tableConcat, "insert": s.tableInsert, "sort": s.tableSort}
}

// tableConcat is table.concat(t [, sep [, i [, j]]]).
func (s *session) tableConcat(L *lua.LState) int {
	t, sep := L.CheckTable(1), L.OptString(2, "")
	from, to := L.OptInt(3, 1), L.OptInt(4, t.Len())
	var b strings.Builder
	for i := from; i <= to; i++ {
		v := t.RawGetInt(i)
		if !lua.LVCanConvToString(v) {
			L.RaiseError("invalid value (%s) at index %d in table for concat", v.Type(), i)
		}
		text := lua.LVAsString(v)
		if b.Len()+len(text)+len(sep) > s.runner.limits.String {
			s.raise(L, s.tooLong("table.concat"))
		}
		b.WriteString(text)
		if i < to {
			b.WriteString(sep)
		}
		if i&4095 == 0 {
			s.alive(L)
		}
	}
	s.spend(L, b.Len())
	L.Push(lua.LString(b.String()))
	return 1
}

// unpack is unpack(list [, i [, j]]).
func (s *session) unpack(L *lua.LState) int {
	t := L.CheckTable(1)
	from, to := L.OptInt(2, 1), L.OptInt(3, t.Len())
	if from > to {
		return 0
	}
	if n := float64(to) - float64(from); n >= mostResults || n >= float64(s.runner.limits.Registry) {
		L.RaiseError("too many results to unpack")
	}
	for i := from; i <= to; i++ {
		L.Push(t.RawGetInt(i))
	}
	return to - from + 1
}

// tableInsert is table.insert(t, [position,] value).
func (s *session) tableInsert(L *lua.LState) int {
	t := L.CheckTable(1)
	s.spend(L, entrySize)
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

// tableSort is table.sort(t [, less]). An order that contradicts itself leaves the table in some order.
func (s *session) tableSort(L *lua.LState) int {
	t := L.CheckTable(1)
	var less *lua.LFunction
	if L.Get(2) != lua.LNil {
		less = L.CheckFunction(2)
	}
	sort.Sort(&sorter{session: s, L: L, less: less, table: t, n: t.Len()})
	return 0
}

type sorter struct {
	session  *session
	L        *lua.LState
	less     *lua.LFunction
	table    *lua.LTable
	n, steps int
}

func (o *sorter) Len() int { return o.n }

func (o *sorter) Swap(i, j int) {
	a, b := o.table.RawGetInt(i+1), o.table.RawGetInt(j+1)
	o.table.RawSetInt(i+1, b)
	o.table.RawSetInt(j+1, a)
}

func (o *sorter) Less(i, j int) bool {
	if o.steps++; o.steps&1023 == 0 {
		o.session.alive(o.L)
	}
	a, b := o.table.RawGetInt(i+1), o.table.RawGetInt(j+1)
	if o.less == nil {
		return o.L.LessThan(a, b)
	}
	o.L.Push(o.less)
	o.L.Push(a)
	o.L.Push(b)
	o.L.Call(2, 1)
	less := lua.LVAsBool(o.L.Get(-1))
	o.L.Pop(1)
	return less
}
