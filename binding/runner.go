package binding

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
)

// A Config says what a [Runner] gives to scripts. The zero value runs scripts that have no account.
type Config struct {
	Accounts       map[string]Account // by name: a lower-case letter, then letters, digits and _; no function's name
	DefaultAccount string             // what the flat namespace means if no account is called "default"; "": the only account, if there is one
	Transport      http.RoundTripper  // under every account's client; nil: the client's own
	Limits         Limits
	NoDerived      bool // results are as Aircall sends them: no derived fields, null names stay absent
	StringErrors   bool // functions raise strings, "script.lua:12: message", instead of tables

	Integrations []Integration // beside aircall in app.integrations

	ReadOnly   bool // functions that write raise permission_denied
	DryRun     bool // functions that write send nothing and return {dry_run = true, method, path, body}
	Permission func(context.Context, Access) Decision
	Ask        func(context.Context, Access) (bool, error) // for what Permission says Ask to; nil: nobody is asked

	Logger *slog.Logger                            // one record a call, at level debug or warn, and one a run; no argument, no result
	OnCall func(ctx context.Context, c CallRecord) // after each call; for metrics
	OnRun  func(ctx context.Context, r *RunRecord) // after each run
}

// A RunRecord is one run of a script, for those who count.
type RunRecord struct {
	Name      string // of the script
	Calls     int
	Output    int // bytes
	Duration  time.Duration
	ErrorType string // of the ScriptError; "" on success
}

// A Runner runs scripts. It never changes and is safe for many goroutines; what one script learns about an account's
// rate limit holds for all of them.
type Runner struct {
	functions    []Function
	pages        func() []Page // of the manual, made when a script first asks
	accounts     map[string]*account
	names        []string // of the accounts, sorted
	byDefault    string   // "": no default account
	limits       Limits
	plain        bool
	stringErrors bool
	integrations []*integrated // aircall is the first

	readOnly, dryRun bool
	permission       func(context.Context, Access) Decision
	ask              func(context.Context, Access) (bool, error)
	logger           *slog.Logger // nil: none
	onCall           func(context.Context, CallRecord)
	onRun            func(context.Context, *RunRecord)
}

// New checks the configuration. It sends nothing.
func New(c Config) (*Runner, error) {
	if err := luabox.CheckLayout(); err != nil {
		return nil, fmt.Errorf("binding: %w", err)
	}
	limits, err := c.Limits.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("binding: %w", err)
	}
	c.Limits = limits
	r := &Runner{
		functions: slices.Clone(everyFunction()), pages: sync.OnceValue(Pages), accounts: make(map[string]*account, len(c.Accounts)), limits: limits,
		names: slices.Sorted(maps.Keys(c.Accounts)), plain: c.NoDerived, stringErrors: c.StringErrors,
		readOnly: c.ReadOnly, dryRun: c.DryRun, permission: c.Permission, ask: c.Ask,
		logger: c.Logger, onCall: c.OnCall, onRun: c.OnRun,
	}
	for _, name := range r.names {
		if err := checkAccountName(name, r.functions, integration); err != nil {
			return nil, fmt.Errorf("binding: %w", err)
		}
		if r.accounts[name], err = newAccount(name, c.Accounts[name], c); err != nil {
			return nil, fmt.Errorf("binding: %w", err)
		}
	}
	if r.byDefault, err = defaultAccount(r.accounts, c.DefaultAccount); err != nil {
		return nil, fmt.Errorf("binding: %w", err)
	}
	r.integrations = []*integrated{{
		name: integration, root: root, functions: r.functions, accounts: r.accounts, names: namespaces(r.names), byDefault: r.byDefault,
	}}
	for _, i := range c.Integrations {
		in, err := r.integrate(i)
		if err != nil {
			return nil, fmt.Errorf("binding: %w", err)
		}
		r.integrations = append(r.integrations, in)
	}
	return r, nil
}

// RunOptions belong to one run.
type RunOptions struct {
	Output  io.Writer // gets what the script prints, as it prints it; nil: it is only in Result.Output
	Args    []any     // the chunk's varargs: nil, numbers, strings, booleans, and whatever encoding/json writes
	Account string    // what the flat namespace and .default of aircall mean in this run; "": the configuration decides

	ReadOnly, DryRun bool // as in [Config], for this run; neither lifts what the configuration says
}

// A Result is what a script left behind. It is filled on failure too, as far as the script came.
type Result struct {
	Output   string       // what it printed, at most Limits.Output bytes and a last line
	Values   []any        // what it returned: nil, bool, int64, float64, string, []any, map[string]any
	Calls    []CallRecord // what it called, in order
	Duration time.Duration
}

// A CallRecord is one call of a documented function by a script. It holds no argument.
type CallRecord struct {
	Path         string // integrations.aircall.get_call
	Function     string // get_call
	Account      string // "" if the namespace means none
	Effect       Effect
	EffectStatus string // EffectNone and its like
	Requests     int    // sent by the call, retries not counted
	Duration     time.Duration
	ErrorType    string // of the ScriptError; "" on success
	Status       int    // HTTP status of the failure; 0 without a reply or without a failure
	DryRun       bool   // nothing was written, only said what would be
}

// Run runs one script in a state of its own and waits for its end, for the end of ctx or for Limits.Timeout. The name
// stands in positions and messages; "" means "script.lua". An error is always a [*ScriptError].
func (r *Runner) Run(ctx context.Context, name, source string, opts RunOptions) (*Result, error) {
	s, failed := r.newSession(scriptName(name), opts, false)
	if failed != nil {
		return &Result{}, failed
	}
	return s.run(ctx, source, opts)
}

func scriptName(name string) string { return cmp.Or(name, "script.lua") }

// Preload sets the globals app, json and docs in a state that belongs to the host. Requests end with the state's context;
// neither the sandbox nor any limit of a run applies but MaxPages and RequestTimeout.
func (r *Runner) Preload(L *lua.LState) {
	s := &session{runner: r, flat: r.accounts[r.byDefault]}
	s.box = luabox.Attach(L, luabox.Options{Limits: r.limits.luabox(), ErrorValue: s.errorValue})
	s.install(L)
}
