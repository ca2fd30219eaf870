package report

import (
	"encoding/json"
	"math"
)

// ctrfTest is a test of the Common Test Report Format, https://ctrf.io, version 0.0.0 of its specification. It has five
// statuses; ours is in RawStatus. A scenario in which the suite broke counts as failed, so that no reader of the counts takes it
// for a success. All times are in milliseconds.
type ctrfTest struct {
	Name      string            `json:"name"`
	Status    string            `json:"status"`
	Duration  int64             `json:"duration"`
	Suite     []string          `json:"suite"`
	Message   string            `json:"message,omitempty"`
	Trace     string            `json:"trace,omitempty"`
	Snippet   string            `json:"snippet,omitempty"`
	Line      int               `json:"line"`
	RawStatus Status            `json:"rawStatus"`
	Tags      []string          `json:"tags,omitempty"`
	Type      string            `json:"type"`
	FilePath  string            `json:"filePath"`
	Steps     []ctrfStep        `json:"steps,omitempty"`
	Extra     map[string]string `json:"extra"`
}

type ctrfStep struct {
	Name   string `json:"name"`
	Status string `json:"status"`
}

var ctrfStatus = map[Status]string{
	Pass: "passed", Fail: "failed", Error: "failed", Skipped: "skipped", Unsupported: "skipped", Known: "other",
}

// CTRF renders ctrf.json.
func CTRF(rep *Report) ([]byte, error) {
	facts := map[string]string{}
	for _, f := range rep.Run.facts() {
		facts[f.Name] = f.Value
	}
	tests := []ctrfTest{}
	for _, s := range rep.Scenarios {
		tests = append(tests, ctrfTestOf(s))
	}
	n := rep.Summary
	data, err := json.MarshalIndent(map[string]any{
		"reportFormat": "CTRF", "specVersion": "0.0.0", "timestamp": rep.Run.Stopped, "generatedBy": "aircallkit",
		"results": map[string]any{
			"tool": map[string]string{"name": "aircallkit conformance", "version": rep.Run.Kit.Version},
			"summary": map[string]any{
				"tests": n.Total(), "passed": n.Pass, "failed": n.Fail + n.Error, "skipped": n.Skipped + n.Unsupported, "pending": 0, "other": n.Known,
				"suites": len(rep.byFeature()), "start": rep.Run.Started.UnixMilli(), "stop": rep.Run.Stopped.UnixMilli(),
				"duration": milliseconds(rep.Run.Seconds), "extra": map[string]any{"statuses": n},
			},
			"tests":       tests,
			"environment": map[string]any{"extra": facts},
		},
	}, "", "  ")
	return append(data, '\n'), err
}

func ctrfTestOf(s Scenario) ctrfTest {
	t := ctrfTest{
		Name: s.title(), Status: ctrfStatus[s.Status], Duration: milliseconds(s.Seconds), Suite: []string{s.path(), s.Feature},
		Message: s.Reason, Line: s.Line, RawStatus: s.Status, Tags: s.Tags, Type: "conformance", FilePath: s.path() + ".feature",
		Extra: map[string]string{"id": s.ID, "rerun": s.Rerun},
	}
	if s.Curl != "" {
		t.Extra["curl"] = s.Curl
	}
	if s.Status == Fail || s.Status == Error {
		t.Trace = s.told(s.Want, s.Got)
		if n := len(s.Scripts); n > 0 {
			t.Snippet = s.Scripts[n-1].Run
		}
	}
	for _, st := range s.Steps {
		t.Steps = append(t.Steps, ctrfStep{st.Text, ctrfStatus[st.Status]})
	}
	return t
}

func milliseconds(seconds float64) int64 { return int64(math.Round(seconds * 1000)) }
