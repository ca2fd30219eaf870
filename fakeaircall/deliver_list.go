package fakeaircall

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// A Delivery is one event on its way to one webhook, or one message to the
// callback of a line in proxy mode.
type Delivery struct {
	ID       int64 // of the server's, over all accounts
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

// A delivery is pending until its first attempt fails, and at last delivered,
// failed or dropped.
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

func (a Attempt) ok() bool { return a.Error == "" }

// DeliveryTotals counts an account's deliveries.
type DeliveryTotals struct {
	Pending   uint64 `json:"pending,omitzero"` // or retrying
	Delivered uint64 `json:"delivered,omitzero"`
	Failed    uint64 `json:"failed,omitzero"`
	Dropped   uint64 `json:"dropped,omitzero"` // too many waited, nobody waited any more, or the server was closed
}

// Deliveries are an account's that are not over, and the newest 1,000 that are;
// newest last. "" means all accounts.
func (s *Server) Deliveries(account string) ([]Delivery, error) {
	var list []Delivery
	err := s.withAccount(account, func(t *tx) {
		for _, d := range t.deliveries.pending.order {
			list = append(list, t.viewDelivery(d))
		}
		for _, d := range t.deliveries.over.order {
			list = append(list, t.viewDelivery(d))
		}
	})
	slices.SortFunc(list, func(a, b Delivery) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return list, err
}

// DeliveryTotals counts an account's deliveries since the start; "" means all.
func (s *Server) DeliveryTotals(account string) (sum DeliveryTotals, err error) {
	err = s.withAccount(account, func(t *tx) {
		n := t.deliveries.totals
		sum.Pending += uint64(t.deliveries.pending.len())
		sum.Delivered, sum.Failed, sum.Dropped = sum.Delivered+n.Delivered, sum.Failed+n.Failed, sum.Dropped+n.Dropped
	})
	return sum, err
}

// Redeliver sends what a delivery carried once more, as a delivery of its own.
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

// dropDeliveries ends what waits when the server is closed.
func (s *Server) dropDeliveries() {
	for _, c := range s.companies() {
		if !c.hasPendingDeliveries() {
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

// owes says that the company has deliveries that wait, without making its data its own.
func (c *company) hasPendingDeliveries() (waits bool) {
	_ = c.holds.Do(func(h *lazyState) error {
		waits = h.state != nil && h.state.deliveries.pending.len() > 0
		return nil
	})
	return waits
}

// ofAccount runs f on an account, or on all that were asked for anything yet.
func (s *Server) withAccount(account string, f func(*tx)) error {
	found := account == ""
	for _, c := range s.companies() {
		if account != "" && c.account.Name != account || account == "" && !c.seeded.Load() {
			continue
		}
		found = true
		if err := s.do(c, func(t *tx) error { f(t); return nil }); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("there is no account %q", account)
	}
	return nil
}

func (t *tx) viewDelivery(d *delivery) Delivery {
	return Delivery{
		ID: d.ID, Account: t.company.account.Name, Event: d.Event.Name, Webhook: d.UUID, Line: d.Line, URL: redactURL(d.URL, true),
		State: d.State, At: d.Made, Attempts: slices.Clone(d.Attempts), Body: json.RawMessage(d.body(Removed)),
	}
}
