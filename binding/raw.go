package binding

import (
	"net/http"
	"net/url"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// rawFunctions returns the functions of [Config.RawAPI]: one for each method of a request to any path.
func rawFunctions() []Function {
	path := Param{Name: "path", Kind: KindPath, Required: true, Description: "Path at Aircall, such as `/v2/users`; `/v1` may be left out"}
	query := Param{Name: "query", Kind: KindTable, Description: "Query parameters: strings, numbers, booleans, or lists of them"}
	body := Param{Name: "body", Kind: KindTable, Description: "Body, sent as JSON"}
	var all []Function
	for _, f := range []struct {
		name, method, description string
		params                    []Param
	}{
		{"api_get", http.MethodGet, "Send a GET request to any path of Aircall.", []Param{path, query}},
		{"api_post", http.MethodPost, "Send a POST request to any path of Aircall.", []Param{path, body, query}},
		{"api_put", http.MethodPut, "Send a PUT request to any path of Aircall.", []Param{path, body, query}},
		{"api_delete", http.MethodDelete, "Send a DELETE request to any path of Aircall.", []Param{path, query}},
	} {
		fn := Function{
			Name: f.name, Effect: EffectWrite, Description: f.description, Params: f.params,
			Returns: "the reply, as Aircall sends it: without derived fields.",
			Errors:  []string{"not_found if the path or an id in it does not exist"},
			extra:   []Param{{Name: "params", Kind: KindTable}}, // query and body have these names in other hosts
			check:   checkRaw,
			handle:  func(c *call) (value, error) { return c.raw(f.method) },
		}
		if f.method == http.MethodGet {
			fn.Effect = EffectRead
		}
		if fn.param("body") != nil {
			fn.extra = append(fn.extra, Param{Name: "payload", Kind: KindTable})
		}
		fn.complete()
		all = append(all, fn)
	}
	return all
}

// checkRaw gives arguments their own names, and reports those of a query that it cannot send.
func checkRaw(a arguments) (wrong []string) {
	for other, name := range map[string]string{"params": "query", "payload": "body"} {
		if a.has(other) && a.has(name) {
			return []string{"give " + name + " or " + other + ", not both"}
		} else if a.has(other) {
			a[name] = a[other]
			delete(a, other)
		}
	}
	query, _ := a["query"].(value)
	for _, m := range query.members {
		for _, item := range m.value.entries() {
			if item.null() || item.kind == kindArray || item.kind == kindObject {
				wrong = append(wrong, "query."+m.name+" must be a string, a number, a boolean or a list of them")
				break
			}
		}
	}
	return wrong
}

// entries returns the items of a list, or the value itself.
func (v value) entries() []value {
	if v.kind == kindArray {
		return v.list
	}
	return []value{v}
}

// raw sends the request of the arguments.
func (c *call) raw(method string) (value, error) {
	c.plain = true
	path := c.args["path"].(string)
	req := aircall.Request{Query: url.Values{}}
	if query, ok := c.args["query"].(value); ok {
		for _, m := range query.members {
			for _, item := range m.value.entries() {
				req.Query.Add(m.name, item.text)
			}
		}
	}
	if v, ok := c.args["body"].(value); ok {
		req.Body = body(v)
	}
	op := aircall.Op{Name: method + " " + path, Method: method, Path: path}
	if c.hold(op, req) {
		return objectValue(), nil
	}
	return c.read(op.Name, func() (*aircall.Response, error) {
		return c.account.client.Raw(c.ctx, method, path, req.Query, req.Body)
	})
}
