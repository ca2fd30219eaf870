package fakeaircall

import (
	"reflect"
	"strconv"
	"unsafe"
)

// eachRecord calls f with everything that w has: an entity is a record, and so is a
// value beside entities. Its path begins at w: companies, default, state, contacts, 5678.
func eachRecord[T any](w *T, f func(path []string, data []byte)) {
	layoutOf(reflect.TypeFor[T]()).eachRecord(unsafe.Pointer(w), nil, f)
}

func (l *layout) eachRecord(at unsafe.Pointer, path []string, f func([]string, []byte)) {
	if !l.open {
		f(path, l.appendTo(nil, at, -1))
		return
	}
	v := reflect.NewAt(l.of, at).Elem()
	switch {
	case l.listed:
		l.elem.eachElement(reflect.ValueOf(v.Addr().Interface().(listed).list()), path, f)
	case l.of.Kind() == reflect.Pointer:
		l.elem.eachRecord(v.UnsafePointer(), path, f)
	case l.of.Kind() == reflect.Slice:
		l.elem.eachElement(v, path, f)
	case l.of.Kind() == reflect.Map:
		for i := v.MapRange(); i.Next(); {
			held := reflect.New(l.of.Elem())
			held.Elem().Set(i.Value())
			f(deeperPath(path, keyText(i.Key())), l.elem.appendTo(nil, held.UnsafePointer(), -1))
		}
	default:
		for _, field := range l.fields {
			if p := unsafe.Add(at, field.offset); !field.absent(p) {
				field.eachRecord(p, deeperPath(path, field.name), f)
			}
		}
	}
}

// eachElement takes the elements of a list by what their first field says: it is an
// id, or what else tells one from the others.
func (l *layout) eachElement(list reflect.Value, path []string, f func([]string, []byte)) {
	for i := range list.Len() {
		at := list.Index(i).Addr().UnsafePointer()
		l.eachRecord(at, deeperPath(path, l.key(list.Index(i))), f)
	}
}

func (l *layout) key(v reflect.Value) string {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return keyText(v.Field(0))
}

func keyText(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10)
	}
	return strconv.FormatInt(v.Int(), 10)
}

func deeperPath(path []string, name string) []string { return append(path[:len(path):len(path)], name) }
