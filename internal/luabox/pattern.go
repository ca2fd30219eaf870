package luabox

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A matcher matches patterns as Lua 5.1 does: it backtracks, one item of the pattern after the other. Unlike Lua's, it has
// limits: every comparison is a step, and both steps and nesting are bounded. A NUL in a pattern is a character like any
// other; Lua 5.1 ends the pattern there.
type matcher struct {
	L        *lua.LState
	state    *State
	function string // for messages
	src, pat string
	anchored bool // the pattern begins with ^
	level    int  // captures begun
	captures [maxCaptures]capture
	depth    int
	left     int // steps
}

type capture struct{ start, size int }

const (
	maxCaptures = 32
	maxNesting  = 5000 // items of a pattern that wait for the rest of it: a frame of Go's stack each

	unfinished = -1 // sizes of captures
	position   = -2

	failed = -1 // the end of a match that failed
)

func (s *State) matcher(L *lua.LState, function, src, pat string) *matcher {
	return &matcher{
		L: L, state: s, function: function, src: src, pat: pat, anchored: strings.HasPrefix(pat, "^"), left: s.options.Limits.PatternSteps,
	}
}

// step counts work. Every 4,096 steps it checks the limits.
func (m *matcher) step(n int) {
	before := m.left
	m.left -= n
	if before>>12 != m.left>>12 {
		m.look()
	}
}

func (m *matcher) look() {
	if m.left < 0 {
		limit := m.state.options.Limits.PatternSteps
		m.state.Raise(m.L, limitError("%s: the pattern takes more than %d steps on this text; make it simpler, or the text shorter", m.function, limit))
	}
	m.state.CheckEnded(m.L)
}

func (m *matcher) fail(text string) { m.L.RaiseError("%s", text) }

// search returns the first match at from or behind it. Its end is failed if there is none.
func (m *matcher) search(from int) (at, end int) {
	for at = from; at <= len(m.src); at++ {
		if end = m.at(at); end != failed || m.anchored {
			return at, end
		}
	}
	return at, failed
}

// at matches the pattern at one position. It returns the end of the match, or failed.
func (m *matcher) at(s int) int {
	m.step(1)
	m.level, m.depth = 0, 0
	if m.anchored {
		return m.match(s, 1)
	}
	return m.match(s, 0)
}

func (m *matcher) match(s, p int) int {
	if m.depth++; m.depth > maxNesting {
		m.state.Raise(m.L, limitError("%s: the pattern is too complex", m.function))
	}
	end := m.items(s, p)
	m.depth--
	return end
}

// items matches the items of the pattern from p on.
func (m *matcher) items(s, p int) int {
	for p < len(m.pat) {
		m.step(1)
		switch c := m.pat[p]; {
		case c == '(' && p+1 < len(m.pat) && m.pat[p+1] == ')':
			return m.open(s, p+2, position)
		case c == '(':
			return m.open(s, p+1, unfinished)
		case c == ')':
			return m.close(s, p+1)
		case c == '$' && p+1 == len(m.pat):
			if s == len(m.src) {
				return s
			}
			return failed
		case c == '%' && p+1 < len(m.pat) && m.pat[p+1] == 'b':
			if s = m.balance(s, p+2); s == failed {
				return failed
			}
			p += 4
			continue
		case c == '%' && p+1 < len(m.pat) && m.pat[p+1] == 'f':
			if p = m.frontier(s, p+2); p == failed {
				return failed
			}
			continue
		case c == '%' && p+1 < len(m.pat) && m.pat[p+1] >= '0' && m.pat[p+1] <= '9':
			if s = m.back(s, m.pat[p+1]); s == failed {
				return failed
			}
			p += 2
			continue
		}
		end := m.itemEnd(p)
		next := byte(0)
		if end < len(m.pat) {
			next = m.pat[end]
		}
		switch next {
		case '?':
			if m.single(s, p, end) {
				if e := m.match(s+1, end+1); e != failed {
					return e
				}
			}
			p = end + 1
		case '*':
			return m.most(s, p, end, 0)
		case '+':
			return m.most(s, p, end, 1)
		case '-':
			return m.least(s, p, end)
		default:
			if !m.single(s, p, end) {
				return failed
			}
			s, p = s+1, end
		}
	}
	return s
}

