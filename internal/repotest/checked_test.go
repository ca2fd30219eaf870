package repotest

import (
	"go/ast"
	"strings"
	"testing"
)

// uncheckedHere lists the tests that start a fake without contract checks, with the reason.
var uncheckedHere = map[string]string{
	"fakeaircall/contract_test.go": "it spoils replies on their way to the contract",
	"conformance/observe_test.go":  "its fakes answer otherwise than the contract, on purpose",

	"conformance/traffic/record_test.go": "its fakes answer otherwise than the contract, on purpose",
	"conformance/traffic/suite_test.go":  "it checks the recorded exchanges against the contract",
	"conformance/traffic/bench_test.go":  "it checks the recorded exchanges against the contract",
}

// Every test that starts a fake checks its exchanges against the contract: it calls checked(t, options). Benchmarks and
// examples for users do not.
func TestFakesAreChecked(t *testing.T) {
	starts := 0
	checks := map[string]bool{} // by directory: checked is Enforce
	for _, s := range sources(t) {
		if !s.test {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if name := f.Name.Name; (name == "checked" || name == "checkedRun") && len(calls(&source{file: &ast.File{Name: s.file.Name, Decls: []ast.Decl{f}}}, "contract", "Enforce")) > 0 {
				checks[s.dir+" "+name] = true
			}
		}
	}
	for _, s := range sources(t) {
		if !s.test || strings.HasPrefix(s.dir, "examples/") || uncheckedHere[s.path] != "" {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || measures(f) || strings.HasPrefix(f.Name.Name, "Example") {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				options, by := starter(s, n)
				if options == nil {
					return true
				}
				starts++
				if through, ok := options.(*ast.CallExpr); !ok || named(through.Fun) != by || !checks[s.dir+" "+by] {
					t.Errorf("%s: the contract is not enforced on this fake: give it %s(t, options), which calls contract.Enforce", s.at(n), by)
				}
				return true
			})
		}
	}
	if starts < 40 {
		t.Errorf("found only %d places that start a fake", starts)
	}
}

// starter returns the options of a call that starts a fake, nil for any other call, and the function that must wrap them.
func starter(s *source, n ast.Node) (options ast.Expr, by string) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil, ""
	}
	switch name := named(call.Fun); {
	case name == "fakeaircall.New", name == "fakeaircall.RunT",
		s.dir == "fakeaircall" && (name == "New" || name == "RunT"):
		return call.Args[len(call.Args)-1], "checked"
	case s.dir == "conformance" && name == "Run", name == "conformance.Run":
		return call.Args[len(call.Args)-1], "checkedRun"
	case s.dir == "conformance" && name == "prepare":
		return call.Args[0], "checkedRun"
	}
	return nil, ""
}

// named returns the name of a called function: f or p.f.
func named(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if p, ok := f.X.(*ast.Ident); ok {
			return p.Name + "." + f.Sel.Name
		}
	}
	return ""
}

// measures reports whether a function belongs to a benchmark.
func measures(f *ast.FuncDecl) bool {
	for _, p := range f.Type.Params.List {
		if star, ok := p.Type.(*ast.StarExpr); ok && named(star.X) == "testing.B" {
			return true
		}
	}
	return false
}
