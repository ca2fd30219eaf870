package fakeaircall

import (
	"strconv"
	"time"
)

// actInsights: what Aircall makes of a conversation is there.
const actInsights = act("insights")

// expectInsights is for a call that has just ended.
func (t *tx) expectInsights(c *call) { t.after(insightDelay*time.Second, actInsights, c.ID, 0) }

// tellInsights tells of all that a read now finds. Of a voicemail that is its
// transcription, of most calls nothing.
func (t *tx) emitInsights(m timer) {
	c, ok := t.calls.get(m.ID)
	if !ok || t.company.assume.licence < assistLicence {
		return
	}
	v := t.conversation(c, false)
	if v == nil {
		return
	}
	t.emitInsight("transcription.created", v)
	if v.kind == "voicemail" {
		return
	}
	for _, name := range []string{"summary.created", "topics.created", "sentiment.created", "action_item.created"} {
		t.emitInsight(name, v)
	}
	if t.company.assume.licence < proLicence {
		return
	}
	for _, name := range []string{"playbook_result.created", "custom_summary.result_created", "call_evaluation.created"} {
		t.emitInsight(name, v)
	}
}

// emitInsight tells of one thing that was made of a conversation, or changed. Each
// action item has an event of its own.
func (t *tx) emitInsight(name string, v *conversation) {
	if name != "action_item.created" {
		t.emit(name, insightEvents[name](v).appendTo(nil))
		return
	}
	for _, item := range v.actionItems() {
		e := v.insightEvents(item.ID, envelope{
			{"content", item.Content}, {"ai_generated", item.AIGenerated}, {"created_by", item.CreatedBy}, {"created_at", item.CreatedAt},
			{"updated_by", item.UpdatedBy}, {"updated_at", item.UpdatedAt},
		})
		t.emit(name, e.appendTo(nil))
	}
}

// told begins as all data of conversation intelligence does: a call's id is text
// here (a client in production turns it into a number).
func (v *conversation) insightEvents(id int64, rest envelope) envelope {
	return append(envelope{
		{"id", id}, {"call_id", strconv.FormatInt(v.call.ID, 10)}, {"call_uuid", v.call.SID}, {"number_id", v.call.Number},
	}, rest...)
}

// insightEvents is what each event says of a conversation.
var insightEvents = map[string]func(*conversation) envelope{
	"transcription.created": func(v *conversation) envelope {
		return v.insightEvents(v.id("transcription"), envelope{{"type", v.kind}, {"call_created_at", isoTime(v.call.Started)}, {"content", v.content()}})
	},
	"summary.created": func(v *conversation) envelope {
		return v.insightEvents(v.id("summary"), envelope{{"content", v.summary()}, {"created_at", v.madeAt("summary")}})
	},
	"topics.created": func(v *conversation) envelope {
		return v.insightEvents(v.id("topic"), envelope{{"content", v.topics()}, {"created_at", v.madeAt("topic")}})
	},
	"sentiment.created": func(v *conversation) envelope {
		return v.insightEvents(v.id("sentiment"), envelope{{"participants", []sentimentEventView{{"external", v.phone(), v.sentiment()}}}, {"created_at", v.madeAt("sentiment")}})
	},
	"playbook_result.created":       playbookEvent,
	"playbook_result.updated":       playbookEvent,
	"custom_summary.result_created": customSummaryEvent,
	"custom_summary.result_updated": customSummaryEvent,
	"call_evaluation.created":       evaluationEvent,
	"call_evaluation.updated":       evaluationEvent,
}

// sentimentEventView says "participant_type", where a read says "type".
type sentimentEventView struct {
	ParticipantType string  `json:"participant_type"`
	PhoneNumber     *string `json:"phone_number"`
	Value           string  `json:"value"`
}

func playbookEvent(v *conversation) envelope {
	results, score := v.playbook()
	return v.insightEvents(v.id("playbook result"), envelope{
		{"user_id", orNull(v.call.User)}, {"adherence_score", score}, {"created_at", v.madeAt("playbook result")},
		{"playbook", v.playbookView()}, {"playbook_result_topics", results},
	})
}

func customSummaryEvent(v *conversation) envelope {
	return v.insightEvents(v.id("custom summary"), envelope{
		{"language", v.language}, {"custom_summary", v.templateView()}, {"summary_template_results", v.templateResults()},
	})
}

func evaluationEvent(v *conversation) envelope {
	return v.insightEvents(v.id("evaluation"), envelope{{"ai_generated", true}, {"evaluations", v.evaluations()}})
}

type utteranceEventView struct {
	ParticipantType string `json:"participant_type"`
	UserID          string `json:"user_id,omitempty"`
	Timestamp       int64  `json:"timestamp"` // milliseconds
	DurationMS      int64  `json:"duration_ms"`
	Text            string `json:"text"`
	Language        string `json:"language"`
}

// emitUtterances tells what was said in a call since a number of utterances, and
// how many there are now. It is said again and again while the call goes on.
func (t *tx) emitUtterances(c *call, since int64) (said int64) {
	v := t.conversation(c, true)
	if v == nil || since < 0 || since >= int64(len(v.utterances)) {
		return since
	}
	views := []utteranceEventView{}
	for _, u := range v.utterances[since:] {
		view := utteranceEventView{
			ParticipantType: "internal", UserID: strconv.FormatInt(c.User, 10),
			Timestamp: c.Answered*1000 + int64(u.start)*100, DurationMS: int64(u.end-u.start) * 100, Text: u.text, Language: v.language,
		}
		if u.external {
			view.ParticipantType, view.UserID = "external", ""
		}
		views = append(views, view)
	}
	about := envelope{{"id", c.ID}, {"uuid", c.SID}, {"number_id", c.Number}, {"direction", c.direction()}}
	t.emit("realtime_transcription.utterances_received", envelope{
		{"id", strconv.FormatInt(v.id("utterances")+since, 10)}, {"call", about.appendTo(nil)}, {"utterances", views},
	}.appendTo(nil))
	return int64(len(v.utterances))
}
