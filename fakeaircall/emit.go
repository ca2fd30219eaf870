package fakeaircall

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

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
	e := Event{Seq: t.events.last + 1, At: t.now, Name: name, Data: json.RawMessage(data)}
	t.events.add(e)
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
