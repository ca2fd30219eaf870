package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Results of looking whether an assumption of the fake is so.
const (
	Confirmed   = "confirmed"
	Refuted     = "refuted"
	NotObserved = "not observed"
)

// An Observation is what a run saw of one assumption of the fake. Confirmed by our own fake it means that the fake does as
// it says, and nothing more.
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

// sight is what one scenario saw of the assumptions it is tagged with.
type sight struct{ result, how string }

// saw looks at the steps alone: whether an exchange beside them broke the contract says nothing of the assumption. It
// is refuted where a Then is not so. A Given or a When that fails only kept the scenario from looking, and so did a target
// that broke on the way.
func (w *world) saw() sight {
	if len(w.plan.Tagged(assumptionTag)) == 0 {
		return sight{}
	}
	if x, found := w.meansNothing(); found {
		return sight{NotObserved, fmt.Sprintf("the target did not answer about it: %s %s %d", x.method, x.route, x.status)}
	}
	failed := slices.IndexFunc(w.steps, func(s Step) bool { return s.Status != Pass })
	if failed < 0 && len(w.steps) == len(w.plan.Steps) {
		return sight{Confirmed, w.how()}
	}
	var broke bool
	for _, x := range w.journal.all() {
		broke = broke || x.purpose != forUndo && (x.status == 0 || x.status >= 500)
	}
	reason := w.end.reason
	switch {
	case failed < 0:
		return sight{NotObserved, "it did not come to an end"}
	case w.steps[failed].Status != Fail:
		return sight{NotObserved, reason}
	case broke:
		return sight{NotObserved, "the target broke on the way: " + w.how()}
	case failed < len(w.plan.Steps) && !w.plan.Steps[failed].Then:
		return sight{NotObserved, "it could not be looked for: " + reason}
	}
	return sight{Refuted, reason}
}

// meansNothing gives an exchange of the scenario from which nothing can be seen: of credentials that are not taken, the rate
// limit, an outage or a broken connection. What an assumption says of a 403 may be seen from one, if all is as the
// scenario says; the one that stands for refused credentials is never that.
func (w *world) meansNothing() (exchange, bool) {
	x, found := w.unanswered()
	asAssumed := found && w.end.status == Pass && x.status == http.StatusForbidden && !bytes.Contains(x.reply, []byte(`"message"`))
	return x, found && !asAssumed
}

// yield keeps a live account from being called wrong for what the fake assumes of it: there the assumption is refuted.
func (s *Scenario) yield(kind string) {
	if kind == kindLive && s.Status == Fail && s.saw.result == Refuted && strings.HasPrefix(s.ID, "assumptions/") {
		s.Status, s.Reason = Known, "it refutes what the fake assumes: "+s.Reason
	}
}

const assumptionTag = "@assumption:"

// how is the requests of the scenario, each once.
func (w *world) how() string {
	const most = 6
	var all []string
	for _, x := range w.journal.all() {
		if s := fmt.Sprintf("%s %s %d", x.method, x.route, x.status); x.purpose != forUndo && x.purpose != forControl && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	if len(all) > most {
		all = append(all[:most], "…")
	}
	return strings.Join(all, ", ")
}

// Observations gives one for each assumption, in the order of the ledger. Where several scenarios look at one, a single
// one that refutes it decides.
func (r *Report) Observations() Observations {
	out := Observations{Version: observationsVersion}
	for _, a := range fakeaircall.Assumptions() {
		o := Observation{ID: a.ID, Result: NotObserved, Date: r.Run.Started.Format("2006-01-02"), Target: r.Run.Target, How: "no scenario that looks at it was chosen"}
		if a.Unseen != "" {
			o.How = a.Unseen
		}
		for _, s := range r.Scenarios {
			if !slices.Contains(s.Tags, assumptionTag+a.ID) {
				continue
			}
			if len(o.Scenarios) == 0 || weight(s.saw.result) > weight(o.Result) {
				o.Result, o.How = s.saw.result, s.saw.how
			}
			if o.Result == "" { // it never ran
				o.Result, o.How = NotObserved, s.Reason
			}
			o.Scenarios = append(o.Scenarios, s.ID)
		}
		out.Observations = append(out.Observations, o)
	}
	return out
}

// weight says which of two sights of one assumption decides.
func weight(result string) int {
	return slices.Index([]string{NotObserved, Confirmed, Refuted}, result)
}

// renderObservations is the file observations.json of a report.
func renderObservations(rep *Report) ([]byte, error) { return rep.Observations().encode() }

// checkObservations: there is one for each assumption, whatever was run.
func checkObservations(data []byte, _ Summary) error {
	o, err := readObservations(data)
	if want := len(fakeaircall.Assumptions()); err == nil && len(o.Observations) != want {
		err = fmt.Errorf("it has %d observations of %d assumptions", len(o.Observations), want)
	}
	return err
}

func (o Observations) encode() ([]byte, error) {
	if o.Observations == nil {
		o.Observations = []Observation{}
	}
	data, err := json.MarshalIndent(o, "", "  ")
	return append(data, '\n'), err
}

func readObservations(data []byte) (o Observations, err error) {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		return o, fmt.Errorf("it is no file of observations: %w", err)
	}
	if o.Version != observationsVersion {
		return o, fmt.Errorf("observations of version %d: this aircallkit reads version %d", o.Version, observationsVersion)
	}
	for _, e := range o.Observations {
		if !slices.Contains([]string{Confirmed, Refuted, NotObserved}, e.Result) || len(e.Date) != len("2006-01-02") {
			return o, fmt.Errorf("observation of %q: result %q on %q is none", e.ID, e.Result, e.Date)
		}
	}
	return o, nil
}

// MergeObservations adds what runs saw on live accounts to what was seen before: of each assumption the newest that was
// observed stays. What other targets did says nothing of Aircall and is left out, as are assumptions that are none any
// more. It also gives the number of those that are new.
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
			if was, known := byID[e.ID]; e.Target == kindLive && e.Result != NotObserved && (!known || was.Date <= e.Date) {
				byID[e.ID] = e
				added++
			}
		}
	}
	out := Observations{Version: observationsVersion}
	for _, a := range fakeaircall.Assumptions() {
		if e, ok := byID[a.ID]; ok {
			out.Observations = append(out.Observations, e)
		}
	}
	merged, err = out.encode()
	return merged, added, err
}
