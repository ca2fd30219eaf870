// Package mask removes values from recorded exchanges with Aircall. Two types do it:
//
//   - A Masker leaves only the shape: keys, kinds, statuses, the words of the contract, and how requests and records
//     belong together. It replaces every other value by a neutral one of the same form, so that an exchange breaks the
//     contract after the replacement exactly where it broke it before.
//   - A Scrubber leaves everything but credentials.
package mask

import (
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// A Masker replaces values by neutral ones of the same form. It gives the same id the same replacement wherever it occurs,
// so that one Masker is for one recording. The zero value is ready to use. It is safe for concurrent use.
type Masker struct {
	mu  sync.Mutex
	ids map[string]int64
}

const (
	firstID = 1001
	mostIDs = 1 << 20 // bounds the memory; ids after that many share one replacement
)

// id returns the number that replaces an id.
func (m *Masker) id(original string) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n, seen := m.ids[original]; seen {
		return n
	}
	if m.ids == nil {
		m.ids = map[string]int64{}
	}
	n := firstID + int64(len(m.ids))
	if len(m.ids) < mostIDs {
		m.ids[original] = n
	}
	return n
}

// Entry returns the entry with both bodies, the URL and the headers masked. It leaves out a body that is neither JSON nor, in
// a request, a form: its type and length remain in the headers.
func (m *Masker) Entry(e har.Entry) har.Entry {
	e.Masked = true
	if !slices.Contains(wirecheck.Methods, e.Method) {
		e.Method = "OTHER"
	}
	e.RequestBody, _ = m.body(e.RequestBody, e.RequestHeader.Get("Content-Type"))
	if len(e.ReplyBody) > 0 {
		e.ReplyBody, e.HasBody = m.body(e.ReplyBody, e.ReplyHeader.Get("Content-Type"))
	}
	e.URL = m.URL(e.Method, e.URL)
	e.RequestHeader, e.ReplyHeader = m.header(e.RequestHeader), m.header(e.ReplyHeader)
	return e
}

// URL returns the URL of a request with its host, the values in its path and those of its query masked.
func (m *Masker) URL(method string, u *url.URL) *url.URL {
	out := &url.URL{Scheme: "https", Host: example}
	if keptHost(u.Host) {
		out.Scheme, out.Host = u.Scheme, u.Host
	}
	path := m.path(method, u.EscapedPath())
	if plain, err := url.PathUnescape(path); err == nil {
		if out.Path = plain; out.EscapedPath() != path {
			out.RawPath = path
		}
	}
	out.RawQuery = m.query(u.RawQuery)
	return out
}

// body masks a body. It reports false for one of which nothing can be kept.
func (m *Masker) body(data []byte, contentType string) ([]byte, bool) {
	if len(data) == 0 {
		return data, true
	}
	if masked, ok := m.JSON(data); ok {
		return masked, true
	}
	if mediaType(contentType) == formType {
		return []byte(m.query(string(data))), true
	}
	return nil, false
}

// JSON masks one JSON value. It reports false if data is not JSON.
func (m *Masker) JSON(data []byte) ([]byte, bool) {
	v, err := orderedjson.Decode(data)
	if err != nil {
		return nil, false
	}
	return orderedjson.Encode(m.value("", "", v)), true
}

// value masks the value of the member called name of the object called parent. The entries of a list have the name of the
// list.
func (m *Masker) value(parent, name string, v any) any {
	switch v := v.(type) {
	case orderedjson.Object:
		return m.object(name, v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = m.value(parent, name, v[i])
		}
		return out
	case string:
		return m.text(name, v)
	case json.Number:
		return m.number(parent, name, v)
	}
	return v // a boolean or null
}

func (m *Masker) object(name string, o orderedjson.Object) orderedjson.Object {
	out, used, n := make(orderedjson.Object, len(o)), map[string]bool{}, 2
	for _, e := range o {
		if keptKey(e.Key) {
			used[e.Key] = true
		}
	}
	for i, e := range o {
		key := e.Key
		if !keptKey(key) {
			key = maskedKey
			for ; used[key]; n++ {
				key = maskedKey + "_" + strconv.Itoa(n)
			}
			used[key] = true
		}
		out[i] = orderedjson.Member{Key: key, Value: m.value(name, key, e.Value)}
	}
	return out
}

// maskedKey replaces a key that is data, such as a phone number.
const maskedKey = "masked_key"

// pageNumbers are the members of "meta" that stay: the checks of pagination need them.
var pageNumbers = []string{"count", "total", "current_page", "per_page"}

