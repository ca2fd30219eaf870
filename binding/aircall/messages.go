package aircall

import (
	"context"
	"encoding/json"
)

// MessageConfiguration says that the API controls the messages of a line: incoming messages and the status of sent ones go
// to the URL. Meanwhile agents cannot send from the line in Aircall's apps, and Aircall sends no message events for it.
type MessageConfiguration struct {
	Token       string `json:"token"`       // a UUID; comes with every callback, for the receiver to recognize it
	CallbackURL string `json:"callbackUrl"` // "": none
	Type        string `json:"type"`        // "Public Api"
}

// MessageConfigurationParams configures a line.
type MessageConfigurationParams struct {
	CallbackURL string `json:"callbackUrl,omitempty"` // https; "": none
	Type        string `json:"type,omitempty"`        // "whatsapp"; "": SMS
}

// NumberRegistration is the registration of a line with the carriers. No public source has its format, so All has the reply.
type NumberRegistration struct {
	Status string          `json:"registration_status"` // "": the reply has no such field
	All    json.RawMessage `json:"-"`
}

// Message is a text that was accepted for sending. It cannot be read later: its status comes by webhook, or to the line's
// callback URL.
type Message struct {
	ID         string   `json:"id"`
	Status     string   `json:"status"` // "pending"
	DirectLink string   `json:"direct_link"`
	Direction  string   `json:"direction"` // "outbound"
	CreatedAt  Time     `json:"created_at"`
	SentAt     Time     `json:"sent_at"`
	UpdatedAt  Time     `json:"updated_at"`
	RawDigits  string   `json:"raw_digits"` // of the receiver, in E.164 without the plus
	Number     *Number  `json:"number"`     // nil: not in the reply
	Body       string   `json:"body"`
	MediaURL   []string `json:"media_url"`
	Contact    *Contact `json:"contact"` // nil: not in the reply
}

// GroupMessage is a text to several receivers that was accepted for sending.
type GroupMessage struct {
	ID             string   `json:"group_message_id"` // a UUID
	Status         string   `json:"status"`           // "pending"
	DirectLink     string   `json:"direct_link"`
	Direction      string   `json:"direction"` // "outbound"
	CreatedAt      Time     `json:"created_at"`
	SentAt         Time     `json:"sent_at"`
	UpdatedAt      Time     `json:"updated_at"`
	ConversationID string   `json:"group_conversation_id"` // a UUID
	Participants   []string `json:"participants"`          // E.164
	MediaURL       []string `json:"media_url"`
	Body           string   `json:"body"` // "": only files
}

// MessageParams is a text to one receiver. It costs money, and two requests send two messages.
type MessageParams struct {
	To       string   `json:"to"`                 // E.164
	Body     string   `json:"body"`               // at most 1,600 characters
	MediaURL []string `json:"mediaUrl,omitempty"` // files for an MMS
	UserID   int64    `json:"user_id,omitempty"`  // the sender shown in a conversation; 0: none
}

// GroupMessageParams is a text to several receivers. A conversation needs a text; otherwise files alone are enough.
type GroupMessageParams struct {
	Participants []string `json:"participants"`       // E.164
	Body         string   `json:"body,omitempty"`     // at most 1,600 characters
	MediaURL     []string `json:"mediaUrl,omitempty"` // files for an MMS
	UserID       int64    `json:"user_id,omitempty"`  // the sender shown in a conversation; 0: none
}

// SMSTemplate is a text that the company's users keep for reuse.
type SMSTemplate struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Body string `json:"body"`
}

// SMSTemplateParams chooses a page of templates.
type SMSTemplateParams struct {
	Page    int    `url:"page"`     // from 1; 0: the first
	PerPage int    `url:"per_page"` // 1 to 100, unlike on other lists; 0: 20, and 50 for List.All
	Search  string `url:"search"`   // words of the name or the text
}

// NumberRegistration returns whether a line is registered for messages (retrieve-registration-status).
func (c *Client) NumberRegistration(ctx context.Context, id int64) (*NumberRegistration, error) {
	res, err := c.Do(ctx, "retrieve-registration-status", Request{Path: at(id)})
	if err != nil {
		return nil, err
	}
	v := NumberRegistration{All: res.Body}
	_ = json.Unmarshal(res.Body, &v) // it is JSON; another form leaves Status empty
	return &v, nil
}

// ConfigureMessages gives the API control of a line's messages: agents can no longer send from it (create-number-configuration).
func (c *Client) ConfigureMessages(ctx context.Context, id int64, p MessageConfigurationParams) (*MessageConfiguration, error) {
	return whole[MessageConfiguration](ctx, c, "create-number-configuration", "token", Request{Path: at(id), Body: p})
}

// MessageConfiguration returns how a line's messages are configured (fetch-number-configuration). One whose messages
// belong to agents has none.
func (c *Client) MessageConfiguration(ctx context.Context, id int64) (*MessageConfiguration, error) {
	return whole[MessageConfiguration](ctx, c, "fetch-number-configuration", "token", Request{Path: at(id)})
}

// DeleteMessageConfiguration gives agents control of a line's messages again (delete-number-configuration).
func (c *Client) DeleteMessageConfiguration(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-number-configuration", Request{Path: at(id)})
}

// SendMessage sends a text outside the inbox, from a line that is configured for it (send-message).
func (c *Client) SendMessage(ctx context.Context, id int64, p MessageParams) (*Message, error) {
	return whole[Message](ctx, c, "send-message", "id", Request{Path: at(id), Body: p})
}

// SendConversationMessage sends a text that agents see in the conversation with the receiver
// (send-message-in-agent-conversation).
func (c *Client) SendConversationMessage(ctx context.Context, id int64, p MessageParams) (*Message, error) {
	return whole[Message](ctx, c, "send-message-in-agent-conversation", "id", Request{Path: at(id), Body: p})
}

// SendGroupMessage sends a text or files to several receivers outside the inbox, from a line that is configured for it
// (send-group-message).
func (c *Client) SendGroupMessage(ctx context.Context, id int64, p GroupMessageParams) (*GroupMessage, error) {
	return whole[GroupMessage](ctx, c, "send-group-message", "group_message_id", Request{Path: at(id), Body: p})
}

// SendConversationGroupMessage sends a text to several receivers that agents see in the conversation with them
// (send-group-message-in-agent-conversation).
func (c *Client) SendConversationGroupMessage(ctx context.Context, id int64, p GroupMessageParams) (*GroupMessage, error) {
	return whole[GroupMessage](ctx, c, "send-group-message-in-agent-conversation", "group_message_id", Request{Path: at(id), Body: p})
}

// SMSTemplates lists the templates of all of the company's users (list-sms-templates).
func (c *Client) SMSTemplates(p SMSTemplateParams) List[SMSTemplate] {
	return List[SMSTemplate]{c, "list-sms-templates", "templates", Request{Query: values(p)}}
}
