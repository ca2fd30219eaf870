package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// outside are the accounts as a person has them in the environment: without a user.
func outside() map[string]binding.Account {
	accounts := map[string]binding.Account{}
	for _, a := range fakeaircall.StandardAccounts() {
		accounts[a.Name] = binding.Account{APIID: a.APIID, APIToken: a.APIToken}
	}
	return accounts
}

// passing is a reply that is changed on its way out: status, header, and the body if it is an object.
type passing struct {
	*httptest.ResponseRecorder
	body map[string]any
}

// change lets others alter the replies to some requests: "GET /v1/contacts" matches all that begin with it.
func change(prefix string, alter func(*passing)) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !strings.HasPrefix(r.Method+" "+r.URL.Path, prefix) {
			next.ServeHTTP(w, r)
			return
		}
		p := &passing{ResponseRecorder: httptest.NewRecorder()}
		next.ServeHTTP(p, r)
		d := json.NewDecoder(bytes.NewReader(p.Body.Bytes()))
		d.UseNumber()
		_ = d.Decode(&p.body)
		alter(p)
		data := p.Body.Bytes()
		if p.body != nil {
			data, _ = json.Marshal(p.body)
		}
		for name, values := range p.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(p.Code)
		w.Write(data)
	}
}

func status(from, to int) func(*passing) {
	return func(p *passing) {
		if p.Code == from {
			p.Code = to
		}
	}
}

func header(name, value string) func(*passing) {
	return func(p *passing) {
		p.Header().Del(name)
		if value != "" {
			p.Header().Set(name, value)
		}
	}
}

// ofEach changes the objects under a key, one alone or in a list.
func ofEach(key string, alter func(map[string]any)) func(*passing) {
	return func(p *passing) { each(key, alter)(p.body) }
}

func lacking(name string) func(map[string]any) { return func(m map[string]any) { delete(m, name) } }

func with(name string, v any) func(map[string]any) { return func(m map[string]any) { m[name] = v } }

func renamed(from, to string) func(map[string]any) {
	return func(m map[string]any) {
		if v, ok := m[from]; ok {
			delete(m, from)
			m[to] = v
		}
	}
}

func under(key string, alter func(map[string]any)) func(map[string]any) {
	return func(m map[string]any) {
		if o, ok := m[key].(map[string]any); ok {
			alter(o)
		}
		list, _ := m[key].([]any)
		for _, v := range list {
			alter(v.(map[string]any))
		}
	}
}

// leak opens some paths of sales with the credentials of default.
func leak(prefix string) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if id, _, _ := r.BasicAuth(); id == "fake-sales-id" && strings.HasPrefix(r.URL.Path, prefix) {
			r.SetBasicAuth("fake-default-id", "fake-default-token")
		}
		next.ServeHTTP(w, r)
	}
}

// stale gives of each contact the first reply again and again.
func stale() defect {
	first := map[string]*httptest.ResponseRecorder{}
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		key := r.Header.Get("Authorization") + r.URL.Path
		if r.Method != "GET" || !strings.HasPrefix(key[len(r.Header.Get("Authorization")):], "/v1/contacts/") || r.URL.RawQuery != "" {
			next.ServeHTTP(w, r)
			return
		}
		if first[key] == nil {
			first[key] = httptest.NewRecorder()
			next.ServeHTTP(first[key], r)
		}
		for name, values := range first[key].Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(first[key].Code)
		w.Write(first[key].Body.Bytes())
	}
}

// repeated puts the last entry of a page in front of the next one.
func repeated(key string) func(*passing) {
	var last any
	return func(p *passing) {
		list, _ := p.body[key].([]any)
		if len(list) == 0 {
			return
		}
		m, _ := p.body["meta"].(map[string]any)
		mine := list[len(list)-1]
		if m["previous_page_link"] != nil && last != nil {
			list[0] = last
		}
		last = mine
	}
}

