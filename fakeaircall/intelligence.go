package fakeaircall

import (
	"strconv"
	"strings"
	"time"
)

// Conversation intelligence: https://developer.aircall.io/api-references/#conversation-intelligence
//
// Clients of 2024 link the chapters of transcription, sentiments, topics and summary; the anchors of the others are
// formed like theirs. Envelopes differ: four have a singular key, the others have none.
func intelligenceRoutes() []route {
	return []route{
		{"retrieve-a-transcription", "GET", "/v1/calls/{id}/transcription", railsTier, retrieveTranscription},
		{"retrieve-a-realtime-transcription", "GET", "/v1/calls/{id}/realtime_transcription", railsTier, retrieveRealtimeTranscription},
		{"retrieve-sentiments", "GET", "/v1/calls/{id}/sentiments", railsTier, insight(assistLicence, viewSentiments)},
		{"retrieve-topics", "GET", "/v1/calls/{id}/topics", railsTier, insight(assistLicence, viewTopics)},
		{"retrieve-a-summary", "GET", "/v1/calls/{id}/summary", railsTier, insight(assistLicence, viewSummary)},
		{"retrieve-a-custom-summary-result", "GET", "/v1/calls/{id}/custom_summary_result", railsTier, insight(proLicence, viewCustomSummary)},
		{"retrieve-action-items", "GET", "/v1/calls/{id}/action_items", railsTier, insight(assistLicence, viewActionItems)},
		{"retrieve-a-playbook-result", "GET", "/v1/calls/{id}/playbook_result", railsTier, insight(proLicence, viewPlaybookResult)},
		{"retrieve-evaluations", "GET", "/v1/calls/{id}/evaluations", railsTier, insight(proLicence, viewEvaluations)},
		{"retrieve-a-predicted-csat", "GET", "/v1/calls/{id}/predicted_csat", railsTier, insight(proLicence, viewPredictedCSAT)},
	}
}

// A licence is the part of AI Assist that an account has bought.
type licence int

const (
	noLicence licence = iota
	assistLicence
	proLicence // AI Assist Pro
)

// licences has the meaning of each answer to the assumption.
var licences = map[string]licence{"": proLicence, "pro": proLicence, "assist": assistLicence, "none": noLicence}

// Aircall has analyzed a conversation insightDelay seconds after its end, and analyzes none that is shorter than
// shortestInsight seconds (three clients take the 404 of both for normal, and one names the minute).
const (
	insightDelay    = 2 * 60
	shortestInsight = 60
)

// realtimeEnd is the first instant after the last day of the live transcript. Its successor is
// transcription?mode=realtime.
var realtimeEnd = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)

func (r *request) realtimeRetired() bool {
	return strings.HasSuffix(r.route.path, "/realtime_transcription") && !r.assume.keepRealtime && !r.now.Before(realtimeEnd)
}

// converse answers with what view makes of the conversation of a call, for accounts that have the licence. It is a 404
// if there is no conversation, or if view returns no status.
func (r *request) converse(needs licence, live bool, view func(*conversation) reply) (rep reply, err error) {
	id, err := strconv.ParseInt(r.path["id"], 10, 64)
	switch {
	case err != nil:
		return rep, invalid("call_id must be an integer") // a documented 400; other routes have a 404
	case r.assume.licence < needs && r.assume.forbidUnlicensed:
		return rep, &apiError{status: 403, troubleshoot: "This needs the AI Assist add-on"}
	case r.assume.licence < needs:
		return rep, errNotFound
	}
	err = r.do(func(t *tx) error {
		c, ok := t.calls.get(id)
		if !ok {
			return errNotFound
		}
		if v := t.conversation(c, live); v != nil {
			rep = view(v)
		}
		if rep.status == 0 {
			return errNotFound
		}
		return nil
	})
	return rep, err
}

// insight reads something that is made of a whole conversation. A voicemail has a transcription and nothing else.
func insight(needs licence, view func(*request, *conversation) reply) handler {
	return func(r *request) (reply, error) {
		return r.converse(needs, false, func(v *conversation) reply {
			if v.kind == "voicemail" {
				return reply{}
			}
			return view(r, v)
		})
	}
}

