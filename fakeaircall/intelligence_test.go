package fakeaircall

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// talked is a world with an inbound call of so many seconds of talk that ended
// an hour ago.
func talked(t *testing.T, seconds int64, change func(*call)) world {
	w := empty(t)
	w.talk(seconds, change)
	return w
}

func (w world) talk(seconds int64, change func(*call)) {
	w.t.Helper()
	w.change(func(t *tx) {
		t.companyID, t.name = 400, "Acme"
		t.numbers.insert(&number{ID: 44, Country: "GB", Recording: true})
		end := t.unix() - 3600
		c := &call{
			ID: 5, SID: "CA00000000000000000000000000000001", Inbound: true, Started: end - seconds - 10, Answered: end - seconds, Ended: end,
			Recorded: true, Other: "+44 20 7946 0001", Number: 44, User: 7,
		}
		if change != nil {
			change(c)
		}
		t.calls.insert(c)
	})
}

var insightReads = []string{
	"transcription", "realtime_transcription", "sentiments", "topics", "summary", "custom_summary_result", "action_items",
	"playbook_result", "evaluations", "predicted_csat",
}

// finished returns the reads of a call that is over.
func finished() []string {
	return slices.DeleteFunc(slices.Clone(insightReads), func(s string) bool { return s == "realtime_transcription" })
}

const noSuchCall = `{"error":"Not Found","troubleshoot":"Check ID of the resource","success":false}`

func TestInsights(t *testing.T) {
	w := talked(t, 75, func(c *call) { c.SID = "CA00000000000000000000000000000007" }) // of two matters, a bad and a good one
	for path, body := range map[string]string{
		"sentiments":                          `{"sentiment":{"id":7258076250,"call_id":5,"participants":[{"phone_number":"+442079460001","type":"external","value":"NEUTRAL"}]}}`,
		"topics":                              `{"topic":{"id":1419867188,"call_id":5,"created_at":"2026-03-02T11:01:18.000Z","content":["technical issue","product demo"]}}`,
		"summary":                             `{"summary":{"id":6047126786,"call_id":5,"created_at":"2026-03-02T11:01:46.000Z","content":"The app freezes since the update; the agent gave a workaround until the fix comes out tomorrow. The customer asked for a demo for four people, which was set for Tuesday at ten."}}`,
		"action_items":                        `{"call_id":5,"action_items":[{"id":3624953491,"content":"Tell the customer when the fix is out.","ai_generated":true,"created_by":null,"created_at":"2026-03-02T11:00:28.000Z","updated_by":null,"updated_at":"2026-03-02T11:00:28.000Z"},{"id":3624953492,"content":"Send the invitation for the demo on Tuesday.","ai_generated":true,"created_by":null,"created_at":"2026-03-02T11:00:28.000Z","updated_by":null,"updated_at":"2026-03-02T11:00:28.000Z"}]}`,
		"playbook_result":                     `{"id":2900636354,"call_id":5,"user_id":7,"number_id":44,"adherence_score":75,"created_at":"2026-03-02T11:01:44.000Z","playbook_result_topics":[{"name":"Greeting","result":"Covered"},{"name":"Understanding the need","result":"Not covered"},{"name":"Solution","result":"Covered"},{"name":"Next steps","result":"Covered"}]}`,
		"playbook_result?fetch_playbook=true": `{"id":2900636354,"call_id":5,"user_id":7,"number_id":44,"adherence_score":75,"created_at":"2026-03-02T11:01:44.000Z","playbook":{"id":400,"name":"Customer conversation","language":"en-GB"},"playbook_result_topics":[{"name":"Greeting","result":"Covered"},{"name":"Understanding the need","result":"Not covered"},{"name":"Solution","result":"Covered"},{"name":"Next steps","result":"Covered"}]}`,
		"evaluations":                         `{"id":2071918437,"call_id":5,"ai_generated":true,"evaluations":[{"scorecard":{"name":"Service quality"},"score":{"normalized_score":80}}]}`,
		"custom_summary_result":               `{"id":9923628062,"call_id":5,"number_id":44,"language":"en-GB","custom_summary":{"name":"Call report"},"summary_template_results":[{"name":"Reason for the call","content":"technical issue, product demo"},{"name":"Outcome","content":"The app freezes since the update; the agent gave a workaround until the fix comes out tomorrow. The customer asked for a demo for four people, which was set for Tuesday at ten."},{"name":"Next steps","content":"Tell the customer when the fix is out. Send the invitation for the demo on Tuesday."}]}`,
		"predicted_csat":                      `{"csat":{"call_id":5,"call_uuid":"CA00000000000000000000000000000007","score":69,"drivers":[{"polarity":"NEGATIVE","label":"technical issue"},{"polarity":"POSITIVE","label":"product demo"}]}}`,
	} {
		w.get("/v1/calls/5/"+path).want(200, body)
	}
}

