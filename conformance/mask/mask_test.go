package mask

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// checked makes the test fail if an exchange of a fake breaks the contract.
func checked(t contract.TB, o fakeaircall.Options) fakeaircall.Options {
	t.Helper()
	o.Wrap = contract.Enforce(t, fakeaircall.OpenAPI())
	return o
}

func TestBodies(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"a contact",
			`{"contact":{"id":699421,"direct_link":"https://api.aircall.io/v1/contacts/699421","first_name":"Jane","last_name":null,"is_shared":true,"created_at":1696000000,"emails":[{"id":3,"label":"Work","value":"jane@acme.com"}],"phone_numbers":[{"id":4,"label":"my mobile","value":"+33 6 12 34 56 78"}]}}`,
			`{"contact":{"id":1001,"direct_link":"https://api.aircall.io/v1/contacts/1001","first_name":"Text","last_name":null,"is_shared":true,"created_at":1767225600,"emails":[{"id":1002,"label":"Text","value":"person@example.com"}],"phone_numbers":[{"id":1003,"label":"text","value":"+15 5 55 55 01 00"}]}}`},
		{"words of the contract and others", `{"direction":"inbound","state":"ringing","status":"Anna","availability":"ONLINE","first_name":"inbound","type":"x"}`, `{"direction":"inbound","state":"ringing","status":"Text","availability":"ONLINE","first_name":"text","type":"text"}`},
		{"an error", `{"error":"Bad Request","troubleshoot":"email is not valid","success":false}`, `{"error":"Bad Request","troubleshoot":"email is not valid","success":false}`},
		{"an error that names a value", `{"error":"Bad Request","troubleshoot":"jane@acme.com is taken"}`, `{"error":"Bad Request","troubleshoot":"text"}`},
		{"a page", `{"meta":{"count":2,"total":731,"current_page":3,"per_page":2,"next_page_link":"https://api.aircall.io/v1/calls/search?order=asc&phone_number=%2B33612345678&page=4&per_page=2","previous_page_link":null}}`,
			`{"meta":{"count":2,"total":731,"current_page":3,"per_page":2,"next_page_link":"https://api.aircall.io/v1/calls/search?order=asc&phone_number=%2B15555550100&page=4&per_page=2","previous_page_link":null}}`},
		{"numbers", `{"duration":733,"cost":"12.50","a":0,"b":-5,"c":2.25,"d":1e3,"e":33612345678,"f":1696000000123,"g":-0.5}`, `{"duration":121,"cost":"1.1","a":0,"b":-1,"c":1.5,"d":121.0,"e":10000000000,"f":1767225600000,"g":-0.5}`},
		{"the same id, as a number and as a text", `[{"id":77},{"call_id":"77"},{"user_id":78},{"tags":[78,77]}]`, `[{"id":1001},{"call_id":"1001"},{"user_id":1002},{"tags":[1002,1001]}]`},
		{"opaque ids", `{"webhook_id":"45b5c1a9-0f3e-4b7e-9a3b-0123456789ab","token":"45699f5f3a6d4b0c8d3a0123456789ab","sid":"CA0123456789abcdef0123456789abcdef"}`,
			`{"webhook_id":"00000000-0000-4000-8000-000000001001","token":"a0000000000000000000000000001002","sid":"CA00000000000000000000000000001003"}`},
		{"keys that are data", `{"jane@acme.com":1,"33612345678":2,"name":3,"Jane":4}`, `{"masked_key":1,"masked_key_2":1,"name":1,"masked_key_3":1}`},
		{"an address with a signature", `{"recording":"https://bucket.s3.amazonaws.com/jane.mp3?X-Amz-Signature=abc&page=2"}`, `{"recording":"https://example.com/text?text=xx&page=2"}`},
		{"dates", `["2026-09-28T08:12:33.000Z","2026-09-28T08:12:33.120Z","2026-09-28","2026-09-28 08:12:33 UTC"]`, `["2026-01-01T00:00:00.000Z","2026-01-01T00:00:00.001Z","2026-01-01","2026-01-01 00:00:00 UTC"]`},
		{"long texts", `["` + strings.Repeat("x", 300) + `","` + strings.Repeat("é", 255) + `"]`, `["tex` + strings.Repeat("t", 253) + `","text"]`},
		{"events", `{"events":["call.created","call.muted","jane","jane.doe"],"name":"call.created"}`, `{"events":["call.created","call.muted","text","text"],"name":"text"}`},
		{"a text", `"Jane"`, `"Text"`},
	} {
		got, ok := new(Masker).JSON([]byte(c.body))
		if d := cmp.Diff(c.want, strings.ReplaceAll(string(got), `\u0026`, "&")); d != "" || !ok {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
	if _, ok := new(Masker).JSON([]byte(`{"a":`)); ok {
		t.Error("half a text is JSON")
	}
}

func TestRequests(t *testing.T) {
	for _, c := range []struct{ request, want string }{
		{"GET https://api.aircall.io/v1/calls?per_page=50&page=2&order=desc&from=1696000000", "https://api.aircall.io/v1/calls?per_page=50&page=2&order=desc&from=1696000000"},
		{"GET https://api.aircall.io/v1/calls/search?tags[]=7&user_id=8&direction=inbound&phone_number=%2B33612345678", "https://api.aircall.io/v1/calls/search?tags[]=1001&user_id=1002&direction=inbound&phone_number=%2B15555550100"},
		{"GET https://api.aircall.io/v1/teams/7/users/7/", "https://api.aircall.io/v1/teams/1001/users/1001/"},
		{"DELETE https://api.aircall.io/v1/teams/7/users/7", "https://api.aircall.io/v1/teams/1001/users/1001"},
		{"GET https://api.aircall.io/v1/users/jane%40acme.com", "https://api.aircall.io/v1/users/person@example.com"},
		{"GET https://api.aircall.io/v1/zebulon/text", "https://api.aircall.io/v1/text/text"},
		{"GET https://api.aircall.io/v3/call-tags/jane", "https://api.aircall.io/v3/call-tags/text"},
		{"GET https://api.aircall.io/v1/calls/7/sentiments/jane", "https://api.aircall.io/v1/calls/1001/sentiments/text"},
		{"GET https://api.aircall.io/v1/users/jane/doe", "https://api.aircall.io/v1/users/text/text"},
		{"GET https://api.aircall.io/v1/widgets/7/parts", "https://api.aircall.io/v1/text/1001/text"},
		{"GET https://api.aircall.io/v1/+33612345678", "https://api.aircall.io/v1/text.text"},
		{"GET https://gateway.acme.example/v1/ping?Jane=1&token=abc", "https://example.com/v1/ping?text=1&token=xx"},
		{"GET http://127.0.0.1:8787/v1/ping", "http://127.0.0.1:8787/v1/ping"},
		{"GET https://jane:secret@api.aircall.io/v1/ping#jane", "https://api.aircall.io/v1/ping"},
	} {
		method, text, _ := strings.Cut(c.request, " ")
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := new(Masker).URL(method, u).String(); got != c.want {
			t.Errorf("%s\n\tgot  %s\n\twant %s", c.request, got, c.want)
		}
	}
}

func TestEntry(t *testing.T) {
	u, _ := url.Parse("https://api.aircall.io/v1/contacts/7")
	e := har.Entry{
		Started: time.Unix(1, 0), Method: "POST", URL: u, Status: 200,
		RequestHeader: http.Header{"Authorization": {"Basic c2VjcmV0"}, "Cookie": {"a=b"}, "X-Aircall-Customer": {"Jane"}, "Content-Type": {"application/x-www-form-urlencoded"}, "If-None-Match": {`W/"0123456789abcdef0123456789abcdef"`}},
		RequestBody:   []byte("first_name=Jane&client_id=abc"),
		ReplyHeader: http.Header{
			"Etag": {`W/"0123456789abcdef0123456789abcdef"`}, "Set-Cookie": {"a=b"}, "X-Aircallapi-Limit": {"120"}, "Content-Type": {"application/json; charset=utf-8"},
			"Cache-Control": {"max-age=0, private, jane"}, "Server": {"nginx"}, "Location": {"https://api.aircall.io/v1/contacts/7"}, "X-Powered-By": {"Express"}, "Via": {"jane"}, "Date": {"Mon, 28 Sep 2026 08:12:33 GMT"},
		},
		ReplyBody: []byte(`{"contact":{"id":7}}`), HasBody: true,
	}
	got := new(Masker).Entry(e)
	masked, _ := url.Parse("https://api.aircall.io/v1/contacts/1001")
	want := har.Entry{
		Started: e.Started, Method: "POST", URL: masked, Status: 200, Masked: true,
		RequestHeader: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "If-None-Match": {`W/"00000000000000000000000000001002"`}},
		RequestBody:   []byte("first_name=Text&client_id=xx"),
		ReplyHeader: http.Header{
			"Etag": {`W/"00000000000000000000000000001002"`}, "X-Aircallapi-Limit": {"120"}, "Content-Type": {"application/json; charset=utf-8"},
			"Cache-Control": {"max-age=0, private, other"}, "Server": {"nginx"}, "Location": {"https://api.aircall.io/v1/contacts/1001"}, "X-Powered-By": {"Express"}, "Date": {"Mon, 28 Sep 2026 08:12:33 GMT"},
		},
		ReplyBody: []byte(`{"contact":{"id":1001}}`), HasBody: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	e.ReplyBody, e.ReplyHeader = []byte("<title>Jane</title>"), http.Header{"Content-Type": {"text/html; charset=jane"}}
	if got := new(Masker).Entry(e); got.HasBody || got.ReplyBody != nil || got.ReplyHeader.Get("Content-Type") != "text/html; charset=other" {
		t.Errorf("a page became %v %q", got.ReplyHeader, got.ReplyBody)
	}
}

// planted are the values that must not survive: each begins with a text that nothing else contains.
func planted() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		secret := rapid.SampledFrom([]string{
			"Zanzibar Quux", "zanzibar.quux@acme.test", "+4930901820777", "4930901820777", "zanzibar-token-0123456789abcdef", "https://zanzibar.test/quux?sig=zanzibar",
			"9a3bzanzibar", "WmFuemliYXI=", "7a616e7a69626172", "%7Aanzibar", `zan"zi\bar`, "Zanz\u00efbar \U0001F600", "ZANZIBAR QUUX", "zanzibar\nquux", "&#122;anzibar", "9820777-4930901",
		}).Draw(t, "planted")
		switch rapid.IntRange(0, 4).Draw(t, "around") {
		case 0:
			return secret + " " + rapid.String().Draw(t, "after")
		case 1:
			return rapid.String().Draw(t, "before") + secret
		case 2:
			return `{"name":"` + secret + `"}`
		}
		return secret
	})
}

