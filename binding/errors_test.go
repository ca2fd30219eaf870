package binding_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/binding/aircall"
)

// status answers everything with one status and body.
func status(t testing.TB, code int, body string) *server {
	return serve(t, func(request) (int, string) { return code, body })
}

func TestErrorsOfTheAPI(t *testing.T) {
	const plain = `{"error":"Some Error","troubleshoot":"Do it better"}`
	for _, c := range []struct {
		name      string
		status    int
		body      string
		call      string
		typ       string
		message   string
		effect    string
		retryable bool
	}{
		{"not found", 404, plain, `get_call(1)`, "not_found", "Aircall API error (404): Some Error. Do it better", "read none", false},
		{"edge: no route", 404, `{"message":"Not Found"}`, `get_call(1)`, "not_found", "Aircall API error (404): Not Found", "read none", false},
		{"no credentials", 401, `{"message":"Unauthorized"}`, `list_calls()`, "unauthorized", "Aircall API error (401): Unauthorized", "read none", false},
		{"bad credentials", 403, `{"message":"Forbidden"}`, `list_calls()`, "forbidden", "Aircall API error (403): Forbidden", "read none", false},
		{"refused", 400, `{"error":"Bad Request."}`, `create_contact("A")`, "api_error", "Aircall API error (400): Bad Request.", "write none", false},
		{"no body", 422, ``, `create_contact("A")`, "api_error", "Aircall API error (422): Unprocessable Entity", "write none", false},
		{"server", 500, plain, `list_calls()`, "server_error", "Aircall API error (500): Some Error. Do it better", "read none", true},
		{"server, on a write", 500, plain, `create_contact("A")`, "server_error", "Aircall API error (500): Some Error. Do it better", "write unknown", false},
		{"a proxy's page", 500, `<!DOCTYPE html><html><head><title>Oops</title></head></html>`, `list_calls()`, "server_error",
			"Aircall API endpoint not available (HTTP 500). The /v1/calls endpoint may be unavailable or the URL may be incorrect.", "read none", true},
		{"a page for a good answer", 200, `<html>`, `get_call(1)`, "invalid_response",
			"Aircall API endpoint not available (HTTP 200). The /v1/calls/1 endpoint may be unavailable or the URL may be incorrect. the reply is not JSON: an HTML page", "read none", false},
		{"broken JSON", 200, `{"call":`, `get_call(1)`, "invalid_response",
			`Aircall API endpoint not available (HTTP 200). The /v1/calls/1 endpoint may be unavailable or the URL may be incorrect. the reply is not JSON: {"call":`, "read none", false},
		{"too deep", 200, strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200), `get_call(1)`, "invalid_response",
			"Aircall API answered retrieve-a-call with an undocumented reply: nested deeper than 100 levels.", "read none", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runner(t, status(t, c.status, c.body).URL)
			failed := fails(t, r, "\n\napp.integrations.aircall."+c.call)
			want(t, "message", failed.Message, c.message)
			want(t, "type", failed.Type, c.typ)
			want(t, "effect", string(failed.Effect)+" "+string(failed.EffectStatus), c.effect)
			want(t, "where, account", failed.Where+" "+failed.Account, "test.lua:3 default")
			if name, _, _ := strings.Cut(c.call, "("); failed.Path != "integrations.aircall."+name {
				t.Errorf("path %q", failed.Path)
			}
			if failed.Retryable != c.retryable {
				t.Errorf("retryable is %v", failed.Retryable)
			}
			if failed.Hint == "" {
				t.Error("no hint")
			}
			var api *aircall.Error
			if c.typ != "invalid_response" && (!errors.As(failed, &api) || api.Status != c.status || failed.Status != c.status) {
				t.Errorf("status %d, cause %v", failed.Status, failed.Err)
			}
			want(t, "error", failed.Error(), "test.lua:3: "+c.message)
			want(t, "traceback", failed.Traceback, "stack traceback:\n\ttest.lua:3: in main chunk")
		})
	}
}

func TestNetworkErrors(t *testing.T) {
	r := runner(t, "http://127.0.0.1:1", func(c *binding.Config) {
		c.Transport = roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("no route to host") })
		c.Limits.Timeout = 100 * time.Millisecond // no time to try again
	})
	failed := fails(t, r, `
		local ok, e = pcall(app.integrations.aircall.get_call, 1)
		assert(e.type == "network" and e.retryable and e.status == nil)
		error(e)`)
	want(t, "message", failed.Message, "Failed to connect to Aircall API: no route to host")
	want(t, "where", failed.Where, "test.lua:2")
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestATransportThatPanics(t *testing.T) {
	r := runner(t, "http://127.0.0.1:1", func(c *binding.Config) {
		c.Transport = roundTrip(func(*http.Request) (*http.Response, error) { panic(canaryToken) })
	})
	failed := fails(t, r, `local ok, e = pcall(app.integrations.aircall.get_call, 1) print(e) error(e)`)
	want(t, "error", failed.Type+": "+failed.Message, "internal: Internal error in app.integrations.aircall.get_call: string")
}

