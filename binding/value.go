package binding

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// maxDepth is the deepest nesting of values that are converted between JSON, Lua and Go.
const maxDepth = 100

// maxSafe is the largest integer that a Lua number represents exactly: 2^53-1.
const maxSafe = 1<<53 - 1

// maxValues is the most values of a JSON document: in memory a value takes many times its bytes in JSON.
const maxValues = 500_000

type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

// A value is one JSON value. Numbers keep their literal, so that no digit of an id is lost; objects keep the order of the
// document.
type value struct {
	kind    kind
	text    string // a string's bytes, a number's literal, "true" or "false"
	list    []value
	members []member
}

type member struct {
	name  string
	value value
}

func arrayValue(list ...value) value { return value{kind: kindArray, list: list} }

// objectValue returns an object of names, each followed by its value as valueOf takes it.
func objectValue(pairs ...any) value {
	v := value{kind: kindObject}
	for i := 0; i < len(pairs); i += 2 {
		v.members = append(v.members, member{pairs[i].(string), valueOf(pairs[i+1])})
	}
	return v
}

// valueOf converts a checked argument, a string, a bool, an integer, a list of them, or a result of orderedjson. Any other
// value becomes null.
func valueOf(v any) value {
	switch v := v.(type) {
	case value:
		return v
	case string:
		return value{kind: kindString, text: v}
	case bool:
		return value{kind: kindBool, text: strconv.FormatBool(v)}
	case int:
		return valueOf(int64(v))
	case int64:
		return value{kind: kindNumber, text: strconv.FormatInt(v, 10)}
	case json.Number:
		return value{kind: kindNumber, text: string(v)}
	case []string:
		return arrayOf(v)
	case *string:
		if v != nil {
			return valueOf(*v)
		}
	case tag:
		if v.name == "" {
			return valueOf(v.id)
		}
		return valueOf(v.name)
	case []tag:
		return arrayOf(v)
	case entry:
		if v.label == "" {
			return objectValue("value", v.value)
		}
		return objectValue("label", v.label, "value", v.value)
	case []entry:
		return arrayOf(v)
	case []any:
		return arrayOf(v)
	case orderedjson.Object:
		o := value{kind: kindObject, members: make([]member, len(v))}
		for i, m := range v {
			o.members[i] = member{m.Key, valueOf(m.Value)}
		}
		return o
	}
	return value{}
}

func arrayOf[T any](items []T) value {
	v := value{kind: kindArray, list: make([]value, len(items))}
	for i, item := range items {
		v.list[i] = valueOf(item)
	}
	return v
}

// get returns the last member of an object with a name, or nil. The pointer is good until the object gains a member.
func (v *value) get(name string) *value {
	if v == nil || v.kind != kindObject {
		return nil
	}
	for i := len(v.members) - 1; i >= 0; i-- {
		if v.members[i].name == name {
			return &v.members[i].value
		}
	}
	return nil
}

// set replaces the member of an object, or appends it. It takes what valueOf takes.
func (v *value) set(name string, to any) {
	if old := v.get(name); old != nil {
		*old = valueOf(to)
		return
	}
	v.members = append(v.members, member{name, valueOf(to)})
}

// null reports an absent value as well as a JSON null.
func (v *value) null() bool { return v == nil || v.kind == kindNull }

// str returns the bytes of a string, and "" for anything else.
func (v *value) str() string {
	if v == nil || v.kind != kindString {
		return ""
	}
	return v.text
}

// int returns an integral number.
func (v *value) int() (int64, bool) {
	if v == nil || v.kind != kindNumber {
		return 0, false
	}
	n, err := strconv.ParseInt(v.text, 10, 64)
	return n, err == nil
}

// items returns the elements of an array, and none for anything else.
func (v *value) items() []value {
	if v == nil || v.kind != kindArray {
		return nil
	}
	return v.list
}

// decode reads one JSON text. It fails if the text is nested deeper than maxDepth or has more than maxValues values.
func decode(data []byte) (value, error) {
	return decodeUntil(data, func() bool { return false })
}

// decodeUntil is decode that gives up when ended says so.
func decodeUntil(data []byte, ended func() bool) (value, error) {
	values := 0
	tree, err := orderedjson.DecodeChecked(data, func(depth int) error {
		values++
		switch {
		case depth > maxDepth:
			return fmt.Errorf("nested deeper than %d levels", maxDepth)
		case values > maxValues:
			return errTooMany
		case values&4095 == 0 && ended():
			return errEnded
		}
		return nil
	})
	if err != nil {
		return value{}, err
	}
	return valueOf(tree), nil
}

// appendJSON writes v compactly.
func appendJSON(b []byte, v *value) []byte {
	switch v.kind {
	case kindNull:
		return append(b, "null"...)
	case kindString:
		return appendString(b, v.text)
	case kindArray:
		b = append(b, '[')
		for i := range v.list {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, &v.list[i])
		}
		return append(b, ']')
	case kindObject:
		b = append(b, '{')
		for i := range v.members {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, v.members[i].name)
			b = append(b, ':')
			b = appendJSON(b, &v.members[i].value)
		}
		return append(b, '}')
	default:
		return append(b, v.text...)
	}
}

func appendString(b []byte, s string) []byte {
	buf := bytes.NewBuffer(b)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// number returns a number as a float64, or its literal if it is an integer beyond maxSafe or out of range of a float64.
func (v *value) number() (n float64, literal string) {
	if i, err := strconv.ParseInt(v.text, 10, 64); err == nil && i >= -maxSafe && i <= maxSafe {
		return float64(i), ""
	}
	f, err := strconv.ParseFloat(v.text, 64)
	if err != nil || !strings.ContainsAny(v.text, ".eE") {
		return 0, v.text
	}
	return f, ""
}

// toGo returns v as nil, bool, int64, float64, string, []any or map[string]any.
func (v *value) toGo() any {
	switch v.kind {
	case kindBool:
		return v.text == "true"
	case kindNumber:
		if i, err := strconv.ParseInt(v.text, 10, 64); err == nil {
			return i
		}
		if f, literal := v.number(); literal == "" {
			return f
		}
		return v.text
	case kindString:
		return v.text
	case kindArray:
		list := make([]any, len(v.list))
		for i := range v.list {
			list[i] = v.list[i].toGo()
		}
		return list
	case kindObject:
		object := make(map[string]any, len(v.members))
		for i := range v.members {
			object[v.members[i].name] = v.members[i].value.toGo()
		}
		return object
	}
	return nil
}
