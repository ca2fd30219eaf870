package wirecheck

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/google/go-cmp/cmp"
)

// TestOddities are of whole numbers beyond what doubles keep, and of ids that come twice in one list, at any depth.
func TestOddities(t *testing.T) {
	for body, want := range map[string][]string{
		`{"id":9007199254740991,"of":[{"id":1},{"id":2}],"more":[{"id":1}]}`: nil,
		`{"id":9007199254740992}`: {"body/id"},
		`{"meta":{"n":-9007199254740993},"list":[1,1,"a","a",null,null,1e400]}`: {"body/meta/n", "body/list/6"},
		`{"calls":[{"id":5,"tags":[{"id":1},{"id":1}]},{"id":6},{"id":5}]}`:     {"body/calls/0/tags/1/id", "body/calls/2/id"},
		`{"calls":[{"id":null},{"id":null},{"name":"a"},{"name":"a"}]}`:         nil,
		`[{"id":"x"},{"id":"x"}]`: {"body/1/id"},
		`no JSON`:                 nil,
	} {
		var got []string
		for _, o := range malformations([]byte(body)) {
			got = append(got, o.where)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", body, diff)
		}
	}
}

// A page's links may lead to the target, to Aircall's own name, and, for a server on this machine, to any port of it.
func TestStrayLinks(t *testing.T) {
	for _, c := range []struct {
		target, link string
		stray        bool
	}{
		{"https://api.aircall.io", "https://api.aircall.io/v1/calls?page=2", false},
		{"https://proxy.example.com", "https://api.aircall.io/v1/calls?page=2", false},
		{"https://proxy.example.com", "https://proxy.example.com/v1/calls?page=2", false},
		{"http://127.0.0.1:8787", "http://127.0.0.1:9999/v1/calls?page=2", false},
		{"http://127.0.0.1:8787", "https://evil.example.net/v1/calls?page=2", true},
		{"https://api.aircall.io", "http://127.0.0.1:9999/v1/calls?page=2", true},
	} {
		target, err := url.Parse(c.target)
		if err != nil {
			t.Fatal(err)
		}
		body := fmt.Sprintf(`{"calls":[],"meta":{"next_page_link": %q,"previous_page_link":null}}`, c.link)
		if found := strayLinks([]byte(body), target); len(found) > 0 != c.stray {
			t.Errorf("%s links to %s: found %v", c.target, c.link, found)
		}
	}
}

func TestLeadsElsewhere(t *testing.T) {
	for body, want := range map[string]bool{
		`{"id":5,"direct_link":"https://api.aircall.io/v1/calls/5"}`:      false,
		`{"id":5,"direct_link":"https://api.aircall.io/v1/calls/57"}`:     true,
		`{"id":5,"direct_link":"https://api.aircall.io/v1/webhooks/a-b"}`: false,
		`{"id":"5","direct_link":"https://api.aircall.io/v1/calls/6"}`:    false,
		`{"id":5,"direct_link":null}`:                                     false,
	} {
		v, err := orderedjson.Decode([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := hasWrongLink(v.(orderedjson.Object)); got != want {
			t.Errorf("%s: %t, want %t", body, got, want)
		}
	}
}
