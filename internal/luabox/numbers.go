package luabox

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// exactInteger is the largest number up to which a float64 represents every integer exactly.
const exactInteger = 1 << 53

// Text returns the text of a string or number as Lua writes it; of another value, gopher-lua's text. gopher-lua writes numbers
// with as many digits as needed, and Lua 5.1 with 14, as in 0.3 for 0.1 + 0.2. Integers have all their digits here: many
// are ids.
func Text(v lua.LValue) string {
	if n, ok := v.(lua.LNumber); ok {
		return numberText(float64(n))
	}
	return v.String()
}

func numberText(x float64) string {
	switch {
	case isPlainInteger(x):
		return strconv.FormatInt(int64(x), 10)
	case x-x != 0:
		return infinite(x)
	}
	return strconv.FormatFloat(x, 'g', 14, 64)
}

// isPlainInteger reports whether x is an integer that gopher-lua writes as Text does.
func isPlainInteger(x float64) bool {
	return x == math.Trunc(x) && math.Abs(x) <= exactInteger && (x != 0 || !math.Signbit(x))
}

// infinite returns the text of an infinite number, or of none.
func infinite(x float64) string {
	switch {
	case x != x:
		return "nan"
	case x < 0:
		return "-inf"
	}
	return "inf"
}

// maxNumeral is the most bytes of a numeral: parsing one cannot be stopped.
const maxNumeral = 1 << 16

// parseNumber returns the number that a string is to Lua 5.1: a decimal or hexadecimal numeral, with a sign and white space
// around it. gopher-lua also reads 0b1, 1_000, inf and nan, takes 010 for octal, and does not read 0xffffffffffffffff.
func parseNumber(text string) (float64, bool) {
	text = strings.Trim(text, " \t\n\v\f\r")
	if len(text) > maxNumeral || strings.ContainsAny(text, "_nN") {
		return 0, false
	}
	if digits := strings.TrimLeft(text, "+-"); len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x' && !strings.ContainsAny(digits, "pP") {
		text += "p0"
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil || errors.Is(err, strconv.ErrRange)
}

// toNumber returns a number, or the number that a string is.
func toNumber(v lua.LValue) (float64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		return float64(v), true
	case lua.LString:
		return parseNumber(string(v))
	}
	return 0, false
}

