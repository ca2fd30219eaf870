package binding_test

import (
	"strings"
	"testing"
)

// The globals of a script, each with what it may hold. Anything else is an escape.
func TestGlobalsAreTheseOnly(t *testing.T) {
	got := run(t, runner(t, ""), `
		local names = {}
		local function list(prefix, t)
			for k, v in pairs(t) do
				table.insert(names, prefix .. k)
				if type(v) == "table" and v ~= _G and v ~= t and k ~= "app" then list(prefix .. k .. ".", v) end
			end
		end
		list("", _G)
		table.sort(names)
		print(table.concat(names, " "))`)
	want(t, "globals", got, strings.Join(strings.Fields(`
		_G _VERSION app assert
		coroutine coroutine.create coroutine.resume coroutine.running coroutine.status coroutine.wrap coroutine.yield
		debug debug.traceback docs docs.list docs.read docs.schema docs.search dump error getmetatable ipairs json json.array json.decode json.encode json.null
		math math.abs math.acos math.asin math.atan math.atan2 math.ceil math.cos math.cosh math.deg math.exp math.floor math.fmod math.frexp math.huge
		math.ldexp math.log math.log10 math.max math.min math.mod math.modf math.pi math.pow math.rad math.random math.randomseed math.sin math.sinh math.sqrt
		math.tan math.tanh next os os.clock os.date os.difftime os.time pairs pcall print rawequal rawget rawset select setmetatable
		string string.byte string.char string.find string.format string.gfind string.gmatch string.gsub string.len string.lower string.match
		string.rep string.reverse string.sub string.upper
		table table.concat table.foreach table.foreachi table.getn table.insert table.maxn table.remove table.sort tonumber tostring type unpack xpcall`), " ")+"\n")
}

func TestWhatMustNotBeReached(t *testing.T) {
	r := runner(t, "")
	for _, name := range []string{
		"dofile", "loadfile", "load", "loadstring", "require", "module", "newproxy", "_printregs", "collectgarbage", "getfenv", "setfenv",
		"io", "package", "channel", "os.execute", "os.exit", "os.getenv", "os.remove", "os.rename", "os.tmpname", "os.setenv", "os.setlocale",
		"string.dump", "debug.getinfo", "debug.getlocal", "debug.setmetatable", "debug.getupvalue", "debug.setupvalue", "debug.getfenv", "debug.setfenv",
	} {
		want(t, name, run(t, r, "print("+name+")"), "nil\n")
	}
}

func TestEscapes(t *testing.T) {
	r := runner(t, "")
	for _, c := range []struct{ name, source, want string }{
		{"metatable of app", `print(getmetatable(app))`, "locked"},
		{"metatable of strings", `print(getmetatable("").__index == string, getmetatable("").dump)`, "true\tnil"},
		{"metatable of null", `print(getmetatable(json.null), pcall(setmetatable, json.null, {}))`, "null\tfalse\tbad argument #1 to '?' (table expected, got userdata)"},
		{"metatable of arrays", `print(getmetatable(json.array()), pcall(setmetatable, json.array(), {}))`, "array\tfalse\ttest.lua:1: cannot change a protected metatable"},
		{"metatable of a failed call", `local _, e = pcall(app.integrations.aircall.get_call) print(getmetatable(e), rawget(e, "failure"))`, "error\tnil"},
		{"null cannot be indexed", `print(pcall(function() return json.null.x end))`, "false\ttest.lua:1: attempt to index a non-table object(userdata) with key 'x'"},
		{"an own metatable that looks like an error's", `local t = setmetatable({}, {failure = json.null, __metatable = "error"}) print(pcall(error, t) == false, type(t))`, "true\ttable"},
		{"an own metatable that looks like an array's", `print(json.encode(setmetatable({}, {__metatable = "array"})))`, "[]"},
		{"environment", `print(pcall(function() return _ENV end))`, "true\tnil"},
		{"bytecode", `print(pcall(string.char(27) .. "Lua"))`, "false\tattempt to call a string value"},
		{"os.date", `print(os.date("!%Y-%m-%d", 86400), os.date("!*t", 0).year, type(os.time()), os.difftime(3, 1))`, "1970-01-02\t1970\tnumber\t2"},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, c.source, run(t, r, c.source), c.want+"\n") })
	}
}