// Utterances are within the talk, one after the other, by the two participants.
func TestTranscriptFits(t *testing.T) {
	for _, seconds := range []int64{60, 61, 90, 300, 1800, 10 * 24 * 3600} {
		w := talked(t, seconds, func(c *call) { c.Inbound = seconds%2 == 0 })
		a := w.get("/v1/calls/5/transcription").wantStatus(200)
		var content contentView
		if err := json.Unmarshal([]byte(a.at("transcription.content")), &content); err != nil {
			t.Fatal(err)
		}
		at := 0.0
		for i, u := range content.Utterances {
			if u.StartTime <= at || u.EndTime <= u.StartTime || u.EndTime > float64(seconds) {
				t.Errorf("%ds: utterance %d from %v to %v after %v", seconds, i, u.StartTime, u.EndTime, at)
			}
			at = u.EndTime
			switch {
			case u.ParticipantType == "internal" && u.UserID == 7 && u.PhoneNumber == nil:
			case u.ParticipantType == "external" && u.UserID == 0 && *u.PhoneNumber == "+442079460001":
			default:
				t.Errorf("%ds: utterance %d is of neither participant: %s", seconds, i, a.at(fmt.Sprintf("transcription.content.utterances.%d", i)))
			}
		}
		if len(content.Utterances) < 8 || len(content.Utterances) > maxUtterances {
			t.Errorf("%ds: %d utterances", seconds, len(content.Utterances))
		}
		if last := content.Utterances[len(content.Utterances)-1].Text; seconds <= 1800 && !slices.ContainsFunc(phrasebooks()["en"].Closing, func(c []string) bool { return c[2] == last }) {
			t.Errorf("%ds: it ends with %q", seconds, last)
		}
	}
}

func TestNoInsight(t *testing.T) {
	for name, change := range map[string]func(*call){
		"59 seconds of talk":       func(c *call) { c.Answered++ },
		"not recorded, or deleted": func(c *call) { c.Recorded = false },
		"unanswered":               func(c *call) { c.Answered = 0 },
		"a Swedish line":           func(c *call) { c.Number = 46 },
		"too early":                func(c *call) { c.Ended, c.Answered = c.Ended+3481, c.Answered+3481 },
		"not over":                 func(c *call) { c.Answered, c.Ended = 0, 0 },
	} {
		t.Run(name, func(t *testing.T) {
			w := talked(t, 60, change)
			w.change(func(t *tx) { t.numbers.insert(&number{ID: 46, Country: "SE", Recording: true}) })
			for _, path := range finished() {
				w.get("/v1/calls/5/"+path).want(404, noSuchCall)
			}
			w.get("/v1/calls/6/summary").want(404, noSuchCall)
			w.get("/v1/calls/five/summary").want(400, `{"error":"Bad Request","troubleshoot":"call_id must be an integer","success":false}`)
		})
	}
}

