package aircall_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

const accessToken = "canary-bearer-5d01"

// wantNoSecret writes v in every way there is and looks for the credentials.
func wantNoSecret(t *testing.T, what string, v any) {
	t.Helper()
	var texts []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T", "%e", "%08.3f", "% x"} {
		texts = append(texts, fmt.Sprintf(verb, v))
	}
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("x", "v", v, slog.Group("g", "v", v), "nested", struct{ V any }{v})
	}
	encoded, _ := json.Marshal(map[string]any{"v": v})
	texts = append(texts, log.String(), string(encoded))
	for err, ok := v.(error); ok && err != nil; err = errors.Unwrap(err) {
		texts = append(texts, err.Error(), fmt.Sprintf("%#v", err))
	}
	for _, text := range texts {
		for _, secret := range []string{"canary", basicPair[:4]} { // what the secrets begin with: a part is too much as well
			hex := fmt.Sprintf("%x", secret)
			if strings.Contains(text, secret) || strings.Contains(strings.ToLower(strings.ReplaceAll(text, " ", "")), hex) {
				t.Errorf("%s shows %s:\n%s", what, secret, text)
			}
		}
	}
}

func TestOptionsHideSecrets(t *testing.T) {
	o := aircall.Options{APIID: apiID, APIToken: apiToken, AccessToken: accessToken}
	wantNoSecret(t, "options", o)
	wantNoSecret(t, "pointer to options", &o)
	wantNoSecret(t, "list of options", []aircall.Options{o})
	want := "aircall.Options{BaseURL: https://api.aircall.io, APIID: [redacted], APIToken: [redacted], AccessToken: (unset)}"
	o.AccessToken = ""
	if got := o.String(); got != want {
		t.Errorf("got %s", got)
	}
	for _, base := range []string{"https://u:" + apiToken + "@api.aircall.io", "https://" + apiToken + ":" + accessToken, "https://api.aircall.io?" + apiToken, "http://api.aircall.io/" + apiToken} {
		o := aircall.Options{BaseURL: base, APIID: apiID, APIToken: apiToken}
		wantNoSecret(t, "options with "+base, o)
		_, err := aircall.New(o)
		if err == nil {
			t.Fatalf("%s was accepted", base)
		}
		wantNoSecret(t, "the error", err)
	}
	for _, o := range []aircall.Options{
		{APIID: apiID}, {APIToken: apiToken}, {APIID: apiID + ":", APIToken: apiToken}, {APIID: apiID, APIToken: apiToken + "\n"}, {AccessToken: accessToken + " "},
	} {
		_, err := aircall.New(o)
		if err == nil {
			t.Fatalf("%v was accepted", o)
		}
		wantNoSecret(t, "the error", err)
	}
}

func TestClientHidesSecrets(t *testing.T) {
	for _, o := range []aircall.Options{{}, {AccessToken: accessToken}} {
		c := client(t, o)
		wantNoSecret(t, "client", c)
		wantNoSecret(t, "client by value", *c)
		if got := c.String(); got != "aircall.Client(https://api.aircall.io)" {
			t.Errorf("got %s", got)
		}
	}
}

