package fakeaircall

// A resource is what the operations of one kind of entity share: where its entities are, and how the wire shows them.
type resource[T entity[T], V any] struct {
	one, many string // the keys of one entity and of a list in replies
	table     func(*tx) *table[T]
	view      func(*tx, T) V
}

// list returns the handler that lists the entities page by page.
func (s resource[T, V]) list(spec listSpec) handler {
	return func(r *request) (reply, error) {
		l, err := r.listing(spec)
		if err != nil {
			return reply{}, err
		}
		var views []V
		err = r.do(func(t *tx) error {
			views = collect(&l, s.table(t).between(l.from, l.to), nil, func(v T) V { return s.view(t, v) })
			return nil
		})
		return r.list(s.many, views, l), err
	}
}

// retrieve answers with the entity of the path.
func (s resource[T, V]) retrieve(r *request) (reply, error) {
	return s.change(r, 200, func(*tx, T) error { return nil })
}

// change runs f on the entity of the path and answers with the entity as it is afterwards. It fails with a 404 if there is
// no such entity, and otherwise as f does.
func (s resource[T, V]) change(r *request, status int, f func(*tx, T) error) (reply, error) {
	return s.answer(r, status, func(t *tx) (T, error) {
		v, ok := s.table(t).get(r.id("id"))
		if !ok {
			return v, errNotFound
		}
		return v, f(t, v)
	})
}

// answer replies with the entity that f returns.
func (s resource[T, V]) answer(r *request, status int, f func(*tx) (T, error)) (reply, error) {
	return r.answer(status, s.one, func(t *tx) (any, error) {
		v, err := f(t)
		if err != nil {
			return nil, err
		}
		return s.view(t, v), nil
	})
}

// delete removes the entity of the path and answers 204. Others may keep its id, which leads nowhere then.
func (s resource[T, V]) delete(r *request) (reply, error) {
	return s.remove(r, func(*tx, T) {})
}

// remove is delete with then, which runs on the removed entity.
func (s resource[T, V]) remove(r *request, then func(*tx, T)) (reply, error) {
	return r.noContent(func(t *tx) error {
		v, ok := s.table(t).get(r.id("id"))
		if !ok {
			return errNotFound
		}
		id, _ := v.identity()
		s.table(t).remove(id)
		then(t, v)
		return nil
	})
}

// answer runs f in the account and replies with what it returns, under a key.
func (r *request) answer(status int, key string, f func(*tx) (any, error)) (reply, error) {
	var view any
	err := r.do(func(t *tx) (err error) {
		view, err = f(t)
		return err
	})
	return one(status, key, view), err
}

// noContent runs f in the account and answers 204.
func (r *request) noContent(f func(*tx) error) (reply, error) {
	return reply{status: 204}, r.do(f)
}

// withBody returns a handler that reads the body, a JSON object, before h answers.
func withBody(h func(r *request, in object) (reply, error)) handler {
	return func(r *request) (reply, error) {
		in, err := r.object()
		if err != nil {
			return reply{}, err
		}
		return h(r, in)
	}
}
