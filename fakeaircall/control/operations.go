package control

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// An Operation describes an operation of the control API to a program that offers it under a name, such as a tool of an
// agent.
type Operation struct {
	Name   string // simulate-call
	Method string // POST
	Path   string // /_fake/calls/{id}/actions
	About  string // what it does, in one or more sentences

	// Input is the JSON Schema of an object with all arguments: those in the path, those in the query and the fields of
	// the body. Output is that of the reply. Both are of draft 2020-12 and refer only to their own definitions.
	Input, Output json.RawMessage
}

// Operations returns the operations of the control API, except those whose body or reply is a document.
func Operations() (all []Operation) {
	for _, r := range routes() {
		if !r.free() && r.gives != nil {
			all = append(all, Operation{r.op, r.method, r.path, r.about, r.input(), r.output()})
		}
	}
	return all
}

// Request returns the path and the query of a request with these arguments, and the fields of its body. It fails if an
// argument of the path is missing or empty, or if one of the path or the query is neither a text, a number nor true or false.
func (o Operation) Request(arguments map[string]json.RawMessage) (path string, query url.Values, body map[string]json.RawMessage, err error) {
	path, query, body = o.Path, url.Values{}, maps.Clone(arguments)
	for _, found := range inBraces.FindAllStringSubmatch(o.Path, -1) {
		text, err := plainText(found[1], body[found[1]])
		if err == nil && text == "" {
			err = fmt.Errorf("%s is missing: %s needs it", found[1], o.Name)
		}
		if err != nil {
			return "", nil, nil, err
		}
		path = strings.Replace(path, found[0], url.PathEscape(text), 1)
		delete(body, found[1])
	}
	if o.Method != "GET" {
		return path, query, body, nil
	}
	for name, raw := range body {
		text, err := plainText(name, raw)
		if err != nil {
			return "", nil, nil, err
		}
		if text != "" {
			query.Set(name, text)
		}
	}
	return path, query, nil, nil
}

// plainText returns the text of a JSON string, number or boolean; that of null, and of nothing, is empty.
func plainText(name string, raw json.RawMessage) (string, error) {
	var text string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return "", nil
	case json.Unmarshal(raw, &text) == nil:
		return text, nil
	case strings.ContainsAny(string(raw[:1]), "{["):
		return "", fmt.Errorf("%s: give a text, a number, or true or false", name)
	}
	return string(raw), nil
}

// input returns the schema of all arguments of the route.
func (r route) input() json.RawMessage {
	schemas, properties := schemaSet{}, jsonObject{}
	required := []any{}
	for _, found := range inBraces.FindAllStringSubmatch(r.path, -1) {
		properties[found[1]] = jsonObject{"type": []any{"string", "integer"}, "description": "The " + found[1] + " of the record that the operation is about."}
		required = append(required, found[1])
	}
	for _, p := range r.params {
		properties[p.name] = jsonObject{"type": []any{"string", "integer", "boolean"}, "description": p.about, "examples": []any{p.example}}
	}
	if r.takes != nil {
		t := reflect.TypeOf(r.takes)
		schemas.of(t)
		body := schemas[t.Name()].(jsonObject)
		maps.Copy(properties, body["properties"].(jsonObject))
		if needed, ok := body["required"].([]any); ok {
			required = append(required, needed...)
		}
		delete(schemas, t.Name())
	}
	schema := jsonObject{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schemas.standalone(schema)
}

// output returns the schema of the route's reply.
func (r route) output() json.RawMessage {
	schemas := schemaSet{}
	return schemas.standalone(schemas.ofValue(r.gives))
}

// standalone returns a schema with the definitions that it needs, as JSON Schema: the OpenAPI document has another dialect.
func (s schemaSet) standalone(schema jsonObject) json.RawMessage {
	if name, ok := strings.CutPrefix(fmt.Sprint(schema["$ref"]), inDocument); ok {
		schema = maps.Clone(s[name].(jsonObject)) // agents expect an object at the top
	}
	if len(s) > 0 {
		schema = maps.Clone(schema)
		schema["$defs"] = jsonObject(s)
	}
	return encode(jsonSchema(schema))
}

const inDocument = "#/components/schemas/"

// jsonSchema returns a copy of a schema of OpenAPI 3.0 in the words of JSON Schema.
func jsonSchema(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = jsonSchema(v[i])
		}
		return list
	case schemaSet:
		return jsonSchema(jsonObject(v))
	case jsonObject:
		object := jsonObject{}
		for key, of := range v {
			switch text, _ := of.(string); {
			case key == "$ref" && strings.HasPrefix(text, inDocument):
				object[key] = "#/$defs/" + strings.TrimPrefix(text, inDocument)
			case key == "example" && text != "":
				object["examples"] = []any{text}
			case key == "format" && text == "int64", key == "nullable":
			default:
				object[key] = jsonSchema(of)
			}
		}
		if v["nullable"] == true {
			return nullable(object)
		}
		return object
	}
	return v
}

// nullable returns a schema that also accepts null.
func nullable(schema jsonObject) jsonObject {
	if name, ok := schema["type"].(string); ok {
		schema["type"] = []any{name, "null"}
		return schema
	}
	schema["anyOf"] = slices.Concat(schema["allOf"].([]any), []any{jsonObject{"type": "null"}})
	delete(schema, "allOf")
	return schema
}
