package binding

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/internal/luabox"
)

// mistakes are texts about wrong arguments, at most maxProblems.
type mistakes []string

func (m *mistakes) add(format string, args ...any) {
	if len(*m) < maxProblems {
		*m = append(*m, fmt.Sprintf(format, args...))
	}
}

// maxQuery is the most characters of a search: more than a name, number or e-mail has, and less than a URL may have.
const maxQuery = 255

// value checks an argument, which messages call name, and returns it in the form that [arguments] describes. It returns nil
// for an absent or wrong argument, and adds to m why it is wrong.
func (p *Param) value(name string, v lua.LValue, m *mistakes) any {
	wrong := func(must string, args ...any) any {
		m.add("%s must be %s, got %s", name, fmt.Sprintf(must, args...), describe(v))
		return nil
	}
	raw, isText := v.(lua.LString)
	text := strings.TrimSpace(string(raw))
	if len(text) < len(raw) {
		text = strings.Clone(text) // an iterator keeps it, without what was around it
	}
	if isText && !utf8.ValidString(text) {
		m.add("%s is not valid UTF-8", name)
		return nil
	}
	n, isWhole := wholeNumber(v)
	switch p.Kind {
	case KindID:
		if isWhole && n >= 1 {
			return n
		}
		return wrong("an integer from 1 to %d", maxSafe)
	case KindInteger:
		most := cmp.Or(p.Max, maxSafe)
		if isWhole && n >= p.Min && n <= most {
			return n
		} else if p.Max == 0 {
			return wrong("an integer of at least %d", p.Min)
		}
		return wrong("an integer from %d to %d", p.Min, most)
	case KindBool:
		if b, ok := v.(lua.LBool); ok {
			return valueOf(bool(b))
		}
		return wrong("true or false")
	case KindEnum:
		if isText && slices.Contains(p.Enum, string(raw)) {
			return string(raw)
		}
		return wrong("%s", orList(p.Enum, strconv.Quote))
	case KindTime:
		return unixSeconds(name, v, m)
	case KindText:
		if p.Nullable && isNull(v) {
			return (*string)(nil)
		} else if !isText {
			return wrong("a string")
		}
		return new(string(raw))
	case KindQuery:
		if !isText && isWhole {
			return strconv.FormatInt(n, 10)
		} else if !isText {
			return wrong("a string")
		} else if runes := utf8.RuneCountInString(text); runes > maxQuery {
			m.add("%s must be at most %d characters, got %d", name, maxQuery, runes)
		} else if text != "" {
			return text
		}
		return nil
	case KindKey: // for a segment of a path or a string in a body
		if !isText && isWhole && n > 0 {
			return strconv.FormatInt(n, 10)
		} else if text == "" || len(text) > maxQuery || strings.ContainsFunc(text, unicode.IsControl) {
			return wrong("an id")
		}
		return text
	case KindPhone: // any text that looks like one; Aircall knows which exist
		if len(text) > maxQuery || phoneOf(text) == "" {
			return wrong(`a telephone number in E.164 such as "+33612345678"`)
		}
		return text
	case KindObject, KindMap:
		t, ok := v.(*lua.LTable)
		if !ok && p.Kind == KindObject {
			return wrong("a table")
		} else if !ok {
			return wrong("a table of texts by name")
		} else if p.Kind == KindObject {
			return p.object(name, t, m)
		}
		return textsByName(name, t, m)
	case KindTable:
		return tableOf(name, v, m)
	case KindPath:
		return requestPath(name, v, m)
	case KindTags:
		if tags := eachItem(name, v, pageSize, m, tagOf); len(tags) > 0 {
			return tags
		}
		return nil
	case KindPhones, KindEmails:
		return eachItem(name, v, maxEntries, m, p.entry)
	default:
		return arrayOf(eachItem(name, v, int(p.Max), m, p.Items.value))
	}
}

