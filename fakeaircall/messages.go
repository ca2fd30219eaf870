package fakeaircall

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Messages: https://developer.aircall.io/api-references/#message
//
// No route lists messages or reads one: only webhooks, or the callback of a line, have them. No source shows headers of
// these routes. Times in milliseconds, keys in camel case and objects without an envelope are not Rails', so replies
// come from the other service that is known, that of contacts.
func messageRoutes() []route {
	return []route{
		{"retrieve-registration-status", "GET", "/v1/numbers/{id}/registration_status", railsTier, retrieveRegistration},
		{"create-number-configuration", "POST", "/v1/numbers/{id}/messages/configuration", expressTier, configureNumber},
		{"fetch-number-configuration", "GET", "/v1/numbers/{id}/messages/configuration", expressTier, fetchConfiguration},
		{"delete-number-configuration", "DELETE", "/v1/numbers/{id}/messages/configuration", expressTier, deleteConfiguration},
		{"send-message", "POST", "/v1/numbers/{id}/messages/send", expressTier, sendMessage(publicMode)},
		{"send-message-in-agent-conversation", "POST", "/v1/numbers/{id}/messages/native/send", expressTier, sendMessage(nativeMode)},
		{"send-group-message", "POST", "/v1/numbers/{id}/messages/group/send", expressTier, sendGroup(publicMode)},
		{"send-group-message-in-agent-conversation", "POST", "/v1/numbers/{id}/messages/group/native/send", expressTier, sendGroup(nativeMode)},
		{"list-sms-templates", "GET", "/v1/sms/templates", railsTier, listSMSTemplates},
	}
}

const (
	maxSMS          = 1600 // characters, by the reference
	maxMedia        = 10   // files in a message; without a source: it is the limit of carriers
	maxParticipants = 10   // of a group; without a source
	maxURL          = 2048
	maxMessages     = 1000 // kept of an account, the newest
)

// messaging has the lines of an account that send messages, their templates, and the messages.
type messaging struct {
	lines     table[*messageLine]
	templates table[*smsTemplate]
	whatsapp  table[*whatsappTemplate]
	sent      table[*message]
	openings  table[*whatsappOpening]
	last      int64 // counts the messages
}

// A messageMode is the way in which a line handles messages: exactly one of three (documented). Without a configuration,
// Aircall's apps handle them.
type messageMode int

const (
	nativeMode     messageMode = iota // agents, in conversations
	publicMode                        // the API's user, past the inbox
	thirdPartyMode                    // another integration, which this API neither sets nor ends
)

// wrongMode returns the error of a request that needs mode, on a line in another mode. It is the same 403 in both
// directions (reported by a set-up guide of 2026).
func wrongMode(mode messageMode) *apiError {
	words := "The number is not used in Aircall: messages in agent conversation are not available"
	if mode == publicMode {
		words = "The number is not configured for the Public API"
	}
	return &apiError{status: 403, key: "LineIsNotNativeException", troubleshoot: words}
}

type messageLine struct {
	Number       int64         `json:"number,omitzero"`
	Mode         messageMode   `json:"mode,omitzero"`
	Token        string        `json:"token,omitzero"`        // of publicMode, as is callback
	Callback     string        `json:"callback,omitzero"`     // "" for no callback
	Registration string        `json:"registration,omitzero"` // approved, or messages are refused
	Whatsapp     *whatsappLine `json:"whatsapp,omitzero"`     // nil: SMS alone
}

func newMessaging() messaging {
	return messaging{
		lines: newTable[*messageLine](), templates: newTable[*smsTemplate](),
		whatsapp: newTable[*whatsappTemplate](), sent: newTable[*message](), openings: newTable[*whatsappOpening](),
	}
}

func (l *messageLine) identity() (id, created int64) { return l.Number, 0 }

func (l *messageLine) clone() *messageLine {
	v := *l
	if l.Whatsapp != nil {
		v.Whatsapp = new(*l.Whatsapp)
	}
	return &v
}

