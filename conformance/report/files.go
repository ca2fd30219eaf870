package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// FileOf returns the file that has the format, and nil for "text" and "", which are printed as a run goes.
func FileOf(format string) (*File, error) {
	if format == "" || format == "text" {
		return nil, nil
	}
	for _, f := range Files() {
		if f.Format == format {
			return &f, nil
		}
	}
	return nil, fmt.Errorf("format %q is none of %s", format, strings.Join(Formats(), ", "))
}

// Write writes the files of a report to a directory, which it makes, or writes none of them. It passes each to scan, which
// returns an error if the file must not be written. Files of an earlier report are removed first: they would pass for these.
func Write(dir string, rep *Report, files []File, scan func(name string, data []byte) error) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report directory: %w", err)
	}
	written := map[string]string{} // temporary names
	defer func() {
		for _, name := range written {
			err = errors.Join(err, ignoreMissing(os.Remove(name)))
		}
	}()
	for _, f := range files {
		if err := ignoreMissing(os.Remove(filepath.Join(dir, f.Name))); err != nil {
			return fmt.Errorf("report: an earlier one is in the way: %w", err)
		}
		data, err := f.Render(rep)
		if err != nil {
			return fmt.Errorf("report %s: %w", f.Name, err)
		}
		if err := scan(f.Name, data); err != nil {
			return err
		}
		name, err := writeAside(dir, f.Name, data)
		if name != "" {
			written[f.Name] = name
		}
		if err != nil {
			return fmt.Errorf("report %s: %w", f.Name, err)
		}
	}
	for _, f := range files {
		if err := os.Rename(written[f.Name], filepath.Join(dir, f.Name)); err != nil {
			return fmt.Errorf("report %s: %w", f.Name, err)
		}
		delete(written, f.Name)
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// writeAside writes a file under a temporary name beside the final one, because half a report looks like a whole one.
func writeAside(dir, name string, data []byte) (string, error) {
	f, err := os.CreateTemp(dir, "."+name+"-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	return f.Name(), errors.Join(err, f.Close())
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