// wholeNumber reads an integer within ±(2^53-1), or a string of digits.
func wholeNumber(v lua.LValue) (int64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		f := float64(v)
		return int64(f), f == math.Trunc(f) && math.Abs(f) <= maxSafe
	case lua.LString:
		if v == "" || strings.Trim(string(v), "0123456789") != "" {
			return 0, false
		}
		n, err := strconv.ParseInt(string(v), 10, 64)
		return n, err == nil && n <= maxSafe
	}
	return 0, false
}

// unixSeconds converts a time to UNIX seconds, the only form Aircall reads.
func unixSeconds(name string, v lua.LValue, m *mistakes) any {
	// More seconds than these are in the year 5138: they are milliseconds.
	const mostSeconds = 1e11
	if n, ok := wholeNumber(v); ok && n > mostSeconds {
		m.add("%s looks like milliseconds, give UNIX seconds, got %s", name, describe(v))
		return nil
	} else if ok && n >= 0 {
		return n
	}
	s, _ := v.(lua.LString)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, string(s)); err == nil && t.Unix() >= 0 {
			return t.Unix()
		}
	}
	m.add(`%s: expected ISO 8601 such as "2026-01-01T00:00:00Z" or UNIX seconds, got %s`, name, describe(v))
	return nil
}

func tagOf(name string, v lua.LValue, m *mistakes) tag {
	s, isText := v.(lua.LString)
	if id, ok := wholeNumber(v); ok && id > 0 && !isText {
		return tag{id: id}
	}
	if strings.TrimSpace(string(s)) == "" || !utf8.ValidString(string(s)) {
		m.add("%s must be a tag's name or id, got %s", name, describe(v))
	}
	return tag{name: string(s)}
}

// entry reads {label, value}. It accepts and ignores an id, so that a script can pass an entry as a contact has it.
func (p *Param) entry(name string, v lua.LValue, m *mistakes) (e entry) {
	t, ok := v.(*lua.LTable)
	if !ok {
		m.add("%s must be a table with label and value, got %s", name, describe(v))
		return e
	}
	checkKeys(name, t, []string{"label", "value", "id"}, "label and value", m)
	read := func(field string) string {
		given := t.RawGetString(field)
		if given == lua.LNil {
			return ""
		}
		s, _ := given.(lua.LString)
		(&Param{Kind: KindText}).value(name+"."+field, given, m)
		return string(s)
	}
	e = entry{label: cmp.Or(read("label"), p.label), value: read("value")}
	if v := t.RawGetString("value"); v == lua.LNil || v == lua.LString("") {
		m.add("%s.value is required", name)
	}
	return e
}

// checkKeys reports the keys of a table that are not known.
func checkKeys(name string, t *lua.LTable, known []string, accepted string, m *mistakes) {
	for key, _ := t.Next(lua.LNil); key != lua.LNil && len(*m) < maxProblems; key, _ = t.Next(key) {
		if s, ok := key.(lua.LString); !ok || !slices.Contains(known, string(s)) {
			m.add("%s has an unknown key %s, accepted are %s", name, describe(key), accepted)
		}
	}
}

// eachItem reads a table whose keys are exactly 1 to n, where n is at most most, and converts each entry.
func eachItem[T any](name string, v lua.LValue, most int, m *mistakes, convert func(string, lua.LValue, *mistakes) T) []T {
	const wrap = " (wrap it in { })"
	t, ok := v.(*lua.LTable)
	if !ok {
		hint := ""
		if v.Type() == lua.LTString || v.Type() == lua.LTNumber {
			hint = wrap
		}
		m.add("%s must be a list, got %s%s", name, describe(v), hint)
		return nil
	}
	n := t.MaxN()
	if n > most {
		m.add("%s must have at most %d entries, got %d", name, most, n)
		return nil
	}
	for key, _ := t.Next(lua.LNil); key != lua.LNil; key, _ = t.Next(key) {
		if i, ok := key.(lua.LNumber); !ok || i < 1 || int(i) > n || i != lua.LNumber(int(i)) {
			hint := ""
			if key.Type() == lua.LTString {
				hint = wrap
			}
			m.add("%s must be a list, got a table with key %s%s", name, describe(key), hint)
			return nil
		}
	}
	items := make([]T, n)
	for i := range items {
		item := t.RawGetInt(i + 1)
		if item == lua.LNil {
			m.add("%s must be a list without gaps, [%d] is missing", name, i+1)
			return nil
		}
		items[i] = convert(fmt.Sprintf("%s[%d]", name, i+1), item, m)
	}
	return items
}

