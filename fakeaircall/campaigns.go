package fakeaircall

import (
	"fmt"
	"slices"
	"time"
)

// Outbound campaigns, a beta of 2026: https://developer.aircall.io/docs/overview
//
// A campaign calls a list of contacts, for agents or for an AI voice agent. The paths of its contacts and of outcomes are
// those that a client in production reads, and POST /v1/campaigns is documented. All others, and nearly every reply, are
// assumptions.
func campaignRoutes() []route {
	return []route{
		{"list-campaigns", "GET", "/v1/campaigns", railsTier, withCampaigns(listCampaigns)},
		{"create-a-campaign", "POST", "/v1/campaigns", railsTier, withCampaigns(withBody(createCampaign))},
		{"retrieve-a-campaign", "GET", "/v1/campaigns/{id}", railsTier, withCampaigns(retrieveCampaign)},
		{"list-campaign-contacts", "GET", "/v1/campaigns/{id}/contacts", railsTier, withCampaigns(listCampaignContacts)},
		{"add-campaign-contacts", "POST", "/v1/campaigns/{id}/contacts", railsTier, withCampaigns(withBody(addCampaignContacts))},
		{"assign-campaign-agents", "POST", "/v1/campaigns/{id}/agents", railsTier, withCampaigns(withBody(assignCampaignAgents))},
		{"launch-a-campaign", "POST", "/v1/campaigns/{id}/launch", railsTier, withCampaigns(moveCampaign("launch"))},
		{"pause-a-campaign", "POST", "/v1/campaigns/{id}/pause", railsTier, withCampaigns(moveCampaign("pause"))},
		{"resume-a-campaign", "POST", "/v1/campaigns/{id}/resume", railsTier, withCampaigns(moveCampaign("resume"))},
		{"archive-a-campaign", "POST", "/v1/campaigns/{id}/archive", railsTier, withCampaigns(moveCampaign("archive"))},
		{"list-campaign-outcomes", "GET", "/v1/campaign_outcomes", railsTier, withCampaigns(listCampaignOutcomes)},
		{"list-campaign-call-outcomes", "GET", "/v1/campaigns/{id}/call_outcomes", railsTier, withCampaigns(listCallOutcomes)},
	}
}

// Bounds of a campaign and of the fake. Aircall's own are not known.
const (
	maxCampaigns        = 1000   // of an account
	maxCampaignContacts = 10_000 // of a campaign
	maxCampaignAttempts = 50_000 // of an account: the newest are kept
	maxCallAttempts     = 10
	maxRingingTimeout   = 120 // seconds

	usualCallAttempts   = 3 // as the next, in the sample of Aircall's guide
	usualRingingTimeout = 30
)

// campaigning has the outbound campaigns of an account.
type campaigning struct {
	campaigns table[*campaign]
	contacts  table[*campaignContact]
	attempts  table[*campaignAttempt]
	last      int64 // counts the entities of the three tables
}

func newCampaigning() campaigning {
	return campaigning{campaigns: newTable[*campaign](), contacts: newTable[*campaignContact](), attempts: newTable[*campaignAttempt]()}
}

func (c *campaigning) id() int64 {
	c.last++
	return c.last
}

// A campaignStatus is documented, as is what it means.
type campaignStatus string

const (
	campaignDraft      campaignStatus = "draft"       // it can be edited, and nothing is dialed
	campaignInProgress campaignStatus = "in_progress" // it dials
	campaignPaused     campaignStatus = "paused"      // it keeps its queue
	campaignCompleted  campaignStatus = "completed"   // it has gone through all contacts
	campaignArchived   campaignStatus = "archived"
)

type campaign struct {
	N           int64          `json:"n,omitzero"`
	ID          string         `json:"id,omitzero"` // a UUID of version 7
	Created     int64          `json:"created,omitzero"`
	Updated     int64          `json:"updated,omitzero"`
	Name        string         `json:"name,omitzero"`
	Description string         `json:"description,omitzero"`
	Strategy    string         `json:"strategy,omitzero"` // which number the contacts see
	Attempts    int64          `json:"attempts,omitzero"` // for each contact, at most
	Ringing     int64          `json:"ringing,omitzero"`  // seconds that a contact's phone rings
	Agent       string         `json:"agent,omitzero"`    // the AI voice agent that calls; "": users do
	Users       []int64        `json:"users,omitzero"`
	Teams       []int64        `json:"teams,omitzero"`
	Status      campaignStatus `json:"status,omitzero"`
	Pause       string         `json:"pause,omitzero"`  // why it paused by itself
	Turn        int64          `json:"turn,omitzero"`   // of the timer that dials next; all others do nothing
	Script      []string       `json:"script,omitzero"` // ids of the outcomes of the next attempts
}

