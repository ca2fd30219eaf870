package fakeaircall

import (
	"fmt"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // the zones of lines and users, also where the machine has none
)

// A line is a number with what seeding calls must know about it.
type line struct {
	*number
	zone  *time.Location
	staff []*user // the first is an early one
	teams []int64 // that its calls ring
}

// always says whether the line is open round the clock. All others keep the
// office hours of their place.
func (l *line) always() bool { return l.AvailabilityStatus == "open" }

func (l *line) local(unix int64) time.Time { return time.Unix(unix, 0).In(l.zone) }

// officeHours are Monday to Friday, 9 to 18.
func officeHours(t time.Time) bool {
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && t.Hour() >= 9 && t.Hour() < 18
}

// A company's first line comes by itself, a little after the owner signed up, as an American
// one with a name of this form (recorded 2026-09-28). Companies that have grown since
// have given theirs another name.
const firstLineAfter = 42 // seconds

var signUpOffice = office{
	country:    country{Code: "US"},
	phoneRange: phoneRange{"Chicago", "America/Chicago", "+1 312-555-01##"},
}

// silentLine is the place of a line that is always open and never records.
const silentLine = 3

// seedNumbers makes the first line one that is always open and records, the
// second one with hours, the third an IVR, the fourth one that does not record: there is a line for every
// kind of call.
func (s *seeder) seedNumbers() {
	statuses := newDeck("custom", "custom", "custom", "custom", "custom", "custom", "open", "open", "open", "closed")
	priorities := newDeck(nil, nil, new(int64(0)), new(int64(1)))
	names := make(map[string]bool)
	created := append([]int64{s.founded + firstLineAfter}, s.times(s.amount.numbers-1, s.founded+day, s.settled)...)
	for i, at := range created {
		where, name := s.lineName(names, i == 0)
		if s.isNew() {
			where, name = signUpOffice, fmt.Sprintf("%s Number - %d", s.users.order[0].name(), at*1000+s.random.between(0, 999))
		}
		n := &number{
			ID: s.random.newID(&s.last.Number), Created: at, Name: name, Digits: s.lineDigits(where),
			Country: where.country.Code, TimeZone: where.Zone,
			AvailabilityStatus: statuses.deal(&s.random), Priority: priorities.deal(&s.random),
			IsIVR: s.random.chance(25), Recording: s.random.chance(75),
		}
		switch i {
		case 0:
			n.AvailabilityStatus, n.IsIVR, n.Recording, n.Priority = "open", false, true, nil
		case 1:
			n.AvailabilityStatus = "custom"
		case 2:
			n.IsIVR = true
		case silentLine:
			n.AvailabilityStatus, n.Recording = "open", false
		}
		n.Messages = s.messages(n)
		l := &line{number: n, zone: s.zone(where.Zone)}
		n.Open = l.always() || n.AvailabilityStatus == "custom" && officeHours(l.local(s.start))
		l.teams = s.teamsOf(i)
		s.lines = append(s.lines, l)
		s.numbers.insert(n)
	}
	s.staff()
}

