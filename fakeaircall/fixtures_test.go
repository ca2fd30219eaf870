package fakeaircall

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// believable are fixtures of each kind, new ones and some that override.
func believable() Fixtures {
	at := func(minutes int) *time.Time { return new(noon.Add(time.Duration(minutes-600) * time.Minute)) }
	return Fixtures{
		Users: []UserFixture{{FirstName: new("Ann"), LastName: new("Lee"), Email: new("ann@example.com"), DefaultNumber: new("+33 1 99 00 12 34")}},
		Numbers: []NumberFixture{
			{ID: 700, Name: new("Sales Paris"), Digits: new("+33199001234"), TimeZone: new("Europe/Paris"), Users: []string{"ann@example.com"}, Priority: new(int64(1)),
				Messages: map[string]string{"welcome": "true", "waiting": "false", "ivr": "https://example.com/menu.mp3", "closed": "true"},
				WhatsApp: &WhatsAppFixture{MessagingLimitTier: new("TIER_50")}},
		},
		Teams:   []TeamFixture{{ID: 800, Name: new("Support Paris"), Users: []string{"ann@example.com"}, CreatedAt: new(noon.AddDate(0, -1, 0))}},
		Traffic: &TrafficFixture{CallsPerDay: new(int64(7)), Weekdays: []int64{1, 1, 1, 1, 1, 0, 0}, Outcomes: &OutcomesFixture{Inbound: map[string]int64{"answered": 1}}},
		Contacts: []ContactFixture{
			{ID: documentedContact, FirstName: new("Jane"), LastName: new(""), PhoneNumbers: []DetailFixture{{new("Work"), new("+33199005678")}}},
			{FirstName: new("New"), PhoneNumbers: []DetailFixture{{new("Home"), new("+33199005679")}}, Emails: []DetailFixture{{new("Work"), new("new@example.com")}}},
		},
		Tags: []TagFixture{{Name: new("Urgent"), Color: new("#AA3300")}},
		Calls: []CallFixture{
			{
				Direction: new("inbound"), Number: new("700"), User: new("ann@example.com"), Contact: new("new@example.com"),
				StartedAt: at(0), AnsweredAt: at(1), EndedAt: at(5), Recording: new(true), Tags: []string{"Urgent"},
				TransferredBy: new("ann@example.com"), TransferredTo: new("ann@example.com"), Teams: []string{"Support Paris", "800"},
				Comments: []CommentFixture{{Content: new("called back"), PostedBy: new("ann@example.com")}},
			},
			{ID: documentedCall, Archived: new(true), AnsweredAt: new(time.Time{}), User: new(""), MissedCallReason: new("no_available_agent"), Comments: []CommentFixture{}, Tags: []string{}},
			{Direction: new("outbound"), Number: new("+33 1 99 00 12 34"), User: new("ann@example.com"), RawDigits: new("+33 1 99 00 56 80"), StartedAt: at(599)},
		},
		Webhooks: []WebhookFixture{{URL: new("http://127.0.0.1:9/hook"), Events: []string{"call.ended", "call.created"}}},
		Campaigns: []CampaignFixture{{
			Name: new("Spring"), CallAttempts: new(int64(2)), Users: []string{"ann@example.com"},
			Contacts: []CampaignContactFixture{{PhoneNumber: new("+33 1 99 00 56 81"), FirstName: new("Kim")}, {PhoneNumber: new("+33199005681")}, {PhoneNumber: new("+33199005682")}},
		}},
	}
}

func withFixtures(t testing.TB, fx Fixtures) (*Server, error) {
	t.Helper()
	return New(checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit, Fixtures: map[string]Fixtures{"default": fx}}))
}

