package fakeaircall

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// messaged is a world with four lines: 1 in conversations, 2 past the inbox, 3 a
// third party's, 4 not registered. The first two have WhatsApp.
func messaged(t *testing.T, assume ...string) world {
	t.Helper()
	o := Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit}
	if len(assume) > 0 {
		o.Assume = map[string]string{assume[0]: assume[1]}
	}
	w := world{RunT(t, checked(t, o)), t}.bare()
	online := &whatsappLine{Account: "123456789", Status: "ONLINE", Limit: "TIER_1K", Quality: "GREEN", Verification: "VERIFIED"}
	w.change(func(t *tx) {
		for id, l := range []*messageLine{
			{Registration: "approved", Whatsapp: online},
			{Mode: publicMode, Token: "8f3c2a10-6b7d-4e21-9c55-0d1e2f3a4b5c", Callback: "https://a.test/b", Registration: "approved", Whatsapp: online},
			{Mode: thirdPartyMode, Registration: "approved"},
			{Registration: "pending"},
		} {
			t.numbers.insert(&number{ID: int64(id + 1), Created: t.unix(), Name: "Line", Digits: "+33 1 99 00 12 34", Country: "FR", TimeZone: "Europe/Paris", AvailabilityStatus: "open"})
			l.Number = int64(id + 1)
			t.messaging.lines.insert(l)
		}
		for _, m := range []*whatsappTemplate{
			{1, "123456789", "order_confirmation", "UTILITY", "APPROVED", "en", "Hello {{1}}, your order {{2}} is ready."},
			{2, "123456789", "sale", "MARKETING", "PENDING", "fr", "Soldes"},
			{3, "987654321", "foreign", "UTILITY", "APPROVED", "en", "Hi"},
		} {
			t.messaging.whatsapp.insert(m)
		}
		t.messaging.templates.insert(&smsTemplate{8821, "order_update", "Your order is on its way."})
		t.messaging.templates.insert(&smsTemplate{8822, "reminder", "See you soon."})
	})
	return w
}

const (
	lineJSON = `"name":"Line","digits":"+33 1 99 00 12 34","country":"FR","time_zone":"Europe/Paris",` +
		`"open":false,"availability_status":"open","is_ivr":false,"live_recording_activated":false,"priority":null,` +
		filledMessages + `,"created_at":"2026-03-02T12:00:00.000Z"}`
	notThere = `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`
)

// masked replaces random ids: the bytes around them are literal.
func (a answer) masked() answer {
	for _, m := range []struct{ form, mask string }{
		{`SM[0-9a-f]{32}`, "SM…"},
		{`1772452800000[a-z0-9]{16}`, "ID"},
		{`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`, "UUID"},
	} {
		a.body = regexp.MustCompile(m.form).ReplaceAllString(a.body, m.mask)
	}
	return a
}

func TestConfiguration(t *testing.T) {
	w := messaged(t)
	const path = "/v1/numbers/1/messages/configuration"
	w.get(path).want(404, notThere)
	w.send("DELETE", path, "").want(404, notThere)
	first := w.send("POST", path, `{"callbackUrl":"https://a.test/hook","type":"whatsapp"}`)
	first.masked().want(200, `{"token":"UUID","callbackUrl":"https://a.test/hook","type":"Public Api"}`)
	w.get(path).want(200, first.body)
	again := w.send("POST", path, `{"callbackUrl":"http://127.0.0.1:9/hook"}`)
	again.want(200, `{"token":`+first.at("token")+`,"callbackUrl":"http://127.0.0.1:9/hook","type":"Public Api"}`)
	w.send("DELETE", path, "").want(204, "")
	w.get(path).want(404, notThere)
	if third := w.send("POST", path, `{"callbackUrl":"https://a.test/hook"}`); third.at("token") == first.at("token") {
		t.Error("a line configured anew has its old token")
	}
	for body, words := range map[string]string{
		`[]`:                                  "not a JSON object",
		`{"callbackUrl":7}`:                   "must be a string",
		`{"callbackUrl":"http://a.test/x"}`:   "https",
		`{"callbackUrl":"https:///x"}`:        "https",
		`{"callbackUrl":"ftp://127.0.0.1/x"}`: "https",
		`{"callbackUrl":"https://a.test/` + strings.Repeat("a", maxURL) + `"}`: "https",
	} {
		w.send("POST", path, body).wantTroubleshoot(400, words)
	}
	w.send("POST", "/v1/numbers/3/messages/configuration", `{"callbackUrl":"https://a.test/hook"}`).want(403,
		`{"error":"LineIsNotNativeException","troubleshoot":"The number is configured for a third party"}`)
	w.send("POST", "/v1/numbers/4/messages/configuration", `{"callbackUrl":"https://a.test/hook"}`).want(403,
		`{"error":"Forbidden","troubleshoot":"The number is not registered to send messages"}`)
}

