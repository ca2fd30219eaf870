package binding_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// A luaWriter writes programs whose result Lua 5.1 defines: none depends on the order of pairs, on the border of a table with
// holes, on addresses or on the current time.
type luaWriter struct {
	*rand.Rand
	programs []string
	names    []string // variables of the program
	budget   int      // statements it may still have
	loops    int
}

// lua51Programs returns the programs: always the same ones for a seed.
func lua51Programs(seed uint64) []string {
	w := &luaWriter{Rand: rand.New(rand.NewPCG(seed, 1))}
	w.programs = append(w.programs, strings.Split(strings.Trim(lua51Given, "\n"), "\n")...)
	w.programs = append(w.programs, lua51Lexical...)
	repeat := func(n int, write func() string) {
		for range n {
			w.programs = append(w.programs, write())
		}
	}
	repeat(900, w.libraryCall)
	repeat(350, w.formatCall)
	repeat(250, w.numberTexts)
	repeat(200, w.numeral)
	repeat(400, func() string { return "return " + w.expression(3) })
	repeat(250, w.dates)
	repeat(250, w.tableSteps)
	repeat(250, w.flow)
	repeat(200, w.metamethods)
	repeat(150, w.lists)
	repeat(150, w.closures)
	return slices.Compact(w.programs)
}

// one returns one of some texts.
func (w *luaWriter) one(of ...string) string { return of[w.IntN(len(of))] }

var (
	luaNumbers = []string{"0", "1", "-1", "2", "3", "5", "7", "10", "-4", "0.5", "-0.5", "1.5", "2.7", "-3.7", "100", "255", "256", "1e3", "1e-5", "123456.789",
		"1/3", "-2/3", "1e100", "-1e100", "2^31", "2^40", "12345678901", "0.1", "65", "97"}
	luaStrings = []string{`""`, `"a"`, `"abc"`, `"10"`, `" 10 "`, `"0x10"`, `"1e3"`, `"-5"`, `"1e"`, `"hello world"`, `"Hello World"`, `"10abc"`, `".5"`, `"1.5"`, `"010"`,
		`"a,b,c"`, `"x y  z"`, `"\255\1"`, `"line\nline"`, `"%d"`, `"nil"`}
	luaOthers = []string{"nil", "true", "false", "{}", "print", "{1, 2, 3}"}
	luaLists  = []string{"{}", "{1}", "{1, 2, 3}", `{"a", "b", "c", "d"}`, "{3, 1, 2}", `{1, "x", 2.5}`, "{10, 20, 30, x = 1}", "{0.1, 1/3, 1e15 / 3}", "{{}, 1}", `{"b", "a"}`}
)

// argument returns an argument of a kind: number, integer, string, list, value; sometimes of another one.
func (w *luaWriter) argument(kind byte) string {
	if w.IntN(14) == 0 {
		return w.one(append(luaOthers, `"abc"`, `""`, "1")...)
	}
	switch kind {
	case 'c':
		return w.one("65", "97", "0", "255", "256", "-1", "32.9", `"66"`)
	case 'n':
		if w.IntN(12) == 0 {
			return w.one("1/0", "-1/0", "0/0", `"0x1F"`, `"2"`, `" 3 "`)
		}
		return w.one(luaNumbers...)
	case 'i':
		return w.one("0", "1", "-1", "2", "3", "-2", "4", "5", "-5", "10", "-10", "2.7", `"2"`, "nil")
	case 's':
		return w.one(append(luaStrings, "5", "1.5", "-0.1")...)
	case 'l':
		return w.one(luaLists...)
	case 'f':
		return w.one("function(a, b) return a > b end", "function() end", "function(k, v) if v == 2 then return k end end")
	}
	return w.one(append(append(luaOthers, luaNumbers...), luaStrings...)...)
}

