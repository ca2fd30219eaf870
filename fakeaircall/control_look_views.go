package fakeaircall

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

type changesView struct {
	Changes uint64 `json:"changes" about:"Counts all changes; compare it, and no more."`
}

type limitsLook struct {
	Limits []limitLook `json:"limits"`
}

type limitLook struct {
	Account string    `json:"account"`
	Limit   int       `json:"limit" about:"Requests a minute; 0: there is no limit."`
	Used    int       `json:"used"`
	Resets  time.Time `json:"resets" about:"When the next minute begins, on the account's clock."`
}

// A namedLook is what a record says of another.
type namedLook struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type callsLook struct {
	Calls []callLook `json:"calls"`
	Total int        `json:"total" about:"On all pages."`
}

type callLook struct {
	ID         int64       `json:"id"`
	Direction  string      `json:"direction" about:"inbound or outbound."`
	State      string      `json:"state" about:"ringing, voicemail, answered, on_hold, transferring, outside or ended."`
	Result     string      `json:"result" about:"Of one that ended: answered, missed, voicemail or callback."`
	Reason     string      `json:"reason" about:"missed_call_reason, of an inbound call nobody answered."`
	Party      string      `json:"party" about:"Number of the other party."`
	Contact    *namedLook  `json:"contact" about:"null for a number that is in no contact."`
	Number     *namedLook  `json:"number" about:"The company's line."`
	Digits     string      `json:"digits" about:"Of the line."`
	User       *namedLook  `json:"user" about:"null while there is none."`
	Ringing    []namedLook `json:"ringing" about:"Whose app rings."`
	Since      time.Time   `json:"since" about:"When it came into its state, as far as that is known; else when it was answered, or began."`
	StartedAt  time.Time   `json:"started_at"`
	AnsweredAt *time.Time  `json:"answered_at"`
	EndedAt    *time.Time  `json:"ended_at"`
	Tags       []string    `json:"tags"`
	Actions    []string    `json:"actions" about:"What can be done in it now, of what needs a call that lives. What the line or a user forbids is not left out."`
}

func (v callLook) says() []string {
	out := append([]string{v.Party, v.Digits, v.State, v.Result, v.Reason, v.Direction}, v.Tags...)
	for _, n := range []*namedLook{v.Contact, v.Number, v.User} {
		if n != nil {
			out = append(out, n.Name)
		}
	}
	return out
}

var exampleCallLook = callLook{
	ID: exampleCall, Direction: "inbound", State: "ringing", Party: "+33 1 99 00 00 42", Contact: &namedLook{5678, "Ann Lee"}, Number: &namedLook{1_100_001, "Support"},
	Digits: "+33 1 99 00 12 34", Ringing: []namedLook{{exampleUser, "Kim Roy"}}, Since: exampleTime, StartedAt: exampleTime, Tags: []string{}, Actions: []string{"answer", "decline", "voicemail", "hangup"},
}

func (t *tx) lookAtCall(c *call) callLook {
	v := callLook{
		ID: c.ID, Direction: c.direction(), State: c.state(), Reason: c.MissedReason, Party: c.Other, User: t.namedUser(c.User),
		Ringing: []namedLook{}, StartedAt: time.Unix(c.Started, 0).UTC(), AnsweredAt: instantOrNull(c.Answered), EndedAt: instantOrNull(c.Ended),
		Tags: []string{}, Actions: c.possible(t),
	}
	v.Since = t.since(c)
	if c.Ended != 0 {
		v.Result = c.result()
	}
	if who := t.contactsWithPhone(digits(c.Other)); len(who) > 0 {
		v.Contact = &namedLook{who[0].ID, who[0].title()}
	}
	if n, ok := t.numbers.get(c.Number); ok {
		v.Number, v.Digits = &namedLook{n.ID, n.Name}, n.Digits
	}
	if c.Ongoing != nil {
		for _, id := range c.Ongoing.Ringing {
			if u := t.namedUser(id); u != nil {
				v.Ringing = append(v.Ringing, *u)
			}
		}
	}
	for _, ct := range c.Tags {
		if g, ok := t.tags.get(ct.TagID); ok {
			v.Tags = append(v.Tags, g.Name)
		}
	}
	return v
}

