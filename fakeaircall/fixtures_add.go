package fakeaircall

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// seedFixtures seeds the accounts that have fixtures. Its error is FixtureMistakes. For the accounts in stored, whose data
// exists already, it only checks the forms. stored may be nil.
func (s *Server) seedFixtures(stored *worldRecord) error {
	var resumed []string
	if stored != nil {
		resumed = stored.names()
	}
	var wrong FixtureMistakes
	seeded := make(map[string]*state)
	for i, a := range s.options.Accounts {
		fx, ok := s.options.Fixtures[a.Name]
		if !ok {
			continue
		}
		mistakes := fx.Check(a.Name)
		if len(mistakes) == 0 && !slices.Contains(resumed, a.Name) {
			seeded[a.Name], mistakes = seedWithFixtures(a, s.options, i, *s.start.Load())
		}
		wrong = append(wrong, mistakes...)
	}
	for name := range s.options.Fixtures {
		if !slices.ContainsFunc(s.options.Accounts, func(a Account) bool { return a.Name == name }) {
			wrong = append(wrong, FixtureMistake{name, "", "there is no such account: name one of Accounts"})
		}
	}
	if len(wrong) > 0 {
		slices.SortStableFunc(wrong, func(a, b FixtureMistake) int { return cmp.Compare(a.Account, b.Account) })
		return wrong
	}
	for _, c := range s.first {
		if st := seeded[c.Account.Name]; st != nil {
			_ = c.holds.Do(func(h *lazyState) error { h.state = st; return nil })
			c.seeded.Store(true)
		}
	}
	return nil
}

// A fixtureAdder adds fixtures, whose forms are checked, to a seeded account, and collects contradictions. It also adds
// an entry with a mistake, so that entries that refer to it are not reported as well.
type fixtureAdder struct {
	*seeder
	wrong  FixtureMistakes
	path   string // of the present entry
	failed bool   // the present entry has a mistake
	random random // not the seed's, whose numbers must not depend on fixtures
	callFixtures
}

func (s *seeder) addFixtures(fx Fixtures, r random) FixtureMistakes {
	f := &fixtureAdder{seeder: s, random: r}
	users := slices.Clone(fx.Users) // addUser sets their ids
	addAll(f, "tags", fx.Tags, &f.last.Tag, f.addTag)
	addAll(f, "users", users, &f.last.User, f.addUser)
	addAll(f, "numbers", fx.Numbers, &f.last.Number, f.addNumber)
	addAll(f, "users", users, &f.last.User, f.giveNumber)
	addAll(f, "teams", fx.Teams, &f.last.Team, f.addTeam)
	addAll(f, "contacts", fx.Contacts, &f.last.Contact, f.addContact)
	f.addCalls(fx.Calls)
	addAll(f, "webhooks", fx.Webhooks, &f.last.Webhook, f.addWebhook)
	for i := range fx.Campaigns {
		f.path, f.failed = fmt.Sprintf("campaigns[%d]", i), false
		f.addCampaign(&fx.Campaigns[i])
	}
	if fx.Traffic != nil {
		f.statistics = *fx.Traffic.clone()
	}
	return f.wrong
}

// addAll adds entries of a kind. Before that it raises the last id of the kind above the given ids, so that no new id is
// one of them.
func addAll[F any](f *fixtureAdder, kind string, entries []F, last *int64, add func(*F)) {
	for i := range entries {
		*last = max(*last, reflect.ValueOf(entries[i]).Field(0).Int())
	}
	for i := range entries {
		f.path, f.failed = fmt.Sprintf("%s[%d]", kind, i), false
		add(&entries[i])
	}
}

// say records a mistake in a field of the present entry; "" means the whole entry.
func (f *fixtureAdder) say(field, format string, args ...any) {
	f.failed = true
	path := f.path
	if field != "" {
		path += "." + field
	}
	f.wrong = append(f.wrong, FixtureMistake{f.account.Name, path, fmt.Sprintf(format, args...)})
}

