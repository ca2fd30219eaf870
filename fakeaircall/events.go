package fakeaircall

import (
	"bytes"
	"cmp"
	"encoding/json"
	"mime"
	"net/url"
	"path"
	"slices"
	"strconv"
	"time"
)

// An event is what a webhook can subscribe to, and the family of what it carries.
type event struct{ name, resource string }

// events are the 67 names of the reference of 2026 and one that was captured on
// 2026-10-08, by family. There is no call.missed, call.recording, call.updated or
// message.created, though public clients subscribe to them; see doubtfulEvents for
// names that only one source has.
var events = slices.Concat(
	family("call",
		"call.created", "call.ringing_on_agent", "call.agent_declined", "call.answered", "call.hold", "call.unhold",
		"call.ivr_option_selected", "call.transferred", "call.external_transferred", "call.unsuccessful_transfer",
		"call.hungup", "call.ended", "call.comm_assets_generated", "call.voicemail_left", "call.assigned", "call.archived",
		"call.tagged", "call.untagged", "call.commented"),
	family("user",
		"user.created.v2", "user.deleted.v2", "user.connected.v2", "user.disconnected.v2",
		"user.opened.v2", "user.closed.v2", "user.wut_start.v2", "user.wut_end.v2",
		"user.created", "user.deleted", "user.connected", "user.disconnected",
		"user.opened", "user.closed", "user.wut_start", "user.wut_end"),
	family("number", "number.created", "number.opened", "number.closed", "number.deleted"),
	family("contact", "contact.created", "contact.updated", "contact.deleted"),
	family("message",
		"message.sent", "message.received", "message.status_updated",
		"group_message.sent", "group_message.received", "group_message.status_updated"),
	family("conversation_intelligence",
		"transcription.created", "summary.created", "topics.created", "sentiment.created", "action_item.created",
		"playbook_result.created", "playbook_result.updated", "realtime_transcription.utterances_received",
		"custom_summary.result_created", "custom_summary.result_updated", "call_evaluation.created", "call_evaluation.updated"),
	family("ai_voice_agent", "ai_voice_agent.started", "ai_voice_agent.ended", "ai_voice_agent.escalated", "ai_voice_agent.summary"),
	family("analytics", "analytics.report_created", "analytics.report_failed"),
	family("integration", "integration.deleted"),
	family("outbound_campaign", "outbound_campaign.outcome_recorded"), // captured; the fake has no campaigns that cause it
)

func family(resource string, names ...string) []event {
	list := make([]event, len(names))
	for i, name := range names {
		list[i] = event{name, resource}
	}
	return list
}

func allEvents() []string {
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = e.name
	}
	return names
}

// resourceOf is the family of an event.
func resourceOf(name string) string {
	for _, e := range events {
		if e.name == name {
			return e.resource
		}
	}
	return ""
}

func isEvent(name string) bool {
	return resourceOf(name) != ""
}

// An Event is something that happened in a company, whether or not a webhook asks
// for it. Data is the resource as it then was, in the form of the wire.
type Event struct {
	Seq  uint64          `json:"seq,omitzero"` // counts the company's events, from 1
	At   time.Time       `json:"at,omitzero"`
	Name string          `json:"name,omitzero"`
	Data json.RawMessage `json:"data,omitzero"`
}

const maxEvents = 1000 // kept of a company, the newest

// Events are the newest 1,000 of an account, "" for the first, oldest first.
func (s *Server) Events(account string) ([]Event, error) {
	c, err := s.account(account)
	if err != nil {
		return nil, err
	}
	var list []Event
	err = s.do(c, func(t *tx) error {
		list = t.events.all()
		return nil
	})
	return list, err
}

// happened keeps an event.
func (t *tx) happened(name string, data raw) Event {
	e := Event{Seq: t.events.last + 1, At: t.now, Name: name, Data: json.RawMessage(data)}
	t.events.add(e)
	return e
}

// emitCall emits an event of a call.
func (t *tx) emitCall(name string, c *call) { t.emitCallBy(name, c, c.User) }

// emitCallBy is for events whose user is not the call's: who rings, and who
// declined.
func (t *tx) emitCallBy(name string, c *call, user int64) {
	v := t.viewCallEvent(name, c)
	v.User = t.optionalUser(user)
	t.emit(name, encode(v))
}

// emitExternalTransfer tells that a call goes on outside, where nobody of the
// company hears it.
func (t *tx) emitExternalTransfer(c *call, to string) {
	v := t.viewCallEvent("call.external_transferred", c)
	v.ExternalTransferredTo, v.ExternalCallerNumber = "+"+digits(to), externalPhone(c.Other)
	t.emit("call.external_transferred", encode(v))
}

