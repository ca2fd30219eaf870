package conformance

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/fakeaircall"
	controlapi "github.com/aircallkit/aircallkit/fakeaircall/control"
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
			if _, err := r.target.identify(withExchanges(ctx, &exchangeList{}, forCheck), name); ctx.Err() != nil {
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
	r, err := t.ask(withExchanges(ctx, &exchangeList{}, forCheck), account, http.MethodGet, path+"?per_page=1", nil)
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

// inspect finds out about the target, before a scenario asks it anything, and how much of it the run will ask.
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
		r.undoLog.path = cmp.Or(r.opts.UndoLog, filepath.Join(StateDir(), r.id+".journal"))
	}
	if r.target.local() {
		return nil
	}
	return r.showPlan(ctx, say)
}

// showPlan says what the run will ask, and bounds it by that.
func (r *run) showPlan(ctx context.Context, say func([]string)) error {
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
	if err := r.inspect(ctx, say); err != nil || !r.target.local() {
		return err
	}
	r.opts.Accounts = r.target.accounts
	return r.showPlan(ctx, say)
}

// stage is a server of this process that stands for the target in a rehearsal: a fake for each account, on clocks that
// move when the run waits. It counts what it is asked.
type stage struct {
	by map[string]*actor // by the header Authorization

	mu  sync.Mutex
	now time.Time
	f   *forecast
	all map[string]int // requests by account
}

// actor is the fake of an account, and the credentials that this takes.
type actor struct {
	name, authorization string
	fake                *fakeaircall.Server
	size                size
}

// rehearse runs the chosen scenarios against a stage, as the run will run them. Accounts without a size hold what a fake
// usually holds.
func (r *run) rehearse(ctx context.Context, sizes map[string]size) (*forecast, error) {
	s := &stage{
		by: map[string]*actor{}, now: start, all: map[string]int{},
		f: &forecast{requests: map[string]map[string]int{}, made: map[string]int{}, events: map[string]int{}},
	}
	accounts, closing, err := s.cast(r, sizes)
	defer closing()
	if err != nil {
		return nil, fmt.Errorf("plan: start a fake: %w", err)
	}
	front := httptest.NewServer(s)
	defer front.Close()
	o := r.opts
	o.Accounts, o.MaxRequests, o.Production, o.UndoLog, o.tune = accounts, 0, nil, "", nil
	o.Target = front.URL
	if !r.target.local() {
		o.Target = kindLive // with all that is not done to others
		for name, a := range accounts {
			a.URL = front.URL
			accounts[name] = a
		}
	}
	plan, err := scenario.Shipped()
	if err != nil {
		return nil, err
	}
	again, err := prepare(o, features.FS, plan)
	if err != nil {
		return nil, err
	}
	defer again.target.close()
	again.print = func(report.Scenario) {}
	again.target.rehearsal, again.target.redactor.personal = true, false
	again.target.now = s.time
	again.target.pause = s.pause
	if _, err := again.target.preflight(ctx); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	again.target.limit = r.target.limit
	before := again.countFirst(ctx)
	if err := again.execute(ctx); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	again.leftovers(ctx, before)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, sc := range again.report(start).Scenarios {
		if sc.Status == report.Skipped {
			s.f.skipped++
			continue
		}
		s.f.run++
		for _, x := range sc.Requests {
			s.f.add(x.Account, x.Purpose, 1)
		}
	}
	for account, n := range s.all {
		s.f.add(account, forAccounts, max(0, n-s.f.of(account)))
	}
	s.f.took = s.time().Sub(start)
	return s.f, nil
}

// cast starts a fake for each company, or one if the target is a fake that can be driven. It gives the accounts as the run
// is to have them: with a user if one is configured, by a key or a token as on the target.
func (s *stage) cast(r *run, sizes map[string]size) (accounts map[string]binding.Account, closing func(), err error) {
	fakes := map[string]*fakeaircall.Server{}
	closing = func() {
		for _, fake := range fakes {
			fake.Close()
		}
	}
	accounts = map[string]binding.Account{}
	prefix := "plan-"
	if r.target.hasStandardAccounts() {
		prefix = "fake-"
	}
	var all []fakeaircall.Account
	for _, name := range r.target.names() {
		all = append(all, fakeaircall.Account{Name: name, APIID: "fake-" + name + "-id", APIToken: "fake-" + name + "-token", Bearer: "fake-" + name + "-bearer"})
	}
	for i, a := range all {
		company := r.target.payer(a.Name)
		o := fakeaircall.Options{Seed: max(r.opts.Seed, 1) + int64(i), Clock: start, RateLimit: fakeaircall.NoRateLimit, Wrap: r.opts.Wrap, Assume: r.opts.Assume}
		if o.Accounts = []fakeaircall.Account{a}; r.target.drivable {
			company, o.Accounts, o.Control = "", all, controlapi.New
		}
		if fakes[company] == nil {
			if fakes[company], err = fakeaircall.New(sizes[a.Name].twin(o, a.Name)); err != nil {
				delete(fakes, company)
				return nil, closing, err
			}
		}
		fake := fakes[company]
		real := fake.Accounts()[0]
		if r.target.drivable {
			real = fake.Accounts()[i]
		}
		was, is := r.target.accounts[a.Name], binding.Account{APIID: prefix + a.Name + "-id", APIToken: prefix + a.Name + "-token"}
		takes := authorization(binding.Account{APIID: real.APIID, APIToken: real.APIToken})
		if was.User != "" {
			is.User = real.User
		}
		if was.APIID == "" {
			is.APIID, is.APIToken, is.AccessToken = "", "", prefix+a.Name+"-bearer"
			takes = authorization(binding.Account{AccessToken: real.Bearer})
		}
		accounts[a.Name] = is
		s.by[authorization(is)] = &actor{a.Name, takes, fake, sizes[a.Name]}
	}
	return accounts, closing, nil
}

