package fakeaircall

import (
	"encoding/json"
	"time"
)

// An Event is something that happened in a company, whether or not a webhook asks
// for it. Data is the resource as it then was, in the form of the wire.
type Event struct {
	Seq  uint64 // counts the company's events, from 1
	At   time.Time
	Name string
	Data json.RawMessage
}

const maxEvents = 1000 // kept of a company, the newest

// Events are the newest 1,000 of an account, "" for the first, oldest first.
func (s *Server) Events(account string) ([]Event, error) {
	c, err := s.company(account)
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
	t.lastEvent++
	e := Event{Seq: t.lastEvent, At: t.now, Name: name, Data: json.RawMessage(data)}
	t.events.add(e, maxEvents)
	return e
}

// emitCall tells of an event of a call.
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

// emitIVR tells of the options a caller chose so far. No other event has them.
func (t *tx) emitIVR(c *call, chosen []ivrChoice) {
	v := t.viewCallEvent("call.ivr_option_selected", c)
	v.IVROptionsSelected = viewIVR(chosen)
	t.emit("call.ivr_option_selected", encode(v))
}

// emitUser tells of an event of a user in both versions; name is without .v2. Of a
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

// emitContact tells of an event of a contact.
func (t *tx) emitContact(name string, c *contact) {
	if name == "contact.deleted" {
		t.emit(name, encode(t.viewContactEvent(name, c)))
		return
	}
	t.emit(name, t.contactEventJSON(c))
}

// emitNumber tells of an event of a line.
func (t *tx) emitNumber(name string, n *number) { t.emit(name, encode(t.viewNumberEvent(name, n))) }

// emitOpening tells whether a line is open now.
func (t *tx) emitOpening(n *number) {
	if n.Open {
		t.emitNumber("number.opened", n)
	} else {
		t.emitNumber("number.closed", n)
	}
}

// recent keeps the newest of what was added, up to a number.
type recent[T any] struct {
	items []T
	next  int // the oldest, once it is full
}

// add keeps v, and gives back what had to go for it.
func (r *recent[T]) add(v T, most int) (dropped T) {
	if len(r.items) < most {
		r.items = append(r.items, v)
		return dropped
	}
	dropped, r.items[r.next] = r.items[r.next], v
	r.next = (r.next + 1) % most
	return dropped
}

// all is all of it, oldest first.
func (r *recent[T]) all() []T {
	return append(append(make([]T, 0, len(r.items)), r.items[r.next:]...), r.items[:r.next]...)
}

func (r *recent[T]) list() any     { return r.all() }
func (r *recent[T]) room() any     { return &r.items }
func (r *recent[T]) refill() error { return nil }
