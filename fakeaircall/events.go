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

// An event is a name that a webhook can subscribe to, and the resource that the event carries.
type event struct{ name, resource string }

// events are the 67 names of the reference of 2026 and one that was captured on 2026-10-08, by resource. There is no
// call.missed, call.recording, call.updated or message.created, though public clients subscribe to them; see
// doubtfulEvents for names that only one source has. Only Trigger causes number.created, number.deleted, the three
// .updated of results, realtime_transcription.utterances_received, ai_voice_agent.escalated and the last one, and for
// lines CreateNumber and DeleteNumber of an AccountHandle.
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
	family("outbound_campaign", "outbound_campaign.outcome_recorded"), // captured
)

func family(resource string, names ...string) (list []event) {
	for _, name := range names {
		list = append(list, event{name, resource})
	}
	return list
}

// EventNames returns the names of all events that a webhook can subscribe to.
func EventNames() (names []string) {
	for _, e := range events {
		names = append(names, e.name)
	}
	return names
}

// resourceOf returns the resource of an event, or "" for an unknown name.
func resourceOf(name string) string {
	for _, e := range events {
		if e.name == name {
			return e.resource
		}
	}
	return ""
}

// An Event is something that happened in an account, whether or not a webhook asks for it. Data is the resource as it
// was then, as webhooks get it.
type Event struct {
	Seq  uint64          `json:"seq,omitzero"` // counts the events of the account, from 1
	At   time.Time       `json:"at,omitzero"`
	Name string          `json:"name,omitzero"`
	Data json.RawMessage `json:"data,omitzero"`
}

func (e *Event) identity() (id, created int64) { return int64(e.Seq), int64(e.Seq) }

func (e *Event) clone() *Event { return new(*e) }

const maxEvents = 1000 // kept of an account, the newest

// Events returns the newest 1,000 events of an account, oldest first; "" is the first account.
func (s *Server) Events(account string) ([]Event, error) {
	var list []Event
	err := s.in(account, func(t *tx) error {
		for _, e := range t.events.order {
			list = append(list, *e)
		}
		return nil
	})
	return list, err
}

// SendEvent sends an event again, by its Seq, to the active webhooks that subscribe to it now. It returns the ids of the
// new deliveries. Its error is a *Refusal if the account no longer has the event, or has no such webhook.
func (a AccountHandle) SendEvent(seq uint64) (deliveries []int64, err error) {
	err = a.server.in(a.Name, func(t *tx) error {
		e, ok := t.events.get(int64(seq))
		if !ok {
			return missing("account %q has no event %d any more", a.Name, seq)
		}
		for _, h := range t.webhooks.order {
			if h.Active && slices.Contains(h.Events, e.Name) {
				deliveries = append(deliveries, t.addDelivery(delivery{Event: *e, Hook: h.ID, UUID: h.UUID, URL: h.URL, Token: h.Token}, 0).ID)
			}
		}
		if deliveries == nil {
			return conflict("no active webhook subscribes to %s", e.Name)
		}
		return nil
	})
	return deliveries, err
}

// record keeps an event.
func (t *tx) record(name string, data raw) Event {
	e := &Event{Seq: 1, At: t.now, Name: name, Data: json.RawMessage(data)}
	if n := t.events.len(); n > 0 {
		e.Seq = t.events.order[n-1].Seq + 1
	}
	t.events.insert(e)
	t.events.keepNewest(maxEvents)
	return *e
}

var null = raw("null")

// present leaves out the members that have no value. A nil pointer is a value: it is written as null.
func (e envelope) present() envelope {
	return slices.DeleteFunc(e, func(m member) bool { return m.value == nil })
}

// optional returns the value of a member for v. A nil v is left out, or null if nulls is set.
func optional[T any](v *T, nulls bool) any {
	if v == nil && !nulls {
		return nil
	}
	return v
}

// emitCall emits an event of a call.
func (t *tx) emitCall(name string, c *call) { t.emitCallBy(name, c, c.User) }

// emitCallBy emits an event whose user need not be the call's, such as one whose app rings. It has more members than
// other events of a call.
func (t *tx) emitCallBy(name string, c *call, user int64, more ...member) {
	t.emit(name, encode(append(t.viewCallEvent(name, c, user), more...)))
}

