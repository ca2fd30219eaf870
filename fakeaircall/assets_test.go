package fakeaircall

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fetch requests audio without credentials: the URL is enough.
func (w world) fetch(method, url string, headers ...string) answer {
	w.t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return w.do(req)
}

// wantS3 checks for an error in the form of S3.
func (a answer) wantS3(status int, code, words string) {
	a.t.Helper()
	a.wantStatus(status)
	if want := `<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error><Code>" + code + "</Code><Message>"; !strings.HasPrefix(a.body, want) || !strings.Contains(a.body, words) {
		a.t.Errorf("body %s, want %s about %q", a.body, code, words)
	}
	if got := a.header.Get("Content-Type"); got != "application/xml" {
		a.t.Errorf("content type %q", got)
	}
}

func TestAudio(t *testing.T) {
	w := exchange(t)
	c := w.get("/v1/calls/1?fetch_short_urls=true")
	v := w.get("/v1/calls/2?fetch_short_urls=true")
	for name, url := range map[string]string{
		"recording": c.text("call.recording"), "short recording": c.text("call.recording_short_url"),
		"voicemail": v.text("call.voicemail"), "short voicemail": v.text("call.voicemail_short_url"),
	} {
		if !strings.HasPrefix(url, w.URL()+"/_assets/") {
			t.Fatalf("%s: %s leads elsewhere", name, url)
		}
		if strings.HasPrefix(name, "short") {
			url = w.redirected(url)
		}
		a := w.fetch("GET", url).wantStatus(200)
		for header, want := range map[string]string{
			"Content-Type": "audio/mpeg", "Content-Length": "2988", "Accept-Ranges": "bytes", "Server": "AmazonS3", "Date": noon.Format(http.TimeFormat), "X-Request-Id": "",
		} {
			if got := a.header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		frames := 0
		for rest := a.body; len(rest) >= 36 && rest[:4] == "\xff\xf3\x18\xc4" && rest[4:36] == strings.Repeat("\x00", 32); rest = rest[36:] {
			frames++
		}
		if frames*36 != len(a.body) || frames != 83 { // of 36 ms
			t.Errorf("%s: %d frames in %d bytes", name, frames, len(a.body))
		}
		part := w.fetch("GET", url, "Range", "bytes=36-71").want(206, a.body[36:72])
		if got := part.header.Get("Content-Range"); got != "bytes 36-71/2988" {
			t.Errorf("%s: content-range %q", name, got)
		}
		w.fetch("GET", url, "Range", "bytes=2988-").wantStatus(416)
		w.fetch("GET", url, "If-None-Match", a.header.Get("Etag")).want(304, "")
		w.fetch("GET", url, "Authorization", "Basic c2VjcmV0OnNlY3JldA==").wantS3(400, "InvalidArgument", "Only one auth mechanism allowed")
		w.fetch("HEAD", url).want(403, "")
		if strings.Contains(w.fetch("GET", url, "Authorization", "Basic c2VjcmV0OnNlY3JldA==").body, "c2VjcmV0") {
			t.Error("the error repeats the credentials")
		}
	}
}

var shortURL = regexp.MustCompile(`/v1/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// redirected requests a short URL and returns where it redirects to.
func (w world) redirected(url string) string {
	w.t.Helper()
	if !shortURL.MatchString(url) {
		w.t.Fatalf("%s is not a short URL", url)
	}
	a := w.fetch("GET", url).want(302, "")
	if server := a.header.Get("Server"); server != "" {
		w.t.Errorf("server %q", server)
	}
	w.fetch("HEAD", url).want(302, "")
	w.fetch("POST", url).wantS3(403, "AccessDenied", "")
	return a.header.Get("Location")
}

// A short URL redirects to a URL that is signed at that moment. Clients can also request it by the name of its host.
func TestShortURL(t *testing.T) {
	w := exchange(t)
	short := w.get("/v1/calls/1?fetch_short_urls=true").text("call.recording_short_url")
	w.Advance(2 * time.Hour)
	long := w.redirected(short)
	if !strings.HasPrefix(long, w.URL()+"/_assets/recording/default/1.mp3?") || !strings.Contains(long, "X-Amz-Date=20260302T140000Z&X-Amz-Expires=3600") {
		t.Errorf("it leads to %s", long)
	}
	w.fetch("GET", long).wantStatus(200)
	w.fetch("GET", short, "Authorization", "Basic c2VjcmV0OnNlY3JldA==").wantS3(400, "InvalidArgument", "Only one auth mechanism allowed")
}

// The fake also answers as the host of short URLs.
func TestShortURLOfItsHost(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon}, "no operation: status: want 404")), t} // the contract knows one host
	short := w.get("/v1/calls/12345?fetch_short_urls=true").text("call.recording_short_url")
	for path, want := range map[string]int{
		short[strings.LastIndex(short, "/v1/"):]: 302, "/v1/ffffffff-ffff-4fff-afff-fffffffffff0": 403, "/v2/users": 401,
	} {
		req, _ := http.NewRequest("GET", w.URL()+path, nil)
		req.Host = "short-urls.aircall.io"
		a := w.do(req).wantStatus(want)
		if got := a.header.Get("Location"); want == 302 && !strings.HasPrefix(got, "http://short-urls.aircall.io/_assets/recording/default/12345.mp3?") {
			t.Errorf("it leads to %s", got)
		}
	}
}

