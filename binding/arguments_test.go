package binding_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

func TestBadArgumentsSendNothing(t *testing.T) {
	srv := replies(t, nil)
	r := runner(t, srv.URL)
	const (
		call    = "Accepted: call_id. No request was made."
		list    = "Accepted: per_page?, page?, order?, from?, to?, direction?, user_id?, number_id?, tags?. No request was made."
		contact = "Accepted: contact_id, first_name?, last_name?, company_name?, information?, phone_numbers?, emails?. No request was made."
		create  = "Accepted: first_name?, last_name?, company_name?, information?, phone_numbers?, emails?. No request was made."
		iso     = `expected ISO 8601 such as "2026-01-01T00:00:00Z" or UNIX seconds, got `
		ids     = "must be an integer from 1 to 9007199254740991, got "
	)
	for _, c := range []struct{ name, call, want string }{
		{"missing", `get_call()`, "Invalid arguments for app.integrations.aircall.get_call (missing: call_id (integer)). " + call},
		{"missing from an empty table", `get_call({})`, "Invalid arguments for app.integrations.aircall.get_call (missing: call_id (integer)). " + call},
		{"nil is missing", `get_call(nil)`, "Invalid arguments for app.integrations.aircall.get_call (missing: call_id (integer)). " + call},
		{"all at once", `list_calls({per_page = 100, direction = "in", perpage = 1})`,
			`Invalid arguments for app.integrations.aircall.list_calls (wrong: per_page must be an integer from 1 to 50, got 100; direction must be "inbound" or "outbound", got "in"; unknown: perpage (did you mean per_page?)). ` + list},
		{"missing before unknown", `get_call({callid = 1})`, "Invalid arguments for app.integrations.aircall.get_call (missing: call_id (integer); unknown: callid (did you mean call_id?)). " + call},
		{"id is a word", `get_call({call_id = "abc"})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + `"abc"). ` + call},
		{"id is half", `get_call({call_id = 1.5})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + "1.5). " + call},
		{"id is zero", `get_call({call_id = 0})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + "0). " + call},
		{"id is negative", `get_call({call_id = -3})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + "-3). " + call},
		{"id is not a number", `get_call({call_id = 0/0})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + "NaN). " + call},
		{"id is infinite", `get_call({call_id = 1/0})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + "+Inf). " + call},
		{"id is beyond 2^53", `get_call({call_id = "9007199254740992"})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + `"9007199254740992"). ` + call},
		{"id is true", `get_call({call_id = true})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + "true). " + call},
		{"id is a table", `get_call({call_id = {1}})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + "a table). " + call},
		{"id is a function", `get_call({call_id = print})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + "a function). " + call},
		{"id is null", `get_call({call_id = json.null})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + "json.null). " + call},
		{"long values are cut", `get_call({call_id = ("x"):rep(100)})`, "Invalid arguments for app.integrations.aircall.get_call (wrong: call_id " + ids + `"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"). ` + call},
		{"a list for a name", `get_call({12345})`, "Invalid arguments for app.integrations.aircall.get_call (missing: call_id (integer); unknown: [1]). " + call},
		{"table and more", `get_call({call_id = 1}, 2)`, "app.integrations.aircall.get_call accepts one named argument table or positional arguments, not both. No request was made."},
		{"too many", `get_call(1, 2)`, "app.integrations.aircall.get_call takes at most 1 positional arguments, got 2. No request was made."},
		{"colon", `:get_call({call_id = 1})`, `app.integrations.aircall.get_call must be called with ".", not ":". No request was made.`},
		{"no parameters, named", `list_users({page = 2})`, "Invalid arguments for app.integrations.aircall.list_users (unknown: page). Accepted: none. No request was made."},
		{"no parameters, positional", `list_numbers(1)`, "app.integrations.aircall.list_numbers takes at most 0 positional arguments, got 1. No request was made."},
		{"per_page zero", `list_calls({per_page = 0})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: per_page must be an integer from 1 to 50, got 0). " + list},
		{"per_page 51", `list_contacts({per_page = 51})`, "Invalid arguments for app.integrations.aircall.list_contacts (wrong: per_page must be an integer from 1 to 50, got 51). Accepted: per_page?, page?, order?, q?. No request was made."},
		{"page zero", `list_calls({page = 0})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: page must be an integer of at least 1, got 0). " + list},
		{"order", `list_calls({order = "DESC"})`, `Invalid arguments for app.integrations.aircall.list_calls (wrong: order must be "asc" or "desc", got "DESC"). ` + list},
		{"from is a word", `list_calls({from = "yesterday"})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: from: " + iso + `"yesterday"). ` + list},
		{"from is no day", `list_calls({from = "2026-02-30"})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: from: " + iso + `"2026-02-30"). ` + list},
		{"to before 1970", `list_calls({to = -1})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: to: " + iso + "-1). " + list},
		{"milliseconds", `list_calls({from = 1767225600000})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: from looks like milliseconds, give UNIX seconds, got 1767225600000). " + list},
		{"just milliseconds", `list_calls({from = 1e11 + 1})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: from looks like milliseconds, give UNIX seconds, got 100000000001). " + list},
		{"a day before 1970", `list_calls({from = "1969-12-31"})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: from: " + iso + `"1969-12-31"). ` + list},
		{"two swaps are two slips", `list_calls({rodre = 1})`, "Invalid arguments for app.integrations.aircall.list_calls (unknown: rodre (did you mean order?)). " + list},
		{"window upside down", `list_calls({from = "2026-02-01", to = "2026-01-01"})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: from must not be later than to). " + list},
		{"tags is one name", `list_calls({tags = "vip"})`, `Invalid arguments for app.integrations.aircall.list_calls (wrong: tags must be a list, got "vip" (wrap it in { })). ` + list},
		{"tags has a gap", `list_calls({tags = {"a", nil, "b"}})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: tags must be a list without gaps, [2] is missing). " + list},
		{"tags holds a table", `list_calls({tags = {"a", {}}})`, "Invalid arguments for app.integrations.aircall.list_calls (wrong: tags[2] must be a tag's name or id, got a table). " + list},
		{"q is a table", `list_contacts({q = {}})`, "Invalid arguments for app.integrations.aircall.list_contacts (wrong: q must be a string, got a table). Accepted: per_page?, page?, order?, q?. No request was made."},
		{"q is long", `list_contacts({q = ("a"):rep(256)})`, "Invalid arguments for app.integrations.aircall.list_contacts (wrong: q must be at most 255 characters, got 256). Accepted: per_page?, page?, order?, q?. No request was made."},
		{"text is a number", `create_contact({first_name = 5})`, "Invalid arguments for app.integrations.aircall.create_contact (wrong: first_name must be a string, got 5). " + create},
		{"text is not UTF-8", `create_contact({first_name = "\255"})`, "Invalid arguments for app.integrations.aircall.create_contact (wrong: first_name is not valid UTF-8). " + create},
		{"null where nothing exists", `create_contact({first_name = json.null})`, "Invalid arguments for app.integrations.aircall.create_contact (wrong: first_name must be a string, got json.null). " + create},
		{"nothing to create", `create_contact({})`, "Invalid arguments for app.integrations.aircall.create_contact (wrong: nothing to create, give at least one field). " + create},
		{"one phone, no list", `create_contact({emails = {label = "Work", value = "a@example.com"}})`,
			`Invalid arguments for app.integrations.aircall.create_contact (wrong: emails must be a list, got a table with key "label" (wrap it in { })). ` + create},
		{"entry without value, and more", `create_contact({phone_numbers = {{value = "+1"}, {label = "Work"}}, emails = "a@b"})`,
			`Invalid arguments for app.integrations.aircall.create_contact (wrong: phone_numbers[2].value is required; emails must be a list, got "a@b" (wrap it in { })). ` + create},
		{"entry is a string", `create_contact({phone_numbers = {"+1"}})`, `Invalid arguments for app.integrations.aircall.create_contact (wrong: phone_numbers[1] must be a table with label and value, got "+1"). ` + create},
		{"entry's value is a number", `create_contact({phone_numbers = {{value = 1}}})`, `Invalid arguments for app.integrations.aircall.create_contact (wrong: phone_numbers[1].value must be a string, got 1). ` + create},
		{"entry's key", `create_contact({phone_numbers = {{value = "+1", lable = "x"}}})`, `Invalid arguments for app.integrations.aircall.create_contact (wrong: phone_numbers[1] has an unknown key "lable", accepted are label and value). ` + create},
		{"21 entries", `create_contact({phone_numbers = (function() local t = {} for i = 1, 21 do t[i] = {value = "+" .. i} end return t end)()})`,
			"Invalid arguments for app.integrations.aircall.create_contact (wrong: phone_numbers must have at most 20 entries, got 21). " + create},
		{"nothing to update", `update_contact({contact_id = 5})`, "Invalid arguments for app.integrations.aircall.update_contact (wrong: nothing to update, give at least one field besides contact_id). " + contact},
		{"no phone left", `update_contact({contact_id = 5, phone_numbers = {}})`,
			"Invalid arguments for app.integrations.aircall.update_contact (wrong: phone_numbers must keep at least one entry, a contact cannot be left without). " + contact},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := "app.integrations.aircall." + c.call
			if c.call[0] == ':' {
				source = "app.integrations.aircall" + c.call
			}
			failed := fails(t, r, source)
			want(t, "message", failed.Message, c.want)
			want(t, "type, where, effect", failed.Type+" "+failed.Where+" "+string(failed.EffectStatus), "invalid_arguments test.lua:1 none")
			if n := srv.lines(); len(n) > 0 {
				t.Errorf("requests were made: %q", n)
			}
		})
	}
}

func TestArgumentsThatAreTaken(t *testing.T) {
	srv := serve(t, func(request) (int, string) { return 200, `{"calls":[],"contacts":[],"call":{},"contact":{}}` })
	r := runner(t, srv.URL)
	const page = "order=desc&page=1&per_page=20"
	for _, c := range []struct{ name, call, want string }{
		{"nothing", `list_calls()`, "GET /v1/calls?" + page},
		{"an empty table", `list_calls({})`, "GET /v1/calls?" + page},
		{"nil", `list_calls(nil)`, "GET /v1/calls?" + page},
		{"by position", `list_calls(5, 2, "asc")`, "GET /v1/calls?order=asc&page=2&per_page=5"},
		{"a nil behind the table", `list_calls({}, nil)`, "GET /v1/calls?" + page},
		{"by position with gaps", `list_calls(nil, 2, nil, nil)`, "GET /v1/calls?order=desc&page=2&per_page=20"},
		{"digits", `get_call({call_id = "0123"})`, "GET /v1/calls/123"},
		{"the largest id", `get_call(9007199254740991)`, "GET /v1/calls/9007199254740991"},
		{"absent fields", `list_contacts({q = "  ", page = nil})`, "GET /v1/contacts?" + page},
		{"a metatable is no argument", `list_calls(setmetatable({}, {__index = function() return "x" end}))`, "GET /v1/calls?" + page},
		{"ISO", `list_calls({from = "2026-01-01T00:00:00Z", to = "2026-01-31T23:59:59Z"})`, "GET /v1/calls?from=1767225599&" + page + "&to=1769903999"},
		{"ISO with zone", `list_calls({from = "2026-01-01T02:00:00+02:00"})`, "GET /v1/calls?from=1767225599&" + page},
		{"ISO with fraction", `list_calls({from = "2026-01-01T00:00:00.900Z"})`, "GET /v1/calls?from=1767225599&" + page},
		{"ISO without zone", `list_calls({from = "2026-01-01T00:00:00"})`, "GET /v1/calls?from=1767225599&" + page},
		{"a day", `list_calls({from = "2026-01-01"})`, "GET /v1/calls?from=1767225599&" + page},
		{"far ahead", `list_calls({to = "9999-12-31"})`, "GET /v1/calls?" + page + "&to=253402214400"},
		{"seconds", `list_calls({from = 1767225600, to = "1767225600"})`, "GET /v1/calls?from=1767225599&" + page + "&to=1767225600"},
		{"empty text", `create_contact({first_name = ""})`, `POST /v1/contacts {"first_name":""}`},
		{"empty lists", `create_contact({first_name = "A", phone_numbers = {}, emails = {}})`, `POST /v1/contacts {"first_name":"A","phone_numbers":[],"emails":[]}`},
		{"unsaid label", `create_contact({phone_numbers = {{value = "+1"}}})`, `POST /v1/contacts {"phone_numbers":[{"label":"Work","value":"+1"}]}`},
		{"text as it is", `create_contact({information = "<b>é\n\"q\"</b>"})`, `POST /v1/contacts {"information":"<b>é\n\"q\"</b>"}`},
		{"cleared", `update_contact({contact_id = 7, information = json.null})`, `POST /v1/contacts/7 {"information":null}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, r, "app.integrations.aircall."+c.call)
			if diff := cmp.Diff([]string{c.want}, srv.lines()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestArgumentsTooLarge(t *testing.T) {
	srv := replies(t, nil)
	_, err := runner(t, srv.URL).Run(context.Background(), "", `app.integrations.aircall.create_contact({information = ...})`,
		binding.RunOptions{Args: []any{strings.Repeat("x", 1<<20)}})
	wantType(t, err, "limit_exceeded", "app.integrations.aircall.create_contact: the arguments are larger than 1048576 bytes. No request was made.")
	if n := srv.lines(); len(n) > 0 {
		t.Errorf("requests were made: %q", n)
	}
}

func TestDetailsOfBadArguments(t *testing.T) {
	r := runner(t, replies(t, nil).URL)
	got := fails(t, r, `app.integrations.aircall.list_calls({order = 1, pages = 2, per_page = 0})`).Details
	wantDetails := map[string]any{"invalid": []string{"per_page", "order"}, "unknown": []string{"pages"}, "suggestions": []string{"page"}}
	if diff := cmp.Diff(wantDetails, got); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
	run(t, r, `
		local ok, e = pcall(app.integrations.aircall.get_call, {})
		assert(e.details.missing[1] == "call_id" and #e.details.missing == 1, "details")`)
}

func TestArgumentsOfTheScript(t *testing.T) {
	r := runner(t, replies(t, nil).URL)
	got := run(t, r, `local a, b, c, d, e, f = ...
		print(a, b, c.x[1], #c.x, d, e == json.null, e, f)`,
		int64(5), "text", map[string]any{"x": []int{7}}, true, nil, int64(9007199254740993))
	want(t, "output", got, "5\ttext\t7\t1\ttrue\tfalse\tnil\t9007199254740993\n")
	_, err := r.Run(context.Background(), "", "", binding.RunOptions{Args: []any{1, func() {}}})
	if err == nil || err.(*binding.ScriptError).Type != "invalid_arguments" {
		t.Errorf("a function as argument: got %v", err)
	}
}
