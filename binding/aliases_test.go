package binding_test

import (
	"bufio"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

// hostNames are the names that the other hosts use, with the request that each sends.
var hostNames = []struct{ call, want string }{
	{`list()`, `GET /v1/calls?order=desc&page=1&per_page=20`},
	{`get(1)`, `GET /v1/calls/1`},
	{`search({ phone_number = "+33199000001" })`, `GET /v1/calls/search?order=desc&page=1&per_page=20&phone_number=%2B33199000001`},
	{`comment_call({ call_id = "1", content = "Hello" })`, `POST /v1/calls/1/comments {"content":"Hello"}`},
	{`comment({ call_id = 1, content = "Hello" })`, `POST /v1/calls/1/comments {"content":"Hello"}`},
	{`tag_call({ call_id = "1", tags = { 456, 789 } })`, `POST /v1/calls/1/tags {"tags":[456,789]}`},
	{`tag({ call_id = 1, tags = { 456 } })`, `POST /v1/calls/1/tags {"tags":[456]}`},
	{`archive({ call_id = 1 })`, `PUT /v1/calls/1/archive`},
	{`unarchive({ call_id = 1 })`, `PUT /v1/calls/1/unarchive`},
	{`transfer({ call_id = 1, user_id = 2 })`, `POST /v1/calls/1/transfers {"user_id":2}`},
	{`pause_call_recording({ call_id = 1 })`, `POST /v1/calls/1/pause_recording`},
	{`resume_call_recording({ call_id = 1 })`, `POST /v1/calls/1/resume_recording`},
	{`delete_call_recording({ call_id = 1 })`, `DELETE /v1/calls/1/recording`},
	{`delete_call_voicemail({ call_id = 1 })`, `DELETE /v1/calls/1/voicemail`},
	{`create_insight_card({ call_id = 1, contents = { { type = "title", text = "Gold" } } })`,
		`POST /v1/calls/1/insight_cards {"contents":[{"type":"title","text":"Gold"}]}`},
	{`get_call_transcription({ call_id = 1 })`, `GET /v1/calls/1/transcription`},
	{`get_call_realtime_transcription({ call_id = 1 })`, `GET /v1/calls/1/realtime_transcription`},
	{`get_call_sentiments({ call_id = 1 })`, `GET /v1/calls/1/sentiments`},
	{`get_call_topics({ call_id = 1 })`, `GET /v1/calls/1/topics`},
	{`get_call_summary({ call_id = 1 })`, `GET /v1/calls/1/summary`},
	{`get_call_custom_summary_result({ call_id = 1 })`, `GET /v1/calls/1/custom_summary_result`},
	{`get_call_action_items({ call_id = 1 })`, `GET /v1/calls/1/action_items`},
	{`get_call_playbook_result({ call_id = 1 })`, `GET /v1/calls/1/playbook_result`},
	{`get_call_evaluations({ call_id = 1 })`, `GET /v1/calls/1/evaluations`},
	{`list_users_v2({})`, `GET /v2/users?order=asc&page=1&per_page=50`},
	{`get_user_v2({ user_id = 7 })`, `GET /v2/users/7`},
	{`create_user_v2({ email = "a@example.com", first_name = "A", last_name = "B" })`, `POST /v2/users {"email":"a@example.com","first_name":"A","last_name":"B"}`},
	{`update_user_v2({ user_id = 7, first_name = "A" })`, `PUT /v2/users/7 {"first_name":"A"}`},
	{`list_user_numbers_v2({ user_id = 7 })`, `GET /v2/users/7/numbers?page=1&per_page=20`},
	{`start_outbound({ user_id = 7, number_id = 8, to = "+33199000001" })`, `POST /v1/users/7/calls {"number_id":8,"to":"+33199000001"}`},
	{`dial_user_phone({ user_id = 7, to = "+33199000001" })`, `POST /v1/users/7/dial {"to":"+33199000001"}`},
	{`add_user_to_team({ team_id = 3, user_id = 7 })`, `POST /v1/teams/3/users/7`},
	{`add_user_team({ team_id = 3, user_id = 7 })`, `POST /v1/teams/3/users/7`},
	{`remove_user_from_team({ team_id = 3, user_id = 7 })`, `DELETE /v1/teams/3/users/7`},
	{`update_number_music_and_messages({ number_id = 8, messages = { welcome = "https://example.com/a.mp3" } })`,
		`PUT /v1/numbers/8 {"messages":{"welcome":"https://example.com/a.mp3"}}`},
}

// An alias is its function under another name: the same request, in the records and for the permission hook by the name of
// the function, and one call of the limit.
func TestAliasesAreTheirFunctions(t *testing.T) {
	srv := serve(t, func(r request) (int, string) {
		if strings.HasPrefix(r.line, "GET /v2/users?") {
			return 200, `{"users":[],"meta":{"total":0}}`
		}
		return 200, `{"ok":true}`
	})
	var asked []string
	r := runner(t, srv.URL, func(c *binding.Config) {
		c.Permission = func(_ context.Context, a binding.Access) binding.Decision {
			asked = append(asked, a.Function)
			return binding.Allow
		}
	})
	tested := map[string]bool{}
	for _, c := range hostNames {
		name, arguments, _ := strings.Cut(c.call, "(")
		tested[name] = true
		i := slices.IndexFunc(binding.All(), func(f binding.Function) bool { return slices.Contains(f.Aliases, name) })
		if i < 0 {
			t.Errorf("%s is no alias", name)
			continue
		}
		real := binding.All()[i].Name
		for _, name := range []string{real, name, "aircall_" + name} {
			asked = nil
			res, err := r.Run(t.Context(), "", "app.integrations.aircall."+name+"("+arguments, binding.RunOptions{})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			want(t, name+" sends", strings.Join(srv.lines(), "\n"), c.want)
			if len(res.Calls) != 1 || res.Calls[0].Function != real || res.Calls[0].Path != "integrations.aircall."+real || len(asked) != 1 || asked[0] != real {
				t.Errorf("%s: recorded as %+v, asked for %q, want %s", name, res.Calls, asked, real)
			}
		}
	}
	for _, f := range binding.All() {
		for _, alias := range f.Aliases {
			if name := strings.TrimPrefix(alias, "aircall_"); name != f.Name && !tested[name] {
				t.Errorf("no test uses %s of %s", alias, f.Name)
			}
		}
	}
}

// A forbidden function is forbidden under every name.
func TestAliasesOfForbiddenFunctions(t *testing.T) {
	r := runner(t, serve(t, nil).URL, func(c *binding.Config) { c.ReadOnly = true })
	for _, f := range binding.All() {
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if f.Effect != binding.EffectWrite || len(f.Params) == 0 || f.Params[0].Name != "call_id" || len(f.Params) > 1 {
				continue
			}
			_, err := r.Run(t.Context(), "", "app.integrations.aircall."+name+"({ call_id = 1 })", binding.RunOptions{})
			wantType(t, err, binding.TypePermissionDenied, "app.integrations.aircall."+f.Name+" is not permitted: it writes, and this script may only read. No request was made.")
		}
	}
}

