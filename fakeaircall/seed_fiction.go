package fakeaircall

import (
	"cmp"
	"slices"

	"github.com/nyaruka/phonenumbers"
)

// Fiction makes up names, words and phone numbers with the makers of the seeded data. The same seed and the same sequence of
// calls give the same values. It is not safe for concurrent use.
type Fiction struct{ seeder *seeder }

// NewFiction returns a Fiction. Seed 0 means 1, as in Options.
func NewFiction(seed int64) *Fiction {
	mixed := uint64(cmp.Or(seed, 1))
	state := newState("", mixed)
	return &Fiction{&seeder{tx: &tx{state: &state}, fake: newFaker(mixed)}}
}

// FirstName returns the first name of a person.
func (f *Fiction) FirstName() string {
	first, _ := f.seeder.person()
	return first
}

// LastName returns the last name of a person.
func (f *Fiction) LastName() string {
	_, last := f.seeder.person()
	return last
}

// Company returns the name of a company that does not exist.
func (f *Fiction) Company() string { return f.seeder.firm() }

// Word returns a lower-case word of a placeholder text.
func (f *Fiction) Word() string { return f.seeder.fillerWord() }

// The syllables of Coinage.
var (
	onsets = []string{"b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "dr", "kl", "tr"}
	vowels = []string{"a", "e", "i", "o", "u", "ae", "io"}
	codas  = []string{"", "", "", "l", "n", "r", "s", "x"}
)

// Coinage returns a lower-case word that is made of random syllables: there are millions of them, for when no other maker
// has a value that is free.
func (f *Fiction) Coinage() string {
	r, word := &f.seeder.random, ""
	for range 3 + r.intn(2) {
		word += pick(r, onsets) + pick(r, vowels)
	}
	return word + pick(r, codas)
}

// Intn returns a number from 0 to n-1. It panics if n is not positive.
func (f *Fiction) Intn(n int) int { return f.seeder.random.intn(n) }

// Label returns a name as a part of a host or of an e-mail address.
func (f *Fiction) Label(name string) string { return hostLabel(name) }

// CountryOf returns the country of a phone number with its calling code, ISO 3166 alpha-2, or "" if it has none.
func (f *Fiction) CountryOf(phone string) string { return countryOf(phone) }

// Phone returns a number of a country as calls show it, and whether it is in a range that the country reserves for fiction:
// then a call reaches nobody. A mobile number is of such a range only if the country has one for mobile numbers. In a country
// without ranges the number has the form of a valid one, and may be somebody's. It returns "" for a country that is not known.
func (f *Fiction) Phone(code string, mobile bool) (shown string, reserved bool) {
	i := slices.IndexFunc(countries(), func(c country) bool { return c.Code == code })
	if i < 0 {
		return f.validPhone(code, mobile), false
	}
	ranges := slices.Clone(countries()[i].Ranges)
	if alike := slices.DeleteFunc(slices.Clone(ranges), func(r phoneRange) bool { return (r.Place == "") != mobile }); len(alike) > 0 {
		ranges = alike
	}
	return displayPhone(pick(&f.seeder.random, ranges).draw(&f.seeder.random).e164), true
}

// IsMobile reports whether a number is that of a mobile phone, as far as its country tells them apart.
func (f *Fiction) IsMobile(phone string) bool {
	n, err := phonenumbers.Parse(phone, "")
	return err == nil && phonenumbers.GetNumberType(n) == phonenumbers.MOBILE
}

// validPhone varies the last digits of the number that the numbering plan gives as an example.
func (f *Fiction) validPhone(code string, mobile bool) string {
	kind := phonenumbers.FIXED_LINE
	if mobile {
		kind = phonenumbers.MOBILE
	}
	example := phonenumbers.GetExampleNumberForType(code, kind)
	if example == nil {
		example = phonenumbers.GetExampleNumber(code)
	}
	if example == nil {
		return ""
	}
	e164 := []byte(phonenumbers.Format(example, phonenumbers.E164))
	const varied, tries = 5, 100
	for range tries {
		for i := max(len(e164)-varied, 4); i < len(e164); i++ {
			e164[i] = '0' + byte(f.seeder.random.intn(10))
		}
		if n, err := phonenumbers.Parse(string(e164), ""); err == nil && phonenumbers.IsValidNumberForRegion(n, code) {
			return displayPhone(string(e164))
		}
	}
	return displayPhone(phonenumbers.Format(example, phonenumbers.E164))
}
