package aircall_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func intelligenceCases(t *testing.T) []opCase {
	made := iso(t, someISO)
	content := aircall.Content{Language: "en-US", Utterances: []aircall.Utterance{
		{StartTime: 1.2, EndTime: 3.4, Text: "Hello", ParticipantType: "external", PhoneNumber: "+33176000001"},
		{StartTime: 4, EndTime: 5, Text: "Hi", ParticipantType: "internal", UserID: 7},
	}}
	const words = `{"language":"en-US","utterances":[{"start_time":1.2,"end_time":3.4,"text":"Hello","participant_type":"external","phone_number":"+33176000001"},{"start_time":4,"end_time":5,"text":"Hi","participant_type":"internal","user_id":7}]}`
	const transcription = `{"transcription":{"id":9,"call_id":5,"call_created_at":"` + someISO + `","type":"call","content":` + words + `}}`
	whole := &aircall.Transcription{ID: 9, CallID: 5, CallCreatedAt: made, Type: "call", Content: content}
	return append([]opCase{{
		op:      "retrieve-a-transcription",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Transcription(ctx, 5, "") },
		request: "GET /v1/calls/5/transcription", status: 200, reply: transcription, want: whole,
	}, {
		op: "retrieve-a-transcription",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.Transcription(ctx, 5, aircall.TranscriptionRealtime)
		},
		request: "GET /v1/calls/5/transcription?mode=realtime", status: 200, reply: transcription, want: whole,
	}, {
		op:      "retrieve-a-realtime-transcription",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.RealtimeTranscription(ctx, 5) },
		request: "GET /v1/calls/5/realtime_transcription", status: 200, reply: `{"call_id":5,"call_uuid":"CA1","content":` + words + `}`,
		want: &aircall.RealtimeTranscription{CallID: 5, CallUUID: "CA1", Content: content},
	}, {
		op:      "retrieve-sentiments",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Sentiment(ctx, 5) },
		request: "GET /v1/calls/5/sentiments", status: 200,
		reply: `{"sentiment":{"id":9,"call_id":5,"participants":[{"phone_number":"+33176000001","type":"external","value":"POSITIVE"}]}}`,
		want: &aircall.Sentiment{ID: 9, CallID: 5, Participants: []aircall.ParticipantMood{
			{PhoneNumber: "+33176000001", Type: "external", Value: "POSITIVE"},
		}},
	}, {
		op:      "retrieve-topics",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Topics(ctx, 5) },
		request: "GET /v1/calls/5/topics", status: 200, reply: `{"topic":{"id":9,"call_id":5,"created_at":"` + someISO + `","content":["billing","refund"]}}`,
		want: &aircall.Topics{ID: 9, CallID: 5, CreatedAt: made, Content: []string{"billing", "refund"}},
	}, {
		op:      "retrieve-a-summary",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Summary(ctx, 5) },
		request: "GET /v1/calls/5/summary", status: 200, reply: `{"summary":{"id":9,"call_id":5,"created_at":"` + someISO + `","content":"A refund."}}`,
		want: &aircall.Summary{ID: 9, CallID: 5, CreatedAt: made, Content: "A refund."},
	}}, scoreCases(made)...)
}

func scoreCases(made aircall.Time) []opCase {
	const playbook = `{"id":9,"call_id":5,"user_id":7,"number_id":44,"adherence_score":62.5,"created_at":"` + someISO + `","playbook":{"id":3,"name":"Sales","language":"en"},"playbook_result_topics":[{"name":"Greeting","result":"content"}]}`
	kept := &aircall.PlaybookResult{
		ID: 9, CallID: 5, UserID: 7, NumberID: 44, AdherenceScore: 62.5, CreatedAt: made, Playbook: &aircall.Playbook{ID: 3, Name: "Sales", Language: "en"},
		Topics: []aircall.PlaybookTopic{{Name: "Greeting", Result: json.RawMessage(`"content"`)}},
	}
	return []opCase{{
		op:      "retrieve-a-custom-summary-result",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.CustomSummaryResult(ctx, 5) },
		request: "GET /v1/calls/5/custom_summary_result", status: 200,
		reply: `{"id":9,"call_id":5,"number_id":44,"language":"en","custom_summary":{"name":"BANT"},"summary_template_results":[{"name":"Budget","content":"none"}]}`,
		want: &aircall.CustomSummaryResult{
			ID: 9, CallID: 5, NumberID: 44, Language: "en", CustomSummary: aircall.Named{Name: "BANT"},
			Results: []aircall.SummaryTemplateResult{{Name: "Budget", Content: "none"}},
		},
	}, {
		op:      "retrieve-action-items",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.ActionItems(ctx, 5) },
		request: "GET /v1/calls/5/action_items", status: 200,
		reply: `{"call_id":5,"action_items":[{"id":9,"content":"Call back","ai_generated":true,"created_by":null,"created_at":"` + someISO + `","updated_by":7,"updated_at":"` + someISO + `"}]}`,
		want: &aircall.ActionItems{CallID: 5, ActionItems: []aircall.ActionItem{
			{ID: 9, Content: "Call back", AIGenerated: true, CreatedAt: made, UpdatedBy: 7, UpdatedAt: made},
		}},
	}, {
		op:      "retrieve-a-playbook-result",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.PlaybookResult(ctx, 5, false) },
		request: "GET /v1/calls/5/playbook_result", status: 200, reply: playbook, want: kept,
	}, {
		op:      "retrieve-a-playbook-result",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.PlaybookResult(ctx, 5, true) },
		request: "GET /v1/calls/5/playbook_result?fetch_playbook=true", status: 200, reply: playbook, want: kept,
	}, {
		op:      "retrieve-evaluations",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Evaluations(ctx, 5) },
		request: "GET /v1/calls/5/evaluations", status: 200,
		reply: `{"id":9,"call_id":5,"ai_generated":true,"evaluations":[{"scorecard":{"name":"QA"},"score":{"normalized_score":80}}]}`,
		want: &aircall.Evaluations{ID: 9, CallID: 5, AIGenerated: true, Evaluations: []aircall.Evaluation{
			{Scorecard: aircall.Named{Name: "QA"}, Score: aircall.EvaluationScore{NormalizedScore: 80}},
		}},
	}, {
		op:      "retrieve-a-predicted-csat",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.PredictedCSAT(ctx, 5) },
		request: "GET /v1/calls/5/predicted_csat", status: 200,
		reply: `{"csat":{"call_id":5,"call_uuid":"CA1","score":75,"drivers":[{"polarity":"POSITIVE","label":"Customer was satisfied"}]}}`,
		want: &aircall.PredictedCSAT{CallID: 5, CallUUID: "CA1", Score: 75, Drivers: []aircall.CSATDriver{
			{Polarity: "POSITIVE", Label: "Customer was satisfied"},
		}},
	}}
}

// An object of something else must not pass for an empty one.
func TestWholeNeedsItsKey(t *testing.T) {
	for _, body := range []string{``, `[]`, `{}`, `{"summary":{}}`, `{"call_id":null}`, `{"call_id":"five"}`} {
		c := serve(t, reply(200, body))
		_, err := c.RealtimeTranscription(t.Context(), 5)
		if e := wantError(t, err); e.Kind != aircall.KindInvalidResponse || e.Op != "retrieve-a-realtime-transcription" {
			t.Errorf("%s: got %v", body, e)
		}
	}
}
