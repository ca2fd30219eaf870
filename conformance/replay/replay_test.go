package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/mask"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/fakeaircall/control"
	"github.com/aircallkit/aircallkit/internal/contract"
)

// checked makes the test fail if an exchange of a fake breaks the contract.
func checked(t contract.TB, o fakeaircall.Options, exceptions ...string) fakeaircall.Options {
	t.Helper()
	o.Wrap = contract.Enforce(t, fakeaircall.OpenAPI(), exceptions...)
	return o
}

// A recorder records exchanges with a fake.
type recorder struct {
	t       *testing.T
	h       http.Handler
	masker  mask.Masker
	masked  bool
	entries []har.Entry
}

// monday is the time of fakes without another clock: the data of a fake depends on it.
var monday = time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)

func newRecorder(t *testing.T, masked bool, o fakeaircall.Options) *recorder {
	if o.Clock.IsZero() {
		o.Clock = monday
	}
	o.RateLimit, o.AllowUnknownRoutes = fakeaircall.NoRateLimit, true
	return &recorder{t: t, masked: masked, h: fakeaircall.RunT(t, checked(t, o)).Handler()}
}

// send records an exchange and returns the id of the record in the reply.
func (r *recorder) send(method, target, body string) (id int64) {
	r.t.Helper()
	req := httptest.NewRequest(method, "https://api.aircall.io"+target, strings.NewReader(body))
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	r.h.ServeHTTP(w, req)
	reply := w.Body.Bytes()
	var v map[string]json.RawMessage
	_ = json.Unmarshal(reply, &v) // some are not objects
	for _, in := range v {
		var one struct{ ID int64 }
		if json.Unmarshal(in, &one) == nil && one.ID > 0 {
			id = one.ID
		}
	}
	e := har.Entry{
		Started: monday, Method: method, URL: req.URL, RequestHeader: http.Header{"Content-Type": {"application/json"}}, RequestBody: []byte(body),
		Status: w.Code, ReplyHeader: w.Result().Header, ReplyBody: reply, HasBody: true,
	}
	if r.masked {
		e = r.masker.Entry(e)
	}
	r.entries = append(r.entries, e)
	return id
}

func (r *recorder) file() io.Reader { return archive(r.t, r.entries...) }

func archive(t *testing.T, entries ...har.Entry) io.Reader {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "a.har"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := har.NewWriter(file, "test", "1")
	for _, e := range entries {
		if err == nil {
			err = w.Write(e)
		}
	}
	data, failed := os.ReadFile(file.Name())
	if err = errors.Join(err, failed); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(data)
}

// against returns options for a fake that answers, and the list of what it was asked.
func against(t *testing.T, o fakeaircall.Options, exceptions ...string) (Options, *[]string) {
	if o.Clock.IsZero() {
		o.Clock = monday
	}
	o.RateLimit, o.AllowUnknownRoutes, o.Control = fakeaircall.NoRateLimit, true, control.New
	asked := &[]string{}
	srv := fakeaircall.RunT(t, checked(t, o, exceptions...))
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.Method+" "+r.URL.RequestURI())
		srv.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	a := srv.Accounts()[0]
	return Options{Start: func(time.Time) (Fake, error) {
		return Fake{URL: front.URL, APIID: a.APIID, APIToken: a.APIToken, Bearer: a.Bearer}, nil
	}}, asked
}

