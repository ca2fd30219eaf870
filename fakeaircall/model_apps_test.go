package fakeaircall

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Apps: people allow them, they buy tokens with codes, and have integrations and
// webhooks that go when they do.

const (
	modelKey    = "Basic ZmFrZS1kZWZhdWx0LWlkOmZha2UtZGVmYXVsdC10b2tlbg=="
	modelReturn = "https://app.example.com/oauth/callback"
)

var modelApps = []App{
	StandardApp(),
	{Name: "other", ClientID: "other-id", ClientSecret: "other-secret", RedirectURIs: []string{modelReturn}},
}

type modelCode struct {
	App  string
	Born time.Duration // since the beginning
	Gone bool          // bought a token, or its app was uninstalled; still tried
}

type modelHook struct {
	App, URL string
	Active   bool
	Events   []string // in alphabetical order
}

// knownApp draws one of the two, or one that nobody knows.
func (m *machine) knownApp() App {
	return rapid.SampledFrom(append(modelApps[:2:2], App{ClientID: "nobody"})).Draw(m.T, "app")
}

func drawKey[V any](m *machine, of map[string]V, none string) string {
	keys := []string{none}
	for k := range of {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return rapid.SampledFrom(keys).Draw(m.T, "key")
}

func (m *machine) pass() {
	by := time.Duration(rapid.IntRange(1, 12).Draw(m.T, "minutes")) * time.Minute
	m.srv.Advance(by)
	m.elapsed += by
}

func (m *machine) authorize() {
	app := m.knownApp()
	decision := rapid.SampledFrom([]string{"allow", "allow", "allow", "refuse"}).Draw(m.T, "decision")
	form := url.Values{"client_id": {app.ClientID}, "redirect_uri": {modelReturn}, "response_type": {"code"}, "scope": {"public_api"},
		"state": {"s&t"}, "account": {"default"}, "decision": {decision}}
	req := httptest.NewRequest("POST", "/oauth/authorize", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, req)
	if !m.want(w.Code, app.Name != "", 303, 400) {
		return
	}
	to, _ := url.Parse(w.Header().Get("Location"))
	code, problem := to.Query().Get("code"), to.Query().Get("error")
	if allowed := decision == "allow"; (code != "") != allowed || (problem == "access_denied") == allowed || to.Query().Get("state") != "s&t" {
		m.Fatalf("%s leads to %s", decision, to)
	}
	if code != "" {
		m.model.codes[code] = modelCode{App: app.ClientID, Born: m.elapsed}
	}
}

func (m *machine) exchange() {
	code := drawKey(m, m.model.codes, "no-code")
	if young := m.youngest(); young != "" && rapid.Bool().Draw(m.T, "youngest") {
		code = young
	}
	c, issued := m.model.codes[code]
	i := slices.IndexFunc(modelApps, func(a App) bool { return a.ClientID == c.App })
	app, back := modelApps[max(i, 0)], modelReturn
	wrong := rapid.SampledFrom([]string{"", "", "", "app", "secret", "redirect"}).Draw(m.T, "wrong")
	secret := app.ClientSecret
	switch wrong {
	case "app":
		app = m.knownApp()
		secret = app.ClientSecret
	case "secret":
		secret = "wrong"
	case "redirect":
		back = "https://elsewhere.test/"
	}
	status, reply := m.send("POST", "/v1/oauth/token", map[string]any{
		"client_id": app.ClientID, "client_secret": secret, "code": code, "redirect_uri": back, "grant_type": "authorization_code",
	})
	good := issued && !c.Gone && c.App == app.ClientID && app.Name != "" && secret == app.ClientSecret && back == modelReturn && m.elapsed-c.Born < 10*time.Minute
	if m.want(status, good, 200, 400) {
		c.Gone = true
		m.model.codes[code] = c
		m.model.tokens[reply.str("access_token")] = app.ClientID
		if _, installed := m.model.installed[app.ClientID]; !installed {
			m.model.installed[app.ClientID] = true
		}
	}
}

// youngest is the code that is likeliest to be good.
func (m *machine) youngest() (code string) {
	for _, k := range slices.Sorted(maps.Keys(m.model.codes)) {
		if c := m.model.codes[k]; !c.Gone && (code == "" || c.Born > m.model.codes[code].Born) {
			code = k
		}
	}
	return code
}

// integrate turns an integration on or off. A token is good as long as its app is
// installed; an API key has no integration.
func (m *machine) integrate() {
	token := drawKey(m, m.model.tokens, rapid.SampledFrom(append(m.dead, "no-token")).Draw(m.T, "dead token"))
	on := rapid.Bool().Draw(m.T, "on")
	path := map[bool]string{true: "/v1/integrations/enable", false: "/v1/integrations/disable"}[on]
	if rapid.IntRange(0, 4).Draw(m.T, "with a key") == 0 {
		status, _ := m.send("POST", path, nil)
		m.want(status, false, 204, 404)
		return
	}
	status, _ := m.sendAs("Bearer "+token, "POST", path, nil)
	app, live := m.model.tokens[token]
	if m.want(status, live, 204, 403) {
		m.model.installed[app] = on
	}
}

func (m *machine) revoke() {
	token := drawKey(m, m.model.tokens, "no-token")
	_, live := m.model.tokens[token]
	if m.srv.Revoke(token) != live {
		m.Fatalf("revoking a token that is live (%t) says otherwise", live)
	}
	delete(m.model.tokens, token)
	m.dead = append(m.dead, token)
}

func (m *machine) uninstall() {
	app := m.knownApp().ClientID
	_, installed := m.model.installed[app]
	if err := m.srv.Uninstall("default", app); (err == nil) != installed {
		m.Fatalf("uninstalling an app that is installed (%t): %v", installed, err)
	}
	if !installed {
		return
	}
	delete(m.model.installed, app)
	for token, of := range m.model.tokens {
		if of == app {
			delete(m.model.tokens, token)
			m.dead = append(m.dead, token)
		}
	}
	slices.Sort(m.dead) // so that a seed draws the same again
	for code, c := range m.model.codes {
		if c.App == app {
			c.Gone = true
			m.model.codes[code] = c
		}
	}
	maps.DeleteFunc(m.model.hooks, func(_ string, h modelHook) bool { return h.App == app })
}

// credentials draws who asks: the company's key, or an app with a token.
func (m *machine) credentials() (auth, app string) {
	token := drawKey(m, m.model.tokens, "")
	if token == "" {
		return modelKey, ""
	}
	return "Bearer " + token, m.model.tokens[token]
}

// hook draws the body of a webhook and says what it should become.
func (m *machine) hook(h modelHook, action string, whole bool) (body map[string]any, made modelHook, good bool) {
	body, good = map[string]any{}, true
	if whole || rapid.Bool().Draw(m.T, "with url") {
		h.URL = rapid.SampledFrom([]string{"https://h.test/a?b=c", "http://127.0.0.1:9/x", "http://h.test/", ""}).Draw(m.T, "url")
		body["url"] = h.URL
		good = strings.HasPrefix(h.URL, "https://") || strings.HasPrefix(h.URL, "http://127.")
	}
	if rapid.Bool().Draw(m.T, "with active") {
		active := rapid.Bool().Draw(m.T, "active")
		body["active"] = active
		h.Active = active || whole // a new one is active whatever it says
	}
	events := rapid.SampledFrom([][]string{nil, {}, {"call.ended"}, {"user.created", "call.ended"}, {"call.ended", "call.missed"}}).Draw(m.T, "events")
	if events != nil {
		body["events"] = events
	}
	good = good && !slices.Contains(events, "call.missed")
	switch action {
	case "":
		h.Events = slices.Clone(events)
		if len(events) == 0 {
			h.Events = EventNames()
		}
	case "add":
		h.Events = append(slices.Clone(h.Events), events...)
	case "remove":
		h.Events = slices.DeleteFunc(slices.Clone(h.Events), func(e string) bool { return slices.Contains(events, e) })
		good = good && len(h.Events) > 0
	default:
		good = false
	}
	slices.Sort(h.Events)
	h.Events = slices.Compact(h.Events)
	return body, h, good
}

func (m *machine) createHook() {
	auth, app := m.credentials()
	body, h, good := m.hook(modelHook{App: app, Active: true}, "", true)
	status, reply := m.sendAs(auth, "POST", "/v1/webhooks", body)
	if m.want(status, good, 201, 400) {
		m.model.hooks[reply.object("webhook").str("webhook_id")] = h
	}
}

func (m *machine) updateHook() {
	auth, app := m.credentials()
	id := drawKey(m, m.model.hooks, "0b1c0000-0000-4000-8000-000000000000")
	was, exists := m.model.hooks[id]
	action := rapid.SampledFrom([]string{"", "add", "remove", "toggle"}).Draw(m.T, "action")
	body, h, good := m.hook(was, action, false)
	status, _ := m.sendAs(auth, "PUT", "/v1/webhooks/"+id+"?events_action="+action, body)
	if !exists || was.App != app {
		m.want(status, false, 200, 404)
	} else if m.want(status, good, 200, 400) {
		m.model.hooks[id] = h
	}
}

func (m *machine) deleteHook() {
	auth, app := m.credentials()
	id := drawKey(m, m.model.hooks, "0b1c0000-0000-4000-8000-000000000000")
	h, exists := m.model.hooks[id]
	status, _ := m.sendAs(auth, "DELETE", "/v1/webhooks/"+id, nil)
	if m.want(status, exists && h.App == app, 204, 404) {
		delete(m.model.hooks, id)
	}
}

// compareApps asks as everybody who may: each sees what is his.
func (m *machine) compareApps() {
	m.Helper()
	owner := false
	for _, u := range m.model.users {
		owner = owner || u.Email == "owner@default.example.com"
	}
	asking := map[string]string{modelKey: ""}
	for token, app := range m.model.tokens {
		asking["Bearer "+token] = app
	}
	for auth, app := range asking {
		want := map[string]modelHook{}
		for id, h := range m.model.hooks {
			if h.App == app {
				want[id] = h
			}
		}
		got := map[string]modelHook{}
		_, page := m.sendAs(auth, "GET", "/v1/webhooks?per_page=50", nil)
		for _, h := range page.list("webhooks") {
			events := h.strings("events")
			slices.Sort(events)
			got[h.str("webhook_id")] = modelHook{app, h.str("url"), string(h.raw("active")) == "true", events}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			m.Fatalf("webhooks of %q (-model +server):\n%s", app, diff)
		}
		status, reply := m.sendAs(auth, "GET", "/v1/integrations/me", nil)
		if !m.want(status, app != "" && owner, 200, 404) {
			continue
		}
		if got, want := string(reply.object("integration").raw("active")), fmt.Sprint(m.model.installed[app]); got != want {
			m.Fatalf("the integration of %q is active: %s, want %s", app, got, want)
		}
	}
}
