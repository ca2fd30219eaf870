package fakeaircall

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// 2,000 contacts in campaigns that share their agents and are paused now and then: no contact gets more attempts than
// the campaign makes, each attempt has one outcome, no agent has two calls at once, and a paused campaign dials nobody.
func TestCampaignsDial(t *testing.T) {
	w, users := campaignWorld(t, Options{})
	seen := make(map[string]int) // outcomes by attempt
	seq := uint64(0)
	look := func() {
		for _, e := range w.events() {
			if e.Seq > seq && e.Name == campaignOutcomeEvent {
				o := object{}
				_ = o.read(string(e.Data))
				id, _, _ := o.text("attempt_id")
				seen[id]++
			}
			seq = max(seq, e.Seq)
		}
	}
	rnd, contacts := random{7}, 200
	if underRace {
		contacts = 40
	}
	var paths []string
	for i := range 10 {
		of := [][]string{users, users[:1], users[1:]}[rnd.intn(3)]
		path := w.newCampaign(contacts, of, fmt.Sprintf(`,"call_attempts":%d,"external_ringing_timeout":%d`, 1+i%4, 1+rnd.intn(40)))
		w.send("POST", path+"/launch", "").wantStatus(200)
		paths = append(paths, path)
	}
	paused := make(map[string]int) // attempts of a paused campaign
	attempts := func(path string) (n int) {
		w.change(func(t *tx) {
			for _, a := range t.campaigning.attempts.order {
				if c, _ := t.campaigning.campaigns.get(a.Campaign); strings.HasSuffix(path, c.ID) {
					n++
				}
			}
		})
		return n
	}
	for open := len(paths); open > 0; {
		for range 20 { // fewer than 1,000 events each time
			w.Advance(3 * time.Minute)
			look()
		}
		open = 0
		for _, path := range paths {
			switch status := w.get(path).text("campaign.status"); {
			case status == "paused":
				if n := attempts(path); n != paused[path] {
					t.Fatalf("a paused campaign has %d attempts, and had %d", n, paused[path])
				}
				w.send("POST", path+"/resume", "").wantStatus(200)
				open++
			case status == "in_progress":
				open++
				if rnd.chance(10) {
					w.send("POST", path+"/pause", "").wantStatus(200)
					paused[path] = attempts(path)
				}
			case status != "completed":
				t.Fatalf("a campaign is %s", status)
			}
		}
	}
	w.change(func(x *tx) { x.checkAttempts(t, 10*contacts, seen) })
}

func (x *tx) checkAttempts(t *testing.T, contacts int, seen map[string]int) {
	if n := x.campaigning.contacts.len(); n != contacts {
		t.Errorf("%d contacts, want %d", n, contacts)
	}
	byContact, byUser := make(map[int64][]*campaignAttempt), make(map[int64][]*call)
	for _, a := range x.campaigning.attempts.order {
		if seen[a.ID] != 1 || a.Outcome == "" {
			t.Errorf("attempt %s has %d outcomes", a.ID, seen[a.ID])
		}
		byContact[a.Contact] = append(byContact[a.Contact], a)
		k, _ := x.calls.get(a.Call)
		byUser[a.User] = append(byUser[a.User], k)
	}
	if len(seen) != x.campaigning.attempts.len() {
		t.Errorf("%d outcomes of %d attempts", len(seen), x.campaigning.attempts.len())
	}
	for _, p := range x.campaigning.contacts.order {
		made := byContact[p.N]
		c, _ := x.campaigning.campaigns.get(p.Campaign)
		if len(made) == 0 || int64(len(made)) > c.Attempts {
			t.Errorf("contact %d has %d attempts of %d", p.N, len(made), c.Attempts)
		}
		for i, a := range made {
			if last := i == len(made)-1; a.Number != int64(i+1) || !last && a.Outcome != noAnswer.id || last && a.Outcome == noAnswer.id && int64(i+1) < c.Attempts {
				t.Errorf("contact %d: attempt %d is the number %d with the outcome %s", p.N, i+1, a.Number, a.Outcome)
			}
		}
	}
	for user, calls := range byUser {
		slices.SortFunc(calls, func(a, b *call) int { return cmp.Compare(a.Started, b.Started) })
		for i, k := range calls[1:] {
			if before := calls[i]; k.Started < before.Ended {
				t.Errorf("user %d has call %d until %d, and call %d from %d", user, before.ID, before.Ended, k.ID, k.Started)
			}
		}
	}
}

// A campaign pauses by itself when it cannot call anyone, and goes on when it is resumed.
func TestCampaignPauses(t *testing.T) {
	for reason, hinder := range map[string]func(w world, user, line string){
		"no agent": func(w world, user, _ string) {
			w.send("PUT", "/v2/users/"+user, `{"availability_status":"unavailable"}`).wantStatus(200)
		},
		"no number": func(w world, _, line string) {
			w.send("PUT", "/v1/numbers/"+line, `{"availability_status":"closed"}`).wantStatus(200)
		},
		"business hours": func(w world, _, line string) {
			w.send("PUT", "/v1/numbers/"+line, `{"availability_status":"custom"}`).wantStatus(200)
			w.Advance(8 * time.Hour) // to 21:00 in Paris
		},
	} {
		t.Run(reason, func(t *testing.T) {
			w, users := campaignWorld(t, Options{})
			var line string
			w.change(func(t *tx) { line = fmt.Sprint(t.numbers.order[len(t.numbers.order)-2].ID) })
			path := w.newCampaign(3, users[:1], "")
			if reason != "business hours" {
				w.send("POST", path+"/launch", "").wantStatus(200)
				w.Advance(time.Second)
			}
			hinder(w, users[0], line)
			if reason == "business hours" {
				w.send("POST", path+"/launch", "").wantStatus(200)
			}
			w.Advance(time.Hour)
			if got := w.get(path).text("campaign.status"); got != "paused" {
				t.Fatalf("the campaign is %s", got)
			}
			w.change(func(x *tx) {
				if c := x.campaigning.campaigns.order[0]; c.Pause != reason {
					t.Errorf("paused for %q", c.Pause)
				}
			})
			w.send("PUT", "/v2/users/"+users[0], `{"availability_status":"available"}`).wantStatus(200)
			w.send("PUT", "/v1/numbers/"+line, `{"availability_status":"open"}`).wantStatus(200)
			w.send("POST", path+"/resume", "").wantStatus(200)
			w.Advance(3 * time.Hour)
			if got := w.get(path).text("campaign.status"); got != "completed" {
				t.Errorf("the campaign is %s", got)
			}
		})
	}
}

