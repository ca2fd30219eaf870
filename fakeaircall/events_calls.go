package fakeaircall

import (
	"strconv"
	"time"
)

// A callEventView is a call in an event. Keys and their order are those of
// captures of 2022; where call_uuid and participants stand is from a sample of
// 2024. What REST has as null is absent here.
type callEventView struct {
	ID                    int64              `json:"id"`
	DirectLink            string             `json:"direct_link"`
	Direction             string             `json:"direction"`
	CallUUID              string             `json:"call_uuid"`
	Status                string             `json:"status"`
	MissedCallReason      *string            `json:"missed_call_reason"`
	StartedAt             int64              `json:"started_at"`
	AnsweredAt            *int64             `json:"answered_at"`
	EndedAt               *int64             `json:"ended_at"`
	Duration              int64              `json:"duration"`
	Cost                  string             `json:"cost"`
	HangupCause           *string            `json:"hangup_cause"` // null in every capture
	Voicemail             *string            `json:"voicemail"`
	Recording             *string            `json:"recording"`
	Asset                 *string            `json:"asset"`
	RecordingShortURL     **string           `json:"recording_short_url,omitzero"`
	VoicemailShortURL     **string           `json:"voicemail_short_url,omitzero"`
	RawDigits             string             `json:"raw_digits"`
	Participants          []participantView  `json:"participants"`
	User                  **eventUserView    `json:"user,omitzero"`
	Contact               **contactView      `json:"contact,omitzero"`
	Number                *eventNumberView   `json:"number"`
	Archived              bool               `json:"archived"`
	AssignedTo            **eventUserView    `json:"assigned_to,omitzero"`
	Teams                 []briefTeamView    `json:"teams"`
	Comments              []eventCommentView `json:"comments"`
	Tags                  []eventTagView     `json:"tags"`
	TransferredTo         **eventUserView    `json:"transferred_to,omitzero"`
	TransferredBy         **eventUserView    `json:"transferred_by,omitzero"`
	ExternalTransferredTo string             `json:"external_transferred_to,omitempty"`
	ExternalCallerNumber  *string            `json:"external_caller_number,omitempty"`
	IVROptionsSelected    []ivrChoiceView    `json:"ivr_options_selected,omitempty"`
}

// eventUserView is a user in a call: with the wrap-up time and without the time
// zone, unlike REST's.
type eventUserView struct {
	ID                 int64  `json:"id"`
	DirectLink         string `json:"direct_link"`
	Name               string `json:"name"`
	Email              string `json:"email"`
	Available          bool   `json:"available"`
	AvailabilityStatus string `json:"availability_status"`
	Language           string `json:"language"`
	WrapUpTime         int64  `json:"wrap_up_time"`
}

// eventNumberView is a line in a call: without created_at, and with the one key
// that events alone have.
type eventNumberView struct {
	ID                     int64             `json:"id"`
	DirectLink             string            `json:"direct_link"`
	Name                   string            `json:"name"`
	Digits                 string            `json:"digits"`
	E164Digits             string            `json:"e164_digits"`
	Country                string            `json:"country"`
	TimeZone               string            `json:"time_zone"`
	Open                   bool              `json:"open"`
	AvailabilityStatus     string            `json:"availability_status"`
	IsIVR                  bool              `json:"is_ivr"`
	LiveRecordingActivated bool              `json:"live_recording_activated"`
	Users                  []eventUserView   `json:"users,omitzero"` // in events of lines alone
	Messages               eventMessagesView `json:"messages"`
}

type eventMessagesView struct {
	Welcome       string `json:"welcome"`
	Waiting       string `json:"waiting"`
	IVR           string `json:"ivr"`
	Voicemail     string `json:"voicemail"`
	Closed        string `json:"closed"`
	CallbackLater string `json:"callback_later"`
}

type eventCommentView struct {
	ID       int64          `json:"id"`
	Content  string         `json:"content"`
	PostedBy *eventUserView `json:"posted_by"` // null: through the API
	PostedAt int64          `json:"posted_at"`
}

