package scenario

import (
	"strings"
	"testing"
)

func TestTagExpressions(t *testing.T) {
	known := []string{"@a", "@b", "@c", "@op:list-all-calls"}
	for _, c := range []struct {
		expr string
		tags string
		want bool
	}{
		{"", "", true},
		{"@a", "@a @b", true},
		{"@a", "@b", false},
		{"not @a", "@b", true},
		{"not not @a", "@a", true},
		{"@a and @b", "@a @b", true},
		{"@a and @b", "@a", false},
		{"@a or @b", "@b", true},
		{"@a or @b and @c", "@a", true},
		{"@a or @b and @c", "@b", false},
		{"(@a or @b) and @c", "@a", false},
		{"(@a or @b) and @c", "@b @c", true},
		{"not (@a or @b)", "@c", true},
		{"not @a and not @b", "@c", true},
		{"not @a or @b", "@a @b", true},
		{"@op:list-all-calls and not(@a)", "@op:list-all-calls", true},
	} {
		sel, err := parseTags(c.expr, known)
		if err != nil {
			t.Errorf("%q: %v", c.expr, err)
			continue
		}
		if got := sel(strings.Fields(c.tags)); got != c.want {
			t.Errorf("%q on %q: got %v", c.expr, c.tags, got)
		}
	}
}

func TestInvalidTagExpressions(t *testing.T) {
	known := []string{"@reads", "@changes"}
	for _, c := range []struct{ expr, want string }{
		{"@read", `tags "@read": no scenario is tagged @read; did you mean @reads?`},
		{"not @typo-of-all", `tags "not @typo-of-all": no scenario is tagged @typo-of-all`},
		{"reads", `"reads" is not a tag`},
		{"@reads && @changes", `"&&" is not a tag`},
		{"@reads,@changes", "no scenario is tagged @reads,@changes"},
		{"~@reads", `"~@reads" is not a tag`},
		{"@reads and", "join tags with and, or, not"},
		{"and @reads", "join tags with and, or, not"},
		{"(@reads", "close each parenthesis"},
		{"@reads)", "close each parenthesis"},
		{"@reads @changes", "join tags with and, or, not"},
		{"()", "join tags with and, or, not"},
		{"not", "join tags with and, or, not"},
	} {
		if _, err := parseTags(c.expr, known); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.expr, err, c.want)
		}
	}
}
