package traffic_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/traffic"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// provoke has requests whose replies show which answer of an assumption a fake gives.
var provoke = map[string]func(f *fake){
	"rate-limit-headers": func(f *fake) { f.ask("GET /v1/ping", "") },
	"success-false":      func(f *fake) { f.ask("GET /v1/calls/99999999999", "") },
	"contact-errors":     func(f *fake) { f.ask("GET /v1/contacts/99999999999", "") },
	"per-page-range":     func(f *fake) { f.ask("GET /v1/calls?per_page=0", "") },
	"contacts-per-page":  func(f *fake) { f.ask("GET /v1/contacts", "") },
	"contacts-above-50":  func(f *fake) { f.contacts(60); f.ask("GET /v1/contacts?per_page=55", "") },
	"window-not-seconds": func(f *fake) { f.ask("GET /v1/calls?from=2020-01-01T00:00:00Z", "") },
	"users-v1": func(f *fake) {
		f.server.Advance(150 * 24 * time.Hour)
		f.ask("GET /v1/users", "")
	},
	"realtime-transcription": func(f *fake) { f.ask("GET /v1/calls/12345/realtime_transcription", "") },
	"integration-basic":      func(f *fake) { f.ask("GET /v1/integrations/me", "") },
	"integration-disabled": func(f *fake) {
		f.ask("POST /v1/integrations/disable", "", bearer)
		f.ask("GET /v1/ping", "", bearer)
	},
	"call-tags": func(f *fake) {
		for _, name := range []string{"One", "Two"} {
			f.ask("POST /v1/tags", `{"name":"`+name+`","color":"#aa3300"}`)
		}
		one, two := f.at("GET /v1/tags?order=desc", "tags.0.id"), f.at("GET /v1/tags?order=desc", "tags.1.id")
		f.ask("POST /v1/calls/12345/tags", `{"tags":[`+one+`]}`)
		f.ask("GET /v1/calls/12345", "")
		f.ask("POST /v1/calls/12345/tags", `{"tags":[`+two+`]}`)
		f.ask("GET /v1/calls/12345", "")
	},
	"call-comments": func(f *fake) {
		f.ask("GET /v1/calls/12345", "")
		for range 5 {
			f.ask("POST /v1/calls/12345/comments", `{"content":"Probe"}`)
		}
		f.ask("GET /v1/calls/12345", "")
	},
	"call-finalization": func(f *fake) {
		f.simulate(fakeaircall.SimulatedCall{Direction: "outbound", Outcome: "answered", Ring: 5 * time.Second, Talk: 20 * time.Second})
		f.server.Advance(40 * time.Second)
		f.ask("GET /v1/calls?order=desc&per_page=1", "")
	},
	"recording-delete": func(f *fake) { f.ask("DELETE /v1/calls/12345/recording", "") },
	"insight-cards": func(f *fake) {
		id := f.simulate(fakeaircall.SimulatedCall{Outcome: "answered", Ring: 5 * time.Second, Talk: 5 * time.Minute})
		f.server.Advance(20 * time.Second)
		f.ask(fmt.Sprintf("POST /v1/calls/%d/insight_cards", id), `{"contents":[{"type":"title","text":"Customer"}]}`)
	},
	"contact-label": func(f *fake) {
		f.ask("POST /v1/contacts/5678/phone_details", `{"value":"+33199001122"}`)
	},
	"dialer-envelope": func(f *fake) {
		user := f.at("GET /v2/users", "users.0.id")
		f.ask("POST /v1/users/"+user+"/dialer_campaign", `{"phone_numbers":["+33199001122"]}`)
		f.ask("GET /v1/users/"+user+"/dialer_campaign", "")
	},
	"a2p": func(f *fake) { f.ask("GET /v1/a2p_campaign_associations", "") },
	"webhook-events": func(f *fake) {
		for _, name := range []string{"team.created", "outbound_campaign.status_changed"} {
			f.ask("POST /v1/webhooks", `{"url":"https://hooks.acme.test/a","events":["`+name+`"]}`)
		}
	},
	"event-absent": func(f *fake) { f.trigger("call.created") },
	"event-audio": func(f *fake) {
		f.subscribe()
		f.simulate(fakeaircall.SimulatedCall{Outcome: "answered", NumberID: f.recordingLine()})
		f.server.Advance(10 * time.Minute)
		f.delivered()
	},
	"event-contact-times":     func(f *fake) { f.trigger("contact.created") },
	"event-message-timestamp": func(f *fake) { f.trigger("message.sent") },
	"event-message-origin":    func(f *fake) { f.trigger("message.sent") },
	"agent-participant": func(f *fake) {
		f.ask("POST /v1/outbound-calls/agents/agent-def456", `{"contact_phone":"+15551234567","idempotency_key":"appt-1"}`)
		f.server.Advance(2 * time.Second)
		id := f.at("GET /v1/calls?order=desc&per_page=1", "calls.0.id")
		f.server.Advance(30 * time.Second)
		f.ask("GET /v1/calls/"+id+"?fetch_aiva_conv=true", "")
		f.ask("GET /v1/calls/"+id+"/transcription?mode=realtime", "")
	},
	"number-deleted": func(f *fake) {
		id := f.at("GET /v1/calls/12345", "call.number.id")
		if err := f.server.Account("default").DeleteNumber(atoi(id)); err != nil {
			f.t.Fatal(err)
		}
		f.ask("GET /v1/numbers/"+id, "")
		f.ask("GET /v1/calls/12345", "")
	},
	"integration-installed": func(f *fake) {
		f.ask("POST /v1/integrations/disable", "", bearer)
		allowed := f.ask("POST /oauth/authorize?client_id=fake-client-id&redirect_uri=https://app.example.com/oauth/callback&response_type=code&scope=public_api&decision=allow", "")
		back, err := allowed.Result().Location()
		if err != nil {
			f.t.Fatal(err)
		}
		granted := f.ask("POST /v1/oauth/token", `{"client_id":"fake-client-id","client_secret":"fake-client-secret","code":"`+back.Query().Get("code")+
			`","redirect_uri":"https://app.example.com/oauth/callback","grant_type":"authorization_code"}`)
		_, token, _ := strings.Cut(granted.Body.String(), `"access_token":"`)
		token, _, _ = strings.Cut(token, `"`)
		f.ask("GET /v1/integrations/me", "", "Authorization: Bearer "+token)
	},
	"hungup-missed": func(f *fake) {
		f.subscribe()
		f.simulate(fakeaircall.SimulatedCall{Outcome: "answered", Ring: 5 * time.Second, Talk: 5 * time.Second})
		f.server.Advance(time.Minute)
		f.simulate(fakeaircall.SimulatedCall{Outcome: "missed"})
		f.server.Advance(10 * time.Minute)
		f.delivered()
	},
	"transfer-answered": func(f *fake) {
		f.subscribe()
		line := f.recordingLine()
		first := f.at(fmt.Sprint("GET /v1/numbers/", line), "number.users.0.id")
		f.ask("POST /v2/users", `{"email":"ada@default.example.com","first_name":"Ada","last_name":"Okafor"}`)
		second := f.at("GET /v2/users?order=desc", "users.0.id")
		if err := f.server.SetPresence("default", atoi(second), "connect", ""); err != nil {
			f.t.Fatal(err)
		}
		id := f.simulate(fakeaircall.SimulatedCall{Outcome: "answered", NumberID: line, UserID: atoi(first), Ring: 5 * time.Second, Talk: 5 * time.Minute})
		f.server.Advance(20 * time.Second)
		f.ask(fmt.Sprintf("POST /v1/calls/%d/transfers", id), `{"user_id":`+second+`}`)
		f.server.Advance(time.Minute)
		if err := f.server.Act("default", id, fakeaircall.Action{Do: fakeaircall.ActionHangUp}); err != nil {
			f.t.Fatal(err)
		}
		f.delivered()
	},
}

