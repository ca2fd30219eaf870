package aircall

import "context"

// TransferParams says where a call shall go: to exactly one of a user, a team and a number outside.
type TransferParams struct {
	UserID              int64  `json:"user_id,omitempty"`
	TeamID              int64  `json:"team_id,omitempty"`
	Number              string `json:"number,omitempty"`               // E.164; only of an inbound call that nobody answered yet
	DispatchingStrategy string `json:"dispatching_strategy,omitempty"` // of a team: simultaneous (""), random, longest_idle
}

// TransferCall passes a call on without asking the target first. A target who is not available does not make the call
// come back: the caller hears what the line says when nobody answers.
//
// https://developer.aircall.io/api-references/#transfer-a-call
func (c *Client) TransferCall(ctx context.Context, id int64, p TransferParams) error {
	return c.tell(ctx, "transfer-a-call", Request{Path: at(id), Body: p})
}
