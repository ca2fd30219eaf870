package fakeaircall

import (
	"slices"
)

// A2P campaign associations: https://developer.aircall.io/api-references/#a2p-campaign-association
//
// They tie lines to a campaign that is registered for application-to-person messages. The reference of 2024 has them, the
// reference of 2026 does not: without the assumption a2p=keep these are unknown routes. The sources are a Go client and a
// table that copies them.
func a2pRoutes() []route {
	return []route{
		{"list-a2p-campaign-associations", "GET", "/v1/a2p_campaign_associations", railsTier, associations.list(listSpec{})},
		{"create-an-a2p-campaign-association", "POST", "/v1/a2p_campaign_associations", railsTier, setA2P(true)},
		{"update-an-a2p-campaign-association", "PUT", "/v1/a2p_campaign_associations", railsTier, setA2P(false)},
		{"delete-an-a2p-campaign-association", "DELETE", "/v1/a2p_campaign_associations/{id}", railsTier, associations.delete},
	}
}

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

// associations has the list's name around a single one too: the client reads it so.
var associations = resource[*association, associationView]{
	"a2p_campaign_associations", "a2p_campaign_associations",
	func(t *tx) *table[*association] { return &t.associations },
	(*tx).viewAssociation,
}

func (t *tx) viewAssociation(a *association) associationView {
	return associationView{
		ID: a.ID, CompanyID: t.companyID, ExternalID: a.External, UpdateStatus: "success",
		CreatedAt: isoTime(a.Created), UpdatedAt: isoTime(a.Updated), Numbers: a.Numbers,
	}
}

// setA2P returns the handler that creates the association of a campaign, or gives it other lines. The campaign's id in the
// body names it: the path of an update has none.
func setA2P(create bool) handler {
	status := 200
	if create {
		status = 201
	}
	return withBody(func(r *request, in object) (reply, error) {
		external, err := textIn(in, "external_campaign_id", 255)
		if err != nil {
			return reply{}, err
		}
		return associations.answer(r, status, func(t *tx) (*association, error) {
			numbers, err := t.numbersIn(in)
			if err != nil {
				return nil, err
			}
			a, found := t.associations.first(func(a *association) bool { return a.External == external })
			switch {
			case create && found:
				return nil, refused("external_campaign_id %q has already been taken", external)
			case create:
				a = &association{ID: t.random.newID(&t.last.Association), Created: t.unix(), External: external}
				t.associations.insert(a)
			case !found:
				return nil, errNotFound
			}
			t.associations.update(a, func() { a.Numbers, a.Updated = numbers, t.unix() })
			return a, nil
		})
	})
}

// numbersIn returns the ids of lines in the body, sorted, each once.
func (t *tx) numbersIn(in object) ([]int64, error) {
	numbers := []int64{}
	if _, err := in.decode("numbers", "an array of ids", &numbers); err != nil {
		return nil, err
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	for _, id := range numbers {
		if _, ok := t.numbers.get(id); !ok {
			return nil, invalid("numbers: %d is no number", id)
		}
	}
	return numbers, nil
}
