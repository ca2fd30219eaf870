package fakeaircall

// seedA2P ties the first lines to two campaigns.
func (s *seeder) seedA2P(r random) {
	for i := range min(2, len(s.lines)) {
		l := s.lines[i]
		at := max(l.created, s.start-r.between(0, 100*day))
		s.associations.insert(&association{
			id: r.newID(&s.last.association), created: at, updated: at,
			external: "C" + r.hex(6), numbers: []int64{l.id},
		})
	}
}
