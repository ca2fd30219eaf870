package binding_test

import (
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
)

func TestDocsInLua(t *testing.T) {
	r := runner(t, "", three(replies(t, nil).URL))
	list := run(t, r, `print(docs.list())`)
	for _, f := range binding.All() {
		if !strings.Contains(list, "\n  "+f.Name+"(") {
			t.Errorf("docs.list() lacks %s", f.Name)
		}
		want(t, f.Name, run(t, r, `print(docs.read("`+f.Name+`"))`), page(t, f.Name)+"### Accounts\ndefault, sales, support\n\n")
	}
	if strings.Contains(list, ".default") || !strings.Contains(list, "\naccounts: default, sales, support\n") {
		t.Errorf("docs.list() says of accounts: %s", list)
	}
	for _, path := range []string{"app.integrations.aircall.get_call", "integrations.aircall.get_call", "aircall.get_call", "get_call", "aircall.default.get_call"} {
		if got := run(t, r, `print(docs.read("`+path+`"))`); !strings.HasPrefix(got, "## get_call\n") {
			t.Errorf("docs.read(%q): %s", path, got)
		}
	}
	sales := run(t, r, `print(docs.read("integrations.aircall.sales.get_call"))`)
	if !strings.Contains(sales, "app.integrations.aircall.sales.get_call({") || strings.Contains(sales, "aircall.get_call") {
		t.Errorf("the page of an account's function does not speak of it:\n%s", sales)
	}
	if got := run(t, r, `print(docs.list("integrations.aircall.sales"))`); !strings.HasPrefix(got, "app.integrations.aircall.sales\n  list_calls(per_page?") {
		t.Errorf("docs.list of an account: %s", got)
	}
	want(t, "a namespace read is its list", run(t, r, `print(docs.read("app.integrations.aircall") == docs.list())`), "true\n")
	want(t, "a topic", run(t, r, `print(docs.read("errors"):match("^## %a+"))`), "## Errors\n")
	want(t, "search", run(t, r, `io = docs.search("call tags", 1) print((io:gsub("\n", "")))`),
		"integrations.aircall.add_call_tags(call_id, tags): Add tags to a call.\n")
	want(t, "nothing found", run(t, r, `print((docs.search("zebra"):gsub("\n", "")))`), "No page contains \"zebra\". docs.list() lists all pages.\n")
}

func page(t *testing.T, name string) string {
	t.Helper()
	found, near := binding.FindPage(binding.Pages(), name)
	if found == nil {
		t.Fatalf("no page %s, but %v", name, near)
	}
	return found.Text
}

func TestDocsSchemaInLua(t *testing.T) {
	r := runner(t, "", three(replies(t, nil).URL))
	want(t, "schema", run(t, r, `
		local s = docs.schema("integrations.aircall.sales.list_calls")
		print(s.path, s.name, s.effect, s.returns)
		for _, p in ipairs(s.parameters) do
			print(p.name, p.type, p.required, p.min or "-", p.max or "-", p.default or "-", p.enum and table.concat(p.enum, "|") or "-")
		end
		print(s.schema.type, s.schema.additionalProperties)`),
		`integrations.aircall.sales.list_calls	list_calls	read	A table with `+"`calls`, a list of calls, and `meta`"+`. A call must have all the given tags.
per_page	integer	false	1	50	20	-
page	integer	false	1	-	1	-
order	string	false	-	-	desc	asc|desc
from	string	false	-	-	-	-
to	string	false	-	-	-	-
direction	string	false	-	-	-	inbound|outbound
user_id	integer	false	1	9007199254740991	-	-
number_id	integer	false	1	9007199254740991	-	-
tags	array	false	-	-	-	-
object	false
`)
}

func TestUnknownDocs(t *testing.T) {
	r := runner(t, "", three(replies(t, nil).URL))
	for _, c := range []struct{ source, want string }{
		{`docs.read("lst_calls")`, "Unknown doc page: lst_calls. Did you mean: list_calls"},
		{`docs.read("aircall.sales.get_clal")`, "Unknown doc page: aircall.sales.get_clal. Did you mean: get_call"},
		{`docs.read("get_c")`, "Unknown doc page: get_c. Did you mean: get_call, get_current_user, get_company, get_custom_summary_result, get_campaign"},
		{`docs.read("aircall.acme.get_call")`, "Unknown doc page: aircall.acme.get_call. docs.list() lists the pages."},
		{`docs.read("teleport")`, "Unknown doc page: teleport. docs.list() lists the pages."},
		{`docs.schema("errors")`, "docs.schema: errors is not a function."},
		{`docs.search(" ")`, "docs.search: give words to look for, and a limit of at least 1"},
	} {
		t.Run(c.source, func(t *testing.T) {
			failed := fails(t, r, c.source)
			want(t, "message", failed.Type+": "+failed.Message, "invalid_arguments: "+c.want)
		})
	}
}

// A host's own functions are documented beside aircall's.
func TestDocsOfAHost(t *testing.T) {
	r := runner(t, "", func(c *binding.Config) { c.Integrations = []binding.Integration{tickets()} })
	for _, c := range []struct{ source, want string }{
		{`docs.list("tickets")`, `app.integrations.tickets
  create_ticket(title, priority?): 
  list_tickets(): 
  fail(how?): 
accounts: eu, us
`},
		{`docs.list("app.integrations.tickets.us"):match("[^\n]+")`, "app.integrations.tickets.us"},
		{`docs.list():find("app.integrations.tickets\n  create_ticket", 1, true) ~= nil`, "true"},
		{`docs.read("integrations.tickets.us.create_ticket"):match("^## create_ticket\n") ~= nil`, "true"},
		{`docs.read("create_ticket"):match("### Accounts\n(.+)\n")`, "eu, us"},
		{`docs.search("ticket", 1)`, "integrations.tickets.create_ticket(title, priority?): \n"},
		{`docs.schema("tickets.create_ticket").parameters[2].enum[1]`, "low"},
		{`select(2, pcall(docs.read, "aircall.create_ticket")).message:match("^[^.]+%.[^.]+%.")`, "Unknown doc page: aircall.create_ticket."},
	} {
		want(t, c.source, run(t, r, `print(`+c.source+`)`), c.want+"\n")
	}
}
