package fakeaircall

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

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

// A contactEventView tells times in text, by the reference of 2026; captures of
// 2022 have seconds, as REST still does.
type contactEventView struct {
	ID           int64           `json:"id"`
	CreatedAt    json.RawMessage `json:"created_at"`
	UpdatedAt    json.RawMessage `json:"updated_at"`
	FirstName    *string         `json:"first_name"`
	LastName     *string         `json:"last_name"`
	Information  *string         `json:"information"`
	CompanyName  *string         `json:"company_name"`
	IsShared     bool            `json:"is_shared"`
	DirectLink   string          `json:"direct_link"`
	PhoneNumbers []detailView    `json:"phone_numbers"`
	Emails       []detailView    `json:"emails"`
}

// viewContactEvent: a deleted contact has lost its details, at this instant
// (captured 2022).
func (t *tx) viewContactEvent(name string, c *contact) contactEventView {
	told := viewContact(c)
	if name == "contact.deleted" {
		told.UpdatedAt, told.PhoneNumbers, told.Emails = t.unix(), []detailView{}, []detailView{}
	}
	return contactEventView{
		told.ID, t.appendEventTime(nil, told.CreatedAt), t.appendEventTime(nil, told.UpdatedAt), told.FirstName, told.LastName, told.Information,
		told.CompanyName, told.IsShared, told.DirectLink, told.PhoneNumbers, told.Emails,
	}
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
func (t *tx) contactEventOf(c *call) *contactEventView {
	if found := t.contactsWithPhone(digits(c.Other)); len(found) > 0 {
		return new(t.viewContactEvent("", found[0]))
	}
	return nil
}

func (t *tx) appendEventTime(b []byte, unix int64) []byte {
	if t.company.assume.contactSeconds {
		return strconv.AppendInt(b, unix, 10)
	}
	return append(time.Unix(unix, 0).UTC().AppendFormat(append(b, '"'), time.RFC3339), '"')
}
