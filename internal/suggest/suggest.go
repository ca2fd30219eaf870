// Package suggest finds the names that a misspelled one may be meant for.
package suggest

import (
	"slices"
	"strings"
)

// For returns at most three candidates that name may be a slip of, the nearest first.
func For(name string, candidates []string) []string {
	const longest = 160
	if name == "" || len(name) > longest {
		return nil
	}
	most := max(2, len(name)/3)
	type near struct {
		name     string
		distance int
	}
	var found []near
	for _, c := range candidates {
		if len(c) > longest {
			continue
		}
		if d := distance(strings.ToLower(name), strings.ToLower(c)); d <= most && d < len(c) {
			found = append(found, near{c, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.distance - b.distance })
	names := make([]string, 0, 3)
	for _, n := range found[:min(len(found), 3)] {
		names = append(names, n.name)
	}
	return names
}

// Best is For without the candidates that are farther off than the nearest: among many there is always one a bit like it.
func Best(name string, candidates []string) []string {
	near := For(name, candidates)
	for i, n := range near {
		if distance(strings.ToLower(name), strings.ToLower(n)) > distance(strings.ToLower(name), strings.ToLower(near[0])) {
			return near[:i]
		}
	}
	return near
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
