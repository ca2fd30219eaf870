package fakeaircall

import "testing"

func TestTransferCall(t *testing.T) {
	w := exchange(t).lost()
	w.change(func(t *tx) {
		t.users.insert(&user{ID: 32, Created: t.unix(), FirstName: "Bo", LastName: "Lund", Email: "bo@acme.test", Language: "da", TimeZone: "Europe/Copenhagen", AvailabilityStatus: "available"})
		t.users.insert(&user{ID: 33, Created: t.unix(), FirstName: "Cy", LastName: "Moe", Email: "cy@acme.test", Language: "nb-NO", TimeZone: "Europe/Oslo", AvailabilityStatus: "available"})
		t.teams.insert(&team{ID: 52, Created: t.unix(), Name: "Empty"})
		t.teams.insert(&team{ID: 53, Created: t.unix(), Name: "Back office", Users: []int64{33, 32}})
	})
	w.get("/v1/calls/4").wantStatus(200) // what is kept of it must not be told again
	w.send("POST", "/v1/calls/4/transfers", `{"user_id":32}`).want(204, "")
	a := w.get("/v1/calls/4")
	for path, want := range map[string]string{"user": callUser, "transferred_by": callUser, "transferred_to.id": "32", "status": `"answered"`} {
		if got := a.at("call." + path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	w.send("POST", "/v1/calls/4/transfers", `{"team_id":53,"dispatching_strategy":"longest_idle"}`).want(204, "")
	if got := w.get("/v1/calls/4").at("call.transferred_to.id"); got != "33" {
		t.Errorf("of the team, %s is told", got)
	}
	before := w.get("/v1/calls/5").body
	w.send("POST", "/v1/calls/5/transfers", `{"number":"+4520000009"}`).want(204, "")
	w.get("/v1/calls/5").want(200, before)
	w.send("POST", "/v1/calls/5/transfers", `{"user_id":32,"team_id":null}`).want(204, "")
	if a := w.get("/v1/calls/5"); a.at("call.transferred_by") != "null" || a.at("call.transferred_to.id") != "32" {
		t.Errorf("nobody had the call: %s", a.body)
	}

	for body, want := range map[string]struct {
		status int
		words  string
	}{
		`{}`:                                    {400, "exactly one"},
		`{"user_id":32,"team_id":53}`:           {400, "exactly one"},
		`{"user_id":32,"number":"+4520000009"}`: {400, "exactly one"},
		`{"user_id":32,"dispatching_strategy":"random"}`:         {400, "goes with a team_id"},
		`{"team_id":53,"dispatching_strategy":"oldest"}`:         {400, "dispatching_strategy must be one of simultaneous, random, longest_idle"},
		`{"team_id":53,"dispatching_strategy":["simultaneous"]}`: {400, "must be a string"},
		`{"user_id":"32"}`:         {400, "user_id must be an integer"},
		`{"number":"0612345678"}`:  {400, "number must be a phone number"},
		`{"user_id":99}`:           {404, "Check ID"},
		`{"team_id":99}`:           {404, "Check ID"},
		`{"team_id":52}`:           {422, "no users"},
		`{"number":"+4520000009"}`: {422, "inbound call that nobody answered"},
		`[]`:                       {400, "JSON"},
	} {
		w.send("POST", "/v1/calls/4/transfers", body).wantTroubleshoot(want.status, want.words)
	}
	if got := w.get("/v1/calls/4").at("call.transferred_to.id"); got != "33" {
		t.Errorf("a refused transfer went to %s", got)
	}
	w.send("POST", "/v1/calls/1/transfers", `{"user_id":32}`).wantTroubleshoot(400, "over")
	w.send("POST", "/v1/calls/99/transfers", `{}`).wantTroubleshoot(404, "Check ID")
	w.send("POST", "/v1/calls/4/transfer", `{"user_id":32}`).want(404, `{"message":"Not Found"}`)
}
