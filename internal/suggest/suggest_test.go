package suggest

import (
	"slices"
	"testing"
)

func TestFor(t *testing.T) {
	names := []string{"list_calls", "list_contacts", "get_call", "create_contact", "support", "sales"}
	for _, c := range []struct {
		name string
		best []string
	}{
		{"list_cals", []string{"list_calls"}},
		{"LIST_CALLS", []string{"list_calls"}},
		{"suport", []string{"support"}},
		{"slaes", []string{"sales"}},
		{"zzz", nil},
		{"", nil},
	} {
		if got := For(c.name, names); !slices.Equal(got, c.best) {
			t.Errorf("For(%q): got %v, want %v", c.name, got, c.best)
		}
	}
}
