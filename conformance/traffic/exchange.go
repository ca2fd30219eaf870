package traffic

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// An exchange is an entry of a recording that counts, with its bodies decoded once.
type exchange struct {
	har.Entry
	file   string
	number int // of the entry in its file, from 1

	kind  kind
	path  string     // as it was sent, without the prefix of a proxy
	query url.Values // of the request
	op    string     // "" if no operation has the path
	route string     // the path of the operation
	vars  []string   // values in the path, in their order
	says  documented // of the operation

	isJSON bool
	body   any // of the reply, as package orderedjson decodes it
	sent   any // of the request, likewise, or nil
}

// kind says what an exchange is.
type kind int

const (
	withAPI  kind = iota // a request to the API
	delivery             // an event that a webhook received
	shortURL             // a short URL of a recording
)

// A tier is one of the services behind the API: their errors and headers differ.
type tier int

const (
	unknownTier tier = iota
	railsTier
	contactsTier
	webhooksTier
)

// documented is what the contract says of an operation beside its route.
type documented struct {
	tier  tier
	lists bool
	query map[string]bool
}

// documentation returns what the contract says, by operation. The tier of an operation is that of its reply to a failure.
var documentation = sync.OnceValue(func() map[string]documented {
	type parameter struct {
		Ref, Name, In string
	}
	var doc struct {
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Parameters map[string]parameter }
	}
	all := map[string]documented{}
	if json.Unmarshal(fakeaircall.OpenAPI(), &doc) != nil {
		return all // a test reads it
	}
	for _, item := range doc.Paths {
		for method, raw := range item {
			var op struct {
				OperationID string
				Parameters  []map[string]any
				Responses   map[string]struct {
					Ref     string `json:"$ref"`
					Content map[string]struct {
						Schema struct{ Required []string }
					}
				}
			}
			if method == "parameters" || json.Unmarshal(raw, &op) != nil {
				continue
			}
			d := documented{query: map[string]bool{}}
			switch failed := op.Responses["5XX"].Ref; failed[strings.LastIndexByte(failed, '/')+1:] {
			case "railsFailed":
				d.tier = railsTier
			case "contactsFailed":
				d.tier = contactsTier
			case "webhooksFailed":
				d.tier = webhooksTier
			}
			for _, media := range op.Responses["200"].Content {
				d.lists = d.lists || slices.Contains(media.Schema.Required, "meta")
			}
			for _, p := range op.Parameters {
				name, _ := p["name"].(string)
				if ref, ok := p["$ref"].(string); ok {
					name = doc.Components.Parameters[ref[strings.LastIndexByte(ref, '/')+1:]].Name
				}
				d.query[name] = true
			}
			all[op.OperationID] = d
		}
	}
	return all
})

// findRoute returns the route of a request. The path is compared as it was sent; a slash at its end does not matter.
func findRoute(method, path string) *wirecheck.Route {
	return wirecheck.FindRoute(method, wirecheck.Segments(path))
}

// valuesIn returns the values in a path that fits the route. It reports false if one of them is not escaped correctly.
func valuesIn(r *wirecheck.Route, path string) (values []string, ok bool) {
	for i, s := range wirecheck.Segments(path) {
		if !r.IsValue(i) {
			continue
		}
		value, err := url.PathUnescape(s)
		if err != nil {
			return nil, false
		}
		values = append(values, value)
	}
	return values, true
}

// setRoute finds the operation of an exchange with the API.
func (x *exchange) setRoute() {
	x.path = wirecheck.WithoutProxy(x.URL.EscapedPath())
	x.query, _ = url.ParseQuery(x.URL.RawQuery) // what can be read counts
	r := findRoute(x.Method, x.path)
	if r == nil {
		return
	}
	if values, ok := valuesIn(r, x.path); ok {
		x.op, x.route, x.vars, x.says = r.Op, r.Path, values, documentation()[r.Op]
	}
}

// decode decodes the bodies.
func (x *exchange) decode() {
	if x.HasBody && len(x.ReplyBody) > 0 {
		v, err := orderedjson.Decode(x.ReplyBody)
		x.body, x.isJSON = v, err == nil
	}
	if len(x.RequestBody) <= mostBody {
		x.sent, _ = orderedjson.Decode(x.RequestBody) // nil if it is not JSON
	}
}

// is reports whether the exchange is with one of the operations.
func (x *exchange) is(ops ...string) bool { return x.op != "" && slices.Contains(ops, x.op) }

// ok reports whether the reply is a success with a body that can be looked at.
func (x *exchange) ok() bool { return x.Status == http.StatusOK && x.isJSON }

// list reports whether the exchange is with an operation that returns pages.
func (x *exchange) list() bool {
	return x.says.lists
}

// takes reports whether the operation has a parameter in its query.
func (x *exchange) takes(name string) bool {
	return x.says.query[name]
}

// at returns the server's time of the reply: its Date, else the time of the recording.
func (x *exchange) at() time.Time {
	if t, err := http.ParseTime(x.ReplyHeader.Get("Date")); err == nil {
		return t.UTC()
	}
	return x.Started.UTC()
}

