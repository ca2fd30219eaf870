package fakeaircall

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestWhatsAppMessage(t *testing.T) {
	w := messaged(t)
	for _, tc := range []struct {
		path, body string
		line       int
		text       string
	}{
		{"/v1/messages/whatsapp/send", `{"lineId":2,"to":"+45 20 00 00 01","text":"Hello"}`, 2, "Hello"},
		{"/v1/messages/send/whatsapp/native", `{"lineId":1,"externalNumber":"+4520000001","text":"Hello"}`, 1, "Hello"},
		{"/v1/messages/send/whatsapp/native", `{"lineId":1,"externalNumber":"+4520000001","templateParams":{"id":1,"body":[{"key":"{{2}}","value":"{{1}}"},{"key":"{{1}}","value":"Kim"}]}}`,
			1, "Hello Kim, your order {{1}} is ready."},
	} {
		w.send("POST", tc.path, tc.body).masked().want(200, fmt.Sprintf(`{"id":"ID","status":"pending","direct_link":"https://api.aircall.io/v1/numbers/%d/messages/SM…",`+
			`"direction":"outbound","created_at":1772452800000,"sent_at":1772452800000,"updated_at":1772452800000,"raw_digits":"4520000001",`+
			`"number":{"id":%[1]d,"direct_link":"https://api.aircall.io/v1/numbers/%[1]d",%s,"body":"%s","media_url":[]}`, tc.line, lineJSON, tc.text))
	}
}

// Files are sent only past the inbox. Outside the window they fail as a text does.
func TestWhatsAppMedia(t *testing.T) {
	w := messaged(t)
	send := func(rest string) answer {
		return w.send("POST", "/v1/messages/whatsapp/send", `{"lineId":2,"to":"+4520000001",`+rest+`}`)
	}
	for rest, want := range map[string][2]string{
		`"mediaUrl":["https://a.test/b.png"]`:                    {`""`, `["https://a.test/b.png"]`},
		`"mediaUrl":["https://a.test/b.png"],"text":null`:        {`""`, `["https://a.test/b.png"]`},
		`"mediaUrl":["https://a.test/b.png"],"text":"Your menu"`: {`"Your menu"`, `["https://a.test/b.png"]`},
		`"mediaUrl":[],"text":"Hi"`:                              {`"Hi"`, `[]`},
		`"mediaUrl":null,"text":"Hi"`:                            {`"Hi"`, `[]`},
	} {
		a := send(rest).wantStatus(200)
		if got := [2]string{a.at("body"), a.at("media_url")}; got != want {
			t.Errorf("%s: %v, want %v", rest, got, want)
		}
	}
	for rest, words := range map[string]string{
		`"mediaUrl":[]`:                     "text can't be blank",
		`"mediaUrl":"https://a.test/b.png"`: "must be an array",
		`"mediaUrl":["b.png"]`:              "not a valid URL",
		`"mediaUrl":["https://a.test/b.png"],"templateParams":{"id":1}`:                  "mediaUrl and templateParams can't be sent together",
		`"mediaUrl":["https://a.test/b.png"],"text":"` + strings.Repeat("é", 4097) + `"`: "maximum is 4096 characters",
	} {
		send(rest).wantError(400, "InvalidPayload", words)
	}
	w.send("POST", "/v1/messages/send/whatsapp/native", `{"lineId":1,"externalNumber":"+4520000001","mediaUrl":["https://a.test/b.png"]}`).
		wantError(400, "InvalidPayload", "text can't be blank")
	if a := w.send("POST", "/v1/messages/send/whatsapp/native", `{"lineId":1,"externalNumber":"+4520000001","text":"Hi","mediaUrl":["https://a.test/b.png"]}`); a.at("media_url") != `[]` {
		t.Errorf("a file in a conversation: %s", a.body)
	}

	send(`"mediaUrl":["https://a.test/b.png"]`)
	w.Advance(time.Minute)
	list, err := w.Deliveries("")
	if err != nil {
		t.Fatal(err)
	}
	last := answer{t: t, body: string(list[len(list)-1].Body)}
	if got := last.text("data.type") + " " + last.text("data.status") + " " + last.at("data.error_code"); got != "media failed 63016" {
		t.Errorf("the last callback of a file: %s", got)
	}
}

