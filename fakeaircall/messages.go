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
// Nothing lists messages or reads one: webhooks, or the callback of a line, are
// all one ever learns of them. No source shows headers of these routes. Times in
// milliseconds, keys in camel case and objects without an envelope are not
// Rails', so replies come from the other service that is known, that of contacts.
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
	maxMedia        = 10   // files a message; no source says, this is what carriers take
	maxParticipants = 10   // of a group; no source says either
	maxURL          = 2048
	maxMessages     = 1000 // kept of a company, the newest
)

// messaging is what a company's lines may send, and what they sent.
type messaging struct {
	lines     table[*messageLine]
	templates table[*smsTemplate]
	whatsapp  table[*whatsappTemplate]
	sent      table[*message]
	last      int64 // counts all of them
}

// A messageMode is who has the messages of a line: one of three, never two
// (documented). Without set-up it is Aircall's own apps.
type messageMode int

const (
	nativeMode     messageMode = iota // agents, in conversations
	publicMode                        // the API's user, past the inbox
	thirdPartyMode                    // another integration, which this API neither sets nor ends
)

// wrongMode is the error of a request that needs mode, on a line in another
// mode. It is the same 403 in both directions (reported by a set-up guide of 2026).
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
	Token        string        `json:"token,omitzero"`        // of publicMode, as callback is
	Callback     string        `json:"callback,omitzero"`     // "": nobody is told
	Registration string        `json:"registration,omitzero"` // approved, or messages are refused
	Whatsapp     *whatsappLine `json:"whatsapp,omitzero"`     // nil: SMS alone
}

func newMessaging() messaging {
	return messaging{
		lines: newTable[*messageLine](), templates: newTable[*smsTemplate](),
		whatsapp: newTable[*whatsappTemplate](), sent: newTable[*message](),
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

// messageLine is what a number has beside its calls. Numbers cannot be made
// here, so these do not get more than them.
func (t *tx) messageLine(n *number) *messageLine {
	l, ok := t.messaging.lines.get(n.ID)
	if !ok {
		l = &messageLine{Number: n.ID, Registration: "approved"}
		t.messaging.lines.insert(l)
	}
	return l
}

// registeredLine is the line of a number if the company's plan has messages and
// carriers take them from the line. Both refusals are a documented 403.
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

// sendingLine is the line of a number if it may send in a mode.
func (t *tx) sendingLine(id int64, mode messageMode) (*number, *messageLine, error) {
	n, l, err := t.registeredLine(id)
	if err == nil && l.Mode != mode {
		err = wrongMode(mode)
	}
	return n, l, err
}

type registrationView struct {
	RegistrationStatus string `json:"registration_status"`
}

func retrieveRegistration(r *request) (reply, error) {
	var view registrationView
	err := r.do(func(t *tx) error {
		n, ok := t.numbers.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		view.RegistrationStatus = t.messageLine(n).Registration
		return nil
	})
	return plain(200, view), err
}

// plain is the reply of an object without an envelope.
func plain(status int, view any) reply { return reply{status: status, body: encode(view)} }

// configurationView is in camel case, as its request is. Without a URL the reply
// to configuring has no callbackUrl, and a later read has null (reported by a
// set-up guide of 2026).
type configurationView struct {
	Token       string   `json:"token"`
	CallbackURL **string `json:"callbackUrl,omitzero"`
	Type        string   `json:"type"`
}

func viewConfiguration(l *messageLine, nulls bool) configurationView {
	return configurationView{Token: l.Token, CallbackURL: optional(orNull(l.Callback), nulls), Type: "Public Api"}
}

// configureNumber takes a line out of Aircall's apps. The body may be missing, and
// so may callbackUrl. The type of the request, whatsapp, is taken and not shown
// again: the reply's is another.
func configureNumber(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	var view configurationView
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
		view = viewConfiguration(l, false)
		return nil
	})
	return plain(200, view), err // the tutorial's sample tests for 200
}

func fetchConfiguration(r *request) (reply, error) {
	var view configurationView
	err := r.withConfiguration(func(_ *tx, l *messageLine) { view = viewConfiguration(l, true) })
	return plain(200, view), err
}