// viewCallEvent returns a call in an event. Keys and their order are those of captures of 2022; where call_uuid and
// participants are is from a sample of 2024. A key that is null over REST is absent here.
func (t *tx) viewCallEvent(name string, c *call, user int64) envelope {
	var audio callAudio
	gathered := !t.now.Before(time.Unix(c.Ended, 0).Add(gathering))
	if gathered && !(name == "call.ended" && t.account.assume.lateAudio) {
		audio = t.audioOf(c, assets{t.account.base(), t.account}) // signed anew for each event
	}
	tags := []raw{}
	for _, ct := range c.Tags {
		if g, ok := t.tags.get(ct.TagID); ok {
			tags = append(tags, encode(envelope{
				{"id", g.ID}, {"name", g.Name}, {"tagged_by", orEmpty(t.viewEventUser(ct.By))}, {"tagged_at", ct.At},
			}))
		}
	}
	var recordingShort, voicemailShort any
	if name == "call.comm_assets_generated" && audio.asset != nil {
		recordingShort, voicemailShort = audio.recordingShort, audio.voicemailShort
	}
	return envelope{
		{"id", c.ID}, {"direct_link", link("/v1/calls/", c.ID)}, {"direction", directionOf(c.Inbound)}, {"call_uuid", c.SID},
		{"status", c.status()}, {"missed_call_reason", orNull(c.MissedReason)},
		{"started_at", c.Started}, {"answered_at", orNull(c.Answered)}, {"ended_at", orNull(c.Ended)}, {"duration", c.duration()},
		{"cost", c.Cost}, {"hangup_cause", null}, // null in every capture
		{"voicemail", audio.voicemail}, {"recording", audio.recording}, {"asset", audio.asset},
		{"recording_short_url", recordingShort}, {"voicemail_short_url", voicemailShort},
		{"raw_digits", c.Other}, {"participants", t.participants(c)}, {"user", t.optionalUser(user)},
		{"contact", t.contactEventOf(c.Other)}, {"number", t.viewEventNumber(c.Number)},
		{"archived", c.Archived}, {"assigned_to", t.optionalUser(c.AssignedTo)}, {"teams", t.viewTeams(c)},
		{"comments", viewComments(c, t.viewEventUser)}, {"tags", tags},
		{"transferred_to", t.optionalUser(c.TransferredTo)}, {"transferred_by", t.optionalUser(c.TransferredBy)},
	}.present()
}

// viewEventUser returns a user in an event: unlike over REST with the wrap-up time and without the time zone. It
// returns nil without a user, and for a user who was deleted.
func (t *tx) viewEventUser(id int64) *callUserView {
	v := t.viewCallUser(id)
	if v != nil {
		v.CreatedAt, v.TimeZone, v.State, v.Extension = nil, nil, nil, nil
	}
	return v
}

func (t *tx) optionalUser(id int64) any {
	return optional(t.viewEventUser(id), t.account.assume.eventNulls)
}

// participants are the other party, and the user or the AI voice agent once there is one.
func (t *tx) participants(c *call) []raw {
	list := []raw{encode(envelope{{"phone_number", externalPhone(c.Other)}, {"type", "external"}})}
	if u, ok := t.users.get(c.User); ok {
		return append(list, encode(envelope{{"id", u.ID}, {"name", u.name()}, {"type", "user"}}))
	}
	if a := t.agentOf(c); a != nil && !t.account.assume.internalAgents {
		list = append(list, encode(envelope{{"id", a.Agent}, {"name", agents[a.Agent].name}, {"type", agentParticipant}}))
	}
	return list
}

// externalPhone returns a number in E.164, or what a call shows of a hidden one.
func externalPhone(shown string) string {
	if d := digits(shown); d != "" {
		return "+" + d
	}
	return shown
}

// viewEventNumber returns the line of an event, null without one.
func (t *tx) viewEventNumber(id int64) raw {
	if n, ok := t.line(id); ok {
		return n.eventView(nil)
	}
	return null
}

