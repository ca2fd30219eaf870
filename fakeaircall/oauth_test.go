package fakeaircall

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const callback = "https://app.example.com/oauth/callback"

func authorization(changes ...string) url.Values {
	q := url.Values{"client_id": {"fake-client-id"}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"public_api"}}
	for i := 0; i < len(changes); i += 2 {
		if q.Set(changes[i], changes[i+1]); changes[i+1] == "-" {
			q.Del(changes[i])
		}
	}
	return q
}

// visit sends a request as a browser does, and follows no redirect. It posts the form, if there is one.
func (w world) visit(path string, form url.Values, header ...string) answer {
	w.t.Helper()
	method, body := "GET", io.Reader(nil)
	if form != nil {
		method, body = "POST", strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, w.URL()+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{w.t, resp.StatusCode, resp.Header, string(b)}
}

// allow answers the consent page as a person who agrees, and returns the code that the app gets.
func (w world) allow(account, state string) string {
	w.t.Helper()
	a := w.visit("/oauth/authorize", authorization("account", account, "decision", "allow", "state", state)).wantStatus(303)
	to, err := url.Parse(a.header.Get("Location"))
	if err != nil || to.Query().Get("code") == "" || to.Query().Get("state") != state {
		w.t.Fatalf("location %s", a.header.Get("Location"))
	}
	return to.Query().Get("code")
}

func (w world) exchange(code string, changes ...string) answer {
	w.t.Helper()
	in := map[string]string{"client_id": "fake-client-id", "client_secret": "fake-client-secret", "code": code, "redirect_uri": callback, "grant_type": "authorization_code"}
	for i := 0; i < len(changes); i += 2 {
		in[changes[i]] = changes[i+1]
	}
	return w.sendAs("", "POST", "/v1/oauth/token", string(encode(in)))
}

func TestConsentPage(t *testing.T) {
	w := empty(t)
	a := w.visit("/oauth/authorize?"+authorization("state", `"><script>alert(1)</script>`).Encode(), nil).wantStatus(200)
	for _, want := range []string{
		"<h1>aircallkit asks for access</h1>", "<option>default</option><option>sales</option><option>support</option>",
		`<input type="hidden" name="redirect_uri" value="https://app.example.com/oauth/callback">`,
		`name="state" value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %s in %s", want, a.body)
		}
	}
	if strings.Contains(a.body, "<script") {
		t.Error("a script of the state's")
	}
	for name, want := range map[string]string{"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if !strings.HasPrefix(a.header.Get("Content-Security-Policy"), "default-src 'none';") {
		t.Errorf("policy %q", a.header.Get("Content-Security-Policy"))
	}
	if a := w.visit("/oauth/success", nil).wantStatus(200); !strings.Contains(a.body, "The app is installed") {
		t.Errorf("%s", a.body)
	}
}

// The page never redirects to an address that no app has registered, whatever else is wrong.
func TestConsentNotTrusted(t *testing.T) {
	w := empty(t)
	for name, changes := range map[string][]string{
		"no client":            {"client_id", "-"},
		"unknown client":       {"client_id", "other"},
		"no address":           {"redirect_uri", "-"},
		"address of another":   {"redirect_uri", "https://evil.example.com/oauth/callback"},
		"other scheme":         {"redirect_uri", "http://app.example.com/oauth/callback"},
		"other path":           {"redirect_uri", callback + "/.."},
		"a query":              {"redirect_uri", callback + "?next=https://evil.example.com"},
		"a fragment":           {"redirect_uri", callback + "#x"},
		"user before the host": {"redirect_uri", "http://127.0.0.1:1@evil.example.com/oauth/callback"},
		"user":                 {"redirect_uri", "http://me@127.0.0.1:1/oauth/callback"},
		"host that begins so":  {"redirect_uri", "http://127.0.0.1.evil.example.com:1/oauth/callback"},
		"port of a name":       {"redirect_uri", "https://app.example.com:8443/oauth/callback"},
		"backslash":            {"redirect_uri", `http://127.0.0.1:1\@evil.example.com/oauth/callback`},
		"script":               {"redirect_uri", "javascript:alert(1)"},
		"line break":           {"redirect_uri", callback + "\r\nSet-Cookie: a=b"},
		"huge state":           {"state", strings.Repeat("a", 3000)},
		"neither yes nor no":   {"decision", "perhaps"},
		"nobody's company":     {"account", "nobody", "decision", "allow"},
	} {
		q := authorization(append([]string{"decision", "allow"}, changes...)...)
		for _, a := range []answer{w.visit("/oauth/authorize", q), w.visit("/oauth/authorize?"+q.Encode(), url.Values{"decision": q["decision"]})} {
			if a.status != 400 || a.header.Get("Location") != "" || !strings.Contains(a.body, "This link cannot be used") {
				t.Errorf("%s: %d, location %q: %s", name, a.status, a.header.Get("Location"), a.body)
			}
		}
	}
	foreign := w.visit("/oauth/authorize", authorization("decision", "allow"), "Sec-Fetch-Site", "cross-site")
	if foreign.wantStatus(403); foreign.header.Get("Location") != "" {
		t.Error("a foreign page can answer for a person")
	}
}

func TestConsentSendsBack(t *testing.T) {
	srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Apps: []App{{
		Name: "CRM", ClientID: "crm", ClientSecret: "s", RedirectURIs: []string{"https://crm.test/cb?team=7", "http://127.0.0.1/cb"},
	}}}))
	w := world{srv, t}
	const to = "https://crm.test/cb?team=7"
	for name, tc := range map[string]struct {
		changes []string
		want    string
	}{
		"refused":              {[]string{"decision", "refuse", "state", "a&b=c#d"}, "https://crm.test/cb?error=access_denied&state=a%26b%3Dc%23d&team=7"},
		"no state":             {[]string{"decision", "refuse"}, "https://crm.test/cb?error=access_denied&team=7"},
		"line break in state":  {[]string{"decision", "refuse", "state", "a\r\nb: c"}, "https://crm.test/cb?error=access_denied&state=a%0D%0Ab%3A+c&team=7"},
		"other response type":  {[]string{"response_type", "token"}, "https://crm.test/cb?error=unsupported_response_type&team=7"},
		"other scope":          {[]string{"scope", "admin"}, "https://crm.test/cb?error=invalid_scope&team=7"},
		"no scope":             {[]string{"scope", "-"}, "https://crm.test/cb?error=invalid_scope&team=7"},
		"a port of a loopback": {[]string{"decision", "refuse", "redirect_uri", "http://127.0.0.1:39001/cb"}, "http://127.0.0.1:39001/cb?error=access_denied"},
	} {
		q := authorization(append([]string{"client_id", "crm", "redirect_uri", to}, tc.changes...)...)
		a := w.visit("/oauth/authorize", q)
		if got := a.header.Get("Location"); a.status != 303 || got != tc.want {
			t.Errorf("%s: %d to %s, want %s", name, a.status, got, tc.want)
		}
	}
}

