package defect

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// linksWithout leaves a parameter out of the links to next pages.
func linksWithout(prefix, parameter string) Defect {
	return Change(prefix, OfBody(Under("meta", altered("next_page_link", func(v any) any {
		if link, ok := v.(string); ok {
			return strings.Replace(link, parameter, "", 1)
		}
		return v
	}))))
}

// plusNumber adds to a number in a query.
func plusNumber(by int) func(string) string { return ofNumber(func(n int) any { return n + by }) }

// stale answers each read of a contact with the first reply.
func stale() Defect {
	var mu sync.Mutex
	first := map[string]*Reply{}
	return when(func(r *http.Request) bool { return Asks(r, "GET /v1/contacts/") && r.URL.RawQuery == "" }, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		mu.Lock()
		defer mu.Unlock()
		key := r.Header.Get("Authorization") + r.URL.Path
		if first[key] == nil {
			first[key] = Take(r, next)
		}
		first[key].Send(w)
	})
}

// repeated puts the last entry of a page in front of the next one.
func repeated(key string) func(*Reply) {
	var mu sync.Mutex
	var last any
	return func(p *Reply) {
		mu.Lock()
		defer mu.Unlock()
		p.JSON = ofList(key, func(list []any) []any {
			if len(list) == 0 {
				return list
			}
			mine := list[len(list)-1]
			meta, _ := p.JSON.Get("meta")
			if m, _ := meta.(orderedjson.Object); last != nil && m != nil {
				if previous, _ := m.Get("previous_page_link"); previous != nil {
					list[0] = last
				}
			}
			last = mine
			return list
		})(p.JSON)
	}
}

// turning puts what a list holds into another order each time it is asked.
func turning(path, key string) Defect {
	var n atomic.Int64
	return Change("GET "+path, func(p *Reply) {
		if n.Add(1)%2 == 1 {
			p.JSON = ofList(key, func(l []any) []any { slices.Reverse(l); return l })(p.JSON)
		}
	})
}

// lostDeletion answers the first deletion and does nothing. The same request undoes the scenario later, and passes.
func lostDeletion() Defect {
	var lost atomic.Bool
	return when(func(r *http.Request) bool { return r.Method == "DELETE" && !lost.Swap(true) }, all(http.StatusNoContent, "", ""))
}

// instead sends some requests to another path.
func instead(prefix, suffix string, to func(string) string) Defect {
	return when(func(r *http.Request) bool { return Asks(r, prefix) && strings.HasSuffix(r.URL.Path, suffix) }, onRequest(func(r *http.Request) {
		r.URL.Path = to(r.URL.Path)
	}))
}

// asking asks for what nobody asked for.
func asking(prefix, parameter string) Defect {
	return when(asks(prefix), onRequest(func(r *http.Request) {
		q := r.URL.Query()
		q.Set(parameter, "true")
		r.URL.RawQuery = q.Encode()
	}))
}

// opened puts good credentials on some requests.
func opened(these func(*http.Request) bool) Defect {
	return when(these, onRequest(func(r *http.Request) { r.SetBasicAuth("fake-default-id", "fake-default-token") }))
}

// limitHeader sets a header that comes with a 429; "" removes it.
func limitHeader(name, value string) Defect {
	return Change("", func(p *Reply) {
		for key := range p.Header() {
			if p.Code == http.StatusTooManyRequests && strings.HasPrefix(strings.ToLower(key), strings.ToLower(name)) {
				p.Header()[key] = []string{value}
				if value == "" {
					delete(p.Header(), key)
				}
			}
		}
	})
}