// messageLine returns the messaging side of a number. There is one for each number at most.
func (t *tx) messageLine(n *number) *messageLine {
	l, ok := t.messaging.lines.get(n.ID)
	if !ok {
		l = &messageLine{Number: n.ID, Registration: "approved"}
		t.messaging.lines.insert(l)
	}
	return l
}

// registeredLine returns the line of a number if the plan of the account has messages and carriers take them from the
// line. Both refusals are a documented 403.
func (t *tx) registeredLine(id int64) (*number, *messageLine, error) {
	if t.account.assume.noMessages {
		return nil, nil, &apiError{status: 403, troubleshoot: "Messages need the Professional plan"}
	}
	n, ok := t.numbers.get(id)
	if !ok {
		return nil, nil, errNotFound
	}
	l := t.messageLine(n)
	if l.Registration != "approved" {
		return nil, nil, &apiError{status: 403, troubleshoot: "The number is not registered to send messages"}
	}
	return n, l, nil
}

func retrieveRegistration(r *request) (rep reply, err error) {
	err = r.withLine(func(*messageLine) bool { return true }, func(_ *tx, l *messageLine) {
		rep = flat(200, envelope{{"registration_status", l.Registration}})
	})
	return rep, err
}

// withLine runs f on the line of the number of the path. It is a 404 if there is no number, or if has returns false.
func (r *request) withLine(has func(*messageLine) bool, f func(*tx, *messageLine)) error {
	return r.do(func(t *tx) error {
		n, ok := t.numbers.get(r.id("id"))
		if !ok || !has(t.messageLine(n)) {
			return errNotFound
		}
		f(t, t.messageLine(n))
		return nil
	})
}

func (l *messageLine) isPublic() bool { return l.Mode == publicMode }

// viewConfiguration returns keys in camel case, as its request has them. Without a URL the reply to configuring has no
// callbackUrl, and a later read has null (reported by a set-up guide of 2026).
func viewConfiguration(l *messageLine, nulls bool) reply {
	return flat(200, envelope{
		{"token", l.Token}, {"callbackUrl", optional(orNull(l.Callback), nulls)}, {"type", "Public Api"},
	}.present())
}

// configureNumber takes a line out of Aircall's apps. The body may be missing, and so may callbackUrl. The reply does
// not repeat the type of the request, whatsapp: it has another.
func configureNumber(r *request) (rep reply, err error) {
	in, err := r.object()
	if err != nil {
		return rep, err
	}
	err = r.do(func(t *tx) error {
		_, l, err := t.registeredLine(r.id("id"))
		if err != nil {
			return err
		}
		if l.Mode == thirdPartyMode {
			return &apiError{status: 403, key: "LineIsNotNativeException", troubleshoot: "The number is configured for a third party"}
		}
		callback, state, err := in.text("callbackUrl")
		if err != nil {
			return err
		}
		if state == isPresent && checkWebhookURL(callback) != nil {
			return invalid("callbackUrl must be an https address")
		}
		t.messaging.lines.update(l, func() {
			if l.Mode != publicMode {
				l.Mode, l.Token = publicMode, t.random.uuid()
			}
			l.Callback = callback
		})
		rep = viewConfiguration(l, false) // 200: the tutorial's sample tests for it
		return nil
	})
	return rep, err
}

func fetchConfiguration(r *request) (rep reply, err error) {
	err = r.withLine((*messageLine).isPublic, func(_ *tx, l *messageLine) { rep = viewConfiguration(l, true) })
	return rep, err
}

// deleteConfiguration gives the line back to Aircall's apps.
func deleteConfiguration(r *request) (reply, error) {
	err := r.withLine((*messageLine).isPublic, func(t *tx, l *messageLine) {
		t.messaging.lines.update(l, func() { l.Mode, l.Token, l.Callback = nativeMode, "", "" })
	})
	return reply{status: 204}, err
}

