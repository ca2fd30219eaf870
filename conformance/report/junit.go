package report

import (
	"encoding/xml"
	"fmt"
	"strings"
)

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
	Name    string    `xml:"name,attr"` // feature › scenario
	Time    string    `xml:"time,attr"`
	Failure *junitEnd `xml:"failure"`
	Error   *junitEnd `xml:"error"`
	Skipped *junitEnd `xml:"skipped"`
}

type junitEnd struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit renders junit.xml.
func JUnit(rep *Report) ([]byte, error) {
	all := junitSuites{Name: "aircallkit conformance", Time: fmt.Sprintf("%.3f", rep.Run.Seconds)}
	var properties []junitProperty
	for _, f := range rep.Run.facts() {
		properties = append(properties, junitProperty{f.Name, f.Value})
	}
	for _, s := range rep.Scenarios {
		path := s.ID[:strings.LastIndex(s.ID, "/")]
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != path {
			all.Suites = append(all.Suites, junitSuite{Name: path, Properties: properties})
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
	c := junitCase{Class: j.Name, Name: s.title(), Time: fmt.Sprintf("%.3f", s.Seconds)}
	j.Tests++
	end := &junitEnd{Message: s.Reason, Text: s.told(s.Want, s.Got)}
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
