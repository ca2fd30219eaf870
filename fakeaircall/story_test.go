package fakeaircall

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// story returns the events from an instant on: each with the seconds after it, and those of calls with the user. It
// leaves out version 2 of the events of users, which says the same.
func (w world) story(from time.Time) []string {
	w.t.Helper()
	var told []string
	for _, e := range w.events() {
		if strings.HasSuffix(e.Name, ".v2") || e.At.Before(from) || strings.HasPrefix(e.Name, "number.") {
			continue
		}
		line := fmt.Sprintf("%s %s", strconv.FormatFloat(e.At.Sub(from).Seconds(), 'f', -1, 64), e.Name)
		a := answer{t: w.t, body: string(e.Data)}
		if strings.HasPrefix(e.Name, "call.") {
			line += " " + a.text("status")
			if strings.Contains(a.body, `"user":{`) {
				line += " " + a.at("user.id")
			}
			for _, audio := range []string{"recording", "voicemail"} {
				if a.at(audio) != "null" {
					line += " " + audio
				}
			}
			if a.at("missed_call_reason") != "null" {
				line += " " + a.text("missed_call_reason")
			}
		}
		told = append(told, line)
	}
	return told
}

// Each lifecycle has exactly these events, in this order and at these times
// after its start (captures of 2022, and the reference where none shows it).
func TestStories(t *testing.T) {
	missed := []string{"0 call.created initial"}
	for name, tc := range map[string]struct {
		call   SimulatedCall
		assume []string
		want   []string
	}{
		"answered": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "answered", Ring: 6 * time.Second, Talk: 60 * time.Second,
			Then: []Action{{Do: "hold", After: 10 * time.Second}, {Do: "unhold", After: 15 * time.Second}, {Do: "comment", Content: "Calls back", UserID: 31, After: 153 * time.Second}}}, nil, []string{
			"0 call.created initial", "0 call.ringing_on_agent initial 31", "6 call.answered answered 31", "10 call.hold answered 31", "15 call.unhold answered 31",
			"66 user.wut_start", "66 call.hungup done 31", "76 user.wut_end", "96 call.ended done 31 recording", "101 call.comm_assets_generated done 31 recording",
			"153 call.commented done 31 recording"}},
		"tagged before its end": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "answered", Ring: 2 * time.Second, Talk: 8 * time.Second, Then: []Action{{Do: "tag", TagID: 9001, UserID: 31, After: 12 * time.Second}}}, nil, []string{
			"0 call.created initial", "0 call.ringing_on_agent initial 31", "2 call.answered answered 31", "10 user.wut_start", "10 call.hungup done 31",
			"12 call.tagged done 31", "12 user.wut_end", "40 call.ended done 31 recording", "45 call.comm_assets_generated done 31 recording"}},
		"audio that is late": {SimulatedCall{NumberID: 41, UserID: 32, Outcome: "answered"}, []string{"event-audio", "late"}, []string{
			"0 call.created initial", "0 call.ringing_on_agent initial 32", "6 call.answered answered 32", "66 call.hungup done 32", "96 call.ended done 32", "101 call.comm_assets_generated done 32 recording"}},
		"agents did not answer": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "missed", Ring: 20 * time.Second}, nil, append(slices.Clone(missed),
			"0 call.ringing_on_agent initial 31", "20 call.hungup done agents_did_not_answer", "50 call.ended done agents_did_not_answer")},
		"without call.hungup": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "missed", Ring: 20 * time.Second}, []string{"hungup-missed", "none"}, append(slices.Clone(missed),
			"0 call.ringing_on_agent initial 31", "50 call.ended done agents_did_not_answer")},
		"declined": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "declined"}, nil, append(slices.Clone(missed),
			"0 call.ringing_on_agent initial 31", "5 call.agent_declined initial 31", "7 call.hungup done agents_did_not_answer", "37 call.ended done agents_did_not_answer")},
		"abandoned in a menu": {SimulatedCall{NumberID: 43, Outcome: "missed", Reason: "abandoned_in_ivr", Keys: []string{"1", "2"}}, nil, append(slices.Clone(missed),
			"1 call.ivr_option_selected initial", "2 call.ivr_option_selected initial", "15 call.hungup done abandoned_in_ivr", "45 call.ended done abandoned_in_ivr")},
		"abandoned": {SimulatedCall{NumberID: 41, UserID: 32, Outcome: "missed", Reason: "abandoned_in_classic"}, nil, append(slices.Clone(missed),
			"0 call.ringing_on_agent initial 32", "20 call.hungup done abandoned_in_classic", "50 call.ended done abandoned_in_classic")},
		"gone at once": {SimulatedCall{NumberID: 41, UserID: 32, Outcome: "missed", Reason: "short_abandoned"}, nil, append(slices.Clone(missed),
			"0 call.ringing_on_agent initial 32", "4 call.hungup done short_abandoned", "34 call.ended done short_abandoned")},
		"callback": {SimulatedCall{NumberID: 41, UserID: 32, Outcome: "callback"}, nil, append(slices.Clone(missed),
			"0 call.ringing_on_agent initial 32", "30 call.hungup done", "30 call.tagged done", "60 call.ended done")},
		"voicemail": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "voicemail", Ring: 10 * time.Second, Talk: 7 * time.Second}, nil, append(slices.Clone(missed),
			"0 call.ringing_on_agent initial 31", "17 call.hungup done agents_did_not_answer", "47 call.ended done voicemail agents_did_not_answer",
			"50 call.voicemail_left done voicemail agents_did_not_answer", "52 call.comm_assets_generated done voicemail agents_did_not_answer")},
		"outbound": {SimulatedCall{Direction: "outbound", NumberID: 41, UserID: 32, Outcome: "answered"}, nil, []string{
			"2 call.created initial 32", "6 call.answered answered 32", "66 call.hungup done 32", "96 call.ended done 32 recording", "101 call.comm_assets_generated done 32 recording"}},
		"outbound and not answered": {SimulatedCall{Direction: "outbound", NumberID: 41, UserID: 32, Outcome: "missed"}, nil, []string{
			"2 call.created initial 32", "30 call.hungup done 32", "60 call.ended done 32"}},
		"passed on": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "answered", Then: []Action{{Do: "transfer", TeamID: 51, After: 20 * time.Second}}}, nil, []string{
			"0 call.created initial", "0 call.ringing_on_agent initial 31", "6 call.answered answered 31", "20 call.transferred answered 31", "20 call.ringing_on_agent answered 32",
			"25 call.answered answered 32", "66 call.hungup done 32", "96 call.ended done 32 recording", "101 call.comm_assets_generated done 32 recording"}},
		"passed on in silence": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "answered", Then: []Action{{Do: "transfer", UserID: 32, After: 20 * time.Second}}}, []string{"transfer-answered", "silent"}, []string{
			"0 call.created initial", "0 call.ringing_on_agent initial 31", "6 call.answered answered 31", "20 call.transferred answered 31", "20 call.ringing_on_agent answered 32",
			"66 call.hungup done 32", "96 call.ended done 32 recording", "101 call.comm_assets_generated done 32 recording"}},
		"passed on in vain": {SimulatedCall{NumberID: 41, UserID: 32, Outcome: "answered", Then: []Action{{Do: "transfer", UserID: 31, After: 20 * time.Second}, {Do: "fail_transfer", After: 23 * time.Second}}}, nil, []string{
			"0 call.created initial", "0 call.ringing_on_agent initial 32", "6 call.answered answered 32", "20 call.transferred answered 32", "20 call.ringing_on_agent answered 31",
			"23 call.unsuccessful_transfer answered 32", "66 call.hungup done 32", "96 call.ended done 32 recording", "101 call.comm_assets_generated done 32 recording"}},
		"passed out": {SimulatedCall{NumberID: 41, UserID: 32, Then: []Action{{Do: "transfer_external", Number: "+33199009911", After: 3 * time.Second}}}, nil, append(slices.Clone(missed),
			"0 call.ringing_on_agent initial 32", "3 call.external_transferred initial", "63 call.hungup done", "93 call.ended done")},
		"assigned and archived": {SimulatedCall{NumberID: 41, UserID: 32, Outcome: "missed", Ring: 12 * time.Second, Then: []Action{{Do: "assign", UserID: 33, After: 50 * time.Second}, {Do: "archive", After: 55 * time.Second}}}, nil, append(slices.Clone(missed),
			"0 call.ringing_on_agent initial 32", "12 call.hungup done agents_did_not_answer", "42 call.ended done agents_did_not_answer",
			"50 call.assigned done agents_did_not_answer", "55 call.archived done agents_did_not_answer")},
	} {
		t.Run(name, func(t *testing.T) {
			w := phones(t, tc.assume...)
			w.change(func(t *tx) { t.tags.insert(&tag{ID: 9001, Name: "Refund", Color: "#AA3300"}) })
			id, err := w.Simulate("", tc.call)
			if err != nil {
				t.Fatal(err)
			}
			w.Advance(3 * time.Minute)
			told := slices.DeleteFunc(w.story(noon), func(line string) bool {
				return strings.Contains(line, "n.created") || strings.Contains(line, "y.created") || strings.Contains(line, "s.created") || strings.Contains(line, "t.created")
			})
			if !slices.Equal(told, tc.want) {
				t.Errorf("call %d tells\n\t%s\nwant\n\t%s", id, strings.Join(told, "\n\t"), strings.Join(tc.want, "\n\t"))
			}
		})
	}
}

