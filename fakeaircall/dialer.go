package fakeaircall

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Dialer campaigns: https://developer.aircall.io/api-references/#dialer-campaign
//
// A user has one at most: the numbers that the Power Dialer rings for him, one
// after the other. No event reports it.
func dialerRoutes() []route {
	return []route{
		{"retrieve-a-dialer-campaign", "GET", "/v1/users/{id}/dialer_campaign", railsTier, retrieveCampaign},
		{"create-a-dialer-campaign", "POST", "/v1/users/{id}/dialer_campaign", railsTier, createCampaign},
		{"delete-a-dialer-campaign", "DELETE", "/v1/users/{id}/dialer_campaign", railsTier, deleteCampaign},
		{"retrieve-phone-numbers", "GET", "/v1/users/{id}/dialer_campaign/phone_numbers", railsTier, listCampaignPhones},
		{"add-phone-numbers", "POST", "/v1/users/{id}/dialer_campaign/phone_numbers", railsTier, addCampaignPhones},
		{"delete-a-phone-number", "DELETE", "/v1/users/{id}/dialer_campaign/phone_numbers/{phone_number_id}", railsTier, deleteCampaignPhone},
	}
}

// maxDialed bounds a campaign. Aircall's own limit is not known.
const maxDialed = 10_000

// dialing is the campaigns of a company by user.
type dialing struct {
	campaigns table[*campaign]
	lastID    int64 // of campaigns and their numbers, which share no ids with the rest
}

type campaign struct {
	User    int64           `json:"user,omitzero"`
	ID      int64           `json:"id,omitzero"`
	Created int64           `json:"created,omitzero"`
	Number  int64           `json:"number,omitzero"` // the line to call from; 0: the user has none
	Phones  []dialed        `json:"phones,omitzero"`
	Waiting map[string]bool `json:"waiting,omitzero"` // digits of those that were not called yet
}

func (c *campaign) identity() (id, created int64) { return c.User, 0 }

func (c *campaign) clone() *campaign {
	v := *c
	v.Phones, v.Waiting = slices.Clone(c.Phones), maps.Clone(c.Waiting)
	return &v
}

// dialed is a number to call. Nothing calls it yet.
type dialed struct {
	ID      int64  `json:"id,omitzero"`
	Created int64  `json:"created,omitzero"`
	Number  string `json:"number,omitzero"` // as it was sent
	Called  bool   `json:"called,omitzero"`
}

// campaignView has the line's id as text, as a client types it. Two clients read
// the object from an envelope and one, which follows the reference, without.
type campaignView struct {
	ID        int64   `json:"id"`
	NumberID  *string `json:"number_id"`
	CreatedAt string  `json:"created_at"`
}

type dialedView struct {
	ID        int64  `json:"id"`
	Number    string `json:"number"`
	Called    bool   `json:"called"`
	CreatedAt string `json:"created_at"`
}

func viewCampaign(c *campaign) campaignView {
	v := campaignView{ID: c.ID, CreatedAt: isoTime(c.Created)}
	if c.Number != 0 {
		v.NumberID = new(strconv.FormatInt(c.Number, 10))
	}
	return v
}

func viewDialed(d dialed) dialedView {
	return dialedView{ID: d.ID, Number: d.Number, Called: d.Called, CreatedAt: isoTime(d.Created)}
}

func retrieveCampaign(r *request) (reply, error) {
	var view campaignView
	err := r.withCampaign(func(_ *tx, c *campaign) error {
		view = viewCampaign(c)
		return nil
	})
	if r.assume.campaignEnvelope {
		return one(200, "dialer_campaign", view), err
	}
	return flat(200, view), err
}

// createCampaign adds to the campaign there is, or begins one (a client in
// production relies on it). One that nothing can be put into is not begun.
func createCampaign(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	err = r.do(func(t *tx) error {
		u, ok := t.users.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		numbers, err := phonesIn(in)
		if err != nil {
			return err
		}
		c, ok := t.dialing.campaigns.get(u.ID)
		if !ok {
			c = &campaign{User: u.ID, ID: t.dialing.id(), Created: t.unix(), Number: t.lineOf(u), Waiting: make(map[string]bool)}
		}
		t.dialing.campaigns.update(c, func() { err = t.importPhones(c, numbers) })
		if len(c.Phones) > 0 && !ok {
			t.forgetCampaigns()
			t.dialing.campaigns.insert(c)
		}
		return err
	})
	return reply{status: 204}, err
}

