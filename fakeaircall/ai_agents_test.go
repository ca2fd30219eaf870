package fakeaircall

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// staffed is a world whose account has a line, and so agents.
func staffed(t *testing.T) world {
	w := empty(t)
	w.change(func(t *tx) { t.numbers.insert(&number{ID: 44, Country: "GB"}) })
	return w
}

const (
	reminder = "/v1/outbound-calls/agents/agent-abc123"
	greeter  = "/v1/outbound-calls/agents/agent-def456"

	reminded = `{"contact_phone":"+15551234567","idempotency_key":"appt-1","context":{"first_name":"Jane","appointment_time":"2026-03-03T15:00:00Z","timezone":"Europe/Paris"},"expiration_seconds":60}`
)

func TestTriggerOutboundCall(t *testing.T) {
	w := staffed(t)
	a := w.send("POST", reminder, reminded)
	a.want(202, `{"id":"`+a.text("id")+`","idempotency_key":"appt-1","status":"PENDING","virtual_agent_id":"agent-abc123"}`)
	// A ULID begins with the time: noon of 2026-03-02 is 01KJQ6PSG0.
	if id := a.text("id"); !regexp.MustCompile(`^01KJQ6PSG0[0-9A-HJKMNP-TV-Z]{16}$`).MatchString(id) {
		t.Errorf("id %s", id)
	}
	w.Advance(time.Hour)
	w.send("POST", greeter, `{"contact_phone":"+15551234567","idempotency_key":"appt-1"}`).
		want(409, `{"error":"Conflict","troubleshoot":"idempotency_key was used before","success":false}`)
	if b := w.send("POST", greeter, `{"contact_phone":"+15551234567","idempotency_key":"appt-2","expiration_seconds":86400,"context":null}`); b.wantStatus(202).text("id") <= a.text("id") {
		t.Errorf("%s after %s", b.text("id"), a.text("id"))
	}
}

func TestTriggerOutboundCallRefuses(t *testing.T) {
	w := staffed(t)
	for name, tc := range map[string]struct{ body, words string }{
		"no phone":         {`{"idempotency_key":"k"}`, "contact_phone"},
		"no E.164":         {`{"contact_phone":"0155","idempotency_key":"k"}`, "contact_phone"},
		"no key":           {`{"contact_phone":"+15551234567"}`, "idempotency_key"},
		"an empty key":     {`{"contact_phone":"+15551234567","idempotency_key":""}`, "idempotency_key"},
		"a number as key":  {`{"contact_phone":"+15551234567","idempotency_key":1}`, "idempotency_key"},
		"expires too soon": {`{"contact_phone":"+15551234567","idempotency_key":"k","expiration_seconds":59}`, "60 and 86400"},
		"expires too late": {`{"contact_phone":"+15551234567","idempotency_key":"k","expiration_seconds":86401}`, "60 and 86400"},
		"no context":       {`{"contact_phone":"+15551234567","idempotency_key":"k"}`, "first_name"},
		"half a context":   {`{"contact_phone":"+15551234567","idempotency_key":"k","context":{"first_name":"Jane"}}`, "appointment_time"},
		"a list":           {`{"contact_phone":"+15551234567","idempotency_key":"k","context":[]}`, "context"},
		"no time zone":     {`{"contact_phone":"+15551234567","idempotency_key":"k","context":{"first_name":"J","appointment_time":"2026-03-03T15:00:00Z"}}`, "timezone"},
		"a bad time zone":  {`{"contact_phone":"+15551234567","idempotency_key":"k","context":{"first_name":"J","appointment_time":"3 pm","timezone":"Mars/North"}}`, "timezone"},
		"no JSON":          {`{`, "JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			world{w.Server, t}.send("POST", reminder, tc.body).wantTroubleshoot(400, tc.words)
		})
	}
	// None of these used up the key.
	w.send("POST", greeter, `{"contact_phone":"+15551234567","idempotency_key":"k"}`).wantStatus(202)
	w.send("POST", "/v1/outbound-calls/agents/nobody", `{}`).want(404, noSuchCall)
	empty(t).send("POST", greeter, `{"contact_phone":"+15551234567","idempotency_key":"k"}`).want(404, noSuchCall)
}

func TestAgentCallsAreBounded(t *testing.T) {
	w := staffed(t)
	w.change(func(t *tx) {
		for i := range maxAgentCalls {
			t.lastAgentCall++
			t.agentCalls.insert(&agentCall{N: t.lastAgentCall, Key: fmt.Sprint(i)})
		}
	})
	body := `{"contact_phone":"+15551234567","idempotency_key":"%s"}`
	w.send("POST", greeter, fmt.Sprintf(body, "0")).wantStatus(409)
	w.send("POST", greeter, fmt.Sprintf(body, "new")).wantStatus(202)
	w.send("POST", greeter, fmt.Sprintf(body, "0")).wantStatus(202)
	w.change(func(x *tx) {
		if x.agentCalls.len() != maxAgentCalls {
			t.Errorf("%d keys are kept", x.agentCalls.len())
		}
	})
}

// The agent is a participant of its call, in reads, in events and in the transcript.
func TestAgentAsParticipant(t *testing.T) {
	for answer, want := range map[string]struct{ participants, speaker string }{
		"ai_voice_agent": {`[{"phone_number":"+4520000001","type":"external"},{"id":"agent-def456","name":"Leads","type":"ai_voice_agent"}]`, "ai_voice_agent"},
		"internal":       {`[{"phone_number":"+4520000001","type":"external"}]`, "internal"},
	} {
		t.Run(answer, func(t *testing.T) {
			w := exchangeWith(t, map[string]string{"agent-participant": answer})
			w.send("POST", greeter, `{"contact_phone":"+4520000001","idempotency_key":"a"}`).wantStatus(202)
			w.Advance(10 * time.Second)
			id := w.last("call.answered").at("id")
			if got := w.last("call.answered").at("participants"); got != want.participants {
				t.Errorf("participants of call.answered %s", got)
			}
			const agent = `[{"agent_id":"agent-def456","agent_name":"Leads","started_at":"%s","ended_at":%s,"end_reason":%s,"escalation_reason":null,"escalation_target":null}]`
			started := w.last("ai_voice_agent.started").text("started_at")
			if got := w.get("/v1/calls/" + id + "?fetch_aiva_conv=true").at("call.ai_voice_agents"); got != fmt.Sprintf(agent, started, "null", "null") {
				t.Errorf("during the call %s", got)
			}
			w.Advance(time.Minute)
			ended := w.last("ai_voice_agent.ended").at("ended_at")
			if got := w.get("/v1/calls/" + id + "?fetch_aiva_conv=true").at("call.ai_voice_agents"); got != fmt.Sprintf(agent, started, ended, `"caller_hung_up"`) {
				t.Errorf("after the call %s", got)
			}
			talk := w.get("/v1/calls/" + id + "/transcription?mode=realtime").wantStatus(200)
			first := talk.at("transcription.content.utterances.0")
			if !strings.HasSuffix(first, `"participant_type":"`+want.speaker+`","ai_voice_agent_id":"agent-def456"}`) {
				t.Errorf("the agent says %s", first)
			}
			second := talk.at("transcription.content.utterances.1")
			if !strings.HasSuffix(second, `"participant_type":"external","phone_number":"+4520000001"}`) {
				t.Errorf("the other says %s", second)
			}
		})
	}
}
