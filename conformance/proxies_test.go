package conformance

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// environment is how a person has the standard accounts in the environment: without a user.
func environment() map[string]binding.Account {
	accounts := map[string]binding.Account{}
	for _, a := range fakeaircall.StandardAccounts() {
		accounts[a.Name] = binding.Account{APIID: a.APIID, APIToken: a.APIToken}
	}
	return accounts
}

// TestDefectsOfOthers runs the kit as `aircallkit conformance --target URL --allow-writes --report DIR` does, and reads
// what it says of the defect in run.json.
func TestDefectsOfOthers(t *testing.T) {
	plan := planOf(t)
	for i, c := range slices.Concat(malformedServers(), defect.UntrueOfEachOther()) {
		var only []string
		for _, p := range plan {
			if strings.HasPrefix(p.ID, c.Fails) && !p.Has("@fake") {
				only = append(only, p.ID)
			}
		}
		if len(only) == 0 || !full() && i%12 > 0 {
			continue // the self-test makes the same damage
		}
		t.Run(c.Name, func(t *testing.T) {
			if !full() && c.Name != "no ETag" && c.Name != "a field less" {
				t.Skip("it takes seconds of waiting: AIRCALLKIT_FULL=1 runs it")
			}
			url, _ := behind(t, c.Defect)
			run := runJSON(t, Options{Target: url, AllowWrites: true, Accounts: environment(), Scenarios: only})
			if run.Summary.Fail+run.Summary.Drift == 0 || run.Summary.Error > 0 {
				t.Errorf("%+v", run.Summary)
			}
			var places []string
			for _, s := range run.Scenarios {
				for _, b := range s.Contract {
					places = append(places, b.Where)
				}
				t.Logf("%s %s: %s", s.Status, s.ID, s.Reason)
			}
			if c.Where != "" && !slices.Contains(places, c.Where) {
				t.Errorf("the contract is broken at %q, want %q", places, c.Where)
			}
			if c.Where == "" && run.Summary.Fail == 0 {
				t.Errorf("no sentence of a scenario is untrue, the contract alone is broken at %q", places)
			}
		})
	}
}

