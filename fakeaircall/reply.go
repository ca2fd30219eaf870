package fakeaircall

import (
	"cmp"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A reply is what a handler returns. The server writes it.
type reply struct {
	status int
	body   raw // nil: no body and no content type
	header http.Header
}

// A tier is one of the services behind api.aircall.io. They differ in their headers and in the place of meta in a list
// (recorded 2026-06-19).
type tier int

const (
	edgeTier    tier = iota // CloudFront and API Gateway
	railsTier               // the monolith
	expressTier             // contacts
	lambdaTier              // webhooks
)

// An envelope is an object whose keys keep their order.
type envelope []member

type member struct {
	key   string
	value any // raw, []raw, an envelope or a view
}

// bodies are buffers of replies that were sent: a page of calls has some 50 kB, and allocating takes as long as filling.
var bodies sync.Pool

// encode writes compact JSON with <, > and & escaped, as Rails does.
func (e envelope) encode() raw {
	b, ok := bodies.Get().(*raw)
	if !ok {
		b = new(make(raw, 0, 1024))
	}
	return e.appendTo((*b)[:0])
}

func (e envelope) appendTo(b raw) raw {
	for i, m := range e {
		b = append(b, "{,"[min(i, 1)])
		b = append(append(append(b, '"'), m.key...), '"', ':') // no key needs an escape
		switch v := m.value.(type) {
		case raw:
			b = append(b, v...)
		case []raw:
			b = appendList(b, v)
		case envelope:
			b = v.appendTo(b)
		default:
			b = append(b, encode(v)...)
		}
	}
	return append(b, '}')
}

func appendList(b raw, items []raw) raw {
	size := 2
	for _, item := range items {
		size += len(item) + 1
	}
	b = append(slices.Grow(b, size+512), '[') // and what follows the list
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, item...)
	}
	return append(b, ']')
}

// one returns a reply with an object under its name.
func one(status int, key string, view any) reply {
	return reply{status: status, body: envelope{{key, view}}.encode()}
}

// flat returns a reply with an object that has no name around it.
func flat(status int, view any) reply {
	if e, ok := view.(envelope); ok {
		return reply{status: status, body: e.encode()} // in a buffer of bodies
	}
	return reply{status: status, body: encode(view)}
}

// list returns a reply with a page. Rails puts meta last and the other services put it first; meta of webhooks has no
// links.
func (r *request) list(key string, views any, l listing) reply {
	items, meta := member{key, views}, member{"meta", r.meta(l)}
	switch r.route.tier {
	case railsTier:
		items, meta = meta, items
	case lambdaTier:
		meta.value = envelope{{"count", l.count}, {"total", l.total}, {"current_page", l.page}, {"per_page", l.perPage}}.encode()
	}
	return flat(200, envelope{meta, items})
}

// failure returns the reply for an error, and the tier that sends it.
func failure(err error, t tier, a assumptions) (reply, tier) {
	switch e := err.(type) {
	case *edgeError:
		return reply{status: e.status, body: envelope{{"message", e.message}}.encode()}, edgeTier
	case *apiError:
		if e.literal != "" {
			return reply{status: e.status, body: raw(e.literal)}, t
		}
		body := envelope{{"error", cmp.Or(e.key, http.StatusText(e.status))}, {"troubleshoot", e.troubleshoot}}
		switch {
		case t == railsTier && (!a.successOnRefusals || e.status == 405 || e.status == 422):
			body = append(body, member{"success", false})
		case t == expressTier && a.listedErrors:
			// An app in production reads errors of contacts with a type that has these members.
			one := envelope{{"status", e.status}, {"title", http.StatusText(e.status)}, {"detail", e.troubleshoot}}
			body = append(body, member{"errors", []raw{one.encode()}})
		}
		return reply{status: e.status, body: body.encode()}, t
	}
	return failure(errInternal, edgeTier, a)
}

// writeHeaders sets the headers that the reply's tier sends. It returns the status and the body to send: a client that has
// the body already gets a 304 without one.
func (s *Server) writeHeaders(h http.Header, r *http.Request, rep reply, t tier, runtime float64) (status int, body raw) {
	maps.Copy(h, rep.header)
	h["Date"] = s.date.at(s.clock.now())
	s.frontHeaders(h, rep.status)
	tag := t.tag(rep.status, rep.body)
	switch t {
	case railsTier:
		s.railsHeaders(h, tag != "", runtime)
	case expressTier:
		maps.Copy(h, expressConstants)
	case lambdaTier:
		s.lambdaHeaders(h)
	}
	values := []string{tag, ""}
	if tag != "" {
		h["Etag"] = values[0:1:1]
		if rep.status == 200 && r.Method == http.MethodGet && t.unchanged(r.Header, tag) {
			return http.StatusNotModified, nil
		}
	}
	if rep.body != nil {
		h["Content-Type"] = contentTypes[t]
		values[1] = strconv.Itoa(len(rep.body))
		h["Content-Length"] = values[1:2:2]
	}
	return rep.status, rep.body
}

