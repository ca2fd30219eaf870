package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// File is one file of a report.
type File struct {
	Name   string // in the report directory
	Format string // what --format calls it; "": it is not printed
	Render func(*Report) ([]byte, error)
}

// Files returns the files of a report. run.json comes first; all others are made from the same report.
func Files() []File {
	return []File{
		{"run.json", "json", JSON},
		{"junit.xml", "junit", JUnit},
		{"ctrf.json", "ctrf", CTRF},
		{"summary.md", "markdown", Markdown},
		{"report.html", "", HTML},
		{"badge.json", "", Badge},
		{"observations.json", "", renderObservations},
	}
}

// Formats returns the names of the formats in which a report can be printed. "text" is the first.
func Formats() []string {
	names := []string{"text"}
	for _, f := range Files() {
		if f.Format != "" {
			names = append(names, f.Format)
		}
	}
	return names
}

// FileOf returns the file with the format, and nil for "text" and "".
func FileOf(format string) (*File, error) {
	if format == "" || format == "text" {
		return nil, nil
	}
	for _, f := range Files() {
		if f.Format == format {
			return &f, nil
		}
	}
	return nil, fmt.Errorf("unknown format %q: give one of %s", format, strings.Join(Formats(), ", "))
}

// Write writes the files of a report to a directory, which it creates if necessary, or writes none of them. It passes each to
// scan, which returns an error if the file must not be written. Files of an earlier report are removed first: they would be taken
// for these.
func Write(dir string, rep *Report, files []File, scan func(name string, data []byte) error) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report directory: %w", err)
	}
	aside, err := os.MkdirTemp(dir, ".report-*") // half a report looks like a whole one
	if err != nil {
		return fmt.Errorf("report directory: %w", err)
	}
	defer os.RemoveAll(aside)
	for _, f := range files {
		if err := os.Remove(filepath.Join(dir, f.Name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("report: an earlier one cannot be removed: %w", err)
		}
	}
	for _, f := range files {
		data, err := f.Render(rep)
		if err != nil {
			return fmt.Errorf("report %s: %w", f.Name, err)
		}
		if err := scan(f.Name, data); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(aside, f.Name), data, 0o644); err != nil {
			return fmt.Errorf("report %s: %w", f.Name, err)
		}
	}
	for _, f := range files {
		if err := os.Rename(filepath.Join(aside, f.Name), filepath.Join(dir, f.Name)); err != nil {
			return fmt.Errorf("report %s: %w", f.Name, err)
		}
	}
	return nil
}

// JSON renders run.json.
func JSON(rep *Report) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(rep)
	return b.Bytes(), err
}

// fact is a line of a report's header.
type fact struct{ Name, Value string }

// facts returns what the reports for people and for CI say of a run, without what is empty; run.json has everything.
func (h Header) facts() []fact {
	seed := ""
	if h.Seed != 0 {
		seed = fmt.Sprint(h.Seed)
	}
	return slices.DeleteFunc([]fact{
		{"target", h.Target}, {"url", h.URL}, {"server", h.Server}, {"accounts", strings.Join(h.Accounts, ", ")},
		{"profile", h.Profile}, {"tags", h.Tags}, {"seed", seed}, {"kit", strings.TrimSpace(h.Kit.Version + " " + h.Kit.Commit)},
		{"reference", h.Reference}, {"contract", strings.TrimSpace(h.ContractVersion + " " + h.Contract)}, {"go", h.Go},
	}, func(f fact) bool { return f.Value == "" })
}

// title names a scenario where its feature is not beside it.
func (s Scenario) title() string { return s.Feature + " › " + s.Name }

// path returns the path of the feature's file, without its extension.
func (s Scenario) path() string { return s.ID[:max(0, strings.LastIndex(s.ID, "/"))] }

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
		*f.Summary.of(s.Status)++
		f.Scenarios = append(f.Scenarios, s)
	}
	return out
}

var badgeColor = map[string]string{
	ResultSuccess: "brightgreen", ResultPartial: "green", ResultFailure: "red", ResultError: "orange", ResultNone: "lightgrey",
}

// Badge renders badge.json, from which https://shields.io/badges/endpoint-badge draws a badge.
func Badge(rep *Report) ([]byte, error) {
	data, err := json.MarshalIndent(struct {
		Schema  int    `json:"schemaVersion"`
		Label   string `json:"label"`
		Message string `json:"message"`
		Color   string `json:"color"`
		IsError bool   `json:"isError,omitempty"`
	}{1, "aircall conformance", rep.Summary.counted(), badgeColor[rep.result()], rep.Summary.Error > 0}, "", "  ")
	return append(data, '\n'), err
}

// counted lists the counts that are not 0: "731 pass, 3 skipped, 1 drift".
func (s Summary) counted() string {
	var parts []string
	for _, status := range statuses {
		if n := *s.of(status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, status))
		}
	}
	if parts == nil {
		return "nothing ran"
	}
	if s.Drift > 0 {
		parts = append(parts, fmt.Sprintf("%d drift", s.Drift))
	}
	return strings.Join(parts, ", ")
}
