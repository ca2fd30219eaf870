package fakeaircall

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// phones is a world with two lines: 41 is always open and records, 43 is an IVR
// that keeps office hours. User 31 is on both, 32 on the first; 33 is offline.
func phones(t *testing.T, assume ...string) world {
	t.Helper()
	o := Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Assume: map[string]string{}}
	for i := 0; i+1 < len(assume); i += 2 {
		o.Assume[assume[i]] = assume[i+1]
	}
	w := world{RunT(t, checked(t, o)), t}.bare()
	w.change(func(t *tx) {
		for i, u := range []*user{
			{ID: 31, FirstName: "Ada", LastName: "Okafor", Email: "ada@acme.test", Online: true, WrapUpTime: 10},
			{ID: 32, FirstName: "Kim", LastName: "Lund", Email: "kim@acme.test", Online: true},
			{ID: 33, FirstName: "Lee", LastName: "Park", Email: "lee@acme.test"},
		} {
			u.Created, u.Language, u.TimeZone, u.AvailabilityStatus, u.Substatus = noon.Unix()-1000+int64(i), "en-US", "Etc/UTC", "available", "always_opened"
			t.users.insert(u)
		}
		t.numbers.insert(&number{ID: 41, Created: noon.Unix() - 900, Name: "Main", Digits: "+33 1 99 00 00 41", Country: "FR", TimeZone: "Europe/Paris",
			Open: true, AvailabilityStatus: "open", Recording: true, Users: []int64{31, 32, 33}})
		t.numbers.insert(&number{ID: 43, Created: noon.Unix() - 800, Name: "Menu", Digits: "+33 1 99 00 00 43", Country: "FR", TimeZone: "Europe/Paris",
			Open: true, AvailabilityStatus: "custom", IsIVR: true, Users: []int64{31}})
		t.teams.insert(&team{ID: 51, Name: "Night desk", Created: noon.Unix() - 700, Users: []int64{32}})
	})
	return w
}

// stage is how a call reads at a time.
func (w world) stage(id int64) string {
	w.t.Helper()
	a := w.get("/v1/calls/" + strconv.FormatInt(id, 10)).wantStatus(200)
	var v struct {
		Call struct {
			Status               string
			User, TransferredBy  *struct{ ID int64 }
			StartedAt            int64  `json:"started_at"`
			AnsweredAt           *int64 `json:"answered_at"`
			EndedAt              *int64 `json:"ended_at"`
			Duration             int64
			MissedCallReason     *string `json:"missed_call_reason"`
			Recording, Voicemail *string
		}
	}
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		w.t.Fatal(err)
	}
	c := v.Call
	var b strings.Builder
	b.WriteString(c.Status)
	since := func(name string, at *int64) {
		if at != nil {
			fmt.Fprintf(&b, " %s=%d", name, *at-c.StartedAt)
		}
	}
	since("answered", c.AnsweredAt)
	since("ended", c.EndedAt)
	if c.Duration != 0 {
		fmt.Fprintf(&b, " duration=%d", c.Duration)
	}
	if c.User != nil {
		fmt.Fprintf(&b, " user=%d", c.User.ID)
	}
	if c.MissedCallReason != nil {
		b.WriteString(" " + *c.MissedCallReason)
	}
	for name, url := range map[string]*string{"recording": c.Recording, "voicemail": c.Voicemail} {
		if url != nil {
			b.WriteString(" " + name)
		}
	}
	return b.String()
}

