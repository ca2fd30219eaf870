package fakeaircall

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Pending deliveries are data of the account. An attempt that is due moves to outgoing, and account.do hands it to the
// dispatcher after the lock is released.

// The retries of an event: 50 of them (documented) with waits that double from firstWait up to 1,024 seconds, so that
// the last is due within the twelve hours for which a disabled webhook is tried (documented).
const (
	maxRetries   = 50
	firstWait    = time.Second
	maxDoublings = 10
	disabledTime = 12 * time.Hour
)

// Deliveries above these limits are dropped, and counted.
const (
	maxPending     = 10_000          // of an account
	maxHookPending = 1_000           // of a webhook, or of a line's callback
	maxDelivered   = 1_000           // kept of those that are over, the newest
	attemptTime    = 5 * time.Second // documented
)

// deliveries has the deliveries of an account.
type deliveries struct {
	last     int64  // counts all of them
	left     uint64 // counts the attempts
	pending  table[*delivery]
	over     table[*delivery]
	finished int64      // counts those that are over
	outgoing []outgoing // not stored
	totals   DeliveryTotals
	random   random // for duplicates and delays, so that they change nothing else
}

func newDeliveries(seed uint64) deliveries {
	return deliveries{pending: newTable[*delivery](), over: newTable[*delivery](), random: random{seed ^ 0x64656c6976}}
}

// A delivery takes one event to one webhook, or one message to the callback of a line.
type delivery struct {
	ID       int64         `json:"id,omitzero"`
	Event    Event         `json:"event,omitzero"`
	Hook     int64         `json:"hook,omitzero"` // 0: the callback of a line
	Line     int64         `json:"line,omitzero"`
	UUID     string        `json:"uuid,omitzero"` // of the webhook; url and token are from when the event happened
	URL      string        `json:"url,omitzero"`
	Token    string        `json:"token,omitzero"`
	Made     time.Time     `json:"made,omitzero"`
	State    DeliveryState `json:"state,omitzero"`
	Attempts []Attempt     `json:"attempts,omitzero"`
	Underway bool          `json:"underway,omitzero"`
	Finished int64         `json:"finished,omitzero"` // counts those that are over; 0: it is not
}

func (d *delivery) identity() (id, created int64) { return d.ID, d.Finished }

func (d *delivery) clone() *delivery {
	v := *d
	v.Attempts = slices.Clone(d.Attempts)
	return &v
}

// receiver returns the id that all deliveries to one receiver have in common.
func (d *delivery) receiver() int64 {
	if d.Hook == 0 {
		return -d.Line
	}
	return d.Hook
}

// pendingFor returns how many deliveries wait for a receiver.
func (s *deliveries) pendingFor(receiver int64) (n int) {
	for _, d := range s.pending.order {
		if d.receiver() == receiver {
			n++
		}
	}
	return n
}

// outgoing is one attempt on its way. It needs nothing of the state of the account.
type outgoing struct {
	account  *account
	seq      uint64 // the order in which the attempts of the account left
	id       int64  // of the delivery
	receiver int64
	attempt  int
	url      string
	body     raw
}

// emit records an event and delivers it to webhooks. data is the resource as it is now.
func (t *tx) emit(name string, data raw) { t.emitTo(name, data, func(*webhook) bool { return true }) }

// emitTo is emit for the active webhooks that subscribe to the event and for which meant returns true.
func (t *tx) emitTo(name string, data raw, meant func(*webhook) bool) {
	e := t.record(name, data)
	for _, h := range t.webhooks.order {
		if h.Active && meant(h) && slices.Contains(h.Events, name) {
			t.enqueue(delivery{Event: e, Hook: h.ID, UUID: h.UUID, URL: h.URL, Token: h.Token})
		}
	}
}

// lineStatusEvent is the name that callbacks of lines have for message.status_updated. Webhooks cannot subscribe to it.
const lineStatusEvent = "message.updated"

