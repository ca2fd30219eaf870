package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// defect stands between the kit and a healthy fake. It may change the request, answer itself, or change the reply.
type defect func(http.ResponseWriter, *http.Request, http.Handler)

// behind starts a fake with a defect in front of it, and gives the address.
func behind(t *testing.T, d defect) (string, *fakeaircall.Server) {
	t.Helper()
	s, err := fakeaircall.New(checked(t, fakeaircall.Options{Clock: start, RateLimit: fakeaircall.NoRateLimit}))
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d(w, r, s.Handler()) }))
	t.Cleanup(front.Close)
	return front.URL, s
}

// rewrite changes the replies to some requests: "GET /v1/contacts" matches all that begin with it.
func rewrite(prefix string, change func(body map[string]any)) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !strings.HasPrefix(r.Method+" "+r.URL.Path, prefix) {
			next.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		var body map[string]any
		d := json.NewDecoder(rec.Body)
		d.UseNumber()
		if d.Decode(&body) == nil {
			change(body)
		}
		data, _ := json.Marshal(body)
		for name, values := range rec.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(rec.Code)
		w.Write(data)
	}
}

// each changes every object of a list, or the one object of an envelope.
func each(key string, change func(map[string]any)) func(map[string]any) {
	return func(body map[string]any) {
		if list, ok := body[key].([]any); ok {
			for _, v := range list {
				change(v.(map[string]any))
			}
		}
		if one, ok := body[strings.TrimSuffix(key, "s")].(map[string]any); ok {
			change(one)
		}
	}
}

// query changes the parameters of some requests.
func query(path string, change func(q map[string][]string)) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Path == path {
			q := r.URL.Query()
			change(q)
			r.URL.RawQuery = q.Encode()
		}
		next.ServeHTTP(w, r)
	}
}

func drop(name string) func(map[string][]string) {
	return func(q map[string][]string) { delete(q, name) }
}

// answer replaces the replies to some requests without passing them on.
func answer(prefix string, status int, body string) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !strings.HasPrefix(r.Method+" "+r.URL.Path, prefix) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func increase(body map[string]any, by int64) {
	meta := body["meta"].(map[string]any)
	n, _ := meta["total"].(json.Number).Int64()
	meta["total"] = n + by
}

type defective struct {
	name   string
	defect defect
	fails  string // begin of the id of the scenario that must fail
}

