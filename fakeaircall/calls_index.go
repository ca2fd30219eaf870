package fakeaircall

import (
	"fmt"
	"slices"
	"strings"
)

// calls keeps a company's calls, and for each filter of the search the calls
// that pass it: a page of a search costs what the page holds, however many calls
// there are. What the index is built on changes through its methods only.
type calls struct {
	table[*call]
	inbound  inOrder[*call]
	outbound inOrder[*call]
	live     inOrder[*call] // not ended
	byUser   map[int64]inOrder[*call]
	byLine   map[int64]inOrder[*call]
	byTag    map[int64]inOrder[*call]
	byParty  map[string]inOrder[*call] // digits of the other party
	found    map[string]inOrder[*call] // results of searches
	holding  int                       // calls in found
}

func newCalls() calls {
	return calls{
		table:   newTable[*call](),
		byUser:  make(map[int64]inOrder[*call]),
		byLine:  make(map[int64]inOrder[*call]),
		byTag:   make(map[int64]inOrder[*call]),
		byParty: make(map[string]inOrder[*call]),
		found:   make(map[string]inOrder[*call]),
	}
}

func (s *calls) insert(c *call) {
	s.table.insert(c)
	s.index(c, inOrder[*call].with)
	for _, ct := range c.Tags {
		s.byTag[ct.TagID] = s.byTag[ct.TagID].with(c)
	}
}

// change lets f change what a call is found by, but for its id, start and tags: see restart and tag.
func (s *calls) change(c *call, f func()) {
	s.lend(c)
	s.index(c, inOrder[*call].without)
	f()
	s.index(c, inOrder[*call].with)
	c.encoded = encoded{}
}

func (s *calls) index(c *call, put func(inOrder[*call], *call) inOrder[*call]) {
	s.forget()
	if c.Inbound {
		s.inbound = put(s.inbound, c)
	} else {
		s.outbound = put(s.outbound, c)
	}
	if c.Ended == 0 {
		s.live = put(s.live, c)
	}
	replace(s.byUser, c.User, c, put)
	replace(s.byLine, c.Number, c, put)
	replace(s.byParty, digits(c.Other), c, put)
}

// replace puts c into, or takes it out of, what a key leads to; the zero key
// leads nowhere.
func replace[K comparable](m map[K]inOrder[*call], key K, c *call, put func(inOrder[*call], *call) inOrder[*call]) {
	var none K
	if key == none {
		return
	}
	if list := put(m[key], c); len(list) > 0 {
		m[key] = list
	} else {
		delete(m, key)
	}
}

func (s *calls) tag(c *call, ct callTag) {
	s.lend(c)
	c.Tags = append(c.Tags, ct)
	c.encoded = encoded{}
	s.forget()
	s.byTag[ct.TagID] = s.byTag[ct.TagID].with(c)
}

// untag takes a tag from one call.
func (s *calls) untag(c *call, id int64) {
	s.lend(c)
	c.Tags = slices.DeleteFunc(c.Tags, func(ct callTag) bool { return ct.TagID == id })
	c.encoded = encoded{}
	s.forget()
	replace(s.byTag, id, c, inOrder[*call].without)
}

// dropTag takes a tag from every call that has it.
func (s *calls) dropTag(id int64) {
	for _, c := range s.byTag[id] {
		s.lend(c)
		c.Tags = slices.DeleteFunc(c.Tags, func(ct callTag) bool { return ct.TagID == id })
		c.encoded = encoded{}
	}
	delete(s.byTag, id)
	s.forget()
}

// A callFilter is one filter of a search: the calls that pass it, and the
// question whether a call does.
type callFilter struct {
	key   string
	pass  inOrder[*call]
	holds func(*call) bool
}

// withDirection passes nothing for a direction that is none.
func (s *calls) withDirection(direction string) callFilter {
	f := callFilter{key: "direction " + direction, holds: func(c *call) bool { return c.direction() == direction }}
	switch direction {
	case "inbound":
		f.pass = s.inbound
	case "outbound":
		f.pass = s.outbound
	}
	return f
}

func (s *calls) ofUser(id int64) callFilter {
	return callFilter{fmt.Sprint("user ", id), s.byUser[id], func(c *call) bool { return c.User == id }}
}

func (s *calls) withTag(id int64) callFilter {
	return callFilter{fmt.Sprint("tag ", id), s.byTag[id], func(c *call) bool { return c.hasTag(id) }}
}

// withParty passes calls in which a number, in digits, is the other party or the
// line. That the line counts follows from what the reference says of transfers.
func (s *calls) withParty(phone string, lines inOrder[*number]) callFilter {
	var own []int64
	found := s.byParty[phone]
	for _, n := range lines {
		if digits(n.Digits) != phone {
			continue
		}
		own = append(own, n.ID)
		if len(found) == 0 {
			found = s.byLine[n.ID]
			continue
		}
		found = slices.Clone(found)
		for _, c := range s.byLine[n.ID] {
			found = found.with(c)
		}
	}
	return callFilter{fmt.Sprint("party ", phone, own), found, func(c *call) bool {
		return digits(c.Other) == phone || slices.Contains(own, c.Number)
	}}
}

// maxFound bounds the calls that the results of searches hold together.
const maxFound = 1 << 20

// filtered is the calls that pass all filters. What several filters find is kept
// for the next page of the same search, until calls change.
func (s *calls) filtered(filters []callFilter) inOrder[*call] {
	switch len(filters) {
	case 0:
		return s.order
	case 1:
		return filters[0].pass
	}
	var key strings.Builder
	for _, f := range filters {
		key.WriteString(f.key + "\n")
	}
	found, ok := s.found[key.String()]
	if !ok {
		slices.SortFunc(filters, func(a, b callFilter) int { return len(a.pass) - len(b.pass) })
		found = inOrder[*call]{}
		for _, c := range filters[0].pass {
			if !slices.ContainsFunc(filters[1:], func(f callFilter) bool { return !f.holds(c) }) {
				found = append(found, c)
			}
		}
		if s.holding += len(found) + 1; s.holding > maxFound {
			s.forget()
			s.holding = len(found) + 1
		}
		s.found[key.String()] = found
	}
	return found
}

// forget drops the results of searches, because calls change.
func (s *calls) forget() {
	clear(s.found)
	s.holding = 0
}

// refill makes the index of calls that were read.
func (s *calls) refill() error {
	if err := s.table.refill(); err != nil {
		return err
	}
	given := s.order
	*s = newCalls()
	for _, c := range given {
		s.insert(c)
	}
	return nil
}
