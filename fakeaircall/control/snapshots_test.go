package control

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

func TestAddAccountRefuses(t *testing.T) {
	w := controlled(t)
	made := w.ask("POST", "/_fake/accounts", `{"name":"my-test"}`).want(201,
		`{"account":{"name":"my-test","user":"owner@my-test.example.com","api_id":"fake-my-test-id","api_token":"fake-my-test-token","bearer":"fake-my-test-bearer","added":true}}`+"\n")
	w.sendAs("Bearer "+made.text("account.bearer"), "GET", "/v1/calls/12345", "").wantStatus(200)
	w.ask("POST", "/_fake/clock", `{"account":"my-test","advance":"1m"}`).want(200, `{"now":"2026-03-02T12:01:00Z","speed":0}`+"\n")
	w.ask("GET", "/_fake/clock?account=my-test", "").want(200, `{"now":"2026-03-02T12:01:00Z","speed":0}`+"\n")
	w.ask("GET", "/_fake/clock", "").want(200, `{"now":"2026-03-02T12:00:00Z","speed":0}`+"\n")
	w.ask("POST", "/_fake/accounts", `{"scale":"empty","seed":7}`).wantStatus(201)
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/_fake/accounts", `{"name":"my-test"}`, 409, `there is an account "my-test" already`},
		{"POST", "/_fake/accounts", `{"name":"default"}`, 409, `there is an account "default" already`},
		{"POST", "/_fake/accounts", `{"name":"My Test"}`, 400, "is not a name for an account"},
		{"POST", "/_fake/accounts", `{"name":"-"}`, 400, "is not a name for an account"},
		{"POST", "/_fake/accounts", `{"scale":"huge"}`, 400, `scale "huge" is not one of`},
		{"DELETE", "/_fake/accounts/default", "", 409, "was there when the server began"},
		{"DELETE", "/_fake/accounts/lost", "", 404, `there is no account "lost"`},
		{"GET", "/_fake/clock?account=lost", "", 404, `there is no account "lost"`},
		{"POST", "/_fake/clock", `{"account":"lost","advance":"1s"}`, 404, `there is no account "lost"`},
	} {
		if a := w.ask(c.method, c.path, c.body).wantStatus(c.status); !strings.Contains(a.text("error"), c.want) {
			t.Errorf("%s %s %s: %s", c.method, c.path, c.body, a.body)
		}
	}
	w.ask("DELETE", "/_fake/accounts/my-test", "").want(200, `{"removed":1}`+"\n")
	w.sendAs("Bearer fake-my-test-bearer", "GET", "/v1/ping", "").wantStatus(403)
	w.Reset()
	if n := len(w.Accounts()); n != 3 {
		t.Errorf("after a reset there are %d accounts", n)
	}
}

