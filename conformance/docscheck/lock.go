// Package docscheck compares the Lua reference with the scenarios: each documented block, function and parameter has a
// scenario, and nothing changed since somebody looked. It also counts how much of the contract the scenarios cover.
package docscheck

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/goccy/go-yaml"
)

// referenceLock says how the reference was when somebody last held it against the scenarios.
//
//go:embed reference.lock
var referenceLock []byte

// lock is the file as it is written.
type lock struct {
	Version int               `yaml:"version"`
	Blocks  []lockedBlock     `yaml:"blocks"`
	Params  map[string]string `yaml:"params"` // by "list_calls.page": type, whether required, and description
}

// lockedBlock is a block of the page as it was accepted.
type lockedBlock struct {
	ID        string    `yaml:"id"`
	Hash      string    `yaml:"hash"`
	Line      int       `yaml:"line"` // for people: a block that moved is the same
	Kind      blockKind `yaml:"kind"`
	Scenarios []string  `yaml:"scenarios,omitempty"` // that execute it
	Reason    string    `yaml:"reason,omitempty"`    // why none does
}

const lockVersion = 1

const lockHead = "# What the scenarios were last held against: every block and every parameter of the Lua reference.\n" +
	"# Written by: aircallkit docs accept. A reason is written by hand, where a block cannot be run.\n"

func readLock(data []byte) (*lock, error) {
	var l lock
	if err := yaml.UnmarshalWithOptions(data, &l, yaml.Strict()); err != nil {
		return nil, errors.New(strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if l.Version != lockVersion {
		return nil, fmt.Errorf("version %d: this aircallkit reads version %d", l.Version, lockVersion)
	}
	seen := map[string]bool{}
	for _, b := range l.Blocks {
		switch {
		case b.ID == "" || seen[b.ID]:
			return nil, fmt.Errorf("block %q stands there twice or has no id", b.ID)
		case !slices.Contains(blockKinds, b.Kind):
			return nil, fmt.Errorf("block %s: kind %q is none of %v", b.ID, b.Kind, blockKinds)
		}
		seen[b.ID] = true
	}
	return &l, nil
}

func (l *lock) write() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(lockHead)
	err := yaml.NewEncoder(&b, yaml.Indent(2), yaml.IndentSequence(true)).Encode(l)
	return b.Bytes(), err
}

func (l *lock) find(id string) *lockedBlock {
	for i := range l.Blocks {
		if l.Blocks[i].ID == id {
			return &l.Blocks[i]
		}
	}
	return nil
}

// Executes is the step that runs a block of the page.
var Executes = regexp.MustCompile(`^the "([^"]+)" example runs`)

// runners are the scenarios that execute a block, by its id.
func runners(plan []*scenario.Scenario) map[string][]string {
	by := map[string][]string{}
	for _, p := range plan {
		for _, s := range p.Steps {
			if m := Executes.FindStringSubmatch(s.Text); m != nil && !slices.Contains(by[m[1]], p.ID) {
				by[m[1]] = append(by[m[1]], p.ID)
			}
		}
	}
	return by
}

// Problem is a place where documentation, scenarios and what was accepted do not fit.
type Problem struct {
	Kind string `json:"kind"`           // new, removed, changed, unused, missing, unreasoned, needless, or stale
	ID   string `json:"id"`             // of the block, the function, the parameter or the scenario
	Line int    `json:"line,omitempty"` // of the page
	Says string `json:"says"`
	Do   string `json:"do"`
}

func (p Problem) String() string {
	at := ""
	if p.Line > 0 {
		at = fmt.Sprintf(" (line %d)", p.Line)
	}
	return fmt.Sprintf("%s%s: %s: %s", p.ID, at, p.Says, p.Do)
}

// Options name the page and the lock to compare. The zero value takes those that the kit ships.
type Options struct {
	Reference []byte // a page in Markdown
	Lock      []byte // a reference.lock
}

func (o Options) read() (*page, *lock, []*scenario.Scenario, error) {
	reference, locked := o.Reference, o.Lock
	if reference == nil {
		reference = []byte(binding.Reference())
	}
	if locked == nil {
		locked = referenceLock
	}
	p, err := readPage(reference)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("reference: %w", err)
	}
	l, err := readLock(locked)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("lock: %w", err)
	}
	plan, err := scenario.Shipped()
	return p, l, plan, err
}

// Check returns every place where the page, the lock and the scenarios do not fit each other. It fails if they cannot be read.
func Check(o Options) ([]Problem, error) {
	p, l, plan, err := o.read()
	if err != nil {
		return nil, err
	}
	return checkDocs(p, l, plan), nil
}

func checkDocs(p *page, l *lock, plan []*scenario.Scenario) (found []Problem) {
	ran := runners(plan)
	for _, b := range p.blocks {
		found = append(found, checkBlock(b, l.find(b.id), ran[b.id])...)
	}
	for _, b := range l.Blocks {
		if _, there := p.block(b.ID); !there {
			found = append(found, Problem{"removed", b.ID, 0, "the page has no such block any more", "take its scenarios away, then docs accept " + b.ID})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ran)) {
		if _, there := p.block(id); !there {
			found = append(found, Problem{"missing", id, 0, "it is run by " + ran[id][0] + ", and the page has no such example", "name one that is there"})
		}
	}
	return append(found, checkParams(p, l, plan)...)
}