// runJSON runs the kit and reads its report as others would.
func runJSON(t *testing.T, o Options) *report.Report {
	t.Helper()
	o.ReportDir = t.TempDir()
	if _, err := Run(t.Context(), checkedRun(t, o)); mayLeave(err) != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(o.ReportDir, "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rep report.Report
	if err := json.Unmarshal(data, &rep); err != nil {
		t.Fatal(err)
	}
	return &rep
}

// TestBreachesTellNoValues: a report holds what a target sent by place and kind, a key of the target's own included.
func TestBreachesTellNoValues(t *testing.T) {
	url, _ := behind(t, defect.Change("GET /v1/calls/", defect.OfEach("calls", func(c orderedjson.Object) orderedjson.Object {
		for key, value := range map[string]any{
			"direction": "Canary Direction", "duration": "Canary Duration",
			"canary@example.com": "Canary Value", "sid": orderedjson.Object{{Key: "canary", Value: "Canary Sid"}},
		} {
			c = defect.With(key, value)(c)
		}
		return c
	})))
	rep := runJSON(t, Options{Target: url, Accounts: environment(), Scenarios: []string{"relations/lists/an-entry-of-v1-calls-is-the-same-by-its-id"}})
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
	run := runJSON(t, Options{Target: url, AllowWrites: true, Accounts: environment()})
	if s := run.Summary; s.Fail+s.Error > 0 || s.Pass == 0 {
		t.Errorf("%+v", s)
	}
	for _, s := range run.Scenarios {
		if s.Status == report.Fail || s.Status == report.Error || len(s.Contract) > 0 {
			t.Errorf("%s %s: %s", s.Status, s.ID, s.Reason)
		}
	}
}

// TestDriftIsNotRed: a field more or less, or a header that a proxy strips, is drift. It fails no scenario, and fails the
// run only if that is strict.
func TestDriftIsNotRed(t *testing.T) {
	for _, c := range []struct {
		name   string
		defect defect.Defect
		cause  string
	}{
		{"a field more", defect.Change("GET /v1/numbers", defect.OfEach("numbers", defect.With("extra", 1))), "unknown field number.extra"},
		{"a field less", defect.Change("GET /v1/numbers", defect.OfEach("numbers", defect.Lacking("country"))), "field number.country missing"},
		{"another kind", defect.Change("GET /v1/numbers", defect.OfEach("numbers", defect.With("country", 7))), "field number.country is a number, not string"},
		{"no ETag", defect.Change("", setHeader("ETag", "")), "header ETag missing"},
		{"another status", defect.Change("GET /v1/numbers/", defect.Status(200, 201)), "retrieve-a-number answers 201"},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, _ := behind(t, c.defect)
			for _, target := range []string{"live", url} {
				accounts := environment()
				for name, a := range accounts {
					a.URL = url
					accounts[name] = a
				}
				o := Options{Target: target, Accounts: accounts, Scenarios: []string{"relations/lists/an-entry-of-v1-numbers-is-the-same-by-its-id"}}
				run := runJSON(t, o)
				if s := run.Summary; s.Pass != 1 || s.Drift != 1 || run.Drift[0].Cause != c.cause || run.Drift[0].Scenarios != 1 || ExitCode(run, nil) != ExitOK {
					t.Errorf("%s: %+v, %+v", target, s, run.Drift)
				}
				o.Strict = true
				if run := runJSON(t, o); run.Summary.Pass != 1 || ExitCode(run, nil) != ExitFailed || run.Footer.Result != report.ResultFailure {
					t.Errorf("%s, strict: %+v", target, run.Summary)
				}
			}
		})
	}
}

// TestRequestsCountForScripts: only requests of scripts are compared with the contract, because the binding makes them. A scenario may
// send anything by hand.
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

// TestBrokenRepliesAreReported: whatever a target sends, the run ends with a report that says so.
func TestBrokenRepliesAreReported(t *testing.T) {
	camel := regexp.MustCompile(`_([a-z])([a-z_]*":)`)
	for name, broken := range map[string]func([]byte) []byte{
		"half of each":         func(b []byte) []byte { return b[:len(b)/2] },
		"a mark before each":   func(b []byte) []byte { return append([]byte("\uFEFF"), b...) },
		"keys in another case": func(b []byte) []byte { return camel.ReplaceAll(b, []byte("$1$2")) },
	} {
		if name != "half of each" && !full() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				p := defect.Take(r, next)
				p.JSON = nil
				data := broken(p.Body.Bytes())
				p.Body.Reset()
				p.Body.Write(data)
				p.Send(w)
			})
			run := runJSON(t, Options{Target: url, AllowWrites: true, Accounts: environment()})
			if run.Summary.Fail == 0 || run.Summary.Drift == 0 || run.Summary.Error > 0 {
				t.Errorf("%+v", run.Summary)
			}
		})
	}
}

