package conformance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/cucumber/godog"
)

// chooseSteps give names to parts of what the API holds, for scripts to ask for and for results to be compared with. Calls
// and contacts are counted from the newest.
var chooseSteps = map[string]func(*world) any{
	chosenStep:             func(w *world) any { return w.chooseAll },
	chosenStep + ` where:`: func(w *world) any { return w.chooseMatching },
	`\$(\w+) are the (\w+) (\d+) to (\d+)(, oldest first)?`: func(w *world) any { return w.chooseRange },
	`\$(\w+) is (\w+) (\d+)`:                                func(w *world) any { return w.chooseNth },
	`\$(\w+) is an? (\w+) where:`:                           func(w *world) any { return w.chooseOne },
	`\$(\w+) is a number, read by its id, where:`:           func(w *world) any { return w.chooseNumber },
	`\$(\w+) is the "([^"]*)" of the path "([^"]*)"`:        func(w *world) any { return w.choosePath },
}

const chosenStep = `\$(\w+) are (?:all|the (?:first|newest) (\d+)) (\w+)`

// selection is a part of a collection. It can be read again: on a live account the collection grows meanwhile.
type selection struct {
	items []any
	of    collection
	again func(context.Context) ([]any, error)
}

func (w *world) choose(ctx context.Context, name, word string, pick func(context.Context, *holding) ([]any, error)) error {
	of, err := collectionOf(word)
	if err != nil {
		return err
	}
	account := w.account
	read := func(ctx context.Context) ([]any, error) { return pick(w.checks(ctx), w.t.holding(account, of)) }
	items, err := read(ctx)
	if err != nil {
		return err
	}
	again := func(ctx context.Context) ([]any, error) {
		w.t.forget(account, of.name)
		return read(ctx)
	}
	w.vars[name] = &selection{items, of, again}
	return nil
}

func (w *world) chooseAll(ctx context.Context, name, n, word string) error {
	return w.chooseMatching(ctx, name, n, word, nil)
}

func (w *world) chooseMatching(ctx context.Context, name, n, word string, table *godog.Table) error {
	where, err := w.rows(table)
	if err != nil {
		return err
	}
	most := -1
	if n != "" {
		most, _ = strconv.Atoi(n)
	}
	return w.choose(ctx, name, word, func(ctx context.Context, h *holding) ([]any, error) {
		return h.find(ctx, w.run.shapes, most, where)
	})
}

// chooseRange counts from 1 and includes both ends.
func (w *world) chooseRange(ctx context.Context, name, word string, from, to int, oldestFirst string) error {
	return w.choose(ctx, name, word, func(ctx context.Context, h *holding) ([]any, error) {
		items, err := h.find(ctx, w.run.shapes, to, nil)
		items = slices.Clone(items[min(from-1, len(items)):])
		if oldestFirst != "" {
			slices.Reverse(items)
		}
		return items, err
	})
}

func (w *world) chooseNth(ctx context.Context, name, word string, n int) error {
	of, err := collectionOf(word)
	if err != nil {
		return err
	}
	item, ok, err := w.holding(of).item(w.checks(ctx), w.run.shapes, n-1)
	if err == nil && !ok {
		err = &notRun{report.Unsupported, fmt.Sprintf("the account holds fewer than %d %s", n, of.name)}
	}
	w.vars[name] = item
	return err
}

func (w *world) chooseOne(ctx context.Context, name, word string, table *godog.Table) error {
	where, err := w.rows(table)
	if err != nil {
		return err
	}
	found, err := w.find(w.checks(ctx), word, 1, where...)
	if err == nil {
		w.vars[name] = found[0]
	}
	return err
}

// chooseNumber reads each number by its id: a list does not have the users of a number.
func (w *world) chooseNumber(ctx context.Context, name string, table *godog.Table) error {
	where, err := w.rows(table)
	if err != nil {
		return err
	}
	numbers, err := w.find(w.checks(ctx), "number", -1)
	if err != nil {
		return err
	}
	for _, listed := range numbers {
		if err := w.choosePath(ctx, name, "number", "/v1/numbers/"+idOf(listed)); err != nil {
			return err
		}
		if ok, err := holdAll(where, w.vars[name]); err != nil || ok {
			return err
		}
	}
	return &notRun{report.Skipped, "the account holds no number of the kind the scenario needs"}
}

// choosePath reads a single object: `$call is the "call" of the path "/v1/calls/$call_id"`.
func (w *world) choosePath(ctx context.Context, name, key, path string) error {
	path, err := w.expandPath(path)
	if err != nil {
		return err
	}
	v, err := w.t.read(w.checks(ctx), w.account, path)
	if err != nil {
		return err
	}
	w.vars[name], err = w.promised(key, v, "the "+key)
	return err
}

