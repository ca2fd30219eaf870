package fakeaircall

import (
	"cmp"
	"slices"
)

// An entity stands in a table: it has an id and the second it was created in,
// which decides its place in every list.
type entity interface {
	identity() (id, created int64)
}

// table keeps entities by id and in order of creation; ids break ties.
type table[T entity] struct {
	byID  map[int64]T
	order []T
}

func newTable[T entity]() table[T] {
	return table[T]{byID: make(map[int64]T)}
}

func (t *table[T]) get(id int64) (T, bool) {
	v, ok := t.byID[id]
	return v, ok
}

func (t *table[T]) len() int { return len(t.order) }

// insert puts v in its place. Nearly always that is the end.
func (t *table[T]) insert(v T) {
	id, created := v.identity()
	t.byID[id] = v
	i, _ := t.find(created, id)
	t.order = slices.Insert(t.order, i, v)
}

func (t *table[T]) remove(id int64) bool {
	v, ok := t.byID[id]
	if !ok {
		return false
	}
	delete(t.byID, id)
	_, created := v.identity()
	i, _ := t.find(created, id)
	t.order = slices.Delete(t.order, i, i+1)
	return true
}

// find is the place of an entity in order, and whether it stands there.
func (t *table[T]) find(created, id int64) (int, bool) {
	return slices.BinarySearchFunc(t.order, created, func(v T, created int64) int {
		vid, at := v.identity()
		return cmp.Or(cmp.Compare(at, created), cmp.Compare(vid, id))
	})
}

// between is the part of order created in the seconds from..to, both included.
func (t *table[T]) between(from, to int64) []T {
	if from > to {
		return nil
	}
	lo, _ := t.find(from, 0)
	hi, _ := t.find(to+1, 0)
	return t.order[lo:hi]
}
