package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// busyAccount returns a file of an account with nothing but users, two lines and statistics of calls. Its week has no
// Sunday, and its day is from 7 to 21.
func busyAccount() string {
	var users, names []string
	for i := range 40 {
		email := fmt.Sprintf("agent%d@example.com", i)
		users = append(users, fmt.Sprintf("      - {first_name: Agent, last_name: N%d, email: %s}", i, email))
		names = append(names, email)
	}
	return `clock: 2026-06-15T00:00:00Z
scale: empty
rate_limit: 0
accounts:
  - name: default
    api_id: fake-default-id
    api_token: fake-default-token
    users:
` + strings.Join(users, "\n") + `
    numbers:
      - {name: Paris, digits: +33 1 99 00 12 34, time_zone: Europe/Paris, availability_status: custom, users: [` + strings.Join(names, ", ") + `]}
      - {name: Menu, digits: +33 1 99 00 12 35, time_zone: Europe/Paris, is_ivr: true, users: [` + strings.Join(names, ", ") + `]}
    contacts:
      - {first_name: Jane, phone_numbers: [{label: Work, value: +33 1 99 00 56 78}]}
    traffic:
      calls_per_day: 600
      hours: [0, 0, 0, 0, 0, 0, 0, 10, 40, 60, 70, 60, 20, 30, 60, 60, 40, 30, 20, 10, 10, 0, 0, 0]
      weekdays: [120, 100, 100, 100, 80, 50, 0]
      outcomes:
        inbound: {answered: 200, voicemail: 40, callback: 10, no_available_agent: 60, agents_did_not_answer: 30, short_abandoned: 20, out_of_opening_hours: 30, abandoned_in_ivr: 20, abandoned_in_classic: 10}
        outbound: {answered: 140, unanswered: 60}
      ring_seconds: {median: 6, p90: 20}
      talk_seconds: {median: 90, p90: 300}
`
}

// A ringingFake is an aircallkit serve in this process.
type ringingFake struct {
	t    *testing.T
	base string
	stop func()
}

func serveInProcess(t *testing.T, args ...string) ringingFake {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan struct{})
	var stderr bytes.Buffer
	go func() {
		defer close(done)
		defer in.Close()
		if code := checkedProcess(t, nil, in, &stderr).run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)); code != 0 {
			t.Errorf("serve: exit code %d: %s", code, stderr.String())
		}
	}()
	lines := bufio.NewReader(out)
	first, _ := lines.ReadString('\n')
	_, base, ok := strings.Cut(strings.TrimSpace(first), " on ")
	go io.Copy(io.Discard, lines)
	stop := func() { cancel(); <-done }
	t.Cleanup(stop)
	if !ok {
		stop()
		t.Fatalf("serve began with %q: %s", first, stderr.String())
	}
	return ringingFake{t, base, stop}
}

// run runs a command on the fake, and returns what it prints.
func (f ringingFake) run(args ...string) string {
	f.t.Helper()
	var out bytes.Buffer
	if code := checkedProcess(f.t, nil, &out, &out).run(f.t.Context(), append(args, "--target", f.base)); code != 0 {
		f.t.Fatalf("%s: exit code %d: %s", strings.Join(args, " "), code, out.String())
	}
	return out.String()
}

type listedCall struct {
	ID        int64
	Direction string
	StartedAt int64  `json:"started_at"`
	Answered  *int64 `json:"answered_at"`
	EndedAt   *int64 `json:"ended_at"`
	Reason    string `json:"missed_call_reason"`
	Voicemail *string
	Number    struct {
		TimeZone string `json:"time_zone"`
	}
}

func (c listedCall) outcome() string {
	switch {
	case c.Answered != nil:
		return c.Direction + " answered"
	case c.Direction == "outbound":
		return "outbound unanswered"
	case c.Voicemail != nil:
		return "inbound voicemail"
	case c.Reason == "":
		return "inbound callback"
	}
	return "inbound " + c.Reason
}

// calls returns all calls that the API lists.
func (f ringingFake) calls() (all []listedCall) {
	f.t.Helper()
	next := "/v1/calls?per_page=50"
	for next != "" {
		req, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, f.base+strings.TrimPrefix(next, f.base), nil)
		if err != nil {
			f.t.Fatal(err)
		}
		req.SetBasicAuth("fake-default-id", "fake-default-token")
		reply, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			f.t.Fatal(err)
		}
		var page struct {
			Meta struct {
				Next string `json:"next_page_link"`
			}
			Calls []listedCall
		}
		err = json.NewDecoder(reply.Body).Decode(&page)
		reply.Body.Close()
		if err != nil || reply.StatusCode != http.StatusOK {
			f.t.Fatalf("%s: %s, %v", next, reply.Status, err)
		}
		all, next = append(all, page.Calls...), page.Meta.Next
	}
	return all
}

