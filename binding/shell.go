package binding

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// A Shell runs one input after the other in one Lua state: globals stay, locals do not. Each input has the limits of a
// run. It is for a person at a prompt, and for one goroutine at a time.
type Shell struct {
	runner *Runner
	s      *session // nil: none yet, or the last one is stuck
	base   *lua.LState
}

// Shell makes a shell. It sends nothing.
func (r *Runner) Shell() *Shell { return &Shell{runner: r} }

// Opaque stands in [Result.Values] of a shell for a value that JSON cannot hold, such as a function: how it is shown.
type Opaque string

// Run runs one input: an expression, whose values it returns, or statements. After an input that had to be abandoned the
// next one begins with a new state.
func (sh *Shell) Run(ctx context.Context, name, source string, opts RunOptions) (*Result, error) {
	if _, failed := sh.runner.flat(opts.Account); failed != nil {
		return &Result{}, failed // and the state stays
	}
	if expression := "return " + source; len(source) <= sh.runner.limits.Source && parses(expression) == nil {
		source = expression
	}
	result, s, err := sh.runner.run(ctx, name, source, opts, sh.begin)
	sh.s = s
	return result, err
}

// begin gives the state an input runs in: a thread of the one that has the globals, as a failed input leaves its own in
// disorder.
func (sh *Shell) begin(ctx context.Context, name string, opts RunOptions) (*session, *ScriptError) {
	r := sh.runner
	flat, failed := r.flat(opts.Account)
	if failed != nil {
		return nil, failed
	}
	s := sh.s
	if s == nil {
		if s, failed = r.newSession(ctx, name, opts); failed != nil {
			return nil, failed
		}
		s.meter.stop()
		sh.base = s.state
		sh.base.RemoveContext()
		s.sandbox(sh.base)
		s.install(sh.base)
		s.shell = true
	}
	s.name, s.flat, s.raised, s.record = name, flat, nil, newRecord(r, opts)
	for _, ns := range s.lazy {
		if ns.path == root || ns.path == root+"."+defaultName {
			ns.account = flat
		}
	}
	s.meter.renew(ctx)
	s.state, _ = sh.base.NewThread()
	s.meter.watch(s.state)
	return s, nil
}

// Incomplete reports whether a chunk, or an expression, only lacks its end.
func Incomplete(source string) bool {
	statement, expression := parses(source), parses("return "+source)
	return statement != nil && expression != nil && (atEnd(statement) || atEnd(expression))
}

func parses(source string) error {
	if line, _ := tooNested(source, ""); line > 0 {
		return errNested // parsing it would take more than it is worth; running it says so
	}
	_, err := parse.Parse(strings.NewReader(source), "")
	return err
}

var errNested = errors.New("nested too deeply")

func atEnd(err error) bool {
	var e *parse.Error
	return errors.As(err, &e) && e.Pos.Line == parse.EOF && e.Message != "unterminated string"
}

// Complete returns the names that may stand in the place of the last one of a path such as "app.integrations.air", as they
// are in the shell's globals; a function's ends in "(". Nothing of the script's is called.
func (sh *Shell) Complete(path string) []string {
	if sh.s == nil {
		// A state for an input that does nothing.
		if _, err := sh.Run(context.Background(), "", "", RunOptions{}); err != nil {
			return nil
		}
	}
	parts := strings.Split(path, ".")
	var at lua.LValue = sh.base.G.Global
	for _, name := range parts[:len(parts)-1] {
		t, ok := at.(*lua.LTable)
		if !ok {
			return nil
		}
		sh.s.fill(sh.base, t)
		at = t.RawGetString(name)
	}
	t, ok := at.(*lua.LTable)
	if !ok {
		return nil
	}
	sh.s.fill(sh.base, t)
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