func TestWhatsAppRefused(t *testing.T) {
	w := messaged(t)
	w.change(func(t *tx) {
		t.numbers.insert(&number{ID: 5, Created: t.unix()})
		t.numbers.insert(&number{ID: 6, Created: t.unix()})
		t.numbers.insert(&number{ID: 7, Created: t.unix()})
		t.messaging.lines.insert(&messageLine{Number: 7, Registration: "approved", Whatsapp: &whatsappLine{Status: "BLOCKED"}})
		t.messaging.lines.insert(&messageLine{Number: 6, Registration: "approved", Whatsapp: &whatsappLine{Status: "OFFLINE"}})
	})
	send := func(rest string) answer {
		return w.send("POST", "/v1/messages/send/whatsapp/native", `{"externalNumber":"+4520000001",`+rest+`}`)
	}
	for rest, want := range map[string]struct {
		status     int
		key, words string
	}{
		`"text":"Hi"`:              {400, "InvalidPayload", "lineId can't be blank"},
		`"text":"Hi","lineId":"1"`: {400, "InvalidPayload", "lineId must be an integer"},
		`"text":"Hi","lineId":99`:  {404, "Not Found", "Check ID"},
		`"text":"Hi","lineId":2`:   {403, "LineIsNotNativeException", "agent conversation"},
		`"text":"Hi","lineId":3`:   {403, "LineIsNotNativeException", "agent conversation"},
		`"text":"Hi","lineId":4`:   {403, "Forbidden", "not registered"},
		`"text":"Hi","lineId":5`:   {400, "Bad Request", "not connected to WhatsApp"},
		`"text":"Hi","lineId":6`:   {400, "Bad Request", "OFFLINE"},
		`"text":"Hi","lineId":7`:   {400, "Bad Request", "BLOCKED"},
		`"lineId":1`:               {400, "InvalidPayload", "text can't be blank"},
		`"lineId":1,"text":"` + strings.Repeat("é", 4097) + `"`:                                                     {400, "InvalidPayload", "maximum is 4096 characters"},
		`"lineId":1,"text":"Hi","templateParams":{"id":1}`:                                                          {400, "InvalidPayload", "together"},
		`"lineId":1,"templateParams":[]`:                                                                            {400, "InvalidPayload", "must be an object"},
		`"lineId":1,"templateParams":{}`:                                                                            {400, "InvalidPayload", "is not a template"},
		`"lineId":1,"templateParams":{"id":3}`:                                                                      {400, "InvalidPayload", "is not a template"},
		`"lineId":1,"templateParams":{"id":2}`:                                                                      {400, "Bad Request", "PENDING"},
		`"lineId":1,"templateParams":{"id":1}`:                                                                      {400, "InvalidPayload", "no value for {{1}}"},
		`"lineId":1,"templateParams":{"id":1,"body":[{"key":"{{1}}","value":"Kim"}]}`:                               {400, "InvalidPayload", "no value for {{2}}"},
		`"lineId":1,"templateParams":{"id":1,"body":[{"key":"{{3}}","value":"Kim"}]}`:                               {400, "InvalidPayload", "not a placeholder"},
		`"lineId":1,"templateParams":{"id":1,"body":[{"key":"{{1}}","value":"Kim"},{"key":"{{1}}","value":"Kim"}]}`: {400, "InvalidPayload", "twice"},
		`"lineId":1,"templateParams":{"id":1,"body":[{"key":"{{1}}","value":""}]}`:                                  {400, "InvalidPayload", "value can't be blank"},
		`"lineId":1,"templateParams":{"id":1,"body":{"{{1}}":"Kim"}}`:                                               {400, "InvalidPayload", "array of objects"},
		`"lineId":1,"text":"Hi","user_id":1`:                                                                        {400, "InvalidPayload", "is no user"},
	} {
		send(rest).wantError(want.status, want.key, want.words)
	}
	send(`"lineId":1,"text":"` + strings.Repeat("é", 4096) + `"`).wantStatus(200)
	w.send("POST", "/v1/messages/whatsapp/send", `{"lineId":2,"externalNumber":"+4520000001","text":"Hi"}`).wantError(400, "InvalidPayload", "to ")
	w.send("POST", "/v1/messages/whatsapp/send", `{"lineId":1,"to":"+4520000001","text":"Hi"}`).want(400,
		`{"error":"Bad Request","troubleshoot":"The number is not configured for the Public API"}`)
	w.send("POST", "/v1/messages/whatsapp/send", `{"lineId":2,"to":"+33199001234","text":"Hi"}`).want(400,
		`{"error":"SameDestinationAsSender","troubleshoot":"A number can't send messages to itself"}`)
	send(`"lineId":1`).want(400, `{"error":"InvalidPayload","troubleshoot":"text can't be blank"}`)
}