// state is where a call is, finer than status, which is all that the wire tells.
func (c *call) state() string {
	o := c.Ongoing
	if o == nil {
		o = new(ongoing)
	}
	switch {
	case c.Ended != 0:
		return "ended"
	case o.Outside != "":
		return "outside"
	case o.Target != 0:
		return "transferring"
	case o.Held:
		return "on_hold"
	case c.Answered != 0:
		return "answered"
	case o.Voicemail:
		return "voicemail"
	}
	return "ringing"
}

// since is when a call came into its state. What its times do not tell, its events do.
func (t *tx) since(c *call) time.Time {
	if name := map[string]string{"on_hold": "call.hold", "transferring": "call.transferred", "outside": "call.external_transferred"}[c.state()]; name != "" {
		events, data := t.events.all(), []byte(fmt.Sprintf(`{"id":%d,`, c.ID))
		for _, e := range slices.Backward(events) {
			if e.Name == name && bytes.HasPrefix(e.Data, data) {
				return e.At
			}
		}
	}
	return time.Unix(cmp.Or(c.Ended, c.Answered, c.Started), 0).UTC()
}

// result is how a call that is over ended.
func (c *call) result() string {
	switch {
	case c.Answered != 0:
		return "answered"
	case c.Voicemail || c.Ongoing != nil && c.Ongoing.Voicemail:
		return "voicemail"
	case c.Ongoing != nil && c.Ongoing.Callback:
		return "callback"
	}
	return "missed"
}

// possible are the actions that the state of a call allows, in the order of Actions.
func (c *call) possible(t *tx) []string {
	list := []string{}
	switch c.state() {
	case "ringing":
		n, ok := t.numbers.get(c.Number)
		if c.Inbound && ok && n.IsIVR {
			list = append(list, "press")
		}
		if c.Inbound {
			list = append(list, "ring")
		}
		if c.Inbound && c.Ongoing != nil && len(c.Ongoing.Ringing) > 0 {
			list = append(list, "decline")
		}
		if !c.Inbound || c.Ongoing != nil && len(c.Ongoing.Ringing) > 0 {
			list = append(list, "answer")
		}
		list = append(list, "transfer_external")
		if c.Inbound {
			list = append(list, "voicemail", "request_callback")
		}
	case "answered":
		list = append(list, "hold", "transfer", "transfer_external")
	case "on_hold":
		list = append(list, "unhold", "transfer", "transfer_external")
	case "transferring":
		list = append(list, "decline", "answer", "fail_transfer", "transfer_external")
	case "ended":
		return list
	}
	return append(list, "hangup")
}

func (t *tx) namedUser(id int64) *namedLook {
	if u, ok := t.users.get(id); ok {
		return &namedLook{u.ID, u.name()}
	}
	return nil
}

func instantOrNull(unix int64) *time.Time {
	if unix == 0 {
		return nil
	}
	return new(time.Unix(unix, 0).UTC())
}

type contactsLook struct {
	Contacts []contactLook `json:"contacts"`
	Total    int           `json:"total" about:"On all pages."`
}

type contactLook struct {
	ID          int64     `json:"id"`
	Name        string    `json:"name"`
	Company     string    `json:"company"`
	Information string    `json:"information"`
	Phones      []string  `json:"phones"`
	Emails      []string  `json:"emails"`
	UpdatedAt   time.Time `json:"updated_at"`
}

func (v contactLook) says() []string {
	return slices.Concat([]string{v.Name, v.Company, v.Information}, v.Phones, v.Emails)
}

var exampleContactLook = contactLook{5678, "Ann Lee", "Acme", "", []string{"+33199000042"}, []string{"ann@example.com"}, exampleTime}

func lookAtContact(c *contact) contactLook {
	v := contactLook{c.ID, c.title(), textOrEmpty(c.CompanyName), textOrEmpty(c.Information), []string{}, []string{}, time.Unix(c.Updated, 0).UTC()}
	for _, d := range c.Phones {
		v.Phones = append(v.Phones, d.Value)
	}
	for _, d := range c.Emails {
		v.Emails = append(v.Emails, d.Value)
	}
	return v
}

// title is the whole name, "" for none.
func (c *contact) title() string {
	return strings.TrimSpace(textOrEmpty(c.FirstName) + " " + textOrEmpty(c.LastName))
}

func textOrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

type usersLook struct {
	Users []userLook `json:"users"`
	Total int        `json:"total" about:"On all pages."`
}

