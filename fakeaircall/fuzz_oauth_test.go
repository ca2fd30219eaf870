package fakeaircall

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzOAuth runs the whole flow with hostile values: no redirect leads to an address that is not registered, no input becomes
// markup, and only an issued code opens an account.
func FuzzOAuth(f *testing.F) {
	now := &relay{F: f}
	srv, err := New(checked(now, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit}))
	if err != nil {
		f.Fatal(err)
	}
	serve := func(method, target, contentType, body string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, target, strings.NewReader(body))
		req.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		srv.Handler().ServeHTTP(w, req)
		return w
	}
	for _, redirect := range []string{
		callback, callback + "?a=b", callback + "#", "http://127.0.0.1:39001/oauth/callback", "http://127.0.0.1:1@evil.test/oauth/callback",
		"http://localhost:/oauth/callback", "//evil.test", "javascript:alert(1)", "http://[::1]:1/oauth/callback", `http://127.0.0.1:1\@evil.test/oauth/callback`, "",
	} {
		f.Add("fake-client-id", redirect, "code", "public_api", `"><script>`, "default", "allow", "fake-client-secret", "")
	}
	f.Add("other", callback, "token", "", "\r\n", "nobody", "refuse", "wrong", `{"client_id":7}`)
	f.Add("fake-client-id", callback, "code", "public_api", "\xff", "", "allow", "fake-client-secret", "client_id=fake-client-id&code=%zz")
	const form = "application/x-www-form-urlencoded"
	f.Fuzz(func(t *testing.T, client, redirect, kind, scope, state, account, decision, secret, body string) {
		now.T = t
		q := url.Values{"client_id": {client}, "redirect_uri": {redirect}, "response_type": {kind}, "scope": {scope}, "state": {state}}
		asked := serve("GET", "/oauth/authorize?"+q.Encode(), form, "")
		q.Set("account", account)
		q.Set("decision", decision)
		answered := serve("POST", "/oauth/authorize", form, q.Encode())
		for _, w := range []*httptest.ResponseRecorder{asked, answered} {
			checkConsent(t, w, state)
		}
		exchange := url.Values{"client_id": {client}, "client_secret": {secret}, "redirect_uri": {redirect}, "grant_type": {"authorization_code"}}
		to, _ := url.Parse(answered.Header().Get("Location"))
		code := to.Query().Get("code")
		exchange.Set("code", code)
		bought := serve("POST", "/v1/oauth/token", form, exchange.Encode())
		if want := code != "" && secret == "fake-client-secret"; (bought.Code == 200) != want {
			t.Errorf("code %q, secret %q: %d %s", code, secret, bought.Code, bought.Body)
		}
		if again := serve("POST", "/v1/oauth/token", form, exchange.Encode()); again.Code != 400 {
			t.Errorf("the second time: %d %s", again.Code, again.Body)
		}
		if w := serve("POST", "/v1/oauth/token", "application/json", body); w.Code != 400 || !strings.HasPrefix(w.Body.String(), `{"error":"`) {
			t.Errorf("body %q: %d %s", body, w.Code, w.Body)
		}
		srv.keys.codes, srv.keys.bearer = map[string]grant{}, map[string]token{} // they are bounded
	})
}

func checkConsent(t *testing.T, w *httptest.ResponseRecorder, state string) {
	t.Helper()
	location := w.Header().Get("Location")
	switch {
	case (w.Code == 303) != (location != ""):
		t.Errorf("%d with the location %q", w.Code, location)
	case w.Code == 303:
		to, err := url.Parse(location)
		if err != nil {
			t.Fatalf("location %q: %v", location, err)
		}
		address := to.Scheme + "://" + to.Hostname() + to.EscapedPath()
		if address != callback && address != "http://127.0.0.1/oauth/callback" && address != "http://localhost/oauth/callback" || to.User != nil || to.Fragment != "" {
			t.Errorf("sent to %q", location)
		}
		if got := to.Query().Get("state"); got != state {
			t.Errorf("state %q came back as %q", state, got)
		}
	case w.Code != 200 && w.Code != 400:
		t.Errorf("status %d", w.Code)
	}
	if page := w.Body.String(); strings.Contains(page, "<script") || strings.Count(page, "<input") > 5 || strings.Count(page, "<form") > 1 {
		t.Errorf("markup of a stranger's: %s", page)
	}
}
