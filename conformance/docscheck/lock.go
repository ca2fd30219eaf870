// Package docscheck compares the Lua reference with the scenarios: each documented block, function and parameter must have a
// scenario, and nothing may have changed since a person last compared them. It also counts how much of the contract the
// scenarios cover.
package docscheck

import (
	"bytes"
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/internal/yamllimit"
	"github.com/goccy/go-yaml"
)

// referenceLock records the reference as it was when a person last compared it with the scenarios.
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
	Line      int       `yaml:"line"` // for readers: a block that moved is the same
	Kind      blockKind `yaml:"kind"`
	Scenarios []string  `yaml:"scenarios,omitempty"` // the ones that execute it
	Reason    string    `yaml:"reason,omitempty"`    // why no scenario executes it
}

const lockVersion = 1

const lockHead = "# The Lua reference as the scenarios were last compared with it: every block and every parameter.\n" +
	"# Written by: aircallkit docs accept. Write a reason by hand where a block cannot be run.\n"

func readLock(data []byte) (*lock, error) {
	if line, err := yamllimit.Check(data, false); err != nil {
		return nil, fmt.Errorf("line %d: %w", line, err)
	}
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
			return nil, fmt.Errorf("block %q is listed twice or has no id", b.ID)
		case !slices.Contains(blockKinds, b.Kind):
			return nil, fmt.Errorf("block %s: kind %q is not one of %v", b.ID, b.Kind, blockKinds)
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

// Problem is a place where the documentation, the scenarios and the lock disagree.
type Problem struct {
	Kind string `json:"kind"`           // new, removed, changed, unused, missing, unreasoned, needless, or stale
	ID   string `json:"id"`             // of the block, the function, the parameter or the scenario
	Line int    `json:"line,omitempty"` // of the page
	Says string `json:"says"`
	Do   string `json:"do"`
}

// String returns the problem and what to do about it in one line.
func (p Problem) String() string {
	at := ""
	if p.Line > 0 {
		at = fmt.Sprintf(" (line %d)", p.Line)
	}
	return fmt.Sprintf("%s%s: %s: %s", p.ID, at, p.Says, p.Do)
}

// Options name the page and the lock to compare. The zero value takes the shipped ones.
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

// Check returns every place where the page, the lock and the scenarios disagree. It fails if they cannot be read.
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
			found = append(found, Problem{"removed", b.ID, 0, "the page no longer has this block", "remove its scenarios, then run docs accept " + b.ID})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ran)) {
		if _, there := p.block(id); !there {
			found = append(found, Problem{"missing", id, 0, ran[id][0] + " runs it, and the page has no such example", "name one that exists"})
		}
	}
	return append(found, checkParams(p, l, plan)...)
}

// checkBlock compares one block of the page with its entry in the lock and with the scenarios that run it.
func checkBlock(b pageBlock, was *lockedBlock, ran []string) (found []Problem) {
	add := func(kind, says, do string) { found = append(found, Problem{kind, b.id, b.line, says, do}) }
	accept := "read it, then run docs accept " + b.id
	if was == nil {
		add("new", "it was never accepted", accept)
		if b.kind == blockRun && len(ran) == 0 {
			add("unused", "no scenario runs it", fmt.Sprintf(`write one with the step: When the "%s" example runs`, b.id))
		}
		return found
	}
	if was.Hash != b.hash {
		add("changed", "it is not as it was accepted", "check that its scenarios still say what it does, then run docs accept "+b.id)
	}
	switch {
	case len(ran) == 0 && was.Reason == "" && was.Kind == blockRun:
		add("unused", "no scenario runs it", fmt.Sprintf(`write one with the step: When the "%s" example runs; or give a reason in the lock`, b.id))
	case len(ran) == 0 && was.Reason == "":
		add("unreasoned", "no scenario runs it, as a "+string(was.Kind)+", and the lock has no reason", "write the reason into the lock")
	case len(ran) > 0 && (was.Reason != "" || was.Kind != blockRun):
		add("needless", "the lock exempts it, and "+ran[0]+" runs it", "remove kind and reason from the lock")
	case !slices.Equal(was.Scenarios, ran):
		add("stale", "the lock names other scenarios than those that run it", "run docs accept "+b.id)
	}
	return found
}