// A message that was sent, or came in.
type message struct {
	N            int64    `json:"n,omitzero"` // counts the messages of the account
	ID           string   `json:"id,omitzero"`
	SID          string   `json:"sid,omitzero"` // in its link
	Line         int64    `json:"line,omitzero"`
	Inbound      bool     `json:"inbound,omitzero"`
	Whatsapp     bool     `json:"whatsapp,omitzero"`
	Category     string   `json:"category,omitzero"` // of its WhatsApp template, in lower case; "": it has none
	Sent         int64    `json:"sent,omitzero" unix:"ms"`
	Updated      int64    `json:"updated,omitzero" unix:"ms"`
	Status       string   `json:"status,omitzero"`
	To           []string `json:"to,omitzero"`           // the other side; more than one: a group
	Conversation string   `json:"conversation,omitzero"` // of the group
	Body         string   `json:"body,omitzero"`
	Media        []string `json:"media,omitzero"`
	Failure      int      `json:"failure,omitzero"` // the provider's error, which it fails with; 0: it is delivered
}

func (m *message) identity() (id, created int64) { return m.N, m.N }

func (m *message) clone() *message {
	v := *m
	v.To, v.Media = slices.Clone(m.To), slices.Clone(m.Media)
	return &v
}

// viewMessage has times in milliseconds, by the schema of an app in production and Aircall's help pages; one
// transcription has ISO 8601. The order up to number, and raw_digits without a plus, are those of the help pages.
// There is no external_number, which events have, and media_url in place of their media_details.
func viewMessage(m *message, n *number) envelope {
	return envelope{
		{"id", m.ID}, {"status", m.Status}, {"direct_link", m.link()}, {"direction", directionOf(m.Inbound)},
		{"created_at", m.Sent}, {"sent_at", m.Sent}, {"updated_at", m.Sent},
		{"raw_digits", digits(m.To[0])}, {"number", viewMessageNumber(n)}, {"body", m.Body}, {"media_url", m.Media},
	}
}

// viewGroup has the keys of the reference's sample: no raw_digits, no number, and another name for the id.
func viewGroup(m *message, _ *number) envelope {
	return envelope{
		{"group_message_id", m.ID}, {"status", m.Status}, {"direct_link", m.link()}, {"direction", directionOf(m.Inbound)},
		{"created_at", m.Sent}, {"sent_at", m.Sent}, {"updated_at", m.Sent},
		{"group_conversation_id", m.Conversation}, {"participants", m.To}, {"media_url", m.Media}, {"body", orNull(m.Body)},
	}
}

func (m *message) link() string { return link("/v1/numbers/", m.Line) + "/messages/" + m.SID }

// send stores a message as sent at this instant, emits its event, and starts its steps.
func (t *tx) send(m message) *message {
	m.Status = "pending"
	sent := t.keepMessage(m)
	t.emitMessage("message.sent", sent)
	t.after(messageSteps[0].after, actMessage, sent.N, 0)
	return sent
}

// receive stores a message that arrived at this instant, and emits its event.
func (t *tx) receive(m message) *message {
	m.Inbound, m.Status = true, "received"
	got := t.keepMessage(m)
	t.emitMessage("message.received", got)
	return got
}

// actMessage gives a message the status of the step n.
const actMessage = act("message")

// messageSteps are the statuses of a message that was sent. Only WhatsApp has read.
var messageSteps = []struct {
	status string
	after  time.Duration
}{
	{"sent", time.Second}, {"delivered", 2 * time.Second}, {"read", time.Minute},
}

func (t *tx) moveMessage(m timer) {
	sent, ok := t.messaging.sent.get(m.ID)
	if !ok {
		return // newer messages have replaced it
	}
	t.messaging.sent.update(sent, func() {
		sent.Status, sent.Updated = messageSteps[m.N].status, t.now.UnixMilli()
		if sent.Failure != 0 {
			sent.Status = "failed"
		}
	})
	t.emitMessage("message.status_updated", sent)
	if next := m.N + 1; sent.Failure == 0 && int(next) < len(messageSteps) && (sent.Whatsapp || messageSteps[next].status != "read") {
		t.after(messageSteps[next].after, actMessage, m.ID, next)
	}
}

