package binding_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A generator makes random programs of functions that call, resume and wrap one another, yield, fail, catch errors and use
// metamethods. Each program ends: every function takes a unit of fuel, and loops have a few turns.
type generator struct {
	rand   *rand.Rand
	out    strings.Builder
	indent int
	depth  int // of blocks and expressions that are being made
	locals []string
}

const (
	generatedFunctions  = 5
	generatedCoroutines = 4
)

// generatedPrelude gives programs p, which prints values and hides what differs in every run, and objects with metamethods.
const generatedPrelude = `local fuel, cs, ws, keep = 30, {}, {}, {}
local f = {}
local function show(v)
  if type(v) == "string" then
    return (v:gsub("attempt to yield.*", "no yield"):gsub("attempt to [^y].*", "vm"):gsub("cannot perform .*", "vm"):gsub("__%a+ undefined", "vm"):gsub("\n", "~"))
  elseif type(v) == "thread" then
    for i = 1, #cs do if cs[i] == v then return "c" .. i end end
    return "thread"
  elseif type(v) == "table" then
    return rawget(v, "name") or "table"
  elseif type(v) == "function" then
    return "function"
  end
  return tostring(v)
end
local function p(...)
  local t = {}
  for i = 1, select("#", ...) do t[i] = show((select(i, ...))) end
  print(table.concat(t, " "))
end
local function num(v) return type(v) == "number" and v or 1 end
local function str(v) return type(v) == "string" and #v < 40 and v or type(v) end
local function use() fuel = fuel - 1 if fuel < 0 then error("fuel", 0) end end
local up1, up2 = 1, "u"
`

func (g *generator) line(format string, args ...any) {
	g.out.WriteString(strings.Repeat("  ", g.indent) + fmt.Sprintf(format, args...) + "\n")
}

func (g *generator) n(below int) int { return g.rand.IntN(below) }

func (g *generator) pick(from ...string) string { return from[g.n(len(from))] }

// program returns the program of a seed.
func program(seed uint64) string {
	g := &generator{rand: rand.New(rand.NewPCG(seed, 51))}
	g.out.WriteString(generatedPrelude)
	g.line("local mt = {}")
	g.line("local obj = setmetatable({name = %q}, mt)", "obj")
	g.line("local other = setmetatable({name = %q}, mt)", "other")
	for i := 1; i <= generatedFunctions; i++ {
		g.function(fmt.Sprintf("f[%d] = function(a, b, ...)", i), []string{"a", "b"}, "end")
	}
	for _, event := range []string{"__index", "__newindex", "__call", "__add", "__concat", "__eq", "__lt", "__unm", "__tostring"} {
		if g.n(3) > 0 {
			g.function("mt."+event+" = function(a, b, ...)", []string{"a", "b"}, "end")
		}
	}
	g.line("local function reset()")
	for i := 1; i <= generatedCoroutines; i++ {
		g.line("  cs[%d] = coroutine.create(f[%d])", i, 1+g.n(generatedFunctions))
		g.line("  ws[%d] = coroutine.wrap(f[%d])", i, 1+g.n(generatedFunctions))
	}
	g.line("end")
	g.line("local function l1(g, ...) use() local r = {g(...)} return unpack(r, 1, 4) end")
	g.line("local function l2(g, ...) local r = {l1(g, ...)} return unpack(r, 1, 4) end")
	for i := 1; i <= generatedFunctions; i++ {
		g.line("fuel = 30 reset() p(%q, pcall(l2, f[%d], %d, %q))", fmt.Sprint("f", i), i, i, "s")
	}
	for i := 1; i <= generatedCoroutines; i++ {
		g.line("fuel = 30 for i = 1, 3 do p(%q, coroutine.resume(cs[%d], i, i)) p(coroutine.status(cs[%d]), coroutine.running()) end", fmt.Sprint("c", i), i, i)
	}
	g.line("fuel = 30 for i = 1, #keep do p(pcall(keep[i])) end p(up1, up2)")
	return g.out.String()
}