// Each lifecycle, as GET /v1/calls/:id shows it at times after the start.
func TestLifecycles(t *testing.T) {
	const inbound = "+33199009900"
	for name, tc := range map[string]struct {
		call   SimulatedCall
		stages map[int]string // by seconds
	}{
		"answered": {SimulatedCall{From: inbound, NumberID: 41, UserID: 31, Outcome: "answered", Ring: 6 * time.Second, Talk: 60 * time.Second}, map[int]string{
			0: "initial", 5: "initial", 6: "answered answered=6 user=31", 65: "answered answered=6 user=31",
			66: "done answered=6 ended=66 duration=66 user=31", 95: "done answered=6 ended=66 duration=66 user=31",
			96: "done answered=6 ended=66 duration=66 user=31 recording"}},
		"without a recording": {SimulatedCall{NumberID: 43, Outcome: "answered"}, map[int]string{
			200: "done answered=6 ended=66 duration=66 user=31"}},
		"not answered": {SimulatedCall{NumberID: 41, Outcome: "missed", Ring: 20 * time.Second}, map[int]string{
			19: "initial", 20: "done ended=20 duration=20 agents_did_not_answer", 100: "done ended=20 duration=20 agents_did_not_answer"}},
		"declined": {SimulatedCall{NumberID: 41, Outcome: "declined"}, map[int]string{
			5: "initial", 7: "done ended=7 duration=7 agents_did_not_answer"}},
		"voicemail": {SimulatedCall{NumberID: 41, Outcome: "voicemail", Ring: 10 * time.Second, Talk: 7 * time.Second}, map[int]string{
			16: "initial", 17: "done ended=17 duration=17 agents_did_not_answer", 46: "done ended=17 duration=17 agents_did_not_answer",
			47: "done ended=17 duration=17 agents_did_not_answer voicemail"}},
		"callback": {SimulatedCall{NumberID: 41, Outcome: "callback"}, map[int]string{30: "done ended=30 duration=30"}},
		"short":    {SimulatedCall{NumberID: 41, Outcome: "missed", Reason: "short_abandoned"}, map[int]string{4: "done ended=4 duration=4 short_abandoned"}},
		"menu": {SimulatedCall{NumberID: 43, Outcome: "missed", Reason: "abandoned_in_ivr", Keys: []string{"1", "2"}}, map[int]string{
			14: "initial", 15: "done ended=15 duration=15 abandoned_in_ivr"}},
		"classic": {SimulatedCall{NumberID: 41, Outcome: "missed", Reason: "abandoned_in_classic"}, map[int]string{20: "done ended=20 duration=20 abandoned_in_classic"}},
		"left":    {SimulatedCall{NumberID: 41}, map[int]string{59: "initial", 60: "done ended=60 duration=60 agents_did_not_answer"}},
		"outbound": {SimulatedCall{Direction: "outbound", NumberID: 41, UserID: 31, To: inbound, Outcome: "answered"}, map[int]string{
			0: "initial user=31", 6: "answered answered=6 user=31", 66: "done answered=6 ended=66 duration=66 user=31", 96: "done answered=6 ended=66 duration=66 user=31 recording"}},
		"outbound unanswered": {SimulatedCall{Direction: "outbound", NumberID: 41, UserID: 32, Outcome: "missed"}, map[int]string{
			29: "initial user=32", 30: "done ended=30 duration=30 user=32", 90: "done ended=30 duration=30 user=32"}},
		"passed on": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "answered", Then: []Action{{Do: "transfer", TeamID: 51, After: 20 * time.Second}}}, map[int]string{
			24: "answered answered=6 user=31", 25: "answered answered=6 user=32", 66: "done answered=6 ended=66 duration=66 user=32"}},
		"not passed on": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "answered", Then: []Action{{Do: "transfer", UserID: 32, After: 20 * time.Second}, {Do: "fail_transfer", After: 23 * time.Second}}}, map[int]string{
			25: "answered answered=6 user=31", 66: "done answered=6 ended=66 duration=66 user=31"}},
		"paused": {SimulatedCall{NumberID: 41, UserID: 31, Outcome: "answered", Then: []Action{{Do: "pause_recording", After: 10 * time.Second}}}, map[int]string{
			100: "done answered=6 ended=66 duration=66 user=31"}},
		"outside": {SimulatedCall{NumberID: 41, Then: []Action{{Do: "transfer_external", Number: "+33199009911", After: 3 * time.Second}}}, map[int]string{
			62: "initial", 63: "done ended=63 duration=63"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := phones(t)
			id, err := w.Simulate("", tc.call)
			if err != nil {
				t.Fatal(err)
			}
			at := 0
			for _, s := range slices.Sorted(keysOf(tc.stages)) {
				w.Advance(time.Duration(s-at) * time.Second)
				at = s
				if got := w.stage(id); got != tc.stages[s] {
					t.Errorf("after %d s\n\t%s, want\n\t%s", s, got, tc.stages[s])
				}
			}
		})
	}
}

