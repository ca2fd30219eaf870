package binding

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// An Access is one call that a script wants to make, before anything is sent. Arguments has everything that the call takes
// from the script, whatever its size: valid, in the form in which it is sent (times in UNIX seconds), with defaults. A
// parameter that was not given is absent. Changing Arguments does not change the call.
type Access struct {
	Path        string // integrations.aircall.sales.get_call
	Integration string // aircall
	Function    string // get_call, even if the script used an alias
	Account     string // "" if the namespace has none
	Effect      Effect
	Arguments   map[string]any // by parameter: nil, bool, int64, float64, string, []any, map[string]any
}

// A Decision says what happens to an [Access]. Any value but Allow and Ask denies it.
type Decision string

// The decisions.
const (
	Allow Decision = "allow"
	Ask   Decision = "ask" // Config.Ask decides; it may wait until the run ends. Its error denies the call; a *ScriptError is raised as it is
	Deny  Decision = "deny"
)

// permit returns an error if the configuration does not permit the call.
func (s *session) permit(c *call) error {
	r := s.runner
	if (r.config.ReadOnly || s.readOnly) && c.fn.Effect == EffectWrite {
		return denied(c, "it writes, and this script may only read")
	}
	if r.config.Permission == nil {
		return nil
	}
	a := Access{
		Path: c.path, Integration: c.in.name, Function: c.fn.Name, Account: c.account.label(), Effect: c.fn.Effect,
		Arguments: c.args.toGo(),
	}
	switch r.config.Permission(c.ctx, a) {
	case Allow:
		return nil
	case Ask:
		if r.config.Ask == nil {
			return denied(c, "it needs an approval, and the host has no way to ask")
		}
		ok, err := r.config.Ask(c.ctx, a)
		var reason *ScriptError
		switch {
		case errors.As(err, &reason):
			refused := *reason
			return &refused
		case err != nil:
			return denied(c, "asking for its approval failed: "+cut(err.Error()))
		case !ok:
			failed := denied(c, "it was not approved")
			failed.Hint = "do not try it again without asking the user"
			return failed
		}
		return nil
	}
	return denied(c, "it is forbidden here")
}

func denied(c *call, why string) *ScriptError {
	return &ScriptError{Type: TypePermissionDenied, Message: fmt.Sprintf("app.%s is not permitted: %s. No request was made.", c.path, why)}
}

// hold keeps a request that a dry run must not send, and reports whether it did.
func (c *call) hold(op aircall.Op, req aircall.Request) bool {
	if !c.dry || op.Method == "GET" {
		return false
	}
	c.held, c.heldOps = append(c.held, req), append(c.heldOps, op)
	return true
}

// operation returns the operation with a name, which must exist.
func operation(name string) aircall.Op {
	return *find(aircall.Ops(), func(op *aircall.Op) bool { return op.Name == name })
}

// wouldSend returns the result of a dry run: dry_run, and the first request as method, path and body; requests has all of
// them if there are several. For a function of an Integration it has the arguments.
//
// It fails if a body cannot be shown whole.
func (c *call) wouldSend() (value, error) {
	result := objectValue("dry_run", true)
	var all []value
	for i, req := range c.held {
		sent := objectValue()
		if i < len(c.heldOps) {
			sent.set("method", c.heldOps[i].Method)
			sent.set("path", filled(c.heldOps[i].Path, req))
		}
		data, _ := json.Marshal(req.Body) // JSON of this package or arguments
		tree, err := decode(data)
		if err != nil {
			return value{}, limitExceeded("A dry run cannot show the body of the request: %v. Give fewer values. No request was made.", err)
		}
		if !tree.null() {
			sent.set("body", tree)
		}
		all = append(all, sent)
	}
	if len(all) > 0 {
		result.members = append(result.members, all[0].members...)
	}
	if len(all) > 1 {
		result.set("requests", arrayValue(all...))
	}
	return result, nil
}

// filled returns a path with its values in the places of the names in braces, and the query.
func filled(path string, req aircall.Request) string {
	for _, v := range req.Path {
		before, rest, _ := strings.Cut(path, "{")
		_, after, _ := strings.Cut(rest, "}")
		path = before + url.PathEscape(v) + after
	}
	if len(req.Query) > 0 {
		path += "?" + req.Query.Encode()
	}
	return path
}
