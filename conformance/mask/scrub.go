package mask

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/aircallkit/aircallkit/internal/redact"
)

// A Scrubber removes credentials and leaves everything else, so that what it returns has personal data. It recognizes them by
// the names of members, parameters and fields, by their form, and because the same exchange or an earlier one has them in such
// a place: those it removes from then on in any encoding. The zero value is ready to use. It is safe for concurrent use.
type Scrubber struct {
	mu      sync.Mutex
	known   map[string]bool
	secrets redact.Secrets
}

// mostSecrets bounds the credentials that a Scrubber looks for.
const mostSecrets = 1000

// learn adds credentials. It leaves out words of the contract, which occur everywhere.
func (s *Scrubber) learn(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]bool{}
	}
	for _, secret := range secrets {
		common := secret == "" || known().keys[secret] || known().parts[secret] || known().params[secret]
		if !common && !s.known[secret] && len(s.known) < mostSecrets {
			s.known[secret] = true
			s.secrets.Add(secret)
		}
	}
}

// learnHeader adds the credentials in headers.
func (s *Scrubber) learnHeader(h http.Header) {
	for name, values := range h {
		if !isSecret(name) && !strings.HasSuffix(name, "Cookie") {
			continue
		}
		s.learn(values...)
		for _, v := range values {
			scheme, value, _ := strings.Cut(v, " ")
			s.learn(value)
			if plain, err := base64.StdEncoding.DecodeString(value); err == nil && strings.EqualFold(scheme, "Basic") {
				id, token, _ := strings.Cut(string(plain), ":")
				s.learn(string(plain), id, token)
			}
		}
	}
}

// Entry returns the entry without credentials.
func (s *Scrubber) Entry(e har.Entry) har.Entry {
	s.learnHeader(e.RequestHeader)
	s.learnHeader(e.ReplyHeader)
	s.entry(e) // learns credentials that another part of the exchange repeats
	return s.entry(e)
}

func (s *Scrubber) entry(e har.Entry) har.Entry {
	grants := strings.Contains(e.URL.Path, "/oauth/") // its code is a credential
	u := &url.URL{Scheme: e.URL.Scheme, Host: e.URL.Host, RawQuery: s.query(e.URL.RawQuery, grants)}
	e.RequestBody, e.ReplyBody = s.body(e.RequestBody, e.RequestHeader, grants), s.body(e.ReplyBody, e.ReplyHeader, grants)
	path := s.clean(e.URL.EscapedPath())
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
		return orderedjson.Encode(s.value(false, v, grants))
	}
	if mediaType(h.Get("Content-Type")) == formType {
		return []byte(s.query(string(data), grants))
	}
	return []byte(s.clean(string(data)))
}

// value scrubs a value. secret says that it is the value of a member for credentials, or within one.
func (s *Scrubber) value(secret bool, v any, grants bool) any {
	switch v := v.(type) {
	case orderedjson.Object:
		out := make(orderedjson.Object, len(v))
		for i, m := range v {
			out[i] = orderedjson.Member{Key: s.clean(m.Key), Value: s.value(secret || isSecret(m.Key) || grants && m.Key == "code", m.Value, grants)}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = s.value(secret, v[i], grants)
		}
		return out
	case string:
		if secret && v != "" {
			s.learn(v)
			return redact.Mark
		}
		return s.text(v)
	case json.Number:
		if secret {
			return json.Number("0")
		}
	}
	return v
}

// text removes credentials from a text, and the query of an address elsewhere, which may hold a signature.
func (s *Scrubber) text(v string) string {
	if !webAddress.MatchString(v) {
		return s.clean(v)
	}
	address, query, _ := strings.Cut(v, "?")
	address = s.clean(address)
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
	if raw == "" {
		return ""
	}
	params := strings.Split(raw, "&")
	for i, param := range params {
		name, value, hasValue := strings.Cut(param, "=")
		plain, err := url.QueryUnescape(value)
		if err != nil {
			plain = value
		}
		if hasValue && (isSecretParameter(name) || grants && name == "code") {
			s.learn(plain)
			params[i] = name + "=" + url.QueryEscape(redact.Mark)
		} else if s.clean(param) != param || s.clean(plain) != plain {
			params[i] = url.QueryEscape(s.clean(name)) + "=" + url.QueryEscape(redact.Mark)
		}
	}
	return strings.Join(params, "&")
}
