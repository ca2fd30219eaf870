package fakeaircall

import (
	"fmt"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // the zones of lines and users, if the machine has none
)

// A line is a number with what the seeder of calls needs.
type line struct {
	*number
	zone  *time.Location
	staff []*user // the first is an early user
	teams []int64 // that its calls ring
}

// always reports whether the line is open round the clock. All others keep the office hours of their place.
func (l *line) always() bool { return l.AvailabilityStatus == "open" }

func (l *line) local(unix int64) time.Time { return time.Unix(unix, 0).In(l.zone) }

// officeHours reports whether it is Monday to Friday, 9 to 18.
func officeHours(t time.Time) bool {
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && t.Hour() >= 9 && t.Hour() < 18
}

// Aircall creates an account's first line a little after the owner signed up, as an American one with a name of a fixed
// form (recorded 2026-09-28). Accounts that have grown since have renamed theirs.
const firstLineAfter = 42 // seconds

var signUpOffice = office{
	country:    country{Code: "US"},
	phoneRange: phoneRange{"Chicago", "America/Chicago", "+1 312-555-01##"},
}

// silentLine is the index of a line that is always open and never records.
const silentLine = 3

// seedNumbers adds the lines. There is one for every kind of call: the first is always open and records, the second has
// hours, the third is an IVR, and the fourth does not record.
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
		id, phone := s.random.newID(&s.last.Number), where.draw(&s.random)
		for s.taken[phone.e164] {
			phone = where.draw(&s.random)
		}
		s.taken[phone.e164] = true
		n := &number{
			ID: id, Created: at, Name: name, Digits: phone.shown,
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

// teamsOf returns up to two teams for line i. The first line has at least one.
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

// lineName returns the place and the name of a line. It is near users; the first line is where the first users are.
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

// untouchedMessages returns the messages of a line that nobody changed: Aircall creates music and three spoken messages,
// and fills in the others where it shows them (recorded 2026-09-28, as are the forms of the URLs).
func untouchedMessages(r *random) messages {
	return messages{Waiting: madeUpMessage(r, "waiting", ""), Closed: spokenTrack(r), CallbackLater: spokenTrack(r), UnansweredCall: spokenTrack(r)}
}

const mediaTracks = "https://media-web.aircall.io/tracks/"

// madeUpMessage returns the URL of a message of a line in a country: music, a ringing tone, or speech.
func madeUpMessage(r *random, name, country string) string {
	switch name {
	case "waiting":
		return mediaTracks + "library/" + pick(r, []string{"acoustic_morning", "bossa_nova", "city_lights", "easy_piano", "soft_guitar"}) + ".mp3"
	case "ringing_tone":
		return mediaTracks + "ringing_tones/" + country + ".mp3"
	}
	return spokenTrack(r)
}

func spokenTrack(r *random) string {
	return mediaTracks + "tts/languages/en/voices/" + pick(r, []string{"amy", "brian", "joanna", "matthew"}) + "/" + r.hex(40) + ".mp3"
}

// messages returns what callers hear on a line. Most accounts record some of their messages.
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
		m.AfterHours, m.RingingTone = spokenTrack(&s.random), madeUpMessage(&s.random, "ringing_tone", n.Country)
	}
	return m
}

// staff gives every line users who are near, and every user a line. The first line has the owner and the attending users.
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
		if i+1 == silentLine { // the owner, who is in no call at start, is first
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

// defaultNumbers sets the default number of users: the last line they joined, or none. The owner's is the first line.
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

// A country has numbers that its regulator reserves for films, so that no call to them reaches a person.
type country struct {
	Code     string       `json:"code"` // ISO 3166 alpha-2
	Language string       `json:"language"`
	Ranges   []phoneRange `json:"ranges"`
}

// A phoneRange is a block of such numbers as they are shown, with # for any digit. Lines do not use ranges without a place,
// such as mobile ones.
type phoneRange struct {
	Place    string `json:"place"`
	Zone     string `json:"zone"` // IANA
	Template string `json:"template"`
}

// homes is how many of the countries, from the first, have enough numbers for most of an account's contacts.
const homes = 4

// countries returns the countries of seed/countries.json, with their numbers for drama.
//
//   - US, CA: 555-0100 to 555-0199 of every area code; NANPA, ATIS-0300115.
//   - GB: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
//   - FR: ARCEP, numbering plan, decision 2018-0881, numbers for audiovisual works.
//   - DE: Bundesnetzagentur, notice 148/2021, "Drama Numbers".
//   - AU: ACMA, "Phone numbers for use in TV shows, films and creative works".
//   - SE: PTS, numbers for use in books, films and the like.
var countries = sync.OnceValue(func() []country { return *readSeed[[]country]("countries") })

// A phone is a number in its two forms.
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

// country returns the account's home more often than any other country.
func (s *seeder) country() country {
	if s.random.chance(60) {
		return s.home
	}
	return pick(&s.random, countries())
}

// freePhone returns a number that is not taken. The ranges of all countries have many times what an account needs.
func (s *seeder) freePhone() phone {
	for {
		if p, ok := s.freePhoneOf(s.country()); ok {
			return p
		}
	}
}

// freePhoneOf returns a number of a country that is not taken. It reports false after a few tries: the numbers of a small
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

// An office is a place of users and lines.
type office struct {
	country country
	phoneRange
}

// openOffices chooses two offices at home and two abroad, the first of them on another continent.
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