// leaks finds any form of what is planted.
var leaks = regexp.MustCompile(`(?i)zanz|anzibar|bar|quux|4930901|9820777|WmFuem|7a616e|acme|0123456789abcdef`)

func anyValue(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		kinds := 6
		if depth == 0 {
			kinds = 4
		}
		switch rapid.IntRange(0, kinds).Draw(t, "kind") {
		case 0:
			return nil
		case 1:
			return rapid.Bool().Draw(t, "bool")
		case 2:
			return json.Number(rapid.SampledFrom([]string{"0", "-1", "7", "4930901820777", "1.5", "-2e3", "1696000000", "49309018207774930901820777"}).Draw(t, "number"))
		case 3, 4:
			return planted().Draw(t, "text")
		case 5:
			return rapid.SliceOfN(anyValue(depth-1), 0, 4).Draw(t, "list")
		}
		o := orderedjson.Object{}
		for range rapid.IntRange(0, 5).Draw(t, "members") {
			key := rapid.OneOf(rapid.SampledFrom([]string{"id", "name", "user_id", "meta", "total", "status", "type", "state", "emails", "tags", "token", "value", "per_page", "next_page_link", "errors", "custom_field"}), planted().Filter(func(s string) bool { return !keptKey(s) })).Draw(t, "key")
			o = append(o, orderedjson.Member{Key: key, Value: anyValue(depth-1).Draw(t, "value")})
		}
		return o
	})
}

