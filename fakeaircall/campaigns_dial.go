package fakeaircall

import (
	"slices"
	"time"
)

// A campaignAttempt is a call of a campaign.
type campaignAttempt struct {
	N        int64  `json:"n,omitzero"`
	ID       string `json:"id,omitzero"` // a UUID of version 4
	Campaign int64  `json:"campaign,omitzero"`
	Contact  int64  `json:"contact,omitzero"`
	Call     int64  `json:"call,omitzero"`
	Line     int64  `json:"line,omitzero"`
	User     int64  `json:"user,omitzero"`    // 0: an AI voice agent
	Number   int64  `json:"number,omitzero"`  // of the contact's attempts, from 1
	Most     int64  `json:"most,omitzero"`    // attempts of the campaign at the time
	Plan     string `json:"plan,omitzero"`    // the id of the outcome, if somebody answers
	Outcome  string `json:"outcome,omitzero"` // its id; "": the call goes on
	Label    string `json:"label,omitzero"`
}

func (a *campaignAttempt) identity() (id, created int64) { return a.N, 0 }

func (a *campaignAttempt) clone() *campaignAttempt { return new(*a) }

// viewOutcome returns the outcome of an attempt as an event has it, which was captured on 2026-10-08.
func (t *tx) viewOutcome(c *campaign, a *campaignAttempt) raw {
	return encode(envelope{
		{"id", a.ID}, {"company_id", t.companyID}, {"call_id", a.Call}, {"number_id", a.Line}, {"campaign_id", c.ID}, {"attempt_id", a.ID},
		{"outcome_id", a.Outcome}, {"outcome_label", a.Label}, {"attempt_number", a.Number}, {"max_attempts", a.Most},
	})
}

// campaignOutcomeEvent is the one event of campaigns that was captured.
const campaignOutcomeEvent = "outbound_campaign.outcome_recorded"

const (
	actDial = act("dial") // the contacts of the campaign id, in its turn n

	campaignRetry = 30 * time.Minute // from an attempt without an answer to the next
	campaignPoll  = 5 * time.Second  // until a campaign looks again for a free agent
)

// setCampaignStatus changes the status. reason says why the campaign paused by itself.
func (t *tx) setCampaignStatus(c *campaign, to campaignStatus, reason string) {
	from := c.Status
	t.campaigning.campaigns.update(c, func() { c.Status, c.Pause, c.Updated = to, reason, t.unix() })
	if t.account.assume.campaignEvents {
		t.emit(campaignStatusEvent, encode(envelope{{"id", c.ID}, {"company_id", t.companyID}, {"status", to}, {"previous_status", from}}))
	}
	if to == campaignInProgress {
		t.dialAfter(0, c)
	}
}

// dialAfter lets a campaign dial after d, and not at another time that was set before.
func (t *tx) dialAfter(d time.Duration, c *campaign) {
	t.campaigning.campaigns.update(c, func() { c.Turn++ })
	t.after(d, actDial, c.N, c.Turn)
}

// dial calls as many contacts as there are free agents. A campaign that cannot call anyone pauses, one that has gone
// through its contacts is completed, and any other dials again later.
func (t *tx) dial(m timer) {
	c, ok := t.campaigning.campaigns.get(m.ID)
	if !ok || c.Status != campaignInProgress || c.Turn != m.N {
		return
	}
	var due []*campaignContact
	under, next := 0, int64(0) // attempts under way, and when a contact is due later
	completed := true
	for _, p := range t.campaigning.contactsOf(c) {
		completed = completed && p.Over
		switch {
		case p.Over:
		case p.Queued:
			under++
		case p.Next <= t.unix():
			due = append(due, p)
		case next == 0 || p.Next < next:
			next = p.Next
		}
	}
	if len(due) > 0 {
		if reason := t.cannotDial(c); reason != "" {
			t.setCampaignStatus(c, campaignPaused, reason)
			return
		}
		due = t.dialDue(c, due, under)
	}
	switch {
	case len(due) > 0:
		t.dialAfter(campaignPoll, c)
	case next != 0:
		t.dialAfter(time.Duration(next-t.unix())*time.Second, c)
	case completed:
		t.setCampaignStatus(c, campaignCompleted, "")
	}
}