// number masks a number. It keeps the sign, zero, whether it is an integer, and whether it is within each limit of the contract.
func (m *Masker) number(parent, name string, n json.Number) any {
	text := n.String()
	whole, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err == nil && whole > 0 && isID(name):
		return json.Number(strconv.FormatInt(m.id(text), 10))
	case parent == "meta" && slices.Contains(pageNumbers, name) && err == nil && magnitude(whole) < 1e7, known().words[name][text]:
		return n
	case err == nil && name == "status" && whole >= 100 && whole <= 599: // of HTTP
		return n
	case err == nil:
		return json.Number(sign(text) + strconv.FormatInt(floor(magnitude(whole)), 10))
	}
	f, err := strconv.ParseFloat(text, 64)
	f = math.Abs(f)
	switch {
	case err != nil, f >= 1<<62: // larger than what other programs read as an integer
		return json.Number(sign(text) + "1e30")
	case f == math.Trunc(f):
		return json.Number(sign(text) + strconv.FormatInt(floor(int64(f)), 10) + ".0")
	}
	return json.Number(sign(text) + strconv.FormatInt(floor(int64(f)), 10) + ".5")
}

func sign(number string) string {
	if strings.HasPrefix(number, "-") && strings.Trim(number, "-0.eE+") != "" {
		return "-"
	}
	return ""
}

func magnitude(n int64) int64 {
	if n == math.MinInt64 {
		return math.MaxInt64
	}
	return max(n, -n)
}

// An instant that replaces every other, in the forms that Aircall sends.
const (
	instantSeconds = 1_767_225_600 // 2026-01-01
	instantDate    = "2026-01-01"
	instantTime    = "00:00:00"
)

// floor returns the neutral number of a number from 0: the instant for UNIX seconds and milliseconds, or else the largest
// limit of the contract that it reaches.
func floor(n int64) int64 {
	switch {
	case n >= oldest && n <= newest:
		return instantSeconds
	case n >= 1000*oldest && n <= 1000*newest:
		return 1000 * instantSeconds
	}
	limits := known().limits
	i, found := slices.BinarySearch(limits, n)
	if !found {
		i--
	}
	return limits[i]
}

// keptHeaders are the headers that stay, besides those that the contract documents for replies.
var keptHeaders = []string{
	"Content-Type", "Content-Length", "Retry-After", "Date", "Location", "Cache-Control", "Vary", "Server", "Etag", "If-None-Match",
	"X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset",
}

// KeptHeader reports whether a header stays. The others may identify a program or a person.
func KeptHeader(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return slices.Contains(keptHeaders, name) || known().headers[name]
}

// header returns the headers that stay, with their values masked.
func (m *Masker) header(h http.Header) http.Header {
	out := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(h)) { // in the same order every time, as the numbers of ids depend on it
		if !KeptHeader(name) {
			continue
		}
		for _, v := range h[name] {
			out.Add(name, m.headerValue(http.CanonicalHeaderKey(name), v))
		}
	}
	return out
}

func (m *Masker) headerValue(name, v string) string {
	switch name {
	case "Content-Type":
		return contentType(v)
	case "Cache-Control", "Vary", "Server":
		return keepWords(v)
	case "Date", "Retry-After":
		if t, err := http.ParseTime(v); err == nil {
			return t.UTC().Format(http.TimeFormat)
		}
	case "Etag", "If-None-Match":
		return m.etag(v)
	case "Location":
		return m.link(v)
	}
	if shortNumber.MatchString(v) { // of the rate limit, a length, seconds to wait
		return v
	}
	return m.text(name, v)
}

// etag masks an entity tag: the same tag gets the same replacement.
func (m *Masker) etag(v string) string {
	prefix, quoted, ok := strings.Cut(v, `"`)
	tag, rest, closed := strings.Cut(quoted, `"`)
	if !ok || !closed || rest != "" || prefix != "" && prefix != "W/" {
		return "text"
	}
	n := strconv.FormatInt(m.id("etag "+tag), 10)
	if length, hash, found := strings.Cut(tag, "-"); found && hex.MatchString(length) && len(hash) == 27 { // of Express
		return prefix + `"1-` + strings.Repeat("A", 27-len(n)) + n + `"`
	}
	if hex.MatchString(tag) && len(tag) >= len(n) && len(tag) <= 64 {
		return prefix + `"` + strings.Repeat("0", len(tag)-len(n)) + n + `"`
	}
	return prefix + `"text` + n + `"`
}
