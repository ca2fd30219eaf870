package fakeaircall

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The exchanges that were recorded on a new trial account on 2026-09-28, in the order of the probes: statuses, keys and
// their order, types, nulls and links are the recorded ones; every value is invented. The account has one user, one line,
// three outbound calls, three contacts, nine tags, one team and one webhook.

// recordedStart is the second at which the owner signed up.
var recordedStart = time.Date(2026, 9, 28, 10, 0, 0, 0, time.UTC)

// trial returns that account at two in the afternoon, before any call.
func trial(t *testing.T, calls ...CallFixture) world {
	t.Helper()
	after := func(seconds int) *time.Time { return new(recordedStart.Add(time.Duration(seconds) * time.Second)) }
	return world{RunT(t, checked(t, Options{
		Scale: ScaleEmpty, Clock: recordedStart.Add(4 * time.Hour), RateLimit: NoRateLimit, AllowUnknownRoutes: true, // one probe took a wrong path
		Accounts: []Account{{Name: "trial", APIID: "trial-id", APIToken: "trial-token", User: "ada@acme.test"}},
		Fixtures: map[string]Fixtures{"trial": {
			Users:   []UserFixture{{ID: trialUser, FirstName: new("Ada"), LastName: new("Okafor"), Online: new(false), CreatedAt: after(0)}},
			Numbers: []NumberFixture{{ID: trialNumber, Name: new("Ada Okafor Number - 1790589642000"), Digits: new("+1 202-555-0110"), CreatedAt: after(42)}},
			Contacts: []ContactFixture{
				{ID: trialContact, CreatedAt: after(0)},
				{ID: 518_000_101, FirstName: new("Kim"), PhoneNumbers: []DetailFixture{{new("Work"), new("+12025550147")}}, CreatedAt: after(3600)},
				{ID: 518_000_168, FirstName: new("Lee"), PhoneNumbers: []DetailFixture{{new("Work"), new("+12025550148")}}, CreatedAt: after(3607)},
			},
			Calls: calls,
		}},
	})), t}
}

// The ids that the seed gives to the entities of a new account.
const (
	trialUser    = 2_100_016
	trialNumber  = 1_400_017
	trialContact = 518_000_002
)

// trialCalls end within two minutes of the clock: their values are not final yet.
func trialCalls() (calls []CallFixture) {
	now := recordedStart.Add(4 * time.Hour)
	for i, at := range []time.Duration{-110 * time.Second, -80 * time.Second, -50 * time.Second} {
		talk := []time.Duration{21, 9, 20}[i] * time.Second
		calls = append(calls, CallFixture{
			ID: 4_200_000_001 + int64(i), Direction: new("outbound"), Number: new(fmt.Sprint(trialNumber)), User: new(fmt.Sprint(trialUser)),
			RawDigits: new("+12025550147"), StartedAt: new(now.Add(at)), AnsweredAt: new(now.Add(at + 3*time.Second)), EndedAt: new(now.Add(at + talk)), Recording: new(true),
		})
	}
	return calls
}

func (w world) asTrial(method, path, body string) answer {
	w.t.Helper()
	a := w.sendAs("Basic dHJpYWwtaWQ6dHJpYWwtdG9rZW4=", method, path, body)
	for _, m := range []struct{ form, mask string }{
		{`"recording":"https?://[^"]+\.mp3[^"]*"`, `"recording":"<signed URL>"`},
		{`"sid":"CA[0-9a-f]{32}"`, `"sid":"CA<32 hex>"`},
		{`"token":"[0-9a-f]{32}"`, `"token":"<32 hex>"`},
		{`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`, "<uuid>"},
		{`"id":44[0-9]{6},`, `"id":44000001,`},
		{`"id":262[0-9]{3},`, `"id":262001,`}, {`/teams/262[0-9]{3}"`, `/teams/262001"`},
		{`"id":15[0-9]{7},`, `"id":150000001,`},
		{`"id":217[0-9]{7},`, `"id":2170000001,`},
		{regexp.QuoteMeta(w.URL()), "https://api.aircall.io"},
	} {
		a.body = regexp.MustCompile(m.form).ReplaceAllString(a.body, m.mask)
	}
	return a
}

