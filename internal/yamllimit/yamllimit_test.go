package yamllimit

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml/parser"
)

func TestCheck(t *testing.T) {
	const many = 20_000
	indented := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.Repeat(" ", i) + "a:\n")
		}
		return b.String()
	}
	keys := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "k%d: 1\n", i)
		}
		return b.String()
	}
	cases := map[string]struct{ data, want string }{
		"brackets":         {"a: 1\nb: " + strings.Repeat("[", many), "2: more than 50 lists and objects"},
		"closed brackets":  {strings.Repeat("[", many) + strings.Repeat("]", many), "1: more than 50 lists"},
		"braces":           {strings.Repeat("{a: ", many), "1: more than 50 lists"},
		"mixed":            {strings.Repeat("[{a: ", many), "1: more than 50 lists"},
		"dashes":           {strings.Repeat("- ", many) + "x", "1: more than 50 lists"},
		"dashes and keys":  {strings.Repeat("- a:\n  ", 1) + strings.Repeat("- ", many), "2: more than 50 lists"},
		"question marks":   {strings.Repeat("? ", many) + "x", "1: more than 50 lists"},
		"indents":          {indented(2000), "51: more than 50 lists"},
		"keys":             {"x: 1\n" + keys(many), "1001: an object with more than 1000 keys"},
		"repeated keys":    {strings.Repeat("a: 1\n", many), "1001: an object with more than 1000 keys"},
		"keys in braces":   {"{" + strings.ReplaceAll(keys(many), "\n", ", ") + "}", "1: an object with more than 1000 keys"},
		"question keys":    {strings.Repeat("? a\n: b\n", many), "2002: an object with more than 1000 keys"},
		"anchors":          {strings.Repeat("&a ", many), "1: more than 10 anchors"},
		"tags":             {"a: " + strings.Repeat("!t ", many), "1: more than 10 anchors"},
		"values":           {"[" + strings.Repeat("1,", 500_000), "1: more than 1000000 keys, values and signs"},
		"alias":            {"a: &x 1\nb: *x\n", "2: an alias cannot be used here"},
		"a list of many":   {strings.Repeat("- a: 1\n  b: [x, y]\n", 2_000), ""},
		"a list of lists":  {strings.Repeat("- [[[1]]]\n", 2_000), ""},
		"siblings":         {strings.Repeat("- a:\n    b:\n      c:\n      - d: 1\n", 2_000), ""},
		"documents":        {strings.Repeat("---\na: 1\n", 2000), ""},
		"a text of dashes": {"a: |\n" + strings.Repeat("  - - - - -\n", 2000), ""},
		"a long text":      {"a: \"" + strings.Repeat("[x: ", many) + "\"", ""},
		"nothing":          {"", ""},
		"JSON":             {`{"a": [` + strings.Repeat(`{"b": [1, 2]}, `, 5000) + `1]}`, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			line, err := Check([]byte(c.data), false)
			got := ""
			if err != nil {
				got = fmt.Sprintf("%d: %v", line, err)
			}
			if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.want == "" { // the parser copes with what Check lets through
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				begun := time.Now()
				_, _ = parser.ParseBytes([]byte(c.data), 0)
				runtime.ReadMemStats(&after)
				t.Logf("%d bytes: %s, %d MB", len(c.data), time.Since(begun).Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20)
			}
		})
	}
	if _, err := Check([]byte("a: &x 1\nb: *x\n"), true); err != nil {
		t.Errorf("an alias where it can be used: %v", err)
	}
}

// Every YAML file of this repository stays below the limits.
func TestCheckOwnFiles(t *testing.T) {
	n := 0
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" && filepath.Ext(path) != ".yml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		if line, err := Check(data, true); err != nil {
			t.Errorf("%s:%d: %v", path, line, err)
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
}