type contentView struct {
	Language   string          `json:"language"`
	Utterances []utteranceView `json:"utterances"`
}

// utteranceView has the phone number of the external party, or the id of the user or the AI voice agent.
type utteranceView struct {
	StartTime       float64 `json:"start_time"`
	EndTime         float64 `json:"end_time"`
	Text            string  `json:"text"`
	ParticipantType string  `json:"participant_type"`
	PhoneNumber     *string `json:"phone_number,omitempty"`
	UserID          int64   `json:"user_id,omitempty"`
	AgentID         string  `json:"ai_voice_agent_id,omitempty"`
}

func (v *conversation) content() contentView {
	content := contentView{v.language, make([]utteranceView, len(v.utterances))}
	for i, u := range v.utterances {
		view := utteranceView{StartTime: float64(u.start) / 10, EndTime: float64(u.end) / 10, Text: u.text}
		switch {
		case u.external:
			view.ParticipantType, view.PhoneNumber = "external", v.phone()
		case v.agent != "":
			view.ParticipantType, view.AgentID = v.agentType, v.agent
		default:
			view.ParticipantType, view.UserID = "internal", v.call.User
		}
		content.Utterances[i] = view
	}
	return content
}

func retrieveTranscription(r *request) (reply, error) {
	live, needs := r.query.Get("mode") == "realtime", assistLicence
	if live {
		needs = r.assume.realtimeLicence
	}
	return r.converse(needs, live, func(v *conversation) reply {
		return one(200, "transcription", envelope{
			{"id", v.id("transcription")}, {"call_id", v.call.ID}, {"call_created_at", isoTime(v.call.Started)},
			{"type", v.kind}, {"content", v.content()},
		})
	})
}

func retrieveRealtimeTranscription(r *request) (reply, error) {
	return r.converse(r.assume.realtimeLicence, true, func(v *conversation) reply {
		return flat(200, envelope{{"call_id", v.call.ID}, {"call_uuid", v.call.SID}, {"content", v.content()}})
	})
}

// viewSentiments has the key type where the event has participant_type.
func viewSentiments(_ *request, v *conversation) reply {
	party := envelope{{"phone_number", v.phone()}, {"type", "external"}, {"value", v.sentiment()}}
	return one(200, "sentiment", envelope{{"id", v.id("sentiment")}, {"call_id", v.call.ID}, {"participants", []raw{encode(party)}}})
}

func viewTopics(_ *request, v *conversation) reply { return v.insight("topic", v.topics()) }

func viewSummary(_ *request, v *conversation) reply { return v.insight("summary", v.summary()) }

func (v *conversation) insight(kind string, content any) reply {
	return one(200, kind, envelope{{"id", v.id(kind)}, {"call_id", v.call.ID}, {"created_at", v.madeAt(kind)}, {"content", content}})
}

func viewActionItems(_ *request, v *conversation) reply {
	items := []raw{}
	for _, item := range v.actionItems() {
		items = append(items, encode(item))
	}
	return flat(200, envelope{{"call_id", v.call.ID}, {"action_items", items}})
}

func viewPlaybookResult(r *request, v *conversation) reply {
	results, score := v.playbook()
	var playbook any
	if r.flag("fetch_playbook") {
		playbook = v.playbookView()
	}
	return flat(200, envelope{
		{"id", v.id("playbook result")}, {"call_id", v.call.ID}, {"user_id", orNull(v.call.User)}, {"number_id", v.call.Number},
		{"adherence_score", score}, {"created_at", v.madeAt("playbook result")},
		{"playbook", playbook}, {"playbook_result_topics", results},
	}.present())
}

func viewEvaluations(_ *request, v *conversation) reply {
	return flat(200, envelope{
		{"id", v.id("evaluation")}, {"call_id", v.call.ID}, {"ai_generated", true}, {"evaluations", v.evaluations()},
	})
}

func viewCustomSummary(_ *request, v *conversation) reply {
	return flat(200, envelope{
		{"id", v.id("custom summary")}, {"call_id", v.call.ID}, {"number_id", v.call.Number}, {"language", v.language},
		{"custom_summary", envelope{{"name", v.book.Template}}}, {"summary_template_results", v.templateResults()},
	})
}

