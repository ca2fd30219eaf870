package fakeaircall

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unsafe"
)

// What a server knows is written as JSON by the fields of its types, so that a new
// field is written without a word more. A field tagged snap:"-" is made from the
// others. Fields that are zero are left out, names are in snake case, maps are in
// order of their keys: the same state gives the same text. The layouts are kept in
// testdata/snapshot.layouts: who changes one changes snapshotFormat.

// A layout says how the values of a type are written and read.
type layout struct {
	of     reflect.Type
	fields []layoutField
	elem   *layout
	listed bool // it implements listed
	open   bool // its parts stand on lines of their own
	write  func(b []byte, at unsafe.Pointer) []byte
	read   func(at unsafe.Pointer, data string) error
	want   string // what read wants, for the error
}

type layoutField struct {
	name   string
	offset uintptr
	*layout
}

// listed is implemented by pointers to what is written as a list of its elements.
type listed interface {
	list() any     // a slice that is only read
	room() any     // a pointer to the slice to fill
	refill() error // makes the rest of what was filled
}

// layoutOf is the layout of a type. Only types of this package are met, which are few.
func layoutOf(t reflect.Type) *layout {
	layouts.Lock()
	defer layouts.Unlock()
	return layouts.of(t)
}

var layouts = layoutSet{made: make(map[reflect.Type]*layout)}

type layoutSet struct {
	sync.Mutex
	made map[reflect.Type]*layout
}

func (s *layoutSet) of(t reflect.Type) *layout {
	if f, ok := s.made[t]; ok {
		return f
	}
	f := &layout{of: t}
	s.made[t] = f
	switch {
	case reflect.PointerTo(t).Implements(reflect.TypeFor[listed]()):
		f.listed, f.open = true, true
		probe := reflect.New(t).Interface().(listed)
		f.elem = s.of(reflect.TypeOf(probe.room()).Elem().Elem())
		return f
	case s.scalar(f):
		return f
	}
	switch t.Kind() {
	case reflect.Pointer:
		f.elem = s.of(t.Elem())
		f.open = t == reflect.TypeFor[*state]()
	case reflect.Slice:
		f.elem = s.of(t.Elem())
		f.open = f.elem.isStruct()
	case reflect.Map:
		if k := t.Key().Kind(); k != reflect.Int64 && k != reflect.String {
			panic(fmt.Sprintf("fakeaircall: keys of %s cannot be written", t))
		}
		f.elem = s.of(t.Elem())
		f.open = f.elem.isStruct()
	case reflect.Struct:
		for i := range t.NumField() {
			if sf := t.Field(i); sf.Tag.Get("snap") != "-" {
				field := layoutField{snakeCase(sf.Name), sf.Offset, s.of(sf.Type)}
				f.fields = append(f.fields, field)
				f.open = f.open || field.open
			}
		}
	default:
		panic(fmt.Sprintf("fakeaircall: a %s cannot be written", t))
	}
	return f
}

func (f *layout) isStruct() bool {
	return f.of.Kind() == reflect.Struct && f.write == nil || f.of.Kind() == reflect.Pointer && f.elem.isStruct()
}

// scalar fills in the layout of a type that is written as one word.
func (s *layoutSet) scalar(f *layout) bool {
	switch f.of {
	case reflect.TypeFor[time.Time]():
		f.want = "an instant such as 2026-06-15T09:00:00Z"
		f.write = func(b []byte, at unsafe.Pointer) []byte {
			return append((*time.Time)(at).AppendFormat(append(b, '"'), time.RFC3339Nano), '"')
		}
		f.read = func(at unsafe.Pointer, data string) error {
			text, _ := plainText(data)
			t, err := time.Parse(time.RFC3339Nano, text)
			*(*time.Time)(at) = t.UTC()
			return err
		}
		return true
	case reflect.TypeFor[time.Duration]():
		f.want = "a duration such as 6s"
		f.write = func(b []byte, at unsafe.Pointer) []byte {
			return append(append(append(b, '"'), (*time.Duration)(at).String()...), '"')
		}
		f.read = func(at unsafe.Pointer, data string) (err error) {
			text, _ := plainText(data)
			*(*time.Duration)(at), err = time.ParseDuration(text)
			return err
		}
		return true
	case reflect.TypeFor[json.RawMessage](), reflect.TypeFor[raw]():
		f.want = "JSON"
		f.write = func(b []byte, at unsafe.Pointer) []byte { return append(b, *(*raw)(at)...) }
		f.read = func(at unsafe.Pointer, data string) error { *(*raw)(at) = raw(data); return nil }
		return true
	}
	switch f.of.Kind() {
	case reflect.String:
		f.want = "a string"
		f.write = func(b []byte, at unsafe.Pointer) []byte { return appendText(b, *(*string)(at)) }
		f.read = func(at unsafe.Pointer, data string) error {
			if text, ok := plainText(data); ok {
				*(*string)(at) = strings.Clone(text) // the whole would live on with it
				return nil
			}
			return json.Unmarshal([]byte(data), (*string)(at))
		}
	case reflect.Bool:
		f.want = "true or false"
		f.write = func(b []byte, at unsafe.Pointer) []byte { return strconv.AppendBool(b, *(*bool)(at)) }
		f.read = func(at unsafe.Pointer, data string) (err error) {
			*(*bool)(at) = data == "true"
			if data != "true" && data != "false" {
				err = strconv.ErrSyntax
			}
			return err
		}
	case reflect.Int64:
		f.want = "a whole number"
		f.write = func(b []byte, at unsafe.Pointer) []byte { return strconv.AppendInt(b, *(*int64)(at), 10) }
		f.read = func(at unsafe.Pointer, data string) (err error) {
			*(*int64)(at), err = strconv.ParseInt(data, 10, 64)
			return err
		}
	case reflect.Int:
		f.want = "a whole number"
		f.write = func(b []byte, at unsafe.Pointer) []byte { return strconv.AppendInt(b, int64(*(*int)(at)), 10) }
		f.read = func(at unsafe.Pointer, data string) error { return json.Unmarshal([]byte(data), (*int)(at)) }
	case reflect.Uint64:
		f.want = "a whole number from 0"
		f.write = func(b []byte, at unsafe.Pointer) []byte { return strconv.AppendUint(b, *(*uint64)(at), 10) }
		f.read = func(at unsafe.Pointer, data string) error { return json.Unmarshal([]byte(data), (*uint64)(at)) }
	case reflect.Float64:
		f.want = "a number"
		f.write = func(b []byte, at unsafe.Pointer) []byte {
			return strconv.AppendFloat(b, *(*float64)(at), 'g', -1, 64)
		}
		f.read = func(at unsafe.Pointer, data string) error { return json.Unmarshal([]byte(data), (*float64)(at)) }
	default:
		return false
	}
	return true
}

