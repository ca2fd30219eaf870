package fakeaircall

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// triggered is a fake with a receiver of all events.
func triggered(t *testing.T) world {
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(receiver.Close)
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: instantOf("2026-03-02T12:00:00Z"), RateLimit: NoRateLimit})), t}
	w.send("POST", "/v1/webhooks", `{"custom_name":"all","url":"`+receiver.URL+`"}`).wantStatus(201)
	return w
}

// trigger triggers an event, whose webhook must have been called, and returns its data.
func (w world) trigger(name string, set map[string]string) answer {
	w.t.Helper()
	e, err := w.Trigger("default", name, set)
	if err != nil {
		w.t.Fatalf("%s: %v", name, err)
	}
	all, _ := w.Deliveries("default")
	if !slices.ContainsFunc(all, func(d Delivery) bool { return d.Event == name && strings.Contains(string(d.Body), string(e.Data)) }) {
		w.t.Errorf("no webhook got %s %s", name, e.Data)
	}
	return answer{t: w.t, body: string(e.Data)}
}

func TestTriggeredNumbersAreThere(t *testing.T) {
	w := triggered(t)
	before := w.get("/v1/numbers").at("meta.total")
	made := w.trigger("number.created", map[string]string{"name": "Paris"})
	read := w.get("/v1/numbers/" + made.at("id"))
	for _, key := range []string{"id", "name", "digits", "country", "time_zone", "open", "availability_status"} {
		if read.at("number."+key) != made.at(key) {
			t.Errorf("%s: the event has %s, the line %s", key, made.at(key), read.at("number."+key))
		}
	}
	if after := w.get("/v1/numbers").at("meta.total"); after != fmt.Sprint(mustID(before)+1) {
		t.Errorf("%s lines, then %s", before, after)
	}
	w.trigger("number.deleted", map[string]string{"id": made.at("id")})
	w.get("/v1/numbers/" + made.at("id")).wantStatus(404)
	if after := w.get("/v1/numbers").at("meta.total"); after != before {
		t.Errorf("%s lines, in the end %s", before, after)
	}
}

// The calls of a deleted line stay readable, those in progress end, and the line is nowhere else.
func TestTriggeredNumberIsGone(t *testing.T) {
	w := triggered(t)
	call := w.get("/v1/calls/12345")
	line := call.at("call.number.id")
	live, err := w.Simulate("default", SimulatedCall{NumberID: mustID(line)})
	if err != nil {
		t.Fatal(err)
	}
	users := w.get("/v1/numbers/" + line).at("number.users.0.id")
	w.send("POST", "/v1/numbers/"+line+"/messages/configuration", `{"callbackUrl":"https://example.com/hook"}`).wantStatus(200)
	w.trigger("number.deleted", map[string]string{"id": line})
	w.get("/v1/numbers/" + line).wantStatus(404)
	w.get("/v1/numbers/" + line + "/messages/configuration").wantStatus(404)
	if got := w.get("/v1/calls/12345"); got.status != 200 || got.at("call.raw_digits") != call.at("call.raw_digits") {
		t.Errorf("the call of the line: %d %s", got.status, got.body)
	} else if got.at("call.number.id") != line || got.at("call.number.open") != "false" {
		t.Errorf("the call shows the line %s", got.at("call.number"))
	}
	w.get("/v1/calls?per_page=50&order=desc").wantStatus(200)
	w.get("/v1/calls/search?per_page=50").wantStatus(200)
	if numbers := w.get("/v2/users/" + users + "/numbers").body; strings.Contains(numbers, `"id":`+line+",") {
		t.Errorf("the user still has the line: %s", numbers)
	}
	w.Advance(time.Hour)
	if got := w.get(fmt.Sprintf("/v1/calls/%d", live)); got.text("call.status") != "done" {
		t.Errorf("the call in progress is %s", got.body)
	}
	w.Advance(48 * time.Hour)
}

func mustID(text string) (id int64) {
	fmt.Sscan(text, &id)
	return id
}

