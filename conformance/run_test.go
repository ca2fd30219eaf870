package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/google/go-cmp/cmp"
)

// TestRunsThatCannotStart end with an error that says what to do, exit code 2, and no request where none is needed.
func TestRunsThatCannotStart(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) })
	wrong := map[string]binding.Account{"default": {APIID: "who", APIToken: "hush-hush-token"}}
	for _, c := range []struct {
		name string
		o    Options
		want string
	}{
		{"a tag that no scenario has", Options{Tags: "@fucntion:get_call"}, "no scenario is tagged @fucntion:get_call; did you mean @function:get_call?"},
		{"tags that select nothing", Options{Tags: "@fake and not @fake"}, `tags "@fake and not @fake" select none of`},
		{"a scenario that is none", Options{Scenarios: []string{"reference/get_call/the-exampel"}}, `scenario "reference/get_call/the-exampel": there is none`},
		{"a scenario that the tags leave out", Options{Tags: "@changes", Scenarios: []string{anyScenario(t, "@reads")}}, "select none of"},
		{"a target that is none", Options{Target: "aircall"}, `target "aircall": give fake, live or an address`},
		{"a target of another protocol", Options{Target: "ftp://127.0.0.1"}, "give fake, live or an address"},
		{"credentials in the address", Options{Target: "http://id:hush-hush-token@127.0.0.1:1"}, "target 127.0.0.1:1 holds credentials"},
		{"a format that is none", Options{Format: "yaml"}, `format "yaml" is none of text, json, junit`},
		{"live without credentials", Options{Target: "live"}, "target live needs credentials"},
		{"an address elsewhere without credentials", Options{Target: "http://192.0.2.1"}, "needs credentials"},
		{"plain http to elsewhere", Options{Target: "http://192.0.2.1", Accounts: wrong}, "https"},
		{"half a key", Options{Target: url, Accounts: map[string]binding.Account{"default": {APIID: "who"}}}, "api_token"},
		{"a server that is not there", Options{Target: "http://" + closed.Addr().String()}, "connection refused"},
		{"credentials that are refused", Options{Target: url, Accounts: wrong}, `account "default": ` + url + " refuses the credentials with 403"},
		{"a difference of no scenario", Options{Known: []Difference{{Scenario: "reference/nothing"}}}, `known difference: there is no scenario "reference/nothing"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "report")
			c.o.ReportDir = dir
			rep, err := Run(t.Context(), checkedRun(t, c.o))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if strings.Contains(err.Error(), "hush-hush-token") {
				t.Errorf("the error holds a secret: %v", err)
			}
			if code := ExitCode(rep, err); code != ExitError {
				t.Errorf("exit code %d", code)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("a report was written of a run that never was")
			}
		})
	}
}

func anyScenario(t *testing.T, tag string) string {
	t.Helper()
	for _, p := range planOf(t) {
		if p.has(tag) {
			return p.id
		}
	}
	t.Fatalf("no scenario is tagged %s", tag)
	return ""
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		name string
		sum  Summary
		want int
	}{
		{"passed", Summary{Pass: 3, Skipped: 2, Known: 1, Unsupported: 1}, ExitOK},
		{"one failed", Summary{Pass: 3, Fail: 1}, ExitFailed},
		{"one broke", Summary{Pass: 3, Error: 1}, ExitError},
		{"failed and broke", Summary{Pass: 3, Fail: 1, Error: 1}, ExitError},
		{"all skipped", Summary{Skipped: 3}, ExitError},
		{"nothing supported", Summary{Unsupported: 3}, ExitError},
		{"nothing", Summary{}, ExitError},
		{"all known", Summary{Known: 2}, ExitOK},
	} {
		if got := ExitCode(&Report{Summary: c.sum}, nil); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
	if got := ExitCode(&Report{Summary: Summary{Fail: 1}, Run: Header{Interrupted: true}, Left: []string{"a contact"}}, io.EOF); got != ExitLeft {
		t.Errorf("something is left: got %d", got)
	}
	if got := ExitCode(&Report{Summary: Summary{Pass: 1}}, io.EOF); got != ExitError {
		t.Errorf("passed, but the report could not be written: got %d", got)
	}
}

// TestSkippedIsNotPassed: without leave to write, what would write is skipped, in every report.
func TestSkippedIsNotPassed(t *testing.T) {
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodGet {
			t.Errorf("a run without leave to write sent %s %s", r.Method, r.URL.Path)
		}
		next.ServeHTTP(w, r)
	})
	dir := t.TempDir()
	var out bytes.Buffer
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, Tags: "@function:create_contact", ReportDir: dir, Stdout: &out}))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rep.Scenarios {
		changes := strings.Contains(strings.Join(s.Tags, " "), "@changes")
		if changes != (s.Status == Skipped) && !strings.Contains(s.Reason, "in-process") {
			t.Errorf("%s is %s: %s", s.ID, s.Status, s.Reason)
		}
		if s.Status == Skipped && (s.Reason == "" || len(s.Requests) > 0) {
			t.Errorf("%s is skipped without a reason, or after %d requests", s.ID, len(s.Requests))
		}
	}
	sum := rep.Summary
	if sum.Skipped == 0 || sum.Pass == 0 || sum.Pass+sum.Skipped != len(rep.Scenarios) {
		t.Errorf("%+v of %d", sum, len(rep.Scenarios))
	}
	junit, _ := os.ReadFile(filepath.Join(dir, "junit.xml"))
	if n := bytes.Count(junit, []byte("<skipped ")); n != sum.Skipped {
		t.Errorf("junit.xml has %d skipped, the run %d", n, sum.Skipped)
	}
	if want := "it changes the account: allow that with --allow-writes"; !strings.Contains(out.String(), want) {
		t.Errorf("the text does not say %q:\n%s", want, out.String())
	}

	rep, err = Run(t.Context(), checkedRun(t, Options{Target: url, Tags: "@changes", Stdout: &out}))
	if code := ExitCode(rep, err); code != ExitError || !strings.Contains(out.String(), "nothing is proved") {
		t.Errorf("a run that skipped everything exits %d", code)
	}
}

// TestReportFiles reads what is written as others would.
func TestReportFiles(t *testing.T) {
	dir := t.TempDir()
	url, _ := behind(t, rewrite("GET /v1/calls/12345", each("calls", func(c map[string]any) { c["status"] = "over" })))
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, Tags: "@function:get_call", ReportDir: dir}))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	var run struct {
		Version   int
		Summary   map[string]int
		Run       map[string]any
		Scenarios []map[string]any
	}
	if err := json.Unmarshal(data, &run); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{
		"pass": rep.Summary.Pass, "fail": rep.Summary.Fail, "known": 0, "unsupported": 0, "skipped": rep.Summary.Skipped, "error": 0,
	}
	if diff := cmp.Diff(want, run.Summary); diff != "" {
		t.Errorf("summary:\n%s", diff)
	}
	if rep.Summary.Fail == 0 || rep.Summary.Pass == 0 || rep.Summary.Skipped == 0 {
		t.Errorf("the run should hold each kind: %+v", rep.Summary)
	}
	if run.Version != ReportVersion || run.Run["url"] != url || len(run.Scenarios) != rep.Summary.Total() {
		t.Errorf("version %d, run %v, %d scenarios", run.Version, run.Run, len(run.Scenarios))
	}
	junit, err := os.ReadFile(filepath.Join(dir, "junit.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := checkJUnit(junit, rep.Summary); err != nil {
		t.Error(err)
	}
	if err := checkJUnit(bytes.Replace(junit, []byte("<failure "), []byte("<notice "), 1), rep.Summary); err == nil {
		t.Error("a failure was taken out of junit.xml, and the check did not see it")
	}
	left, _ := filepath.Glob(filepath.Join(dir, "*"))
	hidden, _ := filepath.Glob(filepath.Join(dir, ".*"))
	if len(left) != 2 || len(hidden) != 0 {
		t.Errorf("the directory holds %v %v", left, hidden)
	}
}

// TestFailureText has all that a person needs to see it again.
func TestFailureText(t *testing.T) {
	url, _ := behind(t, rewrite("GET /v1/calls/12345", each("calls", func(c map[string]any) { c["id"] = 7 })))
	var out bytes.Buffer
	id := "reference/get_call/the-example-prints-who-called-whom-how-long-and-how-it-ended"
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, Scenarios: []string{id}, Stdout: &out}))
	if err != nil || rep.Summary.Pass != 1 || rep.Summary.Total() != 1 {
		t.Fatalf("one scenario, which does not print the id: %+v, %v\n%s", rep.Summary, err, out.String())
	}
	if text := out.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "1 scenario in") {
		t.Errorf("a run without failures is one line:\n%s", text)
	}
	out.Reset()
	url, _ = behind(t, rewrite("GET /v1/calls/12345", each("calls", func(c map[string]any) { delete(c, "duration") })))
	rep, err = Run(t.Context(), checkedRun(t, Options{Target: url, Scenarios: []string{id}, Stdout: &out}))
	if ExitCode(rep, err) != ExitFailed {
		t.Fatal(rep.Summary, err)
	}
	for _, want := range []string{
		"fail " + id,
		"promise   get_call: The example prints who called whom, how long, and how it ended",
		"step      $call is the \"call\" of the path \"/v1/calls/$call_id\" (reference/get_call.feature:8)",
		"because   the call.call lacks the key \"duration\"",
		"example   get_call, line",
		"call_id = 12345",
		"again     aircallkit conformance --target " + url + " --scenario " + id,
		"1 scenario in",
		"0 pass, 1 fail, 0 known, 0 unsupported, 0 skipped, 0 error",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, out.String())
		}
	}
}

func TestFormats(t *testing.T) {
	id := anyScenario(t, "@example:get_call")
	var out bytes.Buffer
	if _, err := Run(t.Context(), checkedRun(t, Options{Format: "json", Scenarios: []string{id}, Stdout: &out, Terminal: true})); err != nil {
		t.Fatal(err)
	}
	var rep Report
	if err := json.Unmarshal(out.Bytes(), &rep); err != nil || rep.Summary.Pass != 1 {
		t.Errorf("%v %+v", err, rep.Summary)
	}
	out.Reset()
	if _, err := Run(t.Context(), checkedRun(t, Options{Format: "junit", Scenarios: []string{id}, Stdout: &out, Terminal: true})); err != nil {
		t.Fatal(err)
	}
	if err := checkJUnit(out.Bytes(), Summary{Pass: 1}); err != nil {
		t.Error(err)
	}
	out.Reset()
	if _, err := Run(t.Context(), checkedRun(t, Options{Scenarios: []string{id}, Stdout: &out, Terminal: true})); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "\r\x1b[K1/1 "+id[:60]) {
		t.Errorf("no progress on a terminal: %q", out.String())
	}
}

// TestNothingPrivateLeaves: neither credentials nor what a foreign account holds get into a file; credentials get nowhere.
func TestNothingPrivateLeaves(t *testing.T) {
	dir := t.TempDir()
	// The canaries: every text the API sends about people is marked, and errors echo the credentials.
	mark := func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		body := bytes.ReplaceAll(rec.Body.Bytes(), []byte(`_name":"`), []byte(`_name":"CanaryName `))
		body = bytes.ReplaceAll(body, []byte(`"name":"`), []byte(`"name":"CanaryName `))
		body = bytes.ReplaceAll(body, []byte(`"raw_digits":"+`), []byte(`"raw_digits":"+99988`))
		if strings.Contains(r.URL.Path, "search") || r.Method == http.MethodPost { // make them fail as well
			rec.Code, body = 400, []byte(`{"error":"CanaryName `+r.Header.Get("Authorization")+` fake-default-token","troubleshoot":"x"}`)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(rec.Code)
		w.Write(body)
	}
	url, _ := behind(t, mark)
	var out bytes.Buffer
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, AllowWrites: true, Tags: "not @fake", ReportDir: dir, Stdout: &out}))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Summary.Fail < 10 {
		t.Fatalf("too few failures to prove anything: %+v", rep.Summary)
	}
	var files bytes.Buffer
	for _, name := range []string{"run.json", "junit.xml"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files.Write(data)
	}
	secrets := []string{"fake-default-token", "fake-sales-token", "ZmFrZS1kZWZhdWx0LWlkOmZha2UtZGVmYXVsdC10b2tlbg=="}
	for _, s := range secrets {
		if strings.Contains(files.String(), s) || strings.Contains(out.String(), s) {
			t.Errorf("the secret %q got out", s)
		}
	}
	for _, s := range append(secrets, "CanaryName", "+99988") {
		if strings.Contains(files.String(), s) {
			t.Errorf("%q of the target got into a file", s)
		}
	}
	if !strings.Contains(out.String(), "CanaryName [secret]") && !strings.Contains(out.String(), "CanaryName Basic [secret]") {
		t.Error("on the own machine the text should show the values, without the secrets")
	}
}

func TestSecretsStopAReport(t *testing.T) {
	rep := &Report{Scenarios: []Scenario{{ID: "a/b", Status: Fail, Reason: "it answered hush-hush-token"}}, Summary: Summary{Fail: 1}}
	if err := check(rep, []string{"hush-hush-token"}); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
	rep.Scenarios[0].Reason = ""
	rep.Summary.Pass++
	if err := check(rep, nil); err == nil {
		t.Error("the summary does not count the scenarios, and the check did not see it")
	}
}

func TestKnownDifferences(t *testing.T) {
	id := "reference/get_call/an-id-that-is-no-call-s-is-an-error-that-says-so"
	url, _ := behind(t, answer("GET /v1/calls/9007", 200, "{}"))
	known := []Difference{{Scenario: id, Reason: "seen by us", Date: "2026-11-01"}}
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, Scenarios: []string{id}, Known: known}))
	if err != nil || rep.Summary != (Summary{Known: 1}) || !strings.Contains(rep.Scenarios[0].Reason, "seen by us (recorded 2026-11-01)") {
		t.Errorf("%+v %v %s", rep.Summary, err, rep.Scenarios[0].Reason)
	}
	rep, err = Run(t.Context(), checkedRun(t, Options{Scenarios: []string{id}, Known: known}))
	if err != nil || rep.Summary != (Summary{Fail: 1}) || !strings.Contains(rep.Scenarios[0].Reason, "no longer occurs") {
		t.Errorf("a known difference that is gone must fail: %+v %v", rep.Summary, err)
	}
}

// TestInterrupt: what runs is undone, what did not run is skipped, and the run ends, is marked and leaves no journal.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(w, r)
		if r.URL.Path == "/v1/users/owner" || r.Method == http.MethodPost {
			cancel()
		}
	})
	rep, err := Run(ctx, checkedRun(t, Options{Target: url, AllowWrites: true, Tags: "not @fake"}))
	if err == nil || ExitCode(rep, err) != ExitInterrupted || !rep.Run.Interrupted || rep.Journal != "" {
		t.Fatalf("%v %+v", err, rep)
	}
	if rep.Summary.Skipped == 0 || rep.Summary.Pass == len(rep.Scenarios) || rep.Summary.Total() != len(rep.Scenarios) {
		t.Errorf("%+v", rep.Summary)
	}
}

// TestWhatAnAccountLacks is told apart from what is wrong: no second account, no configured user.
func TestWhatAnAccountLacks(t *testing.T) {
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) })
	only := map[string]binding.Account{"default": {APIID: "fake-default-id", APIToken: "fake-default-token"}}
	rep, err := Run(t.Context(), checkedRun(t, Options{
		Target: url, Accounts: only, Tags: "(@example:get_current_user or @example:multi-account or @example:get_call) and not @fake",
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rep.Scenarios {
		want, reason := Skipped, `it needs an account called "sales"`
		switch {
		case strings.HasPrefix(s.ID, "reference/get_call/"):
			want, reason = Pass, ""
		case strings.HasPrefix(s.ID, "reference/get_current_user/"):
			want, reason = Unsupported, "an API key has no user: set AIRCALL_USER to the id or the e-mail of one"
		}
		if s.Status != want || s.Reason != reason {
			t.Errorf("%s is %s: %s", s.ID, s.Status, s.Reason)
		}
	}
}
