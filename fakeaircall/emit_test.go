package fakeaircall

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// events returns the events of the default account, oldest first.
func (w world) events() []Event {
	w.t.Helper()
	list, err := w.Events("default")
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// after returns the names of the events while f runs.
func (w world) after(f func()) (names []string) {
	w.t.Helper()
	before := uint64(0)
	if list := w.events(); len(list) > 0 {
		before = list[len(list)-1].Seq
	}
	f()
	for _, e := range w.events() {
		if e.Seq > before {
			names = append(names, e.Name)
		}
	}
	return names
}

// last returns the newest event of a name.
func (w world) last(name string) answer {
	w.t.Helper()
	for _, e := range slices.Backward(w.events()) {
		if e.Name == name {
			return answer{t: w.t, body: string(e.Data)}
		}
	}
	w.t.Fatalf("no %s", name)
	return answer{}
}

// everyEvent makes one event of each name, through the API where it can.
func everyEvent(t *testing.T) world {
	w := exchange(t)
	w.change(func(t *tx) {
		t.companyID = 400
		c, _ := t.calls.get(1)
		for _, name := range []string{
			"call.created", "call.answered", "call.hold", "call.unhold", "call.unsuccessful_transfer", "call.hungup",
			"call.ended", "call.comm_assets_generated", "call.assigned", "call.untagged",
		} {
			t.emitCall(name, c)
		}
		mailed, _ := t.calls.get(2)
		t.emitCall("call.voicemail_left", mailed)
		ringing, _ := t.calls.get(5)
		t.emitCallBy("call.ringing_on_agent", ringing, 31)
		t.emitCallBy("call.agent_declined", ringing, 31)
		t.emitCallBy("call.ivr_option_selected", ringing, ringing.User, member{"ivr_options_selected", viewIVR([]ivrChoice{{"opt-1", "Billing", "2", "branch_b", t.unix()}})})
		u, _ := t.users.get(31)
		t.emitUser("user.connected", u)
		t.emitUser("user.disconnected", u)
		t.emitWrapUp("user.wut_start", u, 1)
		t.emitWrapUp("user.wut_end", u, 1)
		t.receive(message{Line: 41, ID: "m1", To: []string{"+4520000001"}, Body: "Hi", Media: []string{"https://a.test/cat.png?x=1&y=2"}})
		t.receive(message{Line: 41, ID: "m2", Conversation: "g1", To: []string{"+4520000001", "+4520000002"}, Body: "Hi all"})
		talk := &call{ID: 9, SID: "CA00000000000000000000000000000009", Inbound: true, Started: t.unix() - 300, Answered: t.unix() - 290, Ended: t.unix() - 125, Recorded: true,
			Other: "+45 20 00 00 01", Number: 41, User: 31}
		t.calls.insert(talk)
		t.emitInsights(timer{ID: talk.ID})
		agent := &agentCall{Agent: "agent-abc123", Session: "s1", Call: 1}
		for _, name := range []string{"ai_voice_agent.started", "ai_voice_agent.ended", "ai_voice_agent.summary"} {
			t.emitAgent(name, agent, c)
		}
	})
	w.send("POST", "/v1/calls/1/tags", `{"tags":[22,21]}`)
	w.send("POST", "/v1/calls/3/tags", `{"tags":[21]}`)
	w.send("POST", "/v1/calls/3/comments", `{"content":"Soon"}`)
	w.send("PUT", "/v1/calls/3/archive", "")
	w.send("POST", "/v1/calls/4/transfers", `{"user_id":31}`)
	w.send("POST", "/v1/calls/5/transfers", `{"number":"+33199009999"}`)
	w.send("PUT", "/v2/users/31", `{"availability_status":"unavailable","substatus":"on_a_break"}`)
	w.send("PUT", "/v2/users/31", `{"availability_status":"available"}`)
	w.send("PUT", "/v1/numbers/41", `{"open":false}`)
	w.send("PUT", "/v1/numbers/41", `{"open":true}`)
	w.send("POST", "/v1/contacts", `{"first_name":"Bo","phone_numbers":[{"label":"Work","value":"+4520000009"}]}`)
	w.send("POST", "/v1/contacts/61", `{"last_name":"Lund"}`)
	w.send("DELETE", "/v1/contacts/61", "")
	made := w.send("POST", "/v2/users", `{"first_name":"Eve","last_name":"Ek","email":"eve@acme.test"}`)
	w.send("DELETE", "/v1/users/"+made.at("user.id"), "")
	w.send("POST", "/v1/numbers/41/messages/native/send", `{"to":"+4520000001","body":"One"}`)
	w.send("POST", "/v1/numbers/41/messages/group/native/send", `{"participants":["+4520000001","+4520000002"],"body":"All"}`)
	filter := `"filter":{"dateFilter":{"relative":"TODAY"},"timezone":"UTC"`
	w.send("POST", "/v1/analytics/report/export", `{"input":{"reportName":"CALLS_HISTORY",`+filter+`}}}`).wantStatus(201)
	w.send("POST", "/v1/analytics/report/export", `{"input":{"reportName":"CALLS_HISTORY",`+filter+`,"userStatuses":["x"]}}}`).wantStatus(201)
	w.Advance(2 * time.Minute)
	if err := w.Uninstall("default", "fake-client-id"); err != nil {
		t.Fatal(err)
	}
	return w
}

// uncaused are the events that a webhook can subscribe to, and that nothing in the fake causes, but for that of campaigns: see
// TestCampaignOutcomeEvent.
var uncaused = []string{
	"number.created", "number.deleted", "playbook_result.updated", "custom_summary.result_updated", "call_evaluation.updated",
	"realtime_transcription.utterances_received", "ai_voice_agent.escalated", "outbound_campaign.outcome_recorded",
}

// testdata/events.txt has one event of each name.
func TestEveryEvent(t *testing.T) {
	w := everyEvent(t)
	var b bytes.Buffer
	for _, e := range events {
		if slices.Contains(uncaused, e.name) {
			continue
		}
		fmt.Fprintf(&b, "%s %s %s\n", e.resource, e.name, strings.ReplaceAll(w.last(e.name).body, w.URL(), "http://fake"))
	}
	const path = "testdata/events.txt"
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	for _, e := range w.events() {
		if resourceOf(e.Name) == "" || !json.Valid(e.Data) || e.At.IsZero() {
			t.Errorf("%+v", e)
		}
	}
}

const (
	eventUser = `{"id":31,"direct_link":"https://api.aircall.io/v1/users/31","name":"Ada Okafor","email":"ada@acme.test","available":true,` +
		`"availability_status":"available","language":"en-US","wrap_up_time":15}`
	eventNumber = `{"id":41,"direct_link":"https://api.aircall.io/v1/numbers/41","name":"Sales Paris","digits":"+33 1 99 00 12 34","e164_digits":"+33199001234",` +
		`"country":"FR","time_zone":"Europe/Paris","open":true,"availability_status":"open","is_ivr":false,"live_recording_activated":true,` +
		`"messages":{"welcome":"","waiting":"","ivr":"","voicemail":"","closed":"","callback_later":""}}`
)

// The order of keys, and the keys that are missing, are those of captures.
func TestCallEvent(t *testing.T) {
	w := exchange(t)
	w.change(func(t *tx) { c, _ := t.calls.get(2); t.emitCall("call.hungup", c) })
	voicemail := w.last("call.hungup")
	if got := voicemail.text("voicemail"); !strings.HasPrefix(got, w.URL()+"/_assets/voicemail/default/2.mp3?") {
		t.Errorf("voicemail %s", got)
	}
	if !strings.Contains(voicemail.body, `\u0026X-Amz-Expires=3600`) {
		t.Errorf("& is not escaped in %s", voicemail.body)
	}
	w.sendAs("", "GET", strings.TrimPrefix(voicemail.text("voicemail"), w.URL()), "").wantStatus(200)
	head := `{"id":2,"direct_link":"https://api.aircall.io/v1/calls/2","direction":"inbound","call_uuid":"CA00000000000000000000000000000002","status":"done","missed_call_reason":"agents_did_not_answer",` +
		`"started_at":1772452400,"answered_at":null,"ended_at":1772452430,"duration":30,"cost":"0.0","hangup_cause":null,"voicemail":`
	tail := `,"recording":null,"asset":"https://assets.aircall.io/calls/2/voicemail","raw_digits":"anonymous","participants":[{"phone_number":"anonymous","type":"external"}],` +
		`"number":` + eventNumber + `,"archived":false,"teams":[],"comments":[],"tags":[{"id":21,"name":"Refund","tagged_by":{},"tagged_at":1772452800}]}`
	voicemail.want(0, head+voicemail.at("voicemail")+tail)

	w.change(func(t *tx) {
		c, _ := t.calls.get(1)
		c.AssignedTo, c.TransferredBy, c.TransferredTo = 31, 31, 31
		t.emitCall("call.assigned", c)
	})
	contact := `{"id":61,"created_at":"2026-03-02T12:00:00Z","updated_at":"2026-03-02T12:00:00Z","first_name":"Kim","last_name":null,"information":null,` +
		`"company_name":null,"is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/61","phone_numbers":[{"value":"+4520000001","id":62,"label":"Work"}],"emails":[]}`
	whole := w.last("call.assigned")
	_, rest, _ := strings.Cut(whole.body, `"raw_digits":`)
	want := `"+45 20 00 00 01","participants":[{"phone_number":"+4520000001","type":"external"},{"id":31,"name":"Ada Okafor","type":"user"}],"user":` + eventUser +
		`,"contact":` + contact + `,"number":` + eventNumber + `,"archived":false,"assigned_to":` + eventUser +
		`,"teams":[{"id":51,"name":"Night desk","direct_link":"https://api.aircall.io/v1/teams/51","created_at":"2026-03-02T11:59:00.000Z"}]` +
		`,"comments":[{"id":71,"content":"Called back","posted_by":` + eventUser + `,"posted_at":1772452400}]` +
		`,"tags":[{"id":21,"name":"Refund","tagged_by":` + eventUser + `,"tagged_at":1772452370},{"id":22,"name":"Angry","tagged_by":{},"tagged_at":1772452370}]` +
		`,"transferred_to":` + eventUser + `,"transferred_by":` + eventUser + `}`
	if diff := cmp.Diff(want, rest); diff != "" {
		t.Errorf("after raw_digits (-want +got):\n%s", diff)
	}
}

// Assumptions about events can be changed.
func TestEventAssumptions(t *testing.T) {
	ended := func(answers map[string]string) answer {
		w := exchangeWith(t, answers)
		w.change(func(t *tx) { c, _ := t.calls.get(1); c.User = 0; c.Ended = t.unix() - 30; t.emitCall("call.ended", c) })
		return w.last("call.ended")
	}
	usual := ended(nil)
	if usual.at("recording") == "null" || usual.at("contact.created_at") != `"2026-03-02T12:00:00Z"` || strings.Contains(usual.body, `"user":`) {
		t.Errorf("usually %s", usual.body)
	}
	if got := ended(map[string]string{"event-absent": "null"}); !strings.Contains(got.body, `"user":null`) || !strings.Contains(got.body, `"transferred_by":null`) {
		t.Errorf("with null %s", got.body)
	}
	if got := ended(map[string]string{"event-audio": "late"}); got.at("recording") != "null" || got.at("asset") != "null" {
		t.Errorf("with late audio %s", got.body)
	}
	if got := ended(map[string]string{"event-contact-times": "seconds"}); got.at("contact.created_at") != "1772452800" {
		t.Errorf("with seconds %s", got.body)
	}
	w := exchangeWith(t, map[string]string{"event-number-api": "silent"})
	if got := w.after(func() { w.send("PUT", "/v1/numbers/41", `{"open":false}`) }); got != nil {
		t.Errorf("a line with silent changes has the events %q", got)
	}
}

// A change through the API has its event, and no other.
func TestEventsOfChanges(t *testing.T) {
	w := exchange(t)
	for _, tc := range []struct{ method, path, body, want string }{
		{"POST", "/v1/calls/3/tags", `{"tags":[21]}`, "call.tagged"},
		{"POST", "/v1/calls/3/tags", `{"tags":[21]}`, ""},
		{"POST", "/v1/calls/3/tags", `{"tags":[99]}`, ""},
		{"POST", "/v1/calls/3/comments", `{"content":"Soon"}`, "call.commented"},
		{"PUT", "/v1/calls/3/archive", "", "call.archived"},
		{"PUT", "/v1/calls/3/unarchive", "", ""},
		{"POST", "/v1/calls/4/transfers", `{"team_id":51}`, "call.transferred"},
		{"POST", "/v1/calls/5/transfers", `{"number":"+33199009999"}`, "call.external_transferred"},
		{"POST", "/v1/calls/4/transfers", `{"number":"+33199009999"}`, ""},
		{"PUT", "/v2/users/31", `{"availability_status":"unavailable"}`, "user.closed user.closed.v2"},
		{"PUT", "/v2/users/31", `{"first_name":"Bea"}`, ""},
		{"PUT", "/v2/users/31", `{"substatus":"on_a_break"}`, "user.closed user.closed.v2 user.closed user.closed.v2"},
		{"PUT", "/v2/users/31", `{"availability_status":"custom"}`, "user.opened user.opened.v2"},
		{"PUT", "/v1/numbers/41", `{"open":false}`, "number.closed"},
		{"PUT", "/v1/numbers/41", `{"open":false,"name":"Paris"}`, ""},
		{"PUT", "/v1/numbers/41", `{"open":true}`, "number.opened"},
		{"POST", "/v2/users", `{"first_name":"Eve","last_name":"Ek","email":"eve@acme.test"}`, "user.created user.created.v2 contact.created"},
		{"POST", "/v1/users", `{"first_name":"Eva","last_name":"Ek","email":"eva@acme.test"}`, "user.created user.created.v2 contact.created"},
		{"POST", "/v2/users", `{"first_name":"Eve","last_name":"Ek","email":"eve@acme.test"}`, ""},
		{"POST", "/v1/contacts", `{"phone_numbers":[{"label":"Work","value":"+4520000009"}]}`, "contact.created"},
		{"POST", "/v1/contacts/61", `{"last_name":"Lund"}`, "contact.updated"},
		{"POST", "/v1/contacts/61/phone_details", `{"label":"Home","value":"+4520000008"}`, "contact.updated"},
		{"DELETE", "/v1/contacts/61", "", "contact.deleted"},
		{"DELETE", "/v1/contacts/61", "", ""},
		{"POST", "/v1/numbers/41/messages/native/send", `{"to":"+4520000001","body":"One"}`, "message.sent"},
		{"POST", "/v1/tags", `{"name":"New","color":"#AA3300"}`, ""},
	} {
		got := w.after(func() { w.send(tc.method, tc.path, tc.body) })
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%s %s %s: events %q, want %q", tc.method, tc.path, tc.body, s, tc.want)
		}
	}
	eve := w.get("/v2/users/eve@acme.test").at("user.id")
	if got := w.after(func() { w.send("DELETE", "/v1/users/"+eve, "") }); !slices.Equal(got, []string{"user.deleted", "user.deleted.v2", "contact.deleted"}) {
		t.Errorf("deleting a user: events %q", got)
	}
	gone := w.last("contact.deleted")
	if gone.at("emails") != "[]" || gone.at("phone_numbers") != "[]" {
		t.Errorf("a deleted contact is %s", gone.body)
	}
	if got := w.last("user.deleted"); got.at("available") != "false" || got.at("numbers") != "[]" {
		t.Errorf("a deleted user is %s", got.body)
	}
}

