package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/docscheck"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
)

// reduced is an exchange without its values: what is kept of it.
func (x exchange) reduced(shapes *bodyCache[string]) report.Sent {
	s := report.Sent{
		Account: x.account, Purpose: x.purpose, Op: x.op, Method: x.method, Path: x.route,
		Query: plainKeys(slices.Sorted(maps.Keys(x.query))), Body: keysOf(x.sent), Status: x.status,
		Items: docscheck.SentItems(x.op, x.query, x.sent),
	}
	if shapes != nil {
		s.Shape = shapes.get(x.reply, shapeOf)
	}
	if s.Unsent = x.unsent; x.lost {
		s.Status = 0
	}
	if x.attempts > 1 {
		s.Attempts = x.attempts
	}
	return s
}

// plainKeys hides keys that look like no key.
func plainKeys(keys []string) (out []string) {
	for _, key := range keys {
		if !report.PlainKey(strings.TrimSuffix(key, "[]")) {
			key = "(a key)"
		}
		out = append(out, key)
	}
	return slices.Compact(out)
}

func keysOf(body []byte) []string {
	var o map[string]json.RawMessage
	if json.Unmarshal(body, &o) != nil {
		return nil
	}
	return plainKeys(slices.Sorted(maps.Keys(o)))
}

// shapeOf tells the keys of a reply and their kinds, lists with their length: {calls: 20 objects, meta: object}.
func shapeOf(body []byte) string {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return ""
	}
	var o map[string]json.RawMessage
	if json.Unmarshal(body, &o) != nil {
		if !json.Valid(body) {
			return fmt.Sprintf("%d bytes that are no JSON", len(body))
		}
		return kindOfRaw(body)
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(o)) {
		parts = append(parts, plainKeys([]string{key})[0]+": "+kindOfRaw(o[key]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// kindOfRaw names the kind of a value, which is valid JSON, without reading it whole, unless it is a list.
func kindOfRaw(v []byte) string {
	switch v[0] {
	case '{':
		return "object"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	case '[':
		var list []json.RawMessage
		_ = json.Unmarshal(v, &list) // it is valid
		if len(list) == 0 {
			return "empty list"
		}
		kind := kindOfRaw(list[0])
		if len(list) > 1 {
			kind += "s"
		}
		return fmt.Sprintf("%d %s", len(list), kind)
	}
	return "number"
}

// curl is the last request of the scenario as a shell would send it: of its scripts, or else of its checks.
func (w *world) curl(all []exchange) string {
	var last *exchange
	for _, purpose := range []string{forScript, forCheck} {
		for i := range all {
			if all[i].purpose == purpose && all[i].route != noRoute {
				last = &all[i]
			}
		}
		if last != nil {
			break
		}
	}
	if last == nil {
		return ""
	}
	words := []string{"curl", "-i"}
	if last.method != http.MethodGet {
		words = append(words, "-X", last.method)
	}
	if a, ok := w.t.accounts[last.account]; ok {
		prefix := "$AIRCALL_"
		if last.account != "default" {
			prefix += strings.ToUpper(strings.ReplaceAll(last.account, "-", "_")) + "_"
		}
		if a.APIID != "" {
			words = append(words, "-u", `"`+prefix+"API_ID:"+prefix+`API_TOKEN"`)
		} else {
			words = append(words, "-H", `"Authorization: Bearer `+prefix+`ACCESS_TOKEN"`)
		}
	}
	at := w.tellablePath(last)
	if len(last.query) > 0 {
		at += "?" + w.tellableQuery(last.query)
	}
	if w.t.kind == kindFake { // it is gone after the run: the next best is one that aircallkit serve runs
		words = append(words, `"${AIRCALL_API_URL:-http://127.0.0.1:8787}"`+shellQuote(at))
	} else {
		words = append(words, shellQuote(w.t.url+at))
	}
	if len(last.sent) > 0 {
		words = append(words, "-H", "'Content-Type: application/json'", "-d", shellQuote(w.tellable(last.sent)))
	}
	return strings.Join(words, " ")
}

// tellableQuery gives the parameters; on a private target, numbers and the words of Aircall only.
func (w *world) tellableQuery(q url.Values) string {
	out := url.Values{}
	for key, values := range q {
		for _, v := range values {
			if w.t.private() && !plainValue(v) {
				v = hidden
			}
			out.Add(plainKeys([]string{key})[0], v)
		}
	}
	return strings.ReplaceAll(out.Encode(), url.QueryEscape(hidden), hidden)
}

// longestBody is what a curl line may hold of a body.
const longestBody = 4096

// hidden stands for a value that is not told.
const hidden = "..."

// plainValue says that a value is an id, a time, a count, or one of the words that Aircall's parameters take.
func plainValue(v string) bool {
	if v == "asc" || v == "desc" || v == "inbound" || v == "outbound" || v == "true" || v == "false" {
		return true
	}
	const longest = 10 // UNIX seconds and ids; a phone number with its country is longer
	return v != "" && len(v) <= longest && strings.Trim(v, "0123456789") == "" && v[0] != '0'
}

// tellable is a body; on a private target every text of it is hidden.
func (w *world) tellable(body []byte) string {
	if len(body) > longestBody {
		return hidden
	}
	if !w.t.private() {
		return string(body)
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return hidden
	}
	data, err := json.Marshal(hideTexts(v))
	if err != nil {
		return hidden
	}
	return string(data)
}

// hideTexts puts hidden in the place of every text, key that looks like none, and number that could be a phone's.
func hideTexts(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, in := range v {
			out[plainKeys([]string{key})[0]] = hideTexts(in)
		}
		return out
	case []any:
		for i := range v {
			v[i] = hideTexts(v[i])
		}
	case string:
		return hidden
	case json.Number:
		if !plainValue(v.String()) {
			return 0
		}
	}
	return v
}

// tellablePath is the path; on a private target with its ids and no other value.
func (w *world) tellablePath(x *exchange) string {
	if !w.t.private() {
		return x.path
	}
	segments := strings.Split(wirecheck.WithoutProxy(x.path), "/")
	for i, of := range strings.Split(x.route, "/") {
		if i < len(segments) && strings.HasPrefix(of, "{") && !plainValue(segments[i]) {
			segments[i] = hidden
		}
	}
	return strings.Join(segments, "/")
}