func (g *generator) function(head string, params []string, end string) {
	before := g.locals
	g.locals = append(append([]string{}, before...), params...)
	g.line("%s", head)
	g.indent++
	g.line("use()")
	g.block(2 + g.n(3))
	if g.n(2) == 0 {
		g.exit()
	}
	g.indent--
	g.line("%s", end)
	g.locals = before
}

// inner is a function inside an expression, which has no parameters: the ... of the one around it is not visible there.
func (g *generator) inner(head, end string) { g.function(head+"(...)", nil, end) }

func (g *generator) block(statements int) {
	if g.depth > 3 {
		statements = 1
	}
	g.depth++
	before := g.locals
	for range statements {
		g.statement()
	}
	g.locals = before
	g.depth--
}

func (g *generator) statement() {
	kind := g.n(22)
	if g.depth > 4 {
		kind = g.n(8)
	}
	switch kind {
	case 0, 1:
		g.line("p(%d, %s)", g.n(100), g.list())
	case 2, 3:
		name := fmt.Sprintf("v%d", len(g.locals))
		other := name + "x"
		g.line("local %s, %s = %s", name, other, g.list())
		g.locals = append(append([]string{}, g.locals...), name, other)
	case 4:
		g.line("%s = %s", g.pick("up1", "up2"), g.value())
	case 5:
		if len(g.locals) > 0 {
			g.line("%s = %s", g.pick(g.locals...), g.value())
		}
	case 6:
		g.line("coroutine.yield(%s)", g.list())
	case 7:
		if len(g.locals) > 0 {
			name := g.pick(g.locals...)
			g.line("if #keep < 8 then keep[#keep + 1] = function() %s = num(%s) + 1 return %s end end", name, name, name)
		}
	case 8, 9:
		g.line("if %s then", g.condition())
		g.nested()
		g.line("else")
		g.nested()
		g.line("end")
	case 10:
		g.line("for i = 1, %d do", 1+g.n(3))
		g.nested()
		g.line("end")
	case 11:
		g.line("do local turns = 0 for x, y in %s do turns = turns + 1", g.iterator())
		g.indent++
		g.line("p(%d, x, y)", g.n(100))
		g.block(1)
		g.line("if turns > 2 then break end")
		g.indent--
		g.line("end end")
	case 12, 13:
		g.inner(fmt.Sprintf("p(%d, pcall(function", g.n(100)), fmt.Sprintf("end, %s))", g.value()))
	case 14:
		g.inner(fmt.Sprintf("p(%d, xpcall(function", g.n(100)), "end, "+g.handler()+"))")
	case 15:
		g.inner(fmt.Sprintf("do local w = coroutine.wrap(function"), fmt.Sprintf("end) p(%d, w(%s)) end", g.n(100), g.list()))
	case 16:
		g.inner(fmt.Sprintf("do local co = coroutine.create(function"), fmt.Sprintf("end) for i = 1, 3 do p(%d, coroutine.resume(co, i, %s)) end p(coroutine.status(co)) end", g.n(100), g.value()))
	case 17:
		g.inner(fmt.Sprintf("p(%d, (%q):gsub(%q, function", g.n(100), "xy", "."), "end))")
	case 18:
		g.line("obj.%s = %s", g.pick("x", "y"), g.value())
	case 19:
		g.line("cs[%d] = coroutine.create(f[%d])", 1+g.n(generatedCoroutines), 1+g.n(generatedFunctions))
	case 20:
		g.line("do local n = 0 repeat n = n + 1")
		g.nested()
		g.line("until n > 1 end")
	case 21:
		if g.n(3) == 0 {
			g.line("do")
			g.indent++
			g.exit()
			g.indent--
			g.line("end")
		} else {
			g.line("p(%d, %s)", g.n(100), g.call())
		}
	}
}

func (g *generator) nested() {
	g.indent++
	g.block(1 + g.n(2))
	g.indent--
}