func TestStringFormat(t *testing.T) {
	r := runner(t, "")
	for _, c := range []struct{ source, want string }{
		{`("%d %5d|%-5d|%05d %+d %i"):format(1, 2, 3, 4, 5, 6.9)`, "1     2|3    |00004 +5 6"},
		{`("%s %10s|%-4s|%.2s"):format("a", "b", "c", "def")`, "a          b|c   |de"},
		{`("%s %s %s %s"):format(nil, true, 1.5, json.null)`, "nil true 1.5 null"},
		{`("%5.2f %e %g %g %G %.3g"):format(1.005, 1, 1/3, 1e20, 1e-10, 2/3)`, " 1.00 1.000000e+00 0.333333 1e+20 1E-10 0.667"},
		{`("%x %X %#x %o %c%c"):format(255, 255, 255, 8, 76, 117)`, "ff FF 0xff 10 Lu"},
		{`("%u"):format(-1)`, "18446744073709551615"},
		{`("100%% %d%%"):format(5)`, "100% 5%"},
		{`("%d"):format("10")`, "10"},
		{`("%q"):format('a "b" \\ \n \0')`, "\"a \\\"b\\\" \\\\ \\\n \\000\""},
		{`("none")`, "none"},
		{`(select(2, pcall(string.format, "%d")))`, "bad argument #2 to '?' (no value)"},
		{`(select(2, pcall(string.format, "%d", "x")))`, "bad argument #2 to '?' (number expected, got string)"},
		{`(select(2, pcall(string.format, "%y", 1)))`, "invalid option '%y' to 'format'"},
		{`(select(2, pcall(string.format, "%", 1)))`, "invalid conversion '%' to 'format'"},
		{`(select(2, pcall(string.format, "%1.2.3d", 1)))`, "invalid option '%.' to 'format'"},
		{`(select(2, pcall(string.format, "%100d", 1))).message`, "string.format: width and precision of '%100d' may be at most 99"},
		{`(select(2, pcall(string.format, "%.999999999999999999999f", 1))).type`, "limit_exceeded"},
		{`#("%99d"):format(1)`, "99"},
	} {
		got := run(t, r, "print("+c.source+")")
		got = strings.TrimPrefix(strings.TrimSuffix(got, "\n"), "test.lua:1: ")
		want(t, c.source, got, c.want)
	}
}

func TestRandom(t *testing.T) {
	r := runner(t, "")
	const draw = `math.randomseed(42) local t = {} for i = 1, 5 do t[i] = math.random(100) end print(table.concat(t, " "))`
	want(t, "the same seed", run(t, r, draw), run(t, r, draw))
	run(t, r, `
		for i = 1, 1000 do
			local x, n, m = math.random(), math.random(3), math.random(-2, 2)
			assert(x >= 0 and x < 1)
			assert(n == 1 or n == 2 or n == 3)
			assert(m >= -2 and m <= 2 and m == math.floor(m))
		end
		assert(math.random(7, 7) == 7)`)
	for _, args := range []string{"0", "2, 1", "1e300", "0/0", "-1/0, 1/0"} {
		want(t, args, fails(t, r, "math.random("+args+")").Type, "runtime_error")
	}
}

