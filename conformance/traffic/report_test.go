package traffic_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/traffic"
)

// The report has the form of that of a run, can be read again, and holds no value of the recording.
func TestReport(t *testing.T) {
	r := checkFile(t, "testdata/september-2026.har", traffic.Options{Assume: map[string]string{"call-finalization": "at-once"}})
	again := func(at traffic.Place) string { return "aircallkit conformance check-traffic " + at.File }
	rep := r.Report(conformance.ReportHeader(), func([]report.Cause) {}, again)
	dir := t.TempDir()
	if err := report.Write(dir, rep, report.Files(), func(string, []byte) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := report.ReadReport(dir); err != nil {
		t.Error(err)
	}
	schema, err := jsonschema.NewCompiler().Compile("../../docs/run.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(dir + "/*")
	if err != nil || len(files) != len(report.Files()) {
		t.Errorf("%v, %v", files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range []string{"Okafor", "acme.test", "202-555", "518000001", "Echo", "4200000001", "Callback"} {
			if bytes.Contains(data, []byte(value)) {
				t.Errorf("%s holds %q", filepath.Base(name), value)
			}
		}
		if filepath.Base(name) == "run.json" {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
			if err == nil {
				err = schema.Validate(v)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
	for _, o := range rep.Observations().Observations {
		if o.Date != "2026-10-08" || o.Target != "live" || o.How == "" {
			t.Errorf("%+v", o)
		}
		want := map[string]string{"call-finalization": report.Refuted, "result-cap": report.Confirmed, "a2p": report.NotObserved}[o.ID]
		if want != "" && o.Result != want {
			t.Errorf("%s is %s, want %s", o.ID, o.Result, want)
		}
	}
	// On Aircall the assumption is wrong, not the account.
	for _, s := range rep.Scenarios {
		if strings.HasSuffix(s.ID, "/call-finalization") && s.Status != report.Known {
			t.Errorf("%s is %s", s.ID, s.Status)
		}
	}
}

// An exchange with masked values shows its shape and nothing else.
func TestMasked(t *testing.T) {
	source := checkFile(t, "testdata/september-2026.har", traffic.Options{})
	data, err := os.ReadFile("testdata/september-2026.har")
	if err != nil {
		t.Fatal(err)
	}
	masked := bytes.ReplaceAll(data, []byte(`"request":{`), []byte(`"_masked":true,"request":{`))
	for _, value := range []string{"in_bundle", "+12025550147", "+1 202-555-0147", "Ada Okafor", "US", "2026-09-28T10:00:42.000Z", "done"} {
		masked = bytes.ReplaceAll(masked, []byte(`\"`+value+`\"`), []byte(`\"text\"`))
	}
	name := filepath.Join(t.TempDir(), "masked.har")
	if err := os.WriteFile(name, masked, 0o644); err != nil {
		t.Fatal(err)
	}
	r := checkFile(t, name, traffic.Options{})
	clean(t, r)
	if r.Masked != source.Checked {
		t.Errorf("%d of %d exchanges are masked", r.Masked, source.Checked)
	}
	for id, want := range map[string]string{
		"rate-limit-headers": report.Confirmed, "users-v1-numbers": report.Confirmed, "result-cap": report.NotObserved, "call-pricing-type": report.NotObserved,
		"number-messages": report.Confirmed, "page-links": report.NotObserved,
	} {
		if v := verdictOf(t, r, id); v.Result != want {
			t.Errorf("%s is %s, want %s", id, v.Result, want)
		}
	}
}
