package fakeaircall

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Every event can be triggered, in an account with much data, in one with little, and in one with a line that is closed.
func TestTriggerEveryEvent(t *testing.T) {
	var names []string
	for _, g := range Triggers() {
		names = append(names, g.Event)
	}
	if !slices.Equal(names, EventNames()) {
		t.Fatalf("triggers %v", names)
	}
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer receiver.Close()
	for _, scale := range []Scale{ScaleSmall, ScaleEmpty} {
		for _, clock := range []string{"2026-06-15T09:00:00Z", "2026-06-14T01:00:00Z"} {
			w := world{RunT(t, checked(t, Options{Scale: scale, Clock: instantOf(clock), RateLimit: NoRateLimit})), t}
			w.send("POST", "/v1/webhooks", `{"custom_name":"all","url":"`+receiver.URL+`"}`).wantStatus(201)
			for _, name := range EventNames() {
				before, _ := w.Deliveries("default")
				e, err := w.Trigger("", name, nil)
				if scale == ScaleEmpty && slices.Contains([]string{"call.ivr_option_selected", "call.transferred", "call.unsuccessful_transfer"}, name) {
					if err == nil || !strings.HasPrefix(err.Error(), "the account has ") && !strings.Contains(err.Error(), "already") {
						t.Errorf("%s: %v", name, err)
					}
					continue
				}
				if err != nil || e.Name != name || !json.Valid(e.Data) {
					t.Errorf("%s at %s: %+v, %v", name, scale, e, err)
					continue
				}
				after, _ := w.Deliveries("default")
				if d := after[len(after)-1]; len(after) == len(before) || !slices.ContainsFunc(after[len(before):], func(d Delivery) bool { return d.Event == name }) {
					t.Errorf("%s: the last delivery is of %s", name, d.Event)
				}
			}
		}
	}
}

// A triggered event has the members of one that happens, and the eight that nothing else causes have those of testdata.
func TestTriggeredPayloads(t *testing.T) {
	happened := make(map[string]any)
	real := everyEvent(t)
	for _, e := range real.events() {
		happened[e.Name] = shapeOf(e.Data)
	}
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit})), t}
	var b bytes.Buffer
	for _, name := range EventNames() {
		e, err := w.Trigger("", name, nil)
		if err != nil {
			t.Error(err)
			continue
		}
		if slices.Contains(uncaused, name) {
			fmt.Fprintf(&b, "%s %s\n", name, strings.ReplaceAll(string(e.Data), w.URL(), "http://fake"))
			continue
		}
		triggered, _ := shapeOf(e.Data).(map[string]any)
		for key := range happened[name].(map[string]any) {
			optional := strings.HasPrefix(name, "call.") && slices.Contains([]string{"user", "contact", "assigned_to", "transferred_to", "transferred_by", "recording_short_url", "voicemail_short_url", "ivr_options_selected"}, key)
			if _, ok := triggered[key]; !ok && !optional && key != "substatus" && key != "contact" && key != "last_call_id" {
				t.Errorf("%s lacks %s: %s", name, key, e.Data)
			}
		}
	}
	const path = "testdata/triggered.txt"
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
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func shapeOf(data []byte) (v any) {
	_ = json.Unmarshal(data, &v)
	return v
}