// The API shows fixtures, every index finds them, and Reset adds them again.
func TestFixtures(t *testing.T) {
	s, err := withFixtures(t, believable())
	if err != nil {
		t.Fatal(err)
	}
	a := s.Accounts()[0]
	first := s.Snapshot()
	for range 2 {
		for path, words := range map[string]string{
			"/v2/users/ann@example.com":                    `"extension":"009"`,
			"/v1/numbers/700":                              `"digits":"+33 1 99 00 12 34"`,
			"/v1/numbers/700?":                             `"messages":{"welcome":"https://media-web.aircall.io/tracks/tts/`,
			"/v1/numbers/700?a":                            `,"waiting":null,"ivr":"https://example.com/menu.mp3","voicemail":null,"closed":"https://media`,
			"/v1/numbers/700?b":                            `"priority":1,`,
			"/v1/numbers/700/whatsapp_status":              `"status":"ONLINE","canSendMessage":true,"messagingLimitTier":"TIER_50","qualityRating":"GREEN"`,
			"/v1/teams/800":                                `"name":"Support Paris","direct_link":"https://api.aircall.io/v1/teams/800","created_at":"2026-02-02T`,
			"/v1/teams/800?":                               `"email":"ann@example.com"`,
			"/v1/contacts/5678":                            `"first_name":"Jane","last_name":null`,
			"/v1/contacts/search?phone_number=33199005678": `"id":5678`,
			"/v1/contacts/search?email=new@example.com":    `"first_name":"New"`,
			"/v1/calls/12345":                              `"missed_call_reason":"no_available_agent"`,
			"/v1/calls/search?phone_number=%2B33199005679&fetch_contact=1":    `"duration":300`,
			"/v1/calls/search?direction=outbound&phone_number=%2B33199005680": `"status":"initial"`,
		} {
			if status, body := getAs(t, s, a, path); status != 200 || !strings.Contains(body, words) {
				t.Errorf("%s: %d, want %s in %s", path, status, words, body)
			}
		}
		account := s.Account("default")
		search := "/v1/calls/search?phone_number=%2B33199005679"
		for _, words := range []string{`"transferred_by":{"id":`, `"transferred_to":{"id":`, `"teams":[{"id":800,"name":"Support Paris",`} {
			if _, body := getAs(t, s, a, search); !strings.Contains(body, words) {
				t.Errorf("want %s in %s", words, body)
			}
		}
		if w, err := account.UsualTraffic(); err != nil || w.CallsPerDay != 7 || w.Statistics.Outcomes.Inbound["answered"] != 1 {
			t.Errorf("the usual traffic: %+v, %v", w, err)
		}
		users, _, err := account.Users(Query{Text: "ann@example.com"})
		if err != nil || len(users) != 1 || users[0].Availability != "in_call" {
			t.Errorf("ann: %+v, %v", users, err)
		}
		if _, calls, err := account.Calls(Query{Text: users[0].Name}); calls != 2 {
			t.Errorf("ann has %d calls, %v", calls, err)
		}
		if _, body := getAs(t, s, a, fmt.Sprint("/v2/users/", users[0].ID)); !strings.Contains(body, `"default_number_id":700`) {
			t.Errorf("ann: %s", body)
		}
		if hooks, _, err := account.Webhooks(Query{}); len(hooks) != 1 || !slices.Equal(hooks[0].Events, []string{"call.ended", "call.created"}) {
			t.Errorf("webhooks: %+v, %v", hooks, err)
		}
		if text := s.Snapshot().text(); !regexp.MustCompile(`/webhooks/.*"token":"[0-9a-f]{32}"`).Match(text) {
			t.Error("the webhook has no token of 32 digits")
		}
		if _, err := ParseSnapshot(s.Snapshot().text()); err != nil {
			t.Error(err)
		}
		s.Reset()
	}
	if !bytes.Equal(first.text(), s.Snapshot().text()) {
		t.Error("a Reset makes another world")
	}
	s.Advance(11 * time.Minute) // calls under way come to their end
	if status, body := getAs(t, s, a, "/v1/calls/search?direction=outbound&phone_number=%2B33199005680"); status != 200 || !strings.Contains(body, `"status":"done"`) {
		t.Errorf("%d %s", status, body)
	}
}

