package conformance

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/docscheck"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// reportFiles are the files that a run writes.
var reportFiles = append(report.Files(), docscheck.CoverageFile)

// checks read a file of a report back and compare what it counts with the run, by the name of the file.
var checks = map[string]func([]byte, report.Summary) error{
	"run.json": checkJSON, "junit.xml": checkJUnit, "ctrf.json": checkCTRF, "summary.md": checkMarkdown,
	"report.html": checkHTML, "badge.json": checkBadge, "observations.json": checkObservations, "coverage.json": checkCoverage,
}

var countRow = regexp.MustCompile(`(?m)^\| \S+ \| \S+ \| \S+ \| \S+ \| \S+ \| \S+ \| total \|\n.*\n\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$`)

var featureRow = regexp.MustCompile("(?m)^\\| `[^`]+` \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\|$")

// checkMarkdown reads the counts of both tables.
func checkMarkdown(data []byte, want report.Summary) error {
	m := countRow.FindSubmatch(data)
	if m == nil {
		return fmt.Errorf("it has no table of counts")
	}
	read := func(cells [][]byte) (s report.Summary) {
		for i, status := range allStatuses {
			n, _ := strconv.Atoi(string(cells[i]))
			*countOf(&s, status) = n
		}
		return s
	}
	said := read(m[1:])
	drift := fmt.Sprintf("Drift from the wire contract: %d. Scenarios that ask the target nothing: %d.\n", want.Drift, want.Binding)
	if !bytes.Contains(data, []byte(drift)) {
		return fmt.Errorf("it does not say %q", drift)
	}
	want = onlyStatuses(want)
	if total := string(m[len(m)-1]); said != want || total != strconv.Itoa(want.Total()) {
		return fmt.Errorf("it says %+v and %s in all, the run had %+v", said, total, want)
	}
	var found report.Summary
	for _, row := range featureRow.FindAllSubmatch(data, -1) {
		of := read(row[1:])
		for _, status := range allStatuses {
			*countOf(&found, status) += *countOf(&of, status)
		}
	}
	if found != want {
		return fmt.Errorf("its features add up to %+v, the run had %+v", found, want)
	}
	return nil
}

var (
	htmlDrift    = regexp.MustCompile(`<dd data-count="([a-z]+)">(\d+)</dd>`)
	htmlTotal    = regexp.MustCompile(`<td data-total="([a-z]+)" data-status="[a-z]+">(\d+)</td>`)
	htmlRow      = regexp.MustCompile(`(?m)^<tr><th scope="row"><a .*$`)
	htmlCell     = regexp.MustCompile(`<td class="of-feature(?: zero)?" data-status="([a-z]+)">(\d+)</td>`)
	htmlScenario = regexp.MustCompile(`(?m)^<article id="[^"]+" data-status="([a-z]+)" data-find="[^"]*">$`)
)

// checkHTML counts the scenarios, and reads the counts of the matrix and of its last row.
func checkHTML(data []byte, want report.Summary) error {
	var total, found, rows report.Summary
	for _, m := range htmlTotal.FindAllSubmatch(data, -1) {
		n, _ := strconv.Atoi(string(m[2]))
		if count := countOf(&total, report.Status(m[1])); count != nil {
			*count = n
		}
	}
	for _, m := range htmlDrift.FindAllSubmatch(data, -1) {
		n, _ := strconv.Atoi(string(m[2]))
		switch string(m[1]) {
		case "drift":
			total.Drift = n
		case "binding":
			total.Binding = n
		}
	}
	for _, m := range htmlScenario.FindAllSubmatch(data, -1) {
		*countOf(&found, report.Status(m[1]))++
	}
	for _, row := range htmlRow.FindAll(data, -1) {
		for _, m := range htmlCell.FindAllSubmatch(row, len(allStatuses)) {
			n, _ := strconv.Atoi(string(m[2]))
			*countOf(&rows, report.Status(m[1])) += n
		}
	}
	if total != want || found != onlyStatuses(want) || rows != onlyStatuses(want) {
		return fmt.Errorf("it says %+v, its matrix %+v, it holds %+v, the run had %+v", total, rows, found, want)
	}
	return nil
}

