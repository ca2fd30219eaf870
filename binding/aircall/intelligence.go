package aircall

import (
	"context"
	"encoding/json"
)

// Transcription is the transcript of a call or a voicemail.
//
// For everything that Aircall derives from a conversation, a 404 is normal. Either there is nothing yet, or there will be
// nothing: the call was shorter than about a minute, its language is not supported, or the company lacks the add-on.
// The reply does not tell which.
type Transcription struct {
	ID            int64   `json:"id"`
	CallID        int64   `json:"call_id"`
	CallCreatedAt Time    `json:"call_created_at"`
	Type          string  `json:"type"` // call, voicemail
	Content       Content `json:"content"`
}

// Content is the words of a conversation.
type Content struct {
	Language   string      `json:"language"` // such as en-US
	Utterances []Utterance `json:"utterances"`
}

// Utterance is one uninterrupted piece of speech. Times are in seconds from the start of the recording.
type Utterance struct {
	StartTime       float64 `json:"start_time"`
	EndTime         float64 `json:"end_time"`
	Text            string  `json:"text"`
	ParticipantType string  `json:"participant_type"`  // internal, external, ai_voice_agent
	PhoneNumber     string  `json:"phone_number"`      // "": internal, or hidden
	UserID          int64   `json:"user_id"`           // 0: external, or an AI voice agent
	AIVoiceAgentID  string  `json:"ai_voice_agent_id"` // "": a person
}

// RealtimeTranscription is the transcript of a call so far.
type RealtimeTranscription struct {
	CallID   int64   `json:"call_id"`
	CallUUID string  `json:"call_uuid"` // Call.SID
	Content  Content `json:"content"`
}

// Sentiment has the moods of the external participants of a call.
type Sentiment struct {
	ID           int64             `json:"id"`
	CallID       int64             `json:"call_id"`
	Participants []ParticipantMood `json:"participants"`
}

// ParticipantMood is the mood of one participant.
type ParticipantMood struct {
	PhoneNumber string `json:"phone_number"`
	Type        string `json:"type"`  // external; participant_type in events
	Value       string `json:"value"` // POSITIVE, NEUTRAL, NEGATIVE
}

// Topics are the subjects of a call.
type Topics struct {
	ID        int64    `json:"id"`
	CallID    int64    `json:"call_id"`
	CreatedAt Time     `json:"created_at"`
	Content   []string `json:"content"`
}

// Summary summarizes a call in a few sentences.
type Summary struct {
	ID        int64  `json:"id"`
	CallID    int64  `json:"call_id"`
	CreatedAt Time   `json:"created_at"`
	Content   string `json:"content"`
}

// CustomSummaryResult summarizes a call by a template of the company.
type CustomSummaryResult struct {
	ID            int64                   `json:"id"`
	CallID        int64                   `json:"call_id"`
	NumberID      int64                   `json:"number_id"`
	Language      string                  `json:"language"`
	CustomSummary Named                   `json:"custom_summary"` // the template
	Results       []SummaryTemplateResult `json:"summary_template_results"`
}

// Named is an object of which Aircall sends only the name.
type Named struct {
	Name string `json:"name"`
}

// SummaryTemplateResult is one field of a template, filled in.
type SummaryTemplateResult struct {
	Name    string `json:"name"`
	Content string `json:"content"`
}

// ActionItems are the tasks that follow from a call.
type ActionItems struct {
	CallID      int64        `json:"call_id"`
	ActionItems []ActionItem `json:"action_items"`
}

// ActionItem is one task.
type ActionItem struct {
	ID          int64  `json:"id"`
	Content     string `json:"content"`
	AIGenerated bool   `json:"ai_generated"`
	CreatedBy   int64  `json:"created_by"` // a user; 0: none
	CreatedAt   Time   `json:"created_at"`
	UpdatedBy   int64  `json:"updated_by"` // a user; 0: none
	UpdatedAt   Time   `json:"updated_at"`
}

// PlaybookResult rates how well a call followed a playbook.
type PlaybookResult struct {
	ID             int64           `json:"id"`
	CallID         int64           `json:"call_id"`
	UserID         int64           `json:"user_id"`
	NumberID       int64           `json:"number_id"`
	AdherenceScore float64         `json:"adherence_score"`
	CreatedAt      Time            `json:"created_at"`
	Playbook       *Playbook       `json:"playbook"` // nil unless requested
	Topics         []PlaybookTopic `json:"playbook_result_topics"`
}

// Playbook is a list of topics that a user should raise in a call.
type Playbook struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
}

// PlaybookTopic is one topic of a playbook, with its result.
type PlaybookTopic struct {
	Name   string          `json:"name"`
	Result json.RawMessage `json:"result"` // as it came: the documentation gives no type
}

