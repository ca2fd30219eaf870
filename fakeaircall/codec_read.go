package fakeaircall

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"unsafe"
)

// readLayout fills v, which is zero, from valid JSON.
func readLayout[T any](v *T, data []byte) error {
	return layoutOf(reflect.TypeFor[T]()).readFrom(unsafe.Pointer(v), string(data))
}

// A damagedAt is a value that a field cannot have, and where it stands.
type damagedAt struct{ path, problem string }

func (m *damagedAt) Error() string { return m.path + ": " + m.problem }

func unreadable(format string, args ...any) error {
	return &damagedAt{"", fmt.Sprintf(format, args...)}
}

// within puts an error deeper by one step.
func within(step string, err error) error {
	m, ok := err.(*damagedAt)
	switch {
	case !ok:
		return &damagedAt{step, err.Error()}
	case m.path == "" || m.path[0] == '[':
		m.path = step + m.path
	default:
		m.path = step + "." + m.path
	}
	return m
}

// readFrom fills the value at an address, which is zero, from valid JSON. Its error
// says where what is wrong.
func (f *layout) readFrom(at unsafe.Pointer, data string) error {
	if f.read != nil {
		if data == "null" || f.read(at, data) != nil {
			return unreadable("%s is not %s", clip(data), f.want)
		}
		return nil
	}
	v := reflect.NewAt(f.of, at).Elem()
	if f.listed {
		l := v.Addr().Interface().(listed)
		if err := f.readList(reflect.ValueOf(l.room()).Elem(), data); err != nil {
			return err
		}
		return l.refill()
	}
	switch f.of.Kind() {
	case reflect.Pointer:
		made := reflect.New(f.of.Elem())
		v.Set(made)
		return f.elem.readFrom(made.UnsafePointer(), data)
	case reflect.Slice:
		return f.readList(v, data)
	case reflect.Map:
		return f.readMap(v, data)
	}
	return f.readStruct(at, data)
}

func (f *layout) readList(v reflect.Value, data string) error {
	if data[0] != '[' {
		return unreadable("%s is not a list", clip(data))
	}
	items := elements(data)
	list := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		if err := f.elem.readFrom(list.Index(i).Addr().UnsafePointer(), item); err != nil {
			return within("["+strconv.Itoa(i)+"]", err)
		}
	}
	v.Set(list)
	return nil
}

// elements are the values of a list, which is valid JSON.
func elements(data string) (items []string) {
	for i := afterBlanks(data, 1); data[i] != ']'; {
		end := valueEnd(data, i)
		items = append(items, data[i:end])
		if i = afterBlanks(data, end); data[i] == ',' {
			i = afterBlanks(data, i+1)
		}
	}
	return items
}

func (f *layout) readMap(v reflect.Value, data string) error {
	var given object
	if data[0] != '{' || given.read(data, 8) != nil {
		return unreadable("%s is not an object", clip(data))
	}
	v.Set(reflect.MakeMapWithSize(f.of, len(given.fields)))
	for _, field := range given.fields {
		name := field.name
		key := reflect.New(f.of.Key()).Elem()
		if key.Kind() == reflect.String {
			key.SetString(name)
		} else {
			n, err := strconv.ParseInt(name, 10, 64)
			if err != nil {
				return unreadable("the key %s is not a whole number", clip(name))
			}
			key.SetInt(n)
		}
		held := reflect.New(f.of.Elem())
		if err := f.elem.readFrom(held.UnsafePointer(), field.value); err != nil {
			return within(clip(name), err)
		}
		v.SetMapIndex(key, held.Elem())
	}
	return nil
}

func (f *layout) readStruct(at unsafe.Pointer, data string) error {
	var given object
	if data[0] != '{' || given.read(data, 8) != nil {
		return unreadable("%s is not an object", clip(data))
	}
	for _, g := range given.fields {
		i := slices.IndexFunc(f.fields, func(l layoutField) bool { return l.name == g.name })
		if i < 0 {
			return unreadable("there is no field %s", clip(g.name))
		}
		field := f.fields[i]
		if err := field.readFrom(unsafe.Add(at, field.offset), g.value); err != nil {
			return within(field.name, err)
		}
	}
	return nil
}
