package fakeaircall

import (
	"fmt"
	"slices"
	"time"
)

// A callFixer is what adding calls needs. The calls are indexed anew when all are there.
type callFixtures struct {
	made   map[int64]*call // that fixtures gave or changed
	onLine map[int64]int64 // the call under way of a user
}

func (f *fixtureAdder) addCalls(entries []CallFixture) {
	if len(entries) == 0 {
		return
	}
	f.made, f.onLine = make(map[int64]*call), make(map[int64]int64)
	given := make(map[int64]bool)
	for _, x := range entries {
		given[x.ID] = true
	}
	for _, c := range f.calls.live {
		if c.User != 0 && !given[c.ID] {
			f.onLine[c.User] = c.ID
		}
	}
	addAll(f, "calls", entries, f.addCall)
	for _, c := range f.made {
		if old, there := f.calls.get(c.ID); there {
			f.calls.update(old, func() { *old = *c })
		} else {
			f.calls.insert(c)
		}
	}
}

func (f *fixtureAdder) addCall(x *CallFixture) {
	old, there := f.calls.get(x.ID)
	c := call{ID: x.ID, Cost: noCost}
	if there {
		c = *old.clone()
	} else {
		c.SID = "CA" + f.random.hex(32)
		f.missing("direction number started_at", x.Direction != nil, x.Number != nil, x.StartedAt != nil)
		if x.Contact == nil && x.RawDigits == nil {
			f.say("", "who was called, or called, is missing: give contact or raw_digits")
		}
	}
	f.setParties(&c, x)
	f.setTimes(&c, x)
	put(&c.Archived, x.Archived)
	failed := f.failed
	f.checkOrder(&c)
	if !failed {
		f.checkCall(&c)
	}
	if x.Comments != nil {
		c.Comments = f.comments(&c, x.Comments)
	}
	f.setTags(&c, x.Tags)
	if f.failed {
		return
	}
	if c.ID == 0 {
		c.ID = f.last.newCall(c.Started)
	}
	f.place(&c)
}

// place keeps the call, and lets one that is under way come to its end.
func (f *fixtureAdder) place(c *call) {
	f.made[c.ID] = c
	c.Provisional, c.Cost = false, noCost
	if c.Ended != 0 {
		c.Ongoing = nil
		f.finalizeLater(c)
		return
	}
	if c.User != 0 {
		f.onLine[c.User] = c.ID
	}
	if c.Ongoing == nil {
		f.goOn(c)
	}
}

func (f *fixtureAdder) setParties(c *call, x *CallFixture) {
	if x.Direction != nil {
		if c.Inbound = *x.Direction == "inbound"; !c.Inbound {
			c.Teams = nil
		}
	}
	if x.Number != nil {
		if n := f.numberNamed("number", *x.Number); n != nil {
			c.Number = n.ID
		}
	}
	for _, ref := range []struct {
		name  string
		field *int64
		given *string
	}{{"user", &c.User, x.User}, {"assigned_to", &c.AssignedTo, x.AssignedTo}} {
		switch {
		case ref.given == nil:
		case *ref.given == "":
			*ref.field = 0
		default:
			if u := f.userNamed(ref.name, *ref.given); u != nil {
				*ref.field = u.ID
			}
		}
	}
	switch {
	case x.Contact != nil && x.RawDigits != nil:
		f.say("raw_digits", "contact says who it is already: give one of the two")
	case x.Contact != nil:
		if p := f.contactNamed("contact", *x.Contact); p != nil {
			c.Other = displayPhone(p.Phones[0].Value)
		}
	case x.RawDigits != nil && *x.RawDigits == "anonymous":
		c.Other = *x.RawDigits
	case x.RawDigits != nil:
		c.Other = displayPhone(*x.RawDigits)
	}
}

// contactNamed is a contact that can be called.
func (f *fixtureAdder) contactNamed(field, ref string) *contact {
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
	case len(p.Phones) == 0:
		f.say(field, "contact %d has no phone: give it one, or raw_digits here", p.ID)
		return nil
	}
	return p
}