// Only http on a loopback host may have any port.
func TestPortsOfRedirects(t *testing.T) {
	srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Apps: []App{{
		Name: "CRM", ClientID: "crm", ClientSecret: "s", RedirectURIs: []string{"http://127.0.0.1/cb", "https://127.0.0.1/cb", "http://crm.test/cb", "http://localhost:1/cb"},
	}}}))
	w := world{srv, t}
	for redirect, status := range map[string]int{
		"http://127.0.0.1/cb": 303, "http://127.0.0.1:9/cb": 303, "https://127.0.0.1/cb": 303, "https://127.0.0.1:9/cb": 400, "http://crm.test/cb": 303,
		"http://crm.test:9/cb": 400, "http://localhost:1/cb": 303, "http://localhost:2/cb": 400, "http://u@127.0.0.1:9/cb": 400, "http://127.0.0.1:9/cb#x": 400,
	} {
		if a := w.visit("/oauth/authorize", authorization("client_id", "crm", "redirect_uri", redirect, "decision", "refuse")); a.status != status {
			t.Errorf("%s: %d, want %d", redirect, a.status, status)
		}
	}
}

func TestTokensAreLimited(t *testing.T) {
	w := empty(t)
	code := w.allow("default", "")
	w.keys.mu.Lock()
	for i := range maxTokens - len(w.keys.bearer) {
		w.keys.bearer[fmt.Sprint(i)] = token{}
	}
	w.keys.mu.Unlock()
	w.exchange(code).want(400, `{"error":"temporarily_unavailable"}`)
	w.Revoke("0")
	w.exchange(code).wantStatus(200)
}

