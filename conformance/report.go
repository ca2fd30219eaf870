package conformance

import "time"

// Status is the end of a scenario or of a step.
type Status string

// The six statuses. Their order here is the order of severity, lowest first.
const (
	Pass        Status = "pass"
	Skipped     Status = "skipped"
	Unsupported Status = "unsupported"
	Known       Status = "known"
	Fail        Status = "fail"
	Error       Status = "error"
)

// ReportVersion is the version of run.json. It grows when a key changes its meaning or goes.
const ReportVersion = 1

// Report is one run. Everything that is printed or written is rendered from it.
type Report struct {
	Version   int        `json:"version"`
	Run       Header     `json:"run"`
	Summary   Summary    `json:"summary"`
	Scenarios []Scenario `json:"scenarios"`

	Left    []string `json:"left,omitempty"` // what the run did not put back, or the accounts hold beyond what they held before
	Journal string   `json:"-"`              // the file that tells of it, for sweep; it holds personal data
}

// Header says what was run, against what.
type Header struct {
	Started     time.Time      `json:"started"`
	Seconds     float64        `json:"seconds"`
	Target      string         `json:"target"` // "fake", "url" or "live"
	URL         string         `json:"url"`    // without user info and query
	Accounts    []string       `json:"accounts"`
	Seed        int64          `json:"seed,omitempty"` // of the in-process fake
	Tags        string         `json:"tags,omitempty"`
	Only        []string       `json:"only,omitempty"` // the scenarios asked for by id
	AllowWrites bool           `json:"allow_writes"`
	Interrupted bool           `json:"interrupted,omitempty"`
	Reference   string         `json:"reference"` // sha256 of the Lua reference the examples were taken from
	Go          string         `json:"go"`
	Requests    map[string]int `json:"requests"` // sent to the target, by account
}

// Summary counts the scenarios by status.
type Summary struct {
	Pass        int `json:"pass"`
	Fail        int `json:"fail"`
	Known       int `json:"known"`
	Unsupported int `json:"unsupported"`
	Skipped     int `json:"skipped"`
	Error       int `json:"error"`
}

// Total is the number of scenarios.
func (s Summary) Total() int {
	return s.Pass + s.Fail + s.Known + s.Unsupported + s.Skipped + s.Error
}

// ran is the number of scenarios that said something about the target.
func (s Summary) ran() int { return s.Pass + s.Fail + s.Known }

func summarize(scenarios []Scenario) (s Summary) {
	for _, sc := range scenarios {
		switch sc.Status {
		case Pass:
			s.Pass++
		case Fail:
			s.Fail++
		case Known:
			s.Known++
		case Unsupported:
			s.Unsupported++
		case Skipped:
			s.Skipped++
		default:
			s.Error++
		}
	}
	return s
}

// Scenario is one scenario of a feature, or one row of an outline.
type Scenario struct {
	ID       string   `json:"id"` // the path of the feature without its extension, "/", the title in lower case with dashes
	Feature  string   `json:"feature"`
	Name     string   `json:"name"`
	Line     int      `json:"line"`
	Tags     []string `json:"tags"`
	Ops      []string `json:"ops"` // operation names of Aircall's documentation
	Status   Status   `json:"status"`
	Reason   string   `json:"reason,omitempty"`
	Want     string   `json:"want,omitempty"` // values: on our own fake only
	Got      string   `json:"got,omitempty"`
	Seconds  float64  `json:"seconds"`
	Rerun    string   `json:"rerun"` // the command that runs this scenario and no other
	Scripts  []Script `json:"scripts,omitempty"`
	Steps    []Step   `json:"steps"`
	Requests []Sent   `json:"requests,omitempty"`
	Contract []Breach `json:"contract,omitempty"` // of its exchanges, whatever else became of it

	want, got string // the same values, kept for the terminal of someone who tests on the own machine
}

// Script is Lua as it ran.
type Script struct {
	Example string `json:"example,omitempty"` // id of the documentation's example
	Line    int    `json:"line,omitempty"`    // where it begins in the reference
	Printed string `json:"as_printed,omitempty"`
	Run     string `json:"as_run"`
	Output  string `json:"output,omitempty"` // on our own fake only
}

// Step is one step of a scenario. A step after a failed one is skipped.
type Step struct {
	Text   string `json:"text"`
	Line   int    `json:"line"`
	Status Status `json:"status"`
}

// Sent is a request, reduced to what identifies no one.
type Sent struct {
	Account string `json:"account"`
	Purpose string `json:"purpose"` // "script", "check" or "undo"
	Op      string `json:"op,omitempty"`
	Method  string `json:"method"`
	Path    string `json:"path"`             // the template of the route
	Status  int    `json:"status,omitempty"` // 0: no reply

	Attempts int `json:"attempts,omitempty"` // if more than one: those before met a fault of the way
}

// Exit codes of a run.
const (
	ExitOK     = 0 // something ran, nothing failed, nothing broke
	ExitFailed = 1 // at least one scenario failed
	ExitError  = 2 // the run could not start, or the kit broke during it: what the other counts say is not to be relied on

	ExitLeft        = 4   // something that the run changed is still there; whatever else is true
	ExitInterrupted = 130 // a signal ended it; what it had changed is undone
)

// ExitCode gives what a command exits with, from what Run returned. A run in which everything was skipped proved
// nothing, and is no success.
func ExitCode(r *Report, err error) int {
	switch {
	case r != nil && len(r.Left) > 0:
		return ExitLeft
	case r != nil && r.Run.Interrupted:
		return ExitInterrupted
	case err != nil, r == nil, r.Summary.Error > 0, r.Summary.ran() == 0:
		return ExitError
	case r.Summary.Fail > 0:
		return ExitFailed
	}
	return ExitOK
}