// A text reaches a customer within 24 hours of the customer's last message, a template always.
func TestWhatsAppWindow(t *testing.T) {
	const text = `{"lineId":1,"externalNumber":"+4520000001","text":"Hello"}`
	const template = `{"lineId":1,"externalNumber":"+4520000001","templateParams":{"id":1,"body":[{"key":"{{1}}","value":"Kim"},{"key":"{{2}}","value":"A-7"}]}}`
	for name, tc := range map[string]struct {
		from     string        // of an inbound message; "": there is none
		sms      bool          // it is one
		wait     time.Duration // from it to the send
		body     string
		statuses string
	}{
		"no message":                {body: text, statuses: "failed 63016"},
		"a message":                 {from: "+45 20 00 00 01", wait: time.Second, body: text, statuses: "sent, delivered, read"},
		"the last second":           {from: "+4520000001", wait: 24*time.Hour - time.Second, body: text, statuses: "sent, delivered, read"},
		"a day later":               {from: "+4520000001", wait: 24 * time.Hour, body: text, statuses: "failed 63016"},
		"another customer":          {from: "+4520000002", wait: time.Second, body: text, statuses: "failed 63016"},
		"by SMS":                    {from: "+4520000001", sms: true, wait: time.Second, body: text, statuses: "failed 63016"},
		"a template without window": {body: template, statuses: "sent, delivered, read"},
	} {
		t.Run(name, func(t *testing.T) {
			w := messaged(t)
			if tc.from != "" {
				if _, err := w.SimulateMessage("", SimulatedMessage{NumberID: 1, From: tc.from, Body: "Hi", WhatsApp: !tc.sms}); err != nil {
					t.Fatal(err)
				}
			}
			w.Advance(tc.wait)
			w.send("POST", "/v1/messages/send/whatsapp/native", tc.body).wantStatus(200)
			w.Advance(2 * time.Minute)
			var got []string
			for _, e := range w.events() {
				if e.Name != "message.status_updated" {
					continue
				}
				a := answer{t: t, body: string(e.Data)}
				status := a.text("status")
				if strings.Contains(a.body, `"error_code"`) {
					status += " " + a.at("error_code")
				}
				got = append(got, status)
			}
			if strings.Join(got, ", ") != tc.statuses {
				t.Errorf("it was %q, want %s", got, tc.statuses)
			}
		})
	}
}

func TestWhatsAppTemplates(t *testing.T) {
	w := messaged(t)
	const order = `{"id":1,"wabaId":"123456789","name":"order_confirmation","category":"UTILITY","status":"APPROVED","language":"en"}`
	const sale = `{"id":2,"wabaId":"123456789","name":"sale","category":"MARKETING","status":"PENDING","language":"fr"}`
	for query, want := range map[string]string{
		"":                                    `{"templates":[` + order + `,` + sale + `],"pageInfo":{"currentToken":0,"nextToken":null,"totalCount":2}}`,
		"?limit=1":                            `{"templates":[` + order + `],"pageInfo":{"currentToken":0,"nextToken":1,"totalCount":2}}`,
		"?limit=1&token=1":                    `{"templates":[` + sale + `],"pageInfo":{"currentToken":1,"nextToken":null,"totalCount":2}}`,
		"?token=99":                           `{"templates":[],"pageInfo":{"currentToken":99,"nextToken":null,"totalCount":2}}`,
		"?sort=desc":                          `{"templates":[` + sale + `,` + order + `],"pageInfo":{"currentToken":0,"nextToken":null,"totalCount":2}}`,
		"?status=approved":                    `{"templates":[` + order + `],"pageInfo":{"currentToken":0,"nextToken":null,"totalCount":1}}`,
		"?category=MARKETING&status=APPROVED": `{"templates":[],"pageInfo":{"currentToken":0,"nextToken":null,"totalCount":0}}`,
	} {
		w.get("/v1/numbers/1/templates"+query).want(200, want)
	}
	w.get("/v1/numbers/1/templates?limit=0").wantTroubleshoot(400, "limit must be an integer from 1 to 100")
	w.get("/v1/numbers/1/templates?token=x").wantTroubleshoot(400, "token")
	w.get("/v1/numbers/3/templates").want(404, notThere)
}