// proxied are defects between the kit and a healthy fake: with the scenarios that must fail of them, and where the
// contract is broken, "" if it is not: then the replies are well-formed and untrue.
func proxied() []struct {
	name   string
	defect defect
	fails  string
	where  string
} {
	const (
		list, get, pages = "reference/list_contacts/a-page-holds-20", "relations/lists/what-v1-calls-lists-is-the-same", "relations/lists/the-pages-of-"
		whole, gone      = "relations/contacts/a-new-contact-is-the-same", "relations/contacts/a-deleted-contact"
		alone            = "relations/contacts/no-other-account"
	)
	return []struct {
		name   string
		defect defect
		fails  string
		where  string
	}{
		{"a field is dropped", change("GET /v1/contacts", ofEach("contacts", lacking("information"))), list, "body/contacts/*/information"},
		{"a field of one is dropped", change("GET /v1/calls/", ofEach("calls", lacking("direct_link"))), get, "body/call/direct_link"},
		{"a field within a field is dropped", change("GET /v1/calls", ofEach("calls", under("user", lacking("email")))), get, "body/calls/*/user/email"},
		{"a field of an entry is dropped", change("GET /v1/contacts", ofEach("contacts", under("phone_numbers", lacking("label")))), list, "body/contacts/*/phone_numbers/*/label"},
		{"a field is renamed", change("GET /v2/users", ofEach("users", renamed("email", "mail"))), "relations/lists/the-pages-of-users", "body/users/*/mail"},
		{"a field is retyped", change("GET /v1/numbers", ofEach("numbers", with("digits", 7))), "relations/lists/the-pages-of-numbers", "body/numbers/*/digits"},
		{"a word is not one of its kind", change("GET /v1/calls", ofEach("calls", with("direction", "sideways"))), get, "body/calls/*/direction"},
		{"a field is added", change("GET /v1/teams", ofEach("teams", with("extra", 1))), "relations/lists/the-pages-of-teams", "body/teams/*/extra"},
		{"a field of a tag is dropped", change("GET /v1/tags", ofEach("tags", lacking("color"))), "relations/lists/the-pages-of-tags", "body/tags/*/color"},
		{"the company has no name", change("GET /v1/company", ofEach("company", lacking("name"))), "relations/lists/the-api-and-the-company", "body/company/name"},
		{"meta gains a field", change("GET /v1/tags", func(p *passing) { under("meta", with("extra", 1))(p.body) }), "relations/lists/the-pages-of-tags", "body/meta/extra"},
		{"meta is dropped", change("GET /v1/contacts", func(p *passing) { delete(p.body, "meta") }), list, "body/meta"},
		{"the envelope is another", change("GET /v1/contacts", func(p *passing) { renamed("contact", "data")(p.body) }), whole, "body/contact"},
		{"the envelope of a list is another", change("GET /v1/calls", func(p *passing) { renamed("calls", "data")(p.body) }), get, "body/calls"},
		{"a creation is a 200", change("POST /v1/contacts", status(201, 200)), whole, "status"},
		{"a deletion is a 200", change("DELETE /v1/contacts", status(204, 200)), gone, "status"},
		{"what is missing is a 200", change("GET /v1/contacts", status(404, 200)), gone, "body/contact"},
		{"the content type is text", change("GET /v1/calls", header("Content-Type", "text/plain")), get, "header Content-Type"},
		{"the content type has no charset", change("GET /v1/calls", header("Content-Type", "application/json")), get, "header Content-Type"},
		{"there is no ETag", change("GET /v1/calls", header("ETag", "")), get, "header ETag"},

		{"a filter is ignored", query("/v1/calls/search", drop("direction")), "relations/lists/a-search-for-direction", ""},
		{"the user is ignored", query("/v1/calls/search", drop("user_id")), "relations/lists/a-search-for-user_id", ""},
		{"the number is ignored", query("/v1/calls/search", drop("phone_number")), "relations/lists/a-search-for-phone_number", ""},
		{"to is ignored in a search", query("/v1/calls/search", drop("to")), "relations/lists/what-v1-calls-search-lists-between", ""},
		{"from is ignored in contacts", query("/v1/contacts", drop("from")), "relations/lists/what-v1-contacts-lists-between", ""},
		{"order is ignored in calls", query("/v1/calls", drop("order")), "relations/lists/the-calls-at-v1-calls-rise", ""},
		{"order_by is ignored", query("/v1/contacts", drop("order_by")), "relations/lists/the-contacts-at-v1-contacts-order_by", ""},
		{"order is ignored in users", query("/v2/users", drop("order")), "relations/lists/the-users-at", ""},
		{"order is ignored in numbers", query("/v1/numbers", drop("order")), "relations/lists/the-numbers-at", ""},
		{"order is ignored in teams", query("/v1/teams", drop("order")), "relations/lists/the-teams-at", ""},
		{"page is ignored in a search", query("/v1/calls/search", drop("page")), pages + "calls-at-v1-calls-search", ""},
		{"page is ignored in teams", query("/v1/teams", drop("page")), pages + "teams", ""},
		{"per_page is ignored in tags", query("/v1/tags", drop("per_page")), pages + "tags", ""},
		{"an entry stands on two pages", change("GET /v1/contacts", repeated("contacts")), pages + "contacts", ""},
		{"one contact leaks", leak("/v1/contacts/"), alone, ""},
		{"the list of contacts leaks", leak("/v1/contacts"), alone, ""},
		{"a search of contacts leaks", leak("/v1/contacts/search"), alone, ""},
		{"calls leak", leak("/v1/calls"), "relations/lists/no-two-of-the-accounts-share-the-sid", ""},
		{"numbers leak", leak("/v1/numbers"), "relations/lists/no-two-of-the-accounts-share-the-id-of-one-of-their-numbers", ""},
		{"tags leak", leak("/v1/tags"), "relations/lists/no-two-of-the-accounts-share-the-id-of-one-of-their-tags", ""},
		{"reads are stale after an update", stale(), "relations/contacts/a-change-is-kept", ""},
		{"a deletion is lost", func() defect {
			// Undoing is the same request: it is let through once the scenario has looked.
			n := 0
			return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if r.Method == "DELETE" {
					if n++; n == 1 {
						w.WriteHeader(http.StatusNoContent)
						return
					}
				}
				next.ServeHTTP(w, r)
			}
		}(), gone, ""},
	}
}

