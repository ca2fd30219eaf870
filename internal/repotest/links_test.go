package repotest

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// TestLinks checks every relative link and image of every Markdown page: the file exists, and so does the heading that
// the fragment names.
func TestLinks(t *testing.T) {
	all := files(t)
	anchors := map[string]map[string]bool{}
	for name, data := range all {
		if isPage(name) {
			anchors[name] = headings(data)
		}
	}
	exists := func(name string) bool {
		if _, ok := all[name]; ok {
			return true
		}
		for file := range all {
			if strings.HasPrefix(file, name+"/") {
				return true
			}
		}
		return false
	}
	checked := 0
	for name := range anchors {
		for _, link := range links(all[name]) {
			if strings.Contains(link, ":") { // a URL
				continue
			}
			checked++
			target, fragment, _ := strings.Cut(link, "#")
			file := name
			if target != "" {
				file = path.Join(path.Dir(name), target)
			}
			switch {
			case !exists(file):
				t.Errorf("%s: the link %s leads to no file", name, link)
			case fragment != "" && anchors[file] != nil && !anchors[file][fragment]:
				t.Errorf("%s: the link %s leads to no heading of %s", name, link, file)
			}
		}
	}
	if checked < 50 {
		t.Errorf("found only %d links", checked)
	}
}

// filePath matches inline code that names a file of the repository.
var filePath = regexp.MustCompile("`((?:binding|cmd|conformance|docs|examples|fakeaircall|internal)/[\\w./-]+\\.(?:go|json|layout|lock|md|txt|yaml))`")

// TestFilePaths checks that the files which pages name in inline code exist. The changelog may name old ones.
func TestFilePaths(t *testing.T) {
	all := files(t)
	for name, data := range all {
		if !isPage(name) || name == "docs/changes.md" {
			continue
		}
		for _, m := range filePath.FindAllSubmatch(data, -1) {
			if _, ok := all[string(m[1])]; !ok {
				t.Errorf("%s: there is no file %s", name, m[1])
			}
		}
	}
}

// TestIndexes checks that the index of each folder of pages links to every page beside it.
func TestIndexes(t *testing.T) {
	all := files(t)
	for _, index := range []string{"docs/README.md", "docs/decisions/README.md"} {
		linked := map[string]bool{index: true}
		for _, link := range links(all[index]) {
			linked[path.Join(path.Dir(index), link)] = true
		}
		for name := range all {
			if path.Dir(name) == path.Dir(index) && isPage(name) && !linked[name] {
				t.Errorf("%s does not link to %s", index, path.Base(name))
			}
		}
	}
}

func isPage(name string) bool {
	return path.Ext(name) == ".md" && !strings.Contains(name, "testdata/")
}

func parsePage(page []byte) ast.Node {
	return goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(page))
}

// links returns the destinations of the links and images of a page.
func links(page []byte) (out []string) {
	_ = ast.Walk(parsePage(page), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Link:
				out = append(out, string(n.Destination))
			case *ast.Image:
				out = append(out, string(n.Destination))
			}
		}
		return ast.WalkContinue, nil
	})
	return out
}

// headings returns the fragments of a page's headings, as GitHub makes them.
func headings(page []byte) map[string]bool {
	out := map[string]bool{}
	for n := parsePage(page).FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() != ast.KindHeading {
			continue
		}
		var title bytes.Buffer
		_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if leaf, ok := n.(*ast.Text); ok && entering {
				title.Write(leaf.Segment.Value(page))
			}
			return ast.WalkContinue, nil
		})
		slug := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, title.String())
		for i, unique := 1, slug; ; i++ {
			if !out[unique] {
				out[unique] = true
				break
			}
			unique = fmt.Sprintf("%s-%d", slug, i)
		}
	}
	return out
}
