// Package contract checks HTTP exchanges against an OpenAPI 3.0 document. It knows nothing but the document.
//
// Besides OpenAPI proper it reads three extensions:
//
//   - x-unknown-route, of the document: the reply to a request that matches no operation, {"status": 404, "response":
//     "Name"}, by its name in components/responses.
//   - x-outside, of the document: prefixes of paths that belong to other hosts and are not checked.
//   - x-invalid: ignored, of a parameter: a value that breaks its schema counts as missing.
package contract

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// A Contract is a document that is ready to check exchanges. It is safe for concurrent use.
type Contract struct {
	routers map[string]routers.Router // by method
	unknown *openapi3.Response        // nil: unknown routes are not checked
	status  int                       // of unknown
	outside []string

	known sync.Map // []Difference by verdict, of bodies that were checked
	kept  atomic.Int64
}

// A verdict is the key of a cache: the same body comes many times.
type verdict struct {
	schema *openapi3.Schema
	where  string
	body   [sha256.Size]byte
}

// maxKept bounds the number of cached verdicts.
const maxKept = 50_000

// An Exchange is a request and the reply to it, with both bodies whole.
type Exchange struct {
	Method      string
	URL         *url.URL
	RequestBody []byte
	Status      int
	Header      http.Header // of the reply
	Body        []byte

	// Decoded returns Body as encoding/json decodes it into any, or false if it is not JSON. A caller that has it already
	// saves the time to decode it again. It is only called if the verdict is not known; nil: Check decodes Body.
	Decoded func() (any, bool)
}

// New reads an OpenAPI 3.0 document in JSON. It fails if the document, or an example in it, is invalid.
func New(doc []byte) (*Contract, error) {
	spec, err := openapi3.NewLoader().LoadFromData(doc)
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	if err := spec.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("the contract is not valid: %w", err)
	}
	c := &Contract{routers: map[string]routers.Router{}}
	if err := c.readExtensions(doc, spec); err != nil {
		return nil, err
	}
	spec.Servers = nil // the contract applies to any address of the server
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} {
		of := *spec
		of.Paths = openapi3.NewPaths()
		for path, item := range spec.Paths.Map() {
			if item.GetOperation(method) != nil {
				of.Paths.Set(path, item)
			}
		}
		if c.routers[method], err = gorillamux.NewRouter(&of); err != nil {
			return nil, fmt.Errorf("the paths of the contract: %w", err)
		}
	}
	return c, nil
}

func (c *Contract) readExtensions(doc []byte, spec *openapi3.T) error {
	var extensions struct {
		Outside []string `json:"x-outside"`
		Unknown struct {
			Status   int
			Response string
		} `json:"x-unknown-route"`
	}
	if err := json.Unmarshal(doc, &extensions); err != nil {
		return fmt.Errorf("the extensions of the contract: %w", err)
	}
	name := extensions.Unknown.Response
	c.outside, c.status = extensions.Outside, extensions.Unknown.Status
	if found := spec.Components.Responses[name]; found != nil {
		c.unknown = found.Value
	} else if name != "" {
		return fmt.Errorf("the contract's x-unknown-route: there is no response %q", name)
	}
	return nil
}

// Check returns the differences of an exchange from the contract. A request that breaks the contract is no difference if the
// server refused it.
func (c *Contract) Check(x Exchange) []Difference {
	if slices.ContainsFunc(c.outside, func(prefix string) bool { return strings.HasPrefix(x.URL.Path, prefix) }) {
		return nil
	}
	route, path := c.find(x)
	found := c.check(route, path, x)
	for i := range found {
		found[i].Operation = operationOf(route)
	}
	return found
}

func (c *Contract) check(route *routers.Route, path map[string]string, x Exchange) []Difference {
	if route == nil && c.unknown == nil {
		return nil
	}
	if route == nil {
		if x.Status != c.status {
			return []Difference{{Where: "status", Want: strconv.Itoa(c.status), Got: strconv.Itoa(x.Status)}}
		}
		return c.checkReply(c.unknown, x)
	}
	op := route.Operation
	response := op.Responses.Status(x.Status)
	if response == nil {
		return []Difference{{Where: "status", Want: "one of " + strings.Join(op.Responses.Keys(), ", "), Got: strconv.Itoa(x.Status)}}
	}
	found := c.checkReply(response.Value, x)
	if x.Status/100 == 2 {
		found = append(found, checkParameters(route, path, x)...)
		found = append(found, c.checkRequestBody(op, x)...)
	}
	return found
}

// find returns the route of a request, or nil. It ignores a slash at the end.
func (c *Contract) find(x Exchange) (*routers.Route, map[string]string) {
	router := c.routers[x.Method]
	if router == nil {
		return nil, nil
	}
	at := *x.URL
	if len(at.Path) > 1 && strings.HasSuffix(at.EscapedPath(), "/") { // not in %2F
		at.Path, at.RawPath = strings.TrimSuffix(at.Path, "/"), strings.TrimSuffix(at.RawPath, "/")
	}
	route, path, err := router.FindRoute(&http.Request{Method: x.Method, URL: &at})
	if err != nil {
		return nil, nil
	}
	return route, path
}

// operationOf returns the name of the operation of a route, or "no operation".
func operationOf(route *routers.Route) string {
	if route == nil {
		return "no operation"
	}
	return route.Operation.OperationID
}

