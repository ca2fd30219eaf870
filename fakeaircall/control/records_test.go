package control

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

func TestControlLooks(t *testing.T) {
	w := controlled(t, func(o *fakeaircall.Options) { o.Scale = fakeaircall.ScaleSmall })
	for _, c := range []struct{ path, list string }{
		{"/_fake/calls", "calls"}, {"/_fake/contacts", "contacts"}, {"/_fake/users", "users"}, {"/_fake/numbers", "numbers"}, {"/_fake/tags", "tags"},
	} {
		all := w.ask("GET", c.path+"?limit=500", "").wantStatus(200)
		ids := all.list(c.list, "id")
		if len(ids) == 0 || fmt.Sprint(len(ids)) != all.at("total") {
			t.Errorf("%s: %d of %s: %v", c.path, len(ids), all.at("total"), ids)
		}
		second := w.ask("GET", c.path+"?limit=2&page=2", "").wantStatus(200)
		if got := second.list(c.list, "id"); !slices.Equal(got, ids[2:min(4, len(ids))]) || second.at("total") != all.at("total") {
			t.Errorf("%s: the second page is %v of %s, all %v", c.path, got, second.at("total"), ids)
		}
		if got := w.ask("GET", c.path+"?text=there+is+none+such", "").body; got != `{"`+c.list+`":[],"total":0}`+"\n" {
			t.Errorf("%s: %s", c.path, got)
		}
		w.ask("GET", c.path+"?account=acme", "").wantStatus(404)
		for _, wrong := range []string{"page=0", "limit=501", "limit=x", "page=-1"} {
			w.ask("GET", c.path+"?"+wrong, "").wantStatus(400)
		}
	}
	johns := w.ask("GET", "/_fake/contacts?text=JOHN&limit=500", "").wantStatus(200)
	if len(johns.list("contacts", "id")) < 2 || johns.at("total") == w.ask("GET", "/_fake/contacts", "").at("total") {
		t.Errorf("johns: %s", johns.body)
	}
	if got := w.ask("GET", "/_fake/contacts?text=JOHN&limit=1&page=2", ""); got.at("contacts.0.id") != johns.at("contacts.1.id") || got.at("total") != johns.at("total") {
		t.Errorf("the second John: %s", got.body)
	}
	if got := len(w.Requests(fakeaircall.RequestFilter{})); got != 0 {
		t.Errorf("reading added %d requests to the request log", got)
	}
}

