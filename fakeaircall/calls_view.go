package fakeaircall

import (
	"strconv"
	"time"
)

// callView is a call over REST. Its keys, their order and their types are those of a list recorded on
// 2026-09-28; that a call read alone has the same is inferred. The last two keys come with a fetch_ parameter only,
// and contact is null without one.
type callView struct {
	ID                int64           `json:"id"`
	SID               string          `json:"sid"`
	DirectLink        string          `json:"direct_link"`
	Direction         string          `json:"direction"`
	Status            string          `json:"status"`
	MissedCallReason  *string         `json:"missed_call_reason"`
	StartedAt         int64           `json:"started_at"`
	AnsweredAt        *int64          `json:"answered_at"`
	EndedAt           *int64          `json:"ended_at"`
	Duration          int64           `json:"duration"`
	Archived          bool            `json:"archived"`
	Cost              string          `json:"cost"`
	Voicemail         *string         `json:"voicemail"`
	Recording         *string         `json:"recording"`
	Asset             *string         `json:"asset"`
	RawDigits         string          `json:"raw_digits"`
	User              *callUserView   `json:"user"`
	Contact           *contactView    `json:"contact"`
	AssignedTo        *callUserView   `json:"assigned_to"`
	TransferredBy     *callUserView   `json:"transferred_by"`
	TransferredTo     *callUserView   `json:"transferred_to"`
	Comments          []commentView   `json:"comments"`
	Number            *callNumberView `json:"number"`
	Teams             []briefTeamView `json:"teams"`
	Tags              []callTagView   `json:"tags"`
	RecordingShortURL *string         `json:"recording_short_url"`
	VoicemailShortURL *string         `json:"voicemail_short_url"`
	CountryCode       *string         `json:"country_code_a2"`
	PricingType       *string         `json:"pricing_type"`
	IVROptions        []ivrChoiceView `json:"ivr_options_selected,omitzero"`
	AIVoiceAgents     []any           `json:"ai_voice_agents,omitzero"`
}

// callUserView is a user in a call: without the substatus and the default number that a user has elsewhere (recorded
// 2026-09-28).
type callUserView struct {
	ID                 int64  `json:"id"`
	DirectLink         string `json:"direct_link"`
	Name               string `json:"name"`
	Email              string `json:"email"`
	Available          bool   `json:"available"`
	AvailabilityStatus string `json:"availability_status"`
	CreatedAt          string `json:"created_at"`
	TimeZone           string `json:"time_zone"`
	Language           string `json:"language"`
	State              string `json:"state"`
	WrapUpTime         int64  `json:"wrap_up_time"`
	Extension          string `json:"extension"`
}

type commentView struct {
	ID       int64       `json:"id"`
	Content  string      `json:"content"`
	PostedBy *authorView `json:"posted_by"`
	PostedAt int64       `json:"posted_at"`
}

// authorView lacks the time zone and the language of a user in a call.
type authorView struct {
	ID                 int64  `json:"id"`
	DirectLink         string `json:"direct_link"`
	Name               string `json:"name"`
	Email              string `json:"email"`
	Available          bool   `json:"available"`
	AvailabilityStatus string `json:"availability_status"`
	CreatedAt          string `json:"created_at"`
	WrapUpTime         int64  `json:"wrap_up_time"`
}

type callTagView struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	CreatedAt int64  `json:"created_at"`
	TaggedBy  any    `json:"tagged_by"` // {} when no user did it
}

// callJSON makes calls as the request's fetch_ parameters ask for.
func (r *request) callJSON(t *tx) func(*call) raw {
	contact, short := r.flag("fetch_contact"), r.flag("fetch_short_urls")
	timeline, agents := r.flag("fetch_call_timeline"), r.flag("fetch_aiva_conv")
	a := assets{r.base, r.account}
	if !contact && !short && !timeline && !agents {
		return func(c *call) raw {
			var to cacheKey
			if c.hasAudio() {
				to = cacheKey{t.unix(), r.base} // its URL is signed anew
			}
			return t.encoding(&c.encoded, to, func() any { return t.viewCall(c, a) })
		}
	}
	return func(c *call) raw {
		v := t.viewCall(c, a)
		if contact {
			v.Contact = t.contactOf(c)
		}
		if short {
			v.RecordingShortURL, v.VoicemailShortURL = shortURLs(c, a, t.now)
		}
		if timeline {
			v.IVROptions = t.timeline(c)
		}
		if agents {
			v.AIVoiceAgents = []any{}
		}
		return encode(v)
	}
}

// shortURLs returns the short URL of what the call has, and nil for what it has not.
func shortURLs(c *call, a assets, now time.Time) (recording, voicemail *string) {
	switch kind := c.audio(); kind {
	case "recording":
		return new(a.short(kind, c.ID, now)), nil
	case "voicemail":
		return nil, new(a.short(kind, c.ID, now))
	}
	return nil, nil
}

