package fakeaircall

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// exchange is a world with one line (41), one user (31), two tags (21, 22), one
// team (51) and five calls, of which 5 is ringing.
func exchange(t *testing.T) world { return exchangeWith(t, nil) }

func exchangeWith(t *testing.T, answers map[string]string) world {
	t.Helper()
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Assume: answers})), t}.bare()
	w.change(func(t *tx) {
		now := t.unix()
		u := &user{ID: 31, Created: now - 3600, FirstName: "Ada", LastName: "Okafor", Email: "ada@acme.test", Language: "en-US",
			TimeZone: "Etc/UTC", Extension: "007", AvailabilityStatus: "available", Substatus: "always_opened", Online: true, WrapUpTime: 15}
		t.users.insert(u)
		t.numbers.insert(&number{ID: 41, Created: now - 7200, Name: "Sales Paris", Digits: "+33 1 99 00 12 34", Country: "FR", TimeZone: "Europe/Paris",
			Open: true, AvailabilityStatus: "open", Recording: true, Users: []int64{31}})
		t.tags.insert(&tag{ID: 21, Created: now, Name: "Refund", Color: "#AA3300"})
		t.tags.insert(&tag{ID: 22, Created: now, Name: "Angry", Color: "#000000"})
		t.teams.insert(&team{ID: 51, Created: now - 60, Name: "Night desk", Users: []int64{31}})
		t.contacts.insert(&contact{ID: 61, Created: now, Updated: now, FirstName: new("Kim"), Phones: []detail{{62, "Work", "+4520000001"}}})
		t.calls.insert(&call{ID: 1, SID: "CA00000000000000000000000000000001", Inbound: true, Started: now - 500, Answered: now - 490, Ended: now - 440, Recorded: true,
			Other: "+45 20 00 00 01", Number: 41, User: 31, Cost: "0.0", Teams: []int64{51},
			Comments: []comment{{71, "Called back", now - 400, 31}}, Tags: []callTag{{21, now - 430, 31}, {22, now - 430, 0}}})
		t.calls.insert(&call{ID: 2, SID: "CA00000000000000000000000000000002", Inbound: true, Started: now - 400, Ended: now - 370, MissedReason: "agents_did_not_answer",
			Voicemail: true, Other: "anonymous", Number: 41, Cost: "0.0", Tags: []callTag{{21, now, 0}}})
		t.calls.insert(&call{ID: 3, SID: "CA00000000000000000000000000000003", Started: now - 300, Answered: now - 290, Ended: now - 200, Other: "+45 20 00 00 02", Number: 41, User: 31, Cost: "0.0"})
		t.calls.insert(&call{ID: 4, SID: "CA00000000000000000000000000000004", Started: now - 100, Answered: now - 90, Other: "+45 20 00 00 03", Number: 41, User: 31, Cost: "0.0"})
		t.calls.insert(&call{ID: 5, SID: "CA00000000000000000000000000000005", Inbound: true, Started: now - 5, Other: "+45 20 00 00 01", Number: 41, Cost: "0.0"})
	})
	return w
}

