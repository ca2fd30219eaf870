package fakeaircall

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEdge(t *testing.T) {
	w := empty(t).lost()
	const ok = "Basic ZmFrZS1kZWZhdWx0LWlkOmZha2UtZGVmYXVsdC10b2tlbg=="
	for name, tc := range map[string]struct {
		authorization, method, path string
		status                      int
		body                        string
	}{
		"basic":                          {ok, "GET", "/v1/ping", 200, `{"ping":"pong"}`},
		"bearer":                         {"Bearer fake-sales-bearer", "GET", "/v1/ping", 200, `{"ping":"pong"}`},
		"scheme in any case":             {"bearer fake-sales-bearer", "GET", "/v1/ping", 200, `{"ping":"pong"}`},
		"no credentials":                 {"", "GET", "/v1/ping", 401, `{"message":"Unauthorized"}`},
		"bogus pair":                     {"Basic Ym9ndXM6cGFpcg==", "GET", "/v1/ping", 403, `{"message":"Forbidden"}`},
		"one account's id, other token":  {"Basic ZmFrZS1kZWZhdWx0LWlkOmZha2Utc2FsZXMtdG9rZW4=", "GET", "/v1/ping", 403, `{"message":"Forbidden"}`},
		"undecodable":                    {"Basic !!", "GET", "/v1/ping", 403, `{"message":"Forbidden"}`},
		"bogus bearer":                   {"Bearer nobody", "GET", "/v1/ping", 403, `{"message":"Forbidden"}`},
		"other scheme":                   {"Digest x", "GET", "/v1/ping", 403, `{"message":"Forbidden"}`},
		"unknown path":                   {ok, "GET", "/v1/nothing", 404, `{"message":"Not Found"}`},
		"unknown path beats credentials": {"", "GET", "/v1/nothing", 404, `{"message":"Not Found"}`},
		"wrong method":                   {ok, "PATCH", "/v1/contacts/5678", 404, `{"message":"Not Found"}`},
		"wrong method of a fixed path":   {ok, "PUT", "/v1/contacts/search", 404, `{"message":"Not Found"}`},
		"trailing slash":                 {ok, "GET", "/v1/ping/", 200, `{"ping":"pong"}`},
		"doubled slash":                  {ok, "GET", "/v1//ping", 404, `{"message":"Not Found"}`},
		"dots are not resolved":          {ok, "GET", "/v1/tags/../ping", 404, `{"message":"Not Found"}`},
		"an escaped slash":               {ok, "GET", "/v1%2Fping", 404, `{"message":"Not Found"}`},
		"an escaped letter":              {ok, "GET", "/v1/p%69ng", 404, `{"message":"Not Found"}`},
		"an escaped slash at the end":    {ok, "GET", "/v1/ping%2F", 404, `{"message":"Not Found"}`},
		"root":                           {ok, "GET", "/", 404, `{"message":"Not Found"}`},
	} {
		t.Run(name, func(t *testing.T) {
			w := world{w.Server, t}
			a := w.sendAs(tc.authorization, tc.method, tc.path, "").want(tc.status, tc.body)
			wantType := "application/json"
			if tc.status == 200 {
				wantType += "; charset=utf-8"
			} else if got := a.header.Get("X-Cache"); got != "Error from cloudfront" {
				t.Errorf("x-cache %q", got)
			}
			if got := a.header.Get("Content-Type"); got != wantType {
				t.Errorf("content-type %q, want %q", got, wantType)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	w := empty(t).lost()
	contact := w.send("POST", "/v1/contacts", `{"first_name":"Kim","phone_numbers":[{"label":"Work","value":"+4520000001"}]}`).wantStatus(201)
	for name, tc := range map[string]struct {
		answer answer
		etag   string // the digests of 2026's recordings, for these bodies
		has    []string
		lacks  []string
	}{
		"rails": {
			answer: w.get("/v1/ping"), etag: `W/"` + sha256Of(`{"ping":"pong"}`)[:32] + `"`,
			has:   []string{"X-Request-Id", "X-Runtime", "Cache-Control", "Referrer-Policy", "Strict-Transport-Security", "Vary", "Server", "Via", "Apigw-Requestid", "X-Amz-Cf-Id", "Date"},
			lacks: []string{"X-Powered-By", "X-AircallApi-Limit", "X-AircallApi-Remaining", "X-AircallApi-Reset"},
		},
		"contacts": {
			answer: contact, etag: `W/"` + strconv.FormatInt(int64(len(contact.body)), 16) + "-" + sha1Of(contact.body)[:27] + `"`,
			has:   []string{"X-Powered-By", "Vary", "Server", "Via", "Apigw-Requestid", "X-Cache", "Date"},
			lacks: []string{"X-Request-Id", "X-Runtime", "X-AircallApi-Limit"},
		},
		"edge": {
			answer: w.get("/nothing"),
			has:    []string{"Apigw-Requestid", "X-Cache", "Via", "X-Amz-Cf-Pop", "X-Amz-Cf-Id", "Date", "Content-Length"},
			lacks:  []string{"X-Request-Id", "X-Powered-By", "Server", "Cache-Control"},
		},
		"no body": {
			answer: w.send("DELETE", "/v1/contacts/"+contact.at("contact.id"), ""),
			has:    []string{"X-Powered-By", "Date"},
			lacks:  []string{"Content-Type", "Etag"},
		},
	} {
		if got := tc.answer.header.Get("Etag"); got != tc.etag {
			t.Errorf("%s: etag %q, want %q", name, got, tc.etag)
		}
		for _, h := range tc.has {
			if tc.answer.header.Get(h) == "" {
				t.Errorf("%s: no %s", name, h)
			}
		}
		for _, h := range tc.lacks {
			if got := tc.answer.header.Get(h); got != "" {
				t.Errorf("%s: %s is %q", name, h, got)
			}
		}
		if got, want := tc.answer.header.Get("Date"), noon.Format(http.TimeFormat); got != want {
			t.Errorf("%s: date %q, want the clock's %q", name, got, want)
		}
	}
}

// Rack compares the whole header with its tag; Express reads the header by RFC 9110.
func TestIfNoneMatch(t *testing.T) {
	w := world{RunT(t, checked(t, Options{AllowUnknownRoutes: true, Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit})), t}
	for _, tc := range []struct {
		path, asked, control string // TAG stands for the tag, BARE for it without W/
		status               int
	}{
		{"/v1/tags", `TAG`, "", 304},
		{"/v1/tags", `BARE`, "", 200},
		{"/v1/tags", `"other", TAG`, "", 200},
		{"/v1/tags", `*`, "", 200},
		{"/v1/tags", `"other"`, "", 200},
		{"/v1/tags", `TAG`, "no-cache", 304},
		{"/v1/contacts", `TAG`, "", 304},
		{"/v1/contacts", `BARE`, "", 304},
		{"/v1/contacts", `"other" , TAG`, "", 304},
		{"/v1/contacts", `*`, "", 304},
		{"/v1/contacts", `"other", W/"another"`, "", 200},
		{"/v1/contacts", `TAG`, "no-cache", 200},
		{"/v1/contacts/1", `*`, "", 404},
		{"/v1/webhooks", `*`, "", 200},
		{"/nothing", `*`, "", 404},
	} {
		tag := w.get(tc.path).header.Get("Etag")
		req, _ := http.NewRequest("GET", w.URL()+tc.path, nil)
		req.SetBasicAuth("fake-default-id", "fake-default-token")
		req.Header.Set("If-None-Match", strings.NewReplacer("TAG", tag, "BARE", strings.TrimPrefix(tag, "W/")).Replace(tc.asked))
		req.Header.Set("Cache-Control", tc.control)
		a := w.do(req).wantStatus(tc.status)
		if tc.status == 304 && (a.body != "" || a.header.Get("Content-Type") != "" || a.header.Get("Content-Length") != "" || a.header.Get("Etag") != tag) {
			t.Errorf("%s: a 304 with %q and %v", tc.path, a.body, a.header)
		}
	}
	// A write is done and answered whatever the client has.
	req, _ := http.NewRequest("POST", w.URL()+"/v1/contacts", strings.NewReader(kim))
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	req.Header.Set("If-None-Match", "*")
	w.do(req).wantStatus(201)
}

// The headers of an error show which service sent it: only Express adds an ETag, and only the edge and webhooks have no
// charset. CloudFront marks each as an error.
func TestErrorHeaders(t *testing.T) {
	w := world{RunT(t, checked(t, Options{AllowUnknownRoutes: true, Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit})), t}
	user := w.get("/v2/users?order=desc").at("users.0.id")
	const charset = "application/json; charset=utf-8"
	for _, tc := range []struct {
		method, path, body string
		status             int
		contentType, of    string // a header that only this backend has
		tagged             bool
	}{
		{"GET", "/v1/calls/1", "", 404, charset, "X-Request-Id", false},
		{"POST", "/v1/tags", "{", 400, charset, "X-Request-Id", false},
		{"POST", "/v1/teams/1/users/1", "", 404, charset, "X-Request-Id", false},
		{"POST", "/v1/users/" + user + "/dial", `{"to":"+33199001234"}`, 405, charset, "X-Request-Id", false},
		{"GET", "/v1/contacts/1", "", 404, charset, "X-Powered-By", true},
		{"GET", "/v1/contacts?page=201&per_page=50", "", 400, charset, "X-Powered-By", true},
		{"GET", "/v1/webhooks/1", "", 404, "application/json", "X-Amzn-Requestid", false},
		{"POST", "/v1/webhooks", "{}", 400, "application/json", "X-Amzn-Requestid", false},
		{"OPTIONS", "/v1/contacts/5678", "", 404, "application/json", "Apigw-Requestid", false},
		{"HEAD", "/v1/contacts/5678", "", 404, "application/json", "Apigw-Requestid", false},
		{"POST", "/v1/ping", "", 404, "application/json", "Apigw-Requestid", false},
	} {
		if tc.status == 405 {
			w.send("PUT", "/v2/users/"+user, `{"availability_status":"unavailable"}`).wantStatus(200)
		}
		a := w.send(tc.method, tc.path, tc.body).wantStatus(tc.status)
		if got := a.header.Get("Content-Type"); got != tc.contentType || a.header.Get(tc.of) == "" || (a.header.Get("Etag") != "") != tc.tagged {
			t.Errorf("%s %s: %v", tc.method, tc.path, a.header)
		}
		if got := a.header.Get("X-Cache"); got != "Error from cloudfront" {
			t.Errorf("%s %s: x-cache %q", tc.method, tc.path, got)
		}
		if n := len(a.body); tc.method != "HEAD" && a.header.Get("Content-Length") != strconv.Itoa(n) {
			t.Errorf("%s %s: content-length %q of %d bytes", tc.method, tc.path, a.header.Get("Content-Length"), n)
		}
		if id := a.header.Get("Apigw-Requestid"); len(id) != 16 || !strings.HasSuffix(id, "=") {
			t.Errorf("apigw-requestid %q", id)
		}
	}
}

// Rails takes the last value of a repeated key; only a name in brackets is a list.
func TestRepeatedKeys(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit})), t}
	if got := w.get("/v1/calls?per_page=3&page=9&page=2&per_page=5").at("meta"); !strings.Contains(got, `"current_page":2,"per_page":5`) {
		t.Errorf("meta %s", got)
	}
	if got := w.get("/v1/tags?per_page=3&per_page=5").at("meta.per_page"); got != "5" {
		t.Errorf("per_page %s", got)
	}
}

