package binding

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const (
	integration = "aircall"
	root        = "integrations." + integration
)

// install sets the globals app and json.
func (s *session) install(L *lua.LState) {
	s.prepare(L)
	accounts := s.runner.accountNames()
	flat := s.namespace(L, root, s.flat, accounts)
	for _, name := range accounts {
		a := s.runner.accounts[name]
		if name == defaultName {
			a = s.flat
		}
		flat.RawSetString(name, s.namespace(L, root+"."+name, a, nil))
	}
	integrations := L.NewTable()
	integrations.RawSetString(integration, flat)
	s.lock(L, integrations, "app.integrations", func(key lua.LValue) (lua.LValue, *ScriptError) {
		return nil, unknownIntegration(key)
	})
	app := L.NewTable()
	app.RawSetString("integrations", integrations)
	app.RawSetString("has", L.NewFunction(s.guard("app.has", func(L *lua.LState) (lua.LValue, *ScriptError) {
		return lua.LBool(s.has(app, L.CheckString(1))), nil
	})))
	app.RawSetString("accounts", L.NewFunction(s.guard("app.accounts", func(L *lua.LState) (lua.LValue, *ScriptError) {
		if name := L.CheckString(1); name != integration {
			return nil, unknownIntegration(lua.LString(name))
		}
		list := value{kind: kindArray}
		for _, name := range accounts {
			list.list = append(list.list, stringValue(name))
		}
		return s.toLua(L, &list), nil
	})))
	s.lock(L, app, "app", func(key lua.LValue) (lua.LValue, *ScriptError) {
		return nil, unknown("name", "app", key, []string{"integrations", "has", "accounts"}, TypeUnknownFunction)
	})
	L.SetGlobal("app", app)
	L.SetGlobal("json", s.jsonLibrary(L))
}

// accountNames are the accounts as namespaces: sorted, and "default" always among them.
func (r *Runner) accountNames() []string {
	names := slices.Clone(r.names)
	if !slices.Contains(names, defaultName) {
		names = append(names, defaultName)
		slices.Sort(names)
	}
	return names
}

// namespace makes the table of one account's functions, in documented order. The flat one also knows the accounts.
func (s *session) namespace(L *lua.LState, path string, a *account, accounts []string) *lua.LTable {
	t := L.NewTable()
	for i := range s.runner.functions {
		fn := &s.runner.functions[i]
		path := path + "." + fn.Name
		t.RawSetString(fn.Name, L.NewFunction(s.guard("app."+path, func(L *lua.LState) (lua.LValue, *ScriptError) {
			return s.invoke(L, &call{fn: fn, path: path, account: a}, t)
		})))
	}
	s.lock(L, t, "app."+path, func(key lua.LValue) (lua.LValue, *ScriptError) {
		if fn := s.runner.aliased(lua.LVAsString(key)); fn != nil {
			return t.RawGetString(fn.Name), nil
		}
		return nil, s.runner.unknownFunction(path, key, accounts)
	})
	return t
}

// aliased finds a function by a name that is not listed.
func (r *Runner) aliased(name string) *Function {
	for i := range r.functions {
		if slices.Contains(r.functions[i].Aliases, name) {
			return &r.functions[i]
		}
	}
	return nil
}

// lock makes a table read-only for new names, and reading an unknown name an error: it fails where the slip is, not at
// the call of a nil. Existing fields can be overwritten, in the run's own copy; pairs needs them in the table itself.
func (s *session) lock(L *lua.LState, t *lua.LTable, path string, missing func(lua.LValue) (lua.LValue, *ScriptError)) {
	mt := L.CreateTable(0, 4)
	mt.RawSetString("__index", L.NewFunction(s.guard(path, func(L *lua.LState) (lua.LValue, *ScriptError) {
		return missing(L.Get(2))
	})))
	mt.RawSetString("__newindex", L.NewFunction(s.guard(path, func(*lua.LState) (lua.LValue, *ScriptError) {
		return nil, &ScriptError{Type: TypeRuntime, Message: path + " is read-only"}
	})))
	mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString(path))
		return 1
	}))
	mt.RawSetString("__metatable", lua.LString("locked"))
	t.Metatable = mt
}

// has answers app.has: whether a path, with or without "app.", leads to something.
func (s *session) has(app *lua.LTable, path string) bool {
	t := app
	parts := strings.Split(strings.TrimPrefix(path, "app."), ".")
	for i, name := range parts {
		v := t.RawGetString(name)
		if i == len(parts)-1 {
			fn := s.runner.aliased(name)
			return v != lua.LNil || fn != nil && t.RawGetString(fn.Name) != lua.LNil
		}
		next, ok := v.(*lua.LTable)
		if !ok {
			return false
		}
		t = next
	}
	return false
}

// unknownFunction says what a name may have been meant for: a function, or in the flat namespace also an account.
func (r *Runner) unknownFunction(path string, key lua.LValue, accounts []string) *ScriptError {
	names := make([]string, len(r.functions))
	for i := range names {
		names[i] = r.functions[i].Name
	}
	if accounts == nil {
		return unknown("function", "app."+path, key, names, TypeUnknownFunction)
	}
	name := lua.LVAsString(key)
	near := nearest(name, slices.Concat(names, accounts))
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
		near = Suggest(name, accounts)
		e.Message += " Did you mean account: " + strings.Join(near, ", ") + "."
		e.Details["suggestions"] = near
	} else {
		e.Message += " Available: " + available(names) + "."
	}
	e.Message += " Configured accounts: " + strings.Join(accounts, ", ")
	return e
}

func unknownIntegration(key lua.LValue) *ScriptError {
	return unknown("integration", "app.integrations", key, []string{integration}, TypeUnknownIntegration)
}

func unknown(what, path string, key lua.LValue, names []string, typ string) *ScriptError {
	near := nearest(lua.LVAsString(key), names)
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

// nearest is Suggest without what is farther off than the best: among so many names there is always one a bit like it.
func nearest(name string, candidates []string) []string {
	near := Suggest(name, candidates)
	for i, n := range near {
		if distance(strings.ToLower(name), strings.ToLower(n)) > distance(strings.ToLower(name), strings.ToLower(near[0])) {
			return near[:i]
		}
	}
	return near
}

// available lists names, and leaves off where nobody would read on.
func available(names []string) string {
	const most = 8 // the documented functions, which are first
	if len(names) <= most+2 {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + fmt.Sprintf(", and %d more: docs.list() names them", len(names)-most)
}

// keyText is how a script would write the access.
func keyText(key lua.LValue) string {
	if name, ok := key.(lua.LString); ok {
		return "." + clip(string(name))
	}
	return "[" + describe(key) + "]"
}
