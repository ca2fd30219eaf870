package fakeaircall

import (
	"cmp"
	"mime"
	"net/url"
	"path"
)

// A messageEventView has media_details where REST has media_url, times in text
// and the other party as shown.
type messageEventView struct {
	ID             string             `json:"id"`
	DirectLink     string             `json:"direct_link"`
	Direction      string             `json:"direction"`
	ExternalNumber string             `json:"external_number"`
	Body           string             `json:"body"`
	Status         string             `json:"status"`
	RawDigits      string             `json:"raw_digits"`
	CreatedAt      string             `json:"created_at"`
	UpdatedAt      string             `json:"updated_at"`
	SentAt         string             `json:"sent_at"`
	MediaDetails   []mediaView        `json:"media_details"`
	Channel        *string            `json:"channel"` // null: SMS or MMS
	Number         *eventNumberView   `json:"number"`
	Contact        **contactEventView `json:"contact,omitzero"`
	*whatsappEventView
}

type mediaView struct {
	FileName     string `json:"file_name"`
	FileType     string `json:"file_type"`
	PresignedURL string `json:"presigned_url"`
}

// whatsappEventView is what WhatsApp adds. The third type of a message is spelled
// free_customer_serivce (documented so).
type whatsappEventView struct {
	TemplateContent  *string `json:"template_content"`
	Type             string  `json:"type"`
	Metadata         *string `json:"metadata"`
	ParentID         *string `json:"parent_id"`
	Category         *string `json:"whatsapp_message_category"`
	MessageType      string  `json:"whatsapp_message_type"`
	RecipientCountry *string `json:"recipient_country"`
	ErrorCode        int     `json:"error_code,omitzero"` // of one that failed
}

// groupEventView calls id what the reply to a send calls group_message_id, and
// leaves out the plus of its participants.
type groupEventView struct {
	ID                  string      `json:"id"`
	DirectLink          string      `json:"direct_link"`
	Direction           string      `json:"direction"`
	GroupConversationID string      `json:"group_conversation_id"`
	Participants        []string    `json:"participants"`
	Body                *string     `json:"body"`
	Status              string      `json:"status"`
	CreatedAt           string      `json:"created_at"`
	UpdatedAt           string      `json:"updated_at"`
	SentAt              string      `json:"sent_at"`
	MediaDetails        []mediaView `json:"media_details"`
}

func (m *message) direction() string {
	if m.Inbound {
		return "inbound"
	}
	return "outbound"
}

func (t *tx) viewMessageEvent(m *message) any {
	created, updated := milliTime(m.Sent), milliTime(max(m.Updated, m.Sent))
	if m.Conversation != "" {
		v := groupEventView{
			ID: m.ID, DirectLink: m.link(), Direction: m.direction(), GroupConversationID: m.Conversation,
			Body: textOrNull(m.Body), Status: m.Status, CreatedAt: created, UpdatedAt: updated, SentAt: created, MediaDetails: viewMedia(m.Media),
		}
		for _, p := range m.To {
			v.Participants = append(v.Participants, digits(p))
		}
		return v
	}
	v := messageEventView{
		ID: m.ID, DirectLink: m.link(), Direction: m.direction(), ExternalNumber: displayPhone(m.To[0]), Body: m.Body, Status: m.Status,
		RawDigits: digits(m.To[0]), CreatedAt: created, UpdatedAt: updated, SentAt: created, MediaDetails: viewMedia(m.Media),
		Contact: optional(t.contactEventOf(&call{Other: m.To[0]}), t.company.assume.eventNulls),
	}
	if n, ok := t.numbers.get(m.Line); ok {
		v.Number = new(viewEventNumber(n))
	}
	if m.Whatsapp {
		v.Channel = new("whatsapp")
		v.whatsappEventView = &whatsappEventView{Type: "text", MessageType: "regular", Category: textOrNull(m.Category), RecipientCountry: textOrNull(countryOf(m.To[0]))}
		if m.Status == "failed" {
			v.ErrorCode = m.Failure
		}
		if m.Category != "" {
			v.Type, v.TemplateContent = "template", &m.Body
		}
	}
	return v
}

func viewMedia(urls []string) []mediaView {
	views := make([]mediaView, len(urls))
	for i, u := range urls {
		name := "file"
		if parsed, err := url.Parse(u); err == nil && len(parsed.Path) > 1 {
			name = path.Base(parsed.Path)
		}
		views[i] = mediaView{name, cmp.Or(mime.TypeByExtension(path.Ext(name)), "application/octet-stream"), u}
	}
	return views
}

// emitMessage tells of an event of a message or, by the same name, of a group
// message. A line in proxy mode fires none: its callback learns of it, in an
// envelope of its own (documented).
func (t *tx) emitMessage(name string, m *message) {
	if m.Conversation != "" {
		name = "group_" + name
	}
	data := encode(t.viewMessageEvent(m))
	if n, ok := t.numbers.get(m.Line); ok && t.messageLine(n).Mode == publicMode {
		t.callBack(name, t.messageLine(n), m, data)
		return
	}
	t.emit(name, data)
}
