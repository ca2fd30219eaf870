package fakeaircall

import (
	"maps"
	"sync/atomic"
	"time"

	"github.com/aircallkit/aircallkit/internal/guard"
)

// An account is one Aircall account: its credentials and, behind a guard, its state. Accounts share nothing.
type account struct {
	Account
	renewed    atomic.Pointer[Account] // its present credentials; nil: those of Account
	assume     assumptions
	deliver    DeliveryOptions
	clock      *clock           // the server's, or its own
	faults     *faults          // beside the server's; nil: none
	requestLog *requestLog      // nil: the server's
	persister  *persister       // saves its changes; nil: there is no store
	base       func() string    // the server's address, for links in events
	send       func([]outgoing) // sends deliveries
	onDelivery func(Delivery)   // Options.OnDelivery; may be nil
	place      int64            // its number; below places: New made it
	places     int64
	seed       func() *state // makes its first state
	holds      guard.Guard[lazyState]
	seeded     atomic.Bool
	wake       func()       // called when next changes
	changed    func()       // notifies callers of WaitForChange
	next       atomic.Int64 // time of the next timer in UNIX nanoseconds; 0: none
}

// A lazyState is the state of an account, which is seeded or copied when it is first used.
type lazyState struct {
	state  *state    // nil: not seeded yet
	shared bool      // with a snapshot: it must be copied before a change
	stored bool      // the server's store has it
	again  time.Time // when to send deliveries again that were under way; zero: there are none
	past   pastState // before the last write, if a fault shows it
}

// open returns the state, ready to be changed.
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

// A state is everything that an account owns. Only a tx gives access to it. The methods values and tables list the parts
// that are stored.
type state struct {
	companyID int64
	name      string
	users     table[*user]
	teams     table[*team]
	numbers   table[*number]
	oldLines  table[*number] // that were deleted; calls show them
	contacts  table[*contact]
	byPhone   phoneIndex // of contacts; not stored
	tags      table[*tag]
	calls     calls

	messaging    messaging
	dialing      dialing
	campaigning  campaigning
	associations table[*association]

	webhooks table[*webhook]

	integrations map[string]*integration // by the client id of their app

	last   lastIDs
	random random
	window window

	cached []*cachedJSON // not stored

	schedule schedule
	rung     map[int64]int64           // the call that rings for a user
	wrapUps  map[int64]int64           // until when a user is in after-call work
	idle     map[int64]int64           // since when a user had no call
	zones    map[string]*time.Location // not stored
	watched  bool                      // the tables record which entities change

	keepsHours  bool
	callsPerDay int            // of the traffic
	traffic     int64          // counts changes of it
	statistics  TrafficFixture // by which calls come; it is replaced as a whole

	agentCalls    table[*agentCall]
	lastAgentCall int64 // counts all of them
	exports       table[*export]
	lastExport    int64 // counts all of them

	events table[*Event] // that happened

	deliveries deliveries
}

func newState(name string, seed uint64) state {
	return state{
		name:     name,
		users:    newTable[*user](),
		teams:    newTable[*team](),
		numbers:  newTable[*number](),
		oldLines: newTable[*number](),
		contacts: newTable[*contact](),
		tags:     newTable[*tag](),
		calls:    newCalls(),

		messaging:    newMessaging(),
		dialing:      dialing{campaigns: newTable[*dialerCampaign]()},
		campaigning:  newCampaigning(),
		associations: newTable[*association](),
		webhooks:     newTable[*webhook](),

		schedule:   schedule{timers: newTable[*timer]()},
		agentCalls: newTable[*agentCall](),
		exports:    newTable[*export](),
		events:     newTable[*Event](),
		deliveries: newDeliveries(seed),
		rung:       make(map[int64]int64),
		wrapUps:    make(map[int64]int64),
		idle:       make(map[int64]int64),
		zones:      make(map[string]*time.Location),

		integrations: make(map[string]*integration),
		random:       random{seed},
	}
}

// A collection is a part of a state with one record per entity.
type collection interface {
	watch()
	each(f func(id int64, v any))
	flush(f func(id int64, v any))
	read(id string, data []byte) error
	ready()
}

// A namedCollection is a collection with its name in snapshots and stores.
type namedCollection struct {
	name string
	collection
}

func (s *state) tables() []namedCollection {
	return []namedCollection{
		{"users", &s.users}, {"teams", &s.teams}, {"numbers", &s.numbers}, {"old_lines", &s.oldLines}, {"contacts", &s.contacts}, {"tags", &s.tags}, {"calls", &s.calls},
		{"messaging.lines", &s.messaging.lines}, {"messaging.templates", &s.messaging.templates},
		{"messaging.whatsapp", &s.messaging.whatsapp}, {"messaging.sent", &s.messaging.sent}, {"messaging.openings", &s.messaging.openings},
		{"dialing.campaigns", &s.dialing.campaigns}, {"campaigns", &s.campaigning.campaigns}, {"campaigns.contacts", &s.campaigning.contacts},
		{"campaigns.attempts", &s.campaigning.attempts}, {"associations", &s.associations}, {"webhooks", &s.webhooks},
		{"schedule.timers", &s.schedule.timers}, {"agent_calls", &s.agentCalls}, {"exports", &s.exports},
		{"events", &s.events}, {"deliveries.pending", &s.deliveries.pending}, {"deliveries.over", &s.deliveries.over},
	}
}

