package aircall_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

const noHint = "change the request: Aircall would refuse the same one again"

// TestErrorBodies reads every shape of error body that was seen or can be expected.
func TestErrorBodies(t *testing.T) {
	html := "text/html; charset=utf-8"
	tests := map[string]struct {
		status      int
		contentType string
		body        string
		want        aircall.Error
	}{
		"edge 401": {401, "", `{"message":"Unauthorized"}`, aircall.Error{
			Kind: aircall.KindUnauthorized, Message: "Unauthorized", Hint: "no credentials reached Aircall; look for a proxy that drops the Authorization header",
		}},
		"edge 403": {403, "", `{"message":"Forbidden"}`, aircall.Error{
			Kind: aircall.KindForbidden, Message: "Forbidden",
			Hint: "Aircall does not accept these credentials; check API id and token, or the access token. Permissions are not the cause",
		}},
		"wrong mode of a number": {403, "", `{"error":"LineIsNotNativeException","troubleshoot":"The number is not configured for the Public API"}`, aircall.Error{
			Kind: aircall.KindForbidden, Message: "LineIsNotNativeException", Troubleshoot: "The number is not configured for the Public API",
			Hint: "the messages of the number are controlled elsewhere; see its message configuration",
		}},
		"no add-on": {403, "", `{"error":"Forbidden","troubleshoot":"This needs the WhatsApp add-on"}`, aircall.Error{
			Kind: aircall.KindForbidden, Message: "Forbidden", Troubleshoot: "This needs the WhatsApp add-on",
			Hint: "the company's plan or add-ons, or the registration of the number, do not allow it",
		}},
		"edge 404": {404, "", `{"message":"Not Found"}`, aircall.Error{
			Kind: aircall.KindNotFound, Message: "Not Found", Hint: "Aircall has no such route; check the base URL",
		}},
		"unknown id": {404, "", `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`, aircall.Error{
			Kind: aircall.KindNotFound, Message: "Not Found", Troubleshoot: "Check ID of the resource", Hint: "check the id: the company has no such object",
		}},
		"mixed 404": {404, "", `{"message":"Not Found","troubleshoot":"Check ID of the resource"}`, aircall.Error{
			Kind: aircall.KindNotFound, Message: "Not Found", Troubleshoot: "Check ID of the resource", Hint: "check the id: the company has no such object",
		}},
		"agent away": {405, "", `{"error":"Method Not Allowed","troubleshoot":"The user is currently unavailable","success":false}`, aircall.Error{
			Kind: aircall.KindAPI, Message: "Method Not Allowed", Troubleshoot: "The user is currently unavailable",
			Hint: "the state forbids it: the agent is not available, or the number does not record",
		}},
		"errors by model": {422, "", `{"error":"Unprocessable Entity","success":false,"errors":{"user":["Email is taken","Name is blank"],"a":"b"}}`, aircall.Error{
			Kind: aircall.KindAPI, Message: "Unprocessable Entity", Troubleshoot: "a: b, user: Email is taken; Name is blank", Hint: noHint,
		}},
		"errors as list": {400, "", `{"errors":[{"status":400,"title":"Invalid","detail":"phone"}],"troubleshoot":"look"}`, aircall.Error{
			Kind: aircall.KindAPI, Troubleshoot: "look; detail: phone, status: 400, title: Invalid", Hint: noHint,
		}},
		"errors as text": {400, "", `{"error":"Bad Request","errors":"no"}`, aircall.Error{
			Kind: aircall.KindAPI, Message: "Bad Request", Troubleshoot: "no", Hint: noHint,
		}},
		"wrong types": {400, "", `{"error":{"code":12345678901234567890},"troubleshoot":[true,null,1.5]}`, aircall.Error{
			Kind: aircall.KindAPI, Message: "code: 12345678901234567890", Troubleshoot: "true; ; 1.5", Hint: noHint,
		}},
		"a list":    {400, "", `["a","b"]`, aircall.Error{Kind: aircall.KindAPI, Message: "a; b", Hint: noHint}},
		"null":      {400, "", `null`, aircall.Error{Kind: aircall.KindAPI, Hint: noHint}},
		"empty":     {400, "", ``, aircall.Error{Kind: aircall.KindAPI, Hint: noHint}},
		"text":      {400, "text/plain", "no\r\n\x00 \u202ethanks \xff", aircall.Error{Kind: aircall.KindAPI, Message: "no thanks ?", Hint: noHint}},
		"half JSON": {400, "", `{"error":"Bad`, aircall.Error{Kind: aircall.KindAPI, Message: `{"error":"Bad`, Hint: noHint}},
		"HTML": {500, html, "<html><head><TITLE>500\n Oops</title></head><body>x</body></html>", aircall.Error{
			Kind: aircall.KindServer, Message: "an HTML page: 500 Oops", Hint: "the failure is at Aircall; try again later", Retryable: true,
		}},
		"HTML that grows in lower case": {500, "", "<p>" + strings.Repeat("Ⱥ", 99) + "<title lang=en>Oops</title>", aircall.Error{
			Kind: aircall.KindServer, Message: "an HTML page: Oops", Hint: "the failure is at Aircall; try again later", Retryable: true,
		}},
		"HTML without title": {500, "", " <p>é", aircall.Error{
			Kind: aircall.KindServer, Message: "an HTML page", Hint: "the failure is at Aircall; try again later", Retryable: true,
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := serve(t, reply(tc.status, tc.body, "Content-Type", tc.contentType))
			_, err := c.Call(t.Context(), 9)
			tc.want.Op, tc.want.Method, tc.want.Path, tc.want.Status = "retrieve-a-call", "GET", "/v1/calls/9", tc.status
			if diff := cmp.Diff(&tc.want, wantError(t, err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestErrorTextsAreBounded(t *testing.T) {
	deep := strings.Repeat(`{"k":`, 5000) + `"` + strings.Repeat("x", 1<<20) + `"` + strings.Repeat(`}`, 5000)
	for name, body := range map[string]string{
		"text": strings.Repeat("é", 1<<20), "long": `{"error":"` + strings.Repeat("é", 1<<20) + `"}`, "deep": `{"errors":` + deep + `}`,
		"many": `{"errors":[` + strings.Repeat(`"word",`, 1<<17) + `0]}`,
	} {
		c := serve(t, reply(422, body))
		_, err := c.Company(t.Context())
		e := wantError(t, err)
		for _, s := range []string{e.Message, e.Troubleshoot} {
			if n := utf8.RuneCountInString(s); n > 301 || !utf8.ValidString(s) {
				t.Errorf("%s: %d runes", name, n)
			}
		}
		if e.Message+e.Troubleshoot == "" {
			t.Errorf("%s: nothing was read", name)
		}
	}
}

func TestErrorString(t *testing.T) {
	c := serve(t, reply(404, `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`))
	_, err := c.Call(t.Context(), 9)
	want := "aircall: retrieve-a-call: GET /v1/calls/9: 404 Not Found: Check ID of the resource (check the id: the company has no such object)"
	if err.Error() != want {
		t.Errorf("\n got %s\nwant %s", err, want)
	}
	_, err = c.Do(t.Context(), "list-all-cats", aircall.Request{})
	want = `aircall: list-all-cats: unknown operation "list-all-cats"; Ops lists the operations`
	if err.Error() != want {
		t.Errorf("\n got %s\nwant %s", err, want)
	}
}

func TestNotFoundWithoutID(t *testing.T) {
	c := serve(t, reply(404, `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`))
	_, err := c.Integration(t.Context())
	if e := wantError(t, err); e.Kind != aircall.KindNotFound || e.Hint != "these credentials have none" {
		t.Errorf("got %#v", e)
	}
}

func TestSentinels(t *testing.T) {
	sentinels := map[aircall.Kind]error{
		aircall.KindUnauthorized: aircall.KindUnauthorized, aircall.KindForbidden: aircall.KindForbidden, aircall.KindNotFound: aircall.KindNotFound,
		aircall.KindRateLimited: aircall.KindRateLimited, aircall.KindAPI: aircall.KindAPI, aircall.KindServer: aircall.KindServer,
		aircall.KindInvalidResponse: aircall.KindInvalidResponse, aircall.KindInvalidRequest: aircall.KindInvalidRequest,
		aircall.KindNetwork: aircall.KindNetwork, aircall.KindTimeout: aircall.KindTimeout, aircall.KindCanceled: aircall.KindCanceled,
	}
	for kind := range sentinels {
		err := error(&aircall.Error{Kind: kind})
		for other, sentinel := range sentinels {
			if got, want := errors.Is(err, sentinel), kind == other; got != want {
				t.Errorf("errors.Is(%s, %v) is %v", kind, sentinel, got)
			}
		}
	}
}

// TestInvalidReplies are replies with a good status and a body that the operation does not have.
func TestInvalidReplies(t *testing.T) {
	tests := map[string]struct {
		body, message string
	}{
		"not JSON":       {`{"call":`, `the reply is not JSON: {"call":`},
		"HTML":           {`<html><title>Sign in</title>`, "the reply is not JSON: an HTML page: Sign in"},
		"two values":     {`{"call":{}} {}`, `the reply is not JSON: {"call":{}} {}`},
		"empty":          {``, "the reply has no body"},
		"no envelope":    {`{"id":5,"direction":"inbound"}`, `no "call" in it, but: direction, id`},
		"null":           {`{"call":null}`, `no "call" in it, but: call`},
		"a list":         {`[]`, `not an object with "call": json: cannot unmarshal array into Go value of type map[string]json.RawMessage`},
		"id is text":     {`{"call":{"id":"5"}}`, `"call": json: cannot unmarshal string into Go struct field Call.id of type int64`},
		"id is fraction": {`{"call":{"id":5.5}}`, `"call": json: cannot unmarshal number 5.5 into Go struct field Call.id of type int64`},
		"odd time":       {`{"call":{"started_at":"soon"}}`, `"call": soon is neither UNIX seconds nor RFC 3339`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := serve(t, reply(200, tc.body))
			_, err := c.Call(t.Context(), 5)
			e := wantError(t, err)
			if !errors.Is(err, aircall.KindInvalidResponse) || e.Status != 200 || e.Retryable || e.EffectUnknown {
				t.Errorf("read: got %#v", e)
			}
			if e.Message != tc.message {
				t.Errorf("message\n got %s\nwant %s", e.Message, tc.message)
			}
			_, err = c.ArchiveCall(t.Context(), 5)
			if e := wantError(t, err); e.Kind != aircall.KindInvalidResponse || !e.EffectUnknown || e.Retryable {
				t.Errorf("write: got %#v", e)
			}
		})
	}
	for name, body := range map[string]string{"meta": `{"calls":[],"meta":[]}`, "total": `{"calls":[],"meta":{"total":"x"}}`, "items": `{"calls":{},"meta":{}}`} {
		_, err := serve(t, reply(200, body)).Calls(aircall.CallListParams{}).Page(t.Context())
		if !errors.Is(err, aircall.KindInvalidResponse) {
			t.Errorf("list, %s: got %v", name, err)
		}
	}
	if err := serve(t, reply(200, `{"ping":"pang"}`)).Ping(t.Context()); !errors.Is(err, aircall.KindInvalidResponse) {
		t.Errorf("ping: got %v", err)
	}
}

// TestEndlessReply has a body that never ends: it is read up to the limit, and closed.
func TestEndlessReply(t *testing.T) {
	for _, status := range []int{200, 404} {
		body := &endless{}
		c := client(t, aircall.Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Body: body, Request: r}, nil
		})})
		_, err := c.Call(t.Context(), 5)
		e := wantError(t, err)
		if status == 200 && (e.Kind != aircall.KindInvalidResponse || e.Message != "the reply is larger than 8 MiB" || e.Hint != "ask for fewer items a page") {
			t.Errorf("got %#v", e)
		}
		if !body.closed || body.read > 9<<20 {
			t.Errorf("%d: read %d bytes, closed %v", status, body.read, body.closed)
		}
	}
}

type endless struct {
	read   int
	closed bool
}

func (b *endless) Read(p []byte) (int, error) {
	if b.read += len(p); b.read > 20<<20 {
		return 0, io.EOF
	}
	return copy(p, bytes.Repeat([]byte("x"), len(p))), nil
}

func (b *endless) Close() error { b.closed = true; return nil }

// TestRedirectsAreNotFollowed has a server send the client to another, which must never hear of it.
func TestRedirectsAreNotFollowed(t *testing.T) {
	other := answers(reply(200, `{"call":{"id":5}}`))
	target := serveURL(t, other)
	for _, status := range []int{301, 302, 303, 307, 308} {
		c := serve(t, reply(status, "", "Location", target+"/v1/calls/5?token="+apiToken))
		_, err := c.Call(t.Context(), 5)
		e := wantError(t, err)
		if e.Kind != aircall.KindInvalidResponse || e.Status != status || e.Message != "a redirect to "+target || e.Retryable {
			t.Errorf("%d: got %#v", status, e)
		}
		if err := c.DeleteTag(t.Context(), 1); !wantError(t, err).EffectUnknown {
			t.Errorf("%d: a write: got %#v", status, err)
		}
	}
	if n := other.count(); n != 0 {
		t.Errorf("the other server got %d requests", n)
	}
}

// TestContextEnds tells a context's deadline, its cancellation and the client's own timeout apart.
func TestContextEnds(t *testing.T) {
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	type want struct {
		Kind      aircall.Kind
		Message   string
		Cause     error
		After     time.Duration
		Retryable bool
		Unknown   bool
	}
	tests := map[string]struct {
		limit func(context.Context) (context.Context, context.CancelFunc)
		read  want
	}{
		"timeout": {func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} },
			want{aircall.KindTimeout, "no complete reply within 7s", context.DeadlineExceeded, 7 * time.Second, true, false}},
		"deadline": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 3*time.Second)
		},
			want{aircall.KindTimeout, "the context's deadline passed before the reply was complete", context.DeadlineExceeded, 3 * time.Second, true, false}},
		"canceled": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(2*time.Second, cancel)
			return ctx, cancel
		}, want{aircall.KindCanceled, "canceled", context.Canceled, 2 * time.Second, false, false}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := answers(silent)
				c := bubble(t, aircall.Options{Timeout: 7 * time.Second}, a.ServeHTTP)
				for _, write := range []bool{false, true} {
					ctx, cancel := tc.limit(t.Context())
					defer cancel()
					start, expect := time.Now(), tc.read
					var err error
					if write {
						expect.Retryable, expect.Unknown = false, true
						err = c.CommentCall(ctx, 5, "hi")
					} else {
						_, err = c.Call(ctx, 5)
					}
					e := wantError(t, err)
					got := want{e.Kind, e.Message, e.Err, time.Since(start), e.Retryable, e.EffectUnknown}
					if diff := cmp.Diff(expect, got, cmpopts.EquateErrors()); diff != "" {
						t.Errorf("write %v (-want +got):\n%s", write, diff)
					}
				}
			})
		})
	}
}

func TestContextEndedBefore(t *testing.T) {
	a := answers(reply(200, `{}`))
	c := serve(t, a.ServeHTTP)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := c.DeleteTag(ctx, 1)
	if e := wantError(t, err); e.Kind != aircall.KindCanceled || e.EffectUnknown || !errors.Is(err, context.Canceled) {
		t.Errorf("got %#v", e)
	}
	if a.count() != 0 {
		t.Error("a request was sent")
	}
}
