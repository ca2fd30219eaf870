package conformance

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// defect stands between the kit and a healthy fake. It may change the request, answer itself, or change the reply.
type defect func(http.ResponseWriter, *http.Request, http.Handler)

// before puts the defect in front of a handler.
func (d defect) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d(w, r, next) })
}

// counted tells of each request in which the defect made a difference: to what the healthy handler was asked, or to what
// the client got of its reply.
func (d defect) counted(hit func()) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		asked, healthy := asRequested(r), []byte(nil)
		times, changed := 0, false
		got := take(r, d.before(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			times++
			changed = changed || asRequested(r) != asked
			p := take(r, next)
			healthy = p.bytes()
			p.send(w)
		})))
		if changed || times != 1 || !bytes.Equal(healthy, got.bytes()) {
			hit()
		}
		got.send(w)
	}
}

// asRequested is all of a request that a handler goes by.
func asRequested(r *http.Request) string {
	data, _ := io.ReadAll(io.LimitReader(r.Body, most))
	r.Body = io.NopCloser(bytes.NewReader(data))
	return r.Method + " " + r.URL.String() + " " + r.Header.Get("Authorization") + "\n" + string(data)
}

// bytes are the reply as a whole, written alike if it is alike.
func (p *passing) bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, p.Code)
	for _, name := range slices.Sorted(maps.Keys(p.Header())) {
		if name != "Content-Length" {
			fmt.Fprintln(&b, name, p.Header()[name])
		}
	}
	if p.body != nil {
		b.Write(orderedjson.Encode(p.body))
	} else {
		b.Write(p.Body.Bytes())
	}
	return b.Bytes()
}

// passing is a reply that is changed on its way out: status, header, and the body if it is an object.
type passing struct {
	*httptest.ResponseRecorder
	body orderedjson.Object // nil: none, or no object
}

// take lets the handler answer, into memory.
func take(r *http.Request, next http.Handler) *passing {
	p := &passing{ResponseRecorder: httptest.NewRecorder()}
	next.ServeHTTP(p, r)
	if v, err := orderedjson.Decode(p.Body.Bytes()); err == nil {
		p.body, _ = v.(orderedjson.Object)
	}
	return p
}

// send passes the reply on as it now is.
func (p *passing) send(w http.ResponseWriter) {
	data := p.Body.Bytes()
	if p.body != nil {
		data = orderedjson.Encode(p.body)
	}
	maps.Copy(w.Header(), p.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(p.Code)
	w.Write(data)
}

// asks says whether a request begins so: "GET /v1/contacts".
func asks(r *http.Request, prefix string) bool {
	return strings.HasPrefix(r.Method+" "+r.URL.Path, prefix)
}

// change lets others alter the replies to some requests: "GET /v1/contacts" is all that begin with it.
func change(prefix string, alter func(*passing)) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !asks(r, prefix) {
			next.ServeHTTP(w, r)
			return
		}
		p := take(r, next)
		alter(p)
		p.send(w)
	}
}

// alteration changes an object.
type alteration func(orderedjson.Object) orderedjson.Object

// ofEach changes the objects under a key, one alone or in a list.
func ofEach(key string, e alteration) func(*passing) {
	return func(p *passing) {
		p.body = under(strings.TrimSuffix(key, "s"), e)(under(key, e)(p.body))
	}
}

// ofBody changes the whole.
func ofBody(e alteration) func(*passing) { return func(p *passing) { p.body = e(p.body) } }

func lacking(name string) alteration {
	return func(o orderedjson.Object) orderedjson.Object {
		return slices.DeleteFunc(o, func(m orderedjson.Member) bool { return m.Key == name })
	}
}

func with(name string, v any) alteration {
	return altered(name, func(any) any { return v })
}

// altered changes one field, which is added if it is not there.
func altered(name string, to func(any) any) alteration {
	return func(o orderedjson.Object) orderedjson.Object {
		for i := range o {
			if o[i].Key == name {
				o[i].Value = to(o[i].Value)
				return o
			}
		}
		return append(o, orderedjson.Member{Key: name, Value: to(nil)})
	}
}

func renamed(from, to string) alteration {
	return func(o orderedjson.Object) orderedjson.Object {
		for i := range o {
			if o[i].Key == from {
				o[i].Key = to
			}
		}
		return o
	}
}

// under changes what stands under a key, an object or each of a list.
func under(key string, e alteration) alteration {
	return func(o orderedjson.Object) orderedjson.Object {
		for i := range o {
			if o[i].Key != key {
				continue
			}
			switch v := o[i].Value.(type) {
			case orderedjson.Object:
				o[i].Value = e(v)
			case []any:
				for j := range v {
					if entry, ok := v[j].(orderedjson.Object); ok {
						v[j] = e(entry)
					}
				}
			}
		}
		return o
	}
}

// ofList changes a list that stands under a key.
func ofList(key string, to func([]any) []any) alteration {
	return func(o orderedjson.Object) orderedjson.Object {
		for i := range o {
			if list, ok := o[i].Value.([]any); ok && o[i].Key == key {
				o[i].Value = to(list)
			}
		}
		return o
	}
}

// number is a number plus some more.
func plus(by int64) func(any) any {
	return func(v any) any {
		n, _ := integer(v)
		return n + by
	}
}

func status(from, to int) func(*passing) {
	return func(p *passing) {
		if p.Code == from {
			p.Code = to
		}
	}
}

func header(name, value string) func(*passing) {
	return func(p *passing) {
		p.Header().Del(name)
		if value != "" {
			p.Header().Set(name, value)
		}
	}
}

// query changes the parameters of some requests.
func query(path string, change func(q map[string][]string)) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Path == path {
			q := r.URL.Query()
			change(q)
			r.URL.RawQuery = q.Encode()
		}
		next.ServeHTTP(w, r)
	}
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
func sent(prefix string, alter func([]byte) []byte) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if asks(r, prefix) {
			data, _ := io.ReadAll(r.Body)
			data = alter(data)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
		}
		next.ServeHTTP(w, r)
	}
}

const jsonType = "application/json; charset=utf-8"

// answer replaces the replies to some requests without passing them on.
func answer(prefix string, status int, body string) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !asks(r, prefix) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// leak opens some paths of sales with the credentials of default.
func leak(prefix string) defect {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if id, _, _ := r.BasicAuth(); id == "fake-sales-id" && strings.HasPrefix(r.URL.Path, prefix) {
			r.SetBasicAuth("fake-default-id", "fake-default-token")
		}
		next.ServeHTTP(w, r)
	}
}