// emitIVR emits the options that a caller has chosen so far. No other event has them.
func (t *tx) emitIVR(c *call, chosen []ivrChoice) {
	v := t.viewCallEvent("call.ivr_option_selected", c)
	v.IVROptionsSelected = viewIVR(chosen)
	t.emit("call.ivr_option_selected", encode(v))
}

// emitUser emits an event of a user in both versions; name is without .v2. Of a
// reason for closing a second event tells (documented).
func (t *tx) emitUser(name string, u *user) {
	t.emitUserVersions(name, t.viewUserEvent(name, u))
	if name == "user.closed" && u.Substatus != "" && u.Substatus != "always_opened" && u.Substatus != "always_open" {
		v := t.viewUserEvent(name, u)
		v.Substatus = new(u.Substatus)
		t.emitUserVersions(name, v)
	}
}

// emitWrapUp tells that the work after a call begins or ends.
func (t *tx) emitWrapUp(name string, u *user, lastCall int64) {
	v := t.viewUserEvent(name, u)
	v.LastCallID = lastCall
	t.emitUserVersions(name, v)
}

// emitUserVersions: version 2 has no numbers, and alone tells the last call.
func (t *tx) emitUserVersions(name string, v userEventView) {
	two := v
	two.Numbers, two.DirectLink = nil, link("/v2/users/", v.ID)
	v.LastCallID = 0
	t.emit(name, encode(v))
	t.emit(name+".v2", encode(two))
}

// emitContact emits an event of a contact.
func (t *tx) emitContact(name string, c *contact) {
	if name == "contact.deleted" {
		t.emit(name, encode(t.viewContactEvent(name, c)))
		return
	}
	t.emit(name, t.contactEventJSON(c))
}

// emitNumber emits an event of a line.
func (t *tx) emitNumber(name string, n *number) { t.emit(name, encode(t.viewNumberEvent(name, n))) }

// emitOpening tells whether a line is open now.
func (t *tx) emitOpening(n *number) {
	if n.Open {
		t.emitNumber("number.opened", n)
	} else {
		t.emitNumber("number.closed", n)
	}
}

// An eventLog keeps the newest events, in the position of the oldest when there are maxEvents.
type eventLog struct {
	items []Event
	next  int    // the oldest, once it is full
	last  uint64 // the number of the newest; counts all of them
	saved uint64 // last at the last flush
}

func (l *eventLog) add(e Event) {
	l.last = e.Seq
	if len(l.items) < maxEvents {
		l.items = append(l.items, e)
		return
	}
	l.items[l.next] = e
	l.next = (l.next + 1) % maxEvents
}

// all returns the events, oldest first.
func (l *eventLog) all() []Event {
	return append(append(make([]Event, 0, len(l.items)), l.items[l.next:]...), l.items[:l.next]...)
}

func (l *eventLog) copy() eventLog { return eventLog{items: l.all(), last: l.last} }

func (l *eventLog) watch() { l.saved = l.last }

func (l *eventLog) each(f func(id int64, v any)) {
	for _, e := range l.all() {
		f(int64(e.Seq), e)
	}
}

// flush calls f with the events since the last flush, and nil for those that they replaced.
func (l *eventLog) flush(f func(id int64, v any)) {
	for _, e := range l.items {
		if e.Seq > l.saved {
			f(int64(e.Seq), e)
		}
	}
	for seq := max(l.saved, maxEvents) + 1; seq <= l.last; seq++ {
		f(int64(seq-maxEvents), nil)
	}
	l.saved = l.last
}

func (l *eventLog) read(data []byte) error {
	var e Event
	err := readJSON(data, &e)
	l.items = append(l.items, e)
	return err
}

func (l *eventLog) ready() {
	slices.SortFunc(l.items, func(a, b Event) int { return cmp.Compare(a.Seq, b.Seq) })
	if n := len(l.items); n > 0 {
		l.last = l.items[n-1].Seq
	}
}

// A userEventView is a user in an event of his own, in version 1 with his lines.
// A reason stands only in the second of two events (documented for closing).
type userEventView struct {
	userV1View
	Numbers    []eventNumberView `json:"numbers,omitzero"`
	Substatus  *string           `json:"substatus,omitempty"`
	LastCallID int64             `json:"last_call_id,omitempty"`
}

