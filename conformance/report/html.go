package report

import (
	"bytes"
	_ "embed" // the page
	"fmt"
	"html/template"
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
		line := fmt.Sprintf("%s, account %s: %s", x.Purpose, AccountKey(x), x.line())
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

// HTML renders report.html, one file that needs neither a network nor scripts.
func HTML(rep *Report) ([]byte, error) {
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
