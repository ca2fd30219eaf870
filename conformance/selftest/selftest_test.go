package selftest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// TestSelfTest: the kit notices what it must. All wire mutants are tried where long proofs run, elsewhere one in many.
func TestSelfTest(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	o := Options{ReportDir: t.TempDir(), Sample: 101}
	if os.Getenv("AIRCALLKIT_FULL") == "1" {
		o.Sample = 0
	}
	m, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range m.Faults {
		t.Error(f)
	}
	for _, e := range m.Mutants {
		if e.Verdict == Killed && e.Hits == 0 {
			t.Errorf("%s is killed by %s and was never hit", e.ID, e.Killer)
		}
		if e.Killer != "" && !strings.HasPrefix(e.Killer, e.Expected) {
			t.Errorf("%s is killed by %s, not by %s", e.ID, e.Killer, e.Expected)
		}
	}
	data, err := os.ReadFile(filepath.Join(o.ReportDir, "kill-matrix.json"))
	if err != nil {
		t.Fatal(err)
	}
	var again Matrix
	if err := json.Unmarshal(data, &again); err != nil || len(again.Mutants) != len(m.Mutants) {
		t.Errorf("kill-matrix.json holds %d of %d mutants: %v", len(again.Mutants), len(m.Mutants), err)
	}
}

// TestAssess: a self-test fails if one of a family that must be noticed survives, if too many wire mutants do, and if an excuse
// is missing, needless or of nothing.
func TestAssess(t *testing.T) {
	excused := "wire retrieve-action-items 2xx action_items empty"
	for _, c := range []struct {
		name   string
		trials []Mutant
		want   string
	}{
		{"all is noticed", []Mutant{of(familySemantic, "semantic a", Killed), of(familyWire, "wire a", Killed)}, ""},
		{"an excused survivor of many", append(many(99, Killed), of(familyWire, excused, Survived)), ""},
		{"a survivor without an excuse", append(many(99, Killed), of(familyWire, "wire b", Survived)), "wire b survives without an excuse"},
		{"an excuse that is needless", []Mutant{of(familyWire, excused, Killed)}, excused + " is killed by somebody, so it needs no excuse"},
		{"too many survivors", append(many(96, Killed), many(4, Survived)...), "96 of 100 wire mutants are killed, less than 97%"},
		{"those that were not reached do not count", append(many(97, Killed), append(many(3, Survived), many(50, NotReached)...)...), "survives"},
		{"a semantic survivor", []Mutant{of(familySemantic, "semantic a", Survived)}, "0 of 1 semantic mutants are killed"},
		{"a semantic mutant that was not reached", []Mutant{of(familySemantic, "semantic a", NotReached)}, "0 of 1 semantic mutants are killed"},
		{"a dumb server that passes", []Mutant{of(familyDumb, "dumb a", Survived)}, "0 of 1 dumb mutants are killed"},
		{"a fault of the kit", []Mutant{of(familyKit, "kit a", Survived)}, "0 of 1 kit mutants are killed"},
	} {
		m := assess(c.trials, 1)
		if faults := strings.Join(m.Faults, "\n"); m.OK() != (c.want == "") || !strings.Contains(faults, c.want) {
			t.Errorf("%s: %q, want %q", c.name, faults, c.want)
		}
	}
	if m := assess(many(1, Killed), 0); !strings.Contains(strings.Join(m.Faults, "\n"), "there is no mutant") {
		t.Errorf("excuses of no mutant pass: %v", m.Faults)
	}
}

func of(family, id string, v Verdict) Mutant {
	return Mutant{ID: id, Family: family, Verdict: v, Killer: "somebody", Hits: 1}
}

func many(n int, v Verdict) (all []Mutant) {
	for range n {
		all = append(all, of(familyWire, "wire one of many", v))
	}
	return all
}

// TestKitFaults: each is noticed, and by the code that is meant for it.
func TestKitFaults(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	for _, f := range conformance.Faults() {
		var got Mutant
		if err := faulty(t.Context(), &got, f); err != nil || got.Verdict != Killed {
			t.Errorf("%s: %s, %v: %s", f.Name, got.Verdict, err, got.Said)
		}
	}
}

// TestFaults damage the values at a path, everywhere in a list, and nothing else.
func TestFaults(t *testing.T) {
	const body = `{"calls":[{"id":1,"user":{"name":"Ada","n":2},"tags":[{"id":5}]},{"id":2,"user":null,"tags":[]}],"meta":{"n":null}}`
	for _, c := range []struct {
		fault, path, want string
		hits              int
	}{
		{"drop", "calls[].user.name", `{"calls":[{"id":1,"user":{"n":2},"tags":[{"id":5}]},{"id":2,"user":null,"tags":[]}],"meta":{"n":null}}`, 1},
		{"drop", "meta", `{"calls":[{"id":1,"user":{"name":"Ada","n":2},"tags":[{"id":5}]},{"id":2,"user":null,"tags":[]}]}`, 1},
		{"null", "calls[].user", `{"calls":[{"id":1,"user":null,"tags":[{"id":5}]},{"id":2,"user":null,"tags":[]}],"meta":{"n":null}}`, 1},
		{"null", "meta.n", body, 0},
		{"retype", "calls[].id", strings.NewReplacer(`{"id":1,`, `{"id":"seven",`, `{"id":2,`, `{"id":"seven",`).Replace(body), 2},
		{"rename", "calls[].tags[].id", strings.Replace(body, `{"id":5}`, `{"id_":5}`, 1), 1},
		{"text", "calls[].user.n", strings.Replace(body, `"n":2`, `"n":"2"`, 1), 1},
		{"huge", "calls[].user.n", strings.Replace(body, `"n":2`, `"n":90071992547409930`, 1), 1},
		{"empty", "calls[].tags", strings.Replace(body, `[{"id":5}]`, `[]`, 1), 1},
		{"double", "calls[].tags", strings.Replace(body, `[{"id":5}]`, `[{"id":5},{"id":5}]`, 1), 1},
		{"double", "calls[].nothing", body, 0},
	} {
		v, err := orderedjson.Decode([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range faults {
			if f.name != c.fault {
				continue
			}
			if got, n := f.in(v, c.path); string(orderedjson.Encode(got)) != c.want || n != c.hits {
				t.Errorf("%s %s: %d hits\n%s, want\n%s", c.fault, c.path, n, orderedjson.Encode(got), c.want)
			}
		}
	}
}