// param returns the only value of a parameter of the query, and whether it has exactly one that is not empty.
func (x *exchange) param(name string) (string, bool) {
	v := x.query[name]
	if len(v) != 1 || v[0] == "" {
		return "", false
	}
	return v[0], true
}

// scheme returns the kind of credentials that the request has, in lower case: "basic", "bearer" or "".
func (x *exchange) scheme() string {
	scheme, _, _ := strings.Cut(x.RequestHeader.Get("Authorization"), " ")
	return strings.ToLower(scheme)
}

// account returns a key of the account that asked. It is "" if the recording does not have the credentials, or has them
// removed.
func (x *exchange) account() string {
	auth := x.RequestHeader.Get("Authorization")
	if len(auth) < len("Basic ")+8 || strings.ContainsAny(auth, "[]*<>…") || strings.Contains(strings.ToLower(auth), "redacted") {
		return ""
	}
	return auth
}

// header returns a header of the reply, and whether it is there.
func (x *exchange) header(name string) (string, bool) {
	v := x.ReplyHeader[http.CanonicalHeaderKey(name)]
	if len(v) == 0 {
		return "", false
	}
	return v[0], true
}

// fromEdge reports whether the reply has the body of the edge: a message and nothing else.
func (x *exchange) fromEdge(message string) bool {
	o, _ := x.body.(orderedjson.Object)
	text, _ := o.Get("message")
	return len(o) == 1 && text != nil && (x.Masked || text == message)
}

// refused reports whether the reply is an error of the application, and returns it.
func (x *exchange) refused() (orderedjson.Object, bool) {
	o, _ := x.body.(orderedjson.Object)
	_, has := o.Get("error")
	return o, has && x.Status >= 400 && x.Status < 500
}

// beyondCap reports whether a refusal is that of a page beyond the 10,000th result.
func beyondCap(o orderedjson.Object) bool {
	return slices.Equal(keys(o), []string{"error", "data", "message", "errors", "troubleshoot", "success"})
}

// throttled reports whether the reply says nothing about its operation: credentials, the rate limit or an outage.
func (x *exchange) throttled() bool {
	switch x.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return true
	}
	return x.Status >= 500
}

// get returns the value at a path of keys in the reply, or nil.
func (x *exchange) get(path ...string) any { return dig(x.body, path...) }

func dig(v any, path ...string) any {
	for _, key := range path {
		o, _ := v.(orderedjson.Object)
		v, _ = o.Get(key)
	}
	return v
}

// object returns a value as an object, nil for any other value.
func object(v any) orderedjson.Object {
	o, _ := v.(orderedjson.Object)
	return o
}

// objects returns the objects of a list.
func objects(v any) (all []orderedjson.Object) {
	list, _ := v.([]any)
	for _, e := range list {
		if o, ok := e.(orderedjson.Object); ok {
			all = append(all, o)
		}
	}
	return all
}

func keys(o orderedjson.Object) []string {
	all := make([]string, 0, len(o))
	for _, m := range o {
		all = append(all, m.Key)
	}
	return all
}

// has reports whether an object has a member.
func has(o orderedjson.Object, key string) bool {
	_, found := o.Get(key)
	return found
}

// text returns a member that is a string, or "".
func text(o orderedjson.Object, key string) string {
	v, _ := o.Get(key)
	s, _ := v.(string)
	return s
}

// number returns a whole number.
func number(v any) (int64, bool) { return orderedjson.Integer(v) }

// records returns the objects of the reply: those of a list, or the one under its name.
func (x *exchange) records(list, one string) []orderedjson.Object {
	if all := objects(x.get(list)); all != nil {
		return all
	}
	if o := object(x.get(one)); o != nil {
		return []orderedjson.Object{o}
	}
	return nil
}

// calls returns the calls in the reply.
func (x *exchange) calls() []orderedjson.Object {
	if x.kind != withAPI || !strings.HasPrefix(x.route, "/v1/calls") || x.Status/100 != 2 {
		return nil
	}
	return x.records("calls", "call")
}

// contacts returns the contacts in the reply.
func (x *exchange) contacts() []orderedjson.Object {
	if x.kind != withAPI || !strings.HasPrefix(x.route, "/v1/contacts") || x.Status/100 != 2 {
		return nil
	}
	return x.records("contacts", "contact")
}

// whole reads a text as a whole number.
func whole(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// preflight reports whether an entry is a question of a browser before a request to another origin.
func preflight(e har.Entry) bool {
	return e.Method == http.MethodOptions && e.RequestHeader.Get("Access-Control-Request-Method") != ""
}

// isDelivery reports whether a request is an event for a webhook or for the callback of a line, by the five members that every
// event has.
func isDelivery(e har.Entry) bool {
	if e.Method != http.MethodPost || len(e.RequestBody) > mostBody || !bytes.Contains(e.RequestBody, []byte(`"event`)) {
		return false
	}
	v, err := orderedjson.Decode(e.RequestBody)
	o := object(v)
	return err == nil && len(o) >= 5 && has(o, "resource") && (has(o, "event") || has(o, "event_name")) && has(o, "timestamp") && has(o, "token") && object(dig(o, "data")) != nil
}
