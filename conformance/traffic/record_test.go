package traffic_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/traffic"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
)

// live is the address that recordings of a fake name: the fake's links name it, too.
const live = "https://api.aircall.io"

// A recording is an archive that a test writes.
type recording struct {
	t    testing.TB
	mu   sync.Mutex
	file *os.File
	har  *har.Writer
	host string // that the recording names; "": that of the request
}

func newRecording(t testing.TB) *recording {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "recorded.har"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	w, err := har.NewWriter(f, "test", "1")
	if err != nil {
		t.Fatal(err)
	}
	return &recording{t: t, file: f, har: w}
}

func (r *recording) write(e har.Entry) {
	r.t.Helper()
	if err := r.har.Write(e); err != nil {
		r.t.Error(err)
	}
}

// handler records the exchanges of a handler, as if they were with Aircall.
func (r *recording) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		sent, err := io.ReadAll(req.Body)
		if err != nil {
			next.ServeHTTP(w, req)
			return
		}
		inner := req.Clone(req.Context())
		inner.Body = io.NopCloser(bytes.NewReader(sent))
		got := httptest.NewRecorder()
		next.ServeHTTP(got, inner)
		u := *req.URL
		if u.Scheme, u.Host = "http", req.Host; r.host != "" {
			u.Scheme, u.Host = "https", r.host
		}
		r.mu.Lock()
		r.write(har.Entry{
			Started: time.Now(), Method: req.Method, URL: &u, RequestHeader: req.Header.Clone(), RequestBody: sent,
			Status: got.Code, ReplyHeader: got.Result().Header, ReplyBody: got.Body.Bytes(), HasBody: true,
		})
		r.mu.Unlock()
		for name, values := range got.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(got.Code)
		w.Write(got.Body.Bytes())
	})
}

// check reads the recording.
func (r *recording) check(o traffic.Options) *traffic.Result {
	r.t.Helper()
	return checkFile(r.t, r.file.Name(), o)
}

func checkFile(t testing.TB, name string, o traffic.Options) *traffic.Result {
	t.Helper()
	c, err := traffic.NewChecker(o)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := c.Read(context.Background(), filepath.Base(name), f); err != nil {
		t.Fatal(err)
	}
	return c.Result()
}

// A fake is a server whose replies are recorded.
type fake struct {
	*recording
	server *fakeaircall.Server
	client http.Handler
	auth   string
}

// fakeClock is the time of the fakes.
var fakeClock = time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)

func newFake(t testing.TB, assume map[string]string) *fake {
	t.Helper()
	return newFakeAt(t, fakeClock, assume)
}

func newFakeAt(t testing.TB, clock time.Time, assume map[string]string) *fake {
	t.Helper()
	r := newRecording(t)
	r.host = "api.aircall.io"
	s := fakeaircall.RunT(t, fakeaircall.Options{Scale: fakeaircall.ScaleSmall, Clock: clock, RateLimit: 1_000_000, BaseURL: live, Assume: assume, AllowUnknownRoutes: true})
	return &fake{recording: r, server: s, client: r.handler(s.Handler())}
}

// ask sends a request as "GET /v1/calls", with headers as "Name: value", and records the exchange.
func (f *fake) ask(request, body string, headers ...string) *httptest.ResponseRecorder {
	f.t.Helper()
	method, target, _ := strings.Cut(request, " ")
	u, err := url.Parse(target)
	if err != nil {
		f.t.Fatal(err)
	}
	req := httptest.NewRequest(method, u.String(), strings.NewReader(body))
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	f.client.ServeHTTP(w, req)
	return w
}

// subscribe makes a webhook for all events, whose receiver accepts everything.
func (f *fake) subscribe() {
	f.t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	f.t.Cleanup(receiver.Close)
	if w := f.ask("POST /v1/webhooks", `{"url":"`+receiver.URL+`"}`); w.Code != 201 {
		f.t.Fatalf("a webhook is a %d", w.Code)
	}
}

// delivered records the events that webhooks get, in their order, as a proxy before the receiver would.
func (f *fake) delivered() {
	f.t.Helper()
	list, err := f.server.Deliveries("default")
	if err != nil {
		f.t.Fatal(err)
	}
	for _, d := range list {
		f.write(har.Entry{
			Started: d.At, Method: "POST", URL: &url.URL{Scheme: "https", Host: "hooks.acme.test", Path: "/aircall"},
			RequestHeader: http.Header{"Content-Type": {"application/json"}}, RequestBody: d.Body, Status: 200, ReplyHeader: http.Header{}, HasBody: true,
		})
	}
}

// at returns a value in the reply to a request, such as "calls.0.id", and "" without one.
func (f *fake) at(request, path string) string {
	f.t.Helper()
	var v any
	d := json.NewDecoder(f.ask(request, "").Body)
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		f.t.Fatalf("%s: %v", request, err)
	}
	for key := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[key]
		case []any:
			if i, err := strconv.Atoi(key); err == nil && i < len(in) {
				v = in[i]
			} else {
				return ""
			}
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// bearer is the header of an app's token.
const bearer = "Authorization: Bearer fake-default-bearer"

// verdictOf returns what a result says about an assumption.
func verdictOf(t testing.TB, r *traffic.Result, id string) *traffic.Verdict {
	t.Helper()
	for _, v := range r.Assumptions {
		if v.ID == id {
			return v
		}
	}
	t.Fatalf("there is no assumption %s", id)
	return nil
}

// clean fails if a result refutes an assumption, breaks the contract or has news.
func clean(t testing.TB, r *traffic.Result) {
	t.Helper()
	for _, v := range r.Assumptions {
		if v.Result == report.Refuted {
			t.Errorf("%s=%s is refuted at %s; it fits %q", v.ID, v.Answer, v.Place, v.Fits)
		}
	}
	for _, b := range r.Breaches {
		t.Errorf("%s at %s", b.Breach, b.Place)
	}
	for _, n := range r.New {
		t.Errorf("new %s %s at %s", n.Kind, n.What, n.Place)
	}
}

// checked makes the test fail if an exchange of a fake breaks the contract.
func checked(t testing.TB, o fakeaircall.Options) fakeaircall.Options {
	t.Helper()
	o.Wrap = contract.Enforce(t, fakeaircall.OpenAPI())
	return o
}
