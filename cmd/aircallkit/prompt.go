package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/internal/luabox"
	"github.com/aircallkit/aircallkit/internal/suggest"
)

// prompt reads inputs from a person and runs them, until the end of input or :quit.
type prompt struct {
	p         *process
	target    *target
	shell     *binding.Shell
	pages     []binding.Page
	functions []binding.Function
	opts      binding.RunOptions // of every input; the account is that of :use

	read     func(prompt string) (string, error) // one line; errAborted after Ctrl-C
	remember func(line string)                   // until the prompt ends
	keep     func(input string)                  // for the next prompt
	width    func() int                          // of the terminal
}

// errAborted says that the line was given up with Ctrl-C.
var errAborted = errors.New("aborted")

// converse is the command without a script, at a terminal.
func converse(ctx context.Context, p *process, t *target, runner *binding.Runner, opts binding.RunOptions) error {
	pr := newPrompt(p, t, runner, opts)
	e := newEditor(pr.complete, historyFile(p), secrets(t.accounts))
	pr.read, pr.remember, pr.keep = e.read, e.remember, e.keep
	terminated, interrupted := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(terminated)
	signal.Notify(interrupted, os.Interrupt) // or a Ctrl-C between two inputs would end the process
	defer signal.Stop(interrupted)
	done := make(chan error, 1)
	go func() { done <- pr.run(context.WithoutCancel(ctx)) }() // Ctrl-C ends an input, not the prompt
	var err error
	select {
	case err = <-done:
	case <-terminated:
	}
	if failed := e.close(); failed != nil {
		p.complain("warning", "the history is not saved: "+failed.Error())
	}
	return err
}

func newPrompt(p *process, t *target, runner *binding.Runner, opts binding.RunOptions) *prompt {
	return &prompt{
		p: p, target: t, shell: runner.Shell(), pages: binding.Pages(), functions: binding.All(), opts: opts,
		width: func() int { return columns(p.stdout) },
	}
}

func (pr *prompt) run(ctx context.Context) error {
	fmt.Fprintf(pr.p.stdout, "Lua 5.1 with app.integrations.aircall on %s. :help tells more, Ctrl-D ends.\n", pr.where())
	n := 0
	for {
		source, err := pr.input()
		switch {
		case errors.Is(err, errAborted):
			continue
		case errors.Is(err, io.EOF):
			fmt.Fprintln(pr.p.stdout)
			return nil
		case err != nil:
			return unable(fmt.Errorf("lua: %w", err))
		case strings.TrimSpace(source) == "":
			continue
		case strings.HasPrefix(source, ":"):
			if pr.command(strings.Fields(source)) {
				return nil
			}
			continue
		}
		n++
		pr.evaluate(ctx, fmt.Sprintf("input%d", n), source)
	}
}

func (pr *prompt) where() string {
	switch pr.target.name {
	case targetFake:
		return "a fake in this process"
	case targetLive:
		return "live accounts"
	}
	return pr.target.name
}

// input reads lines until they are a whole chunk. An empty line ends one that only waits for more.
func (pr *prompt) input() (string, error) {
	first := pr.name() + "> "
	source, err := pr.read(first)
	if err != nil {
		return "", err
	}
	pr.remember(source)
	for !strings.HasPrefix(source, ":") && luabox.Incomplete(source) {
		line, err := pr.read(strings.Repeat(" ", len(first)-4) + "... ")
		if err != nil {
			return "", err
		}
		if line == "" {
			break
		}
		pr.remember(line)
		source += "\n" + line
	}
	pr.keep(source)
	return source, nil
}

// name is the account that the flat namespace means.
func (pr *prompt) name() string {
	if pr.opts.Account == "" {
		return "aircall"
	}
	return pr.opts.Account
}

// evaluate runs one input. Ctrl-C cancels it, and the request it waits for.
func (pr *prompt) evaluate(ctx context.Context, name, source string) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	result, err := pr.shell.Run(ctx, name, source, pr.opts)
	var failed *binding.ScriptError
	if errors.As(err, &failed) {
		pr.p.explain(name, failed)
		return
	}
	s := sheet{w: pr.p.stdout, width: pr.width(), bold: func(text string) string { return pr.p.paint(pr.p.stdout, bold, text) }}
	for _, v := range result.Values {
		s.value(v)
	}
}

const promptHelp = `Type Lua: an expression shows its value, statements run. Globals stay from one input to the next, locals do not.
Tab completes functions, their arguments and what stands in your variables. Input that is not finished goes on in the
next line; an empty line ends it. Ctrl-C gives up the line or stops what runs, Ctrl-D ends.

  :docs [NAME]    the documentation of a function or topic; without a name, what there is
  :accounts       the accounts
  :use [ACCOUNT]  let app.integrations.aircall mean this account; without a name, the default one
  :help           this text
  :quit           end

Try: app.integrations.aircall.list_calls({ per_page = 5 })
`

// commands are what a line that begins with a colon may be.
var commands = []string{":accounts", ":docs", ":help", ":quit", ":use"}

// command does what a line with a colon says, and reports whether it was the last one.
func (pr *prompt) command(words []string) (quit bool) {
	argument := strings.Join(words[1:], " ")
	switch words[0] {
	case ":quit", ":q":
		return true
	case ":help", ":h":
		fmt.Fprint(pr.p.stdout, promptHelp)
	case ":docs":
		pr.docs(argument)
	case ":accounts":
		pr.accounts()
	case ":use":
		pr.use(argument)
	default:
		hint := "the commands are " + strings.Join(commands, ", ")
		if near := suggest.For(words[0], commands); len(near) > 0 {
			hint = "did you mean " + near[0] + "?"
		}
		pr.p.complain("error", "there is no command "+words[0])
		pr.p.complain("hint", hint)
	}
	return false
}

func (pr *prompt) docs(name string) {
	if name == "" {
		for _, page := range pr.pages {
			fmt.Fprintf(pr.p.stdout, "%-44s %s\n", page.Name, page.Summary)
		}
		return
	}
	page, err := lookUp(pr.pages, name)
	if err != nil {
		var f *failure
		errors.As(err, &f)
		pr.p.complain("error", strings.TrimPrefix(f.Error(), "docs: "))
		for _, h := range f.hints {
			pr.p.complain("hint", h)
		}
		return
	}
	_ = pr.p.markdown(pr.p.stdout, page.Text) // a terminal that is gone ends the prompt at the next line
}

func (pr *prompt) accounts() {
	for _, name := range names(pr.target.accounts) {
		mark := " "
		if name == pr.opts.Account {
			mark = "*"
		}
		fmt.Fprintf(pr.p.stdout, "%s %s\n", mark, name)
	}
}

func (pr *prompt) use(name string) {
	if _, ok := pr.target.accounts[name]; !ok && name != "" {
		pr.p.complain("error", fmt.Sprintf("there is no account %q", name))
		pr.p.complain("hint", "configured: "+strings.Join(names(pr.target.accounts), ", "))
		return
	}
	pr.opts.Account = name
}
