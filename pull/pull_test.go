package pull_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/pull"
)

var background = context.Background()

// The same value gets the same replacement, in whatever form it is.
func TestSameValueSameReplacement(t *testing.T) {
	at := clock.Add(-time.Hour)
	s := started(t, fakeaircall.Options{
		Clock: clock, Scale: fakeaircall.ScaleEmpty, RateLimit: fakeaircall.NoRateLimit, Accounts: []fakeaircall.Account{fakeaircall.StandardAccount("default")},
		Fixtures: map[string]fakeaircall.Fixtures{"default": {
			Users:   []fakeaircall.UserFixture{{FirstName: new("Zora"), LastName: new("Quill"), Email: new("zora@quill.org")}},
			Numbers: []fakeaircall.NumberFixture{{Name: new("Zork"), Digits: new("+33 1 76 36 06 95"), Users: []string{"zora@quill.org"}}},
			Contacts: []fakeaircall.ContactFixture{
				{FirstName: new("Zora"), PhoneNumbers: []fakeaircall.DetailFixture{{Label: new("Work"), Value: new("+34 911 23 45 67")}}, Emails: []fakeaircall.DetailFixture{{Label: new("Work"), Value: new("ZORA@quill.org")}}},
				{FirstName: new("zora"), PhoneNumbers: []fakeaircall.DetailFixture{{Label: new("Work"), Value: new("+34911234567")}}},
			},
			Calls: []fakeaircall.CallFixture{{Direction: new("inbound"), Number: new("+33176360695"), RawDigits: new("+34 911-234-567"), User: new("zora@quill.org"), StartedAt: &at, AnsweredAt: &at, EndedAt: &at}},
		}},
	})
	file, _ := pulled(t, s, everything)
	var phones, emails []string
	for _, line := range strings.Split(file, "\n") {
		if strings.Contains(line, "+34") {
			phones = append(phones, line[strings.Index(line, "+34"):strings.LastIndex(line, `"`)])
		}
		if strings.Contains(line, "email: ") || strings.Contains(line, "value: ") && strings.Contains(line, "@") {
			emails = append(emails, line[strings.LastIndex(line, ": ")+2:])
		}
	}
	if len(phones) != 3 || len(slices.Compact(phones)) != 1 {
		t.Errorf("the phone number became %v", phones)
	}
	zora := emails[1]
	if n := strings.Count(file, zora); n < 4 { // the user, the line, the contact, the call
		t.Errorf("the e-mail became %s, which is in the file %d times:\n%s", zora, n, file)
	}
}

// broken is an account behind a server that answers some paths otherwise.
func broken(t *testing.T, path string, answer http.HandlerFunc) (url string, accounts *fakeaircall.Server) {
	t.Helper()
	s := started(t, fakeaircall.Options{Clock: clock, Scale: fakeaircall.ScaleSmall, RateLimit: fakeaircall.NoRateLimit, Accounts: []fakeaircall.Account{fakeaircall.StandardAccount("default")}})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, path) {
			answer(w, r)
			return
		}
		s.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return front.URL, s
}

func pullFrom(url string, s *fakeaircall.Server) (string, *pull.Report, error) {
	o := everything
	o.Target = conformance.Options{Target: url, Accounts: conformance.FakeAccounts(s.Accounts(), "")}
	p, err := pull.Open(background, o)
	if err != nil {
		return "", nil, err
	}
	defer p.Close()
	data, rep, err := p.Pull(background)
	return string(data), rep, err
}

func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func TestBrokenRepliesEndThePull(t *testing.T) {
	cutOff := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, `{"teams":[`)
		panic(http.ErrAbortHandler)
	}
	for name, c := range map[string]struct {
		path   string
		answer http.HandlerFunc
		says   string
	}{
		"an error":         {"/v1/teams", reply(500, `{"error":"Zaphod"}`), "GET /v1/teams answers 500, so nothing was written"},
		"not JSON":         {"/v1/tags", reply(200, `<html>Zaphod`), "GET /v1/tags answers something else than a JSON object"},
		"a list":           {"/v1/tags", reply(200, `[]`), "GET /v1/tags answers something else than a JSON object"},
		"one line":         {"/v1/numbers/", reply(500, `{}`), "GET /v1/numbers/{id} answers 500"},
		"a broken reply":   {"/v1/teams", cutOff, "breaks off"},
		"a lost parameter": {"/v1/calls", reply(400, `{"error":"Zaphod"}`), "GET /v1/calls answers 400"},
	} {
		t.Run(name, func(t *testing.T) {
			file, _, err := pullFrom(broken(t, c.path, c.answer))
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "Zaphod") || file != "" {
				t.Errorf("error %v, want one with %q; file of %d bytes", err, c.says, len(file))
			}
		})
	}
}

