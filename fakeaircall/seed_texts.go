package fakeaircall

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// noteTemplates are comments on calls and notes on contacts, read from seed/notes.json. In a template {who} is the contact,
// {firm} the contact's company, {agent} a colleague, {day} the next working day, {month} the month before, {ref} a number
// of an order or invoice, {city} a town; {Who}, {Firm} and {Agent} begin a sentence. Comments on calls with a transcript
// are in the phrasebooks.
type noteTemplates struct {
	Ignored   []string // nobody answered
	Busy      []string // nobody was available
	Waited    []string // the caller gave up waiting
	Voicemail []string // in a language without a phrasebook
	Short     []string // the caller hung up at once
	Menu      []string // the caller left in the menu
	Closed    []string // outside opening hours
	Callback  []string // the caller asked for one

	MissedLater []string // may follow on a missed call until somebody is reached
	ClosedLater []string // follow on a call outside opening hours
	MissedDone  []string // end the comments on a missed call

	Vain      []string // an outbound call that nobody answered
	VainLater []string
	Transfer  []string

	Inbound      []string
	InboundDone  []string // need nothing more
	Outbound     []string
	OutboundDone []string // need nothing more

	AnsweredLater []string // may follow on an answered call, in any order
	AnsweredDone  []string // end the comments on an answered call

	Contact []string // on a contact
}

var notes = sync.OnceValue(func() *noteTemplates { return readSeed[noteTemplates]("notes") })

// A script is what people comment on a call, in order: one of first, any of later, and one of done at
// the end, if at all. What is in alone is the only comment.
type script struct{ first, alone, later, done []string }

// write puts words into the comments of a call, which fit how it went and who wrote them. Comments for which there
// are no words are left out.
func (s *seeder) write(c *call) {
	if len(c.Comments) == 0 {
		return
	}
	o := occasion{at: c.Ended, contact: s.contactOf(c), other: "caller", passed: c.TransferredBy}
	if !c.Inbound {
		o.other = "customer"
	}
	plot := s.scriptOf(c)
	last := len(c.Comments) - 1
	closes := last > 0 && len(plot.done) > 0 && s.random.chance(50)
	var used [maxComments]string
	for i := range c.Comments {
		from := plot.later
		switch {
		case i == 0 && last == 0 && len(plot.alone) > 0 && s.random.chance(40):
			from = plot.alone
		case i == 0:
			from = plot.first
		case i == last && closes && !slices.ContainsFunc(used[:i], announces):
			from = plot.done
		}
		o.author = c.Comments[i].By
		var room [32]string
		fit := room[:0]
		for _, template := range from {
			if o.suits(template) && !slices.Contains(used[:i], template) {
				fit = append(fit, template)
			}
		}
		if len(fit) == 0 {
			c.Comments = c.Comments[:i]
			return
		}
		used[i] = pick(&s.random, fit)
		c.Comments[i].Content = s.fill(used[i], o)
	}
}

// announces reports whether a template says that there is more to come on another day.
func announces(template string) bool {
	return slices.ContainsFunc([]string{"{day}", "tomorrow", "next week"}, func(w string) bool { return strings.Contains(template, w) })
}

// contactOf is who is at the other end; nil: nobody we know.
func (s *seeder) contactOf(c *call) *contact {
	if found := s.contactsWithPhone(digits(c.Other)); len(found) > 0 {
		return found[0]
	}
	return nil
}

func (s *seeder) scriptOf(c *call) script {
	switch {
	case c.Answered == 0 && !c.Inbound:
		return script{first: notes().Vain, later: notes().VainLater}
	case c.MissedReason == "short_abandoned":
		return script{first: notes().Short}
	case c.MissedReason == "out_of_opening_hours":
		return script{first: notes().Closed, later: notes().ClosedLater}
	case c.Answered == 0:
		return script{first: s.missedNotesOn(c), later: notes().MissedLater, done: notes().MissedDone}
	case c.TransferredBy != 0:
		return script{first: notes().Transfer, later: notes().AnsweredLater, done: notes().AnsweredDone}
	}
	if m := s.matterOf(c); m != nil {
		return script{first: m.Notes, later: notes().AnsweredLater, done: notes().AnsweredDone}
	}
	if c.Inbound {
		return script{first: notes().Inbound, alone: notes().InboundDone, later: notes().AnsweredLater, done: notes().AnsweredDone}
	}
	return script{first: notes().Outbound, alone: notes().OutboundDone, later: notes().AnsweredLater, done: notes().AnsweredDone}
}

// matterOf is what a call is about first; nil: it has no transcript.
func (s *seeder) matterOf(c *call) *matter {
	if !c.Recorded || c.Ended-c.Answered < shortestInsight {
		return nil
	}
	if book := s.bookOf(c); book != nil {
		return c.mattersOf(book)()
	}
	return nil
}

// nameTags chooses the tags that people set on a call, different ones. If it has fewer that fit, the rest is left out.
// The tagger says whether a tag is a user's.
func (s *seeder) nameTags(c *call, tagger *deck[bool]) {
	byHand := func(ct callTag) bool { return ct.TagID == 0 }
	if !slices.ContainsFunc(c.Tags, byHand) {
		return
	}
	who := s.contactOf(c)
	var names []string
	fit := s.tagsFor(c)
	at := s.random.intn(max(len(fit), 1))
	for i := range fit {
		g := fit[(at+i)%len(fit)]
		if j := slices.IndexFunc(c.Tags, byHand); j >= 0 && suitsContact(g.Name, who) && suitsTags(g.Name, names) {
			c.Tags[j].TagID, names = g.ID, append(names, g.Name)
			if !tagger.deal(&s.random) {
				c.Tags[j].By = 0
			}
		}
	}
	c.Tags = slices.DeleteFunc(c.Tags, byHand)
}

