package aircall

import (
	"context"
	"encoding/json"
)

// DialerCampaign is a list of numbers that the Power Dialer calls for a user. A user has at most one.
type DialerCampaign struct {
	ID        int64  `json:"id"`
	NumberID  string `json:"number_id"` // the line to call from, as text; "": null
	CreatedAt Time   `json:"created_at"`
}

// UnmarshalJSON accepts the campaign itself, as documented, or an object with "dialer_campaign", as two clients read it.
func (d *DialerCampaign) UnmarshalJSON(b []byte) error {
	type plain DialerCampaign
	var v struct {
		plain
		Wrapped *plain `json:"dialer_campaign"`
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	if *d = DialerCampaign(v.plain); v.Wrapped != nil {
		*d = DialerCampaign(*v.Wrapped)
	}
	return nil
}

// DialerPhone is a number of a campaign.
type DialerPhone struct {
	ID        int64  `json:"id"`
	Number    string `json:"number"` // digits, without a plus
	Called    bool   `json:"called"`
	CreatedAt Time   `json:"created_at"`
}

// DialerCampaign returns a user's campaign (retrieve-a-dialer-campaign).
func (c *Client) DialerCampaign(ctx context.Context, userID int64) (*DialerCampaign, error) {
	res, err := c.Do(ctx, "retrieve-a-dialer-campaign", Request{Path: at(userID)})
	if err != nil {
		return nil, err
	}
	var v DialerCampaign
	if err := json.Unmarshal(res.Body, &v); err != nil || v.ID == 0 {
		return nil, res.sent.invalidReply(res.Status, "the reply is no dialer campaign with an id", hintForeign)
	}
	return &v, nil
}

// CreateDialerCampaign starts a user's campaign with numbers in E.164, or adds them to the existing one
// (create-a-dialer-campaign). An [Error] of the status 422 says in Troubleshoot which numbers were not taken; the others
// were.
func (c *Client) CreateDialerCampaign(ctx context.Context, userID int64, numbers []string) error {
	return c.tell(ctx, "create-a-dialer-campaign", Request{Path: at(userID), Body: map[string][]string{"phone_numbers": numbers}})
}

// DeleteDialerCampaign removes a user's campaign (delete-a-dialer-campaign).
func (c *Client) DeleteDialerCampaign(ctx context.Context, userID int64) error {
	return c.tell(ctx, "delete-a-dialer-campaign", Request{Path: at(userID)})
}

// DialerPhones lists the numbers of a user's campaign (retrieve-phone-numbers).
func (c *Client) DialerPhones(userID int64, p PageParams) List[DialerPhone] {
	return List[DialerPhone]{c, "retrieve-phone-numbers", "numbers", Request{Path: at(userID), Query: values(p)}}
}

// AddDialerPhones adds numbers to a user's campaign, and fails as [Client.CreateDialerCampaign] does (add-phone-numbers).
func (c *Client) AddDialerPhones(ctx context.Context, userID int64, numbers []string) error {
	return c.tell(ctx, "add-phone-numbers", Request{Path: at(userID), Body: map[string][]string{"phone_numbers": numbers}})
}

// DeleteDialerPhone removes a number from a user's campaign (delete-a-phone-number).
func (c *Client) DeleteDialerPhone(ctx context.Context, userID, phoneID int64) error {
	return c.tell(ctx, "delete-a-phone-number", Request{Path: at(userID, phoneID)})
}