func TestRateLimit(t *testing.T) {
	srv := RunT(t, checked(t, Options{AllowUnknownRoutes: true, Scale: ScaleEmpty, Clock: noon.Add(12 * time.Second), RateLimit: 3}))
	w := world{srv, t}
	for range 2 {
		w.get("/v1/ping").wantStatus(200)
	}
	w.sendAs("", "GET", "/v1/ping", "").wantStatus(401) // does not count
	w.get("/nothing").wantStatus(404)                   // neither
	w.sendAs("Bearer fake-default-bearer", "GET", "/v1/ping", "").wantStatus(200)
	a := w.get("/v1/contacts")
	a.wantTroubleshoot(429, "rate limit")
	limit := []string{a.header.Get("X-AircallApi-Limit"), a.header.Get("X-AircallApi-Remaining"), a.header.Get("X-AircallApi-Reset"), a.header.Get("Retry-After")}
	reset := strconv.FormatInt(noon.Add(time.Minute).Unix(), 10)
	if diff := cmp.Diff([]string{"3", "0", reset, ""}, limit); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	w.sendAs("Bearer fake-sales-bearer", "GET", "/v1/ping", "").wantStatus(200) // another company
	srv.Advance(48 * time.Second)
	w.get("/v1/ping").wantStatus(200)
}

