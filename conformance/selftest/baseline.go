package selftest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// kindSet is the kinds of JSON values that were seen at a place, as bits.
type kindSet uint8

const (
	aNull kindSet = 1 << iota
	aBool
	aNumber
	aString
	anObject
	anEmptyList
	aList
)

const notNull = aBool | aNumber | aString | anObject | anEmptyList | aList

// place is the position of a value in the replies to one operation. Keys are joined by dots, and [] is any entry of a list. The
// whole reply is "" and has a status; a value has the first digit of the status, because 200 and 201 hold the same.
type place struct {
	op     string
	status int
	path   string
}

// is reports whether a reply with a status can have the place.
func (at place) is(status int) bool { return at.status == status || at.status == status/100 }

// baseline is what a run against the healthy fake received.
type baseline struct {
	seen map[place]map[int]kindSet // by the position of the scenario in the plan
	cost []int                     // of each scenario, in requests
}

// Costs beside requests.
const (
	costFake      = 6   // one that the scenario starts
	costFreshFake = 300 // of the size that scenarios share
	bytesARequest = 20_000
)

// observe runs every scenario against the healthy fake, one at a time. All must pass: a suite that fails without a
// reason proves nothing when it fails.
func (p *prover) observe(ctx context.Context) (*baseline, error) {
	b := &baseline{seen: map[place]map[int]kindSet{}, cost: make([]int, len(p.plan))}
	outcomes := make([]conformance.Outcome, len(p.plan))
	err := p.each(ctx, len(p.plan), func(ctx context.Context, i int) (err error) {
		outcomes[i], err = p.lab.Try(ctx, p.plan[i], nil, false)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, o := range outcomes {
		if o.Result.Status != report.Pass {
			return nil, fmt.Errorf("against the healthy fake %s ends as %s: %s", p.plan[i].ID, o.Result.Status, o.Result.Reason)
		}
		if len(o.Result.Contract) > 0 {
			return nil, fmt.Errorf("the healthy fake drifts in %s: %s", p.plan[i].ID, o.Result.Contract[0])
		}
		b.cost[i] = o.Fakes * costFake
		if p.plan[i].Has("@changes") && !p.plan[i].OwnFake() {
			b.cost[i] += costFreshFake
		}
		for _, x := range o.Exchanges {
			b.cost[i] += 1 + len(x.Reply)/bytesARequest
			if x.Op == "" || x.Status == 0 {
				continue
			}
			kind := kindSet(0)
			if v, err := orderedjson.Decode(x.Reply); err == nil {
				kind = anObject
				b.walk(i, place{x.Op, x.Status / 100, ""}, v)
			}
			b.note(i, place{x.Op, x.Status, ""}, kind)
		}
	}
	return b, nil
}

func (b *baseline) note(scenario int, at place, k kindSet) {
	if at.path == "" && at.status < 10 {
		return
	}
	if b.seen[at] == nil {
		b.seen[at] = map[int]kindSet{}
	}
	b.seen[at][scenario] |= k
}

func (b *baseline) walk(scenario int, at place, v any) {
	b.note(scenario, at, kindOf(v))
	path := at.path
	switch v := v.(type) {
	case orderedjson.Object:
		for _, m := range v {
			at.path = strings.TrimPrefix(path+"."+m.Key, ".")
			b.walk(scenario, at, m.Value)
		}
	case []any:
		at.path = path + "[]"
		for _, e := range v {
			b.walk(scenario, at, e)
		}
	}
}

func kindOf(v any) kindSet {
	switch v := v.(type) {
	case orderedjson.Object:
		return anObject
	case []any:
		if len(v) == 0 {
			return anEmptyList
		}
		return aList
	case bool:
		return aBool
	case string:
		return aString
	case json.Number:
		return aNumber
	}
	return aNull
}

// places returns the places that were seen, in order.
func (b *baseline) places() []place {
	return slices.SortedFunc(maps.Keys(b.seen), func(x, y place) int {
		return cmp.Or(cmp.Compare(x.op, y.op), x.status-y.status, cmp.Compare(x.path, y.path))
	})
}

// having returns the scenarios that saw one of the kinds at a place, those that cost least first.
func (b *baseline) having(at place, want kindSet) (out []int) {
	for scenario, k := range b.seen[at] {
		if k&want != 0 || want == 0 {
			out = append(out, scenario)
		}
	}
	slices.SortFunc(out, func(x, y int) int { return cmp.Or(b.cost[x]-b.cost[y], x-y) })
	return out
}

func (at place) String() string {
	status := strconv.Itoa(at.status)
	if at.status < 10 {
		status += "xx"
	}
	return at.op + " " + status + " " + at.path
}