// A message goes from pending over sent to delivered. A message past the inbox has no events.
func TestMessageEvents(t *testing.T) {
	w := messaged(t)
	var statuses []string
	send := func(path, body string) {
		statuses = nil
		w.send("POST", path, body).wantStatus(200)
		seen := len(w.events())
		w.Advance(10 * time.Minute)
		for _, e := range w.events()[seen-min(seen, 1):] {
			statuses = append(statuses, e.Name+" "+answer{t: t, body: string(e.Data)}.text("status"))
		}
	}
	send("/v1/numbers/1/messages/native/send", `{"to":"+33639980001","body":"Hi"}`)
	if want := []string{"message.sent pending", "message.status_updated sent", "message.status_updated delivered"}; !slices.Equal(statuses, want) {
		t.Errorf("%q, want %q", statuses, want)
	}
	send("/v1/messages/send/whatsapp/native", `{"lineId":1,"externalNumber":"+33639980001","templateParams":{"id":1,"body":[{"key":"{{1}}","value":"Kim"},{"key":"{{2}}","value":"7"}]}}`)
	if len(statuses) != 4 || statuses[3] != "message.status_updated read" {
		t.Errorf("WhatsApp: %q", statuses)
	}
	sent := w.last("message.sent")
	for path, want := range map[string]string{
		"channel": `"whatsapp"`, "type": `"template"`, "whatsapp_message_category": `"utility"`, "recipient_country": `"FR"`,
		"external_number": `"+33 6 39 98 00 01"`, "template_content": `"Hello Kim, your order 7 is ready."`,
	} {
		if got := sent.at(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if got := w.after(func() {
		w.send("POST", "/v1/numbers/2/messages/send", `{"to":"+33639980001","body":"Hi"}`).wantStatus(200)
		w.Advance(time.Hour)
	}); got != nil {
		t.Errorf("past the inbox: events %q", got)
	}
}

// Events have the origin of a message, callbacks do not.
func TestMessageOrigin(t *testing.T) {
	for answer, want := range map[string]bool{"native": true, "absent": false} {
		w := messaged(t, "event-message-origin", answer)
		w.send("POST", "/v1/numbers/1/messages/native/send", `{"to":"+33639980001","body":"Hi"}`).wantStatus(200)
		if _, err := w.SimulateMessage("", SimulatedMessage{NumberID: 1, From: "+4520000001", Body: "Hi"}); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"message.sent", "message.received"} {
			if got := strings.Contains(w.last(name).body, `"channel":null,"origin":"native","number":{`); got != want {
				t.Errorf("%s: %s: %s", answer, name, w.last(name).body)
			}
		}
		w.send("POST", "/v1/numbers/2/messages/send", `{"to":"+33639980001","body":"Hi"}`).wantStatus(200)
		w.Advance(time.Minute)
		list, err := w.Deliveries("")
		if err != nil || len(list) == 0 || strings.Contains(string(list[len(list)-1].Body), "origin") {
			t.Errorf("%s: callbacks %v, %v", answer, list, err)
		}
	}
}

// Messages of a configured line without a URL go nowhere or, by the other answer, to webhooks.
func TestMessagesWithoutCallback(t *testing.T) {
	for answer, want := range map[string]string{"nobody": "", "webhooks": "message.sent message.status_updated message.status_updated message.received"} {
		w := messaged(t, "callback-missing", answer)
		w.send("POST", "/v1/numbers/2/messages/configuration", "").wantStatus(200)
		got := w.after(func() {
			w.send("POST", "/v1/numbers/2/messages/send", `{"to":"+33639980001","body":"Hi"}`).wantStatus(200)
			w.Advance(time.Minute)
			if _, err := w.SimulateMessage("", SimulatedMessage{NumberID: 2, From: "+4520000001", Body: "Hi"}); err != nil {
				t.Fatal(err)
			}
		})
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", answer, s, want)
		}
	}
}

