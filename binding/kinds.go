package binding

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
)

// value checks one argument and returns it in the form that [arguments] describes, or what is wrong with it. Nil with
// nothing wrong means that the argument is absent.
func (p *Param) value(v lua.LValue) (any, []string) {
	switch p.Kind {
	case KindID:
		return p.integer(v, 1, maxSafe)
	case KindInteger:
		most := p.Max
		if most == 0 {
			most = maxSafe
		}
		return p.integer(v, p.Min, most)
	case KindEnum:
		return p.enum(v)
	case KindTime:
		return p.time(v)
	case KindQuery:
		return p.query(v)
	case KindText:
		return p.text(v)
	case KindTags:
		return p.tags(v)
	case KindBool:
		return p.boolean(v)
	case KindKey:
		return p.key(v)
	case KindPhone:
		return p.phone(v)
	case KindList:
		return p.items(v)
	case KindObject:
		return p.object(v)
	case KindMap:
		return p.texts(v)
	default:
		return p.entries(v)
	}
}

func (p *Param) wrong(must string, got lua.LValue) []string {
	return []string{fmt.Sprintf("%s must be %s, got %s", p.Name, must, describe(got))}
}

func (p *Param) integer(v lua.LValue, least, most int64) (any, []string) {
	if n, ok := wholeNumber(v); ok && n >= least && n <= most {
		return n, nil
	}
	must := fmt.Sprintf("an integer from %d to %d", least, most)
	if p.Kind == KindInteger && p.Max == 0 {
		must = fmt.Sprintf("an integer of at least %d", least)
	}
	return nil, p.wrong(must, v)
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

func (p *Param) enum(v lua.LValue) (any, []string) {
	quoted := make([]string, len(p.Enum))
	for i, e := range p.Enum {
		if v == lua.LString(e) {
			return e, nil
		}
		quoted[i] = strconv.Quote(e)
	}
	return nil, p.wrong(orList(quoted), v)
}

// time converts to UNIX seconds, the only form Aircall reads.
func (p *Param) time(v lua.LValue) (any, []string) {
	// More seconds than these are in the year 5138: they are milliseconds.
	const mostSeconds = 1e11
	if n, ok := wholeNumber(v); ok && n >= 0 {
		if n > mostSeconds {
			return nil, []string{fmt.Sprintf("%s looks like milliseconds, give UNIX seconds, got %s", p.Name, describe(v))}
		}
		return n, nil
	}
	if s, ok := v.(lua.LString); ok {
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02"} {
			if t, err := time.Parse(layout, string(s)); err == nil && t.Unix() >= 0 {
				return t.Unix(), nil
			}
		}
	}
	return nil, []string{fmt.Sprintf(`%s: expected ISO 8601 such as "2026-01-01T00:00:00Z" or UNIX seconds, got %s`, p.Name, describe(v))}
}

func (p *Param) query(v lua.LValue) (any, []string) {
	if n, ok := v.(lua.LNumber); ok {
		if whole, ok := wholeNumber(n); ok {
			return strconv.FormatInt(whole, 10), nil
		}
	}
	s, ok := v.(lua.LString)
	if !ok {
		return nil, p.wrong("a string", v)
	}
	if !utf8.ValidString(string(s)) {
		return nil, []string{p.Name + " is not valid UTF-8"}
	}
	q := strings.TrimSpace(string(s))
	if q == "" {
		return nil, nil
	}
	if n := utf8.RuneCountInString(q); n > maxQuery {
		return nil, []string{fmt.Sprintf("%s must be at most %d characters, got %d", p.Name, maxQuery, n)}
	}
	return q, nil
}

// maxQuery is the most characters of a search: more than a name, number or e-mail has, and less than a URL may have.
const maxQuery = 255

func (p *Param) text(v lua.LValue) (any, []string) {
	if p.Nullable && isNull(v) {
		return (*string)(nil), nil
	}
	s, ok := v.(lua.LString)
	if !ok {
		return nil, p.wrong("a string", v)
	}
	if !utf8.ValidString(string(s)) {
		return nil, []string{p.Name + " is not valid UTF-8"}
	}
	text := string(s)
	return &text, nil
}

func (p *Param) tags(v lua.LValue) (any, []string) {
	list, wrong := p.list(v)
	if wrong != "" {
		return nil, []string{wrong}
	}
	if len(list) == 0 {
		return nil, nil
	}
	tags := make([]tag, len(list))
	var wrongs []string
	for i, item := range list {
		if n, ok := item.(lua.LNumber); ok {
			if id, ok := wholeNumber(n); ok && id > 0 {
				tags[i].id = id
				continue
			}
		}
		s, ok := item.(lua.LString)
		if !ok || strings.TrimSpace(string(s)) == "" || !utf8.ValidString(string(s)) {
			wrongs = append(wrongs, fmt.Sprintf("%s[%d] must be a tag's name or id, got %s", p.Name, i+1, describe(item)))
			continue
		}
		tags[i].name = string(s)
	}
	return tags, wrongs
}

