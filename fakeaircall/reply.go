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

// A reply is what a handler returns. serve alone touches a ResponseWriter.
type reply struct {
	status int
	body   raw // nil: no body and no content type; nobody else's, it is used again
	header http.Header
}

// A tier is one of the machines behind api.aircall.io. They are told apart by
// their headers and by the place of meta in a list (recorded 2026-06-19).
type tier int

const (
	edgeTier    tier = iota // CloudFront and API Gateway
	railsTier               // the monolith
	expressTier             // contacts
	lambdaTier              // webhooks
)

// envelope is an object whose keys keep their order.
type envelope []member

type member struct {
	key   string
	value any // raw, []raw, an envelope or a view
}

// bodies are buffers of replies that were sent: a page of calls has some 50 kB,
// and making room for it anew each time costs as much as filling it.
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

// one wraps a single object in its name.
func one(status int, key string, view any) reply {
	return reply{status: status, body: envelope{{key, view}}.encode()}
}

// flat is an object without a name around it.
func flat(status int, view any) reply {
	return reply{status: status, body: encode(view)}
}

// list is a page: Rails puts meta last, the other services first, and that of
// webhooks has no links in it.
func (r *request) list(key string, views any, l listing) reply {
	items, meta := member{key, views}, member{"meta", r.meta(l)}
	switch r.route.tier {
	case expressTier:
		return reply{status: 200, body: envelope{meta, items}.encode()}
	case lambdaTier:
		counts := envelope{{"count", l.count}, {"total", l.total}, {"current_page", l.page}, {"per_page", l.perPage}}
		return reply{status: 200, body: envelope{{"meta", counts.encode()}, items}.encode()}
	}
	return reply{status: 200, body: envelope{items, meta}.encode()}
}

// failure is the reply of an error, and the tier that words it.
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
			body = append(body, member{"errors", []errorView{{e.status, http.StatusText(e.status), e.troubleshoot}}})
		}
		return reply{status: e.status, body: body.encode()}, t
	}
	return failure(errInternal, edgeTier, a)
}

// errorView is what an app in production has in the type it reads errors of
// contacts with.
type errorView struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

// writeHeaders puts the headers of the reply's tier into h, and says what is to be sent
// with them; a nil body is none.
func (s *Server) writeHeaders(h http.Header, r *http.Request, rep reply, t tier, runtime float64) (status int, body raw) {
	body = rep.body
	for name, vs := range rep.header {
		h[name] = vs
	}
	h["Date"] = s.date.at(s.clock.now())
	s.frontHeaders(h, rep.status)
	tag := t.tag(rep.status, body)
	switch t {
	case railsTier:
		s.railsHeaders(h, tag != "", runtime)
	case expressTier:
		maps.Copy(h, expressConstants)
	case lambdaTier:
		s.lambdaHeaders(h)
	}
	values := [2]string{tag, ""}
	if tag != "" {
		h["Etag"] = values[0:1:1]
		if rep.status == 200 && r.Method == http.MethodGet && t.unchanged(r.Header, tag) {
			rep.status, body = http.StatusNotModified, nil
		}
	}
	if body == nil {
		return rep.status, nil
	}
	h["Content-Type"] = contentTypes[t]
	values[1] = strconv.Itoa(len(body))
	h["Content-Length"] = values[1:2:2]
	return rep.status, body
}

// recycle gives the body of a reply that was sent back. Nobody has it any more.
func (rep *reply) recycle() {
	if rep.body != nil {
		bodies.Put(&rep.body)
	}
}

// A date is the header of one second, which many replies share.
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

// contentTypes has no charset for webhooks (recorded) and the edge (measured).
var contentTypes = map[tier][]string{
	edgeTier:    {"application/json"},
	railsTier:   {"application/json; charset=utf-8"},
	expressTier: {"application/json; charset=utf-8"},
	lambdaTier:  {"application/json"},
}

// tag is the ETag of a body: the recorded ones are Rack's digest on Rails, which
// has none of errors, and Express's of contacts, which has one of every body.
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

// unchanged says whether the client has the body of a tag. No source shows a 304 of
// Aircall's: Rack compares the whole header with its tag, and Express reads a list
// or a star, compares weakly, and heeds a client that wants no cache.
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

// frontHeaders are CloudFront's and API Gateway's, on every reply.
// CloudFront tells a failure from an answer by its status, whoever gave it.
//
// The three ids are cut out of one text: a header costs more to make than to send.
func (s *Server) frontHeaders(h http.Header, status int) {
	const before, after = "1.1 ", ".cloudfront.net (CloudFront)"
	rnd := s.headerIDs()
	b := make([]byte, 0, gatewayIDSize+len(before)+32+len(after)+56)
	b = rnd.appendGatewayID(b)
	b = append(rnd.appendHex(append(b, before...), 32), after...)
	var id [40]byte
	ids := string(base64.URLEncoding.AppendEncode(b, rnd.appendHex(id[:0], len(id))))
	const via = gatewayIDSize + len(before) + 32 + len(after)
	values := []string{ids[:gatewayIDSize], ids[gatewayIDSize:via], ids[via:]}
	h["Apigw-Requestid"] = values[0:1:1]
	h["Via"] = values[1:2:2]
	h["X-Amz-Cf-Id"] = values[2:3:3]
	h["X-Amz-Cf-Pop"] = pop
	h["X-Cache"] = cacheMiss
	if status >= 400 {
		h["X-Cache"] = cacheError
	}
}

var (
	pop        = []string{"CDG52-P4"}
	cacheMiss  = []string{"Miss from cloudfront"}
	cacheError = []string{"Error from cloudfront"}
)

