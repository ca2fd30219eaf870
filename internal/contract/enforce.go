package contract

import (
	"bytes"
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

// Enforce gives a wrapper of handlers that fails the test at each difference from the document. What a test provokes on
// purpose it names: an exception is the beginning of a Difference as a string, such as "retrieve-a-tag: status". One
// that does not occur fails the test too.
func Enforce(t TB, doc []byte, exceptions ...string) func(http.Handler) http.Handler {
	t.Helper()
	c, err := compiled(doc)
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
				t.Errorf("contract: %q is excepted and did not occur", e)
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
				found = append(found, Difference{Operation: c.operation(x), Where: "status", Want: "no failure of the server", Got: strconv.Itoa(x.Status)})
			}
			for _, d := range found {
				if !excepted(d) {
					t.Errorf("contract: %s %s: %d: %s", x.Method, x.URL.RequestURI(), x.Status, d)
				}
			}
		})
	}
}

// compiled reads a document once in the life of the process: it takes a second.
func compiled(doc []byte) (*Contract, error) {
	once.Lock()
	defer once.Unlock()
	for _, k := range once.known {
		if bytes.Equal(k.doc, doc) {
			return k.contract, nil
		}
	}
	c, err := New(doc)
	if err == nil {
		once.known = append(once.known, document{doc, c})
	}
	return c, err
}

type document struct {
	doc      []byte
	contract *Contract
}

var once struct {
	sync.Mutex
	known []document
}
