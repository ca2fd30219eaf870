package conformance

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// forecast is what a run will send to each account, by purpose, and what it will change.
type forecast struct {
	run, skipped int // scenarios
	requests     map[string]map[string]int
	made, events map[string]int // contacts that are created, and contact events, by account
	took         time.Duration
}

// forAccounts is the purpose of requests that belong to no scenario: they find out about the accounts and what these hold.
const forAccounts = "accounts"

// foresee counts the requests in a rehearsal: it runs the chosen scenarios against fakes in this process, which hold as much as
// the accounts of the target and refuse what those refuse.
func (r *run) foresee(ctx context.Context) (*forecast, error) {
	if names := r.target.names(); !r.target.local() && len(names) > 1 {
		for _, name := range names { // accounts of one company share their rate limit
			if _, err := r.target.identify(withExchanges(ctx, &exchangeList{}, forCheck), name); ctx.Err() != nil {
				return nil, err
			}
		}
	}
	sizes, asked := map[string]size{}, 0
	for _, account := range r.target.names() {
		of := size{total: map[string]int{}}
		asked = 0
		for _, path := range []string{"/v1/calls", "/v1/contacts", "/v2/users", "/v1/numbers", "/v1/tags", "/v1/webhooks", "/v1/teams"} {
			if name := path[len("/v1/"):]; r.reads(strings.TrimSuffix(name, "s")) {
				if err := of.measure(ctx, r.target, account, name, path); err != nil {
					return nil, err
				}
				asked++
			}
		}
		sizes[account] = of
	}
	f, err := r.rehearse(ctx, sizes)
	if err != nil || r.target.local() { // a run against this machine does not measure it first
		return f, err
	}
	for account := range sizes {
		f.add(account, forAccounts, asked)
	}
	return f, nil
}

// reads reports whether a chosen scenario may read a list of these.
func (r *run) reads(one string) bool {
	names := func(text string) bool { return strings.Contains(text, one) }
	return slices.ContainsFunc(r.plan, func(p *scenario.Scenario) bool {
		return !p.Has("@fake") && (slices.ContainsFunc(p.Tags, names) || slices.ContainsFunc(p.Steps, func(s scenario.Step) bool { return names(s.Text) }))
	})
}

// size is how much an account holds of each list, and the paths of the lists that its plan refuses.
type size struct {
	total   map[string]int
	refuses []string
}

// measure reads the total of a list. A list without one is taken to be as long as that of any fake.
func (s *size) measure(ctx context.Context, t *target, account, name, path string) error {
	r, err := t.ask(withExchanges(ctx, &exchangeList{}, forCheck), account, http.MethodGet, path+"?per_page=1", nil)
	var page struct{ Meta struct{ Total *int } }
	switch {
	case err != nil:
		return ctx.Err() // the scenarios will find out what is wrong with the target
	case r.status == http.StatusForbidden:
		s.refuses = append(s.refuses, path)
	case json.Unmarshal(r.body, &page) == nil && page.Meta.Total != nil:
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

// of returns the number of requests to an account.
func (f *forecast) of(account string) (n int) {
	for _, of := range f.requests[account] {
		n += of
	}
	return n
}

// total returns the number of requests to all accounts.
func (f *forecast) total() (n int) {
	for account := range f.requests {
		n += f.of(account)
	}
	return n
}

func scenarios(n int) string { return report.Plural(n, "scenario") }

// lines returns the forecast for people.
func (f *forecast) lines(t *target) (out []string) {
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf("plan: "+format, args...)) }
	say("%s will run and %d will be skipped", scenarios(f.run), f.skipped)
	for _, account := range t.names() {
		of := f.requests[account]
		say("account %q: %s: %d by scripts, %d by checks, %d to undo, %d to look at the account",
			account, report.Plural(f.of(account), "request"), of[forScript], of[forCheck]+of[forControl], of[forUndo], of[forAccounts])
	}
	for _, account := range t.names() {
		if n := f.events[account]; n > 0 {
			say("account %q: colleagues will see %s come and go, and every webhook of the company will get about %s",
				account, report.Plural(f.made[account], "contact"), report.Plural(n, "contact event"))
		}
	}
	limit := ""
	if t.limit > 0 {
		limit = fmt.Sprintf(", below the limit of %d requests a minute", t.limit)
	}
	say("it takes %s%s; no account gets more than %d requests, a fifth of them reserved for undoing", roughly(f.took), limit, t.budget)
	return out
}

