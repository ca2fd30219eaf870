package conformance

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// saw returns what the scenario observed of its assumption. Only its steps count, because drift says nothing about the assumption. A
// failed Then refutes it. A failed Given or When, or an outage, only kept the scenario from observing it.
func (w *world) saw() report.Sight {
	if len(w.plan.Tagged(report.AssumptionTag)) == 0 {
		return report.Sight{}
	}
	if x, found := w.meansNothing(); found {
		return report.Sight{Result: report.NotObserved, How: fmt.Sprintf("the target did not answer: %s %s %d", x.method, x.route, x.status)}
	}
	saw := report.Sight{Result: report.NotObserved, How: w.end.reason}
	broke := slices.ContainsFunc(w.exchanges.all(), func(x exchange) bool { return x.purpose != forUndo && (x.status == 0 || x.status >= 500) })
	failed := slices.IndexFunc(w.steps, func(s report.Step) bool { return s.Status != report.Pass })
	switch {
	case failed < 0 && len(w.steps) == len(w.plan.Steps):
		return report.Sight{Result: report.Confirmed, How: w.how()}
	case failed < 0:
		saw.How = "the scenario did not end"
	case w.steps[failed].Status != report.Fail:
	case broke:
		saw.How = "the target failed on the way: " + w.how()
	case failed < len(w.plan.Steps) && !w.plan.Steps[failed].Then:
		saw.How = "it could not be observed: " + saw.How
	default:
		saw.Result = report.Refuted
	}
	return saw
}

// meansNothing returns an exchange of the scenario that shows nothing: refused credentials, the rate limit, an outage or a broken
// connection. A 403 may confirm an assumption about it if the scenario passes, unless it is the one for refused credentials.
func (w *world) meansNothing() (exchange, bool) {
	x, found := w.unanswered()
	asAssumed := found && w.end.status == report.Pass && x.status == http.StatusForbidden && !bytes.Contains(x.reply, []byte(`"message"`))
	return x, found && !asAssumed
}

// refuteOnly turns the failure of a live account in a scenario about an assumption into a known one: it refutes the assumption.
func refuteOnly(s *report.Scenario, kind string) {
	if kind == kindLive && s.Status == report.Fail && s.Saw.Result == report.Refuted && strings.HasPrefix(s.ID, "assumptions/") {
		s.Status, s.Reason = report.Known, "it refutes what the fake assumes: "+s.Reason
	}
}

// how returns the requests of the scenario, each once.
func (w *world) how() string {
	const most = 6
	var all []string
	for _, x := range w.exchanges.all() {
		if s := fmt.Sprintf("%s %s %d", x.method, x.route, x.status); x.purpose != forUndo && x.purpose != forControl && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	if len(all) > most {
		all = append(all[:most], "…")
	}
	return strings.Join(all, ", ")
}