// luaFunctions are functions by the kinds of their arguments; those behind | may be missing.
var luaFunctions = []string{
	"string.byte s|ii", "string.char |ccc", "string.find ss|iv", "string.len s", "string.lower s", "string.upper s", "string.rep si", "string.reverse s",
	"string.sub si|i", "string.gsub sss|i", "string.match ss|i", "table.concat l|sii", "table.getn l", "table.maxn l", "unpack l|ii", "select i|vvv", "tonumber v|i",
	"tonumber s|i", "tostring n", "tostring s", "type v", "rawequal vv", "rawget lv", "next l|i", "assert v|s", "ipairs l", "setmetatable ll",
	"math.abs n", "math.ceil n", "math.floor n", "math.fmod nn", "math.mod nn", "math.frexp n", "math.ldexp n|i", "math.modf n", "math.max n|nn", "math.min n|nn",
	"math.pow ni", "math.sqrt n", "math.deg n", "math.rad n", "math.log10 n", "math.log n", "math.exp i", "math.sin n", "math.cos n", "math.atan n", "math.atan2 nn",
	"math.tan i", "math.asin i", "math.acos i", "math.sinh i", "math.cosh i", "math.tanh i", "os.difftime i|i", "table.foreachi lf", "error v|i", "pcall v|v",
}

func (w *luaWriter) libraryCall() string {
	name, kinds, _ := strings.Cut(w.one(luaFunctions...), " ")
	required, optional, _ := strings.Cut(kinds, "|")
	n := len(required) + w.IntN(len(optional)+1)
	if w.IntN(25) == 0 {
		n = w.IntN(len(required) + 1)
	}
	var args []string
	for _, kind := range []byte(required + optional)[:n] {
		args = append(args, w.argument(kind))
	}
	call := name + "(" + strings.Join(args, ", ") + ")"
	switch {
	case name == "ipairs":
		return "local f, t, i = " + call + " return type(f), type(t), i"
	case name == "setmetatable":
		return "return type(" + call + ")"
	}
	return "return " + call
}

func (w *luaWriter) formatCall() string {
	flags := ""
	for _, flag := range "-+ #0" {
		if w.IntN(5) == 0 {
			flags += string(flag)
		}
	}
	width := w.one("", "", "1", "5", "10", "20")
	precision := w.one("", "", "", ".", ".0", ".1", ".3", ".10", ".20")
	verb := w.one("d", "i", "u", "c", "x", "X", "o", "e", "E", "f", "g", "G", "s", "q")
	var arg string
	switch verb {
	case "d", "i", "u", "x", "X", "o":
		arg = w.one("0", "1", "-1", "5", "255", "-255", "3.7", "-3.7", "1e9", `"17"`, `"0x11"`, "2^31", "2^53")
		if strings.ContainsAny(verb, "dioxX") && w.IntN(8) == 0 {
			arg = w.argument('v')
		}
	case "c":
		arg, precision = w.one("65", "97", "200", "32.9", `"66"`), ""
		flags = strings.ReplaceAll(flags, "0", "")
	case "s":
		arg, flags = w.one(append(luaStrings, "5", "0.1", "1e100")...), strings.ReplaceAll(flags, "0", "")
	case "q":
		arg, flags, width, precision = w.one(append(luaStrings, `"q\"u\\o\rt"`, "5", "0.1")...), "", "", ""
	default:
		arg = w.one(append(luaNumbers, "1/0", "-1/0", "0.00001234", "123456789", "99999.95", "-1e-10", `"1.5"`)...)
	}
	return fmt.Sprintf("return string.format(%q, %s)", w.one("", "[", "100%% ")+"%"+flags+width+precision+verb+w.one("", "]", " x"), arg)
}

// numberTexts shows a number of any size in all the ways in which it becomes text.
func (w *luaWriter) numberTexts() string {
	digits := 1 + w.IntN(17)
	x := strconv.FormatUint(1+w.Uint64N(uint64(math.Pow10(digits))), 10)
	number := x + w.one("", "", fmt.Sprintf("e%d", w.IntN(40)-25), "e-"+strconv.Itoa(digits), fmt.Sprintf("e%d", w.IntN(600)-300))
	if f, _ := strconv.ParseFloat(number, 64); f >= 1e14 && f <= 1<<53 {
		number += "e-9"
	}
	if w.IntN(4) == 0 {
		number = "-" + number
	}
	return "local n = " + number + " return " + w.one("tostring(n)", `n .. ""`, `"a" .. n .. "b"`, "table.concat{n, n}", `n .. n`, `("%s"):format(n)`, `("x"):gsub("x", n)`,
		`("%.14g"):format(n)`, "#tostring(n)", `(n .. ""):len()`, `string.len(n)`, `string.sub(n, 1, 5)`, `tostring(n) == n .. ""`, `tonumber(tostring(n)) == n`, "n, -n, n / 3, n * 1e-20")
}

