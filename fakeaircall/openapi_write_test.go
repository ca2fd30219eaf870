package fakeaircall

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// What openapi/*.yaml mean, see common.yaml. A mistake in them ends the test at
// once, with the place.
type contractWriter struct {
	t        *testing.T
	common   contractFile
	files    map[string]contractFile // by resource
	sources  map[string]component
	schemas  map[string]*shape // of components, as they are asked for
	at       string            // the place in the files, for complaints
	document omap
}

// omap is an object in the order of the file.
type omap = yaml.MapSlice

type contractFile struct {
	Info       omap            `yaml:"info"`
	Servers    []omap          `yaml:"servers"`
	Unknown    omap            `yaml:"x-unknown-route"`
	Outside    []string        `yaml:"x-outside"`
	Backends   map[string]omap `yaml:"backends"`
	Limit      omap            `yaml:"limit"`
	Parameters omap            `yaml:"parameters"`

	Backend  string `yaml:"backend"`
	Schemas  omap   `yaml:"schemas"`
	Requests omap   `yaml:"requests"`
	Paths    omap   `yaml:"paths"`
}

// component is a schema by name. An open one is of a request.
type component struct {
	schema any
	open   bool
}

// shape is a schema in OpenAPI, and a value of it.
type shape struct {
	schema  omap
	example any
	no      bool // there is no example
}

func writeContract(t *testing.T) []byte {
	t.Helper()
	w := &contractWriter{t: t, files: map[string]contractFile{}, sources: map[string]component{}, schemas: map[string]*shape{}}
	names, err := filepath.Glob("openapi/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no openapi/*.yaml: %v", err)
	}
	for _, name := range names {
		w.read(name)
	}
	paths := w.paths()
	w.document = omap{
		{Key: "openapi", Value: "3.0.3"},
		{Key: "info", Value: w.common.Info},
		{Key: "servers", Value: w.common.Servers},
		{Key: "security", Value: []any{omap{{Key: "basic", Value: []any{}}}, omap{{Key: "bearer", Value: []any{}}}}},
		{Key: "x-unknown-route", Value: w.common.Unknown},
		{Key: "x-outside", Value: w.common.Outside},
		{Key: "paths", Value: paths},
		{Key: "components", Value: w.components()},
	}
	var flat, indented bytes.Buffer
	writeJSON(&flat, w.document)
	if err := json.Indent(&indented, flat.Bytes(), "", " "); err != nil {
		t.Fatal(err)
	}
	return append(indented.Bytes(), '\n')
}

func (w *contractWriter) read(name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		w.t.Fatal(err)
	}
	var f contractFile
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict(), yaml.UseOrderedMap()); err != nil {
		w.t.Fatalf("%s: %v", name, err)
	}
	for i, of := range []omap{f.Schemas, f.Requests} {
		for _, item := range of {
			key := item.Key.(string)
			if _, twice := w.sources[key]; twice {
				w.t.Fatalf("%s: there are two schemas %s", name, key)
			}
			w.sources[key] = component{item.Value, i == 1}
		}
	}
	if resource := strings.TrimSuffix(filepath.Base(name), ".yaml"); resource == "common" {
		w.common = f
	} else {
		w.files[resource] = f
	}
}

// fail stops at what cannot be read.
func (w *contractWriter) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("openapi: %s: %s", w.at, fmt.Sprintf(format, args...))
}

