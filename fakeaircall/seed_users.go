package fakeaircall

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// attending is the number of users after the owner who certainly take calls.
const attending = 3

// seedUsers adds the users, the owner first. A quarter of the others joined during the months that lists of calls show.
func (s *seeder) seedUsers() {
	atWork := user{AvailabilityStatus: "available", Substatus: "always_opened", Online: true}
	away := user{AvailabilityStatus: "available", Substatus: "always_opened"}
	presences := newDeck(
		atWork, atWork, atWork, atWork, atWork, away, away, away,
		user{AvailabilityStatus: "custom", Substatus: "always_opened", Online: true},
		user{AvailabilityStatus: "custom", Substatus: "always_opened"},
		user{AvailabilityStatus: "unavailable", Online: true},
		user{AvailabilityStatus: "unavailable", Substatus: "always_closed"},
	)
	reasons := newDeck("out_for_lunch", "on_a_break", "in_training", "doing_back_office", "other")
	wrapUps := newDeck[int64](0, 0, 15, 30, 60, 90, 120)
	others := s.amount.users - 1
	early := others * 3 / 4
	created := slices.Concat([]int64{s.founded},
		s.times(early, s.founded+day, s.settled), s.times(others-early, s.settled, s.start-7*day))
	s.taken[strings.ToLower(s.account.User)] = true
	for i, at := range created {
		where, u := pick(&s.random, s.offices), presences.deal(&s.random)
		if i <= attending { // on the first line
			where, u = s.offices[0], atWork
		}
		if u.Substatus == "" {
			u.Substatus = reasons.deal(&s.random)
		}
		u.ID, u.Created, u.Language, u.TimeZone = s.random.newID(&s.last.User), at, where.country.Language, where.Zone
		u.WrapUpTime, u.Extension = wrapUps.deal(&s.random), fmt.Sprintf("%03d", i+1)
		if i == 0 { // as recorded on 2026-09-28
			u.Language, u.TimeZone, u.WrapUpTime = "en-US", "Etc/UTC", 0
			u.Online = !s.isNew() // nobody has logged in to a new account
		}
		u.FirstName, u.LastName = s.person()
		if u.Email = s.account.User; i > 0 {
			u.Email = s.email(u.FirstName, u.LastName, s.domain)
		}
		s.users.insert(&u)
	}
}

// earlyUsers returns the users who are older than every call.
func (s *seeder) earlyUsers() []*user { return s.users.order[:1+(s.users.len()-1)*3/4] }

// someUsers returns n different users, or all if there are fewer. The first is an early one.
func (s *seeder) someUsers(n int) []*user { return s.choose(n, s.earlyUsers(), s.users.order) }

// usersNear returns up to n different users for whom a line in the zone rings by day. The first is an early one.
func (s *seeder) usersNear(zone string, n int) []*user {
	far := func(u *user) bool { return !s.near(u.TimeZone, zone) }
	return s.choose(n, slices.DeleteFunc(slices.Clone(s.earlyUsers()), far), slices.DeleteFunc(slices.Clone(s.users.order), far))
}

// choose returns one of first and more of all, together n different users.
func (s *seeder) choose(n int, first, all []*user) []*user {
	us := []*user{pick(&s.random, first)}
	for n = min(n, len(all)); len(us) < n; {
		if u := pick(&s.random, all); !slices.Contains(us, u) {
			us = append(us, u)
		}
	}
	return us
}

// near reports whether two zones are at most three hours apart.
func (s *seeder) near(a, b string) bool {
	_, east := time.Unix(s.start, 0).In(s.zone(a)).Zone()
	_, west := time.Unix(s.start, 0).In(s.zone(b)).Zone()
	return max(east-west, west-east) <= 3*60*60
}

// awake reports whether it is between 7 and 21 where the user is.
func (s *seeder) awake(u *user, at int64) bool {
	hour := time.Unix(at, 0).In(s.zone(u.TimeZone)).Hour()
	return hour >= 7 && hour < 21
}

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

// seedMembers adds every user of a line to one of the line's teams, and fills the other teams.
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

// combinations returns all pairs of a first and a second word, shuffled.
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

// tagTemplates are the tags that people create, read from seed/tags.json.
type tagTemplates struct {
	Plain, Topics, Stages, Colors []string // plain tags first; large accounts also have pairs of a topic and its stage

	General    []string   // fit a call about anything
	Unspoken   []string   // fit a call in which nobody spoke
	Acquainted []string   // fit only calls with contacts
	Rivals     [][]string // a call has at most one of a group, and one stage of a topic
}

var tagWords = sync.OnceValue(func() *tagTemplates { return readSeed[tagTemplates]("tags") })

// seedTags adds the tags. Every account has the system tags from its first second.
func (s *seeder) seedTags() {
	for _, g := range systemTags {
		s.last.Tag++
		s.tags.insert(&tag{ID: s.last.Tag, Created: s.founded, Name: g.name, Color: g.color, Description: &g.description})
	}
	names := slices.Clone(tagWords().Plain)
	shuffle(&s.random, names)
	names = append(names, s.combinations(tagWords().Topics, tagWords().Stages, ": ")...)
	for i, at := range s.times(s.amount.tags-len(systemTags), s.founded+day, s.settled) {
		s.tags.insert(&tag{ID: s.random.newID(&s.last.Tag), Created: at, Name: names[i], Color: pick(&s.random, tagWords().Colors)})
	}
}
