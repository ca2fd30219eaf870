package fakeaircall

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// calls keeps a company's calls, and for each filter of the search the calls
// that pass it: a page of a search costs what the page holds, however many calls
// there are. The fields that the index uses change only through its methods.
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
}

// update runs change, which changes c, and keeps the indexes right.
func (s *calls) update(c *call, change func()) {
	before := *c
	before.Tags = slices.Clone(c.Tags)
	s.table.update(c, change)
	c.encoded = cachedJSON{}
	if before.indexed() == c.indexed() && slices.Equal(before.Tags, c.Tags) {
		return
	}
	after := *c
	*c = before // as which it stands in the lists
	s.order = s.order.without(c)
	s.index(c, inOrder[*call].without)
	*c = after
	s.order = s.order.with(c)
	s.index(c, inOrder[*call].with)
}

// An indexedCall is what a call is found by, but for its tags.
type indexedCall struct {
	started, user, line int64
	inbound, live       bool
	other               string
}

func (c *call) indexed() indexedCall {
	return indexedCall{c.Started, c.User, c.Number, c.Inbound, c.Ended == 0, c.Other}
}

func (s *calls) index(c *call, put func(inOrder[*call], *call) inOrder[*call]) {
	s.forgetSearches()
	if c.Inbound {
		s.inbound = put(s.inbound, c)
	} else {
		s.outbound = put(s.outbound, c)
	}
	if c.Ended == 0 {
		s.live = put(s.live, c)
	}
	putUnder(s.byUser, c.User, c, put)
	putUnder(s.byLine, c.Number, c, put)
	putUnder(s.byParty, digits(c.Other), c, put)
	for _, ct := range c.Tags {
		putUnder(s.byTag, ct.TagID, c, put)
	}
}

// putUnder puts c into, or takes it out of, the list of a key; the zero key has none.
func putUnder[K comparable](m map[K]inOrder[*call], key K, c *call, put func(inOrder[*call], *call) inOrder[*call]) {
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
	s.update(c, func() { c.Tags = append(c.Tags, ct) })
}

// untag takes a tag from one call.
func (s *calls) untag(c *call, id int64) {
	s.update(c, func() {
		c.Tags = slices.DeleteFunc(c.Tags, func(ct callTag) bool { return ct.TagID == id })
	})
}

// dropTag takes a tag from every call that has it.
func (s *calls) dropTag(id int64) {
	for _, c := range slices.Clone(s.byTag[id]) {
		s.untag(c, id)
	}
}

// copy returns calls with clones of all.
func (s *calls) copy() calls {
	c := newCalls()
	c.table = s.table.copy()
	same := func(list inOrder[*call]) inOrder[*call] {
		to := make(inOrder[*call], len(list))
		for i, old := range list {
			to[i] = c.byID[old.ID]
		}
		return to
	}
	c.inbound, c.outbound, c.live = same(s.inbound), same(s.outbound), same(s.live)
	copyLists(c.byUser, s.byUser, same)
	copyLists(c.byLine, s.byLine, same)
	copyLists(c.byTag, s.byTag, same)
	copyLists(c.byParty, s.byParty, same)
	return c
}

func copyLists[K comparable](to, from map[K]inOrder[*call], same func(inOrder[*call]) inOrder[*call]) {
	for key, list := range from {
		to[key] = same(list)
	}
}

// ready sorts and indexes what was read.
func (s *calls) ready() {
	s.table.ready()
	for _, c := range s.order {
		s.index(c, inOrder[*call].with)
	}
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
			s.forgetSearches()
			s.holding = len(found) + 1
		}
		s.found[key.String()] = found
	}
	return found
}

// forgetSearches drops the results of searches, because calls change.
func (s *calls) forgetSearches() {
	if s.holding > 0 {
		clear(s.found)
		s.holding = 0
	}
}

// actFinalize gives the call id its final values; n is the end of the call that the timer was set at.
const actFinalize = act("finalize call")

// The time from the end of a call to its final values. On the wire they were missing two minutes after the end, and
// there after twenty (recorded 2026-09-28 on three outbound calls).
const (
	soonestFinal = 2 * 60
	latestFinal  = 20 * 60
)

const (
	noCost   = "0.0"
	flatCost = "3.0" // of an answered outbound call, however long (recorded on calls of 9, 20 and 21 seconds)
)

// finalizeLater shows provisional values of a call that ended, until it is time for the final ones. A call that
// ended so long ago that it has its final values by now keeps the times that it has.
func (t *tx) finalizeLater(c *call) {
	left := c.Ended + c.finalAfter() - t.unix()
	if t.account.assume.finalAtOnce || left <= 0 {
		t.calls.update(c, c.finalize)
		return
	}
	t.calls.update(c, func() { c.Provisional, c.Cost = true, noCost })
	t.after(time.Duration(left)*time.Second, actFinalize, c.ID, c.Ended)
}

// finalizeCall is silent: no event is known that tells of it.
func (t *tx) finalizeCall(m timer) {
	c, ok := t.calls.get(m.ID)
	if !ok || !c.Provisional || c.Ended != m.N {
		return
	}
	t.calls.update(c, func() {
		if c.startsLater() {
			c.Started++
		}
		c.finalize()
	})
}

func (c *call) finalize() {
	c.Provisional, c.Cost = false, noCost
	if !c.Inbound && c.Answered != 0 {
		c.Cost = flatCost
	}
}

// finalAfter is how many seconds after its end a call gets its final values.
func (c *call) finalAfter() int64 {
	r := random{uint64(c.ID)}
	return r.between(soonestFinal, latestFinal)
}

// Of three calls about one shows a duration that is a second too long, and one a start that is a second too early
// (recorded on three calls: 22, 10 and 20 seconds became 21, 9 and 20, and one start moved).

func (c *call) lastsTooLong() bool { return c.Provisional && c.ID%3 == 0 }

// startsLater is so of answered calls alone: the recorded ones were answered.
func (c *call) startsLater() bool { return c.ID%3 == 1 && c.Started < c.Answered }

// pricingType is nil until the call has its final values.
func (c *call) pricingType() *string {
	if c.Ended == 0 || c.Provisional {
		return nil
	}
	return new("in_bundle")
}