func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return append(b, encode(s)...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// snakeCase is isIVR as is_ivr.
func snakeCase(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// absent says that a value is left out: it is zero, and a slice or map is none.
func (f *layout) absent(at unsafe.Pointer) bool {
	v := reflect.NewAt(f.of, at).Elem()
	switch {
	case f.listed:
		return reflect.ValueOf(v.Addr().Interface().(listed).list()).Len() == 0
	case len(f.fields) > 0:
		for _, field := range f.fields {
			if !field.absent(unsafe.Add(at, field.offset)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}

// appendTo writes the value at an address. indent is how deep its lines are, -1
// for one line.
func (f *layout) appendTo(b []byte, at unsafe.Pointer, indent int) []byte {
	if f.write != nil {
		return f.write(b, at)
	}
	inner := indent + 1
	if indent < 0 || !f.open {
		indent, inner = -1, -1
	}
	v := reflect.NewAt(f.of, at).Elem()
	if f.listed {
		list := reflect.ValueOf(v.Addr().Interface().(listed).list())
		return appendItems(b, list, f.elem, inner)
	}
	switch f.of.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, "null"...)
		}
		return f.elem.appendTo(b, v.UnsafePointer(), indent)
	case reflect.Slice:
		return appendItems(b, v, f.elem, inner)
	case reflect.Map:
		return f.appendMap(b, v, inner)
	}
	b = append(b, '{')
	first := true
	for _, field := range f.fields {
		if p := unsafe.Add(at, field.offset); !field.absent(p) {
			b = between(b, &first, inner)
			b = append(append(append(b, '"'), field.name...), `":`...)
			if inner >= 0 {
				b = append(b, ' ')
			}
			b = field.appendTo(b, p, inner)
		}
	}
	return ending(b, first, indent, '}')
}

func appendItems(b []byte, list reflect.Value, elem *layout, inner int) []byte {
	b = append(b, '[')
	first := true
	for i := range list.Len() {
		b = between(b, &first, inner)
		b = elem.appendTo(b, list.Index(i).Addr().UnsafePointer(), deeper(elem, inner))
	}
	return ending(b, first, inner-1, ']')
}

// deeper keeps an element on its line, unless it has lists of its own.
func deeper(elem *layout, inner int) int {
	if !elem.open {
		return -1
	}
	return inner
}

func (f *layout) appendMap(b []byte, m reflect.Value, inner int) []byte {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		if a.Kind() == reflect.String {
			return cmp.Compare(a.String(), b.String())
		}
		return cmp.Compare(a.Int(), b.Int())
	})
	b = append(b, '{')
	first := true
	for _, k := range keys {
		b = between(b, &first, inner)
		if k.Kind() == reflect.String {
			b = append(appendText(b, k.String()), ':')
		} else {
			b = append(strconv.AppendInt(append(b, '"'), k.Int(), 10), `":`...)
		}
		held := reflect.New(f.of.Elem())
		held.Elem().Set(m.MapIndex(k))
		b = f.elem.appendTo(b, held.UnsafePointer(), -1)
	}
	return ending(b, first, inner-1, '}')
}

func between(b []byte, first *bool, inner int) []byte {
	if !*first {
		b = append(b, ',')
	}
	*first = false
	return newLine(b, inner)
}

func ending(b []byte, empty bool, indent int, end byte) []byte {
	if !empty {
		b = newLine(b, indent)
	}
	return append(b, end)
}

func newLine(b []byte, indent int) []byte {
	if indent < 0 {
		return b
	}
	b = append(b, '\n')
	for range indent {
		b = append(b, ' ')
	}
	return b
}
