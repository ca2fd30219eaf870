package fakeaircall

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/brianvoe/gofakeit/v6"
)

// The ids in the documentation's examples. Every account that is not empty has them.
const (
	documentedCall    = 12345
	documentedContact = 5678
)

// An amount is how many entities of each kind an account starts with.
type amount struct{ users, numbers, teams, tags, contacts, calls int }

// amounts has an entry for the first account of a server, one for the second, and so on; the last one is for all others.
// The amounts include the owner, the first line, the system tags and the sound-test contact.
var amounts = map[Scale][]amount{
	ScaleEmpty: {{users: 1, numbers: 1, tags: len(systemTags), contacts: 1}},
	ScaleSmall: {
		{users: 8, numbers: 4, teams: 3, tags: 13, contacts: 31, calls: 60},
		{users: 7, numbers: 4, teams: 3, tags: 12, contacts: 27, calls: 54},
		{users: 6, numbers: 3, teams: 2, tags: 11, contacts: 23, calls: 48},
	},
	ScaleTeam: {
		{users: 120, numbers: 60, teams: 45, tags: 55, contacts: 400, calls: 2000},
		{users: 90, numbers: 54, teams: 42, tags: 52, contacts: 310, calls: 1500},
		{users: 66, numbers: 44, teams: 41, tags: 45, contacts: 230, calls: 1100},
	},
	ScaleLarge: {
		{users: 400, numbers: 150, teams: 100, tags: 120, contacts: 5000, calls: 20_000},
		{users: 300, numbers: 112, teams: 75, tags: 90, contacts: 3750, calls: 15_000},
		{users: 220, numbers: 82, teams: 55, tags: 66, contacts: 2750, calls: 11_000},
	},
}

// amount returns the amount of account i.
func (o Options) amount(i int) amount {
	a := amountOf(o.Scale, i)
	if i == 0 && o.Calls > 0 {
		a.calls = max(o.Calls, liveCalls+1)
	}
	return a
}

func amountOf(scale Scale, i int) amount {
	lines := amounts[scale]
	return lines[min(i, len(lines)-1)]
}

//go:embed seed/*.json
var seedFiles embed.FS

// readSeed reads a file of the folder seed, which is part of the program.
func readSeed[T any](name string) *T {
	data, err := seedFiles.ReadFile("seed/" + name + ".json")
	if err != nil {
		panic(err)
	}
	v := new(T)
	if err := json.Unmarshal(data, v); err != nil {
		panic(err)
	}
	return v
}

// A seeder fills one account. It draws the names of people, companies and towns from gofakeit, and everything else from the
// account's own sequence; seed_texts.go has the sentences.
type seeder struct {
	*tx
	fake    *gofakeit.Faker
	account Account
	amount  amount
	domain  string // of the users' e-mails
	start   int64
	founded int64 // when the owner signed up, which created the account
	settled int64 // when lines, teams, tags and most users existed

	home      country // where most of the customers are
	offices   []office
	taken     map[string]bool     // e-mails and phone numbers
	known     map[string][]string // phones of contacts, as calls show them, by country; all are under ""
	reachable string              // the documented contact's
	lines     []*line
	busy      map[int64]int64   // the end of a user's last call
	tagsOf    map[string][]*tag // that tagsNamed found
}

const day = 24 * 60 * 60 // seconds

// seedAccount returns the state of account i of a server, with everything that happened until start. The same arguments
// return the same state.
func seedAccount(a Account, o Options, i int, start time.Time) *state {
	st, _ := seedWithFixtures(a, o, i, start) // New has reported mistakes in the fixtures
	return st
}

// seedWithFixtures also returns the conflicts of the account's fixtures, whose forms are valid, with its data.
func seedWithFixtures(a Account, o Options, i int, start time.Time) (*state, FixtureMistakes) {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %d %s", o.Seed, i, a.Name)
	mixed := h.Sum64()
	st := newState(a.Name, mixed)
	assume, _ := o.assumedFor(a.Name) // New has reported mistakes
	t := &tx{state: &st, now: start, account: &account{Account: a, assume: assume}}
	s := &seeder{
		tx: t, account: a, amount: o.amount(i), start: t.unix(),
		fake:   gofakeit.New(int64(mixed | 1)), // 0 would mean a random seed
		domain: hostLabel(a.Name) + ".example.com",
		taken:  make(map[string]bool),
		known:  make(map[string][]string),
		busy:   make(map[int64]int64),
		tagsOf: make(map[string][]*tag),
	}
	s.company(i)
	s.seedUsers()
	s.seedTags()
	s.seedTeams()
	s.seedNumbers()
	s.seedContacts()
	s.seedCalls()
	s.seedDialer(random{mixed ^ 'd'<<56})
	if !s.isNew() {
		s.seedMessages(random{mixed ^ 'm'<<56})
		s.seedA2P(random{mixed ^ 'a'<<56})
		s.seedCampaign(random{mixed ^ 'c'<<56})
	}
	if a.Bearer != "" {
		s.integrations[o.Apps[0].ClientID] = &integration{Active: true}
	}
	fx := o.Fixtures[a.Name]
	if s.isNew() {
		s.makeRoom(fx)
	}
	return &st, s.addFixtures(fx, random{mixed ^ 'x'<<56})
}

