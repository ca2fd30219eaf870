package binding_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

func TestListUsersAndNumbersAreWhole(t *testing.T) {
	srv := serve(t, func(r request) (int, string) {
		if strings.HasPrefix(r.line, "GET /v2/users") {
			return listPage(r, "users", 120, func(i int) string { return fmt.Sprintf(`{"id":%d,"name":"Ada No%d"}`, i, i) })
		}
		return listPage(r, "numbers", 50, func(i int) string { return fmt.Sprintf(`{"id":%d,"digits":"+%d"}`, i, i) })
	})
	const source = `
		local a = app.integrations.aircall
		local u, n = a.list_users(), a.list_numbers({})
		print(#u.users, u.users[120].last_name, u.meta.count, u.meta.total, u.meta.scanned, u.meta.truncated, u.meta.current_page, u.meta.per_page, u.meta.next_page_link)
		print(#n.numbers, n.numbers[50].number, n.meta.count, n.meta.total, n.meta.truncated)`
	want(t, "output", run(t, runner(t, srv.URL), source), "120\tNo120\t120\t120\t120\tfalse\t1\t50\tnil\n50\t+50\t50\t50\tfalse\n")
	wantLines := []string{
		"GET /v2/users?order=asc&page=1&per_page=50", "GET /v2/users?order=asc&page=2&per_page=50", "GET /v2/users?order=asc&page=3&per_page=50",
		"GET /v1/numbers?order=asc&page=1&per_page=50",
	}
	if diff := cmp.Diff(wantLines, srv.lines()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	got := run(t, runner(t, srv.URL, func(c *binding.Config) { c.Limits.MaxPages = 2 }), `
		local m = app.integrations.aircall.list_users().meta
		print(m.count, m.total, m.truncated)`)
	want(t, "truncated", got, "100\t120\ttrue\n")
}

func TestGetCurrentUser(t *testing.T) {
	const (
		user = `{"id":7,"name":"Ada Lovelace King","email":"ada@example.com"}`
		none = "Aircall has no current user here: an API key belongs to a company, not to a user. Configure the user of account "
	)
	full := map[string]string{"GET /v1/integrations/me": `{"integration":{"id":1,"user":` + user + `}}`, "GET /v2/users/7": `{"user":` + user + `}`, "GET /v2/users/ada@example.com": `{"user":` + user + `}`}
	key := binding.Account{APIID: "i", APIToken: "t"}
	with := func(a binding.Account, user string) binding.Account { a.User = user; return a }
	for _, c := range []struct {
		name     string
		account  binding.Account
		as       string // the account's name
		bodies   map[string]string
		requests []string
		typ      string // of the error, or
		want     string // the output; the message
		hint     string
	}{
		{"key, by id", with(key, "7"), "default", full, []string{"GET /v2/users/7"}, "", "Ada Lovelace King", ""},
		{"key, by e-mail", with(key, " ada@example.com "), "default", full, []string{"GET /v2/users/ada@example.com"}, "", "Ada Lovelace King", ""},
		{"key, nobody configured", key, "default", full, nil, "no_current_user", none + `"default".`, "set AIRCALL_USER, or the account's user, to the id or e-mail of a user of the company"},
		{"key of a named account", key, "sales", full, nil, "no_current_user", none + `"sales".`, "set AIRCALL_SALES_USER, or the account's user, to the id or e-mail of a user of the company"},
		{"key and token: the key counts", binding.Account{APIID: "i", APIToken: "t", AccessToken: "b", User: "7"}, "default", full, []string{"GET /v2/users/7"}, "", "Ada Lovelace King", ""},
		{"token", binding.Account{AccessToken: "b"}, "default", full, []string{"GET /v1/integrations/me"}, "", "Ada Lovelace King", ""},
		{"token before a configured user", binding.Account{AccessToken: "b", User: "9"}, "default", full, []string{"GET /v1/integrations/me"}, "", "Ada Lovelace King", ""},
		{"token without user", binding.Account{AccessToken: "b"}, "default", map[string]string{"GET /v1/integrations/me": `{"integration":{"user":null}}`}, []string{"GET /v1/integrations/me"},
			"no_current_user", `Aircall has no current user here: Aircall reports no user for this access token. Configure the user of account "default".`,
			"set AIRCALL_USER, or the account's user, to the id or e-mail of a user of the company"},
		{"token without integration, but configured", binding.Account{AccessToken: "b", User: "7"}, "default", map[string]string{"GET /v2/users/7": `{"user":` + user + `}`},
			[]string{"GET /v1/integrations/me", "GET /v2/users/7"}, "", "Ada Lovelace King", ""},
		{"configured user is not there", with(key, "8"), "default", full, []string{"GET /v2/users/8"}, "not_found", "Aircall API error (404): Not Found. Check ID of the resource", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := replies(t, c.bodies)
			c.account.URL = srv.URL
			r := runner(t, "", func(cfg *binding.Config) { cfg.Accounts = map[string]binding.Account{c.as: c.account} })
			if c.typ == "" {
				got := run(t, r, `local u = app.integrations.aircall.get_current_user({}).user print(u.first_name .. " " .. u.last_name)`)
				want(t, "output", got, c.want+"\n")
			} else {
				failed := fails(t, r, `app.integrations.aircall.get_current_user()`)
				want(t, "error", failed.Type+": "+failed.Message, c.typ+": "+c.want)
				if c.hint != "" {
					want(t, "hint", failed.Hint, c.hint)
				}
			}
			if diff := cmp.Diff(c.requests, srv.lines()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNamesOfUsers(t *testing.T) {
	for user, wantName := range map[string]string{
		`{"name":"Ada Lovelace King"}`: "Ada|Lovelace King",
		`{"name":"Ada"}`:               "Ada|",
		`{"name":""}`:                  "|",
		`{"name":null}`:                "|",
		`{}`:                           "|",
		`{"name":" Ada  King "}`:       "Ada|King",
		`{"name":"Ada King","first_name":"A","last_name":null}`: "A|King",
		`{"first_name":"A","last_name":"B"}`:                    "A|B",
	} {
		srv := replies(t, map[string]string{"GET /v2/users": `{"users":[` + user + `]}`})
		got := run(t, runner(t, srv.URL), `local u = app.integrations.aircall.list_users().users[1] print(u.first_name .. "|" .. u.last_name)`)
		want(t, user, got, wantName+"\n")
	}
}
