package fakeaircall

import (
	"net/http"
	"testing"
)

// The command sends the request again if a shell runs it.
func TestCurl(t *testing.T) {
	header := func(name, value string) http.Header { return http.Header{name: {value}} }
	for _, c := range []struct {
		r    Request
		want string
	}{
		{Request{Method: "GET", Path: "/v1/ping", Header: header("Authorization", "Basic "+Removed)}, `curl -s -u "$AIRCALL_API_ID:$AIRCALL_API_TOKEN" http://fake/v1/ping`},
		{
			Request{Method: "DELETE", Path: "/v1/contacts/a%20b", Query: "x=1&y='2'", Header: header("Authorization", "Bearer "+Removed)},
			`curl -s -H "Authorization: Bearer $AIRCALL_ACCESS_TOKEN" -X DELETE 'http://fake/v1/contacts/a%20b?x=1&y='\''2'\'''`,
		},
		{
			Request{Method: "POST", Path: "/v1/contacts", Body: `{"first_name":"O'Neil $(id)"}`, BodySize: 99, Header: header("Content-Type", "application/json")},
			`curl -s -X POST -H 'Content-Type: application/json' --data-raw '{"first_name":"O'\''Neil $(id)"}' http://fake/v1/contacts # the log has only the beginning of the body`,
		},
		{Request{Method: "POST", Path: "/", Body: "@file", BodySize: 5}, `curl -s -X POST --data-raw @file http://fake/`},
	} {
		if got := c.r.Curl("http://fake"); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
