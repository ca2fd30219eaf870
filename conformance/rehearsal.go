package conformance

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
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
	o.Accounts, o.MaxRequests, o.Production, o.Journal, o.tune = accounts, 0, nil, "", nil
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