// The seed's own data does not change by what fixtures add.
func TestFixturesLeaveTheSeed(t *testing.T) {
	plain, err := withFixtures(t, Fixtures{})
	if err != nil {
		t.Fatal(err)
	}
	with, err := withFixtures(t, Fixtures{Tags: []TagFixture{{Name: new("Urgent"), Color: new("#AA3300")}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range plain.Snapshot().Diff(with.Snapshot()) {
		if d.From != nil && !strings.HasPrefix(d.Path, "last") {
			t.Errorf("%s: %s became %s", d.Path, d.From, d.To)
		}
	}
}

// An added account has the data of the seed, whatever its name is.
func TestFixturesAreNotInAddedAccounts(t *testing.T) {
	s, err := New(checked(t, Options{
		Scale: ScaleSmall, Clock: noon, Accounts: []Account{StandardAccount("template")},
		Fixtures: map[string]Fixtures{"template": believable()},
	}))
	if err != nil {
		t.Fatal(err)
	}
	tenant := s.NewAccount(t)
	if status, body := getAs(t, s, tenant.Account, "/v1/numbers/700"); status != 404 {
		t.Errorf("%d %s", status, body)
	}
}

// New returns all mistakes at once, with their places and what to do.
func TestFixtureMistakes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		mangle func(*Fixtures)
		want   string
	}{
		{"blank", func(x *Fixtures) { x.Users[0].FirstName = new(" ") }, `users[0].first_name: it is blank`},
		{"missing", func(x *Fixtures) { x.Users[0].Email = nil }, `users[0]: email is missing`},
		{"e-mail", func(x *Fixtures) { x.Users[0].Email = new("ann") }, `users[0].email: "ann" is not a valid email`},
		{"taken", func(x *Fixtures) { x.Users[0].Email = new("OWNER@default.example.com") }, `users[0].email: "OWNER@default.example.com" is another user's`},
		{"extension", func(x *Fixtures) { x.Users[0].Extension = new("001") }, `users[0].extension: extension "001" has already been taken`},
		{"zone", func(x *Fixtures) { x.Numbers[0].TimeZone = new("Mars/Olympus") }, `numbers[0].time_zone: time_zone "Mars/Olympus"`},
		{"digits", func(x *Fixtures) {
			x.Numbers = append(x.Numbers, NumberFixture{Name: new("b"), Digits: new("+33 1 99 00 12 34")})
		}, `numbers[1].digits: "+33 1 99 00 12 34" are another line's`},
		{"who is not there", func(x *Fixtures) { x.Numbers[0].Users = []string{"bob@example.com"} }, `numbers[0].users[0]: there is no user "bob@example.com"`},
		{"default number", func(x *Fixtures) { x.Users[0].DefaultNumber = new("8") }, `users[0].default_number: there is no number "8"`},
		{"id", func(x *Fixtures) { x.Contacts[0].ID = -1 }, `contacts[0].id: -1 is not an id`},
		{"id twice", func(x *Fixtures) { x.Contacts[1].ID = documentedContact }, `contacts[1].id: 5678 is the id of contacts[0] already`},
		{"phone", func(x *Fixtures) { x.Contacts[0].PhoneNumbers[0].Value = new("0199") }, `contacts[0].phone_numbers[0].value: "0199" is not a valid phone`},
		{"no phone", func(x *Fixtures) { x.Contacts[1].PhoneNumbers = nil }, `contacts[1]: phone_numbers is missing`},
		{"label", func(x *Fixtures) { x.Contacts[0].PhoneNumbers[0].Label = nil }, `contacts[0].phone_numbers[0]: label is missing`},
		{"21 phones", func(x *Fixtures) {
			x.Contacts[0].PhoneNumbers = slices.Repeat(x.Contacts[0].PhoneNumbers, 21)
		}, `contacts[0].phone_numbers: 21 entries, the maximum is 20`},
		{"color", func(x *Fixtures) { x.Tags[0].Color = new("red") }, `tags[0].color: "red": give what matches`},
		{"tag's name", func(x *Fixtures) { x.Tags[0].Name = new("Conference") }, `tags[0].name: "Conference" is another tag's`},
		{"direction", func(x *Fixtures) { x.Calls[0].Direction = new("in") }, `calls[0].direction: "in": give one of inbound, outbound`},
		{"ends early", func(x *Fixtures) { x.Calls[0].EndedAt = new(x.Calls[0].StartedAt.Add(-time.Second)) }, `calls[0].ended_at: the call ends before it starts`},
		{"answered early", func(x *Fixtures) { x.Calls[0].AnsweredAt = new(x.Calls[0].StartedAt.Add(-time.Second)) }, `calls[0].answered_at: the call is answered before it starts`},
		{"tomorrow", func(x *Fixtures) { x.Calls[2].StartedAt = new(noon.AddDate(0, 0, 1)) }, `calls[2].started_at: `},
		{"never", func(x *Fixtures) { x.Calls[2].StartedAt = new(time.Time{}) }, `calls[2].started_at: it cannot be null`},
		{"answered without a user", func(x *Fixtures) { x.Calls[0].User = nil }, `calls[0].user: an answered call needs a user`},
		{"missed by somebody", func(x *Fixtures) { x.Calls[0].AnsweredAt, x.Calls[0].Recording = nil, nil }, `calls[0].user: a missed inbound call has none`},
		{"reason", func(x *Fixtures) { x.Calls[0].MissedCallReason = new("short_abandoned") }, `calls[0].missed_call_reason: only an inbound call`},
		{"voicemail", func(x *Fixtures) { x.Calls[0].Voicemail = new(true) }, `calls[0].voicemail: only an inbound call`},
		{"recording", func(x *Fixtures) { x.Calls[2].Recording = new(true) }, `calls[2].recording: the call was not answered`},
		{"two live calls", func(x *Fixtures) { x.Calls[0].EndedAt = nil }, `calls[2].user: user `},
		{"anonymous", func(x *Fixtures) { x.Calls[2].RawDigits = new("anonymous") }, `calls[2].raw_digits: an outbound call needs a phone`},
		{"two parties", func(x *Fixtures) { x.Calls[0].RawDigits = new("anonymous") }, `calls[0].raw_digits: contact already names`},
		{"no party", func(x *Fixtures) { x.Calls[0].Contact = nil }, `calls[0]: the other party is missing`},
		{"no contact", func(x *Fixtures) { x.Calls[0].Contact = new("1") }, `calls[0].contact: there is no contact "1"`},
		{"no tag", func(x *Fixtures) { x.Calls[0].Tags = []string{"Late"} }, `calls[0].tags[0]: there is no tag "Late"`},
		{"came later", func(x *Fixtures) { x.Users[0].CreatedAt = new(noon) }, `calls[0].user: user `},
		{"comment", func(x *Fixtures) { x.Calls[0].Comments[0].PostedAt = new(noon.AddDate(0, -1, 0)) }, `calls[0].comments[0].posted_at: `},
		{"six comments", func(x *Fixtures) { x.Calls[0].Comments = slices.Repeat(x.Calls[0].Comments, 6) }, `calls[0].comments: 6 comments`},
		{"url", func(x *Fixtures) { x.Webhooks[0].URL = new("http://example.com/?canary") }, `webhooks[0].url: url must be an https address`},
		{"event", func(x *Fixtures) { x.Webhooks[0].Events = []string{"call.sung"} }, `webhooks[0].events[0]: "call.sung" is not known`},
		{"owner", func(x *Fixtures) { x.Users[0].ID = 0; x.Users[0].Email = new("owner@default.example.com") }, `is another user's`},
		{"priority", func(x *Fixtures) { x.Numbers[0].Priority = new(int64(2)) }, `numbers[0].priority: 2: give 0 to 1`},
		{"message", func(x *Fixtures) { x.Numbers[0].Messages["ivr"] = "http://canary.example.com" }, `numbers[0].messages.ivr: give true, false or an https URL`},
		{"message's name", func(x *Fixtures) { x.Numbers[0].Messages["hello"] = "true" }, `numbers[0].messages: unknown field "hello": give welcome, waiting, ivr, `},
		{"tier", func(x *Fixtures) { x.Numbers[0].WhatsApp.MessagingLimitTier = new("50") }, `numbers[0].whatsapp.messaging_limit_tier: "50": give what matches`},
		{"team's name", func(x *Fixtures) { x.Teams[0].Name = new(strings.Repeat("x", 65)) }, `teams[0].name: 65 characters, the maximum is 64`},
		{"blank team", func(x *Fixtures) { x.Teams[0].Name = new(" ") }, `teams[0].name: it is blank`},
		{"two teams", func(x *Fixtures) { x.Teams = append(x.Teams, TeamFixture{Name: new("Support Paris")}) }, `teams[1].name: "Support Paris" is another team's name`},
		{"team without a name", func(x *Fixtures) { x.Teams[0] = TeamFixture{} }, `teams[0]: name is missing`},
		{"member", func(x *Fixtures) { x.Teams[0].Users = []string{"bob@example.com"} }, `teams[0].users[0]: there is no user "bob@example.com"`},
		{"1001 members", func(x *Fixtures) { x.Teams[0].Users = slices.Repeat([]string{"1"}, 1001) }, `teams[0].users: 1001 elements, the maximum is 1000`},
		{"no team", func(x *Fixtures) { x.Calls[0].Teams = []string{"Sales"} }, `calls[0].teams[0]: there is no team "Sales"`},
		{"teams of an outbound call", func(x *Fixtures) { x.Calls[2].Teams = []string{"800"} }, `calls[2].teams: only an inbound call rings teams`},
		{"transferred to nobody", func(x *Fixtures) { x.Calls[0].TransferredTo = nil }, `calls[0].transferred_by: transferred_to is missing`},
		{"no user in a call", func(x *Fixtures) { x.Calls[2].User, x.Calls[2].AnsweredAt = new(""), x.Calls[2].StartedAt }, `calls[2].user: an answered call needs a user`},
		{"calls per day", func(x *Fixtures) { x.Traffic.CallsPerDay = new(int64(0)) }, `traffic.calls_per_day: 0: give 1 to 100000`},
		{"hours", func(x *Fixtures) { x.Traffic.Hours = []int64{1, 2} }, `traffic.hours: 2 elements: give 24`},
		{"no hours", func(x *Fixtures) { x.Traffic.Hours = []int64{} }, `traffic.hours: 0 elements: give 24`},
		{"a quiet week", func(x *Fixtures) { x.Traffic.Weekdays = make([]int64, 7) }, `traffic.weekdays: there are no calls`},
		{"weekday", func(x *Fixtures) { x.Traffic.Weekdays[3] = -1 }, `traffic.weekdays[3]: -1: give 0 or more`},
		{"outcome", func(x *Fixtures) { x.Traffic.Outcomes.Inbound["lost"] = 1 }, `traffic.outcomes.inbound: unknown field "lost": give answered, `},
		{"no outcome", func(x *Fixtures) { x.Traffic.Outcomes.Inbound["answered"] = 0 }, `traffic.outcomes: there are no calls`},
		{"outcomes", func(x *Fixtures) { x.Traffic.Outcomes.Inbound["answered"] = 1 << 40 }, `traffic.outcomes.inbound.answered: 1099511627776: give 0 to 1000000000`},
		{"talk", func(x *Fixtures) {
			x.Traffic.TalkSeconds = &SpreadFixture{Median: new(int64(9)), P90: new(int64(8))}
		}, `traffic.talk_seconds.p90: 8 is below the median, 9`},
		{"ring", func(x *Fixtures) { x.Traffic.RingSeconds = &SpreadFixture{Median: new(int64(9))} }, `traffic.ring_seconds: p90 is missing`},
		{"long ring", func(x *Fixtures) {
			x.Traffic.RingSeconds = &SpreadFixture{Median: new(int64(0)), P90: new(int64(14401))}
		}, `traffic.ring_seconds.p90: 14401: give 1 to 14400 seconds`},
		{"too many", func(x *Fixtures) { x.Tags = make([]TagFixture, maxFixtures+1) }, `tags: 50001 entries`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fx := believable()
			tt.mangle(&fx)
			_, err := withFixtures(t, fx)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
	fx := believable()
	fx.Numbers[0].Users, fx.Users[0].DefaultNumber, fx.Calls[0].Tags = []string{"7"}, new("8"), []string{"9"}
	_, err := withFixtures(t, fx)
	if wrong, ok := errors.AsType[FixtureMistakes](err); !ok || len(wrong) < 3 {
		t.Errorf("want three mistakes at once, got %v", err)
	}
	_, err = New(checked(t, Options{Fixtures: map[string]Fixtures{"nobody": {}}}))
	if err == nil || !strings.Contains(err.Error(), `account "nobody": : there is no such account`) {
		t.Errorf("got %v", err)
	}
}

// Reseed takes another world, which Reset makes again, or changes nothing.
func TestReseed(t *testing.T) {
	s, err := withFixtures(t, believable())
	if err != nil {
		t.Fatal(err)
	}
	a, o := s.Accounts()[0], s.options
	if _, err := s.AddFault(Fault{Op: "ping", Status: 503}); err != nil {
		t.Fatal(err)
	}
	fx := believable()
	fx.Tags[0].Color = new("red")
	o.Fixtures = map[string]Fixtures{"default": fx}
	if err := s.Reseed(o); err == nil {
		t.Error("a bad fixture was taken")
	}
	if status, _ := getAs(t, s, a, "/v1/numbers/700"); status != 200 {
		t.Errorf("after a bad one: %d", status)
	}
	fx = believable()
	fx.Numbers[0].Name = new("Renamed")
	o.Fixtures = map[string]Fixtures{"default": fx}
	if err := s.Reseed(o); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, body := getAs(t, s, a, "/v1/numbers/700"); !strings.Contains(body, "Renamed") {
			t.Error(body)
		}
		if faults := len(s.Faults()); faults != 1 {
			t.Errorf("%d faults", faults)
		}
		s.Restore(s.Snapshot())
	}
	s.Reset()
	if _, body := getAs(t, s, a, "/v1/numbers/700"); !strings.Contains(body, "Renamed") {
		t.Error(body)
	}
	for want, change := range map[string]func(*Options){
		"accounts":   func(o *Options) { o.Accounts = []Account{{Name: "default", Bearer: "canary"}} },
		"user":       func(o *Options) { o.Accounts = StandardAccounts(); o.Accounts[1].User = "ann@example.com" },
		"apps":       func(o *Options) { o.Apps = []App{{"a", "b", "canary", []string{"https://example.com"}}} },
		"rate limit": func(o *Options) { o.RateLimit = 7 },
		"assumed":    func(o *Options) { o.Assume = map[string]string{"users-v1": "keep"} },
	} {
		other := o
		change(&other)
		if err := s.Reseed(other); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

// Each field of the table has a form, and an example that it takes.
func TestFixtureKinds(t *testing.T) {
	var look func(path string, fields []FixtureField)
	look = func(path string, fields []FixtureField) {
		for _, f := range fields {
			if f.Type == "" || f.Name == "" {
				t.Errorf("%s.%s: type %q", path, f.Name, f.Type)
			}
			if f.Example == "" && f.Type != "id" && path != "" {
				t.Errorf("%s.%s has no example", path, f.Name)
			}
			look(fmt.Sprint(path, ".", f.Name), f.Fields)
		}
	}
	kinds := FixtureKinds()
	look("", kinds)
	if len(kinds) != 9 {
		t.Errorf("%d kinds", len(kinds))
	}
}

// Requests, new accounts and resets meanwhile see one world or the other.
func TestReseedMeanwhile(t *testing.T) {
	s, err := withFixtures(t, believable())
	if err != nil {
		t.Fatal(err)
	}
	a, o := s.Accounts()[0], s.options
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 20 {
				if status, _ := getAs(t, s, a, "/v1/numbers/700"); status != 200 {
					t.Errorf("the number is gone: %d", status)
				}
				if _, err := s.AddAccount(AccountOptions{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		for i := range 5 {
			o.Seed = int64(i + 1)
			if err := s.Reseed(o); err != nil {
				t.Error(err)
			}
			s.Reset()
		}
	})
	all.Wait()
}

// A campaign of fixtures is a draft that can be launched, and calls its contacts.
func TestCampaignFixtures(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit, Fixtures: map[string]Fixtures{"default": believable()}})), t}
	list := w.get("/v1/campaigns").wantStatus(200)
	i := strings.Count(list.body, `"call_attempts":`) - 1 // the seeded one comes first
	id := list.text(fmt.Sprintf("campaigns.%d.id", i))
	if name, status := list.text(fmt.Sprintf("campaigns.%d.name", i)), list.text(fmt.Sprintf("campaigns.%d.status", i)); name != "Spring" || status != "draft" {
		t.Errorf("%s is %s: %s", name, status, list.body)
	}
	contacts := w.get("/v1/campaigns/" + id + "/contacts").wantStatus(200)
	const want = `{"contacts":[{"phone_number":"33199005681","first_name":"Kim","last_name":null,"email":null,"company_name":null,"note":null},` +
		`{"phone_number":"33199005682","first_name":null,"last_name":null,"email":null,"company_name":null,"note":null}]}`
	if contacts.body != want {
		t.Errorf("contacts: %s, want %s", contacts.body, want)
	}
	if _, err := w.SimulateCampaign("default", SimulatedCampaign{ID: id, Outcomes: []string{"Booked", "Booked"}}); err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Hour)
	if c, err := w.Account("default").Campaign(id); err != nil || c.Status != "completed" || c.Contacts != 2 || c.Done != 2 || c.Attempts != 2 || len(c.Users) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}

