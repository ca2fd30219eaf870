package conformance

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// saw looks at the steps alone: whether an exchange beside them broke the contract says nothing of the assumption. It
// is refuted where a Then is not so. A Given or a When that fails only kept the scenario from looking, and so did a target
// that broke on the way.
func (w *world) saw() report.Sight {
	if len(w.plan.Tagged(report.AssumptionTag)) == 0 {
		return report.Sight{}
	}
	if x, found := w.meansNothing(); found {
		return report.Sight{Result: report.NotObserved, How: fmt.Sprintf("the target did not answer about it: %s %s %d", x.method, x.route, x.status)}
	}
	failed := slices.IndexFunc(w.steps, func(s report.Step) bool { return s.Status != report.Pass })
	if failed < 0 && len(w.steps) == len(w.plan.Steps) {
		return report.Sight{Result: report.Confirmed, How: w.how()}
	}
	var broke bool
	for _, x := range w.exchanges.all() {
		broke = broke || x.purpose != forUndo && (x.status == 0 || x.status >= 500)
	}
	reason := w.end.reason
	switch {
	case failed < 0:
		return report.Sight{Result: report.NotObserved, How: "it did not come to an end"}
	case w.steps[failed].Status != report.Fail:
		return report.Sight{Result: report.NotObserved, How: reason}
	case broke:
		return report.Sight{Result: report.NotObserved, How: "the target broke on the way: " + w.how()}
	case failed < len(w.plan.Steps) && !w.plan.Steps[failed].Then:
		return report.Sight{Result: report.NotObserved, How: "it could not be looked for: " + reason}
	}
	return report.Sight{Result: report.Refuted, How: reason}
}

// meansNothing gives an exchange of the scenario from which nothing can be seen: of credentials that are not taken, the rate
// limit, an outage or a broken connection. What an assumption says of a 403 may be seen from one, if all is as the
// scenario says; the one that stands for refused credentials is never that.
func (w *world) meansNothing() (exchange, bool) {
	x, found := w.unanswered()
	asAssumed := found && w.end.status == report.Pass && x.status == http.StatusForbidden && !bytes.Contains(x.reply, []byte(`"message"`))
	return x, found && !asAssumed
}

// refuteOnly keeps a live account from being called wrong for what the fake assumes of it: there the assumption is refuted.
func refuteOnly(s *report.Scenario, kind string) {
	if kind == kindLive && s.Status == report.Fail && s.Saw.Result == report.Refuted && strings.HasPrefix(s.ID, "assumptions/") {
		s.Status, s.Reason = report.Known, "it refutes what the fake assumes: "+s.Reason
	}
}

// how is the requests of the scenario, each once.
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
