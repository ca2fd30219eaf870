// Package report is what a run of the conformance kit found, and the files that are made of it. Its functions depend on
// nothing but the report.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

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

// ReportVersion is the version of run.json. It grows when a key changes its meaning or goes; that keys are added must
// not disturb who reads it.
const ReportVersion = 1

// Report is the result of one run. Every form of it is rendered from this model.
type Report struct {
	Version   int        `json:"version"`
	Run       Header     `json:"run"`
	Summary   Summary    `json:"summary"`
	Drift     []Cause    `json:"drift"`    // differences from the wire contract, by cause
	Failures  []Cause    `json:"failures"` // why scenarios failed or could not be judged
	Scenarios []Scenario `json:"scenarios"`
	Footer    *Footer    `json:"footer"` // last, so that half a file has none

	Removed []string `json:"removed,omitempty"` // kinds of what must not leave a run that its texts held, and in how many

	Left    []string `json:"left,omitempty"` // what the run did not put back, or the accounts hold beyond what they held before
	UndoLog string   `json:"-"`              // the file that tells of it, for sweep; it holds personal data
}

// Header says what was run, against what.
type Header struct {
	Kit             Kit            `json:"kit"`
	Started         time.Time      `json:"started"`
	Stopped         time.Time      `json:"stopped"`
	Seconds         float64        `json:"seconds"`
	Target          string         `json:"target"`           // "fake", "url" or "live"
	URL             string         `json:"url"`              // without user info and query
	Server          string         `json:"server,omitempty"` // what the target calls itself in the header Server
	Accounts        []string       `json:"accounts"`         // by the names they have in the configuration
	Seed            int64          `json:"seed,omitempty"`   // of the in-process fake
	Tags            string         `json:"tags,omitempty"`
	Only            []string       `json:"only,omitempty"` // the scenarios asked for by id
	Profile         string         `json:"profile"`        // "reads": what would change the account was skipped; else "writes"
	AllowWrites     bool           `json:"allow_writes"`
	Strict          bool           `json:"strict"` // drift is a failure
	Interrupted     bool           `json:"interrupted,omitempty"`
	Ended           string         `json:"ended,omitempty"`  // why the run ended ahead of its last scenario
	Reference       string         `json:"reference"`        // sha256 of the Lua reference the examples were taken from
	Contract        string         `json:"contract"`         // sha256 of the OpenAPI document the exchanges were held against
	ContractVersion string         `json:"contract_version"` // what that document calls itself
	Go              string         `json:"go"`
	Requests        map[string]int `json:"requests"`            // the scenarios' to the target, by account
	Purposes        map[string]int `json:"requests_by_purpose"` // the same by what they were for
}

// Kit is the program that ran.
type Kit struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"` // of a build from a checkout; "+dirty" behind it if files were changed
}

// Results of a run as a whole.
const (
	ResultSuccess = "success" // everything ran, nothing failed
	ResultPartial = "partial" // nothing failed, something did not run
	ResultFailure = "failure" // the target is wrong
	ResultError   = "error"   // the kit broke
	ResultNone    = "none"    // nothing ran to its end
)

// Footer closes a report. A file without one was cut off.
type Footer struct {
	Result    string  `json:"result"`
	Scenarios int     `json:"scenarios"`
	Requests  int     `json:"requests"`
	Summary   Summary `json:"summary"`
}

// Close groups what was found by cause, counts, and sets the footer. It calls accept to mark the drift that is known.
func (r *Report) Close(accept func(drift []Cause)) {
	r.Drift, r.Failures = driftOf(r.Run, r.Scenarios), failuresOf(r.Scenarios)
	accept(r.Drift)
	r.Summary = r.count()
	r.Footer = &Footer{Result: r.result(), Scenarios: len(r.Scenarios), Summary: r.Summary}
	for _, s := range r.Scenarios {
		r.Footer.Requests += len(s.Requests)
	}
}

// Summary counts the scenarios by status, and the causes of drift.
type Summary struct {
	Pass        int `json:"pass"`
	Fail        int `json:"fail"`
	Known       int `json:"known"`
	Unsupported int `json:"unsupported"`
	Skipped     int `json:"skipped"`
	Error       int `json:"error"`

	Drift   int `json:"drift"`   // causes of drift that are not known
	Binding int `json:"binding"` // scenarios of those that passed or failed that asked the target nothing: they judge the binding
}

// Statuses is the summary without what is no status.
func (s Summary) Statuses() Summary {
	s.Drift, s.Binding = 0, 0
	return s
}

// Total is the number of scenarios.
func (s Summary) Total() int {
	return s.Pass + s.Fail + s.Known + s.Unsupported + s.Skipped + s.Error
}

// Ran returns the number of scenarios that were judged.
func (s Summary) Ran() int { return s.Pass + s.Fail + s.Known }

func (s Summary) result() string {
	switch {
	case s.Error > 0:
		return ResultError
	case s.Fail > 0:
		return ResultFailure
	case s.Ran() == 0:
		return ResultNone
	case s.Skipped+s.Unsupported > 0:
		return ResultPartial
	}
	return ResultSuccess
}

// result is the result of the run. Where drift is a failure, a run with drift is no success.
func (r *Report) result() string {
	result := r.Summary.result()
	if r.Run.Strict && r.Summary.Drift > 0 && (result == ResultSuccess || result == ResultPartial) {
		return ResultFailure
	}
	return result
}

// statuses are all of them, in the order in which they are told.
var statuses = []Status{Pass, Fail, Known, Unsupported, Skipped, Error}

// of is the count of a status, nil for what is none.
func (s *Summary) of(status Status) *int {
	switch status {
	case Pass:
		return &s.Pass
	case Fail:
		return &s.Fail
	case Known:
		return &s.Known
	case Unsupported:
		return &s.Unsupported
	case Skipped:
		return &s.Skipped
	case Error:
		return &s.Error
	}
	return nil
}

// add counts one more. What is no status is an error.
func (s *Summary) add(status Status) {
	n := s.of(status)
	if n == nil {
		n = &s.Error
	}
	*n++
}

// count makes the summary of what the report holds.
func (r *Report) count() (s Summary) {
	for _, sc := range r.Scenarios {
		s.add(sc.Status)
		if sc.ofBinding() {
			s.Binding++
		}
	}
	for _, d := range r.Drift {
		if d.Known == "" {
			s.Drift++
		}
	}
	return s
}

// ofBinding reports whether a scenario ran without asking the target anything, so that it is about the binding alone. What
// needs a fake asks it in the process.
func (s Scenario) ofBinding() bool {
	return (s.Status == Pass || s.Status == Fail || s.Status == Known) && len(s.Requests) == 0 && !slices.Contains(s.Tags, "@fake")
}

// Scenario is one scenario of a feature, or one row of an outline.
type Scenario struct {
	ID       string   `json:"id"` // the path of the feature without its extension, "/", the title in lower case with dashes
	Feature  string   `json:"feature"`
	About    string   `json:"about,omitempty"` // what the feature says of itself
	Name     string   `json:"name"`            // the sentence that is tested
	Line     int      `json:"line"`
	Tags     []string `json:"tags"`
	Ops      []string `json:"ops"` // operation names of Aircall's documentation
	Status   Status   `json:"status"`
	Reason   string   `json:"reason,omitempty"`
	Retried  string   `json:"retried,omitempty"` // how it ended before it ran once more, on an account that others use as well
	Want     string   `json:"want,omitempty"`    // values: on our own fake only
	Got      string   `json:"got,omitempty"`
	Seconds  float64  `json:"seconds"`
	Rerun    string   `json:"rerun"`          // the command that runs this scenario and no other
	Curl     string   `json:"curl,omitempty"` // its last request, for a shell that has the credentials in its environment
	Scripts  []Script `json:"scripts,omitempty"`
	Steps    []Step   `json:"steps"`
	Requests []Sent   `json:"requests,omitempty"`
	Contract []Breach `json:"contract,omitempty"` // of its exchanges, whatever else became of it

	Saw     Sight `json:"-"` // what it saw of assumptions
	Blocked bool  `json:"-"` // the target did not answer it about its operations

	ShownWant string `json:"-"` // Want and Got of any target, for a terminal on the machine of the target
	ShownGot  string `json:"-"`
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

// Sent is a request and its reply, reduced to what identifies no one.
type Sent struct {
	Account string   `json:"account"`
	Purpose string   `json:"purpose"` // "script", "check", "undo", or "control"
	Op      string   `json:"op,omitempty"`
	Method  string   `json:"method"`
	Path    string   `json:"path"`             // the template of the route
	Query   []string `json:"query,omitempty"`  // names of parameters
	Body    []string `json:"body,omitempty"`   // the keys of a JSON object
	Status  int      `json:"status,omitempty"` // 0: no reply
	Shape   string   `json:"shape,omitempty"`  // the keys of the reply with their kinds; of what passed only where a report is written

	Unsent   bool `json:"unsent,omitempty"`   // the kit kept it back
	Attempts int  `json:"attempts,omitempty"` // if more than one: those before met a fault of the way

	Items []string `json:"-"` // documented parameters that it has, for the coverage
}

// AccountKey returns the name under which Header.Requests counts a request.
func AccountKey(s Sent) string { return cmp.Or(s.Account, "(none)") }

// line shows an exchange in one line.
func (s Sent) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", s.Method, s.Path)
	if len(s.Query) > 0 {
		fmt.Fprintf(&b, " ?%s", strings.Join(s.Query, "&"))
	}
	if len(s.Body) > 0 {
		fmt.Fprintf(&b, " {%s}", strings.Join(s.Body, ", "))
	}
	fmt.Fprintf(&b, " -> %d", s.Status)
	if s.Shape != "" {
		fmt.Fprintf(&b, " %s", s.Shape)
	}
	return b.String()
}

// Plural writes a number and its noun: "1 scenario", "2 scenarios".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Clip cuts a text to at most so many bytes, and marks that it did with an ellipsis.
func Clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