// A WhatsApp message that fails without a known reason has Meta's code for that.
func TestMessageFailsWithoutReason(t *testing.T) {
	w := messaged(t)
	w.change(func(t *tx) {
		t.emitMessage("message.status_updated", &message{ID: "m", SID: "SM1", Line: 1, Whatsapp: true, Status: "failed", To: []string{"+4520000001"}})
	})
	if got := w.last("message.status_updated").at("error_code"); got != "131000" {
		t.Errorf("error_code %s", got)
	}
}

// An insight has its event when it can be read.
func TestInsightEvents(t *testing.T) {
	for licence, want := range map[string]string{
		"pro": "transcription.created summary.created topics.created sentiment.created action_item.created action_item.created " +
			"playbook_result.created custom_summary.result_created call_evaluation.created",
		"assist": "transcription.created summary.created topics.created sentiment.created action_item.created action_item.created",
		"none":   "",
	} {
		w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Assume: map[string]string{"intelligence-licence": licence}})), t}
		w.talk(75, nil)
		w.change(func(t *tx) {
			c, _ := t.calls.get(5)
			t.calls.update(c, func() { c.Ended = t.unix(); c.Answered = c.Ended - 75 })
			t.expectInsights(c)
		})
		if got := w.after(func() { w.Advance(insightDelay*time.Second - 1) }); got != nil {
			t.Errorf("%s: too early: %q", licence, got)
		}
		if got := strings.Join(w.after(func() { w.Advance(1) }), " "); got != want {
			t.Errorf("%s: %q, want %q", licence, got, want)
		}
	}
}

