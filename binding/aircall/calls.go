package aircall

import (
	"context"
	"encoding/json"
)

// Call is one phone call. Aircall has no "from" and "to": RawDigits is the other party, Number the company's own line, and
// Direction says who called.
type Call struct {
	ID                      int64          `json:"id"`
	SID                     string         `json:"sid"` // of the telephony; call_uuid in events
	DirectLink              string         `json:"direct_link"`
	Direction               string         `json:"direction"`          // inbound, outbound
	Status                  string         `json:"status"`             // initial, answered, done
	MissedCallReason        string         `json:"missed_call_reason"` // "": not missed
	StartedAt               Time           `json:"started_at"`
	AnsweredAt              Time           `json:"answered_at"`         // zero: never answered
	EndedAt                 Time           `json:"ended_at"`            // zero: not yet
	Duration                int            `json:"duration"`            // seconds, ringing included; 0 until done
	Voicemail               string         `json:"voicemail"`           // URL, valid for about an hour; "": none
	Recording               string         `json:"recording"`           // URL, valid for about an hour; "": none
	Asset                   string         `json:"asset"`               // URL of a page behind the login; "": none
	VoicemailShortURL       string         `json:"voicemail_short_url"` // "" unless FetchShortURLs was requested
	RecordingShortURL       string         `json:"recording_short_url"`
	RawDigits               string         `json:"raw_digits"` // spaced international form, or "anonymous"
	User                    *User          `json:"user"`       // nil: no user took it
	Contact                 *Contact       `json:"contact"`    // nil unless FetchContact was requested
	Archived                bool           `json:"archived"`
	AssignedTo              *User          `json:"assigned_to"`
	TransferredBy           *User          `json:"transferred_by"`
	TransferredTo           *User          `json:"transferred_to"` // for a team, its first user
	ExternalTransferredTo   string         `json:"external_transferred_to"`
	ExternalCallerNumber    string         `json:"external_caller_number"`
	Cost                    string         `json:"cost"` // US cents as decimal text; deprecated
	HangupCause             string         `json:"hangup_cause"`
	Number                  *Number        `json:"number"`
	Comments                []Comment      `json:"comments"`
	Tags                    []CallTag      `json:"tags"`
	Teams                   []Team         `json:"teams"` // inbound only
	Participants            []Participant  `json:"participants"`
	ConferenceParticipants  []Participant  `json:"conference_participants"` // the documentation uses both names
	IVROptionsSelected      []IVROption    `json:"ivr_options_selected"`
	AIVoiceAgents           []AIVoiceAgent `json:"ai_voice_agents"`
	CountryCodeA2           string         `json:"country_code_a2"`            // of the other party, two letters; "": hidden
	PricingType             string         `json:"pricing_type"`               // in_bundle; "": not yet charged
	AutomaticCallbackCallID int64          `json:"automatic_callback_call_id"` // 0: none
}

// Comment is a note on a call.
type Comment struct {
	ID       int64  `json:"id"`
	Content  string `json:"content"`
	PostedAt Time   `json:"posted_at"`
	PostedBy *User  `json:"posted_by"` // nil: through the API
}

// CallTag is a tag on a call. The documentation of calls says created_at, events were recorded with tagged_at.
type CallTag struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	CreatedAt Time   `json:"created_at"`
	TaggedAt  Time   `json:"tagged_at"`
	TaggedBy  *User  `json:"tagged_by"` // with id 0: Aircall itself
}

// Participant is one party of a conference.
type Participant struct {
	ID          string `json:"id"`   // "": external
	Type        string `json:"type"` // user, contact, external
	Name        string `json:"name"`
	PhoneNumber string `json:"phone_number"`
}

// IVROption is a choice the caller made in a menu.
type IVROption struct {
	ID                  string `json:"id"`
	Title               string `json:"title"`
	Key                 string `json:"key"`
	Branch              string `json:"branch"`
	CreatedAt           Time   `json:"created_at"`
	TransitionStartedAt Time   `json:"transition_started_at"`
	TransitionEndedAt   Time   `json:"transition_ended_at"`
}

// AIVoiceAgent is a conversation of the caller with an AI voice agent.
type AIVoiceAgent struct {
	AgentID          string            `json:"agent_id"`
	AgentName        string            `json:"agent_name"`
	StartedAt        Time              `json:"started_at"`
	EndedAt          Time              `json:"ended_at"`
	EndReason        string            `json:"end_reason"`
	EscalationReason string            `json:"escalation_reason"`
	EscalationTarget *EscalationTarget `json:"escalation_target"` // nil: the agent ended the call
}

// EscalationTarget is where an AI voice agent transferred the caller.
type EscalationTarget struct {
	Type        string          `json:"type"`        // branch, user, team, external
	Destination json.RawMessage `json:"destination"` // as it came: the documentation gives no type
}

// Fetch requests a part of a call that Aircall leaves out by default.
type Fetch string

// The parts of a call that are fetched on demand.
const (
	FetchContact      Fetch = "fetch_contact"       // Call.Contact
	FetchShortURLs    Fetch = "fetch_short_urls"    // Call.RecordingShortURL, VoicemailShortURL: valid for 3 hours
	FetchCallTimeline Fetch = "fetch_call_timeline" // Call.IVROptionsSelected, of the last two months
	FetchAIVoiceAgent Fetch = "fetch_aiva_conv"     // Call.AIVoiceAgents
)

