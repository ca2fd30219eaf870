package conformance

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/features"
)

// forecast is what a run will ask of each account, by purpose.
type forecast struct {
	run, skipped int // scenarios
	requests     map[string]map[string]int
}

// foresee counts by doing: it plays the chosen scenarios against a fake of this process that has accounts of the same
// names, which takes a second and asks the target nothing. An account that holds more than the fake's costs more, as
// comparisons read a collection to its end; the budget leaves room for that.
func foresee(ctx context.Context, o Options) (*forecast, error) {
	fake := fakeaircall.Options{Seed: o.Seed, Clock: start, RateLimit: fakeaircall.NoRateLimit, Wrap: o.Wrap}
	for _, name := range slices.Sorted(maps.Keys(o.Accounts)) {
		fake.Accounts = append(fake.Accounts, fakeaircall.Account{Name: name, APIID: "fake-" + name + "-id", APIToken: "fake-" + name + "-token"})
	}
	s, err := fakeaircall.New(fake)
	if err == nil {
		err = s.Listen("127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("plan: start a fake: %w", err)
	}
	defer s.Close()
	o.Target, o.Accounts, o.Production, o.MaxRequests = s.URL(), FakeAccounts(s.Accounts(), ""), nil, 0
	plan, err := shipped()
	if err != nil {
		return nil, err
	}
	r, err := prepare(o, features.FS, plan)
	if err != nil {
		return nil, err
	}
	defer r.target.close()
	r.print = func(Scenario) {}
	if err := r.execute(ctx); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f := &forecast{requests: map[string]map[string]int{}}
	for _, sc := range r.report(start).Scenarios {
		if sc.Status == Skipped {
			f.skipped++
			continue
		}
		f.run++
		for _, x := range sc.Requests {
			if f.requests[x.Account] == nil {
				f.requests[x.Account] = map[string]int{}
			}
			f.requests[x.Account][x.Purpose]++
		}
	}
	return f, nil
}

func (f *forecast) of(account string) (n int) {
	for _, of := range f.requests[account] {
		n += of
	}
	return n
}

func scenarios(n int) string {
	if n == 1 {
		return "1 scenario"
	}
	return fmt.Sprintf("%d scenarios", n)
}

// budget is twice what the busiest account is asked on the fake, and as much as it takes to read every collection to
// where comparisons give up.
func (f *forecast) budget() int {
	most := 0
	for account := range f.requests {
		most = max(most, f.of(account))
	}
	return 2*most + len(collections)*farthest/perPage
}

// lines tell it to people. Accounts have a limit each, and scenarios ask one after the other, so the busiest decides.
func (f *forecast) lines(t *target) (out []string) {
	out = append(out, fmt.Sprintf("plan: %s will run and %d will be skipped", scenarios(f.run), f.skipped))
	var longest time.Duration
	for _, account := range t.names() {
		of := f.requests[account]
		out = append(out, fmt.Sprintf("plan: account %q: %d requests: %d by scripts, %d by checks, %d to undo", account, f.of(account), of[forScript], of[forCheck], of[forUndo]))
		a := &allowance{}
		a.set(t.limit)
		if over := float64(f.of(account)) - a.burst(); t.limit > 0 && over > 0 {
			longest = max(longest, time.Duration(over/a.perSecond()*float64(time.Second)))
		}
	}
	long := "it takes some seconds"
	if longest > 10*time.Second {
		long = fmt.Sprintf("it takes %v, below the limit of %d requests a minute", longest.Round(time.Second), t.limit)
	}
	return append(out, fmt.Sprintf("plan: %s; no account is asked more than %d times, a fifth of them kept back to undo", long, t.budget))
}

// meet finds out about the target, before a scenario asks it anything, and how much of it the run will ask.
func (r *run) meet(ctx context.Context, say func([]string)) error {
	lines, err := r.target.preflight(ctx)
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
	f, err := foresee(ctx, r.opts)
	if err != nil {
		return err
	}
	r.target.budget = cmp.Or(r.opts.MaxRequests, f.budget())
	say(f.lines(r.target))
	return nil
}

// Plan tells Stdout what Run would do with these options, and how many requests it would make. It sends none but those
// that find out about a target that is not on this machine.
func Plan(ctx context.Context, o Options) (err error) {
	plan, err := shipped()
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
	say := func(lines []string) { fmt.Fprintln(o.Stdout, strings.Join(lines, "\n")) }
	if r.target.kind == kindFake {
		say([]string{fmt.Sprintf("plan: %d scenarios will run against a fake of this process; nothing is sent anywhere", len(r.plan))})
		return nil
	}
	if err := r.meet(ctx, say); err != nil || !r.target.local() {
		return err
	}
	r.opts.Accounts = r.target.accounts
	return r.plans(ctx, say)
}
