package conformance

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/features"
)

// forecast is what a run will ask of each account, by purpose, and what it will change.
type forecast struct {
	run, skipped int // scenarios
	requests     map[string]map[string]int
	made, events map[string]int // contacts that are made, and events of contacts, by account
	took         time.Duration
}

// forAccounts is the purpose of requests that belong to no scenario: whose the accounts are, and what they hold.
const forAccounts = "accounts"

// foresee counts by doing: it rehearses the chosen scenarios against fakes of this process, which hold as much as the
// accounts of the target and refuse what those refuse.
func (r *run) foresee(ctx context.Context) (*forecast, error) {
	if names := r.target.names(); !r.target.local() && len(names) > 1 {
		for _, name := range names { // accounts of one company share their rate limit
			if _, err := r.target.identify(withJournal(ctx, &journal{}, forCheck), name); ctx.Err() != nil {
				return nil, err
			}
		}
	}
	sizes, sent := map[string]size{}, 0
	for _, account := range r.target.names() {
		of := size{total: map[string]int{}}
		for _, l := range lists {
			if !r.reads(strings.TrimSuffix(l.name, "s")) {
				continue
			}
			if err := of.measure(ctx, r.target, account, l.name, l.path); err != nil {
				return nil, err
			}
			sent++
		}
		sizes[account] = of
	}
	f, err := r.rehearse(ctx, sizes)
	if err != nil || r.target.local() { // a run against this machine does not look at it first
		return f, err
	}
	for account := range sizes {
		f.add(account, forAccounts, sent/len(sizes))
	}
	return f, nil
}

// reads says whether a chosen scenario may read a list of these.
func (r *run) reads(one string) bool {
	return slices.ContainsFunc(r.plan, func(p *scenario.Scenario) bool {
		if p.Has("@fake") {
			return false
		}
		return slices.ContainsFunc(p.Steps, func(s scenario.Step) bool { return strings.Contains(s.Text, one) }) ||
			slices.ContainsFunc(p.Tags, func(tag string) bool { return strings.Contains(tag, one) })
	})
}

// lists are what an account is measured by.
var lists = []struct{ name, path string }{
	{"calls", "/v1/calls"}, {"contacts", "/v1/contacts"}, {"users", "/v2/users"}, {"numbers", "/v1/numbers"},
	{"tags", "/v1/tags"}, {"webhooks", "/v1/webhooks"}, {"teams", "/v1/teams"},
}

// size is how much an account holds of each list, and the paths of the lists that its plan refuses.
type size struct {
	total   map[string]int
	refuses []string
}

// measure reads the total of a list. One that does not tell is taken to be as long as that of any fake.
func (s *size) measure(ctx context.Context, t *target, account, name, path string) error {
	r, err := t.ask(withJournal(ctx, &journal{}, forCheck), account, http.MethodGet, path+"?per_page=1", nil)
	switch {
	case err != nil:
		return ctx.Err() // what is wrong with the target is for the scenarios to find
	case r.status == http.StatusForbidden:
		s.refuses = append(s.refuses, path)
		return nil
	}
	var page struct {
		Meta struct {
			Total *int `json:"total"`
		} `json:"meta"`
	}
	if json.Unmarshal(r.body, &page) == nil && page.Meta.Total != nil {
		s.total[name] = min(max(*page.Meta.Total, 0), farthest+perPage) // nothing is read beyond
	}
	return nil
}

func (f *forecast) add(account, purpose string, n int) {
	if f.requests[account] == nil {
		f.requests[account] = map[string]int{}
	}
	f.requests[account][purpose] += n
}

func (f *forecast) of(account string) (n int) {
	for _, of := range f.requests[account] {
		n += of
	}
	return n
}

// total is the number of requests to all accounts.
func (f *forecast) total() (n int) {
	for account := range f.requests {
		n += f.of(account)
	}
	return n
}

func scenarios(n int) string { return report.Plural(n, "scenario") }

// budget is twice what the busiest account will be asked, and some more for a run of a few requests.
func (f *forecast) budget() int {
	most := 0
	for account := range f.requests {
		most = max(most, f.of(account))
	}
	return 2*most + 2*perPage
}

// lines tell the forecast to people.
func (f *forecast) lines(t *target) (out []string) {
	out = append(out, fmt.Sprintf("plan: %s will run and %d will be skipped", scenarios(f.run), f.skipped))
	for _, account := range t.names() {
		of := f.requests[account]
		out = append(out, fmt.Sprintf("plan: account %q: %s: %d by scripts, %d by checks, %d to undo, %d to look at the account",
			account, report.Plural(f.of(account), "request"), of[forScript], of[forCheck]+of[forControl], of[forUndo], of[forAccounts]))
	}
	for _, account := range t.names() {
		if n := f.events[account]; n > 0 {
			out = append(out, fmt.Sprintf("plan: account %q: colleagues will see %s come and go, and every webhook of the company gets some %s",
				account, report.Plural(f.made[account], "contact"), report.Plural(n, "contact event")))
		}
	}
	long := "it takes " + roughly(f.took)
	if t.limit > 0 {
		long += fmt.Sprintf(", below the limit of %d requests a minute", t.limit)
	}
	return append(out, fmt.Sprintf("plan: %s; no account is asked more than %d times, a fifth of them kept back to undo", long, t.budget))
}

// roughly is a time as people say it.
func roughly(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return "some seconds"
	case d < 100*time.Second:
		return fmt.Sprintf("about %d seconds", int(d.Round(10*time.Second).Seconds()))
	}
	return fmt.Sprintf("about %s", report.Plural(int(d.Round(time.Minute).Minutes()), "minute"))
}

// meet finds out about the target, before a scenario asks it anything, and how much of it the run will ask.
func (r *run) meet(ctx context.Context, say func([]string)) error {
	lines, err := r.target.preflight(ctx)
	if err == nil {
		err = r.target.protect(ctx)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return err
	}
	say(lines)
	if r.target.kind == kindFake {
		return nil
	}
	if r.target.writes {
		r.ledger.path = cmp.Or(r.opts.Journal, filepath.Join(StateDir(), r.id+".journal"))
	}
	if r.target.local() {
		return nil
	}
	return r.plans(ctx, say)
}

// plans says what the run will ask, and bounds it by that.
func (r *run) plans(ctx context.Context, say func([]string)) error {
	if r.target.rehearsal {
		return nil
	}
	f, err := r.foresee(ctx)
	if err != nil {
		return err
	}
	r.forecast = f
	r.target.budget = cmp.Or(r.opts.MaxRequests, f.budget())
	say(f.lines(r.target))
	return nil
}

// Plan tells Stdout what Run would do with these options, and how many requests it would make. It sends none but those
// that find out about the target.
func Plan(ctx context.Context, o Options) (err error) {
	plan, err := scenario.Shipped()
	if err != nil {
		return err
	}
	r, err := prepare(o, features.FS, plan)
	if err != nil {
		return err
	}
	defer r.target.close()
	redactor := r.target.redactor
	defer func() { err = redactor.err(err) }()
	o.Stdout = redactor.writer(o.Stdout, true)
	say := func(lines []string) {
		if len(lines) > 0 {
			fmt.Fprintln(o.Stdout, strings.Join(lines, "\n"))
		}
	}
	if r.target.kind == kindFake {
		say([]string{fmt.Sprintf("plan: %s will run against a fake of this process; nothing is sent anywhere", scenarios(len(r.plan)))})
		return nil
	}
	if err := r.meet(ctx, say); err != nil || !r.target.local() {
		return err
	}
	r.opts.Accounts = r.target.accounts
	return r.plans(ctx, say)
}