// numeral reads something that may be a number, as string and as source.
func (w *luaWriter) numeral() string {
	digits := func(set string) string {
		var b strings.Builder
		for range w.IntN(6) {
			b.WriteByte(set[w.IntN(len(set))])
		}
		return b.String()
	}
	text := w.one("", "", "", "-", "+", " ", "- ", "--") + w.one("", "", "", "0", "00", "0x", "0X", "0b", "0o") + digits("0123456789") + w.one("", "", "", ".", ".5", "f", "A", "z", "_", " 1") +
		w.one("", "", "", "", "e", "E5", "e+3", "e-2", "e-", "ee", "e1.5") + w.one("", "", "", " ", "\\t", "\\n", "\\v", "x", ".", "e400", "e-400")
	switch w.IntN(4) {
	case 0:
		return fmt.Sprintf(`return tonumber("%s", %s)`, text, w.one("2", "8", "10", "16", "36", "1", "37", "7", "nil", `"16"`, "11.9"))
	case 1:
		return "return " + strings.Replace(w.one(`"#" + 0`, `"#" * 2`, `1 - "#"`, `"#" / "2"`, `-"#"`, `"#" ^ 2`, `2 * "#" + 1`), "#", text, 1)
	case 2:
		return "return " + strings.NewReplacer("\\t", "", "\\n", "", "\\v", "").Replace(text)
	}
	return fmt.Sprintf(`return tonumber("%s")`, text)
}

// expression returns an expression of constants and operators.
func (w *luaWriter) expression(depth int) string {
	if depth == 0 || w.IntN(6) == 0 {
		switch w.IntN(6) {
		case 0:
			return w.one(`"a"`, `"10"`, `"abc"`, `"0x10"`, `"-1"`, `""`, `"1e2"`)
		case 1:
			return w.one("nil", "true", "false")
		case 2:
			return "(" + w.one("7", "-7", "5.5", "-5.5", "12", "0", `"9"`) + " % " + w.one("3", "-3", "2.5", "-2.5", "1", `"4"`) + ")"
		}
		return w.one("0", "1", "2", "3", "-1", "0.5", "10", "1.25", "-8", "1/3", "100")
	}
	a, b := w.expression(depth-1), w.expression(depth-1)
	switch w.IntN(12) {
	case 0:
		return "not " + a
	case 1:
		return "- " + a
	case 2:
		return "#" + w.one(`"abc"`, "{1, 2}", `("x"):rep(3)`)
	case 3:
		return "(" + a + " " + w.one("==", "~=", "==", "<", "<=", ">", ">=") + " " + b + ")"
	case 4, 5:
		return "(" + a + w.one(" and ", " or ") + b + ")"
	case 6:
		return a + " .. " + b
	case 7:
		return "(" + a + ") ^ " + w.one("2", "0", "-1", "0.5", "3", `"2"`)
	case 8:
		return a + w.one(" and ", " or ") + b
	}
	text := a + w.one(" + ", " - ", " * ", " / ") + b
	if w.IntN(2) == 0 {
		return "(" + text + ")"
	}
	return text
}

func (w *luaWriter) dates() string {
	at := w.one("0", "1", "-1", "86399", "1e9", "1234567890", "1767225600", "-2e9", "4102444800", `"1e9"`, "1.9", fmt.Sprint(w.Int64N(8e9)-2e9), fmt.Sprint(w.Int64N(8e9)-2e9))
	field := func() string {
		return w.one("0", "1", "12", "31", "59", "60", "-1", "13", "28", "100", "-40", "365", "2.7", `"10"`, `"x"`, "1e4", fmt.Sprint(w.IntN(40)))
	}
	switch w.IntN(4) {
	case 0:
		return fmt.Sprintf("return os.time{year = %s, month = %s, day = %s%s%s%s}", w.one("1970", "2026", "2000", "1999", "2024", `"2025"`, "1901", "2100"), field(), field(),
			w.one("", ", hour = "+field()), w.one("", ", min = "+field()), w.one("", ", sec = "+field()))
	case 1:
		return fmt.Sprintf(`return os.date("%s*t", %s)`, w.one("!", ""), at)
	case 2:
		return fmt.Sprintf(`return os.time(os.date("*t", %s))`, at)
	}
	const letters = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%EOQ1+"
	layout := w.one("", "!")
	for range 1 + w.IntN(4) {
		layout += w.one("", "", " ", "-", "x") + "%" + string(letters[w.IntN(len(letters))])
	}
	return fmt.Sprintf("return os.date(%q, %s)", layout+w.one("", "", "%"), at)
}

