package binding

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// An Access is one call a script wants to make, before anything is sent. Its arguments are well-formed.
type Access struct {
	Path        string // integrations.aircall.sales.get_call
	Integration string // aircall
	Function    string // get_call
	Account     string // "" if the namespace means none
	Effect      Effect
	Arguments   map[string]any // by parameter: nil, bool, int64, float64, string, []any, map[string]any
}

// A Decision is what becomes of an [Access].
type Decision string

// The decisions. Anything else is Deny.
const (
	Allow Decision = "allow"
	Ask   Decision = "ask" // Config.Ask decides, and may take its time: until the run ends
	Deny  Decision = "deny"
)

// permit asks whoever may forbid the call.
func (s *session) permit(c *call, passed []lua.LValue) *ScriptError {
	r := s.runner
	if (r.readOnly || s.readOnly) && c.fn.Effect == EffectWrite {
		return denied(c, "it writes, and this script may only read", "")
	}
	if r.permission == nil {
		return nil
	}
	a := Access{
		Path: c.path, Integration: c.in.name, Function: c.fn.Name, Account: c.account.label(), Effect: c.fn.Effect,
		Arguments: c.fn.given(passed),
	}
	switch r.permission(c.ctx, a) {
	case Allow:
		return nil
	case Ask:
		if r.ask == nil {
			return denied(c, "it needs an approval, and there is nobody to ask", "")
		}
		ok, err := r.ask(c.ctx, a)
		switch {
		case err != nil:
			return denied(c, "its approval could not be asked for: "+cut(err.Error()), "")
		case !ok:
			return denied(c, "it was not approved", "do not try it again without asking")
		}
		return nil
	}
	return denied(c, "it is forbidden here", "")
}

func denied(c *call, why, hint string) *ScriptError {
	return &ScriptError{
		Type: TypePermissionDenied, Hint: hint,
		Message: fmt.Sprintf("app.%s is not permitted: %s. No request was made.", c.path, why),
	}
}

// given are arguments that were found right, as Go values.
func (f *Function) given(passed []lua.LValue) map[string]any {
	given := make(map[string]any)
	set := func(name string, v lua.LValue) {
		if v == lua.LNil {
			return
		}
		if tree, err := fromLua(v, name, 1<<20); err == nil {
			given[name] = tree.toGo()
		}
	}
	if len(passed) > 0 {
		if t, ok := passed[0].(*lua.LTable); ok {
			for _, p := range f.Params {
				set(p.Name, t.RawGetString(p.Name))
			}
			return given
		}
	}
	for i, p := range f.Params {
		if i < len(passed) {
			set(p.Name, passed[i])
		}
	}
	return given
}
