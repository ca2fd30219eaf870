package report

import (
	"strings"
	"testing"
)

// TestCausesAreGrouped: the same cause is one, wherever the suite met it, and failures come before errors.
func TestCausesAreGrouped(t *testing.T) {
	rep := &Report{Scenarios: []Scenario{
		{ID: "f/1", Status: Error, Reason: "GET /v1/tags answers 500: the target was out of service"},
		{ID: "f/2", Status: Error, Reason: "GET /v1/tags answers 500: the target was out of service"},
		{ID: "f/3", Status: Fail, Reason: `the user.user lacks the key "name"`},
		{ID: "f/4", Status: Fail, Reason: "the call.call.direction is not one of inbound|outbound", Want: "inbound|outbound", Got: `"over"`},
		{ID: "f/5", Status: Fail, Reason: `page 3 of the API's users.users[12] lacks the key "name"`},
		{ID: "f/6", Status: Fail, Reason: `the reply to list-all-users.users[0] lacks the key "name"`},
		{ID: "f/7", Status: Pass},
		{ID: "f/8", Status: Skipped, Reason: "stopped after the first failure"},
	}}
	rep.Close(func([]Cause) {})
	var out strings.Builder
	Text(&out, rep, false)
	text, at := out.String(), 0
	for _, want := range []string{
		"4 scenarios failed, 2 could not be judged, 1 passed, 1 skipped.\n",
		"\nfail 3 scenarios: user lacks the key \"name\"; ", "because    the user.user lacks the key \"name\"\n", "also       f/5\n", "also       f/6\n",
		"\nfail 1 scenario: call.direction is not one of inbound|outbound; ", "expected   inbound|outbound\n    got        \"over\"\n",
		"\nerror 2 scenarios: GET /v1/tags answers 500: the target was out of service; ",
		"\nskipped 1: stopped after the first failure\n",
		": 1 pass, 4 fail, 0 known, 0 unsupported, 1 skipped, 2 error; ",
	} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("%q is missing, or not in its place:\n%s", want, text)
		}
		at += i
	}
	for reason, want := range map[string]string{
		`the contact.contact.emails[0] lacks the key "value"`: `contact.email lacks the key "value"`,
		"digits of calls.3.number 7 differs":                  "digits of calls.N.number N differs",
		"GET /v1/calls answers 500: 12 times":                 "GET /v1/calls answers 500: N times",
		`user lacks the key "name"`:                           `user lacks the key "name"`,
	} {
		if got := CauseOf(reason); got != want {
			t.Errorf("the cause of %q is %q, want %q", reason, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	for want, got := range map[string]string{
		"1 delivery": Plural(1, "delivery"), "2 deliveries": Plural(2, "delivery"), "0 scenarios": Plural(0, "scenario"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
