package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/google/go-cmp/cmp"
)

// inventory is every contact of every account, without the time of its last change.
func inventory(t *testing.T, s *fakeaircall.Server) (all []string) {
	t.Helper()
	for _, a := range s.Accounts() {
		for page := 1; ; page++ {
			req := httptest.NewRequest("GET", fmt.Sprintf("/v1/contacts?per_page=50&page=%d", page), nil)
			req.SetBasicAuth(a.APIID, a.APIToken)
			rec := httptest.NewRecorder()
			s.Handler().ServeHTTP(rec, req)
			var reply struct{ Contacts []map[string]any }
			if err := json.Unmarshal(rec.Body.Bytes(), &reply); err != nil {
				t.Fatal(err)
			}
			for _, c := range reply.Contacts {
				delete(c, "updated_at")
				for _, key := range []string{"phone_numbers", "emails"} {
					for _, e := range c[key].([]any) {
						delete(e.(map[string]any), "id") // nothing can give an entry its former id
					}
					slices.SortFunc(c[key].([]any), func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
				}
				line, _ := json.Marshal(c)
				all = append(all, a.Name+" "+string(line))
			}
			if len(reply.Contacts) < 50 {
				break
			}
		}
	}
	return all
}

// TestAnAccountIsLeftAsItWas, whether all goes well or the run is stopped after any of its writes.
func TestAnAccountIsLeftAsItWas(t *testing.T) {
	for _, after := range []int64{0, 1, 2, 3, 5, 8, 13, 21, 34, 40} {
		t.Run(fmt.Sprintf("stopped after %d writes", after), func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var writes atomic.Int64
			url, s := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				next.ServeHTTP(w, r)
				if r.Method != http.MethodGet && writes.Add(1) == after {
					cancel()
				}
			})
			before := inventory(t, s)
			rep, err := Run(ctx, checkedRun(t, Options{Target: url, AllowWrites: true, Tags: "@changes and not @fake"}))
			if (err != nil) != (after > 0) {
				t.Fatalf("%v", err)
			}
			if rep.Summary.Fail > 0 {
				t.Errorf("failed: %v", ids(rep, report.Fail))
			}
			if writes.Load() < max(after, 1) {
				t.Fatalf("the run made %d writes", writes.Load())
			}
			if diff := cmp.Diff(before, inventory(t, s)); diff != "" {
				t.Errorf("the run left:\n%s", diff)
			}
		})
	}
}

// broken are features with every way for a scenario to end badly.
var broken = fstest.MapFS{
	"reference/broken.feature": {Data: []byte(`
Feature: Broken
  @op:create-a-contact
  Scenario: A panic
    Given $it is a contact of my own:
      """
      {"phone_numbers": [{"label": "Work", "value": "+33612345678"}]}
      """
    And $x are the calls 0 to 3
  Scenario: No such step
    Given this is nothing that anyone knows
  Scenario: No steps
  @op:create-a-contact
  Scenario: A script that raises, with no step after it
    When this script runs:
      """
      local c = app.integrations.aircall.create_contact({ phone_numbers = { { value = "+33612345678" } } })
      error("stop")
      """
  Scenario: A change that the kit does not allow
    When this script runs:
      """
      return 1
      """
    Then "" is 1
  Scenario: A name that was never given
    Then $nobody has:
      | id | is | 1 |
  Scenario: A wrong value
    When this script runs:
      """
      return { x = 1 }
      """
    Then "x" is 2
    And "x" is 1
`)},
	"relations/none.feature":   {Data: []byte("Feature: Relations\n  Scenario: Ping as well\n    When I GET \"/v1/ping\"\n")},
	"assumptions/none.feature": {Data: []byte("Feature: Assumptions\n  Scenario: Ping too\n    When I GET \"/v1/ping\"\n")},
	"api/none.feature":         {Data: []byte("Feature: Wire\n  Scenario: Ping\n    When I GET \"/v1/ping\"\n    Then the status is 200\n")},
	"lua/none.feature":         {Data: []byte("Feature: Lua\n  Scenario: A chapter of no example\n    Then it prints what the manual says\n  Scenario: No such function\n    When the example of \"teleport\" runs\n")},
	"fake/none.feature":        {Data: []byte("Feature: Fake\n  Scenario: Two\n    When I GET \"/v1/ping\"\n    Then the status is 200\n")},
	"shapes/contact.json":      {Data: []byte(`"<any>"`)}, "shapes/meta.json": {Data: []byte(`"<any>"`)}, "shapes/call.json": {Data: []byte(`"<any>"`)},
}

func loadBroken(t *testing.T) []*scenario.Scenario {
	t.Helper()
	plan, err := scenario.Load(broken)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// TestEveryEndIsTold: a panic, an unknown step, an empty scenario and the like are errors, later scenarios go on, and
// what was made is gone.
func TestEveryEndIsTold(t *testing.T) {
	url, s := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) })
	before := inventory(t, s)
	r, err := prepare(checkedRun(t, Options{Target: url, AllowWrites: true}), broken, loadBroken(t))
	if err != nil {
		t.Fatal(err)
	}
	defer r.target.close()
	r.print = func(report.Scenario) {}
	if err := r.execute(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range r.report(start).Scenarios {
		reason, _, _ := strings.Cut(s.Reason, "\n")
		got[s.Name] = string(s.Status) + " " + report.Clip(reason, 60)
	}
	want := map[string]string{
		"A panic":      "error runtime error: slice bounds out of range [-1:]",
		"No such step": "error step is undefined: this is nothing that anyone knows",
		"No steps":     "error it did not run",
		"A script that raises, with no step after it": "fail the script raises runtime_error at script.lua:2",
		"A change that the kit does not allow":        "pass ",
		"A chapter of no example":                     "error no example ran whose chapter says what it prints",
		"No such function":                            `error there is no function "teleport"`,
		"A name that was never given":                 "error the scenario has nothing called $nobody",
		"A wrong value":                               "fail x differs",
		"Ping":                                        "pass ",
		"Ping as well":                                "pass ",
		"Ping too":                                    "pass ",
		"Two":                                         "pass ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ends:\n%s", diff)
	}
	if diff := cmp.Diff(before, inventory(t, s)); diff != "" {
		t.Errorf("the run left:\n%s", diff)
	}
}

// TestAWriteNobodyAllowedIsStopped, even if a feature forgot to say that it changes something.
func TestAWriteNobodyAllowedIsStopped(t *testing.T) {
	url, s := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) })
	before := inventory(t, s)
	r, err := prepare(checkedRun(t, Options{Target: url, Tags: "", Scenarios: []string{"reference/broken/a-script-that-raises-with-no-step-after-it"}}), broken, loadBroken(t))
	if err != nil {
		t.Fatal(err)
	}
	defer r.target.close()
	r.print = func(report.Scenario) {}
	if err := r.execute(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sc := r.report(start).Scenarios[0]; sc.Status == report.Pass || len(sc.Requests) > 0 {
		t.Errorf("%s after %v", sc.Status, sc.Requests)
	}
	if diff := cmp.Diff(before, inventory(t, s)); diff != "" {
		t.Errorf("the run left:\n%s", diff)
	}
}