func (c *Contract) checkReply(r *openapi3.Response, x Exchange) []Difference {
	found := checkHeaders(r, x.Header)
	sent := x.Header.Get("Content-Type")
	if len(r.Content) == 0 {
		if len(x.Body) > 0 {
			found = append(found, Difference{Where: "body", Want: "nothing", Got: short(string(x.Body))})
		}
		if sent != "" {
			found = append(found, Difference{Where: "header Content-Type", Want: "none", Got: strconv.Quote(sent)})
		}
		return found
	}
	media := mediaOf(r.Content, sent)
	if media == nil {
		var want []string
		for key := range r.Content {
			want = append(want, strconv.Quote(key))
		}
		slices.Sort(want)
		return append(found, Difference{Where: "header Content-Type", Want: strings.Join(want, " or "), Got: strconv.Quote(sent)})
	}
	if x.Method == http.MethodHead || media.Schema == nil {
		return found
	}
	return append(found, c.checkBody(media.Schema.Value, "body", x.Body, x.Decoded)...)
}

// mediaOf finds the documented media type with the same parameters: with a charset it is another type than without.
func mediaOf(content openapi3.Content, sent string) *openapi3.MediaType {
	got, params, err := mime.ParseMediaType(sent)
	if err != nil {
		return nil
	}
	for key, media := range content {
		want, wanted, err := mime.ParseMediaType(key)
		if err == nil && want == got && strings.EqualFold(params["charset"], wanted["charset"]) {
			return media
		}
	}
	return nil
}

func (c *Contract) checkBody(schema *openapi3.Schema, where string, body []byte, decoded func() (any, bool)) []Difference {
	key := verdict{schema, where, sha256.Sum256(body)}
	if known, ok := c.known.Load(key); ok {
		return slices.Clone(known.([]Difference))
	}
	if decoded == nil {
		decoded = func() (value any, ok bool) {
			err := json.Unmarshal(body, &value)
			return value, err == nil
		}
	}
	var found []Difference
	if value, ok := decoded(); !ok {
		found = []Difference{{Where: where, Want: "JSON", Got: short(string(body))}}
	} else {
		found = differences(where, schema, value)
	}
	if c.kept.Add(1) <= maxKept {
		c.known.Store(key, slices.Clone(found))
	}
	return found
}

func checkHeaders(r *openapi3.Response, sent http.Header) (found []Difference) {
	for name, h := range r.Headers {
		where, value := "header "+name, valueOf(sent, name)
		switch {
		case value == "" && h.Value.Required:
			found = append(found, Difference{Where: where, Want: "to be there", Got: "nothing"})
		case value != "":
			found = append(found, differences(where, h.Value.Schema.Value, scalar(h.Value.Schema.Value, value))...)
		}
	}
	slices.SortFunc(found, func(a, b Difference) int { return strings.Compare(a.Where, b.Where) })
	return found
}

// valueOf finds a header in any spelling: a handler may set one that is not in Go's canonical form.
func valueOf(sent http.Header, name string) string {
	for key, values := range sent {
		if len(values) > 0 && strings.EqualFold(key, name) {
			return values[0]
		}
	}
	return ""
}

// scalar reads a text as the schema's type, or leaves it for the schema to refuse.
func scalar(s *openapi3.Schema, text string) any {
	if s.Type.Is("integer") || s.Type.Is("number") {
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	}
	return text
}

func checkParameters(route *routers.Route, path map[string]string, x Exchange) (found []Difference) {
	input := &openapi3filter.RequestValidationInput{
		Request:     &http.Request{Method: x.Method, URL: x.URL, Header: http.Header{}},
		PathParams:  path,
		QueryParams: x.URL.Query(),
		Route:       route,
		Options:     &openapi3filter.Options{MultiError: true},
	}
	for _, p := range slices.Concat(route.PathItem.Parameters, route.Operation.Parameters) {
		if p.Value.Extensions["x-invalid"] == "ignored" {
			continue
		}
		err := openapi3filter.ValidateParameter(context.Background(), input, p.Value)
		var wrong *openapi3filter.RequestError
		if errors.As(err, &wrong) && wrong.Err == nil {
			err = errors.New(wrong.Reason)
		} else if wrong != nil {
			err = wrong.Err
		}
		found = append(found, translate("request "+p.Value.In+" "+p.Value.Name, err)...)
	}
	return found
}

// checkRequestBody reads the body as a form or as JSON, whichever it looks like. An empty body counts as an empty object.
func (c *Contract) checkRequestBody(op *openapi3.Operation, x Exchange) []Difference {
	if op.RequestBody == nil {
		return nil
	}
	content, body := op.RequestBody.Value.Content, bytes.Trim(x.RequestBody, " \t\r\n")
	form, json := content["application/x-www-form-urlencoded"], content["application/json"]
	switch {
	case form != nil && len(body) > 0 && body[0] != '{':
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return []Difference{{Where: "request body", Want: "a form", Got: short(string(body))}}
		}
		fields := map[string]any{}
		for name := range values {
			fields[name] = values.Get(name)
		}
		return differences("request body", form.Schema.Value, fields)
	case json == nil:
		return nil
	case len(body) == 0:
		body = []byte("{}")
	}
	return c.checkBody(json.Schema.Value, "request body", body, nil)
}
