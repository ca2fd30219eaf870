package conformance

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Kinds of target.
const (
	kindFake = "fake" // in this process: fresh, on a fixed clock, without a rate limit
	kindURL  = "url"
	kindLive = "live"
)

const liveURL = "https://api.aircall.io"

// start is the time of the in-process fakes. Their data goes back half a year from here.
var start = time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)

// target is the API under test.
type target struct {
	kind      string
	url       string // for the report
	server    string // its name for itself
	redactor  *redactor
	open      bool // values of the target are stored, to test what finds them
	accounts  map[string]binding.Account
	http      *http.Client
	runner    *binding.Runner
	fake      *fakeaircall.Server // nil unless in-process
	control   *fakeControl        // of a fake that scenarios may drive; nil: they may not
	served    bool                // by another process, in a sandbox
	madeUp    bool                // by another process on this machine, which says that it is our fake
	stop      func() error        // called by close; may be nil
	holdings  map[string]*holding // what was read of the API, by account and collection
	unsettled atomic.Bool         // a contact that was created never appeared
	kept      map[seen]bool       // replies that were compared with their envelope
	answers   map[string]any      // what was found out once for the run
	pause     func(context.Context, time.Duration) error
	now       func() time.Time // of this machine

	byAuth     map[string]string // accounts by the header of their requests
	main       string            // the account that scenarios use; "": the default
	writes     bool              // scenarios may change the target
	writesTo   string            // in this account only; "": in any
	rehearsal  bool              // only requests are counted; replies are not judged
	limit      int               // requests a minute to an account; 0: no known limit
	budget     int               // requests to an account in the run; 0: no bound
	spent      atomic.Int32      // requests that were refused by the rate limit until they were given up
	network    *http.Transport   // below everything
	companies  sync.Map          // identities of companies, by account
	production []string          // accounts whose companies are never changed
	pacer      *pacer
}

// newTarget makes the target that Options.Target names. It sends nothing.
func newTarget(o Options) (*target, error) {
	kind, base, accounts := kindLive, "", o.Accounts
	switch o.Target {
	case "", kindFake:
		return newFake(fakeaircall.Options{Seed: o.Seed, Clock: start, RateLimit: fakeaircall.NoRateLimit, Assume: o.Assume, Wrap: o.Wrap})
	case kindLive:
	default:
		u, err := url.Parse(o.Target)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("target %q: give fake, live or an address such as http://127.0.0.1:8787", o.Target)
		}
		if u.User != nil {
			return nil, fmt.Errorf("target %s holds credentials: set AIRCALL_API_ID and AIRCALL_API_TOKEN instead", u.Host)
		}
		if len(accounts) == 0 && Loopback(u) {
			accounts = FakeAccounts(fakeaircall.StandardAccounts(), "")
		}
		kind, base = kindURL, strings.TrimRight((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String(), "/")
	}
	t, err := newRemote(kind, base, accounts)
	if err != nil {
		return nil, err
	}
	if o.tune != nil {
		o.tune(t.network)
	}
	if o.pause != nil {
		t.pause = o.pause
	}
	return t, nil
}

// newFake starts a fake of our own on loopback.
func newFake(o fakeaircall.Options) (*target, error) {
	s, err := fakeaircall.New(o)
	if err != nil {
		return nil, fmt.Errorf("start the fake: %w", err)
	}
	if err := s.Listen("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the fake: %w", err)
	}
	t := &target{kind: kindFake, url: s.URL(), fake: s, control: controlOf(s), stop: s.Close, accounts: FakeAccounts(s.Accounts(), s.URL())}
	return t, t.connect()
}

// newRemote takes the address from each account when base is empty.
func newRemote(kind, base string, accounts map[string]binding.Account) (*target, error) {
	if len(accounts) == 0 {
		return nil, fmt.Errorf("target %s needs credentials: set AIRCALL_API_ID and AIRCALL_API_TOKEN, or AIRCALL_ACCESS_TOKEN", kind)
	}
	t := &target{kind: kind, url: base, accounts: map[string]binding.Account{}}
	for name, a := range accounts {
		switch {
		case base != "":
			a.URL = base
		case a.URL == "":
			a.URL = liveURL
		}
		a.URL = strings.TrimRight(a.URL, "/")
		a.URL = strings.TrimSuffix(strings.TrimSuffix(a.URL, "/v1"), "/v2")
		t.accounts[name] = a
	}
	if t.url == "" {
		t.url = t.accounts[t.first()].URL
	}
	return t, t.connect()
}

