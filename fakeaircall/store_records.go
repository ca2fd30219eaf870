package fakeaircall

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The state of a server is a set of records: each entity of a table, and each value beside the tables, is one. A store
// has them one by one; a snapshot has all of them in one document. The key of a record is its path, such as
// accounts/default/contacts/5678 or accounts/default/traffic.

// snapshotFormat is the version of the records, and so of snapshots and stores. This program cannot read earlier ones.
const snapshotFormat = 4

// savedAt is the key of the real time of the last commit.
const savedAt = "saved_at"

// The records that belong to no account's state.
type (
	worldRecord struct {
		Format    int
		Clock     clockRecord
		Start     time.Time // of the seeded data
		Seed      int64     // of the data; 0: not known
		Scale     Scale     // of the data; "": not known
		Replies   uint64
		LastPlace int64
		Codes     []codeRecord
		Tokens    []tokenRecord
		Oauth     random
		Accounts  []accountRecord
	}
	clockRecord struct {
		Now   time.Time `json:"now,omitzero"`
		Speed float64   `json:"speed,omitzero"`
	}
	accountRecord struct {
		Account     string       `json:"account,omitzero"`
		User        string       `json:"user,omitzero"` // e-mail of the first
		Place       int64        `json:"place,omitzero"`
		Places      int64        `json:"places,omitzero"`
		Clock       *clockRecord `json:"clock,omitzero"`        // its own; nil: the server's
		BearerEnded bool         `json:"bearer_ended,omitzero"` // the account's own token was revoked
		State       *state       `json:"-"`
	}
	tokenRecord struct {
		Value   string `json:"value,omitzero"`
		Account string `json:"account,omitzero"`
		App     string `json:"app,omitzero"`
	}
	codeRecord struct {
		Value    string    `json:"value,omitzero"`
		Account  string    `json:"account,omitzero"`
		App      string    `json:"app,omitzero"`
		Redirect string    `json:"redirect,omitzero"`
		Expires  time.Time `json:"expires,omitzero"`
	}
)

// recordKey makes a key of a name and a text.
func recordKey(name, text string) string { return name + "/" + url.PathEscape(text) }

// entityKey makes the key of an entity.
func entityKey(table string, id int64) string { return table + "/" + strconv.FormatInt(id, 10) }

// snapshotsKey begins the keys of the saved snapshots in a store.
const snapshotsKey = "snapshots/"

// accountPrefix begins the keys of an account's records.
func accountPrefix(account string) string { return recordKey("accounts", account) + "/" }

// accountOf returns the account whose state a record belongs to; "": none.
func accountOf(key string) string {
	path := splitKey(key)
	if path[0] != "accounts" || len(path) < 3 || path[2] == "account" {
		return ""
	}
	return path[1]
}

// splitKey returns the path of a key. Parts that are not well escaped stay as they are.
func splitKey(key string) []string {
	path := strings.Split(key, "/")
	for i, p := range path {
		if part, err := url.PathUnescape(p); err == nil {
			path[i] = part
		}
	}
	return path
}

func (w *worldRecord) values() []namedValue {
	return []namedValue{
		{"format", &w.Format}, {"clock", &w.Clock}, {"start", &w.Start}, {"seed", &w.Seed}, {"scale", &w.Scale},
		{"replies", &w.Replies}, {"last_place", &w.LastPlace}, {"oauth", &w.Oauth},
	}
}

// names returns the names of the accounts.
func (w *worldRecord) names() (list []string) {
	for _, c := range w.Accounts {
		list = append(list, c.Account)
	}
	return list
}

// eachRecord calls f with every record.
func (w *worldRecord) eachRecord(f func(key string, data []byte)) {
	w.eachOwn(f)
	for _, c := range w.Accounts {
		prefix := accountPrefix(c.Account)
		c.State.eachRecord(func(key string, data []byte) { f(prefix+key, data) })
	}
}

// eachOwn calls f with every record that belongs to no account's state.
func (w *worldRecord) eachOwn(f func(key string, data []byte)) {
	eachValue(w.values(), f)
	for _, g := range w.Codes {
		f(recordKey("codes", g.Value), encode(g))
	}
	for _, t := range w.Tokens {
		f(recordKey("tokens", t.Value), encode(t))
	}
	for _, c := range w.Accounts {
		f(accountPrefix(c.Account)+"account", encode(c))
	}
}

// eachRecord calls f with every record of a state. Its keys begin with the name of a table or value.
func (s *state) eachRecord(f func(key string, data []byte)) {
	eachValue(s.values(), f)
	for _, t := range s.tables() {
		t.each(func(id int64, v any) { f(entityKey(t.name, id), encode(v)) })
	}
}