// callBack delivers a message to the callback of a line in proxy mode, if there is one. A callback gets the messages that
// come in and the status of those that were sent (documented), but not that they were sent. The guide of WhatsApp and
// that of SMS have different names for the status.
func (t *tx) callBack(name string, l *messageLine, m *message, data raw) {
	if l.Callback == "" {
		return
	}
	name = strings.TrimPrefix(name, "group_")
	switch {
	case name == "message.sent":
		return
	case name == "message.status_updated" && !m.Whatsapp:
		name = lineStatusEvent
	}
	t.enqueue(delivery{Event: Event{At: t.now, Name: name, Data: []byte(data)}, Line: m.Line, URL: l.Callback, Token: l.Token})
}

// enqueue adds a delivery that leaves now or, if Options.Deliveries asks for it, later and twice.
func (t *tx) enqueue(d delivery) {
	o := t.account.deliver
	t.addDelivery(d, o.delay(&t.deliveries.random))
	if o.Duplicates > 0 && t.deliveries.random.chance(o.Duplicates) {
		t.addDelivery(d, o.delay(&t.deliveries.random))
	}
}

func (o DeliveryOptions) delay(r *random) time.Duration {
	if o.Shuffle <= 0 {
		return 0
	}
	return time.Duration(r.next() % uint64(o.Shuffle))
}

func (t *tx) addDelivery(d delivery, delay time.Duration) *delivery {
	s := &t.deliveries
	s.last++
	d.ID, d.Made, d.State = t.account.deliveryID(s.last), t.now, DeliveryPending
	if s.pending.len() >= maxPending || s.pendingFor(d.receiver()) >= maxHookPending {
		t.finish(&d, DeliveryDropped, "too many deliveries wait")
		return &d
	}
	s.pending.insert(&d)
	t.after(delay, actDeliver, d.ID, 0)
	return &d
}

// actDeliver makes the n-th retry of a delivery, or its first attempt, 0.
const actDeliver = act("deliver")

func (t *tx) deliver(m timer) {
	d, ok := t.deliveries.pending.get(m.ID)
	if !ok {
		return // the server was closed
	}
	url := d.URL
	if d.Hook != 0 {
		h, ok := t.webhooks.get(d.Hook)
		switch {
		case !ok && d.Event.Name != "integration.deleted":
			t.finish(d, DeliveryDropped, "the webhook was deleted")
			return
		case ok && !h.Active && h.Disabled.IsZero():
			t.finish(d, DeliveryDropped, "the webhook was set to inactive")
			return
		case ok && !h.Active && m.N > 0 && t.now.Sub(h.Disabled) > disabledTime:
			t.finish(d, DeliveryFailed, "the webhook was disabled for more than twelve hours")
			return
		case ok:
			url = h.URL
		}
	}
	t.deliveries.left++
	t.deliveries.pending.update(d, func() { d.Underway, d.URL = true, url })
	t.deliveries.outgoing = append(t.deliveries.outgoing, outgoing{
		account: t.account, seq: t.deliveries.left, id: d.ID, receiver: d.receiver(), attempt: int(m.N), url: url, body: t.body(d, d.Token),
	})
}

// body returns the body of the POST. Webhooks and callbacks have different envelopes.
func (t *tx) body(d *delivery, token string) raw {
	data := raw(d.Event.Data)
	if d.Hook == 0 {
		return encode(envelope{
			{"event_name", d.Event.Name}, {"timestamp", d.Event.At.UnixMilli()}, {"token", token}, {"resource", "message"}, {"data", data},
		})
	}
	resource := cmp.Or(resourceOf(d.Event.Name), resourceOf(campaignOutcomeEvent)) // campaignStatusEvent is not in the table of events
	at := d.Event.At.Unix()
	if t.account.assume.messagesInMillis && resource == "message" {
		at = d.Event.At.UnixMilli()
	}
	return encode(envelope{
		{"resource", resource}, {"event", d.Event.Name}, {"timestamp", at}, {"token", token}, {"data", data},
	})
}

