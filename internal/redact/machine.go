package redact

import (
	"cmp"
	"slices"
)

// A machine finds many needles in one pass over a text: the automaton of Aho and Corasick. Its states are the beginnings of
// needles; 0 is the empty one.
type machine struct {
	next    map[edge]int32
	fail    []int32 // the longest end of the state that is a state as well
	depth   []int32 // the length of the state
	longest []int32 // the length of the longest needle that the state ends with; 0: none
}

type edge struct {
	state int32
	char  byte
}

func newMachine(needles []string) *machine {
	m := &machine{next: map[edge]int32{}, fail: []int32{0}, depth: []int32{0}, longest: []int32{0}}
	to := []edge{{}} // each state
	for _, needle := range needles {
		state := int32(0)
		for i := range len(needle) {
			e := edge{state, needle[i]}
			if _, known := m.next[e]; !known {
				m.next[e] = int32(len(to))
				to, m.fail, m.longest = append(to, e), append(m.fail, 0), append(m.longest, 0)
				m.depth = append(m.depth, int32(i)+1)
			}
			state = m.next[e]
		}
		m.longest[state] = int32(len(needle))
	}
	states := make([]int32, len(to))
	for i := range states {
		states[i] = int32(i)
	}
	slices.SortFunc(states, func(a, b int32) int { return cmp.Compare(m.depth[a], m.depth[b]) })
	for _, s := range states[1:] {
		if m.depth[s] > 1 {
			m.fail[s] = m.step(m.fail[to[s].state], to[s].char)
		}
		m.longest[s] = max(m.longest[s], m.longest[m.fail[s]])
	}
	return m
}

// step returns the state after one more byte.
func (m *machine) step(state int32, char byte) int32 {
	for {
		if to, ok := m.next[edge{state, char}]; ok {
			return to
		} else if state == 0 {
			return 0
		}
		state = m.fail[state]
	}
}

// find returns where a text holds needles, and beginnings of needles of at least shortest bytes that cut reports to be cut off.
func (m *machine) find(text string, shortest int, cut func(rest string) bool) (found []Span) {
	state := int32(0)
	add := func(from, to int) {
		if n := len(found); n > 0 && found[n-1].From <= from && from <= found[n-1].To {
			found[n-1].To = to
			return
		}
		found = append(found, Span{from, to})
	}
	for i := range len(text) {
		if n := int(m.depth[state]); n >= shortest && cut(text[i:]) {
			add(i-n, i)
		}
		state = m.step(state, text[i])
		if n := int(m.longest[state]); n > 0 {
			add(i+1-n, i+1)
		}
	}
	return found
}
