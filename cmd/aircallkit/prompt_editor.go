package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/peterh/liner"
	"golang.org/x/term"

	"github.com/aircallkit/aircallkit/binding"
)

// An editor reads lines from the terminal and keeps a history of them.
type editor struct {
	line    *liner.State
	file    string // of the history; "": none
	kept    []string
	secrets []string
}

// maxHistory bounds the history, in lines; what is older is dropped.
const maxHistory = 1000

func newEditor(complete liner.WordCompleter, file string, secrets []string) *editor {
	e := &editor{line: liner.NewLiner(), file: file, secrets: secrets, kept: readHistory(file)}
	e.line.SetCtrlCAborts(true)
	e.line.SetTabCompletionStyle(liner.TabPrints)
	e.line.SetWordCompleter(complete)
	for _, line := range e.kept {
		e.line.AppendHistory(line)
	}
	return e
}

func (e *editor) read(prompt string) (string, error) {
	line, err := e.line.Prompt(prompt)
	if errors.Is(err, liner.ErrPromptAborted) {
		err = errAborted
	}
	return line, err
}

// remember offers a line again while the prompt lasts.
func (e *editor) remember(line string) {
	if strings.TrimSpace(line) != "" {
		e.line.AppendHistory(line)
	}
}

// keep adds an input to the history, line by line, unless it is sensitive: a secret may be on a separate line.
func (e *editor) keep(input string) {
	if sensitive(input, e.secrets) {
		return
	}
	for line := range strings.Lines(input) {
		if line = strings.TrimSuffix(line, "\n"); strings.TrimSpace(line) != "" {
			e.kept = append(e.kept, line)
		}
	}
}

// close gives the terminal back and saves the history.
func (e *editor) close() error {
	return errors.Join(e.line.Close(), writeHistory(e.file, e.kept))
}

// historyFile is where the history is, by the rules of XDG; "" if the environment does not say.
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

func readHistory(file string) []string {
	f, err := os.Open(file)
	if err != nil {
		return nil // the first time
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return nil
	}
	var kept []string
	for line := range strings.Lines(strings.ToValidUTF8(string(data), "?")) {
		if line = strings.TrimSuffix(line, "\n"); !strings.ContainsFunc(line, unicode.IsControl) && line != "" {
			kept = append(kept, line)
		}
	}
	return kept[max(0, len(kept)-maxHistory):]
}

// writeHistory replaces the file in one step: two prompts that end together leave the one history or the other.
func writeHistory(file string, kept []string) error {
	if file == "" || len(kept) == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	kept = slices.Compact(kept)
	text := strings.Join(kept[max(0, len(kept)-maxHistory):], "\n") + "\n"
	return writeWhole(file, []byte(text), 0o600, os.Rename)
}

var secretWord = regexp.MustCompile(`(?i)secret|token|password|passwd|bearer|authorization|api_?key|\bcode\s*=`)

// sensitive inputs hold a credential, or name one: they are not written to a file.
func sensitive(input string, secrets []string) bool {
	return secretWord.MatchString(input) || slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(input, s) })
}

// secrets are the credentials in use.
func secrets(accounts map[string]binding.Account) (all []string) {
	for _, a := range accounts {
		for _, s := range []string{a.APIID, a.APIToken, a.AccessToken} {
			if s != "" {
				all = append(all, s)
			}
		}
	}
	return all
}

// person says that somebody types at the one end and reads at the other. Unlike /dev/null, which is a device too.
func person(p *process) bool {
	in, ok := file(p.stdin)
	out, also := file(p.stdout)
	return ok && also && term.IsTerminal(int(in.Fd())) && term.IsTerminal(int(out.Fd()))
}

// columns returns the width of a terminal, or 80 if it is not known.
func columns(w io.Writer) int {
	if f, ok := file(w); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 80
}