func TestRateLimit(t *testing.T) {
	r := runner(t, "http://127.0.0.1:1", func(c *binding.Config) {
		c.Limits.Timeout = 5 * time.Second // shorter than the wait
		c.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
			h := http.Header{"Retry-After": {"30"}, "Content-Type": {"application/json"}}
			return &http.Response{StatusCode: 429, Header: h, Body: io.NopCloser(strings.NewReader(`{"error":"Too Many Requests"}`))}, nil
		})
	})
	got := run(t, r, `
		local ok, e = pcall(app.integrations.aircall.list_calls)
		print(e.type, e.status, e.retry_after, e.retryable, e.message)`)
	want(t, "output", got, "rate_limited\t429\t30\ttrue\tAircall API error (429): Too Many Requests\n")
}

// An error passes for the string it would be in plain Lua.
func TestErrorsBehaveLikeStrings(t *testing.T) {
	r := runner(t, replies(t, nil).URL)
	const text = "test.lua:2: Aircall API error (404): Not Found. Check ID of the resource"
	for _, c := range []struct{ name, source, want string }{
		{"tostring", `print(tostring(e))`, text},
		{"print", `print(e)`, text},
		{"concat", `print("<" .. e .. ">", e .. 1, e .. e == text .. text)`, "<" + text + ">\t" + text + "1\ttrue"},
		{"sub", `print(e:sub(1, 8))`, "test.lua"},
		{"match", `print(e:match("%((%d+)%)"))`, "404"},
		{"find", `print(e:find("404", 1, true))`, "32\t34"},
		{"gsub", `print((e:gsub(".*: ", "")))`, "Not Found. Check ID of the resource"},
		{"len, upper, byte", `print(e:len() == #text, e:upper() == text:upper(), e:byte(1))`, "true\ttrue\t116"},
		{"string.format", `print(string.format("[%s] [%.8s]", e, e))`, "[" + text + "] [test.lua]"},
		{"fields", `print(e.type, e.status, e.path, e.account, e.where, e.message == text:sub(13), e.effect, e.effect_status, e.retryable, e.hint)`,
			"not_found\t404\tintegrations.aircall.get_call\tdefault\ttest.lua:2:\ttrue\tread\tnone\tfalse\tcheck the id: the company has no such object"},
		{"no field", `print(e.nothing, e.retry_after, e.details.missing)`, "nil\tnil\tnil"},
		{"type and metatable", `print(type(e), getmetatable(e), pcall(setmetatable, e, {}))`, "table\terror\tfalse\ttest.lua:3: cannot change a protected metatable"},
		{"assert passes it on", `local _, again = pcall(assert, false, e) print(rawequal(again, e))`, "true"},
		{"assert(pcall)", `local _, again = pcall(function() assert(pcall(error, e)) end) print(rawequal(again, e))`, "true"},
		{"raised again", `local _, again = pcall(error, e) print(rawequal(again, e), again.where)`, "true\ttest.lua:2:"},
		{"raised again with level", `local _, again = pcall(error, e, 2) print(rawequal(again, e))`, "true"},
		{"through a coroutine", `local co = coroutine.create(function() error(e) end) local _, again = coroutine.resume(co) print(rawequal(again, e))`, "true"},
		{"concat with a table", `print(pcall(function() return e .. {} end))`, "false\ttest.lua:3: cannot perform concat operation between table and table"},
		{"in a table", `print({e})`, "[\n  \"" + text + "\"\n]"},
		{"xpcall with traceback", `print((select(2, xpcall(function() error(e) end, debug.traceback))))`,
			text + "\nstack traceback:\n\ttest.lua:3: in function <test.lua:3>\n\ttest.lua:3: in main chunk"},
		{"xpcall with a handler", `print(select(2, xpcall(function() error(e) end, function(x) return x.status end)))`, "404"},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := "local text = ...\nlocal ok, e = pcall(app.integrations.aircall.get_call, 1)\n" + c.source
			want(t, c.source, run(t, r, source, text), c.want+"\n")
		})
	}
}

