package pull

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// usualLabels are the labels of phones and e-mails that stay. Any other may be a name.
var usualLabels = []string{"Work", "Home", "Mobile", "Main", "Other", "Office", "Fax", "Private", "Personal", "Business"}

// Kinds of values that are replaced, as the report names them.
const (
	madeFirst   = "first names"
	madeLast    = "last names"
	madeCompany = "companies"
	madeEmail   = "e-mail addresses"
	madePhone   = "phone numbers"
	madeText    = "texts"
	madeLine    = "names of numbers"
	madeTeam    = "names of teams"
	madeTag     = "names of tags"
	madeLabel   = "labels"
	madeURL     = "URLs of webhooks"
	madeHost    = "domains"
)

// A maker makes the replacements. Each depends on the seed and on how many came before, and not on the value that it
// replaces, except that it holds nothing that was read. The same value always gets the same replacement.
type maker struct {
	options    Options
	fiction    *fakeaircall.Fiction
	seen       *seen
	made       map[string]map[string]string // replacements, by kind and folded value
	taken      map[string]bool              // replacements that must be unique, by kind and value
	home       string                       // country of a phone that says none
	unreserved map[string]bool              // phone numbers in no range for fiction
	unknown    map[string]int               // settings with a value that is not known, by field
	err        error
}

func newMaker(o Options, s *seen) *maker {
	return &maker{options: o, fiction: fakeaircall.NewFiction(o.Seed), seen: s, made: map[string]map[string]string{}, taken: map[string]bool{}, home: "GB",
		unreserved: map[string]bool{}, unknown: map[string]int{}}
}

var errNoReplacement = errors.New("no replacement was found that the account does not hold already: choose another --seed")

// replace returns the replacement of a value, which key identifies. "" stands for a value that the source does not have, and
// gets another replacement each time.
func (m *maker) replace(kind, key string, draw func(try int) string) string {
	if key == "" {
		return m.draw(draw)
	}
	if m.made[kind] == nil {
		m.made[kind] = map[string]string{}
	}
	v, ok := m.made[kind][key]
	if !ok {
		v = m.draw(draw)
		m.made[kind][key] = v
	}
	return v
}

// mostTries is how often a value is drawn. The later tries should draw from more values.
const mostTries = 500

// draw draws values until one holds nothing that was read.
func (m *maker) draw(draw func(try int) string) string {
	for try := range mostTries {
		if v := draw(try); v != "" && m.seen.find(v) == "" {
			return v
		}
	}
	m.err = errNoReplacement
	return "none"
}

// unique returns a drawer that gives no value twice for a kind.
func (m *maker) unique(kind string, draw func(try int) string) func(try int) string {
	return func(try int) string {
		v := draw(try)
		if key := kind + "\x00" + fold(v); v != "" && !m.taken[key] && m.seen.find(v) == "" {
			m.taken[key] = true
			return v
		}
		return ""
	}
}

// firstTries is after how many tries a name or a word is made of syllables.
const firstTries = 60