func TestBadBodies(t *testing.T) {
	w := empty(t)
	id := w.send("POST", "/v1/contacts", `{"phone_numbers":[{"label":"Work","value":"+4520000001"}]}`).at("contact.id")
	long := strings.Repeat("a", 300)
	for name, tc := range map[string]struct {
		method, path, body string
		status             int
		words              string
	}{
		"malformed":             {"POST", "/v1/contacts", `{"first_name":`, 400, "JSON"},
		"an array":              {"POST", "/v1/tags", `[1]`, 400, "JSON"},
		"a string":              {"POST", "/v1/tags", `"x"`, 400, "JSON"},
		"null":                  {"POST", "/v1/tags", `null`, 400, "name can't be blank"},
		"trailing data":         {"POST", "/v1/tags", `{} {}`, 400, "JSON"},
		"empty":                 {"POST", "/v1/contacts", ``, 400, "phone_numbers is required"},
		"number for a string":   {"POST", "/v1/contacts/" + id, `{"first_name":1}`, 400, "first_name must be a string"},
		"object for a list":     {"POST", "/v1/contacts", `{"phone_numbers":{"label":"a","value":"+4520000001"}}`, 400, "phone_numbers must be an array"},
		"strings for entries":   {"POST", "/v1/contacts", `{"phone_numbers":["+4520000001"]}`, 400, "phone_numbers must be an array"},
		"nulls for entries":     {"POST", "/v1/contacts", `{"phone_numbers":[null]}`, 400, "can't be blank"},
		"text too long":         {"POST", "/v1/contacts/" + id, `{"information":"` + long + `"}`, 400, "too long"},
		"deep nesting":          {"POST", "/v1/contacts", strings.Repeat("[", 100_000), 400, "JSON"},
		"string for an integer": {"PUT", "/v2/users/1", `{"wrap_up_time":"9"}`, 404, "Check ID"},
	} {
		t.Run(name, func(t *testing.T) {
			world{w.Server, t}.send(tc.method, tc.path, tc.body).wantTroubleshoot(tc.status, tc.words)
		})
	}
	huge := `{"information":"` + strings.Repeat("a", maxBody) + `"}`
	w.send("POST", "/v1/contacts/"+id, huge).want(413, `{"message":"Request Entity Too Large"}`)
}

