// Package wirecheck holds exchanges with Aircall, or with a fake, against the contract. Its findings have places, kinds and
// words of the contract, and no value that somebody sent.
package wirecheck

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// Contract is the contract that every exchange is checked against. Reading it takes a tenth of a second.
var Contract = sync.OnceValues(func() (*contract.Contract, error) { return contract.New(fakeaircall.OpenAPI()) })

// An Exchange is a request and the reply to it.
type Exchange struct {
	Op     string // "" if no operation has the path
	Method string
	URL    url.URL
	Sent   []byte // body of the request
	Status int
	Header http.Header // of the reply
	Body   []byte

	// Value is Body as package orderedjson decodes it, if Decoded. Otherwise Check decodes Body.
	Value   any
	Decoded bool

	// Masked says that the bodies have neutral values in place of the real ones: then only members and kinds count.
	Masked bool
}

// Check returns the differences of an exchange from the contract, each with its operation. Those of the request count only
// withRequest, and only if the server accepted it. If nothing differs, it returns what is malformed in any JSON reply.
func Check(x Exchange, withRequest bool) (found []report.Breach) {
	c, err := Contract()
	if err != nil {
		return nil // a test reads it
	}
	body, u := x.Body, x.URL
	if Loopback(&u) {
		// Fakes differ in their port. With one name for all of them, the cache has most replies. Other servers keep their
		// host name: links to api.aircall.io are right only under that name.
		body = bytes.ReplaceAll(body, []byte("://"+u.Host+"/"), []byte("://host/"))
	}
	u.Path, u.RawPath = WithoutProxy(u.Path), WithoutProxy(u.RawPath)
	exchange := contract.Exchange{Method: x.Method, URL: &u, RequestBody: x.Sent, Status: x.Status, Header: x.Header, Body: body}
	if x.Decoded {
		exchange.Decoded = func() (any, bool) { return plain(x.Value), true }
	}
	reply, request := lazily(body), lazily(x.Sent)
	if x.Decoded {
		reply = sync.OnceValue(func() any { return plain(x.Value) })
	}
	for _, d := range c.Check(exchange) {
		where, ofRequest := strings.CutPrefix(d.Where, "request ")
		if ofRequest && !withRequest || x.Masked && !ofShape(d) {
			continue
		}
		of, v := body, reply
		if ofRequest {
			of, v = x.Sent, request
		}
		var value any
		if strings.HasPrefix(where, "body") {
			value = v()
		}
		found = append(found, report.Breach{Op: d.Operation, Times: 1, Where: placeOf(d.Where, value), Want: d.Want, Got: kindAt(where, d, of, value)})
	}
	if len(found) > 0 || x.Masked {
		return found
	}
	var malformed []malformation
	if x.Decoded {
		malformed = findMalformed(x.Value).below("body")
	} else {
		malformed = malformations(body)
	}
	for _, o := range append(malformed, strayLinks(x.Body, &u)...) {
		found = append(found, report.Breach{Op: x.Op, Times: 1, Where: placeOf(o.where, reply()), Want: o.want, Got: o.got})
	}
	return found
}

// shapeWanted matches what a difference of members and kinds wants: "nothing", "to be there", "integer or null".
var shapeWanted = regexp.MustCompile(`^(nothing|to be there|JSON|(object|array|string|integer|number|boolean)( or null)?)$`)

// ofShape reports whether a difference is one of members, kinds, headers or statuses, and not of a value in a body.
func ofShape(d contract.Difference) bool {
	return !strings.Contains(d.Where, "body") || shapeWanted.MatchString(d.Want)
}

// plain returns a value of package orderedjson as encoding/json decodes it.
func plain(v any) any {
	switch v := v.(type) {
	case orderedjson.Object:
		m := make(map[string]any, len(v))
		for _, e := range v {
			m[e.Key] = plain(e.Value)
		}
		return m
	case []any:
		a := make([]any, len(v))
		for i, e := range v {
			a[i] = plain(e)
		}
		return a
	case json.Number:
		f, _ := v.Float64() // beyond a float64 it is infinite, which findMalformed reports
		return f
	}
	return v
}

// Loopback reports whether a URL leads to this machine.
func Loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// WithoutProxy returns the path without the prefix of a proxy. It looks for the fake's audio first: the path of a short URL
// has a version in it too.
func WithoutProxy(path string) string {
	for _, start := range []string{"/_assets/", "/v1/", "/v2/"} {
		if i := strings.Index(path, start); i >= 0 {
			return path[i:]
		}
	}
	return path
}

// invalid is the value of a body that is not JSON.
type invalid struct{}

// lazily decodes a body when its value is needed.
func lazily(body []byte) func() any {
	return sync.OnceValue(func() (v any) {
		if json.Unmarshal(body, &v) != nil {
			return invalid{}
		}
		return v
	})
}

// placeOf replaces positions in the lists of a body by *, and hides keys that may hold anything.
func placeOf(where string, body any) string {
	head, pointer, ok := strings.Cut(where, "/")
	if !ok || strings.HasPrefix(where, "header ") {
		return where
	}
	keys := strings.Split(pointer, "/")
	for i, key := range keys {
		_, isObject := body.(map[string]any)
		if _, err := strconv.Atoi(key); err == nil && !isObject {
			keys[i] = "*"
		} else if !report.PlainKey(key) {
			keys[i] = "(a key)"
		}
		body = within(body, key)
	}
	return head + "/" + strings.Join(keys, "/")
}

var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// within returns the value under a key of a JSON pointer, or nil.
func within(v any, key string) any {
	switch in := v.(type) {
	case map[string]any:
		return in[unescape.Replace(key)]
	case []any:
		if n, err := strconv.Atoi(key); err == nil && n >= 0 && n < len(in) {
			return in[n]
		}
	}
	return nil
}

// plainMedia are the content types that are reported; any other may hold anything.
var plainMedia = regexp.MustCompile(`^"?(application/json|application/problem\+json|application/xml|text/html|text/plain)(; ?charset=[uU][tT][fF]-8)?"?$`)

// kindAt describes the value at a place by its kind. It does not repeat the value, which may be personal.
func kindAt(where string, d contract.Difference, body []byte, v any) string {
	head, pointer, _ := strings.Cut(where, "/")
	switch {
	case d.Got == "nothing", where == "status":
		return d.Got
	case where == "header Content-Type":
		switch {
		case d.Got == `""`:
			return "none"
		case plainMedia.MatchString(d.Got):
			return strings.Trim(d.Got, `"`)
		}
		return "another"
	case head != "body":
		return "another text"
	case pointer == "" && (d.Want == "JSON" || d.Want == "nothing"):
		return fmt.Sprintf("%d bytes", len(body))
	}
	if v == (invalid{}) {
		return "invalid JSON"
	}
	if pointer != "" {
		for key := range strings.SplitSeq(pointer, "/") {
			v = within(v, key)
		}
	}
	return orderedjson.KindOf(v)
}