func deleteCampaign(r *request) (reply, error) {
	err := r.withCampaign(func(t *tx, _ *campaign) error {
		t.dialing.campaigns.remove(r.id("id"))
		return nil
	})
	return reply{status: 204}, err
}

// listCampaignPhones has its list under numbers, not phone_numbers (documented).
func listCampaignPhones(r *request) (reply, error) {
	l, err := r.listing(listSpec{})
	if err != nil {
		return reply{}, err
	}
	var views []dialedView
	err = r.withCampaign(func(_ *tx, c *campaign) error {
		views = collect(&l, c.Phones, nil, viewDialed)
		return nil
	})
	return r.list("numbers", views, l), err
}

func addCampaignPhones(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	err = r.withCampaign(func(t *tx, c *campaign) error {
		numbers, err := phonesIn(in)
		if err != nil {
			return err
		}
		t.dialing.campaigns.update(c, func() { err = t.importPhones(c, numbers) })
		return err
	})
	return reply{status: 204}, err
}

func deleteCampaignPhone(r *request) (reply, error) {
	err := r.withCampaign(func(t *tx, c *campaign) error {
		i := slices.IndexFunc(c.Phones, func(d dialed) bool { return d.ID == r.id("phone_number_id") })
		if i < 0 {
			return errNotFound
		}
		t.dialing.campaigns.update(c, func() {
			if !c.Phones[i].Called {
				delete(c.Waiting, digits(c.Phones[i].Number))
			}
			c.Phones = slices.Delete(c.Phones, i, i+1)
		})
		return nil
	})
	return reply{status: 204}, err
}

// withCampaign runs f on the campaign of the path's user.
func (r *request) withCampaign(f func(*tx, *campaign) error) error {
	return r.do(func(t *tx) error {
		u, ok := t.users.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		c, ok := t.dialing.campaigns.get(u.ID)
		if !ok {
			return errNotFound
		}
		return f(t, c)
	})
}

func phonesIn(in object) ([]string, error) {
	var numbers []string
	state, err := in.decode("phone_numbers", "an array of strings", &numbers)
	if err == nil && state != isPresent {
		err = invalid("phone_numbers is required")
	}
	return numbers, err
}

// importPhones appends what can be called and refuses the rest by name: a 422
// does not mean that nothing happened (a client in production relies on it).
func (t *tx) importPhones(c *campaign, numbers []string) error {
	var wrong []string
	for _, n := range numbers {
		key := digits(n)
		switch {
		case !possiblePhone(n):
			wrong = append(wrong, fmt.Sprintf("%.40s is not a valid phone number", n))
		case c.Waiting[key]:
			wrong = append(wrong, n+" already imported, but not called")
		case len(c.Phones) == maxDialed:
			wrong = append(wrong, fmt.Sprintf("%s is too many (maximum is %d)", n, maxDialed))
		default:
			c.Phones = append(c.Phones, dialed{ID: t.dialing.id(), Created: t.unix(), Number: n})
			c.Waiting[key] = true
		}
	}
	if len(numbers) == 0 {
		wrong = []string{"phone_numbers can't be blank"}
	}
	if wrong == nil {
		return nil
	}
	return unprocessable("dialer_campaign", wrong)
}

// unprocessable is the 422 of a model's validations, word for word as a client in
// production knows it: errors by model, and no troubleshoot.
func unprocessable(model string, errors []string) *apiError {
	body := envelope{
		{"error", "Unprocessable Entity"},
		{"success", false},
		{"errors", envelope{{model, errors}}.encode()},
	}
	return &apiError{status: 422, literal: string(body.encode())}
}

// lineOf is the user's default line, or the first he is on, or 0.
func (t *tx) lineOf(u *user) int64 {
	if u.DefaultNumberID != 0 {
		return u.DefaultNumberID
	}
	for _, n := range t.numbers.order {
		if slices.Contains(n.Users, u.ID) {
			return n.ID
		}
	}
	return 0
}

// forgetCampaigns drops those of users who are gone.
func (t *tx) forgetCampaigns() {
	for _, c := range slices.Clone(t.dialing.campaigns.order) {
		if _, ok := t.users.get(c.User); !ok {
			t.dialing.campaigns.remove(c.User)
		}
	}
}

func (d *dialing) id() int64 {
	d.lastID++
	return d.lastID
}
