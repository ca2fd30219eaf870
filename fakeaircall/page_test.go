package fakeaircall

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tagged is a world with n own tags beside the nine of the system.
func tagged(t *testing.T, n int) world {
	w := empty(t)
	for i := range n {
		w.send("POST", "/v1/tags", fmt.Sprintf(`{"name":"t%d","color":"#000000"}`, i)).wantStatus(201)
	}
	return w
}

func TestPaging(t *testing.T) {
	w := tagged(t, 37)
	ordered := func(order string, page, per int) string {
		return fmt.Sprintf(`"%s/v1/tags?order=%s\u0026page=%d\u0026per_page=%d"`, w.URL(), order, page, per)
	}
	link := func(page, per int) string { return ordered("asc", page, per) }
	for query, want := range map[string]struct {
		count      int
		next, prev string
	}{
		"":                        {20, link(2, 20), "null"},
		"?page=2":                 {20, link(3, 20), link(1, 20)},
		"?page=3":                 {6, "null", link(2, 20)},
		"?page=4":                 {0, "null", link(3, 20)},
		"?per_page=46":            {46, "null", "null"},
		"?per_page=23&page=2":     {23, "null", link(1, 23)},
		"?page=200&per_page=50":   {0, "null", link(199, 50)},
		"?per_page=51":            {46, "null", "null"},
		"?per_page=1000&page=2":   {0, "null", link(1, 50)},
		"?order=desc":             {20, ordered("desc", 2, 20), "null"},
		"?per_page=&page=":        {20, link(2, 20), "null"},
		"?from=1&to=2&nonsense=3": {20, link(2, 20), "null"},
	} {
		a := w.get("/v1/tags" + query).wantStatus(200)
		got := []string{a.at("meta.count"), a.at("meta.total"), a.at("meta.next_page_link"), a.at("meta.previous_page_link")}
		if diff := cmp.Diff([]string{fmt.Sprint(want.count), "46", want.next, want.prev}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
		if n := len(a.list("tags", "id")); n != want.count {
			t.Errorf("%s: %d tags, want %d", query, n, want.count)
		}
	}
}

// pagedPaths are lists of each machine behind the API.
var pagedPaths = []string{
	"/v1/tags", "/v1/contacts", "/v1/contacts/search", "/v1/calls", "/v1/calls/search", "/v2/users", "/v1/numbers", "/v1/teams",
	"/v1/users/availabilities", "/v1/sms/templates", "/v1/webhooks",
}

func TestPageRefused(t *testing.T) {
	w := empty(t)
	for _, path := range pagedPaths {
		for query, words := range map[string]string{
			"per_page=0":   "per_page must be an integer of at least 1",
			"per_page=ten": "per_page",
			"per_page=1.5": "per_page",
			"page=0":       "page must be an integer of at least 1",
			"page=-1":      "page must be",
			"page=x":       "page must be",
		} {
			w.get(path+"?"+query).wantTroubleshoot(400, words)
		}
	}
}

var someContact = ContactFixture{PhoneNumbers: []DetailFixture{{new("Work"), new("+4520000001")}}}

// A page of more than 50 is no mistake anywhere: contacts show what was asked for, all others 50 (recorded 2026-09-28).
func TestPerPageAbove50(t *testing.T) {
	w := empty(t)
	if err := w.Account("").Add(Fixtures{Contacts: slices.Repeat([]ContactFixture{someContact}, 60)}); err != nil {
		t.Fatal(err)
	}
	for _, path := range pagedPaths {
		want := map[string]string{"51": "50", "1000": "50", "9999999999": "50"}
		switch path {
		case "/v1/contacts", "/v1/contacts/search":
			want = map[string]string{"51": "51", "1000": "1000"}
		case "/v1/sms/templates": // documented with up to 100
			want = map[string]string{"51": "51", "1000": "100"}
		}
		for asked, shown := range want {
			if got := w.get(path + "?per_page=" + asked).wantStatus(200).at("meta.per_page"); got != shown {
				t.Errorf("%s?per_page=%s: meta.per_page is %s, want %s", path, asked, got, shown)
			}
		}
	}
	for answer, want := range map[string]string{"asked": "55", "50": "50"} {
		srv := RunT(t, checked(t, Options{Clock: noon, Scale: ScaleTeam, RateLimit: NoRateLimit, Assume: map[string]string{"contacts-above-50": answer}}))
		a := world{srv, t}.get("/v1/contacts?per_page=55").wantStatus(200)
		if a.at("meta.per_page") != "55" || a.at("meta.count") != want || fmt.Sprint(len(a.list("contacts", "id"))) != want {
			t.Errorf("%s: meta is %s, want a count of %s", answer, a.at("meta"), want)
		}
	}
}

// The whole body is recorded on calls, contacts and tags, whatever the size of the result.
func TestResultCap(t *testing.T) {
	w := empty(t)
	const beyond = `{"error":"Bad Request","data":null,"message":"BAD_REQUEST","errors":"Your query is limited to 10k results and pagination is out of bound, please use timestamps or other filters.","troubleshoot":"BAD_REQUEST","success":false}`
	for _, path := range pagedPaths {
		w.get(path + "?page=200&per_page=50").wantStatus(200)
		for _, query := range []string{"page=201&per_page=50", "page=999&per_page=50", "page=10001&per_page=1", "page=501&per_page=20", "page=99999999999999999999&per_page=50"} {
			w.get(path+"?"+query).want(400, beyond)
		}
	}
	w.get("/v1/contacts?page=197&per_page=51").want(400, beyond)
	w.get("/v1/contacts?per_page=10001").want(400, beyond)
	w.get("/v1/calls?page=197&per_page=51").wantStatus(200) // 50 of them
}

// The links of both machines, as recorded on 2026-09-28 and as a client's test has them.
func TestPageLinks(t *testing.T) {
	w := empty(t)
	for query, want := range map[string]string{
		"/v1/calls?per_page=50&page=200":                              "/v1/calls?order=asc&page=199&per_page=50",
		"/v1/calls?per_page=50&order=desc&page=3":                     "/v1/calls?order=desc&page=2&per_page=50",
		"/v1/calls?to=1790000000&per_page=50&page=3&from=1780000000":  "/v1/calls?from=1780000000&order=asc&page=2&per_page=50&to=1790000000",
		"/v1/tags?per_page=1&page=4":                                  "/v1/tags?order=asc&page=3&per_page=1",
		"/v1/users/availabilities?per_page=1&page=2":                  "/v1/users/availabilities?order=asc&page=1&per_page=1",
		"/v1/contacts?per_page=50&page=200":                           "/v1/contacts?order=asc&order_by=created_at&per_page=50&page=199",
		"/v1/contacts?page=2&order_by=updated_at&order=desc":          "/v1/contacts?order=desc&order_by=updated_at&per_page=50&page=1",
		"/v1/contacts/search?page=2&email=kim%40acme.test&per_page=5": "/v1/contacts/search?email=kim%40acme.test&order=asc&order_by=created_at&per_page=5&page=1",
	} {
		if got := w.get(query).wantStatus(200).text("meta.previous_page_link"); got != w.URL()+want {
			t.Errorf("%s: the previous page is %s, want %s", query, got, want)
		}
	}
}

// A link must bring the same question again, whatever was asked.
func TestLinksKeepTheQuestion(t *testing.T) {
	w := empty(t)
	for range 7 {
		if _, err := w.Account("").AddContact(someContact); err != nil {
			t.Fatal(err)
		}
		w.Advance(time.Second)
	}
	var got []string
	path := "/v1/contacts/search?phone_number=%2B4520000001&order=desc&order_by=created_at&per_page=3&from=1772452801&to=1772452806&nonsense=1"
	for path != "" {
		a := w.get(path).wantStatus(200)
		got = append(got, a.list("contacts", "created_at")...)
		path = ""
		if a.at("meta.next_page_link") != "null" {
			path = a.text("meta.next_page_link")[len(w.URL()):]
		}
	}
	want := []string{"1772452806", "1772452805", "1772452804", "1772452803", "1772452802", "1772452801"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("following the links (-want +got):\n%s", diff)
	}
}

func TestAssumptionsHaveAnswers(t *testing.T) {
	srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: 100, Assume: map[string]string{
		"per-page-range": "clamp", "contacts-per-page": "20", "window-not-seconds": "refuse", "rate-limit-headers": "always",
	}}, "list-all-tags: request query per_page"))
	w := world{srv, t}
	if got := w.get("/v1/tags?per_page=100").wantStatus(200).at("meta.per_page"); got != "50" {
		t.Errorf("per_page is %s, want 50", got)
	}
	if got := w.get("/v1/tags?per_page=-3").wantStatus(200).at("meta.per_page"); got != "1" {
		t.Errorf("per_page is %s, want 1", got)
	}
	a := w.get("/v1/contacts").wantStatus(200)
	if got := a.at("meta.per_page"); got != "20" {
		t.Errorf("per_page is %s, want 20", got)
	}
	if got := a.header.Get("X-AircallApi-Remaining"); got != "97" {
		t.Errorf("%s requests remaining, want 97", got)
	}
	w.get("/v1/calls?from=2026-01-01").wantTroubleshoot(400, "UNIX timestamp")
}

func TestAssumptionsRefused(t *testing.T) {
	for id, answer := range map[string]string{"nonsense": "x", "result-cap": "x", "per-page-range": "x"} {
		if _, err := New(checked(t, Options{Scale: ScaleEmpty, Assume: map[string]string{id: answer}})); err == nil {
			t.Errorf("%s=%s was taken", id, answer)
		}
	}
}