// attemptDone records the result of an attempt, and sets the next one after a failure.
func (t *tx) attemptDone(id int64, attempt int, a Attempt) {
	d, ok := t.deliveries.pending.get(id)
	if !ok || len(d.Attempts) != attempt {
		return
	}
	t.deliveries.pending.update(d, func() { d.Underway, d.Attempts = false, append(d.Attempts, a) })
	if h, ok := t.webhooks.get(d.Hook); ok {
		t.webhooks.update(h, func() { h.countAttempt(a.Error == "", t.now, t.account.assume.deactivateAfter) })
	}
	switch {
	case a.Error == "":
		t.finish(d, DeliveryDelivered, "")
	case d.Hook == 0 || attempt >= maxRetries: // a callback is tried once (documented)
		t.finish(d, DeliveryFailed, "")
	default:
		t.deliveries.pending.update(d, func() { d.State = DeliveryRetrying })
		t.after(firstWait<<min(attempt, maxDoublings), actDeliver, id, int64(attempt+1))
	}
	t.reportDelivery(d)
}

// reportDelivery calls Options.OnDelivery.
func (t *tx) reportDelivery(d *delivery) {
	if report := t.account.onDelivery; report != nil {
		report(t.viewDelivery(d))
	}
}

// viewDelivery shows a delivery without its body.
func (t *tx) viewDelivery(d *delivery) Delivery {
	return Delivery{
		ID: d.ID, Account: t.account.Account.Name, Event: d.Event.Name, Webhook: d.UUID, Line: d.Line, URL: redactURL(d.URL, true),
		State: d.State, At: d.Made, Attempts: slices.Clone(d.Attempts),
	}
}

// countAttempt disables a webhook after most failures in a row, and enables it again after a success.
func (h *webhook) countAttempt(ok bool, now time.Time, most int) {
	switch {
	case !ok:
		h.Failures++
		if h.Active && h.Failures >= most {
			h.Active, h.Disabled = false, now
		}
	case !h.Disabled.IsZero():
		h.Active, h.Disabled, h.Failures = true, time.Time{}, 0
	default:
		h.Failures = 0
	}
}

// finish ends a delivery. why, unless "", is the reason why it had no attempt.
func (t *tx) finish(d *delivery, state DeliveryState, why string) {
	s := &t.deliveries
	s.pending.remove(d.ID)
	s.finished++
	d.State, d.Underway, d.Finished = state, false, s.finished
	if why != "" {
		d.Attempts = append(d.Attempts, Attempt{At: t.now, Error: why})
	}
	s.over.insert(d)
	s.over.keepNewest(maxDelivered)
	switch state {
	case DeliveryDelivered:
		s.totals.Delivered++
	case DeliveryFailed:
		s.totals.Failed++
	case DeliveryDropped:
		s.totals.Dropped++
	}
	if why != "" {
		t.reportDelivery(d)
	}
}

// deliveryID returns the id of the n-th delivery of an account, which no other account of the server has. Accounts that
// were added later have ids from 2³².
func (c *account) deliveryID(n int64) int64 {
	if c.place >= c.places {
		return c.place<<32 | n
	}
	return c.place + n*c.places
}

// deliveryCount returns the n of deliveryID.
func deliveryCount(id, place, places int64) int64 {
	if place >= places {
		return id & math.MaxUint32
	}
	return (id - place) / places
}

// A Delivery is one event on its way to one webhook, or one message to the callback of a line in proxy mode.
type Delivery struct {
	ID       int64 // unique among all accounts of the server
	Account  string
	Event    string
	Webhook  string // UUID; "" for the callback of a line
	Line     int64  // of the callback; 0 for a webhook
	URL      string // without the values of its query
	State    DeliveryState
	At       time.Time // when it was to be sent first; the event may be older
	Attempts []Attempt
	Body     json.RawMessage // without the token
}

// A DeliveryState is how far a delivery is.
type DeliveryState string

// A delivery is pending until its first attempt fails, and at last delivered, failed or dropped.
const (
	DeliveryPending   DeliveryState = "pending"
	DeliveryRetrying  DeliveryState = "retrying"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryFailed    DeliveryState = "failed"
	DeliveryDropped   DeliveryState = "dropped"
)

