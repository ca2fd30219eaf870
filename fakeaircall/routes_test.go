package fakeaircall

import (
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// oddPaths are paths that routers disagree about. API Gateway neither cleans a path nor unescapes it before it looks
// for a route.
var oddPaths = []string{
	"/", "//", "/v1", "/v1/", "/v3/ping", "/V1/ping", "/v1/PING", "/v1//ping", "//v1/ping", "/v1/ping//", "/v1/ping/7",
	"/v1/./ping", "/v1/tags/../ping", "/v1/contacts/..", "/v1/contacts/.", "/v1/contacts//", "/v1/contacts//phone_details",
	"/v1/contacts/%20", "/v1/contacts/7%2F8", "/v1/contacts/%37", "/v1/contacts/7/", "/v1/contacts/7%2F", "/v1/contacts%2F7",
	"/v1/p%69ng", "/v1%2Fping", "/v1/contact", "/v1/contactsx", "/v1/contacts/search/", "/v1/contacts/search/7",
	"/v1/contacts/%73earch", "/v1/contacts/Search", "/v1/contacts/a@b.example", "/v1/users/availabilities/availability",
	"/v1/teams/7/users", "/v1/teams/7/users//", "/v1/calls/7;x=1", "/v1/calls/7%00", "/v1/calls/%ff", "/v1/calls/7/tags%2F",
	"/v2/ping", "/v2/users/7/numbers/", "/v1/webhooks/f1c8f4b4-0000", "/v1/oauth/token/", "/oauth/token", "/oauth/authorize",
	"/oauth/authorize/", "/oauth/%61uthorize", "/oauth/success", "/oauth", "/_assets/", "/_assets", "/_assets/recording/default/1.mp3",
	"/_assets/short-urls/v1/x", "/%5fassets/", "/_fake", "/_fake/", "/_fake/health", "/favicon.ico",
}

// TestRouteTable sends every path of the API, and odd ones, with five methods. The table in testdata has, for each, the
// operation that the request log names, or the status of the reply if that names none.
func TestRouteTable(t *testing.T) {
	const file = "testdata/routes.txt"
	var paths []string
	fill := strings.NewReplacer("{id}", "7", "{user_id}", "8", "{detail_id}", "9", "{agent_id}", "7", "{phone_number_id}", "8")
	for _, r := range Routes() {
		paths = append(paths, fill.Replace(r.Path))
	}
	slices.Sort(paths)
	paths = append(slices.Compact(paths), oddPaths...)
	srv, err := New(checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Assume: map[string]string{"a2p": "keep", "realtime-transcription": "keep"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	var got strings.Builder
	for _, path := range paths {
		fmt.Fprintf(&got, "%s\n", path)
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH"} {
			req, w := httptest.NewRequest(method, path, nil), httptest.NewRecorder()
			req.SetBasicAuth("fake-default-id", "fake-default-token")
			before := len(srv.Requests(RequestFilter{}))
			srv.Handler().ServeHTTP(w, req)
			answer := fmt.Sprint(w.Code)
			if list := srv.Requests(RequestFilter{}); len(list) > before && list[before].Op != "" {
				answer = list[before].Op
			}
			if method == "GET" || answer != "404" {
				fmt.Fprintf(&got, "\t%s %s\n", method, answer)
			}
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("routes differ from %s (-file +now):\n%s", file, diff)
	}
}