// CallListParams chooses a page of calls.
type CallListParams struct {
	ListParams
	Fetch []Fetch
}

// CallSearchParams filters calls: a call must match every field that is set.
type CallSearchParams struct {
	ListParams
	Fetch       []Fetch
	Direction   string  `url:"direction"`    // inbound, outbound
	UserID      int64   `url:"user_id"`      // who took or made it
	PhoneNumber string  `url:"phone_number"` // the other party or the company's line, E.164
	Tags        []int64 `url:"tags[]"`       // ids; a call must have all of them
}

// Calls lists calls (list-all-calls). Aircall keeps six months, and shows 10,000 calls of one list.
func (c *Client) Calls(p CallListParams) List[Call] {
	return List[Call]{c, "list-all-calls", "calls", Request{Query: values(p)}}
}

// SearchCalls lists the calls that match all conditions (search-calls).
func (c *Client) SearchCalls(p CallSearchParams) List[Call] {
	return List[Call]{c, "search-calls", "calls", Request{Query: values(p)}}
}

// Call returns the call with an id (retrieve-a-call).
func (c *Client) Call(ctx context.Context, id int64, parts ...Fetch) (*Call, error) {
	query := values(struct{ Fetch []Fetch }{parts})
	return one[Call](ctx, c, "retrieve-a-call", "call", Request{Path: at(id), Query: query})
}

// CommentCall adds a note to a call: five at most, and none can be deleted (comment-a-call).
func (c *Client) CommentCall(ctx context.Context, id int64, content string) error {
	return c.tell(ctx, "comment-a-call", Request{Path: at(id), Body: map[string]string{"content": content}})
}

// TagCall adds tags to a call, by their ids (tag-a-call).
func (c *Client) TagCall(ctx context.Context, id int64, tagIDs ...int64) error {
	body := map[string]any{"tags": append([]int64{}, tagIDs...)} // never null
	return c.tell(ctx, "tag-a-call", Request{Path: at(id), Body: body})
}

// ArchiveCall removes a call from the list of open calls (archive-a-call).
func (c *Client) ArchiveCall(ctx context.Context, id int64) (*Call, error) {
	return one[Call](ctx, c, "archive-a-call", "call", Request{Path: at(id)})
}

// UnarchiveCall puts a call back on the list of open calls (unarchive-a-call).
func (c *Client) UnarchiveCall(ctx context.Context, id int64) (*Call, error) {
	return one[Call](ctx, c, "unarchive-a-call", "call", Request{Path: at(id)})
}

// InsightCard is a line on the card that agents see beside a call.
type InsightCard struct {
	Type   string `json:"type"` // CardTitle, CardShortText
	Text   string `json:"text"`
	Label  string `json:"label,omitempty"`   // in front of a short text
	Link   string `json:"link,omitempty"`    // URL behind the text
	UserID int64  `json:"user_id,omitempty"` // 0: for every agent of the call
}

// The types of an insight card.
const (
	CardTitle     = "title"
	CardShortText = "shortText"
)

// CreateInsightCards shows cards to the agents of a call in progress (create-insight-cards). Together they may have at most
// 10 kB of JSON.
func (c *Client) CreateInsightCards(ctx context.Context, id int64, cards ...InsightCard) error {
	body := map[string]any{"contents": append([]InsightCard{}, cards...)} // never null
	return c.tell(ctx, "create-insight-cards", Request{Path: at(id), Body: body})
}

// PauseRecording stops the recording of a call in progress, until [Client.ResumeRecording] (pause-recording). Aircall answers
// 405 if the number does not record calls.
func (c *Client) PauseRecording(ctx context.Context, id int64) error {
	return c.tell(ctx, "pause-recording", Request{Path: at(id)})
}

// ResumeRecording goes on with the recording of a call in progress (resume-recording).
func (c *Client) ResumeRecording(ctx context.Context, id int64) error {
	return c.tell(ctx, "resume-recording", Request{Path: at(id)})
}

// DeleteRecording deletes the recording of a call, with its transcript and summaries (delete-a-recording). It succeeds if
// there is no recording; Aircall may need 24 hours after a call to have one.
func (c *Client) DeleteRecording(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-a-recording", Request{Path: at(id)})
}

// DeleteVoicemail deletes the voicemail of a call, as [Client.DeleteRecording] does a recording (delete-a-voicemail).
func (c *Client) DeleteVoicemail(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-a-voicemail", Request{Path: at(id)})
}

// TransferParams has the target of a transfer: exactly one of a user, a team and an external number.
type TransferParams struct {
	UserID              int64  `json:"user_id,omitempty"`
	TeamID              int64  `json:"team_id,omitempty"`
	Number              string `json:"number,omitempty"`               // E.164; only of an inbound call that nobody answered yet
	DispatchingStrategy string `json:"dispatching_strategy,omitempty"` // of a team: simultaneous (""), random, longest_idle
}

// TransferCall transfers a call without asking the target first (transfer-a-call). If the target is not available, the call
// does not come back: the caller hears the announcement of the line for unanswered calls.
func (c *Client) TransferCall(ctx context.Context, id int64, p TransferParams) error {
	return c.tell(ctx, "transfer-a-call", Request{Path: at(id), Body: p})
}
