package proxy

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
)

// checked makes the test fail if an exchange of a fake breaks the contract.
func checked(t contract.TB, o fakeaircall.Options) fakeaircall.Options {
	t.Helper()
	o.Wrap = contract.Enforce(t, fakeaircall.OpenAPI())
	return o
}

// A rig is a proxy in front of a target, and a program that uses it.
type rig struct {
	t       *testing.T
	proxy   *Proxy
	srv     *httptest.Server
	file    *os.File
	program *http.Client

	mu       sync.Mutex
	warnings []string
}

func start(t *testing.T, target string, set func(*Options)) *rig {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "traffic.har"))
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, file: file}
	r.srv = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.proxy.ServeHTTP(w, req) }))
	o := Options{Target: u, MaxSize: 1 << 30, Version: "1", Self: &url.URL{Scheme: "http", Host: r.srv.Listener.Addr().String()}, Warn: func(text string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.warnings = append(r.warnings, text)
	}}
	if set != nil {
		set(&o)
	}
	if r.proxy, err = New(o, file); err != nil {
		t.Fatal(err)
	}
	r.srv.Start()
	r.program = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(func() { r.stop() })
	return r
}

// stop ends the proxy, and returns what it recorded.
func (r *rig) stop() (Summary, []har.Entry) {
	r.t.Helper()
	r.srv.Close()
	s := r.proxy.Close()
	return s, r.read()
}

func (r *rig) read() (entries []har.Entry) {
	r.t.Helper()
	data, err := os.ReadFile(r.file.Name())
	if err == nil {
		err = har.Read(bytes.NewReader(data), func(e har.Entry) error {
			entries = append(entries, e)
			return nil
		})
	}
	if err != nil {
		r.t.Fatalf("%v\n%s", err, data)
	}
	return entries
}

// send sends a request of the program, and returns the reply with its body.
func (r *rig) send(method, path, body string) (*http.Response, string) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.srv.URL+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := r.program.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp, string(data)
}

func fake(t *testing.T) *fakeaircall.Server {
	return fakeaircall.RunT(t, checked(t, fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit, AllowUnknownRoutes: true}))
}

// A program that follows the links of a list stays with the proxy, and the recording has what the target sent.
func TestProgramFollowsPages(t *testing.T) {
	srv := fake(t)
	r := start(t, srv.URL(), nil)
	pages := 0
	for next := r.srv.URL + "/v1/tags?per_page=5"; next != ""; pages++ {
		path, ours := strings.CutPrefix(next, r.srv.URL)
		if !ours {
			t.Fatalf("the link %s leads elsewhere", next)
		}
		resp, body := r.send("GET", path, "")
		var v struct {
			Meta struct {
				Next string `json:"next_page_link"`
			}
		}
		if err := json.Unmarshal([]byte(body), &v); err != nil || resp.StatusCode != 200 || resp.ContentLength != int64(len(body)) {
			t.Fatalf("%d, length %d of %d: %s", resp.StatusCode, resp.ContentLength, len(body), body)
		}
		next = v.Meta.Next
	}
	resp, _ := r.send("POST", "/v1/contacts", `{"first_name":"Zanzibar","phone_numbers":[{"label":"Work","value":"+33199000042"}]}`)
	if resp.StatusCode != 201 {
		t.Errorf("create a contact: %d", resp.StatusCode)
	}
	r.send("GET", "/v1/nothing", "")
	s, entries := r.stop()
	want := []Count{{"", 404, 1}, {"create-a-contact", 201, 1}, {"list-all-tags", 200, pages}}
	if d := cmp.Diff(want, s.Counts); d != "" || s.Recorded != pages+2 || pages < 3 {
		t.Errorf("%d pages, %+v\n%s", pages, s, d)
	}
	first := entries[0]
	host := strings.TrimPrefix(srv.URL(), "http://")
	if first.URL.Host != host || first.URL.RequestURI() != "/v1/tags?per_page=5" || !first.Masked || !first.HasBody || !strings.Contains(string(first.ReplyBody), `"next_page_link":"`+srv.URL()+`/v1/tags?`) {
		t.Errorf("the first entry is %s\n%s", first.URL, first.ReplyBody)
	}
	if first.RequestHeader.Get("Authorization") != "" || first.ReplyHeader.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("headers %v, %v", first.RequestHeader, first.ReplyHeader)
	}
	if info, _ := r.file.Stat(); info.Size() != s.Size {
		t.Errorf("the file has %d bytes, not %d", info.Size(), s.Size)
	}
}

