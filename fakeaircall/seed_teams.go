package fakeaircall

import "slices"

var (
	departments = []string{"Sales", "Support", "Billing", "Onboarding", "Success", "Logistics", "Recruiting", "Field Service", "Partnerships", "Renewals"}
	regions     = []string{"EMEA", "France", "UK & Ireland", "DACH", "Nordics", "North America", "East Coast", "West Coast", "Canada", "APAC", "Tier 1", "Tier 2"}
)

func (s *seeder) seedTeams() {
	names := s.combinations(departments, regions, " ")
	for i, at := range s.times(s.amount.teams, s.founded+day, s.settled) {
		s.teams.insert(&team{ID: s.random.newID(&s.last.Team), Created: at, Name: names[i]})
	}
}

// seedMembers puts everybody on a line into one of its teams, and fills the others.
func (s *seeder) seedMembers() {
	join := func(m *team, us ...*user) {
		for _, u := range us {
			if !slices.Contains(m.Users, u.ID) {
				m.Users = append(m.Users, u.ID)
			}
		}
	}
	for _, l := range s.lines {
		for i, u := range l.staff {
			if len(l.teams) > 0 {
				join(s.teams.byID[l.teams[i%len(l.teams)]], u)
			}
		}
	}
	for _, m := range s.teams.order {
		if len(m.Users) < 2 {
			join(m, s.someUsers(2+s.random.intn(5))...)
		}
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