// roughly returns a time as people say it.
func roughly(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return "some seconds"
	case d < 100*time.Second:
		return fmt.Sprintf("about %d seconds", int(d.Round(10*time.Second).Seconds()))
	}
	return fmt.Sprintf("about %s", report.Plural(int(d.Round(time.Minute).Minutes()), "minute"))
}

// inspect finds out about the target before the first scenario, and plans the requests of the run.
func (r *run) inspect(ctx context.Context, say func([]string)) error {
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
		r.undoLog.path = cmp.Or(r.opts.UndoLog, filepath.Join(StateDir(), r.id+".undolog"))
	}
	if r.target.local() && r.target.limit == 0 {
		return nil // it takes seconds
	}
	return r.showPlan(ctx, say)
}

// showPlan says how many requests the run will make, and bounds it: no account gets more than twice as many as the busiest one
// needs, and some more for a run of a few requests.
func (r *run) showPlan(ctx context.Context, say func([]string)) (err error) {
	if r.forecast, err = r.foresee(ctx); err != nil {
		return err
	}
	most := 0
	for account := range r.forecast.requests {
		most = max(most, r.forecast.of(account))
	}
	r.target.budget = cmp.Or(r.opts.MaxRequests, 2*most+2*perPage)
	say(r.forecast.lines(r.target))
	return nil
}

// Plan writes to Stdout what Run would do with these options, and how many requests it would make. It sends only requests that
// find out about the target.
func Plan(ctx context.Context, o Options) (err error) {
	r, err := prepareShipped(o)
	if err != nil {
		return err
	}
	defer r.target.close()
	defer func() { err = r.target.redactor.err(err) }()
	out := r.target.redactor.writer(o.Stdout, true)
	say := func(lines []string) {
		if len(lines) > 0 {
			fmt.Fprintln(out, strings.Join(lines, "\n"))
		}
	}
	if r.target.kind == kindFake {
		say([]string{fmt.Sprintf("plan: %s will run against a fake of this process; nothing is sent anywhere", scenarios(len(r.plan)))})
		return nil
	}
	if err := r.inspect(ctx, say); err != nil || r.forecast != nil {
		return err
	}
	return r.showPlan(ctx, say)
}

// rehearsal is the transport of a rehearsal: a fake for each company of the target answers. It counts the requests.
type rehearsal struct {
	t      *target                        // of the rehearsal
	fakes  map[string]*fakeaircall.Server // by account
	sizes  map[string]size
	counts *forecast
	mu     sync.Mutex
}

// rehearse runs the chosen scenarios as the run will run them, but against fakes of these sizes in this process, whose
// clocks move on whenever the run waits.
func (r *run) rehearse(ctx context.Context, sizes map[string]size) (*forecast, error) {
	f := &forecast{requests: map[string]map[string]int{}, made: map[string]int{}, events: map[string]int{}}
	h := &rehearsal{fakes: map[string]*fakeaircall.Server{}, sizes: sizes, counts: f}
	companies := map[string]*fakeaircall.Server{}
	for i, name := range r.target.names() {
		company := r.target.payer(name)
		if companies[company] == nil {
			fake, err := sizes[name].fake(fakeaircall.Options{
				Seed: max(r.opts.Seed, 1) + int64(i), Clock: start, RateLimit: fakeaircall.NoRateLimit, Wrap: r.opts.Wrap, Assume: r.opts.Assume,
				Accounts: []fakeaircall.Account{{Name: name, User: r.target.accounts[name].User, APIID: planID, APIToken: planToken}},
			}, name)
			if err != nil {
				return nil, fmt.Errorf("plan: start a fake: %w", err)
			}
			defer fake.Close()
			companies[company] = fake
		}
		h.fakes[name] = companies[company]
	}
	o := r.opts
	o.Accounts, o.MaxRequests, o.Production = r.target.accounts, 0, nil
	o.tune, o.pause = nil, func(ctx context.Context, d time.Duration) error {
		for _, fake := range companies {
			fake.Advance(d)
		}
		return ctx.Err()
	}
	again, err := prepareShipped(o)
	if err != nil {
		return nil, err
	}
	defer again.target.close()
	h.t = again.target
	again.print = func(report.Scenario) {}
	again.target.rehearsal, again.target.redactor.personal = true, false
	again.target.now, again.target.pacer.next = h.fakes[r.target.first()].Now, h
	if _, err := again.target.preflight(ctx); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	again.target.limit = r.target.limit
	clear(again.target.pacer.accounts) // the first requests were sent without the limit of a server on this machine
	before := again.countFirst(ctx)
	if err := again.execute(ctx); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	again.leftovers(ctx, before)
	for _, sc := range again.results {
		if sc.Status == report.Skipped {
			f.skipped++
		} else {
			f.run++
		}
	}
	f.took = again.target.now().Sub(start)
	return f, ctx.Err()
}

