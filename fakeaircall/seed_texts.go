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
	ignoredNotes = []string{ // nobody answered
		"Missed call, nobody picked up. Calling back.",
		"Missed {who}. Calling back in a minute.",
		"Please call {who} back when you have a minute.",
		"{Firm} tried to reach us, will try them later today.",
		"Nobody got to the phone in time. Added to the callback list.",
		"Rang out on our side. Number looks familiar, checking the CRM.",
		"Missed during the team meeting, callback scheduled.",
	}
	busyNotes = []string{ // nobody was available
		"Missed call, everyone was on another line. Calling back.",
		"Nobody was free to pick up. {Who} is on the callback list.",
		"We were short on people at that time. Calling {who} back next.",
		"{Firm} called while all of us were busy. On the callback list.",
		"No one available. Please call {who} back when you have a minute.",
		"Came in at the busiest time. Callback scheduled.",
	}
	waitedNotes = []string{
		"Hung up after a while. Added to the callback list.",
		"{Who} did not want to wait. Calling back.",
		"Gave up waiting, no message. Calling back later today.",
	}
	voicemailNotes = []string{ // in a language without a phrasebook
		"Voicemail from {who}, listening to it now.",
		"{Who} left a message. Callback scheduled.",
		"New voicemail on the line. Calling back today.",
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
	// missedLater may follow on a missed call until somebody is reached.
	missedLater = []string{
		"Called back, no answer. Trying again {day}.",
		"Called back, line was busy.",
		"Left a message on the mailbox.",
		"Tried once more, no luck.",
		"Asked {agent} to try again, too.",
		"Sent a text message that we called back.",
		"Moved the callback to {day}.",
	}
	// closedLater follow on a call outside the hours.
	closedLater = []string{
		"Sent an e-mail with our opening hours.",
		"Sent a text message with our opening hours.",
		"Callback is in the calendar for {day}.",
		"Informed {agent}, who starts early {day}.",
		"Checked the CRM, no open case.",
	}
	// missedDone end the comments on a missed call.
	missedDone = []string{
		"Reached {who}, all good.",
		"Done, {who} only wanted to confirm the appointment.",
		"Spoke to a colleague at {firm}, they'll let {who} know.",
		"Called back, {who} has everything now.",
		"Reached {who}, question answered.",
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
		"{Who} wanted the status of ticket {ref}. Still in progress, gave an update.",
		"Asked for a copy of invoice {ref}, goes out by e-mail.",
		"{Who} wants to move the appointment, new date is {day}.",
		"Needs a call from {agent}, left a note on the desk.",
		"New phone number noted for {firm}.",
		"Asked whether we ship abroad. We do, details follow.",
		"{Who} reported a problem with order {ref}, looking into it.",
	}
	// inboundDone need nothing more.
	inboundDone = []string{
		"Quick question about opening hours, answered right away.",
		"Wrong department, gave {who} the direct number.",
		"{Who} confirmed the appointment on {day}.",
		"Short call, {who} found the answer in the help center while talking.",
		"{Who} only wanted to say thanks for the quick help last week.",
	}
	outboundNotes = []string{
		"{Who} is interested but busy until {day}. Call again then.",
		"Reminder about invoice {ref}, payment comes this week.",
		"Talked to {who}, preparing the documents today.",
		"Introduced myself as the new contact for {firm}.",
		"Not a good moment. Agreed to talk {day} at eleven.",
		"{Who} asked for references from the same industry.",
		"Left the details with a colleague of {who}.",
	}
	// outboundDone need nothing more.
	outboundDone = []string{
		"Checked in after the setup, everything works.",
		"Returned the call from this morning, question answered.",
		"Confirmed the delivery date for order {ref}.",
	}
	// answeredLater may follow on a call that was answered, in any order.
	answeredLater = []string{
		"Summary sent by e-mail.",
		"Linked the call to ticket {ref}.",
		"Informed {agent}.",
		"CRM is up to date.",
		"Follow-up set for {day}.",
		"Added the phone number to the CRM.",
		"Got the go-ahead from {agent}.",
		"Put the notes into the shared folder.",
		"Asked {agent} to double-check the details.",
		"Added to the agenda of the weekly meeting.",
		"{Who} prefers e-mail from now on.",
		"Notes for {firm} updated.",
		"Reminder set, {day} at the latest.",
		"{Agent} knows about it, too.",
	}
	// answeredDone end the comments on a call that was answered.
	answeredDone = []string{
		"{Who} replied by e-mail, nothing open from our side.",
		"Closed the ticket.",
		"Confirmation came in, case {ref} closed.",
		"All set, nothing left to do.",
		"{Agent} has checked it, case closed.",
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
	if ids := s.contacts.byPhone[digits(c.Other)]; len(ids) > 0 {
		return s.contacts.byID[ids[0]]
	}
	return nil
}

func (s *seeder) scriptOf(c *call) script {
	switch {
	case c.Answered == 0 && !c.Inbound:
		return script{first: vainNotes, later: vainLater}
	case c.MissedReason == "short_abandoned":
		return script{first: shortNotes}
	case c.MissedReason == "out_of_opening_hours":
		return script{first: closedNotes, later: closedLater}
	case c.Answered == 0:
		return script{first: s.missedNotesOn(c), later: missedLater, done: missedDone}
	case c.TransferredBy != 0:
		return script{first: transferNotes, later: answeredLater, done: answeredDone}
	}
	if m := s.matterOf(c); m != nil {
		return script{first: m.notes, later: answeredLater, done: answeredDone}
	}
	if c.Inbound {
		return script{first: inboundNotes, alone: inboundDone, later: answeredLater, done: answeredDone}
	}
	return script{first: outboundNotes, alone: outboundDone, later: answeredLater, done: answeredDone}
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
	case slices.Contains(acquainted, name):
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
		for _, group := range rivals {
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
		return s.tagsNamed("unspoken", unspokenTags)
	}
	if m := s.matterOf(c); m != nil {
		prefixes = m.tags
	}
	fit := s.tagsNamed(strings.Join(prefixes, ","), prefixes)
	if len(fit) == 0 {
		fit = s.tagsNamed("general", generalTags)
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
			return c.messageOf(book).notes
		}
		return voicemailNotes
	case c.MissedReason == "":
		return callbackNotes
	case c.MissedReason == "abandoned_in_ivr":
		return menuNotes
	case c.MissedReason == "abandoned_in_classic":
		return waitedNotes
	case c.MissedReason == "no_available_agent":
		return busyNotes
	}
	return ignoredNotes
}

// bookOf is the phrasebook of what is said on the call's line; nil: Aircall does not know the language.
func (s *seeder) bookOf(c *call) *phrasebook {
	return phrasebooks[languageOf(s.numbers.byID[c.Number].Country)]
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
		if template := pick(&s.random, contactNotes); o.suits(template) {
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