// eventView returns a line in an event: without created_at, and with e164_digits, which events alone have. Its users
// are in events of lines only; nil leaves them out.
func (n *number) eventView(users any) raw {
	m := n.Messages
	return encode(envelope{
		{"id", n.ID}, {"direct_link", link("/v1/numbers/", n.ID)}, {"name", n.Name}, {"digits", n.Digits},
		{"e164_digits", "+" + digits(n.Digits)}, {"country", n.Country}, {"time_zone", n.TimeZone}, {"open", n.Open}, {"availability_status", n.AvailabilityStatus},
		{"is_ivr", n.IsIVR}, {"live_recording_activated", n.Recording}, {"users", users},
		{"messages", envelope{
			{"welcome", m.Welcome}, {"waiting", m.Waiting}, {"ivr", m.IVR},
			{"voicemail", m.Voicemail}, {"closed", m.Closed}, {"callback_later", m.CallbackLater},
		}},
	}.present())
}

// emitOpening emits whether a line is open now.
func (t *tx) emitOpening(n *number) {
	name := "number.closed"
	if n.Open {
		name = "number.opened"
	}
	t.emitNumber(name, n)
}

// emitNumber emits an event of a line, with its users.
func (t *tx) emitNumber(name string, n *number) {
	users := []*callUserView{}
	for _, id := range n.Users {
		if u := t.viewEventUser(id); u != nil {
			users = append(users, u)
		}
	}
	t.emit(name, n.eventView(users))
}

// A userEventView is a user in an event of the user. Version 1 has the lines; version 2 alone has the last call.
type userEventView struct {
	userV1View
	Numbers    []json.RawMessage `json:"numbers,omitzero"`
	Substatus  string            `json:"substatus,omitempty"`
	LastCallID int64             `json:"last_call_id,omitempty"`
}

// emitUser emits an event of a user in both versions; name is without .v2. A second event has the reason for closing
// (documented). A user who was just created or deleted has no lines, and no app open (captured 2022).
func (t *tx) emitUser(name string, u *user) {
	v := userEventView{userV1View: viewUserV1(u), Numbers: []json.RawMessage{}}
	if name == "user.created" || name == "user.deleted" {
		v.Available = false
	} else {
		v.Numbers = t.eventNumbersOf(u)
	}
	t.emitUserVersions(name, v)
	if name == "user.closed" && !slices.Contains([]string{"", "always_opened", "always_open"}, u.Substatus) {
		v.Substatus = u.Substatus
		t.emitUserVersions(name, v)
	}
}

// emitWrapUp emits that the work after a call begins or ends.
func (t *tx) emitWrapUp(name string, u *user, lastCall int64) {
	t.emitUserVersions(name, userEventView{userV1View: viewUserV1(u), Numbers: t.eventNumbersOf(u), LastCallID: lastCall})
}

func (t *tx) eventNumbersOf(u *user) []json.RawMessage {
	views := []json.RawMessage{}
	for _, n := range t.numbers.order {
		if slices.Contains(n.Users, u.ID) {
			views = append(views, json.RawMessage(n.eventView(nil)))
		}
	}
	return views
}

func (t *tx) emitUserVersions(name string, v userEventView) {
	two := v
	two.Numbers, two.DirectLink = nil, link("/v2/users/", v.ID)
	v.LastCallID = 0
	t.emit(name, encode(v))
	t.emit(name+".v2", encode(two))
}

// viewContactEvent returns a contact in an event: as over REST, but with times in text, by the reference of 2026.
// Captures of 2022 have seconds, as REST still does.
func (t *tx) viewContactEvent(c *contact) raw {
	rest := t.contactJSON(c) // which was made for the reply
	if t.account.assume.contactSeconds {
		return rest
	}
	b := append(make(raw, 0, len(rest)+60), `{"id":`...)
	b = append(strconv.AppendInt(b, c.ID, 10), `,"created_at":"`...)
	b = append(time.Unix(c.Created, 0).UTC().AppendFormat(b, time.RFC3339), `","updated_at":"`...)
	b = append(time.Unix(c.Updated, 0).UTC().AppendFormat(b, time.RFC3339), '"')
	return append(b, rest[bytes.Index(rest, []byte(`,"first_name":`)):]...)
}

// emitContact emits an event of a contact. A deleted contact has lost its details, at this instant (captured 2022).
func (t *tx) emitContact(name string, c *contact) {
	if name == "contact.deleted" {
		c = c.clone()
		c.Updated, c.Phones, c.Emails = t.unix(), nil, nil
	}
	t.emit(name, t.viewContactEvent(c))
}

