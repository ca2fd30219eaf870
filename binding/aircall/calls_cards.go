package aircall

import "context"

// InsightCard is a line of what agents see beside a call.
type InsightCard struct {
	Type   string `json:"type"` // CardTitle, CardShortText
	Text   string `json:"text"`
	Label  string `json:"label,omitempty"`   // in front of a short text
	Link   string `json:"link,omitempty"`    // URL behind the text
	UserID int64  `json:"user_id,omitempty"` // 0: for every agent of the call
}

// The types of an insight card.
const (
	CardTitle     = "title"
	CardShortText = "shortText"
)

// CreateInsightCards shows cards to the agents of a call under way. All of them together, as JSON, stay below 10 kB.
//
// https://developer.aircall.io/api-references/#insight-cards
func (c *Client) CreateInsightCards(ctx context.Context, id int64, cards ...InsightCard) error {
	body := struct {
		Contents []InsightCard `json:"contents"`
	}{append([]InsightCard{}, cards...)} // never null
	return c.tell(ctx, "create-insight-cards", Request{Path: at(id), Body: body})
}
