package traffic

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// edgeRules read credentials, routes, headers and the bodies of refusals.
var edgeRules = []rule{
	// The refusal of a request that has a bearer token.
	{id: "bearer-rejected", shape: true, look: func(x *exchange) finding {
		if x.kind != withAPI || x.scheme() != "bearer" || x.Status != 401 && x.Status != 403 {
			return nothing
		}
		if _, application := x.refused(); application || !x.isJSON {
			return nothing // a plan that lacks something
		}
		return holds(x.Status == 403 && x.fromEdge("Forbidden"))
	}},

	// The status of a request whose path is that of another method.
	{id: "wrong-method", shape: true, look: func(x *exchange) finding {
		if x.kind != withAPI || x.op != "" || x.throttled() || x.Method == http.MethodHead || x.Method == http.MethodOptions {
			return nothing
		}
		if findRoute("", x.path) == nil {
			return nothing
		}
		return holds(x.Status == 404 && (!x.HasBody || x.fromEdge("Not Found")))
	}},

	// The status of a path that is one of the API only if the router decodes it.
	{id: "escaped-path", look: func(x *exchange) finding {
		if x.kind != withAPI || x.op != "" || x.throttled() || !strings.Contains(x.path, "%") {
			return nothing
		}
		plain, err := url.PathUnescape(x.path)
		if err != nil || findRoute(x.Method, plain) == nil {
			return nothing
		}
		return holds(x.Status == 404)
	}},

	// The status of a request with more than ten megabytes.
	{id: "body-too-large", shape: true, look: func(x *exchange) finding {
		if x.kind != withAPI || len(x.RequestBody) <= 10<<20 || x.throttled() {
			return nothing
		}
		return holds(x.Status == 413 && (!x.HasBody || x.fromEdge("Request Entity Too Large")))
	}},

	// Members and headers of a 429. That of WhatsApp is another.
	{id: "throttled-body", shape: true, look: func(x *exchange) finding {
		if x.kind != withAPI || x.Status != 429 || !x.isJSON || strings.Contains(x.route, "whatsapp") {
			return nothing
		}
		members := slices.DeleteFunc(keys(object(x.body)), func(key string) bool { return key == "success" })
		_, again := x.header("Retry-After")
		return holds(slices.Equal(members, []string{"error", "troubleshoot"}) && !again)
	}},

	// X-AircallApi-Reset of any reply that has it.
	{id: "rate-limit-window", look: func(x *exchange) finding {
		reset, _ := x.header("X-AircallApi-Reset")
		at, ok := whole(reset)
		now, err := http.ParseTime(x.ReplyHeader.Get("Date"))
		if x.kind != withAPI || !ok || err != nil {
			return nothing
		}
		left := at - now.Unix()
		return holds(at%60 == 0 && left >= 0 && left <= 61)
	}},

	// X-AircallApi-* of replies that are not throttled. The edge sends them never.
	{id: "rate-limit-headers", shape: true, look: func(x *exchange) finding {
		_, limit := x.header("X-AircallApi-Limit")
		_, remaining := x.header("X-AircallApi-Remaining")
		switch {
		case x.kind != withAPI || x.op == "" || x.Status >= 500 || x.Status == 401 || x.op == "exchange-an-authorization-code":
			return nothing
		case x.Status == 429 && strings.Contains(x.route, "whatsapp"):
			return nothing
		case x.Status == 429:
			return holds(limit && remaining)
		case limit || remaining:
			return only("always")
		case x.fromAnyEdge():
			return nothing
		}
		return only("throttled")
	}},

	// The member success in refusals.
	{id: "success-false", shape: true, look: func(x *exchange) finding {
		o, ok := x.refused()
		switch {
		case !ok || x.kind != withAPI || beyondCap(o) || x.op == "exchange-an-authorization-code":
			return nothing
		case x.says.tier == contactsTier && has(o, "success"):
			return holds(false)
		case x.says.tier != railsTier:
			return nothing
		case x.Status == 405 || x.Status == 422:
			return holds(has(o, "success"))
		case has(o, "success"):
			return only("all")
		}
		return only("refusals")
	}},

	// Members of the refusals of contacts and messages.
	{id: "contact-errors", shape: true, look: func(x *exchange) finding {
		o, ok := x.refused()
		if !ok || x.says.tier != contactsTier || beyondCap(o) {
			return nothing
		}
		switch members := keys(o); {
		case slices.Equal(members, []string{"error", "troubleshoot"}):
			return only("plain")
		case slices.Equal(members, []string{"error", "troubleshoot", "errors"}):
			return only("listed")
		}
		return holds(false)
	}},

	// Members and content type of the refusals of webhooks.
	{id: "webhook-errors", shape: true, look: func(x *exchange) finding {
		o, ok := x.refused()
		if !ok || x.says.tier != webhooksTier || beyondCap(o) {
			return nothing
		}
		media, _ := x.header("Content-Type")
		return holds(slices.Equal(keys(o), []string{"error", "troubleshoot"}) && !strings.Contains(strings.ToLower(media), "charset"))
	}},

	// Members of a 500.
	{id: "server-error", shape: true, look: func(x *exchange) finding {
		o := object(x.body)
		switch {
		case x.kind != withAPI || x.op == "" || x.Status != 500 || o == nil:
			return nothing
		case has(o, "error"):
			return only("application")
		case has(o, "message"):
			return only("edge")
		}
		return holds(false)
	}},

	// If-None-Match of the request, ETag and status of the reply.
	{id: "conditional-get", shape: true, look: lookConditional},

	// ETag of refusals.
	{id: "error-tags", shape: true, look: func(x *exchange) finding {
		if _, ok := x.refused(); !ok || x.kind != withAPI || x.says.tier == unknownTier || x.op == "exchange-an-authorization-code" {
			return nothing
		}
		_, tagged := x.header("ETag")
		return holds(tagged == (x.says.tier == contactsTier))
	}},

	// per_page that comes twice with different values, and that of the reply.
	{id: "repeated-keys", look: func(x *exchange) finding {
		sent := x.query["per_page"]
		if x.kind != withAPI || !x.ok() || !x.list() || len(sent) != 2 || sent[0] == sent[1] {
			return nothing
		}
		first, ok1 := whole(sent[0])
		last, ok2 := whole(sent[1])
		shown, ok3 := number(x.get("meta", "per_page"))
		if !ok1 || !ok2 || !ok3 || first < 1 || last < 1 || first > 50 || last > 50 {
			return nothing
		}
		if x.says.tier == railsTier {
			return holds(shown == last)
		}
		return holds(shown == first)
	}},

	// The three characters in the text of any body that is not the edge's.
	{id: "json-escape", look: func(x *exchange) finding {
		if x.kind != withAPI || x.op == "" || !x.isJSON || x.fromAnyEdge() {
			return nothing
		}
		return lookEscapes(x.ReplyBody)
	}},

	// The status of a request whose body is not a JSON object.
	{id: "malformed-json", look: func(x *exchange) finding {
		body := strings.TrimSpace(string(x.RequestBody))
		if x.kind != withAPI || x.op == "" || x.throttled() || body == "" || !takesObject(x) {
			return nothing
		}
		if _, isObject := x.sent.(orderedjson.Object); isObject {
			return nothing
		}
		return holds(x.Status == 400)
	}},

	// The status of a request with a JSON object and the content type of something else.
	{id: "content-type", look: func(x *exchange) finding {
		media := strings.ToLower(x.RequestHeader.Get("Content-Type"))
		if x.kind != withAPI || x.op == "" || object(x.sent) == nil || media == "" || strings.Contains(media, "json") || !takesObject(x) {
			return nothing
		}
		if x.Status/100 == 2 {
			return holds(true)
		}
		if x.Status == 415 {
			return holds(false)
		}
		return nothing
	}},

	// The body of a 404 for a record. Routes that may be gone have another 404.
	{id: "not-found-body", look: func(x *exchange) finding {
		o := object(x.body)
		if x.kind != withAPI || x.Status != 404 || len(x.vars) == 0 || o == nil || mayBeGone(x) {
			return nothing
		}
		return holds(text(o, "error") == "Not Found" && text(o, "troubleshoot") == "Check ID of the resource")
	}},
}