// A namedValue is a value with one record.
type namedValue struct {
	name string
	at   any // a pointer to it
}

func (s *state) values() []namedValue {
	return []namedValue{
		{"company_id", &s.companyID}, {"name", &s.name}, {"integrations", &s.integrations},
		{"last", &s.last}, {"random", &s.random}, {windowValue, &s.window},
		{"messaging.last", &s.messaging.last}, {"dialing.last_id", &s.dialing.lastID}, {"campaigns.last", &s.campaigning.last}, {"schedule.set", &s.schedule.set},
		{"rung", &s.rung}, {"wrap_ups", &s.wrapUps}, {"idle", &s.idle},
		{"keeps_hours", &s.keepsHours}, {"calls_per_day", &s.callsPerDay}, {"traffic", &s.traffic}, {"traffic_statistics", &s.statistics},
		{"last_agent_call", &s.lastAgentCall}, {"last_export", &s.lastExport},
		{"deliveries.last", &s.deliveries.last}, {"deliveries.left", &s.deliveries.left}, {"deliveries.finished", &s.deliveries.finished},
		{"deliveries.totals", &s.deliveries.totals}, {"deliveries.random", &s.deliveries.random},
	}
}

// windowValue is the name of the window of the rate limit, which changes with every request.
const windowValue = "window"

// copy returns a copy that is independent of s. Caches of replies and searches are empty.
func (s *state) copy() *state {
	c := *s
	c.users, c.teams, c.numbers = s.users.copy(), s.teams.copy(), s.numbers.copy()
	c.oldLines = s.oldLines.copy()
	c.contacts, c.tags, c.calls = s.contacts.copy(), s.tags.copy(), s.calls.copy()
	c.messaging.lines, c.messaging.templates = s.messaging.lines.copy(), s.messaging.templates.copy()
	c.messaging.whatsapp, c.messaging.sent = s.messaging.whatsapp.copy(), s.messaging.sent.copy()
	c.messaging.openings = s.messaging.openings.copy()
	c.dialing.campaigns, c.associations, c.webhooks = s.dialing.campaigns.copy(), s.associations.copy(), s.webhooks.copy()
	c.campaigning.campaigns, c.campaigning.contacts = s.campaigning.campaigns.copy(), s.campaigning.contacts.copy()
	c.campaigning.attempts = s.campaigning.attempts.copy()
	c.schedule.timers, c.agentCalls, c.exports = s.schedule.timers.copy(), s.agentCalls.copy(), s.exports.copy()
	c.events = s.events.copy()
	c.deliveries.pending, c.deliveries.over = s.deliveries.pending.copy(), s.deliveries.over.copy()
	c.deliveries.outgoing = nil
	c.integrations = make(map[string]*integration, len(s.integrations))
	for id, g := range s.integrations {
		c.integrations[id] = new(*g)
	}
	c.rung, c.wrapUps, c.idle, c.zones = maps.Clone(s.rung), maps.Clone(s.wrapUps), maps.Clone(s.idle), maps.Clone(s.zones)
	c.cached, c.watched, c.byPhone = nil, false, phoneIndex{}
	return &c
}

// A tx is the state of an account under its lock, at one instant. Only account.act makes one, so a function with a tx
// parameter has the lock. It must not call out of the package.
type tx struct {
	*state
	now     time.Time
	account *account
}

// do runs f at an instant, after the timers that are due by then. It returns, and sends deliveries, after the store has the
// changes.
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

// look runs f, which changes nothing. It does not wait for the store.
func (c *account) look(now time.Time, f func(*tx) error) error {
	d, err := c.act(now, f, true)
	c.leave(d)
	return err
}

// happen runs f, which cannot fail. It does not wait for the store.
func (c *account) happen(now time.Time, f func(*tx)) {
	d, _ := c.act(now, func(t *tx) error { f(t); return nil }, false)
	c.leave(d)
}

// done has the work that remains after act, without the lock.
type done struct {
	ticket  uint64     // of the persister; 0: nothing changed
	leaving []outgoing // deliveries to send
}

func (c *account) leave(d done) {
	if len(d.leaving) > 0 {
		c.send(d.leaving)
	}
}

// act runs f under the lock. looks says that f changes nothing.
func (c *account) act(now time.Time, f func(*tx) error, looks bool) (d done, err error) {
	err = c.holds.Do(func(h *lazyState) error {
		s := c.open(h)
		t := &tx{state: s, now: now, account: c}
		was, timers := s.changeCount(), s.schedule.timers.version
		t.settle(now)
		err := f(t)
		t.settle(now) // timers that f set for this instant
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

// announce sets the time of the next timer, and calls wake if it changed.
func (c *account) announce(due time.Time) {
	next := int64(0)
	if !due.IsZero() {
		next = due.UnixNano()
	}
	if c.next.Swap(next) != next {
		c.wake()
	}
}

// unix returns the instant in UNIX seconds, as the API counts.
func (t *tx) unix() int64 { return t.now.Unix() }
