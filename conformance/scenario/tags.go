package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/internal/suggest"
)

// selector is a cucumber tag expression: tags with "@", and, or, not, parentheses; "and" binds closer than "or".
//
// Godog's own filter reads an older grammar, in which "not @a" selects nothing and says so nowhere.
type selector func(tags []string) bool

// parseTags compiles an expression. A tag that no scenario carries is an error: a typing slip would otherwise select
// nothing, or with "not" everything.
func parseTags(expr string, known []string) (selector, error) {
	p := &tagParser{words: tagWords(expr), known: known}
	if len(p.words) == 0 {
		return func([]string) bool { return true }, nil
	}
	sel, err := p.or()
	if err == nil && len(p.words) > 0 {
		err = fmt.Errorf("unexpected %q", p.words[0])
	}
	if err != nil {
		return nil, fmt.Errorf("tags %q: %w", expr, err)
	}
	return sel, nil
}

func tagWords(expr string) []string {
	return strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(expr))
}

type tagParser struct {
	words []string
	known []string
}

func (p *tagParser) accept(word string) bool {
	if len(p.words) == 0 || p.words[0] != word {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *tagParser) or() (selector, error) {
	left, err := p.and()
	for err == nil && p.accept("or") {
		var right selector
		a := left
		if right, err = p.and(); err == nil {
			left = func(t []string) bool { return a(t) || right(t) }
		}
	}
	return left, err
}

func (p *tagParser) and() (selector, error) {
	left, err := p.not()
	for err == nil && p.accept("and") {
		var right selector
		a := left
		if right, err = p.not(); err == nil {
			left = func(t []string) bool { return a(t) && right(t) }
		}
	}
	return left, err
}

func (p *tagParser) not() (selector, error) {
	if p.accept("not") {
		inner, err := p.not()
		return func(t []string) bool { return !inner(t) }, err
	}
	if p.accept("(") {
		inner, err := p.or()
		if err == nil && !p.accept(")") {
			err = fmt.Errorf("a parenthesis is not closed")
		}
		return inner, err
	}
	return p.tag()
}

func (p *tagParser) tag() (selector, error) {
	if len(p.words) == 0 {
		return nil, fmt.Errorf("it ends where a tag should stand")
	}
	tag := p.words[0]
	p.words = p.words[1:]
	if !strings.HasPrefix(tag, "@") {
		return nil, fmt.Errorf("%q is no tag: tags begin with @, and are joined with and, or, not", tag)
	}
	if !slices.Contains(p.known, tag) {
		return nil, fmt.Errorf("no scenario is tagged %s%s", tag, DidYouMean(tag, p.known))
	}
	return func(t []string) bool { return slices.Contains(t, tag) }, nil
}

// DidYouMean returns "; did you mean NAME?" with the most similar of the names, or "" if none is similar.
func DidYouMean(name string, names []string) string {
	if near := suggest.For(name, names); len(near) > 0 {
		return "; did you mean " + near[0] + "?"
	}
	return ""
}
