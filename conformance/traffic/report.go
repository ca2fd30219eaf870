package traffic

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// What reports call the account and the purpose of recorded requests.
const (
	recordedAccount = "(recorded)"
	purpose         = "traffic"
)

// Accept marks the breaches that are known. accept sets Known of the causes that it knows, as a run does.
func (r *Result) Accept(accept func([]report.Cause)) {
	for _, b := range r.Breaches {
		causes := []report.Cause{b.Cause()}
		accept(causes)
		b.Known = causes[0].Known
	}
}

// Report returns the result in the form of a report of a run. Each operation is a scenario that passes and has the breaches
// of its exchanges as drift. Each assumption is a scenario that passes if it is confirmed, and is skipped if nothing was
// observed. A refuted one is known if every exchange was with Aircall: then the fake is wrong, not the account. header
// describes the program and the contract.
func (r *Result) Report(header report.Header, accept func([]report.Cause), again func(Place) string) *report.Report {
	rep := &report.Report{Version: report.ReportVersion, Run: header}
	h := &rep.Run
	h.Started, h.Stopped = r.Newest.UTC().Truncate(time.Second), r.Newest.UTC().Truncate(time.Second)
	h.Target, h.Profile, h.Accounts = r.Target, "reads", []string{}
	h.URL = "recorded traffic"
	h.Requests, h.Purposes = map[string]int{recordedAccount: r.Checked}, map[string]int{purpose: r.Checked}
	for _, o := range r.Operations {
		s := report.Scenario{
			ID: "traffic/operations/" + strings.ReplaceAll(o.Op, " ", "-"), Feature: "Recorded exchanges", Name: fmt.Sprintf("%s with %s", report.Plural(o.Exchanges, "exchange"), o.Op),
			Tags: []string{}, Ops: []string{o.Op}, Status: report.Pass, Steps: []report.Step{},
		}
		if o.Op == noOperation {
			s.Ops = []string{}
		}
		for _, status := range slices.Sorted(maps.Keys(o.Statuses)) {
			s.Requests = append(s.Requests, report.Sent{
				Account: recordedAccount, Purpose: purpose, Op: o.Op, Method: o.method, Path: o.path, Status: status,
			})
		}
		for _, n := range r.New { // members that the contract does not have are drift, too
			if op, place, ok := strings.Cut(n.What, ": "); ok && n.Kind == newMember && op == o.Op {
				s.Contract = append(s.Contract, report.Breach{Op: op, Purpose: purpose, Where: "body/" + place, Want: "nothing", Got: "a member", Times: n.Times})
			}
		}
		for _, b := range r.Breaches {
			if b.Op == o.Op {
				s.Contract = append(s.Contract, b.Breach)
				s.Rerun = again(b.Place)
			}
		}
		rep.Scenarios = append(rep.Scenarios, s)
	}
	for _, v := range r.Assumptions {
		rep.Scenarios = append(rep.Scenarios, v.scenario(r.Target, again))
	}
	rep.Close(accept)
	return rep
}

// scenario returns an assumption in the form of a scenario.
func (v *Verdict) scenario(target string, again func(Place) string) report.Scenario {
	s := report.Scenario{
		ID: "traffic/assumptions/" + v.ID, Feature: "Assumptions in recorded exchanges", Name: v.Says, Tags: []string{report.AssumptionTag + v.ID},
		Ops: []string{}, Steps: []report.Step{}, Saw: report.Sight{Result: v.Result},
	}
	if v.Place != nil {
		s.Saw.How = v.how()
		s.Rerun = again(*v.Place)
		if v.Place.Status > 0 {
			s.Requests = []report.Sent{{Account: recordedAccount, Purpose: purpose, Op: v.Place.Op, Method: v.Place.Method, Path: v.Place.Path, Status: v.Place.Status}}
		}
		if v.Place.Op != noOperation {
			s.Ops = []string{v.Place.Op}
		}
	}
	switch v.Result {
	case report.Confirmed:
		s.Status = report.Pass
	case report.Refuted:
		s.Status, s.Reason = report.Fail, "refuted by "+v.how()
		if target == targetLive {
			s.Status, s.Reason = report.Known, "it refutes what the fake assumes: "+v.how()
		}
	default:
		s.Status, s.Reason, s.Saw.How = report.Skipped, v.Why, v.Why
	}
	return s
}

// how returns the exchange that decided, by its route and status, and how many agree.
func (v *Verdict) how() string {
	what := "a recorded event"
	switch {
	case v.Place.Path != "":
		what = fmt.Sprintf("%s %s %d", v.Place.Method, v.Place.Path, v.Place.Status)
	case v.Place.Status > 0:
		what = fmt.Sprintf("a recorded %d", v.Place.Status)
	}
	return fmt.Sprintf("%s; %d recorded for it, %d against it", what, v.Confirmed, v.Refuted)
}
