package control

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// A span is a time.Duration in JSON: "6s", "1h30m".
type span time.Duration

// MarshalText is called by encoding/json.
func (s span) MarshalText() ([]byte, error) {
	text := time.Duration(s).String()
	for _, nothing := range []struct{ end, is string }{{"m0s", "m"}, {"h0m", "h"}} {
		if short, ok := strings.CutSuffix(text, nothing.end); ok {
			text = short + nothing.is
		}
	}
	return []byte(text), nil
}

// millis is a time.Duration in JSON, as a number of milliseconds.
type millis time.Duration

// MarshalJSON is called by encoding/json.
func (m millis) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Duration(m).Microseconds()) / 1000)
}

// convert returns a To with the fields of from that have the same names. Nil lists and maps become empty, for JSON.
func convert[To any](from any) (to To) {
	convertValue(reflect.ValueOf(&to).Elem(), reflect.ValueOf(from))
	return to
}

func convertValue(to, from reflect.Value) {
	switch kind := to.Kind(); {
	case kind == reflect.Struct && to.Type() != timeType:
		for _, f := range reflect.VisibleFields(to.Type()) {
			if source := from.FieldByName(f.Name); source.IsValid() && !f.Anonymous {
				convertValue(to.FieldByIndex(f.Index), source)
			}
		}
	case kind == reflect.Slice && to.Type() != from.Type() || kind == reflect.Slice && from.IsNil():
		to.Set(reflect.MakeSlice(to.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			convertValue(to.Index(i), from.Index(i))
		}
	case kind == reflect.Map && from.IsNil():
		to.Set(reflect.MakeMap(to.Type()))
	default:
		to.Set(from.Convert(to.Type()))
	}
}

// blanks are allowed around a JSON value (RFC 8259, section 2).
const blanks = " \t\r\n"

// decode decodes a body strictly into a value of the type of example. Its error names the field.
func decode(example any, body []byte) (any, error) {
	in := reflect.New(reflect.TypeOf(example)).Elem()
	sent := bytes.Trim(body, blanks)
	if len(sent) == 0 {
		return in.Interface(), nil
	}
	if err := json.Unmarshal(body, new(json.RawMessage)); err != nil {
		return nil, &apiError{400, "the body is not JSON: " + err.Error(), clip(string(body)), "send one JSON object"}
	}
	if err := fill(in, sent, ""); err != nil {
		return nil, err
	}
	return in.Interface(), nil
}

var (
	spanType = reflect.TypeFor[span]()
	timeType = reflect.TypeFor[time.Time]()
)

// fill sets v from raw, which is valid JSON; path is its place.
func fill(v reflect.Value, raw []byte, path string) error {
	wrong := func(want string) error {
		return &apiError{400, fmt.Sprintf("%s: that is not %s", orBody(path), want), clip(string(raw)), "give " + want}
	}
	switch {
	case string(raw) == "null":
		return nil // as if it were missing
	case v.Type() == spanType:
		return parse(v, raw, time.ParseDuration, wrong(`a duration such as "6s" or "1h30m"`))
	case v.Type() == reflect.TypeFor[json.RawMessage]():
		v.SetBytes(raw)
		return nil
	case v.Type() == timeType:
		at := func(text string) (time.Time, error) { return time.Parse(time.RFC3339, text) }
		return parse(v, raw, at, wrong(`an instant such as "2026-06-15T09:00:00Z"`))
	}
	switch v.Kind() {
	case reflect.Struct:
		return fillStruct(v, raw, path)
	case reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return wrong("a list")
		}
		if len(items) > 1000 {
			return &apiError{400, fmt.Sprintf("%s: the list is too long", path), fmt.Sprintf("%d items", len(items)), "give 1000 at most"}
		}
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, item := range items {
			if err := fill(v.Index(i), item, path+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
		return nil
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fill(v.Elem(), raw, path)
	}
	if json.Unmarshal(raw, v.Addr().Interface()) != nil {
		return wrong(kindWords[v.Kind()])
	}
	return nil
}

// parse sets v to the result of f for a JSON string, or returns the error wrong.
func parse[T any](v reflect.Value, raw []byte, f func(string) (T, error), wrong error) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return wrong
	}
	parsed, err := f(text)
	if err != nil {
		return wrong
	}
	v.Set(reflect.ValueOf(parsed).Convert(v.Type()))
	return nil
}

var kindWords = map[reflect.Kind]string{
	reflect.String: "a string", reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.Int64: "a whole number",
	reflect.Uint64: "a whole number from 0", reflect.Float64: "a number", reflect.Map: "an object of strings",
}

func fillStruct(v reflect.Value, raw []byte, path string) error {
	var given map[string]json.RawMessage
	if json.Unmarshal(raw, &given) != nil {
		return &apiError{400, orBody(path) + ": that is not an object", clip(string(raw)), "give a JSON object"}
	}
	var names []string
	for _, f := range fieldsOf(v.Type()) {
		names = append(names, f.name)
		if value, ok := given[f.name]; ok {
			if err := fill(v.FieldByIndex(f.index), value, join(path, f.name)); err != nil {
				return err
			}
			delete(given, f.name)
		}
	}
	for name, value := range given {
		return &apiError{400, fmt.Sprintf("there is no field %s", clip(join(path, name))), clip(fmt.Sprintf("%q: %s", name, value)), "the fields are " + strings.Join(names, ", ")}
	}
	return nil
}

// A field is a field of a struct in JSON.
type field struct {
	name, about string
	optional    bool // may be missing in a reply
	needed      bool // must not be missing in a request
	index       []int
	of          reflect.Type
}

// fieldsOf returns the fields of a struct, those of embedded structs in their place.
func fieldsOf(t reflect.Type) (list []field) {
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "" || name == "-" {
			continue
		}
		list = append(list, field{name, f.Tag.Get("about"), options == "omitempty" || options == "omitzero", f.Tag.Get("needed") == "true", f.Index, f.Type})
	}
	return list
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func orBody(path string) string {
	if path == "" {
		return "the body"
	}
	return path
}
