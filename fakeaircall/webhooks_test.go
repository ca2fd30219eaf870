package fakeaircall

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const asApp = "Bearer fake-default-bearer"

// The time is not a whole second: webhooks have milliseconds.
func webhookWorld(t *testing.T) world {
	t.Helper()
	return world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon.Add(123 * time.Millisecond), RateLimit: NoRateLimit})), t}
}

func TestWebhookOnTheWire(t *testing.T) {
	w := webhookWorld(t)
	made := w.send("POST", "/v1/webhooks", `{"url":"https://hooks.acme.test/a?key=1&b=2","custom_name":"CRM","events":["call.ended","user.closed","call.ended"]}`)
	uuid, token := made.text("webhook.webhook_id"), made.text("webhook.token")
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(uuid) ||
		!regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(token) {
		t.Fatalf("uuid %s, token %s", uuid, token)
	}
	hook := func(id, url, active, events string) string {
		return `{` + id + `"direct_link":"https://api.aircall.io/v1/webhooks/` + uuid + `","url":"` + url + `","active":` + active +
			`,"events":[` + events + `],"token":"` + token + `","created_at":"2026-03-02T12:00:00.123Z","webhook_id":"` + uuid + `"}`
	}
	const url = `https://hooks.acme.test/a?key=1\u0026b=2`
	made.want(201, `{"webhook":`+hook("", url, "true", `"user.closed","call.ended"`)+`}`)

	list := w.get("/v1/webhooks")
	number := list.at("webhooks.0.id")
	if !regexp.MustCompile(`^[0-9]{8}$`).MatchString(number) {
		t.Errorf("number %s", number)
	}
	id := `"id":` + number + `,`
	list.want(200, `{"meta":{"count":1,"total":1,"current_page":1,"per_page":20},"webhooks":[`+hook(id, url, "true", `"user.closed","call.ended"`)+`]}`)
	for _, key := range []string{uuid, strings.ToUpper(uuid), number} {
		w.get("/v1/webhooks/"+key).want(200, `{"webhook":`+hook(id, url, "true", `"user.closed","call.ended"`)+`}`)
	}

	w.send("PUT", "/v1/webhooks/"+number, `{"url":"https://hooks.acme.test/b","active":false,"events":["call.created"]}`).
		want(200, `{"webhook":`+hook("", "https://hooks.acme.test/b", "false", `"call.created"`)+`}`)
	w.send("DELETE", "/v1/webhooks/"+uuid, "").want(204, "")
	w.send("DELETE", "/v1/webhooks/"+uuid, "").want(404, `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`)
	w.get("/v1/webhooks").want(200, `{"meta":{"count":0,"total":0,"current_page":1,"per_page":20},"webhooks":[]}`)
}

func TestWebhookHeaders(t *testing.T) {
	w := empty(t)
	made := w.send("POST", "/v1/webhooks", `{"url":"https://a.test"}`)
	for name, tc := range map[string]struct {
		answer      answer
		contentType string
	}{
		"create": {made, "application/json"},
		"list":   {w.get("/v1/webhooks"), "application/json"},
		"error":  {w.get("/v1/webhooks/1"), "application/json"},
		"delete": {w.send("DELETE", "/v1/webhooks/"+made.text("webhook.webhook_id"), ""), ""},
	} {
		for _, h := range []string{"X-Amzn-Requestid", "X-Amz-Apigw-Id", "X-Amzn-Trace-Id", "Apigw-Requestid", "Via", "X-Cache", "X-Amz-Cf-Id"} {
			if tc.answer.header.Get(h) == "" {
				t.Errorf("%s: no %s", name, h)
			}
		}
		for _, h := range []string{"Etag", "X-Request-Id", "X-Powered-By", "X-Runtime", "Cache-Control"} {
			if got := tc.answer.header.Get(h); got != "" {
				t.Errorf("%s: %s is %q", name, h, got)
			}
		}
		if got := tc.answer.header.Get("Content-Type"); got != tc.contentType {
			t.Errorf("%s: content-type %q, want %q", name, got, tc.contentType)
		}
	}
}

