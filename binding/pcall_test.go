package binding_test

import "testing"

// A local that a function changes before it fails is changed, and a closure that outlives an error keeps what is its own.
func TestVariablesOutliveErrors(t *testing.T) {
	r := runner(t, "")
	for _, c := range []struct{ name, source, want string }{
		{"pcall", `local n = 0 local function f() n = n + 1 error("x") end pcall(f) pcall(f) print(n)`, "2\n"},
		{"xpcall", `local n = 0 local function f() n = n + 1 error("x") end xpcall(f, tostring) xpcall(f, tostring) print(n)`, "2\n"},
		{"set outside afterwards", `local n = 0 local function f() print(n) error("x") end pcall(f) n = 5 pcall(f)`, "0\n5\n"},
		{"inside one another", `local n = 0 local function f() n = n + 1 error("x") end
			local function g() local m = 0 local function h() m = m + 1 f() end pcall(h) pcall(h) print(m) f() end pcall(g) xpcall(g, tostring) print(n)`, "2\n2\n6\n"},
		{"pcall in xpcall", `local kept xpcall(function() local a = 1 pcall(function() local b = 2 kept = function() b = b + 1 return b end error("x") end)
			local c, d = 7, 8 print(kept(), kept(), a, c, d) error("y") end, tostring) print(kept())`, "3\t4\t1\t7\t8\n5\n"},
		{"a closure from a failed call", `local kept pcall(function() local a = 1 kept = function() a = a + 1 return a end error("x") end)
			local b, c = "b", "c" print(kept(), kept(), b, c)`, "2\t3\tb\tc\n"},
		{"a closure from a handled call", `local kept xpcall(function() local a = 1 kept = function() a = a + 1 return a end error("x") end, tostring)
			local b, c = "b", "c" print(kept(), kept(), b, c)`, "2\t3\tb\tc\n"},
		{"a closure made in the handler", `local kept xpcall(error, function(e) local a = 1 kept = function() a = a + 1 return a end end) local b = "b" print(kept(), kept(), b)`, "2\t3\tb\n"},
		{"in a coroutine", `local n = 0 local co = coroutine.wrap(function() local m = 0 local function f() n, m = n + 1, m + 1 error("x") end
			pcall(f) coroutine.yield(m) pcall(f) coroutine.yield(m) end) print(co(), co(), n)`, "1\t2\t2\n"},
		{"a coroutine that fails", `local n = 0 local co = coroutine.create(function() n = n + 1 error("x") end) coroutine.resume(co) n = n + 1 print(n)`, "2\n"},
		{"what is returned", `print(pcall(function(...) return ... end, 1, nil, 3)) print(pcall(5)) print(pcall(error)) print(xpcall(function() return 1, 2 end, print))
			print(pcall(setmetatable({}, {__call = function(_, x) return x end}), 4))`, "true\t1\tnil\t3\nfalse\tattempt to call a number value\nfalse\tnil\ntrue\t1\t2\ntrue\t4\n"},
		{"a handler that fails", `local n = 0 print(xpcall(function() n = n + 1 error("x") end, function() n = n + 1 error("y", 0) end)) print(n)`, "false\terror in error handling\n221\n"},
		{"too deep", `local n = 0 local function f() n = n + 1 return 1 + f() end print((pcall(f))) local m = n pcall(f) print(n == 2 * m, n > 100)`, "false\ntrue\ttrue\n"},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, "output", run(t, r, c.source), c.want) })
	}
}