func TestLinksStay(t *testing.T) {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"meta":{"next_page_link":"https:\/\/api.aircall.io\/v1\/tags?page=2", "previous_page_link": "https://elsewhere.test/v1/tags"},"direct_link":"https://api.aircall.io/v1/tags/1"}`)
	}))
	defer target.Close()
	r := start(t, target.URL, nil)
	if _, body := r.send("GET", "/v1/tags", ""); body != `{"meta":{"next_page_link":"`+r.srv.URL+`\/v1\/tags?page=2", "previous_page_link": "https://elsewhere.test/v1/tags"},"direct_link":"https://api.aircall.io/v1/tags/1"}` {
		t.Errorf("got %s", body)
	}
	r = start(t, target.URL, func(o *Options) { o.Self = nil })
	if _, body := r.send("GET", "/v1/tags", ""); strings.Contains(body, r.srv.URL) {
		t.Errorf("got %s", body)
	}
}

// Credentials never reach the file, whatever the target does with them: masked or with bodies.
func TestCredentials(t *testing.T) {
	const id, token, cookie, other = "zanzibar-id-0123", "zanzibar-token-4567", "session=zanzibar-cookie", "zanzibar-access-89ab"
	forms := []string{
		token, id, hex.EncodeToString([]byte(token)), base64.StdEncoding.EncodeToString([]byte("x" + token + "y")), url.QueryEscape(strings.ReplaceAll(token, "-", "%2D")),
		strings.ReplaceAll(token, "-", `\u002d`), strings.ToUpper(token), strings.ReplaceAll(token, "-", "&#45;"), base64.StdEncoding.EncodeToString([]byte(id + ":" + token)), cookie,
	}
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gotID, gotToken, _ := r.BasicAuth(); gotID != id || gotToken != token || r.Header.Get("Cookie") != cookie {
			t.Errorf("the target got other credentials: %v", r.Header)
		}
		for i, f := range forms {
			w.Header().Add("Server", f)
			w.Header().Set(fmt.Sprintf("X-Aircallapi-%c", 'A'+i), f)
		}
		w.Header().Set("Set-Cookie", cookie)
		w.Header().Set("Location", "https://api.aircall.io/v1/x?token="+token)
		switch r.URL.Path {
		case "/v1/text":
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, strings.Join(forms, "\n"))
		default:
			w.Header().Set("Content-Type", "application/json")
			json.NewEncoder(w).Encode(map[string]any{
				"token": other, "again": "it was " + other, "list": forms, "recording": "https://bucket.test/a?X-Amz-Signature=zanzibar-signature", forms[2]: 1,
				"api_token": []string{other + "2"},
			})
		}
	}))
	defer target.Close()
	for _, bodies := range []bool{false, true} {
		r := start(t, target.URL, func(o *Options) { o.Bodies = bodies })
		for _, path := range []string{"/v1/json", "/v1/text", "/v1/oauth/token", "/v1/" + token, "/v1/calls?token=" + token + "&x=" + forms[2]} {
			for _, body := range []string{`{"password":"zanzibar-password","note":"` + token + `"}`, "grant_type=authorization_code&client_secret=zanzibar-secret&code=zanzibar-code-1"} {
				req, _ := http.NewRequest("POST", r.srv.URL+path, strings.NewReader(body))
				req.SetBasicAuth(id, token)
				req.Header.Set("Cookie", cookie)
				req.Header.Set("Content-Type", map[bool]string{true: "application/json", false: "application/x-www-form-urlencoded"}[body[0] == '{'])
				if path != "/v1/oauth/token" && body[0] != '{' {
					continue
				}
				resp, err := r.program.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				got, _ := io.ReadAll(resp.Body)
				resp.Body.Close()
				if path != "/v1/text" && !strings.Contains(string(got), other) {
					t.Errorf("the program got %s", got)
				}
			}
		}
		s, _ := r.stop()
		data, _ := os.ReadFile(r.file.Name())
		if s.Recorded != 6 {
			t.Errorf("recorded %d exchanges", s.Recorded)
		}
		lower := strings.ToLower(string(data))
		for _, f := range append(forms, "zanzibar", other) {
			quoted, _ := json.Marshal(f)
			for _, text := range []string{f, strings.Trim(string(quoted), `"`)} {
				if i := strings.Index(lower, strings.ToLower(text)); i >= 0 {
					t.Errorf("bodies %v: the file has %q: …%s…", bodies, f, data[max(0, i-100):min(len(data), i+60)])
				}
			}
		}
	}
}