// A pause lets the call under way finish.
func TestCampaignPauseFinishes(t *testing.T) {
	w, users := campaignWorld(t, Options{})
	path := w.newCampaign(5, users[:1], "")
	w.send("POST", path+"/launch", "").wantStatus(200)
	w.send("POST", path+"/pause", "").wantStatus(200)
	if got := w.get("/v1/calls").list("calls", "status"); !slices.Equal(got, []string{"initial"}) {
		t.Errorf("calls %v", got)
	}
	w.Advance(time.Hour)
	if n := w.get(path + "/call_outcomes").at("meta.total"); n != "1" {
		t.Errorf("%s outcomes", n)
	}
}

// An AI voice agent calls up to five contacts at once, from one line each.
func TestCampaignOfVoiceAgent(t *testing.T) {
	w, _ := campaignWorld(t, Options{})
	path := w.newCampaign(7, nil, `,"aiva_agent_id":"agent-def456"`)
	w.send("POST", path+"/launch", "").wantStatus(200)
	w.send("POST", path+"/pause", "").wantStatus(200)
	w.Advance(10 * time.Minute)
	if n := w.get("/v1/calls").at("meta.total"); n != "0" {
		t.Errorf("the paused campaign made %s calls", n)
	}
	w.send("POST", path+"/resume", "").wantStatus(200)
	w.Advance(10 * time.Minute)
	if got := w.get(path).text("campaign.status"); got != "completed" {
		t.Errorf("the campaign is %s", got)
	}
	w.get(path + "/call_outcomes").wantStatus(200)
	outcomes := w.get(path+"/call_outcomes").list("call_outcomes", "outcome_id")
	if len(outcomes) != 7 || slices.Contains(outcomes, noAnswer.id) {
		t.Errorf("outcomes %v", outcomes)
	}
	for _, name := range []string{"ai_voice_agent.started", "ai_voice_agent.ended", "call.tagged"} {
		n := 0
		for _, e := range w.events() {
			if e.Name == name {
				n++
			}
		}
		if n != 7 {
			t.Errorf("%s %d times", name, n)
		}
	}
}

// With an answer to webhook-events, the status has an event whose form is made up.
func TestCampaignStatusEvent(t *testing.T) {
	w, users := campaignWorld(t, Options{Assume: map[string]string{"webhook-events": "campaigns"}})
	w.send("POST", "/v1/webhooks", `{"url":"http://127.0.0.1:1/in","events":["outbound_campaign.status_changed"]}`).wantStatus(201)
	path := w.newCampaign(1, users, "")
	w.send("POST", path+"/launch", "").wantStatus(200)
	w.send("POST", path+"/pause", "").wantStatus(200)
	e := w.last(campaignStatusEvent)
	var company int64
	w.change(func(t *tx) { company = t.companyID })
	e.want(0, fmt.Sprintf(`{"id":"%s","company_id":%d,"status":"paused","previous_status":"in_progress"}`, strings.TrimPrefix(path, "/v1/campaigns/"), company))
	d, err := w.Deliveries("")
	if err != nil || len(d) != 2 || !strings.HasPrefix(string(d[0].Body), `{"resource":"outbound_campaign","event":"outbound_campaign.status_changed","timestamp":1772452800,`) {
		t.Errorf("deliveries %+v, %v", d, err)
	}
}

// The store and a copy have campaigns, and a server that goes on from them dials on.
func TestCampaignsAreKept(t *testing.T) {
	m := newMemoryStore()
	w, users := campaignWorld(t, Options{Store: m})
	path := w.newCampaign(4, users, "")
	w.send("POST", path+"/launch", "").wantStatus(200)
	for range 3 {
		w.Advance(time.Minute)
		m.mustHaveAll(t, w.Server)
	}
	there := kept(t, m.copy(), Options{Clock: noon, RateLimit: NoRateLimit})
	restored := w.Snapshot()
	w.Advance(3 * time.Hour)
	there.Advance(3 * time.Hour)
	want := w.get(path + "/call_outcomes").wantStatus(200).body
	there.get(path+"/call_outcomes").want(200, strings.ReplaceAll(want, w.URL(), there.URL()))
	text := string(restored.text())
	for _, change := range [][2]string{{`"ringing":30`, `"ringing":0`}, {`"campaign":1,"contact":2`, `"campaign":1,"contact":9999`}, {`"campaign":1,"phone"`, `"campaign":9999,"phone"`}} {
		bad := strings.Replace(text, change[0], change[1], 1)
		if _, err := ParseSnapshot([]byte(bad)); bad == text || err == nil || !strings.Contains(err.Error(), "accounts/default/campaigns") {
			t.Errorf("%s: %v", change[1], err)
		}
	}
	w.Restore(restored)
	w.Advance(3 * time.Hour)
	w.get(path+"/call_outcomes").want(200, want)
	w.Reset()
	w.get("/v1/campaigns").wantStatus(200)
	w.get(path).wantStatus(404)
}