func (f *fixtureAdder) setTimes(c *call, x *CallFixture) {
	known := true
	for _, at := range []struct {
		name  string
		field *int64
		given *time.Time
	}{{"started_at", &c.Started, x.StartedAt}, {"answered_at", &c.Answered, x.AnsweredAt}, {"ended_at", &c.Ended, x.EndedAt}} {
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
	missed := c.Inbound && c.Answered == 0 && c.Ended != 0
	if !missed { // what was said of the call before may hold no more
		c.MissedReason, c.Voicemail = "", false
	}
	if c.Answered == 0 {
		c.Recorded = false
	}
	put(&c.MissedReason, x.MissedCallReason)
	put(&c.Voicemail, x.Voicemail)
	put(&c.Recorded, x.Recording)
	switch {
	case c.MissedReason != "" && !missed:
		f.say("missed_call_reason", "only an inbound call that ended without an answer has one: take it away, or answered_at")
	case missed && c.MissedReason == "" && x.MissedCallReason == nil && (x.AnsweredAt != nil || x.StartedAt != nil):
		c.MissedReason = "agents_did_not_answer"
	}
	if c.Voicemail && !missed {
		f.say("voicemail", "only an inbound call that ended without an answer has one: take it away, or answered_at")
	}
	if c.Recorded && c.Answered == 0 {
		f.say("recording", "nobody answered, so there is nothing to record: give answered_at, or false")
	}
}

// checkOrder says which of a call's times, as far as they are given, are out of order.
func (f *fixtureAdder) checkOrder(c *call) {
	if c.Answered != 0 && c.Answered < c.Started {
		f.say("answered_at", "the call is answered before it starts: give a time from started_at on")
	}
	if c.Ended != 0 && c.Ended < max(c.Started, c.Answered) {
		f.say("ended_at", "the call ends before it starts or is answered: give a later time, or none if it is under way")
	}
}

// checkCall says what in a call does not agree with the rest.
func (f *fixtureAdder) checkCall(c *call) {
	if c.Answered != 0 && c.User == 0 {
		f.say("user", "somebody answered: give who, or take answered_at away")
	}
	if c.Inbound && c.Answered == 0 && c.Ended != 0 && c.User != 0 {
		f.say("user", "a missed inbound call has none: give answered_at, or assigned_to in its place")
	}
	if !c.Inbound && c.Other == "anonymous" {
		f.say("raw_digits", "nobody can be called who is anonymous: give a phone")
	}
	u, ok := f.users.get(c.User)
	if ok && u.Created > c.Started {
		f.say("user", "user %d came after the call started: give the user an earlier created_at, or the call a later started_at", u.ID)
	}
	if n, ok := f.numbers.get(c.Number); ok && n.Created > c.Started {
		f.say("number", "number %d came after the call started: give the number an earlier created_at, or the call a later started_at", n.ID)
	}
	if busy, on := f.onLine[c.User]; c.Ended == 0 && c.User != 0 && on && busy != c.ID {
		f.say("user", "user %d is in a call that is under way already: give one of the two an ended_at, or another user", c.User)
	}
}

func (f *fixtureAdder) comments(c *call, given []CommentFixture) []comment {
	if len(given) > maxComments {
		f.say("comments", "%d comments, the most is %d", len(given), maxComments)
		return nil
	}
	var list []comment
	for i, x := range given {
		at := max(c.Ended, c.Started)
		if x.PostedAt != nil {
			at = x.PostedAt.Unix()
		}
		field := fmt.Sprintf("comments[%d]", i)
		if at < c.Started || at > f.start {
			f.say(field+".posted_at", "it is not between the start of the call and the fake's clock, which reads %s", f.now.Format(time.RFC3339))
		}
		k := comment{Posted: at}
		put(&k.Content, x.Content)
		if x.PostedBy != nil {
			if u := f.userNamed(field+".posted_by", *x.PostedBy); u != nil {
				k.By = u.ID
			}
		}
		k.ID = f.random.newID(&f.last.Comment)
		list = append(list, k)
	}
	return list
}

func (f *fixtureAdder) setTags(c *call, given []string) {
	if given == nil {
		return
	}
	c.Tags = nil
	for i, ref := range given {
		g, ok := f.tags.get(idIn(ref))
		if k := slices.IndexFunc(f.tags.order, func(o *tag) bool { return o.Name == ref }); k >= 0 {
			g, ok = f.tags.order[k], true
		}
		if !ok {
			f.say(fmt.Sprintf("tags[%d]", i), "there is no tag %.60q: give the id or name of one", ref)
			continue
		}
		if !c.hasTag(g.ID) {
			c.Tags = append(c.Tags, callTag{TagID: g.ID, At: max(c.Ended, c.Started)})
		}
	}
}
