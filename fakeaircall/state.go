package fakeaircall

import (
	"time"

	"github.com/aircallkit/aircallkit/internal/guard"
)

// A company is one Aircall account: its credentials and, behind a guard,
// everything it owns. Companies share nothing.
type company struct {
	account Account
	guard   func() *guard.Guard[state] // seeds the company the first time
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

	lastID      int64 // the last id given to anything but a call
	lastCall    int64 // the last call id
	lastWebhook int64 // the last number of a webhook
	random      random
	window      window

	// phones leads from the digits of a phone number to the contacts that have it.
	phones map[string][]int64

	epoch    uint64 // of what calls embed: users, numbers, tags and teams
	kept     []*encoded
	nextKept int

	agentCalls []agentCall
	exports    []export // oldest first, as the calls of agents
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

		integrations: make(map[string]*integration),
		random:       random{seed},
		phones:       make(map[string][]int64),
	}
}

// A tx is a company's state under its lock, at one instant. Holding one is the
// proof of the lock: only company.do makes it. Nothing is called out from inside.
type tx struct {
	*state
	now time.Time
}

func (c *company) do(now time.Time, f func(*tx) error) error {
	return c.guard().Do(func(s *state) error {
		return f(&tx{state: s, now: now})
	})
}

// id numbers a new record. One sequence serves all of a company but its calls,
// as contacts' phone and e-mail entries are seen to share one.
func (t *tx) id() int64 {
	t.lastID++
	return t.lastID
}

// unix is the instant in the seconds the wire counts.
func (t *tx) unix() int64 { return t.now.Unix() }