// A date is the Date header of one second, which many replies share.
type date struct{ last atomic.Pointer[dated] }

type dated struct {
	second int64
	header []string
}

func (d *date) at(now time.Time) []string {
	last := d.last.Load()
	if last == nil || last.second != now.Unix() {
		last = &dated{now.Unix(), []string{now.Format(http.TimeFormat)}}
		d.last.Store(last)
	}
	return last.header
}

// contentTypes has no charset for webhooks (recorded) and for the edge (measured).
var contentTypes = map[tier][]string{
	edgeTier:    {"application/json"},
	railsTier:   {"application/json; charset=utf-8"},
	expressTier: {"application/json; charset=utf-8"},
	lambdaTier:  {"application/json"},
}

// tag returns the ETag of a body, or "". The recorded ones are Rack's digest on Rails, which errors do not have, and
// Express's on contacts, which every body has.
func (t tier) tag(status int, body []byte) string {
	b := append(make([]byte, 0, 64), `W/"`...)
	switch {
	case body == nil:
		return ""
	case t == railsTier && (status == 200 || status == 201):
		sum := sha256.Sum256(body)
		b = hex.AppendEncode(b, sum[:16])
	case t == expressTier:
		sum := sha1.Sum(body)
		b = append(strconv.AppendInt(b, int64(len(body)), 16), '-')
		b = base64.RawStdEncoding.AppendEncode(b, sum[:])
	default:
		return ""
	}
	return string(append(b, '"'))
}

