package fakeaircall

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const adaV1 = `{"id":31,"name":"Ada Okafor","email":"ada@acme.test","direct_link":"https://api.aircall.io/v1/users/31","language":"en-US","created_at":"2026-03-02T11:00:00.000Z",` +
	`"time_zone":"Etc/UTC","state":"always_opened","wrap_up_time":15,"extension":"007","availability_status":"available","available":true}`

func TestUserV1OnTheWire(t *testing.T) {
	w := exchange(t)
	whole := `{"user":` + strings.TrimSuffix(adaV1, "}") + `,"numbers":[` + callNumber + `]}}`
	w.get("/v1/users/31").want(200, whole)
	w.get("/v1/users/ada@acme.test").want(200, whole)
	w.get("/v1/users/me").wantTroubleshoot(404, "Check ID of the resource")
	w.get("/v1/users?from=1772449200&to=1772449200").want(200,
		`{"users":[`+adaV1+`],"meta":{"count":1,"total":1,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}`)
	if got := w.get("/v1/users/owner@default.example.com").at("user.numbers"); got != "[]" {
		t.Errorf("the owner's numbers are %s", got)
	}

	a := w.send("POST", "/v1/users", `{"email":"new@acme.test","first_name":"Noor","last_name":"Haddad","is_admin":true}`)
	id := a.at("user.id")
	made := `{"user":{"id":` + id + `,"name":"Noor Haddad","email":"new@acme.test","direct_link":"https://api.aircall.io/v1/users/` + id + `",` +
		`"language":"en-US","created_at":"2026-03-02T12:00:00.000Z","time_zone":"Etc/UTC","state":"always_opened","wrap_up_time":0,"extension":"008",` +
		`"availability_status":"available","available":false}}`
	a.want(201, made)
	w.send("PUT", "/v1/users/"+id, `{"wrap_up_time":30}`).want(200, strings.Replace(made, `"wrap_up_time":0`, `"wrap_up_time":30`, 1))
	if got := w.get("/v2/users/" + id).at("user.wrap_up_time"); got != "30" {
		t.Errorf("in version 2 the wrap-up time is %s", got)
	}
	w.send("POST", "/v1/users", `{"email":"new@acme.test","first_name":"N","last_name":"H"}`).wantTroubleshoot(422, "taken")
	w.send("PUT", "/v1/users/"+id, `{"first_name":""}`).wantTroubleshoot(400, "blank")
}

// The four routes end with 2026-09-30: they are unknown before credentials are checked. Similar routes stay.
func TestUsersV1Sunset(t *testing.T) {
	start := time.Date(2026, 9, 30, 23, 59, 59, 0, time.UTC)
	requests := [][2]string{{"GET", "/v1/users"}, {"GET", "/v1/users/owner@default.example.com"}, {"POST", "/v1/users"}, {"PUT", "/v1/users/1"}}
	for answer, after := range map[string][2]int{"sunset": {404, 404}, "keep": {200, 401}} {
		w := world{RunT(t, checked(t, Options{AllowUnknownRoutes: true, Scale: ScaleEmpty, Clock: start, RateLimit: NoRateLimit, Assume: map[string]string{"users-v1": answer}})), t}
		ask := func() (statuses [2]int) {
			for _, r := range requests {
				open := w.sendAs("", r[0], r[1], "")
				if r[0] == "GET" {
					statuses = [2]int{w.send(r[0], r[1], "").status, open.status}
				} else if open.status != statuses[1] {
					t.Errorf("%s: %s %s without credentials answers %d, want %d", answer, r[0], r[1], open.status, statuses[1])
				}
			}
			return statuses
		}
		if diff := cmp.Diff([2]int{200, 401}, ask()); diff != "" {
			t.Errorf("%s, before (-want +got):\n%s", answer, diff)
		}
		w.Advance(time.Second)
		if diff := cmp.Diff(after, ask()); diff != "" {
			t.Errorf("%s, after (-want +got):\n%s", answer, diff)
		}
		w.get("/v1/users/availabilities").wantStatus(200)
		w.get("/v2/users").wantStatus(200)
		w.send("DELETE", "/v1/users/1", "").wantTroubleshoot(404, "Check ID")
	}
}
