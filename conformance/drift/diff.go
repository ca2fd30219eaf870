package drift

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/docscheck"
)

// Tiers of a change, the lightest first.
const (
	TierInfo  = "info"  // something is new: readers of replies need not care
	TierWarn  = "warn"  // something is gone, or not always there: code that relies on it breaks
	TierError = "error" // something is of another kind
)

var tiers = []string{TierInfo, TierWarn, TierError}

// Change is a difference between two recordings.
type Change struct {
	Tier  string `json:"tier"`
	Op    string `json:"op"`
	Asks  string `json:"asks"`
	Where string `json:"where"` // "status", "header Etag", or the path of a field
	Says  string `json:"says"`
}

// String returns the change in one line.
func (c Change) String() string {
	return fmt.Sprintf("%-5s %s (%s) %s: %s", c.Tier, c.Op, c.Asks, c.Where, c.Says)
}

// AtLeast reports whether the change is of the tier or of a worse one.
func (c Change) AtLeast(tier string) bool {
	return slices.Index(tiers, c.Tier) >= slices.Index(tiers, tier)
}

// Diff returns the changes from before to now, the worst first.
func Diff(before, now *Shapes) []Change { return (&differ{}).diff(before, now) }

// DiffWithFake returns how a fake, now, differs from a recording, before, the worst first. It is Diff in other words.
func DiffWithFake(before, now *Shapes) []Change { return (&differ{fake: true}).diff(before, now) }

func (d *differ) diff(before, now *Shapes) []Change {
	order, was := byQuestion(before)
	later, is := byQuestion(now)
	for _, q := range order {
		d.compare(q, was[q], is[q])
	}
	for _, q := range later {
		if was[q] == nil {
			d.compare(q, nil, is[q])
		}
	}
	slices.SortStableFunc(d.found, func(a, b Change) int { return slices.Index(tiers, b.Tier) - slices.Index(tiers, a.Tier) })
	return d.found
}

// asked is a question: an operation, and what it was asked for.
type asked struct{ op, asks string }

// byQuestion returns the questions of a recording in their order, and the replies to each by status.
func byQuestion(s *Shapes) (order []asked, replies map[asked]map[int]ReplyShape) {
	replies = map[asked]map[int]ReplyShape{}
	for _, r := range s.Replies {
		q := asked{r.Op, r.Asks}
		if replies[q] == nil {
			replies[q] = map[int]ReplyShape{}
			order = append(order, q)
		}
		replies[q][r.Status] = r
	}
	return order, replies
}

type differ struct {
	asked
	fake  bool // compares a recording with a fake
	found []Change
}

func (d *differ) add(tier, where, format string, args ...any) {
	d.found = append(d.found, Change{tier, d.op, d.asks, where, fmt.Sprintf(format, args...)})
}

// say adds a change in the words of Diff, or in those of DiffWithFake. Both take the same arguments.
func (d *differ) say(tier, where, change, difference string, args ...any) {
	if d.fake {
		change = difference
	}
	d.add(tier, where, change, args...)
}

// compare compares the replies to one question, status by status.
func (d *differ) compare(q asked, before, now map[int]ReplyShape) {
	d.asked = q
	switch {
	case len(before) == 0:
		d.add(TierInfo, "status", "it was not asked before")
		return
	case len(now) == 0:
		d.add(TierWarn, "status", "it was not asked now: the target had nothing to ask about")
		return
	}
	for _, status := range slices.Sorted(maps.Keys(now)) {
		if _, known := before[status]; !known && q.asks == "one" && documentedStatus(q.op, status) {
			d.say(TierWarn, "status", "%[1]d came, which depends on what it is asked about; before it was %[2]s",
				"the fake: %[1]d; the recording: %[2]s; it depends on the record", status, listed(slices.Sorted(maps.Keys(before))))
		} else if !known {
			d.say(TierError, "status", "%d came, before it was %s", "the fake: %d; the recording: %s", status, listed(slices.Sorted(maps.Keys(before))))
		}
	}
	for _, status := range slices.Sorted(maps.Keys(before)) {
		if _, still := now[status]; !still {
			d.say(TierWarn, "status", "%d did not come again", "the recording has %d, the fake does not", status)
			continue
		}
		d.reply(before[status], now[status])
	}
}