func TestWhereAnErrorIs(t *testing.T) {
	r := runner(t, replies(t, nil).URL)
	for _, c := range []struct{ name, source, want string }{
		{"main chunk", "\napp.integrations.aircall.get_call(1)", "test.lua:2"},
		{"returned", "\nreturn app.integrations.aircall.get_call(1)", "test.lua:2"},
		{"in a function", "local function f()\n app.integrations.aircall.get_call(1)\nend\nf()", "test.lua:2"},
		{"returned by a function", "local function f()\n return app.integrations.aircall.get_call(1)\nend\nlocal x = f()", "test.lua:2"},
		{"called by pcall", "\nlocal ok, e = pcall(app.integrations.aircall.get_call, 1)\n\nerror(e)", "test.lua:2"},
		{"in a coroutine", "local co = coroutine.wrap(function()\n app.integrations.aircall.get_call(1)\nend)\nco()", "test.lua:2"},
		{"returned by a coroutine", "local co = coroutine.wrap(function()\n return app.integrations.aircall.get_call(1)\nend)\nco()", "test.lua:2"},
		{"called by a library", "\nlocal t = {2, 1}\ntable.sort(t, function(a, b)\n app.integrations.aircall.get_call(1) end)", "test.lua:4"},
		{"a script's own", "\nerror('mine')", "test.lua:2"},
		{"a script's own, placed at its caller", "local function f() error('mine', 2) end\n\nf()", "test.lua:3"},
		{"two callers up", "local function f() error('mine', 3) end\nlocal function g()\n f() end\n\ng()", "test.lua:5"},
		{"a script's own without place", "\nerror('mine', 0)", "test.lua:2"},
		{"a table", "\nerror({code = 5})", "test.lua:2"},
		{"assert", "\n\nassert(false, 'mine')", "test.lua:3"},
		{"a library's", "\n\n\n('x'):rep({})", "test.lua:4"},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, c.source, fails(t, r, c.source).Where, c.want) })
	}
}

func TestErrorsOfTheScript(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": `{"call":{"user":null}}`})
	r := runner(t, srv.URL)
	const null = `the field may be null in Aircall's reply; use (x or "")`
	for _, c := range []struct{ name, source, typ, want, hint string }{
		{"error", `error("boom: 100%")`, "runtime_error", "test.lua:1: boom: 100%", ""},
		{"error with a table", `error({message = "boom"})`, "runtime_error", "test.lua:1: boom", ""},
		{"error with another table", `error({5})`, "runtime_error", "test.lua:1: [\n  5\n]", ""},
		{"error with nil", `error(nil)`, "runtime_error", "test.lua:1: nil", ""},
		{"nil indexed, before any call", `local x = nil; return x.y`, "runtime_error", "test.lua:1: attempt to index local 'x' (a nil value)", ""},
		{"nil indexed", `local c = app.integrations.aircall.get_call(1).call; return c.user.name`, "runtime_error", "test.lua:1: attempt to index field 'user' (a nil value)", null},
		{"nil joined", `local c = app.integrations.aircall.get_call(1).call; return c.user .. "x"`, "runtime_error", "test.lua:1: cannot perform concat operation between nil and string", null},
		{"syntax", "x = = 1", "syntax_error", `test.lua:1: syntax error near "="`, ""},
		{"syntax at the end", "if x then\n", "syntax_error", "test.lua:2: syntax error near the end of the script", ""},
		{"+=", "local x = 1\nx += 1", "syntax_error", `test.lua:2: parse error near "+"`, "this is Lua 5.1: write x = x + 1"},
		{"backticks", "print(`a`)", "syntax_error", "test.lua:1: Invalid token near \"`\"", "this is Lua 5.1: write \"a\" .. b, Lua has no backtick strings"},
		{"continue", "for i = 1, 2 do continue end", "syntax_error", `test.lua:1: parse error near "end"`, "this is Lua 5.1: there is no continue; put the rest of the loop into an if, or goto a label at its end"},
		{"!=", "if a != b then end", "syntax_error", "test.lua:1: Invalid token near \"!\"", "this is Lua 5.1: write a ~= b"},
		{"types", "local x: number = 1", "syntax_error", `test.lua:1: syntax error near ":"`, "this is Lua 5.1: variables have no types"},
		{"goto nowhere", "\ngoto nowhere", "syntax_error", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed := fails(t, r, c.source)
			want(t, "type", failed.Type, c.typ)
			if c.want != "" {
				want(t, "error", failed.Error(), c.want)
			}
			want(t, "hint", failed.Hint, c.hint)
		})
	}
}

func TestStringErrors(t *testing.T) {
	r := runner(t, replies(t, nil).URL, func(c *binding.Config) { c.StringErrors = true })
	got := run(t, r, `local ok, e = pcall(app.integrations.aircall.get_call, 1) print(type(e), e)`)
	want(t, "output", got, "string\ttest.lua:1: Aircall API error (404): Not Found. Check ID of the resource\n")
	failed := fails(t, r, `local ok, e = pcall(app.integrations.aircall.get_call, 1) error(e, 0)`)
	if failed.Status != 404 || failed.Type != "not_found" || failed.Path != "integrations.aircall.get_call" {
		t.Errorf("an uncaught string lost its error: %+v", failed)
	}
	want(t, "another error", fails(t, r, `pcall(app.integrations.aircall.get_call, 1) error("x")`).Type, "runtime_error")
}

func TestFailureKeepsWhatWasDone(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": oneCall})
	res, err := runner(t, srv.URL).Run(context.Background(), "s.lua", `
		print("before")
		app.integrations.aircall.get_call(1)
		app.integrations.aircall.sales.get_call(1)
		print("after")`, binding.RunOptions{})
	if err == nil || res.Output != "before\n" || len(res.Calls) != 1 || res.Duration <= 0 || res.Values != nil {
		t.Errorf("got %+v, %v", res, err)
	}
}
