package contract

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// TB is the part of testing.TB that Enforce needs.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// compiled holds, by the text of a document, a function that returns its Contract: to read one takes a second.
var compiled sync.Map

// Enforce returns a wrapper for handlers that fails the test at each difference from the document. Each exception is the
// beginning of a Difference as a string, such as "retrieve-a-tag: status": the test provokes it on purpose. An exception
// that does not occur fails the test too.
func Enforce(t TB, doc []byte, exceptions ...string) func(http.Handler) http.Handler {
	t.Helper()
	read, _ := compiled.LoadOrStore(string(doc), sync.OnceValues(func() (*Contract, error) { return New(doc) }))
	c, err := read.(func() (*Contract, error))()
	if err != nil {
		t.Fatalf("contract: %v", err)
		return nil
	}
	var mu sync.Mutex
	seen := make([]bool, len(exceptions))
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for i, e := range exceptions {
			if !seen[i] {
				t.Errorf("contract: %q is an exception that did not occur", e)
			}
		}
	})
	excepted := func(d Difference) bool {
		mu.Lock()
		defer mu.Unlock()
		for i, e := range exceptions {
			if strings.HasPrefix(d.String(), e) {
				seen[i] = true
				return true
			}
		}
		return false
	}
	return func(next http.Handler) http.Handler {
		return c.Handler(next, func(x Exchange, found []Difference) {
			if x.Status >= 500 { // documented, but no test is about to
				route, _ := c.find(x)
				found = append(found, Difference{Operation: operationOf(route), Where: "status", Want: "no failure of the server", Got: strconv.Itoa(x.Status)})
			}
			for _, d := range found {
				if !excepted(d) {
					t.Errorf("contract: %s %s: %d: %s", x.Method, x.URL.RequestURI(), x.Status, d)
				}
			}
		})
	}
}

// Handler passes requests to next and calls report with each exchange and its differences, possibly with several at once. It
// changes nothing of the exchange.
func (c *Contract) Handler(next http.Handler, report func(x Exchange, found []Difference)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, out := &bytes.Buffer{}, &recorder{ResponseWriter: w}
		r2 := *r
		r2.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, sent), r.Body}
		next.ServeHTTP(out, &r2)
		r.Pattern = r2.Pattern
		if out.hijacked { // there is no reply to check
			return
		}
		if out.status == 0 {
			out.status, out.header = http.StatusOK, w.Header()
		}
		x := Exchange{Method: r.Method, URL: r.URL, RequestBody: sent.Bytes(), Status: out.status, Header: out.header, Body: out.body.Bytes()}
		report(x, c.Check(x))
	})
}

// recorder passes a reply on and keeps a copy.
type recorder struct {
	http.ResponseWriter
	status   int
	header   http.Header // as it was sent
	body     bytes.Buffer
	hijacked bool
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status, r.header = status, r.Header().Clone()
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(r.ResponseWriter).Hijack()
	r.hijacked = err == nil
	return conn, rw, err
}

// Unwrap lets http.ResponseController through.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
