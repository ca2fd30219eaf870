package binding_test

// lua51Given are programs written by hand, one a line.
const lua51Given = `
return tonumber("1e3"), tonumber("0x10"), tonumber(" 5 "), tonumber("5 5"), tonumber(""), tonumber(" "), tonumber("0x"), tonumber("1e"), tonumber("1e+"), tonumber("."), tonumber("5."), tonumber(".5")
return tonumber("10", 2), tonumber("zz", 36), tonumber("8", 8), tonumber("ff", 16), tonumber("0xff", 16), tonumber("FF", 16), tonumber(" 11 ", 2), tonumber("1.5", 10), tonumber("", 16)
return tonumber("-ff", 16), tonumber("ffffffffffffffffff", 16), tonumber("1e1", 16), tonumber("+7", 8), tonumber("- 7", 8)
return tonumber("0xffffffffffffffff"), tonumber("0x7fffffffffffffff"), tonumber("-0x10"), tonumber("0X1f"), tonumber("0x1p4"), tonumber("0x.8"), tonumber("0x1.8p1")
return tonumber("1e400"), tonumber("-1e400"), tonumber("1e-400"), tonumber("123456789012345678901234567890")
return tonumber(nil), tonumber(true), tonumber({}), tonumber(print)
return tonumber()
return tonumber("10", 1)
return tonumber("10", 37)
return tonumber({}, 16)
return tonumber(10, 16), tonumber(17, 8), tonumber(1.5, 10)
return tonumber("1_000"), tonumber("1,5"), tonumber("1'0"), tonumber("0b1"), tonumber("0o7"), tonumber("08"), tonumber("017"), tonumber("017", 8)
return tonumber("\t7\n"), tonumber("\v7\f"), tonumber("7\r"), tonumber("\1607")
return math.huge == 1/0, -math.huge == -1/0, math.huge, -math.huge, math.huge - math.huge ~= 0, math.pi
return 0.1 + 0.2, 1/3, 2/3, 1e15 / 3, 100, 1e13, 123456789012, 1e20, 1e100, 2^-1074, 2^1023 * 2, 1e-7, 0.0001, 0.00001, 123456.789e3
return tostring(0/0) == tostring(0/0), 0/0 ~= 0/0, 1/0, -1/0
local z = 0 return z * -1, -z, 0 / -5, math.ceil(-0.5), -z == z, 1 / -z
local z = 0 return 1 / (z * -1)
return -0
return 0 * -1, 3 - 3
local z = -1 * 0.0 return z, 1 / z
return 7 % 3, -7 % 3, 7 % -3, -7 % -3, 5.5 % 2, -5.5 % 2, 5 % 2.5, 0 % 5, 1e15 % 7
return 5 % 0, 1 % 0 == 1 % 0
return 5 % math.huge, -5 % math.huge
return 10 % 0.1
return 2 ^ 10, 2 ^ 0.5, (-2) ^ 2, -2 ^ 2, 2 ^ -1, 2 ^ 3 ^ 2, (-8) ^ (1/3) == 0, 0 ^ 0, 10 ^ 2, 10 ^ -2
return 2 ^ 53 == 2 ^ 53 + 1, 2 ^ 31 * 2, 2 ^ 31 + 2 ^ 31, -2 ^ 31 - 1, 1e308 * 10
return 1 .. 2, 1 .. "", 0.1 .. "", -1.5 .. "x", 1e100 .. "", 2 ^ 0.5 .. "|" .. 1 / 3
return "10" + 5, "0x10" + 0, "1e1" * "2", " 10 " - 1, "3" / "2", "2" ^ "3", "7" % "4", -"2", -"-2", "10" .. 5
return "010" + 0, "0b1" + 0
return "1_0" + 0
return "inf" + 0 == 1
return tonumber("inf"), tonumber("-infinity")
return type(tonumber("nan"))
return "abc" + 1
return 1 + "abc"
return {} + 1
return 1 + nil
return "10" + {}
return true + 1
return -{}
return -"x"
return "a" < "b", "a" < "B", "" < "a", "Z" < "a", "10" < "9", "a" <= "a", "ab" > "a", "\255" > "a", "é" < "z"
return 1 < "2"
return "1" < 2
return {} < {}
return nil < 1
return true < false
return 1 == "1", "1" == 1, nil == false, {} == {}, "a" == "a", 0 == -0
return not nil, not 0, not "", nil and 1, false or nil, 1 and 2, nil or "x", false and error("x"), 1 or error("x")
return 1 and nil or 2, not 1 == 2, not (1 == 2), 1 .. 2 == "12", 2 * 3 .. "", "a" .. 1 + 2
return 1 + 2 < 4, "a" .. "b" == "ab", -2 ^ 2, not nil == true, 2 ^ -2, -3 % 5, - -3
return #"abc", #"", #{1, 2, 3}, #{n = 1}, -#"abc", #{{}, {}} + 1
return #5
return #nil
local t = {1, 2, 3} t[#t] = nil return #t, t[3]
local t = {1, 2, 3} t[4] = 4 t[6] = nil return #t
local t = {} for i = 10, 1, -1 do t[i] = i end return #t
local t = {} t[1] = 1 t[2] = 2 t[2] = nil t[1] = nil return #t, next(t)
local t = {nil} return #t
return ({1, 2, nil})[1], ({[1] = "a", "b"})[1], ({"b", [1] = "a"})[1], ({1, 2, 3, [2] = 9})[2]
local function f() return 1, 2, 3 end local t = {f(), f()} return #t, t
local function f() return 1, 2, 3 end local t = {f(), (f())} return #t, t
local t = {[1.0] = "a", [2] = "b"} return t[1], #t, t["1"], t[2.0]
local t = {} t[0] = 1 t[-1] = 2 t[1.5] = 3 t["x"] = 4 t[true] = 5 return t, #t
local t = {} t[nil] = 1
local t = {} t[0/0] = 1
local t = {} return t[nil], t[0/0]
return rawget({}, nil)
return rawset({}, nil, 1)
return rawset({}, 0/0, 1)
return rawset({}, "a", 1), rawset({1}, 1, nil)
return rawset({}, "a")
return rawset(1, 2, 3)
return rawget({5}, 1), rawget({x = 1}, "x"), rawget(setmetatable({}, {__index = function() return 1 end}), 1)
return rawget({})
return rawget("x", 1)
return rawequal(1, 1), rawequal("a", "a"), rawequal({}, {}), rawequal(1, "1"), rawequal(0/0, 0/0)
return rawequal(1)
local t = setmetatable({}, {__eq = function() return true end}) return rawequal(t, {}), rawequal(t, t)
return setmetatable(5, {})
return setmetatable("x", {})
return setmetatable(print, {})
return setmetatable({})
return setmetatable({}, 5)
return setmetatable()
return getmetatable(setmetatable({}, nil)), type(setmetatable({}, {}))
return getmetatable(setmetatable({}, {__metatable = "p"}))
return setmetatable(setmetatable({}, {__metatable = "p"}), {})
return setmetatable(setmetatable({}, {__metatable = false}), nil)
return getmetatable()
return getmetatable(5), getmetatable(nil), getmetatable(print), getmetatable("").__index == string
return next({}, 1)
return next({}, "x")
return next({x = 1}, "y")
return next({1, 2, 3}, 10)
return next({}), next({5}), next({5}, 1), next({x = 1}, "x")
return next()
return next(nil)
return next(5)
local t = {1, 2, 3, x = 4} local n = 0 for k in next, t do n = n + 1 t[k] = nil end return n, next(t)
local t = {a = 1, b = 2, c = 3, 4, 5} local n = 0 for k, v in pairs(t) do n = n + v t[k] = nil end return n, next(t)
local t = {1, 2, 3, x = 1, y = 2} local n = 0 for k, v in pairs(t) do n = n + 1 if k == 3 then table.remove(t) end end return n
local t = {10, 20} t[1] = nil return next(t)
local f, s, i = pairs({}) return f == next, type(s), i
return pairs()
return pairs(nil)
return pairs("x")
return ipairs(nil)
return ipairs()
return ipairs("x")
local n = 0 for i, v in ipairs({1, 2, nil, 4}) do n = n + i end return n
local t = {1, 2, 3} for i, v in ipairs(t) do t[i + 3] = i < 5 and v or nil end return t
local t = setmetatable({}, {__index = function(t, i) if i < 4 then return i end end}) local n = 0 for _ in ipairs(t) do n = n + 1 end return n
return select("#"), select("#", nil), select("#", nil, nil), select("#", 1, 2, 3)
return select(1, "a", "b"), select(2, "a", "b")
return select(3, "a", "b")
return select(-1, "a", "b"), (select(-2, "a", "b"))
return select(0, 1)
return select(-3, 1, 2)
return select()
return select("x")
return select("2", "a", "b", "c")
return select(1.9, "a", "b", "c")
return select(nil, 1)
return unpack({1, 2, 3}), unpack({1, 2, 3}, 2), unpack({1, 2, 3}, 2, 3)
return unpack({1, 2}, 1, 4)
return unpack({}, 1, 3)
return unpack({1, 2, 3}, "2", "3")
return unpack({1, 2}, -1, 1)
return unpack()
return unpack({}, 1, 1e8)
return (unpack({1, 2, 3}))
return select("#", unpack({n = 3}, 1, 3))
return type(nil), type(1), type("x"), type({}), type(print), type(type), type(true), type(coroutine.create(function() end))
return type()
return tostring(nil), tostring(true), tostring(12), tostring("x"), tostring(-0.5), tostring(1e15 / 7)
return tostring()
return tostring(setmetatable({}, {__tostring = function() return "T" end}))
return assert(1, 2, 3)
return assert(false)
return assert(nil, "message")
return assert(false, 5)
return assert()
return pcall(error, "x")
return pcall(error)
return pcall(error, nil)
return pcall(error, {code = 5})
return pcall(error, "x", 0)
local function f() error("x", 2) end local ok, e = pcall(function() f() end) return ok, e:gsub("^.-:%d+: ", "") == "x"
return pcall(function() error("m", 0) end)
return pcall(function() error({1, 2}) end)
return pcall()
return pcall(1)
return pcall(print == print and tostring, 5)
return xpcall(function() return 1, 2 end, print)
return xpcall(function() error("x", 0) end, function(m) return m .. "!" end)
return xpcall(function() error() end, function(m) return type(m) end)
return string.byte("abc"), string.byte("abc", 2), string.byte("abc", -1), string.byte("abc", 10), string.byte("abc", 1, -1), string.byte("", 1)
return string.byte("abc", 0), string.byte("abc", 0, 2), string.byte("abc", 3, 1), string.byte("abc", "2"), string.byte(123, 1, 3)
return string.byte()
return string.byte({})
return string.char(), string.char(65, 66), string.char("67"), string.char(200, 255), #string.char(0, 0)
return string.char(256)
return string.char(-1)
return string.char("x")
return string.char(65, nil)
return string.char(65.9)
return string.sub("hello", 2), string.sub("hello", -3), string.sub("hello", 2, -2), string.sub("hello", 0), string.sub("hello", 10), string.sub("hello", 3, 2), string.sub("hello", "2", "3"), string.sub(12345, 2, 3), string.sub("hello", 1.9)
return string.sub("hello")
return string.sub()
return string.rep("ab", 3), string.rep("ab", 0), string.rep("ab", -1), string.rep("", 10), string.rep(5, 2), string.rep("x", "3"), string.rep("x", 2.9)
return string.rep("x")
return string.reverse("abc"), string.reverse(""), string.reverse(123), string.len(""), string.len("abc"), string.len(1/3), ("x"):len()
return string.upper("abcZ1"), string.lower("ABCz1"), string.upper(""), string.upper(12), ("\255a"):upper(), ("\200A"):lower()
return string.upper(nil)
return string.find("abc", "b"), string.find("abc", "b", 3), string.find("a.c", ".", 1, true), string.find("abc", "(b)(c)"), string.find("abc", ""), string.find("abc", "", 10), string.find(123, 2), string.find("abc", "b", "2")
return string.gsub("hello", "l", "L"), string.gsub("hello", "l", "L", 1), string.gsub("abc", "%w", "%0%0"), string.gsub("abc", "", "-"), string.gsub("a1b2", "%d", {["1"] = "x"}), string.gsub("abc", "b", 0.1)
return string.gsub("abc", "b", true)
return string.gsub("abc", "b", nil)
return string.gsub("abc", "b")
return string.gsub("abc", "b", function() return {} end)
return string.gsub("abc", "b", "%2")
return string.format("%s", "a\0b")
return string.find("a\0b", "\0%w")
return tonumber("1\0")
return ("äÖ"):upper()
return ("É"):lower()
return string.format("%s", nil)
return string.format("%s", true)
return (pcall(string.format, "%s", {}))
return pcall(assert, false, {1})
return type(getmetatable("").__add)
return collectgarbage("count") > 0
return loadstring("return 1")()
return string.sub("abc", 1, math.huge)
return string.rep("x", -1e300)
return string.gsub("x = 1/3", "%d", function(d) return d / 3 end)
local r = {} for k, v in string.gmatch("a=1, b=2", "(%w+)=(%w+)") do r[k] = v end return r
local r = {} for w in ("one two  three"):gmatch("%a+") do r[#r + 1] = w end return r
return string.match("key=val", "(%w+)=(%w+)"), string.match("abc", "z"), string.match("2026-01-02", "(%d+)-(%d+)"), string.match("  x ", "^%s*(.-)%s*$"), string.match("abc", "()b()")
return string.gfind == string.gmatch
return ("x"):rep(3), ("abc"):upper():lower(), ("%d"):format(3), #("abc"):rep(2), ("a,b"):find(",", 1, true)
return ("x").y, ("abc").len == string.len
return ("x").y.z
return (5):rep(2)
local s = "abc" s.x = 1
return string.format("%d", 3.7), string.format("%d", -3.7), string.format("%d", "10"), string.format("%5d|%-5d|%05d|%+d|% d", 1, 2, 3, 4, 5), string.format("%i", 7), string.format("%.3d|%8.3d|%-8.3d|", 5, 5, 5), string.format("%.0d|", 0)
return string.format("%u %o %x %X %#x %#o %#X", 7, 8, 255, 255, 255, 8, 255), string.format("%#x %#o", 0, 0), string.format("%x", -1), string.format("%08x|%-8x|", 255, 255)
return string.format("%c%c%c", 76, 117, 97), string.format("%5c|%-5c|", 65, 66)
return string.format("%e %E %.0e %.3e", 12345.678, 0.00012, 15, 1e100), string.format("%f %.0f %.2f %10.3f|%-10.1f|%+f", 1.5, 2.5, 1.005, 3.14159, 2, 3), string.format("%#.0f %#.0e", 3, 3)
return string.format("%g %g %g %g %g %G", 100000, 1000000, 1e-4, 1e-5, 0.1, 1e-10), string.format("%.3g %#.3g %.14g %.17g %10.2g|", 1/3, 1, 0.1, 0.1, 123), string.format("%.0g %#g", 123, 1)
return string.format("%5.1f|%-8.1f|%08.1f|%f|%g|%e", 1/0, -1/0, 1/0, 1/0, -1/0, 1/0), string.format("%+d %+g % g", 5, 1.5, 1.5), string.format("%d", -0.0), string.format("%.1f", -0.04)
return string.format("%s %s", "a", 1), string.format("%10s|%-10s|%.2s|%5.1s|%.0s|", "abc", "abc", "abc", "abc", "abc"), string.format("%.3s|%6s|", "äöü", "äöü"), string.format("%s", 0.1), string.format("%5s|", 1.5)
return string.format("%q", "a\nb\\c\"d\re"), string.format("%q", 5), string.format("%q", ""), string.format("%%")
return string.format("%q", {})
return string.format("%d", "x")
return string.format("%d", nil)
return string.format("%d", {})
return string.format("%d")
return string.format("%s")
return string.format("%q")
return string.format("%y", 1)
return string.format("%")
return string.format("%10")
return string.format("%-+ #0d|", 5)
return string.format("%100d", 1)
return string.format("%.100f", 1)
return string.format("%1.2.3d", 1)
return string.format("%--5d", 1), string.format("a", 1, 2), string.format(5)
return string.format()
return string.format("%.20f %.15g %.99f", 0.1, 0.1, 1)
return table.concat({}), table.concat({1, 2, 3}), table.concat({1, 2, 3}, ", "), table.concat({1, 2, 3}, "-", 2), table.concat({1, 2, 3}, "-", 2, 3), table.concat({1, 2, 3}, "-", 3, 2), table.concat({1, 0.1, "x"}, 5), table.concat({1, 2, 3}, ",", "2", "3")
return table.concat({1, nil, 3}, ",", 1, 3)
return table.concat({{}})
return table.concat({true})
return table.concat({1, 2}, ",", 1, 3)
return table.concat({1, 2}, ",", 0)
return table.concat({[0] = "z", "a", "b"}, ",", 0), table.concat({[-1] = "y", [0] = "z", "a"}, ",", -1, 1)
return table.concat()
return table.concat(5)
return table.concat({}, {})
local t = {1, 2, 3} table.insert(t, 4) table.insert(t, 1, 0) table.insert(t, 3, "x") return t
local t = {1, 2, 3} table.insert(t, 0, "x") return t
local t = {1, 2, 3} table.insert(t, -2, "x") return t
local t = {1, 2, 3} table.insert(t, 4, "x") table.insert(t, 6, "y") return t, t[6]
local t = {} table.insert(t, "1", "x") table.insert(t, 1.9, "y") return t
local t = {1, 2} table.insert(t, nil) return t, #t
table.insert({})
table.insert({}, 1, 2, 3)
table.insert(nil, 1)
table.insert({}, "x", 1)
table.insert({}, nil, 1)
local t = {1, 2, 3} return table.remove(t), table.remove(t, 1), t, #t
local t = {1, 2, 3} return table.remove(t, 0), t
local t = {1, 2, 3} return table.remove(t, 4), t
local t = {1, 2, 3} return table.remove(t, 5), t
local t = {1, 2, 3} return table.remove(t, -1), t
local t = {[0] = "z"} return table.remove(t, 0), t
local t = {} return select("#", table.remove(t)), select("#", table.remove({1})), select("#", table.remove({1}, 3))
local t = {1, 2, 3} return table.remove(t, "2"), table.remove(t, 1.9), t
table.remove()
table.remove({}, "x")
return table.remove({}, nil)
return table.maxn({}), table.maxn({1, 2, 3}), table.maxn({[10] = 1}), table.maxn({[2.5] = 1}), table.maxn({[-1] = 1}), table.maxn({1, nil, 3}), table.maxn({[1e10] = 1, [5] = 2}), table.maxn({x = 1}), table.maxn({[100] = nil})
return table.maxn()
return table.getn({1, 2, 3}), table.getn({})
local t = {5, 2, 8, 1} table.sort(t) return t
local t = {5, 2, 8, 1} table.sort(t, function(a, b) return a > b end) return t
local t = {"b", "a", "C", "10", "9"} table.sort(t) return t
local t = {0.1, -1, 1/0, -1/0, 3} table.sort(t) return t
table.sort({1, "x"})
table.sort({{}, {}})
table.sort({1, 2, 3}, 5)
table.sort({3, 2, 1}, function() error("x", 0) end)
table.sort()
local t = {3, 1} table.sort(t, nil) return t
local r = {} table.foreachi({1, 2, 3}, function(i, v) r[i] = v * 2 end) return r, table.foreachi({1, 2, 3}, function(i, v) if v == 2 then return "found" end end)
local n = 0 table.foreach({a = 1, b = 2, 3}, function(k, v) n = n + v end) return n, table.foreach({x = 5}, function(k, v) return k end)
table.setn({}, 1)
return math.abs(-5), math.ceil(1.2), math.floor(-1.2), math.ceil(-1.2), math.floor(1e300) == 1e300, math.abs("-3"), math.floor("1.5"), math.sqrt(16), math.sqrt(2)
return math.abs()
return math.abs(nil)
return math.abs("x")
return math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3), math.fmod(5.5, 2), math.fmod(1, 0) == 0, math.fmod(-6, 2), math.mod(-7, 3), math.mod(7, -3)
return math.fmod(5, 1/0), math.fmod(-5, 1/0)
return math.modf(3.7), math.modf(-3.7), math.modf(5), math.modf(-5), math.modf(1/0), math.modf(-1/0), math.modf(0.5)
return math.frexp(8), math.frexp(0), math.frexp(-3.5), math.frexp(1e-300), math.ldexp(0.5, 4), math.ldexp(1, -2), math.ldexp("0.5", "3"), math.ldexp(1, 2.9)
return math.max(1, 5, 3), math.min(1, 5, 3), math.max("10", 9), math.min(-1/0, 0), math.max(1), math.max(0/0, 1) ~= 1, math.max(1, 0/0)
return math.max()
return math.min()
return math.max(1, {})
return math.pow(2, 10), math.pow(2, -1), math.pow("2", "3"), math.deg(math.pi), math.rad(180), math.exp(0), math.exp(1), math.log(10), math.log(1), math.log10(1000), math.log10(100), math.log10(0.001), math.log10(2), math.log(0)
return math.floor(math.log10(1000)), math.log10(1e15), math.log10(1e-5), math.log10(1e300), math.log10(0), math.log10(-1) == 0
return math.sin(0), math.cos(0), math.tan(0), math.sin(1), math.cos(1), math.tan(1), math.asin(1), math.acos(1), math.atan(1), math.atan2(1, -1), math.atan2(0, -1), math.sinh(1), math.cosh(1), math.tanh(1), math.sin(math.pi / 2), math.cos(math.pi)
return math.random(0)
return math.random(2, 1)
return math.random(1, 2, 3)
return math.random("x")
return math.random(5, 5), math.random(1), math.random("3", "3"), math.random(1.9), math.random(-1.5, -1)
local x = math.random() return x >= 0 and x < 1
for i = 1, 100 do local x = math.random(3) if x < 1 or x > 3 or x % 1 ~= 0 then return x end local y = math.random(-2, 2) if y < -2 or y > 2 then return y end end
math.randomseed(5) local a = math.random(1000) math.randomseed(5) return a == math.random(1000), select("#", math.randomseed(1))
math.randomseed()
return os.time{year = 2026, month = 1, day = 1}, os.time{year = 2026, month = 1, day = 1, hour = 0}, os.time{year = 2026, month = 13, day = 32, hour = 25, min = 61, sec = 61}, os.time{year = 2026, month = 0, day = 0}, os.time{year = "2026", month = "2", day = "3"}
return os.time{year = 2024, month = 2, day = 30}, os.time{year = 1970, month = 1, day = 1, hour = 0, sec = -1}, os.time{year = 1969, month = 12, day = 31, hour = 23, min = 59, sec = 58}, os.time{year = 2026, month = 1.9, day = 1}
return os.time{}
return os.time{year = 2026}
return os.time{year = 2026, month = 1}
return os.time{month = 1, day = 1}
return os.time{year = "x", month = 1, day = 1}
return os.time{year = 2026, month = 1, day = 1, hour = "x", min = {}}
return os.time(setmetatable({}, {__index = {year = 2026, month = 5, day = 6}}))
return os.time("x")
return os.time(5)
return type(os.time()), type(os.time(nil)), type(os.clock()), type(os.date())
return os.date("*t", 0), os.date("!*t", 1234567890)
return os.date("!*t", 1767225600).yday, os.date("!*t", 1735689599).yday, os.date("*t", 951782400)
return os.date("!%a %A %b %B %c %d", 0), os.date("!%H %I %j %m %M %p", 47000), os.date("!%S %U %w %W %x %X %y %Y %%", 1e9), os.date("!%C %D %e %F %g %G %h %k %l %n %r %R %s %t %T %u %V %z", 1e9)
return os.date("%c", 0), os.date("!%c", 86400 * 365), os.date("%x %X", "86400"), os.date("", 0), os.date("!", 0), os.date("plain", 0), os.date("!!%H", 3600), os.date("%", 0), os.date("a%", 0), os.date("%Q %E %O %+", 0)
return os.date("*tx", 0), os.date("*T", 0), os.date("%Z", 0), os.date("!%Z", 0)
return os.date("!%p %I", 0), os.date("!%p %I", 43200), os.date("!%j", 31535999), os.date("!%U %V %W %G", 1230768000), os.date("!%d", 1.9), os.date("!%H:%M:%S", -1)
return os.date("!%c", 1e18)
return os.date("%c", "x")
return os.date({})
return os.date(5, 0)
return os.difftime(5, 3), os.difftime(5), os.difftime("5", 1.5), os.difftime(1.9, 0.2)
return os.difftime()
for i = 1, 3 do local j = i i = 10 end local r = {} for i = 1, 3 do r[#r + 1] = i i = 10 end return r
local r = {} for i = 1, 2, 0.25 do r[#r + 1] = i end return r
local r = {} for i = 0, 1, 0.1 do r[#r + 1] = i end return #r, r[4], r[#r]
local r = {} for i = 3, 1 do r[1] = i end for i = 1, 3, -1 do r[1] = i end return #r
local n = 0 for i = 10, 1, -3 do n = n * 10 + i end return n
local n = 0 for i = "1", "3", "1" do n = n + i end return n, n == 6
local n = 0 for i = " 0x2", 4 do n = n + i end return n
for i = "x", 2 do end
for i = 1, "x" do end
for i = 1, 2, "x" do end
for i = nil, 2 do end
for i = 1, nil do end
for i = 1, 2, {} do end
local n = 0 for i = 1, 2, 0 do n = n + 1 end return n
local n = 0 for i = 2, 1, 0 do n = n + 1 if n > 5 then break end end return n
local n = 0 for i = 1, 0/0 do n = n + 1 end for i = 0/0, 1 do n = n + 1 end return n
local n = 0 for i = 1, 1/0 do n = n + 1 if n > 5 then break end end return n
local n = 0 for i = -1/0, 0 do n = n + 1 if n > 5 then break end end return n
for i in 5 do end
for i in {} do end
for i in nil do end
local n = 0 for a, b, c in function(s, i) i = i + 1 if i < 4 then return i, i * 2 end end, nil, 0 do n = n + a + b n = c and 100 or n end return n
local n = 0 while true do n = n + 1 if n > 3 then break end end repeat local k = n n = n - 1 until k < 2 return n
local i = 1 repeat local done = i > 3 i = i + 1 until done return i
local function f(...) local a, b = ... return a, b, select("#", ...) end return f(), f(1), f(1, 2, 3)
local function f(...) return ... end return (f(1, 2)), f(1, 2), f()
local function f(a, b) return b, a end return f(1), f(1, 2, 3), (f(1, 2))
local function f(...) return arg ~= nil and arg.n end return f(1, nil, 3), f()
local function f(...) local n = select("#", ...) return n, arg end return f(1, 2)
local function f(...) return type(arg), arg.n, arg[1], #arg end return f("x", "y")
local t = {f = function(self, x) return self.v + x end, v = 5} return t:f(1), t.f(t, 2), t["f"](t, 3)
local t = {a = {b = {}}} function t.a.b.f(x) return x end function t.a.b:g(x) return self == t.a.b, x end return t.a.b.f(1), t.a.b:g(2)
local t = {} return t:nothing()
local t = nil return t.x
local t = {} return t.x.y
return undefinedglobal
return undefinedglobal.x
undefinedglobal()
local s = "x" return s()
local a = {} a.b.c = 1
return {} .. "x"
return nil .. "x"
return "x" .. true
return 1 .. {}
return print .. ""
local a, b, c = 1 return a, b, c
local a, b = 1, 2, 3 return a, b
local a = 1 local a = a + 1 do local a = a * 10 end return a
local a <const> = 1
local x = 1 do local x = 2 end return x
local function f(n) if n == 0 then return 0 end return n + f(n - 1) end return f(100)
local function f(n) if n == 0 then return "done" end return f(n - 1) end return f(10000)
local f = function() return f end return f()
local i, t = 1, {} i, t[i] = i + 1, 20 return i, t
local t = {1, 2} t[1], t[2] = t[2], t[1] return t
local a, b, c = 0, 0, 0 a, b, c = 1, 2 return a, b, c
local t = {} t.x, t.x = 1, 2 return t.x
local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v .. "!") end}) t.a, t.b = "x", "y" return t
local r = {} local t = setmetatable({}, {__index = function(_, k) r[#r + 1] = k return k end}) local x = t.a .. t.b .. t.c return x, r
local r = {} local function f(x) r[#r + 1] = x return x end local x = {f(1), f(2), [f(3)] = f(4)} return r
local r = {} local function f(x) r[#r + 1] = x return x end local x = f(1) + f(2) * f(3) ^ f(2) return x, r
local r = {} local function f(x) r[#r + 1] = x return x end local x = f(1) < f(2), f(3) > f(2) return x, r
local co = coroutine.create(function(a, b) local c = coroutine.yield(a + b) local d, e = coroutine.yield(c * 2) return d + e end) return coroutine.resume(co, 1, 2), coroutine.resume(co, 10), coroutine.resume(co, 3, 4), coroutine.resume(co), coroutine.status(co)
local f = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) return f(), f(), f(), f()
local f = coroutine.wrap(function() error("x", 0) end) return pcall(f)
return coroutine.status(coroutine.create(function() end)), type(coroutine.running()), select("#", coroutine.running())
return (pcall(coroutine.create, 5))
return (pcall(coroutine.resume, 5))
return (pcall(coroutine.yield, 1))
local co co = coroutine.create(function() return coroutine.status(co), (coroutine.resume(co)) end) return coroutine.resume(co)
local r = {} for w in coroutine.wrap(function() coroutine.yield("a") coroutine.yield("b") end) do r[#r + 1] = w end return r
local t = setmetatable({}, {__index = {x = 1}}) return t.x, rawget(t, "x"), t.y
local t = setmetatable({}, {__call = function(self, a, b) return a, b, self ~= nil end}) return t(1, 2), pcall(t, 3)
local t = setmetatable({}, {__call = setmetatable({}, {__call = print})}) return t()
local m = {__lt = function(a, b) return a.v < b.v end} local a, b = setmetatable({v = 1}, m), setmetatable({v = 2}, m) return a < b, a > b, a <= b, a >= b, not (a < b)
local m = {__le = function(a, b) return a.v <= b.v end} local a, b = setmetatable({v = 1}, m), setmetatable({v = 2}, m) return a <= b, (pcall(function() return a < b end))
local m = {__concat = function(a, b) return type(a) .. type(b) end} local t = setmetatable({}, m) return t .. 1, 1 .. t, t .. "x" .. "y", "x" .. "y" .. t, 0.5 .. t
local m = {__unm = function(a, b) return rawequal(a, b) end} return -setmetatable({}, m)
local m = {__len = function() return 42 end} return pcall(function() return #setmetatable({}, m) end)
local m = {__add = function(a, b) return "add" end} local t = setmetatable({}, m) return t + 1, 1 + t, "x" + t, t + "10", "10" + t, (pcall(function() return t - 1 end))
local m = {__eq = function() return true end} local a, b = setmetatable({}, m), setmetatable({}, m) return a == b, a ~= b, a == setmetatable({}, {}), a == 1
local p = setmetatable({}, {__index = string}) return p.rep("x", 3)
getmetatable("").__index = function(s, i) if type(i) == "number" then return s:sub(i, i) end return string[i] end local s = "abc" local r = s[2] .. s:upper() getmetatable("").__index = string return r
return (pcall(string.rep))
return string.rep(nil, 1)
return ("x"):rep({})
return _VERSION, type(_G), _G._G == _G
x1 = 5 local r = x1 x1 = nil return r, x1, rawget(_G, "x1")
_G.y1 = 6 local r = y1 y1 = nil return r
return 0x10, 0xff, 0XA, 1e2, 1E2, 1e+2, 1e-2, .5, 5., 3.25, 010, 0010, 0x0, 1e400, 0xffffffffffffffff, 0xfffffffffffffffff
return 9007199254740993, 2 ^ 53 - 1, -123456789012345
return 1e15 .. "", tostring(1e14), ("%s"):format(2 ^ 50), table.concat{1e15}
return 1e14 - 1, 2 ^ 53 + 2, 1e14 + 0.5, -(1e14 - 1)
return 1e
return 0x
return 0xg
return 1..2
return 3x
return 1.2.3
return 08, 00, 007.5, 0e5
return "\65\066\0067", "\97b", "\x41", "\z", "\q", "a\
b"
return "\300"
return "\999"
return '\'"', "'\"", '\a\b\f\n\r\t\v\\' == "\7\8\12\10\13\9\11\92"
return #"\0a", "a\0b" == "a\0b", #("a\0b"):rep(2), ("a\0b"):byte(1, -1)
return [[a]], [=[b]]]=], [==[c]=]]==], #[[]], [[ [x] ]]
return "unfinished
return 'a" .. 'b'
return [[unfinished
return 5 -- comment
return --[[ inner ]] 5
return --[==[ ]] ]=] ]==] 6
local a = 1; local b = 2; return a + b;
return return
local 1 = 2
if true then
end
break
local function = 5
x = = 1
goto = 5
return a b
for i do end
local t = {1, 2; 3, x = 4, ["y"] = 5, [9] = 7;} return t
return {1, 2, 3,}, {;}
local a = {} a["x y"] = 1 a.z = 2 return a["x y"], a["z"]
return (function(...) return select("#", ...) end)(nil, nil)
return #"x" == 1 and "yes" or "no"
return 1 --[[x]] + --[[y]] 2
return ("x"):upper(), #"abc" + 1, -("2"), not not nil
f = function() return 1 end local r = f() f = nil return r
local t = {} t.f = function(...) return select("#", ...) end return t.f(), t:f(), t.f(nil)
print "x" return type{} , type"x", type[[x]], #{type{}}
return 2^63, -2^63, 2^64, 2^53 - 1 == 2^53 - 1, 1e15 == 10^15
local f = function() return f end return f()
local type = function(x) return "<" .. type(x) .. ">" end return type(1)
local function f(n) return n > 0 and f(n - 1) or f end return type(f(3))
local f, g = function() return f end, function() return g end return f(), g()
repeat local f = function() return f end until (function() local g = function() return g end return g() == nil and f() == nil end)()
local f = function() local f = function() return f end return f end return type(f()), f()()
local t, f = {}, nil f, t.x = function() return f end, function() local h = function() return h end return h() end return type(f()), t.x()
return 12345678901234, 99999999999999, 10000000000000, -12345678901234
return 5 // 2
return 5 & 2
return 1 ~= 2, 1 != 2
return a.b:c
return ("x"):rep(3, ",")
return string.gsub("abc", ".", {a = 1, b = true, c = false})
return string.gsub("abc", "(a)(b)", "%2%1")
return string.gsub("abc", "%f[%w]%w+", "X")
return string.find("a\nb", "a.b")
return string.gsub("hello world", "o", "0", "1")
return string.gsub("abc", "", "-", 2)
return string.gsub("abc", "b", "%%")
return string.gsub("abc", "b", "%x")
return string.find("abc", "[")
return string.find("abc", "%")
return string.match("abc", "(")
return string.match("x=1", "(%w)=(%w)", -3)
return string.gmatch("abc", "b")()
return string.gmatch()
return string.gmatch("abc")
return string.gsub("abc", "b", "x", -1)
return string.find("abc", "b", nil, true)
return string.find("", "", 2)
return string.format("%s", setmetatable({}, {__tostring = function() return "T" end}))
return string.format("%5s|%-5s|", true and "a", "b")
return #string.format("%99s", "x")
return tostring(setmetatable({}, {__tostring = function() return 5 end}))
return tostring(setmetatable({}, {__tostring = function() return nil end}))
return ipairs({}, 1)
return next({}, nil)
return type(next, 1)
return select("#", table.insert({}, 1))
return select("#", print)
return select('#', table.sort({}))
return math.floor(-0.0), math.abs(-0.0)
return math.max(1, 2, "3")
return tonumber("  0x  "), tonumber("0x 1"), tonumber("1 2"), tonumber("1e 2")
return tonumber(" -0x1 "), tonumber("+-1"), tonumber("--1"), tonumber("+0x1")
return 1e308 + 1e308 == math.huge, -(0/0) ~= 0
return "a" .. 1e15 / 7 .. "b", 1e-310 .. ""
return 2^1023 .. "", 5e-324 .. "", 1.7976931348623157e308 .. ""
local t = {} for i = 1, 10 do t[i] = i end for i = 1, 10 do t[i] = nil end return #t, next(t)
local t = {1,2,3} t[5] = 5 t[4] = 4 return #t
local t = {n = 0} t.n = t.n + 1 t["n"] = t["n"] + 1 return t.n
local a = {} local b = a b.x = 1 return a.x, a == b
local s = 0 for k, v in pairs({10, 20, 30, a = 40}) do s = s + v end return s
local function f(a, ...) local b = ... return a, b, ... end return f(1, 2, 3)
return (function() local t = {} for i, v in ipairs({"a", "b"}) do t[v] = i end return t end)()
local t = {} t[1] = 1 t["1"] = 2 return t[1], t["1"]
local x = 10 local function f() x = x + 1 return x end return f() + f() * x
local t = {f = function() return 1, 2, 3 end} return {t.f(), t.f()}
return (("a"):rep(3)), ("a"):rep(2):upper()
return 5 == 5.0, "5" == 5, 0x10 == 16, 1e1 == 10
while false do end return "ok"
local i = 0 while i < 3 do i = i + 1 if i == 2 then break end end return i
for i = 1, 3 do for j = 1, 3 do if j == 2 then break end end end return "ok"
local t = {} for i = 3, 1, -1 do t[#t + 1] = i end return table.concat(t, ",")
local f f = function(n) if n <= 1 then return 1 end return n * f(n - 1) end return f(20), f(10)
return string.format("%-10s|%10.4f|%+d", "hi", math.pi, 7)
return os.date("!%Y-%m-%dT%H:%M:%SZ", 1700000000)
return os.time({year=2026,month=3,day=1,hour=12,isdst=false})
return os.time{year=2026, month=1, day=1} - os.time{year=2025, month=1, day=1}
return unpack({1, 2, 3}, 3, 2)
return unpack({1, 2}, 1e10)
return string.sub("hello", -100, 100), string.sub("hello", 4, -1), string.sub("", 1)
return string.byte("hello", -2, -1)
return ("test"):byte(1, 2), ("test"):find("t", 2)
return pcall(next, {}, {}) == false
local t = setmetatable({}, {__index = function(t, k) return k * 2 end}) return t[5], t[1.5]
local t = setmetatable({1, 2}, {__newindex = function() error("ro", 0) end}) t[1] = 5 return t[1], (pcall(function() t[3] = 1 end))
local mt = {__index = {}} mt.__index.greet = function(self) return "hi " .. self.name end return setmetatable({name = "x"}, mt):greet()
local A = {} A.__index = A function A.new(v) return setmetatable({v = v}, A) end function A:get() return self.v end local B = setmetatable({}, {__index = A}) B.__index = B local b = setmetatable({v = 7}, B) return b:get()
return rawget(_G, "string") == string, _G["math"].pi == math.pi
local ok, e = pcall(function() local x = nil; x.y = 1 end) return ok, type(e)
local ok, e = pcall(error, {code = 1}) return ok, e.code
return select(2, pcall(error, "msg", 0))
return xpcall(function() error({1}) end, function(e) return e[1] end)
return pcall(pcall, error, "x")
return pcall(setmetatable, {}, {}) 
return type(os.clock()) == "number", os.clock() >= 0
local t = table.concat({}, ",", 1, 0) return t == ""
return table.concat({1, 2, 3}, ", ", -1, 0) == nil
return table.remove({1, 2, 3}, 1), table.remove({}, 1)
local t = {1, 2, 3, 4} table.remove(t, 2) table.remove(t, 2) return t
local t = {} table.insert(t, 1, "a") table.insert(t, 1, "b") table.insert(t, 2, "c") return t
local t = {5, 3, 1} table.sort(t, function(a, b) return a < b end) return unpack(t)
local t = {{n=2},{n=1}} table.sort(t, function(a, b) return a.n < b.n end) return t[1].n
local t = {"b", "B", "a", "A", "_", "1"} table.sort(t) return table.concat(t)
local t = {1, nil, 3} return t[3], select("#", unpack(t, 1, 3))
return ("%s=%s"):rep(2, "&")
return ...
local a, b = ... return a, b
return -2 ^ 2, (-2) ^ 2, 2 ^ -2 ^ 2, not 1 == nil, 1 .. 2 .. 3, "a" < "b" == true
return 7 / 2, 7 % 2.5, -7 / 2, 0 / 1, 1 / 3 * 3 == 1
return 3 % -2, -3 % 2, 3.5 % -2, -3.5 % 2, 0 % 3, 6 % 3, -6 % 3 == 0
return 1 < 2 and 2 < 3, 1 > 2 or 2 > 1, not (1 > 2)
return math.fmod(3, -2), math.fmod(-3, 2), math.fmod(3.5, -2)
return math.floor(3.7), math.ceil(3.2), math.floor(-3.7), math.ceil(-3.2), math.floor(2^40 + 0.5)
return string.format("%d", 2^31), string.format("%d", -2^31), string.format("%d", 2^53), string.format("%.0f", 2^63)
return string.format("%x", 2^32), string.format("%X", 2^53), string.format("%o", 2^31)
return string.format("%5.3s|%.10s|%-8.2s|", "abcdef", "abc", "xyz")
return string.format("%q", "\0\1\127\200"), string.format("%q", "tab\t")
return ("%c"):format(0) == "\0", #("%c"):format(0)
return string.format("%i", 1.5), string.format("%3d|%-3d|%03d", 1, 1, 1)
return string.format("%.3f", 2/3), string.format("%.0f", 0.5), string.format("%.0f", 1.5), string.format("%.2f", 2.675), string.format("%5.1f", -0.05)
return string.format("%e", 0), string.format("%g", 0), string.format("%g", 1e15), string.format("%g", 123456), string.format("%g", 1234567)
return string.format("%a", 1)
return string.format("%F", 1)
return string.format("%ld", 1)
return string.format("%*d", 1, 2)
return string.format("%5", 1)
return string.format("%#q", "x")
return string.format("%10q", "x")
return string.format("%.3q", "x")
return string.format("%+s", "x")
return string.format("%05s", "x")
return string.format("%p", {})
return string.format("%n", 1)
goto x ::x:: return 1
do return 1 end return 2
local function f() do return 1 end end return f()
if 0 then return "zero is true" end
if "" then return "empty is true" end
return nil == false, not nil == not false
local a <close> = 1
return "\x41", "\065", "\65x", "\0650"
return 0xA, 0Xa, 0xAp1
return 1E+2, 1e-2, .5e1, 5.e1
return 1;;
;return 1
return a.b.c
return f"x"
local t = {f = function(self, x) return x end} return t:f"x", t:f{1}[1], t:f[[y]]
do break end return 1
while true do break local x = 1 end return 1
return 2and 3
`

// lua51Lexical are programs of several lines.
var lua51Lexical = []string{
	"return [[\nfirst newline]], [[\r\nx]], [[a\r\nb]], [[a\nb]]",
	"return 'a\\\nb', \"x\\\r\ny\"",
	"--[[ several\nlines ]] return 1",
	"--[ one line\nreturn 2",
	"--[==[\n]]\n]==]\nreturn 3",
	"--[=[ x ]==] ]=] return 4",
	"-- ]] \nreturn 5",
	"local a = 1 -- x\n-- y\nreturn a",
	"return\n1,\n2",
	"local f = function(x) return x end\nlocal y = f\n'z'\nreturn y",
	"local t = {\n1,\n2,\n}\nreturn #t",
	"return 1,\n--[[x]]\n2 --y\n",
	"local s = 'a' ..\n'b' ..\n1.5\nreturn s",
	"return #[[\n\n]], #[[\n]]",
	"if nil then\nreturn 1\nelse\nreturn 2\nend",
	"local f = type\n(f)(1)",
	"return [[ a [[ b ]] ",
	"return 'a\\\nb', 'a\\z  b', \"\\u{41}\"",
	"return 'tab\tin', 'nul\\0', #'\\0\\00\\000'",
}
