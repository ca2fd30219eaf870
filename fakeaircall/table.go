package fakeaircall

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// An entity is an element of a table. Its creation time decides its position in every list.
type entity[T any] interface {
	identity() (id, created int64)
	clone() T // an independent copy
}

// inOrder is a list of entities in order of creation time and id.
type inOrder[T entity[T]] []T

func compareEntities[T entity[T]](a, b T) int {
	x, at := a.identity()
	y, bt := b.identity()
	return cmp.Or(cmp.Compare(at, bt), cmp.Compare(x, y))
}

// find returns the position of an entity, and whether it is there.
func (s inOrder[T]) find(created, id int64) (int, bool) {
	return slices.BinarySearchFunc(s, created, func(v T, created int64) int {
		vid, at := v.identity()
		return cmp.Or(cmp.Compare(at, created), cmp.Compare(vid, id))
	})
}

// with returns the list with v at its position, which is nearly always the end.
func (s inOrder[T]) with(v T) inOrder[T] {
	if n := len(s); n == 0 || compareEntities(s[n-1], v) < 0 {
		return append(s, v)
	}
	i, there := slices.BinarySearchFunc(s, v, compareEntities)
	if there {
		return s
	}
	return slices.Insert(s, i, v)
}

// without returns the list without the entity with the identity of v.
func (s inOrder[T]) without(v T) inOrder[T] {
	i, there := slices.BinarySearchFunc(s, v, compareEntities)
	switch {
	case !there:
		return s
	case i == 0: // the usual case for timers and old records
		var none T
		s[0] = none
		return s[1:]
	}
	return slices.Delete(s, i, i+1)
}

// between returns the entities created from second from to second to, both included.
func (s inOrder[T]) between(from, to int64) inOrder[T] {
	if from > to {
		return nil
	}
	lo, _ := s.find(from, 0)
	hi, _ := s.find(to+1, 0)
	return s[lo:hi]
}

// A table keeps entities by id and in order. Results of get and first are read only: insert, update and remove make all
// changes, and record them for the store.
type table[T entity[T]] struct {
	byID    map[int64]T
	order   inOrder[T]
	version uint64         // counts the changes
	changed map[int64]bool // ids that changed since the last flush; nil: not recorded
}

func newTable[T entity[T]]() table[T] {
	return table[T]{byID: make(map[int64]T)}
}

func (t *table[T]) get(id int64) (T, bool) {
	v, ok := t.byID[id]
	return v, ok
}

// first returns the oldest entity for which is returns true.
func (t *table[T]) first(is func(T) bool) (T, bool) {
	i := slices.IndexFunc(t.order, is)
	if i < 0 {
		var none T
		return none, false
	}
	return t.order[i], true
}

func (t *table[T]) len() int { return len(t.order) }

func (t *table[T]) insert(v T) {
	id, _ := v.identity()
	t.byID[id] = v
	t.order = t.order.with(v)
	t.note(id)
}

// update calls change, which changes v but not its identity.
func (t *table[T]) update(v T, change func()) {
	change()
	id, _ := v.identity()
	t.note(id)
}

func (t *table[T]) remove(id int64) bool {
	v, ok := t.byID[id]
	if ok {
		delete(t.byID, id)
		t.order = t.order.without(v)
		t.note(id)
	}
	return ok
}

// keepNewest removes the oldest entities until there are at most n.
func (t *table[T]) keepNewest(n int) {
	for len(t.order) > n {
		id, _ := t.order[0].identity()
		t.remove(id)
	}
}

func (t *table[T]) note(id int64) {
	t.version++
	if t.changed != nil {
		t.changed[id] = true
	}
}

func (t *table[T]) between(from, to int64) inOrder[T] { return t.order.between(from, to) }

// copy returns a table with clones of all entities.
func (t *table[T]) copy() table[T] {
	c := table[T]{byID: make(map[int64]T, len(t.order)), order: slices.Clone(t.order), version: t.version}
	for i, v := range t.order {
		id, _ := v.identity()
		c.order[i] = v.clone()
		c.byID[id] = c.order[i]
	}
	return c
}

// watch starts to record changes.
func (t *table[T]) watch() { t.changed = make(map[int64]bool) }

// each calls f with every entity.
func (t *table[T]) each(f func(id int64, v any)) {
	for _, v := range t.order {
		id, _ := v.identity()
		f(id, v)
	}
}

// flush calls f with the entities that changed since the last flush, and with nil for a removed one.
func (t *table[T]) flush(f func(id int64, v any)) {
	for id := range t.changed {
		if v, ok := t.byID[id]; ok {
			f(id, v)
		} else {
			f(id, nil)
		}
	}
	clear(t.changed)
}

// read adds an entity from its JSON and the id in its key. ready must be called after the last one.
func (t *table[T]) read(key string, data []byte) error {
	var v T
	if err := readJSON(data, &v); err != nil {
		return err
	}
	if bytes.Equal(data, []byte("null")) {
		return errors.New("it is null")
	}
	id, _ := v.identity()
	if id <= 0 || strconv.FormatInt(id, 10) != key {
		return fmt.Errorf("its id is %d", id)
	}
	t.byID[id] = v
	return nil
}

// ready sorts the entities.
func (t *table[T]) ready() {
	t.order = slices.SortedFunc(maps.Values(t.byID), compareEntities)
}
