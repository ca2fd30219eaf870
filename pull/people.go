package pull

import (
	"cmp"
	"slices"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

const (
	mostDetails  = 20 // phones, and e-mails, of a contact
	mostComments = 5  // of a call

	// fewestContacts is how many contacts the examples of the documentation need: one to read, several with John in their
	// names, and others.
	fewestContacts = 6
)

func (a *accountMaker) addContacts() {
	for _, c := range a.records[contacts] {
		first, last := a.firstName(c.text("first_name")), a.lastName(c.text("last_name"))
		x := fakeaircall.ContactFixture{CreatedAt: a.created(c.instant("created_at"))}
		if c.text("first_name") != "" {
			x.FirstName = &first
		}
		if c.text("last_name") != "" {
			x.LastName = &last
		}
		if name := c.text("company_name"); name != "" {
			x.CompanyName = new(a.company(name))
		}
		if text := c.text("information"); text != "" {
			x.Information = new(a.text(text))
		}
		for _, d := range c.list("phone_numbers") {
			if len(x.PhoneNumbers) < mostDetails && d.text("value") != "" {
				x.PhoneNumbers = append(x.PhoneNumbers, fakeaircall.DetailFixture{Label: new(a.label(cmp.Or(d.text("label"), "Other"))), Value: new(a.phone(d.text("value"), a.homeCountry()))})
			}
		}
		for _, d := range c.list("emails") {
			if len(x.Emails) < mostDetails && d.text("value") != "" {
				x.Emails = append(x.Emails, fakeaircall.DetailFixture{Label: new(a.label(cmp.Or(d.text("label"), "Other"))), Value: new(a.email(d.text("value"), first, last))})
			}
		}
		if len(x.PhoneNumbers) == 0 { // a new entry of the file needs one
			a.rep.Phoneless++
			x.PhoneNumbers = append(x.PhoneNumbers, fakeaircall.DetailFixture{Label: new("Other"), Value: new(a.phone("", a.homeCountry()))})
		}
		a.fx.Contacts = append(a.fx.Contacts, x)
	}
	a.addExampleContacts()
}

// homeCountry is the country of phones that do not say theirs: that of the first line.
func (a *accountMaker) homeCountry() string {
	if len(a.fx.Numbers) > 0 {
		if of := a.fiction.CountryOf(*a.fx.Numbers[0].Digits); of != "" {
			return of
		}
	}
	return a.home
}

// addExampleContacts makes the examples of the documentation work: contact 5678 has a phone and an e-mail, and a search for John
// finds several contacts. Contacts of the account take these parts; where there are too few, it adds some.
func (a *accountMaker) addExampleContacts() {
	added := 0
	for len(a.fx.Contacts) < fewestContacts {
		a.addContact()
		added++
	}
	reachable := func(x fakeaircall.ContactFixture) bool { return len(x.Emails) > 0 }
	at := -1
	for i := range a.fx.Contacts {
		if i > 0 && reachable(a.fx.Contacts[i]) && (at < 0 || i <= len(a.fx.Contacts)/3) {
			at = i
		}
	}
	if at < 0 {
		a.addContact()
		added, at = added+1, len(a.fx.Contacts)-1
	}
	a.fx.Contacts[at].ID = documentedContact
	if added > 0 {
		a.rep.Added[contacts] = added
	}
	johns := []struct{ first, last string }{{"John", ""}, {"Johnny", ""}, {"John", ""}, {"", "Johnson"}, {"John", ""}}
	johns = johns[:min(len(johns), len(a.fx.Contacts)/2)]
	for i, j := range johns {
		x := &a.fx.Contacts[(i+1)*len(a.fx.Contacts)/(len(johns)+1)-1]
		if j.first != "" {
			x.FirstName = new(j.first)
		}
		if j.last != "" {
			x.LastName = new(j.last)
		} else if x.LastName == nil {
			x.LastName = new(a.lastName(""))
		}
	}
}

// addContact adds an invented contact.
func (a *accountMaker) addContact() {
	first, last := a.firstName(""), a.lastName("")
	x := fakeaircall.ContactFixture{
		FirstName: &first, LastName: &last, CompanyName: new(a.company("")), CreatedAt: a.created(a.newest),
		PhoneNumbers: []fakeaircall.DetailFixture{{Label: new("Work"), Value: new(a.phone("", a.homeCountry()))}},
		Emails:       []fakeaircall.DetailFixture{{Label: new("Work"), Value: new(a.email("", first, last))}},
	}
	if x.CreatedAt == nil {
		x.CreatedAt = new(a.before.Add(-24 * time.Hour))
	}
	a.fx.Contacts = append(a.fx.Contacts, x)
}

func (a *accountMaker) addCalls() {
	list := a.records[calls]
	list = list[max(0, len(list)-a.sampled):]
	busy := map[string]bool{}
	for _, c := range list {
		if x, ok := a.call(c, busy); ok {
			a.fx.Calls = append(a.fx.Calls, x)
		} else {
			a.rep.Dropped++
		}
	}
	slices.SortStableFunc(a.fx.Calls, func(x, y fakeaircall.CallFixture) int { return x.StartedAt.Compare(*y.StartedAt) })
	a.addExampleCall()
	a.bornBefore()
}

// call returns the twin of a call. It reports false if the call is not complete enough for one.
func (a *accountMaker) call(c record, busy map[string]bool) (x fakeaircall.CallFixture, ok bool) {
	line := c.object("number").id("id")
	digits, known := a.digitsOf[line]
	started, answered, ended := c.instant("started_at"), c.instant("answered_at"), c.instant("ended_at")
	direction := a.setting("calls.direction", c.text("direction"))
	if !known || started.IsZero() || direction == nil || !answered.IsZero() && answered.Before(started) || !ended.IsZero() && ended.Before(answered) {
		return x, false
	}
	moved := a.in(started, a.zone(line))
	by := moved.Sub(started)
	if moved.After(a.before) || moved.Before(earliest) {
		return x, false
	}
	x = fakeaircall.CallFixture{Direction: direction, Number: &digits, StartedAt: &moved}
	inbound := *direction == "inbound"
	user := a.emailOf[c.object("user").id("id")]
	switch {
	case ended.IsZero() && (busy[user] && user != "" || a.before.Sub(moved) > 12*time.Hour || user == "" && !answered.IsZero()):
		return x, false // in progress: a user has one such call
	case ended.IsZero():
		busy[user] = true
	default:
		x.EndedAt = new(ended.Add(by))
	}
	if !answered.IsZero() {
		x.AnsweredAt = new(answered.Add(by))
	}
	missed := inbound && answered.IsZero() && !ended.IsZero()
	switch {
	case missed:
		if x.MissedCallReason = a.setting("calls.missed_call_reason", c.text("missed_call_reason")); !c.has("missed_call_reason") {
			x.MissedCallReason = new("") // a caller who asked to be called back
		}
		if c.has("voicemail") {
			x.Voicemail = new(true)
		}
	case user != "" && (!inbound || !answered.IsZero()):
		x.User = &user
	case !ended.IsZero():
		x.User = new("") // somebody who left
	}
	if !answered.IsZero() && c.has("recording") {
		x.Recording = new(true)
	}
	if c.isTrue("archived") {
		x.Archived = new(true)
	}
	a.addParties(&x, c)
	a.addNotes(&x, c, by)
	return x, true
}

// addParties sets the other party of a call, and the users and teams beside the one who spoke.
func (a *accountMaker) addParties(x *fakeaircall.CallFixture, c record) {
	other := c.text("raw_digits")
	if other == anonymous && *x.Direction == "inbound" {
		x.RawDigits = &other
	} else {
		x.RawDigits = new(a.phone(other, a.homeCountry()))
	}
	reference := func(key string) *string {
		if e := a.emailOf[c.object(key).id("id")]; e != "" {
			return &e
		}
		return nil
	}
	x.AssignedTo = reference("assigned_to")
	if x.TransferredTo = reference("transferred_to"); x.TransferredTo != nil {
		x.TransferredBy = reference("transferred_by")
	}
	if *x.Direction == "inbound" {
		x.Teams = named(a.teamOf, c.list("teams"))
	}
}

// addNotes sets the comments and the tags of a call.
func (a *accountMaker) addNotes(x *fakeaircall.CallFixture, c record, by time.Duration) {
	x.Tags = named(a.tagOf, c.list("tags"))
	for _, note := range c.list("comments") {
		if len(x.Comments) >= mostComments || note.text("content") == "" {
			continue
		}
		comment := fakeaircall.CommentFixture{Content: new(a.text(note.text("content")))}
		if at := note.instant("posted_at"); !at.IsZero() {
			if at = at.Add(by); !at.Before(*x.StartedAt) && !at.After(a.before) {
				comment.PostedAt = &at
			}
		}
		if e := a.emailOf[note.object("posted_by").id("id")]; e != "" {
			comment.PostedBy = &e
		}
		x.Comments = append(x.Comments, comment)
	}
}

// named returns the names of those records that the twin has, each once.
func named(nameOf map[string]string, list []record) (names []string) {
	for _, r := range list {
		if n := nameOf[r.id("id")]; n != "" && !slices.Contains(names, n) && len(names) < mostReferences {
			names = append(names, n)
		}
	}
	return names
}

// addExampleCall gives an answered inbound call the id of the documentation's examples. Without one, it adds a call.
func (a *accountMaker) addExampleCall() {
	at := -1
	for i, x := range a.fx.Calls {
		if *x.Direction == "inbound" && x.AnsweredAt != nil && x.EndedAt != nil && x.User != nil && *x.User != "" && (at < 0 || i <= len(a.fx.Calls)/2) {
			at = i
		}
	}
	switch {
	case at >= 0:
		a.fx.Calls[at].ID = documentedCall
	case len(a.fx.Users) == 0 || len(a.fx.Numbers) == 0:
	default:
		from := a.before.Add(-24 * time.Hour)
		a.fx.Calls = append(a.fx.Calls, fakeaircall.CallFixture{
			ID: documentedCall, Direction: new("inbound"), Number: a.fx.Numbers[0].Digits, User: a.fx.Users[0].Email,
			RawDigits: a.fx.Contacts[0].PhoneNumbers[0].Value,
			StartedAt: &from, AnsweredAt: new(from.Add(9 * time.Second)), EndedAt: new(from.Add(3 * time.Minute)),
		})
		a.rep.Added[calls] = 1
	}
}

// bornBefore lets users and lines exist before their first call, which clocks that changed, and records that moved between
// companies, may contradict.
func (a *accountMaker) bornBefore() {
	first := map[string]time.Time{}
	for _, x := range a.fx.Calls {
		for _, of := range []*string{x.User, x.Number} {
			if of == nil || *of == "" {
				continue
			}
			if at, ok := first[*of]; !ok || x.StartedAt.Before(at) {
				first[*of] = *x.StartedAt
			}
		}
	}
	settle := func(created **time.Time, key string) {
		usual := a.before.AddDate(0, 0, -200)
		at, ok := first[key]
		if *created == nil && ok && at.Before(usual) || *created != nil && ok && !(*created).Before(at) {
			*created = new(at.Add(-time.Hour))
		}
	}
	for i := range a.fx.Users {
		settle(&a.fx.Users[i].CreatedAt, *a.fx.Users[i].Email)
	}
	for i := range a.fx.Numbers {
		settle(&a.fx.Numbers[i].CreatedAt, *a.fx.Numbers[i].Digits)
	}
}