// A week of traffic follows the statistics of a file: the calls of a day, the hours, the days of the week, and the outcomes.
func TestTrafficFollowsStatistics(t *testing.T) {
	file, state := filepath.Join(t.TempDir(), "fake.yaml"), filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(file, []byte(busyAccount()), 0o600); err != nil {
		t.Fatal(err)
	}
	week := func(f ringingFake) []listedCall {
		if said := f.run("simulate", "traffic"); said != "600 calls a day\n" {
			t.Errorf("simulate traffic: %q", said)
		}
		f.run("simulate", "clock", "--advance", "168h")
		return f.calls()
	}
	stored := serveInProcess(t, "--config", file, "--state", state)
	stored.stop()
	calls := week(serveInProcess(t, "--config", file))
	if again := week(serveInProcess(t, "--state", state, "--rate-limit", "0")); !slices.EqualFunc(calls, again, func(a, b listedCall) bool { return a.ID == b.ID && a.outcome() == b.outcome() }) {
		t.Errorf("a fake that resumes without the file has %d other calls", len(again))
	}
	hours, days, outcomes := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range calls {
		zone, err := time.LoadLocation(c.Number.TimeZone)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(c.StartedAt, 0).In(zone)
		hours[fmt.Sprint(at.Hour())]++
		days[at.Weekday().String()]++
		if c.EndedAt != nil {
			outcomes[c.outcome()]++
		}
	}
	var rings, talks []int64
	for _, c := range calls {
		if c.Answered != nil && c.EndedAt != nil {
			rings, talks = append(rings, *c.Answered-c.StartedAt), append(talks, *c.EndedAt-*c.Answered)
		}
	}
	wantSpread(t, "ring", rings, 6, 20)
	wantSpread(t, "talk", talks, 90, 300)
	if n := len(calls); n < 3000 || n > 3600 { // 5½ days of 600
		t.Errorf("%d calls in a week", n)
	}
	wantShares(t, days, map[string]int{"Monday": 120, "Tuesday": 100, "Wednesday": 100, "Thursday": 100, "Friday": 80, "Saturday": 50})
	wantShares(t, hours, map[string]int{
		"7": 10, "8": 40, "9": 60, "10": 70, "11": 60, "12": 20, "13": 30, "14": 60, "15": 60, "16": 40, "17": 30, "18": 20, "19": 10, "20": 10,
	})
	wantShares(t, outcomes, map[string]int{
		"inbound answered": 200, "inbound voicemail": 40, "inbound callback": 10, "inbound no_available_agent": 60, "inbound agents_did_not_answer": 30,
		"inbound short_abandoned": 20, "inbound out_of_opening_hours": 30, "inbound abandoned_in_ivr": 20, "inbound abandoned_in_classic": 10,
		"outbound answered": 140, "outbound unanswered": 60,
	})
}

// wantShares fails if a share is not that of want, by more than two points of a hundred, or if there is something else.
func wantShares(t *testing.T, got, want map[string]int) {
	t.Helper()
	sum := func(counts map[string]int) (n float64) {
		for _, c := range counts {
			n += float64(c)
		}
		return n
	}
	for name, n := range want {
		is, should := float64(got[name])/sum(got), float64(n)/sum(want)
		if math.Abs(is-should) > 0.02 {
			t.Errorf("%s: %.1f %% of the calls, want %.1f %%", name, 100*is, 100*should)
		}
	}
	for name, n := range got {
		if want[name] == 0 {
			t.Errorf("%s: %d calls, want none", name, n)
		}
	}
}

// wantSpread fails if the median or the ninth decile of values is not near what it should be.
func wantSpread(t *testing.T, name string, values []int64, median, p90 float64) {
	t.Helper()
	slices.Sort(values)
	for share, want := range map[float64]float64{0.5: median, 0.9: p90} {
		if got := float64(values[int(share*float64(len(values)))]); math.Abs(got-want) > max(1, want/10) {
			t.Errorf("%s: %.0f %% of the calls take %.0f seconds at most, want %.0f", name, 100*share, got, want)
		}
	}
}
