package traffic

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// Text prints a result for people. again returns the command that shows one entry.
func (r *Result) Text(w io.Writer, again func(Place) string) {
	for _, line := range r.shown {
		fmt.Fprintln(w, line)
	}
	if len(r.shown) == 0 {
		r.printCounts(w)
	}
	show := func(place *Place) {
		fmt.Fprintf(w, "    at %s\n", place)
		if len(r.shown) == 0 {
			fmt.Fprintf(w, "    see %s\n", again(*place))
		}
	}
	refuted, confirmed := r.of(report.Refuted), r.of(report.Confirmed)
	if len(refuted) > 0 {
		fmt.Fprintf(w, "\nRefuted, %s:\n", report.Plural(len(refuted), "assumption"))
		for _, v := range refuted {
			fmt.Fprintf(w, "  %s\n    %s\n", v.name(), v.Says)
			fmt.Fprintf(w, "    %s against it, %d for it%s\n", report.Plural(v.Refuted, "exchange"), v.Confirmed, v.instead())
			show(v.Place)
		}
	}
	if len(r.Breaches) > 0 {
		fmt.Fprintf(w, "\nBreaches of the contract, %d:\n", len(r.Breaches))
		for _, b := range r.Breaches {
			known := ""
			if b.Known != "" {
				known = ", known: " + b.Known
			}
			fmt.Fprintf(w, "  %s (%s%s)\n", b.Breach, report.Plural(b.Times, "time"), known)
			show(&b.Place)
		}
	}
	if len(r.New) > 0 {
		fmt.Fprintf(w, "\nNew, %d:\n", len(r.New))
		for _, n := range r.New {
			fmt.Fprintf(w, "  %s %s (%s)\n", n.Kind, n.What, report.Plural(n.Times, "exchange"))
			show(&n.Place)
		}
	}
	if len(confirmed) > 0 {
		fmt.Fprintf(w, "\nConfirmed, %s:\n", report.Plural(len(confirmed), "assumption"))
		for _, v := range confirmed {
			fmt.Fprintf(w, "  %-26s %s, the first at %s\n", v.name(), report.Plural(v.Confirmed, "exchange"), v.Place)
		}
	}
	if len(r.shown) == 0 {
		from := "Every exchange is with " + liveHost
		if r.Target != targetLive {
			from = "Not every exchange is with " + liveHost
		}
		fmt.Fprintf(w, "\n%s: %d confirmed, %d refuted, %d not observed; %s of the contract, %d new\n", from, len(confirmed), len(refuted),
			len(r.of(report.NotObserved)), breaches(len(r.Breaches)), len(r.New))
	}
}

// name returns the id, with the answer that was assumed if there are several.
func (v *Verdict) name() string {
	if v.Answer == "" {
		return v.ID
	}
	return v.ID + "=" + v.Answer
}

// instead says which other answer fits.
func (v *Verdict) instead() string {
	if v.Fits == "" {
		return ""
	}
	return fmt.Sprintf("; it fits %s=%s", v.ID, v.Fits)
}

func (r *Result) printCounts(w io.Writer) {
	entries := 0
	for _, f := range r.Files {
		entries += f.Entries
		fmt.Fprintf(w, "%s: %s\n", f.Name, entriesOf(f.Entries))
	}
	fmt.Fprintf(w, "%s checked", report.Plural(r.Checked, "exchange"))
	if !r.Newest.IsZero() {
		fmt.Fprintf(w, ", from %s to %s", r.From.Format(time.DateOnly), r.Newest.Format(time.DateOnly))
	}
	fmt.Fprintln(w)
	for _, c := range []struct {
		n    int
		what string
	}{
		{r.Events, "of them events that webhooks received"},
		{r.WithoutBody, "of them without the body of the reply: only the status and the headers count"},
		{r.Masked, "of them with masked values: only the shape counts"},
		{r.Failures, "of them failures of the server"},
	} {
		if c.n > 0 {
			fmt.Fprintf(w, "  %d %s\n", c.n, c.what)
		}
	}
	if len(r.Skipped) > 0 {
		fmt.Fprintln(w, r.SkippedEntries())
	}
	if len(r.Operations) > 0 {
		fmt.Fprintln(w)
	}
	for _, o := range r.Operations {
		var statuses []string
		for _, s := range slices.Sorted(maps.Keys(o.Statuses)) {
			statuses = append(statuses, fmt.Sprintf("%d × %d", o.Statuses[s], s))
		}
		fmt.Fprintf(w, "  %-44s %6d  %s\n", o.Op, o.Exchanges, strings.Join(statuses, ", "))
	}
}

// SkippedEntries says how many entries do not count, by reason.
func (r *Result) SkippedEntries() string {
	skipped := 0
	var reasons []string
	for _, reason := range slices.Sorted(maps.Keys(r.Skipped)) {
		skipped += r.Skipped[reason]
		reasons = append(reasons, fmt.Sprintf("%d %s", r.Skipped[reason], reason))
	}
	return fmt.Sprintf("%s skipped: %s", entriesOf(skipped), strings.Join(reasons, ", "))
}

func entriesOf(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

func breaches(n int) string {
	if n == 1 {
		return "1 breach"
	}
	return fmt.Sprintf("%d breaches", n)
}
