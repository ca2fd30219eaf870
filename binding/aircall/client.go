package aircall

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"github.com/aircallkit/aircallkit/internal/redact"
)

const (
	defaultBaseURL = "https://api.aircall.io"
	defaultTimeout = 30 * time.Second
	defaultRetries = 3
	mostRetries    = 10
	redacted       = "[redacted]"
)

// Options configure a [Client]. Only credentials are required: both halves of an API key, or an access token. Neither fmt
// nor an encoder prints them, except with the verb %p, which vet rejects, and in an unexported field of another struct.
type Options struct {
	BaseURL     string            // "": https://api.aircall.io; a trailing slash, /v1 or /v2 is cut off; https unless the host is loopback
	APIID       string            // API key, first half
	APIToken    string            // API key, second half; the key wins over an access token
	AccessToken string            // OAuth bearer token
	Transport   http.RoundTripper // nil: the client's own, with HTTP/1.1 only
	Timeout     time.Duration     // for one attempt, body included; 0: 30s
	MaxRetries  int               // after the first attempt; 0: 3, negative: none, 10 at most
	UserAgent   string            // "": aircallkit/<version>
}

// Client sends requests for one Aircall company. It is safe for concurrent use. Use one Client per company, because requests
// of one Client wait together when the rate limit is reached.
type Client struct {
	base      string // scheme, host and path prefix, without a trailing slash
	transport http.RoundTripper
	timeout   time.Duration
	retries   int
	userAgent string
	limit     *limit

	// The credentials live in closures, where neither a format verb nor reflection finds them.
	authorize func(http.Header)
	redact    func(string) string
}

// New returns a Client. It fails if the options are wrong, and sends nothing.
func New(o Options) (*Client, error) {
	authorization, err := o.authorization()
	c, wrong := o.client(authorization, redactor(o.APIID, o.APIToken, o.APIID+":"+o.APIToken, o.AccessToken))
	if wrong != nil {
		return nil, wrong
	} else if err != nil {
		return nil, fmt.Errorf("aircall: credentials: %w", err)
	}
	return c, nil
}

// client implements New for any authorization; "" sends none.
func (o Options) client(authorization string, redact func(string) string) (*Client, error) {
	base, err := baseURL(o.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("aircall: base URL: %w", err)
	}
	c := &Client{
		base:      base,
		transport: o.Transport,
		timeout:   cmp.Or(o.Timeout, defaultTimeout),
		retries:   min(cmp.Or(o.MaxRetries, defaultRetries), mostRetries),
		userAgent: cmp.Or(o.UserAgent, "aircallkit/"+version()),
		limit:     &limit{},
		authorize: func(h http.Header) {
			if authorization != "" {
				h.Set("Authorization", authorization)
			}
		},
		redact: redact,
	}
	if c.transport == nil {
		c.transport = newTransport()
	}
	switch {
	case c.timeout < 0:
		return nil, fmt.Errorf("aircall: timeout %v is negative; give a positive one, or 0 for %v", c.timeout, defaultTimeout)
	case strings.ContainsFunc(c.userAgent, unicode.IsControl):
		return nil, fmt.Errorf("aircall: user agent %q contains a control character", c.userAgent)
	}
	return c, nil
}

// CloseIdleConnections closes the connections that no request is using. The client stays usable.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// String returns the type and the base URL.
func (c *Client) String() string { return "aircall.Client(" + c.base + ")" }

// newTransport returns a transport for HTTP/1.1 only. A connection then carries one request at a time, so the fate of the
// connection is the fate of the request. An HTTP/2 transport resends some requests by itself, even one that the server has
// begun to read, and 120 requests a minute gain nothing from streams.
func newTransport() *http.Transport {
	var http1 http.Protocols
	http1.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		Protocols:              &http1,
		MaxConnsPerHost:        32,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        30 * time.Second, // below the usual 60s of servers, which close first otherwise
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// baseURL checks and normalizes a base URL. Its errors do not quote the URL, which may contain a password.
func baseURL(s string) (string, error) {
	if s == "" {
		return defaultBaseURL, nil
	}
	const example = "give one like " + defaultBaseURL
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return "", errors.New("not a URL with scheme and host; " + example)
	case u.User != nil:
		return "", errors.New("it contains a user or a password; use the options for credentials")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("it contains a query or a fragment; " + example)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "", fmt.Errorf("http would show the credentials to the network on the way to %s; use https", u.Hostname())
	case u.Scheme != "https" && u.Scheme != "http":
		return "", fmt.Errorf("scheme %q is neither https nor http; %s", u.Scheme, example)
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	for _, version := range []string{"/v1", "/v2"} {
		if cut, ok := strings.CutSuffix(path, version); ok {
			path = strings.TrimRight(cut, "/")
			break
		}
	}
	return u.Scheme + "://" + u.Host + path, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// authorization returns the value of the Authorization header, or an error that does not quote a credential.
func (o Options) authorization() (string, error) {
	if strings.ContainsFunc(o.APIID+o.APIToken+o.AccessToken, blank) {
		return "", errors.New("one contains a space or a line break; copy it again")
	}
	switch {
	case o.APIID != "" && o.APIToken == "":
		return "", errors.New("an API id without its API token; give both halves of the key")
	case o.APIID == "" && o.APIToken != "":
		return "", errors.New("an API token without its API id; give both halves of the key")
	case strings.Contains(o.APIID, ":"):
		return "", errors.New("the API id contains a colon; give id and token separately")
	case o.APIID != "":
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(o.APIID+":"+o.APIToken)), nil
	case o.AccessToken != "":
		return "Bearer " + o.AccessToken, nil
	}
	return "", errors.New("none given; set an API id and token, or an access token")
}

// blank reports whether r is white space, a control character or invisible.
func blank(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }

// redactor returns a function that removes the secrets from a text in any encoding, because a server or proxy may echo a request.
// It reads as much of a long text as an error may quote.
func redactor(secrets ...string) func(string) string {
	var all redact.Secrets
	all.Add(secrets...)
	return func(text string) string {
		if len(text) > 100*maxText {
			text = text[:100*maxText] + "…" // which may stand for the rest of a secret
		}
		return all.Replace(text, redacted)
	}
}

// String returns the options without their secrets, and says which are set.
func (o Options) String() string {
	base, err := baseURL(o.BaseURL)
	if err != nil {
		base = "(invalid)"
	}
	return fmt.Sprintf("aircall.Options{BaseURL: %s, APIID: %s, APIToken: %s, AccessToken: %s}",
		base, Secret(o.APIID), Secret(o.APIToken), Secret(o.AccessToken))
}

// Format writes String for every verb.
func (o Options) Format(f fmt.State, _ rune) { io.WriteString(f, o.String()) }

// MarshalText returns String, for encoders and structured loggers.
func (o Options) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// version returns the version of the module in the running program: a release when a host imports it, "devel" in its own
// tree.
func version() string {
	const module = "github.com/aircallkit/aircallkit"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == module && m.Version != "" && m.Version != "(devel)" {
			return m.Version
		}
	}
	return "devel"
}

// Secret is a string that neither fmt nor an encoder shows; string(s) is its value.
type Secret string

// String returns "[redacted]", or "(unset)" if the value is empty.
func (s Secret) String() string {
	if s == "" {
		return "(unset)"
	}
	return redacted
}

// Format writes String for every verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// MarshalText returns String, for encoders and structured loggers.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
