package repotest

import (
	"go/scanner"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A phrase is a habit that makes readers stop, with what to write instead.
type phrase struct {
	find    *regexp.Regexp
	fine    *regexp.Regexp // matches plain uses of the same words; nil: there are none
	instead string
	example string // a sentence that the phrase finds
}

// phrases are not used in anything that a person reads. Add one when a reviewer has to read a sentence twice for the
// same reason a second time.
var phrases = []phrase{
	{
		regexp.MustCompile(`\b(for|of|to|by|and|but|tells|says|lets|with) who (is|are|has|have|does|do|can|cannot|could|would|may|asks|wants|reads|calls|knows|names|sends|writes|makes|gives|runs|looks|needs)\b`),
		nil, `name the people: "for readers", "a caller who sends …"`, "A hint for who reads the report.",
	},
	{
		regexp.MustCompile(`(^|[.:;] )Who (is|has|does|can|cannot|asks|wants|reads|calls|knows|names|sends|writes|makes|gives|runs|looks|needs|reaches)\b`),
		regexp.MustCompile(`\?`), `begin with the subject: "Clients that …", "Anyone who …"`, "Who can speaks HTTP/2.",
	},
	{
		regexp.MustCompile(`(^|[.:;] )What (of|is|was|has|does|can|cannot|only|nobody|a|an|the|it|they|comes|came|remains|stands|follows|waits|methods|receivers|others|scripts) [a-z ]+ (is|are|was|were|does|do|has|have|stands|goes|comes|gets|waits|makes) `),
		regexp.MustCompile(`\?`), `begin with the subject: "Delivery results are …"`, "What nobody waits for is kept within a second.",
	},
	{regexp.MustCompile(`\b[Ww]hat of [A-Za-z]+ (is|are)\b`), nil, `"the parts of X that …", "fields of X that …"`, "What of Op is empty does not matter."},
	{regexp.MustCompile(`\b(told|tells|tell|telling) of\b`), nil, `"reports", "announces", "is told about"`, "A change that nobody is told of."},
	{
		regexp.MustCompile(`\b(is|are|was|were) no [a-z]+( (of|that|and|or|in|on)\b|[,.])`),
		regexp.MustCompile(`(?i)\b(here|there|it) (is|are|was|were) no |\bno (longer|more|matter|problem|different|later)\b`), `"is not a"`, "A reply that is no object, such as a list.",
	},
	{regexp.MustCompile(`\b(is|are) none\b`), regexp.MustCompile(`(?i)\bthere (is|are) none\b`), `"is not one", "has no …"`, "Removing who is none fails."},
	{
		regexp.MustCompile(`\b(stands|stand|stood) (in|at|on|after|before|beside|under|between|where|there|last|first|already)\b`),
		regexp.MustCompile(`\bstands? in (for|front)\b`), `"is in", "is at", "comes after"`, "The name stands in line 2.",
	},
	{
		regexp.MustCompile(`[a-z] alone[.,;:)]`), regexp.MustCompile(`(?i)\b(leave|leaves|left|let)( the| other| [a-z]+)* alone\b|\b(stands?|runs?|works?) alone\b`),
		`put "only" before the word`, "The reference names this value alone.",
	},
	{regexp.MustCompile(`\b(is|are|exists?|found|known|there|has|have|do|does) no more[.,;:)]`), nil, `"no longer"`, "A contact that is no more."},
	{regexp.MustCompile(`\bshall\b`), nil, `"must", "will"`, "It shall stop."},
	{regexp.MustCompile(`\b(fits|of) nobody\b`), nil, `name what is missing: "matches no account"`, "A token that fits nobody."},
	{regexp.MustCompile(`\blet (a|the|it|them|him|so|calls|time)[a-z ]* (happen|ring|come|pass|stand|go)\b`), regexp.MustCompile(`\blet (it|them) go\b`), `use a verb: "simulates a call", "advances the clock"`, "let so many seconds pass in one"},
	{regexp.MustCompile(`\b(is|are) (not )?said\b`), regexp.MustCompile(`\bsaid to\b`), `name who reports it`, "What follows is not said."},
	{regexp.MustCompile(`\b(goes|go) by( (it|them|the|what|that)\b|[.,;])`), nil, `"follows", "uses"`, "The clock that it goes by."},
	{regexp.MustCompile(`\bwhat came of\b`), nil, `"the result of"`, "It shows what came of them."},
	{regexp.MustCompile(`[a-z] of (its|their) own\b`), nil, `"its own …", "a separate …"`, "A clock of its own."},
	{regexp.MustCompile(`(?i)\b(that|those|of) which (is|are) (of|to)\b|\bwho is rung\b`), nil, `name the thing`, "An action of one who is rung."},
	{regexp.MustCompile(`(?i)\b(journal|ledger)s?\b`), nil, `"request log", "undo log", "exchanges"`, "It writes a journal."},
	{regexp.MustCompile(`(?i)\btenants?\b`), nil, `"account"`, "One tenant of many."},
	{
		regexp.MustCompile(`(?i)\b(colour|behaviour|favour|honour|neighbour)[a-z]*|\b(cancell|labell|travell|modell)(ed|ing)\b|\b(recogni|organi|initiali|seriali|normali|summari|authori|minimi|optimi)s(e|ed|es|er|ing|ation)\b`),
		nil, "American spelling", "The colour of an authorised caller.",
	},
}

// plain has good sentences that contain the words of a phrase. None may be found.
var plain = []string{
	"There is no account in the file.",
	"It stands for the default.",
	"What does the fake send?",
	"Who may import whom?",
	"Nobody else uses the port.",
	"Leave the other accounts alone.",
	"The test needs no more than three requests.",
	"A call that the user said to end.",
	"Its own clock moves only with Advance.",
	"The answer is no longer valid.",
	"There are none.",
	"The page tells readers who may write.",
}

// in returns the text that the phrase finds in a line, "" for none.
func (p *phrase) in(line string) string {
	if p.fine != nil {
		line = p.fine.ReplaceAllString(line, "~")
	}
	return p.find.FindString(line)
}

func TestPhrases(t *testing.T) {
	for _, p := range phrases {
		if p.in(p.example) == "" {
			t.Errorf("%s does not find its example %q", p.find, p.example)
		}
		for _, line := range plain {
			if found := p.in(line); found != "" {
				t.Errorf("%s finds %q in the plain sentence %q", p.find, found, line)
			}
		}
	}
}

// TestPlainEnglish searches all that people read for the phrases: Markdown, features, templates, scripts and YAML, and
// the comments and texts of Go files. Recorded bytes (testdata) and what is copied from Aircall's documentation are exempt.
func TestPlainEnglish(t *testing.T) {
	read := 0
	for name, data := range files(t) {
		if !forPeople(name) {
			continue
		}
		read++
		for n, line := range prose(name, data) {
			for _, p := range phrases {
				if found := p.in(line); found != "" {
					t.Errorf("%s:%d: %q: write %s", name, n, strings.TrimSpace(found), p.instead)
				}
			}
		}
	}
	if read < 300 {
		t.Errorf("read only %d files", read)
	}
}

// forPeople reports whether the file is prose, or code with prose in it.
func forPeople(name string) bool {
	kinds := []string{".md", ".go", ".feature", ".tmpl", ".html", ".js", ".yml", ".yaml"}
	copied := []string{"docs/lua.md", "docs/endpoints.md", "internal/repotest/language_test.go"}
	return slices.Contains(kinds, path.Ext(name)) && !slices.Contains(copied, name) && !strings.Contains("/"+name, "/testdata/")
}

// code matches code in a sentence.
var code = regexp.MustCompile("`[^`\n]*`")

// prose returns the lines of a file that people read, by number: of a Go file, comments and strings.
func prose(name string, data []byte) map[int]string {
	lines := map[int]string{}
	add := func(from int, text string) {
		text = code.ReplaceAllString(text, "`")
		for i, line := range strings.Split(text, "\n") {
			lines[from+i] += strings.TrimLeft(line, "/ \t") + " "
		}
	}
	if path.Ext(name) != ".go" {
		add(1, string(data))
		return lines
	}
	var s scanner.Scanner
	file := token.NewFileSet().AddFile(name, -1, len(data))
	s.Init(file, data, nil, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		switch tok {
		case token.EOF:
			return lines
		case token.COMMENT, token.STRING:
			add(file.Line(pos), strings.Trim(text, "\"`"))
		}
	}
}

func TestProse(t *testing.T) {
	got := prose("a.go", []byte("package a // a comment\n\nvar stands = `told\nof`\n"))
	want := map[int]string{1: "a comment ", 3: "told ", 4: "of "}
	if !maps.Equal(got, want) {
		t.Errorf("prose gives %v, want %v", got, want)
	}
}
