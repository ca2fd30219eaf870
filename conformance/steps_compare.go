package conformance

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/cucumber/godog"
)

// compareSteps compare the result of a script, or the last reply, with what the API holds.
var compareSteps = map[string]func(*world) any{
	`it prints:`:                                              func(w *world) any { return w.prints },
	`it prints what the manual says`:                          func(w *world) any { return w.printsManual },
	`it prints nothing`:                                       func(w *world) any { return func() error { return w.printed("") } },
	`it prints, for (?:each of )?\$(\w+):`:                    func(w *world) any { return w.printsForEach },
	`"([^"]*)" (?:is|are) \$(\w[\w.]*)`:                       func(w *world) any { return w.isNamed },
	`"([^"]*)" is (-?\d+|true|false|null|".*"|\[.*\]|\{.*\})`: func(w *world) any { return w.isLiteral },
	`"([^"]*)" is not \$(\w[\w.]*)`:                           func(w *world) any { return w.isNotNamed },
	`\$(\w+) is (not )?\$(\w+)`:                               func(w *world) any { return w.areSame },
	`"([^"]*)" is \$(\w+) plus (\d+)`:                         func(w *world) any { return w.isPlus },
	`for each of (?:\$(\w+)|"([^"]*)") all of this is true:`:  func(w *world) any { return w.eachTrue },
	`"([^"]*)" is the number of \$(\w+)`:                      func(w *world) any { return w.isNumberOf },
	`"([^"]*)" is missing`:                                    func(w *world) any { return w.isMissing },
	`(?:each of )?"([^"]*)" adds to \$(\w+):`:                 func(w *world) any { return w.adds },
}

// subjectAt returns a part of the result of the last script, or of the last reply.
func (w *world) subjectAt(path string) (any, bool, error) {
	if err := w.result(); err != nil {
		return nil, false, err
	}
	v, ok := at(w.subject, path)
	return v, ok, nil
}

func (w *world) mustSubject(path string) (any, error) {
	v, ok, err := w.subjectAt(path)
	if err == nil && !ok {
		err = &finding{what: fmt.Sprintf("%q is missing", path)}
	}
	return v, err
}

// prints compares the whole output of the script.
func (w *world) prints(doc *godog.DocString) error {
	want, err := w.expand(doc.Content, asText)
	if err != nil {
		return err
	}
	return w.printed(want + "\n")
}

func (w *world) printsManual() error {
	if w.chapter == "" {
		return fmt.Errorf("no example ran whose chapter says what it prints")
	}
	return w.printed(w.chapter)
}

// printsForEach expects the text once for each of the things, in their order, or for one thing.
func (w *world) printsForEach(ctx context.Context, name string, doc *godog.DocString) error {
	return w.twice(ctx, name, func(items []any) error {
		if len(items) == 0 {
			return &notRun{report.Unsupported, "the account holds none of what the example prints"}
		}
		var want strings.Builder
		for _, item := range items {
			line, err := fill(doc.Content, item)
			if err != nil {
				return err
			}
			want.WriteString(line + "\n")
		}
		return w.printed(want.String())
	})
}

func (w *world) printed(want string) error {
	if err := w.result(); err != nil {
		return err
	}
	if w.script.output == want {
		return nil
	}
	wants, gots := strings.Split(want, "\n"), strings.Split(w.script.output, "\n")
	for i := range max(len(wants), len(gots)) {
		line := func(lines []string) string {
			if i < len(lines)-1 {
				return lines[i]
			}
			return "(no such line)"
		}
		if a, b := line(wants), line(gots); a != b {
			return &finding{fmt.Sprintf("line %d of %d of the output differs, %d lines were expected", i+1, len(gots)-1, len(wants)-1), a, b}
		}
	}
	return &finding{"the output differs in its last line end", want, w.script.output}
}

func (w *world) selection(name string) (*selection, error) {
	s, ok := w.vars[name].(*selection)
	if !ok {
		return nil, fmt.Errorf("the scenario has not chosen $%s", name)
	}
	return s, nil
}

// twice compares with a selection, or with a single value that the scenario named. If the target may have changed meanwhile,
// it reads the selection again and compares once more.
func (w *world) twice(ctx context.Context, name string, compare func([]any) error) error {
	s, isSelection := w.vars[name].(*selection)
	if !isSelection {
		v, err := w.lookup(name, "")
		if err != nil {
			return err
		}
		return compare([]any{v})
	}
	err := compare(s.items)
	if err == nil || !w.t.moves(s.of.name) {
		return err
	}
	items, again := s.again(ctx)
	if again != nil {
		return again
	}
	return compare(items)
}

