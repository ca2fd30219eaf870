package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/peterh/liner"
	"golang.org/x/term"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/internal/luabox"
	"github.com/aircallkit/aircallkit/internal/suggest"
)

// prompt reads inputs from a person and runs them, until the end of input or :quit.
type prompt struct {
	p      *process
	target *target
	shell  *binding.Shell
	opts   binding.RunOptions // of every input; the account is that of :use

	readLine func(prompt string) (string, error) // liner.ErrPromptAborted after Ctrl-C
	remember func(input string)                  // adds an input to the history
	width    int                                 // of the terminal
	height   int                                 // of the terminal; 0: long output is printed at once
}

func newPrompt(p *process, t *target, runner *binding.Runner, opts binding.RunOptions) *prompt {
	pr := &prompt{p: p, target: t, shell: runner.Shell(), opts: opts, width: 80}
	if f, ok := file(p.stdout); ok {
		if width, height, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			pr.width, pr.height = width, height
		}
	}
	return pr
}

// runPrompt is the command without a script, at a terminal.
func runPrompt(ctx context.Context, p *process, t *target, runner *binding.Runner, opts binding.RunOptions) error {
	pr := newPrompt(p, t, runner, opts)
	editor, history := liner.NewLiner(), historyFile(p)
	editor.SetCtrlCAborts(true)
	editor.SetTabCompletionStyle(liner.TabPrints)
	editor.SetWordCompleter(pr.complete)
	if f, err := os.Open(history); err == nil { // the file does not exist at first
		readHistory(f, editor)
		f.Close()
	}
	pr.readLine = editor.Prompt
	pr.remember = func(input string) { remember(p, editor, input) }
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
	if failed := errors.Join(editor.Close(), saveHistory(editor, history)); failed != nil {
		p.complain("warning", "the history is not saved: "+failed.Error())
	}
	return err
}

func (pr *prompt) run(ctx context.Context) error {
	where := cmp.Or(map[string]string{targetFake: "a fake in this process", targetLive: "live accounts"}[pr.target.name], pr.target.name)
	fmt.Fprintln(pr.p.stdout, wrapText(fmt.Sprintf("Lua 5.1 with app.integrations.aircall on %s. Type :help for help, Ctrl-D to quit.", where), "", pr.width))
	n := 0
	for {
		source, err := pr.input()
		switch {
		case errors.Is(err, liner.ErrPromptAborted):
		case errors.Is(err, io.EOF):
			return printLine(pr.p, "")
		case err != nil:
			return err
		case strings.TrimSpace(source) == "":
		case strings.HasPrefix(source, ":"):
			if pr.command(strings.Fields(source)) {
				return nil
			}
		default:
			n++
			pr.evaluate(ctx, fmt.Sprintf("input%d", n), source)
		}
	}
}

// input reads lines until they are a complete chunk. An empty line ends an incomplete one.
func (pr *prompt) input() (string, error) {
	account := cmp.Or(pr.opts.Account, "aircall")
	source, err := pr.readLine(account + "> ")
	for err == nil && !strings.HasPrefix(source, ":") && luabox.Incomplete(source) {
		var line string
		if line, err = pr.readLine(strings.Repeat(" ", max(0, len(account)-2)) + "... "); line == "" {
			break
		}
		source += "\n" + line
	}
	if err == nil && strings.TrimSpace(source) != "" {
		pr.remember(source)
	}
	return source, err
}

// evaluate runs one input. Ctrl-C cancels it, and the request it waits for.
func (pr *prompt) evaluate(ctx context.Context, name, source string) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	result, err := pr.shell.Run(ctx, name, source, pr.opts)
	if failed, ok := errors.AsType[*binding.ScriptError](err); ok {
		if strings.Contains(failed.Message, "docs.list() lists them") {
			failed.Hint = cmp.Or(failed.Hint, ":docs lists all functions")
		}
		pr.p.explain(name, failed, pr.width)
		return
	}
	pr.page(func() {
		for _, value := range result.Values {
			(&valuePrinter{pr.p, pr.width}).print(value)
		}
	})
}

const promptHelp = `Type Lua: an expression shows its value, a statement runs. Globals stay from one input to the next,
locals do not. Tab completes functions, their arguments and the fields of variables. An incomplete
input continues on the next line; an empty line ends it. Ctrl-C discards the line or stops a running
script, Ctrl-D quits.

  :docs [NAME]    show the documentation of a function or topic; without a name, list them
  :accounts       list the accounts
  :use [ACCOUNT]  make app.integrations.aircall use this account; without a name, the default one
  :help           show this text
  :quit           quit

Try: app.integrations.aircall.list_calls({ per_page = 5 })
`

var promptCommands = []string{":accounts", ":docs", ":help", ":quit", ":use"}

// command runs a line that begins with a colon, and reports whether the prompt ends.
func (pr *prompt) command(words []string) (quit bool) {
	argument := strings.Join(words[1:], " ")
	switch words[0] {
	case ":quit", ":q":
		return true
	case ":help", ":h":
		pr.page(func() { fmt.Fprint(pr.p.stdout, promptHelp) })
	case ":docs":
		pr.docs(argument)
	case ":accounts":
		for _, name := range names(pr.target.accounts) {
			mark := " "
			if name == pr.opts.Account {
				mark = "*"
			}
			fmt.Fprintf(pr.p.stdout, "%s %s\n", mark, name)
		}
	case ":use":
		if argument != "" && requireAccount(pr.target.accounts, argument) != nil {
			pr.failed(unable(fmt.Errorf("there is no account %q", argument), ":accounts lists them"))
			return false
		}
		pr.opts.Account = argument
	default:
		hint := didYouMean(suggest.For(words[0], promptCommands), "the commands are "+strings.Join(promptCommands, ", "))
		pr.failed(unable(errors.New("there is no command "+words[0]), hint))
	}
	return false
}

