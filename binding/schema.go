package binding

import (
	"bytes"
	"encoding/json"
	"fmt"
)

const jsonSchema = "https://json-schema.org/draft/2020-12/schema"

// Schema returns the JSON Schema (draft 2020-12) of the function's argument table, as tool calling wants it.
func (f *Function) Schema() json.RawMessage { return indented(f.schema()) }

func indented(v value) json.RawMessage {
	var b bytes.Buffer
	_ = json.Indent(&b, appendJSON(nil, &v), "", "  ") // what appendJSON writes is JSON
	return b.Bytes()
}

func (f *Function) schema() value {
	s := objectValue(
		member{"$schema", stringValue(jsonSchema)},
		member{"title", stringValue(f.Name)},
		member{"description", stringValue(f.Description)},
	)
	s.members = append(s.members, fieldsSchema(f.Params).members...)
	return s
}

func fieldsSchema(params []Param) value {
	properties, required := objectValue(), value{kind: kindArray}
	for i := range params {
		properties.members = append(properties.members, member{params[i].Name, params[i].schema()})
		if params[i].Required {
			required.list = append(required.list, stringValue(params[i].Name))
		}
	}
	s := objectValue(member{"type", stringValue("object")}, member{"properties", properties})
	if len(required.list) > 0 {
		s.set("required", required)
	}
	s.set("additionalProperties", boolValue(false))
	return s
}

// schema says what the kind accepts in its plainest form. A kind that also takes numbers written as texts says so only
// where that is the usual way.
func (p *Param) schema() value {
	s := objectValue()
	types := func(names ...string) {
		if len(names) == 1 {
			s.set("type", stringValue(names[0]))
			return
		}
		list := value{kind: kindArray}
		for _, n := range names {
			list.list = append(list.list, stringValue(n))
		}
		s.set("type", list)
	}
	switch p.Kind {
	case KindID:
		types("integer")
		s.set("minimum", intValue(1))
		s.set("maximum", intValue(maxSafe))
	case KindInteger:
		types("integer")
		s.set("minimum", intValue(p.Min))
		if p.Max > 0 {
			s.set("maximum", intValue(p.Max))
		}
	case KindEnum:
		types("string")
		list := value{kind: kindArray}
		for _, e := range p.Enum {
			list.list = append(list.list, stringValue(e))
		}
		s.set("enum", list)
	case KindTime, KindQuery, KindKey:
		types("string", "integer")
	case KindText, KindPhone:
		if types("string"); p.Nullable {
			types("string", "null")
		}
	case KindBool:
		types("boolean")
	case KindTags:
		types("array")
		s.set("items", objectValue(member{"type", value{kind: kindArray, list: []value{stringValue("string"), stringValue("integer")}}}))
		s.set("maxItems", intValue(pageSize))
	case KindPhones, KindEmails:
		types("array")
		s.set("items", fieldsSchema([]Param{
			{Name: "label", Kind: KindText}, {Name: "value", Kind: KindText, Required: true}, {Name: "id", Kind: KindID},
		}))
		s.set("maxItems", intValue(maxEntries))
	case KindList:
		types("array")
		s.set("items", p.Items.schema())
		s.set("maxItems", intValue(p.Max))
	case KindObject:
		s = fieldsSchema(p.Fields)
	case KindMap:
		types("object")
		s.set("additionalProperties", objectValue(member{"type", stringValue("string")}))
		s.set("maxProperties", intValue(pageSize))
	}
	if p.Description != "" {
		s.set("description", stringValue(p.Description))
	}
	switch d := p.Default.(type) {
	case int64:
		s.set("default", intValue(d))
	case string:
		s.set("default", stringValue(d))
	}
	if p.Sample != "" {
		s.set("examples", value{kind: kindArray, list: []value{stringValue(p.Sample)}})
	}
	return s
}

// parameter is how docs.schema describes one in Lua.
func (p *Param) parameter() value {
	v := objectValue(
		member{"name", stringValue(p.Name)}, member{"type", stringValue(p.Type)}, member{"required", boolValue(p.Required)},
		member{"description", stringValue(p.Description)},
	)
	schema := p.schema()
	for from, to := range map[string]string{"enum": "enum", "minimum": "min", "maximum": "max", "default": "default"} {
		if got := schema.get(from); got != nil {
			v.set(to, *got)
		}
	}
	return v
}

// describe is what docs.schema returns.
func (f *Function) describe(path string) value {
	parameters := value{kind: kindArray}
	for i := range f.Params {
		parameters.list = append(parameters.list, f.Params[i].parameter())
	}
	return objectValue(
		member{"path", stringValue(path)}, member{"name", stringValue(f.Name)}, member{"description", stringValue(f.Description)},
		member{"effect", stringValue(string(f.Effect))}, member{"parameters", parameters}, member{"returns", stringValue(f.returned())},
		member{"schema", f.schema()},
	)
}

// signature is how the function is called: get_call(call_id), list_calls(per_page?, page?).
func (f *Function) signature() string {
	names := f.accepted()
	if len(f.Params) == 0 {
		names = ""
	}
	return fmt.Sprintf("%s(%s)", f.Name, names)
}
