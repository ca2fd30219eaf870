package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Text prints the report for people, in the order of report.html: failures by cause, drift by cause, what did not run, and a line
// of counts. With values it also prints expected and received values that the report does not keep.
func Text(w io.Writer, rep *Report, values bool) {
	if len(rep.Failures) > 0 {
		fmt.Fprintf(w, "%s\n\n", rep.Headline())
	}
	for _, c := range rep.Failures {
		fmt.Fprintf(w, "%s %s\n", c.Status, c)
		if s := rep.scenario(c.Examples[0]); s != nil {
			want, got := s.Want, s.Got
			if values {
				want, got = s.ShownWant, s.ShownGot
			}
			lines := s.Lines(want, got)
			if want+got == "" && s.ShownWant+s.ShownGot != "" {
				lines = append(lines, "values     not shown: they may be somebody's; a terminal on the machine of the target shows them")
			}
			fmt.Fprintf(w, "    %s\n", strings.Join(lines, "\n    "))
		}
		for _, id := range c.Examples[1:] {
			fmt.Fprintf(w, "    also       %s\n", id)
		}
		if n := c.Scenarios - len(c.Examples); n > 0 {
			fmt.Fprintf(w, "    also       %d more\n", n)
		}
		fmt.Fprintln(w)
	}
	for _, c := range rep.Drift {
		fmt.Fprintf(w, "drift %s\n", c)
	}
	for _, what := range rep.Removed {
		fmt.Fprintf(w, "removed from the report: %s\n", what)
	}
	s := rep.Summary
	if rep.Run.Ended == "" {
		for _, r := range rep.reasons() {
			fmt.Fprintf(w, "%s %d: %s\n", r.Status, r.Count, r.Reason)
		}
	}
	if s.Ran() == 0 && rep.Run.Ended != "" {
		return // the error of the run says why
	}
	if s.Ran() == 0 {
		fmt.Fprintln(w, "no scenario ran to its end, so nothing is proved")
	}
	ofBinding := ""
	if s.Binding > 0 {
		ofBinding = fmt.Sprintf("; %d of them sent the target nothing: they test the binding", s.Binding)
	}
	fmt.Fprintf(w, "%s %s: %s in %.1fs: %d pass, %d fail, %d known, %d unsupported, %d skipped, %d error; drift: %d%s\n",
		rep.Run.Target, rep.Run.URL, Plural(s.Total(), "scenario"), rep.Run.Seconds, s.Pass, s.Fail, s.Known, s.Unsupported, s.Skipped, s.Error, s.Drift, ofBinding)
}

// told returns the result of a scenario as one text.
func (s Scenario) told(want, got string) string { return strings.Join(s.Lines(want, got), "\n") }

// Lines returns the result of a scenario, for the text and for JUnit.
func (s Scenario) Lines(want, got string) (out []string) {
	add := func(head, text string) {
		for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
			if i > 0 {
				head = ""
			}
			out = append(out, strings.TrimRight(fmt.Sprintf("%-11s%s", head, line), " "))
		}
	}
	head := "promise"
	if s.Status == Fail {
		head = "not true"
	}
	add(head, s.Feature+": "+s.Name)
	add("because", s.Reason)
	if want != "" || got != "" {
		add("expected", want)
		add("got", got)
	}
	for _, st := range s.Steps {
		if st.Status == s.Status || st.Status == Fail || st.Status == Error {
			add("step", fmt.Sprintf("%s (%s.feature:%d)", st.Text, s.path(), st.Line))
			break
		}
	}
	for _, sc := range s.Scripts {
		head := "script"
		if sc.Example != "" {
			head = "example"
			add(head, fmt.Sprintf("%s, line %d of the reference", sc.Example, sc.Line))
			head = ""
		}
		add(head, sc.Run)
	}
	for _, line := range s.driftLines() {
		add("drift", line)
	}
	add("run again", s.Rerun)
	if s.Curl != "" {
		add("curl", s.Curl)
	}
	if s.About != "" {
		add("about", s.About)
	}
	for _, op := range s.Ops {
		add("documented", "https://developer.aircall.io/api-references/#"+op)
	}
	return out
}

// driftLines returns the drift in the exchanges of a scenario, each difference once, whoever asked and of whatever account.
func (s Scenario) driftLines() (lines []string) {
	times := map[string]int{}
	for _, b := range s.Contract {
		if times[b.String()] == 0 {
			lines = append(lines, b.String())
		}
		times[b.String()] += b.Times
	}
	for i, line := range lines {
		lines[i] += fmt.Sprintf(" (%s)", Plural(times[line], "time"))
	}
	return lines
}

// scenario returns the scenario with an id, and nil if there is none.
func (r *Report) scenario(id string) *Scenario {
	if i := slices.IndexFunc(r.Scenarios, func(s Scenario) bool { return s.ID == id }); i >= 0 {
		return &r.Scenarios[i]
	}
	return nil
}

// reasonCount is why scenarios did not run, or are known to fail, and how many they are.
type reasonCount struct {
	Status Status
	Reason string
	Count  int
}

// reasons returns why scenarios did not run or were accepted, each reason once.
func (r *Report) reasons() (out []reasonCount) {
	for _, s := range r.Scenarios {
		if s.Status != Skipped && s.Status != Unsupported && s.Status != Known {
			continue
		}
		i := slices.IndexFunc(out, func(o reasonCount) bool { return o.Status == s.Status && o.Reason == s.Reason })
		if i < 0 {
			i, out = len(out), append(out, reasonCount{Status: s.Status, Reason: s.Reason})
		}
		out[i].Count++
	}
	return out
}
