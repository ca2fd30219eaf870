package fakeaircall

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// check refuses records that no server could have written, so that nothing that is read can break a server.
func (w *worldRecord) check() error {
	if !w.Clock.valid() {
		return fmt.Errorf("clock: it needs now and a speed of 0 to %d", MaxSpeed)
	}
	if len(w.Accounts) == 0 || len(w.Accounts) > maxAccounts {
		return fmt.Errorf("accounts: there are %d, and there must be 1 to %d", len(w.Accounts), maxAccounts)
	}
	accounts, places := make(map[string]bool), make(map[int64]bool)
	for _, c := range w.Accounts {
		path := recordKey("accounts", c.Account)
		switch {
		case c.Account == "" || accounts[c.Account]:
			return fmt.Errorf("%s: another account has the name %q, or it has none", path, c.Account)
		case c.Place < 0 || c.Place > w.LastPlace || w.LastPlace > math.MaxInt32 || c.Places < 1 || c.Places > math.MaxInt32 || places[c.Place]:
			return fmt.Errorf("%s: another account has the place %d of %d, or it has none", path, c.Place, c.Places)
		case c.Clock != nil && !c.Clock.valid():
			return fmt.Errorf("%s: its clock needs now and a speed of 0 to %d", path, MaxSpeed)
		}
		accounts[c.Account], places[c.Place] = true, true
		if err := c.State.check(c.Place, c.Places); err != nil {
			return fmt.Errorf("%s/%w", path, err)
		}
	}
	for _, t := range w.Tokens {
		if !accounts[t.Account] || t.Value == "" {
			return fmt.Errorf("tokens: one belongs to account %q, which does not exist", t.Account)
		}
	}
	for _, g := range w.Codes {
		if !accounts[g.Account] || g.Value == "" {
			return fmt.Errorf("codes: one belongs to account %q, which does not exist", g.Account)
		}
	}
	return nil
}

// valid reports whether a clock can be set to c.
func (c clockRecord) valid() bool {
	return CheckClock(c.Now) == nil && c.Speed >= 0 && c.Speed <= MaxSpeed
}

// check refuses a state that no server could have written.
func (s *state) check(place, places int64) error {
	for _, c := range s.dialing.campaigns.order {
		if c.Waiting == nil {
			return fmt.Errorf("dialing.campaigns: the campaign of user %d has no list of waiting numbers", c.User)
		}
	}
	if err := s.campaigning.check(); err != nil {
		return err
	}
	for _, m := range s.schedule.timers.order {
		if err := m.check(); err != nil {
			return fmt.Errorf("schedule.timers: %w", err)
		}
	}
	for _, m := range s.messaging.sent.order {
		if len(m.To) == 0 || len(m.SID) < 2 {
			return fmt.Errorf("messaging.sent: message %d has nobody on the other side, or no sid", m.N)
		}
	}
	if err := s.checkCounters(place, places); err != nil {
		return err
	}
	for _, c := range s.calls.order {
		if c.Started == 0 || c.Ended != 0 && c.Ended < c.Started {
			return fmt.Errorf("calls: call %d ends at %d, and starts at %d", c.ID, c.Ended, c.Started)
		}
		if !partyForm.MatchString(c.Other) {
			return fmt.Errorf("calls: the other party of call %d is %.30q, which is not a phone number", c.ID, c.Other)
		}
	}
	for _, g := range s.tags.order {
		if !hexColor.MatchString(g.Color) {
			return fmt.Errorf("tags: the color of tag %d is %.30q", g.ID, g.Color)
		}
	}
	if s.callsPerDay < 0 || s.callsPerDay > MaxCallsPerDay {
		return fmt.Errorf("calls_per_day: %d is not from 0 to %d", s.callsPerDay, MaxCallsPerDay)
	}
	if err := s.statistics.check(); err != nil {
		return fmt.Errorf("traffic_statistics: %w", err)
	}
	if s.rung == nil || s.wrapUps == nil || s.idle == nil {
		return errors.New("rung, wrap_ups, idle: each is an object, and one is null")
	}
	if strings.TrimSpace(s.name) == "" {
		return errors.New("name: it is missing")
	}
	return nil
}

// partyForm is how calls show the other party.
var partyForm = regexp.MustCompile(`^(anonymous|\+[0-9][0-9 ()./-]{3,24})$`)

