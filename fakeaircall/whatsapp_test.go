package fakeaircall

import (
	"fmt"
	"strings"
	"testing"
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
			`"direction":"outbound","created_at":1772452800000,"sent_at":1772452800000,"updated_at":1772452800000,"raw_digits":"+4520000001",`+
			`"body":"%s","media_url":[],"number":{"id":%[1]d,"direct_link":"https://api.aircall.io/v1/numbers/%[1]d",`, tc.line, tc.text)+lineJSON+"}")
	}
}

func TestWhatsAppRefused(t *testing.T) {
	w := messaged(t)
	w.change(func(t *tx) {
		t.numbers.insert(&number{id: 5, created: t.unix()})
		t.numbers.insert(&number{id: 6, created: t.unix()})
		t.messaging.lines[6] = &messageLine{registration: "approved", whatsapp: &whatsappLine{status: "OFFLINE"}}
	})
	send := func(rest string) answer {
		return w.send("POST", "/v1/messages/send/whatsapp/native", `{"externalNumber":"+4520000001",`+rest+`}`)
	}
	for rest, want := range map[string]struct {
		status int
		words  string
	}{
		`"text":"Hi"`:              {400, "lineId can't be blank"},
		`"text":"Hi","lineId":"1"`: {400, "lineId must be an integer"},
		`"text":"Hi","lineId":99`:  {404, "Check ID"},
		`"text":"Hi","lineId":2`:   {422, "agent conversation"},
		`"text":"Hi","lineId":3`:   {422, "agent conversation"},
		`"text":"Hi","lineId":4`:   {403, "not registered"},
		`"text":"Hi","lineId":5`:   {422, "not connected to WhatsApp"},
		`"text":"Hi","lineId":6`:   {422, "OFFLINE"},
		`"lineId":1`:               {400, "text can't be blank"},
		`"lineId":1,"text":"` + strings.Repeat("é", 4097) + `"`:                                                     {400, "maximum is 4096 characters"},
		`"lineId":1,"text":"Hi","templateParams":{"id":1}`:                                                          {400, "together"},
		`"lineId":1,"templateParams":[]`:                                                                            {400, "must be an object"},
		`"lineId":1,"templateParams":{}`:                                                                            {400, "is no template"},
		`"lineId":1,"templateParams":{"id":3}`:                                                                      {400, "is no template"},
		`"lineId":1,"templateParams":{"id":2}`:                                                                      {422, "PENDING"},
		`"lineId":1,"templateParams":{"id":1}`:                                                                      {400, "no value for {{1}}"},
		`"lineId":1,"templateParams":{"id":1,"body":[{"key":"{{1}}","value":"Kim"}]}`:                               {400, "no value for {{2}}"},
		`"lineId":1,"templateParams":{"id":1,"body":[{"key":"{{3}}","value":"Kim"}]}`:                               {400, "no place"},
		`"lineId":1,"templateParams":{"id":1,"body":[{"key":"{{1}}","value":"Kim"},{"key":"{{1}}","value":"Kim"}]}`: {400, "twice"},
		`"lineId":1,"templateParams":{"id":1,"body":[{"key":"{{1}}","value":""}]}`:                                  {400, "value can't be blank"},
		`"lineId":1,"templateParams":{"id":1,"body":{"{{1}}":"Kim"}}`:                                               {400, "array of objects"},
		`"lineId":1,"text":"Hi","user_id":1`:                                                                        {400, "is no user"},
	} {
		send(rest).wantTroubleshoot(want.status, want.words)
	}
	send(`"lineId":1,"text":"` + strings.Repeat("é", 4096) + `"`).wantStatus(200)
	w.send("POST", "/v1/messages/whatsapp/send", `{"lineId":2,"externalNumber":"+4520000001","text":"Hi"}`).wantTroubleshoot(400, "to ")
	w.send("POST", "/v1/messages/whatsapp/send", `{"lineId":1,"to":"+4520000001","text":"Hi"}`).wantTroubleshoot(422, "not configured")
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