// missing reports the fields that a new entry needs and x, a pointer to one, lacks.
func (f *fixtureAdder) missing(x any) {
	for _, name := range missingFields(reflect.ValueOf(x).Elem()) {
		f.say("", missingField, name)
	}
}

// put sets a field if a value is given.
func put[T any](field *T, given *T) {
	if given != nil {
		*field = *given
	}
}

// putText sets a text if one is given; "" clears it.
func putText(field **string, given *string) {
	if given != nil && *given == "" {
		*field = nil
	} else if given != nil {
		*field = new(*given)
	}
}

// created sets the creation time of the present entry, if one is given.
func (f *fixtureAdder) created(field *int64, given *time.Time) {
	if given == nil {
		return
	}
	if *field = given.Unix(); *field > f.start || *field <= 0 {
		f.say("created_at", "%s: give a time after 1970 and not after the fake's clock, which reads %s", given.Format(time.RFC3339), f.now.Format(time.RFC3339))
	}
}

func (f *fixtureAdder) addTag(x *TagFixture) {
	old, there := f.tags.get(x.ID)
	g := tag{ID: x.ID, Created: f.start}
	if there {
		g = *old
	} else {
		f.missing(x)
	}
	put(&g.Name, x.Name)
	put(&g.Color, x.Color)
	f.created(&g.Created, x.CreatedAt)
	if slices.ContainsFunc(f.tags.order, func(o *tag) bool { return o.ID != g.ID && o.Name == g.Name }) {
		f.say("name", "%.60q is another tag's name: give another one", g.Name)
	}
	for _, of := range systemTags {
		if of.name == g.Name {
			g.Description = &of.description
		}
	}
	f.number(&g.ID, &f.last.Tag)
	f.tags.remove(g.ID)
	f.tags.insert(&g)
}

// number gives an id to an entry without one.
func (f *fixtureAdder) number(id, last *int64) {
	if *id == 0 {
		*id = f.random.newID(last)
	}
}

func (f *fixtureAdder) addUser(x *UserFixture) {
	old, there := f.users.get(x.ID)
	u := user{ID: x.ID, Created: f.settled, Language: "en-US", TimeZone: "Etc/UTC", AvailabilityStatus: "available", Substatus: "always_opened", Online: true}
	if there {
		u = *old
	} else {
		f.missing(x)
	}
	before := u.Email
	put(&u.FirstName, x.FirstName)
	put(&u.LastName, x.LastName)
	put(&u.Email, x.Email)
	put(&u.Language, x.Language)
	put(&u.TimeZone, x.TimeZone)
	put(&u.Extension, x.Extension)
	put(&u.AvailabilityStatus, x.AvailabilityStatus)
	put(&u.Substatus, x.Substatus)
	put(&u.WrapUpTime, x.WrapUpTime)
	put(&u.Online, x.Online)
	f.created(&u.Created, x.CreatedAt)
	if there && before == f.account.User && u.Email != before {
		f.say("email", "this is the owner, whose e-mail is the user of the account: change the user of the account")
	}
	if o, taken := f.userByEmail(u.Email); taken && o.ID != u.ID {
		f.say("email", "%.80q is another user's e-mail: give another one", u.Email)
	}
	if u.Extension == "" {
		u.Extension = f.nextExtension()
	} else if err := f.freeExtension(u.ID)(u.Extension); err != nil {
		f.say("extension", "%s", plainly(err))
	}
	f.number(&u.ID, &f.last.User)
	x.ID = u.ID // for giveNumber
	f.users.remove(u.ID)
	f.users.insert(&u)
}

// giveNumber sets the default number of a user, once the numbers exist.
func (f *fixtureAdder) giveNumber(x *UserFixture) {
	if x.DefaultNumber == nil {
		return
	}
	var id int64
	if *x.DefaultNumber != "" {
		if n, ok := f.numberNamed("default_number", *x.DefaultNumber); ok {
			id = n.ID
		}
	}
	if u, ok := f.users.get(x.ID); ok {
		f.users.update(u, func() { u.DefaultNumberID = id })
	}
}