// Nothing lists an alias: neither the namespace, nor the pages, nor the suggestions. A page can be read by it.
func TestAliasesAreNotListed(t *testing.T) {
	r := runner(t, "")
	listed := run(t, r, `for name in pairs(app.integrations.aircall) do print(name) end print(docs.list())
		for _, f in ipairs{"calls", "tag", "comment", "user", "transfer"} do print(docs.search(f, 100)) end`) + binding.Manual()
	for _, c := range hostNames {
		name, _, _ := strings.Cut(c.call, "(")
		for _, text := range []string{"\n" + name + "\n", "  " + name + "(", "aircall." + name + "(", "## " + name + "\n"} {
			if strings.Contains(listed, text) {
				t.Errorf("%s is listed: %q", name, text)
			}
		}
		if got := run(t, r, `print(docs.read("`+name+`"))`); !strings.HasPrefix(got, "## ") || strings.HasPrefix(got, "## "+name+"\n") {
			t.Errorf("docs.read(%q) begins %.40q", name, got)
		}
	}
	_, err := r.Run(t.Context(), "", `app.integrations.aircall.comment_cal{}`, binding.RunOptions{})
	if err == nil || strings.Contains(err.Error(), "comment_call,") || strings.Contains(err.Error(), "Did you mean: comment_call") {
		t.Errorf("an alias is suggested: %v", err)
	}
}

