package fakeaircall

import (
	"reflect"
	"strings"
	"unsafe"
)

// clone copies a value with everything of this package that it leads to. What
// other packages own, such as time zones, is shared, and so are functions and
// channels.
func clone[T any](v *T) *T {
	c := cloner{made: make(map[place]reflect.Value), plain: make(map[reflect.Type]bool)}
	return c.pointer(reflect.ValueOf(v)).Interface().(*T)
}

type cloner struct {
	made  map[place]reflect.Value // copies, by what they are copies of
	plain map[reflect.Type]bool   // types that lead nowhere
}

// A place tells a struct from its first field, which has the same address.
type place struct {
	address unsafe.Pointer
	of      reflect.Type
}

var ours = reflect.TypeFor[Server]().PkgPath()

// foreign says that a type is another package's, whose insides are not looked at.
// Instances of our own generic types count as ours.
func foreign(t reflect.Type) bool {
	return t.PkgPath() != "" && !strings.HasPrefix(t.PkgPath(), ours)
}

func (c *cloner) isPlain(t reflect.Type) bool {
	plain, known := c.plain[t]
	if known {
		return plain
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		plain = t.Kind() == reflect.Pointer && foreign(t.Elem())
	case reflect.Array:
		plain = c.isPlain(t.Elem())
	case reflect.Struct:
		plain = true
		for i := range t.NumField() {
			plain = plain && (foreign(t) || c.isPlain(t.Field(i).Type))
		}
	default:
		plain = true
	}
	c.plain[t] = plain
	return plain
}

func (c *cloner) pointer(p reflect.Value) reflect.Value {
	if p.IsNil() || c.isPlain(p.Type()) {
		return p
	}
	key := place{p.UnsafePointer(), p.Type()}
	if made, ok := c.made[key]; ok {
		return made
	}
	made := reflect.New(p.Type().Elem())
	c.made[key] = made
	c.into(made.Elem(), p.Elem())
	return made
}

// into copies from into to, which can be set; both may be fields that are not
// exported.
func (c *cloner) into(to, from reflect.Value) {
	if c.isPlain(from.Type()) {
		to.Set(from)
		return
	}
	switch from.Kind() {
	case reflect.Pointer:
		to.Set(c.pointer(from))
	case reflect.Slice:
		if from.IsNil() {
			return
		}
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		if c.isPlain(from.Type().Elem()) {
			reflect.Copy(to, from)
			return
		}
		for i := range from.Len() {
			c.into(to.Index(i), from.Index(i))
		}
	case reflect.Map:
		if from.IsNil() {
			return
		}
		to.Set(reflect.MakeMapWithSize(from.Type(), from.Len()))
		for i := from.MapRange(); i.Next(); {
			to.SetMapIndex(i.Key(), c.held(i.Value()))
		}
	case reflect.Array:
		for i := range from.Len() {
			c.into(to.Index(i), from.Index(i))
		}
	case reflect.Interface:
		if !from.IsNil() {
			to.Set(c.held(from.Elem()))
		}
	case reflect.Struct:
		for i := range from.NumField() {
			c.into(open(to.Field(i)), open(from.Field(i)))
		}
	}
}

// held copies a value that has no address of its own.
func (c *cloner) held(v reflect.Value) reflect.Value {
	if c.isPlain(v.Type()) {
		return v
	}
	from, to := reflect.New(v.Type()).Elem(), reflect.New(v.Type()).Elem()
	from.Set(v)
	c.into(to, from)
	return to
}

// open lets a field that is not exported be read and set.
func open(field reflect.Value) reflect.Value {
	return reflect.NewAt(field.Type(), field.Addr().UnsafePointer()).Elem()
}