func TestEventNames(t *testing.T) {
	count := map[string]int{}
	for _, e := range events {
		count[e.resource]++
	}
	want := map[string]int{"call": 19, "user": 16, "number": 4, "contact": 3, "message": 6, "conversation_intelligence": 12, "ai_voice_agent": 4, "analytics": 2, "integration": 1, "outbound_campaign": 1}
	if fmt.Sprint(count) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", count, want)
	}
	names := EventNames()
	slices.Sort(names)
	if len(slices.Compact(names)) != 68 {
		t.Errorf("%d different names", len(slices.Compact(names)))
	}
}

func TestWebhookSubscription(t *testing.T) {
	w := empty(t)
	const all = 68
	for name, tc := range map[string]struct {
		create, query, update string
		want                  []string // nil: all
	}{
		"none named":                        {``, "", ``, nil},
		"an empty list":                     {`,"events":[]`, "", ``, nil},
		"null":                              {`,"events":null`, "", ``, nil},
		"a change of the url names none":    {`,"events":["call.ended"]`, "", `{"url":"https://b.test"}`, nil},
		"waking it names none":              {`,"events":["call.ended"]`, "", `{"active":true}`, nil},
		"replaced":                          {`,"events":["call.ended"]`, "", `{"events":["call.created"]}`, []string{"call.created"}},
		"added":                             {`,"events":["call.ended"]`, "?events_action=add", `{"events":["call.created","call.ended"]}`, []string{"call.ended", "call.created"}},
		"none added":                        {`,"events":["call.ended"]`, "?events_action=add", `{"active":true}`, []string{"call.ended"}},
		"removed":                           {`,"events":["call.ended","call.created"]`, "?events_action=remove", `{"events":["call.ended","call.tagged"]}`, []string{"call.created"}},
		"none removed, but put to sleep":    {`,"events":["call.ended"]`, "?events_action=remove", `{"active":false}`, []string{"call.ended"}},
		"empty parameter counts as missing": {`,"events":["call.ended"]`, "?events_action=", `{}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := world{w.Server, t}
			a := w.send("POST", "/v1/webhooks", `{"url":"https://a.test"`+tc.create+`}`).wantStatus(201)
			path := "/v1/webhooks/" + a.text("webhook.webhook_id")
			if tc.update != "" {
				a = w.send("PUT", path+tc.query, tc.update).wantStatus(200)
			}
			if tc.want == nil {
				if got := strings.Count(a.at("webhook.events"), `"`) / 2; got != all {
					t.Errorf("%d events", got)
				}
			} else if got := a.at("webhook.events"); got != `["`+strings.Join(tc.want, `","`)+`"]` {
				t.Errorf("events %s, want %v", got, tc.want)
			}
			if a.at("webhook.events") != w.get(path).at("webhook.events") {
				t.Errorf("read differently: %s", w.get(path).body)
			}
		})
	}
}

// active is not a parameter of a new webhook.
func TestNewWebhookIsActive(t *testing.T) {
	a := empty(t).send("POST", "/v1/webhooks", `{"url":"https://a.test","active":false}`).wantStatus(201)
	if a.at("webhook.active") != "true" {
		t.Errorf("%s", a.body)
	}
}