// An account handle creates and deletes lines, with the events of an admin's doing.
func TestCreateAndDeleteNumber(t *testing.T) {
	w := triggered(t)
	a := w.Account("default")
	made, err := a.CreateNumber(NumberFixture{Name: new("Paris"), Digits: new("+33 1 99 00 77 88")})
	if err != nil || made.Name != "Paris" || made.Country != "FR" {
		t.Fatalf("made %+v, %v", made, err)
	}
	w.get(fmt.Sprintf("/v1/numbers/%d", made.ID)).wantStatus(200)
	if got := w.last("number.created"); mustID(got.at("id")) != made.ID {
		t.Errorf("the event is %s", got.body)
	}
	if _, err := a.CreateNumber(NumberFixture{ID: made.ID, Name: new("Lyon")}); err == nil || err.Error() != fmt.Sprintf(`account "default" already has a number %d`, made.ID) {
		t.Errorf("got %v", err)
	}
	if _, err := a.CreateNumber(NumberFixture{Name: new("Lyon"), Digits: new("+33 1 99 00 77 88")}); err == nil || !strings.Contains(err.Error(), "another line's digits") {
		t.Errorf("got %v", err)
	}
	if err := a.DeleteNumber(made.ID); err != nil {
		t.Fatal(err)
	}
	w.get(fmt.Sprintf("/v1/numbers/%d", made.ID)).wantStatus(404)
	if got := w.last("number.deleted"); mustID(got.at("id")) != made.ID || got.at("open") != "false" {
		t.Errorf("the event is %s", got.body)
	}
	if err := a.DeleteNumber(made.ID); err == nil || err.Error() != fmt.Sprintf(`account "default" has no number %d`, made.ID) {
		t.Errorf("got %v", err)
	}
}

// By the other answer to the assumption, a call forgets a deleted line.
func TestCallsForgetDeletedNumbers(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, Assume: map[string]string{"number-deleted": "null"}},
		"retrieve-a-call: body/call/number: want object, got null")), t}
	line := mustID(w.get("/v1/calls/12345").at("call.number.id"))
	if err := w.Account("default").DeleteNumber(line); err != nil {
		t.Fatal(err)
	}
	if got := w.get("/v1/calls/12345").at("call.number"); got != "null" {
		t.Errorf("the call has %s", got)
	}
}

// A read after an update returns the data of the event, and not the data from before.
func TestTriggeredUpdatesAreRead(t *testing.T) {
	for _, c := range []struct {
		event, created, path string
		keys, changed        []string
	}{
		{"playbook_result.updated", "playbook_result.created", "playbook_result", []string{"id", "adherence_score", "playbook_result_topics", "created_at"}, []string{"playbook_result_topics", "adherence_score"}},
		{"custom_summary.result_updated", "custom_summary.result_created", "custom_summary_result", []string{"id", "language", "custom_summary", "summary_template_results"}, []string{"summary_template_results"}},
		{"call_evaluation.updated", "call_evaluation.created", "evaluations", []string{"id", "ai_generated", "evaluations"}, []string{"evaluations"}},
	} {
		w := triggered(t)
		first := w.trigger(c.created, nil)
		id := first.text("call_id")
		path := "/v1/calls/" + id + "/" + c.path
		before := w.get(path)
		before.wantStatus(200)
		for range 3 {
			event := w.trigger(c.event, map[string]string{"call_id": id})
			after := w.get(path)
			for _, key := range c.keys {
				if after.at(key) != event.at(key) {
					t.Errorf("%s: %s is %s in the event and %s when read", c.event, key, event.at(key), after.at(key))
				}
			}
			for _, key := range c.changed {
				if after.at(key) == before.at(key) {
					t.Errorf("%s: %s stays %s", c.event, key, after.at(key))
				}
			}
			if after.at("id") != before.at("id") {
				t.Errorf("%s: the id changes", c.event)
			}
			before = after
		}
		restored := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: instantOf("2026-03-02T12:00:00Z"), RateLimit: NoRateLimit})), t}
		restored.Restore(w.Snapshot())
		if got := restored.get(path).body; got != before.body {
			t.Errorf("%s: a snapshot has %s, want %s", c.event, got, before.body)
		}
	}
}

// A read after an update returns the values that were set.
func TestTriggeredUpdatesAreSet(t *testing.T) {
	w := triggered(t)
	id := w.trigger("call_evaluation.updated", map[string]string{"score": "35"}).text("call_id")
	if got := w.get("/v1/calls/" + id + "/evaluations").at("evaluations.0.score.normalized_score"); got != "35" {
		t.Errorf("the score is %s", got)
	}
	id = w.trigger("custom_summary.result_updated", map[string]string{"content": "He wants a refund."}).text("call_id")
	if got := w.get("/v1/calls/" + id + "/custom_summary_result").text("summary_template_results.0.content"); got != "He wants a refund." {
		t.Errorf("the content is %s", got)
	}
	if _, err := w.Trigger("", "call_evaluation.updated", map[string]string{"score": "101"}); err == nil || err.Error() != `score: 101: give 0 to 100` {
		t.Errorf("got %v", err)
	}
}