// keepMessage stores a message, in place of the oldest if there are maxMessages.
func (t *tx) keepMessage(m message) *message {
	t.messaging.last++
	m.N, m.Sent, m.SID = t.messaging.last, t.now.UnixMilli(), "SM"+t.random.hex(32)
	if m.Media == nil {
		m.Media = []string{}
	}
	t.messaging.sent.insert(&m)
	t.messaging.sent.keepNewest(maxMessages)
	return &m
}

// messageID returns the instant and 16 letters or digits, as ids in events of 2026 are.
func (t *tx) messageID() string {
	id := strconv.AppendInt(nil, t.now.UnixMilli(), 10)
	for range 16 {
		id = append(id, "abcdefghijklmnopqrstuvwxyz0123456789"[t.random.intn(36)])
	}
	return string(id)
}

// sending sends the message that read takes from the body, if the line may send in a mode. A request that is repeated
// sends a second message: it has no key to tell a repetition by.
func sending(mode messageMode, read func(*message, object, messageMode) error, view func(*message, *number) envelope) handler {
	return func(r *request) (rep reply, err error) {
		in, err := r.object()
		if err != nil {
			return rep, payloadError(err)
		}
		err = r.do(func(t *tx) error {
			n, l, err := t.registeredLine(r.id("id"))
			switch {
			case err != nil:
				return err
			case l.Mode != mode:
				return wrongMode(mode)
			}
			m := message{Line: n.ID}
			if err := read(&m, in, mode); err != nil {
				return err
			}
			if err := checkReceivers(n, m.To...); err != nil {
				return err
			}
			if err := t.checkAgent(in, mode); err != nil {
				return err
			}
			if len(m.To) > 1 {
				m.ID, m.Conversation = t.random.uuid(), t.groupConversation(n.ID, m.To)
			} else {
				m.ID = t.messageID()
			}
			rep = flat(200, view(t.send(m), n))
			return nil
		})
		return rep, payloadError(err)
	}
}

// payloadError gives a 400 without a key the key InvalidPayload, which the sends have.
func payloadError(err error) error {
	if e, ok := err.(*apiError); ok && e.status == 400 && e.key == "" {
		return &apiError{status: 400, key: "InvalidPayload", troubleshoot: e.troubleshoot}
	}
	return err
}

// checkReceivers refuses a message from a line to itself.
func checkReceivers(n *number, to ...string) error {
	if slices.Contains(to, "+"+digits(n.Digits)) {
		return &apiError{status: 400, key: "SameDestinationAsSender", troubleshoot: "A number can't send messages to itself"}
	}
	return nil
}

// sendMessage sends to one receiver. The files are mediaUrl here and media_url in the reply; a request with media_url
// has an unknown parameter.
func sendMessage(mode messageMode) handler {
	return sending(mode, func(m *message, in object, _ messageMode) error {
		to, err := phoneIn(in, "to")
		if err != nil {
			return err
		}
		m.To = []string{to}
		if m.Body, err = textIn(in, "body", maxSMS); err != nil {
			return err
		}
		m.Media, err = mediaIn(in)
		return err
	}, viewMessage)
}

// checkAgent checks the user in whose name the message is in Aircall's apps: user_id for a client in production, agentId
// in the reference. Messages past the inbox have no such user.
func (t *tx) checkAgent(in object, mode messageMode) error {
	if mode != nativeMode {
		return nil
	}
	for _, name := range []string{"user_id", "agentId"} {
		id, state, err := in.integer(name)
		if err != nil {
			return err
		}
		if _, ok := t.users.get(id); state == isPresent && !ok {
			return invalid("%s %d is no user", name, id)
		}
	}
	return nil
}

// sendGroup sends to several at once. Past the inbox it takes a text or files, in a conversation only a text.
func sendGroup(mode messageMode) handler { return sending(mode, (*message).readGroup, viewGroup) }