func TestControlSnapshots(t *testing.T) {
	w := controlled(t)
	w.ask("GET", "/_fake/snapshots", "").want(200, `{"snapshots":[]}`+"\n")
	w.ask("POST", "/_fake/snapshots", `{"name":"before"}`).want(201, `{"snapshot":{"name":"before","saved":"2026-03-02T12:00:00Z","now":"2026-03-02T12:00:00Z","accounts":["default","sales","support"]}}`+"\n")
	w.ask("GET", "/_fake/snapshots/before/diff", "").want(200, `{"from":"before","to":"current","differences":[],"total":0}`+"\n")

	made := w.send("POST", "/v1/contacts", kim).wantStatus(201).at("contact.id")
	w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"https://hooks.example.com/in"}`).wantStatus(201)
	w.Advance(time.Hour)
	w.ask("GET", "/_fake/snapshots/before/diff?all=yes", "").wantStatus(400)
	if changed := w.ask("GET", "/_fake/snapshots/before/diff", "").wantStatus(200); strings.Contains(changed.body, `"clock"`) || strings.Contains(changed.body, `"events/`) || !strings.HasSuffix(changed.body, `"total":2}`+"\n") {
		t.Errorf("a contact and a webhook are not all differences: %s", changed.body)
	}
	diff := w.ask("GET", "/_fake/snapshots/before/diff?to=current&all=true", "").wantStatus(200)
	for _, want := range []string{`{"account":"default","path":"contacts/` + made + `","to":{"id":` + made, `{"account":"","path":"clock","from":{"now":"2026-03-02T12:00:00Z"},"to":{"now":"2026-03-02T13:00:00Z"},"fields":["now"]}`, `"token":"` + fakeaircall.Removed} {
		if !strings.Contains(diff.body, want) {
			t.Errorf("%s is not in %s", want, diff.body)
		}
	}
	if strings.Contains(diff.body, "sales") {
		t.Errorf("nothing happened in sales: %s", diff.body)
	}

	text := w.ask("GET", "/_fake/snapshots/current", "").wantStatus(200).body
	if strings.Count(text, "\n") < 60 {
		t.Errorf("an entity a line is not %.500s", text)
	}
	w.ask("PUT", "/_fake/snapshots/after", text).wantStatus(200)
	w.ask("POST", "/_fake/snapshots/before/restore", "").want(200, `{"now":"2026-03-02T12:00:00Z","speed":0}`+"\n")
	w.get("/v1/contacts/" + made).wantStatus(404)
	w.ask("POST", "/_fake/snapshots/after/restore", "").want(200, `{"now":"2026-03-02T13:00:00Z","speed":0}`+"\n")
	w.get("/v1/contacts/" + made).wantStatus(200)
	if got := w.ask("GET", "/_fake/snapshots", ""); got.text("snapshots.0.name") != "after" || got.text("snapshots.1.name") != "before" {
		t.Errorf("listed: %s", got.body)
	}

	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/_fake/snapshots", `{}`, 400, "is not a name for a snapshot"},
		{"POST", "/_fake/snapshots", `{"name":"current"}`, 400, "is not a name for a snapshot"},
		{"POST", "/_fake/snapshots", `{"name":"a b"}`, 400, "is not a name for a snapshot"},
		{"POST", "/_fake/snapshots", `{"name":"` + strings.Repeat("x", 101) + `"}`, 400, "is not a name for a snapshot"},
		{"PUT", "/_fake/snapshots/x", `{"format":5}`, 400, "its format is 5"},
		{"PUT", "/_fake/snapshots/x", text[:len(text)/2], 400, "it is cut off or damaged"},
		{"PUT", "/_fake/snapshots/current", text, 400, "is not a name"},
		{"GET", "/_fake/snapshots/lost", "", 404, `there is no snapshot "lost"`},
		{"POST", "/_fake/snapshots/lost/restore", "", 404, `there is no snapshot "lost"`},
		{"DELETE", "/_fake/snapshots/lost", "", 404, `there is no snapshot "lost"`},
		{"DELETE", "/_fake/snapshots/current", "", 404, `there is no snapshot "current"`},
		{"GET", "/_fake/snapshots/before/diff?to=lost", "", 404, `there is no snapshot "lost"`},
	} {
		if a := w.ask(c.method, c.path, c.body).wantStatus(c.status); !strings.Contains(a.text("error"), c.want) || a.text("hint") == "" {
			t.Errorf("%s %s: %s", c.method, c.path, a.body)
		}
	}
	w.get("/v1/contacts/" + made).wantStatus(200)
	w.ask("DELETE", "/_fake/snapshots/after", "").want(200, `{"removed":1}`+"\n")
	for i := range 49 {
		w.ask("POST", "/_fake/snapshots", fmt.Sprintf(`{"name":"s%d"}`, i)).wantStatus(201)
	}
	if a := w.ask("POST", "/_fake/snapshots", `{"name":"more"}`).wantStatus(409); !strings.Contains(a.text("error"), "there are 50 snapshots already") {
		t.Errorf("%s", a.body)
	}
	w.ask("POST", "/_fake/snapshots", `{"name":"before"}`).wantStatus(201)
}