// defects are what may be wrong with a server, and which sentence of the documentation is then untrue.
func defects() []defective {
	return []defective{
		{"a contact lacks a field", rewrite("GET /v1/contacts", each("contacts", func(c map[string]any) { delete(c, "company_name") })),
			"reference/list_contacts/a-page-holds-20-contacts"},
		{"a call lacks a field, in the list alone", rewrite("GET /v1/calls", func(b map[string]any) {
			if list, ok := b["calls"].([]any); ok {
				delete(list[2].(map[string]any), "sid")
			}
		}), "reference/get_call/a-call-found-in-the-list"},
		{"a call lacks a field, in the search alone", rewrite("GET /v1/calls/search", each("calls", func(c map[string]any) { delete(c, "archived") })),
			"reference/list_calls/direction-inbound"},
		{"a field has another name", rewrite("GET /v1/numbers", each("numbers", func(n map[string]any) { n["number"] = n["digits"]; delete(n, "digits") })),
			"reference/list_numbers/every-number-of-every-page"},
		{"a number is a text", rewrite("GET /v1/calls/12345", each("calls", func(c map[string]any) { c["duration"] = c["duration"].(json.Number).String() + " s" })),
			"reference/get_call/the-example"},
		{"times are in milliseconds", rewrite("GET /v1/calls", each("calls", func(c map[string]any) {
			n, _ := c["started_at"].(json.Number).Int64()
			c["started_at"] = n * 1000
		})), "reference/list_calls/the-example"},
		{"the filter direction is ignored", query("/v1/calls/search", drop("direction")), "reference/list_calls/direction-inbound"},
		{"the filter user_id is ignored", query("/v1/calls/search", drop("user_id")), "reference/list_calls/user_id-keeps"},
		{"the filter tags is ignored", query("/v1/calls/search", drop("tags[]")), "reference/list_calls/tags-take-the-name"},
		{"one tag of several is enough", query("/v1/calls/search", func(q map[string][]string) {
			if tags := q["tags[]"]; len(tags) > 1 {
				q["tags[]"] = tags[:1]
			}
		}), "reference/list_calls/of-several-tags"},
		{"from is ignored", query("/v1/calls", drop("from")), "reference/list_calls/from-leaves-out"},
		{"to is ignored", query("/v1/calls", drop("to")), "reference/list_calls/to-leaves-out"},
		{"to leaves out its own second", query("/v1/calls", func(q map[string][]string) {
			if to := q["to"]; len(to) > 0 {
				n, _ := strconv.Atoi(to[0])
				q["to"] = []string{strconv.Itoa(n - 1)}
			}
		}), "reference/list_calls/to-leaves-out"},
		{"order is ignored", query("/v1/calls", drop("order")), "reference/list_calls/order-desc"},
		{"order is always desc", query("/v1/calls", func(q map[string][]string) { q["order"] = []string{"desc"} }), "reference/list_calls/order-asc"},
		{"page is ignored", query("/v1/calls", drop("page")), "reference/list_calls/the-second-page"},
		{"per_page is ignored", query("/v1/calls", drop("per_page")), "reference/list_calls/a-page-of-per_page-7"},
		{"pages are one too short", rewrite("GET /v1/calls", func(b map[string]any) {
			if list, ok := b["calls"].([]any); ok && len(list) > 1 {
				b["calls"] = list[:len(list)-1]
			}
		}), "reference/list_calls/a-page-holds-20-calls"},
		{"the last page is empty", rewrite("GET /v2/users", func(b map[string]any) {
			if m, ok := b["meta"].(map[string]any); ok && m["next_page_link"] == nil && m["previous_page_link"] != nil {
				b["users"], m["count"] = []any{}, 0
			}
		}), "reference/list_users/every-user"},
		{"the total is one too high", rewrite("GET /v1/contacts", func(b map[string]any) {
			if b["meta"] != nil {
				increase(b, 1)
			}
		}), "reference/list_contacts/the-list-as-a-whole"},
		{"the search is for everybody", query("/v1/contacts/search", drop("email")), "reference/list_contacts/an-e-mail-address"},
		{"the search finds nobody", query("/v1/contacts/search", func(q map[string][]string) { q["email"] = []string{"no@example.com"} }),
			"reference/list_contacts/a-phone-number"},
		{"sales sees what default holds", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if id, _, _ := r.BasicAuth(); id == "fake-sales-id" {
				r.SetBasicAuth("fake-default-id", "fake-default-token")
			}
			next.ServeHTTP(w, r)
		}, "reference/multi-account/no-user-of-one-account"},
		{"sales sees the contacts of default", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if id, _, _ := r.BasicAuth(); id == "fake-sales-id" && r.URL.Path == "/v1/contacts" {
				r.SetBasicAuth("fake-default-id", "fake-default-token")
			}
			next.ServeHTTP(w, r)
		}, "reference/multi-account/no-account-shows-the-contacts"},
		{"a call is its neighbour", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			r.URL.Path = strings.Replace(r.URL.Path, "/v1/calls/2", "/v1/calls/1", 1)
			if strings.HasPrefix(r.URL.Path, "/v1/calls/1") {
				r.URL.Path = "/v1/calls/12345"
			}
			next.ServeHTTP(w, r)
		}, "reference/get_call/a-call-found-in-the-list"},
		{"what is missing is an empty 200", answer("GET /v1/calls/9007", 200, "{}"), "reference/get_call/an-id-that-is-no-call"},
		{"wrong credentials are a 401", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if id, _, _ := r.BasicAuth(); !strings.HasPrefix(id, "fake-") {
				answer("", 401, `{"message":"Unauthorized"}`)(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		}, "reference/get_call/wrong-credentials"},
		{"the current user is somebody else", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.URL.Path == "/v2/users/owner@default.example.com" {
				rewrite("GET", each("users", func(u map[string]any) { u["id"] = 1 }))(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		}, "reference/get_current_user/the-user-is-one-of-the-users"},
		{"an update is answered and not kept", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.Method == "POST" && strings.Count(r.URL.Path, "/") == 3 {
				r.Body = io.NopCloser(strings.NewReader("{}"))
			}
			next.ServeHTTP(w, r)
		}, "reference/update_contact/the-field-first_name"},
		{"an update takes another field along", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.Method == "POST" && strings.Count(r.URL.Path, "/") == 3 {
				data, _ := io.ReadAll(r.Body)
				data = bytes.Replace(data, []byte("{"), []byte(`{"information":"gone",`), 1)
				r.Body = io.NopCloser(bytes.NewReader(data))
			}
			next.ServeHTTP(w, r)
		}, "reference/update_contact/the-field-last_name"},
		{"new phone numbers come beside the old", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.Method == "DELETE" && strings.Contains(r.URL.Path, "/phone_details/") {
				w.WriteHeader(204)
				return
			}
			next.ServeHTTP(w, r)
		}, "reference/update_contact/phone-numbers-replace"},
		{"new phone numbers are answered and not kept",
			func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/phone_details") {
					answer("", 201, `{"phone_detail":{"id":1,"label":"Work","value":"+33612345678"}}`)(w, r, next)
					return
				}
				next.ServeHTTP(w, r)
			}, "reference/update_contact/the-only-phone-number"},
		{"labels are lost", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			data, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(bytes.ReplaceAll(data, []byte(`"Mobile"`), []byte(`"Work"`))))
			next.ServeHTTP(w, r)
		}, "reference/create_contact/the-example"},
		{"what is created is answered and not kept", answer("POST /v1/contacts", 201,
			`{"contact":{"id":77,"created_at":1781514000,"updated_at":1781514000,"first_name":"Jane","last_name":"Smith","information":null,"company_name":"Acme Corp","is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/77","phone_numbers":[],"emails":[]}}`),
			"reference/create_contact/the-example"},
		{"every answer is an empty object", answer("", 200, "{}"), "reference/get_call/the-example"},
		{"every answer is an empty list", answer("", 200, "[]"), "reference/list_users/the-example"},
		{"every answer is a 404", answer("", 404, `{"message":"Not Found"}`), "reference/get_call/the-example"},
		{"every answer is a page of HTML", answer("", 200, "<html>welcome</html>"), "reference/list_users/the-example"},
	}
}