func TestWebhookRefused(t *testing.T) {
	w := empty(t)
	id := w.send("POST", "/v1/webhooks", `{"url":"https://a.test","events":["call.ended"]}`).text("webhook.webhook_id")
	before := w.get("/v1/webhooks/" + id).body
	for _, tc := range []struct{ method, path, body, words string }{
		{"POST", "", `{}`, "https"},
		{"POST", "", `{"url":null}`, "https"},
		{"POST", "", `{"url":"http://a.test"}`, "https"},
		{"POST", "", `{"url":"ftp://a.test"}`, "https"},
		{"POST", "", `{"url":"https://"}`, "https"},
		{"POST", "", `{"url":"a.test"}`, "https"},
		{"POST", "", `{"url":"https://a.test/` + strings.Repeat("a", 2048) + `"}`, "2048"},
		{"POST", "", `{"url":7}`, "url must be a string"},
		{"POST", "", `{"url":"https://a.test","events":["call.missed"]}`, `"call.missed" is not an event`},
		{"POST", "", `{"url":"https://a.test","events":["team.created"]}`, "not an event"},
		{"POST", "", `{"url":"https://a.test","events":[null]}`, "not an event"},
		{"POST", "", `{"url":"https://a.test","events":"call.ended"}`, "events must be an array of strings"},
		{"POST", "", `{"url":"https://a.test","custom_name":7}`, "custom_name must be a string"},
		{"PUT", "/" + id, `{"url":"http://a.test"}`, "https"},
		{"PUT", "/" + id, `{"active":"no"}`, "active must be true or false"},
		{"PUT", "/" + id, `{"active":false,"events":["sms.sent"]}`, "not an event"},
		{"PUT", "/" + id + "?events_action=replace", `{}`, "events_action"},
		{"PUT", "/" + id + "?events_action=remove", `{"events":["call.ended"]}`, "none left"},
	} {
		w.send(tc.method, "/v1/webhooks"+tc.path, tc.body).wantTroubleshoot(400, tc.words)
	}
	w.get("/v1/webhooks/"+id).want(200, before)
	for _, url := range []string{"http://127.0.0.1:8080/hook", "http://localhost/hook", "http://[::1]:1/"} {
		w.send("POST", "/v1/webhooks", `{"url":"`+url+`"}`).wantStatus(201)
	}
}

func TestWebhooksAreLimited(t *testing.T) {
	w := empty(t)
	for i := range 100 {
		as := []string{asApp, "Basic ZmFrZS1kZWZhdWx0LWlkOmZha2UtZGVmYXVsdC10b2tlbg=="}[i%2]
		w.sendAs(as, "POST", "/v1/webhooks", `{"url":"https://a.test"}`).wantStatus(201)
	}
	w.send("POST", "/v1/webhooks", `{"url":"https://a.test"}`).wantTroubleshoot(400, "100 webhooks")
	w.sendAs(asApp, "POST", "/v1/webhooks", `{"url":"https://a.test"}`).wantTroubleshoot(400, "100 webhooks")
	w.sendAs("Bearer fake-sales-bearer", "POST", "/v1/webhooks", `{"url":"https://a.test"}`).wantStatus(201)

	page := w.get("/v1/webhooks?page=2&per_page=30&from=1&to=2") // there is no window
	if got := page.at("meta"); got != `{"count":20,"total":50,"current_page":2,"per_page":30}` {
		t.Errorf("meta %s", got)
	}
	up, down := w.get("/v1/webhooks?per_page=50").list("webhooks", "id"), w.get("/v1/webhooks?order=desc&per_page=50").list("webhooks", "id")
	slices.Reverse(down)
	if !slices.Equal(up, down) || !slices.IsSorted(up) {
		t.Errorf("asc %v\ndesc reversed %v", up, down)
	}
	w.send("DELETE", "/v1/webhooks/"+up[0], "").wantStatus(204)
	w.send("POST", "/v1/webhooks", `{"url":"https://a.test"}`).wantStatus(201)
}

// An app and the API keys of its account do not see each other's webhooks.
func TestWebhookVisibility(t *testing.T) {
	w := empty(t)
	ofApp := w.sendAs(asApp, "POST", "/v1/webhooks", `{"url":"https://app.test"}`).text("webhook.webhook_id")
	ofKey := w.send("POST", "/v1/webhooks", `{"url":"https://key.test"}`).text("webhook.webhook_id")
	if got := w.get("/v1/webhooks").list("webhooks", "webhook_id"); !slices.Equal(got, []string{ofKey}) {
		t.Errorf("a key sees %v", got)
	}
	if got := w.sendAs(asApp, "GET", "/v1/webhooks", "").list("webhooks", "webhook_id"); !slices.Equal(got, []string{ofApp}) {
		t.Errorf("an app sees %v", got)
	}
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w.send(method, "/v1/webhooks/"+ofApp, "").wantStatus(404)
		w.sendAs(asApp, method, "/v1/webhooks/"+ofKey, "").wantStatus(404)
		w.sendAs("Bearer fake-sales-bearer", method, "/v1/webhooks/"+ofApp, "").wantStatus(404)
	}
}