// malformedServers are servers whose replies break the contract of their operation.
func malformedServers() []defect.Server {
	const (
		list, get    = "reference/list_contacts/a-page-has-20", "relations/lists/an-entry-of-v1-calls-is-the-same"
		pages        = "relations/lists/the-pages-of-"
		contact      = "relations/contacts/"
		contacts, of = "GET /v1/contacts", "GET /v1/calls"
	)
	server := func(name string, d defect.Defect, fails, where string) defect.Server {
		return defect.Server{Name: name, Defect: d, Fails: fails, Where: where}
	}
	return []defect.Server{
		server("a field is dropped", defect.Change(contacts, defect.OfEach("contacts", defect.Lacking("information"))), list, "body/contacts/*/information"),
		server("a field of one is dropped", defect.Change(of+"/", defect.OfEach("calls", defect.Lacking("direct_link"))), get, "body/call/direct_link"),
		server("a field within a field is dropped", defect.Change(of, defect.OfEach("calls", defect.Under("user", defect.Lacking("email")))), get, "body/calls/*/user/email"),
		server("a field of an entry is dropped", defect.Change(contacts, defect.OfEach("contacts", defect.Under("phone_numbers", defect.Lacking("label")))), list, "body/contacts/*/phone_numbers/*/label"),
		server("a field is renamed", defect.Change("GET /v2/users", defect.OfEach("users", defect.Renamed("email", "mail"))), pages+"users", "body/users/*/mail"),
		server("a field is retyped", defect.Change("GET /v1/numbers", defect.OfEach("numbers", defect.With("digits", 7))), pages+"numbers", "body/numbers/*/digits"),
		server("a word is not one of its kind", defect.Change(of, defect.OfEach("calls", defect.With("direction", "sideways"))), get, "body/calls/*/direction"),
		server("a field is added", defect.Change("GET /v1/teams", defect.OfEach("teams", defect.With("extra", 1))), pages+"teams", "body/teams/*/extra"),
		server("a field of a tag is dropped", defect.Change("GET /v1/tags", defect.OfEach("tags", defect.Lacking("color"))), pages+"tags", "body/tags/*/color"),
		server("the company has no name", defect.Change("GET /v1/company", defect.OfEach("company", defect.Lacking("name"))), "relations/lists/the-api-and-the-company", "body/company/name"),
		server("meta gains a field", defect.Change("GET /v1/tags", defect.OfBody(defect.Under("meta", defect.With("extra", 1)))), pages+"tags", "body/meta/extra"),
		server("meta is dropped", defect.Change(contacts, defect.OfBody(defect.Lacking("meta"))), list, "body/meta"),
		server("meta holds texts", defect.Change(of, defect.OfBody(defect.Under("meta", defect.With("total", "21")))), get, "body/meta/total"),
		server("the envelope is another", defect.Change(contacts, defect.OfBody(defect.Renamed("contact", "data"))), contact+"a-new-contact-is-the-same", "body/contact"),
		server("the envelope of a list is another", defect.Change(of, defect.OfBody(defect.Renamed("calls", "data"))), get, "body/calls"),
		server("one comes without its envelope", defect.Change("GET /v1/numbers/", defect.OfBody(func(o orderedjson.Object) orderedjson.Object {
			v, _ := o.Get("number")
			one, _ := v.(orderedjson.Object)
			return one
		})), "relations/lists/an-entry-of-v1-numbers-is-the-same", "body/number"),
		server("a creation is a 200", defect.Change("POST /v1/contacts", defect.Status(201, 200)), contact+"a-new-contact-is-the-same", "status"),
		server("a deletion is a 200", defect.Change("DELETE /v1/contacts", defect.Status(204, 200)), contact+"a-deleted-contact", "status"),
		server("what is missing is a 200", defect.Change(contacts, defect.Status(404, 200)), contact+"a-deleted-contact", "body/contact"),
		server("the content type is text", defect.Change(of, setHeader("Content-Type", "text/plain")), get, "header Content-Type"),
		server("the content type has no charset", defect.Change(of, setHeader("Content-Type", "application/json")), get, "header Content-Type"),
		server("there is no ETag", defect.Change(of, setHeader("ETag", "")), get, "header ETag"),
		server("a refusal is a page", defect.Change("POST /v1/contacts", func(p *defect.Reply) {
			if p.Code == http.StatusBadRequest {
				defect.AsPage(p)
			}
		}), "api/contacts/a-new-contact-without-", "header Content-Type"),
		server("a refusal has another key", defect.Change("POST /v1/contacts", defect.OfBody(defect.Renamed("troubleshoot", "trouble"))),
			"api/contacts/a-new-contact-without-", "body/trouble"),
	}
}
