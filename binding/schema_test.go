package binding_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/aircallkit/aircallkit/binding"
)

func function(t *testing.T, name string) *binding.Function {
	t.Helper()
	for _, f := range binding.All() {
		if f.Name == name {
			return &f
		}
	}
	t.Fatalf("there is no function %s", name)
	return nil
}

// compiled holds a schema against the meta-schema of its draft, and makes it ready.
func compiled(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(function(t, name).Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	meta, err := c.Compile("https://json-schema.org/draft/2020-12/schema")
	if err != nil {
		t.Fatal(err)
	}
	if err := meta.Validate(doc); err != nil {
		t.Errorf("it is no schema: %v", err)
	}
	if err := c.AddResource(name+".json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// noteArguments makes every function note its arguments before it is called. It works on the run's own copy of the namespace.
const noteArguments = `local ns, seen = app.integrations.aircall, {}
for name, f in pairs(ns) do
	if type(f) == "function" then
		ns[name] = function(...)
			seen[#seen + 1] = { name = name, args = json.encode((...) or {}) }
			return f(...)
		end
	end
end
(function()
`

// Every schema is one, and takes what the examples give their functions.
func TestSchemasTakeTheExamples(t *testing.T) {
	schemas, taken := map[string]*jsonschema.Schema{}, map[string]int{}
	for _, f := range binding.All() {
		schemas[f.Name] = compiled(t, f.Name)
	}
	for _, f := range binding.All() {
		_, r := fakeRunner(t)
		res, err := r.Run(context.Background(), f.Name, noteArguments+f.Example+"\nend)()\nreturn seen", binding.RunOptions{})
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		calls, _ := res.Values[0].([]any)
		for _, c := range calls {
			call := c.(map[string]any)
			name := call["name"].(string)
			args, err := jsonschema.UnmarshalJSON(strings.NewReader(call["args"].(string)))
			if err != nil {
				t.Fatal(err)
			}
			taken[name]++
			if err := schemas[name].Validate(args); err != nil {
				t.Errorf("the example of %s calls %s(%s): %v", f.Name, name, call["args"], err)
			}
		}
	}
	for name := range schemas {
		if taken[name] == 0 {
			t.Errorf("no example calls %s", name)
		}
	}
}

// A schema refuses what the function refuses, as far as a schema can say it.
func TestSchemasRefuse(t *testing.T) {
	for _, c := range []struct{ name, args string }{
		{"get_call", `{}`}, {"get_call", `{"call_id":0}`}, {"get_call", `{"call_id":1,"x":1}`}, {"get_call", `{"call_id":1.5}`},
		{"list_calls", `{"per_page":51}`}, {"list_calls", `{"order":"up"}`}, {"list_calls", `{"tags":"VIP"}`}, {"list_calls", `{"from":true}`},
		{"create_contact", `{"emails":[{"label":"Work"}]}`}, {"create_contact", `{"first_name":null}`},
		{"create_insight_cards", `{"call_id":1,"contents":[{"type":"title"}]}`}, {"update_webhook", `{"webhook_id":"a","active":"yes"}`},
		{"trigger_outbound_call", `{"agent_id":"a","contact_phone":"+1","idempotency_key":"k","context":{"n":1}}`},
	} {
		t.Run(c.name+c.args, func(t *testing.T) {
			args, err := jsonschema.UnmarshalJSON(strings.NewReader(c.args))
			if err != nil {
				t.Fatal(err)
			}
			if compiled(t, c.name).Validate(args) == nil {
				t.Error("the schema takes it")
			}
			_, r := fakeRunner(t)
			failed := fails(t, r, `app.integrations.aircall.`+c.name+`(json.decode('`+c.args+`'))`)
			if c.args != `{"first_name":null}` { // in Lua a null member is absent
				want(t, "type", failed.Type, "invalid_arguments")
			}
		})
	}
}