func keysOf[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// The availability of a user shows a call that rings, a call and the work after it, and no user is on two calls.
func TestOneCallAnAgent(t *testing.T) {
	w := phones(t)
	free := func(want string) {
		t.Helper()
		if got := w.get("/v1/users/31/availability").text("availability"); got != want {
			t.Errorf("at %s user 31 is %s, want %s", w.Now().Sub(noon), got, want)
		}
	}
	call := SimulatedCall{NumberID: 43, UserID: 31, Outcome: "answered"}
	if _, err := w.Simulate("", call); err != nil {
		t.Fatal(err)
	}
	free("available") // his app rings
	if _, err := w.Simulate("", call); !refusedWith(err, 409, "user 31 is not free but being rung") {
		t.Errorf("a second call: %v", err)
	}
	w.Advance(6 * time.Second)
	free("in_call")
	w.send("POST", "/v1/users/31/calls", `{"number_id":41,"to":"+33199009900"}`).wantStatus(405)
	missed, err := w.Simulate("", SimulatedCall{NumberID: 43, Outcome: "missed"})
	if err != nil {
		t.Fatal(err)
	}
	w.Advance(60 * time.Second)
	free("after_call_work")
	if got := w.stage(missed); !strings.HasSuffix(got, "no_available_agent") {
		t.Errorf("a call while no user was free: %s", got)
	}
	w.Advance(10 * time.Second)
	free("available")
}

// Opening hours decide: no call to a closed line is answered.
func TestOpeningHours(t *testing.T) {
	w := phones(t)
	w.Advance(6 * time.Hour) // 18:00 in London, 19:00 in Paris
	if _, err := w.Simulate("", SimulatedCall{NumberID: 43, Outcome: "answered"}); !refusedWith(err, 409, "number 43 is closed at 2026-03-02T18:00:00Z") {
		t.Errorf("answered after hours: %v", err)
	}
	for outcome, want := range map[string]string{"": "", "missed": "", "voicemail": " voicemail"} {
		id, err := w.Simulate("", SimulatedCall{NumberID: 43, Outcome: Outcome(outcome)})
		if err != nil {
			t.Fatal(err)
		}
		w.Advance(2 * time.Minute)
		if got := w.stage(id); !strings.HasSuffix(got, "out_of_opening_hours"+want) {
			t.Errorf("%q after hours: %s", outcome, got)
		}
	}
	if id, err := w.Simulate("", SimulatedCall{Outcome: "answered"}); err != nil {
		t.Errorf("a line that is open takes it: %v", err)
	} else if got := w.get("/v1/calls/" + strconv.FormatInt(id, 10)).at("call.number.id"); got != "41" {
		t.Errorf("line %s took it", got)
	}
}

func refusedWith(err error, status int, words string) bool {
	r, ok := errors.AsType[*Refusal](err)
	return ok && r.Status == status && strings.Contains(r.Message, words)
}

// A call that cannot be simulated is refused with what was given and what to do.
func TestSimulateRefused(t *testing.T) {
	w := phones(t)
	for _, tc := range []struct {
		call   SimulatedCall
		status int
		words  string
	}{
		{SimulatedCall{Direction: "sideways"}, 400, `direction "sideways": give inbound or outbound`},
		{SimulatedCall{Outcome: "won"}, 400, `outcome "won": give one of answered, missed`},
		{SimulatedCall{Direction: "outbound", Outcome: "callback"}, 400, "is for inbound calls"},
		{SimulatedCall{Outcome: "answered", Reason: "short_abandoned"}, 400, "is for an inbound call of outcome missed"},
		{SimulatedCall{Outcome: "missed", Reason: "bored"}, 400, `reason "bored": give one of`},
		{SimulatedCall{Outcome: "missed", Reason: "short_abandoned", Ring: 10 * time.Second}, 400, "hangs up within 10s"},
		{SimulatedCall{Outcome: "missed", Reason: "out_of_opening_hours", NumberID: 41}, 409, "number 41 is open"},
		{SimulatedCall{Outcome: "missed", Reason: "no_available_agent", NumberID: 41}, 409, "user 31 is free on number 41"},
		{SimulatedCall{Outcome: "missed", Reason: "abandoned_in_ivr", NumberID: 41}, 400, "has no menu"},
		{SimulatedCall{Outcome: "missed", Reason: "abandoned_in_classic", NumberID: 43}, 400, "has a menu"},
		{SimulatedCall{Ring: -1}, 400, "ring -1ns"},
		{SimulatedCall{Talk: 5 * time.Hour}, 400, "talk 5h0m0s: give 0s to 4h0m0s"},
		{SimulatedCall{NumberID: 99}, 404, "there is no number 99"},
		{SimulatedCall{To: "+33199000099"}, 404, "is not a number of the account"},
		{SimulatedCall{NumberID: 41, To: "+33199000043"}, 400, "number 41 is +33 1 99 00 00 41"},
		{SimulatedCall{From: "me"}, 400, `"me" is not a phone number`},
		{SimulatedCall{Direction: "outbound", To: "anonymous"}, 400, `"anonymous" is not a phone number`},
		{SimulatedCall{UserID: 99}, 409, "no number on which this can happen"},
		{SimulatedCall{NumberID: 41, UserID: 99}, 404, "there is no user 99"},
		{SimulatedCall{NumberID: 43, UserID: 32}, 400, "user 32 is not on number 43, whose users are [31]"},
		{SimulatedCall{NumberID: 41, UserID: 33}, 409, "user 33 is not free but offline"},
		{SimulatedCall{Keys: []string{"x"}, NumberID: 43}, 400, `key "x": give one of`},
		{SimulatedCall{Keys: []string{"1"}, NumberID: 41}, 400, "has no menu to press keys in"},
		{SimulatedCall{Then: []Action{{Do: "dance"}}}, 400, `action "dance": give one of press, ring`},
		{SimulatedCall{Then: make([]Action, 101)}, 400, "takes 100 at most"},
		{SimulatedCall{Then: []Action{{Do: "hold", After: -time.Second}}}, 400, "action hold after -1s"},
	} {
		if id, err := w.Simulate("", tc.call); !refusedWith(err, tc.status, tc.words) {
			t.Errorf("%+v: call %d, %v; want %d, %q", tc.call, id, err, tc.status, tc.words)
		}
	}
	if _, err := w.Simulate("nobody", SimulatedCall{}); !refusedWith(err, 404, `no account "nobody", but default, sales, support`) {
		t.Errorf("an unknown account: %v", err)
	}
	if got := w.get("/v1/calls").at("meta.total"); got != "0" {
		t.Errorf("refusals made %s calls", got)
	}
}

// Act leads a call, and refuses an action that the state of the call forbids.
func TestAct(t *testing.T) {
	w := phones(t)
	id, err := w.Simulate("", SimulatedCall{NumberID: 41, UserID: 31})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		do    Action
		words string // of the refusal
	}{
		{Action{Do: "hold"}, "needs one in which people talk"},
		{Action{Do: "answer", UserID: 32}, "does not ring at user 32, but at [31]"},
		{Action{Do: "press", Key: "1"}, "is not in a menu"},
		{Action{Do: "end"}, `action "end"`},
		{Action{Do: "decline"}, ""},
		{Action{Do: "ring"}, ""},
		{Action{Do: "answer"}, ""},
		{Action{Do: "answer"}, "needs one that rings"},
		{Action{Do: "hold"}, ""},
		{Action{Do: "hold"}, "changes nothing"},
		{Action{Do: "unhold"}, ""},
		{Action{Do: "transfer", UserID: 33}, "user 33 is not free but offline"},
		{Action{Do: "transfer", UserID: 32}, "is user 32's already"},
		{Action{Do: "transfer", TeamID: 99}, "no team 99"},
		{Action{Do: "transfer", UserID: 31}, ""},
		{Action{Do: "transfer", UserID: 31}, "being transferred to user 31 already"},
		{Action{Do: "fail_transfer"}, ""},
		{Action{Do: "fail_transfer"}, "is not being transferred"},
		{Action{Do: "tag", TagID: 99}, "no tag 99"},
		{Action{Do: "assign", UserID: 99}, "no user 99"},
		{Action{Do: "assign", UserID: 33}, ""},
		{Action{Do: "comment", Content: " "}, "content can't be blank"},
		{Action{Do: "comment", Content: "Calls back", UserID: 32}, ""},
		{Action{Do: "hangup", Reason: "bored"}, `reason "bored"`},
		{Action{Do: "hangup"}, ""},
		{Action{Do: "hangup"}, "is over"},
		{Action{Do: "archive"}, ""},
	} {
		switch err := w.Act("", id, step.do); {
		case step.words == "" && err != nil:
			t.Errorf("%s: %v", step.do.Do, err)
		case step.words != "" && (err == nil || !strings.Contains(err.Error(), step.words)):
			t.Errorf("%s: %v, want %q", step.do.Do, err, step.words)
		}
	}
	if got, want := w.stage(id), "done answered=0 ended=0 user=32"; got != want {
		t.Errorf("it is %s, want %s", got, want)
	}
	if err := w.Act("", 99, Action{Do: "hangup"}); !refusedWith(err, 404, "no call 99") {
		t.Errorf("an unknown call: %v", err)
	}
}