// beside has what a fake must assume besides, so that its replies can show the answer.
var beside = map[string]map[string]string{"integration-installed": {"integration-disabled": "uninstall"}}

// alone lists the covered assumptions with answers that no fake can show by itself, with the test that does.
var alone = map[string]string{
	"server-error":            "the fake does not fail: TestSingleExchanges",
	"intelligence-unlicensed": "a 404 has other reasons, too: TestSingleExchanges",
}

// Each rule of an assumption with answers refutes the other answers: fakes that give each answer show which one they give.
func TestAnswers(t *testing.T) {
	walked := 0
	for _, a := range fakeaircall.Assumptions() {
		if len(a.Answers) == 0 || !slices.Contains(traffic.Covered(), a.ID) || alone[a.ID] != "" {
			continue
		}
		show := provoke[a.ID]
		if show == nil {
			t.Errorf("nothing provokes the answers to %s", a.ID)
			continue
		}
		walked++
		for _, given := range a.Answers {
			assume := map[string]string{a.ID: given}
			maps.Copy(assume, beside[a.ID])
			f := newFake(t, assume)
			show(f)
			for _, assumed := range a.Answers {
				want := report.Refuted
				if assumed == given {
					want = report.Confirmed
				}
				v := verdictOf(t, f.check(traffic.Options{Assume: map[string]string{a.ID: assumed}}), a.ID)
				if v.Result != want {
					t.Errorf("%s: a fake with the answer %s, when %s is assumed: %s, want %s (%s)", a.ID, given, assumed, v.Result, want, v.Why)
				}
				if want == report.Refuted && v.Result == want && !strings.Contains(v.Fits, given) {
					t.Errorf("%s: a fake with the answer %s seems to fit %q", a.ID, given, v.Fits)
				}
			}
		}
	}
	if walked < 25 {
		t.Errorf("%d assumptions with answers are covered, want 25", walked)
	}
}

func atoi(s string) (n int64) {
	fmt.Sscan(s, &n)
	return n
}

func (f *fake) contacts(n int) {
	for i := range n {
		f.ask("POST /v1/contacts", fmt.Sprintf(`{"first_name":"Kim","phone_numbers":[{"label":"Work","value":"+3319900%04d"}]}`, i))
	}
}

func (f *fake) simulate(c fakeaircall.SimulatedCall) int64 {
	f.t.Helper()
	id, err := f.server.Simulate("default", c)
	if err != nil {
		f.t.Fatal(err)
	}
	return id
}

// trigger subscribes to all events, makes one happen, and records it.
func (f *fake) trigger(event string) {
	f.t.Helper()
	f.subscribe()
	if _, err := f.server.Trigger("default", event, nil); err != nil {
		f.t.Fatal(err)
	}
	f.server.Advance(time.Second)
	f.delivered()
}

// recordingLine returns an open line that records, with two users who are available.
func (f *fake) recordingLine() int64 {
	f.t.Helper()
	for i := range 20 {
		id := f.at("GET /v1/numbers?per_page=50", fmt.Sprintf("numbers.%d.id", i))
		if id == "" {
			break
		}
		one := "GET /v1/numbers/" + id
		if f.at(one, "number.live_recording_activated") == "true" && f.at(one, "number.availability_status") == "open" && f.at(one, "number.is_ivr") == "false" &&
			f.at(one, "number.users.0.available") == "true" && f.at(one, "number.users.1.available") == "true" {
			return atoi(id)
		}
	}
	f.t.Fatal("no line of the fake records and has two available users")
	return 0
}
