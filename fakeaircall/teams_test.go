package fakeaircall

import (
	"strings"
	"testing"
)

func TestTeamOnTheWire(t *testing.T) {
	w := empty(t)
	user := w.send("POST", "/v2/users", ada).at("user.id")
	a := w.send("POST", "/v1/teams", `{"name":"Night desk"}`)
	id := a.at("team.id")
	team := `{"team":{"id":` + id + `,"name":"Night desk","direct_link":"https://api.aircall.io/v1/teams/` + id + `","created_at":"2026-03-02T12:00:00.000Z","users":[]}}`
	a.want(201, team)
	w.get("/v1/teams/"+id).want(200, team)
	member := `{"id":` + user + `,"direct_link":"https://api.aircall.io/v1/users/` + user + `","name":"Ada Okafor","email":"ada@acme.test",` +
		`"availability_status":"available","default_number_id":null,"created_at":"2026-03-02T12:00:00.000Z","time_zone":"Etc/UTC","language":"en-US","wrap_up_time":0}`
	full := strings.Replace(team, "[]", "["+member+"]", 1)
	w.send("POST", "/v1/teams/"+id+"/users/"+user, "").want(201, full)
	w.get("/v1/teams/"+id).want(200, full)
	w.send("POST", "/v1/teams/"+id+"/users/"+user, "").wantTroubleshoot(422, "already")
	w.send("DELETE", "/v1/teams/"+id+"/users/"+user, "").want(200, team)
	w.send("DELETE", "/v1/teams/"+id+"/users/"+user, "").wantTroubleshoot(422, "not in the team")
	w.send("POST", "/v1/teams/"+id+"/users/1", "").wantStatus(404)

	w.send("POST", "/v1/teams/"+id+"/users/"+user, "").wantStatus(201)
	w.send("DELETE", "/v1/users/"+user, "").wantStatus(204)
	w.get("/v1/teams/"+id).want(200, team) // a deleted user is no member
	w.send("DELETE", "/v1/teams/"+id, "").want(204, "")
	w.get("/v1/teams/" + id).wantStatus(404)
}

func TestTeamRefused(t *testing.T) {
	w := empty(t)
	w.send("POST", "/v1/teams", `{"name":"Night desk"}`).wantStatus(201)
	for body, want := range map[string]struct {
		status int
		words  string
	}{
		`{}`:                    {400, "name can't be blank"},
		`{"name":""}`:           {400, "name can't be blank"},
		`{"name":["x"]}`:        {400, "name must be a string"},
		`{"name":"Night desk"}`: {422, "taken"},
		`{"name":"` + strings.Repeat("é", 65) + `"}`: {422, "too long"},
	} {
		w.send("POST", "/v1/teams", body).wantTroubleshoot(want.status, want.words)
	}
	w.send("POST", "/v1/teams", `{"name":"`+strings.Repeat("é", 64)+`"}`).wantStatus(201)
	if got := w.get("/v1/teams?order=desc&per_page=1").text("teams.0.name"); got != strings.Repeat("é", 64) {
		t.Errorf("newest team is %s", got)
	}
}
