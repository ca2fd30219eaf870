package binding

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
	"github.com/aircallkit/aircallkit/internal/suggest"
)

const (
	integration = "aircall"
	root        = "integrations." + integration
)

// install sets the globals app, json and docs, and in a sandboxed state print, dump and tostring.
func (s *session) install(L *lua.LState) {
	s.array, s.null = newArrayMark(L), newNull(L)
	if s.record != nil {
		for name, f := range map[string]lua.LGFunction{"print": s.print, "dump": s.dump, "tostring": s.tostring} {
			L.SetGlobal(name, L.NewFunction(s.box.Wrap(name, f)))
		}
	}
	integrations := L.NewTable()
	for _, in := range s.runner.integrations {
		flat, members := in.accounts[in.byDefault], make(map[string]*namespace)
		if in.name == integration {
			flat = s.flat
		}
		for _, name := range in.names {
			a := in.accounts[name]
			if name == defaultName {
				a = flat
			}
			members[name] = s.namespace(L, in, in.root+"."+name, a, nil)
		}
		integrations.RawSetString(in.name, s.namespace(L, in, in.root, flat, members).table)
	}
	s.lock(L, integrations, "app.integrations", func(key lua.LValue) (lua.LValue, error) {
		return nil, s.runner.unknownIntegration(key)
	})
	var app *lua.LTable
	app = s.library(L, "app.", map[string]function{
		"has": func(L *lua.LState) (lua.LValue, error) { return lua.LBool(s.has(app, L.CheckString(1))), nil },
		"accounts": func(L *lua.LState) (lua.LValue, error) {
			in := s.runner.integrated(L.CheckString(1))
			if in == nil {
				return nil, s.runner.unknownIntegration(L.Get(1))
			}
			names := valueOf(in.names)
			return s.toLua(L, &names), nil
		},
	})
	app.RawSetString("integrations", integrations)
	s.lock(L, app, "app", func(key lua.LValue) (lua.LValue, error) {
		return nil, unknown("name", "app", key, []string{"integrations", "has", "accounts"}, TypeUnknownFunction)
	})
	L.SetGlobal("app", app)
	json := s.library(L, "json.", map[string]function{"encode": s.jsonEncode, "decode": s.jsonDecode, "array": s.jsonArray})
	json.RawSetString("null", s.null)
	L.SetGlobal("json", json)
	L.SetGlobal("docs", s.library(L, "docs.", map[string]function{
		"list": s.docsList, "search": s.docsSearch, "read": s.docsRead, "schema": s.docsSchema,
	}))
}

// A function is a Go function for scripts that returns one value, or an error to raise.
type function = func(*lua.LState) (lua.LValue, error)

// library returns a table of functions. Messages call them by the prefix and their name.
func (s *session) library(L *lua.LState, prefix string, functions map[string]function) *lua.LTable {
	t := L.NewTable()
	for _, name := range slices.Sorted(maps.Keys(functions)) {
		t.RawSetString(name, L.NewFunction(s.box.Function(prefix+name, functions[name])))
	}
	return t
}

// namespaces returns the names of the namespaces of accounts, sorted and always with "default".
func namespaces(accounts []string) []string {
	names := append([]string{defaultName}, accounts...)
	slices.Sort(names)
	return slices.Compact(names)
}

// A namespace is the table of the functions of one account, in documented order. The flat one also has the namespaces of
// the accounts.
type namespace struct {
	in      *integrated
	path    string // integrations.aircall.sales
	account *account
	table   *lua.LTable
}

// namespace makes the namespace of an account. It allocates all functions at once, because there are many.
func (s *session) namespace(L *lua.LState, in *integrated, path string, a *account, members map[string]*namespace) *namespace {
	ns := &namespace{in: in, path: path, account: a, table: L.CreateTable(0, len(in.functions)+len(members))}
	made := make([]lua.LFunction, len(in.functions))
	env := L.NewFunction(nil).Env
	for i := range in.functions {
		fn := &in.functions[i]
		made[i] = lua.LFunction{IsG: true, Env: env, GFunction: func(L *lua.LState) int { return s.call(L, ns, fn) }}
		ns.table.RawSetString(fn.Name, &made[i])
	}
	accounts := slices.Sorted(maps.Keys(members))
	for _, name := range accounts {
		ns.table.RawSetString(name, members[name].table)
	}
	s.lock(L, ns.table, "app."+path, func(key lua.LValue) (lua.LValue, error) {
		if fn := in.aliased(lua.LVAsString(key)); fn != nil {
			return ns.table.RawGetString(fn.Name), nil
		}
		failed := in.unknownFunction(path, key, accounts)
		if in.name == integration && strings.HasPrefix(lua.LVAsString(key), "api_") && !s.runner.config.RawAPI {
			failed.Hint = "raw requests are off; the host turns them on with Config.RawAPI, and aircallkit lua with --raw-api"
		}
		return nil, failed
	})
	s.namespaces = append(s.namespaces, ns)
	return ns
}

