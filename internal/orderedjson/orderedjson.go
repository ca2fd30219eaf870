// Package orderedjson reads and writes JSON and keeps the order of the keys of objects, which encoding/json does not.
package orderedjson

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Object is a JSON object with its members in the order of the text. A key may be in it twice.
type Object []Member

// Member is one key of an Object with its value: an Object, []any, string, json.Number, bool or nil.
type Member struct {
	Key   string
	Value any
}

// Get returns the value of the first member with the key. It reports false if there is none.
func (o Object) Get(key string) (any, bool) {
	for _, m := range o {
		if m.Key == key {
			return m.Value, true
		}
	}
	return nil, false
}

// Decode reads one JSON value and returns an Object, []any, string, json.Number, bool or nil. It fails with the error of
// encoding/json if data is not valid JSON.
func Decode(data []byte) (any, error) {
	return DecodeChecked(data, func(int) error { return nil })
}

// DecodeChecked is Decode with limits: it calls check before each value, with the number of arrays and objects around the
// value, and stops at the first error. It reads bytes because the tokens of encoding/json, which keep the order as well,
// take a quarter of a conformance run.
func DecodeChecked(data []byte, check func(depth int) error) (any, error) {
	if !json.Valid(data) {
		var v any
		return nil, json.Unmarshal(data, &v) // says where
	}
	r := reader{data: data, check: check}
	return r.value(0)
}

// reader reads JSON that is known to be valid.
type reader struct {
	data  []byte
	i     int
	check func(depth int) error
}

func (r *reader) value(depth int) (any, error) {
	if err := r.check(depth); err != nil {
		return nil, err
	}
	r.space()
	switch r.data[r.i] {
	case '{':
		o := Object{}
		err := r.items('}', func() error {
			key := r.text()
			r.space()
			r.i++ // the colon
			v, err := r.value(depth + 1)
			o = append(o, Member{key, v})
			return err
		})
		return o, err
	case '[':
		a := []any{}
		err := r.items(']', func() error {
			v, err := r.value(depth + 1)
			a = append(a, v)
			return err
		})
		return a, err
	case '"':
		return r.text(), nil
	}
	from := r.i
	for r.i < len(r.data) && strings.IndexByte(" \t\r\n,]}", r.data[r.i]) < 0 {
		r.i++
	}
	switch word := string(r.data[from:r.i]); word {
	case "true", "false":
		return word == "true", nil
	case "null":
		return nil, nil
	default:
		return json.Number(word), nil
	}
}

// items calls one for each element up to the closing bracket.
func (r *reader) items(end byte, one func() error) error {
	r.i++
	for r.space(); r.data[r.i] != end; r.space() {
		if r.data[r.i] == ',' {
			r.i++
		}
		if err := one(); err != nil {
			return err
		}
	}
	r.i++
	return nil
}

// text reads a string. Only one with an escape, or with bytes that may be no UTF-8, needs the library.
func (r *reader) text() string {
	r.space()
	from, plain := r.i, true
	for r.i++; r.data[r.i] != '"'; r.i++ {
		if c := r.data[r.i]; c == '\\' {
			plain = false
			r.i++
		} else if c >= utf8.RuneSelf {
			plain = false
		}
	}
	r.i++
	if plain {
		return string(r.data[from+1 : r.i-1])
	}
	var s string
	json.Unmarshal(r.data[from:r.i], &s) // valid, so it cannot fail
	return s
}

func (r *reader) space() {
	for r.i < len(r.data) && (r.data[r.i] == ' ' || r.data[r.i] == '\n' || r.data[r.i] == '\t' || r.data[r.i] == '\r') {
		r.i++
	}
}

// Plain gives the value with maps for objects, which templates and comparisons want.
func Plain(v any) any {
	switch v := v.(type) {
	case Object:
		m := make(map[string]any, len(v))
		for _, e := range v {
			m[e.Key] = Plain(e.Value)
		}
		return m
	case []any:
		a := make([]any, len(v))
		for i, e := range v {
			a[i] = Plain(e)
		}
		return a
	}
	return v
}

// Encode writes a value that Decode returned, with the keys in the same order.
func Encode(v any) []byte { return appendJSON(nil, v) }

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case Object:
		b = append(b, '{')
		for i, m := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSON(b, m.Key), ':')
			b = appendJSON(b, m.Value)
		}
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e)
		}
		return append(b, ']')
	}
	data, _ := json.Marshal(v) // a text, a number, a bool or null
	return append(b, data...)
}

// KindOf names the kind of a value: "an object", "a list", "a string", "a boolean", "a number" or "null".
func KindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case Object, map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case json.Number, float64, int64, int:
		return "a number"
	}
	return fmt.Sprintf("%T", v)
}

// Integer returns the value of a whole number from JSON or from Lua.
func Integer(v any) (int64, bool) {
	switch v := v.(type) {
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return n, err == nil
	case float64:
		return int64(v), v == float64(int64(v))
	case int64:
		return v, true
	case int:
		return int64(v), true
	}
	return 0, false
}
