// Package scenario reads the feature files and selects scenarios by tag and by id. It runs nothing.
package scenario

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing/fstest"

	"github.com/cucumber/godog"

	"github.com/aircallkit/aircallkit/features"
)

// Scenario is one scenario, or one row of an outline, as a feature file states it.
type Scenario struct {
	ID      string // the path of the file without .feature, "/", and the title in lower case with dashes
	URI     string // path of the feature file
	Feature string
	About   string // the feature's description, on one line
	Name    string
	Line    int
	Tags    []string
	Steps   []Step
	Alone   func() fs.FS // a file system with a feature of this scenario and no other
}

// Step is one step of a scenario.
type Step struct {
	Text string
	Line int
	Then bool // the step is an assertion
}

// Has reports whether the scenario has the tag, which begins with "@".
func (p *Scenario) Has(tag string) bool { return slices.Contains(p.Tags, tag) }

// Anywhere is the tag of a scenario that runs on any account, in a feature that is otherwise about the fake.
const Anywhere = "@anywhere"

// OwnFake reports whether the scenario gets a separate fake if the target is a fake.
func (p *Scenario) OwnFake() bool { return p.Has("@fake") && p.Has("@changes") }

// Tagged returns the rest of each tag that begins with the prefix: "@op:" gives the operations.
func (p *Scenario) Tagged(prefix string) (out []string) {
	for _, t := range p.Tags {
		if v, ok := strings.CutPrefix(t, prefix); ok {
			out = append(out, v)
		}
	}
	return out
}

// folders are the parts of the feature tree that hold scenarios.
var folders = []string{"reference", "relations", "assumptions", "lua", "api", "fake"}

// Shipped returns the scenarios of package features, in the order of the paths. It reads them once; do not change them.
var Shipped = sync.OnceValues(func() ([]*Scenario, error) { return Load(features.FS) })

// Load reads every feature of a file system that is laid out as package features is. It fails if a file cannot be parsed or
// if two scenarios have one id.
func Load(fsys fs.FS) ([]*Scenario, error) {
	suite := godog.TestSuite{Options: &godog.Options{FS: fsys, Paths: folders}}
	features, err := suite.RetrieveFeatures()
	if err != nil {
		return nil, fmt.Errorf("read features: %w", err)
	}
	var plan []*Scenario
	seen := map[string]bool{}
	for _, f := range features {
		for _, p := range f.Pickles {
			s := &Scenario{ID: ID(p), URI: f.Uri, Feature: f.Feature.Name, About: strings.Join(strings.Fields(f.Feature.Description), " "), Name: p.Name}
			if seen[s.ID] {
				return nil, fmt.Errorf("%s: two scenarios are called %q; a row of an outline needs a <column> in its title", f.Uri, p.Name)
			}
			seen[s.ID] = true
			s.Line = int(f.FindScenario(p.AstNodeIds[0]).Location.Line)
			for _, t := range p.Tags {
				s.Tags = append(s.Tags, t.Name)
			}
			if s.Has(Anywhere) {
				s.Tags = slices.DeleteFunc(s.Tags, func(t string) bool { return t == "@fake" }) // the tag of the feature
			}
			for _, st := range p.Steps {
				s.Steps = append(s.Steps, Step{Text: st.Text, Line: int(f.FindStep(st.AstNodeIds[0]).Location.Line), Then: st.Type == "Outcome"})
			}
			s.Alone = sync.OnceValue(func() fs.FS { return onlyScenario(p) })
			plan = append(plan, s)
		}
	}
	return plan, nil
}

// ID returns the id of a scenario that godog runs. It is made of the path and the title, and does not depend on lines.
func ID(p *godog.Scenario) string {
	return strings.TrimSuffix(p.Uri, ".feature") + "/" + Slug(p.Name)
}

// Slug returns a title in lower case with dashes between its words.
func Slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !(r == '_' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9')
	})
	return strings.Join(words, "-")
}

// Select returns the scenarios that match the tag expression and, if there are ids, have one of them. It fails if a tag or
// an id does not exist, or if no scenario is selected: a run of none proves nothing.
func Select(plan []*Scenario, tags string, ids []string) ([]*Scenario, error) {
	var known, all []string
	for _, p := range plan {
		known = append(known, p.Tags...)
		all = append(all, p.ID)
	}
	sel, err := parseTags(tags, known)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !slices.Contains(all, id) {
			return nil, fmt.Errorf("scenario %q: no scenario has that id%s", id, DidYouMean(id, all))
		}
	}
	var chosen []*Scenario
	for _, p := range plan {
		if sel(p.Tags) && (len(ids) == 0 || slices.Contains(ids, p.ID)) {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("tags %q select none of the %d scenarios", tags, len(plan))
	}
	return chosen, nil
}

// onlyScenario returns a feature of one scenario, at the path of the feature it comes from and with its steps as a run sees
// them: with backgrounds and the values of outlines. To read a whole feature for one scenario takes longer than to run
// it.
func onlyScenario(p *godog.Scenario) fs.FS {
	var b strings.Builder
	b.WriteString("Feature: " + p.Uri + "\n  Scenario: " + p.Name + "\n")
	for _, st := range p.Steps {
		b.WriteString("    * " + st.Text + "\n")
		if st.Argument == nil {
			continue
		}
		if doc := st.Argument.DocString; doc != nil {
			b.WriteString("      \"\"\"\n")
			for line := range strings.SplitSeq(doc.Content, "\n") {
				b.WriteString("      " + strings.ReplaceAll(line, `"""`, `\"\"\"`) + "\n")
			}
			b.WriteString("      \"\"\"\n")
		}
		if table := st.Argument.DataTable; table != nil {
			for _, row := range table.Rows {
				b.WriteString("      |")
				for _, cell := range row.Cells {
					b.WriteString(" " + cellEscapes.Replace(cell.Value) + " |")
				}
				b.WriteString("\n")
			}
		}
	}
	return fstest.MapFS{p.Uri: {Data: []byte(b.String())}}
}

// cellEscapes are the escapes of table cells in Gherkin.
var cellEscapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", `\n`)
