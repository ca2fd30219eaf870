package fakeaircall

import (
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // the zones of lines and users, also where the machine has none
)

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
