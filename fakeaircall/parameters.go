package fakeaircall

import (
	_ "embed"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// parametersRead is what each operation reads of a request, a line each: the keys
// of the query with a question mark before them, then those of the body. It is
// recorded from what the handlers do while the tests of this package run, and
// written by go test -update: a handler that fails early has not read it all.
//
//go:embed parameters.txt
var parametersRead string

// parameters is what an operation may read of a request.
type parameters struct {
	recorded map[string]*atomic.Bool // whether this process has read it too
	learned  sync.Map                // what is not recorded, and was read
}

// recordedParameters leads from operations to their parameters.
func recordedParameters() map[string]*parameters {
	all := make(map[string]*parameters)
	for _, r := range routes() {
		all[r.op] = &parameters{recorded: make(map[string]*atomic.Bool)}
	}
	for line := range strings.Lines(parametersRead) {
		words := strings.Fields(line)
		if len(words) == 0 || all[words[0]] == nil {
			continue
		}
		for _, name := range words[1:] {
			all[words[0]].recorded[name] = new(atomic.Bool)
		}
	}
	return all
}

// read notes that the operation looks at a parameter. A nil p keeps no notes.
func (p *parameters) read(name string) {
	if p == nil {
		return
	}
	seen, ok := p.recorded[name]
	switch {
	case !ok:
		p.learned.Store(name, true)
	case !seen.Load(): // a load is cheaper than a store
		seen.Store(true)
	}
}

func (p *parameters) knows(name string) bool {
	if _, ok := p.recorded[name]; ok {
		return true
	}
	_, ok := p.learned.Load(name)
	return ok
}

// A form is a request's query, or its body if that is encoded so; what is read of
// it is noted.
type form struct {
	values url.Values
	notes  *parameters
	mark   string // before the names in the notes
}

const ofQuery = "?"

// Get is the first value, "" for none.
func (f form) Get(name string) string {
	f.notes.read(f.mark + name)
	return f.values.Get(name)
}

func (f form) all(name string) (values []string, ok bool) {
	f.notes.read(f.mark + name)
	values, ok = f.values[name]
	return values, ok
}

// unknown lists, sorted, what came with the request that its operation never reads.
func (r *request) unknown() (names []string) {
	if r.notes == nil {
		return nil
	}
	for name := range r.query.values {
		if !r.notes.knows(ofQuery + name) {
			names = append(names, name)
		}
	}
	for _, f := range r.sent {
		if !r.notes.knows(f.name) {
			names = append(names, f.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