// skeleton returns the structure of a value: kinds, and the keys that are names.
func skeleton(v any) string {
	switch v := v.(type) {
	case orderedjson.Object:
		var b strings.Builder
		for _, m := range v {
			key := m.Key
			if !keptKey(key) || strings.HasPrefix(key, maskedKey) {
				key = "?"
			}
			b.WriteString(key + ":" + skeleton(m.Value) + ",")
		}
		return "{" + b.String() + "}"
	case []any:
		var b strings.Builder
		for _, e := range v {
			b.WriteString(skeleton(e) + ",")
		}
		return "[" + b.String() + "]"
	case json.Number:
		f, _ := v.Float64()
		return fmt.Sprint("number ", strings.ContainsAny(v.String(), ".eE") || f > 1e18, f < 0, f == 0)
	case string:
		return fmt.Sprint("text ", v == "")
	}
	return fmt.Sprint(v)
}

func TestNothingPlantedRemains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue(4).Draw(t, "body")
		body := orderedjson.Encode(v)
		read, err := orderedjson.Decode(body)
		if err != nil {
			t.Fatal(err)
		}
		masked, ok := new(Masker).JSON(body)
		if !ok {
			t.Fatalf("not masked: %s", body)
		}
		if found := leaks.Find(masked); found != nil {
			t.Fatalf("%s\nbecame %s,\nwhich has %q", body, masked, found)
		}
		got, err := orderedjson.Decode(masked)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(skeleton(read), skeleton(got)); d != "" {
			t.Fatalf("%s\nbecame %s: (-before +after)\n%s", body, masked, d)
		}
		if again, _ := new(Masker).JSON(masked); string(again) != string(masked) {
			t.Fatalf("%s\nbecame, masked again,\n%s", masked, again)
		}
	})
}

