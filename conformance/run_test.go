package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
)

// TestRunsThatCannotStart end with an error that says what to do, its exit code, and no request where none is needed.
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
		code int // 0: ExitError
	}{
		{"a tag that no scenario has", Options{Tags: "@fucntion:get_call"}, "no scenario is tagged @fucntion:get_call; did you mean @function:get_call?", 0},
		{"tags that select nothing", Options{Tags: "@fake and not @fake"}, `tags "@fake and not @fake" select none of`, 0},
		{"an unknown scenario", Options{Scenarios: []string{"reference/get_call/the-exampel"}}, `scenario "reference/get_call/the-exampel": no scenario has that id`, 0},
		{"a scenario that the tags leave out", Options{Tags: "@changes", Scenarios: []string{anyScenario(t, "@reads")}}, "select none of", 0},
		{"an invalid target", Options{Target: "aircall"}, `target "aircall": give fake, live or an address`, 0},
		{"a target of another protocol", Options{Target: "ftp://127.0.0.1"}, "give fake, live or an address", 0},
		{"credentials in the address", Options{Target: "http://id:hush-hush-token@127.0.0.1:1"}, "target 127.0.0.1:1 holds credentials", 0},
		{"an unknown format", Options{Format: "yaml"}, `unknown format "yaml": give one of text, json, junit, ctrf, markdown`, 0},
		{"live without credentials", Options{Target: "live"}, "target live needs credentials", 0},
		{"an address elsewhere without credentials", Options{Target: "http://192.0.2.1"}, "needs credentials", 0},
		{"plain http to elsewhere", Options{Target: "http://192.0.2.1", Accounts: wrong}, "https", 0},
		{"half a key", Options{Target: url, Accounts: map[string]binding.Account{"default": {APIID: "who"}}}, "api_token", 0},
		{"a server that is not there", Options{Target: "http://" + closed.Addr().String()}, "connection refused", ExitEnvironment},
		{"credentials that are refused", Options{Target: url, Accounts: wrong}, `account "default": it refuses the credentials with 403`, ExitEnvironment},
		{"a difference of no scenario", Options{Known: []KnownFailure{{Scenario: "reference/nothing"}}}, `known failure: there is no scenario "reference/nothing"`, 0},
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
			if c.code == 0 {
				c.code = ExitError
			}
			if code := ExitCode(rep, err); code != c.code {
				t.Errorf("exit code %d", code)
			}
			if _, err := os.Stat(dir); (err == nil) != (c.code == ExitEnvironment) {
				t.Errorf("the directory of the report: %v", err)
			}
		})
	}
}

func anyScenario(t *testing.T, tag string) string {
	t.Helper()
	for _, p := range planOf(t) {
		if p.Has(tag) {
			return p.ID
		}
	}
	t.Fatalf("no scenario is tagged %s", tag)
	return ""
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
		if changes != (s.Status == report.Skipped) && !strings.HasPrefix(s.Reason, noSandbox) {
			t.Errorf("%s is %s: %s", s.ID, s.Status, s.Reason)
		}
		if s.Status == report.Skipped && (s.Reason == "" || len(s.Requests) > 0) {
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

// TestFailureText has all that a person needs to see it again.
func TestFailureText(t *testing.T) {
	url, _ := behind(t, defect.Change("GET /v1/calls/12345", defect.OfEach("calls", defect.With("archived", true))))
	var out bytes.Buffer
	id := "reference/get_call/the-example-prints-caller-callee-duration-and-status"
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, Scenarios: []string{id}, Stdout: &out}))
	if err != nil || rep.Summary.Pass != 1 || rep.Summary.Total() != 1 {
		t.Fatalf("one scenario, which does not print whether a call is archived: %+v, %v\n%s", rep.Summary, err, out.String())
	}
	if text := out.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "1 scenario in") {
		t.Errorf("a run without failures is one line:\n%s", text)
	}
	out.Reset()
	url, _ = behind(t, defect.Change("GET /v1/calls/12345", defect.OfEach("calls", defect.Lacking("duration"))))
	rep, err = Run(t.Context(), checkedRun(t, Options{Target: url, Scenarios: []string{id}, Again: []string{"--accounts", "my file.yaml"}, Stdout: &out}))
	if ExitCode(rep, err) != ExitFailed {
		t.Fatal(rep.Summary, err)
	}
	for _, want := range []string{
		"1 scenario failed. Drift from the wire contract has 1 cause.\n\nfail 1 scenario: call lacks the key \"duration\"; the target does not send what is documented",
		"drift 1 scenario: field call.duration missing; Aircall stopped sending it",
		"not true   get_call: The example prints caller, callee, duration and status",
		"step       $call is the \"call\" of the path \"/v1/calls/$call_id\" (reference/get_call.feature:8)",
		"because    the call.call lacks the key \"duration\"",
		"example    get_call, line",
		"call_id = 12345",
		"documented https://developer.aircall.io/api-references/#retrieve-a-call",
		"curl       curl -i -u \"$AIRCALL_API_ID:$AIRCALL_API_TOKEN\" " + url + "/v1/calls/12345",
		"run again  aircallkit conformance --target " + url + " --accounts 'my file.yaml' --scenario " + id,
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
	var rep report.Report
	if err := json.Unmarshal(out.Bytes(), &rep); err != nil || rep.Summary.Pass != 1 {
		t.Errorf("%v %+v", err, rep.Summary)
	}
	out.Reset()
	if _, err := Run(t.Context(), checkedRun(t, Options{Format: "junit", Scenarios: []string{id}, Stdout: &out, Terminal: true})); err != nil {
		t.Fatal(err)
	}
	if err := checkJUnit(out.Bytes(), report.Summary{Pass: 1}); err != nil {
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

func TestKnownDifferences(t *testing.T) {
	id := "reference/get_call/the-id-of-no-call-is-a-not-found-error"
	url, _ := behind(t, defect.Answer("GET /v1/calls/9007", 200, "{}"))
	known := []KnownFailure{{Scenario: id, Reason: "seen by us", Since: "2026-11-01"}}
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, Scenarios: []string{id}, Known: known}))
	if err != nil || onlyStatuses(rep.Summary) != (report.Summary{Known: 1}) || !strings.Contains(rep.Scenarios[0].Reason, "seen by us (recorded 2026-11-01)") {
		t.Errorf("%+v %v %s", rep.Summary, err, rep.Scenarios[0].Reason)
	}
	rep, err = Run(t.Context(), checkedRun(t, Options{Scenarios: []string{id}, Known: known}))
	if err != nil || rep.Summary != (report.Summary{Fail: 1}) || !strings.Contains(rep.Scenarios[0].Reason, "no longer occurs") {
		t.Errorf("a known difference that is gone must fail: %+v %v", rep.Summary, err)
	}
}

// TestInterrupt: what runs is undone, what did not run is skipped, and the run ends, is marked and leaves no undo log.
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
	if err == nil || ExitCode(rep, err) != ExitInterrupted || !rep.Run.Interrupted || rep.UndoLog != "" {
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
		want, reason := report.Unsupported, "it needs 3 accounts, and 1 can be told apart by their credentials"
		switch {
		case strings.HasPrefix(s.ID, "reference/get_call/"):
			want, reason = report.Pass, ""
		case strings.HasPrefix(s.ID, "reference/get_current_user/"):
			want, reason = report.Unsupported, "an API key has no user: set AIRCALL_USER to the id or the e-mail of one"
		}
		if s.Status != want || s.Reason != reason {
			t.Errorf("%s is %s: %s", s.ID, s.Status, s.Reason)
		}
	}
}
