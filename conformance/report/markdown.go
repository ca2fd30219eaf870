package report

import (
	"bytes"
	"fmt"
	"strings"
)

// Bounds of the summary: GitHub shows a mebibyte of a step's at most.
const (
	markdownFailures = 50
	markdownReason   = 2000
)

var resultSentence = map[string]string{
	ResultSuccess: "Every sentence that was tried is true of this target.",
	ResultPartial: "Nothing that ran was found untrue. Not everything ran.",
	ResultFailure: "This target does not behave as documented.",
	ResultError:   "The kit broke on the way: the counts are not to be relied on.",
	ResultNone:    "No scenario ran to its end, so nothing is proved.",
}

// Markdown renders summary.md, the summary for people who look at a CI job.
func Markdown(rep *Report) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "## Aircall conformance: %s\n\n%s\n\n", rep.result(), resultSentence[rep.result()])
	for _, status := range statuses {
		fmt.Fprintf(&b, "| %s ", status)
	}
	b.WriteString("| total |\n" + strings.Repeat("|--:", len(statuses)+1) + "|\n")
	for _, status := range statuses {
		fmt.Fprintf(&b, "| %d ", *rep.Summary.of(status))
	}
	fmt.Fprintf(&b, "| %d |\n", rep.Summary.Total())
	b.WriteString(driftLine(rep.Summary))
	markdownCauses(&b, "Failures by cause", rep.Failures)
	markdownCauses(&b, "Drift by cause", rep.Drift)
	shown, more := 0, 0
	for _, s := range rep.Scenarios {
		if s.Status != Fail && s.Status != Error {
			continue
		}
		if shown == markdownFailures {
			more++
			continue
		}
		shown++
		head := "Not true: " + s.Name
		if s.Status == Error {
			head = "Not judged: " + s.Name
		}
		fmt.Fprintf(&b, "\n### %s\n\n", markdownText(head))
		fmt.Fprintf(&b, "%s: %s\n\n", markdownText(s.Feature), markdownText(Clip(s.Reason, markdownReason)))
		fmt.Fprintf(&b, "See it again:\n\n%s", markdownCode("sh", strings.TrimSuffix(s.Rerun+"\n"+s.Curl, "\n")))
	}
	if more > 0 {
		fmt.Fprintf(&b, "\n%d more stand in report.html.\n", more)
	}
	b.WriteString("\n<details><summary>By feature</summary>\n\n| feature |")
	for _, status := range statuses {
		fmt.Fprintf(&b, " %s |", status)
	}
	b.WriteString("\n|:--|" + strings.Repeat("--:|", len(statuses)) + "\n")
	for _, f := range rep.byFeature() {
		fmt.Fprintf(&b, "| `%s` |", f.Path)
		for _, status := range statuses {
			fmt.Fprintf(&b, " %d |", *f.Summary.of(status))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n</details>\n\n<details><summary>The run</summary>\n\n")
	for _, f := range rep.Run.facts() {
		fmt.Fprintf(&b, "- %s: %s\n", f.Name, markdownText(f.Value))
	}
	fmt.Fprintf(&b, "- %d requests in %.1f s\n\n</details>\n", rep.Footer.Requests, rep.Run.Seconds)
	return b.Bytes(), nil
}

// driftLine says what the table of counts does not.
func driftLine(s Summary) string {
	return fmt.Sprintf("\nDrift from the wire contract: %d. Scenarios that ask the target nothing: %d.\n", s.Drift, s.Binding)
}

func markdownCauses(b *bytes.Buffer, title string, causes []Cause) {
	if len(causes) == 0 {
		return
	}
	fmt.Fprintf(b, "\n### %s\n\n", title)
	for _, c := range causes[:min(len(causes), markdownFailures)] {
		fmt.Fprintf(b, "- %s\n", markdownText(Clip(c.String(), markdownReason)))
	}
	if n := len(causes) - markdownFailures; n > 0 {
		fmt.Fprintf(b, "- %d more are in report.html\n", n)
	}
}

// markdownText takes the meaning from everything that has one, and from line ends.
func markdownText(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
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

// markdownCode is a fenced block; the fence is longer than any in it.
func markdownCode(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + text + "\n" + fence + "\n"
}
