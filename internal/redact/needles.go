package redact

import (
	"regexp"
	"slices"
	"strings"
)

// needles are texts to look for, by how they begin.
type needles struct {
	byStart map[string][]string // by the first Shortest bytes
	pairs   [1 << 16]bool       // the first two bytes of each, so that most of a text is passed over quickly
}

// newNeedles needs texts of at least Shortest bytes.
func newNeedles(texts []string) *needles {
	n := &needles{byStart: map[string][]string{}}
	for _, text := range texts {
		start := text[:Shortest]
		if !slices.Contains(n.byStart[start], text) {
			n.byStart[start] = append(n.byStart[start], text)
			n.pairs[pair(text)] = true
		}
	}
	return n
}

func pair(text string) int { return int(text[0])<<8 | int(text[1]) }

// find returns where a text holds a needle, or the beginning of one, of at least Shortest bytes, that was cut off.
func (n *needles) find(text string) (found []Span) {
	cuts := cutOffs(text)
	for i := 0; i+Shortest <= len(text); i++ {
		if !n.pairs[pair(text[i:])] {
			continue
		}
		for len(cuts) > 0 && cuts[0] < i+Shortest {
			cuts = cuts[1:]
		}
		end := i
		for _, needle := range n.byStart[text[i:i+Shortest]] {
			if strings.HasPrefix(text[i:], needle) {
				end = max(end, i+len(needle))
			}
			for _, c := range cuts {
				if c-i >= len(needle) || !strings.HasPrefix(needle, text[i:c]) {
					break
				}
				end = max(end, c)
			}
		}
		if end == i {
			continue
		}
		if last := len(found) - 1; last >= 0 && i <= found[last].To {
			found[last].To = max(found[last].To, end)
		} else {
			found = append(found, Span{i, end})
		}
	}
	return found
}

// ellipsis matches an ellipsis, and half an escape before it.
var ellipsis = regexp.MustCompile(`^(?:%[[:xdigit:]]?|\\(?:x[[:xdigit:]]?|u[[:xdigit:]]{0,3})?|&#?\w{0,9})?…$`)

// halfEscape is the length of the longest half escape.
const halfEscape = len("&#123456789")

// cutOffs returns where a text was cut off, in order: at each ellipsis, and where the half escape before it begins.
func cutOffs(text string) (at []int) {
	for from := 0; ; {
		next := strings.Index(text[from:], "…")
		if next < 0 {
			return at
		}
		dots := from + next
		from = dots + len("…")
		for c := max(0, dots-halfEscape); c <= dots; c++ {
			if ellipsis.MatchString(text[c:from]) {
				at = append(at, c)
			}
		}
	}
}
