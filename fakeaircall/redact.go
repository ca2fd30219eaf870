package fakeaircall

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Removed replaces each secret in the request log.
const Removed = "[removed]"

// A name is of a secret if one of these is in it, or if it is code, which OAuth uses. Case and punctuation do not matter.
var secretParts = [][]byte{
	[]byte("token"), []byte("secret"), []byte("password"), []byte("authorization"),
	[]byte("apikey"), []byte("credential"), []byte("signature"), []byte("cookie"),
}

// isSecret reports whether a member, parameter or header with this name holds a secret.
func isSecret(name string) bool {
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
	switch string(plain) {
	case "code":
		return true
	case "tokentype", "currenttoken", "nexttoken":
		return false
	}
	for _, part := range secretParts {
		if bytes.Contains(plain, part) {
			return true
		}
	}
	return false
}

// copyHeader copies h to dst, without secrets if redact is set. Of credentials it keeps the scheme: Basic [removed].
func copyHeader(dst, h http.Header, redact bool) {
	for name, values := range h {
		if redact && isSecret(name) {
			values = slices.Clone(values)
			for i, v := range values {
				values[i] = Removed
				scheme, rest, _ := strings.Cut(v, " ")
				if rest != "" && (strings.EqualFold(scheme, "basic") || strings.EqualFold(scheme, "bearer")) {
					values[i] = scheme + " " + Removed
				}
			}
		}
		dst[name] = values
	}
}

// redactQuery returns a query or a form without the values of secrets, or without all values. An invalid escape stays as it
// is.
func redactQuery(q string, all bool) string {
	if q == "" {
		return ""
	}
	pairs := strings.FieldsFunc(q, func(c rune) bool { return c == '&' })
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if value != "" && (all || isSecret(plain)) {
			pairs[i] = name + "=" + Removed
		}
	}
	return strings.Join(pairs, "&")
}

// redactURL returns an address without user and password, and without the secrets in its query. The whole query of a hook
// is secret by custom.
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
		out += "?" + redactQuery(query, hook)
	}
	return out
}

// mayContainSecrets reports whether replies of the route can have secrets: only webhooks, tokens, and the media and
// callbacks of messages do. Redacting a page of calls takes as long as making it.
func (r *route) mayContainSecrets() bool {
	return r.tier == lambdaTier || r.open() || strings.Contains(r.path, "/messages")
}

// redactBody appends a body without secrets to dst. The body may be cut off anywhere, and its brackets need not match. A
// body that is neither JSON nor a form stays as it is.
func redactBody(dst, body []byte) []byte {
	if len(body) == 0 {
		return dst
	}
	data := string(body)
	if strings.IndexByte("{[\""+blanks, data[0]) < 0 {
		return append(dst, redactQuery(data, false)...)
	}
	copied := 0
	replace := func(start, end int, with string) {
		dst = append(append(dst, data[copied:start]...), with...)
		copied = end
	}
	redactAddress := func(start, end int, hook bool) {
		if text := textOf(data[start:end]); strings.Contains(text, "://") {
			if clean := redactURL(text, hook); clean != text {
				replace(start, end, string(encode(clean)))
			}
		}
	}
	for at := 0; ; {
		quote := strings.IndexByte(data[at:], '"')
		if quote < 0 {
			return append(dst, data[copied:]...)
		}
		start := at + quote
		at = valueEnd(data, start)
		colon := afterBlanks(data, at)
		if colon == len(data) || data[colon] != ':' {
			redactAddress(start, at, false)
			continue
		}
		name := textOf(data[start:at])
		start = afterBlanks(data, colon+1)
		at = start
		switch {
		case isSecret(name):
			at = valueEnd(data, start)
			if v := data[start:at]; v != "" && v != "null" && v != `""` {
				replace(start, at, `"`+Removed+`"`)
			}
		case start < len(data) && data[start] == '"':
			at = valueEnd(data, start)
			redactAddress(start, at, strings.HasSuffix(strings.ToLower(name), "url"))
		}
	}
}

func afterBlanks(data string, i int) int {
	for i < len(data) && strings.IndexByte(blanks, data[i]) >= 0 {
		i++
	}
	return i
}

// textOf reads a JSON string as far as it can be read: it may be cut off.
func textOf(quoted string) string {
	if text, err := unquote(quoted); err == nil {
		return text
	}
	for end := len(quoted); end >= max(1, len(quoted)-6); end-- { // a cut in an escape loses at most \u12
		if text, err := unquote(quoted[:end] + `"`); err == nil {
			return text
		}
	}
	return quoted[1:]
}
