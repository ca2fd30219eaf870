package fakeaircall

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Dialer campaigns: https://developer.aircall.io/api-references/#dialer-campaign
//
// A user has one at most: the numbers that the Power Dialer calls for the user, one after the other. It has no events.
func dialerRoutes() []route {
	return []route{
		{"retrieve-a-dialer-campaign", "GET", "/v1/users/{id}/dialer_campaign", railsTier, retrieveDialer},
		{"create-a-dialer-campaign", "POST", "/v1/users/{id}/dialer_campaign", railsTier, createDialer},
		{"delete-a-dialer-campaign", "DELETE", "/v1/users/{id}/dialer_campaign", railsTier, deleteDialer},
		{"retrieve-phone-numbers", "GET", "/v1/users/{id}/dialer_campaign/phone_numbers", railsTier, listDialerPhones},
		{"add-phone-numbers", "POST", "/v1/users/{id}/dialer_campaign/phone_numbers", railsTier, addDialerPhones},
		{"delete-a-phone-number", "DELETE", "/v1/users/{id}/dialer_campaign/phone_numbers/{phone_number_id}", railsTier, deleteDialerPhone},
	}
}

// maxDialed bounds a campaign. Aircall's own limit is not known.
const maxDialed = 10_000

// dialing has the campaigns of an account by user.
type dialing struct {
	campaigns table[*dialerCampaign]
	lastID    int64 // of campaigns and their numbers, which share no ids with the rest
}

type dialerCampaign struct {
	User    int64           `json:"user,omitzero"`
	ID      int64           `json:"id,omitzero"`
	Created int64           `json:"created,omitzero"`
	Number  int64           `json:"number,omitzero"` // the line to call from; 0: the user has none
	Phones  []dialed        `json:"phones,omitzero"`
	Waiting map[string]bool `json:"waiting,omitzero"` // digits of those that were not called yet
}

func (c *dialerCampaign) identity() (id, created int64) { return c.User, 0 }

func (c *dialerCampaign) clone() *dialerCampaign {
	v := *c
	v.Phones, v.Waiting = slices.Clone(c.Phones), maps.Clone(c.Waiting)
	return &v
}

// dialed is a number to call. The fake does not call it.
type dialed struct {
	ID      int64  `json:"id,omitzero"`
	Created int64  `json:"created,omitzero"`
	Number  string `json:"number,omitzero"` // as it was sent
	Called  bool   `json:"called,omitzero"`
}

// retrieveDialer has the line's id as text, as a client types it. Two clients read the object from an envelope and
// one, which follows the reference, without.
func retrieveDialer(r *request) (rep reply, err error) {
	err = r.withDialer(func(_ *tx, c *dialerCampaign) error {
		var number *string
		if c.Number != 0 {
			number = new(strconv.FormatInt(c.Number, 10))
		}
		rep = flat(200, envelope{{"id", c.ID}, {"number_id", number}, {"created_at", isoTime(c.Created)}})
		if r.assume.dialerEnvelope {
			rep = one(200, "dialer_campaign", rep.body)
		}
		return nil
	})
	return rep, err
}

// createDialer adds to the campaign of the user, or begins one (a client in production relies on it). It begins none
// without a number that can be called.
func createDialer(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	err = r.do(func(t *tx) error {
		u, ok := t.users.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		c, ok := t.dialing.campaigns.get(u.ID)
		if !ok {
			c = &dialerCampaign{User: u.ID, ID: t.dialing.id(), Created: t.unix(), Number: t.lineOf(u), Waiting: make(map[string]bool)}
		}
		t.dialing.campaigns.update(c, func() { err = t.importPhones(c, in) })
		if len(c.Phones) > 0 && !ok {
			for _, old := range slices.Clone(t.dialing.campaigns.order) {
				if _, ok := t.users.get(old.User); !ok { // was deleted
					t.dialing.campaigns.remove(old.User)
				}
			}
			t.dialing.campaigns.insert(c)
		}
		return err
	})
	return reply{status: 204}, err
}

func deleteDialer(r *request) (reply, error) {
	err := r.withDialer(func(t *tx, _ *dialerCampaign) error {
		t.dialing.campaigns.remove(r.id("id"))
		return nil
	})
	return reply{status: 204}, err
}

// listDialerPhones has its list in numbers, not in phone_numbers (documented). Numbers have no plus: a client in
// production looks for them so.
func listDialerPhones(r *request) (reply, error) {
	l, err := r.listing(listSpec{})
	if err != nil {
		return reply{}, err
	}
	var views []raw
	err = r.withDialer(func(_ *tx, c *dialerCampaign) error {
		views = collect(&l, c.Phones, nil, func(d dialed) raw {
			return encode(envelope{{"id", d.ID}, {"number", digits(d.Number)}, {"called", d.Called}, {"created_at", isoTime(d.Created)}})
		})
		return nil
	})
	return r.list("numbers", views, l), err
}

func addDialerPhones(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	err = r.withDialer(func(t *tx, c *dialerCampaign) (err error) {
		t.dialing.campaigns.update(c, func() { err = t.importPhones(c, in) })
		return err
	})
	return reply{status: 204}, err
}

func deleteDialerPhone(r *request) (reply, error) {
	err := r.withDialer(func(t *tx, c *dialerCampaign) error {
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

// withDialer runs f on the campaign of the path's user.
func (r *request) withDialer(f func(*tx, *dialerCampaign) error) error {
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

// importPhones appends the numbers that can be called and names the others in the error: a 422 does not mean that nothing
// happened (a client in production relies on it). It has errors by model, and no troubleshoot, word for word as a client
// in production knows it.
func (t *tx) importPhones(c *dialerCampaign, in object) error {
	var numbers, wrong []string
	state, err := in.decode("phone_numbers", "an array of strings", &numbers)
	switch {
	case err != nil:
		return err
	case state != isPresent:
		return invalid("phone_numbers is required")
	}
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
	body := envelope{{"error", "Unprocessable Entity"}, {"success", false}, {"errors", envelope{{"dialer_campaign", wrong}}}}
	return &apiError{status: 422, literal: string(encode(body))}
}

// lineOf returns the user's default line, or the first that has the user, or 0.
func (t *tx) lineOf(u *user) int64 {
	if u.DefaultNumberID != 0 {
		return u.DefaultNumberID
	}
	if n, ok := t.numbers.first(func(n *number) bool { return slices.Contains(n.Users, u.ID) }); ok {
		return n.ID
	}
	return 0
}

func (d *dialing) id() int64 {
	d.lastID++
	return d.lastID
}
