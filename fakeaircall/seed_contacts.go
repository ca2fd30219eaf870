package fakeaircall

import "cmp"

// An aspect says which parts a contact has.
type aspect struct {
	phones, emails       int
	last, firm, informed bool
}

// johns are names that a search for John must tell apart: three are John, and others only contain it. "" is a random name.
var johns = []struct{ first, last string }{
	{"John", ""}, {"Johnny", ""}, {"John", ""}, {"", "Johnson"}, {"John", ""}, {"Johnathan", ""},
}

// echoPhone is the number of the only contact in a new account, which is created in the same second as the owner: users
// call it to test their sound (recorded 2026-09-28). No range of countries has it.
const echoPhone = "+18445550100"

// seedContacts adds the contacts. A third of them are older than the documented contact.
func (s *seeder) seedContacts() {
	n := s.amount.contacts - 1
	aspects := newDeck(
		aspect{1, 1, true, true, false}, aspect{1, 1, true, true, false}, aspect{1, 1, true, true, true},
		aspect{1, 1, true, false, false}, aspect{1, 1, true, false, true}, aspect{2, 1, true, true, true},
		aspect{2, 2, true, true, false}, aspect{3, 1, true, true, true}, aspect{1, 0, true, false, false},
		aspect{1, 1, false, true, false}, aspect{1, 2, true, false, false}, aspect{1, 1, true, true, true},
	)
	s.contacts.insert(&contact{
		ID: s.random.newID(&s.last.Contact), Created: s.founded, Updated: s.founded,
		FirstName: new("Echo"), LastName: new("Test"), CompanyName: new("Test your sound"),
		Information: new("Call this number to check your sound"),
		Phones:      []detail{{s.random.newID(&s.last.Detail), "Main", echoPhone}},
	})
	names := s.contactNames(n)
	for i, at := range s.times(n, s.founded+day, s.start-day/2) {
		c := &contact{Created: at, Updated: s.laterThan(at)}
		var a aspect
		switch {
		case i == n/3:
			c.ID, a = documentedContact, aspect{2, 1, true, true, true}
		case names[i].fixed:
			c.ID, a = s.random.newID(&s.last.Contact), aspect{1, 1, true, true, false}
		default:
			c.ID, a = s.random.newID(&s.last.Contact), aspects.deal(&s.random)
		}
		s.describe(c, names[i].first, names[i].last, a)
		s.contacts.insert(c)
	}
}

type contactName struct {
	first, last string
	fixed       bool // one of johns: the contact has a last name
}

// contactNames returns n names, with the johns far from each other.
func (s *seeder) contactNames(n int) []contactName {
	names := make([]contactName, n)
	lastNames := make(map[string]bool)
	for i := range names {
		names[i].first, names[i].last = s.person()
	}
	for k, j := range johns {
		i := (k + 1) * n / (len(johns) + 2)
		if i >= n {
			break
		}
		name := &names[i]
		name.fixed = true
		for lastNames[name.last] {
			_, name.last = s.person()
		}
		name.first, name.last = cmp.Or(j.first, name.first), cmp.Or(j.last, name.last)
		lastNames[name.last] = true
	}
	return names
}

// laterThan returns the time of the last change: in half of all cases, the creation.
func (s *seeder) laterThan(at int64) int64 {
	if s.random.chance(50) {
		return at
	}
	return at + int64(s.random.intn(int(s.start-at)))
}

func (s *seeder) describe(c *contact, first, last string, a aspect) {
	c.FirstName = &first
	domain := "example.net"
	if a.last {
		c.LastName = &last
	}
	if a.firm {
		firm := s.firm()
		c.CompanyName, domain = &firm, hostLabel(firm)+".example.com"
	}
	labels := newDeck("Work", "Home", "Main")
	for i := range a.emails {
		if i == 1 {
			domain = "example.org"
		}
		c.Emails = append(c.Emails, detail{s.random.newID(&s.last.Detail), labels.deal(&s.random), s.email(first, last, domain)})
	}
	for range a.phones {
		p, label := s.freePhone(), "Mobile"
		s.taken[p.e164] = true
		if !p.mobile {
			label = labels.deal(&s.random)
		}
		c.Phones = append(c.Phones, detail{s.random.newID(&s.last.Detail), label, p.e164})
		s.known[""] = append(s.known[""], p.shown)
		s.known[p.country] = append(s.known[p.country], p.shown)
		if c.ID == documentedContact {
			s.reachable = p.shown
		}
	}
	if a.informed {
		c.Information = new(s.noteOn(c))
	}
}
