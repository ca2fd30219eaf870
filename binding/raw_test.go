package binding_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

func rawAPI(c *binding.Config) { c.RawAPI = true }

func TestRawRequestsOnTheWire(t *testing.T) {
	srv := serve(t, func(request) (int, string) {
		return 200, `{"user":{"name":"Ada Okafor","id":9007199254740993},"null":null,"list":[1,null]}`
	})
	r := runner(t, srv.URL, rawAPI)
	for _, c := range []struct{ call, want string }{
		{`api_get("/v1/calls")`, `GET /v1/calls`},
		{`api_get("/calls")`, `GET /v1/calls`},
		{`api_get{ path = "/v2/users/ada%40example.com" }`, `GET /v2/users/ada@example.com`},
		{`api_get("/v1/calls", { per_page = 5, order = "desc", fetch_contact = true, ["tags[]"] = { 1, "b c" } })`,
			`GET /v1/calls?fetch_contact=true&order=desc&per_page=5&tags%5B%5D=1&tags%5B%5D=b+c`},
		{`api_get{ path = "/calls/search", params = { phone_number = "+33199000001" } }`, `GET /v1/calls/search?phone_number=%2B33199000001`},
		{`api_post("/v1/contacts", { first_name = "Jane", phone_numbers = { { label = "Work", value = "1" } }, x = json.null, e = json.array{}, f = 1.5 })`,
			`POST /v1/contacts {"first_name":"Jane","phone_numbers":[{"label":"Work","value":"1"}],"x":null,"e":[],"f":1.5}`},
		{`api_post{ path = "/v1/calls/1/archive", payload = {} }`, `POST /v1/calls/1/archive {}`},
		{`api_post("/v1/integrations/enable")`, `POST /v1/integrations/enable`},
		{`api_put{ path = "/v1/calls/1/archive", query = { a = 1 } }`, `PUT /v1/calls/1/archive?a=1`},
		{`api_delete{ path = "/v1/contacts/5678" }`, `DELETE /v1/contacts/5678`},
		{`aircall_api_get{ path = "/v1/ping" }`, `GET /v1/ping`},
		{`default.api_get("/v1/_fake/reset")`, `GET /v1/_fake/reset`},
	} {
		got := run(t, r, `local aircall = app.integrations.aircall
			local reply = aircall.`+c.call+` print(reply.user.name, reply.user.first_name, reply.user.id, reply.null, reply.list[2])`)
		want(t, c.call, got, "Ada Okafor\tnil\t9007199254740993\tnil\tnull\n")
		want(t, c.call, strings.Join(srv.lines(), "\n"), c.want)
	}
}

func TestRawMistakesSendNothing(t *testing.T) {
	srv := serve(t, func(request) (int, string) { return 200, `{}` })
	r := runner(t, srv.URL, rawAPI)
	const get = "Invalid arguments for app.integrations.aircall.api_get (%). Accepted: path, query?. No request was made."
	const post = "Invalid arguments for app.integrations.aircall.api_post (%). Accepted: path, body?, query?. No request was made."
	for _, c := range []struct{ call, message, mistake string }{
		{`api_get()`, get, `missing: path (string)`},
		{`api_get(5)`, get, `wrong: path must be a path such as /v1/calls, got 5`},
		{`api_get("https://evil.example.com/v1/calls")`, get, `wrong: path "https://evil.example.com/v1/calls" does not begin with "/": give a path such as /v1/calls, without an address`},
		{`api_get("//evil.example.com/v1")`, get, `wrong: path "//evil.example.com/v1" has an empty part: write one "/" between two names`},
		{`api_get("/v1/%2e%2e/_fake")`, get, `wrong: path "/v1/%2e%2e/_fake" has the part "..", which leads to another path: write the path out`},
		{`api_get("/v1/calls?page=2")`, get, `wrong: path "/v1/calls?page=2" has the character "?", which the path of an operation does not have; the query is apart from it`},
		{`api_get("/v1/calls", "page=2")`, get, `wrong: query must be a table, got "page=2"`},
		{`api_get("/v1/calls", { 1, 2 })`, get, `wrong: query must be a table of named values, got a list`},
		{`api_get("/v1/calls", { a = { b = 1 } })`, get, `wrong: query.a must be a string, a number, a boolean or a list of them`},
		{`api_get("/v1/calls", { a = json.null })`, get, `wrong: query.a must be a string, a number, a boolean or a list of them`},
		{`api_get{ path = "/v1/calls", params = {}, query = {} }`, get, `wrong: give query or params, not both`},
		{`api_get{ path = "/v1/calls", body = {} }`, get, `unknown: body`},
		{`api_post{ path = "/v1/calls", body = { f = print } }`, post, `wrong: body.f is a function, which JSON cannot hold`},
		{`api_post{ path = "/v1/calls", body = { a = 0/0 } }`, post, `wrong: body.a is NaN, which JSON cannot hold`},
	} {
		_, err := r.Run(t.Context(), "", "app.integrations.aircall."+c.call, binding.RunOptions{})
		wantType(t, err, binding.TypeInvalidArguments, strings.Replace(c.message, "%", c.mistake, 1))
	}
	if sent := srv.lines(); len(sent) > 0 {
		t.Errorf("sent %q", sent)
	}
}

