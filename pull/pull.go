// Package pull reads an account and makes its twin: a file for the fake with the same structure and without personal data.
//
// [Open] connects and plans the requests, [Puller.Pull] reads, replaces and scans. What stays is on an allow list: settings such
// as time zones, languages, countries, statuses and colors, each checked against the values that are known. Everything else is
// made up from a seed: the same account and seed give the same bytes.
package pull

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Options say what to read and how to replace it.
type Options struct {
	Target  conformance.Options // where to read, with the accounts
	Account string              // the only account to read; "": all

	Calls    int // how many of the newest calls the twin gets, MaxCalls at most
	Contacts int // how many of the newest contacts it gets, MaxContacts at most
	Days     int // how many days before the newest call the statistics cover; 0: there are no statistics

	Seed      int64     // of the made-up values; 0 means 1
	Clock     time.Time // where the twin's clock begins; zero: soon after its newest call
	KeepNames bool      // the twin's accounts keep their names, instead of account2 and so on
}

// The largest values of Options: a larger file would be refused by the fake.
const (
	MaxCalls    = 5_000
	MaxContacts = 5_000
	MaxDays     = 366
)

// Default values of the command.
const (
	DefaultCalls    = 500
	DefaultContacts = 200
	DefaultDays     = 28
)

// A Puller is connected to a target. The caller must close it.
type Puller struct {
	options  Options
	reader   *conformance.Reader
	accounts []*source
	requests int
}

// Open connects to the target and finds out how much the accounts hold, with some ten requests to each. Its error is for
// conformance.ExitCode.
func Open(ctx context.Context, o Options) (*Puller, error) {
	for _, bound := range []struct {
		name        string
		value, most int
	}{{"calls", o.Calls, MaxCalls}, {"contacts", o.Contacts, MaxContacts}, {"days", o.Days, MaxDays}} {
		if bound.value < 0 || bound.value > bound.most {
			return nil, fmt.Errorf("--%s %d: give 0 to %d", bound.name, bound.value, bound.most)
		}
	}
	reader, err := conformance.NewReader(ctx, o.Target, o.Account)
	if err != nil {
		return nil, err
	}
	p := &Puller{options: o, reader: reader}
	names := reader.Accounts()
	slices.SortFunc(names, func(a, b string) int { // the first account of a file is the default one
		return cmp.Or(-compareBools(a == "default", b == "default"), cmp.Compare(a, b))
	})
	for i, name := range names {
		twin := name
		if !o.KeepNames && name != "default" {
			twin = fmt.Sprintf("account%d", i+1)
		}
		s := newSource(name, reader.User(name), twin)
		if err := p.measure(ctx, s); err != nil {
			reader.Close()
			return nil, err
		}
		p.accounts = append(p.accounts, s)
	}
	return p, nil
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Close ends the connections.
func (p *Puller) Close() { p.reader.Close() }

// Pull reads the accounts and returns the file of their twins, and what was done. It fails if the file holds anything that was
// read and does not belong to the settings that stay.
func (p *Puller) Pull(ctx context.Context) (file []byte, rep *Report, err error) {
	seen := newSeen()
	for _, s := range p.accounts {
		if err := p.read(ctx, s); err != nil {
			return nil, nil, err
		}
		for _, v := range s.raw {
			seen.addJSON(v)
		}
		s.raw = nil
	}
	seen.complete()
	m := newMaker(p.options, seen)
	twin, rep, err := m.twin(p.accounts)
	if err != nil {
		return nil, nil, err
	}
	rep.Requests = p.requests
	if file, err = encode(twin); err != nil {
		return nil, nil, err
	}
	if len(file) > maxFile {
		return nil, nil, fmt.Errorf("the file would have %d bytes, and the fake reads at most %d: give fewer --calls or --contacts", len(file), maxFile)
	}
	if err := scan(file, seen); err != nil {
		return nil, nil, err
	}
	return file, rep, nil
}

// maxFile is the size of the largest configuration file that the fake reads, in bytes.
const maxFile = 4 << 20

// twinFile is the file. Its keys are those of serve --config.
type twinFile struct {
	Clock    time.Time         `json:"clock"`
	Speed    int64             `json:"speed"` // 1: the clock runs, so that each minute has its own rate limit
	Seed     int64             `json:"seed"`
	Scale    fakeaircall.Scale `json:"scale"`
	Accounts []twinAccount     `json:"accounts"`
}

type twinAccount struct {
	Name     string `json:"name"`
	APIID    string `json:"api_id"`
	APIToken string `json:"api_token"`
	Bearer   string `json:"bearer"`
	User     string `json:"user"`

	Assume map[string]string `json:"assume"`
	fakeaircall.Fixtures
}

// options returns the options of a fake that begins with the file.
func (f *twinFile) options() fakeaircall.Options {
	o := fakeaircall.Options{Clock: f.Clock, Seed: f.Seed, Scale: f.Scale, Fixtures: map[string]fakeaircall.Fixtures{}, AssumeFor: map[string]map[string]string{}}
	for _, a := range f.Accounts {
		o.Accounts = append(o.Accounts, fakeaircall.Account{Name: a.Name, APIID: a.APIID, APIToken: a.APIToken, Bearer: a.Bearer, User: a.User})
		o.Fixtures[a.Name], o.AssumeFor[a.Name] = a.Fixtures, a.Assume
	}
	return o
}

// Lines returns the plan of the requests for people: how many there are and how long they take at the pace of the reader.
func (p *Puller) Lines() (lines []string) {
	all := 0
	for _, s := range p.accounts {
		var parts []string
		n := 0
		for _, of := range s.plan() {
			parts = append(parts, fmt.Sprintf("%d for %s", of.requests, of.what))
			n += of.requests
		}
		all += n
		line := fmt.Sprintf("plan: account %q", s.account)
		if s.twin != s.account {
			line += fmt.Sprintf(", in the file %q", s.twin)
		}
		line += fmt.Sprintf(": %d requests: %s", n, strings.Join(parts, ", "))
		if len(s.refused) > 0 {
			line += "; the plan of the company refuses " + strings.Join(s.refused, ", ") + " with 403"
		}
		lines = append(lines, line)
		if s.inWindow >= resultCap {
			lines = append(lines, fmt.Sprintf("plan: account %q: the statistics use the newest %d calls: Aircall lists no more", s.account, s.want[calls]))
		}
	}
	pace := "some seconds"
	if limit := p.reader.PerMinute(); limit > 0 {
		pace = fmt.Sprintf("%s at %d requests a minute", roughly(time.Duration(all)*time.Minute/time.Duration(limit)), limit)
	}
	return append(lines, fmt.Sprintf("plan: %d requests, %s; nothing is changed", all, pace))
}

// roughly returns a time as people say it.
func roughly(d time.Duration) string {
	if d < 100*time.Second {
		return fmt.Sprintf("about %d seconds", max(int(d.Round(10*time.Second).Seconds()), 10))
	}
	return fmt.Sprintf("about %d minutes", int(d.Round(time.Minute).Minutes()))
}