func (c *campaign) identity() (id, created int64) { return c.N, 0 }

func (c *campaign) clone() *campaign {
	v := *c
	v.Users, v.Teams, v.Script = slices.Clone(c.Users), slices.Clone(c.Teams), slices.Clone(c.Script)
	return &v
}

// newCampaign returns a draft with what Aircall sets itself.
func newCampaign() *campaign {
	return &campaign{Status: campaignDraft, Strategy: "agent_number_pool", Attempts: usualCallAttempts, Ringing: usualRingingTimeout}
}

// named returns the campaign with an id of the API.
func (g *campaigning) named(id string) (*campaign, bool) {
	return g.campaigns.first(func(c *campaign) bool { return c.ID == id })
}

// A campaignContact is a person whom a campaign calls. It is not a contact of the company.
type campaignContact struct {
	N         int64   `json:"n,omitzero"`
	Campaign  int64   `json:"campaign,omitzero"`
	Phone     string  `json:"phone,omitzero"` // digits
	FirstName *string `json:"first_name,omitzero"`
	LastName  *string `json:"last_name,omitzero"`
	Email     *string `json:"email,omitzero"`
	Company   *string `json:"company,omitzero"`
	Note      *string `json:"note,omitzero"`

	Made   int64 `json:"made,omitzero"`          // attempts
	Next   int64 `json:"next,omitzero" unix:"s"` // no attempt before this time
	Queued bool  `json:"queued,omitzero"`        // an attempt is under way, or about to begin
	Over   bool  `json:"over,omitzero"`          // it is not called again
}

func (c *campaignContact) identity() (id, created int64) { return c.N, 0 }

func (c *campaignContact) clone() *campaignContact { return new(*c) }

// viewCampaignContact returns the members that a client in production reads. The phone number comes back as digits without
// a plus (seen there); the order is that of the client's type.
func viewCampaignContact(c *campaignContact) raw {
	return encode(envelope{
		{"phone_number", c.Phone}, {"first_name", c.FirstName}, {"last_name", c.LastName},
		{"email", c.Email}, {"company_name", c.Company}, {"note", c.Note},
	})
}

// viewCampaign returns a campaign. Only the members that a request can set are documented.
func viewCampaign(c *campaign) envelope {
	return envelope{
		{"id", c.ID}, {"name", c.Name}, {"description", orNull(c.Description)}, {"status", c.Status},
		{"caller_id_strategy", c.Strategy}, {"call_attempts", c.Attempts}, {"external_ringing_timeout", c.Ringing},
		{"aiva_agent_id", orNull(c.Agent)}, {"user_ids", append([]int64{}, c.Users...)}, {"team_ids", append([]int64{}, c.Teams...)},
		{"created_at", isoTime(c.Created)}, {"updated_at", isoTime(c.Updated)},
	}
}

// campaignPlan has the entitlements of a company, which do not imply each other (documented).
type campaignPlan struct{ agents, voice bool }

var campaignPlans = map[string]campaignPlan{"": {true, true}, "both": {true, true}, "agents": {agents: true}, "voice-agents": {voice: true}, "none": {}}

// withCampaigns returns a handler that refuses every request of a company without any entitlement.
func withCampaigns(h handler) handler {
	return func(r *request) (reply, error) {
		if r.assume.campaigns == (campaignPlan{}) {
			return reply{}, errNoCampaigns
		}
		return h(r)
	}
}

var errNoCampaigns = &apiError{status: 403, troubleshoot: "This needs the entitlement for outbound campaigns"}

// withCampaign runs f on the campaign of the path.
func (r *request) withCampaign(f func(*tx, *campaign) error) error {
	return r.do(func(t *tx) error {
		c, ok := t.campaigning.named(r.path["id"])
		if !ok {
			return errNotFound
		}
		return f(t, c)
	})
}

