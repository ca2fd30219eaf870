package traffic

import (
	"net/url"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/wirecheck"
)

// webhookRules read webhooks, and what was sent to make them.
var webhookRules = []rule{
	// The status of a URL.
	{id: "webhook-url", look: func(x *exchange) finding {
		sent, given := dig(x.sent, "url").(string)
		if !x.is("create-a-webhook", "update-a-webhook") || !given || x.throttled() || x.Status == 404 {
			return nothing
		}
		u, err := url.Parse(sent)
		fine := err == nil && len(sent) <= 2048 && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && wirecheck.Loopback(u))
		switch {
		case x.Status/100 == 2:
			return holds(fine)
		case x.Status == 400 && !fine:
			return holds(true)
		}
		return nothing
	}},

	// The events of a webhook with several.
	{id: "webhook-events-order", look: func(x *exchange) finding {
		if !x.is("create-a-webhook") || x.Status/100 != 2 {
			return nothing
		}
		events := eventsOf(x.get("webhook", "events"))
		if len(events) < 2 {
			return nothing
		}
		descending := slices.IsSortedFunc(events, func(a, b string) int { return strings.Compare(b, a) })
		return holds(descending && len(slices.Compact(events)) == len(events))
	}},

	// The names of events that are accepted, and those that are refused.
	{id: "webhook-events", look: lookEvents},

	// The status of an events_action.
	{id: "webhook-events-action", look: func(x *exchange) finding {
		action, given := x.param("events_action")
		if !x.is("update-a-webhook") || !given || x.throttled() || x.Status == 404 || action == "add" || action == "remove" {
			return nothing
		}
		return holds(x.Status == 400)
	}},
}

// doubtfulEvents are the names that only one answer to webhook-events accepts.
var doubtfulEvents = map[string]string{"team.created": "teams", "team.destroyed": "teams", "outbound_campaign.status_changed": "campaigns"}

func eventsOf(v any) (names []string) {
	list, _ := v.([]any)
	for _, e := range list {
		name, _ := e.(string)
		names = append(names, name)
	}
	return names
}

// lookEvents looks at the names of events that a request sends, and at those that a webhook has.
func lookEvents(x *exchange) finding {
	if name := text(object(x.sent), "event"); x.kind == delivery {
		switch {
		case doubtfulEvents[name] != "":
			return only(doubtfulEvents[name])
		case slices.Contains(knownEvents, name):
			return holds(true)
		}
		return nothing // it may be a callback
	}
	if x.kind != withAPI || !strings.HasPrefix(x.route, "/v1/webhooks") || x.throttled() {
		return nothing
	}
	var accepted []string
	for _, w := range x.records("webhooks", "webhook") {
		accepted = append(accepted, eventsOf(dig(w, "events"))...)
	}
	result := nothing
	for _, name := range accepted {
		answer := doubtfulEvents[name]
		switch {
		case answer != "":
			return only(answer)
		case !slices.Contains(knownEvents, name):
			return holds(false)
		}
		result = holds(true)
	}
	sent := eventsOf(dig(x.sent, "events"))
	if x.Status != 400 || len(sent) == 0 || !x.is("create-a-webhook") || !strings.HasPrefix(text(object(x.sent), "url"), "https://") {
		return result
	}
	var unknown []string
	for _, name := range sent {
		if !slices.Contains(knownEvents, name) {
			unknown = append(unknown, name)
		}
	}
	switch {
	case len(unknown) == 0:
		return nothing // refused for something else
	case len(unknown) == 1 && doubtfulEvents[unknown[0]] != "":
		fits := []string{"reference", "teams", "campaigns"}
		return only(slices.DeleteFunc(fits, func(answer string) bool { return answer == doubtfulEvents[unknown[0]] })...)
	}
	return holds(true)
}