func TestNothingPlantedRemainsInRequests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := planted().Draw(t, "planted")
		u := &url.URL{Scheme: "https", Host: "api.aircall.io", Path: rapid.SampledFrom([]string{"/v1/contacts/", "/v1/", "/v1/nothing/", "/"}).Draw(t, "path") + secret}
		u.RawQuery = url.Values{rapid.SampledFrom([]string{"email", "search", "page", "from", "order", "nothing", secret}).Draw(t, "parameter"): {secret}}.Encode()
		h := http.Header{}
		for _, name := range []string{"Authorization", "Cookie", "Content-Type", "Etag", "Server", "Vary", "X-Request-Id", "X-Aircallapi-Reset", "Location", "Date", "Retry-After", "X-Ratelimit-Zanzibar-@"} {
			h[name] = []string{secret}
		}
		m := new(Masker)
		e := m.Entry(har.Entry{Method: secret, URL: u, RequestHeader: h, ReplyHeader: h, RequestBody: []byte(u.RawQuery), ReplyBody: []byte(secret), HasBody: true})
		all := fmt.Sprint(e.Method, e.URL, e.RequestHeader, e.ReplyHeader, string(e.RequestBody), string(e.ReplyBody))
		if found := leaks.FindString(all); found != "" {
			t.Fatalf("%s\nhas %q", all, found)
		}
		if again := m.URL("GET", e.URL); new(Masker).URL("GET", e.URL).String() != e.URL.String() {
			t.Fatalf("%s became %s", e.URL, again)
		}
	})
}

// Every pattern of the contract matches a text exactly if it matches the masked text.
func TestPatternsOfTheContract(t *testing.T) {
	var patterns []string
	for _, m := range regexp.MustCompile(`"pattern": *("(?:[^"\\]|\\.)*")`).FindAllSubmatch(fakeaircall.OpenAPI(), -1) {
		var p string
		if err := json.Unmarshal(m[1], &p); err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, p)
	}
	slices.Sort(patterns)
	patterns = slices.Compact(patterns)
	if len(patterns) < 15 {
		t.Fatalf("found only %d patterns", len(patterns))
	}
	texts := []*rapid.Generator[string]{rapid.String(), planted()}
	for _, p := range patterns {
		if p != `\S` {
			texts = append(texts, rapid.StringMatching(strings.ReplaceAll(strings.ReplaceAll(p, `[^\s]`, `[a-z0-9=/.@&?-]`), `[^\s&]`, `[a-z0-9=/.@-]`)))
		}
	}
	tags := regexp.MustCompile(`^\^W/`) // of headers
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(texts...).Draw(t, "text")
		masked := new(Masker).text("name", s)
		for _, p := range patterns {
			if re := regexp.MustCompile(p); !tags.MatchString(p) && re.MatchString(s) != re.MatchString(masked) {
				t.Fatalf("%q became %q: %s matches only one of them", s, masked, p)
			}
		}
	})
}

func TestRoutes(t *testing.T) {
	for _, c := range []struct{ request, op, template string }{
		{"GET /v1/calls/search", "search-calls", "/v1/calls/search"},
		{"GET /v1/calls/7/", "retrieve-a-call", "/v1/calls/{id}"},
		{"GET /v1/nothing", "", ""},
	} {
		method, path, _ := strings.Cut(c.request, " ")
		if op, template := wirecheck.Operation(method, path); op != c.op || template != c.template {
			t.Errorf("%s: %s %s", c.request, op, template)
		}
	}
}

// FuzzEntry: nothing panics, what is JSON stays JSON, and masking twice gives the same.
func FuzzEntry(f *testing.F) {
	f.Add("/v1/calls/7", "page=2&x=%zz", "application/json", []byte(`{"id":7,"a":[1e400,-0,"x"]}`))
	f.Add("//", "&&=", "application/x-www-form-urlencoded", []byte("a=b&c"))
	f.Add("/v1/%2F@", "order=@", "", []byte(`"https://a@b@/c?d#e"`))
	f.Fuzz(func(t *testing.T, path, query, contentType string, body []byte) {
		h := http.Header{"Content-Type": {contentType}, "Etag": {query}, "Location": {path}, "Vary": {query}}
		once := new(Masker).Entry(har.Entry{Method: "POST", URL: &url.URL{Scheme: "https", Host: "api.aircall.io", Path: path, RawQuery: query}, RequestHeader: h, RequestBody: body, ReplyHeader: h, ReplyBody: body, HasBody: true})
		if json.Valid(body) && !json.Valid(once.ReplyBody) {
			t.Fatalf("%s became %s", body, once.ReplyBody)
		}
		if again := new(Masker).Entry(once); string(again.ReplyBody) != string(once.ReplyBody) || again.URL.String() != once.URL.String() {
			t.Fatalf("%s %s\nbecame, masked again,\n%s %s", once.URL, once.ReplyBody, again.URL, again.ReplyBody)
		}
		new(Scrubber).Entry(once)
	})
}