// TestDefectsOfOthers runs the kit as `aircallkit conformance --target URL --allow-writes --report DIR` does, and reads
// what it says of the defect in run.json.
func TestDefectsOfOthers(t *testing.T) {
	plan := planOf(t)
	for _, c := range proxied() {
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
			run := runJSON(t, Options{Target: url, AllowWrites: true, Accounts: outside(), Scenarios: only})
			if run.Summary.Fail == 0 || run.Summary.Error > 0 {
				t.Errorf("%+v", run.Summary)
			}
			var places []string
			for _, s := range run.Scenarios {
				for _, b := range s.Contract {
					places = append(places, b.Where)
				}
				t.Logf("%s %s: %s", s.Status, s.ID, s.Reason)
			}
			if c.where == "" && len(places) > 0 || c.where != "" && !strings.Contains(strings.Join(places, "\n")+"\n", c.where+"\n") {
				t.Errorf("the contract is broken at %q, want %q", places, c.where)
			}
		})
	}
}

// runJSON runs the kit and reads its report as others would.
func runJSON(t *testing.T, o Options) *Report {
	t.Helper()
	o.ReportDir = t.TempDir()
	if _, err := Run(t.Context(), checkedRun(t, o)); mayLeave(err) != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(o.ReportDir, "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rep Report
	if err := json.Unmarshal(data, &rep); err != nil {
		t.Fatal(err)
	}
	return &rep
}

// TestBreachesTellNoValues: a report holds what a target sent by place and kind, a key of the target's own included.
func TestBreachesTellNoValues(t *testing.T) {
	url, _ := behind(t, change("GET /v1/calls/", ofEach("calls", func(c map[string]any) {
		c["direction"] = "Canary Direction"
		c["duration"] = "Canary Duration"
		c["canary@example.com"] = "Canary Value"
		c["sid"] = map[string]any{"canary": "Canary Sid"}
	})))
	rep := runJSON(t, Options{Target: url, Accounts: outside(), Scenarios: []string{"relations/lists/what-v1-calls-lists-is-the-same-by-its-id"}})
	data, err := json.Marshal(rep)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(string(data)), "canary") {
		t.Errorf("a value got into the report: %s", data)
	}
	got := map[string]string{}
	for _, b := range rep.Scenarios[0].Contract {
		got[b.Where] = b.Got
	}
	for where, kind := range map[string]string{
		"body/call/direction": "a string", "body/call/duration": "a string", "body/call/(a key)": "a string", "body/call/sid": "an object",
	} {
		if got[where] != kind {
			t.Errorf("%s is %q, want %q; all: %v", where, got[where], kind, got)
		}
	}
}