// promised returns the object under the key of a reply. It fails if a field is missing that the Lua reference promises.
func (w *world) promised(key string, reply any, place string) (any, error) {
	wanted := "<any>"
	if _, has := promised["promised_"+key]; has {
		wanted = "<promised_" + key + ">"
	}
	err := w.run.shapes.match(orderedjson.Object{{Key: key, Value: wanted}}, reply, asDocumented, place)
	v, _ := at(orderedjson.Plain(reply), key)
	return v, err
}

// condition is a row of a table: the path of a field, a relation and a value.
type condition struct {
	field, relation string
	Value           any
}

// Relations of a condition.
const (
	is             = "is"
	isNot          = "is not"
	contains       = "contains"        // a text, ignoring case
	holds          = "holds"           // an element of a list; texts ignoring case
	lacks          = "lacks"           // the opposite of holds
	holdsDigits    = "holds digits"    // a phone number in a list, in any notation
	containsDigits = "contains digits" // a phone number within a text, in any notation
	moreThan       = "more than"
	atLeast        = "at least"
	atMost         = "at most"
)

// rows reads a table of conditions. A value is JSON, or else text, with the values of its $names.
func (w *world) rows(table *godog.Table) (out []condition, err error) {
	if table == nil {
		return nil, nil
	}
	for _, row := range table.Rows {
		if len(row.Cells) != 3 {
			return nil, fmt.Errorf("a row of conditions needs three cells: field, relation, value")
		}
		value, err := w.value(row.Cells[2].Value)
		if err != nil {
			return nil, err
		}
		out = append(out, condition{row.Cells[0].Value, row.Cells[1].Value, value})
	}
	return out, nil
}

func (c condition) holds(item any) (bool, error) {
	got := field(item, c.field)
	switch c.relation {
	case is:
		return equal(got, c.Value), nil
	case isNot:
		return !equal(got, c.Value), nil
	case contains:
		text, _ := got.(string)
		part, ok := c.Value.(string)
		return ok && strings.Contains(strings.ToLower(text), strings.ToLower(part)), nil
	case holds:
		return anyOf(got, func(v any) bool { return equal(fold(v), fold(c.Value)) }), nil
	case lacks:
		return !anyOf(got, func(v any) bool { return equal(fold(v), fold(c.Value)) }), nil
	case holdsDigits:
		return anyOf(got, func(v any) bool { return digits(v) == digits(c.Value) }), nil
	case containsDigits:
		want := digits(c.Value)
		return want != "" && strings.Contains(digits(got), want), nil
	case moreThan, atLeast, atMost:
		n, ok := compareValues(got, c.Value)
		if kind := orderedjson.KindOf(c.Value); kind != "a number" && kind != "a string" {
			return false, &finding{what: fmt.Sprintf("%s cannot be compared with %s", c.field, kind)}
		}
		return ok && (n > 0 && c.relation != atMost || n == 0 && c.relation != moreThan || n < 0 && c.relation == atMost), nil
	}
	return false, fmt.Errorf("there is no relation %q", c.relation)
}

func holdAll(where []condition, item any) (bool, error) {
	for _, c := range where {
		if ok, err := c.holds(item); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

func anyOf(list any, f func(any) bool) bool {
	items, _ := list.([]any)
	return slices.ContainsFunc(items, f)
}

func fold(v any) any {
	if s, ok := v.(string); ok {
		return strings.ToLower(s)
	}
	return v
}

func digits(v any) string {
	s, _ := v.(string)
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// field returns the value at a path. For several paths separated by blanks it joins the texts and skips null.
func field(item any, path string) any {
	paths := strings.Fields(path)
	if len(paths) == 1 {
		v, _ := at(item, path)
		return v
	}
	var parts []string
	for _, p := range paths {
		v, _ := at(item, p)
		text, _ := v.(string)
		parts = append(parts, text)
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// compareValues orders numbers by size and texts, such as dates, as texts. It reports false for values of two kinds.
func compareValues(a, b any) (int, bool) {
	x, isNumber := orderedjson.Integer(a)
	y, areNumbers := orderedjson.Integer(b)
	if isNumber && areNumbers {
		return cmp.Compare(x, y), true
	}
	s, isText := a.(string)
	t, areTexts := b.(string)
	return strings.Compare(s, t), isText && areTexts
}

// equal compares plain values, with numbers of any Go type.
func equal(a, b any) bool {
	if x, ok := orderedjson.Integer(a); ok {
		y, ok := orderedjson.Integer(b)
		return ok && x == y
	}
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k, v := range a {
			if o, ok := b[k]; !ok || !equal(v, o) {
				return false
			}
		}
		return true
	}
	switch b.(type) {
	case []any, map[string]any:
		return false
	}
	return a == b
}
