package mask

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/aircallkit/aircallkit/internal/redact"
)

// A Scrubber removes credentials and leaves everything else, so that what it returns has personal data. It learns the
// credentials of each request, and removes them from then on in any encoding. The zero value is ready to use. It is safe for
// concurrent use.
type Scrubber struct {
	mu      sync.Mutex
	known   map[string]bool
	secrets redact.Secrets
}

// secretNames are the members, parameters and fields of forms whose values are credentials.
var secretNames = []string{
	"token", "api_token", "access_token", "refresh_token", "id_token", "api_key", "client_secret", "password", "secret", "authorization", "signature",
}

// mostSecrets bounds the credentials that a Scrubber looks for.
const mostSecrets = 1000

func isSecret(name string) bool { return slices.Contains(secretNames, strings.ToLower(name)) }

// learn adds credentials.
func (s *Scrubber) learn(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]bool{}
	}
	for _, secret := range secrets {
		if secret != "" && !s.known[secret] && len(s.known) < mostSecrets {
			s.known[secret] = true
			s.secrets.Add(secret)
		}
	}
}

// learnHeader adds the credentials in headers.
func (s *Scrubber) learnHeader(h http.Header) {
	for _, v := range h.Values("Authorization") {
		scheme, value, _ := strings.Cut(v, " ")
		s.learn(value)
		if plain, err := base64.StdEncoding.DecodeString(value); err == nil && strings.EqualFold(scheme, "Basic") {
			id, token, _ := strings.Cut(string(plain), ":")
			s.learn(string(plain), id, token)
		}
	}
	for _, name := range []string{"Cookie", "Set-Cookie", "X-Api-Key"} {
		s.learn(h.Values(name)...)
	}
}

// Entry returns the entry without credentials.
func (s *Scrubber) Entry(e har.Entry) har.Entry {
	s.learnHeader(e.RequestHeader)
	s.learnHeader(e.ReplyHeader)
	grants := strings.Contains(e.URL.Path, "/oauth/") // its code is a credential
	e.RequestBody, e.ReplyBody = s.body(e.RequestBody, e.RequestHeader, grants), s.body(e.ReplyBody, e.ReplyHeader, grants)
	u := &url.URL{Scheme: e.URL.Scheme, Host: e.URL.Host, RawQuery: s.query(e.URL.RawQuery, grants)}
	path := s.secrets.Text(e.URL.EscapedPath())
	if plain, err := url.PathUnescape(path); err == nil {
		if u.Path = plain; u.EscapedPath() != path {
			u.RawPath = path
		}
	}
	e.URL = u
	e.RequestHeader, e.ReplyHeader = s.header(e.RequestHeader), s.header(e.ReplyHeader)
	return e
}

func (s *Scrubber) header(h http.Header) http.Header {
	out := http.Header{}
	for name, values := range h {
		for _, v := range values {
			if KeptHeader(name) {
				out.Add(name, s.text(v))
			}
		}
	}
	return out
}

func (s *Scrubber) body(data []byte, h http.Header, grants bool) []byte {
	if len(data) == 0 {
		return data
	}
	if v, err := orderedjson.Decode(data); err == nil {
		s.value("", v, grants) // learns what is a credential in one member and repeated in another
		return orderedjson.Encode(s.value("", v, grants))
	}
	if mediaType(h.Get("Content-Type")) == formType {
		return []byte(s.query(string(data), grants))
	}
	return []byte(s.secrets.Text(string(data)))
}

func (s *Scrubber) value(name string, v any, grants bool) any {
	switch v := v.(type) {
	case orderedjson.Object:
		out := make(orderedjson.Object, len(v))
		for i, m := range v {
			out[i] = orderedjson.Member{Key: s.secrets.Text(m.Key), Value: s.value(m.Key, m.Value, grants)}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = s.value(name, v[i], grants)
		}
		return out
	case string:
		if isSecret(name) || grants && name == "code" {
			s.learn(v)
			return redact.Mark
		}
		return s.text(v)
	case json.Number:
		if isSecret(name) {
			return json.Number("0")
		}
	}
	return v
}

// text removes credentials from a text, and the query of an address elsewhere, which may hold a signature.
func (s *Scrubber) text(v string) string {
	v = s.secrets.Text(v)
	if !webAddress.MatchString(v) {
		return v
	}
	address, query, _ := strings.Cut(v, "?")
	scheme, rest, _ := strings.Cut(address, "://")
	host, path, _ := strings.Cut(rest, "/")
	if i := strings.LastIndex(host, "@"); i >= 0 {
		address = scheme + "://" + host[i+1:]
		if path != "" {
			address += "/" + path
		}
	}
	switch {
	case query == "":
		return address
	case keptHost(host):
		return address + "?" + s.query(query, false)
	}
	return address + "?" + redact.Mark
}

func (s *Scrubber) query(raw string, grants bool) string {
	params := strings.Split(raw, "&")
	for i, param := range params {
		name, value, hasValue := strings.Cut(param, "=")
		if plain, err := url.QueryUnescape(value); hasValue && (isSecret(name) || grants && name == "code") {
			if err == nil {
				s.learn(plain)
			}
			params[i] = name + "=" + url.QueryEscape(redact.Mark)
			continue
		}
		if clean := s.secrets.Text(param); clean != param {
			params[i] = url.QueryEscape(name) + "=" + url.QueryEscape(redact.Mark)
		}
	}
	return strings.Join(params, "&")
}
