package conformance

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/cucumber/godog"

	"github.com/aircallkit/aircallkit/features"
)

// planned is a scenario as the feature files state it.
type planned struct {
	id      string
	uri     string // path of the feature file
	feature string
	about   string // the feature's description, on one line
	name    string
	line    int
	tags    []string
	steps   []Step
	thens   []bool               // of each step: it says what must be so
	means   func() []*definition // of the steps, found once
	alone   func() fs.FS         // holds this scenario and no other
}

func (p *planned) has(tag string) bool { return slices.Contains(p.tags, tag) }

// anywhere is the tag of a scenario that any account can answer, in a feature that is otherwise about the fake.
const anywhere = "@anywhere"

// ownFake says that the scenario gets a fake of its own where the target is one.
func (p *planned) ownFake() bool { return p.has("@fake") && p.has("@changes") }

// tagged gives what follows the prefix in the tags that have it: "@op:" gives the operations.
func (p *planned) tagged(prefix string) (out []string) {
	for _, t := range p.tags {
		if v, ok := strings.CutPrefix(t, prefix); ok {
			out = append(out, v)
		}
	}
	return out
}

// folders are the parts of the feature tree that hold scenarios.
var folders = []string{"reference", "relations", "assumptions", "lua", "api", "fake"}

// shipped is the plan of the features this package comes with. Nobody changes it, so it is read once.
var shipped = sync.OnceValues(func() ([]*planned, error) { return load(features.FS) })

// load reads every feature, in the order of the paths.
func load(fsys fs.FS) ([]*planned, error) {
	suite := godog.TestSuite{Options: &godog.Options{FS: fsys, Paths: folders}}
	features, err := suite.RetrieveFeatures()
	if err != nil {
		return nil, fmt.Errorf("read features: %w", err)
	}
	var plan []*planned
	seen := map[string]bool{}
	for _, f := range features {
		for _, p := range f.Pickles {
			s := &planned{id: scenarioID(p), uri: f.Uri, feature: f.Feature.Name, about: strings.Join(strings.Fields(f.Feature.Description), " "), name: p.Name}
			if seen[s.id] {
				return nil, fmt.Errorf("%s: two scenarios are called %q; a row of an outline needs a <column> in its title", f.Uri, p.Name)
			}
			seen[s.id] = true
			s.line = int(f.FindScenario(p.AstNodeIds[0]).Location.Line)
			for _, t := range p.Tags {
				s.tags = append(s.tags, t.Name)
			}
			if s.has(anywhere) {
				s.tags = slices.DeleteFunc(s.tags, func(t string) bool { return t == "@fake" }) // which is the feature's
			}
			for _, st := range p.Steps {
				s.steps = append(s.steps, Step{Text: st.Text, Line: int(f.FindStep(st.AstNodeIds[0]).Location.Line)})
				s.thens = append(s.thens, st.Type == "Outcome")
			}
			s.means = sync.OnceValue(func() []*definition { return meanings(s.steps) })
			s.alone = sync.OnceValue(func() fs.FS { return onlyScenario(p) })
			plan = append(plan, s)
		}
	}
	return plan, nil
}

// scenarioID is made of the path and the title, so that it outlives a move of lines.
func scenarioID(p *godog.Scenario) string {
	return strings.TrimSuffix(p.Uri, ".feature") + "/" + slug(p.Name)
}

func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !(r == '_' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9')
	})
	return strings.Join(words, "-")
}

// choose keeps what the tags and the ids select. Nothing selected is an error: a run of nothing proves nothing.
func choose(plan []*planned, tags string, ids []string) ([]*planned, error) {
	var known, all []string
	for _, p := range plan {
		known = append(known, p.tags...)
		all = append(all, p.id)
	}
	sel, err := parseTags(tags, known)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !slices.Contains(all, id) {
			return nil, fmt.Errorf("scenario %q: there is none of that id%s", id, nearest(id, all))
		}
	}
	var chosen []*planned
	for _, p := range plan {
		if sel(p.tags) && (len(ids) == 0 || slices.Contains(ids, p.id)) {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("tags %q select none of %d scenarios", tags, len(plan))
	}
	return chosen, nil
}
