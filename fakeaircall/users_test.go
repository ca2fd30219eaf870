package fakeaircall

import (
	"fmt"
	"strings"
	"testing"
)

const ada = `{"email":"ada@acme.test","first_name":"Ada","last_name":"Okafor"}`

func TestUserOnTheWire(t *testing.T) {
	w := empty(t)
	a := w.send("POST", "/v2/users", ada)
	id := a.at("user.id")
	user := `{"user":{"id":` + id + `,"name":"Ada Okafor","email":"ada@acme.test","direct_link":"https://api.aircall.io/v2/users/` + id + `",` +
		`"language":"en-US","created_at":"2026-03-02T12:00:00.000Z","time_zone":"Etc/UTC","state":"always_opened","wrap_up_time":0,"extension":"002",` +
		`"availability_status":"available","available":false,"default_number_id":null,"substatus":"always_opened"}}`
	a.want(201, user)
	w.get("/v2/users/"+id).want(200, user)
	w.get("/v2/users/ada@acme.test").want(200, user)
	w.get("/v2/users/ADA%40acme.test").want(200, user)
	w.get("/v2/users/me").wantStatus(404)
	w.send("PUT", "/v2/users/"+id, `{"wrap_up_time":90,"last_name":"Lovelace","role_ids":["agent"],"email":"other@acme.test"}`).
		want(200, strings.NewReplacer(`"wrap_up_time":0`, `"wrap_up_time":90`, "Okafor", "Lovelace").Replace(user))
	w.get("/v1/users/"+id+"/availability").want(200, `{"availability":"offline"}`)
	if got := w.get("/v1/users/availabilities").at("users.1"); got != `{"availability":"offline","id":`+id+`}` {
		t.Errorf("in the list: %s", got)
	}
	w.get("/v2/users/"+id+"/numbers").want(200, `{"numbers":[],"meta":{"count":0,"total":0,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}`)
	w.get("/v1/company").want(200, `{"company":{"name":`+w.get("/v1/company").at("company.name")+`,"users_count":2,"numbers_count":0}}`)
	w.send("DELETE", "/v1/users/"+id, "").want(204, "")
	w.get("/v2/users/" + id).wantStatus(404)
	w.send("DELETE", "/v1/users/"+id, "").wantStatus(404)
	w.send("DELETE", "/v1/users/owner@default.example.com", "").wantStatus(404) // an e-mail works on reading alone
}

func TestUserBringsAContact(t *testing.T) {
	w := empty(t)
	id := w.send("POST", "/v2/users", ada).at("user.id")
	a := w.get("/v1/contacts")
	for path, want := range map[string]string{
		"contacts.0.first_name": `"Ada"`, "contacts.0.last_name": `"Okafor"`,
		"contacts.0.phone_numbers": `[]`, "contacts.0.emails.0.value": `"ada@acme.test"`, "contacts.0.emails.0.label": `"Work"`,
		"contacts.0.company_name": w.get("/v1/company").at("company.name"),
	} {
		if got := a.at(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	// It is a separate contact: neither changes the other.
	w.send("POST", "/v1/contacts/"+a.at("contacts.0.id"), `{"first_name":"Someone"}`).wantStatus(200)
	if got := w.get("/v2/users/" + id).text("user.name"); got != "Ada Okafor" {
		t.Errorf("the user is called %s", got)
	}
	w.send("DELETE", "/v1/users/"+id, "").wantStatus(204)
	if total := w.get("/v1/contacts").at("meta.total"); total != "0" {
		t.Errorf("%s contacts stay", total)
	}
}

func TestUserRefused(t *testing.T) {
	w := empty(t)
	id := w.send("POST", "/v2/users", ada).at("user.id")
	for _, tc := range []struct {
		method, body string
		status       int
		words        string
	}{
		{"POST", `{"first_name":"A","last_name":"B"}`, 400, "email"},
		{"POST", `{"email":"nobody","first_name":"A","last_name":"B"}`, 400, "email"},
		{"POST", `{"email":"Ada@acme.test","first_name":"A","last_name":"B"}`, 422, "taken"},
		{"POST", `{"email":"b@acme.test","last_name":"B"}`, 400, "first_name can't be blank"},
		{"POST", `{"email":"b@acme.test","first_name":"A"}`, 400, "last_name can't be blank"},
		{"POST", `{"email":"b@acme.test","first_name":"A","last_name":"B","extension":"002"}`, 422, "taken"},
		{"POST", `{"email":"b@acme.test","first_name":"A","last_name":"B","role_ids":"agent"}`, 400, "role_ids"},
		{"PUT", `{"first_name":""}`, 400, "first_name can't be blank"},
		{"PUT", `{"availability_status":"away"}`, 400, "availability_status"},
		{"PUT", `{"substatus":"asleep"}`, 400, "substatus"},
		{"PUT", `{"time_zone":"Mars/Olympus"}`, 400, "time_zone"},
		{"PUT", `{"wrap_up_time":-1}`, 400, "wrap_up_time"},
		{"PUT", `{"wrap_up_time":1.5}`, 400, "wrap_up_time"},
		{"PUT", `{"default_number_id":4}`, 400, "default_number_id"},
	} {
		path := "/v2/users"
		if tc.method == "PUT" {
			path += "/" + id
		}
		w.send(tc.method, path, tc.body).wantTroubleshoot(tc.status, tc.words)
	}
	if total := w.get("/v2/users").at("meta.total"); total != "2" {
		t.Errorf("%s users, want the owner and one", total)
	}
}

func TestAvailability(t *testing.T) {
	w := empty(t)
	id := w.send("POST", "/v2/users", ada).at("user.id")
	var u *user
	w.change(func(t *tx) { u, _ = t.userByEmail("ada@acme.test") })
	for _, step := range []struct {
		change    func(*tx)
		now       string
		available string
	}{
		{func(*tx) {}, "offline", "false"},
		{func(*tx) { u.Online = true }, "available", "true"},
		{func(*tx) { u.AvailabilityStatus = "unavailable" }, "do_not_disturb", "false"},
		{func(*tx) { u.AvailabilityStatus = "available" }, "available", "true"},
		{func(t *tx) { t.calls.insert(&call{ID: 1, Started: noon.Unix(), User: u.ID}) }, "in_call", "true"},
		{func(t *tx) { c := t.calls.order[0]; t.calls.update(c, func() { c.Ended = noon.Unix() }) }, "available", "true"},
	} {
		w.change(step.change)
		w.get("/v1/users/"+id+"/availability").want(200, fmt.Sprintf(`{"availability":%q}`, step.now))
		if got := w.get("/v2/users/" + id).at("user.available"); got != step.available {
			t.Errorf("%s: available is %s", step.now, got)
		}
	}
}

func TestIntegration(t *testing.T) {
	w := empty(t)
	w.get("/v1/integrations/me").wantTroubleshoot(404, "Check ID")
	a := w.sendAs("Bearer fake-default-bearer", "GET", "/v1/integrations/me", "").wantStatus(200)
	if got := a.text("integration.user.email"); got != "owner@default.example.com" {
		t.Errorf("the user is %s", got)
	}
}