// teamsOf are up to two teams for the line i; the first has one at least.
func (s *seeder) teamsOf(i int) []int64 {
	n := s.random.intn(3)
	switch {
	case s.isNew():
		n = 0
	case i == 0:
		n = max(n, 1)
	}
	var ids []int64
	for range n {
		if id := pick(&s.random, s.teams.order).ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// lineName is where users are near; the first line is where the first users sit.
func (s *seeder) lineName(taken map[string]bool, first bool) (office, string) {
	for {
		where := s.officeIn(s.country())
		if first {
			where = s.offices[0]
		}
		nearby := func(u *user) bool { return s.near(u.TimeZone, where.Zone) }
		name := pick(&s.random, departments) + " " + where.Place
		if !taken[name] && (s.isNew() || slices.ContainsFunc(s.earlyUsers()[1:], nearby)) {
			taken[name] = true
			return where, name
		}
	}
}

func (s *seeder) lineDigits(where office) string {
	for {
		p := where.draw(&s.random)
		if !s.taken[p.e164] {
			s.taken[p.e164] = true
			return p.shown
		}
	}
}

// untouchedMessages are those of a line that nobody changed: Aircall made music and three spoken
// messages for it, and fills in the others where it shows them (recorded 2026-09-28, as are the URLs' forms).
func untouchedMessages(r *random) messages {
	return messages{Waiting: libraryTrack(r), Closed: spokenTrack(r), CallbackLater: spokenTrack(r), UnansweredCall: spokenTrack(r)}
}

const mediaTracks = "https://media-web.aircall.io/tracks/"

func libraryTrack(r *random) string {
	return mediaTracks + "library/" + pick(r, []string{"acoustic_morning", "bossa_nova", "city_lights", "easy_piano", "soft_guitar"}) + ".mp3"
}

func spokenTrack(r *random) string {
	return mediaTracks + "tts/languages/en/voices/" + pick(r, []string{"amy", "brian", "joanna", "matthew"}) + "/" + r.hex(40) + ".mp3"
}

// messages are what callers hear on a line; most companies record some of their own.
func (s *seeder) messages(n *number) messages {
	m := untouchedMessages(&s.random)
	if n.IsIVR {
		m.IVR = spokenTrack(&s.random)
	}
	if s.isNew() || s.random.chance(40) {
		return m
	}
	m.Welcome, m.Voicemail = spokenTrack(&s.random), spokenTrack(&s.random)
	if s.random.chance(40) {
		m.AfterHours, m.RingingTone = spokenTrack(&s.random), mediaTracks+"ringing_tones/"+n.Country+".mp3"
	}
	return m
}

// staff gives every line users who are near, and every user a line. The first line has the
// owner and those who attend.
func (s *seeder) staff() {
	if len(s.lines) == 0 {
		return
	}
	withLine := make(map[int64]bool)
	join := func(l *line, us ...*user) {
		for _, u := range us {
			l.staff, l.Users = append(l.staff, u), append(l.Users, u.ID)
			withLine[u.ID] = true
		}
	}
	join(s.lines[0], s.users.order[:min(attending+1, s.users.len())]...)
	for i, l := range s.lines[1:] {
		us := s.usersNear(l.TimeZone, 2+s.random.intn(5))
		if i+1 == silentLine { // the owner, who is never in a call at start, is first
			owner := s.users.order[0]
			us = append([]*user{owner}, slices.DeleteFunc(us, func(u *user) bool { return u == owner })...)
		}
		join(l, us...)
	}
	for _, u := range s.users.order {
		if withLine[u.ID] {
			continue
		}
		near := slices.DeleteFunc(slices.Clone(s.lines), func(l *line) bool { return !s.near(u.TimeZone, l.TimeZone) })
		if len(near) == 0 {
			near = s.lines
		}
		join(pick(&s.random, near), u)
	}
	s.seedMembers()
	s.defaultNumbers()
}

// defaultNumbers are the last line a user joined, or none; the owner's is the first line.
func (s *seeder) defaultNumbers() {
	for _, l := range s.lines {
		for _, u := range l.staff {
			u.DefaultNumberID = l.ID
		}
	}
	chosen := newDeck(true, true, true, true, true, false)
	for _, u := range s.users.order[1:] {
		if !chosen.deal(&s.random) {
			u.DefaultNumberID = 0
		}
	}
	s.users.order[0].DefaultNumberID = s.lines[0].ID
}

// A country has numbers that its regulator promised to give to nobody, so that
// films may show them, and no call from here reaches a person.
type country struct {
	Code     string       `json:"code"` // ISO 3166 alpha-2
	Language string       `json:"language"`
	Ranges   []phoneRange `json:"ranges"`
}

// A phoneRange is a block of such numbers as they are shown, with # for any
// digit. Mobile and other ranges without a place serve no line.
type phoneRange struct {
	Place    string `json:"place"`
	Zone     string `json:"zone"` // IANA
	Template string `json:"template"`
}

// homes are how many of the countries, from the first, have enough numbers for
// most of a company's contacts.
const homes = 4

// countries are those of seed/countries.json, with their numbers for drama.
//
//   - US, CA: 555-0100 to 555-0199 of every area code; NANPA, ATIS-0300115.
//   - GB: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
//   - FR: ARCEP, numbering plan, decision 2018-0881, numbers for audiovisual works.
//   - DE: Bundesnetzagentur, notice 148/2021, "Drama Numbers".
//   - AU: ACMA, "Phone numbers for use in TV shows, films and creative works".
//   - SE: PTS, numbers for use in books, films and the like.
var countries = sync.OnceValue(func() []country { return *readSeed[[]country]("countries") })

// A phone is one number in both of its forms.
type phone struct {
	e164, shown string
	mobile      bool
	country     string
}

func (p phoneRange) draw(r *random) phone {
	shown := []byte(p.Template)
	e164 := make([]byte, 0, len(shown))
	for i, b := range shown {
		if b == '#' {
			b = '0' + byte(r.intn(10))
			shown[i] = b
		}
		if b == '+' || b >= '0' && b <= '9' {
			e164 = append(e164, b)
		}
	}
	return phone{e164: string(e164), shown: string(shown), mobile: p.Place == ""}
}

// country is the company's own more often than not.
func (s *seeder) country() country {
	if s.random.chance(60) {
		return s.home
	}
	return pick(&s.random, countries())
}

// freePhone is a number nobody has yet; the ranges of all countries hold many times what a
// company needs.
func (s *seeder) freePhone() phone {
	for {
		if p, ok := s.freePhoneOf(s.country()); ok {
			return p
		}
	}
}

// freePhoneOf is a number of a country that nobody has yet, if one is found at once: a small
// country may be used up.
func (s *seeder) freePhoneOf(c country) (phone, bool) {
	for range 5 {
		p := pick(&s.random, c.Ranges).draw(&s.random)
		if !s.taken[p.e164] {
			p.country = c.Code
			return p, true
		}
	}
	return phone{}, false
}

func (s *seeder) newPhone() phone {
	p := s.freePhone()
	s.taken[p.e164] = true
	return p
}

// An office is a place where users sit or lines ring.
type office struct {
	country country
	phoneRange
}

// openOffices are two at home and two abroad, the first of them on another continent.
func (s *seeder) openOffices() {
	abroad := slices.DeleteFunc(slices.Clone(countries()), func(c country) bool { return c.Code == s.home.Code })
	shuffle(&s.random, abroad)
	if far := slices.IndexFunc(abroad, func(c country) bool { return !s.near(c.Ranges[0].Zone, s.home.Ranges[0].Zone) && c.Code != "AU" }); !s.isNew() {
		abroad[0], abroad[far] = abroad[far], abroad[0]
	}
	for _, c := range []country{s.home, s.home, abroad[0], abroad[1]} {
		s.offices = append(s.offices, s.officeIn(c))
	}
}

func (s *seeder) officeIn(c country) office {
	for {
		if r := pick(&s.random, c.Ranges); r.Place != "" {
			return office{c, r}
		}
	}
}