// dialDue calls contacts that are due and returns those that remain.
func (t *tx) dialDue(c *campaign, due []*campaignContact, under int) []*campaignContact {
	if c.Agent != "" {
		n := min(len(due), max(0, maxAgentsAtOnce-under))
		for _, p := range due[:n] {
			t.queueForAgent(c, p)
		}
		return due[n:]
	}
	for _, u := range t.campaignAgents(c) {
		if n, ok := t.numbers.get(t.lineOf(u)); ok && len(due) > 0 && t.isOpen(n) && t.isFree(u) {
			t.startAttempt(c, due[0], n, u.ID)
			due = due[1:]
		}
	}
	return due
}

// campaignAgents returns the users of a campaign and of its teams, each once.
func (t *tx) campaignAgents(c *campaign) (list []*user) {
	ids := slices.Clone(c.Users)
	for _, id := range c.Teams {
		if m, ok := t.teams.get(id); ok {
			ids = append(ids, m.Users...)
		}
	}
	for _, id := range ids {
		if u, ok := t.users.get(id); ok && !slices.Contains(list, u) {
			list = append(list, u)
		}
	}
	return list
}

// cannotDial returns why a campaign pauses by itself: no number is left, its agents are gone, or the business hours are
// over (documented). It returns "" if the campaign can dial, now or when an agent is free.
func (t *tx) cannotDial(c *campaign) string {
	if c.Agent != "" {
		if _, ok := t.numbers.first(t.isOpen); !ok {
			return "business hours"
		}
		return ""
	}
	reason := "no agent"
	for _, u := range t.campaignAgents(c) {
		n, ok := t.numbers.get(t.lineOf(u))
		switch {
		case slices.Contains([]string{"offline", "do_not_disturb"}, t.availability(u)):
		case !ok || n.AvailabilityStatus == "closed":
			reason = "no number"
		case !t.isOpen(n):
			reason = "business hours"
		default:
			return ""
		}
	}
	return reason
}

// startAttempt lets a user call a contact.
func (t *tx) startAttempt(c *campaign, p *campaignContact, n *number, user int64) {
	call := t.newCall(n, displayPhone("+"+p.Phone), user, false)
	a := t.addAttempt(c, p, call)
	ring := time.Duration(c.Ringing) * time.Second
	steps := []Action{{Do: ActionHangUp, After: ring}}
	if a.Plan != noAnswer.id {
		ring = time.Duration(t.random.between(1, max(1, int(c.Ringing)*2/3))) * time.Second
		talk := time.Duration(t.random.between(20, 180)) * time.Second
		steps = []Action{{Do: ActionAnswer, After: ring}, {Do: ActionHangUp, After: ring + talk}}
	}
	if g, ok := t.campaignTag(); ok { // after the first event
		steps = slices.Insert(steps, 0, Action{Do: ActionTag, TagID: g.ID, After: min(ring, firstEventAfter)})
	}
	t.begin(call, steps)
	t.calls.update(call, func() { call.Ongoing.Attempt = a.N })
}

// campaignTag returns the system tag of calls of campaigns, unless it was deleted.
func (t *tx) campaignTag() (*tag, bool) {
	return t.tags.first(func(g *tag) bool { return g.Name == "Outbound Campaign" })
}

// startAgentAttempt makes a call of an AI voice agent an attempt to reach a contact.
func (t *tx) startAgentAttempt(p *campaignContact, call *call) {
	c, _ := t.campaigning.campaigns.get(p.Campaign)
	a := t.addAttempt(c, p, call)
	t.beginOngoing(call)
	t.calls.update(call, func() { call.Ongoing.Attempt = a.N })
	if g, ok := t.campaignTag(); ok {
		_ = t.tagBy(call, Action{TagID: g.ID})
	}
}

