package har

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWriteAndRead(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "a.har"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := NewWriter(file, "aircallkit", "1")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse("https://api.aircall.io/v1/calls?per_page=50")
	var want []Entry
	for i := range 3 {
		e := Entry{
			Started: time.Date(2026, 9, 28, 10, i, 0, 5e6, time.UTC), Duration: 120 * time.Millisecond, Method: "POST", URL: u,
			RequestHeader: http.Header{"Content-Type": {"application/json"}}, RequestBody: []byte(`{"a":1}`),
			Status: 200, ReplyHeader: http.Header{"X-A": {"1", "2"}}, ReplyBody: []byte{0xff, byte(i)}, HasBody: true, Masked: i == 2,
		}
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
		want = append(want, e)
		data, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		got, err := all(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("after %d entries: %v", i+1, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("after %d entries (-written +read):\n%s", i+1, d)
		}
	}
}

// A program that is killed while it writes an entry leaves the entries before.
func TestKilledWriter(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "a.har"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := NewWriter(file, "aircallkit", "1")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse("https://api.aircall.io/v1/calls")
	states := [][]byte{}
	for range 3 {
		if err := w.Write(Entry{Method: "GET", URL: u, Status: 200}); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, data)
	}
	two, three := states[1], states[2]
	added := three[len(two):] // without the byte that the joint replaced
	for n := range added {
		killed := append(append([]byte{}, two...), append([]byte(pending), added[1:]...)[:n]...)
		entries, err := all(bytes.NewReader(killed))
		if err != nil || len(entries) != 2 {
			t.Fatalf("%d bytes of the third entry: %d entries, %v", n, len(entries), err)
		}
	}
}

func all(r io.Reader) (entries []Entry, err error) {
	err = Read(r, func(e Entry) error {
		entries = append(entries, e)
		return nil
	})
	return entries, err
}

func TestMistakes(t *testing.T) {
	const good = `{"request":{"method":"GET","url":"https://api.aircall.io/v1/calls","headers":[]},"response":{"status":200}}`
	file := func(entry string) string {
		return `{"log":{"pages":[{"a":[1]}],"entries":[` + good + `,` + entry + `]}}`
	}
	for _, c := range []struct{ file, want string }{
		{``, "at byte 0: the file is empty"},
		{"\x1f\x8b\x08\x00", "the file is compressed: unpack it first"},
		{"PK\x03\x04zip", "the file is compressed: unpack it first"},
		{`{"log":{"ent`, "the file ends too early: export it again"},
		{`[1]`, `this is not an HTTP Archive: "{" is missing`},
		{`{"log":{}}`, "it has no log.entries"},
		{`{"log":{"entries":[` + good + `]}} {}`, "the file goes on after its end"},
		{file(good)[:200], "entry 2, at byte"},
		{file(`{}`), "entry 2, at byte"},
		{file(`{}`), "request is missing"},
		{file(`{"request":{"url":"https://a.example"}}`), "request.method is missing"},
		{file(`{"request":{"method":"GET","url":"/v1/calls"}}`), "request.url is not an absolute URL"},
		{file(`{"startedDateTime":"yesterday","request":{"method":"GET","url":"https://a.example"}}`), "startedDateTime is not a date and time"},
		{file(`{"request":{"method":1,"url":""}}`), "request.method is a number, and must be a string"},
		{file(`{"request":{"method":"GET","url":"https://a.example"},"response":{"status":"200"}}`), "response.status is a string, and must be a number"},
		{file(`{"request":{"method":"GET","url":"https://a.example","headers":{}}}`), "request.headers is an object, and must be a list"},
		{file(`{"request":[]}`), "request is a list, and must be an object"},
		{file(`{"_masked":1,"request":{"method":"GET","url":"https://a.example"}}`), "_masked is a number, and must be true or false"},
		{file(`{"request":{"method":"GET","url":"https://a.example"},"response":{"content":{"text":"%","encoding":"base64"}}}`), "response.content: the text is not base64"},
		{file(`{"request":{"method":"GET","url":"https://a.example"},"response":{"content":{"text":"x","encoding":"br"}}}`), `encoding "br": only base64 is known`},
		{file(`{"request":`), "entry 2, at byte"},
		{file(`nonsense`), "this is not JSON"},
	} {
		_, err := all(strings.NewReader(c.file))
		if _, ok := errors.AsType[*PlaceError](err); !ok || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n\tgot  %v\n\twant %s", c.file, err, c.want)
		}
	}
}

