package fakeaircall

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noon is the fixed clock of most tests: a Monday.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// A world is a server with one account, whose data the test creates.
type world struct {
	*Server
	t *testing.T
}

// empty returns a world whose only data is the owner and the system tags.
func empty(t *testing.T) world {
	t.Helper()
	return world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit})), t}.bare()
}

// bare removes the line and the contact of a new account.
func (w world) bare() world {
	w.t.Helper()
	w.change((*tx).empty)
	return w
}

func (t *tx) empty() {
	for _, n := range slices.Clone(t.numbers.order) {
		t.numbers.remove(n.ID)
	}
	for _, c := range slices.Clone(t.contacts.order) {
		t.contacts.remove(c.ID)
	}
	owner := t.users.order[0]
	t.users.update(owner, func() { owner.DefaultNumberID = 0 })
}

// lost allows the test to request routes that Aircall does not have.
func (w world) lost() world {
	w.allowUnknownRoutes = true
	return w
}

// change runs f on the state of the default account, for changes that the API does not offer.
func (w world) change(f func(*tx)) {
	w.t.Helper()
	if err := w.accounts()[0].do(w.Now(), func(t *tx) error { f(t); return nil }); err != nil {
		w.t.Fatal(err)
	}
}

// An answer is a reply with its body.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// send sends a request with the credentials of the default account. An empty body sends none.
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

// do sends a request and follows no redirect.
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

// wantTroubleshoot checks for an error of the application whose hint contains the text.
func (a answer) wantTroubleshoot(status int, words string) {
	a.t.Helper()
	a.wantError(status, http.StatusText(status), words)
}

// wantError is wantTroubleshoot with a key in place of the text of the status.
func (a answer) wantError(status int, key, words string) {
	a.t.Helper()
	a.wantStatus(status)
	if got := a.text("troubleshoot"); !strings.Contains(got, words) || a.text("error") != key {
		a.t.Errorf("body %s, want the error %s about %q", a.body, key, words)
	}
}

// at returns the raw JSON at a path of keys and indexes, such as contacts.0.id.
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

// list returns the value of a key in every item of the reply's list.
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

func sha256Of(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }

func sha1Of(s string) string {
	sum := sha1.Sum([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// prepare seeds or copies the account if that is still to be done.
func (c *account) prepare() {
	_ = c.holds.Do(func(h *lazyState) error { c.open(h); return nil })
}

// expand replaces a parameter in a path with its value.
func expand(path, name, value string) string {
	return strings.Replace(path, "{"+name+"}", value, 1)
}
