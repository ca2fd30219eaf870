package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/binding"
)

type luaOptions struct {
	code                      string
	inline                    bool // code is given, even if it is empty
	target, accounts, account string
	limits                    binding.Limits
	checkLimits               func() error
	readOnly, dryRun, rawAPI  bool
}

func luaCommand(p *process) *cobra.Command {
	o := luaOptions{}
	cmd := &cobra.Command{
		Use:   "lua [file | - | -e code] [-- argument...]",
		Short: "Run a Lua script with app.integrations.aircall",
		Long: `Run a Lua script from a file, from standard input (-) or from the command line (-e). Scripts have
the functions of app.integrations.aircall ("aircallkit docs" lists them) and json, but no access to
files, processes or modules.

Without a script, at a terminal, the command is a prompt: it runs each input, completes names with
Tab and shows results as tables. Type :help there. The prompt keeps its history in
$XDG_STATE_HOME/aircallkit/lua_history, without lines that may contain a credential.

The output of the script goes to standard output at once, followed by what the code of -e returns:
text as it is, tables as JSON. An error goes to standard error, with the
line, the function that was called, the HTTP status and what to do. Exit codes: 0 the script
succeeded, 1 it failed, 2 it could not start. Arguments after -- are the script's ..., as strings.

--target fake starts a new fake without a rate limit for each run.

` + accountsHelp,
		Example: `  aircallkit lua
  aircallkit lua report.lua
  aircallkit lua -e 'return app.integrations.aircall.get_call(12345).call'
  aircallkit lua -e 'print(app.integrations.aircall.get_call({ call_id = 12345 }).call.status)'
  echo 'print(...)' | aircallkit lua - -- one two
  aircallkit lua --target http://127.0.0.1:8787 --account sales report.lua`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.inline = cmd.Flags().Changed("execute")
			return o.run(cmd.Context(), p, args, cmd.ArgsLenAtDash())
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&o.code, "execute", "e", "", "run this `code` instead of a file")
	targetFlags(cmd, &o.target, &o.accounts, targetFake)
	f.StringVar(&o.account, "account", "", "`name` of the account that app.integrations.aircall and its .default use")
	f.BoolVar(&o.readOnly, "read-only", false, "refuse calls of functions that write")
	f.BoolVar(&o.dryRun, "dry-run", false, "make functions that write return the request they would send, and send nothing")
	f.BoolVar(&o.rawAPI, "raw-api", false, "add api_get, api_post, api_put and api_delete, which send a request to any path of Aircall")
	o.checkLimits = limitFlags(f, &o.limits)
	return cmd
}

const (
	// defaultTimeout is the time of a script with --timeout 0.
	defaultTimeout = 30 * time.Second

	// lastListPage is the last page of 50 that Aircall's lists have.
	lastListPage = 200
)

// limitFlags adds a flag for each field of the limits. The check that it returns names the flag that is wrong.
func limitFlags(f *pflag.FlagSet, l *binding.Limits) (check func() error) {
	f.DurationVar(&l.Timeout, "timeout", defaultTimeout, "stop the script after this `time`; 0: 30s, negative: never")
	f.DurationVar(&l.RequestTimeout, "request-timeout", 0, "give up a request after this `time`; 0: 30s or --timeout, whichever is less")
	limits := []struct {
		field       *int
		name, usage string
	}{
		{&l.Output, "max-output", "print at most this many `bytes`; 0: 256 KiB"},
		{&l.Calls, "max-calls", "at most this `number` of calls of app.integrations; 0: 200"},
		{&l.Source, "max-source", "read at most this many `bytes` of source; 0: 256 KiB"},
		{&l.Result, "max-result", "return at most this many `bytes`, as JSON; 0: 1 MiB"},
		{&l.String, "max-string", "build strings of at most this many `bytes`; 0: 8 MiB"},
		{&l.Memory, "max-memory", "use at most this many `bytes` of memory; 0: 64 MiB"},
		{&l.PatternSteps, "max-pattern-steps", "at most this `number` of comparisons in one string.find, match or gsub; 0: 5,000,000"},
		{&l.FormatWidth, "max-format-width", "largest `width` or precision in string.format; 0: 99"},
		{&l.MaxPages, "max-pages", "read at most this `number` of pages of 50 in one call; 0: 40"},
		{&l.Registry, "max-registry", "keep at most this many `values` on Lua's stack; 0: 1<<20"},
		{&l.CallStack, "max-call-stack", "nest calls at most this `depth`; 0: 256"},
	}
	for _, limit := range limits {
		f.IntVar(limit.field, limit.name, 0, limit.usage)
	}
	return func() error {
		for _, limit := range limits {
			if *limit.field < 0 {
				return fmt.Errorf("--%s %d: give 0 or more", limit.name, *limit.field)
			}
		}
		timeout := cmp.Or(l.Timeout, defaultTimeout)
		switch {
		case l.MaxPages > lastListPage:
			return fmt.Errorf("--max-pages %d: give at most %d, where Aircall's lists end", l.MaxPages, lastListPage)
		case l.RequestTimeout < 0:
			return fmt.Errorf("--request-timeout %v: give a time such as 30s", l.RequestTimeout)
		case timeout > 0 && l.RequestTimeout > timeout:
			return fmt.Errorf("--request-timeout %v is longer than --timeout, %v", l.RequestTimeout, timeout)
		}
		return nil
	}
}