// TestTheHealthyFakeFromOutsidePasses is the base line of the above.
func TestTheHealthyFakeFromOutsidePasses(t *testing.T) {
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) })
	run := runJSON(t, Options{Target: url, AllowWrites: true, Accounts: outside()})
	if s := run.Summary; s.Fail+s.Error > 0 || s.Pass == 0 {
		t.Errorf("%+v", s)
	}
	for _, s := range run.Scenarios {
		if s.Status == Fail || s.Status == Error || len(s.Contract) > 0 {
			t.Errorf("%s %s: %s", s.Status, s.ID, s.Reason)
		}
	}
}

// TestLiveMayLearn: a service in use may say more than the contract knows, which is noted; less is a failure there too.
func TestLiveMayLearn(t *testing.T) {
	for _, c := range []struct {
		name  string
		alter func(map[string]any)
		want  Status
		note  bool
	}{
		{"a field more", with("extra", 1), Pass, true},
		{"a field less", lacking("digits"), Fail, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, _ := behind(t, change("GET /v1/numbers", ofEach("numbers", c.alter)))
			accounts := outside()
			for name, a := range accounts {
				a.URL = url
				accounts[name] = a
			}
			run := runJSON(t, Options{Target: "live", Accounts: accounts, Scenarios: []string{"relations/lists/what-v1-numbers-lists-is-the-same-by-its-id"}})
			s := run.Scenarios[0]
			if s.Status != c.want || len(s.Contract) == 0 || s.Contract[0].Note != c.note {
				t.Errorf("%s: %s, %v", s.Status, s.Reason, s.Contract)
			}
		})
	}
}

// TestRequestsCountForScripts alone: they are what the binding makes of a call. A scenario may send anything by hand.
func TestRequestsCountForScripts(t *testing.T) {
	at := url.URL{Path: "/behind/a/proxy/v1/contacts"}
	for purpose, want := range map[string]bool{forScript: true, forCheck: false, forUndo: false} {
		x := exchange{purpose: purpose, method: http.MethodPost, status: http.StatusCreated, reply: []byte(`{}`)}
		requests, replies := 0, 0
		for _, b := range breaches(x, at, []byte(`{"first_name":7}`), http.Header{"Content-Type": {"application/json; charset=utf-8"}}) {
			if strings.HasPrefix(b.Where, "request ") {
				requests++
			} else {
				replies++
			}
			if b.Op != "create-a-contact" {
				t.Errorf("%s: %v", purpose, b)
			}
		}
		if requests > 0 != want || replies == 0 {
			t.Errorf("%s: %d differences of the request, %d of the reply", purpose, requests, replies)
		}
	}
}