// object reads a table of known fields, without its metatable.
func (p *Param) object(name string, t *lua.LTable, m *mistakes) value {
	fields := Function{Params: p.Fields}
	checkKeys(name, t, fields.paramNames(), strings.Join(fields.paramNames(), ", "), m)
	out := objectValue()
	for i := range p.Fields {
		field := &p.Fields[i]
		given := t.RawGetString(field.Name)
		if given == lua.LNil && field.Required {
			m.add("%s.%s is required", name, field.Name)
		} else if given != lua.LNil {
			if got := field.value(name+"."+field.Name, given, m); got != nil {
				out.set(cmp.Or(field.wire, field.Name), got)
			}
		}
	}
	return out
}

func textsByName(name string, t *lua.LTable, m *mistakes) value {
	out := objectValue()
	keys := sortedKeys(t, pageSize+1, nil)
	if len(keys) > pageSize {
		m.add("%s must have at most %d entries", name, pageSize)
		return out
	}
	for _, key := range keys {
		field, ok := key.(lua.LString)
		if !ok || !utf8.ValidString(string(field)) {
			m.add("%s must have names as keys, got %s", name, describe(key))
			continue
		}
		out.set(string(field), (&Param{Kind: KindText}).value(name+"."+luabox.Clip(string(field)), t.RawGet(key), m))
	}
	return out
}

// tableOf reads named values.
func tableOf(name string, v lua.LValue, m *mistakes) any {
	if _, ok := v.(*lua.LTable); !ok {
		m.add("%s must be a table, got %s", name, describe(v))
		return nil
	}
	out, err := newReader(maxArguments, nil).value(v)
	switch {
	case err != nil:
		m.add("%v", within(name, err))
	case out.kind != kindObject:
		m.add("%s must be a table of named values, got a list", name)
	default:
		return out
	}
	return nil
}

var versioned = regexp.MustCompile(`^/v[0-9]+(/|$)`)

// requestPath reads a path at Aircall, and adds the version if it has none.
func requestPath(name string, v lua.LValue, m *mistakes) any {
	text, ok := v.(lua.LString)
	if !ok {
		m.add("%s must be a path such as /v1/calls, got %s", name, describe(v))
		return nil
	}
	path, err := aircall.CleanPath(string(text))
	if err != nil {
		m.add("%s %v", name, err)
		return nil
	}
	if !versioned.MatchString(path) {
		path = "/v1" + path
	}
	return path
}

// describe returns a short text for a value, on one line and without the content of a table.
func describe(v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString:
		return luabox.Quote(string(v))
	case lua.LNumber, lua.LBool:
		return v.String()
	case *lua.LUserData:
		if isNull(v) {
			return "json.null"
		}
	case *lua.LNilType:
		return "nil"
	}
	return "a " + v.Type().String()
}

// incomplete returns what is missing in a parameter of an Integration, or "".
func (p *Param) incomplete() string {
	switch {
	case p.Kind.Type() == "":
		return fmt.Sprintf("is of kind %q, which does not exist", p.Kind)
	case p.Kind == KindEnum && len(p.Enum) == 0:
		return "is an enum without Enum"
	case p.Kind == KindList && (p.Items == nil || p.Max < 1):
		return "is a list without Items and Max"
	case p.Kind == KindList:
		return p.Items.incomplete()
	case p.Kind == KindObject:
		for _, f := range p.Fields {
			if f.Name == "" || f.incomplete() != "" {
				return strings.TrimSpace("has a field " + f.Name + " that " + f.incomplete())
			}
		}
	}
	return ""
}
