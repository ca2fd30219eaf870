package selftest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// fault is a way in which a value of a reply may be wrong.
type fault struct {
	name   string
	of     kindSet // of the values it can happen to; 0: any
	damage func(m *orderedjson.Member) (kept bool)
}

// faults are what happens to a member of an object. A fault that leaves the member as it is did not happen.
var faults = []fault{
	{"drop", 0, func(*orderedjson.Member) bool { return false }},
	{"rename", 0, func(m *orderedjson.Member) bool { m.Key += "_"; return true }},
	{"null", notNull, damageValue(func(any) any { return nil })},
	{"retype", notNull, damageValue(func(v any) any {
		switch v.(type) {
		case nil:
			return nil
		case string:
			return json.Number("7")
		case json.Number, bool:
			return "seven"
		}
		return true
	})},
	{"text", aNumber, damageValue(func(v any) any {
		if n, ok := v.(json.Number); ok {
			return n.String()
		}
		return v
	})},
	{"huge", aNumber, damageValue(func(v any) any {
		if _, ok := v.(json.Number); ok {
			return json.Number("90071992547409930")
		}
		return v
	})},
	{"empty", aList, damageList(func([]any) []any { return []any{} })},
	{"double", aList, damageList(func(list []any) []any { return append([]any{list[0]}, list...) })},
}

func damageValue(to func(any) any) func(*orderedjson.Member) bool {
	return func(m *orderedjson.Member) bool {
		m.Value = to(m.Value)
		return true
	}
}

func damageList(to func([]any) []any) func(*orderedjson.Member) bool {
	return damageValue(func(v any) any {
		if list, ok := v.([]any); ok && len(list) > 0 {
			return to(list)
		}
		return v
	})
}

// in applies the fault to every value at a path, and returns how many it changed.
func (f fault) in(v any, path string) (out any, n int) {
	key, rest, entries := step(path)
	switch v := v.(type) {
	case orderedjson.Object:
		kept := v[:0:0]
		for _, m := range v {
			switch was, inside := m, 0; {
			case m.Key != key || entries:
			case rest != "":
				m.Value, inside = f.in(m.Value, rest)
				n += inside
			case !f.damage(&m):
				n++
				continue
			case !reflect.DeepEqual(m, was):
				n++
			}
			kept = append(kept, m)
		}
		return kept, n
	case []any:
		for i := range v {
			if entries && rest != "" {
				var inside int
				v[i], inside = f.in(v[i], rest)
				n += inside
			}
		}
	}
	return v, n
}

// step takes the first part of a path: a key, or [] for the entries of a list.
func step(path string) (key, rest string, entries bool) {
	if after, ok := strings.CutPrefix(path, "[]"); ok {
		return "", strings.TrimPrefix(after, "."), true
	}
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i], strings.TrimPrefix(path[i:], "."), false
	}
	return path, "", false
}

// whole are faults of a reply as such. They report whether they changed it.
var whole = []struct {
	name   string
	damage func(*defect.Reply) bool
}{
	{"html", func(p *defect.Reply) bool { defect.AsPage(p); return true }},
	{"type", func(p *defect.Reply) bool {
		had := p.Header().Get("Content-Type") != ""
		p.Header().Set("Content-Type", "text/plain")
		return had
	}},
	{"truncated", func(p *defect.Reply) bool {
		data := p.Body.Bytes()
		p.JSON, p.Body = nil, bytes.NewBuffer(data[:len(data)/2])
		return len(data) > 1
	}},
	{"extra", func(p *defect.Reply) bool {
		if p.JSON == nil {
			return false
		}
		p.JSON = append(p.JSON, orderedjson.Member{Key: "extra", Value: "an unknown field"})
		return true
	}},
}

// otherStatuses are those that replace a status; 0 is any that is not listed.
var otherStatuses = map[int][]int{200: {201, 204}, 201: {200, 204}, 204: {200, 201}, 0: {200, 500}}

// wire makes a mutant of each fault at each place where the healthy run saw a value that it can happen to.
func (p *prover) wire(b *baseline) (all []Mutant) {
	add := func(at place, name string, scenarios []int, damage func(*defect.Reply) bool) {
		if len(scenarios) > 0 {
			all = append(all, Mutant{ID: "wire " + name, Family: familyWire, Op: at.op, scenarios: scenarios, defect: onReply(at, damage)})
		}
	}
	for _, at := range b.places() {
		if at.path == "" {
			p.wireOfReply(b, at, add)
			continue
		}
		if strings.HasSuffix(at.path, "[]") {
			continue // the entries of a list have no names
		}
		for _, f := range faults {
			add(at, at.String()+" "+f.name, b.having(at, f.of), func(reply *defect.Reply) bool {
				v, n := f.in(reply.JSON, at.path)
				reply.JSON, _ = v.(orderedjson.Object)
				return n > 0
			})
		}
	}
	return all
}

func (p *prover) wireOfReply(b *baseline, at place, add func(place, string, []int, func(*defect.Reply) bool)) {
	scenarios := b.having(at, 0)
	empty := len(b.having(at, notNull)) == 0
	for _, f := range whole {
		if !empty || f.name == "html" && at.status != http.StatusNotModified { // which net/http sends without a body
			add(at, fmt.Sprintf("%s %d %s", at.op, at.status, f.name), scenarios, f.damage)
		}
	}
	others, ok := otherStatuses[at.status]
	if !ok {
		others = otherStatuses[0]
	}
	for _, to := range others {
		add(at, fmt.Sprintf("%s %d as-%d", at.op, at.status, to), scenarios, func(reply *defect.Reply) bool {
			reply.Code = to
			if to == http.StatusNoContent {
				reply.JSON, reply.Body = nil, &bytes.Buffer{}
				reply.Header().Del("Content-Type")
			}
			return true
		})
	}
}

// onReply damages the replies to one operation that have the place.
func onReply(at place, damage func(*defect.Reply) bool) func(hit func()) defect.Defect {
	return func(hit func()) defect.Defect {
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if conformance.Operation(r) != at.op {
				next.ServeHTTP(w, r)
				return
			}
			reply := defect.Take(r, next)
			if at.is(reply.Code) && damage(reply) {
				hit()
			}
			reply.Send(w)
		}
	}
}
