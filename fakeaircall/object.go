package fakeaircall

import (
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

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

// objectField is one of them, as it stands in the body.
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

// fieldName is a field's name, which is nearly always what stands between the quotes.
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
