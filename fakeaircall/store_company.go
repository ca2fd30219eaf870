package fakeaircall

import (
	"reflect"
	"strings"
	"unsafe"
)

// records is what is kept of a company.
type records struct {
	sums   map[string]uint64          // by key
	lists  map[string]map[string]bool // the keys of a short list, by how they begin
	prints []uint64                   // of the parts that keepRest met, in its order
}

func newRecords() *records {
	return &records{sums: make(map[string]uint64), lists: make(map[string]map[string]bool)}
}

// The parts of a state that are too long to be compared each time: whoever changes
// one says so.
const (
	partSent       = "messaging.sent"
	partAgentCalls = "agent_calls"
)

func (s *state) changed(part string) {
	if s.parts != nil {
		s.parts[part] = true
		s.noted++
	}
}

// forget forgets what was given out to who only looked.
func (s *state) forget() {
	for _, t := range s.tables() {
		t.eachLent(nil)
	}
}

// watch begins to note what may have changed.
func (s *state) watch() {
	s.schedule.moved, s.deliveries.moved, s.parts = make(map[uint64]*timer), make(map[int64]bool), make(map[string]bool)
	for _, t := range s.tables() {
		t.watch()
	}
}

// A watched table says which of its entities may have changed.
type watched interface {
	watch()
	eachLent(f func(id int64, at unsafe.Pointer))
}

func (s *state) tables() map[string]watched {
	return map[string]watched{
		"users": &s.users, "teams": &s.teams, "numbers": &s.numbers, "contacts": &s.contacts, "tags": &s.tags,
		"calls": &s.calls, "associations": &s.associations, "webhooks": &s.webhooks,
	}
}

func (t *table[T]) watch() { t.lent = make(map[int64]bool) }

// eachLent calls f with what may have changed, and where it now is; nil: it is gone.
// Nil forgets it.
func (t *table[T]) eachLent(f func(id int64, at unsafe.Pointer)) {
	defer clear(t.lent)
	if f == nil {
		return
	}
	for id := range t.lent {
		v, ok := t.byID[id]
		if !ok {
			f(id, nil)
			continue
		}
		f(id, unsafe.Pointer(&v))
	}
}

// A diary collects what changed of a company.
type diary struct {
	known   *records
	prefix  string
	changes map[string][]byte
}

func (d *diary) put(key string, data []byte) {
	if sum := sumOf(data); d.known.sums[key] != sum {
		d.known.sums[key], d.changes[key] = sum, data
	}
}

func (d *diary) drop(key string) {
	if _, ok := d.known.sums[key]; ok {
		delete(d.known.sums, key)
		d.changes[key] = nil
	}
}

const keySeparator = "\x00"

func recordKey(path ...string) string { return strings.Join(path, keySeparator) }

// stateKey begins the keys of what a company's state has.
func stateKey(account string) string { return recordKey("companies", account, "state") + keySeparator }

// mark says that something may have changed, if it is kept, and gives a ticket to wait
// with. looks says that whatever came by itself was noted since.
func (c *company) mark(h *shelf, looks bool, since uint64) (ticket uint64) {
	switch s := h.state; {
	case h.known == nil:
		return 0
	case looks && s.parts != nil && s.noted == since:
		if !h.marked {
			s.forget()
		}
		return 0
	}
	h.marked = true
	return c.keeper.mark(c)
}

// gather adds what changed since the last time.
func (c *company) gather(changes map[string][]byte) {
	_ = c.holds.Do(func(h *shelf) error {
		if h.known == nil {
			return nil
		}
		h.marked = false
		s, d := c.open(h), &diary{h.known, stateKey(c.account.Name), changes}
		if s.parts == nil {
			s.keepAll(d)
		} else {
			s.keepLent(d)
			s.keepRest(d)
		}
		return nil
	})
}

// keepAll compares everything.
func (s *state) keepAll(d *diary) {
	s.watch()
	d.known.prints = nil
	met := make(map[string]bool)
	eachRecord(s, func(path []string, data []byte) {
		key := d.prefix + recordKey(path...)
		met[key] = true
		d.put(key, data)
	})
	for key := range d.known.sums {
		if !met[key] {
			d.drop(key)
		}
	}
}

// keepLent compares what was noted.
func (s *state) keepLent(d *diary) {
	l := layoutOf(reflect.TypeFor[state]())
	for name, t := range s.tables() {
		elem := l.field(name).elem
		t.eachLent(func(id int64, at unsafe.Pointer) {
			key := d.prefix + recordKey(name, keyText(reflect.ValueOf(id)))
			if at == nil {
				d.drop(key)
			} else {
				d.put(key, elem.appendTo(nil, at, -1))
			}
		})
	}
	timers := layoutOf(reflect.TypeFor[timer]())
	for seq, m := range s.schedule.moved {
		key := d.prefix + recordKey("schedule", "timers", keyText(reflect.ValueOf(seq)))
		if m == nil {
			d.drop(key)
		} else {
			d.put(key, timers.appendTo(nil, unsafe.Pointer(m), -1))
		}
	}
	clear(s.schedule.moved)
	s.keepDeliveries(d)
	s.keepEvents(d)
}

