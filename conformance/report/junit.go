package report

import (
	"encoding/xml"
	"fmt"
)

// JUnit has three results beside passing. A known or unsupported scenario is skipped there, with its status before the message.
type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Properties []junitProperty `xml:"properties>property,omitempty"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitCounts struct {
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"`
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
	all := junitSuites{Name: "aircallkit conformance", junitCounts: junitCountsOf(rep.Summary, rep.Run.Seconds)}
	var properties []junitProperty
	for _, f := range rep.Run.facts() {
		properties = append(properties, junitProperty(f))
	}
	for _, f := range rep.byFeature() {
		suite := junitSuite{Name: f.Path, Properties: properties}
		seconds := 0.0
		for _, s := range f.Scenarios {
			seconds += s.Seconds
			suite.Cases = append(suite.Cases, junitCaseOf(f.Path, s))
		}
		suite.junitCounts = junitCountsOf(f.Summary, seconds)
		all.Suites = append(all.Suites, suite)
	}
	data, err := xml.MarshalIndent(all, "", "  ")
	return append([]byte(xml.Header), append(data, '\n')...), err
}

func junitCountsOf(s Summary, seconds float64) junitCounts {
	return junitCounts{s.Total(), s.Fail, s.Error, s.Skipped + s.Known + s.Unsupported, fmt.Sprintf("%.3f", seconds)}
}

func junitCaseOf(path string, s Scenario) junitCase {
	c := junitCase{Class: path, Name: s.title(), Time: fmt.Sprintf("%.3f", s.Seconds)}
	end := &junitEnd{Message: s.Reason, Text: s.told(s.Want, s.Got)}
	switch s.Status {
	case Pass:
	case Fail:
		c.Failure = end
	case Error:
		c.Error = end
	default:
		c.Skipped = &junitEnd{Message: string(s.Status) + ": " + s.Reason}
	}
	return c
}