func TestTriggerSet(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: instantOf("2026-06-15T09:00:00Z"), RateLimit: NoRateLimit})), t}
	line := w.get("/v1/numbers").at("numbers.0.id")
	user := w.get("/v2/users").at("users.1.id")
	tag := w.send("POST", "/v1/tags", `{"name":"Hot","color":"#AA3300"}`).text("tag.name")
	for _, c := range []struct {
		event string
		set   map[string]string
		want  map[string]string
	}{
		{"call.ended", map[string]string{"raw_digits": "+33199000042", "direction": "outbound", "number": line, "user": user},
			map[string]string{"raw_digits": `"+33 1 99 00 00 42"`, "direction": `"outbound"`, "number.id": line, "user.id": user, "status": `"done"`, "duration": "90"}},
		{"call.ended", map[string]string{"missed_call_reason": "short_abandoned"}, map[string]string{"missed_call_reason": `"short_abandoned"`, "answered_at": "null"}},
		{"call.ended", map[string]string{"id": "12345", "archived": "true"}, map[string]string{"id": "12345", "archived": "true", "status": `"done"`}},
		{"call.created", map[string]string{"contact": "5678"}, map[string]string{"contact.id": "5678", "status": `"initial"`}},
		{"call.answered", map[string]string{"user": user}, map[string]string{"user.id": user, "status": `"answered"`}},
		{"call.commented", map[string]string{"content": "Soon"}, map[string]string{"comments.0.content": `"Soon"`}},
		{"call.tagged", map[string]string{"id": "12345", "tag": tag}, map[string]string{"id": "12345"}},
		{"call.ivr_option_selected", map[string]string{"key": "7"}, map[string]string{"ivr_options_selected.0.key": `"7"`}},
		{"call.external_transferred", map[string]string{"transfer_number": "+33199000077"}, map[string]string{"external_transferred_to": `"+33199000077"`}},
		{"contact.created", map[string]string{"first_name": "Kim", "phone": "+33199000077", "email": "kim@example.com"},
			map[string]string{"first_name": `"Kim"`, "phone_numbers.0.value": `"+33199000077"`, "emails.0.value": `"kim@example.com"`}},
		{"contact.updated", map[string]string{"id": "5678", "company_name": "Acme"}, map[string]string{"id": "5678", "company_name": `"Acme"`, "updated_at": `"2026-06-15T09:00:00Z"`}},
		{"contact.deleted", nil, map[string]string{"phone_numbers": "[]"}},
		{"user.closed", map[string]string{"id": user, "substatus": "on_a_break"}, map[string]string{"id": user, "substatus": `"on_a_break"`, "availability_status": `"unavailable"`}},
		{"user.created.v2", map[string]string{"first_name": "Bo"}, map[string]string{"name": `"Bo Ek"`}},
		{"number.created", map[string]string{"name": "Paris"}, map[string]string{"name": `"Paris"`, "open": "true", "users": "[]"}},
		{"number.closed", map[string]string{"id": line}, map[string]string{"id": line, "open": "false"}},
		{"number.deleted", nil, map[string]string{"open": "false", "users": "[]"}},
		{"message.received", map[string]string{"from": "+33199000042", "body": "Hello"}, map[string]string{"body": `"Hello"`, "raw_digits": `"33199000042"`, "status": `"received"`}},
		{"message.sent", map[string]string{"to": "+33199000042"}, map[string]string{"direction": `"outbound"`, "status": `"pending"`}},
		{"message.status_updated", map[string]string{"status": "failed"}, map[string]string{"status": `"failed"`}},
		{"ai_voice_agent.escalated", map[string]string{"call_id": "12345", "escalation_reason": "angry"}, map[string]string{"call_id": "12345", "escalation_reason": `"angry"`}},
		{"outbound_campaign.outcome_recorded", map[string]string{"outcome_label": "Booked", "attempt_number": "5"}, map[string]string{"outcome_label": `"Booked"`, "attempt_number": "5", "max_attempts": "5"}},
		{"analytics.report_failed", map[string]string{"errorMessage": "no"}, map[string]string{"status": `"FAILED"`, "errorMessage": `"no"`}},
	} {
		e, err := w.Trigger("default", c.event, c.set)
		if err != nil {
			t.Errorf("%s %v: %v", c.event, c.set, err)
			continue
		}
		got := make(map[string]string)
		for path := range c.want {
			got[path] = answer{t: t, body: string(e.Data)}.at(path)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %v: %v, want %v\n%s", c.event, c.set, got, c.want, e.Data)
		}
	}
	if got := w.get("/v1/contacts/5678").text("contact.company_name"); got != "Acme" {
		t.Errorf("the contact is of %s", got)
	}
}

func TestTriggerMistakes(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: instantOf("2026-06-15T09:00:00Z"), RateLimit: NoRateLimit})), t}
	before := w.Snapshot()
	for _, c := range []struct {
		account, event, key, value, want string
	}{
		{"nobody", "call.ended", "", "", `there is no account "nobody", but default, sales, support`},
		{"", "call.finished", "", "", `"call.finished" is not an event; give a name such as call.ended`},
		{"", "call.endd", "", "", `"call.endd" is not an event; perhaps call.ended`},
		{"", "call.ended", "usr", "7", `call.ended has no key "usr"; perhaps user`},
		{"", "number.created", "hue", "7", `number.created has no key "hue"; give one of availability_status, country, created_at, digits, id, is_ivr, live_recording_activated, name, open, priority, time_zone, users`},
		{"", "call.ended", "user", "nobody@example.com", `user: there is no user "nobody@example.com": give the id or e-mail of one`},
		{"", "call.ended", "direction", "up", `direction: "up": give one of inbound, outbound`},
		{"", "call.ended", "ended_at", "now", `ended_at: "now": give an instant such as 2026-06-15T09:00:00Z`},
		{"", "call.ended", "archived", "perhaps", `archived: "perhaps": give true or false`},
		{"", "call.ended", "id", "x", `id: "x": give a whole number`},
		{"", "call.hold", "id", "12345", `call 12345 is done: hold needs one in which people talk`},
		{"", "call.tagged", "tag", "Zzz", `tag: there is no tag "Zzz": give an id or a name`},
		{"", "user.wut_start", "wrap_up_time", "-1", `wrap_up_time: -1: give 0 to 86400 seconds`},
		{"", "summary.created", "call_id", "7", `account "default" has no call 7`},
		{"", "message.received", "from", "7", `"7" is not a phone number in E.164, such as +33199001234`},
		{"", "message.status_updated", "status", "lost", `status: "lost": give one of sent, delivered, read, failed`},
		{"", "message.sent", "whatsapp", "x", `whatsapp: "x": give true or false`},
		{"", "message.sent", "number", "9", `there is no number 9`},
		{"", "ai_voice_agent.started", "ai_voice_agent_id", "x", `ai_voice_agent_id: there is no agent "x": give agent-abc123 or agent-def456`},
		{"", "outbound_campaign.outcome_recorded", "max_attempts", "x", `max_attempts: "x": give a whole number`},
	} {
		set := map[string]string{c.key: c.value}
		if c.key == "" {
			set = nil
		}
		_, err := w.Trigger(c.account, c.event, set)
		if _, ok := err.(*Refusal); !ok || err.Error() != c.want {
			t.Errorf("%s %s=%s:\n got %v\nwant %s", c.event, c.key, c.value, err, c.want)
		}
	}
	if diff := before.Diff(w.Snapshot()); len(diff) > 0 {
		t.Errorf("mistakes changed %v", diff)
	}
}

// at parses an instant.
func instantOf(instant string) time.Time {
	v, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		panic(err)
	}
	return v
}