// checkCalls fails if an invariant of every instant does not hold.
func checkCalls(t *tx) error {
	on := make(map[int64]int64)
	for _, c := range t.calls.order {
		switch {
		case c.Answered != 0 && c.Answered < c.Started, c.Ended != 0 && c.Ended < max(c.Started, c.Answered):
			return fmt.Errorf("call %d: started %d, answered %d, ended %d", c.ID, c.Started, c.Answered, c.Ended)
		case c.Ended != 0 && c.duration() != c.Ended-c.Started && !(c.Provisional && c.duration() == c.Ended-c.Started+1), c.Ended == 0 && c.duration() != 0:
			return fmt.Errorf("call %d lasts %d", c.ID, c.duration())
		case c.Inbound && c.Answered == 0 && c.User != 0, !c.Inbound && c.MissedReason != "" && c.MissedReason != "short_abandoned", c.Answered != 0 && c.MissedReason != "":
			return fmt.Errorf("call %d: user %d, %q", c.ID, c.User, c.MissedReason)
		}
		if c.Ended != 0 || c.isOutside() {
			continue
		}
		if c.User != 0 {
			if other, taken := on[c.User]; taken {
				return fmt.Errorf("user %d is on the calls %d and %d", c.User, other, c.ID)
			}
			on[c.User] = c.ID
		}
		for _, u := range c.Ongoing.Ringing {
			if t.rung[u] != c.ID {
				return fmt.Errorf("call %d rings for user %d, whose phone rings for call %d", c.ID, u, t.rung[u])
			}
		}
	}
	for u, id := range t.rung {
		c, ok := t.calls.get(id)
		if !ok || c.Ended != 0 || !slices.Contains(c.Ongoing.Ringing, u) {
			return fmt.Errorf("user %d is rung by call %d, which does not ring", u, id)
		}
		if other, taken := on[u]; taken {
			return fmt.Errorf("user %d is on call %d and rung by %d", u, other, id)
		}
	}
	return t.calls.sorted()
}