// The timeline of a call has the keys that the caller pressed, for two months.
func TestTimeline(t *testing.T) {
	w := phones(t)
	id, err := w.Simulate("", SimulatedCall{NumberID: 43, Outcome: "answered", Keys: []string{"1", "#"}})
	if err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Minute)
	path := fmt.Sprintf("/v1/calls/%d?fetch_call_timeline=true", id)
	a := w.get(path)
	if a.text("call.ivr_options_selected.0.key") != "1" || a.text("call.ivr_options_selected.1.key") != "#" ||
		a.text("call.ivr_options_selected.1.created_at") != "2026-03-02T12:00:02.000Z" {
		t.Errorf("the timeline is %s", a.at("call.ivr_options_selected"))
	}
	if a := w.get(fmt.Sprintf("/v1/calls/%d", id)); strings.Contains(a.body, "ivr_options") {
		t.Errorf("unasked %s", a.body)
	}
	w.Advance(63 * 24 * time.Hour)
	if got := w.get(path).at("call.ivr_options_selected"); got != "[]" {
		t.Errorf("two months later %s", got)
	}
}

// Lines open and close by themselves once anything is simulated, and users come
// and go.
func TestPresence(t *testing.T) {
	w := phones(t)
	if err := w.SetTraffic("", Traffic{CallsPerDay: 1}); err != nil {
		t.Fatal(err)
	}
	hours := func() []string {
		return w.after(func() { w.Advance(24 * time.Hour) })
	}
	if got := slices.DeleteFunc(hours(), func(n string) bool { return !strings.HasPrefix(n, "number.") }); !slices.Equal(got, []string{"number.closed", "number.opened"}) {
		t.Errorf("a day of line 43: %v", got)
	}
	for _, step := range []struct{ does, reason, now, want string }{
		{"disconnect", "", "offline", "user.disconnected user.disconnected.v2"},
		{"connect", "", "available", "user.connected user.connected.v2"},
		{"connect", "", "available", "user.connected user.connected.v2"},
		{"close", "on_a_break", "do_not_disturb", "user.closed user.closed.v2 user.closed user.closed.v2"},
		{"open", "", "available", "user.opened user.opened.v2"},
		{"close", "", "do_not_disturb", "user.closed user.closed.v2"},
	} {
		got := w.after(func() {
			if err := w.SetPresence("", 31, Presence(step.does), step.reason); err != nil {
				t.Error(err)
			}
		})
		if strings.Join(got, " ") != step.want {
			t.Errorf("%s: events %v, want %s", step.does, got, step.want)
		}
		if now := w.get("/v1/users/31/availability").text("availability"); now != step.now {
			t.Errorf("after %s user 31 is %s, want %s", step.does, now, step.now)
		}
	}
	for words, err := range map[string]error{
		`"dance": give one of connect, disconnect, open, close`: w.SetPresence("", 31, "dance", ""),
		"there is no user 99":              w.SetPresence("", 99, "open", ""),
		`reason "bored": give one of`:      w.SetPresence("", 31, "close", "bored"),
		`reason "in_training" goes with`:   w.SetPresence("", 31, "open", "in_training"),
		`there is no account "x", but def`: w.SetPresence("x", 31, "open", ""),
	} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, want %q", err, words)
		}
	}
}

