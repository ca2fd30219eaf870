package aircall

import "context"

// CallStartParams says whom to call, and from which of the user's numbers. Both are required.
type CallStartParams struct {
	NumberID int64  `json:"number_id"`
	To       string `json:"to"` // E.164
}

// StartCall lets the app of a user ring someone. Nothing tells which call it becomes, but its call.created event; and
// asked twice, Aircall calls twice. It answers 405 when the user's app is closed or the user is busy.
//
// https://developer.aircall.io/api-references/#start-an-outbound-call
func (c *Client) StartCall(ctx context.Context, userID int64, p CallStartParams) error {
	return c.tell(ctx, "start-an-outbound-call", Request{Path: at(userID), Body: p})
}

// DialInPhone writes a phone number (E.164) into the app of a user, who may then call it or not. It answers 405 when the
// user's app is closed or the user is busy.
//
// https://developer.aircall.io/api-references/#dial-a-phone-number-in-the-phone
func (c *Client) DialInPhone(ctx context.Context, userID int64, to string) error {
	body := struct {
		To string `json:"to"`
	}{to}
	return c.tell(ctx, "dial-a-phone-number-in-the-phone", Request{Path: at(userID), Body: body})
}
