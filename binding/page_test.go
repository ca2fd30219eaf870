package binding_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/gopher-lua/parse"

	"github.com/aircallkit/aircallkit/binding"
)

// A chapter is the description of one function, parsed from the page.
type chapter struct {
	Name, Description string
	Params            []row
	Lua               []string
	JSON              []string
}

// A row is one parameter as the page documents it.
type row struct {
	Name, Type         string
	Required           bool
	Text               string
	Enum               []string
	Default, Max, E_g_ string
}

var (
	enumOf    = regexp.MustCompile(`: "(\w+)" or "(\w+)"`)
	defaultOf = regexp.MustCompile(`\(default: "?([^",)]+)"?`)
	maxOf     = regexp.MustCompile(`max: (\d+)`)
	sampleOf  = regexp.MustCompile(`e\.g\., "([^"]+)"`)
)

func chapters(t *testing.T) []chapter {
	t.Helper()
	source := []byte(binding.Reference())
	root := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(source))
	var out []chapter
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 2 {
			out = append(out, chapter{Name: plain(h, source), Description: plain(n.NextSibling(), source)})
			continue
		}
		if len(out) == 0 {
			continue
		}
		c := &out[len(out)-1]
		switch n := n.(type) {
		case *extast.Table:
			for r := n.FirstChild().NextSibling(); r != nil; r = r.NextSibling() {
				c.Params = append(c.Params, readRow(t, r, source))
			}
		case *ast.FencedCodeBlock:
			switch code := string(n.Lines().Value(source)); string(n.Language(source)) {
			case "lua":
				c.Lua = append(c.Lua, code)
			case "json":
				c.JSON = append(c.JSON, code)
			default:
				t.Errorf("a block in %q", n.Language(source))
			}
		}
	}
	return out
}

func readRow(t *testing.T, n ast.Node, source []byte) row {
	var cells []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		cells = append(cells, plain(c, source))
	}
	if len(cells) != 4 {
		t.Fatalf("a row of %d cells: %q", len(cells), cells)
	}
	r := row{Name: cells[0], Type: cells[1], Required: cells[2] == "yes", Text: cells[3]}
	if cells[2] != "yes" && cells[2] != "no" {
		t.Errorf("%s: required is %q", r.Name, cells[2])
	}
	if m := enumOf.FindStringSubmatch(r.Text); m != nil {
		r.Enum = m[1:]
	}
	for field, re := range map[*string]*regexp.Regexp{&r.Default: defaultOf, &r.Max: maxOf, &r.E_g_: sampleOf} {
		if m := re.FindStringSubmatch(r.Text); m != nil {
			*field = m[1]
		}
	}
	return r
}

// plain is the text of a node without its markup.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(n.Segment.Value(source))
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func TestPageAndTableAgree(t *testing.T) {
	got := chapters(t)
	fns := binding.Functions()
	if len(got) != len(fns)+1 {
		t.Fatalf("%d chapters for %d functions and the accounts", len(got), len(fns))
	}
	for i, f := range fns {
		c := got[i]
		t.Run(f.Name, func(t *testing.T) {
			var params []row
			for _, p := range f.Params {
				r := row{Name: p.Name, Type: p.Kind.Type(), Required: p.Required, Enum: p.Enum, E_g_: p.Sample}
				if p.Default != nil {
					r.Default = fmt.Sprint(p.Default)
				}
				if p.Max > 0 {
					r.Max = strconv.FormatInt(p.Max, 10)
				}
				params = append(params, r)
			}
			for j := range c.Params {
				if j < len(f.Params) && !strings.HasPrefix(strings.ReplaceAll(c.Params[j].Text, "`", ""), strings.ReplaceAll(f.Params[j].Description, "`", "")) {
					t.Errorf("%s: %q", c.Params[j].Name, c.Params[j].Text)
				}
				c.Params[j].Text = ""
			}
			if diff := cmp.Diff(params, c.Params); diff != "" {
				t.Errorf("parameters (-table +page):\n%s", diff)
			}
			if c.Name != f.Name || c.Description != f.Description || len(c.Lua) != 1 || c.Lua[0] != f.Example {
				t.Errorf("chapter %+v", c)
			}
			if len(c.JSON) != len(f.Objects) {
				t.Errorf("%d objects, want %d", len(c.JSON), len(f.Objects))
			}
			for _, o := range c.JSON {
				if !json.Valid([]byte(o)) {
					t.Errorf("not JSON: %s", o)
				}
			}
		})
	}
}

func TestTableIsSound(t *testing.T) {
	names := map[string]bool{}
	for _, f := range binding.Functions() {
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if names[name] {
				t.Errorf("%s is taken twice", name)
			}
			names[name] = true
		}
		if f.Returns == "" || len(f.Ops) == 0 || !strings.HasSuffix(f.Description, ".") || (f.Effect != binding.EffectRead && f.Effect != binding.EffectWrite) {
			t.Errorf("%s: incomplete: %+v", f.Name, f)
		}
	}
	f := binding.Functions()
	f[0].Params[0].Name = "changed"
	if binding.Functions()[0].Params[0].Name == "changed" {
		t.Error("a caller can change the table")
	}
}

func TestExamples(t *testing.T) {
	examples := binding.Examples()
	var ids []string
	lines := strings.Split(binding.Reference(), "\n")
	for _, e := range examples {
		ids = append(ids, e.ID)
		if first, _, _ := strings.Cut(e.Source, "\n"); lines[e.Line-1] != first || lines[e.Line-2] != "```lua" {
			t.Errorf("%s: line %d is %q, want %q", e.ID, e.Line, lines[e.Line-1], first)
		}
		if _, err := parse.Parse(strings.NewReader(e.Source), e.ID); err != nil {
			t.Errorf("%s: %v", e.ID, err)
		}
	}
	var want []string
	for _, f := range binding.Functions() {
		want = append(want, f.Name)
	}
	if diff := cmp.Diff(append(want, binding.MultiAccount), ids); diff != "" {
		t.Errorf("examples (-want +got):\n%s", diff)
	}
	if n := strings.Count(binding.Reference(), "```lua\n"); n != len(examples) {
		t.Errorf("%d blocks, %d examples", n, len(examples))
	}
	if !slices.ContainsFunc(examples, func(e binding.Example) bool { return strings.Contains(e.Source, "{...}") }) {
		t.Error("the page lost its varargs")
	}
}