// The credentials of the fakes in a rehearsal.
const (
	planID    = "plan-id-0123456789abcdef"
	planToken = "plan-token-0123456789abcdef"
)

// RoundTrip counts a request and lets the fake of its account answer it, or refuses it as the plan of the account does.
func (h *rehearsal) RoundTrip(req *http.Request) (*http.Response, error) {
	account := h.t.byAuth[req.Header.Get("Authorization")]
	fake := h.fakes[cmp.Or(account, h.t.first())]
	req = req.Clone(req.Context())
	if account != "" {
		req.SetBasicAuth(planID, planToken)
	}
	handler := fake.Handler()
	if slices.ContainsFunc(h.sizes[account].refuses, func(path string) bool { return strings.HasPrefix(req.URL.Path, path) }) {
		handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"error":"Forbidden","troubleshoot":"Your plan does not have this"}`)
		})
	}
	resp := answer(handler, req)
	h.mu.Lock()
	defer h.mu.Unlock()
	e, _ := req.Context().Value(purposeKey{}).(entry)
	switch {
	case account == "":
	case e.exchanges == nil || e.exchanges.undo == nil: // of no scenario
		h.counts.add(account, forAccounts, 1)
	default:
		h.counts.add(account, e.purpose, 1)
	}
	if strings.HasPrefix(req.URL.Path, "/v1/contacts") && req.Method != http.MethodGet && resp.StatusCode/100 == 2 {
		h.counts.events[account]++
		if req.URL.Path == "/v1/contacts" {
			h.counts.made[account]++
		}
	}
	return resp, nil
}

// fake makes a fake whose account holds about as much as the size says. The scale brings users, numbers, tags and different kinds
// of calls.
func (s size) fake(o fakeaircall.Options, account string) (*fakeaircall.Server, error) {
	calls, known := s.total["calls"]
	switch o.Calls = calls; {
	case known && calls == 0:
		o.Scale = fakeaircall.ScaleEmpty
	case s.total["contacts"] < 400 || s.total["users"] < 120:
		o.Scale = fakeaircall.ScaleSmall
	}
	fake, err := fakeaircall.New(o)
	if err != nil {
		return nil, err
	}
	_, n, err := fake.Account(account).Contacts(fakeaircall.Query{Limit: 1})
	for ; err == nil && n < s.total["contacts"]; n++ {
		_, err = fake.Account(account).AddContact(fakeaircall.ContactFixture{
			FirstName:    new(fmt.Sprint("Contact", n)),
			PhoneNumbers: []fakeaircall.DetailFixture{{Label: new("Work"), Value: new(fmt.Sprintf("+33639980%d", 100+n%900))}},
			Emails:       []fakeaircall.DetailFixture{{Label: new("Work"), Value: new(fmt.Sprintf("contact%d@example.com", n))}},
		})
	}
	if err != nil {
		return nil, errors.Join(err, fake.Close())
	}
	return fake, nil
}
