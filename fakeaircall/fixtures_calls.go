package fakeaircall

import (
	"fmt"
	"slices"
	"time"
)

// A callFixer is what adding calls needs. The calls are indexed anew when all are there.
type callFixer struct {
	made   map[int64]*call // that fixtures gave or changed
	onLine map[int64]int64 // the call under way of a user
}

func (f *fixer) addCalls(entries []CallFixture) {
	if len(entries) == 0 {
		return
	}
	f.made, f.onLine = make(map[int64]*call), make(map[int64]int64)
	given := make(map[int64]bool)
	for _, x := range entries {
		given[x.ID] = true
	}
	for _, c := range f.calls.live {
		if c.user != 0 && !given[c.id] {
			f.onLine[c.user] = c.id
		}
	}
	addAll(f, "calls", entries, f.addCall)
	all := f.calls.order
	f.calls = newCalls()
	for _, c := range all {
		if f.made[c.id] == nil {
			f.calls.insert(c)
		}
	}
	for _, c := range f.made {
		f.calls.insert(c)
	}
}

func (f *fixer) addCall(x *CallFixture) {
	old, there := f.calls.get(x.ID)
	c := call{id: x.ID, cost: noCost}
	if there {
		c = *old
		c.encoded, c.tags, c.comments = encoded{}, slices.Clone(c.tags), slices.Clone(c.comments)
	} else {
		c.sid = "CA" + f.random.hex(32)
		f.missing("direction number started_at", x.Direction != nil, x.Number != nil, x.StartedAt != nil)
		if x.Contact == nil && x.RawDigits == nil {
			f.say("", "who was called, or called, is missing: give contact or raw_digits")
		}
	}
	f.setParties(&c, x)
	f.setTimes(&c, x)
	put(&c.archived, x.Archived)
	failed := f.failed
	f.checkOrder(&c)
	if !failed {
		f.checkCall(&c)
	}
	if x.Comments != nil {
		c.comments = f.comments(&c, x.Comments)
	}
	f.setTags(&c, x.Tags)
	if f.failed {
		return
	}
	if c.id == 0 {
		c.id = f.last.newCall(c.started)
	}
	f.place(&c)
}

// place keeps the call, and lets one that is under way come to its end.
func (f *fixer) place(c *call) {
	f.made[c.id] = c
	c.provisional, c.cost = false, noCost
	if c.ended != 0 {
		c.ongoing = nil
		f.finalizeLater(c)
		return
	}
	if c.user != 0 {
		f.onLine[c.user] = c.id
	}
	if c.ongoing == nil {
		f.goOn(c)
	}
}

func (f *fixer) setParties(c *call, x *CallFixture) {
	if x.Direction != nil {
		if c.inbound = *x.Direction == "inbound"; !c.inbound {
			c.teams = nil
		}
	}
	if x.Number != nil {
		if n := f.numberNamed("number", *x.Number); n != nil {
			c.number = n.id
		}
	}
	for _, ref := range []struct {
		name  string
		field *int64
		given *string
	}{{"user", &c.user, x.User}, {"assigned_to", &c.assignedTo, x.AssignedTo}} {
		switch {
		case ref.given == nil:
		case *ref.given == "":
			*ref.field = 0
		default:
			if u := f.userNamed(ref.name, *ref.given); u != nil {
				*ref.field = u.id
			}
		}
	}
	switch {
	case x.Contact != nil && x.RawDigits != nil:
		f.say("raw_digits", "contact says who it is already: give one of the two")
	case x.Contact != nil:
		if p := f.contactNamed("contact", *x.Contact); p != nil {
			c.other = displayPhone(p.phones[0].value)
		}
	case x.RawDigits != nil && *x.RawDigits == "anonymous":
		c.other = *x.RawDigits
	case x.RawDigits != nil:
		c.other = displayPhone(*x.RawDigits)
	}
}

// contactNamed is a contact that can be called.
func (f *fixer) contactNamed(field, ref string) *contact {
	p, ok := f.contacts.get(idIn(ref))
	if found := f.contactsWithPhone(digits(ref)); !ok && len(found) > 0 && possiblePhone(ref) {
		p, ok = found[0], true
	}
	if !ok {
		if i := slices.IndexFunc(f.contacts.order, func(c *contact) bool { return c.hasEmail(ref) }); i >= 0 {
			p, ok = f.contacts.order[i], true
		}
	}
	switch {
	case !ok:
		f.say(field, "there is no contact %.80q: give the id, an e-mail or a phone of one", ref)
	case len(p.phones) == 0:
		f.say(field, "contact %d has no phone: give it one, or raw_digits here", p.id)
		return nil
	}
	return p
}