// sorted fails if a list of calls is not in order, or lacks a call that belongs to it.
func (s *calls) sorted() error {
	lists := map[callKey]inOrder[*call]{{field: "all"}: s.order, {field: "live"}: s.live}
	maps.Copy(lists, s.byKey)
	for key, list := range lists {
		for i, c := range list[min(1, len(list)):] {
			if before := list[i]; before.Started > c.Started || before.Started == c.Started && before.ID >= c.ID {
				return fmt.Errorf("%v: call %d, started %d, is before call %d, started %d", key, before.ID, before.Started, c.ID, c.Started)
			}
		}
	}
	for _, c := range s.order {
		for _, key := range c.keys() {
			if !lists[key].has(c) {
				return fmt.Errorf("call %d is not in the list of %v", c.ID, key)
			}
		}
	}
	return nil
}

// Random calls, led at random, keep the invariants at every instant, and all of
// them end. Run with -rapid.checks for more; a failing seed is printed with how to
// run it again.
func TestRandomSchedules(t *testing.T) {
	total, steps := 0, 3200
	if underRace {
		steps = 300 // they are slow there
	}
	rapid.Check(t, func(r *rapid.T) {
		told := &tally{counts: make(map[string]int)}
		s, err := New(checked(r, Options{Scale: ScaleSmall, Clock: noon, Seed: rapid.Int64Range(1, 5).Draw(r, "seed"), Deliveries: DeliveryOptions{Transport: told}}))
		if err != nil {
			r.Fatal(err)
		}
		defer s.Close()
		c := s.accounts()[0]
		_ = s.do(c, func(t *tx) error {
			t.webhooks.insert(&webhook{ID: 1, UUID: "one", URL: "https://one.test", Active: true, Events: EventNames(), Token: "one"})
			t.webhooks.insert(&webhook{ID: 2, UUID: "two", URL: "https://two.test", Active: true, Events: []string{"call.created", "call.ended"}, Token: "two"})
			return nil
		})
		var ids, users, numbers []int64
		_ = s.do(c, func(t *tx) error {
			for _, u := range t.users.order {
				users = append(users, u.ID)
			}
			for _, n := range t.numbers.order {
				numbers = append(numbers, n.ID)
			}
			return nil
		})
		check := func() {
			if err := s.do(c, checkCalls); err != nil {
				r.Fatalf("at %s: %v", s.Now().Sub(noon), err)
			}
		}
		for range rapid.IntRange(20, steps).Draw(r, "steps") {
			switch kind := rapid.IntRange(0, 9).Draw(r, "kind"); {
			case kind < 6:
				id, err := s.Simulate("", drawSimulated(r, numbers, users))
				if _, ok := errors.AsType[*Refusal](err); err != nil && !ok {
					r.Fatal(err)
				}
				if err == nil {
					ids = append(ids, id)
				}
			case kind < 8 && len(ids) > 0:
				a := Action{
					Do:     rapid.SampledFrom(Actions()).Draw(r, "do"),
					UserID: rapid.SampledFrom(append([]int64{0, 0, 0}, users...)).Draw(r, "by"),
					Key:    "1", Number: "+33199009911", Content: "noted",
				}
				_ = s.Act("", ids[max(0, len(ids)-1-rapid.IntRange(0, 5).Draw(r, "back"))], a)
			default:
				s.Advance(time.Duration(rapid.IntRange(1, 240).Draw(r, "seconds")) * time.Second)
			}
			check()
		}
		s.Advance(12 * time.Hour)
		check()
		_ = s.do(c, func(t *tx) error {
			total += len(ids)
			for _, id := range ids {
				k, _ := t.calls.get(id)
				if k.Ended == 0 {
					r.Errorf("call %d never ends", id)
				}
				for _, hook := range []string{"one", "two"} {
					for _, name := range []string{"call.created", "call.ended"} {
						if n := told.count(hook, name, id); n != 1 {
							r.Errorf("webhook %s got %s of call %d %d times", hook, name, id, n)
						}
					}
				}
			}
			return nil
		})
	})
	t.Logf("%d calls", total)
}

