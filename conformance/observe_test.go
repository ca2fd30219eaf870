package conformance

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// TestEveryAssumptionIsLookedAt: by a scenario, or there is a reason why none can.
func TestEveryAssumptionIsLookedAt(t *testing.T) {
	looked := map[string]string{}
	for _, p := range planOf(t) {
		for _, id := range p.Tagged(report.AssumptionTag) {
			looked[id] = p.ID
		}
		if strings.HasPrefix(p.ID, "assumptions/") && len(p.Tagged(report.AssumptionTag)) == 0 {
			t.Errorf("%s looks at no assumption", p.ID)
		}
	}
	unseen := 0
	for _, a := range fakeaircall.Assumptions() {
		switch seen := looked[a.ID]; {
		case a.Unseen == "" && seen == "":
			t.Errorf("no scenario is tagged %s%s, and Unseen does not say why", report.AssumptionTag, a.ID)
		case a.Unseen != "" && seen != "":
			t.Errorf("%s has no scenario by its table, but %s observes it", a.ID, seen)
		case a.Unseen != "":
			unseen++
		}
	}
	if most := 5; unseen > most {
		t.Errorf("%d assumptions are unseen, the most is %d", unseen, most)
	}
}

// TestOtherAnswersAreRefuted: the scenarios of an assumption can fail. Each is run against a fake that answers otherwise,
// and must say so.
func TestOtherAnswersAreRefuted(t *testing.T) {
	for _, a := range fakeaircall.Assumptions() {
		if a.Unseen != "" {
			continue
		}
		for _, answer := range a.Answers[min(1, len(a.Answers)):] {
			t.Run(a.ID+"="+answer, func(t *testing.T) {
				rep, err := Run(t.Context(), Options{Tags: report.AssumptionTag + a.ID, Assume: map[string]string{a.ID: answer}})
				if err != nil {
					t.Fatal(err)
				}
				if o := observed(t, rep, a.ID); o.Result != report.Refuted {
					t.Errorf("it is %s: %s", o.Result, o.How)
				}
			})
		}
	}
}

func observed(t *testing.T, rep *report.Report, id string) report.Observation {
	t.Helper()
	all := rep.Observations().Observations
	i := slices.IndexFunc(all, func(o report.Observation) bool { return o.ID == id })
	if i < 0 {
		t.Fatalf("there is no observation of %s", id)
	}
	return all[i]
}

// A target that breaks on the way refutes nothing, and neither does one that lacks what a scenario begins with.
func TestNotObserved(t *testing.T) {
	answer := func(status int, body string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/v1/ping" {
					next.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/json; charset=utf-8")
				w.WriteHeader(status)
				w.Write([]byte(body))
			})
		}
	}
	for _, c := range []struct {
		name, id string
		wrap     func(http.Handler) http.Handler
		want     string
	}{
		{"healthy", "contacts-per-page", nil, report.Confirmed},
		{"500", "contacts-per-page", answer(500, `{"error":"Internal Server Error"}`), report.NotObserved},
		{"no calls", "call-agents", answer(200, `{"calls":[],"meta":{"count":0,"total":0,"current_page":1,"per_page":50,"next_page_link":null,"previous_page_link":null}}`), report.NotObserved},
		{"another size", "contacts-per-page", answer(200, `{"contacts":[],"meta":{"per_page":20}}`), report.Refuted},
		{"a When that is refused", "empty-parameter", nil, report.Confirmed},
		{"a When without its key", "order-unknown", answer(404, `{}`), report.NotObserved},
	} {
		t.Run(c.name, func(t *testing.T) {
			rep, err := Run(t.Context(), Options{Tags: report.AssumptionTag + c.id, Wrap: c.wrap})
			if err != nil && rep == nil {
				t.Fatal(err)
			}
			if o := observed(t, rep, c.id); o.Result != c.want {
				t.Errorf("it is %s (%s), want %s", o.Result, o.How, c.want)
			}
		})
	}
}

// TestNothingIsObservedOfRefusals: a remote target that is throttled, refuses or breaks confirms and refutes nothing, even
// where the scenario wants a refusal.
func TestNothingIsObservedOfRefusals(t *testing.T) {
	for _, c := range []struct {
		name   string
		defect defect.Defect
	}{
		{"401", defect.Answer("GET /v1/contacts", 401, `{"message":"Unauthorized"}`)},
		{"403", defect.Answer("GET /v1/contacts", 403, `{"message":"Forbidden"}`)},
		{"429", defect.Answer("GET /v1/contacts", 429, `{"error":"Too Many Requests"}`)},
		{"500", defect.Answer("GET /v1/contacts", 500, `{"error":"Internal Server Error"}`)},
		{"503", defect.Answer("GET /v1/contacts", 503, "")},
		{"a broken connection", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if defect.Asks(r, "GET /v1/contacts") {
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, r)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if id, _, _ := r.BasicAuth(); strings.HasPrefix(id, "fake-") {
					c.defect(w, r, next)
					return
				}
				next.ServeHTTP(w, r)
			})
			o := Options{Target: url, Accounts: environment(), Tags: "@op:list-all-contacts and not @fake", sabotage: func(r *run) {
				r.target.pause = func(context.Context, time.Duration) error { return nil }
				r.target.runner, _ = r.target.newRunner(r.target.accounts, shortScript)
			}}
			rep, err := Run(t.Context(), checkedRun(t, o))
			if rep == nil {
				t.Fatal(err)
			}
			looked := 0
			for _, s := range rep.Scenarios {
				asked := slices.ContainsFunc(s.Requests, func(x report.Sent) bool { return x.Op == "list-all-contacts" })
				if asked && s.Saw.Result != "" {
					looked++
				}
				if asked && (s.Saw.Result == report.Confirmed || s.Saw.Result == report.Refuted) || s.Status == report.Fail {
					t.Errorf("%s %s is %s: %s", s.Status, s.ID, s.Saw.Result, s.Saw.How)
				}
			}
			if looked == 0 {
				t.Error("no scenario looked at an assumption")
			}
		})
	}
}

