package fakeaircall

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unsafe"
)

// snapshotFormat is the version of a snapshot's text, and of the records of a Store.
// Formats before it had one sequence of ids for all resources, and cannot be read.
const snapshotFormat = 2

// text is the snapshot with an entity on each line, so that two of them can be
// compared line by line: the same state gives the same text.
func (s *Snapshot) text() []byte {
	b := layoutOf(worldType).appendTo(nil, unsafe.Pointer(&s.world), 0)
	return append(b, '\n')
}

// MarshalJSON is the snapshot as ParseSnapshot reads it.
func (s *Snapshot) MarshalJSON() ([]byte, error) { return s.text(), nil }

// WriteTo writes the snapshot as JSON, an entity a line.
func (s *Snapshot) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(s.text())
	return int64(n), err
}

// ParseSnapshot reads what MarshalJSON or WriteTo gave. It refuses what a newer
// version of the package wrote, and what does not hold together; its error says where.
func ParseSnapshot(data []byte) (*Snapshot, error) {
	if err := formatOf(data); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	s := new(Snapshot)
	if err := readLayout(&s.world, bytes.TrimSpace(data)); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	if err := s.world.complete(); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return s, nil
}

// formatOf refuses what is no snapshot, or one of a format that is not known.
func formatOf(data []byte) error {
	var head struct{ Format *int64 }
	err := json.Unmarshal(data, &head)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("line %d: %w: it is cut off or damaged", 1+bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n")), err)
	}
	switch {
	case err != nil || head.Format == nil:
		return errors.New(`this is no snapshot: it is to be a JSON object with a "format"`)
	case *head.Format > snapshotFormat:
		return fmt.Errorf("its format is %d, and %d is the newest that this program reads: read it with the program that wrote it, or a newer one", *head.Format, snapshotFormat)
	case *head.Format < snapshotFormat:
		return fmt.Errorf("its format is %d, and this program reads %d only: take a new snapshot", *head.Format, snapshotFormat)
	}
	return nil
}

// complete makes what is not written, and refuses what no server could have
// written: nothing that is read may be able to break one.
func (w *worldRecord) complete() error {
	if !w.Clock.reads() {
		return fmt.Errorf("clock: it needs now and a speed of 0 to %d", MaxSpeed)
	}
	if len(w.Companies) == 0 || len(w.Companies) > maxAccounts {
		return fmt.Errorf("companies: %d are given, there are to be 1 to %d", len(w.Companies), maxAccounts)
	}
	accounts, places := make(map[string]bool), make(map[int64]bool)
	for i := range w.Companies {
		c := &w.Companies[i]
		path := fmt.Sprintf("companies[%d]", i)
		switch {
		case c.Account == "" || accounts[c.Account]:
			return fmt.Errorf("%s: its account %q is another's, or none", path, c.Account)
		case c.Place < 0 || c.Place > w.LastPlace || c.Places < 1 || places[c.Place]:
			return fmt.Errorf("%s: its place %d of %d is another's, or none", path, c.Place, c.Places)
		case c.Clock != nil && !c.Clock.reads():
			return fmt.Errorf("%s.clock: it needs now and a speed of 0 to %d", path, MaxSpeed)
		case c.State == nil:
			return fmt.Errorf("%s: it has no state", path)
		}
		accounts[c.Account], places[c.Place] = true, true
		if err := c.State.complete(); err != nil {
			return fmt.Errorf("%s.state.%w", path, err)
		}
	}
	for _, t := range w.Tokens {
		if !accounts[t.Account] || t.Value == "" {
			return fmt.Errorf("tokens: one is of account %q, which is not there", t.Account)
		}
	}
	for _, g := range w.Codes {
		if !accounts[g.Account] || g.Value == "" {
			return fmt.Errorf("codes: one is of account %q, which is not there", g.Account)
		}
	}
	return nil
}

// reads says that a clock can be set so.
func (c clockRecord) reads() bool { return !c.Now.IsZero() && c.Speed >= 0 && c.Speed <= MaxSpeed }

func (s *state) complete() error {
	fresh := newState("", 0)
	s.phones, s.zones = fresh.phones, fresh.zones
	for _, m := range []*map[int64]int64{&s.rung, &s.wrapUps, &s.idle} {
		if *m == nil {
			*m = make(map[int64]int64)
		}
	}
	s.deliveries.waiting = fresh.deliveries.waiting
	orMade(&s.messaging.lines, fresh.messaging.lines)
	orMade(&s.dialing.campaigns, fresh.dialing.campaigns)
	orMade(&s.integrations, fresh.integrations)
	orMade(&s.deliveries.pending, fresh.deliveries.pending)
	for _, t := range []interface{ start() }{&s.users, &s.teams, &s.numbers, &s.contacts, &s.tags, &s.associations, &s.webhooks} {
		t.start()
	}
	if s.calls.byID == nil {
		s.calls = newCalls()
	}
	t := &tx{state: s}
	for _, c := range s.contacts.order {
		t.indexPhones(c)
	}
	for id, d := range s.deliveries.pending {
		if d.ID != id {
			return fmt.Errorf("deliveries.pending.%d: its id is %d", id, d.ID)
		}
		s.deliveries.waiting[d.lane()]++
	}
	for id, c := range s.dialing.campaigns {
		if c.Waiting == nil {
			return fmt.Errorf("dialing.campaigns.%d: nothing says who waits", id)
		}
	}
	for _, m := range s.schedule.timers {
		steps := map[act]int{actMessage: len(messageSteps), actAgentCall: len(agentSteps)}
		if most, ok := steps[m.Act]; m.N < 0 || ok && m.N >= int64(most) {
			return fmt.Errorf("schedule.timers: %s has no step %d", m.Act, m.N)
		}
	}
	return s.holdsTogether()
}

// holdsTogether refuses what leads to what is not there where that always is.
func (s *state) holdsTogether() error {
	if strings.TrimSpace(s.name) == "" {
		return errors.New("name: a company has one")
	}
	for _, c := range s.calls.order {
		if c.Started == 0 || c.Ended != 0 && c.Ended < c.Started {
			return fmt.Errorf("calls: call %d ends at %d, and starts at %d", c.ID, c.Ended, c.Started)
		}
	}
	return nil
}

func orMade[M ~map[K]V, K comparable, V any](m *M, empty M) {
	if *m == nil {
		*m = empty
	}
}

var worldType = reflect.TypeFor[worldRecord]()