// isNamed compares with a value that the scenario named. A list that was read while entries came or went must fit the
// readings before and after it.
func (w *world) isNamed(ctx context.Context, path, name string) error {
	got, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	s, isSelection := w.vars[name].(*selection)
	if !isSelection {
		want, err := w.lookup(name, "")
		if err != nil {
			return err
		}
		return agree(want, got, path)
	}
	return w.twice(ctx, name, func(items []any) error {
		err := sameList(items, got, path)
		if list, ok := listOf(got); err != nil && ok && w.t.moves(s.of.name) && readBetween(s.items, items, list) && eachFrom(list, s.items, items) {
			return nil
		}
		return err
	})
}

// eachFrom reports whether each entry of a list is, with the same fields, in one of the readings.
func eachFrom(list []any, readings ...[]any) bool {
	return !slices.ContainsFunc(list, func(item any) bool {
		return !slices.ContainsFunc(slices.Concat(readings...), func(read any) bool {
			return idOf(read) == idOf(item) && agree(read, item, "") == nil
		})
	})
}

// sameList checks that a list has the same entries in the same order. Its finding says which of these is wrong.
func sameList(want []any, value any, place string) error {
	got, ok := listOf(value)
	if !ok {
		return wrongKind(place, "a list", value)
	}
	w, g := idsOf(want), idsOf(got)
	if !slices.Equal(w, g) {
		lacking := func(list, other []string) int {
			return len(slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(other, id) }))
		}
		missing, extra := lacking(w, g), lacking(g, w)
		what := fmt.Sprintf("%s: %d entries instead of %d, %d missing, %d that do not belong", place, len(g), len(w), missing, extra)
		if missing+extra == 0 && len(w) == len(g) {
			what = place + ": the right entries in the wrong order"
		}
		return &finding{what, "ids " + strings.Join(w, " "), "ids " + strings.Join(g, " ")}
	}
	for i := range want {
		if err := agree(want[i], got[i], fmt.Sprintf("%s[%d]", place, i+1)); err != nil {
			return err
		}
	}
	return nil
}

// listOf takes an empty table of a script for a list: Lua has one kind of table for both.
func listOf(v any) ([]any, bool) {
	if m, isMap := v.(map[string]any); isMap && len(m) == 0 {
		return []any{}, true
	}
	list, ok := v.([]any)
	return list, ok
}

// added are the fields that the reference promises besides those of Aircall. Other steps check their values.
var added = []string{"from", "to", "first_name", "last_name", "number"}

// texts are the names that are text in the reference: null on the wire is "" in Lua.
var texts = []string{"first_name", "last_name", "company_name", "information"}

// agree compares a value of the wire with the same value in Lua, which must have every key of the wire whose value is not
// null, and no others but the added ones.
func agree(wire, lua any, place string) error {
	switch want := wire.(type) {
	case map[string]any:
		got, ok := lua.(map[string]any)
		if !ok {
			return wrongKind(place, "an object", lua)
		}
		for _, key := range slices.Sorted(maps.Keys(want)) {
			v := want[key]
			if err := agreeKey(key, v, got, place+"."+key); err != nil {
				return err
			}
		}
		for _, key := range slices.Sorted(maps.Keys(got)) {
			if _, ok := want[key]; !ok && !slices.Contains(added, key) {
				return &finding{what: fmt.Sprintf("%s has the key %q, which the API does not send", place, key)}
			}
		}
		return nil
	case []any:
		got, ok := listOf(lua)
		if !ok {
			return wrongKind(place, "a list", lua)
		}
		if len(got) != len(want) {
			return &finding{fmt.Sprintf("%s has %d entries, not %d", place, len(got), len(want)), show(want), show(lua)}
		}
		for i := range want {
			if err := agree(want[i], got[i], fmt.Sprintf("%s[%d]", place, i+1)); err != nil {
				return err
			}
		}
		return nil
	}
	if !equal(wire, lua) {
		return &finding{place + " differs", show(wire), show(lua)}
	}
	return nil
}

func agreeKey(key string, wire any, lua map[string]any, place string) error {
	got, has := lua[key]
	switch {
	case wire == nil && has && got == nil:
		return nil // two replies are compared
	case wire == nil && slices.Contains(texts, key):
		wire = ""
	case wire == nil && !has:
		return nil
	}
	if !has {
		return &finding{what: place + " is missing"}
	}
	if slices.Contains(signed, key) {
		wire, got = unsigned(wire), unsigned(got)
	}
	return agree(wire, got, place)
}

// signed are links that are signed anew at every read, for one hour each.
var signed = []string{"recording", "voicemail"}

// unsigned returns a link without its signature, which is in the query.
func unsigned(v any) any {
	if s, ok := v.(string); ok {
		v, _, _ = strings.Cut(s, "?")
	}
	return v
}

