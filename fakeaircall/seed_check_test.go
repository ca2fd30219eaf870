package fakeaircall

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// A checker checks a holding and notes what is inconsistent.
type checker struct {
	*holding
	found      []string
	usersBy    map[int64]seenUser
	linesBy    map[int64]seenNumber
	contactsBy map[int64]seenContact
	shown      map[string]bool // phone numbers that are as displayPhone shows them
}

// defects returns what is wrong with a holding.
func (h *holding) defects() []string {
	c := &checker{holding: h, usersBy: make(map[int64]seenUser), linesBy: make(map[int64]seenNumber), contactsBy: make(map[int64]seenContact), shown: make(map[string]bool)}
	for _, u := range h.users {
		c.usersBy[u.ID] = u
	}
	for _, n := range h.numbers {
		c.linesBy[n.ID] = n
	}
	for _, p := range h.contacts {
		c.contactsBy[p.ID] = p
	}
	c.checkUsers()
	c.checkNumbers()
	c.checkTeams()
	c.checkTags()
	c.checkContacts()
	for i := range h.calls {
		c.checkCall(&h.calls[i])
	}
	c.checkSequence()
	c.checkOverlaps()
	c.checkLive()
	return c.found
}

func (c *checker) must(ok bool, format string, args ...any) {
	if !ok {
		c.found = append(c.found, fmt.Sprintf(format, args...))
	}
}

// once notes values that occur twice.
func (c *checker) once(kind string) func(string) {
	seen := make(map[string]bool)
	return func(v string) {
		c.must(!seen[v], "%s %q comes twice", kind, v)
		seen[v] = true
	}
}

// possible reports whether a number has a length of its country and the format of phonenumbers.
func (c *checker) possible(shown string) bool {
	if _, ok := c.shown[shown]; !ok {
		n, err := phonenumbers.Parse(shown, "")
		c.shown[shown] = err == nil && phonenumbers.IsPossibleNumber(n) && phonenumbers.Format(n, phonenumbers.INTERNATIONAL) == shown
	}
	return c.shown[shown]
}

var (
	reservedEmail = regexp.MustCompile(`^[a-z0-9.-]+@([a-z0-9-]+\.)*example\.(com|net|org)$`)
	sidForm       = regexp.MustCompile(`^CA[0-9a-f]{32}$`)
	e164Form      = regexp.MustCompile(`^\+\d{8,15}$`)
)

func (c *checker) checkUsers() {
	email, id := c.once("e-mail"), int64(0)
	created := time.Time{}
	withNumber := make(map[int64]bool)
	for _, n := range c.numbers {
		for _, u := range n.Users {
			withNumber[u.ID] = true
		}
	}
	for i, u := range c.users {
		email(u.Email)
		_, err := time.LoadLocation(u.TimeZone)
		c.must(err == nil, "user %d: time zone %q", u.ID, u.TimeZone)
		c.must(i == 0 || reservedEmail.MatchString(u.Email), "user %d: e-mail %q is nobody's to use", u.ID, u.Email)
		c.must(u.Extension == fmt.Sprintf("%03d", i+1), "user %d: extension %q", u.ID, u.Extension)
		c.must(u.ID > id && !u.CreatedAt.Before(created), "user %d: ids do not rise with creation", u.ID)
		id, created = u.ID, u.CreatedAt
		c.must(!u.CreatedAt.After(c.start), "user %d: created in the future", u.ID)
		c.must(strings.Count(u.Name, " ") >= 1, "user %d: name %q", u.ID, u.Name)
		c.must(slices.Contains(availabilityStatuses, u.AvailabilityStatus), "user %d: availability %q", u.ID, u.AvailabilityStatus)
		c.must(slices.Contains(substatuses, u.Substatus), "user %d: substatus %q", u.ID, u.Substatus)
		c.must((u.Substatus == "always_opened") == (u.AvailabilityStatus != "unavailable"), "user %d: %s, yet %s", u.ID, u.AvailabilityStatus, u.Substatus)
		c.must(u.Available == (u.AvailabilityStatus != "unavailable" && c.doing[u.ID] != "offline"), "user %d: available against his state", u.ID)
		c.must(len(c.numbers) == 0 || withNumber[u.ID], "user %d: no number", u.ID)
		if u.DefaultNumberID != nil {
			has := func(o seenUser) bool { return o.ID == u.ID }
			c.must(slices.ContainsFunc(c.linesBy[*u.DefaultNumberID].Users, has), "user %d: default number is not his", u.ID)
		}
	}
	owner := c.users[0]
	c.must(owner.Email == c.account.User, "owner: e-mail %q", owner.Email)
	doing := "available"
	if len(c.calls) == 0 {
		doing = "offline" // nobody has logged in to a new company
	}
	c.must(owner.Available == (doing == "available") && c.doing[owner.ID] == doing, "owner: %s", c.doing[owner.ID])
}

