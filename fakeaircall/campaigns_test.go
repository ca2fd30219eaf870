package fakeaircall

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// campaignWorld is a world with two users who have a line each, and the ids of both.
func campaignWorld(t *testing.T, o Options) (w world, users []string) {
	t.Helper()
	o.Scale, o.Clock, o.RateLimit = ScaleEmpty, noon, NoRateLimit
	w = world{RunT(t, checked(t, o)), t}
	for i, name := range []string{"ann", "ben"} {
		u, err := w.Account("").AddUser(UserFixture{FirstName: new(name), LastName: new("Lee"), Email: new(name + "@acme.example.com")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Account("").AddNumber(NumberFixture{Name: new("Line"), Digits: new(fmt.Sprintf("+33 1 99 00 12 9%d", i)), Users: []string{name + "@acme.example.com"}, AvailabilityStatus: new("open")}); err != nil {
			t.Fatal(err)
		}
		users = append(users, fmt.Sprint(u.ID))
	}
	w.change(func(t *tx) {
		for _, u := range t.users.order {
			t.users.update(u, func() { u.Online, u.AvailabilityStatus = true, "available" })
		}
	})
	return w, users
}

// newCampaign makes a draft with contacts that the users call, and returns its path.
func (w world) newCampaign(contacts int, users []string, more string) string {
	w.t.Helper()
	path := "/v1/campaigns/" + w.send("POST", "/v1/campaigns", `{"name":"Spring"`+more+`}`).wantStatus(201).text("campaign.id")
	var people []string
	for i := range contacts {
		people = append(people, fmt.Sprintf(`{"phone_number":"+33199%06d"}`, i+1))
	}
	w.send("POST", path+"/contacts", `{"contacts":[`+strings.Join(people, ",")+`]}`).wantStatus(201)
	if len(users) > 0 {
		w.send("POST", path+"/agents", `{"user_ids":[`+strings.Join(users, ",")+`]}`).wantStatus(200)
	}
	return path
}

var uuidV7 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestCampaignForms(t *testing.T) {
	w, users := campaignWorld(t, Options{})
	a := w.send("POST", "/v1/campaigns", `{"name":"Spring","description":"Renewals","caller_id_strategy":"agent_number_pool","call_attempts":2,"external_ringing_timeout":20}`)
	id := a.text("campaign.id")
	if !uuidV7.MatchString(id) || !strings.HasPrefix(strings.ReplaceAll(id, "-", ""), fmt.Sprintf("%012x", noon.UnixMilli())) {
		t.Errorf("%s is no UUID of version 7 that was made at %s", id, noon)
	}
	campaign := func(status, users string) string {
		return `{"id":"` + id + `","name":"Spring","description":"Renewals","status":"` + status + `","caller_id_strategy":"agent_number_pool","call_attempts":2,` +
			`"external_ringing_timeout":20,"aiva_agent_id":null,"user_ids":[` + users + `],"team_ids":[],"created_at":"2026-03-02T12:00:00.000Z","updated_at":"2026-03-02T12:00:00.000Z"}`
	}
	a.want(201, `{"campaign":`+campaign("draft", "")+`}`)
	path := "/v1/campaigns/" + id
	w.get(path).want(200, `{"campaign":`+campaign("draft", "")+`}`)
	w.get("/v1/campaigns").want(200, `{"campaigns":[`+campaign("draft", "")+`],"meta":{"count":1,"total":1,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}`)

	const jane = `{"phone_number":"12025550147","first_name":"Jane","last_name":"Doe","email":"jane@acme.test","company_name":"Acme","note":"VIP"}`
	const bare = `{"phone_number":"33199000001","first_name":null,"last_name":null,"email":null,"company_name":null,"note":null}`
	w.send("POST", path+"/contacts", `{"contacts":[{"phone_number":"+1 202-555-0147","first_name":"Jane","last_name":"Doe","email":"jane@acme.test","company_name":"Acme","note":"VIP"},`+
		`{"phone_number":"+33199000001"},{"phone_number":"+12025550147"}]}`).want(201, `{"contacts":[`+jane+`,`+bare+`]}`)
	w.get(path+"/contacts").want(200, `{"contacts":[`+jane+`,`+bare+`]}`)
	w.get(path+"/contacts?phone_number=%2B12025550147").want(200, `{"contacts":[`+jane+`]}`)
	w.get(path+"/contacts?phone_number=%2B12025550148").want(200, `{"contacts":[]}`)
	w.get(path+"/contacts?phone_number=%2B1202555014").want(200, `{"contacts":[]}`)
	w.get(path+"/contacts?per_page=1&page=2").want(200, `{"contacts":[`+bare+`]}`)

	w.send("POST", path+"/agents", `{"user_ids":[`+users[0]+`]}`).want(200, `{"campaign":`+campaign("draft", users[0])+`}`)
	w.send("POST", path+"/launch", "").want(200, `{"campaign":`+campaign("in_progress", users[0])+`}`)
	w.send("POST", path+"/pause", "").want(200, `{"campaign":`+campaign("paused", users[0])+`}`)
	w.send("POST", path+"/resume", "").want(200, `{"campaign":`+campaign("in_progress", users[0])+`}`)
	w.send("POST", path+"/pause", "").wantStatus(200)
	w.send("POST", path+"/archive", "").want(200, `{"campaign":`+campaign("archived", users[0])+`}`)

	outcomes := w.get("/v1/campaign_outcomes").wantStatus(200)
	if names := strings.Join(outcomes.list("campaign_outcomes", "name"), ","); names != "Booked,Connected,Referral,Follow Up,More Info,Not Interested,No Answer" {
		t.Errorf("outcomes %s", names)
	}
	for i, id := range outcomes.list("campaign_outcomes", "id") {
		if i < 6 && !uuidV7.MatchString(id) || i == 6 && id != "no_answer" {
			t.Errorf("outcome %d has the id %s", i, id)
		}
	}
	w.get("/v1/campaign_outcomes").want(200, outcomes.body) // the same each time
}

func TestCampaignRefusals(t *testing.T) {
	w, users := campaignWorld(t, Options{})
	for body, words := range map[string]string{
		`{}`:                                          "name can't be blank",
		`{"name":1}`:                                  "name must be a string",
		`{"name":"A","description":1}`:                "description must be a string",
		`{"name":"A","call_attempts":0}`:              "call_attempts must be between 1 and 10",
		`{"name":"A","call_attempts":"3"}`:            "call_attempts must be an integer",
		`{"name":"A","aiva_agent_id":"x"}`:            "aiva_agent_id is not an agent of the company",
		`{"name":"A","external_ringing_timeout":121}`: "external_ringing_timeout must be between 1 and 120",
		`{"name":"A","description":"` + strings.Repeat("x", 1001) + `"}`: "description is too long",
	} {
		w.send("POST", "/v1/campaigns", body).wantTroubleshoot(400, words)
	}
	const unknown = "/v1/campaigns/019f1111-2222-7333-8444-555566667777"
	for _, r := range [][3]string{
		{"GET", "", ""}, {"GET", "/contacts", ""}, {"GET", "/call_outcomes", ""}, {"POST", "/contacts", `{"contacts":[{"phone_number":"+12025550147"}]}`},
		{"POST", "/agents", "{}"}, {"POST", "/launch", ""}, {"POST", "/pause", ""}, {"POST", "/resume", ""}, {"POST", "/archive", ""},
	} {
		w.send(r[0], unknown+r[1], r[2]).wantTroubleshoot(404, "Check ID of the resource")
	}
	draft := "/v1/campaigns/" + w.send("POST", "/v1/campaigns", `{"name":"A"}`).text("campaign.id")
	for body, words := range map[string]string{
		`{}`: "contacts can't be blank", `{"contacts":[]}`: "contacts can't be blank", `{"contacts":[1]}`: "contacts must be an array of objects",
		`{"contacts":[{"phone_number":"+12025550147"},{"phone_number":"1"}]}`:                       "phone_number must be a phone number",
		`{"contacts":[{"phone_number":"+12025550147","note":"` + strings.Repeat("x", 1001) + `"}]}`: "note is too long",
		`{"contacts":[{"phone_number":"+12025550147","note":1}]}`:                                   "note must be a string",
	} {
		w.send("POST", draft+"/contacts", body).wantTroubleshoot(400, words)
	}
	w.get(draft+"/contacts").want(200, `{"contacts":[]}`)
	w.send("POST", draft+"/launch", "").wantTroubleshoot(422, "the campaign has no contacts")
	w.send("POST", draft+"/contacts", `{"contacts":[{"phone_number":"+12025550147"}]}`).wantStatus(201)
	w.send("POST", draft+"/launch", "").wantTroubleshoot(422, "the campaign has no agents")
	for body, words := range map[string]string{
		`{}`: "user_ids or team_ids is required", `{"user_ids":[1]}`: "1 is not a user", `{"team_ids":[1]}`: "1 is not a team", `{"user_ids":"1"}`: "user_ids must be an array of ids",
	} {
		w.send("POST", draft+"/agents", body).wantTroubleshoot(400, words)
	}
	voice := w.newCampaign(1, nil, `,"aiva_agent_id":"agent-def456"`)
	w.send("POST", voice+"/agents", `{"user_ids":[`+users[0]+`]}`).wantTroubleshoot(422, "an AI voice agent calls")

	w.send("POST", draft+"/pause", "").wantTroubleshoot(405, "The campaign is currently draft")
	w.send("POST", draft+"/agents", `{"user_ids":[`+users[0]+`]}`).wantStatus(200)
	w.send("POST", draft+"/launch", "").wantStatus(200)
	for _, r := range [][2]string{
		{"/launch", ""}, {"/resume", ""}, {"/archive", ""}, {"/contacts", `{"contacts":[{"phone_number":"+12025550147"}]}`}, {"/agents", `{"user_ids":[` + users[0] + `]}`},
	} {
		w.send("POST", draft+r[0], r[1]).wantTroubleshoot(405, "The campaign is currently in_progress")
	}
}

func TestCampaignPlan(t *testing.T) {
	const people, machines = `{"name":"A"}`, `{"name":"A","aiva_agent_id":"agent-def456"}`
	for answer, want := range map[string][3]int{"both": {201, 201, 200}, "agents": {201, 403, 200}, "voice-agents": {403, 201, 200}, "none": {403, 403, 403}} {
		w, _ := campaignWorld(t, Options{Assume: map[string]string{"campaign-plan": answer}})
		got := [3]int{w.send("POST", "/v1/campaigns", people).status, w.send("POST", "/v1/campaigns", machines).status, w.get("/v1/campaign_outcomes").status}
		if got != want {
			t.Errorf("%s: %v, want %v", answer, got, want)
		}
	}
}

// campaignReceiver keeps the bodies of an event.
type campaignReceiver struct {
	mu     sync.Mutex
	bodies []string
	after  func(body string)
}

func (r *campaignReceiver) ServeHTTP(_ http.ResponseWriter, req *http.Request) {
	b, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bodies = append(r.bodies, string(b))
	if r.after != nil {
		r.after(string(b))
	}
}

// A webhook gets the event byte for byte as it was captured on 2026-10-08, with other values, and the call reads as done then.
func TestCampaignOutcomeEvent(t *testing.T) {
	w, users := campaignWorld(t, Options{})
	var statuses []string
	callID := regexp.MustCompile(`"call_id":(\d+)`)
	receiver := &campaignReceiver{after: func(body string) {
		statuses = append(statuses, w.get("/v1/calls/"+callID.FindStringSubmatch(body)[1]).text("call.status"))
	}}
	site := httptest.NewServer(receiver)
	t.Cleanup(site.Close)
	token := w.send("POST", "/v1/webhooks", `{"url":"`+site.URL+`","events":["outbound_campaign.outcome_recorded"]}`).text("webhook.token")
	path := w.newCampaign(1, users[:1], `,"call_attempts":3`)
	connected := w.get("/v1/campaign_outcomes").list("campaign_outcomes", "id")[1]
	w.change(func(t *tx) {
		c := t.campaigning.campaigns.order[0]
		t.campaigning.campaigns.update(c, func() { c.Script = []string{noAnswer.id, connected} })
	})
	w.send("POST", path+"/launch", "").wantStatus(200)
	w.Advance(time.Hour)
	if !slices.Equal(statuses, []string{"done", "done"}) {
		t.Fatalf("when the events came, the calls were %v", statuses)
	}
	if got := w.get(path).text("campaign.status"); got != "completed" {
		t.Errorf("the campaign is %s", got)
	}
	list := w.get("/v1/calls")
	calls, numbers, tags := list.list("calls", "id"), list.at("calls.1.number.id"), list.at("calls.1.tags")
	if len(calls) != 2 || !strings.Contains(tags, `"name":"Outbound Campaign"`) {
		t.Fatalf("calls %v, tags %s", calls, tags)
	}
	var company, at int64
	w.change(func(t *tx) {
		c, _ := t.calls.get(int64(mustInt(w.t, calls[1])))
		company, at = t.companyID, c.Ended
	})
	attempt := regexp.MustCompile(`"id":"([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"`).FindStringSubmatch(receiver.bodies[1])[1]
	data := fmt.Sprintf(`{"id":"%s","company_id":%d,"call_id":%s,"number_id":%s,"campaign_id":"%s","attempt_id":"%s","outcome_id":"%s","outcome_label":"Connected","attempt_number":2,"max_attempts":3}`,
		attempt, company, calls[1], numbers, strings.TrimPrefix(path, "/v1/campaigns/"), attempt, connected)
	want := fmt.Sprintf(`{"resource":"outbound_campaign","event":"outbound_campaign.outcome_recorded","timestamp":%d,"token":"%s","data":%s}`, at, token, data)
	if receiver.bodies[1] != want {
		t.Errorf("got  %s\nwant %s", receiver.bodies[1], want)
	}
	if got := w.get(path + "/call_outcomes"); got.at("call_outcomes.1") != data || got.at("meta.total") != "2" {
		t.Errorf("call outcomes %s", got.body)
	}
}

func mustInt(t *testing.T, s string) (n int) {
	t.Helper()
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal(err)
	}
	return n
}