func (f *fixtureAdder) addNumber(x *NumberFixture) {
	old, there := f.numbers.get(x.ID)
	n := number{ID: x.ID, Created: f.settled, TimeZone: "Etc/UTC", AvailabilityStatus: "open", Recording: true}
	if there {
		n = *old
	} else {
		n.Messages = untouchedMessages(&f.random)
		f.missing(x)
	}
	put(&n.Name, x.Name)
	if x.Digits != nil {
		n.Digits, n.Country = displayPhone(*x.Digits), cmp.Or(countryOf(*x.Digits), n.Country)
	}
	put(&n.Country, x.Country)
	if n.Country == "" && x.Digits != nil {
		f.say("country", "the digits %.40q do not have one: give it, such as FR", n.Digits)
	}
	put(&n.TimeZone, x.TimeZone)
	put(&n.AvailabilityStatus, x.AvailabilityStatus)
	put(&n.IsIVR, x.IsIVR)
	put(&n.Recording, x.LiveRecordingActivated)
	if x.Priority != nil {
		n.Priority = new(*x.Priority)
	}
	f.setMessages(&n, x.Messages)
	if x.Open != nil {
		n.Open = *x.Open
	} else if !there || x.AvailabilityStatus != nil {
		n.Open = n.AvailabilityStatus == "open" || n.AvailabilityStatus == "custom" && officeHours(f.now.In(f.zone(n.TimeZone)))
	}
	f.created(&n.Created, x.CreatedAt)
	if x.Users != nil {
		n.Users = f.usersNamed(x.Users)
	}
	if slices.ContainsFunc(f.numbers.order, func(o *number) bool { return o.ID != n.ID && digits(o.Digits) == digits(n.Digits) }) {
		f.say("digits", "%.40q are another line's digits: give others", n.Digits)
	}
	f.number(&n.ID, &f.last.Number)
	f.numbers.remove(n.ID)
	f.numbers.insert(&n)
	f.connectWhatsApp(&n, x.WhatsApp)
}

// setMessages sets what callers hear on a line. true keeps a recording that the line has.
func (f *fixtureAdder) setMessages(n *number, given map[string]string) {
	for _, m := range n.Messages.fields() {
		switch value, ok := given[m.name]; {
		case !ok, value == "true" && *m.url != "":
		case value == "true":
			*m.url = madeUpMessage(&f.random, m.name, n.Country)
		case value == "false":
			*m.url = ""
		default:
			*m.url = value
		}
	}
}

// connectWhatsApp connects a line to WhatsApp, or changes how it is connected.
func (f *fixtureAdder) connectWhatsApp(n *number, x *WhatsAppFixture) {
	if x == nil {
		return
	}
	l := f.messageLine(n)
	w := whatsappLine{Account: f.whatsappAccount(), Status: "ONLINE", Limit: "TIER_250", Quality: "GREEN", Verification: "VERIFIED"}
	if l.Whatsapp != nil {
		w = *l.Whatsapp
	}
	put(&w.Status, x.Status)
	put(&w.Limit, x.MessagingLimitTier)
	put(&w.Quality, x.QualityRating)
	put(&w.Verification, x.BusinessVerificationStatus)
	f.messaging.lines.update(l, func() { l.Whatsapp = &w })
}

// whatsappAccount returns the WhatsApp Business account of the lines of an account, which has the templates.
func (f *fixtureAdder) whatsappAccount() string {
	if m, ok := f.messaging.whatsapp.first(func(*whatsappTemplate) bool { return true }); ok {
		return m.Account
	}
	if l, ok := f.messaging.lines.first(func(l *messageLine) bool { return l.Whatsapp != nil }); ok {
		return l.Whatsapp.Account
	}
	return newWhatsAppAccount(&f.random)
}

func (f *fixtureAdder) addTeam(x *TeamFixture) {
	old, there := f.teams.get(x.ID)
	m := team{ID: x.ID, Created: f.settled}
	if there {
		m = *old.clone()
	} else {
		f.missing(x)
	}
	put(&m.Name, x.Name)
	f.created(&m.Created, x.CreatedAt)
	if x.Users != nil {
		m.Users = f.usersNamed(x.Users)
	}
	if slices.ContainsFunc(f.teams.order, func(o *team) bool { return o.ID != m.ID && o.Name == m.Name }) {
		f.say("name", "%.60q is another team's name: give another one", m.Name)
	}
	f.number(&m.ID, &f.last.Team)
	f.teams.remove(m.ID)
	f.teams.insert(&m)
}