// untrueOfTheWire returns servers that differ from Aircall in a way that only the scenarios of the API, with their own fakes, notice.
func untrueOfTheWire() []Server {
	const calls, contacts, limits = "api/calls/", "api/contacts/", "fake/limits/"
	return []Server{
		{"a page above 50 is refused", query("/v1/calls", set("per_page", ofNumber(func(n int) any {
			if n > 50 {
				return "none"
			}
			return n
		}))), calls + "a-page-of-more-than-50", ""},
		{"contacts clamp a page above 50", query("/v1/contacts", set("per_page", ofNumber(func(n int) any { return min(n, 50) }))), contacts + "a-page-of-more-than-50", ""},
		{"a link leaves the order out", linksWithout("GET /v1/calls", "order=asc&"), calls + "the-links-have-every-parameter", ""},
		{"a page of none is given", query("/v1/calls", set("per_page", noLess(1))), calls + "the-parameters-per_page-0", ""},
		{"page 0 is the first", query("/v1/calls", set("page", noLess(1))), calls + "the-parameters-page-0", ""},
		{"links forget what was asked for", Change("GET /v1/calls", OfBody(Under("meta", altered("next_page_link", func(v any) any {
			link, _ := v.(string)
			if before, _, ok := strings.Cut(link, "?"); ok {
				return before + "?page=2"
			}
			return v
		})))), calls + "the-links-lead-to-the-next", ""},
		{"a page past the end is the last", query("/v1/calls", set("page", func(was string) string {
			if len(was) > 1 {
				return "1"
			}
			return was
		})), calls + "a-page-past-the-end", ""},
		{"a search that finds nothing is a 404", Change("GET /v1/calls/search", func(p *Reply) {
			if v, _ := p.JSON.Get("calls"); fmt.Sprint(v) == "[]" {
				p.Code, p.JSON = http.StatusNotFound, orderedjson.Object{{Key: "error", Value: "Not Found"}, {Key: "troubleshoot", Value: "none"}}
			}
		}), calls + "a-search-for-an-unknown-tag", ""},
		{"the contact of a call comes unasked", asking("GET /v1/calls", "fetch_contact"),
			calls + "a-call-has-its-contact-only", ""},
		{"short URLs come unasked", asking("GET /v1/calls/", "fetch_short_urls"), calls + "a-call-has-short-urls", ""},
		{"archiving does nothing", instead("PUT /v1/calls/", "/archive", func(p string) string { return strings.TrimSuffix(p, "archive") + "unarchive" }), calls + "a-call-is-archived", ""},
		{"taking out of the archive does nothing", instead("PUT /v1/calls/", "/unarchive", func(p string) string { return strings.TrimSuffix(p, "unarchive") + "archive" }), calls + "a-call-is-archived", ""},
		{"a comment is answered and not kept", acknowledged("POST /v1/calls/", "/comments", 201), calls + "a-new-comment-is", ""},
		{"a tag is answered and not put on", acknowledged("POST /v1/calls/", "/tags", 201), calls + "a-tagged-call", ""},
		{"a sixth comment is taken", Change("POST /v1/calls/", func(p *Reply) {
			if strings.HasSuffix(p.request.URL.Path, "/comments") && p.Code == http.StatusBadRequest {
				p.empty(http.StatusCreated)
			}
		}), calls + "a-call-takes-five-comments", ""},
		{"comments keep their emojis", Change("GET /v1/calls/", OfEach("calls", Under("comments", altered("content", func(v any) any {
			return fmt.Sprint(v, "☎")
		})))), calls + "the-server-removes-emojis", ""},
		{"a deletion deletes another", instead("DELETE /v1/contacts/", "", func(p string) string {
			if strings.Count(p, "/") != 3 {
				return p
			}
			return "/v1/contacts/5678"
		}), "relations/contacts/a-deleted-contact", ""},
		{"a second deletion is a 204", Change("DELETE ", func(p *Reply) {
			if p.Code == http.StatusNotFound {
				p.empty(http.StatusNoContent)
			}
		}), contacts + "a-deleted-contact-is-gone", ""},
		{"a refusal is a 422", Change("POST /v1/contacts", Status(400, 422)), contacts + "a-new-contact-without-", ""},
		{"what is missing is a 403", Change("GET /v1/contacts/", Status(404, 403)), contacts + "a-contact-with-the-id", ""},
		{"a name may be blank", sent("POST /v1/contacts", func(data []byte) []byte {
			return bytes.ReplaceAll(data, []byte(`"first_name": " "`), []byte(`"first_name": "Nobody"`))
		}), contacts + "a-blank-field", ""},
		{"a change of an entry is answered and not kept", sent("PUT /v1/contacts/", func([]byte) []byte { return []byte("{}") }), contacts + "a-phone-number-is-added", ""},
		{"an update changes phone numbers", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			data, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(data))
			if r.Method == "POST" && strings.Count(r.URL.Path, "/") == 3 && bytes.Contains(data, []byte("phone_numbers")) {
				more := r.Clone(r.Context())
				more.URL.Path += "/phone_details"
				more.Body = io.NopCloser(strings.NewReader(`{"label":"New","value":"+33612345678"}`))
				Take(more, next)
			}
			next.ServeHTTP(w, r)
		}, contacts + "an-update-is-a-post", ""},
		{"nobody needs credentials", opened(func(r *http.Request) bool { return r.Header.Get("Authorization") == "" }), "api/company/without-credentials", ""},
		{"any key opens", opened(func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Authorization"), "B") }), "api/company/", ""},
		{"no path is unknown", Change("", func(p *Reply) {
			if v, _ := p.JSON.Get("message"); p.Code == http.StatusNotFound || v == "Forbidden" {
				p.Code, p.JSON = http.StatusOK, orderedjson.Object{}
			}
		}), "api/company/", ""},
		{"two slashes are one", onRequest(func(r *http.Request) { r.URL.Path = strings.TrimSuffix(r.URL.Path, "/") }), "api/company/a-slash-at-the-end", ""},
		{"the limit is never reached", Change("", func(p *Reply) {
			if p.Code == http.StatusTooManyRequests {
				p.Code, p.JSON = http.StatusOK, orderedjson.Object{{Key: "ping", Value: "pong"}}
			}
		}), limits + "only-a-429", ""},
		{"the limit is reached at once", Change("GET /v1/ping", func(p *Reply) {
			p.Code, p.JSON = http.StatusTooManyRequests, orderedjson.Object{{Key: "error", Value: "Too Many Requests"}}
		}),
			limits + "the-next-minute", ""},
		{"a 429 has no headers", limitHeader("X-AircallApi-", ""), limits + "only-a-429", "header X-AircallApi-Limit"},
		{"the limit ends in the past", limitHeader("X-AircallApi-Reset", "946684801"), limits + "only-a-429", ""},
		{"less than nothing remains", limitHeader("X-AircallApi-Remaining", "-1"), limits + "only-a-429", ""},
		{"all accounts share a limit", leak("/v1/ping"), limits + "another-account", ""},
		{"what is rejected counts", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			p := Take(r, next)
			if p.Code == http.StatusForbidden || p.Code == http.StatusUnauthorized {
				ping := r.Clone(r.Context())
				ping.URL.Path = "/v1/ping"
				ping.SetBasicAuth("fake-default-id", "fake-default-token")
				Take(ping, next)
			}
			p.Send(w)
		}, limits + "requests-that-are-rejected-at-the-edge", ""},
		{"colors are in capitals", Change("POST /v1/tags", OfEach("tags", altered("color", func(v any) any { return strings.ToUpper(fmt.Sprint(v)) }))), "api/tags/a-new-tag-keeps-the-case", ""},
		{"a deleted tag stays on the calls", acknowledged("DELETE /v1/tags/", "", 204), "api/tags/a-deleted-tag-is-gone", ""},
		{"a new user is answered and not kept", Change("POST /v2/users", OfEach("users", altered("id", plus(1)))), "api/users/a-new-user-is-a-201", ""},
		{"who is added to a team is not in it", Change("POST /v1/teams/", OfBody(Under("team", ofList("users", func(l []any) []any { return l[:0] })))), "api/teams/a-user-is-added", ""},
		{"every reply is that to another request", previous(), "api/calls/", ""},
	}
}

// ofNumber changes the value of a parameter that is a number.
func ofNumber(to func(int) any) func(string) string {
	return func(was string) string {
		if n, err := strconv.Atoi(was); err == nil {
			return fmt.Sprint(to(n))
		}
		return was
	}
}

func noLess(least int) func(string) string { return ofNumber(func(n int) any { return max(n, least) }) }

// acknowledged answers a write as if it had been done.
func acknowledged(prefix, suffix string, status int) Defect {
	return when(func(r *http.Request) bool { return Asks(r, prefix) && strings.Contains(r.URL.Path, suffix) }, all(status, "", ""))
}

// previous gives each request the reply to the last one that asked for something else.
func previous() Defect {
	type answered struct {
		asked string
		reply *Reply
	}
	var mu sync.Mutex
	var last, before answered
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		mu.Lock()
		defer mu.Unlock()
		mine := answered{asked: fmt.Sprint(r.Method, r.URL, r.Header["Authorization"])}
		mine.reply = Take(r, next)
		if mine.asked != last.asked {
			last, before = mine, last
		}
		if before.reply == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		before.reply.Send(w)
	}
}
