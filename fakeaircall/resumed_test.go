package fakeaircall

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// withBelievable are options of a world with fixtures.
func withBelievable(fx Fixtures) Options {
	return Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit, Fixtures: map[string]Fixtures{"default": fx}}
}

// Fixtures are added once. Later starts continue from the store, whatever the fixtures are then, except for new accounts;
// Reset and Reseed add them again.
func TestFixturesAreKept(t *testing.T) {
	m := newMemoryStore()
	w := kept(t, m, withBelievable(believable()))
	if w.Resumed() != nil {
		t.Error("a store that is empty was gone on from")
	}
	w.send("PUT", "/v1/numbers/700", `{"name":"By a client"}`).wantStatus(200)
	w.send("POST", "/v1/tags", `{"name":"Mine","color":"#AA3301"}`).wantStatus(201)
	_, tags, err := w.Account("default").Tags(Query{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	fx := believable()
	fx.Numbers[0].Name, fx.Calls[0].Tags = new("Of the file"), []string{"Nobody's"} // which does not agree, nor count
	o := withBelievable(fx)
	o.Seed, o.Clock = 2, noon.AddDate(0, 1, 0)
	o.Accounts = append(StandardAccounts(), StandardAccount("north"))
	o.Fixtures["north"] = Fixtures{Tags: []TagFixture{{Name: new("Northern"), Color: new("#AA3300")}}}
	w = kept(t, m, o)
	r := w.Resumed()
	if r == nil || !slices.Equal(r.Accounts, []string{"default", "sales", "support"}) || r.Seed != 1 || r.Scale != ScaleSmall || !r.Start.Equal(noon) || !r.Now.Equal(noon) {
		t.Fatalf("it goes on from %+v", r)
	}
	if _, body := getAs(t, w.Server, w.Accounts()[0], "/v1/numbers/700"); !strings.Contains(body, "By a client") {
		t.Error(body)
	}
	if _, got, err := w.Account("default").Tags(Query{}); got != tags {
		t.Errorf("%d tags, %d before (%v)", got, tags, err)
	}
	if got, _, err := w.Account("north").Tags(Query{Text: "Northern"}); len(got) != 1 {
		t.Errorf("a new account has no fixtures (%v)", err)
	}
	m.mustHaveAll(t, w.Server)
	fx.Calls[0].Tags = nil
	if err := w.Reseed(o); err != nil {
		t.Fatal(err)
	}
	m.mustHaveAll(t, w.Server)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w = kept(t, m, o)
	if r := w.Resumed(); r == nil || r.Seed != 2 || !r.Start.Equal(o.Clock) {
		t.Errorf("after a Reseed: %+v", r)
	}
	if _, body := getAs(t, w.Server, w.Accounts()[0], "/v1/numbers/700"); !strings.Contains(body, "Of the file") {
		t.Error(body)
	}
}

// New checks the forms of all fixtures, and the contradictions of those for new accounts.
func TestFixturesOfAStoreAreChecked(t *testing.T) {
	m := newMemoryStore()
	if err := kept(t, m, withBelievable(believable())).Close(); err != nil {
		t.Fatal(err)
	}
	before := m.copy()
	fx := believable()
	fx.Tags[0].Color = new("red")
	o := withBelievable(fx)
	o.Accounts = append(StandardAccounts(), StandardAccount("north"))
	o.Fixtures["north"] = Fixtures{Numbers: []NumberFixture{{ID: 700, Name: new("x"), Digits: new("+33199001234"), Users: []string{"bob@example.com"}}}}
	o.Store = m
	_, err := New(checked(t, o))
	if got := strings.Join(problems(err), " "); got != "numbers[0].users[0] tags[0].color" {
		t.Errorf("got %v", err)
	}
	if len(m.records) != len(before.records) {
		t.Error("what is kept was changed")
	}
}

// The store has the seed and scale of the data.
func TestResumedAfter(t *testing.T) {
	m := newMemoryStore()
	w := kept(t, m, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit, Seed: 3})
	other := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon.Add(time.Hour), RateLimit: NoRateLimit, Seed: 4})).Snapshot()
	for _, step := range []struct {
		name string
		do   func()
		want recipe
	}{
		{"New", func() {}, recipe{3, ScaleSmall}},
		{"Restore", func() { w.Restore(other) }, recipe{4, ScaleEmpty}},
		{"Reset", func() { w.Reset() }, recipe{3, ScaleSmall}},
	} {
		step.do()
		again, err := New(checked(t, Options{RateLimit: NoRateLimit, Store: m.copy()}))
		if err != nil {
			t.Fatal(err)
		}
		if r := again.Resumed(); r == nil || (recipe{r.Seed, r.Scale}) != step.want {
			t.Errorf("after %s: %+v", step.name, r)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
}
