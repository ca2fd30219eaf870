package aircall_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func TestBaseURL(t *testing.T) {
	for in, want := range map[string]string{ // "": refused
		"":                             "https://api.aircall.io",
		"https://api.aircall.io":       "https://api.aircall.io",
		"https://api.aircall.io/":      "https://api.aircall.io",
		"https://api.aircall.io/v1":    "https://api.aircall.io",
		"https://api.aircall.io/v2//":  "https://api.aircall.io",
		"https://proxy.test/a/b/v1/":   "https://proxy.test/a/b",
		"https://proxy.test/a%2Fb/":    "https://proxy.test/a%2Fb",
		"https://proxy.test/v1/v2":     "https://proxy.test/v1",
		"https://proxy.test/rev1":      "https://proxy.test/rev1",
		"http://127.0.0.1:8787":        "http://127.0.0.1:8787",
		"http://127.9.9.9/x":           "http://127.9.9.9/x",
		"http://[::1]:80/":             "http://[::1]:80",
		"HTTP://LocalHost:1":           "http://LocalHost:1",
		"http://api.aircall.io":        "",
		"http://localhost.evil.test":   "",
		"http://127.0.0.1.evil.test":   "",
		"ftp://127.0.0.1":              "",
		"api.aircall.io":               "",
		"https://":                     "",
		"https://:443":                 "",
		"https://u:p@api.aircall.io":   "",
		"https://api.aircall.io?a=b":   "",
		"https://api.aircall.io?":      "",
		"https://api.aircall.io#v1":    "",
		"https://api.aircall.io/\x00":  "",
		"https://id:secret":            "",
		"mailto:someone@acme.test":     "",
		"https://api.aircall.io:99999": "https://api.aircall.io:99999",
	} {
		var sent string
		o := aircall.Options{BaseURL: in, APIID: apiID, APIToken: apiToken, MaxRetries: -1, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			sent = r.URL.String()
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"ping":"pong"}`))}, nil
		})}
		c, err := aircall.New(o)
		if want == "" {
			if err == nil || !strings.HasPrefix(err.Error(), "aircall: base URL: ") {
				t.Errorf("%q: got %v, %v", in, c, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if err := c.Ping(t.Context()); err != nil || sent != want+"/v1/ping" {
			t.Errorf("%q: asked %s, want %s/v1/ping (%v)", in, sent, want, err)
		}
	}
}

func TestCredentials(t *testing.T) {
	const basic, bearer = "Basic aWQ6dG9rZW4=", "Bearer oauth"
	for name, tc := range map[string]struct {
		o    aircall.Options
		want string // "": refused
	}{
		"key":              {aircall.Options{APIID: "id", APIToken: "token"}, basic},
		"bearer":           {aircall.Options{AccessToken: "oauth"}, bearer},
		"both":             {aircall.Options{APIID: "id", APIToken: "token", AccessToken: "oauth"}, basic},
		"none":             {aircall.Options{}, ""},
		"id alone":         {aircall.Options{APIID: "id", AccessToken: "oauth"}, ""},
		"token alone":      {aircall.Options{APIToken: "token", AccessToken: "oauth"}, ""},
		"line break":       {aircall.Options{APIID: "id", APIToken: "token\n"}, ""},
		"blank":            {aircall.Options{AccessToken: " oauth"}, ""},
		"header injection": {aircall.Options{AccessToken: "oauth\r\nX: y"}, ""},
		"colon in id":      {aircall.Options{APIID: "id:token", APIToken: "token"}, ""},
		"colon in token":   {aircall.Options{APIID: "id", APIToken: "to:ken"}, "Basic aWQ6dG86a2Vu"},
	} {
		t.Run(name, func(t *testing.T) {
			var sent string
			tc.o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				sent = r.Header.Get("Authorization")
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"ping":"pong"}`))}, nil
			})
			c, err := aircall.New(tc.o)
			if tc.want == "" {
				if err == nil || !strings.HasPrefix(err.Error(), "aircall: credentials: ") {
					t.Errorf("got %v, %v", c, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Ping(t.Context()); err != nil || sent != tc.want {
				t.Errorf("sent %q, want %q (%v)", sent, tc.want, err)
			}
		})
	}
}

func TestOtherOptions(t *testing.T) {
	for name, o := range map[string]aircall.Options{
		"negative timeout": {Timeout: -time.Second}, "user agent": {UserAgent: "a\r\nX: y"},
	} {
		o.AccessToken = "oauth"
		if c, err := aircall.New(o); err == nil {
			t.Errorf("%s: accepted: %v", name, c)
		}
	}
	var agent string
	c := client(t, aircall.Options{UserAgent: "mine/1", BaseURL: serveURL(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent = r.UserAgent()
		io.WriteString(w, `{"ping":"pong"}`)
	}))})
	if err := c.Ping(t.Context()); err != nil || agent != "mine/1" {
		t.Errorf("user agent %q, %v", agent, err)
	}
}
