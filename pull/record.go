package pull

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// A record is an object of a reply. Its methods return the zero value for a member that is missing or of another type: the
// twin then gets a default.
type record orderedjson.Object

func (r record) member(key string) any {
	v, _ := orderedjson.Object(r).Get(key)
	return v
}

func (r record) has(key string) bool { return r.member(key) != nil }

// text returns a text that is not blank.
func (r record) text(key string) string {
	s, _ := r.member(key).(string)
	return strings.TrimSpace(s)
}

// id returns an id in digits, "" for none.
func (r record) id(key string) string {
	switch v := r.member(key).(type) {
	case json.Number:
		return v.String()
	case string:
		return v
	}
	return ""
}

func (r record) isTrue(key string) bool {
	b, _ := r.member(key).(bool)
	return b
}

// number returns a whole number.
func (r record) number(key string) (int64, bool) {
	n, ok := r.member(key).(json.Number)
	if !ok {
		return 0, false
	}
	if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
		return i, true
	}
	f, err := n.Float64()
	return int64(f), err == nil && math.Abs(f) < 1<<53
}

// The instants that count as given: a date before the first computers, or after the year 9999, is a mistake of the source.
var (
	earliest = time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
)

// instant returns a time in UNIX seconds, or as RFC 3339. It is zero for none.
func (r record) instant(key string) time.Time {
	at, ok := time.Time{}, false
	if n, isNumber := r.number(key); isNumber {
		at, ok = time.Unix(min(max(n, 0), latest.Unix()), 0).UTC(), true
	} else if t, err := time.Parse(time.RFC3339, r.text(key)); err == nil {
		at, ok = t.UTC().Truncate(time.Second), true
	}
	if !ok || at.Before(earliest) || !at.Before(latest) {
		return time.Time{}
	}
	return at
}

func (r record) object(key string) record {
	o, _ := r.member(key).(orderedjson.Object)
	return record(o)
}

// list returns the objects of a list.
func (r record) list(key string) (all []record) {
	list, _ := r.member(key).([]any)
	for _, v := range list {
		if o, ok := v.(orderedjson.Object); ok {
			all = append(all, record(o))
		}
	}
	return all
}

// texts returns the texts of a list.
func (r record) texts(key string) (all []string) {
	list, _ := r.member(key).([]any)
	for _, v := range list {
		if s, ok := v.(string); ok {
			all = append(all, s)
		}
	}
	return all
}
