package fakeaircall

import (
	"cmp"
	"slices"
	"time"
)

// A callKind is a way in which a call can go. share is how many of countedCalls go this way, few how many of a small
// account's calls.
type callKind struct {
	share, few  int
	inbound     bool
	answered    bool
	noUser      bool // answered, and shown without a user
	reason      string
	callback    bool // the caller asked for a callback, so there is no reason
	least, most int  // seconds of ringing
	voicemail   bool // half of the callers leave one
}

var pickedUp = &callKind{share: 251, few: 12, inbound: true, answered: true, least: 2, most: 40}

// countedCalls is the sum of the shares.
const countedCalls = 822

// callKinds has the shares that were counted on some 600 and 822 calls of one account (recorded from 2026-08-19 to
// 2026-09-12). short_abandoned ends within ten seconds, after nine more often than not; so the other reasons take longer.
var callKinds = []*callKind{
	pickedUp,
	{share: 4, few: 1, inbound: true, answered: true, noUser: true, least: 2, most: 40},
	{share: 363, few: 15, answered: true, least: 5, most: 30},
	{share: 26, few: 1, answered: true, noUser: true, least: 5, most: 30}, // on shared lines
	{share: 8, few: 2, least: 11, most: 45},
	{share: 75, few: 4, inbound: true, reason: "agents_did_not_answer", least: 20, most: 60, voicemail: true},
	{share: 60, few: 3, inbound: true, reason: "no_available_agent", least: 11, most: 25, voicemail: true},
	{share: 19, few: 1, inbound: true, reason: "short_abandoned", least: 1, most: 10},
	{share: 6, few: 1, inbound: true, reason: "out_of_opening_hours", least: 11, most: 20},
	{share: 5, few: 1, inbound: true, reason: "abandoned_in_ivr", least: 11, most: 60},
	{share: 4, few: 1, inbound: true, reason: "abandoned_in_classic", least: 11, most: 90, voicemail: true},
	{share: 1, few: 1, inbound: true, callback: true, least: 20, most: 90},
}

// outcome returns the name of a kind in statistics.
func (c *callKind) outcome() string {
	switch {
	case c.answered:
		return "answered"
	case !c.inbound:
		return "unanswered"
	case c.callback:
		return "callback"
	}
	return c.reason
}

