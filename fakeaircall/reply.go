package fakeaircall

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
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
	value any // raw, []raw, or a view
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
		b = append(strconv.AppendQuote(b, m.key), ':')
		switch v := m.value.(type) {
		case raw:
			b = append(b, v...)
		case []raw:
			b = appendList(b, v)
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

// flat is an object that stands alone, without a name around it.
func flat(status int, e envelope) reply {
	return reply{status: status, body: e.encode()}
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
func failure(err error, t tier) (reply, tier) {
	switch e := err.(type) {
	case *edgeError:
		return reply{status: e.status, body: envelope{{"message", e.message}}.encode()}, edgeTier
	case *apiError:
		if e.literal != "" {
			return reply{status: e.status, body: raw(e.literal)}, t
		}
		body := envelope{{"error", http.StatusText(e.status)}, {"troubleshoot", e.troubleshoot}}
		if t == railsTier {
			body = append(body, member{"success", false})
		}
		return reply{status: e.status, body: body.encode()}, t
	}
	return failure(errInternal, edgeTier)
}

// dress puts the headers of the reply's tier into h, and says what is to be sent
// with them; a nil body is none.
func (s *Server) dress(h http.Header, r *http.Request, rep reply, t tier, runtime float64) (status int, body raw) {
	body = rep.body
	for name, vs := range rep.header {
		h[name] = vs
	}
	h.Set("Date", s.clock.now().Format(http.TimeFormat))
	s.frontHeaders(h, t)
	switch t {
	case railsTier:
		s.railsHeaders(h, rep.status, body, runtime)
	case expressTier:
		expressHeaders(h, body)
	case lambdaTier:
		s.lambdaHeaders(h)
	}
	if body == nil {
		return rep.status, nil
	}
	if tag := h.Get("ETag"); tag != "" && r.Method == http.MethodGet && rep.status == 200 && r.Header.Get("If-None-Match") == tag {
		return http.StatusNotModified, nil
	}
	if t == edgeTier || t == lambdaTier {
		h.Set("Content-Type", "application/json")
	} else {
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	return rep.status, body
}

// recycle gives the body of a reply that was sent back. Nobody has it any more.
func (rep *reply) recycle() {
	if rep.body != nil {
		bodies.Put(&rep.body)
	}
}

// frontHeaders are CloudFront's and API Gateway's, on every reply.
func (s *Server) frontHeaders(h http.Header, t tier) {
	rnd := s.headerIDs()
	h["Apigw-Requestid"] = []string{base64.RawURLEncoding.EncodeToString([]byte(rnd.hex(10))) + "="}
	h["Via"] = []string{"1.1 " + rnd.hex(32) + ".cloudfront.net (CloudFront)"}
	h["X-Amz-Cf-Pop"] = []string{"CDG52-P4"}
	h["X-Amz-Cf-Id"] = []string{base64.RawURLEncoding.EncodeToString([]byte(rnd.hex(40))) + "=="}
	h["X-Cache"] = []string{"Miss from cloudfront"}
	if t == edgeTier {
		h["X-Cache"] = []string{"Error from cloudfront"}
	}
}

func (s *Server) railsHeaders(h http.Header, status int, body []byte, runtime float64) {
	rnd := s.headerIDs()
	h["X-Request-Id"] = []string{rnd.uuid()}
	h["X-Runtime"] = []string{strconv.FormatFloat(runtime, 'f', 6, 64)}
	h["Cache-Control"] = []string{"no-cache"}
	if body != nil && (status == 200 || status == 201) {
		sum := sha256.Sum256(body)
		h["Etag"] = []string{fmt.Sprintf(`W/"%x"`, sum[:16])}
		h["Cache-Control"] = []string{"max-age=0, private, must-revalidate"}
	}
	for name, v := range railsConstants {
		h[name] = v
	}
}

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
	h["X-Amz-Apigw-Id"] = []string{base64.RawURLEncoding.EncodeToString([]byte(rnd.hex(10))) + "="}
	h["X-Amzn-Trace-Id"] = []string{fmt.Sprintf("Root=1-%08x-%s", uint32(s.clock.now().Unix()), rnd.hex(24))}
}

func expressHeaders(h http.Header, body []byte) {
	h["X-Powered-By"] = []string{"Express"}
	h["Vary"] = []string{"Accept-Encoding"}
	h["Server"] = []string{"istio-envoy"}
	h["X-Envoy-Upstream-Service-Time"] = []string{"12"}
	if body != nil {
		sum := sha1.Sum(body)
		h["Etag"] = []string{fmt.Sprintf(`W/"%x-%s"`, len(body), base64.StdEncoding.EncodeToString(sum[:])[:27])}
	}
}
