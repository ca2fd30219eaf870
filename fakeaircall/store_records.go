package fakeaircall

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Every entity is a record of a store, and so is every value beside them. The key of a record is
// its path, such as companies, default, state, contacts, 5678.

const keySeparator = "\x00"

func recordKey(path ...string) string { return strings.Join(path, keySeparator) }

// stateKey begins the keys of what a company's state has.
func stateKey(account string) string { return recordKey("companies", account, "state") + keySeparator }

// eachRecord calls f with every record of the world.
func (w *worldRecord) eachRecord(f func(key string, data []byte)) {
	w.eachOwn(f)
	for i := range w.Accounts {
		c := &w.Accounts[i]
		c.State.eachRecord(func(key string, data []byte) { f(stateKey(c.Account)+key, data) })
	}
}

// eachOwn calls f with every record that is of no company's state.
func (w *worldRecord) eachOwn(f func(key string, data []byte)) {
	eachValue(w.values(), f)
	for _, g := range w.Codes {
		f(recordKey("codes", g.Value), encode(g))
	}
	for _, t := range w.Tokens {
		f(recordKey("tokens", t.Value), encode(t))
	}
	for _, c := range w.Accounts {
		c.State = nil
		f(recordKey("companies", c.Account, "account"), encode(c))
	}
}

func (w *worldRecord) values() []namedValue {
	return []namedValue{
		{"format", &w.Format}, {"clock", &w.Clock}, {"start", &w.Start}, {"seed", &w.Seed}, {"scale", &w.Scale},
		{"replies", &w.Replies}, {"last_place", &w.LastPlace}, {"oauth", &w.Oauth},
	}
}

// eachRecord calls f with every record of a state. Its keys begin with the name of a table or value.
func (s *state) eachRecord(f func(key string, data []byte)) {
	eachValue(s.values(), f)
	for _, t := range s.tables() {
		t.each(func(id int64, v any) { f(entityKey(t.name, id), encode(v)) })
	}
}

func entityKey(table string, id int64) string {
	return table + keySeparator + strconv.FormatInt(id, 10)
}

// eachValue calls f with the values that are not zero.
func eachValue(values []namedValue, f func(key string, data []byte)) {
	for _, v := range values {
		if !reflect.ValueOf(v.at).Elem().IsZero() {
			f(v.name, encode(v.at))
		}
	}
}

// readRecord reads a record of a state; id is "" for a value.
func (s *state) readRecord(name, id string, data []byte) error {
	for _, t := range s.tables() {
		if t.name == name && id != "" {
			return t.read(data)
		}
	}
	if id != "" {
		return errors.New("there is no such table")
	}
	return readValue(s.values(), name, data)
}

func readValue(values []namedValue, name string, data []byte) error {
	for _, v := range values {
		if v.name == name {
			return readJSON(data, v.at)
		}
	}
	return fmt.Errorf("there is no field %s", clip(name))
}

// readJSON decodes data into v and refuses fields that v does not have. Its error says which
// field is wrong.
func readJSON(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s: a %s is not %s", wrong.Field, wrong.Value, jsonKinds[wrong.Type.Kind()])
	}
	if err == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("there is no field %s", strings.Trim(name, `"`))
	}
	return err
}

// jsonKinds are what values of a kind are in JSON.
var jsonKinds = map[reflect.Kind]string{
	reflect.String: "a string", reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.Int64: "a whole number",
	reflect.Uint64: "a whole number from 0", reflect.Float64: "a number",
	reflect.Slice: "a list", reflect.Map: "an object", reflect.Struct: "an object",
}

// A changeSet collects what differs from what a store has.
type changeSet struct {
	sums    storedSums
	prefix  string // of the keys
	changes map[string][]byte
}

func (c *changeSet) put(key string, data []byte) {
	key = c.prefix + key
	if sum := sumOf(data); c.sums[key] != sum {
		c.sums[key], c.changes[key] = sum, data
	}
}

func (c *changeSet) drop(key string) {
	key = c.prefix + key
	if _, ok := c.sums[key]; ok {
		delete(c.sums, key)
		c.changes[key] = nil
	}
}

// putAll makes what each gives all that there is.
func (c *changeSet) putAll(each func(f func(key string, data []byte))) {
	met := make(map[string]bool)
	each(func(key string, data []byte) {
		met[c.prefix+key] = true
		c.put(key, data)
	})
	for key := range c.sums {
		if !met[key] {
			c.drop(strings.TrimPrefix(key, c.prefix))
		}
	}
}

// putChanged adds what changed since the last time.
func (s *state) putChanged(c *changeSet) {
	for _, v := range s.values() {
		if reflect.ValueOf(v.at).Elem().IsZero() {
			c.drop(v.name)
		} else {
			c.put(v.name, encode(v.at))
		}
	}
	for _, t := range s.tables() {
		t.flush(func(id int64, v any) {
			if v == nil {
				c.drop(entityKey(t.name, id))
			} else {
				c.put(entityKey(t.name, id), encode(v))
			}
		})
	}
}

// watch begins to note what changes.
func (s *state) watch() {
	s.watched = true
	for _, t := range s.tables() {
		t.watch()
	}
}

// markDirty says that something may have changed, if there is a store, and returns a ticket to wait
// with. same says that nothing has.
func (c *account) markDirty(h *lazyState, same bool) (ticket uint64) {
	if !h.stored || same && h.state.watched {
		return 0
	}
	return c.persister.markDirty(c)
}

// collect adds what changed since the last time.
func (c *account) collect(changes map[string][]byte) {
	_ = c.holds.Do(func(h *lazyState) error {
		if !h.stored {
			return nil
		}
		s, set := c.open(h), &changeSet{c.persister.sums(c.Account.Name), stateKey(c.Account.Name), changes}
		if s.watched {
			s.putChanged(set)
			return nil
		}
		s.watch()
		set.putAll(s.eachRecord)
		return nil
	})
}

// A durationText is a duration that is written as text, such as 6s.
type durationText time.Duration

func (d durationText) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

func (d *durationText) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = durationText(v)
	return err
}
