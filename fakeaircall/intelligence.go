package fakeaircall

import (
	"strconv"
	"strings"
	"time"
)

// Conversation intelligence: https://developer.aircall.io/api-references/#conversation-intelligence
//
// Clients of 2024 link the chapters of transcription, sentiments, topics and
// summary; the anchors of the others are formed like theirs. Envelopes differ
// from one to the next: four are singular, the rest stand bare.
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

// A licence is the part of AI Assist that a company has bought.
type licence int

const (
	noLicence licence = iota
	assistLicence
	proLicence // AI Assist Pro
)

// licences is what the answers of the assumption mean.
var licences = map[string]licence{"": proLicence, "pro": proLicence, "assist": assistLicence, "none": noLicence}

// What Aircall makes of a conversation is there this long after its end, and
// for none that is shorter (three clients take the 404 of both for normal, and
// one names the minute).
const (
	insightDelay    = 2 * 60
	shortestInsight = 60
)

// realtimeEnd is the first instant after the day on which the live transcript
// gave way to transcription?mode=realtime.
var realtimeEnd = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)

func (r *request) realtimeRetired() bool {
	return strings.HasSuffix(r.route.path, "/realtime_transcription") && !r.assume.keepRealtime && !r.now.Before(realtimeEnd)
}

// converse finds a call of which something can be told, for those who have the
// licence. That there is nothing looks like a call that is not there.
func (r *request) converse(needs licence, live bool, f func(*conversation)) error {
	id, err := strconv.ParseInt(r.path["id"], 10, 64)
	if err != nil {
		return invalid("call_id must be an integer") // a documented 400; other routes have a 404
	}
	if r.assume.licence < needs {
		if r.assume.forbidUnlicensed {
			return &apiError{status: 403, troubleshoot: "This needs the AI Assist add-on"}
		}
		return errNotFound
	}
	return r.do(func(t *tx) error {
		c, ok := t.calls.get(id)
		if !ok {
			return errNotFound
		}
		v := t.conversation(c, live)
		if v == nil {
			return errNotFound
		}
		f(v)
		return nil
	})
}

// insight is a read of something made of a whole conversation. Voicemails have a
// transcription and nothing else.
func insight(needs licence, view func(*request, *conversation) reply) handler {
	return func(r *request) (rep reply, err error) {
		err = r.converse(needs, false, func(v *conversation) {
			if rep = view(r, v); v.kind == "voicemail" {
				rep = reply{}
			}
		})
		if err == nil && rep.status == 0 {
			err = errNotFound
		}
		return rep, err
	}
}

type transcriptionView struct {
	ID            int64       `json:"id"`
	CallID        int64       `json:"call_id"`
	CallCreatedAt string      `json:"call_created_at"`
	Type          string      `json:"type"`
	Content       contentView `json:"content"`
}

type contentView struct {
	Language   string          `json:"language"`
	Utterances []utteranceView `json:"utterances"`
}

// utteranceView has the phone number of the external party, or the id of the user.
type utteranceView struct {
	StartTime       float64 `json:"start_time"`
	EndTime         float64 `json:"end_time"`
	Text            string  `json:"text"`
	ParticipantType string  `json:"participant_type"`
	PhoneNumber     *string `json:"phone_number,omitempty"`
	UserID          int64   `json:"user_id,omitempty"`
}

func (v *conversation) content() contentView {
	content := contentView{v.language, make([]utteranceView, len(v.utterances))}
	for i, u := range v.utterances {
		content.Utterances[i] = utteranceView{
			StartTime: float64(u.start) / 10, EndTime: float64(u.end) / 10, Text: u.text, ParticipantType: "internal", UserID: v.call.User,
		}
		if u.external {
			content.Utterances[i].ParticipantType, content.Utterances[i].UserID = "external", 0
			content.Utterances[i].PhoneNumber = v.phone()
		}
	}
	return content
}

func retrieveTranscription(r *request) (rep reply, err error) {
	live := r.query.Get("mode") == "realtime"
	err = r.converse(assistLicence, live, func(v *conversation) {
		rep = one(200, "transcription", transcriptionView{v.id("transcription"), v.call.ID, isoTime(v.call.Started), v.kind, v.content()})
	})
	return rep, err
}