// answerCampaign runs f on the campaign of the path, and replies with the campaign as it is afterwards.
func (r *request) answerCampaign(f func(*tx, *campaign) error) (rep reply, err error) {
	err = r.withCampaign(func(t *tx, c *campaign) error {
		err := f(t, c)
		rep = one(200, "campaign", viewCampaign(c))
		return err
	})
	return rep, err
}

func listCampaigns(r *request) (reply, error) {
	l, err := r.listing(listSpec{})
	if err != nil {
		return reply{}, err
	}
	var views []raw
	err = r.do(func(t *tx) error {
		views = collect(&l, t.campaigning.campaigns.order, nil, func(c *campaign) raw { return encode(viewCampaign(c)) })
		return nil
	})
	return r.list("campaigns", views, l), err
}

func retrieveCampaign(r *request) (reply, error) {
	return r.answerCampaign(func(*tx, *campaign) error { return nil })
}

func createCampaign(r *request, in object) (reply, error) {
	c := newCampaign()
	if err := c.read(in); err != nil {
		return reply{}, err
	}
	var rep reply
	err := r.do(func(t *tx) error {
		switch {
		case c.Agent != "" && !r.assume.campaigns.voice, c.Agent == "" && !r.assume.campaigns.agents:
			return errNoCampaigns
		case c.Agent != "" && t.numbers.len() == 0:
			return invalid("aiva_agent_id is not an agent of the company")
		case t.campaigning.campaigns.len() >= maxCampaigns:
			return refused("the company has %d campaigns, which is the maximum", maxCampaigns)
		}
		t.addCampaign(c)
		rep = one(201, "campaign", viewCampaign(c))
		return nil
	})
	return rep, err
}

// addCampaign adds a new campaign.
func (t *tx) addCampaign(c *campaign) {
	c.N, c.ID, c.Created, c.Updated = t.campaigning.id(), t.random.uuid7(t.now), t.unix(), t.unix()
	t.campaigning.campaigns.insert(c)
}

// read sets the members that a request can set.
func (c *campaign) read(in object) (err error) {
	if c.Name, err = textIn(in, "name", 255); err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		at   *string
	}{{"description", &c.Description}, {"caller_id_strategy", &c.Strategy}, {"aiva_agent_id", &c.Agent}} {
		text, _, err := campaignTextIn(in, f.name)
		if err != nil {
			return err
		}
		if text != "" {
			*f.at = text
		}
	}
	if _, ok := agents[c.Agent]; !ok && c.Agent != "" {
		return invalid("aiva_agent_id is not an agent of the company")
	}
	for _, f := range []struct {
		name string
		at   *int64
		most int64
	}{{"call_attempts", &c.Attempts, maxCallAttempts}, {"external_ringing_timeout", &c.Ringing, maxRingingTimeout}} {
		n, state, err := in.integer(f.name)
		switch {
		case err != nil:
			return err
		case state == isPresent && (n < 1 || n > f.most):
			return invalid("%s must be between 1 and %d", f.name, f.most)
		case state == isPresent:
			*f.at = n
		}
	}
	return nil
}

// campaignTextIn reads a text of at most 1,000 bytes.
func campaignTextIn(in object, name string) (string, presence, error) {
	text, state, err := in.text(name)
	if err == nil && len(text) > 1000 {
		err = invalid("%s is too long (maximum is 1000 bytes)", name)
	}
	return text, state, err
}

// mustBeDraft fails if a campaign cannot be edited any more.
func (c *campaign) mustBeDraft() error {
	if c.Status != campaignDraft {
		return wrongStatus(c)
	}
	return nil
}

// wrongStatus is in the form of Aircall's other refusals by state.
func wrongStatus(c *campaign) *apiError {
	return &apiError{status: 405, troubleshoot: fmt.Sprintf("The campaign is currently %s", c.Status)}
}

