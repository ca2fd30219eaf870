package fakeaircall

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"
)

// API Gateway refuses larger bodies (its documented quota).
const maxBody = 10 << 20

// A request is what a handler sees of one: whose it is, when, and what it says.
type request struct {
	company *company
	app     string // the client id of the app whose token came; "": an API key
	keys    *keyring
	route   *route
	now     time.Time
	assume  assumptions
	base    string // scheme and host the client used, for links to follow
	path    map[string]string
	query   form
	body    io.Reader
	wire    *wiretap         // under body
	notes   *parameters      // of the operation
	sent    iter.Seq[string] // the names in the body, once it was read
	gone    bool             // the route is no route any more
	handled bool             // the handler was asked
	damage  *damage          // of the rules that apply
	faults  []string         // their ids

	searchLag time.Duration // a search does not find what was made since
}

func (r *request) do(f func(*tx) error) error {
	return r.company.do(r.now, f)
}

// id is the path's value as a number, or 0.
func (r *request) id(name string) int64 {
	return number64(r.path[name])
}

// number64 is an id in text; 0, which nothing has, if it is none.
func number64(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// flag is a query parameter that turns something on.
func (r *request) flag(name string) bool { return r.query.Get(name) == "true" }

// object reads the body, which must be a JSON object; an empty one counts as {}.
// The content type is not looked at: no evidence says that Aircall does.
func (r *request) object() (object, error) {
	raw, err := r.content()
	if err != nil || len(raw) == 0 {
		return object{}, err
	}
	o := object{notes: r.notes}
	if err := json.Unmarshal(raw, &o); err != nil {
		return object{}, invalid("the body is not a JSON object")
	}
	r.sent = maps.Keys(o.fields)
	return o, nil // a body of null reads as {}
}

// content is the whole body, without the blanks around it.
func (r *request) content() ([]byte, error) {
	raw, err := io.ReadAll(r.body)
	if err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, errTooLarge
		}
		return nil, invalid("the body could not be read")
	}
	return bytes.TrimSpace(raw), nil
}

// object is a JSON object whose fields are read one by one, so that absent,
// null and of the wrong type stay apart. What is read of the outermost is noted.
type object struct {
	fields map[string]json.RawMessage
	notes  *parameters
}

// UnmarshalJSON is called by encoding/json.
func (o *object) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &o.fields) }

type presence int

const (
	isAbsent presence = iota
	isNull
	isPresent
)

func (o object) field(name string) (json.RawMessage, presence) {
	o.notes.read(name)
	raw, ok := o.fields[name]
	switch {
	case !ok:
		return nil, isAbsent
	case string(raw) == "null":
		return nil, isNull
	}
	return raw, isPresent
}

// read decodes a field into v, which what names in the error.
func (o object) read(name, what string, v any) (presence, error) {
	raw, state := o.field(name)
	if state != isPresent {
		return state, nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return state, invalid("%s must be %s", name, what)
	}
	return state, nil
}

func (o object) text(name string) (s string, state presence, err error) {
	state, err = o.read(name, "a string", &s)
	return s, state, err
}

func (o object) integer(name string) (n int64, state presence, err error) {
	state, err = o.read(name, "an integer", &n)
	return n, state, err
}

func (o object) boolean(name string) (b bool, state presence, err error) {
	state, err = o.read(name, "true or false", &b)
	return b, state, err
}

func (o object) objects(name string) (list []object, state presence, err error) {
	state, err = o.read(name, "an array of objects", &list)
	return list, state, err
}

// seconds reads a window's edge. UNIX seconds, fractions cut off (a production
// client sends 1679356800.0); ok is false for anything else.
func seconds(s string) (n int64, ok bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) {
		return 0, false
	}
	return int64(math.Max(-1<<52, math.Min(1<<52, f))), true
}