type userLook struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	Email        string `json:"email"`
	Availability string `json:"availability" about:"Now: available, offline, in_call, after_call_work or do_not_disturb."`
	Online       bool   `json:"online" about:"An app is open."`
	Setting      string `json:"availability_status" about:"available, custom or unavailable."`
	Substatus    string `json:"substatus"`
	Extension    string `json:"extension"`
	TimeZone     string `json:"time_zone"`
}

func (v userLook) says() []string { return []string{v.Name, v.Email, v.Availability, v.Extension} }

var exampleUserLook = userLook{exampleUser, "Kim Roy", "kim@example.com", "available", true, "available", "always_opened", "204", "Europe/Paris"}

func (t *tx) lookAtUser(u *user) userLook {
	return userLook{u.ID, u.name(), u.Email, t.availability(u), u.Online, u.AvailabilityStatus, u.Substatus, u.Extension, u.TimeZone}
}

type numbersLook struct {
	Numbers []numberLook `json:"numbers"`
	Total   int          `json:"total" about:"On all pages."`
}

type numberLook struct {
	ID        int64       `json:"id"`
	Name      string      `json:"name"`
	Digits    string      `json:"digits"`
	Country   string      `json:"country"`
	TimeZone  string      `json:"time_zone"`
	Open      bool        `json:"open" about:"It takes calls now."`
	Setting   string      `json:"availability_status" about:"open, custom or closed."`
	IsIVR     bool        `json:"is_ivr"`
	Recording bool        `json:"recording" about:"Calls are recorded."`
	Users     []namedLook `json:"users"`
}

func (v numberLook) says() []string {
	out := []string{v.Name, v.Digits, v.Country}
	for _, u := range v.Users {
		out = append(out, u.Name)
	}
	return out
}

var exampleNumberLook = numberLook{1_100_001, "Support", "+33 1 99 00 12 34", "FR", "Europe/Paris", true, "custom", false, true, []namedLook{{exampleUser, "Kim Roy"}}}

func (t *tx) lookAtNumber(n *number) numberLook {
	v := numberLook{n.ID, n.Name, n.Digits, n.Country, n.TimeZone, t.isOpen(n), n.AvailabilityStatus, n.IsIVR, n.Recording, []namedLook{}}
	for _, id := range n.Users {
		if u := t.namedUser(id); u != nil {
			v.Users = append(v.Users, *u)
		}
	}
	return v
}

type tagsLook struct {
	Tags  []tagLook `json:"tags"`
	Total int       `json:"total" about:"On all pages."`
}

type tagLook struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Color       string `json:"color"`
	Description string `json:"description" about:"Of a tag every company has."`
	Calls       int    `json:"calls" about:"How many calls have it."`
}

func (v tagLook) says() []string { return []string{v.Name, v.Color, v.Description} }

func (t *tx) lookAtTag(g *tag) tagLook {
	return tagLook{g.ID, g.Name, g.Color, textOrEmpty(g.Description), len(t.calls.byTag[g.ID])}
}

type webhooksLook struct {
	Webhooks []webhookLook `json:"webhooks"`
	Total    int           `json:"total" about:"On all pages."`
}

type webhookLook struct {
	ID         string     `json:"id" about:"Its id in the API."`
	URL        string     `json:"url" about:"Without the values of its query."`
	App        string     `json:"app" about:"Client id of the app that made it; empty: an API key."`
	Active     bool       `json:"active"`
	Events     []string   `json:"events"`
	Failures   int        `json:"failures" about:"In a row."`
	DisabledAt *time.Time `json:"disabled_at" about:"When failures made it inactive; null: they did not."`
	Pending    int        `json:"pending" about:"Deliveries that wait."`
	CreatedAt  time.Time  `json:"created_at"`
}

func (v webhookLook) says() []string { return append([]string{v.ID, v.URL, v.App}, v.Events...) }

var exampleWebhookLook = webhookLook{"f1c8f4b4", "http://127.0.0.1:9000/hook", "", true, []string{"call.created"}, 0, nil, 0, exampleTime}

func (t *tx) lookAtWebhook(h *webhook) webhookLook {
	v := webhookLook{h.UUID, redactURL(h.URL, true), h.App, h.Active, slices.Clone(h.Events), h.Failures, nil, t.deliveries.waiting[h.ID], time.UnixMilli(h.Created).UTC()}
	if !h.Disabled.IsZero() {
		v.DisabledAt = new(h.Disabled)
	}
	return v
}
