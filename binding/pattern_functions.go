package binding

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// patternFunctions are those of string that search, in Lua 5.1's words, with a matcher of our own: gopher-lua's cannot be
// stopped, and takes text and pattern apart differently in places.
func (s *session) patternFunctions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"find":   func(L *lua.LState) int { return s.find(L, "string.find", true) },
		"match":  func(L *lua.LState) int { return s.find(L, "string.match", false) },
		"gmatch": s.gmatch, "gfind": s.gmatch, "gsub": s.gsub,
	}
}

const magic = "^$*+?.([%-"

// find is string.find(text, pattern [, init [, plain]]), and string.match without the last.
func (s *session) find(L *lua.LState, name string, places bool) int {
	text, pattern := L.CheckString(1), L.CheckString(2)
	init := L.OptInt(3, 1)
	if init < 0 {
		init += len(text) + 1
	}
	from := min(max(init-1, 0), len(text))
	if places && (lua.LVAsBool(L.Get(4)) || !strings.ContainsAny(pattern, magic)) {
		i := strings.Index(text[from:], pattern)
		if i < 0 {
			L.Push(lua.LNil)
			return 1
		}
		L.Push(lua.LNumber(from + i + 1))
		L.Push(lua.LNumber(from + i + len(pattern)))
		return 2
	}
	m := s.matcher(L, name, text, pattern)
	p := 0
	anchored := strings.HasPrefix(pattern, "^")
	if anchored {
		p = 1
	}
	for at := from; at <= len(text); at++ {
		m.step(1)
		if end := m.at(at, p); end != failed {
			if !places {
				return m.pushCaptures(at, end, true)
			}
			L.Push(lua.LNumber(at + 1))
			L.Push(lua.LNumber(end))
			return 2 + m.pushCaptures(at, end, false)
		}
		if anchored {
			break
		}
	}
	L.Push(lua.LNil)
	return 1
}

// gmatch is string.gmatch(text, pattern). A ^ is a character here.
func (s *session) gmatch(L *lua.LState) int {
	text, pattern := L.CheckString(1), L.CheckString(2)
	from := 0
	L.Push(L.NewFunction(s.wrap("string.gmatch", func(L *lua.LState) int {
		m := s.matcher(L, "string.gmatch", text, pattern)
		for at := from; at <= len(text); at++ {
			m.step(1)
			end := m.at(at, 0)
			if end == failed {
				continue
			}
			if from = end; end == at {
				from++ // an empty match: go on behind it
			}
			return m.pushCaptures(at, end, true)
		}
		from = len(text) + 1
		return 0
	})))
	return 1
}

// gsub is string.gsub(text, pattern, replacement [, most]).
func (s *session) gsub(L *lua.LState) int {
	text, pattern, by := L.CheckString(1), L.CheckString(2), L.CheckAny(3)
	switch by.Type() {
	case lua.LTString, lua.LTNumber, lua.LTTable, lua.LTFunction:
	default:
		L.ArgError(3, "string/function/table expected")
	}
	most := L.OptInt(4, len(text)+1)
	m := s.matcher(L, "string.gsub", text, pattern)
	p := 0
	anchored := strings.HasPrefix(pattern, "^")
	if anchored {
		p = 1
	}
	var b strings.Builder
	at, n := 0, 0
	for n < most {
		m.step(1)
		end := m.at(at, p)
		if end != failed {
			n++
			m.replace(&b, at, end, by)
		}
		if end != failed && end > at {
			at = end
		} else if at < len(text) {
			b.WriteByte(text[at])
			at++
		} else {
			break
		}
		if anchored {
			break
		}
	}
	b.WriteString(text[min(at, len(text)):])
	m.checkLength(&b)
	s.spend(L, b.Len())
	L.Push(lua.LString(b.String()))
	L.Push(lua.LNumber(n))
	return 2
}

func (m *matcher) checkLength(b *strings.Builder) {
	if b.Len() > m.session.runner.limits.String {
		m.session.raise(m.L, m.session.tooLong(m.function))
	}
}

// replace writes what stands for a match.
func (m *matcher) replace(b *strings.Builder, at, end int, by lua.LValue) {
	L := m.L
	var v lua.LValue
	switch by := by.(type) {
	case *lua.LTable:
		v = L.GetTable(by, m.caught(0, at, end))
	case *lua.LFunction:
		level, captures := m.level, m.captures // the function may match with other matchers, never with this one
		L.Push(by)
		L.Call(m.pushCaptures(at, end, true), 1)
		m.level, m.captures = level, captures
		v = L.Get(-1)
		L.Pop(1)
	default:
		m.expand(b, at, end, lua.LVAsString(by))
		m.checkLength(b)
		return
	}
	switch {
	case !lua.LVAsBool(v):
		b.WriteString(m.src[at:end])
	case lua.LVCanConvToString(v):
		b.WriteString(lua.LVAsString(v))
	default:
		L.RaiseError("invalid replacement value (a %s)", v.Type())
	}
	m.checkLength(b)
}

// expand writes a replacement text: %0 to %9 are captures, % before anything else is that.
func (m *matcher) expand(b *strings.Builder, at, end int, by string) {
	for {
		text, rest, found := strings.Cut(by, "%")
		b.WriteString(text)
		if !found {
			return
		}
		if rest == "" {
			b.WriteByte(0) // what stands behind the end of a C string
			return
		}
		switch c := rest[0]; {
		case c == '0':
			b.WriteString(m.src[at:end])
		case isDigit(c):
			b.WriteString(lua.LVAsString(m.caught(int(c-'1'), at, end)))
		default:
			b.WriteByte(c)
		}
		by = rest[1:]
		m.step(1)
		m.checkLength(b)
	}
}

// caught is what capture i holds; without captures the first is the whole match.
func (m *matcher) caught(i, at, end int) lua.LValue {
	if i >= m.level {
		if i != 0 {
			m.fail("invalid capture index")
		}
		return m.piece(at, end)
	}
	c := m.captures[i]
	switch c.size {
	case position:
		return lua.LNumber(c.start + 1)
	case unfinished:
		m.fail("unfinished capture")
	}
	return m.piece(c.start, c.start+c.size)
}

func (m *matcher) piece(from, to int) lua.LValue {
	m.session.spend(m.L, to-from+valueSize)
	return lua.LString(own(m.src, from, to))
}

func (m *matcher) pushCaptures(at, end int, whole bool) int {
	n := m.level
	if n == 0 && whole {
		n = 1
	}
	for i := range n {
		m.L.Push(m.caught(i, at, end))
	}
	return n
}

// own is a piece of a text that does not keep a long text alive for a short one.
func own(text string, from, to int) string {
	piece := text[from:to]
	if len(piece) < len(text)/2 && len(text) > 256 {
		return strings.Clone(piece)
	}
	return piece
}

func limitExceeded(format string, args ...any) *ScriptError {
	return &ScriptError{Type: TypeLimitExceeded, Message: fmt.Sprintf(format, args...)}
}
