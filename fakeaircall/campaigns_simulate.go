package fakeaircall

import (
	"cmp"
	"slices"
	"strings"
)

// A SimulatedCampaign is an outbound campaign that SimulateCampaign starts. The zero value is a new campaign, in which all
// users who can call at the moment call five contacts of the company.
type SimulatedCampaign struct {
	// ID is the campaign to start, if it is a draft, or to resume, if it is paused; "" makes a new one. The fields up to
	// CallAttempts are for a new one.
	ID string

	Name         string   // "" means Simulated
	Contacts     []string // phone numbers in E.164
	UserIDs      []int64  // who calls
	CallAttempts int64    // how often a contact is called at most; 0 means 3

	// Outcomes are the names or ids of the outcomes of the next attempts, in order: Booked, or No Answer. The fake draws
	// the outcomes of later attempts.
	Outcomes []string
}

// maxOutcomes bounds SimulatedCampaign.Outcomes.
const maxOutcomes = 1000

// SimulateCampaign starts an outbound campaign in an account, "" for the first, and returns its id. It calls as the clock
// moves. Its error is a *Refusal.
func (s *Server) SimulateCampaign(account string, sc SimulatedCampaign) (id string, err error) {
	err = s.in(account, func(t *tx) error {
		id, err = t.simulateCampaign(sc)
		return err
	})
	return id, err
}

func (t *tx) simulateCampaign(sc SimulatedCampaign) (string, error) {
	if plan := t.account.assume.campaigns; !plan.agents && (sc.ID == "" || !plan.voice) {
		return "", conflict("the account has no outbound campaigns of agents: choose another answer to the assumption campaign-plan")
	}
	script, err := t.outcomeIDs(sc.Outcomes)
	if err != nil {
		return "", err
	}
	c, people, err := t.campaignToStart(sc)
	if err != nil {
		return "", err
	}
	if c.N == 0 {
		t.addCampaign(c)
		_, _ = t.addCampaignContacts(c, people) // there are fewer than the maximum
	}
	move := "launch"
	switch c.Status {
	case campaignInProgress:
		move = ""
	case campaignPaused:
		move = "resume"
	}
	if move != "" {
		if err := t.moveCampaign(c, move); err != nil {
			return "", conflict("campaign %s cannot call: %s", c.ID, err.troubleshoot)
		}
	}
	t.campaigning.campaigns.update(c, func() { c.Script = script })
	return c.ID, nil
}

// campaignToStart returns the campaign with the ID, or a new one with its contacts.
func (t *tx) campaignToStart(sc SimulatedCampaign) (*campaign, []*campaignContact, error) {
	if sc.ID != "" {
		c, ok := t.campaigning.named(sc.ID)
		switch {
		case !ok:
			return nil, nil, missing("account %q has no campaign %.60s", t.account.Account.Name, sc.ID)
		case sc.Name != "" || len(sc.Contacts) > 0 || len(sc.UserIDs) > 0 || sc.CallAttempts != 0:
			return nil, nil, mistaken("a campaign that exists has its name, contacts, user_ids and call_attempts: give outcomes only")
		}
		return c, nil, nil
	}
	switch {
	case sc.CallAttempts < 0 || sc.CallAttempts > maxCallAttempts:
		return nil, nil, mistaken("call_attempts %d: give 1 to %d", sc.CallAttempts, maxCallAttempts)
	case len(sc.Name) > 255:
		return nil, nil, mistaken("name has %d bytes, the most is 255", len(sc.Name))
	case len(sc.Contacts) > maxCampaignContacts:
		return nil, nil, mistaken("%d contacts: a campaign has %d at most", len(sc.Contacts), maxCampaignContacts)
	case t.campaigning.campaigns.len() >= maxCampaigns:
		return nil, nil, conflict("the account has %d campaigns, which is the maximum", maxCampaigns)
	}
	users, err := t.campaignCallers(sc.UserIDs)
	if err != nil {
		return nil, nil, err
	}
	people, err := t.peopleToCall(sc.Contacts)
	c := newCampaign()
	c.Name, c.Attempts, c.Users = cmp.Or(sc.Name, "Simulated"), cmp.Or(sc.CallAttempts, c.Attempts), users
	return c, people, err
}

