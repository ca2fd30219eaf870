package conformance

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// printer is the report for people: progress on a terminal, then what went wrong, then one line of figures.
type printer struct {
	w     io.Writer
	live  bool // show progress
	here  bool // values of the target may be shown: a person sits there, and nothing is kept
	total int

	mu   sync.Mutex
	done int
}

func (p *printer) report(rep *Report) {
	if p.live {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.failures(rep)
	for _, c := range rep.Drift {
		fmt.Fprintf(p.w, "drift %s\n", c)
	}
	for _, what := range rep.Removed {
		fmt.Fprintf(p.w, "removed from the report: %s\n", what)
	}
	s := rep.Summary
	if rep.Run.Ended == "" {
		p.reasons(rep)
	}
	if s.ran() == 0 && rep.Run.Ended != "" {
		return // the reason is the error that the run ends with
	}
	if s.ran() == 0 {
		fmt.Fprintln(p.w, "no scenario ran to its end, so nothing is proved")
	}
	ofBinding := ""
	if s.Binding > 0 {
		ofBinding = fmt.Sprintf("; %d of them asked the target nothing: they judge the binding", s.Binding)
	}
	fmt.Fprintf(p.w, "%s %s: %s in %.1fs: %d pass, %d fail, %d known, %d unsupported, %d skipped, %d error; drift: %d%s\n",
		rep.Run.Target, rep.Run.URL, scenarios(s.Total()), rep.Run.Seconds, s.Pass, s.Fail, s.Known, s.Unsupported, s.Skipped, s.Error, s.Drift, ofBinding)
}

// failures tells each cause with all that is known of the first scenario that met it, and the ids of some others.
func (p *printer) failures(rep *Report) {
	for _, c := range rep.Failures {
		fmt.Fprintf(p.w, "%s %s\n", c.Status, c)
		for i, id := range c.Examples {
			if i > 0 {
				fmt.Fprintf(p.w, "    also       %s\n", id)
			} else if n := slices.IndexFunc(rep.Scenarios, func(s Scenario) bool { return s.ID == id }); n >= 0 {
				p.failure(rep.Scenarios[n])
			}
		}
		fmt.Fprintln(p.w)
	}
}

func (p *printer) failure(s Scenario) {
	want, got := s.Want, s.Got
	if p.here {
		want, got = s.want, s.got
	}
	fmt.Fprintf(p.w, "    first      %s\n", s.ID)
	for _, line := range s.lines(want, got) {
		fmt.Fprintf(p.w, "    %s\n", line)
	}
}

// told is how a scenario ended, as one text.
func (s Scenario) told(want, got string) string { return strings.Join(s.lines(want, got), "\n") }

// lines tell how a scenario ended, for the text and for JUnit.
func (s Scenario) lines(want, got string) (out []string) {
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

// reasons lists what did not run or was waived, once per reason.
func (p *printer) reasons(rep *Report) {
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
		fmt.Fprintf(p.w, "%s %d: %s\n", k.status, counts[k], k.reason)
	}
}
