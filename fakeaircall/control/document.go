package control

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// A jsonObject is an object whose keys the encoder sorts.
type jsonObject = map[string]any

// document returns the control API as an OpenAPI 3.0 document.
func document() any {
	schemas := schemaSet{}
	paths := jsonObject{}
	for _, r := range routes() {
		item, ok := paths[r.path].(jsonObject)
		if !ok {
			item = jsonObject{}
			paths[r.path] = item
		}
		item[strings.ToLower(r.method)] = r.document(schemas)
	}
	failure := schemas.of(reflect.TypeFor[apiError]())
	return jsonObject{
		"openapi": "3.0.3",
		"info": jsonObject{
			"title": "Control API of a fake Aircall", "version": "1",
			"description": "Controls the fake: its calls, clock, faults and request log. An error says what is wrong, what was given, and what to do.",
		},
		"security": []any{jsonObject{}, jsonObject{"token": []any{}}},
		"paths":    paths,
		"components": jsonObject{
			"schemas":         jsonObject(schemas),
			"securitySchemes": jsonObject{"token": jsonObject{"type": "http", "scheme": "bearer", "description": "If the fake was started with a control token."}},
			"responses": jsonObject{"Refused": jsonObject{
				"description": "The request was refused.", "content": jsonContent(failure, nil),
			}},
		},
	}
}

func jsonContent(schema, example any) jsonObject {
	media := jsonObject{"schema": schema}
	if example != nil {
		media["example"] = example
	}
	return jsonObject{"application/json": media}
}

var inBraces = regexp.MustCompile(`\{(\w+)\}`)

func (r route) document(schemas schemaSet) jsonObject {
	var parameters []any
	for _, found := range inBraces.FindAllStringSubmatch(r.path, -1) {
		parameters = append(parameters, jsonObject{"name": found[1], "in": "path", "required": true, "schema": jsonObject{"type": "string"}})
	}
	for _, p := range r.params {
		parameters = append(parameters, jsonObject{"name": p.name, "in": "query", "description": p.about, "example": p.example, "schema": jsonObject{"type": "string"}})
	}
	schema := jsonObject{"type": "object"}
	var example any
	if r.gives != nil {
		schema, example = schemas.ofValue(r.gives), r.gives
	}
	responses := jsonObject{strconv.Itoa(r.status): jsonObject{"description": "Done.", "content": jsonContent(schema, example)}}
	for _, status := range refusals {
		responses[strconv.Itoa(status)] = jsonObject{"$ref": "#/components/responses/Refused"}
	}
	op := jsonObject{"operationId": r.op, "summary": r.about, "responses": responses}
	if parameters != nil {
		op["parameters"] = parameters
	}
	if r.takes != nil {
		var example any
		if !r.free() {
			example = shown(r.takes)
		}
		op["requestBody"] = jsonObject{"content": jsonContent(schemas.of(reflect.TypeOf(r.takes)), example)}
	}
	return op
}

// refusals are the statuses of errors: a mistake, no token, no access, not found, a conflict with the state, too large.
var refusals = []int{400, 401, 403, 404, 409, 413}

// shown returns an example of a body without its empty fields.
func shown(v any) json.RawMessage {
	rv := reflect.ValueOf(v)
	var members []string
	for _, f := range fieldsOf(rv.Type()) {
		if field := rv.FieldByIndex(f.index); !field.IsZero() {
			members = append(members, strconv.Quote(f.name)+":"+string(encode(field.Interface())))
		}
	}
	return json.RawMessage("{" + strings.Join(members, ",") + "}")
}

// A schemaSet has schemas by the names of their types.
type schemaSet map[string]any

// ofValue returns the schema of a value: for a reply from its fields, otherwise from its type.
func (s schemaSet) ofValue(v any) jsonObject {
	r, ok := v.(reply)
	if !ok {
		return s.of(reflect.TypeOf(v))
	}
	properties, required := jsonObject{}, []any{}
	for _, f := range r {
		properties[f.name] = s.ofValue(f.value)
		required = append(required, f.name)
	}
	return jsonObject{"type": "object", "additionalProperties": false, "properties": properties, "required": required}
}

// of returns the schema of a type, or a reference to it. A reply has all fields but the optional ones; a request may leave
// out any but the needed ones.
func (s schemaSet) of(t reflect.Type) jsonObject {
	switch {
	case t == spanType:
		return jsonObject{"type": "string", "example": "6s", "description": "A duration: 6s, 1h30m."}
	case t == reflect.TypeFor[millis]():
		return jsonObject{"type": "number"}
	case t == timeType:
		return jsonObject{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[json.RawMessage]():
		return jsonObject{"description": "Any JSON."}
	}
	switch t.Kind() {
	case reflect.Pointer:
		schema := s.of(t.Elem())
		if _, ref := schema["$ref"]; ref { // siblings of $ref have no effect
			schema = jsonObject{"allOf": []any{schema}}
		}
		schema["nullable"] = true
		return schema
	case reflect.String:
		return jsonObject{"type": "string"}
	case reflect.Bool:
		return jsonObject{"type": "boolean"}
	case reflect.Float64:
		return jsonObject{"type": "number"}
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return jsonObject{"type": "integer", "format": "int64"}
	case reflect.Slice:
		return jsonObject{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return jsonObject{"type": "object", "additionalProperties": s.of(t.Elem())}
	}
	if _, ok := s[t.Name()]; !ok {
		schema := jsonObject{"type": "object", "additionalProperties": false}
		s[t.Name()] = schema // before its fields, which may refer to it
		properties, required := jsonObject{}, []any{}
		for _, f := range fieldsOf(t) {
			property := s.of(f.of)
			if _, ref := property["$ref"]; f.about != "" && !ref {
				property["description"] = f.about
			}
			properties[f.name] = property
			if f.needed || !f.optional && !strings.HasSuffix(t.Name(), "Input") {
				required = append(required, f.name)
			}
		}
		schema["properties"] = properties
		if len(required) > 0 {
			schema["required"] = required
		}
	}
	return jsonObject{"$ref": "#/components/schemas/" + t.Name()}
}
