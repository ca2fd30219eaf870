package control

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compiled compiles a schema, and fails the test if it is not one.
func compiled(t *testing.T, schema json.RawMessage) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatalf("%v\n%s", err, schema)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("operation.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("operation.json")
	if err != nil {
		t.Fatalf("%v\n%s", err, schema)
	}
	return compiled
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return v
}

// neededArguments are the arguments besides those in the path that operations cannot do without.
var neededArguments = map[string]map[string]bool{
	"save-snapshot": {"name": true}, "trigger-event": {"event": true}, "act-in-call": {"do": true}, "set-presence": {"do": true}, "send-request": {"method": true, "path": true},
}

// The schemas of an operation accept the examples of the document, and no argument has two meanings.
func TestOperationSchemas(t *testing.T) {
	byName := map[string]Operation{}
	for _, o := range Operations() {
		byName[o.Name] = o
	}
	for _, r := range routes() {
		o, offered := byName[r.op]
		if !offered {
			continue
		}
		t.Run(r.op, func(t *testing.T) {
			arguments := map[string]any{}
			add := func(name string, value any) {
				if _, twice := arguments[name]; twice {
					t.Errorf("%s is in the path or the query, and in the body", name)
				}
				arguments[name] = value
			}
			for _, found := range inBraces.FindAllStringSubmatch(r.path, -1) {
				add(found[1], "before/after")
			}
			for _, p := range r.params {
				add(p.name, p.example)
			}
			if r.takes != nil {
				for name, v := range decoded(t, shown(r.takes)).(map[string]any) {
					add(name, v)
				}
			}
			input := compiled(t, o.Input)
			if err := input.Validate(any(arguments)); err != nil {
				t.Errorf("%v\n%s", err, o.Input)
			}
			if err := input.Validate(any(map[string]any{"zanzibar": 1})); err == nil {
				t.Error("the schema accepts an unknown argument")
			}
			for name := range neededArguments[r.op] {
				without := maps.Clone(arguments)
				delete(without, name)
				if err := input.Validate(any(without)); err == nil {
					t.Errorf("the schema accepts the arguments without %s", name)
				}
			}
			if reply := encode(r.gives); bytes.HasPrefix(reply, []byte("{")) {
				if err := compiled(t, o.Output).Validate(decoded(t, reply)); err != nil {
					t.Errorf("%v\n%s", err, o.Output)
				}
			}
		})
	}
	if len(byName) < 30 {
		t.Errorf("%d operations", len(byName))
	}
}

// Request puts each argument into its place.
func TestOperationRequest(t *testing.T) {
	all := Operations()
	find := func(name string) Operation {
		return all[slices.IndexFunc(all, func(o Operation) bool { return o.Name == name })]
	}
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	for _, c := range []struct {
		op, arguments     string
		path, query, body string // body has the names of its fields
		fails             string
	}{
		{op: "act-in-call", arguments: `{"id":7,"do":"hangup"}`, path: "/_fake/calls/7/actions", body: "do"},
		{op: "compare-snapshots", arguments: `{"name":"a/b?","to":"c","all":true}`, path: "/_fake/snapshots/a%2Fb%3F/diff", query: "all=true&to=c"},
		{op: "list-requests", arguments: `{"newest":5,"op":null}`, path: "/_fake/requests", query: "newest=5"},
		{op: "act-in-call", arguments: `{"do":"hangup"}`, fails: "id is missing: act-in-call needs it"},
		{op: "remove-fault", arguments: `{"id":""}`, fails: "id is missing: remove-fault needs it"},
		{op: "remove-fault", arguments: `{"id":["a"]}`, fails: "id: give a text, a number, or true or false"},
		{op: "list-requests", arguments: `{"newest":{}}`, fails: "newest: give a text, a number, or true or false"},
	} {
		arguments := map[string]json.RawMessage{}
		if err := json.Unmarshal(raw(c.arguments), &arguments); err != nil {
			t.Fatal(err)
		}
		path, query, body, err := find(c.op).Request(arguments)
		if c.fails != "" {
			if err == nil || err.Error() != c.fails {
				t.Errorf("%s %s: %v, want %s", c.op, c.arguments, err, c.fails)
			}
			continue
		}
		names := strings.Join(slices.Sorted(maps.Keys(body)), " ")
		if err != nil || path != c.path || query.Encode() != c.query || names != c.body {
			t.Errorf("%s %s: %q %q %q, %v", c.op, c.arguments, path, query.Encode(), names, err)
		}
	}
}
