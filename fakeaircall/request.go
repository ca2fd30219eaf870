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
	"unicode/utf8"
)

// maxBody is the quota that API Gateway documents: it refuses larger bodies.
const maxBody = 10 << 20

// A request is what a handler gets of an HTTP request.
type request struct {
	account *account
	app     string // the client id of the app whose token was sent; "": an API key
	keys    *keyring
	route   *operation // nil: there is no such route
	now     time.Time
	assume  assumptions
	base    string // scheme and host that the client used, for links
	path    map[string]string
	query   form
	body    payload
	notes   *parameters   // of the operation
	sent    []objectField // the fields of the body, once it is read
	gone    bool          // the route is retired
	refused string        // why the credentials were refused; "": they were not
	damage  *damage       // of the fault rules that apply
	faults  []string      // their ids

	searchLag time.Duration // a search does not find what was created since
}

// do runs f on the account at the time of the request. A GET changes nothing.
func (r *request) do(f func(*tx) error) error {
	if r.route.method == http.MethodGet {
		return r.account.look(r.now, f)
	}
	return r.account.do(r.now, f)
}

// id returns a parameter of the path as a number, or 0.
func (r *request) id(name string) int64 { return number64(r.path[name]) }

// number64 returns an id in decimal digits, or 0, which no entity has, for any other text.
func number64(s string) int64 {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0
	}
	return int64(n)
}

// foldQuery keeps the last of several values of a parameter, as Rails does, unless its name says that it is a list. What
// the other services do is not known; there, the first value counts.
func (r *request) foldQuery() {
	for name, vs := range r.query.values {
		if r.route.tier == railsTier && len(vs) > 1 && !strings.HasSuffix(name, "[]") {
			r.query.values[name] = vs[len(vs)-1:]
		}
	}
}

// flag reports whether a query parameter turns something on.
func (r *request) flag(name string) bool { return r.query.Get(name) == "true" }

// object reads the body, which must be a JSON object; an empty body or null counts as {}. The content type does not matter:
// there is no evidence that it does at Aircall.
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
	return o, nil
}

// content returns the body without the blanks around it.
func (r *request) content() ([]byte, error) {
	if err := r.body.readTo(math.MaxInt); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, errTooLarge
		}
		return nil, invalid("the body could not be read")
	}
	return bytes.Trim(r.body.read, blanks), nil
}

// blanks may be around a JSON value (RFC 8259, section 2). Unicode has more, which json.Valid refuses.
const blanks = " \t\r\n"

// A payload is a body and the part of it that was read.
type payload struct {
	from io.Reader // nil: there is no body
	read []byte
}

// readTo reads until there are most bytes, or the whole body.
func (p *payload) readTo(most int) error {
	if p.from == nil {
		return nil
	}
	more, err := io.ReadAll(io.LimitReader(p.from, int64(most-len(p.read))))
	if p.read == nil {
		p.read = more
	} else {
		p.read = append(p.read, more...)
	}
	return err
}

// An object is a JSON object whose fields are read one by one, so that absent, null and of the wrong type stay apart. Reads
// of the outermost object are noted as parameters of the operation.
type object struct {
	fields []objectField // in their order; the last one of a name counts
	notes  *parameters
}

// An objectField is a member with its value as sent.
type objectField struct{ name, value string }

// UnmarshalJSON reads an object and leaves its fields as they are in data, which is valid JSON. It is faster than decoding
// into a map of json.RawMessage, which copies each value and reads it twice.
func (o *object) UnmarshalJSON(data []byte) error { return o.read(string(data)) }

func (o *object) read(data string) error {
	if data == "null" {
		return nil
	}
	if data[0] != '{' {
		return errors.New("not a JSON object")
	}
	o.fields = make([]objectField, 0, strings.Count(data, ":"))
	for quoted, i := nextPart(data, 1); quoted != ""; quoted, i = nextPart(data, i) {
		name, err := unquote(quoted)
		if err != nil {
			return err
		}
		var value string
		value, i = nextPart(data, i)
		o.fields = append(o.fields, objectField{name, value})
	}
	return nil
}

// nextPart returns the next element of an array, or the next name or value of an object, and the index after it. It returns
// "" at the end. data is valid JSON.
func nextPart(data string, i int) (part string, end int) {
	for data[i] == ',' || data[i] == ':' || data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r' {
		i++
	}
	if data[i] == ']' || data[i] == '}' {
		return "", i
	}
	end = valueEnd(data, i)
	return data[i:end], end
}

// valueEnd returns the index after the value that begins at i. The data may be cut off.
func valueEnd(data string, i int) int {
	depth := 0
	for ; i < len(data); i++ {
		switch data[i] {
		case '"':
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return min(i+1, len(data))
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 { // of the object or array around a number
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
	return len(data)
}

// unquote reads a JSON string. Nearly all have no escapes, and need no copy.
func unquote(quoted string) (string, error) {
	if text, ok := strings.CutPrefix(quoted, `"`); ok && strings.IndexByte(text, '\\') < 0 && utf8.ValidString(text) {
		if text, ok = strings.CutSuffix(text, `"`); ok {
			return text, nil
		}
	}
	var text string
	err := json.Unmarshal([]byte(quoted), &text)
	return text, err
}

// presence is whether an object has a field.
type presence int

const (
	isAbsent presence = iota
	isNull
	isPresent
)

// field returns the value of a field as it was sent.
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

// decode reads a field into v. An error says that the field must be what.
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
	text, err := unquote(raw)
	if err != nil {
		return "", state, invalid("%s must be a string", name)
	}
	return strings.Clone(text), state, nil // the body, which can be long, must not live on because of a short text
}

// A textField is a text that a body sets. An absent field that is not required leaves the text as it is; null counts as
// blank.
type textField struct {
	name     string
	text     *string
	required bool
	check    func(string) error
}

// setTexts sets the texts. It fails if a field is not a string, and as the check of a field does.
func (o object) setTexts(fields ...textField) error {
	for _, f := range fields {
		s, state, err := o.text(f.name)
		if err == nil && (state != isAbsent || f.required) {
			err = f.check(s)
			*f.text = s
		}
		if err != nil {
			return err
		}
	}
	return nil
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
	for part, i := nextPart(raw, 1); part != ""; part, i = nextPart(raw, i) {
		var item object
		if item.read(part) != nil {
			return nil, state, invalid("%s must be an array of objects", name)
		}
		list = append(list, item)
	}
	return list, state, nil
}
