package report

import (
	"encoding/json"
	"math"
	"time"
)

// The Common Test Report Format, https://ctrf.io, version 0.0.0 of its specification. It has five ends; ours stand in
// rawStatus. That the kit broke is a failure there: who reads the counts must not take it for a success.

type ctrfReport struct {
	Format      string      `json:"reportFormat"`
	Spec        string      `json:"specVersion"`
	Timestamp   time.Time   `json:"timestamp"`
	GeneratedBy string      `json:"generatedBy"`
	Results     ctrfResults `json:"results"`
}

type ctrfResults struct {
	Tool        ctrfTool        `json:"tool"`
	Summary     ctrfSummary     `json:"summary"`
	Tests       []ctrfTest      `json:"tests"`
	Environment ctrfEnvironment `json:"environment"`
}

type ctrfTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type ctrfSummary struct {
	ctrfCounts
	Suites   int   `json:"suites"`
	Start    int64 `json:"start"` // milliseconds since 1970, as all times here
	Stop     int64 `json:"stop"`
	Duration int64 `json:"duration"`
	Extra    struct {
		Statuses Summary `json:"statuses"`
	} `json:"extra"`
}

type ctrfCounts struct {
	Tests   int `json:"tests"`
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
	Pending int `json:"pending"`
	Other   int `json:"other"`
}

type ctrfTest struct {
	Name      string     `json:"name"`
	Status    string     `json:"status"`
	Duration  int64      `json:"duration"`
	Suite     []string   `json:"suite"`
	Message   string     `json:"message,omitempty"`
	Trace     string     `json:"trace,omitempty"`
	Snippet   string     `json:"snippet,omitempty"`
	Line      int        `json:"line"`
	RawStatus Status     `json:"rawStatus"`
	Tags      []string   `json:"tags,omitempty"`
	Type      string     `json:"type"`
	FilePath  string     `json:"filePath"`
	Steps     []ctrfStep `json:"steps,omitempty"`
	Extra     ctrfExtra  `json:"extra"`
}

type ctrfStep struct {
	Name   string `json:"name"`
	Status string `json:"status"`
}

type ctrfExtra struct {
	ID    string `json:"id"`
	Rerun string `json:"rerun"`
	Curl  string `json:"curl,omitempty"`
}

type ctrfEnvironment struct {
	Extra map[string]string `json:"extra"`
}

var ctrfStatus = map[Status]string{
	Pass: "passed", Fail: "failed", Error: "failed", Skipped: "skipped", Unsupported: "skipped", Known: "other",
}

// CTRF renders ctrf.json.
func CTRF(rep *Report) ([]byte, error) {
	out := ctrfReport{Format: "CTRF", Spec: "0.0.0", Timestamp: rep.Run.Stopped, GeneratedBy: "aircallkit"}
	res := &out.Results
	res.Tool = ctrfTool{"aircallkit conformance", rep.Run.Kit.Version}
	res.Tests = []ctrfTest{}
	res.Environment.Extra = map[string]string{}
	for _, f := range rep.Run.facts() {
		res.Environment.Extra[f.Name] = f.Value
	}
	for _, s := range rep.Scenarios {
		t := ctrfTest{
			Name: s.title(), Status: ctrfStatus[s.Status], Duration: milliseconds(s.Seconds), Suite: []string{s.path(), s.Feature},
			Message: s.Reason, Line: s.Line, RawStatus: s.Status, Tags: s.Tags, Type: "conformance", FilePath: s.path() + ".feature",
			Extra: ctrfExtra{s.ID, s.Rerun, s.Curl},
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
		res.Tests = append(res.Tests, t)
	}
	res.Summary.ctrfCounts = ctrfOf(rep.Summary)
	res.Summary.Suites = len(rep.byFeature())
	res.Summary.Start = rep.Run.Started.UnixMilli()
	res.Summary.Stop = rep.Run.Stopped.UnixMilli()
	res.Summary.Duration = milliseconds(rep.Run.Seconds)
	res.Summary.Extra.Statuses = rep.Summary
	data, err := json.MarshalIndent(out, "", "  ")
	return append(data, '\n'), err
}

func milliseconds(seconds float64) int64 { return int64(math.Round(seconds * 1000)) }

func ctrfOf(s Summary) ctrfCounts {
	return ctrfCounts{Tests: s.Total(), Passed: s.Pass, Failed: s.Fail + s.Error, Skipped: s.Skipped + s.Unsupported, Other: s.Known}
}
