package fakeaircall

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/fidelity.md and testdata anew")

// docs/fidelity.md is the ledger of assumptions for people to read.
func TestFidelityPage(t *testing.T) {
	const path = "../docs/fidelity.md"
	want := fidelityPage()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the ledger says; go test ./fakeaircall -run TestFidelityPage -update", path)
	}
}

func fidelityPage() []byte {
	var b bytes.Buffer
	b.WriteString(`# What the fake assumes

Generated from ` + "`fakeaircall/assumptions.go`" + `. Everything else the fake does was recorded from
Aircall, is relied on by a client in production, or is documented; the comments in the code
name which. What follows is not known outside Aircall. Where another answer is plausible,
` + "`Options.Assume`" + ` and ` + "`aircallkit serve --assume id=answer`" + ` choose it.

| assumption | the fake | because | answers |
|---|---|---|---|
`)
	for _, a := range Assumptions() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", a.ID, a.Says, a.Reason, strings.Join(a.Answers, ", "))
	}
	return b.Bytes()
}

func TestAssumptionIDs(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range Assumptions() {
		if seen[a.ID] || a.ID == "" || a.Says == "" || a.Reason == "" || len(a.Answers) == 1 {
			t.Errorf("%+v", a)
		}
		seen[a.ID] = true
	}
}
