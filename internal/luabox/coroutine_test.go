package luabox_test

import (
	"context"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
	"go.uber.org/goleak"

	"github.com/aircallkit/aircallkit/internal/luabox"
)

// Coroutines stay suspended from one Run to the next, and those that a Run was in when it ended are dead.
func TestCoroutinesAcrossRuns(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	s := state(t, luabox.Options{Reusable: true})
	ctx, cancel := context.WithCancel(t.Context())
	L := s.Base()
	L.SetGlobal("cancel", L.NewFunction(func(*lua.LState) int { cancel(); return 0 }))
	for _, c := range []struct{ name, source, want string }{
		{"made", `
			waiting = coroutine.create(function(a) while true do a = a + coroutine.yield(a) end end)
			inner = coroutine.create(function() coroutine.resume(waiting, 1) cancel() while true do end end)
			middle = coroutine.wrap(function() coroutine.resume(inner) end)
			outer = coroutine.create(function() pcall(middle) end)
			return coroutine.status(outer)`, "suspended"},
		{"canceled", `coroutine.resume(outer)`, "The script was canceled."},
		{"their status", `return coroutine.status(outer) .. " " .. coroutine.status(inner) .. " " .. coroutine.status(waiting)`, "dead dead suspended"},
		{"the running one", `return tostring(coroutine.running())`, "nil"},
		{"a dead one", `return select(2, coroutine.resume(inner))`, "cannot resume dead coroutine"},
		{"a dead one that was wrapped", `return select(2, pcall(middle))`, "cannot resume dead coroutine"},
		{"resumed", `return select(2, coroutine.resume(waiting, 4))`, "5"},
		{"resumed by another", `return coroutine.wrap(function() return select(2, coroutine.resume(waiting, 5)) end)()`, "10"},
		{"a yield of no coroutine", `coroutine.yield(1)`, "test.lua:1: attempt to yield from outside a coroutine"},
		{"a variable of an earlier run", `local n = 0 f = coroutine.wrap(function() while true do n = n + 1 coroutine.yield(n) end end) f() return f()`, "2"},
		{"and now", `return f()`, "3"},
	} {
		v, err := script(t, s, ctx, c.source)
		if ctx.Err() != nil {
			ctx = t.Context()
		}
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = v.String()
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	goleak.VerifyNone(t, ignore)
}

// A circle of coroutines ends with an error, at once.
func TestCoroutinesInACircle(t *testing.T) {
	s := state(t, luabox.Options{})
	start := time.Now()
	v, err := script(t, s, t.Context(), `
		local a, b
		a = coroutine.create(function() return coroutine.resume(b) end)
		b = coroutine.create(function() return coroutine.resume(a) end)
		local _, _, _, text = coroutine.resume(a)
		return text`)
	if err != nil || v.String() != "cannot resume normal coroutine" || time.Since(start) > 5*time.Second {
		t.Errorf("got %v, %v after %v", v, err, time.Since(start))
	}
}
