package traffic

import (
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// eventRules read the events that webhooks received, where a recording has them: a proxy before a receiver records them.
var eventRules = []rule{
	// Users, contacts and transfers that a call does not have.
	{id: "event-absent", shape: true, look: func(x *exchange) finding {
		_, data := x.event("call.")
		for _, key := range []string{"user", "contact", "assigned_to", "transferred_by", "transferred_to"} {
			switch value, found := data.Get(key); {
			case data == nil:
				return nothing
			case found && value == nil:
				return only("null")
			case !found:
				return only("absent")
			}
		}
		return nothing
	}},

	// The recording of an answered call on a line that records, in call.ended.
	{id: "event-audio", shape: true, look: func(x *exchange) finding {
		name, data := x.event("call.")
		recording, found := data.Get("recording")
		switch {
		case !found || dig(data, "answered_at") == nil || dig(data, "number", "live_recording_activated") != true:
			return nothing
		case slices.Contains([]string{"call.created", "call.ringing_on_agent", "call.answered", "call.hungup"}, name):
			if recording != nil {
				return holds(false)
			}
			return nothing
		case name != "call.ended":
			return nothing
		case recording != nil:
			return only("ended")
		}
		return only("late")
	}},

	// Times of contacts.
	{id: "event-contact-times", shape: true, look: func(x *exchange) finding {
		_, data := x.event("")
		if contact := object(dig(data, "contact")); contact != nil {
			data = contact
		} else if _, data = x.event("contact."); data == nil {
			return nothing
		}
		switch dig(data, "created_at").(type) {
		case string:
			return only("text")
		case nil:
			return nothing
		}
		return only("seconds")
	}},

	// The cost of a call, and why it ended.
	{id: "event-cost", look: func(x *exchange) finding {
		_, data := x.event("call.")
		cost, isText := dig(data, "cost").(string)
		if !isText {
			return nothing
		}
		return holds(strings.Contains(cost, ".") && dig(data, "hangup_cause") == nil)
	}},

	// The number of a line in E.164.
	{id: "event-e164", look: func(x *exchange) finding {
		_, data := x.event("")
		line := object(dig(data, "number"))
		if _, number := x.event("number."); number != nil {
			line = number
		}
		plain := text(line, "e164_digits")
		if plain == "" || text(line, "digits") == "" {
			return nothing
		}
		return holds(e164.MatchString(plain) && onlyDigits(plain) == onlyDigits(text(line, "digits")))
	}},

	// Members of the participants of a call.
	{id: "event-participants", shape: true, look: func(x *exchange) finding {
		_, data := x.event("call.")
		list := objects(dig(data, "participants"))
		for _, p := range list {
			members := keys(p)
			if !slices.Equal(members, []string{"phone_number", "type"}) && !slices.Equal(members, []string{"id", "name", "type"}) {
				return holds(false)
			}
		}
		if len(list) == 0 {
			return nothing
		}
		return holds(true)
	}},

	// Short URLs of calls.
	{id: "event-short-urls", shape: true, look: func(x *exchange) finding {
		name, data := x.event("call.")
		recording, has1 := data.Get("recording_short_url")
		voicemail, has2 := data.Get("voicemail_short_url")
		switch {
		case !has1 && !has2:
			return nothing
		case name != "call.comm_assets_generated":
			return holds(recording == nil && voicemail == nil)
		}
		return holds(true)
	}},

	// The user of a missed inbound call, at its end.
	{id: "event-missed", shape: true, look: func(x *exchange) finding {
		name, data := x.event("call.")
		answered, found := data.Get("answered_at")
		if name != "call.hungup" && name != "call.ended" || text(data, "direction") != "inbound" || !found || answered != nil {
			return nothing
		}
		return holds(dig(data, "user") == nil && dig(data, "assigned_to") == nil)
	}},

	// Times of messages.
	{id: "event-message-times", look: func(x *exchange) finding {
		_, data := x.event("message.")
		switch made := dig(data, "created_at").(type) {
		case nil:
			return nothing
		case string:
			_, err := time.Parse("2006-01-02T15:04:05.000Z", made)
			return holds(err == nil)
		}
		return holds(false)
	}},

	// The timestamp of events of messages.
	{id: "event-message-timestamp", look: func(x *exchange) finding {
		_, data := x.event("message.")
		at, ok := number(dig(x.sent, "timestamp"))
		switch {
		case data == nil || !ok:
			return nothing
		case at > 1e12:
			return only("milliseconds")
		case at > 1e9:
			return only("seconds")
		}
		return holds(false)
	}},

	// The member origin of messages.
	{id: "event-message-origin", shape: true, look: func(x *exchange) finding {
		switch _, data := x.event("message."); {
		case data == nil:
			return nothing
		case has(data, "origin"):
			return only("native")
		}
		return only("absent")
	}},

	// The id of the call in results.
	{id: "event-insights", shape: true, look: func(x *exchange) finding {
		_, data := x.event("")
		if text(object(x.sent), "resource") != "conversation_intelligence" || !has(data, "call_id") {
			return nothing
		}
		_, isText := dig(data, "call_id").(string)
		return holds(isText)
	}},

	// The id of a removed integration.
	{id: "event-integration", shape: true, look: func(x *exchange) finding {
		name, data := x.event("integration.")
		if name != "integration.deleted" {
			return nothing
		}
		_, isNumber := number(dig(data, "integration_id"))
		return holds(isNumber)
	}},

	// The user in call.transferred, and who transferred the call.
	{id: "event-transfer-user", look: func(x *exchange) finding {
		name, data := x.event("call.")
		user, known := number(dig(data, "user", "id"))
		by, transferred := number(dig(data, "transferred_by", "id"))
		if name != "call.transferred" || !known || !transferred {
			return nothing
		}
		return holds(user == by)
	}},

	// The envelope of a callback of a line in proxy mode.
	{id: "callback-data", look: func(x *exchange) finding {
		name := text(object(x.sent), "event_name")
		if x.kind != delivery || name == "" {
			return nothing
		}
		_, group := dig(x.sent, "data", "participants").([]any)
		kind := strings.HasPrefix(name, "message.") || group && strings.HasPrefix(name, "group_message.")
		return holds(kind && text(object(x.sent), "resource") == "message" && dig(x.sent, "data", "direction") != nil)
	}},

	// The error of a failed WhatsApp message.
	{id: "whatsapp-failure", look: func(x *exchange) finding {
		_, data := x.event("message.")
		if text(data, "channel") != "whatsapp" || text(data, "status") != "failed" {
			return nothing
		}
		_, isNumber := number(dig(data, "error_code"))
		return holds(isNumber)
	}},
}

// event returns the name and the data of an event that begins so, or nothing.
func (x *exchange) event(prefix string) (name string, data orderedjson.Object) {
	if x.kind != delivery {
		return "", nil
	}
	name = text(object(x.sent), "event")
	if !strings.HasPrefix(name, prefix) || !slices.Contains(knownEvents, name) {
		return "", nil // a callback of a line in proxy mode has other names
	}
	return name, object(dig(x.sent, "data"))
}
