package selftest

import (
	"bytes"
	"cmp"
	"context"
	_ "embed" // the template
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/aircallkit/aircallkit/conformance/defect"
)

// Version is that of kill-matrix.json.
const Version = 1

// Matrix is the result of a self-test: which scenario notices which mutant. It holds no times and no addresses, so that two
// self-tests of the same version write the same.
type Matrix struct {
	Version  int           `json:"version"`
	Families []FamilyCount `json:"families"`
	Mutants  []Mutant      `json:"mutants"`
	Faults   []string      `json:"faults"` // why the self-test failed; none if it passed
	Sampled  int           `json:"sampled,omitempty"`

	seconds float64
}

// FamilyCount counts the mutants of a family by verdict.
type FamilyCount struct {
	Family     string `json:"family"`
	Mutants    int    `json:"mutants"`
	Killed     int    `json:"killed"`
	Survived   int    `json:"survived"`
	NotReached int    `json:"not_reached"`
}

// reached returns how many mutants damaged something.
func (f FamilyCount) reached() int { return f.Killed + f.Survived }

// Mutant is something that the suite must notice, and what became of it.
type Mutant struct {
	ID       string  `json:"id"`
	Family   string  `json:"family"`
	Op       string  `json:"op,omitempty"`
	Expected string  `json:"expected,omitempty"` // beginning of the ids of the scenarios that are named for it
	Verdict  Verdict `json:"verdict"`
	Killer   string  `json:"killer,omitempty"` // the first scenario that noticed it
	Said     string  `json:"said,omitempty"`   // by that scenario
	Hits     int64   `json:"hits"`             // replies that it damaged; of a server that is wrong, requests
	Tried    int     `json:"tried"`            // scenarios that ran
	Excuse   string  `json:"excuse,omitempty"` // why it may survive

	try       func(context.Context, *Mutant) error // nil: it runs its scenarios against its defect
	defect    func(hit func()) defect.Defect
	scenarios []int  // positions in the plan of those that may notice it, in the order in which they are tried
	remote    bool   // they run as against an address
	where     string // where the contract must be found broken; "": the family decides
}

// OK reports whether the suite notices what it must.
func (m *Matrix) OK() bool { return len(m.Faults) == 0 }

// wantWire is the share of wire mutants that must be killed, in percent.
const wantWire = 97

// assess counts the mutants and finds what is wrong with the suite.
func assess(mutants []Mutant, sampled int) *Matrix {
	m := &Matrix{Version: Version, Mutants: mutants, Faults: []string{}, Sampled: sampled}
	used := make([]bool, len(excuses))
	for i := range mutants {
		t := &mutants[i]
		for i, e := range excuses {
			if !e.of.MatchString(t.ID) {
				continue
			}
			used[i] = true
			if t.Verdict == Killed {
				m.fault("%s is killed by %s, so it needs no excuse: %s", t.ID, t.Killer, e.reason)
			}
			t.Excuse = e.reason
		}
		if t.Verdict == Survived && t.Excuse == "" {
			m.fault("%s survives without an excuse", t.ID)
		}
		if t.Verdict == NotReached && t.Family != familyWire {
			m.fault("%s was not reached", t.ID)
		}
		m.count(t)
	}
	for i, e := range excuses {
		if !used[i] && sampled == 0 {
			m.fault("there is no mutant %s, but an excuse for it: %s", e.of, e.reason)
		}
	}
	for _, f := range m.Families {
		switch {
		case f.Family == familyWire:
			if f.Killed*100 < f.reached()*wantWire {
				m.fault("%d of %d wire mutants are killed, less than %d%%", f.Killed, f.reached(), wantWire)
			}
		case f.Killed < f.Mutants:
			m.fault("%d of %d %s mutants are killed", f.Killed, f.Mutants, f.Family)
		}
	}
	return m
}

func (m *Matrix) fault(format string, args ...any) {
	m.Faults = append(m.Faults, fmt.Sprintf(format, args...))
}

// count counts a mutant. Those of a family are in a row.
func (m *Matrix) count(t *Mutant) {
	if n := len(m.Families); n == 0 || m.Families[n-1].Family != t.Family {
		m.Families = append(m.Families, FamilyCount{Family: t.Family})
	}
	f := &m.Families[len(m.Families)-1]
	f.Mutants++
	switch t.Verdict {
	case Killed:
		f.Killed++
	case Survived:
		f.Survived++
	default:
		f.NotReached++
	}
}

//go:embed kill-matrix.md.tmpl
var markdownSource string

// write writes kill-matrix.json and kill-matrix.md to a directory.
func (m *Matrix) write(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report directory: %w", err)
	}
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := template.Must(template.New("").Parse(markdownSource)).Execute(&page, m); err != nil {
		return err
	}
	for name, data := range map[string][]byte{"kill-matrix.json": append(data, '\n'), "kill-matrix.md": page.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return fmt.Errorf("self-test report: %w", err)
		}
	}
	return nil
}

// Survivors returns the mutants that nothing noticed.
func (m *Matrix) Survivors() []Mutant {
	return slices.DeleteFunc(slices.Clone(m.Mutants), func(e Mutant) bool { return e.Verdict == Killed })
}

// Killer is a scenario with the number of mutants that it was the first to notice.
type Killer struct {
	ID      string
	Mutants int
}

// Killers returns the scenarios that notice mutants, those with the most first.
func (m *Matrix) Killers() (all []Killer) {
	of := map[string]int{}
	for _, e := range m.Mutants {
		if e.Killer != "" {
			of[e.Killer]++
		}
	}
	for id, n := range of {
		all = append(all, Killer{id, n})
	}
	slices.SortFunc(all, func(a, b Killer) int { return cmp.Or(b.Mutants-a.Mutants, strings.Compare(a.ID, b.ID)) })
	return all
}

// text is the summary for a terminal.
func (m *Matrix) text(w io.Writer) {
	for _, f := range m.Families {
		fmt.Fprintf(w, "%-9s %5d of %5d killed", f.Family, f.Killed, f.Mutants)
		if f.Family == familyWire && f.reached() > 0 {
			fmt.Fprintf(w, ", %.1f%%", float64(f.Killed)*100/float64(f.reached()))
		}
		fmt.Fprintln(w)
	}
	excused := map[string]int{}
	for _, e := range m.Survivors() {
		excused[e.Excuse]++
	}
	for _, e := range excuses {
		if n := excused[e.reason]; n > 0 {
			fmt.Fprintf(w, "survived  %5d: %s\n", n, e.reason)
		}
	}
	for _, f := range m.Faults {
		fmt.Fprintf(w, "fault     %s\n", f)
	}
	if m.Sampled > 0 {
		fmt.Fprintf(w, "tried one in %d of the wire mutants and a quarter of the others\n", m.Sampled)
	}
	verdict := "the suite notices what it must"
	if !m.OK() {
		verdict = "the suite does not notice what it must"
	}
	fmt.Fprintf(w, "%s (%.0fs)\n", verdict, m.seconds)
}