// A line may be configured without a URL, and then its messages go nowhere.
func TestConfigurationWithoutCallback(t *testing.T) {
	w := messaged(t)
	const path = "/v1/numbers/1/messages/configuration"
	for _, body := range []string{``, `{}`, `{"callbackUrl":null}`} {
		made := w.send("POST", path, body)
		made.masked().want(200, `{"token":"UUID","type":"Public Api"}`)
		w.get(path).want(200, `{"token":`+made.at("token")+`,"callbackUrl":null,"type":"Public Api"}`)
	}
	w.send("POST", "/v1/numbers/1/messages/send", `{"to":"+4520000001","body":"Hi"}`).wantStatus(200)
	w.Advance(time.Hour)
	if list, err := w.Deliveries(""); err != nil || len(list) != 0 {
		t.Errorf("deliveries %+v, %v", list, err)
	}
	w.send("DELETE", path, "").want(204, "")
	w.send("POST", "/v1/numbers/1/messages/native/send", `{"to":"+4520000001","body":"Hi"}`).wantStatus(200)
}

func TestRegistrationStatus(t *testing.T) {
	w := messaged(t)
	w.get("/v1/numbers/1/registration_status").want(200, `{"registration_status":"approved"}`)
	w.get("/v1/numbers/4/registration_status").want(200, `{"registration_status":"pending"}`)
}

func TestMessageOnTheWire(t *testing.T) {
	w := messaged(t)
	for _, tc := range []struct {
		path, body string
		line       int
		text       string
		media      string
	}{
		{"/v1/numbers/1/messages/native/send", `{"to":"+45 20 00 00 01","body":"Hello <Kim>"}`, 1, `Hello \u003cKim\u003e`, `[]`},
		{"/v1/numbers/2/messages/send", `{"to":"+4520000001","body":"Hi","mediaUrl":["https://a.test/b.png"]}`, 2, "Hi", `["https://a.test/b.png"]`},
		{"/v1/numbers/2/messages/send", `{"to":"+4520000001","body":"Hi","media_url":["https://a.test/b.png"]}`, 2, "Hi", `[]`},
	} {
		a := w.send("POST", tc.path, tc.body)
		a.masked().want(200, fmt.Sprintf(`{"id":"ID","status":"pending","direct_link":"https://api.aircall.io/v1/numbers/%d/messages/SM…",`+
			`"direction":"outbound","created_at":1772452800000,"sent_at":1772452800000,"updated_at":1772452800000,"raw_digits":"4520000001",`+
			`"number":{"id":%[1]d,"direct_link":"https://api.aircall.io/v1/numbers/%[1]d",%s,"body":"%s","media_url":%s}`, tc.line, lineJSON, tc.text, tc.media))
		if a.header.Get("X-Powered-By") != "Express" {
			t.Errorf("headers %v", a.header)
		}
	}
}

// A plan without messages refuses to send and to configure, one without the WhatsApp
// add-on refuses what is sent there.
func TestMessagePlan(t *testing.T) {
	const sms, whatsapp = "/v1/numbers/1/messages/native/send", "/v1/messages/send/whatsapp/native"
	for plan, want := range map[string]map[string]int{
		"whatsapp":     {sms: 200, "/v1/numbers/1/messages/configuration": 200, whatsapp: 200},
		"professional": {sms: 200, "/v1/numbers/1/messages/configuration": 200, whatsapp: 403},
		"essentials":   {sms: 403, "/v1/numbers/1/messages/configuration": 403, whatsapp: 403},
	} {
		for path, status := range want {
			a := messaged(t, "message-plan", plan).send("POST", path, `{"lineId":1,"to":"+4520000001","externalNumber":"+4520000001","body":"Hi","text":"Hi"}`).wantStatus(status)
			if status == 403 && a.at("error") != `"Forbidden"` {
				t.Errorf("%s: %s: %s", plan, path, a.body)
			}
		}
	}
}

