package main

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// read sets the flags that were not given to what the file says. It may be called again. Its error is all that is
// wrong with the file.
func (o *serveOptions) read(flags *pflag.FlagSet, given map[string]bool) error {
	if o.config == "" {
		return nil
	}
	doc, r, err := scanDocument(o.config)
	if err != nil {
		return fmt.Errorf("--config: %w", err)
	}
	o.worldOptions = o.given
	o.fixtures = map[string]fakeaircall.Fixtures{}
	o.file = r
	o.takeSettings(doc, r, flags, given)
	for _, e := range doc.Accounts {
		if !reflect.ValueOf(e.Fixtures).IsZero() {
			o.fixtures[e.Name.text] = e.Fixtures
		}
		o.accounts = append(o.accounts, fakeaircall.Account{
			Name: e.Name.text, APIID: e.APIID.text, APIToken: e.APIToken.text, Bearer: e.token(), User: e.User.text,
		})
	}
	for i, a := range o.accounts {
		named := a.Name != "" && slices.IndexFunc(doc.Accounts, func(e entry) bool { return e.Name.text == a.Name }) == i
		if at := fmt.Sprintf("accounts[%d]", i); named && !r.flawed[at] {
			if err := a.Check(o.accounts[:i]...); err != nil {
				r.say(r.lines[at], "%v", err)
			}
		}
	}
	for _, a := range doc.Apps {
		o.apps = append(o.apps, a.fake())
	}
	if len(r.wrong) == 0 {
		return nil
	}
	r.checkRecords()
	return fmt.Errorf("--config: %w", r.problem())
}

// takeSettings takes the settings that belong to no account.
func (o *serveOptions) takeSettings(doc *document, r *documentReader, flags *pflag.FlagSet, given map[string]bool) {
	o.settings = map[string]bool{}
	for _, key := range []struct {
		flag string
		scalar
	}{{"seed", doc.Seed}, {"scale", doc.Scale}, {"clock", doc.Clock}, {"rate-limit", doc.RateLimit}, {"speed", doc.Speed}} {
		if key.line == 0 || given[key.flag] {
			continue
		}
		o.settings[key.flag] = true
		err := flags.Set(key.flag, key.text)
		if err != nil {
			err = flagProblem(err)
		} else {
			err = o.outOfRange(key.flag)
		}
		if err != nil {
			r.say(key.line, "%v", err)
		}
	}
	o.speedSet = o.speedSet || doc.Speed.line != 0
	answers := assumptionAnswers()
	var assume []string
	for id, answer := range doc.Assume {
		if a := id + "=" + answer.text; slices.Contains(answers, a) {
			assume = append(assume, a)
		} else {
			r.say(answer.line, "assume: %.60s is not an answer to %.60s: see aircallkit help assumptions", answer.text, id)
		}
	}
	o.assume = append(assume, o.assume...)
}
