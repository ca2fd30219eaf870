package fakeaircall

import (
	"hash/maphash"
	"math/bits"
	"reflect"
	"unsafe"
)

// print adds a value to a fingerprint: what would be written of equal values is
// equal. That two values in the place of each other have one print is not to be
// expected. It takes a small part of the time that writing them does.
func (f *layout) print(h uint64, at unsafe.Pointer) uint64 {
	if f.write != nil {
		return printWord(h, f.of, at)
	}
	if f.listed {
		return f.elem.printItems(h, reflect.ValueOf(reflect.NewAt(f.of, at).Interface().(listed).list()))
	}
	switch f.of.Kind() {
	case reflect.Pointer:
		p := *(*unsafe.Pointer)(at)
		if p == nil {
			return blend(h, 1)
		}
		return f.elem.print(blend(h, 2), p)
	case reflect.Slice:
		return f.elem.printItems(h, reflect.NewAt(f.of, at).Elem())
	case reflect.Map:
		return f.printMap(h, reflect.NewAt(f.of, at).Elem())
	}
	for _, field := range f.fields {
		h = field.print(h, unsafe.Add(at, field.offset))
	}
	return h
}

func printWord(h uint64, of reflect.Type, at unsafe.Pointer) uint64 {
	switch of.Kind() {
	case reflect.String:
		return blend(h, maphash.String(sums, *(*string)(at)))
	case reflect.Slice: // of bytes
		return blend(h, maphash.Bytes(sums, *(*[]byte)(at)))
	}
	return blend(h, maphash.Bytes(sums, unsafe.Slice((*byte)(at), of.Size())))
}

func (f *layout) printItems(h uint64, list reflect.Value) uint64 {
	n := list.Len()
	h = blend(h, uint64(n))
	if n == 0 {
		return h
	}
	at, size := list.UnsafePointer(), f.of.Size()
	for i := range n {
		h = f.print(h, unsafe.Add(at, uintptr(i)*size))
	}
	return h
}

// printMap does not depend on the order of the map.
func (f *layout) printMap(h uint64, m reflect.Value) uint64 {
	sum := uint64(m.Len())
	key, value := reflect.New(f.of.Key()), reflect.New(f.of.Elem())
	for i := m.MapRange(); i.Next(); {
		key.Elem().SetIterKey(i)
		value.Elem().SetIterValue(i)
		sum += f.elem.print(printWord(0, f.of.Key(), key.UnsafePointer()), value.UnsafePointer())
	}
	return blend(h, sum)
}

func blend(h, x uint64) uint64 {
	hi, lo := bits.Mul64(h^x^0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9)
	return hi ^ lo + bits.RotateLeft64(h, 23)
}