// usersNamed returns the ids of the users in the field users, each once.
func (f *fixtureAdder) usersNamed(refs []string) (ids []int64) {
	for i, ref := range refs {
		var id int64
		f.setUser(fmt.Sprintf("users[%d]", i), &id, &ref)
		if id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (f *fixtureAdder) addCampaign(x *CampaignFixture) {
	c := newCampaign()
	c.N, c.ID, c.Created, c.Updated = f.campaigning.id(), f.random.uuid7(f.now), f.start, f.start
	c.Name, c.Users = *x.Name, f.usersNamed(x.Users)
	put(&c.Description, x.Description)
	put(&c.Attempts, x.CallAttempts)
	if f.campaigning.campaigns.len() >= maxCampaigns {
		f.say("", "an account has %d campaigns at most: leave some out", maxCampaigns)
	}
	f.campaigning.campaigns.insert(c)
	if len(x.Contacts) > maxCampaignContacts {
		f.say("contacts", "%d entries, the maximum is %d", len(x.Contacts), maxCampaignContacts)
		return
	}
	var people []*campaignContact
	for _, p := range x.Contacts {
		people = append(people, &campaignContact{
			Phone: digits(*p.PhoneNumber), FirstName: p.FirstName, LastName: p.LastName, Email: p.Email, Company: p.CompanyName, Note: p.Note,
		})
	}
	f.campaigning.addContacts(c, people)
}

func (f *fixtureAdder) addContact(x *ContactFixture) {
	old, there := f.contacts.get(x.ID)
	c := contact{ID: x.ID, Created: f.start, Updated: f.start}
	if there {
		c = *old.clone()
	} else {
		f.missing(x)
	}
	putText(&c.FirstName, x.FirstName)
	putText(&c.LastName, x.LastName)
	putText(&c.CompanyName, x.CompanyName)
	putText(&c.Information, x.Information)
	f.created(&c.Created, x.CreatedAt)
	c.Updated = max(c.Updated, c.Created)
	if !there {
		c.Updated = c.Created
	}
	if there {
		f.contacts.remove(old.ID)
	}
	f.number(&c.ID, &f.last.Contact)
	if x.Emails != nil { // they get ids before phones, as in addContact
		c.Emails = f.details(x.Emails)
	}
	if x.PhoneNumbers != nil {
		c.Phones = f.details(x.PhoneNumbers)
	}
	f.contacts.insert(&c)
}

func (f *fixtureAdder) details(given []DetailFixture) []detail {
	var ds []detail
	for _, d := range given {
		ds = append(ds, detail{f.random.newID(&f.last.Detail), *d.Label, *d.Value})
	}
	return ds
}

func (f *fixtureAdder) addWebhook(x *WebhookFixture) {
	old, there := f.webhooks.get(x.ID)
	h := webhook{ID: x.ID, Created: f.now.UnixMilli(), Active: true, Events: EventNames()}
	if there {
		h = *old
	} else {
		f.missing(x)
		h.UUID, h.Token = f.random.uuid(), f.random.hex(32)
	}
	put(&h.URL, x.URL)
	put(&h.Active, x.Active)
	if len(x.Events) > 0 {
		h.Events = slices.Clone(x.Events)
	}
	slices.Sort(h.Events)
	h.Events = slices.Compact(h.Events)
	slices.Reverse(h.Events) // in the order of subscribe
	if x.CreatedAt != nil {
		var seconds int64
		f.created(&seconds, x.CreatedAt)
		h.Created = x.CreatedAt.UnixMilli()
	}
	if !there && f.webhooks.len() >= maxWebhooks {
		f.say("", "an account has %d webhooks at most: leave some out", maxWebhooks)
	}
	f.number(&h.ID, &f.last.Webhook)
	f.webhooks.remove(h.ID)
	f.webhooks.insert(&h)
}

// findNamed returns the entity that ref names: by its id, or the first for which is returns true. If there is none, it records
// a mistake.
func findNamed[T entity[T]](f *fixtureAdder, t *table[T], kind, field, ref, how string, is func(T) bool) (T, bool) {
	id, err := strconv.ParseInt(ref, 10, 64)
	if err == nil && !strings.HasPrefix(ref, "+") {
		if v, ok := t.get(id); ok {
			return v, true
		}
	}
	v, ok := t.first(is)
	if !ok {
		f.say(field, "there is no %s %.80q: give the %s of one", kind, ref, how)
	}
	return v, ok
}

func (f *fixtureAdder) numberNamed(field, ref string) (*number, bool) {
	return findNamed(f, &f.numbers, "number", field, ref, "id or digits", func(n *number) bool {
		return digits(ref) != "" && digits(n.Digits) == digits(ref)
	})
}

// setUser sets the id of a user, if one is given; "" clears it.
func (f *fixtureAdder) setUser(field string, id *int64, ref *string) {
	if ref == nil {
		return
	}
	*id = 0
	if *ref == "" {
		return
	}
	byEmail, _ := f.userByEmail(*ref)
	if u, ok := findNamed(f, &f.users, "user", field, *ref, "id or e-mail", func(u *user) bool { return u == byEmail }); ok {
		*id = u.ID
	}
}

// callFixtures is the state of addCalls, which inserts the calls when all are checked.
type callFixtures struct {
	made   map[int64]*call // new and changed calls
	onLine map[int64]int64 // the present call of a user
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
		if c.User != 0 && !given[c.ID] && !c.isOutside() {
			f.onLine[c.User] = c.ID
		}
	}
	addAll(f, "calls", entries, &f.last.Call, f.addCall)
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
		f.missing(x)
		if x.Contact == nil && x.RawDigits == nil {
			f.say("", "the other party is missing: give contact or raw_digits")
		}
	}
	f.setParties(&c, x)
	f.setTimes(&c, x)
	put(&c.Archived, x.Archived)
	failed := f.failed
	f.checkOrder(&c)
	if !failed {
		f.checkCall(&c)
		if c.Answered != 0 && c.User == 0 && (x.User == nil || c.Ended == 0) {
			f.say("user", "an answered call needs a user: give one, or remove answered_at; null is right for a call that ended and shows none")
		}
	}
	if x.Comments != nil {
		c.Comments = f.comments(&c, x.Comments)
	}
	f.setTags(&c, x.Tags)
	f.setTeams(&c, x.Teams)
	if f.failed {
		return
	}
	if c.ID == 0 {
		c.ID = f.last.newCall(c.Started)
	}
	f.place(&c)
}

