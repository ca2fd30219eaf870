package fakeaircall

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// media is one content type of a reply.
type media struct {
	content string
	of      shape
}

// A contractOperation is one operation of a file.
type contractOperation struct {
	Op       string
	Backend  string
	Open     bool
	Form     bool
	Evidence []any
	Query    []any
	Body     any
	Replies  omap
}

// paths are all operations, resource by resource in the order of Routes, which
// is the order of the reference.
func (w *contractWriter) paths() omap {
	found := map[string]omap{}
	for _, resource := range slices.Sorted(maps.Keys(w.files)) {
		f := w.files[resource]
		for _, p := range f.Paths {
			path := p.Key.(string)
			if found[path] != nil {
				w.t.Fatalf("openapi: %s is in two files", path)
			}
			found[path] = w.path(resource, f.Backend, path, p.Value.(omap))
		}
	}
	paths := omap{}
	for _, path := range slices.Sorted(maps.Keys(found)) {
		paths = append(paths, yaml.MapItem{Key: path, Value: found[path]})
	}
	return paths
}

var inPath = regexp.MustCompile(`\{([a-z_]+)\}`)

func (w *contractWriter) path(resource, backend, path string, v omap) omap {
	w.at = path
	own, _ := get(v, "path").(omap)
	var parameters []any
	for _, m := range inPath.FindAllStringSubmatch(path, -1) {
		schema := get(own, m[1])
		if schema == nil {
			schema = "ID"
		}
		parameters = append(parameters, w.parameter("path", m[1], schema))
	}
	item := omap{}
	if parameters != nil {
		item = append(item, yaml.MapItem{Key: "parameters", Value: parameters})
	}
	for _, m := range v {
		method := m.Key.(string)
		if method == "path" {
			continue
		}
		w.at = method + " " + path
		op := w.readOperation(m.Value.(omap))
		if op.Backend == "" {
			op.Backend = backend
		}
		item = append(item, yaml.MapItem{Key: method, Value: w.operation(resource, method, op)})
	}
	return item
}

func (w *contractWriter) readOperation(v omap) (op contractOperation) {
	for _, item := range v {
		switch key := item.Key.(string); key {
		case "op":
			op.Op = item.Value.(string)
		case "backend":
			op.Backend = item.Value.(string)
		case "open":
			op.Open = item.Value.(bool)
		case "form":
			op.Form = item.Value.(bool)
		case "evidence":
			op.Evidence = item.Value.([]any)
		case "query":
			op.Query = item.Value.([]any)
		case "body":
			op.Body = item.Value
		case "replies":
			op.Replies = item.Value.(omap)
		default:
			w.fail("there is no %q of an operation", key)
		}
	}
	return op
}

func (w *contractWriter) operation(resource, method string, op contractOperation) omap {
	summary := strings.ReplaceAll(op.Op, "-", " ")
	out := omap{
		{Key: "operationId", Value: op.Op},
		{Key: "summary", Value: strings.ToUpper(summary[:1]) + summary[1:]},
		{Key: "tags", Value: []any{resource}},
		{Key: "x-evidence", Value: w.evidence(op.Evidence)},
	}
	if op.Open {
		out = append(out, yaml.MapItem{Key: "security", Value: []any{}})
	}
	var parameters []any
	for _, q := range op.Query {
		switch q := q.(type) {
		case string:
			if get(w.common.Parameters, q) == nil {
				w.fail("there is no parameter %q", q)
			}
			parameters = append(parameters, omap{{Key: "$ref", Value: "#/components/parameters/" + q}})
		case omap:
			parameters = append(parameters, w.parameter("query", q[0].Key.(string), q[0].Value))
		}
	}
	if parameters != nil {
		out = append(out, yaml.MapItem{Key: "parameters", Value: parameters})
	}
	if op.Body != nil {
		body := w.expand(op.Body, true)
		content := omap{{Key: "application/json", Value: omap{{Key: "schema", Value: body.schema}}}}
		if op.Form {
			content = append(content, yaml.MapItem{Key: "application/x-www-form-urlencoded", Value: omap{{Key: "schema", Value: body.schema}}})
		}
		out = append(out, yaml.MapItem{Key: "requestBody", Value: omap{
			{Key: "required", Value: get(body.schema, "required") != nil},
			{Key: "content", Value: content},
		}})
	}
	return append(out, yaml.MapItem{Key: "responses", Value: w.replies(method, op)})
}

var rungs = []string{"recorded", "relied-on", "documented", "client-code", "inferred"}