// The table in docs/embedding.md has every alias, with its function.
func TestPageOfAliases(t *testing.T) {
	page, err := os.Open("../docs/embedding.md")
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	documented, inTable := map[string]string{}, false
	for lines := bufio.NewScanner(page); lines.Scan(); {
		line := lines.Text()
		inTable = strings.HasPrefix(line, "|") && (inTable || strings.Contains(line, "| also callable as |"))
		cells := strings.Split(strings.ReplaceAll(line, "`", ""), "|")
		if !inTable || len(cells) != 4 || strings.Contains(line, "---") || strings.Contains(line, "also callable") {
			continue
		}
		for alias := range strings.SplitSeq(cells[2], ",") {
			documented[strings.TrimSpace(alias)] = strings.TrimSpace(cells[1])
		}
	}
	there := map[string]string{}
	for _, f := range binding.All() {
		for _, alias := range f.Aliases {
			if !strings.HasPrefix(alias, "aircall_") {
				there[alias] = f.Name
			}
		}
	}
	if diff := cmp.Diff(there, documented); diff != "" {
		t.Errorf("aliases (-in the binding +in docs/embedding.md):\n%s", diff)
	}
}

// list_calls and get_call take the flags of search_calls under the same names, and no page lists them.
func TestFetchFlagsOfTheDocumentedFunctions(t *testing.T) {
	srv := serve(t, func(r request) (int, string) {
		if strings.HasPrefix(r.line, "GET /v1/calls/5") {
			return 200, `{"call":{"id":5,"contact":{"id":6,"first_name":null}}}`
		}
		return 200, `{"calls":[{"id":5,"contact":{"id":6}}],"meta":{"total":1}}`
	})
	r := runner(t, srv.URL)
	for _, c := range []struct{ source, request string }{
		{`print(list_calls{ fetch_contact = true }.calls[1].contact.id)`, `GET /v1/calls?fetch_contact=true&order=desc&page=1&per_page=20`},
		{`print(list_calls{ direction = "inbound", fetch_contact = true }.calls[1].contact.id)`,
			`GET /v1/calls/search?direction=inbound&fetch_contact=true&order=desc&page=1&per_page=20`},
		{`print(list_calls{ number_id = 1, fetch_short_urls = true, fetch_call_timeline = false } and 6)`,
			`GET /v1/calls?fetch_call_timeline=false&fetch_short_urls=true&order=desc&page=1&per_page=50`},
		{`for call in each_call{ fetch_contact = true } do print(call.contact.id) end`, `GET /v1/calls?fetch_contact=true&order=desc&page=1&per_page=50`},
		{`print(get_call{ call_id = 5, fetch_contact = true }.call.contact.id)`, `GET /v1/calls/5?fetch_contact=true`},
	} {
		source := c.source
		for _, name := range []string{"list_calls", "each_call", "get_call"} {
			source = strings.Replace(source, name, "app.integrations.aircall."+name, 1)
		}
		want(t, c.source, run(t, r, source), "6\n")
		want(t, c.source, strings.Join(srv.lines(), "\n"), c.request)
	}
	for _, c := range []struct{ source, message string }{
		{`app.integrations.aircall.list_calls{ fetch_contact = "yes" }`, `Invalid arguments for app.integrations.aircall.list_calls (wrong: fetch_contact must be true or false, got "yes"). Accepted: per_page?, page?, order?, from?, to?, direction?, user_id?, number_id?, tags?. No request was made.`},
		{`app.integrations.aircall.get_call(5, true)`, "app.integrations.aircall.get_call takes at most 1 positional arguments, got 2. No request was made."},
	} {
		_, err := r.Run(t.Context(), "", c.source, binding.RunOptions{})
		wantType(t, err, binding.TypeInvalidArguments, c.message)
	}
	for _, name := range []string{"list_calls", "each_call", "get_call"} {
		if text := page(t, name) + run(t, r, `print(docs.list("`+name+`"), docs.schema("`+name+`"))`); strings.Contains(text, "fetch_") {
			t.Errorf("a flag of %s is listed:\n%s", name, text)
		}
	}
}