// checkJUnit reads the file back and counts.
func checkJUnit(data []byte, want report.Summary) error {
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

// checkCTRF reads the file back and counts.
func checkCTRF(data []byte, want report.Summary) error {
	type counts struct{ Tests, Passed, Failed, Skipped, Pending, Other int }
	var read struct {
		Results struct {
			Summary struct {
				counts
				Extra struct{ Statuses report.Summary }
			}
			Tests []struct {
				Status    string
				RawStatus report.Status
			}
		}
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	var raw report.Summary
	found := map[string]int{}
	for _, t := range read.Results.Tests {
		found[t.Status]++
		*countOf(&raw, t.RawStatus)++
	}
	said := read.Results.Summary
	holds := counts{len(read.Results.Tests), found["passed"], found["failed"], found["skipped"], found["pending"], found["other"]}
	model := counts{Tests: want.Total(), Passed: want.Pass, Failed: want.Fail + want.Error, Skipped: want.Skipped + want.Unsupported, Other: want.Known}
	if said.counts != model || holds != model || raw != onlyStatuses(want) || said.Extra.Statuses != want {
		return fmt.Errorf("it says %+v and holds %+v (%+v), the run had %+v", said.counts, holds, raw, want)
	}
	return nil
}

// checkBadge reads the counts of the message.
func checkBadge(data []byte, want report.Summary) error {
	var b struct{ Message string }
	if err := json.Unmarshal(data, &b); err != nil {
		return err
	}
	var found report.Summary
	for part := range strings.SplitSeq(b.Message, ", ") {
		var n int
		var status report.Status
		if _, err := fmt.Sscanf(part, "%d %s", &n, &status); err != nil {
			continue
		}
		if status == "drift" {
			found.Drift += n
		} else {
			*countOf(&found, status) += n
		}
	}
	found.Binding = want.Binding // a badge is too small for it
	if found != want {
		return fmt.Errorf("it says %q, the run had %+v", b.Message, want)
	}
	return nil
}

func checkJSON(data []byte, want report.Summary) error {
	f, err := os.CreateTemp("", "run.json")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	rep, notRead := report.ReadReport(f.Name())
	if err = errors.Join(err, f.Close(), notRead); err == nil && rep.Summary != want {
		err = fmt.Errorf("it counts %+v, the run %+v", rep.Summary, want)
	}
	return err
}

// checkCoverage: the file counts operations and no scenarios.
func checkCoverage(data []byte, _ report.Summary) error {
	_, err := docscheck.ReadCoverage(data)
	return err
}

// checkObservations: there is one for each assumption, whatever was run.
func checkObservations(data []byte, _ report.Summary) error {
	var o report.Observations
	if err := json.Unmarshal(data, &o); err != nil {
		return err
	}
	if want := len(fakeaircall.Assumptions()); len(o.Observations) != want {
		return fmt.Errorf("it has %d observations of %d assumptions", len(o.Observations), want)
	}
	for _, e := range o.Observations {
		if !slices.Contains([]string{report.Confirmed, report.Refuted, report.NotObserved}, e.Result) {
			return fmt.Errorf("invalid result %q", e.Result)
		}
	}
	return nil
}

// allStatuses are those of the tables, in their order.
var allStatuses = []report.Status{report.Pass, report.Fail, report.Known, report.Unsupported, report.Skipped, report.Error}

// countOf is where a summary counts a status. What is no status counts as an error.
func countOf(s *report.Summary, status report.Status) *int {
	switch status {
	case report.Pass:
		return &s.Pass
	case report.Fail:
		return &s.Fail
	case report.Known:
		return &s.Known
	case report.Unsupported:
		return &s.Unsupported
	case report.Skipped:
		return &s.Skipped
	}
	return &s.Error
}

// onlyStatuses returns the counts of the summary that are statuses.
func onlyStatuses(s report.Summary) report.Summary {
	s.Drift, s.Binding = 0, 0
	return s
}
