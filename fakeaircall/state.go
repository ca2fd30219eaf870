package fakeaircall

import (
	"sync/atomic"
	"time"

	"github.com/aircallkit/aircallkit/internal/guard"
)

// A company is one Aircall account: its credentials and, behind a guard,
// everything it owns. Companies share nothing.
type company struct {
	account Account
	renewed atomic.Pointer[Account] // what opens it in place of account's credentials; nil: these do
	assume  assumptions
	deliver DeliveryOptions
	clock   *clock         // the server's, or its own
	faults  *faults        // beside the server's; nil: none
	journal *journal       // nil: the server's
	keeper  *keeper        // of its changes; nil: there is none
	base    func() string  // where clients find the server, for links in events
	send    func([]parcel) // what is due leaves
	place   int64          // among the places companies of the server
	places  int64
	seed    func() *state // makes what it begins with
	holds   guard.Guard[shelf]
	seeded  atomic.Bool
	wake    func()       // tells who waits for what is due that it changed
	stir    func()       // tells who looks on that something changed
	next    atomic.Int64 // when that is, in UNIX nanoseconds; 0: never
}

// A shelf has a company's state, which is seeded or copied when it is first
// asked for.
type shelf struct {
	state  *state    // nil: not seeded yet
	shared bool      // with a snapshot: not to be changed
	known  *records  // what is kept of it; nil without a keeper
	marked bool      // what changed since the last commit is to be kept
	again  time.Time // when deliveries that were under way leave again; zero: there are none
}

// open gives the state to work on.
func (c *company) open(h *shelf) *state {
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

// state is what a company owns. Only a tx reaches it.
type state struct {
	companyID int64
	name      string
	users     table[*user]
	teams     table[*team]
	numbers   table[*number]
	contacts  table[*contact]
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

	// phones leads from the digits of a phone number to the contacts that have it.
	phones map[string][]int64 `snap:"-"`

	epoch    uint64     `snap:"-"` // of what calls embed: users, numbers, tags and teams
	kept     []*encoded `snap:"-"`
	nextKept int        `snap:"-"`

	schedule schedule                  // what happens by itself
	rung     map[int64]int64           // the call that rings at a user
	wrapUps  map[int64]int64           // until when a user is in after-call work
	idle     map[int64]int64           // since when a user had no call
	zones    map[string]*time.Location `snap:"-"`
	parts    map[string]bool           `snap:"-"` // that may have changed; nil: nobody asks
	noted    uint64                    `snap:"-"` // counts what came by itself, and parts that changed, while somebody asks

	keepsHours  bool
	callsPerDay int   // of the traffic
	traffic     int64 // counts changes of it

	agentCalls    []agentCall
	lastAgentCall int64    // counts all of them
	exports       []export // oldest first, as the calls of agents
	lastExport    int64    // counts all of them

	events    recent[Event] // that happened
	lastEvent uint64        // counts all of them

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

		messaging:    messaging{lines: make(map[int64]*messageLine)},
		dialing:      dialing{campaigns: make(map[int64]*campaign)},
		associations: newTable[*association](),

		webhooks: newTable[*webhook](),

		deliveries: newDeliveries(seed),
		rung:       make(map[int64]int64),
		wrapUps:    make(map[int64]int64),
		idle:       make(map[int64]int64),
		zones:      make(map[string]*time.Location),

		integrations: make(map[string]*integration),
		random:       random{seed},
		phones:       make(map[string][]int64),
	}
}

// A tx is a company's state under its lock, at one instant. Holding one is the
// proof of the lock: only company.do makes it. Nothing is called out from inside.
type tx struct {
	*state
	now     time.Time
	company *company
}

// do runs f at an instant, after all that was due by then. Nobody learns of what it
// did, and nothing leaves, before it is kept.
func (c *company) do(now time.Time, f func(*tx) error) error {
	d, err := c.act(now, f, false)
	if d.ticket != 0 {
		if failed := c.keeper.wait(d.ticket); failed != nil {
			return failed
		}
	}
	c.leave(d)
	return err
}

// look is do for an f that changes nothing, and waits for nothing.
func (c *company) look(now time.Time, f func(*tx) error) error {
	d, err := c.act(now, f, true)
	c.leave(d)
	return err
}

// happen is do for an f that cannot fail, and waits for nothing.
func (c *company) happen(now time.Time, f func(*tx)) {
	d, _ := c.act(now, func(t *tx) error { f(t); return nil }, false)
	c.leave(d)
}

// done is what act leaves to be done without the lock.
type done struct {
	ticket  uint64   // to wait with until it is kept; 0: there is nothing to wait for
	leaving []parcel // is to be delivered
}

func (c *company) leave(d done) {
	if len(d.leaving) > 0 {
		c.send(d.leaving)
	}
}

// act is do up to where it waits. looks says that f changes nothing.
func (c *company) act(now time.Time, f func(*tx) error, looks bool) (d done, err error) {
	err = c.holds.Do(func(h *shelf) error {
		s := c.open(h)
		t := &tx{state: s, now: now, company: c}
		was, noted := s.marks(), s.noted
		t.settle(now)
		err := f(t)
		t.settle(now) // what f set off at once
		c.announce(s.due())
		if s.marks() != was {
			c.stir()
		}
		d.leaving, s.deliveries.leaving = s.deliveries.leaving, nil
		d.ticket = c.mark(h, looks, noted)
		return err
	})
	return d, err
}

// announce says when the company's next timer is due, if that changed.
func (c *company) announce(due time.Time) {
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

// prepare seeds or copies the company if that is still to be done.
func (c *company) prepare() {
	_ = c.holds.Do(func(h *shelf) error { c.open(h); return nil })
}
