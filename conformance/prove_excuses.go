package conformance

import "regexp"

// excuse says why the mutants of some ids may survive. One of a mutant that is killed fails the self-test, and so does one of
// no mutant at all.
type excuse struct {
	of     *regexp.Regexp // of the whole id
	reason string
}

func excused(of, reason string) excuse { return excuse{regexp.MustCompile("^(?:" + of + ")$"), reason} }

// excuses are the mutants that no scenario can notice, because what they spoil is not promised.
var excuses = []excuse{}
