package mask

import (
	"fmt"
	"mime"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/aircallkit/aircallkit/conformance/drift"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
)

const (
	example  = "example.com"
	apiHost  = "api.aircall.io"
	formType = "application/x-www-form-urlencoded"
)

// Forms of texts. The contract has the same, so that a masked text satisfies it exactly if the original does.
var (
	number      = regexp.MustCompile(`^[0-9]{1,15}$`)
	shortNumber = regexp.MustCompile(`^[0-9]{1,10}$`)
	digits      = regexp.MustCompile(`^[0-9]+$`)
	hex         = regexp.MustCompile(`^[0-9a-f]+$`)
	webAddress  = regexp.MustCompile(`^https?://\S+$`)
	paramName   = regexp.MustCompile(`^[a-z][a-z_]{0,39}(\[\])?$`)
	lowerPart   = regexp.MustCompile(`^[a-z_]+$`)
	plainPart   = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

// A form is a kind of text, with the neutral text that replaces it.
type form struct {
	is      *regexp.Regexp
	neutral func(m *Masker, s string) string
}

func constant(neutral string) func(*Masker, string) string {
	return func(*Masker, string) string { return neutral }
}

// opaque returns the replacement of an id of a fixed length: filler, and at its end a number that is the same wherever the id
// occurs. An id without a letter is also a text of digits, and so is its replacement.
func opaque(letter string, length int) func(*Masker, string) string {
	return func(m *Masker, s string) string {
		first := letter
		if digits.MatchString(s) {
			first = "0"
		}
		return first + fmt.Sprintf("%0*d", length-len(first), m.id(s))
	}
}

// forms are in the order in which they are tried: those that are special cases of others come first.
var forms = []form{
	{regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`), func(m *Masker, s string) string {
		version, variant := s[14:15], "0"
		if strings.Contains("89ab", s[19:20]) {
			variant = "8"
		}
		return fmt.Sprintf("00000000-0000-%s000-%s000-%012d", version, variant, m.id(s))
	}},
	{regexp.MustCompile(`^CA[0-9a-f]{32}$`), opaque("CA", 34)},
	{regexp.MustCompile(`^[0-9a-f]{32}$`), opaque("a", 32)},
	{regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{26}$`), opaque("A", 26)},
	{regexp.MustCompile(`^[^@\s]+@[^@\s]+$`), constant("person@" + example)},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$`), constant(instantDate + "T" + instantTime + ".000Z")},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`), constant(instantDate + "T" + instantTime + ".001Z")},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?([.,]\d+)?( ?(Z|[+-]\d\d:?\d\d|UTC))?)?$`), datedForm},
	{regexp.MustCompile(`^\+[0-9][0-9 ()./-]{3,24}$`), fictional},
	{digits, func(_ *Masker, s string) string { return strings.Repeat("1", min(len(s), 16)) }},
	{regexp.MustCompile(`^[0-9]+\.[0-9]+$`), constant("1.1")},
	{regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`), constant("#808080")},
	{regexp.MustCompile(`^[a-z]{2,3}$`), constant("xx")},
	{regexp.MustCompile(`^[a-z]{2,3}-[A-Z]{2}$`), constant("xx-XX")},
	{regexp.MustCompile(`^[A-Z]{2}$`), constant("FR")},
	{regexp.MustCompile(`^[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)+$`), constant("Europe/Paris")},
	{regexp.MustCompile(`^[A-Z][A-Za-z_]+$`), constant("Text")},
	{regexp.MustCompile(`^\s*$`), constant(" ")},
}

// text masks the value of a member called name. Empty texts and words of the contract stay.
func (m *Masker) text(name, s string) string {
	t := known()
	switch {
	case s == "", s == "anonymous", t.words[name][s], t.errors[s], drift.PlainWord(name, s), isEvent(name, s):
		return s
	case isID(name) && number.MatchString(s):
		return strconv.FormatInt(m.id(s), 10)
	case webAddress.MatchString(s):
		return stretch(m.link(s), s)
	}
	for _, f := range forms {
		if f.is.MatchString(s) {
			return stretch(f.neutral(m, s), s)
		}
	}
	return stretch("text", s)
}

// stretch repeats the last character of a neutral text until it reaches the largest limit of the contract for the length of
// a text that the original reaches.
func stretch(neutral, original string) string {
	reached, length := 0, len(original)
	if length > 255 { // most are shorter, and counting takes time
		length = len(utf16.Encode([]rune(original)))
	}
	for _, limit := range known().lengths {
		if length >= limit {
			reached = limit
		}
	}
	if missing := reached - len(neutral); missing > 0 {
		return neutral + strings.Repeat(neutral[len(neutral)-1:], missing)
	}
	return neutral
}

var digit = regexp.MustCompile(`[0-9]`)

// datedForm replaces a date, or a date and time, by the instant in the same form.
func datedForm(_ *Masker, s string) string {
	return instantDate + digit.ReplaceAllString(s[len(instantDate):], "0")
}

// fictional replaces the digits of a phone number by those of a number that nobody has: a line of 555-01 in area 555.
func fictional(_ *Masker, s string) string {
	const line = "1555555010000000000000000"
	i := -1
	return digit.ReplaceAllStringFunc(s, func(string) string {
		i++
		return line[min(i, len(line)-1):][:1]
	})
}

// keptHost reports whether a host stays: Aircall's, and an address of this machine, which says nothing about it.
func keptHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	ip := net.ParseIP(strings.Trim(name, "[]"))
	return host == apiHost || name == "localhost" || ip != nil && ip.IsLoopback()
}

