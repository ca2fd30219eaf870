package fakeaircall

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// Removed replaces each secret in the request log.
const Removed = "[removed]"

// A name that contains one of these, without regard to case and punctuation, is of
// a secret; so is a name that is one of secretWhole.
var (
	secretParts = [][]byte{[]byte("token"), []byte("secret"), []byte("password"), []byte("authorization"), []byte("apikey"), []byte("credential"), []byte("signature"), []byte("cookie")}
	secretWhole = []string{"code"} // of OAuth
	notSecret   = []string{"tokentype", "currenttoken", "nexttoken"}
)

func isSecret[T string | []byte](name T) bool {
	var room [64]byte
	plain := room[:0]
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'A' && c <= 'Z':
			plain = append(plain, c+'a'-'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80:
			plain = append(plain, c)
		}
	}
	for _, w := range notSecret {
		if string(plain) == w {
			return false
		}
	}
	for _, w := range secretWhole {
		if string(plain) == w {
			return true
		}
	}
	for _, part := range secretParts {
		if bytes.Contains(plain, part) {
			return true
		}
	}
	return false
}

// removedAfterScheme keeps the scheme of credentials: Basic [removed].
func removedAfterScheme(v string) string {
	switch scheme, rest, ok := strings.Cut(v, " "); {
	case !ok || rest == "":
		return Removed
	case scheme == "Basic": // as nearly all write it, without making a text of it
		return "Basic " + Removed
	case scheme == "Bearer":
		return "Bearer " + Removed
	case strings.EqualFold(scheme, "basic"), strings.EqualFold(scheme, "bearer"):
		return scheme + " " + Removed
	}
	return Removed
}

// redactQuery is a query, or a form, without the values of secrets. What is no
// escape is taken as it stands.
func redactQuery(q string) string {
	if q == "" {
		return ""
	}
	return redactPairs(q, isSecret)
}

func redactPairs(q string, secret func(name string) bool) string {
	var b strings.Builder
	for i, pair := range strings.FieldsFunc(q, func(c rune) bool { return c == '&' }) {
		if i > 0 {
			b.WriteByte('&')
		}
		name, value, ok := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		switch {
		case ok && value != "" && secret(plain):
			b.WriteString(name + "=" + Removed)
		default:
			b.WriteString(pair)
		}
	}
	return b.String()
}

// redactURL is an address without user and password. Of its query the values of
// secrets go, or all if it is the address of a hook, whose query is a secret by
// custom.
func redactURL(s string, hook bool) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return s
	}
	rest, query, hasQuery := strings.Cut(rest, "?")
	host, path, hasPath := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = Removed + host[i:]
	}
	out := scheme + "://" + host
	if hasPath {
		out += "/" + path
	}
	if hasQuery {
		out += "?" + redactPairs(query, func(name string) bool { return hook || isSecret(name) })
	}
	return out
}

// mayContainSecrets says that replies of a route may have something to hide: of all of
// Aircall's objects, only webhooks, tokens, and the media and callbacks of messages.
// Looking at every page of calls costs as much as making it.
func (r *route) mayContainSecrets() bool {
	return r.tier == lambdaTier || r.open() || strings.Contains(r.path, "/messages")
}

// redactBody appends a body without the values of secrets to dst. It may be cut
// off anywhere; what is neither JSON nor a form stays as it is.
func redactBody(dst, body []byte) []byte {
	switch {
	case len(body) == 0:
		return dst
	case strings.IndexByte("{[\" \t\r\n", body[0]) < 0:
		return append(dst, redactQuery(string(body))...)
	}
	r := redaction{dst: dst, src: body}
	r.run()
	return r.dst
}

// A redaction copies JSON and leaves secrets out. It takes anything: brackets need
// not match.
type redaction struct {
	dst, src []byte
	from, at int // what is copied so far, and read
}

func (r *redaction) run() {
	for {
		quote := bytes.IndexByte(r.src[r.at:], '"')
		if quote < 0 {
			break
		}
		r.at += quote
		start := r.at
		text := r.text()
		end := r.at
		if r.skipBlanks(); r.at >= len(r.src) || r.src[r.at] != ':' {
			r.address(start, end, text, false)
			continue
		}
		r.at++
		r.skipBlanks()
		start = r.at
		switch {
		case isSecret(text):
			if v := r.value(); len(v) > 0 && string(v) != "null" && string(v) != `""` {
				r.replace(start, r.at, strconv.Quote(Removed))
			}
		case r.at < len(r.src) && r.src[r.at] == '"':
			value := r.text()
			r.address(start, r.at, value, len(text) >= 3 && bytes.EqualFold(text[len(text)-3:], []byte("url")))
		}
	}
	r.dst = append(r.dst, r.src[r.from:]...)
}

// address leaves of a string, which stands from start to end, what may be told if it is an address.
func (r *redaction) address(start, end int, text []byte, hook bool) {
	if bytes.Contains(text, []byte("://")) {
		if left := redactURL(string(text), hook); left != string(text) {
			r.replace(start, end, string(encode(left)))
		}
	}
}

// replace replaces the bytes from start to end.
func (r *redaction) replace(start, end int, with string) {
	r.dst = append(append(r.dst, r.src[r.from:start]...), with...)
	r.from = end
}

func (r *redaction) skipBlanks() {
	for r.at < len(r.src) && strings.IndexByte(" \t\r\n", r.src[r.at]) >= 0 {
		r.at++
	}
}

// text passes the string at hand, which may lack its end, and is what it says.
func (r *redaction) text() []byte {
	start := r.at + 1
	escaped := false
	for r.at = start; r.at < len(r.src) && r.src[r.at] != '"'; r.at++ {
		if r.src[r.at] == '\\' {
			escaped = true
			r.at++
		}
	}
	r.at = min(r.at, len(r.src))
	said := r.src[start:r.at]
	r.at = min(r.at+1, len(r.src))
	if escaped {
		return unescape(said)
	}
	return said
}

// unescape reads what can be read of a JSON string that may be broken.
func unescape(s []byte) []byte {
	var out string
	for end := len(s); end >= max(0, len(s)-6); end-- { // a cut in an escape loses at most \u12
		if json.Unmarshal([]byte(`"`+string(s[:end])+`"`), &out) == nil {
			return []byte(out)
		}
	}
	return s
}

// value passes the value at hand, with all that is in it.
func (r *redaction) value() []byte {
	start, depth := r.at, 0
	for r.at < len(r.src) {
		switch c := r.src[r.at]; {
		case c == '"':
			r.text()
			if depth == 0 {
				return r.src[start:r.at]
			}
			continue
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				r.at++
			}
			if depth <= 0 {
				return r.src[start:r.at]
			}
		case c == ',' && depth == 0:
			return r.src[start:r.at]
		}
		r.at++
	}
	return r.src[start:]
}