func (m *message) readGroup(in object, mode messageMode) error {
	var err error
	if m.To, err = participantsIn(in); err != nil {
		return err
	}
	if _, media := in.field("mediaUrl"); media != isPresent || mode == nativeMode {
		m.Body, err = textIn(in, "body", maxSMS)
		return err
	}
	if _, body := in.field("body"); body == isPresent {
		return invalid("body and mediaUrl can't be sent together")
	}
	m.Media, err = mediaIn(in)
	if err == nil && len(m.Media) == 0 {
		err = invalid("mediaUrl can't be blank")
	}
	return err
}

func participantsIn(in object) ([]string, error) {
	var to []string
	if _, err := in.decode("participants", "an array of phone numbers", &to); err != nil {
		return nil, err
	}
	if len(to) < 2 || len(to) > maxParticipants {
		return nil, invalid("participants must be 2 to %d phone numbers, got %d", maxParticipants, len(to))
	}
	for i, p := range to {
		if !possiblePhone(p) {
			return nil, invalid("participants: %.40q is not a valid phone number", p)
		}
		to[i] = "+" + digits(p)
		if slices.Contains(to[:i], to[i]) {
			return nil, invalid("participants: %q comes twice", p)
		}
	}
	return to, nil
}

// groupConversation returns the conversation that the same people have on the same line, as far back as messages are
// kept, or a new one.
func (t *tx) groupConversation(line int64, to []string) string {
	with := sorted(to)
	for _, m := range slices.Backward(t.messaging.sent.order) {
		if m.Line == line && m.Conversation != "" && slices.Equal(sorted(m.To), with) {
			return m.Conversation
		}
	}
	return t.random.uuid()
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }

func phoneIn(in object, name string) (string, error) {
	s, _, err := in.text(name)
	if err == nil && !possiblePhone(s) {
		err = invalid("%s %.40q is not a valid phone number", name, s)
	}
	return "+" + digits(s), err
}

// textIn reads a text that is required, of most characters at most.
func textIn(in object, name string, most int) (string, error) {
	s, _, err := in.text(name)
	switch {
	case err != nil:
	case strings.TrimSpace(s) == "":
		err = invalid("%s can't be blank", name)
	case utf8.RuneCountInString(s) > most:
		err = invalid("%s is too long (maximum is %d characters)", name, most)
	}
	return s, err
}

func mediaIn(in object) ([]string, error) {
	var media []string
	if _, err := in.decode("mediaUrl", "an array of URLs", &media); err != nil {
		return nil, err
	}
	if len(media) > maxMedia {
		return nil, invalid("mediaUrl has %d URLs, the maximum is %d", len(media), maxMedia)
	}
	for _, s := range media {
		u, err := url.Parse(s)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(s) > maxURL {
			return nil, invalid("mediaUrl: %.40q is not a valid URL", s)
		}
	}
	return media, nil
}

type smsTemplate struct {
	ID   int64  `json:"id,omitzero"`
	Name string `json:"name,omitzero"`
	Body string `json:"body,omitzero"`
}

func (m *smsTemplate) identity() (id, created int64) { return m.ID, 0 }

func (m *smsTemplate) clone() *smsTemplate { return new(*m) }

// listSMSTemplates has up to 100 a page, unlike every other list, and searches names and texts.
func listSMSTemplates(r *request) (reply, error) {
	l, err := r.listing(listSpec{most: 100, filters: []string{"search"}})
	if err != nil {
		return reply{}, err
	}
	words := strings.ToLower(r.query.Get("search"))
	var views []raw
	err = r.do(func(t *tx) error {
		has := func(m *smsTemplate) bool {
			return strings.Contains(strings.ToLower(m.Name), words) || strings.Contains(strings.ToLower(m.Body), words)
		}
		views = collect(&l, t.messaging.templates.order, has, func(m *smsTemplate) raw {
			return encode(envelope{{"id", m.ID}, {"name", m.Name}, {"body", m.Body}})
		})
		return nil
	})
	return r.list("templates", views, l), err
}
