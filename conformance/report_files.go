package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// rendering is one form of a report.
type rendering struct {
	format string // what --format calls it; "" is never printed
	file   string // in the report directory
	render func(*Report) ([]byte, error)
	check  func([]byte, Summary) error // reads it back and counts
}

// renderings are all forms; run.json comes first, the others are made from the same.
var renderings = []rendering{
	{"json", "run.json", renderJSON, checkJSON},
	{"junit", "junit.xml", renderJUnit, checkJUnit},
	{"ctrf", "ctrf.json", renderCTRF, checkCTRF},
	{"markdown", "summary.md", renderMarkdown, checkMarkdown},
	{"", "report.html", renderHTML, checkHTML},
	{"", "badge.json", renderBadge, checkBadge},
	{"", "observations.json", renderObservations, checkObservations},
	{"", "coverage.json", renderCoverage, checkCoverage},
}

// Formats are what a report can be printed as.
func Formats() []string {
	names := []string{"text"}
	for _, r := range renderings {
		if r.format != "" {
			names = append(names, r.format)
		}
	}
	return names
}

// formatOf gives the rendering for what is printed; nil for text, which is printed as the run goes.
func formatOf(name string) (*rendering, error) {
	if name == "" || name == "text" {
		return nil, nil
	}
	for i := range renderings {
		if renderings[i].format == name {
			return &renderings[i], nil
		}
	}
	return nil, fmt.Errorf("format %q is none of %s", name, strings.Join(Formats(), ", "))
}

// verify looks over what was rendered: it counts what the report counts, and holds nothing that must not leave.
func (r rendering) verify(data []byte, rep *Report, c *canary) error {
	if err := r.check(data, rep.Summary); err != nil {
		return exits(ExitDefect, fmt.Errorf("%s: %w", r.file, err))
	}
	what, err := c.find(data, func() ([]byte, error) { return r.render(rep.skeleton()) })
	if err != nil {
		return err
	}
	if what != "" {
		return exits(ExitDefect, fmt.Errorf("%s holds %s, so no report is written: this is a defect of the kit", r.file, what))
	}
	return nil
}

// skeleton is the report without what could have come from the target.
func (r *Report) skeleton() *Report {
	out := *r
	out.Run.URL, out.Run.Server, out.Run.Accounts, out.Run.Tags, out.Run.Ended = "", "", nil, "", ""
	out.Drift, out.Failures = adviceAlone(r.Drift), adviceAlone(r.Failures)
	out.Scenarios = slices.Clone(r.Scenarios)
	for i := range out.Scenarios {
		s := &out.Scenarios[i]
		s.Reason, s.Want, s.Got, s.Curl, s.Rerun = "", "", "", "", ""
		s.Requests, s.Contract, s.saw.how = nil, nil, ""
		s.Scripts = slices.Clone(s.Scripts)
		for j := range s.Scripts {
			s.Scripts[j].Run, s.Scripts[j].Output = "", ""
		}
	}
	return &out
}

// adviceAlone leaves out what causes are called, which may hold keys of the target.
func adviceAlone(causes []Cause) []Cause {
	out := slices.Clone(causes)
	for i := range out {
		out[i].Cause, out[i].Known = "", ""
	}
	return out
}

// writeReports writes every form, or none: each is written under another name, read back from there and looked over,
// before any of them gets its name. What earlier runs left under these names is gone first, as it would pass for ours.
func writeReports(dir string, rep *Report, c *canary) (err error) {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report directory: %w", err)
	}
	written := map[string]string{}
	defer func() {
		for _, name := range written {
			err = errors.Join(err, ignoreMissing(os.Remove(name)))
		}
	}()
	for _, r := range renderings {
		if err := ignoreMissing(os.Remove(filepath.Join(dir, r.file))); err != nil {
			return fmt.Errorf("report: an earlier one is in the way: %w", err)
		}
		name, err := writeAside(dir, r, rep)
		if name != "" {
			written[r.file] = name
		}
		if err != nil {
			return fmt.Errorf("report %s: %w", r.file, err)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("report %s: %w", r.file, err)
		}
		if err := r.verify(data, rep, c); err != nil {
			return err
		}
	}
	for _, r := range renderings {
		if err := os.Rename(written[r.file], filepath.Join(dir, r.file)); err != nil {
			return fmt.Errorf("report %s: %w", r.file, err)
		}
		delete(written, r.file)
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// writeAside writes a form under a name of its own beside the final one: half a report looks whole.
func writeAside(dir string, r rendering, rep *Report) (string, error) {
	data, err := r.render(rep)
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, "."+r.file+"-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	return f.Name(), errors.Join(err, f.Close())
}

func renderJSON(rep *Report) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(rep)
	return b.Bytes(), err
}

func checkJSON(data []byte, want Summary) error {
	rep, err := parseReport(data)
	if err == nil && rep.Summary != want {
		err = fmt.Errorf("it counts %+v, the run %+v", rep.Summary, want)
	}
	return err
}

// printRendered prints one form instead of the text.
func printRendered(w io.Writer, r *rendering, rep *Report, c *canary) error {
	data, err := r.render(rep)
	if err == nil {
		err = r.verify(data, rep, c)
	}
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// fact is a line of a report's header.
type fact struct{ Name, Value string }

// facts are what the forms for people and for CI say of a run; run.json has them all.
func (h Header) facts() (out []fact) {
	add := func(name, value string) {
		if value != "" {
			out = append(out, fact{name, value})
		}
	}
	add("target", h.Target)
	add("url", h.URL)
	add("server", h.Server)
	add("accounts", strings.Join(h.Accounts, ", "))
	add("profile", h.Profile)
	add("tags", h.Tags)
	if h.Seed != 0 {
		add("seed", fmt.Sprint(h.Seed))
	}
	add("kit", strings.TrimSpace(h.Kit.Version+" "+h.Kit.Commit))
	add("reference", h.Reference)
	add("contract", strings.TrimSpace(h.ContractVersion+" "+h.Contract))
	add("go", h.Go)
	return out
}

// title names a scenario where its feature is not beside it.
func (s Scenario) title() string { return s.Feature + " › " + s.Name }

// path is that of the feature's file, without its ending.
func (s Scenario) path() string {
	if i := strings.LastIndex(s.ID, "/"); i >= 0 {
		return s.ID[:i]
	}
	return s.ID
}

// featureCounts are the counts of one feature.
type featureCounts struct {
	Path, Name string
	Summary    Summary
	Scenarios  []Scenario
}

// byFeature groups the scenarios, in their order.
func (r *Report) byFeature() (out []*featureCounts) {
	for _, s := range r.Scenarios {
		if n := len(out); n == 0 || out[n-1].Path != s.path() {
			out = append(out, &featureCounts{Path: s.path(), Name: s.Feature})
		}
		f := out[len(out)-1]
		f.Summary.add(s.Status)
		f.Scenarios = append(f.Scenarios, s)
	}
	return out
}