func TestMessageRefused(t *testing.T) {
	w := messaged(t)
	const hi = `{"to":"+4520000001","body":"Hi","participants":["+4520000001","+4520000002"]}`
	const mode = "LineIsNotNativeException"
	for path, want := range map[string]struct {
		status     int
		key, words string
	}{
		"1/messages/send":              {403, mode, "not configured"},
		"1/messages/group/send":        {403, mode, "not configured"},
		"2/messages/native/send":       {403, mode, "agent conversation"},
		"2/messages/group/native/send": {403, mode, "agent conversation"},
		"3/messages/send":              {403, mode, "not configured"},
		"3/messages/native/send":       {403, mode, "agent conversation"},
		"4/messages/native/send":       {403, "Forbidden", "not registered"},
		"4/messages/group/native/send": {403, "Forbidden", "not registered"},
		"5/messages/send":              {404, "Not Found", "Check ID"},
	} {
		w.send("POST", "/v1/numbers/"+path, hi).wantError(want.status, want.key, want.words)
	}
	for path, body := range map[string]string{
		"1/messages/native/send":       `{"to":"+33199001234","body":"Hi"}`,
		"2/messages/send":              `{"to":"+33 1 99 00 12 34","body":"Hi"}`,
		"1/messages/group/native/send": `{"participants":["+4520000001","+33199001234"],"body":"Hi"}`,
		"2/messages/group/send":        `{"participants":["+4520000001","+33199001234"],"body":"Hi"}`,
	} {
		w.send("POST", "/v1/numbers/"+path, body).want(400, `{"error":"SameDestinationAsSender","troubleshoot":"A number can't send messages to itself"}`)
	}
	for body, words := range map[string]string{
		`{"body":"Hi"}`:                   "to",
		`{"to":"20000001","body":"Hi"}`:   "not a valid phone number",
		`{"to":4520000001,"body":"Hi"}`:   "to must be a string",
		`{"to":"+4520000001"}`:            "body can't be blank",
		`{"to":"+4520000001","body":" "}`: "body can't be blank",
		`{"to":"+4520000001","body":"` + strings.Repeat("é", 1601) + `"}`:                                  "maximum is 1600 characters",
		`{"to":"+4520000001","body":"Hi","mediaUrl":"https://a.test/b"}`:                                   "mediaUrl must be an array",
		`{"to":"+4520000001","body":"Hi","mediaUrl":["b.png"]}`:                                            "not a valid URL",
		`{"to":"+4520000001","body":"Hi","mediaUrl":[` + strings.Repeat(`"",`, 10) + `""]}`:                "maximum is 10",
		`{"to":"+4520000001","body":"Hi","mediaUrl":["https://a.test/` + strings.Repeat("b", 2048) + `"]}`: "not a valid URL",
		`{"to":"+4520000001","body":"Hi","user_id":1}`:                                                     "user_id 1 is no user",
		`{"to":"+4520000001","body":"Hi","agentId":1}`:                                                     "agentId 1 is no user",
	} {
		w.send("POST", "/v1/numbers/1/messages/native/send", body).wantError(400, "InvalidPayload", words)
	}
	owner := w.get("/v2/users").at("users.0.id")
	for _, body := range []string{
		`{"to":"+4520000001","body":"` + strings.Repeat("é", 1600) + `"}`,
		`{"to":"+4520000001","body":"Hi","user_id":` + owner + `,"agentId":null}`,
	} {
		w.send("POST", "/v1/numbers/1/messages/native/send", body).wantStatus(200)
	}
	w.change(func(t *tx) {
		if n := t.messaging.sent.len(); n != 2 {
			w.t.Errorf("%d messages were sent, want 2: none of the refused", n)
		}
	})
}

