package mask

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/conformance/har"
)

// scrubbed returns the URL, the bodies and the headers of an exchange that is scrubbed.
func scrubbed(t *testing.T, s *Scrubber, e har.Entry) string {
	t.Helper()
	if e.URL == nil {
		e.URL = &url.URL{Scheme: "https", Host: "api.aircall.io", Path: "/v1/calls"}
	}
	e.HasBody = true
	e = s.Entry(e)
	var all strings.Builder
	all.WriteString(e.URL.String() + "\n" + string(e.RequestBody) + "\n" + string(e.ReplyBody) + "\n")
	if err := e.ReplyHeader.Write(&all); err != nil {
		t.Fatal(err)
	}
	if err := e.RequestHeader.Write(&all); err != nil {
		t.Fatal(err)
	}
	return all.String()
}

const webToken = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ6YW56aWJhciJ9.c2lnbmF0dXJlMTIz"

// Credentials are recognized by the words of a name and by their form, in bodies of any kind.
func TestScrubbedBodies(t *testing.T) {
	for _, c := range []struct{ name, mediaType, body, want string }{
		{"names of members", "application/json", `{"secret_key":"zan1","private_key":"zan2","webhook_token":"zan3","userPassword":"zan4","X-Api-Key":"zan5","credentials":{"user":"zan6","n":77},"name":"Ada","key":"A4","token_type":"Bearer"}`,
			`{"secret_key":"[secret]","private_key":"[secret]","webhook_token":"[secret]","userPassword":"[secret]","X-Api-Key":"[secret]","credentials":{"user":"[secret]","n":0},"name":"Ada","key":"A4","token_type":"Bearer"}`},
		{"forms of values", "application/json", `{"note":"Bearer zanzibar12 and ` + webToken + `","a":["Basic emFuemliYXI6MTIzNDU2","basic information"],"more":"password=zan9; api key: zan8, page: 3"}`,
			`{"note":"Bearer [secret] and [secret]","a":["Basic [secret]","basic information"],"more":"password=[secret]; api key: [secret], page: 3"}`},
		{"JSON in a text", "application/json", `{"log":"{\"password\":\"zan zi\",\"user\":\"ada\"}"}`, `{"log":"{\"password\":\"[secret]\",\"user\":\"ada\"}"}`},
		{"a repeated value", "application/json", `{"echo":"it was zanzibar-77","client_secret":"zanzibar-77"}`, `{"echo":"it was [secret]","client_secret":"[secret]"}`},
		{"a page with an error", "text/html", `<p>Bad request {"password":"zan zi","user":"ada"} {&quot;apiKey&quot;:&quot;zan2&quot;} Authorization: Bearer zanzibar34</p><input type=hidden name="csrf_token" value="zan5"><input value='zan6' name=password><token>zan7</token>`,
			`<p>Bad request {"password":"[secret]","user":"ada"} {&quot;apiKey&quot;:&quot;[secret]&quot;} Authorization: Bearer [secret]</p><input type=hidden name="csrf_token" value="[secret]"><input value='[secret]' name=password><token>[secret]</token>`},
		{"a form", formType, "grant_type=password&userPassword=zan1&key=zan2&note=" + webToken, "grant_type=password&userPassword=%5Bsecret%5D&key=%5Bsecret%5D&note=%5Bsecret%5D"},
		{"a multipart form", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"api_token\"\r\n\r\nzan1\r\n--x--", "--x\r\nContent-Disposition: form-data; name=\"api_token\"\r\n\r\n[secret]\r\n--x--"},
		{"a key", "text/plain", "-----BEGIN RSA PRIVATE KEY-----\nzan\n-----END RSA PRIVATE KEY-----\nend", "[secret]\nend"},
		{"half a JSON text", "application/json", `{"password":"zan1","a":{"token":"zan`, `{"password":"[secret]","a":{"token":"[secret]`},
		{"an address", "application/json", `{"url":"https://hooks.acme.test/a?x=zan1","link":"https://api.aircall.io/v1/calls?key=zan2&page=2","text":"see https://acme.test/?key=zan3#a"}`,
			`{"url":"https://hooks.acme.test/a?[secret]","link":"https://api.aircall.io/v1/calls?key=%5Bsecret%5D&page=2","text":"see https://acme.test/?key=[secret]#a"}`},
		{"no credentials", "application/json", `{"name":"Ada Okafor","phone":"+33612345678","note":"The token was fine.","next_page_link":"https://api.aircall.io/v1/calls?page=2"}`,
			`{"name":"Ada Okafor","phone":"+33612345678","note":"The token was fine.","next_page_link":"https://api.aircall.io/v1/calls?page=2"}`},
	} {
		for _, request := range []bool{false, true} {
			e := har.Entry{URL: &url.URL{Scheme: "https", Host: "api.aircall.io", Path: "/v1/calls"}, ReplyHeader: http.Header{"Content-Type": {c.mediaType}}, ReplyBody: []byte(c.body), HasBody: true}
			if request {
				e.RequestHeader, e.RequestBody, e.ReplyHeader, e.ReplyBody = e.ReplyHeader, e.ReplyBody, nil, nil
			}
			e = new(Scrubber).Entry(e)
			got := strings.ReplaceAll(string(e.ReplyBody)+string(e.RequestBody), `\u0026`, "&")
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, d)
			}
		}
	}
}