// makeRoom removes the records of a new account that its fixtures replace, so that the account can have just the records of
// the fixtures: the owner and system tags that they have too, and the line and the contact if they have any. A record whose
// id an entry has stays: the entry changes it.
func (s *seeder) makeRoom(fx Fixtures) {
	owner := s.users.order[0]
	for _, x := range fx.Users {
		if x.Email != nil && strings.EqualFold(*x.Email, owner.Email) && x.ID != owner.ID {
			s.users.remove(owner.ID)
		}
	}
	line, contact := s.lines[0].ID, s.contacts.order[0].ID
	if fx.Numbers != nil && !slices.ContainsFunc(fx.Numbers, func(x NumberFixture) bool { return x.ID == line }) {
		s.numbers.remove(line)
		owner.DefaultNumberID = 0
	}
	if fx.Contacts != nil && !slices.ContainsFunc(fx.Contacts, func(x ContactFixture) bool { return x.ID == contact }) {
		s.contacts.remove(contact)
	}
	for _, x := range fx.Tags {
		g, ok := s.tags.first(func(g *tag) bool { return x.Name != nil && g.Name == *x.Name })
		if ok && g.ID != x.ID {
			s.tags.remove(g.ID)
		}
	}
}

// company sets the values of the account that belong to no resource.
func (s *seeder) company(i int) {
	s.name = s.firm()
	s.companyID = 400_000 + 1_009*int64(i) + int64(s.random.intn(1_000))
	s.last = idsBefore(i, s.start)
	s.dialing.lastID = 50_000 + 10_000*int64(i)
	s.founded = s.start - s.random.between(900*day, 1200*day)
	s.settled = s.start - 200*day
	s.home = countries()[s.random.intn(homes)]
	s.openOffices()
}

// isNew reports whether the account has only what Aircall creates in a new one.
func (s *seeder) isNew() bool { return s.amount.users == 1 }

// times returns n instants from from up to to, in order.
func (s *seeder) times(n int, from, to int64) []int64 {
	ts := make([]int64, n)
	for i := range ts {
		ts[i] = from + int64(s.random.intn(int(to-from)))
	}
	slices.Sort(ts)
	return ts
}

func (s *seeder) person() (first, last string) { return s.fake.FirstName(), s.fake.LastName() }

// firm returns the name of a company. It does not use gofakeit's Company, which returns real ones.
func (s *seeder) firm() string { return s.fake.LastName() + " " + s.fake.CompanySuffix() }

// email returns first.last at a domain, with a number after the name if that is taken.
func (s *seeder) email(first, last, domain string) string {
	local := hostLabel(first) + "." + hostLabel(last)
	address := local + "@" + domain
	for n := 2; s.taken[address]; n++ {
		address = local + strconv.Itoa(n) + "@" + domain
	}
	s.taken[address] = true
	return address
}

// hostLabel returns a name as part of a host or an address.
func hostLabel(name string) string {
	l := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r == ' ', r == '-', r == '_':
			return '-'
		}
		return -1
	}, strings.ToLower(name))
	return cmp.Or(strings.Trim(l, "-"), "x")
}

func pick[T any](r *random, from []T) T { return from[r.intn(len(from))] }

// between returns a number from least to most, both included.
func (r *random) between(least, most int) int64 { return int64(least + r.intn(most-least+1)) }

func shuffle[T any](r *random, s []T) {
	for i := len(s) - 1; i > 0; i-- {
		j := r.intn(i + 1)
		s[i], s[j] = s[j], s[i]
	}
}

// A deck deals its cards in random order, and all of them before it deals one again: so a small account also has what is
// rare.
type deck[T any] struct {
	cards []T
	dealt int
}

func newDeck[T any](cards ...T) *deck[T] { return &deck[T]{cards: slices.Clone(cards)} }

func (d *deck[T]) deal(r *random) T {
	if d.dealt == len(d.cards) {
		d.dealt = 0
	}
	if d.dealt == 0 {
		shuffle(r, d.cards)
	}
	d.dealt++
	return d.cards[d.dealt-1]
}
