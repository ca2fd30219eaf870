package replay

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/drift"
)

// UnknownRoute is the operation of paths that Aircall does not have.
const UnknownRoute = "unknown path"

// mostListed bounds the numbers of entries that a difference lists, and mostDifferences the differences.
const (
	mostListed      = 10
	mostDifferences = 10_000
)

// A Result is what a replay found. It has places, kinds and words of enumerations, and no recorded value.
type Result struct {
	Sent        int            `json:"sent"`     // requests
	Compared    int            `json:"compared"` // replies
	Skipped     map[string]int `json:"skipped"`  // entries that were not sent, by the reason
	Differences []Difference   `json:"differences"`

	places   map[place]*Difference // of the members and headers of single entries
	statuses map[place]*Difference
}

// A Difference is a difference from the recording to the fake, and where it is.
type Difference struct {
	drift.Change
	Times   int   `json:"times"`   // entries that show it
	Entries []int `json:"entries"` // the first of them, from 1

	last int // entry that was added
}

// place identifies a difference: what it says can depend on how many replies were compared.
type place struct{ op, asks, where, says string }

func newResult() *Result {
	return &Result{Skipped: map[string]int{}, Differences: []Difference{}, places: map[place]*Difference{}, statuses: map[place]*Difference{}}
}

// add counts an entry, once: two words that are new in one member are two changes in one place.
func (d *Difference) add(entry int) {
	if entry == d.last {
		return
	}
	d.last = entry
	d.Times++
	if len(d.Entries) < mostListed {
		d.Entries = append(d.Entries, entry)
	}
}

// note remembers which entry differs where.
func (r *Result) note(entry int, changes []drift.Change) {
	for _, c := range changes {
		r.in(r.places, place{c.Op, c.Asks, c.Where, ""}, c, entry)
	}
}

// status adds a difference of the status. The members of the two replies say nothing then.
func (r *Result) status(entry int, changes []drift.Change) {
	for _, c := range changes {
		if c.Where == "status" && strings.HasPrefix(c.Says, "the fake: ") {
			r.in(r.statuses, place{c.Op, c.Asks, c.Where, c.Says}, c, entry)
		}
	}
}

func (r *Result) in(all map[place]*Difference, at place, c drift.Change, entry int) {
	d := all[at]
	if d == nil {
		if len(all) >= mostDifferences {
			return
		}
		d = &Difference{Change: c}
		all[at] = d
	}
	d.add(entry)
}

// finish compares the shapes of all replies at once: a member that is null in one reply and a text in another is both.
func (r *Result) finish(before, now *drift.Recorder) {
	for _, d := range r.statuses {
		r.Differences = append(r.Differences, *d)
	}
	for _, c := range drift.DiffWithFake(before.Shapes(nil), now.Shapes(nil)) {
		d := Difference{Change: c}
		if seen := r.places[place{c.Op, c.Asks, c.Where, ""}]; seen != nil {
			d.Times, d.Entries = seen.Times, seen.Entries
		}
		r.Differences = append(r.Differences, d)
	}
	tiers := []string{drift.TierError, drift.TierWarn, drift.TierInfo}
	slices.SortStableFunc(r.Differences, func(a, b Difference) int {
		if n := strings.Compare(a.Op, b.Op); n != 0 {
			return n
		}
		if n := slices.Index(tiers, a.Tier) - slices.Index(tiers, b.Tier); n != 0 {
			return n
		}
		return strings.Compare(a.Asks+" "+a.Where+" "+a.Says, b.Asks+" "+b.Where+" "+b.Says)
	})
}

// Counts returns how many differences there are of each tier.
func (r *Result) Counts() map[string]int {
	counts := map[string]int{}
	for _, d := range r.Differences {
		counts[d.Tier]++
	}
	return counts
}

// Text writes the result for people. again is the command that shows one entry, without its number.
func (r *Result) Text(w io.Writer, again string) error {
	var b strings.Builder
	op := ""
	for _, d := range r.Differences {
		if d.Op != op {
			op = d.Op
			fmt.Fprintf(&b, "%s\n", op)
		}
		fmt.Fprintf(&b, "  %-5s (%s) %s: %s", d.Tier, d.Asks, d.Where, d.Says)
		if len(d.Entries) > 0 {
			fmt.Fprintf(&b, "; %s", d.entries())
		}
		b.WriteString("\n")
	}
	for _, d := range r.Differences {
		if len(d.Entries) > 0 {
			fmt.Fprintf(&b, "See one again: %s --entry %d\n", again, d.Entries[0])
			break
		}
	}
	counts := r.Counts()
	fmt.Fprintf(&b, "%d sent, %d compared: %d error, %d warn, %d info\n", r.Sent, r.Compared, counts[drift.TierError], counts[drift.TierWarn], counts[drift.TierInfo])
	for _, why := range slices.Sorted(maps.Keys(r.Skipped)) {
		fmt.Fprintf(&b, "%d not sent: %s\n", r.Skipped[why], why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// entries lists the entries of a difference.
func (d *Difference) entries() string {
	text := "entry "
	if d.Times > 1 {
		text = "entries "
	}
	text += strings.ReplaceAll(strings.Trim(fmt.Sprint(d.Entries), "[]"), " ", ", ")
	if more := d.Times - len(d.Entries); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
