package fakeaircall

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"
)

// fuzzed returns a function that sends requests to a server for fuzzing. No handler may panic, and every reply must be one
// that Aircall could send.
func fuzzed(f *testing.F) func(t *testing.T, method, target, body string) *httptest.ResponseRecorder {
	now := &relay{F: f}
	srv, err := New(checked(now, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit, Deliveries: DeliveryOptions{Transport: taker{}}}))
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

// statuses are those that the reference names, those measured at the edge, and those that a browser gets from pages of the
// Dashboard, without those for wrong credentials and too many requests.
var statuses = []int{200, 201, 202, 204, 303, 400, 403, 404, 405, 409, 413, 422}

// A relay passes failures of the server, which serves the whole fuzzing, to the test of the current input.
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
	if !slices.Contains(statuses, w.Code) {
		t.Errorf("status %d with body %s", w.Code, body)
	}
	var o object
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
	case w.Code >= 400 && !o.has("message") && (!o.has("error") || !o.has("troubleshoot") && !o.has("errors")):
		t.Errorf("%d is not an error of Aircall: %s", w.Code, body)
	}
}

var fuzzMethods = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"}

// fuzzedPath returns the path of a route, with ids that exist if they are known.
func fuzzedPath(r *route) string {
	return strings.NewReplacer("/contacts/{id}", "/contacts/5678", "/calls/{id}", "/calls/12345", "{id}", "2100001", "{user_id}", "2100001",
		"{detail_id}", "1", "{agent_id}", "agent-abc123").Replace(r.path)
}

// FuzzBody sends any body. A refused request has changed nothing, and a created entity is the one that is read back.
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
		if r.method == "DELETE" {
			return // the next ones need what it takes away
		}
		path := fuzzedPath(&r)
		before := send(t, "GET", path, "")
		w := send(t, r.method, path, body)
		switch after := send(t, "GET", path, ""); {
		case r.method == "GET" || before.Code != 200:
		// Numbers that can be called are taken beside those that are refused (a client in production).
		case w.Code == 422 && strings.HasSuffix(r.path, "/phone_numbers"), w.Code == 422 && strings.HasSuffix(r.path, "/dialer_campaign"):
		case w.Code >= 400 && before.Body.String() != after.Body.String():
			t.Errorf("%s %s of %q is a %d and changes\n%s to\n%s", r.method, path, body, w.Code, before.Body, after.Body)
		}
		name, o := enveloped(w)
		link, _, _ := o.text("direct_link")
		if id, _ := o.field("id"); id != "" && w.Code == 201 && strings.HasPrefix(link, origin) {
			read := send(t, "GET", strings.TrimPrefix(link, origin), "")
			_, again := enveloped(read)
			if found, _ := again.field("id"); read.Code != 200 || found != id {
				t.Errorf("the %s that %s %s made, %s, reads %d %s", name, r.method, path, id, read.Code, read.Body)
			}
		}
	})
}

// enveloped returns the object and the name around it.
func enveloped(w *httptest.ResponseRecorder) (name string, o object) {
	var wrapped object
	json.Unmarshal(w.Body.Bytes(), &wrapped)
	for _, f := range wrapped.fields {
		if json.Unmarshal([]byte(f.value), &o) == nil && o.fields != nil {
			return f.name, o
		}
	}
	return "", object{}
}

func (o object) has(name string) bool { return o.raw(name) != nil }

// raw returns a field as it was sent.
func (o object) raw(name string) json.RawMessage {
	for _, f := range slices.Backward(o.fields) {
		if f.name == name {
			return json.RawMessage(f.value)
		}
	}
	return nil
}