// checkBlock holds one block of the page against what was accepted of it and who runs it.
func checkBlock(b pageBlock, was *lockedBlock, ran []string) (found []Problem) {
	add := func(kind, says, do string) { found = append(found, Problem{kind, b.id, b.line, says, do}) }
	accept := "look at it, then docs accept " + b.id
	if was == nil {
		add("new", "it was never accepted", accept)
		if b.kind == blockRun && len(ran) == 0 {
			add("unused", "no scenario runs it", fmt.Sprintf(`write one with the step: When the "%s" example runs`, b.id))
		}
		return found
	}
	if was.Hash != b.hash {
		add("changed", "it is not what was accepted", "see that its scenarios still say what it does, then docs accept "+b.id)
	}
	switch {
	case len(ran) == 0 && was.Reason == "" && was.Kind == blockRun:
		add("unused", "no scenario runs it", fmt.Sprintf(`write one with the step: When the "%s" example runs; or give a reason in the lock`, b.id))
	case len(ran) == 0 && was.Reason == "":
		add("unreasoned", "it is not run, as a "+string(was.Kind)+", without a reason", "write the reason into the lock")
	case len(ran) > 0 && (was.Reason != "" || was.Kind != blockRun):
		add("needless", "it is exempted, and "+ran[0]+" runs it", "take kind and reason out of the lock")
	case !slices.Equal(was.Scenarios, ran):
		add("stale", "other scenarios run it than the lock says", "docs accept "+b.id)
	}
	return found
}

// checkParams compares parameters: of the page, as accepted, and in the tags of scenarios.
func checkParams(p *page, l *lock, plan []*scenario.Scenario) (found []Problem) {
	for _, name := range slices.Sorted(maps.Keys(p.params)) {
		switch was, known := l.Params[name]; {
		case !known:
			found = append(found, Problem{"new", name, p.lines[name], "the parameter was never accepted", "write a scenario tagged @param:" + name + ", then docs accept " + name})
		case was != p.params[name]:
			found = append(found, Problem{"changed", name, p.lines[name], fmt.Sprintf("the page says %q, accepted was %q", p.params[name], was), "see that its scenarios still hold, then docs accept " + name})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.Params)) {
		if _, there := p.params[name]; !there {
			found = append(found, Problem{"removed", name, 0, "the page has no such parameter any more", "take its scenarios away, then docs accept " + name})
		}
	}
	tagged := map[string]bool{}
	for _, s := range plan {
		for _, name := range s.Tagged("@param:") {
			if _, there := p.params[name]; !there && !tagged[name] {
				found = append(found, Problem{"missing", name, 0, "it is tagged in " + s.ID + ", and the page has no such parameter", "name one that is there"})
			}
			tagged[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.params)) {
		if !tagged[name] {
			found = append(found, Problem{"unused", name, p.lines[name], "no scenario is about the parameter", "tag one @param:" + name})
		}
	}
	return append(found, checkFunctions(p, plan)...)
}

// checkFunctions compares the chapters of the page with the functions that the binding has documented.
func checkFunctions(p *page, plan []*scenario.Scenario) (found []Problem) {
	var have []string
	for _, f := range binding.Functions() {
		have = append(have, f.Name)
		if !slices.Contains(p.functions, f.Name) {
			found = append(found, Problem{"removed", f.Name, 0, "the page has no chapter of this function", "take it out of the documented functions"})
		}
	}
	for _, name := range p.functions {
		if !slices.Contains(have, name) {
			found = append(found, Problem{"new", name, p.lines[name], "the binding documents no such function", "add it, with scenarios"})
		} else if !slices.ContainsFunc(plan, func(s *scenario.Scenario) bool { return s.Has("@function:" + name) }) {
			found = append(found, Problem{"unused", name, p.lines[name], "no scenario is about the function", "tag one @function:" + name})
		}
	}
	return found
}

// Accept records that somebody compared the named blocks and parameters, or all of them, with their scenarios. It returns the
// lock to be written, and keeps the kinds and reasons that were written by hand.
func Accept(o Options, ids []string, all bool) ([]byte, error) {
	p, l, plan, err := o.read()
	if err != nil {
		return nil, err
	}
	if all == (len(ids) > 0) {
		return nil, errors.New("name what is accepted, or all of it")
	}
	known := map[string]bool{}
	for _, b := range l.Blocks {
		known[b.ID] = true
	}
	for _, b := range p.blocks {
		known[b.id] = true
	}
	for name := range l.Params {
		known[name] = true
	}
	for name := range p.params {
		known[name] = true
	}
	for _, id := range ids {
		if !known[id] {
			return nil, fmt.Errorf("%q is neither a block nor a parameter%s", id, scenario.DidYouMean(id, slices.Sorted(maps.Keys(known))))
		}
	}
	accepts := func(id string) bool { return all || slices.Contains(ids, id) }
	return l.accept(p, runners(plan), accepts).write()
}

func (l *lock) accept(p *page, ran map[string][]string, accepts func(string) bool) *lock {
	next := &lock{Version: lockVersion, Params: map[string]string{}}
	for _, b := range p.blocks {
		was := l.find(b.id)
		switch {
		case accepts(b.id):
			now := lockedBlock{ID: b.id, Hash: b.hash, Line: b.line, Kind: b.kind, Scenarios: ran[b.id]}
			if was != nil {
				now.Kind, now.Reason = was.Kind, was.Reason
			}
			next.Blocks = append(next.Blocks, now)
		case was != nil:
			next.Blocks = append(next.Blocks, *was)
		}
	}
	for _, b := range l.Blocks {
		if _, there := p.block(b.ID); !there && !accepts(b.ID) {
			next.Blocks = append(next.Blocks, b)
		}
	}
	for name, says := range p.params {
		if was, known := l.Params[name]; accepts(name) {
			next.Params[name] = says
		} else if known {
			next.Params[name] = was
		}
	}
	for name, was := range l.Params {
		if _, there := p.params[name]; !there && !accepts(name) {
			next.Params[name] = was
		}
	}
	return next
}
