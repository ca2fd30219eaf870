package fakeaircall

import "slices"

// calls keeps a company's calls, and for each filter of the search the calls
// that pass it: a page of any search costs what the page holds, however many
// calls there are. What the index is built on changes through its methods only.
type calls struct {
	table[*call]
	inbound  inOrder[*call]
	outbound inOrder[*call]
	live     inOrder[*call] // not ended
	byUser   map[int64]inOrder[*call]
	byLine   map[int64]inOrder[*call]
	byTag    map[int64]inOrder[*call]
	byParty  map[string]inOrder[*call] // digits of the other party
}

func newCalls() calls {
	return calls{
		table:   newTable[*call](),
		byUser:  make(map[int64]inOrder[*call]),
		byLine:  make(map[int64]inOrder[*call]),
		byTag:   make(map[int64]inOrder[*call]),
		byParty: make(map[string]inOrder[*call]),
	}
}

func (s *calls) insert(c *call) {
	s.table.insert(c)
	s.index(c, inOrder[*call].with)
	for _, ct := range c.tags {
		s.byTag[ct.tagID] = s.byTag[ct.tagID].with(c)
	}
}

// change lets f change what a call is found by, but for its id, start and tags.
func (s *calls) change(c *call, f func()) {
	s.index(c, inOrder[*call].without)
	f()
	s.index(c, inOrder[*call].with)
	c.encoded = encoded{}
}

func (s *calls) index(c *call, put func(inOrder[*call], *call) inOrder[*call]) {
	if c.inbound {
		s.inbound = put(s.inbound, c)
	} else {
		s.outbound = put(s.outbound, c)
	}
	if c.ended == 0 {
		s.live = put(s.live, c)
	}
	replace(s.byUser, c.user, c, put)
	replace(s.byLine, c.number, c, put)
	replace(s.byParty, digits(c.other), c, put)
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
	c.tags = append(c.tags, ct)
	c.encoded = encoded{}
	s.byTag[ct.tagID] = s.byTag[ct.tagID].with(c)
}

// dropTag takes a tag from every call that has it.
func (s *calls) dropTag(id int64) {
	for _, c := range s.byTag[id] {
		c.tags = slices.DeleteFunc(c.tags, func(ct callTag) bool { return ct.tagID == id })
		c.encoded = encoded{}
	}
	delete(s.byTag, id)
}

// party is the calls in which a number, in digits, is the other party or one of lines.
func (s *calls) party(number string, lines inOrder[*number]) inOrder[*call] {
	found := s.byParty[number]
	for _, n := range lines {
		if digits(n.digits) != number {
			continue
		}
		if len(found) == 0 {
			found = s.byLine[n.id]
			continue
		}
		found = slices.Clone(found)
		for _, c := range s.byLine[n.id] {
			found = found.with(c)
		}
	}
	return found
}
