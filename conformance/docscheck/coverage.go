package docscheck

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Coverage is the part of the contract that the requests and replies of a run covered.
type Coverage struct {
	Version    int       `json:"version"`
	Operations Share     `json:"operations"`
	Parameters Share     `json:"parameters"` // query parameters and members of bodies, in requests that succeeded
	Replies    Share     `json:"replies"`    // statuses, by operation
	Open       []string  `json:"open"`       // items that are neither covered nor exempted: "ping reply 429"
	Problems   []Problem `json:"problems,omitempty"`
}

// Share is a part of a whole.
type Share struct {
	Covered  int `json:"covered"`
	Exempted int `json:"exempted"` // not covered, for a reason
	Total    int `json:"total"`
}

// String returns the share in one line, with its percentage.
func (s Share) String() string {
	return fmt.Sprintf("%d of %d (%d%%), %d exempted", s.Covered, s.Total, 100*s.Covered/max(s.Total, 1), s.Exempted)
}

const coverageVersion = 1

// exemptions are the items that no scenario covers, with reasons.
//
//go:embed coverage.yaml
var exemptions []byte

// exemption is one reason, for items of the form "reply 429" or "parameter body name".
type exemption struct {
	Ops    []string `yaml:"ops"` // operations, or "*" for every one that lacks the item
	Item   string   `yaml:"item"`
	Reason string   `yaml:"reason"`
}

// DocumentedItems returns the parameters and replies of each operation of the contract, such as "reply 429".
var DocumentedItems = sync.OnceValues(func() (map[string][]string, error) {
	var doc openAPI
	if err := json.Unmarshal(fakeaircall.OpenAPI(), &doc); err != nil {
		return nil, fmt.Errorf("the contract: %w", err)
	}
	return doc.items()
})

