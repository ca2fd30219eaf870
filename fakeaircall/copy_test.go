package fakeaircall

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"
)

// busy is a server with data in every part of its state.
func busy(t *testing.T) world {
	t.Helper()
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Seed: 2, Clock: noon, RateLimit: NoRateLimit})), t}
	w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"https://hooks.example.com/in"}`).wantStatus(201)
	for _, outcome := range Outcomes() {
		if _, err := w.Simulate("", SimulatedCall{Outcome: outcome}); err != nil {
			t.Fatal(err)
		}
		w.Advance(3 * time.Second)
	}
	if _, err := w.SimulateMessage("", SimulatedMessage{From: "+33199000042", Body: "Hello"}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/v1/calls", "/v1/contacts", "/v2/users", "/v1/numbers", "/v1/calls/search?direction=inbound&user_id=2100001"} {
		w.get(path).wantStatus(200) // fills what is kept of replies and searches
	}
	w.dispatcher.waitIdle(w.clock, maxIdleWait) // an attempt that is under way is made once more by who goes on from here
	return w
}

func TestCopy(t *testing.T) {
	w := busy(t)
	w.send("POST", w.newCampaign(9, w.get("/v2/users").list("users", "id"), "")+"/launch", "").wantStatus(200)
	w.change(func(tx *tx) {
		tx.mustBeFull(t)
		if tx.campaigning.attempts.len() == 0 {
			t.Fatal("the campaign has called nobody")
		}
		one := tx.state.copy()
		if shared := sharedBetween(tx.state, one); len(shared) > 0 {
			t.Errorf("the copy shares %v", shared)
		}
		forgetKept(tx.state)
		if !reflect.DeepEqual(tx.state, one) {
			t.Error("the copy differs")
		}
	})
}

// mustBeFull fails if the state has too little data for the test.
func (t *tx) mustBeFull(tt *testing.T) {
	live := 0
	for _, c := range t.calls.order {
		if c.Ongoing != nil && len(c.Ongoing.Steps) > 0 {
			live++
		}
	}
	if live == 0 || t.deliveries.pending.len() == 0 || t.messaging.sent.len() == 0 || t.dialing.campaigns.len() == 0 {
		tt.Fatal("too little happened")
	}
}

func forgetKept(s *state) {
	for _, c := range s.calls.order {
		c.encoded = cachedJSON{}
	}
	for _, c := range s.contacts.order {
		c.encoded = cachedJSON{}
	}
	s.cached, s.byPhone = nil, phoneIndex{}
}

// Changes after a copy do not appear in it.
func TestCopyIsAlone(t *testing.T) {
	w := busy(t)
	var one, two *state
	w.change(func(tx *tx) { one, two = tx.state.copy(), tx.state.copy() })
	w.send("POST", "/v1/contacts/5678", `{"first_name":"New"}`).wantStatus(200)
	w.send("POST", "/v1/contacts/5678/phone_details", `{"label":"x","value":"+33699001122"}`).wantStatus(201)
	w.send("POST", "/v1/calls/12345/comments", `{"content":"new"}`).wantStatus(201)
	w.send("PUT", "/v1/calls/12345/archive", "").wantStatus(200)
	w.send("DELETE", "/v1/contacts/5678", "").wantStatus(204)
	w.Advance(time.Hour)
	if !reflect.DeepEqual(one, two) {
		t.Error("what is written to the company shows in the copy")
	}
	w.change(func(tx *tx) {
		if forgetKept(tx.state); reflect.DeepEqual(tx.state, one) {
			t.Error("nothing was written")
		}
	})
}

// immutable lists types that are never changed in place, so that copies can share them.
var immutable = map[reflect.Type]bool{
	reflect.TypeFor[*string](): true, reflect.TypeFor[*int64](): true, reflect.TypeFor[*time.Location](): true,
	reflect.TypeFor[json.RawMessage](): true, reflect.TypeFor[raw](): true,
}

// sharedBetween names the places of a that lead to memory which b leads to, too.
func sharedBetween(a, b *state) (list []string) {
	of := map[uintptr]string{}
	eachReference(reflect.ValueOf(a).Elem(), "state", func(p uintptr, path string) bool {
		_, met := of[p]
		of[p] = path
		return !met
	})
	met := map[uintptr]bool{}
	eachReference(reflect.ValueOf(b).Elem(), "state", func(p uintptr, path string) bool {
		if from, ok := of[p]; ok && len(list) < 20 {
			list = append(list, fmt.Sprintf("%s (%s)", path, from))
		}
		defer func() { met[p] = true }()
		return !met[p]
	})
	return list
}

// eachReference calls f with whatever v leads to that can be changed, and follows
// it if f says so.
func eachReference(v reflect.Value, path string, f func(uintptr, string) bool) {
	if immutable[v.Type()] {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && f(v.Pointer(), path) {
			eachReference(v.Elem(), path, f)
		}
	case reflect.Map:
		if v.IsNil() || !f(v.Pointer(), path) {
			return
		}
		for i := v.MapRange(); i.Next(); {
			eachReference(i.Value(), fmt.Sprintf("%s[%v]", path, i.Key()), f)
		}
	case reflect.Slice:
		if v.Cap() == 0 || !f(v.Pointer(), path) {
			return
		}
		for i := range v.Len() {
			eachReference(v.Index(i), fmt.Sprintf("%s[%d]", path, i), f)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			eachReference(v.Field(i), path+"."+v.Type().Field(i).Name, f)
		}
	case reflect.Interface, reflect.Func, reflect.Chan:
		panic(path + " is nothing a state may have: it cannot be copied")
	}
}

func BenchmarkCopy(b *testing.B) {
	srv := RunT(b, Options{Clock: noon})
	_ = srv.accounts()[0].do(noon, func(tx *tx) error {
		for b.Loop() {
			tx.state.copy()
		}
		return nil
	})
}