// Evaluations are the scorecards of a call.
type Evaluations struct {
	ID          int64        `json:"id"`
	CallID      int64        `json:"call_id"`
	AIGenerated bool         `json:"ai_generated"` // else by a supervisor
	Evaluations []Evaluation `json:"evaluations"`
}

// Evaluation is one scorecard.
type Evaluation struct {
	Scorecard Named           `json:"scorecard"`
	Score     EvaluationScore `json:"score"`
}

// EvaluationScore is the outcome of a scorecard.
type EvaluationScore struct {
	NormalizedScore float64 `json:"normalized_score"`
}

// PredictedCSAT is the predicted satisfaction of the customer.
type PredictedCSAT struct {
	CallID   int64        `json:"call_id"`
	CallUUID string       `json:"call_uuid"` // Call.SID
	Score    float64      `json:"score"`     // 0 to 100
	Drivers  []CSATDriver `json:"drivers"`
}

// CSATDriver is a reason for a score.
type CSATDriver struct {
	Polarity string `json:"polarity"` // POSITIVE is documented
	Label    string `json:"label"`
}

// TranscriptionMode chooses one of two transcripts.
type TranscriptionMode string

// The modes of a transcription. Aircall's default is TranscriptionAsync.
const (
	TranscriptionAsync    TranscriptionMode = "async"    // made after the call
	TranscriptionRealtime TranscriptionMode = "realtime" // made during the call
)

// Transcription returns the transcript of a call; mode "" is Aircall's default (retrieve-a-transcription).
func (c *Client) Transcription(ctx context.Context, callID int64, mode TranscriptionMode) (*Transcription, error) {
	query := values(struct {
		Mode TranscriptionMode `url:"mode"`
	}{mode})
	return one[Transcription](ctx, c, "retrieve-a-transcription", "transcription", Request{Path: at(callID), Query: query})
}

// RealtimeTranscription returns the transcript of a call so far (retrieve-a-realtime-transcription). Aircall removed it on
// 2026-03-31: use [Client.Transcription] with [TranscriptionRealtime].
func (c *Client) RealtimeTranscription(ctx context.Context, callID int64) (*RealtimeTranscription, error) {
	return whole[RealtimeTranscription](ctx, c, "retrieve-a-realtime-transcription", "call_id", Request{Path: at(callID)})
}

// Sentiment returns the moods of the external participants of a call (retrieve-sentiments).
func (c *Client) Sentiment(ctx context.Context, callID int64) (*Sentiment, error) {
	return one[Sentiment](ctx, c, "retrieve-sentiments", "sentiment", Request{Path: at(callID)})
}

// Topics returns the subjects of a call (retrieve-topics).
func (c *Client) Topics(ctx context.Context, callID int64) (*Topics, error) {
	return one[Topics](ctx, c, "retrieve-topics", "topic", Request{Path: at(callID)})
}

// Summary returns a summary of a call (retrieve-a-summary).
func (c *Client) Summary(ctx context.Context, callID int64) (*Summary, error) {
	return one[Summary](ctx, c, "retrieve-a-summary", "summary", Request{Path: at(callID)})
}

// CustomSummaryResult returns a summary of a call by a template (retrieve-a-custom-summary-result). It requires AI Assist Pro.
func (c *Client) CustomSummaryResult(ctx context.Context, callID int64) (*CustomSummaryResult, error) {
	return whole[CustomSummaryResult](ctx, c, "retrieve-a-custom-summary-result", "call_id", Request{Path: at(callID)})
}

// ActionItems returns the tasks that follow from a call (retrieve-action-items).
func (c *Client) ActionItems(ctx context.Context, callID int64) (*ActionItems, error) {
	return whole[ActionItems](ctx, c, "retrieve-action-items", "action_items", Request{Path: at(callID)})
}

// PlaybookResult returns how well a call followed a playbook, with the playbook if withPlaybook is set
// (retrieve-a-playbook-result). It requires AI Assist Pro.
func (c *Client) PlaybookResult(ctx context.Context, callID int64, withPlaybook bool) (*PlaybookResult, error) {
	query := values(struct {
		Playbook bool `url:"fetch_playbook"`
	}{withPlaybook})
	return whole[PlaybookResult](ctx, c, "retrieve-a-playbook-result", "call_id", Request{Path: at(callID), Query: query})
}

// Evaluations returns the scorecards of a call (retrieve-evaluations). It requires AI Assist Pro.
func (c *Client) Evaluations(ctx context.Context, callID int64) (*Evaluations, error) {
	return whole[Evaluations](ctx, c, "retrieve-evaluations", "evaluations", Request{Path: at(callID)})
}

// PredictedCSAT returns the predicted satisfaction of the customer (retrieve-a-predicted-csat). It requires AI Assist Pro.
func (c *Client) PredictedCSAT(ctx context.Context, callID int64) (*PredictedCSAT, error) {
	return one[PredictedCSAT](ctx, c, "retrieve-a-predicted-csat", "csat", Request{Path: at(callID)})
}
