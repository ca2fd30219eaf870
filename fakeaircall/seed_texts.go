package fakeaircall

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// noteTemplates are comments on calls and notes on contacts, read from seed/notes.json. In a template, {who} is the
// contact, {firm} the contact's company, {agent} a colleague, {day} the next working day, {month} the month before, {ref}
// the number of an order or invoice, {city} a town; {Who}, {Firm} and {Agent} begin a sentence. Comments on calls with a
// transcript are in the phrasebooks.
type noteTemplates struct {
	Missed    map[string][]string // by the reason; "": the caller asked for a callback
	Voicemail []string            // in a language without a phrasebook

	MissedLater []string // may follow on a missed call until somebody is reached
	ClosedLater []string // follow on a call outside opening hours
	MissedDone  []string // end the comments on a missed call

	Vain      []string // an outbound call that nobody answered
	VainLater []string
	Transfer  []string

	Inbound      []string
	InboundDone  []string // the only comment
	Outbound     []string
	OutboundDone []string // the only comment

	AnsweredLater []string // may follow on an answered call, in any order
	AnsweredDone  []string // end the comments on an answered call

	Contact []string // on a contact
}

var notes = sync.OnceValue(func() *noteTemplates { return readSeed[noteTemplates]("notes") })

// A script has the comments of a call in order: one of first, any of later, and perhaps one of done at the end. One of
// alone is the only comment.
type script struct{ first, alone, later, done []string }

// write writes the comments of a call, which fit what happened and who the authors are. It removes comments for which no
// template is left.
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
		var fit []string
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

// announces reports whether a template says that something happens on another day.
func announces(template string) bool {
	return slices.ContainsFunc([]string{"{day}", "tomorrow", "next week"}, func(w string) bool { return strings.Contains(template, w) })
}

// contactOf returns the contact at the other end, or nil.
func (s *seeder) contactOf(c *call) *contact {
	if found := s.contactsWithPhone(digits(c.Other)); len(found) > 0 {
		return found[0]
	}
	return nil
}

func (s *seeder) scriptOf(c *call) script {
	n := notes()
	answered := script{later: n.AnsweredLater, done: n.AnsweredDone}
	m := s.matterOf(c)
	switch {
	case c.Answered == 0 && !c.Inbound:
		return script{first: n.Vain, later: n.VainLater}
	case c.MissedReason == "short_abandoned":
		return script{first: n.Missed[c.MissedReason]}
	case c.MissedReason == "out_of_opening_hours":
		return script{first: n.Missed[c.MissedReason], later: n.ClosedLater}
	case c.Answered == 0:
		return script{first: s.missedNotesOn(c), later: n.MissedLater, done: n.MissedDone}
	case c.TransferredBy != 0:
		answered.first = n.Transfer
	case m != nil:
		answered.first = m.Notes
	case c.Inbound:
		answered.first, answered.alone = n.Inbound, n.InboundDone
	default:
		answered.first, answered.alone = n.Outbound, n.OutboundDone
	}
	return answered
}

// matterOf returns the first topic of a call, or nil if the call has no transcript.
func (s *seeder) matterOf(c *call) *matter {
	if !c.Recorded || c.Ended-c.Answered < shortestInsight {
		return nil
	}
	if book := s.bookOf(c); book != nil {
		return c.mattersOf(book)()
	}
	return nil
}

// nameTags chooses different tags for those that people set on a call, and removes the rest if fewer fit. The tagger
// decides whether a user set a tag.
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

// suitsTags reports whether a tag contradicts none of the tags of a call.
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

// tagsFor returns the tags that fit a call: those of its topic, if there are any, and otherwise those that fit every call.
// A call in which nobody spoke has no topic.
func (s *seeder) tagsFor(c *call) []*tag {
	if c.Answered == 0 {
		return s.tagsNamed("unspoken", tagWords().Unspoken)
	}
	var fit []*tag
	if m := s.matterOf(c); m != nil {
		fit = s.tagsNamed(strings.Join(m.Tags, ","), m.Tags)
	}
	if len(fit) == 0 {
		fit = s.tagsNamed("general", tagWords().General)
	}
	if len(fit) == 0 {
		fit = s.tags.order[len(systemTags):]
	}
	return fit
}

// tagsNamed returns the tags that begin with one of the prefixes. It caches them under the key.
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
	if !c.Voicemail {
		return notes().Missed[c.MissedReason]
	}
	if book := s.bookOf(c); book != nil {
		return c.messageOf(book).Notes
	}
	return notes().Voicemail
}

// bookOf returns the phrasebook for the call's line, or nil if Aircall does not know the language.
func (s *seeder) bookOf(c *call) *phrasebook {
	return phrasebooks()[languageOf(s.numbers.byID[c.Number].Country)]
}

// An occasion is what fills a template.
type occasion struct {
	at      int64
	contact *contact // nil: not a contact
	other   string   // names the other party without a contact
	author  int64    // 0: an app
	passed  int64    // the user who passed the call on; 0: an agent is any colleague
}

// suits reports whether a template mentions no e-mail address, company or author that does not exist.
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

// fill replaces the names in a template.
func (s *seeder) fill(template string, o occasion) string {
	text := ""
	for {
		before, rest, ok := strings.Cut(template, "{")
		text += before
		if !ok {
			return text
		}
		name, after, _ := strings.Cut(rest, "}")
		text += s.word(name, o)
		template = after
	}
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

// noteOn returns a note on a contact.
func (s *seeder) noteOn(c *contact) string {
	o := occasion{at: c.Updated, contact: c}
	for {
		if template := pick(&s.random, notes().Contact); o.suits(template) {
			return s.fill(template, o)
		}
	}
}

// colleague returns the first name of a user other than the author.
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