func TestWhatsAppStatus(t *testing.T) {
	w := messaged(t)
	w.get("/v1/numbers/1/whatsapp_status").want(200,
		`{"wabaId":"123456789","status":"ONLINE","canSendMessage":true,"messagingLimitTier":"TIER_1K","qualityRating":"GREEN","businessVerificationStatus":"VERIFIED"}`)
	w.get("/v1/numbers/3/whatsapp_status").want(404, notThere)
}

const (
	templateTo = `{"lineId":%d,"externalNumber":"+45200%05d","templateParams":{"id":1,"body":[{"key":"{{1}}","value":"Kim"},{"key":"{{2}}","value":"A-7"}]}}`
	overTier   = `{"error":"Too Many Requests","troubleshoot":"The number has reached the daily limit of its messaging tier, TIER_50"}`
)

// reachTier sends a template to as many customers as the tier TIER_50 of lines 1 and 2 allows.
func reachTier(t *testing.T, assume ...string) world {
	t.Helper()
	w := messaged(t, assume...)
	w.change(func(t *tx) {
		for id := range int64(2) {
			l := t.messaging.lines.order[id]
			t.messaging.lines.update(l, func() { l.Mode, l.Whatsapp.Limit = nativeMode, "TIER_50" })
		}
	})
	for customer := range 50 {
		w.sendTemplate(1, customer).wantStatus(200)
	}
	return w
}

func (w world) sendTemplate(line, customer int) answer {
	w.t.Helper()
	return w.send("POST", "/v1/messages/send/whatsapp/native", fmt.Sprintf(templateTo, line, customer))
}

// A line begins conversations with as many customers in 24 hours as its tier allows.
func TestWhatsAppTier(t *testing.T) {
	w := reachTier(t)
	a := w.sendTemplate(1, 50)
	a.want(429, overTier)
	for name := range a.header {
		if strings.HasPrefix(name, "X-Aircallapi-") || name == "Retry-After" {
			t.Errorf("the 429 of a tier has the header %s of the rate limit", name)
		}
	}
	w.sendTemplate(1, 7).wantStatus(200) // this conversation has begun
	w.sendTemplate(2, 50).wantStatus(200)
	w.send("POST", "/v1/messages/send/whatsapp/native", `{"lineId":1,"externalNumber":"+4520000077","text":"Hi"}`).wantStatus(200)

	if _, err := w.SimulateMessage("", SimulatedMessage{NumberID: 1, From: "+4520000051", Body: "Hi", WhatsApp: true}); err != nil {
		t.Fatal(err)
	}
	w.sendTemplate(1, 51).wantStatus(200) // the customer began this one

	w.Advance(24*time.Hour - time.Second)
	w.sendTemplate(1, 50).want(429, overTier)
	w.Advance(time.Second)
	w.sendTemplate(1, 50).wantStatus(200)
	w.change(func(t *tx) {
		if n := t.messaging.openings.len(); n != 1 {
			w.t.Errorf("%d conversations are kept, want the one of today", n)
		}
	})
}

func TestWhatsAppTierOfTheCompany(t *testing.T) {
	w := reachTier(t, "whatsapp-cap", "company")
	w.sendTemplate(2, 50).want(429, overTier)
	w.sendTemplate(2, 7).wantStatus(200)
}

func TestWhatsAppTierIsUnlimited(t *testing.T) {
	w := reachTier(t)
	w.change(func(t *tx) {
		l := t.messaging.lines.order[0]
		t.messaging.lines.update(l, func() { l.Whatsapp.Limit = "TIER_UNLIMITED" })
	})
	w.sendTemplate(1, 50).wantStatus(200)
}