func TestBodies(t *testing.T) {
	srv := fake(t)
	r := start(t, srv.URL(), func(o *Options) { o.Bodies = true })
	_, body := r.send("GET", "/v1/contacts/5678", "")
	_, entries := r.stop()
	var got, want any
	if json.Unmarshal(entries[0].ReplyBody, &got) != nil || json.Unmarshal([]byte(body), &want) != nil || entries[0].Masked {
		t.Fatalf("entry %+v", entries[0])
	}
	if d := cmp.Diff(want, got); d != "" || entries[0].URL.Path != "/v1/contacts/5678" {
		t.Errorf("%s (-received +recorded):\n%s", entries[0].URL, d)
	}
}

func TestReadOnly(t *testing.T) {
	srv := fake(t)
	r := start(t, srv.URL(), func(o *Options) { o.ReadOnly = true })
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS"} {
		resp, body := r.send(method, "/v1/contacts/5678", `{"first_name":"Jane"}`)
		if resp.StatusCode != 403 || !strings.Contains(body, "aircallkit proxy --read-only refused this request") {
			t.Errorf("%s: %d %s", method, resp.StatusCode, body)
		}
	}
	if resp, _ := r.send("GET", "/v1/contacts/5678", ""); resp.StatusCode != 200 {
		t.Errorf("GET: %d", resp.StatusCode)
	}
	if resp, _ := r.send("HEAD", "/v1/contacts/5678", ""); resp.StatusCode == 403 {
		t.Errorf("HEAD: %d", resp.StatusCode)
	}
	if s, _ := r.stop(); s.Refused != 5 || s.Recorded != 2 {
		t.Errorf("%+v", s)
	}
}

// A reply 502 of the target is recorded as it is; where no reply came, the program gets a 502 of the proxy, and the status
// in the recording is 0.
func TestNoReply(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	l.Close()
	r := start(t, closed, nil)
	resp, body := r.send("GET", "/v1/ping", "")
	if want := "aircallkit proxy got no reply from " + closed + ": connection refused"; resp.StatusCode != 502 || !strings.Contains(body, want) || resp.Header.Get("X-Aircallkit-Proxy") == "" {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if s, entries := r.stop(); len(entries) != 1 || entries[0].Status != 0 || s.Counts[0] != (Count{"ping", 0, 1}) {
		t.Errorf("%+v, %+v", s, entries)
	}
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }))
	defer target.Close()
	r = start(t, target.URL, nil)
	if resp, _ := r.send("GET", "/v1/ping", ""); resp.StatusCode != 502 || resp.Header.Get("X-Aircallkit-Proxy") != "" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if _, entries := r.stop(); len(entries) != 1 || entries[0].Status != 502 {
		t.Errorf("%+v", entries)
	}
}

