package binding

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write reference.md from the table")

func TestReferencePageIsMadeFromTheTable(t *testing.T) {
	page := writeReference(Functions())
	if *update {
		if err := os.WriteFile("reference.md", []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(page, Reference()); diff != "" {
		t.Errorf("reference.md is not what the table says; run go test ./binding -update (-table +file)\n%s", diff)
	}
}

// writeReference makes the page from the table of the documented functions: that is reference.md.
func writeReference(fns []Function) string {
	var b strings.Builder
	b.WriteString("# Aircall — Lua API Reference\n")
	for i := range fns {
		writeChapter(&b, &fns[i])
		b.WriteString("---\n")
	}
	b.WriteString(multiAccountChapter())
	return b.String()
}