// countedOutcomes returns the names of the outcomes in statistics. Calls with a voicemail count under it, whatever their
// reason.
func countedOutcomes(inbound bool) (names []string) {
	for _, c := range callKinds {
		if name := c.outcome(); c.inbound == inbound && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if inbound {
		names = append(names, "voicemail")
	}
	return names
}

// kindNamed returns the first kind with a name in statistics.
func kindNamed(inbound bool, outcome string) *callKind {
	i := slices.IndexFunc(callKinds, func(c *callKind) bool {
		return c.inbound == inbound && (c.outcome() == outcome || c.voicemail && outcome == "voicemail")
	})
	return callKinds[i]
}

// A plan is a call whose user is not chosen yet.
type plan struct {
	*callKind
	id   int64 // 0: the next
	line *line
	at   int64
}

// The ages of calls in seconds. The oldest call stays in the six months that lists show while a fixed clock moves by a
// week; the youngest, with its comments, is over before the calls under way begin.
const (
	oldestCall   = 172 * day
	youngestCall = 3 * 60 * 60
)

// seedCalls plans the calls, plays them in order, and adds those under way.
func (s *seeder) seedCalls() {
	if s.amount.calls == 0 {
		return
	}
	hand := s.newHand()
	main := s.lines[0]
	plans := []plan{{
		callKind: pickedUp, id: documentedCall, line: main,
		at: s.moment(main, morning, s.start-50*day, s.start-40*day),
	}}
	for len(plans) < s.amount.calls-liveCalls {
		plans = append(plans, s.plan(hand.courses.deal(&s.random)))
	}
	slices.SortStableFunc(plans, func(a, b plan) int { return cmp.Compare(a.at, b.at) })
	var calls []*call
	for _, p := range plans {
		calls = append(calls, s.play(p, hand))
	}
	calls = append(calls, s.live()...)
	slices.SortStableFunc(calls, func(a, b *call) int { return cmp.Compare(a.Started, b.Started) })
	for _, c := range calls {
		if c.ID == 0 {
			c.ID = s.last.newCall(c.Started)
		}
		for i := range c.Comments {
			c.Comments[i].ID = s.random.newID(&s.last.Comment)
		}
		s.nameTags(c, hand.tagger)
		s.write(c)
		s.calls.insert(c)
		if c.Ended == 0 {
			s.goOn(c)
		} else {
			s.finalizeLater(c)
		}
	}
}

// goOn schedules the end of a call under way.
func (s *seeder) goOn(c *call) {
	c.Ongoing = new(ongoing)
	end := Action{Do: "hangup", After: 10 * time.Minute}
	if c.Answered == 0 {
		end = Action{Do: "give_up", After: patience}
	}
	s.then(c, end)
}

// A hand has the decks that decide about calls.
type hand struct {
	courses   *deck[*callKind]
	callers   *deck[string]
	voicemail map[string]*deck[bool] // by the reason
	short     *deck[bool]            // whether an outbound call without an answer is short_abandoned
	brief     *deck[int64]           // how long short_abandoned calls last, in seconds
	transfer  *deck[bool]
	assign    *deck[bool]
	comments  *deck[int]
	commenter *deck[bool] // whether a user comments
	tags      *deck[int]
	tagger    *deck[bool]   // whether a user tags
	tagged    *deck[[2]int] // how long after the end, in seconds from, to
}

// newHand returns decks that also deal what is rare to a small account, where most shares would be less than one call.
func (s *seeder) newHand() *hand {
	small := s.amount.calls < countedCalls
	var all []*callKind
	voicemail := make(map[string]*deck[bool])
	for _, c := range callKinds {
		n := c.share
		if small {
			n = c.few
		}
		all = append(all, slices.Repeat([]*callKind{c}, n)...)
		if c.voicemail {
			voicemail[c.reason] = newDeck(true, false)
		}
	}
	hidden := 10 // one of 24 times this many callers is anonymous
	if small {
		hidden = 1
	}
	commented := make([]int, 300) // of 400
	for i, n := range []int{68, 22, 6, 3, 1} {
		commented = append(commented, slices.Repeat([]int{i + 1}, n)...)
	}
	return &hand{
		courses:   newDeck(all...),
		callers:   newDeck(slices.Concat(slices.Repeat([]string{"contact"}, 13*hidden), slices.Repeat([]string{"stranger"}, 10*hidden), []string{"anonymous"})...),
		voicemail: voicemail,
		short:     newDeck(append(make([]bool, 77), true)...),
		transfer:  newDeck(append(make([]bool, 14), true)...),
		assign:    newDeck(true, false, false, false),
		brief:     newDeck[int64](1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 10, 10, 10, 10, 10), // half of them last nine
		comments:  newDeck(commented...),
		commenter: newDeck(true, true, true, true, true, false),
		tags:      newDeck(append(make([]int, 8), 1, 1, 1, 1, 1, 1, 2, 2, 2, 3)...),
		tagger:    newDeck(true, true, true, true, true, false),
		tagged: newDeck(slices.Concat(slices.Repeat([][2]int{{5, 300}}, 63), // counted on outcomes that people set
			slices.Repeat([][2]int{{301, 1800}}, 3), [][2]int{{165 * 60, 165*60 + 59}})...),
	}
}

// plan chooses a line on which the kind of call is possible, and a time.
func (s *seeder) plan(c *callKind) plan {
	p := plan{callKind: c, line: s.busyLine()}
	for !p.possible() {
		p.line = s.busyLine()
	}
	suits := morning
	switch {
	case c.reason == "out_of_opening_hours":
		suits = closedHours
	case p.line.always() && s.random.chance(20):
		suits = awake
	}
	for {
		p.at = s.moment(p.line, suits, s.start-oldestCall, s.start-youngestCall)
		if p.inbound && !p.answered || s.attended(p.line, p.at) {
			return p
		}
	}
}

// attended reports whether it is day for one of the line's users at the time.
func (s *seeder) attended(l *line, at int64) bool {
	return slices.ContainsFunc(l.staff, func(u *user) bool { return u.Created <= at && s.awake(u, at) })
}

func (p plan) possible() bool {
	switch p.reason {
	case "out_of_opening_hours":
		return !p.line.always()
	case "abandoned_in_ivr":
		return p.line.IsIVR
	case "abandoned_in_classic":
		return !p.line.IsIVR
	}
	return true
}

// busyLine prefers the first lines: some ring more often than others.
func (s *seeder) busyLine() *line {
	n := len(s.lines)
	return s.lines[min(s.random.intn(n), s.random.intn(n))]
}

// moment returns an instant whose local time suits.
func (s *seeder) moment(l *line, suits func(time.Time) bool, from, to int64) int64 {
	for {
		at := from + int64(s.random.intn(int(to-from)))
		if suits(l.local(at)) {
			return at
		}
	}
}

// morning leaves time until the end of the office hours for a call that waits for a user.
func morning(t time.Time) bool { return officeHours(t) && t.Hour() < 17 }

func awake(t time.Time) bool { return t.Hour() >= 7 && t.Hour() < 22 }

func closedHours(t time.Time) bool { return awake(t) && !officeHours(t) }

// play returns the call of a plan.
func (s *seeder) play(p plan, h *hand) *call {
	c := &call{
		ID: p.id, SID: "CA" + s.random.hex(32), Inbound: p.inbound, Started: p.at,
		MissedReason: p.reason, Number: p.line.ID, Other: s.party(p, h), Cost: noCost,
	}
	if !p.noUser && (p.answered || !p.inbound) {
		c.User, c.Started = s.freeUser(p.line, p.at)
	}
	if p.inbound {
		c.Teams = slices.Clone(p.line.teams)
	}
	c.Ended = c.Started + s.random.between(p.least, p.most)
	switch {
	case p.answered:
		s.talk(c, p, h)
	case p.inbound:
		s.miss(c, p, h)
	case h.short.deal(&s.random):
		c.MissedReason = "short_abandoned"
	}
	if c.MissedReason == "short_abandoned" {
		c.Ended = c.Started + h.brief.deal(&s.random)
	}
	s.busy[c.User] = c.Ended
	c.Archived = s.random.chance(70) && c.Ended < s.start-2*day
	s.comment(c, p, h)
	s.mark(c, p, h)
	return c
}

func (s *seeder) talk(c *call, p plan, h *hand) {
	c.Answered = c.Ended
	c.Ended += s.random.between(15, 300)
	if s.random.chance(12) {
		c.Ended += s.random.between(200, 1500)
	}
	c.Recorded = p.line.Recording
	if c.User != 0 && h.transfer.deal(&s.random) && c.ID == 0 {
		// The user who transferred the call was also in it.
		by, at := s.freeUser(p.line, c.Started)
		namesakes := s.users.byID[by].FirstName == s.users.byID[c.User].FirstName // comments on the transfer name one
		if by != c.User && !namesakes && at == c.Started {
			c.TransferredBy, c.TransferredTo = by, c.User
			s.busy[by] = c.Ended
		}
	}
}

// miss adds a voicemail, with which the call ends: Aircall's ended_at seems to include it.
func (s *seeder) miss(c *call, p plan, h *hand) {
	if p.voicemail && h.voicemail[p.reason].deal(&s.random) {
		c.Voicemail = true
		c.Ended += s.random.between(8, 75)
	}
	if h.assign.deal(&s.random) {
		c.AssignedTo = s.someone(p.line, c.Ended).ID
	}
}

// party returns the number of the other party: often a contact's, sometimes anonymous.
func (s *seeder) party(p plan, h *hand) string {
	if p.id == documentedCall {
		return s.reachable
	}
	kind := "contact"
	switch {
	case p.inbound:
		kind = h.callers.deal(&s.random)
	case s.random.chance(40):
		kind = "stranger"
	}
	nearby := s.random.chance(45) // some of the other calls are also in the line's country
	switch kind {
	case "contact":
		if known := s.known[p.line.Country]; nearby && len(known) > 0 {
			return pick(&s.random, known)
		}
		return pick(&s.random, s.known[""])
	case "stranger":
		i := slices.IndexFunc(countries(), func(c country) bool { return c.Code == p.line.Country })
		if nearby && i >= 0 {
			if free, ok := s.freePhoneOf(countries()[i]); ok {
				return free.shown
			}
		}
		return s.freePhone().shown
	}
	return kind
}

// freeUser returns a user of the line who is in no call, and the instant. It prefers users for whom it is day. If all are
// in calls, it returns the one whose call ends first, and the end.
func (s *seeder) freeUser(l *line, at int64) (int64, int64) {
	asleep, first, free := int64(0), int64(0), int64(0)
	offset := s.random.intn(len(l.staff))
	for i := range l.staff {
		u := l.staff[(offset+i)%len(l.staff)]
		if u.Created > at {
			continue
		}
		if s.busy[u.ID] < at {
			if s.awake(u, at) {
				return u.ID, at
			}
			asleep = u.ID
		} else if first == 0 || s.busy[u.ID] < free {
			first, free = u.ID, s.busy[u.ID]
		}
	}
	if first == 0 || asleep != 0 && free > at+10*60 {
		return asleep, at
	}
	return first, free + s.random.between(5, 60)
}

// someone returns a user of the line who existed at the time.
func (s *seeder) someone(l *line, at int64) *user {
	for {
		if u := pick(&s.random, l.staff); u.Created <= at {
			return u
		}
	}
}

// author returns the call's user, if there is one, more often than not.
func (s *seeder) author(c *call, l *line) int64 {
	if c.User != 0 && s.random.chance(80) {
		return c.User
	}
	return s.someone(l, c.Ended).ID
}

// comment adds comments with their authors and times. write adds the texts.
func (s *seeder) comment(c *call, p plan, h *hand) {
	n := h.comments.deal(&s.random)
	switch {
	case c.ID == documentedCall:
		n = min(max(n, 1), 2) // of five: examples add to them
	case c.Answered == 0 && c.Other == "anonymous":
		n = 0 // there is no number to call back
	case c.MissedReason == "short_abandoned":
		n = min(n, 1)
	}
	at, later := c.Ended, 300
	for i := range n {
		at += s.random.between(5, later)
		if c.Answered == 0 {
			later = 30 * 60 // between tries
		}
		m := comment{Posted: at}
		switch {
		case i == 0 && c.TransferredBy != 0:
			m.By = c.User // who took the call over
		case h.commenter.deal(&s.random):
			m.By = s.author(c, p.line)
		}
		c.Comments = append(c.Comments, m)
	}
}

// mark tags the call: as the system does if the caller asked for a callback, and as users do, who never set system tags.
// nameTags chooses the tags of users.
func (s *seeder) mark(c *call, p plan, h *hand) {
	if p.callback {
		c.Tags = append(c.Tags, callTag{TagID: s.systemTag("Callback Request"), At: c.Ended})
	}
	n := h.tags.deal(&s.random)
	switch {
	case c.ID == documentedCall:
		n = max(n, 2)
	case c.MissedReason == "short_abandoned":
		n = 0
	case c.Answered == 0:
		n = min(n, len(s.tagsNamed("unspoken", tagWords().Unspoken)))
	}
	for range n {
		after := h.tagged.deal(&s.random)
		ct := callTag{At: min(c.Ended+s.random.between(after[0], after[1]), s.start)}
		ct.By = s.author(c, p.line)
		c.Tags = append(c.Tags, ct)
	}
}

func (s *seeder) systemTag(name string) int64 {
	i := slices.IndexFunc(s.tags.order, func(g *tag) bool { return g.Name == name })
	return s.tags.order[i].ID
}

const liveCalls = 4

// live returns the calls under way at start. They are on the first line, which is open: one rings, one is being dialed, and
// people talk in two.
func (s *seeder) live() []*call {
	l := s.lines[0]
	agents := slices.Clone(l.staff[1 : 1+attending])
	shuffle(&s.random, agents)
	calls := make([]*call, liveCalls)
	for i := range calls {
		c := &call{
			SID: "CA" + s.random.hex(32), Inbound: i%2 == 0, Started: s.start - s.random.between(3, 30),
			Number: l.ID, Other: pick(&s.random, s.known[""]), Cost: noCost,
		}
		if c.Inbound {
			c.Teams = slices.Clone(l.teams)
		}
		if i > 0 {
			c.User = agents[i-1].ID
		}
		if i > 1 {
			c.Started -= s.random.between(60, 500)
			c.Answered = c.Started + s.random.between(2, 20)
		}
		calls[i] = c
	}
	return calls
}