func (s *state) keepDeliveries(d *diary) {
	if len(s.deliveries.moved) == 0 {
		return
	}
	l := layoutOf(reflect.TypeFor[delivery]())
	over := make(map[int64]*delivery)
	for _, v := range s.deliveries.over.items {
		if s.deliveries.moved[v.ID] {
			over[v.ID] = v
		}
	}
	for id := range s.deliveries.moved {
		for place, v := range map[string]*delivery{"pending": s.deliveries.pending[id], "over": over[id]} {
			key := d.prefix + recordKey("deliveries", place, keyText(reflect.ValueOf(id)))
			if v == nil {
				d.drop(key)
			} else {
				d.put(key, l.appendTo(nil, unsafe.Pointer(v), -1))
			}
		}
	}
	clear(s.deliveries.moved)
}

// keepEvents keeps those that are new, in the place of the oldest.
func (s *state) keepEvents(d *diary) {
	l := layoutOf(reflect.TypeFor[Event]())
	for i := range len(s.events.items) {
		e := &s.events.items[(s.events.next-1-i+2*len(s.events.items))%len(s.events.items)] // newest first
		key := d.prefix + recordKey("events", keyText(reflect.ValueOf(e.Seq)))
		if _, kept := d.known.sums[key]; kept {
			return
		}
		d.put(key, l.appendTo(nil, unsafe.Pointer(e), -1))
		if e.Seq > maxEvents {
			d.drop(d.prefix + recordKey("events", keyText(reflect.ValueOf(e.Seq-maxEvents))))
		}
	}
}

// lists are the parts that keepLent keeps.
var lists = map[string]bool{
	"users": true, "teams": true, "numbers": true, "contacts": true, "tags": true, "calls": true, "associations": true,
	"webhooks": true, "events": true, "schedule.timers": true, "deliveries.pending": true, "deliveries.over": true,
}

// keepRest compares all else: counters, and lists that are short.
func (s *state) keepRest(d *diary) {
	d.compare(layoutOf(reflect.TypeFor[state]()), unsafe.Pointer(s), s.parts)
	clear(s.parts)
}

func (d *diary) compare(l *layout, at unsafe.Pointer, marked map[string]bool) {
	r := rest{d, marked, d.known.prints, make([]uint64, 0, len(d.known.prints))}
	r.keep(l, at, "", d.prefix)
	d.known.prints = r.prints
}

// rest goes through the parts of a state, always in one order. A part whose print is
// what it was is not written to be compared.
type rest struct {
	*diary
	marked map[string]bool
	was    []uint64
	prints []uint64
}

func (r *rest) keep(l *layout, at unsafe.Pointer, name, prefix string) {
	for _, field := range l.fields {
		part := join(name, field.name)
		long := part == partSent || part == partAgentCalls
		p := unsafe.Add(at, field.offset)
		switch {
		case lists[part] || long && !r.marked[part]:
		case len(field.fields) > 0 && field.open:
			r.keep(field.layout, p, part, prefix+field.name+keySeparator)
		case long || r.differs(field.layout, p):
			r.part(field.layout, p, prefix+field.name)
		}
	}
}

func (r *rest) differs(l *layout, at unsafe.Pointer) bool {
	n, print := len(r.prints), l.print(0, at)
	r.prints = append(r.prints, print)
	return n >= len(r.was) || r.was[n] != print
}

func (r *rest) part(l *layout, at unsafe.Pointer, key string) {
	switch {
	case l.open:
		l.keepList(at, r.diary, key+keySeparator)
	case l.absent(at):
		r.drop(key)
	default:
		r.put(key, l.appendTo(nil, at, -1))
	}
}

// keepList compares a list or map of entities.
func (l *layout) keepList(at unsafe.Pointer, d *diary, prefix string) {
	was, ok := d.known.lists[prefix]
	if !ok {
		was = make(map[string]bool)
		for key := range d.known.sums {
			if strings.HasPrefix(key, prefix) {
				was[key] = true
			}
		}
	}
	met := make(map[string]bool)
	l.eachRecord(at, nil, func(path []string, data []byte) {
		key := prefix + recordKey(path...)
		met[key] = true
		d.put(key, data)
	})
	for key := range was {
		if !met[key] {
			d.drop(key)
		}
	}
	d.known.lists[prefix] = met
}

func (l *layout) field(name string) *layout {
	for _, f := range l.fields {
		if f.name == name {
			return f.layout
		}
	}
	panic("fakeaircall: there is no " + name)
}
