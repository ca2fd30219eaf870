package traffic

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/wirecheck"
)

// v1UsersEnd is when Aircall retires the users of version 1, and liveEnd the live transcript.
var (
	v1UsersEnd = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	liveEnd    = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
)

// companyRules read users, integrations and apps.
var companyRules = []rule{
	// The reply to users of version 1, by the date of the reply.
	{id: "users-v1", shape: true, look: func(x *exchange) finding {
		if !x.is("list-all-users-v1", "retrieve-a-user-v1", "create-a-user-v1", "update-a-user-v1") || x.throttled() || x.at().IsZero() {
			return nothing
		}
		return gone(x, v1UsersEnd, "sunset", "keep")
	}},

	// The member numbers of users of version 1.
	{id: "users-v1-numbers", shape: true, look: func(x *exchange) finding {
		if !strings.HasSuffix(x.op, "-v1") || x.Status/100 != 2 {
			return nothing
		}
		alone, result := x.is("retrieve-a-user-v1"), nothing
		for _, u := range x.records("users", "user") {
			if has(u, "numbers") != alone {
				return holds(false)
			}
			result = holds(true)
		}
		return result
	}},

	// The reply to a request for the integration of an API key.
	{id: "integration-basic", shape: true, look: func(x *exchange) finding {
		if !x.is("retrieve-an-integration", "enable-an-integration", "disable-an-integration") || x.scheme() != "basic" {
			return nothing
		}
		switch {
		case x.Status == 404:
			return only("404")
		case x.Status == 403:
			return only("403")
		case x.Status/100 == 2:
			return holds(false)
		}
		return nothing
	}},

	// The status of enabling and disabling.
	{id: "integration-toggle", shape: true, look: func(x *exchange) finding {
		if !x.is("enable-an-integration", "disable-an-integration") || x.scheme() == "basic" || x.Status/100 != 2 && x.Status != 409 && x.Status != 422 {
			return nothing
		}
		return holds(x.Status == 204)
	}},

	// The word of the status, against active.
	{id: "integration-status", look: func(x *exchange) finding {
		active, ok := x.get("integration", "active").(bool)
		if !x.is("retrieve-an-integration") || !x.ok() || !ok {
			return nothing
		}
		want := "inactive"
		if active {
			want = "active"
		}
		return holds(x.get("integration", "status") == want)
	}},

	// The body of a refused exchange of a code.
	{id: "oauth-errors", shape: true, look: func(x *exchange) finding {
		if !x.is("exchange-an-authorization-code") || x.Status/100 != 4 || !x.isJSON || x.Status == 429 {
			return nothing
		}
		return holds(x.Status == 400 && slices.Equal(keys(object(x.body)), []string{"error"}))
	}},

	// The reply to associations of A2P campaigns.
	{id: "a2p", shape: true, look: func(x *exchange) finding {
		if !strings.Contains(x.op, "a2p") || x.throttled() || x.kind != withAPI {
			return nothing
		}
		return gone(x, time.Time{}, "gone", "keep")
	}},
}

// gone looks at an operation that Aircall removed at a time, or that it may keep.
func gone(x *exchange, end time.Time, removed, kept string) finding {
	edge := x.Status == 404 && (!x.HasBody || x.fromEdge("Not Found"))
	switch before := x.at().Before(end); {
	case edge && before:
		return holds(false)
	case edge:
		return only(removed)
	case before:
		return holds(true)
	}
	return only(kept)
}

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