type eventTagView struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	TaggedBy any    `json:"tagged_by"` // {} when no user did it
	TaggedAt int64  `json:"tagged_at"`
}

// participantView has the phone number of the external party, or the user.
type participantView struct {
	PhoneNumber *string `json:"phone_number,omitempty"`
	ID          int64   `json:"id,omitempty"`
	Name        string  `json:"name,omitempty"`
	Type        string  `json:"type"`
}

// An ivrChoice is an option that a caller chose by its key.
type ivrChoice struct {
	ID     string `json:"id,omitzero"`
	Title  string `json:"title,omitzero"`
	Key    string `json:"key,omitzero"`
	Branch string `json:"branch,omitzero"`
	At     int64  `json:"at,omitzero"` // seconds
}

type ivrChoiceView struct {
	ID                  string `json:"id"`
	Title               string `json:"title"`
	Key                 string `json:"key"`
	Branch              string `json:"branch"`
	CreatedAt           string `json:"created_at"`
	TransitionStartedAt string `json:"transition_started_at"`
	TransitionEndedAt   string `json:"transition_ended_at"`
}

func viewIVR(chosen []ivrChoice) []ivrChoiceView {
	views := make([]ivrChoiceView, len(chosen))
	for i, o := range chosen {
		at := isoTime(o.At)
		views[i] = ivrChoiceView{o.ID, o.Title, o.Key, o.Branch, at, at, at}
	}
	return views
}

func (t *tx) viewCallEvent(name string, c *call) callEventView {
	v := callEventView{
		ID:               c.ID,
		DirectLink:       link("/v1/calls/", c.ID),
		Direction:        c.direction(),
		CallUUID:         c.SID,
		Status:           c.status(),
		MissedCallReason: orNull(c.MissedReason),
		StartedAt:        c.Started,
		AnsweredAt:       orNull(c.Answered),
		EndedAt:          orNull(c.Ended),
		Duration:         c.duration(),
		Cost:             c.Cost,
		RawDigits:        c.Other,
		Participants:     t.participants(c),
		User:             t.optionalUser(c.User),
		Contact:          optional(t.contactEventOf(c), t.account.assume.eventNulls),
		Archived:         c.Archived,
		AssignedTo:       t.optionalUser(c.AssignedTo),
		Teams:            t.viewTeams(c),
		Comments:         make([]eventCommentView, len(c.Comments)),
		Tags:             make([]eventTagView, 0, len(c.Tags)),
		TransferredTo:    t.optionalUser(c.TransferredTo),
		TransferredBy:    t.optionalUser(c.TransferredBy),
	}
	t.hear(name, c, &v)
	if n, ok := t.numbers.get(c.Number); ok {
		v.Number = new(viewEventNumber(n))
	}
	for i, m := range c.Comments {
		v.Comments[i] = eventCommentView{m.ID, m.Content, t.viewEventUser(m.By), m.Posted}
	}
	for _, ct := range c.Tags {
		if g, ok := t.tags.get(ct.TagID); ok {
			v.Tags = append(v.Tags, eventTagView{g.ID, g.Name, t.eventTagger(ct.By), ct.At})
		}
	}
	return v
}

// hear adds the URLs of the call's audio, freshly signed for each event.
func (t *tx) hear(name string, c *call, v *callEventView) {
	late := name == "call.ended" && t.account.assume.lateAudio
	if !c.hasAudio() || t.now.Before(time.Unix(c.Ended, 0).Add(gathering)) || late {
		return
	}
	a := assets{t.account.base(), t.account}
	var heard callView
	t.viewAudio(c, a, &heard)
	v.Voicemail, v.Recording, v.Asset = heard.Voicemail, heard.Recording, heard.Asset
	if name == "call.comm_assets_generated" {
		recording, voicemail := shortURLs(c, a, t.now)
		v.RecordingShortURL, v.VoicemailShortURL = &recording, &voicemail
	}
}

// optional returns the member for a value; without a value it is left out, or null if nulls is set.
func optional[T any](v *T, nulls bool) **T {
	if v == nil && !nulls {
		return nil
	}
	return &v
}

