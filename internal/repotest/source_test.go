package repotest

import (
	"bytes"
	"go/ast"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// calls finds the uses of a package's functions, as calls or as values.
func calls(s *source, pkg string, names ...string) (found []ast.Node) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg && slices.Contains(names, sel.Sel.Name) {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

func TestPackageComments(t *testing.T) {
	documented := map[string]int{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		documented[s.dir] += 0
		if s.file.Doc != nil {
			documented[s.dir]++
		}
	}
	for dir, n := range documented {
		if n != 1 {
			t.Errorf("%s has %d package comments, want one", dir, n)
		}
	}
}

// A file covers one topic: 200 to 800 lines are natural.
func TestFilesAreShort(t *testing.T) {
	const most = 900
	for _, s := range sources(t) {
		if s.lines > most {
			t.Errorf("%s has %d lines, the most is %d: split it by topic", s.path, s.lines, most)
		}
	}
}

// No HTTP client follows redirects: one would carry credentials to another host, or report on a server that nobody named.
func TestNoClientFollowsRedirects(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || strings.HasPrefix(s.dir, "examples") {
			continue
		}
		for range calls(s, "http", "Get", "Head", "Post", "PostForm", "DefaultClient") {
			t.Errorf("%s uses the default client: make one with CheckRedirect", s.path)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok && types.ExprString(lit.Type) == "http.Client" && !slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
				field, ok := e.(*ast.KeyValueExpr)
				return ok && types.ExprString(field.Key) == "CheckRedirect"
			}) {
				t.Errorf("%s makes an http.Client without CheckRedirect", s.path)
			}
			return true
		})
	}
}

// An operation is in files of the same topic in the fake and in the client. The first word of a file's name is its topic:
// calls.go and calls_recording.go are about calls.
func TestOneWordOneFile(t *testing.T) {
	ops := operations(t)
	where := map[string]map[string][]string{"fakeaircall": {}, "binding/aircall": {}}
	for _, s := range sources(t) {
		found := where[s.dir]
		if found == nil || s.test || s.path == "binding/aircall/op.go" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			topic, _, _ := strings.Cut(strings.TrimSuffix(path.Base(s.path), ".go"), "_")
			if text := literal(n); slices.Contains(ops, text) && !slices.Contains(found[text], topic) {
				found[text] = append(found[text], topic)
			}
			return true
		})
	}
	for _, op := range ops {
		fake, client := where["fakeaircall"][op], where["binding/aircall"][op]
		if len(fake) != 1 || !slices.Equal(fake, client) {
			t.Errorf("%s: in topic %v of fakeaircall, in %v of binding/aircall; want one topic", op, fake, client)
		}
	}
}

// operations reads the names from the client's table.
func operations(t *testing.T) (ops []string) {
	t.Helper()
	for _, s := range sources(t) {
		if s.path != "binding/aircall/op.go" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if row, ok := n.(*ast.CompositeLit); ok && len(row.Elts) == 3 && strings.HasPrefix(literal(row.Elts[2]), "/v") {
				ops = append(ops, literal(row.Elts[0]))
			}
			return true
		})
	}
	if len(ops) < 40 {
		t.Fatalf("found only %d operations in binding/aircall/op.go", len(ops))
	}
	return ops
}

func literal(n ast.Node) string {
	lit, ok := n.(*ast.BasicLit)
	if !ok {
		return ""
	}
	text, _ := strconv.Unquote(lit.Value)
	return text
}

// No published file mentions the workplace it was written at. The words are in pieces, or this file would contain them.
var desk = []string{
	"/wo" + "rk/", "/tmp" + "/plan", "../" + "shared", "shared/" + "design", "shared/" + "reference",
	"aircall-" + "core.md", "aircall-" + "events-and-rest", "lua-" + "binding.md", "lua-api-" + "reference.md",
	"held-" + "out", "cla" + "ude", "anthro" + "pic", "chat" + "gpt",
}

// clients are names of programs that docs/agents.md explains; a user must be able to find them there.
var clients = []string{"Cla" + "ude Code", "Cla" + "ude Desktop", "cla" + "ude_desktop_config.json", "cla" + "ude mcp add"}

func TestNothingFromTheDesk(t *testing.T) {
	for name, data := range files(t) {
		if name == "docs/agents.md" {
			for _, client := range clients {
				data = bytes.ReplaceAll(data, []byte(client), nil)
			}
		}
		data = bytes.ToLower(data)
		for _, word := range desk {
			if at := bytes.Index(data, []byte(word)); at >= 0 {
				t.Errorf("%s:%d: %q", name, 1+bytes.Count(data[:at], []byte("\n")), word)
			}
		}
	}
}