// What a call says can be done in it can be, and its states follow.
func TestControlCallLook(t *testing.T) {
	w := controlled(t, func(o *fakeaircall.Options) { o.Scale = fakeaircall.ScaleSmall })
	begin := func(direction string) string {
		w.Reset()
		return w.ask("POST", "/_fake/calls", `{"direction":"`+direction+`"}`).wantStatus(201).at("call.id")
	}
	look := func(id string) answer {
		a := w.ask("GET", "/_fake/calls?limit=1", "").wantStatus(200)
		if a.at("calls.0.id") != id {
			t.Fatalf("the newest call is not %s: %s", id, a.body)
		}
		return a
	}
	free := func() string {
		for _, page := range []string{w.ask("GET", "/_fake/users?text=available", "").body} {
			_, rest, _ := strings.Cut(page, `"id":`)
			id, _, _ := strings.Cut(rest, ",")
			return id
		}
		return ""
	}
	needs := map[string]func() string{
		"transfer":          func() string { return `,"user_id":` + free() },
		"transfer_external": func() string { return `,"number":"+33199000077"` },
		"press":             func() string { return `,"key":"1"` },
	}
	for _, c := range []struct{ direction, path, state, actions string }{
		{"inbound", "", "ringing", "ring decline answer transfer_external voicemail request_callback hangup"},
		{"outbound", "", "ringing", "answer transfer_external hangup"},
		{"inbound", "decline", "ringing", "ring transfer_external voicemail request_callback hangup"},
		{"inbound", "voicemail", "voicemail", "hangup"},
		{"inbound", "answer", "answered", "hold transfer transfer_external hangup"},
		{"outbound", "answer", "answered", "hold transfer transfer_external hangup"},
		{"inbound", "answer hold", "on_hold", "unhold transfer transfer_external hangup"},
		{"inbound", "answer hold unhold", "answered", "hold transfer transfer_external hangup"},
		{"inbound", "answer transfer", "transferring", "decline answer fail_transfer transfer_external hangup"},
		{"inbound", "answer transfer fail_transfer", "answered", "hold transfer transfer_external hangup"},
		{"inbound", "answer transfer_external", "outside", "hangup"},
		{"inbound", "answer hangup", "ended", ""},
	} {
		reach := func() string {
			id := begin(c.direction)
			for _, do := range strings.Fields(c.path) {
				more := ""
				if f := needs[do]; f != nil {
					more = f()
				}
				w.ask("POST", "/_fake/calls/"+id+"/actions", `{"do":"`+do+`"`+more+`}`).wantStatus(200)
			}
			return id
		}
		id := reach()
		a := look(id)
		got := strings.Fields(strings.NewReplacer("[", "", "]", "", `"`, "", ",", " ").Replace(a.at("calls.0.actions")))
		if a.text("calls.0.state") != c.state || strings.Join(got, " ") != c.actions {
			t.Errorf("%s %s: %s, %v", c.direction, c.path, a.text("calls.0.state"), got)
		}
		for _, do := range got {
			id := reach()
			more := ""
			if f := needs[do]; f != nil {
				more = f()
			}
			if a := w.ask("POST", "/_fake/calls/"+id+"/actions", `{"do":"`+do+`"`+more+`}`); a.status != 200 {
				if do == "ring" && strings.Contains(a.body, "is free") {
					continue // the line has nobody else
				}
				t.Errorf("%s %s, then %s: %d %s", c.direction, c.path, do, a.status, a.body)
			}
		}
	}
	for _, c := range []struct {
		path string
		at   int // seconds from the start
	}{{"", 0}, {"answer", 5}, {"answer hold", 10}, {"answer hold unhold", 5}, {"answer transfer", 10}, {"answer transfer_external", 10}, {"answer hangup", 10}} {
		id := begin("inbound")
		for _, do := range strings.Fields(c.path) {
			w.Advance(5 * time.Second)
			more := ""
			if f := needs[do]; f != nil {
				more = f()
			}
			w.ask("POST", "/_fake/calls/"+id+"/actions", `{"do":"`+do+`"`+more+`}`).wantStatus(200)
		}
		w.Advance(time.Second)
		if got, want := look(id).text("calls.0.since"), noon.Add(time.Duration(c.at)*time.Second).Format(time.RFC3339); got != want {
			t.Errorf("%q: since %s, want %s", c.path, got, want)
		}
	}
	for outcome, want := range map[string]string{"answered": "answered", "missed": "missed", "voicemail": "voicemail", "callback": "callback", "declined": "missed"} {
		w.Reset()
		id := w.ask("POST", "/_fake/calls", `{"outcome":"`+outcome+`"}`).wantStatus(201).at("call.id")
		w.ask("GET", "/_fake/calls?live=true", "").wantStatus(200)
		if got := w.ask("GET", "/_fake/calls?live=true", "").list("calls", "id"); !slices.Contains(got, id) {
			t.Errorf("%s: live are %v", outcome, got)
		}
		w.Advance(10 * time.Minute)
		if a := look(id); a.text("calls.0.result") != want || a.text("calls.0.state") != "ended" || a.at("calls.0.ended_at") == "null" {
			t.Errorf("%s: %s", outcome, a.body)
		}
		if got := w.ask("GET", "/_fake/calls?live=true", "").list("calls", "id"); slices.Contains(got, id) {
			t.Errorf("%s: live are %v", outcome, got)
		}
		over := w.ask("GET", "/_fake/calls?live=false&limit=3&page=2", "").wantStatus(200)
		if len(over.list("calls", "id")) != 3 || slices.Contains(over.list("calls", "state"), "ringing") {
			t.Errorf("over: %s", over.body)
		}
	}
}

