package aircall

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Raw sends a request for which the client has no operation, such as one that Aircall added lately. The path begins with
// the version, as in /v1/calls, and [CleanPath] must accept it. The body is as in [Request]. Retries, rate limit and errors
// are those of [Client.Do].
func (c *Client) Raw(ctx context.Context, method, path string, query url.Values, body any) (*Response, error) {
	out := outgoing{op: Op{Name: "raw-request", Method: method}, path: path, query: query}
	clean, err := CleanPath(path)
	switch {
	case err != nil:
		return nil, out.invalidRequest("the path %v", err)
	case !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, method):
		return nil, out.invalidRequest("the method is %q: give GET, POST, PUT, PATCH or DELETE", method)
	}
	out.path = clean
	if fail := out.encode(body); fail != nil {
		return nil, fail
	}
	return c.send(ctx, out)
}

// CleanPath returns the one form of a path in which each server and proxy reads the same: every part is decoded once and
// escaped as needed. It fails unless the path begins with "/", and for a path that may lead elsewhere than it says: with
// empty parts, ".." or "." in any encoding, backslashes, a query, a fragment, and characters beyond printable ASCII.
func CleanPath(path string) (string, error) {
	const most, shown = 1024, 40
	said := path
	if len(said) > most {
		said = said[:shown] + "…"
	}
	wrong := func(format string, args ...any) (string, error) {
		return "", fmt.Errorf("%q "+format, append([]any{said}, args...)...)
	}
	switch {
	case len(path) > most:
		return wrong("has %d bytes, the most is %d", len(path), most)
	case !strings.HasPrefix(path, "/"):
		return wrong(`does not begin with "/": give a path such as /v1/calls, without an address`)
	}
	parts := strings.Split(path[1:], "/")
	for i, part := range parts {
		text, err := url.PathUnescape(part)
		if bad, ok := errors.AsType[url.EscapeError](err); ok {
			return wrong("has %q, which is no encoded character", string(bad))
		}
		odd := strings.IndexFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`/\%?#`, r) })
		name, _, _ := strings.Cut(text, ";") // some servers ignore what follows
		switch {
		case odd >= 0:
			_, size := utf8.DecodeRuneInString(text[odd:])
			return wrong("has the character %q, which the path of an operation does not have; the query is apart from it", text[odd:odd+size])
		case text == "" && i < len(parts)-1:
			return wrong(`has an empty part: write one "/" between two names`)
		case name == "." || name == "..":
			return wrong("has the part %q, which leads to another path: write the path out", text)
		}
		parts[i] = url.PathEscape(text)
	}
	clean := "/" + strings.Join(parts, "/")
	if len(clean) > most {
		return wrong("has %d bytes once it is escaped, the most is %d", len(clean), most)
	}
	return clean, nil
}
