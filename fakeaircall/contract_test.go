package fakeaircall

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/internal/contract"
)

// checked compares every exchange of a server with the contract. A test names the differences that it causes on purpose, see
// contract.Enforce.
func checked(t contract.TB, o Options, exceptions ...string) Options {
	t.Helper()
	o.Wrap = contract.Enforce(t, OpenAPI(), exceptions...)
	return o
}

// spoil changes the replies of a fake, and returns the differences that the contract finds.
func spoil(t *testing.T, c *contract.Contract, path string, change func(w *httptest.ResponseRecorder, body map[string]any)) []string {
	t.Helper()
	srv, err := New(Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit}) // unchecked: the change comes after it
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	h := c.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		srv.Handler().ServeHTTP(rec, r)
		var body map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
			t.Fatalf("%s: %s", path, rec.Body)
		}
		change(rec, body)
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		json.NewEncoder(w).Encode(body)
	}), func(_ contract.Exchange, found []contract.Difference) {
		for _, d := range found {
			said = append(said, d.String())
		}
	})
	req := httptest.NewRequest("GET", path, nil)
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	h.ServeHTTP(httptest.NewRecorder(), req)
	return said
}

// The contract finds differences in a list, in a single object, and in errors of the application and of the edge.
func TestContractFinds(t *testing.T) {
	first := func(body map[string]any) map[string]any { return body["contacts"].([]any)[0].(map[string]any) }
	call := func(body map[string]any) map[string]any { return body["call"].(map[string]any) }
	type reply = *httptest.ResponseRecorder
	aircall, err := contract.New(OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path string
		change     func(w reply, body map[string]any)
		want       string
	}{
		{"nothing in a list", "/v1/contacts", func(reply, map[string]any) {}, ""},
		{"nothing in an object", "/v1/calls/12345", func(reply, map[string]any) {}, ""},
		{"nothing in an error", "/v1/calls/7", func(reply, map[string]any) {}, ""},
		{"a missing member of a list", "/v1/contacts", func(_ reply, b map[string]any) { delete(first(b), "is_shared") },
			"list-all-contacts: body/contacts/0/is_shared: want to be there, got nothing"},
		{"an extra member of a list", "/v1/contacts", func(_ reply, b map[string]any) { first(b)["name"] = "Kim" },
			`list-all-contacts: body/contacts/0/name: want nothing, got "Kim"`},
		{"another type in a list", "/v1/contacts", func(_ reply, b map[string]any) { first(b)["id"] = "1" },
			`list-all-contacts: body/contacts/0/id: want integer, got "1"`},
		{"a time in milliseconds", "/v1/contacts", func(_ reply, b map[string]any) { first(b)["created_at"] = 1.7e12 },
			`list-all-contacts: body/contacts/0/created_at: want number must be at most 4.1024448e+09, got 1700000000000`},
		{"a missing member of an object", "/v1/calls/12345", func(_ reply, b map[string]any) { delete(call(b), "raw_digits") },
			"retrieve-a-call: body/call/raw_digits: want to be there, got nothing"},
		{"an extra member of an object", "/v1/calls/12345", func(_ reply, b map[string]any) { call(b)["from"] = "x" },
			`retrieve-a-call: body/call/from: want nothing, got "x"`},
		{"another type in an object", "/v1/calls/12345", func(_ reply, b map[string]any) { call(b)["cost"] = 0 },
			`retrieve-a-call: body/call/cost: want string, got 0`},
		{"null in an object", "/v1/calls/12345", func(_ reply, b map[string]any) { call(b)["tags"] = nil },
			`retrieve-a-call: body/call/tags: want array, got null`},
		{"a missing member of an error", "/v1/calls/7", func(_ reply, b map[string]any) { delete(b, "success") },
			"retrieve-a-call: body/success: want to be there, got nothing"},
		{"an extra member of an error", "/v1/contacts/7", func(_ reply, b map[string]any) { b["success"] = false },
			"retrieve-a-contact: body/success: want nothing, got false"},
		{"another type in an error", "/v1/calls/7", func(_ reply, b map[string]any) { b["troubleshoot"] = []any{} },
			"retrieve-a-call: body/troubleshoot: want string, got []"},
		{"the edge's error in the application's place", "/v1/calls/7", func(_ reply, b map[string]any) { clear(b); b["message"] = "Not Found" },
			"retrieve-a-call: body/error: want to be there, got nothing"},
		{"another word of the edge", "/v1/nothing", func(_ reply, b map[string]any) { b["message"] = "No" },
			`no operation: body/message: want one of ["Unauthorized","Forbidden","Not Found","Request Entity Too Large","Internal Server Error","Service Unavailable"], got "No"`},
		{"a status", "/v1/calls/12345", func(w reply, _ map[string]any) { w.Code = 201 },
			"retrieve-a-call: status: want one of 200, 304, 401, 403, 404, 429, 5XX, got 201"},
		{"a content type", "/v1/webhooks", func(w reply, _ map[string]any) { w.Header().Set("Content-Type", "application/json; charset=utf-8") },
			`list-all-webhooks: header Content-Type: want "application/json", got "application/json; charset=utf-8"`},
		{"another backend's ETag", "/v1/contacts", func(w reply, _ map[string]any) { w.Header().Set("ETag", `W/"6f1ed002ab5595859014ebf0951522d9"`) },
			`list-all-contacts: header ETag: want text like ^W/"[0-9a-f]+-[A-Za-z0-9+/]{27}"$, got "W/\"6f1ed002ab5595859014ebf0951522d9\""`},
		{"no request id", "/v1/tags", func(w reply, _ map[string]any) { w.Header().Del("X-Request-Id") },
			`list-all-tags: header X-Request-Id: want to be there, got nothing`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			if c.want != "" {
				want = []string{c.want}
			}
			if got := spoil(t, aircall, c.path, c.change); len(got) > 0 && c.want != "" {
				if got[0] != c.want {
					t.Errorf("said %q, want %q", got[0], c.want)
				}
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The contract finds every member that a reply lacks, has too much, or has with another type.
func TestContractIsClosed(t *testing.T) {
	c, err := contract.New(OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for request, op := range documentedOperations(t) {
		method, path, _ := strings.Cut(request, " ")
		for status, r := range op.Responses {
			code, err := strconv.Atoi(status)
			if err != nil || code/100 == 2 && method != "GET" { // then the request is looked at too
				continue
			}
			for content, m := range r.Content {
				x := contract.Exchange{Method: method, URL: &url.URL{Path: inPath.ReplaceAllString(path, "1")}, Status: code, Header: http.Header{"Content-Type": {content}}}
				for _, bad := range spoiled(t, m.Example) {
					x.Body = []byte(bad.body)
					tried++
					said := fmt.Sprint(c.Check(x))
					if !strings.Contains(said, ": body") {
						t.Errorf("%s: %s %s: found nothing wrong with %s", request, status, bad.what, bad.body)
					}
				}
			}
		}
	}
	if tried < 1500 {
		t.Errorf("tried %d changes only", tried)
	}
	t.Logf("%d changes", tried)
}

type spoilt struct{ what, body string }

// spoiled returns all ways to break a body in one place.
func spoiled(t *testing.T, example []byte) (all []spoilt) {
	t.Helper()
	var whole any
	if err := json.Unmarshal(example, &whole); err != nil {
		t.Fatal(err)
	}
	keep := func(what string) {
		b, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, spoilt{what, string(b)})
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case []any:
			for i := range v {
				walk(fmt.Sprintf("%s/%d", at, i), v[i])
			}
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				was := v[name]
				delete(v, name)
				keep("without " + at + "/" + name)
				if v[name] = []any{[]any{}}; !free.MatchString(at + "/" + name) {
					keep("an array for " + at + "/" + name)
				}
				v[name] = was
				walk(at+"/"+name, was)
			}
			v["unheard_of"] = 1
			keep("more in " + at)
			delete(v, "unheard_of")
		}
	}
	walk("", whole)
	return all
}

// free are members whose type is not known.
var free = regexp.MustCompile(`/ai_voice_agents/\d+/(started_at|ended_at)$`)