// In an empty account, fixtures replace what Aircall creates in a new account, so that it has just their records.
func TestFixturesOfAnEmptyAccount(t *testing.T) {
	fx := Fixtures{
		Users:    []UserFixture{{ID: 7, FirstName: new("Boss"), LastName: new("Lee"), Email: new("Owner@default.example.com"), DefaultNumber: new("700")}},
		Numbers:  []NumberFixture{{ID: 700, Name: new("Sales Paris"), Digits: new("+33199001234"), Users: []string{"7"}}},
		Contacts: []ContactFixture{},
		Tags:     []TagFixture{{ID: 9, Name: new("Conference"), Color: new("#AA3300")}, {Name: new("Urgent"), Color: new("#AA3300")}},
	}
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Fixtures: map[string]Fixtures{"default": fx, "sales": {}}})), t}
	for _, tt := range []struct{ path, key, want string }{
		{"/v2/users", "users", "7"}, {"/v1/numbers", "numbers", "700"}, {"/v1/contacts", "contacts", ""},
	} {
		if got := strings.Join(w.get(tt.path).wantStatus(200).list(tt.key, "id"), " "); got != tt.want {
			t.Errorf("%s has %s, want %s", tt.path, got, tt.want)
		}
	}
	tags := w.get("/v1/tags").wantStatus(200)
	if ids := tags.list("tags", "id"); len(ids) != len(systemTags)+1 || !slices.Contains(ids, "9") {
		t.Errorf("the tags are %s", ids)
	}
	if !strings.Contains(tags.body, `{"id":9,"name":"Conference","color":"#AA3300","description":"conference"}`) {
		t.Errorf("the system tag lost its description: %s", tags.body)
	}
	if owner := w.get("/v2/users/owner@default.example.com").wantStatus(200); !strings.Contains(owner.body, `{"user":{"id":7,"name":"Boss Lee"`) || !strings.Contains(owner.body, `"default_number_id":700`) {
		t.Errorf("the owner: %s", owner.body)
	}
	other := w.Account("sales").Account
	for path, n := range map[string]int{"/v2/users": 1, "/v1/numbers": 1, "/v1/contacts": 1, "/v1/tags": len(systemTags)} {
		if got := pageOf(t, w.Server, other, path).Meta.Total; got != n {
			t.Errorf("without fixtures, %s has %d, want %d", path, got, n)
		}
	}
}

// null as the user of a call that ended and was answered means that it shows none, as calls of shared lines do.
func TestCallWithoutUser(t *testing.T) {
	fx := believable()
	fx.Calls[0].User = new("")
	s, err := withFixtures(t, fx)
	if err != nil {
		t.Fatal(err)
	}
	if _, body := getAs(t, s, s.Accounts()[0], "/v1/calls/search?phone_number=%2B33199005679"); !strings.Contains(body, `"user":null`) || strings.Contains(body, `"answered_at":null`) {
		t.Error(body)
	}
}
