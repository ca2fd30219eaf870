package fakeaircall

// seedDialer gives the second user, and some others, contacts to call. The first
// half of each list was called already.
func (s *seeder) seedDialer(r random) {
	for i, u := range s.users.order {
		if i%12 != 1 || s.contacts.len() == 0 {
			continue
		}
		c := &campaign{id: s.dialing.id(), created: s.start - r.between(0, 20*day), number: s.lineOf(u), waiting: make(map[string]bool)}
		c.created = max(c.created, u.created)
		n := int(r.between(4, 30))
		for j := range n {
			phone := pick(&r, pick(&r, s.contacts.order).phones).value
			if c.waiting[digits(phone)] {
				continue
			}
			d := dialed{id: s.dialing.id(), created: c.created, number: phone, called: j < n/2}
			c.phones = append(c.phones, d)
			if !d.called {
				c.waiting[digits(phone)] = true
			}
		}
		s.dialing.campaigns[u.id] = c
	}
}
