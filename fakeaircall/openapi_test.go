package fakeaircall

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// openapi.json is what openapi/*.yaml say.
func TestOpenAPI(t *testing.T) {
	const file = "openapi.json"
	want := writeContract(t)
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what openapi/*.yaml say; go test ./fakeaircall -run TestOpenAPI -update", file)
	}
}

// A documented operation, read from the document as users get it.
type documented struct {
	OperationID string
	Evidence    struct{ Status, Shape, Errors, Source string } `json:"x-evidence"`
	Responses   map[string]struct {
		Ref     string `json:"$ref"`
		Content map[string]struct{ Example json.RawMessage }
	}
}

func documentedOperations(t *testing.T) map[string]documented {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	all := map[string]documented{}
	for path, item := range doc.Paths {
		for method, raw := range item {
			if method == "parameters" {
				continue
			}
			var op documented
			if err := json.Unmarshal(raw, &op); err != nil {
				t.Fatal(err)
			}
			all[strings.ToUpper(method)+" "+path] = op
		}
	}
	return all
}

// The contract and the fake have the same operations under the same names.
func TestContractHasEveryRoute(t *testing.T) {
	var want, got []string
	for _, r := range Routes() {
		want = append(want, fmt.Sprintf("%s %s %s", r.Method, r.Path, r.Op))
	}
	for request, op := range documentedOperations(t) {
		got = append(got, request+" "+op.OperationID)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations of the fake (-) and of the contract (+):\n%s", diff)
	}
}

// Each reply that has a body has an example.
func TestContractHasExamples(t *testing.T) {
	all := documentedOperations(t)
	for _, request := range slices.Sorted(maps.Keys(all)) {
		success := 0
		for status, r := range all[request].Responses {
			if status[0] == '2' {
				success++
			}
			for content, m := range r.Content {
				if len(m.Example) == 0 {
					t.Errorf("%s: %s in %s has no example", request, status, content)
				}
			}
		}
		if success == 0 {
			t.Errorf("%s never succeeds", request)
		}
	}
}
