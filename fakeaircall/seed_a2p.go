package fakeaircall

// seedA2P ties the first lines to two campaigns.
func (s *seeder) seedA2P(r random) {
	for i := range min(2, len(s.lines)) {
		l := s.lines[i]
		at := max(l.Created, s.start-r.between(0, 100*day))
		s.associations.insert(&association{
			ID: r.newID(&s.last.Association), Created: at, Updated: at,
			External: "C" + r.hex(6), Numbers: []int64{l.ID},
		})
	}
}