// link masks a URL. Of a link to Aircall's API the path and the parameters keep their form.
func (m *Masker) link(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return "text"
	}
	rest, query, hasQuery := strings.Cut(rest, "?")
	host, path, hasPath := strings.Cut(rest, "/")
	out := scheme + "://"
	kept := keptHost(host)
	if !kept {
		host = atSigns(host, example)
	}
	out += host
	if hasPath && kept {
		out += m.path("GET", "/"+path)
	} else if hasPath && path != "" {
		out += "/" + atSigns(path, "text")
	} else if hasPath {
		out += "/"
	}
	if hasQuery {
		out += "?" + m.query(query)
	}
	return out
}

// atSigns adds as many @ to a neutral text as the original has, up to two: with exactly one, a URL has the form of an
// e-mail address, too.
func atSigns(original, neutral string) string {
	if strings.HasSuffix(original, "@") {
		return neutral + strings.Repeat("@", min(strings.Count(original, "@"), 2))
	}
	return strings.Repeat("person@", min(strings.Count(original, "@"), 2)) + neutral
}

// path masks the values in a path. Of a path that Aircall does not have, the segments stay that drift.PlainSegments allows.
func (m *Masker) path(method, escaped string) string {
	slash := ""
	if len(escaped) > 1 && strings.HasSuffix(escaped, "/") {
		escaped, slash = strings.TrimSuffix(escaped, "/"), "/"
	}
	parts := strings.Split(escaped, "/")
	kept := drift.PlainSegments(parts)
	if r := wirecheck.FindRoute(method, parts); r != nil {
		for i := range parts {
			kept[i] = !r.IsValue(i)
		}
	}
	for i, keep := range kept {
		if !keep {
			parts[i] = m.part(parts[i])
		}
	}
	return strings.Join(parts, "/") + slash
}

// part masks a value in a path.
func (m *Masker) part(escaped string) string {
	s, err := url.PathUnescape(escaped)
	if err != nil {
		s = escaped
	}
	if number.MatchString(s) {
		if strings.Trim(s, "0") == "" {
			return s
		}
		return strconv.FormatInt(m.id(s), 10)
	}
	for _, f := range forms[:4] { // ids
		if f.is.MatchString(s) {
			return f.neutral(m, s)
		}
	}
	switch {
	case strings.Contains(s, "@"):
		return atSigns(s, example)
	case lowerPart.MatchString(s):
		return "text"
	case plainPart.MatchString(s):
		return "Text-1"
	}
	return "text.text"
}

// query masks the values of a query or a form, and leaves the order of its parameters.
func (m *Masker) query(raw string) string {
	if raw == "" {
		return ""
	}
	params := strings.Split(raw, "&")
	for i, param := range params {
		name, value, hasValue := strings.Cut(param, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil || !known().params[plain] && !known().keys[plain] && !paramName.MatchString(plain) {
			plain, name = "text", atSigns(name, "text")
		}
		if params[i] = name; hasValue {
			params[i] += "=" + m.parameter(plain, value)
		}
	}
	return strings.Join(params, "&")
}

// parameter masks the value of a parameter.
func (m *Masker) parameter(name, escaped string) string {
	s, err := url.QueryUnescape(escaped)
	if err != nil {
		return "text"
	}
	n, notNumber := strconv.ParseInt(s, 10, 64)
	switch name {
	case "page", "per_page", "limit":
		if notNumber == nil && n < 1e6 && number.MatchString(s) {
			return escaped
		}
	case "from", "to":
		if notNumber == nil && (n >= oldest && n <= newest || n >= 1000*oldest && n <= 1000*newest) {
			return escaped
		}
	}
	if s == "true" || s == "false" || s == "0" {
		return escaped
	}
	neutral := url.QueryEscape(m.text(strings.TrimSuffix(name, "[]"), s))
	if strings.Contains(escaped, "@") {
		return atSigns(escaped, "text")
	}
	return neutral
}

// mediaTypes are the media types that stay.
var mediaTypes = []string{
	"application/json", "application/problem+json", "application/xml", "application/octet-stream", formType, "multipart/form-data",
	"text/html", "text/plain", "text/xml", "text/csv", "audio/mpeg", "audio/wav", "image/png", "image/jpeg",
}

// mediaType returns the media type of a Content-Type, in lower case.
func mediaType(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// contentType keeps a known media type with its charset.
func contentType(v string) string {
	media, params, err := mime.ParseMediaType(v)
	if err != nil || !slices.Contains(mediaTypes, media) {
		return "application/x-other"
	}
	charset, has := params["charset"]
	switch {
	case !has:
		return media
	case slices.Contains([]string{"utf-8", "us-ascii", "iso-8859-1"}, strings.ToLower(charset)):
		return media + "; charset=" + charset
	}
	return media + "; charset=other"
}

// knownWords are the words that stay in Cache-Control, Vary and Server.
var knownWords = []string{
	"max-age", "s-maxage", "private", "public", "no-cache", "no-store", "must-revalidate", "proxy-revalidate", "immutable", "no-transform",
	"accept", "accept-encoding", "accept-language", "origin", "authorization", "cookie", "user-agent", "x-requested-with", "*",
	"nginx", "cloudflare", "awselb", "cowboy", "envoy", "openresty", "apache", "gunicorn", "puma", "cloudfront", "istio-envoy", "amazons3",
}

// keepWords keeps the known words of a header, and replaces the others.
func keepWords(v string) string {
	words := strings.Split(v, ",")
	for i, w := range words {
		name, value, hasValue := strings.Cut(strings.TrimSpace(w), "=")
		if !slices.Contains(knownWords, strings.ToLower(name)) {
			name, hasValue = "other", false
		}
		if words[i] = name; hasValue && shortNumber.MatchString(value) {
			words[i] += "=" + value
		}
	}
	return strings.Join(words, ", ")
}
