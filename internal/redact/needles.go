package redact

import "slices"

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
	for i := 0; i+Shortest <= len(text); i++ {
		if !n.pairs[pair(text[i:])] {
			continue
		}
		longest := 0
		for _, needle := range n.byStart[text[i:i+Shortest]] {
			end := i + Shortest
			for end < len(text) && end-i < len(needle) && text[end] == needle[end-i] {
				end++
			}
			if end-i == len(needle) || end < len(text) && cutOff(text[end:]) {
				longest = max(longest, end-i)
			}
		}
		if longest == 0 {
			continue
		}
		if last := len(found) - 1; last >= 0 && i <= found[last].To {
			found[last].To = max(found[last].To, i+longest)
		} else {
			found = append(found, Span{i, i + longest})
		}
	}
	return found
}
