package conformance

import (
	"bytes"
	_ "embed" // the page
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"
)

//go:embed report.html.tmpl
var htmlSource string

var htmlPage = template.Must(template.New("report").Funcs(template.FuncMap{
	"anchor":    func(id string) string { return strings.ReplaceAll(id, "/", "--") },
	"count":     func(s Summary, status Status) int { return *s.of(status) },
	"open":      func(s Status) bool { return s == Fail || s == Error },
	"exchanges": exchangeLines,
}).Parse(htmlSource))

// exchangeLines tell the requests of a scenario, those that are alike once.
func exchangeLines(s Scenario) (lines []string) {
	var order []string
	times := map[string]int{}
	for _, x := range s.Requests {
		line := fmt.Sprintf("%s, account %s: %s", x.Purpose, accountKey(x), x.line())
		if times[line]++; times[line] == 1 {
			order = append(order, line)
		}
	}
	for _, line := range order {
		if n := times[line]; n > 1 {
			line += fmt.Sprintf(" (%d times)", n)
		}
		lines = append(lines, line)
	}
	return lines
}

// renderHTML is the report as one file that needs neither a network nor scripts.
func renderHTML(rep *Report) ([]byte, error) {
	view := struct {
		Report           *Report
		Result, Sentence string
		Statuses         []Status
		Features         []*featureCounts
		Failed           []Scenario
		Facts            []fact
	}{
		Report: rep, Result: rep.result(), Sentence: resultSentence[rep.result()],
		Statuses: statuses, Features: rep.byFeature(),
	}
	for _, s := range rep.Scenarios {
		if s.Status == Fail || s.Status == Error {
			view.Failed = append(view.Failed, s)
		}
	}
	view.Facts = append(rep.Run.facts(),
		fact{"started", rep.Run.Started.Format("2006-01-02 15:04:05 UTC")},
		fact{"seconds", fmt.Sprintf("%.1f", rep.Run.Seconds)},
		fact{"requests", fmt.Sprint(rep.Footer.Requests)})
	var b bytes.Buffer
	err := htmlPage.Execute(&b, view)
	return b.Bytes(), err
}

var (
	htmlDrift    = regexp.MustCompile(`<dd data-count="([a-z]+)">(\d+)</dd>`)
	htmlTotal    = regexp.MustCompile(`<td data-total="([a-z]+)">(\d+)</td>`)
	htmlRow      = regexp.MustCompile(`(?m)^<tr><th scope="row"><a .*$`)
	htmlCell     = regexp.MustCompile(`<td class="of-feature(?: zero)?">(\d+)</td>`)
	htmlScenario = regexp.MustCompile(`(?m)^<article id="[^"]+" data-status="([a-z]+)">$`)
)

// checkHTML counts the scenarios, and reads the counts of the matrix and of its last row.
func checkHTML(data []byte, want Summary) error {
	var total, found, rows Summary
	for _, m := range htmlTotal.FindAllSubmatch(data, -1) {
		n, _ := strconv.Atoi(string(m[2]))
		if count := total.of(Status(m[1])); count != nil {
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
		found.add(Status(m[1]))
	}
	for _, row := range htmlRow.FindAll(data, -1) {
		for i, m := range htmlCell.FindAllSubmatch(row, len(statuses)) {
			n, _ := strconv.Atoi(string(m[1]))
			*rows.of(statuses[i]) += n
		}
	}
	if total != want || found != want.statuses() || rows != want.statuses() {
		return fmt.Errorf("it says %+v, its matrix %+v, it holds %+v, the run had %+v", total, rows, found, want)
	}
	return nil
}
