package aircall_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// appCases are what an app lives on: its token, its integration, its webhooks.
func appCases(t *testing.T) []opCase {
	return append(webhookCases(t), opCase{
		op:      "enable-an-integration",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.EnableIntegration(ctx) },
		request: "POST /v1/integrations/enable", status: 204,
	}, opCase{
		op:      "disable-an-integration",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DisableIntegration(ctx) },
		request: "POST /v1/integrations/disable", status: 200, reply: `{}`,
	}, opCase{
		op:      "exchange-an-authorization-code",
		request: "POST /v1/oauth/token", status: 200, open: true,
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return aircall.ExchangeCode(ctx, aircall.Options{BaseURL: addressOf(c)}, aircall.CodeParams{
				ClientID: "crm", ClientSecret: "canary-secret", Code: "canary-code", RedirectURI: "https://crm.test/cb?a=b",
			})
		},
		body:  `{"client_id":"crm","client_secret":"canary-secret","code":"canary-code","grant_type":"authorization_code","redirect_uri":"https://crm.test/cb?a=b"}`,
		reply: `{"access_token":"canary-token","token_type":"Bearer","created_at":1767225600}`,
		want:  &aircall.AccessToken{Token: "canary-token", Type: "Bearer", CreatedAt: at(1767225600)},
	})
}

// addressOf is what a client was made for: its String shows it.
func addressOf(c *aircall.Client) string {
	return strings.TrimSuffix(strings.TrimPrefix(c.String(), "aircall.Client("), ")")
}

func webhookCases(t *testing.T) []opCase {
	const uuid = "0b1c8f5e-4b7d-4c57-9d0c-1e2f3a4b5c6d"
	const hook = `{"id":71000001,"direct_link":"https://api.aircall.io/v1/webhooks/` + uuid + `","url":"https://hooks.acme.test/a","custom_name":"CRM","active":true,"events":["user.closed","call.ended"],"token":"0123456789abcdef0123456789abcdef","created_at":"2026-02-03T09:15:00.123Z","webhook_id":"` + uuid + `"}`
	full := aircall.Webhook{
		ID: 71000001, DirectLink: "https://api.aircall.io/v1/webhooks/" + uuid, URL: "https://hooks.acme.test/a", CustomName: "CRM", Active: true,
		Events: []string{"user.closed", "call.ended"}, Token: "0123456789abcdef0123456789abcdef", CreatedAt: iso(t, "2026-02-03T09:15:00.123Z"), WebhookID: uuid,
	}
	written := full
	written.ID = 0
	reply := `{"webhook":` + strings.Replace(hook, `"id":71000001,`, "", 1) + `}`
	counts := aircall.Meta{Count: 1, Total: 21, CurrentPage: 1, PerPage: 20}
	return []opCase{{
		op: "list-all-webhooks", // a meta without links: there is a next page if there is more
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.Webhooks(aircall.OrderedPageParams{Order: aircall.Desc, Page: 1, PerPage: 20}).Page(ctx)
		},
		request: "GET /v1/webhooks?order=desc&page=1&per_page=20", status: 200,
		reply: `{"meta":{"count":1,"total":21,"current_page":1,"per_page":20},"webhooks":[` + hook + `]}`,
		want:  &aircall.Page[aircall.Webhook]{Items: []aircall.Webhook{full}, Meta: counts, Next: 2},
	}, {
		op:      "retrieve-a-webhook",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Webhook(ctx, uuid) },
		request: "GET /v1/webhooks/" + uuid, status: 200, reply: `{"webhook":` + hook + `}`, want: &full,
	}, {
		op:      "retrieve-a-webhook",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Webhook(ctx, "71000001") },
		request: "GET /v1/webhooks/71000001", status: 200, reply: `{"webhook":` + hook + `}`, want: &full,
	}, {
		op: "create-a-webhook",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.CreateWebhook(ctx, aircall.WebhookCreateParams{URL: "https://hooks.acme.test/a", CustomName: "CRM", Events: []string{"call.ended", "user.closed"}})
		},
		request: "POST /v1/webhooks", status: 201, reply: reply, want: &written,
		body: `{"url":"https://hooks.acme.test/a","custom_name":"CRM","events":["call.ended","user.closed"]}`,
	}, {
		op: "update-a-webhook",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UpdateWebhook(ctx, uuid, aircall.WebhookUpdateParams{Active: new(true), EventsAction: aircall.AddEvents})
		},
		request: "PUT /v1/webhooks/" + uuid + "?events_action=add", body: `{"active":true}`, status: 200, reply: reply, want: &written,
	}, {
		op: "update-a-webhook",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UpdateWebhook(ctx, uuid, aircall.WebhookUpdateParams{URL: "https://b.test", CustomName: "X", Active: new(false), Events: []string{"call.ended"}})
		},
		request: "PUT /v1/webhooks/" + uuid, body: `{"url":"https://b.test","custom_name":"X","active":false,"events":["call.ended"]}`, status: 200, reply: reply, want: &written,
	}, {
		op:      "delete-a-webhook",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteWebhook(ctx, uuid) },
		request: "DELETE /v1/webhooks/" + uuid, status: 204,
	}}
}