// listCampaignContacts has no meta: the client in production, which asks for one phone number, reads none.
func listCampaignContacts(r *request) (reply, error) {
	l, err := r.listing(listSpec{})
	if err != nil {
		return reply{}, err
	}
	phone := r.query.Get("phone_number")
	var views []raw
	err = r.withCampaign(func(t *tx, c *campaign) error {
		views = collect(&l, t.campaigning.contacts.order, func(p *campaignContact) bool {
			return p.Campaign == c.N && (phone == "" || p.Phone == digits(phone))
		}, viewCampaignContact)
		return nil
	})
	return flat(200, envelope{{"contacts", views}}), err
}

// addCampaignContacts adds all contacts of the body, or none. It answers with those that are new.
func addCampaignContacts(r *request, in object) (rep reply, err error) {
	err = r.withCampaign(func(t *tx, c *campaign) error {
		if err := c.mustBeDraft(); err != nil {
			return err
		}
		people, err := campaignContactsIn(in)
		if err != nil {
			return err
		}
		added, err := t.addCampaignContacts(c, people)
		rep = flat(201, envelope{{"contacts", added}})
		return err
	})
	return rep, err
}

// addCampaignContacts adds the people whose phone number the campaign does not have yet, and returns their views.
func (t *tx) addCampaignContacts(c *campaign, people []*campaignContact) ([]raw, error) {
	if len(t.campaigning.contactsOf(c))+len(people) > maxCampaignContacts {
		return nil, refused("a campaign has %d contacts at most", maxCampaignContacts)
	}
	added := []raw{}
	for _, p := range t.campaigning.addContacts(c, people) {
		added = append(added, viewCampaignContact(p))
	}
	t.campaigning.campaigns.update(c, func() { c.Updated = t.unix() })
	return added, nil
}

// addContacts adds the people whose phone number the campaign does not have yet, and returns them.
func (g *campaigning) addContacts(c *campaign, people []*campaignContact) (added []*campaignContact) {
	known := make(map[string]bool)
	for _, p := range g.contactsOf(c) {
		known[p.Phone] = true
	}
	for _, p := range people {
		if !known[p.Phone] {
			known[p.Phone] = true
			p.N, p.Campaign = g.id(), c.N
			g.contacts.insert(p)
			added = append(added, p)
		}
	}
	return added
}

// contactsOf returns the contacts of a campaign, in the order in which they were added.
func (g *campaigning) contactsOf(c *campaign) (list []*campaignContact) {
	for _, p := range g.contacts.order {
		if p.Campaign == c.N {
			list = append(list, p)
		}
	}
	return list
}

// campaignContactsIn reads the contacts of a body.
func campaignContactsIn(in object) (people []*campaignContact, err error) {
	list, state, err := in.objects("contacts")
	switch {
	case err != nil:
		return nil, err
	case state != isPresent || len(list) == 0:
		return nil, invalid("contacts can't be blank")
	}
	for _, o := range list {
		phone, _, err := o.text("phone_number")
		switch {
		case err != nil:
			return nil, err
		case !possiblePhone(phone):
			return nil, invalid("phone_number must be a phone number in E.164 format, got %.40q", phone)
		}
		p := &campaignContact{Phone: digits(phone)}
		for _, f := range []struct {
			name string
			at   **string
		}{{"first_name", &p.FirstName}, {"last_name", &p.LastName}, {"email", &p.Email}, {"company_name", &p.Company}, {"note", &p.Note}} {
			text, state, err := campaignTextIn(o, f.name)
			if err != nil {
				return nil, err
			}
			if state == isPresent {
				*f.at = &text
			}
		}
		people = append(people, p)
	}
	return people, nil
}

// assignCampaignAgents replaces the users and the teams whose members call.
func assignCampaignAgents(r *request, in object) (reply, error) {
	return r.answerCampaign(func(t *tx, c *campaign) error {
		var users, teams []int64
		if _, err := in.decode("user_ids", "an array of ids", &users); err != nil {
			return err
		}
		if _, err := in.decode("team_ids", "an array of ids", &teams); err != nil {
			return err
		}
		switch {
		case c.mustBeDraft() != nil:
			return c.mustBeDraft()
		case c.Agent != "":
			return refused("an AI voice agent calls in this campaign")
		case len(users)+len(teams) == 0:
			return invalid("user_ids or team_ids is required")
		case len(users)+len(teams) > maxCampaigns:
			return invalid("a campaign has %d users and teams at most", maxCampaigns)
		}
		for _, id := range users {
			if _, ok := t.users.get(id); !ok {
				return invalid("user_ids: %d is not a user of the company", id)
			}
		}
		for _, id := range teams {
			if _, ok := t.teams.get(id); !ok {
				return invalid("team_ids: %d is not a team of the company", id)
			}
		}
		t.campaigning.campaigns.update(c, func() { c.Users, c.Teams, c.Updated = users, teams, t.unix() })
		return nil
	})
}

