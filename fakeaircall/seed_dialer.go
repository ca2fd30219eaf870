package fakeaircall

// seedDialer gives the second user, and some others, contacts to call. The first
// half of each list was called already.
func (s *seeder) seedDialer(r random) {
	for i, u := range s.users.order {
		if i%12 != 1 || s.contacts.len() == 0 {
			continue
		}
		c := &campaign{User: u.ID, ID: s.dialing.id(), Created: s.start - r.between(0, 20*day), Number: s.lineOf(u), Waiting: make(map[string]bool)}
		c.Created = max(c.Created, u.Created)
		n := int(r.between(4, 30))
		for j := range n {
			phone := pick(&r, pick(&r, s.contacts.order).Phones).Value
			if c.Waiting[digits(phone)] {
				continue
			}
			d := dialed{ID: s.dialing.id(), Created: c.Created, Number: phone, Called: j < n/2}
			c.Phones = append(c.Phones, d)
			if !d.Called {
				c.Waiting[digits(phone)] = true
			}
		}
		s.dialing.campaigns.insert(c)
	}
}