// place records the call, and sets the timers of one that is in progress.
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
		if n, ok := f.numberNamed("number", *x.Number); ok {
			c.Number = n.ID
		}
	}
	f.setUser("user", &c.User, x.User)
	f.setUser("assigned_to", &c.AssignedTo, x.AssignedTo)
	f.setUser("transferred_by", &c.TransferredBy, x.TransferredBy)
	f.setUser("transferred_to", &c.TransferredTo, x.TransferredTo)
	if c.TransferredBy != 0 && c.TransferredTo == 0 {
		f.say("transferred_by", "transferred_to is missing: give both, or neither")
	}
	switch {
	case x.Contact != nil && x.RawDigits != nil:
		f.say("raw_digits", "contact already names the other party: give one of the two")
	case x.Contact != nil:
		if phone := f.phoneOf("contact", *x.Contact); phone != "" {
			c.Other = displayPhone(phone)
		}
	case x.RawDigits != nil && *x.RawDigits == "anonymous":
		c.Other = *x.RawDigits
	case x.RawDigits != nil:
		c.Other = displayPhone(*x.RawDigits)
	}
}

// phoneOf returns the first phone of a contact, named by id, e-mail or phone.
func (f *fixtureAdder) phoneOf(field, ref string) string {
	byPhone := f.contactsWithPhone(digits(ref))
	p, ok := findNamed(f, &f.contacts, "contact", field, ref, "id, an e-mail or a phone", func(c *contact) bool {
		return possiblePhone(ref) && len(byPhone) > 0 && c == byPhone[0] || c.hasEmail(ref)
	})
	switch {
	case !ok:
		return ""
	case len(p.Phones) == 0:
		f.say(field, "contact %d has no phone: give it one, or raw_digits here", p.ID)
		return ""
	}
	return p.Phones[0].Value
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
	if !known {
		return
	}
	missed := c.Inbound && c.Answered == 0 && c.Ended != 0
	if !missed { // these fields of an earlier version may no longer be right
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
		f.say("missed_call_reason", "only an inbound call that ended without an answer has one: remove it, or answered_at")
	case missed && c.MissedReason == "" && x.MissedCallReason == nil && (x.AnsweredAt != nil || x.StartedAt != nil):
		c.MissedReason = "agents_did_not_answer"
	}
	if c.Voicemail && !missed {
		f.say("voicemail", "only an inbound call that ended without an answer has one: remove it, or answered_at")
	}
	if c.Recorded && c.Answered == 0 {
		f.say("recording", "the call was not answered, so there is no recording: give answered_at, or false")
	}
}