// On a live account it is the assumption that is wrong, anywhere else the target.
func TestRefutedOnLive(t *testing.T) {
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Path == "/v1/contacts" && r.URL.RawQuery == "" {
			r.URL.RawQuery = "per_page=20"
		}
		next.ServeHTTP(w, r)
	})
	accounts := FakeAccounts(fakeaircall.StandardAccounts(), url)
	for target, want := range map[string]report.Status{kindLive: report.Known, url: report.Fail} {
		rep, err := Run(t.Context(), Options{Target: target, Accounts: accounts, Scenarios: []string{"assumptions/lists/a-page-has-50-contacts-by-default"}})
		if err != nil {
			t.Fatal(err)
		}
		if s := rep.Scenarios[0]; s.Status != want || !strings.Contains(s.Reason, "meta.per_page differs") {
			t.Errorf("%s: %s %s", target, s.Status, s.Reason)
		}
		if o := observed(t, rep, "contacts-per-page"); o.Result != report.Refuted || o.How != "meta.per_page differs" {
			t.Errorf("%s: %+v", target, o)
		}
	}
}

// The observations of a run are written beside its report, without values.
func TestObservationsFile(t *testing.T) {
	dir := t.TempDir()
	rep, err := Run(t.Context(), Options{Tags: "@assumption:contacts-per-page or @assumption:per-page-range", ReportDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "observations.json"))
	if err != nil {
		t.Fatal(err)
	}
	var o report.Observations
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rep.Observations(), o); diff != "" {
		t.Error(diff)
	}
	counts := map[string]int{}
	for _, e := range o.Observations {
		counts[e.Result]++
		if e.How == "" || e.Target != kindFake {
			t.Errorf("%+v", e)
		}
	}
	if want := map[string]int{report.Confirmed: 2, report.NotObserved: len(fakeaircall.Assumptions()) - 2}; !cmp.Equal(want, counts) {
		t.Errorf("results %v, want %v", counts, want)
	}
	if e := observed(t, rep, "per-page-range"); e.How != "GET /v1/calls 400" || len(e.Scenarios) != 4 {
		t.Errorf("%+v", e)
	}
}

func TestMergeObservations(t *testing.T) {
	of := func(list ...report.Observation) []byte {
		data, err := json.Marshal(report.Observations{Version: 1, Observations: list})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	o := func(id, result, date, target string) report.Observation {
		return report.Observation{ID: id, Result: result, Date: date, Target: target, How: "GET /v1/ping 200"}
	}
	merged, added, err := report.MergeObservations(
		of(o("result-cap", report.Confirmed, "2026-05-01", "live"), o("page-range", report.Refuted, "2026-07-01", "live"), o("long-gone", report.Confirmed, "2026-01-01", "live")),
		of(o("result-cap", report.Refuted, "2026-06-01", "live"), o("page-range", report.Confirmed, "2026-06-01", "live"), o("a2p", report.Confirmed, "2026-06-01", "fake"),
			o("order-unknown", report.NotObserved, "2026-06-01", "live")),
		of(o("call-agents", report.Confirmed, "2026-06-02", "live"), o("a2p", report.Refuted, "2026-06-01", "url")))
	if err != nil {
		t.Fatal(err)
	}
	var got report.Observations
	if err := json.Unmarshal(merged, &got); err != nil {
		t.Fatal(err)
	}
	want := []report.Observation{o("page-range", report.Refuted, "2026-07-01", "live"), o("result-cap", report.Refuted, "2026-06-01", "live"), o("call-agents", report.Confirmed, "2026-06-02", "live")}
	if diff := cmp.Diff(want, got.Observations); diff != "" || added != 2 {
		t.Errorf("%d added\n%s", added, diff)
	}
	for _, bad := range []string{"", "{}", `{"version":2,"observations":[]}`, `{"version":1,"observations":[]}`, `{"version":1,"observations":[{"id":"a","result":"maybe","date":"2026-01-01"}]}`, `{"version":1,"more":1}`} {
		if _, _, err := report.MergeObservations(nil, []byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
