package fakeaircall

import (
	"slices"
	"time"
	_ "time/tzdata" // the zones of lines and users, also where the machine has none
)

// A country has numbers that its regulator promised to give to nobody, so that
// films may show them, and no call from here reaches a person.
type country struct {
	code     string // ISO 3166 alpha-2
	language string
	ranges   []phoneRange
}

// A phoneRange is a block of such numbers as they are shown, with # for any
// digit. Mobile and other ranges without a place serve no line.
type phoneRange struct {
	place    string
	zone     string // IANA
	template string
}

// homes are how many of the countries, from the first, have enough numbers for
// most of a company's contacts.
const homes = 4

// countries and their numbers for drama.
//
//   - US, CA: 555-0100 to 555-0199 of every area code; NANPA, ATIS-0300115.
//   - GB: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
//   - FR: ARCEP, numbering plan, decision 2018-0881, numbers for audiovisual works.
//   - DE: Bundesnetzagentur, notice 148/2021, "Drama Numbers".
//   - AU: ACMA, "Phone numbers for use in TV shows, films and creative works".
//   - SE: PTS, numbers for use in books, films and the like.
var countries = []country{
	{"GB", "en-GB", []phoneRange{
		{"London", "Europe/London", "+44 20 7946 0###"},
		{"Leeds", "Europe/London", "+44 113 496 0###"},
		{"Sheffield", "Europe/London", "+44 114 496 0###"},
		{"Nottingham", "Europe/London", "+44 115 496 0###"},
		{"Leicester", "Europe/London", "+44 116 496 0###"},
		{"Bristol", "Europe/London", "+44 117 496 0###"},
		{"Reading", "Europe/London", "+44 118 496 0###"},
		{"Birmingham", "Europe/London", "+44 121 496 0###"},
		{"Edinburgh", "Europe/London", "+44 131 496 0###"},
		{"Glasgow", "Europe/London", "+44 141 496 0###"},
		{"Liverpool", "Europe/London", "+44 151 496 0###"},
		{"Manchester", "Europe/London", "+44 161 496 0###"},
		{"Newcastle", "Europe/London", "+44 191 498 0###"},
		{"Cardiff", "Europe/London", "+44 29 2018 0###"},
		{"", "Europe/London", "+44 1632 960###"},
		{"", "Europe/London", "+44 7700 900###"},
	}},
	{"FR", "fr-FR", []phoneRange{
		{"Paris", "Europe/Paris", "+33 1 99 00 ## ##"},
		{"Nantes", "Europe/Paris", "+33 2 61 91 ## ##"},
		{"Lille", "Europe/Paris", "+33 3 53 01 ## ##"},
		{"Lyon", "Europe/Paris", "+33 4 65 71 ## ##"},
		{"Bordeaux", "Europe/Paris", "+33 5 36 49 ## ##"},
		{"", "Europe/Paris", "+33 6 39 98 ## ##"},
	}},
	{"US", "en-US", []phoneRange{
		{"New York", "America/New_York", "+1 212-555-01##"},
		{"Washington", "America/New_York", "+1 202-555-01##"},
		{"Boston", "America/New_York", "+1 617-555-01##"},
		{"Philadelphia", "America/New_York", "+1 215-555-01##"},
		{"Atlanta", "America/New_York", "+1 404-555-01##"},
		{"Miami", "America/New_York", "+1 305-555-01##"},
		{"Cleveland", "America/New_York", "+1 216-555-01##"},
		{"Pittsburgh", "America/New_York", "+1 412-555-01##"},
		{"Detroit", "America/Detroit", "+1 313-555-01##"},
		{"Chicago", "America/Chicago", "+1 312-555-01##"},
		{"Dallas", "America/Chicago", "+1 214-555-01##"},
		{"Houston", "America/Chicago", "+1 713-555-01##"},
		{"Austin", "America/Chicago", "+1 512-555-01##"},
		{"Minneapolis", "America/Chicago", "+1 612-555-01##"},
		{"St. Louis", "America/Chicago", "+1 314-555-01##"},
		{"New Orleans", "America/Chicago", "+1 504-555-01##"},
		{"Denver", "America/Denver", "+1 303-555-01##"},
		{"Salt Lake City", "America/Denver", "+1 801-555-01##"},
		{"Phoenix", "America/Phoenix", "+1 602-555-01##"},
		{"Los Angeles", "America/Los_Angeles", "+1 213-555-01##"},
		{"San Francisco", "America/Los_Angeles", "+1 415-555-01##"},
		{"San Diego", "America/Los_Angeles", "+1 619-555-01##"},
		{"Seattle", "America/Los_Angeles", "+1 206-555-01##"},
		{"Portland", "America/Los_Angeles", "+1 503-555-01##"},
		{"Las Vegas", "America/Los_Angeles", "+1 702-555-01##"},
	}},
	{"DE", "de-DE", []phoneRange{
		{"Berlin", "Europe/Berlin", "+49 30 23125###"},
		{"Frankfurt", "Europe/Berlin", "+49 69 90009###"},
		{"Hamburg", "Europe/Berlin", "+49 40 66969###"},
		{"Köln", "Europe/Berlin", "+49 221 4710###"},
		{"München", "Europe/Berlin", "+49 89 99998###"},
		{"", "Europe/Berlin", "+49 171 39200##"},
	}},
	{"AU", "en-AU", []phoneRange{
		{"Sydney", "Australia/Sydney", "+61 2 5550 ####"},
		{"Canberra", "Australia/Sydney", "+61 2 7010 ####"},
		{"Melbourne", "Australia/Melbourne", "+61 3 5550 ####"},
		{"Brisbane", "Australia/Brisbane", "+61 7 5550 ####"},
		{"Perth", "Australia/Perth", "+61 8 7010 ####"},
	}},
	{"CA", "en-CA", []phoneRange{
		{"Toronto", "America/Toronto", "+1 416-555-01##"},
		{"Montréal", "America/Toronto", "+1 514-555-01##"},
		{"Calgary", "America/Edmonton", "+1 403-555-01##"},
		{"Vancouver", "America/Vancouver", "+1 604-555-01##"},
	}},
	{"SE", "sv-SE", []phoneRange{
		{"Stockholm", "Europe/Stockholm", "+46 8 465 004 ##"},
		{"Göteborg", "Europe/Stockholm", "+46 31 390 06 ##"},
		{"Malmö", "Europe/Stockholm", "+46 40 628 04 ##"},
	}},
}