// checkOrder reports times of a call that are out of order.
func (f *fixtureAdder) checkOrder(c *call) {
	if c.Answered != 0 && c.Answered < c.Started {
		f.say("answered_at", "the call is answered before it starts: give a time from started_at on")
	}
	if c.Ended != 0 && c.Ended < max(c.Started, c.Answered) {
		f.say("ended_at", "the call ends before it starts or is answered: give a later time, or none if it is in progress")
	}
}

// checkCall reports contradictions between a call and other records.
func (f *fixtureAdder) checkCall(c *call) {
	if c.Inbound && c.Answered == 0 && c.Ended != 0 && c.User != 0 {
		f.say("user", "a missed inbound call has none: give answered_at, or assigned_to instead")
	}
	if !c.Inbound && c.Other == "anonymous" {
		f.say("raw_digits", "an outbound call needs a phone: give one")
	}
	u, ok := f.users.get(c.User)
	if ok && u.Created > c.Started {
		f.say("user", "user %d was created after the call started: give the user an earlier created_at, or the call a later started_at", u.ID)
	}
	if n, ok := f.numbers.get(c.Number); ok && n.Created > c.Started {
		f.say("number", "number %d was created after the call started: give the number an earlier created_at, or the call a later started_at", n.ID)
	}
	if busy, on := f.onLine[c.User]; c.Ended == 0 && c.User != 0 && on && busy != c.ID {
		f.say("user", "user %d is already in a call: give one of the two calls an ended_at, or another user", c.User)
	}
}

func (f *fixtureAdder) comments(c *call, given []CommentFixture) []comment {
	if len(given) > maxComments {
		f.say("comments", "%d comments, the maximum is %d", len(given), maxComments)
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
		f.setUser(field+".posted_by", &k.By, x.PostedBy)
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
		g, ok := findNamed(f, &f.tags, "tag", fmt.Sprintf("tags[%d]", i), ref, "id or name", func(g *tag) bool { return g.Name == ref })
		if ok && !c.hasTag(g.ID) {
			c.Tags = append(c.Tags, callTag{TagID: g.ID, At: max(c.Ended, c.Started)})
		}
	}
}

// setTeams sets the teams that an inbound call rang.
func (f *fixtureAdder) setTeams(c *call, given []string) {
	if given == nil {
		return
	}
	if !c.Inbound && len(given) > 0 {
		f.say("teams", "only an inbound call rings teams: remove them")
	}
	c.Teams = nil
	for i, ref := range given {
		m, ok := findNamed(f, &f.teams, "team", fmt.Sprintf("teams[%d]", i), ref, "id or name", func(m *team) bool { return m.Name == ref })
		if ok && !slices.Contains(c.Teams, m.ID) {
			c.Teams = append(c.Teams, m.ID)
		}
	}
}
