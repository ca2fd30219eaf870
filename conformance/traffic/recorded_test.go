package traffic_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/traffic"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

var update = flag.Bool("update", false, "write the generated files")

// The archives in testdata are what recorded.txt says.
func TestRecordedFiles(t *testing.T) {
	source, err := txtar.ParseFile("testdata/recorded.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range source.Files {
		name := "testdata/" + section.Name + ".har"
		r := newRecording(t)
		for _, e := range entriesOf(t, string(section.Data)) {
			r.write(e)
		}
		want, err := os.ReadFile(r.file.Name())
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what recorded.txt says (%v): go test ./conformance/traffic -run TestRecordedFiles -update", name, err)
		}
	}
}

// entriesOf reads the exchanges of a section of recorded.txt.
func entriesOf(t testing.TB, text string) (entries []har.Entry) {
	t.Helper()
	var at time.Time
	var e *har.Entry
	reply, keep := false, true
	var headers []string // of the reply
	end := func() {
		if e != nil {
			e.HasBody = keep
			setHeaders(e)
			for _, h := range headers {
				name, value, _ := strings.Cut(h, ": ")
				if without, ok := strings.CutPrefix(name, "-"); ok {
					e.ReplyHeader.Del(without)
				} else {
					e.ReplyHeader.Set(name, value)
				}
			}
			entries = append(entries, *e)
		}
		e, reply, keep, headers = nil, false, true, nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		mark, rest, _ := strings.Cut(line, " ")
		switch {
		case line == "":
		case mark == "@":
			end()
			var err error
			if at, err = time.Parse(time.RFC3339, rest); err != nil {
				t.Fatal(err)
			}
		case mark == ">":
			end()
			method, path, _ := strings.Cut(rest, " ")
			if strings.HasPrefix(path, "/") {
				path = live + path
			}
			u, err := url.Parse(path)
			if err != nil {
				t.Fatal(err)
			}
			e = &har.Entry{Started: at, Duration: 120 * time.Millisecond, Method: method, URL: u, RequestHeader: http.Header{"Accept": {"*/*"}}}
		case mark == "!":
			end()
			e = &har.Entry{
				Started: at, Method: "POST", URL: &url.URL{Scheme: "https", Host: "hooks.acme.test", Path: "/campaigns"},
				RequestHeader: http.Header{"Content-Type": {"application/json"}}, RequestBody: []byte(rest), Status: 200, ReplyHeader: http.Header{},
			}
		case mark == "r":
			name, value, _ := strings.Cut(rest, ": ")
			e.RequestHeader.Set(name, value)
		case mark == "h":
			headers = append(headers, rest)
		case mark == "<":
			status, note, _ := strings.Cut(rest, " ")
			reply, keep = true, note != "not saved"
			e.Status, _ = strconv.Atoi(status)
		case reply:
			e.ReplyBody = []byte(line)
		default:
			e.RequestBody = []byte(line)
			e.RequestHeader.Set("Content-Type", "application/json")
		}
		at = at.Add(time.Millisecond)
	}
	end()
	return entries
}

// setHeaders gives a reply the headers of its service, in the forms that were recorded in June.
func setHeaders(e *har.Entry) {
	if e.ReplyHeader != nil {
		return
	}
	h := http.Header{"Date": {e.Started.UTC().Format(http.TimeFormat)}}
	e.ReplyHeader = h
	body := e.Status != 204
	const id = "0b1cf2a4-3c7e-4a51-9d5e-6f0a2b8c4d1e"
	switch {
	case strings.HasSuffix(e.URL.Path, "/emails"):
		h.Set("Content-Type", "application/json")
	case strings.HasPrefix(e.URL.Path, "/v1/contacts"):
		h.Set("X-Powered-By", "Express")
		if sum := sha1.Sum(e.ReplyBody); body {
			h.Set("Content-Type", "application/json; charset=utf-8")
			h.Set("Etag", fmt.Sprintf(`W/"%x-%s"`, len(e.ReplyBody), base64.RawStdEncoding.EncodeToString(sum[:])))
		}
	case strings.HasPrefix(e.URL.Path, "/v1/webhooks"):
		h.Set("X-Amzn-Requestid", id)
		h.Set("Content-Type", "application/json")
	default:
		h.Set("X-Request-Id", id)
		if strings.HasSuffix(e.URL.Path, "/comments") {
			break // a 201 without a body
		}
		h.Set("Content-Type", "application/json; charset=utf-8")
		if sum := sha256.Sum256(e.ReplyBody); e.Status < 300 {
			h.Set("Etag", fmt.Sprintf(`W/"%x"`, sum[:16]))
		}
	}
}

// invented are the assumptions about what the recordings did not keep: the escapes of bodies and the headers of errors.
var invented = []string{"json-escape", "error-tags"}

// What the recordings confirm.
var (
	inJune      = []string{"contact-entry-order", "contacts-per-page", "rate-limit-headers"}
	inSeptember = []string{
		"call-cost", "call-finalization", "call-pricing-type", "contact-entry-order", "contact-phone", "number-messages", "number-priority", "page-links",
		"rate-limit-headers", "result-cap", "users-v1", "users-v1-numbers", "webhook-events", "webhook-url",
	}
)

// The recordings of the live API confirm what they showed, refute nothing and break nothing.
func TestRecordedExchanges(t *testing.T) {
	for name, want := range map[string][]string{"june-2026": inJune, "september-2026": inSeptember} {
		r := checkFile(t, "testdata/"+name+".har", traffic.Options{})
		clean(t, r)
		var got []string
		for _, v := range r.Assumptions {
			if v.Result == report.Confirmed && !slices.Contains(invented, v.ID) {
				got = append(got, v.ID)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s confirms (-want +got):\n%s", name, diff)
		}
		if r.Target != "live" {
			t.Errorf("%s is of the target %s", name, r.Target)
		}
	}
}

// The recordings refute the other answers to what they confirm, when those are assumed. What fits every answer says nothing
// about any: users of version 1 were served before their end, and the recorded events are accepted by every answer.
func TestRecordedRefuteOtherAnswers(t *testing.T) {
	undecided := []string{"users-v1", "webhook-events"}
	refuted := map[string]bool{}
	for _, name := range []string{"june-2026", "september-2026"} {
		standard := checkFile(t, "testdata/"+name+".har", traffic.Options{})
		for _, a := range fakeaircall.Assumptions() {
			if verdictOf(t, standard, a.ID).Result != report.Confirmed || slices.Contains(undecided, a.ID) {
				continue
			}
			for _, answer := range a.Answers[min(1, len(a.Answers)):] {
				v := verdictOf(t, checkFile(t, "testdata/"+name+".har", traffic.Options{Assume: map[string]string{a.ID: answer}}), a.ID)
				if v.Result != report.Refuted {
					t.Errorf("%s: %s=%s is %s", name, a.ID, answer, v.Result)
				}
				refuted[a.ID+"="+answer] = true
			}
		}
	}
	for _, want := range []string{"rate-limit-headers=always", "contacts-per-page=20", "call-finalization=at-once"} {
		if !refuted[want] {
			t.Errorf("nothing refutes %s", want)
		}
	}
}