const (
	callUser = `{"id":31,"direct_link":"https://api.aircall.io/v1/users/31","name":"Ada Okafor","email":"ada@acme.test","available":true,"availability_status":"available",` +
		`"created_at":"2026-03-02T11:00:00.000Z","time_zone":"Etc/UTC","language":"en-US","state":"always_opened","wrap_up_time":15,"extension":"007"}`
	author        = `{"id":31,"direct_link":"https://api.aircall.io/v1/users/31","name":"Ada Okafor","email":"ada@acme.test","available":true,"availability_status":"available","created_at":"2026-03-02T11:00:00.000Z","wrap_up_time":15}`
	callNumber    = messageNumber + `,"flow_editor_enabled":true}`
	messageNumber = `{"id":41,"direct_link":"https://api.aircall.io/v1/numbers/41","name":"Sales Paris","digits":"+33 1 99 00 12 34",` +
		`"country":"FR","time_zone":"Europe/Paris","open":true,"availability_status":"open","is_ivr":false,"live_recording_activated":true,"priority":null,` +
		filledMessages + `,"created_at":"2026-03-02T10:00:00.000Z"`
	filledMessages = `"messages":{"welcome":"https://media-web.aircall.io/tracks/tts/languages/en/voices/joanna/1f0a6c5be2d94738a1c0b7e65d43f2989a7b6c5d.mp3",` +
		`"waiting":"https://media-web.aircall.io/tracks/library/corporate.mp3",` +
		`"ivr":"https://media-web.aircall.io/tracks/tts/languages/en/voices/joanna/5d2e8f7a90b1c3d4e6f708192a3b4c5d6e7f8091.mp3",` +
		`"voicemail":"https://media-web.aircall.io/tracks/tts/languages/en/voices/joanna/8c7b6a5948372615f4e3d2c1b0a99887766554a3.mp3",` +
		`"closed":"https://media-web.aircall.io/tracks/tts/languages/en/voices/joanna/b3a29180f7e6d5c4b3a2918070615243f5e4d3c2.mp3",` +
		`"callback_later":"https://media-web.aircall.io/tracks/tts/languages/en/voices/joanna/c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7.mp3",` +
		`"unanswered_call":"https://media-web.aircall.io/tracks/tts/languages/en/voices/joanna/d9c8b7a6958473625140f1e2d3c4b5a69788796a.mp3",` +
		`"after_hours":"https://media-web.aircall.io/tracks/tts/languages/en/voices/joanna/e0f1a2b3c4d5e6f708192a3b4c5d6e7f80919293.mp3",` +
		`"ringing_tone":"https://media-web.aircall.io/tracks/ringing_tones/FR.mp3"}`
)