// A simulated call has insights two minutes after its end.
func TestInsightsOfSimulatedCall(t *testing.T) {
	w := exchange(t)
	if err := w.Act("default", 4, Action{Do: "hangup"}); err != nil { // so that somebody is free
		t.Fatal(err)
	}
	w.Advance(time.Minute)
	id, err := w.Simulate("default", SimulatedCall{From: "+4520000001", NumberID: 41, Outcome: "answered", Talk: 90 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	w.Advance(6*time.Second + 90*time.Second + insightDelay*time.Second - 1)
	if got := w.after(func() { w.Advance(time.Second) }); len(got) == 0 || got[0] != "transcription.created" {
		t.Errorf("two minutes after the call %q", got)
	}
	if got := w.last("transcription.created"); got.text("call_id") != fmt.Sprint(id) {
		t.Errorf("%s, want call %d", got.body, id)
	}
}

// A call of an AI voice agent has the events of any call, and those of the agent.
func TestAgentCallEvents(t *testing.T) {
	w := exchange(t)
	ask := func(key string) {
		w.send("POST", "/v1/outbound-calls/agents/agent-def456", `{"contact_phone":"+4520000001","idempotency_key":"`+key+`","expiration_seconds":60}`).wantStatus(202)
	}
	got := w.after(func() { ask("a"); ask("b"); w.Advance(30 * time.Second) })
	if s := strings.Join(got, " "); s != "call.created ai_voice_agent.started call.answered" {
		t.Errorf("half a minute: events %q", s)
	}
	got = w.after(func() { w.Advance(10 * time.Minute) })
	if s := strings.Join(got, " "); !strings.HasPrefix(s, "ai_voice_agent.ended call.hungup call.created ai_voice_agent.started call.answered call.ended ai_voice_agent.summary call.comm_assets_generated") {
		t.Errorf("ten minutes tell %q", s)
	}
	if e := w.last("ai_voice_agent.ended"); e.text("aircall_number") != "+33199001234" || e.text("call_end_reason") != "caller_hung_up" || e.at("id") != e.at("call_id") {
		t.Errorf("%s", e.body)
	}
}

// The list of events is bounded, and each account has its own list.
func TestEventsKept(t *testing.T) {
	w := exchange(t)
	w.change(func(t *tx) {
		for range maxEvents + 7 {
			t.emit("call.created", raw("{}"))
		}
	})
	list := w.events()
	if len(list) != maxEvents || list[0].Seq != 8 || list[maxEvents-1].Seq != maxEvents+7 {
		t.Errorf("%d events from %d to %d", len(list), list[0].Seq, list[len(list)-1].Seq)
	}
	if list, err := w.Events("sales"); err != nil || len(list) != 0 {
		t.Errorf("sales has %d events, %v", len(list), err)
	}
	if _, err := w.Events("nobody"); err == nil {
		t.Error("no error for an unknown account")
	}
}