func (c *checker) checkNumbers() {
	name, shown, id := c.once("line"), c.once("digits"), int64(0)
	for _, n := range c.numbers {
		name(n.Name)
		shown(n.Digits)
		c.must(n.ID > id, "line %d: ids do not rise with creation", n.ID)
		id = n.ID
		c.must(c.possible(n.Digits), "line %d: digits %q", n.ID, n.Digits)
		prefix := fmt.Sprintf("+%d ", phonenumbers.GetCountryCodeForRegion(n.Country))
		c.must(strings.HasPrefix(n.Digits, prefix), "line %d: %q is not of %s", n.ID, n.Digits, n.Country)
		c.must(len(n.Users) > 0, "line %d: no users", n.ID)
		zone, err := time.LoadLocation(n.TimeZone)
		if err != nil {
			c.must(false, "line %d: %v", n.ID, err)
			continue
		}
		open := n.AvailabilityStatus == "open" || n.AvailabilityStatus == "custom" && officeHours(c.start.In(zone))
		c.must(n.Open == open, "line %d: open is %t, status %s", n.ID, n.Open, n.AvailabilityStatus)
		c.must(n.Priority == nil || *n.Priority == 0 || *n.Priority == 1, "line %d: priority", n.ID)
		c.must(len(n.Messages) == 9, "line %d: %d messages", n.ID, len(n.Messages))
		c.must((n.Messages["ivr"] != "") == n.IsIVR, "line %d: message of an IVR", n.ID)
		for kind, s := range n.Messages {
			u, err := url.Parse(s)
			c.must(s == "" || err == nil && u.Scheme == "https" && u.Host == "media-web.aircall.io", "line %d: %s %q", n.ID, kind, s)
		}
	}
}

func (c *checker) checkTeams() {
	name := c.once("team")
	for _, m := range c.teams {
		name(m.Name)
		c.must(m.Name != "" && utf8.RuneCountInString(m.Name) <= 64, "team %d: name %q", m.ID, m.Name)
		member := c.once(m.Name + ": member")
		c.must(len(m.Users) > 0, "team %d: empty", m.ID)
		for _, u := range m.Users {
			member(u.Email)
			_, ok := c.usersBy[u.ID]
			c.must(ok, "team %d: member %d is no user", m.ID, u.ID)
		}
	}
}

func (c *checker) checkTags() {
	name := c.once("tag")
	for i, g := range c.tags {
		name(g.Name)
		c.must(hexColor.MatchString(g.Color), "tag %d: color %q", g.ID, g.Color)
		c.must((g.Description != nil) == (i < 9), "tag %d: description", g.ID)
	}
}

func (c *checker) checkContacts() {
	phone, email, id := c.once("phone"), c.once("e-mail"), int64(0)
	for _, p := range c.contacts {
		if p.ID != 5678 {
			c.must(p.ID > id, "contact %d: ids do not rise with creation", p.ID)
			id = p.ID
		}
		c.must(p.CreatedAt <= p.UpdatedAt && p.UpdatedAt <= c.start.Unix(), "contact %d: times", p.ID)
		c.must(p.FirstName != nil && *p.FirstName != "", "contact %d: no first name", p.ID)
		c.must(len(p.Phones) > 0, "contact %d: no phone", p.ID)
		c.must(len(p.Emails) > 0 || !strings.Contains(text(p.Information), "e-mail"), "contact %d: %q, but no address", p.ID, text(p.Information))
		for _, d := range p.Phones {
			phone(d.Value)
			c.must(e164Form.MatchString(d.Value) && c.possible(displayPhone(d.Value)), "contact %d: phone %q", p.ID, d.Value)
			c.must(d.Label != "" && d.ID != 0, "contact %d: phone %v", p.ID, d)
		}
		for _, d := range p.Emails {
			email(d.Value)
			c.must(reservedEmail.MatchString(d.Value) && validEmail(d.Value), "contact %d: e-mail %q", p.ID, d.Value)
			c.must(d.Label != "" && d.ID != 0, "contact %d: e-mail %v", p.ID, d)
		}
	}
}

