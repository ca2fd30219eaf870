package traffic

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// callRules read calls and lines.
var callRules = []rule{
	// Members of the assigned user, and of those of a transfer.
	{id: "call-agents", shape: true, look: func(x *exchange) finding {
		result := nothing
		for _, c := range x.calls() {
			for _, key := range []string{"assigned_to", "transferred_by", "transferred_to"} {
				if agent := object(dig(c, key)); agent != nil {
					if !slices.Equal(keys(agent), exampleKeys("list-all-calls", "calls", "user")) {
						return holds(false)
					}
					result = holds(true)
				}
			}
		}
		return result
	}},

	// Members of a single call, without those that only some calls have.
	{id: "call-alone", shape: true, look: func(x *exchange) finding {
		if !x.is("retrieve-a-call") || !x.ok() {
			return nothing
		}
		want := exampleKeys("list-all-calls", "calls")
		got := slices.DeleteFunc(keys(object(x.get("call"))), func(key string) bool { return slices.Contains(sometimes, key) })
		return holds(slices.Equal(got, want))
	}},

	// Members of a single line.
	{id: "number-alone", shape: true, look: func(x *exchange) finding {
		if !x.is("retrieve-a-number") || !x.ok() {
			return nothing
		}
		want := slices.Concat(exampleKeys("list-all-numbers", "numbers"), []string{"users"})
		return holds(slices.Equal(keys(object(x.get("number"))), want))
	}},

	// The country of calls whose other party hides the number, and of others.
	{id: "call-country", look: func(x *exchange) finding {
		result := nothing
		for _, c := range x.calls() {
			country := dig(c, "country_code_a2")
			switch digits := text(c, "raw_digits"); {
			case digits == "anonymous" && country == nil:
				result = holds(true)
			case digits == "anonymous":
				return holds(false)
			}
		}
		return result
	}},

	// The priority of lines in their own replies, and in those of calls.
	{id: "number-priority", look: func(x *exchange) finding {
		result := nothing
		for _, n := range x.numbers() {
			priority, found := n.Get("priority")
			if found && priority == nil {
				return holds(false)
			}
			if p, ok := number(priority); ok && p == 0 {
				result = holds(true)
			}
		}
		for _, c := range x.calls() {
			if priority, found := object(dig(c, "number")).Get("priority"); found && priority == nil {
				result = holds(true)
			}
		}
		return result
	}},

	// The messages of lines in calls and sent messages.
	{id: "number-messages", shape: true, look: func(x *exchange) finding {
		var lines []orderedjson.Object
		for _, c := range x.calls() {
			lines = append(lines, object(dig(c, "number")))
		}
		if x.is("send-message", "send-message-in-agent-conversation") && x.ok() {
			lines = append(lines, object(x.get("number")))
		}
		result := nothing
		for _, line := range lines {
			messages := object(dig(line, "messages"))
			for _, m := range messages {
				if m.Value == nil {
					return holds(false)
				}
			}
			if len(messages) > 0 {
				result = holds(true)
			}
		}
		return result
	}},

	// The number of comments of a call, and the refusal of one more.
	{id: "call-comments", shape: true, after: afterComment, look: func(x *exchange) finding {
		most := 0
		for _, c := range x.calls() {
			comments, _ := dig(c, "comments").([]any)
			most = max(most, len(comments))
		}
		switch {
		case most == 5:
			return only("5")
		case most > 5:
			return holds(false)
		}
		return nothing
	}},

	// Cost and pricing type of ended calls, against the time of the reply.
	{id: "call-finalization", look: func(x *exchange) finding {
		at := x.at()
		for _, c := range x.calls() {
			ended, ok := number(dig(c, "ended_at"))
			if !ok || at.IsZero() || !has(c, "pricing_type") {
				continue
			}
			age := at.Sub(time.Unix(ended, 0))
			switch final := dig(c, "pricing_type") != nil; {
			case age < 0:
			case age < 2*time.Minute && final:
				return only("at-once")
			case age < 2*time.Minute:
				return only("later")
			case age > 20*time.Minute+2*time.Second && !final:
				return holds(false)
			}
		}
		return nothing
	}},

	// The cost of calls with a pricing type, which are final.
	{id: "call-cost", look: func(x *exchange) finding {
		result := nothing
		for _, c := range x.calls() {
			cost, isText := dig(c, "cost").(string)
			if dig(c, "pricing_type") == nil || !isText || text(c, "status") != "done" {
				continue
			}
			want := "0.0"
			if text(c, "direction") == "outbound" && dig(c, "answered_at") != nil {
				want = "3.0"
			}
			if cost != want {
				return holds(false)
			}
			result = holds(true)
		}
		return result
	}},

	// The pricing type of calls that have one.
	{id: "call-pricing-type", look: func(x *exchange) finding {
		result := nothing
		for _, c := range x.calls() {
			if kind, isText := dig(c, "pricing_type").(string); isText {
				if kind != "in_bundle" {
					return holds(false)
				}
				result = holds(true)
			}
		}
		return result
	}},

	// The status of a request for a call by a user who is not available is not told; that of a refusal by state is.
	{id: "call-start-unavailable", shape: true, look: func(x *exchange) finding {
		if !x.is("start-an-outbound-call", "dial-a-phone-number-in-the-phone") || x.throttled() {
			return nothing
		}
		switch x.Status {
		case 405:
			return holds(true)
		case 409, 422:
			return holds(false)
		}
		return nothing
	}},

	// The status of a deleted recording.
	{id: "recording-delete", shape: true, look: func(x *exchange) finding {
		if x.is("delete-a-recording", "delete-a-voicemail") && x.Status/100 == 2 {
			return only(statusText(x.Status))
		}
		return nothing
	}},

	// The status of insight cards.
	{id: "insight-cards", shape: true, look: func(x *exchange) finding {
		if x.is("create-insight-cards") && x.Status/100 == 2 {
			return only(statusText(x.Status))
		}
		return nothing
	}},

	// The status of a short URL, and where it leads.
	{id: "audio-short", shape: true, look: func(x *exchange) finding {
		if x.kind != shortURL || x.Status >= 400 || x.RequestHeader.Get("Authorization") != "" {
			return nothing
		}
		_, leads := x.header("Location")
		return holds(x.Status == 302 && leads)
	}},
}

