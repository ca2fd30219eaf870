package fakeaircall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// brief describes requests without what differs from run to run.
func brief(list []Request) []string {
	lines := []string{}
	for _, r := range list {
		op := r.Op
		if r.UnknownRoute {
			op = "unknown route"
		}
		line := fmt.Sprintf("%d %s %s %s %d", r.Seq, r.Account, op, r.Path, r.Status)
		if len(r.UnknownParameters) > 0 {
			line += fmt.Sprint(" ", r.UnknownParameters)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestRequestLog(t *testing.T) {
	w := empty(t).lost()
	const ann = `{"first_name":"Ann","firstname":"Ann","phone_numbers":[{"label":"Work","value":"+4520000001"}]}`
	w.send("POST", "/v1/contacts", ann).wantStatus(201)
	w.Advance(time.Second)
	w.get("/v1/contacts?per_page=5&perpage=6&order=asc").wantStatus(200)
	w.sendAs("Bearer fake-sales-bearer", "GET", "/v1/ping", "").wantStatus(200)
	w.sendAs("Bearer wrong", "GET", "/v1/ping?x=1", "").wantStatus(403)
	w.get("/v1/contact/5678").wantStatus(404)
	w.send("PUT", "/v1/calls/9/archive", `{"archived":true}`).wantStatus(404)
	w.send("POST", "/v1/contacts/9", `{"first_name":"Bo","lastname":"Bo"}`).wantStatus(404) // before it read anything
	w.send("POST", "/v1/tags", `{"name":`).wantStatus(400)
	w.sendAs("Bearer wrong", "POST", "/v1/tags", `{"name":"x","hue":"red"}`).wantStatus(403)
	all := []string{
		"1 default create-a-contact /v1/contacts 201 [firstname]",
		"2 default list-all-contacts /v1/contacts 200 [perpage]",
		"3 sales ping /v1/ping 200",
		"4  ping /v1/ping 403 [x]",
		"5  unknown route /v1/contact/5678 404",
		"6 default archive-a-call /v1/calls/9/archive 404 [archived]",
		"7 default update-a-contact /v1/contacts/9 404 [lastname]",
		"8 default create-a-tag /v1/tags 400",
		"9  create-a-tag /v1/tags 403 [hue]",
	}
	for _, c := range []struct {
		filter string
		f      RequestFilter
		want   []int
	}{
		{"", RequestFilter{}, []int{1, 2, 3, 4, 5, 6, 7, 8, 9}},
		{"op=ping", RequestFilter{Op: "ping"}, []int{3, 4}},
		{"account=sales", RequestFilter{Account: "sales"}, []int{3}},
		{"method=post&path=/v1/contacts", RequestFilter{Method: "post", Path: "/v1/contacts"}, []int{1}},
		{"status=404", RequestFilter{Status: 404}, []int{5, 6, 7}},
		{"unknown=true", RequestFilter{Unknown: true}, []int{1, 2, 4, 5, 6, 7, 9}},
		{"since=6", RequestFilter{Since: 6}, []int{7, 8, 9}},
		{"op=no-such", RequestFilter{Op: "no-such"}, nil},
	} {
		var want []string
		for _, n := range c.want {
			want = append(want, all[n-1])
		}
		if diff := cmp.Diff(want, brief(w.Requests(c.f)), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.filter, diff)
		}
		if c.f.String() != c.filter {
			t.Errorf("filter is told as %q, want %q", c.f, c.filter)
		}
	}
	first, second := w.Requests(RequestFilter{})[0], w.Requests(RequestFilter{})[1]
	if !first.At.Equal(noon) || !second.At.Equal(noon.Add(time.Second)) || first.Duration <= 0 || first.Duration > time.Minute {
		t.Errorf("at %s and %s, took %s", first.At, second.At, first.Duration)
	}
	if first.Body != ann || first.BodySize != len(ann) || !strings.HasPrefix(first.ReplyBody, `{"contact":{"id":`) || first.ReplyBodySize != len(first.ReplyBody) {
		t.Errorf("bodies %q (%d) and %q (%d)", first.Body, first.BodySize, first.ReplyBody, first.ReplyBodySize)
	}
	if first.ReplyHeader.Get("Content-Type") != "application/json; charset=utf-8" || first.Header.Get("User-Agent") == "" || second.Query != "per_page=5&perpage=6&order=asc" {
		t.Errorf("headers %v and %v, query %q", first.Header, first.ReplyHeader, second.Query)
	}
}

// The log keeps no secret of a request or a reply, in whatever form it comes.
func TestRequestLogHoldsNoSecrets(t *testing.T) {
	w := empty(t).lost()
	w.sendAs("Bearer canary-1", "GET", "/v1/ping?api_token=canary-2&api%5Ftoken=canary-3&x=%zz", "")
	w.sendAs("canary-4", "GET", "/v1/nothing?Access-Token=canary-5", `{"token":"canary-6"}`)
	w.send("POST", "/v1/oauth/token", `{"client_id":"id","client_secret":"canary-7","code":"canary-8","code":["canary-9",{"a":"}canary-9"}]}`)
	w.send("POST", "/v1/oauth/token", `client_id=id&client_secret=canary-10&code=canary-11`)
	w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"https://me:canary-12@hooks.example.com/in?k=canary-13&v","events":["call.created"]}`).wantStatus(201)
	w.send("POST", "/v1/tags", `{"to\u006ben" : "canary-14", "nested":{"Password":"canary-15\"canary-15"},"secret":12345678,"callbackUrl":"https://x.example.com/?q=canary-16"}`)
	w.send("POST", "/v1/tags", `["http://u:canary-17@h/?signature=canary-18"]`)
	w.send("POST", "/v1/tags", `{"secret":"`+strings.Repeat("canary-19 ", 4000))
	w.send("POST", "/v1/tags", `{"to\u006ben":"canary-20`)
	req, _ := http.NewRequest("GET", w.URL()+"/v1/ping", nil)
	req.Header.Set("Cookie", "session=canary-21")
	req.Header.Set("X-Api-Key", "canary-22")
	w.do(req)
	tokens := w.get("/v1/webhooks")
	secret := tokens.text("webhooks.0.token")
	list := w.Requests(RequestFilter{})
	for _, r := range list {
		kept := fmt.Sprintf("%+v", r)
		if strings.Contains(kept, "canary") || strings.Contains(kept, secret) || strings.Contains(kept, "12345678") || strings.Contains(kept, "ZmFrZS1") {
			t.Errorf("a secret in %s", kept)
		}
	}
	for i, want := range map[int]string{
		2: `{"client_id":"id","client_secret":"[removed]","code":"[removed]","code":"[removed]"}`,
		3: `client_id=id&client_secret=[removed]&code=[removed]`,
		4: `{"custom_name":"x","url":"https://[removed]@hooks.example.com/in?k=[removed]\u0026v","events":["call.created"]}`,
		5: `{"to\u006ben" : "[removed]", "nested":{"Password":"[removed]"},"secret":"[removed]","callbackUrl":"https://x.example.com/?q=[removed]"}`,
		6: `["http://[removed]@h/?signature=[removed]"]`,
		8: `{"to\u006ben":"[removed]"`,
	} {
		if list[i].Body != want {
			t.Errorf("body %d is %s\nwant %s", i, list[i].Body, want)
		}
	}
	if got := list[0].Header.Get("Authorization"); got != "Bearer [removed]" || list[0].Query != "api_token=[removed]&api%5Ftoken=[removed]&x=%zz" {
		t.Errorf("authorization %q, query %q", got, list[0].Query)
	}
	if !strings.Contains(list[10].ReplyBody, `"token":"[removed]"`) || !strings.Contains(list[10].ReplyBody, `"url":"https://[removed]@hooks.example.com/in?k=[removed]\u0026v"`) {
		t.Errorf("webhooks are kept as %s", list[10].ReplyBody)
	}
}

func FuzzRedactBody(f *testing.F) {
	f.Add(`{"a":1,"url":"https://a@b/?c=d"}`)
	f.Add(`{"token":{"a":["}"]},"b":"\ud8`)
	f.Add(`a=b&secret=1`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, before := range []string{`{"access_token":"`, `{"x":1,"ACCESS-TOKEN" : "`} {
			if got := string(redactBody(nil, []byte(before+"canary\",\"rest\":"+body))); strings.Contains(strings.TrimSuffix(got, body), "canary\"") {
				t.Errorf("%q", got)
			}
		}
		redactBody(nil, []byte(body))
	})
}

func TestRequestLogIsBounded(t *testing.T) {
	srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, RequestLog: 3}))
	w := world{srv, t}
	w.send("POST", "/v1/tags", `{"name":"`+strings.Repeat("x", 20_000)+`"}`).wantStatus(400)
	if r := srv.Requests(RequestFilter{})[0]; len(r.Body) != 16<<10 || r.BodySize != 20_011 {
		t.Errorf("kept %d of %d bytes", len(r.Body), r.BodySize)
	}
	for range 4 {
		w.get("/v1/ping")
	}
	if got, want := brief(srv.Requests(RequestFilter{})), []string{"3 default ping /v1/ping 200", "4 default ping /v1/ping 200", "5 default ping /v1/ping 200"}; !slices.Equal(got, want) {
		t.Errorf("kept %q", got)
	}
	if r := srv.Requests(RequestFilter{})[0]; r.Body != "" || r.BodySize != 0 {
		t.Errorf("the body of an older request: %q", r.Body)
	}
	none := RunT(t, checked(t, Options{Scale: ScaleEmpty, RequestLog: NoRequestLog}))
	world{none, t}.get("/v1/ping").wantStatus(200)
	if got := none.Requests(RequestFilter{}); len(got) > 0 {
		t.Errorf("kept %q", brief(got))
	}
	if _, err := none.WaitForRequest(t.Context(), RequestFilter{Op: "ping"}); err == nil || !strings.Contains(err.Error(), "NoRequestLog") {
		t.Errorf("got %v", err)
	}
	for _, size := range []int{-2, MaxRequestLog + 1} {
		if _, err := New(checked(t, Options{RequestLog: size})); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("a request log of %d requests", size)) {
			t.Errorf("got %v", err)
		}
	}
}

