package binding

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
)

// print writes its arguments, tab-separated, as one line.
func (s *session) print(L *lua.LState) int {
	var line strings.Builder
	limit := s.runner.config.Limits.Output
	for i := 1; i <= L.GetTop() && line.Len() <= limit; i++ {
		s.box.CheckEnded(L)
		if i > 1 {
			line.WriteByte('\t')
		}
		text := s.textOf(L, L.Get(i))
		line.WriteString(text[:min(len(text), limit+1)])
	}
	s.write(L, line.String())
	return 0
}

// dump prints one value and returns it.
func (s *session) dump(L *lua.LState) int {
	v := L.CheckAny(1)
	s.write(L, s.textOf(L, v))
	L.Push(v)
	return 1
}

func (s *session) tostring(L *lua.LState) int {
	v := L.CheckAny(1)
	if L.GetMetaField(v, "__tostring") != lua.LNil {
		L.Push(L.ToStringMeta(v)) // any value, as in Lua
	} else {
		L.Push(lua.LString(s.textOf(L, v)))
	}
	return 1
}

// write prints a line, of which no more than Limits.Output can be seen.
func (s *session) write(L *lua.LState, line string) {
	line = line[:min(len(line), s.runner.config.Limits.Output+1)]
	s.box.Spend(L, len(line))
	if err := s.record.write([]byte(line + "\n")); err != nil {
		L.RaiseError("print: %s", err.Error())
	}
}

// textOf returns the result of tostring: that of __tostring if a value has it, a picture of a table, else Lua's own text.
func (s *session) textOf(L *lua.LState, v lua.LValue) string {
	if L.GetMetaField(v, "__tostring") != lua.LNil {
		return luabox.Text(L.ToStringMeta(v))
	}
	if _, ok := v.(*lua.LTable); !ok {
		return luabox.Text(v)
	}
	text := picture{limit: s.runner.config.Limits.Output, check: func() { s.box.CheckEnded(L) }}.of(v)
	s.box.Spend(L, len(text))
	return text
}

// A picture is the text of a table: like indented JSON with sorted keys. It does not call metamethods.
type picture struct {
	b     strings.Builder
	limit int    // bytes; more could not be printed
	check func() // called now and then; nil: nothing can stop the picture
	open  map[*lua.LTable]bool
}

const pictureDepth = 20

// of returns the picture of a value; a text is its own.
func (p picture) of(v lua.LValue) string {
	if _, ok := v.(*lua.LTable); !ok {
		return v.String()
	}
	p.open = make(map[*lua.LTable]bool)
	p.value(v, 0)
	return p.b.String()
}

func (p *picture) value(v lua.LValue, depth int) {
	switch v := v.(type) {
	case lua.LString:
		p.quote(string(v))
	case *lua.LTable:
		p.table(v, depth)
	case *lua.LFunction, *lua.LState:
		p.b.WriteString("<" + v.Type().String() + ">")
	case *lua.LUserData:
		p.b.WriteString("null") // the only userdata of scripts
	default:
		p.b.WriteString(luabox.Text(v))
	}
}

// quote writes a quoted text, or as much of it as fits.
func (p *picture) quote(text string) {
	p.b.WriteString(strconv.Quote(text[:min(len(text), p.left())]))
}

// left returns how many bytes more the picture needs to be full.
func (p *picture) left() int { return max(p.limit-p.b.Len(), 0) + 1 }

func (p *picture) table(t *lua.LTable, depth int) {
	if e := failureOf(t); e != nil && depth > 0 {
		p.quote(e.Error())
		return
	}
	if p.check != nil {
		p.check()
	}
	if p.open[t] {
		p.b.WriteString("<circular>")
		return
	}
	const least = 4 // bytes of an entry
	most := p.left()/least + 2
	if depth >= pictureDepth || p.b.Len() > p.limit {
		most = 1
	}
	keys := sortedKeys(t, most, p.check)
	n := t.MaxN()
	list := n > 0 && len(keys) == min(n, most) && keys[len(keys)-1].Type() == lua.LTNumber || len(keys) == 0 && isArray(t)
	left, right := "{", "}"
	if list {
		left, right = "[", "]"
	}
	switch {
	case most == 1:
		p.b.WriteString(left + "..." + right)
		return
	case len(keys) == 0:
		p.b.WriteString(left + right)
		return
	}
	p.open[t] = true
	defer delete(p.open, t)
	p.b.WriteString(left)
	for i, key := range keys {
		if p.b.Len() > p.limit {
			p.b.WriteString(" ...")
			break
		}
		if i > 0 {
			p.b.WriteByte(',')
		}
		p.b.WriteString("\n" + strings.Repeat("  ", depth+1))
		if !list {
			p.key(key)
		}
		p.value(t.RawGet(key), depth+1)
	}
	p.b.WriteString("\n" + strings.Repeat("  ", depth) + right)
}

func (p *picture) key(key lua.LValue) {
	if name, ok := key.(lua.LString); ok {
		p.quote(string(name))
	} else {
		p.b.WriteString("[" + describe(key) + "]")
	}
	p.b.WriteString(": ")
}

// sortedKeys returns at most most keys: sorted numbers, then sorted strings, then the others. It calls check, if that is not
// nil, while it works.
func sortedKeys(t *lua.LTable, most int, check func()) []lua.LValue {
	var keys []lua.LValue
	for key, _ := t.Next(lua.LNil); key != lua.LNil && len(keys) < most; key, _ = t.Next(key) {
		keys = append(keys, key)
	}
	rank := func(v lua.LValue) int {
		switch v.Type() {
		case lua.LTNumber:
			return 0
		case lua.LTString:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(keys, func(a, b lua.LValue) int {
		if check != nil {
			check()
		}
		if c := cmp.Compare(rank(a), rank(b)); c != 0 {
			return c
		}
		switch a := a.(type) {
		case lua.LNumber:
			return cmp.Compare(a, b.(lua.LNumber))
		case lua.LString:
			return cmp.Compare(a, b.(lua.LString))
		}
		return 0
	})
	return keys
}
