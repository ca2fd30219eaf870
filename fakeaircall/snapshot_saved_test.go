package fakeaircall

import "testing"

// No two records of a world have one path.
func TestRecordsAreApart(t *testing.T) {
	w := busy(t)
	seen := map[string]bool{}
	s := w.Snapshot()
	s.world.eachRecord(func(key string, _ []byte) {
		if seen[key] {
			t.Errorf("%s comes twice", key)
		}
		seen[key] = true
	})
	for _, p := range []string{"clock", "accounts/default/contacts/5678", "accounts/default/last", "accounts/sales/calls/12345", "accounts/default/idle"} {
		if !seen[p] {
			t.Errorf("there is no %s", p)
		}
	}
}
