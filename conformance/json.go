package conformance

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// object is a JSON object that remembers the order of its keys.
type object []member

type member struct {
	key   string
	value any
}

func (o object) get(key string) (any, bool) {
	for _, m := range o {
		if m.key == key {
			return m.value, true
		}
	}
	return nil, false
}

// outermost has the keys of o, with any value.
func (o object) outermost() object {
	out := make(object, len(o))
	for i, m := range o {
		out[i] = member{m.key, "<any>"}
	}
	return out
}

// decode reads one JSON value: object, []any, string, json.Number, bool or nil. The standard library keeps no order of
// keys but by its tokens, and those take a quarter of a run.
func decode(data []byte) (any, error) {
	if !json.Valid(data) {
		var v any
		return nil, json.Unmarshal(data, &v) // says where
	}
	r := reader{data: data}
	return r.value(), nil
}

// reader walks JSON that is known to be valid.
type reader struct {
	data []byte
	i    int
}

func (r *reader) value() any {
	r.space()
	switch r.data[r.i] {
	case '{':
		o := object{}
		r.items('}', func() {
			key := r.text()
			r.space()
			r.i++ // the colon
			o = append(o, member{key, r.value()})
		})
		return o
	case '[':
		a := []any{}
		r.items(']', func() { a = append(a, r.value()) })
		return a
	case '"':
		return r.text()
	}
	from := r.i
	for r.i < len(r.data) && strings.IndexByte(" \t\r\n,]}", r.data[r.i]) < 0 {
		r.i++
	}
	switch word := string(r.data[from:r.i]); word {
	case "true", "false":
		return word == "true"
	case "null":
		return nil
	default:
		return json.Number(word)
	}
}

// items calls one for each element up to the closing bracket.
func (r *reader) items(end byte, one func()) {
	for r.i++; ; r.i++ { // past the bracket or a comma
		r.space()
		if r.data[r.i] == end {
			break
		}
		one()
		r.space()
		if r.data[r.i] == end {
			break
		}
	}
	r.i++
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

// plain gives the value with maps for objects, which templates and comparisons want.
func plain(v any) any {
	switch v := v.(type) {
	case object:
		m := make(map[string]any, len(v))
		for _, e := range v {
			m[e.key] = plain(e.value)
		}
		return m
	case []any:
		a := make([]any, len(v))
		for i, e := range v {
			a[i] = plain(e)
		}
		return a
	}
	return v
}

// at follows a path of keys and 0-based positions through a plain value: "phone_numbers.0.value". A "*" collects
// what the rest of the path finds in every element.
func at(v any, path string) (any, bool) {
	if path == "" {
		return v, true
	}
	key, rest, _ := strings.Cut(path, ".")
	switch v := v.(type) {
	case map[string]any:
		e, ok := v[key]
		if !ok {
			return nil, false
		}
		return at(e, rest)
	case []any:
		if key == "*" {
			all := []any{}
			for _, e := range v {
				if found, ok := at(e, rest); ok {
					all = append(all, found)
				}
			}
			return all, true
		}
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(v) {
			return at(v[i], rest)
		}
	}
	return nil, false
}

// show is a value as JSON, short enough for a line of a report.
func show(v any) string {
	if v == nil {
		return "null"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	return clip(string(data), 400)
}

func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// encode writes what decode read, in the same order.
func encode(v any) []byte { return appendJSON(nil, v) }

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case object:
		b = append(b, '{')
		for i, m := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSON(b, m.key), ':')
			b = appendJSON(b, m.value)
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