// Messages come in, alone and in groups, and go where the mode of the line says.
func TestSimulateMessage(t *testing.T) {
	w := phones(t)
	for _, tc := range []struct {
		m    SimulatedMessage
		want string // event, or the refusal
	}{
		{SimulatedMessage{From: "+33199009900", NumberID: 41, Body: "Hi"}, "message.received"},
		{SimulatedMessage{Body: "Hi"}, "message.received"},
		{SimulatedMessage{From: "+33199009900", NumberID: 41, Participants: []string{"+33199009901"}, Body: "Hi all"}, "group_message.received"},
		{SimulatedMessage{From: "+33199009900", NumberID: 41, Media: []string{"https://a.test/cat.png"}}, "message.received"},
		{SimulatedMessage{From: "me", Body: "Hi"}, `"me" is not a phone number`},
		{SimulatedMessage{From: "+33199009900"}, "a message has a body or media"},
		{SimulatedMessage{From: "+33199009900", NumberID: 99, Body: "Hi"}, "there is no number 99"},
		{SimulatedMessage{From: "+33199009900", NumberID: 41, Body: "Hi", WhatsApp: true}, "number 41 takes no such messages"},
		{SimulatedMessage{Body: "Hi", WhatsApp: true}, "no number that takes such messages"},
		{SimulatedMessage{Body: strings.Repeat("x", 6401)}, "at most"},
		{SimulatedMessage{Body: "Hi", Participants: make([]string, 1)}, `"" is not a phone number`},
	} {
		got := w.after(func() {
			if _, err := w.SimulateMessage("", tc.m); err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%+v: %v", tc.m, err)
			} else if err == nil && strings.Contains(tc.want, " ") {
				t.Errorf("%+v is taken", tc.m)
			}
		})
		if want := tc.want; strings.HasSuffix(want, ".received") && !slices.Equal(got, []string{want}) || strings.Contains(want, " ") && got != nil {
			t.Errorf("%+v: %v, want %s", tc.m, got, want)
		}
	}
}
