package binding

import (
	"context"
	"regexp"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
)

// A Shell runs one input after the other in one Lua state: globals stay, locals do not. Each input has the limits of a
// run. It is for an interactive prompt, and for one goroutine at a time.
type Shell struct {
	runner *Runner
	s      *session // nil before the first input
}

// Shell returns a new Shell. It sends nothing.
func (r *Runner) Shell() *Shell { return &Shell{runner: r} }

// An Opaque is a value in [Result.Values] of a shell that JSON cannot hold, such as a function: the text of the value.
type Opaque string

// Run runs one input: an expression, whose values it returns, or statements. After an input that did not return in time,
// the next one gets a new state. Errors are those of [Runner.Run].
func (sh *Shell) Run(ctx context.Context, name, source string, opts RunOptions) (*Result, error) {
	if expression := "return " + source; len(source) <= sh.runner.config.Limits.Source && luabox.Check(expression) == nil {
		source = expression
	}
	s, failed := sh.session(name, opts)
	if failed != nil {
		return &Result{}, failed // and the state stays
	}
	return s.run(ctx, source, opts)
}

// session returns the session for an input.
func (sh *Shell) session(name string, opts RunOptions) (*session, error) {
	name = scriptName(name)
	flat, failed := sh.runner.flat(opts.Account)
	if failed != nil {
		return nil, failed
	}
	if sh.s == nil || sh.s.box.Abandoned() {
		if sh.s, failed = sh.runner.newSession(name, opts, true); failed != nil {
			return nil, failed
		}
	}
	s := sh.s
	s.name, s.flat, s.raised = name, flat, nil
	s.record = &record{limit: s.runner.config.Limits.Output, w: opts.Output}
	s.box.SetName(name)
	for _, ns := range s.namespaces {
		if ns.path == root || ns.path == root+"."+defaultName {
			ns.account = flat
		}
	}
	return s, nil
}

// Complete returns the names that can replace the last one of a path such as "app.integrations.air", sorted, from the
// shell's globals. The name of a function ends in "(". Complete calls no function of the script.
func (sh *Shell) Complete(path string) []string {
	if sh.s == nil {
		if _, failed := sh.session("", RunOptions{}); failed != nil {
			return nil
		}
	}
	parts := strings.Split(path, ".")
	var at lua.LValue = sh.s.box.Base().G.Global
	for _, name := range parts[:len(parts)-1] {
		t, ok := at.(*lua.LTable)
		if !ok {
			return nil
		}
		at = t.RawGetString(name)
	}
	t, ok := at.(*lua.LTable)
	if !ok {
		return nil
	}
	const most = 1000
	var names []string
	for key, v := t.Next(lua.LNil); key != lua.LNil && len(names) < most; key, v = t.Next(key) {
		name, ok := key.(lua.LString)
		if !ok || !strings.HasPrefix(string(name), parts[len(parts)-1]) || !identifier.MatchString(string(name)) {
			continue
		}
		if v.Type() == lua.LTFunction {
			name += "("
		}
		names = append(names, string(name))
	}
	slices.Sort(names)
	return names
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
