package aircall_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// FuzzReplies gives the client any reply to a read: it never panics, fails only with its own
// error, and shows only short lines of text.
func FuzzReplies(f *testing.F) {
	f.Add(404, "application/json", []byte(`{"error":"Not Found","troubleshoot":"Check ID of the resource"}`))
	f.Add(422, "", []byte(`{"error":"x","success":false,"errors":{"dialer_campaign":["a"]}}`))
	f.Add(400, "", []byte(`{"errors":[{"status":400,"title":"t","detail":"d"}]}`))
	f.Add(502, "text/html", []byte("<TITLE>502</title>"))
	f.Add(200, "", []byte(`{"calls":[{"id":1,"started_at":1.5,"user":{}}],"meta":{"total":1,"per_page":1,"next_page_link":null}}`))
	f.Add(302, "", []byte("\xff\x00"))
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		c, err := aircall.New(aircall.Options{AccessToken: accessToken, MaxRetries: -1, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			h := http.Header{"Content-Type": {contentType}, "Location": {contentType}, "X-Aircallapi-Reset": {contentType}, "X-Aircallapi-Remaining": {"0"}}
			return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(string(body))), Request: r}, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Calls(aircall.CallListParams{}).Page(t.Context())
		if err == nil {
			return
		}
		var e *aircall.Error
		if !errors.As(err, &e) || e.Kind == "" || e.Op != "list-all-calls" || e.Status != status {
			t.Fatalf("got %#v", err)
		}
		for _, s := range []string{e.Message, e.Troubleshoot} {
			if utf8.RuneCountInString(s) > 400 || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
				t.Errorf("%q", s)
			}
		}
	})
}
