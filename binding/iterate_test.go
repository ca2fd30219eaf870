package binding_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

// items serves a list of n tags, 50 a page, with the ids 1 to n; change may spoil a page.
func items(t *testing.T, n int, change func(page int, ids []int) (int, []int)) *server {
	return serve(t, func(r request) (int, string) {
		_, target, _ := strings.Cut(r.line, " ")
		u, err := url.Parse(target)
		if err != nil {
			t.Error(err)
		}
		page, _ := strconv.Atoi(u.Query().Get("page"))
		status, ids := 200, []int{}
		for id := (page-1)*50 + 1; id <= min(page*50, n); id++ {
			ids = append(ids, id)
		}
		if change != nil {
			status, ids = change(page, ids)
		}
		var tags []map[string]any
		for _, id := range ids {
			tags = append(tags, map[string]any{"id": id, "name": fmt.Sprintf("tag %d", id)})
		}
		body, _ := json.Marshal(map[string]any{"tags": tags, "meta": map[string]any{"total": n, "per_page": 50, "current_page": page}})
		if tags == nil {
			body = []byte(`{"tags":[],"meta":{"total":0}}`)
		}
		return status, string(body)
	})
}

func pagesOf(srv *server) (pages []string) {
	for _, line := range srv.lines() {
		_, query, _ := strings.Cut(line, "?")
		pages = append(pages, query)
	}
	return pages
}

// A page is asked for when the loop needs it, and none before or after.
func TestIteratorsAreLazy(t *testing.T) {
	srv := items(t, 120, nil)
	r := runner(t, srv.URL)
	for _, c := range []struct {
		source, output string
		pages          int
	}{
		{`local it = aircall.each_tag() print(type(it))`, "function\n", 0},
		{`for tag in aircall.each_tag() do print(tag.id) break end`, "1\n", 1},
		{`for tag in aircall.each_tag() do if tag.id == 50 then break end end`, "", 1},
		{`for tag in aircall.each_tag() do if tag.id == 51 then break end end`, "", 2},
		{`local n = 0 for tag in aircall.each_tag() do n = n + 1 assert(tag.id == n) end print(n)`, "120\n", 3},
		{`local it = aircall.each_tag() for tag in it do end print(it(), it())`, "nil\tnil\n", 3},
		{`local a, b = aircall.each_tag(), aircall.each_tag() print(a().id, b().id, a().id)`, "1\t1\t2\n", 2},
		{`local it = aircall.each_tag() local co = coroutine.wrap(function() for tag in it do coroutine.yield(tag.id) end end) print(co(), it().id, co())`, "1\t2\t3\n", 1},
	} {
		t.Run(c.source, func(t *testing.T) {
			want(t, "output", run(t, r, `local aircall = app.integrations.aircall `+c.source), c.output)
			if pages := pagesOf(srv); len(pages) != c.pages {
				t.Errorf("%d pages, want %d: %v", len(pages), c.pages, pages)
			}
		})
	}
	run(t, r, `for _ in app.integrations.aircall.each_tag() do end`)
	if diff := cmp.Diff([]string{"page=1&per_page=50", "page=2&per_page=50", "page=3&per_page=50"}, pagesOf(srv)); diff != "" {
		t.Errorf("pages:\n%s", diff)
	}
}

// Each page is a call of the run, and in its record.
func TestIteratorsCountPages(t *testing.T) {
	srv := items(t, 1000, nil)
	r := runner(t, srv.URL, func(c *binding.Config) { c.Limits.Calls = 3 })
	res, err := r.Run(context.Background(), "test.lua", `
		for tag in app.integrations.aircall.each_tag() do last = tag.id print(last) end`, binding.RunOptions{})
	if err == nil || err.Error() != "test.lua:2: The script has reached its limit of 3 calls. No request was made." {
		t.Errorf("got %v", err)
	}
	if !strings.HasSuffix(res.Output, "\n150\n") {
		t.Errorf("it came to %q", res.Output[len(res.Output)-10:])
	}
	for _, c := range res.Calls {
		if c.Path != "integrations.aircall.each_tag" || c.Function != "each_tag" || c.Requests != 1 || c.Effect != binding.EffectRead || c.ErrorType != "" {
			t.Errorf("call %+v", c)
		}
	}
	if len(res.Calls) != 3 || len(pagesOf(srv)) != 3 {
		t.Errorf("%d calls", len(res.Calls))
	}
}

func TestIteratorsEnd(t *testing.T) {
	for _, c := range []struct {
		name   string
		n      int
		change func(page int, ids []int) (int, []int)
		source string
		want   string
	}{
		{"an empty list", 0, nil, `for tag in it do print(tag) end print("end")`, "end\n"},
		{"a full last page", 100, nil, `local n = 0 for tag in it do n = n + 1 end print(n)`, "100\n"},
		{"an item that comes twice", 100, func(page int, ids []int) (int, []int) {
			if page == 2 {
				ids = append([]int{50}, ids...)
			}
			return 200, ids
		}, `local n = 0 for tag in it do n = n + 1 end print(n)`, "100\n"},
		{"a list beyond Aircall's end", 20000, nil, `local ok, e = pcall(function() for tag in it do last = tag.id end end) print(last, e.type, e.message)`,
			"10000\tlimit_exceeded\tAircall's lists end at 10000 items. Narrow the list.\n"},
		{"a failure, and again", 100, failOnce(2), `n = 0
			local function all() for tag in it do n = n + 1 end end
			local ok, e = pcall(all) print(n, e.type, e.status, e.path) all() print(n)`, "50\tforbidden\t403\tintegrations.aircall.each_tag\n100\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runner(t, items(t, c.n, c.change).URL, func(c *binding.Config) { c.Limits.Calls = 1000 })
			want(t, "output", run(t, r, `local it = app.integrations.aircall.each_tag() `+c.source), c.want)
		})
	}
}

