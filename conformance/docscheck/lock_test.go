package docscheck

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/scenario"
)

// TestReferenceLock: nothing of the shipped page is open. What changes is looked at, then written with
// aircallkit docs accept ID --lock conformance/docscheck/reference.lock.
func TestReferenceLock(t *testing.T) {
	found, err := Check(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range found {
		t.Errorf("%s %s", p.Kind, p)
	}
	data, err := Accept(Options{}, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	onDisk, err := os.ReadFile("reference.lock")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(data), string(onDisk)); diff != "" {
		t.Errorf("reference.lock is not as docs accept --all writes it:\n%s", diff)
	}
}

// problems are what a check finds, as "changed get_call".
func problems(t *testing.T, o Options) (lines []string) {
	t.Helper()
	found, err := Check(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range found {
		lines = append(lines, p.Kind+" "+p.ID)
		if p.Says == "" || p.Do == "" {
			t.Errorf("%+v says too little", p)
		}
	}
	return lines
}

// replaced fails if there is nothing to replace, so that no case tests the page as it is.
func replaced(t *testing.T, s string, pairs ...string) []byte {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(s, pairs[i]) {
			t.Fatalf("there is no %q", pairs[i])
		}
		s = strings.Replace(s, pairs[i], pairs[i+1], 1)
	}
	return []byte(s)
}

func TestAnotherPage(t *testing.T) {
	for _, c := range []struct {
		name  string
		pairs []string
		want  []string
	}{
		{"indented", []string{"per_page = 10,\n", "    per_page   =  10,\n"}, nil},
		{"a comment", []string{"local call = result.call\n", "local call = result.call -- the call\n"}, nil},
		{"moved", []string{"Retrieve detailed", "\n\nRetrieve detailed"}, nil},
		{"a value", []string{"call_id = 12345", "call_id = 12346"}, []string{"changed get_call"}},
		{"a string's blanks", []string{`s, Status: "`, `s,  Status: "`}, []string{"changed get_call"}},
		{"JSON", []string{`{"label": "Work", "value": "+33612345678"}`, `{"label":"Home", "value": "+33612345678"}`}, []string{"changed create_contact/phone-number-object"}},
		{"a second example", []string{"---\n## get_call\n", "### More\n```lua\nprint(1)\n```\n---\n## get_call\n"}, []string{"new list_calls-2", "unused list_calls-2"}},
		{"what it prints", []string{"---\n## get_call\n", "### Output\n```\n1\n```\n---\n## get_call\n"}, []string{"new list_calls/output"}},
		{"an example gone", []string{"```lua\nlocal result = app.integrations.aircall.list_users", "```json\nlocal result = app.integrations.aircall.list_users"},
			[]string{"new list_users/example", "removed list_users", "missing list_users"}},
		{"a parameter", []string{"| `call_id` | integer | yes |", "| `uuid` | string | no | Its sid |\n| `call_id` | integer | yes |"}, []string{"new get_call.uuid", "unused get_call.uuid"}},
		{"a default", []string{"(default: 20, max: 50)", "(default: 25, max: 50)"}, []string{"changed list_calls.per_page"}},
		{"a parameter gone", []string{"| `q` | string | no | Search query — search by name, phone number, or email |\n", ""}, []string{"removed list_contacts.q", "missing list_contacts.q"}},
		{"a function", []string{"## get_call\n", "## get_sms\nOne.\n### Parameters\nNone.\n---\n## get_call\n"}, []string{"new get_sms"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, problems(t, Options{Reference: replaced(t, binding.Reference(), c.pairs...)})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnotherLock(t *testing.T) {
	shipped := string(referenceLock)
	reason := "    reason: a value and no script; the scenarios of create_contact send such objects\n"
	get := shipped[strings.Index(shipped, "  - id: get_call\n"):]
	get = get[:strings.Index(get[4:], "  - id:")+4]
	for _, c := range []struct {
		name  string
		pairs []string
		want  []string
	}{
		{"no reason", []string{reason, ""}, []string{"unreasoned create_contact/phone-number-object"}},
		{"exempted and run", []string{get, get + "    reason: it is long\n"}, []string{"needless get_call"}},
		{"another kind, and run", []string{get, strings.Replace(get, "kind: run", "kind: output", 1)}, []string{"needless get_call"}},
		{"never accepted", []string{get, ""}, []string{"new get_call"}},
		{"another scenario", []string{"- reference/get_call/", "- reference/get_call/no-"}, []string{"stale get_call"}},
		{"a block that does not exist", []string{get, get + strings.Replace(get, "id: get_call", "id: get_sms", 1)}, []string{"removed get_sms"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, problems(t, Options{Lock: replaced(t, shipped, c.pairs...)})); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, c := range []struct{ name, lock, says string }{
		{"no YAML", "version: [", "lock: "},
		{"another version", "version: 2\nblocks: []\nparams: {}\n", "version 2"},
		{"an unknown key", "version: 1\nblock: []\n", "[2:1]"},
		{"a kind that does not exist", strings.Replace(shipped, "kind: run", "kind: walk", 1), `kind "walk"`},
		{"twice", shipped[:strings.Index(shipped, "params:")] + get + shipped[strings.Index(shipped, "params:"):], "twice"},
	} {
		if _, err := Check(Options{Lock: []byte(c.lock)}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := Check(Options{Reference: []byte("# Nothing\n")}); err == nil {
		t.Error("a page without chapters is taken")
	}
}

// An example that no scenario runs is found, and so is a scenario that runs what is not there.
func TestScenariosOfExamples(t *testing.T) {
	p, l, plan, err := Options{}.read()
	if err != nil {
		t.Fatal(err)
	}
	var fewer []*scenario.Scenario
	for _, s := range plan {
		if !runsStep(s, `the "get_call" example runs`) {
			fewer = append(fewer, s)
		}
	}
	var got []string
	for _, f := range checkDocs(p, l, fewer) {
		got = append(got, f.Kind+" "+f.ID)
	}
	if diff := cmp.Diff([]string{"unused get_call"}, got); diff != "" {
		t.Error(diff)
	}
	more := append(plan[:len(plan):len(plan)], &scenario.Scenario{ID: "x/y", Tags: []string{"@param:get_call.id"}, Steps: []scenario.Step{{Text: `the "get_calls" example runs`}}})
	got = nil
	for _, f := range checkDocs(p, l, more) {
		got = append(got, f.Kind+" "+f.ID)
	}
	if diff := cmp.Diff([]string{"missing get_calls", "missing get_call.id"}, got); diff != "" {
		t.Error(diff)
	}
}

// Accepting changes what is named and nothing else.
func TestAccept(t *testing.T) {
	page := replaced(t, binding.Reference(), "call_id = 12345", "call_id = 1", `"New Corp"`, `"Newer"`, "(default: 20, max: 50)", "(default: 25, max: 50)",
		"| `q` | string | no | Search query — search by name, phone number, or email |\n", "")
	o := Options{Reference: page}
	step := func(ids []string, all bool, want ...string) {
		t.Helper()
		next, err := Accept(o, ids, all)
		if err != nil {
			t.Fatal(err)
		}
		o.Lock = next
		if diff := cmp.Diff(want, problems(t, o)); diff != "" {
			t.Error(diff)
		}
	}
	step([]string{"get_call"}, false, "changed update_contact", "changed list_calls.per_page", "removed list_contacts.q", "missing list_contacts.q")
	step([]string{"list_calls.per_page", "list_contacts.q"}, false, "changed update_contact", "missing list_contacts.q")
	step(nil, true, "missing list_contacts.q")
	if n := bytes.Count(o.Lock, []byte("a value and no script")); n != 2 {
		t.Errorf("%d of 2 reasons are left", n)
	}
	for _, ids := range [][]string{{"get_cal"}, nil} {
		if _, err := Accept(o, ids, false); err == nil {
			t.Errorf("%q is accepted", ids)
		}
	}
	if _, err := Accept(o, []string{"get_cal"}, false); !regexp.MustCompile(`did you mean get_call\?`).MatchString(fmt.Sprint(err)) {
		t.Error(err)
	}
}

func runsStep(p *scenario.Scenario, prefix string) bool {
	return slices.ContainsFunc(p.Steps, func(s scenario.Step) bool { return strings.HasPrefix(s.Text, prefix) })
}