// Every id in every path: unknown, absurd, negative, not a number.
func TestUnknownIDs(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Assume: map[string]string{"a2p": "keep"}})), t}
	body := map[tier]string{
		railsTier:   `{"error":"Not Found","troubleshoot":"Check ID of the resource","success":false}`,
		expressTier: `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`,
		lambdaTier:  `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`,
	}
	valid := `{"first_name":"A","name":"N","color":"#000000","content":"c","tags":[1],"label":"l","value":"+4520000001"}`
	tried := 0
	for _, r := range routes() {
		if !strings.Contains(r.path, "{") {
			continue
		}
		for _, id := range []string{"1", "0", "-1", "+1", "999999999999999999999", "me", "1.5", "%20", "1%2F2", "12345x"} {
			path := r.path
			for _, name := range []string{"id", "user_id", "detail_id", "phone_number_id"} {
				path = expand(path, name, id)
			}
			in := valid
			if strings.Contains(r.path, "email_details") {
				in = `{"label":"l","value":"a@example.com"}`
			}
			if _, err := strconv.ParseInt(id, 10, 64); err != nil && insightRead(r.path) {
				w.send(r.method, path, "").wantTroubleshoot(400, "call_id")
				continue
			}
			w.send(r.method, path, in).want(404, body[r.tier])
			tried++
		}
	}
	if tried < 100 {
		t.Errorf("%d paths tried", tried)
	}
}
