package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Text prints the report for people: what went wrong, by cause, and one line of counts. With values it prints what was
// expected and received also where the report does not keep it.
func Text(w io.Writer, rep *Report, values bool) {
	for _, c := range rep.Failures {
		fmt.Fprintf(w, "%s %s\n", c.Status, c)
		for i, id := range c.Examples {
			if i > 0 {
				fmt.Fprintf(w, "    also       %s\n", id)
			} else if n := slices.IndexFunc(rep.Scenarios, func(s Scenario) bool { return s.ID == id }); n >= 0 {
				writeFailure(w, rep.Scenarios[n], values)
			}
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
		return // the reason is the error that the run ends with
	}
	if s.Ran() == 0 {
		fmt.Fprintln(w, "no scenario ran to its end, so nothing is proved")
	}
	ofBinding := ""
	if s.Binding > 0 {
		ofBinding = fmt.Sprintf("; %d of them asked the target nothing: they judge the binding", s.Binding)
	}
	fmt.Fprintf(w, "%s %s: %s in %.1fs: %d pass, %d fail, %d known, %d unsupported, %d skipped, %d error; drift: %d%s\n",
		rep.Run.Target, rep.Run.URL, Plural(s.Total(), "scenario"), rep.Run.Seconds, s.Pass, s.Fail, s.Known, s.Unsupported, s.Skipped, s.Error, s.Drift, ofBinding)
}

func writeFailure(w io.Writer, s Scenario, values bool) {
	want, got := s.Want, s.Got
	if values {
		want, got = s.ShownWant, s.ShownGot
	}
	fmt.Fprintf(w, "    first      %s\n", s.ID)
	for _, line := range s.Lines(want, got) {
		fmt.Fprintf(w, "    %s\n", line)
	}
}

// told is how a scenario ended, as one text.
func (s Scenario) told(want, got string) string { return strings.Join(s.Lines(want, got), "\n") }

// Lines tell how a scenario ended, for the text and for JUnit.
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
		add("of", s.About)
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
		add("drift", fmt.Sprintf("%s (%d times, %s, account %q)", b, b.Times, b.Purpose, b.Account))
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
	add("again", s.Rerun)
	return out
}

// writeReasons prints why scenarios did not run or were accepted, once per reason.
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
			if counts[k] == 0 {
				order = append(order, k)
			}
			counts[k]++
		}
	}
	for _, k := range order {
		fmt.Fprintf(w, "%s %d: %s\n", k.status, counts[k], k.reason)
	}
}
