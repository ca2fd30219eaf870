package mask

import (
	"encoding/json"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/drift"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// The range of UNIX seconds in the contract.
const oldest, newest = 946684800, 4102444800

// table is what the contract says about values.
type table struct {
	words   map[string]map[string]bool // that a member or a parameter may have, by its name; numbers as in JSON
	errors  map[string]bool            // texts of the documented error replies
	keys    map[string]bool            // of objects
	params  map[string]bool            // of queries
	headers map[string]bool            // of replies
	limits  []int64                    // where a number begins or ceases to be valid, from 0
	lengths []int                      // the same for lengths of texts, in UTF-16 units
	parts   map[string]bool            // of paths, without the values
}

// known returns the table. Tests of fakeaircall check that the document is valid.
var known = sync.OnceValue(func() *table {
	t := &table{
		words: map[string]map[string]bool{}, errors: map[string]bool{}, keys: map[string]bool{}, params: map[string]bool{},
		headers: map[string]bool{}, parts: map[string]bool{},
		limits:  []int64{0, 1, 1e8 + 1, 1e10, 1e12 + 1, 1e13}, // orders of magnitude of instants
		lengths: []int{0},
	}
	for _, r := range fakeaircall.Routes() {
		for part := range strings.SplitSeq(r.Path, "/") {
			if !strings.HasPrefix(part, "{") {
				t.parts[part] = true
			}
		}
	}
	var doc map[string]any
	if json.Unmarshal(fakeaircall.OpenAPI(), &doc) != nil {
		return t
	}
	components, _ := doc["components"].(map[string]any)
	schemas, _ := components["schemas"].(map[string]any)
	t.read(schemas, "", doc)
	slices.Sort(t.limits)
	t.limits = slices.Compact(t.limits)
	slices.Sort(t.lengths)
	t.lengths = slices.Compact(t.lengths)
	return t
})

// read walks through the document. name is that of the member or parameter that a schema is for.
func (t *table) read(schemas map[string]any, name string, v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			t.read(schemas, name, e)
		}
	case map[string]any:
		t.readLimits(v)
		enum, _ := v["enum"].([]any)
		t.addWords(name, enum)
		if ref, _ := v["$ref"].(string); strings.HasPrefix(ref, "#/components/schemas/") && name != "" {
			t.addReferred(schemas, name, path.Base(ref), 0)
		}
		if in, _ := v["in"].(string); in != "" {
			param, _ := v["name"].(string)
			if t.read(schemas, strings.TrimSuffix(param, "[]"), v["schema"]); in == "query" {
				t.params[param] = true
			}
			return
		}
		for key, e := range v {
			t.readMember(schemas, name, key, e)
		}
	}
}

func (t *table) readMember(schemas map[string]any, name, key string, v any) {
	members, _ := v.(map[string]any)
	switch key {
	case "properties":
		for member, schema := range members {
			t.keys[member] = true
			t.read(schemas, member, schema)
		}
	case "headers":
		for header, schema := range members {
			header = http.CanonicalHeaderKey(header)
			t.headers[header] = true
			t.read(schemas, header, schema)
		}
	case "responses":
		for status, reply := range members {
			if status >= "400" || len(status) != 3 { // also those in components, which are errors
				t.addExamples(reply)
			}
		}
		t.read(schemas, "", v)
	case "items", "allOf", "anyOf", "oneOf", "additionalProperties", "schema":
		t.read(schemas, name, v)
	case "example", "examples", "enum":
	default:
		t.read(schemas, "", v)
	}
}

// addReferred adds the words of a schema that another schema refers to.
func (t *table) addReferred(schemas map[string]any, name, of string, depth int) {
	schema, _ := schemas[of].(map[string]any)
	if depth > 10 { // a schema that contains itself
		return
	}
	enum, _ := schema["enum"].([]any)
	t.addWords(name, enum)
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		list, _ := schema[key].([]any)
		for _, e := range list {
			t.read(schemas, name, e)
		}
	}
	if items, ok := schema["items"].(map[string]any); ok {
		if ref, _ := items["$ref"].(string); ref != "" {
			t.addReferred(schemas, name, path.Base(ref), depth+1)
		}
	}
}

func (t *table) addWords(name string, enum []any) {
	if name == "" || len(enum) == 0 {
		return
	}
	if t.words[name] == nil {
		t.words[name] = map[string]bool{}
	}
	for _, w := range enum {
		if text, ok := w.(string); ok {
			t.words[name][text] = true
		} else if f, ok := w.(float64); ok && f == float64(int64(f)) {
			data, _ := json.Marshal(f)
			t.words[name][string(data)] = true
		}
	}
}

// addExamples adds the texts in the examples of an error reply.
func (t *table) addExamples(v any) {
	var add func(v any)
	add = func(v any) {
		switch v := v.(type) {
		case string:
			t.errors[v] = true
		case []any:
			for _, e := range v {
				add(e)
			}
		case map[string]any:
			for _, e := range v {
				add(e)
			}
		}
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			t.addExamples(e)
		}
	case map[string]any:
		for key, e := range v {
			if key == "example" || key == "examples" {
				add(e)
			} else {
				t.addExamples(e)
			}
		}
	}
}

func (t *table) readLimits(schema map[string]any) {
	if n, ok := schema["minimum"].(float64); ok && n > 0 {
		t.limits = append(t.limits, int64(n))
	}
	if n, ok := schema["maximum"].(float64); ok && n > 0 {
		t.limits = append(t.limits, int64(n), int64(n)+1)
	}
	if n, ok := schema["minLength"].(float64); ok {
		t.lengths = append(t.lengths, int(n))
	}
	if n, ok := schema["maxLength"].(float64); ok {
		t.lengths = append(t.lengths, int(n)+1)
	}
}

// plainKey matches keys that are names of fields and not data.
var plainKey = regexp.MustCompile(`^[a-z][A-Za-z_]{0,39}[0-9]{0,3}$`)

// isEvent reports whether a text is the name of an event.
func isEvent(name, s string) bool {
	return (name == "event" || name == "events") && drift.PlainEvent(s)
}

// keptKey reports whether a key stays: those of the contract, and others that look like the name of a field.
func keptKey(key string) bool { return known().keys[key] || plainKey.MatchString(key) }

// isID reports whether a member or parameter holds an id, or ids.
func isID(name string) bool {
	name = strings.TrimSuffix(name, "[]")
	return name == "id" || name == "ids" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_ids") || strings.HasSuffix(name, "Id") ||
		strings.HasSuffix(name, "s") && known().parts[name] // tags, users: a list of ids, or of objects
}