func (t *tx) viewCall(c *call, a assets) callView {
	v := callView{
		ID:               c.ID,
		SID:              c.SID,
		DirectLink:       link("/v1/calls/", c.ID),
		Direction:        c.direction(),
		Status:           c.status(),
		MissedCallReason: orNull(c.MissedReason),
		StartedAt:        c.Started,
		AnsweredAt:       orNull(c.Answered),
		EndedAt:          orNull(c.Ended),
		Duration:         c.duration(),
		RawDigits:        c.Other,
		User:             t.viewCallUser(c.User),
		Archived:         c.Archived,
		AssignedTo:       t.viewCallUser(c.AssignedTo),
		TransferredBy:    t.viewCallUser(c.TransferredBy),
		TransferredTo:    t.viewCallUser(c.TransferredTo),
		Cost:             c.Cost,
		Comments:         make([]commentView, len(c.Comments)),
		Tags:             make([]callTagView, 0, len(c.Tags)),
		Teams:            t.viewTeams(c),
		CountryCode:      orNull(countryOf(c.Other)),
		PricingType:      c.pricingType(),
	}
	t.viewAudio(c, a, &v)
	if n, ok := t.numbers.get(c.Number); ok {
		v.Number = new(viewCallNumber(n))
	}
	for i, m := range c.Comments {
		v.Comments[i] = commentView{m.ID, m.Content, t.viewAuthor(m.By), m.Posted}
	}
	for _, ct := range c.Tags {
		if g, ok := t.tags.get(ct.TagID); ok {
			v.Tags = append(v.Tags, callTagView{g.ID, g.Name, ct.At, t.viewTagger(ct.By)})
		}
	}
	return v
}

// viewTeams are the teams that an inbound call rang.
func (t *tx) viewTeams(c *call) []briefTeamView {
	views := make([]briefTeamView, 0, len(c.Teams))
	for _, id := range c.Teams {
		if m, ok := t.teams.get(id); ok {
			views = append(views, viewBriefTeam(m))
		}
	}
	return views
}

// viewCallUser is null for nobody, and for a user who is gone: deleting an agent
// takes his name out of all his past calls (reported 2026).
func (t *tx) viewCallUser(id int64) *callUserView {
	u, ok := t.users.get(id)
	if !ok {
		return nil
	}
	return &callUserView{
		ID:                 u.ID,
		DirectLink:         link("/v1/users/", u.ID),
		Name:               u.name(),
		Email:              u.Email,
		Available:          u.available(),
		AvailabilityStatus: u.AvailabilityStatus,
		CreatedAt:          isoTime(u.Created),
		TimeZone:           u.TimeZone,
		Language:           u.Language,
		State:              alwaysOpened,
		WrapUpTime:         u.WrapUpTime,
		Extension:          u.Extension,
	}
}

func (t *tx) viewAuthor(id int64) *authorView {
	v := t.viewCallUser(id)
	if v == nil {
		return nil
	}
	return &authorView{v.ID, v.DirectLink, v.Name, v.Email, v.Available, v.AvailabilityStatus, v.CreatedAt, v.WrapUpTime}
}

func (t *tx) viewTagger(id int64) any {
	if v := t.viewAuthor(id); v != nil {
		return v
	}
	return struct{}{}
}

// contactOf is the oldest contact with the other party's number.
func (t *tx) contactOf(c *call) *contactView {
	found := t.contactsWithPhone(digits(c.Other))
	if len(found) == 0 {
		return nil
	}
	return new(viewContact(found[0]))
}

// audio is what a call has to be heard: a recording, a voicemail or nothing, "".
func (c *call) audio() string {
	switch {
	case c.Ended == 0, c.Ongoing != nil && c.Ongoing.Pending:
		return ""
	case c.Voicemail:
		return "voicemail"
	case c.Recorded:
		return "recording"
	}
	return ""
}

func (c *call) hasAudio() bool { return c.audio() != "" }

// viewAudio adds the URLs of a recording or a voicemail. The page at Aircall's is
// stable, and behind the login.
func (t *tx) viewAudio(c *call, a assets, v *callView) {
	kind := c.audio()
	switch kind {
	case "recording":
		v.Recording = new(a.signed(kind, c.ID, t.now))
	case "voicemail":
		v.Voicemail = new(a.signed(kind, c.ID, t.now))
	default:
		return
	}
	v.Asset = new("https://assets.aircall.io/calls/" + strconv.FormatInt(c.ID, 10) + "/" + kind)
}

// timeline is what the caller chose in menus, of calls of the last two months
// (documented).
func (t *tx) timeline(c *call) []ivrChoiceView {
	if c.Ongoing == nil || c.Started < t.now.AddDate(0, -2, 0).Unix() {
		return []ivrChoiceView{}
	}
	return viewIVR(c.Ongoing.Keys)
}
