package binding_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding"
)

func TestTimeIsBounded(t *testing.T) {
	const most = 50 * time.Millisecond
	block := make(chan struct{})
	srv := serve(t, func(request) (int, string) { <-block; return 200, `{}` })
	t.Cleanup(func() { close(block) })
	r := runner(t, srv.URL, func(c *binding.Config) { c.Limits.Timeout = most })
	for _, c := range []struct{ name, source string }{
		{"a loop", `while true do end`},
		{"a loop in pcall", `while true do pcall(function() while true do end end) end`},
		{"a loop in xpcall's handler", `xpcall(error, function() while true do end end)`},
		{"coroutines", `while true do coroutine.wrap(function() coroutine.yield() end)() end`},
		{"a loop in a coroutine", `coroutine.wrap(function() while true do end end)()`},
		{"recursion caught for ever", `local function f() f() end while true do pcall(f) end`},
		{"tail calls", `local function f() return f() end f()`},
		{"a metamethod", `local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) while true do pcall(function() return t[1] end) end`},
		{"a request", `app.integrations.aircall.get_call(1)`},
		{"a request, caught", `while true do pcall(app.integrations.aircall.get_call, 1) end`},
		{"growing text", `local s = "" while true do s = s .. "x" end`},
		{"sorting", `while true do local t = {} for i = 1, 1000 do t[i] = -i end table.sort(t, function(a, b) return a < b end) end`},
		{"a pattern", `local s = ("a"):rep(24) while true do pcall(string.find, s, ("a?"):rep(24) .. s) end`},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			failed := fails(t, r, "print(1)\n"+c.source)
			if took := time.Since(start); took > most+250*time.Millisecond+time.Second {
				t.Errorf("it took %v", took) // the second is for a busy machine
			}
			want(t, "error", failed.Type+": "+failed.Message, "timeout: The script ran longer than 50ms.")
			if !errors.Is(failed, context.DeadlineExceeded) {
				t.Errorf("cause: %v", failed.Err)
			}
		})
	}
}

// A traceback has a line for each call that left no frame; there are a million of these soon.
func TestTailCallsLeaveLittle(t *testing.T) {
	r := runner(t, "", func(c *binding.Config) { c.Limits.Timeout = 300 * time.Millisecond })
	for _, source := range []string{"local function f() return f() end f()", "local function f() return f() end while true do pcall(f) end"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		failed := fails(t, r, source)
		runtime.ReadMemStats(&after)
		want(t, "type", failed.Type, "timeout")
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 20 {
			t.Errorf("%s takes %d MB", source, mb)
		}
	}
}

func TestAScriptLeftBehind(t *testing.T) {
	block := make(chan struct{})
	defer close(block)
	r := runner(t, "", func(c *binding.Config) { c.Limits.Timeout = 20 * time.Millisecond })
	_, err := r.Run(context.Background(), "", "print(1)", binding.RunOptions{Output: writer(func([]byte) { <-block })})
	wantType(t, err, "timeout", "The script ran longer than 20ms. It did not return from a call and was abandoned.")
}

func TestCancellation(t *testing.T) {
	r := runner(t, "")
	t.Run("beforehand", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := r.Run(ctx, "", "while true do end", binding.RunOptions{})
		wantType(t, err, "canceled", "The script was canceled.")
	})
	t.Run("from outside", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		out := writer(func([]byte) { cancel() })
		res, err := r.Run(ctx, "", `print("running") while true do end`, binding.RunOptions{Output: out})
		wantType(t, err, "canceled", "The script was canceled.")
		want(t, "output", res.Output, "running\n")
	})
	t.Run("a deadline from outside", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		_, err := r.Run(ctx, "", "while true do end", binding.RunOptions{})
		wantType(t, err, "timeout", "The script ran past its deadline.")
	})
	t.Run("without its own limit", func(t *testing.T) {
		r := runner(t, "", func(c *binding.Config) { c.Limits.Timeout = -1 })
		want(t, "output", run(t, r, "print(1)"), "1\n")
	})
}

type writer func([]byte)

func (w writer) Write(p []byte) (int, error) { w(p); return len(p), nil }

func wantType(t *testing.T, err error, typ, message string) {
	t.Helper()
	var failed *binding.ScriptError
	if !errors.As(err, &failed) || failed.Type != typ || failed.Message != message {
		t.Errorf("got %v, want %s: %s", err, typ, message)
	}
}

