package traffic_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/conformance/traffic"
)

// What the fake replies to the scenarios confirms many assumptions, refutes none and breaks nothing. Without AIRCALLKIT_FULL
// only the scenarios about assumptions run. Scenarios that make the fake answer otherwise, or fail, are left out.
func TestScenarios(t *testing.T) {
	plan, err := scenario.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	full := os.Getenv("AIRCALLKIT_FULL") != ""
	var chosen []string
	for _, s := range plan {
		var steps strings.Builder
		for _, step := range s.Steps {
			steps.WriteString(step.Text)
		}
		otherwise := strings.Contains(steps.String(), "fake that answers") || strings.Contains(steps.String(), "/_fake/faults")
		if !otherwise && (full || strings.HasPrefix(s.ID, "assumptions/")) {
			chosen = append(chosen, s.ID)
		}
	}
	var mu sync.Mutex
	var all []*recording
	_, err = conformance.Run(t.Context(), conformance.Options{Scenarios: chosen, Wrap: func(next http.Handler) http.Handler {
		r := newRecording(t)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, r)
		return r.handler(next)
	}})
	if err != nil {
		t.Fatal(err)
	}
	confirmed := map[string]bool{}
	for _, r := range all {
		result := r.check(traffic.Options{})
		clean(t, result)
		for _, v := range result.Assumptions {
			if v.Result == report.Confirmed {
				confirmed[v.ID] = true
			}
		}
	}
	// Together with the other tests of this package, the whole suite confirms what every rule looks for.
	for _, id := range traffic.Covered() {
		elsewhere := provoke[id] != nil || slices.Contains(byEvents, id) || slices.Contains(byRequests, id)
		fails := id == "server-error" || id == "body-too-large" // no scenario makes the fake fail, or sends so much
		if full && !confirmed[id] && !elsewhere && !fails {
			t.Errorf("nothing confirms %s", id)
		}
	}
	if least := 60; len(confirmed) < least {
		t.Errorf("%d assumptions are confirmed, want %d", len(confirmed), least)
	}
}
