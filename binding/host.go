package binding

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// An Integration is an entry of app.integrations that the host adds beside aircall. It has the same namespaces, checks,
// errors, records and hooks.
type Integration struct {
	Name      string     // a lower-case letter, then at most 31 lower-case letters, digits and _; not "aircall"
	Accounts  []string   // names of accounts: each has a namespace, beside the flat one and "default"
	Default   string     // the account of the flat namespace and of "default"; "": the one called "default", or the only one
	Functions []Function // each has Name, Effect and Do
}

// A Call is one call of a function of an [Integration].
type Call struct {
	Account   string         // "" if the namespace has none
	Arguments map[string]any // checked, by parameter, with defaults; a parameter that was not given is absent
}

// integrated is one entry of app.integrations.
type integrated struct {
	name      string
	root      string // integrations.aircall
	functions []Function
	accounts  map[string]*account
	names     []string // of the namespaces of accounts, sorted, "default" among them
	byDefault string   // "": none
}

// integrate checks a host's integration.
func (r *Runner) integrate(i Integration) (*integrated, error) {
	in := &integrated{name: i.Name, root: "integrations." + i.Name, accounts: make(map[string]*account)}
	switch {
	case !accountName.MatchString(i.Name) || slices.Contains(luaKeywords, i.Name):
		return nil, fmt.Errorf("integration %q: the name must be a lower-case letter, then at most 31 of a-z, 0-9 and _, and no keyword of Lua", i.Name)
	case r.integrated(i.Name) != nil:
		return nil, fmt.Errorf("integration %q already exists", i.Name)
	}
	for _, f := range i.Functions {
		if err := in.checkFunction(&f); err != nil {
			return nil, fmt.Errorf("integration %q: %w", i.Name, err)
		}
		f.Params = slices.Clone(f.Params)
		in.functions = append(in.functions, f)
	}
	for _, name := range i.Accounts {
		if err := checkAccountName(name, in.functions, in.name); err != nil {
			return nil, fmt.Errorf("integration %q: %w", i.Name, err)
		}
		in.accounts[name] = &account{name: name}
	}
	var err error
	if in.byDefault, err = defaultAccount(in.accounts, i.Default); err != nil {
		return nil, fmt.Errorf("integration %q: %w", i.Name, err)
	}
	in.names = namespaces(i.Accounts)
	return in, nil
}

func (in *integrated) checkFunction(f *Function) error {
	switch {
	case !accountName.MatchString(f.Name) || slices.Contains(luaKeywords, f.Name):
		return fmt.Errorf("function %q: the name must be a lower-case letter, then at most 31 of a-z, 0-9 and _, and no keyword of Lua", f.Name)
	case f.Do == nil:
		return fmt.Errorf("function %q has no Do", f.Name)
	case f.Effect != EffectRead && f.Effect != EffectWrite:
		return fmt.Errorf("function %q: Effect is %q, it must be %q or %q", f.Name, f.Effect, EffectRead, EffectWrite)
	case slices.ContainsFunc(in.functions, func(g Function) bool { return g.Name == f.Name }):
		return fmt.Errorf("function %q is defined twice", f.Name)
	}
	for i, p := range f.Params {
		if p.Name == "" || slices.ContainsFunc(f.Params[:i], func(q Param) bool { return q.Name == p.Name }) {
			return fmt.Errorf("function %q: parameter %d has no name, or the name of another parameter", f.Name, i+1)
		}
		if why := p.incomplete(); why != "" {
			return fmt.Errorf("function %q: parameter %s %s", f.Name, p.Name, why)
		}
	}
	return nil
}

// integrated returns the integration with a name, or nil.
func (r *Runner) integrated(name string) *integrated {
	for _, in := range r.integrations {
		if in.name == name {
			return in
		}
	}
	return nil
}

func (r *Runner) integrationNames() []string {
	names := make([]string, len(r.integrations))
	for i, in := range r.integrations {
		names[i] = in.name
	}
	return names
}

// hosted is the handler of a host's function.
func hosted(c *call) (value, error) {
	c.plain = true // derived fields are Aircall's
	given := Call{Account: c.account.label(), Arguments: c.args.toGo()}
	if c.dry {
		c.held = append(c.held, aircall.Request{Body: given.Arguments})
		return value{}, nil
	}
	c.requests++
	out, err := c.fn.Do(c.ctx, given)
	if err != nil {
		var known *ScriptError
		if errors.As(err, &known) {
			e := *known
			return value{}, &e
		}
		return value{}, &ScriptError{Type: TypeIntegration, Message: cut(err.Error()), Err: err, EffectStatus: c.unsure()}
	}
	data, err := json.Marshal(out)
	if err != nil {
		return value{}, &ScriptError{Type: TypeIntegration, Message: "the result cannot be written as JSON: " + cut(err.Error()), Err: err, EffectStatus: c.unsure()}
	}
	return decodeUntil(data, c.ended)
}

// unsure returns the effect status of a failed call of the host's function.
func (c *call) unsure() EffectStatus {
	if c.fn.Effect == EffectWrite {
		return EffectStatusUnknown
	}
	return EffectStatusNone
}
