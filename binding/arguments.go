package binding

import (
	"fmt"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
	"github.com/aircallkit/aircallkit/internal/suggest"
)

// arguments are checked values by parameter name, without parameters that have neither a value nor a default. By kind:
// id, integer, time: int64. enum, query: string. text: *string, nil for json.null. tags: []tag. phones, emails: []entry.
type arguments map[string]any

func (a arguments) has(name string) bool { _, ok := a[name]; return ok }

// id returns a number in the form of a path or a query.
func (a arguments) id(name string) string { return strconv.FormatInt(a[name].(int64), 10) }

// toGo returns the arguments as nil, bool, int64, string, []any or map[string]any, in new maps and lists.
func (a arguments) toGo() map[string]any {
	values := make(map[string]any, len(a))
	for name, arg := range a {
		v := valueOf(arg)
		values[name] = v.toGo()
	}
	return values
}

// problems are all mistakes in the arguments of a call: texts for the message, and lists of names for the details.
type problems struct {
	missing, wrong, unknown []string
	details                 map[string][]string // missing, invalid, unknown, suggestions
}

func (p *problems) any() bool { return len(p.missing)+len(p.wrong)+len(p.unknown) > 0 }

func (p *problems) detail(list, name string) { p.details[list] = append(p.details[list], name) }

// parse returns checked arguments, or one error with all mistakes.
func (f *Function) parse(path string, passed []lua.LValue) (arguments, error) {
	for len(passed) > 0 && passed[len(passed)-1] == lua.LNil {
		passed = passed[:len(passed)-1]
	}
	p := problems{details: make(map[string][]string)}
	var given map[string]lua.LValue
	if len(passed) > 0 && passed[0].Type() == lua.LTTable {
		if len(passed) > 1 {
			return nil, misuse("app.%s accepts one named argument table or positional arguments, not both.", path)
		}
		given = f.named(passed[0].(*lua.LTable), &p)
	} else {
		if len(passed) > len(f.Params) {
			return nil, misuse("app.%s takes at most %d positional arguments, got %d.", path, len(f.Params), len(passed))
		}
		given = make(map[string]lua.LValue, len(passed))
		for i, v := range passed {
			given[f.Params[i].Name] = v
		}
	}
	args := f.values(given, &p)
	if f.check != nil && !p.any() {
		p.wrong = f.check(args)
	}
	if p.any() {
		return nil, f.invalid(path, &p)
	}
	return args, nil
}

func misuse(format string, args ...any) *ScriptError {
	return &ScriptError{Type: TypeInvalidArguments, Message: fmt.Sprintf(format, args...) + " No request was made."}
}

// named returns the fields of an argument table that are parameters, and reports the others. It ignores metatables.
func (f *Function) named(t *lua.LTable, p *problems) map[string]lua.LValue {
	given := make(map[string]lua.LValue)
	known := make(map[string]bool)
	for p := range f.every() {
		known[p.Name] = true
		if v := t.RawGetString(p.Name); v != lua.LNil {
			given[p.Name] = v
		}
	}
	for key, _ := t.Next(lua.LNil); key != lua.LNil && len(p.unknown) < maxProblems; key, _ = t.Next(key) {
		name, isName := key.(lua.LString)
		if isName && known[string(name)] {
			continue
		}
		text := luabox.Clip(string(name))
		if !isName {
			text = "[" + describe(key) + "]"
		}
		p.detail("unknown", text)
		if near := suggest.For(string(name), f.paramNames()); len(near) > 0 {
			p.detail("suggestions", near[0])
			text += " (did you mean " + near[0] + "?)"
		}
		p.unknown = append(p.unknown, text)
	}
	return given
}

// maxProblems is the most mistakes of one sort that a message lists.
const maxProblems = 10

func (f *Function) values(given map[string]lua.LValue, p *problems) arguments {
	args := make(arguments)
	for param := range f.every() {
		v, ok := given[param.Name]
		if !ok || v == lua.LNil {
			if param.Required {
				p.missing = append(p.missing, fmt.Sprintf("%s (%s)", param.Name, param.Kind.Type()))
				p.detail("missing", param.Name)
			} else if param.Default != nil {
				args[param.Name] = param.Default
			}
			continue
		}
		var wrong mistakes
		got := param.value(param.Name, v, &wrong)
		if len(wrong) > 0 {
			p.wrong = append(p.wrong, wrong...)
			p.detail("invalid", param.Name)
		} else if got != nil {
			args[param.Name] = got
		}
	}
	return args
}

func (f *Function) invalid(path string, p *problems) *ScriptError {
	var parts []string
	for _, part := range []struct {
		name, sep string
		texts     []string
	}{{"missing", ", ", p.missing}, {"wrong", "; ", p.wrong}, {"unknown", ", ", p.unknown}} {
		if len(part.texts) > 0 {
			parts = append(parts, part.name+": "+strings.Join(part.texts, part.sep))
		}
	}
	e := misuse("Invalid arguments for app.%s (%s). Accepted: %s.", path, strings.Join(parts, "; "), f.accepted())
	e.Details = make(map[string]any)
	for name, list := range p.details {
		e.Details[name] = list
	}
	return e
}