// The report names the parts that a plan lacks, and the twin lacks them too.
func TestPlanWithoutParts(t *testing.T) {
	s := started(t, fakeaircall.Options{
		Clock: clock, Scale: fakeaircall.ScaleSmall, RateLimit: fakeaircall.NoRateLimit, Accounts: []fakeaircall.Account{fakeaircall.StandardAccount("default")},
		Assume: map[string]string{"analytics-licence": "none", "campaign-plan": "none"},
	})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/teams") {
			reply(403, `{"error":"Forbidden","troubleshoot":"Zaphod"}`)(w, r)
			return
		}
		s.Handler().ServeHTTP(w, r)
	}))
	defer front.Close()
	file, rep, err := pullFrom(front.URL, s)
	if err != nil {
		t.Fatal(err)
	}
	of := rep.Accounts[0]
	if !slices.Equal(of.Refused, []string{"teams"}) || of.Features["analytics"] != "no" || of.Features["campaigns"] != "no" || of.Written["teams"] != 0 {
		t.Errorf("the report says %+v", of)
	}
	if !strings.Contains(file, "assume: {analytics-licence: none, campaign-plan: none}\n") {
		t.Errorf("the twin has these parts: %s", file[:400])
	}
}

// Values of unexpected types, and contradictions, cost a record, never the file.
func TestOddValues(t *testing.T) {
	odd := `{"meta":{"total":7},"calls":[null,17,{"id":"zaphod/../x"},
		{"id":1,"direction":"sideways","started_at":1780000000,"number":{"id":"77"}},
		{"id":2,"direction":"inbound","started_at":"zaphod","number":{"id":77}},
		{"id":3,"direction":"inbound","started_at":1780000000,"answered_at":1770000000,"ended_at":1780000100,"number":{"id":77}},
		{"id":4,"direction":"inbound","started_at":1780000000,"answered_at":1780000010,"ended_at":1780000100,"number":{"id":77},"user":null,"raw_digits":"zaphod beeblebrox","missed_call_reason":"zaphod","tags":[{"id":5},{"id":5}],"comments":[{"content":"Zaphod"},{"content":""},{"content":7}]},
		{"id":5,"direction":"outbound","started_at":99999999999999,"ended_at":1e300,"number":{"id":77}}]}`
	s := started(t, fakeaircall.Options{Clock: clock, Scale: fakeaircall.ScaleEmpty, RateLimit: fakeaircall.NoRateLimit, Accounts: []fakeaircall.Account{fakeaircall.StandardAccount("default")}})
	answers := map[string]string{
		"/v1/calls": odd,
		"/v2/users": `{"meta":{"total":3},"users":[{"id":1,"name":"Zaphod","email":"zaphod@x.org","language":"zaphod","time_zone":"../zaphod","availability_status":"zaphod","wrap_up_time":-7,"created_at":"0000-01-01T00:00:00Z"},
			{"id":2,"name":" ","email":"zaphod@x.org","created_at":17},{"id":3,"name":7,"email":null,"extension":"zaphod"}]}`,
		"/v1/numbers":    `{"meta":{"total":2},"numbers":[{"id":77,"name":"Zaphod\nclock: 2020","digits":"zaphod","country":"zaphod","time_zone":"Local","priority":-1,"messages":{"welcome":"https://zaphod.com"}},{"id":78,"digits":"zaphod"}]}`,
		"/v1/numbers/77": `{"number":{"id":77,"name":"Zaphod\nclock: 2020","digits":"zaphod","country":"zaphod","time_zone":"Local","users":[{"id":1},{"id":99},null]}}`,
		"/v1/numbers/78": `{"number":"zaphod"}`,
		"/v1/tags":       `{"meta":{"total":2},"tags":[{"id":5,"name":"Zaphod: - [x]","color":"zaphod"},{"id":6,"name":"zaphod: - [x]","color":"#zaphod"}]}`,
		"/v1/teams":      `{"meta":{"total":-5},"teams":[{"id":8,"name":"Zaphod"}]}`,
		"/v1/webhooks":   `{"webhooks":[{"id":9,"url":"zaphod","events":["zaphod","call.ended",7],"active":"zaphod"}]}`,
		"/v1/contacts":   `{"meta":{"total":2},"contacts":[{"id":10,"first_name":"Zaphod","phone_numbers":[{"value":"zaphod","label":"Zaphod"}],"emails":[{"value":"zaphod","label":null}]},{"id":11,"emails":"zaphod"}]}`,
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, ok := answers[r.URL.Path]; ok {
			reply(200, body)(w, r)
			return
		}
		s.Handler().ServeHTTP(w, r)
	}))
	defer front.Close()
	file, rep, err := pullFrom(front.URL, s)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(file), "zaphod") || strings.Contains(strings.ToLower(strings.Join(rep.Lines(), "\n")), "zaphod") {
		t.Errorf("a value survived:\n%s", file)
	}
	for field, n := range map[string]int{"users.language": 1, "users.time_zone": 1, "users.availability_status": 1, "numbers.country": 1, "tags.color": 2, "webhooks.events": 1} {
		if rep.Unknown[field] != n {
			t.Errorf("%d values of %s are reported as unknown, want %d", rep.Unknown[field], field, n)
		}
	}
	if of := rep.Accounts[0]; of.Written["users"] != 3 || of.Written["numbers"] != 2 || of.Written["webhooks"] != 1 || of.Written["calls"] == 0 || of.Dropped == 0 {
		t.Errorf("the twin has %v, and lacks %d calls", of.Written, of.Dropped)
	}
}