// tableSteps changes a table without holes, and shows it.
func (w *luaWriter) tableSteps() string {
	var b strings.Builder
	b.WriteString("local t, r = " + w.one("{}", "{1, 2, 3}", `{"a", "b"}`, "{5, 4, 3, 2, 1, 0}", "{n = 1, 10, 20}") + ", {} ")
	for range 2 + w.IntN(5) {
		v := w.one("7", `"x"`, "#t", "r", "1.5", "-1")
		at := w.one("1", "#t", "#t + 1", "2", "0", "-1", "#t - 1", `"1"`, "1.9")
		b.WriteString(w.one(
			"table.insert(t, "+v+") ", "table.insert(t, 1, "+v+") ", "t[#t + 1] = "+v+" ", "t[#t] = nil ", "r[#r + 1] = tostring(table.remove(t)) ",
			"r[#r + 1] = select('#', table.remove(t, "+at+")) ", "if #t > 0 then table.insert(t, "+w.one("1", "#t", "#t + 1", `"1"`, "1.9")+", "+v+") end ", "t.x = "+v+" ", "t.x = nil ", "r[#r + 1] = #t ",
			"r[#r + 1] = table.maxn(t) ", "t[2.5] = "+v+" ", "t[-1] = "+v+" ", "t[0] = nil ", "r[#r + 1] = tostring(next(t) == nil) ",
			"for i, v in ipairs(t) do t[i] = type(v) == 'number' and v + i or v end ", "table.sort(t, function(a, b) return tostring(a) < tostring(b) end) ",
			"for k in pairs(t) do t[k] = nil end ", "do local n = 0 for k, v in pairs(t) do n = n + 1 end r[#r + 1] = n end ",
			"r[#r + 1] = select('#', unpack(t)) ", "t[true] = "+v+" ", "r[#r + 1] = tostring(rawequal(t[1], t[#t])) "))
	}
	b.WriteString("return t, r")
	return strings.ReplaceAll(b.String(), "= r ", "= 3 ")
}

// flow is a program of loops and branches.
func (w *luaWriter) flow() string {
	w.names, w.budget, w.loops = []string{"a", "b", "c"}, 14, 0
	return "local a, b, c, r = 1, 2, 0, {} local function note(...) if #r < 60 then for i = 1, select('#', ...) do r[#r + 1] = tostring((select(i, ...))) end end return ... end " +
		w.block(3, false) + "return a, b, c, table.concat(r, ' ')"
}

func (w *luaWriter) block(depth int, loop bool) string {
	var b strings.Builder
	known := len(w.names)
	for range 2 + w.IntN(3) {
		b.WriteString(w.statement(depth, loop))
	}
	w.names = w.names[:known]
	return b.String()
}

