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
	w := empty(t)
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
	w := empty(t)
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

func TestIfNoneMatch(t *testing.T) {
	w := empty(t)
	for _, path := range []string{"/v1/tags", "/v1/contacts"} {
		first := w.get(path).wantStatus(200)
		req, _ := http.NewRequest("GET", w.URL()+path, nil)
		req.SetBasicAuth("fake-default-id", "fake-default-token")
		req.Header.Set("If-None-Match", first.header.Get("Etag"))
		w.do(req).want(304, "")
	}
}

func TestRateLimit(t *testing.T) {
	srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon.Add(12 * time.Second), RateLimit: 3}))
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
		for _, id := range []string{"1", "0", "-1", "999999999999999999999", "me", "1.5", "%20", "12345x"} {
			path := expand(expand(expand(r.path, "id", id), "user_id", id), "detail_id", id)
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