func TestLargeEntry(t *testing.T) {
	r := io.MultiReader(strings.NewReader(`{"log":{"entries":[{"request":{"method":"GET","url":"https://a.example"},"response":{"content":{"text":"`),
		io.LimitReader(endless{}, 2*MaxEntry), strings.NewReader(`"}}}]}}`))
	_, err := all(r)
	if want := fmt.Sprintf("it has more than %d MiB", MaxEntry>>20); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestErrorOfTheCaller(t *testing.T) {
	stop := errors.New("enough")
	err := Read(strings.NewReader(`{"log":{"entries":[{"request":{"method":"GET","url":"https://a.example"}}]}}`), func(Entry) error { return stop })
	if err != stop {
		t.Errorf("got %v, want the error as it is", err)
	}
}

// Files of other programs differ in what they write beside the exchange.
func TestOtherPrograms(t *testing.T) {
	const request = `"request":{"method":"GET","url":"https://a.example/x","headers":null,"cookies":[{"name":"a"}],"headersSize":1.5}`
	file := func(entry string) string { return "\ufeff" + `{"log":{"entries":[` + entry + `]}}` }
	for name, c := range map[string]struct {
		entry string
		check func(e Entry) bool
	}{
		"Chrome, from the cache":          {`{` + request + `,"_fromCache":"disk","response":{"status":200,"content":{"size":0}}}`, func(e Entry) bool { return e.Cached && !e.HasBody }},
		"Chrome, a blocked request":       {`{` + request + `,"time":null,"response":{"status":0,"_error":"net::ERR_FAILED","headers":[],"content":{}}}`, func(e Entry) bool { return e.Status == 0 }},
		"Chrome, a data URL":              {`{"request":{"method":"GET","url":"data:text/plain,x"}}`, func(e Entry) bool { return e.URL.Host == "" }},
		"Chrome, a stray percent sign":    {`{"request":{"method":"GET","url":"https://ads.example/100%/x?y"}}`, func(e Entry) bool { return e.URL.Host == "ads.example" }},
		"Firefox, a long body":            {`{` + request + `,"response":{"status":200,"content":{"size":9,"text":"{}"}}}`, func(e Entry) bool { return e.Cut }},
		"mitmproxy, a binary body":        {`{` + request + `,"response":{"status":200,"headers":[{"name":":status","value":"200"}],"content":{"size":1,"text":"/w==","encoding":"base64"}}}`, func(e Entry) bool { return !e.Cut && e.ReplyBody[0] == 0xff && len(e.ReplyHeader) == 0 }},
		"Charles, a zone without a colon": {`{"startedDateTime":"2026-09-28T12:00:00.000+0200",` + request + `}`, func(e Entry) bool { return e.Started.UTC().Hour() == 10 }},
		"Charles, a form":                 {`{"request":{"method":"POST","url":"https://a.example","postData":{"mimeType":"x","params":[{"name":"a","value":"1 2"}]}}}`, func(e Entry) bool { return string(e.RequestBody) == "a=1+2" }},
		"a status beyond those of HTTP":   {`{` + request + `,"response":{"status":-1}}`, func(e Entry) bool { return e.Status == 0 }},
	} {
		entries, err := all(strings.NewReader(file(c.entry)))
		if err != nil || len(entries) != 1 || !c.check(entries[0]) {
			t.Errorf("%s: %+v, %v", name, entries, err)
		}
	}
}

// A file that grows while it is read has the entries of the moment when its end was read.
func TestReadWhileWriting(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "a.har"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := NewWriter(file, "aircallkit", "1")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse("https://api.aircall.io/v1/calls")
	entry := Entry{Method: "GET", URL: u, Status: 200, RequestHeader: http.Header{}, ReplyHeader: http.Header{}}
	if err := w.Write(entry); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.Write(entry); err != nil {
			t.Fatal(err)
		}
	}
	after, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	got, err := all(bytes.NewReader(append(before, after[len(before):]...)))
	if err != nil || len(got) != 1 {
		t.Errorf("%d entries, %v", len(got), err)
	}
}
