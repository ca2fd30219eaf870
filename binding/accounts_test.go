package binding_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

const oneCall = `{"call":{"id":1}}`

func TestEachAccountSendsItsOwnCredentials(t *testing.T) {
	first := replies(t, map[string]string{"GET /v1/calls/1": oneCall})
	second := replies(t, map[string]string{"GET /v1/calls/1": oneCall})
	r, err := binding.New(binding.Config{Accounts: map[string]binding.Account{
		"default": {APIID: "id", APIToken: "token", URL: first.URL + "/v1/"},
		"sales":   {AccessToken: "bearer", URL: second.URL},
		"support": {APIID: "sid", APIToken: "stoken", AccessToken: "unused", URL: second.URL},
	}})
	if err != nil {
		t.Fatal(err)
	}
	run(t, r, `
		local a = app.integrations.aircall
		a.get_call(1) a.default.get_call(1) a.sales.get_call(1) a.support.get_call(1) a.sales.get(1)`)
	auth := func(s *server) (out []string) {
		for _, r := range s.requests() {
			out = append(out, r.auth)
		}
		return out
	}
	if diff := cmp.Diff([]string{"Basic aWQ6dG9rZW4=", "Basic aWQ6dG9rZW4="}, auth(first)); diff != "" {
		t.Errorf("default account (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Bearer bearer", "Basic c2lkOnN0b2tlbg==", "Bearer bearer"}, auth(second)); diff != "" {
		t.Errorf("named accounts (-want +got):\n%s", diff)
	}
}

func TestDefaultAccount(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": oneCall})
	one := func(token string) binding.Account { return binding.Account{AccessToken: token, URL: srv.URL} }
	const none = "Aircall integration is not configured. "
	for _, c := range []struct {
		name     string
		accounts map[string]binding.Account
		named    string
		run      string // RunOptions.Account
		call     string
		auth     string // or
		want     string // the error's message
	}{
		{"called default", map[string]binding.Account{"default": one("d"), "sales": one("s")}, "", "", "get_call", "Bearer d", ""},
		{"named", map[string]binding.Account{"support": one("u"), "sales": one("s")}, "sales", "", "get_call", "Bearer s", ""},
		{"named, through .default", map[string]binding.Account{"support": one("u"), "sales": one("s")}, "sales", "", "default.get_call", "Bearer s", ""},
		{"the only one", map[string]binding.Account{"sales": one("s")}, "", "", "default.get_call", "Bearer s", ""},
		{"none", map[string]binding.Account{"support": one("u"), "sales": one("s")}, "", "", "get_call", "", none + "No default account; configured accounts: sales, support"},
		{"none, through .default", map[string]binding.Account{"support": one("u"), "sales": one("s")}, "", "", "default.get_call", "", none + "No default account; configured accounts: sales, support"},
		{"none, but of the run", map[string]binding.Account{"support": one("u"), "sales": one("s")}, "", "support", "get_call", "Bearer u", ""},
		{"of the run", map[string]binding.Account{"default": one("d"), "sales": one("s")}, "", "sales", "get_call", "Bearer s", ""},
		{"of the run, through .default", map[string]binding.Account{"default": one("d"), "sales": one("s")}, "", "sales", "default.get_call", "Bearer s", ""},
		{"of the run, said to be default", map[string]binding.Account{"sales": one("s")}, "", "default", "get_call", "Bearer s", ""},
		{"named beside that of the run", map[string]binding.Account{"default": one("d"), "sales": one("s")}, "", "sales", "sales.get_call", "Bearer s", ""},
		{"no account at all", nil, "", "", "get_call", "", none + "No account is configured."},
		{"without credentials", map[string]binding.Account{"default": one("d"), "sales": {URL: srv.URL}}, "", "", "sales.get_call", "", none + `account "sales": set api_id and api_token, or access_token`},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv.lines()
			r, err := binding.New(binding.Config{Accounts: c.accounts, DefaultAccount: c.named})
			if err != nil {
				t.Fatal(err)
			}
			_, err = r.Run(context.Background(), "", "app.integrations.aircall."+c.call+"(1)", binding.RunOptions{Account: c.run})
			if c.want != "" {
				failed, ok := err.(*binding.ScriptError)
				if !ok || failed.Type != "not_configured" || failed.Message != c.want {
					t.Errorf("got %v, want not_configured: %s", err, c.want)
				}
				if n := len(srv.requests()); n > 0 {
					t.Errorf("%d requests were made", n)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := srv.requests(); len(got) != 1 || got[0].auth != c.auth {
				t.Errorf("got %v, want one request with %q", got, c.auth)
			}
		})
	}
}