// campaignMoves has what a request makes of a status.
var campaignMoves = map[string]struct {
	from []campaignStatus
	to   campaignStatus
}{
	"launch":  {[]campaignStatus{campaignDraft}, campaignInProgress},
	"pause":   {[]campaignStatus{campaignInProgress}, campaignPaused},
	"resume":  {[]campaignStatus{campaignPaused}, campaignInProgress},
	"archive": {[]campaignStatus{campaignDraft, campaignPaused, campaignCompleted}, campaignArchived},
}

// moveCampaign returns the handler of a move.
func moveCampaign(name string) handler {
	return func(r *request) (reply, error) {
		return r.answerCampaign(func(t *tx, c *campaign) error {
			if err := t.moveCampaign(c, name); err != nil {
				return err
			}
			return nil
		})
	}
}

// moveCampaign changes the status of a campaign, as far as its present status allows.
func (t *tx) moveCampaign(c *campaign, name string) *apiError {
	move := campaignMoves[name]
	if !slices.Contains(move.from, c.Status) {
		return wrongStatus(c)
	}
	if name == "launch" {
		switch {
		case len(t.campaigning.contactsOf(c)) == 0:
			return refused("the campaign has no contacts")
		case c.Agent == "" && len(c.Users)+len(c.Teams) == 0:
			return refused("the campaign has no agents")
		}
	}
	t.setCampaignStatus(c, move.to, "")
	return nil
}

// A campaignOutcome is how an attempt ended.
type campaignOutcome struct{ id, name string }

// noAnswer is the predefined outcome of an attempt that the contact did not answer.
var noAnswer = campaignOutcome{"no_answer", "No Answer"}

// outcomeNames are those of the custom outcomes, as they were seen in a client in production.
var outcomeNames = []string{"Booked", "Connected", "Referral", "Follow Up", "More Info", "Not Interested"}

// outcomesMade is when a company got its custom outcomes, which their ids tell.
var outcomesMade = time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)

// campaignOutcomes returns the outcomes of the company. Nothing changes them, so they need no records.
func (s *state) campaignOutcomes() []campaignOutcome {
	list := []campaignOutcome{}
	rnd := random{uint64(s.companyID)}
	for i, name := range outcomeNames {
		list = append(list, campaignOutcome{rnd.uuid7(outcomesMade.Add(time.Duration(i) * time.Minute)), name})
	}
	return append(list, noAnswer)
}

// listCampaignOutcomes has no meta, since a company has few outcomes.
func listCampaignOutcomes(r *request) (rep reply, err error) {
	err = r.do(func(t *tx) error {
		views := []raw{}
		for _, o := range t.campaignOutcomes() {
			views = append(views, encode(envelope{{"id", o.id}, {"name", o.name}}))
		}
		rep = flat(200, envelope{{"campaign_outcomes", views}})
		return nil
	})
	return rep, err
}

// listCallOutcomes lists the outcomes of a campaign's attempts, in the form of their events.
func listCallOutcomes(r *request) (reply, error) {
	l, err := r.listing(listSpec{})
	if err != nil {
		return reply{}, err
	}
	var views []raw
	err = r.withCampaign(func(t *tx, c *campaign) error {
		views = collect(&l, t.campaigning.attempts.order, func(a *campaignAttempt) bool {
			return a.Campaign == c.N && a.Outcome != ""
		}, func(a *campaignAttempt) raw { return t.viewOutcome(c, a) })
		return nil
	})
	return r.list("call_outcomes", views, l), err
}

// uuid7 returns a text in the form of a version 7 UUID, whose first 48 bits are the milliseconds of an instant.
func (r *random) uuid7(at time.Time) string {
	h := fmt.Sprintf("%012x", at.UnixMilli()) + r.uuid()[14:] // which has the version first
	return h[:8] + "-" + h[8:12] + "-7" + h[13:]
}
