package conformance

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// sameSteps hold what stands in a reply against what is read of it by its id. A path is a template that is filled from the
// thing.
var sameSteps = map[string]func(*world) any{
	`each of "([^"]*)" is the "([^"]*)" of "([^"]*)"`:                          func(w *world) any { return w.eachIs },
	`each of "([^"]*)" is the "([^"]*)" of "([^"]*)", but for "([^"]*)"`:       func(w *world) any { return w.eachIsBut },
	`PUT "([^"]*)" answers, for each of "([^"]*)", with the "(\w+)" of "(.*)"`: func(w *world) any { return w.putsEach },
}

func (w *world) eachIs(ctx context.Context, path, key, by string) error {
	return w.eachIsBut(ctx, path, key, by, "")
}

// eachIsBut takes one thing for a list of it. What is null in a list is passed over.
func (w *world) eachIsBut(ctx context.Context, path, key, by, but string) error {
	v, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	looked := 0
	for i, item := range list {
		if item == nil {
			continue
		}
		looked++
		if err := w.isRead(ctx, fmt.Sprintf("%s %d", path, i), item, key, by, commaWords(but)); err != nil {
			return err
		}
	}
	if looked == 0 {
		return &finding{what: path + " hold nothing to look at"}
	}
	return nil
}

// isRead compares a thing, key by key, with what is read of it.
func (w *world) isRead(ctx context.Context, place string, item any, key, by string, but []string) error {
	path, err := fill(by, item)
	if err != nil {
		return err
	}
	v, err := w.t.read(w.checks(ctx), w.account, path)
	if err != nil {
		return err
	}
	read, _ := at(orderedjson.Plain(v), key)
	a, isObject := item.(map[string]any)
	b, alsoObject := read.(map[string]any)
	if !isObject || !alsoObject {
		return &finding{what: fmt.Sprintf("%s is %s, and what is read of it %s", place, kindOf(item), kindOf(read))}
	}
	for _, m := range []map[string]any{a, b} {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			was, there := a[name]
			is, also := b[name]
			if !slices.Contains(but, name) && (there != also || !equal(was, is)) {
				return &finding{fmt.Sprintf("%s.%s is not what is read of it", place, name), show(is), show(was)}
			}
		}
	}
	return nil
}

// putsEach sends a PUT for each thing of the last reply.
func (w *world) putsEach(ctx context.Context, put, path, key, by string) error {
	v, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	list, _ := v.([]any)
	if len(list) == 0 {
		return &finding{what: path + " hold nothing to change"}
	}
	for _, item := range list {
		to, err := fill(put, item)
		if err != nil {
			return err
		}
		if err := w.sends(ctx, http.MethodPut, to, w.authorization(), nil); err != nil {
			return err
		}
		if err := w.eachIs(ctx, key, key, by); err != nil {
			return err
		}
	}
	return nil
}
