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
	Accounts       map[string]Account // by name: a lower-case letter, then at most 31 lower-case letters, digits and _; not the name of a function
	DefaultAccount string             // the account of the flat namespace if none is called "default"; "": the only account, if there is one
	Transport      http.RoundTripper  // of every account's client; nil: each client has its own
	Limits         Limits
	NoDerived      bool // results are as Aircall sends them: no derived fields, null names stay absent
	StringErrors   bool // functions raise strings, "script.lua:12: message", instead of tables

	Integrations []Integration // beside aircall in app.integrations

	RawAPI bool // aircall also has api_get, api_post, api_put and api_delete, which send a request to any path of Aircall

	ReadOnly   bool                                              // functions that write raise permission_denied
	DryRun     bool                                              // functions that write send nothing and return {dry_run = true, method, path, body}
	Permission func(ctx context.Context, a Access) Decision      // called before each call is sent; nil: every call is allowed
	Ask        func(ctx context.Context, a Access) (bool, error) // called if Permission returns Ask; nil: such calls are denied

	Logger *slog.Logger                            // gets one record per call, at level debug or warn, and one per run, without arguments and results; nil: none
	OnCall func(ctx context.Context, c CallRecord) // called after each call; nil: not used
	OnRun  func(ctx context.Context, r *RunRecord) // called after each run; nil: not used
}

// A RunRecord describes one run of a script.
type RunRecord struct {
	Name      string // of the script
	Calls     int    // of functions of app.integrations
	Output    int    // bytes printed
	Duration  time.Duration
	ErrorType string // of the ScriptError; "" on success
}

// A Runner runs scripts. It is safe for concurrent use. Its scripts share the rate limit of an account.
type Runner struct {
	config       Config // with the defaults of Limits
	functions    []Function
	pages        func() []Page // of the manual, made when a script first asks
	accounts     map[string]*account
	names        []string      // of the accounts, sorted
	byDefault    string        // "": no default account
	integrations []*integrated // aircall is the first
}

// New returns a Runner. It fails if the configuration is wrong, and sends nothing.
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
		config: c, functions: slices.Clone(everyFunction()), accounts: make(map[string]*account, len(c.Accounts)),
		names: slices.Sorted(maps.Keys(c.Accounts)),
	}
	if c.RawAPI {
		r.functions = append(r.functions, rawFunctions()...)
	}
	r.pages = sync.OnceValue(func() []Page { return pagesOf(r.functions) })
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
	r.config.Accounts = nil // only the clients keep the credentials
	return r, nil
}

// RunOptions are the options of one run. The zero value is a run without arguments.
type RunOptions struct {
	Output  io.Writer // gets the output while the script prints it; nil: only Result.Output has it
	Args    []any     // of the script, which reads them as ...: values that encoding/json can write
	Account string    // the account of the flat namespace and of .default of aircall; "": the configuration decides

	ReadOnly, DryRun bool // as in [Config], for this run; false does not lift a restriction of the configuration
}

// A Result is the outcome of a run. After a failure it has the output and the calls until then.
type Result struct {
	Output   string       // at most Limits.Output bytes, and a last line if there was more
	Values   []any        // returned by the script: nil, bool, int64, float64, string, []any, map[string]any
	Calls    []CallRecord // of functions of app.integrations, in order
	Duration time.Duration
}

// A CallRecord describes one call of a function of app.integrations by a script. It has no arguments.
type CallRecord struct {
	Path         string // integrations.aircall.get_call
	Function     string // get_call
	Account      string // "" if the namespace has none
	Effect       Effect
	EffectStatus EffectStatus
	Requests     int // sent by the call, retries not counted
	Duration     time.Duration
	ErrorType    string // of the ScriptError; "" on success
	Status       int    // HTTP status of the failure; 0 without a reply or without a failure
	DryRun       bool   // nothing was written: the result describes the request
}

// Run runs one script in a new Lua state. It returns when the script ends, or at most 250 ms after the end of ctx or
// of Limits.Timeout. Positions in messages begin with name; "" means "script.lua". The error is nil or a [*ScriptError];
// the Result is never nil.
func (r *Runner) Run(ctx context.Context, name, source string, opts RunOptions) (*Result, error) {
	s, failed := r.newSession(scriptName(name), opts, false)
	if failed != nil {
		return &Result{}, failed
	}
	return s.run(ctx, source, opts)
}

func scriptName(name string) string { return cmp.Or(name, "script.lua") }

// Preload sets the globals app, json and docs in a state that belongs to the host. Requests end with the state's context.
// The sandbox does not apply, and of the limits only MaxPages, RequestTimeout and String.
func (r *Runner) Preload(L *lua.LState) {
	s := &session{runner: r, flat: r.accounts[r.byDefault]}
	s.box = luabox.Attach(L, luabox.Options{Limits: r.config.Limits.luabox(), ErrorValue: s.errorValue})
	s.install(L)
}
