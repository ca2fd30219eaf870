package fakeaircall

import (
	"cmp"
	"fmt"
	"slices"
)

// An entity stands in a table: it has an id and the second it was created in,
// which decides its place in every list.
type entity interface {
	identity() (id, created int64)
}

// inOrder are entities in order of creation; ids break ties.
type inOrder[T entity] []T

// find is the place of an entity, and whether it stands there.
func (s inOrder[T]) find(created, id int64) (int, bool) {
	return slices.BinarySearchFunc(s, created, func(v T, created int64) int {
		vid, at := v.identity()
		return cmp.Or(cmp.Compare(at, created), cmp.Compare(vid, id))
	})
}

// with has v in its place. Nearly always that is the end.
func (s inOrder[T]) with(v T) inOrder[T] {
	id, created := v.identity()
	if n := len(s); n > 0 {
		lastID, last := s[n-1].identity()
		if last < created || last == created && lastID < id {
			return append(s, v)
		}
	}
	i, ok := s.find(created, id)
	if ok {
		return s
	}
	return slices.Insert(s, i, v)
}

func (s inOrder[T]) without(v T) inOrder[T] {
	id, created := v.identity()
	i, ok := s.find(created, id)
	if !ok {
		return s
	}
	return slices.Delete(s, i, i+1)
}

// between is the part created in the seconds from..to, both included.
func (s inOrder[T]) between(from, to int64) inOrder[T] {
	if from > to {
		return nil
	}
	lo, _ := s.find(from, 0)
	hi, _ := s.find(to+1, 0)
	return s[lo:hi]
}

// table keeps entities by id and in order.
type table[T entity] struct {
	byID  map[int64]T
	order inOrder[T]
	lent  map[int64]bool // what was given out, put in or taken out: it may have changed; nil: nobody asks
}

func newTable[T entity]() table[T] {
	return table[T]{byID: make(map[int64]T)}
}

func (t *table[T]) get(id int64) (T, bool) {
	v, ok := t.byID[id]
	if ok && t.lent != nil {
		t.lent[id] = true
	}
	return v, ok
}

// first is the oldest that is so, given out as by get.
func (t *table[T]) first(is func(T) bool) (T, bool) {
	i := slices.IndexFunc(t.order, is)
	if i < 0 {
		var none T
		return none, false
	}
	t.lend(t.order[i])
	return t.order[i], true
}

func (t *table[T]) len() int { return len(t.order) }

func (t *table[T]) insert(v T) {
	id, _ := v.identity()
	t.byID[id] = v
	t.order = t.order.with(v)
	t.lend(v)
}

func (t *table[T]) remove(id int64) bool {
	v, ok := t.byID[id]
	if ok {
		t.lend(v)
		delete(t.byID, id)
		t.order = t.order.without(v)
	}
	return ok
}

// lend says that an entity that was reached without get may change.
func (t *table[T]) lend(v T) {
	if t.lent != nil {
		id, _ := v.identity()
		t.lent[id] = true
	}
}

func (t *table[T]) between(from, to int64) inOrder[T] { return t.order.between(from, to) }

func (t *table[T]) list() any { return t.order }

func (t *table[T]) room() any { return (*[]T)(&t.order) }

// refill makes the rest of a table whose order was read.
func (t *table[T]) refill() error {
	given := t.order
	*t = newTable[T]()
	for _, v := range given {
		id, _ := v.identity()
		if _, ok := t.byID[id]; ok || id == 0 {
			return fmt.Errorf("the id %d is given twice, or none", id)
		}
		t.insert(v)
	}
	return nil
}

// start makes a table that was not written because it is empty.
func (t *table[T]) start() {
	if t.byID == nil {
		t.byID = make(map[int64]T)
	}
}
