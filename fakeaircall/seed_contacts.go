package fakeaircall

import "cmp"

// aspect is which parts of a contact are there.
type aspect struct {
	phones, emails       int
	last, firm, informed bool
}

// johns are names that a search for John must tell apart: three who have it,
// and others who only contain it. "" leaves a name to chance.
var johns = []struct{ first, last string }{
	{"John", ""}, {"Johnny", ""}, {"John", ""}, {"", "Johnson"}, {"John", ""}, {"Johnathan", ""},
}

// echoPhone is of the one contact that a new company has, in the same second as its owner: a
// number to call for a test of one's sound (recorded 2026-09-28). No range of countries has it.
const echoPhone = "+18445550100"

// seedContacts makes the documented contact the one after a third of the others.
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
	fixed       bool // one of johns, whose last name counts
}

// contactNames puts the johns among n names, far from each other.
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

// laterThan is the instant itself for what never changed since, half of all.
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
		p, label := s.newPhone(), "Mobile"
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