func (f *fixer) setTimes(c *call, x *CallFixture) {
	known := true
	for _, at := range []struct {
		name  string
		field *int64
		given *time.Time
	}{{"started_at", &c.started, x.StartedAt}, {"answered_at", &c.answered, x.AnsweredAt}, {"ended_at", &c.ended, x.EndedAt}} {
		switch {
		case at.given == nil:
		case at.given.IsZero():
			*at.field = 0
		case at.given.Unix() > f.start || at.given.Unix() <= 0:
			known = false
			f.say(at.name, "%s: give a time after 1970 and not after the fake's clock, which reads %s", at.given.Format(time.RFC3339), f.now.Format(time.RFC3339))
		default:
			*at.field = at.given.Unix()
		}
	}
	if !known { // whether it was answered, and when
		return
	}
	missed := c.inbound && c.answered == 0 && c.ended != 0
	if !missed { // what was said of the call before may hold no more
		c.missedReason, c.voicemail = "", false
	}
	if c.answered == 0 {
		c.recorded = false
	}
	put(&c.missedReason, x.MissedCallReason)
	put(&c.voicemail, x.Voicemail)
	put(&c.recorded, x.Recording)
	switch {
	case c.missedReason != "" && !missed:
		f.say("missed_call_reason", "only an inbound call that ended without an answer has one: take it away, or answered_at")
	case missed && c.missedReason == "" && x.MissedCallReason == nil && (x.AnsweredAt != nil || x.StartedAt != nil):
		c.missedReason = "agents_did_not_answer"
	}
	if c.voicemail && !missed {
		f.say("voicemail", "only an inbound call that ended without an answer has one: take it away, or answered_at")
	}
	if c.recorded && c.answered == 0 {
		f.say("recording", "nobody answered, so there is nothing to record: give answered_at, or false")
	}
}

// checkOrder says which of a call's times, as far as they are given, are out of order.
func (f *fixer) checkOrder(c *call) {
	if c.answered != 0 && c.answered < c.started {
		f.say("answered_at", "the call is answered before it starts: give a time from started_at on")
	}
	if c.ended != 0 && c.ended < max(c.started, c.answered) {
		f.say("ended_at", "the call ends before it starts or is answered: give a later time, or none if it is under way")
	}
}

// checkCall says what in a call does not agree with the rest.
func (f *fixer) checkCall(c *call) {
	if c.answered != 0 && c.user == 0 {
		f.say("user", "somebody answered: give who, or take answered_at away")
	}
	if c.inbound && c.answered == 0 && c.ended != 0 && c.user != 0 {
		f.say("user", "a missed inbound call has none: give answered_at, or assigned_to in its place")
	}
	if !c.inbound && c.other == "anonymous" {
		f.say("raw_digits", "nobody can be called who is anonymous: give a phone")
	}
	u, ok := f.users.get(c.user)
	if ok && u.created > c.started {
		f.say("user", "user %d came after the call started: give the user an earlier created_at, or the call a later started_at", u.id)
	}
	if n, ok := f.numbers.get(c.number); ok && n.created > c.started {
		f.say("number", "number %d came after the call started: give the number an earlier created_at, or the call a later started_at", n.id)
	}
	if busy, on := f.onLine[c.user]; c.ended == 0 && c.user != 0 && on && busy != c.id {
		f.say("user", "user %d is in a call that is under way already: give one of the two an ended_at, or another user", c.user)
	}
}

func (f *fixer) comments(c *call, given []CommentFixture) []comment {
	if len(given) > maxComments {
		f.say("comments", "%d comments, the most is %d", len(given), maxComments)
		return nil
	}
	var list []comment
	for i, x := range given {
		at := max(c.ended, c.started)
		if x.PostedAt != nil {
			at = x.PostedAt.Unix()
		}
		field := fmt.Sprintf("comments[%d]", i)
		if at < c.started || at > f.start {
			f.say(field+".posted_at", "it is not between the start of the call and the fake's clock, which reads %s", f.now.Format(time.RFC3339))
		}
		k := comment{posted: at}
		put(&k.content, x.Content)
		if x.PostedBy != nil {
			if u := f.userNamed(field+".posted_by", *x.PostedBy); u != nil {
				k.by = u.id
			}
		}
		k.id = f.random.newID(&f.last.comment)
		list = append(list, k)
	}
	return list
}

func (f *fixer) setTags(c *call, given []string) {
	if given == nil {
		return
	}
	c.tags = nil
	for i, ref := range given {
		g, ok := f.tags.get(idIn(ref))
		if k := slices.IndexFunc(f.tags.order, func(o *tag) bool { return o.name == ref }); k >= 0 {
			g, ok = f.tags.order[k], true
		}
		if !ok {
			f.say(fmt.Sprintf("tags[%d]", i), "there is no tag %.60q: give the id or name of one", ref)
			continue
		}
		if !c.hasTag(g.id) {
			c.tags = append(c.tags, callTag{tagID: g.id, at: max(c.ended, c.started)})
		}
	}
}