// fromAnyEdge reports whether the reply has the form of the edge's: a message and nothing else.
func (x *exchange) fromAnyEdge() bool {
	o := object(x.body)
	return len(o) == 1 && has(o, "message")
}

// mayBeGone reports whether the operation is one that Aircall removed, or may have removed.
func mayBeGone(x *exchange) bool {
	return strings.HasSuffix(x.op, "-v1") || strings.Contains(x.op, "a2p") || x.op == "retrieve-a-realtime-transcription"
}

// takesObject reports whether the operation reads a JSON object and nothing else from the body of the request.
func takesObject(x *exchange) bool {
	return x.Method != http.MethodGet && x.Method != http.MethodDelete && x.op != "exchange-an-authorization-code"
}

// lookEscapes looks at the characters that Rails escapes. A body with line breaks was written again by a program, with other
// escapes.
func lookEscapes(body []byte) finding {
	text := string(body)
	if strings.Contains(text, "\n") {
		return nothing
	}
	if strings.ContainsAny(text, "<>&") {
		return holds(false)
	}
	for _, escape := range []string{`\u003c`, `\u003e`, `\u0026`} {
		if strings.Contains(text, escape) || strings.Contains(text, strings.ToUpper(escape)) {
			return holds(true)
		}
	}
	return nothing
}

// lookConditional looks at conditional requests. Rack accepts only its own tag; Express accepts a list or a star, unless the
// client wants no cache.
func lookConditional(x *exchange) finding {
	asked := x.RequestHeader.Get("If-None-Match")
	if x.kind != withAPI || x.op == "" || asked == "" || x.Method != http.MethodGet || x.Status != 200 && x.Status != 304 {
		return nothing
	}
	several := asked == "*" || strings.Contains(asked, ",")
	tag, tagged := x.header("ETag")
	switch {
	case x.says.tier == webhooksTier:
		return nothing
	case x.Status == 304 && x.says.tier == railsTier:
		return holds(!several)
	case x.Status == 304:
		return holds(true)
	case x.says.tier == railsTier && several:
		return holds(true)
	case x.says.tier == railsTier:
		if tagged && tag == asked {
			return holds(false)
		}
		return nothing
	}
	fresh := strings.Contains(x.RequestHeader.Get("Cache-Control"), "no-cache")
	if tagged && !fresh && (asked == "*" || slices.Contains(strings.Split(strings.ReplaceAll(asked, " ", ""), ","), tag)) {
		return holds(false)
	}
	return nothing
}
