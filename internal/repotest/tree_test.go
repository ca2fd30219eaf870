package repotest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/aircallkit/aircallkit"

// root is the module's folder, relative to this package.
const root = "../.."

// source is one Go file of the tree.
type source struct {
	path    string // from the root, with slashes
	dir     string // "." at the root
	test    bool
	lines   int
	file    *ast.File
	imports []string
	fset    *token.FileSet
}

// at returns the position of a node in the form that editors understand.
func (s *source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.fset.Position(n.Pos()).Line)
}

// files returns every file of the tree, read once.
func files(t *testing.T) map[string][]byte {
	t.Helper()
	all, err := readTree()
	if err != nil {
		t.Fatal(err)
	}
	if all["go.mod"] == nil {
		t.Fatalf("%s is not the module's folder", root)
	}
	return all
}

var readTree = sync.OnceValues(func() (map[string][]byte, error) {
	all := map[string][]byte{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch {
		case d.Name() == ".git" && d.IsDir():
			return fs.SkipDir
		case !d.Type().IsRegular(), d.Name() == ".git":
			return nil
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(root, name)
		all[filepath.ToSlash(rel)] = data
		return err
	})
	return all, err
})

// sources returns every Go file of the tree, parsed once.
func sources(t *testing.T) []*source {
	t.Helper()
	files(t) // or what follows has nothing to say
	all, err := parseTree()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("found only %d Go files", len(all))
	}
	return all
}

var parseTree = sync.OnceValues(func() (out []*source, err error) {
	all, err := readTree()
	if err != nil {
		return nil, err
	}
	for name, data := range all {
		if path.Ext(name) != ".go" || strings.Contains(name, "testdata/") {
			continue
		}
		s := &source{path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), fset: token.NewFileSet()}
		s.lines = strings.Count(string(data), "\n")
		if s.file, err = parser.ParseFile(s.fset, name, data, parser.ParseComments|parser.SkipObjectResolution); err != nil {
			return nil, err
		}
		for _, i := range s.file.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			s.imports = append(s.imports, p)
		}
		out = append(out, s)
	}
	return out, nil
})