func (o *luaOptions) run(ctx context.Context, p *process, args []string, dash int) error {
	if err := o.checkLimits(); err != nil {
		return err
	}
	if dash < 0 {
		dash = len(args)
	}
	files, varargs := args[:dash], args[dash:]
	interactive := !o.inline && len(files) == 0 && terminal(p.stdin) && terminal(p.stdout)
	var name, source string
	var err error
	if !interactive {
		if name, source, err = o.source(ctx, p, files); err != nil {
			return err
		}
	}
	t, err := p.open(o.target, o.accounts)
	if err != nil {
		return err
	}
	defer t.close()
	if o.account != "" {
		if err := requireAccount(t.accounts, o.account); err != nil {
			return err
		}
	}
	runner, err := binding.New(binding.Config{Accounts: t.accounts, Limits: o.limits, RawAPI: o.rawAPI})
	if err != nil {
		return err
	}
	run := binding.RunOptions{Output: p.stdout, Account: o.account, ReadOnly: o.readOnly, DryRun: o.dryRun}
	for _, a := range varargs {
		run.Args = append(run.Args, a)
	}
	if interactive {
		return runPrompt(ctx, p, t, runner, run)
	}
	result, err := runner.Run(ctx, name, source, run)
	if failed, ok := errors.AsType[*binding.ScriptError](err); ok {
		p.explain(name, failed, 0)
		return &failure{code: exitFailed}
	}
	if err == nil && o.inline {
		err = p.printValues(result.Values)
	}
	return err
}

// printValues prints what a script returned: text as it is, anything else as JSON.
func (p *process) printValues(values []any) error {
	for _, v := range values {
		var err error
		switch v := v.(type) {
		case nil:
			err = printLine(p, "nil")
		case string:
			err = printLine(p, v)
		default:
			err = printJSON(p, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// source returns the script and its name in messages.
func (o *luaOptions) source(ctx context.Context, p *process, files []string) (name, text string, err error) {
	switch {
	case o.inline && len(files) > 0:
		return "", "", unable(errors.New("give -e or a file, not both"), "put script arguments after --")
	case o.inline:
		return "(command line)", o.code, nil
	case len(files) > 1:
		return "", "", unable(fmt.Errorf("unexpected argument %q", files[1]), "put script arguments after --")
	case len(files) == 0 || files[0] == "-":
		if len(files) > 0 || !terminal(p.stdin) {
			text, err = o.read(ctx, p.stdin)
		}
		if len(files) == 0 && text == "" && err == nil {
			err = unable(errors.New("which script?"), "give a file, - for standard input, or -e code")
		}
		return "stdin", text, err
	}
	f, err := os.Open(files[0])
	if err != nil {
		return "", "", err
	}
	defer f.Close()
	text, err = o.read(ctx, f)
	return files[0], text, err
}

// read reads until the end of the input, or until ctx ends. It reads one byte more than the limit, so that the runner
// reports a script that is too long.
func (o *luaOptions) read(ctx context.Context, r io.Reader) (string, error) {
	most := o.limits.Source
	if most <= 0 {
		most = 256 << 10
	}
	var data []byte
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		data, err = io.ReadAll(io.LimitReader(r, int64(most)+1))
	}()
	select {
	case <-done:
		return string(data), err
	case <-ctx.Done():
		return "", errors.New("interrupted")
	}
}

// explain prints the error of a script. The first line is like Lua's own, so that editors find the position. Lines are wrapped
// at the width, unless it is 0.
func (p *process) explain(name string, e *binding.ScriptError, width int) {
	fmt.Fprintln(p.stderr, p.paint(p.stderr, red, wrapText(cmp.Or(e.Where, name)+": "+e.Message, "  ", width)))
	detail := func(name, text string) {
		if text != "" {
			fmt.Fprintln(p.stderr, wrapText(fmt.Sprintf("  %-9s %s", name+":", text), strings.Repeat(" ", 12), width))
		}
	}
	if e.Path != "" && !strings.HasPrefix(e.Type, "unknown_") { // an unknown name is not part of the path
		detail("function", "app."+e.Path)
	}
	detail("account", e.Account)
	if e.Status != 0 {
		detail("status", strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	}
	if e.EffectStatus != "" && e.EffectStatus != binding.EffectStatusNone {
		detail("effect", string(e.EffectStatus))
	}
	detail("hint", e.Hint)
}
