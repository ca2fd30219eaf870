package binding_test

import "testing"

// TestNamesOfOperands: an error about a value that cannot be called or indexed names it as Lua 5.1 does, or not at all.
func TestNamesOfOperands(t *testing.T) {
	r := runner(t, "http://127.0.0.1:9")
	for _, c := range []struct{ source, want, hint string }{
		{"pirnt(1)", "attempt to call global 'pirnt' (a nil value)", ""},
		{"local x; x()", "attempt to call local 'x' (a nil value)", ""},
		{"local t = {} return t.f()", "attempt to call field 'f' (a nil value)", ""},
		{"local t = {} t:go()", "attempt to call method 'go' (a nil value)", ""},
		{"local u; local function f() return u.x end f()", "attempt to index upvalue 'u' (a nil value)", ""},
		{"local a = { b = {} } a.b.c.d = 1", "attempt to index field 'c' (a nil value)", ""},
		{"local a, b = {} ; local c = b.x", "attempt to index local 'b' (a nil value)", ""},
		{"f = 5 f()", "attempt to call global 'f' (a number value)", ""},
		{"do local gone = 1 end local x; x.y = 1", "attempt to index a nil value", ""},
		{"(a or b)()", "attempt to call a nil value", ""},
		{"local a = {} return a[1].z", "attempt to index a nil value", ""},
		{"(function() end)()()", "attempt to call a nil value", ""},
		{"local f = coroutine.wrap(function() g() end) f()", "test.lua:1: attempt to call a non-function object", ""},
		{"error('attempt to call a non-function object', 0)", "attempt to call a non-function object", ""},
		{"os.exit()", "attempt to call field 'exit' (a nil value)", "os.exit is not available in the sandbox"},
		{"return io.open('x')", "attempt to index global 'io' (a nil value)", "io is not available in the sandbox"},
		{"require 'socket'", "attempt to call global 'require' (a nil value)", "require is not available in the sandbox"},
		{"string.dump(print)", "attempt to call field 'dump' (a nil value)", "string.dump is not available in the sandbox"},
		{"local os = {} os.exit()", "attempt to call field 'exit' (a nil value)", ""},
	} {
		t.Run(c.source, func(t *testing.T) {
			failed := fails(t, r, c.source)
			want(t, "message", failed.Message, c.want)
			want(t, "hint", failed.Hint, c.hint)
		})
	}
}
