package fakeaircall

import (
	"cmp"
	"slices"
	"strings"
)

// A2P campaign associations: https://developer.aircall.io/api-references/#a2p-campaign-association
//
// They tie lines to a campaign registered for application-to-person messages.
// The reference of 2024 has them, that of 2026 has not: without the assumption
// a2p=keep these are unknown routes. What is known stands in a Go client and in
// a table that copies them.
func a2pRoutes() []route {
	return []route{
		{"list-a2p-campaign-associations", "GET", "/v1/a2p_campaign_associations", railsTier, listA2P},
		{"create-an-a2p-campaign-association", "POST", "/v1/a2p_campaign_associations", railsTier, createA2P},
		{"update-an-a2p-campaign-association", "PUT", "/v1/a2p_campaign_associations", railsTier, updateA2P},
		{"delete-an-a2p-campaign-association", "DELETE", "/v1/a2p_campaign_associations/{id}", railsTier, deleteA2P},
	}
}

// isA2P says that an operation is one of these.
func isA2P(op string) bool { return strings.Contains(op, "-a2p-") }

type association struct {
	ID       int64   `json:"id,omitzero"`
	Created  int64   `json:"created,omitzero"`
	Updated  int64   `json:"updated,omitzero"`
	External string  `json:"external,omitzero"` // the campaign's id at the registry
	Numbers  []int64 `json:"numbers,omitzero"`
}

func (a *association) identity() (id, created int64) { return a.ID, a.Created }

func (a *association) clone() *association {
	v := *a
	v.Numbers = slices.Clone(a.Numbers)
	return &v
}

type associationView struct {
	ID            int64   `json:"id"`
	CompanyID     int64   `json:"company_id"`
	ExternalID    string  `json:"external_id"`
	UpdateStatus  string  `json:"update_status"`
	UpdateMessage *string `json:"update_message"`
	CreatedAt     string  `json:"created_at"`
	UpdatedAt     string  `json:"updated_at"`
	Numbers       []int64 `json:"numbers"`
}

func (t *tx) viewAssociation(a *association) associationView {
	return associationView{
		ID: a.ID, CompanyID: t.companyID, ExternalID: a.External, UpdateStatus: "success",
		CreatedAt: isoTime(a.Created), UpdatedAt: isoTime(a.Updated), Numbers: a.Numbers,
	}
}

// oneA2P has the list's name around one: the client reads it so.
func oneA2P(status int, view associationView) reply {
	return one(status, "a2p_campaign_associations", view)
}

func listA2P(r *request) (reply, error) {
	l, err := r.listing(listSpec{})
	if err != nil {
		return reply{}, err
	}
	var views []associationView
	err = r.do(func(t *tx) error {
		views = collect(&l, t.associations.order, nil, t.viewAssociation)
		return nil
	})
	return r.list("a2p_campaign_associations", views, l), err
}

func createA2P(r *request) (reply, error) {
	return r.changeA2P(201, func(t *tx, found *association, external string) (*association, error) {
		if found != nil {
			return nil, refused("external_campaign_id %q has already been taken", external)
		}
		a := &association{ID: t.random.newID(&t.last.Association), Created: t.unix(), External: external}
		t.associations.insert(a)
		return a, nil
	})
}

// updateA2P has no id in its path: the campaign's own names it.
func updateA2P(r *request) (reply, error) {
	return r.changeA2P(200, func(_ *tx, found *association, _ string) (*association, error) {
		if found == nil {
			return nil, errNotFound
		}
		return found, nil
	})
}

// changeA2P gives the lines of the body to the association that choose makes of
// the one that is there, or of nil.
func (r *request) changeA2P(status int, choose func(*tx, *association, string) (*association, error)) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	external, err := textIn(in, "external_campaign_id", 255)
	if err != nil {
		return reply{}, err
	}
	var view associationView
	err = r.do(func(t *tx) error {
		numbers, err := t.numbersIn(in)
		if err != nil {
			return err
		}
		found, _ := t.associations.first(func(a *association) bool { return a.External == external })
		a, err := choose(t, found, external)
		if err != nil {
			return err
		}
		t.associations.update(a, func() { a.Numbers, a.Updated = numbers, t.unix() })
		view = t.viewAssociation(a)
		return nil
	})
	return oneA2P(status, view), err
}

// numbersIn are the ids of lines, each once.
func (t *tx) numbersIn(in object) ([]int64, error) {
	numbers := []int64{}
	if _, err := in.decode("numbers", "an array of ids", &numbers); err != nil {
		return nil, err
	}
	slices.SortFunc(numbers, cmp.Compare)
	numbers = slices.Compact(numbers)
	for _, id := range numbers {
		if _, ok := t.numbers.get(id); !ok {
			return nil, invalid("numbers: %d is no number", id)
		}
	}
	return numbers, nil
}

func deleteA2P(r *request) (reply, error) {
	err := r.do(func(t *tx) error {
		if !t.associations.remove(r.id("id")) {
			return errNotFound
		}
		return nil
	})
	return reply{status: 204}, err
}
