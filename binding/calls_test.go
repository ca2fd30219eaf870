package binding_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

const tagsPage = `{"tags":[{"id":11,"name":"VIP","color":"#000000","description":null},{"id":12,"name":"vip","color":"#000000","description":null},` +
	`{"id":13,"name":"Follow Up","color":"#ff7d03","description":"follow_up_self_assign"},{"id":14,"name":"13","color":"#ff7d03","description":null},` +
	`{"id":15,"name":null,"color":"#ff7d03","description":null}],` +
	`"meta":{"count":5,"total":5,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}`

func TestListCallsRoutes(t *testing.T) {
	srv := replies(t, map[string]string{
		"GET /v1/calls": `{"calls":[]}`, "GET /v1/calls/search": `{"calls":[]}`, "GET /v1/tags": tagsPage,
	})
	r := runner(t, srv.URL)
	const (
		page   = "order=desc&page=1&per_page=20"
		search = "GET /v1/calls/search?"
		tags   = "GET /v1/tags?page=1&per_page=50"
	)
	for _, c := range []struct {
		name, args string
		want       []string
	}{
		{"a plain list", `from = 1, to = 2`, []string{"GET /v1/calls?from=0&" + page + "&to=2"}},
		{"a window from the first second there is", `from = 0, to = 0`, []string{"GET /v1/calls?from=0&" + page + "&to=0"}},
		{"a window, searched", `from = "2026-01-01", direction = "inbound"`, []string{search + "direction=inbound&from=1767225599&" + page}},
		{"a window, walked", `from = "2026-01-01", number_id = 5`, []string{"GET /v1/calls?from=1767225599&order=desc&page=1&per_page=50"}},
		{"direction", `direction = "inbound"`, []string{search + "direction=inbound&" + page}},
		{"user", `user_id = 7, order = "asc"`, []string{search + "order=asc&page=1&per_page=20&user_id=7"}},
		{"tag ids", `tags = {7, 8, 7}`, []string{search + page + "&tags%5B%5D=7&tags%5B%5D=8"}},
		{"a tag's name", `tags = {"Follow Up"}`, []string{tags, search + page + "&tags%5B%5D=13"}},
		{"a name in another case", `tags = {"follow up "}`, []string{tags, search + page + "&tags%5B%5D=13"}},
		{"names that differ in case", `tags = {"vip"}`, []string{tags, search + page + "&tags%5B%5D=12"}},
		{"a name of digits before an id of digits", `tags = {"13"}`, []string{tags, search + page + "&tags%5B%5D=14"}},
		{"an id as a string", `tags = {"11"}`, []string{tags, search + page + "&tags%5B%5D=11"}},
		{"names and ids", `tags = {99, "VIP", 11}`, []string{tags, search + page + "&tags%5B%5D=99&tags%5B%5D=11"}},
		{"no tags", `tags = {}`, []string{"GET /v1/calls?" + page}},
		{"number, plain", `number_id = 5, per_page = 2`, []string{"GET /v1/calls?order=desc&page=1&per_page=50"}},
		{"number, searched", `number_id = 5, direction = "outbound"`, []string{search + "direction=outbound&order=desc&page=1&per_page=50"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv.lines()
			run(t, r, "app.integrations.aircall.list_calls({"+c.args+"})")
			if diff := cmp.Diff(c.want, srv.lines()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknownTagNames(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/tags": tagsPage})
	failed := fails(t, runner(t, srv.URL), `app.integrations.aircall.list_calls({tags = {"Folow Up", "VIP", "Vip", "zzzzzzzzzz", "zz"}})`)
	want(t, "message", failed.Message, `Invalid arguments for app.integrations.aircall.list_calls (wrong: tags: `+
		`no tag is named "Folow Up" (did you mean "Follow Up"?); `+
		`no tag is named "Vip" (did you mean "VIP", "vip"?); no tag is named "zzzzzzzzzz"; no tag is named "zz"). Calls were not requested.`)
	want(t, "type", failed.Type, "invalid_arguments")
	if diff := cmp.Diff([]string{"GET /v1/tags?page=1&per_page=50"}, srv.lines()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestTagsOfAllPages(t *testing.T) {
	srv := serve(t, func(r request) (int, string) {
		if strings.HasPrefix(r.line, "GET /v1/tags") {
			return listPage(r, "tags", 120, func(i int) string { return fmt.Sprintf(`{"id":%d,"name":"tag %d"}`, i, i) })
		}
		return 200, `{"calls":[]}`
	})
	run(t, runner(t, srv.URL), `app.integrations.aircall.list_calls({tags = {"tag 119"}})`)
	wantLines := []string{
		"GET /v1/tags?page=1&per_page=50", "GET /v1/tags?page=2&per_page=50", "GET /v1/tags?page=3&per_page=50",
		"GET /v1/calls/search?order=desc&page=1&per_page=20&tags%5B%5D=119",
	}
	if diff := cmp.Diff(wantLines, srv.lines()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	failed := fails(t, runner(t, srv.URL, func(c *binding.Config) { c.Limits.MaxPages = 2 }), `app.integrations.aircall.list_calls({tags = {"tag 1"}})`)
	want(t, "message", failed.Message, "The account has more tags than 2 pages hold; give tag ids instead of names. Calls were not requested.")
}

// listPage answers like Aircall for a list of n items, numbered from 1 in the asked order.
func listPage(r request, key string, n int, item func(int) string) (int, string) {
	_, raw, _ := strings.Cut(r.line, "?")
	q, _ := url.ParseQuery(raw)
	page, _ := strconv.Atoi(q.Get("page"))
	per, _ := strconv.Atoi(q.Get("per_page"))
	var items []string
	for i := (page-1)*per + 1; i <= min(page*per, n); i++ {
		id := i
		if q.Get("order") == "desc" {
			id = n + 1 - i
		}
		items = append(items, item(id))
	}
	next := "null"
	if page*per < n {
		next = fmt.Sprintf(`"https://api.aircall.io/next?page=%d"`, page+1)
	}
	return 200, fmt.Sprintf(`{"%s":[%s],"meta":{"count":%d,"total":%d,"current_page":%d,"per_page":%d,"next_page_link":%s,"previous_page_link":null}}`,
		key, strings.Join(items, ","), len(items), n, page, per, next)
}

// calls are on number 7 where their id divides by ten.
func callOnNumber(id int) string {
	number := 5
	if id%10 == 0 {
		number = 7
	}
	return fmt.Sprintf(`{"id":%d,"direction":"inbound","number":{"id":%d,"digits":"+1"}}`, id, number)
}

const showPage = `
	local r = app.integrations.aircall.list_calls(...)
	local ids = {}
	for i, c in ipairs(r.calls) do ids[i] = c.id end
	local m = r.meta
	print(table.concat(ids, " "))
	print(m.count, m.total, m.current_page, m.per_page, m.scanned, m.truncated, m.next_page_link)`

func TestWalks(t *testing.T) {
	srv := serve(t, func(r request) (int, string) { return listPage(r, "calls", 230, callOnNumber) })
	pages := func(n int) (lines []string) {
		for i := range n {
			lines = append(lines, fmt.Sprintf("GET /v1/calls?order=desc&page=%d&per_page=50", i+1))
		}
		return lines
	}
	for _, c := range []struct {
		name   string
		args   map[string]any
		most   int
		output string
		pages  int
	}{
		{"first page, filled at once", map[string]any{"per_page": 3}, 0, "230 220 210\n3\tnil\t1\t3\t21\tfalse\tnil\n", 1},
		{"second page", map[string]any{"per_page": 4, "page": 2}, 0, "190 180 170 160\n4\tnil\t2\t4\t71\tfalse\tnil\n", 2},
		{"last page, not full", map[string]any{"per_page": 9, "page": 3}, 0, "50 40 30 20 10\n5\t23\t3\t9\t230\tfalse\tnil\n", 5},
		{"past the end", map[string]any{"per_page": 20, "page": 3}, 0, "\n0\t23\t3\t20\t230\tfalse\tnil\n", 5},
		{"full with the very last", map[string]any{"per_page": 23}, 0, "230 220 210 200 190 180 170 160 150 140 130 120 110 100 90 80 70 60 50 40 30 20 10\n23\tnil\t1\t23\t221\tfalse\tnil\n", 5},
		{"truncated", map[string]any{"per_page": 50}, 2, "230 220 210 200 190 180 170 160 150 140\n10\tnil\t1\t50\t100\ttrue\tnil\n", 2},
		{"truncated before the page begins", map[string]any{"per_page": 20, "page": 9}, 2, "\n0\tnil\t9\t20\t100\ttrue\tnil\n", 2},
		{"not truncated, read to the last page allowed", map[string]any{"per_page": 50}, 5, "230 220 210 200 190 180 170 160 150 140 130 120 110 100 90 80 70 60 50 40 30 20 10\n23\t23\t1\t50\t230\tfalse\tnil\n", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv.lines()
			c.args["number_id"] = 7
			r := runner(t, srv.URL, func(cfg *binding.Config) { cfg.Limits.MaxPages = c.most })
			want(t, "output", run(t, r, showPage, c.args), c.output)
			if diff := cmp.Diff(pages(c.pages), srv.lines()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// While a script walks, calls come in at the front of the list and push one onto the next page, where it comes again.
func TestWalkOverAGrowingList(t *testing.T) {
	n := 100
	srv := serve(t, func(r request) (int, string) {
		n += 5
		return listPage(r, "calls", n, func(id int) string { return fmt.Sprintf(`{"id":%d,"number":{"id":7}}`, id) })
	})
	got := run(t, runner(t, srv.URL), `
		local seen, twice = {}, 0
		for page = 1, 1 do
			for _, c in ipairs(app.integrations.aircall.list_calls({number_id = 7, per_page = 50, page = 2}).calls) do
				if seen[c.id] then twice = twice + 1 end
				seen[c.id] = true
			end
		end
		local n = 0 for _ in pairs(seen) do n = n + 1 end
		print(n, twice, seen[55], seen[56])`)
	want(t, "output", got, "50\t0\ttrue\tnil\n")
}

func TestWalkWithoutMeta(t *testing.T) {
	srv := serve(t, func(r request) (int, string) {
		if strings.Contains(r.line, "page=2") {
			return 200, `{"calls":[{"id":900,"number":{"id":7}}]}`
		}
		return 200, `{"calls":[` + strings.Repeat(`{"number":{"id":7}},`, 49) + `{"number":null}]}`
	})
	want(t, "output", run(t, runner(t, srv.URL), `
		local r = app.integrations.aircall.list_calls({number_id = 7, per_page = 50})
		print(#r.calls, r.meta.total, r.meta.scanned)`), "50\tnil\t51\n")
}

func TestAnEmptyPageEndsAWalk(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls": `{"calls":[],"meta":{"total":9,"next_page_link":"https://api.aircall.io/v1/calls?page=2"}}`})
	want(t, "output", run(t, runner(t, srv.URL), showPage, map[string]any{"number_id": 7}), "\n0\t0\t1\t20\t0\tfalse\tnil\n")
	if n := len(srv.lines()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestAWalkFailsAsAWhole(t *testing.T) {
	srv := serve(t, func(r request) (int, string) {
		if strings.Contains(r.line, "page=2") {
			return 500, `{"error":"Internal Server Error","troubleshoot":"Try again"}`
		}
		return listPage(r, "calls", 230, callOnNumber)
	})
	failed := fails(t, runner(t, srv.URL), `app.integrations.aircall.list_calls({number_id = 7, per_page = 50})`)
	want(t, "error", failed.Error(), "test.lua:1: Aircall API error (500): Internal Server Error. Try again")
	if failed.Status != 500 || failed.Type != "server_error" || !failed.Retryable {
		t.Errorf("got %+v", failed)
	}
}

func TestAReplyThatIsNoList(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls": `{"calls":{}}`, "GET /v1/calls/1": `[]`, "GET /v1/numbers": `{"numbers":null}`})
	for source, message := range map[string]string{
		`list_calls({number_id = 7})`: `Aircall API answered list-all-calls with an undocumented reply: "calls" is not a list.`,
		`get_call(1)`:                 `Aircall API answered retrieve-a-call with an undocumented reply: not an object.`,
		`list_numbers()`:              `Aircall API answered list-all-numbers with an undocumented reply: "numbers" is not a list.`,
	} {
		failed := fails(t, runner(t, srv.URL), "app.integrations.aircall."+source)
		want(t, source, failed.Type+": "+failed.Message, "invalid_response: "+message)
	}
}

func TestDerivedFieldsOfCalls(t *testing.T) {
	for _, c := range []struct{ name, call, want string }{
		{"inbound", `{"direction":"inbound","raw_digits":"+1 theirs","number":{"digits":"+1 ours"}}`, "+1 theirs +1 ours 0 +1 ours"},
		{"outbound", `{"direction":"outbound","raw_digits":"+1 theirs","number":{"digits":"+1 ours"},"duration":5}`, "+1 ours +1 theirs 5 +1 ours"},
		{"anonymous", `{"direction":"inbound","raw_digits":"anonymous","number":{"digits":"+1 ours"}}`, "anonymous +1 ours 0 +1 ours"},
		{"null sources", `{"direction":"inbound","raw_digits":null,"number":null,"duration":null}`, "unknown unknown 0 nil"},
		{"absent sources", `{"direction":"outbound"}`, "unknown unknown 0 nil"},
		{"no direction", `{"raw_digits":"+1 theirs","number":{"digits":"+1 ours"}}`, "unknown unknown 0 +1 ours"},
		{"sent already", `{"direction":"inbound","raw_digits":"+1 theirs","from":"a","to":"","number":{"digits":"x","number":"n"}}`, "a  0 n"},
		{"sent as null", `{"direction":"inbound","raw_digits":"+1 theirs","from":null}`, "+1 theirs unknown 0 nil"},
	} {
		t.Run(c.name, func(t *testing.T) {
			const source = `
				local function show(c)
					return c.from .. " " .. c.to .. " " .. tostring(c.duration) .. " " .. tostring(c.number and c.number.number)
				end
				local one, many = app.integrations.aircall.get_call(1).call, app.integrations.aircall.list_calls().calls[1]
				assert(show(one) == show(many))
				print(show(one))`
			srv := replies(t, map[string]string{"GET /v1/calls/1": `{"call":` + c.call + `}`, "GET /v1/calls": `{"calls":[` + c.call + `]}`})
			want(t, "from, to, duration, number", run(t, runner(t, srv.URL), source), c.want+"\n")
		})
	}
}

// Contacts of a campaign and availabilities are under the keys contacts and users, and have no derived fields.
func TestNoDerivedFields(t *testing.T) {
	const contacts, users = `{"contacts":[{"phone_number":"12025550147","last_name":"Doe"}]}`, `{"users":[{"id":1,"availability":"offline"}],"meta":{}}`
	srv := replies(t, map[string]string{"GET /v1/campaigns/c/contacts": contacts, "POST /v1/campaigns/c/contacts": contacts, "GET /v1/users/availabilities": users})
	for source, sent := range map[string]string{
		`list_campaign_contacts({ campaign_id = "c" })`:                                                  contacts,
		`add_campaign_contacts({ campaign_id = "c", contacts = { { phone_number = "+12025550147" } } })`: contacts,
		`list_user_availabilities()`:                                                                     users,
	} {
		var got, want any
		if err := errors.Join(json.Unmarshal([]byte(run(t, runner(t, srv.URL), "print(json.encode(app.integrations.aircall."+source+"))")), &got), json.Unmarshal([]byte(sent), &want)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", source, diff)
		}
	}
}

func TestEveryFieldArrives(t *testing.T) {
	const call = `{"id":812345678901,"x_new":{"deep":[1,null,{"a":"b"}]},"duration":0,"cost":"2.34","archived":false,"user":null,` +
		`"contact":{"first_name":null,"phone_numbers":[{"value":null,"id":1,"label":null}]},"number":{"users":[{"name":"Ada Lovelace King"}]},` +
		`"assigned_to":{"name":"Ada"},"transferred_by":{"name":null},"transferred_to":{"name":"A B","first_name":"Z"},"big":9007199254740993,"tags":[]}`
	srv := replies(t, map[string]string{"GET /v1/calls/1": `{"extra":1,"call":` + call + `}`})
	got := run(t, runner(t, srv.URL), `print(json.encode(app.integrations.aircall.get_call(1)))`)
	want(t, "derived", got, `{"extra":1,"call":{"id":812345678901,"x_new":{"deep":[1,null,{"a":"b"}]},"duration":0,"cost":"2.34","archived":false,`+
		`"contact":{"first_name":"","phone_numbers":[{"value":"","id":1,"label":""}],"last_name":"","company_name":"","information":""},`+
		`"number":{"users":[{"name":"Ada Lovelace King","first_name":"Ada","last_name":"Lovelace King"}],"number":"unknown"},`+
		`"assigned_to":{"name":"Ada","first_name":"Ada","last_name":""},"transferred_by":{"first_name":"","last_name":""},`+
		`"transferred_to":{"name":"A B","first_name":"Z","last_name":"B"},"big":"9007199254740993","tags":[],"from":"unknown","to":"unknown"}}`+"\n")
	got = run(t, runner(t, srv.URL, func(c *binding.Config) { c.NoDerived = true }), `print(json.encode(app.integrations.aircall.get_call(1)))`)
	want(t, "not derived", got, `{"extra":1,"call":{"id":812345678901,"x_new":{"deep":[1,null,{"a":"b"}]},"duration":0,"cost":"2.34","archived":false,`+
		`"contact":{"phone_numbers":[{"id":1}]},"number":{"users":[{"name":"Ada Lovelace King"}]},`+
		`"assigned_to":{"name":"Ada"},"transferred_by":{},`+
		`"transferred_to":{"name":"A B","first_name":"Z"},"big":"9007199254740993","tags":[]}}`+"\n")
}