// entries reads a list of {label, value}. It accepts and ignores an id, so that a script can pass what a contact has.
func (p *Param) entries(v lua.LValue) (any, []string) {
	list, wrong := p.list(v)
	if wrong != "" {
		return nil, []string{wrong}
	}
	entries := make([]entry, len(list))
	var wrongs []string
	for i, item := range list {
		where := fmt.Sprintf("%s[%d]", p.Name, i+1)
		t, ok := item.(*lua.LTable)
		if !ok {
			wrongs = append(wrongs, fmt.Sprintf("%s must be a table with label and value, got %s", where, describe(item)))
			continue
		}
		var texts []string
		entries[i], texts = entryOf(where, t)
		wrongs = append(wrongs, texts...)
	}
	return entries, wrongs
}

func entryOf(where string, t *lua.LTable) (entry, []string) {
	var wrongs []string
	for key, _ := t.Next(lua.LNil); key != lua.LNil && len(wrongs) < maxProblems; key, _ = t.Next(key) {
		switch key {
		case lua.LString("label"), lua.LString("value"), lua.LString("id"):
		default:
			wrongs = append(wrongs, fmt.Sprintf("%s has an unknown key %s, accepted are label and value", where, describe(key)))
		}
	}
	read := func(name string, required bool) string {
		v := t.RawGetString(name)
		s, ok := v.(lua.LString)
		switch {
		case v == lua.LNil && !required:
		case v == lua.LNil || s == "" && ok:
			wrongs = append(wrongs, fmt.Sprintf("%s.%s is required", where, name))
		case !ok:
			wrongs = append(wrongs, fmt.Sprintf("%s.%s must be a string, got %s", where, name, describe(v)))
		case !utf8.ValidString(string(s)):
			wrongs = append(wrongs, fmt.Sprintf("%s.%s is not valid UTF-8", where, name))
		}
		return string(s)
	}
	e := entry{label: read("label", false), value: read("value", true)}
	return e, wrongs
}

// list reads a table whose keys are exactly 1 to n, where n is at most the limit of the parameter.
func (p *Param) list(v lua.LValue) ([]lua.LValue, string) {
	most := maxEntries
	switch p.Kind {
	case KindTags:
		most = pageSize
	case KindList:
		most = int(p.Max)
	}
	t, ok := v.(*lua.LTable)
	if !ok {
		text := fmt.Sprintf("%s must be a list, got %s", p.Name, describe(v))
		if v.Type() == lua.LTString || v.Type() == lua.LTNumber {
			text += " (wrap it in { })"
		}
		return nil, text
	}
	n := t.MaxN()
	if n > most {
		return nil, fmt.Sprintf("%s must have at most %d entries, got %d", p.Name, most, n)
	}
	for key, _ := t.Next(lua.LNil); key != lua.LNil; key, _ = t.Next(key) {
		if i, ok := key.(lua.LNumber); !ok || i < 1 || int(i) > n || i != lua.LNumber(int(i)) {
			text := fmt.Sprintf("%s must be a list, got a table with key %s", p.Name, describe(key))
			if key.Type() == lua.LTString {
				text += " (wrap it in { })"
			}
			return nil, text
		}
	}
	list := make([]lua.LValue, n)
	for i := range list {
		if list[i] = t.RawGetInt(i + 1); list[i] == lua.LNil {
			return nil, fmt.Sprintf("%s must be a list without gaps, [%d] is missing", p.Name, i+1)
		}
	}
	return list, ""
}

// describe returns a value as messages show it: short, on one line, and without the content of a table.
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

func (p *Param) boolean(v lua.LValue) (any, []string) {
	b, ok := v.(lua.LBool)
	if !ok {
		return nil, p.wrong("true or false", v)
	}
	return boolValue(bool(b)), nil
}

// key reads an id of any form, for one segment of a path or a string in a body.
func (p *Param) key(v lua.LValue) (any, []string) {
	if n, ok := v.(lua.LNumber); ok {
		if whole, ok := wholeNumber(n); ok && whole > 0 {
			return strconv.FormatInt(whole, 10), nil
		}
	}
	s, ok := v.(lua.LString)
	text := strings.TrimSpace(string(s))
	if !ok || text == "" || len(text) > maxQuery || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return nil, p.wrong("an id", v)
	}
	return text, nil
}

