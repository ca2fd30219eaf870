package fakeaircall

import (
	"strings"
	"testing"
)

func TestIntegrationToggle(t *testing.T) {
	w := empty(t)
	const me = "/v1/integrations/me"
	first := w.sendAs(asApp, "GET", me, "")
	if !strings.HasPrefix(first.body, `{"integration":{"name":"aircallkit","custom_name":null,"logo":"https://app.example.com/logo.png","company_id":`) ||
		first.at("integration.status") != `"active"` || first.at("integration.active") != "true" {
		t.Errorf("%s", first.body)
	}
	for range 2 {
		w.sendAs(asApp, "POST", "/v1/integrations/disable", "").want(204, "")
	}
	a := w.sendAs(asApp, "GET", me, "").wantStatus(200)
	if a.at("integration.active") != "false" || a.at("integration.status") != `"inactive"` {
		t.Errorf("%s", a.body)
	}
	again := "Bearer " + w.exchange(w.allow("default", "")).text("access_token")
	w.sendAs(again, "GET", me, "").want(200, a.body) // allowing it anew does not enable it
	if other := w.sendAs("Bearer fake-sales-bearer", "GET", me, ""); other.at("integration.active") != "true" {
		t.Errorf("another company's: %s", other.body)
	}
	w.sendAs(asApp, "POST", "/v1/integrations/enable?install=true", "").want(204, "")
	w.sendAs(asApp, "GET", me, "").want(200, first.body)
	const none = `{"error":"Not Found","troubleshoot":"Check ID of the resource","success":false}`
	w.get(me).want(404, none)
	w.send("POST", "/v1/integrations/enable", "").want(404, none)
	w.send("POST", "/v1/integrations/disable", "").want(404, none)
}

func TestUninstall(t *testing.T) {
	for name, take := range map[string]func(world) error{
		"by the admin": func(w world) error { return w.Uninstall("default", "fake-client-id") },
		"by itself": func(w world) error {
			w.sendAs(asApp, "POST", "/v1/integrations/disable", "").want(204, "")
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Assume: map[string]string{"integration-disabled": "uninstall"}}))
			w := world{srv, t}
			w.sendAs(asApp, "POST", "/v1/webhooks", `{"url":"https://a.test"}`).wantStatus(201)
			w.send("POST", "/v1/webhooks", `{"url":"https://b.test"}`).wantStatus(201)
			code := w.allow("default", "x")
			if err := take(w); err != nil {
				t.Fatal(err)
			}
			w.sendAs(asApp, "GET", "/v1/ping", "").want(403, `{"message":"Forbidden"}`)
			w.exchange(code).want(400, `{"error":"invalid_grant"}`)
			w.sendAs("Bearer fake-sales-bearer", "GET", "/v1/ping", "").wantStatus(200)
			if err := w.Uninstall("default", "fake-client-id"); err == nil || !strings.Contains(err.Error(), "no app") {
				t.Errorf("taken twice: %v", err)
			}
			bearer := "Bearer " + w.exchange(w.allow("default", "x")).text("access_token")
			w.sendAs(bearer, "GET", "/v1/webhooks", "").want(200, `{"meta":{"count":0,"total":0,"current_page":1,"per_page":20},"webhooks":[]}`)
			if w.get("/v1/webhooks").at("meta.total") != "1" {
				t.Error("the webhook of the API key went as well")
			}
		})
	}
	if err := empty(t).Uninstall("nobody", "fake-client-id"); err == nil || !strings.Contains(err.Error(), `no account "nobody"`) {
		t.Errorf("got %v", err)
	}
}

func TestRevoke(t *testing.T) {
	w := empty(t)
	if !w.Revoke("fake-default-bearer") || w.Revoke("fake-default-bearer") {
		t.Error("a token can be revoked once")
	}
	w.sendAs(asApp, "GET", "/v1/ping", "").wantStatus(403)
	bearer := "Bearer " + w.exchange(w.allow("default", "x")).text("access_token")
	w.sendAs(bearer, "GET", "/v1/integrations/me", "").wantStatus(200)
}
