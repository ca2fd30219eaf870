package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/internal/yamllimit"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// KnownFailure is a failure or a drift of a target that somebody looked into: of a scenario, of a cause, or of a scenario for one
// cause only. Such scenarios and drift are reported as known. The run fails if the failure no longer occurs.
type KnownFailure struct {
	Scenario string `yaml:"scenario"` // its id; "" for a cause of any scenario
	Cause    string `yaml:"cause"`    // as reports print it, of failures or of drift; "" for any cause of the scenario
	Reason   string `yaml:"reason"`
	Link     string `yaml:"link"`  // where it is discussed; may be empty
	Since    string `yaml:"since"` // when it was recorded, 2006-01-02
	Until    string `yaml:"until"` // the last day on which it is accepted; "" has no end

	line int
}

// UnmarshalYAML is called by the decoder.
func (d *KnownFailure) UnmarshalYAML(node ast.Node) error {
	type plain KnownFailure
	if err := yaml.NodeToValue(node, (*plain)(d), yaml.Strict()); err != nil {
		return err
	}
	d.line = node.GetToken().Position.Line
	return nil
}

// mostKnown bounds a list: one for every scenario is not a list of exceptions.
const mostKnown = 1000

// ReadKnown reads a list of known failures in YAML, strictly. Its errors begin with the line.
func ReadKnown(data []byte) ([]KnownFailure, error) {
	plan, err := scenario.Shipped()
	if err != nil {
		return nil, err
	}
	if line, err := yamllimit.Check(data, false); err != nil {
		return nil, fmt.Errorf("line %d: %w", line, err)
	}
	var list []KnownFailure
	dec := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	if err := dec.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, atLine(err)
	}
	if err := dec.Decode(&[]KnownFailure{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("the file has more than one YAML document")
	}
	if len(list) > mostKnown {
		return nil, fmt.Errorf("line %d: %d known failures, at most %d are allowed", list[mostKnown].line, len(list), mostKnown)
	}
	for i, d := range list {
		if err := d.check(list[:i], plan); err != nil {
			return nil, fmt.Errorf("line %d: %w", d.line, err)
		}
	}
	return list, nil
}

// atLine keeps the line and the message of the decoder's error, and drops its excerpt of the file.
func atLine(err error) error {
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil {
		return fmt.Errorf("line %d: %s", y.GetToken().Position.Line, y.GetMessage())
	}
	return err
}