func TestUnknownAccountOfARun(t *testing.T) {
	r := runner(t, "http://127.0.0.1:1")
	res, err := r.Run(context.Background(), "", "print(1)", binding.RunOptions{Account: "sales"})
	want(t, "error", fmt.Sprint(err), `Unknown account: "sales". Configured accounts: default`)
	want(t, "output", res.Output, "")
}

func TestBadConfigurations(t *testing.T) {
	ok := binding.Account{AccessToken: "token"}
	for _, c := range []struct {
		name   string
		config binding.Config
		want   string
	}{
		{"a function's name", binding.Config{Accounts: map[string]binding.Account{"list_users": ok}}, `binding: account "list_users" is reserved: it is a function of app.integrations.aircall`},
		{"an alias", binding.Config{Accounts: map[string]binding.Account{"get": ok}}, `binding: account "get" is reserved: it is a function of app.integrations.aircall`},
		{"a slug", binding.Config{Accounts: map[string]binding.Account{"aircall_list_users": ok}}, `binding: account "aircall_list_users" is reserved: it is a function of app.integrations.aircall`},
		{"a keyword", binding.Config{Accounts: map[string]binding.Account{"end": ok}}, `binding: account "end" is reserved: it is a keyword of Lua`},
		{"capitals", binding.Config{Accounts: map[string]binding.Account{"Sales": ok}}, `binding: account "Sales": the name must be a lower-case letter, then at most 31 of a-z, 0-9 and _`},
		{"empty", binding.Config{Accounts: map[string]binding.Account{"": ok}}, `binding: account "": the name must be a lower-case letter, then at most 31 of a-z, 0-9 and _`},
		{"half a key", binding.Config{Accounts: map[string]binding.Account{"sales": {APIID: "x"}}}, `binding: account "sales": api_id is set but api_token is empty; set both, or only access_token`},
		{"the other half", binding.Config{Accounts: map[string]binding.Account{"sales": {APIToken: "x", AccessToken: "y"}}}, `binding: account "sales": api_token is set but api_id is empty; set both, or only access_token`},
		{"the default is not there", binding.Config{Accounts: map[string]binding.Account{"sales": ok}, DefaultAccount: "support"}, `binding: default account "support" is not configured; configured accounts: sales`},
		{"two defaults", binding.Config{Accounts: map[string]binding.Account{"default": ok, "sales": ok}, DefaultAccount: "sales"}, `binding: default account "sales": an account is called default, and is the default; rename it or name no other`},
		{"a user on two lines", binding.Config{Accounts: map[string]binding.Account{"sales": {AccessToken: "x", User: "a\nb"}}}, `binding: account "sales": user is neither an id nor an e-mail`},
		{"a request longer than the script", binding.Config{Limits: binding.Limits{Timeout: 1, RequestTimeout: 2}}, `binding: limits: RequestTimeout 2ns is longer than Timeout 1ns of the script`},
		{"a negative limit", binding.Config{Limits: binding.Limits{Calls: -1}}, `binding: limits: Calls is -1; it must be positive, or 0 for 200`},
		{"more pages than there are", binding.Config{Limits: binding.Limits{MaxPages: 201}}, `binding: limits: MaxPages is 201; Aircall's lists end at page 200`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := binding.New(c.config)
			want(t, "error", fmt.Sprint(err), c.want)
		})
	}
	t.Run("plain http abroad", func(t *testing.T) {
		_, err := binding.New(binding.Config{Accounts: map[string]binding.Account{"sales": {AccessToken: "x", URL: "http://aircall.example"}}})
		if err == nil || !strings.Contains(err.Error(), `account "sales"`) || !strings.Contains(err.Error(), "https") {
			t.Errorf("got %v", err)
		}
	})
}