// FuzzFields compares how objects are split with encoding/json.
func FuzzFields(f *testing.F) {
	for _, s := range []string{`{}`, kim, ada, `{"a":"x","a":null}`, ` { "a" : [ {"b":"]"} , 1e-3 ] , "\u0061":null,"a":"\\\"}" }`, `{"a":1,"a":true,"":-0}`, "{\"\xff\":\"\xff\"}", `[{}]`, `"{}"`, `{"a":{"b":{"c":[[]]}}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := &request{body: payload{from: strings.NewReader(body)}}
		got, err := r.object()
		var want map[string]json.RawMessage
		wrong := json.Unmarshal([]byte(body), &want)
		if strings.Trim(body, blanks) == "" {
			wrong, want = nil, map[string]json.RawMessage{}
		}
		if (err != nil) != (wrong != nil) {
			t.Fatalf("%q: %v, encoding/json says %v", body, err, wrong)
		}
		if err != nil {
			return
		}
		for _, f := range got.fields {
			if _, ok := want[f.name]; !ok {
				t.Fatalf("%q has a field %q, encoding/json has not", body, f.name)
			}
		}
		for name, raw := range want {
			if is, state := got.field(name); state == isAbsent || state == isPresent && is != string(raw) || state == isNull && string(raw) != "null" {
				t.Errorf("%q: %q is %q, want %q", body, name, is, raw)
			}
			var s any
			text, _, textErr := got.text(name)
			if json.Unmarshal(raw, &s) == nil {
				want, isText := s.(string)
				if s != nil && (textErr == nil) != isText || text != want {
					t.Errorf("%q: %q reads %q, want %v", body, name, text, s)
				}
			}
			items, _, err := got.objects(name)
			var wantItems []map[string]json.RawMessage
			if wrong := json.Unmarshal(raw, &wantItems); (wrong == nil) != (err == nil) || len(items) != len(wantItems) && wrong == nil {
				t.Errorf("%q: %q has the objects %v, want %v", body, name, items, wantItems)
			}
		}
	})
}

// FuzzPath asks for any path. Only a whole number or a user's e-mail is an id, and the reply has the entity of that id.
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
		w := send(t, m, path, "")
		u, _ := url.Parse(path)
		var found mux.RouteMatch
		if !knownRoutes().match(&http.Request{Method: m, URL: u}, &found) {
			if edge := `{"message":"Not Found"}`; !strings.HasPrefix(u.Path, assetPath) && !strings.HasPrefix(u.Path, "/oauth/") && w.Body.String() != edge {
				t.Errorf("%s %q is not a route and answers %d %s", m, path, w.Code, w.Body)
			}
			return
		}
		r := knownRoutes().operations[found.Route.GetName()]
		if id, ok := found.Vars["id"]; ok && m == "GET" && w.Code == 200 && strings.HasSuffix(r.path, "/{id}") {
			name, o := enveloped(w)
			var number int64
			json.Unmarshal(o.raw("id"), &number)
			if asked, err := strconv.ParseInt(id, 10, 64); name != "" && number != asked && !strings.Contains(id, "@") && !strings.Contains(string(o.raw("webhook_id")), id) {
				t.Errorf("GET %q finds %s %d (%v)", path, name, number, err)
			}
		}
	})
}

// FuzzPaging checks that meta, links and entries of a page agree for all parameters.
func FuzzPaging(f *testing.F) {
	send := fuzzed(f)
	for _, q := range []string{"", "page=2&per_page=7", "page=201&per_page=50", "per_page=51", "page=-1", "order=desc&from=1.5", "tags[]=1&tags[]=x", "page=1&page=2", "from=1e300", "%zz", "to=-9223372036854775809"} {
		f.Add(byte(0), q)
	}
	lists := []string{"/v1/calls", "/v1/calls/search", "/v1/contacts", "/v1/contacts/search", "/v2/users", "/v1/users/availabilities", "/v1/teams", "/v1/numbers", "/v1/tags"}
	f.Fuzz(func(t *testing.T, list byte, query string) {
		path := lists[int(list)%len(lists)]
		// The contract looks at every value of a key, Rails at the last: see TestRepeatedKeys.
		if values, err := url.ParseQuery(query); err != nil || slices.ContainsFunc(slices.Collect(maps.Values(values)), func(vs []string) bool { return len(vs) > 1 }) {
			for name, vs := range values {
				if !strings.HasSuffix(name, "[]") {
					values[name] = vs[:1]
				}
			}
			query = values.Encode()
		}
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
			if len(items) != meta.Count || meta.Count > meta.PerPage || meta.Count > meta.Total || meta.PerPage < 1 || meta.PerPage > 50 && !strings.HasPrefix(path, "/v1/contacts") {
				t.Errorf("%s?%s: %d %s, meta %+v", path, query, len(items), name, meta)
			}
		}
		if (meta.NextPageLink != nil) != (meta.CurrentPage*meta.PerPage < meta.Total) || (meta.PreviousPageLink != nil) != (meta.CurrentPage > 1) {
			t.Errorf("%s?%s: the links in %+v", path, query, meta)
		}
		if meta.NextPageLink == nil {
			return
		}
		var next struct{ Meta metaView }
		w = send(t, "GET", *meta.NextPageLink, "")
		json.Unmarshal(w.Body.Bytes(), &next)
		if got := next.Meta; w.Code != 200 || got.Total != meta.Total || got.CurrentPage != meta.CurrentPage+1 || got.PerPage != meta.PerPage || got.Count == 0 {
			t.Errorf("%s?%s: %+v leads to %d %+v", path, query, meta, w.Code, got)
		}
	})
}

// FuzzDates checks that a page has only entries between from and to.
func FuzzDates(f *testing.F) {
	send := fuzzed(f)
	for _, s := range []string{"0", "1772452800", "1772452800.9", "-1", "NaN", "Inf", "1e9", "0x10", "2026-01-01", " 5", "+5", "９"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, from, to string) {
		q := url.Values{"from": {from}, "to": {to}, "per_page": {"50"}}.Encode()
		var page struct {
			Contacts []contactView
			Calls    []struct {
				StartedAt int64 `json:"started_at"`
			}
			Users []userView
		}
		for _, list := range []string{"/v1/contacts?", "/v1/calls?", "/v2/users?"} {
			json.Unmarshal(send(t, "GET", list+q, "").Body.Bytes(), &page)
		}
		var created []float64
		for _, c := range page.Contacts {
			created = append(created, c.CreatedAt.(float64))
		}
		for _, c := range page.Calls {
			created = append(created, float64(c.StartedAt))
		}
		for _, u := range page.Users {
			at, err := time.Parse(time.RFC3339, u.CreatedAt)
			if err != nil {
				t.Error(err)
			}
			created = append(created, float64(at.Unix()))
		}
		for _, edge := range []struct {
			at    string
			holds func(created, at float64) bool
		}{
			{from, func(c, at float64) bool { return c >= float64(int64(at)) }},
			{to, func(c, at float64) bool { return c <= at }},
		} {
			at, err := strconv.ParseFloat(edge.at, 64)
			if err != nil && edge.at != "" && len(created) > 0 && !strings.Contains(err.Error(), "range") {
				t.Errorf("from %q to %q selects %d", from, to, len(created))
			}
			for _, c := range created {
				if err == nil && at > -1e15 && at < 1e15 && !edge.holds(c, at) {
					t.Errorf("from %q to %q selects what was created at %f", from, to, c)
				}
			}
		}
	})
}