func (w *contractWriter) components() omap {
	parameters := omap{}
	for _, item := range w.common.Parameters {
		parameters = append(parameters, yaml.MapItem{Key: item.Key, Value: w.parameter("query", item.Key.(string), item.Value)})
	}
	responses := omap{}
	edge := func(name string, status int) {
		responses = append(responses, yaml.MapItem{Key: name, Value: w.response(status, nil, media{"application/json", w.edge(status)})})
	}
	edge("Unauthorized", 401)
	edge("Forbidden", 403)
	edge("NoRoute", 404)
	edge("TooLarge", 413)
	responses = append(responses, yaml.MapItem{Key: "NotModified", Value: omap{{Key: "description", Value: "Not Modified"}}})
	for _, name := range slices.Sorted(maps.Keys(w.common.Backends)) {
		b := w.common.Backends[name]
		ct := get(b, "content").(string)
		slow := w.errorOf(name, 429, "You have reached the rate limit of your company")
		responses = append(responses, yaml.MapItem{Key: name + "Limited", Value: w.response(429, w.headers(w.common.Limit), media{ct, slow})})
		down := []media{{ct, w.errorOf(name, 500, "Something went wrong")}, {"application/json", w.edge(500)}}
		responses = append(responses, yaml.MapItem{Key: name + "Failed", Value: w.response(500, nil, down...)})
	}
	for name := range w.sources { // those that nothing refers to are left out, so look at all
		w.at = "schema " + name
		w.component(name)
	}
	schemas := omap{}
	for _, name := range slices.Sorted(maps.Keys(w.schemas)) {
		schemas = append(schemas, yaml.MapItem{Key: name, Value: w.schemas[name].schema})
	}
	return omap{
		{Key: "securitySchemes", Value: omap{
			{Key: "basic", Value: omap{{Key: "type", Value: "http"}, {Key: "scheme", Value: "basic"}}},
			{Key: "bearer", Value: omap{{Key: "type", Value: "http"}, {Key: "scheme", Value: "bearer"}}},
		}},
		{Key: "parameters", Value: parameters},
		{Key: "responses", Value: responses},
		{Key: "schemas", Value: schemas},
	}
}

// component gives the schema of a name. NameOrNull is Name, or null; backendError400
// is an error in a backend's words.
func (w *contractWriter) component(name string) *shape {
	if s, ok := w.schemas[name]; ok {
		return s
	}
	var s shape
	if m := backendError.FindStringSubmatch(name); m != nil {
		status, _ := strconv.Atoi(m[2])
		s = w.errorShape(m[1], status)
	} else if base, ok := strings.CutSuffix(name, "OrNull"); ok {
		s = *w.component(base)
		s.schema = append(slices.Clone(s.schema), yaml.MapItem{Key: "nullable", Value: true})
	} else {
		c, ok := w.sources[name]
		if !ok {
			w.fail("there is no schema %q", name)
		}
		s = w.expand(c.schema, c.open)
	}
	w.schemas[name] = &s
	return &s
}

var backendError = regexp.MustCompile(`^(rails|contacts|webhooks)Error(\d{3})$`)

func (w *contractWriter) errorShape(backend string, status int) shape {
	form := slices.Clone(get(w.common.Backends[backend], "error").(omap))
	for i, item := range form {
		if item.Key == "error" {
			form[i].Value = omap{{Key: "is", Value: "string"}, {Key: "enum", Value: []any{http.StatusText(status)}}}
		}
	}
	return w.expand(form, false)
}

// errorOf is an error of a backend with an example of its words.
func (w *contractWriter) errorOf(backend string, status int, words string) shape {
	s := *w.reference(fmt.Sprintf("%sError%d", backend, status))
	if words != "" {
		example := slices.Clone(s.example.(omap))
		for i, item := range example {
			if item.Key == "troubleshoot" {
				example[i].Value = words
			}
		}
		s.example = example
	}
	return s
}

func (w *contractWriter) edge(status int) shape {
	s := *w.reference("EdgeError")
	s.example = omap{{Key: "message", Value: http.StatusText(status)}}
	return s
}

func (w *contractWriter) reference(name string) *shape {
	s := *w.component(name)
	s.schema = omap{{Key: "$ref", Value: "#/components/schemas/" + name}}
	return &s
}

var types = []string{"string", "integer", "number", "boolean", "object"}

// expand reads the short form of a schema.
func (w *contractWriter) expand(v any, open bool) shape {
	switch v := v.(type) {
	case string:
		return w.named(v)
	case []any:
		if len(v) != 1 {
			w.fail("an array of %d schemas", len(v))
		}
		item := w.expand(v[0], open)
		return shape{schema: omap{{Key: "type", Value: "array"}, {Key: "items", Value: item.schema}}, example: []any{item.example}, no: item.no}
	case omap:
		if len(v) > 0 && v[0].Key == "is" {
			return w.literal(v, open)
		}
		return w.object(v, open)
	}
	w.fail("%v is no schema", v)
	return shape{}
}

