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
			r.note("%d %s were added, which the examples of the documentation need", n, kind)
		}
	}
	if missing := len(systemTags()) - r.Systemic; missing > 0 {
		r.note("the account lacks %d of the system tags; the twin has them all", missing)
	}
	if r.Phoneless > 0 {
		r.note("%d contacts without a phone got one: a contact of the file needs it", r.Phoneless)
	}
	if r.Dropped > 0 {
		r.note("%d calls were left out: their number is gone, their times are not complete, or they are in progress for long", r.Dropped)
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
		r.note("%d made-up phone numbers are of countries that reserve none for fiction: they may be somebody's, so do not call them", outside)
	}
}

// Lines returns the report for people.
func (r *Report) Lines() (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, a := range r.Accounts {
		var parts []string
		for _, k := range kinds {
			switch n, total := a.Written[k.name], a.Total[k.name]; {
			case slices.Contains(a.Refused, k.name):
				parts = append(parts, k.name+" refused with 403")
			case total > n:
				parts = append(parts, fmt.Sprintf("%d of %d %s", n, total, k.name))
			default:
				parts = append(parts, fmt.Sprintf("%d %s", n, k.name))
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
		parts = append(parts, fmt.Sprintf("%d %s", r.Replaced[kind], kind))
	}
	say("replaced: %s", strings.Join(parts, ", "))
	say("stayed: %s", strings.Join(r.Stayed, ", "))
	for _, field := range slices.Sorted(maps.Keys(r.Unknown)) {
		say("not known, so the default: %d values of %s", r.Unknown[field], field)
	}
	say("not carried: %s", strings.Join(r.NotCarried, ", "))
	for _, n := range r.Notes {
		say("%s", n)
	}
	return lines
}
