package fakeaircall

import (
	"fmt"
	"net/url"
)

// Insight cards: https://developer.aircall.io/api-references/#insight-cards
//
// An agent sees them beside the call; no route reads them back.
func callCardRoutes() []route {
	return []route{
		{"create-insight-cards", "POST", "/v1/calls/{id}/insight_cards", railsTier, createCards},
	}
}

// maxCards is the documented limit of a payload, in bytes.
const maxCards = 10_000

func createCards(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	_, err = r.withCall(func(t *tx, c *call) error {
		switch {
		case c.Ended != 0:
			return invalid("the call is over")
		case len(r.body.read) >= maxCards:
			return invalid("the payload must be smaller than 10 kB, got %d bytes", len(r.body.read))
		}
		contents, _, err := in.objects("contents")
		if err == nil && len(contents) == 0 {
			err = invalid("contents can't be blank")
		}
		for i := 0; err == nil && i < len(contents); i++ {
			err = t.checkCard(fmt.Sprintf("contents[%d].", i), contents[i])
		}
		return err
	})
	return reply{status: r.assume.cardsStatus}, err
}

// checkCard accepts a title or a short text, which may be meant for one user alone.
func (t *tx) checkCard(place string, card object) error {
	texts := make(map[string]string)
	for _, name := range []string{"type", "text", "label", "link"} {
		s, _, err := card.text(name)
		if err != nil {
			return invalid("%s%s must be a string", place, name)
		}
		texts[name] = s
	}
	if err := oneOf(place+"type", []string{"title", "shortText"})(texts["type"]); err != nil {
		return err
	}
	if err := notBlank(place + "text")(texts["text"]); err != nil {
		return err
	}
	if link := texts["link"]; link != "" {
		if u, err := url.Parse(link); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return invalid("%slink must be a URL", place)
		}
	}
	id, state, err := card.integer("user_id")
	if err != nil {
		return invalid("%suser_id must be an integer", place)
	}
	if _, ok := t.users.get(id); state == isPresent && !ok {
		return invalid("%suser_id %d is not a user of the company", place, id)
	}
	return nil
}
