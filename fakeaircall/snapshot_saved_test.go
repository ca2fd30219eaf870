package fakeaircall

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestControlSnapshots(t *testing.T) {
	w := controlled(t)
	w.ask("GET", "/_fake/snapshots", "").want(200, `{"snapshots":[]}`+"\n")
	w.ask("POST", "/_fake/snapshots", `{"name":"before"}`).want(201, `{"snapshot":{"name":"before","saved":"2026-03-02T12:00:00Z","now":"2026-03-02T12:00:00Z","accounts":["default","sales","support"]}}`+"\n")
	w.ask("GET", "/_fake/snapshots/before/diff", "").want(200, `{"from":"before","to":"current","differences":[],"total":0}`+"\n")

	made := w.send("POST", "/v1/contacts", kim).wantStatus(201).at("contact.id")
	w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"https://hooks.example.com/in"}`).wantStatus(201)
	w.Advance(time.Hour)
	diff := w.ask("GET", "/_fake/snapshots/before/diff?to=current", "").wantStatus(200)
	for _, want := range []string{`{"account":"default","path":"contacts/` + made + `","to":{"id":` + made, `{"account":"","path":"clock","from":{"now":"2026-03-02T12:00:00Z"},"to":{"now":"2026-03-02T13:00:00Z"}}`, `"token":"` + Removed} {
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
		{"POST", "/_fake/snapshots", `{}`, 400, "is no name for a snapshot"},
		{"POST", "/_fake/snapshots", `{"name":"current"}`, 400, "is no name for a snapshot"},
		{"POST", "/_fake/snapshots", `{"name":"a b"}`, 400, "is no name for a snapshot"},
		{"POST", "/_fake/snapshots", `{"name":"` + strings.Repeat("x", 101) + `"}`, 400, "is no name for a snapshot"},
		{"PUT", "/_fake/snapshots/x", `{"format":4}`, 400, "its format is 4"},
		{"PUT", "/_fake/snapshots/x", text[:len(text)/2], 400, "it is cut off or damaged"},
		{"PUT", "/_fake/snapshots/current", text, 400, "is no name"},
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
	for i := range maxSaved - 1 {
		w.ask("POST", "/_fake/snapshots", fmt.Sprintf(`{"name":"s%d"}`, i)).wantStatus(201)
	}
	if a := w.ask("POST", "/_fake/snapshots", `{"name":"more"}`).wantStatus(409); !strings.Contains(a.text("error"), "there are 50 snapshots already") {
		t.Errorf("%s", a.body)
	}
	w.ask("POST", "/_fake/snapshots", `{"name":"before"}`).wantStatus(201)
}

// No two records of a world have one path.
func TestRecordsAreApart(t *testing.T) {
	w := busy(t)
	seen := map[string]bool{}
	s := w.Snapshot()
	s.world.eachRecord(func(key string, _ []byte) {
		p := strings.ReplaceAll(key, keySeparator, "/")
		if seen[p] {
			t.Errorf("%s comes twice", p)
		}
		seen[p] = true
	})
	for _, p := range []string{"clock", "companies/default/state/contacts/5678", "companies/default/state/last", "companies/sales/state/calls/12345", "companies/default/state/idle"} {
		if !seen[p] {
			t.Errorf("there is no %s", p)
		}
	}
}