// campaignCallers checks that the users exist. Without any it returns those who can call at the moment.
func (t *tx) campaignCallers(ids []int64) ([]int64, error) {
	for _, id := range ids {
		if _, ok := t.users.get(id); !ok {
			return nil, missing("there is no user %d", id)
		}
	}
	if len(ids) > 0 {
		return slices.Clone(ids), nil
	}
	for _, u := range t.users.order {
		if t.cannotDial(&campaign{Users: []int64{u.ID}}) == "" {
			ids = append(ids, u.ID)
		}
	}
	if len(ids) == 0 {
		return nil, conflict("no user can call now: all are offline, or their lines are closed")
	}
	return ids, nil
}

// peopleToCall returns contacts with the phone numbers. Without any it takes five contacts of the company, or numbers that
// nobody has.
func (t *tx) peopleToCall(phones []string) (people []*campaignContact, err error) {
	for _, phone := range phones {
		if !possiblePhone(phone) {
			return nil, mistaken("%.40q is not a phone number in E.164, such as +33199001234", phone)
		}
		people = append(people, &campaignContact{Phone: digits(phone)})
	}
	for _, c := range t.contacts.order {
		if len(c.Phones) > 0 && len(phones) == 0 && len(people) < 5 {
			people = append(people, &campaignContact{Phone: digits(c.Phones[0].Value), FirstName: c.FirstName, LastName: c.LastName, Company: c.CompanyName})
		}
	}
	if people == nil {
		people = append(people, &campaignContact{Phone: digits(t.someContact())})
	}
	return people, nil
}

// outcomeIDs returns the ids of outcomes that are given by id or by name.
func (t *tx) outcomeIDs(refs []string) (ids []string, err error) {
	all := t.campaignOutcomes()
	for _, ref := range refs {
		i := slices.IndexFunc(all, func(o campaignOutcome) bool { return o.id == ref || strings.EqualFold(o.name, ref) })
		if i < 0 {
			return nil, mistaken("outcome %.40q: give one of %s, %s", ref, strings.Join(outcomeNames, ", "), noAnswer.name)
		}
		ids = append(ids, all[i].id)
	}
	if len(ids) > maxOutcomes {
		return nil, mistaken("%d outcomes: give %d at most", len(ids), maxOutcomes)
	}
	return ids, nil
}

// A Campaign is an outbound campaign.
type Campaign struct {
	ID       string      `json:"id"`
	Name     string      `json:"name"`
	Status   string      `json:"status" about:"draft, in_progress, paused, completed or archived."`
	PausedBy string      `json:"paused_by" about:"Why it paused by itself: no agent, no number or business hours; empty: it did not."`
	Users    []Reference `json:"users" about:"Who calls, members of teams included."`
	Contacts int         `json:"contacts"`
	Done     int         `json:"done" about:"Contacts that it does not call again."`
	Attempts int         `json:"attempts" about:"Calls so far."`
}

func (v Campaign) texts() []string { return []string{v.ID, v.Name, v.Status} }

func (t *tx) recordCampaign(c *campaign) Campaign {
	v := Campaign{ID: c.ID, Name: c.Name, Status: string(c.Status), PausedBy: c.Pause, Users: []Reference{}}
	for _, u := range t.campaignAgents(c) {
		v.Users = append(v.Users, Reference{u.ID, u.name()})
	}
	for _, p := range t.campaigning.contactsOf(c) {
		v.Contacts++
		v.Attempts += int(p.Made)
		if p.Over {
			v.Done++
		}
	}
	return v
}

// Campaign returns an outbound campaign by its id in the API.
func (a AccountHandle) Campaign(id string) (v Campaign, err error) {
	err = a.do(func(t *tx) error {
		c, ok := t.campaigning.named(id)
		if !ok {
			return missing("account %q has no campaign %.60s", a.Name, id)
		}
		v = t.recordCampaign(c)
		return nil
	})
	return v, err
}

// Campaigns returns the selected outbound campaigns, as Calls does.
func (a AccountHandle) Campaigns(q Query) ([]Campaign, int, error) {
	return findRecords(a, q, func(t *tx) (*table[*campaign], func(*campaign) Campaign) {
		return &t.campaigning.campaigns, t.recordCampaign
	})
}
