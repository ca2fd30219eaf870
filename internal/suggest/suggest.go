// Package suggest finds the names that a misspelled one may be meant for.
package suggest

import "strings"

// For returns the candidates that name is most likely a misspelling of: at most three, all equally near.
func For(name string, candidates []string) []string {
	const longest, most = 160, 3
	if name == "" || len(name) > longest {
		return nil
	}
	nearest := max(2, len(name)/3)
	var names []string
	for _, c := range candidates {
		if len(c) > longest {
			continue
		}
		switch d := distance(strings.ToLower(name), strings.ToLower(c)); {
		case d >= len(c) || d > nearest:
		case d < nearest:
			nearest, names = d, []string{c}
		case len(names) < most:
			names = append(names, c)
		}
	}
	return names
}

// distance counts the slips between two words: a letter too many, too few, wrong, or swapped with its neighbor.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
