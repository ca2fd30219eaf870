package selftest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// A fault is a way in which a value of a reply may be wrong.
type fault struct {
	name string
	of   kindSet // of the values it can happen to; 0: any
	// spoil changes the member of an object or the entry of a list that it is given, and says whether it did. The value is
	// dropped if keep is false.
	spoil func(m *orderedjson.Member) (keep, done bool)
}

// faults are what happens to a field.
var faults = []fault{
	{"drop", 0, func(*orderedjson.Member) (bool, bool) { return false, true }},
	{"null", notNull, func(m *orderedjson.Member) (bool, bool) {
		was := m.Value
		m.Value = nil
		return true, was != nil
	}},
	{"retype", notNull, func(m *orderedjson.Member) (bool, bool) {
		switch m.Value.(type) {
		case nil:
			return true, false
		case string:
			m.Value = json.Number("7")
		case json.Number, bool:
			m.Value = "seven"
		default:
			m.Value = true
		}
		return true, true
	}},
	{"rename", 0, func(m *orderedjson.Member) (bool, bool) {
		m.Key += "_"
		return true, true
	}},
	{"text", aNumber, func(m *orderedjson.Member) (bool, bool) {
		n, ok := m.Value.(json.Number)
		if ok {
			m.Value = n.String()
		}
		return true, ok
	}},
	{"huge", aNumber, func(m *orderedjson.Member) (bool, bool) {
		_, ok := m.Value.(json.Number)
		if ok {
			m.Value = json.Number("90071992547409930")
		}
		return true, ok
	}},
	{"empty", aList, func(m *orderedjson.Member) (bool, bool) {
		list, _ := m.Value.([]any)
		if len(list) > 0 {
			m.Value = []any{}
		}
		return true, len(list) > 0
	}},
	{"double", aList, func(m *orderedjson.Member) (bool, bool) {
		list, _ := m.Value.([]any)
		if len(list) > 0 {
			m.Value = append([]any{list[0]}, list...)
		}
		return true, len(list) > 0
	}},
}

// spoil applies a fault to every value at a path, and counts them.
func (f fault) in(v any, path string) (out any, n int) {
	key, rest, entries := step(path)
	switch v := v.(type) {
	case orderedjson.Object:
		kept := v[:0:0]
		for _, m := range v {
			keep, done := true, false
			if m.Key == key && !entries {
				if rest == "" {
					keep, done = f.spoil(&m)
				} else {
					var inside int
					m.Value, inside = f.in(m.Value, rest)
					n += inside
				}
			}
			if done {
				n++
			}
			if keep {
				kept = append(kept, m)
			}
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

// whole are faults of a reply as such.
var whole = []struct {
	name  string
	spoil func(*defect.Reply) bool
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
		p.JSON = append(p.JSON, orderedjson.Member{Key: "extra", Value: "a field that nobody knows"})
		return true
	}},
}

// otherStatuses are what a status is taken for.
func otherStatuses(status int) []int {
	switch status {
	case 200:
		return []int{201, 204}
	case 201:
		return []int{200, 204}
	case 204:
		return []int{200, 201}
	}
	return []int{200, 500}
}

// wire makes a mutant of each fault at each place where a run against the healthy fake saw what it can happen to.
func (p *prover) wire(b *baseline) (all []Mutant) {
	for _, at := range b.places() {
		if at.path == "" {
			all = append(all, p.ofReply(b, at)...)
			continue
		}
		if strings.HasSuffix(at.path, "[]") {
			continue // the entries of a list have no names
		}
		for _, f := range faults {
			if scenarios := b.having(at, f.of); len(scenarios) > 0 {
				all = append(all, Mutant{
					ID: "wire " + at.String() + " " + f.name, Family: familyWire, Op: at.op, scenarios: scenarios,
					defect: onReply(at, func(pass *defect.Reply) bool {
						v, n := f.in(pass.JSON, at.path)
						pass.JSON, _ = v.(orderedjson.Object)
						return n > 0
					}),
				})
			}
		}
	}
	return all
}

func (p *prover) ofReply(b *baseline, at place) (all []Mutant) {
	scenarios := b.having(at, 0)
	add := func(name string, spoil func(*defect.Reply) bool) {
		all = append(all, Mutant{
			ID: fmt.Sprintf("wire %s %d %s", at.op, at.status, name), Family: familyWire, Op: at.op, scenarios: scenarios, defect: onReply(at, spoil),
		})
	}
	empty := len(b.having(at, notNull)) == 0
	for _, f := range whole {
		if !empty || f.name == "html" && at.status != http.StatusNotModified { // which net/http sends without a body
			add(f.name, f.spoil)
		}
	}
	for _, to := range otherStatuses(at.status) {
		add("as-"+strconv.Itoa(to), func(pass *defect.Reply) bool {
			pass.Code = to
			if to == http.StatusNoContent {
				pass.JSON, pass.Body = nil, &bytes.Buffer{}
				pass.Header().Del("Content-Type")
			}
			return true
		})
	}
	return all
}

// onReply spoils the replies to one operation that have the place.
func onReply(at place, spoil func(*defect.Reply) bool) func(hit func()) defect.Defect {
	return func(hit func()) defect.Defect {
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if conformance.Operation(r) != at.op {
				next.ServeHTTP(w, r)
				return
			}
			p := defect.Take(r, next)
			if at.is(p.Code) && spoil(p) {
				hit()
			}
			p.Send(w)
		}
	}
}