func (c *checker) checkCall(k *seenCall) {
	c.must(sidForm.MatchString(k.SID), "call %d: sid %q", k.ID, k.SID)
	cost, pricing := "0.0", "in_bundle"
	if !k.inbound() && k.AnsweredAt != nil && k.EndedAt != nil {
		cost = "3.0"
	}
	if k.EndedAt == nil {
		pricing = ""
	}
	c.must(k.Cost == cost && k.PricingType == pricing, "call %d: cost %q, pricing_type %q", k.ID, k.Cost, k.PricingType)
	c.must(k.RawDigits == "anonymous" && k.inbound() || c.possible(k.RawDigits), "call %d: digits %q", k.ID, k.RawDigits)
	c.must(k.inbound() || len(k.Teams) == 0, "call %d: outbound with a team", k.ID)
	c.must(k.inbound() || k.AnsweredAt != nil || k.User != nil, "call %d: dialed without a user", k.ID)
	c.must(!k.inbound() || k.AnsweredAt != nil || k.User == nil, "call %d: nobody answered, yet it has a user", k.ID)
	c.must(k.AssignedTo == nil || k.missed(), "call %d: assigned, but not missed", k.ID)
	recorded := k.Status == "done" && k.AnsweredAt != nil && k.Number.Recording
	c.must((k.Recording != nil) == recorded, "call %d: recording", k.ID)
	c.must(k.Voicemail == nil || k.missed(), "call %d: voicemail", k.ID)
	moved := k.TransferredBy != nil
	c.must(moved == (k.TransferredTo != nil) && (!moved || k.User != nil && k.TransferredTo.ID == k.User.ID && k.TransferredBy.ID != k.User.ID), "call %d: transfer", k.ID)
	for _, u := range []*seenUser{k.User, k.AssignedTo, k.TransferredBy} {
		c.must(u == nil || u.CreatedAt.Unix() <= k.StartedAt, "call %d: a user who came later", k.ID)
		has := func(o seenUser) bool { return o.ID == u.ID }
		c.must(u == nil || slices.ContainsFunc(c.linesBy[k.Number.ID].Users, has), "call %d: a user of another line", k.ID)
	}
	c.checkTimes(k)
	c.checkReason(k)
	c.checkNotes(k)
}

func (c *checker) checkTimes(k *seenCall) {
	now := c.start.Unix()
	c.must(k.StartedAt > now-175*day && k.StartedAt < now, "call %d: started %s ago", k.ID, time.Duration(now-k.StartedAt)*time.Second)
	c.must(k.AnsweredAt == nil || *k.AnsweredAt >= k.StartedAt && *k.AnsweredAt <= now, "call %d: answered before it rang", k.ID)
	if k.EndedAt == nil {
		c.must(k.Duration == 0 && now-k.StartedAt < 600, "call %d: under way for too long", k.ID)
		return
	}
	c.must(*k.EndedAt <= now && *k.EndedAt > k.StartedAt, "call %d: ended too early or late", k.ID)
	c.must(k.AnsweredAt == nil || *k.EndedAt > *k.AnsweredAt, "call %d: ended before it was answered", k.ID)
	c.must(k.Duration == *k.EndedAt-k.StartedAt, "call %d: duration %d", k.ID, k.Duration)
}

