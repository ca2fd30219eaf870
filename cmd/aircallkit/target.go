package main

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

const (
	targetFake = "fake"
	targetLive = "live"
)

// target is what a command sends requests to.
type target struct {
	name         string // fake, live or an address
	accounts     map[string]binding.Account
	inProduction []string // names of accounts that are never written to
	remote       bool     // it is Aircall, or a server on another machine
	url          string   // of the fake in this process, or of the server; "" for live
	close        func()
}

// targetFlags adds --target and --accounts.
func targetFlags(cmd *cobra.Command, name, accounts *string, fallback string) {
	f := cmd.Flags()
	f.SortFlags = false // the most important first
	*name = fallback
	f.Var(targetValue{name}, "target", "send requests to a fake in this process, to Aircall itself, or to the server at a URL")
	f.StringVar(accounts, "accounts", "", "read the accounts from this YAML `file` instead of the environment")
	complete(cmd, "target", targetFake, targetLive, defaultURL)
	_ = cmd.MarkFlagFilename("accounts", "yaml", "yml")
}

// A targetValue is the value of --target. The help shows its type.
type targetValue struct{ name *string }

// Set sets the value.
func (v targetValue) Set(text string) error { *v.name = text; return nil }

// Type returns the values that the flag takes.
func (v targetValue) Type() string { return "fake|live|URL" }

// String returns the value.
func (v targetValue) String() string {
	if v.name == nil { // pflag asks the zero value
		return ""
	}
	return *v.name
}

// accountsHelp is the part of a command's help that says where accounts come from.
const accountsHelp = `Accounts come from the environment: AIRCALL_API_ID and AIRCALL_API_TOKEN, or AIRCALL_ACCESS_TOKEN,
for the default account; AIRCALL_SALES_API_ID and so on for an account named sales; optionally
AIRCALL_API_URL, and AIRCALL_USER (id or e-mail) for get_current_user. Or from a file, --accounts:

  accounts:
    - name: default
      api_id: ...
      api_token: ...            # or access_token alone
      user: ann@example.com
      purpose: sandbox          # or shared, or production, which is never written to

Without a configured account, a server on this machine gets the credentials of a fresh fake.`

// open finds the accounts for a target, and starts the fake if that is the target. The options change the fake.
func (p *process) open(name, file string, options ...func(*fakeaircall.Options)) (*target, error) {
	t := &target{name: name, close: func() {}}
	if name == targetFake {
		return t, t.startFake(p, file, options)
	}
	base, err := address(name)
	if err != nil {
		return nil, err
	}
	t.remote = base == nil || !conformance.Loopback(base)
	t.accounts, t.inProduction, err = p.accountsAndPurposes(file)
	switch {
	case err != nil:
		return nil, err
	case len(t.accounts) == 0 && base != nil && conformance.Loopback(base):
		t.accounts = conformance.FakeAccounts(fakeaircall.StandardAccounts(), "")
	case len(t.accounts) == 0:
		return nil, unable(fmt.Errorf("--target %s: no account is configured", name),
			"set AIRCALL_API_ID and AIRCALL_API_TOKEN, or AIRCALL_ACCESS_TOKEN, or give --accounts FILE",
			"the fake needs no credentials: --target fake")
	}
	if base != nil {
		t.url = base.String()
		for account, a := range t.accounts {
			a.URL = base.String()
			t.accounts[account] = a
		}
	}
	return t, nil
}

// startFake runs a fake in this process. It has no rate limit, so that a script under development never waits for the
// next minute. With a file it has companies of the same names, with made-up credentials.
func (t *target) startFake(p *process, file string, options []func(*fakeaircall.Options)) error {
	o := fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit, Wrap: p.wrap}
	if file != "" {
		configured, _, err := p.accountsAndPurposes(file)
		if err != nil {
			return err
		}
		for _, name := range names(configured) {
			o.Accounts = append(o.Accounts, fakeaircall.StandardAccount(name))
		}
	}
	for _, change := range options {
		change(&o)
	}
	srv, err := fakeaircall.New(o)
	if err == nil {
		err = srv.Listen("127.0.0.1:0")
	}
	if err != nil {
		return fmt.Errorf("start the fake: %w", err)
	}
	t.close = func() { _ = srv.Close() } // no request is under way then
	t.accounts, t.url = conformance.FakeAccounts(srv.Accounts(), srv.URL()), srv.URL()
	return nil
}

// accountsAndPurposes returns the accounts of a file, or without one those of the environment, and the names of the
// accounts for production.
func (p *process) accountsAndPurposes(file string) (accounts map[string]binding.Account, inProduction []string, err error) {
	if file == "" {
		accounts, err = binding.AccountsFromEnv(p.env)
		p.hide(accounts)
		for _, name := range names(accounts) {
			if a := accounts[name]; a.APIID != "" && a.AccessToken != "" {
				p.complain("warning", "account "+name+" has an API key and an access token in the environment; the API key is used")
			}
		}
		return accounts, nil, err
	}
	c, err := readConfig(file)
	if err == nil {
		err = c.err()
	}
	if err != nil {
		return nil, nil, fmt.Errorf("--accounts: %w", err)
	}
	if len(c.Accounts) == 0 {
		return nil, nil, fmt.Errorf("--accounts: %s contains no account", file)
	}
	if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o004 != 0 {
		p.complain("warning", file+" can be read by every user of this machine; protect its credentials with chmod 600")
	}
	accounts = map[string]binding.Account{}
	for _, a := range c.Accounts {
		accounts[a.Name] = binding.Account{APIID: a.APIID, APIToken: a.APIToken, AccessToken: a.token(), URL: a.URL, User: a.User}
		if a.Purpose == production {
			inProduction = append(inProduction, a.Name)
		}
	}
	p.hide(accounts)
	return accounts, inProduction, nil
}

// address returns the URL of a target; nil is live, where each account may have its own. Its errors never quote a
// password.
func address(name string) (*url.URL, error) { return addressOr(name, targetFake+", "+targetLive) }

// addressOr is address for a command that takes these words in place of an address.
func addressOr(name, words string) (*url.URL, error) {
	if name == targetLive {
		return nil, nil
	}
	u, err := url.Parse(name)
	switch {
	case !strings.Contains(name, "://"):
		return nil, fmt.Errorf("--target %q: give %s or an address such as %s", name, words, defaultURL)
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("--target: not an address such as " + defaultURL)
	case u.User != nil:
		return nil, errors.New("--target: the address contains a user or password; credentials come from the environment or --accounts")
	}
	return u, nil
}

// requireAccount fails without an account of this name.
func requireAccount(accounts map[string]binding.Account, name string) error {
	if _, ok := accounts[name]; ok {
		return nil
	}
	return unable(fmt.Errorf("there is no account %q", name), "configured: "+strings.Join(names(accounts), ", "))
}

// names returns the names of the accounts, sorted.
func names(accounts map[string]binding.Account) []string { return slices.Sorted(maps.Keys(accounts)) }