func run(t *testing.T, o Options, file io.Reader) *Result {
	t.Helper()
	r, err := Run(t.Context(), o, file)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// lines returns the differences in short.
func lines(r *Result) (out []string) {
	for _, d := range r.Differences {
		out = append(out, fmt.Sprintf("%s %s (%s) %s: %s %v", d.Tier, d.Op, d.Asks, d.Where, d.Says, d.Entries))
	}
	return out
}

var reads = []string{
	"/v1/ping", "/v1/company", "/v1/calls?per_page=5&order=desc", "/v1/calls/12345", "/v1/contacts/5678", "/v1/contacts/99999999999", "/v1/tags?per_page=50", "/v1/teams",
	"/v2/users?per_page=50", "/v1/numbers?per_page=50", "/v1/calls/search?direction=inbound&per_page=50", "/v1/nothing", "/v1/nothing/7",
}

// The recording of a fake replays on another without a difference that counts, masked or not.
func TestSameFake(t *testing.T) {
	for _, masked := range []bool{false, true} {
		rec := newRecorder(t, masked, fakeaircall.Options{})
		for _, path := range reads {
			rec.send("GET", path, "")
		}
		o, _ := against(t, fakeaircall.Options{})
		r := run(t, o, rec.file())
		for _, d := range r.Differences {
			if d.AtLeast("warn") && d.Op != "retrieve-a-call" { // another call than 12345
				t.Errorf("masked %v: %+v", masked, d)
			}
			if d.AtLeast("error") {
				t.Errorf("masked %v: %+v", masked, d)
			}
		}
		if r.Sent != len(reads) || len(r.Skipped) > 0 {
			t.Errorf("masked %v: sent %d, skipped %v", masked, r.Sent, r.Skipped)
		}
	}
}

// A fake that assumes something else is found by its status, or by a member.
func TestOtherAssumption(t *testing.T) {
	rec := newRecorder(t, true, fakeaircall.Options{})
	rec.send("GET", "/v1/ping", "")
	rec.send("GET", "/v1/calls?per_page=0", "")
	rec.send("GET", "/v1/calls?per_page=0", "")
	rec.send("GET", "/v1/calls/99999999999", "")
	o, _ := against(t, fakeaircall.Options{Assume: map[string]string{"per-page-range": "clamp", "success-false": "refusals"}}, "list-all-calls: request query per_page", "retrieve-a-call: body/success")
	want := []string{
		"error list-all-calls (list) status: the fake: 200; the recording: 400 [2 3]",
		"warn retrieve-a-call (missing) success: the recording has it, the fake does not [4]",
	}
	r := run(t, o, rec.file())
	if d := cmp.Diff(want, lines(r)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	var text strings.Builder
	if err := r.Text(&text, "aircallkit conformance replay a.har"); err != nil {
		t.Fatal(err)
	}
	wantText := `list-all-calls
  error (list) status: the fake: 200; the recording: 400; entries 2, 3
retrieve-a-call
  warn  (missing) success: the recording has it, the fake does not; entry 4
See one again: aircallkit conformance replay a.har --entry 2
4 sent, 4 compared: 1 error, 1 warn, 0 info
`
	if d := cmp.Diff(wantText, text.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	o.Entry = 4
	r = run(t, o, rec.file())
	if d := cmp.Diff(want[1:], lines(r)); d != "" || r.Sent != 4 || r.Compared != 1 {
		t.Errorf("entry 4: %+v (-want +got):\n%s", r, d)
	}
}

// Members of another kind, that are missing or new, and headers are found.
func TestShapes(t *testing.T) {
	rec := newRecorder(t, false, fakeaircall.Options{})
	rec.send("GET", "/v1/company", "")
	rec.send("GET", "/v1/company", "")
	e := &rec.entries[1]
	e.ReplyBody = []byte(`{"company":{"name":"Jane's","users_count":"120","surprise":[{"a":1}]}}`)
	e.ReplyHeader.Del("X-Request-Id")
	o, _ := against(t, fakeaircall.Options{})
	o.Entry = 2
	want := []string{
		"error retrieve-company (list) company.users_count: the fake: integer; the recording: string [2]",
		"warn retrieve-company (list) company.surprise: the recording has it, the fake does not [2]",
		"info retrieve-company (list) company.numbers_count: the fake has it (integer), the recording does not [2]",
		"info retrieve-company (list) header X-Request-Id: the fake has it, the recording does not [2]",
	}
	r := run(t, o, rec.file())
	if d := cmp.Diff(want, lines(r)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if data, _ := json.Marshal(r); strings.Contains(string(data), "Jane") {
		t.Errorf("the result has a recorded value: %s", data)
	}
}

// Ids are replaced by ids of the fake: the same by the same, in paths, queries and bodies.
func TestIDs(t *testing.T) {
	rec := newRecorder(t, false, fakeaircall.Options{Seed: 2})
	for _, path := range []string{"/v1/tags/7001", "/v1/tags/7002", "/v1/tags/7001", "/v1/users/7003/availability", "/v1/calls/search?user_id=7003&tags[]=7002", "/v1/calls/search?per_page=2"} {
		u, _ := url.Parse("https://api.aircall.io" + path)
		rec.entries = append(rec.entries, har.Entry{Started: time.Now(), Method: "GET", URL: u, Status: 200})
	}
	missing, _ := url.Parse("https://api.aircall.io/v1/tags/7001")
	rec.entries = append(rec.entries, har.Entry{Started: time.Now(), Method: "GET", URL: missing, Status: 404})
	o, asked := against(t, fakeaircall.Options{})
	r := run(t, o, rec.file())
	got := map[int]string{}
	n := 0
	for _, a := range *asked {
		if !strings.Contains(a, "/_fake/") && !strings.HasSuffix(a, "?per_page=50") {
			got[n] = a
			n++
		}
	}
	tags, users := map[string]bool{}, map[string]bool{}
	for i, prefix := range []string{"GET /v1/tags/", "GET /v1/tags/", "GET /v1/tags/", "GET /v1/users/"} {
		id, ok := strings.CutPrefix(got[i], prefix)
		if !ok || strings.HasPrefix(id, "700") {
			t.Errorf("request %d is %s", i, got[i])
		}
		if prefix == "GET /v1/users/" {
			users[id] = true
		} else {
			tags[id] = true
		}
	}
	if got[0] != got[2] || got[0] == got[1] || len(tags) != 2 {
		t.Errorf("tags: %v", got)
	}
	user := strings.TrimSuffix(strings.TrimPrefix(got[3], "GET /v1/users/"), "/availability")
	if want := "GET /v1/calls/search?user_id=" + user + "&tags[]=" + strings.TrimPrefix(got[1], "GET /v1/tags/"); got[4] != want {
		t.Errorf("got %s, want %s", got[4], want)
	}
	if got[5] != "GET /v1/calls/search?per_page=2" || got[6] != "GET /v1/tags/99999999999" {
		t.Errorf("got %s and %s", got[5], got[6])
	}
	for _, d := range r.Differences {
		if d.Where == "status" {
			t.Errorf("%+v", d)
		}
	}
}

// A transcription, which only some calls have, is read from a call of the fake that has one.
func TestTranscription(t *testing.T) {
	rec := newRecorder(t, true, fakeaircall.Options{Seed: 3})
	for number := 0; len(rec.entries) < 5; number++ {
		rec.send("GET", fmt.Sprintf("/v1/calls/%d/transcription", callID(t, rec.h, number)), "")
		if last := len(rec.entries) - 1; rec.entries[last].Status != http.StatusOK {
			rec.entries = rec.entries[:last]
		}
	}
	o, _ := against(t, fakeaircall.Options{})
	if r := run(t, o, rec.file()); r.Counts()["error"] > 0 || slices.ContainsFunc(r.Differences, func(d Difference) bool { return d.Where == "status" }) || r.Sent != 5 {
		t.Errorf("%d sent: %q", r.Sent, lines(r))
	}
}

// callID returns the id of a call by its number in the list, the newest first.
func callID(t *testing.T, h http.Handler, number int) int64 {
	t.Helper()
	req := httptest.NewRequest("GET", "https://api.aircall.io/v1/calls?per_page=50&order=desc", nil)
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	var page struct{ Calls []struct{ ID int64 } }
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || number >= len(page.Calls) {
		t.Fatalf("no call %d: %v", number, err)
	}
	return page.Calls[number].ID
}

// With Writes a whole story replays: a record that the recording made gets its id from the fake's reply.
func TestWrites(t *testing.T) {
	for _, masked := range []bool{false, true} {
		rec := newRecorder(t, masked, fakeaircall.Options{Seed: 3})
		contact := rec.send("POST", "/v1/contacts", `{"first_name":"Jane","phone_numbers":[{"label":"Work","value":"+33199000042"}]}`)
		tag := rec.send("POST", "/v1/tags", `{"name":"Jane","color":"#AA3300"}`)
		rec.send("GET", fmt.Sprint("/v1/contacts/", contact), "")
		rec.send("POST", fmt.Sprint("/v1/contacts/", contact), `{"last_name":"Doe"}`)
		rec.send("GET", fmt.Sprint("/v1/tags/", tag), "")
		rec.send("POST", "/v1/calls/12345/tags", fmt.Sprintf(`{"tags":[%d]}`, tag))
		rec.send("DELETE", fmt.Sprint("/v1/contacts/", contact), "")
		rec.send("GET", fmt.Sprint("/v1/contacts/", contact), "")
		o, asked := against(t, fakeaircall.Options{})
		r := run(t, o, rec.file())
		if r.Skipped[SkipWrite] != 5 || r.Sent != 3 {
			t.Errorf("masked %v: sent %d, skipped %v", masked, r.Sent, r.Skipped)
		}
		o, asked = against(t, fakeaircall.Options{})
		o.Writes = true
		r = run(t, o, rec.file())
		if len(r.Skipped) > 0 || r.Sent != 8 || r.Counts()["error"]+r.Counts()["warn"] > 0 {
			t.Errorf("masked %v: %+v\n%s", masked, r, strings.Join(*asked, "\n"))
		}
	}
}

// Entries that say nothing about shapes are not sent, with the reason.
func TestSkips(t *testing.T) {
	entry := func(method, address string, status int) har.Entry {
		u, _ := url.Parse(address)
		return har.Entry{Started: monday, Method: method, URL: u, Status: status}
	}
	const ping = "https://api.aircall.io/v1/ping"
	cached := entry("GET", ping, 200)
	cached.Cached = true
	o, asked := against(t, fakeaircall.Options{Scale: fakeaircall.ScaleEmpty})
	// A browser's file has other entries, and no body for some.
	r := run(t, o, archive(t,
		entry("GET", "http://127.0.0.1:3000/v1/todos", 200), entry("GET", "https://assets.example/app.js", 200), entry("GET", "https://dashboard.aircall.io/calls", 200), entry("OPTIONS", ping, 204), entry("GET", ping, 0),
		entry("GET", ping, 429), entry("GET", ping, 502), entry("GET", ping, 403), entry("GET", ping, 304), entry("POST", "https://api.aircall.io/v1/tags", 201),
		entry("GET", "https://api.aircall.io/v1/teams/7", 200), entry("GET", ping, 200), entry("GET", ping, 401), entry("GET", "https://gateway.test/aircall/v1/ping", 200),
	))
	want := map[string]int{SkipHost: 4, SkipPreflight: 1, SkipReply: 1, SkipLimit: 1, SkipFailure: 1, SkipPlan: 1, SkipUnchanged: 1, SkipWrite: 1, SkipID: 1}
	if d := cmp.Diff(want, r.Skipped); d != "" || r.Sent != 2 {
		t.Errorf("sent %d, %v (-want +got):\n%s", r.Sent, *asked, d)
	}
	for _, d := range r.Differences {
		if d.Where == "status" {
			t.Errorf("%+v", d)
		}
	}
	o.Hosts = []string{"gateway.test"}
	if r := run(t, o, archive(t, entry("GET", "https://gateway.test/aircall/v1/ping", 200))); r.Sent != 1 {
		t.Errorf("%+v", r)
	}
}

// A recorded request goes to nothing but a fake on this machine.
func TestOnlyToAFake(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/_fake/health" {
			t.Errorf("%s was sent", r.URL)
		}
		io.WriteString(w, `{"ping":"pong"}`)
	}))
	defer other.Close()
	u, _ := url.Parse("https://api.aircall.io/v1/ping")
	file := func() io.Reader {
		return archive(t, har.Entry{Started: time.Now(), Method: "GET", URL: u, Status: 200})
	}
	for _, c := range []struct{ address, want string }{
		{other.URL, "no fake of aircallkit answers there"},
		{"https://api.aircall.io", "not on this machine"},
		{"http://127.0.0.1:1", "connection refused"},
	} {
		_, err := Run(t.Context(), Options{Start: func(time.Time) (Fake, error) { return Fake{URL: c.address}, nil }}, file())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.address, err)
		}
	}
	srv := fakeaircall.RunT(t, checked(t, fakeaircall.Options{RateLimit: 1, Control: control.New, Clock: monday}))
	entry := har.Entry{Started: time.Now(), Method: "GET", URL: u, Status: 200}
	_, err := Run(t.Context(), Options{Start: func(time.Time) (Fake, error) {
		return Fake{URL: srv.URL(), APIID: "fake-default-id", APIToken: "fake-default-token"}, nil
	}}, archive(t, entry, entry))
	if err == nil || !strings.Contains(err.Error(), "--rate-limit 0") {
		t.Errorf("a fake with a rate limit: %v", err)
	}
	if _, err := Run(t.Context(), Options{}, strings.NewReader(`{"log":{`)); err == nil || !strings.Contains(err.Error(), "at byte") {
		t.Errorf("half a file: %v", err)
	}
}

// What was recorded on the live API in September 2026 replays on the fake without an error.
func TestRecordedLive(t *testing.T) {
	recording := func() io.Reader {
		data, err := os.ReadFile(filepath.Join("..", "traffic", "testdata", "september-2026.har"))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(data)
	}
	clock := time.Date(2026, 9, 28, 8, 0, 0, 0, time.UTC)
	o, _ := against(t, fakeaircall.Options{Clock: clock})
	o.Writes = true
	r := run(t, o, recording())
	if r.Sent < 30 || r.Counts()["error"] > 0 {
		t.Errorf("%+v: %q", r, lines(r))
	}
}
