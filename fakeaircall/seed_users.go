package fakeaircall

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A standing is what a user set, and whether an app of his is open.
type accountState struct {
	status, substatus string
	online            bool
}

// attending are how many users after the owner are surely there to take calls.
const attending = 3

// seedUsers begins with the owner. A quarter of the others came during the
// months that lists of calls reach back to.
func (s *seeder) seedUsers() {
	atWork, away := accountState{"available", "always_opened", true}, accountState{"available", "always_opened", false}
	standings := newDeck(
		atWork, atWork, atWork, atWork, atWork, away, away, away,
		accountState{"custom", "always_opened", true},
		accountState{"custom", "always_opened", false},
		accountState{"unavailable", "", true},
		accountState{"unavailable", "always_closed", false},
	)
	reasons := newDeck("out_for_lunch", "on_a_break", "in_training", "doing_back_office", "other")
	wrapUps := newDeck[int64](0, 0, 15, 30, 60, 90, 120)
	others := s.amount.users - 1
	early := others * 3 / 4
	created := slices.Concat([]int64{s.founded},
		s.times(early, s.founded+day, s.settled), s.times(others-early, s.settled, s.start-7*day))
	s.taken[strings.ToLower(s.account.User)] = true
	for i, at := range created {
		where, p := pick(&s.random, s.offices), standings.deal(&s.random)
		if i <= attending { // on the first line
			where, p = s.offices[0], atWork
		}
		if p.substatus == "" {
			p.substatus = reasons.deal(&s.random)
		}
		u := &user{
			ID: s.random.newID(&s.last.User), Created: at, Language: where.country.Language, TimeZone: where.Zone,
			WrapUpTime: wrapUps.deal(&s.random), Extension: fmt.Sprintf("%03d", i+1),
			AvailabilityStatus: p.status, Substatus: p.substatus, Online: p.online,
		}
		if i == 0 { // as recorded on 2026-09-28
			u.Language, u.TimeZone, u.WrapUpTime = "en-US", "Etc/UTC", 0
			u.Online = !s.isNew() // nobody has logged in to a new company
		}
		u.FirstName, u.LastName = s.person()
		if u.Email = s.account.User; i > 0 {
			u.Email = s.email(u.FirstName, u.LastName, s.domain)
		}
		s.users.insert(u)
	}
}

// earlyUsers are those who were there before every call.
func (s *seeder) earlyUsers() []*user { return s.users.order[:1+(s.users.len()-1)*3/4] }

// someUsers are n different ones, or all there are, the first an early one.
func (s *seeder) someUsers(n int) []*user { return s.choose(n, s.earlyUsers(), s.users.order) }

// usersNear are up to n different ones to whom a line in the zone rings by day, the first an early one.
func (s *seeder) usersNear(zone string, n int) []*user {
	far := func(u *user) bool { return !s.near(u.TimeZone, zone) }
	return s.choose(n, slices.DeleteFunc(slices.Clone(s.earlyUsers()), far), slices.DeleteFunc(slices.Clone(s.users.order), far))
}

// choose is one of first and more of all, n together.
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
