package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// serving runs serve until the test ends, and returns its address.
func serving(t *testing.T, args ...string) (url string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var stdout, stderr output
	ended := make(chan int, 1)
	p := checkedProcess(t, strings.NewReader(""), &stdout, &stderr)
	go func() { ended <- p.run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)) }()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	for deadline := time.After(time.Minute); ; {
		text, more := stdout.soFar()
		if m := regexp.MustCompile(`fake Aircall on (\S+)\n`).FindSubmatch(text); m != nil {
			return string(m[1])
		}
		select {
		case <-more:
		case code := <-ended:
			ended <- code
			t.Fatalf("serve ended with %d: %s", code, stderr.Bytes())
		case <-deadline:
			t.Fatalf("serve does not start: %s", stderr.Bytes())
		}
	}
}

// succeeding runs a command that succeeds, and returns what it printed.
func succeeding(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := checkedProcess(t, strings.NewReader(""), &out, &errs).run(t.Context(), args); code != 0 {
		t.Fatalf("aircallkit %s: exit code %d\n%s%s", strings.Join(args, " "), code, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// listing reads all entries of a list, oldest first.
func listing(t *testing.T, url, account, path, key string) (all []map[string]any) {
	t.Helper()
	for page := 1; ; page++ {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s%s?per_page=50&order=asc&page=%d", url, path, page), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth("fake-"+account+"-id", "fake-"+account+"-token")
		resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var reply map[string]any
		err = json.NewDecoder(resp.Body).Decode(&reply)
		resp.Body.Close()
		list, ok := reply[key].([]any)
		if err != nil || !ok {
			t.Fatalf("GET %s: %v, %v", path, err, reply)
		}
		for _, e := range list {
			all = append(all, e.(map[string]any))
		}
		if len(list) < 50 {
			return all
		}
	}
}

// The twin has as many of everything as the account, with the same settings, and nothing else in common.
func TestPullKeepsStructure(t *testing.T) {
	source := serving(t, "--scale", "small", "--clock", "2026-06-15T09:00:00Z", "--rate-limit", "0")
	file := filepath.Join(t.TempDir(), "fake.yaml")
	succeeding(t, "pull", "--target", source, "-o", file)
	twin := serving(t, "--config", file, "--rate-limit", "0")
	for account, of := range map[string]string{"default": "default", "sales": "account2", "support": "account3"} {
		for _, kind := range []struct {
			path, key   string
			same, other []string
		}{
			{"/v2/users", "users", []string{"time_zone", "language", "availability_status", "substatus", "wrap_up_time", "available", "state"}, []string{"name", "email"}},
			{"/v1/numbers", "numbers", []string{"time_zone", "country", "availability_status", "open", "is_ivr", "live_recording_activated", "priority"}, []string{"name", "digits"}},
			{"/v1/teams", "teams", nil, []string{"name"}},
			{"/v1/contacts", "contacts", []string{"is_shared"}, []string{"information"}},
			{"/v1/calls", "calls", []string{"direction", "status", "missed_call_reason", "duration", "archived"}, []string{"raw_digits", "started_at"}},
			{"/v1/webhooks", "webhooks", nil, nil},
			{"/v1/tags", "tags", []string{"color", "description"}, nil},
		} {
			before, after := listing(t, source, account, kind.path, kind.key), listing(t, twin, of, kind.path, kind.key)
			if len(before) != len(after) {
				t.Errorf("account %s has %d %s, its twin %d", account, len(before), kind.key, len(after))
				continue
			}
			for i := range before {
				if was, is := localStart(before[i]), localStart(after[i]); kind.key == "calls" && was != is {
					t.Errorf("call %d of %s began on %s, its twin on %s", i, account, was, is)
				}
				for _, field := range kind.same {
					if fmt.Sprint(before[i][field]) != fmt.Sprint(after[i][field]) {
						t.Errorf("%s %d of %s: %s is %v, of the twin %v", kind.key, i, account, field, before[i][field], after[i][field])
					}
				}
				for _, field := range kind.other {
					if v := before[i][field]; v != nil && v != "anonymous" && fmt.Sprint(v) == fmt.Sprint(after[i][field]) {
						t.Errorf("%s %d of %s: the twin has the same %s, %v", kind.key, i, account, field, v)
					}
				}
			}
		}
	}
}

// localStart returns the day of the week and the time at which a call began where its line is.
func localStart(call map[string]any) string {
	line, _ := call["number"].(map[string]any)
	at, _ := call["started_at"].(float64)
	zone, err := time.LoadLocation(fmt.Sprint(line["time_zone"]))
	if line == nil || err != nil {
		return ""
	}
	return time.Unix(int64(at), 0).In(zone).Format("Monday 15:04:05")
}

// The suite judges the twin as it judges the standard fake. With AIRCALLKIT_FULL=1 all scenarios run.
func TestTwinPassesConformance(t *testing.T) {
	const clock = "2026-11-16T09:00:00Z"
	source := serving(t, "--clock", clock, "--rate-limit", "0")
	file := filepath.Join(t.TempDir(), "fake.yaml")
	succeeding(t, "pull", "--target", source, "-o", file)
	twin := serving(t, "--config", file, "--rate-limit", "0")
	args := []string{"conformance"}
	if os.Getenv("AIRCALLKIT_FULL") != "" {
		args = append(args, "--allow-writes")
	}
	standard := filepath.Join(t.TempDir(), "standard.yaml")
	text := "accounts:\n"
	for _, a := range fakeaircall.StandardAccounts() {
		text += fmt.Sprintf("  - {name: %s, api_id: %s, api_token: %s, user: %s}\n", a.Name, a.APIID, a.APIToken, a.User)
	}
	if err := os.WriteFile(standard, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	want := countsOf(succeeding(t, append(args, "--target", source, "--accounts", standard)...))
	got := countsOf(succeeding(t, append(args, "--target", twin, "--accounts", file)...))
	t.Logf("standard fake: %s; twin: %s", want, got)
	if want == "" || want != got {
		t.Errorf("the standard fake has %s, its twin %s", want, got)
	}
}

// countsOf returns the counts of a run.
func countsOf(stdout, _ string) string {
	return regexp.MustCompile(`\d+ pass, .* error; drift: \d+`).FindString(stdout)
}
