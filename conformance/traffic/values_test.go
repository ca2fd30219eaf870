package traffic_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/traffic"
)

// personal is a recording that has values in the places of words, keys, names and paths.
const personal = `
@ 2026-09-28T10:21:00Z
> GET /v1/calls/4711
< 200
h X-Okafor-20250147: 1
{"call":{"id":4711,"status":"Ada Okafor","direction":"Okafor","missed_call_reason":"on_lunch","Ada-Okafor":1,"okafor/ada":2,"user":{"id":3,"availability_status":"Ms Okafor"}}}
> GET /v1/okafor
< 200
{}
> GET /v1/users/ada/okafor?Okafor=1
< 200
{}
> OKAFOR /v1/ping
< 200
{}
> GET /v1/webhooks
< 200
{"meta":{"count":0,"total":0,"current_page":1,"per_page":20},"webhooks":[{"events":["ada.okafor","call.whispered"]}]}
> PUT /v1/calls/4711
< 200 Okafor
{"Okafor":1}
! {"resource":"Okafor","event":"okafor.called","timestamp":1790589600,"token":"Okafor","data":{"id":1,"Okafor":1}}
`

// No output has a recorded value, also where the contract has a word, a key or the name of an event.
func TestNoRecordedValues(t *testing.T) {
	r := newRecording(t)
	for _, e := range entriesOf(t, personal) {
		r.write(e)
	}
	dir := t.TempDir()
	keep := func(name string, data []byte, err error) {
		t.Helper()
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	again := func(at traffic.Place) string { return at.String() }
	for entry := range 8 {
		result := r.check(traffic.Options{Shapes: true, Entry: entry})
		var out bytes.Buffer
		result.Text(&out, again)
		keep(fmt.Sprintf("text-%d", entry), out.Bytes(), nil)
		data, err := json.Marshal(result)
		keep(fmt.Sprintf("json-%d", entry), data, err)
	}
	result := r.check(traffic.Options{Shapes: true})
	if !slices.ContainsFunc(result.New, func(n *traffic.New) bool { return n.What == "retrieve-a-call: call/missed_call_reason: on_lunch" }) {
		t.Error("a new word is not reported")
	}
	data, err := result.Shapes().Encode()
	keep("shapes.json", data, err)
	if err := report.Write(dir, result.Report(conformance.ReportHeader(), func([]report.Cause) {}, again), report.Files(), func(string, []byte) error { return nil }); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if strings.Contains(strings.ToLower(line), "okafor") {
				t.Errorf("%s: %.300s", f.Name(), line)
			}
		}
	}
}

// The contract's words stay in shapes, also those with a space.
func TestDocumentedWords(t *testing.T) {
	f := newFake(t, nil)
	line := f.at("GET /v1/numbers", "numbers.1.id")
	f.ask("POST /v1/numbers/"+line+"/messages/configuration", `{"callbackUrl":"http://127.0.0.1:9/"}`)
	f.ask("GET /v1/numbers/"+line+"/messages/configuration", "")
	f.ask("GET /v1/calls?per_page=50", "")
	data, err := f.check(traffic.Options{Shapes: true}).Shapes().Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{`"inbound"`, `"done"`, `"Public Api"`} {
		if !bytes.Contains(data, []byte(word)) {
			t.Errorf("the shapes do not have %s", word)
		}
	}
}

// Something new counts once for each exchange that has it, also if several records of it do, or several keys that look like data.
func TestCountsOfNews(t *testing.T) {
	r := newRecording(t)
	for _, e := range entriesOf(t, `
@ 2026-09-28T10:21:00Z
> GET /v1/calls
< 200
{"calls":[{"mood":1,"tone":2,"pace":3,"+33612345678":1,"33612345678":2},{"mood":1}],"meta":{}}
> GET /v1/calls
< 200
{"calls":[{"mood":1}],"meta":{}}
`) {
		r.write(e)
	}
	got := map[string]int{}
	for _, n := range r.check(traffic.Options{}).New {
		got[n.What] = n.Times
	}
	want := map[string]int{"mood": 2, "tone": 1, "pace": 1, "(a key)": 1}
	for key, times := range want {
		if place := "list-all-calls: calls/*/" + key; got[place] != times {
			t.Errorf("%s: %d times, want %d", place, got[place], times)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v", got)
	}
}