func TestInsightComesWithTime(t *testing.T) {
	w := talked(t, 60, func(c *call) { c.Ended, c.Answered = c.Ended+3481, c.Answered+3481 })
	w.get("/v1/calls/5/summary").wantStatus(404)
	w.Advance(time.Second)
	for _, path := range insightReads {
		w.get("/v1/calls/5/" + path).wantStatus(200)
	}
}

func TestVoicemailHasATranscriptionOnly(t *testing.T) {
	w := talked(t, 30, func(c *call) { c.Answered, c.Recorded, c.Voicemail, c.User, c.Other = 0, false, true, 0, "anonymous" })
	for _, path := range slices.Concat(insightReads[1:], []string{"transcription?mode=realtime"}) {
		w.get("/v1/calls/5/" + path).wantStatus(404)
	}
	w.get("/v1/calls/5/transcription").want(200, `{"transcription":{"id":8477421394,"call_id":5,"call_created_at":"2026-03-02T10:59:20.000Z","type":"voicemail","content":{"language":"en-GB","utterances":[{"start_time":0.7,"end_time":4.8,"text":"Hi, it's about the delivery that was due this morning.","participant_type":"external"},{"start_time":5.6,"end_time":7.6,"text":"It hasn't shown up yet.","participant_type":"external"},{"start_time":8.2,"end_time":11.7,"text":"Can you find out where it is and let me know?","participant_type":"external"}]}}}`)
}

// A live transcript grows while people talk.
func TestRealtimeTranscription(t *testing.T) {
	w := talked(t, 0, func(c *call) { c.Answered, c.Ended, c.Recorded = c.Ended+3590, 0, false })
	const realtime = "/v1/calls/5/transcription?mode=realtime"
	said := func(path, list string) int {
		t.Helper()
		return len(w.get(path).wantStatus(200).list(list, "text"))
	}
	w.get(realtime).want(200, `{"transcription":{"id":8477421394,"call_id":5,"call_created_at":"2026-03-02T10:59:50.000Z","type":"call","content":{"language":"en-GB","utterances":[{"start_time":0.9,"end_time":4.9,"text":"Thank you for calling Acme, how can I help you today?","participant_type":"internal","user_id":7},{"start_time":5.1,"end_time":7.3,"text":"Hi, thanks for picking up.","participant_type":"external","phone_number":"+442079460001"}]}}}`)
	early := said(realtime, "transcription.content.utterances")
	if early == 0 || early != said("/v1/calls/5/realtime_transcription", "content.utterances") {
		t.Errorf("%d utterances after ten seconds", early)
	}
	w.get("/v1/calls/5/transcription").wantStatus(404)
	w.get("/v1/calls/5/transcription?mode=async").wantStatus(404)
	w.Advance(time.Minute)
	if late := said(realtime, "transcription.content.utterances"); late <= early {
		t.Errorf("%d utterances after ten seconds, %d after 70", early, late)
	}
	w.change(func(t *tx) { t.numbers.order[0].Recording = false })
	w.get(realtime).wantStatus(404)
}

func TestRealtimeTranscriptionNeedsARecording(t *testing.T) {
	w := talked(t, 60, func(c *call) { c.Recorded = false })
	w.get("/v1/calls/5/transcription?mode=realtime").want(404, noSuchCall)
}

func TestRealtimeTranscriptionIsRemoved(t *testing.T) {
	const path, gone = "/v1/calls/5/realtime_transcription", `{"message":"Not Found"}`
	for _, answer := range []string{"removed", "keep"} {
		w := world{RunT(t, checked(t, Options{AllowUnknownRoutes: true, Scale: ScaleEmpty, Clock: realtimeEnd.Add(-time.Second), Assume: map[string]string{"realtime-transcription": answer}})), t}
		w.talk(60, nil)
		w.get(path).wantStatus(200)
		w.Advance(time.Second)
		if answer == "keep" {
			w.get(path).wantStatus(200)
			continue
		}
		w.get(path).want(404, gone)
		w.sendAs("", "GET", path, "").want(404, gone)
		w.get("/v1/calls/5/transcription?mode=realtime").wantStatus(200)
	}
}