// contactEventOf returns the member for the oldest contact with a phone number.
func (t *tx) contactEventOf(phone string) any {
	if found := t.contactsWithPhone(digits(phone)); len(found) > 0 {
		return t.viewContactEvent(found[0])
	}
	return optional[contact](nil, t.account.assume.eventNulls)
}

// emitMessage emits an event of a message or, by the same name, of a group message. A line in proxy mode has no
// events: its callback gets a different envelope (documented).
func (t *tx) emitMessage(name string, m *message) {
	view := t.viewMessageEvent
	if m.Conversation != "" {
		name, view = "group_"+name, viewGroupEvent
	}
	data := encode(view(m).present())
	if n, ok := t.numbers.get(m.Line); ok && t.messageLine(n).Mode == publicMode {
		l := t.messageLine(n)
		if l.Callback != "" || !t.account.assume.webhooksWithoutURL {
			t.callBack(name, l, m, data)
			return
		}
	}
	t.emit(name, data)
}

// viewMessageEvent returns a message in an event, which has media_details where REST has media_url, times in text and
// the other party as shown.
func (t *tx) viewMessageEvent(m *message) envelope {
	created := milliTime(m.Sent)
	var channel *string // null for SMS and MMS
	if m.Whatsapp {
		channel = new("whatsapp")
	}
	var origin any
	if n, ok := t.numbers.get(m.Line); ok && t.messageLine(n).Mode == nativeMode && !t.account.assume.noOrigin {
		origin = "native"
	}
	e := envelope{
		{"id", m.ID}, {"direct_link", m.link()}, {"direction", directionOf(m.Inbound)}, {"external_number", displayPhone(m.To[0])},
		{"body", m.Body}, {"status", m.Status}, {"raw_digits", digits(m.To[0])},
		{"created_at", created}, {"updated_at", milliTime(max(m.Updated, m.Sent))}, {"sent_at", created},
		{"media_details", viewMedia(m.Media)}, {"channel", channel}, {"origin", origin}, {"number", t.viewEventNumber(m.Line)},
		{"contact", t.contactEventOf(m.To[0])},
	}
	if !m.Whatsapp {
		return e
	}
	kind, content := "text", null
	switch {
	case m.Category != "":
		kind, content = "template", encode(m.Body)
	case len(m.Media) > 0:
		kind = "media"
	}
	// The third type of a message is spelled free_customer_serivce (documented so).
	e = append(e, envelope{
		{"template_content", content}, {"type", kind}, {"metadata", null}, {"parent_id", null},
		{"whatsapp_message_category", orNull(m.Category)}, {"whatsapp_message_type", "regular"},
		{"recipient_country", orNull(countryOf(m.To[0]))},
	}...)
	if m.Status == "failed" {
		e = append(e, member{"error_code", cmp.Or(m.Failure, errUnknownToMeta)})
	}
	return e
}

// viewGroupEvent returns a group message in an event: id is what the reply to a send calls group_message_id, and
// participants have no plus.
func viewGroupEvent(m *message) envelope {
	created := milliTime(m.Sent)
	var participants []string
	for _, p := range m.To {
		participants = append(participants, digits(p))
	}
	return envelope{
		{"id", m.ID}, {"direct_link", m.link()}, {"direction", directionOf(m.Inbound)}, {"group_conversation_id", m.Conversation},
		{"participants", participants}, {"body", orNull(m.Body)}, {"status", m.Status},
		{"created_at", created}, {"updated_at", milliTime(max(m.Updated, m.Sent))}, {"sent_at", created},
		{"media_details", viewMedia(m.Media)},
	}
}

func viewMedia(urls []string) []raw {
	views := make([]raw, len(urls))
	for i, u := range urls {
		name := "file"
		if parsed, err := url.Parse(u); err == nil && len(parsed.Path) > 1 {
			name = path.Base(parsed.Path)
		}
		kind := cmp.Or(mime.TypeByExtension(path.Ext(name)), "application/octet-stream")
		views[i] = encode(envelope{{"file_name", name}, {"file_type", kind}, {"presigned_url", u}})
	}
	return views
}
