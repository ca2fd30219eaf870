package aircall

import "context"

// Campaign calls a list of contacts, for agents or for an AI voice agent. Outbound campaigns are a beta of 2026, and most of
// its replies are not documented.
type Campaign struct {
	ID               string  `json:"id"` // a UUID of version 7
	Name             string  `json:"name"`
	Description      string  `json:"description"` // "": null
	Status           string  `json:"status"`      // "draft", "in_progress", "paused", "completed", "archived"
	CallerIDStrategy string  `json:"caller_id_strategy"`
	CallAttempts     int     `json:"call_attempts"`            // for each contact, at most
	RingingTimeout   int     `json:"external_ringing_timeout"` // in seconds, as far as is known
	VoiceAgentID     string  `json:"aiva_agent_id"`            // "": agents call
	UserIDs          []int64 `json:"user_ids"`
	TeamIDs          []int64 `json:"team_ids"`
	CreatedAt        Time    `json:"created_at"`
	UpdatedAt        Time    `json:"updated_at"`
}

// CampaignParams is a new campaign. Aircall sets what is left out.
type CampaignParams struct {
	Name             string `json:"name"`
	Description      string `json:"description,omitempty"`
	CallerIDStrategy string `json:"caller_id_strategy,omitempty"` // "agent_number_pool": the number of the agent who calls
	CallAttempts     int    `json:"call_attempts,omitempty"`
	RingingTimeout   int    `json:"external_ringing_timeout,omitempty"`
	VoiceAgentID     string `json:"aiva_agent_id,omitempty"` // as the Dashboard shows it; "": agents call
}

// CampaignContact is a person whom a campaign calls. It is not a contact of the company.
type CampaignContact struct {
	PhoneNumber string `json:"phone_number"` // E.164 in a request, digits without a plus in a reply
	FirstName   string `json:"first_name,omitempty"`
	LastName    string `json:"last_name,omitempty"`
	Email       string `json:"email,omitempty"`
	CompanyName string `json:"company_name,omitempty"`
	Note        string `json:"note,omitempty"`
}

// CampaignContactParams chooses contacts of a campaign.
type CampaignContactParams struct {
	PhoneNumber string `url:"phone_number"` // E.164; "": any
	Page        int    `url:"page"`         // from 1; 0: the first
	PerPage     int    `url:"per_page"`     // 1 to 50; 0: Aircall's default
}

// CampaignAgents are the people who call the contacts of a campaign.
type CampaignAgents struct {
	UserIDs []int64 `json:"user_ids,omitempty"`
	TeamIDs []int64 `json:"team_ids,omitempty"` // whose members call
}

// CampaignOutcome is a way in which an attempt can end.
type CampaignOutcome struct {
	ID   string `json:"id"` // a UUID, or the code of a predefined outcome
	Name string `json:"name"`
}

// CallOutcome is the outcome of one attempt to reach a contact, as outbound_campaign.outcome_recorded has it.
type CallOutcome struct {
	ID            string `json:"id"` // that of the attempt
	CompanyID     int64  `json:"company_id"`
	CallID        int64  `json:"call_id"`
	NumberID      int64  `json:"number_id"`
	CampaignID    string `json:"campaign_id"`
	AttemptID     string `json:"attempt_id"`
	OutcomeID     string `json:"outcome_id"`
	OutcomeLabel  string `json:"outcome_label"` // the name at the time
	AttemptNumber int    `json:"attempt_number"`
	MaxAttempts   int    `json:"max_attempts"`
}

// Campaigns lists the campaigns (list-campaigns).
func (c *Client) Campaigns(p PageParams) List[Campaign] {
	return List[Campaign]{c, "list-campaigns", "campaigns", Request{Query: values(p)}}
}

// Campaign returns a campaign (retrieve-a-campaign).
func (c *Client) Campaign(ctx context.Context, id string) (*Campaign, error) {
	return one[Campaign](ctx, c, "retrieve-a-campaign", "campaign", Request{Path: []string{id}})
}

// CreateCampaign creates a draft (create-a-campaign).
func (c *Client) CreateCampaign(ctx context.Context, p CampaignParams) (*Campaign, error) {
	return one[Campaign](ctx, c, "create-a-campaign", "campaign", Request{Body: p})
}

// CampaignContacts returns a page of the contacts of a campaign (list-campaign-contacts). The reply does not tell how many
// there are.
func (c *Client) CampaignContacts(ctx context.Context, id string, p CampaignContactParams) ([]CampaignContact, error) {
	return several[CampaignContact](ctx, c, "list-campaign-contacts", "contacts", Request{Path: []string{id}, Query: values(p)})
}

// AddCampaignContacts adds contacts to a draft, and returns those that are new (add-campaign-contacts).
func (c *Client) AddCampaignContacts(ctx context.Context, id string, contacts []CampaignContact) ([]CampaignContact, error) {
	body := map[string][]CampaignContact{"contacts": contacts}
	return several[CampaignContact](ctx, c, "add-campaign-contacts", "contacts", Request{Path: []string{id}, Body: body})
}

// AssignCampaignAgents replaces the people who call in a draft (assign-campaign-agents).
func (c *Client) AssignCampaignAgents(ctx context.Context, id string, a CampaignAgents) (*Campaign, error) {
	return one[Campaign](ctx, c, "assign-campaign-agents", "campaign", Request{Path: []string{id}, Body: a})
}

// LaunchCampaign lets a draft call its contacts (launch-a-campaign).
func (c *Client) LaunchCampaign(ctx context.Context, id string) (*Campaign, error) {
	return one[Campaign](ctx, c, "launch-a-campaign", "campaign", Request{Path: []string{id}})
}

// PauseCampaign stops a campaign after the calls under way (pause-a-campaign).
func (c *Client) PauseCampaign(ctx context.Context, id string) (*Campaign, error) {
	return one[Campaign](ctx, c, "pause-a-campaign", "campaign", Request{Path: []string{id}})
}

// ResumeCampaign lets a paused campaign go on (resume-a-campaign).
func (c *Client) ResumeCampaign(ctx context.Context, id string) (*Campaign, error) {
	return one[Campaign](ctx, c, "resume-a-campaign", "campaign", Request{Path: []string{id}})
}

// ArchiveCampaign archives a campaign that does not call (archive-a-campaign).
func (c *Client) ArchiveCampaign(ctx context.Context, id string) (*Campaign, error) {
	return one[Campaign](ctx, c, "archive-a-campaign", "campaign", Request{Path: []string{id}})
}

// CampaignOutcomes returns the outcomes of the company (list-campaign-outcomes).
func (c *Client) CampaignOutcomes(ctx context.Context) ([]CampaignOutcome, error) {
	return several[CampaignOutcome](ctx, c, "list-campaign-outcomes", "campaign_outcomes", Request{})
}

// CallOutcomes lists the outcomes of a campaign's attempts (list-campaign-call-outcomes).
func (c *Client) CallOutcomes(id string, p PageParams) List[CallOutcome] {
	return List[CallOutcome]{c, "list-campaign-call-outcomes", "call_outcomes", Request{Path: []string{id}, Query: values(p)}}
}

// several asks for a list that has no meta.
func several[T any](ctx context.Context, c *Client, op, key string, req Request) ([]T, error) {
	list, err := one[[]T](ctx, c, op, key, req)
	if err != nil {
		return nil, err
	}
	return *list, nil
}
