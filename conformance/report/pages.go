package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the templates
	"encoding/base64"
	"fmt"
	"html/template"
	"reflect"
	"regexp"
	"strings"
	plain "text/template"
)

//go:embed report.html.tmpl
var htmlSource string

//go:embed report.js
var script string

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
	"anchor":     func(id string) string { return strings.ReplaceAll(id, "/", "--") },
	"count":      func(s Summary, status Status) int { return *s.of(status) },
	"driftLines": Scenario.driftLines,
	"exchanges":  exchangeLines,
	"plural":     Plural,
	"row":        func(p *page, f *featureCounts) row { return row{p.Shown, f} },
	"text":       markdownText,
	"code":       func(commands ...string) string { return markdownCode("sh", commands...) },
	"values": func(want, got string) string {
		return markdownCode("text", "expected", Clip(want, markdownReason), "", "got", Clip(got, markdownReason))
	},
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
	Shown            []Status // those that occur
	Features         []*featureCounts
	Failing, Clean   []*featureCounts // Features with and without scenarios that did not end as they should
	Causes           []causeOfPage
	Reasons          []reasonCount
	Facts            []longFact
	Script           template.JS
	ScriptHash       string // for the content security policy, which allows only this script
}

// row is a row of the table of features.
type row struct {
	Shown   []Status
	Feature *featureCounts
}

// causeOfPage is a cause of failures with its scenarios.
type causeOfPage struct {
	Cause
	First *Scenario
	Rest  []*Scenario
}

// longFact is a fact with a short form, if the value is long.
type longFact struct {
	fact
	Short string
}

var digests = regexp.MustCompile(`\b([0-9a-f]{12})[0-9a-f]{28,}`)

func newFact(f fact) longFact {
	short := digests.ReplaceAllString(f.Value, "$1…")
	if short == f.Value {
		short = ""
	}
	return longFact{f, short}
}

var resultSentence = map[string]string{
	ResultSuccess: "Every sentence that was tested is true of this target.",
	ResultPartial: "Everything that ran passed, but not everything ran.",
	ResultFailure: "This target does not behave as documented.",
	ResultError:   "Not every scenario could be judged, so the counts are not complete.",
	ResultNone:    "No scenario ran to its end, so nothing is proved.",
}

func newPage(rep *Report) *page {
	p := &page{
		Report: rep, Result: rep.result(), Sentence: resultSentence[rep.result()],
		Statuses: statuses, Features: rep.byFeature(), Reasons: rep.reasons(),
	}
	for _, f := range rep.Run.facts() {
		p.Facts = append(p.Facts, newFact(f))
	}
	for _, status := range statuses {
		if *rep.Summary.of(status) > 0 {
			p.Shown = append(p.Shown, status)
		}
	}
	for _, f := range p.Features {
		if f.Summary.Pass+f.Summary.Skipped == f.Summary.Total() {
			p.Clean = append(p.Clean, f)
		} else {
			p.Failing = append(p.Failing, f)
		}
	}
	for _, c := range rep.Failures {
		p.Causes = append(p.Causes, rep.scenariosOf(c))
	}
	return p
}

// scenariosOf returns a cause of failures with its scenarios.
func (r *Report) scenariosOf(c Cause) causeOfPage {
	of := causeOfPage{Cause: c}
	for i, s := range r.Scenarios {
		switch {
		case s.Status != c.Status || CauseOf(s.Reason) != c.Cause:
		case of.First == nil:
			of.First = &r.Scenarios[i]
		default:
			of.Rest = append(of.Rest, &r.Scenarios[i])
		}
	}
	return of
}

// HTML renders report.html, one file that needs no network. Its script only filters the scenarios.
func HTML(rep *Report) ([]byte, error) {
	p := newPage(rep)
	for _, f := range []fact{
		{"started", rep.Run.Started.Format("2006-01-02 15:04:05 UTC")},
		{"seconds", fmt.Sprintf("%.1f", rep.Run.Seconds)},
		{"requests", fmt.Sprint(rep.Footer.Requests)},
	} {
		p.Facts = append(p.Facts, newFact(f))
	}
	sum := sha256.Sum256([]byte(script))
	p.Script, p.ScriptHash = template.JS(script), "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'"
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

// markdownCode returns lines as a fenced block of a language; the fence is longer than any in them.
func markdownCode(language string, lines ...string) string {
	text := strings.TrimSpace(strings.Join(lines, "\n"))
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + text + "\n" + fence + "\n"
}
