package aircall_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func TestCleanPath(t *testing.T) {
	for given, want := range map[string]string{
		"/v1/calls":                     "/v1/calls",
		"/v2/users/ada@example.com":     "/v2/users/ada@example.com",
		"/v1/users/ada%40example.com":   "/v1/users/ada@example.com",
		"/v1/c%61lls/%31%32":            "/v1/calls/12",
		"/v1/contacts/5678/email_de...": "/v1/contacts/5678/email_de...",
		"/@evil.example.com":            "/@evil.example.com",
		"/v1/a:b;c=d,e+f&g$h!":          "/v1/a:b%3Bc=d%2Ce+f&g$h%21",
		"/v1/numbers/5/":                "/v1/numbers/5/",
		"/" + strings.Repeat("a", 1023): "/" + strings.Repeat("a", 1023),
	} {
		got, err := aircall.CleanPath(given)
		if got != want || err != nil {
			t.Errorf("CleanPath(%q) = %q, %v, want %q", given, got, err, want)
		}
	}
	for given, why := range map[string]string{
		"":                                  `"" does not begin with "/": give a path such as /v1/calls`,
		"v1/calls":                          `"v1/calls" does not begin with "/"`,
		"https://evil.example.com/v1":       `"https://evil.example.com/v1" does not begin with "/"`,
		"//evil.example.com/v1":             `"//evil.example.com/v1" has an empty part: write one "/" between two names`,
		"/v1//calls":                        `has an empty part`,
		"/v1/../v2":                         `"/v1/../v2" has the part "..", which leads to another path: write the path out`,
		"/v1/./calls":                       `has the part "."`,
		"/v1/%2e%2E/v2":                     `has the part ".."`,
		"/v1/.%2e":                          `has the part ".."`,
		"/v1/..;x/v2":                       `has the part "..;x"`,
		"/v1/%252e%252e/v2":                 `has the character "%"`,
		"/v1/..%2fv2":                       `has the character "/"`,
		"/v1/..%5cv2":                       `has the character "\\"`,
		`/\evil.example.com`:                `has the character "\\"`,
		"/v1/%c0%ae%c0%ae/v2":               `has the character "\xc0"`,
		"/v1/%ef%bc%8e%ef%bc%8e/v2":         `has the character "．"`,
		"/v1/%u002e%u002e/v2":               `has "%u0", which is no encoded character`,
		"/v1/calls?per_page=50":             `has the character "?", which the path of an operation does not have; the query is apart from it`,
		"/v1/calls%3Fper_page=50":           `has the character "?"`,
		"/v1/calls#top":                     `has the character "#"`,
		"/v1/calls\r\nHost: evil":           `has the character "\r"`,
		"/v1/calls%0d%0aHost:%20evil":       `has the character "\r"`,
		"/v1/calls\x00":                     `has the character "\x00"`,
		"/v1/two words":                     `has the character " "`,
		"/v1/caf\u00e9":                     `has the character "é"`,
		"/v1/" + strings.Repeat("!", 400):   `has 1204 bytes once it is escaped, the most is 1024`,
		"/v1/" + strings.Repeat("a", 1<<20): `"/v1/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" has 1048580 bytes, the most is 1024`,
	} {
		got, err := aircall.CleanPath(given)
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("CleanPath(%.60q) = %q, %v, want an error with %s", given, got, err, why)
		}
	}
}

// A path never changes the host, and what a server resolves of it is the path itself.
func FuzzCleanPath(f *testing.F) {
	for _, seed := range []string{"/v1/calls", "//evil/", "/../..", "/%2e%2e/", "/\\evil", "https://evil", "/@evil", "/v1/%252e", "/a%2fb", "/..;/", "/:80", "/%ff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		clean, err := aircall.CleanPath(given)
		if err != nil {
			return
		}
		const base = "https://api.aircall.io"
		u, err := url.Parse(base + clean)
		if err != nil {
			t.Fatalf("CleanPath(%q) = %q: %v", given, clean, err)
		}
		if u.Host != "api.aircall.io" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery {
			t.Errorf("CleanPath(%q) = %q leads to %q", given, clean, u)
		}
		if resolved := (&url.URL{Scheme: "https", Host: "api.aircall.io"}).ResolveReference(&url.URL{Path: u.Path}); resolved.Host != u.Host || resolved.Path != u.Path {
			t.Errorf("CleanPath(%q) = %q resolves to %q", given, clean, resolved)
		}
		if cleaned := path.Clean(u.Path); cleaned != strings.TrimSuffix(u.Path, "/") && cleaned != "/" {
			t.Errorf("CleanPath(%q) = %q, which a server reads as %q", given, clean, cleaned)
		}
		if again, err := aircall.CleanPath(clean); again != clean || err != nil {
			t.Errorf("CleanPath(%q) = %q, and of that %q, %v", given, clean, again, err)
		}
	})
}

func TestRaw(t *testing.T) {
	var seen []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Method+" "+r.RequestURI+" "+r.Header.Get("Authorization")[:6])
		if r.URL.Path == "/v1/none" {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(404)
			w.Write([]byte(`{"error":"Not Found","troubleshoot":"Check ID"}`))
			return
		}
		w.Write([]byte(`{"ok":true}`))
	}))
	defer srv.Close()
	c, err := aircall.New(aircall.Options{BaseURL: srv.URL, APIID: "id", APIToken: "token"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	res, err := c.Raw(ctx, "POST", "/v1/calls/1/t%61gs", url.Values{"a": {"1"}}, map[string]any{"tags": []int{1}})
	if err != nil || string(res.Body) != `{"ok":true}` || len(seen) != 1 || seen[0] != "POST /v1/calls/1/tags?a=1 Basic " {
		t.Errorf("got %v, %v, seen %q", res, err, seen)
	}
	var failed *aircall.Error
	if _, err := c.Raw(ctx, "GET", "/v1/none", nil, nil); !errors.As(err, &failed) || failed.Kind != aircall.KindNotFound || failed.Path != "/v1/none" || failed.Hint != "check the path and the ids in it" {
		t.Errorf("got %+v", failed)
	}
	for _, c2 := range []struct{ method, path, want string }{
		{"GET", "//evil.example.com", `aircall: raw-request: GET //evil.example.com: the path "//evil.example.com" has an empty part: write one "/" between two names`},
		{"TRACE", "/v1/calls", `aircall: raw-request: TRACE /v1/calls: the method is "TRACE": give GET, POST, PUT, PATCH or DELETE`},
	} {
		_, err := c.Raw(ctx, c2.method, c2.path, nil, nil)
		if err == nil || err.Error() != c2.want || !errors.Is(err, aircall.KindInvalidRequest) {
			t.Errorf("got %v, want %s", err, c2.want)
		}
	}
	if len(seen) != 2 {
		t.Errorf("seen %q", seen)
	}
}
