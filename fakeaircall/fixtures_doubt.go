package fakeaircall

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// CheckFixtures says all that is wrong with o.Fixtures, as New does. known is what its caller found in the
// text that they were read from: an entry with such a mistake lacks something, and what only follows
// from that is not said. The Path of one that is known may be that of a field, an entry or a kind; with
// "" the entries of the account are looked at by themselves, and nothing is said of how they agree.
func CheckFixtures(o Options, known FixtureMistakes) (FixtureMistakes, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	_, wrong := o.seedFixtures(newClock(o.Clock, o.Speed).now(), known)
	return wrong, nil
}

// doubts are what mistakes make uncertain: what follows from one alone is not said.
type doubts struct {
	flawed map[string]bool            // paths of mistakes of form
	bad    map[string]map[string]bool // by entry, its fields with such a mistake; "": it may have others
	lost   map[string]map[string]bool // by kind, the names of entries that were left out; "": one has none that is known
}

func newDoubts(account string, known FixtureMistakes) doubts {
	d := doubts{make(map[string]bool), make(map[string]map[string]bool), make(map[string]map[string]bool)}
	for _, m := range known {
		if m.Account == account {
			d.note(m.Path)
		}
	}
	return d
}

// note takes a mistake of form at a path, such as calls[3].comments[0].posted_at.
func (d *doubts) note(path string) {
	d.flawed[path] = true
	kind, _, inside := strings.Cut(path, "[")
	if !inside {
		d.lose(kind, "")
		return
	}
	entry, rest, _ := strings.Cut(path, "]")
	field := strings.TrimPrefix(rest, ".")
	if end := strings.IndexAny(field, ".["); end >= 0 {
		field = field[:end]
	}
	if d.bad[entry+"]"] == nil {
		d.bad[entry+"]"] = make(map[string]bool)
	}
	d.bad[entry+"]"][field] = true
}

func (d *doubts) lose(kind string, names ...string) {
	if d.lost[kind] == nil {
		d.lost[kind] = make(map[string]bool)
	}
	for _, name := range names {
		d.lost[kind][name] = true
	}
}

// clean says that nothing is wrong in form with fields of the entry.
func (f *fixer) clean(fields ...string) bool {
	bad := f.bad[f.path]
	return !bad[""] && !bad["id"] && !slices.ContainsFunc(fields, func(name string) bool { return bad[name] })
}

// strip takes the values away that are wrong in form, so that nobody goes by them.
func (f *fixer) strip(entry reflect.Value) {
	bad := f.bad[f.path]
	if len(bad) == 0 {
		return
	}
	for i := range entry.NumField() {
		if v := entry.Field(i); bad[entry.Type().Field(i).Tag.Get("json")] && v.Kind() != reflect.Slice {
			v.SetZero()
		}
	}
}

// leaveOut remembers by what others may name an entry that has a mistake. names are its own, or nil
// where the field that has them was not given.
func (f *fixer) leaveOut(kind string, id int64, there bool, nameField string, names ...*string) {
	bad := f.bad[f.path]
	if bad["id"] || bad[nameField] {
		f.lose(kind, "")
	}
	named := there
	for _, name := range names {
		if name != nil {
			named = true
			f.lose(kind, referenceKeys(*name)...)
		}
	}
	if !named {
		f.lose(kind, "")
	}
	if id != 0 {
		f.lose(kind, strconv.FormatInt(id, 10))
	}
}

// referenceKeys are a name as it stands, and as a phone number.
func referenceKeys(name string) []string {
	keys := []string{strings.ToLower(name)}
	if d := digits(name); d != "" && strings.HasPrefix(name, "+") {
		keys = append(keys, "+"+d)
	}
	return keys
}

// maybe says that a reference may be to an entry that was left out: whether there is such a record,
// and what it is, nobody knows before that is mended.
func (f *fixer) maybe(kind, ref string) bool {
	lost := f.lost[kind]
	if !lost[""] && !slices.ContainsFunc(referenceKeys(ref), func(key string) bool { return lost[key] }) {
		return false
	}
	f.doubted = true
	return true
}

// stale notes that a record was found whose entry was left out.
func (f *fixer) stale(kind string, id int64) {
	f.doubted = f.doubted || f.lost[kind][strconv.FormatInt(id, 10)]
}
