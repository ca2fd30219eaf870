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

// compareSteps hold the result of a script, or the last reply, against what the API holds.
var compareSteps = map[string]func(*world) any{
	`it prints:`:                                              func(w *world) any { return w.prints },
	`it prints what its chapter says`:                         func(w *world) any { return w.printsChapter },
	`it prints nothing`:                                       func(w *world) any { return w.printsNothing },
	`it prints, for \$(\w+):`:                                 func(w *world) any { return w.printsFor },
	`it prints, for each of \$(\w+):`:                         func(w *world) any { return w.printsForEach },
	`"([^"]*)" (?:is|are) \$(\w[\w.]*)`:                       func(w *world) any { return w.isNamed },
	`"([^"]*)" is (-?\d+|true|false|null|".*"|\[.*\]|\{.*\})`: func(w *world) any { return w.isLiteral },
	`"([^"]*)" is not \$(\w[\w.]*)`:                           func(w *world) any { return w.isNotNamed },
	`"([^"]*)" is \$(\w+) plus (\d+)`:                         func(w *world) any { return w.isPlus },
	`of each of \$(\w+) it is true that:`:                     func(w *world) any { return w.eachTrue },
	`"([^"]*)" is the number of \$(\w+)`:                      func(w *world) any { return w.isNumberOf },
	`"([^"]*)" is the last of \$(\w+)`:                        func(w *world) any { return w.isLast },
	`"([^"]*)" is missing`:                                    func(w *world) any { return w.isMissing },
	`each of "([^"]*)" adds, from what \$(\w+) hold:`:         func(w *world) any { return w.eachAdds },
	`"([^"]*)" adds, from what \$(\w+) holds:`:                func(w *world) any { return w.adds },
}

// subjectAt gives a part of what the last script returned or the last reply held.
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

// subjectAnd gives a part of the subject and what it is to be compared with.
func (w *world) subjectAnd(path, name string) (any, *selection, error) {
	got, err := w.mustSubject(path)
	if err != nil {
		return nil, nil, err
	}
	s, err := w.selection(name)
	return got, s, err
}

// prints compares all that the script printed.
func (w *world) prints(doc *godog.DocString) error {
	want, err := w.expand(doc.Content, asText)
	if err != nil {
		return err
	}
	return w.printed(want + "\n")
}

func (w *world) printsChapter() error {
	if w.chapter == "" {
		return fmt.Errorf("no example ran whose chapter says what it prints")
	}
	return w.printed(w.chapter)
}

func (w *world) printsNothing() error { return w.printed("") }

func (w *world) printsFor(name string, doc *godog.DocString) error {
	v, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	return w.printsOf([]any{v}, doc.Content)
}

// printsForEach expects the text once per thing, in order.
func (w *world) printsForEach(ctx context.Context, name string, doc *godog.DocString) error {
	s, err := w.selection(name)
	if err != nil {
		return err
	}
	if len(s.items) == 0 {
		return &notRun{report.Unsupported, "the account holds none of what the example prints"}
	}
	return w.twice(ctx, s, func(items []any) error { return w.printsOf(items, doc.Content) })
}

func (w *world) printsOf(items []any, text string) error {
	var want strings.Builder
	for _, item := range items {
		line, err := fill(text, item)
		if err != nil {
			return err
		}
		want.WriteString(line + "\n")
	}
	return w.printed(want.String())
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
			return &finding{fmt.Sprintf("line %d of %d differs in what it prints, %d lines were expected", i+1, len(gots)-1, len(wants)-1), a, b}
		}
	}
	return &finding{"what it prints differs in its last line end", want, w.script.output}
}

func (w *world) selection(name string) (*selection, error) {
	s, ok := w.vars[name].(*selection)
	if !ok {
		return nil, fmt.Errorf("the scenario has chosen nothing called $%s", name)
	}
	return s, nil
}

