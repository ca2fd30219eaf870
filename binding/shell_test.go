package binding_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

// ask runs an input and shows what it printed and returned, or failed with.
func ask(sh *binding.Shell, source string, account ...string) string {
	var out bytes.Buffer
	opts := binding.RunOptions{Output: &out, Account: strings.Join(account, "")}
	res, err := sh.Run(context.Background(), "prompt", source, opts)
	if err != nil {
		return out.String() + err.Error()
	}
	for _, v := range res.Values {
		fmt.Fprintf(&out, "%T %v;", v, v)
	}
	return out.String()
}

func TestShellKeepsGlobals(t *testing.T) {
	_, r := fakeRunner(t)
	sh := r.Shell()
	for _, c := range []struct{ source, want string }{
		{`x = 1 local y = 2 print(x, y)`, "1\t2\n"},
		{`x + 1`, "int64 2;"},
		{`y`, "<nil> <nil>;"},
		{`x, "two", nil, {3}`, `int64 1;string two;<nil> <nil>;[]interface {} [3];`},
		{`error("no")`, "prompt:1: no"},
		{`x.y.z`, "prompt:1: attempt to index global 'x' (a number value)"},
		{`function twice(n) return n * 2 end`, ""},
		{`twice(21)`, "int64 42;"},
		{`local function deep(n) return n == 0 and error("deep") or 1 + deep(n - 1) end deep(50)`, "prompt:1: deep"},
		{`twice`, "binding.Opaque function: 0x"},
		{`{1, print}`, "binding.Opaque [\n  1,\n  <function>\n];"},
		{`co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)`, ""},
		{`co(), co()`, "int64 1;int64 2;"},
		{`co()`, "int64 3;"},
		{`coroutine.yield(1)`, "attempt to yield from outside a coroutine"},
		{`a = app.integrations.aircall`, ""},
		{`a.get_call(12345).call.id`, "int64 12345;"},
		{`a.get_call(1)`, "prompt:1: Aircall API error (404): Not Found. Check ID of the resource"},
		{`for i, c in ipairs({}) do`, "prompt:1: syntax error near the end of the script"},
		{`return 1, 2`, "int64 1;int64 2;"},
		{``, ""},
	} {
		if got := ask(sh, c.source); got != c.want && !(strings.HasSuffix(c.want, "0x") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s\n got: %s\nwant: %s", c.source, got, c.want)
		}
	}
}

func TestShellSwitchesAccounts(t *testing.T) {
	_, r := fakeRunner(t)
	sh := r.Shell()
	const company = `app.integrations.aircall.get_company().company.name == app.integrations.aircall.sales.get_company().company.name`
	ask(sh, `x = 1`)
	want(t, "default", ask(sh, company), "bool false;")
	want(t, "sales", ask(sh, company, "sales"), "bool true;")
	want(t, "default again", ask(sh, company), "bool false;")
	want(t, "none", ask(sh, company, "acme"), `Unknown account: "acme". Configured accounts: default, sales, support`)
	want(t, "after none", ask(sh, company), "bool false;")
	want(t, "globals", ask(sh, `x`), "int64 1;")
}

// Each input has the limits of a run. An input that exceeds them does not affect the next one.
func TestShellLimits(t *testing.T) {
	_, r := fakeRunner(t, func(c *binding.Config) {
		c.Limits = binding.Limits{Timeout: 50 * time.Millisecond, Calls: 2, Output: 10}
	})
	sh := r.Shell()
	ask(sh, `loop = coroutine.wrap(function() coroutine.yield() while true do end end) loop()`)
	for range 2 {
		want(t, "calls", ask(sh, `for i = 1, 3 do app.integrations.aircall.ping() end`), "prompt:1: The script has reached its limit of 2 calls. No request was made.")
		want(t, "output", ask(sh, `print("1234567890123")`), "1234567890\n... output truncated\n")
		want(t, "time", ask(sh, `while true do end`), "prompt:1: The script ran longer than 50ms.")
	}
	want(t, "a coroutine of an earlier input", ask(sh, `loop()`), "prompt:1: The script ran longer than 50ms.")
	want(t, "still there", ask(sh, `type(loop)`), "string function;")

	_, r = fakeRunner(t, func(c *binding.Config) { c.Limits.Memory = 4 << 20 })
	sh = r.Shell()
	for range 2 {
		if got := ask(sh, `local t, s = {}, ("x"):rep(100000) while true do t[#t + 1] = s .. #t end`); !strings.Contains(got, "more than 4194304 bytes in memory") {
			t.Errorf("memory: %s", got)
		}
		want(t, "after it", ask(sh, `1 + 1`), "int64 2;")
	}
}

// A canceled input does not cancel the next one.
func TestShellAfterCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := runner(t, "http://127.0.0.1:1")
		sh := r.Shell()
		for range 50 {
			ctx, cancel := context.WithCancel(context.Background())
			go cancel()
			sh.Run(ctx, "prompt", `x = (x or 0) + 1`, binding.RunOptions{})
			want(t, "next", ask(sh, `1 + 1`), "int64 2;")
		}
	})
}

func TestShellCompletes(t *testing.T) {
	_, r := fakeRunner(t)
	sh := r.Shell()
	for _, c := range []struct {
		path string
		want []string
	}{
		{"ap", []string{"app"}}, {"app.", []string{"accounts(", "has(", "integrations"}}, {"app.integrations.a", []string{"aircall"}},
		{"app.integrations.aircall.s", []string{"sales", "search_calls(", "search_contacts(", "send_group_message(", "send_group_message_in_agent_conversation(",
			"send_message(", "send_message_in_agent_conversation(", "send_whatsapp_message(", "send_whatsapp_message_in_agent_conversation(", "start_outbound_call(", "support"}},
		{"app.integrations.aircall.sales.get_cal", []string{"get_call("}}, {"docs.", []string{"list(", "read(", "schema(", "search("}},
		{"nothing.", nil}, {"print.", nil}, {"zzz", nil}, {"x.", []string{"calls", "meta"}}, {"x.meta.cou", []string{"count"}},
	} {
		if c.path == "x." {
			ask(sh, `x = app.integrations.aircall.list_calls() x["not a name"] = 1 setmetatable(x, {__index = function() error("called") end})`)
		}
		if diff := cmp.Diff(c.want, sh.Complete(c.path)); diff != "" {
			t.Errorf("%s:\n%s", c.path, diff)
		}
	}
	if got := sh.Complete("app.integrations.aircall."); len(got) != len(binding.All())+3 || !slices.Contains(got, "default") {
		t.Errorf("%d names", len(got))
	}
}
