package scenario

import (
	"fmt"
	"go/build/constraint"
	"slices"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/internal/suggest"
)

// selector reports whether a scenario with these tags is selected.
type selector func(tags []string) bool

// parseTags compiles a cucumber tag expression: tags with "@", and, or, not, parentheses; "and" binds closer than "or". It
// fails if no scenario carries a tag: a typing slip would otherwise select nothing, or with "not" everything.
//
// The expression is evaluated as a Go build constraint, which has the same grammar. Godog's own filter reads an older one,
// in which "not @a" selects nothing without a word.
func parseTags(expr string, known []string) (selector, error) {
	words := strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(expr))
	if len(words) == 0 {
		return func([]string) bool { return true }, nil
	}
	operators := map[string]string{"and": "&&", "or": "||", "not": "!", "(": "(", ")": ")"}
	for i, word := range words {
		operator, isOperator := operators[word]
		switch {
		case isOperator:
			words[i] = operator
		case !strings.HasPrefix(word, "@"):
			return nil, fmt.Errorf("tags %q: %q is not a tag: tags begin with @, and are joined with and, or, not", expr, word)
		case !slices.Contains(known, word):
			return nil, fmt.Errorf("tags %q: no scenario is tagged %s%s", expr, word, DidYouMean(word, known))
		default:
			words[i] = strconv.Itoa(slices.Index(known, word)) // the names of a constraint may not hold colons and dashes
		}
	}
	constraints := strings.ReplaceAll("//go:build "+strings.Join(words, " "), "! ! ", "")
	parsed, err := constraint.Parse(constraints)
	if err != nil {
		return nil, fmt.Errorf("tags %q: join tags with and, or, not, and close each parenthesis, such as in: @reads and not (@fake or @changes)", expr)
	}
	return func(tags []string) bool {
		return parsed.Eval(func(name string) bool {
			i, err := strconv.Atoi(name)
			return err == nil && slices.Contains(tags, known[i])
		})
	}, nil
}

// DidYouMean returns "; did you mean NAME?" with the most similar of the names, or "" if none is similar.
func DidYouMean(name string, names []string) string {
	if near := suggest.For(name, names); len(near) > 0 {
		return "; did you mean " + near[0] + "?"
	}
	return ""
}
