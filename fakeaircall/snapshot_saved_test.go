package fakeaircall

import (
	"strings"
	"testing"
)

// No two records of a world have one path.
func TestRecordsAreApart(t *testing.T) {
	w := busy(t)
	seen := map[string]bool{}
	s := w.Snapshot()
	s.world.eachRecord(func(key string, _ []byte) {
		p := strings.ReplaceAll(key, keySeparator, "/")
		if seen[p] {
			t.Errorf("%s comes twice", p)
		}
		seen[p] = true
	})
	for _, p := range []string{"clock", "companies/default/state/contacts/5678", "companies/default/state/last", "companies/sales/state/calls/12345", "companies/default/state/idle"} {
		if !seen[p] {
			t.Errorf("there is no %s", p)
		}
	}
}
