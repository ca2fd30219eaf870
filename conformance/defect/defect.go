// Package defect holds handlers that make a healthy server wrong in one way, and a table of such servers.
package defect

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// Defect is a handler between the suite and a healthy fake. It may change the request, answer itself, or change the reply.
type Defect func(http.ResponseWriter, *http.Request, http.Handler)

// Before puts the defect in front of a handler.
func (d Defect) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d(w, r, next) })
}

// Counted returns the defect with a call of hit for each request.
func (d Defect) Counted(hit func()) Defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		hit()
		d(w, r, next)
	}
}

// Reply is a reply that is changed on its way out: status, header, and the body if it is an object.
type Reply struct {
	*httptest.ResponseRecorder
	request *http.Request
	JSON    orderedjson.Object // nil: none, or no object
}

// Take lets the handler answer, into memory.
func Take(r *http.Request, next http.Handler) *Reply {
	p := &Reply{ResponseRecorder: httptest.NewRecorder(), request: r}
	next.ServeHTTP(p, r)
	if v, err := orderedjson.Decode(p.Body.Bytes()); err == nil {
		p.JSON, _ = v.(orderedjson.Object)
	}
	return p
}

// Send passes the reply on as it now is.
func (p *Reply) Send(w http.ResponseWriter) {
	data := p.Body.Bytes()
	if p.JSON != nil {
		data = orderedjson.Encode(p.JSON)
	}
	maps.Copy(w.Header(), p.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(p.Code)
	w.Write(data)
}

// empty makes the reply one of a status without a body.
func (p *Reply) empty(status int) {
	*p.ResponseRecorder = *httptest.NewRecorder()
	p.Code, p.JSON = status, nil
}

// Asks says whether a request begins so: "GET /v1/contacts".
func Asks(r *http.Request, prefix string) bool {
	return strings.HasPrefix(r.Method+" "+r.URL.Path, prefix)
}

// onRequest changes requests before they are answered.
func onRequest(alter func(*http.Request)) Defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		alter(r)
		next.ServeHTTP(w, r)
	}
}

// when applies a defect to some requests only.
func when(applies func(*http.Request) bool, d Defect) Defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if applies(r) {
			d(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}
}

func asks(prefix string) func(*http.Request) bool {
	return func(r *http.Request) bool { return Asks(r, prefix) }
}

// Change changes the replies to some requests: "GET /v1/contacts" means all that begin with it.
func Change(prefix string, alter func(*Reply)) Defect {
	return when(asks(prefix), func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		p := Take(r, next)
		alter(p)
		p.Send(w)
	})
}

// Alteration changes an object.
type Alteration func(orderedjson.Object) orderedjson.Object

// OfEach changes the objects under a key, one alone or in a list.
func OfEach(key string, e Alteration) func(*Reply) {
	return func(p *Reply) {
		p.JSON = Under(strings.TrimSuffix(key, "s"), e)(Under(key, e)(p.JSON))
	}
}

// OfBody changes the whole.
func OfBody(e Alteration) func(*Reply) { return func(p *Reply) { p.JSON = e(p.JSON) } }

// Lacking removes a field.
func Lacking(name string) Alteration {
	return func(o orderedjson.Object) orderedjson.Object {
		return slices.DeleteFunc(o, func(m orderedjson.Member) bool { return m.Key == name })
	}
}

// With sets a field, which is added if it is not there.
func With(name string, v any) Alteration {
	return altered(name, func(any) any { return v })
}

// altered changes one field, and adds it if it is missing.
func altered(name string, to func(any) any) Alteration {
	return func(o orderedjson.Object) orderedjson.Object {
		if _, has := o.Get(name); !has {
			return append(o, orderedjson.Member{Key: name, Value: to(nil)})
		}
		return member(name, func(m *orderedjson.Member) { m.Value = to(m.Value) })(o)
	}
}

// member changes the members with a key.
func member(key string, change func(*orderedjson.Member)) Alteration {
	return func(o orderedjson.Object) orderedjson.Object {
		for i := range o {
			if o[i].Key == key {
				change(&o[i])
			}
		}
		return o
	}
}

// Renamed gives a field another name.
func Renamed(from, to string) Alteration {
	return member(from, func(m *orderedjson.Member) { m.Key = to })
}

