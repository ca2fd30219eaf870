package binding

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
)

func (p *Param) boolean(v lua.LValue) (any, []string) {
	b, ok := v.(lua.LBool)
	if !ok {
		return nil, p.wrong("true or false", v)
	}
	return boolValue(bool(b)), nil
}

// key reads an id of any form. It becomes one segment of a path, or a text in a body.
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

// phone lets pass whatever looks like a telephone number; Aircall knows which exist.
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

// object reads a table of known fields. Like every argument it is read past any metatable.
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
	if p.Wire != "" {
		return p.Wire
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

// wire gives a checked argument as it stands in a body. Tags are not among them: Aircall has no names there.
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

// incomplete says what a parameter of a host lacks to be checked by.
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