func TestRecorded(t *testing.T) {
	const (
		meta   = `"meta":{"count":%d,"total":%d,"current_page":%d,"per_page":%d,"next_page_link":null,"previous_page_link":%s}`
		beyond = `{"error":"Bad Request","data":null,"message":"BAD_REQUEST","errors":"Your query is limited to 10k results and pagination is out of bound, please use timestamps or other filters.","troubleshoot":"BAD_REQUEST","success":false}`
		user   = `{"id":2100016,"name":"Ada Okafor","email":"ada@acme.test","direct_link":"https://api.aircall.io/v2/users/2100016","language":"en-US","created_at":"2026-09-28T10:00:00.000Z",` +
			`"time_zone":"Etc/UTC","state":"always_opened","wrap_up_time":0,"extension":"001","availability_status":"available","available":false,"default_number_id":1400017,"substatus":"always_opened"}`
		userV1 = `{"id":2100016,"name":"Ada Okafor","email":"ada@acme.test","direct_link":"https://api.aircall.io/v1/users/2100016","language":"en-US","created_at":"2026-09-28T10:00:00.000Z",` +
			`"time_zone":"Etc/UTC","state":"always_opened","wrap_up_time":0,"extension":"001","availability_status":"available","available":false}`
		number = `{"id":1400017,"digits":"+1 202-555-0110","direct_link":"https://api.aircall.io/v1/numbers/1400017","name":"Ada Okafor Number - 1790589642000","country":"US","time_zone":"America/Chicago",` +
			`"availability_status":"open","is_ivr":false,"live_recording_activated":true,"priority":0,"messages":{"welcome":null,"waiting":"<track>","ivr":null,"voicemail":null,` +
			`"closed":"<track>","callback_later":"<track>","unanswered_call":"<track>","after_hours":null,"ringing_tone":null},"created_at":"2026-09-28T10:00:42.000Z","open":true}`
		echo = `{"id":518000002,"created_at":1790589600,"updated_at":1790589600,"first_name":"Echo","last_name":"Test","information":"Call this number to check your sound","company_name":"Test your sound",` +
			`"is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/518000002","phone_numbers":[{"value":"+18445550100","id":2170000001,"label":"Main"}],"emails":[]}`
		kim = `{"id":518000101,"created_at":1790593200,"updated_at":1790593200,"first_name":"Kim","last_name":null,"information":null,"company_name":null,` +
			`"is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/518000101","phone_numbers":[{"value":"+12025550147","id":2170000001,"label":"Work"}],"emails":[]}`
		lee = `{"id":518000168,"created_at":1790593207,"updated_at":1790593207,"first_name":"Lee","last_name":null,"information":null,"company_name":null,` +
			`"is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/518000168","phone_numbers":[{"value":"+12025550148","id":2170000001,"label":"Work"}],"emails":[]}`
		tags = `{"id":3000001,"name":"Callback Request","color":"#29C8FF","description":"queue_callback"},` +
			`{"id":3000002,"name":"Called Back","color":"#B285D1","description":"queue_called_back"},` +
			`{"id":3000003,"name":"Conference","color":"#000000","description":"conference"},` +
			`{"id":3000004,"name":"Follow Up","color":"#ff7d03","description":"follow_up_self_assign"},` +
			`{"id":3000005,"name":"Voicemail Drop","color":"#FCBB26","description":"voicemail_drop"},` +
			`{"id":3000006,"name":"Voice Virtual Agent","color":"#00B388","description":"voice_virtual_agent"},` +
			`{"id":3000007,"name":"Outbound Campaign","color":"#6454F3","description":"outbound_campaign"},` +
			`{"id":3000008,"name":"Native to GSM","color":"#0091FF","description":"native_to_gsm"},` +
			`{"id":3000009,"name":"Local Presence","color":"#00B388","description":"local_presence"}`
		webhook = `{"id":44000001,"direct_link":"https://api.aircall.io/v1/webhooks/<uuid>","url":"https://hooks.acme.test/seed","active":true,"events":["number.created"],"token":"<32 hex>",` +
			`"created_at":"2026-09-28T14:00:00.000Z","webhook_id":"<uuid>"}`
		team = `{"id":262001,"name":"Front desk","direct_link":"https://api.aircall.io/v1/teams/262001","created_at":"2026-09-28T14:00:00.000Z","users":[` +
			`{"id":2100016,"direct_link":"https://api.aircall.io/v1/users/2100016","name":"Ada Okafor","email":"ada@acme.test","availability_status":"available","default_number_id":1400017,` +
			`"created_at":"2026-09-28T10:00:00.000Z","time_zone":"Etc/UTC","language":"en-US","wrap_up_time":0}]}`
	)
	page := func(count, total, page, per int, previous string) string {
		if previous != "null" {
			previous = `"https://api.aircall.io` + strings.ReplaceAll(previous, "&", `\u0026`) + `"`
		}
		return fmt.Sprintf(meta, count, total, page, per, previous)
	}
	w := trial(t)
	for _, x := range []struct {
		method, path, sent string
		status             int
		want               string // "": the body was not saved
	}{
		{"GET", "/v1/ping", "", 200, `{"ping":"pong"}`},
		{"GET", "/v1/company", "", 200, `{"company":{"name":"<name>","users_count":1,"numbers_count":1}}`},
		{"GET", "/v1/calls?per_page=50", "", 200, `{"calls":[],` + page(0, 0, 1, 50, "null") + `}`},
		{"GET", "/v1/calls?per_page=51", "", 200, `{"calls":[],` + page(0, 0, 1, 50, "null") + `}`},
		{"GET", "/v1/calls?per_page=50&page=200", "", 200, `{"calls":[],` + page(0, 0, 200, 50, "/v1/calls?order=asc&page=199&per_page=50") + `}`},
		{"GET", "/v1/calls?per_page=50&page=201", "", 400, beyond},

		{"GET", "/v1/contacts?per_page=50", "", 200, `{` + page(3, 3, 1, 50, "null") + `,"contacts":[` + echo + `,` + kim + `,` + lee + `]}`},
		{"GET", "/v1/contacts?from=1790593200&to=1790593207&per_page=50", "", 200, `{` + page(2, 2, 1, 50, "null") + `,"contacts":[` + kim + `,` + lee + `]}`},
		{"GET", "/v1/contacts?from=1790593201&to=1790593206&per_page=50", "", 200, `{` + page(0, 0, 1, 50, "null") + `,"contacts":[]}`},
		{"GET", "/v1/contacts/search?order_by=updated_at&order=desc&per_page=50", "", 200, `{` + page(3, 3, 1, 50, "null") + `,"contacts":[` + lee + `,` + kim + `,` + echo + `]}`},
		{"GET", "/v1/contacts?per_page=51", "", 200, `{` + page(3, 3, 1, 51, "null") + `,"contacts":[` + echo + `,` + kim + `,` + lee + `]}`},
		{"GET", "/v1/contacts?per_page=50&page=2", "", 200, `{` + page(0, 3, 2, 50, "/v1/contacts?order=asc&order_by=created_at&per_page=50&page=1") + `,"contacts":[]}`},
		{"GET", "/v1/contacts?per_page=50&page=200", "", 200, `{` + page(0, 3, 200, 50, "/v1/contacts?order=asc&order_by=created_at&per_page=50&page=199") + `,"contacts":[]}`},
		{"GET", "/v1/contacts?per_page=50&page=999", "", 400, beyond},
		{"GET", "/v1/contacts/518000101", "", 200, `{"contact":` + kim + `}`},

		{"GET", "/v1/numbers?per_page=50", "", 200, `{"numbers":[` + number + `],` + page(1, 1, 1, 50, "null") + `}`},
		{"GET", "/v1/tags?per_page=50", "", 200, `{"tags":[` + tags + `],` + page(9, 9, 1, 50, "null") + `}`},
		{"GET", "/v1/tags?per_page=51", "", 200, `{"tags":[` + tags + `],` + page(9, 9, 1, 50, "null") + `}`},
		{"GET", "/v1/tags?per_page=1&page=2", "", 200, `{"tags":[{"id":3000002,"name":"Called Back","color":"#B285D1","description":"queue_called_back"}],` +
			`"meta":{"count":1,"total":9,"current_page":2,"per_page":1,"next_page_link":"https://api.aircall.io/v1/tags?order=asc\u0026page=3\u0026per_page=1","previous_page_link":"https://api.aircall.io/v1/tags?order=asc\u0026page=1\u0026per_page=1"}}`},
		{"GET", "/v1/tags?per_page=50&page=201", "", 400, beyond},
		{"GET", "/v2/users?per_page=50", "", 200, `{"users":[` + user + `],` + page(1, 1, 1, 50, "null") + `}`},
		{"GET", "/v2/users?per_page=51", "", 200, `{"users":[` + user + `],` + page(1, 1, 1, 50, "null") + `}`},
		{"GET", "/v1/users?per_page=1", "", 200, `{"users":[` + userV1 + `],` + page(1, 1, 1, 1, "null") + `}`},
		{"GET", "/v1/users/availabilities?per_page=50", "", 200, `{"users":[{"availability":"offline","id":2100016}],` + page(1, 1, 1, 50, "null") + `}`},
		{"GET", "/v1/users/availabilities?per_page=1&page=2", "", 200, `{"users":[],` + page(0, 1, 2, 1, "/v1/users/availabilities?order=asc&page=1&per_page=1") + `}`},

		{"GET", "/v1/teams?per_page=50", "", 200, `{"teams":[],` + page(0, 0, 1, 50, "null") + `}`},
		{"POST", "/v1/teams", `{"name":"Front desk"}`, 201, ""},
		{"POST", "/v1/teams/$team/users/2100016", "", 201, ""},
		{"GET", "/v1/teams?per_page=50", "", 200, `{"teams":[` + team + `],` + page(1, 1, 1, 50, "null") + `}`},
		{"GET", "/v1/webhooks?per_page=50", "", 200, `{"meta":{"count":0,"total":0,"current_page":1,"per_page":50},"webhooks":[]}`},
		{"POST", "/v1/webhooks", `{"custom_name":"Seed","url":"https://hooks.acme.test/seed","events":["number.created"]}`, 201, ""},
		{"GET", "/v1/webhooks?per_page=50", "", 200, `{"meta":{"count":1,"total":1,"current_page":1,"per_page":50},"webhooks":[` + webhook + `]}`},

		{"POST", "/v1/contacts", `{"first_name":"Max","last_name":"Roe","information":"Calls on Mondays","phone_numbers":[{"label":"Work","value":"+12025550149"}]}`, 201, ""},
		{"POST", "/v1/contacts/518000101", `{"information":"Changed"}`, 200, ""},
		{"POST", "/v1/contacts/518000101/emails", `{"label":"Work","value":"kim@acme.test"}`, 404, `{"message":"Not Found"}`},
		{"GET", "/v1/contacts?order_by=updated_at&order=desc&from=1790593300&per_page=1&page=2", "", 200, `{` + page(0, 1, 2, 1, "/v1/contacts?from=1790593300&order=desc&order_by=updated_at&per_page=1&page=1") + `,"contacts":[]}`},
		{"DELETE", "/v1/contacts/518000168", "", 204, ""},
	} {
		path := x.path
		if strings.Contains(path, "$team") {
			path = strings.ReplaceAll(path, "$team", fmt.Sprint(w.teamID()))
		}
		a := w.asTrial(x.method, path, x.sent).wantStatus(x.status)
		a.body = trackURL.ReplaceAllString(a.body, `"<track>"`)
		a.body = regexp.MustCompile(`"company":\{"name":"[^"]+"`).ReplaceAllString(a.body, `"company":{"name":"<name>"`)
		if diff := cmp.Diff(x.want, a.body); x.want != "" && diff != "" {
			t.Errorf("%s %s (-recorded +fake):\n%s", x.method, path, diff)
		}
	}

	// Reads show what was written: the changed contact keeps its creation, and the deleted one leaves no trace.
	a := w.asTrial("GET", "/v1/contacts?order_by=updated_at&order=asc&per_page=50", "")
	if got := strings.Join(a.list("contacts", "first_name"), " "); got != "Echo Kim Max" {
		t.Errorf("by their last change the contacts are %s", got)
	}
	if got := w.asTrial("GET", "/v1/contacts/518000101", "").at("contact.updated_at"); got != "1790604000" {
		t.Errorf("updated_at is %s, want the second of the request", got)
	}
	for _, path := range []string{"/v1/contacts?order_by=updated_at&from=1790593201&to=1790603999", "/v1/contacts/search?order_by=updated_at&from=1790593208&to=1790603999"} {
		for _, got := range w.asTrial("GET", path, "").list("contacts", "first_name") {
			if got == "Kim" {
				t.Errorf("%s finds a contact by the second of its change", path)
			}
		}
	}
}

