package fakeaircall

import (
	"strings"
	"testing"
)

func TestSwitchRecording(t *testing.T) {
	w := exchange(t)
	w.change(func(t *tx) {
		t.numbers.insert(&number{ID: 42, Created: t.unix()})
		t.calls.insert(&call{ID: 6, Started: t.unix() - 9, Answered: t.unix() - 5, Number: 42})
	})
	for _, verb := range []string{"pause", "resume"} {
		w.send("POST", "/v1/calls/4/"+verb+"_recording", "").want(204, "")
		w.send("POST", "/v1/calls/4/"+verb+"_recording", "{}").want(204, "")
		w.send("POST", "/v1/calls/1/"+verb+"_recording", "").wantTroubleshoot(400, "over")
		w.send("POST", "/v1/calls/6/"+verb+"_recording", "").wantTroubleshoot(405, "not activated")
		w.send("POST", "/v1/calls/99/"+verb+"_recording", "").wantTroubleshoot(404, "Check ID")
	}
}

func TestDeleteAudio(t *testing.T) {
	w := exchange(t)
	for kind, tc := range map[string]struct{ call, other string }{"recording": {"1", "voicemail"}, "voicemail": {"2", "recording"}} {
		path := "/v1/calls/" + tc.call
		w.send("DELETE", path+"/"+tc.other, "").want(204, "")
		if got := w.get(path).text("call." + kind); !strings.Contains(got, kind) {
			t.Errorf("deleting its %s took the %s away: %s", tc.other, kind, got)
		}
		for range 2 {
			w.send("DELETE", path+"/"+kind, "").want(204, "")
			a := w.get(path + "?fetch_short_urls=true")
			for _, field := range []string{"recording", "voicemail", "asset", "recording_short_url", "voicemail_short_url"} {
				if got := a.at("call." + field); got != "null" {
					t.Errorf("%s: %s is still %s", kind, field, got)
				}
			}
			if got := w.get("/v1/calls?per_page=2").at("calls.0.recording"); kind == "recording" && got != "null" {
				t.Errorf("the list still has %s", got)
			}
		}
		w.send("DELETE", "/v1/calls/99/"+kind, "").wantTroubleshoot(404, "Check ID")
	}
	w.send("DELETE", "/v1/calls/4/recording", "").want(204, "") // under way
}
