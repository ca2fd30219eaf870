package docscheck

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCoverageOfItems(t *testing.T) {
	documented := map[string][]string{
		"ping":         {"reply 200", "reply 429"},
		"create-a-tag": {"parameter body name", "reply 201", "reply 400", "reply 429"},
	}
	rule := func(op, item string) exemption { return exemption{[]string{op}, item, "because"} }
	for _, c := range []struct {
		name     string
		covered  []string
		rules    []exemption
		want     Coverage
		problems []string
	}{
		{"all", []string{"ping", "ping reply 200", "ping reply 429", "create-a-tag", "create-a-tag parameter body name", "create-a-tag reply 201", "create-a-tag reply 400", "create-a-tag reply 429"}, nil,
			Coverage{Operations: Share{2, 0, 2}, Parameters: Share{1, 0, 1}, Replies: Share{5, 0, 5}}, nil},
		{"a part", []string{"create-a-tag", "create-a-tag reply 201"}, []exemption{rule("*", "reply 429"), rule("create-a-tag", "reply 400")},
			Coverage{Operations: Share{1, 0, 2}, Parameters: Share{0, 0, 1}, Replies: Share{1, 3, 5}},
			[]string{"uncovered create-a-tag parameter body name", "uncovered ping", "uncovered ping reply 200"}},
		{"a reason without need", []string{"ping", "create-a-tag", "ping reply 200", "create-a-tag parameter body name", "create-a-tag reply 201", "create-a-tag reply 400"},
			[]exemption{rule("*", "reply 429"), rule("create-a-tag", "reply 400")},
			Coverage{Operations: Share{2, 0, 2}, Parameters: Share{1, 0, 1}, Replies: Share{3, 2, 5}},
			[]string{"needless create-a-tag reply 400"}},
		{"a reason for all, without need", []string{"ping", "ping reply 200", "ping reply 429", "create-a-tag", "create-a-tag parameter body name", "create-a-tag reply 201", "create-a-tag reply 400", "create-a-tag reply 429"},
			[]exemption{rule("*", "reply 429")},
			Coverage{Operations: Share{2, 0, 2}, Parameters: Share{1, 0, 1}, Replies: Share{5, 0, 5}}, []string{"needless * reply 429"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			covered := map[string]bool{}
			for _, item := range c.covered {
				covered[item] = true
			}
			got := count(documented, covered, c.rules)
			var problems []string
			for _, p := range got.Problems {
				problems = append(problems, p.Kind+" "+p.ID)
			}
			if diff := cmp.Diff(c.problems, problems); diff != "" {
				t.Error(diff)
			}
			got.Version, got.Open, got.Problems = 0, nil, nil
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for file, says := range map[string]string{
		"- ops: [ping]\n  item: reply 429\n":                           "the reason",
		"- item: reply 429\n  reason: r\n":                             "the operations",
		"- ops: [pong]\n  item: reply 429\n  reason: r\n":              `pong documents no "reply 429"`,
		"- ops: [ping]\n  item: reply 400\n  reason: r\n":              `ping documents no "reply 400"`,
		"- ops: [ping]\n  items: reply 429\n  reason: r\n":             "[2:3] ",
		"- ops: [create-a-tag]\n  item: parameter body x\n  reason: r": `documents no "parameter body x"`,
	} {
		if _, err := readExemptions([]byte(file), documented); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %s", file, err, says)
		}
	}
}

// A report names only parts of a request that the contract names, never a name that a caller invented.
func TestSentItems(t *testing.T) {
	u, err := url.Parse("/v1/contacts?order=asc&secret=1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"parameter query order"}, SentItems("list-all-contacts", u.Query(), nil)); diff != "" {
		t.Error(diff)
	}
	got := SentItems("create-a-contact", nil, []byte(`{"mine":1,"phone_numbers":[{"value":"+1","label":"a"},{"value":"+2","own":3}]}`))
	if len(got) != 3 {
		t.Errorf("%q", got)
	}
	if got := SentItems("", u.Query(), nil); got != nil {
		t.Errorf("of no operation: %q", got)
	}
	documented, err := DocumentedItems()
	if err != nil || len(documented) < 90 {
		t.Fatalf("%d operations are documented, %v", len(documented), err)
	}
}