// TestDefectsAreFound puts one defect at a time before a healthy fake. The scenario named must fail, and not for a fault
// of the kit: a crash elsewhere does not count. That it passes without the defect is for the last test of this file.
func TestDefectsAreFound(t *testing.T) {
	plan := planOf(t)
	for _, c := range defects() {
		t.Run(c.name, func(t *testing.T) {
			var only []string
			for _, p := range plan {
				if strings.HasPrefix(p.id, c.fails) {
					only = append(only, p.id)
				}
			}
			if len(only) == 0 {
				t.Fatalf("no scenario begins with %s", c.fails)
			}
			url, _ := behind(t, c.defect)
			rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, AllowWrites: true, Scenarios: only}))
			if code := ExitCode(rep, err); code != ExitFailed {
				t.Errorf("exit code %d, %+v, %v", code, rep.Summary, err)
			}
			for _, s := range rep.Scenarios {
				// What the scenario says is what must notice; the contract comes on top.
				if s.Status != Fail || strings.HasPrefix(s.Reason, "the contract is broken") {
					t.Errorf("%s %s: %s", s.Status, s.ID, s.Reason)
				}
			}
		})
	}
}

func ids(rep *Report, status Status) (out []string) {
	for _, s := range rep.Scenarios {
		if s.Status == status {
			out = append(out, s.ID)
		}
	}
	return out
}

// TestDumbServersPassNothing: only what sends nothing may pass against a server that answers everything alike.
func TestDumbServersPassNothing(t *testing.T) {
	for _, d := range []struct {
		name string
		defect
	}{
		{"an empty object", answer("", 200, "{}")},
		{"an empty list", answer("", 200, "[]")},
		{"null", answer("", 200, "null")},
		{"its request", func(w http.ResponseWriter, r *http.Request, _ http.Handler) { io.Copy(w, r.Body) }},
		{"nothing", answer("", 204, "")},
		{"a redirect", func(w http.ResponseWriter, r *http.Request, _ http.Handler) { http.Redirect(w, r, "/v1/ping", 302) }},
	} {
		t.Run(d.name, func(t *testing.T) {
			url, _ := behind(t, d.defect)
			rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, AllowWrites: true, Tags: "not @fake and not @assumption:users-v1"})) // its clock stands before their end
			if mayLeave(err) != nil {
				t.Fatal(err)
			}
			for _, s := range rep.Scenarios {
				sent := slices.ContainsFunc(s.Requests, func(x Sent) bool { return x.Purpose == forScript })
				if s.Status == Pass && sent {
					t.Errorf("%s passes", s.ID)
				}
				if s.Status == Error {
					t.Errorf("%s is an error of the kit: %s", s.ID, s.Reason)
				}
			}
			if rep.Summary.Fail == 0 {
				t.Errorf("nothing failed: %+v", rep.Summary)
			}
		})
	}
}

// TestTheHealthyFakeThroughAProxyPasses is the base line of the above.
func TestTheHealthyFakeThroughAProxyPasses(t *testing.T) {
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) })
	rep, err := Run(context.Background(), checkedRun(t, Options{Target: url, AllowWrites: true, Tags: "not @fake and not @assumption:users-v1"})) // its clock stands before their end
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rep.Scenarios {
		if s.Status != Pass {
			t.Errorf("%s %s: %s", s.Status, s.ID, s.Reason)
		}
	}
}