func TestAccountsFromEnv(t *testing.T) {
	for _, c := range []struct {
		name string
		env  []string
		want map[string]binding.Account
		err  string
	}{
		{"nothing", []string{"PATH=/bin", "AIRCALL=x", "AIRCALLX_API_ID=y"}, map[string]binding.Account{}, ""},
		{"default", []string{"AIRCALL_API_ID=i", "AIRCALL_API_TOKEN= t\n", "AIRCALL_API_URL=http://localhost", "AIRCALL_USER=u"},
			map[string]binding.Account{"default": {APIID: "i", APIToken: "t", URL: "http://localhost", User: "u"}}, ""},
		{"bearer", []string{"AIRCALL_ACCESS_TOKEN=a=b"}, map[string]binding.Account{"default": {AccessToken: "a=b"}}, ""},
		{"named", []string{"AIRCALL_SALES_API_ID=i", "AIRCALL_SALES_API_TOKEN=t", "AIRCALL_EU_WEST_ACCESS_TOKEN=b", "AIRCALL_EU_WEST_USER=7"},
			map[string]binding.Account{"sales": {APIID: "i", APIToken: "t"}, "eu_west": {AccessToken: "b", User: "7"}}, ""},
		{"named like a variable", []string{"AIRCALL_API_ACCESS_TOKEN=b"}, map[string]binding.Account{"api": {AccessToken: "b"}}, ""},
		{"default by name", []string{"AIRCALL_DEFAULT_ACCESS_TOKEN=b", "AIRCALL_USER=u"}, map[string]binding.Account{"default": {AccessToken: "b", User: "u"}}, ""},
		{"empty is unset", []string{"AIRCALL_API_ID=", "AIRCALL_API_TOKEN= ", "AIRCALL_ACCESS_TOKEN=b"}, map[string]binding.Account{"default": {AccessToken: "b"}}, ""},
		{"others are let be", []string{"AIRCALL_REGION=eu", "AIRCALL_SUPERUSER=x", "AIRCALL_TEST_USER=x", "AIRCALL_API_URL=x"}, map[string]binding.Account{}, ""},
		{"half a pair", []string{"AIRCALL_SALES_API_TOKEN=t"}, nil, "AIRCALL_SALES_API_TOKEN is set but AIRCALL_SALES_API_ID is empty; set both, or only AIRCALL_SALES_ACCESS_TOKEN"},
		{"half a pair of the default", []string{"AIRCALL_API_ID=t"}, nil, "AIRCALL_API_ID is set but AIRCALL_API_TOKEN is empty; set both, or only AIRCALL_ACCESS_TOKEN"},
		{"reserved", []string{"AIRCALL_LIST_CALLS_ACCESS_TOKEN=t"}, nil, `AIRCALL_LIST_CALLS_…: account "list_calls" is reserved: it is a function of app.integrations.aircall`},
		{"twice", []string{"AIRCALL_ACCESS_TOKEN=t", "AIRCALL_DEFAULT_ACCESS_TOKEN=t"}, nil, "AIRCALL_ACCESS_TOKEN and AIRCALL_DEFAULT_ACCESS_TOKEN are both set and mean the same; keep one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := binding.AccountsFromEnv(c.env)
			if c.err != "" {
				want(t, "error", fmt.Sprint(err), c.err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !cmp.Equal(c.want, got) {
				t.Errorf("wrong accounts, got %d", len(got)) // cmp.Diff would print them, and their Format hides the difference
			}
		})
	}
}