// schema is the part of an OpenAPI schema that names members.
type schema struct {
	Ref        string            `json:"$ref"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	AllOf      []schema          `json:"allOf"`
	OneOf      []schema          `json:"oneOf"`
}

type parameter struct {
	Ref  string `json:"$ref"`
	Name string `json:"name"`
	In   string `json:"in"`
}

type operation struct {
	OperationID string
	Parameters  []parameter
	RequestBody struct {
		Content map[string]struct{ Schema schema }
	}
	Responses map[string]json.RawMessage
}

type openAPI struct {
	Paths      map[string]map[string]json.RawMessage // operations, by path and method, and what methods share
	Components struct {
		Parameters map[string]parameter
		Schemas    map[string]schema
	}
}

func (d *openAPI) items() (map[string][]string, error) {
	all := map[string][]string{}
	for _, methods := range d.Paths {
		for method, raw := range methods {
			if method == "parameters" {
				continue
			}
			var op operation
			if err := json.Unmarshal(raw, &op); err != nil {
				return nil, fmt.Errorf("the contract: %s: %w", method, err)
			}
			var items []string
			for _, p := range op.Parameters {
				if p.Ref != "" {
					p = d.Components.Parameters[p.Ref[strings.LastIndex(p.Ref, "/")+1:]]
				}
				if p.In == "query" {
					items = append(items, "parameter query "+p.Name)
				}
			}
			for _, content := range op.RequestBody.Content {
				for _, name := range d.members(content.Schema, "", 0) {
					items = append(items, "parameter body "+name)
				}
			}
			for status := range op.Responses {
				items = append(items, "reply "+status)
			}
			slices.Sort(items)
			all[op.OperationID] = slices.Compact(items)
		}
	}
	return all, nil
}

// resolve returns the schema that a reference names, or the schema itself.
func (d *openAPI) resolve(s schema) schema {
	if s.Ref != "" {
		return d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	return s
}

// members returns the names of the members of a body, such as "address.city". Members of the entries of a list count as
// members of the list.
func (d *openAPI) members(s schema, within string, depth int) (names []string) {
	const deepest = 4
	if depth > deepest {
		return nil
	}
	s = d.resolve(s)
	for name, member := range s.Properties {
		names = append(names, within+name)
		names = append(names, d.members(member, within+name+".", depth+1)...)
	}
	for _, part := range append(s.AllOf, s.OneOf...) {
		names = append(names, d.members(part, within, depth+1)...)
	}
	if s.Items != nil {
		names = append(names, d.members(*s.Items, within, depth+1)...)
	}
	return names
}

// SentItems returns the documented parameters of a request, such as "parameter query page".
func SentItems(op string, query url.Values, body []byte) (items []string) {
	documented, err := DocumentedItems()
	if err != nil || op == "" {
		return nil
	}
	add := func(item string) {
		if slices.Contains(documented[op], item) && !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	for name := range query {
		add("parameter query " + name)
	}
	var v any
	if len(body) > 0 && json.Unmarshal(body, &v) == nil {
		eachMember(v, "", func(name string) { add("parameter body " + name) })
	}
	return items
}

func eachMember(v any, within string, do func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			do(within + name)
			eachMember(member, within+name+".", do)
		}
	case []any:
		for _, e := range v {
			eachMember(e, within, do)
		}
	}
}

// CoverageOf counts what the scenarios that passed cover.
func CoverageOf(r *report.Report) (Coverage, error) {
	documented, err := DocumentedItems()
	if err != nil {
		return Coverage{}, err
	}
	rules, err := readExemptions(exemptions, documented)
	if err != nil {
		return Coverage{}, fmt.Errorf("coverage.yaml: %w", err)
	}
	covered := map[string]bool{}
	for _, s := range r.Scenarios {
		if s.Status != report.Pass {
			continue
		}
		for _, x := range s.Requests {
			covered[x.Op+" reply "+strconv.Itoa(x.Status)] = true
			covered[x.Op+fmt.Sprintf(" reply %dXX", x.Status/100)] = true
			covered[x.Op] = true
			if x.Status/100 != 2 {
				continue
			}
			for _, item := range x.Items {
				covered[x.Op+" "+item] = true
			}
		}
	}
	return count(documented, covered, rules), nil
}

// count compares the documented items with the covered and the exempted ones.
func count(documented map[string][]string, covered map[string]bool, rules []exemption) Coverage {
	c := Coverage{Version: coverageVersion, Open: []string{}}
	used := make([]bool, len(rules))
	for op, items := range documented {
		c.Operations.Total++
		if covered[op] {
			c.Operations.Covered++
		} else {
			c.Open = append(c.Open, op)
		}
		for _, item := range items {
			share := &c.Parameters
			if strings.HasPrefix(item, "reply ") {
				share = &c.Replies
			}
			share.Total++
			i := slices.IndexFunc(rules, func(e exemption) bool { return e.meets(op, item) })
			switch {
			case covered[op+" "+item]:
				share.Covered++
				if i >= 0 && !slices.Contains(rules[i].Ops, "*") {
					c.Problems = append(c.Problems, Problem{"needless", op + " " + item, 0, "it is exempted, and covered", "remove it from coverage.yaml"})
					used[i] = true
				}
			case i >= 0:
				used[i] = true
				share.Exempted++
			default:
				c.Open = append(c.Open, op+" "+item)
			}
		}
	}
	slices.Sort(c.Open)
	for _, open := range c.Open {
		c.Problems = append(c.Problems, Problem{"uncovered", open, 0, "no passing scenario covers it", "write one, or give a reason in coverage.yaml"})
	}
	for i, e := range rules {
		if !used[i] {
			c.Problems = append(c.Problems, Problem{"needless", strings.Join(e.Ops, ", ") + " " + e.Item, 0, "it exempts nothing", "remove it from coverage.yaml"})
		}
	}
	return c
}

func (e exemption) meets(op, item string) bool {
	return e.Item == item && (slices.Contains(e.Ops, "*") || slices.Contains(e.Ops, op))
}

func readExemptions(data []byte, documented map[string][]string) ([]exemption, error) {
	var rules []exemption
	if err := yaml.UnmarshalWithOptions(data, &rules, yaml.Strict()); err != nil {
		return nil, err
	}
	for i, e := range rules {
		if strings.TrimSpace(e.Reason) == "" || len(e.Ops) == 0 {
			return nil, fmt.Errorf("exemption %d, of %q: the reason or the operations are missing", i+1, e.Item)
		}
		for _, op := range e.Ops {
			if op == "*" {
				continue
			}
			if !slices.Contains(documented[op], e.Item) {
				return nil, fmt.Errorf("exemption %d: %s documents no %q", i+1, op, e.Item)
			}
		}
	}
	return rules, nil
}

// CoverageFile is coverage.json of a report.
var CoverageFile = report.File{Name: "coverage.json", Render: renderCoverage}

func renderCoverage(rep *report.Report) ([]byte, error) {
	c, err := CoverageOf(rep)
	if err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(c, "", "  ")
	return append(data, '\n'), err
}

// ReadCoverage reads the coverage.json of a run.
func ReadCoverage(data []byte) (c Coverage, err error) {
	if err := json.Unmarshal(data, &c); err != nil {
		return c, fmt.Errorf("it is not the coverage of a run: %w", err)
	}
	if c.Version != coverageVersion || c.Operations.Total == 0 {
		return c, errors.New("it is not the coverage of a run of this version of aircallkit")
	}
	return c, nil
}