// unchanged reports whether the client has the body with a tag. No source shows a 304 of Aircall: Rack compares the whole
// header with the tag; Express reads a list or a star, compares weakly, and sends the body if the client wants no cache.
func (t tier) unchanged(h http.Header, tag string) bool {
	asked := strings.Join(h["If-None-Match"], ",")
	if t != expressTier {
		return asked == tag
	}
	if strings.Contains(h.Get("Cache-Control"), "no-cache") {
		return false
	}
	for one := range strings.SplitSeq(asked, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// frontHeaders sets the headers of CloudFront and API Gateway, which every reply has. CloudFront tells a failure from an
// answer by its status, whichever service gave it. The three ids are parts of one text, because allocations take most of the
// time of a header.
func (s *Server) frontHeaders(h http.Header, status int) {
	rnd := s.headerIDs()
	b := rnd.appendGatewayID(make([]byte, 0, 160))
	id := len(b)
	b = append(rnd.appendHex(append(b, "1.1 "...), 32), ".cloudfront.net (CloudFront)"...)
	via := len(b)
	b = base64.URLEncoding.AppendEncode(b, rnd.appendHex(make([]byte, 0, 40), 40))
	ids := string(b)
	values := []string{ids[:id], ids[id:via], ids[via:]}
	h["Apigw-Requestid"], h["Via"], h["X-Amz-Cf-Id"] = values[0:1:1], values[1:2:2], values[2:3:3]
	h["X-Amz-Cf-Pop"] = pop
	h["X-Cache"] = cacheMiss
	if status >= 400 {
		h["X-Cache"] = cacheError
	}
}

// Values that many replies share.
var (
	pop        = []string{"CDG52-P4"}
	cacheMiss  = []string{"Miss from cloudfront"}
	cacheError = []string{"Error from cloudfront"}
	noCache    = []string{"no-cache"}
	revalidate = []string{"max-age=0, private, must-revalidate"}
)

func (s *Server) railsHeaders(h http.Header, fresh bool, runtime float64) {
	h["X-Request-Id"] = []string{s.headerIDs().uuid()}
	h["X-Runtime"] = []string{strconv.FormatFloat(runtime, 'f', 6, 64)}
	h["Cache-Control"] = noCache
	if fresh {
		h["Cache-Control"] = revalidate
	}
	maps.Copy(h, railsConstants)
}

// By default, Rails also sends x-frame-options, x-content-type-options and x-download-options; in the recordings, the proxy
// sets the same values.
var railsConstants = http.Header{
	"Referrer-Policy":                   {"strict-origin-when-cross-origin"},
	"Server":                            {"istio-envoy"},
	"Strict-Transport-Security":         {"max-age=31536000; includeSubDomains"},
	"Vary":                              {"Origin, Accept-Encoding"},
	"X-Content-Type-Options":            {"nosniff"},
	"X-Download-Options":                {"noopen"},
	"X-Envoy-Upstream-Service-Time":     {"12"},
	"X-Frame-Options":                   {"SAMEORIGIN"},
	"X-Permitted-Cross-Domain-Policies": {"none"},
	"X-Xss-Protection":                  {"1; mode=block"},
}

// lambdaHeaders sets the headers of an inner gateway. There is no ETag and no request id of Rails (recorded 2026-06-19).
func (s *Server) lambdaHeaders(h http.Header) {
	rnd := s.headerIDs()
	h["X-Amzn-Requestid"] = []string{rnd.uuid()}
	h["X-Amz-Apigw-Id"] = []string{string(rnd.appendGatewayID(nil))}
	h["X-Amzn-Trace-Id"] = []string{fmt.Sprintf("Root=1-%08x-%s", uint32(s.clock.now().Unix()), rnd.hex(24))}
}

var expressConstants = http.Header{
	"Server":                        {"istio-envoy"},
	"Vary":                          {"Accept-Encoding"},
	"X-Envoy-Upstream-Service-Time": {"12"},
	"X-Powered-By":                  {"Express"},
}

// An apiError is a failure in Aircall's own code: {"error":"<HTTP phrase>","troubleshoot":"<hint>"}. Rails adds
// "success":false, as in both Rails bodies that are known word for word.
type apiError struct {
	status       int
	key          string // the value of "error"; "": the text of the status
	troubleshoot string
	literal      string // the whole body, if it was recorded
}

func (e *apiError) Error() string {
	return fmt.Sprintf("%d %s: %s", e.status, http.StatusText(e.status), e.troubleshoot)
}

var (
	// A marketplace app compares the hint of calls and contacts with this text.
	errNotFound = &apiError{status: 404, troubleshoot: "Check ID of the resource"}

	// Recorded on calls, contacts and tags (2026-09-28).
	errBeyondCap = &apiError{status: 400, literal: `{"error":"Bad Request","data":null,"message":"BAD_REQUEST",` +
		`"errors":"Your query is limited to 10k results and pagination is out of bound, please use timestamps or other filters.",` +
		`"troubleshoot":"BAD_REQUEST","success":false}`}
)

// invalid returns a 400: what the client sent is wrong by itself.
func invalid(format string, args ...any) *apiError {
	return &apiError{status: 400, troubleshoot: fmt.Sprintf(format, args...)}
}

// refused returns a 422: what the client sent conflicts with the data.
func refused(format string, args ...any) *apiError {
	return &apiError{status: 422, troubleshoot: fmt.Sprintf(format, args...)}
}

// An edgeError is a failure before Aircall's own code: {"message":"…"}.
type edgeError struct {
	status  int
	message string
}

func (e *edgeError) Error() string { return fmt.Sprintf("%d %s", e.status, e.message) }

// Measured on 2026-08-11, except the last two, which are API Gateway's own texts.
var (
	errUnauthorized = &edgeError{401, "Unauthorized"}
	errForbidden    = &edgeError{403, "Forbidden"}
	errNoRoute      = &edgeError{404, "Not Found"}
	errTooLarge     = &edgeError{413, "Request Entity Too Large"}
	errInternal     = &edgeError{500, "Internal Server Error"}
)

// raw is JSON that is ready to send.
type raw []byte

// encode returns the JSON of a view. Views are plain data: encoding them cannot fail.
func encode(view any) raw {
	if e, ok := view.(envelope); ok {
		return e.appendTo(nil)
	}
	b, err := json.Marshal(view)
	if err != nil {
		panic(err)
	}
	return b
}

// A cachedJSON is the JSON of a record, which is encoded once per change and not once per request. It also depends on the
// users, numbers, tags and teams that the JSON embeds: every change of them changes the epoch.
type cachedJSON struct {
	body  raw
	epoch uint64
	key   cacheKey
}

// epoch is a number that changes with every user, number, tag and team.
func (s *state) epoch() uint64 {
	return s.users.version + s.numbers.version + s.tags.version + s.teams.version
}

// A cacheKey is what else cached JSON depends on: a signed URL tells the second of its signature and leads to the address
// that one client used. Most JSON depends on neither.
type cacheKey struct {
	second int64
	base   string
}

// maxCached bounds the records of an account whose JSON is cached.
const maxCached = 8192

// encoding returns the cached JSON, or encodes what view returns.
func (t *tx) encoding(e *cachedJSON, key cacheKey, view func() any) raw {
	if e.body != nil && e.epoch == t.epoch() && e.key == key {
		return e.body
	}
	if len(t.cached) == maxCached {
		for _, old := range t.cached {
			*old = cachedJSON{}
		}
		t.cached = t.cached[:0]
	}
	*e = cachedJSON{encode(view()), t.epoch(), key}
	t.cached = append(t.cached, e)
	return e.body
}
