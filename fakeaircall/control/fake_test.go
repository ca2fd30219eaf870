package control

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
)

var update = flag.Bool("update", false, "write docs/control.md anew")

// noon is the fixed clock of most tests: a Monday.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

const kim = `{"first_name":"Kim","last_name":"Lund","company_name":"Shop","phone_numbers":[{"label":"Mobile","value":"+4520000001"}],"emails":[{"label":"Work","value":"kim@shop.test"}]}`

// checked makes every exchange of a server pass the contract, and those of its control API that API's own document.
// What a test provokes on purpose it names, see contract.Enforce.
func checked(t contract.TB, o fakeaircall.Options, exceptions ...string) fakeaircall.Options {
	t.Helper()
	own, err := json.Marshal(document())
	if err != nil {
		t.Fatalf("%v", err)
	}
	aircall, control := contract.Enforce(t, fakeaircall.OpenAPI(), exceptions...), contract.Enforce(t, own)
	o.Wrap = func(h http.Handler) http.Handler {
		aircall, control := aircall(h), control(h)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if o.Control != nil && strings.HasPrefix(r.URL.Path, basePath) {
				control.ServeHTTP(w, r)
			} else {
				aircall.ServeHTTP(w, r)
			}
		})
	}
	return o
}

// A world is a server that a test drives.
type world struct {
	*fakeaircall.Server
	t *testing.T
}

// controlled is an empty world with its control API on.
func controlled(t *testing.T, change ...func(*fakeaircall.Options)) world {
	t.Helper()
	o := fakeaircall.Options{Scale: fakeaircall.ScaleEmpty, Clock: noon, RateLimit: fakeaircall.NoRateLimit, Control: New, AllowUnknownRoutes: true}
	for _, f := range change {
		f(&o)
	}
	return world{fakeaircall.RunT(t, checked(t, o)), t}
}

// ask sends a request to the control API, without credentials of Aircall.
func (w world) ask(method, path, body string) answer {
	w.t.Helper()
	return w.sendAs("", method, path, body)
}

// A receiver answers deliveries with what answer says; 0 never answers.
type receiver struct {
	*httptest.Server
	more chan struct{} // has one when something came
}

func newReceiver(t *testing.T, answer func() int) receiver {
	t.Helper()
	r := receiver{more: make(chan struct{}, 1)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		select {
		case r.more <- struct{}{}:
		default:
		}
		status := answer()
		if status == 0 {
			<-req.Context().Done()
			return
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(func() { r.CloseClientConnections(); r.Close() })
	return r
}

// An answer is a reply with its body read.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// send asks as the default company. An empty body sends none.
func (w world) send(method, path, body string) answer {
	w.t.Helper()
	return w.sendAs("Basic ZmFrZS1kZWZhdWx0LWlkOmZha2UtZGVmYXVsdC10b2tlbg==", method, path, body)
}

func (w world) sendAs(authorization, method, path, body string) answer {
	w.t.Helper()
	req, err := http.NewRequest(method, w.URL()+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	return w.do(req)
}

// do follows no redirect.
func (w world) do(req *http.Request) answer {
	w.t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{w.t, resp.StatusCode, resp.Header, string(b)}
}

func (w world) get(path string) answer { w.t.Helper(); return w.send("GET", path, "") }

func (a answer) want(status int, body string) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("status %d, want %d; body %s", a.status, status, a.body)
	}
	if diff := cmp.Diff(body, a.body); diff != "" {
		a.t.Errorf("body (-want +got):\n%s", diff)
	}
	return a
}

func (a answer) wantStatus(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("status %d, want %d; body %s", a.status, status, a.body)
	}
	return a
}

// at is the raw JSON at a path of keys and indexes, such as contacts.0.id.
func (a answer) at(path string) string {
	a.t.Helper()
	raw := json.RawMessage(a.body)
	for key := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		var list []json.RawMessage
		var i int
		switch {
		case json.Unmarshal(raw, &object) == nil:
			raw = object[key]
		case json.Unmarshal(raw, &list) == nil:
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(list) {
				a.t.Fatalf("no %s in %s", path, a.body)
			}
			raw = list[i]
		}
		if raw == nil {
			a.t.Fatalf("no %s in %s", path, a.body)
		}
	}
	return string(raw)
}

func (a answer) text(path string) string {
	a.t.Helper()
	var s string
	if err := json.Unmarshal([]byte(a.at(path)), &s); err != nil {
		a.t.Fatalf("%s is no string: %s", path, a.at(path))
	}
	return s
}

// list is the value of a key in every item of the reply's list.
func (a answer) list(name, key string) []string {
	a.t.Helper()
	var items []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(a.at(name)), &items); err != nil {
		a.t.Fatal(err)
	}
	values := []string{}
	for _, item := range items {
		values = append(values, string(bytes.Trim(item[key], `"`)))
	}
	return values
}
