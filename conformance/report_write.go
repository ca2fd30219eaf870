package conformance

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// renderer turns a report into the bytes of a file.
type renderer func(*Report) ([]byte, error)

// formatOf gives the renderer for what is printed; nil for text, which is printed as the run goes.
func formatOf(name string) (renderer, error) {
	switch name {
	case "", "text":
		return nil, nil
	case "json":
		return renderJSON, nil
	case "junit":
		return renderJUnit, nil
	}
	return nil, fmt.Errorf("format %q is none of text, json, junit", name)
}

func writeRendered(w io.Writer, render renderer, rep *Report) error {
	data, err := render(rep)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// check looks over the finished report before anything leaves: the counts are those of the scenarios in every form, and
// no secret is in any.
func check(rep *Report, secrets []string) error {
	data, err := renderJSON(rep)
	if err != nil {
		return fmt.Errorf("render run.json: %w", err)
	}
	junit, err := renderJUnit(rep)
	if err != nil {
		return fmt.Errorf("render junit.xml: %w", err)
	}
	if err := checkJUnit(junit, rep.Summary); err != nil {
		return fmt.Errorf("junit.xml: %w", err)
	}
	if s := summarize(rep.Scenarios); s != rep.Summary {
		return fmt.Errorf("run.json: the summary says %+v, the scenarios %+v", rep.Summary, s)
	}
	for _, s := range secrets {
		if bytes.Contains(data, []byte(s)) || bytes.Contains(junit, []byte(s)) {
			return fmt.Errorf("a credential got into the report, so none is written: this is a defect of the kit")
		}
	}
	return nil
}

func writeReports(dir string, rep *Report) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report directory: %w", err)
	}
	for name, render := range map[string]renderer{"run.json": renderJSON, "junit.xml": renderJUnit} {
		data, err := render(rep)
		if err != nil {
			return err
		}
		if err := writeWhole(filepath.Join(dir, name), data); err != nil {
			return fmt.Errorf("report %s: %w", name, err)
		}
	}
	return nil
}

// writeWhole never leaves half a file under the name: half a report looks whole.
func writeWhole(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	return err
}

func renderJSON(rep *Report) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(rep)
	return b.Bytes(), err
}

// JUnit has three ends beside passing. What is known or unsupported is skipped there, with the status in front of the
// message, as nothing else would be understood by those who read JUnit.
type junitSuites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Time     string   `xml:"time,attr"`
	Suites   []junitSuite
}

type junitSuite struct {
	XMLName    xml.Name        `xml:"testsuite"`
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property,omitempty"`
	Cases      []junitCase     `xml:"testcase"`

	seconds float64
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string    `xml:"classname,attr"`
	Name    string    `xml:"name,attr"`
	Time    string    `xml:"time,attr"`
	Failure *junitEnd `xml:"failure"`
	Error   *junitEnd `xml:"error"`
	Skipped *junitEnd `xml:"skipped"`
}

type junitEnd struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func renderJUnit(rep *Report) ([]byte, error) {
	all := junitSuites{Name: "aircallkit conformance", Time: fmt.Sprintf("%.3f", rep.Run.Seconds)}
	for _, s := range rep.Scenarios {
		path := s.ID[:strings.LastIndex(s.ID, "/")]
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != path {
			all.Suites = append(all.Suites, junitSuite{Name: path, Properties: []junitProperty{
				{"target", rep.Run.Target}, {"url", rep.Run.URL}, {"reference", rep.Run.Reference},
			}})
		}
		all.Suites[len(all.Suites)-1].add(s)
	}
	for i := range all.Suites {
		s := &all.Suites[i]
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		all.Skipped += s.Skipped
	}
	data, err := xml.MarshalIndent(all, "", "  ")
	return append([]byte(xml.Header), append(data, '\n')...), err
}

func (j *junitSuite) add(s Scenario) {
	j.seconds += s.Seconds
	j.Time = fmt.Sprintf("%.3f", j.seconds)
	c := junitCase{Class: j.Name, Name: s.Name, Time: fmt.Sprintf("%.3f", s.Seconds)}
	j.Tests++
	end := &junitEnd{Message: s.Reason, Text: strings.Join(s.lines(s.Want, s.Got), "\n")}
	switch s.Status {
	case Pass:
	case Fail:
		j.Failures++
		c.Failure = end
	case Error:
		j.Errors++
		c.Error = end
	default:
		j.Skipped++
		end.Message, end.Text = string(s.Status)+": "+s.Reason, ""
		c.Skipped = end
	}
	j.Cases = append(j.Cases, c)
}

// checkJUnit reads the file back and counts.
func checkJUnit(data []byte, want Summary) error {
	var all struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Cases    []struct {
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct{} `xml:"skipped"`
		} `xml:"testsuite>testcase"`
	}
	if err := xml.Unmarshal(data, &all); err != nil {
		return err
	}
	type counts struct{ tests, failures, errors, skipped int }
	said := counts{all.Tests, all.Failures, all.Errors, all.Skipped}
	found := counts{tests: len(all.Cases)}
	for _, c := range all.Cases {
		if c.Failure != nil {
			found.failures++
		}
		if c.Error != nil {
			found.errors++
		}
		if c.Skipped != nil {
			found.skipped++
		}
	}
	model := counts{want.Total(), want.Fail, want.Error, want.Skipped + want.Known + want.Unsupported}
	if said != model || found != model {
		return fmt.Errorf("it says %+v and holds %+v, the run had %+v", said, found, model)
	}
	return nil
}