func (m *maker) name(draw func() string) func(int) string {
	return func(try int) string {
		if try < firstTries {
			return draw()
		}
		return title(m.fiction.Coinage())
	}
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func (m *maker) firstName(name string) string {
	return m.replace(madeFirst, fold(name), m.name(m.fiction.FirstName))
}

func (m *maker) lastName(name string) string {
	return m.replace(madeLast, fold(name), m.name(m.fiction.LastName))
}

func (m *maker) company(name string) string {
	return m.replace(madeCompany, fold(name), func(try int) string {
		if try < firstTries {
			return m.fiction.Company()
		}
		return title(m.fiction.Coinage()) + " Group"
	})
}

// words returns n words of a placeholder text.
func (m *maker) words(n int) []string {
	words := make([]string, n)
	for i := range words {
		words[i] = m.draw(func(try int) string {
			if try < firstTries {
				return m.fiction.Word()
			}
			return m.fiction.Coinage()
		})
	}
	return words
}

const (
	longestName  = 5  // words of a name that is made up
	longestWords = 60 // words of another text
)

// namedLike returns a name with as many words as another, which no other of its kind has.
func (m *maker) namedLike(kind, name string) string {
	n := min(max(len(strings.Fields(name)), 1), longestName)
	return m.replace(kind, fold(name), m.unique(kind, func(try int) string {
		words := m.words(n)
		if try > 0 {
			words[0] = m.fiction.Coinage()
		}
		for i := range words {
			words[i] = title(words[i])
		}
		return strings.Join(words, " ")
	}))
}

// text returns a text with as many words as another.
func (m *maker) text(text string) string {
	n := min(max(len(strings.Fields(text)), 1), longestWords)
	return m.replace(madeText, fold(text), func(int) string {
		words := m.words(n)
		words[0] = title(words[0])
		if n > 2 {
			words[n-1] += "."
		}
		return strings.Join(words, " ")
	})
}

// label returns a usual label as it is, and a word in the place of any other.
func (m *maker) label(label string) string {
	if i := slices.IndexFunc(usualLabels, func(l string) bool { return strings.EqualFold(l, label) }); i >= 0 {
		return usualLabels[i]
	}
	return m.replace(madeLabel, fold(label), func(int) string { return title(m.words(1)[0]) })
}

// email returns an address for a person in the place of another, at a domain that stands for its domain.
func (m *maker) email(address, first, last string) string {
	address = fold(address)
	at := strings.LastIndex(address, "@")
	domain := m.replace(madeHost, address[at+1:], m.unique(madeHost, func(try int) string {
		if try < firstTries {
			return m.fiction.Label(m.fiction.LastName()) + ".example.com"
		}
		return m.fiction.Coinage() + ".example.com"
	}))
	return m.replace(madeEmail, address, m.unique(madeEmail, func(try int) string {
		local := m.fiction.Label(first) + "." + m.fiction.Label(last)
		if try > 0 {
			local = m.fiction.Label(first) + "." + m.fiction.Coinage()
		}
		return local + "@" + domain
	}))
}

// nationalDigits is how many digits of a phone number identify it, with and without its country.
const nationalDigits = 9

// phone returns a number of the same country. Two forms of a number get the same.
func (m *maker) phone(number, country string) string {
	digits := notDigits.ReplaceAllString(number, "")
	key := digits[max(0, len(digits)-nationalDigits):]
	if key == "" {
		key = fold(number)
	}
	return m.replace(madePhone, key, m.freshPhone(number, country))
}

// reserving are countries with ranges for fiction, for when those of another are used up.
var reserving = []string{"FR", "AU", "GB", "DE", "US"}

func (m *maker) freshPhone(number, country string) func(try int) string {
	if strings.HasPrefix(number, "00") {
		number = "+" + number[2:]
	}
	mobile := m.fiction.IsMobile(number)
	if of := m.fiction.CountryOf(number); of != "" {
		country = of
	}
	return m.unique(madePhone, func(try int) string {
		switch {
		case try < 2*firstTries:
		case try < 4*firstTries:
			country, mobile = reserving[try%len(reserving)], false
		default:
			country = reserving[try%len(reserving)]
		}
		shown, reserved := m.fiction.Phone(country, mobile && try < firstTries)
		if shown == "" {
			country = m.home
			return ""
		}
		m.unreserved[shown] = !reserved
		return shown
	})
}

// url returns a URL of the same form, at a host that nobody can have. Its query goes.
func (m *maker) url(url string) string {
	return m.replace(madeURL, fold(url), m.unique(madeURL, func(try int) string {
		path, _, _ := strings.Cut(url, "?")
		_, path, _ = strings.Cut(path, "://")
		made := "https://" + m.words(1)[0] + ".invalid"
		for i := range min(strings.Count(strings.TrimRight(path, "/"), "/"), longestName) {
			word := m.words(1)[0]
			if i == 0 && try > 0 {
				word = m.fiction.Coinage()
			}
			made += "/" + word
		}
		if try > 0 && strings.Count(made, "/") == 2 {
			made = "https://" + m.fiction.Coinage() + ".invalid"
		}
		return made
	}))
}

// count returns how many values of each kind were replaced.
func (m *maker) count() map[string]int {
	counts := map[string]int{}
	for kind, values := range m.made {
		counts[kind] = len(values)
	}
	return counts
}

// clip shortens a text to so many characters.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) > most {
		return strings.TrimSpace(string([]rune(text)[:most]))
	}
	return text
}

// fail returns why the twin cannot be made.
func (m *maker) fail() error {
	if m.err != nil {
		return fmt.Errorf("make the twin: %w", m.err)
	}
	return nil
}