// TestErrorsHideSecrets has servers, proxies and transports repeat what they were sent, in every place an error has.
func TestErrorsHideSecrets(t *testing.T) {
	echo := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			all := r.Header.Get("Authorization") + " " + apiID + ":" + apiToken + " " + accessToken
			w.Header().Set("Location", "https://"+accessToken+".test/"+all)
			w.WriteHeader(status)
			fmt.Fprintf(w, body, all)
		}
	}
	long := strings.Repeat("é", 290) // a text that is cut off next to a secret
	handlers := map[string]http.HandlerFunc{
		"error":        echo(400, `{"error":"%s"}`),
		"cut off":      echo(400, `{"error":"`+long+`%s"}`),
		"troubleshoot": echo(422, `{"error":"x","troubleshoot":"%s"}`),
		"errors":       echo(422, `{"errors":{"%[1]s":["%[1]s"],"a":{"%[1]s":"b"}}}`),
		"message":      echo(403, `{"message":"%s"}`),
		"text":         echo(500, `you sent %s`),
		"HTML":         echo(500, `<title>%s</title>`),
		"redirect":     echo(302, `%s`),
		"not JSON":     echo(200, `you sent %s`),
		"envelope":     echo(200, `{"%s":1}`),
		"wrong type":   echo(200, `{"call":{"started_at":"%s"}}`),
		"meta":         echo(200, `{"calls":[],"meta":{"total":"%s"}}`),
		"escaped": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(400)
			fmt.Fprintf(w, `{"error":"\u0063%s"}`, apiToken[1:])
		},
		"no HTTP": cut("you sent " + basicPair + "\r\n\r\n"),
	}
	for name, h := range handlers {
		for _, o := range []aircall.Options{{APIID: apiID, APIToken: apiToken, AccessToken: accessToken}} {
			o.BaseURL, o.MaxRetries = serveURL(t, h), -1
			c := client(t, o)
			_, read := c.Call(t.Context(), 5)
			_, list := c.Calls(aircall.CallListParams{}).Page(t.Context())
			_, write := c.ArchiveCall(t.Context(), 5)
			for _, err := range []error{read, list, write} {
				if err == nil && name != "meta" {
					t.Errorf("%s: no error", name)
				}
				wantNoSecret(t, name, err)
			}
		}
	}
	cause := errors.New("refused Authorization: Basic " + basicPair)
	c := client(t, aircall.Options{MaxRetries: -1, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, fmt.Errorf("dump: %w", cause)
	})})
	_, err := c.Call(t.Context(), 5)
	wantNoSecret(t, "transport", err)
	if e := wantError(t, err); e.Message != "dump: refused Authorization: Basic [redacted]" {
		t.Errorf("got %q", e.Message)
	}
}

// TestErrorsHideEncodedSecrets has servers and proxies repeat what they were sent in another encoding.
func TestErrorsHideEncodedSecrets(t *testing.T) {
	pair := []byte(apiID + ":" + apiToken)
	runes := func(format string) string {
		var b strings.Builder
		for _, r := range apiToken {
			fmt.Fprintf(&b, format, r)
		}
		return b.String()
	}
	for name, form := range map[string]string{
		"query": url.QueryEscape(string(pair)), "base64": base64.StdEncoding.EncodeToString([]byte(apiToken)), "base64url": base64.RawURLEncoding.EncodeToString(pair),
		"base64 after a byte": base64.StdEncoding.EncodeToString(append([]byte("x"), pair...)),
		"hex":                 hex.EncodeToString(pair), "HEX": strings.ToUpper(hex.EncodeToString([]byte(apiToken))),
		"HTML": html.EscapeString(string(pair)), "decimal": runes("&#%d;"), "hexadecimal": runes("&#x%x;"), "JSON": runes(`\u%04x`), "percent": runes("%%%02X"),
		"spaces": runes("%c "), "lines": runes("%c\r\n"), "zero width": runes("%c\u200b"),
	} {
		quoted, _ := json.Marshal(form)
		for place, h := range map[string]http.HandlerFunc{
			"JSON": func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(422)
				fmt.Fprintf(w, `{"error":%[1]s,"errors":{%[1]s:[%[1]s]}}`, quoted)
			},
			"HTML": func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(502)
				fmt.Fprintf(w, "<title>no %s</title>", form)
			},
			"text": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, "you sent %s", form) },
			"redirect": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://"+form+".test/")
				w.WriteHeader(302)
			},
		} {
			c := client(t, aircall.Options{BaseURL: serveURL(t, h), APIID: apiID, APIToken: apiToken, MaxRetries: -1})
			_, err := c.Call(t.Context(), 5)
			if err == nil {
				t.Fatal("no error")
			}
			wantNoSecret(t, name+" in "+place, err)
			if text := err.Error(); strings.Contains(text, form) || place != "redirect" && !strings.Contains(text, "[redacted]") {
				t.Errorf("%s in %s: %q", name, place, text)
			}
		}
		c := client(t, aircall.Options{MaxRetries: -1, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return nil, errors.New("proxyconnect tcp: no " + form)
		})})
		if _, err := c.Call(t.Context(), 5); strings.Contains(err.Error(), form) || !strings.Contains(err.Error(), "[redacted]") {
			t.Errorf("%s of a proxy: %q", name, err)
		}
	}
}
