package fakeaircall

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// values is what the minutes after a call's end may change, of the call that a reply or an event shows. The start
// is in seconds after noon.
func (a answer) values(path string) string {
	a.t.Helper()
	v := a.at(path)
	at := func(key string) string { return answer{t: a.t, body: v}.at(key) }
	var started int64
	fmt.Sscan(at("started_at"), &started)
	return fmt.Sprintf("%d %s %s", started-noon.Unix(), at("duration"), at("cost"))
}

// threeCalls are outbound calls that begin at noon, ring for 2 seconds and last for 20 or 21: of three calls in a row
// one has the id that makes its provisional start too early, one a final start and duration, one a duration too long.
func threeCalls(t *testing.T, w world) (ids [3]int64) {
	t.Helper()
	for i := range ids {
		w.change(func(t *tx) {
			t.users.insert(&user{ID: 61 + int64(i), Created: noon.Unix() - 500 + int64(i), FirstName: "Ida", LastName: "Lund", Email: fmt.Sprintf("ida%d@acme.test", i), Online: true,
				Language: "en-US", TimeZone: "Etc/UTC", AvailabilityStatus: "available", Substatus: "always_opened"})
			n, _ := t.numbers.get(41)
			n.Users = append(n.Users, 61+int64(i))
		})
		id, err := w.Simulate("", SimulatedCall{Direction: "outbound", NumberID: 41, UserID: 61 + int64(i), To: "+33199009900", Outcome: "answered", Ring: 2 * time.Second, Talk: 19 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		ids[(id+2)%3] = id
	}
	if slices.Contains(ids[:], 0) {
		t.Fatalf("the ids %v are not in a row", ids)
	}
	return ids
}

// A call has provisional values for two minutes after its end, and final ones twenty minutes after it (recorded
// 2026-09-28 on three calls).
func TestCallsGetFinalValues(t *testing.T) {
	w := phones(t)
	ids := threeCalls(t, w)
	check := func(when string, want [3]string, pricing string) {
		t.Helper()
		for i, id := range ids {
			a := w.get(fmt.Sprintf("/v1/calls/%d", id)).wantStatus(200)
			if got := a.values("call"); got != want[i] {
				t.Errorf("%s call %d is %s, want %s", when, i, got, want[i])
			}
			if got := a.at("call.pricing_type"); got != pricing {
				t.Errorf("%s the pricing_type of call %d is %s", when, i, got)
			}
			if got := a.at("call.answered_at") + " " + a.at("call.ended_at"); got != "1772452802 1772452821" && a.at("call.ended_at") != "null" {
				t.Errorf("%s call %d was answered and ended at %s", when, i, got)
			}
		}
	}
	w.Advance(20 * time.Second)
	check("before its end", [3]string{`0 0 "0.0"`, `0 0 "0.0"`, `0 0 "0.0"`}, "null")
	provisional := [3]string{`0 21 "0.0"`, `0 21 "0.0"`, `0 22 "0.0"`}
	w.Advance(time.Second)
	check("at its end", provisional, "null")
	w.send("PUT", fmt.Sprintf("/v1/calls/%d/archive", ids[0]), "").wantStatus(200)
	w.send("POST", fmt.Sprintf("/v1/calls/%d/comments", ids[0]), `{"content":"Calls back"}`).wantStatus(201)
	w.Advance(2*time.Minute - time.Second)
	check("after two minutes", provisional, "null")
	if told := w.values("call.hungup"); !slices.Equal(told, provisional[:]) {
		t.Errorf("call.hungup has %q", told)
	}
	if told := w.values("call.ended"); !slices.Equal(told, provisional[:]) {
		t.Errorf("call.ended has %q", told)
	}
	told := len(w.events())
	w.Advance(18*time.Minute + time.Second)
	if more := w.events()[told:]; len(more) != 0 {
		t.Errorf("final values tell %s", more[0].Name)
	}
	check("after twenty minutes", [3]string{`1 20 "3.0"`, `0 21 "3.0"`, `0 21 "3.0"`}, `"in_bundle"`)
	for _, id := range ids {
		w.send("POST", fmt.Sprintf("/v1/calls/%d/comments", id), `{"content":"Later"}`).wantStatus(201)
	}
	if told := w.values("call.commented")[1:]; !slices.Equal(told, []string{`1 20 "3.0"`, `0 21 "3.0"`, `0 21 "3.0"`}) {
		t.Errorf("call.commented has %q", told)
	}
	a := w.get(fmt.Sprintf("/v1/calls/%d", ids[0]))
	if a.at("call.archived") != "true" || len(a.list("call.comments", "id")) != 2 {
		t.Errorf("archived and commented: %s", a.body)
	}
	w.Advance(24 * time.Hour)
	check("a day later", [3]string{`1 20 "3.0"`, `0 21 "3.0"`, `0 21 "3.0"`}, `"in_bundle"`)
}

// values returns what the events of a name show of three calls, in their order.
func (w world) values(name string) []string {
	w.t.Helper()
	told := make(map[string]string)
	var first []string
	for _, e := range w.events() {
		if e.Name == name {
			a := answer{t: w.t, body: `{"call":` + string(e.Data) + `}`}
			var id int64
			fmt.Sscan(a.at("call.id"), &id)
			if name == "call.commented" {
				first = append(first, a.values("call"))
				continue
			}
			told[fmt.Sprint((id+2)%3)] = a.values("call")
		}
	}
	if first != nil {
		return first
	}
	return []string{told["0"], told["1"], told["2"]}
}

// A call that starts a second later leaves one window for another, and its place in each list.
func TestFinalStartMovesACall(t *testing.T) {
	w := phones(t)
	ids := threeCalls(t, w)
	w.Advance(21 * time.Second)
	for _, id := range ids {
		w.send("POST", "/v1/calls/"+fmt.Sprint(id)+"/tags", `{"tags":[`+w.get("/v1/tags").list("tags", "id")[0]+`]}`).wantStatus(201)
	}
	tag := w.get("/v1/tags").list("tags", "id")[0]
	inOrder := func(ids ...int64) string { return strings.Trim(fmt.Sprint(ids), "[]") }
	before := slices.Sorted(slices.Values(ids[:]))
	queries := []string{"/v1/calls?from=1772452799", "/v1/calls/search?from=1772452799", "/v1/calls/search?from=1772452799&direction=outbound",
		"/v1/calls/search?from=1772452799&tags[]=" + tag, "/v1/calls/search?from=1772452799&phone_number=33199009900", "/v1/calls/search?from=1772452799&direction=outbound&tags[]=" + tag}
	check := func(want string) {
		t.Helper()
		for _, query := range queries {
			if got := strings.Join(w.get(query).list("calls", "id"), " "); got != want {
				t.Errorf("%s lists %s, want %s", query, got, want)
			}
		}
	}
	check(inOrder(before...))
	if got := w.get("/v1/calls?from=1772452800").list("calls", "id"); len(got) != 0 {
		t.Errorf("%s started in a later second", got)
	}
	w.Advance(20 * time.Minute)
	var after []int64
	for _, id := range before {
		if id != ids[0] {
			after = append(after, id)
		}
	}
	check(inOrder(append(after, ids[0])...))
	if got := strings.Join(w.get("/v1/calls?from=1772452800&to=1772452801").list("calls", "id"), " "); got != fmt.Sprint(ids[0]) {
		t.Errorf("%s started in the later second", got)
	}
	if got := strings.Join(w.get("/v1/calls?from=1772452799&to=1772452800").list("calls", "id"), " "); got != inOrder(after...) {
		t.Errorf("%s started in the first second", got)
	}
	w.change(func(tx *tx) {
		if err := tx.calls.sorted(); err != nil {
			t.Error(err)
		}
	})
}

// Snapshots, forks and stores keep provisional values, and the time of the final ones.
func TestProvisionalValuesAreKept(t *testing.T) {
	w := phones(t)
	ids := threeCalls(t, w)
	w.Advance(time.Minute)
	s, err := ParseSnapshot(w.Snapshot().text())
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/v1/calls/%d", ids[0])
	w.Advance(30 * time.Minute)
	w.Restore(s)
	for name, there := range map[string]world{"restored": w, "forked": {w.Fork(t), t}, "begun with a snapshot": {RunT(t, checked(t, Options{Snapshot: s})), t}} {
		if got := there.get(path).values("call"); got != `0 21 "0.0"` {
			t.Errorf("%s: %s", name, got)
		}
		there.Advance(21 * time.Minute)
		if got := there.get(path).values("call"); got != `1 20 "3.0"` {
			t.Errorf("%s: %s after twenty minutes", name, got)
		}
	}

	store := newMemoryStore()
	kept, err := New(checked(t, Options{Store: store, Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit}))
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.SetTraffic("", Traffic{CallsPerDay: 2000}); err != nil {
		t.Fatal(err)
	}
	kept.Advance(40 * time.Minute)
	store.mustHaveAll(t, kept)
	kept.Close()
	again, err := New(checked(t, Options{Store: store.copy(), RateLimit: NoRateLimit}))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	provisional := func() (n int) {
		_ = again.do(again.accounts()[0], func(t *tx) error {
			for _, c := range t.calls.order {
				if c.Provisional {
					n++
				}
			}
			return t.calls.sorted()
		})
		return n
	}
	if provisional() == 0 {
		t.Error("no call of the store has provisional values")
	}
	if err := again.SetTraffic("", Traffic{}); err != nil {
		t.Fatal(err)
	}
	again.Advance(time.Hour)
	if n := provisional(); n != 0 {
		t.Errorf("%d calls have provisional values an hour later", n)
	}
}

func TestFinalAtOnce(t *testing.T) {
	w := phones(t, "call-finalization", "at-once")
	ids := threeCalls(t, w)
	w.Advance(21 * time.Second)
	for _, id := range ids {
		a := w.get(fmt.Sprintf("/v1/calls/%d", id))
		if got := a.values("call") + a.at("call.pricing_type"); got != `0 21 "3.0""in_bundle"` {
			t.Errorf("call %d is %s", id, got)
		}
	}
	w.Advance(time.Hour)
	if got := w.get(fmt.Sprintf("/v1/calls/%d", ids[0])).values("call"); got != `0 21 "3.0"` {
		t.Errorf("an hour later: %s", got)
	}
}

// Only an answered outbound call costs something.
func TestCosts(t *testing.T) {
	w := phones(t)
	for _, c := range []struct {
		call SimulatedCall
		want string
	}{
		{SimulatedCall{Direction: "outbound", NumberID: 41, UserID: 31, Outcome: "answered", Talk: time.Hour}, `"3.0"`},
		{SimulatedCall{Direction: "outbound", NumberID: 41, UserID: 31, Outcome: "missed"}, `"0.0"`},
		{SimulatedCall{NumberID: 41, UserID: 31, Outcome: "answered"}, `"0.0"`},
		{SimulatedCall{NumberID: 41, Outcome: "missed"}, `"0.0"`},
	} {
		id, err := w.Simulate("", c.call)
		if err != nil {
			t.Fatal(err)
		}
		w.Advance(2 * time.Hour)
		a := w.get(fmt.Sprintf("/v1/calls/%d", id))
		if got := a.at("call.cost") + a.at("call.pricing_type"); got != c.want+`"in_bundle"` {
			t.Errorf("%+v costs %s, want %s", c.call, got, c.want)
		}
	}
	w.send("POST", "/v1/outbound-calls/agents/agent-def456", `{"contact_phone":"+15551234567","idempotency_key":"a"}`).wantStatus(202)
	w.Advance(time.Minute)
	a := w.get("/v1/calls?order=desc&per_page=1")
	if got := a.at("calls.0.status") + a.at("calls.0.cost") + a.at("calls.0.pricing_type"); got != `"done""0.0"null` {
		t.Errorf("the call of an agent that ended a moment ago is %s", got)
	}
	w.Advance(20 * time.Minute)
	a = w.get("/v1/calls?order=desc&per_page=1")
	if got := a.at("calls.0.cost") + a.at("calls.0.pricing_type"); got != `"3.0""in_bundle"` {
		t.Errorf("the call of an agent is %s", got)
	}
}

// Calls of fixtures that ended a moment ago have provisional values; those that ended earlier have the times they give.
func TestFixtureCallsGetFinalValues(t *testing.T) {
	call := func(id int64, ended time.Duration) CallFixture {
		end := noon.Add(-ended)
		return CallFixture{ID: id, Direction: new("outbound"), Number: new("700"), RawDigits: new("+33 1 99 00 56 80"), User: new("ann@example.com"),
			StartedAt: new(end.Add(-21 * time.Second)), AnsweredAt: new(end.Add(-18 * time.Second)), EndedAt: &end}
	}
	fx := believable()
	fx.Calls = []CallFixture{call(4200000000, time.Minute), call(4200000001, time.Minute), call(4200000002, time.Minute), call(4200000003, 20*time.Minute), call(4200000004, time.Hour)}
	s, err := withFixtures(t, fx)
	if err != nil {
		t.Fatal(err)
	}
	check := func(want ...string) {
		t.Helper()
		for i, want := range want {
			_, body := getAs(t, s, s.Accounts()[0], fmt.Sprint("/v1/calls/", 4200000000+i))
			if got := (answer{t: t, body: body}).values("call"); got != want {
				t.Errorf("call %d is %s, want %s", i, got, want)
			}
		}
	}
	check(`-81 22 "0.0"`, `-81 21 "0.0"`, `-81 21 "0.0"`, `-1221 21 "3.0"`, `-3621 21 "3.0"`)
	s.Advance(20 * time.Minute)
	check(`-81 21 "3.0"`, `-80 20 "3.0"`, `-81 21 "3.0"`, `-1221 21 "3.0"`, `-3621 21 "3.0"`)
}