// What gopher-lua gets wrong, and scripts get right.
func TestMendedLua(t *testing.T) {
	r := runner(t, "")
	for _, c := range []struct{ source, want string }{
		{`local t, id = {}, 7 g, t.x = id, id print(g, t.x)`, "7\t7"},
		{`local t, id = {}, 7 g, h, t.x, t.y = 1, id, id, 4 print(g, h, t.x, t.y)`, "1\t7\t7\t4"},
		{`local t, id = {}, 7 t.x, g, t.y = id, 3, id print(t.x, g, t.y)`, "7\t3\t7"},
		{`local t, l, id = {}, nil, 7 l, t.x = id, id print(l, t.x)`, "7\t7"},
		{`local t, no = {x = 1}, false g, t.x, t.y = 1, no, nil print(g, t.x, t.y)`, "1\tfalse\tnil"},
		{`local a, b = 1, 2 a, b = b, a print(a, b) a, b = a + b, a print(a, b) a, b = not a, a print(a, b)`, "2\t1\n3\t2\nfalse\t3"},
		{`local x, y = 0, 1 for i = 1, 10 do x, y = y, x + y end print(x)`, "55"},
		{`local a, b, c = 1, 2, 3 a, b, c = c, a print(a, b, c) a, b, c = (function() return 7, 8, 9 end)() print(a, b, c) a, b = 1, 2, 3 print(a, b)`, "3\t1\tnil\n7\t8\t9\n1\t2"},
		{`local a, t = 1, {} a, t.x, t.y = (function(...) return ... end)(4, 5, 6) print(a, t.x, t.y)`, "4\t5\t6"},
		{`local a, b a, b = {a}, function() return a end print(#a, b() == a)`, "0\ttrue"},
		{`local t = {} t, t.x = 1, 2 print(t)`, "1"},
		{`local t, i = {}, 1 t[i], i = i + 1, 5 print(i, t[1])`, "5\t2"},
		{`print(pcall(function() error(1 / 3) end)) print(pcall(function() error("x", "2") end)) print(pcall(error, "x", {}))`,
			"false\ttest.lua:1: 0.33333333333333\nfalse\tx\nfalse\tbad argument #2 to '?' (number expected, got table)"},
		{`local function f() return {}, 1 end local a a, f().x = 1, 2 print(a)`, "1"},
		{`local a, b = {1, 2}, 1 a[1], a[2] = a[2], a[1] print(a[1], a[2])`, "2\t1"},
		{`local i, a = 1, {} i, a[i] = i + 1, i print(i, a[1], a[2])`, "2\t1\tnil"},
		{`print(("\255"):upper() == "\255", ("\195\169"):upper(), ("aé"):upper())`, "true\tÉ\tAÉ"},
		{`print(select("#", string.byte("abc", 10)), string.byte("abc", -1), string.byte("abc", 1, 2))`, "0\t99\t97\t98"},
		{`print(("abc"):sub(-2), ("abc"):sub(2, 10), ("abc"):sub(0), ("abc"):sub(3, 2), ("abc"):sub(-100, 1))`, "bc\tbc\tabc\t\ta"},
		{`print(table.concat({1, 2, 3}, ", ", 2), table.concat({}), table.concat({1, "a", 2.5}, "-", 1, 2))`, "2, 3\t\t1-a"},
		{`print(unpack({1, 2, 3}, 2)) print(select("#", unpack({}, 1, 3)))`, "2\t3\n3"},
		{`local t = {3, 1, 2} table.sort(t) table.insert(t, 1, 0) table.insert(t, 9) print(table.concat(t, " "))`, "0 1 2 3 9"},
		{`for i = 1, 3 do local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end) print(co(i), co(10)) end`, "2\t20\n3\t20\n4\t20"},
		{`local co = coroutine.create(function() error({code = 5}) end) local ok, e = coroutine.resume(co) print(ok, e.code, coroutine.status(co))`, "false\t5\tdead"},
		{`local z = 0 print(-z, tostring(-z), -z .. "", math.ceil(-0.5), ("%d %g"):format(-z, -z))`, "-0\t-0\t-0\t-0\t0 -0"},
		{`local type = function(v) return type(v) .. "!" end print(type(1))`, "number!"},
		{`local f, n = function() return f end, 1 print(f())`, "nil"},
		{`print(tostring(12345678901234567), 9007199254740991 .. "", 1e15, 0.1 + 0.2)`, "1.2345678901235e+16\t9007199254740991\t1000000000000000\t0.3"},
	} {
		want(t, c.source, run(t, r, c.source), c.want+"\n")
	}
}
