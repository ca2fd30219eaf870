package fakeaircall

import (
	"maps"
	"slices"
)

// copy is a state that shares nothing with s that is ever changed in place: what
// happens in one does not show in the other. Strings, what pointers to them lead to,
// and JSON are shared. What is kept of replies and searches begins anew.
func (s *state) copy() *state {
	c := *s
	var ids arena[int64]
	var details arena[detail]
	c.users = copyTable(s.users, func(*user) {})
	c.teams = copyTable(s.teams, func(v *team) { v.Users = ids.clone(v.Users) })
	c.numbers = copyTable(s.numbers, func(v *number) { v.Users = ids.clone(v.Users) })
	c.contacts = copyTable(s.contacts, func(v *contact) {
		v.Phones, v.Emails, v.encoded = details.clone(v.Phones), details.clone(v.Emails), encoded{}
	})
	c.tags = copyTable(s.tags, func(*tag) {})
	c.calls = s.calls.copy()
	c.messaging = s.messaging.copy()
	c.dialing.campaigns = copyMap(s.dialing.campaigns, func(v *campaign) {
		v.Phones, v.Waiting = slices.Clone(v.Phones), maps.Clone(v.Waiting)
	})
	c.associations = copyTable(s.associations, func(v *association) { v.Numbers = ids.clone(v.Numbers) })
	c.webhooks = copyTable(s.webhooks, func(v *webhook) { v.Events = slices.Clone(v.Events) })
	c.integrations = copyMap(s.integrations, func(*integration) {})
	c.phones = make(map[string][]int64, len(s.phones))
	for phone, list := range s.phones {
		c.phones[phone] = ids.clone(list)
	}
	c.kept, c.nextKept = nil, 0
	c.schedule.timers = slices.Clone(s.schedule.timers)
	c.rung, c.wrapUps, c.idle, c.zones = maps.Clone(s.rung), maps.Clone(s.wrapUps), maps.Clone(s.idle), maps.Clone(s.zones)
	c.agentCalls, c.exports = slices.Clone(s.agentCalls), slices.Clone(s.exports)
	c.events.items = slices.Clone(s.events.items)
	c.deliveries = s.deliveries.copy()
	c.parts, c.schedule.moved, c.deliveries.moved = nil, nil, nil // who keeps the copy looks at all of it first
	return &c
}

func (s *calls) copy() calls {
	var comments arena[comment]
	var tags arena[callTag]
	var ids arena[int64]
	c := newCalls()
	c.table = copyTable(s.table, func(v *call) {
		v.Comments, v.Tags, v.Teams, v.encoded = comments.clone(v.Comments), tags.clone(v.Tags), ids.clone(v.Teams), encoded{}
		if v.Ongoing != nil {
			o := *v.Ongoing
			o.Steps, o.Keys = slices.Clone(o.Steps), slices.Clone(o.Keys)
			o.Ringing, o.Asked = ids.clone(o.Ringing), ids.clone(o.Asked)
			v.Ongoing = &o
		}
	})
	var room arena[*call]
	same := func(list inOrder[*call]) inOrder[*call] {
		list = room.clone(list)
		for i, old := range list {
			list[i] = c.byID[old.ID]
		}
		return list
	}
	c.inbound, c.outbound, c.live = same(s.inbound), same(s.outbound), same(s.live)
	copyLists(c.byUser, s.byUser, same)
	copyLists(c.byLine, s.byLine, same)
	copyLists(c.byTag, s.byTag, same)
	copyLists(c.byParty, s.byParty, same)
	return c
}

func copyLists[K comparable](to, from map[K]inOrder[*call], same func(inOrder[*call]) inOrder[*call]) {
	for key, list := range from {
		to[key] = same(list)
	}
}

func (m messaging) copy() messaging {
	m.lines = copyMap(m.lines, func(v *messageLine) {
		if v.Whatsapp != nil {
			w := *v.Whatsapp
			v.Whatsapp = &w
		}
	})
	m.templates, m.whatsapp, m.sent = slices.Clone(m.templates), slices.Clone(m.whatsapp), slices.Clone(m.sent)
	for i := range m.sent {
		s := &m.sent[i]
		s.To, s.Media = slices.Clone(s.To), slices.Clone(s.Media)
	}
	return m
}

func (d deliveries) copy() deliveries {
	own := func(v *delivery) { v.Attempts = slices.Clone(v.Attempts) }
	d.pending = copyMap(d.pending, own)
	d.waiting = maps.Clone(d.waiting)
	d.over.items = slices.Clone(d.over.items)
	for i, v := range d.over.items {
		one := *v
		own(&one)
		d.over.items[i] = &one
	}
	d.leaving = nil
	return d
}

// copyTable copies the entities of a table into one piece of memory; own gives
// each copy what it must not share.
func copyTable[V any, T interface {
	*V
	entity
}](from table[T], own func(T)) table[T] {
	to := table[T]{byID: make(map[int64]T, len(from.order)), order: make(inOrder[T], len(from.order))}
	all := make([]V, len(from.order))
	for i, v := range from.order {
		all[i] = *v
		c := T(&all[i])
		own(c)
		id, _ := c.identity()
		to.byID[id], to.order[i] = c, c
	}
	return to
}

func copyMap[K comparable, V any](from map[K]*V, own func(*V)) map[K]*V {
	to := make(map[K]*V, len(from))
	for key, v := range from {
		c := *v
		own(&c)
		to[key] = &c
	}
	return to
}

// An arena has room for many short slices, which would cost an allocation each.
type arena[T any] struct{ room []T }

// clone copies s; what is appended to the copy goes elsewhere.
func (a *arena[T]) clone(s []T) []T {
	if len(s) == 0 {
		return s[:0:0]
	}
	if len(a.room)+len(s) > cap(a.room) {
		a.room = make([]T, 0, max(1024, len(s)))
	}
	from := len(a.room)
	a.room = append(a.room, s...)
	return a.room[from:len(a.room):len(a.room)]
}