// An Attempt is one POST, or the reason why there was none.
type Attempt struct {
	At     time.Time     `json:"at,omitzero"`     // on the server's clock
	Took   time.Duration `json:"took,omitzero"`   // in real time; five seconds for one that timed out
	Status int           `json:"status,omitzero"` // 0: no answer
	Error  string        `json:"error,omitzero"`  // "" for a success
}

// MarshalJSON writes Took as text, such as 6s.
func (a Attempt) MarshalJSON() ([]byte, error) {
	type attempt Attempt
	return json.Marshal(struct {
		attempt
		Took durationText `json:"took,omitzero"`
	}{attempt(a), durationText(a.Took)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Attempt) UnmarshalJSON(data []byte) error {
	type attempt Attempt
	v := struct {
		*attempt
		Took durationText `json:"took"`
	}{attempt: (*attempt)(a)}
	err := readJSON(data, &v)
	a.Took = time.Duration(v.Took)
	return err
}

// DeliveryTotals counts an account's deliveries.
type DeliveryTotals struct {
	Pending   uint64 `json:"pending,omitzero"` // or retrying
	Delivered uint64 `json:"delivered,omitzero"`
	Failed    uint64 `json:"failed,omitzero"`
	Dropped   uint64 `json:"dropped,omitzero"` // too many waited, nobody waited any more, or the server was closed
}

// Deliveries returns the deliveries of an account that are not over, and the newest 1,000 that are; newest last. ""
// means all accounts.
func (s *Server) Deliveries(account string) ([]Delivery, error) {
	var list []Delivery
	err := s.withAccount(account, func(t *tx) {
		for _, d := range slices.Concat(t.deliveries.pending.order, t.deliveries.over.order) {
			v := t.viewDelivery(d)
			v.Body = json.RawMessage(t.body(d, Removed))
			list = append(list, v)
		}
	})
	slices.SortFunc(list, func(a, b Delivery) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return list, err
}

// DeliveryTotals counts the deliveries of an account since the start; "" means all accounts.
func (s *Server) DeliveryTotals(account string) (sum DeliveryTotals, err error) {
	err = s.withAccount(account, func(t *tx) {
		n := t.deliveries.totals
		sum.Pending += uint64(t.deliveries.pending.len())
		sum.Delivered, sum.Failed, sum.Dropped = sum.Delivered+n.Delivered, sum.Failed+n.Failed, sum.Dropped+n.Dropped
	})
	return sum, err
}

// Redeliver sends the event of a delivery once more, as a new delivery, and returns the id of that.
func (s *Server) Redeliver(id int64) (again int64, err error) {
	err = s.withAccount("", func(t *tx) {
		d, ok := t.deliveries.pending.get(id)
		if !ok {
			d, ok = t.deliveries.over.get(id)
		}
		if ok {
			again = t.addDelivery(delivery{Event: d.Event, Hook: d.Hook, Line: d.Line, UUID: d.UUID, URL: d.URL, Token: d.Token}, 0).ID
		}
	})
	if err == nil && again == 0 {
		err = fmt.Errorf("redeliver: there is no delivery %d any more", id)
	}
	return again, err
}

// dropDeliveries ends the deliveries that wait when the server is closed.
func (s *Server) dropDeliveries() {
	for _, c := range s.accounts() {
		wait := false
		_ = c.holds.Do(func(h *lazyState) error { // unlike do, it does not copy a state that is shared
			wait = h.state != nil && h.state.deliveries.pending.len() > 0
			return nil
		})
		if !wait {
			continue
		}
		_ = s.do(c, func(t *tx) error {
			for _, d := range slices.Clone(t.deliveries.pending.order) {
				t.finish(d, DeliveryDropped, "the server was closed")
			}
			return nil
		})
	}
}

// withAccount runs f on an account or, without a name, on all accounts that had a request.
func (s *Server) withAccount(name string, f func(*tx)) error {
	accounts := s.accounts()
	if name != "" {
		c, err := s.account(name)
		if err != nil {
			return err
		}
		accounts = []*account{c}
	}
	for _, c := range accounts {
		if name == "" && !c.seeded.Load() {
			continue
		}
		if err := s.do(c, func(t *tx) error { f(t); return nil }); err != nil {
			return err
		}
	}
	return nil
}