func TestWaitForRequest(t *testing.T) {
	w := empty(t)
	w.get("/v1/ping")
	if r, err := w.WaitForRequest(t.Context(), RequestFilter{Op: "ping"}); err != nil || r.Seq != 1 {
		t.Errorf("one that was there: %+v, %v", r, err)
	}
	type outcome struct {
		Request
		error
	}
	waiting := make(chan outcome)
	for range 2 {
		go func() {
			r, err := w.WaitForRequest(t.Context(), RequestFilter{Op: "create-a-contact", Status: 201})
			waiting <- outcome{r, err}
		}()
	}
	w.send("POST", "/v1/contacts", `{"first_name":""}`).wantStatus(400)
	w.get("/v1/ping")
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	for range 2 {
		if o := <-waiting; o.error != nil || o.Op != "create-a-contact" || o.Status != 201 || o.Seq != 4 {
			t.Errorf("got %+v, %v", o.Request, o.error)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("two seconds are over"))
	_, err := w.WaitForRequest(ctx, RequestFilter{Op: "delete-a-contact", Since: 2})
	want := "no request op=delete-a-contact&since=2: two seconds are over; 2 came, at last GET /v1/ping (200), POST /v1/contacts (201)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestUnknownRoutesFailTheTest(t *testing.T) {
	for _, allow := range []bool{false, true} {
		rec := &recorder{T: t}
		srv := RunT(rec, checked(rec, Options{Scale: ScaleEmpty, Clock: noon.AddDate(1, 0, 0), AllowUnknownRoutes: allow}))
		w := world{srv, t}
		w.get("/_fake/health").wantStatus(404) // asks for the control API, which is off
		w.get("/v1/contact/5678").wantStatus(404)
		w.get("/v1/users").wantStatus(404)
		w.get("/v1/contacts/99999999").wantStatus(404) // a route, though not a contact
		for range 12 {
			w.send("PUT", "/v1/contacts/1", "").wantStatus(404)
		}
		for _, f := range rec.cleanups {
			f()
		}
		if allow {
			if len(rec.errors) > 0 {
				t.Errorf("allowed, and reported: %q", rec.errors)
			}
			continue
		}
		want := []string{
			"fakeaircall: GET /v1/contact/5678: Aircall has no such route; near it are GET /v1/contacts/{id}, POST /v1/contacts/{id}, DELETE /v1/contacts/{id}; Options.AllowUnknownRoutes lets it pass",
			"fakeaircall: GET /v1/users: Aircall retired list-all-users-v1 on 2026-09-30; use GET /v2/users; the assumption users-v1=keep keeps it; Options.AllowUnknownRoutes lets it pass",
			"fakeaircall: PUT /v1/contacts/1: Aircall has no such route; near it are POST /v1/contacts/{id}, GET /v1/contacts/{id}, DELETE /v1/contacts/{id}; Options.AllowUnknownRoutes lets it pass",
		}
		if len(rec.errors) != 11 || !slices.Equal(rec.errors[:2], want[:2]) {
			t.Errorf("reported %q\nwant %q", rec.errors, want)
		}
		if last := rec.errors[len(rec.errors)-1]; !strings.Contains(last, "and 4 more requests without a route") {
			t.Errorf("at last %q", last)
		}
	}
}

// Only routes that may contain secrets have secrets in the contract's examples of replies.
func TestRoutesWithSecrets(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	told, examples := map[string]bool{}, 0
	for _, item := range doc.Paths {
		for _, raw := range item {
			var op struct {
				OperationID string
				Responses   map[string]struct {
					Content map[string]struct {
						Example  json.RawMessage
						Examples map[string]struct{ Value json.RawMessage }
					}
				}
			}
			if json.Unmarshal(raw, &op) != nil {
				continue // parameters of all
			}
			for _, response := range op.Responses {
				for _, content := range response.Content {
					shown := []json.RawMessage{content.Example}
					for _, e := range content.Examples {
						shown = append(shown, e.Value)
					}
					for _, body := range shown {
						examples++
						told[op.OperationID] = told[op.OperationID] || string(redactBody(nil, body)) != string(body)
					}
				}
			}
		}
	}
	if examples < 100 {
		t.Fatalf("found %d examples only", examples)
	}
	if !told["create-a-webhook"] {
		t.Error("the contract shows no token of a webhook")
	}
	for _, r := range routes() {
		if told[r.op] && !r.mayContainSecrets() {
			t.Errorf("a reply of %s has a secret", r.op)
		}
	}
}