// failed prints a failure, and reports whether err is one.
func (pr *prompt) failed(err error) bool {
	f, ok := errors.AsType[*failure](err)
	if ok {
		pr.p.report(f)
	}
	return ok
}

func (pr *prompt) docs(name string) {
	if name == "" {
		pr.page(func() {
			for _, page := range binding.Pages() {
				fmt.Fprintf(pr.p.stdout, "%-44s %s\n", page.Name, page.Summary)
			}
		})
		return
	}
	page, near := binding.FindPage(binding.Pages(), name)
	if page == nil {
		hint := ":docs lists all functions"
		if len(near) > 0 {
			hint = "did you mean :docs " + near[0] + "?"
		}
		pr.failed(unable(fmt.Errorf("there is no function %q", name), hint))
		return
	}
	pr.page(func() { _ = pr.p.markdown(wrapMarkdown(page.Text, pr.width)) }) // if the terminal is gone, the next line ends the prompt
}

var (
	pathBefore   = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_.]*$|$`)
	choiceBefore = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_]*)\s*=\s*("[A-Za-z0-9_]*|)$`)
	colonCommand = regexp.MustCompile(`^(:[a-z]*)$|^:(docs|use)\s+(\S*)$`)

	quotedText    = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	closedTable   = regexp.MustCompile(`\{[^{}]*\}`)
	callBefore    = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_]*)\s*\(?\s*\{([^{}]*)$`)
	givenArgument = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_]*)\s*=[^=]`)
)

// complete returns the words that fit at the cursor, and the text before and after them. The position is in characters.
func (pr *prompt) complete(line string, pos int) (head string, words []string, tail string) {
	runes := []rune(line)
	pos = min(pos, len(runes))
	before, tail := string(runes[:pos]), string(runes[pos:])
	if m := colonCommand.FindStringSubmatch(before); m != nil {
		words := map[string][]string{"": promptCommands, "use": names(pr.target.accounts), "docs": pageNames(binding.Pages())}[m[2]]
		prefix := m[1] + m[3]
		return strings.TrimSuffix(before, prefix), withPrefix(prefix, words), tail
	}
	f, given := openCall(before)
	if m := choiceBefore.FindStringSubmatch(before); f != nil && m != nil {
		var choices []string
		for _, p := range f.Params {
			for _, e := range p.Enum {
				if p.Name == m[1] {
					choices = append(choices, strconv.Quote(e))
				}
			}
		}
		return strings.TrimSuffix(before, m[2]), withPrefix(m[2], choices), tail
	}
	path := pathBefore.FindString(before)
	dot := strings.LastIndex(path, ".") + 1
	head = strings.TrimSuffix(before, path) + path[:dot]
	if f != nil && dot == 0 {
		var arguments []string
		for _, p := range f.Params {
			if !slices.Contains(given, p.Name) {
				arguments = append(arguments, p.Name+" = ")
			}
		}
		words = withPrefix(path, arguments)
	}
	if path != "" || f == nil && !strings.HasSuffix(before, ".") {
		words = append(words, pr.shell.Complete(path)...)
	}
	return head, words, tail
}

func withPrefix(prefix string, words []string) (out []string) {
	for _, w := range words {
		if strings.HasPrefix(w, prefix) {
			out = append(out, w)
		}
	}
	return out
}

// openCall returns the function whose table of arguments the text ends in, or nil, and the arguments in the table.
func openCall(text string) (f *binding.Function, given []string) {
	text = quotedText.ReplaceAllString(text, `""`)
	for closedTable.MatchString(text) {
		text = closedTable.ReplaceAllString(text, "nil")
	}
	m := callBefore.FindStringSubmatch(text)
	if m == nil {
		return nil, nil
	}
	for _, argument := range givenArgument.FindAllStringSubmatch(m[2]+" ", -1) {
		given = append(given, argument[1])
	}
	for _, f := range binding.All() {
		if f.Name == m[1] || slices.Contains(f.Aliases, m[1]) {
			return &f, given
		}
	}
	return nil, nil
}

// historyFile returns the file of the history, in the state directory of XDG. It is "" if the environment names none.
func historyFile(p *process) string {
	state := p.getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home := p.getenv("HOME")
		if !filepath.IsAbs(home) {
			return ""
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "aircallkit", "lua_history")
}

// readHistory adds the lines of a file to the history. It skips lines that are not text.
func readHistory(r io.Reader, editor *liner.State) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		if utf8.Valid(lines.Bytes()) {
			editor.AppendHistory(lines.Text())
		}
	}
}

var secretWord = regexp.MustCompile(`(?i)secret|token|password|passwd|bearer|authorization|api_?key|\bcode\s*=`)

// remember adds the lines of an input to the history. It leaves out an input that contains a credential or names one: the
// credential may be on a line by itself.
func remember(p *process, editor *liner.State, input string) {
	if secretWord.MatchString(input) || p.secrets.Text(input) != input {
		return
	}
	for line := range strings.SplitSeq(input, "\n") {
		if strings.TrimSpace(line) != "" {
			editor.AppendHistory(line)
		}
	}
}

// saveHistory replaces the file in one step: of two prompts that end together, one writes its history.
func saveHistory(editor *liner.State, file string) error {
	var b bytes.Buffer
	n, err := editor.WriteHistory(&b)
	if file == "" || n == 0 || err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return writeFile(file, b.Bytes(), 0o600, os.Rename)
}