func exchange(t *testing.T, h http.HandlerFunc, o aircall.Options) (*aircall.AccessToken, error) {
	t.Helper()
	o.BaseURL, o.MaxRetries = serveURL(t, h), -1
	return aircall.ExchangeCode(t.Context(), o, aircall.CodeParams{ClientID: "crm", ClientSecret: "canary-secret", Code: "canary-code"})
}

// Credentials that the options happen to hold do not go along.
func TestExchangeSendsNoCredentials(t *testing.T) {
	_, err := exchange(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Values("Authorization"); len(got) != 0 {
			t.Errorf("authorization %q", got)
		}
		io.WriteString(w, `{"access_token":"t"}`)
	}, aircall.Options{APIID: apiID, APIToken: apiToken, AccessToken: accessToken})
	if err != nil {
		t.Error(err)
	}
}

func TestExchangeFails(t *testing.T) {
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		kind    aircall.Kind
		message string
		hint    string
	}{
		"used code":     {reply(400, `{"error":"invalid_grant"}`), aircall.KindAPI, "invalid_grant", "a code is valid for ten minutes, works once, and needs the redirect_uri of the authorization request; send the user to authorize again"},
		"wrong secret":  {reply(400, `{"error":"invalid_client"}`), aircall.KindAPI, "invalid_client", "change the request: Aircall would refuse the same one again"},
		"no token":      {reply(200, `{"token_type":"Bearer"}`), aircall.KindInvalidResponse, "the reply has no access token", "the write may have happened; check before sending it again"},
		"empty":         {reply(200, ``), aircall.KindInvalidResponse, "the reply has no access token", "the write may have happened; check before sending it again"},
		"broken":        {reply(200, `{"access_token":"canary-token",`), aircall.KindInvalidResponse, "the reply is not JSON: [redacted]", "the write may have happened; check before sending it again"},
		"wrong type":    {reply(200, `{"access_token":["canary-token"]}`), aircall.KindInvalidResponse, "the reply has no access token", "the write may have happened; check before sending it again"},
		"echoes secret": {reply(400, `{"error":"you sent canary-secret and canary-code"}`), aircall.KindAPI, "you sent [redacted] and [redacted]", "change the request: Aircall would refuse the same one again"},
	} {
		t.Run(name, func(t *testing.T) {
			token, err := exchange(t, tc.handler, aircall.Options{})
			e := wantError(t, err)
			if token != nil || e.Kind != tc.kind || e.Message != tc.message || e.Hint != tc.hint || e.Op != "exchange-an-authorization-code" {
				t.Errorf("got %v and %#v", token, e)
			}
			wantNoSecret(t, name, err)
		})
	}
	if _, err := aircall.ExchangeCode(t.Context(), aircall.Options{BaseURL: "http://api.aircall.io"}, aircall.CodeParams{}); err == nil || !strings.Contains(err.Error(), "use https") {
		t.Errorf("plain http: %v", err)
	}
}

func TestSecretsOfApps(t *testing.T) {
	wantNoSecret(t, "params", aircall.CodeParams{ClientID: "crm", ClientSecret: "canary-secret", Code: "canary-code"})
	wantNoSecret(t, "token", &aircall.AccessToken{Token: "canary-token"})
	wantNoSecret(t, "webhook", aircall.Webhook{Token: "canary-token"})
	wantNoSecret(t, "secret", aircall.Secret("canary-token"))
	shown := []string{aircall.Secret("").String(), aircall.Secret("x").String(), string(aircall.Secret("x"))}
	if diff := cmp.Diff([]string{"(unset)", "[redacted]", "x"}, shown); diff != "" {
		t.Error(diff)
	}
}