func TestCallOnTheWire(t *testing.T) {
	w := exchange(t)
	ringing := `{"id":5,"sid":"CA00000000000000000000000000000005","direct_link":"https://api.aircall.io/v1/calls/5","direction":"inbound","status":"initial","missed_call_reason":null,` +
		`"started_at":1772452795,"answered_at":null,"ended_at":null,"duration":0,"archived":false,"cost":"0.0","voicemail":null,"recording":null,"asset":null,"raw_digits":"+45 20 00 00 01",` +
		`"user":null,"contact":null,"assigned_to":null,"transferred_by":null,"transferred_to":null,"comments":[],"number":` + callNumber +
		`,"teams":[],"tags":[],"recording_short_url":null,"voicemail_short_url":null,"country_code_a2":"DK","pricing_type":null}`
	w.get("/v1/calls/5").want(200, `{"call":`+ringing+`}`)
	a := w.get("/v1/calls?from=1772452794").wantStatus(200)
	a.want(200, `{"calls":[`+ringing+`],"meta":{"count":1,"total":1,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}`)
	w.get("/v1/calls?to=1").want(200, `{"calls":[],"meta":{"count":0,"total":0,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}`)

	a = w.get("/v1/calls/1").wantStatus(200)
	for path, want := range map[string]string{
		"status": `"done"`, "answered_at": `1772452310`, "ended_at": `1772452360`, "duration": `60`, "user": callUser, "contact": `null`,
		"asset":    `"https://assets.aircall.io/calls/1/recording"`,
		"comments": `[{"id":71,"content":"Called back","posted_by":` + author + `,"posted_at":1772452400}]`,
		"tags":     `[{"id":21,"name":"Refund","created_at":1772452370,"tagged_by":` + author + `},{"id":22,"name":"Angry","created_at":1772452370,"tagged_by":{}}]`,
		"teams":    `[{"id":51,"name":"Night desk","direct_link":"https://api.aircall.io/v1/teams/51","created_at":"2026-03-02T11:59:00.000Z"}]`,
	} {
		if diff := cmp.Diff(want, a.at("call."+path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if !strings.Contains(a.text("call.recording"), "X-Amz-Expires=3600") {
		t.Errorf("recording is %s", a.at("call.recording"))
	}
	a = w.get("/v1/calls/2")
	for path, want := range map[string]string{
		"missed_call_reason": `"agents_did_not_answer"`, "raw_digits": `"anonymous"`, "recording": `null`, "answered_at": `null`, "status": `"done"`,
		"user": `null`, "asset": `"https://assets.aircall.io/calls/2/voicemail"`,
	} {
		if got := a.at("call." + path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if a = w.get("/v1/calls/4"); a.text("call.status") != "answered" || a.at("call.duration") != "0" || a.at("call.recording") != "null" {
		t.Errorf("a call under way: %s", a.body)
	}
}

func TestCallFetches(t *testing.T) {
	w := exchange(t)
	plain := w.get("/v1/calls/1").body
	for _, key := range []string{"ivr_options_selected", "ai_voice_agents"} {
		if strings.Contains(plain, key) {
			t.Errorf("%s came unasked", key)
		}
	}
	if !strings.Contains(plain, `"recording_short_url":null,"voicemail_short_url":null,`) {
		t.Errorf("short URLs are not null without fetch_short_urls: %s", plain)
	}
	w.get("/v1/calls/1?fetch_contact=false").want(200, plain)
	a := w.get("/v1/calls/1?fetch_contact=true&fetch_short_urls=true&fetch_call_timeline=true&fetch_aiva_conv=true")
	for path, want := range map[string]string{"contact.id": `61`, "voicemail_short_url": `null`, "ivr_options_selected": `[]`, "ai_voice_agents": `[]`} {
		if got := a.at("call." + path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if !strings.HasPrefix(a.text("call.recording_short_url"), w.URL()+"/_assets/short-urls/v1/") {
		t.Errorf("recording_short_url is %s", a.at("call.recording_short_url"))
	}
	w.send("POST", "/v1/contacts/61", `{"first_name":"Kimberley"}`).wantStatus(200)
	for _, path := range []string{"/v1/calls?fetch_contact=true&order=desc", "/v1/calls/search?fetch_contact=true&order=desc"} {
		if got := w.get(path).text("calls.0.contact.first_name"); got != "Kimberley" {
			t.Errorf("%s: the contact is called %s", path, got)
		}
	}
	if got := w.get("/v1/calls/3?fetch_contact=true").at("call.contact"); got != "null" {
		t.Errorf("a stranger's contact is %s", got)
	}
}

func TestCallSearch(t *testing.T) {
	w := exchange(t)
	for query, want := range map[string]string{
		"":                                       "1 2 3 4 5",
		"order=desc":                             "5 4 3 2 1",
		"direction=inbound":                      "1 2 5",
		"direction=outbound":                     "3 4",
		"direction=sideways":                     "",
		"user_id=31":                             "1 3 4",
		"user_id=99":                             "",
		"user_id=x":                              "",
		"phone_number=%2B4520000001":             "1 5",
		"phone_number=%2B33199001234":            "1 2 3 4 5",
		"phone_number=%2B45":                     "",
		"tags[]=21":                              "1 2",
		"tags[]=21&tags[]=22":                    "1",
		"tags%5B%5D=22":                          "1",
		"tags[]=21,22":                           "",
		"tags=21,22":                             "",
		"tags[]=99":                              "",
		"tags[]=Refund":                          "",
		"direction=inbound&tags[]=21&user_id=31": "1",
		"number_id=99":                           "1 2 3 4 5",
		"from=1772452400&to=1772452500":          "3",
		"from=1772452399&to=1772452500":          "2 3",
		"from=1772452400&to=1772452499":          "",
		"from=1772452500&to=1772452500":          "",
		"from=1772452399.5&to=1772452400.5":      "2",
	} {
		a := w.get("/v1/calls/search?" + query).wantStatus(200)
		if got := strings.Join(a.list("calls", "id"), " "); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
		if got := a.at("meta.total"); got != fmt.Sprint(len(strings.Fields(want))) {
			t.Errorf("%s: total %s", query, got)
		}
	}
	for _, query := range []string{"direction=outbound", "user_id=99", "tags[]=21", "phone_number=1"} {
		if got := strings.Join(w.get("/v1/calls?"+query).list("calls", "id"), " "); got != "1 2 3 4 5" {
			t.Errorf("the list is filtered by %s: %s", query, got)
		}
	}
	next := w.get("/v1/calls/search?tags[]=21&per_page=1&direction=inbound").text("meta.next_page_link")
	if got := strings.Join(w.get(next[len(w.URL()):]).list("calls", "id"), " "); got != "2" {
		t.Errorf("%s leads to %s", next, got)
	}
}

func TestCallHistory(t *testing.T) {
	w := exchange(t)
	w.change(func(t *tx) {
		t.calls.insert(&call{ID: 9, SID: "CA00000000000000000000000000000009", Started: t.now.AddDate(0, -6, 0).Unix() - 1, Ended: t.now.AddDate(0, -6, 0).Unix(), Other: "anonymous", Number: 41, Cost: "0.0"})
		t.calls.insert(&call{ID: 10, SID: "CA00000000000000000000000000000010", Started: t.now.AddDate(0, -6, 0).Unix(), Ended: t.now.AddDate(0, -6, 0).Unix() + 1, Other: "anonymous", Number: 41, Cost: "0.0"})
	})
	if got := strings.Join(w.get("/v1/calls?per_page=2&from=0").list("calls", "id"), " "); got != "10 1" {
		t.Errorf("the list begins with %s", got)
	}
	w.get("/v1/calls/9").wantStatus(200)
}

func TestCallActions(t *testing.T) {
	w := exchange(t)
	w.send("POST", "/v1/calls/3/tags", `{"tags":[22,21,22]}`).want(201, "")
	w.send("POST", "/v1/calls/3/tags", `{"tags":[21]}`).want(201, "")
	if got := w.get("/v1/calls/3").list("call.tags", "name"); cmp.Diff([]string{"Angry", "Refund"}, got) != "" {
		t.Errorf("tags are %v", got)
	}
	w.send("POST", "/v1/calls/3/tags", `{"tags":[21,4]}`).wantTroubleshoot(400, "tag 4")
	w.send("POST", "/v1/calls/3/tags", `{"tags":["Refund"]}`).wantTroubleshoot(400, "tag ids")
	w.send("POST", "/v1/calls/3/tags", `{}`).wantTroubleshoot(400, "blank")
	w.send("DELETE", "/v1/tags/22", "").wantStatus(204)
	if got := w.get("/v1/calls/search?tags[]=21").list("calls", "tags"); len(got) != 3 || strings.Contains(strings.Join(got, ""), "Angry") {
		t.Errorf("after the tag is gone: %v", got)
	}

	w.send("POST", "/v1/calls/3/comments", `{"content":"Fine \ud83d\ude00 <b>"}`).want(201, "")
	if got := w.get("/v1/calls/3").at("call.comments.0"); !strings.Contains(got, `"content":"Fine  \u003cb\u003e","posted_by":null,"posted_at":1772452800`) {
		t.Errorf("the comment is %s", got)
	}
	for range 4 {
		w.send("POST", "/v1/calls/3/comments", `{"content":"more"}`).wantStatus(201)
	}
	w.send("POST", "/v1/calls/3/comments", `{"content":"sixth"}`).wantTroubleshoot(400, "Maximum of 5 notes")
	w.send("POST", "/v1/calls/2/comments", `{}`).wantTroubleshoot(400, "blank")

	if got := w.send("PUT", "/v1/calls/3/archive", "").wantStatus(200).at("call.archived"); got != "true" {
		t.Errorf("archived is %s", got)
	}
	if got := w.get("/v1/calls/3").at("call.archived"); got != "true" {
		t.Errorf("read back: %s", got)
	}
	if got := w.send("PUT", "/v1/calls/3/unarchive", `{}`).wantStatus(200).at("call.archived"); got != "false" {
		t.Errorf("archived is %s", got)
	}
}

func TestDeletedUserLeavesHisCalls(t *testing.T) {
	w := exchange(t)
	w.send("DELETE", "/v1/users/31", "").wantStatus(204)
	a := w.get("/v1/calls/1")
	if a.at("call.user") != "null" || a.at("call.comments.0.posted_by") != "null" {
		t.Errorf("the call still knows him: %s", a.body)
	}
	if got := w.get("/v1/numbers/41").at("number.users"); got != "[]" {
		t.Errorf("the line still knows him: %s", got)
	}
}

func TestNumberOnTheWire(t *testing.T) {
	w := exchange(t)
	user := `{"id":31,"name":"Ada Okafor","email":"ada@acme.test","direct_link":"https://api.aircall.io/v1/users/31","language":"en-US","created_at":"2026-03-02T11:00:00.000Z",` +
		`"time_zone":"Etc/UTC","state":"always_opened","wrap_up_time":15,"extension":"007","availability_status":"available","available":true}`
	listed := `{"id":41,"digits":"+33 1 99 00 12 34","direct_link":"https://api.aircall.io/v1/numbers/41","name":"Sales Paris","country":"FR","time_zone":"Europe/Paris",` +
		`"availability_status":"open","is_ivr":false,"live_recording_activated":true,"priority":0,` +
		`"messages":{"welcome":null,"waiting":null,"ivr":null,"voicemail":null,"closed":null,"callback_later":null,"unanswered_call":null,"after_hours":null,"ringing_tone":null},` +
		`"created_at":"2026-03-02T10:00:00.000Z","open":true`
	full := listed + `,"users":[` + user + `]}`
	w.get("/v1/numbers/41").want(200, `{"number":`+full+`}`)
	w.get("/v1/numbers").want(200, `{"numbers":[`+listed+`}],"meta":{"count":1,"total":1,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}`)
	w.get("/v2/users/31/numbers?per_page=5").want(200, `{"numbers":[`+callNumber+`],"meta":{"count":1,"total":1,"current_page":1,"per_page":5,"next_page_link":null,"previous_page_link":null}}`)

	changed := strings.NewReplacer("Sales Paris", "Night line", `"availability_status":"open"`, `"availability_status":"custom"`, `"priority":0`, `"priority":1`,
		`"welcome":null`, `"welcome":"https://media.example.com/hi.mp3"`).Replace(full)
	w.send("PUT", "/v1/numbers/41", `{"name":"Night line","availability_status":"custom","priority":1,"messages":{"welcome":"https://media.example.com/hi.mp3"},"digits":"+1"}`).
		want(200, `{"number":`+changed+`}`)
	if a := w.get("/v1/calls/1"); a.at("call.number.priority") != "1" || a.text("call.number.messages.welcome") != "https://media.example.com/hi.mp3" {
		t.Errorf("a call shows its line as %s", a.at("call.number"))
	}
	if got := w.get("/v1/calls/1").text("call.number.name"); got != "Night line" {
		t.Errorf("in a call it is called %s", got)
	}
	w.send("PUT", "/v1/numbers/41", `{"priority":null,"messages":{"ivr":"https://media.example.com/ivr.mp3"}}`).wantStatus(200)
	if a := w.get("/v1/numbers/41"); a.at("number.priority") != "0" || a.text("number.messages.welcome") != "https://media.example.com/hi.mp3" {
		t.Errorf("after a partial update: %s", a.body)
	}
	for body, words := range map[string]string{
		`{"name":""}`:                      "name can't be blank",
		`{"availability_status":"ajar"}`:   "availability_status",
		`{"priority":2}`:                   "priority",
		`{"open":"yes"}`:                   "open must be true or false",
		`{"messages":[]}`:                  "messages must be",
		`{"messages":{"ivr":"ftp://x/y"}}`: "messages.ivr",
		`{"messages":{"welcome":7}}`:       "welcome must be a string",
	} {
		w.send("PUT", "/v1/numbers/41", body).wantTroubleshoot(400, words)
	}
}
