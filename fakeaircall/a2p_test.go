package fakeaircall

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestA2PIsGone(t *testing.T) {
	w := empty(t).lost()
	for _, r := range a2pRoutes() {
		path := expand(r.path, "id", "1")
		w.send(r.method, path, "").want(404, `{"message":"Not Found"}`)
		w.sendAs("", r.method, path, "").want(404, `{"message":"Not Found"}`)
	}
}

func TestA2POnTheWire(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Assume: map[string]string{"a2p": "keep"}})), t}
	company := int64(0)
	w.change(func(t *tx) {
		company = t.companyID
		for id := range int64(3) {
			t.numbers.insert(&number{ID: id + 1, Created: t.unix()})
		}
	})
	const path = "/v1/a2p_campaign_associations"
	a := w.send("POST", path, `{"external_campaign_id":"CM1","numbers":[2,1,2]}`)
	id := a.at("a2p_campaign_associations.id")
	object := func(updated, numbers string) string {
		return fmt.Sprintf(`{"id":%s,"company_id":%d,"external_id":"CM1","update_status":"success","update_message":null,`+
			`"created_at":"2026-03-02T12:00:00.000Z","updated_at":"2026-03-02T%s.000Z","numbers":%s}`, id, company, updated, numbers)
	}
	a.want(201, `{"a2p_campaign_associations":`+object("12:00:00", "[1,2]")+`}`)
	w.Advance(time.Minute)
	w.send("PUT", path, `{"external_campaign_id":"CM1","numbers":[3]}`).want(200, `{"a2p_campaign_associations":`+object("12:01:00", "[3]")+`}`)
	w.get(path).want(200, `{"a2p_campaign_associations":[`+object("12:01:00", "[3]")+
		`],"meta":{"count":1,"total":1,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}`)
	w.sendAs("", "GET", path, "").want(401, `{"message":"Unauthorized"}`)

	w.send("POST", path, `{"external_campaign_id":"CM1","numbers":[]}`).wantTroubleshoot(422, "taken")
	w.send("PUT", path, `{"external_campaign_id":"CM2","numbers":[]}`).wantTroubleshoot(404, "Check ID")
	for body, words := range map[string]string{
		`{"numbers":[1]}`: "external_campaign_id can't be blank",
		`{"external_campaign_id":"` + strings.Repeat("a", 256) + `"}`: "too long",
		`{"external_campaign_id":"CM3","numbers":[4]}`:                "4 is no number",
		`{"external_campaign_id":"CM3","numbers":["1"]}`:              "array of ids",
	} {
		w.send("POST", path, body).wantTroubleshoot(400, words)
	}
	w.send("DELETE", path+"/"+id, "").want(204, "")
	w.send("DELETE", path+"/"+id, "").wantStatus(404)
	w.send("POST", path, `{"external_campaign_id":"CM1"}`).wantStatus(201)
}
