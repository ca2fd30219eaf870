package aircall

import (
	"context"
)

// Webhook is a subscription to events. Its receiver recognizes Aircall only by the token:
// deliveries are not signed.
type Webhook struct {
	ID         int64    `json:"id"` // an older id; 0 in the results of CreateWebhook and UpdateWebhook
	DirectLink string   `json:"direct_link"`
	URL        string   `json:"url"`
	CustomName string   `json:"custom_name"` // documented; no recorded webhook has one
	Active     bool     `json:"active"`      // Aircall sets it to false when deliveries fail
	Events     []string `json:"events"`      // in Aircall's own order
	Token      Secret   `json:"token"`       // comes with every delivery
	CreatedAt  Time     `json:"created_at"`  // to the millisecond
	WebhookID  string   `json:"webhook_id"`  // a UUID
}

// WebhookCreateParams describes a new webhook. A company has at most 100.
type WebhookCreateParams struct {
	URL        string   `json:"url"`                   // https
	CustomName string   `json:"custom_name,omitempty"` // "": Webhook
	Events     []string `json:"events,omitempty"`      // none: every event
}

// WebhookUpdateParams changes a webhook. Without Events and EventsAction the update subscribes it to every event: to
// activate a webhook and keep its events, set EventsAction to AddEvents beside Active.
type WebhookUpdateParams struct {
	URL          string       `json:"url,omitempty"`         // "": unchanged
	CustomName   string       `json:"custom_name,omitempty"` // "": unchanged
	Active       *bool        `json:"active,omitempty"`      // nil: unchanged
	Events       []string     `json:"events,omitempty"`      // none: see above
	EventsAction EventsAction `json:"-"`                     // what to do with Events; "": they replace the old ones
}

// EventsAction says what an update does with its events.
type EventsAction string

// The actions of an update.
const (
	AddEvents    EventsAction = "add"
	RemoveEvents EventsAction = "remove"
)

// Webhooks lists webhooks: those of the app for an access token, those of the Dashboard and of API keys for an API key
// (list-all-webhooks). Each has its token.
func (c *Client) Webhooks(p OrderedPageParams) List[Webhook] {
	return List[Webhook]{c, "list-all-webhooks", "webhooks", Request{Query: values(p)}}
}

// Webhook returns the webhook with an id: its UUID, or its number in digits (retrieve-a-webhook).
func (c *Client) Webhook(ctx context.Context, id string) (*Webhook, error) {
	return one[Webhook](ctx, c, "retrieve-a-webhook", "webhook", Request{Path: []string{id}})
}

// CreateWebhook creates a webhook (create-a-webhook).
func (c *Client) CreateWebhook(ctx context.Context, p WebhookCreateParams) (*Webhook, error) {
	return one[Webhook](ctx, c, "create-a-webhook", "webhook", Request{Body: p})
}

// UpdateWebhook changes a webhook (update-a-webhook). See [WebhookUpdateParams] about events.
func (c *Client) UpdateWebhook(ctx context.Context, id string, p WebhookUpdateParams) (*Webhook, error) {
	query := values(struct {
		Action EventsAction `url:"events_action"`
	}{p.EventsAction})
	return one[Webhook](ctx, c, "update-a-webhook", "webhook", Request{Path: []string{id}, Query: query, Body: p})
}

// DeleteWebhook removes a webhook (delete-a-webhook).
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	return c.tell(ctx, "delete-a-webhook", Request{Path: []string{id}})
}