// viewPredictedCSAT has the drivers that speak for the score or against it: of the polarities, only POSITIVE was seen.
func viewPredictedCSAT(_ *request, v *conversation) reply {
	drivers := []raw{}
	for _, m := range v.matters {
		polarity := map[int]string{1: "POSITIVE", -1: "NEGATIVE"}[m.Mood]
		if polarity != "" {
			drivers = append(drivers, encode(envelope{{"polarity", polarity}, {"label", m.Topic}}))
		}
	}
	return one(200, "csat", envelope{{"call_id", v.call.ID}, {"call_uuid", v.call.SID}, {"score", v.csat()}, {"drivers", drivers}})
}

// actInsights emits the insights of a call.
const actInsights = act("insights")

// expectInsights sets the timer for the insights of a call that has just ended.
func (t *tx) expectInsights(c *call) { t.after(insightDelay*time.Second, actInsights, c.ID, 0) }

// emitInsights emits an event for everything that a read now finds. Of a voicemail that is the transcription, of most
// calls nothing. The id of the call is text (a client in production turns it into a number).
func (t *tx) emitInsights(m timer) {
	c, ok := t.calls.get(m.ID)
	if !ok || t.account.assume.licence < assistLicence {
		return
	}
	v := t.conversation(c, false)
	if v == nil {
		return
	}
	for _, e := range v.events() {
		if t.account.assume.licence >= e.needs {
			t.emit(e.name, e.data)
		}
	}
}

// An insightEvent is an event of what Aircall makes of a conversation.
type insightEvent struct {
	name  string
	needs licence
	data  raw
}

// revisions are changes of what Aircall made of a conversation. The zero value has none.
type revisions struct {
	Playbook int    `json:"playbook,omitzero"` // counts them: each turns the verdict on one step
	Summary  string `json:"summary,omitzero"`  // the first field of the custom summary; "": as it was made
	Score    *int64 `json:"score,omitzero"`    // of the evaluation; nil: as it was made
}

// events returns an event for everything that Aircall makes of a conversation, in their order.
func (v *conversation) events() (list []insightEvent) {
	c, needs := v.call, assistLicence
	emit := func(name string, id int64, rest envelope) {
		about := envelope{{"id", id}, {"call_id", strconv.FormatInt(c.ID, 10)}, {"call_uuid", c.SID}, {"number_id", c.Number}}
		list = append(list, insightEvent{name, needs, encode(append(about, rest...))})
	}
	emit("transcription.created", v.id("transcription"), envelope{
		{"type", v.kind}, {"call_created_at", isoTime(c.Started)}, {"content", v.content()},
	})
	if v.kind == "voicemail" {
		return list
	}
	emit("summary.created", v.id("summary"), envelope{{"content", v.summary()}, {"created_at", v.madeAt("summary")}})
	emit("topics.created", v.id("topic"), envelope{{"content", v.topics()}, {"created_at", v.madeAt("topic")}})
	party := envelope{{"participant_type", "external"}, {"phone_number", v.phone()}, {"value", v.sentiment()}}
	emit("sentiment.created", v.id("sentiment"), envelope{{"participants", []raw{encode(party)}}, {"created_at", v.madeAt("sentiment")}})
	for i, item := range v.actionItems() {
		emit("action_item.created", v.actionItemID(i), item[1:])
	}
	needs = proLicence
	results, score := v.playbook()
	emit("playbook_result.created", v.id("playbook result"), envelope{
		{"user_id", orNull(c.User)}, {"adherence_score", score}, {"created_at", v.madeAt("playbook result")},
		{"playbook", v.playbookView()}, {"playbook_result_topics", results},
	})
	emit("custom_summary.result_created", v.id("custom summary"), envelope{
		{"language", v.language}, {"custom_summary", envelope{{"name", v.book.Template}}}, {"summary_template_results", v.templateResults()},
	})
	emit("call_evaluation.created", v.id("evaluation"), envelope{{"ai_generated", true}, {"evaluations", v.evaluations()}})
	return list
}