// checkReason compares a missed call's reason with its line and time.
func (c *checker) checkReason(k *seenCall) {
	callback := false
	for _, g := range k.Tags {
		callback = callback || g.Name == "Callback Request" && g.TaggedBy.ID == 0
	}
	if !k.missed() {
		short := !k.inbound() && k.AnsweredAt == nil && text(k.Reason) == "short_abandoned" && k.Duration <= 10
		c.must(k.Reason == nil || short, "call %d: a reason, though not missed", k.ID)
		c.must(!callback, "call %d: a callback request, though not missed", k.ID)
		if k.inbound() {
			c.must(c.atWork(k), "call %d: taken on a closed line", k.ID)
		}
		return
	}
	c.must(k.User == nil, "call %d: missed, yet with a user", k.ID)
	c.must(callback == (k.Reason == nil), "call %d: reason against callback", k.ID)
	reason := "callback"
	if k.Reason != nil {
		reason = *k.Reason
	}
	c.must((reason == "out_of_opening_hours") == !c.atWork(k), "call %d: %s at that hour", k.ID, reason)
	c.must((reason == "short_abandoned") == (k.Duration <= 10), "call %d: %s after %d s", k.ID, reason, k.Duration)
	c.must(reason != "abandoned_in_ivr" || k.Number.IsIVR, "call %d: %s without one", k.ID, reason)
	c.must(reason != "abandoned_in_classic" || !k.Number.IsIVR, "call %d: %s on an IVR", k.ID, reason)
	waited := slices.Contains([]string{"agents_did_not_answer", "no_available_agent", "abandoned_in_classic"}, reason)
	c.must(k.Voicemail == nil || waited, "call %d: voicemail after %s", k.ID, reason)
}

// atWork reports whether the line was open when the call came.
func (c *checker) atWork(k *seenCall) bool {
	return k.Number.AvailabilityStatus == "open" || officeHours(k.local())
}

func (c *checker) checkNotes(k *seenCall) {
	now := c.start.Unix()
	c.must(len(k.Comments) <= 5 && len(k.Tags) <= 4, "call %d: %d comments, %d tags", k.ID, len(k.Comments), len(k.Tags))
	for _, m := range k.Comments {
		c.must(m.PostedAt > k.end() && m.PostedAt <= now, "call %d: comment out of time", k.ID)
		c.must(strings.Contains(m.Content, " ") && !strings.ContainsAny(m.Content, "{}"), "call %d: comment %q", k.ID, m.Content)
	}
	c.checkTexts(k)
	tag := c.once(fmt.Sprintf("call %d: tag", k.ID))
	for _, g := range k.Tags {
		tag(g.Name)
		c.checkTag(k, g.Name)
		c.must(g.CreatedAt >= k.end() && g.CreatedAt <= now, "call %d: tagged out of time", k.ID)
	}
}

var (
	hoursText  = regexp.MustCompile(`our opening hours|business hours|after hours|We were closed|After-hours|Outside opening`)
	busyText   = regexp.MustCompile(`everyone was on another line|was free to|short on people|all of us were busy|No one available|busiest`)
	anotherDay = regexp.MustCompile(`again \pL+day|^Follow-up set for|^Moved the|^Reminder set|busy until|Check \pL+day|tomorrow|next week`)
	lastText   = regexp.MustCompile(`^Reached|^Done,|^Spoke to|has everything now|nothing open|^Closed|case (\d+ )?closed|nothing left to do|answered right away|say thanks`)
)

// checkTexts compares the comments on a call with the call, its contact and their authors.
func (c *checker) checkTexts(k *seenCall) {
	emails := 0
	if k.Contact != nil {
		emails = len(c.contactsBy[k.Contact.ID].Emails)
	}
	announced := false
	for i, m := range k.Comments {
		c.must(!announced || !lastText.MatchString(m.Content), "call %d: %q before the day", k.ID, m.Content)
		announced = announced || anotherDay.MatchString(m.Content)
		c.must(emails > 0 || !strings.Contains(m.Content, "e-mail"), "call %d: %q, but no address", k.ID, m.Content)
		c.must(!strings.Contains(m.Content, "heir company") && !strings.HasPrefix(m.Content, "The company"), "call %d: %q names no company", k.ID, m.Content)
		c.must(!k.missed() || text(k.Reason) == "out_of_opening_hours" || !hoursText.MatchString(m.Content), "call %d: %q after %s", k.ID, m.Content, text(k.Reason))
		c.must(text(k.Reason) == "no_available_agent" || !busyText.MatchString(m.Content), "call %d: %q after %s", k.ID, m.Content, text(k.Reason))
		c.must(i == len(k.Comments)-1 || !lastText.MatchString(m.Content), "call %d: more after %q", k.ID, m.Content)
		for _, named := range colleagueTexts() {
			name := named.FindStringSubmatch(m.Content)
			if name == nil {
				continue
			}
			c.must(m.PostedBy == nil || !strings.HasPrefix(m.PostedBy.Name, name[1]+" "), "call %d: %s writes %q himself", k.ID, name[1], m.Content)
		}
	}
	c.must(len(k.Comments) < 2 || text(k.Reason) != "short_abandoned", "call %d: %d comments on a short call", k.ID, len(k.Comments))
}