func (m *matcher) open(s, p, size int) int {
	if m.level >= maxCaptures {
		m.fail("too many captures")
	}
	m.captures[m.level] = capture{s, size}
	m.level++
	e := m.match(s, p)
	if e == failed {
		m.level--
	}
	return e
}

func (m *matcher) close(s, p int) int {
	i := m.level - 1
	for ; i >= 0 && m.captures[i].size != unfinished; i-- {
	}
	if i < 0 {
		m.fail("invalid pattern capture")
	}
	m.captures[i].size = s - m.captures[i].start
	e := m.match(s, p)
	if e == failed {
		m.captures[i].size = unfinished
	}
	return e
}

// balance matches %bxy, whose x is at p.
func (m *matcher) balance(s, p int) int {
	if p+1 >= len(m.pat) {
		m.fail("unbalanced pattern")
	}
	open, end := m.pat[p], m.pat[p+1]
	if s >= len(m.src) || m.src[s] != open {
		return failed
	}
	nested := 1
	for i := s + 1; i < len(m.src); i++ {
		m.step(1)
		if c := m.src[i]; c == end {
			if nested--; nested == 0 {
				return i + 1
			}
		} else if c == open {
			nested++
		}
	}
	return failed
}

// frontier matches %f[set], whose set is at p. It returns where the pattern goes on.
func (m *matcher) frontier(s, p int) int {
	if p >= len(m.pat) || m.pat[p] != '[' {
		m.fail("missing '[' after '%f' in pattern")
	}
	end := m.itemEnd(p)
	var before, here byte
	if s > 0 {
		before = m.src[s-1]
	}
	if s < len(m.src) {
		here = m.src[s]
	}
	if m.inSet(before, p, end-1) || !m.inSet(here, p, end-1) {
		return failed
	}
	return end
}

// back matches the text of an earlier capture.
func (m *matcher) back(s int, digit byte) int {
	i := int(digit) - '1'
	if i < 0 || i >= m.level || m.captures[i].size == unfinished {
		m.fail("invalid capture index")
	}
	c := m.captures[i]
	if c.size == position {
		return failed // Lua takes its length, -2, for a huge one
	}
	m.step(c.size)
	if !strings.HasPrefix(m.src[s:], m.src[c.start:c.start+c.size]) {
		return failed
	}
	return s + c.size
}

// most matches an item as often as possible, then the rest.
func (m *matcher) most(s, p, end, least int) int {
	n := 0
	for m.single(s+n, p, end) {
		m.step(1)
		n++
	}
	for ; n >= least; n-- {
		m.step(1)
		if e := m.match(s+n, end+1); e != failed {
			return e
		}
	}
	return failed
}

// least matches an item as few times as the rest allows.
func (m *matcher) least(s, p, end int) int {
	for {
		m.step(1)
		if e := m.match(s, end+1); e != failed {
			return e
		}
		if !m.single(s, p, end) {
			return failed
		}
		s++
	}
}

// itemEnd returns the end of the single-character item at p.
func (m *matcher) itemEnd(p int) int {
	c := m.pat[p]
	p++
	switch c {
	case '%':
		if p >= len(m.pat) {
			m.fail("malformed pattern (ends with '%')")
		}
		return p + 1
	case '[':
		if p < len(m.pat) && m.pat[p] == '^' {
			p++
		}
		for first := true; first || p < len(m.pat) && m.pat[p] != ']'; first = false {
			if p >= len(m.pat) {
				break
			}
			m.step(1)
			p++
			if m.pat[p-1] == '%' && p < len(m.pat) {
				p++ // so that %] does not end the set
			}
		}
		if p >= len(m.pat) {
			m.fail("malformed pattern (missing ']')")
		}
		return p + 1
	}
	return p
}

