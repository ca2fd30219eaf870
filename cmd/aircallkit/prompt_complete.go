package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/binding"
)

var (
	lastPath   = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_.]*$|$`)
	openCall   = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_]*)\s*\(?\s*$`)
	lastChoice = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_]*)\s*=\s*("[A-Za-z0-9_]*|)$`)
	firstWord  = regexp.MustCompile(`^(:[a-z]*)$|^:(docs|use)\s+(\S*)$`)
)

// complete offers what may stand at the cursor, for the editor: what is before the word, the words, what is behind. The
// position is in characters.
func (pr *prompt) complete(line string, pos int) (head string, words []string, tail string) {
	runes := []rune(line)
	pos = min(pos, len(runes))
	before, tail := string(runes[:pos]), string(runes[pos:])
	if m := firstWord.FindStringSubmatch(before); m != nil {
		switch {
		case m[1] != "":
			return "", beginning(commands, m[1]), tail
		case m[2] == "use":
			return strings.TrimSuffix(before, m[3]), beginning(names(pr.target.accounts), m[3]), tail
		}
		return strings.TrimSuffix(before, m[3]), beginning(pageNames(pr.pages), m[3]), tail
	}
	f, given := pr.openCall(before)
	if m := lastChoice.FindStringSubmatch(before); f != nil && m != nil {
		var quoted []string
		for _, p := range f.Params {
			for _, e := range p.Enum {
				if p.Name == m[1] {
					quoted = append(quoted, strconv.Quote(e))
				}
			}
		}
		return strings.TrimSuffix(before, m[2]), beginning(quoted, m[2]), tail
	}
	path := lastPath.FindString(before)
	dot := strings.LastIndex(path, ".") + 1
	head = strings.TrimSuffix(before, path) + path[:dot]
	if f != nil && dot == 0 {
		var arguments []string
		for _, p := range f.Params {
			if !slices.Contains(given, p.Name) {
				arguments = append(arguments, p.Name+" = ")
			}
		}
		words = beginning(arguments, path)
	}
	if path != "" || f == nil && !strings.HasSuffix(before, ".") {
		words = append(words, pr.shell.Complete(path)...)
	}
	return head, words, tail
}

func beginning(words []string, with string) (out []string) {
	for _, w := range words {
		if strings.HasPrefix(w, with) {
			out = append(out, w)
		}
	}
	return out
}

// openCall is the function whose table of arguments the text ends in, and which of them it has.
func (pr *prompt) openCall(text string) (*binding.Function, []string) {
	depth, quote := 0, byte(0)
	for i := len(text) - 1; i >= 0; i-- {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && strings.Count(text[:i], string(c))%2 == 1:
			quote = c
		case c == '}':
			depth++
		case c == '{' && depth > 0:
			depth--
		case c == '{':
			m := openCall.FindStringSubmatch(text[:i])
			if m == nil {
				return nil, nil
			}
			return pr.function(m[1]), arguments(text[i+1:])
		}
	}
	return nil, nil
}

var argument = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_]*)\s*=[^=]`)

func arguments(text string) (names []string) {
	for _, m := range argument.FindAllStringSubmatch(text+" ", -1) {
		names = append(names, m[1])
	}
	return names
}

func (pr *prompt) function(name string) *binding.Function {
	i := slices.IndexFunc(pr.functions, func(f binding.Function) bool {
		return f.Name == name || slices.Contains(f.Aliases, name)
	})
	if i < 0 {
		return nil
	}
	return &pr.functions[i]
}
