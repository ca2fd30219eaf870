package fakeaircall

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A test decides the outcomes of the next attempts, and the rest is drawn.
func TestSimulateCampaign(t *testing.T) {
	w, users := campaignWorld(t, Options{})
	ann := int64(mustInt(t, users[0]))
	id, err := w.SimulateCampaign("", SimulatedCampaign{Contacts: []string{"+12025550147", "+12025550148"}, UserIDs: []int64{ann}, CallAttempts: 2, Outcomes: []string{"No Answer", "booked", "not interested"}})
	if err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Hour)
	path := "/v1/campaigns/" + id
	if got := w.get(path+"/call_outcomes").list("call_outcomes", "outcome_label"); !slices.Equal(got, []string{"No Answer", "Booked", "Not Interested"}) {
		t.Errorf("outcomes %v", got)
	}
	got, err := w.Account("").Campaign(id)
	want := Campaign{ID: id, Name: "Simulated", Status: "completed", Contacts: 2, Done: 2, Attempts: 3}
	if users := got.Users; err != nil || len(users) != 1 || users[0].ID != ann {
		t.Errorf("%+v, %v", got, err)
	}
	if got.Users = nil; got.ID != want.ID || got.Name != want.Name || got.Status != want.Status || got.Contacts != want.Contacts || got.Done != want.Done || got.Attempts != want.Attempts {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Without fields the fake takes who can call, and contacts. A campaign of the API is launched, and resumed.
func TestSimulateCampaignByDefault(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit})), t}
	id, err := w.SimulateCampaign("", SimulatedCampaign{})
	if err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Second)
	list, total, err := w.Account("").Campaigns(Query{Text: "simul"})
	if err != nil || total != 1 || list[0].ID != id || list[0].Status != "in_progress" || list[0].Contacts != 5 || len(list[0].Users) == 0 || list[0].Attempts == 0 {
		t.Errorf("%+v, %v", list, err)
	}
	path := w.newCampaign(2, []string{strconv.FormatInt(list[0].Users[0].ID, 10)}, "")
	own := strings.TrimPrefix(path, "/v1/campaigns/")
	for _, status := range []string{"draft", "in_progress", "paused"} {
		if got := w.get(path).text("campaign.status"); got != status {
			t.Fatalf("the campaign is %s, want %s", got, status)
		}
		if _, err := w.SimulateCampaign("", SimulatedCampaign{ID: own, Outcomes: []string{"Referral"}}); err != nil {
			t.Fatal(err)
		}
		if status == "in_progress" {
			w.send("POST", path+"/pause", "").wantStatus(200)
		}
	}
}

func TestSimulateCampaignRefuses(t *testing.T) {
	w, _ := campaignWorld(t, Options{})
	done := strings.TrimPrefix(w.newCampaign(1, nil, ""), "/v1/campaigns/")
	w.send("POST", "/v1/campaigns/"+done+"/archive", "").wantStatus(200)
	for words, sc := range map[string]SimulatedCampaign{
		`400 outcome "Sold": give one of Booked`:                                    {Outcomes: []string{"Sold"}},
		`400 1001 outcomes: give 1000 at most`:                                      {Outcomes: slices.Repeat([]string{"Booked"}, 1001)},
		`400 "me" is not a phone number`:                                            {Contacts: []string{"me"}},
		`400 call_attempts 11: give 1 to 10`:                                        {CallAttempts: 11},
		`404 there is no user 7`:                                                    {UserIDs: []int64{7}},
		`404 account "default" has no campaign x`:                                   {ID: "x"},
		`400 a campaign that exists has its name`:                                   {ID: done, Name: "New"},
		`409 campaign ` + done + ` cannot call: The campaign is currently archived`: {ID: done},
	} {
		_, err := w.SimulateCampaign("", sc)
		refused, ok := err.(*Refusal)
		if !ok || !strings.HasPrefix(strconv.Itoa(refused.Status)+" "+refused.Message, words) {
			t.Errorf("%+v: %v, want %s", sc, err, words)
		}
	}
	w.change(func(t *tx) {
		for _, u := range t.users.order {
			t.users.update(u, func() { u.Online = false })
		}
	})
	campaigns := func() int {
		_, n, _ := w.Account("").Campaigns(Query{})
		return n
	}
	before := campaigns()
	for _, sc := range []SimulatedCampaign{{}, {Contacts: []string{}, UserIDs: []int64{}}} {
		if _, err := w.SimulateCampaign("", sc); err == nil || !strings.Contains(err.Error(), "no user can call now") {
			t.Error(err)
		}
	}
	if n := campaigns(); n != before {
		t.Errorf("%d campaigns, before %d", n, before)
	}
	if _, err := w.Account("").Campaign("x"); err == nil {
		t.Error("there is no campaign x")
	}
}

// A company without the entitlement has no campaigns, whoever starts them.
func TestSimulateCampaignNeedsThePlan(t *testing.T) {
	for answer, fine := range map[string]bool{"none": false, "voice-agents": false, "agents": true} {
		w, _ := campaignWorld(t, Options{Assume: map[string]string{"campaign-plan": answer}})
		if _, err := w.SimulateCampaign("", SimulatedCampaign{}); (err == nil) != fine || err != nil && !strings.Contains(err.Error(), "campaign-plan") {
			t.Errorf("%s: %v", answer, err)
		}
		if _, err := w.Trigger("", campaignOutcomeEvent, nil); (err == nil) != (answer != "none") || err != nil && !strings.Contains(err.Error(), "campaign-plan") {
			t.Errorf("%s: trigger: %v", answer, err)
		}
	}
}