// tonumber implements tonumber(v [, base]).
func tonumber(L *lua.LState) int {
	base := optInt(L, 2, 10)
	if base == 10 {
		if x, ok := toNumber(checkAny(L, 1)); ok {
			L.Push(lua.LNumber(x))
			return 1
		}
		L.Push(lua.LNil)
		return 1
	}
	text := checkText(L, 1)
	if base < 2 || base > 36 {
		argError(L, 2, "base out of range")
	}
	if x, ok := parseInteger(text, base); ok {
		L.Push(lua.LNumber(x))
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

// parseInteger does what strtoul does in C, which Lua 5.1 uses: negative numbers wrap around, and those that are too large
// become the largest.
func parseInteger(text string, base int) (uint64, bool) {
	text = strings.Trim(text, " \t\n\v\f\r")
	digits, negative := strings.CutPrefix(text, "-")
	if !negative {
		digits = strings.TrimPrefix(digits, "+")
	}
	if base == 16 && len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x' {
		digits = digits[2:]
	}
	if strings.ContainsAny(digits, "+-_") {
		return 0, false
	}
	x, err := strconv.ParseUint(digits, base, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	if negative && err == nil {
		x = -x
	}
	return x, true
}

// arithmetic returns the metamethod of strings for an operator. gopher-lua calls it before it takes strings for numbers, which
// it does in its own way; see parseNumber.
func arithmetic(event string, f func(x, y float64) float64) lua.LGFunction {
	return func(L *lua.LState) int {
		a, b := L.Get(1), L.Get(2)
		if event == "__unm" {
			b = a // gopher-lua gives it once
		}
		x, isNumber := toNumber(a)
		y, both := toNumber(b)
		if isNumber && both {
			L.Push(lua.LNumber(f(x, y)))
			return 1
		}
		for _, v := range []lua.LValue{a, b} {
			if v.Type() == lua.LTString {
				continue
			}
			if op := L.GetMetaField(v, event); op.Type() == lua.LTFunction {
				L.Push(op)
				L.Push(a)
				L.Push(b)
				L.Call(2, 1)
				return 1
			}
		}
		if isNumber {
			a = b
		}
		L.RaiseError("attempt to perform arithmetic on a %s value", a.Type())
		return 0
	}
}

// operators are those of arithmetic by their events. Modulo is gopher-lua's, which is exact.
var operators = map[string]func(x, y float64) float64{
	"__add": func(x, y float64) float64 { return x + y },
	"__sub": func(x, y float64) float64 { return x - y },
	"__mul": func(x, y float64) float64 { return x * y },
	"__div": func(x, y float64) float64 { return x / y },
	"__pow": math.Pow,
	"__unm": func(x, _ float64) float64 { return -x },
	"__mod": func(x, y float64) float64 {
		r := math.Mod(x, y)
		if y > 0 && r < 0 || y < 0 && r > 0 {
			r += y
		}
		return r
	},
}

// setStringMetatable sets the metatable of all strings.
func setStringMetatable(L *lua.LState, library *lua.LTable) {
	mt := L.CreateTable(0, 8)
	mt.RawSetString("__index", library)
	for event, f := range operators {
		mt.RawSetString(event, L.NewFunction(arithmetic(event, f)))
	}
	L.SetMetatable(lua.LString(""), mt)
}

// writeNumbers makes those operands of R(from) .. … .. R(to) strings that gopher-lua would write differently.
func (v *stateView) writeNumbers(from, to int) {
	registers := v.reg.array[v.currentFrame.LocalBase+from : v.currentFrame.LocalBase+to+1]
	isText := func(i int) bool { return i >= 0 && i < len(registers) && lua.LVCanConvToString(registers[i]) }
	for i, operand := range registers {
		if n, ok := operand.(lua.LNumber); ok && !isPlainInteger(float64(n)) && (isText(i-1) || isText(i+1)) {
			registers[i] = lua.LString(numberText(float64(n)))
		}
	}
}

// prepareFor makes strings among the bounds of a numeric for, R(A) to R(A+2), the numbers that they are.
func (v *stateView) prepareFor(inst uint32) {
	at := v.currentFrame.LocalBase + argA(inst)
	bounds := v.reg.array[at : at+3]
	for i, bound := range bounds {
		if text, ok := bound.(lua.LString); ok {
			if x, ok := parseNumber(string(text)); ok {
				bounds[i] = lua.LNumber(x)
			}
		}
	}
}

// The functions below check arguments as Lua 5.1 does. Those of gopher-lua refuse strings for integers, and write numbers in
// their own way.

// argError raises the error of a wrong argument of the function of the host that runs. Its name is known if Lua code calls it.
func argError(L *lua.LState, n int, text string) {
	name := "?"
	if caller := viewState(L).currentFrame.Parent; caller != nil && !caller.Fn.IsG {
		if frame, ok := L.GetStack(0); ok {
			if _, err := L.GetInfo("n", frame, lua.LNil); err == nil && !strings.HasPrefix(frame.Name, "(") && !strings.HasPrefix(frame.Name, "<") {
				name = frame.Name[strings.LastIndexAny(frame.Name, ".:")+1:]
			}
		}
	}
	raise(L, fmt.Sprintf("bad argument #%d to '%s' (%s)", n, name, text))
}

func typeError(L *lua.LState, n int, want string) {
	got := "no value"
	if n <= L.GetTop() {
		got = L.Get(n).Type().String()
	}
	argError(L, n, want+" expected, got "+got)
}

func checkTable(L *lua.LState, n int) *lua.LTable {
	t, ok := L.Get(n).(*lua.LTable)
	if !ok {
		typeError(L, n, "table")
	}
	return t
}

func checkFunction(L *lua.LState, n int) *lua.LFunction {
	f, ok := L.Get(n).(*lua.LFunction)
	if !ok {
		typeError(L, n, "function")
	}
	return f
}

func checkAny(L *lua.LState, n int) lua.LValue {
	if n > L.GetTop() {
		argError(L, n, "value expected")
	}
	return L.Get(n)
}

func checkNumber(L *lua.LState, n int) float64 {
	x, ok := toNumber(L.Get(n))
	if !ok {
		typeError(L, n, "number")
	}
	return x
}

// checkInt returns an argument without its fraction. Beyond 2^53 it returns ±2^53, where the result of C is undefined.
func checkInt(L *lua.LState, n int) int {
	x := checkNumber(L, n)
	if x != x {
		return 0
	}
	return int(max(min(x, exactInteger), -exactInteger))
}

func optInt(L *lua.LState, n, otherwise int) int {
	if L.Get(n) == lua.LNil {
		return otherwise
	}
	return checkInt(L, n)
}

func checkText(L *lua.LState, n int) string {
	switch v := L.Get(n).(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return numberText(float64(v))
	}
	typeError(L, n, "string")
	return ""
}

func optText(L *lua.LState, n int, otherwise string) string {
	if L.Get(n) == lua.LNil {
		return otherwise
	}
	return checkText(L, n)
}
