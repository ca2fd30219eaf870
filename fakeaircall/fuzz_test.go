package fakeaircall

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// fuzzed is a server for fuzzing, in which nothing is allowed to panic, and
// whose replies must be what some part of Aircall could send.
func fuzzed(f *testing.F) func(t *testing.T, method, target, body string) *httptest.ResponseRecorder {
	now := &relay{F: f}
	srv, err := New(checked(now, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit}))
	if err != nil {
		f.Fatal(err)
	}
	handler := srv.Handler()
	return func(t *testing.T, method, target, body string) *httptest.ResponseRecorder {
		t.Helper()
		now.T = t
		u, err := url.Parse(target)
		if err != nil || !strings.HasPrefix(u.Path, "/") {
			t.Skip("no server gets to see this path")
		}
		req := &http.Request{Method: method, URL: u, Host: "aircall.test", Header: http.Header{}, Body: http.NoBody}
		if body != "" {
			req = httptest.NewRequest("POST", "/", strings.NewReader(body))
			req.Method, req.URL = method, u
		}
		req.SetBasicAuth("fake-default-id", "fake-default-token")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, req)
		if !strings.HasPrefix(u.Path, assetPath) { // S3 speaks XML
			checkReply(t, w)
		}
		return w
	}
}

// relay tells the test of an input what a server of the whole fuzzing says:
// nothing may fail the latter from within.
type relay struct {
	*testing.F
	T *testing.T
}

func (r *relay) Errorf(format string, args ...any) {
	r.T.Helper()
	r.T.Errorf(format, args...)
}

func checkReply(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	body := w.Body.Bytes()
	var o map[string]json.RawMessage
	switch {
	case strings.HasPrefix(w.Header().Get("Content-Type"), "text/html"), w.Code == 303: // the Dashboard's pages
		return
	case w.Code == 400 && (strings.HasPrefix(string(body), `{"error":"invalid_`) || string(body) == `{"error":"unsupported_grant_type"}`): // OAuth has an error alone
		return
	case w.Code == 204 || w.Code == 201 && len(body) == 0:
		if len(body) > 0 {
			t.Errorf("a %d with body %s", w.Code, body)
		}
		return
	case json.Unmarshal(body, &o) != nil:
		t.Errorf("%d: the body is no JSON object: %q", w.Code, body)
	case w.Code >= 500:
		t.Errorf("%d %s", w.Code, body)
	case w.Code >= 400 && o["message"] == nil && (o["error"] == nil || o["troubleshoot"] == nil && o["errors"] == nil):
		t.Errorf("%d is no error of Aircall's: %s", w.Code, body)
	}
}

var fuzzMethods = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"}

func FuzzBody(f *testing.F) {
	send := fuzzed(f)
	for i, r := range routes() {
		if r.method == "POST" || r.method == "PUT" {
			for _, body := range []string{kim, ada, `{"name":"x","color":"#000000"}`, `{"tags":[1]}`, `{"phone_numbers":[{"label":"a"`, `[null]`, `{"messages":{"ivr":1}}`, reminded, report(callsHistory, lastWeek, `,"tagIDs":[1]`)} {
				f.Add(byte(i), body)
			}
		}
	}
	all := routes()
	f.Fuzz(func(t *testing.T, route byte, body string) {
		r := all[int(route)%len(all)]
		path := strings.NewReplacer("/contacts/{id}", "/contacts/5678", "/calls/{id}", "/calls/12345", "{id}", "2100001", "{user_id}", "2100001", "{detail_id}", "1", "{agent_id}", "agent-abc123").Replace(r.path)
		if r.method == "DELETE" {
			return // the next ones need what it takes away
		}
		send(t, r.method, path, body)
	})
}

func FuzzPath(f *testing.F) {
	send := fuzzed(f)
	for _, r := range routes() {
		f.Add(byte(0), r.path)
	}
	for _, path := range []string{"/v1/contacts/-1", "/v1/contacts/99999999999999999999", "/v1/users/me", "/v2/users/a@b.c", "//", "/v1/calls/%2e%2e", "/v1/calls/1/", "/%ff", "/_assets/", "/_assets/short/default/r-1-2-3", "/_assets/recording/default/1.mp3?X-Amz-Date=2026"} {
		f.Add(byte(1), path)
	}
	f.Fuzz(func(t *testing.T, method byte, path string) {
		m := fuzzMethods[int(method)%len(fuzzMethods)]
		if m == "DELETE" {
			m = "GET"
		}
		send(t, m, path, "")
	})
}

// FuzzPaging checks that a page keeps its promises whatever it was asked with.
func FuzzPaging(f *testing.F) {
	send := fuzzed(f)
	for _, q := range []string{"", "page=2&per_page=7", "page=201&per_page=50", "per_page=51", "page=-1", "order=desc&from=1.5", "tags[]=1&tags[]=x", "page=1&page=2", "from=1e300", "%zz", "to=-9223372036854775809"} {
		f.Add(byte(0), q)
	}
	lists := []string{"/v1/calls", "/v1/calls/search", "/v1/contacts", "/v1/contacts/search", "/v2/users", "/v1/users/availabilities", "/v1/teams", "/v1/numbers", "/v1/tags"}
	f.Fuzz(func(t *testing.T, list byte, query string) {
		path := lists[int(list)%len(lists)]
		w := send(t, "GET", (&url.URL{Path: path, RawQuery: strings.NewReplacer("#", "", " ", "+").Replace(query)}).String(), "")
		if w.Code != 200 {
			return
		}
		var page map[string]json.RawMessage
		var meta metaView
		json.Unmarshal(w.Body.Bytes(), &page)
		json.Unmarshal(page["meta"], &meta)
		delete(page, "meta")
		for name, raw := range page {
			var items []json.RawMessage
			json.Unmarshal(raw, &items)
			if len(items) != meta.Count || meta.Count > meta.PerPage || meta.Count > meta.Total || meta.PerPage < 1 || meta.PerPage > 50 {
				t.Errorf("%s?%s: %d %s, meta %+v", path, query, len(items), name, meta)
			}
		}
		if (meta.NextPageLink != nil) != (meta.CurrentPage*meta.PerPage < meta.Total) {
			t.Errorf("%s?%s: next_page_link in %+v", path, query, meta)
		}
	})
}

// FuzzDates compares the window's edges with what they mean.
func FuzzDates(f *testing.F) {
	send := fuzzed(f)
	for _, s := range []string{"0", "1772452800", "1772452800.9", "-1", "NaN", "Inf", "1e9", "0x10", "2026-01-01", " 5", "+5", "９"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, from, to string) {
		q := url.Values{"from": {from}, "to": {to}, "per_page": {"50"}}
		w := send(t, "GET", "/v1/contacts?"+q.Encode(), "")
		var page struct{ Contacts []contactView }
		json.Unmarshal(w.Body.Bytes(), &page)
		for _, edge := range []struct {
			at    string
			holds func(created, at float64) bool
		}{
			{from, func(c, at float64) bool { return c >= float64(int64(at)) }},
			{to, func(c, at float64) bool { return c <= at }},
		} {
			at, err := strconv.ParseFloat(edge.at, 64)
			if err != nil && edge.at != "" && len(page.Contacts) > 0 && !strings.Contains(err.Error(), "range") {
				t.Errorf("from %q to %q selects %d contacts", from, to, len(page.Contacts))
			}
			for _, c := range page.Contacts {
				if err == nil && at > -1e15 && at < 1e15 && !edge.holds(float64(c.CreatedAt), at) {
					t.Errorf("from %q to %q selects %d", from, to, c.CreatedAt)
				}
			}
		}
	})
}
