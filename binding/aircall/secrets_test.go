package aircall_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
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
