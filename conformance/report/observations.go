package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Results of looking whether an assumption of the fake is so.
const (
	Confirmed   = "confirmed"
	Refuted     = "refuted"
	NotObserved = "not observed"
)

// Observation is what a run saw of one assumption of the fake. An observation of the fake itself means only that it does as
// its assumptions say.
type Observation struct {
	ID        string   `json:"id"`
	Result    string   `json:"result"`
	Date      string   `json:"date"`   // 2006-01-02
	Target    string   `json:"target"` // "fake", "url" or "live"
	How       string   `json:"how"`    // requests by their route, with statuses; or what was found instead. No values
	Scenarios []string `json:"scenarios,omitempty"`
}

// Observations is the file observations.json of a run, and docs/observations.json.
type Observations struct {
	Version      int           `json:"version"`
	Observations []Observation `json:"observations"`
}

const observationsVersion = 1

// Sight is what one scenario saw of the assumptions that it is tagged with. The zero value saw nothing.
type Sight struct {
	Result string // Confirmed, Refuted or NotObserved; "" of none
	How    string
}

// AssumptionTag is the beginning of the tag of a scenario that looks at an assumption; its id follows.
const AssumptionTag = "@assumption:"

// Observations returns one observation for each assumption, in the order of fakeaircall.Assumptions. If several scenarios observe
// one, a single scenario that refutes it decides.
func (r *Report) Observations() Observations {
	out := Observations{Version: observationsVersion, Observations: []Observation{}}
	for _, a := range fakeaircall.Assumptions() {
		o := Observation{
			ID: a.ID, Result: NotObserved, Date: r.Run.Started.Format(time.DateOnly), Target: r.Run.Target,
			How: cmp.Or(a.Unseen, "no scenario that observes it was chosen"),
		}
		for _, s := range r.Scenarios {
			if !slices.Contains(s.Tags, AssumptionTag+a.ID) {
				continue
			}
			saw := s.Saw
			if saw.Result == "" { // it never ran
				saw = Sight{NotObserved, s.Reason}
			}
			if len(o.Scenarios) == 0 || slices.Index(weights, saw.Result) > slices.Index(weights, o.Result) {
				o.Result, o.How = saw.Result, saw.How
			}
			o.Scenarios = append(o.Scenarios, s.ID)
		}
		out.Observations = append(out.Observations, o)
	}
	return out
}

// weights are the results; of two, the later one decides.
var weights = []string{NotObserved, Confirmed, Refuted}

// renderObservations renders observations.json.
func renderObservations(rep *Report) ([]byte, error) { return rep.Observations().encode() }

func (o Observations) encode() ([]byte, error) {
	data, err := json.MarshalIndent(o, "", "  ")
	return append(data, '\n'), err
}

func readObservations(data []byte) (o Observations, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		return o, fmt.Errorf("this is not a file of observations: %w", err)
	}
	if o.Version != observationsVersion {
		return o, fmt.Errorf("observations of version %d: this aircallkit reads version %d", o.Version, observationsVersion)
	}
	for _, e := range o.Observations {
		if !slices.Contains(weights, e.Result) || len(e.Date) != len(time.DateOnly) {
			return o, fmt.Errorf("observation of %q: invalid result %q or date %q", e.ID, e.Result, e.Date)
		}
	}
	return o, nil
}

// MergeObservations adds the observations of runs on live accounts to a file of observations, which may be empty. It keeps the
// newest of each assumption, leaves out other targets and assumptions that no longer exist, and also returns the number of
// those that it added.
func MergeObservations(before []byte, runs ...[]byte) (merged []byte, added int, err error) {
	byID := map[string]Observation{}
	if len(before) > 0 {
		o, err := readObservations(before)
		if err != nil {
			return nil, 0, err
		}
		for _, e := range o.Observations {
			byID[e.ID] = e
		}
	}
	for _, run := range runs {
		o, err := readObservations(run)
		if err != nil {
			return nil, 0, err
		}
		if len(o.Observations) == 0 {
			return nil, 0, errors.New("the run observed nothing at all")
		}
		for _, e := range o.Observations {
			if was, known := byID[e.ID]; e.Target == targetLive && e.Result != NotObserved && (!known || was.Date <= e.Date) {
				byID[e.ID] = e
				added++
			}
		}
	}
	out := Observations{Version: observationsVersion, Observations: []Observation{}}
	for _, a := range fakeaircall.Assumptions() {
		if e, ok := byID[a.ID]; ok {
			out.Observations = append(out.Observations, e)
		}
	}
	merged, err = out.encode()
	return merged, added, err
}

// WhyNoneAdded says why MergeObservations added none of the observations of runs that it could read.
func WhyNoneAdded(runs ...[]byte) string {
	live, seen := false, false
	for _, run := range runs {
		o, err := readObservations(run)
		if err != nil {
			continue
		}
		for _, e := range o.Observations {
			live = live || e.Target == targetLive
			seen = seen || e.Target == targetLive && e.Result != NotObserved
		}
	}
	switch {
	case !live:
		return "the target was not live: only observations of Aircall itself count"
	case !seen:
		return "the run confirms and refutes nothing"
	}
	return "the file has newer ones"
}