func (w *world) isLiteral(path, text string) error {
	got, ok, err := w.subjectAt(path)
	if err != nil {
		return err
	}
	if text, err = w.expand(text, asJSON); err != nil {
		return err
	}
	v, err := orderedjson.Decode([]byte(text))
	if err != nil {
		return fmt.Errorf("%s is no JSON: %w", text, err)
	}
	want := orderedjson.Plain(v)
	if empty, isList := want.([]any); isList && len(empty) == 0 && ok {
		return agree(want, got, path)
	}
	if !ok && want != nil || !equal(want, got) {
		return &finding{path + " differs", show(want), show(got)}
	}
	return nil
}

func (w *world) isNumberOf(path, name string) error {
	got, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	s, err := w.selection(name)
	if err != nil {
		return err
	}
	if n, ok := orderedjson.Integer(got); !ok || n != int64(len(s.items)) {
		return &finding{path + " is not the number of entries that the API holds", fmt.Sprint(len(s.items)), show(got)}
	}
	return nil
}

// isNotNamed accepts a 404 as well, which has no such part.
func (w *world) isNotNamed(path, name string) error {
	got, there, err := w.subjectAt(path)
	if notFound := w.reply != nil && w.reply.status == http.StatusNotFound; err == nil && !there && notFound {
		return nil
	}
	if err == nil && !there {
		err = &finding{what: fmt.Sprintf("%q is missing", path)}
	}
	if err != nil {
		return err
	}
	other, err := w.lookup(name, "")
	if err == nil && equal(got, other) {
		err = &finding{what: fmt.Sprintf("%s is the same as $%s", path, name), got: show(got)}
	}
	return err
}

// areSame compares two values that the scenario named.
func (w *world) areSame(one, not, other string) error {
	a, err := w.lookup(one, "")
	if err != nil {
		return err
	}
	b, err := w.lookup(other, "")
	if err == nil && equal(a, b) == (not != "") {
		err = &finding{fmt.Sprintf("it is not true that $%s is %s$%s", one, not, other), show(b), show(a)}
	}
	return err
}

func (w *world) isPlus(path, name string, n int) error {
	got, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	v, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	before, _ := orderedjson.Integer(v)
	if now, ok := orderedjson.Integer(got); !ok || now != before+int64(n) {
		return &finding{path + " differs", fmt.Sprint(before + int64(n)), show(got)}
	}
	return nil
}

// eachTrue fills templates, which must come out as "true", from each entry of a selection or of a list in the last reply.
func (w *world) eachTrue(name, path string, table *godog.Table) error {
	var items []any
	if s, err := w.selection(name); name != "" && err != nil {
		return err
	} else if name != "" {
		items = s.items
	} else if items, err = w.listAt(path); err != nil {
		return err
	}
	if len(items) == 0 && name == "" {
		return &notRun{report.Unsupported, "the account holds none of the " + path + " to look at"}
	}
	for _, item := range items {
		for _, row := range table.Rows {
			out, err := fill(row.Cells[0].Value, item)
			if err != nil {
				return err
			}
			if out != "true" {
				return &finding{fmt.Sprintf("%s%s %s: this is not true: %s", name, path, idOf(item), row.Cells[0].Value), "true", out + " for " + show(item)}
			}
		}
	}
	return nil
}

func (w *world) isMissing(path string) error {
	v, ok, err := w.subjectAt(path)
	if err == nil && ok {
		err = &finding{path + " is there", "nothing", show(v)}
	}
	return err
}

// adds checks the fields that the Lua reference adds to an object, or to each of several. A row has the path of a field and
// a template that computes its value from the wire.
func (w *world) adds(ctx context.Context, path, name string, table *godog.Table) error {
	got, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	return w.twice(ctx, name, func(items []any) error {
		list, isList := listOf(got)
		if !isList {
			list = []any{got}
		}
		if len(list) != len(items) {
			return &finding{what: fmt.Sprintf("%s has %d entries, not %d", path, len(list), len(items))}
		}
		for i, item := range items {
			if err := addsTo(item, list[i], fmt.Sprintf("%s[%d]", path, i+1), table); err != nil {
				return err
			}
		}
		return nil
	})
}

func addsTo(wire, lua any, place string, table *godog.Table) error {
	for _, row := range table.Rows {
		key, text := row.Cells[0].Value, row.Cells[1].Value
		if parent, _, nested := strings.Cut(key, "."); nested {
			if v, _ := at(wire, parent); v == nil {
				continue // a call that nobody answered has no user to add fields to
			}
		}
		want, err := fill(text, wire)
		if err != nil {
			return err
		}
		if got, ok := at(lua, key); !ok || got != want {
			return &finding{fmt.Sprintf("%s.%s does not follow from the wire", place, key), want, show(got)}
		}
	}
	return nil
}
