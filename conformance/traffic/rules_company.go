package traffic

import (
	"slices"
	"strings"
	"time"
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
