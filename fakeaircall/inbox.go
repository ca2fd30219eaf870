package fakeaircall

import (
	"slices"
	"strings"
)

// A SimulatedMessage comes in from outside.
type SimulatedMessage struct {
	From     string // a phone number; "": a contact's
	NumberID int64  // the line; 0: the first that takes such messages
	Body     string // may be blank beside Media
	Media    []string
	WhatsApp bool

	// Participants are whom else the message of a group went to, beside the line.
	Participants []string
}

// SimulateMessage lets a message come in at an account, "" for the first, and says
// its id. The line's mode decides who is told: webhooks, or the callback of its
// configuration. Its error is a *Refusal.
func (s *Server) SimulateMessage(account string, m SimulatedMessage) (id string, err error) {
	c, err := s.company(account)
	if err != nil {
		return "", err
	}
	err = s.do(c, func(t *tx) error {
		id, err = t.receiveInbound(m)
		return err
	})
	return id, err
}

func (t *tx) receiveInbound(m SimulatedMessage) (string, error) {
	from := m.From
	if from == "" {
		from = "+" + digits(t.someContact())
	}
	group := append([]string{from}, m.Participants...)
	for _, phone := range group {
		if !possiblePhone(phone) {
			return "", mistaken("%.40q is no phone number in E.164, such as +33199001234", phone)
		}
	}
	switch {
	case strings.TrimSpace(m.Body) == "" && len(m.Media) == 0:
		return "", mistaken("a message has a body or media")
	case len(m.Body) > 4*maxSMS || len(m.Media) > maxMedia || slices.ContainsFunc(m.Media, func(u string) bool { return len(u) > maxURL }):
		return "", mistaken("a message has %d bytes, %d files and %d bytes of a file's URL at most", 4*maxSMS, maxMedia, maxURL)
	case len(group) > maxParticipants:
		return "", mistaken("%d participants: a group has %d at most", len(group), maxParticipants)
	case m.WhatsApp && len(m.Participants) > 0:
		return "", mistaken("a message in WhatsApp has no participants here: groups are of SMS")
	}
	n, err := t.lineOfMessage(m)
	if err != nil {
		return "", err
	}
	got := message{Line: n.ID, ID: t.messageID(), Whatsapp: m.WhatsApp, To: group, Body: m.Body, Media: m.Media}
	if len(group) > 1 {
		got.ID, got.Conversation = t.random.uuid(), t.groupConversation(n.ID, group)
	}
	return t.receive(got).ID, nil
}

func (t *tx) lineOfMessage(m SimulatedMessage) (*number, error) {
	takes := func(n *number) bool {
		l := t.messageLine(n)
		return l.Mode != thirdPartyMode && (l.Whatsapp != nil || !m.WhatsApp)
	}
	if m.NumberID == 0 {
		if n, ok := t.numbers.first(takes); ok {
			return n, nil
		}
		return nil, conflict("the company has no number that takes such messages")
	}
	n, ok := t.numbers.get(m.NumberID)
	switch {
	case !ok:
		return nil, missing("there is no number %d", m.NumberID)
	case !takes(n):
		return nil, conflict("number %d takes no such messages: it has another's messages, or no WhatsApp", n.ID)
	}
	return n, nil
}
