package luabox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
)

// stringFunctions returns the functions of the string library that replace gopher-lua's, whose results are not bounded and
// whose patterns cannot be stopped and differ from Lua 5.1 in places. Upper and lower case are Unicode's, for names; in
// strings that are not UTF-8, those of ASCII.
func (s *State) stringFunctions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"rep": s.Function("string.rep", s.rep), "format": s.Function("string.format", s.format), "sub": s.sub, "byte": s.byte,
		"lower": s.mapped("string.lower", s.cased(strings.ToLower, 'A')), "upper": s.mapped("string.upper", s.cased(strings.ToUpper, 'a')),
		"reverse": s.mapped("string.reverse", func(_ *lua.LState, text string) string {
			b := []byte(text)
			slices.Reverse(b)
			return string(b)
		}),
		"find":   func(L *lua.LState) int { return s.find(L, "string.find", true) },
		"match":  func(L *lua.LState) int { return s.find(L, "string.match", false) },
		"gmatch": s.gmatch, "gfind": s.gmatch, "gsub": s.gsub,
	}
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
		text := f(L, L.CheckString(1))
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
	text, from := L.CheckString(1), L.OptInt(2, 1)
	low, high := span(len(text), from, L.OptInt(3, from))
	if high-low > mostResults {
		L.RaiseError("string slice too long")
	}
	s.Spend(L, (high-low)*(valueSize+numberSize))
	for i := low; i < high; i++ {
		L.Push(lua.LNumber(text[i]))
	}
	return high - low
}

// sub implements string.sub(text, from [, to]).
func (s *State) sub(L *lua.LState) int {
	text := L.CheckString(1)
	low, high := span(len(text), L.CheckInt(2), L.OptInt(3, -1))
	if low == high {
		L.Push(lua.LString(""))
		return 1
	}
	L.Push(s.piece(L, text, low, high))
	return 1
}

// rep implements string.rep(text, n).
func (s *State) rep(L *lua.LState) (lua.LValue, error) {
	text, n := L.CheckString(1), float64(L.CheckNumber(2))
	if !(n >= 1) || text == "" { // neither is a NaN
		return lua.LString(""), nil
	}
	if n >= float64(s.options.Limits.String/len(text)+1) {
		return nil, s.TooLong("string.rep")
	}
	s.Spend(L, len(text)*int(n))
	return lua.LString(strings.Repeat(text, int(n))), nil
}

// format implements string.format(layout, ...). Unlike gopher-lua's it uses __tostring for %s, as errors need, and raises an
// error for a wrong directive or argument, where gopher-lua prints the marks of package fmt.
func (s *State) format(L *lua.LState) (lua.LValue, error) {
	layout := L.CheckString(1)
	var b strings.Builder
	for arg := 1; layout != ""; {
		s.CheckEnded(L)
		text, rest, found := strings.Cut(layout, "%")
		b.WriteString(text)
		if !found {
			break
		}
		if strings.HasPrefix(rest, "%") {
			b.WriteByte('%')
			layout = rest[1:]
			continue
		}
		n := len(rest) - len(strings.TrimLeft(rest, "-+ #0123456789."))
		if n == len(rest) {
			L.RaiseError("invalid conversion '%%%s' to 'format'", rest)
		}
		flags, verb := rest[:n], rest[n]
		layout = rest[n+1:]
		if failed := s.checkFlags(flags, verb); failed != nil {
			return nil, failed
		}
		arg++
		if L.GetTop() < arg {
			L.ArgError(arg, "no value")
		}
		b.WriteString(formatOne(L, flags, verb, arg))
		if b.Len() > s.options.Limits.String {
			return nil, s.TooLong("string.format")
		}
	}
	s.Spend(L, b.Len())
	return lua.LString(b.String()), nil
}

func (s *State) checkFlags(flags string, verb byte) error {
	numbers := strings.TrimLeft(flags, "-+ #0")
	width, precision, _ := strings.Cut(numbers, ".")
	for _, text := range []string{width, precision} {
		if text == "" {
			continue
		}
		if strings.Trim(text, "0123456789") != "" { // such as +0, which is a number to Go
			return &Error{Kind: KindRuntime, Message: fmt.Sprintf("invalid conversion '%%%s%c' to 'format'", flags, verb)}
		}
		n, err := strconv.Atoi(text)
		if err != nil || n > s.options.Limits.FormatWidth {
			return &Error{Kind: KindLimit, Message: fmt.Sprintf(
				"string.format: width and precision of '%%%s%c' may be at most %d", Clip(flags), verb, s.options.Limits.FormatWidth)}
		}
	}
	return nil
}

func formatOne(L *lua.LState, flags string, verb byte, arg int) string {
	switch verb {
	case 'd', 'i':
		return fmt.Sprintf("%"+flags+"d", int64(L.CheckNumber(arg)))
	case 'u':
		return fmt.Sprintf("%"+flags+"d", uint64(int64(L.CheckNumber(arg))))
	case 'c':
		return fmt.Sprintf("%"+strings.TrimLeft(flags, "+ #0")+"s", string([]byte{byte(int(L.CheckNumber(arg)))}))
	case 'o', 'x', 'X':
		return fmt.Sprintf("%"+flags+string(verb), uint64(int64(L.CheckNumber(arg))))
	case 'e', 'E', 'f', 'g', 'G':
		if (verb == 'g' || verb == 'G') && !strings.Contains(flags, ".") {
			flags += ".6" // C's default; Go's is as many digits as needed
		}
		return fmt.Sprintf("%"+flags+string(verb), float64(L.CheckNumber(arg)))
	case 's':
		return fmt.Sprintf("%"+flags+"s", lua.LVAsString(L.ToStringMeta(L.Get(arg))))
	case 'q':
		return luaQuote(L, L.CheckString(arg))
	}
	L.RaiseError("invalid option '%%%c' to 'format'", verb)
	return ""
}

// luaQuote writes a string as Lua source.
func luaQuote(L *lua.LState, s string) string {
	const part = 1 << 16
	escapes := strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\n", "\\\n", "\r", `\r`, "\x00", `\000`)
	b := []byte{'"'}
	for ; len(s) > part; s = s[part:] {
		checkEnded(L)
		b = append(b, escapes.Replace(s[:part])...)
	}
	return string(append(append(b, escapes.Replace(s)...), '"'))
}