func (d KnownFailure) check(before []KnownFailure, plan []*scenario.Scenario) error {
	if err := d.known(plan); err != nil {
		return err
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s: "+format, append([]any{d.name()}, args...)...)
	}
	if i := slices.IndexFunc(before, func(o KnownFailure) bool { return o.Scenario == d.Scenario && o.Cause == d.Cause }); i >= 0 {
		return fmt.Errorf("%s is already on line %d", d.name(), before[i].line)
	}
	u, badURL := url.Parse(d.Link)
	since, badSince := time.Parse(time.DateOnly, d.Since)
	until, badUntil := time.Parse(time.DateOnly, d.Until)
	switch {
	case strings.TrimSpace(d.Reason) == "":
		return fail("the reason is missing: say what you found out")
	case d.Link != "" && (badURL != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http"):
		return fail("link %q is not a URL such as https://example.com/42", d.Link)
	case badSince != nil:
		return fail("since %q is not a day such as 2026-06-15", d.Since)
	case d.Until != "" && (badUntil != nil || until.Before(since)):
		return fail("until %q is not a day from %s on", d.Until, d.Since)
	}
	return nil
}

// name returns what is known, for errors.
func (d KnownFailure) name() string {
	switch {
	case d.Cause == "":
		return "scenario " + d.Scenario
	case d.Scenario == "":
		return fmt.Sprintf("cause %q", d.Cause)
	}
	return fmt.Sprintf("scenario %s with the cause %q", d.Scenario, d.Cause)
}

// known fails if the scenario does not exist. Any cause is accepted.
func (d KnownFailure) known(plan []*scenario.Scenario) error {
	if d.Scenario == "" && strings.TrimSpace(d.Cause) == "" {
		return errors.New("a scenario or a cause is missing")
	}
	var ids []string
	for _, p := range plan {
		ids = append(ids, p.ID)
	}
	if d.Scenario == "" || slices.Contains(ids, d.Scenario) {
		return nil
	}
	return fmt.Errorf("there is no scenario %q%s", d.Scenario, scenario.DidYouMean(d.Scenario, ids))
}

// expired reports whether the last day of acceptance is over.
func (d KnownFailure) expired(now time.Time) bool {
	return d.Until != "" && now.UTC().Format(time.DateOnly) > d.Until
}

// waive applies the known failures to the end of a scenario. An expired one is accepted with a note, or not at all if strict.
func waive(id string, j judgement, known []KnownFailure, now time.Time, strict bool) judgement {
	for _, d := range known {
		ofCause := d.Cause == "" || j.status == report.Fail && report.CauseOf(d.Cause) == report.CauseOf(j.reason)
		if d.Scenario != id && (d.Scenario != "" || !ofCause) || j.status == report.Fail && !ofCause {
			continue
		}
		switch {
		case j.status == report.Fail && d.expired(now) && strict:
			j.reason = fmt.Sprintf("accepted until %s, look at it again: %s; %s", d.Until, d.recorded(time.Time{}), j.reason)
		case j.status == report.Fail:
			j.status, j.reason = report.Known, d.recorded(now)+"; "+j.reason
		case j.status == report.Pass:
			j.status = report.Fail
			j.reason = fmt.Sprintf("the known failure recorded on %s no longer occurs (%s): remove it from the list", d.Since, d.Reason)
		}
	}
	return j
}

// recorded says why a failure is accepted, since when, where it is discussed, and whether that has expired.
func (d KnownFailure) recorded(now time.Time) string {
	text := fmt.Sprintf("%s (recorded %s", d.Reason, d.Since)
	if d.Link != "" {
		text += ", " + d.Link
	}
	if text += ")"; d.expired(now) {
		text += fmt.Sprintf(", accepted until %s, look at it again", d.Until)
	}
	return text
}

// AcceptDrift marks the drift that a list of known failures has by its cause. Entries that have expired count with a note.
func AcceptDrift(drift []report.Cause, known []KnownFailure) {
	acceptDrift(drift, known, time.Now(), false)
}

// acceptDrift marks the known drift. An expired cause counts again if strict.
func acceptDrift(drift []report.Cause, known []KnownFailure, now time.Time, strict bool) {
	for i := range drift {
		for _, d := range known {
			if d.Scenario == "" && d.Cause == drift[i].Cause && !(d.expired(now) && strict) {
				drift[i].Known = d.recorded(now)
			}
		}
	}
}

// checkKnownOccur fails for known causes that no scenario met, if the run tried all scenarios.
func (r *run) checkKnownOccur(rep *report.Report) error {
	if rep.Run.Ended != "" || rep.Run.Interrupted || r.opts.FailFast || r.opts.Tags != "" || len(r.opts.Scenarios) > 0 {
		return nil
	}
	var err error
	for _, d := range r.opts.Known {
		of := report.CauseOf(d.Cause)
		occurs := slices.Contains(r.accepted, of) ||
			slices.ContainsFunc(rep.Drift, func(c report.Cause) bool { return c.Cause == d.Cause }) ||
			slices.ContainsFunc(rep.Failures, func(c report.Cause) bool { return c.Cause == of })
		if d.Scenario == "" && !occurs {
			err = errors.Join(err, exits(ExitFailed, fmt.Errorf("the cause %q, recorded on %s, no longer occurs (%s): remove it from the list", d.Cause, d.Since, d.Reason)))
		}
	}
	return err
}