func (w *luaWriter) statement(depth int, loop bool) string {
	v, u := w.one(w.names...), w.one(w.names...)
	if w.budget--; depth == 0 || w.budget < 0 || w.IntN(3) == 0 {
		switch w.IntN(8) {
		case 0:
			return fmt.Sprintf("%s, %s = %s, %s ", v, u, w.small(), w.small())
		case 1:
			name := "l" + strconv.Itoa(len(w.names))
			text := fmt.Sprintf("local %s = %s ", name, w.small())
			w.names = append(w.names, name)
			return text
		case 2:
			if loop {
				return fmt.Sprintf("if %s then break end ", w.condition())
			}
		case 3:
			return fmt.Sprintf("note(%s, %s) ", v, w.small())
		case 4:
			return fmt.Sprintf("%s = (function(x, ...) local %s = x note(select('#', ...)) return %s, ... end)(%s, %s) ", v, u, w.small(), w.small(), u)
		}
		return fmt.Sprintf("%s = %s ", v, w.small())
	}
	w.loops++
	n := w.loops
	switch w.IntN(7) {
	case 0:
		return fmt.Sprintf("if %s then %selseif %s then %selse %send ", w.condition(), w.block(depth-1, loop), w.condition(), w.block(depth-1, loop), w.block(depth-1, loop))
	case 1:
		return fmt.Sprintf("do local n%d = 0 while n%d < %d and (%s) do n%d = n%d + 1 %send end ", n, n, 1+w.IntN(4), w.condition(), n, n, w.block(depth-1, true))
	case 2:
		return fmt.Sprintf("do local n%d = 0 repeat n%d = n%d + 1 local u%d = n%d * 2 %suntil u%d > %d or %s end ", n, n, n, n, n, w.block(depth-1, true), n, 1+w.IntN(6), w.condition())
	case 3:
		name := "i" + strconv.Itoa(n)
		head := fmt.Sprintf("for %s = %s, %s%s do note(%s) ", name, w.one("1", "0", "3", `"2"`, "-1", "0.5"), w.one("3", "1", "-1", `"4"`, "2.5"), w.one("", "", ", 1", ", -1", ", 0.5", `, "2"`, ", -0.1"), name)
		w.names = append(w.names, name)
		body := w.block(depth-1, true)
		w.names = w.names[:len(w.names)-1]
		return head + body + "end "
	case 4:
		return fmt.Sprintf("for k, v in ipairs{%s, %s, %s} do note(k, v) %send ", w.small(), w.small(), w.small(), w.block(depth-1, true))
	case 5:
		return fmt.Sprintf("do local f = function(x) %sif %s then return x end return %s end note(f(%s)) end ", w.block(depth-1, false), w.condition(), w.small(), w.small())
	}
	return "do " + w.block(depth-1, loop) + "end "
}

// small returns a short expression whose value is a small number.
func (w *luaWriter) small() string {
	v, u := w.one(w.names...), w.one(w.names...)
	return w.one(v, u, strconv.Itoa(w.IntN(10)), "("+v+" + "+u+") % 11", v+" % 5 - 1", v+" and "+u+" or 3", "#tostring("+v+")", "-"+v+" % 7", "("+v+" > "+u+" and 1 or 2)", "(note("+u+"))")
}

func (w *luaWriter) condition() string {
	v, u := w.one(w.names...), w.one(w.names...)
	return v + w.one(" < ", " <= ", " == ", " ~= ", " > ") + w.one(u, strconv.Itoa(w.IntN(6))) + w.one("", "", " and "+u+" > 0", " or "+v+" == 2", " and not ("+u+" == 1)")
}

// metamethods shows which metamethod an operator calls, with what.
func (w *luaWriter) metamethods() string {
	event := w.one("add", "sub", "mul", "div", "mod", "pow", "unm", "concat", "eq", "lt", "le", "index", "newindex", "call", "tostring", "metatable", "len")
	if event == "len" {
		event = "le"
	}
	operand := func() string { return w.one("a", "b", "c", "a", "b", "1", `"x"`, `"10"`, "0.5", "nil", "true", "{}") }
	x, y := operand(), operand()
	uses := map[string]string{"add": x + " + " + y, "sub": x + " - " + y, "mul": x + " * " + y, "div": x + " / " + y, "mod": x + " % " + y, "pow": x + " ^ " + y, "unm": "-" + w.one("a", "b", "c", `"10"`, `"x"`),
		"concat": x + " .. " + y + w.one("", " .. "+operand()), "eq": x + w.one(" == ", " ~= ") + y, "lt": x + w.one(" < ", " > ", " <= ") + y, "le": x + w.one(" <= ", " >= ", " < ") + y,
		"index": w.one("a", "b", "c") + w.one(".x", "[1]", "[a]", ".y.z"), "newindex": "(function() " + w.one("a", "b", "c") + w.one(".x", "[1]") + " = " + w.one("1", "a", "nil") + " return rawget(a, 'x'), rawget(a, 1) end)()",
		"call": w.one("a", "b", "c") + w.one("()", "(1)", "(nil, a)"), "tostring": "tostring(a)", "metatable": w.one("getmetatable(a)", "setmetatable(a, {})", "getmetatable(b)")}
	other := w.one("m", "{}", "{__"+event+" = m.__"+event+"}", "{__"+event+" = function() return 'other' end}")
	method := "function(...) n = n + 1 local r = {} for i = 1, select('#', ...) do local v = select(i, ...) r[i] = v == a and 'a' or v == b and 'b' or type(v) .. (type(v) == 'table' and '' or tostring(v)) end return table.concat(r, ' ') end"
	if event == "unm" {
		method = strings.Replace(method, "select('#', ...)", "1", 1)
	}
	if event == "eq" {
		method = "function(x, y) n = n + 1 return " + w.one("true", "1", "nil", "x.v == y.v") + " end"
	} else if (event == "index" || event == "newindex") && w.IntN(3) == 0 {
		method = w.one("{x = 5}", "setmetatable({}, {__index = function(t, k) return k end})", "{y = {z = 1}}")
	} else if event == "metatable" {
		method = w.one("5", "false", "{}", "'locked'")
	}
	return fmt.Sprintf("local n, a, b, c = 0, {v = 1}, {v = 1}, {} local m = {__%s = %s} setmetatable(a, m) setmetatable(b, %s) return n, %s, n", event, method, other, uses[event])
}

