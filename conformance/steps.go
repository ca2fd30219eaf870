package conformance

import (
	"regexp"
	"slices"
	"sync"
)

// definition is a sentence and what it does. Steps are verbs; resources are their arguments.
type definition struct {
	expr *regexp.Regexp
	bind func(*world) any
}

// vocabulary is every sentence a feature may use, compiled once.
var vocabulary = sync.OnceValue(func() (all []*definition) {
	for _, part := range []map[string]func(*world) any{
		chooseSteps, runSteps, compareSteps, raiseSteps, askSteps, ownSteps, relateSteps, callSteps, apartSteps, sameSteps, fakeSteps, receiveSteps, assumeSteps,
	} {
		for expr, bind := range part {
			all = append(all, &definition{regexp.MustCompile("^" + expr + "$"), bind})
		}
	}
	return all
})

// meanings are the definitions that a step could have.
func meanings(steps []Step) (all []*definition) {
	for _, d := range vocabulary() {
		if slices.ContainsFunc(steps, func(s Step) bool { return d.expr.MatchString(s.Text) }) {
			all = append(all, d)
		}
	}
	return all
}