// checkParams compares the parameters of the page with the lock and with the tags of scenarios.
func checkParams(p *page, l *lock, plan []*scenario.Scenario) (found []Problem) {
	for _, name := range slices.Sorted(maps.Keys(p.params)) {
		switch was, known := l.Params[name]; {
		case !known:
			found = append(found, Problem{"new", name, p.lines[name], "the parameter was never accepted", "write a scenario tagged @param:" + name + ", then run docs accept " + name})
		case was != p.params[name]:
			found = append(found, Problem{"changed", name, p.lines[name], fmt.Sprintf("the page says %q, accepted was %q", p.params[name], was), "check that its scenarios still hold, then run docs accept " + name})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.Params)) {
		if _, there := p.params[name]; !there {
			found = append(found, Problem{"removed", name, 0, "the page no longer has this parameter", "remove its scenarios, then run docs accept " + name})
		}
	}
	tagged := map[string]bool{}
	for _, s := range plan {
		for _, name := range s.Tagged("@param:") {
			if _, there := p.params[name]; !there && !tagged[name] {
				found = append(found, Problem{"missing", name, 0, s.ID + " is tagged with it, and the page has no such parameter", "name one that exists"})
			}
			tagged[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.params)) {
		if !tagged[name] {
			found = append(found, Problem{"unused", name, p.lines[name], "no scenario is about the parameter", "tag one with @param:" + name})
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
			found = append(found, Problem{"removed", f.Name, 0, "the page has no chapter about this function", "remove it from the documented functions"})
		}
	}
	for _, name := range p.functions {
		if !slices.Contains(have, name) {
			found = append(found, Problem{"new", name, p.lines[name], "the binding documents no such function", "add it, with scenarios"})
		} else if !slices.ContainsFunc(plan, func(s *scenario.Scenario) bool { return s.Has("@function:" + name) }) {
			found = append(found, Problem{"unused", name, p.lines[name], "no scenario is about the function", "tag one with @function:" + name})
		}
	}
	return found
}

// Accept records that a person compared the named blocks and parameters, or all of them, with their scenarios. It returns the
// lock to write, and keeps the kinds and reasons that were written by hand. It fails if an id is unknown.
func Accept(o Options, ids []string, all bool) ([]byte, error) {
	p, l, plan, err := o.read()
	if err != nil {
		return nil, err
	}
	if all == (len(ids) > 0) {
		return nil, errors.New("name the blocks and parameters to accept, or accept all")
	}
	wasBlocks, nowBlocks := map[string]lockedBlock{}, map[string]lockedBlock{}
	for _, b := range l.Blocks {
		wasBlocks[b.ID] = b
	}
	ran := runners(plan)
	for _, b := range p.blocks {
		now := lockedBlock{ID: b.id, Hash: b.hash, Line: b.line, Kind: b.kind, Scenarios: ran[b.id]}
		if was, known := wasBlocks[b.id]; known {
			now.Kind, now.Reason = was.Kind, was.Reason
		}
		nowBlocks[b.id] = now
	}
	known := slices.Collect(maps.Keys(wasBlocks))
	known = slices.AppendSeq(known, maps.Keys(nowBlocks))
	known = slices.AppendSeq(known, maps.Keys(l.Params))
	known = slices.AppendSeq(known, maps.Keys(p.params))
	slices.Sort(known)
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return nil, fmt.Errorf("%q is neither a block nor a parameter%s", id, scenario.DidYouMean(id, known))
		}
	}
	accepts := func(id string) bool { return all || slices.Contains(ids, id) }
	next := &lock{Version: lockVersion, Params: merge(l.Params, p.params, accepts)}
	byLine := func(a, b lockedBlock) int { return cmp.Compare(a.Line, b.Line) }
	next.Blocks = slices.SortedFunc(maps.Values(merge(wasBlocks, nowBlocks, accepts)), byLine)
	return next.write()
}

// merge returns what is now for the accepted ids, and what was for the others.
func merge[T any](was, now map[string]T, accepts func(id string) bool) map[string]T {
	next := map[string]T{}
	for id, v := range was {
		if !accepts(id) {
			next[id] = v
		}
	}
	for id, v := range now {
		if accepts(id) {
			next[id] = v
		}
	}
	return next
}
