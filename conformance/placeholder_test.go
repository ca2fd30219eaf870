package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/features"
)

// TestPlaceholders runs the examples on a target that has no call 12345, no contact 5678 and nobody called John. What is
// there takes their place, and the report shows both, but not a name.
func TestPlaceholders(t *testing.T) {
	dir := t.TempDir()
	url, s := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasPrefix(r.URL.Path, "/v1/calls/12345") || strings.HasPrefix(r.URL.Path, "/v1/contacts/5678") {
			r.URL.Path = path.Dir(r.URL.Path) + "/999999999"
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(rec.Code)
		w.Write(bytes.ReplaceAll(rec.Body.Bytes(), []byte("John"), []byte("Ygritte")))
	})
	before := inventory(t, s)
	rep, err := Run(t.Context(), checkedRun(t, Options{
		Target: url, AllowWrites: true, ReportDir: dir,
		Tags: "@example:get_call or @example:update_contact or @example:list_contacts",
	}))
	if err != nil || rep.Summary != (report.Summary{Pass: 3}) {
		for _, s := range rep.Scenarios {
			t.Logf("%s %s: %s\n%s\n%s", s.Status, s.ID, s.Reason, s.ShownWant, s.ShownGot)
		}
		t.Fatalf("%+v %v", rep.Summary, err)
	}
	for id, lost := range map[string]string{"get_call": "12345", "update_contact": "5678", "list_contacts": "John"} {
		sc := scriptOf(t, rep, id)
		if sc.Printed != exampleOf(t, id).Source {
			t.Errorf("%s: as printed is not the block of the reference", id)
		}
		if !strings.Contains(sc.Printed, lost) || strings.Contains(sc.Run, lost) {
			t.Errorf("%s: %s should have given way:\n%s", id, lost, sc.Run)
		}
		if strings.Count(sc.Run, "\n") != strings.Count(sc.Printed, "\n") {
			t.Errorf("%s: more than a token changed:\n%s", id, sc.Run)
		}
	}
	data, _ := os.ReadFile(filepath.Join(dir, "run.json"))
	var run struct {
		Scenarios []struct{ Scripts []report.Script }
	}
	if err := json.Unmarshal(data, &run); err != nil || len(run.Scenarios) != 3 {
		t.Fatal(err)
	}
	if used := scriptOf(t, rep, "list_contacts").Run; !strings.Contains(used, "a name of") {
		t.Errorf("the name that took the place of John is told:\n%s", used)
	}
	if after := inventory(t, s); len(after) != len(before) {
		t.Errorf("the contact lent to update_contact was left: %d contacts, %d before", len(after), len(before))
	}
}

func scriptOf(t *testing.T, rep *report.Report, example string) report.Script {
	t.Helper()
	for _, s := range rep.Scenarios {
		for _, sc := range s.Scripts {
			if sc.Example == example {
				return sc
			}
		}
	}
	t.Fatalf("example %s did not run", example)
	return report.Script{}
}

func exampleOf(t *testing.T, id string) binding.Example {
	t.Helper()
	for _, e := range binding.Examples() {
		if e.ID == id {
			return e
		}
	}
	t.Fatalf("there is no example %s", id)
	return binding.Example{}
}

// TestExamplesRunUnchangedOnAFreshFake: there is nothing to substitute.
func TestExamplesRunUnchangedOnAFreshFake(t *testing.T) {
	rep, err := Run(t.Context(), checkedRun(t, Options{Tags: "@example:get_call or @example:update_contact or @example:list_contacts or @example:create_contact or @example:list_calls"}))
	if err != nil || rep.Summary != (report.Summary{Pass: 5}) {
		t.Fatalf("%+v %v", rep.Summary, err)
	}
	for _, s := range rep.Scenarios {
		if sc := s.Scripts[0]; sc.Run != sc.Printed || sc.Output == "" {
			t.Errorf("%s ran changed, or printed nothing:\n%s", sc.Example, sc.Run)
		}
	}
}

// TestCheckPlaceholders: an example that has a placeholder twice, or another's, or lost its own, is an error of the kit.
func TestCheckPlaceholders(t *testing.T) {
	const one = "app.get({ call_id = 12345 })\n"
	for _, c := range []struct{ example, source, want string }{
		{"get_call", one, ""},
		{"get_call", one + one, "has call_id = 12345 2 times, and the kit expects 1"},
		{"get_call", "app.get({ call_id = 1 })", "has call_id = 12345 0 times, and the kit expects 1"},
		{"list_users", one, "has call_id = 12345 1 times, and the kit expects 0"},
	} {
		if err := checkPlaceholders(c.example, c.source); c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %s", c.example, err, c.want)
		}
	}
}

// written are the words of examples that are put into the account or printed, and not looked up.
var written = []string{"Jane", "Smith", "Acme Corp", "Work", "Mobile", "New Corp", "VIP client - priority support", "Call from "}

// TestEveryPlaceholderIsClaimed: a long number or a name in an example of the reference is either a placeholder of the kit or
// something that the example writes.
func TestEveryPlaceholderIsClaimed(t *testing.T) {
	value := regexp.MustCompile(`= \d{4,}\b|"\p{Lu}[\p{L} -]+"`)
	seen := map[string]bool{}
	for _, e := range binding.Examples() {
		if err := checkPlaceholders(e.ID, e.Source); err != nil {
			t.Error(err)
		}
		for _, v := range value.FindAllString(e.Source, -1) {
			v = strings.TrimPrefix(v, "= ")
			seen[v] = true
			claimed := slices.ContainsFunc(placeholders, func(p placeholder) bool { return p.printed == v })
			if !claimed && !slices.Contains(written, strings.Trim(v, `"`)) {
				t.Errorf("%s: nobody claims %s", e.ID, v)
			}
		}
	}
	for _, p := range placeholders {
		if !seen[p.printed] {
			t.Errorf("no example has the placeholder %s", p.printed)
		}
	}
}

func TestRename(t *testing.T) {
	source := "app.function_name({...})\napp.sales.function_name ({...})\nlocal function_names\n"
	got, err := rename(source, "function_name", "list_calls")
	want := "app.list_calls({...})\napp.sales.list_calls ({...})\nlocal function_names\n"
	if err != nil || got != want {
		t.Errorf("%v, got:\n%s", err, got)
	}
	if _, err := rename("return 1", "function_name", "x"); err == nil {
		t.Error("an example without function_name should be an error")
	}
}

// TestLuaLiterals round-trip through Lua itself.
func TestLuaLiterals(t *testing.T) {
	r, err := prepare(checkedRun(t, Options{Scenarios: []string{anyScenario(t, "@example:get_call")}}), features.FS, planOf(t))
	if err != nil {
		t.Fatal(err)
	}
	defer r.target.close()
	for _, s := range []string{"", "plain", "two\nlines\r\n", "\"quoted\" and \\back", "nul\x00 and 1\x001", "Zoë O'Neill", "]] --[[", "\x7f\t"} {
		res, err := r.target.runner.Run(t.Context(), "", "return "+luaQuote(s), binding.RunOptions{})
		if err != nil || len(res.Values) != 1 || res.Values[0] != s {
			t.Errorf("%q: got %v, %v", s, res.Values, err)
		}
	}
}
