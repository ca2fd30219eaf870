package traffic_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/traffic"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Every rule names an assumption, once.
func TestRulesNameAssumptions(t *testing.T) {
	covered := traffic.Covered()
	for i, id := range covered {
		known := slices.ContainsFunc(fakeaircall.Assumptions(), func(a fakeaircall.Assumption) bool { return a.ID == id })
		if !known || slices.Contains(covered[:i], id) {
			t.Errorf("%s has a rule, and there is no such assumption, or another rule", id)
		}
	}
	for id, why := range traffic.Unobservable() {
		known := slices.ContainsFunc(fakeaircall.Assumptions(), func(a fakeaircall.Assumption) bool { return a.ID == id })
		if !known || why == "" || slices.Contains(covered, id) {
			t.Errorf("%s cannot be observed: there is no such assumption, no reason, or a rule", id)
		}
	}
	if len(covered) < 100 {
		t.Errorf("%d assumptions have rules, want 100", len(covered))
	}
}

// Every rule can refute: its assumption has an exchange in refuting.txt, or fakes that answer otherwise.
func TestEveryRuleRefutes(t *testing.T) {
	source, err := txtar.ParseFile("testdata/refuting.txt")
	if err != nil {
		t.Fatal(err)
	}
	refuting := map[string]string{"body-too-large": "> POST /v1/tags\n{\"name\":\"" + strings.Repeat("x", 11<<20) + "\"}\n< 201 not saved\n"}
	for _, f := range source.Files {
		refuting[f.Name] = string(f.Data)
	}
	for _, id := range traffic.Covered() {
		text, ok := refuting[id]
		if !ok {
			if provoke[id] == nil {
				t.Errorf("no exchange refutes %s", id)
			}
			continue
		}
		delete(refuting, id)
		r := newRecording(t)
		for _, e := range entriesOf(t, "@ 2026-09-28T10:21:00Z\n"+text) {
			r.write(e)
		}
		if v := verdictOf(t, r.check(traffic.Options{}), id); v.Result != report.Refuted {
			t.Errorf("%s is %s (%s)", id, v.Result, v.Why)
		}
	}
	for id := range refuting {
		t.Errorf("refuting.txt has %s, which has no rule", id)
	}
}

// What TestEvents and TestConfirmed confirm.
var (
	byEvents = []string{
		"event-absent", "event-contact-times", "event-cost", "event-e164", "event-participants", "event-short-urls", "event-message-times", "event-message-timestamp",
		"event-message-origin", "event-insights", "event-integration", "event-missed", "event-transfer-user", "callback-data", "webhook-events", "whatsapp-failure",
	}
	byRequests = []string{"group-size", "webhook-events-action", "contact-search-both", "transcription-mode", "intelligence-unlicensed"}
)

// A standard fake's events refute nothing, and confirm what is assumed of events.
func TestEvents(t *testing.T) {
	f := newFake(t, nil)
	f.subscribe()
	for _, trigger := range fakeaircall.Triggers() {
		if _, err := f.server.Trigger("default", trigger.Event, nil); err != nil {
			t.Errorf("%s: %v", trigger.Event, err)
		}
	}
	f.simulate(fakeaircall.SimulatedCall{Outcome: "missed"})
	line := f.at("GET /v1/numbers", "numbers.0.id")
	f.ask("POST /v1/messages/send/whatsapp/native", `{"lineId":`+line+`,"externalNumber":"+4520000001","text":"Hello"}`) // outside the window of a day
	second := f.at("GET /v1/numbers", "numbers.1.id")
	f.ask("POST /v1/numbers/"+second+"/messages/configuration", `{"callbackUrl":"http://127.0.0.1:9/"}`)
	f.ask("POST /v1/numbers/"+second+"/messages/send", `{"to":"+4520000001","body":"Hello"}`)
	f.server.Advance(10 * time.Minute)
	f.delivered()
	r := f.check(traffic.Options{})
	clean(t, r)
	for _, id := range byEvents {
		if v := verdictOf(t, r, id); v.Result != report.Confirmed {
			t.Errorf("%s is %s", id, v.Result)
		}
	}
	if r.Events < len(fakeaircall.Triggers()) {
		t.Errorf("%d events of %d", r.Events, len(fakeaircall.Triggers()))
	}
}

// The fake confirms what the scenarios do not ask for.
func TestConfirmed(t *testing.T) {
	f := newFake(t, map[string]string{"intelligence-unlicensed": "403", "intelligence-licence": "assist"})
	line := f.at("GET /v1/numbers", "numbers.0.id")
	f.ask("POST /v1/numbers/"+line+"/messages/group/native/send", `{"participants":["+33199001234"],"body":"Hello"}`)
	f.ask("POST /v1/webhooks", `{"url":"https://hooks.acme.test/a","events":["call.ended"]}`)
	hook := f.at("GET /v1/webhooks", "webhooks.0.webhook_id")
	f.ask("PUT /v1/webhooks/"+hook+"?events_action=replace", `{"events":["call.ended"]}`)
	f.ask("POST /v1/contacts", `{"first_name":"Kim","phone_numbers":[{"label":"Work","value":"+33199001234"}],"emails":[{"label":"Work","value":"kim@acme.test"}]}`)
	f.ask("GET /v1/contacts/search?phone_number=%2B33199001234&email=kim@acme.test", "")
	for i := range 50 {
		call := f.at("GET /v1/calls?per_page=50&order=desc", fmt.Sprintf("calls.%d.id", i))
		if f.ask("GET /v1/calls/"+call+"/transcription?mode=later", "").Code == 200 {
			f.ask("GET /v1/calls/"+call+"/custom_summary_result", "")
			break
		}
	}
	r := f.check(traffic.Options{Assume: map[string]string{"intelligence-unlicensed": "403"}})
	clean(t, r)
	for _, id := range byRequests {
		if v := verdictOf(t, r, id); v.Result != report.Confirmed {
			t.Errorf("%s is %s", id, v.Result)
		}
	}
}

// A recording of what the API does not have has news, without values.
func TestNews(t *testing.T) {
	r := newRecording(t)
	for _, e := range entriesOf(t, `
@ 2026-09-28T10:21:00Z
> GET /v1/ping
< 200
h X-Shard: Ada Okafor
{"ping":"pong","since":"Ada Okafor"}
> GET /v1/contacts/518000001/secret-notes/ada
< 200
{}
> GET /v3/calls
< 200
{}
> GET /v1/users/ada/preferences
< 200
{}
> GET /v1/users/1/availability
< 200
{"availability":"on_lunch"}
> GET /v1/webhooks
< 200
{"meta":{"count":0,"total":0,"current_page":1,"per_page":20},"webhooks":[{"events":["call.whispered","Ada Okafor"]}]}
> GET /v1/tags
< 418
{}
! {"resource":"call","event":"call.muted","timestamp":1790589600,"token":"x","data":{"id":1}}
`) {
		r.write(e)
	}
	result := r.check(traffic.Options{})
	var got []string
	for _, n := range result.New {
		got = append(got, n.Kind+" "+n.What)
	}
	slices.Sort(got)
	want := []string{
		"event call.muted", "event call.whispered", "header X-Shard", "member ping: since", "route GET /v1/contacts/…/secret-notes/… answers 200", "route GET /v1/users/…/… answers 200",
		"route GET /v3/calls answers 200", "status list-all-tags: 418", "word check-availability-of-a-user: availability: on_lunch",
	}
	if !slices.Equal(got, want) {
		t.Errorf("news:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