// connect makes the client for the checks and the runner for the scripts, with one chain of transports.
func (t *target) connect() error {
	// Over HTTP/2 a write that the server broke off could be sent twice unseen.
	http1 := new(http.Protocols)
	http1.SetHTTP1(true)
	t.byAuth = map[string]string{}
	for name, a := range t.accounts {
		t.byAuth[authorization(a)] = name
	}
	t.now = time.Now
	t.network = &http.Transport{Proxy: http.ProxyFromEnvironment, Protocols: http1}
	t.pacer = &pacer{next: t.network, t: t, accounts: map[string]*allowance{}}
	// The guard comes before the recorder, because what it refuses is not recorded; the retrier before the pacer, because each
	// attempt counts.
	chain := &guard{&recorder{&retrier{next: t.pacer, t: t}, t}, t}
	t.redactor = newRedactor(t.kind != kindFake, t.secrets()...)
	t.redactor.idle = t.kind == kindFake
	t.redactor.allow(append(t.names(), t.url)...)
	t.http = &http.Client{
		Transport: chain,
		Timeout:   30 * time.Second,
		// A redirect would send the credentials elsewhere; Aircall never redirects.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.holdings, t.answers, t.kept = map[string]*holding{}, map[string]any{}, map[seen]bool{}
	t.pause = wait
	var err error
	t.runner, err = t.newRunner(t.accounts, patience)
	return err
}

// patience lets a script wait for a new minute of the rate limit twice.
const patience = 150 * time.Second

// newRunner makes the runner of the scripts.
func (t *target) newRunner(accounts map[string]binding.Account, timeout time.Duration) (*binding.Runner, error) {
	r, err := binding.New(binding.Config{
		Accounts:       accounts,
		DefaultAccount: t.first(),
		Transport:      t.http.Transport,
		Limits:         binding.Limits{Timeout: timeout, Result: most},
	})
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return r, nil
}

func (t *target) close() {
	if t.stop != nil {
		_ = t.stop()
	}
	t.network.CloseIdleConnections()
}

// first returns the account that a script uses unless it names one.
func (t *target) first() string {
	if _, ok := t.accounts["default"]; ok {
		return cmp.Or(t.main, "default")
	}
	return cmp.Or(t.main, t.names()[0])
}

func (t *target) names() []string { return slices.Sorted(maps.Keys(t.accounts)) }

// private reports whether values of the target must not be stored.
func (t *target) private() bool { return (t.kind != kindFake || t.served) && !t.madeUp && !t.open }

// here reports whether the target is on this machine, so that its values may be shown to the person in front of it.
func (t *target) here() bool {
	u, err := url.Parse(t.url)
	return err == nil && Loopback(u)
}

// moves reports whether a collection may change by itself between two requests: others work in an account, and on a server on
// this machine the clock moves and calls go on.
func (t *target) moves(collection string) bool {
	return t.kind == kindLive || t.kind == kindURL && (collection == "calls" || !t.here())
}

// local reports whether the target is a server on this machine and not called live: nobody else works with it.
func (t *target) local() bool { return t.kind != kindLive && t.here() }

// Loopback reports whether a URL leads to this machine.
func Loopback(u *url.URL) bool { return wirecheck.Loopback(u) }

// FakeAccounts returns the accounts of a fake for the binding, by name. url is the address of the fake, and may be empty.
func FakeAccounts(of []fakeaircall.Account, url string) map[string]binding.Account {
	out := map[string]binding.Account{}
	for _, a := range of {
		out[a.Name] = binding.Account{APIID: a.APIID, APIToken: a.APIToken, User: a.User, URL: url}
	}
	return out
}

// authorization returns the header value for the account. An API key has priority over a token, as in the binding.
func authorization(a binding.Account) string {
	if a.APIID != "" {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(a.APIID+":"+a.APIToken))
	}
	return "Bearer " + a.AccessToken
}

// secrets returns the credentials of the accounts.
func (t *target) secrets() (out []string) {
	for _, a := range t.accounts {
		if a.APIID != "" {
			out = append(out, a.APIID, a.APIToken, a.APIID+":"+a.APIToken)
		}
		if a.AccessToken != "" {
			out = append(out, a.AccessToken)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
