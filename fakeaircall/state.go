package fakeaircall

import (
	"maps"
	"sync/atomic"
	"time"

	"github.com/aircallkit/aircallkit/internal/guard"
)

// A account is one Aircall account: its credentials and, behind a guard,
// everything it owns. Companies share nothing.
type account struct {
	Account
	renewed    atomic.Pointer[Account] // what opens it in place of account's credentials; nil: these do
	assume     assumptions
	deliver    DeliveryOptions
	clock      *clock           // the server's, or its own
	faults     *faults          // beside the server's; nil: none
	requestLog *requestLog      // nil: the server's
	persister  *persister       // stores its changes; nil: there is no store
	base       func() string    // where clients find the server, for links in events
	send       func([]outgoing) // what is due leaves
	place      int64            // among the places companies of the server
	places     int64
	seed       func() *state // makes what it begins with
	holds      guard.Guard[lazyState]
	seeded     atomic.Bool
	wake       func()       // tells who waits for what is due that it changed
	changed    func()       // notifies callers of WaitForChange
	next       atomic.Int64 // when that is, in UNIX nanoseconds; 0: never
}

// A lazyState has a company's state, which is seeded or copied when it is first
// asked for.
type lazyState struct {
	state  *state    // nil: not seeded yet
	shared bool      // with a snapshot: not to be changed
	stored bool      // changes of it go to the store of the server
	again  time.Time // when deliveries that were under way leave again; zero: there are none
}

// open returns the state to work on.
func (c *account) open(h *lazyState) *state {
	switch {
	case h.state == nil:
		h.state = c.seed()
		c.seeded.Store(true)
	case h.shared:
		h.state, h.shared = h.state.copy(), false
		if !h.again.IsZero() {
			h.state.sendAgain(h.again)
			h.again = time.Time{}
		}
	}
	return h.state
}

// state is what a company owns. Only a tx reaches it. What of it is stored is listed by
// values and tables.
type state struct {
	companyID int64
	name      string
	users     table[*user]
	teams     table[*team]
	numbers   table[*number]
	contacts  table[*contact]
	byPhone   phoneIndex // of contacts; not stored
	tags      table[*tag]
	calls     calls

	messaging    messaging
	dialing      dialing
	associations table[*association]

	webhooks table[*webhook]

	integrations map[string]*integration // by the client id of their app

	last   lastIDs
	random random
	window window

	cached []*cachedJSON // not stored

	schedule schedule                  // what happens by itself
	rung     map[int64]int64           // the call that rings at a user
	wrapUps  map[int64]int64           // until when a user is in after-call work
	idle     map[int64]int64           // since when a user had no call
	zones    map[string]*time.Location // not stored
	watched  bool                      // a store wants to know what changes

	keepsHours  bool
	callsPerDay int   // of the traffic
	traffic     int64 // counts changes of it

	agentCalls    table[*agentCall]
	lastAgentCall int64 // counts all of them
	exports       table[*export]
	lastExport    int64 // counts all of them

	events eventLog // that happened

	deliveries deliveries
}

func newState(name string, seed uint64) state {
	return state{
		name:     name,
		users:    newTable[*user](),
		teams:    newTable[*team](),
		numbers:  newTable[*number](),
		contacts: newTable[*contact](),
		tags:     newTable[*tag](),
		calls:    newCalls(),

		messaging:    newMessaging(),
		dialing:      dialing{campaigns: newTable[*campaign]()},
		associations: newTable[*association](),
		webhooks:     newTable[*webhook](),

		schedule:   schedule{timers: newTable[*timer]()},
		agentCalls: newTable[*agentCall](),
		exports:    newTable[*export](),
		deliveries: newDeliveries(seed),
		rung:       make(map[int64]int64),
		wrapUps:    make(map[int64]int64),
		idle:       make(map[int64]int64),
		zones:      make(map[string]*time.Location),

		integrations: make(map[string]*integration),
		random:       random{seed},
	}
}

// A collection is a part of a state whose entities are stored one by one.
type collection interface {
	watch()
	each(f func(id int64, v any))
	flush(f func(id int64, v any))
	read(data []byte) error
	ready()
}

// A namedCollection is one by its name in a snapshot and in a store.
type namedCollection struct {
	name string
	collection
}

func (s *state) tables() []namedCollection {
	return []namedCollection{
		{"users", &s.users}, {"teams", &s.teams}, {"numbers", &s.numbers}, {"contacts", &s.contacts}, {"tags", &s.tags}, {"calls", &s.calls},
		{"messaging.lines", &s.messaging.lines}, {"messaging.templates", &s.messaging.templates},
		{"messaging.whatsapp", &s.messaging.whatsapp}, {"messaging.sent", &s.messaging.sent},
		{"dialing.campaigns", &s.dialing.campaigns}, {"associations", &s.associations}, {"webhooks", &s.webhooks},
		{"schedule.timers", &s.schedule.timers}, {"agent_calls", &s.agentCalls}, {"exports", &s.exports},
		{"events", &s.events}, {"deliveries.pending", &s.deliveries.pending}, {"deliveries.over", &s.deliveries.over},
	}
}

// A namedValue is a part of a state, or of what belongs to no company, that is stored as a whole.
type namedValue struct {
	name string
	at   any // a pointer to it
}

