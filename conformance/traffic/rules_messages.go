package traffic

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// messageOps are the operations that send a message.
var messageOps = []string{
	"send-message", "send-message-in-agent-conversation", "send-whatsapp-message", "send-whatsapp-message-in-agent-conversation",
}

// messageRules read messages and the configuration of lines.
var messageRules = []rule{
	// Headers of messages and of SMS templates.
	{id: "message-tier", shape: true, look: func(x *exchange) finding {
		if x.is("list-sms-templates", "retrieve-registration-status") {
			return lookTier(x, true, true)
		}
		return lookTier(x, strings.Contains(x.route, "/messages/") || strings.Contains(x.route, "whatsapp"), false)
	}},

	// The word of a refused message.
	{id: "message-errors", look: func(x *exchange) finding {
		o, ok := x.refused()
		if !ok || !x.is(messageOps...) || x.Status != 400 && x.Status != 403 {
			return nothing
		}
		want := map[int][]string{400: {"InvalidPayload", "SameDestinationAsSender", "Bad Request"}, 403: {"LineIsNotNativeException", "Forbidden"}}
		return holds(slices.Contains(want[x.Status], text(o, "error")))
	}},

	// Members and word of the registration.
	{id: "registration-status", look: func(x *exchange) finding {
		if !x.is("retrieve-registration-status") || !x.ok() {
			return nothing
		}
		word := text(object(x.body), "registration_status")
		return holds(len(object(x.body)) == 1 && slices.Contains([]string{"approved", "pending", "rejected"}, word))
	}},

	// The id of a message and the end of its link.
	{id: "message-id", look: func(x *exchange) finding {
		id := text(object(x.body), "id")
		if !x.is(messageOps...) || !x.ok() || id == "" {
			return nothing
		}
		return holds(messageID.MatchString(id) && !strings.HasSuffix(text(object(x.body), "direct_link"), "/"+id))
	}},

	// Members of the reply behind the line.
	{id: "message-reply", shape: true, look: func(x *exchange) finding {
		members := keys(object(x.body))
		at := slices.Index(members, "number")
		if !x.is("send-message", "send-message-in-agent-conversation") || !x.ok() || at < 0 {
			return nothing
		}
		return holds(slices.Equal(members[at+1:], []string{"body", "media_url"}) && !has(object(x.get("number")), "users"))
	}},

	// The status of a message with files and no text.
	{id: "message-body", look: func(x *exchange) finding {
		if !x.is("send-message", "send-message-in-agent-conversation") || x.throttled() || object(x.sent) == nil {
			return nothing
		}
		files, _ := dig(x.sent, "mediaUrl").([]any)
		blank := strings.TrimSpace(text(object(x.sent), "body")) == ""
		switch {
		case !blank && len(files) <= 10 || text(object(x.sent), "to") == "" || x.Status == 404:
			return nothing
		case x.Status == 400:
			return holds(true)
		}
		return holds(x.Status/100 != 2)
	}},

	// The status of a group of one, or of more than ten.
	{id: "group-size", look: func(x *exchange) finding {
		to, given := dig(x.sent, "participants").([]any)
		if !x.is("send-group-message", "send-group-message-in-agent-conversation") || !given || x.throttled() || x.Status == 404 || len(to) >= 2 && len(to) <= 10 {
			return nothing
		}
		return holds(x.Status == 400)
	}},

	// The tokens of a page of templates.
	{id: "whatsapp-paging", look: func(x *exchange) finding {
		if !x.is("list-whatsapp-templates") {
			return nothing
		}
		sent, limited := x.param("limit")
		limit, isNumber := whole(sent)
		switch page := object(x.get("pageInfo")); {
		case limited && (!isNumber || limit < 1 || limit > 100) && !x.throttled() && x.Status != 404:
			return holds(x.Status == 400)
		case !x.ok() || page == nil:
			return nothing
		default:
			_, current := number(dig(page, "currentToken"))
			_, next := number(dig(page, "nextToken"))
			return holds(current && (next || dig(page, "nextToken") == nil))
		}
	}},
}