// A host that has not turned raw requests on has no such functions, and says so.
func TestRawRequestsAreOff(t *testing.T) {
	r := runner(t, "")
	e := fails(t, r, `app.integrations.aircall.api_get("/v1/calls")`)
	if e.Type != binding.TypeUnknownFunction || !strings.Contains(e.Hint, "--raw-api") {
		t.Errorf("got %s: %v (%s)", e.Type, e, e.Hint)
	}
	want(t, "has", run(t, r, `print(app.has("integrations.aircall.api_get"), docs.list():find("api_get") ~= nil)`), "false\tfalse\n")
	r = runner(t, "", rawAPI)
	want(t, "has", run(t, r, `print(app.has("integrations.aircall.api_get"), docs.list():find("api_get(path, query?)", 1, true) ~= nil, docs.read("api_post"):match("^## %S+"))`), "true\ttrue\t## api_post\n")
}

// Raw requests pass permission, limits, dry runs and records as every function does.
func TestRawRequestsObeyTheHost(t *testing.T) {
	srv := serve(t, func(request) (int, string) { return 200, `{"ok":true}` })
	var asked []binding.Access
	r := runner(t, srv.URL, rawAPI, func(c *binding.Config) {
		c.Limits.Calls = 3
		c.Permission = func(_ context.Context, a binding.Access) binding.Decision {
			asked = append(asked, a)
			if a.Arguments["path"] == "/v1/webhooks" {
				return binding.Deny
			}
			return binding.Allow
		}
	})
	for _, path := range []string{"/v1/webhooks", "/webhooks", "/v1/w%65bhooks"} {
		_, err := r.Run(t.Context(), "", `app.integrations.aircall.api_post("`+path+`", { url = "https://example.com" })`, binding.RunOptions{})
		wantType(t, err, binding.TypePermissionDenied, "app.integrations.aircall.api_post is not permitted: it is forbidden here. No request was made.")
	}
	wanted := binding.Access{
		Path: "integrations.aircall.api_post", Integration: "aircall", Function: "api_post", Account: "default", Effect: binding.EffectWrite,
		Arguments: map[string]any{"path": "/v1/webhooks", "body": map[string]any{"url": "https://example.com"}},
	}
	if diff := cmp.Diff(wanted, asked[2]); diff != "" {
		t.Errorf("the hook sees (-want +got):\n%s", diff)
	}
	_, err := r.Run(t.Context(), "", `app.integrations.aircall.api_delete("/v1/tags/1")`, binding.RunOptions{ReadOnly: true})
	wantType(t, err, binding.TypePermissionDenied, "app.integrations.aircall.api_delete is not permitted: it writes, and this script may only read. No request was made.")
	res, err := r.Run(t.Context(), "", `return app.integrations.aircall.api_put("/tags/1", { name = "A" }, { b = 2 })`, binding.RunOptions{DryRun: true})
	if diff := cmp.Diff([]any{map[string]any{"dry_run": true, "method": "PUT", "path": "/v1/tags/1?b=2", "body": map[string]any{"name": "A"}}}, res.Values); err != nil || diff != "" {
		t.Errorf("the dry run returns %v (-want +got):\n%s", err, diff)
	}
	want(t, "sent", strings.Join(srv.lines(), "\n"), "")
	res, err = r.Run(t.Context(), "", `for i = 1, 4 do app.integrations.aircall.api_get("/v1/ping") end`, binding.RunOptions{})
	wantType(t, err, binding.TypeLimitExceeded, "The script has reached its limit of 3 calls. No request was made.")
	if len(res.Calls) != 3 || res.Calls[0].Requests != 1 || res.Calls[0].Function != "api_get" || len(srv.lines()) != 3 {
		t.Errorf("recorded %+v", res.Calls)
	}
}

// The examples of the raw functions print what they say on a fresh fake.
func TestRawExamples(t *testing.T) {
	for _, name := range []string{"api_get", "api_post", "api_put", "api_delete"} {
		fake := fakeaircall.RunT(t, checked(t, fakeaircall.Options{}))
		r := runnerOf(t, fake, rawAPI)
		text := run(t, r, `print(docs.read("`+name+`"))`)
		_, rest, _ := strings.Cut(text, "```lua\n")
		source, rest, _ := strings.Cut(rest, "```")
		_, rest, _ = strings.Cut(rest, "```text\n")
		prints, _, _ := strings.Cut(rest, "```")
		res, err := r.Run(t.Context(), name+".lua", source, binding.RunOptions{})
		if err != nil || prints == "" {
			t.Fatal(name, err)
		}
		want(t, name, res.Output, prints)
	}
}