// Utterances are received in a call in progress, and are the last of its live transcript.
func TestTriggeredUtterancesAreRead(t *testing.T) {
	w := triggered(t)
	event := w.trigger("realtime_transcription.utterances_received", nil)
	id := event.at("call.id")
	if status := w.get("/v1/calls/" + id).text("call.status"); status != "answered" {
		t.Errorf("the call is %s", status)
	}
	for _, path := range []string{"realtime_transcription", "transcription?mode=realtime"} {
		transcript := w.get("/v1/calls/" + id + "/" + path)
		transcript.wantStatus(200)
		if text := event.at("utterances.0.text"); !strings.Contains(transcript.body, text) {
			t.Errorf("%s lacks %s: %s", path, text, transcript.body)
		}
	}
	w.Advance(20 * time.Second)
	later := w.trigger("realtime_transcription.utterances_received", map[string]string{"call_id": id})
	if later.at("utterances.0.text") == event.at("utterances.0.text") || later.at("call.id") != id {
		t.Errorf("the utterances are %s, then %s", event.at("utterances"), later.at("utterances"))
	}
	w.Advance(time.Hour)
	if status := w.get("/v1/calls/" + id).text("call.status"); status != "done" {
		t.Errorf("after an hour the call is %s", status)
	}
}

// An account has no events of what it did not buy.
func TestTriggersNeedTheLicense(t *testing.T) {
	for _, c := range []struct {
		licence string
		refused []string
		made    []string
	}{
		{"assist", []string{"realtime_transcription.utterances_received", "playbook_result.created", "call_evaluation.updated"}, []string{"summary.created"}},
		{"none", []string{"realtime_transcription.utterances_received", "summary.created", "transcription.created"}, []string{"call.ended"}},
	} {
		w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: instantOf("2026-03-02T12:00:00Z"), RateLimit: NoRateLimit, Assume: map[string]string{"intelligence-licence": c.licence}})), t}
		for _, event := range c.refused {
			if _, err := w.Trigger("", event, nil); err == nil || !strings.HasPrefix(err.Error(), "the account has no license for "+event+": choose other answers") {
				t.Errorf("%s: %s: %v", c.licence, event, err)
			}
		}
		for _, event := range c.made {
			if _, err := w.Trigger("", event, nil); err != nil {
				t.Errorf("%s: %s: %v", c.licence, event, err)
			}
		}
	}
}

// An agent escalates a call in progress to a person, who is then the user of the call.
func TestTriggeredEscalationIsRead(t *testing.T) {
	w := triggered(t)
	event := w.trigger("ai_voice_agent.escalated", nil)
	call := w.get("/v1/calls/" + event.at("call_id"))
	if call.text("call.status") != "answered" || call.at("call.user") == "null" || call.text("call.sid") != event.text("call_uuid") {
		t.Errorf("after %s the call is %s", event.body, call.body)
	}
	w.Advance(time.Hour)
	if status := w.get("/v1/calls/" + event.at("call_id")).text("call.status"); status != "done" {
		t.Errorf("after an hour the call is %s", status)
	}
	for name, status := range map[string]string{"ai_voice_agent.started": "initial", "ai_voice_agent.ended": "done", "ai_voice_agent.summary": "done"} {
		event := w.trigger(name, nil)
		if got := w.get("/v1/calls/" + event.at("call_id")).text("call.status"); got != status {
			t.Errorf("after %s the call is %s, want %s", name, got, status)
		}
	}
}

// After-call work begins and ends with its events, and by itself if nothing ends it.
func TestTriggeredWrapUpIsRead(t *testing.T) {
	w := triggered(t)
	user := w.trigger("user.connected", nil).at("id")
	availability := func(want string) {
		t.Helper()
		if got := w.get("/v1/users/" + user + "/availability").text("availability"); got != want {
			t.Errorf("the user is %s, want %s", got, want)
		}
	}
	w.trigger("user.wut_start", map[string]string{"id": user, "wrap_up_time": "0"})
	availability("after_call_work")
	w.trigger("user.wut_end", map[string]string{"id": user})
	availability("available")
	w.trigger("user.wut_start", map[string]string{"id": user, "wrap_up_time": "120"})
	ends := w.told("user.wut_end")
	w.Advance(119 * time.Second)
	availability("after_call_work")
	w.Advance(time.Second)
	availability("available")
	if got := w.told("user.wut_end"); got != ends+1 {
		t.Errorf("%d events of the end, want %d", got, ends+1)
	}
}
