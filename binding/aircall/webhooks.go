package aircall

import (
	"context"
)

// Webhook is a subscription to events. Its receiver recognizes Aircall only by the token:
// deliveries are not signed.
type Webhook struct {
	ID         int64    `json:"id"` // of old times; 0 in what CreateWebhook and UpdateWebhook return
	DirectLink string   `json:"direct_link"`
	URL        string   `json:"url"`
	CustomName string   `json:"custom_name"` // documented; no recorded webhook has one
	Active     bool     `json:"active"`      // Aircall sets it to false when deliveries fail
	Events     []string `json:"events"`      // in an order of Aircall's own
	Token      Secret   `json:"token"`       // comes with every delivery
	CreatedAt  Time     `json:"created_at"`  // to the millisecond
	WebhookID  string   `json:"webhook_id"`  // a UUID
}

// WebhookCreateParams makes a webhook. A company has 100 at most.
type WebhookCreateParams struct {
	URL        string   `json:"url"`                   // https
	CustomName string   `json:"custom_name,omitempty"` // "": Webhook
	Events     []string `json:"events,omitempty"`      // none: all there are
}

// WebhookUpdateParams changes a webhook. Without Events and EventsAction it is subscribed to every event
// there is, whatever else the change was about: to wake a webhook up and keep its events, set
// EventsAction to AddEvents beside Active.
type WebhookUpdateParams struct {
	URL          string       `json:"url,omitempty"`         // "": as it is
	CustomName   string       `json:"custom_name,omitempty"` // "": as it is
	Active       *bool        `json:"active,omitempty"`      // nil: as it is
	Events       []string     `json:"events,omitempty"`      // none: see above
	EventsAction EventsAction `json:"-"`                     // what to do with Events; "": they replace what was
}

// EventsAction says what an update does with its events.
type EventsAction string

// The actions of an update.
const (
	AddEvents    EventsAction = "add"
	RemoveEvents EventsAction = "remove"
)

// Webhooks lists webhooks: to an access token those of its app, to an API key those of the Dashboard and of API keys.
// Every one shows its token. Source: https://developer.aircall.io/api-references/#list-all-webhooks
func (c *Client) Webhooks(p OrderedPageParams) List[Webhook] {
	return List[Webhook]{c, "list-all-webhooks", "webhooks", Request{Query: values(p)}}
}

// Webhook returns the webhook with an id: its UUID, or its number in digits.
// Source: https://developer.aircall.io/api-references/#retrieve-a-webhook
func (c *Client) Webhook(ctx context.Context, id string) (*Webhook, error) {
	return one[Webhook](ctx, c, "retrieve-a-webhook", "webhook", Request{Path: []string{id}})
}

// CreateWebhook makes a webhook. Source: https://developer.aircall.io/api-references/#create-a-webhook
func (c *Client) CreateWebhook(ctx context.Context, p WebhookCreateParams) (*Webhook, error) {
	return one[Webhook](ctx, c, "create-a-webhook", "webhook", Request{Body: p})
}

// UpdateWebhook changes a webhook. Read what [WebhookUpdateParams] says of events.
// Source: https://developer.aircall.io/api-references/#update-a-webhook
func (c *Client) UpdateWebhook(ctx context.Context, id string, p WebhookUpdateParams) (*Webhook, error) {
	query := values(struct {
		Action EventsAction `url:"events_action"`
	}{p.EventsAction})
	return one[Webhook](ctx, c, "update-a-webhook", "webhook", Request{Path: []string{id}, Query: query, Body: p})
}

// DeleteWebhook removes a webhook. Source: https://developer.aircall.io/api-references/#delete-a-webhook
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	return c.tell(ctx, "delete-a-webhook", Request{Path: []string{id}})
}