// twin gives an account of a fake the size, as well as scales and fixtures can.
func (s size) twin(o fakeaircall.Options, account string) fakeaircall.Options {
	if s.total == nil {
		return o
	}
	less := func(list string, n int) bool { total, known := s.total[list]; return known && total < n }
	var has map[string]int // what the scale brings
	switch {
	case less("calls", 1):
		o.Scale, has = fakeaircall.ScaleEmpty, map[string]int{"users": 1, "tags": 6}
	case less("contacts", 400) || less("users", 120):
		o.Scale, has = fakeaircall.ScaleSmall, map[string]int{"users": 8, "numbers": 4, "contacts": 30, "tags": 10}
	default:
		o.Scale, has = fakeaircall.ScaleTeam, map[string]int{"users": 120, "numbers": 60, "contacts": 400, "tags": 55}
	}
	o.Calls = s.total["calls"]
	var more fakeaircall.Fixtures
	for n := has["contacts"]; n < s.total["contacts"]; n++ {
		more.Contacts = append(more.Contacts, fakeaircall.ContactFixture{
			FirstName:    new(fmt.Sprint("Contact", n)),
			PhoneNumbers: []fakeaircall.DetailFixture{{Label: new("Work"), Value: new(fmt.Sprintf("+33639980%d", 100+n%900))}},
			Emails:       []fakeaircall.DetailFixture{{Label: new("Work"), Value: new(fmt.Sprintf("contact%d@example.com", n))}},
		})
	}
	for n := has["users"]; n < s.total["users"]; n++ {
		more.Users = append(more.Users, fakeaircall.UserFixture{FirstName: new("User"), LastName: new(fmt.Sprint(n)), Email: new(fmt.Sprintf("user%d@example.com", n))})
	}
	for n := has["numbers"]; n < s.total["numbers"]; n++ {
		more.Numbers = append(more.Numbers, fakeaircall.NumberFixture{Name: new(fmt.Sprint("Line ", n)), Digits: new(fmt.Sprintf("+3363998%04d", 1000+n))})
	}
	for n := has["tags"]; n < s.total["tags"]; n++ {
		more.Tags = append(more.Tags, fakeaircall.TagFixture{Name: new(fmt.Sprint("tag ", n)), Color: new("#00bcd4")})
	}
	o.Fixtures = map[string]fakeaircall.Fixtures{account: more}
	return o
}

// time is what time it is on the stage.
func (s *stage) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// pause takes no time but that of the stage.
func (s *stage) pause(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	s.now = s.now.Add(d)
	s.mu.Unlock()
	for _, a := range s.by {
		a.fake.Advance(d)
	}
	return ctx.Err()
}

// ServeHTTP counts a request and lets the fake of its account answer it, unless the plan of the account refuses it.
func (s *stage) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	a := s.by[req.Header.Get("Authorization")]
	if a == nil { // credentials of a scenario, or the control API
		for _, a = range s.by {
			break
		}
		a.fake.Handler().ServeHTTP(w, req)
		return
	}
	req.Header.Set("Authorization", a.authorization)
	contacts := strings.HasPrefix(req.URL.Path, "/v1/contacts") && req.Method != http.MethodGet
	s.mu.Lock()
	s.all[a.name]++
	s.mu.Unlock()
	for _, path := range a.size.refuses {
		if strings.HasPrefix(req.URL.Path, path) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"error":"Forbidden","troubleshoot":"Your plan does not have this"}`)
			return
		}
	}
	answered := &statusKeeper{ResponseWriter: w}
	a.fake.Handler().ServeHTTP(answered, req)
	if contacts && answered.status/100 == 2 {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.f.events[a.name]++
		if req.URL.Path == "/v1/contacts" {
			s.f.made[a.name]++
		}
	}
}

// statusKeeper remembers the status of a reply.
type statusKeeper struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status and passes it on.
func (k *statusKeeper) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}

// Unwrap lets the fake reach the connection.
func (k *statusKeeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }
