package luabox

import (
	"slices"
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
)

// openString sets the library string. Results of gopher-lua's functions are not bounded, its patterns cannot be stopped, and
// both differ from Lua 5.1 in places. Upper and lower case are Unicode's, for names; in strings that are not UTF-8, those of
// ASCII.
func (s *State) openString(L *lua.LState) {
	library := L.CreateTable(0, 16)
	for name, f := range map[string]lua.LGFunction{
		"rep": s.Function("string.rep", s.rep), "format": s.Function("string.format", s.format), "sub": s.sub, "byte": s.byte,
		"char": char, "len": length,
		"lower": s.mapped("string.lower", s.cased(strings.ToLower, 'A')), "upper": s.mapped("string.upper", s.cased(strings.ToUpper, 'a')),
		"reverse": s.mapped("string.reverse", func(_ *lua.LState, text string) string {
			b := []byte(text)
			slices.Reverse(b)
			return string(b)
		}),
		"find":   func(L *lua.LState) int { return s.find(L, "string.find", true) },
		"match":  func(L *lua.LState) int { return s.find(L, "string.match", false) },
		"gmatch": s.gmatch, "gsub": s.gsub,
	} {
		library.RawSetString(name, L.NewFunction(f))
	}
	library.RawSetString("gfind", library.RawGetString("gmatch"))
	L.SetGlobal("string", library)
	setStringMetatable(L, library)
}

// cased returns a function that changes the case of a string: by unicode if it is UTF-8, else that of the 26 letters from
// first on.
func (s *State) cased(unicode func(string) string, first byte) func(*lua.LState, string) string {
	return func(L *lua.LState, text string) string {
		if utf8.ValidString(text) {
			const part = 1 << 16
			var b strings.Builder
			for text != "" {
				s.CheckEnded(L)
				n := min(part, len(text))
				for n < len(text) && !utf8.RuneStart(text[n]) {
					n--
				}
				b.WriteString(unicode(text[:n]))
				text = text[n:]
			}
			return b.String()
		}
		b := []byte(text)
		for i, c := range b {
			if first <= c && c < first+26 {
				b[i] = c ^ 0x20
			}
		}
		return string(b)
	}
}

// mapped returns a Lua function that maps a string to one of about the same length.
func (s *State) mapped(name string, f func(*lua.LState, string) string) lua.LGFunction {
	return s.Function(name, func(L *lua.LState) (lua.LValue, error) {
		text := f(L, checkText(L, 1))
		if len(text) > s.options.Limits.String {
			return nil, s.TooLong(name)
		}
		s.Spend(L, len(text))
		return lua.LString(text), nil
	})
}

// mostResults bounds the values that one function may return: all of them go onto Lua's stack.
const mostResults = 1 << 16

// span returns the part of a string of n bytes that the positions from and to mean, as in text[low:high]. Positions count
// from 1, negative ones from the end.
func span(n, from, to int) (low, high int) {
	if from < 0 {
		from = max(n+from+1, 1)
	}
	if to < 0 {
		to += n + 1
	}
	low = max(from-1, 0)
	return low, max(min(to, n), low)
}

// byte implements string.byte(text [, from [, to]]).
func (s *State) byte(L *lua.LState) int {
	text, from := checkText(L, 1), optInt(L, 2, 1)
	low, high := span(len(text), from, optInt(L, 3, from))
	if high-low > mostResults {
		L.RaiseError("string slice too long")
	}
	s.Spend(L, (high-low)*(valueSize+numberSize))
	for i := low; i < high; i++ {
		L.Push(lua.LNumber(text[i]))
	}
	return high - low
}

// char implements string.char(...).
func char(L *lua.LState) int {
	b := make([]byte, L.GetTop())
	for i := range b {
		c := checkInt(L, i+1)
		if c < 0 || c > 255 {
			argError(L, i+1, "invalid value")
		}
		b[i] = byte(c)
	}
	L.Push(lua.LString(b))
	return 1
}

func length(L *lua.LState) int {
	L.Push(lua.LNumber(len(checkText(L, 1))))
	return 1
}

// sub implements string.sub(text, from [, to]).
func (s *State) sub(L *lua.LState) int {
	text := checkText(L, 1)
	low, high := span(len(text), checkInt(L, 2), optInt(L, 3, -1))
	if low == high {
		L.Push(lua.LString(""))
		return 1
	}
	L.Push(s.piece(L, text, low, high))
	return 1
}

// rep implements string.rep(text, n).
func (s *State) rep(L *lua.LState) (lua.LValue, error) {
	text, n := checkText(L, 1), checkNumber(L, 2)
	if !(n >= 1) || text == "" { // neither is a NaN
		return lua.LString(""), nil
	}
	if n >= float64(s.options.Limits.String/len(text)+1) {
		return nil, s.TooLong("string.rep")
	}
	s.Spend(L, len(text)*int(n))
	return lua.LString(strings.Repeat(text, int(n))), nil
}
