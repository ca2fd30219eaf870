package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Text prints the report for people: failures and drift by cause, and a line of counts. With values it also prints expected and
// received values that the report does not keep.
func Text(w io.Writer, rep *Report, values bool) {
	for _, c := range rep.Failures {
		fmt.Fprintf(w, "%s %s\n", c.Status, c)
		fmt.Fprintf(w, "    first      %s\n", c.Examples[0])
		if n := slices.IndexFunc(rep.Scenarios, func(s Scenario) bool { return s.ID == c.Examples[0] }); n >= 0 {
			s := rep.Scenarios[n]
			want, got := s.Want, s.Got
			if values {
				want, got = s.ShownWant, s.ShownGot
			}
			fmt.Fprintf(w, "    %s\n", strings.Join(s.Lines(want, got), "\n    "))
		}
		for _, id := range c.Examples[1:] {
			fmt.Fprintf(w, "    also       %s\n", id)
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
		writeReasons(w, rep)
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
	if s.About != "" {
		add("about", s.About)
	}
	for _, st := range s.Steps {
		if st.Status == s.Status || st.Status == Fail || st.Status == Error {
			add("step", fmt.Sprintf("%s (%s.feature:%d)", st.Text, s.path(), st.Line))
			break
		}
	}
	add("because", s.Reason)
	if want != "" || got != "" {
		add("expected", want)
		add("got", got)
	}
	for _, b := range s.Contract {
		add("drift", fmt.Sprintf("%s (%s, %s, account %q)", b, Plural(b.Times, "time"), b.Purpose, b.Account))
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
	for _, op := range s.Ops {
		add("documented", "https://developer.aircall.io/api-references/#"+op)
	}
	if s.Curl != "" {
		add("curl", s.Curl)
	}
	add("run again", s.Rerun)
	return out
}

// writeReasons prints why scenarios did not run or were accepted, each reason once.
func writeReasons(w io.Writer, rep *Report) {
	type key struct {
		status Status
		reason string
	}
	var order []key
	counts := map[key]int{}
	for _, s := range rep.Scenarios {
		if s.Status == Skipped || s.Status == Unsupported || s.Status == Known {
			k := key{s.Status, s.Reason}
			if counts[k]++; counts[k] == 1 {
				order = append(order, k)
			}
		}
	}
	for _, k := range order {
		fmt.Fprintf(w, "%s %d: %s\n", k.status, counts[k], k.reason)
	}
}