// The certificate of the target is verified.
func TestCertificate(t *testing.T) {
	target := httptest.NewTLSServer(http.NotFoundHandler())
	defer target.Close()
	target.Config.ErrorLog = nil
	r := start(t, target.URL, nil)
	if resp, body := r.send("GET", "/v1/ping", ""); resp.StatusCode != 502 || !strings.Contains(body, "certificate") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

func TestConcurrentPrograms(t *testing.T) {
	srv := fake(t)
	r := start(t, srv.URL(), nil)
	const programs, each = 16, 15
	var wait sync.WaitGroup
	for n := range programs {
		wait.Go(func() {
			for i := range each {
				path := []string{"/v1/calls?per_page=3", "/v1/contacts/5678", "/v1/nothing", "/v1/tags"}[(n+i)%4]
				if i%5 == 0 {
					r.send("POST", "/v1/contacts", `{"first_name":"Jane","phone_numbers":[{"label":"Work","value":"+33199000042"}]}`)
				} else {
					r.send("GET", path, "")
				}
				if i == each/2 {
					r.read() // at any time the file is complete
				}
			}
		})
	}
	wait.Wait()
	if s, entries := r.stop(); s.Recorded != programs*each || len(entries) != programs*each || s.Lost > 0 || len(r.warnings) > 0 || s.Err != nil {
		t.Errorf("%+v, %d entries, warnings %v", s, len(entries), r.warnings)
	}
}

// A program that goes away leaves an entry without a body, and the proxy goes on.
func TestProgramGoesAway(t *testing.T) {
	asked, gone := make(chan struct{}), make(chan struct{})
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/ping" {
			w.WriteHeader(204)
			return
		}
		if r.URL.Path == "/v1/calls" {
			asked <- struct{}{}
		} else {
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, "begin")
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
		gone <- struct{}{}
	}))
	defer target.Close()
	r := start(t, target.URL, nil)
	for _, path := range []string{"/v1/users", "/v1/calls"} {
		ctx, cancel := context.WithCancel(t.Context())
		req, _ := http.NewRequestWithContext(ctx, "GET", r.srv.URL+path, nil)
		if path == "/v1/calls" {
			go func() { // before any reply
				<-asked
				cancel()
			}()
		}
		resp, err := r.program.Do(req)
		if err == nil {
			io.ReadFull(resp.Body, make([]byte, 5))
			cancel()
			resp.Body.Close()
		}
		select {
		case <-gone:
		case <-time.After(10 * time.Second):
			t.Fatal("the target does not learn that the program went away")
		}
		cancel()
	}
	r.send("GET", "/v1/ping", "")
	_, entries := r.stop()
	var got []string
	for _, e := range entries {
		got = append(got, fmt.Sprint(e.URL.Path, " ", e.Status, " ", e.HasBody))
	}
	slices.Sort(got)
	if d := cmp.Diff([]string{"/v1/calls 0 false", "/v1/ping 204 true", "/v1/users 200 false"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A full file stops the recording, not the program.
func TestFullFile(t *testing.T) {
	srv := fake(t)
	r := start(t, srv.URL(), func(o *Options) { o.MaxSize = 20_000 })
	for range 40 {
		if resp, body := r.send("GET", "/v1/tags?per_page=5", ""); resp.StatusCode != 200 || body == "" {
			t.Errorf("%d %s", resp.StatusCode, body)
		}
	}
	s, entries := r.stop()
	if s.Size > 20_000 || s.Size < 10_000 || s.Recorded != len(entries) || s.Recorded+s.Lost != 40 || s.Lost == 0 || s.Err != nil {
		t.Errorf("%+v, %d entries", s, len(entries))
	}
	if len(r.warnings) != 1 || !strings.Contains(r.warnings[0], "forwarded and not recorded") {
		t.Errorf("warnings %q", r.warnings)
	}
	if _, err := New(Options{Target: &url.URL{}, MaxSize: 10}, r.file); err == nil || !strings.Contains(err.Error(), "more than 10 bytes") {
		t.Errorf("a bound of 10 bytes: %v", err)
	}
}

// A file that cannot be written is reported once, and the program notices nothing.
func TestFileFails(t *testing.T) {
	srv := fake(t)
	r := start(t, srv.URL(), nil)
	r.send("GET", "/v1/ping", "")
	r.file.Close()
	for range 3 {
		if resp, body := r.send("GET", "/v1/ping", ""); resp.StatusCode != 200 || body != `{"ping":"pong"}` {
			t.Errorf("%d %s", resp.StatusCode, body)
		}
	}
	s, entries := r.stop()
	if s.Recorded != 1 || s.Lost != 3 || s.Err == nil || len(entries) != 1 || len(r.warnings) != 1 {
		t.Errorf("%+v, %d entries, warnings %q", s, len(entries), r.warnings)
	}
}

// The host of a gateway is masked like everything else.
func TestHost(t *testing.T) {
	for target, want := range map[string][2]string{
		"https://api.aircall.io":        {"api.aircall.io", "api.aircall.io"},
		"https://gateway.acme.test/air": {"example.com", "gateway.acme.test"},
	} {
		for i, bodies := range []bool{false, true} {
			r := start(t, target, func(o *Options) { o.Bodies = bodies })
			if s, _ := r.stop(); s.Host != want[i] {
				t.Errorf("%s, bodies %v: %s", target, bodies, s.Host)
			}
		}
	}
}

// Bodies beyond the bound are forwarded whole and not recorded, in both directions.
func TestLargeBodies(t *testing.T) {
	large := `"` + strings.Repeat("x", MaxBody) + `"`
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Write(got)
	}))
	defer target.Close()
	for _, bodies := range []bool{false, true} {
		r := start(t, target.URL, func(o *Options) { o.Bodies = bodies })
		if _, got := r.send("POST", "/v1/calls", large); got != large {
			t.Errorf("got %d bytes", len(got))
		}
		if _, got := r.send("POST", "/v1/calls", `"small"`); got != `"small"` {
			t.Errorf("got %s", got)
		}
		_, entries := r.stop()
		if len(entries) != 2 || entries[0].HasBody || len(entries[0].RequestBody) > 0 || entries[0].Status != 200 || !entries[1].HasBody {
			t.Errorf("bodies %v: %d entries", bodies, len(entries))
		}
		if n := r.proxy.captured.Load(); n != 0 {
			t.Errorf("%d bytes are still in memory", n)
		}
	}
}

