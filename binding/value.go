package binding

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
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

// valueOf converts a checked argument, a string, a bool, an integer, or a list of them. Any other value becomes null.
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

// appendJSON writes v compactly.
func appendJSON(b []byte, v *value) []byte {
	w := jsonWriter{b: b, limit: math.MaxInt}
	_ = w.value(v, 0) // without a limit it cannot fail
	return w.b
}

// A jsonWriter writes JSON up to a limit.
type jsonWriter struct {
	b      []byte
	limit  int
	pretty bool // with line breaks, as json.Indent writes it
	ended  func() bool
	steps  int
}

// value writes v. It fails with errTooLarge or errEnded.
func (w *jsonWriter) value(v *value, depth int) error {
	switch v.kind {
	case kindNull:
		w.b = append(w.b, "null"...)
	case kindString:
		return w.text(v.text)
	case kindArray:
		return w.items('[', ']', len(v.list), depth, func(i int) error { return w.value(&v.list[i], depth+1) })
	case kindObject:
		return w.items('{', '}', len(v.members), depth, func(i int) error {
			m := &v.members[i]
			if err := w.text(m.name); err != nil {
				return err
			}
			w.b = append(w.b, ':')
			if w.pretty {
				w.b = append(w.b, ' ')
			}
			return w.value(&m.value, depth+1)
		})
	default:
		w.b = append(w.b, v.text...)
	}
	return w.check()
}

func (w *jsonWriter) items(left, right byte, n, depth int, write func(i int) error) error {
	w.b = append(w.b, left)
	for i := range n {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.newLine(depth + 1)
		if err := write(i); err != nil {
			return err
		}
	}
	if n > 0 {
		w.newLine(depth)
	}
	w.b = append(w.b, right)
	return w.check()
}

func (w *jsonWriter) newLine(depth int) {
	if w.pretty {
		w.b = append(w.b, '\n')
		for range depth {
			w.b = append(w.b, "  "...)
		}
	}
}

// text writes a string in parts, since a long one takes time.
func (w *jsonWriter) text(s string) error {
	const part = 1 << 15
	w.b = append(w.b, '"')
	for s != "" {
		n := min(part, len(s))
		for n < len(s) && n > part-utf8.UTFMax && !utf8.RuneStart(s[n]) {
			n--
		}
		w.b = appendEscaped(w.b, s[:n])
		if s = s[n:]; s != "" {
			w.steps |= 1<<10 - 1 // look whether the run is over
		}
		if err := w.check(); err != nil {
			return err
		}
	}
	w.b = append(w.b, '"')
	return nil
}

func (w *jsonWriter) check() error {
	if len(w.b) > w.limit {
		return errTooLarge
	}
	if w.steps++; w.steps&(1<<10-1) == 0 && w.ended != nil && w.ended() {
		return errEnded
	}
	return nil
}

// appendEscaped writes a string as encoding/json does, without quotes and without escapes for HTML.
func appendEscaped(b []byte, s string) []byte {
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			plain = false
			break
		}
	}
	if plain {
		return append(b, s...)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)                               // a string always encodes
	return append(b, buf.Bytes()[1:buf.Len()-2]...) // without the line break too
}

// bytes returns about how much memory v takes.
func (v *value) bytes() int {
	const size = 72
	n := size + len(v.text)
	for i := range v.list {
		n += v.list[i].bytes()
	}
	for i := range v.members {
		n += len(v.members[i].name) + 16 + v.members[i].value.bytes()
	}
	return n
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
