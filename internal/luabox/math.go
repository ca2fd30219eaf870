package luabox

import (
	"math"
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"
)

// mathFunctions are those of one number.
var mathFunctions = map[string]func(float64) float64{
	"abs": math.Abs, "acos": math.Acos, "asin": math.Asin, "atan": math.Atan, "ceil": math.Ceil, "cos": math.Cos, "cosh": math.Cosh,
	"exp": math.Exp, "floor": math.Floor, "log": math.Log, "log10": log10, "sin": math.Sin, "sinh": math.Sinh, "sqrt": math.Sqrt,
	"tan": math.Tan, "tanh": math.Tanh,
	"deg": func(x float64) float64 { return x / (math.Pi / 180) },
	"rad": func(x float64) float64 { return x * (math.Pi / 180) },
}

// log10 is right for powers of ten: Go's log10(1000) is less than 3.
func log10(x float64) float64 {
	y := math.Log10(x)
	if n := math.Round(y); math.Abs(n) < 400 && math.Pow10(int(n)) == x {
		return n
	}
	return y
}

// openMath sets the library math. gopher-lua's huge is finite, and its mod is not fmod.
func (s *State) openMath(L *lua.LState) {
	library := L.CreateTable(0, 32)
	library.RawSetString("pi", lua.LNumber(math.Pi))
	library.RawSetString("huge", lua.LNumber(math.Inf(1)))
	for name, f := range mathFunctions {
		library.RawSetString(name, L.NewFunction(func(L *lua.LState) int {
			L.Push(lua.LNumber(f(checkNumber(L, 1))))
			return 1
		}))
	}
	for name, f := range map[string]func(x, y float64) float64{"atan2": math.Atan2, "pow": math.Pow, "fmod": math.Mod, "mod": math.Mod} {
		library.RawSetString(name, L.NewFunction(func(L *lua.LState) int {
			L.Push(lua.LNumber(f(checkNumber(L, 1), checkNumber(L, 2))))
			return 1
		}))
	}
	for name, f := range map[string]lua.LGFunction{
		"frexp": frexp, "ldexp": ldexp, "modf": modf, "max": mathMax, "min": mathMin,
		"random": s.mathRandom, "randomseed": s.randomSeed,
	} {
		library.RawSetString(name, L.NewFunction(f))
	}
	L.SetGlobal("math", library)
}

func frexp(L *lua.LState) int {
	fraction, exponent := math.Frexp(checkNumber(L, 1))
	L.Push(lua.LNumber(fraction))
	L.Push(lua.LNumber(exponent))
	return 2
}

func ldexp(L *lua.LState) int {
	L.Push(lua.LNumber(math.Ldexp(checkNumber(L, 1), checkInt(L, 2))))
	return 1
}

func modf(L *lua.LState) int {
	x := checkNumber(L, 1)
	whole := math.Trunc(x)
	fraction := math.Copysign(x-whole, x)
	if math.IsInf(x, 0) {
		fraction = math.Copysign(0, x)
	}
	L.Push(lua.LNumber(whole))
	L.Push(lua.LNumber(fraction))
	return 2
}

func mathMax(L *lua.LState) int {
	most := checkNumber(L, 1)
	for i := 2; i <= L.GetTop(); i++ {
		if x := checkNumber(L, i); x > most {
			most = x
		}
	}
	L.Push(lua.LNumber(most))
	return 1
}

func mathMin(L *lua.LState) int {
	least := checkNumber(L, 1)
	for i := 2; i <= L.GetTop(); i++ {
		if x := checkNumber(L, i); x < least {
			least = x
		}
	}
	L.Push(lua.LNumber(least))
	return 1
}

// mathRandom implements math.random([[m,] n]). gopher-lua's panics on an empty interval, and all scripts of the
// process would share its source.
func (s *State) mathRandom(L *lua.LState) int {
	low, high := 1.0, 1.0
	switch L.GetTop() {
	case 0:
		L.Push(lua.LNumber(s.random.Float64()))
		return 1
	case 1:
		high = math.Trunc(checkNumber(L, 1))
	case 2:
		low, high = math.Trunc(checkNumber(L, 1)), math.Trunc(checkNumber(L, 2))
	default:
		L.RaiseError("wrong number of arguments")
	}
	if !(low <= high) {
		argError(L, L.GetTop(), "interval is empty")
	} else if !(high-low < exactInteger) {
		argError(L, L.GetTop(), "interval is too large")
	}
	L.Push(lua.LNumber(low + float64(s.random.Int64N(int64(high-low)+1))))
	return 1
}

func (s *State) randomSeed(L *lua.LState) int {
	s.random = rand.New(rand.NewPCG(math.Float64bits(checkNumber(L, 1)), 0))
	return 0
}
