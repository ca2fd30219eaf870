package fakeaircall

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Templates of what people write. {who} is the contact, {firm} the contact's company, {agent} a
// colleague, {day} the next working day, {month} the month before, {ref} a number of an
// order or invoice, {city} a town. Who and Firm begin a sentence. Those of calls with a transcript are in the phrasebooks.
var (
	missedNotes = []string{
		"Missed call, everyone was on another line. Calling back.",
		"Nobody was free to pick up. {Who} is on the callback list.",
		"Missed {who}. No message left.",
		"Please call {who} back when you have a minute.",
		"{Firm} tried to reach us. No message, will try them later today.",
		"Hung up after a few rings. Added to the callback list.",
		"Missed during the team meeting, callback scheduled.",
		"No voicemail. Number looks familiar, checking the CRM.",
		"We were short on people at that time. Calling {who} back next.",
	}
	shortNotes = []string{
		"Hung up before anyone could answer. Probably a misdial.",
		"Caller was gone after a few seconds.",
		"Hung up right away, no callback needed unless they try again.",
		"Too short to pick up. {Who} will call again if it matters.",
	}
	menuNotes = []string{
		"Left the menu without choosing an option.",
		"{Who} hung up while listening to the menu. Calling back.",
		"Dropped off in the menu. Maybe the options are not clear enough.",
	}
	closedNotes = []string{
		"Called outside business hours. Callback {day} morning.",
		"Came in after hours, nobody was here.",
		"We were closed. {Who} is first on the list {day}.",
		"After-hours call from {firm}, no message.",
		"Outside opening hours. Sent a text that we'll call {day}.",
	}
	callbackNotes = []string{
		"Asked for a callback instead of waiting.",
		"{Who} requested a callback from the queue. On my list.",
		"Callback requested, number checked.",
		"Waited a bit, then asked us to call back. Priority today.",
	}
	// missedLater follow one of the others on a missed call.
	missedLater = []string{
		"Called back, no answer. Trying again {day}.",
		"Reached {who} on the second try, all good.",
		"Left a message on the mailbox.",
		"Sent an e-mail with our opening hours.",
		"Called back, line was busy.",
		"Done, {who} only wanted to confirm the appointment.",
		"Passed on to {agent}, who knows the account.",
		"Spoke to a colleague at {firm}, they'll let {who} know.",
	}
	vainNotes = []string{
		"No answer. Will try again {day}.",
		"Rang out, no mailbox.",
		"Tried {who}, nobody picked up.",
		"No answer at {firm}. Sent an e-mail instead.",
		"Second attempt without an answer.",
		"Not reachable today. Call again {day} before ten.",
	}
	vainLater = []string{
		"Also tried the mobile number, no luck.",
		"Text message sent.",
		"Assistant says {who} is back {day}.",
		"Moved the task to {day}.",
		"{Agent} will give it a try, too.",
	}
	transferNotes = []string{
		"Took over from {agent}, who had the first part of the call.",
		"{Agent} passed the call on to me. Case is documented in the ticket.",
		"Warm transfer from {agent}. {Who} did not have to repeat anything.",
		"Transferred by {agent} because of a billing question.",
		"{Agent} handed over, I'll keep the case.",
	}
	inboundNotes = []string{
		"Quick question about opening hours, answered right away.",
		"{Who} wanted the status of ticket {ref}. Still in progress, gave an update.",
		"Asked for a copy of invoice {ref}, sent by e-mail.",
		"Wrong department, gave {who} the direct number.",
		"{Who} confirmed the appointment on {day}.",
		"Needs a call from {agent}, left a note on the desk.",
		"Short call, {who} found the answer in the help center while talking.",
		"New phone number noted for {firm}.",
		"Asked whether we ship abroad. We do.",
		"{Who} only wanted to say thanks for the quick help last week.",
	}
	outboundNotes = []string{
		"Checked in after the setup, everything works.",
		"{Who} is interested but busy until {day}. Call again then.",
		"Returned the call from this morning, question answered.",
		"Confirmed the delivery date for order {ref}.",
		"Reminder about invoice {ref}, payment comes this week.",
		"Talked to {who}, sending the documents today.",
		"Introduced myself as the new contact for {firm}.",
		"Not a good moment. Agreed to talk {day} at eleven.",
		"{Who} asked for references from the same industry.",
		"Left the details with a colleague of {who}.",
	}
	// answeredLater follow one of the others on a call that was answered.
	answeredLater = []string{
		"Summary sent by e-mail.",
		"Ticket {ref} created and assigned to me.",
		"Informed {agent}.",
		"CRM is up to date.",
		"Follow-up set for {day}.",
		"{Who} replied by e-mail, nothing open from our side.",
		"Added the new phone number to the contact.",
		"Got the go-ahead from {agent}.",
		"Closed the ticket.",
		"Waiting for the documents from {firm}.",
		"Put the offer into the shared folder.",
		"Asked {agent} to double-check the numbers.",
		"Next call {day} at three.",
		"Confirmation came in, case {ref} closed.",
		"Added to the agenda of the weekly meeting.",
		"{Who} prefers e-mail from now on.",
		"Contract updated in the CRM.",
		"Sent the link to the help article.",
		"Reminder set, {day} at the latest.",
	}
	contactNotes = []string{
		"Prefers to be called in the morning.",
		"Main contact for all billing questions.",
		"Decides on purchases at {firm}.",
		"Met at the trade show in {city}.",
		"Works from the {city} office on Tuesdays and Thursdays.",
		"Renewal is due next {month}.",
		"Do not call before 10 a.m.",
		"Please send invoices by e-mail only.",
		"Long-time customer, very friendly.",
		"Key account, put through to {agent} when possible.",
		"Switched to the annual plan in {month}.",
		"On parental leave until {month}, ask for the assistant.",
		"Referred by a customer in {city}.",
		"Wants a demo of the new reporting.",
		"Had two late deliveries in {month}, handle with care.",
		"Speaks English and French.",
		"Technical contact, knows the API well.",
		"Travels a lot, best reached on the mobile phone.",
		"Interested in the mobile app for the team in {city}.",
		"{Agent} knows the history of this account.",
		"Usually calls about shipping to {city}.",
		"Asked not to get marketing calls.",
		"Newsletter: yes. Text messages: no.",
		"Trial ended in {month}, still undecided.",
	}
)