// checkCounters refuses a counter below the ids that it gave: the next entity would replace another.
func (s *state) checkCounters(place, places int64) error {
	for _, c := range []struct {
		name    string
		counter int64
		newest  int64
	}{
		{"last.user", s.last.User, newest(&s.users)}, {"last.number", s.last.Number, newest(&s.numbers)}, {"last.team", s.last.Team, newest(&s.teams)},
		{"last.tag", s.last.Tag, newest(&s.tags)}, {"last.contact", s.last.Contact, newest(&s.contacts)}, {"last.webhook", s.last.Webhook, newest(&s.webhooks)},
		{"last.association", s.last.Association, newest(&s.associations)}, {"messaging.last", s.messaging.last, max(newest(&s.messaging.sent), newest(&s.messaging.openings))},
		{"schedule.set", int64(s.schedule.set), newest(&s.schedule.timers)}, {"last_agent_call", s.lastAgentCall, newest(&s.agentCalls)},
		{"last_export", s.lastExport, newest(&s.exports)}, {"campaigns.last", s.campaigning.last, s.campaigning.newest()},
		{"deliveries.last", s.deliveries.last, deliveryCount(max(newest(&s.deliveries.pending), newest(&s.deliveries.over)), place, places)},
	} {
		if c.counter < c.newest {
			return fmt.Errorf("%s: it is %d, and there is an id %d", c.name, c.counter, c.newest)
		}
	}
	return nil
}

// check refuses campaigns that cannot dial, and contacts and attempts of none.
func (c *campaigning) check() error {
	for _, v := range c.campaigns.order {
		if v.Ringing < 1 || v.Ringing > maxRingingTimeout || v.Attempts < 1 {
			return fmt.Errorf("campaigns: campaign %d makes %d attempts that ring for %d seconds", v.N, v.Attempts, v.Ringing)
		}
	}
	for _, p := range c.contacts.order {
		if _, ok := c.campaigns.get(p.Campaign); !ok {
			return fmt.Errorf("campaigns.contacts: contact %d is of no campaign", p.N)
		}
	}
	for _, a := range c.attempts.order {
		if p, ok := c.contacts.get(a.Contact); !ok || p.Campaign != a.Campaign {
			return fmt.Errorf("campaigns.attempts: attempt %d is of no contact of its campaign", a.N)
		}
	}
	return nil
}

func (c *campaigning) newest() int64 {
	return max(newest(&c.campaigns), newest(&c.contacts), newest(&c.attempts))
}

func newest[T entity[T]](t *table[T]) (id int64) {
	for i := range t.byID {
		id = max(id, i)
	}
	return id
}

// secondsFields are the fields that have UNIX seconds. Others have a tag with their unit.
var secondsFields = []string{"Created", "Updated", "Started", "Answered", "Ended", "Posted", "Expires", "At"}

const (
	maxCount = 1 << 53 // of numbers that JSON can carry
	maxSpan  = 366 * 24 * time.Hour
)

// plausible refuses numbers and times that no server could have written: later arithmetic would overflow, and JSON could
// not carry the times. path is the field within the record, unit what it counts: s, ms, ns; "": anything.
func plausible(v reflect.Value, path, unit string) error {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return plausible(v.Elem(), path, unit)
		}
	case reflect.Struct:
		return plausibleStruct(v, path)
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return nil
		}
		for i := range v.Len() {
			if err := plausible(v.Index(i), fmt.Sprintf("%s[%d]", path, i), unit); err != nil {
				return err
			}
		}
	case reflect.Map:
		for i := v.MapRange(); i.Next(); {
			if err := plausible(i.Value(), fmt.Sprintf("%s.%v", path, i.Key()), unit); err != nil {
				return err
			}
		}
	case reflect.Int, reflect.Int64:
		return plausibleNumber(v, path, unit)
	case reflect.Uint64:
		if v.Uint() > maxCount {
			return fmt.Errorf("%s%d is too large", at(path), v.Uint())
		}
	}
	return nil
}

func plausibleStruct(v reflect.Value, path string) error {
	switch x := v.Interface().(type) {
	case time.Time:
		if !x.IsZero() && (x.Before(time.Unix(0, 0)) || x.After(lastInstant)) {
			return fmt.Errorf("%s%s is not from 1970 to 2099", at(path), x.Format(time.RFC3339))
		}
		return nil
	case random:
		return nil
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		unit := f.Tag.Get("unix")
		if unit == "" && slices.Contains(secondsFields, f.Name) {
			unit = "s"
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if path != "" {
			name = path + "." + name
		}
		if err := plausible(v.Field(i), name, unit); err != nil {
			return err
		}
	}
	return nil
}

func plausibleNumber(v reflect.Value, path, unit string) error {
	n, least, most := v.Int(), int64(-maxCount), int64(maxCount)
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]() || v.Type() == reflect.TypeFor[durationText]():
		least, most = 0, int64(maxSpan)
	case unit == "s":
		least, most = 0, lastInstant.Unix()
	case unit == "ms":
		least, most = 0, lastInstant.UnixMilli()
	case unit == "ns":
		least, most = 0, math.MaxInt64-int64(maxSpan)
	}
	if n < least || n > most {
		return fmt.Errorf("%s%d is not from %d to %d", at(path), n, least, most)
	}
	return nil
}

// at begins an error with the field that it is about; "": the record.
func at(path string) string {
	if path == "" {
		return ""
	}
	return path + ": "
}