var messageID = regexp.MustCompile(`^[0-9]{13}[A-Za-z0-9]{16}$`)

// campaignRules read campaigns of both kinds.
var campaignRules = []rule{
	// Whether a dialer campaign is wrapped.
	{id: "dialer-envelope", shape: true, look: func(x *exchange) finding {
		switch o := object(x.body); {
		case !x.is("retrieve-a-dialer-campaign") || !x.ok():
		case has(o, "dialer_campaign"):
			return only("wrapped")
		case has(o, "id"):
			return only("bare")
		}
		return nothing
	}},

	// The status of a dialer campaign and of its numbers.
	{id: "dialer-status", shape: true, look: func(x *exchange) finding {
		if x.is("create-a-dialer-campaign", "add-phone-numbers") && x.Status/100 == 2 {
			return holds(x.Status == 204)
		}
		return nothing
	}},

	// The kind of the line of a dialer campaign.
	{id: "dialer-number", shape: true, look: func(x *exchange) finding {
		o := object(x.body)
		if wrapped := object(dig(o, "dialer_campaign")); wrapped != nil {
			o = wrapped
		}
		if !x.is("retrieve-a-dialer-campaign") || !x.ok() || !has(o, "number_id") {
			return nothing
		}
		_, isText := dig(o, "number_id").(string)
		return holds(isText || dig(o, "number_id") == nil)
	}},

	// Successes on the paths of campaigns, and on others below them.
	{id: "campaign-paths", shape: true, look: func(x *exchange) finding {
		if x.kind != withAPI || !strings.HasPrefix(x.path, "/v1/campaign") || x.Status/100 != 2 {
			return nothing
		}
		return holds(x.op != "")
	}},

	// Status and key of a campaign.
	{id: "campaign-reply", shape: true, look: func(x *exchange) finding {
		status := 200
		switch {
		case x.is("create-a-campaign"):
			status = 201
		case !x.is("retrieve-a-campaign", "launch-a-campaign", "pause-a-campaign", "resume-a-campaign", "archive-a-campaign", "assign-campaign-agents"):
			return nothing
		}
		if x.Status/100 != 2 {
			return nothing
		}
		return holds(x.Status == status && (!x.isJSON || slices.Equal(keys(object(x.get("campaign"))), exampleKeys("create-a-campaign", "campaign"))))
	}},

	// Members of the contacts of a campaign, and the status of new ones.
	{id: "campaign-contacts", shape: true, look: func(x *exchange) finding {
		switch {
		case x.is("add-campaign-contacts") && x.Status/100 == 2:
			return holds(x.Status == 201)
		case x.is("list-campaign-contacts") && x.ok():
			return holds(slices.Equal(keys(object(x.body)), []string{"contacts"}))
		}
		return nothing
	}},

	// Members of the lists of campaigns and outcomes.
	{id: "campaign-lists", shape: true, look: func(x *exchange) finding {
		switch {
		case !x.ok():
			return nothing
		case x.is("list-campaigns", "list-campaign-call-outcomes"):
			return holds(has(object(x.body), "meta"))
		case x.is("list-campaign-outcomes"):
			for _, o := range objects(x.get("campaign_outcomes")) {
				if !slices.Equal(keys(o), []string{"id", "name"}) {
					return holds(false)
				}
			}
			return holds(slices.Equal(keys(object(x.body)), []string{"campaign_outcomes"}))
		}
		return nothing
	}},

	// Members of the recorded outcomes.
	{id: "campaign-call-outcomes", shape: true, look: func(x *exchange) finding {
		outcomes := objects(x.get("call_outcomes"))
		if !x.is("list-campaign-call-outcomes") || !x.ok() || len(outcomes) == 0 {
			return nothing
		}
		return holds(!slices.ContainsFunc(outcomes, func(o orderedjson.Object) bool {
			return !slices.Equal(keys(o), exampleKeys("list-campaign-call-outcomes", "call_outcomes"))
		}))
	}},
}
