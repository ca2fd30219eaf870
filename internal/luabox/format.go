package luabox

import (
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// format implements string.format(layout, ...) as printf of C does it. Unlike that of Lua 5.1, its %s takes any value, for which
// it uses tostring.
func (s *State) format(L *lua.LState) (lua.LValue, error) {
	layout := checkText(L, 1)
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
		if arg++; arg > L.GetTop() {
			argError(L, arg, "no value")
		}
		c := s.conversion(L, rest)
		layout = rest[c.length:]
		c.write(L, &b, arg)
		if b.Len() > s.options.Limits.String {
			return nil, s.TooLong("string.format")
		}
	}
	s.Spend(L, b.Len())
	return lua.LString(b.String()), nil
}

// A conversion is one directive of string.format, such as %-5.2f.
type conversion struct {
	minus, plus, space, sharp, zero bool

	width     int
	precision int // -1: none
	verb      byte
	length    int // bytes after the %
}

// conversion reads the directive at the beginning of a layout, behind its %.
func (s *State) conversion(L *lua.LState, layout string) (c conversion) {
	rest := strings.TrimLeft(layout, "-+ #0")
	flags := layout[:len(layout)-len(rest)]
	number := func() (n int) {
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		rest = rest[len(digits):]
		n, err := strconv.Atoi("0" + digits)
		if most := s.options.Limits.FormatWidth; err != nil || n > most {
			s.Raise(L, limitError("string.format: width and precision of '%%%s' may be at most %d", Clip(layout[:min(len(layout)-len(rest)+1, len(layout))]), most))
		}
		return n
	}
	c.width, c.precision = number(), -1
	if strings.HasPrefix(rest, ".") {
		rest = rest[1:]
		c.precision = number()
	}
	if rest == "" {
		L.RaiseError("invalid conversion '%%%s' to 'format'", Clip(layout))
	}
	has := func(flag string) bool { return strings.Contains(flags, flag) }
	c.minus, c.plus, c.space, c.sharp, c.zero = has("-"), has("+"), has(" "), has("#"), has("0")
	c.verb, c.length = rest[0], len(layout)-len(rest)+1
	return c
}

// write writes an argument.
func (c *conversion) write(L *lua.LState, b *strings.Builder, arg int) {
	switch c.verb {
	case 'd', 'i':
		x := toInteger(checkNumber(L, arg))
		magnitude := uint64(x)
		if x < 0 {
			magnitude = -magnitude
		}
		c.pad(b, c.sign(x < 0), c.digits(magnitude, 10), c.precision < 0)
	case 'u':
		c.pad(b, "", c.digits(uint64(toInteger(checkNumber(L, arg))), 10), c.precision < 0)
	case 'o', 'x', 'X':
		prefix, text := c.unsigned(uint64(toInteger(checkNumber(L, arg))))
		c.pad(b, prefix, text, c.precision < 0)
	case 'c':
		c.pad(b, "", string([]byte{byte(checkInt(L, arg))}), false)
	case 'e', 'E', 'f', 'g', 'G':
		x := checkNumber(L, arg)
		text := c.float(math.Abs(x))
		if c.verb < 'a' {
			text = strings.ToUpper(text)
		}
		c.pad(b, c.sign(math.Signbit(x) && x == x), text, x-x == 0)
	case 's':
		text := Text(L.Get(arg))
		if L.GetMetaField(L.Get(arg), "__tostring") != lua.LNil {
			text = Text(L.ToStringMeta(L.Get(arg)))
		}
		if c.precision >= 0 {
			text = text[:min(c.precision, len(text))]
		}
		c.pad(b, "", text, false)
	case 'q':
		b.WriteString(luaQuote(L, checkText(L, arg)))
	default:
		L.RaiseError("invalid option '%%%c' to 'format'", c.verb)
	}
}

// toInteger returns x without its fraction. Beyond the integers of 64 bits it returns the nearest, where C's result is undefined.
func toInteger(x float64) int64 {
	switch {
	case x != x:
		return 0
	case x >= 1<<63:
		return math.MaxInt64
	case x < -1<<63:
		return math.MinInt64
	}
	return int64(x)
}

// pad writes a sign or prefix and a text in at least c.width bytes.
func (c *conversion) pad(b *strings.Builder, prefix, text string, zeros bool) {
	missing := max(c.width-len(prefix)-len(text), 0)
	if !c.minus && !(c.zero && zeros) {
		b.WriteString(strings.Repeat(" ", missing))
	}
	b.WriteString(prefix)
	if c.zero && zeros && !c.minus {
		b.WriteString(strings.Repeat("0", missing))
	}
	b.WriteString(text)
	if c.minus {
		b.WriteString(strings.Repeat(" ", missing))
	}
}

func (c *conversion) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case c.plus:
		return "+"
	case c.space:
		return " "
	}
	return ""
}

// digits returns an integer with at least c.precision digits; 0 with precision 0 has none.
func (c *conversion) digits(x uint64, base int) string {
	if x == 0 && c.precision == 0 {
		return ""
	}
	text := strconv.FormatUint(x, base)
	return strings.Repeat("0", max(c.precision-len(text), 0)) + text
}

// unsigned returns the prefix and the digits for %o, %x and %X.
func (c *conversion) unsigned(x uint64) (prefix, digits string) {
	if c.verb == 'o' {
		digits = c.digits(x, 8)
		if c.sharp && !strings.HasPrefix(digits, "0") {
			digits = "0" + digits
		}
		return "", digits
	}
	digits = c.digits(x, 16)
	if c.sharp && x != 0 {
		prefix = "0x"
	}
	if c.verb == 'X' {
		return strings.ToUpper(prefix), strings.ToUpper(digits)
	}
	return prefix, digits
}

// float returns a number that is not negative for %e, %f and %g.
func (c *conversion) float(x float64) string {
	if x-x != 0 {
		return infinite(x)
	}
	precision := c.precision
	if precision < 0 {
		precision = 6
	}
	verb := c.verb | 0x20
	trim := verb == 'g' && !c.sharp
	if verb == 'g' {
		precision = max(precision, 1)
		_, power, _ := strings.Cut(strconv.FormatFloat(x, 'e', precision-1, 64), "e")
		if exponent, _ := strconv.Atoi(power); exponent < -4 || exponent >= precision {
			verb, precision = 'e', precision-1
		} else {
			verb, precision = 'f', precision-1-exponent
		}
	}
	text, power, scientific := strings.Cut(strconv.FormatFloat(x, verb, precision, 64), "e")
	if trim && strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	} else if c.sharp && !strings.Contains(text, ".") {
		text += "."
	}
	if scientific {
		text += "e" + power
	}
	return text
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
