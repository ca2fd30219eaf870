package traffic

import (
	"slices"
)

// intelligenceOps are the reads of what Aircall finds out about a call.
var intelligenceOps = []string{
	"retrieve-a-transcription", "retrieve-sentiments", "retrieve-topics", "retrieve-a-summary", "retrieve-action-items", "retrieve-a-playbook-result",
	"retrieve-a-custom-summary-result", "retrieve-evaluations", "retrieve-a-predicted-csat",
}

// intelligenceRules read conversation intelligence and analytics.
var intelligenceRules = []rule{
	// The reply where there is no result.
	{id: "intelligence-none", shape: true, look: func(x *exchange) finding {
		if !x.is(intelligenceOps...) || !integerID(x) {
			return nothing
		}
		switch o, refused := x.refused(); {
		case x.Status == 404 && refused:
			return holds(has(o, "troubleshoot"))
		case x.Status == 204:
			return holds(false)
		}
		return nothing
	}},

	// The status of an id that is not an integer.
	{id: "intelligence-id", look: func(x *exchange) finding {
		if !x.is(intelligenceOps...) || integerID(x) || x.throttled() {
			return nothing
		}
		return holds(x.Status == 400)
	}},

	// The status of a refusal for want of a license; a 404 may have other reasons.
	{id: "intelligence-unlicensed", shape: true, look: func(x *exchange) finding {
		if _, application := x.refused(); x.is(intelligenceOps...) && application && x.Status == 403 {
			return only("403")
		}
		return nothing
	}},

	// The phone numbers of participants.
	{id: "intelligence-phone", look: func(x *exchange) finding {
		if !x.is("retrieve-a-transcription", "retrieve-sentiments") || !x.ok() {
			return nothing
		}
		result := nothing
		for _, p := range slices.Concat(objects(x.get("transcription", "content", "utterances")), objects(x.get("sentiment", "participants"))) {
			phone, there := p.Get("phone_number")
			number, isText := phone.(string)
			switch {
			case !there || phone == nil && x.is("retrieve-sentiments"):
			case !isText || !e164.MatchString(number):
				return holds(false)
			default:
				result = holds(true)
			}
		}
		return result
	}},

	// Scores, and the results of a playbook's topics.
	{id: "intelligence-scores", look: func(x *exchange) finding {
		if !x.is("retrieve-a-playbook-result", "retrieve-evaluations", "retrieve-a-predicted-csat") || !x.ok() {
			return nothing
		}
		scores := []any{x.get("adherence_score"), x.get("csat", "score")}
		for _, e := range objects(x.get("evaluations")) {
			scores = append(scores, dig(e, "score", "normalized_score"))
		}
		result := nothing
		for _, s := range scores {
			if s == nil {
				continue
			}
			if n, ok := number(s); !ok || n < 0 || n > 100 {
				return holds(false)
			}
			result = holds(true)
		}
		for _, topic := range objects(x.get("playbook_result_topics")) {
			if _, isText := dig(topic, "result").(string); !isText {
				return holds(false)
			}
		}
		return result
	}},

	// The status of a mode that is neither realtime nor async.
	{id: "transcription-mode", look: func(x *exchange) finding {
		mode, given := x.param("mode")
		if !x.is("retrieve-a-transcription") || !given || mode == "realtime" || mode == "async" || !integerID(x) {
			return nothing
		}
		switch x.Status {
		case 200:
			return holds(true)
		case 400, 422:
			return holds(false)
		}
		return nothing
	}},

	// The reply to the live transcript, by the date of the reply.
	{id: "realtime-transcription", shape: true, look: func(x *exchange) finding {
		if !x.is("retrieve-a-realtime-transcription") || x.throttled() || x.at().IsZero() {
			return nothing
		}
		return gone(x, liveEnd, "removed", "keep")
	}},

	// Headers of replies of the application, and success in its errors.
	{id: "ai-tier", shape: true, look: func(x *exchange) finding {
		ai := x.is(intelligenceOps...) || x.is("trigger-an-outbound-call", "create-an-analytics-report-export", "retrieve-an-analytics-report-export")
		return lookTier(x, ai, true)
	}},

	// The status of an export.
	{id: "analytics-status", shape: true, look: func(x *exchange) finding {
		if x.is("create-an-analytics-report-export") && x.Status/100 == 2 {
			return holds(x.Status == 201)
		}
		return nothing
	}},
}

func integerID(x *exchange) bool {
	if len(x.vars) == 0 {
		return false
	}
	_, ok := whole(x.vars[0])
	return ok
}

// lookTier looks at the headers by which Rails and Express can be told apart.
func lookTier(x *exchange, concerned, rails bool) finding {
	if x.kind != withAPI || !concerned || x.throttled() || x.fromAnyEdge() || x.Status == 304 {
		return nothing
	}
	_, express := x.header("X-Powered-By")
	_, request := x.header("X-Request-Id")
	if !express && !request {
		return nothing // a recording without headers
	}
	return holds(express != rails && request == rails)
}
