package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

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

	// What the fake's company begins with; only serve heeds it.
	Users    records `yaml:"users"`
	Numbers  records `yaml:"numbers"`
	Contacts records `yaml:"contacts"`
	Calls    records `yaml:"calls"`
	Tags     records `yaml:"tags"`
	Webhooks records `yaml:"webhooks"`
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

// scalar is a value as it stands in the file: YAML would read the API id 0123 as 83.
type scalar struct {
	text string
	line int // 0: not in the file
}

// UnmarshalYAML is called by the decoder.
func (s *scalar) UnmarshalYAML(node ast.Node) error {
	at := node.GetToken()
	switch n := node.(type) {
	case *ast.StringNode:
		s.text = n.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		s.text = at.Value
	case *ast.NullNode:
	default:
		return &yaml.SyntaxError{Message: "a single value belongs here", Token: at}
	}
	s.line = at.Position.Line
	return nil
}

const (
	mostDocument = 4 << 20 // bytes
	mostAccounts = 100
)

// readDocument reads a YAML file strictly. What it says about a file never quotes a value: it may be a credential.
func readDocument(name string) (*document, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostDocument+1))
	if err != nil {
		return nil, err
	}
	if len(data) > mostDocument {
		return nil, fmt.Errorf("%s: more than %d bytes; give a smaller file", name, mostDocument)
	}
	var doc document
	dec := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the file is empty", name)
	} else if err != nil {
		return nil, located(name, err)
	}
	if err := dec.Decode(&document{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: more than one YAML document; only one is read", name)
	}
	if err := doc.check(); err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	return &doc, nil
}

// located leaves the quoted lines out of the decoder's message.
func located(name string, err error) error {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		return fmt.Errorf("%s: not the YAML that was expected", name)
	}
	var kind *yaml.TypeError
	if errors.As(err, &kind) {
		return fmt.Errorf("%s:%d: a value of another kind belongs here", name, y.GetToken().Position.Line)
	}
	return fmt.Errorf("%s:%d: %s", name, y.GetToken().Position.Line, y.GetMessage())
}

// check finds what can be said about the accounts with a line; the rest is for those who use them.
func (d *document) check() error {
	if len(d.Accounts) > mostAccounts {
		return fmt.Errorf("%d: %d accounts, the most is %d", d.Accounts[mostAccounts].Name.line, len(d.Accounts), mostAccounts)
	}
	for i, e := range d.Accounts {
		line := e.line()
		first := slices.IndexFunc(d.Accounts, func(o entry) bool { return o.Name.text == e.Name.text })
		switch {
		case e.Name.text == "":
			return fmt.Errorf("%d: account %d has no name", line, i+1)
		case first < i:
			return fmt.Errorf("%d: account %q stands in line %d already", line, e.Name.text, d.Accounts[first].line())
		case e.Purpose.text != "" && !slices.Contains(purposes, e.Purpose.text):
			return fmt.Errorf("%d: account %q: its purpose is none of %s", e.Purpose.line, e.Name.text, strings.Join(purposes, ", "))
		case e.AccessToken.text != "" && e.Bearer.text != "":
			return fmt.Errorf("%d: account %q: bearer is another word for access_token; give one", line, e.Name.text)
		}
	}
	return d.checkApps()
}

func (d *document) checkApps() error {
	if len(d.Apps) > mostAccounts {
		return fmt.Errorf("%d: %d apps, the most is %d", d.Apps[mostAccounts].line(), len(d.Apps), mostAccounts)
	}
	for i, a := range d.Apps {
		if err := a.fake().Check(); err != nil {
			return fmt.Errorf("%d: %w", a.line(), err)
		}
		first := slices.IndexFunc(d.Apps, func(o app) bool { return o.ClientID.text == a.ClientID.text })
		if first < i {
			return fmt.Errorf("%d: app %q has the client_id of the one in line %d", a.ClientID.line, a.Name.text, d.Apps[first].line())
		}
	}
	return nil
}

// line is where the account begins.
func (e entry) line() int {
	return firstLine(e.Name, e.APIID, e.APIToken, e.AccessToken, e.Bearer, e.URL, e.User, e.Purpose)
}

func (a app) line() int {
	return firstLine(append([]scalar{a.Name, a.ClientID, a.ClientSecret}, a.RedirectURIs...)...)
}

func firstLine(of ...scalar) (least int) {
	for _, s := range of {
		if s.line != 0 && (least == 0 || s.line < least) {
			least = s.line
		}
	}
	return least
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
	return doc.clients(), inProduction, nil
}