// exit leaves the function.
func (g *generator) exit() {
	switch g.n(6) {
	case 0:
		g.line("error(%s, %d)", g.pick(`"e1"`, `"e2"`, "nil", "42", "obj", "false", g.value()), g.n(4))
	case 1:
		g.line("return coroutine.yield(%s)", g.list())
	case 2, 3:
		g.line("return %s", g.call())
	default:
		g.line("return %s", g.list())
	}
}

func (g *generator) list() string {
	values := make([]string, g.n(4))
	for i := range values {
		values[i] = g.value()
	}
	if len(values) == 0 {
		return g.value()
	}
	return strings.Join(values, ", ")
}

func (g *generator) value() string {
	if g.depth > 5 || g.n(3) == 0 {
		return g.pick(append([]string{"1", "2", `"s"`, "nil", "true", "up1", "up2", "...", `select("#", ...)`}, g.locals...)...)
	}
	g.depth++
	defer func() { g.depth-- }()
	switch g.n(8) {
	case 0:
		return fmt.Sprintf("num(%s) + num(%s)", g.value(), g.value())
	case 1:
		return fmt.Sprintf("str(%s) .. str(%s)", g.value(), g.value())
	case 2:
		return g.meta()
	case 3:
		return "(" + g.call() + ")"
	case 4:
		return fmt.Sprintf("coroutine.status(cs[%d])", 1+g.n(generatedCoroutines))
	case 5:
		return fmt.Sprintf("{%s}", g.list())
	default:
		return g.call()
	}
}

func (g *generator) meta() string {
	return g.pick("obj.x", "obj.y", "obj + 1", "2 + obj", `obj .. "t"`, "1 .. other", "obj == other", "obj ~= other", "obj < other", "other > obj", "-obj",
		"tostring(mt.__tostring and obj)", "obj(1, 2)", "obj:z(3)")
}

func (g *generator) call() string {
	i, j := 1+g.n(generatedFunctions), 1+g.n(generatedCoroutines)
	if g.depth > 5 {
		return fmt.Sprintf("f[%d](1)", i)
	}
	g.depth++
	defer func() { g.depth-- }()
	switch g.n(10) {
	case 0, 1:
		return fmt.Sprintf("f[%d](%s)", i, g.list())
	case 2, 3:
		return fmt.Sprintf("coroutine.yield(%s)", g.list())
	case 4:
		return fmt.Sprintf("coroutine.resume(cs[%d], %s)", j, g.list())
	case 5:
		return fmt.Sprintf("ws[%d](%s)", j, g.list())
	case 6:
		return fmt.Sprintf("pcall(f[%d], %s)", i, g.list())
	case 7:
		return fmt.Sprintf("pcall(%s, %s)", g.pick("coroutine.yield", "ws[1]", "coroutine.resume", "pcall", "obj", "coroutine.wrap"), g.list())
	case 8:
		return fmt.Sprintf("xpcall(f[%d], %s)", i, g.handler())
	default:
		return fmt.Sprintf("select(%d, %s)", 1+g.n(2), g.list())
	}
}

func (g *generator) condition() string {
	return g.pick("up1 == 1", "obj == other", "obj < other", "num("+g.value()+") > 1", g.value(), "not "+g.value())
}

func (g *generator) iterator() string {
	return g.pick(
		fmt.Sprintf("coroutine.wrap(f[%d])", 1+g.n(generatedFunctions)), fmt.Sprintf("ws[%d]", 1+g.n(generatedCoroutines)),
		"coroutine.yield", "obj", fmt.Sprintf("f[%d], 1, 2", 1+g.n(generatedFunctions)), "coroutine.yield()",
		"ipairs({4, 5})", "function(s, v) return num(v) < 3 and num(v) + 1 or nil end, nil, 1")
}

func (g *generator) handler() string {
	return g.pick("show", "function(m) return m end", "function(m) return show(m) .. '!' end", "coroutine.yield", "function(m) return coroutine.yield(m) end",
		"function(m) return coroutine.wrap(function() coroutine.yield(m) end)() end", "type", "nil", "5", "function(m) return pcall(error, m) end")
}
