package aircall

import (
	"context"
	"iter"
	"net/url"
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

// WebhookListParams chooses a page of webhooks, which have no window.
type WebhookListParams struct {
	Order   Order // "": Asc
	Page    int   // from 1; 0: the first
	PerPage int   // 1 to 50; 0: Aircall's default, and 50 when the whole list is walked
}

func (p WebhookListParams) values() url.Values {
	q := PageParams{p.Page, p.PerPage}.values()
	setText(q, "order", string(p.Order))
	return q
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

// ListWebhooks returns a page of webhooks: to an access token those of its app, to an API key those of
// the Dashboard and of API keys. Every one shows its token.
//
// https://developer.aircall.io/api-references/#list-all-webhooks
func (c *Client) ListWebhooks(ctx context.Context, p WebhookListParams) (*Page[Webhook], error) {
	return list[Webhook](ctx, c, "list-all-webhooks", "webhooks", Request{Query: p.values()})
}

// Webhooks walks over all pages of [Client.ListWebhooks].
func (c *Client) Webhooks(ctx context.Context, p WebhookListParams) iter.Seq2[Webhook, error] {
	return walk[Webhook](ctx, c, "list-all-webhooks", "webhooks", Request{Query: p.values()})
}

// Webhook returns the webhook with an id: its UUID, or its number in digits.
//
// https://developer.aircall.io/api-references/#retrieve-a-webhook
func (c *Client) Webhook(ctx context.Context, id string) (*Webhook, error) {
	return one[Webhook](ctx, c, "retrieve-a-webhook", "webhook", Request{Path: []string{id}})
}

// CreateWebhook makes a webhook.
//
// https://developer.aircall.io/api-references/#create-a-webhook
func (c *Client) CreateWebhook(ctx context.Context, p WebhookCreateParams) (*Webhook, error) {
	return one[Webhook](ctx, c, "create-a-webhook", "webhook", Request{Body: p})
}

// UpdateWebhook changes a webhook. Read what [WebhookUpdateParams] says of events.
//
// https://developer.aircall.io/api-references/#update-a-webhook
func (c *Client) UpdateWebhook(ctx context.Context, id string, p WebhookUpdateParams) (*Webhook, error) {
	q := url.Values{}
	setText(q, "events_action", string(p.EventsAction))
	return one[Webhook](ctx, c, "update-a-webhook", "webhook", Request{Path: []string{id}, Query: q, Body: p})
}

// DeleteWebhook removes a webhook.
//
// https://developer.aircall.io/api-references/#delete-a-webhook
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	return c.tell(ctx, "delete-a-webhook", Request{Path: []string{id}})
}
