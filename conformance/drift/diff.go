package drift

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/docscheck"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Tiers of a change, the lightest first.
const (
	TierInfo  = "info"  // something new: who reads replies need not care
	TierWarn  = "warn"  // something is gone, or not always there: who relied on it will care
	TierError = "error" // something is another kind of thing
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
func Diff(before, now *Shapes) []Change {
	d := &differ{}
	for _, q := range askedIn(before, now) {
		d.compare(q, repliesTo(before, q), repliesTo(now, q))
	}
	slices.SortStableFunc(d.found, func(a, b Change) int { return slices.Index(tiers, b.Tier) - slices.Index(tiers, a.Tier) })
	return d.found
}

type asked struct{ op, asks string }

func askedIn(recordings ...*Shapes) (all []asked) {
	for _, s := range recordings {
		for _, r := range s.Replies {
			if q := (asked{r.Op, r.Asks}); !slices.Contains(all, q) {
				all = append(all, q)
			}
		}
	}
	return all
}

func repliesTo(s *Shapes, q asked) map[int]ReplyShape {
	by := map[int]ReplyShape{}
	for _, r := range s.Replies {
		if r.Op == q.op && r.Asks == q.asks {
			by[r.Status] = r
		}
	}
	return by
}

type differ struct {
	asked
	found []Change
}

func (d *differ) add(tier, where, format string, args ...any) {
	d.found = append(d.found, Change{tier, d.op, d.asks, where, fmt.Sprintf(format, args...)})
}

// compare holds the replies to one question against each other, status by status.
func (d *differ) compare(q asked, before, now map[int]ReplyShape) {
	d.asked = q
	switch {
	case len(before) == 0:
		d.add(TierInfo, "status", "it was not asked before")
		return
	case len(now) == 0:
		d.add(TierWarn, "status", "it was not asked now: nothing to ask about was found")
		return
	}
	for _, status := range sortedStatuses(now) {
		if _, known := before[status]; !known && q.asks == "one" && documentedStatus(q.op, status) {
			d.add(TierWarn, "status", "%d came, which depends on what it is asked about; before it was %s", status, listed(sortedStatuses(before)))
		} else if !known {
			d.add(TierError, "status", "%d came, before it was %s", status, listed(sortedStatuses(before)))
		}
	}
	for _, status := range sortedStatuses(before) {
		if _, still := now[status]; !still {
			d.add(TierWarn, "status", "%d did not come again", status)
			continue
		}
		d.headers(before[status], now[status])
		d.fields(before[status], now[status])
	}
}

// documentedStatus says whether the contract knows the status: of one call there is a transcription, of another there is not.
func documentedStatus(op string, status int) bool {
	items, err := docscheck.DocumentedItems()
	return err == nil && slices.Contains(items[op], fmt.Sprintf("reply %d", status))
}

func sortedStatuses(by map[int]ReplyShape) (all []int) {
	for status := range by {
		all = append(all, status)
	}
	slices.Sort(all)
	return all
}

func listed[T any](list []T) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(list), "[]"), " ", ", ")
}

func (d *differ) headers(before, now ReplyShape) {
	for _, name := range now.Headers {
		if !slices.Contains(before.Headers, name) {
			d.add(TierInfo, "header "+name, "it is new")
		}
	}
	for _, name := range before.Headers {
		if !slices.Contains(now.Headers, name) {
			d.add(TierWarn, "header "+name, "it is gone, or not always there")
		}
	}
}

func (d *differ) fields(before, now ReplyShape) {
	was, is := byPath(before), byPath(now)
	for _, f := range now.Fields {
		if b, known := was[f.Path]; known {
			d.field(b, f)
		} else if held(was, f.Path) {
			d.add(TierInfo, f.Path, "it is new: %s", listed(f.Kinds))
		}
	}
	for _, f := range before.Fields {
		if _, still := is[f.Path]; !still && held(is, f.Path) {
			d.add(TierWarn, f.Path, "it is gone")
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

// words compares lists of words. A recording holds a sample: one that the contract has may just not have come before.
func (d *differ) words(before, now Field) {
	if len(before.Words) == 0 {
		return
	}
	documented := documentedWords()[now.Path[strings.LastIndex(now.Path, ".")+1:]]
	for _, word := range now.Words {
		switch {
		case slices.Contains(before.Words, word):
		case slices.Contains(documented, word):
			d.add(TierInfo, now.Path, "the word %q did not come before, and is documented", word)
		default:
			d.add(TierError, now.Path, "the word %q is new, before it was %s", word, listed(before.Words))
		}
	}
}

// documentedWords are the words that the contract has for members, by their name.
var documentedWords = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	var doc map[string]any
	if json.Unmarshal(fakeaircall.OpenAPI(), &doc) != nil {
		return all // prepare refuses to run with such a contract
	}
	gatherWords(doc, doc, all)
	return all
})

// gatherWords looks for "properties" anywhere in the document.
func gatherWords(doc map[string]any, v any, into map[string][]string) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			gatherWords(doc, e, into)
		}
	case map[string]any:
		properties, _ := v["properties"].(map[string]any)
		for name, p := range properties {
			into[name] = append(into[name], enumOf(doc, p)...)
		}
		for _, e := range v {
			gatherWords(doc, e, into)
		}
	}
}

// enumOf gives the words of a schema, or of the one it refers to.
func enumOf(doc map[string]any, schema any) (words []string) {
	s, _ := schema.(map[string]any)
	if ref, ok := s["$ref"].(string); ok {
		var v any = doc
		for key := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			in, _ := v.(map[string]any)
			v = in[key]
		}
		s, _ = v.(map[string]any)
	}
	list, _ := s["enum"].([]any)
	for _, e := range list {
		if word, ok := e.(string); ok {
			words = append(words, word)
		}
	}
	return words
}

// held says whether there was an object in which the field could have been. A list that was empty, an object that was null
// or gone is told of by itself, if at all, and not once more for each of its members.
func held(fields map[string]Field, path string) bool {
	if path == "" {
		return true
	}
	parent := ""
	if i := strings.LastIndex(path, "."); i >= 0 {
		parent = path[:i]
	}
	return !strings.HasSuffix(path, "*") && slices.Contains(fields[parent].Kinds, "object")
}

// field compares one field. Null beside another kind is a matter of data: that it comes now is told, no more.
func (d *differ) field(before, now Field) {
	for _, kind := range now.Kinds {
		switch {
		case slices.Contains(before.Kinds, kind):
		case kind == "null":
			d.add(TierWarn, now.Path, "it can be null, before it was %s", listed(before.Kinds))
		case len(before.Kinds) == 1 && before.Kinds[0] == "null":
			d.add(TierInfo, now.Path, "it is %s, before it was always null", kind)
		default:
			d.add(TierError, now.Path, "it is %s, before it was %s", kind, listed(before.Kinds))
		}
	}
	if (before.Presence == 1) != (now.Presence == 1) {
		d.add(TierWarn, now.Path, "it is there in %.0f%%, before in %.0f%%", 100*now.Presence, 100*before.Presence)
	}
	d.words(before, now)
	if before.Of != now.Of && before.Of != "" && now.Of != "" {
		d.add(TierWarn, now.Path, "its ids are those of %s, before of %s", now.Of, before.Of)
	}
}