// A body that is not JSON reaches the program as it comes.
func TestStreams(t *testing.T) {
	more := make(chan struct{})
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "audio/mpeg")
		io.WriteString(w, "first")
		w.(http.Flusher).Flush()
		<-more
		io.WriteString(w, "second")
	}))
	defer target.Close()
	r := start(t, target.URL, nil)
	resp, err := r.program.Get(r.srv.URL + "/v1/calls/7/recording")
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 5)
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "first" {
		t.Errorf("%q, %v", first, err)
	}
	close(more)
	if rest, err := io.ReadAll(resp.Body); err != nil || string(rest) != "second" {
		t.Errorf("%q, %v", rest, err)
	}
	resp.Body.Close()
	if _, entries := r.stop(); entries[0].HasBody || entries[0].ReplyHeader.Get("Content-Type") != "audio/mpeg" {
		t.Errorf("%+v", entries[0])
	}
}

// The proxy follows no redirect, and refuses to be used as an HTTP proxy.
func TestOtherUses(t *testing.T) {
	target := httptest.NewServer(http.RedirectHandler("https://elsewhere.test/x", http.StatusFound))
	defer target.Close()
	r := start(t, target.URL, nil)
	if resp, _ := r.send("GET", "/v1/calls", ""); resp.StatusCode != 302 || resp.Header.Get("Location") != "https://elsewhere.test/x" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	via, _ := url.Parse(r.srv.URL)
	program := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(via)}, CheckRedirect: r.program.CheckRedirect}
	resp, err := program.Get("http://elsewhere.test/v1/calls")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != 400 || !strings.Contains(string(body), "set its address as the base URL") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if _, err := program.Get("https://elsewhere.test/v1/calls"); err == nil {
		t.Error("a tunnel was opened")
	}
	if s, _ := r.stop(); s.Refused != 2 || s.Recorded != 1 {
		t.Errorf("%+v", s)
	}
}

// The target gets the request as the program sent it: path, query, body and headers, with its own name as the host.
func TestForwardsAsSent(t *testing.T) {
	var got string
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = fmt.Sprint(r.Method, " ", r.Host, " ", r.RequestURI, " ", string(body), " ", r.Header.Get("X-Custom"), " ", r.Header.Get("X-Forwarded-For"), r.Header.Get("Accept-Encoding"))
		w.Header().Set("Content-Encoding", "br") // although nobody asked for it
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, "\x01\x02")
	}))
	defer target.Close()
	r := start(t, target.URL+"/base", nil)
	req, _ := http.NewRequest("PUT", r.srv.URL, strings.NewReader("{}"))
	req.URL.Opaque = "/v1/a%2Fb//c?x=1;2&y=%zz&tags[]=3"
	req.Header.Set("X-Custom", "yes")
	req.Header.Set("Accept-Encoding", "br, gzip")
	resp, err := r.program.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	host := strings.TrimPrefix(target.URL, "http://")
	if want := "PUT " + host + " /base/v1/a%2Fb//c?x=1;2&y=%zz&tags[]=3 {} yes identity"; got != want || string(body) != "\x01\x02" {
		t.Errorf("the target got\n\t%s, want\n\t%s; the program got %q", got, want, body)
	}
	if _, entries := r.stop(); entries[0].HasBody || entries[0].URL.Path == "" {
		t.Errorf("%+v", entries[0])
	}
}
