package fakeaircall

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// snapshotFormat is the version of a snapshot's text, and of the records of a Store.
// Formats before it cannot be read.
const snapshotFormat = 3

// text is the snapshot with an entity on each line, so that two of them can be
// compared line by line: the same state gives the same text.
func (s *Snapshot) text() []byte {
	w := s.world
	w.Companies = nil
	b := openObject(nil, w, `"companies":[`)
	for i, c := range s.world.Companies {
		state := c.State
		c.State = nil
		if i > 0 {
			b = append(b, ',')
		}
		b = append(state.appendText(append(openObject(append(b, '\n'), c, `"state":`), '\n')), '}')
	}
	return append(b, "\n]}\n"...)
}

// openObject writes a struct as an object that goes on with a member.
func openObject(b []byte, v any, member string) []byte {
	return append(append(bytes.TrimSuffix(append(b, encode(v)...), []byte("}")), ','), member...)
}

// appendText writes a state as an object of values and tables.
func (s *state) appendText(b []byte) []byte {
	b = append(b, '{')
	comma := ""
	eachValue(s.values(), func(name string, data []byte) {
		b = fmt.Appendf(b, "%s\n%q:%s", comma, name, data)
		comma = ","
	})
	for _, t := range s.tables() {
		between := ""
		t.each(func(_ int64, v any) {
			if between == "" {
				b = fmt.Appendf(b, "%s\n%q:[", comma, t.name)
				comma = ","
			}
			b = append(append(append(b, between...), '\n'), encode(v)...)
			between = ","
		})
		if between != "" {
			b = append(b, "\n]"...)
		}
	}
	return append(b, "\n}"...)
}

// UnmarshalJSON reads what appendText wrote. Its error says where what is wrong.
func (s *state) UnmarshalJSON(data []byte) error {
	*s = newState("", 0)
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	for _, t := range s.tables() {
		var entities []json.RawMessage
		if part, ok := parts[t.name]; ok {
			if err := json.Unmarshal(part, &entities); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
		for i, e := range entities {
			if err := t.read(e); err != nil {
				return fmt.Errorf("%s[%d]: %w", t.name, i, err)
			}
		}
		delete(parts, t.name)
	}
	for name, part := range parts {
		if err := readValue(s.values(), name, part); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	s.ready()
	return nil
}

// ready makes what is not stored.
func (s *state) ready() {
	for _, t := range s.tables() {
		t.ready()
	}
	for _, d := range s.deliveries.pending.order {
		s.deliveries.waiting[d.receiver()]++
	}
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
	if err := s.world.read(data); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	if err := s.world.complete(); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return s, nil
}

func (w *worldRecord) read(data []byte) error {
	var text struct {
		worldRecord
		Companies []json.RawMessage `json:"companies"`
	}
	if err := readJSON(data, &text); err != nil {
		return err
	}
	*w = text.worldRecord
	for i, data := range text.Companies {
		var c companyRecord
		if err := readJSON(data, &c); err != nil {
			return fmt.Errorf("companies[%d]: %w", i, err)
		}
		w.Companies = append(w.Companies, c)
	}
	return nil
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

// complete refuses what no server could have written: nothing that is read may be able to break one.
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

// complete refuses what no server could have written.
func (s *state) complete() error {
	for _, c := range s.dialing.campaigns.order {
		if c.Waiting == nil {
			return fmt.Errorf("dialing.campaigns: nothing says who waits in that of user %d", c.User)
		}
	}
	for _, m := range s.schedule.timers.order {
		if err := m.check(); err != nil {
			return fmt.Errorf("schedule.timers: %w", err)
		}
	}
	for _, c := range s.calls.order {
		if c.Started == 0 || c.Ended != 0 && c.Ended < c.Started {
			return fmt.Errorf("calls: call %d ends at %d, and starts at %d", c.ID, c.Ended, c.Started)
		}
	}
	if strings.TrimSpace(s.name) == "" {
		return errors.New("name: a company has one")
	}
	return nil
}
