package fakeaircall

import "strconv"

// callUserView is a user in a call: without the substatus and the default number that a user has elsewhere (recorded
// 2026-09-28). Authors of comments, and users in events, lack the keys that are nil.
type callUserView struct {
	ID                 int64   `json:"id"`
	DirectLink         string  `json:"direct_link"`
	Name               string  `json:"name"`
	Email              string  `json:"email"`
	Available          bool    `json:"available"`
	AvailabilityStatus string  `json:"availability_status"`
	CreatedAt          *string `json:"created_at,omitzero"`
	TimeZone           *string `json:"time_zone,omitzero"`
	Language           *string `json:"language,omitzero"`
	State              *string `json:"state,omitzero"`
	WrapUpTime         int64   `json:"wrap_up_time"`
	Extension          *string `json:"extension,omitzero"`
}

// fetchFlags are the parameters that add to a call.
var fetchFlags = []string{"fetch_contact", "fetch_short_urls", "fetch_call_timeline", "fetch_aiva_conv"}

// callJSON returns what encodes a call as the fetch_ parameters of the request ask for.
func (r *request) callJSON(t *tx) func(*call) raw {
	fetched := make(map[string]bool)
	for _, name := range fetchFlags {
		if r.flag(name) {
			fetched[name] = true
		}
	}
	a := assets{r.base, r.account}
	return func(c *call) raw {
		if len(fetched) > 0 {
			return encode(t.viewCall(c, a, fetched))
		}
		var key cacheKey
		if c.audio() != "" {
			key = cacheKey{t.unix(), r.base} // its URL is signed anew
		}
		return t.encoding(&c.encoded, key, func() any { return t.viewCall(c, a, fetched) })
	}
}

// viewCall returns a call over REST. Its keys, their order and their types are those of a list recorded on 2026-09-28;
// that a call read alone has the same is inferred. The last two keys come with a fetch_ parameter only, and contact is
// null without one.
func (t *tx) viewCall(c *call, a assets, fetched map[string]bool) envelope {
	audio := t.audioOf(c, a)
	if !fetched["fetch_short_urls"] {
		audio.recordingShort, audio.voicemailShort = nil, nil
	}
	var contact *contactView
	if fetched["fetch_contact"] {
		contact = t.contactOf(c)
	}
	var number *callNumberView
	if n, ok := t.line(c.Number); ok {
		number = new(viewCallNumber(n))
	}
	tags := []raw{}
	for _, ct := range c.Tags {
		if g, ok := t.tags.get(ct.TagID); ok {
			tags = append(tags, encode(envelope{
				{"id", g.ID}, {"name", g.Name}, {"created_at", ct.At}, {"tagged_by", orEmpty(t.viewAuthor(ct.By))},
			}))
		}
	}
	var timeline, agents any
	if fetched["fetch_call_timeline"] {
		timeline = []raw{}
		if c.Ongoing != nil && c.Started >= t.now.AddDate(0, -2, 0).Unix() { // of the last two months (documented)
			timeline = viewIVR(c.Ongoing.Keys)
		}
	}
	if fetched["fetch_aiva_conv"] {
		agents = t.viewAgents(c)
	}
	return envelope{
		{"id", c.ID},
		{"sid", c.SID},
		{"direct_link", link("/v1/calls/", c.ID)},
		{"direction", directionOf(c.Inbound)},
		{"status", c.status()},
		{"missed_call_reason", orNull(c.MissedReason)},
		{"started_at", c.Started},
		{"answered_at", orNull(c.Answered)},
		{"ended_at", orNull(c.Ended)},
		{"duration", c.duration()},
		{"archived", c.Archived},
		{"cost", c.Cost},
		{"voicemail", audio.voicemail},
		{"recording", audio.recording},
		{"asset", audio.asset},
		{"raw_digits", c.Other},
		{"user", t.viewCallUser(c.User)},
		{"contact", contact},
		{"assigned_to", t.viewCallUser(c.AssignedTo)},
		{"transferred_by", t.viewCallUser(c.TransferredBy)},
		{"transferred_to", t.viewCallUser(c.TransferredTo)},
		{"comments", viewComments(c, t.viewAuthor)},
		{"number", number},
		{"teams", t.viewTeams(c)},
		{"tags", tags},
		{"recording_short_url", audio.recordingShort},
		{"voicemail_short_url", audio.voicemailShort},
		{"country_code_a2", orNull(countryOf(c.Other))},
		{"pricing_type", c.pricingType()},
		{"ivr_options_selected", timeline},
		{"ai_voice_agents", agents},
	}.present()
}

