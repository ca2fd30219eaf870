package binding

import (
	"bytes"
	"encoding/json"
	"fmt"
)

const jsonSchema = "https://json-schema.org/draft/2020-12/schema"

// Schema returns the JSON Schema (draft 2020-12) of the function's argument table, as tool calling expects it.
func (f *Function) Schema() json.RawMessage {
	schema := f.schema()
	var b bytes.Buffer
	_ = json.Indent(&b, appendJSON(nil, &schema), "", "  ") // what appendJSON writes is JSON
	return b.Bytes()
}

func (f *Function) schema() value {
	s := objectValue("$schema", jsonSchema, "title", f.Name, "description", f.Description)
	s.members = append(s.members, fieldsSchema(f.Params).members...)
	return s
}

func fieldsSchema(params []Param) value {
	properties, required := objectValue(), []string(nil)
	for i := range params {
		properties.set(params[i].Name, params[i].schema())
		if params[i].Required {
			required = append(required, params[i].Name)
		}
	}
	s := objectValue("type", "object", "properties", properties)
	if len(required) > 0 {
		s.set("required", required)
	}
	s.set("additionalProperties", false)
	return s
}

// schema describes what the kind accepts in its plainest form. For a kind that also takes numbers written as strings, it
// says so only if that is the usual form.
func (p *Param) schema() value {
	s := p.kindSchema()
	if p.Description != "" {
		s.set("description", p.Description)
	}
	if p.Default != nil {
		s.set("default", p.Default)
	}
	if p.Sample != "" {
		s.set("examples", []string{p.Sample})
	}
	return s
}

func (p *Param) kindSchema() value {
	switch p.Kind {
	case KindID:
		return objectValue("type", "integer", "minimum", 1, "maximum", maxSafe)
	case KindInteger:
		s := objectValue("type", "integer", "minimum", p.Min)
		if p.Max > 0 {
			s.set("maximum", p.Max)
		}
		return s
	case KindEnum:
		return objectValue("type", "string", "enum", p.Enum)
	case KindText, KindPhone, KindPath:
		if p.Nullable {
			return objectValue("type", []string{"string", "null"})
		}
		return objectValue("type", "string")
	case KindBool:
		return objectValue("type", "boolean")
	case KindTags:
		return objectValue("type", "array", "items", objectValue("type", []string{"string", "integer"}), "maxItems", pageSize)
	case KindPhones, KindEmails:
		entry := []Param{{Name: "label", Kind: KindText}, {Name: "value", Kind: KindText, Required: true}, {Name: "id", Kind: KindID}}
		return objectValue("type", "array", "items", fieldsSchema(entry), "maxItems", maxEntries)
	case KindList:
		return objectValue("type", "array", "items", p.Items.schema(), "maxItems", p.Max)
	case KindObject:
		return fieldsSchema(p.Fields)
	case KindTable:
		return objectValue("type", "object")
	case KindMap:
		return objectValue("type", "object", "additionalProperties", objectValue("type", "string"), "maxProperties", pageSize)
	}
	return objectValue("type", []string{"string", "integer"}) // a time, a query or a key
}

// describe returns the result of docs.schema.
func (f *Function) describe(path string) value {
	var parameters []value
	for i := range f.Params {
		p := &f.Params[i]
		v := objectValue("name", p.Name, "type", p.Kind.Type(), "required", p.Required, "description", p.Description)
		schema := p.schema()
		for from, to := range map[string]string{"enum": "enum", "minimum": "min", "maximum": "max", "default": "default"} {
			if got := schema.get(from); got != nil {
				v.set(to, *got)
			}
		}
		parameters = append(parameters, v)
	}
	return objectValue(
		"path", path, "name", f.Name, "description", f.Description, "effect", string(f.Effect),
		"parameters", arrayValue(parameters...), "returns", f.returned(), "schema", f.schema(),
	)
}

// signature returns the call of the function as documentation shows it: get_call(call_id), list_calls(per_page?, page?).
func (f *Function) signature() string {
	names := f.accepted()
	if len(f.Params) == 0 {
		names = ""
	}
	return fmt.Sprintf("%s(%s)", f.Name, names)
}