// dials reports whether the campaign of a contact is in progress.
func (t *tx) dials(p *campaignContact) bool {
	c, ok := t.campaigning.campaigns.get(p.Campaign)
	return ok && c.Status == campaignInProgress
}

// giveBack returns a contact to the queue whom an AI voice agent did not call, because no line was free or the campaign paused.
func (t *tx) giveBack(p *campaignContact) {
	t.campaigning.contacts.update(p, func() { p.Queued = false })
	if c, _ := t.campaigning.campaigns.get(p.Campaign); t.dials(p) {
		t.dialAfter(0, c)
	}
}

// addAttempt adds an attempt, whose outcome is the next of the script, or drawn.
func (t *tx) addAttempt(c *campaign, p *campaignContact, call *call) *campaignAttempt {
	a := &campaignAttempt{
		N: t.campaigning.id(), ID: t.random.uuid(), Campaign: c.N, Contact: p.N, Call: call.ID, Line: call.Number, User: call.User,
		Number: p.Made + 1, Most: c.Attempts, Plan: noAnswer.id,
	}
	switch {
	case len(c.Script) > 0:
		a.Plan = c.Script[0]
		t.campaigning.campaigns.update(c, func() { c.Script = c.Script[1:] })
	case call.User == 0 || t.random.chance(40):
		a.Plan = pick(&t.random, t.campaignOutcomes()).id
	}
	t.campaigning.attempts.insert(a)
	t.campaigning.attempts.keepNewest(maxCampaignAttempts)
	t.campaigning.contacts.update(p, func() { p.Made, p.Queued = p.Made+1, true })
	return a
}

// endAttempt records the outcome of a campaign's call that has just ended.
func (t *tx) endAttempt(call *call) {
	if call.Ongoing == nil {
		return
	}
	a, ok := t.campaigning.attempts.get(call.Ongoing.Attempt)
	if !ok || a.Outcome != "" {
		return
	}
	c, _ := t.campaigning.campaigns.get(a.Campaign)
	p, _ := t.campaigning.contacts.get(a.Contact)
	outcome := noAnswer
	if call.Answered != 0 {
		outcome = t.plannedOutcome(a)
	}
	t.campaigning.attempts.update(a, func() { a.Outcome, a.Label = outcome.id, outcome.name })
	t.campaigning.contacts.update(p, func() {
		p.Queued, p.Over = false, call.Answered != 0 || p.Made >= c.Attempts
		p.Next = t.now.Add(campaignRetry).Unix()
	})
	t.emit(campaignOutcomeEvent, t.viewOutcome(c, a))
	if c.Status == campaignInProgress {
		t.dialAfter(0, c)
	}
}

// plannedOutcome returns the outcome of an attempt that was answered.
func (t *tx) plannedOutcome(a *campaignAttempt) (outcome campaignOutcome) {
	for _, o := range t.campaignOutcomes() {
		if o.id == a.Plan && o != noAnswer {
			return o
		}
		if o.name == "Connected" {
			outcome = o
		}
	}
	return outcome
}

// queueForAgent asks the AI voice agent of a campaign to call a contact.
func (t *tx) queueForAgent(c *campaign, p *campaignContact) {
	t.lastAgentCall++
	a := &agentCall{
		N: t.lastAgentCall, ID: t.random.ulid(t.now), Key: t.random.uuid(), Agent: c.Agent, Phone: "+" + p.Phone,
		Status: "PENDING", Expires: t.unix() + usualExpiration, Contact: p.N,
	}
	t.agentCalls.insert(a)
	t.agentCalls.keepNewest(maxAgentCalls)
	t.campaigning.contacts.update(p, func() { p.Queued = true })
	t.after(agentSteps[0].after, actAgentCall, a.N, 0)
}