func TestControlLooksAtWebhooks(t *testing.T) {
	w := controlled(t)
	hook := w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"https://hooks.example.com/in?key=canary","events":["contact.created"]}`).wantStatus(201)
	a := w.ask("GET", "/_fake/webhooks", "").wantStatus(200)
	if a.text("webhooks.0.id") != hook.text("webhook.webhook_id") || a.at("webhooks.0.active") != "true" || a.at("webhooks.0.events") != `["contact.created"]` {
		t.Errorf("got %s", a.body)
	}
	if strings.Contains(a.body, "canary") || strings.Contains(a.body, hook.text("webhook.token")) {
		t.Errorf("a secret in %s", a.body)
	}
}

func TestControlLimits(t *testing.T) {
	w := controlled(t, func(o *fakeaircall.Options) { o.RateLimit = 5 })
	w.get("/v1/ping")
	w.get("/v1/ping")
	w.ask("GET", "/_fake/limits", "").want(200, `{"limits":[{"account":"default","limit":5,"used":2,"resets":"2026-03-02T12:01:00Z"},`+
		`{"account":"sales","limit":5,"used":0,"resets":"2026-03-02T12:01:00Z"},{"account":"support","limit":5,"used":0,"resets":"2026-03-02T12:01:00Z"}]}`+"\n")
	w.ask("GET", "/_fake/limits?account=sales", "").want(200, `{"limits":[{"account":"sales","limit":5,"used":0,"resets":"2026-03-02T12:01:00Z"}]}`+"\n")
	w.ask("GET", "/_fake/limits?account=acme", "").wantStatus(404)
	w.Advance(time.Minute)
	if got := w.ask("GET", "/_fake/limits", "").at("limits.0.used"); got != "0" {
		t.Errorf("%s used in a new minute", got)
	}
}

func TestControlRequestPages(t *testing.T) {
	w := controlled(t)
	for i := range 5 {
		w.send("POST", "/v1/contacts", fmt.Sprintf(`{"first_name":"Name%d","phone_numbers":[{"label":"Work","value":"+3319900124%d"}]}`, i, i)).wantStatus(201)
	}
	for query, want := range map[string]string{
		"?newest=2": "4,5", "?newest=2&before=4": "2,3", "?before=3": "1,2", "?newest=9": "1,2,3,4,5", "?text=NAME3": "4", "?text=%2B33199001242": "3",
		"?text=v1/contacts&newest=1": "5", "?text=nothing": "", "?since=1&before=4&newest=1": "3", "?before=1": "",
	} {
		if got := strings.Join(w.ask("GET", "/_fake/requests"+query, "").wantStatus(200).list("requests", "seq"), ","); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	for _, query := range []string{"?newest=0", "?newest=x", "?before=-1"} {
		w.ask("GET", "/_fake/requests"+query, "").wantStatus(400)
	}
	if got := (fakeaircall.RequestFilter{Text: "x", Before: 3, Newest: 2}).String(); got != "text=x&before=3&newest=2" {
		t.Errorf("the filter says %s", got)
	}
}

// A waiting reader learns of changes, and of nothing else.
func TestControlChanges(t *testing.T) {
	w := controlled(t, func(o *fakeaircall.Options) { o.Scale = fakeaircall.ScaleSmall })
	count := func() string { return w.ask("GET", "/_fake/changes", "").wantStatus(200).at("changes") }
	w.ask("GET", "/_fake/calls", "").wantStatus(200) // which seeds
	users, _, err := w.Account("").Users(fakeaircall.Query{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	id := users[0].ID
	for name, act := range map[string]func(){
		"a request":  func() { w.get("/v1/ping") },
		"a call":     func() { w.ask("POST", "/_fake/calls", `{}`).wantStatus(201) },
		"the clock":  func() { w.Advance(time.Second) },
		"the speed":  func() { w.SetSpeed(0) },
		"a fault":    func() { w.ask("POST", "/_fake/faults", `{"op":"list-all-tags","status":500}`).wantStatus(201) },
		"no faults":  func() { w.ClearFaults() },
		"a reset":    func() { w.Reset() },
		"a snapshot": func() { w.ask("POST", "/_fake/snapshots", `{"name":"one"}`).wantStatus(201) },
		"a presence": func() { w.SetPresence("", id, "close", "") },
	} {
		before := count()
		var wg sync.WaitGroup
		wg.Go(func() {
			if a := w.ask("GET", "/_fake/changes?wait=1m&since="+before, "").wantStatus(200); a.at("changes") == before {
				t.Errorf("%s: a reply without a change: %s", name, a.body)
			}
		})
		act()
		wg.Wait()
	}
	w.Reset()
	before := count()
	for _, path := range []string{"/_fake/calls", "/_fake/contacts", "/_fake/users", "/_fake/numbers", "/_fake/tags", "/_fake/webhooks", "/_fake/limits", "/_fake/requests", "/_fake/deliveries", "/_fake/faults", "/_fake/clock"} {
		w.ask("GET", path, "").wantStatus(200)
	}
	if after := count(); after != before {
		t.Errorf("looking changed something: %s, then %s", before, after)
	}
	w.ask("GET", "/_fake/changes?wait=1ms&since="+before, "").want(200, `{"changes":`+before+"}\n")
	w.ask("GET", "/_fake/changes?wait=1h&since="+before, "").wantStatus(400)
	w.ask("GET", "/_fake/changes?since=x", "").wantStatus(400)
}

// The page is for those who may use the control API; a browser can be asked for the
// token.
func TestControlPageAccess(t *testing.T) {
	w := controlled(t, func(o *fakeaircall.Options) { o.Control = Options{Page: true}.New })
	for _, path := range []string{"/_fake/", "/_fake/page/contacts"} {
		if a := w.ask("GET", path, "").wantStatus(200); !strings.HasPrefix(a.body, "<!doctype html>") {
			t.Errorf("%s: %.100s", path, a.body)
		}
	}
	w.ask("GET", "/_fake/health", "").wantStatus(200)
	w.ask("GET", "/_fake/nothing", "").wantStatus(404)

	w = controlled(t, func(o *fakeaircall.Options) { o.Control = Options{Page: true, Token: "canary"}.New })
	a := w.ask("GET", "/_fake/", "").wantStatus(401)
	if got := a.header.Get("WWW-Authenticate"); !strings.HasPrefix(got, "Basic realm=") || strings.Contains(a.body, "canary") {
		t.Errorf("%s, %s", got, a.body)
	}
	for password, status := range map[string]int{"canary": 200, "other": 401, "": 401} {
		req, _ := http.NewRequest("GET", w.URL()+"/_fake/page/contacts", nil)
		req.SetBasicAuth("", password)
		resp, err := http.DefaultClient.Do(req)
		if err != nil || resp.StatusCode != status {
			t.Errorf("password %q: %v %v, want %d", password, resp, err, status)
			continue
		}
		resp.Body.Close()
	}
}
