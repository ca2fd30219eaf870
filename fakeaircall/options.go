package fakeaircall

import (
	"cmp"
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

// Options configure a Server. The zero value is three accounts with realistic data on the real clock.
type Options struct {
	// Seed decides the data; 0 means 1. The same Seed and Clock give the same bytes.
	Seed int64

	// Scale is how much data the first account has; the others have less. "" means ScaleTeam.
	Scale Scale

	// Calls is the number of calls of the first account, MaxCalls at most; 0: as Scale says.
	Calls int

	// Clock is the time to begin at. The zero time means the real time, which runs. Another time stands still until
	// Advance or SetClock moves it, or Speed lets it run.
	Clock time.Time

	// Speed is how many seconds pass in one second of real time, MaxSpeed at most. 0 means 1 for the real time, and
	// a clock that stands still if Clock is set.
	Speed float64

	// Accounts are the accounts; none means StandardAccounts.
	Accounts []Account

	// Fixtures are records that accounts begin with, in addition to the seeded ones, by the name of the account; at
	// ScaleEmpty they replace the owner, the line, the contact and the system tags that they have too. New
	// seeds these accounts at once, and returns FixtureMistakes if something is wrong. Reset adds them again. They
	// have no effect on accounts that a running server gets, nor on those that come from Snapshot or Store.
	Fixtures map[string]Fixtures

	// Apps are the apps that accounts can install through OAuth; none means StandardApp. The accounts' own bearer
	// tokens belong to the first.
	Apps []App

	// RateLimit is how many requests an account has per minute, over all of its credentials. 0 means 120, which is
	// Aircall's limit; NoRateLimit turns it off.
	RateLimit int

	// RequestLog is how many requests the request log keeps, MaxRequestLog at most. 0 means 1,000; NoRequestLog keeps none.
	RequestLog int

	// AllowUnknownRoutes allows requests without a route in a test of RunT. Otherwise such a request fails the test.
	AllowUnknownRoutes bool

	// Control makes the handler of the paths below /_fake/; New calls it with the new server. nil: there are no such
	// paths. Package control has one: control.New, or New of control.Options.
	Control func(*Server) (http.Handler, error)

	// TLS makes Listen and ListenControl use TLS, and HTTP/2 with clients that support it. It needs a certificate.
	// nil: plain HTTP.
	TLS *tls.Config

	// BaseURL is the address that links and recordings name, such as that of a proxy in front of the server; http or https,
	// without a query. "" names the address that the client used.
	BaseURL string

	// Deliveries configure how events reach webhooks.
	Deliveries DeliveryOptions

	// Assume selects another answer where the behavior of Aircall is not known: the id of an assumption and one of
	// its answers, see Assumptions.
	Assume map[string]string

	// AssumeFor has the answers of single accounts, by the name of the account. They take precedence over Assume. An
	// account that a running server gets has those of its name, too.
	AssumeFor map[string]map[string]string

	// Snapshot is the state to begin with, instead of the one that Seed, Scale, Calls and Clock make. Its accounts
	// replace Accounts; an account of the same name gives one its credentials.
	Snapshot *Snapshot

	// Store keeps the state of the server, so that a later server with the same store continues from it; Snapshot and
	// the options that make data then have no effect. A client gets the reply to a write when the store has it.
	// nil: the state is only in memory.
	Store Store

	// OnRequest gets each request that enters the request log, without headers and bodies, before its reply is sent. The reply
	// waits for it, and it runs for several requests at once. nil: nobody asks.
	OnRequest func(Request)

	// OnDelivery gets each delivery, without its body, after each of its attempts and when the server drops it. It must not
	// call the server. nil: nobody asks.
	OnDelivery func(Delivery)

	// Wrap wraps the server's handler, for example to log requests. nil: it does not. When the server's handler
	// returns, the Pattern of the request is its operation, such as create-a-contact, "control" for the control API,
	// or "" for an unknown route.
	Wrap func(http.Handler) http.Handler
}

// DeliveryOptions configure how events reach webhooks. The zero value delivers each event once, in order, as long as the
// receiver answers.
type DeliveryOptions struct {
	// Duplicates is how many deliveries of a hundred are sent twice.
	Duplicates int

	// Shuffle delays each delivery by a random time up to this, so that their order is not that of the events; an
	// hour at most.
	Shuffle time.Duration

	// RootCAs are trusted instead of the system's for https receivers.
	RootCAs *x509.CertPool

	// Transport makes the requests; nil: the fake's own does.
	Transport http.RoundTripper
}

const (
	// MaxCalls limits Options.Calls; such an account needs about a gigabyte of memory.
	MaxCalls = 1_000_000

	// MaxSpeed is a day in 24 seconds.
	MaxSpeed = 3600

	// MaxRequestLog limits Options.RequestLog; a request needs about 40 kB at most.
	MaxRequestLog = 10_000

	// NoRequestLog as Options.RequestLog turns the request log off.
	NoRequestLog = -1

	// NoRateLimit as Options.RateLimit turns the limit off.
	NoRateLimit = -1
)

// Aircall's limit, by its reference of August 2026.
const defaultRateLimit = 120

// An Account is the name of an account and its credentials. APIID and APIToken go together; either kind of credentials
// may be missing.
type Account struct {
	Name     string
	APIID    string
	APIToken string
	Bearer   string

	// User is the e-mail of the account's first seeded user, for functions that must know which user an API key
	// stands for. "" means owner@<name>.example.com.
	User string
}

// StandardAccounts returns the accounts of a Server whose Options.Accounts is nil: default, sales and support.
func StandardAccounts() []Account {
	return []Account{StandardAccount("default"), StandardAccount("sales"), StandardAccount("support")}
}

// StandardAccount returns an account with the credentials that it has if no others are given.
func StandardAccount(name string) Account {
	return Account{
		Name:     name,
		APIID:    "fake-" + name + "-id",
		APIToken: "fake-" + name + "-token",
		Bearer:   "fake-" + name + "-bearer",
		User:     ownerEmail(name),
	}
}

// An App is a partner's app, which gets its tokens through OAuth: a person allows it on /oauth/authorize, and the app
// exchanges the code that it gets for a token.
type App struct {
	Name         string
	ClientID     string
	ClientSecret string

	// RedirectURIs are the addresses that a person can be sent back to. An http address on a loopback host without
	// a port matches every port.
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

// The scales. ScaleEmpty is a new account: its owner, a line, the system tags and a contact to test the sound with, without
// the documented ids. ScaleTeam fills several pages of every list.
const (
	ScaleEmpty Scale = "empty"
	ScaleSmall Scale = "small"
	ScaleTeam  Scale = "team"
	ScaleLarge Scale = "large"
)

// Scales returns the scales, smallest first.
func Scales() []Scale { return []Scale{ScaleEmpty, ScaleSmall, ScaleTeam, ScaleLarge} }

// complete replaces zero values by their defaults, and fails if a value is invalid.
func (o Options) complete() (Options, error) {
	o.Seed = cmp.Or(o.Seed, 1)
	o.Scale = cmp.Or(o.Scale, ScaleTeam)
	o.RateLimit = cmp.Or(o.RateLimit, defaultRateLimit)
	o.RequestLog = cmp.Or(o.RequestLog, defaultRequestLog)
	if o.Speed == 0 && o.Clock.IsZero() {
		o.Speed = 1
	}
	if len(o.Accounts) == 0 {
		o.Accounts = StandardAccounts()
	}
	if len(o.Apps) == 0 {
		o.Apps = []App{StandardApp()}
	}
	o.Accounts, o.Apps, o.Fixtures, o.Clock = slices.Clone(o.Accounts), slices.Clone(o.Apps), maps.Clone(o.Fixtures), o.Clock.UTC()
	if err := o.check(); err != nil {
		return o, fmt.Errorf("options: %w", err)
	}
	for i := range o.Apps {
		o.Apps[i].RedirectURIs = slices.Clone(o.Apps[i].RedirectURIs)
	}
	for i, a := range o.Accounts {
		o.Accounts[i].User = cmp.Or(a.User, ownerEmail(a.Name))
	}
	return o, nil
}

// assumedFor returns what an account assumes.
func (o Options) assumedFor(account string) (assumptions, error) {
	answers := maps.Clone(o.Assume)
	if answers == nil {
		answers = make(map[string]string)
	}
	maps.Copy(answers, o.AssumeFor[account])
	return assumed(answers)
}

// check fails if a value is invalid.
func (o Options) check() error {
	switch {
	case !slices.Contains(Scales(), o.Scale):
		return fmt.Errorf("scale %q is not one of %v", o.Scale, Scales())
	case o.Calls < 0 || o.Calls > MaxCalls || o.Calls > 0 && o.Scale == ScaleEmpty:
		return fmt.Errorf("%d calls at scale %q: give 0 to %d, and none at %q", o.Calls, o.Scale, MaxCalls, ScaleEmpty)
	case o.RateLimit < NoRateLimit:
		return fmt.Errorf("rate limit %d: give requests a minute, or NoRateLimit", o.RateLimit)
	case o.RequestLog < NoRequestLog || o.RequestLog > MaxRequestLog:
		return fmt.Errorf("a request log of %d requests: give 1 to %d, or NoRequestLog", o.RequestLog, MaxRequestLog)
	case o.BaseURL != "" && !isBaseURL(o.BaseURL):
		return fmt.Errorf("base URL %q: give an address such as https://aircall.example.com, without a user and a query", o.BaseURL)
	case !(o.Speed >= 0 && o.Speed <= MaxSpeed):
		return fmt.Errorf("speed %g: give 0 to %d", o.Speed, MaxSpeed)
	case o.Deliveries.Duplicates < 0 || o.Deliveries.Duplicates > 100:
		return fmt.Errorf("%d duplicates of a hundred deliveries: give 0 to 100", o.Deliveries.Duplicates)
	case o.Deliveries.Shuffle < 0 || o.Deliveries.Shuffle > time.Hour:
		return fmt.Errorf("deliveries shuffled by %s: give 0 to an hour", o.Deliveries.Shuffle)
	}
	if err := CheckClock(o.Clock); !o.Clock.IsZero() && err != nil {
		return err
	}
	for i, a := range o.Apps {
		if err := a.Check(); err != nil {
			return fmt.Errorf("app %d: %w", i+1, err)
		}
		if slices.ContainsFunc(o.Apps[:i], func(b App) bool { return b.ClientID == a.ClientID }) {
			return fmt.Errorf("app %.60q has the client id of another app", a.Name)
		}
	}
	for i, a := range o.Accounts {
		if a.Name == "" {
			return fmt.Errorf("account %d has no name", i+1)
		}
		if err := a.Check(o.Accounts[:i]...); err != nil {
			return err
		}
	}
	return nil
}

func isBaseURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && !strings.ContainsAny(s, "?#")
}

// Check fails if an app is invalid. The error never quotes its secret.
func (a App) Check() error {
	switch {
	case a.Name == "":
		return errors.New("the app has no name")
	case a.ClientID == "" || a.ClientSecret == "":
		return fmt.Errorf("app %.60q needs a client id and a client secret", a.Name)
	case len(a.RedirectURIs) == 0:
		return fmt.Errorf("app %.60q has no redirect URI", a.Name)
	}
	for _, s := range a.RedirectURIs {
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.Contains(s, "#") {
			return fmt.Errorf("app %.60q: redirect URI %.200q is not an http or https address without a user and a fragment", a.Name, s)
		}
	}
	return nil
}

// Check fails if an account is invalid, by itself or beside others. The error never quotes a credential.
func (a Account) Check(others ...Account) error {
	switch {
	case (a.APIID == "") != (a.APIToken == ""):
		return fmt.Errorf("account %.60q has half an API key: give both its id and its token", a.Name)
	case a.APIID == "" && a.Bearer == "":
		return fmt.Errorf("account %.60q has no credentials", a.Name)
	}
	for _, b := range others {
		switch {
		case b.Name == a.Name:
			return fmt.Errorf("two accounts have the name %q", a.Name)
		case a.APIID != "" && b.APIID == a.APIID && b.APIToken == a.APIToken, a.Bearer != "" && b.Bearer == a.Bearer:
			return fmt.Errorf("accounts %q and %q have the same credentials", b.Name, a.Name)
		}
	}
	return nil
}
