package conformance

import (
	"regexp"
	"sync"
)

// definition is a sentence and what it does. Steps are verbs; resources are their arguments.
type definition struct {
	expr *regexp.Regexp
	bind func(*world) any
}

// vocabulary is every sentence a feature may use, compiled once: godog registers the steps anew for every scenario.
var vocabulary = sync.OnceValue(func() (all []definition) {
	for _, part := range []map[string]func(*world) any{
		chooseSteps, runSteps, compareSteps, raiseSteps, askSteps, ownSteps, relateSteps, fakeSteps, receiveSteps, assumeSteps,
	} {
		for expr, bind := range part {
			all = append(all, definition{regexp.MustCompile("^" + expr + "$"), bind})
		}
	}
	return all
})