func TestInsightLicences(t *testing.T) {
	pro := []string{"realtime_transcription", "custom_summary_result", "playbook_result", "evaluations", "predicted_csat"}
	for _, licence := range []string{"pro", "assist", "none"} {
		for _, unlicensed := range []string{"404", "403"} {
			w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Assume: map[string]string{"intelligence-licence": licence, "intelligence-unlicensed": unlicensed}})), t}
			w.talk(60, nil)
			for _, path := range insightReads {
				a := w.get("/v1/calls/5/" + path)
				switch {
				case licence == "pro", licence == "assist" && !slices.Contains(pro, path):
					a.wantStatus(200)
				case unlicensed == "404":
					a.want(404, noSuchCall)
				default:
					a.wantTroubleshoot(403, "AI Assist")
				}
			}
		}
	}
}

// The live transcript needs AI Assist Pro, or so it seems.
func TestRealtimeLicence(t *testing.T) {
	for needs, status := range map[string]int{"pro": 404, "assist": 200} {
		w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Assume: map[string]string{"intelligence-licence": "assist", "realtime-licence": needs}})), t}
		w.talk(60, nil)
		for _, path := range []string{"transcription?mode=realtime", "realtime_transcription"} {
			w.get("/v1/calls/5/" + path).wantStatus(status)
		}
		w.get("/v1/calls/5/transcription").wantStatus(200)
		w.get("/v1/calls/5/transcription?mode=async").wantStatus(200)
	}
}

// All seeded conversations are consistent, and the same when read again.
func TestSeededInsights(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit})), t}
	spoken := map[string]int{}
	var ids []int64
	w.change(func(t *tx) {
		for _, c := range t.calls.order {
			if v := t.conversation(c, false); v != nil {
				ids = append(ids, c.ID)
				spoken[v.language]++
			}
		}
	})
	if len(ids) < 15 {
		t.Fatalf("%d calls with a conversation", len(ids))
	}
	for _, id := range ids {
		for _, path := range finished() {
			target := fmt.Sprintf("/v1/calls/%d/%s", id, path)
			a := w.get(target)
			if a.status == 404 { // a voicemail
				continue
			}
			a.wantStatus(200)
			if diff := cmp.Diff(a.body, w.get(target).body); diff != "" {
				t.Errorf("%s the second time:\n%s", target, diff)
			}
		}
	}
	t.Log(spoken)
}

func TestPhrasebooks(t *testing.T) {
	for language, b := range phrasebooks() {
		dialogues := slices.Concat(b.Greeting, b.Calling, b.Closing)
		for _, m := range b.Voicemail {
			dialogues = append(dialogues, m.Said)
			if len(m.Notes) == 0 {
				t.Errorf("%s: no notes on %q", language, m.Said)
			}
		}
		for _, dialogue := range dialogues {
			if len(dialogue) != 3 {
				t.Errorf("%s: %q", language, dialogue)
			}
		}
		for _, m := range b.Matters {
			if m.Topic == "" || len(m.Said)%2 != 0 || !strings.HasSuffix(m.Summary, ".") || !strings.HasSuffix(m.Action, ".") || len(m.Notes) < 3 {
				t.Errorf("%s: %+v", language, m)
			}
		}
		for i, c := range countries() {
			if i < homes && phrasebooks()[languageOf(c.Code)] == nil {
				t.Errorf("no phrasebook has the language of %s", c.Code)
			}
		}
	}
}

// insightRead says whether a path is one of these reads, which refuse an id that
// is no integer where others find nothing.
func insightRead(path string) bool {
	read, ok := strings.CutPrefix(path, "/v1/calls/{id}/")
	return ok && slices.Contains(insightReads, read)
}