func (t *tx) optionalUser(id int64) **eventUserView {
	return optional(t.viewEventUser(id), t.account.assume.eventNulls)
}

// viewEventUser is nil for nobody, and for one who was deleted.
func (t *tx) viewEventUser(id int64) *eventUserView {
	u, ok := t.users.get(id)
	if !ok {
		return nil
	}
	return &eventUserView{
		ID: u.ID, DirectLink: link("/v1/users/", u.ID), Name: u.name(), Email: u.Email, Available: u.available(),
		AvailabilityStatus: u.AvailabilityStatus, Language: u.Language, WrapUpTime: u.WrapUpTime,
	}
}

func (t *tx) eventTagger(id int64) any {
	if v := t.viewEventUser(id); v != nil {
		return v
	}
	return struct{}{}
}

func viewEventNumber(n *number) eventNumberView {
	m := n.Messages
	return eventNumberView{
		ID: n.ID, DirectLink: link("/v1/numbers/", n.ID), Name: n.Name, Digits: n.Digits, E164Digits: "+" + digits(n.Digits),
		Country: n.Country, TimeZone: n.TimeZone, Open: n.Open, AvailabilityStatus: n.AvailabilityStatus,
		IsIVR: n.IsIVR, LiveRecordingActivated: n.Recording,
		Messages: eventMessagesView{m.Welcome, m.Waiting, m.IVR, m.Voicemail, m.Closed, m.CallbackLater},
	}
}

// participants are the other party, and the user once there is one.
func (t *tx) participants(c *call) []participantView {
	list := []participantView{{PhoneNumber: externalPhone(c.Other), Type: "external"}}
	if u, ok := t.users.get(c.User); ok {
		list = append(list, participantView{ID: u.ID, Name: u.name(), Type: "user"})
	}
	return list
}

// externalPhone is in E.164, or as the call shows who hides.
func externalPhone(shown string) *string {
	if d := digits(shown); d != "" {
		return new("+" + d)
	}
	return &shown
}

// actInsights: what Aircall makes of a conversation is there.
const actInsights = act("insights")

// expectInsights is for a call that has just ended.
func (t *tx) expectInsights(c *call) { t.after(insightDelay*time.Second, actInsights, c.ID, 0) }

// emitInsights emits an event for everything that a read now finds. Of a voicemail that is its
// transcription, of most calls nothing.
func (t *tx) emitInsights(m timer) {
	c, ok := t.calls.get(m.ID)
	if !ok || t.account.assume.licence < assistLicence {
		return
	}
	v := t.conversation(c, false)
	if v == nil {
		return
	}
	t.emitInsight("transcription.created", v)
	if v.kind == "voicemail" {
		return
	}
	for _, name := range []string{"summary.created", "topics.created", "sentiment.created", "action_item.created"} {
		t.emitInsight(name, v)
	}
	if t.account.assume.licence < proLicence {
		return
	}
	for _, name := range []string{"playbook_result.created", "custom_summary.result_created", "call_evaluation.created"} {
		t.emitInsight(name, v)
	}
}

// emitInsight emits the event of one insight that was made from a conversation, or changed. Each
// action item has an event of its own.
func (t *tx) emitInsight(name string, v *conversation) {
	if name != "action_item.created" {
		t.emit(name, insightEvents[name](v).appendTo(nil))
		return
	}
	for _, item := range v.actionItems() {
		e := v.insightEvents(item.ID, envelope{
			{"content", item.Content}, {"ai_generated", item.AIGenerated}, {"created_by", item.CreatedBy}, {"created_at", item.CreatedAt},
			{"updated_by", item.UpdatedBy}, {"updated_at", item.UpdatedAt},
		})
		t.emit(name, e.appendTo(nil))
	}
}

// insightEvents begins as all data of conversation intelligence does: a call's id is text
// here (a client in production turns it into a number).
func (v *conversation) insightEvents(id int64, rest envelope) envelope {
	return append(envelope{
		{"id", id}, {"call_id", strconv.FormatInt(v.call.ID, 10)}, {"call_uuid", v.call.SID}, {"number_id", v.call.Number},
	}, rest...)
}