// deleteConfiguration gives the line back to Aircall's apps.
func deleteConfiguration(r *request) (reply, error) {
	err := r.withConfiguration(func(t *tx, l *messageLine) {
		t.messaging.lines.update(l, func() { l.Mode, l.Token, l.Callback = nativeMode, "", "" })
	})
	return reply{status: 204}, err
}

func (r *request) withConfiguration(f func(*tx, *messageLine)) error {
	return r.do(func(t *tx) error {
		n, ok := t.numbers.get(r.id("id"))
		if !ok || t.messageLine(n).Mode != publicMode {
			return errNotFound
		}
		f(t, t.messageLine(n))
		return nil
	})
}

// A message that was sent, or came in.
type message struct {
	N            int64    `json:"n,omitzero"` // counts those of the company
	ID           string   `json:"id,omitzero"`
	SID          string   `json:"sid,omitzero"` // names it in its link
	Line         int64    `json:"line,omitzero"`
	Inbound      bool     `json:"inbound,omitzero"`
	Whatsapp     bool     `json:"whatsapp,omitzero"`
	Category     string   `json:"category,omitzero"` // of its WhatsApp template, in lower case; "": it has none
	Sent         int64    `json:"sent,omitzero"`     // in milliseconds, as updated
	Updated      int64    `json:"updated,omitzero"`
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

// messageView has times in milliseconds, by the schema of an app in production
// and Aircall's help pages; one transcription has ISO 8601. The order up to number,
// and raw_digits without a plus, are those of the help pages. There is no
// external_number, which events have, and media_url stands where they have
// media_details.
type messageView struct {
	ID        string         `json:"id"`
	Status    string         `json:"status"`
	Link      string         `json:"direct_link"`
	Direction string         `json:"direction"`
	CreatedAt int64          `json:"created_at"`
	SentAt    int64          `json:"sent_at"`
	UpdatedAt int64          `json:"updated_at"`
	RawDigits string         `json:"raw_digits"`
	Number    callNumberView `json:"number"`
	Body      string         `json:"body"`
	MediaURL  []string       `json:"media_url"`
}

func viewMessage(m *message, n *number) messageView {
	return messageView{
		ID: m.ID, Status: m.Status, Link: m.link(), Direction: "outbound",
		CreatedAt: m.Sent, SentAt: m.Sent, UpdatedAt: m.Sent,
		RawDigits: digits(m.To[0]), Number: viewMessageNumber(n), Body: m.Body, MediaURL: m.Media,
	}
}

// groupView is the reference's sample: no raw_digits, no number, and an id of
// another name.
type groupView struct {
	GroupMessageID      string   `json:"group_message_id"`
	Status              string   `json:"status"`
	Link                string   `json:"direct_link"`
	Direction           string   `json:"direction"`
	CreatedAt           int64    `json:"created_at"`
	SentAt              int64    `json:"sent_at"`
	UpdatedAt           int64    `json:"updated_at"`
	GroupConversationID string   `json:"group_conversation_id"`
	Participants        []string `json:"participants"`
	MediaURL            []string `json:"media_url"`
	Body                *string  `json:"body"`
}

func viewGroup(m *message) groupView {
	return groupView{
		GroupMessageID: m.ID, Status: m.Status, Link: m.link(), Direction: "outbound",
		CreatedAt: m.Sent, SentAt: m.Sent, UpdatedAt: m.Sent,
		GroupConversationID: m.Conversation, Participants: m.To, MediaURL: m.Media, Body: orNull(m.Body),
	}
}

func (m *message) link() string { return link("/v1/numbers/", m.Line) + "/messages/" + m.SID }

// send stores a message as sent at this instant, and emits its event; what becomes of
// it follows.
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

// actMessage: a message gets on its way by the step n.
const actMessage = act("message")

// messageSteps are what becomes of a message. That one was read is told by
// WhatsApp alone.
var messageSteps = []struct {
	status string
	after  time.Duration
}{
	{"sent", time.Second}, {"delivered", 2 * time.Second}, {"read", time.Minute},
}

func (t *tx) moveMessage(m timer) {
	sent, ok := t.messaging.sent.get(m.ID)
	if !ok {
		return // so many came after it
	}
	t.messaging.sent.update(sent, func() {
		sent.Status, sent.Updated = messageSteps[m.N].status, t.now.UnixMilli()
		if sent.Failure != 0 {
			sent.Status = "failed"
		}
	})
	if sent.Failure != 0 {
		t.emitMessage("message.status_updated", sent)
		return
	}
	t.emitMessage("message.status_updated", sent)
	if next := m.N + 1; int(next) < len(messageSteps) && (sent.Whatsapp || messageSteps[next].status != "read") {
		t.after(messageSteps[next].after, actMessage, m.ID, next)
	}
}

// keepMessage stores a message in the place of the oldest if there are many.
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

// messageID is the instant and 16 letters, as ids in events of 2026 are.
func (t *tx) messageID() string {
	id := strconv.AppendInt(nil, t.now.UnixMilli(), 10)
	for range 16 {
		id = append(id, "abcdefghijklmnopqrstuvwxyz0123456789"[t.random.intn(36)])
	}
	return string(id)
}

// sending answers with what send makes of the body, if the line may send so.
func sending[V any](mode messageMode, send func(*tx, *number, object) (V, error)) handler {
	return func(r *request) (reply, error) {
		in, err := r.object()
		if err != nil {
			return reply{}, payloadError(err)
		}
		var view V
		err = r.do(func(t *tx) error {
			n, _, err := t.sendingLine(r.id("id"), mode)
			if err != nil {
				return err
			}
			view, err = send(t, n, in)
			return payloadError(err)
		})
		return plain(200, view), err
	}
}

// payloadError puts the key InvalidPayload into a 400 that has none: the body of a
// send cannot be taken.
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

// sendMessage sends to one. Doing it twice sends two: there is no key to tell a
// repetition by.
func sendMessage(mode messageMode) handler {
	return sending(mode, func(t *tx, n *number, in object) (messageView, error) {
		m := message{Line: n.ID}
		if err := m.read(in); err != nil {
			return messageView{}, err
		}
		if err := checkReceivers(n, m.To...); err != nil {
			return messageView{}, err
		}
		if err := t.checkAgent(in, mode); err != nil {
			return messageView{}, err
		}
		m.ID = t.messageID()
		return viewMessage(t.send(m), n), nil
	})
}

// read takes the receiver, the text and the files. The files are mediaUrl here
// and media_url in the reply, which in a request is a name like any unknown one.
func (m *message) read(in object) error {
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
}

// checkAgent looks at whose name the message gets in Aircall's apps: user_id for
// a client in production, agentId for a reader of the reference. Past the inbox
// nobody's.
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

// sendGroup sends to several at once. Past the inbox it takes a text or files,
// in a conversation a text alone.
func sendGroup(mode messageMode) handler {
	return sending(mode, func(t *tx, n *number, in object) (groupView, error) {
		m := message{Line: n.ID}
		if err := m.readGroup(in, mode); err != nil {
			return groupView{}, err
		}
		if err := checkReceivers(n, m.To...); err != nil {
			return groupView{}, err
		}
		if err := t.checkAgent(in, mode); err != nil {
			return groupView{}, err
		}
		m.ID, m.Conversation = t.random.uuid(), t.groupConversation(n.ID, m.To)
		return viewGroup(t.send(m)), nil
	})
}

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

// groupConversation is the one that the same people have on the same line already,
// as far back as messages are kept.
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

// textIn is a text that must be there, of some characters at most.
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

type smsTemplateView struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Body string `json:"body"`
}

// listSMSTemplates comes by up to 100, unlike every other list, and looks for
// words in names and texts.
func listSMSTemplates(r *request) (reply, error) {
	l, err := r.listing(listSpec{most: 100, filters: []string{"search"}})
	if err != nil {
		return reply{}, err
	}
	words := strings.ToLower(r.query.Get("search"))
	var views []smsTemplateView
	err = r.do(func(t *tx) error {
		has := func(m *smsTemplate) bool {
			return strings.Contains(strings.ToLower(m.Name), words) || strings.Contains(strings.ToLower(m.Body), words)
		}
		views = collect(&l, t.messaging.templates.order, has, func(m *smsTemplate) smsTemplateView {
			return smsTemplateView{ID: m.ID, Name: m.Name, Body: m.Body}
		})
		return nil
	})
	return r.list("templates", views, l), err
}
