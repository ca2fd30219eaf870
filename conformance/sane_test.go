package conformance

import (
	"testing"

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
		for _, o := range new(law).oddities([]byte(body)) {
			got = append(got, o.where)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", body, diff)
		}
	}
}