// viewUserEvent: one who was just made or deleted has no lines, and no app open
// (captured 2022).
func (t *tx) viewUserEvent(name string, u *user) userEventView {
	v := userEventView{userV1View: viewUserV1(u), Numbers: []eventNumberView{}}
	if name == "user.created" || name == "user.deleted" {
		v.Available = false
		return v
	}
	for _, n := range t.numbers.order {
		if slices.Contains(n.Users, u.ID) {
			v.Numbers = append(v.Numbers, viewEventNumber(n))
		}
	}
	return v
}

// viewNumberEvent: a deleted line is closed and nobody's (captured 2022).
func (t *tx) viewNumberEvent(name string, n *number) eventNumberView {
	v := viewEventNumber(n)
	v.Users = make([]eventUserView, 0, len(n.Users))
	if name == "number.deleted" {
		v.Open = false
		return v
	}
	for _, id := range n.Users {
		if u := t.viewEventUser(id); u != nil {
			v.Users = append(v.Users, *u)
		}
	}
	return v
}

// viewContactEvent returns the view of a contact in an event. Times are texts there, by the reference of 2026; captures of
// 2022 have seconds, as REST still does. A deleted contact has lost its details, at this instant (captured 2022).
func (t *tx) viewContactEvent(name string, c *contact) contactView {
	v, updated := viewContact(c), c.Updated
	if name == "contact.deleted" {
		updated, v.PhoneNumbers, v.Emails = t.unix(), []detailView{}, []detailView{}
	}
	v.CreatedAt, v.UpdatedAt = json.RawMessage(t.appendEventTime(nil, c.Created)), json.RawMessage(t.appendEventTime(nil, updated))
	return v
}

// contactEventJSON is the view of a contact that is there: REST's JSON, which was
// made for the reply, but for its times.
func (t *tx) contactEventJSON(c *contact) raw {
	rest := t.contactJSON(c)
	rest = rest[bytes.Index(rest, []byte(`,"first_name":`)):]
	b := append(make(raw, 0, len(rest)+120), `{"id":`...)
	b = strconv.AppendInt(b, c.ID, 10)
	b = t.appendEventTime(append(b, `,"created_at":`...), c.Created)
	b = t.appendEventTime(append(b, `,"updated_at":`...), c.Updated)
	return append(b, rest...)
}

// contactEventOf is the oldest contact with the other party's number.
func (t *tx) contactEventOf(c *call) *contactView {
	if found := t.contactsWithPhone(digits(c.Other)); len(found) > 0 {
		return new(t.viewContactEvent("", found[0]))
	}
	return nil
}

func (t *tx) appendEventTime(b []byte, unix int64) []byte {
	if t.account.assume.contactSeconds {
		return strconv.AppendInt(b, unix, 10)
	}
	return append(time.Unix(unix, 0).UTC().AppendFormat(append(b, '"'), time.RFC3339), '"')
}

// A messageEventView has media_details where REST has media_url, times in text
// and the other party as shown.
type messageEventView struct {
	ID             string           `json:"id"`
	DirectLink     string           `json:"direct_link"`
	Direction      string           `json:"direction"`
	ExternalNumber string           `json:"external_number"`
	Body           string           `json:"body"`
	Status         string           `json:"status"`
	RawDigits      string           `json:"raw_digits"`
	CreatedAt      string           `json:"created_at"`
	UpdatedAt      string           `json:"updated_at"`
	SentAt         string           `json:"sent_at"`
	MediaDetails   []mediaView      `json:"media_details"`
	Channel        *string          `json:"channel"` // null: SMS or MMS
	Number         *eventNumberView `json:"number"`
	Contact        **contactView    `json:"contact,omitzero"`
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
			Body: orNull(m.Body), Status: m.Status, CreatedAt: created, UpdatedAt: updated, SentAt: created, MediaDetails: viewMedia(m.Media),
		}
		for _, p := range m.To {
			v.Participants = append(v.Participants, digits(p))
		}
		return v
	}
	v := messageEventView{
		ID: m.ID, DirectLink: m.link(), Direction: m.direction(), ExternalNumber: displayPhone(m.To[0]), Body: m.Body, Status: m.Status,
		RawDigits: digits(m.To[0]), CreatedAt: created, UpdatedAt: updated, SentAt: created, MediaDetails: viewMedia(m.Media),
		Contact: optional(t.contactEventOf(&call{Other: m.To[0]}), t.account.assume.eventNulls),
	}
	if n, ok := t.numbers.get(m.Line); ok {
		v.Number = new(viewEventNumber(n))
	}
	if m.Whatsapp {
		v.Channel = new("whatsapp")
		v.whatsappEventView = &whatsappEventView{Type: "text", MessageType: "regular", Category: orNull(m.Category), RecipientCountry: orNull(countryOf(m.To[0]))}
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

// emitMessage emits an event of a message or, by the same name, of a group
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
