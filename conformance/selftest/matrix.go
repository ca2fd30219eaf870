package selftest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Version is that of kill-matrix.json.
const Version = 1

// Matrix is what a self-test found: which scenario notices which mutant. It holds no times and no addresses, so that two
// of the same kit are the same.
type Matrix struct {
	Version  int           `json:"version"`
	Families []FamilyCount `json:"families"`
	Mutants  []Mutant      `json:"mutants"`
	Faults   []string      `json:"faults"` // why the self-test failed; none: it did not
	Sampled  int           `json:"sampled,omitempty"`

	seconds float64
}

// FamilyCount counts the mutants of a family by what became of them.
type FamilyCount struct {
	Family     string `json:"family"`
	Mutants    int    `json:"mutants"`
	Killed     int    `json:"killed"`
	Survived   int    `json:"survived"`
	NotReached int    `json:"not_reached"`
}

// reached is how many mutants had a chance.
func (f FamilyCount) reached() int { return f.Killed + f.Survived }

// Mutant is what became of one mutant.
type Mutant struct {
	ID       string  `json:"id"`
	Family   string  `json:"family"`
	Op       string  `json:"op,omitempty"`
	Expected string  `json:"expected,omitempty"` // begin of the ids of the scenarios named for it
	Verdict  Verdict `json:"verdict"`
	Killer   string  `json:"killer,omitempty"` // the first scenario that noticed
	Said     string  `json:"said,omitempty"`   // by it
	Hits     int64   `json:"hits"`             // replies or requests that were not as they should be
	Tried    int     `json:"tried"`            // scenarios that were run
	Excuse   string  `json:"excuse,omitempty"` // why it may survive
}

// OK says that the kit notices what it must.
func (m *Matrix) OK() bool { return len(m.Faults) == 0 }

// wantWire is the share of wire mutants that must be killed, in percent.
const wantWire = 97

// assess counts the trials and finds what is wrong with the kit.
func assess(trials []trial, sampled int) *Matrix {
	m := &Matrix{Version: Version, Faults: []string{}, Sampled: sampled}
	used := make([]bool, len(excuses))
	for _, t := range trials {
		end := Mutant{
			ID: t.id, Family: t.family, Op: t.op, Expected: t.fails,
			Verdict: t.verdict, Killer: t.killer, Said: t.reason, Hits: t.hits, Tried: t.tried,
		}
		for i, e := range excuses {
			if !e.of.MatchString(t.id) {
				continue
			}
			used[i] = true
			if t.verdict == Killed {
				m.fault("%s is killed by %s, and is excused all the same: %s", t.id, t.killer, e.reason)
			}
			end.Excuse = e.reason
		}
		if t.verdict == Survived && end.Excuse == "" {
			m.fault("%s survives, and nothing says why it may", t.id)
		}
		if t.verdict == NotReached && t.family != familyWire {
			m.fault("%s was not reached", t.id)
		}
		m.count(t)
		m.Mutants = append(m.Mutants, end)
	}
	for i, e := range excuses {
		if !used[i] && sampled == 0 {
			m.fault("there is no mutant %s, which is excused: %s", e.of, e.reason)
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

func (m *Matrix) count(t trial) {
	i := slices.IndexFunc(m.Families, func(f FamilyCount) bool { return f.Family == t.family })
	if i < 0 {
		i = len(m.Families)
		m.Families = append(m.Families, FamilyCount{Family: t.family})
	}
	f := &m.Families[i]
	f.Mutants++
	switch t.verdict {
	case Killed:
		f.Killed++
	case Survived:
		f.Survived++
	default:
		f.NotReached++
	}
}

// write puts kill-matrix.json and kill-matrix.md into a directory.
func (m *Matrix) write(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("the report directory: %w", err)
	}
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	var page strings.Builder
	m.markdown(&page)
	for name, text := range map[string]string{"kill-matrix.json": string(data) + "\n", "kill-matrix.md": page.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("the report: %w", err)
		}
	}
	return nil
}

// survivors are the mutants that nothing noticed.
func (m *Matrix) survivors() (out []Mutant) {
	for _, e := range m.Mutants {
		if e.Verdict != Killed {
			out = append(out, e)
		}
	}
	return out
}

// killers are the scenarios by how many mutants they were the first to notice, the most first.
func (m *Matrix) killers() (ids []string, of map[string]int) {
	of = map[string]int{}
	for _, e := range m.Mutants {
		if e.Killer == "" {
			continue
		}
		if of[e.Killer]++; of[e.Killer] == 1 {
			ids = append(ids, e.Killer)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(of[b]-of[a], strings.Compare(a, b)) })
	return ids, of
}

func (m *Matrix) markdown(w io.Writer) {
	fmt.Fprintf(w, "# What the kit notices\n\n")
	fmt.Fprintf(w, "| mutants | all | killed | survived | not reached |\n|---|--:|--:|--:|--:|\n")
	for _, f := range m.Families {
		fmt.Fprintf(w, "| %s | %d | %d | %d | %d |\n", f.Family, f.Mutants, f.Killed, f.Survived, f.NotReached)
	}
	if !m.OK() {
		fmt.Fprintf(w, "\n## What is wrong\n\n")
		for _, f := range m.Faults {
			fmt.Fprintf(w, "- %s\n", f)
		}
	}
	if left := m.survivors(); len(left) > 0 {
		fmt.Fprintf(w, "\n## Survivors\n\n| mutant | verdict | hits | tried | why it may |\n|---|---|--:|--:|---|\n")
		for _, e := range left {
			fmt.Fprintf(w, "| `%s` | %s | %d | %d | %s |\n", e.ID, e.Verdict, e.Hits, e.Tried, cmp.Or(e.Excuse, "nothing says"))
		}
	}
	ids, of := m.killers()
	fmt.Fprintf(w, "\n## Who notices\n\nThe scenarios that were the first to notice a mutant, of those that were tried in turn.\n\n| scenario | mutants |\n|---|--:|\n")
	for _, id := range ids {
		fmt.Fprintf(w, "| %s | %d |\n", id, of[id])
	}
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
	var reasons []string
	for _, e := range m.survivors() {
		if e.Excuse == "" {
			continue
		}
		if excused[e.Excuse]++; excused[e.Excuse] == 1 {
			reasons = append(reasons, e.Excuse)
		}
	}
	for _, r := range reasons {
		fmt.Fprintf(w, "survived  %5d: %s\n", excused[r], r)
	}
	for _, f := range m.Faults {
		fmt.Fprintf(w, "fault     %s\n", f)
	}
	if m.Sampled > 0 {
		fmt.Fprintf(w, "of the wire mutants one in %d was tried, of the others a quarter\n", m.Sampled)
	}
	verdict := "the kit notices what it must"
	if !m.OK() {
		verdict = "the kit does not notice what it must"
	}
	fmt.Fprintf(w, "%s (%.0fs)\n", verdict, m.seconds)
}
