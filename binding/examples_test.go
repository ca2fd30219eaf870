package binding_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
)

func example(t testing.TB, id string) string {
	t.Helper()
	all := binding.Examples()
	i := slices.IndexFunc(all, func(e binding.Example) bool { return e.ID == id })
	if i < 0 {
		t.Fatalf("the reference has no example %q", id)
	}
	return all[i].Source
}

// Each example runs on the payloads the documentation suggests, on those Aircall sends, and on the barest Aircall may send.
func TestExamplesOnLiteralPayloads(t *testing.T) {
	const meta = `"meta":{"count":1,"total":1,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}`
	for _, c := range []struct {
		example, route          string
		documented, real, nulls string
		want                    [3]string
	}{
		{"list_calls", "GET /v1/calls/search",
			`{"calls":[{"id":1,"direction":"inbound","from":"+33600000001","to":"+33100000000","duration":65,"status":"done"}],` + meta + `}`,
			`{"calls":[{"id":1,"sid":"CA1","direction":"inbound","status":"done","missed_call_reason":null,"started_at":1767225600,"answered_at":1767225605,"ended_at":1767225665,"duration":65,"raw_digits":"+33 6 00 00 00 01","user":null,"contact":null,"number":{"id":5,"name":"Paris","digits":"+33 1 00 00 00 00"},"comments":[],"tags":[]}],` + meta + `}`,
			`{"calls":[{"id":1,"direction":"inbound","duration":null,"raw_digits":null,"user":null,"contact":null,"number":null,"tags":null}],` + meta + `}`,
			[3]string{"1: inbound from +33600000001 - 65s\n", "1: inbound from +33 6 00 00 00 01 - 65s\n", "1: inbound from unknown - 0s\n"}},
		{"get_call", "GET /v1/calls/12345",
			`{"call":{"id":12345,"from":"+33600000001","to":"+33100000000","duration":65,"status":"done"}}`,
			`{"call":{"id":12345,"direction":"outbound","status":"done","duration":65,"raw_digits":"+33 6 00 00 00 01","user":{"id":2,"name":"Ada King"},"contact":null,"number":{"id":5,"digits":"+33 1 00 00 00 00"}}}`,
			`{"call":{"id":12345,"direction":"outbound","status":"initial","duration":null,"raw_digits":null,"user":null,"number":{"digits":null}}}`,
			[3]string{"Call from +33600000001 to +33100000000\nDuration: 65s, Status: done\n",
				"Call from +33 1 00 00 00 00 to +33 6 00 00 00 01\nDuration: 65s, Status: done\n",
				"Call from unknown to unknown\nDuration: 0s, Status: initial\n"}},
		{"list_contacts", "GET /v1/contacts",
			`{"contacts":[{"id":1,"first_name":"John","last_name":"Smith","phone_numbers":[{"label":"Work","value":"+1"}]}],` + meta + `}`,
			`{` + meta + `,"contacts":[{"id":1,"created_at":1767225600,"updated_at":1767225606,"first_name":"John","last_name":null,"information":null,"company_name":null,"is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/1","phone_numbers":[{"value":"+1","id":9,"label":"Work"},{"value":"+2","id":10,"label":"Home"}],"emails":[]}]}`,
			`{` + meta + `,"contacts":[{"id":1,"first_name":null,"last_name":"Johnson","phone_numbers":null,"emails":null},{"id":2,"first_name":"John","last_name":null,"phone_numbers":[{"value":null,"id":9,"label":null}]}]}`,
			[3]string{"John Smith\n Work: +1\n", "John \n Work: +1\n Home: +2\n", " Johnson\nJohn \n : \n"}},
		{"create_contact", "POST /v1/contacts",
			`{"contact":{"id":77}}`, aContact(77, []string{"1 Work +33612345678"}, nil), `{"contact":{"id":77,"first_name":null,"phone_numbers":null}}`,
			[3]string{"Created contact ID: 77\n", "Created contact ID: 77\n", "Created contact ID: 77\n"}},
		{"update_contact", "POST /v1/contacts/5678",
			`{"contact":{"id":5678,"first_name":"Jane","last_name":"Smith"}}`, aContact(5678, nil, nil), `{"contact":{"id":5678,"first_name":null,"last_name":null,"company_name":null}}`,
			[3]string{"Updated contact: Jane Smith\n", "Updated contact: Jane \n", "Updated contact:  \n"}},
		{"list_users", "GET /v2/users",
			`{"users":[{"id":1,"first_name":"Ada","last_name":"King","email":"ada@example.com"}],` + meta + `}`,
			`{"users":[{"id":1,"name":"Ada King","email":"ada@example.com","direct_link":"https://api.aircall.io/v2/users/1","default_number_id":null}],` + meta + `}`,
			`{"users":[{"id":1,"name":null,"email":"ada@example.com"}],` + meta + `}`,
			[3]string{"1: Ada King (ada@example.com)\n", "1: Ada King (ada@example.com)\n", "1:   (ada@example.com)\n"}},
		{"list_numbers", "GET /v1/numbers",
			`{"numbers":[{"id":1,"name":"Paris","number":"+33100000000"}],` + meta + `}`,
			`{"numbers":[{"id":1,"name":"Paris","digits":"+33 1 00 00 00 00","users":[{"id":2,"name":"Ada King"}]}],` + meta + `}`,
			`{"numbers":[{"id":1,"name":"Paris","digits":null,"users":null,"messages":null}],` + meta + `}`,
			[3]string{"1: Paris - +33100000000\n", "1: Paris - +33 1 00 00 00 00\n", "1: Paris - unknown\n"}},
		{"get_current_user", "GET /v2/users/owner@example.com",
			`{"user":{"id":1,"first_name":"Ada","last_name":"King","email":"ada@example.com"}}`,
			`{"user":{"id":1,"name":"Ada King","email":"ada@example.com","default_number_id":null}}`,
			`{"user":{"id":1,"name":"Ada","email":"ada@example.com","first_name":null,"last_name":null}}`,
			[3]string{"Logged in as: Ada King (ada@example.com)\n", "Logged in as: Ada King (ada@example.com)\n", "Logged in as: Ada  (ada@example.com)\n"}},
	} {
		for i, body := range []string{c.documented, c.real, c.nulls} {
			t.Run(c.example+"/"+[]string{"documented", "real", "nulls"}[i], func(t *testing.T) {
				r := runner(t, replies(t, map[string]string{c.route: body}).URL)
				want(t, "output", run(t, r, example(t, c.example)), c.want[i])
			})
		}
	}
}

