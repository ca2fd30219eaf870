package mask

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/traffic"
)

// What a masked recording of the live API shows, the recording shows as well: masking makes up no breach and refutes no
// assumption.
func TestMaskedRecordingShowsTheSame(t *testing.T) {
	for _, name := range []string{"september-2026.har", "june-2026.har", "chrome.har", "mitmproxy.har"} {
		data, err := os.ReadFile(filepath.Join("..", "traffic", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		file, err := os.Create(filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		w, err := har.NewWriter(file, "test", "1")
		if err != nil {
			t.Fatal(err)
		}
		var m Masker
		if err := har.Read(bytes.NewReader(data), func(e har.Entry) error { return w.Write(m.Entry(e)) }); err != nil {
			t.Fatal(err)
		}
		file.Close()
		masked, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		was, is := shown(t, data), shown(t, masked)
		confirmed := 0
		for finding := range is {
			if strings.HasPrefix(finding, "confirmed") {
				confirmed++
			}
			if !was[finding] {
				t.Errorf("%s: only the masked recording shows %s", name, finding)
			}
		}
		for finding := range was {
			if !is[finding] && !strings.HasPrefix(finding, "confirmed") {
				t.Logf("%s: the masked recording does not show %s", name, finding)
			}
		}
		if confirmed == 0 {
			t.Errorf("%s: the masked recording confirms nothing", name)
		}
	}
}

// shown returns the findings of check-traffic.
func shown(t *testing.T, data []byte) map[string]bool {
	t.Helper()
	c, err := traffic.NewChecker(traffic.Options{})
	if err == nil {
		err = c.Read(t.Context(), "a.har", bytes.NewReader(data))
	}
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	r := c.Result()
	for _, v := range r.Assumptions {
		if v.Result != report.NotObserved {
			found[v.Result+" "+v.ID] = true
		}
	}
	for _, b := range r.Breaches {
		found["breach "+b.Op+" "+b.Where+" "+b.Want] = true
	}
	return found
}
