package fakeaircall

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// API Gateway refuses larger bodies (its documented quota).
const maxBody = 10 << 20

// A request is what a handler sees of one: whose it is, when, and what it says.
type request struct {
	account *account
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
	sent    []objectField // the fields of the body, once it is read
	gone    bool          // the route is no route any more
	damage  *damage       // of the rules that apply
	faults  []string      // their ids

	searchLag time.Duration // a search does not find what was made since
}

func (r *request) do(f func(*tx) error) error {
	if r.route.method == http.MethodGet {
		return r.account.look(r.now, f)
	}
	return r.account.do(r.now, f)
}

// id is the path's value as a number, or 0.
func (r *request) id(name string) int64 {
	return number64(r.path[name])
}

// number64 returns an id in decimal digits, or 0, which nothing has, for any other text.
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

// object is a JSON object whose fields are read one by one, so that absent,
// null and of the wrong type stay apart. What is read of the outermost is noted.
type object struct {
	fields []objectField // in their order; of two of one name the last counts
	long   bool          // see maxShared
	notes  *parameters
}

// The texts of an object this small are parts of it: the seven of a contact would
// be as many pieces of memory, for as long as the contact lives. A longer one must
// not live on because a short text of it does.
const maxShared = 1 << 10

// objectField is one of them, as sent.
type objectField struct{ name, value string }

var errNoObject = errors.New("not a JSON object")

// UnmarshalJSON takes an object apart and leaves its fields as they stand in
// data, which is valid JSON: decoding into a map of json.RawMessage would copy each
// of them and read it a second time.
func (o *object) UnmarshalJSON(data []byte) error { return o.read(string(data), 8) }

// read takes data apart, in which some number of fields is likely.
func (o *object) read(data string, likely int) error {
	if data == "null" {
		return nil
	}
	if data[0] != '{' {
		return errNoObject
	}
	o.fields = make([]objectField, 0, likely)
	o.long = len(data) > maxShared
	for i := afterBlanks(data, 1); data[i] != '}'; {
		end := valueEnd(data, i)
		name, err := fieldName(data[i:end])
		if err != nil {
			return err
		}
		i = afterBlanks(data, afterBlanks(data, end)+len(":"))
		end = valueEnd(data, i)
		o.fields = append(o.fields, objectField{name, data[i:end]})
		if i = afterBlanks(data, end); data[i] == ',' {
			i = afterBlanks(data, i+1)
		}
	}
	return nil
}

// named are fields of which only the names matter.
func named(names iter.Seq[string]) (fields []objectField) {
	for name := range names {
		fields = append(fields, objectField{name: name})
	}
	return fields
}

// fieldName returns the name of a field, nearly always the text between the quotes.
func fieldName(quoted string) (string, error) {
	if name, ok := plainText(quoted); ok {
		return name, nil
	}
	var name string
	err := json.Unmarshal([]byte(quoted), &name)
	return name, err
}

func afterBlanks(data string, i int) int {
	for data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r' {
		i++
	}
	return i
}

// valueEnd is where the value ends that begins at i.
func valueEnd(data string, i int) int {
	depth := 0
	for ; i < len(data); i++ {
		switch data[i] {
		case '"':
			for i++; data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 { // of what a number stands in
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

type presence int

const (
	isAbsent presence = iota
	isNull
	isPresent
)

func (o object) field(name string) (raw string, _ presence) {
	o.notes.read(name)
	for _, f := range slices.Backward(o.fields) {
		switch {
		case f.name != name:
		case f.value == "null":
			return "", isNull
		default:
			return f.value, isPresent
		}
	}
	return "", isAbsent
}

// decode reads a field into v, which what names in the error.
func (o object) decode(name, what string, v any) (presence, error) {
	raw, state := o.field(name)
	if state != isPresent {
		return state, nil
	}
	if err := json.Unmarshal([]byte(raw), v); err != nil {
		return state, invalid("%s must be %s", name, what)
	}
	return state, nil
}

func (o object) text(name string) (string, presence, error) {
	raw, state := o.field(name)
	if state != isPresent {
		return "", state, nil
	}
	if text, ok := plainText(raw); ok {
		if o.long {
			text = strings.Clone(text)
		}
		return text, state, nil
	}
	var s string
	_, err := o.decode(name, "a string", &s)
	return s, state, err
}

// plainText reads a JSON string in which nothing is escaped, as nearly all are.
func plainText(raw string) (text string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' || strings.IndexByte(raw, '\\') >= 0 || !utf8.ValidString(raw) {
		return "", false
	}
	return raw[1 : len(raw)-1], true
}

func (o object) integer(name string) (n int64, state presence, err error) {
	state, err = o.decode(name, "an integer", &n)
	return n, state, err
}

func (o object) boolean(name string) (b bool, state presence, err error) {
	state, err = o.decode(name, "true or false", &b)
	return b, state, err
}

func (o object) objects(name string) (list []object, state presence, err error) {
	raw, state := o.field(name)
	if state != isPresent {
		return nil, state, nil
	}
	if raw[0] != '[' {
		return nil, state, invalid("%s must be an array of objects", name)
	}
	for i := afterBlanks(raw, 1); raw[i] != ']'; {
		end := valueEnd(raw, i)
		var item object
		if item.read(raw[i:end], 2) != nil {
			return nil, state, invalid("%s must be an array of objects", name)
		}
		item.long = o.long
		list = append(list, item)
		if i = afterBlanks(raw, end); raw[i] == ',' {
			i = afterBlanks(raw, i+1)
		}
	}
	return list, state, nil
}