// Under changes the object under a key, or each object of a list there.
func Under(key string, e Alteration) Alteration {
	return member(key, func(m *orderedjson.Member) {
		switch v := m.Value.(type) {
		case orderedjson.Object:
			m.Value = e(v)
		case []any:
			for i := range v {
				if entry, ok := v[i].(orderedjson.Object); ok {
					v[i] = e(entry)
				}
			}
		}
	})
}

// ofList changes a list under a key.
func ofList(key string, to func([]any) []any) Alteration {
	return member(key, func(m *orderedjson.Member) {
		if list, ok := m.Value.([]any); ok {
			m.Value = to(list)
		}
	})
}

// number is a number of JSON, 0 for anything else.
func number(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}

// plus adds to a number.
func plus(by int64) func(any) any {
	return func(v any) any {
		return number(v) + by
	}
}

// Status replaces one status with another.
func Status(from, to int) func(*Reply) {
	return func(p *Reply) {
		if p.Code == from {
			p.Code = to
		}
	}
}

// query changes the parameters of some requests.
func query(path string, change func(q map[string][]string)) Defect {
	return when(func(r *http.Request) bool { return r.URL.Path == path }, onRequest(func(r *http.Request) {
		q := r.URL.Query()
		change(q)
		r.URL.RawQuery = q.Encode()
	}))
}

func drop(name string) func(map[string][]string) {
	return func(q map[string][]string) { delete(q, name) }
}

// set gives a parameter another value, if it is there.
func set(name string, to func(string) string) func(map[string][]string) {
	return func(q map[string][]string) {
		if v := q[name]; len(v) > 0 {
			q[name] = []string{to(v[0])}
		}
	}
}

// sent changes the bodies of some requests.
func sent(prefix string, alter func([]byte) []byte) Defect {
	return when(asks(prefix), onRequest(func(r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		data = alter(data)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	}))
}

// JSONType is the content type of Aircall's replies.
const JSONType = "application/json; charset=utf-8"

// Answer replaces the replies to some requests without passing them on.
func Answer(prefix string, status int, body string) Defect {
	return when(asks(prefix), all(status, JSONType, body))
}

// all answers every request alike. media "" sets no content type.
func all(status int, media, body string) Defect {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		if media != "" {
			w.Header().Set("Content-Type", media)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// leak opens some paths of sales with the credentials of default.
func leak(prefix string) Defect {
	return when(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, prefix) }, onRequest(func(r *http.Request) { asDefault(r, "sales") }))
}

// asDefault gives a request of an account the credentials of default.
func asDefault(r *http.Request, account string) {
	if id, _, _ := r.BasicAuth(); id == "fake-"+account+"-id" {
		r.SetBasicAuth("fake-default-id", "fake-default-token")
	}
}

// WrongServers are all servers that are wrong in one way.
func WrongServers() []Server {
	return slices.Concat(untrueOfReference(), UntrueOfEachOther(), untrueOfTheWire())
}

// Dumb returns servers that answer everything alike. Against each of them no scenario that sends a request may pass, and none may
// hang.
func Dumb() []Server {
	return []Server{
		{Name: "an empty object", Defect: all(200, JSONType, "{}")},
		{Name: "an empty list", Defect: all(200, JSONType, "[]")},
		{Name: "null", Defect: all(200, JSONType, "null")},
		{Name: "pong", Defect: all(200, JSONType, `{"ping":"pong"}`)},
		{Name: "nothing", Defect: all(204, "", "")},
		{Name: "not found", Defect: all(404, JSONType, `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`)},
		{Name: "a failure in HTML", Defect: all(500, "text/html", "<html><body><h1>500</h1></body></html>")},
		{Name: "a page of HTML", Defect: all(200, "text/html", "<html><body>welcome</body></html>")},
		{Name: "the request", Defect: func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			w.Header().Set("Content-Type", JSONType)
			io.Copy(w, r.Body)
		}},
		{Name: "a redirect", Defect: func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, "/v1/ping", http.StatusFound)
		}},
		{Name: "a closed connection", Defect: func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }},
		{Name: "no answer", Defect: func(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() }},
	}
}
