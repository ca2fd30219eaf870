package report

import (
	"bytes"
	_ "embed" // the templates
	"fmt"
	"html/template"
	"reflect"
	"strings"
	plain "text/template"
)

//go:embed report.html.tmpl
var htmlSource string

//go:embed summary.md.tmpl
var markdownSource string

var (
	htmlPage     = template.Must(template.New("report.html").Funcs(pageFuncs).Parse(htmlSource))
	markdownPage = plain.Must(plain.New("summary.md").Funcs(pageFuncs).Parse(markdownSource))
)

// Bounds of the summary: GitHub shows a mebibyte of one step's at most.
const (
	markdownFailures = 50
	markdownReason   = 2000
)

var pageFuncs = map[string]any{
	"anchor":    func(id string) string { return strings.ReplaceAll(id, "/", "--") },
	"count":     func(s Summary, status Status) int { return *s.of(status) },
	"exchanges": exchangeLines,
	"text":      markdownText,
	"code":      markdownCode,
	"first": func(list any) any {
		v := reflect.ValueOf(list)
		return v.Slice(0, min(v.Len(), markdownFailures)).Interface()
	},
	"more": func(list any) int { return max(0, reflect.ValueOf(list).Len()-markdownFailures) },
}

// page is what the templates show.
type page struct {
	Report           *Report
	Result, Sentence string
	Statuses         []Status
	Features         []*featureCounts
	Failed           []Scenario // or not judged
	Facts            []fact
}

var resultSentence = map[string]string{
	ResultSuccess: "Every sentence that was tested is true of this target.",
	ResultPartial: "Everything that ran passed, but not everything ran.",
	ResultFailure: "This target does not behave as documented.",
	ResultError:   "The suite broke, so the counts are not reliable.",
	ResultNone:    "No scenario ran to its end, so nothing is proved.",
}

func newPage(rep *Report) *page {
	p := &page{
		Report: rep, Result: rep.result(), Sentence: resultSentence[rep.result()],
		Statuses: statuses, Features: rep.byFeature(), Facts: rep.Run.facts(),
	}
	for _, s := range rep.Scenarios {
		if s.Status == Fail || s.Status == Error {
			p.Failed = append(p.Failed, s)
		}
	}
	return p
}

// HTML renders report.html, one file that needs neither a network nor scripts.
func HTML(rep *Report) ([]byte, error) {
	p := newPage(rep)
	p.Facts = append(p.Facts,
		fact{"started", rep.Run.Started.Format("2006-01-02 15:04:05 UTC")},
		fact{"seconds", fmt.Sprintf("%.1f", rep.Run.Seconds)},
		fact{"requests", fmt.Sprint(rep.Footer.Requests)})
	var b bytes.Buffer
	err := htmlPage.Execute(&b, p)
	return b.Bytes(), err
}

// Markdown renders summary.md, the summary for people who look at a CI job.
func Markdown(rep *Report) ([]byte, error) {
	var b bytes.Buffer
	err := markdownPage.Execute(&b, newPage(rep))
	return b.Bytes(), err
}

// exchangeLines returns a line for each request of a scenario; equal ones become one line with their number.
func exchangeLines(s Scenario) (lines []string) {
	times := map[string]int{}
	for _, x := range s.Requests {
		line := fmt.Sprintf("%s, account %s: %s", x.Purpose, AccountKey(x), x.line())
		if times[line]++; times[line] == 1 {
			lines = append(lines, line)
		}
	}
	for i, line := range lines {
		if n := times[line]; n > 1 {
			lines[i] += fmt.Sprintf(" (%d times)", n)
		}
	}
	return lines
}

// markdownText makes one line of a text, escapes everything that has a meaning in Markdown, and shortens it.
func markdownText(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(Clip(s, markdownReason)), " ") {
		switch {
		case r == '<':
			b.WriteString("&lt;")
			continue
		case r == '&':
			b.WriteString("&amp;")
			continue
		case strings.ContainsRune("\\`*_{}[]()#+!|~>@$", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// markdownCode returns commands as a fenced block; the fence is longer than any in them.
func markdownCode(commands ...string) string {
	text := strings.TrimSpace(strings.Join(commands, "\n"))
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "sh\n" + text + "\n" + fence + "\n"
}
