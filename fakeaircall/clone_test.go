package fakeaircall

import (
	"reflect"
	"testing"
)

func TestClone(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit})), t}
	for _, path := range []string{"/v1/calls", "/v1/contacts", "/v2/users", "/v1/numbers"} {
		w.get(path).wantStatus(200) // fills what is kept of replies
	}
	var one, two *state
	w.change(func(tx *tx) {
		one, two = clone(tx.state), clone(tx.state)
		if !reflect.DeepEqual(tx.state, one) {
			t.Error("the copy differs")
		}
	})
	w.send("POST", "/v1/contacts/5678", `{"first_name":"New"}`).wantStatus(200)
	w.send("POST", "/v1/contacts/5678/phone_details", `{"label":"x","value":"+33699001122"}`).wantStatus(201)
	w.send("POST", "/v1/calls/12345/comments", `{"content":"new"}`).wantStatus(201)
	w.send("POST", "/v1/calls/12345/tags", `{"tags":[1]}`)
	w.send("PUT", "/v1/calls/12345/archive", "").wantStatus(200)
	w.send("DELETE", "/v1/contacts/5678", "").wantStatus(204)
	w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"https://hooks.example.com/in"}`).wantStatus(201)
	if !reflect.DeepEqual(one, two) {
		t.Error("what is written to the company shows in the copy")
	}
	w.change(func(tx *tx) {
		if reflect.DeepEqual(tx.state, one) {
			t.Error("nothing was written")
		}
	})
	type list struct {
		next *list
		any  any
		of   [2]map[string][]*int
	}
	n := 7
	l := &list{any: []*int{&n}, of: [2]map[string][]*int{{"a": {&n}}}}
	l.next = l
	c := clone(l)
	n = 8
	if c.next != c || *c.of[0]["a"][0] != 7 || c.any.([]*int)[0] != c.of[0]["a"][0] {
		t.Errorf("%+v", c)
	}
}

func BenchmarkClone(b *testing.B) {
	srv := RunT(b, Options{Clock: noon})
	_ = srv.companies[0].do(noon, func(tx *tx) error {
		for b.Loop() {
			clone(tx.state)
		}
		return nil
	})
}