func (s *state) values() []namedValue {
	return []namedValue{
		{"company_id", &s.companyID}, {"name", &s.name}, {"integrations", &s.integrations},
		{"last", &s.last}, {"random", &s.random}, {windowValue, &s.window},
		{"messaging.last", &s.messaging.last}, {"dialing.last_id", &s.dialing.lastID}, {"schedule.set", &s.schedule.set},
		{"rung", &s.rung}, {"wrap_ups", &s.wrapUps}, {"idle", &s.idle},
		{"keeps_hours", &s.keepsHours}, {"calls_per_day", &s.callsPerDay}, {"traffic", &s.traffic},
		{"last_agent_call", &s.lastAgentCall}, {"last_export", &s.lastExport},
		{"deliveries.last", &s.deliveries.last}, {"deliveries.left", &s.deliveries.left}, {"deliveries.finished", &s.deliveries.finished},
		{"deliveries.totals", &s.deliveries.totals}, {"deliveries.random", &s.deliveries.random},
	}
}

// windowValue is the name of the window of the rate limit, which changes with every request.
const windowValue = "window"

// copy returns a state that shares nothing with s that is ever changed in place: what
// happens in one does not show in the other. Replies and searches are cached anew.
func (s *state) copy() *state {
	c := *s
	c.users, c.teams, c.numbers = s.users.copy(), s.teams.copy(), s.numbers.copy()
	c.contacts, c.tags, c.calls = s.contacts.copy(), s.tags.copy(), s.calls.copy()
	c.messaging.lines, c.messaging.templates = s.messaging.lines.copy(), s.messaging.templates.copy()
	c.messaging.whatsapp, c.messaging.sent = s.messaging.whatsapp.copy(), s.messaging.sent.copy()
	c.dialing.campaigns, c.associations, c.webhooks = s.dialing.campaigns.copy(), s.associations.copy(), s.webhooks.copy()
	c.schedule.timers, c.agentCalls, c.exports = s.schedule.timers.copy(), s.agentCalls.copy(), s.exports.copy()
	c.events = s.events.copy()
	c.deliveries.pending, c.deliveries.over = s.deliveries.pending.copy(), s.deliveries.over.copy()
	c.deliveries.waiting, c.deliveries.outgoing = maps.Clone(s.deliveries.waiting), nil
	c.integrations = make(map[string]*integration, len(s.integrations))
	for id, g := range s.integrations {
		c.integrations[id] = new(*g)
	}
	c.rung, c.wrapUps, c.idle, c.zones = maps.Clone(s.rung), maps.Clone(s.wrapUps), maps.Clone(s.idle), maps.Clone(s.zones)
	c.cached, c.watched, c.byPhone = nil, false, phoneIndex{}
	return &c
}

// A tx is a company's state under its lock, at one instant. Holding one is the
// proof of the lock: only company.do makes it. Nothing is called out from inside.
type tx struct {
	*state
	now     time.Time
	account *account
}

// do runs f at an instant, after all that was due by then. Nobody learns of what it
// did, and nothing leaves, before it is kept.
func (c *account) do(now time.Time, f func(*tx) error) error {
	d, err := c.act(now, f, false)
	if d.ticket != 0 {
		if failed := c.persister.wait(d.ticket); failed != nil {
			return failed
		}
	}
	c.leave(d)
	return err
}

// look is do for an f that changes nothing, and waits for nothing.
func (c *account) look(now time.Time, f func(*tx) error) error {
	d, err := c.act(now, f, true)
	c.leave(d)
	return err
}

// happen is do for an f that cannot fail, and waits for nothing.
func (c *account) happen(now time.Time, f func(*tx)) {
	d, _ := c.act(now, func(t *tx) error { f(t); return nil }, false)
	c.leave(d)
}

// done is what act leaves to be done without the lock.
type done struct {
	ticket  uint64     // to wait with until it is kept; 0: there is nothing to wait for
	leaving []outgoing // is to be delivered
}

func (c *account) leave(d done) {
	if len(d.leaving) > 0 {
		c.send(d.leaving)
	}
}

// act is do up to where it waits. looks says that f changes nothing.
func (c *account) act(now time.Time, f func(*tx) error, looks bool) (d done, err error) {
	err = c.holds.Do(func(h *lazyState) error {
		s := c.open(h)
		t := &tx{state: s, now: now, account: c}
		was, timers := s.changeCount(), s.schedule.timers.version
		t.settle(now)
		err := f(t)
		t.settle(now) // what f set off at once
		c.announce(s.due())
		if s.changeCount() != was {
			c.changed()
		}
		d.leaving, s.deliveries.outgoing = s.deliveries.outgoing, nil
		d.ticket = c.markDirty(h, looks && s.schedule.timers.version == timers)
		return err
	})
	return d, err
}

// announce says when the company's next timer is due, if that changed.
func (c *account) announce(due time.Time) {
	next := int64(0)
	if !due.IsZero() {
		next = due.UnixNano()
	}
	if c.next.Swap(next) != next {
		c.wake()
	}
}

// unix is the instant in the seconds the wire counts.
func (t *tx) unix() int64 { return t.now.Unix() }