func retrieveRealtimeTranscription(r *request) (rep reply, err error) {
	err = r.converse(assistLicence, true, func(v *conversation) {
		rep = flat(200, envelope{{"call_id", v.call.ID}, {"call_uuid", v.call.SID}, {"content", v.content()}})
	})
	return rep, err
}

// sentimentPartyView says "type" here, where events say "participant_type".
type sentimentPartyView struct {
	PhoneNumber *string `json:"phone_number"`
	Type        string  `json:"type"`
	Value       string  `json:"value"`
}

func viewSentiments(_ *request, v *conversation) reply {
	return one(200, "sentiment", envelope{
		{"id", v.id("sentiment")}, {"call_id", v.call.ID},
		{"participants", []sentimentPartyView{{v.phone(), "external", v.sentiment()}}},
	}.encode())
}

// viewTopics answers a singular key.
func viewTopics(_ *request, v *conversation) reply {
	return one(200, "topic", v.insight("topic", v.topics()))
}

func viewSummary(_ *request, v *conversation) reply {
	return one(200, "summary", v.insight("summary", v.summary()))
}

func (v *conversation) insight(kind string, content any) raw {
	return envelope{{"id", v.id(kind)}, {"call_id", v.call.ID}, {"created_at", v.madeAt(kind)}, {"content", content}}.encode()
}

// actionItemView was seen in a client; that nobody's id is null is inferred.
type actionItemView struct {
	ID          int64  `json:"id"`
	Content     string `json:"content"`
	AIGenerated bool   `json:"ai_generated"`
	CreatedBy   *int64 `json:"created_by"`
	CreatedAt   string `json:"created_at"`
	UpdatedBy   *int64 `json:"updated_by"`
	UpdatedAt   string `json:"updated_at"`
}

func viewActionItems(_ *request, v *conversation) reply {
	return flat(200, envelope{{"call_id", v.call.ID}, {"action_items", v.actionItems()}})
}

type resultView struct {
	Name   string `json:"name"`
	Result string `json:"result"`
}

func viewPlaybookResult(r *request, v *conversation) reply {
	results, score := v.playbook()
	e := envelope{
		{"id", v.id("playbook result")}, {"call_id", v.call.ID}, {"user_id", orNull(v.call.User)}, {"number_id", v.call.Number},
		{"adherence_score", score}, {"created_at", v.madeAt("playbook result")},
	}
	if r.flag("fetch_playbook") {
		e = append(e, member{"playbook", v.playbookView()})
	}
	return flat(200, append(e, member{"playbook_result_topics", results}))
}

func viewEvaluations(_ *request, v *conversation) reply {
	return flat(200, envelope{
		{"id", v.id("evaluation")}, {"call_id", v.call.ID}, {"ai_generated", true}, {"evaluations", v.evaluations()},
	})
}

type templateResultView struct {
	Name    string `json:"name"`
	Content string `json:"content"`
}

func viewCustomSummary(_ *request, v *conversation) reply {
	return flat(200, envelope{
		{"id", v.id("custom summary")}, {"call_id", v.call.ID}, {"number_id", v.call.Number}, {"language", v.language},
		{"custom_summary", v.templateView()}, {"summary_template_results", v.templateResults()},
	})
}

type driverView struct {
	Polarity string `json:"polarity"`
	Label    string `json:"label"`
}

// viewPredictedCSAT has the drivers that speak for the score or against it: of
// the polarities POSITIVE alone was seen.
func viewPredictedCSAT(_ *request, v *conversation) reply {
	drivers := []driverView{}
	for _, m := range v.matters {
		switch {
		case m.Mood > 0:
			drivers = append(drivers, driverView{"POSITIVE", m.Topic})
		case m.Mood < 0:
			drivers = append(drivers, driverView{"NEGATIVE", m.Topic})
		}
	}
	return one(200, "csat", envelope{
		{"call_id", v.call.ID}, {"call_uuid", v.call.SID}, {"score", v.csat()}, {"drivers", drivers},
	}.encode())
}