// colleagueTexts match comments that name a colleague first, and find the name.
var colleagueTexts = sync.OnceValue(func() (all []*regexp.Regexp) {
	for _, list := range [][]string{notes().MissedLater, notes().ClosedLater, notes().Vain, notes().VainLater, notes().Transfer, notes().Inbound, notes().Outbound, notes().AnsweredLater, notes().AnsweredDone} {
		for _, template := range list {
			if before, after, ok := strings.Cut(strings.ReplaceAll(template, "{Agent}", "{agent}"), "{agent}"); ok {
				rest := templatePart.ReplaceAllString(regexp.QuoteMeta(after), ".+")
				all = append(all, regexp.MustCompile("^"+templatePart.ReplaceAllString(regexp.QuoteMeta(before), ".+")+`(\pL+)`+rest+"$"))
			}
		}
	}
	return all
})

var silentTag = regexp.MustCompile(`^(Callback Request|Needs callback|Try again tomorrow|High priority|Follow-up e-mail|VIP customer|Key account)$`)

// checkTag compares a tag with its call, and with the call's other tags.
func (c *checker) checkTag(k *seenCall, name string) {
	c.must(k.AnsweredAt != nil || silentTag.MatchString(name), "call %d: nobody spoke, yet %q", k.ID, name)
	c.must(text(k.Reason) != "short_abandoned", "call %d: short, yet tagged %q", k.ID, name)
	c.must(k.Contact != nil || !slices.Contains([]string{"VIP customer", "Key account", "Partner", "Follow-up e-mail"}, name), "call %d: %q, but no contact", k.ID, name)
	topic, _, staged := strings.Cut(name, ": ")
	for _, other := range k.Tags {
		if other.Name == name {
			continue
		}
		c.must(!staged || !strings.HasPrefix(other.Name, topic+": "), "call %d: %q and %q", k.ID, name, other.Name)
		c.must(name != "Key account" || other.Name != "New customer", "call %d: %q and %q", k.ID, name, other.Name)
		c.must(name != "Resolved" || other.Name != "Escalation" && other.Name != "Needs callback", "call %d: %q and %q", k.ID, name, other.Name)
	}
}

// checkSequence checks that ids of calls rise with time, except the documented one.
func (c *checker) checkSequence() {
	sid, id, started := c.once("sid"), int64(1_000_000_000), int64(0)
	for _, k := range c.calls {
		sid(k.SID)
		c.must(k.StartedAt >= started, "call %d: out of order", k.ID)
		started = k.StartedAt
		if k.ID == 12345 {
			continue
		}
		c.must(k.ID > id, "call %d: follows %d", k.ID, id)
		id = k.ID
	}
}

// checkOverlaps checks that a user is in one call at a time, including calls that the user transferred.
func (c *checker) checkOverlaps() {
	until := make(map[int64]int64)
	for _, k := range c.calls { // by start
		for _, u := range []*seenUser{k.User, k.TransferredBy} {
			if u == nil {
				continue
			}
			c.must(until[u.ID] < k.StartedAt, "call %d: user %d is in another one", k.ID, u.ID)
			until[u.ID] = k.end()
		}
	}
}

func (c *checker) checkLive() {
	speaks := make(map[int64]bool)
	kinds := make(map[string]int)
	for _, k := range c.calls {
		if k.EndedAt == nil {
			kinds[k.Direction+" "+k.Status]++
			c.must(!k.inbound() || k.AnsweredAt != nil || k.User == nil, "call %d: rings, yet has a user", k.ID)
			if k.User != nil {
				speaks[k.User.ID] = true
				c.must(k.User.Available, "call %d: its user is away", k.ID)
			}
		}
	}
	for _, kind := range []string{"inbound initial", "outbound initial", "inbound answered", "outbound answered"} {
		c.must(len(c.calls) == 0 || kinds[kind] == 1, "%d calls under way are %s", kinds[kind], kind)
	}
	for id, doing := range c.doing {
		c.must((doing == "in_call") == speaks[id], "user %d: %s against the calls", id, doing)
	}
}