// A tally is a receiver that counts what each webhook gets.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (y *tally) RoundTrip(r *http.Request) (*http.Response, error) {
	var e struct {
		Token, Event string
		Data         struct{ ID json.Number }
	}
	if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
		return nil, err
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	y.counts[e.Token+e.Event+e.Data.ID.String()]++
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

func (y *tally) count(token, event string, id int64) int {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.counts[token+event+strconv.FormatInt(id, 10)]
}

func drawSimulated(r *rapid.T, numbers, users []int64) SimulatedCall {
	sc := SimulatedCall{
		Direction: rapid.SampledFrom([]Direction{"inbound", "inbound", "outbound"}).Draw(r, "direction"),
		NumberID:  rapid.SampledFrom(append([]int64{0}, numbers...)).Draw(r, "number"),
		UserID:    rapid.SampledFrom(append([]int64{0, 0, 0, 0}, users...)).Draw(r, "user"),
		Outcome:   rapid.SampledFrom(append([]Outcome{"", OutcomeAnswered, OutcomeAnswered}, Outcomes()...)).Draw(r, "outcome"),
		Ring:      time.Duration(rapid.IntRange(0, 70).Draw(r, "ring")) * time.Second,
		Talk:      time.Duration(rapid.IntRange(0, 300).Draw(r, "talk")) * time.Second,
	}
	if sc.Outcome == "missed" && sc.Direction == "inbound" {
		sc.Reason = rapid.SampledFrom(append([]string{"", ""}, missedReasons...)).Draw(r, "reason")
	}
	for range rapid.IntRange(0, 3).Draw(r, "then") {
		sc.Then = append(sc.Then, Action{
			Do:     rapid.SampledFrom(Actions()).Draw(r, "do"),
			After:  time.Duration(rapid.IntRange(0, 200).Draw(r, "after")) * time.Second,
			UserID: rapid.SampledFrom(append([]int64{0}, users...)).Draw(r, "by"),
			Key:    "2", Number: "+33199009911", Content: "noted",
		})
	}
	return sc
}