// checked makes every exchange of a fake pass the contract. Benchmarks measure the binding, and go without.
func checked(t testing.TB, o fakeaircall.Options) fakeaircall.Options {
	t.Helper()
	if _, measures := t.(*testing.B); !measures {
		o.Wrap = contract.Enforce(t, fakeaircall.OpenAPI())
	}
	return o
}

// fakeRunner is a runner for all accounts of a fresh fake.
func fakeRunner(t testing.TB, change ...func(*binding.Config)) (*fakeaircall.Server, *binding.Runner) {
	t.Helper()
	fake := fakeaircall.RunT(t, checked(t, fakeaircall.Options{AllowUnknownRoutes: true, RateLimit: fakeaircall.NoRateLimit}))
	return fake, runnerOf(t, fake, change...)
}

// runnerOf is a runner for all accounts of a fake.
func runnerOf(t testing.TB, fake *fakeaircall.Server, change ...func(*binding.Config)) *binding.Runner {
	t.Helper()
	c := binding.Config{Accounts: map[string]binding.Account{}, Limits: binding.Limits{Timeout: patience}}
	for _, a := range fake.Accounts() {
		c.Accounts[a.Name] = binding.Account{APIID: a.APIID, APIToken: a.APIToken, URL: fake.URL(), User: a.User}
	}
	for _, f := range change {
		f(&c)
	}
	r, err := binding.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// An example prints the same as a script that requests every item itself and uses Aircall's own fields.
func TestExamplesOnTheFake(t *testing.T) {
	const name = `local function name(u) return u.name:match("^(%S+)%s*(.*)$") end
		local a = app.integrations.aircall `
	for _, c := range []struct{ example, same string }{
		{"list_calls", `local n, page = 0, 1
			while n < 10 do
				for _, c in ipairs(a.list_calls({page = page, per_page = 50}).calls) do
					if c.direction == "inbound" and n < 10 then
						n = n + 1
						print(("%d: inbound from %s - %ds"):format(c.id, c.raw_digits, c.duration))
					end
				end
				page = page + 1
			end`},
		{"get_call", `local c = a.get_call(12345).call
			assert(c.direction == "inbound" and c.status == "done")
			print("Call from " .. c.raw_digits .. " to " .. c.number.digits)
			print(("Duration: %ds, Status: done"):format(c.ended_at - c.started_at))`},
		{"list_contacts", `local n, page = 0, 1
			while n < 10 do
				local r = a.list_contacts({page = page, per_page = 50})
				for _, c in ipairs(r.contacts) do
					if n < 10 and (c.first_name .. " " .. c.last_name):lower():find("john", 1, true) then
						n = n + 1
						print(c.first_name .. " " .. c.last_name)
						for _, p in ipairs(c.phone_numbers) do print(" " .. p.label .. ": " .. p.value) end
					end
				end
				if not r.meta.next_page_link then break end
				page = page + 1
			end
			assert(n >= 3, "too few contacts called John")`},
		{"create_contact", `local c = a.list_contacts({q = "jane@acme.com"}).contacts[1]
			assert(c.first_name == "Jane" and c.last_name == "Smith" and c.company_name == "Acme Corp")
			assert(#c.phone_numbers == 2 and #c.emails == 1)
			print("Created contact ID: " .. c.id)`},
		{"update_contact", `local c
			for page = 1, 20 do
				for _, x in ipairs(a.list_contacts({per_page = 50, page = page}).contacts) do if x.id == 5678 then c = x end end
			end
			assert(c.company_name == "New Corp" and c.information == "VIP client - priority support")
			print("Updated contact: " .. c.first_name .. " " .. c.last_name)`},
		{"list_users", `for _, u in ipairs(a.list_users().users) do
				local first, last = name(u)
				print(("%d: %s %s (%s)"):format(u.id, first, last, u.email))
			end`},
		{"list_numbers", `for _, n in ipairs(a.list_numbers().numbers) do print(n.id .. ": " .. n.name .. " - " .. n.digits) end`},
		{"get_current_user", `local first, last = name(a.get_current_user().user)
			print(("Logged in as: %s %s (owner@default.example.com)"):format(first, last))`},
	} {
		t.Run(c.example, func(t *testing.T) {
			_, r := fakeRunner(t)
			got := run(t, r, example(t, c.example))
			if got == "" {
				t.Error("it printed nothing")
			}
			want(t, "output", got, run(t, r, name+c.same))
		})
	}
}

// The multi-account example runs with every function in the place of its placeholder.
func TestMultiAccountExample(t *testing.T) {
	args := map[string]any{
		"get_call":       map[string]any{"call_id": 12345},
		"create_contact": map[string]any{"first_name": "Ann", "phone_numbers": []any{map[string]any{"value": "+33612345678"}}},
		"update_contact": map[string]any{"contact_id": 5678, "company_name": "New"},
	}
	for _, f := range binding.Functions() {
		t.Run(f.Name, func(t *testing.T) {
			_, r := fakeRunner(t)
			source := strings.ReplaceAll(example(t, binding.MultiAccount), "function_name", f.Name)
			var opts binding.RunOptions
			if args[f.Name] != nil {
				source = strings.ReplaceAll(source, "{...}", "(...)")
				opts.Args = []any{args[f.Name]}
			}
			res, err := r.Run(context.Background(), "", source, opts)
			if err != nil {
				t.Fatal(err)
			}
			var paths []string
			for _, c := range res.Calls {
				paths = append(paths, fmt.Sprintf("%s %s", c.Path, c.Account))
			}
			const at = "integrations.aircall."
			want(t, "calls", strings.Join(paths, "\n"), strings.Join([]string{
				at + f.Name + " default", at + "default." + f.Name + " default", at + "sales." + f.Name + " sales", at + "support." + f.Name + " support",
			}, "\n"))
		})
	}
}