// sometimes are members that a call has only on demand, or only after a conference, a menu or an AI voice agent.
var sometimes = []string{"participants", "conference_participants", "ivr_options_selected", "ai_voice_agents", "timeline"}

// numbers returns the lines in the reply.
func (x *exchange) numbers() []orderedjson.Object {
	if x.kind != withAPI || x.Status/100 != 2 || x.route != "/v1/numbers" && x.route != "/v1/numbers/{id}" {
		return nil
	}
	return x.records("numbers", "number")
}

// exampleKeys returns the keys of a record in the contract's example of a reply, in their order: the recorded one.
func exampleKeys(op string, path ...string) []string {
	v := examples()[op]
	for _, key := range path {
		v = dig(v, key)
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[0]
		}
	}
	return keys(object(v))
}

// examples are the contract's examples of successful replies, by operation.
var examples = sync.OnceValue(func() map[string]any {
	all := map[string]any{}
	doc, err := orderedjson.Decode(fakeaircall.OpenAPI())
	if err != nil {
		return all // a test reads it
	}
	for _, path := range object(dig(doc, "paths")) {
		for _, op := range object(path.Value) {
			for _, response := range object(dig(op.Value, "responses")) {
				for _, media := range object(dig(response.Value, "content")) {
					if name := text(object(op.Value), "operationId"); strings.HasPrefix(response.Key, "2") && all[name] == nil {
						all[name] = dig(media.Value, "example")
					}
				}
			}
		}
	}
	return all
})

var e164 = regexp.MustCompile(`^\+[0-9]{3,15}$`)
