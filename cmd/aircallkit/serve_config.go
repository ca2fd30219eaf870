package main

import (
	"fmt"
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
	o.places = doc.fixtures(r)
	o.fixtures = o.places.all
	sure := o.takeSettings(doc, r, flags, given)
	for _, e := range doc.Accounts {
		o.accounts = append(o.accounts, fakeaircall.Account{
			Name: e.Name.text, APIID: e.APIID.text, APIToken: e.APIToken.text, Bearer: e.token(), User: e.User.text,
		})
	}
	for i, a := range o.accounts {
		if at := fmt.Sprintf("accounts[%d]", i); !r.flawed[at] && a.Name == doc.accountName(i) {
			if err := a.Check(o.accounts[:i]...); err != nil {
				r.say(r.begins[at], "%v", err)
			}
		}
	}
	for _, a := range doc.Apps {
		o.apps = append(o.apps, a.fake())
	}
	if len(r.wrong) == 0 {
		return nil
	}
	o.places.note(o.alsoWrong(doc, sure))
	return fmt.Errorf("--config: %w", r.problem())
}

// takeSettings takes what is not in an account, and says whether it decides the data as was meant.
func (o *serveOptions) takeSettings(doc *document, r *documentReader, flags *pflag.FlagSet, given map[string]bool) (sure bool) {
	sure = len(r.strange[""]) == 0
	o.settings = map[string]bool{}
	for _, key := range []struct {
		flag    string
		decides bool
		scalar
	}{{"seed", true, doc.Seed}, {"scale", true, doc.Scale}, {"clock", true, doc.Clock}, {"rate-limit", false, doc.RateLimit}, {"speed", false, doc.Speed}} {
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
			sure = sure && !key.decides
		}
	}
	o.speedSet = o.speedSet || doc.Speed.line != 0
	_, answers := doubts()
	var assume []string
	for id, answer := range doc.Assume {
		if a := id + "=" + answer.text; slices.Contains(answers, a) {
			assume = append(assume, a)
		} else {
			r.say(answer.line, "assume: %.60s is no answer to %.60s: serve --help lists them, at --assume", answer.text, id)
		}
	}
	o.assume = append(assume, o.assume...)
	return sure
}

// alsoWrong is what the fake finds wrong with fixtures beside what was found in the file. If it is not sure what data
// they join, they are looked at by themselves.
func (o *serveOptions) alsoWrong(doc *document, sure bool) fakeaircall.FixtureMistakes {
	world := fakeaircall.Options{Clock: o.clock, Fixtures: o.fixtures}
	if sure {
		world.Seed, world.Scale = o.seed, fakeaircall.Scale(o.scale)
	}
	known := o.places.known
	for i, e := range doc.Accounts {
		name := doc.accountName(i)
		world.Accounts = append(world.Accounts, fakeaircall.Account{Name: name, Bearer: fmt.Sprintf("b%d", i), User: e.User.text})
		if !sure || name != e.Name.text {
			known = append(known, fakeaircall.FixtureMistake{Account: name})
		}
	}
	wrong, _ := fakeaircall.CheckFixtures(world, known) // of which only fixtures can be wrong
	return wrong
}
