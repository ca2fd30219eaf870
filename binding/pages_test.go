package binding_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

// TestManual keeps docs/lua.md true. Write it with: go test ./binding -run TestManual -update
func TestManual(t *testing.T) {
	const file = "../docs/lua.md"
	want := binding.Manual()
	if *binding.Update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is stale, write it with -update:\n%s", file, diff)
	}
}

// The manual contains the chapters of the reference unchanged, with more sections below them.
func TestManualHoldsTheReference(t *testing.T) {
	manual, at := binding.Manual(), 0
	for _, chapter := range strings.Split(strings.TrimPrefix(binding.Reference(), "# Aircall — Lua API Reference\n"), "---\n") {
		i := strings.Index(manual[at:], chapter)
		if i < 0 {
			t.Fatalf("the manual has not, in this place:\n%s", chapter)
		}
		at += i + len(chapter)
		if strings.HasPrefix(chapter, "## Multi") {
			continue
		}
		for _, heading := range []string{"### Returns\n", "### Errors\n", "### Limits\n"} {
			if next := strings.Index(manual[at:], "\n## "); !strings.Contains(manual[at:at+next], heading) {
				t.Errorf("%s lacks %s", chapter[:30], heading)
			}
		}
	}
}