func TestSizesAreBounded(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": oneCall})
	r := runner(t, srv.URL, func(c *binding.Config) {
		c.Limits = binding.Limits{Calls: 3, Source: 2000, Result: 1000, String: 1000, FormatWidth: 10, CallStack: 50, Registry: 5000, PatternSteps: 9000}
	})
	for _, c := range []struct{ name, source, typ, want string }{
		{"source", "-- " + strings.Repeat("x", 2000), "limit_exceeded", "The script has 2003 bytes, the most is 2000."},
		{"string.rep", `("xy"):rep(501)`, "limit_exceeded", "string.rep: the result is longer than 1000 bytes"},
		{"string.rep without end", `("x"):rep(1e308)`, "limit_exceeded", "string.rep: the result is longer than 1000 bytes"},
		{"string.format", `local s = ("x"):rep(600) return ("%s%s"):format(s, s)`, "limit_exceeded", "string.format: the result is longer than 1000 bytes"},
		{"string.format, width", `("%11d"):format(1)`, "limit_exceeded", "string.format: width and precision of '%11d' may be at most 10"},
		{"json.encode", `local s = ("x"):rep(400) json.encode({s, s, s})`, "limit_exceeded", "json.encode: the result is longer than 1000 bytes"},
		{"json.encode of doubling tables", `local t = {} for i = 1, 90 do t = {t, t} end json.encode(t)`, "limit_exceeded", "json.encode: the result is longer than 1000 bytes"},
		{"returned values", `local s = ("x"):rep(400) return s, s, s`, "limit_exceeded", "The returned values are larger than 1000 bytes of JSON."},
		{"calls", `for i = 1, 4 do app.integrations.aircall.get_call(1) end`, "limit_exceeded", "The script has reached its limit of 3 calls. No request was made."},
		{"a pattern", `local s = ("a"):rep(50) s:find(("a?"):rep(50) .. s)`, "limit_exceeded", "string.find: the pattern takes more than 9000 steps on this text; make it simpler, or the text shorter"},
		{"..", `local s = ("x"):rep(600) return s .. s`, "limit_exceeded", "..: the result is longer than 1000 bytes"},
		{"table.concat", `return table.concat({("x"):rep(600), ("y"):rep(600)})`, "limit_exceeded", "table.concat: the result is longer than 1000 bytes"},
		{"string.gsub", `return (("x"):rep(600):gsub("x", "yy"))`, "limit_exceeded", "string.gsub: the result is longer than 1000 bytes"},
		{"recursion", `local function f() return 1 + f() end f()`, "runtime_error", "stack overflow"},
		{"recursion with a handler", `xpcall(function() local function f() return 1 + f() end f() end, function(e) error(e, 0) end) error("handled", 0)`, "runtime_error", "handled"},
		{"unpack", `unpack({}, 1, 1e6)`, "runtime_error", "too many results to unpack"},
		{"arguments", `select("#", unpack({}, 1, 4999))`, "runtime_error", "registry overflow"},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed := fails(t, r, c.source)
			want(t, "error", failed.Type+": "+failed.Message, c.typ+": "+c.want)
		})
		t.Run(c.name+", caught", func(t *testing.T) {
			if c.name == "source" || c.name == "returned values" {
				t.Skip("not the script's to catch")
			}
			got := run(t, r, "local ok, e = pcall(function() "+c.source+"\nend) print(ok, (tostring(e):gsub('^test.lua:%d+: ', '')))")
			want(t, "output", got, "false\t"+c.want+"\n")
		})
	}
	t.Run("a call too many sends nothing", func(t *testing.T) {
		srv.lines()
		res, _ := r.Run(context.Background(), "", `for i = 1, 4 do app.integrations.aircall.get_call(1) end`, binding.RunOptions{})
		if n := len(srv.lines()); n != 3 || len(res.Calls) != 3 {
			t.Errorf("%d requests, %d records", n, len(res.Calls))
		}
	})
	t.Run("at the limits", func(t *testing.T) {
		want(t, "output", run(t, r, `print(#("x"):rep(1000), #("%10d"):format(1))`), "1000\t10\n")
	})
}

func TestOutputIsBounded(t *testing.T) {
	r := runner(t, "", func(c *binding.Config) { c.Limits.Output = 20 })
	var streamed strings.Builder
	res, err := r.Run(context.Background(), "", `for i = 1, 5 do print("12345678") end return "it went on"`, binding.RunOptions{Output: &streamed})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "output", res.Output, "12345678\n12345678\n12\n... output truncated\n")
	want(t, "streamed", streamed.String(), res.Output)
	if res.Values[0] != "it went on" {
		t.Errorf("values: %v", res.Values)
	}
	t.Run("exactly full", func(t *testing.T) {
		r := runner(t, "", func(c *binding.Config) { c.Limits.Output = 18 })
		want(t, "output", run(t, r, `print("12345678") print("12345678")`), "12345678\n12345678\n")
	})
	t.Run("a table without end", func(t *testing.T) {
		r := runner(t, "")
		got := run(t, r, `local t = {} for i = 1, 18 do t = {t, t} end print(t)`)
		if n := len(got); n > 256<<10+100 || !strings.HasSuffix(got, "... output truncated\n") {
			t.Errorf("%d bytes", n)
		}
	})
}

func TestAWriterThatFails(t *testing.T) {
	res, err := runner(t, "").Run(context.Background(), "s.lua", "print(1)\nprint(2)", binding.RunOptions{Output: brokenPipe{}})
	if err == nil || err.Error() != "s.lua:1: print: write output: broken pipe" || res.Output != "1\n" {
		t.Errorf("got %q, %v", res.Output, err)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }
