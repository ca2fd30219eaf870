// Package report is the result of a conformance run and the files that are rendered from it. Its functions depend only on the
// report.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Status is the result of a scenario or of a step.
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

// ReportVersion is the version of run.json. It grows when a key is removed or changes its meaning, and not when a key is added.
const ReportVersion = 1

// Report is the result of one run. All files are rendered from it.
type Report struct {
	Version   int        `json:"version"`
	Run       Header     `json:"run"`
	Summary   Summary    `json:"summary"`
	Drift     []Cause    `json:"drift"`    // differences from the wire contract, by cause
	Failures  []Cause    `json:"failures"` // why scenarios failed or could not be judged
	Scenarios []Scenario `json:"scenarios"`
	Footer    *Footer    `json:"footer"` // last, so that half a file has none

	Removed []string `json:"removed,omitempty"` // kinds of secrets and values that were removed, and from how many texts

	Left    []string `json:"left,omitempty"` // changes that are not undone
	UndoLog string   `json:"-"`              // the file that records them, for sweep; it holds personal data
}

// Header describes the run: the kit, the target and the options.
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
	Profile         string         `json:"profile"`        // "reads": scenarios that change the account were skipped; else "writes"
	AllowWrites     bool           `json:"allow_writes"`
	Strict          bool           `json:"strict"` // drift is a failure
	Interrupted     bool           `json:"interrupted,omitempty"`
	Ended           string         `json:"ended,omitempty"`  // why the run ended ahead of its last scenario
	Reference       string         `json:"reference"`        // SHA-256 of the Lua reference that the examples are from
	Contract        string         `json:"contract"`         // SHA-256 of the OpenAPI document that the exchanges were compared with
	ContractVersion string         `json:"contract_version"` // the version that the document names
	Go              string         `json:"go"`
	Requests        map[string]int `json:"requests"`            // of the scenarios to the target, by account
	Purposes        map[string]int `json:"requests_by_purpose"` // the same by purpose
}

// Kit is the program that ran.
type Kit struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"` // of a build from a checkout, with "+dirty" if files were changed
}

// Results of a run as a whole.
const (
	ResultSuccess = "success" // everything ran, nothing failed
	ResultPartial = "partial" // nothing failed, something did not run
	ResultFailure = "failure" // the target is wrong
	ResultError   = "error"   // the kit broke
	ResultNone    = "none"    // nothing ran to its end
)

// Footer ends a report. A file without one was cut off.
type Footer struct {
	Result    string  `json:"result"`
	Scenarios int     `json:"scenarios"`
	Requests  int     `json:"requests"`
	Summary   Summary `json:"summary"`
}

// Close groups failures and drift by cause, counts, and sets the footer. It calls accept to mark the known drift.
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
	Binding int `json:"binding"` // judged scenarios that sent the target nothing: they are about the binding
}

// Total is the number of scenarios.
func (s Summary) Total() int {
	return s.Pass + s.Fail + s.Known + s.Unsupported + s.Skipped + s.Error
}

// Ran returns the number of scenarios that were judged.
func (s Summary) Ran() int { return s.Pass + s.Fail + s.Known }

// result returns the result of the run. Drift is a failure in a strict run.
func (r *Report) result() string {
	s := r.Summary
	switch {
	case s.Error > 0:
		return ResultError
	case s.Fail > 0:
		return ResultFailure
	case s.Ran() == 0:
		return ResultNone
	case r.Run.Strict && s.Drift > 0:
		return ResultFailure
	case s.Skipped+s.Unsupported > 0:
		return ResultPartial
	}
	return ResultSuccess
}

// Headline returns the counts of the run as a sentence, failures first.
func (r *Report) Headline() string {
	s := r.Summary
	if s.Ran()+s.Error == 0 {
		return "No scenario ran to its end, so nothing is proved."
	}
	var parts []string
	add := func(n int, verb string) {
		if n == 0 {
			return
		}
		count := fmt.Sprint(n)
		if parts == nil {
			count = Plural(n, "scenario")
		}
		parts = append(parts, count+" "+verb)
	}
	add(s.Fail, "failed")
	add(s.Error, "could not be judged")
	add(s.Known, "failed as known")
	add(s.Pass, "passed")
	add(s.Skipped, "skipped")
	add(s.Unsupported, "not supported by the account")
	text := strings.Join(parts, ", ") + "."
	if s.Drift > 0 {
		text += fmt.Sprintf(" Drift from the wire contract has %s.", Plural(s.Drift, "cause"))
	}
	return text
}

// statuses are all statuses, in the order of the tables.
var statuses = []Status{Pass, Fail, Known, Unsupported, Skipped, Error}

// of returns the count of a status. An unknown status counts as an error.
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
	}
	return &s.Error
}

// count returns the summary of what the report holds. A scenario that was judged without a request to the target is about the
// binding; one that needs a fake asks it inside the process.
func (r *Report) count() (s Summary) {
	for _, sc := range r.Scenarios {
		*s.of(sc.Status)++
		if slices.Contains([]Status{Pass, Fail, Known}, sc.Status) && len(sc.Requests) == 0 && !slices.Contains(sc.Tags, "@fake") {
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
	Retried  string   `json:"retried,omitempty"` // the first result, if it ran again, on an account that others use as well
	Want     string   `json:"want,omitempty"`    // values: on our own fake only
	Got      string   `json:"got,omitempty"`
	Seconds  float64  `json:"seconds"`
	Rerun    string   `json:"rerun"`          // the command that runs this scenario and no other
	Curl     string   `json:"curl,omitempty"` // its last request, for a shell that has the credentials in its environment
	Scripts  []Script `json:"scripts,omitempty"`
	Steps    []Step   `json:"steps"`
	Requests []Sent   `json:"requests,omitempty"`
	Contract []Breach `json:"contract,omitempty"` // drift in its exchanges, whatever its status

	Saw     Sight `json:"-"` // what it observed of assumptions
	Blocked bool  `json:"-"` // the target answered none of its operations

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

// Step is one step of a scenario. Steps after one that did not pass are skipped.
type Step struct {
	Text   string `json:"text"`
	Line   int    `json:"line"`
	Status Status `json:"status"`
}

// Sent is a request and its reply, without values that identify anybody.
type Sent struct {
	Account string   `json:"account"`
	Purpose string   `json:"purpose"` // "script", "check", "undo", or "control"
	Op      string   `json:"op,omitempty"`
	Method  string   `json:"method"`
	Path    string   `json:"path"`             // the template of the route
	Query   []string `json:"query,omitempty"`  // names of parameters
	Body    []string `json:"body,omitempty"`   // the keys of a JSON object
	Status  int      `json:"status,omitempty"` // 0: no reply
	Shape   string   `json:"shape,omitempty"`  // the keys of the reply with their types; of a scenario that passed, only where a report is written

	Unsent   bool `json:"unsent,omitempty"`   // the suite did not send it
	Attempts int  `json:"attempts,omitempty"` // if more than one: earlier ones failed on the way

	Items []string `json:"-"` // its documented parameters, for the coverage
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

// Plural writes a number and its noun: "1 scenario", "2 scenarios", "2 deliveries".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		noun = stem + "ie"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Clip cuts a text to at most so many bytes. An ellipsis marks the cut.
func Clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
