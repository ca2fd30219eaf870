package fakeaircall

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Options says what a Server is. The zero value is three accounts with believable
// data on the real clock.
type Options struct {
	// Seed decides the data; 0 means 1. The same seed and the same Clock give
	// the same bytes.
	Seed int64

	// Scale is how much data the first account has, the others have less.
	// "" means ScaleTeam.
	Scale Scale

	// Calls is how many calls the first account starts with, if not as Scale
	// says; at most MaxCalls.
	Calls int

	// Clock is the time to begin at. Zero: the real time, which runs; any other
	// stands still until Advance or SetClock moves it, or Speed lets it run.
	Clock time.Time

	// Speed is how many seconds pass in one of real time, MaxSpeed at most. 0 is
	// 1 for the real clock and a standstill for one that Clock sets.
	Speed float64

	// Accounts are the companies; none means StandardAccounts.
	Accounts []Account

	// Fixtures are records that accounts begin with beside the seed's, by the name of
	// the account. New seeds those accounts at once, and its error is
	// FixtureMistakes if something is wrong. Reset makes them again; accounts that a
	// running server gets have none, and neither counts where Snapshot or Store say
	// what is there.
	Fixtures map[string]Fixtures

	// Apps are what the companies can install through OAuth; none means
	// StandardApp. The accounts' own bearer tokens are of the first.
	Apps []App

	// RateLimit is how many requests a company has a minute, over all of its
	// credentials. 0 means 120, which is Aircall's; NoRateLimit none.
	RateLimit int

	// Journal is how many requests are kept for Requests, MaxJournal at most. 0
	// means 1,000; NoJournal keeps none.
	Journal int

	// AllowUnknownRoutes lets a test of RunT ask for what Aircall does not have.
	// Without it such a request fails the test.
	AllowUnknownRoutes bool

	// Control makes the handler that answers below /_fake/ beside Aircall's API; New
	// calls it with the new server. nil: nothing is there. Package control has one:
	// control.New, or New of control.Options.
	Control func(*Server) (http.Handler, error)

	// TLS makes Listen and ListenControl speak TLS, and HTTP/2 with clients that can. It
	// needs a certificate. nil: plain HTTP.
	TLS *tls.Config

	// Deliveries says how events reach webhooks.
	Deliveries DeliveryOptions

	// Assume takes another answer to something nobody knows of Aircall: the id
	// of an assumption and one of its answers, see Assumptions.
	Assume map[string]string

	// Snapshot is what the server begins with, instead of what Seed, Scale, Calls
	// and Clock make. Its companies take the place of Accounts; an account of the
	// same name gives one its credentials.
	Snapshot *Snapshot

	// Store keeps what the server knows, so that a later server with the same store
	// goes on from there: Snapshot and what makes data then do not count. A write
	// that a client learns of is kept. nil: memory alone.
	Store Store

	// Wrap puts a handler of the caller's own around the server's: to log, to
	// count, to break something on purpose. nil: none. When the server's handler
	// returns, the Pattern of its request is the operation that was asked for, such as
	// create-a-contact, "control" for the control API, or "" for an unknown route.
	Wrap func(http.Handler) http.Handler
}

// DeliveryOptions say how events reach webhooks. The zero value delivers each
// once, in order, as long as the receiver answers.
type DeliveryOptions struct {
	// Duplicates is how many of a hundred deliveries come twice.
	Duplicates int

	// Shuffle lets deliveries come in another order than events happened: each
	// waits up to so long, an hour at most.
	Shuffle time.Duration

	// RootCAs are trusted in place of the system's when a receiver is https.
	RootCAs *x509.CertPool

	// Transport makes the requests, if not the fake's own does.
	Transport http.RoundTripper
}

func (o DeliveryOptions) check() error {
	switch {
	case o.Duplicates < 0 || o.Duplicates > 100:
		return fmt.Errorf("options: %d duplicates of a hundred deliveries: give 0 to 100", o.Duplicates)
	case o.Shuffle < 0 || o.Shuffle > time.Hour:
		return fmt.Errorf("options: deliveries shuffled by %s: give 0 to an hour", o.Shuffle)
	}
	return nil
}

// MaxCalls bounds Options.Calls; such a company takes about a gigabyte.
const MaxCalls = 1_000_000

// MaxSpeed is a day in 24 seconds.
const MaxSpeed = 3600

// MaxJournal bounds Options.Journal; a request takes some 40 kB at most.
const MaxJournal = 10_000

// NoJournal as Options.Journal keeps no requests.
const NoJournal = -1

// NoRateLimit as Options.RateLimit turns the limit off.
const NoRateLimit = -1

// Aircall's limit, by its reference of August 2026.
const defaultRateLimit = 120

// An Account is one company and the credentials that open it. APIID and
// APIToken go together; either kind may be missing.
type Account struct {
	Name     string
	APIID    string
	APIToken string
	Bearer   string

	// User is the e-mail of the company's first seeded user, for those who must
	// say which user an API key stands for. "" means owner@<name>.example.com.
	User string
}

// StandardAccounts returns the accounts of a Server whose Options.Accounts is nil: default, sales and support.
func StandardAccounts() []Account {
	names := []string{"default", "sales", "support"}
	accounts := make([]Account, len(names))
	for i, name := range names {
		accounts[i] = StandardAccount(name)
	}
	return accounts
}

// StandardAccount returns the account of a name with the credentials that it has if
// no others are given.
func StandardAccount(name string) Account {
	return Account{
		Name:     name,
		APIID:    "fake-" + name + "-id",
		APIToken: "fake-" + name + "-token",
		Bearer:   "fake-" + name + "-bearer",
		User:     ownerEmail(name),
	}
}