// viewTeams returns the teams that an inbound call rang.
func (t *tx) viewTeams(c *call) []briefTeamView {
	views := make([]briefTeamView, 0, len(c.Teams))
	for _, id := range c.Teams {
		if m, ok := t.teams.get(id); ok {
			views = append(views, viewBriefTeam(m))
		}
	}
	return views
}

// viewCallUser returns nil without a user, and for a user who was deleted: deleting an agent removes the name from all
// past calls (reported 2026).
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
		CreatedAt:          new(isoTime(u.Created)),
		TimeZone:           &u.TimeZone,
		Language:           &u.Language,
		State:              new(alwaysOpened),
		WrapUpTime:         u.WrapUpTime,
		Extension:          &u.Extension,
	}
}

// viewAuthor returns a user who commented on a call or tagged it: without time zone, language, state and extension.
func (t *tx) viewAuthor(id int64) *callUserView {
	v := t.viewCallUser(id)
	if v != nil {
		v.TimeZone, v.Language, v.State, v.Extension = nil, nil, nil, nil
	}
	return v
}

// orEmpty returns v, or {} without one, as the author of a tag that no user set.
func orEmpty(v *callUserView) any {
	if v == nil {
		return struct{}{}
	}
	return v
}

// viewComments returns the comments on a call. posted_by is null for a comment through the API.
func viewComments(c *call, author func(id int64) *callUserView) []raw {
	views := make([]raw, len(c.Comments))
	for i, m := range c.Comments {
		views[i] = encode(envelope{{"id", m.ID}, {"content", m.Content}, {"posted_by", author(m.By)}, {"posted_at", m.Posted}})
	}
	return views
}

// contactOf returns the oldest contact with the other party's number, or nil.
func (t *tx) contactOf(c *call) *contactView {
	found := t.contactsWithPhone(digits(c.Other))
	if len(found) == 0 {
		return nil
	}
	return new(viewContact(found[0]))
}

// audio is recording, voicemail, or "" while there is nothing to hear.
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

// callAudio has the URLs of a recording or a voicemail. The asset is a page of Aircall's, stable and behind the login.
type callAudio struct {
	recording, voicemail, asset    *string
	recordingShort, voicemailShort *string
}

func (t *tx) audioOf(c *call, a assets) (v callAudio) {
	kind := c.audio()
	if kind == "" {
		return v
	}
	signed, short := new(a.signed(kind, c.ID, t.now)), new(a.short(kind, c.ID, t.now))
	if kind == "recording" {
		v.recording, v.recordingShort = signed, short
	} else {
		v.voicemail, v.voicemailShort = signed, short
	}
	v.asset = new("https://assets.aircall.io/calls/" + strconv.FormatInt(c.ID, 10) + "/" + kind)
	return v
}

// An ivrChoice is an option that a caller chose by its key.
type ivrChoice struct {
	ID     string `json:"id,omitzero"`
	Title  string `json:"title,omitzero"`
	Key    string `json:"key,omitzero"`
	Branch string `json:"branch,omitzero"`
	At     int64  `json:"at,omitzero"` // seconds
}

// viewIVR returns what a caller chose in menus.
func viewIVR(chosen []ivrChoice) []raw {
	views := make([]raw, len(chosen))
	for i, o := range chosen {
		at := isoTime(o.At)
		views[i] = encode(envelope{
			{"id", o.ID}, {"title", o.Title}, {"key", o.Key}, {"branch", o.Branch},
			{"created_at", at}, {"transition_started_at", at}, {"transition_ended_at", at},
		})
	}
	return views
}