func TestAudioExpires(t *testing.T) {
	w := exchange(t)
	a := w.get("/v1/calls/1?fetch_short_urls=true")
	signed, short := a.text("call.recording"), a.text("call.recording_short_url")
	const expired = "Request has expired</Message><Expires>2026-03-02T13:00:00Z</Expires><ServerTime>2026-03-02T13:00:00Z</ServerTime><RequestId>"
	w.Advance(time.Hour - time.Second)
	w.fetch("GET", signed).wantStatus(200)
	w.Advance(time.Second)
	w.fetch("GET", signed).wantS3(403, "AccessDenied", expired)
	if fresh := w.get("/v1/calls/1").text("call.recording"); fresh == signed {
		t.Error("an hour later the URL is the same")
	} else {
		w.fetch("GET", fresh).wantStatus(200)
	}
	w.Advance(2*time.Hour - time.Second)
	w.fetch("GET", w.redirected(short)).wantStatus(200)
	w.Advance(time.Second)
	w.fetch("GET", short).wantS3(403, "AccessDenied", "Request has expired")
}

func TestAudioRefused(t *testing.T) {
	w := exchange(t)
	a := w.get("/v1/calls/1?fetch_short_urls=true")
	signed, short := a.text("call.recording"), a.text("call.recording_short_url")
	path, query, _ := strings.Cut(signed, "?")
	for name, tc := range map[string]struct{ url, code string }{
		"without a query":     {path, "AccessDenied"},
		"no file":             {w.URL() + "/_assets/recording", "AccessDenied"},
		"root":                {w.URL() + "/_assets/", "AccessDenied"},
		"another company":     {w.URL() + "/_assets/recording/nobody/1.mp3?" + query, "AccessDenied"},
		"another account":     {strings.Replace(signed, "/default/", "/sales/", 1), "SignatureDoesNotMatch"},
		"another call":        {strings.Replace(signed, "/1.mp3", "/2.mp3", 1), "SignatureDoesNotMatch"},
		"another kind":        {strings.Replace(signed, "/recording/", "/voicemail/", 1), "SignatureDoesNotMatch"},
		"a longer life":       {strings.Replace(signed, "Expires=3600", "Expires=36000", 1), "SignatureDoesNotMatch"},
		"another date":        {strings.Replace(signed, "Date=20260302T12", "Date=20260302T13", 1), "SignatureDoesNotMatch"},
		"no date":             {path + "?X-Amz-Signature=1", "SignatureDoesNotMatch"},
		"one parameter more":  {signed + "&response-content-type=text/html", "SignatureDoesNotMatch"},
		"a signature made up": {signed[:len(signed)-1] + "x", "SignatureDoesNotMatch"},
		"another short call":  {short[:len(short)-2] + "2" + short[len(short)-1:], "AccessDenied"},
		"another short kind":  {short[:len(short)-1] + "1", "AccessDenied"},
		"a longer short life": {short[:len(short)-31] + "f" + short[len(short)-30:], "AccessDenied"},
		"a UUID made up":      {w.URL() + "/_assets/short-urls/v1/ffffffff-ffff-4fff-afff-ffffffffffff", "AccessDenied"},
		"no hex digits":       {w.URL() + "/_assets/short-urls/v1/zzzzzzzz-zzzz-4zzz-azzz-zzzzzzzzzzzz", "AccessDenied"},
		"no UUID":             {w.URL() + "/_assets/short-urls/v1/é", "AccessDenied"},
		"nothing short":       {w.URL() + "/_assets/short-urls/", "AccessDenied"},
	} {
		t.Run(name, func(t *testing.T) {
			world{w.Server, t}.fetch("GET", tc.url).wantS3(403, tc.code, "")
		})
	}
	w.send("DELETE", "/v1/calls/1/recording", "").wantStatus(204)
	w.fetch("GET", signed).wantS3(404, "NoSuchKey", "recording/default/1.mp3")
	w.fetch("GET", w.redirected(short)).wantS3(404, "NoSuchKey", "")
}

// The URLs have the host that the client used, even if another client has just used another host.
func TestAudioHost(t *testing.T) {
	w := exchange(t)
	for range 2 {
		for _, host := range []string{"aircall.test", "127.0.0.1:1", "aircall.test"} {
			for _, path := range []string{"/v1/calls/1", "/v1/calls", "/v1/calls/search?user_id=31", "/v1/calls?fetch_contact=true"} {
				req, _ := http.NewRequest("GET", w.URL()+path, nil)
				req.Host = host
				req.SetBasicAuth("fake-default-id", "fake-default-token")
				a := w.do(req).wantStatus(200)
				if n := strings.Count(a.body, `"recording":"http://`+host+`/_assets/recording/default/1.mp3?`); n != 1 || strings.Count(a.body, "/_assets/recording/") != 1 {
					t.Errorf("%s of %s: %s", path, host, a.body)
				}
			}
		}
	}
	// Two fakes differ only in the host.
	other := exchange(t)
	if diff := cmp.Diff(w.get("/v1/calls").body, strings.ReplaceAll(other.get("/v1/calls").body, other.URL(), w.URL())); diff != "" {
		t.Error(diff)
	}
}

func TestAudioOfAnOddAccount(t *testing.T) {
	const name = `a/b "c"?d`
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, Accounts: []Account{{Name: name, Bearer: "odd", User: "boss@odd.test"}}})), t}
	a := w.sendAs("Bearer odd", "GET", "/v1/calls/12345?fetch_short_urls=true", "").wantStatus(200)
	w.fetch("GET", a.text("call.recording")).wantStatus(200)
	w.fetch("GET", w.redirected(a.text("call.recording_short_url"))).wantStatus(200)
}