// named reads "Type|null = example".
func (w *contractWriter) named(text string) shape {
	name, example, given := strings.Cut(text, " = ")
	name, null := strings.CutSuffix(name, "|null")
	var s shape
	switch {
	case name == "any":
		s = shape{schema: omap{}}
	case slices.Contains(types, name):
		s = shape{schema: omap{{Key: "type", Value: name}}, no: true}
		if null {
			s.schema = append(s.schema, yaml.MapItem{Key: "nullable", Value: true})
		}
	case null:
		s = *w.reference(name + "OrNull")
	default:
		s = *w.reference(name)
	}
	if given {
		s.no = false
		if err := yaml.Unmarshal([]byte(example), &s.example); err != nil {
			w.fail("example %q: %v", example, err)
		}
	}
	return s
}

// literal reads {is: …} with keywords of OpenAPI.
func (w *contractWriter) literal(v omap, open bool) shape {
	s := w.expand(v[0].Value, open)
	s.schema = slices.Clone(s.schema)
	for _, item := range v[1:] {
		switch item.Key {
		case "example":
			s.example, s.no = item.Value, false
			continue
		case "x-invalid":
			continue // of the parameter
		case "anyOf":
			var of []any
			for i, one := range item.Value.([]any) {
				alternative := w.expand(one, open)
				if of = append(of, alternative.schema); i == 0 {
					s.example, s.no = alternative.example, alternative.no
				}
			}
			item.Value = of
		case "properties":
			properties := omap{}
			for _, p := range item.Value.(omap) {
				properties = append(properties, yaml.MapItem{Key: p.Key, Value: w.expand(p.Value, open).schema})
			}
			item.Value = properties
		case "enum":
			s.example, s.no = item.Value.([]any)[0], false
		}
		if get(s.schema, "$ref") != nil {
			w.fail("%v is next to a reference and would be ignored", item.Key)
		}
		s.schema = append(s.schema, item)
	}
	return s
}

// object reads the members of a closed object, or of an open one of a request.
func (w *contractWriter) object(v omap, open bool) shape {
	properties, required, example := omap{}, []any{}, omap{}
	no := false
	for _, item := range v {
		name := item.Key.(string)
		member := w.expand(item.Value, open)
		must := !open
		if short, ok := strings.CutSuffix(name, "*"); ok {
			name, must = short, true
		} else if short, ok := strings.CutSuffix(name, "?"); ok {
			name, must = short, false
		}
		properties = append(properties, yaml.MapItem{Key: name, Value: member.schema})
		if must {
			required = append(required, name)
			example = append(example, yaml.MapItem{Key: name, Value: member.example})
			no = no || member.no && !open
			if member.no && !open {
				w.fail("%s has no example", name)
			}
		}
	}
	s := omap{{Key: "type", Value: "object"}}
	if !open {
		s = append(s, yaml.MapItem{Key: "additionalProperties", Value: false})
	}
	if len(required) > 0 {
		s = append(s, yaml.MapItem{Key: "required", Value: required})
	}
	return shape{schema: append(s, yaml.MapItem{Key: "properties", Value: properties}), example: example, no: no}
}

func get(m omap, key string) any {
	for _, item := range m {
		if item.Key == key {
			return item.Value
		}
	}
	return nil
}

// writeJSON keeps the order of members.
func writeJSON(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case omap:
		b.WriteByte('{')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(fmt.Sprint(item.Key)) + ":")
			writeJSON(b, item.Value)
		}
		b.WriteByte('}')
	case []omap:
		writeJSON(b, anys(v))
	case []string:
		writeJSON(b, anys(v))
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, item)
		}
		b.WriteByte(']')
	default:
		enc := json.NewEncoder(b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			panic(err)
		}
	}
}

func anys[T any](of []T) (out []any) {
	for _, v := range of {
		out = append(out, v)
	}
	return out
}
