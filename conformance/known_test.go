package conformance

import (
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const someID = "reference/get_call/the-id-of-no-call-is-a-not-found-error"

func TestReadKnown(t *testing.T) {
	got, err := ReadKnown([]byte("# Ours\n- scenario: " + someID + "\n  reason: it says 200\n  link: https://example.com/42\n  since: 2026-06-01\n  until: \"2026-12-01\"\n"))
	want := []KnownFailure{{Scenario: someID, Reason: "it says 200", Link: "https://example.com/42", Since: "2026-06-01", Until: "2026-12-01"}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(KnownFailure{})); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if got, err := ReadKnown([]byte("# None yet.\n")); err != nil || len(got) != 0 {
		t.Errorf("%v %v", got, err)
	}
	entry := func(lines ...string) string {
		return "- scenario: " + someID + "\n  " + strings.Join(lines, "\n  ") + "\n"
	}
	good := entry("reason: r", "since: 2026-06-01")
	for _, c := range []struct{ name, file, says string }{
		{"no list", "scenario: x\n", "line 1: "},
		{"an unknown key", entry("reason: r", "since: 2026-06-01", "untill: 2026-07-01"), `line 4: unknown field "untill"`},
		{"an unknown scenario", "\n- scenario: reference/get_cal/an-id\n  reason: r\n  since: 2026-06-01\n", `line 2: there is no scenario "reference/get_cal/an-id"`},
		{"no reason", entry("since: 2026-06-01"), "line 1: scenario " + someID + ": the reason is missing"},
		{"no day", entry("reason: r", "since: last week"), `line 1: scenario ` + someID + `: since "last week"`},
		{"no since", entry("reason: r"), `since ""`},
		{"until before since", entry("reason: r", "since: 2026-06-01", "until: 2026-05-01"), `until "2026-05-01"`},
		{"an invalid link", entry("reason: r", "since: 2026-06-01", "link: ticket 42"), `link "ticket 42"`},
		{"twice", good + good, "line 4: scenario " + someID + " is already on line 1"},
		{"two documents", good + "---\n" + good, "more than one YAML document"},
		{"neither", "- reason: r\n  since: 2026-06-01\n", "line 1: a scenario or a cause is missing"},
		{"a cause without a reason", "- cause: header ETag missing\n  since: 2026-06-01\n", `line 1: cause "header ETag missing": the reason is missing`},
		{"no YAML", "- [", "line 1: "},
	} {
		if _, err := ReadKnown([]byte(c.file)); err == nil || !strings.HasPrefix(err.Error(), c.says) && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s", c.name, err, c.says)
		}
	}
}

func TestWaive(t *testing.T) {
	fail := judgement{status: report.Fail, reason: "the status is 200"}
	noon := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		until  string
		j      judgement
		strict bool
		want   report.Status
		says   string
	}{
		{"it fails", "", fail, true, report.Known, "r (recorded 2026-06-01, https://example.com/42); the status is 200"},
		{"on the last day", "2026-06-15", fail, true, report.Known, "r (recorded"},
		{"after it", "2026-06-14", fail, false, report.Known, "accepted until 2026-06-14, look at it again"},
		{"after it, strictly", "2026-06-14", fail, true, report.Fail, "accepted until 2026-06-14, look at it again"},
		{"it passes", "", judgement{status: report.Pass}, false, report.Fail, "no longer occurs"},
		{"it passes after its last day", "2026-06-14", judgement{status: report.Pass}, false, report.Fail, "no longer occurs"},
		{"it was skipped", "", judgement{status: report.Skipped, reason: "no data"}, false, report.Skipped, "no data"},
		{"the kit broke", "", judgement{status: report.Error, reason: "panic"}, false, report.Error, "panic"},
	} {
		d := KnownFailure{Scenario: someID, Reason: "r", Link: "https://example.com/42", Since: "2026-06-01", Until: c.until}
		got := waive(someID, c.j, []KnownFailure{d}, noon, c.strict)
		if got.status != c.want || !strings.Contains(got.reason, c.says) {
			t.Errorf("%s: %s %q", c.name, got.status, got.reason)
		}
		if other := waive("reference/other", c.j, []KnownFailure{d}, noon, c.strict); other != c.j {
			t.Errorf("%s: another scenario became %+v", c.name, other)
		}
	}
}

// TestKnownCauses: a cause that is known is neither a failure nor drift. The run fails once it no longer occurs, and keeps
// failing for another cause of the same scenario.
func TestKnownCauses(t *testing.T) {
	known, err := ReadKnown([]byte("- cause: header ETag missing\n  reason: our proxy strips it\n  since: 2026-06-01\n"))
	if err != nil {
		t.Fatal(err)
	}
	only := Options{Accounts: environment(), Scenarios: []string{"relations/lists/an-entry-of-v1-numbers-is-the-same-by-its-id"}, Known: known, Strict: true}
	strip := defect.Change("", setHeader("ETag", ""))
	only.Target, _ = behind(t, strip)
	run := runJSON(t, only)
	if run.Summary.Drift != 0 || len(run.Drift) != 1 || !strings.Contains(run.Drift[0].Known, "our proxy strips it (recorded 2026-06-01)") || ExitCode(run, nil) != ExitOK {
		t.Errorf("known drift: %+v %+v", run.Summary, run.Drift)
	}

	o := only
	o.Known, o.Strict = []KnownFailure{{Cause: "numbers[*]", Reason: "another", Since: "2026-06-01"}}, false
	o.Scenarios = []string{"reference/list_numbers/the-example-prints-one-line-for-every-number"}
	o.Target, _ = behind(t, defect.Change("GET /v1/numbers", defect.OfEach("numbers", defect.Lacking("digits"))))
	run = runJSON(t, o)
	if run.Summary.Fail != 1 || len(run.Failures) != 1 {
		t.Fatalf("an unknown cause: %+v %+v", run.Summary, run.Failures)
	}
	o.Known = []KnownFailure{{Cause: run.Failures[0].Cause, Reason: "seen", Since: "2026-06-01"}}
	if run := runJSON(t, o); run.Summary.Fail != 0 || run.Summary.Known != 1 || !strings.Contains(run.Scenarios[0].Reason, "seen (recorded 2026-06-01)") {
		t.Errorf("a known cause of failures: %+v", run.Summary)
	}

	rep, err := Run(t.Context(), checkedRun(t, Options{Known: known}))
	if code := ExitCode(rep, err); code != ExitFailed || !strings.Contains(err.Error(), `the cause "header ETag missing", recorded on 2026-06-01, no longer occurs`) {
		t.Errorf("a cause that is gone: exit %d, %v", code, err)
	}
}
