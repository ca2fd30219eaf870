package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// full says that the long proofs run whole.
func full() bool { return os.Getenv("AIRCALLKIT_FULL") == "1" }

// TestSelfTest: the kit notices what it must. All wire mutants are tried where long proofs run, elsewhere one in many.
func TestSelfTest(t *testing.T) {
	o := SelfTest{ReportDir: t.TempDir(), Sample: 101}
	if full() {
		o.Sample = 0
	}
	m, err := Prove(t.Context(), o)
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
	var again KillMatrix
	if err := json.Unmarshal(data, &again); err != nil || len(again.Mutants) != len(m.Mutants) {
		t.Errorf("kill-matrix.json holds %d of %d mutants: %v", len(again.Mutants), len(m.Mutants), err)
	}
}
