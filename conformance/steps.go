package conformance

import (
	"regexp"
	"slices"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/scenario"
)

// definition is a sentence and what it does. Steps are verbs; resources are their arguments.
type definition struct {
	expr *regexp.Regexp
	bind func(*world) any
}

// vocabulary is every sentence a feature may use, compiled once.
var vocabulary = sync.OnceValue(func() (all []*definition) {
	for _, part := range []map[string]func(*world) any{
		chooseSteps, runSteps, compareSteps, raiseSteps, askSteps, ownSteps, relateSteps, apartSteps, fakeSteps, receiveSteps,
	} {
		for expr, bind := range part {
			all = append(all, &definition{regexp.MustCompile("^" + expr + "$"), bind})
		}
	}
	return all
})

// meant caches what meanings returned, by scenario: it is asked for each run of one.
var meant sync.Map

// meanings returns the definitions that the steps of a scenario could have.
func meanings(p *scenario.Scenario) []*definition {
	if all, ok := meant.Load(p); ok {
		return all.([]*definition)
	}
	var all []*definition
	for _, d := range vocabulary() {
		if slices.ContainsFunc(p.Steps, func(s scenario.Step) bool { return d.expr.MatchString(s.Text) }) {
			all = append(all, d)
		}
	}
	meant.Store(p, all)
	return all
}
