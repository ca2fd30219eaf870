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
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// KnownFailure is a known failure or known drift: a scenario, a cause, or a scenario that fails for one cause and no other. What
// it names ends as known. When it no longer occurs the run fails, so that the list cannot outlive its reasons.
type KnownFailure struct {
	Scenario string `yaml:"scenario"` // its id; "" for a cause of any scenario
	Cause    string `yaml:"cause"`    // as reports print it, of failures or of drift; "" for any cause of the scenario
	Reason   string `yaml:"reason"`
	Link     string `yaml:"link"`  // where it is discussed; may be empty
	Since    string `yaml:"since"` // when it was recorded, 2006-01-02
	Until    string `yaml:"until"` // the last day on which it is accepted unseen; "" has no end

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

// mostKnown bounds a list of differences: one of every scenario is no list of exceptions.
const mostKnown = 1000

// ReadKnown reads a list of known differences in YAML, strictly. Errors begin with the line they are about.
func ReadKnown(data []byte) ([]KnownFailure, error) {
	plan, err := scenario.Shipped()
	if err != nil {
		return nil, err
	}
	var list []KnownFailure
	dec := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	if err := dec.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, atLine(err)
	}
	if err := dec.Decode(&[]KnownFailure{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one YAML document; only one is read")
	}
	if len(list) > mostKnown {
		return nil, fmt.Errorf("line %d: %d differences, the most is %d", list[mostKnown].line, len(list), mostKnown)
	}
	for i, d := range list {
		if err := d.check(list[:i], plan); err != nil {
			return nil, fmt.Errorf("line %d: %w", d.line, err)
		}
	}
	return list, nil
}

// atLine keeps line and message of the decoder's error, and leaves its picture of the file out.
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
	if i := slices.IndexFunc(before, func(o KnownFailure) bool { return o.Scenario == d.Scenario && o.Cause == d.Cause }); i >= 0 {
		return fmt.Errorf("%s stands in line %d already", d.name(), before[i].line)
	}
	if strings.TrimSpace(d.Reason) == "" {
		return fmt.Errorf("%s: a reason is missing: say what was found out", d.name())
	}
	if u, err := url.Parse(d.Link); d.Link != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("%s: link %q is no address such as https://example.com/42", d.name(), d.Link)
	}
	since, err := time.Parse(time.DateOnly, d.Since)
	if err != nil {
		return fmt.Errorf("%s: since %q is no day such as 2026-06-15", d.name(), d.Since)
	}
	if d.Until == "" {
		return nil
	}
	until, err := time.Parse(time.DateOnly, d.Until)
	if err != nil || until.Before(since) {
		return fmt.Errorf("%s: until %q is no day from %s on", d.name(), d.Until, d.Since)
	}
	return nil
}

// name says what is known.
func (d KnownFailure) name() string {
	switch {
	case d.Cause == "":
		return "scenario " + d.Scenario
	case d.Scenario == "":
		return fmt.Sprintf("cause %q", d.Cause)
	}
	return fmt.Sprintf("scenario %s with the cause %q", d.Scenario, d.Cause)
}

// known checks that what is named can occur. Causes are as many as targets, so that any is taken.
func (d KnownFailure) known(plan []*scenario.Scenario) error {
	switch {
	case d.Scenario == "" && strings.TrimSpace(d.Cause) == "":
		return errors.New("a scenario or a cause is missing")
	case d.Scenario == "":
		return nil
	}
	var ids []string
	for _, p := range plan {
		if p.ID == d.Scenario {
			return nil
		}
		ids = append(ids, p.ID)
	}
	return fmt.Errorf("there is no scenario %q%s", d.Scenario, scenario.DidYouMean(d.Scenario, ids))
}

// expired says whether somebody has to look again.
func (d KnownFailure) expired(now time.Time) bool {
	return d.Until != "" && now.UTC().Format(time.DateOnly) > d.Until
}

// waive applies the recorded differences to the end of a scenario. What has expired is accepted with a word about it, or
// not at all if strict.
func waive(id string, j judgement, known []KnownFailure, now time.Time, strict bool) judgement {
	for _, d := range known {
		ofCause := d.Cause == "" || j.status == report.Fail && d.Cause == report.CauseOf(j.reason)
		if d.Scenario != id && (d.Scenario != "" || !ofCause) || j.status == report.Fail && !ofCause {
			continue
		}
		recorded := d.recorded()
		switch {
		case j.status == report.Fail && d.expired(now) && strict:
			j.reason = fmt.Sprintf("accepted until %s, look at it again: %s; %s", d.Until, recorded, j.reason)
		case j.status == report.Fail && d.expired(now):
			j.status = report.Known
			j.reason = fmt.Sprintf("%s, accepted until %s, look at it again; %s", recorded, d.Until, j.reason)
		case j.status == report.Fail:
			j.status = report.Known
			j.reason = recorded + "; " + j.reason
		case j.status == report.Pass:
			j.status = report.Fail
			j.reason = fmt.Sprintf("the difference recorded on %s no longer occurs (%s): remove it", d.Since, d.Reason)
		}
	}
	return j
}

// recorded says why a difference is accepted, since when, and where that is discussed.
func (d KnownFailure) recorded() string {
	if d.Link != "" {
		return fmt.Sprintf("%s (recorded %s, %s)", d.Reason, d.Since, d.Link)
	}
	return fmt.Sprintf("%s (recorded %s)", d.Reason, d.Since)
}

// acceptDrift marks the drift that is known. A cause that has expired counts again if strict.
func acceptDrift(drift []report.Cause, known []KnownFailure, now time.Time, strict bool) {
	for i := range drift {
		for _, d := range known {
			if d.Scenario != "" || d.Cause != drift[i].Cause || d.expired(now) && strict {
				continue
			}
			drift[i].Known = d.recorded()
			if d.expired(now) {
				drift[i].Known += fmt.Sprintf(", accepted until %s, look at it again", d.Until)
			}
		}
	}
}

// checkKnownOccur gives an error for causes that are recorded as known and met no scenario, in a run that tried all of them.
func (r *run) checkKnownOccur(rep *report.Report) error {
	if rep.Run.Ended != "" || rep.Run.Interrupted || r.opts.Tags != "" || len(r.opts.Scenarios) > 0 {
		return nil
	}
	var err error
	for _, d := range r.opts.Known {
		occurs := slices.ContainsFunc(rep.Drift, func(c report.Cause) bool { return c.Cause == d.Cause }) ||
			slices.Contains(r.accepted, d.Cause) || slices.ContainsFunc(rep.Failures, func(c report.Cause) bool { return c.Cause == d.Cause })
		if d.Scenario == "" && !occurs {
			err = errors.Join(err, exits(ExitFailed, fmt.Errorf("the cause %q, recorded on %s, no longer occurs (%s): remove it", d.Cause, d.Since, d.Reason)))
		}
	}
	return err
}