// Before and after the calls have their final values, and after somebody wrote to one.
func TestRecordedCalls(t *testing.T) {
	w := trial(t, trialCalls()...)
	const (
		user = `{"id":2100016,"direct_link":"https://api.aircall.io/v1/users/2100016","name":"Ada Okafor","email":"ada@acme.test","available":false,"availability_status":"available",` +
			`"created_at":"2026-09-28T10:00:00.000Z","time_zone":"Etc/UTC","language":"en-US","state":"always_opened","wrap_up_time":0,"extension":"001"}`
		number = `{"id":1400017,"direct_link":"https://api.aircall.io/v1/numbers/1400017","name":"Ada Okafor Number - 1790589642000","digits":"+1 202-555-0110","country":"US","time_zone":"America/Chicago",` +
			`"open":true,"availability_status":"open","is_ivr":false,"live_recording_activated":true,"priority":null,"messages":{"welcome":"<track>","waiting":"<track>","ivr":"<track>","voicemail":"<track>",` +
			`"closed":"<track>","callback_later":"<track>","unanswered_call":"<track>","after_hours":"<track>","ringing_tone":"<track>"},"created_at":"2026-09-28T10:00:42.000Z","flow_editor_enabled":true}`
		comment = `{"id":150000001,"content":"Probe","posted_by":null,"posted_at":1790605200}`
	)
	call := func(id, started, answered, ended, duration int64, archived bool, cost, comments, pricing string) string {
		return fmt.Sprintf(`{"id":%[1]d,"sid":"CA<32 hex>","direct_link":"https://api.aircall.io/v1/calls/%[1]d","direction":"outbound","status":"done","missed_call_reason":null,`+
			`"started_at":%[2]d,"answered_at":%[3]d,"ended_at":%[4]d,"duration":%[5]d,"archived":%[6]t,"cost":"%[7]s","voicemail":null,"recording":"<signed URL>",`+
			`"asset":"https://assets.aircall.io/calls/%[1]d/recording","raw_digits":"+1 202-555-0147","user":`+user+`,"contact":null,"assigned_to":null,"transferred_by":null,"transferred_to":null,`+
			`"comments":[%[8]s],"number":`+number+`,"teams":[],"tags":[],"recording_short_url":null,"voicemail_short_url":null,"country_code_a2":"US","pricing_type":%[9]s}`,
			id, started, answered, ended, duration, archived, cost, comments, pricing)
	}
	read := func(query string) string {
		t.Helper()
		return trackURL.ReplaceAllString(w.asTrial("GET", "/v1/calls?"+query, "").wantStatus(200).body, `"<track>"`)
	}
	same := func(query string, calls ...string) {
		t.Helper()
		want := fmt.Sprintf(`{"calls":[%s],"meta":{"count":%d,"total":%[2]d,"current_page":1,"per_page":50,"next_page_link":null,"previous_page_link":null}}`, strings.Join(calls, ","), len(calls))
		if diff := cmp.Diff(want, read(query)); diff != "" {
			t.Errorf("GET /v1/calls?%s (-recorded +fake):\n%s", query, diff)
		}
	}

	// Up to two minutes after the end: no cost, no pricing type, and a second too many.
	same("per_page=50",
		call(4200000001, 1790603890, 1790603893, 1790603911, 21, false, "0.0", "", "null"),
		call(4200000002, 1790603920, 1790603923, 1790603929, 9, false, "0.0", "", "null"),
		call(4200000003, 1790603950, 1790603953, 1790603970, 21, false, "0.0", "", "null"))

	// Twenty minutes later: the start of one moved by a second.
	w.Advance(20 * time.Minute)
	first := call(4200000001, 1790603891, 1790603893, 1790603911, 20, false, "3.0", "", `"in_bundle"`)
	second := call(4200000002, 1790603920, 1790603923, 1790603929, 9, false, "3.0", "", `"in_bundle"`)
	third := call(4200000003, 1790603950, 1790603953, 1790603970, 20, false, "3.0", "", `"in_bundle"`)
	same("per_page=50", first, second, third)
	same("per_page=50&order=desc", third, second, first)
	same("from=1790600000&to=1790604000&order=asc&per_page=50", first, second, third)
	same("from=1759068000&to=1774188000&per_page=50")

	// The four probes of the bounds, for each call.
	for id, started := range map[string]int64{"4200000001": 1790603891, "4200000002": 1790603920, "4200000003": 1790603950} {
		for query, want := range map[string]bool{"from=%d": false, "from=%d-1": true, "to=%d": true, "to=%d-1": false} {
			at := started
			if before, ok := strings.CutSuffix(query, "-1"); ok {
				query, at = before, started-1
			}
			query = fmt.Sprintf(query, at)
			if got := strings.Contains(read(query+"&per_page=50"), `"id":`+id+`,`); got != want {
				t.Errorf("?%s has call %s, which starts at %d: %t, want %t", query, id, started, got, want)
			}
		}
	}

	// Four comments and the archive change nothing else, and the call stays in the list.
	for range 4 {
		w.asTrial("POST", "/v1/calls/4200000002/comments", `{"content":"Probe"}`).wantStatus(201)
	}
	w.asTrial("PUT", "/v1/calls/4200000002/archive", "").wantStatus(200)
	second = call(4200000002, 1790603920, 1790603923, 1790603929, 9, true, "3.0", strings.Join([]string{comment, comment, comment, comment}, ","), `"in_bundle"`)
	same("per_page=50", first, second, third)
}

// trackURL matches a message of a line in one of the recorded forms.
var trackURL = regexp.MustCompile(`"https://media-web\.aircall\.io/tracks/(tts/languages/en/voices/[a-z]+/[0-9a-f]{40}|library/[a-z_]+|ringing_tones/US)\.mp3"`)

// teamID returns the id of the only team.
func (w world) teamID() (id int64) {
	w.change(func(t *tx) { id = t.teams.order[0].ID })
	return id
}
