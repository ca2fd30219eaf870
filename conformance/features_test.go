package conformance

import (
	"slices"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/conformance/docscheck"
	"github.com/aircallkit/aircallkit/conformance/report"
)

// TestFeatures runs every scenario against an in-process fake. Each is a subtest by its id:
//
//	go test ./conformance -run 'TestFeatures/reference/list_calls'
func TestFeatures(t *testing.T) {
	rep, err := Run(t.Context(), checkedRun(t, Options{ReportDir: t.TempDir()}))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rep.Scenarios {
		t.Run(s.ID, func(t *testing.T) {
			if s.Status != report.Pass {
				t.Errorf("%s\n%s", s.Status, strings.Join(s.Lines(s.Want, s.Got), "\n"))
			}
			checkOps(t, s)
		})
	}
	if plan := planOf(t); len(rep.Scenarios) != len(plan) {
		t.Errorf("%d scenarios ran, the features have %d", len(rep.Scenarios), len(plan))
	}
	coverageIsWhole(t, rep)
	t.Logf("%d scenarios in %.2fs, requests %v", len(rep.Scenarios), rep.Run.Seconds, rep.Run.Requests)
}

// checkOps holds the tags of a scenario against what it sent: tags are what the coverage is counted by.
func checkOps(t *testing.T, s report.Scenario) {
	var scripts, all []string
	for _, x := range s.Requests {
		all = append(all, x.Op)
		if x.Purpose == forScript {
			scripts = append(scripts, x.Op)
		}
	}
	reference := strings.HasPrefix(s.ID, "reference/")
	for _, op := range scripts {
		if reference && !slices.Contains(s.Ops, op) {
			t.Errorf("its script uses %s, but it is not tagged @op:%s", op, op)
		}
	}
	for _, op := range s.Ops {
		if !reference && !slices.Contains(all, op) {
			t.Errorf("it is tagged @op:%s, but does not use it", op)
		}
	}
}

// TestSecondSeed runs what the reference promises on other data.
func TestSecondSeed(t *testing.T) {
	rep, err := Run(t.Context(), checkedRun(t, Options{Seed: 2, Tags: "not @fake"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rep.Scenarios {
		if s.Status != report.Pass {
			t.Errorf("%s %s\n%s", s.Status, s.ID, strings.Join(s.Lines(s.Want, s.Got), "\n"))
		}
	}
}

// coverageIsWhole checks that what the contract documents is covered by a scenario that ran and passed, or that there is a reason
// why it is not; and no reason is left without need. See coverage.yaml.
func coverageIsWhole(t *testing.T, rep *report.Report) {
	t.Helper()
	c, err := docscheck.CoverageOf(rep)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.Problems {
		t.Errorf("%s %s", p.Kind, p)
	}
	t.Logf("operations %s; parameters %s; replies %s", c.Operations, c.Parameters, c.Replies)
}
