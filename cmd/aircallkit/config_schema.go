package main

import (
	"encoding/json"
	"reflect"
	"slices"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// schema is a JSON Schema.
type schema = map[string]any

// configSchema is what the file of serve --config may say, as JSON Schema of draft 2020-12, made from the types that
// read it and from the table of fixtures. What leads to another record is beyond it: serve says that.
func configSchema() []byte {
	defs := schema{}
	for _, kind := range fakeaircall.FixtureKinds() {
		defs[kind.Name] = fixtureSchema(kind)
	}
	whole := typeSchema(reflect.TypeFor[document](), "")
	whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	whole["title"] = "The file of aircallkit serve --config"
	whole["$defs"] = defs
	data, err := json.MarshalIndent(whole, "", "  ")
	if err != nil {
		panic(err) // not of maps and texts
	}
	return data
}

// typeSchema is what the decoder takes for a type of the document.
func typeSchema(t reflect.Type, kind string) schema {
	switch {
	case t == reflect.TypeFor[scalar]():
		return scalarSchema(kind)
	case t.Kind() == reflect.Slice:
		return schema{"type": []string{"array", "null"}, "items": typeSchema(t.Elem(), ""), "maxItems": mostAccounts}
	case t.Kind() == reflect.Map:
		return schema{"type": []string{"object", "null"}, "additionalProperties": typeSchema(t.Elem(), "")}
	}
	properties := schema{}
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("yaml")
		if f.Type == reflect.TypeFor[fakeaircall.Fixtures]() {
			for _, kind := range fakeaircall.FixtureKinds() {
				properties[kind.Name] = schema{"$ref": "#/$defs/" + kind.Name}
			}
			continue
		}
		of := typeSchema(f.Type, f.Tag.Get("schema"))
		of["description"] = f.Tag.Get("doc")
		properties[name] = of
	}
	out := schema{"type": "object", "additionalProperties": false, "properties": properties}
	switch t {
	case reflect.TypeFor[entry]():
		out["required"] = []string{"name"}
	case reflect.TypeFor[app]():
		out["required"] = []string{"name", "client_id", "client_secret", "redirect_uris"}
	}
	return out
}

func scalarSchema(kind string) schema {
	switch kind {
	case "integer":
		return schema{"type": []string{"integer", "string"}, "pattern": `^[+-]?[0-9]+$`}
	case "number":
		return schema{"type": []string{"number", "string"}, "minimum": 0, "maximum": fakeaircall.MaxSpeed}
	case "time":
		return schema{"type": "string", "pattern": timePattern}
	case "scale":
		return schema{"enum": texts(fakeaircall.Scales())}
	case "purpose":
		return schema{"enum": purposes}
	}
	return schema{"type": []string{"string", "number", "boolean", "null"}}
}

const timePattern = `^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$`

func fixtureSchema(f fakeaircall.FixtureField) schema {
	out := schema{}
	if f.Doc != "" {
		out["description"] = f.Doc
	}
	kinds := []string{"string"}
	switch f.Type {
	case "objects":
		out["type"], out["items"] = "array", entrySchema(f.Fields)
		return out
	case "strings":
		out["type"], out["items"] = "array", schema{"enum": f.Enum}
		return out
	case "references":
		out["type"], out["items"] = "array", schema{"type": []string{"string", "integer"}, "pattern": f.Pattern}
		return out
	case "boolean":
		kinds = []string{"boolean"}
	case "id":
		kinds, out["minimum"] = []string{"integer"}, 1
	case "integer":
		kinds, out["minimum"], out["maximum"] = []string{"integer"}, 0, 24*60*60
	case "time":
		kinds, out["pattern"], out["minimum"] = []string{"string", "integer"}, timePattern, 1
	case "reference":
		kinds = []string{"string", "integer"}
	}
	if f.Pattern != "" {
		out["pattern"] = f.Pattern
	}
	if f.Null {
		kinds = append(kinds, "null")
	}
	out["type"] = kinds
	if f.Enum != nil {
		values := []any{}
		for _, v := range f.Enum {
			values = append(values, v)
		}
		if f.Null {
			values = append(values, nil)
		}
		out["enum"] = values
	}
	if f.Example != "" && !f.Null && f.Type == "string" {
		out["examples"] = []string{f.Example}
	}
	return out
}

// entrySchema: what a new entry needs may be missing beside an id, which may be that of one to change.
func entrySchema(fields []fakeaircall.FixtureField) schema {
	properties, always, anew := schema{}, []string{}, []string{}
	for _, f := range fields {
		properties[f.Name] = fixtureSchema(f)
		if f.Always {
			always = append(always, f.Name)
		}
		if f.New {
			anew = append(anew, f.Name)
		}
	}
	out := schema{"type": "object", "additionalProperties": false, "properties": properties}
	if len(always) > 0 {
		out["required"] = slices.Clone(always)
	}
	if len(anew) > 0 {
		out["anyOf"] = []any{schema{"required": []string{"id"}}, schema{"required": anew}}
	}
	return out
}
