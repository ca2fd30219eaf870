package fakeaircall

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What a test adds in Go, clients find over HTTP and Go reads back.
func TestAccountAdds(t *testing.T) {
	m := newMemoryStore()
	w := kept(t, m, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit})
	a := w.Account("default")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	user, err := a.AddUser(UserFixture{FirstName: new("Ann"), LastName: new("Lee"), Email: new("ann@acme.example.com")})
	must(err)
	line, err := a.AddNumber(NumberFixture{Name: new("Sales"), Digits: new("+33 1 99 00 12 99"), Users: []string{"ann@acme.example.com"}})
	must(err)
	contact, err := a.AddContact(ContactFixture{FirstName: new("Jane"), PhoneNumbers: []DetailFixture{{new("Work"), new("+33 1 99 00 56 99")}}})
	must(err)
	tag, err := a.AddTag(TagFixture{Name: new("Urgent"), Color: new("#AA3300")})
	must(err)
	call, err := a.AddCall(CallFixture{
		Direction: new("inbound"), Number: new("+33 1 99 00 12 99"), RawDigits: new("+33 1 99 00 56 99"), User: new("ann@acme.example.com"),
		StartedAt: new(noon.Add(-time.Hour)), AnsweredAt: new(noon.Add(-time.Hour + 5*time.Second)), EndedAt: new(noon.Add(-time.Hour + time.Minute)), Tags: []string{"Urgent"},
	})
	must(err)
	if call.Contact == nil || call.Contact.ID != contact.ID || call.User.Name != "Ann Lee" || call.Number.ID != line.ID || call.State != "ended" || call.Result != "answered" || !slices.Equal(call.Tags, []string{"Urgent"}) {
		t.Errorf("the call is %+v", call)
	}
	for path, want := range map[string]string{
		"/v2/users/" + strconv.FormatInt(user.ID, 10): "ann@acme.example.com", "/v1/numbers/" + strconv.FormatInt(line.ID, 10): "+33 1 99 00 12 99",
		"/v1/contacts/" + strconv.FormatInt(contact.ID, 10): "Jane", "/v1/tags/" + strconv.FormatInt(tag.ID, 10): "Urgent", "/v1/calls/" + strconv.FormatInt(call.ID, 10): "+33 1 99 00 56 99",
	} {
		if got := w.get(path).wantStatus(200).body; !strings.Contains(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
	// An id of a record changes it, and a call finds its new place.
	call, err = a.AddCall(CallFixture{ID: call.ID, EndedAt: new(noon.Add(-time.Hour + 2*time.Minute))})
	must(err)
	if got := call.EndedAt.Sub(call.StartedAt); got != 2*time.Minute {
		t.Errorf("it took %s", got)
	}
	if err := w.calls(); err != nil {
		t.Error(err)
	}
	m.mustHaveAll(t, w.Server)
	there := kept(t, m.copy(), Options{Clock: noon, RateLimit: NoRateLimit})
	if got, err := there.Account("default").Contact(contact.ID); err != nil || got.Name != "Jane" {
		t.Errorf("a server that goes on has %+v, %v", got, err)
	}
}

func (w world) calls() (err error) {
	w.change(func(t *tx) { err = t.calls.sorted() })
	return err
}

// A mistake changes nothing, and says what is wrong.
func TestAccountRefuses(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon})), t}
	before := w.Snapshot()
	for name, add := range map[string]func(AccountHandle) error{
		"contacts[0].phone_numbers[0].value": func(a AccountHandle) error {
			_, err := a.AddContact(ContactFixture{PhoneNumbers: []DetailFixture{{new("Work"), new("me")}}})
			return err
		},
		`there is no user "nobody@`: func(a AccountHandle) error {
			return a.Add(Fixtures{Tags: []TagFixture{{Name: new("Fine"), Color: new("#AA3300")}}, Numbers: []NumberFixture{{Name: new("L"), Digits: new("+33 1 99 00 12 98"), Users: []string{"nobody@example.com"}}}})
		},
	} {
		err := add(w.Account("default"))
		if _, ok := errors.AsType[FixtureMistakes](err); !ok || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if diff := before.Diff(w.Snapshot()); len(diff) > 0 {
		t.Errorf("changed: %v", diff)
	}
	lost := w.Account("lost")
	if _, err := lost.Contact(5678); err == nil || !strings.Contains(err.Error(), `there is no account "lost"`) {
		t.Errorf("another account: %v", err)
	}
	if _, err := w.Account("").Contact(7); err == nil || err.Error() != `account "default" has no contact 7` {
		t.Errorf("another contact: %v", err)
	}
	if _, total, err := w.Account("sales").Contacts(Query{Text: "john", Limit: 1}); err != nil || total < 2 {
		t.Errorf("%d Johns, %v", total, err)
	}
}