func suitsContact(name string, who *contact) bool {
	switch {
	case strings.HasSuffix(name, "e-mail"):
		return who != nil && len(who.Emails) > 0
	case slices.Contains(tagWords().Acquainted, name):
		return who != nil
	}
	return true
}

// suitsTags reports whether a tag contradicts none of the names a call has.
func suitsTags(name string, names []string) bool {
	topic, _, staged := strings.Cut(name, ": ")
	for _, has := range names {
		if staged && strings.HasPrefix(has, topic+": ") {
			return false
		}
		for _, group := range tagWords().Rivals {
			if slices.Contains(group, name) && slices.Contains(group, has) {
				return false
			}
		}
	}
	return true
}

// tagsFor are those among which people choose for a call: of its topic, if there are some, and
// otherwise such as fit any call. Where nobody spoke there is no topic.
func (s *seeder) tagsFor(c *call) []*tag {
	var prefixes []string
	if c.Answered == 0 {
		return s.tagsNamed("unspoken", tagWords().Unspoken)
	}
	if m := s.matterOf(c); m != nil {
		prefixes = m.Tags
	}
	fit := s.tagsNamed(strings.Join(prefixes, ","), prefixes)
	if len(fit) == 0 {
		fit = s.tagsNamed("general", tagWords().General)
	}
	if len(fit) == 0 {
		fit = s.tags.order[len(systemTags):]
	}
	return fit
}

// tagsNamed are those of the company that begin with one of the prefixes. They are kept under the key.
func (s *seeder) tagsNamed(key string, prefixes []string) []*tag {
	fit, ok := s.tagsOf[key]
	if !ok {
		for _, g := range s.tags.order[len(systemTags):] {
			if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(g.Name, p) }) {
				fit = append(fit, g)
			}
		}
		s.tagsOf[key] = fit
	}
	return fit
}

func (s *seeder) missedNotesOn(c *call) []string {
	switch {
	case c.Voicemail:
		if book := s.bookOf(c); book != nil {
			return c.messageOf(book).Notes
		}
		return notes().Voicemail
	case c.MissedReason == "":
		return notes().Callback
	case c.MissedReason == "abandoned_in_ivr":
		return notes().Menu
	case c.MissedReason == "abandoned_in_classic":
		return notes().Waited
	case c.MissedReason == "no_available_agent":
		return notes().Busy
	}
	return notes().Ignored
}

// bookOf is the phrasebook of what is said on the call's line; nil: Aircall does not know the language.
func (s *seeder) bookOf(c *call) *phrasebook {
	return phrasebooks()[languageOf(s.numbers.byID[c.Number].Country)]
}

// An occasion is what a template is filled from.
type occasion struct {
	at      int64
	contact *contact // nil: nobody we know
	other   string   // who that is then
	author  int64    // 0: an app
	passed  int64    // who passed the call on; 0: nobody, and an agent is any colleague
}

// suits reports whether a template says nothing of an e-mail address, a company or an author that
// are not there.
func (o occasion) suits(template string) bool {
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(template, w) })
	}
	switch {
	case has("e-mail", "Newsletter") && (o.contact == nil || len(o.contact.Emails) == 0):
		return false
	case has("{firm}", "{Firm}") && (o.contact == nil || o.contact.CompanyName == nil):
		return false
	}
	return o.author != 0 || !has("I'll", " me.", " me ", " my ", "On my ", "myself")
}

// fill puts words in the place of a template's names.
func (s *seeder) fill(template string, o occasion) string {
	var room [200]byte
	text := room[:0]
	for {
		before, rest, ok := strings.Cut(template, "{")
		text = append(text, before...)
		if !ok {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		text = append(text, s.word(name, o)...)
		template = after
	}
	return string(text)
}

func (s *seeder) word(name string, o occasion) string {
	at := time.Unix(o.at, 0).UTC()
	switch name {
	case "who", "Who":
		switch {
		case o.contact == nil && name == "Who":
			return "The " + o.other
		case o.contact == nil:
			return "the " + o.other
		case o.contact.LastName != nil && s.random.chance(40):
			return *o.contact.FirstName + " " + *o.contact.LastName
		}
		return *o.contact.FirstName
	case "firm", "Firm":
		return *o.contact.CompanyName // or the template does not suit
	case "agent", "Agent":
		return s.colleague(o)
	case "day":
		at = at.AddDate(0, 0, 1)
		for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			at = at.AddDate(0, 0, 1)
		}
		return at.Weekday().String()
	case "month":
		return at.AddDate(0, 0, -at.Day()).Month().String()
	case "city":
		return s.fake.City()
	}
	return strconv.FormatInt(s.random.between(10_000, 99_999), 10) // ref
}

// noteOn is what is known of a contact beside its details.
func (s *seeder) noteOn(c *contact) string {
	o := occasion{at: c.Updated, contact: c}
	for {
		if template := pick(&s.random, notes().Contact); o.suits(template) {
			return s.fill(template, o)
		}
	}
}

// colleague is the first name of somebody else than the author.
func (s *seeder) colleague(o occasion) string {
	if u, ok := s.users.byID[o.passed]; ok && o.passed != o.author {
		return u.FirstName
	}
	author := ""
	if u, ok := s.users.byID[o.author]; ok {
		author = u.FirstName
	}
	colleagues := s.earlyUsers()
	at := s.random.intn(len(colleagues))
	for i := range colleagues {
		if u := colleagues[(at+i)%len(colleagues)]; u.FirstName != author {
			return u.FirstName
		}
	}
	return "a colleague"
}
