package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// callSteps hold the fields of a call against one another.
var callSteps = map[string]func(*world) any{
	`the calls at "(.*)" are where their times say`:              func(w *world) any { return w.callsAgree },
	`of the inbound calls that nobody answered some say why`:     func(w *world) any { return w.missedSayWhy },
	`the "(\w+)" of a call is the one at "(.*)", but for "(.*)"`: func(w *world) any { return w.partOfCall },
}

func (w *world) callsAgree(ctx context.Context, path string) error {
	calls, _, err := w.list(ctx, w.account, "calls", pathWith(path, fmt.Sprintf("per_page=%d", perPage), "order=desc"))
	if err != nil {
		return err
	}
	for i, call := range calls {
		if what := contradiction(call); what != "" {
			return &finding{fmt.Sprintf("call %d of the newest at %s %s", i+1, path, what), "", timesOf(call)}
		}
	}
	if len(calls) == 0 {
		return &notRun{report.Unsupported, "the account holds no such call"}
	}
	return nil
}

// contradiction is what cannot be so of one call: a recorded one is answered after it starts and ends after that, and its
// duration, ringing included, is 0 until then. A second is lost where it is counted in parts.
func contradiction(call any) string {
	started, _ := integer(field(call, "started_at"))
	answered, wasAnswered := integer(field(call, "answered_at"))
	ended, hasEnded := integer(field(call, "ended_at"))
	duration, _ := integer(field(call, "duration"))
	status := field(call, "status")
	missed := field(call, "missed_call_reason") != nil
	switch {
	case wasAnswered && answered < started:
		return "was answered before it started"
	case hasEnded && ended < max(started, answered):
		return "ended before it began"
	case status == "initial" && wasAnswered:
		return "rings and was answered"
	case status == "answered" && !wasAnswered:
		return "is answered and does not say when"
	case status == "done" && !hasEnded:
		return "is over and does not say since when"
	case status != "done" && hasEnded:
		return "has ended and is not over"
	case !hasEnded && duration != 0:
		return "has not ended and has a duration"
	case hasEnded && (duration-(ended-started) > 1 || duration-(ended-started) < -1):
		return "has another duration than from its start to its end"
	case missed && wasAnswered:
		return "was missed, but is answered"
	case missed && field(call, "direction") != "inbound" && field(call, "missed_call_reason") != "short_abandoned": // seen on 1 outbound call of 78
		return "was missed for a reason of inbound calls, but is outbound"
	}
	return ""
}

// timesOf shows what contradictions are made of.
func timesOf(call any) string {
	var parts []string
	for _, name := range []string{"direction", "status", "missed_call_reason", "started_at", "answered_at", "ended_at", "duration"} {
		parts = append(parts, name+" "+show(field(call, name)))
	}
	return strings.Join(parts, ", ")
}

// missedSayWhy does not want a reason of each: no source tells that there always is one.
func (w *world) missedSayWhy(ctx context.Context) error {
	calls, _, err := w.list(ctx, w.account, "calls", newestCalls)
	if err != nil {
		return err
	}
	unanswered := 0
	for _, call := range calls {
		if field(call, "direction") == "inbound" && field(call, "status") == "done" && field(call, "answered_at") == nil {
			unanswered++
			if field(call, "missed_call_reason") != nil {
				return nil
			}
		}
	}
	if unanswered == 0 {
		return &notRun{report.Unsupported, "none of the newest inbound calls was missed"}
	}
	return &finding{what: fmt.Sprintf("none of the %d newest inbound calls that nobody answered has a missed_call_reason", unanswered)}
}

// partOfCall asks for the user or the line of the newest call that has one which is still there, and compares what both
// tell.
func (w *world) partOfCall(ctx context.Context, part, path, but string) error {
	judge := func() error {
		calls, _, err := w.list(ctx, w.account, "calls", newestCalls)
		if err != nil {
			return err
		}
		asked := map[string]bool{}
		for _, call := range calls {
			in, isObject := field(call, part).(map[string]any)
			if !isObject || asked[idOf(in)] {
				continue
			}
			if len(asked) == mostGone {
				break
			}
			asked[idOf(in)] = true
			r, err := w.t.ask(w.checks(ctx), w.account, http.MethodGet, path+"/"+idOf(in), nil)
			if err != nil {
				return err
			}
			v, notJSON := orderedjson.Decode(r.body)
			if r.status == http.StatusNotFound || notJSON != nil {
				continue // who has left is still in the call
			}
			of, _ := field(orderedjson.Plain(v), part).(map[string]any)
			name := differing(in, of, func(key string) bool {
				_, both := of[key]
				return !both || slices.Contains(commaWords(but), key)
			})
			if name != "" {
				return &finding{fmt.Sprintf("the %s of the %s of a call is not that of the %s", name, part, part), show(of[name]), show(in[name])}
			}
			return nil
		}
		return &notRun{report.Unsupported, "none of the newest calls has a " + part + " that is still there"}
	}
	return w.onceMore("calls", judge)
}

// mostGone is how many are asked for that are not there any more.
const mostGone = 5