func TestExchange(t *testing.T) {
	w := empty(t)
	code := w.allow("sales", "s1")
	a := w.exchange(code)
	bearer := a.text("access_token")
	a.want(200, `{"access_token":"`+bearer+`","token_type":"Bearer","created_at":1772452800}`)
	w.exchange(code).want(400, `{"error":"invalid_grant"}`) // once
	if got := a.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("content-type %s", got)
	}
	company := w.sendAs("Bearer fake-sales-bearer", "GET", "/v1/company", "").body
	w.sendAs("Bearer "+bearer, "GET", "/v1/company", "").want(200, company)
	w.Advance(20 * 365 * 24 * time.Hour)
	w.sendAs("Bearer "+bearer, "GET", "/v1/company", "").want(200, company) // it does not expire
	again := w.exchange(w.allow("sales", "")).text("access_token")
	if again == bearer {
		t.Error("the same token twice")
	}
	w.sendAs("Bearer "+bearer, "GET", "/v1/ping", "").wantStatus(200)

	form := url.Values{"client_id": {"fake-client-id"}, "client_secret": {"fake-client-secret"}, "code": {w.allow("default", "")}, "redirect_uri": {callback}, "grant_type": {"authorization_code"}}
	w.visit("/v1/oauth/token", form).wantStatus(200)
}

func TestExchangeRefused(t *testing.T) {
	w := empty(t).lost()
	code := w.allow("default", "")
	for name, tc := range map[string]struct {
		changes []string
		want    string
	}{
		"unknown client":  {[]string{"client_id", "other"}, "invalid_client"},
		"wrong secret":    {[]string{"client_secret", "canary"}, "invalid_client"},
		"no secret":       {[]string{"client_secret", ""}, "invalid_client"},
		"no grant type":   {[]string{"grant_type", ""}, "invalid_request"},
		"refresh":         {[]string{"grant_type", "refresh_token"}, "unsupported_grant_type"},
		"no code":         {[]string{"code", ""}, "invalid_request"},
		"unknown code":    {[]string{"code", "0000"}, "invalid_grant"},
		"other address":   {[]string{"redirect_uri", "http://localhost/oauth/callback"}, "invalid_grant"},
		"without address": {[]string{"redirect_uri", ""}, "invalid_grant"},
	} {
		t.Run(name, func(t *testing.T) {
			world{w.Server, t}.exchange(code, tc.changes...).want(400, `{"error":"`+tc.want+`"}`)
		})
	}
	for body, want := range map[string]string{
		``: "invalid_client", `{`: "invalid_request", `null`: "invalid_client", `[1]`: "invalid_client", `%zz`: "invalid_request",
		`{"client_id":["fake-client-id"]}`: "invalid_client",
	} {
		w.sendAs("", "POST", "/v1/oauth/token", body).want(400, `{"error":"`+want+`"}`)
	}
	w.sendAs("", "GET", "/v1/oauth/token", "").want(404, `{"message":"Not Found"}`)
	w.Advance(10*time.Minute - time.Second)
	late := w.allow("default", "")
	w.exchange(code).wantStatus(200) // nothing above has used it up
	w.Advance(10 * time.Minute)
	w.exchange(late).want(400, `{"error":"invalid_grant"}`)
}