// lists shows how many values lists of expressions have.
func (w *luaWriter) lists() string {
	item := func() string {
		return w.one("1", "nil", "f()", "f(1, 2)", "(f(3, 4))", "...", "(...)", "g(...)", "'s'", "f(f(5, 6))", "select(2, ...)", "unpack({7, 8})", "g()", "not nil")
	}
	list := item()
	for range w.IntN(4) {
		list += ", " + item()
	}
	head := "local function f(...) return ... end local function g(a, b) return b, a end local function h(...) "
	return head + w.one(
		"return "+list,
		"local a, b, c = "+list+" return a, b, c",
		"local t = {"+list+"} return t[1], t[2], t[3]",
		"return select('#', "+list+")",
		"return (select('#', "+list+"))",
		"local t = {} t.x, t.y, t.z = "+list+" return t",
		"local a, t = 0, {} a, t[1], t[2] = "+list+" return a, t",
		"return pcall(f, "+list+")",
		"return f("+list+")",
		"return {"+list+", n = select('#', "+list+")}.n",
		"return tostring(("+item()+")), {n = "+item()+"}.n",
	) + " end return h(" + w.one("", "1", "1, nil", "1, 2, 3", "nil, nil", "'a', 'b'") + ")"
}

// closures shows which variables closures share.
func (w *luaWriter) closures() string {
	loop := w.one("for i = 1, 3 do", "for _, i in ipairs{1, 2, 3} do", "local j = 0 while j < 3 do j = j + 1 local i = j", "local j = 0 repeat j = j + 1 local i = j if j > 5 then break end")
	end := "end"
	if strings.Contains(loop, "repeat") {
		end = w.one("until i >= 3", "until j == 3", "until (function() return i > 2 end)()")
	}
	body := w.one("fs[#fs + 1] = function() i = i + %d return i end", "local k = i fs[#fs + 1] = function() k = k + i i = %d return k end",
		"local k = i * %d local function inc() k = k + 1 end fs[#fs + 1] = function() inc() return k end", "fs[#fs + 1] = coroutine.wrap(function() while true do coroutine.yield(i) i = i + %d end end)",
		"if i == %d then break end fs[#fs + 1] = function() shared = shared + i return shared end", "fs[#fs + 1] = function(...) local a = {...} return function() return #a + i end end")
	if strings.Contains(body, "%d") {
		body = fmt.Sprintf(body, w.IntN(4))
	}
	body = strings.Replace(body, "then break end", w.one("then break end", "then shared = shared + 10 end"), 1)
	use := w.one("for _, f in ipairs(fs) do r[#r + 1] = f() end", "for n = 1, 2 do for _, f in ipairs(fs) do r[#r + 1] = f() end end", "r[1] = fs[1]() r[2] = fs[1]() r[3] = fs[#fs]()",
		"for n = #fs, 1, -1 do local ok, v = pcall(fs[n]) r[#r + 1] = v end")
	return "local fs, r, shared = {}, {}, 100 do " + loop + " " + body + " " + end + " end " + use + " for i, v in ipairs(r) do if type(v) == 'function' then r[i] = v() end end return r, shared, #fs"
}