func (w *contractWriter) evidence(v []any) omap {
	if len(v) != 4 {
		w.fail("evidence is [status, shape, errors, source], got %v", v)
	}
	out := omap{}
	for i, of := range []string{"status", "shape", "errors"} {
		rung, _ := v[i].(string)
		if !slices.Contains(rungs, rung) {
			w.fail("evidence of the %s: %v is not one of %v", of, v[i], rungs)
		}
		out = append(out, yaml.MapItem{Key: of, Value: rung})
	}
	return append(out, yaml.MapItem{Key: "source", Value: v[3]})
}

func (w *contractWriter) parameter(in, name string, v any) omap {
	out := omap{{Key: "name", Value: name}, {Key: "in", Value: in}}
	if in == "path" {
		out = append(out, yaml.MapItem{Key: "required", Value: true})
	}
	if m, ok := v.(omap); ok {
		if invalid := get(m, "x-invalid"); invalid != nil {
			out = append(out, yaml.MapItem{Key: "x-invalid", Value: invalid})
		}
	}
	if in == "query" {
		out = append(out, yaml.MapItem{Key: "allowEmptyValue", Value: true}) // as good as none
	}
	return append(out, yaml.MapItem{Key: "schema", Value: w.expand(v, true).schema})
}

// replies are those of the operation and those that any has.
func (w *contractWriter) replies(method string, op contractOperation) omap {
	all := map[string]any{}
	ref := func(name string) omap { return omap{{Key: "$ref", Value: "#/components/responses/" + name}} }
	if !op.Open {
		all["401"], all["403"], all["429"] = ref("Unauthorized"), ref("Forbidden"), ref(op.Backend+"Limited")
	}
	if op.Body != nil {
		all["413"] = ref("TooLarge")
	}
	if method == "get" && op.Backend != "webhooks" {
		all["304"] = ref("NotModified")
	}
	all["5XX"] = ref(op.Backend + "Failed")
	for _, item := range op.Replies {
		status, err := strconv.Atoi(fmt.Sprint(item.Key))
		if err != nil {
			w.fail("status %v", item.Key)
		}
		all[fmt.Sprint(status)] = w.reply(op, status, item.Value)
	}
	out := omap{}
	for _, status := range slices.Sorted(maps.Keys(all)) {
		out = append(out, yaml.MapItem{Key: status, Value: all[status]})
	}
	return out
}

func (w *contractWriter) reply(op contractOperation, status int, v any) omap {
	backend := w.common.Backends[op.Backend]
	if backend == nil {
		w.fail("there is no backend %q", op.Backend)
	}
	ct := get(backend, "content").(string)
	kinds, listed := v.([]any)
	if !listed {
		kinds = []any{v}
	}
	var of []media
	for _, kind := range kinds {
		text, _ := kind.(string)
		words, isError := strings.CutPrefix(text, "error")
		switch {
		case text == "none":
		case text == "edge":
			of = append(of, media{"application/json", w.edge(status)})
		case isError:
			of = append(of, media{ct, w.errorOf(op.Backend, status, strings.TrimPrefix(words, " = "))})
		default:
			of = append(of, media{ct, w.expand(kind, false)})
		}
	}
	// An operation can have the application's form of a 403 besides the edge's.
	if status == 403 {
		of = append(of, media{"application/json", w.edge(status)})
	}
	var headers omap
	if status/100 == 2 && len(of) > 0 {
		headers = w.headers(get(backend, "headers").(omap))
	}
	if status == 202 || op.Open {
		headers = nil // seen of a 200 and a 201 alone
	}
	return w.response(status, headers, of...)
}

func (w *contractWriter) headers(v omap) omap {
	out := omap{}
	for _, item := range v {
		out = append(out, yaml.MapItem{Key: item.Key, Value: omap{{Key: "required", Value: true}, {Key: "schema", Value: w.expand(item.Value, false).schema}}})
	}
	return out
}

// response puts replies of the same content type side by side.
func (w *contractWriter) response(status int, headers omap, of ...media) omap {
	out := omap{{Key: "description", Value: http.StatusText(status)}}
	if headers != nil {
		out = append(out, yaml.MapItem{Key: "headers", Value: headers})
	}
	content := omap{}
	for i, m := range of {
		if m.of.no {
			w.fail("status %d has no example", status)
		}
		if i > 0 && of[0].content == m.content {
			content[0].Value = omap{
				{Key: "schema", Value: omap{{Key: "anyOf", Value: []any{of[0].of.schema, m.of.schema}}}},
				{Key: "example", Value: of[0].of.example},
			}
			continue
		}
		content = append(content, yaml.MapItem{Key: m.content, Value: omap{{Key: "schema", Value: m.of.schema}, {Key: "example", Value: m.of.example}}})
	}
	if len(of) > 0 {
		out = append(out, yaml.MapItem{Key: "content", Value: content})
	}
	return out
}