// An App is a partner's, which gets its tokens through OAuth: people allow it on
// /oauth/authorize, and it turns the code it then gets into a token.
type App struct {
	Name         string
	ClientID     string
	ClientSecret string

	// RedirectURIs are where people are sent back to. One of http on a loopback
	// host without a port stands for every port.
	RedirectURIs []string
}

// StandardApp returns the OAuth app of a Server whose Options.Apps is nil.
func StandardApp() App {
	return App{
		Name: "aircallkit", ClientID: "fake-client-id", ClientSecret: "fake-client-secret",
		RedirectURIs: []string{"https://app.example.com/oauth/callback", "http://127.0.0.1/oauth/callback", "http://localhost/oauth/callback"},
	}
}

func ownerEmail(account string) string { return "owner@" + account + ".example.com" }

// A Scale is an amount of seeded data.
type Scale string

// The scales. ScaleEmpty is a new company: its owner, a line, the system tags and a contact
// to test the sound with, without the documented ids; ScaleTeam fills several pages of everything.
const (
	ScaleEmpty Scale = "empty"
	ScaleSmall Scale = "small"
	ScaleTeam  Scale = "team"
	ScaleLarge Scale = "large"
)

// Scales lists the scales, smallest first.
func Scales() []Scale { return []Scale{ScaleEmpty, ScaleSmall, ScaleTeam, ScaleLarge} }

// complete replaces zero values by their defaults, and refuses invalid ones.
func (o Options) complete() (Options, error) {
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Scale == "" {
		o.Scale = ScaleTeam
	}
	if !slices.Contains(Scales(), o.Scale) {
		return o, fmt.Errorf("options: scale %q is none of %v", o.Scale, Scales())
	}
	if o.Calls < 0 || o.Calls > MaxCalls || o.Calls > 0 && o.Scale == ScaleEmpty {
		return o, fmt.Errorf("options: %d calls at scale %q: give 0 to %d, and none at %q", o.Calls, o.Scale, MaxCalls, ScaleEmpty)
	}
	if o.RateLimit == 0 {
		o.RateLimit = defaultRateLimit
	}
	if o.RateLimit < NoRateLimit {
		return o, fmt.Errorf("options: rate limit %d: give requests a minute, or NoRateLimit", o.RateLimit)
	}
	if o.Journal == 0 {
		o.Journal = defaultRequestLog
	}
	if o.Journal < NoJournal || o.Journal > MaxJournal {
		return o, fmt.Errorf("options: a journal of %d requests: give 1 to %d, or NoJournal", o.Journal, MaxJournal)
	}
	if !(o.Speed >= 0 && o.Speed <= MaxSpeed) {
		return o, fmt.Errorf("options: speed %g: give 0 to %d", o.Speed, MaxSpeed)
	}
	if o.Speed == 0 && o.Clock.IsZero() {
		o.Speed = 1
	}
	if err := o.Deliveries.check(); err != nil {
		return o, err
	}
	if len(o.Accounts) == 0 {
		o.Accounts = StandardAccounts()
	}
	o.Accounts = slices.Clone(o.Accounts)
	o.Fixtures = maps.Clone(o.Fixtures)
	if len(o.Apps) == 0 {
		o.Apps = []App{StandardApp()}
	}
	o.Apps = slices.Clone(o.Apps)
	for i, a := range o.Apps {
		if err := a.Check(); err != nil {
			return o, fmt.Errorf("options: app %d: %w", i+1, err)
		}
		if slices.ContainsFunc(o.Apps[:i], func(b App) bool { return b.ClientID == a.ClientID }) {
			return o, fmt.Errorf("options: app %q has the client id of another", a.Name)
		}
		o.Apps[i].RedirectURIs = slices.Clone(a.RedirectURIs)
	}
	o.Clock = o.Clock.UTC()
	for i := range o.Accounts {
		if err := o.Accounts[i].complete(o.Accounts[:i]); err != nil {
			return o, err
		}
	}
	return o, nil
}

// Check says what is wrong with an app by itself, and never quotes its secret.
func (a App) Check() error {
	switch {
	case a.Name == "":
		return errors.New("the app has no name")
	case a.ClientID == "" || a.ClientSecret == "":
		return fmt.Errorf("app %q needs a client id and a client secret", a.Name)
	case len(a.RedirectURIs) == 0:
		return fmt.Errorf("app %q has no redirect URI", a.Name)
	}
	for _, s := range a.RedirectURIs {
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.Contains(s, "#") {
			return fmt.Errorf("app %q: redirect URI %q is no http address without user and fragment", a.Name, s)
		}
	}
	return nil
}

func (a *Account) complete(before []Account) error {
	if a.Name == "" {
		return fmt.Errorf("options: account %d has no name", len(before)+1)
	}
	if err := a.Check(before...); err != nil {
		return fmt.Errorf("options: %w", err)
	}
	if a.User == "" {
		a.User = ownerEmail(a.Name)
	}
	return nil
}

// Check says what is wrong with an account by itself and beside others, and never quotes a credential.
func (a Account) Check(others ...Account) error {
	switch {
	case (a.APIID == "") != (a.APIToken == ""):
		return fmt.Errorf("account %q has half an API key: give both its id and its token", a.Name)
	case a.APIID == "" && a.Bearer == "":
		return fmt.Errorf("account %q has no credentials", a.Name)
	}
	for _, b := range others {
		switch {
		case b.Name == a.Name:
			return fmt.Errorf("two accounts are called %q", a.Name)
		case a.APIID != "" && b.APIID == a.APIID && b.APIToken == a.APIToken, a.Bearer != "" && b.Bearer == a.Bearer:
			return fmt.Errorf("accounts %q and %q have the same credentials", b.Name, a.Name)
		}
	}
	return nil
}
