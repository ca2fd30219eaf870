package fakeaircall

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testdata/inventory.txt is Aircall's own list of operations, as its reference
// had it in 2026, with the legacy ones at the end. It was not made from routes().
func TestInventory(t *testing.T) {
	b, err := os.ReadFile("testdata/inventory.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(strings.ReplaceAll(string(b), " ", "_"))
	var got []string
	name := regexp.MustCompile(`\{\w+\}`)
	for _, r := range Routes() {
		got = append(got, r.Method+"_"+name.ReplaceAllString(r.Path, "{}"))
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the routes and the inventory differ (-inventory +routes):\n%s", diff)
	}
}

// Every operation answers as an operation: not as an unknown route, and not
// with a failure of the fake.
func TestEveryOperationAnswers(t *testing.T) {
	srv := RunT(t, checked(t, Options{Clock: noon, RateLimit: NoRateLimit, Assume: map[string]string{"users-v1": "keep", "a2p": "keep"}}))
	w := world{srv, t}
	fill := regexp.MustCompile(`\{\w+\}`)
	for _, r := range Routes() {
		a := w.sendAs("Bearer fake-default-bearer", r.Method, fill.ReplaceAllString(r.Path, "12345"), "{}")
		if a.status >= 500 || a.body == `{"message":"Not Found"}` {
			t.Errorf("%s: %d %s", r.Op, a.status, a.body)
		}
	}
}