// phone accepts any text that looks like a telephone number; Aircall knows which exist.
func (p *Param) phone(v lua.LValue) (any, []string) {
	s, ok := v.(lua.LString)
	text := strings.TrimSpace(string(s))
	if !ok || len(text) > maxQuery || phoneOf(text) == "" {
		return nil, p.wrong(`a telephone number in E.164 such as "+33612345678"`, v)
	}
	return text, nil
}

func (p *Param) items(v lua.LValue) (any, []string) {
	list, wrong := p.list(v)
	if wrong != "" {
		return nil, []string{wrong}
	}
	out, wrongs := value{kind: kindArray}, []string(nil)
	for i, item := range list {
		element := *p.Items
		element.Name = fmt.Sprintf("%s[%d]", p.Name, i+1)
		got, texts := element.value(item)
		if wrongs = append(wrongs, texts...); len(texts) == 0 {
			out.list = append(out.list, wire(got))
		}
	}
	return out, wrongs
}

// object reads a table of known fields, without its metatable.
func (p *Param) object(v lua.LValue) (any, []string) {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil, p.wrong("a table", v)
	}
	var wrongs []string
	fields := Function{Params: p.Fields}
	for key, _ := t.Next(lua.LNil); key != lua.LNil && len(wrongs) < maxProblems; key, _ = t.Next(key) {
		if name, ok := key.(lua.LString); !ok || fields.param(string(name)) == nil {
			wrongs = append(wrongs, fmt.Sprintf("%s has an unknown key %s, accepted are %s", p.Name, describe(key), strings.Join(fields.paramNames(), ", ")))
		}
	}
	out := objectValue()
	for _, field := range p.Fields {
		name := field.Name
		field.Name = p.Name + "." + name
		given := t.RawGetString(name)
		if given == lua.LNil {
			if field.Required {
				wrongs = append(wrongs, field.Name+" is required")
			}
			continue
		}
		got, texts := field.value(given)
		wrongs = append(wrongs, texts...)
		if len(texts) == 0 && got != nil {
			out.set(field.wireName(name), wire(got))
		}
	}
	return out, wrongs
}

func (p *Param) wireName(name string) string {
	if p.wire != "" {
		return p.wire
	}
	return name
}

func (p *Param) texts(v lua.LValue) (any, []string) {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil, p.wrong("a table of texts by name", v)
	}
	out := objectValue()
	keys := sortedKeys(t, pageSize+1)
	if len(keys) > pageSize {
		return nil, []string{fmt.Sprintf("%s must have at most %d entries", p.Name, pageSize)}
	}
	var wrongs []string
	for _, key := range keys {
		name, ok := key.(lua.LString)
		if !ok || !utf8.ValidString(string(name)) {
			wrongs = append(wrongs, fmt.Sprintf("%s must have names as keys, got %s", p.Name, describe(key)))
			continue
		}
		field := Param{Name: p.Name + "." + luabox.Clip(string(name)), Kind: KindText}
		got, texts := field.value(t.RawGet(key))
		if wrongs = append(wrongs, texts...); len(texts) == 0 {
			out.set(string(name), wire(got))
		}
	}
	return out, wrongs
}

// wire returns a checked argument as the body of a request has it. It does not know tags, which need a look-up.
func wire(arg any) value {
	switch arg := arg.(type) {
	case int64:
		return intValue(arg)
	case string:
		return stringValue(arg)
	case *string:
		if arg != nil {
			return stringValue(*arg)
		}
	case []entry:
		return entriesValue(arg)
	case value:
		return arg
	}
	return value{}
}

// incomplete says what is missing in a parameter of an Integration; "": nothing.
func (p *Param) incomplete() string {
	switch p.Kind {
	case KindID, KindInteger, KindTime, KindQuery, KindText, KindTags, KindPhones, KindEmails, KindBool, KindKey, KindPhone, KindMap:
		return ""
	case KindEnum:
		if len(p.Enum) == 0 {
			return "is an enum without Enum"
		}
		return ""
	case KindList:
		if p.Items == nil || p.Max < 1 {
			return "is a list without Items and Max"
		}
		return p.Items.incomplete()
	case KindObject:
		for _, f := range p.Fields {
			if f.Name == "" || f.incomplete() != "" {
				return strings.TrimSpace("has a field " + f.Name + " that " + f.incomplete())
			}
		}
		return ""
	}
	return fmt.Sprintf("is of kind %q, which there is not", p.Kind)
}