// Only the app that asked for a code can exchange it.
func TestExchangeOfAnotherApp(t *testing.T) {
	other := StandardApp()
	other.Name, other.ClientID = "other", "other-id"
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Apps: []App{StandardApp(), other}, Assume: map[string]string{"integration-installed": "inactive"}})), t}
	code := w.allow("default", "")
	w.exchange(code, "client_id", "other-id").want(400, `{"error":"invalid_grant"}`)
	to, _ := url.Parse(w.visit("/oauth/authorize", authorization("client_id", "other-id", "decision", "allow")).header.Get("Location"))
	bearer := "Bearer " + w.exchange(to.Query().Get("code"), "client_id", "other-id").text("access_token")
	a := w.sendAs(bearer, "GET", "/v1/integrations/me", "")
	if a.text("integration.name") != "other" || a.at("integration.active") != "false" {
		t.Errorf("%s", a.body)
	}
	w.sendAs(bearer, "POST", "/v1/webhooks", `{"url":"https://a.test"}`).wantStatus(201)
	if w.sendAs(asApp, "GET", "/v1/webhooks", "").at("meta.total") != "0" {
		t.Error("one app sees another's webhooks")
	}
}

func TestCodesAreLimited(t *testing.T) {
	w := empty(t)
	for range maxCodes {
		if _, ok := w.keys.issue(token{w.accounts()[0], "fake-client-id"}, callback, w.Now()); !ok {
			t.Fatal("refused too early")
		}
	}
	full := w.visit("/oauth/authorize", authorization("decision", "allow")).header.Get("Location")
	if full != callback+"?error=temporarily_unavailable" {
		t.Errorf("location %s", full)
	}
	w.Advance(codeLife)
	w.allow("default", "")
}

func TestAppsRefused(t *testing.T) {
	app := func(change func(*App)) []App {
		a := StandardApp()
		a.ClientSecret = "canary-secret"
		change(&a)
		return []App{a}
	}
	for want, apps := range map[string][]App{
		"app 1: the app has no name":           app(func(a *App) { a.Name = "" }),
		"needs a client id":                    app(func(a *App) { a.ClientID = "" }),
		`app "x" needs a client id`:            app(func(a *App) { a.Name, a.ClientSecret = "x", "" }),
		"has no redirect URI":                  app(func(a *App) { a.RedirectURIs = nil }),
		`"javascript:alert(1)" is not an http`: app(func(a *App) { a.RedirectURIs = []string{"javascript:alert(1)"} }),
		`"https://a.test/#" is not an http`:    app(func(a *App) { a.RedirectURIs = []string{"https://a.test/#"} }),
		`"https://u:p@a.test/" is not an http`: app(func(a *App) { a.RedirectURIs = []string{"https://u:p@a.test/"} }),
		`"aircallkit" has the client id of a`:  {StandardApp(), StandardApp()},
	} {
		_, err := New(checked(t, Options{Scale: ScaleEmpty, Apps: apps}))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	srv := empty(t)
	srv.Apps()[0].RedirectURIs[0] = "changed"
	if diff := cmp.Diff([]App{StandardApp()}, srv.Apps()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Tokens come and go while requests use them.
func TestKeyringUnderWay(t *testing.T) {
	w := empty(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 5 {
				switch i % 4 {
				case 0:
					w.exchange(w.allow("default", fmt.Sprint(i)))
				case 1:
					w.sendAs(asApp, "GET", "/v1/ping", "")
				case 2:
					w.Revoke("fake-sales-bearer")
				default:
					w.Uninstall("default", "fake-client-id")
				}
			}
		})
	}
	wg.Wait()
	w.get("/v1/ping").wantStatus(200)
}
