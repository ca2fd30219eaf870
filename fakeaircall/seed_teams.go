package fakeaircall

var (
	departments = []string{"Sales", "Support", "Billing", "Onboarding", "Success", "Logistics", "Recruiting", "Field Service", "Partnerships", "Renewals"}
	regions     = []string{"EMEA", "France", "UK & Ireland", "DACH", "Nordics", "North America", "East Coast", "West Coast", "Canada", "APAC", "Tier 1", "Tier 2"}
)

func (s *seeder) seedTeams() {
	names := s.combinations(departments, regions, " ")
	for i, at := range s.times(s.amount.teams, s.founded+day, s.settled) {
		m := &team{id: s.random.newID(&s.last.team), created: at, name: names[i]}
		for _, u := range s.someUsers(2 + s.random.intn(8)) {
			m.users = append(m.users, u.id)
		}
		s.teams.insert(m)
	}
}

// combinations are all pairs of a first and a second word, shuffled.
func (s *seeder) combinations(first, second []string, between string) []string {
	var all []string
	for _, a := range first {
		for _, b := range second {
			all = append(all, a+between+b)
		}
	}
	shuffle(&s.random, all)
	return all
}