// gatewayID is how API Gateway names requests, at the edge and further in: eleven
// bytes in base64.
func (r *random) gatewayID() string { return string(r.appendGatewayID(nil)) }

const gatewayIDSize = 16

func (r *random) appendGatewayID(b []byte) []byte {
	var id [12]byte
	return base64.URLEncoding.AppendEncode(b, r.appendHex(id[:0], len(id))[:11])
}

func (s *Server) railsHeaders(h http.Header, fresh bool, runtime float64) {
	h["X-Request-Id"] = []string{s.headerIDs().uuid()}
	h["X-Runtime"] = []string{strconv.FormatFloat(runtime, 'f', 6, 64)}
	h["Cache-Control"] = noCache
	if fresh {
		h["Cache-Control"] = revalidate
	}
	maps.Copy(h, railsConstants)
}

var (
	noCache    = []string{"no-cache"}
	revalidate = []string{"max-age=0, private, must-revalidate"}
)

// Rails sends x-frame-options, x-content-type-options and x-download-options too,
// by default; in the recordings the proxy sets the same values.
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

// lambdaHeaders are an inner gateway's; there is neither an ETag nor a request id
// of Rails (recorded 2026-06-19).
func (s *Server) lambdaHeaders(h http.Header) {
	rnd := s.headerIDs()
	h["X-Amzn-Requestid"] = []string{rnd.uuid()}
	h["X-Amz-Apigw-Id"] = []string{rnd.gatewayID()}
	h["X-Amzn-Trace-Id"] = []string{fmt.Sprintf("Root=1-%08x-%s", uint32(s.clock.now().Unix()), rnd.hex(24))}
}

var expressConstants = http.Header{
	"Server":                        {"istio-envoy"},
	"Vary":                          {"Accept-Encoding"},
	"X-Envoy-Upstream-Service-Time": {"12"},
	"X-Powered-By":                  {"Express"},
}

// An apiError is a failure as the application tier words it:
// {"error":"<HTTP phrase>","troubleshoot":"<hint>"}, with "success":false from
// Rails, as in both Rails bodies that are known word for word.
type apiError struct {
	status       int
	key          string // the value of "error"; "": the text of the status
	troubleshoot string
	literal      string // the whole body where it is known as recorded
}

func (e *apiError) Error() string {
	return fmt.Sprintf("%d %s: %s", e.status, http.StatusText(e.status), e.troubleshoot)
}

var (
	// The hint is what a marketplace app compares with, for calls and contacts.
	errNotFound = &apiError{status: 404, troubleshoot: "Check ID of the resource"}

	// Recorded on calls, contacts and tags (2026-09-28).
	errBeyondCap = &apiError{status: 400, literal: `{"error":"Bad Request","data":null,"message":"BAD_REQUEST",` +
		`"errors":"Your query is limited to 10k results and pagination is out of bound, please use timestamps or other filters.",` +
		`"troubleshoot":"BAD_REQUEST","success":false}`}
)

// invalid is a 400: what was sent cannot be taken.
func invalid(format string, args ...any) *apiError {
	return &apiError{status: 400, troubleshoot: fmt.Sprintf(format, args...)}
}

// refused is a 422: understood, but against what is there already.
func refused(format string, args ...any) *apiError {
	return &apiError{status: 422, troubleshoot: fmt.Sprintf(format, args...)}
}

// An edgeError is a failure before any of Aircall's own code: {"message":"…"}.
type edgeError struct {
	status  int
	message string
}

func (e *edgeError) Error() string { return fmt.Sprintf("%d %s", e.status, e.message) }

// Measured on 2026-08-11, but for the last two, which are API Gateway's own words.
var (
	errUnauthorized = &edgeError{401, "Unauthorized"}
	errForbidden    = &edgeError{403, "Forbidden"}
	errNoRoute      = &edgeError{404, "Not Found"}
	errTooLarge     = &edgeError{413, "Request Entity Too Large"}
	errInternal     = &edgeError{500, "Internal Server Error"}
)

// raw is JSON that is ready to be sent.
type raw []byte

// encode is the JSON of a view. Views are plain data: encoding them cannot fail.
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

// cachedJSON keeps the JSON of a record, so that it is made once a change and not
// once a request. What it embeds of other records is covered by the company's
// epoch, which every change of a user, number, tag or team moves on.
type cachedJSON struct {
	body  raw
	epoch uint64
	key   cacheKey
}

// epoch is a number that changes with every user, number, tag and team.
func (s *state) epoch() uint64 {
	return s.users.version + s.numbers.version + s.tags.version + s.teams.version
}

// cacheKey is what else kept JSON depends on: URLs tell the second they were signed in
// and lead to where one client came. Most JSON depends on neither.
type cacheKey struct {
	second int64
	base   string
}

// maxEncoded bounds the records of a company whose JSON is kept.
const maxEncoded = 8192

// encoding is the kept JSON, or what view makes now.
func (t *tx) encoding(e *cachedJSON, to cacheKey, view func() any) raw {
	if e.body == nil || e.epoch != t.epoch() || e.key != to {
		*e = cachedJSON{encode(view()), t.epoch(), to}
		t.keep(e)
	}
	return e.body
}

// keep remembers who has JSON, and takes it from the one who has had it longest.
func (t *tx) keep(e *cachedJSON) {
	if len(t.kept) < maxEncoded {
		t.kept = append(t.kept, e)
		return
	}
	if oldest := t.kept[t.nextKept]; oldest != e {
		*oldest = cachedJSON{}
	}
	t.kept[t.nextKept] = e
	t.nextKept = (t.nextKept + 1) % maxEncoded
}