// documentedStatus reports whether the contract has the status: one call has a transcription, another has none.
func documentedStatus(op string, status int) bool {
	items, err := docscheck.DocumentedItems()
	return err == nil && slices.Contains(items[op], fmt.Sprintf("reply %d", status))
}

func listed[T any](list []T) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(list), "[]"), " ", ", ")
}

// reply compares two replies to one question that have one status.
func (d *differ) reply(before, now ReplyShape) {
	for _, name := range now.Headers {
		if !slices.Contains(before.Headers, name) {
			d.say(TierInfo, "header "+name, "it is new", "the fake has it, the recording does not")
		}
	}
	for _, name := range before.Headers {
		if !slices.Contains(now.Headers, name) {
			d.say(TierWarn, "header "+name, "it is gone, or not always there", "the recording has it, the fake does not always have it")
		}
	}
	was, is := byPath(before), byPath(now)
	for _, f := range now.Fields {
		if b, known := was[f.Path]; known {
			d.field(b, f)
		} else if had(was, f.Path) {
			d.say(TierInfo, f.Path, "it is new: %s", "the fake has it (%s), the recording does not", listed(f.Kinds))
		}
	}
	for _, f := range before.Fields {
		if _, still := is[f.Path]; !still && had(is, f.Path) {
			d.say(TierWarn, f.Path, "it is gone", "the recording has it, the fake does not")
		}
	}
}

func byPath(r ReplyShape) map[string]Field {
	all := map[string]Field{}
	for _, f := range r.Fields {
		all[f.Path] = f
	}
	return all
}

// words compares lists of words. A recording holds a sample: a word that the contract has may just not have come before.
func (d *differ) words(before, now Field) {
	if len(before.Words) == 0 {
		return
	}
	documented, known := documentedWords(), []string{}
	for _, word := range now.Words {
		switch {
		case slices.Contains(before.Words, word):
		case documented[now.Path[strings.LastIndex(now.Path, ".")+1:]][word]:
			known = append(known, word)
		default:
			d.say(TierError, now.Path, "the word %q is new, before it was %s", "the fake: the word %q, which is not documented; the recording: %s", word, listed(before.Words))
		}
	}
	if len(known) > 0 {
		d.say(TierInfo, now.Path, "documented words that did not come before: %s", "the fake has documented words that the recording does not have: %s", strings.Join(known, ", "))
	}
}

// had reports whether a reply had an object in which the field could have been. An empty list, or an object that is null or
// missing, is reported once, and not again for each of its members.
func had(fields map[string]Field, path string) bool {
	parent := path[:max(strings.LastIndex(path, "."), 0)]
	return path == "" || !strings.HasSuffix(path, "*") && slices.Contains(fields[parent].Kinds, "object")
}

// field compares one field. Whether null comes beside another kind depends on the data: only a new null is a change.
func (d *differ) field(before, now Field) {
	for _, kind := range now.Kinds {
		switch {
		case slices.Contains(before.Kinds, kind):
		case kind == "null":
			d.say(TierWarn, now.Path, "it can be null, before it was %s", "the fake: null; the recording: %s", listed(before.Kinds))
		case len(before.Kinds) == 1 && before.Kinds[0] == "null":
			d.say(TierInfo, now.Path, "it is %s, before it was always null", "the fake: %s; the recording: always null", kind)
		default:
			d.say(TierError, now.Path, "it is %s, before it was %s", "the fake: %s; the recording: %s", kind, listed(before.Kinds))
		}
	}
	if (before.Presence == 1) != (now.Presence == 1) {
		d.say(TierWarn, now.Path, "it is there in %.0f%%, before in %.0f%%", "the fake: in %.0f%% of the objects; the recording: in %.0f%%", 100*now.Presence, 100*before.Presence)
	}
	d.words(before, now)
	if before.Of != now.Of && before.Of != "" && now.Of != "" {
		d.say(TierWarn, now.Path, "its ids are those of %s, before of %s", "the fake: ids of %s; the recording: of %s", now.Of, before.Of)
	}
}
