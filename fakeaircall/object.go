package fakeaircall

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// object is a JSON object whose fields are read one by one, so that absent,
// null and of the wrong type stay apart. What is read of the outermost is noted.
type object struct {
	fields map[string]json.RawMessage
	notes  *parameters
}

var errNoObject = errors.New("not a JSON object")

// UnmarshalJSON takes an object apart and leaves its fields as they stand in
// data, which is valid JSON: decoding into a map of json.RawMessage would copy each
// of them and read it a second time. Of two fields of one name the last counts.
func (o *object) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if data[0] != '{' {
		return errNoObject
	}
	o.fields = make(map[string]json.RawMessage)
	for i := afterBlanks(data, 1); data[i] != '}'; {
		end := valueEnd(data, i)
		name, plain := plainText(data[i:end])
		if !plain {
			if err := json.Unmarshal(data[i:end], &name); err != nil {
				return err
			}
		}
		i = afterBlanks(data, afterBlanks(data, end)+len(":"))
		end = valueEnd(data, i)
		o.fields[name] = data[i:end:end]
		if i = afterBlanks(data, end); data[i] == ',' {
			i = afterBlanks(data, i+1)
		}
	}
	return nil
}

func afterBlanks(data []byte, i int) int {
	for data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r' {
		i++
	}
	return i
}

// valueEnd is where the value ends that begins at i.
func valueEnd(data []byte, i int) int {
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
	if s, plain := plainText(o.fields[name]); plain {
		o.notes.read(name)
		return s, isPresent, nil
	}
	state, err = o.read(name, "a string", &s)
	return s, state, err
}

// plainText reads a JSON string in which nothing is escaped, as nearly all are.
func plainText(raw json.RawMessage) (s string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' || bytes.IndexByte(raw, '\\') >= 0 || !utf8.Valid(raw) {
		return "", false
	}
	return string(raw[1 : len(raw)-1]), true
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
		if item.UnmarshalJSON(raw[i:end]) != nil {
			return nil, state, invalid("%s must be an array of objects", name)
		}
		list = append(list, item)
		if i = afterBlanks(raw, end); raw[i] == ',' {
			i = afterBlanks(raw, i+1)
		}
	}
	return list, state, nil
}