// single reports whether the character at s fits the item from p to end.
func (m *matcher) single(s, p, end int) bool {
	if s >= len(m.src) {
		return false
	}
	c := m.src[s]
	switch m.pat[p] {
	case '.':
		return true
	case '%':
		return inClass(c, m.pat[p+1])
	case '[':
		return m.inSet(c, p, end-1)
	}
	return m.pat[p] == c
}

// inSet reports whether c is in the set between the brackets at p and end.
func (m *matcher) inSet(c byte, p, end int) bool {
	in := true
	p++
	if m.pat[p] == '^' {
		in = false
		p++
	}
	for ; p < end; p++ {
		m.step(1)
		switch {
		case m.pat[p] == '%' && p+1 <= end:
			p++
			if inClass(c, m.pat[p]) {
				return in
			}
		case m.pat[p+1] == '-' && p+2 < end:
			if m.pat[p] <= c && c <= m.pat[p+2] {
				return in
			}
			p += 2
		case m.pat[p] == c:
			return in
		}
	}
	return !in
}

// classes are the character classes of the C locale by their letter.
var classes = map[byte]func(c byte) bool{
	'a': isLetter,
	'c': func(c byte) bool { return c < ' ' || c == 0x7f },
	'd': isDigit,
	'l': func(c byte) bool { return 'a' <= c && c <= 'z' },
	'p': func(c byte) bool { return '!' <= c && c <= '~' && !isLetter(c) && !isDigit(c) },
	's': func(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' },
	'u': func(c byte) bool { return 'A' <= c && c <= 'Z' },
	'w': func(c byte) bool { return isLetter(c) || isDigit(c) },
	'x': func(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' },
	'z': func(c byte) bool { return c == 0 },
}

// inClass reports whether c is in the class of %class. An upper-case letter is the complement; any other character means
// itself.
func inClass(c, class byte) bool {
	in := classes[class|0x20]
	if in == nil || !isLetter(class) {
		return c == class
	}
	return in(c) == ('a' <= class)
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

const magic = "^$*+?.([%-"

// find implements string.find(text, pattern [, init [, plain]]), and string.match without the last argument.
func (s *State) find(L *lua.LState, name string, places bool) int {
	text, pattern := checkText(L, 1), checkText(L, 2)
	init := optInt(L, 3, 1)
	if init < 0 {
		init += len(text) + 1
	}
	from := min(max(init-1, 0), len(text))
	if places && (lua.LVAsBool(L.Get(4)) || !strings.ContainsAny(pattern, magic)) {
		i := s.indexOf(L, text[from:], pattern)
		if i < 0 {
			L.Push(lua.LNil)
			return 1
		}
		L.Push(lua.LNumber(from + i + 1))
		L.Push(lua.LNumber(from + i + len(pattern)))
		return 2
	}
	m := s.matcher(L, name, text, pattern)
	at, end := m.search(from)
	switch {
	case end == failed:
		L.Push(lua.LNil)
		return 1
	case !places:
		return m.pushCaptures(at, end, true)
	}
	L.Push(lua.LNumber(at + 1))
	L.Push(lua.LNumber(end))
	return 2 + m.pushCaptures(at, end, false)
}

// gmatch implements string.gmatch(text, pattern), in which ^ is an ordinary character.
func (s *State) gmatch(L *lua.LState) int {
	text, pattern := checkText(L, 1), checkText(L, 2)
	from := 0
	s.Spend(L, closureSize)
	L.Push(L.NewClosure(s.Wrap("string.gmatch", func(L *lua.LState) int {
		m := s.matcher(L, "string.gmatch", text, pattern)
		m.anchored = false
		at, end := m.search(from)
		if from = end; end == failed {
			from = len(text) + 1
			return 0
		} else if end == at {
			from++ // an empty match: go on behind it
		}
		return m.pushCaptures(at, end, true)
	}), lua.LString(text), lua.LString(pattern))) // as upvalues, where the heap is counted
	return 1
}

// indexOf is strings.Index, which looks now and then whether the run is over: a long pattern that almost fits takes its length
// at each position.
func (s *State) indexOf(L *lua.LState, text, pattern string) int {
	const part, most = 1 << 16, 1 << 10
	head := pattern[:min(len(pattern), most)]
	for at := 0; at+len(pattern) <= len(text); {
		s.CheckEnded(L)
		window := text[at:min(at+part+len(head), len(text))]
		i := strings.Index(window, head)
		switch {
		case i < 0:
			at += part + 1
		case strings.HasPrefix(text[at+i:], pattern):
			return at + i
		default:
			at += i + 1
		}
	}
	return -1
}

// gsub implements string.gsub(text, pattern, replacement [, most]).
func (s *State) gsub(L *lua.LState) int {
	text, pattern, by := checkText(L, 1), checkText(L, 2), L.Get(3)
	switch by.Type() {
	case lua.LTString, lua.LTNumber, lua.LTTable, lua.LTFunction:
	default:
		argError(L, 3, "string/function/table expected")
	}
	most := optInt(L, 4, len(text)+1)
	m := s.matcher(L, "string.gsub", text, pattern)
	var b strings.Builder
	at, n := 0, 0
	for n < most {
		end := m.at(at)
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
		if m.anchored {
			break
		}
	}
	b.WriteString(text[min(at, len(text)):])
	m.checkLength(&b)
	s.Spend(L, b.Len())
	L.Push(lua.LString(b.String()))
	L.Push(lua.LNumber(n))
	return 2
}

func (m *matcher) checkLength(b *strings.Builder) {
	if b.Len() > m.state.options.Limits.String {
		m.state.Raise(m.L, m.state.TooLong(m.function))
	}
}

// replace writes the replacement of a match.
func (m *matcher) replace(b *strings.Builder, at, end int, by lua.LValue) {
	L := m.L
	var v lua.LValue
	switch by := by.(type) {
	case *lua.LTable:
		v = L.GetTable(by, m.caught(0, at, end))
	case *lua.LFunction:
		m.state.CheckEnded(L)
		level, captures := m.level, m.captures // the function may match with other matchers, never with this one
		L.Push(by)
		L.Call(m.pushCaptures(at, end, true), 1)
		m.level, m.captures = level, captures
		v = L.Get(-1)
		L.Pop(1)
	default:
		m.expand(b, at, end, Text(by))
		m.checkLength(b)
		return
	}
	switch {
	case !lua.LVAsBool(v):
		b.WriteString(m.src[at:end])
	case lua.LVCanConvToString(v):
		b.WriteString(Text(v))
	default:
		L.RaiseError("invalid replacement value (a %s)", v.Type())
	}
	m.checkLength(b)
}

// expand writes a replacement string: %0 to %9 are captures; % before any other character is that character.
func (m *matcher) expand(b *strings.Builder, at, end int, by string) {
	for {
		text, rest, found := strings.Cut(by, "%")
		b.WriteString(text)
		if !found {
			return
		}
		if rest == "" {
			b.WriteByte(0) // the end of a C string
			return
		}
		switch c := rest[0]; {
		case c == '0':
			b.WriteString(m.src[at:end])
		case isDigit(c):
			b.WriteString(Text(m.caught(int(c-'1'), at, end)))
		default:
			b.WriteByte(c)
		}
		by = rest[1:]
		m.step(1)
		m.checkLength(b)
	}
}

// caught returns capture i; without captures, the first is the whole match.
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
	return m.state.piece(m.L, m.src, from, to)
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

// piece returns text[from:to] as a copy, since a substring in Go keeps the whole text in memory.
func (s *State) piece(L *lua.LState, text string, from, to int) lua.LValue {
	if to-from == len(text) {
		return lua.LString(text)
	}
	s.Spend(L, to-from+valueSize)
	return lua.LString(strings.Clone(text[from:to]))
}
