package aircall

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strings"
)

// WhatsAppParams is a WhatsApp message to one receiver: a text, a template or, outside the inbox, files.
type WhatsAppParams struct {
	LineID   int64                   `json:"lineId"`                   // the number to send from
	To       string                  `json:"to,omitempty"`             // E.164
	Text     string                  `json:"text,omitempty"`           // at most 4,096 characters
	Template *WhatsAppTemplateValues `json:"templateParams,omitempty"` // nil: Text
	MediaURL []string                `json:"mediaUrl,omitempty"`       // files, also without Text; only outside the inbox
	UserID   int64                   `json:"user_id,omitempty"`        // the sender shown in a conversation; 0: none
}

// WhatsAppTemplateValues is a template with the values of its placeholders.
type WhatsAppTemplateValues struct {
	ID   int64           `json:"id"`
	Body []WhatsAppValue `json:"body,omitempty"`
}

// WhatsAppValue is the value of one placeholder of a template.
type WhatsAppValue struct {
	Key   string `json:"key"` // "{{1}}"
	Value string `json:"value"`
}

// WhatsAppTemplate is a text that Meta must approve before it is sent.
type WhatsAppTemplate struct {
	ID       int64  `json:"id"`
	WABAID   string `json:"wabaId"` // the WhatsApp Business account
	Name     string `json:"name"`
	Category string `json:"category"` // "UTILITY", "MARKETING", "AUTHENTICATION"
	Status   string `json:"status"`   // "APPROVED"
	Language string `json:"language"`
}

// WhatsAppTemplateParams chooses templates and a page of them.
type WhatsAppTemplateParams struct {
	Status   string `url:"status"`   // "APPROVED"; "": any
	Category string `url:"category"` // "UTILITY"; "": any
	Sort     string `url:"sort"`     // "": Aircall's order
	Token    string `url:"token"`    // where the page begins: Next of the page before; "": at the start
	Limit    int    `url:"limit"`    // templates a page; 0: Aircall's default
}

// WhatsAppTemplatePage is a page of the only list that is paged by tokens.
type WhatsAppTemplatePage struct {
	Items []WhatsAppTemplate
	Token string // of this page
	Next  string // of the next page; "": this is the last
	Total int    // on all pages
}

// UnmarshalJSON accepts tokens that are numbers, as documented, or strings.
func (p *WhatsAppTemplatePage) UnmarshalJSON(b []byte) error {
	var v struct {
		Templates []WhatsAppTemplate
		PageInfo  struct {
			CurrentToken, NextToken json.RawMessage
			TotalCount              int
		}
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*p = WhatsAppTemplatePage{Items: v.Templates, Token: token(v.PageInfo.CurrentToken), Next: token(v.PageInfo.NextToken), Total: v.PageInfo.TotalCount}
	return nil
}

// token returns a string, the digits of a number, and "" for null.
func token(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// WhatsAppStatus is the state of a line at Meta.
type WhatsAppStatus struct {
	WABAID                     string `json:"wabaId"` // the WhatsApp Business account
	Status                     string `json:"status"` // "ONLINE"
	CanSendMessage             bool   `json:"canSendMessage"`
	MessagingLimitTier         string `json:"messagingLimitTier"`         // "TIER_1K"
	QualityRating              string `json:"qualityRating"`              // "GREEN"
	BusinessVerificationStatus string `json:"businessVerificationStatus"` // "VERIFIED"
}

// SendWhatsApp sends a message outside the inbox, from a line that is configured for it (send-whatsapp-message).
func (c *Client) SendWhatsApp(ctx context.Context, p WhatsAppParams) (*Message, error) {
	return whole[Message](ctx, c, "send-whatsapp-message", "id", Request{Body: p})
}

// SendConversationWhatsApp sends a message that agents see in the conversation with the receiver
// (send-whatsapp-message-in-agent-conversation).
func (c *Client) SendConversationWhatsApp(ctx context.Context, p WhatsAppParams) (*Message, error) {
	body := struct {
		LineID         int64  `json:"lineId"`
		ExternalNumber string `json:"externalNumber"` // how this operation calls To
		WhatsAppParams
	}{p.LineID, p.To, p}
	body.To = ""
	return whole[Message](ctx, c, "send-whatsapp-message-in-agent-conversation", "id", Request{Body: body})
}

// ListWhatsAppTemplates returns a page of the templates of a line (list-whatsapp-templates).
func (c *Client) ListWhatsAppTemplates(ctx context.Context, id int64, p WhatsAppTemplateParams) (*WhatsAppTemplatePage, error) {
	return whole[WhatsAppTemplatePage](ctx, c, "list-whatsapp-templates", "templates", Request{Path: at(id), Query: values(p)})
}

// WhatsAppTemplates walks over all pages of [Client.ListWhatsAppTemplates].
func (c *Client) WhatsAppTemplates(ctx context.Context, id int64, p WhatsAppTemplateParams) iter.Seq2[WhatsAppTemplate, error] {
	return func(yield func(WhatsAppTemplate, error) bool) {
		for range maxPages {
			page, err := c.ListWhatsAppTemplates(ctx, id, p)
			if err != nil {
				yield(WhatsAppTemplate{}, err)
				return
			}
			for _, t := range page.Items {
				if !yield(t, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			p.Token = page.Next
		}
		out, _ := prepare("list-whatsapp-templates", Request{Path: at(id)})
		yield(WhatsAppTemplate{}, out.invalidReply(0, fmt.Sprintf("the list does not end within %d pages", maxPages), hintForeign))
	}
}

// WhatsAppStatus returns whether a line can send WhatsApp messages (retrieve-whatsapp-status).
func (c *Client) WhatsAppStatus(ctx context.Context, id int64) (*WhatsAppStatus, error) {
	return whole[WhatsAppStatus](ctx, c, "retrieve-whatsapp-status", "status", Request{Path: at(id)})
}

// reachedTier reports whether a reply is the 429 of a WhatsApp number that reached the daily limit of its messaging tier.
// Unlike the 429 of the rate limit, it lacks headers: a guess, because nobody has recorded either.
func (out outgoing) reachedTier(reply *http.Response) bool {
	return reply.StatusCode == http.StatusTooManyRequests && strings.HasPrefix(out.op.Name, "send-whatsapp-message") &&
		reply.Header.Get("X-AircallApi-Reset") == "" && reply.Header.Get("Retry-After") == ""
}
