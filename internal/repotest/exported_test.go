package repotest

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// TestExportedNamesAreDocumented wants a comment on every exported type, function, method, and group or name of constants
// and variables of the packages that programs import. Comments of types and functions begin with the name, as go doc
// shows them.
func TestExportedNamesAreDocumented(t *testing.T) {
	seen := 0
	for _, s := range sources(t) {
		if s.test || strings.HasPrefix(s.dir, "internal/") || strings.HasPrefix(s.dir, "cmd/") || strings.HasPrefix(s.dir, "examples/") {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d)) && d.Name.Name != "Error" && d.Name.Name != "String") {
					seen++
					wantComment(t, s, d, d.Name.Name, d.Doc)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						if spec.Name.IsExported() {
							seen++
							doc := spec.Doc
							if doc == nil {
								doc = d.Doc
							}
							wantComment(t, s, spec, spec.Name.Name, doc)
						}
					case *ast.ValueSpec:
						if spec.Names[0].IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil && d.Tok != token.IMPORT {
							t.Errorf("%s: %s has no comment", s.at(spec), spec.Names[0].Name)
						}
					}
				}
			}
		}
	}
	if seen < 200 {
		t.Errorf("found only %d exported names", seen)
	}
}

// receiver returns the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	x := d.Recv.List[0].Type
	if star, ok := x.(*ast.StarExpr); ok {
		x = star.X
	}
	if index, ok := x.(*ast.IndexExpr); ok {
		x = index.X
	}
	if id, ok := x.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func wantComment(t *testing.T, s *source, n ast.Node, name string, doc *ast.CommentGroup) {
	t.Helper()
	text := doc.Text()
	for _, article := range []string{"A ", "An ", "The "} {
		text = strings.TrimPrefix(text, article)
	}
	switch {
	case text == "":
		t.Errorf("%s: %s has no comment", s.at(n), name)
	case !strings.HasPrefix(text, name):
		t.Errorf("%s: the comment of %s does not begin with its name", s.at(n), name)
	}
}
