package pull

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A Report says what was read, replaced and left out. It holds counts and words of aircallkit, and nothing of the account.
type Report struct {
	Requests int             `json:"requests"`
	Clock    time.Time       `json:"clock"` // of the twin
	Accounts []AccountReport `json:"accounts"`

	Replaced map[string]int `json:"replaced"`         // different values, by kind
	Stayed   []string       `json:"stayed"`           // kinds of settings
	Unknown  map[string]int `json:"unknown_settings"` // values that are not known, and got the default, by field

	NotCarried []string `json:"not_carried"`
	Notes      []string `json:"notes"`
}

// An AccountReport is the part of a report about an account, by its name in the twin.
type AccountReport struct {
	Name     string            `json:"name"`
	Total    map[string]int    `json:"total"`   // entries that the account has, by kind, if the API says so
	Read     map[string]int    `json:"read"`    // entries that were read
	Written  map[string]int    `json:"written"` // entries of the file, with those that were added
	Added    map[string]int    `json:"added"`   // entries that the examples of the documentation need
	Refused  []string          `json:"refused"` // kinds that the plan refuses with 403
	Features map[string]string `json:"features"`
	Notes    []string          `json:"notes"`

	Systemic  int `json:"system_tags"`            // tags that the fake has anyway
	Phoneless int `json:"contacts_without_phone"` // they got one, which the file needs
	Dropped   int `json:"calls_not_carried"`      // incomplete, on a line that is gone, or in progress for long
}

func newReport(accounts []*source) *Report {
	rep := &Report{
		Stayed: []string{
			"time zones", "languages", "countries", "availability and status", "opening of numbers", "directions", "missed call reasons",
			"colors of tags", "names of system tags", "events of webhooks", "usual labels", "membership of numbers and teams", "durations",
			"hours and weekdays of calls",
		},
		NotCarried: []string{
			"messages and conversations", "campaigns", "recordings and transcripts", "costs", "IVR choices", "integrations",
			"private contacts", "extensions of users, which are numbered anew",
		},
		Notes: []string{},
	}
	for _, s := range accounts {
		r := AccountReport{Total: s.total, Read: map[string]int{}, Written: map[string]int{}, Added: map[string]int{}, Refused: append([]string{}, s.refused...), Features: s.features, Notes: []string{}}
		for _, k := range kinds {
			r.Read[k.name] = len(s.records[k.name])
			if n, ok := s.total[k.name]; ok && n > k.most && k.name != contacts && k.name != calls {
				r.note("%d of %d %s were read: pull reads at most %d", r.Read[k.name], n, k.name, k.most)
			}
		}
		rep.Accounts = append(rep.Accounts, r)
	}
	return rep
}

func (r *Report) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

func (r *AccountReport) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// unused notes records of a new account of the fake that nothing replaces.
func (r *AccountReport) unused(user, number bool) {
	if user {
		r.note("no users were read: the twin has the one that every account of the fake has")
	}
	if number {
		r.note("no numbers were read, so the twin has no numbers and no calls")
	}
}

// written counts the entries of the file.
func (r *AccountReport) written(fx *fakeaircall.Fixtures) {
	r.Written = map[string]int{
		users: len(fx.Users), numbers: len(fx.Numbers), teams: len(fx.Teams), tags: len(fx.Tags) + r.Systemic,
		webhooks: len(fx.Webhooks), contacts: len(fx.Contacts), calls: len(fx.Calls),
	}
	for _, kind := range []string{contacts, calls} {
		if n := r.Added[kind]; n > 0 {
			r.note("%s added for the examples of the documentation", amount(n, kind))
		}
	}
	if missing := len(systemTags()) - r.Systemic; missing > 0 {
		r.note("the account lacks %d of the system tags; the twin has them all", missing)
	}
	if r.Phoneless > 0 {
		r.note("%s got a made-up phone number: a contact of the file needs one", amount(r.Phoneless, "contacts"))
	}
	if r.Dropped > 0 {
		r.note("%s left out: on a number that does not exist, with incomplete times, or in progress for long", amount(r.Dropped, "calls"))
	}
}

// fill sets what is known when the twin is complete.
func (m *maker) fill(r *Report) {
	r.Replaced, r.Unknown = m.count(), m.unknown
	outside := 0
	for _, shown := range m.made[madePhone] {
		if m.unreserved[shown] {
			outside++
		}
	}
	if outside > 0 {
		r.note("%s in a country that reserves none for fiction: do not call them, they may be in use", amount(outside, "made-up phone numbers"))
	}
}

// amount returns a number and the noun for it, whose plural is given.
func amount(n int, plural string) string {
	if n != 1 {
		return fmt.Sprintf("%d %s", n, plural)
	}
	noun, of, _ := strings.Cut(plural, "s of ") // names of numbers
	switch {
	case of != "":
		return "1 " + noun + " of " + of
	case strings.HasSuffix(plural, "ies"):
		return "1 " + strings.TrimSuffix(plural, "ies") + "y"
	case strings.HasSuffix(plural, "sses"):
		return "1 " + strings.TrimSuffix(plural, "es")
	}
	return "1 " + strings.TrimSuffix(plural, "s")
}

// Lines returns the report for people.
func (r *Report) Lines() (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, a := range r.Accounts {
		var parts []string
		for _, k := range kinds {
			switch n, total := a.Written[k.name]-a.Added[k.name], a.Total[k.name]; {
			case slices.Contains(a.Refused, k.name):
				parts = append(parts, k.name+" refused with 403")
			case total > n:
				parts = append(parts, fmt.Sprintf("%d of %d %s", n, total, k.name))
			default:
				parts = append(parts, amount(n, k.name))
			}
		}
		say("account %q: %s", a.Name, strings.Join(parts, ", "))
		for _, feature := range slices.Sorted(maps.Keys(a.Features)) {
			if a.Features[feature] == "no" {
				say("account %q: the plan does not have %s (403)", a.Name, feature)
			}
		}
		for _, n := range a.Notes {
			say("account %q: %s", a.Name, n)
		}
	}
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(r.Replaced)) {
		parts = append(parts, amount(r.Replaced[kind], kind))
	}
	say("replaced: %s", strings.Join(parts, ", "))
	say("stayed: %s", strings.Join(r.Stayed, ", "))
	for _, field := range slices.Sorted(maps.Keys(r.Unknown)) {
		say("not known, so the default: %s of %s", amount(r.Unknown[field], "values"), field)
	}
	say("not carried: %s", strings.Join(r.NotCarried, ", "))
	for _, n := range r.Notes {
		say("%s", n)
	}
	return lines
}