func (s *session) call(L *lua.LState, ns *namespace, fn *Function) int {
	path := ns.path + "." + fn.Name
	return s.box.Function("app."+path, func(L *lua.LState) (lua.LValue, error) {
		return s.invoke(L, &call{in: ns.in, fn: fn, path: path, account: ns.account}, ns.table)
	})(L)
}

// aliased returns the function with an alias, or nil.
func (in *integrated) aliased(name string) *Function {
	return find(in.functions, func(f *Function) bool { return slices.Contains(f.Aliases, name) })
}

// lock makes it an error to add a name to a table or to read an unknown one, so that a script fails at the mistake and not
// at the call of nil. Scripts can still overwrite fields of their copy, because pairs needs the fields in the table.
func (s *session) lock(L *lua.LState, t *lua.LTable, path string, missing func(lua.LValue) (lua.LValue, error)) {
	mt := L.CreateTable(0, 4)
	mt.RawSetString("__index", L.NewFunction(s.box.Function(path, func(L *lua.LState) (lua.LValue, error) {
		return missing(L.Get(2))
	})))
	mt.RawSetString("__newindex", L.NewFunction(s.box.Function(path, func(L *lua.LState) (lua.LValue, error) {
		return nil, &ScriptError{Type: TypeRuntime, Message: path + " is read-only"}
	})))
	mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString(path))
		return 1
	}))
	mt.RawSetString("__metatable", lua.LString(lockMark))
	t.Metatable = mt
}

// has implements app.has: it reports whether a path, with or without "app.", exists.
func (s *session) has(app *lua.LTable, path string) bool {
	const longest = 200
	if len(path) > longest {
		return false
	}
	var at lua.LValue = app
	for _, name := range strings.Split(strings.TrimPrefix(path, "app."), ".") {
		t, ok := at.(*lua.LTable)
		if !ok {
			return false
		}
		if at = t.RawGetString(name); at == lua.LNil {
			at = lua.LBool(slices.ContainsFunc(s.namespaces, func(ns *namespace) bool {
				return ns.table == t && ns.in.aliased(name) != nil
			}))
		}
	}
	return at != lua.LFalse
}

// unknownFunction returns the error of an unknown name, with suggestions: functions, and accounts in the flat namespace.
func (in *integrated) unknownFunction(path string, key lua.LValue, accounts []string) *ScriptError {
	names := make([]string, len(in.functions))
	for i := range names {
		names[i] = in.functions[i].Name
	}
	if len(accounts) == 0 {
		return unknown("function", "app."+path, key, names, TypeUnknownFunction)
	}
	name := lua.LVAsString(key)
	near := suggest.For(name, slices.Concat(names, accounts))
	if len(near) > 0 && slices.Contains(names, near[0]) {
		return unknown("function", "app."+path, key, names, TypeUnknownFunction)
	}
	e := &ScriptError{
		Type: TypeUnknownFunction, Path: path,
		Message: "Unknown account or function: app." + path + keyText(key) + ".",
		Details: map[string]any{"accounts": accounts},
	}
	if len(near) > 0 {
		e.Type = TypeUnknownAccount
		near = suggest.For(name, accounts)
		e.Message += " Did you mean account: " + strings.Join(near, ", ") + "."
		e.Details["suggestions"] = near
	} else {
		e.Message += " Available: " + available(names) + "."
	}
	e.Message += " Configured accounts: " + strings.Join(accounts, ", ")
	return e
}

func (r *Runner) unknownIntegration(key lua.LValue) *ScriptError {
	return unknown("integration", "app.integrations", key, r.integrationNames(), TypeUnknownIntegration)
}

func unknown(what, path string, key lua.LValue, names []string, typ string) *ScriptError {
	near := suggest.For(lua.LVAsString(key), names)
	e := &ScriptError{
		Type: typ, Path: strings.TrimPrefix(path, "app."), Message: "Unknown " + what + ": " + path + keyText(key) + ". ",
		Details: map[string]any{"suggestions": near},
	}
	if len(near) > 0 {
		e.Message += "Did you mean: " + strings.Join(near, ", ")
	} else {
		e.Message += "Available: " + available(names)
	}
	return e
}

// available returns the first names and the number of the others.
func available(names []string) string {
	const most = 8 // the documented functions, which are first
	if len(names) <= most+2 {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + fmt.Sprintf(", and %d more: docs.list() lists them", len(names)-most)
}

// keyText returns a key as it is written in a script.
func keyText(key lua.LValue) string {
	if name, ok := key.(lua.LString); ok {
		return "." + luabox.Clip(string(name))
	}
	return "[" + describe(key) + "]"
}
