package conformance

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"sync"

	"github.com/cucumber/godog"
)

// definition is a sentence and what it does. Steps are verbs; resources are their arguments.
type definition struct {
	expr *regexp.Regexp
	bind func(*world) any
}

// vocabulary is every sentence a feature may use.
var vocabulary = sync.OnceValue(func() (all []definition) {
	for _, part := range []map[string]func(*world) any{
		chooseSteps, runSteps, compareSteps, raiseSteps, askSteps, ownSteps, relateSteps, fakeSteps, receiveSteps,
	} {
		for expr, bind := range part {
			all = append(all, definition{regexp.MustCompile("^" + expr + "$"), bind})
		}
	}
	return all
})

// matched is what a step of a feature means.
type matched struct {
	definition
	words    []string // what the groups of the expression took
	argument any      // a *godog.DocString or a *godog.Table, or nil
}

// match finds the one sentence that a step is. That it is none, or could be two, is an error.
func match(st *godog.Step) (m matched, err error) {
	for _, d := range vocabulary() {
		words := d.expr.FindStringSubmatch(st.Text)
		switch {
		case words == nil:
		case m.expr != nil:
			return m, fmt.Errorf("step is ambiguous: %s is both %s and %s", st.Text, m.expr, d.expr)
		default:
			m = matched{definition: d, words: words[1:]}
		}
	}
	if m.expr == nil {
		return m, fmt.Errorf("step is undefined: %s", st.Text)
	}
	if a := st.Argument; a != nil && a.DocString != nil {
		m.argument = a.DocString
	} else if a != nil && a.DataTable != nil {
		m.argument = a.DataTable
	}
	return m, nil
}

var contextType = reflect.TypeFor[context.Context]()

// call does what the step says. A step's function takes, in this order and each if it wants it, a context, a string or
// an int for each group, and the text or table below the step; it returns an error.
func (m matched) call(ctx context.Context, w *world) error {
	f := reflect.ValueOf(m.bind(w))
	words, below := m.words, m.argument
	var in []reflect.Value
	for i := range f.Type().NumIn() {
		switch t := f.Type().In(i); {
		case t == contextType:
			in = append(in, reflect.ValueOf(ctx))
		case t.Kind() == reflect.String && len(words) > 0:
			in, words = append(in, reflect.ValueOf(words[0])), words[1:]
		case t.Kind() == reflect.Int && len(words) > 0:
			n, err := strconv.Atoi(words[0])
			if err != nil {
				return fmt.Errorf("%q is no number that a step takes", words[0])
			}
			in, words = append(in, reflect.ValueOf(n)), words[1:]
		case below != nil && reflect.TypeOf(below) == t:
			in, below = append(in, reflect.ValueOf(below)), nil
		default:
			return fmt.Errorf("the step wants a %s that is not there", t)
		}
	}
	if len(words) > 0 || below != nil {
		return fmt.Errorf("the step does not take all that is given: %q, and below it a %T", words, below)
	}
	err, _ := f.Call(in)[0].Interface().(error)
	return err
}