func failOnce(on int) func(int, []int) (int, []int) {
	failed := false
	return func(page int, ids []int) (int, []int) {
		if page == on && !failed {
			failed = true
			return 403, ids
		}
		return 200, ids
	}
}

// The filters that Aircall does not know hold in a loop as they hold in the list, and cost each page once.
func TestIteratorsFilter(t *testing.T) {
	fake, r := fakeRunner(t)
	want(t, "numbers", run(t, r, `
		local aircall = app.integrations.aircall
		local number, n = aircall.list_numbers().numbers[1], 0
		for call in aircall.each_call({ number_id = number.id }) do
			assert(call.number.id == number.id and call.from)
			n = n + 1
		end
		local m = 0
		for call in aircall.each_call() do if call.number.id == number.id then m = m + 1 end end
		print(n == m, n > 0)
		local all = {}
		for contact in aircall.each_contact({ q = "john" }) do all[#all + 1] = contact.id end
		local list = aircall.list_contacts({ q = "john", per_page = 50 }).contacts
		print(#all == #list, all[1] == list[1].id, #all >= 3)
		for call in aircall.each_call({ tags = { "Follow Up" }, order = "asc" }) do
			local found
			for _, tag in ipairs(call.tags) do found = found or tag.name == "Follow Up" end
			assert(found)
		end`), "true\ttrue\ntrue\ttrue\ttrue\n")
	_ = fake
}

func TestIteratorsRefuse(t *testing.T) {
	srv := items(t, 10, nil)
	r := runner(t, srv.URL)
	for _, c := range []struct{ source, want string }{
		{`for tag in app.integrations.aircall.each_tag({ page = 2 }) do end`, "Invalid arguments for app.integrations.aircall.each_tag (unknown: page). Accepted: none. No request was made."},
		{`for c in app.integrations.aircall.each_call({ direction = "in" }) do end`, `Invalid arguments for app.integrations.aircall.each_call (wrong: direction must be "inbound" or "outbound", got "in"). Accepted: order?, from?, to?, direction?, user_id?, number_id?, tags?. No request was made.`},
		{`for c in app.integrations.aircall:each_call() do end`, `app.integrations.aircall.each_call must be called with ".", not ":". No request was made.`},
	} {
		failed := fails(t, r, c.source)
		want(t, c.source, failed.Type+": "+failed.Message, "invalid_arguments: "+c.want)
	}
	if lines := srv.lines(); len(lines) > 0 {
		t.Errorf("requests: %v", lines)
	}
}

// from and to include the second that they name, in whatever way calls are asked for.
func TestWindowsOfCallsIncludeTheirEnds(t *testing.T) {
	_, r := fakeRunner(t)
	const script = `
		local aircall = app.integrations.aircall
		local call = aircall.get_call({ call_id = 12345 }).call
		local function found(what, calls)
			local n = 0
			for _, c in ipairs(calls) do if c.id == call.id then n = n + 1 end end
			print(what, n)
		end
		local function all(iterator)
			local calls = {}
			for c in iterator do calls[#calls + 1] = c end
			return calls
		end
		for _, window in ipairs({ { call.started_at, call.started_at }, { call.started_at + 1 }, { nil, call.started_at - 1 } }) do
			local from, to = window[1], window[2]
			found("list_calls", aircall.list_calls({ from = from, to = to, order = "asc" }).calls)
			found("searched", aircall.list_calls({ from = from, to = to, direction = "inbound", order = "asc" }).calls)
			found("walked", aircall.list_calls({ from = from, to = to, number_id = call.number.id, order = "asc" }).calls)
			found("search_calls", aircall.search_calls({ from = from, to = to, phone_number = call.from }).calls)
			found("each_call", all(aircall.each_call({ from = from, to = to })))
			found("each_found_call", all(aircall.each_found_call({ from = from, to = to, phone_number = call.from })))
		end
		local contact = aircall.get_contact({ contact_id = 5678 }).contact
		for _, from in ipairs({ contact.created_at, contact.created_at + 1 }) do
			print(#aircall.search_contacts({ email = contact.emails[1].value, from = from, to = from }).contacts)
		end
	`
	names := []string{"list_calls", "searched", "walked", "search_calls", "each_call", "each_found_call"}
	var want strings.Builder
	for _, n := range []int{1, 0, 0} {
		for _, name := range names {
			fmt.Fprintf(&want, "%s\t%d\n", name, n)
		}
	}
	want.WriteString("1\n0\n")
	if diff := cmp.Diff(want.String(), run(t, r, script)); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}