// Credentials in the query, in a header or in the reply are removed from the other parts of the exchange, and from later ones.
func TestScrubbedParts(t *testing.T) {
	var s Scrubber
	for _, e := range []har.Entry{
		{URL: &url.URL{Scheme: "https", Host: "api.aircall.io", Path: "/v1/calls", RawQuery: "key=zanzibar-key&page=2&X-Api-Key=zanzibar-two&q=Bearer%20zanzibar-three"},
			ReplyHeader: http.Header{"Content-Type": {"application/json"}, "Server": {"zanzibar-key"}}, ReplyBody: []byte(`{"echo":"zanzibar-key","more":["ZANZIBAR-TWO"],"zanzibar-two":1}`)},
		{RequestHeader: http.Header{"X-Aircallapi-Token": {"zanzibar-four"}, "X-Aircallapi-Zanzibar": {"1"}, "Proxy-Authorization": {"Digest zanzibar-five"}},
			ReplyBody: []byte("zanzibar-four zanzibar-five zanzibar-key"), ReplyHeader: http.Header{"X-Aircallapi-Token": {"zanzibar-six"}, "X-Aircallapi-Limit": {"60"}}},
		{RequestBody: []byte(`{"text":"zanzibar-seven"}`), ReplyBody: []byte(`{"data":{"private_key":"zanzibar-seven"}}`)},
	} {
		if got := scrubbed(t, &s, e); strings.Contains(strings.ToLower(got), "zanzibar") {
			t.Errorf("it has a credential:\n%s", got)
		}
	}
	if got := scrubbed(t, &s, har.Entry{ReplyHeader: http.Header{"X-Aircallapi-Limit": {"60"}}, ReplyBody: []byte(`{"per_page":20}`)}); !strings.Contains(got, "Limit: 60") || !strings.Contains(got, `{"per_page":20}`) {
		t.Errorf("it has too little:\n%s", got)
	}
}

// A masked recording has only the documented headers of Aircall.
func TestKeptHeaders(t *testing.T) {
	for name, want := range map[string]bool{
		"X-AircallApi-Limit": true, "x-aircallapi-remaining": true, "X-AircallApi-Reset": true, "X-AircallApi-Token": false, "X-AircallApi-Okafor": false,
		"X-Ratelimit-Limit": true, "X-Ratelimit-Okafor": false, "Authorization": false, "X-Powered-By": true, "X-Request-Id": true,
	} {
		if KeptHeader(name) != want {
			t.Errorf("%s is kept: %t", name, !want)
		}
	}
}
