package fakeaircall

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// API Gateway refuses larger bodies (its documented quota).
const maxBody = 10 << 20

// A request is what a handler sees of one: whose it is, when, and what it says.
type request struct {
	company *company
	app     string // the client id of the app whose token came; "": an API key
	keys    *keyring
	route   *operation // nil: there is no such route
	now     time.Time
	assume  assumptions
	base    string // scheme and host the client used, for links to follow
	path    map[string]string
	query   form
	body    payload
	notes   *parameters   // of the operation
	sent    []objectField // what stands in the body, once it was read
	gone    bool          // the route is no route any more
	damage  *damage       // of the rules that apply
	faults  []string      // their ids

	searchLag time.Duration // a search does not find what was made since
}

func (r *request) do(f func(*tx) error) error {
	if r.route.method == http.MethodGet {
		return r.company.look(r.now, f)
	}
	return r.company.do(r.now, f)
}

// id is the path's value as a number, or 0.
func (r *request) id(name string) int64 {
	return number64(r.path[name])
}

// number64 is an id in text, of digits alone; 0, which nothing has, if it is none.
func number64(s string) int64 {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0
	}
	return int64(n)
}

// foldQuery keeps the last of several values of a parameter, as Rails does, unless
// its name says that it is a list. What the other services do is not known; of them
// the first counts.
func (r *request) foldQuery() {
	for name, vs := range r.query.values {
		if r.route.tier == railsTier && len(vs) > 1 && !strings.HasSuffix(name, "[]") {
			r.query.values[name] = vs[len(vs)-1:]
		}
	}
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
	if !json.Valid(raw) || o.UnmarshalJSON(raw) != nil {
		return object{}, invalid("the body is not a JSON object")
	}
	r.sent = o.fields
	return o, nil // a body of null reads as {}
}

// content is the whole body, without the blanks around it.
func (r *request) content() ([]byte, error) {
	if err := r.body.readTo(math.MaxInt); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, errTooLarge
		}
		return nil, invalid("the body could not be read")
	}
	return bytes.Trim(r.body.read, blanks), nil
}

// blanks may stand around a JSON value (RFC 8259, section 2). Unicode knows more,
// which json.Valid refuses.
const blanks = " \t\r\n"

// payload is what a request brings, and what was read of it so far.
type payload struct {
	from io.Reader // nil: nothing came
	size int64     // as the request tells it; -1 for not at all
	read []byte
}

// readTo reads on until there are most bytes, or all.
func (p *payload) readTo(most int) error {
	if p.from == nil {
		return nil
	}
	for len(p.read) < most {
		if len(p.read) == cap(p.read) {
			p.read = slices.Grow(p.read, int(max(512, min(p.size, maxLoggedBody))))
		}
		n, err := p.from.Read(p.read[len(p.read):min(cap(p.read), most)])
		p.read = p.read[:len(p.read)+n]
		switch err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
	}
	return nil
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
