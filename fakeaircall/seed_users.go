package fakeaircall

import (
	"fmt"
	"slices"
)

// A standing is what a user set, and whether an app of his is open.
type standing struct {
	status, substatus string
	online            bool
}

// attending are how many users after the owner are surely there to take calls.
const attending = 3

// seedUsers begins with the owner. A quarter of the others came during the
// months that lists of calls reach back to.
func (s *seeder) seedUsers() {
	atWork, away := standing{"available", "always_opened", true}, standing{"available", "always_opened", false}
	standings := newDeck(
		atWork, atWork, atWork, atWork, atWork, away, away, away,
		standing{"custom", "always_opened", true},
		standing{"custom", "always_opened", false},
		standing{"unavailable", "", true},
		standing{"unavailable", "always_closed", false},
	)
	reasons := newDeck("out_for_lunch", "on_a_break", "in_training", "doing_back_office", "other")
	wrapUps := newDeck[int64](0, 0, 15, 30, 60, 90, 120)
	others := s.amount.users - 1
	early := others * 3 / 4
	created := slices.Concat([]int64{s.founded},
		s.times(early, s.founded+day, s.settled), s.times(others-early, s.settled, s.start-7*day))
	s.emails[s.account.User] = true
	for i, at := range created {
		where, p := pick(&s.random, s.offices), standings.deal(&s.random)
		if i <= attending {
			p = atWork
		}
		if p.substatus == "" {
			p.substatus = reasons.deal(&s.random)
		}
		u := &user{
			id: s.newID(), created: at, language: where.country.language, timeZone: where.zone,
			wrapUpTime: wrapUps.deal(&s.random), extension: fmt.Sprintf("%03d", i+1),
			availabilityStatus: p.status, substatus: p.substatus, online: p.online,
		}
		u.firstName, u.lastName = s.person()
		if u.email = s.account.User; i > 0 {
			u.email = s.email(u.firstName, u.lastName, s.domain)
		}
		s.users.insert(u)
	}
}

// someUsers are n different ones, or all there are, the first an early one.
func (s *seeder) someUsers(n int) []*user {
	all := s.users.order
	early := 1 + (len(all)-1)*3/4
	us := []*user{all[s.random.intn(early)]}
	for n = min(n, len(all)); len(us) < n; {
		if u := pick(&s.random, all); !slices.Contains(us, u) {
			us = append(us, u)
		}
	}
	return us
}

var (
	departments = []string{"Sales", "Support", "Billing", "Onboarding", "Success", "Logistics", "Recruiting", "Field Service", "Partnerships", "Renewals"}
	regions     = []string{"EMEA", "France", "UK & Ireland", "DACH", "Nordics", "North America", "East Coast", "West Coast", "Canada", "APAC", "Tier 1", "Tier 2"}
)

func (s *seeder) seedTeams() {
	names := s.combinations(departments, regions)
	for i, at := range s.times(s.amount.teams, s.founded+day, s.settled) {
		m := &team{id: s.newID(), created: at, name: names[i]}
		for _, u := range s.someUsers(2 + s.random.intn(8)) {
			m.users = append(m.users, u.id)
		}
		s.teams.insert(m)
	}
}

var (
	topics = []string{"Billing", "Refund", "Invoice", "Onboarding", "Demo", "Renewal", "Shipping", "Upgrade", "Login", "Integration", "Contract", "Feedback", "Complaint", "Outage", "Pricing", "Hiring"}
	stages = []string{"", "urgent", "open", "solved", "escalated", "waiting", "won", "lost"}
	colors = []string{"#00B388", "#1F77B4", "#29C8FF", "#5C6BC0", "#7A5195", "#AA3300", "#B285D1", "#E45756", "#F58518", "#FCBB26", "#54A24B", "#8C564B"}
)

// seedTags begins with those that every company has from its first second.
func (s *seeder) seedTags() {
	for _, g := range systemTags {
		s.tags.insert(&tag{id: s.newID(), created: s.founded, name: g.name, color: g.color, description: &g.description})
	}
	names := s.combinations(topics, stages)
	for i, at := range s.times(s.amount.tags-len(systemTags), s.founded+day, s.settled) {
		s.tags.insert(&tag{id: s.newID(), created: at, name: names[i], color: pick(&s.random, colors)})
	}
}

// combinations are all pairs of a first and a second word, shuffled.
func (s *seeder) combinations(first, second []string) []string {
	var all []string
	for _, a := range first {
		for _, b := range second {
			if b != "" {
				b = " " + b
			}
			all = append(all, a+b)
		}
	}
	shuffle(&s.random, all)
	return all
}