// A phone is one number in both of its forms.
type phone struct {
	e164, shown string
	mobile      bool
	country     string
}

func (p phoneRange) draw(r *random) phone {
	shown := []byte(p.template)
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
	return phone{e164: string(e164), shown: string(shown), mobile: p.place == ""}
}

// country is the company's own more often than not.
func (s *seeder) country() country {
	if s.random.chance(60) {
		return s.home
	}
	return pick(&s.random, countries)
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
		p := pick(&s.random, c.ranges).draw(&s.random)
		if !s.taken[p.e164] {
			p.country = c.code
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
	abroad := slices.DeleteFunc(slices.Clone(countries), func(c country) bool { return c.code == s.home.code })
	shuffle(&s.random, abroad)
	if far := slices.IndexFunc(abroad, func(c country) bool { return !s.near(c.ranges[0].zone, s.home.ranges[0].zone) && c.code != "AU" }); !s.isNew() {
		abroad[0], abroad[far] = abroad[far], abroad[0]
	}
	for _, c := range []country{s.home, s.home, abroad[0], abroad[1]} {
		s.offices = append(s.offices, s.officeIn(c))
	}
}

func (s *seeder) officeIn(c country) office {
	for {
		if r := pick(&s.random, c.ranges); r.place != "" {
			return office{c, r}
		}
	}
}

func (s *seeder) zone(name string) *time.Location {
	z, ok := s.zones[name]
	if !ok {
		var err error
		if z, err = time.LoadLocation(name); err != nil {
			z = time.UTC // not with tzdata
		}
		s.zones[name] = z
	}
	return z
}
