package binding_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

func three(url string) func(*binding.Config) {
	return func(c *binding.Config) {
		c.Accounts = map[string]binding.Account{
			"default": {AccessToken: "d", URL: url}, "support": {AccessToken: "u", URL: url}, "sales": {AccessToken: "s", URL: url},
		}
	}
}

func TestNamespacesAreTablesOfFunctions(t *testing.T) {
	r := runner(t, replies(t, map[string]string{"GET /v1/calls/1": oneCall}).URL, three(replies(t, nil).URL))
	got := run(t, r, `
		for name, v in pairs(app.integrations.aircall) do print(name, type(v)) end
		print(app, app.integrations, app.integrations.aircall, app.integrations.aircall.sales)
		print(type(app.integrations.aircall.list), type(app.integrations.aircall.sales.aircall_list_numbers))
		print(app.integrations.aircall.list == app.integrations.aircall.list_calls)
		print(app.integrations.aircall.list == app.integrations.aircall.sales.list)
		print(getmetatable(app), getmetatable(app.integrations.aircall.sales))
		print(app.accounts("aircall"))
		local asked = {}
		for _, path in ipairs{"integrations", "app.integrations.aircall", "integrations.aircall.sales", "integrations.aircall.acme",
			"integrations.aircall.list_calls", "integrations.aircall.sales.get", "integrations.aircall.sales.get.x", "integrations.aircall.sales.default",
			"has", "get", "", "integrations..aircall"} do table.insert(asked, tostring(app.has(path))) end
		print(table.concat(asked, " "))`)
	var names string
	for _, f := range binding.All() {
		names += f.Name + "\tfunction\n"
	}
	want(t, "output", got, names+`default	table
sales	table
support	table
app	app.integrations	app.integrations.aircall	app.integrations.aircall.sales
function	function
true
false
locked	locked
[
  "default",
  "sales",
  "support"
]
true true true false true true false false true false false false
`)
}

func TestUnknownNames(t *testing.T) {
	r := runner(t, "", three(replies(t, nil).URL))
	const all = "list_calls, get_call, list_contacts, create_contact, update_contact, list_users, list_numbers, get_current_user"
	more := fmt.Sprintf(", and %d more: docs.list() lists them", len(binding.All())-len(binding.Functions()))
	for _, c := range []struct{ source, typ, want string }{
		{`app.integrations.aircall.list_cals()`, "unknown_function", "Unknown function: app.integrations.aircall.list_cals. Did you mean: list_calls"},
		{`app.integrations.aircall.lsit_users()`, "unknown_function", "Unknown function: app.integrations.aircall.lsit_users. Did you mean: list_users"},
		{`app.integrations.aircall.sales.get_cal()`, "unknown_function", "Unknown function: app.integrations.aircall.sales.get_cal. Did you mean: get_call"},
		{`app.integrations.aircall.sales.frobnicate()`, "unknown_function", "Unknown function: app.integrations.aircall.sales.frobnicate. Available: " + all + more},
		{`app.integrations.aircall.suport.get_call(1)`, "unknown_account", "Unknown account or function: app.integrations.aircall.suport. Did you mean account: support. Configured accounts: default, sales, support"},
		{`app.integrations.aircall.acme.get_call(1)`, "unknown_function", "Unknown account or function: app.integrations.aircall.acme. Available: " + all + more + ". Configured accounts: default, sales, support"},
		{`app.integrations.aircall[1]()`, "unknown_function", "Unknown account or function: app.integrations.aircall[1]. Available: " + all + more + ". Configured accounts: default, sales, support"},
		{`app.integrations.aircal.get_call(1)`, "unknown_integration", "Unknown integration: app.integrations.aircal. Did you mean: aircall"},
		{`app.integrations.hubspot.get_call(1)`, "unknown_integration", "Unknown integration: app.integrations.hubspot. Available: aircall"},
		{`app.accounts("hubspot")`, "unknown_integration", "Unknown integration: app.integrations.hubspot. Available: aircall"},
		{`app.integration.aircall.get_call(1)`, "unknown_function", "Unknown name: app.integration. Did you mean: integrations"},
		{`app.integrations.aircall.extra = 1`, "runtime_error", "app.integrations.aircall is read-only"},
		{`app.integrations.aircall.sales.extra = 1`, "runtime_error", "app.integrations.aircall.sales is read-only"},
		{`app.extra = 1`, "runtime_error", "app is read-only"},
		{`setmetatable(app, nil)`, "runtime_error", "cannot change a protected metatable"},
		{`setmetatable(app.integrations.aircall, {})`, "runtime_error", "cannot change a protected metatable"},
	} {
		t.Run(c.source, func(t *testing.T) {
			failed := fails(t, r, "\n"+c.source)
			want(t, "message", failed.Message, c.want)
			want(t, "type and where", failed.Type+" "+failed.Where, c.typ+" test.lua:2")
		})
	}
}

func TestRunsShareNothing(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": oneCall})
	r := runner(t, srv.URL)
	for range 2 {
		run(t, r, `
			assert(leak == nil and string.leak == nil and math.leak == nil and json.leak == nil)
			assert(rawget(app.integrations.aircall, "leak") == nil and app.integrations.aircall.get_call ~= print)
			assert(tostring({}) == "{}" and #json.array() == 0)
			leak, string.leak, math.leak, json.leak = 1, 1, 1, 1
			rawset(app.integrations.aircall, "leak", 1)
			app.integrations.aircall.get_call = print
			tostring = nil
			getmetatable("").__index = nil`)
	}
	if diff := cmp.Diff([]string(nil), srv.lines()); diff != "" {
		t.Errorf("requests:\n%s", diff)
	}
}

// A namespace that no one looked into yet is like one that was.
func TestNamespacesAreFilledWhereverOneLooks(t *testing.T) {
	r := runner(t, "", three(replies(t, nil).URL))
	for _, first := range []string{
		`assert(pairs(ns))`, `assert(next(ns) == "list_calls")`, `assert(rawget(ns, "get_call"))`, `rawset(ns, "get_call", print)`,
		`ns.get_call = print`, `assert(ns.get_call)`, `assert(app.has("integrations.aircall.sales.get_call"))`, `assert(not pcall(function() ns.extra = 1 end))`,
	} {
		t.Run(first, func(t *testing.T) {
			want(t, "output", run(t, r, `local ns = app.integrations.aircall.sales
				`+first+`
				local n, at = 0, 0
				for name in pairs(ns) do n = n + 1 if name == "get_call" then at = n end end
				print(at, n)`), fmt.Sprintf("2\t%d\n", len(binding.All())))
		})
	}
	want(t, "overwritten", run(t, r, `local ns = app.integrations.aircall.sales ns.get_call = 7 print(ns.get_call, type(app.integrations.aircall.get_call))`), "7\tfunction\n")
}