// insightEvents is what each event says of a conversation.
var insightEvents = map[string]func(*conversation) envelope{
	"transcription.created": func(v *conversation) envelope {
		return v.insightEvents(v.id("transcription"), envelope{{"type", v.kind}, {"call_created_at", isoTime(v.call.Started)}, {"content", v.content()}})
	},
	"summary.created": func(v *conversation) envelope {
		return v.insightEvents(v.id("summary"), envelope{{"content", v.summary()}, {"created_at", v.madeAt("summary")}})
	},
	"topics.created": func(v *conversation) envelope {
		return v.insightEvents(v.id("topic"), envelope{{"content", v.topics()}, {"created_at", v.madeAt("topic")}})
	},
	"sentiment.created": func(v *conversation) envelope {
		return v.insightEvents(v.id("sentiment"), envelope{{"participants", []sentimentEventView{{"external", v.phone(), v.sentiment()}}}, {"created_at", v.madeAt("sentiment")}})
	},
	"playbook_result.created":       playbookEvent,
	"playbook_result.updated":       playbookEvent,
	"custom_summary.result_created": customSummaryEvent,
	"custom_summary.result_updated": customSummaryEvent,
	"call_evaluation.created":       evaluationEvent,
	"call_evaluation.updated":       evaluationEvent,
}

// sentimentEventView says "participant_type", where a read says "type".
type sentimentEventView struct {
	ParticipantType string  `json:"participant_type"`
	PhoneNumber     *string `json:"phone_number"`
	Value           string  `json:"value"`
}

func playbookEvent(v *conversation) envelope {
	results, score := v.playbook()
	return v.insightEvents(v.id("playbook result"), envelope{
		{"user_id", orNull(v.call.User)}, {"adherence_score", score}, {"created_at", v.madeAt("playbook result")},
		{"playbook", v.playbookView()}, {"playbook_result_topics", results},
	})
}

func customSummaryEvent(v *conversation) envelope {
	return v.insightEvents(v.id("custom summary"), envelope{
		{"language", v.language}, {"custom_summary", v.templateView()}, {"summary_template_results", v.templateResults()},
	})
}

func evaluationEvent(v *conversation) envelope {
	return v.insightEvents(v.id("evaluation"), envelope{{"ai_generated", true}, {"evaluations", v.evaluations()}})
}

type utteranceEventView struct {
	ParticipantType string `json:"participant_type"`
	UserID          string `json:"user_id,omitempty"`
	Timestamp       int64  `json:"timestamp"` // milliseconds
	DurationMS      int64  `json:"duration_ms"`
	Text            string `json:"text"`
	Language        string `json:"language"`
}

// emitUtterances tells what was said in a call since a number of utterances, and
// how many there are now. It is said again and again while the call goes on.
func (t *tx) emitUtterances(c *call, since int64) (said int64) {
	v := t.conversation(c, true)
	if v == nil || since < 0 || since >= int64(len(v.utterances)) {
		return since
	}
	views := []utteranceEventView{}
	for _, u := range v.utterances[since:] {
		view := utteranceEventView{
			ParticipantType: "internal", UserID: strconv.FormatInt(c.User, 10),
			Timestamp: c.Answered*1000 + int64(u.start)*100, DurationMS: int64(u.end-u.start) * 100, Text: u.text, Language: v.language,
		}
		if u.external {
			view.ParticipantType, view.UserID = "external", ""
		}
		views = append(views, view)
	}
	about := envelope{{"id", c.ID}, {"uuid", c.SID}, {"number_id", c.Number}, {"direction", c.direction()}}
	t.emit("realtime_transcription.utterances_received", envelope{
		{"id", strconv.FormatInt(v.id("utterances")+since, 10)}, {"call", about.appendTo(nil)}, {"utterances", views},
	}.appendTo(nil))
	return int64(len(v.utterances))
}
