package aircall

import "context"

// Integration is the app that an access token was given to. Only access tokens have one.
type Integration struct {
	ID           int64   `json:"id"`
	Name         string  `json:"name"`
	CustomName   string  `json:"custom_name"` // "": none
	Logo         string  `json:"logo"`        // URL
	CompanyID    int64   `json:"company_id"`
	Status       string  `json:"status"`
	Active       bool    `json:"active"`
	NumberIDs    []int64 `json:"number_ids"`
	NumbersCount int     `json:"numbers_count"`
	User         *User   `json:"user"` // who installed it
}

// Integration returns the integration of the access token, and with it the user who installed it. An API
// key has neither.
//
// https://developer.aircall.io/api-references/#retrieve-an-integration
func (c *Client) Integration(ctx context.Context) (*Integration, error) {
	return one[Integration](ctx, c, "retrieve-an-integration", "integration", Request{})
}
