package binding_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// TestEveryOperationHasAFunction compares both sets: every operation has a function, and every function names existing operations.
func TestEveryOperationHasAFunction(t *testing.T) {
	used := map[string]bool{}
	for _, f := range binding.All() {
		for _, op := range f.Ops {
			used[op] = true
			if !slices.ContainsFunc(aircall.Ops(), func(o aircall.Op) bool { return o.Name == op }) {
				t.Errorf("%s uses %s, which is no operation", f.Name, op)
			}
		}
	}
	for _, op := range aircall.Ops() {
		if !used[op.Name] {
			t.Errorf("no function of Lua is for %s", op.Name)
		}
	}
}

// TestEveryFunctionIsComplete holds the table against the operations and its own rules.
func TestEveryFunctionIsComplete(t *testing.T) {
	documented := binding.Functions()
	names := map[string]bool{}
	for i, f := range binding.All() {
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if names[name] {
				t.Errorf("%s is taken twice", name)
			}
			names[name] = true
		}
		if i < len(documented) {
			if f.Name != documented[i].Name {
				t.Errorf("function %d is %s, want the documented %s", i+1, f.Name, documented[i].Name)
			}
			continue
		}
		if !strings.HasSuffix(f.Description, ".") || f.Returns == "" || len(f.Ops) == 0 || f.Example == "" || f.Prints == "" {
			t.Errorf("%s: incomplete: %+v", f.Name, f)
		}
		if !strings.Contains(f.Example, f.Name) {
			t.Errorf("the example of %s does not call it", f.Name)
		}
		var op aircall.Op
		for _, o := range aircall.Ops() {
			if o.Name == f.Ops[0] {
				op = o
			}
		}
		if reads := op.Method == "GET"; reads != (f.Effect == binding.EffectRead) {
			t.Errorf("%s is for %s %s, and said to %s", f.Name, op.Method, op.Path, f.Effect)
		}
		var inPath []string
		for _, p := range f.Params {
			if p.InPath() {
				inPath = append(inPath, p.Name)
				if !p.Required {
					t.Errorf("%s: %s is in the path and is not required", f.Name, p.Name)
				}
			}
			if p.Description == "" && f.Iterates == "" {
				t.Errorf("%s: %s is not described", f.Name, p.Name)
			}
			if p.Kind == binding.KindList && (p.Items == nil || p.Max == 0) || p.Kind == binding.KindObject && len(p.Fields) == 0 {
				t.Errorf("%s: %s says not what it holds", f.Name, p.Name)
			}
		}
		if n := strings.Count(op.Path, "{"); n != len(inPath) {
			t.Errorf("%s: the path %s has %d places, the function %v", f.Name, op.Path, n, inPath)
		}
	}
}

// TestEveryExamplePrintsWhatItSays runs each on a fresh fake whose clock is after the end of version 1.
func TestEveryExamplePrintsWhatItSays(t *testing.T) {
	for _, f := range binding.All()[len(binding.Functions()):] {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			fake := fakeaircall.RunT(t, checked(t, fakeaircall.Options{AllowUnknownRoutes: true, RateLimit: fakeaircall.NoRateLimit, Clock: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)}))
			r := runnerOf(t, fake)
			res, err := r.Run(context.Background(), f.Name+".lua", f.Example, binding.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(f.Prints, res.Output); diff != "" {
				t.Errorf("it prints (-stated +printed):\n%s", diff)
			}
			if !slices.ContainsFunc(res.Calls, func(c binding.CallRecord) bool { return c.Function == f.Name }) {
				t.Errorf("it never called %s", f.Name)
			}
		})
	}
}
