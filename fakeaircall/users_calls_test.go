package fakeaircall

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const unavailable = `{"error":"Method Not Allowed","troubleshoot":"The user is currently unavailable","success":false}`

// free ends the call of the user of the exchange.
func (w world) free() {
	w.change(func(t *tx) {
		c, _ := t.calls.get(4)
		t.calls.update(c, func() { c.Ended = t.unix() })
	})
}

func TestStartCall(t *testing.T) {
	w := exchange(t)
	const body = `{"number_id":41,"to":"+4520000009"}`
	w.send("POST", "/v1/users/31/calls", body).want(405, unavailable) // in a call
	w.send("POST", "/v1/users/31/dial", `{"to":"+4520000009"}`).want(405, unavailable)
	w.free()
	w.send("POST", "/v1/users/31/dial", `{"to":"+4520000009"}`).want(204, "")
	if got := w.get("/v1/calls?from=1772452800").at("meta.total"); got != "0" {
		t.Fatalf("dialling made %s calls", got)
	}
	w.send("POST", "/v1/users/31/calls", body).want(204, "")
	a := w.get("/v1/calls/search?direction=outbound&from=1772452799&user_id=31&phone_number=%2B4520000009")
	for path, want := range map[string]string{
		"meta.total": "1", "calls.0.status": `"initial"`, "calls.0.started_at": "1772452800", "calls.0.answered_at": "null", "calls.0.ended_at": "null",
		"calls.0.duration": "0", "calls.0.raw_digits": `"+45 20 00 00 09"`, "calls.0.user": callUser, "calls.0.number": callNumber, "calls.0.missed_call_reason": "null",
	} {
		if diff := cmp.Diff(want, a.at(path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	w.get("/v1/users/31/availability").want(200, `{"availability":"in_call"}`)
	w.send("POST", "/v1/users/31/calls", body).want(405, unavailable)
	w.Advance(59 * time.Second)
	if got := w.get("/v1/calls/" + a.at("calls.0.id")).text("call.status"); got != "initial" {
		t.Errorf("a minute later the call is %s", got)
	}
	w.Advance(time.Second)
	b := w.get("/v1/calls/" + a.at("calls.0.id"))
	for path, want := range map[string]string{"status": `"done"`, "answered_at": "null", "duration": "60", "missed_call_reason": "null", "user": callUser} {
		if diff := cmp.Diff(want, b.at("call."+path)); diff != "" {
			t.Errorf("after a minute, %s (-want +got):\n%s", path, diff)
		}
	}
}

func TestStartCallRefused(t *testing.T) {
	w := exchange(t).lost()
	w.free()
	w.change(func(t *tx) {
		t.numbers.insert(&number{ID: 42, Created: t.unix(), AvailabilityStatus: "closed", Users: []int64{31}})
		t.numbers.insert(&number{ID: 43, Created: t.unix(), AvailabilityStatus: "open"})
	})
	for _, tc := range []struct {
		path, body string
		status     int
		words      string
	}{
		{"31/calls", `{"number_id":41,"to":"0612345678"}`, 400, "to must be a phone number"},
		{"31/calls", `{"number_id":41}`, 400, "to must be a phone number"},
		{"31/calls", `{"number_id":41,"to":4520000009}`, 400, "to must be a string"},
		{"31/calls", `{"to":"+4520000009"}`, 400, "number_id is required"},
		{"31/calls", `{"number_id":"41","to":"+4520000009"}`, 400, "number_id must be an integer"},
		{"31/calls", `{"number_id":99,"to":"+4520000009"}`, 400, "not a number of the company"},
		{"31/calls", `{"number_id":42,"to":"+4520000009"}`, 400, "not active"},
		{"31/calls", `{"number_id":43,"to":"+4520000009"}`, 400, "user 31 is not on number 43"},
		{"31/calls", `{`, 400, "JSON"},
		{"99/calls", `{"number_id":41,"to":"+4520000009"}`, 404, "Check ID"},
		{"31/dial", `{"to":"nobody"}`, 400, "to must be a phone number"},
		{"99/dial", `{"to":"+4520000009"}`, 404, "Check ID"},
	} {
		w.send("POST", "/v1/users/"+tc.path, tc.body).wantTroubleshoot(tc.status, tc.words)
	}
	for _, change := range []func(*user){func(u *user) { u.Online = false }, func(u *user) { u.Online, u.AvailabilityStatus = true, "unavailable" }} {
		w.change(func(t *tx) { u, _ := t.users.get(31); change(u) })
		w.send("POST", "/v1/users/31/calls", `{"number_id":41,"to":"+4520000009"}`).want(405, unavailable)
		w.send("POST", "/v1/users/31/calls", `{"number_id":42,"to":"+4520000009"}`).wantTroubleshoot(400, "not active")
		w.send("POST", "/v1/users/31/dial", `{"to":"+4520000009"}`).want(405, unavailable)
	}
	w.get("/v1/users/31/calls").want(404, `{"message":"Not Found"}`)
	w.send("POST", "/v1/users/31/dail", `{"to":"+4520000009"}`).want(404, `{"message":"Not Found"}`) // a client's typing error
	w.send("POST", "/v1/calls", `{"to":"+4520000009"}`).want(404, `{"message":"Not Found"}`)
}
