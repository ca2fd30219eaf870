package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// document is the YAML file of --config and of --accounts. It is one form for both, so that a fake and the scripts that
// talk to it can share a file; only serve heeds what is not in an account.
type document struct {
	Accounts  []entry           `yaml:"accounts" doc:"Companies; none: default, sales and support."`
	Apps      []app             `yaml:"apps" doc:"Apps of OAuth; none: the standard one."`
	Seed      scalar            `yaml:"seed" schema:"integer" doc:"The number that decides the data."`
	Scale     scalar            `yaml:"scale" schema:"scale" doc:"How much data."`
	RateLimit scalar            `yaml:"rate_limit" schema:"integer" doc:"Requests a minute per company; 0: no limit."`
	Clock     scalar            `yaml:"clock" schema:"time" doc:"Time stands still at this instant."`
	Speed     scalar            `yaml:"speed" schema:"number" doc:"Seconds that pass in one of real time."`
	Assume    map[string]scalar `yaml:"assume" doc:"Answers to what nobody knows of Aircall."`
}

// entry is one account of a document.
type entry struct {
	Name        scalar `yaml:"name" doc:"What the account is called."`
	APIID       scalar `yaml:"api_id" doc:"API id, with api_token."`
	APIToken    scalar `yaml:"api_token" doc:"API token, with api_id."`
	AccessToken scalar `yaml:"access_token" doc:"A token of OAuth."`
	Bearer      scalar `yaml:"bearer" doc:"The same as access_token."`
	URL         scalar `yaml:"url" doc:"Where clients find Aircall; serve does not heed it."`
	User        scalar `yaml:"user" doc:"E-mail of the company's first user."`
	Purpose     scalar `yaml:"purpose" schema:"purpose" doc:"What the account is for; serve does not heed it."` // one of purposes; only the conformance kit heeds it

	fakeaircall.Fixtures // what the fake's company begins with; only serve heeds it
}

// app is one OAuth app of a document.
type app struct {
	Name         scalar   `yaml:"name" doc:"What people see."`
	ClientID     scalar   `yaml:"client_id" doc:"Its client id."`
	ClientSecret scalar   `yaml:"client_secret" doc:"Its client secret."`
	RedirectURIs []scalar `yaml:"redirect_uris" doc:"Where people are sent back to."`
}

func (a app) fake() fakeaircall.App {
	out := fakeaircall.App{Name: a.Name.text, ClientID: a.ClientID.text, ClientSecret: a.ClientSecret.text}
	for _, u := range a.RedirectURIs {
		out.RedirectURIs = append(out.RedirectURIs, u.text)
	}
	return out
}

// scalar is a value with the text of the file: YAML would read the API id 0123 as 83.
type scalar struct {
	text string
	line int // 0: not in the file
}

// check notes what is wrong with accounts and apps, as far as they could be read.
func (d *document) check(r *documentReader) {
	for i, e := range d.Accounts {
		at := fmt.Sprintf("accounts[%d]", i)
		first := slices.IndexFunc(d.Accounts, func(o entry) bool { return o.Name.text == e.Name.text })
		switch {
		case e.Name.text == "" && !r.flawed[at]:
			r.say(r.lines[at], "account %d has no name", i+1)
		case e.Name.text != "" && first < i:
			r.say(r.lines[at], "account %q stands in line %d already", e.Name.text, r.lines[fmt.Sprintf("accounts[%d]", first)])
		}
		if e.Purpose.text != "" && !slices.Contains(purposes, e.Purpose.text) {
			r.say(e.Purpose.line, "account %q: its purpose is none of %s", e.Name.text, strings.Join(purposes, ", "))
		}
		if e.AccessToken.text != "" && e.Bearer.text != "" {
			r.say(r.lines[at], "account %q: bearer is another word for access_token; give one", e.Name.text)
		}
	}
	for i, a := range d.Apps {
		at := fmt.Sprintf("apps[%d]", i)
		first := slices.IndexFunc(d.Apps, func(o app) bool { return o.ClientID.text == a.ClientID.text })
		if err := a.fake().Check(); r.flawed[at] {
			continue
		} else if err != nil {
			r.say(r.lines[at], "%v", err)
		} else if first < i {
			r.say(a.ClientID.line, "app %q has the client_id of the one in line %d", a.Name.text, r.lines[fmt.Sprintf("apps[%d]", first)])
		}
	}
}

func (e entry) token() string {
	if e.Bearer.text != "" {
		return e.Bearer.text
	}
	return e.AccessToken.text
}

// clients are the document's accounts for those who talk to Aircall.
func (d *document) clients() map[string]binding.Account {
	out := make(map[string]binding.Account)
	for _, e := range d.Accounts {
		out[e.Name.text] = binding.Account{
			APIID: e.APIID.text, APIToken: e.APIToken.text, AccessToken: e.token(), URL: e.URL.text, User: e.User.text,
		}
	}
	return out
}

// purposes are what an account may be for. One for production is never changed by the conformance kit.
var purposes = []string{"sandbox", "shared", production}

const production = "production"

// accounts are the ones that are configured: in the file, or without one in the environment.
func (p *process) accounts(file string) (map[string]binding.Account, error) {
	accounts, _, err := p.accountsAndPurposes(file)
	return accounts, err
}

// accountsAndPurposes gives beside them the names of those that are for production.
func (p *process) accountsAndPurposes(file string) (accounts map[string]binding.Account, inProduction []string, err error) {
	if file == "" {
		accounts, err = binding.AccountsFromEnv(p.env)
		p.hide(accounts)
		return accounts, nil, err
	}
	doc, err := readDocument(file)
	if err != nil {
		return nil, nil, fmt.Errorf("--accounts: %w", err)
	}
	if len(doc.Accounts) == 0 {
		return nil, nil, fmt.Errorf("--accounts: %s: there is no account in it", file)
	}
	if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o004 != 0 {
		p.complain("warning", file+" can be read by every user of this machine; chmod 600 keeps its credentials to you")
	}
	for _, e := range doc.Accounts {
		if e.Purpose.text == production {
			inProduction = append(inProduction, e.Name.text)
		}
	}
	accounts = doc.clients()
	p.hide(accounts)
	return accounts, inProduction, nil
}