// write puts words into the comments of a call, which fit how it went.
func (s *seeder) write(c *call) {
	if len(c.comments) == 0 {
		return
	}
	o := occasion{at: c.ended, other: "caller", agent: c.transferredBy}
	if !c.inbound {
		o.other = "customer"
	}
	if ids := s.phones[digits(c.other)]; len(ids) > 0 {
		o.contact = s.contacts.byID[ids[0]]
	}
	first, later := s.notesOn(c)
	var used [maxComments]string
	for i := range c.comments {
		from := later
		if i == 0 {
			from = first
		}
		template := pick(&s.random, from)
		for slices.Contains(used[:i], template) {
			template = pick(&s.random, from)
		}
		used[i], c.comments[i].content = template, s.fill(template, o)
	}
}

// notesOn are the templates for the first comment on a call, and those for all that follow.
func (s *seeder) notesOn(c *call) (first, later []string) {
	switch {
	case c.answered == 0 && !c.inbound:
		return vainNotes, vainLater
	case c.answered == 0:
		return s.missedNotesOn(c), missedLater
	case c.transferredBy != 0:
		return transferNotes, answeredLater
	}
	if m := s.matterOf(c); m != nil {
		return m.notes, answeredLater
	}
	if c.inbound {
		return inboundNotes, answeredLater
	}
	return outboundNotes, answeredLater
}

// matterOf is what a call is about first; nil: it has no transcript.
func (s *seeder) matterOf(c *call) *matter {
	if !c.recorded || c.ended-c.answered < shortestInsight {
		return nil
	}
	if book := s.bookOf(c); book != nil {
		return c.mattersOf(book)()
	}
	return nil
}

// nameTags chooses the tags that people set on a call, different ones. If it has fewer that fit, the rest is left out.
func (s *seeder) nameTags(c *call) {
	byHand := func(ct callTag) bool { return ct.tagID == 0 }
	if !slices.ContainsFunc(c.tags, byHand) {
		return
	}
	fit := s.tagsFor(c)
	at := s.random.intn(len(fit))
	for i := range fit {
		if j := slices.IndexFunc(c.tags, byHand); j >= 0 {
			c.tags[j].tagID = fit[(at+i)%len(fit)].id
		}
	}
	c.tags = slices.DeleteFunc(c.tags, byHand)
}

// tagsFor are those among which people choose for a call: of its topic, if there are some, and
// otherwise such as fit any call.
func (s *seeder) tagsFor(c *call) []*tag {
	var prefixes []string
	if m := s.matterOf(c); m != nil {
		prefixes = m.tags
	}
	key := strings.Join(prefixes, ",")
	fit, ok := s.tagsOf[key]
	if !ok {
		byHand := s.tags.order[len(systemTags):]
		for _, list := range [][]string{prefixes, generalTags} {
			for _, g := range byHand {
				if slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(g.name, p) }) {
					fit = append(fit, g)
				}
			}
			if len(fit) > 0 {
				break
			}
		}
		if len(fit) == 0 {
			fit = byHand
		}
		s.tagsOf[key] = fit
	}
	return fit
}

func (s *seeder) missedNotesOn(c *call) []string {
	switch {
	case c.voicemail:
		if book := s.bookOf(c); book != nil {
			return c.messageOf(book).notes
		}
	case c.missedReason == "":
		return callbackNotes
	case c.missedReason == "short_abandoned":
		return shortNotes
	case c.missedReason == "abandoned_in_ivr":
		return menuNotes
	case c.missedReason == "out_of_opening_hours":
		return closedNotes
	}
	return missedNotes
}

// bookOf is the phrasebook of what is said on the call's line; nil: Aircall does not know the language.
func (s *seeder) bookOf(c *call) *phrasebook {
	return phrasebooks[languageOf(s.numbers.byID[c.number].country)]
}

// An occasion is what a template is filled from.
type occasion struct {
	at      int64
	contact *contact // nil: nobody we know
	other   string   // who that is then
	agent   int64    // 0: any colleague
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
		case o.contact.lastName != nil && s.random.chance(40):
			return *o.contact.firstName + " " + *o.contact.lastName
		}
		return *o.contact.firstName
	case "firm", "Firm":
		switch {
		case o.contact != nil && o.contact.companyName != nil:
			return *o.contact.companyName
		case name == "Firm":
			return "The company"
		}
		return "their company"
	case "agent", "Agent":
		u, ok := s.users.byID[o.agent]
		if !ok {
			u = pick(&s.random, s.earlyUsers())
		}
		return u.firstName
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
	return s.fill(pick(&s.random, contactNotes), occasion{at: c.updated, contact: c})
}
