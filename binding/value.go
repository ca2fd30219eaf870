package binding

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the nesting of every value that crosses between JSON, Lua and Go.
const maxDepth = 100

// maxSafe is the largest integer every float64, and so every Lua number, holds exactly: 2^53-1.
const maxSafe = 1<<53 - 1

// maxValues bounds how many values one JSON document may hold: each takes many times the byte it may be written with.
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

// A value is one JSON value. Numbers keep their literal, so that no digit of an id is lost between the wire and whoever
// converts it; objects keep the order of the document.
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

func stringValue(s string) value { return value{kind: kindString, text: s} }

func intValue(n int64) value { return value{kind: kindNumber, text: strconv.FormatInt(n, 10)} }

func boolValue(b bool) value { return value{kind: kindBool, text: strconv.FormatBool(b)} }

func objectValue(members ...member) value { return value{kind: kindObject, members: members} }

// get returns the member of an object, or nil. The pointer is good until the object gains a member.
func (v *value) get(name string) *value {
	if v == nil || v.kind != kindObject {
		return nil
	}
	for i := range v.members {
		if v.members[i].name == name {
			return &v.members[i].value
		}
	}
	return nil
}

// set replaces the member of an object, or appends it.
func (v *value) set(name string, to value) {
	if old := v.get(name); old != nil {
		*old = to
		return
	}
	v.members = append(v.members, member{name, to})
}

// names returns the names of an object's members, in order.
func (v *value) names() []string {
	names := make([]string, len(v.members))
	for i := range v.members {
		names[i] = v.members[i].name
	}
	return names
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

// decode reads exactly one JSON text.
func decode(data []byte) (value, error) { return decodeUntil(data, nil) }

// decodeUntil is decode that gives up when ended says so. Nil never does.
func decodeUntil(data []byte, ended func() bool) (value, error) {
	if !json.Valid(data) {
		var raw json.RawMessage
		return value{}, json.Unmarshal(data, &raw) // says where
	}
	d := decoder{data: data, ended: ended}
	v := d.value(0)
	return v, d.err
}

// decodeValid reads a JSON text that json.Valid has accepted, as the client has for every reply.
func decodeValid(data []byte) (value, error) {
	d := decoder{data: data}
	v := d.value(0)
	return v, d.err
}

// A decoder reads JSON that is known to be valid, so it does not check syntax.
type decoder struct {
	data   []byte
	at     int
	values int
	ended  func() bool // asked now and then; nil: it has all the time
	err    error
}

func (d *decoder) space() {
	for d.at < len(d.data) {
		switch d.data[d.at] {
		case ' ', '\t', '\r', '\n':
			d.at++
		default:
			return
		}
	}
}

func (d *decoder) value(depth int) value {
	if depth > maxDepth {
		d.err = fmt.Errorf("nested deeper than %d levels", maxDepth)
		d.at = len(d.data)
	}
	if d.values++; d.values > maxValues {
		d.err = errTooMany
		d.at = len(d.data)
	}
	if d.values&4095 == 0 && d.ended != nil && d.ended() {
		d.err = errEnded
		d.at = len(d.data)
	}
	d.space()
	if d.err != nil {
		return value{}
	}
	switch c := d.data[d.at]; c {
	case '{':
		return d.object(depth)
	case '[':
		return d.array(depth)
	case '"':
		return stringValue(d.string())
	case 't', 'n':
		d.at += len("true")
		if c == 'n' {
			return value{}
		}
		return boolValue(true)
	case 'f':
		d.at += len("false")
		return boolValue(false)
	default:
		return d.number()
	}
}

func (d *decoder) number() value {
	from := d.at
	for d.at < len(d.data) && strings.IndexByte("+-.0123456789eE", d.data[d.at]) >= 0 {
		d.at++
	}
	return value{kind: kindNumber, text: string(d.data[from:d.at])}
}

// string reads a string literal. Bytes that are not UTF-8 become U+FFFD, as encoding/json has it.
func (d *decoder) string() string {
	from := d.at
	end := from + 1
	for d.data[end] != '"' {
		if d.data[end] == '\\' {
			end++
		}
		end++
	}
	d.at = end + 1
	inner := d.data[from+1 : end]
	if bytes.IndexByte(inner, '\\') < 0 {
		return strings.ToValidUTF8(string(inner), "\uFFFD")
	}
	var s string
	if err := json.Unmarshal(d.data[from:d.at], &s); err != nil && d.err == nil {
		d.err = err
	}
	return s
}

func (d *decoder) array(depth int) value {
	v := value{kind: kindArray}
	d.at++
	for d.space(); d.err == nil && d.data[d.at] != ']'; d.space() {
		v.list = append(v.list, d.value(depth+1))
		d.comma()
	}
	d.at++
	return v
}

func (d *decoder) object(depth int) value {
	v := value{kind: kindObject}
	var seen map[string]int // only for large objects: a scan of few members is cheaper than a map
	d.at++
	for d.space(); d.err == nil && d.data[d.at] != '}'; d.space() {
		name := d.string()
		d.space()
		d.at++ // the colon
		val := d.value(depth + 1)
		if len(v.members) == 32 && seen == nil {
			seen = make(map[string]int)
			for i, m := range v.members {
				seen[m.name] = i
			}
		}
		if seen == nil {
			v.set(name, val)
		} else if i, ok := seen[name]; ok {
			v.members[i].value = val
		} else {
			seen[name] = len(v.members)
			v.members = append(v.members, member{name, val})
		}
		d.comma()
	}
	d.at++
	return v
}

func (d *decoder) comma() {
	d.space()
	if d.at < len(d.data) && d.data[d.at] == ',' {
		d.at++
	}
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
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return appendEscaped(b, s)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func appendEscaped(b []byte, s string) []byte {
	buf := bytes.NewBuffer(b)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return append(b, `""`...) // a string always encodes
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// number returns what Lua can hold of a number: a float64, or the literal when the number is an integer beyond maxSafe
// or out of every float's range.
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

// toGo gives v as nil, bool, int64, float64, string, []any or map[string]any.
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
