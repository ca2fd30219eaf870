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

// kindSet are the kindSet of JSON values that were seen at a place, as bits.
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

// place is where a value stands in the replies to one operation. Keys are joined by dots, and [] is any entry of a list. The
// whole reply is "", and has a status; what stands in it has the first digit of one, as 200 and 201 hold the same.
type place struct {
	op     string
	status int
	path   string
}

// is says whether a reply of a status has the place.
func (at place) is(status int) bool { return at.status == status || at.status == status/100 }

// baseline is what a run against the healthy fake sent and received.
type baseline struct {
	seen map[place]map[int]kindSet // by the position of the scenario in the plan
	ops  map[string][]int          // the scenarios that use an operation, cheapest first
	cost []int                     // of each scenario: how much it asks, in requests
	part []int                     // of each scenario: 0 if it compares replies
}

// Costs beside requests: what must be made before the first of them.
const (
	costOwnFake   = 6
	costSeeding   = 20
	costFreshFake = 300
	bytesARequest = 20_000
)

// observe runs every scenario against the healthy fake, each as if it were alone. All must pass: who cannot tell right
// proves nothing by telling wrong.
func (p *prover) observe(ctx context.Context) (*baseline, error) {
	b := &baseline{seen: map[place]map[int]kindSet{}, ops: map[string][]int{}, cost: make([]int, len(p.plan)), part: make([]int, len(p.plan))}
	sights := make([]conformance.Outcome, len(p.plan))
	err := p.each(ctx, len(p.plan), func(ctx context.Context, i int) (err error) {
		sights[i], err = p.lab.Try(ctx, p.plan[i], nil, false)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, s := range sights {
		if s.Result.Status != report.Pass {
			return nil, fmt.Errorf("against the healthy fake %s is a %s: %s", p.plan[i].ID, s.Result.Status, s.Result.Reason)
		}
		if len(s.Result.Contract) > 0 {
			return nil, fmt.Errorf("the healthy fake drifts in %s: %s", p.plan[i].ID, s.Result.Contract[0])
		}
		b.add(i, s.Exchanges)
		b.part[i] = partOf(p.plan[i].ID)
		b.cost[i] += s.Fakes * costOwnFake
		switch own := p.plan[i].OwnFake(); {
		case s.Fakes > 1 || s.Fakes == 1 && !own:
			b.cost[i] += costSeeding // it starts fakes of another kind by itself
		case !own && p.plan[i].Has("@changes"):
			b.cost[i] += costFreshFake
		}
	}
	for op, of := range b.ops {
		b.ops[op] = b.cheapest(of)
	}
	return b, nil
}

// cheapest sorts scenarios by what they cost, in the same order on every machine.
func (b *baseline) cheapest(scenarios []int) []int {
	slices.SortFunc(scenarios, func(x, y int) int { return cmp.Or(b.cost[x]-b.cost[y], x-y) })
	return scenarios
}

func (b *baseline) add(scenario int, exchanges []conformance.Exchange) {
	for _, x := range exchanges {
		b.cost[scenario] += 1 + len(x.Reply)/bytesARequest
		if x.Op == "" || x.Status == 0 {
			continue
		}
		if of := b.ops[x.Op]; !slices.Contains(of, scenario) {
			b.ops[x.Op] = append(of, scenario)
		}
		whole := kindSet(0)
		if v, err := orderedjson.Decode(x.Reply); err == nil {
			whole = anObject
			b.walk(scenario, place{x.Op, x.Status / 100, ""}, v)
		}
		b.note(scenario, place{x.Op, x.Status, ""}, whole)
	}
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
	path := at.path
	switch v := v.(type) {
	case orderedjson.Object:
		b.note(scenario, at, anObject)
		for _, m := range v {
			at.path = joined(path, m.Key)
			b.walk(scenario, at, m.Value)
		}
	case []any:
		if len(v) == 0 {
			b.note(scenario, at, anEmptyList)
			return
		}
		b.note(scenario, at, aList)
		at.path = path + "[]"
		for _, e := range v {
			b.walk(scenario, at, e)
		}
	case nil:
		b.note(scenario, at, aNull)
	case bool:
		b.note(scenario, at, aBool)
	case string:
		b.note(scenario, at, aString)
	case json.Number:
		b.note(scenario, at, aNumber)
	}
}

func joined(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// places are those seen, in order.
func (b *baseline) places() []place {
	return slices.SortedFunc(maps.Keys(b.seen), func(x, y place) int {
		return cmp.Or(cmp.Compare(x.op, y.op), x.status-y.status, cmp.Compare(x.path, y.path))
	})
}

// partOf puts the scenarios that compare replies with each other before the others.
func partOf(id string) int {
	for part, prefix := range []string{"fake/same/", "relations/", "reference/"} {
		if strings.HasPrefix(id, prefix) {
			return part
		}
	}
	return 3
}

// tries is how many of the cheapest scenarios are tried before those that compare replies with each other.
const tries = 3

// having are the scenarios that saw one of the kinds at a place, in the order they are tried: a few cheap ones, as the
// contract alone notices most, then those that compare replies, then the others.
func (b *baseline) having(at place, want kindSet) (out []int) {
	for scenario, k := range b.seen[at] {
		if k&want != 0 || want == 0 {
			out = append(out, scenario)
		}
	}
	out = b.cheapest(out)
	rest := out[min(tries, len(out)):]
	slices.SortStableFunc(rest, func(x, y int) int { return b.part[x] - b.part[y] })
	return out
}

func (at place) String() string {
	status := strconv.Itoa(at.status)
	if at.status < 10 {
		status += "xx"
	}
	return at.op + " " + status + " " + at.path
}
