package fakeaircall

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tagged is a world with n tags of its own beside the six of the system.
func tagged(t *testing.T, n int) world {
	w := empty(t)
	for i := range n {
		w.send("POST", "/v1/tags", fmt.Sprintf(`{"name":"t%d","color":"#000000"}`, i)).wantStatus(201)
	}
	return w
}

func TestPaging(t *testing.T) {
	w := tagged(t, 37)
	link := func(page, per int) string {
		return fmt.Sprintf(`"%s/v1/tags?page=%d\u0026per_page=%d"`, w.URL(), page, per)
	}
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
		"?page=201&per_page=50":   {0, "null", link(200, 50)}, // the wall is for calls and contacts
		"?order=desc":             {20, link(2, 20), "null"},  // tags take no order
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

func TestPageRefused(t *testing.T) {
	w := empty(t)
	for _, path := range []string{"/v1/tags", "/v1/contacts", "/v1/calls", "/v1/calls/search", "/v2/users", "/v1/numbers", "/v1/teams", "/v1/users/availabilities"} {
		for query, words := range map[string]string{
			"per_page=0":                  "per_page must be an integer from 1 to 50",
			"per_page=51":                 "per_page must be an integer from 1 to 50",
			"per_page=ten":                "per_page",
			"per_page=1.5":                "per_page",
			"page=0":                      "page must be an integer",
			"page=-1":                     "page must be",
			"page=x":                      "page must be",
			"page=99999999999999999999":   "page must be",
			"page=2147483648&per_page=50": "page must be",
		} {
			w.get(path+"?"+query).wantTroubleshoot(400, words)
		}
	}
}

func TestWall(t *testing.T) {
	w := empty(t)
	const wall = `{"error":"Bad Request","data":null,"message":"BAD_REQUEST","errors":"Your query is limited to 10k results and pagination is out of bound, please use timestamps or other filters.","troubleshoot":"BAD_REQUEST","success":false}`
	for _, path := range []string{"/v1/calls", "/v1/calls/search", "/v1/contacts", "/v1/contacts/search"} {
		w.get(path + "?page=200&per_page=50").wantStatus(200)
		w.get(path+"?page=201&per_page=50").want(400, wall)
		w.get(path+"?page=10001&per_page=1").want(400, wall)
	}
}

// A link must bring the same question again, whatever was asked.
func TestLinksKeepTheQuestion(t *testing.T) {
	w := empty(t)
	w.change(func(t *tx) {
		for range 7 {
			t.addContact(&contact{phones: []detail{{label: "Work", value: "+4520000001"}}})
			t.now = t.now.Add(time.Second)
		}
	})
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
	if got := w.get("/v1/tags?per_page=0").wantStatus(200).at("meta.per_page"); got != "1" {
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
	for id, answer := range map[string]string{"nonsense": "x", "wall": "x", "per-page-range": "x"} {
		if _, err := New(checked(t, Options{Scale: ScaleEmpty, Assume: map[string]string{id: answer}})); err == nil {
			t.Errorf("%s=%s was taken", id, answer)
		}
	}
}