// eachValue calls f with the values that are not zero.
func eachValue(values []namedValue, f func(key string, data []byte)) {
	for _, v := range values {
		if data := v.encode(); data != nil {
			f(v.name, data)
		}
	}
}

// encode returns the value as JSON, or nil if it is zero.
func (v namedValue) encode() []byte {
	if reflect.ValueOf(v.at).Elem().IsZero() {
		return nil
	}
	return encode(v.at)
}

// readWorld reads all records. The real time since the last commit has passed for clocks that run as fast as
// real time, and for no others.
func readWorld(all map[string][]byte) (*worldRecord, error) {
	w := new(worldRecord)
	var saved time.Time
	own := readersOf(append(w.values(), namedValue{savedAt, &saved}))
	own["codes/"] = func(_ string, data []byte) error { return readInto(&w.Codes, data) }
	own["tokens/"] = func(_ string, data []byte) error { return readInto(&w.Tokens, data) }
	if err := own.read([]string{"format"}, all["format"]); err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	if err := checkFormat(w.Format); err != nil {
		return nil, err
	}
	accounts, readers := make(map[string]*accountRecord), make(map[string]recordReaders)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		path, r := splitKey(key), own
		if path[0] == "accounts" && len(path) > 2 {
			name := path[1]
			if accounts[name] == nil {
				accounts[name] = &accountRecord{State: new(newState("", 0))}
				readers[name] = accounts[name].readers()
			}
			path, r = path[2:], readers[name]
		}
		if err := r.read(path, all[key]); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	for _, c := range accounts {
		c.State.ready()
		w.Accounts = append(w.Accounts, *c)
	}
	slices.SortFunc(w.Accounts, func(a, b accountRecord) int { return cmp.Compare(a.Place, b.Place) })
	w.pass(saved)
	return w, w.check()
}

// pass moves the clocks that run as fast as real time on by the time since saved; zero: not at all.
func (w *worldRecord) pass(saved time.Time) {
	if saved.IsZero() {
		return
	}
	clocks := []*clockRecord{&w.Clock}
	for _, c := range w.Accounts {
		if c.Clock != nil {
			clocks = append(clocks, c.Clock)
		}
	}
	for _, c := range clocks {
		if c.Speed == 1 {
			c.Now = c.Now.Add(max(0, realNow().Sub(saved)))
		}
	}
}

func checkFormat(format int) error {
	switch {
	case format > snapshotFormat:
		return fmt.Errorf("its format is %d, and %d is the newest that this program reads: use the program that wrote it, or a newer one", format, snapshotFormat)
	case format < snapshotFormat:
		return fmt.Errorf("its format is %d, and this program reads only %d: start with a new one, or use the program that wrote it", format, snapshotFormat)
	}
	return nil
}

func readInto[T any](list *[]T, data []byte) error {
	var v T
	err := readJSON(data, &v)
	*list = append(*list, v)
	return err
}

// recordReaders has a function for each value, by its name, and for each table, by its name and a slash. It gets the last
// part of the key.
type recordReaders map[string]func(name string, data []byte) error

func readersOf(values []namedValue) recordReaders {
	readers := make(recordReaders)
	for _, v := range values {
		readers[v.name] = func(_ string, data []byte) error { return readJSON(data, v.at) }
	}
	return readers
}

// readers has a function for each record of the account.
func (c *accountRecord) readers() recordReaders {
	readers := readersOf(append(c.State.values(), namedValue{"account", c}))
	for _, t := range c.State.tables() {
		readers[t.name+"/"] = t.read
	}
	return readers
}

func (r recordReaders) read(path []string, data []byte) error {
	name := path[0]
	if len(path) == 2 {
		name += "/"
	}
	read, ok := r[name]
	if !ok || len(path) > 2 {
		return errors.New("there is no such record")
	}
	return read(path[len(path)-1], data)
}

// ready computes the parts of the state that are not stored.
func (s *state) ready() {
	for _, t := range s.tables() {
		t.ready()
	}
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
		return plausible(reflect.ValueOf(v), "", "")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("there is no field %s", strings.Trim(name, `"`))
	}
	return fmt.Errorf("%.200s", err)
}

// jsonKinds are what values of a kind are in JSON.
var jsonKinds = map[reflect.Kind]string{
	reflect.String: "a string", reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.Int64: "a whole number",
	reflect.Uint64: "a whole number from 0", reflect.Float64: "a number",
	reflect.Slice: "a list", reflect.Map: "an object", reflect.Struct: "an object",
}

// A durationText is a duration that is written as text, such as 6s.
type durationText time.Duration

func (d durationText) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

func (d *durationText) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = durationText(v)
	return err
}
