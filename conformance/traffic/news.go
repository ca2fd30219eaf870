package traffic

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/drift"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Kinds of news.
const (
	newRoute  = "route"
	newMember = "member"
	newWord   = "word"
	newHeader = "header"
	newEvent  = "event"
	newStatus = "status"
)

// news is something that the contract does not have.
type news struct{ kind, what string }

// isNewMember reports whether a breach is a member that the contract does not have. Aircall may add one at any time, so that
// it is new and breaks nothing.
func isNewMember(b report.Breach) bool {
	return b.Want == "nothing" && strings.HasPrefix(b.Where, "body/")
}

// news returns what is new in an exchange with the API.
func (c *Checker) news(x *exchange, breaches []report.Breach) (found []news) {
	if x.op == "" {
		if x.Status >= 400 && x.fromEdge("Not Found") || x.Method == http.MethodOptions || x.Method == http.MethodHead {
			return nil // the path does not exist, as the contract says
		}
		return []news{{newRoute, fmt.Sprintf("%s %s answers %d", plainMethod(x.Method), plainPath(x.path), x.Status)}}
	}
	for _, b := range breaches {
		place := strings.TrimPrefix(b.Where, "body/")
		switch {
		case isNewMember(b):
			found = append(found, news{newMember, b.Op + ": " + place})
		case b.Where == "status":
			found = append(found, news{newStatus, b.Op + ": " + b.Got})
		case strings.HasPrefix(b.Want, "one of ") && strings.HasPrefix(b.Where, "body/") && !x.Masked:
			for _, word := range wordsAt(x.body, strings.Split(place, "/")) {
				found = append(found, news{newWord, fmt.Sprintf("%s: %s: %s", b.Op, place, word)})
			}
		}
	}
	for name := range x.ReplyHeader {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-") && !c.headers[lower] && report.PlainHeader(name) {
			found = append(found, news{newHeader, http.CanonicalHeaderKey(name)})
		}
	}
	if strings.HasPrefix(x.route, "/v1/webhooks") {
		for _, w := range x.records("webhooks", "webhook") {
			events, _ := w.Get("events")
			list, _ := events.([]any)
			for _, e := range list {
				name, _ := e.(string)
				found = append(found, unknownEvent(name)...)
			}
		}
	}
	return found
}

// eventNews returns what is new in an event that a webhook received.
func eventNews(x *exchange) []news { return unknownEvent(text(object(x.sent), "event")) }

func unknownEvent(name string) []news {
	if !drift.PlainEvent(name) || slices.Contains(knownEvents, name) {
		return nil
	}
	return []news{{newEvent, name}}
}

var knownEvents = fakeaircall.EventNames()

// wordsAt returns the words of a field with a fixed list of words, at a place in which * is any entry of a list, that the
// contract does not have. The contract names the place only if it does not have one of them; all that have the form of a word
// are returned without those that it names elsewhere.
func wordsAt(v any, place []string) (words []string) {
	if len(place) == 0 {
		return nil
	}
	key, rest := place[0], place[1:]
	if key == "*" {
		list, _ := v.([]any)
		for _, e := range list {
			words = append(words, wordsAt(e, rest)...)
		}
		slices.Sort(words)
		return slices.Compact(words)
	}
	value := dig(v, key)
	if len(rest) > 0 {
		return wordsAt(value, rest)
	}
	if s, ok := value.(string); ok && drift.PlainWord(key, s) && !documentedWord(s) {
		words = append(words, s)
	}
	return words
}

// documentedWord reports whether the contract has a word somewhere.
func documentedWord(s string) bool {
	return strings.Contains(contractText(), `"`+s+`"`)
}

var contractText = sync.OnceValue(func() string { return string(fakeaircall.OpenAPI()) })

// plainPath returns a path with … for every segment that may be a value.
func plainPath(path string) string {
	parts := strings.Split(path, "/")
	if len(parts) > 8 {
		parts = append(parts[:8], "…")
	}
	for i, plain := range drift.PlainSegments(parts) {
		if !plain {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, "/")
}

func plainMethod(method string) string {
	if slices.Contains(wirecheck.Methods, method) {
		return method
	}
	return "(method)"
}

// knownHeaders returns the names of the headers that replies of each tier have, in lower case: those that the fake sends.
var knownHeaders = sync.OnceValues(func() (map[string]bool, error) {
	account := fakeaircall.StandardAccounts()[0]
	s, err := fakeaircall.New(fakeaircall.Options{Scale: fakeaircall.ScaleEmpty, Accounts: []fakeaircall.Account{account}, RateLimit: 4})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	names := map[string]bool{}
	for _, path := range []string{"/v1/ping", "/v1/contacts", "/v1/webhooks", "/v1/none", "/v1/ping", "/v1/ping"} { // the last is over the limit
		r := (&http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}, Host: liveHost, Header: http.Header{}, Body: http.NoBody}).WithContext(context.Background())
		r.SetBasicAuth(account.APIID, account.APIToken)
		w := &headers{header: http.Header{}}
		s.Handler().ServeHTTP(w, r)
		for name := range w.header {
			names[strings.ToLower(name)] = true
		}
	}
	return names, nil
})

// headers is a reply of which only the headers count.
type headers struct{ header http.Header }

func (h *headers) Header() http.Header         { return h.header }
func (h *headers) Write(p []byte) (int, error) { return len(p), nil }
func (h *headers) WriteHeader(int)             {}