func TestGroupMessage(t *testing.T) {
	w := messaged(t)
	const group = `{"group_message_id":"UUID","status":"pending","direct_link":"https://api.aircall.io/v1/numbers/%d/messages/SM…","direction":"outbound",` +
		`"created_at":1772452800000,"sent_at":1772452800000,"updated_at":1772452800000,"group_conversation_id":"UUID","participants":["+13000000001","+13000000002"],%s}`
	two := `{"participants":["+1 300 000 0001","+13000000002"],`
	native := w.send("POST", "/v1/numbers/1/messages/group/native/send", two+`"body":"Hi","mediaUrl":["ignored here"]}`)
	native.masked().want(200, fmt.Sprintf(group, 1, `"media_url":[],"body":"Hi"`))
	line2 := w.send("POST", "/v1/numbers/2/messages/group/send", two+`"body":"Hi"}`)
	line2.masked().want(200, fmt.Sprintf(group, 2, `"media_url":[],"body":"Hi"`))
	w.send("POST", "/v1/numbers/2/messages/group/send", two+`"mediaUrl":["https://a.test/b.png"]}`).masked().
		want(200, fmt.Sprintf(group, 2, `"media_url":["https://a.test/b.png"],"body":null`))

	again := w.send("POST", "/v1/numbers/1/messages/group/native/send", `{"participants":["+13000000002","+13000000001"],"body":"And?"}`)
	third := w.send("POST", "/v1/numbers/1/messages/group/native/send", `{"participants":["+13000000002","+13000000003"],"body":"Hi"}`)
	var got []bool
	for _, other := range []answer{again, third, line2} {
		got = append(got, other.at("group_conversation_id") == native.at("group_conversation_id"))
	}
	if diff := cmp.Diff([]bool{true, false, false}, got); diff != "" {
		t.Errorf("the conversation of the same people, of others, and on another line:\n%s", diff)
	}

	eleven := strings.TrimSuffix(strings.Repeat(`"+13000000001",`, 11), ",")
	for body, words := range map[string]string{
		`{"body":"Hi"}`: "2 to 10",
		`{"participants":["+13000000001"],"body":"Hi"}`:                                                "2 to 10",
		`{"participants":[` + eleven + `],"body":"Hi"}`:                                                "2 to 10",
		`{"participants":["+13000000001","+1 3000000001"],"body":"Hi"}`:                                "comes twice",
		`{"participants":["+13000000001","x"],"body":"Hi"}`:                                            "not a valid phone number",
		`{"participants":"+13000000001","body":"Hi"}`:                                                  "must be an array",
		`{"participants":["+13000000001","+13000000002"]}`:                                             "body can't be blank",
		`{"participants":["+13000000001","+13000000002"],"mediaUrl":[]}`:                               "mediaUrl can't be blank",
		`{"participants":["+13000000001","+13000000002"],"body":"Hi","mediaUrl":["https://a.test/b"]}`: "can't be sent together",
	} {
		w.send("POST", "/v1/numbers/2/messages/group/send", body).wantError(400, "InvalidPayload", words)
	}
}

func TestMessagesAreBounded(t *testing.T) {
	w := messaged(t)
	w.change(func(t *tx) {
		for i := range maxMessages + 5 {
			t.send(message{ID: fmt.Sprint(i), Line: 1, To: []string{"+4520000001"}})
		}
		sent := t.messaging.sent.order
		if len(sent) != maxMessages || sent[0].ID != "5" || sent[len(sent)-1].ID != fmt.Sprint(maxMessages+4) {
			w.t.Errorf("%d messages are kept, from %s", len(sent), sent[0].ID)
		}
	})
}

func TestSMSTemplates(t *testing.T) {
	w := messaged(t)
	const order, reminder = `{"id":8821,"name":"order_update","body":"Your order is on its way."}`, `{"id":8822,"name":"reminder","body":"See you soon."}`
	page := func(items string, count, total, per int) string {
		return fmt.Sprintf(`{"templates":[%s],"meta":{"count":%d,"total":%d,"current_page":1,"per_page":%d,"next_page_link":null,"previous_page_link":null}}`, items, count, total, per)
	}
	w.get("/v1/sms/templates").want(200, page(order+","+reminder, 2, 2, 20))
	w.get("/v1/sms/templates?per_page=100&search=ORDER").want(200, page(order, 1, 1, 100))
	w.get("/v1/sms/templates?search=soon").want(200, page(reminder, 1, 1, 20))
	w.get("/v1/sms/templates?search=x").want(200, page("", 0, 0, 20))
	w.get("/v1/sms/templates?per_page=101").want(200, page(order+","+reminder, 2, 2, 100))
	if next := w.get("/v1/sms/templates?per_page=1&search=e").text("meta.next_page_link"); next != w.URL()+"/v1/sms/templates?order=asc&page=2&per_page=1&search=e" {
		t.Errorf("next page %s", next)
	}
}
