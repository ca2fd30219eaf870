package conformance

import (
	"regexp"
	"sync"
)

// definition is a sentence and the function that runs it. Steps are verbs; resources are their arguments.
type definition struct {
	expr *regexp.Regexp
	bind func(*world) any
}

// vocabulary returns every sentence that a feature may use, compiled once.
var vocabulary = sync.OnceValue(func() (all []definition) {
	for _, part := range []map[string]func(*world) any{
		chooseSteps, runSteps, compareSteps, raiseSteps, askSteps, ownSteps, relateSteps, apartSteps, fakeSteps, receiveSteps,
	} {
		for expr, bind := range part {
			all = append(all, definition{regexp.MustCompile("^" + expr + "$"), bind})
		}
	}
	return all
})
