package luabox_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
)

var limits = luabox.Limits{
	Timeout: 10 * time.Second, Source: 1 << 16, String: 1 << 16, Memory: 4 << 20, PatternSteps: 100_000, FormatWidth: 99, Registry: 1 << 16, CallStack: 200,
}

// script runs a script and returns its first result.
func script(t *testing.T, s *luabox.State, ctx context.Context, source string) (result lua.LValue, err error) {
	t.Helper()
	err = s.Run(ctx, func(L *lua.LState) error {
		f, err := s.Load(source)
		if err != nil {
			return err
		}
		L.Push(f)
		L.Call(0, 1)
		result = L.Get(-1)
		return nil
	})
	return result, err
}

func state(t *testing.T, o luabox.Options) *luabox.State {
	t.Helper()
	o.Name, o.Limits = "test.lua", limits
	s, err := luabox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Each failure comes back with its kind, its position and its cause.
func TestErrors(t *testing.T) {
	cause := errors.New("told by the host")
	for _, c := range []struct {
		name, source string
		kind         luabox.Kind
		where, text  string
	}{
		{"syntax", "x = = 1", luabox.KindSyntax, "test.lua:1", "syntax error"},
		{"raised text", "\nerror('x')", luabox.KindRuntime, "test.lua:2", "x"},
		{"raised table", "error({message = 'x'})", luabox.KindRuntime, "test.lua:1", "x"},
		{"raised by the host", "fail()", luabox.KindRuntime, "test.lua:1", "told by the host"},
		{"panic of the host", "bug()", luabox.KindRuntime, "test.lua:1", "Internal error in bug: string"},
		{"string", "return ('x'):rep(1e6)", luabox.KindRuntime, "test.lua:1", "longer than 65536 bytes"},
		{"memory", "pcall(function() local t = {} while true do t[#t + 1] = {} end end) return 1", luabox.KindLimit, "test.lua:1", "bytes in memory"},
		{"nesting", strings.Repeat("(", 300), luabox.KindLimit, "test.lua:1", "too complex"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := state(t, luabox.Options{})
			L := s.Base()
			L.SetGlobal("fail", L.NewFunction(s.Wrap("fail", func(L *lua.LState) int { s.Raise(L, cause); return 0 })))
			L.SetGlobal("bug", L.NewFunction(s.Wrap("bug", func(*lua.LState) int { panic("a secret") })))
			_, err := script(t, s, t.Context(), c.source)
			var e *luabox.Error
			if !errors.As(err, &e) || e.Kind != c.kind || e.Where != c.where || !strings.Contains(e.Message, c.text) {
				t.Errorf("got %#v", err)
			}
		})
	}
}

// An error made by MakeError passes for a string, and Run returns its cause.
func TestErrorValue(t *testing.T) {
	var s *luabox.State
	s = state(t, luabox.Options{ErrorValue: func(L *lua.LState, err error) lua.LValue {
		v := L.NewTable()
		s.MakeError(L, v, err, 0)
		return v
	}})
	cause := errors.New("no such call")
	L := s.Base()
	L.SetGlobal("fail", L.NewFunction(s.Wrap("fail", func(L *lua.LState) int { s.Raise(L, cause); return 0 })))
	_, err := script(t, s, t.Context(), `local ok, e = pcall(fail) assert(not ok and e:upper() == "NO SUCH CALL" and e .. "!" == "no such call!") error(e)`)
	if !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

// Globals of a reusable state stay, and what is canceled is over.
func TestReusable(t *testing.T) {
	s := state(t, luabox.Options{Reusable: true})
	if _, err := script(t, s, t.Context(), "x = 7"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	_, err := script(t, s, ctx, "while true do end")
	var e *luabox.Error
	if !errors.As(err, &e) || e.Kind != luabox.KindCanceled || !errors.Is(err, context.Canceled) || e.Interrupted == nil || s.Abandoned() {
		t.Errorf("got %#v", err)
	}
	if v, err := script(t, s, t.Context(), "return x"); err != nil || v != lua.LNumber(7) {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestIncomplete(t *testing.T) {
	for _, c := range []struct {
		source string
		want   bool
	}{
		{"", false}, {"x", false}, {"1 +", true}, {"f(", true}, {"for i = 1, 2 do", true}, {"for i = 1, 2 do\nprint(i)\nend", false},
		{"x =", true}, {"x = {", true}, {"x = { a = 1,\n", true}, {"if x then\nelse", true}, {"function f()", true}, {"return function()", true},
		{"x = [[one", true}, {"x = [[one\ntwo]]", false}, {"a.", true}, {")", false}, {"x = = 1", false}, {`"open`, false}, {"end", false}, {"x = }", false},
		{"repeat", true}, {"-- remark", false},
	} {
		if got := luabox.Incomplete(c.source); got != c.want {
			t.Errorf("%q: %v", c.source, got)
		}
	}
}