// twice compares, and where the target may have changed meanwhile compares once more with what the API holds by now.
func (w *world) twice(ctx context.Context, s *selection, compare func([]any) error) error {
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

// isNamed compares with something the scenario named.
func (w *world) isNamed(ctx context.Context, path, name string) error {
	got, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	if s, ok := w.vars[name].(*selection); ok {
		before := s.items
		return w.twice(ctx, s, func(items []any) error {
			err := sameList(items, got, path)
			if err != nil && w.t.moves(s.of.name) {
				err = sameBetween(before, items, got, path, err)
			}
			return err
		})
	}
	want, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	return agree(want, got, path)
}

// sameList wants the same things in the same order, and tells apart what is wrong when it is not so.
func sameList(want []any, value any, place string) error {
	got, ok := listOf(value)
	if !ok {
		return wrongKind(place, "a list", value)
	}
	ids := func(items []any) (out []string) {
		for _, i := range items {
			out = append(out, idOf(i))
		}
		return out
	}
	w, g := ids(want), ids(got)
	if !slices.Equal(w, g) {
		missing, extra := 0, 0
		for _, id := range w {
			if !slices.Contains(g, id) {
				missing++
			}
		}
		for _, id := range g {
			if !slices.Contains(w, id) {
				extra++
			}
		}
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

// listOf takes the empty table of a script for a list: Lua does not tell the two apart.
func listOf(v any) ([]any, bool) {
	if m, isMap := v.(map[string]any); isMap && len(m) == 0 {
		return []any{}, true
	}
	list, ok := v.([]any)
	return list, ok
}

// sameBetween compares a list that was read between two others while things came and went. It wants what stands in both, in
// that order and as it is in one of them, and nothing that stands in neither. Otherwise, and if nothing came or went, it gives
// the error of the strict comparison.
func sameBetween(before, after []any, value any, place string, strict error) error {
	got, ok := listOf(value)
	moved := cameOrWent(before, after)
	if !ok || moved == 0 {
		return strict
	}
	stays := common(before, after)
	var kept []any
	twice := 0
	for _, item := range got {
		id := idOf(item)
		was, is := withID(before, id), withID(after, id)
		if (was == nil || agree(was, item, place) != nil) && (is == nil || agree(is, item, place) != nil) {
			return strict
		}
		switch {
		case was == nil || is == nil:
		case withID(kept, id) != nil:
			twice++ // pushed to the page after the one on which it stood
		default:
			kept = append(kept, item)
		}
	}
	// What came in front pushes what stands last out of a page.
	if pushed := len(stays) - len(kept); pushed < 0 || pushed > moved || twice > moved || !slices.Equal(idsOf(kept), idsOf(stays[:len(kept)])) {
		return strict
	}
	return nil
}

// cameOrWent counts what stands in one of two readings of a list and not in the other.
func cameOrWent(before, after []any) int {
	front := after[:min(len(after), len(before))]
	return len(before) - len(common(before, after)) + len(front) - len(common(front, before))
}

// common are the entries of a list that stand in another as well.
func common(list, other []any) (out []any) {
	for _, item := range list {
		if withID(other, idOf(item)) != nil {
			out = append(out, item)
		}
	}
	return out
}

// withID finds an entry; nil if there is none.
func withID(list []any, id string) any {
	for _, item := range list {
		if idOf(item) == id {
			return item
		}
	}
	return nil
}

// added are the fields that the reference promises beside those Aircall sends. Their values are for steps of their own.
var added = []string{"from", "to", "first_name", "last_name", "number"}

// texts are the names that are text in the reference; null on the wire is "" in Lua.
var texts = []string{"first_name", "last_name", "company_name", "information"}

// agree holds a value of the wire against the same value in Lua, which has every key the wire has but those that are
// null, and no other but the added ones.
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
				return &finding{what: fmt.Sprintf("%s has the key %q, which the API did not send", place, key)}
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
		return nil // a reply compared with another
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

// signed are links that are signed anew at every reading, for an hour each.
var signed = []string{"recording", "voicemail"}

// unsigned is a link without its signature, which stands in the query.
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
	got, s, err := w.subjectAnd(path, name)
	if err != nil {
		return err
	}
	if n, ok := integer(got); !ok || n != int64(len(s.items)) {
		return &finding{path + " is not the number of what the API holds", fmt.Sprint(len(s.items)), show(got)}
	}
	return nil
}

func (w *world) isNotNamed(path, name string) error {
	got, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	other, err := w.lookup(name, "")
	if err == nil && equal(got, other) {
		err = &finding{what: fmt.Sprintf("%s is the same as $%s", path, name), got: show(got)}
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
	before, _ := integer(v)
	if now, ok := integer(got); !ok || now != before+int64(n) {
		return &finding{path + " differs", fmt.Sprint(before + int64(n)), show(got)}
	}
	return nil
}

// eachTrue evaluates templates that must come out as "true".
func (w *world) eachTrue(name string, table *godog.Table) error {
	s, err := w.selection(name)
	if err != nil {
		return err
	}
	for _, item := range s.items {
		for _, row := range table.Rows {
			out, err := fill(row.Cells[0].Value, item)
			if err != nil {
				return err
			}
			if out != "true" {
				return &finding{fmt.Sprintf("%s %s: it is not so that %s", s.of.one, idOf(item), row.Cells[0].Value), "true", out + " for " + show(item)}
			}
		}
	}
	return nil
}

func (w *world) isLast(path, name string) error {
	got, s, err := w.subjectAnd(path, name)
	if err != nil {
		return err
	}
	if len(s.items) == 0 {
		return &finding{what: path + " is there, but the API holds none"}
	}
	return sameList(s.items[len(s.items)-1:], []any{got}, path)
}

func (w *world) isMissing(path string) error {
	v, ok, err := w.subjectAt(path)
	if err == nil && ok {
		err = &finding{path + " is there", "nothing", show(v)}
	}
	return err
}

// eachAdds computes the added fields from the wire alone: a table of a path and a template.
func (w *world) eachAdds(ctx context.Context, path, name string, table *godog.Table) error {
	got, s, err := w.subjectAnd(path, name)
	if err != nil {
		return err
	}
	return w.twice(ctx, s, func(items []any) error {
		list, ok := listOf(got)
		if !ok || len(list) != len(items) {
			return &finding{what: fmt.Sprintf("%s is not a list of %d", path, len(items))}
		}
		for i, item := range items {
			if err := addsTo(item, list[i], fmt.Sprintf("%s[%d]", path, i+1), table); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) adds(path, name string, table *godog.Table) error {
	got, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	wire, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	return addsTo(wire, got, path, table)
}

func addsTo(wire, lua any, place string, table *godog.Table) error {
	for _, row := range table.Rows {
		key, text := row.Cells[0].Value, row.Cells[1].Value
		if parent, _, nested := strings.Cut(key, "."); nested {
			if v, _ := at(wire, parent); v == nil {
				continue // a call that nobody took has no user to add to
			}
		}
		want, err := fill(text, wire)
		if err != nil {
			return err
		}
		if got, ok := at(lua, key); !ok || got != want {
			return &finding{fmt.Sprintf("%s.%s is not what the wire says", place, key), want, show(got)}
		}
	}
	return nil
}

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
